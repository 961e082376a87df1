"""The tables that are derived from raw files and dumps, by name, and the datasets behind each."""

from collections.abc import Mapping, Sequence

from snapshot_tool.load.source import Derived

CANONICAL: Sequence[str] = ()

DERIVED: Mapping[str, Derived] = {}

SOURCES_OF: Mapping[str, Sequence[str]] = {}
