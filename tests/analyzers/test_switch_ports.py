"""HV-NET, adapters of machines: each check passes, fails and is not assessed."""

from dataclasses import replace

import pytest
from hosts import FAIL, GAP, NA, PASS, failed, statuses
from machines import HIDDEN, WEB, guest, machine, machines, of
from networks import (
    BASE,
    DB,
    DB_ADAPTER,
    FOREIGN,
    HIGH,
    INFO,
    LOW,
    MANAGEMENT,
    MEDIUM,
    OTHER_SWITCH,
    TWO_OWNERS,
    WEB_ADAPTER,
    WFP,
    access,
    adapter,
    host_adapter,
    interface,
    not_isolated,
    of_adapter,
    switch,
    tagged,
    trunk,
    vlan,
    worst,
)

from analyzers import switch_ports
from snapshot_tool.policy import Policy, VMTags


def test_spoofing_of_addresses_weighs_by_owners_and_nesting():
    check = switch_ports.no_mac_spoofing
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
    [(switch_ports.dhcp_guard, "DhcpGuard", "dhcp-server"), (switch_ports.router_guard, "RouterGuard", "router")],
)
def test_guards_that_are_off_are_notes_and_more_where_owners_share_the_host(check, column, tag):
    assert of_adapter(check) is PASS
    assert of_adapter(check, **{column: "Off"}) == (FAIL, INFO)
    assert of_adapter(check, policy=TWO_OWNERS, **{column: "Off"}) == (FAIL, MEDIUM)
    assert of_adapter(check, policy=tagged(tag), **{column: "Off"}) is PASS
    assert of_adapter(check, **{column: HIDDEN}) is GAP


def test_mirrored_ports_fail_on_adapters_and_uplinks():
    check = switch_ports.no_mirroring
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
    no_destination, no_source = switch_ports.mirroring_has_a_destination, switch_ports.mirroring_has_a_source
    assert worst(no_destination, **mirrors("None")) is PASS
    assert worst(no_destination, **mirrors("Source")) == (FAIL, LOW)
    assert worst(no_destination, **mirrors("None", uplink="Source")) == (FAIL, LOW)
    assert worst(no_destination, **mirrors("Source", "Destination")) is PASS
    assert worst(no_destination, **mirrors("Source", HIDDEN)) is GAP
    assert worst(no_source, **mirrors("Destination")) == (FAIL, LOW)
    assert worst(no_source, **mirrors("Destination", uplink="Source")) is PASS
    assert worst(no_source, **mirrors("Destination", uplink=HIDDEN)) is GAP


def test_trunks_weigh_by_what_they_reach():
    check = switch_ports.no_trunk
    assert worst(check) is PASS
    assert worst(check, vm_network_adapter_vlan=trunk([20, 30])) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter_vlan=trunk([10])) == (FAIL, HIGH)
    assert worst(check, vm_network_adapter_vlan=trunk(range(200, 400))) == (FAIL, HIGH)
    assert worst(check, vm_network_adapter_vlan=trunk([10]), net_interfaces=[interface(())]) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter_vlan=trunk([20]), net_interfaces=failed()) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter_vlan=trunk([10]), net_interfaces=failed()) == (FAIL, HIGH)
    assert worst(check, vm_network_adapter_vlan=trunk([20]), policy=tagged("firewall")) is PASS
    assert worst(check, vm_network_adapter_vlan=HIDDEN) is GAP


def private(name, kind, secondary, primary=30, vm=DB):
    one = adapter(name, vm)
    ids = secondary if isinstance(secondary, list) else []
    row = vlan(one, "Private", PrivateVlanMode=kind, PrimaryVlanId=primary, SecondaryVlanIdList=ids)
    return one, row if ids else row | {"SecondaryVlanId": secondary}


def of_private(*ports, check=switch_ports.private_vlans_are_consistent, **changed):
    adapters, vlans = [one for one, _ in ports], [row for _, row in ports]
    tables = {"vm_network_adapter": adapters, "vm_network_adapter_vlan": vlans}
    return worst(check, **(tables | {"vm_network_adapter_isolation": not_isolated(*adapters)} | changed))


PROMISCUOUS = private("gw", "Promiscuous", [31, 32])


def test_private_vlans_fit_together():
    assert worst(switch_ports.private_vlans_are_consistent) is NA
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


def test_a_legacy_adapter_weighs_more_where_the_guest_could_do_without():
    check = switch_ports.no_legacy_adapter
    assert of_adapter(check) is PASS
    assert of_adapter(check, IsLegacy=True) == (FAIL, LOW)
    assert worst(check, vm_network_adapter=[adapter(IsLegacy=True)], vm_guest_kvp=[guest()]) == (FAIL, MEDIUM)
    assert worst(check, vm_network_adapter=[adapter(IsLegacy=True)], vm_guest_kvp=HIDDEN) == (FAIL, MEDIUM)
    assert of_adapter(check, IsLegacy=HIDDEN) is GAP


def test_a_needed_feature_must_be_installed():
    check = switch_ports.needed_features_are_installed
    needing = {"vm_network_adapter": [adapter(MandatoryFeatureId=[FOREIGN])]}
    assert worst(check) is PASS
    assert worst(check, **needing, switch_feature=[{"FeatureId": FOREIGN}]) is PASS
    assert worst(check, **needing, switch_feature=[{"FeatureId": WFP}]) == (FAIL, HIGH)
    assert worst(check, **needing, switch_feature=HIDDEN) is GAP


def pool(last, **changed):
    rows = [{"Name": "HV01", "MacAddressMinimum": "00155D010000", "MacAddressMaximum": last}]
    return worst(switch_ports.mac_pool_has_room, host_hyperv=rows, **changed)


def test_the_pool_of_addresses_has_room():
    assert pool("00155D0100FF") is PASS
    assert pool("00155D010008") == (FAIL, LOW)
    assert pool(HIDDEN) is GAP
    static = [adapter(DynamicMacAddressEnabled=False), adapter("db", DB, MacAddress="00155D990000")]
    assert pool("00155D010007", vm_network_adapter=static) is PASS
    assert pool("00155D010007", vm_network_adapter=[adapter(MacAddress=HIDDEN)]) is GAP


def test_running_machines_have_addresses_of_their_own():
    check = switch_ports.mac_is_unique
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
    assert statuses(switch_ports.mirroring_has_a_destination, machines(**(BASE | rows))) == [GAP]


def test_owners_come_from_the_sheet_before_groups():
    one_owner = Policy(vms={"web": VMTags("sales"), "db": VMTags("sales")})
    groups = [{"Id": WEB, "Name": "a", "Members": [WEB]}, {"Id": DB, "Name": "b", "Members": [DB]}]
    off = {"vm_network_adapter": [adapter(DhcpGuard="Off")], "vm_group": groups}
    assert worst(switch_ports.dhcp_guard, **off) == (FAIL, MEDIUM)
    assert worst(switch_ports.dhcp_guard, policy=one_owner, **off) == (FAIL, INFO)
    assert worst(switch_ports.dhcp_guard, policy=replace(one_owner, vms={"web": VMTags("sales")}), **off) == (
        FAIL,
        MEDIUM,
    )


def gateways(*names, policy=None, **changed):
    """The answer for promiscuous ports of one private VLAN beside two that are kept apart."""
    apart = (private("a", "Community", 31), private("b", "Isolated", 32))
    ports = [private(name, "Promiscuous", [31, 32], vm=WEB if name == "web" else name) for name in names]
    return of_private(*ports, *apart, check=switch_ports.only_the_gateway_is_promiscuous, policy=policy, **changed)


def test_only_the_gateway_of_a_private_vlan_is_promiscuous():
    assert gateways() is PASS
    assert gateways("web") == (FAIL, LOW)
    assert gateways("web", "second") == (FAIL, MEDIUM)
    assert gateways("web", policy=tagged("gateway")) is PASS
    assert gateways("web", policy=tagged("lab")) == (FAIL, MEDIUM)
    assert gateways("web", vswitch=HIDDEN) == (FAIL, MEDIUM)
    assert gateways("web", vm_network_adapter_vlan=HIDDEN) is GAP


def test_broadcasts_are_limited_where_owners_share_the_host():
    check = switch_ports.broadcasts_are_limited
    assert of_adapter(check, StormLimit=0) is NA
    assert of_adapter(check, StormLimit=0, policy=TWO_OWNERS) == (FAIL, INFO)
    assert of_adapter(check, StormLimit=500, policy=TWO_OWNERS) is PASS
    assert of_adapter(check, StormLimit=0, policy=TWO_OWNERS, Connected=False) is NA
    assert of_adapter(check, StormLimit=HIDDEN, policy=TWO_OWNERS) is GAP
    assert worst(check, vm_network_adapter=[adapter(StormLimit=0)], vm_group=HIDDEN) is GAP


SECOND = adapter(Id="web2", Name="Second")
OTHER = WEB[:-1] + "3"
TWO_SWITCHES = [switch(), switch(Id=OTHER_SWITCH, Name="DMZ")]


def in_networks(second=SECOND, vlans=(20, 30), policy=None, **changed):
    """The answer for a machine with two adapters, beside `db` in the VLAN 20 and the host's management in the VLAN 10."""
    first, other = access(WEB_ADAPTER, vlans[0]), access(second, vlans[1])
    tables = {
        "vm": [machine()],
        "vm_network_adapter": [WEB_ADAPTER, second, DB_ADAPTER, MANAGEMENT],
        "vm_network_adapter_vlan": [first, other, access(DB_ADAPTER, 20), access(MANAGEMENT, 10)],
        "vm_network_adapter_isolation": not_isolated(WEB_ADAPTER, second, DB_ADAPTER, MANAGEMENT),
    }
    return worst(switch_ports.no_machine_bridges_networks, policy=policy, **(tables | changed))


def test_a_machine_in_several_networks_weighs_by_what_they_are():
    assert in_networks() == (FAIL, INFO)
    assert in_networks(vlans=(20, 20)) is PASS
    assert in_networks(vlans=(20, 10)) == (FAIL, MEDIUM)
    assert in_networks(vlans=(20, 10), net_interfaces=[interface(())]) == (FAIL, INFO)
    assert in_networks(vlans=(20, 10), policy=tagged("firewall")) is PASS
    assert in_networks(SECOND | {"Connected": False}) is PASS
    assert in_networks(SECOND | {"SwitchId": OTHER_SWITCH}, (20, 20), vswitch=TWO_SWITCHES) == (FAIL, INFO)
    assert worst(switch_ports.no_machine_bridges_networks, vm_network_adapter=[]) is NA


def test_an_untagged_network_that_everybody_shares_is_no_management_network():
    flat = [vlan(WEB_ADAPTER), access(SECOND, 30), vlan(DB_ADAPTER), vlan(MANAGEMENT)]
    assert in_networks(vm_network_adapter_vlan=flat) == (FAIL, INFO)


def test_what_is_not_known_of_networks_makes_no_pass_and_nothing_milder():
    assert in_networks(SECOND | {"Connected": HIDDEN}) is GAP
    assert in_networks(vm_network_adapter_vlan=HIDDEN) is GAP
    assert in_networks(vlans=(20, 10), net_interfaces=failed()) == (FAIL, MEDIUM)


def test_networks_of_different_owners_are_apart():
    third = adapter("app", OTHER, MacAddress="00155D010003")
    rows = {
        "vm": [machine(), machine(Id=DB, Name="db"), machine(Id=OTHER, Name="app")],
        "vm_network_adapter": [WEB_ADAPTER, SECOND, DB_ADAPTER, third],
        "vm_network_adapter_vlan": [
            access(WEB_ADAPTER, 20),
            access(SECOND, 30),
            access(DB_ADAPTER, 20),
            access(third, 30),
        ],
        "vm_network_adapter_isolation": not_isolated(WEB_ADAPTER, SECOND, DB_ADAPTER, third),
    }
    apart = Policy(vms={"db": VMTags("sales"), "app": VMTags("research")})
    same = Policy(vms={"db": VMTags("sales"), "app": VMTags("sales")})
    assert in_networks(**rows, policy=apart) == (FAIL, MEDIUM)
    assert in_networks(**rows, policy=same) == (FAIL, INFO)


def sharing(policy=TWO_OWNERS, **changed):
    tables = {"vm_network_adapter_acl": [], "vm_network_adapter_extended_acl": []}
    return worst(switch_ports.owners_are_kept_apart, policy=policy, **(tables | changed))


def test_owners_in_one_vlan_are_kept_apart():
    lists = [{"AdapterId": one["Id"], "Action": "Deny", "Direction": "Inbound"} for one in (WEB_ADAPTER, DB_ADAPTER)]
    assert sharing() == (FAIL, INFO)
    assert sharing(policy=None) is NA
    assert sharing(policy=Policy(vms={"web": VMTags("sales"), "db": VMTags("sales")})) is NA
    assert sharing(vm_network_adapter_acl=lists) is PASS
    assert sharing(vm_network_adapter_extended_acl=lists) is PASS
    assert sharing(vm_network_adapter_acl=[one | {"Action": "Meter"} for one in lists]) == (FAIL, INFO)
    other = [access(WEB_ADAPTER, 20), access(DB_ADAPTER, 30), access(MANAGEMENT, 10)]
    assert sharing(vm_network_adapter_vlan=other) is PASS
    assert sharing(vm_network_adapter_acl=HIDDEN) is GAP
    assert sharing(vm_network_adapter_vlan=HIDDEN) is GAP


def test_machines_of_one_group_need_not_be_kept_apart():
    groups = [{"Id": WEB, "Name": "a", "Members": [WEB, DB]}, {"Id": DB, "Name": "b", "Members": [DB]}]
    assert sharing(policy=None, vm_group=groups) is PASS
    groups[0] |= {"Members": [WEB]}
    assert sharing(policy=None, vm_group=groups) == (FAIL, INFO)
    assert sharing(policy=None, vm_group=HIDDEN) is GAP


def test_guests_team_only_where_there_is_a_second_adapter():
    check = switch_ports.guests_do_not_team_or_mark
    quiet = {"AllowTeaming": "Off", "IeeePriorityTag": "Off"}
    teaming = quiet | {"AllowTeaming": "On"}
    assert of_adapter(check, **quiet) is PASS
    assert of_adapter(check, **teaming) == (FAIL, LOW)
    assert of_adapter(check, **quiet | {"IeeePriorityTag": "On"}) == (FAIL, LOW)
    assert of_adapter(check, **teaming, Connected=False) is NA
    assert of_adapter(check, AllowTeaming=HIDDEN, IeeePriorityTag="Off") is GAP
    assert of_adapter(check, AllowTeaming=HIDDEN, IeeePriorityTag="On") == (FAIL, LOW)
    assert worst(check, vm_network_adapter=[adapter(**teaming), SECOND | teaming]) is PASS
    assert worst(check, vm_network_adapter=[host_adapter(IeeePriorityTag="On")]) is NA
