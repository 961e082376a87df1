"""Access control lists of files and folders, what they mean together with those above them, and names of VM files."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from snapshot_tool.model.paths import folded_path, is_below, is_unc, parent_of
from snapshot_tool.model.security import (
    Grant,
    ObjectKind,
    SecurityDescriptor,
    descriptor_of,
    folder_inherits,
    granted_to_new_files,
    granted_to_new_folders,
    holding,
    inherited_from_root,
    low_privilege,
    low_privilege_grants,
)
from snapshot_tool.snapshot import Row, Rows, Snapshot
from snapshot_tool.verdict import Gap, NotAssessed, Severity, Status, Verdict, assess, listed


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

    @property
    def is_remote(self) -> bool:
        """Whether the object lies on a file server."""
        return is_unc(self.folded_path)

    @property
    def object_kind(self) -> ObjectKind:
        """What the descriptor protects."""
        return ObjectKind.FOLDER if self.kind is FileAclKind.DIR else ObjectKind.FILE

    @property
    def descriptor(self) -> SecurityDescriptor:
        """Owner, group and DACL. Raises NotAssessed."""
        return descriptor_of(self)

    def low_grants(self, wanted: int) -> tuple[Grant, ...]:
        """What the object itself grants to anybody or to ordinary users, as far as it is any of the rights wanted."""
        return low_privilege_grants(self.descriptor, self.object_kind, wanted)

    def low_grants_to_new_files(self, wanted: int) -> tuple[Grant, ...]:
        """What a folder will grant to ordinary users on a file made in it; nothing for a file."""
        if self.kind is not FileAclKind.DIR:
            return ()
        return holding(low_privilege(granted_to_new_files(self.descriptor)), wanted)

    def low_grants_to_new_folders(self, wanted: int) -> tuple[Grant, ...]:
        """What a folder will grant to ordinary users on a folder made in it; nothing for a file."""
        if self.kind is not FileAclKind.DIR:
            return ()
        return holding(low_privilege(granted_to_new_folders(self.descriptor)), wanted)

    @property
    def folder(self) -> "Folder":
        """The folder that a finding about this object is told of: itself, or the one in which a file lies."""
        path = self.path.rstrip("\\")
        if self.kind is not FileAclKind.DIR:
            path = path.rpartition("\\")[0]
        return Folder(path + "\\" if path.endswith(":") else path)

    @property
    def volume_root(self) -> "FileAcl | None":
        """The root of the volume it lies on; None where no root of a fixed volume was listed. Raises NotAssessed."""
        path = self.folded_path
        return next((root for folded, root in _roots(self.host) if is_below(path, folded)), None)

    @property
    def folders_above(self) -> "tuple[FileAcl, ...]":
        """The listed folders between it and the root of its volume, without both, from the inside out. Raises NotAssessed."""
        root = self.volume_root
        top = "" if root is None else root.folded_path
        above = []
        path = parent_of(self.folded_path)
        while path is not None and path != top and is_below(path, top or path):
            row = self.host.find(FileAcl, folded_path=path)
            if row is not None:
                above.append(row)
            path = parent_of(path)
        return tuple(above)

    @property
    def inherits(self) -> bool:
        """Whether it takes over what the root of its volume hands down. Raises NotAssessed."""
        return folder_inherits([self.descriptor, *(folder.descriptor for folder in self.folders_above)])

    def comes_from_root(self, grant: Grant, wanted: int) -> bool:
        """Whether a grant comes down from the root of the volume, where HV-ACL-014 reports it once. Raises NotAssessed."""
        if not grant.inherited:
            return False
        root = self.volume_root
        if root is None or root.record is self.record:
            return False
        return inherited_from_root(grant, wanted, root.descriptor, [folder.descriptor for folder in self.folders_above])

    def entries_of_root(self, grants: Sequence[Grant], wanted: int) -> str | None:
        """The entries of the volume's root that all these grants come from; None where they do not, or where that is not known.

        To tell findings that share them; nothing becomes evidence.
        """
        with _unrecorded(self.host):
            try:
                root = self.volume_root
                if root is None or not all(self.comes_from_root(grant, wanted) for grant in grants):
                    return None
                return f"{root.folded_path} {sorted({grant.sid for grant in grants})}"
            except NotAssessed:
                return None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the subject of a finding, also where its own access list was not collected."""

    path: str

    @property
    def subject_table(self) -> str:
        return "acls"

    @property
    def subject_key(self) -> dict[str, Any]:
        return {"Path": self.path}

    def __str__(self) -> str:
        return self.path


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

    @property
    def folded_path(self) -> str:
        """The path in the form in which paths compare."""
        return folded_path(self.host, self.path)


def acls_of(host: Snapshot, *roles: FileAclRoles) -> Rows[FileAcl]:
    """The access lists of existing objects with any of these roles, honest about those that could not be read."""
    index: dict[FileAclRoles, list[tuple[int, FileAcl]]] | None = host.cache.get(acls_of)
    if index is None:
        index = host.cache[acls_of] = _by_role(host)
    rows = {number: row for role in roles for number, row in index.get(role, ())}
    gap: Gap | None = host.cache[_by_role]
    if not rows and gap is None:
        # Without the table that names such objects, none of them could be listed.
        gaps = (host.table(_NAMED_BY[role]).gap for role in roles if role in _NAMED_BY)
        gap = next((found for found in gaps if found is not None), None)
    return Rows(tuple(rows[number] for number in sorted(rows)), gap)


_NAMED_BY = {
    **dict.fromkeys((FileAclRoles.SVC_BIN, FileAclRoles.SVC_DIR, FileAclRoles.SVC_PATH_CANDIDATE), "services"),
    **dict.fromkeys((FileAclRoles.VM_CONFIG_DIR, FileAclRoles.VM_CONFIG_FILE, FileAclRoles.SWAP_DIR), "vm"),
    **dict.fromkeys((FileAclRoles.SNAPSHOT_DIR, FileAclRoles.SNAPSHOT_FILE), "vm_checkpoint"),
    **dict.fromkeys((FileAclRoles.VHD_DIR, FileAclRoles.VHD), "vm_hard_disk"),
    **dict.fromkeys((FileAclRoles.MEDIA_DIR, FileAclRoles.MEDIA), "vm_dvd_drive"),
    FileAclRoles.VOLUME_ROOT: "volumes",
    FileAclRoles.SHARE_DIR: "smb_shares",
    FileAclRoles.HOST_DEFAULT_DIR: "host_hyperv",
    FileAclRoles.AZMAN_FILE: "azman",
    FileAclRoles.TASK_BIN: "scheduled_tasks",
}
"""The table in which the collector found the objects of a role."""


def _roots(host: Snapshot) -> list[tuple[str, FileAcl]]:
    """The roots of volumes with their folded paths, longest first. Raises NotAssessed when one may be missing."""
    roots: list[tuple[str, FileAcl]] | None = host.cache.get(_roots)
    if roots is None:
        with _unrecorded(host):
            roots = [(root.folded_path, root) for root in acls_of(host, FileAclRoles.VOLUME_ROOT)]
        roots.sort(key=lambda root: len(root[0]), reverse=True)
        host.cache[_roots] = roots
    return roots


def _by_role(host: Snapshot) -> dict[FileAclRoles, list[tuple[int, FileAcl]]]:
    rows = host.rows(FileAcl)
    gap = rows.gap
    index: dict[FileAclRoles, list[tuple[int, FileAcl]]] = {}
    with _unrecorded(host):
        for number, row in enumerate(rows.known):
            try:
                if row.exists is False:
                    continue
                for role in row.roles:
                    index.setdefault(role, []).append((number, row))
            except NotAssessed as missing:
                gap = gap or missing.gap
    host.cache[_by_role] = gap
    return index


def acls_above(host: Snapshot, below: Rows[FileAcl], role: FileAclRoles) -> Rows[FileAcl]:
    """The access lists of a role that are those of folders above the given objects and their folders; nothing becomes evidence."""
    gap = below.gap
    places: set[str] = set()
    above: set[str] = set()
    with _unrecorded(host):
        for acl in below.known:
            try:
                folder = folded_path(host, acl.folder.path)
            except NotAssessed as missing:
                gap = gap or missing.gap
                continue
            places.add(folder)
            while (parent := parent_of(folder)) is not None and parent not in above:
                above.add(parent)
                folder = parent
        rows = acls_of(host, role).select(lambda acl: acl.folded_path in above - places)
    return Rows(rows.known, rows.gap or gap)


@contextmanager
def _unrecorded(host: Snapshot) -> Iterator[None]:
    trace, host.trace = host.trace, []
    try:
        yield
    finally:
        host.trace = trace


def by_folder(rows: Rows[FileAcl], question: Callable[[FileAcl], Verdict | None], worst: Severity) -> list[Verdict]:
    """One answer per folder about the objects in it and itself.

    The question answers for one object, in words that do not name it: `Users may read`. A failure of one stands whatever is unreadable
    beside it, then with the worst severity in question, for a gap must not make a finding look smaller.
    """
    folders: dict[str, _InFolder] = {}
    answers: list[Verdict] = []
    gap = rows.gap if rows.gap is not None and not rows.gap.whole else None
    for row in rows.known:
        trace = row.host.trace
        start = len(trace)
        try:
            place = row.folder
            key = place.path.casefold()
        except NotAssessed as missing:
            gap = missing.gap
            answers.append(Verdict(Status.NOT_ASSESSED, str(gap), gap=gap).on(row))
            continue
        answer = assess(lambda row=row: question(row))  # type: ignore[misc]
        evidence = tuple(trace[start:])
        del trace[start:]
        folders.setdefault(key, _InFolder(place, [])).answers.append((row, replace(answer, evidence=evidence)))
    answers.extend(folder.verdict(worst, gap) for folder in folders.values())
    if rows.gap is not None:
        answers.append(Verdict(Status.NOT_ASSESSED, str(rows.gap), gap=rows.gap))
    return answers


@dataclass(slots=True)
class _InFolder:
    folder: Folder
    answers: list[tuple[FileAcl, Verdict]]

    def verdict(self, worst: Severity, gap: Gap | None) -> Verdict:
        status = max(answer.status for _, answer in self.answers)
        chosen = [(row, answer) for row, answer in self.answers if answer.status is status]
        evidence = tuple(item for _, answer in chosen for item in answer.evidence)
        if status is not Status.FAIL:
            return replace(chosen[0][1].on(self.folder), evidence=evidence)
        unread = next((answer.gap for _, answer in self.answers if answer.gap is not None), gap)
        severity = max(answer.severity if answer.severity is not None else worst for _, answer in chosen)
        message = f"{self.folder}: {'; '.join(self._told(chosen))}"
        if unread is not None and severity < worst:
            severity = worst
            message = f"{message} (at most {worst.word}, not readable: {unread})"
        shared = {answer.shared for _, answer in chosen}
        common = shared.pop() if len(shared) == 1 else None
        return Verdict(Status.FAIL, message, severity, subject=self.folder, evidence=evidence, shared=common)

    def _told(self, chosen: Sequence[tuple[FileAcl, Verdict]]) -> list[str]:
        """Each thing that is wrong once, with the names of the files that it is true of."""
        things: dict[str, list[str]] = {}
        for row, answer in chosen:
            name = str(row).rstrip("\\").rpartition("\\")[2]
            in_folder = things.setdefault(answer.message, [])
            if str(row).casefold().rstrip("\\") != self.folder.path.casefold().rstrip("\\"):
                in_folder.append(name)
        return [f"{listed(names)}: {what}" if names else what for what, names in things.items()]


_PARTS_OF_VM = {
    VMFileKind.DISK,
    VMFileKind.CONFIG,
    VMFileKind.RUNTIME,
    VMFileKind.GUEST_STATE,
    VMFileKind.CHANGE_TRACKING,
    VMFileKind.SMART_PAGING,
}
_VM_FILES = (FileAclRoles.VHD, FileAclRoles.VM_CONFIG_FILE, FileAclRoles.SNAPSHOT_FILE)
_VM_FOLDERS = (FileAclRoles.VHD_DIR, FileAclRoles.VM_CONFIG_DIR, FileAclRoles.SNAPSHOT_DIR, FileAclRoles.SWAP_DIR)


def vm_acls_below(host: Snapshot, folder: str) -> Rows[FileAcl]:
    """Access lists of folders and files of virtual machines at or below a folded path."""
    return acls_of(host, *_VM_FILES, *_VM_FOLDERS).select(lambda acl: is_below(acl.folded_path, folder))


def vm_files_below(host: Snapshot, folder: str) -> Sequence[Row]:
    """What proves that files of virtual machines lie at or below a folded path. Raises NotAssessed where nothing does, nor the contrary."""
    acls = vm_acls_below(host, folder)
    if acls.known:
        return acls.known
    files = host.rows(VMFile).matching(lambda file: file.kind in _PARTS_OF_VM and is_below(file.folded_path, folder))
    return files or list(acls)
