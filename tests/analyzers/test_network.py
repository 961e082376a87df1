"""HV-NET: each check passes, fails and is not assessed."""

from dataclasses import replace

import pytest
from hosts import FAIL, GAP, NA, PASS, ask, failed, statuses, verdict
from machines import HIDDEN, LINUX, WEB, guest, machine, machines, of

from analyzers import network
from snapshot_tool.model.firewall import ConnectionSecurityRule
from snapshot_tool.policy import Policy, VMTags
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import Severity

HIGH, MEDIUM, LOW, INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO
SWITCH = "22222222-aaaa-4000-8000-000000000001"
OTHER_SWITCH = "22222222-aaaa-4000-8000-000000000002"
DB = "11111111-aaaa-4000-8000-000000000002"
DEVICE = "33333333-aaaa-4000-8000-000000000001"
NICS = [f"44444444-aaaa-4000-8000-00000000000{n}" for n in range(4)]


def nic(number=1, **changed):
    return {
        "InterfaceGuid": NICS[number],
        "InterfaceIndex": number,
        "Name": f"NIC{number}",
        "Description": f"Card #{number}",
        "PnpId": f"PCI\\VEN_8086&DEV_1572\\{number}",
        "ComponentId": "pci\\ven_8086&dev_1572",
        "IsPhysical": True,
        "ConnectionStatus": 2,
        "ConfigManagerErrorCode": 0,
        "SpeedBps": 10_000_000_000,
        "VmqEnabled": True,
        **changed,
    }


def vnic(**changed):
    """The interface of the host's adapter on the switch."""
    return nic(0) | {
        "InterfaceGuid": DEVICE,
        "PnpId": "ROOT\\VMS_MP\\0001",
        "ComponentId": "vms_mp",
        "IsPhysical": False,
        **changed,
    }


TWO_PORTS = [nic(1), nic(2)]


def switch(**changed):
    return {
        "Id": SWITCH,
        "Name": "LAN",
        "SwitchType": "External",
        "AllowManagementOS": True,
        "NetAdapterInterfaceDescriptions": ["Card #1"],
        "NetAdapterInterfaceGuid": [NICS[1]],
        "UplinkMirroringMode": ["None"],
        "EmbeddedTeamingEnabled": False,
        "IovEnabled": False,
        "BandwidthReservationMode": "Weight",
        "IovVirtualFunctionCount": 2,
        "IovVirtualFunctionsInUse": 0,
        **changed,
    }


def adapter(name="web", vm=WEB, **changed):
    return {
        "VMId": vm,
        "VMName": name,
        "Id": f"Microsoft:{vm}\\{name}",
        "Name": "Network Adapter",
        "IsManagementOs": False,
        "IsLegacy": False,
        "MacAddress": "00155D010001",
        "DynamicMacAddressEnabled": True,
        "Connected": True,
        "SwitchId": SWITCH,
        "MacAddressSpoofing": "Off",
        "DhcpGuard": "On",
        "RouterGuard": "On",
        "PortMirroringMode": "None",
        "MaximumBandwidth": 0,
        "MinimumBandwidthWeight": 0,
        "MinimumBandwidthAbsolute": 0,
        "IovWeight": 0,
        "IovUsage": 1,
        "VFDataPathActive": True,
        "MandatoryFeatureId": [],
        "Status": ["Ok"],
        **changed,
    }


def host_adapter(name="Management", **changed):
    return adapter(name, None) | {
        "VMName": None,
        "Id": f"host\\{name}",
        "Name": name,
        "IsManagementOs": True,
        "DeviceId": DEVICE,
        "DynamicMacAddressEnabled": None,
        **changed,
    }


def vlan(of_adapter, mode="Untagged", **changed):
    return {
        "VMId": of_adapter["VMId"],
        "VMName": of_adapter["VMName"],
        "AdapterId": of_adapter["Id"],
        "OperationMode": mode,
        "AccessVlanId": None,
        "NativeVlanId": None,
        "AllowedVlanIdList": [],
        "PrivateVlanMode": None,
        "PrimaryVlanId": None,
        "SecondaryVlanId": None,
        "SecondaryVlanIdList": [],
        **changed,
    }


def access(of_adapter, number):
    return vlan(of_adapter, "Access", AccessVlanId=number)


def not_isolated(*adapters, mode="None", number=0):
    return [{"AdapterId": one["Id"], "IsolationMode": mode, "DefaultIsolationID": number} for one in adapters]


def interface(gateways=("10.0.0.1",), device=DEVICE, **changed):
    return {"InterfaceGuid": device, "InterfaceIndex": 0, "Family": "IPv4", "Gateways": list(gateways), **changed}


WEB_ADAPTER, DB_ADAPTER, MANAGEMENT = adapter(), adapter("db", DB, MacAddress="00155D010002"), host_adapter()
BASE = {
    "vm": [machine(), machine(Id=DB, Name="db")],
    "vswitch": [switch()],
    "vm_network_adapter": [WEB_ADAPTER, DB_ADAPTER, MANAGEMENT],
    "vm_network_adapter_vlan": [access(WEB_ADAPTER, 20), access(DB_ADAPTER, 20), access(MANAGEMENT, 10)],
    "vm_network_adapter_isolation": not_isolated(WEB_ADAPTER, DB_ADAPTER, MANAGEMENT),
    "vm_group": [],
    "vm_guest_kvp": [],
    "vm_processor": [of(ExposeVirtualizationExtensions=False), of(VMId=DB, ExposeVirtualizationExtensions=False)],
    "net_adapters": [*TWO_PORTS, vnic()],
    "net_interfaces": [interface()],
    "net_team_nics": [],
    "net_teams": [],
}


def worst(check, era="2022", policy=None, unsupported=(), **changed):
    """Status and severity of the worst answer."""
    snapshot = machines(era, unsupported=unsupported, **(BASE | changed))
    if policy is not None:
        snapshot = Snapshot(snapshot.source, snapshot.host, policy)
    found = max(ask(check, snapshot), key=lambda result: (result.status, result.severity))
    return (found.status, found.severity) if found.status is FAIL else found.status


def of_adapter(check, era="2022", policy=None, **changed):
    """The answer for one adapter of the machine `web`, the only one of the host."""
    only = adapter(**changed)
    tables = {"vm_network_adapter": [only], "vm_network_adapter_isolation": not_isolated(only)}
    if era < "2016":
        tables["vm_network_adapter_isolation"] = None if era == "2012" else tables["vm_network_adapter_isolation"]
    return worst(check, era, policy, **tables)


TWO_OWNERS = Policy(vms={"web": VMTags("sales"), "db": VMTags("research")})


def tagged(tag):
    return Policy(vms={WEB: VMTags(tags=frozenset({tag}))})


def test_a_host_needs_two_ports_that_have_a_link():
    check = network.two_ports
    assert worst(check) is PASS
    assert worst(check, net_adapters=[nic(1), vnic()]) == (FAIL, MEDIUM)
    assert worst(check, net_adapters=[nic(1), nic(2, PnpId="USB\\VID_0BDA\\1")]) == (FAIL, MEDIUM)
    assert worst(check, net_adapters=[nic(1), nic(2, ConnectionStatus=4)]) == (FAIL, MEDIUM)
    assert worst(check, net_adapters=[nic(1, PnpId="B06BDRV\\L2ND\\1"), nic(2, PnpId="VMBUS\\1")]) is PASS
    assert worst(check, net_adapters=[nic(1), nic(2, ConnectionStatus=7)]) == (FAIL, LOW)
    assert worst(check, net_adapters=failed()) is GAP
    assert "NIC1" in verdict(check, machines(net_adapters=[nic(1)])).message


def test_what_is_not_known_of_a_port_is_a_gap_unless_two_are_linked():
    unknown = {key: value for key, value in nic(3).items() if key != "PnpId"}
    assert worst(network.two_ports, net_adapters=[nic(1), unknown]) is GAP
    assert worst(network.two_ports, net_adapters=[*TWO_PORTS, unknown]) is PASS


def test_a_switch_that_the_host_does_not_share_passes():
    check = network.a_switch_is_not_shared
    free = switch(Id=OTHER_SWITCH, Name="DMZ", AllowManagementOS=False)
    assert worst(check, vswitch=[switch(), free]) is PASS
    assert worst(check, vswitch=[switch(AllowManagementOS=HIDDEN), free]) is PASS
    assert worst(check, vswitch=[switch(), switch(Id=OTHER_SWITCH, AllowManagementOS=HIDDEN)]) is GAP
    assert worst(check, vswitch=[switch(SwitchType="Internal")]) is NA
    assert worst(check, net_adapters=[nic(1), vnic()]) is NA
    assert worst(check, vswitch=HIDDEN) is GAP


def test_sharing_weighs_by_where_the_host_is_managed():
    check = network.a_switch_is_not_shared
    assert worst(check) == (FAIL, MEDIUM)
    assert worst(check, net_interfaces=[interface(())]) == (FAIL, LOW)
    assert worst(check, vswitch=[switch(EmbeddedTeamingEnabled=True)]) == (FAIL, INFO)
    flat = [access(WEB_ADAPTER, 10), access(DB_ADAPTER, 20), access(MANAGEMENT, 10)]
    teamed = {"vswitch": [switch(EmbeddedTeamingEnabled=True)]}
    assert worst(check, **teamed, vm_network_adapter_vlan=flat) == (FAIL, MEDIUM)
    assert worst(check, **teamed, vm_network_adapter_vlan=HIDDEN) == (FAIL, MEDIUM)
    assert worst(check, net_interfaces=failed()) == (FAIL, MEDIUM)


def test_management_over_a_switch_of_machines_fails():
    check = network.management_has_its_own_adapter
    assert worst(check) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter=[MANAGEMENT]) is PASS
    assert worst(check, net_interfaces=[interface(())]) is NA
    assert worst(check, vswitch=[switch(EmbeddedTeamingEnabled=True)]) == (FAIL, INFO)
    assert worst(check, net_adapters=[nic(1), vnic()]) is NA
    assert worst(check, vm_network_adapter=[WEB_ADAPTER, MANAGEMENT | {"DeviceId": None}]) is GAP


def test_host_adapters_share_no_vlan_with_machines():
    check = network.host_adapters_have_their_own_vlan
    assert worst(check) is PASS
    same = [access(WEB_ADAPTER, 10), access(DB_ADAPTER, 20), access(MANAGEMENT, 10)]
    assert worst(check, vm_network_adapter_vlan=same) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter_vlan=same, policy=TWO_OWNERS) == (FAIL, HIGH)
    flat = [vlan(WEB_ADAPTER), vlan(DB_ADAPTER), vlan(MANAGEMENT)]
    assert worst(check, vm_network_adapter_vlan=flat) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter_vlan=flat, net_adapters=[nic(1)]) == (FAIL, LOW)
    trunk = vlan(WEB_ADAPTER, "Trunk", NativeVlanId=0, AllowedVlanIdList=[10])
    assert worst(check, vm_network_adapter_vlan=[trunk, access(DB_ADAPTER, 20), access(MANAGEMENT, 10)]) is PASS
    assert worst(check, vswitch=[switch(SwitchType="Internal")], vm_network_adapter_vlan=flat) is NA
    assert worst(check, vm_network_adapter_vlan=HIDDEN) is GAP
    assert worst(check, vm_network_adapter_vlan=same, vm_group=HIDDEN) == (FAIL, HIGH)
    assert worst(check, "2008R2", vm_network_adapter_vlan=flat) is NA


def test_the_vlan_of_an_isolation_counts():
    flat = [vlan(WEB_ADAPTER), access(DB_ADAPTER, 20), access(MANAGEMENT, 10)]
    isolated = not_isolated(WEB_ADAPTER, mode="Vlan", number=10) + not_isolated(DB_ADAPTER, MANAGEMENT)
    check = network.host_adapters_have_their_own_vlan
    assert worst(check, vm_network_adapter_vlan=flat, vm_network_adapter_isolation=isolated) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter_vlan=flat) is PASS


def test_a_disabled_host_adapter_fails():
    check = network.host_adapter_is_enabled
    assert worst(check) is PASS
    assert worst(check, net_adapters=[vnic(ConfigManagerErrorCode=22)]) == (FAIL, LOW)
    assert worst(check, net_adapters=[nic(1)]) is GAP
    assert worst(check, vswitch=[switch(SwitchType="Internal")]) is NA


def test_spoofing_of_addresses_weighs_by_owners_and_nesting():
    check = network.no_mac_spoofing
    assert of_adapter(check) is PASS
    assert of_adapter(check, MacAddressSpoofing="On") == (FAIL, MEDIUM)
    assert of_adapter(check, MacAddressSpoofing="On", Connected=False) is NA
    assert of_adapter(check, policy=TWO_OWNERS, MacAddressSpoofing="On") == (FAIL, HIGH)
    assert of_adapter(check, policy=tagged("mac-spoofing"), MacAddressSpoofing="On") is PASS
    assert of_adapter(check, policy=tagged("lab"), MacAddressSpoofing="On") == (FAIL, MEDIUM)
    assert of_adapter(check, MacAddressSpoofing=HIDDEN) is GAP
    only = adapter(MacAddressSpoofing="On")
    nested = [of(ExposeVirtualizationExtensions=True)]
    assert worst(check, vm_network_adapter=[only], vm_processor=nested) == (FAIL, INFO)
    assert worst(check, vm_network_adapter=[only], vm_processor=HIDDEN) == (FAIL, HIGH)
    old = {"era": "2012R2", "unsupported": ("vm_processor.ExposeVirtualizationExtensions",)}
    assert worst(check, vm_network_adapter=[only], vm_processor=[of()], **old) == (FAIL, MEDIUM)


@pytest.mark.parametrize(
    ("check", "column", "tag"),
    [(network.dhcp_guard, "DhcpGuard", "dhcp-server"), (network.router_guard, "RouterGuard", "router")],
)
def test_guards_that_are_off_are_notes_and_more_where_owners_share_the_host(check, column, tag):
    assert of_adapter(check) is PASS
    assert of_adapter(check, **{column: "Off"}) == (FAIL, INFO)
    assert of_adapter(check, policy=TWO_OWNERS, **{column: "Off"}) == (FAIL, MEDIUM)
    assert of_adapter(check, policy=tagged(tag), **{column: "Off"}) is PASS
    assert of_adapter(check, **{column: HIDDEN}) is GAP


def test_mirrored_ports_fail_on_adapters_and_uplinks():
    check = network.no_mirroring
    assert worst(check) is PASS
    assert of_adapter(check, PortMirroringMode="Source") == (FAIL, MEDIUM)
    assert of_adapter(check, PortMirroringMode="Destination") == (FAIL, HIGH)
    assert of_adapter(check, PortMirroringMode="Destination", Connected=False) is PASS
    assert worst(check, vswitch=[switch(UplinkMirroringMode=["None", "Source"])]) == (FAIL, MEDIUM)
    assert worst(check, vswitch=HIDDEN) is GAP


def mirrors(*modes, uplink="None"):
    adapters = [adapter(f"vm{n}", DB, PortMirroringMode=mode) for n, mode in enumerate(modes)]
    return {
        "vm_network_adapter": adapters,
        "vswitch": [switch(UplinkMirroringMode=uplink if uplink is HIDDEN else [uplink])],
    }


def test_mirroring_needs_both_ends():
    no_destination, no_source = network.mirroring_has_a_destination, network.mirroring_has_a_source
    assert worst(no_destination, **mirrors("None")) is PASS
    assert worst(no_destination, **mirrors("Source")) == (FAIL, LOW)
    assert worst(no_destination, **mirrors("None", uplink="Source")) == (FAIL, LOW)
    assert worst(no_destination, **mirrors("Source", "Destination")) is PASS
    assert worst(no_destination, **mirrors("Source", HIDDEN)) is GAP
    assert worst(no_source, **mirrors("Destination")) == (FAIL, LOW)
    assert worst(no_source, **mirrors("Destination", uplink="Source")) is PASS
    assert worst(no_source, **mirrors("Destination", uplink=HIDDEN)) is GAP


def trunk(ids, native=0):
    return [
        vlan(WEB_ADAPTER, "Trunk", NativeVlanId=native, AllowedVlanIdList=list(ids)),
        access(DB_ADAPTER, 20),
        access(MANAGEMENT, 10),
    ]


def test_trunks_weigh_by_what_they_reach():
    check = network.no_trunk
    assert worst(check) is PASS
    assert worst(check, vm_network_adapter_vlan=trunk([20, 30])) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter_vlan=trunk([10])) == (FAIL, HIGH)
    assert worst(check, vm_network_adapter_vlan=trunk(range(200, 400))) == (FAIL, HIGH)
    assert worst(check, vm_network_adapter_vlan=trunk([10]), net_interfaces=[interface(())]) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter_vlan=trunk([20]), net_interfaces=failed()) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter_vlan=trunk([10]), net_interfaces=failed()) == (FAIL, HIGH)
    assert worst(check, vm_network_adapter_vlan=trunk([20]), policy=tagged("firewall")) is PASS
    assert worst(check, vm_network_adapter_vlan=HIDDEN) is GAP


def private(name, kind, secondary, primary=30):
    one = adapter(name, DB)
    ids = secondary if isinstance(secondary, list) else []
    row = vlan(one, "Private", PrivateVlanMode=kind, PrimaryVlanId=primary, SecondaryVlanIdList=ids)
    return one, row if ids else row | {"SecondaryVlanId": secondary}


def of_private(*ports, **changed):
    adapters, vlans = [one for one, _ in ports], [row for _, row in ports]
    tables = {"vm_network_adapter": adapters, "vm_network_adapter_vlan": vlans}
    return worst(
        network.private_vlans_are_consistent,
        **(tables | {"vm_network_adapter_isolation": not_isolated(*adapters)} | changed),
    )


PROMISCUOUS = private("gw", "Promiscuous", [31, 32])


def test_private_vlans_fit_together():
    assert worst(network.private_vlans_are_consistent) is NA
    assert of_private(PROMISCUOUS, private("a", "Isolated", 31), private("b", "Community", 32)) is PASS
    assert of_private(PROMISCUOUS, private("a", "Isolated", 31), private("b", "Isolated", 32)) == (FAIL, HIGH)
    assert of_private(PROMISCUOUS, private("a", "Isolated", 31), private("b", "Community", 31)) == (FAIL, HIGH)
    assert of_private(PROMISCUOUS, private("a", "Isolated", 31), private("b", "Isolated", 31, 40)) == (FAIL, HIGH)
    assert of_private(PROMISCUOUS, private("a", "Community", 30)) == (FAIL, HIGH)
    assert of_private(PROMISCUOUS, private("a", "Community", 33)) == (FAIL, MEDIUM)
    assert of_private(private("a", "Isolated", 31)) == (FAIL, INFO)


def test_a_port_that_could_not_be_read_makes_private_vlans_no_better():
    hidden = private("b", HIDDEN, 32)
    assert of_private(PROMISCUOUS, private("a", "Isolated", 31), hidden) is GAP
    assert of_private(private("a", "Isolated", 31), hidden) is GAP
    assert of_private(PROMISCUOUS, private("a", "Community", 33), hidden) == (FAIL, HIGH)


def test_untagged_machines_beside_tagged_ones_are_a_note():
    check = network.no_untagged_machine_beside_tagged_ones
    mixed = [vlan(WEB_ADAPTER), access(DB_ADAPTER, 20), vlan(MANAGEMENT)]
    assert worst(check) is PASS
    assert worst(check, vm_network_adapter_vlan=mixed) == (FAIL, INFO)
    assert worst(check, vm_network_adapter_vlan=mixed, policy=TWO_OWNERS) == (FAIL, LOW)
    assert worst(check, vm_network_adapter_vlan=mixed, vswitch=[switch(SwitchType="Internal")]) is NA
    assert worst(check, "2008R2", vm_network_adapter_vlan=mixed, vm_network_adapter_isolation=None) == (FAIL, INFO)
    assert worst(check, vm_network_adapter_vlan=[vlan(WEB_ADAPTER), vlan(DB_ADAPTER), vlan(MANAGEMENT)]) is PASS
    isolated = not_isolated(WEB_ADAPTER, mode="Vlan", number=5) + not_isolated(DB_ADAPTER, MANAGEMENT)
    assert worst(check, vm_network_adapter_vlan=mixed, vm_network_adapter_isolation=isolated) is PASS
    assert worst(check, vm_network_adapter_vlan=HIDDEN) is GAP


def test_management_keeps_bandwidth_by_a_maximum_or_a_minimum():
    check = network.management_keeps_bandwidth
    assert worst(check) == (FAIL, INFO)
    assert worst(check, policy=TWO_OWNERS) == (FAIL, LOW)
    assert worst(check, vm_network_adapter=[adapter(MaximumBandwidth=1), MANAGEMENT]) is PASS
    reserved = [WEB_ADAPTER, MANAGEMENT | {"MinimumBandwidthWeight": 10}]
    assert worst(check, vm_network_adapter=reserved) is PASS
    without = [switch(BandwidthReservationMode="None")]
    assert worst(check, vm_network_adapter=reserved, vswitch=without) == (FAIL, INFO)
    assert worst(check, net_interfaces=[interface(())]) is NA
    assert worst(check, vm_network_adapter=[WEB_ADAPTER | {"MaximumBandwidth": HIDDEN}, MANAGEMENT]) is GAP


def test_a_legacy_adapter_weighs_more_where_the_guest_could_do_without():
    check = network.no_legacy_adapter
    assert of_adapter(check) is PASS
    assert of_adapter(check, IsLegacy=True) == (FAIL, LOW)
    assert worst(check, vm_network_adapter=[adapter(IsLegacy=True)], vm_guest_kvp=[guest()]) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter=[adapter(IsLegacy=True)], vm_guest_kvp=HIDDEN) == (FAIL, MEDIUM)
    assert of_adapter(check, IsLegacy=HIDDEN) is GAP


def functions(check, *, weight=100, told=None, era="2022", on=True, count=2, used=0, **changed):
    tables = {
        "vm": [machine()],
        "vm_network_adapter": [adapter(IovWeight=weight, **changed)],
        "vswitch": [switch(IovEnabled=on, IovVirtualFunctionCount=count, IovVirtualFunctionsInUse=used)],
        "vm_guest_kvp": [] if told is None else [told],
    }
    return worst(check, era, **tables)


X64, X86 = {"ProcessorArchitecture": "9"}, {"ProcessorArchitecture": "0"}


def test_functions_are_for_guests_that_support_them():
    check = network.functions_for_guests_that_support_them
    assert functions(check, told=guest(**X64)) is PASS
    assert functions(check, told=guest(**X86)) == (FAIL, LOW)
    assert functions(check, told=guest("6.1.7601", **X64)) == (FAIL, LOW)
    assert functions(check, told=LINUX) is PASS
    assert functions(check, told=LINUX, era="2012R2") == (FAIL, LOW)
    assert functions(check) is GAP
    assert functions(check, told=guest("6.1.7601", **X64), on=False) is NA
    assert functions(check, told=guest(**X86), weight=0) is NA


def test_functions_suffice_for_running_machines():
    check = network.enough_functions
    assert functions(check) is PASS
    assert functions(check, count=0) == (FAIL, LOW)
    assert functions(check, count=None) is GAP
    assert functions(check, count=0, weight=HIDDEN) is GAP
    assert functions(check, on=False) is NA


def test_free_functions_are_a_note_for_a_guest_that_could_use_one():
    check = network.functions_are_used
    assert functions(check) is PASS
    assert functions(check, weight=0, told=guest(**X64)) == (FAIL, INFO)
    assert functions(check, weight=0, told=guest("6.1.7601", **X64)) is PASS
    assert functions(check, weight=0, told=guest(**X64), used=2) is PASS
    assert functions(check, weight=0, told=guest(**X64), IsLegacy=True) is PASS
    assert functions(check, weight=0) is GAP
    assert functions(check, weight=0, count=None) is GAP


def test_a_function_without_driver_fails_and_none_at_all_is_a_note():
    check = network.functions_work
    assert functions(check) is PASS
    assert functions(check, Status=["IovGuestDriversNeeded"]) == (FAIL, LOW)
    assert functions(check, VFDataPathActive=False) == (FAIL, LOW)
    assert functions(check, IovUsage=0, VFDataPathActive=False) == (FAIL, INFO)
    assert functions(check, IovUsage=0, Status=HIDDEN) == (FAIL, LOW)
    assert functions(check, IovUsage=HIDDEN) is GAP
    assert functions(check, weight=0) is NA


def test_queues_are_on_for_fast_uplinks():
    check = network.queues_are_on
    off = nic(1, VmqEnabled=False)
    assert worst(check) is PASS
    assert worst(check, net_adapters=[off]) == (FAIL, LOW)
    assert worst(check, net_adapters=[off | {"SpeedBps": 1_000_000_000}]) is NA
    assert worst(check, net_adapters=[off | {"SpeedBps": None}]) is NA
    assert worst(check, net_adapters=[nic(2, VmqEnabled=False)]) is NA
    assert worst(check, net_adapters=[nic(2, VmqEnabled=False)], vswitch=HIDDEN) is GAP
    assert worst(check, net_adapters=[nic(1, VmqEnabled=None)]) is NA


def team_nic(name="T1", **changed):
    return {"Name": name, "Team": "T1", "InterfaceDescription": "Card #1", "VlanId": None, "Default": True, **changed}


def test_queues_of_members_of_a_team_count():
    member = [nic(2, VmqEnabled=False)]
    team = [{"Team": "T1", "MemberDescriptions": ["Card #2"]}]
    assert worst(network.queues_are_on, net_adapters=member, net_teams=team, net_team_nics=[team_nic()]) == (FAIL, LOW)
    assert worst(network.queues_are_on, net_adapters=member, net_teams=failed()) is GAP


def test_a_team_under_a_switch_has_one_interface_in_default_mode():
    extra = team_nic("T1 - VLAN 5", InterfaceDescription="Other", VlanId=5, Default=False)
    assert worst(network.team_has_one_interface, net_team_nics=[team_nic()]) is PASS
    assert worst(network.team_has_one_interface, net_team_nics=[team_nic(), extra]) == (FAIL, MEDIUM)
    assert worst(network.team_has_one_interface, net_team_nics=[extra]) is NA
    assert worst(network.team_has_one_interface, net_team_nics=[team_nic()], vswitch=HIDDEN) is GAP
    assert worst(network.team_interface_is_default, net_team_nics=[team_nic(), extra]) is PASS
    assert worst(network.team_interface_is_default, net_team_nics=[team_nic(VlanId=5)]) == (FAIL, MEDIUM)
    assert worst(network.team_interface_is_default, net_team_nics=[team_nic(Default=False)]) == (FAIL, MEDIUM)
    assert worst(network.team_interface_is_default, net_team_nics=failed()) is GAP


def test_a_team_under_a_switch_fails_from_2022_on():
    check = network.no_team_under_switch
    assert worst(check) is PASS
    assert worst(check, net_team_nics=[team_nic()]) == (FAIL, MEDIUM)
    assert worst(check, "2019", net_team_nics=[team_nic()]) is NA
    assert worst(check, net_team_nics=failed()) is GAP
    assert worst(check, net_team_nics=[team_nic()], vswitch=[switch(SwitchType="Private")]) is NA


def extension(identifier, *, enabled=True, vendor="Microsoft"):
    return {"SwitchId": SWITCH, "SwitchName": "LAN", "Id": identifier, "Vendor": vendor, "Enabled": enabled}


WFP, CAPTURE, FOREIGN = "e7c3b2f0-f3c5-48df-af2b-10fed6d72e7a", "ea24cd6c-d17a-4348-9190-09f0d5be83dd", DB


def test_the_filtering_platform_matters_most_beside_foreign_extensions():
    def of_switch(*rows):
        return worst(network.filtering_platform_is_enabled, vswitch_extension=list(rows))

    foreign = extension(FOREIGN, vendor="Example")
    assert of_switch(extension(WFP), foreign) is PASS
    assert of_switch(extension(WFP, enabled=False), extension(CAPTURE)) == (FAIL, INFO)
    assert of_switch(extension(WFP, enabled=False), foreign) == (FAIL, LOW)
    assert of_switch(extension(WFP, enabled=False), foreign | {"Enabled": HIDDEN}) == (FAIL, LOW)
    assert of_switch() is GAP
    assert worst(network.filtering_platform_is_enabled, vswitch_extension=HIDDEN) is GAP


def test_a_needed_feature_must_be_installed():
    check = network.needed_features_are_installed
    needing = {"vm_network_adapter": [adapter(MandatoryFeatureId=[FOREIGN])]}
    assert worst(check) is PASS
    assert worst(check, **needing, switch_feature=[{"FeatureId": FOREIGN}]) is PASS
    assert worst(check, **needing, switch_feature=[{"FeatureId": WFP}]) == (FAIL, HIGH)
    assert worst(check, **needing, switch_feature=HIDDEN) is GAP


def pool(last, **changed):
    rows = [{"Name": "HV01", "MacAddressMinimum": "00155D010000", "MacAddressMaximum": last}]
    return worst(network.mac_pool_has_room, host_hyperv=rows, **changed)


def test_the_pool_of_addresses_has_room():
    assert pool("00155D0100FF") is PASS
    assert pool("00155D010008") == (FAIL, LOW)
    assert pool(HIDDEN) is GAP
    static = [adapter(DynamicMacAddressEnabled=False), adapter("db", DB, MacAddress="00155D990000")]
    assert pool("00155D010007", vm_network_adapter=static) is PASS
    assert pool("00155D010007", vm_network_adapter=[adapter(MacAddress=HIDDEN)]) is GAP


def test_running_machines_have_addresses_of_their_own():
    check = network.mac_is_unique
    twins = [adapter(), adapter("db", DB)]
    assert worst(check) is PASS
    assert worst(check, vm_network_adapter=twins) == (FAIL, HIGH)
    off = [machine(), machine(Id=DB, Name="db", State="Off")]
    assert worst(check, vm_network_adapter=twins, vm=off) is PASS
    assert worst(check, vm_network_adapter=[adapter(), adapter("db", DB, Connected=False)]) is PASS
    blank = [one | {"MacAddress": "000000000000"} for one in twins]
    assert worst(check, vm_network_adapter=blank) is NA
    unknown = [adapter(), adapter("db", DB, MacAddress=HIDDEN)]
    assert worst(check, vm_network_adapter=unknown) is GAP


def test_an_adapter_in_a_pool_may_be_on_any_switch():
    pooled = adapter("db", DB, SwitchId=None, PoolName="Pool")
    rows = {"vm_network_adapter": [adapter(PortMirroringMode="Source"), pooled]}
    assert statuses(network.mirroring_has_a_destination, machines(**(BASE | rows))) == [GAP]


def test_owners_come_from_the_sheet_before_groups():
    one_owner = Policy(vms={"web": VMTags("sales"), "db": VMTags("sales")})
    groups = [{"Id": WEB, "Name": "a", "Members": [WEB]}, {"Id": DB, "Name": "b", "Members": [DB]}]
    off = {"vm_network_adapter": [adapter(DhcpGuard="Off")], "vm_group": groups}
    assert worst(network.dhcp_guard, **off) == (FAIL, MEDIUM)
    assert worst(network.dhcp_guard, policy=one_owner, **off) == (FAIL, INFO)
    assert worst(network.dhcp_guard, policy=replace(one_owner, vms={"web": VMTags("sales")}), **off) == (FAIL, MEDIUM)


@pytest.mark.parametrize(
    ("rule", "secures"),
    [
        ("v2.29|Action=SecureServer|Active=TRUE|EP2Port=6600|Protocol=6|Name=LM|", True),
        ("v2.29|Action=Secure|Active=TRUE|Name=All|", True),
        ("v2.29|Action=Secure|Active=TRUE|EP1Port=6000-7000|Protocol=6|", True),
        ("v2.29|Action=Secure|Active=FALSE|Name=All|", False),
        ("v2.29|Action=Boundary|Active=TRUE|Name=All|", False),
        ("v2.29|Action=DoNotSecure|Active=TRUE|EP2Port=6600|Protocol=6|", False),
        ("v2.29|Action=Secure|Active=TRUE|EP2Port=445|Protocol=6|", False),
        ("v2.29|Action=Secure|Active=TRUE|Protocol=17|", False),
    ],
)
def test_a_rule_secures_a_port_if_it_requires_ipsec_for_it(rule, secures):
    rows = [{"Store": "local", "Kind": "conSecRule", "ValueName": "{1}", "Rule": rule}]
    (row,) = machines(firewall_consec_raw=rows).rows(ConnectionSecurityRule)
    assert row.secures(6600) is secures
