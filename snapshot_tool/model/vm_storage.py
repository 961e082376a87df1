"""Drives of virtual machines, and the virtual disks behind them."""

from datetime import datetime
from enum import StrEnum

from snapshot_tool.model.vm import VMOwned
from snapshot_tool.snapshot import Row


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
    host_physical_sector_size: int
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


class VMCheckpointDisk(VMOwned, table="vm_checkpoint_disk"):
    """Media that a checkpoint refers to."""

    __slots__ = ()

    vm_snapshot_id: str
    kind: DriveKind
    path: str | None
    controller_type: ControllerType | None
    controller_number: int | None
    controller_location: int | None
