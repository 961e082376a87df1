"""Joins and derivations on literal dumps of two invented hosts."""

import random
from typing import Any

import pytest
from hyperv.folder import shown, shown_table
from hyperv.hosts import CHECKPOINT, NIC, PORT, SWITCH, UPLINK, WEB, Dumps, Hidden, Rows, newer, older, ref

from snapshot_tool.hyperv.canonical import HyperV

SOURCES = {"newer": (newer, 17763), "older": (older, 7601)}


def rows(hyperv: HyperV, table: str) -> list[dict[str, Any]]:
    return shown_table(hyperv.table(table))["rows"]


def row(hyperv: HyperV, table: str, **key: Any) -> dict[str, Any]:
    [found] = [row for row in rows(hyperv, table) if all(row[name] == value for name, value in key.items())]
    return found


@pytest.fixture(name="hv01")
def _hv01() -> HyperV:
    return Dumps(newer(), 17763).hyperv()


@pytest.fixture(name="hv08")
def _hv08() -> HyperV:
    return Dumps(older(), 7601).hyperv()


def test_the_host_and_templates_are_no_virtual_machines(hv01: HyperV) -> None:
    assert {vm["Name"]: vm["State"] for vm in rows(hv01, "vm")} == {"web": "Running", "db": "Off"}


def test_settings_of_an_unknown_kind_are_left_out_and_named(hv01: HyperV) -> None:
    assert hv01.notes == []
    dumps = newer()
    [web] = [row for row in dumps["Msvm_VirtualSystemSettingData"] if row["InstanceID"] == f"Microsoft:{WEB}"]
    web["VirtualSystemType"] = "Microsoft:Hyper-V:System:Reserved"
    hyperv = Dumps(dumps, 17763).hyperv()
    [note] = hyperv.notes
    assert (
        "Msvm_VirtualSystemSettingData.json: VirtualSystemType 'Microsoft:Hyper-V:System:Reserved' is unknown" in note
    )


def test_a_configuration_file_stands_below_the_configuration_root(hv01: HyperV) -> None:
    assert row(hv01, "vm", Name="web")["ConfigurationFile"] == f"D:\\VMs\\web\\Virtual Machines\\{WEB}.vmcx"


def test_memory_demand_is_what_is_used_of_what_is_assigned(hv01: HyperV) -> None:
    assert row(hv01, "vm", Name="web")["MemoryDemand"] == 2580 * 2**20
    assert row(hv01, "vm", Name="db")["MemoryDemand"] is None


def test_ids_are_compared_without_regard_to_case(hv01: HyperV) -> None:
    adapter = row(hv01, "vm_network_adapter", VMName="web")
    assert adapter["Id"] == f"Microsoft:{WEB}\\{NIC}"
    assert (adapter["Connected"], adapter["SwitchId"], adapter["SwitchName"]) == (True, SWITCH.lower(), "LAN")
    assert (adapter["MacAddressSpoofing"], adapter["DhcpGuard"], adapter["PortMirroringMode"]) == ("On", "On", "Source")
    assert row(hv01, "vm_network_adapter_vlan", VMName="web")["AccessVlanId"] == 20


def test_an_adapter_without_a_port_is_not_connected_and_has_what_was_never_set(hv01: HyperV) -> None:
    adapter = row(hv01, "vm_network_adapter", VMName="db")
    assert (adapter["Connected"], adapter["SwitchId"], adapter["IsLegacy"]) == (False, None, True)
    assert (adapter["MacAddressSpoofing"], adapter["VmqWeight"], adapter["DeviceNaming"]) == ("Off", 100, None)
    assert row(hv01, "vm_network_adapter_vlan", VMName="db")["OperationMode"] == "Untagged"


def test_the_management_os_has_the_adapter_behind_an_internal_port(hv01: HyperV) -> None:
    adapter = row(hv01, "vm_network_adapter", VMId=None)
    assert (adapter["Name"], adapter["IsManagementOs"], adapter["DeviceId"]) == ("LAN", True, PORT)
    assert adapter["Status"] is None


def test_ports_tell_the_kind_of_a_switch(hv01: HyperV) -> None:
    [switch] = rows(hv01, "vswitch")
    assert (switch["SwitchType"], switch["AllowManagementOS"]) == ("External", True)
    assert switch["NetAdapterInterfaceGuid"] == [UPLINK]
    assert switch["UplinkMirroringMode"] == ["None"]


def plugged(device_class: str, device: str, number: int) -> dict[str, Rows]:
    """A port of the host that runs on the switch, as associations tell it."""
    own = ref("Msvm_LANEndpoint", Name=f"own-{number}", SystemName="HV01")
    peer = ref("Msvm_LANEndpoint", Name=f"peer-{number}", SystemName=SWITCH)
    port = ref(device_class, DeviceID=f"Microsoft:{{{device}}}", SystemName="HV01")
    return {
        "Msvm_EthernetDeviceSAPImplementation": [{"Antecedent": port, "Dependent": own}],
        "Msvm_ActiveConnection": [{"Antecedent": peer, "Dependent": own}],
    }


@pytest.mark.parametrize(
    ("running", "known"),
    [
        (
            [("Msvm_ExternalEthernetPort", UPLINK), ("Msvm_InternalEthernetPort", PORT)],
            {"SwitchType": "External", "AllowManagementOS": True, "NetAdapterInterfaceGuid": [UPLINK]},
        ),
        ([("Msvm_ExternalEthernetPort", UPLINK)], {"SwitchType": "External", "NetAdapterInterfaceGuid": [UPLINK]}),
        ([("Msvm_InternalEthernetPort", PORT)], {"AllowManagementOS": True}),
        ([], {}),
    ],
)
def test_without_port_allocations_what_runs_on_a_switch_proves_and_what_does_not_run_proves_nothing(
    running: list[tuple[str, str]], known: dict[str, Any]
) -> None:
    dumps = newer()
    for number, (device_class, device) in enumerate(running):
        for name, found in plugged(device_class, device, number).items():
            dumps.setdefault(name, []).extend(found)
    hyperv = Dumps(dumps, 17763, Hidden("hv/Msvm_EthernetPortAllocationSettingData")).hyperv()
    [switch] = hyperv.table("vswitch").records
    told = ("SwitchType", "AllowManagementOS", "NetAdapterInterfaceGuid")
    assert {column: switch.cells[column] for column in told if column not in switch.gaps} == known
    if known:
        assert switch.place(next(iter(known))).file == "data/hv/Msvm_EthernetDeviceSAPImplementation.json"
    assert "UplinkMirroringMode" in switch.gaps


@pytest.mark.parametrize(
    ("left", "kind", "shared"), [("Msvm_ComputerSystem", "Internal", True), ("nothing", "Private", False)]
)
def test_a_switch_without_an_external_port_is_internal_or_private(left: str, kind: str, shared: bool) -> None:
    dumps = newer()
    ports = dumps["Msvm_EthernetPortAllocationSettingData"]
    dumps["Msvm_EthernetPortAllocationSettingData"] = [
        port for port in ports if SWITCH not in port["InstanceID"] or left in str(port["HostResource"])
    ]
    [switch] = rows(Dumps(dumps, 17763).hyperv(), "vswitch")
    assert (switch["SwitchType"], switch["AllowManagementOS"]) == (kind, shared)


def test_a_connection_that_is_switched_off_is_not_connected() -> None:
    dumps = newer()
    dumps["Msvm_EthernetPortAllocationSettingData"][0].update(EnabledState=3, LastKnownSwitchName="LAN")
    adapter = row(Dumps(dumps, 17763).hyperv(), "vm_network_adapter", VMName="web")
    assert (adapter["Connected"], adapter["SwitchName"], adapter["LastKnownSwitchName"]) == (False, None, "LAN")


def test_disks_of_checkpoints_do_not_mix_with_live_ones(hv01: HyperV) -> None:
    assert [disk["Path"] for disk in rows(hv01, "vm_hard_disk") if disk["VMName"] == "db"] == [
        "D:\\VMs\\db\\db_1.avhdx"
    ]
    [disk] = rows(hv01, "vm_checkpoint_disk")
    assert (disk["VMSnapshotId"], disk["Path"], disk["ControllerType"]) == (CHECKPOINT, "D:\\VMs\\db\\db.vhdx", "IDE")
    assert row(hv01, "vm", Name="db")["ParentSnapshotId"] == CHECKPOINT


def test_a_physical_disk_is_known_by_its_number(hv01: HyperV) -> None:
    disk = row(hv01, "vm_hard_disk", PassThrough=True)
    assert (disk["DiskNumber"], disk["Path"], disk["ControllerLocation"]) == (3, None, 2)


def test_a_physical_disk_that_nobody_listed_is_unreadable_and_not_null() -> None:
    dumps = newer()
    dumps["Msvm_DiskDrive"] = []
    disk = row(Dumps(dumps, 17763).hyperv(), "vm_hard_disk", PassThrough=True)
    assert disk["_gaps"] == {"DiskNumber": "unreadable"}


def test_an_empty_drive_is_a_drive(hv01: HyperV) -> None:
    [drive] = rows(hv01, "vm_dvd_drive")
    assert (drive["Path"], drive["DvdMediaType"], drive["ControllerLocation"]) == (None, "None", 1)


def test_a_number_without_a_symbol_is_unreadable_and_no_default() -> None:
    dumps = newer()
    dumps["Msvm_ComputerSystem"][1]["EnabledState"] = 4711
    assert row(Dumps(dumps, 17763).hyperv(), "vm", Name="web")["_gaps"]["State"] == "unreadable"


def test_secure_boot_means_nothing_on_the_first_generation(hv01: HyperV) -> None:
    first, second = row(hv01, "vm_firmware", VMName="db"), row(hv01, "vm_firmware", VMName="web")
    assert (first["SecureBoot"], first["BootOrder"], first["StartupOrder"]) == (
        None,
        None,
        ["CD", "IDE", "LegacyNetworkAdapter", "Floppy"],
    )
    assert (second["SecureBoot"], second["SecureBootTemplate"], second["StartupOrder"]) == (
        "On",
        "MicrosoftWindows",
        None,
    )
    assert (second["BootOrder"], second["BootOrderKind"]) == (["Drive"], ["HardDisk"])


def test_no_row_of_security_settings_means_that_nothing_was_set(hv01: HyperV) -> None:
    assert row(hv01, "vm_security", VMName="db")["TpmEnabled"] is False
    assert row(hv01, "vm_security", VMName="web")["EncryptStateAndVmMigrationTraffic"] is True


def test_on_2016_the_older_class_speaks_where_the_newer_one_is_unknown() -> None:
    dumps = {
        **newer(),
        "Msvm_TPMSettingData": [
            {"InstanceID": f"Microsoft:{WEB}\\{NIC}", "EnabledState": 2, "Shielded": True, "DataProtected": False}
        ],
    }
    hyperv = Dumps(dumps, 14393, Hidden("hv/Msvm_SecuritySettingData")).hyperv()
    table = shown_table(hyperv.table("vm_security"))
    web, db = (next(row for row in table["rows"] if row["VMName"] == name) for name in ("web", "db"))
    assert (web["TpmEnabled"], web["Shielded"]) == (True, True)
    assert db["_gaps"].keys() >= {"TpmEnabled", "DataProtectionRequested"}
    assert table["gaps"].keys() == {
        "ShieldingRequested",
        "KsdEnabled",
        "EncryptStateAndVmMigrationTraffic",
        "VirtualizationBasedSecurityOptOut",
    }
    assert table["unsupported"] == ["BindToHostTpm"]


def test_replication_states_are_those_of_the_cmdlet(hv01: HyperV) -> None:
    [replication] = rows(hv01, "vm_replication")
    assert (replication["VMName"], replication["ReplicationState"], replication["ReplicationMode"]) == (
        "web",
        "Replicating",
        "Primary",
    )
    assert replication["ReplicatedDisks"] == ["D:\\VMs\\web\\web.vhdx"]
    assert row(hv01, "vm", Name="db")["ReplicationState"] == "Disabled"


def test_on_a_cluster_the_broker_rules(hv01: HyperV) -> None:
    [server] = rows(hv01, "replica_server")
    assert server == {
        "ReplicationEnabled": True,
        "AllowedAuthenticationType": "CertificateAndKerberos",
        "KerberosAuthenticationPort": 80,
        "CertificateAuthenticationPort": 443,
        "CertificateThumbprint": None,
        "ReplicationAllowedFromAnyServer": True,
        "DefaultStorageLocation": "D:\\Replica",
        "Broker": True,
    }
    assert rows(hv01, "replica_authorization") == [
        {"AllowedPrimaryServer": "*", "ReplicaStorageLocation": "D:\\Replica", "TrustGroup": "DEFAULT"}
    ]


def test_a_vm_is_clustered_where_a_resource_has_its_id(hv01: HyperV) -> None:
    assert [vm["IsClustered"] for vm in (row(hv01, "vm", Name="web"), row(hv01, "vm", Name="db"))] == [True, False]
    assert row(hv01, "cluster_network", Name="LAN")["ExcludedFromMigration"] is True


def test_rules_of_a_cluster_are_read_since_2022() -> None:
    rule = {"Name": "dcs", "RuleType": 4, "Groups": ["dc1", "dc2"], "Enabled": 1}
    by_name = {"Name": "web", "RuleType": "SameNode", "Groups": [], "Enabled": False}
    dumps = {**newer(), "MSCluster_AffinityRule": [rule, by_name]}
    assert rows(Dumps(dumps, 20348).hyperv(), "cluster_affinity_rule") == [
        {**rule, "RuleType": "DifferentNode", "Enabled": True},
        by_name,
    ]
    assert Dumps(dumps, 17763).hyperv().table("cluster_affinity_rule").not_offered == "osTooOld"


def test_two_tagged_networks_stand_for_all(hv01: HyperV) -> None:
    [host] = rows(hv01, "host_hyperv")
    assert host["UseAnyNetworkForMigration"] is True
    assert host["VirtualMachineMigrationPerformanceOption"] == "SMB"
    assert rows(hv01, "migration_network") == []


def test_one_template_names_only_the_newest_version(hv01: HyperV) -> None:
    assert rows(hv01, "host_hyperv")[0]["SupportedVmVersions"][0] == "5.0"


def test_guests_answer_in_two_notations(hv01: HyperV) -> None:
    [guest] = rows(hv01, "vm_guest_kvp")
    assert (guest["OSName"], guest["IntegrationServicesVersion"], guest["OSVersion"]) == ("R&D 2019", "10.0", None)
    assert row(hv01, "vm", Name="web")["IntegrationServicesVersion"] == "10.0"


def test_a_service_is_known_by_its_guid_and_not_by_its_localised_name(hv01: HyperV) -> None:
    services = {(service["VMName"], service["Name"]): service for service in rows(hv01, "vm_integration_service")}
    assert services["web", "Heartbeat"]["PrimaryOperationalStatus"] == "Ok"
    assert services["db", "Heartbeat"]["PrimaryOperationalStatus"] is None
    assert services["web", "KeyValuePairExchange"]["Enabled"] is False
    assert services["web", "KeyValuePairExchange"]["DisableHostKVPItems"] is True


def test_nobody_elevated_means_that_no_machine_is_no_fact() -> None:
    dumps = Dumps(
        {**newer(), "Msvm_ComputerSystem": newer()["Msvm_ComputerSystem"][:1], "Msvm_VirtualSystemSettingData": []},
        17763,
    )
    assert dumps.hyperv().table("vm").gap is None
    dumps.host = type(dumps.host)(build=17763, era="2019", elevated=False)
    gap = dumps.hyperv().table("vm").gap
    assert gap is not None
    assert gap.cause.value == "access-denied"


def test_the_old_namespace_counts_actions_from_zero_and_saved_as_32769(hv08: HyperV) -> None:
    [vm] = rows(hv08, "vm")
    assert (vm["State"], vm["AutomaticStartAction"], vm["AutomaticStopAction"]) == ("Saved", "StartIfRunning", "Save")
    assert vm["ConfigurationFile"] == f"D:\\web\\Virtual Machines\\{WEB}.xml"
    assert vm["ScopeOfResidence"] is None


def test_the_old_namespace_tells_of_ports_through_associations(hv08: HyperV) -> None:
    [adapter] = rows(hv08, "vm_network_adapter")
    assert (adapter["SwitchName"], adapter["MacAddressSpoofing"]) == ("LAN", "On")
    assert rows(hv08, "vm_network_adapter_vlan")[0]["AccessVlanId"] == 30
    [switch] = rows(hv08, "vswitch")
    assert (switch["SwitchType"], switch["AllowManagementOS"], switch["NetAdapterInterfaceDescription"]) == (
        "External",
        False,
        "Gigabit",
    )


def test_the_old_namespace_keeps_the_path_of_an_image_in_its_connection(hv08: HyperV) -> None:
    [disk] = rows(hv08, "vm_hard_disk")
    assert (disk["Path"], disk["PassThrough"], disk["ControllerType"]) == ("D:\\web\\web.vhd", False, "IDE")


def test_an_era_without_a_thing_does_not_offer_it(hv08: HyperV) -> None:
    assert hv08.table("vm_security").not_offered is not None
    assert "MaximumIOPS" in shown_table(hv08.table("vm_hard_disk"))["unsupported"]


@pytest.mark.parametrize("source", SOURCES)
def test_the_order_of_rows_changes_no_table(source: str) -> None:
    make, build = SOURCES[source]
    wanted = shown(Dumps(make(), build).hyperv())
    for seed in range(10):
        assert shown(Dumps(make(), build, order=random.Random(seed)).hyperv()) == wanted


@pytest.mark.parametrize("source", SOURCES)
def test_the_order_of_rows_that_contradict_each_other_changes_no_table_either(source: str) -> None:
    make, build = SOURCES[source]
    data = make()
    order = random.Random(3)
    for found in data.values():
        for row in list(found):
            column = order.choice(sorted(row.keys() - {"InstanceID", "Name"}) or ["InstanceID"])
            found.append({**row, column: order.choice([None, 2, "other", row[column]])})
    wanted = shown(Dumps(data, build).hyperv())
    for seed in range(10):
        assert shown(Dumps(data, build, order=random.Random(seed)).hyperv()) == wanted


def _cases(make: Any, build: int) -> list[Hidden]:
    """Each dump, each column that says something, and a draw of cells."""
    dumps = Dumps(make(), build)
    found, cells = [], []
    for name in dumps.names():
        found.append(Hidden(name))
        for number, row in enumerate(dumps.rows.get(name.rpartition("/")[2], ())):
            found += [Hidden(name, column) for column in row if number == 0]
            cells += [Hidden(name, column, number) for column in row]
    return found + random.Random(1).sample(cells, min(100, len(cells)))


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_hidden_is_a_gap_and_never_another_value(source: str) -> None:
    make, build = SOURCES[source]
    data = make()
    wanted = shown(Dumps(data, build).hyperv())
    for case in _cases(make, build):
        hyperv = Dumps(data, build, case).hyperv()
        found = shown(hyperv)
        assert found["unsupportedTables"] == wanted["unsupportedTables"], case
        for name, want in wanted["tables"].items():
            if name in found["gapTables"]:
                continue
            got = found["tables"][name]
            assert set(got["unsupported"]) == set(want["unsupported"]), (case, name)
            left = _left(want["rows"], got["rows"])
            assert left is not None, (case, name)
            assert not left or hyperv.table(name).gap is not None, (case, name)


def _left(wanted: Rows, found: Rows) -> Rows | None:
    """Rows that were not found again; None when a found row says something else. A row with fewer gaps is matched first."""
    left = list(wanted)
    for one in sorted(found, key=lambda row: len(row.get("_gaps", ()))):
        visible = {name: value for name, value in one.items() if name != "_gaps" and name not in one.get("_gaps", ())}
        match = next((row for row in left if all(row.get(name) == value for name, value in visible.items())), None)
        if match is None:
            return None
        left.remove(match)
    return left


JUNK: list[Any] = [None, True, 0, -1, 4711, 1.5, "", "junk", [], [None], ["junk"], [1, "x"], {}, "Microsoft:", 'A.B="']


@pytest.mark.parametrize("source", SOURCES)
def test_junk_in_a_cell_is_a_gap_or_harmless(source: str) -> None:
    make, build = SOURCES[source]
    order = random.Random(7)
    places = [
        (name, number, column) for name, found in make().items() for number, row in enumerate(found) for column in row
    ]
    for name, number, column in order.sample(places, min(120, len(places))):
        for junk in order.sample(JUNK, 2):
            data = make()
            data[name][number][column] = junk
            # Also asserts that what is no gap can be read as the type of its column.
            shown(Dumps(data, build).hyperv())


@pytest.mark.parametrize("build", [6001, 7600])
def test_before_the_first_service_pack_there_was_no_dynamic_memory(build: int) -> None:
    data = {
        **older(),
        "Msvm_MemorySettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\x",
                "VirtualQuantity": 512,
                "Reservation": 512,
                "Limit": 512,
                "Weight": 5000,
            }
        ],
    }
    hyperv = Dumps(data, build).hyperv()
    assert {"DynamicMemoryEnabled", "Buffer"} <= set(shown_table(hyperv.table("vm_memory"))["unsupported"])
    spoofing = "MacAddressSpoofing" in shown_table(hyperv.table("vm_network_adapter"))["unsupported"]
    assert spoofing == (build == 6001)


def test_2012_reads_the_state_of_replication_from_the_machine_itself() -> None:
    data = newer()
    del data["MSCluster_Cluster"]
    last = "2026-06-30T10:00:00.000Z"
    data["Msvm_ComputerSystem"][1].update(ReplicationState=7, ReplicationHealth=2, LastReplicationTime=last)
    hyperv = Dumps(data, 9200).hyperv()
    [replication] = rows(hyperv, "vm_replication")
    assert (replication["ReplicationState"], replication["ReplicationHealth"]) == ("Suspended", "Warning")
    assert replication["LastReplicationTime"] == last
    assert replication["ReplicationFrequencySec"] == 300
    assert row(hyperv, "vm", Name="web")["Generation"] == 1
    assert hyperv.table("vm_security").not_offered is not None
    assert rows(hyperv, "host_hyperv")[0]["SupportedVmVersions"] == ["4.0"]
