"""The policy file (TOML): read, validated with one clear line per mistake, and turned into values. Reference: docs/policy.md."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, TypeVar

from snapshot_tool.policy import Policy, Profile, Settings, VMTags, WaiverRule

T = TypeVar("T")

_FINGERPRINT = re.compile(r"[0-9a-f]{12}\Z")
NO_SUBNETS: tuple[IPv4Network | IPv6Network, ...] = ()
NO_TEXTS: tuple[str, ...] = ()
MAX_BYTES = 4 * 1024 * 1024


class SettingsError(ValueError):
    """The policy file cannot be used; the message says what is wrong and where in the file."""


def read_settings(path: Path, check_ids: Collection[str]) -> Settings:
    """Reads and validates a policy file; `check_ids` are those that exist. Raises SettingsError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise SettingsError(f"is larger than {MAX_BYTES // 1024 // 1024} MiB")
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"is not UTF-8 (byte {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is no TOML: {error}") from None
    return parse_settings(document, check_ids)


def parse_settings(document: Mapping[str, Any], check_ids: Collection[str]) -> Settings:
    """The settings behind a TOML document. Raises SettingsError with every mistake, one a line."""
    reader = _Reader(document, "")
    profile = reader.take("profile", _profile, Profile.DEFAULT)
    management = reader.table("management")
    subnets = management.take("subnets", _subnets, NO_SUBNETS)
    management.end()
    vms: dict[str, VMTags] = {}
    for vm in reader.tables("vm"):
        names = [name for name in (vm.take("id", _guid, None), vm.take("name", _text, None)) if name]
        tags = VMTags(
            vm.take("owner", _text, None),
            vm.take("protection", _text, None),
            frozenset(vm.take("tags", _texts, NO_TEXTS)),
        )
        if not names:
            vm.mistake("needs id or name")
        for name in names:
            if name.casefold() in vms:
                vm.mistake(f"{name} is declared twice")
            vms[name.casefold()] = tags
        vm.end()
    off: dict[str, str] = {}
    for entry in reader.tables("off"):
        off[entry.check(check_ids)] = entry.need("reason", _text, "")
        entry.end()
    waivers = []
    for entry in reader.tables("waiver"):
        waivers.append(
            WaiverRule(
                entry.check(check_ids),
                entry.need("observed", _fingerprint, ""),
                entry.need("owner", _text, ""),
                entry.need("reason", _text, ""),
                entry.need("expires", _date, date.min),
                entry.take("table", _text, None),
                entry.take("key", _mapping, {}),
                entry.take("part", _text, None),
            )
        )
        entry.end()
    reader.end()
    if reader.mistakes:
        raise SettingsError("\n".join(reader.mistakes))
    return Settings(Policy(profile, subnets, vms), off, tuple(waivers))


class _Reader:
    """One table of the file: takes members by name and collects what is wrong with the rest."""

    def __init__(self, members: Mapping[str, Any], place: str, mistakes: list[str] | None = None) -> None:
        self._left = dict(members)
        self._place = place
        self.mistakes: list[str] = [] if mistakes is None else mistakes

    def mistake(self, what: str) -> None:
        self.mistakes.append(f"{self._place}: {what}" if self._place else what)

    def take(self, name: str, convert: Callable[[Any], T], default: T) -> T:
        """The member, or `default` where it is absent or wrong."""
        if name not in self._left:
            return default
        try:
            return convert(self._left.pop(name))
        except ValueError as error:
            self.mistake(f"{name} {error}")
            return default

    def need(self, name: str, convert: Callable[[Any], T], stand_in: T) -> T:
        """The member; its absence is a mistake."""
        if name not in self._left:
            self.mistake(f"needs {name}")
        return self.take(name, convert, stand_in)

    def check(self, known: Collection[str]) -> str:
        """The id of a check that exists."""
        found = self.need("check", _text, "").upper()
        if found and found not in known:
            self.mistake(f"there is no check {found}")
        return found

    def table(self, name: str) -> "_Reader":
        """A table inside this one."""
        return _Reader(self.take(name, _mapping, {}), f"[{name}]", self.mistakes)

    def tables(self, name: str) -> "list[_Reader]":
        """An array of tables."""
        value = self._left.pop(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.mistake(f"{name} must be written as [[{name}]]")
            return []
        return [_Reader(item, f"[[{name}]] number {place}", self.mistakes) for place, item in enumerate(value, 1)]

    def end(self) -> None:
        """Everything has been taken; what is left is a mistake, most often of spelling."""
        for name in self._left:
            self.mistake(f"{name} is not known here")


def _profile(value: Any) -> Profile:
    for profile in Profile:
        if isinstance(value, str) and value.casefold() == profile.value.casefold():
            return profile
    raise ValueError(f"must be one of {', '.join(Profile)}")


def _subnets(value: Any) -> tuple[IPv4Network | IPv6Network, ...]:
    found = []
    for text in _texts(value):
        try:
            found.append(ip_network(text))
        except ValueError as error:
            raise ValueError(f"{error}") from None
    return tuple(found)


def _text(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise ValueError("must be a text that is not empty")


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
        return tuple(value)
    raise ValueError("must be a list of texts")


def _guid(value: Any) -> str:
    from snapshot_tool.cells import CellError, fold_guid

    try:
        return fold_guid(_text(value))
    except CellError as error:
        raise ValueError(str(error)) from None


def _fingerprint(value: Any) -> str:
    if isinstance(value, str) and _FINGERPRINT.match(value):
        return value
    raise ValueError("must be the 12 digits that `snapshot-tool explain CHECK --from REPORT.json` prints")


def _date(value: Any) -> date:
    if type(value) is date:
        return value
    raise ValueError("must be a date such as 2027-03-31, without quotes")


def _mapping(value: Any) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise ValueError('must be a table such as { Name = "Spooler" }')
