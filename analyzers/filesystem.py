"""HV-ACL: who may read, change or replace the files of virtual machines, and the places that decide about them."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from snapshot_tool.check import check
from snapshot_tool.knowledge import rights
from snapshot_tool.knowledge.sids import (
    ADMINISTRATORS,
    ALL_VIRTUAL_MACHINES,
    LOCAL_LOGONS,
    LOCAL_SYSTEM,
    TRUSTED_INSTALLER,
    USERS,
    VM_GROUP,
    Standing,
    is_low_privilege,
    standing,
    vm_guid,
    vm_sid,
)
from snapshot_tool.model.accounts import account_name, administrators_member, is_machine_or_service
from snapshot_tool.model.disk_users import disk_users, domain_controllers
from snapshot_tool.model.filesystem import (
    FileAcl,
    FileAclKind,
    FileAclRoles,
    VMFile,
    VMFileKind,
    acls_of,
    by_folder,
    vm_acls_below,
    vm_files_below,
)
from snapshot_tool.model.host import Collection
from snapshot_tool.model.host_hyperv import VMHost
from snapshot_tool.model.paths import folded_path, is_below
from snapshot_tool.model.registry import RegistryAcl, RegistryAclRole, registry_text
from snapshot_tool.model.remote import SmbShare
from snapshot_tool.model.review import may, to_review, who
from snapshot_tool.model.security import (
    Grant,
    ObjectKind,
    denied,
    descriptor_of,
    granted,
    granted_to_new_files,
    holding,
    low_privilege_grants,
)
from snapshot_tool.model.security_policy import UserRight
from snapshot_tool.model.storage import Volume
from snapshot_tool.model.vm import VM
from snapshot_tool.model.vm_storage import VMHardDisk
from snapshot_tool.snapshot import Rows, Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Gap,
    NotAssessed,
    Severity,
    Status,
    Verdict,
    assess,
    fail,
    graded,
    listed,
    settle,
    undetermined,
    worst_of,
)

VIRTUALIZATION = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization"
_OWN_CONTROL = rights.WRITE_DAC | rights.WRITE_OWNER


class Exposure(NamedTuple):
    """One thing that somebody may do with an object who should not."""

    severity: Severity
    text: str


def _told(exposures: Iterable[Exposure]) -> Verdict | None:
    found = list(exposures)
    if not found:
        return None
    return fail("; ".join(exposure.text for exposure in found), worst_of(exposure.severity for exposure in found))


def _exposure(
    acl: FileAcl, grants: Iterable[Grant], wanted: int, severity: Severity, *, new: bool = False
) -> Iterable[Exposure]:
    """What the grants let people do, none for no grants; `new`: with the files that will be made in the folder."""
    found = tuple(grants)
    if found:
        what = may(found, ObjectKind.FILE if new else acl.object_kind, wanted)
        yield Exposure(severity, f"{'files that are made in it: ' if new else ''}{who(acl.host, found)} {what}")


def _not_from_root(acl: FileAcl, grants: Iterable[Grant], wanted: int) -> list[Grant]:
    return [grant for grant in grants if not acl.comes_from_root(grant, wanted)]


def _by_named_accounts(acl: FileAcl) -> Iterable[Exposure]:
    """Accounts that nothing marks as ordinary or as administrators: listed for review."""
    wanted = rights.REPLACE if acl.object_kind is ObjectKind.FOLDER else rights.MODIFY
    own = to_review(acl.host, holding(granted(acl.descriptor, acl.object_kind), wanted))
    new: tuple[Grant, ...] = ()
    if acl.kind is FileAclKind.DIR:
        new = to_review(acl.host, holding(granted_to_new_files(acl.descriptor), rights.MODIFY))
    for grants, mask, is_new in ((own, wanted, False), (new, rights.MODIFY, True)):
        for severity, text in _exposure(acl, grants, mask, Severity.LOW, new=is_new):
            yield Exposure(severity, f"to be reviewed: {text}")


def _any_of(*questions: Callable[[], bool]) -> bool:
    """Whether any is true; raises NotAssessed when none is and one could not be read."""
    gap: Gap | None = None
    for question in questions:
        try:
            if question():
                return True
        except NotAssessed as missing:
            gap = gap or missing.gap
    if gap is not None:
        raise NotAssessed(gap)
    return False


# Folders of virtual disks


def _beyond_local_logons(grants: Iterable[Grant]) -> list[Grant]:
    """Without what HV-ACL-002 judges: the set that INTERACTIVE, SERVICE and BATCH have of old."""
    return [grant for grant in grants if grant.sid not in LOCAL_LOGONS or grant.mask & _OWN_CONTROL]


def _disk_folder(acl: FileAcl, worst: Severity) -> Verdict | None:
    if acl.is_remote:
        return NOT_APPLICABLE
    own = _beyond_local_logons(acl.low_grants(rights.REPLACE))
    new = _beyond_local_logons(acl.low_grants_to_new_files(rights.MODIFY))
    serious = [
        *_exposure(acl, own, rights.REPLACE | rights.CREATE, worst),
        *_exposure(acl, new, rights.MODIFY, worst, new=True),
    ]
    if serious:
        return _told(serious)
    create = [grant for grant in acl.low_grants(rights.CREATE) if grant.sid not in LOCAL_LOGONS]
    return settle(
        lambda: _told(_exposure(acl, _not_from_root(acl, create, rights.CREATE), rights.CREATE, Severity.LOW)),
        lambda: _told(_by_named_accounts(acl)),
        worst=Severity.LOW,
    )


@check(
    "HV-ACL-001",
    title="Ordinary users may not change what lies in the folders of virtual disks",
    severity=Severity.CRITICAL,
    refs=("seed:G43", "BSI:SYS.1.5.A2.2", "BSI:SYS.1.5.A2.4", "MS-Plan", "ATT&CK:T1565.001", "ATT&CK:T1222.001"),
)
def disk_folders_are_protected(host: Snapshot) -> list[Verdict]:
    """Whoever may replace or change a virtual disk owns the guest on it; no guest can defend itself against that.

    Remediation:
        Break the inheritance, then take the right away: `icacls <folder> /inheritance:d`, then
        `icacls <folder> /remove:g *S-1-5-11 *S-1-5-32-545`. Never `/reset`, `/T` or `/grant:r`: the SIDs of the virtual machines on
        the disks would be lost and the machines not start.
    """
    folders = acls_of(host, FileAclRoles.VHD_DIR, FileAclRoles.HOST_DEFAULT_DIR)
    return by_folder(folders, lambda acl: _disk_folder(acl, Severity.CRITICAL), Severity.CRITICAL)


@check(
    "HV-ACL-002",
    title="Local logon sessions may not create or delete in the folders of virtual disks",
    severity=Severity.LOW,
    refs=("seed:G43",),
)
def disk_folders_have_no_old_set(host: Snapshot) -> list[Verdict]:
    r"""The default folder of 2008 below `C:\Users\Public` lets INTERACTIVE, SERVICE and BATCH create and delete.

    So everybody who logs on to the host itself may delete or overwrite disks there.

    Remediation:
        Run `icacls <folder> /remove:g *S-1-5-4 *S-1-5-6 *S-1-5-3`.
    """
    wanted = rights.CREATE | rights.DELETE | rights.FILE_DELETE_CHILD

    def has_no_old_set(acl: FileAcl) -> Verdict | None:
        if acl.is_remote:
            return NOT_APPLICABLE
        own = [g for g in acl.low_grants(wanted) if g.sid in LOCAL_LOGONS and not g.mask & _OWN_CONTROL]
        new = [
            g for g in acl.low_grants_to_new_files(rights.MODIFY) if g.sid in LOCAL_LOGONS and not g.mask & _OWN_CONTROL
        ]
        found = _told(
            [
                *_exposure(acl, own, wanted, Severity.LOW),
                *_exposure(acl, new, rights.MODIFY, Severity.LOW, new=True),
            ]
        )
        if found is None:
            return None
        return graded(found.message, Severity.MEDIUM, lambda: Severity.MEDIUM if _others_log_on(host) else Severity.LOW)

    return by_folder(
        acls_of(host, FileAclRoles.VHD_DIR, FileAclRoles.HOST_DEFAULT_DIR), has_no_old_set, Severity.MEDIUM
    )


_SHIPPED_LOGON = {ADMINISTRATORS, USERS, "S-1-5-32-551", "S-1-5-32-548", "S-1-5-32-549", "S-1-5-32-550", "S-1-5-9"}


def _others_log_on(host: Snapshot) -> bool:
    """Whether somebody beside administrators and the shipped groups may log on locally."""
    right = host.find(UserRight, right="SeInteractiveLogonRight")
    if right is None:
        return False
    return bool(right.unknown_names) or any(
        holder not in _SHIPPED_LOGON
        and standing(holder) is not Standing.TRUSTED
        and not administrators_member(host, holder)
        for holder in right.holders
    )


# What everybody may read


def _remote_desktop_is_open(host: Snapshot) -> bool:
    """Whether ordinary users may log on through Remote Desktop."""
    right = host.find(UserRight, right="SeRemoteInteractiveLogonRight")
    if right is None:
        return False
    # Names that nobody resolved because a table of names is missing may be anybody; reading them says so.
    return any(is_low_privilege(holder) for holder in right.holders) or (bool(right.unknown_names) and False)


def _is_shared(acl: FileAcl) -> bool:
    """Whether ordinary users may read the place over the network."""
    path = acl.folded_path
    shares = acl.host.rows(SmbShare)
    if not shares.known and shares.gap is None:
        return False
    return bool(
        shares.select(lambda share: share.is_ordinary and is_below(path, share.folded_path))
        .select(lambda share: bool(share.low_grants(rights.READ)))
        .matching(lambda _: True)
    )


def _reading(
    acl: FileAcl, grants: Iterable[Grant], uses: Callable[[str], bool], *, new: bool = False
) -> Iterable[Exposure]:
    """Ordinary users may read: medium, more where they come near it, most where it is a domain controller's.

    `uses`: whether the virtual machine with this id uses the object.
    """
    found = tuple(grants)
    if not found:
        return
    if all(grant.sid in LOCAL_LOGONS for grant in found):
        yield from _exposure(acl, found, rights.READ | rights.MODIFY, Severity.LOW, new=new)
        return
    host = acl.host
    changing = bool(holding((grant for grant in found if grant.sid not in LOCAL_LOGONS), rights.MODIFY))

    def is_domain_controllers() -> bool:
        return bool(domain_controllers(host).matching(lambda guest: uses(guest.vm_id)))

    def is_near() -> bool:
        return _any_of(lambda: changing, lambda: _is_shared(acl), lambda: _remote_desktop_is_open(host))

    def weight() -> Severity:
        if not is_near():
            return Severity.MEDIUM
        return Severity.CRITICAL if is_domain_controllers() else Severity.HIGH

    near = assess(lambda: fail("") if is_near() else None)
    for severity, text in _exposure(acl, found, rights.READ | rights.MODIFY, Severity.MEDIUM, new=new):
        if near.status is Status.PASS:
            yield Exposure(severity, text)
            continue
        surely_none = assess(lambda: fail("") if is_domain_controllers() else None).status is Status.PASS
        worst = Severity.HIGH if surely_none else Severity.CRITICAL
        verdict = graded(text, worst, weight)
        yield Exposure(verdict.severity or worst, verdict.message)


def _readable(
    acl: FileAcl, grants: Sequence[Grant], uses: Callable[[str], bool], *, new: bool = False
) -> Verdict | None:
    """As `_reading`; what comes down from the root of the volume is one finding to people, of disks and configurations."""
    found = _told(_reading(acl, grants, uses, new=new))
    return found and replace(found, shared=acl.entries_of_root(grants, rights.READ))


@check(
    "HV-ACL-003",
    title="Ordinary users may not read virtual disks",
    severity=Severity.MEDIUM,
    refs=("seed:G04", "seed:G43", "BSI:SYS.1.5.A2.4", "ATT&CK:T1005", "ATT&CK:T1003.003"),
)
def disks_are_not_readable(host: Snapshot) -> list[Verdict]:
    """Who reads the disk of a guest reads all that is on it: of a domain controller, the passwords of the domain.

    That Users may read is the state of every freshly formatted volume, and needs a logon on the host.

    Remediation:
        Mend the folder as HV-ACL-001 says; for files that exist `icacls <file> /inheritance:d`, then
        `icacls <file> /remove:g *S-1-5-32-545`.
    """

    def is_not_readable(acl: FileAcl) -> Verdict | None:
        if acl.is_remote:
            return NOT_APPLICABLE
        grants = acl.low_grants(rights.READ | rights.MODIFY)
        return _readable(acl, grants, lambda vm_id: _uses_disk(acl, vm_id))

    return by_folder(acls_of(host, FileAclRoles.VHD), is_not_readable, Severity.CRITICAL)


def _uses_disk(acl: FileAcl, vm_id: str) -> bool:
    path = acl.folded_path
    users = disk_users(acl.host)
    return vm_id in users.known(path) or vm_id in users.all(path)


# Whose the disk is


@check(
    "HV-ACL-004",
    title="Disks name only virtual machines that use them",
    severity=Severity.MEDIUM,
    refs=("seed:G32", "seed:G38", "NIST:HY-SR-13 (draft)", "BSI:SYS.1.5.A2.4", "BSI:SYS.1.5.A15.1", "ATT&CK:T1611"),
    since="2012",
)
def disks_belong_to_their_machines(host: Snapshot) -> list[Verdict]:
    """The worker process of a virtual machine runs under its own SID; an entry of another machine lets that one's worker in.

    Misuse needs an escape from that guest first. Moved, imported, replicated and restored machines leave old entries.

    Remediation:
        Run `icacls <file> /remove:g *<SID>`.
    """

    def belongs(acl: FileAcl) -> Verdict | None:
        if acl.is_remote:
            return NOT_APPLICABLE
        grants = granted(acl.descriptor, ObjectKind.FILE)
        return settle(*(lambda grant=grant: is_expected(acl, grant) for grant in grants if grant.sid != VM_GROUP))

    def is_expected(acl: FileAcl, grant: Grant) -> Verdict | None:
        guid = vm_guid(grant.sid)
        if guid is None or not grant.mask & (rights.READ | rights.MODIFY):
            return None
        path = acl.folded_path
        users = disk_users(host)
        if guid in users.known(path):
            return None
        vm = host.find(VM, id=guid)
        if vm is None:
            return fail(f"{acl} names the virtual machine {guid}, which is not on this host", Severity.INFO)
        if path in users.parents or len(users.known(path)) > 1:
            return None
        users.all(path)
        what = may((grant,), ObjectKind.FILE, rights.READ | rights.MODIFY)
        return fail(f"{acl}: the virtual machine {vm} ({guid}) {what}, but does not use this disk")

    return acls_of(host, FileAclRoles.VHD).each(belongs)


@check(
    "HV-ACL-005",
    title="Disks name the virtual machine that uses them",
    severity=Severity.MEDIUM,
    refs=("https://learn.microsoft.com/troubleshoot/windows-server/virtualization",),
    since="2012",
)
def disks_admit_their_machine(host: Snapshot) -> list[Verdict]:
    r"""Without an entry of its own the worker process of the virtual machine is denied access, and the machine does not start.

    Remediation:
        Run `icacls <file> /grant "NT VIRTUAL MACHINE\<VM GUID>:(F)"`, or detach the disk and attach it again.
    """

    def admits(disk: VMHardDisk) -> Verdict | None:
        if disk.pass_through or disk.path is None:
            return NOT_APPLICABLE
        path = folded_path(host, disk.path)
        acl = host.find(FileAcl, folded_path=path)
        if acl is None:
            raise undetermined(f"the access list of {disk.path} was not collected", table="acls")
        if acl.exists is False or acl.is_remote:
            return NOT_APPLICABLE
        own = {vm_sid(disk.vm_id), ALL_VIRTUAL_MACHINES, VM_GROUP}
        reading = holding(granted(acl.descriptor, ObjectKind.FILE), rights.READ)
        if any(grant.sid in own or grant.low_privilege for grant in reading):
            return None
        return fail(f"{acl.path} does not admit the virtual machine {disk}, which uses it")

    disks = host.rows(VMHardDisk)
    return Rows(disks.known, disks.gap or host.rows(VM).gap).each(admits)


_CONTAINER = re.compile(r"\\(?:containers|docker|wsl|lxss|packages)\\|\\(?:ext4|sandbox)\.vhdx$")


@check(
    "HV-ACL-006",
    title="Disks and configurations are not open to all virtual machines",
    severity=Severity.MEDIUM,
    refs=("seed:G32", "NIST:HY-SR-13 (draft)", "BSI:SYS.1.5.A2.4", "BSI:SYS.1.5.A15.1", "ATT&CK:T1611"),
    since="2012",
)
def files_are_not_open_to_all_machines(host: Snapshot) -> list[Verdict]:
    r"""A right of the group Virtual Machines is a right of every worker process: who escapes from one guest changes the others.

    Many instructions that mend "access denied" leave it behind.

    Remediation:
        With the machine off grant its own SID, `icacls <file> /grant "NT VIRTUAL MACHINE\<VM GUID>:(F)"`, and only then run
        `icacls <file> /remove:g *S-1-5-83-0`.
    """

    def is_not_open(acl: FileAcl) -> Verdict | None:
        if acl.is_remote:
            return NOT_APPLICABLE
        everyone = (g for g in granted(acl.descriptor, acl.object_kind) if g.sid in (ALL_VIRTUAL_MACHINES, VM_GROUP))
        grants = holding(everyone, rights.MODIFY)
        if not grants:
            return None
        message = f"{acl}: {who(host, grants)} {may(grants, acl.object_kind, rights.MODIFY)}"
        if _CONTAINER.search(acl.folded_path):
            return fail(f"{message}, as disks of containers are made", Severity.INFO)
        return fail(message)

    files = acls_of(host, FileAclRoles.VHD, FileAclRoles.VM_CONFIG_FILE, FileAclRoles.SNAPSHOT_FILE)
    return files.each(is_not_open)


_OWNERS = (LOCAL_SYSTEM, ADMINISTRATORS, TRUSTED_INSTALLER, ALL_VIRTUAL_MACHINES)


@check(
    "HV-ACL-016",
    title="Files of virtual machines belong to the system or its administrators",
    severity=Severity.MEDIUM,
    refs=("seed:G43", "ATT&CK:T1222.001"),
)
def files_belong_to_administrators(host: Snapshot) -> list[Verdict]:
    """The owner of a file may always change its permissions, and so read and change the file.

    Remediation:
        Run `icacls <file> /setowner *S-1-5-32-544`.
    """

    def belongs(acl: FileAcl) -> Verdict | None:
        if acl.is_remote:
            return NOT_APPLICABLE
        owner = acl.owner_sid
        if owner in _OWNERS or vm_guid(owner) is not None or standing(owner) is Standing.TRUSTED:
            return None
        if owner.startswith("S-1-5-21-") and (is_machine_or_service(host, owner) or administrators_member(host, owner)):
            return None
        return fail(f"{acl} belongs to {account_name(host, owner)}")

    return acls_of(host, FileAclRoles.VHD, FileAclRoles.VM_CONFIG_FILE).each(belongs)


# Configurations, checkpoints, media, Replica


def _configuration(acl: FileAcl) -> Verdict | None:
    if acl.is_remote:
        return NOT_APPLICABLE
    if acl.object_kind is ObjectKind.FILE:
        serious = [*_exposure(acl, acl.low_grants(rights.MODIFY), rights.MODIFY | rights.READ, Severity.CRITICAL)]
        read = acl.low_grants(rights.READ)
    else:
        wanted = rights.REPLACE | rights.CREATE
        serious = [
            *_exposure(acl, acl.low_grants(rights.REPLACE), wanted, Severity.CRITICAL),
            *_exposure(acl, acl.low_grants_to_new_files(rights.MODIFY), rights.MODIFY, Severity.CRITICAL, new=True),
        ]
        # What every freshly formatted volume hands down is told once, of the volume; of files that are there it is told here.
        read = tuple(_not_from_root(acl, acl.low_grants_to_new_files(rights.READ), rights.READ))
    if serious:
        return _told(serious)
    create = () if acl.object_kind is ObjectKind.FILE else acl.low_grants(rights.CREATE)
    return settle(
        lambda: _readable(acl, read, lambda vm_id: _lies_here(acl, vm_id), new=acl.kind is FileAclKind.DIR),
        lambda: _told(_exposure(acl, _not_from_root(acl, create, rights.CREATE), rights.CREATE, Severity.LOW)),
        lambda: _told(_by_named_accounts(acl)),
        worst=Severity.LOW,
    )


def _lies_here(acl: FileAcl, vm_id: str) -> bool:
    """Whether configuration or checkpoints of a virtual machine lie in the folder of the object, or above or below it."""
    host = acl.host
    folder = folded_path(host, acl.folder.path)
    vm = host.find(VM, id=vm_id)
    if vm is None:
        return False
    places = (folded_path(host, path) for path in (vm.configuration_location, vm.path, vm.snapshot_file_location))
    return any(is_below(folder, place) or is_below(place, folder) for place in places)


@check(
    "HV-ACL-007",
    title="Ordinary users may neither change nor read configurations of virtual machines",
    severity=Severity.CRITICAL,
    refs=("seed:G04", "BSI:SYS.1.5.A2.2", "ATT&CK:T1565.001", "ATT&CK:T1005"),
)
def configurations_are_protected(host: Snapshot) -> list[Verdict]:
    """Who changes a configuration gives the guest other disks or firmware; files of state hold the memory of the guest.

    Remediation:
        Break the inheritance, then take the right away: `icacls <folder> /inheritance:d`, then
        `icacls <folder> /remove:g *S-1-5-11 *S-1-5-32-545`. Never `/reset`, `/T` or `/grant:r`.
    """
    roles = (FileAclRoles.VM_CONFIG_DIR, FileAclRoles.VM_CONFIG_FILE, FileAclRoles.SWAP_DIR)
    return by_folder(acls_of(host, *roles), _configuration, Severity.CRITICAL)


@check(
    "HV-ACL-008",
    title="Ordinary users may neither change nor read checkpoints",
    severity=Severity.CRITICAL,
    refs=("seed:G36", "BSI:SYS.1.5.A24", "MS-Plan"),
)
def checkpoints_are_protected(host: Snapshot) -> list[Verdict]:
    """A checkpoint holds an older state of the guest, often with its memory: secrets to read, and a state to return to.

    Remediation:
        Break the inheritance, then take the right away: `icacls <folder> /inheritance:d`, then
        `icacls <folder> /remove:g *S-1-5-11 *S-1-5-32-545`. Never `/reset`, `/T` or `/grant:r`.
    """
    rows = acls_of(host, FileAclRoles.SNAPSHOT_DIR, FileAclRoles.SNAPSHOT_FILE)
    return by_folder(rows, _configuration, Severity.CRITICAL)


@check(
    "HV-ACL-009",
    title="Ordinary users may not change installation media",
    severity=Severity.MEDIUM,
    refs=("NIST:HY-SR-10 (draft)", "ATT&CK:T1195"),
)
def media_are_protected(host: Snapshot) -> list[Verdict]:
    """Who changes an image that guests are installed from is in every guest that is made from it.

    Remediation:
        Break the inheritance, then take the right away: `icacls <folder> /inheritance:d`, then
        `icacls <folder> /remove:g *S-1-5-11 *S-1-5-32-545`.
    """

    def is_protected(acl: FileAcl) -> Verdict | None:
        if acl.is_remote:
            raise undetermined(f"{acl} lies on a file server: collect there", table="acls", column="Sddl")
        if acl.object_kind is ObjectKind.FILE:
            return _told(_exposure(acl, acl.low_grants(rights.MODIFY), rights.MODIFY, Severity.MEDIUM))
        wanted = rights.REPLACE | rights.CREATE
        serious = [
            *_exposure(acl, acl.low_grants(rights.REPLACE), wanted, Severity.MEDIUM),
            *_exposure(acl, acl.low_grants_to_new_files(rights.MODIFY), rights.MODIFY, Severity.MEDIUM, new=True),
        ]
        create = _not_from_root(acl, acl.low_grants(rights.CREATE), rights.CREATE)
        return _told(serious or _exposure(acl, create, rights.CREATE, Severity.LOW))

    return by_folder(acls_of(host, FileAclRoles.MEDIA_DIR, FileAclRoles.MEDIA), is_protected, Severity.MEDIUM)


@check(
    "HV-ACL-010",
    title="Ordinary users may not change what Replica stores",
    severity=Severity.HIGH,
    refs=("BSI:SYS.1.5.A2.2",),
    since="2012",
)
def replica_storage_is_protected(host: Snapshot) -> list[Verdict]:
    """The disks that Replica receives are those of the guests of other hosts, ready to be started here.

    Remediation:
        Break the inheritance, then take the right away: `icacls <folder> /inheritance:d`, then
        `icacls <folder> /remove:g *S-1-5-11 *S-1-5-32-545`.
    """
    folders = acls_of(host, FileAclRoles.REPLICA_DIR)
    return by_folder(folders, lambda acl: _disk_folder(acl, Severity.HIGH), Severity.HIGH)


# Shares


@check(
    "HV-ACL-011",
    title="Shares do not let ordinary users write to virtual machines",
    severity=Severity.HIGH,
    refs=("STIG:WN22-00-000230", "MS-Plan", "ATT&CK:T1021.002"),
)
def share_does_not_let_write(share: SmbShare) -> Verdict:
    """What the share lets through only the permissions of the file system hold back, and one mistake there is enough.

    Remediation:
        First `Grant-SmbShareAccess` to the computer accounts of the Hyper-V hosts, then `Revoke-SmbShareAccess` for the others.
    """
    if not share.is_ordinary:
        return NOT_APPLICABLE
    grants = share.low_grants(rights.MODIFY)
    if not grants:
        return PASS
    path, host = share.folded_path, share.host
    if not vm_files_below(host, path):
        return NOT_APPLICABLE

    def lets_change(acl: FileAcl) -> bool:
        wanted = rights.REPLACE if acl.object_kind is ObjectKind.FOLDER else rights.MODIFY
        found = (*acl.low_grants(wanted), *acl.low_grants_to_new_files(rights.MODIFY))
        return any(grant.sid not in LOCAL_LOGONS for grant in found)

    def weight() -> Severity:
        return Severity.HIGH if _any_of(*_on_disk(host, path, lets_change)) else Severity.LOW

    message = f"{who(host, grants)} may write through the share {share} to {share.path}, where virtual machines lie"
    return graded(message, Severity.HIGH, weight)


def _on_disk(host: Snapshot, path: str, predicate: Callable[[FileAcl], bool]) -> Iterable[Callable[[], bool]]:
    """Questions whether the folder of a share, or a part of a virtual machine in it, has an open access list."""

    def of_the_share() -> bool:
        row = host.find(FileAcl, folded_path=path)
        return row is not None and row.exists is not False and predicate(row)

    def of_the_machines() -> bool:
        rows = vm_acls_below(host, path)
        if not rows.known:
            raise undetermined(f"no access list below {path} was collected", table="acls")
        return bool(rows.matching(predicate))

    return (of_the_share, of_the_machines)


@check(
    "HV-ACL-012",
    title="Virtual machines do not lie in a share that ordinary users may read",
    severity=Severity.MEDIUM,
    refs=("BSI:SYS.1.5.A2.2", "ATT&CK:T1021.002"),
)
def share_does_not_let_read(share: SmbShare) -> Verdict:
    """Who may read a virtual disk over the network copies the guest, and nobody notices.

    Remediation:
        Run `Remove-SmbShare`, unless virtual machines of other hosts use the share; then leave it to the accounts of those hosts.
    """
    if not share.is_ordinary:
        return NOT_APPLICABLE
    grants = share.low_grants(rights.READ)
    if not grants:
        return PASS
    path, host = share.folded_path, share.host
    if not vm_files_below(host, path):
        return NOT_APPLICABLE

    def lets_read(acl: FileAcl) -> bool:
        found = acl.low_grants(rights.READ) if acl.object_kind is ObjectKind.FILE else ()
        found = (*found, *acl.low_grants_to_new_files(rights.READ))
        return any(grant.sid not in LOCAL_LOGONS for grant in found)

    def weight() -> Severity:
        return Severity.MEDIUM if _any_of(*_on_disk(host, path, lets_read)) else Severity.LOW

    message = f"{who(host, grants)} may read through the share {share} what lies in {share.path}, virtual machines too"
    return graded(message, Severity.MEDIUM, weight)


# Places that decide


@check(
    "HV-ACL-013",
    title="Ordinary users have no rights in the folder of Hyper-V's own data",
    severity=Severity.CRITICAL,
    refs=("seed:G44", "ATT&CK:T1222.001"),
)
def own_data_is_protected(host: Snapshot) -> list[Verdict]:
    r"""`%ProgramData%\Microsoft\Windows\Hyper-V` holds the authorization store and the entries of all virtual machines.

    Remediation:
        Run `icacls <folder> /remove:g *<SID>` for the SID that is named, and nothing else: `/reset` would inherit the open permissions of
        ProgramData and drop the SIDs of the virtual machines.
    """

    def is_protected(acl: FileAcl) -> Verdict | None:
        wanted = rights.REPLACE | rights.CREATE
        serious = [
            *_exposure(acl, acl.low_grants(rights.REPLACE), wanted, Severity.CRITICAL),
            *_exposure(acl, acl.low_grants_to_new_files(rights.MODIFY), rights.MODIFY, Severity.CRITICAL, new=True),
        ]
        return _told(
            serious
            or [
                *_exposure(acl, acl.low_grants(rights.CREATE), rights.CREATE, Severity.MEDIUM),
                *_exposure(acl, acl.low_grants_to_new_files(rights.READ), rights.READ, Severity.MEDIUM, new=True),
            ]
        )

    return by_folder(acls_of(host, FileAclRoles.HV_ROOT), is_protected, Severity.CRITICAL)


_FILES_OF_VMS = (FileAclRoles.VHD, FileAclRoles.VM_CONFIG_FILE, FileAclRoles.SNAPSHOT_FILE)
_DATA_FOLDERS = (FileAclRoles.VHD_DIR, FileAclRoles.VM_CONFIG_DIR, FileAclRoles.SNAPSHOT_DIR, FileAclRoles.SWAP_DIR)


@check(
    "HV-ACL-014",
    title="Volumes of virtual machines hand down no rights to ordinary users",
    severity=Severity.HIGH,
    refs=("seed:G43", "STIG:WN22-00-000140", "ATT&CK:T1222.001"),
)
def volume_roots_hand_down_nothing(host: Snapshot) -> list[Verdict]:
    r"""Folders of virtual machines take over what the root of their volume gives, now and whenever one is made.

    Every freshly formatted volume lets Users read and add files; that alone does not let them change a disk.

    Remediation:
        Break the inheritance at the folders of the virtual machines as HV-ACL-001 says, or run `icacls D:\ /remove:g *S-1-5-32-545` on a
        volume that holds nothing else.
    """

    def hands_down_nothing(root: FileAcl) -> Verdict | None:
        wanted = rights.REPLACE | rights.CREATE
        generic = rights.GENERIC_WRITE | rights.GENERIC_ALL
        own = [g for g in root.low_grants(rights.EVERY_RIGHT) if g.mask & rights.REPLACE or g.raw_mask & generic]
        folders = root.low_grants_to_new_folders(rights.REPLACE)
        files = root.low_grants_to_new_files(rights.MODIFY)
        serious = [
            *_exposure(root, dict.fromkeys((*own, *folders)), wanted, Severity.HIGH),
            *_exposure(root, files, rights.MODIFY, Severity.HIGH, new=True),
        ]
        mild: list[Exposure] = []
        if not serious:
            create = dict.fromkeys((*root.low_grants(rights.CREATE), *root.low_grants_to_new_folders(rights.CREATE)))
            read = root.low_grants_to_new_files(rights.READ)
            mild = [
                *_exposure(root, create, rights.CREATE, Severity.LOW),
                *_exposure(root, read, rights.READ, Severity.LOW, new=True),
            ]
            if not mild or _is_boot_volume(root):
                return None
        below = acls_of(host, *_DATA_FOLDERS).matching(lambda folder: _takes_over(folder, root))
        if not below:
            return NOT_APPLICABLE
        found = _told(serious or mild)
        return (
            None
            if found is None
            else fail(f"{found.message}; taken over by {listed(map(str, below), 3)}", found.severity)
        )

    return by_folder(acls_of(host, FileAclRoles.VOLUME_ROOT), hands_down_nothing, Severity.HIGH)


def _takes_over(folder: FileAcl, root: FileAcl) -> bool:
    if not is_below(folder.folded_path, root.folded_path):
        return False
    own_root = folder.volume_root
    return own_root is not None and own_root.record is root.record and folder.inherits


def _is_boot_volume(root: FileAcl) -> bool:
    if FileAclRoles.SYSTEM_DIR in root.roles:
        return True
    volume = root.host.find(Volume, drive_letter=root.path.rstrip("\\"))
    return volume is not None and volume.is_boot


@check(
    "HV-ACL-015",
    title="Virtual disks are not made in the public documents",
    severity=Severity.LOW,
    refs=("HV-STOR-001",),
)
def default_disk_folder_is_not_public(host: Snapshot) -> Verdict:
    r"""The shipped default lies below `C:\Users\Public`: on the system volume, in a folder that is meant for everybody.

    Remediation:
        Run `Set-VMHost -VirtualHardDiskPath D:\VM` (2012 and later; before, the Hyper-V settings), then move the disks that are there
        already: the setting moves nothing.
    """
    setting = assess(lambda: _is_not_public(host, host.one(VMHost).virtual_hard_disk_path))
    if setting.status is not Status.NOT_ASSESSED:
        return setting
    # Where Hyper-V did not answer, its registry value can still say that it is wrong, but an absent one not that it is right.
    kept = assess(lambda: _is_not_public(host, registry_text(host, VIRTUALIZATION, "DefaultVirtualHardDiskPath")))
    return kept if kept.status is Status.FAIL else setting


def _is_not_public(host: Snapshot, path: str | None) -> Verdict | None:
    if path is None:
        return None
    folder = folded_path(host, path)
    collection = host.one(Collection)
    public = [place for place in (collection.public, collection.users_root) if place is not None]
    if not any(is_below(folder, folded_path(host, place)) for place in public):
        return None

    def weight() -> Severity:
        disks = host.rows(VMHardDisk).matching(
            lambda disk: disk.path is not None and is_below(folded_path(host, disk.path), folder)
        )
        return Severity.LOW if disks else Severity.INFO

    return graded(f"New virtual disks are made in {path}", Severity.LOW, weight)


_KEYS = (
    RegistryAclRole.VIRTUALIZATION,
    RegistryAclRole.AUTOSTART,
    RegistryAclRole.DEBUGGER,
    RegistryAclRole.WINLOGON,
    RegistryAclRole.LSA,
    RegistryAclRole.HIVE_ROOT,
    RegistryAclRole.REMOTE_REGISTRY,
    RegistryAclRole.POLICY,
    RegistryAclRole.FIREWALL,
)


@check(
    "HV-ACL-017",
    title="Ordinary users may not change the registry keys of Hyper-V and of system start",
    severity=Severity.CRITICAL,
    refs=("STIG:WN22-00-000170", "ATT&CK:T1112"),
)
def registry_keys_are_protected(host: Snapshot) -> list[Verdict]:
    """The Virtualization key says where the authorization store lies and which mitigations guests get; others run programs as SYSTEM.

    Remediation:
        Take the right away with `Set-Acl` or regedit; on a clean host Users may read these keys and no more.
    """

    def is_protected(acl: RegistryAcl) -> Verdict | None:
        if not acl.exists:
            return NOT_APPLICABLE
        grants = low_privilege_grants(descriptor_of(acl), ObjectKind.KEY, rights.CHANGE_KEY)
        if not grants:
            return None
        return fail(f"{acl}: {who(host, grants)} {may(grants, ObjectKind.KEY, rights.CHANGE_KEY)}")

    return [answer for role in _KEYS for answer in host.where(RegistryAcl, role=role).each(is_protected)]


@check(
    "HV-ACL-018",
    title="Ordinary users may not add programs to the folders of the system",
    severity=Severity.HIGH,
    refs=("STIG:WN22-00-000140", "STIG:WN22-00-000150", "STIG:WN22-00-000160", "ATT&CK:T1574"),
)
def system_folders_are_protected(host: Snapshot) -> list[Verdict]:
    r"""What lies in Windows, Program Files or a folder of the search path is run by everybody, administrators included.

    Remediation:
        Take the right away: `icacls <folder> /remove:g *<SID>`; take a folder that users need to write to out of the machine's PATH.
    """

    def is_protected(acl: FileAcl) -> Verdict | None:
        # Users may create in ProgramData and make folders in the root of the system volume, as shipped.
        data = folded_path(host, "%ProgramData%")
        wanted = rights.REPLACE if acl.folded_path == data else rights.REPLACE | rights.PLANT
        return _told(_exposure(acl, acl.low_grants(wanted), wanted, Severity.HIGH))

    roles = (FileAclRoles.SYSTEM_DIR, FileAclRoles.PROGRAM_DIR, FileAclRoles.PATH_DIR)
    return by_folder(acls_of(host, *roles), is_protected, Severity.HIGH)


_ADMITTED = (LOCAL_SYSTEM, "SY", ALL_VIRTUAL_MACHINES, VM_GROUP)


@check(
    "HV-ACL-020",
    title="Nothing denies the system or virtual machines access to their files",
    severity=Severity.LOW,
    since="2012",
)
def files_deny_nobody_they_need(host: Snapshot) -> list[Verdict]:
    """A denial counts before every permission: the virtual machine does not start, or the host cannot manage its files.

    Remediation:
        Run `icacls <path> /remove:d *<SID>`.
    """

    def denies_nobody(acl: FileAcl) -> Verdict | None:
        if acl.is_remote:
            return NOT_APPLICABLE
        kept_from = [
            sid for sid in denied(acl.descriptor, acl.object_kind) if sid in _ADMITTED or vm_guid(sid) is not None
        ]
        if not kept_from:
            return None
        return fail(f"access is denied to {listed(account_name(host, sid) for sid in kept_from)}")

    return by_folder(acls_of(host, *_FILES_OF_VMS, *_DATA_FOLDERS), denies_nobody, Severity.LOW)


# What else lies about

_SECRETS = {
    VMFileKind.CERTIFICATE: "a certificate bundle",
    VMFileKind.ANSWER_FILE: "an answer file",
    VMFileKind.RECOVERY_KEY: "a recovery key",
}


@check(
    "HV-ACL-019",
    title="No certificate bundles, answer files or recovery keys lie about",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-00-000240", "ATT&CK:T1552.001", "ATT&CK:T1552.004"),
)
def no_secrets_lie_about(host: Snapshot) -> list[Verdict]:
    r"""They hold private keys, passwords or the way past BitLocker, and are looked for first by whoever gets on the host.

    Only names and permissions were collected. From its own copy of the answer file in `Panther` Setup takes the passwords out.

    Remediation:
        Move the file to a vault and delete it here; until then `icacls <file> /inheritance:d` and
        `icacls <file> /remove:g *S-1-5-32-545`.
    """

    def judge(file: VMFile) -> Verdict | None:
        path = file.folded_path
        is_setups_copy = file.kind is VMFileKind.ANSWER_FILE and is_below(
            path, folded_path(host, r"%SystemRoot%\Panther")
        )
        what = _SECRETS[file.kind]

        def readers() -> tuple[Grant, ...]:
            acl = host.find(FileAcl, folded_path=path)
            if acl is None or not acl.exists:
                raise undetermined(f"the access list of {file} was not collected", table="acls")
            return acl.low_grants(rights.READ)

        def is_kept_from_users() -> Verdict | None:
            grants = readers()
            severity = Severity.LOW if is_setups_copy else Severity.MEDIUM
            return fail(f"{file}, {what}, can be read by {who(host, grants)}", severity) if grants else None

        answer = assess(is_kept_from_users)
        if is_setups_copy or answer.status is Status.FAIL:
            return answer
        return graded(
            f"{file}, {what}, lies on the host", Severity.MEDIUM, lambda: Severity.MEDIUM if readers() else Severity.LOW
        )

    return host.rows(VMFile).select(lambda file: file.kind in _SECRETS).each(judge) or [PASS]
