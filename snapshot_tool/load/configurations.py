"""VM configuration files of a snapshot, or one alone, as canonical tables: the source where WMI tells nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from snapshot_tool.snapshot import Table
from snapshot_tool.verdict import Cause, Gap

if TYPE_CHECKING:
    from snapshot_tool.load.source import ArchiveSource

CHECKPOINTS = "raw/vmconfig/snapshots/"


def configured_tables(source: "ArchiveSource") -> Callable[[str, Table], Table | None]:
    """What stands in for a table that WMI did not give, by name and that table; None where the files do not tell either."""

    @cache
    def tables() -> Mapping[str, Table]:
        return _read(source)

    def stand_in(name: str, missing: Table) -> Table | None:
        if source.exports:
            return source.exports.get(name)
        files = [member for member in source.raw_files("vmconfig") if not member.startswith(CHECKPOINTS)]
        if not files:
            return None
        found = tables().get(name)
        if found is None or found.not_offered is not None or (found.gap is not None and not found.records):
            return None if source.host.build is not None else found
        if source.host.build is None:
            return found
        # The host offers these columns, so that no file tells them is the gap that WMI left.
        columns = {
            column: replace(told, gap=missing.gap and replace(missing.gap, column=column), not_offered=False)
            if told.not_offered and not missing.columns[column].not_offered
            else told
            for column, told in found.columns.items()
        }
        return Table(name, columns, found.records, found.key, found.single, found.gap, found.absent)

    return stand_in


def _read(source: "ArchiveSource") -> Mapping[str, Table]:
    from snapshot_tool.hyperv.configuration import read_configuration, tables_of
    from snapshot_tool.parsers.vm_configuration import VMConfigurationError

    state = source.raw("vmconfig")
    unread = state.gap
    files = []
    for member in source.raw_files("vmconfig"):
        if member.startswith(CHECKPOINTS):
            continue
        data = source.read_raw(member, "vmconfig")
        if isinstance(data, Gap):
            unread = unread or data
            continue
        try:
            files.append(read_configuration(member, data))
        except VMConfigurationError as error:
            unread = unread or Gap(Cause.UNREADABLE, f"{member}: {error}", "vmconfig", whole=True)
    source.notes.extend(f"{file.file}: {note}" for file in files for note in file.configuration.notes)
    return tables_of(files, unread)
