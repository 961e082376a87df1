"""How network cards, teams, switches and the adapters of machines and of the management OS hang together."""

from ipaddress import IPv4Network, IPv6Network

from snapshot_tool.model.network import LbfoTeam, LbfoTeamNic, NetAdapter, NetIPAddress, NetIPInterface
from snapshot_tool.model.switch import SwitchType, VMSwitch
from snapshot_tool.model.vm_network import VlanMode, VMNetworkAdapter
from snapshot_tool.snapshot import Rows, Snapshot
from snapshot_tool.verdict import Cause, Gap, NotAssessed, either, undetermined


def physical_ports(host: Snapshot) -> Rows[NetAdapter]:
    """The ports of network cards; every port and every member of a team counts."""
    return host.rows(NetAdapter).select(lambda adapter: adapter.is_physical_port)


def has_one_port(host: Snapshot) -> bool:
    """Whether the host has less than two ports of network cards: then nothing can be kept apart by cable. Raises NotAssessed."""
    ports = physical_ports(host)
    return len(ports.known) < 2 and len(ports) < 2


def external_switches(host: Snapshot) -> Rows[VMSwitch]:
    """The switches that lead out of the host."""
    return host.rows(VMSwitch).select(lambda switch: switch.switch_type is SwitchType.EXTERNAL)


def connected_to(switch: VMSwitch) -> Rows[VMNetworkAdapter]:
    """Connected adapters of machines and of the management OS on a switch, honest about those whose switch is not known."""
    host = switch.host
    found = host.where(VMNetworkAdapter, switch_id=switch.id).select(lambda adapter: adapter.connected)
    gap = found.gap
    if gap is None:
        pooled = host.where(VMNetworkAdapter, is_on_unknown_switch=True)
        gap = pooled.gap
        if pooled.known:
            gap = Gap(
                Cause.UNDETERMINED, f"the switch of {pooled.known[0]} is not known", "vm_network_adapter", "SwitchId"
            )
    return Rows(found.known, gap)


def machines_on(switch: VMSwitch) -> Rows[VMNetworkAdapter]:
    """Connected adapters of virtual machines on a switch."""
    return connected_to(switch).select(lambda adapter: not adapter.is_management_os)


def adapters_of_host(host: Snapshot) -> Rows[VMNetworkAdapter]:
    """Adapters of the management OS on any switch.

    Sources that tell of machines alone list none: that there is none is known only where no switch has one.
    """
    found = host.rows(VMNetworkAdapter).select(lambda adapter: adapter.is_management_os)
    if found.known or found.gap is not None:
        return found
    try:
        shared = host.rows(VMSwitch).matching(lambda switch: switch.allow_management_os)
    except NotAssessed as missing:
        return Rows((), missing.gap)
    if not shared:
        return found
    detail = f"the adapter of the management OS on {shared[0]} is not in the snapshot"
    return Rows((), Gap(Cause.UNDETERMINED, detail, "vm_network_adapter"))


def host_adapters_on(switch: VMSwitch) -> Rows[VMNetworkAdapter]:
    """Adapters of the management OS on a switch."""
    return connected_to(switch).select(lambda adapter: adapter.is_management_os)


def carries_management(adapter: VMNetworkAdapter) -> bool:
    """Whether an adapter of the management OS has a default gateway: the host is managed through it. Raises NotAssessed."""
    return adapter.is_management_os and _has_gateway(adapter.host, device_of(adapter))


def device_of(adapter: VMNetworkAdapter) -> str:
    """The interface behind an adapter of the management OS. Raises NotAssessed."""
    device = adapter.device_id
    if device is None:
        raise undetermined(f"the interface of {adapter} is not known", table="vm_network_adapter", column="DeviceId")
    return str(device)


def _has_gateway(host: Snapshot, device: str) -> bool:
    return bool(host.where(NetIPInterface, interface_guid=device).matching(lambda interface: bool(interface.gateways)))


def shares_vlan_with(adapter: VMNetworkAdapter, others: Rows[VMNetworkAdapter]) -> list[VMNetworkAdapter]:
    """Those of the adapters that are in the same VLAN; trunks are another matter. Raises NotAssessed where none is known to be."""
    own = adapter.effective_vlans

    def shares(other: VMNetworkAdapter) -> bool:
        isolated = other.isolation_vlan
        if isolated is not None:
            return isolated in own
        vlan = other.vlan
        if other.is_in_virtual_subnet or vlan.operation_mode is VlanMode.TRUNK:
            return False
        return not own.isdisjoint(vlan.vlans)

    return others.matching(shares)


def is_converged(switch: VMSwitch) -> bool:
    """An external switch that is meant to carry the host's own traffic too: teamed, or with several host adapters. Raises NotAssessed."""
    if switch.switch_type is not SwitchType.EXTERNAL:
        return False
    return either(
        lambda: len(host_adapters_on(switch)) > 1,
        lambda: switch.embedded_teaming_enabled,
        lambda: bool(team_interfaces_under(switch)),
    )


def team_interfaces_under(switch: VMSwitch) -> list[LbfoTeamNic]:
    """The interfaces of LBFO teams that are uplinks of the switch. Raises NotAssessed and NotOffered."""
    if switch.switch_type is not SwitchType.EXTERNAL:
        return []
    uplinks = {description.casefold() for description in switch.net_adapter_interface_descriptions}

    def is_uplink(interface: LbfoTeamNic) -> bool:
        description = interface.interface_description
        return description is not None and description.casefold() in uplinks

    return switch.host.rows(LbfoTeamNic).matching(is_uplink)


def is_under_switch(interface: LbfoTeamNic) -> bool:
    """Whether the interface of a team is the uplink of a switch. Raises NotAssessed."""
    description = interface.interface_description
    if description is None:
        raise undetermined(f"the adapter of {interface} is not known", table=interface.table_name)
    wanted = description.casefold()
    return bool(
        interface.host.rows(VMSwitch).matching(
            lambda switch: (
                switch.switch_type is SwitchType.EXTERNAL
                and any(wanted == uplink.casefold() for uplink in switch.net_adapter_interface_descriptions)
            )
        )
    )


def is_uplink(adapter: NetAdapter) -> bool:
    """Whether a network card's port leads a switch out of the host, alone or in a team. Raises NotAssessed."""
    guid = adapter.interface_guid.casefold()

    def directly() -> bool:
        return bool(
            adapter.host.rows(VMSwitch).matching(
                lambda switch: (
                    switch.switch_type is SwitchType.EXTERNAL
                    and any(guid == uplink.casefold() for uplink in switch.net_adapter_interface_guid)
                )
            )
        )

    def in_a_team() -> bool:
        description = adapter.description
        if description is None:
            raise undetermined(f"the description of {adapter} is not known", table=adapter.table_name)
        wanted = description.casefold()
        teams = adapter.host.rows(LbfoTeam).matching(
            lambda team: any(wanted == member.casefold() for member in team.member_descriptions)
        )
        names = {team.team.casefold() for team in teams}
        interfaces = adapter.host.rows(LbfoTeamNic) if names else Rows[LbfoTeamNic](())
        return bool(
            interfaces.matching(lambda interface: interface.team.casefold() in names and is_under_switch(interface))
        )

    return either(directly, in_a_team)


def has_one_subnet(host: Snapshot) -> bool:
    """Whether the management OS has addresses in one subnet at most (of IPv6 only without any of IPv4). Raises NotAssessed."""
    networks: set[IPv4Network | IPv6Network] = set()
    for address in host.rows(NetIPAddress):
        network = address.network
        if network is not None:
            networks.add(network)
    fours = {network for network in networks if isinstance(network, IPv4Network)}
    return len(fours or networks) <= 1
