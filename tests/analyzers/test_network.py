"""HV-NET: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, absent, failed, verdict
from machines import HIDDEN, machines
from networks import (
    BASE,
    CAPTURE,
    DB_ADAPTER,
    DEVICE,
    FOREIGN,
    HIGH,
    INFO,
    LOW,
    MANAGEMENT,
    MEDIUM,
    OTHER_SWITCH,
    SWITCH,
    TWO_OWNERS,
    TWO_PORTS,
    WEB_ADAPTER,
    WFP,
    access,
    adapter,
    interface,
    nic,
    not_isolated,
    switch,
    vlan,
    vnic,
    worst,
)

from analyzers import network
from snapshot_tool.model.firewall import ConnectionSecurityRule


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


@pytest.mark.parametrize(
    "check",
    [
        network.management_has_its_own_adapter,
        network.host_adapters_have_their_own_vlan,
        network.host_adapter_is_enabled,
        network.guests_do_not_reach_the_host,
    ],
)
def test_a_source_of_machines_alone_does_not_prove_that_the_host_has_no_adapter(check):
    machines = [WEB_ADAPTER, DB_ADAPTER]
    assert worst(check, vm_network_adapter=machines, vswitch=HIDDEN) is GAP
    assert worst(check, vm_network_adapter=machines, vswitch=[switch(AllowManagementOS=True)]) is GAP
    assert worst(check, vm_network_adapter=machines, vswitch=[switch(AllowManagementOS=HIDDEN)]) is GAP
    assert worst(check, vm_network_adapter=machines, vswitch=[switch(AllowManagementOS=False)]) is NA


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


def test_only_extensions_of_windows_are_on_a_switch():
    def of_switch(**changed):
        row = extension(FOREIGN, vendor="Example") | {"Name": "Probe", "ExtensionType": "Filter"} | changed
        return worst(network.extensions_are_known, vswitch_extension=[row])

    assert of_switch() == (FAIL, MEDIUM)
    assert of_switch(ExtensionType="Capture", Vendor="") == (FAIL, MEDIUM)
    assert of_switch(Enabled=False) is PASS
    assert of_switch(Vendor="Microsoft Corporation") is PASS
    assert of_switch(Id=CAPTURE, ExtensionType="Capture") is PASS
    assert of_switch(Enabled=HIDDEN) is GAP
    assert of_switch(Vendor=HIDDEN) is GAP
    assert worst(network.extensions_are_known, vswitch_extension=HIDDEN) is GAP
    assert worst(network.extensions_are_known, "2008R2", vswitch_extension=[]) is NA


def value(key, name, number=None):
    there = number is not None
    return {"Key": key, "Name": name, "KeyExists": True, "Exists": there, "Kind": "REG_DWORD", "IntValue": number}


def profile(name, *, enabled=True):
    return {
        "Profile": name,
        "Store": "local",
        "KeyExists": True,
        "Enabled": enabled,
        "DefaultInbound": None,
        "AllowLocalRules": None,
    }


def inbound(name="WINRM-HTTP-In-TCP", rest="Protocol=6|LPort=5985|App=System|"):
    return {"Store": "local", "ValueName": name, "Rule": f"v2.30|Action=Allow|Active=TRUE|Dir=In|{rest}"}


ADDRESS = {"InterfaceIndex": 0, "InterfaceGuid": DEVICE, "Address": "192.168.9.1", "PrefixLength": 24, "Family": "IPv4"}


def reached(*rules, kind="Internal", enabled=True, **changed):
    """The answer for the host's adapter on a switch of machines, in their VLAN."""
    tables = {
        "vswitch": [switch(SwitchType=kind)],
        "vm_network_adapter_vlan": [vlan(WEB_ADAPTER), vlan(DB_ADAPTER), vlan(MANAGEMENT)],
        "net_interfaces": [interface(())],
        "net_ip": [ADDRESS],
        "net_profile": [],
        "firewall_rules_raw": list(rules) or [inbound()],
        "firewall_profiles": [profile(name, enabled=enabled) for name in ("Domain", "Private", "Public")],
        "remote_access": [{"RdpPort": None}],
    }
    return worst(network.guests_do_not_reach_the_host, **(tables | changed))


def test_guests_do_not_reach_the_host_over_a_switch():
    scoped = inbound(rest="Protocol=6|LPort=5985|RA4=10.0.0.0/24|App=System|")
    assert reached() == (FAIL, MEDIUM)
    assert reached(inbound(rest="Protocol=6|LPort=5985|RA4=LocalSubnet|App=System|")) == (FAIL, MEDIUM)
    assert reached(scoped) is PASS
    assert reached(scoped, enabled=False) == (FAIL, MEDIUM)
    assert reached(inbound(rest="Protocol=6|LPort=5985|Profile=Domain|App=System|")) is PASS
    assert reached(inbound("Own", "Protocol=6|LPort=8080|")) is PASS
    assert reached(inbound(rest="Protocol=6|LPort=5985|IF={55555555-0000-4000-8000-000000000001}|")) is PASS
    private = {"InterfaceGuid": DEVICE, "InterfaceIndex": 0, "InterfaceAlias": "Internal", "Category": 1}
    assert reached(inbound(rest="Protocol=6|LPort=5985|Profile=Public|"), net_profile=[private]) is PASS


def test_only_what_shares_a_network_with_machines_is_reached():
    assert reached(vm_network_adapter=[MANAGEMENT]) is PASS
    assert reached(kind="External", vm_network_adapter_vlan=BASE["vm_network_adapter_vlan"]) is PASS
    assert reached(kind="External") == (FAIL, MEDIUM)
    assert reached(kind="External", net_interfaces=[interface()]) is NA
    assert reached(net_ip=[]) is PASS
    assert reached(vswitch=[switch(SwitchType="Internal", Id=network.DEFAULT_SWITCH)], vm_network_adapter=[
        MANAGEMENT | {"SwitchId": network.DEFAULT_SWITCH}]) is NA  # fmt: skip


def test_what_is_not_known_of_the_firewall_is_a_gap():
    assert reached(firewall_rules_raw=failed()) is GAP
    assert reached(firewall_rules_raw=failed(), enabled=False) == (FAIL, MEDIUM)
    assert reached(inbound(rest="Protocol=6|LPort=5985|RA4=10.0.0.0/24|"), firewall_profiles=failed()) is GAP
    assert reached(net_ip=failed()) is GAP
    assert reached(vm_network_adapter=HIDDEN) is GAP


def routing(router=0, *, forwarding=0, nat=(), containers=False, era="2022", **changed):
    tables = {
        "registry_values": [value(network.TCPIP, "IPEnableRouter", router)],
        "net_interfaces": [interface(InterfaceAlias="LAN", Forwarding=forwarding)],
        "net_nat": list(nat),
        "features": [{"Kind": "server", "Name": "Containers", "Installed": containers}],
    }
    return worst(network.host_does_not_route, era, **(tables | changed))


def test_the_host_does_not_route():
    nat = [{"Name": "Lab", "Active": True}]
    assert routing() is PASS
    assert routing(None) is PASS
    assert routing(1) == (FAIL, MEDIUM)
    assert routing(forwarding=1) == (FAIL, MEDIUM)
    assert routing(nat=nat) == (FAIL, MEDIUM)
    assert routing(nat=nat, containers=True) == (FAIL, INFO)
    assert routing(nat=nat, features=failed()) == (FAIL, MEDIUM)
    assert routing(registry_values=failed()) is GAP
    assert routing(net_nat=failed()) is GAP
    assert routing(net_nat=failed(), forwarding=1) == (FAIL, MEDIUM)
    old = [{"InterfaceGuid": DEVICE, "InterfaceIndex": 0, "Family": "IPv4", "Gateways": []}]
    assert routing(era="2008R2", net_interfaces=old, net_nat=absent("osTooOld")) is PASS


def bindings(**enabled):
    rows = [{"Name": "NIC1", "ComponentId": component, "Enabled": on} for component, on in enabled.items()]
    return worst(network.uplink_carries_the_switch_only, net_bindings=rows)


def test_an_uplink_carries_the_switch_only():
    assert bindings(vms_pp=True, ms_tcpip=False, ms_tcpip6=False, ms_server=False, ms_lldp=True) is PASS
    assert bindings(vms_pp=True, ms_tcpip=True) == (FAIL, MEDIUM)
    assert bindings(vms_pp=True, ms_server=True) == (FAIL, MEDIUM)
    assert bindings(vms_pp=False, ms_tcpip=True) is NA
    assert worst(network.uplink_carries_the_switch_only, net_bindings=failed()) is GAP


def names(multicast=0, net_bios=2, policy=None, era="2022", **changed):
    values = [value(network.DNS_CLIENT, "EnableMulticast", multicast)]
    if era >= "2022":
        values.append(value(network.DNS_CLIENT, "EnableNetbios", policy))
    rows = [
        interface(InterfaceAlias="LAN", NetBios=net_bios),
        interface(InterfaceAlias="LAN", Family="IPv6", NetBios=None),
    ]
    return worst(network.names_come_from_dns, era, **({"registry_values": values, "net_interfaces": rows} | changed))


def test_names_are_not_asked_for_by_broadcast():
    assert names() is PASS
    assert names(None) == (FAIL, LOW)
    assert names(1) == (FAIL, LOW)
    assert names(net_bios=0) == (FAIL, LOW)
    assert names(net_bios=1, era="2019") == (FAIL, LOW)
    assert names(net_bios=0, policy=0) is PASS
    assert names(net_bios=0, policy=2) == (FAIL, LOW)
    assert names(registry_values=failed()) is GAP
    assert names(net_interfaces=failed()) is GAP
    assert names(None, net_interfaces=failed()) == (FAIL, LOW)


def routes(redirects=0, ipv4=2, ipv6=2):
    values = [
        value(network.TCPIP, "EnableICMPRedirect", redirects),
        value(network.TCPIP, "DisableIPSourceRouting", ipv4),
        value(network.TCPIP6, "DisableIPSourceRouting", ipv6),
    ]
    return worst(network.routes_are_its_own, registry_values=values)


def test_no_packet_prescribes_a_route():
    assert routes() is PASS
    assert routes(redirects=1) == (FAIL, LOW)
    assert routes(redirects=None) == (FAIL, LOW)
    assert routes(ipv4=1) == (FAIL, LOW)
    assert routes(ipv6=None) == (FAIL, LOW)
    assert worst(network.routes_are_its_own, registry_values=failed()) is GAP
