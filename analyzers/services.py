"""HV-SVC: the services that make up Hyper-V, and services that could be turned against the host."""

from dataclasses import replace

from snapshot_tool.check import check
from snapshot_tool.knowledge import rights
from snapshot_tool.knowledge.sids import ADMINISTRATORS, LOCAL_SYSTEM, NETWORK_SERVICE, vm_sid
from snapshot_tool.model.accounts import KnownSid, KnownSidClass, account_name, administrators_member
from snapshot_tool.model.filesystem import FileAcl, FileAclRoles, Folder, acls_above, acls_of, by_folder
from snapshot_tool.model.host import ComputerSystem
from snapshot_tool.model.paths import folded_path, is_below, parent_of
from snapshot_tool.model.registry import RegistryAcl, RegistryAclRole, registry_number
from snapshot_tool.model.remote import SnmpService
from snapshot_tool.model.review import may, to_review, who
from snapshot_tool.model.security import (
    Grant,
    ObjectKind,
    descriptor_of,
    granted,
    holding,
    low_privilege_grants,
)
from snapshot_tool.model.services import (
    Binary,
    BinaryRoles,
    BinarySignatureStatus,
    Process,
    ScheduledTask,
    Service,
    ServiceStartType,
    ServiceState,
    services_in,
)
from snapshot_tool.model.vm import VM, VMState
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    NotOffered,
    Severity,
    Status,
    Verdict,
    fail,
    graded,
    listed,
    settle,
    undetermined,
)

PRINTERS_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Printers"


def management_service(host: Snapshot) -> Service:
    """The service vmms. Raises NotOffered where the Hyper-V role is not installed."""
    service = host.find(Service, name="vmms")
    if service is None:
        raise NotOffered("the Hyper-V role is not installed")
    return service


@check(
    "HV-SVC-001",
    title="The Virtual Machine Management service runs",
    severity=Severity.CRITICAL,
    refs=("seed:G21", "BPA:B072"),
)
def management_service_runs(host: Snapshot) -> Verdict:
    """Without vmms nobody can start, stop, configure, back up or migrate a virtual machine; running ones go on unmanaged.

    Remediation:
        Run `Start-Service vmms` and look for the reason in the System and Hyper-V-VMMS logs.
    """
    service = management_service(host)
    match service.state:
        case ServiceState.RUNNING:
            return PASS.on(service)
        case None | ServiceState.UNKNOWN | ServiceState.START_PENDING:
            raise undetermined("vmms was starting or its state is not known: collect again", table="services")
        case state:
            return fail(f"The service vmms is {state}").on(service)


@check(
    "HV-SVC-002",
    title="The Virtual Machine Management service starts automatically",
    severity=Severity.HIGH,
    refs=("seed:G21", "BPA:B073"),
)
def management_service_starts_automatically(host: Snapshot) -> Verdict:
    """After a restart of the host no virtual machine starts and none can be managed until somebody starts vmms by hand.

    Remediation:
        Run `Set-Service vmms -StartupType Automatic`.
    """
    service = management_service(host)
    if service.start_type is ServiceStartType.AUTOMATIC:
        return PASS.on(service)
    return fail(f"The service vmms starts {service.start_type.name.lower()} instead of automatically").on(service)


@check(
    "HV-SVC-003",
    title="The Virtual Machine Management service runs Microsoft's vmms.exe",
    severity=Severity.CRITICAL,
    refs=("seed:G20", "seed:G21", "ATT&CK:T1543.003", "ATT&CK:T1036.005"),
)
def management_service_binary(host: Snapshot) -> Verdict:
    r"""Whoever replaces the program behind vmms owns the host and every guest.

    Remediation:
        Run `sc.exe config vmms binPath= "%SystemRoot%\system32\vmms.exe"`; treat a foreign signer as an incident.
    """
    service = management_service(host)

    def path_is_shipped() -> Verdict | None:
        if service.resolved_path is None:
            raise undetermined("the program of vmms cannot be told from its command line", table="services")
        expected = folded_path(host, r"%SystemRoot%\System32\vmms.exe")
        if folded_path(host, service.resolved_path) != expected:
            return fail(f"The service vmms runs {service.resolved_path}")
        return None

    def signature_is_good() -> Verdict | None:
        if service.resolved_path is None:
            return None
        binary = host.find(Binary, folded_path=folded_path(host, service.resolved_path))
        if binary is None:
            raise undetermined(f"{service.resolved_path} is not among the examined binaries", table="binaries")
        return None if binary.is_microsofts else fail(f"{binary} is not signed by Microsoft")

    return settle(path_is_shipped, signature_is_good).on(service)


@check(
    "HV-SVC-004",
    title="The Virtual Machine Management service runs as LocalSystem",
    severity=Severity.HIGH,
    refs=("seed:G21", "ATT&CK:T1543.003"),
)
def management_service_account(host: Snapshot) -> Verdict:
    """Another account has rights that nobody reviewed, and its password is stored on the host.

    Remediation:
        Run `sc.exe config vmms obj= LocalSystem`.
    """
    service = management_service(host)
    account = service.account
    if account is None or account.casefold() == "localsystem" or service.account_sid == "S-1-5-18":
        return PASS.on(service)
    return fail(f"The service vmms runs as {account}").on(service)


def _supporting_service(host: Snapshot, name: str, group: str) -> Verdict:
    service = host.find(Service, name=name)
    if service is None:
        return fail(f"The service {name} is missing", Severity.MEDIUM)

    def starts_automatically() -> Verdict | None:
        if service.start_type is ServiceStartType.AUTOMATIC:
            return None
        started = f"The service {name} starts {service.start_type.name.lower()}"
        if host.host.era == "2008R2":
            return fail(f"{started}; that this release starts it automatically is unverified", Severity.INFO)
        return fail(started, Severity.MEDIUM)

    def command_is_shipped() -> Verdict | None:
        command = service.image_path_raw
        if command is None:
            return fail(f"The service {name} has no program", Severity.HIGH)
        expected = folded_path(host, r"%SystemRoot%\System32\svchost.exe") + f" -k {group}"
        found = " ".join(folded_path(host, command.replace('"', "")).split())
        return None if found == expected else fail(f"The service {name} runs {command}", Severity.HIGH)

    def library_is_in_system32() -> Verdict | None:
        library = service.service_dll_resolved
        if library is None:
            raise undetermined(f"the library of {name} is not known", table="services", column="ServiceDllResolved")
        if is_below(folded_path(host, library), folded_path(host, r"%SystemRoot%\System32")):
            return None
        return fail(f"The service {name} loads {library}", Severity.HIGH)

    return settle(starts_automatically, command_is_shipped, library_is_in_system32, worst=Severity.HIGH).on(service)


@check(
    "HV-SVC-005",
    title="The Image Management service is as shipped",
    severity=Severity.HIGH,
    refs=("seed:G22", "ATT&CK:T1543.003"),
    until="2008R2",
)
def image_management_service(host: Snapshot) -> Verdict:
    """Up to 2008 R2 vhdsvc mounts and makes virtual disks; a redirected library runs with its rights.

    Remediation:
        Run `sc.exe config vhdsvc start= auto`; restore a changed path or library from a clean host of the same release.
    """
    management_service(host)
    return _supporting_service(host, "vhdsvc", "virtsvcs")


@check(
    "HV-SVC-006",
    title="The Networking Management service is as shipped",
    severity=Severity.HIGH,
    refs=("seed:G23", "ATT&CK:T1543.003"),
    until="2008R2",
)
def networking_management_service(host: Snapshot) -> Verdict:
    """Up to 2008 R2 nvspwmi manages virtual networks; a redirected library runs with its rights.

    Remediation:
        Run `sc.exe config nvspwmi start= auto`; restore a changed path or library from a clean host of the same release.
    """
    management_service(host)
    return _supporting_service(host, "nvspwmi", "nvspwmi")


_SUPPORTING = {
    "vmcompute",
    "hvhost",
    "hgclientservice",
    "vmicguestinterface",
    "vmicheartbeat",
    "vmickvpexchange",
    "vmicrdv",
    "vmicshutdown",
    "vmictimesync",
    "vmicvmsession",
    "vmicvss",
}


@check(
    "HV-SVC-007",
    title="The supporting services of Hyper-V are as shipped",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1543.003",),
    since="2012",
)
def supporting_services_are_as_shipped(host: Snapshot) -> list[Verdict]:
    """They run as SYSTEM beside the hypervisor; a changed program or library has its rights.

    Remediation:
        Restore path, library and start type from a clean host of the same release: `sc.exe config <service> ...`.
    """

    def is_as_shipped(service: Service) -> Verdict:
        return settle(
            lambda: is_enabled(service),
            lambda: lies_in_system32(service),
            *(lambda path=path: is_genuine(path) for path in service.programs),
        )

    def is_enabled(service: Service) -> Verdict | None:
        if service.name.casefold() == "hvhost" and service.start_type is ServiceStartType.DISABLED:
            return fail(f"The service {service} is disabled")
        return None

    def lies_in_system32(service: Service) -> Verdict | None:
        system32 = folded_path(host, r"%SystemRoot%\System32")
        for path in service.programs:
            if not is_below(folded_path(host, path), system32):
                return fail(f"The service {service} runs {path}")
        return None

    def is_genuine(path: str) -> Verdict | None:
        binary = host.find(Binary, folded_path=folded_path(host, path))
        # Only the executables of Hyper-V itself are verified; of the libraries of Windows nothing is claimed.
        if binary is None:
            return None
        if binary.signature_status is BinarySignatureStatus.NOT_CHECKED and BinaryRoles.HYPERV not in binary.roles:
            return None
        return None if binary.is_microsofts else fail(f"{binary} is not signed by Microsoft")

    return [answer for name in sorted(_SUPPORTING) for answer in host.where(Service, name=name).each(is_as_shipped)]


@check(
    "HV-SVC-008",
    title="Paths of services with blanks are quoted",
    severity=Severity.HIGH,
    refs=("ATT&CK:T1574.009", "BSI:SYS.1.5.A22"),
)
def service_path_is_quoted(service: Service) -> Verdict:
    r"""Of an unquoted path Windows tries the shorter programs first: `C:\Program.exe` before `C:\Program Files\...`.

    Whoever may put a file there runs with the rights of the service at its next start.

    Remediation:
        Quote the path: `reg add HKLM\SYSTEM\CurrentControlSet\Services\<service> /v ImagePath /t REG_EXPAND_SZ /d "\"<path>\"" /f`.
    """
    programs = service.shorter_programs
    if not programs:
        return PASS
    unquoted = f"The path of the service {service} is not quoted: {service.image_path_raw}"

    def may_be_planted(folder: str) -> Verdict | None:
        if service.start_type is ServiceStartType.DISABLED:
            return None
        acl = service.host.find(FileAcl, folded_path=folder)
        if acl is None:
            return fail(f"who may write to {folder} was not collected", Severity.LOW)
        grants = acl.low_grants(rights.PLANT)
        if not grants:
            return None
        return fail(f"{who(service.host, grants)} may add files to {acl.path}", Severity.HIGH)

    folders = dict.fromkeys(folder for program in programs if (folder := parent_of(program)) is not None)
    return settle(
        lambda: fail(unquoted, Severity.LOW),
        *(lambda folder=folder: may_be_planted(folder) for folder in folders),
        worst=Severity.HIGH,
    )


def _granted_change(host: Snapshot, grants: tuple[Grant, ...], kind: ObjectKind, wanted: int) -> str:
    return f"{who(host, grants)} {may(grants, kind, wanted)}"


def _to_review(row: Row, attribute: str, kind: ObjectKind, wanted: int) -> Verdict | None:
    """Accounts that nothing marks as ordinary or as administrators: listed for review."""
    found = to_review(row.host, holding(granted(descriptor_of(row, attribute), kind), wanted))
    if not found:
        return None
    return fail(f"{row}: to be reviewed: {_granted_change(row.host, found, kind, wanted)}", Severity.LOW)


@check(
    "HV-SVC-009",
    title="Ordinary users may not change the programs of services",
    severity=Severity.CRITICAL,
    refs=("seed:G04", "seed:G41", "STIG:WN22-00-000150", "ATT&CK:T1574.010"),
)
def service_programs_are_protected(host: Snapshot) -> list[Verdict]:
    r"""Who may replace the program of a service, or add a library beside it, runs code as that service, most often as SYSTEM.

    Remediation:
        Break the inheritance, then take the right away: `icacls <path> /inheritance:d`, `icacls <path> /remove:g *S-1-5-32-545`.
        A program outside of the protected folders belongs below `C:\Program Files`.
    """

    def is_protected(acl: FileAcl) -> Verdict | None:
        if acl.object_kind is ObjectKind.FILE:
            grants, wanted, severity = acl.low_grants(rights.MODIFY), rights.MODIFY, Severity.CRITICAL
        else:
            grants, wanted, severity = acl.low_grants(rights.REPLACE), rights.REPLACE, Severity.CRITICAL
            if not grants:
                grants, wanted, severity = acl.low_grants(rights.PLANT), rights.PLANT, Severity.HIGH
        if not grants:
            return _to_review(acl, "sddl", acl.object_kind, rights.MODIFY | rights.REPLACE)
        return fail(_granted_change(host, grants, acl.object_kind, wanted), severity)

    def is_not_replaced(acl: FileAcl) -> Verdict | None:
        grants = acl.low_grants(rights.REPLACE)
        if not grants:
            return None
        return fail(_granted_change(host, grants, ObjectKind.FOLDER, rights.REPLACE), Severity.HIGH)

    own = acls_of(host, FileAclRoles.SVC_BIN, FileAclRoles.SVC_DIR, FileAclRoles.HYPERVISOR_BIN)
    answers = [
        *by_folder(own, is_protected, Severity.CRITICAL),
        *by_folder(acls_above(host, own, FileAclRoles.PARENT_DIR), is_not_replaced, Severity.HIGH),
    ]
    gap = host.table("services").gap
    if gap is not None and all(answer.gap != gap for answer in answers):
        # Services that were not read may have programs of which nothing was collected.
        answers.append(Verdict(Status.NOT_ASSESSED, str(gap), gap=gap))
    return [_with_services(host, answer) for answer in answers]


def _with_services(host: Snapshot, answer: Verdict) -> Verdict:
    if answer.status is not Status.FAIL or not isinstance(answer.subject, Folder):
        return answer
    names = services_in(host, folded_path(host, answer.subject.path))
    return replace(answer, message=f"{answer.message} (services: {listed(names)})") if names else answer


@check(
    "HV-SVC-010",
    title="Ordinary users may not reconfigure services",
    severity=Severity.CRITICAL,
    refs=("ATT&CK:T1543.003", "ATT&CK:T1574.011"),
)
def service_may_not_be_reconfigured(service: Service) -> Verdict:
    """Who may change the configuration of a service makes it run any program, most often as SYSTEM.

    Remediation:
        Set the descriptor that the service has on a clean host of the same release: `sc.exe sdset <service> <SDDL>`.
    """
    wanted = rights.CHANGE_SERVICE | rights.DELETE
    grants = low_privilege_grants(descriptor_of(service, "sddl_wmi"), ObjectKind.SERVICE, wanted)
    if not grants:
        return _to_review(service, "sddl_wmi", ObjectKind.SERVICE, rights.CHANGE_SERVICE) or PASS
    surely = holding((grant for grant in grants if not grant.conditional), rights.CHANGE_SERVICE)
    if surely:
        found = _granted_change(service.host, surely, ObjectKind.SERVICE, wanted)
        return fail(f"The service {service}: {found}", Severity.CRITICAL)
    found = _granted_change(service.host, grants, ObjectKind.SERVICE, wanted)
    condition = " under a condition" if all(grant.conditional for grant in grants) else ""
    return fail(f"The service {service}: {found}{condition}", Severity.MEDIUM)


@check(
    "HV-SVC-011",
    title="Ordinary users may not change the registry keys of services",
    severity=Severity.HIGH,
    refs=("ATT&CK:T1574.011",),
)
def service_keys_are_protected(host: Snapshot) -> list[Verdict]:
    r"""Who may set values in the key of a service, or create sub-keys there, makes it load a program or library.

    Remediation:
        Take the right away with `Set-Acl` or regedit; the keys inherit read access for Users from `HKLM\SYSTEM`.
    """

    def is_protected(row: Service | RegistryAcl, attribute: str, key: str) -> Verdict | None:
        grants = low_privilege_grants(descriptor_of(row, attribute), ObjectKind.KEY, rights.CHANGE_KEY)
        if not grants:
            return _to_review(row, attribute, ObjectKind.KEY, rights.CHANGE_KEY)
        return fail(f"The registry key {key}: {_granted_change(host, grants, ObjectKind.KEY, rights.CHANGE_KEY)}")

    def common_key_is_protected(acl: RegistryAcl) -> Verdict | None:
        return is_protected(acl, "sddl", str(acl)) if acl.exists else NOT_APPLICABLE

    common = (RegistryAclRole.SERVICES_ROOT, RegistryAclRole.SVCHOST)
    return [
        *host.rows(Service).each(lambda service: is_protected(service, "reg_key_sddl", f"of the service {service}")),
        *(answer for role in common for answer in host.where(RegistryAcl, role=role).each(common_key_is_protected)),
    ]


_SYSTEM_ACCOUNTS = {"S-1-5-18", "S-1-5-19", "S-1-5-20"}
_VIRTUAL_ACCOUNTS = ("S-1-5-80-", "S-1-5-82-")
_AUTHORITIES = ("nt authority", "nt service", "iis apppool")


@check(
    "HV-SVC-012",
    title="No service runs as a user",
    severity=Severity.HIGH,
    refs=("BSI:SYS.1.2.3.A5", "ATT&CK:T1003.004", "STIG:WN22-00-000060"),
)
def service_account_is_managed(service: Service) -> Verdict:
    r"""The password of such an account lies on the host as an LSA secret, readable by everybody who owns the host.

    It is worst where the account administers other hosts.

    Remediation:
        Give the service a group managed service account (`Install-ADServiceAccount`), or a virtual account `NT SERVICE\<service>`.
    """
    account = service.account
    if service.is_per_user or account is None or service.start_type is ServiceStartType.DISABLED:
        return NOT_APPLICABLE
    sid = service.account_sid
    prefix, _, name = account.rpartition("\\")
    if account.endswith("$") or (sid is None and account.casefold() == "localsystem"):
        return PASS
    if sid is None:
        if prefix.casefold() in _AUTHORITIES or not (prefix or "@" in name):
            raise undetermined(f"the account {account} of {service} was not resolved", table="services")
        severity = Severity.MEDIUM if prefix == "." else Severity.HIGH
        return fail(f"The service {service} runs as {account}, which the host could not resolve", severity)
    if sid in _SYSTEM_ACCOUNTS or sid.startswith(_VIRTUAL_ACCOUNTS):
        return PASS
    known = service.host.find(KnownSid, sid=sid)
    if known is not None and known.class_ is KnownSidClass.MANAGED_SERVICE_ACCOUNT:
        return PASS

    def weight() -> Severity:
        machine = service.host.one(ComputerSystem).machine_sid
        return Severity.MEDIUM if sid.startswith(f"{machine}-") else Severity.HIGH

    return graded(f"The service {service} runs as the user {account} ({sid})", Severity.HIGH, weight)


@check(
    "HV-SVC-013",
    title="The Print Spooler is disabled",
    severity=Severity.MEDIUM,
    refs=("CIS:5.2.1", "CIS:18.7.1", "ATT&CK:T1068", "ATT&CK:T1187"),
)
def print_spooler_is_disabled(host: Snapshot) -> Verdict:
    """The spooler has been a way to SYSTEM more than once, and makes the host authenticate to whoever asks it to.

    Remediation:
        Run `Stop-Service Spooler; Set-Service Spooler -StartupType Disabled`.
    """
    service = host.find(Service, name="Spooler")
    if service is None:
        return PASS
    if service.start_type is ServiceStartType.DISABLED:
        return PASS.on(service)

    def weight() -> Severity:
        if service.state is ServiceState.STOPPED:
            return Severity.LOW
        refuses_remote = registry_number(host, PRINTERS_POLICY, "RegisterSpoolerRemoteRpcEndPoint") == 2
        return Severity.LOW if refuses_remote else Severity.MEDIUM

    return graded("The Print Spooler is not disabled", Severity.MEDIUM, weight).on(service)


_UNNECESSARY = {
    "remoteregistry": Severity.LOW,
    "webclient": Severity.MEDIUM,
    "ssdpsrv": Severity.LOW,
    "upnphost": Severity.LOW,
    "fax": Severity.LOW,
    "simptcp": Severity.LOW,
    "tlntsvr": Severity.MEDIUM,
    "ftpsvc": Severity.MEDIUM,
    "snmptrap": Severity.LOW,
    "xblauthmanager": Severity.LOW,
    "xblgamesave": Severity.LOW,
    "mapsbroker": Severity.LOW,
    "lfsvc": Severity.LOW,
    "wmpnetworksvc": Severity.LOW,
}


@check(
    "HV-SVC-014",
    title="No service runs that a virtualization host does not need",
    severity=Severity.MEDIUM,
    refs=(
        "seed:G12",
        "STIG:WN22-00-000320",
        "STIG:WN22-00-000330",
        "STIG:WN22-00-000350",
        "BSI:SYS.1.5.A22",
        "ATT&CK:T1187",
    ),
)
def no_unnecessary_service_runs(host: Snapshot) -> list[Verdict]:
    """Each service is code that listens, or that somebody can make talk, on the machine that holds all the others.

    Remediation:
        Run `Set-Service <service> -StartupType Disabled` and `Stop-Service <service>`.
    """

    def is_off(service: Service) -> Verdict | None:
        severity = _UNNECESSARY[service.name.casefold()]

        def does_not_run() -> Verdict | None:
            running = service.state is ServiceState.RUNNING
            return fail(f"The service {service} runs", severity) if running else None

        def does_not_start() -> Verdict | None:
            # Windows starts a service of this kind only when somebody asks for it, and stops it again.
            if service.start_type is not ServiceStartType.AUTOMATIC or _is_triggered(service):
                return None
            return fail(f"The service {service} starts automatically", severity)

        return settle(does_not_run, does_not_start, worst=severity)

    return [answer for name in sorted(_UNNECESSARY) for answer in host.where(Service, name=name).each(is_off)]


def _is_triggered(service: Service) -> bool:
    return service.host.host.era != "2008" and service.trigger_start


@check(
    "HV-SVC-015",
    title="SNMP answers neither to default names nor to everybody",
    severity=Severity.HIGH,
    refs=("ATT&CK:T1602.001",),
)
def snmp_is_restricted(host: Snapshot) -> Verdict:
    """Who knows the community reads the configuration of the host; `public` and `private` everybody knows.

    Remediation:
        Set communities and `PermittedManagers` in the properties of the service SNMP, or remove the feature.
    """
    snmp = host.one(SnmpService)

    def names_are_not_default() -> Verdict | None:
        names = snmp.default_community_names
        return fail(f"SNMP answers to the community {listed(names)}") if names else None

    def managers_are_named() -> Verdict | None:
        return None if snmp.permitted_managers else fail("SNMP answers to every host")

    return settle(names_are_not_default, managers_are_named)


@check(
    "HV-SVC-016",
    title="Programs of other vendors that run as SYSTEM are signed",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1543.003",),
)
def foreign_services_are_signed(service: Service) -> Verdict:
    """Nobody vouches for an unsigned program, and nobody notices when it is replaced.

    Remediation:
        Ask the vendor for a signed version, and compare the file with the one that the vendor delivers.
    """
    host = service.host
    if service.is_per_user or service.account_sid != LOCAL_SYSTEM:
        return NOT_APPLICABLE
    windows = folded_path(host, "%SystemRoot%")
    foreign = [path for path in service.programs if not is_below(folded_path(host, path), windows)]
    if not foreign:
        return NOT_APPLICABLE

    def is_signed(path: str) -> Verdict | None:
        binary = host.find(Binary, folded_path=folded_path(host, path))
        if binary is None:
            raise undetermined(f"{path} is not among the examined binaries", table="binaries")
        if binary.exists is False:
            return None
        return None if binary.is_signed else fail(f"The service {service} runs {path} as SYSTEM, which is not signed")

    return settle(*(lambda path=path: is_signed(path) for path in foreign))


@check(
    "HV-SVC-017",
    title="Ordinary users may not change what privileged tasks run",
    severity=Severity.HIGH,
    refs=("ATT&CK:T1053.005",),
)
def task_programs_are_protected(task: ScheduledTask) -> Verdict:
    """Who may replace the program of a task that runs as SYSTEM or as an administrator runs code as that account.

    Remediation:
        Take the right away (`icacls <path> /inheritance:d`, `icacls <path> /remove:g *S-1-5-32-545`) or move the program below
        `Program Files`.
    """
    if not task.enabled or not _is_privileged(task):
        return NOT_APPLICABLE
    host = task.host

    def is_protected(path: str, wanted: int) -> Verdict | None:
        acl = host.find(FileAcl, folded_path=path)
        if acl is None:
            if is_below(path, folded_path(host, "%SystemRoot%")):
                return None
            raise undetermined(f"who may change {path}, which {task} runs, was not collected", table="acls")
        if acl.exists is False:
            return None
        grants = acl.low_grants(wanted)
        if not grants:
            return None
        return fail(f"The task {task}: {acl.path}: {_granted_change(host, grants, acl.object_kind, wanted)}")

    questions = []
    for program in task.programs:
        folder = parent_of(program)
        questions.append(lambda program=program: is_protected(program, rights.MODIFY))
        if folder is not None:
            questions.append(lambda folder=folder: is_protected(folder, rights.REPLACE | rights.PLANT))
    return settle(*questions)


def _is_privileged(task: ScheduledTask) -> bool:
    sid = task.group_sid if task.run_as_sid is None else task.run_as_sid
    if sid is None:
        raise undetermined(f"the account of {task} was not resolved", table="scheduled_tasks", column="RunAsSid")
    return sid in (LOCAL_SYSTEM, ADMINISTRATORS) or (
        sid.startswith("S-1-5-21-") and administrators_member(task.host, sid)
    )


WORKER = "vmwp.exe"
_ON = {VMState.RUNNING, VMState.RUNNING_CRITICAL}
_SETTLED = 300
"""Seconds after which a running virtual machine surely had its worker when the processes were listed."""


_PROGRAM_FOLDERS = (
    r"%SystemRoot%\System32",
    r"%SystemRoot%\SysWOW64",
    r"%ProgramFiles%",
    r"%ProgramFiles(x86)%",
)


@check(
    "HV-SVC-018",
    title="Recovery commands of services run programs of protected folders",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1543.003",),
)
def recovery_command_is_protected(service: Service) -> Verdict:
    r"""A recovery command runs with the rights of the service whenever it crashes, a place where nobody looks for malware.

    Remediation:
        Run `sc.exe failure <service> command= ""`, or have the command run a program below `C:\Program Files`.
    """
    command = service.failure_command
    if not command:
        return PASS
    host = service.host
    allowed = [folded_path(host, folder) for folder in _PROGRAM_FOLDERS]
    if all(any(is_below(path, folder) for folder in allowed) for path in service.recovery_programs):
        return PASS
    return fail(f"When the service {service} fails it runs {command}")


@check(
    "HV-SVC-019",
    title="The worker processes of virtual machines are as expected",
    severity=Severity.HIGH,
    refs=("seed:G20", "seed:G38", "NIST:HY-SR-13 (draft)", "ATT&CK:T1036.005"),
)
def worker_processes_are_genuine(host: Snapshot) -> list[Verdict]:
    r"""Each running virtual machine has one `vmwp.exe`, which runs as that machine; another program or account is no worker.

    Remediation:
        Find out what started the process and treat it as an incident; a genuine worker is started by vmms from `%SystemRoot%\System32`.
    """

    def runs_shipped_program(worker: Process) -> Verdict | None:
        path = worker.path
        if path is None:
            raise undetermined(
                f"the program of the process {worker.pid} is not known", table="processes", column="Path"
            )
        if folded_path(host, path) == folded_path(host, rf"%SystemRoot%\System32\{WORKER}"):
            return None
        return fail(f"The worker process {worker.pid} runs {path}")

    def runs_as_its_machine(worker: Process) -> Verdict | None:
        owner = worker.owner_sid
        expected = _worker_account(host, worker)
        if owner == expected:
            return None
        return fail(f"The worker process {worker.pid} runs as {account_name(host, owner)}, not as {expected}")

    workers = host.where(Process, name=WORKER)
    judged = workers.each(
        lambda worker: settle(lambda: runs_shipped_program(worker), lambda: runs_as_its_machine(worker))
    )

    def has_worker(vm: VM) -> Verdict | None:
        if vm.state not in _ON or vm.uptime <= _SETTLED:
            return NOT_APPLICABLE
        if host.find(Process, name=WORKER, vm_id=vm.id) is not None:
            return None
        nameless = host.find(Process, name=WORKER, vm_id=None)
        if nameless is not None:
            raise undetermined(f"{nameless} may be the worker process of {vm}", table="processes", column="VmId")
        return fail(f"The virtual machine {vm} runs, but has no worker process", Severity.LOW)

    return [*judged, *host.rows(VM).each(has_worker)]


def _worker_account(host: Snapshot, worker: Process) -> str:
    if host.host.era in {"2008", "2008R2"}:
        return NETWORK_SERVICE
    if worker.vm_id is None:
        raise undetermined(f"the virtual machine of the process {worker.pid} is not known", table="processes")
    return vm_sid(worker.vm_id)
