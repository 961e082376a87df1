"""The Hyper-V host itself, its migration networks, and devices and pools that it offers to VMs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot_tool.cells import CellError, is_sid
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.dumps import (
    Dump,
    Source,
    elements,
    folded,
    grouped,
    instance_id,
    only_guid,
    owner,
    parts,
    reference,
    text_of,
)
from snapshot_tool.hyperv.rules import (
    Frame,
    boolean,
    cell,
    guid,
    integer,
    mac,
    needed,
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

_ALL_NETWORKS = "Microsoft:UserManagedAllNetworks"
_EVERYWHERE = {"0.0.0.0/0": 4, "::/0": 6, "::0/0": 6}

# VM configuration versions that each release runs. Source: "Upgrade virtual machine version in Hyper-V" of Microsoft's
# Windows Server documentation, 2025-01-20; 2012 and 2012 R2 from their own documentation.
VM_VERSIONS = {
    9200: ("4.0",),
    9600: ("5.0",),
    14393: ("5.0", "6.2", "7.0", "7.1", "8.0"),
    17763: ("5.0", "6.2", "7.0", "7.1", "8.0", "8.1", "8.2", "8.3", "9.0"),
    20348: ("8.0", "8.1", "8.2", "8.3", "9.0", "9.1", "9.2", "9.3", "10.0"),
    26100: ("8.0", "8.1", "8.2", "8.3", "9.0", "9.1", "9.2", "9.3", "10.0", "11.0", "12.0"),
}


def host_hyperv(context: Context) -> Table:
    """`Get-VMHost`."""
    dumps, machines = context.dumps, context.machines
    service = dumps("Msvm_VirtualSystemManagementServiceSettingData")
    migration = dumps("Msvm_VirtualSystemMigrationServiceSettingData")
    networks = dumps("Msvm_VirtualSystemMigrationNetworkSettingData")
    terminal = dumps("Msvm_TerminalServiceSettingData")
    computer = dumps.named("computer")
    systems = machines.system_dump
    if not machines.host_rows and not service.records:
        gap = systems.gap or service.gap or Gap(Cause.UNREADABLE, "the class has no row of the host", systems.name)
        return missing_table("host_hyperv", gap=gap)
    frame = Frame("host_hyperv", systems, service, migration, networks, terminal, computer, machines.settings_dump)
    frame.add(
        _single(machines.host_rows, systems),
        *(_single(dump.records, dump) for dump in (service, migration)),
        networks.gap,
        *(_single(dump.records, dump) for dump in (terminal, computer)),
        None,
    )
    frame.take("Name", 0, "Name", text)
    frame.take("VirtualMachinePath", 1, "DefaultExternalDataRoot", text)
    frame.take("VirtualHardDiskPath", 1, "DefaultVirtualHardDiskPath", text)
    frame.take("MacAddressMinimum", 1, "MinimumMacAddress", mac)
    frame.take("MacAddressMaximum", 1, "MaximumMacAddress", mac)
    frame.take("NumaSpanningEnabled", 1, "NumaSpanningEnabled", boolean)
    if context.old:
        frame.take("ScopeOfResidence", 1, "ScopeOfResidence", text_or_null)
    else:
        frame.take("EnableEnhancedSessionMode", 1, "EnhancedSessionModeEnabled", boolean)
        frame.take("HypervisorRootSchedulerEnabled", 1, "HypervisorRootSchedulerEnabled", boolean)
        _migration(frame, networks)
        frame.take("ListenerPort", 4, "ListenerPort", integer)
        frame.take("DisableSelfSignedCertificateGeneration", 4, "DisableSelfSignedCertificateGeneration", boolean)
        frame.take("AuthCertificateHash", 4, "AuthCertificateHash", text_or_null)
        frame.compute("SupportedVmVersions", lambda _cells, _row: _versions(context), place=(6, "Version"))
    frame.take("MemoryCapacity", 5, "TotalPhysicalMemoryBytes", integer)
    frame.take("LogicalProcessorCount", 5, "LogicalProcessors", integer)
    return frame.build()


def _migration(frame: Frame, networks: Dump) -> None:
    frame.take("VirtualMachineMigrationEnabled", 2, "EnableVirtualSystemMigration", boolean)
    frame.take(
        "VirtualMachineMigrationAuthenticationType", 2, "AuthenticationType", symbol(enums.MIGRATION_AUTHENTICATION)
    )
    frame.take("MaximumVirtualMachineMigrations", 2, "MaximumActiveVirtualSystemMigration", integer)
    frame.take("MaximumStorageMigrations", 2, "MaximumActiveStorageMigration", integer)

    def performance(*sources: Source) -> str:
        if needed(sources[2], "EnableSmbTransport", boolean):
            return "SMB"
        return "Compression" if needed(sources[2], "EnableCompression", boolean) else "TCPIP"

    frame.derive(
        "VirtualMachineMigrationPerformanceOption", ((2, "EnableSmbTransport"), (2, "EnableCompression")), performance
    )

    def any_network(*_sources: Source) -> bool:
        rows = networks.records
        found = {_EVERYWHERE.get(_subnet(record)) for record in rows}
        tagged = all(_ALL_NETWORKS in (cell(record, "Tags", texts) or []) for record in rows)
        return len(rows) == 2 and found == {4, 6} and tagged

    frame.derive("UseAnyNetworkForMigration", ((3, "SubnetNumber"), (3, "PrefixLength"), (3, "Tags")), any_network)


def _versions(context: Context) -> list[str]:
    settings = context.dumps.with_templates("Msvm_VirtualSystemSettingData")
    state = settings.state("Version")
    if settings.gap is not None or isinstance(state, Gap):
        raise NotAssessed(settings.gap or state)  # type: ignore[arg-type]
    found = set()
    for record in settings.records:
        if (instance_id(record) or "").startswith("microsoft:definition\\"):
            version = cell(record, "Version", text_or_null)
            if version is not None:
                found.add(version)
    if len(found) > 1:
        return sorted(found, key=_version_key)
    known = VM_VERSIONS.get(context.host.build or 0)
    if known is None:
        raise NotAssessed(Gap(Cause.UNDETERMINED, "the versions that this build runs are not known", "host_hyperv"))
    return list(known)


def _version_key(version: str) -> tuple[int, ...]:
    numbers = version.split(".")
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise CellError(f"{version!r} is no version")
    return tuple(map(int, numbers))


def migration_network(context: Context) -> Table:
    """`Get-VMMigrationNetwork`; the two rows that stand for all networks are told by UseAnyNetworkForMigration."""
    dump = context.dumps("Msvm_VirtualSystemMigrationNetworkSettingData")

    def fill(frame: Frame) -> None:
        frame.derive("Subnet", ((0, "SubnetNumber"), (0, "PrefixLength")), _subnet)
        frame.take("Priority", 0, "Metric", integer)
        frame.take("Tags", 0, "Tags", texts, null=[])

    state = dump.state("Tags")
    if isinstance(state, Gap):
        return missing_table("migration_network", gap=state)
    hidden = next((record.gaps["Tags"] for record in dump.records if "Tags" in record.gaps), None)
    if hidden is not None and dump.gap is None:
        dump.gap = hidden

    def wanted(record: Record) -> bool:
        return "Tags" not in record.gaps and not _tagged(record)

    return _plain("migration_network", dump, fill, wanted)


def _tagged(record: Record) -> bool:
    tags = record.cells.get("Tags")
    return type(tags) is list and _ALL_NETWORKS in tags


def _subnet(record: Source) -> str:
    return f"{needed(record, 'SubnetNumber', text)}/{needed(record, 'PrefixLength', integer)}"


def vm_connect_access(context: Context) -> Table:
    """`Get-VMConnectAccess`: nobody beyond administrators where a VM has no row."""
    machines, dump = context.machines, context.dumps("Msvm_InteractiveSessionACE")
    early = _early("vm_connect_access", dump, machines.gap if not machines.ids else None)
    if early is not None:
        return early
    frame = machines.frame("vm_connect_access", dump)
    for record in dump.records:
        machine = only_guid(text_of(record, "VMId"))
        if machine is not None and machine in machines.live:
            frame.add(machines.system(machine), record, VMId=machine)
    machines.name(frame)
    frame.take("UserName", 1, "Trustee", lambda value: None if is_sid(text(value)) else value)
    frame.take("UserId", 1, "Trustee", lambda value: value if is_sid(text(value)) else None)
    for row, sources in enumerate(frame.sources):
        if (
            isinstance(sources[1], Record)
            and sources[1].cells.get("Trustee") is None
            and "Trustee" not in sources[1].gaps
        ):
            for column in ("UserName", "UserId"):
                frame.fail(row, column, Gap(Cause.UNREADABLE, "null where a value must be", frame.table, column))
    frame.take("Access", 1, "AccessType", symbol(enums.CONNECT_ACCESS))
    return frame.build(dump.gap or machines.gap)


def vm_assigned_device(context: Context) -> Table:
    """`Get-VMAssignableDevice`."""
    devices = context.dumps("Msvm_PciExpress")
    by_id = devices.index(lambda record: folded(record, "DeviceID"))

    def device(_system: Source, row: Source) -> Source:
        found = elements(cell(row, "HostResource"))
        target = reference(found[0]) if found else None
        if target is None:
            raise CellError("the device is not named")
        return devices.find(by_id, target.keys.get("deviceid", "").lower())

    def fill(frame: Frame) -> None:
        frame.known("InstanceID", slot=1)
        frame.derive(
            "LocationPath", ((1, "HostResource"),), lambda *sources: cell(device(*sources), "LocationPath", text)
        )
        state = devices.state("LocationPath")
        if isinstance(state, Gap):
            frame.gap("LocationPath", state)
        frame.take(
            "VirtualFunction",
            1,
            "VirtualFunctions",
            lambda value: ", ".join(map(str, value if type(value) is list else [value])) or None,
        )

    return _owned(context, "vm_assigned_device", "Msvm_PciExpressSettingData", "InstanceID", fill)


def host_assignable_device(context: Context) -> Table:
    """`Get-VMHostAssignableDevice`: devices that belong to the host."""
    dump = context.dumps("Msvm_PciExpress")

    def fill(frame: Frame) -> None:
        frame.take("InstanceID", 0, "DeviceInstancePath", text)
        frame.take("LocationPath", 0, "LocationPath", text)

    return _plain("host_assignable_device", dump, fill, lambda record: only_guid(text_of(record, "SystemName")) is None)


def vm_gpu_partition_adapter(context: Context) -> Table:
    """`Get-VMGpuPartitionAdapter`."""
    return _owned(
        context,
        "vm_gpu_partition_adapter",
        "Msvm_GpuPartitionSettingData",
        "Id",
        lambda frame: frame.known("Id", slot=1),
    )


def vm_remotefx_adapter(context: Context) -> Table:
    """`Get-VMRemoteFx3dVideoAdapter`."""

    def fill(frame: Frame) -> None:
        frame.known("Id", slot=1)
        frame.take("MaximumMonitors", 1, "MaximumMonitors", integer)
        frame.take("MaximumScreenResolution", 1, "MaximumScreenResolution", integer)

    return _owned(context, "vm_remotefx_adapter", "Msvm_Synthetic3DDisplayControllerSettingData", "Id", fill)


def vm_fibre_channel_hba(context: Context) -> Table:
    """`Get-VMFibreChannelHba`."""
    allocations, switches = context.dumps("Msvm_FcPortAllocationSettingData"), context.dumps("Msvm_VirtualFcSwitch")
    by_parent: dict[str, Record] = {}
    for record in allocations.records:
        parent = reference(record.cells.get("Parent"))
        if parent is not None:
            key = parent.keys.get("instanceid", "").lower()
            other = by_parent.get(key)
            by_parent[key] = record if other is None else min(other, record, key=lambda row: repr(row.cells))
    by_id = allocations.index(instance_id)
    by_name = switches.index(lambda record: only_guid(text_of(record, "Name")))

    def san(_system: Source, row: Source) -> str | None:
        identifier = instance_id(row) or "" if isinstance(row, Record) else ""
        port = by_parent.get(identifier) or by_id.get(f"{identifier}\\c")
        if port is None:
            if allocations.gap is not None:
                raise NotAssessed(allocations.gap)
            return None
        found = elements(cell(port, "HostResource"))
        target = reference(found[0]) if found else None
        if target is None:
            return None
        name = only_guid(target.keys.get("name")) or ""
        return str(needed(switches.find(by_name, name), "ElementName", text))

    def fill(frame: Frame) -> None:
        frame.known("Id", slot=1)
        frame.derive("SanName", ((1, "InstanceID"),), san)
        missing = allocations.missing or switches.missing
        states = (allocations.state("HostResource"), switches.state("ElementName"))
        missing = missing or next((state for state in states if isinstance(state, Gap)), None)
        if missing is not None:
            frame.gap("SanName", missing)
        frame.take("WorldWidePortNameSetA", 1, "VirtualPortWWPN", text)
        frame.take("WorldWidePortNameSetB", 1, "SecondaryWWPN", text)

    return _owned(context, "vm_fibre_channel_hba", "Msvm_SyntheticFcPortSettingData", "Id", fill)


def virtual_san(context: Context) -> Table:
    """`Get-VMSan`."""
    dump = context.dumps("Msvm_VirtualFcSwitch")
    allocations, adapters = context.dumps("Msvm_FcPortAllocationSettingData"), context.dumps("Msvm_ExternalFcPort")
    ports = grouped(allocations.records, lambda record: owner(text_of(record, "InstanceID")))
    by_id = adapters.index(lambda record: folded(record, "DeviceID"))

    def bus_adapters(row: Source) -> list[str]:
        if allocations.gap is not None:
            raise NotAssessed(allocations.gap)
        found = []
        identifier = only_guid(needed(row, "Name", text)) or ""
        for record in sorted(ports.get(identifier, ()), key=lambda record: instance_id(record) or ""):
            for element in elements(cell(record, "HostResource")):
                target = reference(element)
                if target is not None and target.class_name.lower() == "msvm_externalfcport":
                    port = adapters.find(by_id, target.keys.get("deviceid", "").lower())
                    found.append(str(needed(port, "WWPN", text)))
        return found

    def fill(frame: Frame) -> None:
        frame.take("Name", 0, "ElementName", text)
        frame.take("Id", 0, "Name", guid)
        frame.derive("HBAs", ((0, "Name"),), bus_adapters)
        missing = allocations.missing or adapters.missing
        states = (allocations.state("HostResource"), adapters.state("WWPN"))
        missing = missing or next((state for state in states if isinstance(state, Gap)), None)
        if missing is not None:
            frame.gap("HBAs", missing)

    return _plain("virtual_san", dump, fill)


def vm_group(context: Context) -> Table:
    """`Get-VMGroup`."""
    dump, members = context.dumps("Msvm_VirtualSystemCollection"), context.dumps("Msvm_CollectedVirtualSystems")
    found: dict[str, set[str]] = {}
    for record in members.records:
        group, member = reference(record.cells.get("Collection")), reference(record.cells.get("Member"))
        if group is not None and member is not None:
            machine = only_guid(member.keys.get("name") or member.keys.get("instanceid"))
            if machine is not None:
                found.setdefault(_group_key(group.keys.get("instanceid", "")), set()).add(machine)

    def inside(row: Source) -> list[str]:
        if members.gap is not None:
            raise NotAssessed(members.gap)
        return sorted(found.get(_group_key(needed(row, "InstanceID", text)), ()))

    def identity(row: Source) -> str:
        return guid(only_guid(cell(row, "CollectionID", text)) or only_guid(needed(row, "InstanceID", text)) or "")

    def fill(frame: Frame) -> None:
        frame.derive("Id", ((0, "CollectionID"), (0, "InstanceID")), identity)
        frame.take("Name", 0, "ElementName", text)
        frame.derive("Members", ((0, "InstanceID"),), inside)
        if members.missing is not None:
            frame.gap("Members", members.missing)

    return _plain("vm_group", dump, fill)


def resource_pool(context: Context) -> Table:
    """`Get-VMResourcePool`."""
    dump, allocations = context.dumps("Msvm_ResourcePool"), context.dumps("Msvm_StorageAllocationSettingData")
    owners = context.machines.live | {checkpoint.id for checkpoint in context.machines.checkpoints}
    settings = [record for record in allocations.records if owner(text_of(record, "InstanceID")) not in owners]

    def kind(row: Source) -> str:
        number = needed(row, "ResourceType", integer)
        subtype = str(cell(row, "ResourceSubType", text) or "").lower().rpartition(":")[2]
        if number == 31:
            return {"virtual hard disk": "VHD", "virtual cd/dvd disk": "ISO", "virtual floppy disk": "VFD"}[subtype]
        return {3: "Processor", 4: "Memory", 33: "Ethernet", 10: "Ethernet", 64764: "FibreChannelConnection"}[number]

    def known(row: Source) -> str:
        try:
            return kind(row)
        except KeyError:
            raise CellError("is no known kind of pool") from None

    def paths(row: Source) -> list[str]:
        # Without the settings of checkpoints their images cannot be told from those of pools.
        gap = allocations.gap or context.machines.settings_dump.gap or context.machines.gap
        if gap is not None:
            raise NotAssessed(gap)
        pool, subtype = needed(row, "PoolID", text), cell(row, "ResourceSubType", text)
        found = []
        for record in settings:
            if cell(record, "PoolID") == pool and cell(record, "ResourceSubType") == subtype:
                found += elements(cell(record, "HostResource"))
        return sorted(set(found), key=str.casefold)

    def fill(frame: Frame) -> None:
        frame.take("Name", 0, "PoolID", lambda value: text(value) or "Primordial", null="Primordial")
        frame.derive("ResourcePoolType", ((0, "ResourceType"), (0, "ResourceSubType")), known)
        frame.take("Primordial", 0, "Primordial", boolean)
        frame.derive("Paths", ((0, "PoolID"), (0, "ResourceSubType")), paths)
        states = map(allocations.state, ("PoolID", "ResourceSubType", "HostResource"))
        missing = allocations.missing or next((state for state in states if isinstance(state, Gap)), None)
        if missing is not None:
            frame.gap("Paths", missing)

    return _plain("resource_pool", dump, fill)


def mounted_image(context: Context) -> Table:
    """Images that are mounted in the management OS by hand."""

    def fill(frame: Frame) -> None:
        frame.take("Path", 0, "Name", text)
        frame.take("Access", 0, "Access", symbol(enums.IMAGE_ACCESS))
        frame.take("PnpDevicePath", 0, "PnpDevicePath", text)

    return _plain("mounted_image", context.dumps("Msvm_MountedStorageImage"), fill)


def _early(table: str, dump: Dump, gap: Gap | None = None) -> Table | None:
    if dump.not_offered is not None:
        return missing_table(table, not_offered=dump.not_offered)
    missing = dump.missing or gap
    return missing_table(table, gap=missing) if missing is not None else None


def _plain(
    table: str, dump: Dump, fill: Callable[[Frame], None], wanted: Callable[[Record], bool] | None = None
) -> Table:
    """A table with a row per row of a dump."""
    early = _early(table, dump)
    if early is not None:
        return early
    frame = Frame(table, dump)
    for record in dump.records:
        if wanted is None or wanted(record):
            frame.add(record)
    fill(frame)
    return frame.build(dump.gap)


def _owned(context: Context, table: str, class_name: str, key: str, fill: Callable[[Frame], None]) -> Table:
    """A table with a row per device of a live VM."""
    machines, dump = context.machines, context.dumps(class_name)
    early = _early(table, dump, machines.gap if not machines.ids else None)
    if early is not None:
        return early
    frame = machines.frame(table, dump)
    for machine, record in machines.owned(dump):
        frame.add(machines.system(machine), record, **{"VMId": machine, key: text_of(record, "InstanceID")})
    machines.name(frame)
    fill(frame)
    return frame.build(dump.gap or machines.gap)


def _group_key(identifier: str) -> str:
    return parts(identifier)[0].strip("{}")


def _single(records: list[Record], dump: Dump) -> Source:
    """The row of a class that has one; of several the first in the order of their text."""
    if not records:
        return dump.gap
    return records[0] if len(records) == 1 else min(records, key=lambda record: repr(record.cells))
