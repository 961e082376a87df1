"""HV-NET: what the adapters of virtual machines may do on their switch, and what works for them there."""

from collections.abc import Callable, Iterable, Sequence

from snapshot_tool.check import check
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.model.guest import VMGuestKvp, guest_of
from snapshot_tool.model.host_hyperv import VMHost
from snapshot_tool.model.owners import Tag, is_tagged, mixed_owners
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
)
from snapshot_tool.model.vm import VM, AdapterStatus, OnOff, VMState
from snapshot_tool.model.vm_network import PrivateVlanMode, VlanMode, VMNetworkAdapter, VMNetworkAdapterVlan
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
X86 = "0"
WINDOWS_8 = (6, 2)


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


def _wants_function(adapter: VMNetworkAdapter) -> bool:
    return adapter.serves_machine and adapter.iov_weight > 0


def _iov_switch(adapter: VMNetworkAdapter) -> VMSwitch | None:
    """The switch of an adapter, if it hands out virtual functions."""
    switch = adapter.switch
    return switch if switch is not None and switch.iov_enabled else None


def _supports_functions(vm: VM) -> bool:
    """Whether the guest can use a virtual function: 64-bit Windows 8 or Server 2012 and later, Linux on hosts of 2016 and later."""
    guest = guest_of(vm)
    if not guest.is_windows:
        return not _is_before_2016(vm.host)
    return guest.version >= WINDOWS_8 and guest.processor_architecture != X86


def _is_before_2016(host: Snapshot) -> bool:
    return host.host.era is not None and not in_era("2016", None, host.host.era)


@check(
    "HV-NET-019",
    title="SR-IOV is requested only for guests that support it",
    severity=Severity.LOW,
    refs=("BPA:B046",),
    since="2012",
)
def functions_for_guests_that_support_them(adapter: VMNetworkAdapter) -> Verdict:
    """A guest that cannot use the function gains nothing, and one that can bypasses extensions and lists of the switch.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -IovWeight 0`.
    """
    if not _wants_function(adapter) or _iov_switch(adapter) is None:
        return NOT_APPLICABLE
    vm = adapter.vm
    if vm is None:
        raise undetermined(f"the virtual machine of {adapter} is not known", table="vm")
    guest = guest_of(vm)
    if not guest.is_windows:
        if _is_before_2016(adapter.host):
            return fail(f"{adapter} asks for SR-IOV, which Linux guests on this host do not support")
        return PASS

    def is_old() -> Verdict | None:
        version = guest.version
        name = ".".join(map(str, version))
        return fail(f"{adapter} asks for SR-IOV, but its guest runs Windows {name}") if version < WINDOWS_8 else None

    def is_32_bit() -> Verdict | None:
        architecture = guest.processor_architecture
        if architecture is None:
            raise undetermined(f"the guest of {vm} does not tell its architecture", table="vm_guest_kvp")
        return fail(f"{adapter} asks for SR-IOV, but its guest runs 32-bit Windows") if architecture == X86 else None

    return settle(is_old, is_32_bit)


@check(
    "HV-NET-020",
    title="A switch has a virtual function for every running machine that asks for one",
    severity=Severity.LOW,
    refs=("BPA:B076",),
    since="2012",
)
def enough_functions(switch: VMSwitch) -> Verdict:
    """Who comes last gets no function and is slower than planned; which machine that is changes with every start.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -IovWeight 0` for machines that need none, or use a card with more functions.
    """
    if not switch.iov_enabled:
        return NOT_APPLICABLE
    count = switch.iov_virtual_function_count
    if count is None:
        raise undetermined(f"how many functions {switch} has is not known", table="vswitch")
    wanting = machines_on(switch).select(lambda adapter: _wants_function(adapter) and _runs(adapter))
    if len(wanting.known) <= count and len(wanting) <= count:
        return PASS
    return fail(
        f"The switch {switch} has {count} virtual functions, and {len(wanting.known)} adapters of running machines ask "
        f"for one: {_names(wanting.known)}"
    )


def _runs(adapter: VMNetworkAdapter) -> bool:
    vm = adapter.vm
    if vm is None:
        raise undetermined(f"the virtual machine of {adapter} is not known", table="vm")
    return vm.state is VMState.RUNNING


@check(
    "HV-NET-021",
    title="Free virtual functions are in use",
    severity=Severity.INFO,
    refs=("BPA:B080",),
    since="2012",
)
def functions_are_used(switch: VMSwitch) -> Verdict:
    """A switch for SR-IOV has functions left that would make machines faster; policy may forbid them, for they bypass the switch.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -IovWeight 100` where extensions and lists of the switch are not needed.
    """
    if not switch.iov_enabled:
        return NOT_APPLICABLE
    count, used = switch.iov_virtual_function_count, switch.iov_virtual_functions_in_use
    if count is None or used is None:
        raise undetermined(f"how many functions {switch} has is not known", table="vswitch")
    if used >= count:
        return PASS

    def could_use(adapter: VMNetworkAdapter) -> bool:
        vm = adapter.vm
        if adapter.iov_weight > 0 or adapter.is_legacy or not _runs(adapter):
            return False
        return vm is not None and _supports_functions(vm)

    idle = machines_on(switch).matching(could_use)
    if not idle:
        return PASS
    return fail(f"The switch {switch} has {count - used} free virtual functions, and {_names(idle)} uses none")


@check(
    "HV-NET-022",
    title="Virtual functions work in their guests",
    severity=Severity.LOW,
    refs=("BPA:B055",),
    since="2012",
)
def functions_work(adapter: VMNetworkAdapter) -> Verdict:
    """Without a driver the guest falls back to the slow path although the function is taken.

    Remediation:
        Install the driver of the card's virtual function in the guest.
    """
    if not _wants_function(adapter) or _iov_switch(adapter) is None:
        return NOT_APPLICABLE
    vm = adapter.vm
    if vm is None:
        raise undetermined(f"the virtual machine of {adapter} is not known", table="vm")
    if not vm.is_settled:
        return NOT_APPLICABLE

    def needs_a_driver() -> Verdict | None:
        status = adapter.status
        if status is None:
            raise undetermined(f"the status of {adapter} is not known", table="vm_network_adapter", column="Status")
        if AdapterStatus.IOV_GUEST_DRIVERS_NEEDED in status:
            return fail(f"The guest lacks the driver for the virtual function of {adapter}", Severity.LOW)
        return None

    def usage() -> int:
        used = adapter.iov_usage
        if used is None:
            raise undetermined(
                f"the functions of {adapter} are not known", table="vm_network_adapter", column="IovUsage"
            )
        return int(used)

    def bypasses_its_function() -> Verdict | None:
        if adapter.vf_data_path_active is False and usage() > 0:
            return fail(f"{adapter} has a virtual function that carries no traffic", Severity.LOW)
        return None

    def has_none() -> Verdict | None:
        return fail(f"{adapter} asks for a virtual function and got none", Severity.INFO) if usage() == 0 else None

    return settle(needs_a_driver, bypasses_its_function, has_none, worst=Severity.LOW)


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
    if address == NO_MAC or not _runs(adapter):
        return NOT_APPLICABLE
    own = adapter.id

    def collides(other: VMNetworkAdapter) -> bool:
        return other.id != own and other.serves_machine and _runs(other)

    others = adapter.host.where(VMNetworkAdapter, mac_address=address).matching(collides)
    if not others:
        return PASS
    return fail(f"{adapter} has the MAC address {address}, as has {_names(others)}", Severity.HIGH)
