"""The description of one invented host: rows by dataset, and the verbs with which a source file changes them."""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from synthetic.schema import era_of
from synthetic.texts import Texts

if TYPE_CHECKING:
    from synthetic.virtual import Switch, Vm

Row = dict[str, Any]

NAMESPACE = uuid.UUID("5e9d9f5e-0000-4000-8000-53594e544845")  # for ids that nobody has to know

# Invented SIDs; the numbers are chosen to look invented.
MACHINE_SID = "S-1-5-21-3000000001-3000000002-3000000003"
DOMAIN_SID = "S-1-5-21-1111111111-2222222222-3333333333"
ADMINISTRATORS, USERS, EVERYONE = "S-1-5-32-544", "S-1-5-32-545", "S-1-1-0"
SYSTEM, LOCAL_SERVICE, NETWORK_SERVICE = "S-1-5-18", "S-1-5-19", "S-1-5-20"
VIRTUAL_MACHINES = "S-1-5-83-0"


@dataclass(slots=True)
class Host:
    """`rows` holds plain datasets; firewall rules, registry values and ACLs are kept apart until `complete` renders them."""

    name: str
    build: int
    language: str
    started: str
    domain: str | None = None
    core: bool = False
    elevated: bool = True
    clustered: bool = False
    ps_version: str = "5.1"
    clr: str = "4.0.30319.42000"
    parameters: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    raw: dict[str, dict[str, bytes]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    failed: dict[str, Row] = field(default_factory=dict)
    partial: dict[str, Row] = field(default_factory=dict)
    firewall: dict[tuple[str, str], Row] = field(default_factory=dict)
    registry: dict[tuple[str, str], Any] = field(default_factory=dict)
    sddl: dict[str, str] = field(default_factory=dict)
    audit: dict[str, str] = field(default_factory=dict)
    sid_names: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    rights: dict[str, list[str]] = field(default_factory=dict)
    system_access: dict[str, str | int] = field(default_factory=dict)
    audit_policy: dict[str, int] = field(default_factory=dict)
    vms: list[Vm] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)
    migration: Row | None = None
    closed_volumes: set[str] = field(default_factory=set)
    open_volumes: set[str] = field(default_factory=set)

    @property
    def era(self) -> str:
        return era_of(self.build)

    @property
    def modern(self) -> bool:
        """Windows Server 2012 or later: WMI v2, CIM classes for network and storage."""
        return self.build >= 9200

    @property
    def say(self) -> Texts:
        return Texts(self.language)

    @property
    def finished(self) -> str:
        return self.ago(seconds=-94)

    def ago(self, **span: float) -> str:
        """The time so long before the snapshot, as the format writes it."""
        at = datetime.fromisoformat(self.started) - timedelta(**span)
        return at.strftime("%Y-%m-%dT%H:%M:%S.") + "000Z"

    def guid(self, of: str) -> str:
        """An id that stays the same from build to build."""
        return str(uuid.uuid5(NAMESPACE, f"{self.name}/{of}"))

    def add(self, dataset: str, **cells: Any) -> Row:
        self.rows.setdefault(dataset, []).append(cells)
        return cells

    def single(self, dataset: str, **cells: Any) -> Row:
        """The one row of a dataset of cardinality one, made or changed."""
        rows = self.rows.setdefault(dataset, [{}])
        rows[0].update(cells)
        return rows[0]

    def find(self, dataset: str, **match: Any) -> Row:
        """The only row with these cells."""
        found = [r for r in self.rows[dataset] if all(r.get(k) == v for k, v in match.items())]
        if len(found) != 1:
            raise LookupError(f"{len(found)} rows of {dataset} with {match}")
        return found[0]

    def drop(self, dataset: str, **match: Any) -> None:
        self.rows[dataset].remove(self.find(dataset, **match))

    def service(self, name: str, **cells: Any) -> Row:
        """Change a stock service. A stopped service has no process."""
        row = self.find("services", Name=name)
        row.update(cells)
        return row

    def set(self, key: str, name: str, value: Any) -> None:
        """A registry value: int, text, list of text or bytes."""
        self.registry[key, name] = value

    def rule(self, name: str, store: str = "local", **fields: Any) -> None:
        """Change or add a firewall rule: `active`, `scope` (remote addresses), or fields as the rule string has them."""
        self.firewall.setdefault((store, name), {"Action": "Allow", "Dir": "In"}).update(fields)

    def vm_sid(self, guid: str) -> str:
        return "S-1-5-83-1-" + "-".join(str(n) for n in struct.unpack("<4I", uuid.UUID(guid).bytes_le))

    def account(self, rid: int, *, domain: bool = True) -> str:
        return f"{DOMAIN_SID if domain else MACHINE_SID}-{rid}"
