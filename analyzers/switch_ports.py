"""HV-NET: what the adapters of virtual machines may do on their switch."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from snapshot_tool.check import check
from snapshot_tool.model.guest import VMGuestKvp
from snapshot_tool.model.host_hyperv import VMHost
from snapshot_tool.model.owners import Tag, have_same_owner, is_tagged, mixed_owners
from snapshot_tool.model.switch import (
    PortMirroring,
    SwitchFeature,
    VMSwitch,
)
from snapshot_tool.model.topology import (
    carries_management,
    connected_to,
    host_adapters_on,
    machines_on,
    shares_vlan_with,
)
from snapshot_tool.model.vm import VM, OnOff
from snapshot_tool.model.vm_network import (
    AclAction,
    ExtendedAclAction,
    PrivateVlanMode,
    VlanMode,
    VMNetworkAdapter,
    VMNetworkAdapterAcl,
    VMNetworkAdapterExtendedAcl,
    VMNetworkAdapterVlan,
)
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Gap,
    NotAssessed,
    NotOffered,
    Severity,
    Verdict,
    either,
    fail,
    graded,
    listed,
    settle,
    undetermined,
)

WIDE_TRUNK = 100
NO_MAC = "000000000000"
SCARCE_MACS = 8


def _by_owners(host: Snapshot, base: Severity, mixed: Severity) -> Callable[[], Severity]:
    """The weight of a finding that matters more where owners share the host."""
    return lambda: mixed if mixed_owners(host) else base


def _names(rows: Iterable[object]) -> str:
    return listed(sorted(map(str, rows)))


@check(
    "HV-NET-006",
    title="Virtual machines cannot change their MAC address",
    severity=Severity.MEDIUM,
    refs=("seed:G39", "ATT&CK:T1557", "BSI:SYS.1.5.A15"),
    since="2008R2",
)
def no_mac_spoofing(adapter: VMNetworkAdapter) -> Verdict:
    """A machine that takes the MAC address of another gets its traffic; a switch of virtual machines stops that unless told otherwise.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -MacAddressSpoofing Off`. Load balancing, virtual firewalls and hosts of containers may
        need it: tag them in the operator sheet.
    """
    if not adapter.serves_machine:
        return NOT_APPLICABLE
    if adapter.mac_address_spoofing is OnOff.OFF:
        return PASS
    vm = adapter.vm
    if is_tagged(vm, Tag.MAC_SPOOFING, Tag.ROUTER, Tag.FIREWALL, Tag.GATEWAY):
        return PASS

    def nested() -> bool:
        try:
            return vm is not None and vm.processor.expose_virtualization_extensions
        except NotOffered:
            return False

    def weight() -> Severity:
        if nested():
            return Severity.INFO
        return Severity.HIGH if mixed_owners(adapter.host) else Severity.MEDIUM

    return graded(
        f"{adapter} may use any MAC address; this weighs more where owners share the host", Severity.HIGH, weight
    )


@check(
    "HV-NET-007",
    title="Virtual machines that serve no DHCP are stopped from doing so",
    severity=Severity.INFO,
    refs=("ATT&CK:T1557.003", "BSI:SYS.1.5.A15"),
    since="2012",
)
def dhcp_guard(adapter: VMNetworkAdapter) -> Verdict:
    """A machine that answers DHCP requests tells its neighbours which gateway and name server to trust.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -DhcpGuard On`, except for DHCP servers (tag them in the operator sheet).
    """
    if not adapter.serves_machine:
        return NOT_APPLICABLE
    if adapter.dhcp_guard is OnOff.ON or is_tagged(adapter.vm, Tag.DHCP_SERVER):
        return PASS
    message = f"The DHCP guard is off for {adapter}; this weighs more where owners share the host"
    return graded(message, Severity.MEDIUM, _by_owners(adapter.host, Severity.INFO, Severity.MEDIUM))


@check(
    "HV-NET-008",
    title="Virtual machines that are no routers are stopped from announcing themselves as such",
    severity=Severity.INFO,
    refs=("ATT&CK:T1557", "BSI:SYS.1.5.A15"),
    since="2012",
)
def router_guard(adapter: VMNetworkAdapter) -> Verdict:
    """A machine that announces itself as a router gets the traffic of its neighbours, IPv6 unasked.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -RouterGuard On`, except for routers (tag them in the operator sheet).
    """
    if not adapter.serves_machine:
        return NOT_APPLICABLE
    if adapter.router_guard is OnOff.ON or is_tagged(adapter.vm, Tag.ROUTER, Tag.FIREWALL, Tag.GATEWAY):
        return PASS
    message = f"The router guard is off for {adapter}; this weighs more where owners share the host"
    return graded(message, Severity.MEDIUM, _by_owners(adapter.host, Severity.INFO, Severity.MEDIUM))


@check(
    "HV-NET-009",
    title="No port is mirrored",
    severity=Severity.HIGH,
    refs=("seed:G39", "ATT&CK:T1040", "BSI:SYS.1.5.A15", "BSI:SYS.1.5.A4"),
    since="2012",
)
def no_mirroring(host: Snapshot) -> Sequence[Verdict]:
    """Whoever reads the destination of a mirror reads the traffic of every mirrored machine.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -PortMirroring None`; for an external port `Remove-VMSwitchExtensionPortFeature`.
        Sensors for intrusion detection may be waived.
    """

    def of_adapter(adapter: VMNetworkAdapter) -> Verdict:
        if not adapter.connected:
            return NOT_APPLICABLE
        mode = adapter.port_mirroring_mode
        return PASS if mode is PortMirroring.NONE else _mirrored(str(adapter), {mode})

    def of_switch(switch: VMSwitch) -> Verdict:
        modes = set(switch.uplink_mirroring_mode) - {PortMirroring.NONE}
        return _mirrored(f"the external port of the switch {switch}", modes) if modes else PASS

    return [*host.rows(VMNetworkAdapter).each(of_adapter), *host.rows(VMSwitch).each(of_switch)]


def _mirrored(what: str, modes: set[PortMirroring]) -> Verdict:
    if PortMirroring.DESTINATION in modes:
        return fail(f"Mirrored traffic of other ports goes to {what}", Severity.HIGH)
    return fail(f"The traffic of {what} is mirrored", Severity.MEDIUM)


def _mirrors(switch: VMSwitch, mode: PortMirroring) -> bool:
    """Whether an adapter or an external port of the switch has this role in mirroring. Raises NotAssessed."""
    return either(
        lambda: mode in switch.uplink_mirroring_mode,
        lambda: bool(connected_to(switch).matching(lambda adapter: adapter.port_mirroring_mode is mode)),
    )


def _mirroring_ports(switch: VMSwitch, mode: PortMirroring) -> str:
    trace, switch.host.trace = switch.host.trace, []
    try:
        ports = connected_to(switch).select(lambda adapter: adapter.port_mirroring_mode is mode).known
    finally:
        switch.host.trace = trace
    return _names(ports) or "its external port"


@check(
    "HV-NET-010",
    title="Mirrored ports have a destination",
    severity=Severity.LOW,
    refs=("BPA:B060",),
    since="2012",
)
def mirroring_has_a_destination(switch: VMSwitch) -> Verdict:
    """A source without a destination costs time and watches nothing: the sensor that should see the traffic is blind.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <sensor> -PortMirroring Destination`, or `None` for the source.
    """
    if not _mirrors(switch, PortMirroring.SOURCE) or _mirrors(switch, PortMirroring.DESTINATION):
        return PASS
    ports = _mirroring_ports(switch, PortMirroring.SOURCE)
    return fail(f"On the switch {switch} {ports} is mirrored, but nothing receives it")


@check(
    "HV-NET-011",
    title="Destinations of mirrored traffic have a source",
    severity=Severity.LOW,
    refs=("BPA:B061",),
    since="2012",
)
def mirroring_has_a_source(switch: VMSwitch) -> Verdict:
    """A destination without a source is a forgotten sensor, or one that should see traffic and does not.

    Remediation:
        Mirror the ports or the external port that the sensor should see, or run
        `Set-VMNetworkAdapter -VMName <sensor> -PortMirroring None`.
    """
    if not _mirrors(switch, PortMirroring.DESTINATION) or _mirrors(switch, PortMirroring.SOURCE):
        return PASS
    ports = _mirroring_ports(switch, PortMirroring.DESTINATION)
    return fail(f"On the switch {switch} {ports} is the destination of mirrored traffic, but nothing is mirrored")


@check(
    "HV-NET-012",
    title="No virtual machine is on a VLAN trunk",
    severity=Severity.MEDIUM,
    refs=("seed:G50", "seed:M13", "BSI:SYS.1.5.A9", "BSI:SYS.1.5.A6", "ATT&CK:T1599"),
    since="2012",
)
def no_trunk(adapter: VMNetworkAdapter) -> Verdict:
    """A machine on a trunk chooses its VLAN itself, and can join networks that it has no business in.

    Remediation:
        Run `Set-VMNetworkAdapterVlan -VMName <name> -Access -VlanId <VLAN>`. Virtual firewalls, routers and sensors may need a trunk:
        tag them in the operator sheet.
    """
    if not adapter.serves_machine:
        return NOT_APPLICABLE
    if adapter.isolation_vlan is not None or adapter.vlan.operation_mode is not VlanMode.TRUNK:
        return PASS
    if is_tagged(adapter.vm, Tag.TRUNK, Tag.ROUTER, Tag.FIREWALL, Tag.GATEWAY, Tag.SENSOR):
        return PASS

    def weight() -> Severity:
        vlan = adapter.vlan
        ids = vlan.vlans
        if len(set(vlan.allowed_vlan_id_list)) > WIDE_TRUNK or _reaches_management(adapter, ids):
            return Severity.HIGH
        return Severity.MEDIUM

    return graded(f"{adapter} is on a VLAN trunk", Severity.HIGH, weight)


def _reaches_management(adapter: VMNetworkAdapter, ids: frozenset[int]) -> bool:
    switch = adapter.switch
    if switch is None:
        return False
    return bool(
        host_adapters_on(switch).matching(
            lambda other: not ids.isdisjoint(other.effective_vlans) and carries_management(other)
        )
    )


@check(
    "HV-NET-013",
    title="Private VLANs of a switch fit together",
    severity=Severity.HIGH,
    refs=("seed:G50", "BPA:B062"),
    since="2012",
)
def private_vlans_are_consistent(switch: VMSwitch) -> Verdict:
    """Ports that disagree about a private VLAN are not isolated as somebody believes, or reach nothing.

    Remediation:
        Run `Set-VMNetworkAdapterVlan`: one isolated secondary VLAN per primary, each secondary under one primary and of one kind, every
        secondary in the list of the promiscuous port.
    """
    ports: list[tuple[VMNetworkAdapter, PrivateVlanMode, int, tuple[int, ...]]] = []
    adapters = connected_to(switch)
    gap = adapters.gap
    for adapter in adapters.known:
        try:
            if adapter.isolation_vlan is None and adapter.vlan.operation_mode is VlanMode.PRIVATE:
                ports.append((adapter, _private_mode(adapter.vlan), adapter.vlan.primary, adapter.vlan.secondaries))
        except NotAssessed as missing:
            gap = gap or missing.gap
    if not ports:
        if gap is not None:
            raise NotAssessed(gap)
        return NOT_APPLICABLE

    def contradictions() -> Verdict | None:
        found = _contradictions(ports)
        return fail(f"On the switch {switch} {found}", Severity.HIGH) if found else _if_complete(gap)

    def unreached() -> Verdict | None:
        for adapter, mode, primary, secondaries in ports:
            if mode is PrivateVlanMode.PROMISCUOUS:
                used = {one for _, kind, other, ids in ports if kind is not mode and other == primary for one in ids}
                lacking = listed(map(str, sorted(used - set(secondaries))))
                if lacking:
                    return fail(
                        f"On the switch {switch} the promiscuous port {adapter} lacks the secondary VLAN {lacking} of the primary {primary}",
                        Severity.MEDIUM,
                    )
        return _if_complete(gap)

    def no_promiscuous_port() -> Verdict | None:
        if any(mode is PrivateVlanMode.PROMISCUOUS for _, mode, _, _ in ports):
            return None
        if gap is not None:
            raise NotAssessed(gap)
        names = _names(adapter for adapter, _, _, _ in ports)
        return fail(f"On the switch {switch} no port of the private VLAN is promiscuous: {names}", Severity.INFO)

    return settle(contradictions, unreached, no_promiscuous_port, worst=Severity.HIGH)


def _private_mode(vlan: VMNetworkAdapterVlan) -> PrivateVlanMode:
    mode = vlan.private_vlan_mode
    if mode is None:
        raise undetermined(f"the kind of the private VLAN of {vlan} is not known", table=vlan.table_name)
    return mode


def _if_complete(gap: Gap | None) -> Verdict | None:
    """Nothing is wrong, if everything was read."""
    if gap is not None:
        raise NotAssessed(gap)
    return None


def _contradictions(ports: Sequence[tuple[VMNetworkAdapter, PrivateVlanMode, int, tuple[int, ...]]]) -> str:
    kinds: dict[int, set[PrivateVlanMode]] = {}
    primaries: dict[int, set[int]] = {}
    isolated: dict[int, set[int]] = {}
    users: dict[int, list[VMNetworkAdapter]] = {}
    found = []
    for adapter, mode, primary, secondaries in ports:
        for secondary in secondaries:
            users.setdefault(secondary, []).append(adapter)
            primaries.setdefault(secondary, set()).add(primary)
            if secondary == primary:
                found.append(f"{adapter} has the VLAN {primary} as primary and secondary")
            if mode is not PrivateVlanMode.PROMISCUOUS:
                kinds.setdefault(secondary, set()).add(mode)
            if mode is PrivateVlanMode.ISOLATED:
                isolated.setdefault(primary, set()).add(secondary)
    for secondary, modes in sorted(kinds.items()):
        if len(modes) > 1:
            found.append(f"the secondary VLAN {secondary} is both isolated and community ({_names(users[secondary])})")
    for secondary, several in sorted(primaries.items()):
        if len(several) > 1:
            ids = listed(map(str, sorted(several)))
            found.append(f"the secondary VLAN {secondary} is under the primaries {ids} ({_names(users[secondary])})")
    for primary, ids_of in sorted(isolated.items()):
        if len(ids_of) > 1:
            ids = listed(map(str, sorted(ids_of)))
            names = _names(adapter for one in ids_of for adapter in users[one])
            found.append(f"the primary VLAN {primary} has the isolated secondaries {ids} ({names})")
    return "; ".join(found)


@check(
    "HV-NET-014",
    title="Only the gateway of a private VLAN reaches all its ports",
    severity=Severity.MEDIUM,
    refs=("seed:G50", "BSI:SYS.1.5.A9"),
    since="2012",
)
def only_the_gateway_is_promiscuous(adapter: VMNetworkAdapter) -> Verdict:
    """A promiscuous port reaches every machine that the private VLAN keeps apart; the gateway needs that, and nobody else.

    Where the operator sheet does not name the machine, a single promiscuous port is taken for the gateway until somebody says otherwise.

    Remediation:
        Tag the gateway in the operator sheet; for others run
        `Set-VMNetworkAdapterVlan -VMName <name> -Isolated -PrimaryVlanId <VLAN> -SecondaryVlanId <VLAN>`.
    """
    if not adapter.serves_machine:
        return NOT_APPLICABLE
    if adapter.isolation_vlan is not None or not _is_promiscuous(adapter):
        return PASS
    vm = adapter.vm
    if is_tagged(vm, Tag.GATEWAY, Tag.ROUTER, Tag.FIREWALL):
        return PASS
    primary = adapter.vlan.primary

    def weight() -> Severity:
        policy = adapter.host.policy
        if vm is not None and policy.vms and policy.tags_of(vm.id, vm.name) is not None:
            return Severity.MEDIUM
        return Severity.MEDIUM if _has_a_second_gateway(adapter, primary) else Severity.LOW

    return graded(f"{adapter} reaches every port of the private VLAN {primary}", Severity.MEDIUM, weight)


def _is_promiscuous(adapter: VMNetworkAdapter) -> bool:
    vlan = adapter.vlan
    return vlan.operation_mode is VlanMode.PRIVATE and _private_mode(vlan) is PrivateVlanMode.PROMISCUOUS


def _has_a_second_gateway(adapter: VMNetworkAdapter, primary: int) -> bool:
    """Whether another machine is promiscuous in the same private VLAN. Raises NotAssessed."""
    switch, own = adapter.switch, adapter.vm_id
    if switch is None:
        return False
    others = machines_on(switch).matching(
        lambda other: other.vm_id != own and _is_promiscuous(other) and other.vlan.primary == primary
    )
    return bool(others)


@check(
    "HV-NET-017",
    title="Machines of several owners cannot flood their switch with broadcasts",
    severity=Severity.INFO,
    refs=("seed:G42", "seed:M14", "ATT&CK:T1498"),
    since="2012R2",
)
def broadcasts_are_limited(adapter: VMNetworkAdapter) -> Verdict:
    """Broadcasts reach every port; one machine that sends without end slows down all. No limit is the default.

    It matters where owners share the host, and is asked only there.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -StormLimit <packets per second>`.
    """
    if not adapter.serves_machine:
        return NOT_APPLICABLE
    if adapter.storm_limit > 0:
        return PASS
    return fail(f"Nothing limits broadcasts of {adapter}") if mixed_owners(adapter.host) else NOT_APPLICABLE


@check(
    "HV-NET-018",
    title="Virtual machines have no emulated network adapter",
    severity=Severity.MEDIUM,
    refs=("BSI:SYS.1.5.A3", "NIST:HY-SR-5 (draft)"),
)
def no_legacy_adapter(adapter: VMNetworkAdapter) -> Verdict:
    """Emulated devices are slow, and the part of the host that a guest can attack most easily.

    Remediation:
        With the machine off, run `Remove-VMNetworkAdapter` and `Add-VMNetworkAdapter`. Generation 1 machines that start from the network,
        and guests without integration services, need the emulated one.
    """
    if not adapter.serves_machine:
        return NOT_APPLICABLE
    if not adapter.is_legacy:
        return PASS

    def weight() -> Severity:
        vm = adapter.vm
        told = vm is not None and adapter.host.find(VMGuestKvp, vm_id=vm.id) is not None
        return Severity.MEDIUM if told else Severity.LOW

    return graded(f"{adapter} is an emulated (legacy) network adapter", Severity.MEDIUM, weight)


@check(
    "HV-NET-027",
    title="Every switch feature that an adapter needs is installed",
    severity=Severity.HIGH,
    refs=("BPA:B054",),
    since="2012",
)
def needed_features_are_installed(adapter: VMNetworkAdapter) -> Verdict:
    """The switch blocks the traffic of an adapter that needs a feature which no extension brings.

    Remediation:
        Install the extension that brings the feature, or remove the demand with `Remove-VMSwitchExtensionPortFeature`.
    """
    if adapter.is_management_os:
        return NOT_APPLICABLE
    needed = adapter.mandatory_feature_id
    if not adapter.connected:
        return NOT_APPLICABLE
    host = adapter.host
    lacking = [feature for feature in needed if host.find(SwitchFeature, feature_id=feature) is None]
    if not lacking:
        return PASS
    return fail(f"{adapter} needs the switch feature {listed(lacking)}, which is not installed: its traffic is blocked")


@check(
    "HV-NET-029",
    title="The pool of dynamic MAC addresses has room",
    severity=Severity.LOW,
    refs=("BPA:B043",),
)
def mac_pool_has_room(host: Snapshot) -> Verdict:
    """When the pool is used up, machines with a dynamic address do not start.

    Remediation:
        Run `Set-VMHost -MacAddressMaximum <address>`, in a range that no other host uses.
    """
    settings = host.one(VMHost)
    first, last = _mac(settings.mac_address_minimum), _mac(settings.mac_address_maximum)
    size = last - first + 1
    if size < 1:
        raise undetermined("the pool of MAC addresses is empty", table="host_hyperv", column="MacAddressMaximum")
    used: set[int] = set()

    def is_from_pool(adapter: VMNetworkAdapter) -> bool:
        if adapter.is_management_os or not adapter.dynamic_mac_address_enabled:
            return False
        address = _mac(adapter.mac_address)
        if first <= address <= last:
            used.add(address)
            return True
        return False

    adapters = host.rows(VMNetworkAdapter).select(is_from_pool)
    free = size - len(used)
    if free >= SCARCE_MACS and free * 10 >= size:
        _if_complete(adapters.gap)
        return PASS
    return fail(f"Of {size} addresses in the pool of dynamic MAC addresses {free} are free")


def _mac(text: str) -> int:
    digits = text.replace("-", "").replace(":", "")
    try:
        return int(digits, 16)
    except ValueError:
        raise undetermined(f"{text!r} is no MAC address") from None


@check(
    "HV-NET-030",
    title="No two running machines have the same MAC address",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1557",),
)
def mac_is_unique(adapter: VMNetworkAdapter) -> Verdict:
    """Two machines with one address take each other's traffic, by accident after copying a machine or on purpose.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -DynamicMacAddress` with the machine off.
    """
    if not adapter.serves_machine:
        return NOT_APPLICABLE
    address = adapter.mac_address
    if address == NO_MAC or not adapter.has_running_machine:
        return NOT_APPLICABLE
    own = adapter.id

    def collides(other: VMNetworkAdapter) -> bool:
        return other.id != own and other.serves_machine and other.has_running_machine

    others = adapter.host.where(VMNetworkAdapter, mac_address=address).matching(collides)
    if not others:
        return PASS
    return fail(f"{adapter} has the MAC address {address}, as has {_names(others)}", Severity.HIGH)


@check(
    "HV-NET-031",
    title="No virtual machine joins networks that are meant to be apart",
    severity=Severity.MEDIUM,
    refs=("seed:G39", "seed:G49", "seed:M01", "BSI:SYS.1.5.A4", "ATT&CK:T1090"),
)
def no_machine_bridges_networks(vm: VM) -> Verdict:
    """Whoever takes over a machine with a foot in two networks passes from one to the other, past the firewall between them.

    It weighs where one of the networks is the VLAN of the host's management, or where the operator sheet tells of different owners or
    classes in them. Storage and cluster networks of a guest are no trust zones: then it is a note.

    Remediation:
        Remove the adapter that the machine does not need (`Remove-VMNetworkAdapter`); tag firewalls and routers in the operator sheet.
    """
    adapters = vm.host.where(VMNetworkAdapter, vm_id=vm.id)
    gap = adapters.gap
    networks: dict[tuple[str | None, frozenset[int]], VMNetworkAdapter] = {}
    for adapter in adapters.known:
        try:
            if adapter.connected:
                networks.setdefault(_network_of(adapter), adapter)
        except NotAssessed as missing:
            gap = gap or missing.gap
    if len(networks) < 2:
        _if_complete(gap)
        return PASS if networks else NOT_APPLICABLE
    if is_tagged(vm, Tag.FIREWALL, Tag.ROUTER, Tag.GATEWAY, Tag.SENSOR):
        return PASS
    joined = list(networks.values())
    names = listed(sorted(_told_network(adapter) for adapter in joined))

    def weight() -> Severity:
        if any(_is_in_management_vlan(adapter) for adapter in joined) or _joins_owners(vm, joined):
            return Severity.MEDIUM
        _if_complete(gap)
        return Severity.INFO

    return graded(f"{vm} is in several networks: {names}", Severity.MEDIUM, weight)


def _network_of(adapter: VMNetworkAdapter) -> tuple[str | None, frozenset[int]]:
    """The switch and the VLANs of an adapter; a virtual subnet counts as a negative number. Raises NotAssessed."""
    switch = adapter.switch
    if adapter.is_in_virtual_subnet:
        return str(switch), frozenset({-adapter.virtual_subnet_id})
    return None if switch is None else switch.id, adapter.effective_vlans


def _told_network(adapter: VMNetworkAdapter) -> str:
    if adapter.is_in_virtual_subnet:
        return f"{adapter.switch} (virtual subnet {adapter.virtual_subnet_id})"
    vlans = adapter.effective_vlans
    return (
        f"{adapter.switch} (untagged)" if vlans == {0} else f"{adapter.switch} (VLAN {listed(map(str, sorted(vlans)))})"
    )


def _is_in_management_vlan(adapter: VMNetworkAdapter) -> bool:
    """Whether the host is managed in the same VLAN, and that is not the untagged network that everybody shares. Raises NotAssessed."""
    switch = adapter.switch
    if switch is None or adapter.is_in_virtual_subnet:
        return False
    own = adapter.effective_vlans - {0}
    return bool(own) and _reaches_management(adapter, own)


def _joins_owners(vm: VM, joined: Sequence[VMNetworkAdapter]) -> bool:
    """Whether the operator sheet names others for the rest of one network than for the rest of another. Raises NotAssessed."""
    if not vm.host.policy.vms:
        return False
    zones = [zone for zone in (_zone(vm, adapter) for adapter in joined) if zone]
    return any(one.isdisjoint(other) for one, other in combinations(zones, 2))


def _zone(vm: VM, adapter: VMNetworkAdapter) -> frozenset[tuple[str, str]]:
    """Owners and classes of the other machines in the network of an adapter, as far as the operator sheet names them."""
    switch = adapter.switch
    if switch is None:
        return frozenset()
    found = set()
    for other in shares_vlan_with(adapter, machines_on(switch).select(lambda other: other.vm_id != vm.id)):
        neighbour = other.vm
        told = None if neighbour is None else vm.host.policy.tags_of(neighbour.id, neighbour.name)
        if told is not None and (told.owner or told.protection):
            found.add(((told.owner or "").casefold(), (told.protection or "").casefold()))
    return frozenset(found)


@check(
    "HV-NET-038",
    title="Machines of different owners in one VLAN are kept apart",
    severity=Severity.INFO,
    refs=("seed:G13", "seed:M13", "BSI:SYS.1.5.A15", "ATT&CK:T1046"),
    since="2012",
)
def owners_are_kept_apart(adapter: VMNetworkAdapter) -> Verdict:
    """In one VLAN machines of different owners can search and attack each other; lists on their ports stop that. None are the default.

    It matters where owners share the host, and is asked only there.

    Remediation:
        Run `Add-VMNetworkAdapterExtendedAcl -VMName <name> -Action Deny -Direction Inbound -Weight 1` and rules of higher weight for what
        is needed (the higher weight wins), or give each owner a VLAN of his own.
    """
    if not adapter.serves_machine:
        return NOT_APPLICABLE
    if either(*_ways_apart(adapter)):
        return PASS
    switch, vm = adapter.switch, adapter.vm
    if not mixed_owners(adapter.host) or switch is None or vm is None:
        return NOT_APPLICABLE

    def is_of_others(other: VMNetworkAdapter) -> bool:
        neighbour = other.vm
        return neighbour is not None and neighbour.id != vm.id and not have_same_owner(vm, neighbour)

    others = shares_vlan_with(adapter, machines_on(switch).select(is_of_others))
    if not others:
        return PASS
    return fail(f"Nothing on its port keeps {adapter} apart from machines of others in its VLAN: {_names(others)}")


def _ways_apart(adapter: VMNetworkAdapter) -> Sequence[Callable[[], bool]]:
    """What may keep the traffic of an adapter apart from that of others in its VLAN."""
    host, own = adapter.host, adapter.id

    def has_a_list() -> bool:
        rules = host.where(VMNetworkAdapterAcl, adapter_id=own)
        return bool(rules.matching(lambda rule: rule.action is AclAction.DENY))

    def has_an_extended_list() -> bool:
        rules = host.where(VMNetworkAdapterExtendedAcl, adapter_id=own)
        return bool(rules.matching(lambda rule: rule.action is ExtendedAclAction.DENY))

    def is_isolated() -> bool:
        return adapter.is_in_virtual_subnet or adapter.isolation_vlan is not None

    def is_private() -> bool:
        vlan = adapter.vlan
        return vlan.operation_mode is VlanMode.PRIVATE and _private_mode(vlan) is PrivateVlanMode.ISOLATED

    return has_a_list, has_an_extended_list, is_isolated, is_private


@check(
    "HV-NET-039",
    title="Guests neither team adapters nor set priorities without need",
    severity=Severity.LOW,
    refs=("ATT&CK:T1557",),
    since="2012",
)
def guests_do_not_team_or_mark(adapter: VMNetworkAdapter) -> Verdict:
    """A guest that may team takes other MAC addresses on its port; one that may mark puts its traffic before that of others.

    Teaming is needed by machines with at least two adapters that may team. Both are off by default.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -AllowTeaming Off -IeeePriorityTag Off`.
    """
    if not adapter.serves_machine:
        return NOT_APPLICABLE
    own = adapter.vm_id

    def teams_alone() -> Verdict | None:
        if adapter.allow_teaming is not OnOff.ON:
            return None
        members = adapter.host.where(VMNetworkAdapter, vm_id=own).select(
            lambda other: other.connected and other.allow_teaming is OnOff.ON
        )
        if len(members.known) > 1 or len(members) > 1:
            return None
        return fail(f"{adapter} may be part of a team in the guest, but no second adapter of the machine may")

    def marks() -> Verdict | None:
        if adapter.ieee_priority_tag is not OnOff.ON:
            return None
        return fail(f"The guest may set the priority of what it sends over {adapter}")

    return settle(teams_alone, marks)
