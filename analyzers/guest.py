"""HV-GST: what runs inside virtual machines, as far as guests tell it, and what is offered to them.

What a guest tells is a claim, not proof.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NoReturn

from snapshot_tool.check import check
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.knowledge.guests import Support, linux_support, windows_support
from snapshot_tool.knowledge.hyperv_sockets import is_in_box_socket
from snapshot_tool.model.guest import (
    IntegrationService,
    ServiceStatus,
    VMGuestKvp,
    VMIntegrationService,
    guest_of,
    is_domain_controller,
    is_known_domain_controller,
    says_domain_controller,
)
from snapshot_tool.model.owners import Tag, is_tagged, mixed_owners
from snapshot_tool.model.registry import RegistryValue
from snapshot_tool.model.vm import (
    VM,
    CheckpointType,
    Heartbeat,
    IntegrationServicesState,
    SnapshotType,
    StopAction,
    VMCheckpoint,
    version_number,
)
from snapshot_tool.model.vm_storage import VhdType, VMHardDisk
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Gap,
    NotAssessed,
    NotOffered,
    Severity,
    Status,
    Verdict,
    fail,
    graded,
    listed,
    manual,
    settle,
    undetermined,
)

SOCKET_SERVICES = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization\GuestCommunicationServices\*"
INSTALLER = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization\GuestInstaller\Version"
SILENT = frozenset(
    {
        ServiceStatus.NO_CONTACT,
        ServiceStatus.LOST_COMMUNICATION,
        ServiceStatus.ERROR,
        ServiceStatus.NON_RECOVERABLE_ERROR,
    }
)
# Linux without the daemons of its vendor answers on all but these.
DAEMONS = frozenset(
    {IntegrationService.KEY_VALUE_PAIR_EXCHANGE, IntegrationService.VSS, IntegrationService.GUEST_SERVICE_INTERFACE}
)
OFFERED = {
    IntegrationService.HEARTBEAT: Severity.LOW,
    IntegrationService.SHUTDOWN: Severity.LOW,
    IntegrationService.VSS: Severity.LOW,
    IntegrationService.KEY_VALUE_PAIR_EXCHANGE: Severity.INFO,
    IntegrationService.TIME_SYNCHRONIZATION: Severity.INFO,
}
# Versions of Windows by era: a host runs the guests of its own time and older ones.
WINDOWS_OF_HOST = {"2008": (6, 0), "2008R2": (6, 1), "2012": (6, 2), "2012R2": (6, 3)}


def collected(host: Snapshot) -> datetime:
    """When the snapshot was made. Raises NotAssessed where nobody knows."""
    if host.host.started is None:
        raise undetermined("the time of collection is not known")
    return host.host.started


@check(
    "HV-GST-001",
    title="Guests run an operating system that is supported",
    severity=Severity.HIGH,
    refs=("seed:G01", "seed:G02", "seed:M10", "NIST:HY-SR-18 (draft)", "BSI:SYS.1.5.A22", "ATT&CK:T1210"),
)
def guest_is_supported(vm: VM) -> Verdict:
    """A system without updates is the first to fall, and stands beside the others on the same host.

    Remediation:
        Upgrade the guest, or keep it in a network of its own.
    """
    guest = guest_of(vm)
    support = _support(guest)
    if support is None:
        name = " ".join(part for part in (guest.os_name, guest.os_version) if part)
        return fail(f"{vm} runs {name}: until when it is supported is not in the tables", Severity.INFO)
    severity, product, end = support
    if severity is None:
        return PASS
    paid = ", since then only against payment" if severity is Severity.MEDIUM else ""
    return fail(f"{vm} runs {product}, whose support ended on {end}{paid}", severity)


def _support(guest: VMGuestKvp) -> tuple[Severity | None, str, str] | None:
    """Weight of the support that has ended (None: it has not), product, last day; None for a Linux that nobody knows."""
    if not guest.is_windows:
        found = linux_support(guest.os_name or "", _linux_versions(guest))
        return None if found is None else _ended(guest.host, found)
    build = guest.build
    edition = guest.os_edition_id
    number = int(edition) if edition is not None and edition.isascii() and edition.isdigit() else None
    choices = [_ended(guest.host, support) for support in windows_support(guest.family, build, number)]
    if not choices:
        raise undetermined(f"{guest} runs build {build} of Windows, which the tables do not know", table="vm_guest_kvp")
    if len({severity for severity, _, _ in choices}) > 1:
        raise undetermined(
            f"whether {choices[0][1]} of {guest} is still supported depends on its edition, which it does not tell",
            table="vm_guest_kvp",
            column="OSEditionId",
        )
    return choices[0]


def _ended(host: Snapshot, support: Support) -> tuple[Severity | None, str, str]:
    day = collected(host).date()
    severity = None
    if day > support.end:
        severity = Severity.MEDIUM if support.paid_end is not None and day <= support.paid_end else Severity.HIGH
    return severity, support.product, support.end.isoformat()


def _linux_versions(guest: VMGuestKvp) -> Sequence[str]:
    """What the guest calls its version, without that of its kernel: daemons put them into different items."""
    kernel = guest.os_build_number or ""
    told = (guest.os_version, guest.os_major_version)
    return [text for text in told if text and text != kernel and not kernel.startswith((f"{text}.", f"{text}-"))]


@check(
    "HV-GST-002",
    title="Guests run an operating system that this host supports",
    severity=Severity.LOW,
    refs=(
        "https://learn.microsoft.com/windows-server/virtualization/hyper-v/supported-windows-guest-operating-systems-for-hyper-v-on-windows",
    ),
)
def guest_fits_the_host(vm: VM) -> Verdict:
    """What the host's release does not list may run, but nobody helps when it does not.

    Remediation:
        Move the machine to a newer host, or change the guest.
    """
    guest = guest_of(vm)
    if not guest.is_windows or _is_out_of_support(guest):
        return NOT_APPLICABLE
    release = guest.release
    era = vm.host.host.era
    if era is None:
        raise undetermined("the release of the host is not known")
    first = release.first_host
    if first is not None and not in_era(first, None, era):
        return fail(f"{vm} runs {release.name}, which is supported on hosts of {first} and later")
    if in_era("2016", None, era):
        if not release.listed and release.version >= (10, 0):
            raise undetermined(f"whether this host supports {release.name} is not known", table="vm_guest_kvp")
        if not release.listed:
            return fail(f"{vm} runs {release.name}, which this host does not support")
        if release.name == "Windows 11" and vm.generation != 2:
            return fail(f"{vm} runs Windows 11, which needs a machine of generation 2")
        return PASS
    if release.version <= WINDOWS_OF_HOST[era]:
        return PASS
    raise undetermined(f"whether this host supports {release.name} is not in the tables", table="vm_guest_kvp")


def _is_out_of_support(guest: VMGuestKvp) -> bool:
    try:
        support = _support(guest)
    except NotAssessed:
        return False
    return support is not None and support[0] is not None


@check(
    "HV-GST-003",
    title="Guests are patched, protected and hardened",
    severity=Severity.INFO,
    refs=("seed:G01", "seed:G02", "seed:G08", "seed:M01", "seed:M10", "NIST:HY-SR-18 (draft)", "BSI:SYS.1.5.A22"),
)
def guests_are_hardened(host: Snapshot) -> Verdict:
    """The host sees builds, not updates, virus scanner, firewall or settings of its guests.

    Remediation:
        Examine the guests themselves, or have their owners attest it.
    """
    if not host.rows(VM):
        return NOT_APPLICABLE
    return manual(
        "Are the guests patched, scanned for viruses, behind a firewall of their own and hardened? The host cannot tell"
    )


def _service(vm: VM, name: IntegrationService) -> VMIntegrationService | None:
    return vm.host.find(VMIntegrationService, vm_id=vm.id, name=name)


@check(
    "HV-GST-004",
    title="Integration services are offered",
    severity=Severity.LOW,
    refs=("BPA:B059",),
)
def services_are_offered(vm: VM) -> Verdict:
    """Without them the host cannot shut the guest down, back it up consistently, or see whether it lives.

    Remediation:
        Run `Enable-VMIntegrationService` for the service; tag templates and guests without integration services.
    """
    if is_tagged(vm, Tag.TEMPLATE):
        return NOT_APPLICABLE
    off: list[IntegrationService] = []
    gap: Gap | None = None
    for name in OFFERED:
        try:
            service = _service(vm, name)
            if service is None:
                raise undetermined(f"whether {name} is offered to {vm} is not known", table="vm_integration_service")
            if not service.enabled:
                off.append(name)
        except NotAssessed as missing:
            gap = gap or missing.gap
    # A domain controller must not take its time from the host: HV-GST-007.
    if IntegrationService.TIME_SYNCHRONIZATION in off and is_known_domain_controller(vm):
        off.remove(IntegrationService.TIME_SYNCHRONIZATION)
    if not off:
        return PASS if gap is None else _raise(gap)
    worst = max(OFFERED[name] for name in off)
    return graded(f"{vm} is not offered {listed(off)}", Severity.LOW, lambda: worst if gap is None else _raise(gap))


def _raise(gap: Gap) -> NoReturn:
    raise NotAssessed(gap)


@check(
    "HV-GST-005",
    title="Integration services work in the guest",
    severity=Severity.LOW,
    refs=("BPA:B050",),
)
def services_work(vm: VM) -> Verdict:
    """A guest that does not answer cannot be shut down or backed up consistently, and nobody sees when it hangs.

    Remediation:
        Update or start the integration services in the guest; on Linux install the Hyper-V daemons of the distribution.
    """
    if not vm.is_settled:
        return NOT_APPLICABLE
    rows = vm.host.where(VMIntegrationService, vm_id=vm.id)
    gap = rows.gap
    found: dict[IntegrationService, ServiceStatus] = {}
    for row in rows.known:
        if row.record.cells.get("Name") == IntegrationService.RDV:
            continue  # not asked, and so no evidence
        try:
            name = row.name
            if not row.enabled:
                continue
            status = row.primary_operational_status
            if status is None:
                raise undetermined(f"the host tells no state of {name} of {vm}", table="vm_integration_service")
            found[name] = status
        except NotAssessed as missing:
            gap = gap or missing.gap
    silent = [name for name, status in found.items() if status in SILENT]
    differs = [name for name, status in found.items() if status is ServiceStatus.PROTOCOL_MISMATCH]
    if not silent and not differs:
        return PASS if gap is None else _raise(gap)
    if not silent:
        message = f"{listed(differs)} of {vm} speaks another version of the protocol"
        weight = Severity.INFO
    elif set(silent) == set(found):
        message = f"No integration service of {vm} answers: the guest hangs, or has none"
        weight = Severity.LOW
    else:
        message = f"{listed(silent)} of {vm} is offered, but does not answer"
        beats = found.get(IntegrationService.HEARTBEAT) is ServiceStatus.OK
        weight = Severity.INFO if beats and set(silent) <= DAEMONS else Severity.LOW
    return graded(message, Severity.LOW, lambda: weight if gap is None else _raise(gap))


@check(
    "HV-GST-006",
    title="Integration services are up to date",
    severity=Severity.LOW,
    refs=("seed:G02", "seed:M05", "MS-Plan"),
    until="2012R2",
)
def services_are_current(vm: VM) -> Verdict:
    r"""Old integration services are slow, lose time, and have holes that were closed since.

    Remediation:
        Insert `%SystemRoot%\System32\vmguest.iso` into the machine and run its setup.
    """
    guest = guest_of(vm)
    if not guest.is_windows:
        return NOT_APPLICABLE
    match _services_state(vm):
        case IntegrationServicesState.MISMATCH:
            return fail(
                f"The integration services of {vm} are not those of the host ({guest.integration_services_version})"
            )
        case IntegrationServicesState.UP_TO_DATE:
            return PASS
        case _:
            pass
    told = guest.integration_services_version
    if told is None:
        raise undetermined(f"{vm} does not tell the version of its integration services", table="vm_guest_kvp")
    newest = _installer_version(vm.host)
    if version_number(told) >= newest:
        return PASS
    wanted = ".".join(map(str, newest))
    return fail(
        f"The integration services of {vm} are {told}, the host has {wanted} (form of its record unverified)",
        Severity.INFO,
    )


def _services_state(vm: VM) -> IntegrationServicesState | None:
    try:
        return vm.integration_services_state
    except NotOffered:
        return None


def _installer_version(host: Snapshot) -> tuple[int, ...]:
    texts = [row.text for row in host.where(RegistryValue, key=INSTALLER) if row.exists]
    versions = [version_number(text) for text in texts if text]
    if not versions:
        raise undetermined("the host has recorded no version of its integration services", table="registry_values")
    return max(versions)


@check(
    "HV-GST-007",
    title="Domain controllers do not take their time from the host",
    severity=Severity.MEDIUM,
    refs=("seed:G33", "BSI:SYS.1.5.A7", "ATT&CK:T1070.006"),
)
def controllers_keep_their_own_time(vm: VM) -> Verdict:
    """With the host in the same domain both follow each other; whoever sets the host's clock sets that of the domain.

    Remediation:
        Run `Get-VMIntegrationService -VMName <name>`, pick the one whose `Id` ends in 2497F4DE-E9FA-4204-80E4-4B75C46419C0, and run
        `Disable-VMIntegrationService -VMIntegrationService <it>`. Weighs less where VMICTimeProvider is off inside the guest.
    """
    service = _service(vm, IntegrationService.TIME_SYNCHRONIZATION)
    if service is None:
        raise undetermined(f"whether {vm} takes its time from the host is not known", table="vm_integration_service")
    if not service.enabled:
        return PASS
    if not is_domain_controller(vm):
        return NOT_APPLICABLE
    return fail(f"{vm} is a domain controller and takes its time from the host")


@check(
    "HV-GST-009",
    title="The Guest Service Interface is off",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A16", "ATT&CK:T1570"),
    since="2012R2",
)
def no_guest_service_interface(service: VMIntegrationService) -> Verdict:
    """Operators of the host can then copy files into the guest (`Copy-VMFile`). It is off by default; some backup products need it.

    Remediation:
        Run `Get-VMIntegrationService -VMName <name>`, pick the one whose `Id` ends in 6C09BB55-D683-4DA0-8931-C9BF705F6480, and run
        `Disable-VMIntegrationService -VMIntegrationService <it>`.
    """
    if service.name is not IntegrationService.GUEST_SERVICE_INTERFACE:
        return NOT_APPLICABLE
    return fail(f"The Guest Service Interface of {service.vm_name} is on") if service.enabled else PASS


@check(
    "HV-GST-012",
    title="Guests reach only services of Windows over Hyper-V sockets",
    severity=Severity.MEDIUM,
    refs=(
        "seed:G39",
        "https://learn.microsoft.com/virtualization/hyper-v-on-windows/user-guide/make-integration-service",
        "ATT&CK:T1559",
        "BSI:SYS.1.5.A23",
    ),
    since="2016",
)
def socket_services_are_known(host: Snapshot) -> Sequence[Verdict]:
    r"""A program of the host that listens there is reached from every guest, past network and firewall.

    WSL, containers and debuggers register services; waive those that you use.

    Remediation:
        Find out which program registered it; if nobody needs it, remove its key below
        `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization\GuestCommunicationServices` with `Remove-Item`.
    """
    rows = host.where(RegistryValue, list_key=SOCKET_SERVICES)
    if not rows:
        raise undetermined("which services are registered is not known", table="registry_values")

    def judge(row: RegistryValue) -> Verdict:
        if not row.key_exists:
            return NOT_APPLICABLE
        service = row.key.rpartition("\\")[2]
        if is_in_box_socket(service):
            return PASS
        name = row.text or "without a name"
        return fail(f"The Hyper-V socket service {service} ({name}) does not come with Windows")

    return rows.each(judge)


@check(
    "HV-GST-013",
    title="Domain controllers have no checkpoints",
    severity=Severity.HIGH,
    refs=("seed:G36",),
)
def controllers_have_no_checkpoints(vm: VM) -> Verdict:
    """A controller that goes back to a checkpoint repeats numbers that its partners have seen: the directory falls apart.

    Remediation:
        Run `Get-VMSnapshot -VMName <name> | Remove-VMSnapshot`.
    """
    if vm.is_replica:
        return NOT_APPLICABLE
    found = vm.host.where(VMCheckpoint, vm_id=vm.id).matching(_counts)
    if not found:
        return PASS
    if not is_domain_controller(vm):
        return NOT_APPLICABLE

    def weight() -> Severity:
        era = vm.host.host.era
        is_old = era is not None and not in_era("2012", None, era)
        return Severity.HIGH if is_old or guest_of(vm).version < (6, 2) else Severity.MEDIUM

    return graded(f"{vm} is a domain controller and has checkpoints: {listed(map(str, found))}", Severity.HIGH, weight)


def _counts(checkpoint: VMCheckpoint) -> bool:
    """Whether a controller must not have it: one made on purpose, or one that a backup left behind."""
    kind = checkpoint.snapshot_type
    if kind is not SnapshotType.RECOVERY:
        return kind is SnapshotType.STANDARD
    created = checkpoint.creation_time
    if created is None:
        raise undetermined(f"when the checkpoint {checkpoint} was made is not known", table="vm_checkpoint")
    return collected(checkpoint.host) - created > timedelta(days=1)


@check(
    "HV-GST-014",
    title="Domain controllers are set up so that they never go back in time",
    severity=Severity.MEDIUM,
    refs=(
        "https://learn.microsoft.com/windows-server/identity/ad-ds/get-started/virtual-dc/virtualized-domain-controllers-hyper-v",
    ),
)
def controllers_never_go_back(vm: VM) -> Verdict:
    """A standard checkpoint, a differencing disk or a saved state can bring a controller back to a moment that its partners have passed.

    A production checkpoint falls back to a standard one where the guest cannot make it, unless only production checkpoints are allowed.

    Remediation:
        Run `Set-VM -Name <name> -CheckpointType ProductionOnly -AutomaticStopAction ShutDown` with the machine off, and merge differencing
        disks with `Convert-VHD`.
    """

    def takes_standard_checkpoints() -> Verdict | None:
        kind = vm.checkpoint_type
        if kind in (CheckpointType.PRODUCTION_ONLY, CheckpointType.DISABLED):
            return None
        return fail(f"{vm} is a domain controller and may take standard checkpoints")

    def is_saved() -> Verdict | None:
        if vm.automatic_stop_action is not StopAction.SAVE:
            return None
        return fail(f"{vm} is a domain controller and is saved when the host stops")

    def builds_on_other_disks() -> Verdict | None:
        drives = vm.host.where(VMHardDisk, vm_id=vm.id).matching(_is_differencing)
        if not drives:
            return None
        paths = listed(sorted(drive.path or "" for drive in drives))
        return fail(f"{vm} is a domain controller on differencing disks: {paths}")

    found = settle(takes_standard_checkpoints, is_saved, builds_on_other_disks)
    if found.status in (Status.PASS, Status.NOT_APPLICABLE):
        return found
    return found if says_domain_controller(vm) else NOT_APPLICABLE


def _is_differencing(drive: VMHardDisk) -> bool:
    """Whether somebody made it so; files of checkpoints are reported as HV-GST-013. Raises NotAssessed."""
    vhd = drive.vhd
    if vhd is None:
        return False
    return any(disk.vhd_type is VhdType.DIFFERENCING and not disk.is_checkpoint_link for disk in vhd.chain)


@check(
    "HV-GST-008",
    title="Guests outside of a domain take their time from the host",
    severity=Severity.LOW,
    refs=("seed:G33", "BSI:SYS.1.5.A7"),
)
def stand_alone_guests_keep_time(vm: VM) -> Verdict:
    """Without domain and host the clock of a guest drifts, and its logs and certificates with it. It may have a time server of its own.

    Remediation:
        Run `Enable-VMIntegrationService` for the service whose `Id` ends in 2497F4DE-E9FA-4204-80E4-4B75C46419C0.
    """
    service = _service(vm, IntegrationService.TIME_SYNCHRONIZATION)
    if service is None:
        raise undetermined(f"whether {vm} takes its time from the host is not known", table="vm_integration_service")
    if service.enabled:
        return PASS
    guest = guest_of(vm)
    name = guest.fully_qualified_domain_name
    if name is None:
        raise undetermined(f"{vm} does not tell its name", table="vm_guest_kvp", column="FullyQualifiedDomainName")
    if not guest.is_windows or "." in name.strip("."):
        return NOT_APPLICABLE
    return fail(f"{vm} is in no domain and does not take its time from the host")


@check(
    "HV-GST-010",
    title="Guests are not told the name and release of the host",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A23", "ATT&CK:T1082"),
    since="2019",
)
def host_is_not_published(service: VMIntegrationService) -> Verdict:
    """A guest that is broken into learns from its registry which host to attack. The default tells it; it matters for guests of others.

    Remediation:
        Set `DisableHostKVPItems` of the data exchange of the machine by WMI (`ModifyGuestServiceSettings`).
    """
    if service.name is not IntegrationService.KEY_VALUE_PAIR_EXCHANGE or not service.enabled:
        return NOT_APPLICABLE
    if service.disable_host_kvp_items:
        return PASS
    mixed = mixed_owners(service.host)
    if mixed is None:
        return manual(
            f"Does {service.vm_name} belong to somebody who need not know the host? It is told its name and release"
        )
    return fail(f"{service.vm_name} is told the name and release of the host") if mixed else NOT_APPLICABLE


@check(
    "HV-GST-018",
    title="Guests have a heartbeat",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A17",),
)
def heart_beats(vm: VM) -> Verdict:
    """A guest whose heartbeat stopped hangs, or its integration services do.

    Remediation:
        Look at the guest's console; update its integration services.
    """
    if not vm.is_settled:
        return NOT_APPLICABLE
    match vm.heartbeat:
        case Heartbeat.NO_CONTACT | Heartbeat.LOST_COMMUNICATION | Heartbeat.ERROR:
            return fail(f"The guest of {vm} has no heartbeat")
        case Heartbeat.DISABLED:
            return NOT_APPLICABLE
        case None:
            raise undetermined(f"the host tells no heartbeat of {vm}", table="vm", column="Heartbeat")
        case _:
            return PASS


@check("HV-GST-019", title="Guests tell their operating system", severity=Severity.INFO)
def guest_is_known(vm: VM) -> Verdict:
    """Checks that depend on the guest cannot answer for a guest that tells nothing.

    Remediation:
        Offer the data exchange to the guest and start it there; on Linux install the Hyper-V daemons of the distribution.
    """
    if not vm.is_settled:
        return NOT_APPLICABLE
    if vm.host.find(VMGuestKvp, vm_id=vm.id) is not None:
        return PASS
    return fail(f"The guest of {vm} does not tell its operating system")
