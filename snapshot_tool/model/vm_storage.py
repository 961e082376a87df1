"""Drives of virtual machines, the virtual disks behind them, and the volumes and shares that they lie on."""

import ntpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from snapshot_tool.model.paths import folded_path, is_unc, parent_of
from snapshot_tool.model.remote import SmbConnection
from snapshot_tool.model.storage import Volume, holder_of, largest_sector_under, volume_of
from snapshot_tool.model.vm import VM, VMOwned
from snapshot_tool.snapshot import Row, Rows, Snapshot
from snapshot_tool.verdict import Cause, Gap, NotAssessed, NotOffered, either, undetermined


class ControllerType(StrEnum):
    IDE = "IDE"
    SCSI = "SCSI"
    PMEM = "PMEM"


class WriteHardening(StrEnum):
    DEFAULT = "Default"
    WRITE_CACHE_ENABLED = "WriteCacheEnabled"
    WRITE_CACHE_AND_FUA_ENABLED = "WriteCacheAndFUAEnabled"
    WRITE_CACHE_DISABLED = "WriteCacheDisabled"


class DvdMediaType(StrEnum):
    NONE = "None"
    ISO = "ISO"
    PASS_THROUGH = "PassThrough"


class VhdFormat(StrEnum):
    VHD = "VHD"
    VHDX = "VHDX"
    VHD_SET = "VHDSet"


class VhdType(StrEnum):
    FIXED = "Fixed"
    DYNAMIC = "Dynamic"
    DIFFERENCING = "Differencing"


class DriveKind(StrEnum):
    HARD_DISK = "HardDisk"
    DVD = "Dvd"
    FLOPPY = "Floppy"


class VMDriveController(VMOwned, table="vm_drive_controller"):
    """`Get-VMIdeController` and `Get-VMScsiController`."""

    __slots__ = ()

    id: str
    controller_type: ControllerType
    controller_number: int


class VMHardDisk(VMOwned, table="vm_hard_disk"):
    """`Get-VMHardDiskDrive`."""

    __slots__ = ()

    id: str
    controller_type: ControllerType
    controller_number: int
    controller_location: int
    path: str | None
    disk_number: int | None
    pass_through: bool
    support_persistent_reservations: bool
    maximum_iops: int
    minimum_iops: int
    qos_policy_id: str | None
    write_hardening_method: WriteHardening
    pool_name: str

    @property
    def folded_path(self) -> str | None:
        """The file in the form in which paths compare; None for a physical disk and an empty drive. Raises NotAssessed."""
        path = self.path
        return folded_path(self.host, path) if path else None

    @property
    def vhd(self) -> "VHD | None":
        """The file behind it; None for a physical disk and an empty drive. Raises NotAssessed."""
        path = self.folded_path
        if path is None:
            return None
        found = self.host.find(VHD, folded_path=path)
        if found is None:
            raise undetermined(f"{self.path} is not among the files that were looked at", table="vhd")
        return found

    @property
    def has_io_rule(self) -> bool:
        """Whether a limit, a reserve or a policy of storage traffic is set. Raises NotAssessed and, before 2012 R2, NotOffered."""
        if self.maximum_iops or self.minimum_iops:
            return True
        try:
            return self.qos_policy_id is not None
        except NotOffered:
            return False


class VMDvdDrive(VMOwned, table="vm_dvd_drive"):
    """`Get-VMDvdDrive`."""

    __slots__ = ()

    id: str
    controller_type: ControllerType
    controller_number: int
    controller_location: int
    path: str | None
    pool_name: str
    dvd_media_type: DvdMediaType


class VMFloppyDrive(VMOwned, table="vm_floppy_drive"):
    """`Get-VMFloppyDiskDrive`."""

    __slots__ = ()

    path: str | None


class VHD(Row, table="vhd"):
    """`Get-VHD`: sizes in bytes."""

    __slots__ = ()

    path: str
    parent_path: str | None
    vhd_format: VhdFormat
    vhd_type: VhdType
    file_size: int
    size: int
    minimum_size: int
    block_size: int | None
    logical_sector_size: int
    physical_sector_size: int
    host_physical_sector_size: int | None
    disk_identifier: str
    parent_identifier: str | None
    alignment: int
    fragmentation_percentage: int
    attached: bool
    creation_time: datetime
    last_write_time: datetime
    parent_timestamp: datetime | None
    exists: bool | None
    error: str | None

    @property
    def is_gone(self) -> bool:
        """Whether there surely is no such file. Raises NotAssessed."""
        return self.exists is False

    @property
    def folded_path(self) -> str:
        """The path in the form in which paths compare."""
        return folded_path(self.host, self.path)

    @property
    def folded_parent(self) -> str | None:
        """The parent's path in that form; one without a drive counts from the folder of the child. Raises NotAssessed."""
        parent = self.parent_path
        if parent is None:
            return None
        path = folded_path(self.host, parent)
        folder = parent_of(self.folded_path)
        return path if folder is None else ntpath.normpath(ntpath.join(folder, path))

    @property
    def parent(self) -> "VHD | None":
        """The disk that it builds on; None for one that builds on nothing. Raises NotAssessed."""
        path = self.folded_parent
        if path is None:
            return None
        found = self.host.find(VHD, folded_path=path)
        if found is None:
            raise undetermined(f"{self.parent_path}, the parent of {self}, was not looked at", table="vhd")
        return found

    @property
    def chain(self) -> "Iterator[VHD]":
        """The disk itself, its parent, and so on. Raises NotAssessed, and undetermined where the chain ends in itself."""
        seen = set()
        disk: VHD | None = self
        while disk is not None:
            path = disk.folded_path
            if path in seen:
                raise undetermined(f"the chain of {self} has no end", table="vhd", column="ParentPath")
            seen.add(path)
            yield disk
            disk = disk.parent

    @property
    def is_checkpoint_link(self) -> bool:
        """Whether the file was made for a checkpoint: `.avhd` or `.avhdx`. Raises NotAssessed."""
        return self.folded_path.endswith((".avhd", ".avhdx"))

    @property
    def drive(self) -> VMHardDisk | None:
        """A drive of a virtual machine that the file is attached to now. Raises NotAssessed."""
        return self.host.find(VMHardDisk, folded_path=self.folded_path)

    @property
    def is_in_use(self) -> bool:
        """Whether a drive, a checkpoint or another disk refers to the file; of others only the name is known. Raises NotAssessed."""
        host, path = self.host, self.folded_path
        return either(
            lambda: self.drive is not None,
            lambda: host.find(VMCheckpointDisk, folded_path=path) is not None,
            lambda: host.find(VHD, folded_parent=path) is not None,
        )

    @property
    def is_below_host_sector(self) -> bool:
        """Whether its sectors are smaller than those of the disk under the file.

        Where the host does not tell of the file, the disks under its volume do. Raises NotAssessed: what could not be read leaves
        only a failure standing.
        """
        own = self.physical_sector_size
        gap: NotAssessed | None = None
        try:
            told = self.host_physical_sector_size
        except NotAssessed as missing:
            told, gap = None, missing
        if told is not None:
            return own < told
        if own < self._volume_sector:
            return True
        if gap is not None:
            raise gap
        return False

    @property
    def host_sector(self) -> int:
        """Physical sector of the disk under the file, in bytes. Raises NotAssessed."""
        told = self.host_physical_sector_size
        return self._volume_sector if told is None else told

    @property
    def _volume_sector(self) -> int:
        volume = volume_of(self.host, self.folded_path)
        if volume is None:
            raise undetermined(f"the disks under {self} are on a file server", table="vhd", column="HostPhysicalSector")
        return largest_sector_under(volume)


class VMCheckpointDisk(VMOwned, table="vm_checkpoint_disk"):
    """Media that a checkpoint refers to."""

    __slots__ = ()

    vm_snapshot_id: str
    kind: DriveKind
    path: str | None
    controller_type: ControllerType | None
    controller_number: int | None
    controller_location: int | None

    @property
    def folded_path(self) -> str | None:
        """The file in the form in which paths compare; None for an empty drive. Raises NotAssessed."""
        path = self.path
        return folded_path(self.host, path) if path else None


D = TypeVar("D", bound=VMHardDisk | VHD)


def lying_on(volume: Volume, model: type[D]) -> Rows[D]:
    """Drives or files whose path lies on a volume, honest about those whose place is not known; nothing becomes evidence."""
    host = volume.host
    key = (lying_on, model)
    if key not in host.cache:
        trace, host.trace = host.trace, []
        try:
            host.cache[key] = _by_volume(host, model)
        finally:
            host.trace = trace
    places, gap = host.cache[key]
    return Rows(tuple(places.get(id(volume), ())), gap)


def _by_volume(host: Snapshot, model: type[D]) -> tuple[dict[int, list[D]], Gap | None]:
    rows = host.rows(model)
    gap = rows.gap
    places: dict[int, list[D]] = {}
    for row in rows.known:
        try:
            path = row.folded_path
            volume = None if path is None else holder_of(host, path)
        except NotAssessed as missing:
            gap = gap or missing.gap
            continue
        if volume is not None:
            places.setdefault(id(volume), []).append(row)
    return places, gap


@dataclass(frozen=True, slots=True)
class VMShares:
    """Shares on which files of virtual machines lie: (server, share) in lower case -> names of the machines; `gap`: there may be more."""

    machines: Mapping[tuple[str, str], tuple[str, ...]]
    gap: Gap | None

    def reached_by(self, connection: SmbConnection) -> frozenset[tuple[str, str]]:
        """Those of the shares that a connection leads to. Raises NotAssessed."""
        server, share = connection.server_name.casefold(), connection.share_name.casefold()
        return frozenset(known for known in self.machines if known[1] == share and _is_same_server(known[0], server))

    def behind(self, connection: SmbConnection) -> tuple[str, ...]:
        """The machines with files behind a connection. Raises NotAssessed where none is known and there may be some."""
        found = {name for share in self.reached_by(connection) for name in self.machines[share]}
        if not found and self.gap is not None:
            raise NotAssessed(self.gap)
        return tuple(sorted(found))


def vm_shares(host: Snapshot) -> VMShares:
    """The shares of disks, checkpoints, configurations and paging files of all machines; nothing becomes evidence."""
    found: VMShares | None = host.cache.get(vm_shares)
    if found is None:
        trace, host.trace = host.trace, []
        try:
            found = host.cache[vm_shares] = _vm_shares(host)
        finally:
            host.trace = trace
    return found


def shares_without_connection(host: Snapshot) -> list[tuple[str, str, Gap]]:
    """Server and share of each share with files of machines that no connection is known to lead to, with the reason why not."""
    shares = vm_shares(host)
    reached: set[tuple[str, str]] = set()
    connections = host.rows(SmbConnection)
    gap = connections.gap
    for connection in connections.known:
        try:
            reached |= shares.reached_by(connection)
        except NotAssessed as missing:
            gap = gap or missing.gap
    return [(*share, gap or _no_connection(*share)) for share in sorted(set(shares.machines) - reached)]


def _no_connection(server: str, share: str) -> Gap:
    return Gap(Cause.UNDETERMINED, f"no connection to \\\\{server}\\{share} was open", "smb_connections", "ServerName")


def _vm_shares(host: Snapshot) -> VMShares:
    gap: Gap | None = None
    machines: dict[tuple[str, str], list[str]] = {}
    for model, attributes in _PLACES.items():
        rows: Rows[Row] = host.rows(model)
        gap = gap or rows.gap
        for row in rows.known:
            for attribute in attributes:
                try:
                    if isinstance(row, VMCheckpointDisk) and row.kind is not DriveKind.HARD_DISK:
                        continue
                    path = folded_path(host, getattr(row, attribute) or "")
                except NotAssessed as missing:
                    gap = gap or missing.gap
                    continue
                except NotOffered:
                    continue
                share = share_of(path)
                if share is not None:
                    machines.setdefault(share, []).append(str(row))
    return VMShares({share: tuple(names) for share, names in machines.items()}, gap)


_PLACES: Mapping[type[Row], tuple[str, ...]] = {
    VMHardDisk: ("path",),
    VMCheckpointDisk: ("path",),
    VM: ("configuration_location", "snapshot_file_location", "smart_paging_file_path"),
}


def share_of(path: str) -> tuple[str, str] | None:
    """Server and share of a folded path; None for a local one."""
    if not is_unc(path):
        return None
    server, _, rest = path[2:].partition("\\")
    return server, rest.partition("\\")[0]


def _is_same_server(one: str, other: str) -> bool:
    """Names with and without their domain are the same server; addresses only as they stand."""
    if one == other:
        return True
    if any(name.replace(".", "").isdigit() or ":" in name for name in (one, other)):
        return False
    short, long = sorted((one, other), key=len)
    return "." not in short and long.startswith(short + ".")


def place_of(host: Snapshot, path: str) -> tuple[str, str]:
    """What tells places of folded paths apart: the volume, or server and share. Raises NotAssessed."""
    share = share_of(path)
    if share is not None:
        return share
    volume = volume_of(host, path)
    return "", "" if volume is None else volume.device_id
