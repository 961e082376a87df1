"""HV-MIG, Hyper-V Replica: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, absent, failed, statuses
from machines import HIDDEN, WEB, guest, machine, machines, of
from migrations import (
    CLUSTERED,
    HIGH,
    INFO,
    LOW,
    MEDIUM,
    RULE,
    THUMBPRINT,
    worst,
)

from analyzers import replica


def server(**changed):
    return [
        {
            "ReplicationEnabled": True,
            "AllowedAuthenticationType": "Certificate",
            "KerberosAuthenticationPort": 80,
            "CertificateAuthenticationPort": 443,
            "CertificateThumbprint": THUMBPRINT,
            "ReplicationAllowedFromAnyServer": False,
            "Broker": False,
            **changed,
        }
    ]


def entry(name="hv02.corp.example", group="A"):
    return {"AllowedPrimaryServer": name, "ReplicaStorageLocation": "D:\\R", "TrustGroup": group}


def profiles(**changed):
    keys = {"KeyExists": True, "AllowLocalRules": True, "Enabled": True, "DefaultInbound": "Block"} | changed
    return [
        {"Profile": profile, "Store": store, **keys}
        for profile in ("Domain", "Private", "Public")
        for store in ("local", "active")
    ]


def rule(port=443, active="TRUE", more=""):
    text = f"v2.31|Action=Allow|Active={active}|Dir=In|Protocol=6|LPort={port}|App=System|{more}"
    return {"Store": "local", "ValueName": "VIRT-HVRHTTPSL-In-TCP-NoScope", "Rule": text}


REPLICA_HOST = {
    "vm": [machine(ReplicationMode="Replica")],
    "replica_server": server(),
    "replica_authorization": [entry()],
    "firewall_rules_raw": [rule()],
    "firewall_profiles": profiles(),
}


def receiving(**changed):
    return worst(replica.replicas_can_be_received, **(REPLICA_HOST | changed))


def test_a_host_with_replicas_must_be_able_to_receive():
    assert receiving() is PASS
    assert receiving(vm=[machine(ReplicationMode="TestReplica")]) is NA
    assert receiving(replica_server=server(ReplicationEnabled=False)) == (FAIL, MEDIUM)
    assert receiving(replica_authorization=[]) == (FAIL, MEDIUM)
    from_any = server(ReplicationAllowedFromAnyServer=True)
    assert receiving(replica_authorization=[], replica_server=from_any) is PASS
    assert receiving(firewall_rules_raw=[rule(active="FALSE")]) == (FAIL, MEDIUM)
    assert receiving(firewall_rules_raw=[rule(port=444)]) == (FAIL, MEDIUM)
    assert receiving(firewall_rules_raw=[], firewall_profiles=profiles(Enabled=False)) is PASS
    assert receiving(firewall_rules_raw=failed()) is GAP
    assert receiving(replica_server=HIDDEN) is GAP


def test_a_cluster_receives_by_a_broker_that_runs():
    def by_broker(state):
        resource = {"Name": "HVR", "ResourceType": "Virtual Machine Replication Broker", "State": state}
        return receiving(replica_server=server(Broker=True), cluster_resource=[resource])

    assert by_broker("Online") is PASS
    assert by_broker("Offline") == by_broker("Failed") == (FAIL, MEDIUM)
    assert by_broker(HIDDEN) is GAP
    assert receiving(replica_server=server(Broker=True), cluster_resource=HIDDEN) is GAP


def test_any_server_may_not_replicate():
    check = replica.only_named_servers_replicate
    assert worst(check, replica_server=server()) is PASS
    assert worst(check, replica_server=server(ReplicationAllowedFromAnyServer=True)) == (FAIL, HIGH)
    off = server(ReplicationEnabled=False, ReplicationAllowedFromAnyServer=True)
    assert worst(check, replica_server=off) is NA
    assert worst(check, replica_server=server(ReplicationAllowedFromAnyServer=HIDDEN)) is GAP


def test_servers_of_different_domains_share_no_trust_group():
    def groups(*entries, **changed):
        return worst(
            replica.trust_groups_are_apart, replica_server=server(**changed), replica_authorization=list(entries)
        )

    assert groups(entry(), entry("hv03.corp.example", "B")) is PASS
    assert groups(entry(), entry("hv03.corp.example", "a")) == (FAIL, INFO)
    assert groups(entry(), entry("hv03.other.example")) == (FAIL, LOW)
    assert groups(entry(), entry("*")) is PASS
    assert groups(entry(), entry("hv03.corp.example"), entry(HIDDEN)) == (FAIL, LOW)
    assert groups(entry(), entry("hv03.corp.example", HIDDEN)) is GAP
    assert groups(entry(), entry("hv03.other.example"), ReplicationAllowedFromAnyServer=True) is NA
    assert groups(entry(), entry("hv03.other.example"), ReplicationEnabled=False) is NA


def replication(**changed):
    return (
        of(
            ReplicationMode="Primary",
            ReplicationState="Replicating",
            ReplicationHealth="Normal",
            ReplicationRelationshipType="Simple",
            ReplicaServerPort=443,
            AuthenticationType="Certificate",
            CertificateThumbprint=THUMBPRINT,
            CompressionEnabled=True,
            VSSSnapshotFrequencyHour=0,
            AutoResynchronizeEnabled=True,
            AutoResynchronizeIntervalStart=18 * 3600 + 1800,
            AutoResynchronizeIntervalEnd=6 * 3600,
            ReplicatedDisks=["D:\\a.vhdx"],
            ExcludedDisks=[],
            LastReplicationTime="2026-11-01T08:10:00.000Z",
            LastTestFailoverInitiatedTime=None,
        )
        | changed
    )


def of_replication(check, *, more=(), **changed):
    tables = {"vm_replication": [replication(**changed)], "replica_server": server(ReplicationEnabled=False)}
    return worst(check, **(tables | dict(more)))


def test_replication_over_http_is_in_clear_text():
    check = replica.replication_is_encrypted
    http = {"AuthenticationType": "Kerberos", "ReplicaServerPort": 80}
    assert of_replication(check) is PASS
    assert of_replication(check, **http) == (FAIL, MEDIUM)
    assert of_replication(check, **http, ReplicationMode="TestReplica") is NA
    ipsec = {"firewall_consec_raw": [RULE | {"Rule": "v2.29|Action=Secure|Active=TRUE|"}]}
    assert of_replication(check, **http, more=ipsec) == (FAIL, LOW)
    assert of_replication(check, **http, more={"firewall_consec_raw": failed()}) == (FAIL, MEDIUM)
    both = {"replica_server": server(AllowedAuthenticationType="CertificateAndKerberos")}
    assert of_replication(check, more=both) == (FAIL, MEDIUM)
    assert of_replication(check, AuthenticationType=HIDDEN) is GAP
    stock = machines(vm_replication=[], replica_server=server(ReplicationEnabled=False))
    assert statuses(check, stock) == [NA]


def certificate(**changed):
    return {
        "Store": "My",
        "Thumbprint": THUMBPRINT,
        "Subject": "CN=hv01.corp.example",
        "SanDns": ["hv01.corp.example"],
        "NotAfterUtc": "2027-11-01T00:00:00.000Z",
        "SigAlg": "1.2.840.113549.1.1.11",
        "KeyAlg": "1.2.840.113549.1.1.1",
        "KeyBits": 2048,
        "Eku": ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
        "HasPrivateKey": True,
        **changed,
    }


def of_certificate(**changed):
    rows = {"certificates": [certificate(**changed)]}
    return of_replication(replica.replication_has_a_certificate, more=rows)


def test_a_certificate_must_be_there_valid_and_strong():
    check = replica.replication_has_a_certificate
    assert of_certificate() is PASS
    assert of_replication(check, more={"certificates": [certificate(Thumbprint="A" * 40)]}) == (FAIL, HIGH)
    assert of_replication(check, more={"certificates": [certificate()]}, CertificateThumbprint=None) == (FAIL, HIGH)
    assert of_certificate(Store="Remote Desktop") == (FAIL, HIGH)
    assert of_certificate(HasPrivateKey=False) == (FAIL, HIGH)
    assert of_certificate(NotAfterUtc="2026-10-31T00:00:00.000Z") == (FAIL, HIGH)
    assert of_certificate(NotAfterUtc="2026-11-20T00:00:00.000Z") == (FAIL, MEDIUM)
    assert of_certificate(Eku=["1.3.6.1.5.5.7.3.1"]) == (FAIL, HIGH)
    assert of_certificate(Eku=None) is PASS
    assert of_certificate(KeyBits=1024) == (FAIL, LOW)
    assert of_certificate(KeyBits=256, KeyAlg="1.2.840.10045.2.1") is PASS
    assert of_certificate(SigAlg="1.2.840.113549.1.1.5") == (FAIL, LOW)
    assert of_replication(check, more={"certificates": failed()}) is GAP


def test_a_certificate_names_the_host():
    assert of_certificate(SanDns=["other.corp.example"], Subject="CN=other.corp.example") == (FAIL, LOW)
    assert of_certificate(SanDns=["*.corp.example"], Subject="CN=x") is PASS
    assert of_certificate(SanDns=[], Subject="O=Example, CN=HV01.corp.example") is PASS


def test_the_certificate_of_the_server_counts_when_it_takes_certificates():
    check = replica.replication_has_a_certificate
    rows = {"vm_replication": [], "certificates": []}
    assert worst(check, **rows, replica_server=server()) == (FAIL, HIGH)
    assert worst(check, **rows, replica_server=server(AllowedAuthenticationType="Kerberos")) is NA
    assert worst(check, **rows, replica_server=server(CertificateThumbprint=None)) == (FAIL, HIGH)


def test_compression_is_judged_on_the_primary():
    check = replica.replication_is_compressed
    assert of_replication(check) is PASS
    assert of_replication(check, CompressionEnabled=False) == (FAIL, INFO)
    assert of_replication(check, CompressionEnabled=False, ReplicationMode="Replica") is NA
    assert of_replication(check, CompressionEnabled=HIDDEN) is GAP


def policy(**changed):
    row = {"Source": "wmi", "Name": "HVR", "AppPath": None, "DstPortStart": 443, "DstPortEnd": 443}
    return {"net_qos_policies": [row | {"ThrottleRateBps": 1_000_000} | changed]}


def test_a_policy_limits_replication_by_port_or_program():
    check = replica.replication_is_throttled
    assert of_replication(check, more=policy()) is PASS
    assert of_replication(check, more=policy(DstPortStart=80, DstPortEnd=80)) == (FAIL, INFO)
    by_program = policy(DstPortStart=None, DstPortEnd=None, AppPath="C:\\Windows\\System32\\vmms.exe")
    assert of_replication(check, more=by_program) is PASS
    assert of_replication(check, more=policy(ThrottleRateBps=None)) == (FAIL, INFO)
    assert of_replication(check, more={"net_qos_policies": failed()}) is GAP


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("18:30", "06:00", PASS),
        ("18:00", "08:00", PASS),
        ("00:00", "06:00", PASS),
        ("17:59", "06:00", (FAIL, LOW)),
        ("18:30", "08:01", (FAIL, LOW)),
        ("12:00", "13:00", (FAIL, LOW)),
        ("00:00", "00:00", (FAIL, LOW)),
    ],
)
def test_resynchronization_keeps_out_of_working_hours(start, end, expected):
    def seconds(text):
        return int(text[:2]) * 3600 + int(text[3:]) * 60

    window = {"AutoResynchronizeIntervalStart": seconds(start), "AutoResynchronizeIntervalEnd": seconds(end)}
    assert of_replication(replica.resynchronization_is_at_night, **window) == expected


def test_resynchronization_by_hand_fails_and_a_hidden_window_is_a_gap():
    check = replica.resynchronization_is_at_night
    assert of_replication(check, AutoResynchronizeEnabled=False) == (FAIL, LOW)
    assert of_replication(check, AutoResynchronizeIntervalEnd=HIDDEN) is GAP


def failover(addresses=("10.9.0.5",)):
    return of(AdapterId="a", IPAddresses=list(addresses))


def of_failover(*rows, mode="Primary", **changed):
    port = of(Id="a", Name="NIC", IsManagementOs=False, IsLegacy=False, Connected=True, DHCPEnabled=None) | changed
    return worst(
        replica.failover_addresses_are_set,
        vm=[machine(ReplicationMode=mode)],
        vm_network_adapter=[port],
        vm_network_adapter_failover=list(rows),
    )


def test_a_replicated_machine_has_addresses_for_a_failover():
    assert of_failover(failover()) is PASS
    assert of_failover() == (FAIL, INFO)
    assert of_failover(failover(())) == (FAIL, INFO)
    assert of_failover(DHCPEnabled=False) == (FAIL, LOW)
    assert of_failover(DHCPEnabled=HIDDEN) == (FAIL, LOW)
    assert of_failover(mode="None") is NA
    assert of_failover(IsLegacy=True) is NA
    assert of_failover(failover() | {"AdapterId": HIDDEN}) is GAP


def service(name, status="Ok", *, enabled=True):
    return of(Id=name, Name=name, Enabled=enabled, PrimaryOperationalStatus=status)


def of_service(row, *, told=(), addresses=("10.9.0.5",), **changed):
    return worst(
        replica.failover_addresses_reach_the_guest,
        vm=[machine(ReplicationMode="Primary", **changed)],
        vm_network_adapter_failover=[failover(addresses)],
        vm_integration_service=[row],
        vm_guest_kvp=list(told),
    )


def test_key_value_exchange_hands_over_the_address():
    kvp = "KeyValuePairExchange"
    assert of_service(service(kvp)) is PASS
    assert of_service(service(kvp, enabled=False)) == (FAIL, MEDIUM)
    assert of_service(service(kvp, "NoContact")) == (FAIL, MEDIUM)
    assert of_service(service(kvp, "NoContact"), told=[guest()]) is PASS
    assert of_service(service(kvp, "NoContact"), addresses=()) is NA
    assert of_service(service(kvp, "NoContact"), State="Off") is NA
    assert of_service(service(kvp, HIDDEN)) is GAP


def test_consistent_replicas_need_the_service_in_the_guest():
    def consistent(row, hours=4, **changed):
        tables = {"vm": [machine(**changed)], "vm_integration_service": [row]}
        return of_replication(replica.consistent_replicas_work, more=tables, VSSSnapshotFrequencyHour=hours)

    assert consistent(service("VSS")) is PASS
    assert consistent(service("VSS", enabled=False)) == (FAIL, MEDIUM)
    assert consistent(service("VSS", "NoContact")) == (FAIL, MEDIUM)
    assert consistent(service("VSS", "NoContact"), hours=0) is NA
    assert consistent(service("VSS", "NoContact"), Uptime=60) is NA
    assert consistent(service("VSS", None)) is GAP


def test_replication_is_healthy_and_up_to_date():
    check = replica.replication_is_healthy
    late = {"LastReplicationTime": "2026-10-30T08:15:00.000Z"}
    assert of_replication(check) is PASS
    assert of_replication(check, ReplicationHealth="Critical") == (FAIL, HIGH)
    assert of_replication(check, ReplicationHealth="Warning") == (FAIL, MEDIUM)
    assert of_replication(check, **late) == (FAIL, HIGH)
    assert of_replication(check, ReplicationState="InitialReplicationInProgress", **late) is PASS
    assert of_replication(check, ReplicationState="Suspended", ReplicationHealth="Warning") is NA
    assert of_replication(check, LastReplicationTime=HIDDEN) is GAP
    assert of_replication(check, ReplicationHealth="Warning", LastReplicationTime=HIDDEN) == (FAIL, HIGH)


def test_a_pause_of_replication_fails():
    check = replica.replication_runs
    assert of_replication(check) is PASS
    assert of_replication(check, ReplicationState="Suspended") == (FAIL, MEDIUM)
    assert of_replication(check, ReplicationState="ResynchronizeSuspended") == (FAIL, MEDIUM)
    assert of_replication(check, ReplicationState=HIDDEN) is GAP


@pytest.mark.parametrize(
    ("tested", "expected"),
    [
        ("2026-10-15T08:15:00.000Z", PASS),
        ("2026-09-15T08:15:00.000Z", (FAIL, LOW)),
        ("2025-09-15T08:15:00.000Z", (FAIL, MEDIUM)),
        (None, (FAIL, MEDIUM)),
        (HIDDEN, GAP),
    ],
)
def test_failovers_of_replicas_are_tested(tested, expected):
    received = {"ReplicationMode": "Replica", "LastTestFailoverInitiatedTime": tested}
    assert of_replication(replica.failover_is_tested, **received) == expected


def test_the_test_of_a_failover_is_judged_where_the_replica_is():
    check = replica.failover_is_tested
    assert of_replication(check) is NA
    assert of_replication(check, ReplicationMode="Replica", ReplicationRelationshipType="Extended") is NA
    assert of_replication(check, ReplicationMode="Replica", ReplicationState="Suspended") is NA


def test_replicating_every_disk_is_a_note():
    check = replica.paging_file_is_not_replicated
    two = ["D:\\a.vhdx", "D:\\b.vhdx"]
    assert of_replication(check) is NA
    assert of_replication(check, ReplicatedDisks=two) == (FAIL, INFO)
    assert of_replication(check, ExcludedDisks=["D:\\page.vhdx"]) is PASS
    assert of_replication(check, ExcludedDisks=HIDDEN) is GAP


def test_a_cluster_replicates_through_a_broker():
    check = replica.cluster_has_a_broker
    broker = [{"Id": WEB, "Name": "B", "ResourceType": "Virtual Machine Replication Broker"}]
    primary = {"vm": [machine(ReplicationMode="Primary")], "cluster": CLUSTERED}
    assert worst(check, **primary, cluster_resource=broker) is PASS
    assert worst(check, **primary, cluster_resource=[]) == (FAIL, HIGH)
    assert worst(check, **primary, cluster_resource=HIDDEN) is GAP
    assert worst(check, **(primary | {"cluster": []})) is NA
    assert worst(check, cluster=CLUSTERED, cluster_resource=[]) is NA


COPY = WEB[:-1] + "9"


def failover_test(*, vlan=20, created="2026-10-31T08:00:00.000Z", other="None", switched="S1", **changed):
    """A copy made to test a failover beside the machine that it is a copy of, and another machine on its switch."""
    db = WEB[:-1] + "2"
    adapters = [
        {
            "VMId": vm,
            "VMName": name,
            "Id": name,
            "Name": "NIC",
            "IsManagementOs": False,
            "Connected": switch is not None,
        }
        | {"SwitchId": switch}
        for vm, name, switch in ((COPY, "web - Test", switched), (db, "db", "S1"))
    ]
    vlans = [
        {"VMId": COPY, "AdapterId": "web - Test", "OperationMode": "Access", "AccessVlanId": vlan},
        {"VMId": db, "AdapterId": "db", "OperationMode": "Access", "AccessVlanId": 20},
    ]
    copy = machine(Id=COPY, Name="web - Test", ReplicationMode="TestReplica", CreationTime=created)
    tables = {
        "vm": [copy, machine(Id=db, Name="db", ReplicationMode=other, CreationTime=created)],
        "vm_network_adapter": adapters,
        "vm_network_adapter_vlan": vlans,
        "vm_network_adapter_isolation": [
            {"AdapterId": name, "IsolationMode": "None", "DefaultIsolationID": 0} for name in ("web - Test", "db")
        ],
        "vswitch": [{"Id": "S1", "Name": "LAN", "SwitchType": "External"}],
    }
    return worst(replica.failover_test_is_over, **(tables | changed))


def test_the_copy_of_a_failover_test_is_removed_and_kept_apart():
    assert failover_test(vlan=99) is PASS
    assert failover_test(switched=None) is PASS
    assert failover_test(vlan=99, created="2026-10-28T08:00:00.000Z") == (FAIL, LOW)
    assert failover_test() == (FAIL, LOW)
    assert failover_test(other="TestReplica") is PASS
    assert failover_test(vlan=99, created=None) is GAP
    assert failover_test(vm_network_adapter=HIDDEN) is GAP
    assert failover_test(vm_network_adapter=HIDDEN, created="2026-10-01T08:00:00.000Z") == (FAIL, LOW)
    assert worst(replica.failover_test_is_over) is NA


def drive(letter, number, **changed):
    return {
        "DeviceId": f"\\\\?\\Volume{{11111111-0000-4000-8000-{number:012}}}\\",
        "DriveLetter": f"{letter}:",
        "MountPaths": [],
        "DriveType": 3,
        "IsCsv": False,
        **changed,
    }


C, D = drive("C", 1), drive("D", 2)


def kept(folder="D:\\R", protection=1, **changed):
    tables = {
        "replica_server": server(),
        "replica_authorization": [entry() | {"ReplicaStorageLocation": folder}],
        "volumes": [C, D],
        "os": [{"SystemDrive": "C:"}],
        "bitlocker": [{"DeviceId": D["DeviceId"], "ProtectionStatus": protection}],
    }
    return worst(replica.replicas_are_kept_safely, **(tables | changed))


def test_replicas_lie_on_encrypted_volumes_of_their_own():
    assert kept() is PASS
    assert kept(protection=0) == (FAIL, MEDIUM)
    assert kept(protection=2) is GAP
    assert kept(bitlocker=absent()) == (FAIL, MEDIUM)
    assert kept(bitlocker=failed()) is GAP
    assert kept("C:\\R") == (FAIL, MEDIUM)
    assert kept("C:\\R", bitlocker=failed()) == (FAIL, MEDIUM)
    assert kept("\\\\fs01\\replicas") is NA
    assert kept("") is GAP
    assert kept(volumes=failed()) is GAP
    assert kept("C:\\R", replica_server=server(ReplicationEnabled=False)) is NA


def test_the_default_folder_counts_where_any_server_may_replicate():
    anyone = {"replica_authorization": [], "volumes": [C, D]}
    place = {"DefaultStorageLocation": "C:\\R"}
    assert kept(**anyone, replica_server=server(ReplicationAllowedFromAnyServer=True, **place)) == (FAIL, MEDIUM)
    assert kept(**anyone, replica_server=server(**place)) is NA
