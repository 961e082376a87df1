"""Controllers, drives and images of VMs and checkpoints, in both namespaces, and the virtual disks of dataset `vhds`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.dumps import (
    Source,
    elements,
    folded,
    instance_id,
    owner,
    reference,
    text_of,
)
from snapshot_tool.hyperv.rules import (
    Frame,
    boolean,
    cell,
    guid_or_null,
    integer,
    moment,
    needed,
    on_off,
    pool,
    symbol,
    text,
)
from snapshot_tool.hyperv.tables import SCHEMAS, missing_table
from snapshot_tool.snapshot import Record, Table
from snapshot_tool.verdict import Cause, Gap, NotAssessed

if TYPE_CHECKING:
    from collections.abc import Callable

    from snapshot_tool.hyperv.context import Context


_LUN = re.compile(r"Scsi\((\d+),(\d+)\)", re.IGNORECASE)

_DEVICE = "\\\\.\\"

# The words behind the last colon of a v2 subtype, behind "Microsoft " of a v1 subtype.
_CONTROLLERS = {
    "emulated ide controller": "IDE",
    "synthetic scsi controller": "SCSI",
    "synthetic pmem controller": "PMEM",
    "pmem controller": "PMEM",
    "persistent memory controller": "PMEM",
}
_DISKS = frozenset({"synthetic disk drive", "physical disk drive", "physical disk"})
_DVDS = frozenset({"synthetic dvd drive", "physical dvd drive", "physical cd drive", "physical cd/dvd drive"})
_HARD_DISK_IMAGES = frozenset({"virtual hard disk"})
_FLOPPY_IMAGES = frozenset({"virtual floppy disk"})
_ISO_IMAGES = frozenset({"iso disk image", "virtual cd/dvd disk"})


@dataclass(slots=True)
class Drive:
    """One drive: its kind, its row, its image and its controller."""

    kind: str
    id: str
    row: Record
    image: Source
    controller: Source
    controller_id: str


class Drives:
    """All drives, controllers and floppy images by the GUID of the settings that own them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.dump = context.dumps("Msvm_ResourceAllocationSettingData")
        self.images = self.dump if context.old else context.dumps("Msvm_StorageAllocationSettingData")
        self.controllers: dict[str, list[Record]] = {}
        self.drives: dict[str, list[Drive]] = {}
        self.floppies: dict[str, list[Record]] = {}
        self.numbers: dict[str, int] = {}
        self.types: dict[str, str] = {}
        self.scsi_lists: dict[str, list[str]] = {}
        self._owners = context.machines.live | {checkpoint.id for checkpoint in context.machines.checkpoints}
        self._read()

    def _read(self) -> None:
        ids: dict[str, Record] = {}
        rows: list[tuple[str, str, Record]] = []
        for record in self.dump.records:
            identifier = instance_id(record) or ""
            possessor = owner(identifier)
            subtype = subtype_of(record)
            if possessor is None or subtype is None:
                continue
            if subtype in _CONTROLLERS:
                ids[identifier] = record
                self.types[identifier] = _CONTROLLERS[subtype]
                self.controllers.setdefault(possessor, []).append(record)
                if self.types[identifier] != "IDE":
                    self.scsi_lists.setdefault(f"{possessor} {self.types[identifier]}", []).append(identifier)
            elif subtype in _DISKS:
                rows.append(("HardDisk", possessor, record))
            elif subtype in _DVDS:
                rows.append(("Dvd", possessor, record))
        # PowerShell numbers controllers as it meets them, which a dump does not keep.
        for listed in self.scsi_lists.values():
            for number, identifier in enumerate(sorted(listed)):
                self.numbers[identifier] = number
        by_parent = self._images()
        for kind, possessor, record in rows:
            identifier = instance_id(record) or ""
            parent = parent_of(record) or ""
            controller = ids.get(parent)
            image = by_parent.get(identifier) or self.images.gap
            self.drives.setdefault(possessor, []).append(
                Drive(kind, text_of(record, "InstanceID") or "", record, image, controller or self.dump.gap, parent)
            )

    def _images(self) -> dict[str, Record]:
        found: dict[str, Record] = {}
        known = _HARD_DISK_IMAGES | _ISO_IMAGES
        for record in self.images.records:
            subtype = subtype_of(record)
            possessor = owner(instance_id(record))
            if subtype is None or possessor is None:
                continue
            if subtype in _FLOPPY_IMAGES:
                self.floppies.setdefault(possessor, []).append(record)
                continue
            if self.context.old and subtype not in known and not subtype.startswith("physical cd/dvd"):
                continue
            parent = parent_of(record)
            if parent is None:
                if possessor in self._owners:
                    detail = "an image belongs to no drive"
                    self.images.gap = self.images.gap or Gap(Cause.UNREADABLE, detail, self.images.name, "Parent")
            else:
                other = found.get(parent)
                if other is None or (instance_id(record) or "") < (instance_id(other) or ""):
                    found[parent] = record
        return found

    def path(self, image: Source) -> str | None:
        """File of an image row; None for no medium and for a device. Raises NotAssessed and CellError."""
        if isinstance(image, Gap):
            raise NotAssessed(image)
        if image is None:
            return None
        found = elements(cell(image, "Connection" if self.context.old else "HostResource"))
        if not found or found[0].startswith(_DEVICE) or reference(found[0]) is not None:
            return None
        return found[0]

    def controller(self, source: Source) -> tuple[str, int]:
        """Type and number of a controller row. Raises CellError."""
        if not isinstance(source, Record):
            raise CellError("its controller is not in the snapshot")
        identifier = instance_id(source) or ""
        kind = self.types[identifier]
        return kind, self.numbers[identifier] if kind != "IDE" else number(cell(source, "Address"))


class BootDrives:
    """Tells what a boot entry of generation 2 starts from."""

    def __init__(self, context: Context) -> None:
        self.drives = context.drives
        self.identities: dict[str, str] = {}
        for record in context.dumps("Msvm_LogicalIdentity").records:
            ends = [reference(record.cells.get("SameElement")), reference(record.cells.get("SystemElement"))]
            sources = [end for end in ends if end and end.class_name.lower() == "msvm_bootsourcesettingdata"]
            others = [end for end in ends if end and end.class_name.lower() != "msvm_bootsourcesettingdata"]
            if len(sources) == len(others) == 1:
                self.identities[sources[0].keys.get("instanceid", "").lower()] = (
                    others[0].keys.get("instanceid", "").lower()
                )

    def kind(self, source: Record) -> str:
        """HardDisk, Dvd, Network, File or Unknown. Raises NotAssessed and CellError."""
        kind = str(needed(source, "BootSourceType", symbol(enums.BOOT_SOURCE)))
        return self._drive(source) if kind == "Drive" else kind

    def _drive(self, source: Record) -> str:
        machine = owner(text_of(source, "InstanceID")) or ""
        if self.drives.dump.gap is not None:
            raise NotAssessed(self.drives.dump.gap)
        same = self.identities.get(instance_id(source) or "")
        known = self.drives.drives.get(machine, [])
        for drive in known:
            if same is not None and drive.id.lower() == same:
                return drive.kind
        place = _LUN.search(cell(source, "FirmwareDevicePath", text) or "")
        controllers = self.drives.scsi_lists.get(f"{machine} SCSI", [])
        if place is None or int(place[1]) != 0 or len(controllers) != 1:
            return "Unknown"
        for drive in known:
            on_it = isinstance(drive.controller, Record) and instance_id(drive.controller) == controllers[0]
            if on_it and location(drive, old=False) == int(place[2]):
                return drive.kind
        return "Unknown"


def vm_drive_controller(context: Context) -> Table:
    """`Get-VMIdeController` and `Get-VMScsiController`."""
    machines, drives = context.machines, context.drives
    gap = machines.rows_gap(drives.dump)
    if gap is not None and not (drives.dump.records and machines.ids):
        return missing_table("vm_drive_controller", gap=gap)
    frame = machines.frame("vm_drive_controller", drives.dump)
    address = drives.dump.state("Address")
    for machine in machines.ids:
        for record in drives.controllers.get(machine, ()):
            identifier = text_of(record, "InstanceID") or ""
            kind = drives.types[identifier.lower()]
            row = frame.add(machines.system(machine), record, VMId=machine, Id=identifier, ControllerType=kind)
            frame.put(
                row,
                "ControllerNumber",
                partial(_controller_number, drives, record),
                address if kind == "IDE" else None,
            )
    frame.known("Id", slot=1)
    frame.known("ControllerType", slot=1, place="ResourceSubType")
    frame.known("ControllerNumber", slot=1, place="Address")
    machines.name(frame)
    return frame.build(gap)


def vm_hard_disk(context: Context) -> Table:
    """`Get-VMHardDiskDrive`."""
    frame = _drive_frame(context, "vm_hard_disk", "HardDisk")
    if isinstance(frame, Table):
        return frame
    drives = context.drives
    frame.derive("PassThrough", ((1, "ResourceSubType"),), lambda _system, row, *_rest: pass_through(row))
    _path(context, frame)
    if not context.old:
        _disk_number(context, frame)
        defaults = {"SupportPersistentReservations": False, "MaximumIOPS": 0, "MinimumIOPS": 0, "QoSPolicyID": None}
        frame.take(
            "SupportPersistentReservations",
            2,
            "PersistentReservationsSupported",
            boolean,
            absent=defaults["SupportPersistentReservations"],
        )
        frame.take("MaximumIOPS", 2, "IOPSLimit", integer, absent=0)
        frame.take("MinimumIOPS", 2, "IOPSReservation", integer, absent=0)
        frame.take("QoSPolicyID", 2, "StorageQoSPolicyID", guid_or_null, absent=None)
        frame.take("WriteHardeningMethod", 2, "WriteHardeningMethod", symbol(enums.WRITE_HARDENING), absent="Default")
        _pool(frame)
    return frame.build(context.machines.rows_gap(drives.dump))


def vm_dvd_drive(context: Context) -> Table:
    """`Get-VMDvdDrive`."""
    frame = _drive_frame(context, "vm_dvd_drive", "Dvd")
    if isinstance(frame, Table):
        return frame
    _path(context, frame)
    if not context.old:
        _pool(frame)
        needs: tuple[tuple[int, str], ...] = ((2, "HostResource"), (1, "HostResource"))
        frame.derive("DvdMediaType", needs, lambda _system, row, image: _media(row, image))
    else:
        needs = ((2, "Connection"), (1, "ResourceSubType"))
        frame.derive("DvdMediaType", needs, lambda _system, row, image: _media_v1(row, image))
    return frame.build(context.machines.rows_gap(context.drives.dump))


def vm_floppy_drive(context: Context) -> Table:
    """`Get-VMFloppyDiskDrive`: each VM of generation 1 has exactly one."""
    machines, drives = context.machines, context.drives
    gap = drives.images.missing or machines.gap
    if gap is not None and (not machines.ids or drives.images.missing is not None):
        return missing_table("vm_floppy_drive", gap=gap)
    frame = machines.frame("vm_floppy_drive", drives.images)
    for machine in machines.ids:
        try:
            if not is_first_generation(context, machine):
                continue
        except (NotAssessed, CellError) as error:
            gap = gap or (error.gap if isinstance(error, NotAssessed) else Gap(Cause.UNREADABLE, str(error), "vm"))
            continue
        found = sorted(drives.floppies.get(machine, ()), key=lambda record: instance_id(record) or "")
        frame.add(machines.system(machine), found[0] if found else drives.images.gap, VMId=machine)
    _path(context, frame, slot=1)
    machines.name(frame)
    return frame.build(gap)


def is_first_generation(context: Context, machine: str) -> bool:
    """Raises NotAssessed and CellError where the settings do not tell."""
    if context.old or context.host.era == "2012":
        return True
    state = context.machines.settings_dump.state("VirtualSystemSubType")
    if isinstance(state, Gap):
        raise NotAssessed(state)
    if state is not None:
        return True
    return str(needed(context.machines.setting(machine), "VirtualSystemSubType", text)).lower().endswith(":1")


def vm_checkpoint_disk(context: Context) -> Table:
    """Media that checkpoints refer to; empty drives are left out."""
    machines, drives = context.machines, context.drives
    gap = machines.settings_dump.gap or drives.dump.gap or drives.images.gap or machines.gap
    if gap is not None and not (machines.settings_dump.records and drives.dump.records and drives.images.records):
        return missing_table("vm_checkpoint_disk", gap=gap)
    frame = machines.frame("vm_checkpoint_disk", drives.dump, drives.images)
    medium = drives.images.state("Connection" if context.old else "HostResource")
    place = drives.dump.state("Address" if context.old else "AddressOnParent")
    for checkpoint in machines.checkpoints:
        system = machines.system(checkpoint.machine)
        for drive in drives.drives.get(checkpoint.id, ()):
            # An empty drive is left out; where the image is not known, rows are missing.
            if not isinstance(drive.image, Record) and not pass_through(drive.row):
                continue
            row = frame.add(
                system, drive.row, drive.image, VMId=checkpoint.machine, VMSnapshotId=checkpoint.id, Kind=drive.kind
            )
            frame.put(row, "Path", partial(drives.path, drive.image), medium)
            _controller(context, frame, row, drive)
            frame.put(row, "ControllerLocation", partial(location, drive, old=context.old), place)
        for image in drives.floppies.get(checkpoint.id, ()):
            row = frame.add(
                system,
                None,
                image,
                VMId=checkpoint.machine,
                VMSnapshotId=checkpoint.id,
                Kind="Floppy",
                ControllerType=None,
                ControllerNumber=None,
                ControllerLocation=None,
            )
            frame.put(row, "Path", partial(drives.path, image), medium)
    frame.known("VMSnapshotId", slot=1)
    frame.known("Kind", slot=1, place="ResourceSubType")
    frame.known("Path", slot=2, place="Connection" if context.old else "HostResource")
    frame.known("ControllerType", "ControllerNumber", slot=1, place="Parent")
    frame.known("ControllerLocation", slot=1, place="Address" if context.old else "AddressOnParent")
    machines.name(frame)
    return frame.build(gap)


def vm_com_port(context: Context) -> Table:
    """`Get-VMComPort`."""
    machines, dumps = context.machines, context.dumps
    dump = context.drives.dump if context.old else dumps("Msvm_SerialPortSettingData")
    newer = not context.old and dump.not_offered is None
    if not newer:
        dump = context.drives.dump
    gap = machines.rows_gap(dump)
    if gap is not None and not (dump.records and machines.ids):
        return missing_table("vm_com_port", gap=gap)
    frame = machines.frame("vm_com_port", dump)
    for machine, record in machines.owned(dump):
        if not newer and subtype_of(record) != "serial port":
            continue
        identifier = text_of(record, "InstanceID") or ""
        last = identifier.rpartition("\\")[2]
        row = frame.add(machines.system(machine), record, VMId=machine, Id=identifier)
        frame.put(row, "Number", partial(_port_number, last))
    frame.known("Id", "Number", slot=1)
    frame.take("Path", 1, "Connection", lambda value: next(iter(elements(value)), None))
    if newer:
        frame.take("DebuggerMode", 1, "DebuggerMode", on_off)
    machines.name(frame)
    return frame.build(gap)


_VHD_COLUMNS = {
    "Path": "Path",
    "ParentPath": "ParentPath",
    "VhdFormat": "Format",
    "VhdType": "Type",
    "FileSize": "FileSizeBytes",
    "Size": "MaxInternalSizeBytes",
    "MinimumSize": "MinInternalSizeBytes",
    "BlockSize": "BlockSize",
    "LogicalSectorSize": "LogicalSector",
    "PhysicalSectorSize": "PhysicalSector",
    "HostPhysicalSectorSize": "HostPhysicalSector",
    "DiskIdentifier": "VirtualDiskId",
    "ParentIdentifier": "ParentIdentifier",
    "Alignment": "Alignment",
    "FragmentationPercentage": "FragmentationPercentage",
    "Attached": "InUse",
    "CreationTime": "CreationUtc",
    "LastWriteTime": "LastWriteUtc",
    "ParentTimestamp": "ParentTimestampUtc",
    "Exists": "Exists",
    "Error": "Error",
}
_FILE_COLUMNS = frozenset({"Path", "FileSize", "CreationTime", "LastWriteTime", "Exists", "Error"})


def vhd(context: Context) -> Table:
    """`Get-VHD`: an image that could not be opened has gaps, not values."""
    dump = context.dumps.named("vhds")
    if dump.not_offered is not None:
        return missing_table("vhd", not_offered=dump.not_offered)
    if dump.missing is not None:
        return missing_table("vhd", gap=dump.missing)
    frame = Frame("vhd", dump)
    for record in dump.records:
        if record.cells.get("Kind") in ("iso", "vfd", "other"):
            continue
        row = frame.add(record)
        error = record.cells.get("Error")
        if error is not None and dump.state("Error") is None:
            for column in SCHEMAS["vhd"].columns.keys() - _FILE_COLUMNS:
                cause = Cause.ACCESS_DENIED if error == "accessDenied" else Cause.COLLECTION_FAILED
                frame.fail(row, column, record.gaps.get(_VHD_COLUMNS[column]) or Gap(cause, f"{error}", "vhd", column))
    special: dict[str, Callable[[Any], Any]] = {
        "VhdFormat": symbol(enums.VHD_FORMAT),
        "VhdType": symbol(enums.VHD_TYPE),
    }
    by_type: dict[str, Callable[[Any], Any]] = {
        "guid": guid_or_null,
        "datetime": moment,
        "bool": boolean,
        "int": integer,
        "path": text,
        "string": text,
    }
    for column, name in _VHD_COLUMNS.items():
        kind = SCHEMAS["vhd"].columns[column].type
        frame.take(column, 0, name, special.get(column) or by_type[kind])
    return frame.build(dump.gap)


def _controller_number(drives: Drives, record: Record) -> int:
    return drives.controller(record)[1]


def _port_number(last: str) -> int:
    return number(last) + 1


def subtype_of(record: Record) -> str | None:
    """`Microsoft:Hyper-V:Synthetic Disk Drive` and v1's `Microsoft Synthetic Disk Drive` alike, lower case."""
    value = folded(record, "ResourceSubType")
    if value is None:
        return None
    return value.rpartition(":")[2] if ":" in value else value.removeprefix("microsoft ")


def parent_of(record: Record) -> str | None:
    """The instance id that `Parent` refers to, lower case."""
    found = reference(record.cells.get("Parent"))
    return found.keys.get("instanceid", "").lower() if found else None


def number(value: Any) -> int:
    """A whole number that WMI gives as text. Raises CellError."""
    if type(value) is str and value.isascii() and value.isdigit():
        return int(value)
    raise CellError(f"{value!r} is not a number")


def location(drive: Drive, *, old: bool) -> int:
    """Place of a drive on its controller. Raises CellError."""
    return number(cell(drive.row, "Address" if old else "AddressOnParent"))


def pass_through(row: Source) -> bool:
    """Whether a drive row stands for a physical disk."""
    return isinstance(row, Record) and (subtype_of(row) or "").startswith("physical disk")


def _drive_frame(context: Context, table: str, kind: str) -> Frame | Table:
    machines, drives = context.machines, context.drives
    gap = machines.rows_gap(drives.dump)
    if gap is not None and not (drives.dump.records and machines.ids):
        return missing_table(table, gap=gap)
    frame = machines.frame(table, drives.dump, drives.images)
    rows = []
    for machine in machines.ids:
        for drive in drives.drives.get(machine, ()):
            if drive.kind == kind:
                rows.append(drive)
                row = frame.add(machines.system(machine), drive.row, drive.image, VMId=machine, Id=drive.id)
                _controller(context, frame, row, drive)
    frame.known("Id", slot=1)
    frame.known("ControllerType", "ControllerNumber", slot=1, place="Parent")
    name = "Address" if context.old else "AddressOnParent"
    frame.take("ControllerLocation", 1, name, number)
    machines.name(frame)
    return frame


def _controller(context: Context, frame: Frame, row: int, drive: Drive) -> None:
    drives = context.drives

    def controller() -> tuple[str, int]:
        if isinstance(drive.controller, Gap):
            raise NotAssessed(drive.controller)
        return drives.controller(drive.controller)

    frame.put(row, "ControllerType", lambda: controller()[0])
    ide = drives.types.get(drive.controller_id) == "IDE"
    frame.put(row, "ControllerNumber", lambda: controller()[1], drives.dump.state("Address") if ide else None)


def _path(context: Context, frame: Frame, slot: int = 2) -> None:
    name = "Connection" if context.old else "HostResource"
    drives = context.drives
    frame.derive("Path", ((slot, name),), lambda *sources: drives.path(sources[slot]))


def _pool(frame: Frame) -> None:
    def name(_system: Source, row: Source, image: Source) -> str:
        return str(cell(image if isinstance(image, Record) else row, "PoolID", pool) or "Primordial")

    frame.derive("PoolName", ((2, "PoolID"), (1, "PoolID")), name)


def _disk_number(context: Context, frame: Frame) -> None:
    dump = context.dumps("Msvm_DiskDrive")
    disks = dump.index(lambda record: folded(record, "DeviceID"))

    def make(_system: Source, row: Source, *_rest: Source) -> int | None:
        if not pass_through(row):
            return None
        found = elements(cell(row, "HostResource"))
        target = reference(found[0]) if found else None
        if target is None:
            raise CellError("the physical disk is not named")
        state = dump.state("DriveNumber")
        if isinstance(state, Gap):
            raise NotAssessed(state)
        disk = disks.get(target.keys.get("deviceid", "").lower())
        if disk is None:
            raise NotAssessed(
                dump.gap or Gap(Cause.UNREADABLE, "the physical disk is not in the snapshot", "vm_hard_disk")
            )
        return int(needed(disk, "DriveNumber", integer))

    frame.derive("DiskNumber", ((1, "ResourceSubType"), (1, "HostResource")), make)


def _media(row: Source, image: Source) -> str:
    for source in (image, row):
        if isinstance(source, Record):
            found = elements(cell(source, "HostResource"))
            if found:
                device = reference(found[0]) is not None or found[0].startswith(_DEVICE)
                return "PassThrough" if device else "ISO"
    return "None"


def _media_v1(row: Source, image: Source) -> str:
    if isinstance(image, Record):
        subtype = subtype_of(image) or ""
        if subtype in _ISO_IMAGES:
            return "ISO" if elements(cell(image, "Connection")) else "None"
        return "PassThrough"
    if isinstance(row, Record) and (subtype_of(row) or "").startswith("physical"):
        return "PassThrough"
    return "None"


__all__ = [
    "BootDrives",
    "Drive",
    "Drives",
    "vhd",
    "vm_checkpoint_disk",
    "vm_com_port",
    "vm_drive_controller",
    "vm_dvd_drive",
    "vm_floppy_drive",
    "vm_hard_disk",
]
