"""A customer's own export of `Get-VM...` (ConvertTo-Json, Export-Clixml, Export-Csv) -> canonical tables.

Only what the text surely says becomes a value: localised text, type names and counts that stand for objects are gaps.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import CellError, fold_guid, is_sid
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.dumps import ZERO_GUID
from snapshot_tool.hyperv.tables import SCHEMAS, ColumnSchema, TableBuilder
from snapshot_tool.parsers.xml import XmlError, parse_xml
from snapshot_tool.snapshot import Origin, Table
from snapshot_tool.verdict import Cause, Gap

if TYPE_CHECKING:
    from snapshot_tool.parsers.xml import Element

_MAX_DEPTH = 16


class ExportError(ValueError):
    """The file is no export of Hyper-V's cmdlets; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One object of an export: its PowerShell type (last part), properties and place in the file."""

    type: str
    properties: Mapping[str, Any]
    place: str


# PowerShell type -> table. JSON and CSV carry no types: there the properties tell, of which the listed ones must all be there.
_TYPES: Mapping[str, tuple[str, frozenset[str]]] = {
    "VirtualMachine": ("vm", frozenset({"Generation", "AutomaticStopAction", "State"})),
    "VMProcessor": ("vm_processor", frozenset({"CompatibilityForMigrationEnabled", "RelativeWeight"})),
    "VMMemory": ("vm_memory", frozenset({"DynamicMemoryEnabled", "Startup", "Buffer"})),
    "VMFirmware": ("vm_firmware", frozenset({"SecureBoot", "SecureBootTemplate"})),
    "VMBios": ("vm_firmware", frozenset({"StartupOrder", "NumLockEnabled"})),
    "VMNetworkAdapter": ("vm_network_adapter", frozenset({"MacAddress", "IsManagementOs", "MacAddressSpoofing"})),
    "VMInternalNetworkAdapter": ("vm_network_adapter", frozenset({"<never>"})),
    "HardDiskDrive": ("vm_hard_disk", frozenset({"DiskNumber", "ControllerLocation", "Path"})),
    "DvdDrive": ("vm_dvd_drive", frozenset({"DvdMediaType", "ControllerLocation"})),
    "VMFloppyDiskDrive": ("vm_floppy_drive", frozenset({"<never>"})),
    "VMSnapshot": ("vm_checkpoint", frozenset({"SnapshotType", "IsAutomaticCheckpoint"})),
    "VMReplication": ("vm_replication", frozenset({"ReplicationRelationshipType", "ReplicationState"})),
    "VMReplicationServer": ("replica_server", frozenset({"AllowedAuthenticationType", "ReplicationEnabled"})),
    "VMReplicationAuthorizationEntry": ("replica_authorization", frozenset({"AllowedPrimaryServer", "TrustGroup"})),
    "VMComPort": ("vm_com_port", frozenset({"DebuggerMode", "Path"})),
    "VMConnectAce": ("vm_connect_access", frozenset({"UserId", "Access", "VMId"})),
    "VMSwitch": ("vswitch", frozenset({"SwitchType", "AllowManagementOS"})),
    "VMSwitchExtension": ("vswitch_extension", frozenset({"ExtensionType", "SwitchId"})),
    "VMHost": ("host_hyperv", frozenset({"VirtualMachinePath", "VirtualHardDiskPath"})),
    "VirtualHardDisk": ("vhd", frozenset({"VhdFormat", "VhdType"})),
}

# Numbers of the cmdlets where they are not those of WMI.
_NUMBERS: Mapping[tuple[str, ...], Mapping[int, str]] = {
    enums.ON_OFF: {0: "On", 1: "Off"},
    tuple(dict.fromkeys(enums.NETWORK_BOOT.values())): {0: "IPv4", 1: "IPv6"},
    tuple(dict.fromkeys(enums.SNAPSHOT_TYPE.values())): {
        0: "Standard",
        1: "Recovery",
        2: "Planned",
        5: "Missing",
        6: "Replica",
        7: "AppConsistentReplica",
        8: "SyncedReplica",
    },
    enums.HEARTBEAT: {
        1: "Disabled",
        2: "NoContact",
        3: "Error",
        4: "LostCommunication",
        5: "OkApplicationsUnknown",
        6: "OkApplicationsHealthy",
        7: "OkApplicationsCritical",
        8: "Paused",
    },
    enums.DVD_MEDIA: {0: "None", 1: "ISO", 2: "PassThrough"},
    enums.RELATIONSHIP_TYPE: {0: "Simple", 1: "Extended"},
    enums.MIGRATION_PERFORMANCE: {0: "TCPIP", 1: "Compression", 2: "SMB"},
}

_WMI_NUMBERS: Mapping[tuple[str, ...], Mapping[int, str]] = {
    tuple(dict.fromkeys(known.values())): known
    for name, known in vars(enums).items()
    if name.isupper() and isinstance(known, dict) and all(type(number) is int for number in known)
    if all(isinstance(word, str) for word in known.values())
}

# Property of the cmdlet where it is not named like the column.
_RENAMED: Mapping[tuple[str, str], str] = {
    ("vm", "ParentSnapshotId"): "ParentCheckpointId",
}

# Never taken: text that may hold secrets, localised text, or an object that an export shows as a type name or a count.
_NEVER = frozenset(
    {("vm", "Notes"), ("vm", "IntegrationServicesState"), ("vswitch", "Extensions"), ("vm_firmware", "BootOrder")}
)

_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/", re.ASCII)
_SPAN = re.compile(r"(-?)(?:(\d+)\.)?(\d{1,2}):(\d\d):(\d\d)(?:\.\d+)?", re.ASCII)
_ISO_SPAN = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?", re.ASCII)
_COM, _PORT = re.compile(r"COM (\d+)\Z", re.ASCII), re.compile(r"\\(\d+)\Z", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_", re.ASCII)


def read_export(data: bytes, member: str) -> dict[str, Table]:
    """The tables that an export holds; other tables were not collected. Raises ExportError."""
    tables: dict[str, list[Exported]] = {}
    for item in map(_completed, read_objects(data)):
        tables.setdefault(_TYPES[item.type][0], []).append(item)
        if item.type == "VirtualMachine":
            for name in ("vm_memory", "vm_processor"):
                tables.setdefault(name, []).append(_part(item, name))
    # The cmdlets of their own say more than `Get-VM` repeats.
    return {name: _table(name, _fullest(found), member) for name, found in tables.items()}


def read_objects(data: bytes) -> list[Exported]:
    """The objects of an export in the order of the file. Raises ExportError."""
    text = _decoded(data)
    start = text.lstrip()[:1]
    if start == "<":
        found = list(_clixml(data))
    elif start in ("{", "["):
        found = list(_json(text))
    else:
        found = list(_csv(text))
    if not found:
        raise ExportError("holds no object of Hyper-V's cmdlets")
    return found


def _decoded(data: bytes) -> str:
    encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-8"
    for mark, marked in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            encoding = marked
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ExportError(f"is no text in {encoding}: byte {error.start}") from None


def _known(properties: Mapping[str, Any], name: str | None, place: str) -> Exported | None:
    if name is not None:
        last = name.rpartition(".")[2]
        return Exported(last, properties, place) if last in _TYPES else None
    for kind, (_, needed) in _TYPES.items():
        if needed <= properties.keys():
            return Exported(kind, properties, place)
    return None


def _json(text: str) -> Iterator[Exported]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ExportError(f"is no JSON (line {error.lineno}, column {error.colno}: {error.msg})") from None
    except RecursionError:
        raise ExportError("is JSON that is nested too deeply") from None
    except ValueError:
        raise ExportError("is JSON with a number of too many digits") from None
    if isinstance(document, dict) and isinstance(document.get("value"), list) and "Count" in document:
        document = document["value"]
    for number, item in enumerate(document if isinstance(document, list) else [document]):
        if not isinstance(item, dict):
            raise ExportError(f"element {number} is no object")
        if any(key.startswith("{#") for key in item):
            raise ExportError("is the output of a monitoring template, not an export of the cmdlets")
        found = _known(item, None, f"[{number}]")
        if found is None:
            raise ExportError(f"element {number} is no object of Hyper-V's cmdlets")
        yield found


def _csv(text: str) -> Iterator[Exported]:
    lines = text.splitlines()
    name = None
    if lines and lines[0].startswith("#TYPE "):
        name = lines.pop(0)[6:].strip()
    if not lines:
        raise ExportError("is empty")
    delimiter = max(",;\t", key=lines[0].count)
    try:
        rows = list(csv.DictReader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error as error:
        raise ExportError(f"is no CSV: {error}") from None
    for number, row in enumerate(rows):
        properties = {str(key): value for key, value in row.items() if key is not None}
        found = _known(properties, name, f"line {number + 2}")
        if found is None:
            raise ExportError("is no CSV of Hyper-V's cmdlets")
        yield found


def _clixml(data: bytes) -> Iterator[Exported]:
    try:
        root = parse_xml(data)
    except XmlError as error:
        raise ExportError(f"is no CLIXML: {error}") from None
    if _local(root) != "Objs":
        raise ExportError("is XML, but no CLIXML")
    types: dict[str, str] = {}
    for element in root.iter():
        if _local(element) == "TN":
            first = next((child.text for child in element if _local(child) == "T"), None)
            types[str(element.get("RefId"))] = first or ""
    for number, element in enumerate(root):
        name = None
        for child in element:
            if _local(child) in ("TN", "TNRef"):
                name = types.get(str(child.get("RefId")))
        value = _value(element, 0)
        if not isinstance(value, dict):
            continue
        found = _known(value, name.removeprefix("Selected.") if name else None, f"Obj[{number}]")
        if found is not None:
            yield found


def _value(element: "Element", depth: int) -> Any:
    """One CLIXML value ([MS-PSRP] 2.2.5): text, number, bool, list, dict of properties; enums as {"enum": number}."""
    if depth > _MAX_DEPTH:
        return None
    kind, text = _local(element), element.text or ""
    if kind in ("S", "G", "DT", "TS", "URI", "Version", "C"):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if kind == "B":
        return text == "true"
    if kind in ("I16", "I32", "I64", "U16", "U32", "U64", "By", "SB"):
        return int(text) if text.lstrip("-").isdigit() else text
    if kind != "Obj":
        return None
    properties: dict[str, Any] = {}
    for child in element:
        name = _local(child)
        if name in ("Props", "MS"):
            properties |= {str(cell.get("N")): _value(cell, depth + 1) for cell in child}
        elif name in ("LST", "IE", "STK", "QUE"):
            return [_value(item, depth + 1) for item in child]
        elif name in ("I32", "I64", "U32", "By", "I16", "U16"):
            return {"enum": _value(child, depth + 1)}
    return properties


def _local(element: "Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _completed(item: Exported) -> Exported:
    """What an object says without having a property for it."""
    properties = dict(item.properties)
    if item.type == "VirtualMachine" and isinstance(properties.get("Notes"), str):
        notes = str(properties["Notes"])
        properties["NotesLength"] = len(notes)
        properties["NotesSha256"] = hashlib.sha256(notes.encode("utf-8", "replace")).hexdigest() if notes else None
    if item.type == "VMInternalNetworkAdapter":
        properties |= {"Connected": True, "IsLegacy": False, "IsManagementOs": True}
    if item.type == "VMComPort":
        found = _COM.search(str(properties.get("Name"))) or _PORT.search(str(properties.get("Id")))
        if found is not None:
            properties["Number"] = int(found[1]) if found.re is _COM else int(found[1]) + 1
    return Exported(item.type, properties, item.place)


def _part(item: Exported, table: str) -> Exported:
    """What `Get-VM` repeats of memory and processors."""
    names = {
        "vm_memory": {
            "DynamicMemoryEnabled": "DynamicMemoryEnabled",
            "MemoryStartup": "Startup",
            "MemoryMinimum": "Minimum",
            "MemoryMaximum": "Maximum",
        },
        "vm_processor": {"ProcessorCount": "Count"},
    }[table]
    properties = {new: item.properties[old] for old, new in names.items() if old in item.properties}
    who = {"VMId": item.properties.get("VMId", item.properties.get("Id"))}
    who["VMName"] = item.properties.get("VMName", item.properties.get("Name"))
    return Exported("VirtualMachine", {**properties, **who}, item.place)


def _fullest(found: list[Exported]) -> list[Exported]:
    own = [item for item in found if item.type != "VirtualMachine"]
    return own if own and len(own) != len(found) else found


def _table(name: str, found: list[Exported], member: str) -> Table:
    builder = TableBuilder(name)
    schema = SCHEMAS[name]
    have = {column: _source(name, column, found) for column in schema.columns}
    for absent in (column for column, source in have.items() if source is None):
        detail = "an export of the cmdlets does not hold it"
        builder.gap(absent, Gap(Cause.UNSUPPORTED_SOURCE, detail, name, absent, whole=True))
    for item in found:
        cells: dict[str, Any] = {}
        gaps: dict[str, Gap] = {}
        for column in schema.columns.values():
            source = have[column.name]
            if source is None:
                cells[column.name] = None
                continue
            try:
                cells[column.name] = _cell(name, column, item, source)
            except CellError as error:
                cells[column.name] = None
                gaps[column.name] = Gap(Cause.UNREADABLE, str(error), name, column.name)
        builder.add(cells, Origin(member, item.place), gaps)
    return builder.build()


def _source(table: str, column: str, found: list[Exported]) -> str | None:
    """The property that a column is taken from; None where no object has it."""
    if (table, column) in _NEVER:
        return None
    names = (column, _RENAMED.get((table, column), column))
    properties = {name.casefold(): name for item in found for name in item.properties}
    return next((properties[name.casefold()] for name in names if name.casefold() in properties), None)


def _cell(table: str, column: ColumnSchema, item: Exported, source: str) -> Any:
    if source not in item.properties:
        raise CellError("this object of the export does not hold it")
    value = item.properties[source]
    internal = item.type == "VMInternalNetworkAdapter" or item.properties.get("IsManagementOs") in (True, "True")
    if (
        table == "vm_network_adapter"
        and internal
        and column.name in ("VMId", "VMName", "ClusterMonitored", "DeviceNaming")
    ):
        return None
    if (table, column.name) == ("vm_hard_disk", "Path") and item.properties.get("DiskNumber") not in (None, ""):
        # A display text stands in its place.
        return None
    if (table, column.name) == ("vm", "MemoryDemand") and value in (0, "0"):
        return None
    if value is None or (value == "" and column.nullable):
        if column.nullable:
            return None
        raise CellError("null where a value must be")
    if column.type.startswith("list<"):
        if not isinstance(value, list):
            raise CellError("the export does not show the list")
        return [_scalar(column, element, column.type[5:-1]) for element in value]
    return _scalar(column, value, column.type)


def _scalar(column: ColumnSchema, value: Any, kind: str) -> Any:
    if isinstance(value, dict) and value.keys() == {"enum"}:
        value = value["enum"]
    if kind == "enum":
        return _symbol(column.symbols or (), value)
    return _SCALARS[kind](value) if kind != "guid" else _guid(value, nullable=column.nullable)


def _symbol(symbols: tuple[str, ...], value: Any) -> str:
    folded = {symbol.casefold(): symbol for symbol in symbols}
    if isinstance(value, str) and value.casefold() in folded:
        return folded[value.casefold()]
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    # The cmdlets mostly count like WMI, and replication states are theirs already.
    numbers = _NUMBERS.get(symbols) or _WMI_NUMBERS.get(symbols, {})
    if type(value) is int and value in numbers:
        return str(numbers[value])
    raise CellError(f"{value!r} is no known value")


def _guid(value: Any, *, nullable: bool) -> str | None:
    if not isinstance(value, str):
        raise CellError("is not a GUID")
    found = fold_guid(value)
    return None if nullable and found == ZERO_GUID else found


def _text(value: Any) -> str:
    if isinstance(value, dict) and {"Major", "Minor"} <= value.keys():
        return f"{value['Major']}.{value['Minor']}"
    if not isinstance(value, str):
        raise CellError("is not text")
    return value


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    raise CellError(f"{value!r} is not true or false")


def _integer(value: Any) -> int:
    if isinstance(value, dict) and isinstance(value.get("TotalSeconds"), int | float):
        return int(value["TotalSeconds"])
    if type(value) is int:
        return value
    if isinstance(value, str):
        if value.isascii() and value.lstrip("-").isdigit():
            return int(value)
        span, iso = _SPAN.fullmatch(value), _ISO_SPAN.fullmatch(value)
        if span is not None:
            days, hours, minutes, rest = (int(part or 0) for part in span.groups()[1:])
            return ((days * 24 + hours) * 60 + minutes) * 60 + rest
        if iso is not None and len(value) > 2:
            days, hours, minutes, rest = (int(part or 0) for part in iso.groups())
            return ((days * 24 + hours) * 60 + minutes) * 60 + rest
    raise CellError(f"{value!r} is not a whole number")


def _time(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("value", value.get("DateTime"))
    if not isinstance(value, str):
        raise CellError("is not a time")
    stamp = _DATE.fullmatch(value)
    try:
        if stamp is not None:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(stamp[1]))
        else:
            moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value))
    except (ValueError, OverflowError):
        raise CellError(f"{value!r} is not a time that can be read in every language") from None
    if moment.tzinfo is None:
        raise CellError(f"{value!r} does not say its time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _sid(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("Value")
    if not isinstance(value, str) or not is_sid(value):
        raise CellError("is not a SID")
    return value


_SCALARS: Mapping[str, Callable[[Any], Any]] = {
    "string": _text,
    "path": _text,
    "bool": _boolean,
    "int": _integer,
    "float": float,
    "datetime": _time,
    "sid": _sid,
}
