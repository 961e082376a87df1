"""VM configuration files -> canonical tables, each cell with the key it came from.

Chapter 4 of the Hyper-V model, columns "cfg". A key that is absent is a gap, unless the configuration version is older than the
setting; what a configuration never holds (state, live values) is not offered.
"""

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.notes import described_notes
from snapshot_tool.hyperv.rules import (
    Convert,
    boolean,
    divided,
    guid,
    guid_or_null,
    integer,
    mac,
    on_off,
    scaled,
    symbol,
    text,
    text_or_null,
)
from snapshot_tool.hyperv.tables import TableBuilder, missing_table
from snapshot_tool.knowledge.vm_devices import vm_devices
from snapshot_tool.parsers.vm_configuration import (
    AmbiguousKeyError,
    Key,
    Kind,
    Unreadable,
    VMConfiguration,
)
from snapshot_tool.parsers.vm_xml import read_vm_xml
from snapshot_tool.parsers.vmcx import is_vmcx, read_vmcx
from snapshot_tool.snapshot import Origin, Table
from snapshot_tool.verdict import Cause, Gap

Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ConfigurationFile:
    """One file as it lies in the snapshot: member name and content."""

    file: str
    configuration: VMConfiguration


# Configuration version from which a setting exists; 0.0 for those that every version has.
ALWAYS: Final[Version] = (0, 0)
WS2008R2: Final[Version] = (2, 0)
WS2012: Final[Version] = (4, 0)
WS2012R2: Final[Version] = (5, 0)
WS2016: Final[Version] = (6, 0)
WS2019: Final[Version] = (9, 0)
_AUTOMATIC_CHECKPOINTS: Final[Version] = (8, 2)
_NESTED: Final[Version] = (8, 0)
NEVER: Final[Version] = (0xFFFF, 0)

IDE: Final = "83f8638b-8dca-4152-9eda-2ca8b33039b4"
SCSI: Final = "d422512d-2bf2-4752-809d-7b82b5fcb1b4"
FLOPPY: Final = "8f0d2762-0b00-4e04-af4f-19010527cb93"
SERIAL: Final = "8e3a359f-559a-4b6a-98a9-1690a6100ed7"
FIRMWARE: Final = "ac6b8dc1-3257-4a70-b1b2-a9c9215659ad"
SYNTHETIC_ADAPTER: Final = "2fc216b0-d2e2-4967-9b6d-b8a5c9ca2778"

SECURITY_FEATURE: Final = "776e0ba7-94a1-41c8-8f28-951f524251b5"
VLAN_FEATURE: Final = "952c5004-4465-451c-8cb8-fa9ab382b773"
ACL_FEATURE: Final = "998bef4a-5d55-492a-9c43-8b2f5eae9f2b"
OFFLOAD_FEATURE: Final = "c885bfd1-abb7-418f-8163-9f379c9f7166"
BANDWIDTH_FEATURE: Final = "24ad3ce1-69bd-4978-b2ac-daad389d699c"
PROFILE_FEATURE: Final = "9940cd46-8b06-43bb-b9d5-93d50381fd56"
_FEATURES = frozenset(
    {SECURITY_FEATURE, VLAN_FEATURE, ACL_FEATURE, OFFLOAD_FEATURE, BANDWIDTH_FEATURE, PROFILE_FEATURE}
)

TABLES: Final = (
    "vm",
    "vm_processor",
    "vm_memory",
    "vm_firmware",
    "vm_network_adapter",
    "vm_network_adapter_vlan",
    "vm_network_adapter_isolation",
    "vm_network_adapter_acl",
    "vm_network_adapter_extended_acl",
    "vm_drive_controller",
    "vm_hard_disk",
    "vm_dvd_drive",
    "vm_floppy_drive",
    "vm_integration_service",
    "vm_com_port",
    "vm_checkpoint",
    "vm_checkpoint_disk",
)
# A configuration holds nothing of these.
ABSENT_TABLES: Final = (
    "vm_security",
    "vm_network_adapter_failover",
    "vm_replication",
    "vm_guest_kvp",
    "vm_connect_access",
    "vm_device_status",
)
# A configuration holds them in a form that nobody has seen.
UNKNOWN_TABLES: Final = (
    "vm_assigned_device",
    "vm_gpu_partition_adapter",
    "vm_remotefx_adapter",
    "vm_fibre_channel_hba",
)


def read_configuration(file: str, data: bytes) -> ConfigurationFile:
    """A VM configuration in either form, told by its bytes and not by its name.

    Raises:
        VMConfigurationError: it cannot be read; the message says where in the file, the caller adds which file.
    """
    return ConfigurationFile(file, read_vmcx(data) if is_vmcx(data) else read_vm_xml(data))


def tables_of(files: Sequence[ConfigurationFile], unread: Gap | None = None) -> dict[str, Table]:
    """The canonical tables of all VMs; `unread`: files are missing or could not be read.

    Configurations of checkpoints have no rows; a file that is no configuration at all, or does not say of which VM, is a gap.
    """
    builds = {name: _Build(name) for name in TABLES}
    for file in sorted(files, key=lambda file: file.file):
        kind = file.configuration.kind
        if kind is Kind.VM:
            try:
                _Machine(file, builds).fill()
            except _NoIdentityError as error:
                unread = unread or Gap(Cause.UNREADABLE, f"{file.file}: {error}", whole=True)
        elif kind is not Kind.CHECKPOINT:
            unread = unread or Gap(Cause.UNSUPPORTED_SOURCE, f"{file.file}: {kind.value}", whole=True)
    tables = {name: build.table(unread) for name, build in builds.items()}
    absent = "a VM configuration file does not hold it"
    tables.update((name, missing_table(name, not_offered=absent)) for name in ABSENT_TABLES)
    for name in UNKNOWN_TABLES:
        detail = "how a VM configuration file holds it is not known"
        tables[name] = missing_table(name, gap=Gap(Cause.UNSUPPORTED_SOURCE, detail, name, whole=True))
    return tables


class _NoIdentityError(ValueError):
    """The file does not say of which VM it is."""


class _Build:
    """The rows of one table while they are made. `too_old`: a configuration of a version that does not hold such rows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[_Row] = []
        self.gap: Gap | None = None
        self.too_old: str | None = None

    def incomplete(self, detail: str, cause: Cause) -> None:
        """Rows are missing."""
        self.gap = self.gap or Gap(cause, detail, self.name, whole=True)

    def table(self, unread: Gap | None) -> Table:
        if self.too_old is not None:
            if not self.rows and self.gap is None and unread is None:
                return missing_table(self.name, not_offered=self.too_old)
            self.incomplete(self.too_old, Cause.UNSUPPORTED_SOURCE)
        offered = {column for row in self.rows for column in row.cells}
        builder = TableBuilder(self.name, offered if self.rows else None)
        for row in self.rows:
            for column in offered - row.cells.keys():
                reason = f"configuration version {row.machine.shown_version} has no such setting"
                row.fail(column, reason, cause=Cause.UNSUPPORTED_SOURCE)
            builder.add(row.cells, row.origins, row.gaps)
        return builder.build(self.gap or unread)


class _Row:
    """One row while it is made: its cells lie below the key `node`, whose path is `path`; `broken`: why that key cannot be told."""

    def __init__(self, machine: "_Machine", build: _Build, node: Key | None, path: str) -> None:
        self.machine = machine
        self.build = build
        self.node = node
        self.path = path
        self.cells: dict[str, Any] = {}
        self.origins: dict[str, Origin] = {}
        self.gaps: dict[str, Gap] = {}
        self.broken: str | None = None
        build.rows.append(self)

    def owned(self) -> "_Row":
        """VMId and VMName."""
        self.say("VMId", self.machine.id, self.machine.properties + "/global_id")
        self.copy("VMName", self.machine.name)
        return self

    def say(self, column: str, value: Any, path: str | None = None) -> None:
        """A cell that is known already; `path`: the key it rests on."""
        self.cells[column] = value
        self.origins[column] = Origin(self.machine.file, path or self.path)

    def fail(self, column: str, reason: str, path: str | None = None, cause: Cause = Cause.UNREADABLE) -> None:
        """A cell that could not be read."""
        self.say(column, None, path)
        where = f"{self.machine.file}: {path or self.path}"
        self.gaps[column] = Gap(cause, f"{where}: {reason}", self.build.name, column)

    def copy(self, column: str, other: "_Cell") -> None:
        if other.reason is None:
            self.say(column, other.value, other.path)
        else:
            self.fail(column, other.reason, other.path, Cause.UNREADABLE if other.found else Cause.UNSUPPORTED_SOURCE)

    def take(self, column: str, path: str, convert: Convert, *, since: Version = ALWAYS, absent: Any = ...) -> None:
        """A cell that is one key below the node. `absent`: the value where there is no such key."""
        if self.broken is not None:
            self.fail(column, self.broken)
            return
        cell = self.machine.cell(self.node, self.path, path, convert)
        if not cell.found and cell.reason is not None:
            if absent is not ...:
                self.say(column, absent, self.path)
                return
            if self.machine.version < since:
                return
        self.copy(column, cell)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A converted value, or the reason why there is none; `found`: the key is there."""

    value: Any
    path: str
    reason: str | None = None
    found: bool = True


@dataclass(frozen=True, slots=True)
class _Device:
    """A device node of the tree. `kind`: GUID of its type; None where nothing tells."""

    guid: str
    kind: str | None
    node: Key
    path: str


_DEVICE_NODE = re.compile(r"_([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})_", re.IGNORECASE)
_VDEV = re.compile(r"vdev[0-9]+", re.IGNORECASE)
_CONTROLLER = re.compile(r"controller([0-9]{1,4})", re.IGNORECASE)
_DRIVE = re.compile(r"drive([0-9]{1,4})", re.IGNORECASE)
_GUIDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_STORAGE = ("vm_drive_controller", "vm_hard_disk", "vm_dvd_drive")
_DRIVES = ("vm_hard_disk", "vm_dvd_drive")
_ADAPTERS = (
    "vm_network_adapter",
    "vm_network_adapter_vlan",
    "vm_network_adapter_isolation",
    "vm_network_adapter_acl",
    "vm_network_adapter_extended_acl",
)


_OF_DEVICES = (*_STORAGE, *_ADAPTERS, "vm_firmware", "vm_floppy_drive", "vm_com_port", "vm_integration_service")


class _Machine:
    """One configuration of one VM, filled into the tables."""

    def __init__(self, file: ConfigurationFile, builds: Mapping[str, _Build]) -> None:
        self.file = file.file
        self.configuration = file.configuration
        self.builds = builds
        self.root = file.configuration.root
        self.path = "/" + self.root.name
        self.properties = self.path + "/properties"
        identity = self.cell(self.root, self.path, "properties/global_id", guid)
        if identity.reason is not None:
            raise _NoIdentityError(f"properties/global_id: {identity.reason}")
        self.id: str = identity.value
        self.name = self.cell(self.root, self.path, "properties/name", text)
        self.shown = self.name.value if self.name.reason is None else self.id
        number = self.cell(self.root, self.path, "properties/version", _version)
        self.shown_version = number.value
        # An unreadable version makes no setting too new.
        self.version: Version = NEVER if number.reason is not None else _pair(number.value)
        generation = self.cell(self.root, self.path, "properties/subtype", _generation)
        self.generation = generation if generation.found else _Cell(1, self.properties)
        self.kinds: dict[str, str] = {}
        self.devices: list[_Device] = []
        self._read_devices()

    def cell(self, node: Key | None, at: str, path: str, convert: Convert) -> _Cell:
        """One key below a node, converted."""
        place = f"{at}/{path}"
        try:
            key = None if node is None else node.find(path)
        except AmbiguousKeyError as error:
            return _Cell(None, place, str(error))
        if key is None:
            return _Cell(None, place, "the configuration has no such key", found=False)
        where = self.configuration.place(key)
        if isinstance(key.value, Unreadable):
            return _Cell(None, place, f"{where}: {key.value.reason}")
        if key.value is None:
            return _Cell(None, place, f"{where}: the key holds no value that can be read")
        try:
            return _Cell(convert(key.value), place)
        except CellError as error:
            return _Cell(None, place, f"{where}: {error}")

    def fill(self) -> None:
        self._machine()
        self._processor()
        self._memory()
        self._firmware()
        self._adapters()
        self._storage()
        self._floppy()
        self._services()
        self._ports()
        self._checkpoints()

    def _read_devices(self) -> None:
        try:
            manifest = self.root.child("manifest")
        except AmbiguousKeyError as error:
            manifest = None
            self._incomplete((*_STORAGE, *_ADAPTERS), str(error))
        for vdev in manifest.children if manifest else ():
            if not _VDEV.fullmatch(vdev.name):
                continue
            path = f"{self.path}/manifest/{vdev.name}"
            device = self.cell(vdev, path, "device", guid)
            named = self.cell(vdev, path, "instance", guid)
            if device.reason or named.reason:
                self._incomplete((*_STORAGE, *_ADAPTERS), f"{path}: the device cannot be told")
            elif self.kinds.setdefault(named.value, device.value) != device.value:
                self._incomplete((*_STORAGE, *_ADAPTERS), f"{path}: one instance of two devices")
        known: set[str] = set()
        for node in self.root.children:
            found = _DEVICE_NODE.fullmatch(node.name)
            if found is None:
                continue
            instance = found[1].lower()
            if instance in known:
                self._incomplete(_OF_DEVICES, f"{self.path}/{node.name}: stands twice")
                continue
            known.add(instance)
            kind = self.kinds.get(instance, instance if instance in _FIXED else None)
            self.devices.append(_Device(instance, kind, node, f"{self.path}/{node.name}"))
        for instance, kind in sorted(self.kinds.items()):
            # Most chips of a PC have no settings; a type that is not known may be an adapter or a controller.
            tables = _HELD_BY.get(kind, () if kind in vm_devices() else _OF_DEVICES)
            if instance not in known:
                self._incomplete(tables, f"the manifest names the device {instance}, which has no settings")

    def _incomplete(self, tables: Sequence[str], detail: str, cause: Cause = Cause.UNREADABLE) -> None:
        for table in tables:
            self.builds[table].incomplete(f"{self.file}: {detail}", cause)

    def _too_old(self, tables: Sequence[str]) -> None:
        for table in tables:
            self.builds[table].too_old = f"{self.file}: configuration version {self.shown_version} does not hold it"

    def _row(self, table: str, node: Key | None, path: str) -> _Row:
        return _Row(self, self.builds[table], node, path).owned()

    def _device(self, kind: str) -> _Device | None:
        return next((device for device in self.devices if device.kind == kind), None)

    def _setting(self, table: str, path: str) -> _Row:
        """A row whose cells lie below a fixed path."""
        broken = None
        try:
            node = self.root.find(path)
        except AmbiguousKeyError as error:
            node, broken = None, str(error)
        row = self._row(table, node, f"{self.path}/{path}")
        row.broken = broken
        return row

    def _machine(self) -> None:
        row = _Row(self, self.builds["vm"], self.root, self.path)
        row.say("Id", self.id, self.properties + "/global_id")
        row.copy("Name", self.name)
        row.take("TimeOfLastStateChange", "properties/last_state_change_time", _filetime)
        row.copy("Generation", self.generation)
        row.take("Version", "properties/version", _version)
        row.take("CreationTime", "properties/creation_time", _filetime_bytes)
        row.say("ConfigurationFile", self.file, self.path)
        start, stop, error = (
            f"global_settings/{name}" for name in ("power/host_startup", "power/host_shutdown", "critical_error")
        )
        row.take("AutomaticStartAction", f"{start}/action", _shifted(enums.START_ACTION))
        row.take("AutomaticStartDelay", f"{start}/delay", integer, since=NEVER)
        row.take("AutomaticStopAction", f"{stop}/action", _shifted(enums.STOP_ACTION))
        row.take("AutomaticCriticalErrorAction", f"{error}/action", symbol(enums.CRITICAL_ERROR_ACTION), since=WS2016)
        row.take("AutomaticCriticalErrorActionTimeout", f"{error}/timeout", divided(60), since=WS2016)
        checkpoints = "global_settings/snapshots"
        row.take("CheckpointType", f"{checkpoints}/user_type", symbol(enums.CHECKPOINT_TYPE), since=WS2016)
        row.take(
            "AutomaticCheckpointsEnabled", f"{checkpoints}/enable_automatic", boolean, since=_AUTOMATIC_CHECKPOINTS
        )
        notes = self.cell(self.root, self.path, "properties/notes", lambda value: described_notes(text(value)))
        for column in ("NotesLength", "NotesSha256", "NotesSuspicious"):
            row.copy(column, _Cell(notes.value and notes.value[column], notes.path, notes.reason))
        devices = "global_settings/devices"
        row.take("LockOnDisconnect", f"{devices}/lock_on_disconnect", on_off, since=WS2016)
        row.take("GuestControlledCacheTypes", "settings/guest_controlled_cache_types", boolean, since=WS2016)
        row.take("AllowFullScsiCommandSet", f"{devices}/storage_allow_full_scsi_command_set", boolean, since=WS2008R2)
        row.take("AllowReducedFcRedundancy", f"{devices}/allow_reduced_fc_redundancy", boolean, since=WS2012)
        row.take("IsClustered", "properties/highly_available", boolean)

    def _processor(self) -> None:
        row = self._setting("vm_processor", "settings/processors")
        row.take("Count", "count", integer)
        row.take("Maximum", "limit", divided(1000))
        row.take("Reserve", "reservation", divided(1000))
        row.take("RelativeWeight", "weight", integer)
        row.take("CompatibilityForMigrationEnabled", "features/limit", boolean, since=WS2008R2)
        row.take("CompatibilityForOlderOperatingSystemsEnabled", "limit_cpuid", boolean)
        row.take("HwThreadCountPerCore", "hwthreads", integer, since=WS2019)
        row.take("ExposeVirtualizationExtensions", "nested_virtualization/enabled", boolean, since=_NESTED)
        for name in ("Pmu", "Lbr", "Pebs"):
            row.take(f"EnablePerfmon{name}", f"enable_perfmon_{name.lower()}", boolean, since=WS2019)
        row.take("CpuGroupId", "cpu_group_guid", guid_or_null, since=WS2019)
        row.take("HideHypervisorPresent", "hide_hypervisor_present", boolean, since=WS2019)
        protection = "global_settings/devices/host_resource_protection_enabled"
        cell = self.cell(self.root, self.path, protection, boolean)
        if cell.found or self.version >= WS2016:
            row.copy("EnableHostResourceProtection", cell)

    def _memory(self) -> None:
        row = self._setting("vm_memory", "settings/memory")
        row.take("DynamicMemoryEnabled", "bank/dynamic_memory_enabled", boolean, since=WS2012)
        row.take("Startup", "bank/size", _MEBIBYTES)
        row.take("Minimum", "bank/reservation", _MEBIBYTES)
        row.take("Maximum", "bank/limit", _MEBIBYTES)
        row.take("Buffer", "bank/target_memory_buffer", integer, since=WS2012)
        row.take("Priority", "bank/priority", divided(100), since=WS2012)
        row.take("MaximumPerNumaNode", "vnuma/max_size_per_node", integer, since=WS2012)

    def _firmware(self) -> None:
        row = self._setting("vm_firmware", f"_{FIRMWARE}_")
        generation = self.generation
        if generation.reason is not None:
            row.fail("SecureBoot", generation.reason, generation.path)
            row.fail("StartupOrder", generation.reason, generation.path)
        elif generation.value == 1:
            if self.version >= WS2012R2:
                row.say("SecureBoot", None, generation.path)
            row.copy("StartupOrder", self._startup_order(row))
        else:
            row.take("SecureBoot", "secure_boot_enabled", on_off)
            row.say("StartupOrder", None, generation.path)
        row.take("SecureBootTemplateId", "secure_boot_template_id", guid_or_null, since=WS2016)
        row.take("SecureBootTemplate", "secure_boot_template_id", _template, since=WS2016)
        row.take("NumLockEnabled", "num_lock", boolean)
        row.take("PreferredNetworkBootProtocol", "pxe_preferred_protocol", _boot_protocol, since=WS2012R2)
        row.take("PauseAfterBootFailure", "pause_after_boot_failure", on_off, since=WS2012R2)

    def _startup_order(self, row: _Row) -> _Cell:
        found = []
        for number in range(4):
            cell = self.cell(row.node, row.path, f"boot/device{number}", _boot_device)
            if cell.reason is not None:
                return cell
            found.append(cell.value)
        return _Cell(found, f"{row.path}/boot")

    def _adapters(self) -> None:
        for device in self.devices:
            # The type of legacy adapters is not known; one of their keys tells them.
            named = device.node.named("FriendlyName") or device.node.named("MacAddress")
            if device.kind == SYNTHETIC_ADAPTER or (named and device.kind not in vm_devices()):
                self._adapter(device)

    def _adapter(self, device: _Device) -> None:
        identity = f"Microsoft:{self.id.upper()}\\{device.guid.upper()}"
        row = self._row("vm_network_adapter", device.node, device.path)
        row.say("Id", identity)
        row.take("Name", "FriendlyName", text)
        row.say("IsManagementOs", value=False)
        if device.kind is None:
            row.fail("IsLegacy", "the manifest does not name this device")
        else:
            row.say("IsLegacy", device.kind != SYNTHETIC_ADAPTER, f"{self.path}/manifest")
        row.take("MacAddress", "MacAddress", mac)
        row.take("DynamicMacAddressEnabled", "MacAddressIsStatic", lambda value: not boolean(value))
        row.take("Connected", "IsConnected", boolean)
        row.take("SwitchName", "SwitchName", text_or_null)
        row.take("LastKnownSwitchName", "Connection/AltSwitchName", text_or_null, since=WS2016)
        row.take("PoolName", "Connection/PoolId", text_or_null, since=WS2012)
        row.take("ClusterMonitored", "ClusterMonitored", boolean, since=WS2012R2)
        if row.cells["IsLegacy"] and self.version >= WS2016:
            row.say("DeviceNaming", None)
        else:
            row.take("DeviceNaming", "DeviceNamingEnabled", on_off, since=WS2016)
        row.take("TestReplicaSwitchName", "Connection/TestReplicaSwitchName", text_or_null, since=WS2012)
        row.take("PreventIpSpoofing", "Connection/PreventIPSpoofing", boolean, since=WS2012)
        if self.version >= WS2012 or device.node.named("Connection"):
            self._port(device, row, identity)
        else:
            self._too_old(_ADAPTERS[1:])

    def _port(self, device: _Device, adapter: _Row, identity: str) -> None:
        """The features of the adapter's switch port: absent ones have their defaults, those that are set have an unknown layout."""
        features = self._features(device)
        where = f"{device.path}/Connection/Features"

        def fill(row: _Row, feature: str | None, defaults: Mapping[str, Any]) -> None:
            for column, default in defaults.items():
                if features.reason is not None:
                    row.fail(column, features.reason, features.path)
                elif feature in features.value:
                    row.fail(
                        column,
                        f"the layout of the port feature {feature} is not known",
                        where,
                        Cause.UNSUPPORTED_SOURCE,
                    )
                elif (unknown := features.value - _FEATURES) and feature in _UNSURE:
                    row.fail(column, f"the port feature {min(unknown)} is not known", where, Cause.UNSUPPORTED_SOURCE)
                else:
                    row.say(column, default, where)

        fill(adapter, SECURITY_FEATURE, _SECURITY_DEFAULTS)
        fill(adapter, BANDWIDTH_FEATURE, _BANDWIDTH_DEFAULTS)
        if features.reason is None and OFFLOAD_FEATURE in features.value:
            self._offload(device, adapter)
        else:
            fill(adapter, OFFLOAD_FEATURE, _OFFLOAD_DEFAULTS)
        vlan = self._row("vm_network_adapter_vlan", device.node, device.path)
        vlan.say("AdapterId", identity)
        fill(vlan, VLAN_FEATURE, _VLAN_DEFAULTS)
        if self.version >= WS2012R2:
            isolation = self._row("vm_network_adapter_isolation", device.node, device.path)
            isolation.say("AdapterId", identity)
            fill(isolation, None, _ISOLATION_DEFAULTS)
        else:
            self._too_old(("vm_network_adapter_isolation", "vm_network_adapter_extended_acl"))
        for table, feature in (("vm_network_adapter_acl", ACL_FEATURE), ("vm_network_adapter_extended_acl", None)):
            if features.reason is not None:
                self._incomplete((table,), f"{where}: {features.reason}")
            elif feature in features.value or (feature is None and features.value - _FEATURES):
                self._incomplete(
                    (table,), f"{where}: a port feature is set whose layout is not known", Cause.UNSUPPORTED_SOURCE
                )

    def _features(self, device: _Device) -> _Cell:
        """GUIDs of the features that are set on the adapter's port."""
        path = f"{device.path}/Connection/Features"
        try:
            connection = device.node.child("Connection")
            features = connection.child("Features") if connection else None
        except AmbiguousKeyError as error:
            return _Cell(None, path, str(error))
        if connection is None or features is None:
            return _Cell(None, path, "the configuration has no such key", found=False)
        found: set[str] = set()
        for key in features.named("Id"):
            if not isinstance(key.value, str) or _GUIDS.sub("", key.value).strip(" ,;{}"):
                return _Cell(None, path, f"{self.configuration.place(key)}: is no list of GUIDs")
            found.update(each.lower() for each in _GUIDS.findall(key.value))
        for child in connection.children:
            if child.name.lower().startswith("feature_"):
                found.add(child.name.lower().removeprefix("feature_"))
        return _Cell(frozenset(found), path)

    def _offload(self, device: _Device, row: _Row) -> None:
        path = f"{device.path}/Connection"
        found = [
            (f"{path}/{feature.name}/{setting.name}", setting)
            for connection in device.node.named("Connection")
            for feature in connection.named(f"Feature_{OFFLOAD_FEATURE}")
            for setting in feature.children
            if setting.name.lower().startswith("setting_")
        ]
        if len(found) == 1:
            data = self.cell(found[0][1], found[0][0], "Data", _offload)
        else:
            data = _Cell(None, path, f"the offload feature has {len(found)} settings instead of one")
        for position, column in enumerate(_OFFLOAD_DEFAULTS):
            row.copy(column, _Cell(data.value and data.value[position], data.path, data.reason))

    def _storage(self) -> None:
        scsi = sorted(device.guid for device in self.devices if device.kind == SCSI)
        for device in self.devices:
            drives = list(_numbered(device.node, _CONTROLLER))
            match device.kind:
                case kind if kind == IDE:
                    for number, controller in drives:
                        self._controller(device, f"{IDE.upper()}\\{number}", "IDE", number, controller.name)
                        self._drives(device, controller, "IDE", number)
                case kind if kind == SCSI:
                    number = scsi.index(device.guid)
                    self._controller(device, f"{device.guid.upper()}\\0", "SCSI", number, None)
                    for _, controller in drives:
                        self._drives(device, controller, "SCSI", number)
                case kind if kind != FLOPPY and drives:
                    self._incomplete(_STORAGE, f"{device.path}: the kind of this controller is not known")
        if self.generation.value != 2 and self._device(IDE) is None:
            self._incomplete(_STORAGE, f"{self.path}: the IDE controllers have no settings")

    def _controller(self, device: _Device, identity: str, kind: str, number: int, below: str | None) -> None:
        row = self._row("vm_drive_controller", device.node, f"{device.path}/{below}" if below else device.path)
        row.say("Id", f"Microsoft:{self.id.upper()}\\{identity}")
        row.say("ControllerType", kind)
        row.say("ControllerNumber", number)

    def _drives(self, device: _Device, controller: Key, kind: str, number: int) -> None:
        for location, drive in _numbered(controller, _DRIVE):
            path = f"{device.path}/{controller.name}/{drive.name}"
            found = self.cell(drive, path, "type", text)
            image = self.cell(drive, path, "pathname", text_or_null)
            match found.value.upper() if found.reason is None else None:
                case "VHD" | "PASSTHROUGH" as word:
                    self._hard_disk(self._drive("vm_hard_disk", drive, path, kind, number, location), word)
                case "ISO":
                    row = self._drive("vm_dvd_drive", drive, path, kind, number, location)
                    row.take("Path", "pathname", text_or_null)
                    row.copy("DvdMediaType", _Cell("ISO" if image.value else "None", image.path, image.reason))
                case "NONE":
                    pass
                case _:
                    self._incomplete(_DRIVES, f"{path}/type: {found.reason or 'no known type of drive'}")

    def _drive(self, table: str, drive: Key, path: str, kind: str, number: int, location: int) -> _Row:
        row = self._row(table, drive, path)
        row.say("Id", f"Microsoft:{self.id.upper()}\\{path.removeprefix(self.path + '/')}")
        row.say("ControllerType", kind)
        row.say("ControllerNumber", number)
        row.say("ControllerLocation", location)
        return row

    def _hard_disk(self, row: _Row, word: str) -> None:
        if word == "VHD":
            row.take("Path", "pathname", text_or_null)
        else:
            row.say("Path", None, f"{row.path}/type")
        row.say("PassThrough", word != "VHD", f"{row.path}/type")
        row.take("SupportPersistentReservations", "persistent_reservations_supported", boolean, since=WS2012R2)
        row.take("MaximumIOPS", "iops_limit", integer, since=WS2012R2)
        row.take("MinimumIOPS", "iops_reservation", integer, since=WS2012R2)
        row.take("QoSPolicyID", "qos_policy_id", guid_or_null, since=WS2016)
        row.take("WriteHardeningMethod", "write_hardening_method", symbol(enums.WRITE_HARDENING), since=WS2019)

    def _floppy(self) -> None:
        device = self._device(FLOPPY)
        if device is not None:
            row = self._row("vm_floppy_drive", device.node, device.path)
            row.take("Path", "controller0/drive0/pathname", text_or_null)
        elif self.generation.value != 2:
            self._incomplete(("vm_floppy_drive",), f"{self.path}: the floppy drive has no settings")

    def _services(self) -> None:
        nodes = {device.guid: device for device in self.devices}
        for service, name in enums.SERVICES.items():
            device = nodes.get(service)
            if device is None and service not in self.kinds:
                continue
            path = device.path if device else f"{self.path}/manifest"
            row = self._row("vm_integration_service", device.node if device else None, path)
            row.say("Id", f"Microsoft:{self.id.upper()}\\{service.upper()}")
            row.say("ServiceId", service)
            row.say("Name", name)
            if name == "RDV":
                row.take("Enabled", "Enabled", boolean)
            else:
                row.take("Enabled", "Enabled", boolean, absent=name != "GuestServiceInterface")

    def _ports(self) -> None:
        device = self._device(SERIAL)
        if device is None:
            if self.generation.value != 2:
                self._incomplete(("vm_com_port",), f"{self.path}: the serial ports have no settings")
            return
        for number in (0, 1):
            path = f"port{number}"
            row = self._row("vm_com_port", device.node, device.path)
            row.say("Number", number + 1, f"{device.path}/{path}")
            row.say("Id", f"Microsoft:{self.id.upper()}\\{SERIAL.upper()}\\{number}", f"{device.path}/{path}")
            row.take("Path", f"{path}/connection", text_or_null)

    def _checkpoints(self) -> None:
        size = self.cell(self.root, self.path, "global_settings/snapshots/list/size", integer)
        if size.reason is not None:
            self._incomplete(("vm_checkpoint", "vm_checkpoint_disk"), f"{size.path}: {size.reason}")
        elif size.value:
            detail = f"{size.path}: {size.value} checkpoints, whose settings lie in files of their own"
            self._incomplete(("vm_checkpoint", "vm_checkpoint_disk"), detail, Cause.UNSUPPORTED_SOURCE)


# Devices whose instance is their type; the manifest of old configurations does not list all of them.
_FIXED = frozenset({IDE, FLOPPY, SERIAL, FIRMWARE, *enums.SERVICES})
_HELD_BY: Mapping[str, tuple[str, ...]] = {
    IDE: _STORAGE,
    SCSI: _STORAGE,
    FLOPPY: ("vm_floppy_drive",),
    SERIAL: ("vm_com_port",),
    SYNTHETIC_ADAPTER: _ADAPTERS,
}

# Features whose GUID is from memory only, or not known at all (None): an unknown one may be it.
_UNSURE = (BANDWIDTH_FEATURE, None)
_SECURITY_DEFAULTS: Mapping[str, Any] = {
    "MacAddressSpoofing": "Off",
    "DhcpGuard": "Off",
    "RouterGuard": "Off",
    "IeeePriorityTag": "Off",
    "AllowTeaming": "Off",
    "PortMirroringMode": "None",
    "StormLimit": 0,
    "DynamicIPAddressLimit": 0,
    "VirtualSubnetId": 0,
}
_BANDWIDTH_DEFAULTS: Mapping[str, Any] = {
    "MaximumBandwidth": 0,
    "MinimumBandwidthAbsolute": 0,
    "MinimumBandwidthWeight": 0,
}
# In the order of the feature's bytes.
_OFFLOAD_DEFAULTS: Mapping[str, Any] = {"IPsecOffloadMaxSA": 512, "VmqWeight": 100, "IovWeight": 0}
_VLAN_DEFAULTS: Mapping[str, Any] = {
    "OperationMode": "Untagged",
    "AccessVlanId": None,
    "NativeVlanId": None,
    "AllowedVlanIdList": [],
    "PrivateVlanMode": None,
    "PrimaryVlanId": None,
    "SecondaryVlanId": None,
    "SecondaryVlanIdList": [],
}
_ISOLATION_DEFAULTS: Mapping[str, Any] = {
    "IsolationMode": "None",
    "AllowUntaggedTraffic": True,
    "DefaultIsolationID": 0,
    "MultiTenantStack": "Off",
}


def _numbered(node: Key, pattern: re.Pattern[str]) -> Iterator[tuple[int, Key]]:
    """Children such as controller0, controller1, by number."""
    found = [(int(match[1]), child) for child in node.children if (match := pattern.fullmatch(child.name))]
    yield from sorted(found, key=lambda item: item[0])


def _pair(version: str) -> Version:
    major, minor = version.split(".")
    return int(major), int(minor)


_MEBIBYTES = scaled(2**20)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_STARTUP_DEVICES = {"floppy": "Floppy", "optical": "CD", "harddrive": "IDE", "network": "LegacyNetworkAdapter"}
_BOOT_PROTOCOLS = {4: "IPv4", 6: "IPv6"}


def _version(value: Any) -> str:
    """2304 is 9.0: the high byte and the low byte."""
    number = integer(value)
    if not 0 < number < 0x10000:
        raise CellError(f"{number} is no configuration version")
    return f"{number >> 8}.{number & 0xFF}"


def _generation(value: Any) -> int:
    return {0: 1, 1: 2}.get(integer(value)) or _unknown(value)


def _filetime(value: Any) -> str | None:
    """A FILETIME as UTC time; 0 and other sentinels are none."""
    ticks = integer(value)
    try:
        moment = _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        raise CellError(f"{ticks} is no time") from None
    if moment.year in (1601, 9999):
        return None
    if moment.year < 1601:
        raise CellError(f"{ticks} is no time")
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _filetime_bytes(value: Any) -> str | None:
    if not isinstance(value, bytes) or len(value) != 8:
        raise CellError("is no FILETIME of 8 bytes")
    return _filetime(int.from_bytes(value, "little"))


def _shifted(symbols: Mapping[int, str]) -> Convert:
    """Files count from 0 what PowerShell counts from 2."""
    find = symbol(symbols)
    return lambda value: find(integer(value) + 2)


def _template(value: Any) -> str | None:
    """The name of a Secure Boot template; one that is not known has none."""
    return enums.SECURE_BOOT_TEMPLATES.get(guid_or_null(value) or "")


def _boot_protocol(value: Any) -> str:
    return _BOOT_PROTOCOLS.get(integer(value)) or _unknown(value)


def _boot_device(value: Any) -> str:
    return _STARTUP_DEVICES.get(text(value).casefold()) or _unknown(value)


def _unknown(value: Any) -> Any:
    raise CellError(f"{value!r} is no known value")


def _offload(value: Any) -> tuple[int, int, int]:
    """IPsec limit, VMQ weight, IOV weight; then IOV queue pairs. Seen in default settings only."""
    if not isinstance(value, bytes) or len(value) < 16:
        raise CellError("is no offload feature")
    return struct.unpack_from("<III", value)
