"""HV-CLU: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, ask, failed
from machines import HIDDEN, guest, machine, machines, of

from analyzers import cluster
from snapshot_tool.verdict import Severity

HIGH, MEDIUM, LOW, INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO


def worst(check, era="2019", unsupported=(), **tables):
    snapshot = machines(era, unsupported=unsupported, **tables)
    found = max(ask(check, snapshot), key=lambda result: (result.status, result.severity))
    return (found.status, found.severity) if found.status is FAIL else found.status


def volume(letter=None, *, mounts=(), csv=False, disks=(1,)):
    return {
        "DeviceId": f"volume-{letter or mounts}",
        "DriveLetter": letter,
        "MountPaths": list(mounts),
        "IsCsv": csv,
        "DiskNumbers": None if disks is None else list(disks),
    }


CSV = volume(mounts=("C:\\ClusterStorage\\Volume1\\",), csv=True)
CLUSTER = {
    "Name": "HVCL01",
    "WitnessType": "File Share Witness",
    "WitnessSharePath": "\\\\fs09\\witness$",
    "DynamicQuorum": 1,
    "SharedVolumesRoot": "C:\\ClusterStorage",
}
STORAGE = {
    "vm": [machine(IsClustered=True)],
    "cluster": [CLUSTER],
    "volumes": [volume("C:"), volume("D:", disks=(2,)), CSV],
    "disks": [{"Number": 1, "IsClustered": False}, {"Number": 2, "IsClustered": True}],
    "vm_dvd_drive": [],
}


def disk_at(path, **changed):
    rows = [of(Id="1", Path=path)]
    return worst(cluster.clustered_machines_use_shared_storage, **(STORAGE | {"vm_hard_disk": rows} | changed))


def iso_at(path, media="ISO"):
    return disk_at(None, vm_dvd_drive=[of(Id="2", Path=path, DvdMediaType=media)])


def test_a_clustered_machine_needs_storage_that_every_node_reaches():
    assert disk_at("C:\\ClusterStorage\\Volume1\\web.vhdx") is PASS
    assert disk_at("C:\\ClusterStorage\\Unlisted\\web.vhdx") is PASS
    assert disk_at("\\\\fs01\\vms\\web.vhdx") is PASS
    assert disk_at("D:\\web.vhdx") is PASS
    assert disk_at("C:\\VMs\\web.vhdx") == (FAIL, HIGH)
    assert disk_at("C:\\VMs\\web.vhdx", vm=[machine()]) is NA
    assert iso_at("C:\\ISO\\setup.iso") == (FAIL, MEDIUM)
    assert iso_at("C:\\ISO\\setup.iso", "None") is PASS


def test_what_is_not_known_of_volumes_and_disks_is_a_gap():
    assert disk_at("C:\\VMs\\web.vhdx", volumes=failed()) is GAP
    assert disk_at("C:\\VMs\\web.vhdx", volumes=[volume("C:", disks=None), CSV]) is GAP
    assert disk_at("C:\\VMs\\web.vhdx", disks=failed()) is GAP
    assert disk_at(HIDDEN) is GAP
    # On Server 2008 nobody can tell which disk belongs to the cluster.
    old = [{key: value for key, value in row.items() if key != "DiskNumbers"} for row in STORAGE["volumes"]]
    assert disk_at("C:\\VMs\\web.vhdx", era="2008R2", volumes=old, disks=[]) is GAP


def quorum(votes, era="2019", *, unsupported=(), extra=None, **changed):
    nodes = [{"Name": f"n{n}", "NodeWeight": weight} for n, weight in enumerate(votes)]
    tables = {"vm": [machine()], "cluster_resource": [], "vm_guest_kvp": []} | (extra or {})
    row = CLUSTER | changed
    row = {name: value for name, value in row.items() if f"cluster.{name}" not in unsupported}
    return worst(cluster.quorum_is_strong, era, unsupported, cluster=[row], cluster_node=nodes, **tables)


@pytest.mark.parametrize(
    ("votes", "dynamic", "expected"),
    [
        ([1, 1], 1, (FAIL, HIGH)),
        ([1, 1, 1], 1, PASS),
        ([1, 1, 1, 1], 1, (FAIL, LOW)),
        ([1, 1, 1, 1], 0, (FAIL, MEDIUM)),
        ([1, 1, 1, 0], 1, PASS),
        ([1], 1, PASS),
        ([1, HIDDEN], 1, GAP),
    ],
)
def test_an_even_number_of_votes_needs_a_witness(votes, dynamic, expected):
    without = {"WitnessType": None, "WitnessSharePath": None, "DynamicQuorum": dynamic}
    assert quorum(votes, **without) == expected
    assert quorum(votes) is PASS


def test_quorum_that_cannot_be_read_is_a_gap_and_before_2012_r2_votes_are_fixed():
    four = [1, 1, 1, 1]
    assert quorum(four, WitnessType=HIDDEN) is GAP
    assert quorum(four, WitnessType=None, WitnessSharePath=None, DynamicQuorum=HIDDEN) == (FAIL, MEDIUM)
    old = {"unsupported": ("cluster.DynamicQuorum",), "WitnessType": None, "WitnessSharePath": None}
    assert quorum(four, "2012", **old) == (FAIL, MEDIUM)


def test_a_witness_on_a_machine_of_the_cluster_fails():
    named = {"vm": [machine(Name="FS09", IsClustered=True)]}
    assert quorum([1, 1], extra=named) == (FAIL, MEDIUM)
    said = {
        "vm": [machine(IsClustered=True)],
        "vm_guest_kvp": [guest() | {"FullyQualifiedDomainName": "fs09.corp.example"}],
    }
    assert quorum([1, 1], extra=said) == (FAIL, MEDIUM)
    elsewhere = {"cluster_resource": [{"Id": "1", "ResourceType": "Virtual Machine", "OwnerGroup": "FS09"}]}
    assert quorum([1, 1], extra=elsewhere) == (FAIL, MEDIUM)
    assert quorum([1, 1], extra={"vm": [machine(Name="FS09")]}) is PASS
    assert quorum([1, 1], extra=named, WitnessSharePath="\\\\10.0.0.9\\witness") is PASS
    assert quorum([1, 1], extra={"cluster_resource": HIDDEN}) is GAP


@pytest.mark.parametrize(
    ("free", "fault", "expected"),
    [
        (50.0, 0, PASS),
        (14.9, 0, (FAIL, MEDIUM)),
        (4.9, 0, (FAIL, HIGH)),
        (50.0, 1, (FAIL, INFO)),
        (50.0, 8, (FAIL, INFO)),
        (50.0, 3, GAP),
        (HIDDEN, 0, GAP),
        (HIDDEN, 1, (FAIL, HIGH)),
        (14.9, HIDDEN, (FAIL, HIGH)),
    ],
)
def test_shared_volumes_need_room_and_what_a_fault_means_is_unverified(free, fault, expected):
    rows = [{"Name": "Disk 1", "Path": "C:\\ClusterStorage\\Volume1", "PercentFree": free, "FaultState": fault}]
    assert worst(cluster.shared_volumes_are_fit, cluster_csv=rows) == expected


def test_a_host_of_its_own_has_no_cluster():
    snapshot = machines(absent=("cluster", "cluster_csv"))
    for check in (cluster.quorum_is_strong, cluster.shared_volumes_are_fit):
        assert [result.status for result in ask(check, snapshot)] == [NA]
