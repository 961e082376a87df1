"""Who holds which operation of an AzMan store, and the notions of its checks: full assignment, power, reach.

Pure functions over the values of the parser. Loops end, links that lead nowhere add nothing, and where the store itself
leaves a question open (scripts, directory queries) the answer says so.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from snapshot_tool.knowledge.azman import HYPERV_APPLICATION, Access, Mark, ShippedOperation, by_name, by_number
from snapshot_tool.knowledge.azman import shipped_operations as _shipped
from snapshot_tool.knowledge.sids import ADMINISTRATORS, LOCAL_SYSTEM, is_low_privilege
from snapshot_tool.parsers.azman_store import (
    Application,
    Group,
    GroupKind,
    Index,
    Link,
    Member,
    Operation,
    Place,
    Role,
    Scope,
)
from snapshot_tool.parsers.azman_store import index as _index

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from snapshot_tool.parsers.azman_store import Store, Task

Way = tuple[Place, ...]
"""The elements that lead from the role to what it reaches, in order; the last one is the evidence."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Trail:
    """A way as a linked list, for ways share their beginnings: a copy for each would be quadratic."""

    place: Place
    rest: Trail | None

    def __iter__(self) -> Iterator[Place]:
        trail: Trail | None = self
        while trail is not None:
            yield trail.place
            trail = trail.rest


@dataclass(frozen=True, slots=True)
class ReachedOperation:
    """An operation that a role holds; `conditional` if every way to it passes a business rule."""

    operation: Operation
    conditional: bool
    back: Trail
    """The way from its end to the role."""

    @property
    def way(self) -> Way:
        return tuple(self.back)[::-1]


@dataclass(frozen=True, slots=True)
class ReachedMember:
    """A principal of a role: a SID, or text that is none. `direct` if it stands in the role itself."""

    sid: str
    back: Trail
    """The way from where `onward` begins back to the role."""
    onward: Trail | None = None

    @property
    def way(self) -> Way:
        return (*tuple(self.back)[::-1], *(self.onward or ()))

    @property
    def direct(self) -> bool:
        return self.back.rest is None and self.onward is None

    @property
    def place(self) -> Place:
        """The `Member` element."""
        return self.way[-1]


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A group that a role reaches and whose members no store can tell: a directory query, a script, an unknown type."""

    group: Group
    back: Trail

    @property
    def way(self) -> Way:
        """The links that lead to the group."""
        return tuple(self.back)[::-1]


@dataclass(frozen=True, slots=True)
class Membership:
    """The principals of a role through its groups.

    `members` are those that no `NonMember` removes; where a store excludes a whole group (`restricted`), some of them may
    be refused after all. `refused` were removed everywhere. `undetermined` are groups that may add anybody.
    """

    members: tuple[ReachedMember, ...]
    refused: tuple[ReachedMember, ...]
    undetermined: tuple[OpenGroup, ...]
    restricted: tuple[Group, ...]

    @property
    def sids(self) -> frozenset[str]:
        return frozenset(member.sid for member in self.members)

    @property
    def empty(self) -> bool:
        """Nobody, and for sure."""
        return not self.members and not self.undetermined


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role assignment with its closure; `scope` is None for the application's own (the default scope)."""

    role: Role
    scope: Scope | None
    operations: tuple[ReachedOperation, ...]
    membership: Membership
    full: bool

    @property
    def members(self) -> tuple[ReachedMember, ...]:
        return self.membership.members

    @property
    def outside_administrators(self) -> tuple[ReachedMember, ...]:
        """Members other than the group Administrators."""
        return tuple(member for member in self.members if member.sid != ADMINISTRATORS)

    @property
    def broad_members(self) -> tuple[ReachedMember, ...]:
        """Members that stand for anybody or for ordinary users."""
        return tuple(member for member in self.members if is_low_privilege(member.sid))

    def beyond_administrators(self, administrators: Collection[str] = ()) -> tuple[ReachedMember, ...]:
        """Members that are neither Administrators, SYSTEM, RID 500, 512 or 519, nor one of `administrators`.

        `administrators` are the SIDs of the members of the group Administrators.
        """
        return tuple(
            member
            for member in self.members
            if member.sid not in {ADMINISTRATORS, LOCAL_SYSTEM}
            and member.sid not in administrators
            and not _ADMINISTRATOR_RID.fullmatch(member.sid)
        )


class RecognisedBy(StrEnum):
    """How the operations of an application were told apart."""

    NAME = "name"
    NUMBER = "number"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which shipped operation each operation of an application is, by the path of its element."""

    by: RecognisedBy
    known: Mapping[str, ShippedOperation]
    unknown: tuple[Operation, ...]

    def shipped(self, operation: Operation) -> ShippedOperation | None:
        """Give the shipped operation, or None where the store's own is not recognised."""
        return self.known.get(operation.place.path)

    def missing(self, build: int | None) -> tuple[ShippedOperation, ...]:
        """Give the shipped operations of a build that the application lacks."""
        present = {operation.name for operation in self.known.values()}
        return tuple(operation for operation in _shipped(build) if operation.name not in present)

    def marked(self, assignment: Assignment, mark: Mark) -> tuple[ReachedOperation, ...]:
        """Give the operations of an assignment that carry a mark."""
        return tuple(
            reached
            for reached in assignment.operations
            if (shipped := self.shipped(reached.operation)) is not None and mark in shipped.marks
        )


class Power(StrEnum):
    """The most that an assignment lets its members do."""

    NONE = "none"
    READ = "read"
    MODIFY = "modify"
    UNDETERMINED = "undetermined"
    """Nothing known modifies, but an operation is not recognised."""


def hyperv_application(store: Store, service_application: str | None = None) -> Application | None:
    """Find the application by name without regard to case; None as name is the shipped one."""
    wanted = (service_application or HYPERV_APPLICATION).strip().casefold()
    return next((found for found in store.applications if found.name.strip().casefold() == wanted), None)


def assignments(store: Store, application: Application) -> tuple[Assignment, ...]:
    """Close every role of an application and its scopes, in the order of the file."""
    links = _index(store, application)
    holders = _holders(links)
    every = {operation.place.path for operation in application.operations}
    parts: tuple[Application | Scope, ...] = (application, *application.scopes)
    return tuple(
        _assignment(role, part if isinstance(part, Scope) else None, links, holders, every)
        for part in parts
        for role in part.roles
    )


def recognise(application: Application) -> Recognition:
    """Recognise operations by name; by the unverified numbers only where not one name is known."""
    named = {operation.place.path: by_name(operation.name) for operation in application.operations}
    known = {path: shipped for path, shipped in named.items() if shipped is not None}
    how = RecognisedBy.NAME
    if not known:
        numbered = {
            operation.place.path: by_number(operation.operation_id)
            for operation in application.operations
            if operation.operation_id is not None
        }
        known = {path: shipped for path, shipped in numbered.items() if shipped is not None}
        how = RecognisedBy.NUMBER if known else RecognisedBy.NOTHING
    unknown = tuple(operation for operation in application.operations if operation.place.path not in known)
    return Recognition(how, known, unknown)


def power(assignment: Assignment, recognition: Recognition) -> Power:
    """Tell the most that an assignment allows; operations that are not recognised leave READ undetermined."""
    if not assignment.operations:
        return Power.NONE
    shipped = [recognition.shipped(reached.operation) for reached in assignment.operations]
    if any(operation is not None and operation.access is Access.MODIFY for operation in shipped):
        return Power.MODIFY
    return Power.UNDETERMINED if None in shipped else Power.READ


def delegated(found: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Give the non-full assignments with a member outside the group Administrators, or with a group that may hold one."""
    return tuple(
        assignment
        for assignment in found
        if not assignment.full and (assignment.outside_administrators or assignment.membership.undetermined)
    )


def role_model_used(found: Iterable[Assignment]) -> bool:
    """Tell whether any assignment but a full one may have members."""
    return any(not assignment.full and not assignment.membership.empty for assignment in found)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an operation reaches through non-full assignments.

    `sids` are distinct over the whole store, `roles` the assignments that grant it, those with most members first.
    """

    sids: frozenset[str]
    roles: tuple[Assignment, ...]

    @property
    def undetermined(self) -> bool:
        """Whether a group without known members may add to `sids`."""
        return any(role.membership.undetermined for role in self.roles)


def reach(found: Iterable[Assignment], recognition: Recognition, mark: Mark) -> Reach:
    """Count the principals that hold an operation with this mark through non-full assignments."""
    roles = [each for each in found if not each.full and not each.membership.empty and recognition.marked(each, mark)]
    roles.sort(key=lambda each: (-len(each.membership.sids), each.role.place.line, each.role.place.path))
    sids = frozenset(sid for each in roles for sid in each.membership.sids)
    return Reach(sids, tuple(roles))


def is_shipped_shape(application: Application, found: Collection[Assignment]) -> bool:
    """Tell whether the application looks as installed: one full assignment, held by Administrators alone, nothing else.

    Operations are not compared (`Recognition.missing`, `Recognition.unknown`); the exact default file is not published.
    """
    only = next(iter(found)) if len(found) == 1 else None
    return (
        only is not None
        and only.full
        and not application.scopes
        and not application.groups
        and len(application.tasks) <= 1
        and not only.membership.undetermined
        and only.membership.sids == {ADMINISTRATORS}
    )


def role_operations(role: Role, links: Index) -> tuple[ReachedOperation, ...]:
    """Close a role over task and operation links, in the order of the file; each operation once, by a shortest way."""
    found: dict[str, ReachedOperation] = {}
    # First everything that needs no business rule, then the rest: what is reached both ways is not conditional.
    conditional = False
    ruled: list[tuple[Task, Trail]] = []
    # Elements of one GUID are followed together and once.
    seen: set[str] = set()
    seen_operations: set[str] = set()

    def collect(held: Iterable[Link], back: Trail | None) -> None:
        for link, operation in _targets(held, links.operations, seen_operations):
            path = operation.place.path
            found.setdefault(path, ReachedOperation(operation, conditional, Trail(link.place, back)))

    collect(role.operations, None)
    queue = deque((task, Trail(link.place, None)) for link, task in _targets(role.tasks, links.tasks, seen))
    while queue or ruled:
        if not queue:
            queue.extend(ruled)
            ruled.clear()
            conditional = True
        task, back = queue.popleft()
        if task.biz_rule is not None and not conditional:
            ruled.append((task, back))
            continue
        collect(task.operations, back)
        queue.extend((inner, Trail(link.place, back)) for link, inner in _targets(task.tasks, links.tasks, seen))
    return tuple(sorted(found.values(), key=lambda each: (each.operation.place.line, each.operation.place.path)))


def role_membership(role: Role, links: Index) -> Membership:
    """Resolve the principals of one role; for all roles of an application `assignments` is cheaper."""
    return _membership(role, links, _holders(links))


_ADMINISTRATOR_RID = re.compile(r"S-1-5-21-\d+-\d+-\d+-(?:500|512|519)", re.ASCII)

_T = TypeVar("_T")

_Holders = Mapping[str, Mapping[str, Trail]]
"""For each SID that some group refuses: the groups (by path) that hold it nevertheless, and how."""


def _assignment(role: Role, scope: Scope | None, links: Index, holders: _Holders, every: Collection[str]) -> Assignment:
    operations = role_operations(role, links)
    held = {reached.operation.place.path for reached in operations}
    # A store without operations gives nobody full rights.
    full = bool(every) and held.issuperset(every)
    return Assignment(role, scope, operations, _membership(role, links, holders), full)


def _membership(role: Role, links: Index, holders: _Holders) -> Membership:
    members: dict[str, ReachedMember] = {}
    refused: dict[str, ReachedMember] = {}
    undetermined: list[OpenGroup] = []
    restricted: list[Group] = []
    for member in role.members:
        members.setdefault(member.sid, ReachedMember(member.sid, Trail(member.place, None)))
    seen: set[str] = set()
    queue: deque[tuple[Group, Trail]] = deque()
    for link, group in _targets(role.groups, links.groups, seen):
        queue.append((group, Trail(link.place, None)))
    # Refusal depends on the way: a SID counts if one of the groups in the role itself holds it in the end.
    for sid, held_by in holders.items():
        for group, back in queue:
            if group.place.path in held_by:
                members.setdefault(sid, ReachedMember(sid, back, held_by[group.place.path]))
                break
    while queue:
        group, back = queue.popleft()
        if group.kind is not GroupKind.BASIC:
            undetermined.append(OpenGroup(group, back))
        if group.non_groups:
            restricted.append(group)
        for member in _own_members(group):
            reached = ReachedMember(member.sid, Trail(member.place, back))
            if member.sid not in holders:
                members.setdefault(member.sid, reached)
            elif member.sid not in members:
                refused.setdefault(member.sid, reached)
        queue.extend((inner, Trail(link.place, back)) for link, inner in _targets(group.groups, links.groups, seen))
    return Membership(tuple(members.values()), tuple(refused.values()), tuple(undetermined), tuple(restricted))


def _holders(links: Index) -> _Holders:
    """Walk, for each refused SID, from the groups that list it to the groups around them, up to those that refuse it."""
    groups = [group for same in links.groups.values() for group in same]
    refusing: dict[str, set[str]] = {}
    for group in groups:
        for member in group.non_members if group.kind is GroupKind.BASIC else ():
            refusing.setdefault(member.sid, set()).add(group.place.path)
    if not refusing:
        return {}
    around: dict[str, list[tuple[Group, Link]]] = {}
    listing: dict[str, list[tuple[Group, Trail]]] = {}
    for group in groups:
        for link in group.groups:
            around.setdefault(link.guid, []).append((group, link))
        for member in _own_members(group):
            if member.sid in refusing:
                listing.setdefault(member.sid, []).append((group, Trail(member.place, None)))
    found: dict[str, dict[str, Trail]] = {}
    for sid, refusers in refusing.items():
        held: dict[str, Trail] = {}
        climbed: set[str] = set()
        queue = deque(listing.get(sid, ()))
        while queue:
            group, onward = queue.popleft()
            if group.place.path in refusers or group.place.path in held:
                continue
            held[group.place.path] = onward
            if group.guid is not None and group.guid not in climbed:
                climbed.add(group.guid)
                queue.extend((outer, Trail(link.place, onward)) for outer, link in around.get(group.guid, ()))
        found[sid] = held
    return found


def _own_members(group: Group) -> tuple[Member, ...]:
    """Give the members that count: a query or a script decides without the list."""
    return group.members if group.kind in {GroupKind.BASIC, GroupKind.UNKNOWN} else ()


def _targets(held: Iterable[Link], targets: Mapping[str, tuple[_T, ...]], seen: set[str]) -> Iterator[tuple[Link, _T]]:
    for link in held:
        if link.guid not in seen and link.guid in targets:
            seen.add(link.guid)
            for target in targets[link.guid]:
                yield link, target
