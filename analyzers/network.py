"""HV-NET: network cards, virtual switches, and the adapters of the management OS."""

from collections.abc import Callable, Iterable, Sequence

from snapshot_tool.check import check
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.knowledge.switch_extensions import FILTERING_PLATFORM, is_in_box
from snapshot_tool.model.firewall import (
    FirewallProfileDefaultInbound,
    FirewallProfileProfile,
    FirewallRule,
    default_inbound,
    is_on,
)
from snapshot_tool.model.host import Feature
from snapshot_tool.model.network import (
    LbfoTeamNic,
    NetAdapter,
    NetAdapterBinding,
    NetConnectionProfileCategory,
    NetIPAddress,
    NetIPInterface,
    NetIPInterfaceFamily,
    NetIPInterfaceForwarding,
    NetIPInterfaceNetBios,
    NetNat,
)
from snapshot_tool.model.owners import mixed_owners
from snapshot_tool.model.registry import registry_number
from snapshot_tool.model.rule_text import ProfileType
from snapshot_tool.model.switch import (
    BandwidthMode,
    ExtensionType,
    SwitchType,
    VMSwitch,
    VMSwitchExtension,
)
from snapshot_tool.model.topology import (
    adapters_of_host,
    carries_management,
    device_of,
    external_switches,
    has_one_port,
    host_adapters_on,
    is_converged,
    is_under_switch,
    is_uplink,
    machines_on,
    physical_ports,
    shares_vlan_with,
    team_interfaces_under,
)
from snapshot_tool.model.vm_network import VlanMode, VMNetworkAdapter
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Severity,
    Verdict,
    either,
    fail,
    graded,
    listed,
    settle,
    undetermined,
)

GIGABIT = 1_000_000_000
DISABLED_DEVICE = 22
HOST_ADAPTER = "vms_mp"
SWITCH_PROTOCOL = "vms_pp"
HOST_PROTOCOLS = frozenset({"ms_tcpip", "ms_tcpip6", "ms_server"})
# The switch with address translation that Windows 10 and 11 make of themselves.
DEFAULT_SWITCH = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444"
TCPIP = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
TCPIP6 = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip6\Parameters"
DNS_CLIENT = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient"
NO_SOURCE_ROUTING = 2
PROFILES = {
    NetConnectionProfileCategory.PUBLIC: ProfileType.PUBLIC,
    NetConnectionProfileCategory.PRIVATE: ProfileType.PRIVATE,
    NetConnectionProfileCategory.DOMAIN_AUTHENTICATED: ProfileType.DOMAIN,
}


def _by_owners(host: Snapshot, base: Severity, mixed: Severity) -> Callable[[], Severity]:
    """The weight of a finding that matters more where owners share the host."""
    return lambda: mixed if mixed_owners(host) else base


def _names(rows: Iterable[object]) -> str:
    return listed(sorted(map(str, rows)))


@check(
    "HV-NET-001",
    title="The host has at least two network cards' ports in use",
    severity=Severity.MEDIUM,
    refs=("seed:G10", "seed:M12", "BPA:B058", "NIST:HY-SR-22 (draft)", "NIST:HY-SR-21 (draft)"),
)
def two_ports(host: Snapshot) -> Verdict:
    """With one port management and machines share a cable: one fault or one flood of traffic cuts off both.

    Remediation:
        Add a network card and connect it; give the management operating system a port of its own.
    """
    ports = physical_ports(host)
    linked = ports.select(lambda port: port.is_linked)
    if len(linked.known) > 1:
        return PASS
    if len(ports.known) < 2 and len(ports) < 2:
        only = f"one physical network adapter, {ports.known[0]}" if ports.known else "no physical network adapter"
        return fail(f"The host has {only}")
    len(linked)
    names = f"only {linked.known[0]}" if linked.known else "none"
    return fail(f"Of the physical network adapters {_names(ports.known)} {names} is connected", Severity.LOW)


@check(
    "HV-NET-002",
    title="At least one external switch is not shared with the management operating system",
    severity=Severity.MEDIUM,
    refs=(
        "seed:G10",
        "seed:G48",
        "seed:G49",
        "seed:M12",
        "seed:M14",
        "BPA:B066",
        "MS-Plan",
        "NIST:HY-SR-21 (draft)",
        "BSI:SYS.1.5.A11",
    ),
)
def a_switch_is_not_shared(host: Snapshot) -> Verdict:
    """On a shared switch machines reach the management operating system, and their traffic competes with it.

    Remediation:
        Run `Set-VMSwitch -Name <name> -AllowManagementOS $false` for switches that the host does not need itself; check first that the
        host is managed through another adapter.
    """
    switches = external_switches(host)
    if switches.select(lambda switch: not switch.allow_management_os).known:
        return PASS
    if not len(switches) or has_one_port(host):
        return NOT_APPLICABLE
    shared = switches.select(lambda switch: switch.allow_management_os)
    len(shared)

    def weight() -> Severity:
        managing = [
            (switch, adapter)
            for switch in shared
            for adapter in host_adapters_on(switch)
            if carries_management(adapter)
        ]
        if not managing:
            return Severity.LOW
        apart = all(
            is_converged(switch) and not shares_vlan_with(adapter, machines_on(switch)) for switch, adapter in managing
        )
        return Severity.INFO if apart else Severity.MEDIUM

    message = f"Every external switch is shared with the management operating system: {_names(shared.known)}"
    return graded(message, Severity.MEDIUM, weight)


@check(
    "HV-NET-003",
    title="The management operating system is managed through an adapter of its own",
    severity=Severity.MEDIUM,
    refs=("seed:G10", "seed:G48", "seed:M12", "BSI:SYS.1.5.A9", "BSI:SYS.1.5.A11", "NIST:HY-SR-21 (draft)", "MS-Plan"),
)
def management_has_its_own_adapter(host: Snapshot) -> Sequence[Verdict]:
    """Where management runs over a switch of the machines, they share its bandwidth, its faults, and its neighbours.

    Remediation:
        Give management a network card of its own, or a host adapter in a VLAN of its own with a minimum of bandwidth.
    """
    return adapters_of_host(host).each(_manages_alone)


def _manages_alone(adapter: VMNetworkAdapter) -> Verdict:
    if not adapter.serves_host or not carries_management(adapter):
        return NOT_APPLICABLE
    switch = adapter.switch
    if switch is None:
        return PASS
    machines = machines_on(switch)
    if not machines:
        return PASS
    if has_one_port(adapter.host):
        return NOT_APPLICABLE

    def weight() -> Severity:
        apart = is_converged(switch) and not shares_vlan_with(adapter, machines)
        return Severity.INFO if apart else Severity.MEDIUM

    name = str(switch)
    message = (
        f"The host is managed through {adapter} on the switch {name}, which it shares with {_names(machines.known)}"
    )
    return graded(message, Severity.MEDIUM, weight)


@check(
    "HV-NET-004",
    title="Adapters of the management operating system are in other VLANs than virtual machines",
    severity=Severity.MEDIUM,
    refs=(
        "seed:G10",
        "seed:G48",
        "seed:G50",
        "seed:M12",
        "seed:M13",
        "BSI:SYS.1.5.A9",
        "BSI:SYS.1.5.A11",
        "NIST:HY-SR-21 (draft)",
        "ATT&CK:T1557",
    ),
    since="2012",
)
def host_adapters_have_their_own_vlan(host: Snapshot) -> Sequence[Verdict]:
    """In one VLAN a machine can listen to, redirect and attack what the host sends: logons, memory and disks of other machines.

    Remediation:
        Run `Set-VMNetworkAdapterVlan -ManagementOS -VMNetworkAdapterName <name> -Access -VlanId <own VLAN>`.
    """
    return adapters_of_host(host).each(_has_its_own_vlan)


def _has_its_own_vlan(adapter: VMNetworkAdapter) -> Verdict:
    if not adapter.serves_host:
        return NOT_APPLICABLE
    switch = adapter.switch
    if switch is None or switch.switch_type is not SwitchType.EXTERNAL:
        return NOT_APPLICABLE
    machines = machines_on(switch)
    sharing = shares_vlan_with(adapter, machines)
    if not sharing:
        return PASS
    own = adapter.effective_vlans
    where = "untagged" if own == {0} else f"in the VLAN {listed(map(str, sorted(own)))}"

    def weight() -> Severity:
        if own == {0} and has_one_port(adapter.host):
            return Severity.LOW
        return Severity.HIGH if mixed_owners(adapter.host) else Severity.MEDIUM

    message = f"{adapter} is {where}, as are {_names(sharing)} on the switch {switch}; this weighs more where owners share the host"
    return graded(message, Severity.HIGH, weight)


@check(
    "HV-NET-005",
    title="No virtual adapter of the management operating system on an external switch is disabled",
    severity=Severity.LOW,
    refs=("BPA:B013",),
)
def host_adapter_is_enabled(host: Snapshot) -> Sequence[Verdict]:
    """A disabled host adapter is a leftover: somebody may switch it on and share the switch with machines unnoticed.

    Remediation:
        Run `Enable-NetAdapter`, or stop sharing the switch with `Set-VMSwitch -Name <name> -AllowManagementOS $false`.
    """
    return adapters_of_host(host).each(_is_enabled)


def _is_enabled(adapter: VMNetworkAdapter) -> Verdict:
    if not adapter.serves_host:
        return NOT_APPLICABLE
    switch = adapter.switch
    if switch is None or switch.switch_type is not SwitchType.EXTERNAL:
        return NOT_APPLICABLE
    device = adapter.host.find(NetAdapter, interface_guid=device_of(adapter))
    if device is None:
        raise undetermined(f"the interface of {adapter} is not in the snapshot", table="net_adapters")
    if device.config_manager_error_code != DISABLED_DEVICE:
        return PASS
    if (device.component_id or "").casefold() != HOST_ADAPTER:
        raise undetermined(f"{device} is no adapter of a virtual switch", table="net_adapters", column="ComponentId")
    return fail(f"{adapter} on the switch {switch} is disabled in the management operating system ({device})")


@check(
    "HV-NET-015",
    title="Virtual machines of a switch with VLANs are all tagged",
    severity=Severity.INFO,
    refs=("seed:G49", "seed:G50", "seed:M01", "BSI:SYS.1.5.A9", "BSI:SYS.1.5.A6"),
)
def no_untagged_machine_beside_tagged_ones(switch: VMSwitch) -> Verdict:
    """Untagged frames end up in the native VLAN of the physical port, which is often the network of devices.

    Remediation:
        Run `Set-VMNetworkAdapterVlan -VMName <name> -Access -VlanId <VLAN>`.
    """
    if switch.switch_type is not SwitchType.EXTERNAL:
        return NOT_APPLICABLE
    machines = machines_on(switch)
    untagged = machines.matching(_is_untagged)
    if not untagged or not machines.matching(_is_tagged):
        return PASS
    message = (
        f"On the switch {switch} {_names(untagged)} is untagged beside machines with a VLAN; "
        "this weighs more where owners share the host"
    )
    return graded(message, Severity.LOW, _by_owners(switch.host, Severity.INFO, Severity.LOW))


def _is_untagged(adapter: VMNetworkAdapter) -> bool:
    isolated = adapter.isolation_vlan
    if isolated is not None:
        return isolated == 0
    vlan = adapter.vlan
    flat = vlan.operation_mode in (VlanMode.UNTAGGED, VlanMode.ACCESS) and vlan.vlans == {0}
    return flat and not adapter.is_in_virtual_subnet


def _is_tagged(adapter: VMNetworkAdapter) -> bool:
    isolated = adapter.isolation_vlan
    if isolated is not None:
        return isolated != 0
    vlan = adapter.vlan
    return vlan.operation_mode in (VlanMode.ACCESS, VlanMode.PRIVATE) and vlan.vlans != {0}


@check(
    "HV-NET-016",
    title="Virtual machines cannot take all bandwidth from the management operating system",
    severity=Severity.INFO,
    refs=(
        "seed:G40",
        "seed:G42",
        "seed:M14",
        "NIST:HY-SR-9 (draft)",
        "ATT&CK:T1498",
        "ATT&CK:T1499",
    ),
    since="2012",
)
def management_keeps_bandwidth(switch: VMSwitch) -> Verdict:
    """A machine that floods the switch must not cut off the host from those who would stop it.

    Remediation:
        Run `Set-VMNetworkAdapter -ManagementOS -Name <name> -MinimumBandwidthWeight <weight>` (the mode of the switch, set when it is
        made, must be Weight), or `Set-VMNetworkAdapter -VMName <name> -MaximumBandwidth <bits per second>`.
    """
    managing = host_adapters_on(switch).matching(carries_management)
    machines = machines_on(switch)
    if not managing or not machines:
        return NOT_APPLICABLE
    if machines.matching(lambda adapter: adapter.maximum_bandwidth > 0):
        return PASS
    reserved = [adapter for adapter in managing if either(_positive(adapter, "weight"), _positive(adapter, "absolute"))]
    if reserved and switch.bandwidth_reservation_mode is not BandwidthMode.NONE:
        return PASS
    why = "its switch cannot reserve any" if reserved else "it has no minimum"
    message = (
        f"On the switch {switch} no machine has a maximum of bandwidth, and {_names(managing)} may get none, for {why}; "
        "this weighs more where owners share the host"
    )
    return graded(message, Severity.LOW, _by_owners(switch.host, Severity.INFO, Severity.LOW))


def _positive(adapter: VMNetworkAdapter, kind: str) -> Callable[[], bool]:
    if kind == "weight":
        return lambda: adapter.minimum_bandwidth_weight > 0
    return lambda: adapter.minimum_bandwidth_absolute > 0


@check(
    "HV-NET-023",
    title="Virtual machine queues are on where the card is fast",
    severity=Severity.LOW,
    refs=("BPA:B088",),
    since="2012",
)
def queues_are_on(adapter: NetAdapter) -> Verdict:
    """Without queues one processor of the host handles all traffic of a fast card.

    Remediation:
        Run `Enable-NetAdapterVmq -Name <name>`.
    """
    if adapter.vmq_enabled is not False:
        return NOT_APPLICABLE if adapter.vmq_enabled is None else PASS
    speed = adapter.speed_bps
    if speed is None or speed < 10 * GIGABIT or not is_uplink(adapter):
        return NOT_APPLICABLE
    return fail(f"VMQ is off on {adapter}, an uplink of a virtual switch with {speed // GIGABIT} Gb/s")


@check(
    "HV-NET-024",
    title="A team under a switch has one interface",
    severity=Severity.MEDIUM,
    refs=("BPA:B002",),
    since="2012",
)
def team_has_one_interface(interface: LbfoTeamNic) -> Verdict:
    """Further interfaces of the team bypass the switch: its limits and its isolation do not hold for them.

    Remediation:
        Run `Remove-NetLbfoTeamNic -Team <team> -VlanID <VLAN>` for the others, and use adapters of the management operating system on
        the switch instead.
    """
    team = interface.team
    if not is_under_switch(interface):
        return NOT_APPLICABLE
    nics = interface.host.where(LbfoTeamNic, team=team)
    if len(nics.known) < 2 and len(nics) < 2:
        return PASS
    names = listed(sorted(nic.name for nic in nics.known))
    return fail(f"The team {team} under a virtual switch has several interfaces: {names}")


@check(
    "HV-NET-025",
    title="The interface of a team under a switch passes every VLAN",
    severity=Severity.MEDIUM,
    refs=("BPA:B077",),
    since="2012",
)
def team_interface_is_default(interface: LbfoTeamNic) -> Verdict:
    """In another mode than the default the team filters VLANs that the switch believes it has.

    Remediation:
        Run `Set-NetLbfoTeamNic -Team <team> -Name <interface> -Default`, and set VLANs on the adapters of the switch.
    """
    if not is_under_switch(interface):
        return NOT_APPLICABLE
    name, team = interface.name, interface.team

    def has_a_vlan() -> Verdict | None:
        vlan = interface.vlan_id
        return (
            None if vlan is None else fail(f"{name} of the team {team} under a virtual switch passes only VLAN {vlan}")
        )

    def is_not_default() -> Verdict | None:
        if interface.default:
            return None
        return fail(f"{name} of the team {team} under a virtual switch is not in default mode")

    return settle(has_a_vlan, is_not_default)


@check(
    "HV-NET-026",
    title="The filtering platform is enabled on every switch",
    severity=Severity.LOW,
    refs=("BPA:B078",),
    since="2012",
)
def filtering_platform_is_enabled(switch: VMSwitch) -> Verdict:
    """Without the Windows Filtering Platform filters of the host do not see the traffic of machines.

    Remediation:
        Run `Enable-VMSwitchExtension -VMSwitchName <name> -Name "Microsoft Windows Filtering Platform"`. Switches of containers and of
        software-defined networks work without it.
    """
    extensions = switch.host.where(VMSwitchExtension, switch_id=switch.id)
    platform = extensions.matching(lambda extension: extension.id.casefold() == FILTERING_PLATFORM)
    if not platform:
        raise undetermined(f"{switch} does not list the filtering platform", table="vswitch_extension")
    if platform[0].enabled:
        return PASS

    def weight() -> Severity:
        foreign = extensions.matching(
            lambda extension: extension.enabled and not is_in_box(extension.id, extension.vendor)
        )
        return Severity.LOW if foreign else Severity.INFO

    return graded(f"The Windows Filtering Platform is disabled on the switch {switch}", Severity.LOW, weight)


@check(
    "HV-NET-037",
    title="No LBFO team is under a virtual switch",
    severity=Severity.MEDIUM,
    refs=(
        "https://learn.microsoft.com/windows-server/virtualization/hyper-v-virtual-switch/rdma-and-switch-embedded-teaming",
    ),
    since="2022",
)
def no_team_under_switch(switch: VMSwitch) -> Verdict:
    """From Server 2022 on virtual switches on LBFO teams are no longer supported; embedded teaming replaces them.

    Remediation:
        Run `Convert-LBFO2SET` for the team, or make a new switch with `New-VMSwitch -EnableEmbeddedTeaming $true`.
    """
    if switch.switch_type is not SwitchType.EXTERNAL:
        return NOT_APPLICABLE
    interfaces = team_interfaces_under(switch)
    if not interfaces:
        return PASS
    teams = listed(sorted(interface.team for interface in interfaces))
    return fail(f"The switch {switch} is on the LBFO team {teams}")


@check(
    "HV-NET-028",
    title="Virtual switches use extensions of Windows only",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1040",),
    since="2012",
)
def extensions_are_known(extension: VMSwitchExtension) -> Verdict:
    """An extension sees, and a filter or forwarder can change, all traffic of the machines on its switch.

    Remediation:
        Find out what installed it; if nobody needs it, run `Disable-VMSwitchExtension -VMSwitchName <name> -Name <extension>`. Waive the
        finding for products that you use.
    """
    if not extension.enabled or is_in_box(extension.id, extension.vendor):
        return PASS
    name, vendor, switch = extension.name, extension.vendor or "unknown", extension.switch_name
    if extension.extension_type in (ExtensionType.CAPTURE, ExtensionType.MONITORING):
        return fail(f"On the switch {switch} the extension {name} (vendor {vendor}) captures traffic")
    return fail(
        f"On the switch {switch} the extension {name} (vendor {vendor}) is enabled, which does not come with Windows"
    )


@check(
    "HV-NET-032",
    title="Virtual machines do not reach services of the host over a virtual switch",
    severity=Severity.MEDIUM,
    refs=("seed:G49", "BSI:SYS.1.5.A4"),
)
def guests_do_not_reach_the_host(host: Snapshot) -> Sequence[Verdict]:
    """Over an internal switch a machine that is broken into stands right before the host, past every firewall of the network.

    Remediation:
        Remove the host's adapter (`Remove-VMNetworkAdapter -ManagementOS -Name <name>`) or make the switch private
        (`Set-VMSwitch -Name <name> -SwitchType Private`); else limit the rules to addresses of the management network.
    """
    return adapters_of_host(host).each(_is_out_of_reach)


def _is_out_of_reach(adapter: VMNetworkAdapter) -> Verdict:
    if not adapter.serves_host:
        return NOT_APPLICABLE
    switch = adapter.switch
    if switch is None or switch.id == DEFAULT_SWITCH:
        return NOT_APPLICABLE
    if switch.switch_type is SwitchType.EXTERNAL and carries_management(adapter):
        # That management shares a switch and a VLAN with machines is reported as HV-NET-003 and HV-NET-004.
        return NOT_APPLICABLE
    if not shares_vlan_with(adapter, machines_on(switch)):
        return PASS
    host, device = adapter.host, device_of(adapter)

    def is_open(address: NetIPAddress) -> bool:
        return bool(_ways_in(host, address.category, device))

    addresses = host.where(NetIPAddress, interface_guid=device).matching(is_open)
    if not addresses:
        return PASS
    ways = listed(_ways_in(host, addresses[0].category, device))
    return fail(f"Machines on the switch {switch} reach the host at {addresses[0].address} ({adapter}): {ways}")


def _ways_in(host: Snapshot, category: NetConnectionProfileCategory, device: str) -> list[str]:
    """What lets machines in on an interface of the host: rules for management, or a firewall that filters nothing there."""
    profile = PROFILES[category]
    by_name = FirewallProfileProfile(profile.value)

    def filters_nothing() -> bool:
        return not is_on(host, by_name) or default_inbound(host, by_name) is FirewallProfileDefaultInbound.ALLOW

    def lets_in(rule: FirewallRule) -> bool:
        if not rule.accepts_anybody and not rule.accepts_local_subnet:
            return False
        interfaces = rule.text.interfaces
        return (not interfaces or any(device in name.casefold() for name in interfaces)) and rule.is_in_effect_on(
            profile
        )

    rules = host.where(FirewallRule, opens_management=True).select(lets_in)
    if rules.known:
        return sorted(map(str, rules.known))
    if filters_nothing():
        return ["the firewall filters nothing"]
    len(rules)
    return []


@check(
    "HV-NET-033",
    title="The host does not route between networks",
    severity=Severity.MEDIUM,
    refs=("BSI:SYS.1.5.A4", "ATT&CK:T1599"),
)
def host_does_not_route(host: Snapshot) -> Verdict:
    r"""A host that forwards packets joins networks that were meant to be apart, past the firewall between them.

    Remediation:
        Run `Set-NetIPInterface -InterfaceAlias <name> -Forwarding Disabled`, set `IPEnableRouter` under
        `HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters` to 0, and `Remove-NetNat -Name <name>`. Hosts of containers and gateways
        of virtual networks need it.
    """

    def weight() -> Severity:
        containers = host.where(Feature, name="Containers").matching(lambda feature: feature.installed)
        return Severity.INFO if containers else Severity.MEDIUM

    def by_registry() -> Verdict | None:
        if registry_number(host, TCPIP, "IPEnableRouter") != 1:
            return None
        return graded("The host routes IP between all its networks (IPEnableRouter)", Severity.MEDIUM, weight)

    def by_interface() -> Verdict | None:
        interfaces = host.rows(NetIPInterface).matching(lambda row: row.forwarding is NetIPInterfaceForwarding.ENABLED)
        if not interfaces:
            return None
        return graded(f"The host forwards IP on {_names(interfaces)}", Severity.MEDIUM, weight)

    def by_translation() -> Verdict | None:
        found = host.rows(NetNat)
        if not found:
            return None
        return graded(f"The host translates addresses for {_names(found.known)} (NAT)", Severity.MEDIUM, weight)

    return settle(by_registry, by_interface, by_translation, worst=Severity.MEDIUM)


@check(
    "HV-NET-034",
    title="TCP/IP is not bound to the uplink of a virtual switch",
    severity=Severity.MEDIUM,
    refs=("seed:G10", "NIST:HY-SR-21 (draft)", "BSI:SYS.1.5.A9"),
    since="2012",
)
def uplink_carries_the_switch_only(binding: NetAdapterBinding) -> Verdict:
    """Windows unbinds everything else when a switch takes a card; what is bound again lets the host speak past its switch.

    Remediation:
        Run `Disable-NetAdapterBinding -Name <name> -ComponentID ms_tcpip, ms_tcpip6, ms_server`.
    """
    if binding.component_id.casefold() != SWITCH_PROTOCOL or not binding.enabled:
        return NOT_APPLICABLE
    name = binding.name
    others = binding.host.where(NetAdapterBinding, name=name).matching(
        lambda other: other.component_id.casefold() in HOST_PROTOCOLS and other.enabled
    )
    if not others:
        return PASS
    return fail(
        f"{name} carries a virtual switch, and {listed(sorted(other.component_id for other in others))} is bound to it as well"
    )


@check(
    "HV-NET-035",
    title="The host answers no name queries by broadcast",
    severity=Severity.LOW,
    refs=("CIS:18.4.7", "CIS:18.6.4.2", "CIS:18.6.4.3", "ATT&CK:T1557.001"),
)
def names_come_from_dns(host: Snapshot) -> Verdict:
    r"""Anybody in the subnet can answer a NetBIOS or LLMNR query and have the host log on to him. Windows has both on by default.

    Remediation:
        Run `reg add "HKLM\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient" /v EnableMulticast /t REG_DWORD /d 0`, and switch NetBIOS
        over TCP/IP off in the properties of each adapter (`NetbiosOptions` 2 of its key below
        `HKLM\SYSTEM\CurrentControlSet\Services\NetBT\Parameters\Interfaces`).
    """

    def multicast() -> Verdict | None:
        if registry_number(host, DNS_CLIENT, "EnableMulticast") == 0:
            return None
        return fail("LLMNR is on")

    def broadcast() -> Verdict | None:
        interfaces = host.rows(NetIPInterface).matching(
            lambda row: (
                row.family is NetIPInterfaceFamily.IPV4 and row.net_bios not in (None, NetIPInterfaceNetBios.OFF)
            )
        )
        if not interfaces or _policy_turns_netbios_off(host):
            return None
        return fail(f"NetBIOS over TCP/IP is not off on {_names(interfaces)}")

    return settle(multicast, broadcast)


def _policy_turns_netbios_off(host: Snapshot) -> bool:
    era = host.host.era
    offered = era is None or in_era("2022", None, era)
    return offered and registry_number(host, DNS_CLIENT, "EnableNetbios") == 0


@check(
    "HV-NET-036",
    title="The host follows no route that a packet prescribes",
    severity=Severity.LOW,
    refs=(
        "STIG:WN22-CC-000030",
        "STIG:WN22-CC-000040",
        "STIG:WN22-CC-000050",
        "CIS:18.5.2",
        "CIS:18.5.3",
        "CIS:18.5.4",
    ),
)
def routes_are_its_own(host: Snapshot) -> Verdict:
    r"""Redirects and source routing let a neighbour lead the host's traffic past himself. Windows takes redirects by default.

    Remediation:
        Under `HKLM\SYSTEM\CurrentControlSet\Services` set `EnableICMPRedirect` of `Tcpip\Parameters` to 0, and `DisableIPSourceRouting`
        of `Tcpip\Parameters` and of `Tcpip6\Parameters` to 2.
    """

    def redirects() -> Verdict | None:
        return (
            None if registry_number(host, TCPIP, "EnableICMPRedirect") == 0 else fail("The host takes ICMP redirects")
        )

    def source_routes(key: str, version: int) -> Callable[[], Verdict | None]:
        def ask() -> Verdict | None:
            if registry_number(host, key, "DisableIPSourceRouting") == NO_SOURCE_ROUTING:
                return None
            return fail(f"The host does not drop packets of IPv{version} with a route of their own")

        return ask

    return settle(redirects, source_routes(TCPIP, 4), source_routes(TCPIP6, 6))
