"""What contradicts the schema inside an AzMan store: identities, links and loops. Lists, never raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from snapshot_tool.parsers.azman_store import (
    Application,
    Defect,
    DefectKind,
    Group,
    Link,
    Named,
    Operation,
    Role,
    Scope,
    Store,
    Task,
    index,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence


def integrity_defects(store: Store) -> Iterator[Defect]:
    """Find defects of version, identity, links and loops; each loop is told at the link that closes it."""
    if store.major_version not in {1, 2} or store.minor_version != 0:
        major, minor = ("?" if number is None else number for number in (store.major_version, store.minor_version))
        yield Defect(DefectKind.VERSION, f"the schema is {major}.{minor}; known are 1.0 and 2.0", store.place)
    yield from _identity_defects(store)
    kinds = _kinds(store)
    global_groups = _guids(store.groups)
    for group in store.groups:
        yield from _link_defects(group, _group_links(group), _Target("group", global_groups, global_groups, kinds))
    yield from _loops(DefectKind.GROUP_LOOP, [(group, _group_links(group)) for group in store.groups])
    for application in store.applications:
        yield from _application_defects(store, application, kinds)


@dataclass(frozen=True, slots=True)
class _Target:
    """What a kind of link may mean: `near` may be named here, `known` exists somewhere in the application."""

    wanted: str
    near: Collection[str]
    known: Collection[str]
    kinds: Mapping[str, str]


def _identity_defects(store: Store) -> Iterator[Defect]:
    guids: dict[str, Named] = {}
    for siblings in _sibling_sets(store):
        names: dict[str, Named] = {}
        for item in siblings:
            if item.guid is None:
                yield Defect(DefectKind.MISSING_GUID, f"{_title(item)} has no GUID", item.place)
            elif (first := guids.setdefault(item.guid, item)) is not item:
                yield Defect(DefectKind.DUPLICATE_GUID, f"{_title(item)} has the GUID of {_title(first)}", item.place)
            if not item.name.strip():
                yield Defect(DefectKind.MISSING_NAME, f"a {_kind(item)} has no name", item.place)
            elif names.setdefault(item.name.strip().casefold(), item) is not item:
                yield Defect(DefectKind.DUPLICATE_NAME, f"{_title(item)} exists twice", item.place)
    for application in store.applications:
        numbers: dict[int, Operation] = {}
        for operation in application.operations:
            number = operation.operation_id
            if number is not None and (holder := numbers.setdefault(number, operation)) is not operation:
                what = f"{_title(operation)} has the number {number} of {_title(holder)}"
                yield Defect(DefectKind.DUPLICATE_OPERATION_ID, what, operation.place)


def _sibling_sets(store: Store) -> Iterator[Sequence[Named]]:
    """Sets of elements whose names must differ."""
    yield store.applications
    yield store.groups
    for application in store.applications:
        yield from (application.groups, application.tasks, application.operations, application.roles)
        yield application.scopes
        for scope in application.scopes:
            yield from (scope.groups, scope.tasks, scope.roles)


def _application_defects(store: Store, application: Application, kinds: Mapping[str, str]) -> Iterator[Defect]:
    known = index(store, application)
    tasks = list(application.tasks)
    groups = list(application.groups)
    task_guids = _guids(tasks)
    group_guids = _guids((*groups, *store.groups))
    to_operation = _Target("operation", known.operations.keys(), known.operations.keys(), kinds)
    parts: tuple[Application | Scope, ...] = (application, *application.scopes)
    for part in parts:
        near_tasks = task_guids | _guids(part.tasks)
        near_groups = group_guids | _guids(part.groups)
        to_task = _Target("task", near_tasks, known.tasks.keys(), kinds)
        to_group = _Target("group", near_groups, known.groups.keys(), kinds)
        for group in part.groups:
            yield from _link_defects(group, _group_links(group), to_group)
        for task in part.tasks:
            yield from _link_defects(task, task.operations, to_operation)
            yield from _link_defects(task, task.tasks, to_task)
        for role in part.roles:
            yield from _link_defects(role, role.operations, to_operation)
            yield from _link_defects(role, role.tasks, to_task)
            yield from _link_defects(role, role.groups, to_group)
    for scope in application.scopes:
        tasks += scope.tasks
        groups += scope.groups
    yield from _loops(DefectKind.TASK_LOOP, [(task, task.tasks) for task in tasks])
    yield from _loops(DefectKind.GROUP_LOOP, [(group, _group_links(group)) for group in groups])


def _link_defects(owner: Named, links: Iterable[Link], target: _Target) -> Iterator[Defect]:
    for link in links:
        if link.guid in target.near:
            continue
        there = target.kinds.get(link.guid)
        if link.guid in target.known:
            what = f"{_title(owner)} refers to a {target.wanted} of another scope"
            yield Defect(DefectKind.OUT_OF_REACH, what, link.place)
        elif there is None:
            what = f"{_title(owner)} refers to the {target.wanted} {shown(link.guid)}, which does not exist"
            yield Defect(DefectKind.DANGLING_LINK, what, link.place)
        elif there == target.wanted:
            what = f"{_title(owner)} refers to a {target.wanted} of another application"
            yield Defect(DefectKind.OUT_OF_REACH, what, link.place)
        else:
            what = f"{_title(owner)} refers to a {there} as if it were a {target.wanted}"
            yield Defect(DefectKind.WRONG_KIND, what, link.place)


_I = TypeVar("_I", Task, Group)


@dataclass(slots=True)
class _Node(Generic[_I]):
    """All elements of one GUID: entered once, however often a hostile store repeats it."""

    item: _I
    links: list[Link]


def _loops(kind: DefectKind, elements: Iterable[tuple[_I, Sequence[Link]]]) -> Iterator[Defect]:
    nodes: dict[str, _Node[_I]] = {}
    for item, links in elements:
        if item.guid is not None:
            nodes.setdefault(item.guid, _Node(item, [])).links.extend(links)
    done: set[str] = set()
    for start, node in nodes.items():
        if start in done:
            continue
        done.add(start)
        on_the_way = {start}
        stack = [(start, iter(node.links))]
        while stack:
            guid, links_left = stack[-1]
            link = next(links_left, None)
            if link is None:
                stack.pop()
                on_the_way.discard(guid)
            elif link.guid in on_the_way:
                what = f"{_title(nodes[guid].item)} leads back to {_title(nodes[link.guid].item)}"
                yield Defect(kind, what, link.place)
            elif link.guid in nodes and link.guid not in done:
                done.add(link.guid)
                on_the_way.add(link.guid)
                stack.append((link.guid, iter(nodes[link.guid].links)))


def _group_links(group: Group) -> tuple[Link, ...]:
    return (*group.groups, *group.non_groups)


def _kinds(store: Store) -> dict[str, str]:
    found: dict[str, str] = {}
    for siblings in _sibling_sets(store):
        for item in siblings:
            if item.guid is not None:
                found.setdefault(item.guid, "task" if isinstance(item, Task) else _kind(item))
    return found


def _guids(items: Iterable[Task | Group]) -> set[str]:
    return {item.guid for item in items if item.guid is not None}


def _title(item: Named) -> str:
    return f"{_kind(item)} {shown(item.name)}"


def _kind(item: Named) -> str:
    match item:
        case Task():
            return "role definition" if item.role_definition else "task"
        case Role():
            return "role assignment"
        case Operation() | Group() | Scope() | Application():
            return type(item).__name__.lower()
