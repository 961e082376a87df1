"""Self-relative security descriptors in bytes <-> SecurityDescriptor; MS-DTYP 2.4.3 to 2.4.6. Every offset is checked."""

import struct
import uuid
from typing import Final

from snapshot_tool.knowledge.sids import UNRESOLVED, AliasResolver
from snapshot_tool.parsers.conditional_ace import (
    AceDataError,
    attribute_to_bytes,
    attribute_to_text,
    condition_to_bytes,
    condition_to_text,
)
from snapshot_tool.parsers.sddl import (
    DACL_AUTO_INHERIT_REQUESTED,
    DACL_AUTO_INHERITED,
    DACL_PRESENT,
    DACL_PROTECTED,
    SACL_PRESENT,
    SELF_RELATIVE,
    Ace,
    AceType,
    Acl,
    SddlError,
    SecurityDescriptor,
)
from snapshot_tool.parsers.sid import SidError, sid_from_bytes, sid_to_bytes


class SecurityDescriptorError(ValueError):
    """The bytes are no self-relative security descriptor, or a descriptor has no binary form."""


def parse_security_descriptor(data: bytes) -> SecurityDescriptor:
    """Reads a self-relative security descriptor; raises SecurityDescriptorError.

    A condition or resource attribute that cannot be read is kept as `#` and its bytes in hex, for the ACE still stands.
    """
    if len(data) < 20:
        raise SecurityDescriptorError("security descriptor is cut off")
    revision, _, control, owner, group, sacl, dacl = struct.unpack_from("<BBHIIII", data)
    if revision != 1 or not control & SELF_RELATIVE:
        raise SecurityDescriptorError("not a self-relative security descriptor of revision 1")
    return SecurityDescriptor(
        owner=_sid(data, owner) if owner else None,
        group=_sid(data, group) if group else None,
        dacl=_acl(data, dacl, control) if control & DACL_PRESENT else None,
        sacl=_acl(data, sacl, control >> 1) if control & SACL_PRESENT else None,
        extra_control=control & ~_TOLD_BY_LISTS,
    )


def to_bytes(descriptor: SecurityDescriptor, resolver: AliasResolver = UNRESOLVED) -> bytes:
    """The self-relative form as Windows lays it out: system list, DACL, owner, group.

    Raises SecurityDescriptorError where a trustee is an alias that the resolver does not know, or a list is too long.
    """
    body = bytearray()
    offsets = []
    for part in (
        _acl_bytes(descriptor.sacl, resolver),
        _acl_bytes(descriptor.dacl, resolver),
        _sid_bytes(descriptor.owner, resolver),
        _sid_bytes(descriptor.group, resolver),
    ):
        offsets.append(20 + len(body) if part else 0)
        body += part
    sacl, dacl, owner, group = offsets
    return struct.pack("<BBHIIII", 1, 0, descriptor.control, owner, group, sacl, dacl) + body


_TOLD_BY_LISTS: Final = (
    SELF_RELATIVE
    | DACL_PRESENT
    | SACL_PRESENT
    | 0b11 * (DACL_AUTO_INHERIT_REQUESTED | DACL_AUTO_INHERITED | DACL_PROTECTED)
)
_TYPES: Final = {kind.code: kind for kind in AceType}
_OBJECT_TYPE_PRESENT, _INHERITED_OBJECT_TYPE_PRESENT = 0x1, 0x2
_REVISION, _REVISION_DS = 2, 4


def _sid(data: bytes, offset: int, end: int | None = None) -> str:
    return _sid_and_end(data if end is None else data[:end], offset)[0]


def _sid_and_end(data: bytes, offset: int) -> tuple[str, int]:
    try:
        return sid_from_bytes(data, offset)
    except SidError as error:
        raise SecurityDescriptorError(f"{error} (byte {offset})") from None


def _acl(data: bytes, offset: int, control: int) -> Acl:
    protected = bool(control & DACL_PROTECTED)
    inherited = bool(control & DACL_AUTO_INHERITED)
    requested = bool(control & DACL_AUTO_INHERIT_REQUESTED)
    if offset == 0:
        return Acl((), protected, inherited, requested, is_null=True)
    if offset + 8 > len(data):
        raise SecurityDescriptorError(f"list is cut off (byte {offset})")
    revision, _, size, count, _ = struct.unpack_from("<BBHHH", data, offset)
    end = offset + size
    if revision not in {_REVISION, _REVISION_DS} or size < 8 or end > len(data):
        raise SecurityDescriptorError(f"not an access control list (byte {offset})")
    aces = []
    position = offset + 8
    for _ in range(count):
        if position + 4 > end:
            raise SecurityDescriptorError(f"ACE is cut off (byte {position})")
        kind, ace_flags, ace_size = struct.unpack_from("<BBH", data, position)
        if ace_size < 8 or position + ace_size > end:
            raise SecurityDescriptorError(f"ACE is cut off (byte {position})")
        aces.append(_ace(data, position, position + ace_size, kind, ace_flags))
        position += ace_size
    return Acl(tuple(aces), protected, inherited, requested)


def _ace(data: bytes, start: int, end: int, code: int, flags: int) -> Ace:
    kind = _TYPES.get(code)
    if kind is None:
        raise SecurityDescriptorError(f"unknown type {code} of ACE (byte {start})")
    (mask,) = struct.unpack_from("<I", data, start + 4)
    position = start + 8
    object_type = inherited_object_type = None
    if kind.has_object:
        if position + 4 > end:
            raise SecurityDescriptorError(f"ACE is cut off (byte {start})")
        (present,) = struct.unpack_from("<I", data, position)
        position += 4
        if present & _OBJECT_TYPE_PRESENT:
            object_type, position = _guid(data, position, end)
        if present & _INHERITED_OBJECT_TYPE_PRESENT:
            inherited_object_type, position = _guid(data, position, end)
    trustee, position = _sid_and_end(data[:end], position)
    rest = data[position:end]
    return Ace(
        type=kind,
        flags=flags,
        mask=mask,
        trustee=trustee,
        object_type=object_type,
        inherited_object_type=inherited_object_type,
        condition=_condition(rest) if kind.conditional and (rest or kind is not AceType.ACCESS_FILTER) else None,
        resource_attribute=_attribute(rest) if kind is AceType.RESOURCE_ATTRIBUTE else None,
    )


def _guid(data: bytes, position: int, end: int) -> tuple[str, int]:
    if position + 16 > end:
        raise SecurityDescriptorError(f"GUID is cut off (byte {position})")
    return str(uuid.UUID(bytes_le=data[position : position + 16])), position + 16


def _condition(data: bytes) -> str:
    try:
        return condition_to_text(data)
    except AceDataError:
        return f"#{data.hex()}"


def _attribute(data: bytes) -> str:
    try:
        return attribute_to_text(data)
    except AceDataError:
        return f"#{data.hex()}"


def _sid_bytes(trustee: str | None, resolver: AliasResolver) -> bytes:
    if trustee is None:
        return b""
    try:
        return sid_to_bytes(resolver.sid(trustee) or trustee)
    except SidError:
        raise SecurityDescriptorError(f"SID of {trustee} is not known") from None


def _acl_bytes(acl: Acl | None, resolver: AliasResolver) -> bytes:
    if acl is None or acl.is_null:
        return b""
    body = b"".join(_ace_bytes(ace, resolver) for ace in acl.aces)
    if len(body) + 8 > 0xFFFF:
        raise SecurityDescriptorError("more ACEs than a list can hold")
    revision = _REVISION_DS if any(ace.type.has_object for ace in acl.aces) else _REVISION
    return struct.pack("<BBHHH", revision, 0, len(body) + 8, len(acl.aces), 0) + body


def _ace_bytes(ace: Ace, resolver: AliasResolver) -> bytes:
    body = struct.pack("<I", ace.mask)
    if ace.type.has_object:
        present = _OBJECT_TYPE_PRESENT * (ace.object_type is not None) | _INHERITED_OBJECT_TYPE_PRESENT * (
            ace.inherited_object_type is not None
        )
        guids = (guid for guid in (ace.object_type, ace.inherited_object_type) if guid is not None)
        body += struct.pack("<I", present) + b"".join(uuid.UUID(guid).bytes_le for guid in guids)
    body += _sid_bytes(ace.trustee, resolver) + _rest_bytes(ace, resolver)
    if len(body) + 4 > 0xFFFF:
        raise SecurityDescriptorError("ACE is too long")
    return struct.pack("<BBH", ace.type.code, ace.flags, len(body) + 4) + body


def _rest_bytes(ace: Ace, resolver: AliasResolver) -> bytes:
    text = ace.condition or ace.resource_attribute
    if text is None:
        return b""
    try:
        if text.startswith("#"):
            return bytes.fromhex(text[1:])
        return condition_to_bytes(text, resolver) if ace.condition else attribute_to_bytes(text, resolver)
    except (SddlError, ValueError) as error:
        raise SecurityDescriptorError(f"no binary form: {error}") from None
