"""What the host is made of: machine, VMs, disks, adapters, switches, as plain tables of text, with gaps said where they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from snapshot_tool.snapshot import Record, Snapshot, Table

NOT_READ = "not read"


@dataclass(frozen=True, slots=True)
class InventoryTable:
    """A titled table; `gap` says what of it could not be read, `keys` are the ids of its rows where a drawing needs them."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class Uplink:
    """A physical adapter (or team) below a switch."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class SwitchPort:
    """An adapter on a switch: of a VM, or of the management OS when `machine` is None."""

    machine: str | None
    adapter: str
    vlan: str
    running: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """A virtual switch with what hangs on it."""

    name: str
    kind: str
    uplinks: Sequence[Uplink]
    ports: Sequence[SwitchPort]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Tables for people, and the network for the drawing; `unconnected` are adapters on no switch."""

    tables: Sequence[InventoryTable]
    switches: Sequence[Switch] = field(default_factory=tuple)
    unconnected: Sequence[SwitchPort] = field(default_factory=tuple)


Cell = Callable[[Record], str]

_TABLES: Mapping[str, tuple[str, Sequence[str]]] = {
    "vm": (
        "vm",
        (
            "Name",
            "State",
            "Generation",
            "Version",
            "AutomaticStartAction",
            "AutomaticStopAction",
            "CheckpointType",
            "ReplicationState",
            "Path",
        ),
    ),
    "vm_processor": ("vm_processor", ("VMName", "Count", "Reserve", "Maximum", "RelativeWeight")),
    "vm_memory": ("vm_memory", ("VMName", "DynamicMemoryEnabled", "Startup", "Minimum", "Maximum")),
    "vm_hard_disk": (
        "vm_hard_disk",
        ("VMName", "ControllerType", "ControllerNumber", "ControllerLocation", "Path", "DiskNumber"),
    ),
    "vhd": ("vhd", ("Path", "VhdFormat", "VhdType", "FileSize", "Size", "ParentPath")),
    "vm_network_adapter": (
        "vm_network_adapter",
        ("VMName", "Name", "SwitchName", "MacAddress", "IsLegacy", "MacAddressSpoofing", "IPAddresses"),
    ),
    "vswitch": (
        "vswitch",
        ("Name", "SwitchType", "AllowManagementOS", "EmbeddedTeamingEnabled", "NetAdapterInterfaceDescriptions"),
    ),
    "volumes": ("volumes", ("DriveLetter", "Label", "FileSystem", "SizeBytes", "FreeBytes")),
    "net_adapters": ("net_adapters", ("Name", "InterfaceDescription", "MacAddress", "Status", "LinkSpeedBps")),
}
_BYTES = frozenset(
    {
        ("vm_memory", "Startup"),
        ("vm_memory", "Minimum"),
        ("vm_memory", "Maximum"),
        ("vhd", "FileSize"),
        ("vhd", "Size"),
        ("volumes", "SizeBytes"),
        ("volumes", "FreeBytes"),
    }
)


def take_inventory(snapshot: Snapshot) -> Inventory:
    """Reads the tables; a table that could not be read says so and costs nothing else."""
    tables = [_host(snapshot)]
    for title, (name, columns) in _TABLES.items():
        tables.append(_rows(title, snapshot.table(name), columns))
    return Inventory(tables, *_network(snapshot))


def _host(snapshot: Snapshot) -> InventoryTable:
    rows = []
    for name, columns in (
        (
            "computer",
            (
                "Name",
                "Domain",
                "Workgroup",
                "Manufacturer",
                "Model",
                "CpuName",
                "LogicalProcessors",
                "TotalPhysicalMemoryBytes",
            ),
        ),
        ("os", ("Caption", "Build", "UBR", "InstallationType", "LastBootUtc")),
        ("host_hyperv", ("VirtualMachinePath", "VirtualHardDiskPath", "VirtualMachineMigrationEnabled")),
    ):
        table = snapshot.table(name)
        for column in columns:
            if column not in table.columns or table.columns[column].not_offered:
                continue
            value = _cell(table, table.records[0], column) if table.records else _why(table)
            if value:
                rows.append(
                    (f"{name}.{column}", _size(value) if column.endswith("Bytes") and value.isdigit() else value)
                )
    return InventoryTable("host", ("", ""), rows)


def _rows(title: str, table: Table, columns: Sequence[str]) -> InventoryTable:
    offered = [name for name in columns if name in table.columns and not table.columns[name].not_offered]
    rows = [
        [
            _size(text)
            if (text := _cell(table, record, name)) and (table.name, name) in _BYTES and text.isdigit()
            else text
            for name in offered
        ]
        for record in table.records
    ]
    rows.sort(key=lambda row: [text.casefold() for text in row[:4]])
    gap = None
    if table.not_offered is not None:
        gap = table.not_offered
    elif table.gap is not None:
        gap = f"{NOT_READ}: {table.gap.cause.value}"
    return InventoryTable(title, offered, rows, gap)


def _network(snapshot: Snapshot) -> tuple[Sequence[Switch], Sequence[SwitchPort]]:
    switches = snapshot.table("vswitch")
    adapters = snapshot.table("vm_network_adapter")
    vlans = {_key(record, "AdapterId"): record for record in snapshot.table("vm_network_adapter_vlan").records}
    running = {
        record.cells.get("Id"): record.cells.get("State") == "Running" for record in snapshot.table("vm").records
    }
    physical = {_key(record, "InterfaceGuid"): record for record in snapshot.table("net_adapters").records}
    ports: dict[Any, list[SwitchPort]] = {}
    for record in adapters.records:
        cells = record.cells
        host_side = cells.get("IsManagementOs") is True
        port = SwitchPort(
            None if host_side else str(cells.get("VMName") or cells.get("VMId") or "?"),
            str(cells.get("Name") or "?"),
            _vlan(vlans.get(_key(record, "Id"))),
            host_side or running.get(_key(record, "VMId"), False),
        )
        ports.setdefault(_key(record, "SwitchId"), []).append(port)
    found = []
    for record in sorted(switches.records, key=lambda one: str(one.cells.get("Name")).casefold()):
        cells = record.cells
        guids = _texts(cells.get("NetAdapterInterfaceGuid"))
        names = _texts(cells.get("NetAdapterInterfaceDescriptions"))
        uplinks = []
        for place, guid in enumerate(guids):
            adapter = physical.get(guid)
            label = adapter.cells.get("Name") if adapter is not None else None
            uplinks.append(Uplink(str(guid), str(label or (names[place] if place < len(names) else guid))))
        hanging = sorted(ports.pop(_key(record, "Id"), ()), key=_port_order)
        found.append(Switch(str(cells.get("Name") or "?"), str(cells.get("SwitchType") or "?"), uplinks, hanging))
    rest = sorted((port for left in ports.values() for port in left), key=_port_order)
    return found, rest


def _key(record: Record, column: str) -> str | None:
    """A cell that joins rows; what is no text joins nothing."""
    value = record.cells.get(column)
    return value if isinstance(value, str) else None


def _texts(value: Any) -> Sequence[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else ()


def _port_order(port: SwitchPort) -> tuple[bool, str, str]:
    return (port.machine is not None, (port.machine or "").casefold(), port.adapter.casefold())


def _vlan(record: Record | None) -> str:
    if record is None:
        return ""
    cells = record.cells
    match cells.get("OperationMode"):
        case "Access":
            return f"VLAN {cells.get('AccessVlanId')}"
        case "Trunk":
            allowed = _texts(cells.get("AllowedVlanIdList"))
            shown = ",".join(allowed[:6]) + ("…" if len(allowed) > 6 else "")
            return f"trunk {shown}"
        case "Private":
            return f"private VLAN {cells.get('PrimaryVlanId')}"
        case _:
            return ""


def _cell(table: Table, record: Record, name: str) -> str:
    gap = table.columns[name].gap or record.gaps.get(name)
    if gap is not None:
        return f"({gap.cause.value})"
    value = record.cells.get(name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _why(table: Table) -> str:
    if table.gap is not None:
        return f"({table.gap.cause.value})"
    return ""


def _size(digits: str) -> str:
    size = float(digits)
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if size < 1024 or unit == "TiB":
            return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return digits
