r"""`root\virtualization` of 2008 and 2008 R2, where it tells things in another way than its successor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv import cluster, v2_machines
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.dumps import Dump, Reference, Source, elements, folded, link, only_guid, reference, text_of
from snapshot_tool.hyperv.machines import parent_checkpoint
from snapshot_tool.hyperv.network import adapter_status
from snapshot_tool.hyperv.ports import Adapter
from snapshot_tool.hyperv.rules import (
    Frame,
    boolean,
    cell,
    guid_or_text,
    integer,
    integers,
    mac,
    moment,
    needed,
    on_off,
    scaled,
    seconds,
    symbol,
    text,
    text_or_null,
    texts,
)
from snapshot_tool.hyperv.tables import missing_table
from snapshot_tool.snapshot import Record, Table
from snapshot_tool.verdict import Cause, Gap, NotAssessed

if TYPE_CHECKING:
    from snapshot_tool.hyperv.context import Context

_MIB = 2**20


def vm(context: Context) -> Table:
    """`Get-VM`, had there been one."""
    machines, dumps, guests = context.machines, context.dumps, context.guests
    if not machines.ids and machines.gap is not None:
        return missing_table("vm", gap=machines.gap)
    summary, heartbeat = dumps("Msvm_SummaryInformation"), dumps("Msvm_HeartbeatComponent")
    memory, common = dumps("Msvm_MemorySettingData"), dumps("Msvm_VirtualSystemGlobalSettingData")
    frame = machines.frame("vm", machines.settings_dump, summary, heartbeat, memory, common, guests.dump)
    summaries = summary.index(lambda record: only_guid(text_of(record, "Name")))
    heartbeats, memories = machines.by_system(heartbeat), machines.by_owner(memory)
    commons = machines.by_system(common)
    for machine in machines.ids:
        frame.add(
            machines.system(machine),
            machines.setting(machine),
            summary.find(summaries, machine),
            heartbeat.find(heartbeats, machine),
            memory.find(memories, machine),
            common.find(commons, machine),
            guests.component(machine),
            Id=machine,
        )
    frame.known("Id", place="Name")
    frame.take("Name", 0, "ElementName", text)
    frame.take("State", 0, "EnabledState", symbol(enums.VM_STATE_V1))
    v2_machines.operational(frame)
    frame.take("TimeOfLastStateChange", 0, "TimeOfLastStateChange", moment)
    frame.same("Generation", 1)
    frame.take("Version", 5, "Version", text)
    frame.take("CreationTime", 1, "CreationTime", moment)
    frame.take("Path", 5, "ExternalDataRoot", text)
    frame.take("ConfigurationLocation", 5, "ExternalDataRoot", text)
    frame.derive("ConfigurationFile", ((5, "ExternalDataRoot"), (0, "Name")), _configuration_file)
    frame.take("SnapshotFileLocation", 5, "SnapshotDataRoot", text)
    # The old namespace counts actions from 0.
    frame.take("AutomaticStartAction", 5, "AutomaticStartupAction", _action(enums.START_ACTION))
    frame.take("AutomaticStartDelay", 5, "AutomaticStartupActionDelay", seconds)
    frame.take("AutomaticStopAction", 5, "AutomaticShutdownAction", _action(enums.STOP_ACTION))
    frame.take("ParentSnapshotId", 1, "Parent", parent_checkpoint)
    v2_machines.notes(frame)
    frame.take("AllowFullScsiCommandSet", 5, "AllowFullSCSICommandSet", boolean)
    frame.take("DebugPortEnabled", 5, "DebugPortEnabled", symbol(enums.DEBUG_PORT))
    frame.take("ScopeOfResidence", 5, "ScopeOfResidence", text_or_null)
    frame.derive("Heartbeat", ((3, "OperationalStatus"), (3, "EnabledState")), v2_machines.heartbeat_of)
    guests.version(frame, 6)
    frame.take("MemoryAssigned", 2, "MemoryUsage", scaled(_MIB))
    v2_machines.demand(frame)
    cluster.is_clustered(context, frame)
    frame.take("ProcessId", 0, "ProcessID", integer)
    return frame.build(machines.gap)


def vm_firmware(context: Context) -> Table:
    """`Get-VMBios`: every VM is of generation 1."""
    machines = context.machines
    settings = machines.settings_dump
    gap = settings.gap or machines.gap
    if gap is not None and not machines.settings:
        return missing_table("vm_firmware", gap=gap)
    frame = machines.frame("vm_firmware", settings)
    for machine in machines.ids:
        source = machines.setting(machine)
        if not isinstance(source, Gap):
            frame.add(machines.system(machine), source, VMId=machine)
    machines.name(frame)
    for column in ("BootOrder", "BootOrderDevice", "BootOrderKind"):
        frame.same(column, None)
    frame.take("StartupOrder", 1, "BootOrder", v2_machines.startup_order)
    frame.take("NumLockEnabled", 1, "BIOSNumLock", boolean)
    return frame.build(gap)


class OldPorts:
    """Switches, their ports, and what is plugged into them, through the associations of the old namespace."""

    def __init__(self, context: Context) -> None:
        dumps = context.dumps
        self.context = context
        self.switch_dump = dumps("Msvm_VirtualSwitch")
        self.port_dump = dumps("Msvm_SwitchPort")
        self.synthetic = dumps("Msvm_SyntheticEthernetPortSettingData")
        self.emulated = dumps("Msvm_EmulatedEthernetPortSettingData")
        self.connections = dumps("Msvm_ActiveConnection")
        self.associations = dumps("Msvm_GlobalEthernetPortSAPImplementation")
        self.internal = dumps("Msvm_InternalEthernetPort")
        self.external = dumps("Msvm_ExternalEthernetPort")
        self.switches = self.switch_dump.index(lambda record: folded(record, "Name"))
        self.ports = self.port_dump.index(lambda record: folded(record, "Name"))
        self._hosts = self._host_ports()
        self.adapters: list[Adapter] = []
        for dump, legacy in ((self.synthetic, False), (self.emulated, True)):
            state = dump.state("Connection")
            for machine, record in context.machines.owned(dump):
                port = state if isinstance(state, Gap) else self.plugged(record)
                self.adapters.append(Adapter(text_of(record, "InstanceID") or "", machine, record, legacy, port, None))
        internal = self.internal.index(lambda record: only_guid(text_of(record, "DeviceID")))
        for name, (kind, device) in sorted(self._hosts.items()):
            port = self.ports.get(name)
            if kind == "internal" and port is not None:
                row = internal.get(device)
                self.adapters.append(Adapter(text_of(port, "Name") or "", None, row, False, port, device))

    def plugged(self, record: Record) -> Source:
        """The switch port of an adapter's settings; None for an adapter that is not connected."""
        state = record.gaps.get("Connection")
        if state is not None:
            return state
        try:
            found = elements(record.cells.get("Connection"))
        except CellError as error:
            return Gap(Cause.UNREADABLE, str(error), "hv/Msvm_SyntheticEthernetPortSettingData", "Connection")
        if not found:
            return None
        target = reference(found[0])
        name = target.keys.get("name", "").lower() if target else ""
        missing = Gap(Cause.UNREADABLE, "its switch port is not in the snapshot", self.port_dump.name)
        return self.ports.get(name) or self.port_dump.gap or missing

    @property
    def host_gap(self) -> Gap | None:
        """Why it is not known what of the host is plugged into switches."""
        return self.connections.gap or self.associations.gap or self.port_dump.gap

    @property
    def adapters_gap(self) -> Gap | None:
        """Why there may be adapters that nobody listed."""
        return self.synthetic.gap or self.emulated.gap or self.context.machines.gap or self.host_gap

    def switch_of(self, port: Source) -> str | None:
        """Name of the switch a port belongs to. Raises NotAssessed and CellError."""
        return None if port is None else str(needed(port, "SystemName", text)).lower()

    def kinds(self, switch: str) -> list[tuple[str, str]]:
        """What of the host is plugged into a switch: `external` or `internal` and the GUID of the port."""
        found = []
        for name, (kind, device) in self._hosts.items():
            port = self.ports.get(name)
            if port is not None and folded(port, "SystemName") == switch:
                found.append((kind, device))
        return sorted(found)

    def _host_ports(self) -> dict[str, tuple[str, str]]:
        """Switch ports that the host is plugged into. Which end is which differs between samples: the class tells."""
        devices: dict[str, tuple[str, str]] = {}
        for record in self.associations.records:
            ends = _ends(record)
            endpoint, other = ends.get("msvm_switchlanendpoint"), None
            for kind, class_name in (
                ("internal", "msvm_internalethernetport"),
                ("external", "msvm_externalethernetport"),
            ):
                other = ends.get(class_name)
                identifier = only_guid(other.keys.get("deviceid")) if other else None
                if endpoint is not None and identifier is not None:
                    link(devices, _endpoint(endpoint), (kind, identifier))
        found: dict[str, tuple[str, str]] = {}
        for record in self.connections.records:
            ends = _ends(record)
            port, endpoint = ends.get("msvm_switchport"), ends.get("msvm_switchlanendpoint")
            if port is not None and endpoint is not None and _endpoint(endpoint) in devices:
                link(found, port.keys.get("name", "").lower(), devices[_endpoint(endpoint)])
        return found


def vm_network_adapter(context: Context) -> Table:
    """`Get-VMNetworkAdapter -All`."""
    ports, machines = OldPorts(context), context.machines
    if ports.adapters_gap is not None and not ports.adapters:
        return missing_table("vm_network_adapter", gap=ports.adapters_gap)
    frame = Frame(
        "vm_network_adapter", machines.system_dump, ports.synthetic, ports.port_dump, ports.internal, via={3: ()}
    )
    for adapter in ports.adapters:
        managed = adapter.machine is None
        row = frame.add(
            None if managed else machines.system(adapter.machine or ""),
            None if managed else adapter.row,
            adapter.port,
            (adapter.row or ports.internal.gap) if managed else None,
            VMId=adapter.machine,
            Id=adapter.id,
            IsManagementOs=managed,
            IsLegacy=adapter.legacy,
            DeviceId=adapter.switch,
        )
        if managed:
            frame.cells[row].update(VMName=None, DynamicMacAddressEnabled=None, Status=None)
            if adapter.row is None and ports.internal.gap is not None:
                # The reference names the port, but the port itself was not read.
                frame.fail(row, "DeviceId", ports.internal.gap)
    frame.known("VMId", place="Name")
    frame.known("Id", "IsManagementOs", "IsLegacy", slot=1)
    frame.known("DeviceId", slot=3, place="DeviceID")
    frame.take("VMName", 0, "ElementName", text)
    _settings(ports, frame)
    _connection(ports, frame)
    frame.take("MacAddressSpoofing", 2, "AllowMacSpoofing", on_off, absent="Off")
    frame.take("VmqWeight", 2, "VMQOffloadWeight", integer, absent=100)
    frame.take("PreventIpSpoofing", 2, "PreventIPSpoofing", boolean, absent=False)
    frame.take("AllowedIPv4Addresses", 2, "AllowedIPv4Addresses", texts, absent=[], null=[])
    runtime = context.runtime
    missing = next((dump.missing for dump in runtime.dumps if dump.missing is not None), None)
    if missing is not None:
        frame.gap("Status", missing)
    else:
        states = [dump.state("OperationalStatus") for dump in runtime.dumps]
        for row, adapter in enumerate(ports.adapters):
            if adapter.machine is not None:
                frame.put(row, "Status", partial(adapter_status, context, adapter), states[adapter.legacy])
        frame.known("Status", slot=1)
    return frame.build(ports.adapters_gap)


def _settings(ports: OldPorts, frame: Frame) -> None:
    for column, name, other, convert in (
        ("Name", "ElementName", "ElementName", text),
        ("MacAddress", "Address", "PermanentAddress", mac),
    ):
        for row, sources in enumerate(frame.sources):
            if frame.cells[row]["IsManagementOs"]:
                frame.put(row, column, partial(needed, sources[3], other, convert), ports.internal.state(other))
            else:
                dump = ports.emulated if frame.cells[row]["IsLegacy"] else ports.synthetic
                frame.put(row, column, partial(needed, sources[1], name, convert), dump.state(name))
        frame.known(column, slot=1, place=name)
    name = "StaticMacAddress"
    for row, sources in enumerate(frame.sources):
        if "DynamicMacAddressEnabled" not in frame.cells[row]:
            dump = ports.emulated if frame.cells[row]["IsLegacy"] else ports.synthetic
            frame.put(row, "DynamicMacAddressEnabled", partial(_dynamic, sources[1]), dump.state(name))
    frame.known("DynamicMacAddressEnabled", slot=1, place=name)


def _dynamic(row: Source) -> bool:
    return not needed(row, "StaticMacAddress", boolean)


def _connection(ports: OldPorts, frame: Frame) -> None:
    states = {False: ports.synthetic.state("Connection"), True: ports.emulated.state("Connection")}

    def plugged(row: int) -> bool:
        source = frame.sources[row][1]
        if frame.cells[row]["IsManagementOs"]:
            return True
        return bool(elements(cell(source, "Connection")))

    def switch(row: int) -> str | None:
        source = frame.sources[row][2]
        if isinstance(source, Gap):
            raise NotAssessed(source)
        return None if source is None else guid_or_text(needed(source, "SystemName", text))

    def name(row: int) -> str | None:
        found = ports.switch_of(frame.sources[row][2]) if not isinstance(frame.sources[row][2], Gap) else switch(row)
        if found is None:
            return None
        return str(needed(ports.switch_dump.find(ports.switches, found), "ElementName", text))

    for column, make in (("Connected", plugged), ("SwitchId", switch), ("SwitchName", name)):
        frame.known(column, slot=1, place="Connection")
        for row, cells in enumerate(frame.cells):
            state = None if cells["IsManagementOs"] else states[cells["IsLegacy"]]
            frame.put(row, column, partial(make, row), state)
    for column, missing in (
        ("SwitchId", ports.port_dump.missing or _gap(ports.port_dump, "SystemName")),
        (
            "SwitchName",
            ports.port_dump.missing or ports.switch_dump.missing or _gap(ports.switch_dump, "ElementName"),
        ),
    ):
        if missing is not None:
            frame.gap(column, missing)


def vm_network_adapter_vlan(context: Context) -> Table:
    """`Get-VMNetworkAdapterVlan`, through three associations."""
    ports, machines, dumps = OldPorts(context), context.machines, context.dumps
    bindings, elements_of = dumps("Msvm_BindsTo"), dumps("Msvm_NetworkElementSettingData")
    endpoints, settings = dumps("Msvm_VLANEndpoint"), dumps("Msvm_VLANEndpointSettingData")
    chain = (bindings, elements_of, endpoints, settings, ports.port_dump)
    missing = next((dump.missing for dump in chain if dump.missing is not None), None) or (
        ports.adapters_gap if not ports.adapters else None
    )
    if missing is not None:
        return missing_table("vm_network_adapter_vlan", gap=missing)
    bound: dict[str, str] = {}
    for record in bindings.records:
        ends = _ends(record)
        port, bound_end = ends.get("msvm_switchport"), ends.get("msvm_vlanendpoint")
        if port is not None and bound_end is not None:
            link(bound, port.keys.get("name", "").lower(), bound_end.keys.get("name", "").lower())
    described: dict[str, str] = {}
    for record in elements_of.records:
        ends = _ends(record, ("ManagedElement", "SettingData"))
        described_end, row = ends.get("msvm_vlanendpoint"), ends.get("msvm_vlanendpointsettingdata")
        if described_end is not None and row is not None:
            link(described, described_end.keys.get("name", "").lower(), row.keys.get("instanceid", "").lower())
    by_name = endpoints.index(lambda record: folded(record, "Name"))
    by_id = settings.index(lambda record: folded(record, "InstanceID"))
    frame = Frame("vm_network_adapter_vlan", machines.system_dump, ports.synthetic, endpoints, settings)
    for adapter in ports.adapters:
        endpoint, settings_id = _vlan(adapter.port, bound, described)
        frame_row = frame.add(
            machines.system(adapter.machine) if adapter.machine is not None else None,
            adapter.row if adapter.machine is not None else None,
            _follow(bindings, endpoints, by_name, endpoint),
            _follow(elements_of, settings, by_id, settings_id),
            VMId=adapter.machine,
            AdapterId=adapter.id,
        )
        if adapter.machine is None:
            frame.cells[frame_row]["VMName"] = None
    frame.known("VMId", place="Name")
    frame.known("AdapterId", slot=1)
    frame.take("VMName", 0, "ElementName", text)
    _vlan_columns(frame)
    return frame.build(ports.adapters_gap)


def _vlan(port: Source, bound: dict[str, str], described: dict[str, str]) -> tuple[str | Gap | None, str | Gap | None]:
    if not isinstance(port, Record):
        return port, port
    endpoint = bound.get(folded(port, "Name") or "")
    return endpoint, described.get(endpoint) if endpoint is not None else None


def _follow(association: Dump, dump: Dump, index: dict[str, Record], key: str | Gap | None) -> Source:
    """The row behind an association; without an association there is no row, if those are complete."""
    if isinstance(key, Gap):
        return key
    return association.gap if key is None else dump.find(index, key)


def _vlan_columns(frame: Frame) -> None:
    def mode(_system: Source, _adapter: Source, endpoint: Source, settings: Source) -> str:
        if endpoint is None or settings is None:
            return "Untagged"
        match needed(endpoint, "DesiredEndpointMode", integer):
            case 2:
                return "Access" if needed(settings, "AccessVLAN", integer) > 0 else "Untagged"
            case 5:
                return "Trunk"
            case _:
                pass
        if cell(settings, "AccessVLAN", integer) == 0:
            return "Untagged"
        raise CellError("is no known mode of a VLAN endpoint")

    def only(wanted: str, name: str) -> Any:
        def make(*sources: Source) -> Any:
            return needed(sources[3], name, integer) if mode(*sources) == wanted else None

        return make

    def private(name: str, convert: Any) -> Any:
        def make(*sources: Source) -> Any:
            if sources[3] is None or not cell(sources[3], "PVlanMode", integer):
                return None
            return cell(sources[3], name, convert)

        return make

    how = ((2, "DesiredEndpointMode"), (3, "AccessVLAN"))
    frame.derive("OperationMode", how, mode)
    frame.derive("AccessVlanId", ((3, "AccessVLAN"), *how), only("Access", "AccessVLAN"))
    frame.derive("NativeVlanId", ((3, "NativeVLAN"), *how), only("Trunk", "NativeVLAN"))
    frame.take("AllowedVlanIdList", 3, "TrunkedVLANList", integers, absent=[], null=[])
    frame.derive("PrivateVlanMode", ((3, "PVlanMode"),), private("PVlanMode", symbol(enums.PRIVATE_VLAN_MODE)))
    frame.derive("PrimaryVlanId", ((3, "PrimaryVlan"), (3, "PVlanMode")), private("PrimaryVlan", integer))
    frame.derive("SecondaryVlanId", ((3, "SecondaryVlan"), (3, "PVlanMode")), private("SecondaryVlan", integer))
    frame.same("SecondaryVlanIdList", [])


def vswitch(context: Context) -> Table:
    """`Get-VMSwitch`."""
    ports = OldPorts(context)
    dump = ports.switch_dump
    if dump.missing is not None:
        return missing_table("vswitch", gap=dump.missing)
    frame = Frame("vswitch", dump, ports.external)
    for record in ports.switches.values():
        frame.add(record, ports.external.gap)
    frame.take("Id", 0, "Name", guid_or_text)
    frame.take("Name", 0, "ElementName", text)
    externals = ports.external.index(lambda record: only_guid(text_of(record, "DeviceID")))

    def kinds(switch: Source) -> list[tuple[str, str]]:
        if ports.host_gap is not None:
            raise NotAssessed(ports.host_gap)
        return ports.kinds(str(needed(switch, "Name", text)).lower())

    def uplinks(switch: Source) -> list[str]:
        return sorted(device for kind, device in kinds(switch) if kind == "external")

    def kind_of(switch: Source, *_rest: Source) -> str:
        found = {kind for kind, _ in kinds(switch)}
        return "External" if "external" in found else "Internal" if "internal" in found else "Private"

    def descriptions(switch: Source) -> list[str]:
        return [str(needed(ports.external.find(externals, device), "ElementName", text)) for device in uplinks(switch)]

    name = ((0, "Name"),)
    frame.derive("SwitchType", name, kind_of)
    frame.derive("AllowManagementOS", name, lambda switch, _port: any(kind == "internal" for kind, _ in kinds(switch)))
    frame.derive("NetAdapterInterfaceGuid", name, lambda switch, _port: uplinks(switch))
    frame.derive("NetAdapterInterfaceDescriptions", name, lambda switch, _port: descriptions(switch))
    frame.derive("NetAdapterInterfaceDescription", name, lambda switch, _port: next(iter(descriptions(switch)), None))
    host = ports.connections.missing or ports.associations.missing or ports.port_dump.missing
    for column in (
        "SwitchType",
        "AllowManagementOS",
        "NetAdapterInterfaceGuid",
        "NetAdapterInterfaceDescriptions",
        "NetAdapterInterfaceDescription",
    ):
        missing = host
        if "Description" in column:
            missing = host or ports.external.missing or _gap(ports.external, "ElementName")
        if missing is not None:
            frame.gap(column, missing)
    frame.take("AvailableVMQueues", 0, "MaxVMQOffloads", integer)
    frame.take("ScopeOfResidence", 0, "ScopeOfResidence", text_or_null)
    return frame.build(dump.gap)


def _configuration_file(system: Source, *rest: Source) -> str:
    root = str(needed(rest[4], "ExternalDataRoot", text)).rstrip("\\")
    return f"{root}\\Virtual Machines\\{needed(system, 'Name', text)}.xml"


def _action(symbols: Any) -> Any:
    find = symbol(symbols)
    return lambda value: find(integer(value) + 2)


def _ends(record: Record, names: tuple[str, str] = ("Antecedent", "Dependent")) -> dict[str, Reference]:
    """Both ends of an association by class."""
    found = {}
    for name in names:
        target = reference(record.cells.get(name))
        if target is not None:
            found[target.class_name.lower()] = target
    return found


def _endpoint(target: Reference) -> str:
    return target.keys.get("name", "").lower()


def _gap(dump: Dump, column: str) -> Gap | None:
    state = dump.state(column)
    return state if isinstance(state, Gap) else None
