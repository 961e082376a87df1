"""Access control lists of files and folders, and names of VM files."""

from datetime import datetime
from enum import StrEnum

from snapshot_tool.model.paths import folded_path
from snapshot_tool.snapshot import Row


class FileAclKind(StrEnum):
    """`acls.Kind`."""

    DIR = "dir"
    FILE = "file"


class FileAclRoles(StrEnum):
    """`acls.Roles`."""

    HV_ROOT = "hvRoot"
    VM_CONFIG_DIR = "vmConfigDir"
    VM_CONFIG_FILE = "vmConfigFile"
    SNAPSHOT_DIR = "snapshotDir"
    SNAPSHOT_FILE = "snapshotFile"
    SWAP_DIR = "swapDir"
    VHD_DIR = "vhdDir"
    VHD = "vhd"
    MEDIA_DIR = "mediaDir"
    MEDIA = "media"
    REPLICA_DIR = "replicaDir"
    HOST_DEFAULT_DIR = "hostDefaultDir"
    AZMAN_FILE = "azmanFile"
    AZMAN_DIR = "azmanDir"
    AZMAN_COPY = "azmanCopy"
    VOLUME_ROOT = "volumeRoot"
    SYSTEM_DIR = "systemDir"
    PROGRAM_DIR = "programDir"
    SVC_BIN = "svcBin"
    SVC_DIR = "svcDir"
    SVC_PATH_CANDIDATE = "svcPathCandidate"
    TASK_BIN = "taskBin"
    TASK_DIR = "taskDir"
    PATH_DIR = "pathDir"
    SHARE_DIR = "shareDir"
    FW_APP = "fwApp"
    FW_APP_DIR = "fwAppDir"
    HYPERVISOR_BIN = "hypervisorBin"
    EVENT_LOG_FILE = "eventLogFile"
    SECRET_FILE = "secretFile"
    CLUSTER_DIR = "clusterDir"
    PARENT_DIR = "parentDir"


class VMFileKind(StrEnum):
    """`vm_files.Kind`."""

    DISK = "disk"
    ISO = "iso"
    FLOPPY = "floppy"
    CONFIG = "config"
    RUNTIME = "runtime"
    GUEST_STATE = "guestState"
    CHANGE_TRACKING = "changeTracking"
    SMART_PAGING = "smartPaging"
    AZMAN_STORE = "azmanStore"
    AZMAN_COPY = "azmanCopy"
    CLUSTER_REPORT = "clusterReport"
    CERTIFICATE = "certificate"
    ANSWER_FILE = "answerFile"
    RECOVERY_KEY = "recoveryKey"
    EVENT_LOG = "eventLog"
    OTHER = "other"


class VMFileFoundBy(StrEnum):
    """`vm_files.FoundBy`."""

    CONFIG_ROOT = "configRoot"
    SNAPSHOT_ROOT = "snapshotRoot"
    SWAP_ROOT = "swapRoot"
    DISK_FOLDER = "diskFolder"
    HOST_DEFAULT = "hostDefault"
    VOLUME_SCAN = "volumeScan"
    RECYCLE_BIN = "recycleBin"
    AZMAN_FOLDER = "azmanFolder"
    CLUSTER_REPORTS = "clusterReports"
    SECRET_NAMES = "secretNames"


class VMFileAttributes(StrEnum):
    """`vm_files.Attributes`."""

    READ_ONLY = "readOnly"
    HIDDEN = "hidden"
    SYSTEM = "system"
    COMPRESSED = "compressed"
    ENCRYPTED = "encrypted"
    SPARSE = "sparse"
    REPARSE = "reparse"
    OFFLINE = "offline"


class FileAcl(Row, table="acls"):
    """File and folder security: one row is object."""

    __slots__ = ()

    path: str
    kind: FileAclKind | None
    roles: tuple[FileAclRoles, ...]
    exists: bool | None
    owner_sid: str
    sddl: str
    audit_sddl: str | None
    is_reparse_point: bool

    @property
    def folded_path(self) -> str:
        """The path in the form in which paths compare."""
        return folded_path(self.host, self.path)


class VMFile(Row, table="vm_files"):
    """Files of the virtualization estate: one row is file found."""

    __slots__ = ()

    path: str
    kind: VMFileKind
    found_by: tuple[VMFileFoundBy, ...]
    size_bytes: int
    creation_utc: datetime
    last_write_utc: datetime
    attributes: tuple[VMFileAttributes, ...]
    reparse_target: str | None
