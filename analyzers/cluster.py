"""HV-CLU: what a failover cluster needs so that its machines survive the loss of a node."""

from collections.abc import Sequence
from datetime import timedelta

from snapshot_tool.check import check
from snapshot_tool.knowledge.format import eras
from snapshot_tool.knowledge.sids import is_low_privilege
from snapshot_tool.knowledge.vm_limits import vm_limits
from snapshot_tool.model.accounts import account_name
from snapshot_tool.model.cluster import (
    Cluster,
    ClusterAccess,
    ClusterAffinityRule,
    ClusterGroup,
    ClusterNetwork,
    ClusterNetworkRole,
    ClusterNode,
    ClusterResource,
    ClusterRights,
    ClusterSharedVolume,
)
from snapshot_tool.model.filesystem import VMFile, VMFileKind
from snapshot_tool.model.guest import VMGuestKvp, says_domain_controller
from snapshot_tool.model.host import OperatingSystem
from snapshot_tool.model.network import NetIPAddress
from snapshot_tool.model.owners import is_production
from snapshot_tool.model.paths import folded_path, is_unc
from snapshot_tool.model.registry import registry_number
from snapshot_tool.model.review import to_review
from snapshot_tool.model.security import Grant
from snapshot_tool.model.storage import (
    Disk,
    IscsiConnection,
    IscsiSession,
    Volume,
    holder_of,
    is_in_cluster_storage,
    is_on_shared_storage,
)
from snapshot_tool.model.topology import has_one_subnet
from snapshot_tool.model.vm import VM, VMState
from snapshot_tool.model.vm_network import VMNetworkAdapter
from snapshot_tool.model.vm_storage import DvdMediaType, VMDvdDrive, VMHardDisk
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Gap,
    NotAssessed,
    NotOffered,
    Severity,
    Verdict,
    either,
    fail,
    graded,
    listed,
    manual,
    settle,
    undetermined,
)

SCARCE, NEARLY_FULL = 15, 5
UPGRADE_TIME = timedelta(days=30)
VALIDATION_DUE = timedelta(days=365)
NO_ADDRESS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - what the initiator tells, nothing is bound
MSV1_0 = r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0"
NTLM_DENIED = 2
DYNAMIC_ENOUGH = 4
MACHINE_RESOURCE = "virtual machine"
REDIRECTED, NO_ACCESS, IN_MAINTENANCE, DISMOUNTED = 1, 2, 4, 8
FAULTS = {
    REDIRECTED: "is reached through another node",
    NO_ACCESS: "cannot be reached",
    IN_MAINTENANCE: "is in maintenance",
    DISMOUNTED: "is dismounted",
}


@check("HV-CLU-003", title="Clustered machines use shared storage", severity=Severity.HIGH, refs=("BSI:SYS.1.5.A20",))
def clustered_machines_use_shared_storage(vm: VM) -> Verdict:
    r"""A machine with a disk or an image on one node cannot start on another: the cluster protects it in name only.

    Remediation:
        Run `Move-VMStorage -VMName <name> -DestinationStoragePath C:\ClusterStorage\<volume>\<folder>`; take local images out of
        drives with `Set-VMDvdDrive -VMName <name> -Path $null`.
    """
    if not vm.is_clustered:
        return NOT_APPLICABLE
    host = vm.host

    def disks() -> Verdict | None:
        found = host.where(VMHardDisk, vm_id=vm.id).matching(lambda row: _is_local(host, row.path))
        names = listed(sorted(str(row.path) for row in found))
        return (
            fail(f"The clustered machine {vm} has disks on storage of one node: {names}", Severity.HIGH)
            if found
            else None
        )

    def images() -> Verdict | None:
        found = host.where(VMDvdDrive, vm_id=vm.id).matching(
            lambda row: row.dvd_media_type is DvdMediaType.ISO and _is_local(host, row.path)
        )
        names = listed(sorted(str(row.path) for row in found))
        return (
            fail(f"The clustered machine {vm} has an image on storage of one node: {names}", Severity.MEDIUM)
            if found
            else None
        )

    return settle(disks, images, worst=Severity.HIGH)


def _is_local(host: Snapshot, path: str | None) -> bool:
    """Whether a file is on storage that only this node reaches. Raises NotAssessed."""
    if path is None:
        return False
    place = folded_path(host, path)
    if is_unc(place):
        return False
    volume = holder_of(host, place)
    # Shared volumes are known by their place, also where the volume itself was not listed.
    if is_in_cluster_storage(place) or (volume is not None and volume.is_csv):
        return False
    if volume is None:
        raise undetermined(f"no volume holds {path}", table="volumes")
    return not _is_on_cluster_disk(volume)


def _is_on_cluster_disk(volume: Volume) -> bool:
    try:
        numbers = volume.disk_numbers
    except NotOffered:
        numbers = None
    if not numbers:
        raise undetermined(f"the disks of {volume} are not known", table="volumes", column="DiskNumbers")
    for number in numbers:
        disk = volume.host.find(Disk, number=number)
        if disk is None:
            raise undetermined(f"disk {number} is not in the snapshot", table="disks")
        try:
            if not disk.is_clustered:
                return False
        except NotOffered:
            raise undetermined(f"whether disk {number} is of the cluster is not known", table="disks") from None
    return True


@check(
    "HV-CLU-004",
    title="The cluster keeps its quorum when a node or the witness fails",
    severity=Severity.HIGH,
    refs=("BSI:SYS.1.5.A20",),
)
def quorum_is_strong(cluster: Cluster) -> Verdict:
    r"""With an even number of votes a cut between the nodes leaves no majority, and the cluster stops every machine.

    Remediation:
        Run `Set-ClusterQuorum -CloudWitness ...`, `-NodeAndFileShareMajority \\<server>\<share>` or `-NodeAndDiskMajority <disk>`; keep
        the witness off the machines of the cluster.
    """
    host = cluster.host

    def lacks_a_witness() -> Verdict | None:
        if cluster.witness_type is not None:
            return None
        nodes = host.rows(ClusterNode).select(lambda node: node.node_weight == 1)
        votes = len(nodes)
        if not votes or votes % 2:
            return None
        if votes == 2:
            return fail(f"The cluster {name} has two nodes and no witness", Severity.HIGH)

        def weight() -> Severity:
            is_dynamic = either(lambda: cluster.dynamic_quorum == 1)
            return Severity.LOW if is_dynamic and votes >= DYNAMIC_ENOUGH else Severity.MEDIUM

        return graded(f"The cluster {name} has {votes} votes and no witness", Severity.MEDIUM, weight)

    def witness_is_a_guest() -> Verdict | None:
        path = cluster.witness_share_path
        if not path:
            return None
        server = _label(path.replace("/", "\\").lstrip("\\").partition("\\")[0])
        if not server or not _is_machine_of_cluster(host, server):
            return None
        return fail(f"The witness {path} of the cluster {name} is on a machine of the same cluster", Severity.MEDIUM)

    name = cluster.name
    return settle(lacks_a_witness, witness_is_a_guest, worst=Severity.HIGH)


def _label(name: str) -> str:
    """The first label of a computer's name; an address has none."""
    folded = name.casefold()
    return "" if folded.replace(".", "").isdigit() or ":" in folded else folded.partition(".")[0]


def _is_machine_of_cluster(host: Snapshot, server: str) -> bool:
    """Whether a clustered machine has this name, or its guest says so; machines of other nodes are known by their group."""

    def is_named(vm: VM) -> bool:
        if not vm.is_clustered:
            return False
        if vm.name.casefold() == server:
            return True
        guest = host.find(VMGuestKvp, vm_id=vm.id)
        return guest is not None and _label(guest.fully_qualified_domain_name or "") == server

    def is_group(resource: ClusterResource) -> bool:
        return resource.resource_type.casefold() == MACHINE_RESOURCE and resource.owner_group.casefold() == server

    return either(
        lambda: bool(host.rows(VM).matching(is_named)), lambda: bool(host.rows(ClusterResource).matching(is_group))
    )


@check(
    "HV-CLU-006",
    title="Cluster Shared Volumes have room and are reached directly",
    severity=Severity.HIGH,
    since="2008R2",
)
def shared_volumes_are_fit(volume: ClusterSharedVolume) -> Verdict:
    """On a full volume every machine pauses; what is redirected costs the network of the cluster and time.

    Remediation:
        Free space or extend the volume; for access through another node ask `Get-ClusterSharedVolumeState` for the reason.
    """
    name = _volume_and_place(volume)

    def is_full() -> Verdict | None:
        free = volume.percent_free
        if free >= SCARCE:
            return None
        severity = Severity.HIGH if free < NEARLY_FULL else Severity.MEDIUM
        return fail(f"The shared volume {name} has {free:.1f} % free", severity)

    def has_a_fault() -> Verdict | None:
        state = volume.fault_state
        if state == 0:
            return None
        words = FAULTS.get(state)
        if words is None:
            raise undetermined(f"{state} is no known state", table="cluster_csv", column="FaultState")
        return fail(f"The shared volume {name} {words} (the meaning of state {state} is unverified)", Severity.INFO)

    return settle(is_full, has_a_fault, worst=Severity.HIGH)


def _volume_and_place(volume: ClusterSharedVolume) -> str:
    try:
        return " ".join((str(volume), f"({volume.path})"))
    except NotAssessed:
        return str(volume)


@check(
    "HV-CLU-001",
    title="Traffic between the nodes is encrypted",
    severity=Severity.HIGH,
    refs=("ATT&CK:T1040",),
    since="2012",
)
def cluster_traffic_is_encrypted(cluster: Cluster) -> Verdict:
    """Who is in the networks of the cluster reads, and without a signature also changes, what the nodes tell each other.

    Remediation:
        Run `(Get-Cluster).SecurityLevel = 2`.
    """
    level = cluster.security_level
    match level:
        case 0:
            return fail(f"The nodes of the cluster {cluster.name} talk in clear text and without a signature")
        case 1:
            return fail(
                f"The nodes of the cluster {cluster.name} sign what they tell each other and do not encrypt it, the default",
                Severity.INFO,
            )
        case 2:
            return PASS
        case _:
            raise undetermined(f"{level} is no known level", table="cluster", column="SecurityLevel")


@check(
    "HV-CLU-002",
    title="Machines on shared volumes are machines of the cluster",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A20",),
    since="2008R2",
)
def machines_on_shared_volumes_are_clustered(vm: VM) -> Verdict:
    """The other nodes could run the machine, but when this one fails nobody tells them to.

    Remediation:
        Run `Add-ClusterVirtualMachineRole -VMName <name>`.
    """
    if vm.is_clustered:
        return PASS
    host = vm.host
    if host.absent(Cluster) is not None or not is_production(vm):
        return NOT_APPLICABLE

    def is_shared(path: str | None) -> bool:
        place = folded_path(host, path) if path else ""
        return bool(place) and not is_unc(place) and is_on_shared_storage(host, place)

    disks = host.where(VMHardDisk, vm_id=vm.id)
    if either(
        lambda: is_shared(vm.configuration_location), lambda: bool(disks.matching(lambda row: is_shared(row.path)))
    ):
        return fail(f"{vm} is on a shared volume of the cluster, and the cluster does not know it")
    return PASS


@check(
    "HV-CLU-005",
    title="The cluster has the functional level of its nodes",
    severity=Severity.MEDIUM,
    refs=("NIST:HY-SR-18 (draft)",),
    since="2012R2",
)
def upgrade_is_finished(cluster: Cluster) -> Verdict:
    """Until then the cluster works as the old release does; Microsoft supports that for weeks, not for good.

    Remediation:
        Run `Update-ClusterFunctionalLevel` once no node will go back: there is no way down.
    """
    host = cluster.host
    level = cluster.cluster_functional_level
    oldest = min((node.build_number for node in host.rows(ClusterNode)), default=None)
    if oldest is None:
        raise undetermined(f"the nodes of {cluster} are not known", table="cluster_node")
    # A build between two releases is one of the annual channel, whose level the table does not know.
    limits = vm_limits(next((era.name for era in eras() if era.first_build == oldest), None))
    if limits is None or limits.cluster_level is None:
        raise undetermined(f"the functional level of nodes with build {oldest} is not known", table="cluster_node")
    if level >= limits.cluster_level:
        return PASS
    started = host.host.started
    if started is None:
        raise undetermined("the time of collection is not known")
    old = started - host.one(OperatingSystem).install_date_utc
    if old <= UPGRADE_TIME:
        return PASS
    return fail(
        f"The cluster {cluster.name} has the functional level {level}, and all its nodes support {limits.cluster_level};"
        f" this one was installed {old.days} days ago"
    )


@check(
    "HV-CLU-007",
    title="Only administrators control the cluster",
    severity=Severity.HIGH,
    refs=("NIST:HY-SR-13 (draft)",),
    since="2008R2",
)
def cluster_is_for_administrators(access: ClusterAccess) -> Verdict:
    """Who has full access to the cluster moves and stops every machine, and puts scripts into it that run as the system.

    Remediation:
        Run `Remove-ClusterAccess -User <account>`; for those who only look, `Grant-ClusterAccess -User <account> -ReadOnly`.
    """
    if access.cluster_rights is not ClusterRights.FULL:
        return PASS
    host = access.host
    sid = access.identity_reference
    who = account_name(host, sid)
    if is_low_privilege(sid):
        return fail(f"{who} has full access to the cluster", Severity.HIGH)
    if not to_review(host, (Grant(sid, 0),)):
        return PASS
    return fail(f"{who} has full access to the cluster and does not administer this node", Severity.MEDIUM)


@check(
    "HV-CLU-008",
    title="The networks of the cluster carry what they are meant for",
    severity=Severity.MEDIUM,
    refs=("seed:G11", "MS-Plan", "BSI:SYS.1.5.A11"),
    since="2008R2",
)
def cluster_networks_are_suitable(network: ClusterNetwork) -> Verdict:
    """Storage and machines are disturbed by the cluster's own traffic; memory on its way belongs where nobody can listen.

    Remediation:
        Run `(Get-ClusterNetwork <name>).Role = 0` for networks of storage and of machines. For migration exclude networks with
        `Get-ClusterResourceType "Virtual Machine" | Set-ClusterParameter MigrationExcludeNetworks <id>;<id>`.
    """
    host = network.host

    def is_managed() -> bool:
        return bool(host.rows(NetIPAddress).matching(lambda row: network.holds(row.address) and row.has_gateway))

    def serves_machines() -> bool:
        return bool(host.rows(VMNetworkAdapter).matching(lambda adapter: _serves_a_guest(adapter, network)))

    def carries_storage() -> bool:
        return either(
            lambda: bool(
                host.rows(IscsiSession).matching(lambda session: network.holds(session.initiator_portal_address))
            ),
            lambda: bool(host.rows(IscsiConnection).matching(lambda connection: network.holds(_source_of(connection)))),
        )

    def role_is_right() -> Verdict | None:
        # The network of management has to serve the cluster's clients; who else is in it is asked elsewhere.
        if network.role is ClusterNetworkRole.NONE or is_managed():
            return None
        if carries_storage():
            return fail(f"The cluster uses {network}, a network of iSCSI, for its own traffic", Severity.MEDIUM)
        if serves_machines():
            return fail(
                f"The cluster uses {network}, a network of virtual machines, for its own traffic", Severity.MEDIUM
            )
        return None

    def migration_is_apart() -> Verdict | None:
        if network.excluded_from_migration:
            return None
        if is_managed():
            return graded(
                f"The cluster may migrate machines over {network}, the network of management", Severity.MEDIUM, weight
            )
        if serves_machines():
            return graded(
                f"The cluster may migrate machines over {network}, a network of virtual machines",
                Severity.MEDIUM,
                weight,
            )
        return None

    def weight() -> Severity:
        return Severity.LOW if has_one_subnet(host) else Severity.MEDIUM

    return settle(role_is_right, migration_is_apart, worst=Severity.MEDIUM)


def _serves_a_guest(adapter: VMNetworkAdapter, network: ClusterNetwork) -> bool:
    """Whether a running machine says that it has an address in the network. Raises NotAssessed."""
    if adapter.is_management_os or not any(network.holds(address) for address in adapter.ip_addresses or ()):
        return False
    vm = adapter.vm
    if vm is None:
        raise undetermined(f"the virtual machine of {adapter} is not known", table="vm")
    return vm.state is VMState.RUNNING


def _source_of(connection: IscsiConnection) -> str | None:
    """The address that a connection to storage starts from; None for a target on the host itself. Raises NotAssessed."""
    own, target = connection.initiator_address, connection.target_address
    if target is not None and target.startswith("127."):
        return None
    if own is None or own in NO_ADDRESS:
        raise undetermined(f"the address that {connection} starts from is not known", table="iscsi_connections")
    return own


@check(
    "HV-CLU-009",
    title="Domain controllers are kept on different nodes",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A20",),
)
def domain_controllers_are_kept_apart(cluster: Cluster) -> Verdict:
    """When all domain controllers are on the node that fails, nobody can log on, and the cluster itself may not come up.

    Remediation:
        Give the groups a class in common: `(Get-ClusterGroup <name>).AntiAffinityClassNames = "domain controllers"`; since 2022 a rule
        (`New-ClusterAffinityRule -RuleType DifferentNode`) does the same.
    """
    host = cluster.host
    nodes = host.rows(ClusterNode)
    if len(nodes.known) < 2 and len(nodes) < 2:
        return NOT_APPLICABLE
    controllers = host.rows(VM).select(lambda vm: vm.is_clustered and says_domain_controller(vm))
    known: list[tuple[VM, frozenset[str]]] = []
    gap = controllers.gap
    for vm in controllers.known:
        try:
            known.append((vm, _anti_affinity(vm)))
        except NotAssessed as missing:
            gap = gap or missing.gap
    if _is_open(known):
        # Only here can a rule change the answer.
        rules, unknown = _rules_apart(host)
        known = [(vm, own | _ruled(vm, rules)) for vm, own in known]
        if unknown is not None and _is_open(known):
            raise NotAssessed(unknown)
    if free := _not_apart(known):
        return fail(f"Nothing in the cluster keeps the domain controllers {listed(free)} on different nodes")
    if gap is not None:
        raise NotAssessed(gap)
    for vm, own in known:
        if not own:
            return manual(
                f"Does another domain controller run on the cluster? {vm} has neither a class nor a rule that keeps it apart"
            )
    return PASS if known else NOT_APPLICABLE


def _not_apart(known: Sequence[tuple[VM, frozenset[str]]]) -> list[str]:
    """Machines that share nothing with one of the others that would keep the two apart."""
    return [str(vm) for vm, own in known if any(own.isdisjoint(theirs) for other, theirs in known if other is not vm)]


def _is_open(known: Sequence[tuple[VM, frozenset[str]]]) -> bool:
    return bool(_not_apart(known)) or any(not own for _, own in known)


def _groups_of(vm: VM) -> list[ClusterGroup]:
    """The groups that a clustered machine is in. Raises NotAssessed."""
    found = []
    for resource in vm.host.where(ClusterResource, vm_id=vm.id):
        group = vm.host.find(ClusterGroup, name=resource.owner_group)
        if group is None:
            raise undetermined(f"the group of {vm} is not known", table="cluster_group")
        found.append(group)
    if not found:
        raise undetermined(f"the group of {vm} is not known", table="cluster_resource")
    return found


def _anti_affinity(vm: VM) -> frozenset[str]:
    """The classes of the groups that a clustered machine is in. Raises NotAssessed."""
    return frozenset(f"class {name.casefold()}" for group in _groups_of(vm) for name in group.anti_affinity_class_names)


def _rules_apart(host: Snapshot) -> tuple[Sequence[frozenset[str]], Gap | None]:
    """The groups, by name or id, of each rule that keeps its groups on different nodes; and what hides further rules."""
    try:
        rules = host.rows(ClusterAffinityRule).select(lambda rule: rule.keeps_apart and bool(rule.groups))
    except NotOffered:
        return (), None
    return [frozenset(text.strip("{}").casefold() for text in rule.groups) for rule in rules.known], rules.gap


def _ruled(vm: VM, rules: Sequence[frozenset[str]]) -> frozenset[str]:
    """The rules that name a group of the machine. Raises NotAssessed."""
    if not rules:
        return frozenset()
    names = {text.casefold() for group in _groups_of(vm) for text in (group.name, group.id)}
    return frozenset(f"rule {number}" for number, members in enumerate(rules) if members & names)


@check(
    "HV-CLU-012",
    title="The cluster was validated within a year",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A14",),
)
def cluster_was_validated(cluster: Cluster) -> Verdict:
    """Updates, drivers and new nodes make a cluster what nobody has tested; Microsoft supports it only with a report.

    Remediation:
        Run `Test-Cluster`; without the tests of storage it does not disturb what runs (`-Ignore Storage`).
    """
    host = cluster.host
    started = host.host.started
    if started is None:
        raise undetermined("the time of collection is not known")
    reports = host.rows(VMFile).select(lambda file: file.kind is VMFileKind.CLUSTER_REPORT)
    newest = max((file.last_write_utc for file in reports.known), default=None)
    if newest is not None and started - newest <= VALIDATION_DUE:
        return PASS
    if reports.gap is not None:
        raise NotAssessed(reports.gap)
    if newest is None:
        return fail(f"The node has no validation report of the cluster {cluster.name}")
    return fail(f"The cluster {cluster.name} was last validated {(started - newest).days} days ago")


@check(
    "HV-CLU-013",
    title="Nodes of old clusters may use NTLM",
    severity=Severity.MEDIUM,
    refs=("https://learn.microsoft.com/windows-server/failover-clustering/failover-cluster-csvs",),
    since="2008R2",
    until="2012R2",
)
def nodes_may_use_ntlm(host: Snapshot) -> Verdict:
    r"""Up to 2012 R2 the nodes reach each other's shared volumes with NTLM; without it machines pause as soon as access is redirected.

    Remediation:
        Allow the nodes in the policies "Restrict NTLM", or set the values below `HKLM\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0` to 1.
    """

    def blocks(name: str, what: str) -> Verdict | None:
        if registry_number(host, MSV1_0, name) != NTLM_DENIED:
            return None
        if not host.rows(ClusterSharedVolume):
            return None
        return fail(f"NTLM {what} is blocked on a node with Cluster Shared Volumes")

    if host.absent(Cluster) is not None:
        return NOT_APPLICABLE
    return settle(
        lambda: blocks("RestrictSendingNTLMTraffic", "to other servers"),
        lambda: blocks("RestrictReceivingNTLMTraffic", "from clients"),
    )
