"""The tables that are derived from raw files and dumps, by name, and the datasets behind each."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from snapshot_tool.hyperv.tables import SCHEMAS
from snapshot_tool.load import azman, security_policy
from snapshot_tool.load.source import Derived
from snapshot_tool.snapshot import Table

if TYPE_CHECKING:
    from snapshot_tool.load.source import ArchiveSource

CANONICAL: Sequence[str] = tuple(SCHEMAS)


def _canonical(source: "ArchiveSource", name: str) -> Table:
    return source.hyperv.table(name)


_AZMAN = ("azman_store", "azman_role", "azman_task", "azman_group", "azman_scope")
_SECEDIT = ("secedit_right", "secedit_setting", "secedit_registry")

DERIVED: Mapping[str, Derived] = {
    "azman_store": azman.build_store,
    **dict.fromkeys(_AZMAN[1:], azman.build_part),
    **dict.fromkeys(_SECEDIT, security_policy.build_secedit),
    "audit_policy": security_policy.build_audit_policy,
    **dict.fromkeys(CANONICAL, _canonical),
}

SOURCES_OF: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(_AZMAN, ("azman", "azman_store")),
    **dict.fromkeys(_SECEDIT, ("secedit",)),
    "secedit_right": ("secedit", "local_users", "local_groups", "sids"),
    "audit_policy": ("auditpol",),
}
