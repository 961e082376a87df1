"""AzMan stores -> tables: `azman_store` (one row per store brought home), and of the active one `azman_role`, `azman_group`, `azman_task`, `azman_scope`.

The parsed value behind a row stands in its record under `VALUE`; it is no cell and is never shown.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import decoder
from snapshot_tool.snapshot import Column, Origin, Record, Table
from snapshot_tool.verdict import Cause, Gap

if TYPE_CHECKING:
    from snapshot_tool.load.source import ArchiveSource
    from snapshot_tool.parsers.azman_store import Application, Place, Store

VALUE = "_value"

SCHEMAS: Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]] = {
    "azman_store": (
        ("StoreRole",),
        {
            "StoreRole": "string",
            "File": "string",
            "State": "string",
            "Problem": "string",
            "SchemaVersion": "string",
            "ApplicationName": "string",
            "Operations": "int",
            "Defects": "list<string>",
        },
    ),
    "azman_role": (
        ("Scope", "Role"),
        {
            "Scope": "guid",
            "Role": "guid",
            "Name": "string",
            "ScopeName": "string",
            "Members": "list<string>",
            "Operations": "list<string>",
            "Full": "bool",
        },
    ),
    "azman_task": (
        ("Scope", "Task"),
        {
            "Scope": "guid",
            "Task": "guid",
            "Name": "string",
            "ScopeName": "string",
            "IsRoleDefinition": "bool",
            "BizRuleLanguage": "string",
            "BizRuleLength": "int",
            "BizRuleImportedPath": "string",
        },
    ),
    "azman_group": (
        ("Scope", "Group"),
        {
            "Scope": "guid",
            "Group": "guid",
            "Name": "string",
            "ScopeName": "string",
            "Kind": "string",
            "Members": "list<string>",
            "NonMembers": "list<string>",
            "LdapQuery": "string",
            "BizRuleLanguage": "string",
            "BizRuleLength": "int",
            "BizRuleImportedPath": "string",
        },
    ),
    "azman_scope": (("Scope",), {"Scope": "guid", "Name": "string"}),
}
NOT_NULL = frozenset(
    {"StoreRole", "File", "State", "Name", "Members", "Operations", "Full", "Kind", "NonMembers", "Defects"}
)


def build_store(source: "ArchiveSource", name: str) -> Table:
    """One row per store that was brought home; `State` is ok, malformed or notAStore, both facts about the file."""
    files, gap, absent = _files(source)
    rows = []
    for role, member, application in files:
        data = source.read_raw(member, name)
        if isinstance(data, Gap):
            gap = data
            continue
        record = _store_record(data, role, member, application)
        if isinstance(record, Gap):
            gap = record
        else:
            rows.append(record)
    return _table(name, rows, gap, absent)


def build_part(source: "ArchiveSource", name: str) -> Table:
    """Roles, tasks, groups or scopes of the active store's Hyper-V application."""
    stores = source.table("azman_store")
    active = next((record for record in stores.records if record.cells["StoreRole"] == "active"), None)
    if active is None:
        gap = stores.gap
        return _table(name, (), gap and Gap(gap.cause, gap.detail, name, whole=True), stores.absent)
    member = active.cells["File"]
    if active.cells[VALUE] is None:
        problem = f"{member}: {active.cells['Problem']}"
        return _table(name, (), Gap(Cause.UNREADABLE, problem, name, whole=True), None)
    store, application = active.cells[VALUE]
    if application is None:
        missing = f"{member} has no application {active.cells['ApplicationName']}"
        return _table(name, (), Gap(Cause.UNDETERMINED, missing, name, whole=True), None)
    return _table(name, list(_PARTS[name](store, application, member)), None, None)


def _files(source: "ArchiveSource") -> tuple[list[tuple[str, str, str | None]], Gap | None, str | None]:
    """Role, member and service application of each copied store; why one is missing; why there is none."""
    raw = source.raw("azman_store")
    if source.host.build is None:
        return [("active", member, None) for member in source.raw_files("azman_store")], raw.gap, None
    table = source.table("azman")
    if table.not_offered or table.absent:
        return [], None, table.absent or table.not_offered
    gap = table.gap or next(
        (c.gap for c in table.columns.values() if c.gap and c.name in ("RawFile", "StoreRole")), None
    )
    gap = gap and Gap(gap.cause, gap.detail, "azman", gap.column, whole=True)
    copied = frozenset(source.raw_files("azman_store"))
    files = []
    absent = None
    for record in table.records:
        cells = record.cells
        role, member = cells.get("StoreRole"), cells.get("RawFile")
        if isinstance(member, str) and member in copied and role in ("active", "default"):
            application = cells.get("ServiceApplication")
            files.append((role, member, application if isinstance(application, str) else None))
        elif role != "active":
            continue
        elif cells.get("Scheme") in ("msldap", "mssql"):
            gap = Gap(Cause.UNDETERMINED, "the store lies in a directory or a database, outside of the host", "azman")
        elif cells.get("Exists") is False and "Exists" not in record.gaps:
            absent = "there is no store"
        else:
            known = record.gaps.get("RawFile") or record.gaps.get("Exists")
            why = raw.gap or known or Gap(Cause.NOT_COLLECTED, "the store was not copied")
            gap = Gap(why.cause, why.detail, "azman_store", whole=True)
    return files, gap, absent


def _store_record(data: bytes, role: str, member: str, service_application: str | None) -> Record | Gap:
    from snapshot_tool.knowledge.azman import HYPERV_APPLICATION
    from snapshot_tool.model.azman_closure import hyperv_application
    from snapshot_tool.parsers.azman import NotAStoreError, parse_azman
    from snapshot_tool.parsers.xml import XmlError, XmlMalformedError

    state, problem, value, version, count, defects = "ok", None, None, None, None, []
    try:
        store = parse_azman(data)
    except NotAStoreError as error:
        state, problem = "notAStore", str(error)
    except XmlMalformedError as error:
        state, problem = "malformed", str(error)
    except XmlError as error:
        return Gap(Cause.UNREADABLE, f"{member}: {error}", "azman_store", whole=True)
    else:
        application = hyperv_application(store, service_application)
        value = (store, application)
        version = f"{store.major_version}.{store.minor_version}"
        count = len(application.operations) if application else 0
        defects = [f"{defect.place.path}: {defect.message}" for defect in store.defects]
    cells = {
        "StoreRole": role,
        "File": member,
        "State": state,
        "Problem": problem,
        "SchemaVersion": version,
        "ApplicationName": service_application or HYPERV_APPLICATION,
        "Operations": count,
        "Defects": defects,
        VALUE: value,
    }
    return Record(cells, Origin(member, "/AzAdminManager"))


def _roles(store: "Store", application: "Application", member: str) -> Iterable[Record]:
    from snapshot_tool.model.azman_closure import assignments

    for found in assignments(store, application):
        role, scope = found.role, found.scope
        cells = {
            "Scope": scope and scope.guid,
            "Role": role.guid,
            "Name": role.name,
            "ScopeName": scope and scope.name,
            "Members": sorted(found.membership.sids),
            "Operations": sorted(reached.operation.name for reached in found.operations),
            "Full": found.full,
            VALUE: found,
        }
        yield Record(cells, _at(cells, member, role.place))


def _tasks(_: "Store", application: "Application", member: str) -> Iterable[Record]:
    for scope in (None, *application.scopes):
        for task in (scope or application).tasks:
            rule = task.biz_rule
            cells = {
                "Scope": scope and scope.guid,
                "Task": task.guid,
                "Name": task.name,
                "ScopeName": scope and scope.name,
                "IsRoleDefinition": task.role_definition,
                "BizRuleLanguage": rule and rule.language,
                "BizRuleLength": rule and rule.length,
                "BizRuleImportedPath": rule and rule.imported_path,
                VALUE: task,
            }
            yield Record(cells, _at(cells, member, task.place))


def _groups(store: "Store", application: "Application", member: str) -> Iterable[Record]:
    parts: list[tuple[Any, Any]] = [
        (None, store),
        (None, application),
        *((scope, scope) for scope in application.scopes),
    ]
    for scope, part in parts:
        for group in part.groups:
            rule = group.biz_rule
            cells = {
                "Scope": scope and scope.guid,
                "Group": group.guid,
                "Name": group.name,
                "ScopeName": scope and scope.name,
                "Kind": group.group_type,
                "Members": [one.sid for one in group.members],
                "NonMembers": [one.sid for one in group.non_members],
                "LdapQuery": group.ldap_query,
                "BizRuleLanguage": rule and rule.language,
                "BizRuleLength": rule and rule.length,
                "BizRuleImportedPath": rule and rule.imported_path,
                VALUE: group,
            }
            yield Record(cells, _at(cells, member, group.place))


def _scopes(_: "Store", application: "Application", member: str) -> Iterable[Record]:
    for scope in application.scopes:
        cells = {"Scope": scope.guid, "Name": scope.name, VALUE: scope}
        yield Record(cells, _at(cells, member, scope.place))


_PARTS = {"azman_role": _roles, "azman_task": _tasks, "azman_group": _groups, "azman_scope": _scopes}


def _at(cells: Mapping[str, Any], member: str, place: "Place") -> Mapping[str, Origin]:
    origin = Origin(member, place.path)
    return dict.fromkeys(cells, origin)


def _table(name: str, records: Iterable[Record], gap: Gap | None, absent: str | None) -> Table:
    key, columns = SCHEMAS[name]
    declared = {column: Column(column, decoder(kind), column not in NOT_NULL) for column, kind in columns.items()}
    return Table(name, declared, tuple(records), key, gap=gap, absent=absent if gap is None else None)
