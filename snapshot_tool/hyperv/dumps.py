"""Class dumps as they were read, and how Hyper-V names things: instance ids, references, GUIDs.

Chapter 2 of the Hyper-V model. Ids are compared without regard to case everywhere; nothing is found by "contains".
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from snapshot_tool.cells import CellError
from snapshot_tool.snapshot import Record, Table
from snapshot_tool.verdict import Cause, Gap

Source = Record | Gap | None
"""What stands at one end of a join: a row, the fact that there is none, or the reason why that is not known."""

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_PREFIX = "microsoft:"
_TEMPLATE = "microsoft:definition\\"
_KEY = re.compile(r',?([A-Za-z_]\w*)=(?:"((?:[^"\\]|\\.)*)"|([^,"]*))', re.ASCII | re.DOTALL)
_PLAIN_KEY = re.compile(r'([A-Za-z_]\w*)="([^"]*)"', re.ASCII)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
Text = TypeVar("Text", str, tuple[str, str])
ZERO_GUID = "00000000-0000-0000-0000-000000000000"


# What a row is known by: the first of these that the class has.
_IDENTITIES = (
    ("InstanceID",),
    ("Antecedent", "Dependent"),
    ("GroupComponent", "PartComponent"),
    ("ManagedElement", "SettingData"),
    ("SameElement", "SystemElement"),
    ("Collection", "Member"),
    ("DeviceID", "SystemName"),
    ("VMId",),
    ("Name",),
)
# What else decides to whom a row belongs, or what it is.
_JOINS = {
    "hv/Msvm_VirtualSystemSettingData": ("VirtualSystemType", "VirtualSystemIdentifier", "SettingType", "SystemName"),
    "hv/Msvm_ResourceAllocationSettingData": ("Parent", "ResourceSubType"),
    "hv/Msvm_StorageAllocationSettingData": ("Parent", "ResourceSubType"),
    "hv/Msvm_VirtualSystemGlobalSettingData": ("SystemName",),
    "hv/Msvm_SecurityElement": ("SystemName",),
    "hv/Msvm_EthernetSwitchExtension": ("SystemName",),
    "hv/Msvm_EthernetSwitchHardwareOffloadData": ("SystemName",),
    "hv/Msvm_SwitchPort": ("SystemName",),
    "cluster/MSCluster_Resource": ("Type",),
    "hv/Msvm_ReplicationStatistics": ("RelationshipInstanceID",),
    "vhds": ("Kind",),
}


class _NotOffered:
    """The era has no such property."""


NOT_OFFERED = _NotOffered()
State = Gap | _NotOffered | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A WMI object path: class and keys (names folded)."""

    class_name: str
    keys: dict[str, str]


class Dump:
    """One class dump: rows, and what of it is missing. Rows of templates are left out unless asked for."""

    __slots__ = ("_offered", "absent", "file", "gap", "name", "not_offered", "records", "table")

    def __init__(
        self, name: str, table: Table, offered: Callable[[str, str], bool], *, templates: bool = False
    ) -> None:
        self.name = name
        self.table = table
        self.file = f"data/{name}.json"
        self.gap = table.gap
        self.absent = table.absent
        self.not_offered = table.not_offered
        self._offered = offered
        self.records: list[Record] = [
            record for record in table.records if templates or not _is_template(record.cells.get("InstanceID"))
        ]
        self._demand_identity()

    @property
    def missing(self) -> Gap | None:
        """Why nothing of the dump could be read."""
        return self.gap if not self.records else None

    def state(self, column: str) -> State:
        """Whether rows have the property: None, a gap of every row, or not offered by the era."""
        if self.not_offered is not None:
            return NOT_OFFERED
        known = self.table.columns.get(column)
        if known is not None and known.not_offered:
            return NOT_OFFERED
        if self.missing is not None:
            return self.missing if self._offered(self.name, column) else NOT_OFFERED
        if known is None:
            return Gap(Cause.NOT_COLLECTED, "the snapshot does not hold this column", self.name, column, whole=True)
        return known.gap

    def _demand_identity(self) -> None:
        """A row that does not tell what it is joins nothing: then rows are missing, not absent."""
        columns = self.table.columns
        identity = next((names for names in _IDENTITIES if names[0] in columns), ())
        deciding = (*identity, *_JOINS.get(self.name, ()))
        for name in deciding:
            column = columns.get(name)
            if column is not None and column.gap is not None and self.records:
                self.gap = self.gap or column.gap
                self.records = []
        offered = {name for name in deciding if name in columns and not columns[name].not_offered}
        lost = [self._lost(record, offered) for record in self.records]
        if any(lost):
            self.gap = self.gap or next(filter(None, lost))
            self.records = [record for record, gap in zip(self.records, lost, strict=True) if gap is None]
        for name in identity:
            if any(type(record.cells.get(name)) is not str for record in self.records):
                self.gap = self.gap or Gap(Cause.UNREADABLE, f"a row has no {name}", self.name, name)
                self.records = [record for record in self.records if type(record.cells.get(name)) is str]
        known = {tuple(record.cells[name].lower() for name in identity) for record in self.records}
        if identity and len(known) < len(self.records):
            # Two rows claim to be the same thing: the order of the file must not decide between them.
            self.records.sort(key=_text_of)

    def _lost(self, record: Record, deciding: set[str]) -> Gap | None:
        """Why a row does not tell what it is or whose: a cell that could not be read, or that the row lacks."""
        if record.gaps:
            found = next((record.gaps[name] for name in sorted(deciding) if name in record.gaps), None)
            if found is not None:
                return found
        if deciding <= record.cells.keys():
            return None
        name = min(deciding - record.cells.keys())
        return Gap(Cause.UNREADABLE, "the row lacks this cell", self.name, name)

    def index(self, key: Callable[[Record], str | None]) -> dict[str, Record]:
        """Rows by a key; of several rows with one key the first in the order of their text."""
        found: dict[str, Record] = {}
        for record in self.records:
            value = key(record)
            if value is None:
                continue
            other = found.get(value)
            if other is None or _text_of(record) < _text_of(other):
                found[value] = record
        return found

    def find(self, index: dict[str, Record], key: str) -> Source:
        """The row, None where there surely is none, or the gap that hides it."""
        return index.get(key) or self.gap


class Dumps:
    """The dumps of one snapshot, each wrapped once."""

    def __init__(self, dump: Callable[[str], Table], offered: Callable[[str, str], bool]) -> None:
        self._dump = dump
        self._offered = offered
        self._known: dict[str, Dump] = {}

    def __call__(self, class_name: str) -> Dump:
        """A dump of `data/hv`."""
        return self.named(f"hv/{class_name}")

    def named(self, name: str) -> Dump:
        """A dump or dataset by its full name."""
        dump = self._known.get(name)
        if dump is None:
            dump = self._known[name] = Dump(name, self._dump(name), self._offered)
        return dump

    def with_templates(self, class_name: str) -> Dump:
        """The dump with its rows of templates."""
        name = f"hv/{class_name}"
        return Dump(name, self._dump(name), self._offered, templates=True)


def text_of(record: Record, column: str) -> str | None:
    """A cell that is text, else None; for joins, where an unreadable cell joins nothing."""
    value = record.cells.get(column)
    return value if type(value) is str else None


def folded(record: Record, column: str) -> str | None:
    """The same in lower case."""
    value = record.cells.get(column)
    return value.lower() if type(value) is str else None


def instance_id(record: Record) -> str | None:
    """InstanceID in lower case."""
    value = record.cells.get("InstanceID")
    return value.lower() if type(value) is str else None


def owner(text: str | None) -> str | None:
    """The GUID after `Microsoft:` of an instance or device id, lower case; None where there is none."""
    if text is None or len(text) < 46 or (len(text) > 46 and text[46] != "\\") or text[:10].lower() != _PREFIX:
        return None
    found = text[10:46].lower()
    return found if found[8] == found[13] == found[18] == found[23] == "-" else None


def owner_of(record: Record) -> str | None:
    """The owner GUID of the row's InstanceID."""
    return owner(text_of(record, "InstanceID"))


def parts(text: str) -> list[str]:
    """The parts of an instance id without `Microsoft:`, lower case."""
    found = text.lower()
    return found.removeprefix(_PREFIX).split("\\")


def guids(text: str | None) -> list[str]:
    """Every GUID in a text, lower case, in order; for ids whose exact form is not documented."""
    return _GUID.findall(text.lower()) if text else []


def only_guid(text: str | None) -> str | None:
    """The first GUID in a text."""
    found = guids(text)
    return found[0] if found else None


def reference(text: Any) -> Reference | None:
    r"""Parses `\\HOST\namespace:Class.Key="value",...`; None for anything else, such as the path of a file."""
    if type(text) is not str:
        return None
    head, quote, rest = text.partition('="')
    class_name, dot, key = head.rpartition(":")[2].partition(".")
    if not quote or not dot or not class_name.isidentifier() or not key.isidentifier():
        return None
    end = rest.find('"')
    if end == len(rest) - 1 and end >= 0 and '\\"' not in rest:
        return Reference(class_name, {key.lower(): _unescaped(rest[:-1])})
    position = len(head) - len(key)
    if "\\" not in rest:
        pairs = _PLAIN_KEY.findall(text, position)
        # Two quotes and "=" for each pair, and a comma between them: then nothing else stands there.
        if position + sum(len(name) + len(value) + 4 for name, value in pairs) - 1 == len(text):
            return Reference(class_name, {name.lower(): value for name, value in pairs})
    keys: dict[str, str] = {}
    while position < len(text):
        found = _KEY.match(text, position)
        if found is None:
            return None
        keys[found[1].lower()] = found[3] if found[2] is None else _unescaped(found[2])
        position = found.end()
    return Reference(class_name, keys)


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    parts_of = value.split("\\\\")
    if any("\\" in part for part in parts_of):
        return _ESCAPE.sub(r"\1", value)
    return "\\".join(parts_of)


def references(value: Any) -> Iterator[Reference]:
    """The references among the elements of a list."""
    for element in value if type(value) is list else ():
        found = reference(element)
        if found is not None:
            yield found


def elements(value: Any) -> list[str]:
    """The elements of a list of texts that say something; raises CellError for what is no such list."""
    if value is None:
        return []
    if type(value) is not list:
        raise CellError("is not a list")
    found = []
    for element in value:
        if element is None or element == "":
            continue
        if type(element) is not str:
            raise CellError("is not a list of texts")
        found.append(element)
    return found


def grouped(records: Iterable[Record], key: Callable[[Record], str | None]) -> dict[str, list[Record]]:
    """Rows by a key, several for one."""
    found: dict[str, list[Record]] = {}
    for record in records:
        value = key(record)
        if value is not None:
            found.setdefault(value, []).append(record)
    return found


def link(found: dict[str, Text], key: str, value: Text) -> None:
    """One end of an association to the other; of several the first in order, whatever the order of the file."""
    other = found.get(key)
    if other is None or value < other:
        found[key] = value


def _is_template(value: Any) -> bool:
    return type(value) is str and value[:21].lower() == _TEMPLATE


def _text_of(record: Record) -> str:
    return repr(record.cells)
