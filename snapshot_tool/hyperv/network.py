r"""`root\virtualization\\v2`: adapters of VMs and of the management OS, and the features of their ports."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.dumps import (
    NOT_OFFERED,
    Dump,
    Source,
    elements,
    folded,
    guids,
    instance_id,
    only_guid,
    owner,
    reference,
    text_of,
)
from snapshot_tool.hyperv.ports import (
    OFF,
    RUNNING,
    Adapter,
    Ports,
    connected,
    device_key,
)
from snapshot_tool.hyperv.rules import (
    Frame,
    boolean,
    cell,
    guid_or_text,
    integer,
    integers,
    mac,
    needed,
    on_off,
    symbol,
    text,
    text_or_null,
    texts,
)
from snapshot_tool.hyperv.tables import missing_table
from snapshot_tool.snapshot import Record, Table
from snapshot_tool.verdict import Cause, Gap, NotAssessed

if TYPE_CHECKING:
    from collections.abc import Callable

    from snapshot_tool.hyperv.context import Context


def vm_network_adapter(context: Context) -> Table:
    """`Get-VMNetworkAdapter -All`."""
    ports = context.ports
    if ports.unlisted is not None:
        return missing_table("vm_network_adapter", gap=ports.unlisted)
    machines, dumps = context.machines, context.dumps
    security = ports.features("Msvm_EthernetSwitchPortSecuritySettingData")
    bandwidth = ports.features("Msvm_EthernetSwitchPortBandwidthSettingData")
    offload = ports.features("Msvm_EthernetSwitchPortOffloadSettingData")
    teaming = ports.features("Msvm_EthernetSwitchPortTeamMappingSettingData")
    guest = dumps("Msvm_GuestNetworkAdapterConfiguration")
    answers = guest.index(lambda record: device_key(text_of(record, "InstanceID")))
    frame = Frame(
        "vm_network_adapter",
        machines.system_dump,
        ports.synthetic,
        ports.dump,
        security[0],
        bandwidth[0],
        offload[0],
        teaming[0],
        guest,
        via=dict.fromkeys((3, 4, 5, 6), (2,)),
    )
    for adapter in ports.adapters:
        managed = adapter.machine is None
        pair = device_key(adapter.id)
        row = frame.add(
            None if managed else machines.system(adapter.machine or ""),
            adapter.row,
            adapter.port,
            *(ports.feature(*found, adapter.port) for found in (security, bandwidth, offload, teaming)),
            None if managed else guest.find(answers, pair or ""),
            VMId=adapter.machine,
            Id=adapter.id,
            IsManagementOs=managed,
            IsLegacy=adapter.legacy,
        )
        if managed:
            nothing = (
                "VMName",
                "DynamicMacAddressEnabled",
                "ClusterMonitored",
                "DeviceNaming",
                "IPAddresses",
                "DHCPEnabled",
                "Status",
            )
            frame.cells[row].update(dict.fromkeys(nothing))
        else:
            frame.cells[row]["DeviceId"] = None
        if adapter.legacy:
            frame.cells[row]["DeviceNaming"] = None
    frame.known("VMId", place="Name")
    frame.known("Id", "IsManagementOs", "IsLegacy", slot=1)
    frame.take("VMName", 0, "ElementName", text)
    _settings(ports, frame)
    _device_ids(context, frame)
    _connection(ports, frame)
    _features(frame)
    frame.derive("IPAddresses", ((7, "IPAddresses"),), lambda *sources: _addresses(sources[7]))
    frame.derive(
        "DHCPEnabled",
        ((7, "DHCPEnabled"), (7, "IPAddresses")),
        lambda *sources: cell(sources[7], "DHCPEnabled", boolean) if _addresses(sources[7]) else None,
    )
    _runtime(context, frame, security)
    return frame.build(ports.adapters_gap)


def _settings(ports: Ports, frame: Frame) -> None:
    """Columns that VM adapters have in their settings and those of the management OS in their port."""
    for column, name, convert in (("Name", "ElementName", text), ("MacAddress", "Address", mac)):
        states = {False: ports.synthetic.state(name), True: ports.emulated.state(name)}
        for row, sources in enumerate(frame.sources):
            if sources[1] is None:
                frame.put(row, column, partial(needed, sources[2], name, convert), ports.dump.state(name))
            else:
                frame.put(row, column, partial(needed, sources[1], name, convert), states[frame.cells[row]["IsLegacy"]])
        frame.known(column, slot=1, place=name)
    _setting(ports, frame, "DynamicMacAddressEnabled", "StaticMacAddress", lambda value: not boolean(value))
    _setting(ports, frame, "ClusterMonitored", "ClusterMonitored", boolean)
    _setting(ports, frame, "DeviceNaming", "DeviceNamingEnabled", on_off)


def _setting(ports: Ports, frame: Frame, column: str, name: str, convert: Callable[[Any], Any]) -> None:
    states = {False: ports.synthetic.state(name), True: ports.emulated.state(name)}
    if states[False] is NOT_OFFERED:
        return
    frame.known(column, slot=1, place=name)
    for row, sources in enumerate(frame.sources):
        if column not in frame.cells[row]:
            frame.put(row, column, partial(needed, sources[1], name, convert), states[frame.cells[row]["IsLegacy"]])


def _device_ids(context: Context, frame: Frame) -> None:
    dump = context.dumps("Msvm_InternalEthernetPort")
    if dump.missing is not None or isinstance(dump.state("PermanentAddress"), Gap):
        frame.gap("DeviceId", dump.missing or Gap(Cause.UNREADABLE, "no address of any port", dump.name))
        return
    found: dict[str, set[str]] = {}
    for record in dump.records:
        address, identifier = text_of(record, "PermanentAddress"), only_guid(text_of(record, "DeviceID"))
        if address and identifier:
            found.setdefault(_mac_key(address), set()).add(identifier)

    def make(row: int) -> str:
        address = _mac_key(str(needed(frame.sources[row][2], "Address", mac)))
        known = found.get(address, set())
        if not known:
            if dump.gap is not None:
                raise NotAssessed(dump.gap)
            known = _host_adapters(context, address)
        if len(known) != 1:
            raise NotAssessed(
                Gap(Cause.UNDETERMINED, "no one adapter of the host has its MAC address", "vm_network_adapter")
            )
        return next(iter(known))

    for row, cells in enumerate(frame.cells):
        if cells["IsManagementOs"]:
            frame.put(row, "DeviceId", partial(make, row))
    frame.known("DeviceId", slot=2, place="Address")


def _host_adapters(context: Context, address: str) -> set[str]:
    table = context.other("net_adapters")
    found = set()
    for record in table.records:
        if (folded(record, "ComponentId") or "") != "vms_mp":
            continue
        current = text_of(record, "PermanentMac") or text_of(record, "Mac")
        identifier = only_guid(text_of(record, "InterfaceGuid"))
        if current and identifier and _mac_key(current) == address:
            found.add(identifier)
    if not found and table.gap is not None:
        raise NotAssessed(table.gap)
    return found


def _connection(ports: Ports, frame: Frame) -> None:
    port = 2
    frame.derive(
        "Connected",
        ((port, "HostResource"), (port, "EnabledState"), (port, "PoolID")),
        lambda *sources: connected(sources[port]),
    )

    def switch(row: tuple[Source, ...], cells: dict[str, Any]) -> str | None:
        source = row[port]
        if cells["IsManagementOs"]:
            return owner(text_of(source, "InstanceID")) if isinstance(source, Record) else None
        if not connected(source):
            return None
        resource = elements(cell(source, "HostResource"))
        target = reference(resource[0]) if resource else None
        if target is None:
            raise NotAssessed(Gap(Cause.UNDETERMINED, "connected through a pool: the switch is known only at run time"))
        name = target.keys.get("name", "")
        if target.class_name.lower() != "msvm_virtualethernetswitch" or not name:
            raise CellError(f"{resource[0]!r} is no switch")
        return guid_or_text(name)

    state = frame.state(((port, "HostResource"), (port, "EnabledState"), (port, "PoolID")))
    for column in ("SwitchId", "SwitchName"):
        frame.known(column, slot=port, place="HostResource")
        if isinstance(state, Gap):
            frame.gap(column, state)
    names = ports.switch_dump.state("ElementName")
    if isinstance(names, Gap):
        frame.gap("SwitchName", names)
    if isinstance(state, Gap):
        return
    for row, (sources, cells) in enumerate(zip(frame.sources, frame.cells, strict=True)):
        if isinstance(sources[port], Gap):
            frame.fail(row, "SwitchId", sources[port])  # type: ignore[arg-type]
            frame.fail(row, "SwitchName", sources[port])  # type: ignore[arg-type]
            continue
        frame.put(row, "SwitchId", partial(switch, sources, cells))
        if row in frame.gaps and "SwitchId" in frame.gaps[row]:
            frame.fail(row, "SwitchName", frame.gaps[row]["SwitchId"])
        elif cells["SwitchId"] is None:
            cells["SwitchName"] = None
        else:
            source = ports.switch_dump.find(ports.switches, cells["SwitchId"])
            frame.put(row, "SwitchName", partial(needed, source, "ElementName", text))


def _features(frame: Frame) -> None:
    port, security, bandwidth, offload, teaming = 2, 3, 4, 5, 6
    frame.take("LastKnownSwitchName", port, "LastKnownSwitchName", text_or_null, absent=None)
    frame.take("PoolName", port, "PoolID", text_or_null, absent=None)
    frame.take("TestReplicaSwitchName", port, "TestReplicaSwitchName", text_or_null, absent=None)
    frame.take("MandatoryFeatureId", port, "RequiredFeatures", _feature_ids, absent=[], null=[])
    for column, name in (
        ("MacAddressSpoofing", "AllowMacSpoofing"),
        ("DhcpGuard", "EnableDhcpGuard"),
        ("RouterGuard", "EnableRouterGuard"),
        ("IeeePriorityTag", "AllowIeeePriorityTag"),
        ("AllowTeaming", "AllowTeaming"),
    ):
        frame.take(column, security, name, on_off, absent="Off")
    frame.take("PortMirroringMode", security, "MonitorMode", symbol(enums.MIRRORING), absent="None")
    for column in ("StormLimit", "DynamicIPAddressLimit", "VirtualSubnetId"):
        frame.take(column, security, column, integer, absent=0)
    for column, name in (
        ("MaximumBandwidth", "Limit"),
        ("MinimumBandwidthAbsolute", "Reservation"),
        ("MinimumBandwidthWeight", "Weight"),
    ):
        frame.take(column, bandwidth, name, integer, absent=0)
    frame.take("IovWeight", offload, "IOVOffloadWeight", integer, absent=0)
    frame.take("VmqWeight", offload, "VMQOffloadWeight", integer, absent=100)
    frame.take("IPsecOffloadMaxSA", offload, "IPSecOffloadLimit", integer, absent=512)
    frame.take("TeamMapping", teaming, "NetAdapterName", text_or_null, absent=None)


def _feature_ids(value: Any) -> list[str]:
    found = []
    for element in elements(value):
        target = reference(element)
        identifier = only_guid(target.keys.get("instanceid") if target else element)
        if identifier is None:
            raise CellError(f"{element!r} names no feature")
        found.append(identifier)
    return found


def _addresses(source: Source) -> list[str]:
    return (cell(source, "IPAddresses", texts) or []) if source is not None else []


def _runtime(context: Context, frame: Frame, _security: Any) -> None:
    ports, runtime = context.ports, context.runtime
    missing = next((dump.missing for dump in runtime.dumps if dump.missing is not None), None)
    states = [dump.state("OperationalStatus") for dump in runtime.dumps]
    if missing is not None:
        frame.gap("Status", missing)
    else:
        for row, adapter in enumerate(ports.adapters):
            if adapter.machine is not None:
                frame.put(row, "Status", partial(adapter_status, context, adapter), states[adapter.legacy])
        frame.known("Status", slot=1)
    for column, first, second in (
        ("IovUsage", "IOVOffloadUsage", "IovOffloadUsage"),
        ("VmqUsage", "VMQOffloadUsage", "VMQOffloadUsage"),
        ("VFDataPathActive", None, "IovVfDataPathActive"),
    ):
        _usage(context, frame, column, first, second)


def _usage(context: Context, frame: Frame, column: str, first: str | None, second: str) -> None:
    ports, runtime = context.ports, context.runtime
    dump, name = (runtime.ports, first) if first is not None else (runtime.offload, second)
    state = dump.state(name)
    if state is NOT_OFFERED:
        return
    frame.known(column, slot=2)
    gaps = (
        runtime.gap,
        state,
        frame.state(((2, "HostResource"), (2, "EnabledState"), (2, "PoolID"), (0, "EnabledState"))),
    )
    gap = next((found for found in gaps if isinstance(found, Gap)), None)
    if gap is not None:
        frame.gap(column, gap)
        return
    convert = integer if first is not None else boolean

    def make(row: int) -> Any:
        adapter = ports.adapters[row]
        if adapter.machine is not None and not (
            needed(context.machines.system(adapter.machine), "EnabledState") == RUNNING and connected(adapter.port)
        ):
            return None
        port = runtime.port(adapter)
        if first is not None:
            source = runtime.by_port.get(port)
            if source is not None:
                return cell(source, first, convert)
        offload = runtime.by_offload.get(port)
        if offload is None:
            missing = dump.gap or runtime.offload.gap
            raise NotAssessed(missing or Gap(Cause.UNDETERMINED, "its switch port is not in the snapshot"))
        return cell(offload, second, convert)

    for row in range(len(frame.cells)):
        frame.put(row, column, partial(make, row))


def adapter_status(context: Context, adapter: Adapter) -> list[str]:
    """Status of an adapter. Raises NotAssessed and CellError."""
    source = context.runtime.adapters.get(device_key(adapter.id) or "")
    if source is not None:
        return [symbol(enums.ADAPTER_STATUS)(number) for number in needed(source, "OperationalStatus", integers)]
    gap = next((dump.gap for dump in context.runtime.dumps if dump.gap is not None), None)
    if gap is not None:
        raise NotAssessed(gap)
    if needed(context.machines.system(adapter.machine or ""), "EnabledState") == OFF:
        return ["Ok"]
    raise NotAssessed(
        Gap(Cause.UNDETERMINED, "the VM runs without this adapter: it may be disabled", "vm_network_adapter")
    )


def _port_table(context: Context, table: str, class_name: str) -> tuple[Frame, Dump] | Table:
    """A frame with one row per adapter: slot 0 the VM, slot 1 the adapter, slot 2 its feature."""
    ports, machines = context.ports, context.machines
    dump, found = ports.features(class_name)
    if dump.not_offered is not None:
        return missing_table(table, not_offered=dump.not_offered)
    gap = dump.missing or ports.dump.missing or ports.unlisted
    if gap is not None:
        return missing_table(table, gap=gap)
    frame = Frame(table, machines.system_dump, ports.synthetic, dump)
    for adapter in ports.adapters:
        system = machines.system(adapter.machine) if adapter.machine is not None else None
        source = ports.feature(dump, found, adapter.port)
        row = frame.add(system, adapter.row, source, VMId=adapter.machine, AdapterId=adapter.id)
        if adapter.machine is None:
            frame.cells[row]["VMName"] = None
    frame.known("VMId", place="Name")
    frame.known("AdapterId", slot=1)
    frame.take("VMName", 0, "ElementName", text)
    return frame, dump


def vm_network_adapter_vlan(context: Context) -> Table:
    """`Get-VMNetworkAdapterVlan`: a port without settings is untagged."""
    made = _port_table(context, "vm_network_adapter_vlan", "Msvm_EthernetSwitchPortVlanSettingData")
    if isinstance(made, Table):
        return made
    frame, _ = made
    modes = symbol(enums.VLAN_MODE)

    def only(mode: str, name: str, convert: Callable[[Any], Any], nothing: Any) -> Callable[..., Any]:
        def make(_system: Source, _adapter: Source, row: Source) -> Any:
            if row is None or needed(row, "OperationMode", modes) != mode:
                return nothing
            return cell(row, name, convert)

        return make

    def put(column: str, mode: str, name: str, convert: Callable[[Any], Any] = integer, nothing: Any = None) -> None:
        frame.derive(column, ((2, name), (2, "OperationMode")), only(mode, name, convert, nothing))

    frame.take("OperationMode", 2, "OperationMode", modes, absent="Untagged")
    put("AccessVlanId", "Access", "AccessVlanId")
    put("NativeVlanId", "Trunk", "NativeVlanId")
    frame.take("AllowedVlanIdList", 2, "TrunkVlanIdArray", integers, absent=[], null=[])
    put("PrivateVlanMode", "Private", "PvlanMode", symbol(enums.PRIVATE_VLAN_MODE))
    put("PrimaryVlanId", "Private", "PrimaryVlanId")
    frame.derive("SecondaryVlanId", ((2, "SecondaryVlanId"), (2, "OperationMode"), (2, "PvlanMode")), _secondary_vlan)
    frame.take("SecondaryVlanIdList", 2, "SecondaryVlanIdArray", integers, absent=[], null=[])
    return frame.build(context.ports.adapters_gap)


def _secondary_vlan(_system: Source, _adapter: Source, row: Source) -> int | None:
    """A promiscuous port has a list instead."""
    if row is None or needed(row, "OperationMode", integer) != 3 or cell(row, "PvlanMode", integer) == 3:
        return None
    found: int | None = cell(row, "SecondaryVlanId", integer)
    return found


def vm_network_adapter_isolation(context: Context) -> Table:
    """`Get-VMNetworkAdapterIsolation`."""
    made = _port_table(context, "vm_network_adapter_isolation", "Msvm_EthernetSwitchPortIsolationSettingData")
    if isinstance(made, Table):
        return made
    frame, _ = made
    frame.take("IsolationMode", 2, "IsolationMode", symbol(enums.ISOLATION_MODE), absent="None")
    frame.take("AllowUntaggedTraffic", 2, "AllowUntaggedTraffic", boolean, absent=True)
    frame.take("DefaultIsolationID", 2, "DefaultIsolationId", integer, absent=0)
    frame.take("MultiTenantStack", 2, "EnableMultiTenantStack", on_off, absent="Off")
    return frame.build(context.ports.adapters_gap)


def _acl_frame(context: Context, table: str, class_name: str) -> tuple[Frame, Gap | None] | Table:
    ports, machines = context.ports, context.machines
    dump, found = ports.features(class_name)
    if dump.not_offered is not None:
        return missing_table(table, not_offered=dump.not_offered)
    gap = dump.gap or ports.adapters_gap
    if gap is not None and (dump.missing is not None or not ports.adapters):
        return missing_table(table, gap=dump.missing or gap)
    frame = Frame(table, machines.system_dump, dump)
    for adapter in ports.adapters:
        if not isinstance(adapter.port, Record):
            continue
        system = machines.system(adapter.machine) if adapter.machine is not None else None
        for record in found.get(instance_id(adapter.port) or "", ()):
            row = frame.add(system, record, VMId=adapter.machine, AdapterId=adapter.id)
            if adapter.machine is None:
                frame.cells[row]["VMName"] = None
    frame.known("VMId", place="Name")
    frame.known("AdapterId", slot=1)
    frame.take("VMName", 0, "ElementName", text)
    frame.take("Direction", 1, "Direction", symbol(enums.ACL_DIRECTION))
    return frame, gap


def vm_network_adapter_acl(context: Context) -> Table:
    """`Get-VMNetworkAdapterAcl`."""
    made = _acl_frame(context, "vm_network_adapter_acl", "Msvm_EthernetSwitchPortAclSettingData")
    if isinstance(made, Table):
        return made
    frame, gap = made

    def address(side: int, name: str) -> Callable[..., str]:
        def make(_system: Source, row: Source) -> str:
            if needed(row, "Applicability", integer) != side:
                return "ANY"
            value = needed(row, name, text)
            prefix = cell(row, f"{name}PrefixLength", integer)
            whole = not value or value.upper() == "ANY" or needed(row, "AclType", integer) == 1
            return str(value or "ANY") if whole or prefix is None else f"{value}/{prefix}"

        return make

    def kind(side: int) -> Callable[..., str | None]:
        def make(_system: Source, row: Source) -> str | None:
            if needed(row, "Applicability", integer) != side:
                return None
            return str(needed(row, "AclType", symbol(enums.ACL_ADDRESS)))

        return make

    frame.take("Action", 1, "Action", symbol(enums.ACL_ACTION))
    for side, name in ((1, "LocalAddress"), (2, "RemoteAddress")):
        needs = ((1, name), (1, f"{name}PrefixLength"), (1, "Applicability"), (1, "AclType"))
        frame.derive(name, needs, address(side, name))
        frame.derive(f"{name}Type", ((1, "AclType"), (1, "Applicability")), kind(side))
    return frame.build(gap)


def vm_network_adapter_extended_acl(context: Context) -> Table:
    """`Get-VMNetworkAdapterExtendedAcl`."""
    made = _acl_frame(context, "vm_network_adapter_extended_acl", "Msvm_EthernetSwitchPortExtendedAclSettingData")
    if isinstance(made, Table):
        return made
    frame, gap = made
    frame.take("Action", 1, "Action", symbol(enums.EXTENDED_ACL_ACTION))
    for column in ("LocalIPAddress", "RemoteIPAddress", "LocalPort", "RemotePort", "Protocol"):
        frame.take(column, 1, column, lambda value: text(value) or "ANY", null="ANY")
    for column in ("Weight", "IdleSessionTimeout", "IsolationID"):
        frame.take(column, 1, column, integer)
    frame.take("Stateful", 1, "Stateful", boolean)
    return frame.build(gap)


def vm_network_adapter_failover(context: Context) -> Table:
    """`Get-VMNetworkAdapterFailoverConfiguration`."""
    ports, machines = context.ports, context.machines
    dump = context.dumps("Msvm_FailoverNetworkAdapterSettingData")
    if dump.not_offered is not None:
        return missing_table("vm_network_adapter_failover", not_offered=dump.not_offered)
    gap = dump.gap or ports.synthetic.gap or ports.emulated.gap or machines.gap
    if dump.missing is not None or ports.unlisted is not None:
        return missing_table("vm_network_adapter_failover", gap=dump.missing or ports.unlisted)
    adapters = {device_key(adapter.id): adapter for adapter in ports.adapters if adapter.machine is not None}
    frame = machines.frame("vm_network_adapter_failover", dump)
    for record in dump.records:
        found = guids(text_of(record, "InstanceID"))
        adapter = adapters.get("\\".join(found[-2:])) or adapters.get("\\".join(found[:2]))
        if adapter is None:
            if not machines.live.isdisjoint(found) or not found:
                gap = gap or Gap(Cause.UNDETERMINED, "a row belongs to no adapter of the snapshot", dump.name)
            continue
        frame.add(machines.system(adapter.machine or ""), record, VMId=adapter.machine, AdapterId=adapter.id)
    frame.known("AdapterId", slot=1)
    machines.name(frame)
    frame.take("ProtocolIFType", 1, "ProtocolIFType", symbol(enums.FAILOVER_PROTOCOL))
    for column in ("IPAddresses", "Subnets", "DefaultGateways", "DNSServers"):
        frame.take(column, 1, column, texts, null=[])
    return frame.build(gap)


def vm_device_status(context: Context) -> Table:
    """Devices of running VMs, as far as the run-time classes show them."""
    machines = context.machines
    classes = (
        ("NetworkAdapter", context.dumps("Msvm_SyntheticEthernetPort")),
        ("LegacyNetworkAdapter", context.dumps("Msvm_EmulatedEthernetPort")),
        ("Display", context.dumps("Msvm_SyntheticDisplayController")),
    )
    gap = machines.gap or next((dump.gap for _, dump in classes if dump.gap is not None), None)
    if gap is not None and not (machines.ids and any(dump.records for _, dump in classes)):
        return missing_table("vm_device_status", gap=gap)
    frame = machines.frame("vm_device_status", *(dump for _, dump in classes))
    for number, (kind, dump) in enumerate(classes, 1):
        enabled, operational = dump.state("EnabledState"), dump.state("OperationalStatus")
        for record in dump.records:
            machine = only_guid(text_of(record, "SystemName"))
            if machine is None or machine not in machines.live or not _may_run(machines.system(machine)):
                continue
            sources: list[Source] = [None, None, None]
            sources[number - 1] = record
            device = text_of(record, "DeviceID") or ""
            row = frame.add(machines.system(machine), *sources, VMId=machine, Kind=kind, DeviceId=device)
            frame.put(row, "EnabledState", partial(needed, record, "EnabledState", integer), enabled)
            frame.put(row, "PrimaryOperationalStatus", partial(_first_status, record), operational)
    frame.known("Kind", "DeviceId", slot=1, place="DeviceID")
    frame.known("EnabledState", slot=1, place="EnabledState")
    frame.known("PrimaryOperationalStatus", slot=1, place="OperationalStatus")
    machines.name(frame)
    # A row has one of three places.
    frame.sources = [(row[0], next(source for source in row[1:] if source is not None)) for row in frame.sources]
    return frame.build(gap)


def _may_run(system: Source) -> bool:
    """Whether the VM runs, as far as its state can be read."""
    state = system.cells.get("EnabledState") if isinstance(system, Record) else None
    return state is None or state == RUNNING


def _first_status(record: Record) -> str | None:
    found = cell(record, "OperationalStatus", integers)
    return symbol(enums.ADAPTER_STATUS)(found[0]) if found else None


def _mac_key(address: str) -> str:
    return address.replace("-", "").replace(":", "").upper()
