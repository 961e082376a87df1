"""HV-VM: the virtual hardware of machines: memory, processors, drives, ports and devices."""

from collections.abc import Callable

from snapshot_tool.check import check
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.knowledge.vm_limits import vm_limits
from snapshot_tool.model.audit import HypervisorScheduler, hypervisor_scheduler
from snapshot_tool.model.cluster import Cluster
from snapshot_tool.model.guest import guest_of
from snapshot_tool.model.host import (
    BootElement,
    ComputerSystem,
    ComputerSystemDomainRole,
    Feature,
)
from snapshot_tool.model.host_hyperv import HostAssignableDevice, VMHost
from snapshot_tool.model.owners import Tag, is_tagged, mixed_owners
from snapshot_tool.model.vm import (
    VM,
    DebugPort,
    DeviceKind,
    OnOff,
    VMAssignedDevice,
    VMComPort,
    VMDeviceStatus,
    VMProcessor,
    VMRemoteFxAdapter,
)
from snapshot_tool.model.vm_network import VMNetworkAdapter
from snapshot_tool.model.vm_storage import (
    ControllerType,
    DvdMediaType,
    VMDriveController,
    VMDvdDrive,
    VMFloppyDrive,
)
from snapshot_tool.snapshot import Rows, Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Gap,
    NotAssessed,
    NotOffered,
    Severity,
    Verdict,
    fail,
    graded,
    listed,
    manual,
    settle,
    undetermined,
)

MIB = 1 << 20
GIB = 1 << 30
DEFAULT_MAXIMUM = 1 << 40
OLD_DEFAULT_MAXIMUM = 64 * GIB
SUPPORTED_MINIMUM = 512 * MIB
DYNAMIC_MINIMUM = 256 * MIB
DYNAMIC_STARTUP = 512 * MIB
RESTRICTED_ROOT = ("hypervisornumproc", "hypervisorrootproc")
LOCAL_PIPES = frozenset({".", "?"})


def _is_before(host: Snapshot, era: str) -> bool:
    """Whether the host is older than the era; what tells no era (a bare file) counts as new."""
    return host.host.era is not None and not in_era(era, None, host.host.era)


@check(
    "HV-VM-011",
    title="No image is left in a virtual DVD drive",
    severity=Severity.LOW,
    refs=("seed:G32", "BSI:SYS.1.5.A3", "MS-Plan"),
)
def no_image_left(drive: VMDvdDrive) -> Verdict:
    """A forgotten image can be booted from, may hold licences or answers, and holds up live migration.

    Remediation:
        Run `Get-VMDvdDrive -VMName <name> | Set-VMDvdDrive -Path $null`.
    """
    if drive.dvd_media_type is not DvdMediaType.ISO:
        return PASS
    path = drive.path
    name = (path or "an image").replace("/", "\\").rpartition("\\")[2].casefold()
    severity = Severity.INFO if name == "vmguest.iso" else Severity.LOW
    return fail(f"{path or 'An image'} lies in the DVD drive of {drive}", severity)


@check(
    "HV-VM-012",
    title="No physical DVD drive is passed to a virtual machine",
    severity=Severity.LOW,
    refs=("seed:G32", "BSI:SYS.1.5.A3", "NIST:HY-SR-5 (draft)"),
)
def no_physical_dvd(drive: VMDvdDrive) -> Verdict:
    """Whoever can put a medium into the host can feed it to the guest; the machine cannot be moved live.

    Remediation:
        Run `Get-VMDvdDrive -VMName <name> | Set-VMDvdDrive -Path $null`.
    """
    if drive.dvd_media_type is not DvdMediaType.PASS_THROUGH:
        return PASS
    if not _is_before(drive.host, "2012"):
        return manual(
            f"Is the physical DVD drive of the host passed to {drive}? How this shows on 2012 and later is unverified"
        )
    return fail(f"The physical DVD drive of the host is passed to {drive}")


@check(
    "HV-VM-013",
    title="No virtual floppy disk is inserted",
    severity=Severity.LOW,
    refs=("seed:G32", "BSI:SYS.1.5.A3"),
)
def no_floppy(drive: VMFloppyDrive) -> Verdict:
    """A floppy image can be booted from, and often holds the answers of an installation.

    Remediation:
        Run `Set-VMFloppyDiskDrive -VMName <name> -Path $null`.
    """
    path = drive.path
    return PASS if not path else fail(f"{path} lies in the floppy drive of {drive}")


@check(
    "HV-VM-014",
    title="No serial port is connected to a pipe",
    severity=Severity.MEDIUM,
    refs=("seed:G39", "BSI:SYS.1.5.A3", "NIST:HY-SR-5 (draft)", "ATT&CK:T1205"),
)
def no_piped_port(port: VMComPort) -> Verdict:
    r"""A named pipe is a way out of the guest that no firewall sees; on another host it leaves the machine altogether.

    Remediation:
        Run `Set-VMComPort -VMName <name> -Number <1 or 2> -Path $null`. A serial console over `\\.\pipe\...` may be waived.
    """
    path = port.path
    number = port.number
    if not path:
        return PASS
    text = path.replace("/", "\\")
    remote = text.startswith("\\\\") and text[2:].partition("\\")[0] not in LOCAL_PIPES
    return fail(f"COM {number} of {port} is connected to {path}", Severity.HIGH if remote else Severity.MEDIUM)


@check(
    "HV-VM-016",
    title="Serial ports of generation 2 virtual machines are not in use",
    severity=Severity.LOW,
    refs=("BPA:B068",),
    since="2012R2",
)
def no_port_on_generation_2(port: VMComPort) -> Verdict:
    """A generation 2 machine has no serial ports unless somebody gave them to it, mostly for debugging.

    Remediation:
        Run `Set-VMComPort -VMName <name> -Number <1 or 2> -Path $null`, and with `-DebuggerMode Off`.
    """
    if port.owner.generation != 2:
        return NOT_APPLICABLE
    number = port.number

    def is_connected() -> Verdict | None:
        path = port.path
        return fail(f"COM {number} of {port}, a generation 2 machine, is connected to {path}") if path else None

    def serves_a_debugger() -> Verdict | None:
        if port.debugger_mode is OnOff.ON:
            return fail(f"COM {number} of {port}, a generation 2 machine, serves a debugger")
        return None

    return settle(is_connected, serves_a_debugger)


def _fixed_memory(vm: VM) -> int | None:
    """Memory of a machine with fixed memory whose guest is Windows from Vista and 2008 on; None where the rules do not apply."""
    memory = vm.memory
    if vm.is_replica or _dynamic(vm):
        return None
    guest = guest_of(vm)
    if not guest.is_windows or guest.version < (6, 0):
        return None
    startup: int = memory.startup
    return startup


def _dynamic(vm: VM) -> bool:
    """Whether Dynamic Memory is on; hosts before 2008 R2 SP1 have none."""
    try:
        return vm.memory.dynamic_memory_enabled
    except NotOffered:
        return False


@check(
    "HV-VM-019",
    title="Virtual machines have the memory that Windows needs",
    severity=Severity.MEDIUM,
    refs=(
        "seed:G30",
        "BPA:B089",
        "BPA:B091",
        "BPA:B093",
        "BPA:B095",
        "BPA:B099",
        "BPA:B100",
        "BPA:B103",
        "BPA:B104",
        "BPA:B106",
        "BPA:B108",
    ),
)
def enough_memory(vm: VM) -> Verdict:
    """Below 512 MB no supported Windows runs properly: it pages, times out and is not supported.

    Remediation:
        Run `Set-VMMemory -VMName <name> -StartupBytes 2GB`, with the machine off.
    """
    startup = _fixed_memory(vm)
    if startup is None:
        return NOT_APPLICABLE
    if startup >= SUPPORTED_MINIMUM:
        return PASS
    return fail(f"{vm} has {startup // MIB} MB of memory; Windows needs 512 MB")


@check(
    "HV-VM-020",
    title="Virtual machines have the memory that is recommended for Windows",
    severity=Severity.LOW,
    refs=(
        "seed:G30",
        "BPA:B090",
        "BPA:B092",
        "BPA:B094",
        "BPA:B096",
        "BPA:B098",
        "BPA:B101",
        "BPA:B102",
        "BPA:B105",
        "BPA:B107",
        "BPA:B109",
    ),
)
def recommended_memory(vm: VM) -> Verdict:
    """With less memory than recommended Windows pages, which loads the storage of all machines.

    Remediation:
        Run `Set-VMMemory -VMName <name> -StartupBytes <size>`, with the machine off. Server Core may do with less.
    """
    startup = _fixed_memory(vm)
    if startup is None or startup < SUPPORTED_MINIMUM:
        return NOT_APPLICABLE
    release = guest_of(vm).release
    if release.recommended_mib is None:
        return NOT_APPLICABLE
    if startup >= release.recommended_mib * MIB:
        return PASS
    return fail(
        f"{vm} has {startup // MIB} MB of memory; {release.recommended_mib} MB are recommended for {release.name}"
    )


@check(
    "HV-VM-021",
    title="Dynamic Memory has the values that Windows needs",
    severity=Severity.MEDIUM,
    refs=("seed:G30", *(f"BPA:B{number:03}" for number in range(32, 40))),
    since="2008R2",
)
def dynamic_memory_is_enough(vm: VM) -> Verdict:
    """Below 256 MB minimum, 512 MB startup or 512 MB maximum the guest does not start or is starved.

    Remediation:
        Run `Set-VMMemory -VMName <name> -MinimumBytes 256MB -StartupBytes 512MB -MaximumBytes 2GB`.
    """
    if vm.is_replica or not _dynamic(vm):
        return NOT_APPLICABLE
    guest = guest_of(vm)
    if not guest.is_windows or not guest.release.dynamic_rules:
        return NOT_APPLICABLE
    return _too_small(vm)


def _too_small(vm: VM) -> Verdict:
    memory = vm.memory

    def below(name: str, read: Callable[[], int], least: int) -> Verdict | None:
        size = read()
        if size >= least:
            return None
        return fail(f"{vm} has {size // MIB} MB as {name} of Dynamic Memory, {least // MIB} MB are needed")

    return settle(
        lambda: below("minimum", lambda: memory.minimum, DYNAMIC_MINIMUM),
        lambda: below("startup", lambda: memory.startup, DYNAMIC_STARTUP),
        lambda: below("maximum", lambda: memory.maximum, DYNAMIC_STARTUP),
    )


@check(
    "HV-VM-022",
    title="Dynamic Memory has the values that are recommended for Windows",
    severity=Severity.LOW,
    refs=("seed:G30", *(f"BPA:B{number:03}" for number in range(3, 11))),
    since="2008R2",
)
def dynamic_memory_is_recommended(vm: VM) -> Verdict:
    """A maximum below the recommended size makes Windows page although the host has memory left.

    Remediation:
        Run `Set-VMMemory -VMName <name> -MaximumBytes <size>`.
    """
    if vm.is_replica or not _dynamic(vm):
        return NOT_APPLICABLE
    guest = guest_of(vm)
    if not guest.is_windows:
        return NOT_APPLICABLE
    release = guest.release
    wanted = release.dynamic_maximum_mib
    if wanted is None:
        return NOT_APPLICABLE
    maximum = vm.memory.maximum
    if maximum >= wanted * MIB:
        return PASS
    needed = _too_small(vm)
    if needed.gap is not None:
        raise NotAssessed(needed.gap)
    if needed != PASS:
        return NOT_APPLICABLE
    return fail(
        f"{vm} has {maximum // MIB} MB as maximum of Dynamic Memory; {wanted} MB are recommended for {release.name}"
    )


@check(
    "HV-VM-023",
    title="Dynamic Memory has an upper limit",
    severity=Severity.LOW,
    refs=("seed:G30", "seed:G40", "seed:G42", "NIST:HY-SR-7 (draft)", "BSI:SYS.1.5.A21", "ATT&CK:T1499"),
    since="2008R2",
)
def dynamic_memory_is_bounded(vm: VM) -> Verdict:
    """One guest that takes all it can get starves the others. The default is no limit, so machines as made all show here.

    Remediation:
        Run `Set-VMMemory -VMName <name> -MaximumBytes <size>` with what the machine needs at most.
    """
    if not vm.memory.dynamic_memory_enabled:
        return NOT_APPLICABLE
    maximum = vm.memory.maximum

    def finding() -> Verdict:
        message = f"{vm} may take {maximum // GIB} GB of memory, as much as it can get; this weighs more where owners share the host"
        return graded(message, Severity.MEDIUM, lambda: Severity.MEDIUM if mixed_owners(vm.host) else Severity.LOW)

    if maximum == DEFAULT_MAXIMUM:
        return finding()

    def is_all_of_the_host() -> Verdict | None:
        return finding() if maximum >= vm.host.one(VMHost).memory_capacity else None

    def is_the_old_default() -> Verdict | None:
        if maximum != OLD_DEFAULT_MAXIMUM or not _is_before(vm.host, "2012"):
            return None
        return fail(f"{vm} may take 64 GB of memory, the default of this release (unverified)", Severity.INFO)

    return settle(is_all_of_the_host, is_the_old_default, worst=Severity.MEDIUM)


@check(
    "HV-VM-024",
    title="Guests with Dynamic Memory answer the host",
    severity=Severity.LOW,
    refs=("BPA:B049",),
    since="2008R2",
)
def dynamic_memory_answers(vm: VM) -> Verdict:
    """A guest without the driver gets no memory beyond its startup size and gives none back.

    Remediation:
        Update the integration services (Windows Update from 2016 on; `hv_balloon` on Linux), or switch Dynamic Memory off for a guest
        that does not support it.
    """
    if vm.is_replica or not _dynamic(vm) or not vm.is_settled:
        return NOT_APPLICABLE
    return PASS if vm.memory_demand else fail(f"{vm} has Dynamic Memory, but its guest does not tell what it needs")


@check(
    "HV-VM-025",
    title="Virtual machines have no more processors than guest and host can use",
    severity=Severity.MEDIUM,
    refs=("seed:G31", "BPA:B044", "BPA:B045", "NIST:HY-SR-8 (draft)"),
)
def processors_fit(vm: VM) -> Verdict:
    """Processors that the guest cannot use cost time; with more than the host has the machine does not start.

    Remediation:
        Run `Set-VMProcessor -VMName <name> -Count <number>`, with the machine off.
    """
    count = vm.processor.count

    def fits_the_host() -> Verdict | None:
        available = vm.host.one(VMHost).logical_processor_count
        # With a restricted root the management OS sees fewer processors than guests may use.
        if count <= available or vm.host.rows(BootElement).matching(lambda row: row.element_name in RESTRICTED_ROOT):
            return None
        return fail(f"{vm} has {count} processors, the host {available}")

    def fits_its_generation() -> Verdict | None:
        limits = vm_limits(vm.host.host.era)
        generation = vm.generation
        most = limits.processors(generation) if limits is not None else None
        if most is None:
            raise undetermined("how many processors this host gives to a machine is not known")
        if count <= most:
            return None
        return fail(f"{vm} has {count} processors, a generation {generation} machine of this release at most {most}")

    def fits_the_guest() -> Verdict | None:
        guest = guest_of(vm)
        if not guest.is_windows or guest.version < (6, 0):
            return None
        release = guest.release
        if release.processors is None or count <= release.processors:
            return None
        return fail(f"{vm} has {count} processors, {release.name} uses at most {release.processors}")

    return settle(fits_the_host, fits_its_generation, fits_the_guest)


@check(
    "HV-VM-026",
    title="Virtual machines of different owners have a limit of processor time",
    severity=Severity.LOW,
    refs=("seed:G31", "seed:G40", "seed:G42", "NIST:HY-SR-9 (draft)", "ATT&CK:T1496", "ATT&CK:T1499"),
)
def processor_time_is_limited(host: Snapshot) -> Verdict:
    """Where owners share a host, one of them can take all processor time from the others.

    Remediation:
        Run `Set-VMProcessor -VMName <name> -Maximum 75` for machines that are not trusted. In a cluster a cap costs head-room at failover.
    """
    processors = host.rows(VMProcessor)
    if len(processors) < 2:
        return NOT_APPLICABLE
    if _any_limit(processors):
        return PASS
    return _unlimited(len(processors), mixed_owners(host))


def _any_limit(processors: Rows[VMProcessor]) -> bool:
    return bool(processors.matching(lambda one: (one.maximum, one.reserve, one.relative_weight) != (100, 0, 100)))


def _unlimited(count: int, mixed: bool | None) -> Verdict:
    """The answer for a host on which no machine has a limit; `mixed`: whether its machines have several owners."""
    if mixed is None:
        return manual(
            f"Do machines of different owners share the host? None of its {count} machines has a limit of processor time"
        )
    return (
        fail(f"None of {count} machines has a limit of processor time, though owners share the host")
        if mixed
        else NOT_APPLICABLE
    )


@check(
    "HV-VM-027",
    title="Host resource protection is on",
    severity=Severity.INFO,
    refs=("seed:G31", "seed:G42", "NIST:HY-SR-9 (draft)", "ATT&CK:T1499"),
    since="2016",
)
def resources_are_protected(processor: VMProcessor) -> Verdict:
    """The host then slows a guest down that loads it in unusual ways. It is off by default, so machines as made all show here.

    Remediation:
        Run `Set-VMProcessor -VMName <name> -EnableHostResourceProtection $true`, with the machine off.
    """
    if processor.enable_host_resource_protection:
        return PASS
    message = f"Host resource protection is off for {processor}; this weighs more where owners share the host"
    return graded(message, Severity.LOW, lambda: Severity.LOW if mixed_owners(processor.host) else Severity.INFO)


@check(
    "HV-VM-028",
    title="Virtualization is not offered to guests",
    severity=Severity.MEDIUM,
    refs=("MS-Plan",),
    since="2016",
)
def no_nested_virtualization(processor: VMProcessor) -> Verdict:
    """A guest with a hypervisor of its own reaches far more of the processor, and hides what runs inside it.

    Remediation:
        Run `Set-VMProcessor -VMName <name> -ExposeVirtualizationExtensions $false`, with the machine off. Security features inside the
        guest do not need it; isolated containers, WSL 2 and laboratories do: tag those.
    """
    if not processor.expose_virtualization_extensions:
        return PASS
    if is_tagged(processor.vm, Tag.LAB, Tag.NESTED):
        return NOT_APPLICABLE
    return fail(f"{processor} is offered the virtualization extensions of the processor")


@check(
    "HV-VM-032",
    title="No device of the host is handed to a virtual machine",
    severity=Severity.MEDIUM,
    refs=("seed:G37", "seed:G38", "MS-Plan", "BSI:SYS.1.5.A3", "NIST:HY-SR-5 (draft)", "ATT&CK:T1200"),
    since="2016",
)
def no_assigned_devices(host: Snapshot) -> list[Verdict]:
    """A guest that owns a device can attack the host through it; the machine cannot be moved live. Virtual functions do not count.

    Remediation:
        Run `Remove-VMAssignableDevice -VMName <name> -LocationPath <path>`, then `Mount-VMHostAssignableDevice -LocationPath <path>`.
        Ask whether the device was dismounted with -Force: then it has no mitigation driver, and this weighs high.
    """
    assigned = host.rows(VMAssignedDevice)

    def is_a_device(device: VMAssignedDevice) -> Verdict:
        if device.is_virtual_function:
            return PASS
        return fail(f"{device} owns a device of the host: {_place(device)}")

    def is_idle(device: HostAssignableDevice) -> Verdict:
        place = device.location_path
        if assigned.matching(lambda one: one.location_path == place):
            return PASS
        return fail(f"The device {place} is taken from the host, but no machine has it", Severity.INFO)

    return [*assigned.each(is_a_device), *host.rows(HostAssignableDevice).each(is_idle)]


def _place(device: VMAssignedDevice) -> str:
    try:
        return device.location_path or "place not known"
    except NotAssessed:
        return "place not readable"


@check(
    "HV-VM-033",
    title="RemoteFX is not in use",
    severity=Severity.HIGH,
    refs=("BPA:B020", "ATT&CK:T1068"),
    since="2008R2",
    until="2019",
)
def no_remotefx(host: Snapshot) -> list[Verdict]:
    """RemoteFX vGPU let guests run code on the host and was withdrawn (KB4570006); leftovers keep machines from starting.

    Remediation:
        Run `Remove-VMRemoteFx3dVideoAdapter -VMName <name>`, and on a domain controller `Uninstall-WindowsFeature RDS-Virtualization`.
    """
    adapters = host.rows(VMRemoteFxAdapter).each(lambda row: fail(f"{row} has a RemoteFX adapter"))
    if host.one(ComputerSystem).domain_role < ComputerSystemDomainRole.BACKUP_DOMAIN_CONTROLLER:
        return adapters or [PASS]
    return [*adapters, _remotefx_on_controller(host)]


def _remotefx_on_controller(host: Snapshot) -> Verdict:
    # The same name comes from several sources, each with its own state.
    rows = host.where(Feature, name="RDS-Virtualization")
    if not rows.known and not rows and _is_before(host, "2012"):
        raise undetermined("how RemoteFX is named among the features of 2008 R2 is not known", table="features")
    if not rows.matching(lambda feature: feature.installed):
        return PASS.on(None)
    severity = Severity.INFO if _is_before(host, "2012") else Severity.MEDIUM
    remark = " (feature name unverified)" if severity is Severity.INFO else ""
    return fail(f"RemoteFX is installed on a domain controller{remark}", severity).on(None)


@check(
    "HV-VM-034",
    title="Guests support the SCSI controllers that they have",
    severity=Severity.LOW,
    refs=("BPA:B041",),
)
def scsi_is_supported(vm: VM) -> Verdict:
    """Windows before 5.2 has no driver for the SCSI controller; a disk on it is not seen.

    Remediation:
        Run `Get-VMScsiController -VMName <name> | Remove-VMScsiController`, with the machine off.
    """
    if vm.generation != 1:
        return NOT_APPLICABLE
    guest = guest_of(vm)
    if not guest.is_windows or guest.version >= (5, 2) or not _scsi_controllers(vm):
        return PASS
    return fail(
        f"{vm} has a SCSI controller, and its Windows probably no driver for it (list unverified)", Severity.INFO
    )


def _scsi_controllers(vm: VM) -> list[VMDriveController]:
    return vm.host.where(VMDriveController, vm_id=vm.id).matching(
        lambda row: row.controller_type is ControllerType.SCSI
    )


@check(
    "HV-VM-035",
    title="Virtual machines have a SCSI controller",
    severity=Severity.INFO,
    refs=("BPA:B031",),
    since="2008R2",
)
def can_hot_plug(vm: VM) -> Verdict:
    """Disks can be added to and removed from a running machine on a SCSI controller only.

    Remediation:
        Run `Add-VMScsiController -VMName <name>`, with the machine off, where disks shall be changed while it runs.
    """
    return (
        PASS
        if _scsi_controllers(vm)
        else fail(f"{vm} has no SCSI controller: its disks cannot be changed while it runs")
    )


@check(
    "HV-VM-044",
    title="Network adapters and displays are enabled in their guests",
    severity=Severity.LOW,
    refs=("BPA:B047", "BPA:B051", "BPA:B069"),
)
def devices_are_enabled(vm: VM) -> Verdict:
    """A device that is disabled in the guest is no use and hides why a machine is not reached. Storage controllers do not tell.

    Remediation:
        Enable the device in the guest's Device Manager, or remove it from the machine.
    """
    if not vm.is_settled:
        return NOT_APPLICABLE
    disabled, gap = _disabled_devices(vm)
    if disabled:
        return manual(
            f"Is it meant that {listed(disabled)} of {vm} may be disabled in the guest? What the host's state of a device means is unverified"
        )
    if gap is not None:
        raise NotAssessed(gap)
    return PASS


def _disabled_devices(vm: VM) -> tuple[list[str], Gap | None]:
    """Names of connected adapters, and the display, that do not run; and the first thing that could not be read."""
    disabled: list[str] = []
    devices = vm.host.where(VMDeviceStatus, vm_id=vm.id)
    adapters = vm.host.where(VMNetworkAdapter, vm_id=vm.id)
    gaps = [gap for gap in (devices.gap, adapters.gap) if gap is not None]

    def note(name: str, found: Callable[[], VMDeviceStatus | None]) -> None:
        try:
            device = found()
            if device is None:
                raise undetermined(f"the host tells no state of {name} of {vm}", table="vm_device_status")
            if device.enabled_state != 2:
                disabled.append(name)
        except NotAssessed as missing:
            gaps.append(missing.gap)

    def of_adapter(adapter: VMNetworkAdapter) -> VMDeviceStatus | None:
        wanted = _parts(adapter.id)[1:2]
        return next((row for row in devices.known if wanted and wanted[0] in _parts(row.device_id)), None)

    for adapter in adapters.known:
        try:
            if not adapter.connected:
                continue
            name = f"the adapter {adapter.name}"
        except NotAssessed as missing:
            gaps.append(missing.gap)
            continue
        note(name, lambda adapter=adapter: of_adapter(adapter))  # type: ignore[misc]
    note("the display", lambda: next((row for row in devices.known if row.kind is DeviceKind.DISPLAY), None))
    return disabled, gaps[0] if gaps else None


def _parts(identifier: str) -> list[str]:
    r"""`Microsoft:<owner>\<device>\0` -> owner, device, 0, without regard to case."""
    return identifier.casefold().removeprefix("microsoft:").split("\\")


@check(
    "HV-VM-015",
    title="No virtual machine is set up for debugging",
    severity=Severity.HIGH,
    refs=("NIST:HY-SR-17 (draft)",),
    since="2012",
)
def no_debugging(vm: VM) -> Verdict:
    """Whoever reaches the debugger controls the kernel of the guest.

    Remediation:
        Run `Set-VMComPort -VMName <name> -Number <1 or 2> -DebuggerMode Off`.
    """

    def has_a_debug_port() -> Verdict | None:
        return None if vm.debug_port_enabled is DebugPort.OFF else fail(f"The debug port of {vm} is on")

    def serves_a_debugger() -> Verdict | None:
        # Generation 2 is reported as HV-VM-016.
        if vm.generation != 1:
            return None
        ports = vm.host.where(VMComPort, vm_id=vm.id).matching(lambda port: port.debugger_mode is OnOff.ON)
        return fail(f"A serial port of {vm} serves a debugger") if ports else None

    return settle(has_a_debug_port, serves_a_debugger)


@check(
    "HV-VM-030",
    title="Processors are offered with all they can",
    severity=Severity.LOW,
    since="2008R2",
)
def no_processor_compatibility(processor: VMProcessor) -> Verdict:
    """Compatibility modes hide features of the processor, some of which guests need for mitigations.

    Remediation:
        Run `Set-VMProcessor -VMName <name> -CompatibilityForOlderOperatingSystemsEnabled $false`, with the machine off; for hosts that
        stand alone also `-CompatibilityForMigrationEnabled $false`.
    """

    def is_for_old_systems() -> Verdict | None:
        if processor.compatibility_for_older_operating_systems_enabled:
            return fail(f"The processor of {processor} is reduced for old operating systems", Severity.LOW)
        return None

    def is_for_migration() -> Verdict | None:
        if not processor.compatibility_for_migration_enabled or processor.host.rows(Cluster):
            return None
        return fail(
            f"The processor of {processor} is reduced for migration, though the host stands alone", Severity.INFO
        )

    return settle(is_for_old_systems, is_for_migration, worst=Severity.LOW)


@check(
    "HV-VM-029",
    title="Guests see the threads of the host's cores",
    severity=Severity.INFO,
    refs=(
        "https://learn.microsoft.com/windows-server/virtualization/hyper-v/manage/about-hyper-v-scheduler-type-selection",
    ),
    since="2019",
)
def sees_threads(processor: VMProcessor) -> Verdict:
    """The core scheduler gives a machine whole cores; one that is told of single threads leaves the other half of each idle.

    Remediation:
        Run `Set-VMProcessor -VMName <name> -HwThreadCountPerCore 0`, with the machine off. This costs speed and no safety.
    """
    if processor.hw_thread_count_per_core != 1:
        return PASS
    computer = processor.host.one(ComputerSystem)
    cores = computer.cores
    if cores is None:
        raise undetermined("how many cores the host has is not known", table="computer", column="Cores")
    if computer.logical_processors <= cores:
        return NOT_APPLICABLE
    if hypervisor_scheduler(processor.host) is not HypervisorScheduler.CORE:
        return NOT_APPLICABLE
    return fail(f"{processor} is told of one thread per core, though the host hands out cores of two threads")


@check(
    "HV-VM-031",
    title="Performance monitoring of the processor is not offered to guests",
    severity=Severity.MEDIUM,
    refs=("https://learn.microsoft.com/windows-server/virtualization/hyper-v/manage/performance-monitoring-hardware",),
    since="2019",
)
def no_performance_monitoring(processor: VMProcessor) -> Verdict:
    """These counters tell a guest about its neighbours on the same processor; branch records and traces also stop live migration.

    Remediation:
        Run `Set-VMProcessor -VMName <name> -Perfmon @()`, with the machine off.
    """

    def offers(name: str, read: Callable[[], bool]) -> Verdict | None:
        return fail(f"{processor} is offered performance monitoring hardware: {name}") if read() else None

    return settle(
        lambda: offers("PMU", lambda: processor.enable_perfmon_pmu),
        lambda: offers("LBR", lambda: processor.enable_perfmon_lbr),
        lambda: offers("PEBS", lambda: processor.enable_perfmon_pebs),
        lambda: offers("IPT", lambda: processor.enable_perfmon_ipt),
    )


@check(
    "HV-VM-042",
    title="Guests do not choose how the memory of devices is cached",
    severity=Severity.LOW,
    refs=(
        "https://learn.microsoft.com/windows-server/virtualization/hyper-v/deploy/deploying-graphics-devices-using-dda",
    ),
    since="2016",
)
def no_guest_controlled_caching(vm: VM) -> Verdict:
    """A guest that sets the cache types of memory reaches further into the processor than it needs to without a device of its own.

    Remediation:
        Run `Set-VM -VMName <name> -GuestControlledCacheTypes $false`, with the machine off. Machines with a graphics card need it.
    """
    if not vm.guest_controlled_cache_types:
        return PASS
    if vm.host.where(VMAssignedDevice, vm_id=vm.id):
        return NOT_APPLICABLE
    return fail(f"{vm} may set the cache types of memory and has no device that needs it")
