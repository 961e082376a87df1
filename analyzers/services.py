"""HV-SVC: the services that make up Hyper-V, and services that could be turned against the host."""

from snapshot_tool.check import check
from snapshot_tool.model.paths import folded_path, is_below
from snapshot_tool.model.registry import registry_number
from snapshot_tool.model.services import Binary, Service, ServiceStartType, ServiceState
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    PASS,
    NotOffered,
    Severity,
    Verdict,
    fail,
    graded,
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
        if service.start_type is not ServiceStartType.AUTOMATIC:
            return fail(f"The service {name} starts {service.start_type.name.lower()}", Severity.MEDIUM)
        return None

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
