"""An AzMan store in plain words, as sections of rows.

The texts of the store are foreign and go out as they are: whoever prints them makes them safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from snapshot_tool.knowledge.sids import display_name, well_known
from snapshot_tool.model.azman_closure import (
    Assignment,
    ReachedMember,
    RecognisedBy,
    Recognition,
    assignments,
    recognise,
)
from snapshot_tool.parsers.azman_store import GroupKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from snapshot_tool.parsers.azman_store import Application, BizRule, Group, Member, Scope, Store

Cell: TypeAlias = str | tuple[str, ...]
"""A text, or several lines: the parts are foreign, so a line end inside one of them is not one of the table's."""

Row: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table; `empty` is said where it has no rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    empty: str


def describe_store(store: Store, names: Mapping[str, str] | None = None) -> list[Section]:
    """Describe a store: what it is, who may do what, definitions, groups, scopes, operations, defects.

    Args:
        store: the store as parsed.
        names: account names by SID, as the host resolved them; well-known SIDs are named without it.
    """
    words = _Words(names or {})
    sections = [_overview(store)]
    for application in store.applications:
        closed = assignments(store, application)
        recognition = recognise(application)
        of = f" of {application.name}" if len(store.applications) > 1 else ""
        sections += [
            _assignments(f"Who may do what{of}", closed, recognition, words, _task_names(application)),
            _definitions(f"Role definitions and tasks{of}", application),
            _scopes(f"Scopes{of}", application, closed),
            _operations(f"Operations{of}", closed, application, recognition),
        ]
    sections += [_groups(store, words), _defects(store)]
    return sections


@dataclass(frozen=True, slots=True)
class _Words:
    names: Mapping[str, str]

    def principal(self, sid: str) -> str:
        name = self.names.get(sid)
        if name:
            return f"{name} ({sid})"
        return display_name(sid) if well_known(sid) is not None or not sid.startswith("S-1-") else f"{sid} (no name)"

    def members(self, members: tuple[Member, ...]) -> Iterator[str]:
        return (self.principal(member.sid) for member in members)


def _overview(store: Store) -> Section:
    version = ".".join("?" if number is None else str(number) for number in (store.major_version, store.minor_version))
    rows = [("schema", version)]
    if store.guid:
        rows.append(("GUID", store.guid))
    if store.description:
        rows.append(("description", store.description))
    for application in store.applications:
        described = f"{application.name}: {application.description}" if application.description else application.name
        rows.append(("application", described))
    return Section("Store", ("what", "value"), tuple(rows), "")


def _assignments(
    title: str,
    closed: tuple[Assignment, ...],
    recognition: Recognition,
    words: _Words,
    tasks: Mapping[str | None, str],
) -> Section:
    columns = ("role", "scope", "assigned to", "may", "definition", "place")
    rows = tuple(
        (
            assignment.role.name,
            _scope_name(assignment.scope),
            _assigned(assignment, words) or "nobody",
            _may(assignment, recognition),
            _definition_names(assignment, tasks),
            _place(assignment.role.place.path, assignment.role.place.line),
        )
        for assignment in closed
    )
    return Section(title, columns, rows, "No role is assigned: nobody gets any right from this store.")


def _assigned(assignment: Assignment, words: _Words) -> Cell:
    membership = assignment.membership
    lines = [words.principal(member.sid) + _through(member) for member in membership.members]
    lines += [f"not {words.principal(member.sid)}: refused by a group" for member in membership.refused]
    for open_group in membership.undetermined:
        group = open_group.group
        lines.append(f'whoever the group "{group.name}" holds: {_DECIDED_BY[group.kind]}')
    lines += [f'without members of groups that "{group.name}" refuses' for group in membership.restricted]
    return tuple(lines)


_DECIDED_BY = {
    GroupKind.BASIC: "its list",
    GroupKind.LDAP_QUERY: "a directory query decides, its answer is not in the store",
    GroupKind.BIZ_RULE: "a script decides, it is not run here",
    GroupKind.UNKNOWN: "its type is unknown",
}


def _through(member: ReachedMember) -> str:
    if member.direct:
        return ""
    steps = len(member.way) - 1
    return f", through {steps} group{'s' if steps > 1 else ''}"


def _may(assignment: Assignment, recognition: Recognition) -> Cell:
    if not assignment.operations:
        return "nothing"
    ruled = " (some only if a script agrees)" if any(each.conditional for each in assignment.operations) else ""
    if assignment.full:
        return f"everything: all {len(assignment.operations)} operations{ruled}"
    lines = []
    for reached in assignment.operations:
        shipped = recognition.shipped(reached.operation)
        does = "unknown" if shipped is None else shipped.access.value
        lines.append(f"{reached.operation.name} ({does}{', if a script agrees' if reached.conditional else ''})")
    return tuple(lines)


def _definition_names(assignment: Assignment, tasks: Mapping[str | None, str]) -> Cell:
    lines = [tasks.get(link.guid, f"? {link.guid}") for link in assignment.role.tasks]
    own = len(assignment.role.operations)
    return (*lines, *([f"{own} operations of its own"] if own else []))


def _task_names(application: Application) -> dict[str | None, str]:
    parts = (application.tasks, *(scope.tasks for scope in application.scopes))
    return {task.guid: task.name for tasks in parts for task in tasks}


def _definitions(title: str, application: Application) -> Section:
    owners = [("default", application.tasks)]
    owners += [(scope.name, scope.tasks) for scope in application.scopes]
    operations = {operation.guid: operation.name for operation in application.operations}
    tasks = _task_names(application)
    rows = tuple(
        (
            task.name,
            "role definition" if task.role_definition else "task",
            scope,
            (
                *(f"task {tasks.get(link.guid, '? ' + link.guid)}" for link in task.tasks),
                *(operations.get(link.guid, "? " + link.guid) for link in task.operations),
            ),
            _rule(task.biz_rule),
            task.description,
        )
        for scope, held in owners
        for task in held
    )
    return Section(title, ("name", "kind", "scope", "holds", "script", "description"), rows, "No definitions.")


def _scopes(title: str, application: Application, closed: tuple[Assignment, ...]) -> Section:
    rows = tuple(
        (
            scope.name,
            tuple(each.role.name for each in closed if each.scope is scope),
            str(len(scope.tasks)),
            str(len(scope.groups)),
            scope.description,
        )
        for scope in application.scopes
    )
    columns = ("scope", "roles", "definitions", "groups", "description")
    return Section(title, columns, rows, "No scopes: every assignment holds for every virtual machine.")


def _operations(
    title: str, closed: tuple[Assignment, ...], application: Application, recognition: Recognition
) -> Section:
    holders: dict[str, list[str]] = {}
    for assignment in closed:
        for reached in assignment.operations:
            holders.setdefault(reached.operation.place.path, []).append(assignment.role.name)
    hint = " (by its number only)" if recognition.by is RecognisedBy.NUMBER else ""
    rows = []
    for operation in application.operations:
        shipped = recognition.shipped(operation)
        rows.append(
            (
                "?" if operation.operation_id is None else str(operation.operation_id),
                operation.name,
                "not known to ship with Hyper-V"
                if shipped is None
                else f"{shipped.access.value}: {shipped.allows}{hint}",
                tuple(holders.get(operation.place.path, ())) or "nobody",
            )
        )
    return Section(title, ("number", "operation", "lets", "held by"), tuple(rows), "No operations.")


def _groups(store: Store, words: _Words) -> Section:
    held: list[tuple[str, Group]] = [("store", group) for group in store.groups]
    for application in store.applications:
        held += [(application.name, group) for group in application.groups]
        held += [(f"scope {scope.name}", group) for scope in application.scopes for group in scope.groups]
    titles = {group.guid: group.name for _, group in held}
    rows = tuple(
        (
            group.name,
            group.group_type,
            owner,
            (
                *words.members(group.members),
                *(f"group {titles.get(link.guid, '? ' + link.guid)}" for link in group.groups),
                *([f"directory query {group.ldap_query}"] if group.ldap_query else []),
            ),
            (
                *words.members(group.non_members),
                *(f"group {titles.get(link.guid, '? ' + link.guid)}" for link in group.non_groups),
            ),
            _rule(group.biz_rule),
        )
        for owner, group in held
    )
    columns = ("group", "type", "belongs to", "members", "refused", "script")
    return Section("Application groups", columns, rows, "No application groups.")


def _defects(store: Store) -> Section:
    rows = [
        (defect.kind.value, defect.message, _place(defect.place.path, defect.place.line)) for defect in store.defects
    ]
    rows += [
        ("unknown-element", f"{element.tag} is not part of the format", _place(element.place.path, element.place.line))
        for element in store.unknown
    ]
    return Section("Defects", ("kind", "what", "place"), tuple(rows), "No defects.")


def _rule(rule: BizRule | None) -> str:
    if rule is None:
        return ""
    source = f", from {rule.imported_path}" if rule.imported_path else ""
    return f"{rule.language or 'no language'}, {rule.length} characters{source}"


def _scope_name(scope: Scope | None) -> str:
    return "default" if scope is None else scope.name


def _place(path: str, line: int) -> str:
    return f"{path}, line {line}"
