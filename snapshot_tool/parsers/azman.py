"""AzMan policy stores in XML (MS-AZMP, schema 1 and 2) to values.

Nothing is judged: what contradicts the schema is listed as a defect, and the rest of the store is read all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from snapshot_tool.parsers.azman_integrity import integrity_defects
from snapshot_tool.parsers.azman_store import (
    Application,
    BizRule,
    Defect,
    DefectKind,
    Group,
    GroupKind,
    Link,
    Member,
    Operation,
    Place,
    Role,
    Scope,
    Store,
    Task,
    UnknownElement,
    shown,
)
from snapshot_tool.parsers.sid import SidError, sid_from_bytes, sid_to_bytes
from snapshot_tool.parsers.xml import XmlError, XmlRefusedError, line_of, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from snapshot_tool.parsers.xml import Element

__all__ = ["MAX_STEPS", "NotAStoreError", "parse_azman"]

MAX_STEPS = 20_000_000
"""Roles times links, refused principals times links: a thousand roles over ten thousand links are still followed."""


class NotAStoreError(XmlError):
    """Well-formed XML whose root is not `AzAdminManager`."""


def parse_azman(data: bytes) -> Store:
    """Read a store.

    Links that lead nowhere, loops, duplicates and the like are in `defects`, in the order of the file.

    Raises:
        XmlError: no XML that is read here (`XmlMalformedError`, `XmlRefusedError`), or no store (`NotAStoreError`).
            A store that would take minutes to follow (`MAX_STEPS`) is refused as well.
    """
    root = parse_xml(data)
    if root.tag != "AzAdminManager":
        raise NotAStoreError(f"the root element is {shown(_tag(root))}, not AzAdminManager", line_of(root))
    return _Reader(root).store()


class _Reader:
    """Walks the tree once and collects what it does not know."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._unknown: list[UnknownElement] = []
        self._defects: list[Defect] = []

    def store(self) -> Store:
        root = self._root
        children = self._children(root, "/AzAdminManager/", {"AzApplication", "AzApplicationGroup"})
        applications = children["AzApplication"]
        store = Store(
            major_version=_number(root.get("MajorVersion")),
            minor_version=_number(root.get("MinorVersion")),
            guid=_guid(root.get("Guid")),
            description=root.get("Description") or "",
            groups=tuple(map(self._group, children["AzApplicationGroup"])),
            applications=tuple(self._application(item, alone=len(applications) == 1) for item in applications),
            defects=(),
            unknown=(),
            place=Place("/AzAdminManager", line_of(root)),
        )
        _refuse_excess(store)
        defects = [*self._defects, *integrity_defects(store)]
        return _with_findings(store, defects, self._unknown)

    def _application(self, item: _Item, *, alone: bool) -> Application:
        known = {"AzApplicationGroup", "AzTask", "AzOperation", "AzRole", "AzScope"}
        children = self._children(item.element, "" if alone else f"{item.place.path}/", known)
        return Application(
            **_head(item),
            version=item.element.get("ApplicationVersion") or "",
            groups=tuple(map(self._group, children["AzApplicationGroup"])),
            tasks=tuple(map(self._task, children["AzTask"])),
            operations=tuple(map(self._operation, children["AzOperation"])),
            roles=tuple(map(self._role, children["AzRole"])),
            scopes=tuple(map(self._scope, children["AzScope"])),
        )

    def _scope(self, item: _Item) -> Scope:
        children = self._children(item.element, f"{item.place.path}/", {"AzApplicationGroup", "AzTask", "AzRole"})
        return Scope(
            **_head(item),
            groups=tuple(map(self._group, children["AzApplicationGroup"])),
            tasks=tuple(map(self._task, children["AzTask"])),
            roles=tuple(map(self._role, children["AzRole"])),
        )

    def _operation(self, item: _Item) -> Operation:
        numbers = self._children(item.element, f"{item.place.path}/", {"OperationID"})["OperationID"]
        number = _number(_text(numbers[0].element)) if len(numbers) == 1 else None
        if number is None:
            self._defect(DefectKind.BAD_OPERATION_ID, f"operation {shown(_name(item))} has no number", item.place)
        return Operation(**_head(item), operation_id=number)

    def _task(self, item: _Item) -> Task:
        known = {"OperationLink", "TaskLink", "BizRuleLanguage", "BizRule", "BizRuleImportedPath"}
        children = self._children(item.element, f"{item.place.path}/", known)
        return Task(
            **_head(item),
            role_definition=(item.element.get("RoleDefinition") or "").strip().casefold() in {"true", "1"},
            operations=_links(children["OperationLink"]),
            tasks=_links(children["TaskLink"]),
            biz_rule=_biz_rule(item, children),
        )

    def _role(self, item: _Item) -> Role:
        known = {"TaskLink", "OperationLink", "Member", "AppMemberLink"}
        children = self._children(item.element, f"{item.place.path}/", known)
        return Role(
            **_head(item),
            tasks=_links(children["TaskLink"]),
            operations=_links(children["OperationLink"]),
            members=self._members(children["Member"]),
            groups=_links(children["AppMemberLink"]),
        )

    def _group(self, item: _Item) -> Group:
        known = {"Member", "NonMember", "AppMemberLink", "AppNonMemberLink", "LdapQuery"}
        known |= {"BizRuleLanguage", "BizRule", "BizRuleImportedPath"}
        children = self._children(item.element, f"{item.place.path}/", known)
        group_type = item.element.get("GroupType") or ""
        kind = _GROUP_KINDS.get(group_type.strip().casefold(), GroupKind.UNKNOWN)
        if kind is GroupKind.UNKNOWN:
            what = f"group {shown(_name(item))} has the unknown type {shown(group_type)}"
            self._defect(DefectKind.BAD_GROUP_TYPE, what, item.place)
        queries = [text for text in map(_text, (query.element for query in children["LdapQuery"])) if text]
        return Group(
            **_head(item),
            kind=kind,
            group_type=group_type,
            members=self._members(children["Member"]),
            non_members=self._members(children["NonMember"]),
            groups=_links(children["AppMemberLink"]),
            non_groups=_links(children["AppNonMemberLink"]),
            ldap_query=" ".join(queries) or None,
            biz_rule=_biz_rule(item, children),
        )

    def _members(self, items: Iterable[_Item]) -> tuple[Member, ...]:
        members = []
        for item in items:
            text = _text(item.element)
            sid = _sid(text)
            if sid is None:
                self._defect(DefectKind.BAD_MEMBER, f"member {shown(text)} is no SID", item.place)
            members.append(Member(sid or text, sid is not None, item.place))
        return tuple(members)

    def _children(self, element: Element, prefix: str, known: set[str]) -> dict[str, list[_Item]]:
        children: dict[str, list[_Item]] = {tag: [] for tag in known}
        seen: Counter[str] = Counter()
        for child in element:
            tag = _tag(child)
            seen[tag] += 1
            place = Place(f"{prefix}{tag}[{seen[tag]}]", line_of(child))
            if tag in known:
                children[tag].append(_Item(child, place))
            else:
                self._unknown.append(UnknownElement(tag, _text(child)[:200], place))
        return children

    def _defect(self, kind: DefectKind, message: str, place: Place) -> None:
        self._defects.append(Defect(kind, message, place))


@dataclass(frozen=True, slots=True)
class _Item:
    element: Element
    place: Place


class _Head(TypedDict):
    guid: str | None
    name: str
    description: str
    place: Place


_GROUP_KINDS = {kind.value.casefold(): kind for kind in GroupKind if kind is not GroupKind.UNKNOWN}


def _tag(element: Element) -> str:
    return str(element.tag)


def _text(element: Element) -> str:
    return "".join(map(str, element.itertext())).strip()


def _name(item: _Item) -> str:
    return item.element.get("Name") or ""


def _head(item: _Item) -> _Head:
    return {
        "guid": _guid(item.element.get("Guid")),
        "name": _name(item),
        "description": item.element.get("Description") or "",
        "place": item.place,
    }


def _guid(text: str | None) -> str | None:
    """Fold a GUID; text that is none stays, so that equal texts still refer to each other."""
    return (text or "").strip().strip("{}").strip().lower() or None


def _links(items: Iterable[_Item]) -> tuple[Link, ...]:
    return tuple(Link(_guid(_text(item.element)) or "", item.place) for item in items)


def _number(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if re.fullmatch(r"[+-]?[0-9]{1,10}", digits, re.ASCII) else None


def _sid(text: str) -> str | None:
    """Canonical form, for Windows also takes lower case, leading zeros and hexadecimal authorities."""
    try:
        return sid_from_bytes(sid_to_bytes(text[:1].upper() + text[1:]))[0]
    except SidError:
        return None


def _biz_rule(item: _Item, children: Mapping[str, list[_Item]]) -> BizRule | None:
    """A rule is there if it has text or names the file it came from; the console leaves an empty language behind."""
    scripts = children["BizRule"]
    length = sum(len(_text(script.element)) for script in scripts)
    paths = [_text(path.element) for path in children["BizRuleImportedPath"]]
    path = next(filter(None, [(item.element.get("BizRuleImportedPath") or "").strip(), *paths]), None)
    if not length and path is None:
        return None
    languages = [_text(language.element) for language in children["BizRuleLanguage"]]
    place = scripts[0].place if length else item.place
    return BizRule(next(filter(None, languages), None), length, path, place)


def _refuse_excess(store: Store) -> None:
    """Following links costs every role a walk over all of them; a hostile store can make that quadratic."""
    applications = store.applications
    parts: list[Application | Scope] = [*applications, *(scope for each in applications for scope in each.scopes)]
    roles = [role for part in parts for role in part.roles]
    tasks = [task for part in parts for task in part.tasks]
    groups = [*store.groups, *(group for part in parts for group in part.groups)]
    links = sum(len(role.tasks) + len(role.operations) + len(role.members) + len(role.groups) for role in roles)
    links += sum(1 + len(task.operations) + len(task.tasks) for task in tasks)
    links += sum(1 + len(group.members) + len(group.groups) + len(group.non_members) for group in groups)
    links += sum(len(application.operations) for application in applications)
    refused = len({member.sid for group in groups for member in group.non_members})
    if (len(roles) + refused) * links + len(roles) * refused * len(groups) > MAX_STEPS:
        raise XmlRefusedError(f"the store has too much to follow: {len(roles)} role assignments over {links} links")


def _with_findings(store: Store, defects: Iterable[Defect], unknown: Iterable[UnknownElement]) -> Store:
    return replace(
        store,
        defects=tuple(sorted(defects, key=lambda defect: (defect.place.line, defect.place.path, defect.kind))),
        unknown=tuple(sorted(unknown, key=lambda element: (element.place.line, element.place.path))),
    )
