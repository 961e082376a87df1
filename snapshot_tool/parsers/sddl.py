"""SDDL text -> security descriptor, and back; MS-DTYP 2.5.1. Says what stands there, judges nothing.

`parse_sddl` takes the text of a cell, `to_sddl` writes the form that Windows writes. Conditions of conditional ACEs stay text.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from snapshot_tool.knowledge.sids import UNRESOLVED, AliasResolver, aliases


class SddlError(ValueError):
    """The text is no SDDL; `offset` says where, in characters from its start."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(f"{message} (character {offset})")
        self.reason = message
        self.offset = offset


class AceType(Enum):
    """Kinds of ACE: the letters of SDDL and the number of the binary form."""

    ALLOW = ("A", 0x00)
    DENY = ("D", 0x01)
    AUDIT = ("AU", 0x02)
    ALARM = ("AL", 0x03)
    OBJECT_ALLOW = ("OA", 0x05)
    OBJECT_DENY = ("OD", 0x06)
    OBJECT_AUDIT = ("OU", 0x07)
    OBJECT_ALARM = ("OL", 0x08)
    CONDITIONAL_ALLOW = ("XA", 0x09)
    CONDITIONAL_DENY = ("XD", 0x0A)
    CONDITIONAL_OBJECT_ALLOW = ("ZA", 0x0B)
    CONDITIONAL_AUDIT = ("XU", 0x0D)
    MANDATORY_LABEL = ("ML", 0x11)
    RESOURCE_ATTRIBUTE = ("RA", 0x12)
    SCOPED_POLICY = ("SP", 0x13)
    PROCESS_TRUST_LABEL = ("TL", 0x14)
    ACCESS_FILTER = ("FL", 0x15)

    def __init__(self, letters: str, code: int) -> None:
        self.letters = letters
        self.code = code
        self.allows = letters in {"A", "OA", "XA", "ZA"}
        self.denies = letters in {"D", "OD", "XD"}
        self.conditional = letters in {"XA", "XD", "ZA", "XU", "FL"}
        self.has_object = letters in {"OA", "OD", "OU", "OL", "ZA"}


OBJECT_INHERIT: Final = 0x01
CONTAINER_INHERIT: Final = 0x02
NO_PROPAGATE_INHERIT: Final = 0x04
INHERIT_ONLY: Final = 0x08
INHERITED: Final = 0x10
CRITICAL: Final = 0x20
SUCCESSFUL_ACCESS: Final = 0x40
TRUST_PROTECTED_FILTER: Final = 0x40
FAILED_ACCESS: Final = 0x80

ACE_FLAGS: Final = {
    "OI": OBJECT_INHERIT,
    "CI": CONTAINER_INHERIT,
    "NP": NO_PROPAGATE_INHERIT,
    "IO": INHERIT_ONLY,
    "ID": INHERITED,
    "CR": CRITICAL,
    "SA": SUCCESSFUL_ACCESS,
    "TP": TRUST_PROTECTED_FILTER,
    "FA": FAILED_ACCESS,
}
RIGHTS: Final = {
    "CC": 0x0001,
    "DC": 0x0002,
    "LC": 0x0004,
    "SW": 0x0008,
    "RP": 0x0010,
    "WP": 0x0020,
    "DT": 0x0040,
    "LO": 0x0080,
    "CR": 0x0100,
    "SD": 0x0001_0000,
    "RC": 0x0002_0000,
    "WD": 0x0004_0000,
    "WO": 0x0008_0000,
    "GA": 0x1000_0000,
    "GX": 0x2000_0000,
    "GW": 0x4000_0000,
    "GR": 0x8000_0000,
    "FA": 0x001F_01FF,
    "FR": 0x0012_0089,
    "FW": 0x0012_0116,
    "FX": 0x0012_00A0,
    "KA": 0x000F_003F,
    "KR": 0x0002_0019,
    "KW": 0x0002_0006,
    "KX": 0x0002_0019,
}
"""The letters of an ACE's rights; the same letters mean different things per kind of object."""
LABEL_RIGHTS: Final = {"NW": 0x1, "NR": 0x2, "NX": 0x4}
"""What a mandatory label forbids to lower levels."""


@dataclass(frozen=True, slots=True)
class Ace:
    """One access control entry. `flags` are the bits above; `mask` is as written, generic rights included.

    `trustee` is a SID, or an alias whose SID could not be told. `condition` and `resource_attribute` are SDDL text with its
    parentheses. Object GUIDs are lower case, without braces.
    """

    type: AceType
    flags: int
    mask: int
    trustee: str
    object_type: str | None = None
    inherited_object_type: str | None = None
    condition: str | None = None
    resource_attribute: str | None = None

    @property
    def inherited(self) -> bool:
        """The entry came from a folder or key above."""
        return bool(self.flags & INHERITED)

    @property
    def inherit_only(self) -> bool:
        """The entry is for new children and does not count on the object itself."""
        return bool(self.flags & INHERIT_ONLY)


@dataclass(frozen=True, slots=True)
class Acl:
    """An access control list; `is_null`: no list at all, which in a DACL grants everything to everyone."""

    aces: tuple[Ace, ...] = ()
    protected: bool = False
    auto_inherited: bool = False
    auto_inherit_requested: bool = False
    is_null: bool = False


@dataclass(frozen=True, slots=True)
class SecurityDescriptor:
    """Owner, group and the two lists; a list is None where the text has no such part.

    `extra_control`: control bits of a binary descriptor that SDDL cannot say (defaulted parts and the like).
    """

    owner: str | None = None
    group: str | None = None
    dacl: Acl | None = None
    sacl: Acl | None = None
    extra_control: int = 0

    @property
    def control(self) -> int:
        """The SECURITY_DESCRIPTOR_CONTROL bits of the self-relative form; MS-DTYP 2.4.6."""
        control = SELF_RELATIVE | self.extra_control
        if self.dacl is not None:
            control |= DACL_PRESENT | _control(self.dacl) << 0
        if self.sacl is not None:
            control |= SACL_PRESENT | _control(self.sacl) << 1
        return control


DACL_PRESENT: Final = 0x0004
SACL_PRESENT: Final = 0x0010
DACL_AUTO_INHERIT_REQUESTED: Final = 0x0100
DACL_AUTO_INHERITED: Final = 0x0400
DACL_PROTECTED: Final = 0x1000
SELF_RELATIVE: Final = 0x8000
# The bits of the SACL lie one position above those of the DACL.


def _control(acl: Acl) -> int:
    return (
        DACL_AUTO_INHERIT_REQUESTED * acl.auto_inherit_requested
        | DACL_AUTO_INHERITED * acl.auto_inherited
        | DACL_PROTECTED * acl.protected
    )


NULL_ACL: Final = "NO_ACCESS_CONTROL"


def parse_sddl(text: str, resolver: AliasResolver = UNRESOLVED) -> SecurityDescriptor:
    """Reads a security descriptor; parts may stand in any order, each at most once.

    Raises SddlError where the text is no SDDL. Like Windows it takes tokens in any case and blanks between them.
    """
    if len(text) <= _CACHED_TEXT:
        return _cached(text, resolver)
    if len(text) > _LONGEST_TEXT:
        raise SddlError("longer than a cell may be", _LONGEST_TEXT)
    return _descriptor(text, resolver)


def _descriptor(text: str, resolver: AliasResolver) -> SecurityDescriptor:
    parts: dict[str, tuple[str, int]] = {}
    for letter, start, end in _sections(text):
        if letter in parts:
            raise SddlError(f"second part {letter}:", start - 2)
        parts[letter] = (text[start:end], start)
    return SecurityDescriptor(
        owner=_part_sid(parts.get("O"), resolver),
        group=_part_sid(parts.get("G"), resolver),
        dacl=_part_acl(parts.get("D"), resolver),
        sacl=_part_acl(parts.get("S"), resolver),
    )


def to_sddl(descriptor: SecurityDescriptor, resolver: AliasResolver | None = UNRESOLVED) -> str:
    """Writes SDDL as Windows does: aliases where the resolver knows one, rights as letters where letters say all.

    With resolver None every SID is written in full.
    """
    text = []
    if descriptor.owner is not None:
        text.append(f"O:{trustee_text(descriptor.owner, resolver)}")
    if descriptor.group is not None:
        text.append(f"G:{trustee_text(descriptor.group, resolver)}")
    if descriptor.dacl is not None:
        text.append(f"D:{_acl_text(descriptor.dacl, resolver)}")
    if descriptor.sacl is not None:
        text.append(f"S:{_acl_text(descriptor.sacl, resolver)}")
    return "".join(text)


# Most objects of a host have one of a few descriptors. A hostile snapshot must not fill the memory through the caches.
_CACHED_TEXT: Final = 2048
_cached: Final = lru_cache(maxsize=4096)(_descriptor)
_LONGEST_TEXT: Final = 65_536
_LONGEST_FIELD: Final = 512

_MARK: Final = re.compile(r"\s*([OGDS]):", re.IGNORECASE)
_PART: Final = re.compile(r"[OGDS]:|\(", re.IGNORECASE)
# ACEs without a condition or attribute hold neither parentheses nor quotes.
_PLAIN_ACE: Final = re.compile(r"\([^()\"]*\)")
_PLAIN_ACES: Final = re.compile(r"(?:\([^()\"]*\))+")
_NUMBER: Final = re.compile(r"-?(?:0x[0-9a-f]+|[0-9]+)\Z", re.IGNORECASE | re.ASCII)
_SID: Final = re.compile(r"S-1-(?:0x[0-9a-f]+|[0-9]+)(?:-(?:0x[0-9a-f]+|[0-9]+)){0,15}\Z", re.IGNORECASE | re.ASCII)
_GUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE | re.ASCII)
_PLAIN_SID: Final = re.compile(r"S-1-(?:0|[1-9][0-9]{0,8})(?:-(?:0|[1-9][0-9]{0,8}|[1-3][0-9]{9})){1,15}\Z", re.ASCII)
_TYPES: Final = {kind.letters: kind for kind in AceType}
_TYPE_CODES: Final = {kind.code: kind for kind in AceType}
_MAX_AUTHORITY: Final = 0xFFFF_FFFF_FFFF
_MAX_ACES: Final = 0xFFFF // 8


def _sections(text: str) -> list[tuple[str, int, int]]:
    """Letter, start and end of each part; an ACE is skipped as a whole, for a condition may hold anything."""
    mark = _MARK.match(text)
    if mark is None:
        if text.strip():
            raise SddlError("O:, G:, D: or S: expected", 0)
        return []
    sections = []
    while mark is not None:
        letter, start = mark.group(1).upper(), mark.end()
        position = start
        mark = None
        while (found := _PART.search(text, position)) is not None:
            if found.group() == "(":
                run = _PLAIN_ACES.match(text, found.start())
                position = _ace_end(text, found.start()) if run is None else run.end()
            else:
                mark = found
                break
        end = len(text) if mark is None else mark.start()
        sections.append((letter, start, end))
        if mark is not None:
            mark = _MARK.match(text, mark.start())
    return sections


def _ace_end(text: str, start: int) -> int:
    """Position behind the ACE that opens at `start`; text in double quotes holds no parentheses."""
    plain = _PLAIN_ACE.match(text, start)
    if plain is not None:
        return plain.end()
    depth = 0
    quoted = False
    for position in range(start, len(text)):
        character = text[position]
        if character == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return position + 1
    raise SddlError("ACE is not closed", start)


def _part_sid(part: tuple[str, int] | None, resolver: AliasResolver) -> str | None:
    if part is None:
        return None
    text, start = part
    if len(text) > _LONGEST_FIELD:
        raise SddlError("SID is too long", start)
    return parse_trustee(text, start, resolver) if text.strip() else None


def _part_acl(part: tuple[str, int] | None, resolver: AliasResolver) -> Acl | None:
    if part is None:
        return None
    text, start = part
    opening = text.find("(")
    words = (text if opening < 0 else text[:opening]).upper()
    protected = requested = inherited = is_null = False
    position = 0
    while position < len(words):
        if words[position].isspace():
            position += 1
        elif words.startswith(NULL_ACL, position):
            is_null = True
            position += len(NULL_ACL)
        elif words.startswith("AR", position):
            requested = True
            position += 2
        elif words.startswith("AI", position):
            inherited = True
            position += 2
        elif words[position] == "P":
            protected = True
            position += 1
        else:
            raise SddlError("unknown flag of an ACL", start + position)
    aces = () if opening < 0 else tuple(_aces(text, opening, start, resolver))
    if is_null and aces:
        raise SddlError("ACEs in a list that is absent", start + opening)
    if len(aces) > _MAX_ACES:
        raise SddlError("more ACEs than a list can hold", start)
    return Acl(aces, protected, inherited, requested, is_null)


def _aces(text: str, position: int, base: int, resolver: AliasResolver) -> list[Ace]:
    aces = []
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        if text[position] != "(":
            raise SddlError("ACE expected", base + position)
        end = _ace_end(text, position)
        try:
            read = _cached_ace if end - position <= _LONGEST_FIELD else _ace
            aces.append(read(text[position:end], resolver))
        except SddlError as error:
            raise SddlError(error.reason, base + position + error.offset) from None
        position = end
    return aces


def _ace(text: str, resolver: AliasResolver) -> Ace:
    """One ACE with its parentheses; offsets of errors count from its start."""
    fields = text.strip()[1:-1].split(";", 6)
    if len(fields) < 6:
        raise SddlError("an ACE has six fields", 0)
    offsets = [1]
    for field in fields[:-1]:
        if len(field) > _LONGEST_FIELD:
            raise SddlError("field of an ACE is too long", offsets[-1])
        offsets.append(offsets[-1] + len(field) + 1)
    if len(fields[5]) > _LONGEST_FIELD:
        raise SddlError("field of an ACE is too long", offsets[5])
    letters = fields[0].strip().upper()
    kind = _TYPES.get(letters)
    if kind is None:
        raise SddlError(f"unknown type of ACE {letters[:8]!r}", 1)
    rest = fields[6].strip() if len(fields) == 7 else None
    if kind.conditional and kind is not AceType.ACCESS_FILTER and not rest:
        raise SddlError("condition expected", len(text) - 1)
    if kind is AceType.RESOURCE_ATTRIBUTE and not rest:
        raise SddlError("resource attribute expected", len(text) - 1)
    if rest and not (kind.conditional or kind is AceType.RESOURCE_ATTRIBUTE):
        raise SddlError("an ACE of this type ends here", offsets[6])
    return Ace(
        type=kind,
        flags=_flags(fields[1], offsets[1]),
        mask=_mask(fields[2], offsets[2], kind),
        trustee=parse_trustee(fields[5], offsets[5], resolver),
        object_type=_guid(fields[3], offsets[3], kind),
        inherited_object_type=_guid(fields[4], offsets[4], kind),
        condition=rest if rest and kind.conditional else None,
        resource_attribute=rest if kind is AceType.RESOURCE_ATTRIBUTE else None,
    )


_cached_ace: Final = lru_cache(maxsize=8192)(_ace)


@lru_cache(maxsize=1024)
def _flags(text: str, offset: int) -> int:
    flags = 0
    for token, position in _tokens(text, offset, "flag"):
        if token not in ACE_FLAGS:
            raise SddlError(f"unknown flag {token!r}", position)
        flags |= ACE_FLAGS[token]
    return flags


@lru_cache(maxsize=1024)
def _mask(text: str, offset: int, kind: AceType) -> int:
    number = text.strip()
    if _NUMBER.match(number):
        return _number(number)
    rights = RIGHTS | LABEL_RIGHTS if kind is AceType.MANDATORY_LABEL else RIGHTS
    mask = 0
    for token, position in _tokens(text, offset, "right"):
        if token not in rights:
            raise SddlError(f"unknown right {token!r}", position)
        mask |= rights[token]
    return mask


def _number(text: str) -> int:
    """Hex, octal or decimal; Windows caps what does not fit into 32 bits and takes negative numbers."""
    negative = text.startswith("-")
    digits = text.lstrip("-").lower()
    value = _digits(digits, 0xFFFF_FFFF)
    return -value & 0xFFFF_FFFF if negative else value


def _digits(digits: str, limit: int) -> int:
    if digits.startswith("0x"):
        base, digits = 16, digits[2:]
    elif digits.startswith("0") and set(digits) <= set("01234567"):
        base = 8
    else:
        base = 10
    digits = digits.lstrip("0")
    # Twenty octal digits are above any limit here, and Python refuses to convert endless ones.
    return limit if len(digits) > 20 else min(int(digits or "0", base), limit)


def _tokens(text: str, offset: int, what: str) -> list[tuple[str, int]]:
    """The two-letter words of a field and where they stand."""
    tokens = []
    position = 0
    upper = text.upper() if text.isascii() else text
    while position < len(upper):
        if upper[position].isspace():
            position += 1
            continue
        token = upper[position : position + 2]
        if len(token) < 2:
            raise SddlError(f"unknown {what} {token!r}", offset + position)
        tokens.append((token, offset + position))
        position += 2
    return tokens


def _guid(text: str, offset: int, kind: AceType) -> str | None:
    folded = text.strip()
    if not folded:
        return None
    if not kind.has_object:
        raise SddlError("an ACE of this type has no object GUID", offset)
    if not _GUID.match(folded):
        raise SddlError("GUID expected", offset)
    return folded.lower()


@lru_cache(maxsize=4096)
def parse_trustee(text: str, offset: int, resolver: AliasResolver) -> str:
    """SID of the text of a SID or alias, the alias itself where nobody knows its SID; SddlError names the given offset."""
    folded = text.strip()
    if _PLAIN_SID.match(folded):
        return folded
    upper = folded.upper() if folded.isascii() else folded
    if upper in aliases():
        return resolver.sid(upper) or upper
    if not _SID.match(folded):
        raise SddlError("SID or alias expected", offset)
    _, _, authority, *numbers = upper.split("-")
    top = _sid_number(authority, _MAX_AUTHORITY, offset)
    # Windows writes an authority that does not fit into 32 bits in hex.
    words = ["S", "1", str(top) if top <= 0xFFFF_FFFF else f"0x{top:X}"]
    words += [str(_sid_number(number, 0xFFFF_FFFF, offset)) for number in numbers]
    return "-".join(words)


def _sid_number(digits: str, limit: int, offset: int) -> int:
    hexadecimal = digits.startswith("0X")
    significant = digits[2 * hexadecimal :].lstrip("0") or "0"
    value = int(significant, 16 if hexadecimal else 10) if len(significant) <= 20 else limit + 1
    if value > limit:
        raise SddlError("number of a SID is too large", offset)
    return value


def trustee_text(trustee: str, resolver: AliasResolver | None) -> str:
    """The alias that the resolver knows for a SID, else the SID."""
    return (resolver and resolver.alias(trustee)) or trustee


def _acl_text(acl: Acl, resolver: AliasResolver | None) -> str:
    flags = "P" * acl.protected + "AR" * acl.auto_inherit_requested + "AI" * acl.auto_inherited
    return flags + (NULL_ACL if acl.is_null else "".join(_ace_text(ace, resolver) for ace in acl.aces))


def _ace_text(ace: Ace, resolver: AliasResolver | None) -> str:
    fields = [
        ace.type.letters,
        _flags_text(ace),
        _mask_text(ace.mask, ace.type),
        ace.object_type or "",
        ace.inherited_object_type or "",
        trustee_text(ace.trustee, resolver),
    ]
    rest = ace.condition or ace.resource_attribute
    if rest:
        fields.append(rest)
    return f"({';'.join(fields)})"


def _flags_text(ace: Ace) -> str:
    left_out = "SA" if ace.type is AceType.ACCESS_FILTER else "TP"
    return "".join(token for token, bit in ACE_FLAGS.items() if ace.flags & bit and token != left_out)


@lru_cache(maxsize=1024)
def _mask_text(mask: int, kind: AceType) -> str:
    if kind is AceType.MANDATORY_LABEL and mask and not mask & ~0x7:
        return "".join(token for token, bit in LABEL_RIGHTS.items() if mask & bit)
    for whole in ("FA", "FR", "FW", "FX", "KA", "KR", "KW"):
        if mask == RIGHTS[whole]:
            return whole
    letters = [(token, bit) for token, bit in RIGHTS.items() if token[0] not in "FK"]
    if mask & ~sum(bit for _, bit in letters):
        return f"0x{mask:x}"
    return "".join(token for token, bit in letters if mask & bit)
