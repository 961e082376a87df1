"""HV-HOST: the machine and the Windows that runs Hyper-V, and what else they are used for."""

from datetime import timedelta

from snapshot_tool.check import check
from snapshot_tool.knowledge.hosts import (
    DEFAULT_TIME_SERVER,
    REMOTE_DESKTOP_SERVICES,
    ServerRole,
    host_limits,
    is_public_time_server,
    roles_by_component,
    roles_by_id,
)
from snapshot_tool.knowledge.software import (
    DESKTOP_SOFTWARE,
    REMOTE_SOFTWARE,
    SERVER_SOFTWARE,
    remote_driver,
    remote_product,
    software_categories,
)
from snapshot_tool.model.audit import (
    HYPERVISOR_PROVIDER,
    EventLog,
    EventSummary,
    HypervisorScheduler,
    hypervisor_scheduler,
)
from snapshot_tool.model.guest import VMGuestKvp
from snapshot_tool.model.host import (
    Application,
    ComputerSystem,
    ComputerSystemMemoryErrorCorrection,
    Feature,
    FeatureKind,
    OperatingSystem,
    OperatingSystemOSArchitecture,
    OperatingSystemProductType,
    PlatformSecurity,
    TimeService,
    TimeServiceType,
    UserProfile,
    VssWriter,
    boot_element,
)
from snapshot_tool.model.host_hyperv import VMGroup
from snapshot_tool.model.network import NetIPInterface, NetIPInterfaceFamily
from snapshot_tool.model.owners import mixed_owners
from snapshot_tool.model.paths import folded_path, is_below
from snapshot_tool.model.registry import RegistryValue, registry_number
from snapshot_tool.model.services import (
    Binary,
    BinaryRoles,
    BinarySignatureStatus,
    Driver,
    DriverStartType,
    DriverState,
    Service,
    ServiceStartType,
)
from snapshot_tool.model.vm import VM, StartAction, VMSecurity, VMState
from snapshot_tool.model.vm_network import VMNetworkAdapter
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    NotAssessed,
    NotOffered,
    Severity,
    Status,
    Verdict,
    assess,
    fail,
    graded,
    listed,
    manual,
    settle,
    undetermined,
)

VIRTUALIZATION = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization"
CRASH_CONTROL = r"HKLM\SYSTEM\CurrentControlSet\Control\CrashControl"
SERVER_LEVELS = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Server\ServerLevels"
_WITH_GUI_LAYERS = ("2012", "2012R2")
_WITH_BOOT_DRIVER = ("2008", "2008R2")


@check(
    "HV-HOST-001",
    title="The management OS is a Server Core installation",
    severity=Severity.MEDIUM,
    refs=("seed:G05", "seed:M03", "BSI:SYS.1.5.A22", "BSI:SYS.1.2.3.A2", "MS-Plan"),
)
def management_os_is_server_core(host: Snapshot) -> Verdict:
    """A desktop brings programs and services that a host does not need, updates and restarts for them, and people who work on it.

    Remediation:
        On 2012 and 2012 R2 run `Uninstall-WindowsFeature Server-Gui-Shell,Server-Gui-Mgmt-Infra -Restart`; other releases must be
        installed again as Server Core. A small site without a station for remote administration may accept this.
    """
    system = host.one(OperatingSystem)
    if system.product_type is OperatingSystemProductType.WORKSTATION:
        return NOT_APPLICABLE
    if system.is_server_core:
        return PASS

    def weight() -> Severity:
        return Severity.MEDIUM if host.host.era not in _WITH_GUI_LAYERS or _has_shell(host) else Severity.LOW

    return graded("The management OS is an installation with desktop", Severity.MEDIUM, weight)


def _has_shell(host: Snapshot) -> bool:
    """Whether the layer of the graphical shell is installed (2012 and 2012 R2). Raises NotAssessed."""
    shell = host.find(RegistryValue, key=SERVER_LEVELS, name="Server-Gui-Shell")
    if shell is None and not host.where(RegistryValue, list_key=SERVER_LEVELS):
        raise undetermined("the layers of the installation were not collected", table="registry_values")
    return shell is not None and shell.number == 1


@check(
    "HV-HOST-002",
    title="Machines that start by themselves run on a server",
    severity=Severity.MEDIUM,
    refs=("MS-Plan",),
)
def production_runs_on_a_server(host: Snapshot) -> Verdict:
    """A client Windows restarts for updates when it likes, and has neither Replica, clusters nor live migration. Developers may ignore this.

    Remediation:
        Move machines that others depend on to a server; on a developer's machine run `Set-VM -AutomaticStartAction Nothing`.
    """
    if host.one(OperatingSystem).product_type is not OperatingSystemProductType.WORKSTATION:
        return NOT_APPLICABLE
    starting = host.rows(VM).matching(lambda vm: vm.automatic_start_action is not StartAction.NOTHING)
    if not starting:
        return PASS
    names = listed(str(vm) for vm in starting)
    return fail(f"The host is a client Windows and starts machines by itself: {names}")


@check(
    "HV-HOST-003",
    title="The host has no role other than Hyper-V",
    severity=Severity.HIGH,
    refs=("seed:G05", "seed:G09", "seed:M06", "BPA:B056", "STIG:WN22-00-000270", "BSI:SYS.1.5.A22", "NIST:SP 800-125"),
)
def no_other_role(host: Snapshot) -> list[Verdict]:
    """Each role listens to the network and needs administrators and restarts of its own; who breaks into it has every guest.

    Remediation:
        Move the workload into a virtual machine, then run `Uninstall-WindowsFeature <name>` (2008 R2 `Remove-WindowsFeature`, 2008
        `ServerManagerCmd -remove`).
    """

    def is_wanted(feature: Feature) -> Verdict | None:
        identifier = feature.server_feature_id
        if identifier is None or not feature.installed:
            return None
        if identifier == REMOTE_DESKTOP_SERVICES:
            return _remote_desktop(host)
        return _installed(roles_by_id().get(identifier))

    def component_is_wanted(feature: Feature) -> Verdict | None:
        role = roles_by_component().get((feature.name or "").casefold())
        # Roles with a number are told by the server rows; the components are a cache.
        if role is None or not feature.installed or (role.id is not None and has_servers):
            return None
        return _installed(role)

    servers = host.where(Feature, kind=FeatureKind.SERVER)
    components = host.where(Feature, kind=FeatureKind.COMPONENT)
    has_servers = bool(servers)
    if not has_servers and not components:
        if host.one(OperatingSystem).product_type is OperatingSystemProductType.WORKSTATION:
            return [NOT_APPLICABLE]
        raise undetermined("Windows lists no role at all", table="features")
    return [*servers.each(is_wanted), *components.each(component_is_wanted)]


def _installed(role: ServerRole | None) -> Verdict | None:
    if role is None:
        return None
    return fail(f"The role {role.name} is installed", Severity[role.severity.upper()])


_ON_VDI_HOSTS = {322, 325, 327}
_FOR_USERS = {130: "Session Host", 132: "Gateway", 134: "Web Access"}


def _remote_desktop(host: Snapshot) -> Verdict | None:
    parts = host.where(Feature, server_feature_parent_id=REMOTE_DESKTOP_SERVICES)
    if not parts.matching(lambda part: part.server_feature_id not in _ON_VDI_HOSTS):
        return None

    def weight() -> Severity:
        open_to_users = parts.matching(lambda part: part.server_feature_id in _FOR_USERS)
        return Severity.HIGH if open_to_users else Severity.MEDIUM

    return graded("The role Remote Desktop Services is installed", Severity.HIGH, weight)


@check(
    "HV-HOST-004",
    title="The host is no domain controller",
    severity=Severity.HIGH,
    refs=("BSI:SYS.1.5.A22", "ATT&CK:T1003.003"),
)
def host_is_no_domain_controller(host: Snapshot) -> Verdict:
    """Administrators and Hyper-V Administrators of this host are those of every controller of the domain, and the other way round.

    Remediation:
        Set up another domain controller, as a virtual machine as well, move the FSMO roles, then run
        `Uninstall-ADDSDomainController` (before 2012 `dcpromo`).
    """
    return fail("The host is a domain controller") if host.one(ComputerSystem).is_domain_controller else PASS


@check(
    "HV-HOST-005",
    title="No server application or development tool is installed in the management OS",
    severity=Severity.MEDIUM,
    refs=("seed:G09", "seed:M06", "MS-Plan", "BSI:SYS.1.5.A22"),
)
def no_server_software(application: Application) -> Verdict:
    """A fault in such a program, or an attack on it, hits every guest; its updates restart the host.

    Remediation:
        Move the workload into a virtual machine and uninstall the program. Agents of hardware, backup, monitoring and antivirus do
        not count.
    """
    return _judged(application, SERVER_SOFTWARE)


@check(
    "HV-HOST-006",
    title="No browser, mail client, office suite or PDF reader is installed in the management OS",
    severity=Severity.MEDIUM,
    refs=("seed:G09", "seed:M06", "STIG:WN22-00-000030", "BSI:SYS.1.1.A1.4", "MS-Plan"),
)
def no_desktop_software(application: Application) -> Verdict:
    """These programs open what strangers send, here with the rights of somebody who administers every guest.

    Remediation:
        Uninstall the program and work from an administration station. Microsoft Edge and WebView2 do not count.
    """
    return _judged(application, DESKTOP_SOFTWARE)


def _judged(application: Application, unwanted: frozenset[str]) -> Verdict:
    name = application.product
    if name is None:
        return NOT_APPLICABLE
    found = software_categories(name) & unwanted
    return fail(f"{name} is installed on the host ({listed(sorted(found))})") if found else PASS


@check(
    "HV-HOST-007",
    title="No remote control and no tunnel is installed in the management OS",
    severity=Severity.HIGH,
    refs=("seed:G09", "ATT&CK:T1219", "BSI:SYS.1.5.A22"),
)
def no_remote_control(host: Snapshot) -> list[Verdict]:
    """Such a program lets somebody outside in past the firewall and past the accounts of Windows, and its maker with him.

    Remediation:
        Uninstall it. A maintenance contract that needs it is a reason to accept the finding, not to hide it.
    """

    def program_is_none(application: Application) -> Verdict | None:
        name = application.product
        if name is None:
            return NOT_APPLICABLE
        found = software_categories(name) & REMOTE_SOFTWARE
        return fail(f"{name} is installed on the host ({listed(sorted(found))})") if found else None

    def service_is_none(service: Service) -> Verdict | None:
        product = remote_product(service.name)
        return None if product is None else fail(f"The service {service} of {product} is installed on the host")

    def driver_is_none(driver: Driver) -> Verdict | None:
        product = remote_driver(driver.name)
        return None if product is None else fail(f"The driver {driver} of {product} is installed on the host")

    return [
        *host.rows(Application).each(program_is_none),
        *host.rows(Service).each(service_is_none),
        *host.rows(Driver).each(driver_is_none),
    ]


@check(
    "HV-HOST-008",
    title="Few people work on the host",
    severity=Severity.INFO,
    refs=("seed:G09", "seed:M04", "MS-Plan", "BSI:SYS.1.1.A1.4"),
)
def few_people_work_on_the_host(host: Snapshot) -> Verdict:
    """A host is administered from elsewhere; who works on it opens files and leaves credentials. The times are only a hint.

    Remediation:
        Administer hosts from an administration station.
    """
    started = host.host.started
    if started is None:
        raise undetermined("the time of collection is not known")
    used = host.rows(UserProfile).select(
        lambda profile: not profile.special and started - profile.last_use_utc <= _LATELY
    )
    if len(used.known) > _FEW:
        return fail(f"{len(used.known)} people used the host in the last {_LATELY.days} days")
    return PASS if len(used) <= _FEW else NOT_APPLICABLE


_LATELY = timedelta(days=30)
_FEW = 3


@check(
    "HV-HOST-009",
    title="The host is a member of a domain",
    severity=Severity.INFO,
    refs=("BPA:B048", "BSI:SYS.1.5.A12.2"),
)
def host_is_domain_member(host: Snapshot) -> Verdict:
    """Membership brings central accounts, policies and Kerberos. Many keep hosts apart on purpose, so that who has the domain has no host.

    Remediation:
        None if intended; else `Add-Computer -DomainName <domain>`.
    """
    return PASS if host.one(ComputerSystem).part_of_domain else fail("The host is in a workgroup")


_HYPERVISOR_STARTED = 1
_WINDOW = timedelta(days=400)
_ACTIVE = {VMState.RUNNING, VMState.RUNNING_CRITICAL}


@check(
    "HV-HOST-010",
    title="The hypervisor runs and starts with Windows",
    severity=Severity.HIGH,
    refs=("seed:G03", "seed:G18", "BPA:B097"),
)
def hypervisor_runs(host: Snapshot) -> Verdict:
    """Without the hypervisor no virtual machine starts, though its services run.

    Remediation:
        Run `bcdedit /set hypervisorlaunchtype auto` and restart; see that virtualization and data execution prevention are on in the
        firmware.
    """

    def runs() -> Verdict | None:
        if host.host.era in _WITH_BOOT_DRIVER:
            if _boot_driver_runs(host) or _hypervisor_event(host):
                return None
            return fail("The hypervisor has not started since Windows did")
        computer = host.one(ComputerSystem)
        if not computer.hypervisor_present:
            return fail("The hypervisor does not run")
        hypervisor = computer.hypervisor
        if hypervisor is not None and not host.rows(VM).matching(lambda vm: vm.state in _ACTIVE):
            raise undetermined(f"in a virtual machine of {hypervisor} Windows always reports a hypervisor")
        return None

    def will_start() -> Verdict | None:
        launch = boot_element(host, "hypervisorlaunchtype")
        if launch is None or launch.int_value != 0:
            return None
        return fail("The hypervisor will not start with Windows (hypervisorlaunchtype is off)")

    return settle(runs, will_start)


def _boot_driver_runs(host: Snapshot) -> bool:
    driver = host.find(Driver, name="hvboot")
    if driver is None:
        return False
    if driver.state is DriverState.UNKNOWN:
        raise undetermined("the state of the driver hvboot is not known", table="drivers")
    return driver.state is DriverState.RUNNING


def _hypervisor_event(host: Snapshot) -> bool:
    """Whether the hypervisor said that it started, since Windows did. Raises NotAssessed where the log does not reach back."""
    boot = host.one(OperatingSystem).last_boot_utc
    event = host.find(EventSummary, channel="System", provider=HYPERVISOR_PROVIDER, event_id=_HYPERVISOR_STARTED)
    if event is not None:
        # The time of the start is rounded and the clock may have been set since.
        return event.last_utc >= boot - timedelta(minutes=5)
    log = host.find(EventLog, channel="System")
    oldest = log.oldest_record_utc if log is not None else None
    started = host.host.started
    if oldest is None or oldest > boot or started is None or started - boot > _WINDOW:
        raise undetermined("the System log does not reach back to the start of Windows", table="event_summary")
    return False


_BY_MANUFACTURER = {"genuineintel": "hvix64.exe", "authenticamd": "hvax64.exe", "hygongenuine": "hvax64.exe"}


@check(
    "HV-HOST-011",
    title="The programs of Hyper-V are there and signed by Microsoft",
    severity=Severity.CRITICAL,
    refs=("seed:G18", "NIST:HY-SR-1 (draft)", "ATT&CK:T1014"),
)
def hypervisor_files_are_genuine(host: Snapshot) -> list[Verdict]:
    """Below Windows nothing sees what a changed hypervisor does; who replaces one of these files has the host and every guest.

    Remediation:
        Run `DISM /Online /Cleanup-Image /RestoreHealth` (2012 and later), then `sfc /scannow`; treat a foreign signer as an incident.
    """
    needed = {"vmms.exe", "vmwp.exe"} | ({"hvboot.sys"} if host.host.era in _WITH_BOOT_DRIVER else set())
    unknown: list[NotAssessed] = []
    try:
        needed.add(_hypervisor_image(host))
    except NotAssessed as gap:
        unknown.append(gap)
    found: set[str] = set()

    def is_genuine(binary: Binary) -> Verdict | None:
        path = binary.path
        name = path.rpartition("\\")[2].casefold()
        found.add(name)
        if binary.exists is False:
            return fail(f"{path} is missing", Severity.HIGH) if name in needed else None
        return None if binary.is_microsofts else fail(f"{path} is not signed by Microsoft")

    files = host.rows(Binary).select(
        lambda binary: BinaryRoles.HYPERVISOR in binary.roles or BinaryRoles.HYPERV in binary.roles
    )
    answers = files.each(is_genuine)
    unknown += [
        undetermined(f"{name} is not among the examined binaries", table="binaries") for name in sorted(needed - found)
    ]
    told = [answer for answer in answers if answer.status is not Status.NOT_ASSESSED]
    silent = [answer for answer in answers if answer.status is Status.NOT_ASSESSED]
    # Up to 2012 R2 most files have no signature of their own: one line for all of them.
    return [*told, *[answer.on(None) for answer in [*silent, *map(_gap, unknown)][:1]]]


def _gap(missing: NotAssessed) -> Verdict:
    def raised() -> Verdict:
        raise missing

    return assess(raised)


def _hypervisor_image(host: Snapshot) -> str:
    """The file name of the hypervisor for this processor. Raises NotAssessed for a processor that is not known."""
    if host.one(OperatingSystem).os_architecture is OperatingSystemOSArchitecture.ARM64:
        return "hvaa64.exe"
    maker = host.one(ComputerSystem).cpu_manufacturer
    name = _BY_MANUFACTURER.get((maker or "").casefold())
    if name is None:
        raise undetermined(f"which hypervisor runs on processors of {maker} is not known", table="computer")
    return name


_NOT_CORRECTING = {ComputerSystemMemoryErrorCorrection.NONE, ComputerSystemMemoryErrorCorrection.PARITY}
_CORRECTING = {
    ComputerSystemMemoryErrorCorrection.SINGLE_BIT_ECC,
    ComputerSystemMemoryErrorCorrection.MULTI_BIT_ECC,
    ComputerSystemMemoryErrorCorrection.CRC,
}


# Those that may put two machines on the threads of one core.
_SCHEDULERS = {HypervisorScheduler.CLASSIC: "classic", HypervisorScheduler.ROOT: "root"}


@check(
    "HV-HOST-012",
    title="The hypervisor keeps machines apart on each core",
    severity=Severity.MEDIUM,
    refs=(
        "seed:G38",
        "https://learn.microsoft.com/windows-server/virtualization/hyper-v/manage/about-hyper-v-scheduler-type-selection",
    ),
    since="2016",
)
def scheduler_separates_machines(host: Snapshot) -> Verdict:
    """Two machines on the two threads of one core can watch each other; the core scheduler never puts them there.

    Remediation:
        Run `bcdedit /set hypervisorschedulertype core` and restart.
    """
    if host.one(OperatingSystem).product_type is OperatingSystemProductType.WORKSTATION:
        return NOT_APPLICABLE
    kind = hypervisor_scheduler(host)
    if kind not in _SCHEDULERS:
        return PASS
    message = f"The hypervisor uses the {_SCHEDULERS[kind]} scheduler"
    if kind is HypervisorScheduler.ROOT or host.host.era != "2016":
        return graded(
            message, Severity.MEDIUM, lambda: Severity.LOW if mixed_owners(host) is False else Severity.MEDIUM
        )
    # On 2016 the classic scheduler is what Windows ships; it matters where machines of several owners meet.
    match mixed_owners(host):
        case True:
            return fail(f"{message}, and its machines have several owners")
        case False:
            return PASS
        case _:
            return manual(f"{message}. Do machines of several owners run on the host?")


@check(
    "HV-HOST-013",
    title="The processor's side channels are closed",
    severity=Severity.HIGH,
    refs=("seed:G38", "MS:KB4072698", "MS:KB4457951"),
    since="2008R2",
)
def side_channels_are_closed(host: Snapshot) -> Verdict:
    r"""Up to 2016 the mitigations against Spectre and Meltdown are off until somebody switches them on; a guest may read its neighbours.

    Remediation:
        Set `FeatureSettingsOverride` and `FeatureSettingsOverrideMask` below
        `HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management` as Microsoft's KB4072698 says for the processor.
        Processors that are mended in hardware need less.
    """
    security = host.one(PlatformSecurity)
    mask, override = security.feature_settings_override_mask, security.feature_settings_override

    def weight() -> Severity:
        return Severity.HIGH if mixed_owners(host) else Severity.MEDIUM

    if mask is not None and override is not None:
        if mask & _BOTH == _BOTH and override & _BOTH == _BOTH:
            return graded("The mitigations of the processor's side channels are switched off", Severity.HIGH, weight)
        return PASS
    if host.host.era in _MITIGATED or host.one(OperatingSystem).product_type is OperatingSystemProductType.WORKSTATION:
        return PASS
    return graded("The mitigations of the processor's side channels are not switched on", Severity.HIGH, weight)


_BOTH = 3
_MITIGATED = ("2019", "2022", "2025")


@check(
    "HV-HOST-014",
    title="Machines of old versions get the processor's mitigations",
    severity=Severity.LOW,
    refs=("MS:KB4072698",),
    since="2016",
)
def old_machines_get_mitigations(host: Snapshot) -> Verdict:
    r"""Machines below configuration version 8.0 are not shown what the processor offers against side channels.

    Remediation:
        Update the version of the machines (`Update-VMVersion`), or run
        `reg add "HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization" /v MinVmVersionForCpuBasedMitigations /d 1.0`.
    """
    old = host.rows(VM).matching(lambda vm: vm.version_number < (8, 0))
    if not old or host.one(PlatformSecurity).min_vm_version_for_cpu_based_mitigations == "1.0":
        return PASS
    return fail(f"Machines of old versions get no mitigations of the processor: {listed(str(vm) for vm in old)}")


@check("HV-HOST-015", title="The memory corrects errors", severity=Severity.MEDIUM, refs=("BPA:B083",))
def memory_corrects_errors(host: Snapshot) -> Verdict:
    """A flipped bit that nobody notices crashes the host with all guests, or damages their data.

    Remediation:
        Use a machine with ECC memory.
    """
    computer = host.one(ComputerSystem)
    kinds = set(computer.memory_error_correction)
    if kinds & _NOT_CORRECTING:
        if computer.hypervisor is not None:
            return NOT_APPLICABLE
        return fail("The memory of the host does not correct errors")
    if kinds & _CORRECTING:
        return PASS
    if computer.hypervisor is not None:
        return NOT_APPLICABLE
    raise undetermined("the firmware does not tell whether the memory corrects errors", table="computer")


@check(
    "HV-HOST-016",
    title="The host has no more logical processors than Hyper-V supports",
    severity=Severity.MEDIUM,
    refs=("BPA:B074",),
)
def processors_are_supported(host: Snapshot) -> Verdict:
    """Processors beyond the limit are not used, or the host is not supported.

    Remediation:
        Plan with a later release or a smaller machine; as a stop-gap `bcdedit /set numproc <n>`.
    """
    limits = host_limits(host.host.era)
    count = host.one(ComputerSystem).logical_processors
    if limits is None:
        raise undetermined("the release of Windows is not known")
    seen = limits.visible_processors
    if seen is not None and count <= seen:
        if count == seen:
            raise undetermined(f"the management OS sees at most {seen} logical processors", table="computer")
        return PASS
    if count <= limits.logical_processors:
        return PASS
    message = f"The host has {count} logical processors; Hyper-V supports {limits.logical_processors}"
    if limits.processors_verified:
        return fail(message)
    return fail(f"{message} (a limit that is not confirmed)", Severity.INFO)


_LOADED = {VMState.RUNNING, VMState.RUNNING_CRITICAL, VMState.STARTING, VMState.PAUSED, VMState.PAUSED_CRITICAL}


@check(
    "HV-HOST-017",
    title="The host runs no more virtual machines than Hyper-V supports",
    severity=Severity.MEDIUM,
    refs=("BPA:B075",),
)
def machines_are_supported(host: Snapshot) -> Verdict:
    """Beyond the limit machines do not start, or the host is not supported.

    Remediation:
        Move virtual machines to another host.
    """
    limits = host_limits(host.host.era)
    if limits is None:
        raise undetermined("the release of Windows is not known")
    loaded = host.rows(VM).select(lambda vm: vm.state in _LOADED)
    if len(loaded.known) > limits.running_machines:
        message = f"The host runs {len(loaded.known)} virtual machines; Hyper-V supports {limits.running_machines}"
        if limits.machines_verified:
            return fail(message)
        return fail(f"{message} (a limit that is not confirmed)", Severity.INFO)
    return PASS if len(loaded) <= limits.running_machines else NOT_APPLICABLE


@check(
    "HV-HOST-018",
    title="The processors of the host are not promised too often",
    severity=Severity.MEDIUM,
    refs=("seed:G31", "seed:G40", "NIST:HY-SR-8 (draft)", "BSI:SYS.1.5.A21", "ATT&CK:T1499"),
)
def processors_are_not_overcommitted(host: Snapshot) -> Verdict:
    """When many machines work at once each waits for the others. Hosts of virtual desktops run higher ratios by design.

    Remediation:
        Move machines, or take processors from those that do not need them (`Set-VMProcessor -Count`).
    """
    available = host.one(ComputerSystem).logical_processors
    running = host.rows(VM).select(lambda vm: vm.state in _ACTIVE)
    promised = 0
    gap = running.gap
    for vm in running.known:
        try:
            promised += vm.processor.count
        except NotAssessed as missing:
            gap = gap or missing.gap
    message = f"Running machines have {promised} virtual processors on {available} logical ones"
    if promised > _CROWDED * available:
        return fail(message, Severity.MEDIUM)
    if gap is None:
        return fail(message, Severity.LOW) if promised > _BUSY * available else PASS
    if promised > _BUSY * available:
        return fail(f"{message}; not readable: {gap}", Severity.MEDIUM)
    raise NotAssessed(gap)


_BUSY = 8
_CROWDED = 12
_RESERVED = 4 * 1024**3


@check(
    "HV-HOST-019",
    title="The memory of the host suffices to start its machines",
    severity=Severity.MEDIUM,
    refs=("seed:G30", "seed:G40", "NIST:HY-SR-6 (draft)", "NIST:HY-SR-7 (draft)", "BSI:SYS.1.5.A21"),
)
def memory_suffices(host: Snapshot) -> Verdict:
    """After a restart of the host those machines stay off for which no memory is left.

    Remediation:
        Lower the start memory (`Set-VMMemory -StartupBytes`), or move machines.
    """
    capacity = host.one(ComputerSystem).total_physical_memory_bytes
    limit = capacity - max(_RESERVED, capacity // 10)
    starting = host.rows(VM).select(lambda vm: vm.automatic_start_action is not StartAction.NOTHING)
    needed = 0
    gap = starting.gap
    for vm in starting.known:
        try:
            needed += vm.memory.startup
        except NotAssessed as missing:
            gap = gap or missing.gap
    if needed > limit:
        return fail(
            f"Machines that start with the host need {needed >> 30} GiB to start, of {capacity >> 30} GiB that it has"
        )
    if gap is not None:
        raise NotAssessed(gap)
    return PASS


@check(
    "HV-HOST-020",
    title="Windows chooses the memory that it keeps for itself",
    severity=Severity.INFO,
    since="2008R2",
)
def memory_reserve_is_default(host: Snapshot) -> Verdict:
    r"""A reserve that somebody set is right for the machine on which he measured it, and wrong after the next change.

    Remediation:
        None if documented; else `reg delete "HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization" /v MemoryReserve`.
    """
    reserve = registry_number(host, VIRTUALIZATION, "MemoryReserve")
    return PASS if reserve is None else fail(f"The memory reserve of the host is set to {reserve} MB")


@check(
    "HV-HOST-021",
    title="Dumps of a host with protected machines are encrypted",
    severity=Severity.LOW,
    refs=("https://learn.microsoft.com/windows-server/virtualization/hyper-v/manage/about-dump-encryption",),
    since="2016",
)
def dumps_are_encrypted(host: Snapshot) -> Verdict:
    """A dump of the host holds keys and memory of machines that are encrypted everywhere else.

    Remediation:
        Set up dump encryption as Microsoft describes it, and switch Windows Error Reporting off.
    """
    protected = host.rows(VMSecurity).matching(lambda security: security.shielded or security.tpm_enabled)
    if not protected:
        return NOT_APPLICABLE
    if registry_number(host, CRASH_CONTROL, "DumpEncryptionEnabled") == 1:
        return PASS
    if registry_number(host, rf"{CRASH_CONTROL}\ForceDumpsDisabled", "GuardedHost"):
        return PASS
    return fail("Dumps of the host are not encrypted, and it runs machines that are shielded or have a TPM")


@check(
    "HV-HOST-022",
    title="The host gets its time from an authoritative source",
    severity=Severity.MEDIUM,
    refs=("seed:G33", "STIG:WN22-00-000440", "BSI:SYS.1.5.A7", "CIS:18.9.51.1.1"),
)
def time_source_is_authoritative(host: Snapshot) -> Verdict:
    """Guests start with the host's time; where the host is wrong, Kerberos, logs and certificates of all of them are.

    Remediation:
        On a domain member run `w32tm /config /syncfromflags:domhier /update`; elsewhere name time servers of your own with
        `w32tm /config /manualpeerlist:"<server>,0x8" /syncfromflags:manual /update`.
    """
    time = host.one(TimeService)

    def service_may_start() -> Verdict | None:
        service = host.find(Service, name="W32Time")
        if service is None:
            raise undetermined("the service W32Time is not listed", table="services")
        disabled = service.start_type is ServiceStartType.DISABLED
        return fail("The service W32Time is disabled", Severity.MEDIUM) if disabled else None

    def client_may_ask() -> Verdict | None:
        return None if time.is_client_enabled else fail("The NTP client of the host is disabled", Severity.MEDIUM)

    def source_is_good() -> Verdict | None:
        kind = time.effective_type
        if kind is TimeServiceType.NO_SYNC:
            return fail("The host synchronizes its clock with nobody", Severity.MEDIUM)
        if kind is TimeServiceType.ALL_SYNC:
            return None
        member = host.one(ComputerSystem).part_of_domain
        if kind is TimeServiceType.NT5_DS:
            if member:
                return None
            return fail("The host asks a domain for the time and is a member of none", Severity.MEDIUM)
        if kind is None and member:
            return None
        servers = time.servers or (DEFAULT_TIME_SERVER,)
        if not member:
            if {server.casefold() for server in servers} == {DEFAULT_TIME_SERVER}:
                return fail(f"The host gets its time from {DEFAULT_TIME_SERVER}, the default", Severity.INFO)
            return None
        public = [server for server in servers if is_public_time_server(server)]
        if not public or host.one(ComputerSystem).is_domain_controller:
            return None
        return fail(
            f"The host is a domain member and gets its time from {listed(public)} instead of the domain", Severity.LOW
        )

    return settle(service_may_start, client_may_ask, source_is_good, worst=Severity.MEDIUM)


@check(
    "HV-HOST-024",
    title="The host resolves names without its own guests",
    severity=Severity.MEDIUM,
    since="2012",
)
def names_do_not_depend_on_guests(host: Snapshot) -> Verdict:
    """After a power cut a host whose only name servers are its own guests reaches neither its domain nor its storage by name.

    Remediation:
        Add a DNS server that runs elsewhere.
    """
    servers = {
        server
        for interface in host.where(NetIPInterface, family=NetIPInterfaceFamily.IPV4)
        for server in interface.dns_servers
    }
    if not servers:
        return NOT_APPLICABLE
    adapters = host.rows(VMNetworkAdapter).select(lambda adapter: not adapter.is_management_os)
    own: set[str] = set()
    gap = adapters.gap
    for adapter in adapters.known:
        try:
            addresses = adapter.ip_addresses
            if addresses is None:
                raise undetermined(f"the addresses of {adapter} are not known", table="vm_network_adapter")
            own.update(addresses)
        except NotAssessed as missing:
            gap = gap or missing.gap
    if servers <= own:
        return fail(f"All DNS servers of the host are its own guests: {listed(sorted(servers))}")
    if gap is not None:
        raise NotAssessed(gap)
    return PASS


_VSS_WRITER = "66841cd4-6ded-4f4b-8f17-fd23f8ddc3de"
_STABLE = 1


@check(
    "HV-HOST-025",
    title="The VSS writer of Hyper-V is stable",
    severity=Severity.INFO,
    refs=("ATT&CK:T1490",),
)
def vss_writer_is_stable(host: Snapshot) -> Verdict:
    """Backups from the host ask this writer for consistent disks; while it is not stable they fail. Its id is not confirmed.

    Remediation:
        Run `Restart-Service vmms`, which does not stop virtual machines.
    """
    writer = host.find(VssWriter, writer_id=_VSS_WRITER)
    if writer is None:
        return fail("The VSS writer of Hyper-V is not listed (its id is not confirmed)")
    state = writer.state_code
    return (
        PASS if state == _STABLE else fail(f"The VSS writer of Hyper-V is in state {state} (its id is not confirmed)")
    )


@check(
    "HV-HOST-026",
    title="The host sends no more diagnostic data than required",
    severity=Severity.LOW,
    refs=("STIG:WN22-CC-000250", "CIS:18.10.15.1", "BSI:SYS.1.2.3.A3"),
    since="2016",
)
def diagnostic_data_is_limited(host: Snapshot) -> Verdict:
    r"""Without a policy Windows decides what it tells its maker of the host.

    Remediation:
        Run `reg add HKLM\SOFTWARE\Policies\Microsoft\Windows\DataCollection /v AllowTelemetry /t REG_DWORD /d 0`.
    """
    level = registry_number(host, r"HKLM\SOFTWARE\Policies\Microsoft\Windows\DataCollection", "AllowTelemetry")
    if level is None:
        return fail("No policy limits the diagnostic data")
    return PASS if level <= 1 else fail(f"The policy allows diagnostic data of level {level}")


@check(
    "HV-HOST-027",
    title="Overwriting exception handlers is prevented",
    severity=Severity.MEDIUM,
    refs=("BSI:SYS.1.2.3.A4", "CIS:18.4.6"),
)
def exception_handlers_are_protected(host: Snapshot) -> Verdict:
    r"""SEHOP stops a whole class of attacks on programs that were not made for it; servers have it on unless somebody switches it off.

    Remediation:
        Delete `DisableExceptionChainValidation` below `HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\kernel`, or set it to 0.
    """
    key = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\kernel"
    disabled = registry_number(host, key, "DisableExceptionChainValidation")
    return fail("SEHOP is switched off") if disabled == 1 else PASS


@check(
    "HV-HOST-028",
    title="The host's Windows is no evaluation",
    severity=Severity.LOW,
)
def windows_is_no_evaluation(host: Snapshot) -> Verdict:
    """After 180 days an evaluation shuts down every hour, and all guests with it.

    Remediation:
        Run `DISM /Online /Set-Edition:<edition> /ProductKey:<key> /AcceptEula`.
    """
    edition = host.one(OperatingSystem).edition_id
    return fail(f"The host runs an evaluation ({edition})") if edition.casefold().endswith("eval") else PASS


_DEVELOPMENT_FEATURES = {"containers", "microsoft-windows-subsystem-linux"}
_GATEWAYS = {"servermanagementgateway", "windowsadmincenter"}


@check(
    "HV-HOST-029",
    title="No containers, WSL or gateway of Windows Admin Center on the host",
    severity=Severity.LOW,
    refs=("MS-Plan",),
    since="2016",
)
def no_development_features(host: Snapshot) -> list[Verdict]:
    """They bring networks, switches and a web server of their own to the management OS.

    Remediation:
        Remove the feature (`Disable-WindowsOptionalFeature -Online -FeatureName <name>`); run the gateway on another machine.
    """

    def is_absent(feature: Feature) -> Verdict | None:
        name = feature.name
        if name is None or name.casefold() not in _DEVELOPMENT_FEATURES or not feature.installed:
            return None
        # The components are a cache: Windows itself decides where it lists the feature.
        if feature.kind is FeatureKind.COMPONENT and host.find(Feature, kind=FeatureKind.OPTIONAL, name=name):
            return None
        return fail(f"The feature {name} is installed")

    def is_no_gateway(service: Service) -> Verdict | None:
        if service.name.casefold() not in _GATEWAYS:
            return None
        return fail(f"The gateway of Windows Admin Center runs on the host (service {service})")

    return [
        *host.where(Feature, kind=FeatureKind.OPTIONAL).each(is_absent),
        *host.where(Feature, kind=FeatureKind.COMPONENT).each(is_absent),
        *host.rows(Service).each(is_no_gateway),
    ]


@check(
    "HV-HOST-030",
    title="The host is no virtual machine",
    severity=Severity.INFO,
    refs=("MS-Plan",),
    since="2016",
)
def host_is_hardware(host: Snapshot) -> Verdict:
    """Checks of memory, firmware and TPM say nothing of the hardware below a nested host.

    Remediation:
        None; look at the host below as well.
    """
    hypervisor = host.one(ComputerSystem).hypervisor
    return PASS if hypervisor is None else fail(f"The host is a virtual machine of {hypervisor}")


@check(
    "HV-HOST-031",
    title="The machines of the host need the same protection",
    severity=Severity.HIGH,
    refs=(
        "seed:G04",
        "seed:G34",
        "seed:M07",
        "BSI:SYS.1.5.A8.3",
        "BSI:SYS.1.5.A10.4",
        "BSI:SYS.1.5.A15",
        "ATT&CK:T1078.002",
        "ATT&CK:T1611",
    ),
)
def machines_need_the_same_protection(host: Snapshot) -> Verdict:
    """Who breaks out of one guest reaches all others: a host must be protected as its most valuable guest, and so must its neighbours.

    Remediation:
        Run machines of different protection classes on different hosts, or accept this in the policy file. A domain controller
        makes its host part of tier 0.
    """
    machines = host.rows(VM)
    classes: dict[str, list[str]] = {}
    silent = 0
    gap = machines.gap
    for vm in machines.known if host.policy.vms else ():
        try:
            tags = host.policy.tags_of(vm.id, vm.name)
        except NotAssessed as missing:
            gap = gap or missing.gap
            continue
        if tags is not None and tags.protection:
            classes.setdefault(tags.protection.casefold(), []).append(vm.name)
        else:
            silent += 1
    if len(classes) > 1:
        told = "; ".join(f"{name}: {listed(names, 5)}" for name, names in sorted(classes.items()))
        return fail(f"Machines of {len(classes)} protection classes run on the host ({told})")
    if gap is not None:
        raise NotAssessed(gap)
    if len(machines) < _MIXED:
        return NOT_APPLICABLE
    if classes and not silent:
        return PASS
    hints = _hints_of_mixed_protection(host)
    because = f" ({'; '.join(hints)})" if hints else ""
    return manual(f"Do all machines of the host need the same protection?{because}")


_MIXED = 2


def _hints_of_mixed_protection(host: Snapshot) -> list[str]:
    """What guests say of themselves, and groups of machines; never more than a reason to ask."""
    hints = []
    trace, host.trace = host.trace, []
    try:
        controllers, domains, guests = [], set(), 0
        try:
            for kvp in host.rows(VMGuestKvp).known:
                try:
                    guests += 1
                    if kvp.is_domain_controller:
                        controllers.append(kvp.vm_name)
                    _, _, domain = (kvp.fully_qualified_domain_name or "").partition(".")
                    domains |= {domain.casefold()} if domain else set()
                except NotAssessed:
                    continue
        except (NotAssessed, NotOffered):
            pass
        if controllers and guests > len(controllers):
            hints.append(f"{listed(controllers)} says that it is a domain controller, others do not")
        if len(domains) > 1:
            hints.append(f"guests are in the domains {listed(sorted(domains))}")
        try:
            groups = host.rows(VMGroup).known
        except (NotAssessed, NotOffered):
            groups = ()
        if len(groups) > 1:
            hints.append(f"there are {len(groups)} groups of machines")
    finally:
        host.trace = trace
    return hints


@check(
    "HV-HOST-032",
    title="Kernel drivers are signed, and those known to be vulnerable are blocked",
    severity=Severity.MEDIUM,
    refs=("seed:G41", "NIST:HY-SR-5 (draft)", "ATT&CK:T1068"),
)
def drivers_are_signed(host: Snapshot) -> list[Verdict]:
    r"""Code in the kernel of the host sees every guest, and attackers bring signed drivers with known holes.

    Remediation:
        Update the driver. Set `VulnerableDriverBlocklistEnable` below `HKLM\SYSTEM\CurrentControlSet\Control\CI\Config` to 1.
    """

    def blocks_vulnerable() -> Verdict | None:
        if host.host.era in _WITHOUT_BLOCKLIST:
            return NOT_APPLICABLE
        key = r"HKLM\SYSTEM\CurrentControlSet\Control\CI\Config"
        off = registry_number(host, key, "VulnerableDriverBlocklistEnable") == 0
        return fail("Drivers that are known to be vulnerable are not blocked") if off else None

    def is_signed(driver: Driver) -> Verdict | None:
        if driver.state is not DriverState.RUNNING:
            return None
        path = driver.resolved_path
        if path is None:
            raise undetermined(f"where the driver {driver} lies is not known", table="drivers", column="ResolvedPath")
        binary = host.find(Binary, folded_path=folded_path(host, path))
        # Only files outside of Windows' folder are verified for certain.
        if binary is None or binary.signature_status is BinarySignatureStatus.NOT_CHECKED or binary.exists is False:
            if is_below(folded_path(host, path), folded_path(host, "%SystemRoot%")):
                return None
            raise undetermined(f"whether {path} is signed is not known", table="binaries")
        return None if binary.is_signed else fail(f"The driver {driver} ({path}) is not signed")

    answers = host.rows(Driver).each(is_signed)
    told = [answer for answer in answers if answer.status is not Status.NOT_ASSESSED]
    silent = [answer.on(None) for answer in answers if answer.status is Status.NOT_ASSESSED]
    return [assess(blocks_vulnerable).on(None), *told, *silent[:1]]


_WITHOUT_BLOCKLIST = ("2008", "2008R2", "2012", "2012R2")


@check(
    "HV-HOST-033",
    title="The boot driver of the hypervisor starts",
    severity=Severity.HIGH,
    refs=("seed:G18",),
    until="2008R2",
)
def boot_driver_starts(host: Snapshot) -> Verdict:
    r"""Up to 2008 R2 `hvboot.sys` loads the hypervisor; if it does not start, no virtual machine does.

    Remediation:
        Run `bcdedit /set hypervisorlaunchtype auto` and `sc.exe config hvboot start= auto`, then restart.
    """
    driver = host.find(Driver, name="hvboot")
    if driver is None:
        if host.find(Service, name="vmms") is None:
            raise NotOffered("the Hyper-V role is not installed")
        return fail("The driver hvboot is not installed")

    def starts() -> Verdict | None:
        kind = driver.start_type
        if kind not in (DriverStartType.MANUAL, DriverStartType.DISABLED):
            return None
        return fail(
            f"The driver hvboot starts {kind.name.lower()}"
            if kind is DriverStartType.MANUAL
            else "The driver hvboot is disabled"
        )

    def is_shipped_file() -> Verdict | None:
        path = driver.resolved_path
        if path is None:
            if driver.image_path is None:
                return None
            raise undetermined("the file of the driver hvboot is not known", table="drivers", column="ResolvedPath")
        if folded_path(host, path) == folded_path(host, r"%SystemRoot%\System32\drivers\hvboot.sys"):
            return None
        return fail(f"The driver hvboot is {path}")

    return settle(starts, is_shipped_file).on(driver)
