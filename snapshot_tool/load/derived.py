"""The tables that are derived from raw files and dumps, by name, and the datasets behind each."""

from collections.abc import Mapping, Sequence

from snapshot_tool.load import azman
from snapshot_tool.load.source import Derived

CANONICAL: Sequence[str] = ()

DERIVED: Mapping[str, Derived] = {
    "azman_store": azman.build_store,
    "azman_role": azman.build_part,
    "azman_task": azman.build_part,
    "azman_group": azman.build_part,
    "azman_scope": azman.build_part,
}

SOURCES_OF: Mapping[str, Sequence[str]] = dict.fromkeys(
    ("azman_store", "azman_role", "azman_task", "azman_group", "azman_scope"), ("azman", "azman_store")
)
