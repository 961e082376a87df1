"""Firewall rule strings of the registry -> FirewallRule; MS-GPFAS 2.2.2.19, schema 2.0 to 2.33. Judges nothing.

Field names are read without regard to case and in any order, for real stores mix both; fields that nobody knows are kept.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeVar


class FirewallRuleError(ValueError):
    """The text is no firewall rule; the message says which part."""


class Direction(StrEnum):
    IN = "In"
    OUT = "Out"


class Action(StrEnum):
    ALLOW = "Allow"
    BLOCK = "Block"
    BYPASS = "ByPass"


class ProfileType(StrEnum):
    DOMAIN = "Domain"
    PRIVATE = "Private"
    PUBLIC = "Public"


ANY_PROTOCOL: Final = 256
ICMPV4: Final = 1
TCP: Final = 6
UDP: Final = 17
ICMPV6: Final = 58

STORES_ALWAYS_IN_FORCE: Final = frozenset({"svcStatic", "svcConfigurable"})
"""Lists of restricted services: a rule without Active is in force there, elsewhere it is off."""


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """One rule. An empty tuple or None means that the rule does not limit this: any port, address, program, service.

    `version` is (major, minor) of the prefix. `active` is None where the field is absent. `profiles` empty: all. `protocol` is the
    IP number, 256 for any. Ports are numbers, ranges (`5000-5020`) or keywords (`RPC`, `RPC-EPMap`), addresses as written
    (`LocalSubnet`, `10.0.0.0/255.0.0.0`, `fe80::/64`). `name`, `description` and `group` are display text or `@dll,-id`.
    `unknown` holds (field, value) of everything else, in order.
    """

    version: tuple[int, int]
    action: Action
    direction: Direction
    active: bool | None = None
    protocol: int = ANY_PROTOCOL
    profiles: frozenset[ProfileType] = frozenset()
    local_ports: tuple[str, ...] = ()
    remote_ports: tuple[str, ...] = ()
    local_addresses_v4: tuple[str, ...] = ()
    local_addresses_v6: tuple[str, ...] = ()
    remote_addresses_v4: tuple[str, ...] = ()
    remote_addresses_v6: tuple[str, ...] = ()
    icmp_types_v4: tuple[str, ...] = ()
    icmp_types_v6: tuple[str, ...] = ()
    program: str | None = None
    service: str | None = None
    interface_types: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    edge_traversal: bool = False
    deferred_to: tuple[str, ...] = ()
    package_sid: str | None = None
    local_user_owner: str | None = None
    local_user_sddl: str | None = None
    remote_user_sddl: str | None = None
    remote_machine_sddl: str | None = None
    security: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    platform_operator: str | None = None
    trust_tuple_keywords: tuple[str, ...] = ()
    name: str | None = None
    description: str | None = None
    group: str | None = None
    unknown: tuple[tuple[str, str], ...] = ()

    def in_force(self, store: str) -> bool:
        """Whether the rule is switched on in this store (`firewall_rules_raw.Store`)."""
        return store in STORES_ALWAYS_IN_FORCE if self.active is None else self.active

    def covers(self, profile: ProfileType) -> bool:
        """Whether the rule counts on networks of this profile."""
        return not self.profiles or profile in self.profiles

    @property
    def any_remote_address(self) -> bool:
        """The rule does not limit where the traffic comes from (In) or goes to (Out)."""
        addresses = (*self.remote_addresses_v4, *self.remote_addresses_v6)
        return not addresses or any(address.lower() in _EVERY_ADDRESS for address in addresses)

    @property
    def any_local_port(self) -> bool:
        """The rule does not limit the local port."""
        return not self.local_ports or any(port in {"*", "0-65535", "1-65535"} for port in self.local_ports)

    def covers_local_port(self, port: int, protocol: int = TCP) -> bool:
        """Whether the rule lets traffic to this local port match: by number, in a range, or because it names none."""
        if self.protocol not in {protocol, ANY_PROTOCOL}:
            return False
        return not self.local_ports or any(_covers(text, port) for text in self.local_ports)

    def names_local_port(self, port: int, protocol: int = TCP) -> bool:
        """Whether the rule names this local port, by number or in a range."""
        return self.protocol == protocol and any(_covers(text, port) for text in self.local_ports)


@lru_cache(maxsize=16384)
def parse_firewall_rule(text: str) -> FirewallRule:
    """Reads `v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|...|`; raises FirewallRuleError."""
    if len(text) > _LONGEST_TEXT:
        raise FirewallRuleError("the rule is longer than a cell may be")
    head, *parts = text.split("|")
    found = _VERSION.match(head)
    if found is None:
        raise FirewallRuleError(f"a rule begins with v<major>.<minor>, not with {_shown(head)}")
    fields: dict[str, list[str]] = {}
    unknown = []
    for part in parts:
        name, equals, value = part.partition("=")
        key = _known(name)
        if key is not None and equals:
            fields.setdefault(key, []).append(value)
        elif part.strip():
            unknown.append((name, value))
    action = _word(fields, "action", _ACTIONS)
    direction = _word(fields, "dir", _DIRECTIONS)
    if action is None or direction is None:
        raise FirewallRuleError("a rule has an Action and a Dir")
    return FirewallRule(
        version=(int(found[1]), int(found[2])),
        action=action,
        direction=direction,
        active=_word(fields, "active", _BOOLEANS),
        protocol=_protocol(fields),
        profiles=_profiles(fields),
        local_ports=_list(fields, "lport"),
        remote_ports=_list(fields, "rport"),
        local_addresses_v4=_list(fields, "la4"),
        local_addresses_v6=_list(fields, "la6"),
        remote_addresses_v4=_list(fields, "ra4"),
        remote_addresses_v6=_list(fields, "ra6"),
        icmp_types_v4=_list(fields, "icmp4"),
        icmp_types_v6=_list(fields, "icmp6"),
        program=_last(fields, "app"),
        service=_last(fields, "svc"),
        interface_types=_list(fields, "iftype"),
        interfaces=_list(fields, "if"),
        edge_traversal=_word(fields, "edge", _BOOLEANS) is True,
        deferred_to=_list(fields, "defer"),
        package_sid=_last(fields, "apppkgid"),
        local_user_owner=_last(fields, "luown"),
        local_user_sddl=_last(fields, "luauth"),
        remote_user_sddl=_last(fields, "ruauth"),
        remote_machine_sddl=_last(fields, "rmauth"),
        security=_list(fields, "security"),
        platforms=_list(fields, "platform"),
        platform_operator=_last(fields, "platform2"),
        trust_tuple_keywords=_list(fields, "ttk"),
        name=_last(fields, "name"),
        description=_last(fields, "desc"),
        group=_last(fields, "embedctxt"),
        unknown=tuple(unknown),
    )


_Word = TypeVar("_Word")
_VERSION: Final = re.compile(r"\s*v([0-9]{1,4})\.([0-9]{1,4})\s*\Z", re.IGNORECASE | re.ASCII)
_LONGEST_TEXT: Final = 65_536
_SUFFIX: Final = re.compile(r"2_[0-9]{1,4}\Z", re.ASCII)
_FIELDS: Final = frozenset(
    {
        "action",
        "active",
        "app",
        "apppkgid",
        "defer",
        "desc",
        "dir",
        "edge",
        "embedctxt",
        "icmp4",
        "icmp6",
        "if",
        "iftype",
        "la4",
        "la6",
        "lport",
        "luauth",
        "luown",
        "name",
        "platform",
        "platform2",
        "profile",
        "protocol",
        "ra4",
        "ra6",
        "rmauth",
        "rport",
        "ruauth",
        "security",
        "svc",
        "ttk",
    }
)
_NEWER: Final = {"ra42": "ra4", "ra62": "ra6", "la42": "la4", "la62": "la6", "security2": "security"}
"""Fields that add keywords of a later schema to a plain one; others carry the schema as a suffix (`LPort2_10`)."""
_ACTIONS: Final = {"allow": Action.ALLOW, "block": Action.BLOCK, "bypass": Action.BYPASS}
_DIRECTIONS: Final = {"in": Direction.IN, "out": Direction.OUT}
_BOOLEANS: Final = {"true": True, "false": False}
_PROFILES: Final = {profile.lower(): profile for profile in ProfileType}
_PROTOCOLS: Final = {"tcp": TCP, "udp": UDP, "icmpv4": ICMPV4, "icmpv6": ICMPV6, "any": ANY_PROTOCOL, "*": ANY_PROTOCOL}
_EVERY_ADDRESS: Final = frozenset(
    {
        "*",
        "any",
        "0.0.0.0/0",
        "0.0.0.0/0.0.0.0",
        "0.0.0.0-255.255.255.255",
        "::/0",
        "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    }
)


@lru_cache(maxsize=256)
def _known(name: str) -> str | None:
    """The plain field that a name adds to; None for fields that are kept as they are."""
    folded = name.strip().lower()
    folded = _NEWER.get(folded, _SUFFIX.sub("", folded))
    return folded if folded in _FIELDS else None


def _word(fields: dict[str, list[str]], name: str, words: dict[str, _Word]) -> _Word | None:
    text = _last(fields, name)
    if text is None:
        return None
    word = words.get(text.lower())
    if word is None:
        raise FirewallRuleError(f"{name.capitalize()} is {_shown(text)}")
    return word


def _last(fields: dict[str, list[str]], name: str) -> str | None:
    values = fields.get(name)
    return None if values is None else values[-1].strip() or None


def _list(fields: dict[str, list[str]], name: str) -> tuple[str, ...]:
    values = fields.get(name)
    if values is None:
        return ()
    return tuple(part for value in values for word in value.split(",") if (part := word.strip()))


def _protocol(fields: dict[str, list[str]]) -> int:
    text = _last(fields, "protocol")
    if text is None:
        return ANY_PROTOCOL
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else _PROTOCOLS.get(text.lower())
    if number is None or number > ANY_PROTOCOL:
        raise FirewallRuleError(f"Protocol is {_shown(text)}")
    return number


def _profiles(fields: dict[str, list[str]]) -> frozenset[ProfileType]:
    names = _list(fields, "profile")
    if not names:
        return frozenset()
    profiles = set()
    for name in names:
        profile = _PROFILES.get(name.lower())
        if profile is not None:
            profiles.add(profile)
        elif name.lower() != "all":
            raise FirewallRuleError(f"Profile is {_shown(name)}")
        else:
            return frozenset()
    return frozenset(profiles)


def _covers(text: str, port: int) -> bool:
    first, dash, last = text.partition("-")
    if not (first.isascii() and first.isdigit()) or len(first) > 5:
        return False
    if not dash:
        return int(first) == port
    return last.isascii() and last.isdigit() and len(last) <= 5 and int(first) <= port <= int(last)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
