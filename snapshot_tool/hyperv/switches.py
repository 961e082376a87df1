r"""`root\virtualization\\v2`: virtual switches, their uplinks, extensions and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.dumps import (
    Source,
    elements,
    only_guid,
    owner,
    reference,
    text_of,
)
from snapshot_tool.hyperv.ports import (
    folded_guid,
    keep,
)
from snapshot_tool.hyperv.rules import (
    Frame,
    boolean,
    guid,
    guid_or_text,
    integer,
    integers,
    needed,
    symbol,
    text,
)
from snapshot_tool.hyperv.tables import missing_table
from snapshot_tool.snapshot import Record, Table
from snapshot_tool.verdict import Gap, NotAssessed

if TYPE_CHECKING:
    from collections.abc import Callable

    from snapshot_tool.hyperv.context import Context


def vswitch(context: Context) -> Table:
    """`Get-VMSwitch`."""
    ports, dumps = context.ports, context.dumps
    if ports.switch_dump.missing is not None:
        return missing_table("vswitch", gap=ports.switch_dump.missing)
    settings = dumps("Msvm_VirtualEthernetSwitchSettingData")
    hardware = dumps("Msvm_EthernetSwitchHardwareOffloadData")
    frame = Frame("vswitch", ports.switch_dump, settings, hardware, ports.bindings[0])
    by_switch = settings.index(lambda record: owner(text_of(record, "InstanceID")))
    by_system = hardware.index(lambda record: folded_guid(record, "SystemName"))
    for switch, record in ports.switches.items():
        frame.add(
            record,
            settings.find(by_switch, switch),
            hardware.find(by_system, switch),
            ports.telling(switch),
            Id=switch,
        )
    frame.known("Id", place="Name")
    frame.take("Name", 0, "ElementName", text)
    _uplinks(context, frame)
    frame.take("EmbeddedTeamingEnabled", 1, "TeamingEnabled", boolean)
    frame.take("IovEnabled", 1, "IOVPreferred", boolean)
    frame.take("BandwidthReservationMode", 1, "BandwidthReservationMode", symbol(enums.BANDWIDTH_MODE))
    frame.take("PacketDirectEnabled", 1, "PacketDirectEnabled", boolean)
    frame.take("AllowNetLbfoTeams", 1, "AllowNetLbfoTeams", boolean)
    frame.take("Extensions", 1, "ExtensionOrder", _extension_ids, null=[])
    for column, name in (
        ("IovVirtualFunctionCount", "IovVfCapacity"),
        ("IovVirtualFunctionsInUse", "IovVfUsage"),
        ("AvailableVMQueues", "VmqCapacity"),
        ("NumberVmqAllocated", "VmqUsage"),
    ):
        frame.take(column, 2, name, integer, absent=None)
    return frame.build(ports.switch_dump.gap)


def _uplinks(context: Context, frame: Frame) -> None:
    """Columns that the ports of a switch tell."""
    ports, dumps = context.ports, context.dumps
    binding = ((3, ports.bindings[1]),)
    adapters = (dumps("Msvm_ExternalEthernetPort"), dumps("Msvm_WiFiPort"))
    rows: dict[str, Record] = {}
    for dump in adapters:
        for record in dump.records:
            identifier = only_guid(text_of(record, "DeviceID"))
            if identifier:
                keep(rows, identifier, record)
    capabilities = dumps("Msvm_ExternalEthernetPortCapabilities")
    supports = capabilities.index(lambda record: only_guid(text_of(record, "InstanceID")))
    security, features = ports.features("Msvm_EthernetSwitchPortSecuritySettingData")

    def of(make: Callable[[str], Any]) -> Callable[..., Any]:
        def read(switch: Source, *_rest: Source) -> Any:
            return make(folded_guid(switch, "Name") or "") if isinstance(switch, Record) else None

        return read

    def kind(switch: str) -> str:
        if ports.externals(switch):
            return "External"
        return "Internal" if ports.has_internal(switch) else "Private"

    def descriptions(switch: str) -> list[str]:
        found = []
        for identifier in ports.externals(switch):
            source = rows.get(identifier) or next((dump.gap for dump in adapters if dump.gap is not None), None)
            found.append(str(needed(source, "ElementName", text)))
        return found

    def mirroring(switch: str) -> list[str]:
        found = []
        uplinks = ports.externals(switch).values()
        if ports.dump.missing is not None:
            raise NotAssessed(ports.dump.missing)
        for record in uplinks:
            source = ports.feature(security, features, record)
            if isinstance(source, Gap):
                raise NotAssessed(source)
            found.append("None" if source is None else str(needed(source, "MonitorMode", symbol(enums.MIRRORING))))
        return found

    def support(switch: str) -> bool | None:
        uplinks = ports.externals(switch)
        if not uplinks:
            return None
        return all(needed(capabilities.find(supports, identifier), "IOVSupport", boolean) for identifier in uplinks)

    frame.derive("SwitchType", binding, of(kind))
    frame.derive("AllowManagementOS", binding, of(ports.has_internal))
    frame.derive("NetAdapterInterfaceGuid", binding, of(lambda switch: list(ports.externals(switch))))
    missing = adapters[0].missing or (state if isinstance(state := adapters[0].state("ElementName"), Gap) else None)
    for column, make in (
        ("NetAdapterInterfaceDescriptions", descriptions),
        ("NetAdapterInterfaceDescription", lambda switch: next(iter(descriptions(switch)), None)),
    ):
        frame.derive(column, binding, of(make))
        if missing is not None and isinstance(missing, Gap):
            frame.gap(column, missing)
    frame.derive("UplinkMirroringMode", binding, of(mirroring))
    state = security.state("MonitorMode")
    if isinstance(state, Gap):
        frame.gap("UplinkMirroringMode", state)
    frame.derive("IovSupport", binding, of(support))
    state = capabilities.state("IOVSupport")
    if isinstance(state, Gap):
        frame.gap("IovSupport", state)


def _extension_ids(value: Any) -> list[str]:
    found = []
    for element in elements(value):
        target = reference(element)
        name = target.keys.get("name") if target else only_guid(element)
        if not name:
            raise CellError(f"{element!r} names no extension")
        found.append(guid_or_text(name))
    return found


def vswitch_extension(context: Context) -> Table:
    """`Get-VMSwitchExtension`."""
    ports = context.ports
    dump = context.dumps("Msvm_EthernetSwitchExtension")
    if dump.not_offered is not None:
        return missing_table("vswitch_extension", not_offered=dump.not_offered)
    gap = dump.gap or ports.switch_dump.gap
    if dump.missing is not None or ports.switch_dump.missing is not None:
        return missing_table("vswitch_extension", gap=dump.missing or ports.switch_dump.missing)
    frame = Frame("vswitch_extension", ports.switch_dump, dump)
    for record in dump.records:
        switch = folded_guid(record, "SystemName")
        if switch is not None and switch in ports.switches:
            frame.add(ports.switches[switch], record, SwitchId=switch)
    frame.known("SwitchId", slot=1, place="SystemName")
    frame.take("SwitchName", 0, "ElementName", text)
    frame.take("Id", 1, "Name", guid)
    frame.take("Name", 1, "ElementName", text)
    frame.take("Vendor", 1, "Vendor", text)
    frame.take("Version", 1, "Version", text)
    frame.take("ExtensionType", 1, "ExtensionType", symbol(enums.EXTENSION_TYPE))
    frame.take("Enabled", 1, "EnabledState", lambda value: integer(value) == 2)
    frame.take("Running", 1, "OperationalStatus", lambda value: integers(value)[:1] == [2])
    return frame.build(gap)


def vswitch_team(context: Context) -> Table:
    """`Get-VMSwitchTeam`: switches with embedded teaming."""
    ports = context.ports
    dump = context.dumps("Msvm_VirtualEthernetSwitchNicTeamingSettingData")
    # Before 2016 no switch had a team of its own: a fact, not a gap.
    gap = dump.gap or ports.switch_dump.gap
    if dump.missing is not None or ports.switch_dump.missing is not None:
        return missing_table("vswitch_team", gap=dump.missing or ports.switch_dump.missing)
    frame = Frame("vswitch_team", dump, ports.bindings[0])
    for record in dump.records:
        switch = owner(text_of(record, "InstanceID"))
        if switch is not None and switch in ports.switches:
            frame.add(record, ports.telling(switch), SwitchId=switch)
    frame.known("SwitchId")
    frame.derive(
        "NetAdapterInterfaceGuid",
        ((1, ports.bindings[1]),),
        lambda record, _port: list(ports.externals(owner(text_of(record, "InstanceID")) or "")),
    )
    frame.take("TeamingMode", 0, "TeamingMode", symbol(enums.TEAMING_MODE))
    frame.take("LoadBalancingAlgorithm", 0, "LoadBalancingAlgorithm", symbol(enums.LOAD_BALANCING))
    return frame.build(gap)


def switch_feature(context: Context) -> Table:
    """Features that the host's switches know, by which RequiredFeatures are judged."""
    dump = context.dumps("Msvm_EthernetSwitchFeatureCapabilities")
    if dump.not_offered is not None:
        return missing_table("switch_feature", not_offered=dump.not_offered)
    if dump.missing is not None:
        return missing_table("switch_feature", gap=dump.missing)
    frame = Frame("switch_feature", dump)
    for record in dump.records:
        frame.add(record)
    frame.take("FeatureId", 0, "FeatureId", guid)
    frame.take("ElementName", 0, "ElementName", text)
    return frame.build(dump.gap)
