"""HV-CLU: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, ask, failed, partial, verdict
from machines import HIDDEN, WEB, guest, machine, machines, of, sheet

from analyzers import cluster
from snapshot_tool.policy import NO_POLICY
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


def test_a_shared_volume_is_named_with_its_place():
    row = {"Name": "Disk 1", "Path": "C:\\ClusterStorage\\Volume1", "PercentFree": 4.0, "FaultState": 0}
    found = verdict(cluster.shared_volumes_are_fit, machines("2019", cluster_csv=[row]))
    assert found.message == "The shared volume Disk 1 (C:\\ClusterStorage\\Volume1) has 4.0 % free"
    found = verdict(cluster.shared_volumes_are_fit, machines("2019", cluster_csv=[row | {"Path": HIDDEN}]))
    assert found.message == "The shared volume Disk 1 has 4.0 % free"


def test_a_host_of_its_own_has_no_cluster():
    snapshot = machines(absent=("cluster", "cluster_csv"))
    for check in (cluster.quorum_is_strong, cluster.shared_volumes_are_fit):
        assert [result.status for result in ask(check, snapshot)] == [NA]


def of_cluster(check, era="2019", unsupported=(), extra=None, **changed):
    row = CLUSTER | {"SecurityLevel": 2, "ClusterFunctionalLevel": 10} | changed
    return worst(check, era, unsupported, cluster=[row], **(extra or {}))


def test_what_the_nodes_tell_each_other_is_encrypted():
    check = cluster.cluster_traffic_is_encrypted
    assert of_cluster(check) is PASS
    assert of_cluster(check, SecurityLevel=1) == (FAIL, INFO)
    assert of_cluster(check, SecurityLevel=0) == (FAIL, HIGH)
    assert of_cluster(check, SecurityLevel=7) is GAP
    assert of_cluster(check, SecurityLevel=HIDDEN) is GAP


def on_volume(path="C:\\ClusterStorage\\Volume1\\web", disk="D:\\web.vhdx", policy=NO_POLICY, **changed):
    tables = {
        "vm": [machine(ConfigurationLocation=path) | changed.pop("vm", {})],
        "vm_hard_disk": [of(Id="1", Path=disk)],
        "volumes": STORAGE["volumes"],
        "cluster": [CLUSTER],
        **changed,
    }
    absent = [name for name, rows in tables.items() if rows == "absent"]
    snapshot = machines("2019", policy=policy, absent=absent, **{n: r for n, r in tables.items() if n not in absent})
    found = verdict(cluster.machines_on_shared_volumes_are_clustered, snapshot)
    return (found.status, found.severity) if found.status is FAIL else found.status


def test_a_machine_on_a_shared_volume_belongs_to_the_cluster():
    assert on_volume() == (FAIL, LOW)
    assert on_volume("D:\\web", "C:\\ClusterStorage\\Volume1\\web.vhdx") == (FAIL, LOW)
    assert on_volume("D:\\web") is PASS
    assert on_volume("\\\\fs01\\vms", "\\\\fs01\\vms\\web.vhdx") is PASS
    assert on_volume(vm={"IsClustered": True}) is PASS
    assert on_volume(policy=sheet("template")) is NA
    assert on_volume("D:\\web", cluster="absent") is NA


def test_where_a_machine_lies_must_be_known():
    assert on_volume(HIDDEN) is GAP
    assert on_volume("D:\\web", HIDDEN) is GAP
    assert on_volume(disk=HIDDEN) == (FAIL, LOW)
    assert on_volume("E:\\web", volumes=failed()) is GAP
    assert on_volume(vm={"IsClustered": HIDDEN}) is GAP


def upgrade(level, builds, installed="2026-08-01T00:00:00.000Z"):
    extra = {
        "cluster_node": [{"Name": f"n{n}", "BuildNumber": build} for n, build in enumerate(builds)],
        "os": [{"InstallDateUtc": installed}],
    }
    return of_cluster(cluster.upgrade_is_finished, "2022", extra=extra, ClusterFunctionalLevel=level)


def test_a_rolling_upgrade_is_finished_within_a_month():
    assert upgrade(11, [20348, 20348]) is PASS
    assert upgrade(10, [20348, 20348]) == (FAIL, MEDIUM)
    assert upgrade(10, [20348, 17763]) is PASS
    assert upgrade(10, [20348, 20348], "2026-10-20T00:00:00.000Z") is PASS
    assert upgrade(10, [20348, 20348], None) is GAP
    assert upgrade(10, [25398, 25398]) is GAP
    assert upgrade(10, [20348, HIDDEN]) is GAP
    assert upgrade(HIDDEN, [20348]) is GAP
    assert upgrade(10, []) is GAP


NAMED = "S-1-5-21-1-2-3-1104"


def access(sid, rights="Full", **tables):
    tables = {"local_group_members": [], "sids": [], "cluster": [CLUSTER]} | tables
    return worst(
        cluster.cluster_is_for_administrators,
        cluster_access=[{"IdentityReference": sid, "ClusterRights": rights}],
        **tables,
    )


def test_only_administrators_have_full_access_to_the_cluster():
    for usual in ("S-1-5-18", "S-1-5-20", "S-1-5-32-544", "S-1-5-80-1-2-3-4-5", "S-1-5-21-1-2-3-512"):
        assert access(usual) is PASS
    for everybody in ("S-1-1-0", "S-1-5-11", "S-1-5-32-545", "S-1-5-21-1-2-3-513"):
        assert access(everybody) == (FAIL, HIGH)
    member = {"GroupSid": "S-1-5-32-544", "MemberSid": NAMED}
    assert access(NAMED) == (FAIL, MEDIUM)
    assert access(NAMED, "Read") is PASS
    assert access(NAMED, local_group_members=[member]) is PASS
    assert access(NAMED, local_group_members=failed()) is GAP
    assert access(NAMED, HIDDEN) is GAP
    assert worst(cluster.cluster_is_for_administrators, cluster_access=HIDDEN) is GAP


def network(role="None", *, excluded=True, holds="10.9.0.0", hosts=(), gateways=(), guests=(), storage=(), **changed):
    rows = {
        "cluster_network": [
            {
                "Id": "1",
                "Name": "Net",
                "Role": role,
                "Ipv4Addresses": [holds],
                "Ipv4PrefixLengths": [24],
                "ExcludedFromMigration": excluded,
            }
        ],
        "net_ip": [
            {"InterfaceIndex": n, "Address": address, "PrefixLength": 24}
            for n, address in enumerate(("10.1.0.1", *hosts))
        ],
        "net_interfaces": [
            {"InterfaceIndex": n, "Family": "IPv4", "Gateways": ["10.9.0.254"] if n in gateways else []}
            for n in range(3)
        ],
        "vm": [machine()],
        "vm_network_adapter": [of(Id="1", Name="nic", IsManagementOs=False, IPAddresses=list(guests))],
        "iscsi_sessions": [{"SessionIdentifier": "1", "InitiatorPortalAddress": address} for address in storage],
        "iscsi_connections": [],
        **changed,
    }
    return worst(cluster.cluster_networks_are_suitable, **rows)


def test_a_network_of_storage_or_machines_is_not_for_the_cluster():
    assert network("Cluster") is PASS
    assert network("Cluster", storage=["10.9.0.7"]) == (FAIL, MEDIUM)
    assert network("None", storage=["10.9.0.7"]) is PASS
    assert network("Cluster", storage=["10.8.0.7"]) is PASS
    assert network("ClusterAndClient", guests=["10.9.0.8"]) == (FAIL, MEDIUM)
    assert network("ClusterAndClient", guests=["10.9.0.8"], vm=[machine(State="Off")]) is PASS
    connection = {"ConnectionIdentifier": "1", "InitiatorAddress": "10.9.0.7", "TargetAddress": "10.9.0.9"}
    assert network("Cluster", iscsi_connections=[connection]) == (FAIL, MEDIUM)
    assert network("Cluster", iscsi_connections=[connection | {"TargetAddress": "127.0.0.1"}]) is PASS
    assert network("Cluster", iscsi_connections=[connection | {"InitiatorAddress": "0.0.0.0"}]) is GAP


def test_the_network_of_management_has_to_serve_the_cluster_and_not_migration():
    managed = {"hosts": ["10.9.0.1"], "gateways": [1]}
    assert network("ClusterAndClient", guests=["10.9.0.8"], storage=["10.9.0.7"], **managed) is PASS
    assert network("ClusterAndClient", excluded=False, **managed) == (FAIL, MEDIUM)
    one = [{"InterfaceIndex": 1, "Address": "10.9.0.1", "PrefixLength": 24}]
    assert network("ClusterAndClient", excluded=False, **managed, net_ip=one) == (FAIL, LOW)
    assert network("None", excluded=False, hosts=["10.9.0.1"]) is PASS
    assert network("None", excluded=False, guests=["10.9.0.8"]) == (FAIL, LOW)
    assert network("None", excluded=False, guests=["10.9.0.8"], hosts=["10.9.0.1"]) == (FAIL, MEDIUM)


def test_what_is_not_known_of_networks_is_a_gap():
    assert network("Cluster", iscsi_sessions=failed()) is GAP
    assert network("Cluster", vm_network_adapter=HIDDEN) is GAP
    assert network("Cluster", net_ip=failed()) is GAP
    assert network(HIDDEN) is GAP
    assert network(excluded=HIDDEN) is GAP
    assert network("Cluster", holds="fe80::") is GAP


GROUP = "22222222-aaaa-4000-8000-00000000000"
TWO = (machine(IsClustered=True), machine(Id=WEB[:-1] + "2", Name="second", IsClustered=True))


def controllers(first=(), second=(), *, rows=TWO, products=("2", "2"), nodes=2, **changed):
    groups = [("web", first), ("second", second)]
    tables = {
        "vm": list(rows),
        "vm_guest_kvp": [
            guest(product=product) | {"VMId": row["Id"], "VMName": row["Name"]}
            for row, product in zip(rows, products, strict=False)
        ],
        "cluster_node": [{"Name": f"n{n}"} for n in range(nodes)],
        "cluster_resource": [
            {"Id": str(n), "VMId": row["Id"], "OwnerGroup": row["Name"]} for n, row in enumerate(rows)
        ],
        "cluster_group": [
            {"Id": GROUP + str(n), "Name": name, "AntiAffinityClassNames": found if found is HIDDEN else list(found)}
            for n, (name, found) in enumerate(groups)
        ],
        "cluster_affinity_rule": [],
        **changed,
    }
    return of_cluster(cluster.domain_controllers_are_kept_apart, extra=tables)


def rule(*groups, kind="DifferentNode", enabled=True):
    return {"Name": "dcs", "RuleType": kind, "Groups": list(groups), "Enabled": enabled}


def test_a_rule_keeps_domain_controllers_apart():
    assert controllers(cluster_affinity_rule=[rule("Web", "second")]) is PASS
    assert (
        controllers(cluster_affinity_rule=[rule("{" + GROUP.upper() + "0}", GROUP + "1", kind="DifferentFaultDomain")])
        is PASS
    )
    assert controllers(cluster_affinity_rule=[rule("web", "second", kind="SameNode")]) == (FAIL, LOW)
    assert controllers(cluster_affinity_rule=[rule("web", "second", enabled=False)]) == (FAIL, LOW)
    assert controllers(cluster_affinity_rule=[rule("web", "third"), rule("second", "fourth")]) == (FAIL, LOW)
    assert controllers(products=("2", "3"), cluster_affinity_rule=[rule("web", "other")]) is PASS


def test_a_rule_that_could_not_be_read_matters_only_without_a_class():
    assert controllers(cluster_affinity_rule=HIDDEN) is GAP
    assert controllers(cluster_affinity_rule=[rule("web", "second", enabled=HIDDEN)]) is GAP
    assert controllers(["dc"], ["dc"], cluster_affinity_rule=HIDDEN) is PASS
    assert controllers(cluster_affinity_rule=None) == (FAIL, LOW)


def test_domain_controllers_need_a_class_in_common():
    assert controllers() == (FAIL, LOW)
    assert controllers(["dc"], ["Other"]) == (FAIL, LOW)
    assert controllers(["DC"], ["dc", "other"]) is PASS
    assert controllers(products=("3", "3")) is NA
    assert controllers(nodes=1) is NA
    assert controllers(rows=[machine(), machine(Id=WEB[:-1] + "2", Name="second")]) is NA


def test_one_domain_controller_is_a_question_unless_it_has_a_class():
    assert controllers(products=("2", "3")) is GAP
    assert controllers(["dc"], products=("2", "3")) is PASS


def test_what_is_not_known_of_domain_controllers_is_a_gap():
    assert controllers(HIDDEN, ["dc"]) is GAP
    assert controllers(cluster_resource=[]) is GAP
    assert controllers(cluster_group=HIDDEN) is GAP
    assert controllers(vm_guest_kvp=HIDDEN) is GAP
    three = [*TWO, machine(Id=WEB[:-1] + "3", Name="third", IsClustered=HIDDEN)]
    assert controllers(rows=three, products=("2", "2", "2")) == (FAIL, LOW)
    assert controllers(["dc"], ["dc"], rows=three, products=("2", "2", "2")) is GAP


def validated(*times, **changed):
    reports = [{"Path": f"C:\\r{n}.htm", "Kind": "clusterReport", "LastWriteUtc": time} for n, time in enumerate(times)]
    other = {"Path": "C:\\web.iso", "Kind": "iso", "LastWriteUtc": "2026-10-01T00:00:00.000Z"}
    return of_cluster(cluster.cluster_was_validated, extra={"vm_files": [*reports, other], **changed})


def test_the_cluster_was_validated_within_a_year():
    assert validated("2026-05-01T00:00:00.000Z") is PASS
    assert validated("2020-01-01T00:00:00.000Z", "2026-05-01T00:00:00.000Z") is PASS
    assert validated("2025-10-01T00:00:00.000Z") == (FAIL, LOW)
    assert validated() == (FAIL, LOW)
    assert validated(vm_files=failed()) is GAP
    assert validated(vm_files=partial([])) is GAP


def ntlm(sending=None, receiving=0, era="2012R2", *, shared=1, stand_alone=False):
    def value(name, number):
        key = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0"
        there = number is not None
        row = {"Key": key, "Name": name, "KeyExists": True, "Exists": there, "Kind": "REG_DWORD" if there else None}
        return row | {"IntValue": number}

    rows = [value("RestrictSendingNTLMTraffic", sending), value("RestrictReceivingNTLMTraffic", receiving)]
    volumes = shared if shared is HIDDEN else [{"Name": f"Disk {n}"} for n in range(shared)]
    tables = {"cluster": [CLUSTER], "cluster_csv": volumes}
    snapshot = machines(
        era,
        registry_values=rows[: 1 if receiving is HIDDEN else 2],
        absent=list(tables) if stand_alone else [],
        **({} if stand_alone else tables),
    )
    found = verdict(cluster.nodes_may_use_ntlm, snapshot)
    return (found.status, found.severity) if found.status is FAIL else found.status


def test_old_nodes_with_shared_volumes_need_ntlm():
    assert ntlm() is PASS
    assert ntlm(1, 1) is PASS
    assert ntlm(2) == (FAIL, MEDIUM)
    assert ntlm(None, 2) == (FAIL, MEDIUM)
    assert ntlm(2, shared=0) is PASS
    assert ntlm(2, stand_alone=True) is NA
    assert ntlm(2, era="2016") is NA
    assert ntlm(2, shared=HIDDEN) is GAP
    assert ntlm(receiving=HIDDEN) is GAP
