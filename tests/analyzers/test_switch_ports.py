"""HV-NET, adapters of machines: each check passes, fails and is not assessed."""

from dataclasses import replace

import pytest
from hosts import FAIL, GAP, NA, PASS, failed, statuses
from machines import HIDDEN, LINUX, WEB, guest, machine, machines, of
from networks import (
    BASE,
    DB,
    FOREIGN,
    HIGH,
    INFO,
    LOW,
    MEDIUM,
    TWO_OWNERS,
    WFP,
    adapter,
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


def private(name, kind, secondary, primary=30):
    one = adapter(name, DB)
    ids = secondary if isinstance(secondary, list) else []
    row = vlan(one, "Private", PrivateVlanMode=kind, PrimaryVlanId=primary, SecondaryVlanIdList=ids)
    return one, row if ids else row | {"SecondaryVlanId": secondary}


def of_private(*ports, **changed):
    adapters, vlans = [one for one, _ in ports], [row for _, row in ports]
    tables = {"vm_network_adapter": adapters, "vm_network_adapter_vlan": vlans}
    return worst(
        switch_ports.private_vlans_are_consistent,
        **(tables | {"vm_network_adapter_isolation": not_isolated(*adapters)} | changed),
    )


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
    check = switch_ports.functions_for_guests_that_support_them
    assert functions(check, told=guest(**X64)) is PASS
    assert functions(check, told=guest(**X86)) == (FAIL, LOW)
    assert functions(check, told=guest("6.1.7601", **X64)) == (FAIL, LOW)
    assert functions(check, told=LINUX) is PASS
    assert functions(check, told=LINUX, era="2012R2") == (FAIL, LOW)
    assert functions(check) is GAP
    assert functions(check, told=guest("6.1.7601", **X64), on=False) is NA
    assert functions(check, told=guest(**X86), weight=0) is NA


def test_functions_suffice_for_running_machines():
    check = switch_ports.enough_functions
    assert functions(check) is PASS
    assert functions(check, count=0) == (FAIL, LOW)
    assert functions(check, count=None) is GAP
    assert functions(check, count=0, weight=HIDDEN) is GAP
    assert functions(check, on=False) is NA


def test_free_functions_are_a_note_for_a_guest_that_could_use_one():
    check = switch_ports.functions_are_used
    assert functions(check) is PASS
    assert functions(check, weight=0, told=guest(**X64)) == (FAIL, INFO)
    assert functions(check, weight=0, told=guest("6.1.7601", **X64)) is PASS
    assert functions(check, weight=0, told=guest(**X64), used=2) is PASS
    assert functions(check, weight=0, told=guest(**X64), IsLegacy=True) is PASS
    assert functions(check, weight=0) is GAP
    assert functions(check, weight=0, count=None) is GAP


def test_a_function_without_driver_fails_and_none_at_all_is_a_note():
    check = switch_ports.functions_work
    assert functions(check) is PASS
    assert functions(check, Status=["IovGuestDriversNeeded"]) == (FAIL, LOW)
    assert functions(check, VFDataPathActive=False) == (FAIL, LOW)
    assert functions(check, IovUsage=0, VFDataPathActive=False) == (FAIL, INFO)
    assert functions(check, IovUsage=0, Status=HIDDEN) == (FAIL, LOW)
    assert functions(check, IovUsage=HIDDEN) is GAP
    assert functions(check, weight=0) is NA


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
