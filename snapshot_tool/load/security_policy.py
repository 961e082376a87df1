"""Raw files of the security policy -> tables: `secedit_right`, `secedit_setting`, `secedit_registry` and `audit_policy`.

The only place where names that secedit wrote instead of SIDs are looked up.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import decoder
from snapshot_tool.snapshot import Column, Origin, Record, Table
from snapshot_tool.verdict import Cause, Gap

if TYPE_CHECKING:
    from snapshot_tool.load.source import ArchiveSource
    from snapshot_tool.parsers.auditpol import AuditPolicy
    from snapshot_tool.parsers.secedit import RegistryValue, Right, Section, SecurityPolicy, Setting

SCHEMAS: Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]] = {
    "secedit_right": (
        ("Right",),
        {"Right": "string", "Accounts": "list<string>", "Holders": "list<sid>", "UnknownNames": "list<string>"},
    ),
    "secedit_setting": (
        ("Section", "Name"),
        {"Section": "string", "Name": "string", "Text": "string", "Number": "int"},
    ),
    "secedit_registry": (
        ("Path",),
        {
            "Path": "string",
            "Kind": "int",
            "IntValue": "int",
            "TextValue": "string",
            "ListValue": "list<string>",
            "HexValue": "hex",
        },
    ),
    "audit_policy": (("Subcategory",), {"Subcategory": "guid", "Name": "string", "Setting": "int"}),
}
NULLABLE = frozenset({"Name", "Number", "IntValue", "TextValue", "ListValue", "HexValue"})

RIGHTS, SYSTEM_ACCESS, EVENT_AUDIT, REGISTRY = "Privilege Rights", "System Access", "Event Audit", "Registry Values"


@dataclass(frozen=True, slots=True)
class _Rows:
    records: Iterable[Record]
    gap: Gap | None = None


def build_secedit(source: "ArchiveSource", name: str) -> Table:
    """Rights with their holders, settings by section, or registry values of secedit.inf.

    An entry that cannot be read is a row with gaps; a section that the file lacks is a gap of the table.
    """
    from snapshot_tool.parsers.secedit import SeceditError, parse_secedit

    def rows(data: bytes, member: str) -> _Rows | Gap:
        try:
            policy = parse_secedit(data)
        except SeceditError as error:
            return Gap(Cause.UNREADABLE, f"{member}: {error}", name, whole=True)
        return _SECEDIT[name](source, policy, member)

    return _build(source, "secedit", name, rows)


def build_audit_policy(source: "ArchiveSource", name: str) -> Table:
    """Subcategories of auditpol.csv, those of the machine; `Setting` 0 none, 1 success, 2 failure, 3 both."""
    from snapshot_tool.parsers.auditpol import AuditpolError, parse_auditpol

    def rows(data: bytes, member: str) -> _Rows | Gap:
        try:
            policy = parse_auditpol(data)
        except AuditpolError as error:
            return Gap(Cause.UNREADABLE, f"{member}: {error}", name, whole=True)
        return _Rows(_subcategories(policy, member))

    return _build(source, "auditpol", name, rows)


def _build(source: "ArchiveSource", dataset: str, name: str, read: Callable[[bytes, str], _Rows | Gap]) -> Table:
    raw = source.raw(dataset)
    members = list(source.raw_files(dataset))
    key, schema = SCHEMAS[name]
    columns = {column: Column(column, decoder(kind), column in NULLABLE) for column, kind in schema.items()}
    empty = Table(name, columns, (), key, absent=raw.absent, not_offered=raw.not_offered)
    if raw.absent or raw.not_offered:
        return empty
    gap = raw.gap and replace(raw.gap, table=name, whole=True)
    if not members:
        return replace(empty, gap=gap or Gap(Cause.NOT_COLLECTED, f"{dataset} has no file", name, whole=True))
    data = source.read_raw(members[0], name)
    found = data if isinstance(data, Gap) else read(data, members[0])
    if isinstance(found, Gap):
        return replace(empty, gap=found)
    return Table(name, columns, tuple(found.records), key, gap=gap or found.gap)


def _lacking(name: str, member: str, section: str) -> Gap:
    return Gap(Cause.UNREADABLE, f"{member} has no section [{section}]", name, whole=True)


def _unread(name: str, columns: Iterable[str], why: str, member: str) -> Mapping[str, Gap]:
    return {column: Gap(Cause.UNREADABLE, f"{member}: {why}", name, column) for column in columns}


def _rights(source: "ArchiveSource", policy: "SecurityPolicy", member: str) -> _Rows:
    section = policy.privilege_rights
    if section is None:
        return _Rows((), _lacking("secedit_right", member, RIGHTS))
    names = _Names(source, certain=policy.names_certain)
    records = [_right(right, names, member) for right in section.entries.values() if not _broken(section, right.name)]
    for right, why in section.unreadable.items():
        gaps = _unread("secedit_right", ("Accounts", "Holders", "UnknownNames"), why, member)
        records.append(Record({"Right": _written(section, right)}, Origin(member, f"[{RIGHTS}]/{right}"), gaps))
    return _Rows(records)


def _right(right: "Right", names: "_Names", member: str) -> Record:
    """A right with the SIDs of its holders; names that no table knows stand apart, for nobody can tell who that is."""
    holders, unknown = [], []
    gap = None
    for account in right.accounts:
        sid = account.sid or names.sid(account.name or "")
        if sid is not None:
            holders.append(sid)
        else:
            unknown.append(account.name or "")
            gap = gap or names.gap
    cells = {
        "Right": right.name,
        "Accounts": [str(account) for account in right.accounts],
        "Holders": list(dict.fromkeys(holders)),
        "UnknownNames": unknown,
    }
    gaps = {"UnknownNames": replace(gap, table="secedit_right", column="UnknownNames", whole=False)} if gap else {}
    return Record(cells, dict.fromkeys(cells, Origin(member, f"[{RIGHTS}]/{right.name}")), gaps)


class _Names:
    r"""SIDs by the names of `local_users`, `local_groups` and `sids`, with and without the part before `\`, case ignored."""

    def __init__(self, source: "ArchiveSource", *, certain: bool) -> None:
        self.gap: Gap | None = None
        if not certain:
            self.gap = Gap(Cause.UNREADABLE, "the encoding of the names in the file is not certain")
        self._local: dict[str, set[str]] = {}
        self._full: dict[str, set[str]] = {}
        self._bare: dict[str, set[str]] = {}
        for table in ("local_users", "local_groups"):
            for name, sid in self._read(source, table):
                self._local.setdefault(name, set()).add(sid)
        for name, sid in self._read(source, "sids"):
            self._full.setdefault(name, set()).add(sid)
            self._bare.setdefault(name.rpartition("\\")[2], set()).add(sid)

    def sid(self, name: str) -> str | None:
        """The SID of the one account with this name; None where none or several have it."""
        folded = name.casefold()
        authority, _, bare = folded.rpartition("\\")
        # A plain name is that of a local account; one with an authority is first of all what the host resolved.
        tables = (self._full, self._local, self._bare) if authority else (self._local, self._full, self._bare)
        for table in tables:
            found = table.get(folded if table is self._full else bare)
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None

    def _read(self, source: "ArchiveSource", name: str) -> Iterable[tuple[str, str]]:
        table = source.table(name)
        columns = [table.columns["Name"], table.columns["Sid"]]
        self.gap = self.gap or table.gap or next((column.gap for column in columns if column.gap), None)
        for record in table.records:
            sid, account = record.cells.get("Sid"), record.cells.get("Name")
            if record.gaps.keys() & {"Name", "Sid"}:
                self.gap = self.gap or next(iter(record.gaps.values()))
            elif isinstance(sid, str) and isinstance(account, str) and not any(column.gap for column in columns):
                yield account.casefold(), sid
            elif account is None and record.cells.get("LookupError") != "notFound":
                # Only a SID that nobody has is surely none of the names.
                self.gap = self.gap or Gap(Cause.UNDETERMINED, f"the name of {sid} is not known", name, "Name")


def _settings(_: "ArchiveSource", policy: "SecurityPolicy", member: str) -> _Rows:
    parts = {SYSTEM_ACCESS: policy.system_access, EVENT_AUDIT: policy.event_audit}
    records = []
    for title, section in parts.items():
        if section is None:
            continue
        for setting in section.entries.values():
            if not _broken(section, setting.name):
                cells = {"Section": title, "Name": setting.name, "Text": setting.text, "Number": setting.number}
                records.append(Record(cells, dict.fromkeys(cells, Origin(member, f"[{title}]/{setting.name}"))))
        for name, why in section.unreadable.items():
            cells = {"Section": title, "Name": _written(section, name)}
            gaps = _unread("secedit_setting", ("Text", "Number"), why, member)
            records.append(Record(cells, Origin(member, f"[{title}]/{name}"), gaps))
    missing = next((title for title, section in parts.items() if section is None), None)
    return _Rows(records, None if missing is None else _lacking("secedit_setting", member, missing))


def _registry(_: "ArchiveSource", policy: "SecurityPolicy", member: str) -> _Rows:
    section = policy.registry_values
    if section is None:
        return _Rows((), _lacking("secedit_registry", member, REGISTRY))
    records = []
    for value in section.entries.values():
        if _broken(section, value.path):
            continue
        data = value.data
        cells: dict[str, Any] = {
            "Path": value.path,
            "Kind": int(value.kind),
            "IntValue": data if isinstance(data, int) else None,
            "TextValue": data if isinstance(data, str) else None,
            "ListValue": list(data) if isinstance(data, tuple) else None,
            "HexValue": f"hex:{data.hex()}" if isinstance(data, bytes) else None,
        }
        records.append(Record(cells, dict.fromkeys(cells, Origin(member, f"[{REGISTRY}]/{value.path}"))))
    for path, why in section.unreadable.items():
        gaps = _unread("secedit_registry", ("Kind", "IntValue", "TextValue", "ListValue", "HexValue"), why, member)
        records.append(Record({"Path": _written(section, path)}, Origin(member, f"[{REGISTRY}]/{path}"), gaps))
    return _Rows(records)


_SECEDIT: Mapping[str, Callable[["ArchiveSource", "SecurityPolicy", str], _Rows]] = {
    "secedit_right": _rights,
    "secedit_setting": _settings,
    "secedit_registry": _registry,
}


def _broken(section: "Section[Any]", name: str) -> bool:
    return name.casefold() in section.unreadable


def _written(section: "Section[Any]", folded: str) -> str:
    """The name as the file has it, where one of its lines could be read."""
    entry: Setting | Right | RegistryValue | None = section.entries.get(folded)
    return str(getattr(entry, "name", None) or getattr(entry, "path", None) or folded)


def _subcategories(policy: "AuditPolicy", member: str) -> Iterable[Record]:
    for found in policy.subcategories.values():
        cells = {"Subcategory": found.guid, "Name": found.name, "Setting": int(found.setting)}
        yield Record(cells, dict.fromkeys(cells, Origin(member, f"line {found.line}")))
    for guid, why in policy.unreadable.items():
        gap = Gap(Cause.UNREADABLE, f"{member}: {why}", "audit_policy", "Setting")
        yield Record({"Subcategory": guid, "Name": None}, Origin(member, guid), {"Setting": gap})
