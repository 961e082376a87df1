"""Well-known SIDs, the two-letter SDDL aliases, and the SIDs of virtual machines.

A trustee is the text of a SID (`S-1-5-32-545`), or a two-letter alias (`DU`) where the SID that the alias stands for could not be
told; an alias counts as the group it stands for.
"""

import csv
import struct
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

EVERYONE: Final = "S-1-1-0"
CREATOR_OWNER: Final = "S-1-3-0"
BATCH: Final = "S-1-5-3"
INTERACTIVE: Final = "S-1-5-4"
SERVICE: Final = "S-1-5-6"
ANONYMOUS: Final = "S-1-5-7"
LOCAL_LOGONS: Final = frozenset({BATCH, INTERACTIVE, SERVICE})
"""Sessions on the host itself; nobody who comes over the network is one of them."""
AUTHENTICATED_USERS: Final = "S-1-5-11"
LOCAL_SYSTEM: Final = "S-1-5-18"
LOCAL_SERVICE: Final = "S-1-5-19"
NETWORK_SERVICE: Final = "S-1-5-20"
ADMINISTRATORS: Final = "S-1-5-32-544"
USERS: Final = "S-1-5-32-545"
HYPERV_ADMINISTRATORS: Final = "S-1-5-32-578"
TRUSTED_INSTALLER: Final = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
ALL_VIRTUAL_MACHINES: Final = "S-1-5-83-0"
VM_GROUP: Final = "S-1-5-83-1-3166535780-1122986932-343720105-43916321"
"""Granted by GrantVmGroupAccess (hcsshim): every worker process may open the file."""
VM_WORKER_CAPABILITY: Final = (
    "S-1-15-3-1024-2268835264-3721307629-241982045-173645152-1490879176-104643441-2915960892-1612460704"
)

_VM_PREFIX: Final = "S-1-5-83-1-"


class Standing(StrEnum):
    """How far a trustee is to be trusted with the host."""

    LOW = "low"
    """Anybody, or ordinary users: a right of theirs is a right of everybody who gets a logon or a foothold."""
    TRUSTED = "trusted"
    """The operating system, its administrators and their like."""
    PLACEHOLDER = "placeholder"
    """Stands for somebody else (creator, self); grants nothing by itself."""
    LABEL = "label"
    """An integrity level, not a principal."""
    OTHER = "other"
    """Any other named account or group: to be reviewed."""


class AliasScope(StrEnum):
    """Whose SID completes an alias."""

    FIXED = "fixed"
    MACHINE = "machine"
    DOMAIN = "domain"
    FOREST = "forest"


@dataclass(frozen=True, slots=True)
class WellKnownSid:
    """One row of the table; `sid` may hold one `*`, which stands for one or more sub-authorities."""

    sid: str
    name: str
    standing: Standing
    verified: bool
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class SidAlias:
    """One two-letter alias of SDDL; the SID of a machine, domain or forest alias is `S-1-5-21-*-<rid>`."""

    alias: str
    sid: str
    scope: AliasScope
    name: str
    since: str
    verified: bool
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class AliasResolver:
    """Aliases to SIDs as the collecting host understood them; the SIDs are those of `computer`, each may be unknown."""

    machine_sid: str | None = None
    domain_sid: str | None = None
    forest_root_domain_sid: str | None = None

    def sid(self, alias: str) -> str | None:
        """The SID of an upper-case alias; None where there is no such alias or nobody knows the domain."""
        entry = aliases().get(alias)
        if entry is None:
            return None
        if entry.scope is AliasScope.FIXED:
            return entry.sid
        domain = self._domain(entry.scope)
        return None if domain is None else domain + entry.sid.removeprefix("S-1-5-21-*")

    def alias(self, sid: str) -> str | None:
        """The alias that stands for the SID on this host, None where there is none."""
        fixed = _fixed_alias_of().get(sid)
        if fixed is not None or not sid.startswith("S-1-5-21-"):
            return fixed
        domain, _, rid = sid.rpartition("-")
        for entry in _relative_aliases().get(rid, ()):
            if domain == self._domain(entry.scope):
                return entry.alias
        return None

    def _domain(self, scope: AliasScope) -> str | None:
        if scope is AliasScope.MACHINE:
            return self.machine_sid
        return self.domain_sid if scope is AliasScope.DOMAIN else self.forest_root_domain_sid


UNRESOLVED: Final = AliasResolver()
"""Knows the fixed aliases only."""


@cache
def well_known_sids() -> dict[str, WellKnownSid]:
    """The table by SID or pattern."""
    return {
        row["sid"]: WellKnownSid(
            sid=row["sid"],
            name=row["name"],
            standing=Standing(row["standing"]),
            verified=row["verified"] == "yes",
            source=row["source"],
            date=row["date"],
        )
        for row in _rows("sids.csv")
    }


@cache
def aliases() -> dict[str, SidAlias]:
    """The 68 aliases of SDDL by their upper-case letters."""
    return {
        row["alias"]: SidAlias(
            alias=row["alias"],
            sid=row["sid"],
            scope=AliasScope(row["scope"]),
            name=row["name"],
            since=row["since"],
            verified=row["verified"] == "yes",
            source=row["source"],
            date=row["date"],
        )
        for row in _rows("sid_aliases.csv")
    }


@lru_cache(maxsize=8192)
def well_known(trustee: str) -> WellKnownSid | None:
    """The row that covers a SID or alias; an exact row before a pattern, None where the table does not know it."""
    entry = aliases().get(trustee)
    sid = trustee if entry is None else entry.sid
    table = well_known_sids()
    if sid in table:
        return table[sid]
    parts = sid.split("-")
    if sid.startswith("S-1-5-21-"):
        # Only the accounts of a domain carry well-known RIDs: S-1-5-21, three numbers, RID.
        return table.get(f"S-1-5-21-*-{parts[-1]}") if len(parts) == 8 else None
    for length in range(len(parts) - 1, 3, -1):
        pattern = "-".join(parts[:length]) + "-*"
        if pattern in table:
            return table[pattern]
    return None


def standing(trustee: str) -> Standing:
    """How far the trustee is to be trusted; what the table does not know is OTHER."""
    row = well_known(trustee)
    return Standing.OTHER if row is None else row.standing


def is_low_privilege(trustee: str) -> bool:
    """Whether the SID or alias stands for anybody or for ordinary users (Everyone, Users, Domain Users, ...)."""
    row = well_known(trustee)
    return row is not None and row.standing is Standing.LOW


def display_name(trustee: str) -> str:
    """An English name for messages, with the SID or alias: `Domain Users (S-1-5-21-1-2-3-513)`."""
    if is_vm_sid(trustee) and trustee != VM_GROUP:
        return f"virtual machine {vm_guid(trustee)} ({trustee})"
    entry = aliases().get(trustee)
    if entry is not None:
        return f"{entry.name} ({trustee})"
    row = well_known(trustee)
    return trustee if row is None else f"{row.name} ({trustee})"


def is_vm_sid(sid: str) -> bool:
    """Whether the SID is that of one virtual machine: `S-1-5-83-1-` and four 32-bit numbers."""
    return vm_guid(sid) is not None


@lru_cache(maxsize=8192)
def vm_guid(sid: str) -> str | None:
    """GUID of the virtual machine, lower case without braces; None where the SID is not one of a virtual machine.

    The four numbers are the little-endian words of the GUID as it lies in memory.
    """
    if not sid.startswith(_VM_PREFIX):
        return None
    numbers = sid[len(_VM_PREFIX) :].split("-")
    if len(numbers) != 4 or not all(number.isascii() and number.isdigit() for number in numbers):
        return None
    words = [int(number) for number in numbers if len(number) <= 10]
    if len(words) != 4 or max(words) > 0xFFFFFFFF:
        return None
    return str(uuid.UUID(bytes_le=struct.pack("<4I", *words)))


def vm_sid(guid: str) -> str:
    """SID of the virtual machine with this GUID; ValueError for text that is no GUID."""
    return _VM_PREFIX + "-".join(map(str, struct.unpack("<4I", uuid.UUID(guid).bytes_le)))


@cache
def _fixed_alias_of() -> dict[str, str]:
    return {entry.sid: entry.alias for entry in aliases().values() if entry.scope is AliasScope.FIXED}


@cache
def _relative_aliases() -> dict[str, list[SidAlias]]:
    by_rid: dict[str, list[SidAlias]] = {}
    for entry in aliases().values():
        if entry.scope is not AliasScope.FIXED:
            by_rid.setdefault(entry.sid.rpartition("-")[2], []).append(entry)
    return by_rid


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)
