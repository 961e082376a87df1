"""Disks, volumes, virtual hard disks, iSCSI and BitLocker."""

from datetime import datetime
from enum import IntEnum, StrEnum

from snapshot_tool.model.host import OperatingSystem
from snapshot_tool.model.paths import folded_path, is_below, is_unc
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import NotOffered, undetermined


class DiskBusType(IntEnum):
    """`disks.BusType`."""

    UNKNOWN = 0
    SCSI = 1
    ATAPI = 2
    ATA = 3
    N1394 = 4
    SSA = 5
    FIBRE_CHANNEL = 6
    USB = 7
    RAID = 8
    ISCSI = 9
    SAS = 10
    SATA = 11
    SD = 12
    MMC = 13
    FILE_BACKED_VIRTUAL = 15
    STORAGE_SPACES = 16
    NVME = 17
    SCM = 18
    UFS = 19


class DiskPartitionStyle(IntEnum):
    """`disks.PartitionStyle`."""

    RAW = 0
    MBR = 1
    GPT = 2


class DiskHealth(IntEnum):
    """`disks.Health`."""

    HEALTHY = 0
    WARNING = 1
    UNHEALTHY = 2
    UNKNOWN = 5


class VolumeDriveType(IntEnum):
    """`volumes.DriveType`."""

    UNKNOWN = 0
    NO_ROOT = 1
    REMOVABLE = 2
    FIXED = 3
    NETWORK = 4
    CD = 5
    RAM_DISK = 6


class VHDKind(StrEnum):
    """`vhds.Kind`."""

    VHD = "vhd"
    VHDX = "vhdx"
    AVHD = "avhd"
    AVHDX = "avhdx"
    VHDS = "vhds"
    VHDPMEM = "vhdpmem"
    ISO = "iso"
    VFD = "vfd"
    OTHER = "other"


class VHDReferences(StrEnum):
    """`vhds.References`."""

    VM_DISK = "vmDisk"
    SNAPSHOT_DISK = "snapshotDisk"
    PARENT = "parent"
    DVD = "dvd"
    FLOPPY = "floppy"
    KEY_STORAGE = "keyStorage"
    FOLDER = "folder"


class VHDFormat(IntEnum):
    """`vhds.Format`."""

    VHD = 2
    VHDX = 3
    VHD_SET = 4


class VHDType(IntEnum):
    """`vhds.Type`."""

    FIXED = 2
    DYNAMIC = 3
    DIFFERENCING = 4


class VHDError(StrEnum):
    """`vhds.Error`."""

    IN_USE_ELSEWHERE = "inUseElsewhere"
    ACCESS_DENIED = "accessDenied"
    NOT_FOUND = "notFound"
    CORRUPT = "corrupt"
    UNSUPPORTED = "unsupported"
    TIMEOUT = "timeout"
    OTHER = "other"


class BitLockerVolumeVolumeType(IntEnum):
    """`bitlocker.VolumeType`."""

    OPERATING_SYSTEM = 0
    FIXED_DATA = 1
    REMOVABLE = 2


class BitLockerVolumeProtectionStatus(IntEnum):
    """`bitlocker.ProtectionStatus`."""

    OFF = 0
    ON = 1
    UNKNOWN = 2


class BitLockerVolumeConversionStatus(IntEnum):
    """`bitlocker.ConversionStatus`."""

    FULLY_DECRYPTED = 0
    FULLY_ENCRYPTED = 1
    ENCRYPTING = 2
    DECRYPTING = 3
    ENCRYPTION_PAUSED = 4
    DECRYPTION_PAUSED = 5


class BitLockerVolumeEncryptionMethod(IntEnum):
    """`bitlocker.EncryptionMethod`."""

    NONE = 0
    AES_128_WITH_DIFFUSER = 1
    AES_256_WITH_DIFFUSER = 2
    AES_128 = 3
    AES_256 = 4
    HARDWARE = 5
    XTS_AES_128 = 6
    XTS_AES_256 = 7
    UNKNOWN = 4294967295


class BitLockerVolumeLockStatus(IntEnum):
    """`bitlocker.LockStatus`."""

    UNLOCKED = 0
    LOCKED = 1


class BitLockerVolumeProtectorTypes(IntEnum):
    """`bitlocker.ProtectorTypes`."""

    TPM = 1
    EXTERNAL_KEY = 2
    NUMERICAL_PASSWORD = 3
    TPM_AND_PIN = 4
    TPM_AND_STARTUP_KEY = 5
    TPM_PIN_AND_STARTUP_KEY = 6
    PUBLIC_KEY = 7
    PASSPHRASE = 8
    TPM_CERTIFICATE = 9
    SID = 10


class Disk(Row, table="disks"):
    """Disks: one row is disk."""

    __slots__ = ()

    number: int | None
    model: str | None
    serial_hash: str | None
    unique_id: str | None
    bus_type: DiskBusType
    size_bytes: int
    logical_sector_bytes: int
    physical_sector_bytes: int
    partition_style: DiskPartitionStyle
    health: DiskHealth
    is_clustered: bool
    is_boot: bool
    is_system: bool
    is_offline: bool
    is_read_only: bool
    location: str | None
    path: str | None


class Volume(Row, table="volumes"):
    """Volumes: one row is volume."""

    __slots__ = ()
    name_column = "DriveLetter"

    device_id: str
    drive_letter: str | None
    mount_paths: tuple[str, ...]
    label: str | None
    file_system: str | None
    size_bytes: int
    free_bytes: int
    block_size: int
    drive_type: VolumeDriveType
    is_system: bool
    is_boot: bool
    is_csv: bool
    disk_numbers: tuple[int, ...] | None
    dedup_enabled: bool | None
    dedup_usage_type: str | None

    def __str__(self) -> str:
        """The letter, else the mount folder, else the id of the volume."""
        cells = self.record.cells
        places = cells.get("MountPaths")
        names = (cells.get("DriveLetter"), *(places if isinstance(places, list) else ()), cells.get("DeviceId"))
        return next((str(name) for name in names if name), "volumes")

    @property
    def mounts(self) -> tuple[str, ...]:
        """Where the volume is mounted: letter and folders, as folded paths that end with a backslash."""
        letter = self.drive_letter
        places = (*((letter,) if letter else ()), *self.mount_paths)
        return tuple(folded_path(self.host, place).rstrip("\\") + "\\" for place in places)

    @property
    def bitlocker(self) -> "BitLockerVolume | None":
        """What BitLocker says of it; None where this host cannot encrypt it. Raises NotOffered without the feature."""
        absent = self.host.absent(BitLockerVolume)
        if absent is not None:
            raise NotOffered(f"bitlocker: {absent}")
        return self.host.find(BitLockerVolume, device_id=self.device_id)

    @property
    def is_unprotected(self) -> bool:
        """Whether BitLocker does not protect the volume now. Raises NotAssessed where it is locked or unknown."""
        try:
            found = self.bitlocker
        except NotOffered:
            return True
        if found is None:
            if self.is_csv:
                raise undetermined(f"{self} may be owned by another node", table="bitlocker")
            return True
        match found.protection_status:
            case BitLockerVolumeProtectionStatus.ON:
                return False
            case BitLockerVolumeProtectionStatus.OFF:
                return True
            case _:
                raise undetermined(f"{self} is locked", table="bitlocker", column="ProtectionStatus")


def volume_of(host: Snapshot, path: str) -> Volume | None:
    r"""The volume that holds a folded path: the longest matching mount, Cluster Shared Volumes first; None for UNC paths.

    `C:\ClusterStorage\...` lies on C: by its text only. Raises NotAssessed when volumes could not be read, or none holds a local path.
    """
    volume = holder_of(host, path)
    if volume is None and not is_unc(path):
        raise undetermined(f"no volume holds {path}", table="volumes")
    return volume


def holder_of(host: Snapshot, path: str) -> Volume | None:
    """As `volume_of`, but None as well where no volume holds a local path. Raises NotAssessed when volumes could not be read."""
    if is_unc(path):
        return None
    places: list[tuple[bool, int, str, Volume]] | None = host.cache.get(volume_of)
    if places is None:
        trace, host.trace = host.trace, []
        try:
            places = [
                (volume.is_csv, len(mount), mount, volume) for volume in host.rows(Volume) for mount in volume.mounts
            ]
        finally:
            host.trace = trace
        places.sort(key=lambda place: place[:3], reverse=True)
        host.cache[volume_of] = places
    for is_csv, _, mount, volume in places:
        if is_below(path, mount) or path + "\\" == mount:
            return None if is_in_cluster_storage(path) and not is_csv else volume
    return None


def is_in_cluster_storage(path: str) -> bool:
    """Whether a folded path lies in a Cluster Shared Volume by its text."""
    return path[1:].startswith(":\\clusterstorage\\")


def is_on_shared_storage(host: Snapshot, path: str) -> bool:
    """Whether other hosts may use a folded path: on a file server or a Cluster Shared Volume. Raises NotAssessed."""
    if is_unc(path) or is_in_cluster_storage(path):
        return True
    volume = volume_of(host, path)
    return volume is not None and volume.is_csv


def system_volume(host: Snapshot) -> Volume:
    """The volume that Windows runs from. Raises NotAssessed."""
    drive = host.one(OperatingSystem).system_drive
    volume = volume_of(host, folded_path(host, drive).rstrip("\\") + "\\")
    if volume is None:
        raise undetermined(f"the volume {drive} is not known", table="volumes")
    return volume


def is_on_system_volume(host: Snapshot, path: str) -> bool:
    """Whether a folded path lies on the volume that Windows runs from. Raises NotAssessed."""
    if is_unc(path) or is_in_cluster_storage(path):
        return False
    return holder_of(host, path) is system_volume(host)


def has_single_volume(host: Snapshot) -> bool:
    """Whether the host has no fixed volume but one to put files on; those without a mount do not count. Raises NotAssessed."""
    usable = host.rows(Volume).select(lambda one: one.drive_type is VolumeDriveType.FIXED and bool(one.mounts))
    return len(usable.known) < 2 and len(usable) < 2


def largest_sector_under(volume: Volume) -> int:
    """The largest physical sector, in bytes, of the disks that carry a volume. Raises NotAssessed."""
    numbers = volume.disk_numbers
    if not numbers:
        raise undetermined(f"the disks under {volume} are not known", table="volumes", column="DiskNumbers")
    sectors = []
    for number in numbers:
        disk = volume.host.find(Disk, number=number)
        if disk is None:
            raise undetermined(f"the disk {number} under {volume} is not known", table="disks")
        sectors.append(disk.physical_sector_bytes)
    return max(sectors)


class VHDFile(Row, table="vhds"):
    """Virtual disk files and media: one row is distinct path referenced by a VM, checkpoint, drive or child disk."""

    __slots__ = ()

    path: str
    kind: VHDKind
    references: tuple[VHDReferences, ...]
    exists: bool | None
    file_size_bytes: int
    creation_utc: datetime
    last_write_utc: datetime
    format: VHDFormat
    type: VHDType
    max_internal_size_bytes: int
    min_internal_size_bytes: int
    parent_path: str | None
    parent_identifier: str
    parent_timestamp_utc: datetime
    virtual_disk_id: str
    logical_sector: int
    physical_sector: int
    host_physical_sector: int
    block_size: int | None
    alignment: int
    fragmentation_percentage: int
    is_pmem_compatible: bool
    in_use: bool
    error: VHDError | None

    @property
    def folded_path(self) -> str:
        """The path in the form in which paths compare."""
        return folded_path(self.host, self.path)


class IscsiSession(Row, table="iscsi_sessions"):
    """iSCSI sessions: one row is session."""

    __slots__ = ()

    session_identifier: str
    target_node_address: str
    initiator_node_address: str | None
    initiator_portal_address: str | None
    authentication_type: str | None
    is_connected: bool
    is_persistent: bool
    is_header_digest: bool
    is_data_digest: bool


class IscsiConnection(Row, table="iscsi_connections"):
    """iSCSI connections: one row is connection."""

    __slots__ = ()

    connection_identifier: str
    session_identifier: str | None
    initiator_address: str | None
    initiator_port: int
    target_address: str | None
    target_port: int


class BitLockerVolume(Row, table="bitlocker"):
    """BitLocker volumes: one row is encryptable volume."""

    __slots__ = ()
    name_column = "MountPoint"

    device_id: str
    mount_point: str | None
    volume_type: BitLockerVolumeVolumeType
    protection_status: BitLockerVolumeProtectionStatus
    conversion_status: BitLockerVolumeConversionStatus
    encryption_percentage: int
    encryption_method: BitLockerVolumeEncryptionMethod
    lock_status: BitLockerVolumeLockStatus
    suspend_count: int
    protector_types: tuple[BitLockerVolumeProtectorTypes, ...]
    ad_protector_sids: tuple[str, ...]
