"""What a security descriptor grants to whom: order of denials, inheritance, generic rights, absent lists.

Rows of the model offer their ACLs through these functions; the notions create, replace, modify, read and plant are masks of
`knowledge.rights`. Nothing here says whether a grant is right or wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from snapshot_tool.knowledge import rights
from snapshot_tool.knowledge.sids import (
    ANONYMOUS,
    AUTHENTICATED_USERS,
    EVERYONE,
    AliasResolver,
    aliases,
    display_name,
    is_low_privilege,
    standing,
)
from snapshot_tool.model.host import ComputerSystem
from snapshot_tool.parsers.sddl import (
    CONTAINER_INHERIT,
    INHERIT_ONLY,
    OBJECT_INHERIT,
    Acl,
    SecurityDescriptor,
    parse_sddl,
)
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import Cause, Gap, NotAssessed, NotOffered, undetermined

__all__ = [
    "AliasResolver",
    "Grant",
    "ObjectKind",
    "SecurityDescriptor",
    "alias_resolver",
    "denied",
    "descriptor_of",
    "display_name",
    "folder_inherits",
    "granted",
    "granted_to_new_files",
    "granted_to_new_folders",
    "holding",
    "inherited_from_root",
    "is_low_privilege",
    "low_privilege",
    "low_privilege_grants",
    "parse_sddl",
    "rights_text",
    "standing",
    "trustees",
]


class ObjectKind(Enum):
    """What the descriptor protects: it says what the generic rights stand for."""

    FILE = "file"
    FOLDER = "folder"
    SHARE = "share"
    KEY = "registry key"
    SERVICE = "service"
    EVENT_LOG = "event log"


_MAPPINGS = {
    ObjectKind.FILE: rights.FILE_MAPPING,
    ObjectKind.FOLDER: rights.FILE_MAPPING,
    ObjectKind.SHARE: rights.FILE_MAPPING,
    ObjectKind.KEY: rights.KEY_MAPPING,
    ObjectKind.SERVICE: rights.SERVICE_MAPPING,
    ObjectKind.EVENT_LOG: rights.EVENT_LOG_MAPPING,
}
_WORDS = {
    ObjectKind.FILE: rights.FILE_WORDS,
    ObjectKind.FOLDER: rights.FOLDER_WORDS,
    ObjectKind.SHARE: rights.FILE_WORDS,
    ObjectKind.KEY: rights.KEY_WORDS,
    ObjectKind.SERVICE: rights.SERVICE_WORDS,
    ObjectKind.EVENT_LOG: rights.EVENT_LOG_WORDS,
}


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights that one ACE gives to one trustee.

    `sid` is a SID or an unresolved alias; `mask` has no generic rights and lacks what an earlier ACE denies; `raw_mask` is as
    written; `flags` are those of the ACE; `ace_index` counts from 0, -1 for an absent list (everyone, everything).
    `conditional`: only while the condition of the ACE holds, or only for the object type it names, so it *may* grant.
    """

    sid: str
    mask: int
    raw_mask: int = 0
    flags: int = 0
    ace_index: int = -1
    inherited: bool = False
    conditional: bool = False

    @property
    def object_inherit(self) -> bool:
        """New files get these rights, too."""
        return bool(self.flags & OBJECT_INHERIT)

    @property
    def container_inherit(self) -> bool:
        """New folders (sub-keys) get these rights, too."""
        return bool(self.flags & CONTAINER_INHERIT)

    @property
    def low_privilege(self) -> bool:
        """The trustee is anybody, or ordinary users."""
        return is_low_privilege(self.sid)

    def may(self, wanted: int) -> bool:
        """Whether any of these rights is granted."""
        return bool(self.mask & wanted)

    def __str__(self) -> str:
        return display_name(self.sid)


def descriptor_of(row: Row, attribute: str = "sddl") -> SecurityDescriptor:
    """The security descriptor in a cell of the row: SDDL text, or a self-relative descriptor in a column of type hex.

    The cell is evidence. Raises NotAssessed for a gap, a null, and (unreadable) text or bytes that are no descriptor.
    """
    cell = getattr(row, attribute)
    if cell is None:
        raise undetermined("the host gave no security descriptor", table=row.table_name, column=attribute)
    try:
        return _from_bytes(cell) if isinstance(cell, bytes) else parse_sddl(cell, alias_resolver(row.host))
    except ValueError as error:
        raise NotAssessed(Gap(Cause.UNREADABLE, str(error), row.table_name, attribute)) from None


def _from_bytes(data: bytes) -> SecurityDescriptor:
    # Few snapshots need it, and its import costs as much as a hundred descriptors.
    from snapshot_tool.parsers.security_descriptor import parse_security_descriptor

    return parse_security_descriptor(data)


def alias_resolver(host: Snapshot) -> AliasResolver:
    """Aliases as the collecting host understood them. What `computer` does not tell stays unresolved; nothing becomes evidence."""
    known = host.cache.get(AliasResolver)
    if known is None:
        trace, host.trace = host.trace, []
        try:
            known = AliasResolver(
                _domain(host, "machine_sid"), _domain(host, "domain_sid"), _domain(host, "forest_root_domain_sid")
            )
        finally:
            host.trace = trace
        host.cache[AliasResolver] = known
    return known


def _domain(host: Snapshot, attribute: str) -> str | None:
    try:
        sid: str | None = getattr(host.one(ComputerSystem), attribute)
    except (NotAssessed, NotOffered):
        # An alias counts as the group it stands for, also without its SID.
        return None
    return sid


def denied(descriptor: SecurityDescriptor, kind: ObjectKind) -> tuple[str, ...]:
    """Whom the list denies anything on the object, or on what is made in it; in the order of the list."""
    aces = () if descriptor.dacl is None else descriptor.dacl.aces
    return tuple(
        ace.trustee for ace in aces if ace.type.denies and (kind is ObjectKind.FOLDER or not ace.flags & INHERIT_ONLY)
    )


def granted(descriptor: SecurityDescriptor, kind: ObjectKind) -> tuple[Grant, ...]:
    """What the DACL grants on the object itself, one grant per allow ACE that leaves any right, in order.

    Inherit-only ACEs do not count. An absent DACL (NO_ACCESS_CONTROL) gives Everyone everything, an empty one nobody anything.
    Raises NotAssessed (undetermined) where the descriptor has no DACL part at all, for then nobody asked for it.
    """
    return _grants(descriptor, kind, _OBJECT_ITSELF)


def granted_to_new_files(descriptor: SecurityDescriptor) -> tuple[Grant, ...]:
    """What the ACEs of a folder will grant on a file made in it (OI, inherit-only ones included). Raises as `granted`."""
    return _grants(descriptor, ObjectKind.FILE, OBJECT_INHERIT)


def granted_to_new_folders(descriptor: SecurityDescriptor) -> tuple[Grant, ...]:
    """What the ACEs of a folder will grant on a folder made in it (CI, inherit-only ones included). Raises as `granted`."""
    return _grants(descriptor, ObjectKind.FOLDER, CONTAINER_INHERIT)


def holding(grants: Iterable[Grant], wanted: int) -> tuple[Grant, ...]:
    """The grants that give any of these rights."""
    return tuple(grant for grant in grants if grant.mask & wanted)


def low_privilege(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants to anybody or to ordinary users."""
    return tuple(grant for grant in grants if is_low_privilege(grant.sid))


def low_privilege_grants(
    descriptor: SecurityDescriptor, kind: ObjectKind, wanted: int = rights.EVERY_RIGHT
) -> tuple[Grant, ...]:
    """What the object itself grants to anybody or to ordinary users, as far as it is any of the rights wanted."""
    return holding(low_privilege(granted(descriptor, kind)), wanted)


def trustees(grants: Iterable[Grant]) -> str:
    """The trustees by name, each once, for a message: `Everyone (S-1-1-0), Domain Users (DU)`."""
    return ", ".join(dict.fromkeys(display_name(grant.sid) for grant in grants))


def rights_text(grants: Iterable[Grant], kind: ObjectKind, wanted: int = rights.EVERY_RIGHT) -> str:
    """The rights in question that the grants give, in words, for a message: `add files, change permissions`."""
    mask = 0
    for grant in grants:
        mask |= grant.mask & wanted
    return rights.described(mask, _WORDS[kind])


def folder_inherits(chain: Iterable[SecurityDescriptor]) -> bool:
    """Whether a folder takes over what its volume root hands down.

    `chain` holds the folder and the folders between it and the root, in any order, without the root.
    """
    return not any(descriptor.dacl is not None and descriptor.dacl.protected for descriptor in chain)


def inherited_from_root(
    grant: Grant, wanted: int, root: SecurityDescriptor, between: Sequence[SecurityDescriptor] = ()
) -> bool:
    """Whether a grant of an object comes down from the root of its volume.

    That is: the ACE is marked inherited, no folder `between` the object and the root is protected, and the root gives the same
    trustee the rights in question to new files or folders. Raises NotAssessed where the root's descriptor has no DACL part.
    """
    if not grant.inherited or not folder_inherits(between):
        return False
    handed_down = (*granted_to_new_files(root), *granted_to_new_folders(root))
    given = grant.mask & wanted
    offered = 0
    for source in handed_down:
        if source.sid == grant.sid:
            offered |= source.mask
    return given != 0 and not given & ~offered


_OBJECT_ITSELF = 0
_CACHED_ACES = 64


def _grants(descriptor: SecurityDescriptor, kind: ObjectKind, heirs: int) -> tuple[Grant, ...]:
    """`heirs`: the flag of the ACEs that count for new children, 0 for the object itself."""
    if descriptor.dacl is None:
        raise undetermined("security descriptor without its DACL part")
    # Long lists are rare on a host; a hostile snapshot must not fill the memory with them.
    resolve = _cached if len(descriptor.dacl.aces) <= _CACHED_ACES else _resolve
    return resolve(descriptor.dacl, kind, heirs)


def _resolve(acl: Acl, kind: ObjectKind, heirs: int) -> tuple[Grant, ...]:
    mapping = _MAPPINGS[kind]
    if acl.is_null:
        return (Grant(EVERYONE, mapping.everything, rights.GENERIC_ALL),)
    denied: dict[str, int] = {}
    grants = []
    for index, ace in enumerate(acl.aces):
        if not ace.flags & heirs if heirs else ace.flags & INHERIT_ONLY:
            continue
        mask = mapping.map(ace.mask)
        if ace.type.denies:
            # A denial under a condition, or for one object type, may not apply; then the right is there.
            if not ace.type.conditional and ace.object_type is None:
                denied[ace.trustee] = denied.get(ace.trustee, 0) | mask
        elif ace.type.allows:
            for trustee, lost in denied.items():
                if _includes(trustee, ace.trustee):
                    mask &= ~lost
            if mask:
                conditional = ace.type.conditional or ace.object_type is not None
                grants.append(Grant(ace.trustee, mask, ace.mask, ace.flags, index, ace.inherited, conditional))
    return tuple(grants)


_cached = lru_cache(maxsize=4096)(_resolve)


def _includes(group: str, trustee: str) -> bool:
    """Whether every member of `trustee` is surely a member of `group`."""
    if group == trustee:
        return True
    if group == EVERYONE:
        # Since Windows XP the anonymous logon is not part of Everyone.
        return trustee != ANONYMOUS
    return group == AUTHENTICATED_USERS and _rid(trustee) in {"512", "513", "515"}


def _rid(trustee: str) -> str:
    entry = aliases().get(trustee)
    sid = trustee if entry is None else entry.sid
    return sid.rpartition("-")[2] if sid.startswith("S-1-5-21-") else ""
