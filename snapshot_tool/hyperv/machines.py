"""Which VMs and checkpoints there are, and which rows belong to them: what every table of the Hyper-V model starts from."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from snapshot_tool.cells import CellError, fold_guid
from snapshot_tool.hyperv.dumps import (
    folded,
    link,
    only_guid,
    owner,
    owner_of,
    reference,
    text_of,
)
from snapshot_tool.hyperv.enumerations import SNAPSHOT_TYPE
from snapshot_tool.hyperv.rules import Frame, text
from snapshot_tool.verdict import Cause, Gap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from snapshot_tool.hyperv.context import Context
    from snapshot_tool.hyperv.dumps import Dump, Source
    from snapshot_tool.snapshot import Record

REALIZED = "microsoft:hyper-v:system:realized"
PLANNED = "microsoft:hyper-v:system:planned"
SNAPSHOT = "microsoft:hyper-v:snapshot:"


class Checkpoint:
    """A checkpoint's settings and the VM it belongs to."""

    __slots__ = ("id", "machine", "settings")

    def __init__(self, identifier: str, machine: str, settings: Record) -> None:
        self.id = identifier
        self.machine = machine
        self.settings = settings


class Machines:
    """`ids` in order; `systems` and `settings` by id. `gap`: there may be VMs that nobody listed."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.system_dump = context.dumps("Msvm_ComputerSystem")
        self.settings_dump = context.dumps("Msvm_VirtualSystemSettingData")
        self.systems = self.system_dump.index(lambda record: _guid(text_of(record, "Name")))
        self.host_rows = [record for record in self.system_dump.records if _guid(text_of(record, "Name")) is None]
        if context.old:
            live = [record for record in self.settings_dump.records if record.cells.get("SettingType") == 3]
            self.settings = _by_key(live, lambda record: _guid(text_of(record, "SystemName")))
        else:
            live = [record for record in self.settings_dump.records if folded(record, "VirtualSystemType") == REALIZED]
            self.settings = _by_key(live, owner_of)
        self.ids = sorted(self.systems.keys() | self.settings.keys())
        self.live = frozenset(self.ids)
        self.gap = self._gap()

    def system(self, machine: str) -> Source:
        """The VM's row of Msvm_ComputerSystem."""
        return self.systems.get(machine) or self.system_dump.gap

    def setting(self, machine: str) -> Source:
        """The VM's live settings."""
        return self.settings.get(machine) or self.settings_dump.gap

    @cached_property
    def checkpoints(self) -> list[Checkpoint]:
        """Checkpoints and recovery points of known VMs."""
        found = []
        associated = self._associated()
        for record in self.settings_dump.records:
            identifier = owner_of(record)
            if identifier is None:
                continue
            if self.context.old:
                if record.cells.get("SettingType") != 5:
                    continue
                machine = _guid(text_of(record, "SystemName"))
            else:
                if not (folded(record, "VirtualSystemType") or "").startswith(SNAPSHOT):
                    continue
                machine = associated.get(identifier) or _guid(text_of(record, "VirtualSystemIdentifier"))
            if machine in self.live and machine is not None:
                found.append(Checkpoint(identifier, machine, record))
        return found

    def frame(self, table: str, *slots: Dump, via: dict[int, tuple[int, ...]] | None = None) -> Frame:
        """A frame whose slot 0 is the dump of VMs and whose rows belong to VMs (cell VMId given)."""
        frame = Frame(table, self.system_dump, *slots, via=via)
        frame.known("VMId", place="Name")
        return frame

    def name(self, frame: Frame) -> None:
        """The column VMName, once all rows are in."""
        frame.take("VMName", 0, "ElementName", text)

    def owned(self, dump: Dump) -> Iterable[tuple[str, Record]]:
        """Rows whose InstanceID belongs to a live VM."""
        live = self.live
        for record in dump.records:
            machine = owner_of(record)
            if machine is not None and machine in live:
                yield machine, record

    def strangers(self) -> list[str]:
        """Settings of a kind that no documentation names: left out, one line for each kind."""
        if self.context.old:
            return []
        known = {PLANNED, REALIZED, *SNAPSHOT_TYPE}
        first: dict[str, Record] = {}
        for record in self.settings_dump.records:
            kind = folded(record, "VirtualSystemType")
            if kind is not None and kind not in known:
                keep = first.setdefault(kind, record)
                first[kind] = min(keep, record, key=lambda row: repr(row.cells))
        return [
            f"{record.place('VirtualSystemType').file}: VirtualSystemType {record.cells['VirtualSystemType']!r} is unknown, "
            "its rows are left out"
            for _, record in sorted(first.items())
        ]

    def by_owner(self, dump: Dump) -> dict[str, Record]:
        """One row per live VM, by the owner of its InstanceID."""
        return dump.index(lambda record: found if (found := owner_of(record)) in self.live else None)

    def by_system(self, dump: Dump) -> dict[str, Record]:
        """One row per VM, by SystemName."""
        return dump.index(lambda record: _guid(text_of(record, "SystemName")))

    def rows_gap(self, dump: Dump) -> Gap | None:
        """Why rows of a table made of this dump are missing."""
        return dump.gap or self.gap

    def _gap(self) -> Gap | None:
        # The settings list the VMs too, but what rests on the list of VMs must not stand as if that were there.
        if self.system_dump.gap is not None:
            return self.system_dump.gap
        if not self.ids and self.context.host.elevated is False:
            detail = "without elevation WMI answers with no VM instead of an error"
            return Gap(Cause.ACCESS_DENIED, detail, self.system_dump.name, whole=True)
        return None

    def _associated(self) -> dict[str, str]:
        if self.context.old:
            return {}
        found: dict[str, str] = {}
        for record in self.context.dumps("Msvm_SnapshotOfVirtualSystem").records:
            machine, settings = reference(record.cells.get("Antecedent")), reference(record.cells.get("Dependent"))
            if machine is not None and settings is not None:
                vm, checkpoint = _guid(machine.keys.get("name")), owner(settings.keys.get("instanceid"))
                if vm is not None and checkpoint is not None:
                    link(found, checkpoint, vm)
        return found


def parent_checkpoint(value: object) -> str | None:
    """The GUID of a settings row that `Parent` refers to; None for none. Raises CellError."""
    if value in (None, ""):
        return None
    found = reference(value)
    identifier = owner(found.keys.get("instanceid")) if found else only_guid(text(value))
    if identifier is None:
        raise CellError(f"{value!r} refers to no checkpoint")
    return identifier


def _guid(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return fold_guid(value)
    except CellError:
        return None


def _by_key(records: Iterable[Record], key: Callable[[Record], str | None]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for record in records:
        value = key(record)
        if value is None:
            continue
        other = found.get(value)
        if other is None or repr(record.cells) < repr(other.cells):
            found[value] = record
    return found
