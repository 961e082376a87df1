"""What an AzMan store holds, as values, and the index by which its links are resolved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: an XPath and the line of the file.

    The path of anything inside the application is relative to it where the store has one application
    (`AzRole[2]/Member[1]`), else it begins at the root (`/AzAdminManager/AzApplication[2]/AzRole[1]`).
    """

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A reference by GUID: lower case, without braces."""

    guid: str
    place: Place


@dataclass(frozen=True, slots=True)
class Member:
    """A principal, as SID in canonical form; text that is no SID stays as it is."""

    sid: str
    is_sid: bool
    place: Place


@dataclass(frozen=True, slots=True)
class BizRule:
    """A script that takes part in the decision; `length` is its length in characters, its text is not kept."""

    language: str | None
    length: int
    imported_path: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Operation:
    """The smallest right; `operation_id` is None where the store has no readable number."""

    guid: str | None
    name: str
    description: str
    operation_id: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Task:
    """A set of operations and further tasks; with `role_definition` it is what the console calls a role definition."""

    guid: str | None
    name: str
    description: str
    role_definition: bool
    operations: tuple[Link, ...]
    tasks: tuple[Link, ...]
    biz_rule: BizRule | None
    place: Place


class GroupKind(Enum):
    """`GroupType`; UNKNOWN stands for any other text."""

    BASIC = "Basic"
    LDAP_QUERY = "LdapQuery"
    BIZ_RULE = "Bizrule"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Group:
    """An application group. `non_groups` are groups that are refused membership (`AppNonMembers` of the API)."""

    guid: str | None
    name: str
    description: str
    kind: GroupKind
    group_type: str
    members: tuple[Member, ...]
    non_members: tuple[Member, ...]
    groups: tuple[Link, ...]
    non_groups: tuple[Link, ...]
    ldap_query: str | None
    biz_rule: BizRule | None
    place: Place


@dataclass(frozen=True, slots=True)
class Role:
    """A role assignment: definitions, tasks and operations on one side, principals and groups on the other."""

    guid: str | None
    name: str
    description: str
    tasks: tuple[Link, ...]
    operations: tuple[Link, ...]
    members: tuple[Member, ...]
    groups: tuple[Link, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Scope:
    guid: str | None
    name: str
    description: str
    groups: tuple[Group, ...]
    tasks: tuple[Task, ...]
    roles: tuple[Role, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Application:
    guid: str | None
    name: str
    description: str
    version: str
    groups: tuple[Group, ...]
    tasks: tuple[Task, ...]
    operations: tuple[Operation, ...]
    roles: tuple[Role, ...]
    scopes: tuple[Scope, ...]
    place: Place


class DefectKind(StrEnum):
    VERSION = "version"
    MISSING_GUID = "missing-guid"
    MISSING_NAME = "missing-name"
    DUPLICATE_GUID = "duplicate-guid"
    DUPLICATE_NAME = "duplicate-name"
    DUPLICATE_OPERATION_ID = "duplicate-operation-id"
    BAD_OPERATION_ID = "bad-operation-id"
    BAD_GROUP_TYPE = "bad-group-type"
    BAD_MEMBER = "bad-member"
    DANGLING_LINK = "dangling-link"
    WRONG_KIND = "wrong-kind"
    OUT_OF_REACH = "out-of-reach"
    TASK_LOOP = "task-loop"
    GROUP_LOOP = "group-loop"


@dataclass(frozen=True, slots=True)
class Defect:
    """What contradicts the schema. `message` is English; names in it are the store's own and not made safe."""

    kind: DefectKind
    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class UnknownElement:
    """An element that MS-AZMP does not have at this place: information, no defect."""

    tag: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Store:
    """A whole store; versions are None where they are no number, `guid` is None on real stores too."""

    major_version: int | None
    minor_version: int | None
    guid: str | None
    description: str
    groups: tuple[Group, ...]
    applications: tuple[Application, ...]
    defects: tuple[Defect, ...]
    unknown: tuple[UnknownElement, ...]
    place: Place


Named: TypeAlias = Operation | Task | Group | Role | Scope | Application


@dataclass(frozen=True, slots=True)
class Index:
    """What the links of one application may mean, by GUID; of elements with the same GUID all are meant."""

    operations: Mapping[str, tuple[Operation, ...]]
    tasks: Mapping[str, tuple[Task, ...]]
    groups: Mapping[str, tuple[Group, ...]]


class _HasGuid(Protocol):
    @property
    def guid(self) -> str | None: ...


_N = TypeVar("_N", bound=_HasGuid)


def index(store: Store, application: Application) -> Index:
    """Gather what links inside the application may refer to: its own elements, its scopes' and the global groups."""
    scopes = application.scopes
    return Index(
        operations=by_guid(application.operations),
        tasks=by_guid((*application.tasks, *(task for scope in scopes for task in scope.tasks))),
        groups=by_guid((*application.groups, *(group for scope in scopes for group in scope.groups), *store.groups)),
    )


def by_guid(items: Iterable[_N]) -> dict[str, tuple[_N, ...]]:
    """Gather elements by GUID, in the order of the file; those without GUID are left out."""
    found: dict[str, list[_N]] = {}
    for item in items:
        if item.guid is not None:
            found.setdefault(item.guid, []).append(item)
    return {guid: tuple(same) for guid, same in found.items()}


def shown(text: str) -> str:
    """Quote a name for a message, shortened."""
    return f'"{text if len(text) <= 80 else text[:79] + "…"}"'
