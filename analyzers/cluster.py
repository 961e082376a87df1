"""HV-CLU: what a failover cluster needs so that its machines survive the loss of a node."""

from snapshot_tool.check import check
from snapshot_tool.model.cluster import Cluster, ClusterNode, ClusterResource, ClusterSharedVolume
from snapshot_tool.model.guest import VMGuestKvp
from snapshot_tool.model.paths import folded_path, is_unc
from snapshot_tool.model.storage import Disk, Volume, holder_of, is_in_cluster_storage
from snapshot_tool.model.vm import VM
from snapshot_tool.model.vm_storage import DvdMediaType, VMDvdDrive, VMHardDisk
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    NotOffered,
    Severity,
    Verdict,
    either,
    fail,
    graded,
    listed,
    settle,
    undetermined,
)

SCARCE, NEARLY_FULL = 15, 5
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

    def is_full() -> Verdict | None:
        free = volume.percent_free
        if free >= SCARCE:
            return None
        severity = Severity.HIGH if free < NEARLY_FULL else Severity.MEDIUM
        return fail(f"The shared volume {volume} has {free:.1f} % free", severity)

    def has_a_fault() -> Verdict | None:
        state = volume.fault_state
        if state == 0:
            return None
        words = FAULTS.get(state)
        if words is None:
            raise undetermined(f"{state} is no known state", table="cluster_csv", column="FaultState")
        return fail(f"The shared volume {volume} {words} (the meaning of state {state} is unverified)", Severity.INFO)

    return settle(is_full, has_a_fault, worst=Severity.HIGH)
