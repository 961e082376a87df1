"""HV-AZ: the AzMan store that decides who may do what with virtual machines on Windows Server 2008 to 2012."""

import ntpath
from collections.abc import Callable, Iterable
from typing import NoReturn

from snapshot_tool.check import check
from snapshot_tool.knowledge import rights
from snapshot_tool.knowledge.azman import HYPERV_APPLICATION, Mark
from snapshot_tool.knowledge.sids import ALL_VIRTUAL_MACHINES, Standing
from snapshot_tool.model.accounts import KnownSid, KnownSidClass, account_name, administrators_member, orphaned
from snapshot_tool.model.azman import (
    AzManGroup,
    AzManLocation,
    AzManLocationLocationSource,
    AzManLocationScheme,
    AzManLocationStoreRole,
    AzManRole,
    AzManScope,
    AzManStore,
    AzManStoreState,
    AzManTask,
    GroupKind,
)
from snapshot_tool.model.azman_closure import Power, ReachedMember, ReachedOperation, RecognisedBy, Recognition, power
from snapshot_tool.model.filesystem import FileAcl, FileAclKind, VMFile, VMFileKind
from snapshot_tool.model.paths import folded_path, is_below, is_unc, parent_of
from snapshot_tool.model.security import (
    ObjectKind,
    descriptor_of,
    granted,
    holding,
    low_privilege_grants,
    rights_text,
    standing,
    trustees,
)
from snapshot_tool.model.services import Service, surely_without_hyperv
from snapshot_tool.model.vm import VM
from snapshot_tool.snapshot import Rows, Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Cause,
    Gap,
    NotAssessed,
    NotOffered,
    Severity,
    Verdict,
    assess,
    fail,
    graded,
    listed,
    settle,
    undetermined,
)

DEFAULT_FOLDER = r"%ProgramData%\Microsoft\Windows\Hyper-V"
VMM_STORE = r"%ProgramData%\Microsoft\Virtual Machine Manager\HyperVAuthStore.xml"
MANY_CONSOLE_USERS = 10


def _below_program_data(path: str) -> str:
    return path.removeprefix("%ProgramData%").casefold()


def active_location(host: Snapshot) -> AzManLocation:
    """Where the store is that vmms asks. Raises NotOffered where the host has none."""
    location = host.find(AzManLocation, store_role=AzManLocationStoreRole.ACTIVE)
    if location is None:
        raise NotOffered("the host has no authorization store")
    return location


def active_store(host: Snapshot) -> AzManStore:
    """The store that vmms asks, as it was brought home. Raises NotOffered where the host has none."""
    store = host.find(AzManStore, store_role=AzManLocationStoreRole.ACTIVE)
    if store is None:
        raise NotOffered("the host has no authorization store")
    return store


@check(
    "HV-AZ-001",
    title="The authorization store is where Hyper-V puts it",
    severity=Severity.HIGH,
    refs=("seed:G19", "seed:G44", "BSI:SYS.1.5.A2.2", "NIST:HY-SR-13 (draft)", "ATT&CK:T1098"),
    until="2012",
)
def store_is_in_its_place(host: Snapshot) -> Verdict:
    r"""Whoever can change the store, or where vmms looks for it, gives himself every right over every virtual machine.

    Remediation:
        In `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization` set `StoreLocation` back to
        `msxml://C:\ProgramData\Microsoft\Windows\Hyper-V\InitialStore.xml` and `ServiceApplication` to `Hyper-V services`,
        then run `Restart-Service vmms`.
    """
    location = active_location(host)

    def location_is_shipped() -> Verdict | None:
        if location.location_source is AzManLocationLocationSource.DEFAULT:
            return None
        written = location.store_location
        if location.scheme is AzManLocationScheme.OTHER:
            return fail(f"The authorization store has an unknown kind of location: {written}", Severity.HIGH)
        if location.scheme is not AzManLocationScheme.MSXML:
            return None
        if location.store_path is None:
            raise undetermined(f"the file behind {written} cannot be told", table="azman", column="StorePath")
        path = ntpath.normpath(folded_path(host, location.store_path))
        if is_unc(path):
            return fail(f"The authorization store is on a file server: {location.store_path}", Severity.HIGH)
        # Wherever %ProgramData% is, such a path is not below it: then it need not be known.
        usual = any(part in path for part in (_below_program_data(VMM_STORE), _below_program_data(DEFAULT_FOLDER)))
        if usual and (path == folded_path(host, VMM_STORE) or is_below(path, folded_path(host, DEFAULT_FOLDER))):
            return None
        return fail(f"The authorization store is outside of Hyper-V's folder: {location.store_path}", Severity.MEDIUM)

    def application_is_shipped() -> Verdict | None:
        application = location.service_application
        if application is None or application.strip().casefold() == HYPERV_APPLICATION.casefold():
            return None
        return fail(f"Hyper-V asks the application {application} of the store", Severity.MEDIUM)

    return settle(location_is_shipped, application_is_shipped, worst=Severity.HIGH).on(location)


@check(
    "HV-AZ-002",
    title="Only administrators can change or replace the authorization store",
    severity=Severity.CRITICAL,
    refs=("seed:G44", "NIST:HY-SR-13 (draft)", "ATT&CK:T1222.001", "ATT&CK:T1098"),
    until="2012",
)
def store_file_is_protected(host: Snapshot) -> Verdict | list[Verdict]:
    """Anyone who edits the store becomes Hyper-V administrator, and so administrator of every virtual machine.

    Remediation:
        Run `icacls InitialStore.xml /inheritance:r /grant:r *S-1-5-18:F *S-1-5-32-544:F` for the file, never for the folder;
        on folders take the named right from the named account.
    """
    location = active_location(host)
    if location.scheme is not AzManLocationScheme.MSXML or location.exists is False:
        return NOT_APPLICABLE
    if location.store_path is None:
        raise undetermined("the file of the store cannot be told", table="azman", column="StorePath")
    path = ntpath.normpath(folded_path(host, location.store_path))
    if is_unc(path):
        raise undetermined("the store is on a file server, whose permissions the snapshot does not hold")
    objects: list[FileAcl] = []
    gap = None
    at: str | None = path
    while at is not None:
        # Each object by itself: what is missing about one hides nothing of the others.
        found = host.where(FileAcl, folded_path=at)
        objects.extend(found.known)
        if not found.known:
            gap = gap or found.gap or Gap(Cause.NOT_COLLECTED, f"the permissions of {at}", "acls")
        at = parent_of(at)
    return Rows(tuple(objects), gap).each(lambda item: _store_object_is_protected(item, item.folded_path == path))


def _store_object_is_protected(item: FileAcl, is_file: bool) -> Verdict:
    if item.exists is False:
        return NOT_APPLICABLE
    if is_file and item.kind is FileAclKind.DIR:
        raise undetermined(f"{item} is a folder", table="acls", column="Kind")
    kind, wanted = (ObjectKind.FILE, rights.MODIFY) if is_file else (ObjectKind.FOLDER, rights.REPLACE)
    grants = holding(granted(descriptor_of(item), kind), wanted)
    low = tuple(grant for grant in grants if grant.low_privilege)
    what = "the authorization store" if is_file else "a folder above the authorization store"

    def nobody_low() -> Verdict | None:
        if not low:
            return None
        may = rights_text(low, kind, wanted)
        return fail(f"{item}, {what}, can be changed by {trustees(low)}: {may}", Severity.CRITICAL)

    def reviewed(sid: str) -> Verdict | None:
        if administrators_member(item.host, sid):
            return None
        name = account_name(item.host, sid)
        return fail(f"{item}, {what}, can be changed by {name}, who is no administrator", Severity.HIGH)

    others = dict.fromkeys(grant.sid for grant in grants if standing(grant.sid) is Standing.OTHER)
    if not is_file:
        # Virtual machines as a whole have rights on folders of Hyper-V as shipped.
        others.pop(ALL_VIRTUAL_MACHINES, None)
    return settle(nobody_low, *(lambda sid=sid: reviewed(sid) for sid in others), worst=Severity.HIGH)


@check(
    "HV-AZ-003",
    title="The authorization store is there and can be read",
    severity=Severity.HIGH,
    refs=("seed:G44", "MS-AZMP"),
    until="2012",
)
def store_is_readable(host: Snapshot) -> Verdict:
    """Without a store that vmms can read nobody can manage virtual machines, and vmms may not start.

    Remediation:
        Restore `InitialStore.xml` from a backup or from another host of the same release, then run `Restart-Service vmms`.
    """
    if host.host.build is not None:
        location = active_location(host)
        if location.scheme is not AzManLocationScheme.MSXML:
            return NOT_APPLICABLE
        exists = location.exists
        if exists is False:
            if surely_without_hyperv(host):
                return NOT_APPLICABLE
            return fail(f"The authorization store {location.store_path} does not exist").on(location)
        if exists is None:
            raise undetermined("whether the store exists could not be seen", table="azman", column="Exists")
    store = active_store(host)
    if store.state is AzManStoreState.MALFORMED:
        return fail(f"The authorization store is not well-formed: {store.problem}").on(store)
    if store.state is AzManStoreState.NOT_A_STORE:
        return fail(f"The authorization store is none: {store.problem}").on(store)
    if not store.has_application:
        return fail(f"The authorization store has no application {store.application_name}").on(store)
    return PASS.on(store)


@check(
    "HV-AZ-004",
    title="No role is assigned to everybody or to ordinary users",
    severity=Severity.CRITICAL,
    refs=("seed:G46", "NIST:HY-SR-13 (draft)", "BSI:SYS.1.5.A12", "ATT&CK:T1078"),
    until="2012",
)
def role_is_not_for_everybody(role: AzManRole) -> list[Verdict]:
    """A role that is assigned to a broad group gives its operations on virtual machines to anybody who can log on.

    Remediation:
        In `azman.msc` open the role assignment and remove the member; assign a group of named administrators instead.
    """
    if not role.operations:
        return [NOT_APPLICABLE]
    answers = []
    for member in role.assignment.broad_members:
        message = f"The role {role} of the authorization store is assigned to {account_name(role.host, member.sid)}"
        _cite(role, (member,))
        answers.append(graded(message, Severity.CRITICAL, lambda: _weight(role), part=member.sid))
    return [*answers, *_unknown_members(role)]


def _weight(role: AzManRole) -> Severity:
    recognition = _recognition(role)
    if recognition.by is not RecognisedBy.NAME:
        raise undetermined("the operations of the store are not recognised by name", table="azman_store")
    match power(role.assignment, recognition):
        case Power.MODIFY:
            return Severity.CRITICAL
        case Power.UNDETERMINED:
            raise undetermined(f"not every operation of the role {role} is known", table="azman_role")
        case _:
            return Severity.HIGH


def _unknown_members(role: AzManRole) -> list[Verdict]:
    """A pass where every member of the role is known, else what is not assessed."""
    members = role.members
    if role.assignment.membership.undetermined:
        return [assess(lambda: _raise_unknown_groups(role))]
    return [PASS if members else NOT_APPLICABLE]


def _raise_unknown_groups(role: AzManRole) -> NoReturn:
    groups = listed(found.group.name for found in role.assignment.membership.undetermined)
    raise undetermined(f"who is in {groups}, a group of the role {role}, is decided by a query or a script")


@check(
    "HV-AZ-005",
    title="Only administrators hold every operation of Hyper-V",
    severity=Severity.HIGH,
    refs=("seed:G46", "seed:M09", "NIST:HY-SR-13 (draft)", "BSI:SYS.1.5.A12"),
    until="2012",
)
def full_role_is_for_administrators(role: AzManRole) -> list[Verdict]:
    """Who holds every operation can take over each virtual machine and, through its devices and disks, the host.

    Remediation:
        In `azman.msc` remove the member from the role assignment, or assign a role with the operations that it needs.
    """
    if not role.full:
        return [NOT_APPLICABLE]
    answers = []
    for member in role.assignment.beyond_administrators():
        answer = assess(lambda member=member: _full_member(role, member))  # type: ignore[misc]
        answers.append(answer.on(role, member.sid))
    return [*answers, *_unknown_members(role)]


def _full_member(role: AzManRole, member: ReachedMember) -> Verdict:
    _cite(role, (member,))
    if administrators_member(role.host, member.sid):
        return PASS
    name = account_name(role.host, member.sid)
    return fail(f"The role {role} gives every operation of Hyper-V to {name}, who is no administrator of the host")


@check(
    "HV-AZ-006",
    title="Rights over virtual machines are split by roles",
    severity=Severity.LOW,
    refs=("seed:G46", "seed:M09", "BSI:SYS.1.5.A12", "NIST:HY-SR-13 (draft)"),
    until="2012",
)
def role_model_is_used(host: Snapshot) -> Verdict:
    """With one role that holds everything, whoever runs a single virtual machine must be administrator of all of them.

    Where one team looks after the host and its virtual machines this is as it should be.

    Remediation:
        In `azman.msc` define a role definition per task, assign it to a group, and keep the full role for administrators.
    """
    active_store(host)
    members = 0
    for role in host.rows(AzManRole):
        if role.full:
            continue
        members += len(role.members)
        if members or role.assignment.membership.undetermined:
            return PASS
    message = "No role of the authorization store but the full one has members; with several teams or owners roles should be split"
    return fail(message, Severity.INFO)


@check(
    "HV-AZ-007",
    title="Only administrators can change authorization scopes and service settings",
    severity=Severity.HIGH,
    refs=("seed:G47", "NIST:HY-SR-13 (draft)", "ATT&CK:T1098"),
    until="2012",
)
def operators_cannot_widen_their_rights(role: AzManRole) -> Verdict:
    """Who may move virtual machines to another scope, or reconfigure the service, can widen his own rights.

    Remediation:
        In `azman.msc` remove the operation from the role definition, or the members from the role assignment.
    """
    if not _may_be_delegated(role):
        return NOT_APPLICABLE
    held = _held(role, Mark.AUTHORIZATION)
    if not held:
        return PASS
    members = _outsiders(role)
    names = listed(found.operation.name for found in held)
    return _by_name_only(role, f"The role {role} lets {_accounts(role, members)} use {names}")


@check(
    "HV-AZ-008",
    title="Roles for operating virtual machines leave the host's network alone",
    severity=Severity.MEDIUM,
    refs=("seed:G47", "BSI:SYS.1.5.A2.2", "BSI:SYS.1.5.A12", "NIST:HY-SR-13 (draft)"),
    until="2012",
)
def operators_cannot_change_the_network(role: AzManRole) -> Verdict:
    """Switches, ports and VLANs belong to the host: who changes them can cut off or overhear other virtual machines.

    Connecting an adapter to a port is part of running virtual machines and no finding.

    Remediation:
        In `azman.msc` split the role: one definition for virtual machines, one for the network.
    """
    if not _may_be_delegated(role):
        return NOT_APPLICABLE
    run = _held(role, Mark.RUN)
    if not run:
        return PASS
    network = _held(role, Mark.HOST_NETWORK)
    if not network:
        return PASS
    members = _outsiders(role)
    names = listed(found.operation.name for found in network)
    return _by_name_only(role, f"The role {role} lets {_accounts(role, members)} run virtual machines and also {names}")


def _may_be_delegated(role: AzManRole) -> bool:
    """Whether a role that is not full has a member outside the group Administrators, or a group that may have one."""
    if role.full:
        return False
    members, assignment = role.members, role.assignment
    return bool((members and assignment.outside_administrators) or assignment.membership.undetermined)


def _outsiders(role: AzManRole) -> tuple[ReachedMember, ...]:
    """Members outside the group Administrators. Raises NotAssessed where none is known and a group may have some."""
    outside = role.assignment.outside_administrators
    if not outside:
        _raise_unknown_groups(role)
    return outside


def _held(role: AzManRole, mark: Mark) -> tuple[ReachedOperation, ...]:
    """The operations of a role with this mark. Raises NotAssessed where operations of the store are not recognised."""
    operations, recognition = role.operations, _recognition(role)
    if recognition.by is RecognisedBy.NOTHING:
        raise undetermined("no operation of the store is recognised", table="azman_store", column="Operations")
    held = recognition.marked(role.assignment, mark)
    unknown = {operation.name for operation in recognition.unknown}.intersection(operations)
    if not held and unknown and any(mark in shipped.marks for shipped in recognition.missing(role.host.host.build)):
        raise undetermined(f"the role {role} holds operations that are not recognised: {listed(sorted(unknown))}")
    for found in held:
        role.cite(found.way[-1], found.operation.name)
    return held


def _recognition(role: AzManRole) -> Recognition:
    return active_store(role.host).recognition


def _by_name_only(role: AzManRole, message: str) -> Verdict:
    """A finding about recognised operations; those known by their number alone are a hint, for the numbers are unverified."""
    if _recognition(role).by is RecognisedBy.NAME:
        return fail(message)
    return fail(f"{message} (told by the numbers of the operations, which are unverified)", Severity.INFO)


def _cite(role: AzManRole, members: Iterable[ReachedMember]) -> None:
    for member in members:
        role.cite(member.place, member.sid)


def _accounts(role: AzManRole, members: Iterable[ReachedMember]) -> str:
    members = tuple(members)
    # The places of those that the message names; the cell with all members is evidence as well.
    _cite(role, members[:10])
    return listed(account_name(role.host, member.sid) for member in members)


@check(
    "HV-AZ-009",
    title="Few people can type at the consoles of virtual machines",
    severity=Severity.LOW,
    refs=("seed:G47", "BSI:SYS.1.5.A25", "NIST:HY-SR-16 (draft)"),
    until="2012",
)
def console_is_for_few(host: Snapshot) -> Verdict:
    """Who can type at the console of a guest stands in front of its keyboard, whatever its network filters.

    Remediation:
        In `azman.msc` take "Allow Input to Virtual Machine" out of roles that need no console, or split the role.
    """
    active_store(host)
    reached: dict[AzManRole, frozenset[str]] = {}
    gap: Gap | None = None
    for role in host.rows(AzManRole):
        if role.full or not (role.members or role.assignment.membership.undetermined):
            continue
        try:
            if not _held(role, Mark.CONSOLE_INPUT):
                continue
            reached[role] = role.assignment.membership.sids
            if role.assignment.membership.undetermined:
                _raise_unknown_groups(role)
        except NotAssessed as missing:
            gap = gap or missing.gap
    sids = frozenset[str]().union(*reached.values())
    if len(sids) > MANY_CONSOLE_USERS:
        most = max(reached, key=lambda role: len(reached[role]))
        names = listed(str(role) for role in sorted(reached, key=lambda role: -len(reached[role])))
        return _by_name_only(most, f"{len(sids)} accounts can type at consoles through the roles {names}").on(most)
    if gap is not None:
        raise NotAssessed(gap)
    return PASS


@check(
    "HV-AZ-010",
    title="Delegated roles are limited to scopes",
    severity=Severity.MEDIUM,
    refs=("seed:M09", "BSI:SYS.1.5.A2.2", "NIST:HY-SR-13 (draft)"),
    until="2012",
)
def delegation_has_scopes(host: Snapshot) -> Verdict:
    """Without scopes the operator of one virtual machine operates all of them.

    Remediation:
        In `azman.msc` create a scope per owner and assign the roles there; then set `ScopeOfResidence` of each virtual machine
        with a WMI script (`ModifyVirtualSystem` of `Msvm_VirtualSystemManagementService`).
    """
    active_store(host)
    delegated = [str(role) for role in host.rows(AzManRole).matching(_is_delegated_everywhere)]
    if not delegated:
        return PASS
    machines = list(host.rows(VM))
    if len(machines) < 2:
        return NOT_APPLICABLE
    scopes = [scope.name for scope in host.rows(AzManScope)]
    roles = f"the roles {listed(delegated)} reach all {len(machines)} virtual machines ({listed(map(str, machines))})"
    if not scopes:
        return fail(f"The authorization store has no scopes: {roles}")
    if host.rows(VM).matching(lambda machine: bool(machine.scope_of_residence)):
        return PASS
    return fail(
        f"No virtual machine is in a scope of the authorization store (where they say so is unverified): {roles}",
        Severity.INFO,
    )


def _is_delegated_everywhere(role: AzManRole) -> bool:
    if role.scope_name is not None or role.assignment.scope is not None or not role.operations:
        return False
    return _may_be_delegated(role) and bool(_outsiders(role))


@check(
    "HV-AZ-011",
    title="The scopes of virtual machines are defined in the store",
    severity=Severity.MEDIUM,
    refs=("MS:dd581761",),
    until="2012",
)
def scope_of_machine_is_defined(machine: VM) -> Verdict:
    """The service vmms silently treats a virtual machine of an unknown scope as one of the default scope, whose roles then reach it.

    Remediation:
        Create the scope in `azman.msc`, or correct `ScopeOfResidence` of the virtual machine with a WMI script.
    """
    scope = machine.scope_of_residence
    if not scope:
        return NOT_APPLICABLE
    active_store(machine.host)
    if machine.host.find(AzManScope, name=scope) is not None:
        return PASS
    return fail(f"The virtual machine {machine} is in the scope {scope}, which the authorization store does not define")


@check(
    "HV-AZ-017",
    title="The authorization store is a file of the host",
    severity=Severity.INFO,
    refs=("seed:G45",),
    until="2012",
)
def store_is_a_file(host: Snapshot) -> Verdict:
    """A store in a directory or database is outside of the snapshot: who has which role cannot be judged here.

    Remediation:
        Review the roles in `azman.msc`, and who may change the store's object in the directory.
    """
    location = active_location(host)
    match location.scheme:
        case AzManLocationScheme.MSLDAP:
            return fail(f"The authorization store is in Active Directory: {location.store_location}").on(location)
        case AzManLocationScheme.MSSQL:
            return fail(f"The authorization store is in a database: {location.store_location}").on(location)
        case _:
            return PASS.on(location)


@check(
    "HV-AZ-018",
    title="The authorization store is not managed by Virtual Machine Manager",
    severity=Severity.INFO,
    refs=("MS:dd582278",),
    until="2012",
)
def store_is_not_managed_by_vmm(host: Snapshot) -> Verdict:
    """Virtual Machine Manager rewrites the store every half hour; what is changed by hand is lost.

    Remediation:
        Change roles in the console of Virtual Machine Manager.
    """

    def store_is_vmms() -> Verdict | None:
        location = active_location(host)
        path = location.store_path
        if path is not None and ntpath.basename(path).casefold() == "hypervauthstore.xml":
            return fail(f"The authorization store {path} is that of Virtual Machine Manager")
        return None

    def agent_is_absent() -> Verdict | None:
        if host.find(Service, name="SCVMMAgent") is None:
            return None
        return fail("The agent of Virtual Machine Manager (SCVMMAgent) is installed: roles are managed there")

    return settle(store_is_vmms, agent_is_absent)


@check(
    "HV-AZ-012",
    title="Roles are assigned to groups",
    severity=Severity.LOW,
    refs=("seed:G46", "NIST:HY-SR-14 (draft)", "NIST:HY-SR-15 (draft)"),
    until="2012",
)
def roles_are_for_groups(role: AzManRole) -> Verdict:
    """Single users in roles are forgotten there when their work changes; a group is kept where people are managed.

    Remediation:
        Put the users into a group of the directory, and assign the role to the group in `azman.msc`.
    """
    members = role.assignment.members if role.members else ()
    users = _those(members, lambda member: _is_user(role.host, member.sid))
    if users:
        return fail(f"The role {role} is assigned to single users: {_accounts(role, users)}")
    return PASS if members else NOT_APPLICABLE


def _those(members: Iterable[ReachedMember], question: Callable[[ReachedMember], bool]) -> list[ReachedMember]:
    """Members for which the answer is yes; one that cannot be judged matters only where there are none."""
    found: list[ReachedMember] = []
    gap: Gap | None = None
    for member in members:
        try:
            if question(member):
                found.append(member)
        except NotAssessed as missing:
            gap = gap or missing.gap
    if not found and gap is not None:
        raise NotAssessed(gap)
    return found


def _is_user(host: Snapshot, sid: str) -> bool:
    if not sid.startswith(("S-1-5-21-", "S-1-12-1-")):
        return False
    known = host.find(KnownSid, sid=sid)
    if known is None or (known.resolved and known.class_ is None):
        raise undetermined(f"whether {account_name(host, sid)} is a user or a group is not known", table="sids")
    return known.class_ is KnownSidClass.USER


@check(
    "HV-AZ-013",
    title="Every member of a role still exists",
    severity=Severity.MEDIUM,
    refs=("seed:G46", "ATT&CK:T1098"),
    until="2012",
)
def members_of_roles_exist(role: AzManRole) -> Verdict:
    """A SID without an account is left over: nobody looks after the role that it stands in.

    Remediation:
        In `azman.msc` remove the member from the role assignment.
    """
    members = role.assignment.members if role.members else ()
    lost = _those(members, lambda member: orphaned(role.host, member.sid))
    if lost:
        return fail(f"The role {role} is assigned to accounts that no longer exist: {_accounts(role, lost)}")
    return PASS if members else NOT_APPLICABLE


@check(
    "HV-AZ-014",
    title="No script and no directory query decides about rights",
    severity=Severity.MEDIUM,
    refs=("MS-AZMP", "ATT&CK:T1546"),
    until="2012",
)
def no_script_decides(host: Snapshot) -> list[Verdict]:
    """A business rule is a script that runs inside the decision; a query makes members of whom the directory happens to find.

    Remediation:
        Review script and query in `azman.msc`; a file that a script was imported from must not be writable by users.
    """
    answers = host.rows(AzManTask).each(_task_has_no_script) + host.rows(AzManGroup).each(_group_has_no_script)
    return answers or [PASS]


def _task_has_no_script(task: AzManTask) -> Verdict:
    length, path = task.biz_rule_length, task.biz_rule_imported_path
    if not length and not path:
        return PASS
    origin = f", imported from {path}" if path else ""
    return fail(f"The task {task} has a business rule of {length or 0} characters{origin}")


def _group_has_no_script(group: AzManGroup) -> Verdict:
    query = group.ldap_query
    if query or group.kind.casefold() == GroupKind.LDAP_QUERY.value.casefold():
        return fail(f"The members of the group {group} are found by a query of the directory: {query or 'empty'}")
    length, path = group.biz_rule_length, group.biz_rule_imported_path
    if not length and not path:
        return PASS
    origin = f", imported from {path}" if path else ""
    return fail(f"A script of {length or 0} characters decides who is in the group {group}{origin}")


@check(
    "HV-AZ-016",
    title="The store has the operations that Hyper-V ships",
    severity=Severity.INFO,
    refs=("seed:G47", "MS-AZMP"),
    until="2012",
)
def operations_are_shipped(host: Snapshot) -> Verdict:
    """An operation that is missing cannot be granted; one that is added means something to its maker only.

    Virtual Machine Manager adds its own. Names from recollection are left out where an unknown operation may be meant.

    Remediation:
        Compare with the store of another host of the same release; restore the store where it was edited by accident.
    """
    store = active_store(host)
    operations, recognition = store.operations, store.recognition
    unknown = [operation.name for operation in recognition.unknown]
    lacking = recognition.missing(host.host.build)
    # A name from recollection may be another in truth, then among the unknown; where these are fewer, something is missing.
    missing = [operation.name for operation in lacking if operation.name_verified]
    recollected = [operation.name for operation in lacking if not operation.name_verified]
    if len(recollected) > len(unknown):
        missing += recollected
    told = [f"lacks {listed(missing)}"] if missing else []
    if unknown:
        told.append(f"adds {listed(unknown)}")
    if not told:
        return PASS.on(store)
    return fail(f"Of {operations} operations the authorization store {' and '.join(told)}").on(store)


@check(
    "HV-AZ-019",
    title="No customised authorization store is left over",
    severity=Severity.LOW,
    refs=("MS:AzMan deprecation note",),
    since="2012R2",
)
def no_store_is_left_over(host: Snapshot) -> Verdict:
    """From 2012 R2 on roles of AzMan are deprecated, and by all accounts without effect: who relies on them is mistaken.

    Remediation:
        Move the rights to Hyper-V Administrators, console access (`Grant-VMConnectAccess`), JEA or Virtual Machine Manager.
    """
    if host.host.build is None:
        raise NotOffered("a store without its host is judged by the rules of 2008 to 2012")
    store = active_store(host)
    roles = [role for role in host.rows(AzManRole) if role.members or role.operations]
    if store.has_shipped_shape:
        return PASS.on(store)
    names = listed(map(str, roles))
    return fail(f"A customised authorization store is left over, probably without effect; its roles: {names}").on(store)


@check(
    "HV-AZ-020",
    title="Copies of the authorization store are not for everybody",
    severity=Severity.LOW,
    refs=("seed:G44", "ATT&CK:T1083"),
    until="2012",
)
def copies_are_protected(host: Snapshot) -> list[Verdict]:
    """A copy tells whose account is worth stealing.

    Remediation:
        Delete the copy, or allow it to administrators alone.
    """

    def copy_is_protected(copy: VMFile) -> Verdict:
        item = host.find(FileAcl, folded_path=folded_path(host, copy.path))
        if item is None:
            raise NotAssessed(Gap(Cause.NOT_COLLECTED, f"the permissions of {copy}", "acls"))
        readers = low_privilege_grants(descriptor_of(item), ObjectKind.FILE, rights.READ)
        return (
            fail(f"The copy {copy} of the authorization store can be read by {trustees(readers)}") if readers else PASS
        )

    copies = host.rows(VMFile).select(lambda file: file.kind is VMFileKind.AZMAN_COPY)
    return copies.each(copy_is_protected) or [PASS]
