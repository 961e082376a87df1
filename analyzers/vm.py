"""HV-VM: how virtual machines live: state, checkpoints, start and stop, version, notes, backup, use."""

import re
from datetime import datetime, timedelta

from snapshot_tool.check import check
from snapshot_tool.knowledge.guests import CLIENT
from snapshot_tool.knowledge.vm_limits import vm_limits
from snapshot_tool.model.cluster import Cluster, ClusterNode
from snapshot_tool.model.filesystem import VMFile, VMFileKind
from snapshot_tool.model.guest import guest_of, is_known_domain_controller, says_domain_controller
from snapshot_tool.model.host import (
    OperatingSystem,
    OperatingSystemProductType,
)
from snapshot_tool.model.host_hyperv import VMHost
from snapshot_tool.model.owners import Tag, is_production, is_tagged
from snapshot_tool.model.replica import VMReplication
from snapshot_tool.model.vm import (
    VM,
    CheckpointType,
    OnOff,
    ReplicationState,
    SnapshotType,
    StartAction,
    StopAction,
    VMCheckpoint,
    VMState,
    VMStatus,
    version_number,
)
from snapshot_tool.model.vm_storage import (
    VHD,
    VMHardDisk,
)
from snapshot_tool.snapshot import Snapshot
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

# Hyper-V keeps at most 50 checkpoints of a machine (Microsoft, Plan for Hyper-V scalability in Windows Server).
MOST_CHECKPOINTS, MANY_CHECKPOINTS = 50, 40
INFRASTRUCTURE = (Tag.DOMAIN_CONTROLLER, Tag.DHCP_SERVER, Tag.ROUTER, Tag.GATEWAY, Tag.FIREWALL)
SUPPORTS_GENERATION_2 = (6, 2)
SIXTY_FOUR_BIT, THIRTY_TWO_BIT = "9", "0"
BRIEFLY = timedelta(minutes=10)
SECRET = re.compile(r"(password|passwort|kennwort|pwd|secret|key)\s*[=:]\s*\S", re.IGNORECASE)
CRITICAL = frozenset({VMStatus.CRITICAL_IO_ERROR, VMStatus.APPLICATION_CRITICAL_STATE})
RECOVERY_POINTS = frozenset({SnapshotType.REPLICA, SnapshotType.APP_CONSISTENT_REPLICA, SnapshotType.SYNCED_REPLICA})


def age(host: Snapshot, moment: datetime) -> timedelta:
    """Time between a moment and the collection. Raises NotAssessed where nobody knows when that was."""
    if host.host.started is None:
        raise undetermined("the time of collection is not known")
    return host.host.started - moment


@check("HV-VM-001", title="No virtual machine is paused", severity=Severity.LOW, refs=("BPA:B022",))
def not_paused(vm: VM) -> Verdict:
    """A paused machine keeps its memory and serves nobody.

    Remediation:
        Run `Resume-VM -Name <name>`, unless the pause is meant.
    """
    if vm.state is not VMState.PAUSED:
        return PASS

    def weight() -> Severity:
        since = vm.time_of_last_state_change
        if since is None:
            return Severity.LOW
        return Severity.INFO if abs(age(vm.host, since)) < BRIEFLY else Severity.LOW

    return graded(f"{vm} is paused", Severity.LOW, weight)


@check("HV-VM-003", title="No virtual machine is in a critical state", severity=Severity.HIGH)
def not_critical(vm: VM) -> Verdict:
    """The host has lost storage or configuration of the machine, or the guest reports a critical fault.

    Remediation:
        Check the storage that the machine lies on, then the Hyper-V-VMMS log.
    """

    def state_is_critical() -> Verdict | None:
        state = vm.state
        return fail(f"{vm} is in the state {state}") if state.endswith("Critical") else None

    def reports(status: VMStatus | None) -> Verdict | None:
        return fail(f"{vm} reports {status}") if status in CRITICAL else None

    return settle(
        state_is_critical,
        lambda: reports(vm.primary_operational_status),
        lambda: reports(vm.secondary_operational_status),
    )


@check(
    "HV-VM-004",
    title="Virtual machines in production have no lasting checkpoints",
    severity=Severity.MEDIUM,
    refs=("seed:G36", "BPA:B024", "BSI:SYS.1.5.A24", "ATT&CK:T1005"),
)
def no_old_checkpoints(vm: VM) -> Verdict:
    """A checkpoint grows until the volume is full, slows the machine down, and keeps old data and passwords readable.

    Remediation:
        Run `Get-VMSnapshot -VMName <name> | Remove-VMSnapshot`; delete leftovers of a backup only while no backup runs.
    """
    if vm.is_replica or not is_production(vm):
        return NOT_APPLICABLE
    return _worst_checkpoint(vm)


def _worst_checkpoint(vm: VM) -> Verdict:
    found: list[tuple[Severity, timedelta, VMCheckpoint]] = []
    rows = vm.host.where(VMCheckpoint, vm_id=vm.id)
    gap = rows.gap
    for row in rows.known:
        try:
            severity, old = _checkpoint_weight(row)
        except NotAssessed as missing:
            gap = gap or missing.gap
            continue
        if severity is not None:
            found.append((severity, old, row))
    if not found:
        if gap is not None:
            raise NotAssessed(gap)
        return PASS
    if is_known_domain_controller(vm):
        # Reported as HV-GST-013.
        return NOT_APPLICABLE
    severity, old, oldest = max(found, key=lambda item: (item[0], item[1]))
    kind = " left by a backup" if oldest.snapshot_type is SnapshotType.RECOVERY else ""
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    message = f"{vm} has the checkpoint {oldest}{kind}, {_days(old)} old{more}"
    return graded(message, Severity.HIGH, lambda: _unless(gap, severity))


def _checkpoint_weight(row: VMCheckpoint) -> tuple[Severity | None, timedelta]:
    kind = row.snapshot_type
    if kind not in (SnapshotType.STANDARD, SnapshotType.RECOVERY):
        return None, timedelta()
    created = row.creation_time
    if created is None:
        raise undetermined(f"when the checkpoint {row} was made is not known", table="vm_checkpoint")
    old = age(row.host, created)
    for days, severity in ((30, Severity.HIGH), (7, Severity.MEDIUM), (3, Severity.LOW)):
        if old > timedelta(days=days):
            return severity, old
    if kind is SnapshotType.RECOVERY and old > timedelta(days=1):
        return Severity.LOW, old
    return None, old


def _unless(gap: Gap | None, severity: Severity) -> Severity:
    if gap is not None:
        raise NotAssessed(gap)
    return severity


def _days(span: timedelta) -> str:
    return f"{span.days} days" if span.days != 1 else "1 day"


@check(
    "HV-VM-008",
    title="No recovery points are left after a failover",
    severity=Severity.LOW,
    refs=("BPA:B063",),
    since="2012",
)
def failover_is_completed(replication: VMReplication) -> Verdict:
    """Until a failover is completed its recovery points stay and grow, and replication cannot go back.

    Remediation:
        Run `Complete-VMFailover -VMName <name>` once the machine is known to be good.
    """
    if replication.replication_state is not ReplicationState.FAILED_OVER_WAITING_COMPLETION:
        return PASS
    checkpoints = replication.host.where(VMCheckpoint, vm_id=replication.vm_id)
    left = checkpoints.matching(lambda row: row.snapshot_type in RECOVERY_POINTS)
    if not left:
        return PASS
    return fail(f"{replication} was failed over and still has the recovery points {listed(map(str, left))}")


@check(
    "HV-VM-017",
    title="Virtual machines have a configuration version that the host supports",
    severity=Severity.MEDIUM,
    refs=(
        "https://learn.microsoft.com/windows-server/virtualization/hyper-v/deploy/upgrade-virtual-machine-version-in-hyper-v",
    ),
    since="2016",
)
def configuration_version(vm: VM) -> Verdict:
    """A version that the host does not support keeps the machine from starting; an old one lacks protections of newer hosts.

    Remediation:
        Run `Update-VMVersion -Name <name>` once no older host needs to run the machine: there is no way back.
    """
    version, text = vm.version_number, vm.version
    supported = sorted(map(version_number, vm.host.one(VMHost).supported_vm_versions))
    if version not in supported:
        return fail(f"{vm} has version {text}, which this host does not support", Severity.CRITICAL)
    if version == supported[-1]:
        return PASS
    if vm.is_replica or _cluster_is_mixed(vm.host):
        return PASS
    newest = ".".join(map(str, supported[-1]))
    if version < (8, 0):
        return fail(f"{vm} has version {text}; the host supports up to {newest}", Severity.MEDIUM)
    return fail(f"{vm} has version {text}; the host supports up to {newest}", Severity.INFO)


def _cluster_is_mixed(host: Snapshot) -> bool:
    """Whether nodes of several releases share the cluster, or its functional level was not raised after the last upgrade."""
    if host.absent(Cluster) is not None:
        return False
    builds = {node.build_number for node in host.rows(ClusterNode)}
    if len(builds) > 1:
        return True
    limits = vm_limits(host.host.era)
    return any(
        limits is None or cluster.cluster_functional_level < (limits.cluster_level or 0)
        for cluster in host.rows(Cluster)
    )


@check(
    "HV-VM-037",
    title="Virtual machines were backed up within a week",
    severity=Severity.HIGH,
    refs=("BPA:B086", "ATT&CK:T1490"),
)
def backed_up(vm: VM) -> Verdict:
    """Without a backup a fault, an error or ransomware costs the machine.

    Remediation:
        Put the machine into the schedule of the backup. Products that run inside the guest leave no trace on the host.
    """
    if vm.is_replica or not is_production(vm):
        return NOT_APPLICABLE
    created = vm.creation_time
    if created is not None and age(vm.host, created) < timedelta(days=7):
        return NOT_APPLICABLE
    backup = _last_backup(vm)
    if backup is None:
        return manual(f"Is {vm} backed up? The host has recorded no backup of it")
    old = age(vm.host, backup)
    if old <= timedelta(days=7):
        return PASS
    if vm.state is VMState.OFF and _newest_write(vm, at_least=backup) <= backup:
        return NOT_APPLICABLE
    return fail(f"{vm} was last backed up {_days(old)} before the collection")


def _last_backup(vm: VM) -> datetime | None:
    try:
        return vm.last_successful_backup_time
    except NotOffered:
        return None


def _newest_write(vm: VM, *, at_least: datetime | None = None) -> datetime:
    """The last write to any disk of the machine. Raises NotAssessed where a disk cannot be read, unless one is past `at_least`."""
    disks = vm.host.where(VMHardDisk, vm_id=vm.id)
    newest, gap = None, disks.gap
    for disk in disks.known:
        try:
            path = disk.path
            vhd = None if path is None else vm.host.find(VHD, path=path)
            if vhd is None:
                raise undetermined(f"a disk of {vm} is no file that was examined", table="vhd")
            written = vhd.last_write_time
        except NotAssessed as missing:
            gap = gap or missing.gap
            continue
        newest = written if newest is None else max(newest, written)
    if newest is not None and at_least is not None and newest > at_least:
        return newest
    if gap is not None:
        raise NotAssessed(gap)
    if newest is None:
        raise undetermined(f"{vm} has no disk", table="vm_hard_disk")
    return newest


def _idle(vm: VM) -> timedelta | None:
    """How long a machine that is off has not been used; None for one that runs, or that is off by design."""
    if vm.is_replica or vm.state is not VMState.OFF or is_tagged(vm, Tag.LAB, Tag.TEMPLATE, Tag.STANDBY):
        return None
    started = vm.host.host.started
    recent = None if started is None else started - timedelta(days=30)
    return age(vm.host, _newest_write(vm, at_least=recent))


@check(
    "HV-VM-038",
    title="Virtual machines that are not used are retired",
    severity=Severity.LOW,
    refs=("seed:G35", "BSI:SYS.1.5.A10", "NIST:HY-SR-10 (draft)"),
)
def not_abandoned(vm: VM) -> Verdict:
    """Whoever finds a forgotten machine finds its data, and accounts and software of its time.

    Remediation:
        Retire the machine with `Remove-VM` and wipe its disks; tag templates and cold standby.
    """
    idle = _idle(vm)
    if idle is None:
        return NOT_APPLICABLE
    if idle <= timedelta(days=180):
        return PASS
    return fail(f"{vm} is off, and nothing was written to its disks for {_days(idle)}")


@check(
    "HV-VM-039",
    title="Virtual machines that are off for long are patched before they start",
    severity=Severity.LOW,
    refs=("seed:G02", "seed:M10", "seed:M11", "NIST:HY-SR-18 (draft)", "MS-Plan"),
)
def not_outdated(vm: VM) -> Verdict:
    """When started, the machine lacks all updates since it was last used.

    Remediation:
        Start and patch it in a network of its own first.
    """
    idle = _idle(vm)
    if idle is None or idle > timedelta(days=180):
        return NOT_APPLICABLE
    if idle < timedelta(days=30):
        return PASS
    return fail(f"{vm} is off, nothing was written to its disks for {_days(idle)}: it will start without updates")


@check(
    "HV-VM-002",
    title="No virtual machine is saved for long",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A24",),
)
def not_saved_for_long(vm: VM) -> Verdict:
    """A saved machine is an image of its memory on disk, with all passwords and keys in it.

    Remediation:
        Start the machine, or delete its saved state with `Remove-VMSavedState -VMName <name>`.
    """
    if vm.state is not VMState.SAVED:
        return PASS
    old = age(vm.host, vm.time_of_last_state_change or _saved_state_written(vm))
    return PASS if old <= timedelta(days=7) else fail(f"{vm} has been saved for {_days(old)}")


def _saved_state_written(vm: VM) -> datetime:
    """The last write to the files of the machine's memory, which carry its id. Raises NotAssessed."""
    files = vm.host.rows(VMFile).select(lambda file: file.kind is VMFileKind.RUNTIME and vm.id in file.path.casefold())
    if files.gap is not None:
        raise NotAssessed(files.gap)
    times = [file.last_write_utc for file in files]
    if not times:
        raise undetermined(f"since when {vm} is saved is not known", table="vm", column="TimeOfLastStateChange")
    return max(times)


@check(
    "HV-VM-006",
    title="Servers do not take standard checkpoints",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A24",),
    since="2016",
)
def production_checkpoints(vm: VM) -> Verdict:
    """A standard checkpoint freezes memory and disks at a moment that applications know nothing of; going back can spoil their data.

    Remediation:
        Run `Set-VM -Name <name> -CheckpointType ProductionOnly`.
    """
    if vm.checkpoint_type is not CheckpointType.STANDARD:
        return PASS
    # Of a domain controller it is reported as HV-GST-014.
    if not is_production(vm) or is_known_domain_controller(vm):
        return NOT_APPLICABLE
    return fail(f"{vm} takes standard checkpoints")


@check(
    "HV-VM-007",
    title="Automatic checkpoints are off",
    severity=Severity.LOW,
    refs=("seed:G36", "BSI:SYS.1.5.A24"),
    since="2019",
)
def no_automatic_checkpoints(vm: VM) -> Verdict:
    """Each start then makes a checkpoint that grows as long as the machine runs. Server hosts have this off by default.

    Remediation:
        Run `Set-VM -Name <name> -AutomaticCheckpointsEnabled $false`.
    """
    if not vm.automatic_checkpoints_enabled:
        return PASS
    if vm.host.one(OperatingSystem).product_type is OperatingSystemProductType.WORKSTATION:
        return NOT_APPLICABLE
    return fail(f"{vm} takes a checkpoint at each start")


@check("HV-VM-010", title="Virtual machines are shut down with the host", severity=Severity.MEDIUM)
def shut_down_with_the_host(vm: VM) -> Verdict:
    """To be turned off is a power failure for the guest; a domain controller must not be saved either.

    Remediation:
        Run `Set-VM -Name <name> -AutomaticStopAction ShutDown`, with the machine off.
    """
    action = vm.automatic_stop_action
    if action is StopAction.TURN_OFF:
        return fail(f"{vm} is turned off when the host stops")
    if action is StopAction.SAVE and says_domain_controller(vm):
        return fail(f"{vm} is a domain controller and is saved when the host stops")
    return PASS


@check(
    "HV-VM-036",
    title="Notes and names of virtual machines hold no secrets",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1552",),
)
def no_secrets_in_notes(vm: VM) -> Verdict:
    """Notes and names are read by everybody who may see the machine, and go along with each export and backup.

    The notes are not repeated here. A name counts where it gives a value to one of these words, as in `password=`.

    Remediation:
        Change the password, then run `Set-VM -Name <name> -Notes ''`, for a name `Rename-VM`.
    """

    def has_one_in_its_notes() -> Verdict | None:
        return fail(f"The notes of {vm} look like a password or a key") if vm.notes_suspicious else None

    def has_one_in_its_name() -> Verdict | None:
        return fail(f"The name of {vm} looks like a password or a key") if SECRET.search(vm.name) else None

    return settle(has_one_in_its_notes, has_one_in_its_name)


@check(
    "HV-VM-041",
    title="The console is locked when its viewer leaves",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A25", "ATT&CK:T1563.002"),
    since="2016",
)
def console_is_locked(vm: VM) -> Verdict:
    """Whoever connects next finds the session of the one before. The default is off, so machines as made all show here.

    Remediation:
        Run `Set-VM -Name <name> -LockOnDisconnect On`.
    """
    return PASS if vm.lock_on_disconnect is OnOff.ON else fail(f"The console of {vm} stays open when its viewer leaves")


@check(
    "HV-VM-005",
    title="Virtual machines are far from the limit of checkpoints",
    severity=Severity.LOW,
    refs=(
        "seed:G36",
        "https://learn.microsoft.com/windows-server/virtualization/hyper-v/plan/plan-hyper-v-scalability-in-windows-server",
    ),
)
def few_checkpoints(vm: VM) -> Verdict:
    """At the limit no checkpoint can be made any more, so backups that need one fail; a long chain also makes the machine slow.

    Remediation:
        Run `Get-VMSnapshot -VMName <name> | Remove-VMSnapshot` for those that nobody needs.
    """
    checkpoints = vm.host.where(VMCheckpoint, vm_id=vm.id)
    count = len(checkpoints.known)
    # What could not be read makes no finding smaller, but there is no pass without it.
    if count <= MANY_CHECKPOINTS and len(checkpoints) == count:
        return PASS
    return fail(f"{vm} has {count} checkpoints; Hyper-V keeps at most {MOST_CHECKPOINTS}")


@check(
    "HV-VM-009",
    title="Machines that others depend on start with the host",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A20",),
)
def infrastructure_starts_with_the_host(vm: VM) -> Verdict:
    """After a power failure nobody can log on or resolve a name until somebody starts the domain controller by hand.

    Remediation:
        Run `Set-VM -Name <name> -AutomaticStartAction StartIfRunning`.
    """
    if vm.automatic_start_action is not StartAction.NOTHING:
        return PASS
    # The cluster starts its machines itself, and a replica is off by design.
    if vm.is_clustered or vm.is_replica:
        return NOT_APPLICABLE
    if is_tagged(vm, *INFRASTRUCTURE):
        return fail(f"{vm} serves others and does not start with the host")
    return fail(f"{vm} is a domain controller and does not start with the host") if says_domain_controller(vm) else PASS


@check(
    "HV-VM-018",
    title="Virtual machines are of generation 2 where their guest supports it",
    severity=Severity.LOW,
    refs=("seed:G01", "MS-Plan"),
    since="2012R2",
)
def newest_generation(vm: VM) -> Verdict:
    """Generation 1 has no Secure Boot and a BIOS and devices of the last century, whose emulation the host must trust.

    Remediation:
        Build the machine anew as generation 2, or convert its disk to GPT (`mbr2gpt`) and attach it to a new machine. There is no switch.
    """
    if vm.generation != 1:
        return PASS
    guest = guest_of(vm)
    if not guest.is_windows or guest.version < SUPPORTS_GENERATION_2:
        return NOT_APPLICABLE
    if guest.family == CLIENT:
        architecture = guest.processor_architecture
        if architecture == THIRTY_TWO_BIT:
            return NOT_APPLICABLE
        if architecture != SIXTY_FOUR_BIT:
            raise undetermined(f"whether the guest of {vm} has 64 bits is not known", table="vm_guest_kvp")
    return fail(f"{vm} is of generation 1, though its guest supports generation 2")
