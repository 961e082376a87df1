r"""`root\virtualization\\v2`: VMs, their processors, memory, firmware, security, checkpoints and settings of the guest's devices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv import cluster, replication, storage
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.dumps import NOT_OFFERED, Dump, Source, instance_id, reference, text_of
from snapshot_tool.hyperv.machines import parent_checkpoint
from snapshot_tool.hyperv.rules import (
    Frame,
    boolean,
    cell,
    divided,
    guid_or_null,
    integer,
    integers,
    moment,
    needed,
    on_off,
    pool,
    scaled,
    seconds,
    status,
    symbol,
    text,
    text_or_null,
)
from snapshot_tool.hyperv.tables import missing_table
from snapshot_tool.snapshot import Record, Table
from snapshot_tool.verdict import NotAssessed

if TYPE_CHECKING:
    from snapshot_tool.hyperv.context import Context


_MIB = 2**20
_SUBTYPE = re.compile(r"microsoft:hyper-v:subtype:(\d+)\Z", re.IGNORECASE)


def vm(context: Context) -> Table:
    """`Get-VM`."""
    machines, dumps = context.machines, context.dumps
    guests = context.guests
    if not machines.ids and machines.gap is not None:
        return missing_table("vm", gap=machines.gap)
    summary = dumps("Msvm_SummaryInformation")
    heartbeat = dumps("Msvm_HeartbeatComponent")
    memory = dumps("Msvm_MemorySettingData")
    relation = dumps("Msvm_ReplicationRelationship")
    scope = dumps("Msvm_VirtualSystemGlobalSettingData")
    frame = machines.frame("vm", machines.settings_dump, summary, heartbeat, memory, relation, scope, guests.dump)
    summaries = summary.index(_folded_name)
    heartbeats, memories, scopes = machines.by_system(heartbeat), machines.by_owner(memory), machines.by_system(scope)
    relations = replication.by_suffix(context, relation, "0")
    for machine in machines.ids:
        frame.add(
            machines.system(machine),
            machines.setting(machine),
            summary.find(summaries, machine),
            heartbeat.find(heartbeats, machine),
            memory.find(memories, machine),
            relation.find(relations, machine),
            scope.find(scopes, machine),
            guests.component(machine),
            Id=machine,
        )
    frame.known("Id", place="Name")
    frame.take("Name", 0, "ElementName", text)
    frame.take("State", 0, "EnabledState", symbol(enums.VM_STATE))
    operational(frame)
    frame.take("TimeOfLastStateChange", 0, "TimeOfLastStateChange", moment)
    if context.host.era == "2012":
        frame.same("Generation", 1)
    else:
        frame.take("Generation", 1, "VirtualSystemSubType", generation)
    frame.take("Version", 1, "Version", text)
    frame.take("CreationTime", 1, "CreationTime", moment)
    frame.take("Path", 1, "ConfigurationDataRoot", text)
    frame.take("ConfigurationLocation", 1, "ConfigurationDataRoot", text)
    frame.derive("ConfigurationFile", ((1, "ConfigurationFile"), (1, "ConfigurationDataRoot")), _configuration_file)
    frame.take("SnapshotFileLocation", 1, "SnapshotDataRoot", text)
    frame.take("SmartPagingFilePath", 1, "SwapFileDataRoot", text)
    frame.take("AutomaticStartAction", 1, "AutomaticStartupAction", symbol(enums.START_ACTION))
    frame.take("AutomaticStartDelay", 1, "AutomaticStartupActionDelay", seconds)
    frame.take("AutomaticStopAction", 1, "AutomaticShutdownAction", symbol(enums.STOP_ACTION))
    frame.take("AutomaticCriticalErrorAction", 1, "AutomaticCriticalErrorAction", symbol(enums.CRITICAL_ERROR_ACTION))
    frame.take(
        "AutomaticCriticalErrorActionTimeout",
        1,
        "AutomaticCriticalErrorActionTimeout",
        lambda value: seconds(value) // 60,
    )
    frame.take("CheckpointType", 1, "UserSnapshotType", symbol(enums.CHECKPOINT_TYPE))
    frame.take("AutomaticCheckpointsEnabled", 1, "AutomaticSnapshotsEnabled", boolean)
    frame.take("ParentSnapshotId", 1, "Parent", parent_checkpoint)
    notes(frame)
    frame.take("LockOnDisconnect", 1, "LockOnDisconnect", on_off)
    frame.take("GuestControlledCacheTypes", 1, "GuestControlledCacheTypes", boolean)
    frame.take("AllowFullScsiCommandSet", 1, "AllowFullSCSICommandSet", boolean)
    frame.take("AllowReducedFcRedundancy", 1, "AllowReducedFcRedundancy", boolean)
    frame.take("IncrementalBackupEnabled", 1, "IncrementalBackupEnabled", boolean)
    frame.take("DebugPortEnabled", 1, "DebugPortEnabled", symbol(enums.DEBUG_PORT))
    frame.take(
        "EnhancedSessionTransportType", 1, "EnhancedSessionTransportType", symbol(enums.ENHANCED_SESSION_TRANSPORT)
    )
    frame.take("GuestStateIsolationType", 1, "GuestStateIsolationType", integer)
    if context.host.era == "2012":
        frame.take("ScopeOfResidence", 6, "ScopeOfResidence", text_or_null)
    frame.take("ReplicationMode", 0, "ReplicationMode", symbol(enums.REPLICATION_MODE))
    if relation.not_offered is not None:
        frame.derive("ReplicationState", ((0, "ReplicationState"), (0, "ReplicationMode")), _state_2012)
        frame.take("ReplicationHealth", 0, "ReplicationHealth", symbol(enums.REPLICATION_HEALTH))
    else:
        frame.derive("ReplicationState", ((5, "ReplicationState"), (0, "ReplicationMode")), _state)
        frame.derive("ReplicationHealth", ((5, "ReplicationHealth"), (0, "ReplicationMode")), _health)
    frame.take("LastSuccessfulBackupTime", 0, "LastSuccessfulBackupTime", moment)
    frame.derive("Heartbeat", ((3, "OperationalStatus"), (3, "EnabledState")), heartbeat_of)
    frame.take(
        "IntegrationServicesState",
        2,
        "IntegrationServicesVersionState",
        symbol(enums.INTEGRATION_SERVICES_STATE),
    )
    guests.version(frame, 7)
    frame.take("MemoryAssigned", 2, "MemoryUsage", scaled(_MIB))
    demand(frame)
    frame.derive("SmartPagingFileInUse", ((2, "SwapFilesInUse"), (4, "SwapFilesInUse")), _smart_paging, optional=(4,))
    cluster.is_clustered(context, frame)
    frame.take("ProcessId", 0, "ProcessID", integer)
    return frame.build(machines.gap)


def operational(frame: Frame) -> None:
    """Columns that both namespaces tell alike from Msvm_ComputerSystem."""
    frame.take("PrimaryOperationalStatus", 0, "OperationalStatus", status(enums.VM_STATUS, 0))
    frame.take("SecondaryOperationalStatus", 0, "OperationalStatus", status(enums.VM_STATUS, 1))
    frame.derive("Uptime", ((0, "OnTimeInMilliseconds"), (0, "EnabledState")), _uptime)


def notes(frame: Frame) -> None:
    """What the collector tells about notes; their text only where the owner consented."""
    frame.take("NotesLength", 1, "NotesLength", integer)
    frame.take("NotesSha256", 1, "NotesSha256", text)
    frame.take("NotesSuspicious", 1, "NotesSuspicious", boolean)
    frame.take("Notes", 1, "Notes", text)


def demand(frame: Frame) -> None:
    """MemoryDemand, which WMI gives only as a share that is not needed."""
    frame.derive(
        "MemoryDemand",
        ((2, "MemoryUsage"), (2, "MemoryAvailable"), (4, "DynamicMemoryEnabled"), (0, "EnabledState")),
        _demand,
    )


def heartbeat_of(_system: Source, _settings: Source, _summary: Source, component: Source, *_rest: Source) -> str | None:
    """`Get-VM`'s Heartbeat; null when the component does not run."""
    if component is None:
        return None
    found = cell(component, "OperationalStatus", integers) or []
    if cell(component, "EnabledState") == 3 or found[:1] == [32896]:
        return "Disabled"
    if not found:
        return None
    second = found[1] if len(found) > 1 else None
    match found[0]:
        case 2 | 3 if second == 32782:
            return "OkApplicationsCritical"
        case 2 | 3:
            return "OkApplicationsHealthy" if second == 2 else "OkApplicationsUnknown"
        case 12:
            return "NoContact"
        case 13:
            return "LostCommunication"
        case 6 | 7:
            return "Error"
        case 15:
            return "Paused"
        case _:
            pass
    raise CellError(f"{found!r} is no known heartbeat")


def generation(value: Any) -> int:
    """The n of `Microsoft:Hyper-V:SubType:n`."""
    found = _SUBTYPE.match(text(value))
    if found is None:
        raise CellError(f"{value!r} tells no generation")
    return int(found[1])


def vm_processor(context: Context) -> Table:
    """`Get-VMProcessor`."""
    machines, dump = context.machines, context.dumps("Msvm_ProcessorSettingData")
    if machines.rows_gap(dump) is not None and not (dump.records and machines.ids):
        return missing_table("vm_processor", gap=machines.rows_gap(dump))
    frame = one_per_machine(context, "vm_processor", dump)
    frame.take("Count", 1, "VirtualQuantity", integer)
    frame.take("Maximum", 1, "Limit", divided(1000))
    frame.take("Reserve", 1, "Reservation", divided(1000))
    frame.take("RelativeWeight", 1, "Weight", integer)
    frame.take("CompatibilityForMigrationEnabled", 1, "LimitProcessorFeatures", boolean)
    frame.take("CompatibilityForOlderOperatingSystemsEnabled", 1, "LimitCPUID", boolean)
    if not context.old:
        frame.take("HwThreadCountPerCore", 1, "HwThreadsPerCore", integer)
        for column in (
            "ExposeVirtualizationExtensions",
            "EnableHostResourceProtection",
            "EnablePerfmonPmu",
            "EnablePerfmonLbr",
            "EnablePerfmonPebs",
            "EnablePerfmonIpt",
            "HideHypervisorPresent",
        ):
            frame.take(column, 1, column, boolean)
        frame.take("CpuGroupId", 1, "CpuGroupId", guid_or_null)
        frame.take("ResourcePoolName", 1, "PoolID", pool, null="Primordial")
    return frame.build(machines.rows_gap(dump))


def vm_memory(context: Context) -> Table:
    """`Get-VMMemory`."""
    machines, dump = context.machines, context.dumps("Msvm_MemorySettingData")
    if machines.rows_gap(dump) is not None and not (dump.records and machines.ids):
        return missing_table("vm_memory", gap=machines.rows_gap(dump))
    frame = one_per_machine(context, "vm_memory", dump)
    frame.take("DynamicMemoryEnabled", 1, "DynamicMemoryEnabled", boolean)
    frame.take("Startup", 1, "VirtualQuantity", scaled(_MIB))
    frame.take("Minimum", 1, "Reservation", scaled(_MIB))
    frame.take("Maximum", 1, "Limit", scaled(_MIB))
    frame.take("Buffer", 1, "TargetMemoryBuffer", integer)
    frame.take("Priority", 1, "Weight", divided(100))
    if not context.old:
        frame.take("MaximumPerNumaNode", 1, "MaxMemoryBlocksPerNumaNode", integer)
    return frame.build(machines.rows_gap(dump))


def one_per_machine(context: Context, table: str, dump: Dump) -> Frame:
    """A frame with one row per VM: slot 0 the VM, slot 1 its row of the dump."""
    machines = context.machines
    frame = machines.frame(table, dump)
    found = machines.by_owner(dump)
    for machine in machines.ids:
        source = dump.find(found, machine)
        if source is dump.gap and dump.gap is not None:
            continue
        frame.add(machines.system(machine), source, VMId=machine)
    machines.name(frame)
    return frame


def vm_firmware(context: Context) -> Table:
    """`Get-VMFirmware` and `Get-VMBios`."""
    machines, dumps = context.machines, context.dumps
    settings = machines.settings_dump
    if not machines.settings:
        gap = settings.gap or machines.gap
        if gap is not None:
            return missing_table("vm_firmware", gap=gap)
    boot = dumps("Msvm_BootSourceSettingData")
    frame = machines.frame("vm_firmware", settings, boot)
    for machine in machines.ids:
        source = machines.setting(machine)
        if source is not None and source is settings.gap:
            continue
        frame.add(machines.system(machine), source, boot.gap, VMId=machine)
    machines.name(frame)
    modern = settings.state("VirtualSystemSubType") is not NOT_OFFERED

    def second(row: Source) -> bool:
        return modern and needed(row, "VirtualSystemSubType", generation) == 2

    def of_second(name: str, convert: Any) -> Any:
        def make(_system: Source, row: Source, *_rest: Source) -> Any:
            return cell(row, name, convert) if second(row) else None

        return make

    frame.derive(
        "SecureBoot",
        ((1, "SecureBootEnabled"), (1, "VirtualSystemSubType")),
        lambda _system, row, *_rest: needed(row, "SecureBootEnabled", on_off) if second(row) else None,
    )
    template = ((1, "SecureBootTemplateId"), (1, "VirtualSystemSubType"))
    frame.derive("SecureBootTemplateId", template, of_second("SecureBootTemplateId", guid_or_null))
    frame.derive(
        "SecureBootTemplate",
        template,
        of_second("SecureBootTemplateId", lambda value: enums.SECURE_BOOT_TEMPLATES.get(guid_or_null(value) or "")),
    )
    _boot_order(context, frame, boot, second, modern=modern)
    frame.derive(
        "StartupOrder",
        ((1, "BootOrder"), (1, "VirtualSystemSubType")) if modern else ((1, "BootOrder"),),
        lambda _system, row, *_rest: None if second(row) else needed(row, "BootOrder", startup_order),
    )
    frame.take("NumLockEnabled", 1, "BIOSNumLock", boolean)
    frame.take("PreferredNetworkBootProtocol", 1, "NetworkBootPreferredProtocol", symbol(enums.NETWORK_BOOT))
    frame.take("PauseAfterBootFailure", 1, "PauseAfterBootFailure", on_off)
    frame.take("ConsoleMode", 1, "ConsoleMode", symbol(enums.CONSOLE_MODE))
    return frame.build(settings.gap or machines.gap)


def startup_order(value: Any) -> list[str]:
    """Boot devices of generation 1 as PowerShell names them."""
    return [symbol(enums.STARTUP_DEVICE)(number) for number in integers(value)]


def _boot_order(context: Context, frame: Frame, boot: Dump, second: Any, *, modern: bool) -> None:
    columns = ("BootOrder", "BootOrderDevice", "BootOrderKind")
    if not modern and context.host.era == "2012":
        for column in columns:
            frame.same(column, None)
        return
    sources = boot.index(instance_id)
    drives = storage.BootDrives(context)

    def entries(row: Source) -> list[Record]:
        found = []
        order = needed(row, "BootSourceOrder")
        if type(order) is not list:
            raise CellError("is not a list")
        for element in order:
            target = reference(element)
            source = boot.find(sources, (target.keys.get("instanceid", "") if target else "").lower())
            if not isinstance(source, Record):
                if source is not None:
                    raise NotAssessed(source)
                raise CellError(f"{element!r} is no boot source of the snapshot")
            found.append(source)
        return found

    def each(read: Any) -> Any:
        def make(_system: Source, row: Source, *_rest: Source) -> Any:
            return [read(source) for source in entries(row)] if second(row) else None

        return make

    kinds = symbol(enums.BOOT_SOURCE)
    order = ((1, "BootSourceOrder"), (1, "VirtualSystemSubType"))
    frame.derive(
        "BootOrder",
        (*order, (2, "BootSourceType")),
        each(lambda row: needed(row, "BootSourceType", kinds)),
        optional=(2,),
    )
    frame.derive(
        "BootOrderDevice",
        (*order, (2, "BootSourceDescription")),
        each(lambda row: cell(row, "BootSourceDescription", text) or ""),
        optional=(2,),
    )
    frame.derive(
        "BootOrderKind", (*order, (2, "BootSourceType"), (2, "FirmwareDevicePath")), each(drives.kind), optional=(2,)
    )


def vm_security(context: Context) -> Table:
    """`Get-VMSecurity`: no row of the class means that nothing was ever set."""
    machines, dumps = context.machines, context.dumps
    settings, element, tpm = (
        dumps("Msvm_SecuritySettingData"),
        dumps("Msvm_SecurityElement"),
        dumps("Msvm_TPMSettingData"),
    )
    if settings.not_offered is not None:
        return missing_table("vm_security", not_offered=settings.not_offered)
    if machines.gap is not None and not machines.ids:
        return missing_table("vm_security", gap=machines.gap)
    # Only Server 2016 has the older class, and only where the newer one cannot be read does it count.
    if settings.missing is not None and not tpm.records:
        return missing_table("vm_security", gap=settings.missing)
    frame = machines.frame("vm_security", settings, element, tpm)
    found, elements, tpms = machines.by_owner(settings), machines.by_system(element), machines.by_owner(tpm)
    for machine in machines.ids:
        frame.add(
            machines.system(machine),
            settings.find(found, machine),
            element.find(elements, machine),
            tpm.find(tpms, machine) if settings.gap is not None else None,
            VMId=machine,
        )
    machines.name(frame)
    older = settings.missing is not None

    def first(name: str, other: str, convert: Any) -> Any:
        def make(_system: Source, row: Source, _element: Source, old: Source) -> Any:
            if isinstance(row, Record):
                return needed(row, name, boolean)
            if isinstance(old, Record):
                return needed(old, other, convert)
            if row is not None:
                raise NotAssessed(row)
            return False

        return make

    def shielded(_system: Source, row: Source, effective: Source, old: Source) -> bool:
        if isinstance(effective, Record):
            return bool(needed(effective, "Shielded", boolean))
        if effective is not None and not isinstance(old, Record):
            raise NotAssessed(effective)
        return bool(first("ShieldingRequested", "Shielded", boolean)(_system, row, effective, old))

    frame.derive(
        "TpmEnabled",
        ((3, "EnabledState"),) if older else ((1, "TpmEnabled"),),
        first("TpmEnabled", "EnabledState", lambda value: integer(value) == 2),
        optional=(1, 3),
    )
    frame.derive(
        "Shielded",
        ((3, "Shielded"),) if older else ((2, "Shielded"), (1, "ShieldingRequested")),
        shielded,
        optional=(1, 2, 3),
    )
    frame.derive(
        "DataProtectionRequested",
        ((3, "DataProtected"),) if older else ((1, "DataProtectionRequested"),),
        first("DataProtectionRequested", "DataProtected", boolean),
        optional=(1, 3),
    )
    for column in (
        "ShieldingRequested",
        "KsdEnabled",
        "EncryptStateAndVmMigrationTraffic",
        "VirtualizationBasedSecurityOptOut",
        "BindToHostTpm",
    ):
        frame.take(column, 1, column, boolean, absent=False)
    return frame.build(machines.gap)


def vm_checkpoint(context: Context) -> Table:
    """`Get-VMSnapshot`."""
    machines = context.machines
    settings = machines.settings_dump
    gap = settings.gap or machines.gap
    if gap is not None and not settings.records:
        return missing_table("vm_checkpoint", gap=gap)
    frame = machines.frame("vm_checkpoint", settings)
    for checkpoint in machines.checkpoints:
        frame.add(machines.system(checkpoint.machine), checkpoint.settings, VMId=checkpoint.machine, Id=checkpoint.id)
    frame.known("Id", slot=1)
    machines.name(frame)
    frame.take("Name", 1, "ElementName", text)
    if context.old:
        frame.same("SnapshotType", "Standard")
    else:
        frame.take("SnapshotType", 1, "VirtualSystemType", _snapshot_type)
    frame.take("CreationTime", 1, "CreationTime", moment)
    frame.take("ParentSnapshotId", 1, "Parent", parent_checkpoint)
    if not context.old:
        frame.take("IsAutomaticCheckpoint", 1, "IsAutomaticSnapshot", boolean)
        frame.take("State", 1, "IsSaved", lambda value: "Saved" if boolean(value) else "Off")
    return frame.build(gap)


def _snapshot_type(value: Any) -> str:
    found = enums.SNAPSHOT_TYPE.get(text(value).lower())
    if found is None:
        raise CellError(f"{value!r} is no known kind of checkpoint")
    return found


def _folded_name(record: Record) -> str | None:
    name = text_of(record, "Name")
    return None if name is None else name.strip("{}").lower()


def _uptime(system: Source, *_rest: Source) -> int:
    value = cell(system, "OnTimeInMilliseconds", integer)
    if value is None:
        if cell(system, "EnabledState") == 3:
            return 0
        raise CellError("null where a value must be")
    return int(value) // 1000


def _configuration_file(_system: Source, settings: Source, *_rest: Source) -> str:
    name = needed(settings, "ConfigurationFile", text)
    if name.startswith("\\\\") or name[1:2] == ":":
        return str(name)
    root = needed(settings, "ConfigurationDataRoot", text).rstrip("\\")
    return f"{root}\\{name}"


def _state(system: Source, _s: Source, _i: Source, _h: Source, _m: Source, relation: Source, *_rest: Source) -> str:
    mode = needed(system, "ReplicationMode", integer)
    if mode == 0:
        return "Disabled"
    return replication.state_symbol(mode, needed(relation, "ReplicationState", integer), extended=False)


def _health(system: Source, _s: Source, _i: Source, _h: Source, _m: Source, relation: Source, *_rest: Source) -> str:
    if needed(system, "ReplicationMode", integer) == 0:
        return "NotApplicable"
    return str(needed(relation, "ReplicationHealth", symbol(enums.REPLICATION_HEALTH)))


def _state_2012(system: Source, *_rest: Source) -> str:
    mode = needed(system, "ReplicationMode", integer)
    if mode == 0:
        return "Disabled"
    return replication.state_symbol(mode, needed(system, "ReplicationState", integer), extended=False)


def _demand(system: Source, _s: Source, summary: Source, _h: Source, memory: Source, *_rest: Source) -> int | None:
    if not needed(memory, "DynamicMemoryEnabled", boolean) or needed(system, "EnabledState") != 2:
        return None
    available = cell(summary, "MemoryAvailable", integer)
    if available is None:
        return None
    return int(needed(summary, "MemoryUsage", integer)) * (100 - int(available)) // 100 * _MIB


def _smart_paging(_s: Source, _t: Source, summary: Source, _h: Source, memory: Source, *_rest: Source) -> bool:
    if isinstance(summary, Record) and cell(summary, "SwapFilesInUse") is not None:
        return bool(needed(summary, "SwapFilesInUse", boolean))
    return bool(needed(memory, "SwapFilesInUse", boolean))
