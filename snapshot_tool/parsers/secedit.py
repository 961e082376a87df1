"""The local security policy as `secedit /export` writes it, to values by section. Nothing is judged.

A section that the file lacks is None: its settings were not exported. A right without a line in a section that is
there is held by nobody (documented behaviour, not verified on a live host: the reader of `Section.get` decides).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from snapshot_tool.parsers.encoding import decode_windows_text, lines_of
from snapshot_tool.parsers.sid import SidError, sid_from_bytes, sid_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_BYTES = 16 * 1024 * 1024


class SeceditError(ValueError):
    """The file is no security policy, or one of its entries cannot be read."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who holds a right: a SID, or a name that did not resolve or is local (to be looked up, case ignored)."""

    sid: str | None
    name: str | None

    def __str__(self) -> str:
        return self.sid or self.name or ""


@dataclass(frozen=True, slots=True)
class Right:
    """A line of `[Privilege Rights]`; `accounts` is empty where the file says that nobody holds the right."""

    name: str
    accounts: tuple[Account, ...]
    line: int

    @property
    def sids(self) -> tuple[str, ...]:
        return tuple(account.sid for account in self.accounts if account.sid is not None)

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Names without SID."""
        return tuple(account.name for account in self.accounts if account.name is not None)


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of `[System Access]`, `[Event Audit]` or `[Version]`; `number` is None for text. -1 means never."""

    name: str
    text: str
    number: int | None
    line: int


class RegistryKind(IntEnum):
    """Types of `[Registry Values]`, numbered as in the registry."""

    SZ = 1
    EXPAND_SZ = 2
    BINARY = 3
    DWORD = 4
    MULTI_SZ = 7


@dataclass(frozen=True, slots=True)
class RegistryValue:
    """A line of `[Registry Values]`: `path` as written (it begins with `MACHINE`), `data` by `kind`."""

    path: str
    kind: RegistryKind
    data: str | int | bytes | tuple[str, ...]
    line: int


_E = TypeVar("_E", Right, Setting, RegistryValue)


@dataclass(frozen=True, slots=True)
class Section(Generic[_E]):
    """Entries by name in lower case, and why some of them cannot be read."""

    entries: Mapping[str, _E]
    unreadable: Mapping[str, str]

    def get(self, name: str) -> _E | None:
        """Look up an entry without regard to case; None means that the section has no such line.

        Raises:
            SeceditError: the line is there and cannot be read, or the name stands there twice with different values.
        """
        key = name.casefold()
        if key in self.unreadable:
            raise SeceditError(self.unreadable[key])
        return self.entries.get(key)


@dataclass(frozen=True, slots=True)
class SecurityPolicy:
    """The file. `names_certain` is False where names beyond ASCII are guesses; `defects` are lines that say nothing."""

    system_access: Section[Setting] | None
    event_audit: Section[Setting] | None
    registry_values: Section[RegistryValue] | None
    privilege_rights: Section[Right] | None
    version: Section[Setting] | None
    names_certain: bool
    defects: tuple[str, ...]


def parse_secedit(data: bytes) -> SecurityPolicy:
    """Read an export of `secedit`, or a security template (`GptTmpl.inf`), which has the same form.

    Raises:
        SeceditError: over `MAX_BYTES`, not text, or none of the sections of a security policy.
    """
    if len(data) > MAX_BYTES:
        raise SeceditError(f"the file has {len(data)} bytes; at most {MAX_BYTES} are read")
    try:
        text, certain = decode_windows_text(data)
    except UnicodeDecodeError as error:
        raise SeceditError(f"byte {error.start} is no {error.encoding} text") from None
    sections, defects = _sections(text)
    if not sections.keys() & _KNOWN:
        raise SeceditError("no section of a security policy, such as [System Access] or [Privilege Rights]")

    def section(name: str, entry: Callable[[str, str, int], _E]) -> Section[_E] | None:
        lines = sections.get(name)
        return None if lines is None else _section(name, lines, entry, defects)

    return SecurityPolicy(
        system_access=section("system access", _setting),
        event_audit=section("event audit", _setting),
        registry_values=section("registry values", _registry_value),
        privilege_rights=section("privilege rights", _right),
        version=section("version", _setting),
        names_certain=certain,
        defects=tuple(defects),
    )


_KNOWN = frozenset({"system access", "event audit", "registry values", "privilege rights", "version"})
_HEADER = re.compile(r"\[([^\]]*)\]\s*")
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}", re.ASCII)
_MAX_DEFECTS = 100

_Line = tuple[int, str]


def _sections(text: str) -> tuple[dict[str, list[_Line]], list[str]]:
    found: dict[str, list[_Line]] = {}
    defects: list[str] = []
    lines: list[_Line] | None = None
    for number, raw in enumerate(lines_of(text), start=1):
        line = raw.strip().strip("\x00")
        if not line or line.startswith(";"):
            continue
        header = _HEADER.fullmatch(line)
        if header is not None:
            lines = found.setdefault(header[1].strip().casefold(), [])
        elif lines is not None:
            lines.append((number, line))
        else:
            _note(defects, f"line {number} stands before any section")
    return found, defects


def _section(name: str, lines: list[_Line], entry: Callable[[str, str, int], _E], defects: list[str]) -> Section[_E]:
    entries: dict[str, _E] = {}
    values: dict[str, str] = {}
    unreadable: dict[str, str] = {}
    for number, line in lines:
        key_text, equals, value = (part.strip() for part in line.partition("="))
        key = key_text.casefold()
        if not equals or not key:
            _note(defects, f"line {number} in [{name}] is no assignment")
        elif key in values and values[key] != value:
            unreadable.setdefault(key, f"line {number}: {_shown(key_text)} stands twice in [{name}], with other values")
        elif key not in values:
            values[key] = value
            try:
                entries[key] = entry(key_text, value, number)
            except SeceditError as error:
                unreadable[key] = str(error)
    return Section(entries, unreadable)


def _setting(name: str, value: str, line: int) -> Setting:
    text = _unquoted(value)
    return Setting(name, text, int(text) if _NUMBER.fullmatch(text) else None, line)


def _right(name: str, value: str, line: int) -> Right:
    parts = [part.strip() for part in value.split(",")] if value else []
    if not all(parts):
        raise SeceditError(f"line {line}: {_shown(name)} lists an account without name")
    return Right(name, tuple(map(_account, parts)), line)


def _account(text: str) -> Account:
    if text[:2].upper() == "*S":
        try:
            return Account(sid_from_bytes(sid_to_bytes("S" + text[2:]))[0], None)
        except SidError:
            pass
    return Account(None, _unquoted(text))


def _registry_value(path: str, value: str, line: int) -> RegistryValue:
    kind_text, comma, data = value.partition(",")
    try:
        kind = RegistryKind(int(kind_text))
    except ValueError:
        raise SeceditError(f"line {line}: {_shown(path)} has the unknown type {_shown(kind_text)}") from None
    if not comma:
        raise SeceditError(f"line {line}: {_shown(path)} has no data")
    return RegistryValue(path, kind, _registry_data(path, kind, data.strip(), line), line)


def _registry_data(path: str, kind: RegistryKind, text: str, line: int) -> str | int | bytes | tuple[str, ...]:
    match kind:
        case RegistryKind.SZ | RegistryKind.EXPAND_SZ:
            return _unquoted(text)
        case RegistryKind.DWORD:
            if not _NUMBER.fullmatch(text):
                raise SeceditError(f"line {line}: {_shown(path)} is no number")
            return int(text)
        case RegistryKind.MULTI_SZ:
            return _strings(text)
        case RegistryKind.BINARY:
            parts = [part.strip() for part in text.split(",")] if text else []
            if not all(re.fullmatch(r"[0-9A-Fa-f]{1,2}", part) for part in parts):
                raise SeceditError(f"line {line}: {_shown(path)} is no list of bytes")
            return bytes(int(part, 16) for part in parts)


def _strings(text: str) -> tuple[str, ...]:
    """Split at commas outside quotes; a comma inside a string is written as `","`."""
    found: list[list[str]] = [[]]
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            found.append([])
        else:
            found[-1].append(character)
    return tuple("".join(part) for part in found if part)


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text


def _shown(text: str) -> str:
    return f'"{text if len(text) <= 80 else text[:79] + "…"}"'


def _note(defects: list[str], what: str) -> None:
    if len(defects) < _MAX_DEFECTS:
        defects.append(what)
