"""Firewall rules that Windows and its roles bring along, by rule id; the ids are the same in every language."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

WMI_RULES: Final = (
    "VIRT-WMI-RPCSS-In-TCP-NoScope",
    "VIRT-WMI-WINMGMT-In-TCP-NoScope",
    "VIRT-WMI-ASYNC-In-TCP-NoScope",
)
VMMS_RPC_RULES: Final = ("VIRT-VMMS-RPC-In-NoScope", "VIRT-VMMS-RPC-EPMAP-In-NoScope")
CONSOLE_RULE: Final = "VIRT-REMOTEDESKTOP-In-TCP-NoScope"
LIVE_MIGRATION_RULE: Final = "VIRT-MIGL-In-TCP-NoScope"
REPLICA_HTTP_RULE: Final = "VIRT-HVRHTTPL-In-TCP-NoScope"
REPLICA_HTTPS_RULE: Final = "VIRT-HVRHTTPSL-In-TCP-NoScope"
HOST_RULE_PREFIX: Final = "VIRT-"
CLIENT_RULE_PREFIX: Final = "VIRTCL-"
REMOTE_MANAGEMENT_PREFIXES: Final = (
    "REMOTEEVENTLOGSVC-",
    "REMOTESVCADMIN-",
    "REMOTETASK-",
    "RVM-",
    "WMI-",
    "COMPLUSNETWORKACCESS-",
    "COMPLUSREMOTEADMINISTRATION-",
)
"""Ids of Windows' rules for event log, services, scheduled tasks, volumes, WMI and COM+ from afar, in upper case."""

EDGE_TRAVERSAL_PREFIXES: Final = ("CORENET-ICMP6-", "DELIVERYOPTIMIZATION-", "REMOTEASSISTANCE-")
"""Ids of rules that are shipped with edge traversal, in upper case. Source: registry of a Windows 10 host, 2026-11-22."""


@dataclass(frozen=True, slots=True)
class DefaultFirewallRule:
    """A rule as it is shipped. Empty texts and tuples mean no limit, `enabled` None that nobody knows or it depends.

    `direction` is In or Out, `protocol` the IP number. `since` and `until` are eras (`2008 R2`). `verified` names the fields that
    were seen on a host; a difference in any other is worth a note only.
    """

    id: str
    group: str
    display_name: str
    direction: str
    protocol: int
    local_ports: tuple[str, ...]
    program: str
    service: str
    profiles: tuple[str, ...]
    enabled: bool | None
    remote_addresses: tuple[str, ...]
    since: str
    until: str
    verified: frozenset[str]
    source: str
    date: str


def default_rule(rule_id: str) -> DefaultFirewallRule | None:
    """The shipped rule of this id, without regard to case; None where the table does not know it."""
    return default_rules().get(rule_id.lower())


def is_hyperv_rule(rule_id: str) -> bool:
    """Whether the id is one of the Hyper-V role or of its management clients."""
    return rule_id.upper().startswith((HOST_RULE_PREFIX, CLIENT_RULE_PREFIX))


def is_remote_management_rule(rule_id: str) -> bool:
    """Whether the id is one of Windows' rules for managing event log, services, tasks, volumes, WMI or COM+ from afar."""
    return rule_id.upper().startswith(REMOTE_MANAGEMENT_PREFIXES)


def is_shipped_with_edge_traversal(rule_id: str) -> bool:
    """Whether the id is one of Windows' rules that take traffic from behind a translating router as shipped."""
    return rule_id.upper().startswith(EDGE_TRAVERSAL_PREFIXES)


@cache
def default_rules() -> dict[str, DefaultFirewallRule]:
    """The table by lower-case id."""
    with (Path(__file__).parent / "firewall_rules.csv").open(encoding="utf-8", newline="") as table:
        return {row["id"].lower(): _rule(row) for row in csv.DictReader(table)}


def _rule(row: dict[str, str]) -> DefaultFirewallRule:
    return DefaultFirewallRule(
        id=row["id"],
        group=row["group"],
        display_name=row["display_name"],
        direction=row["direction"],
        protocol=int(row["protocol"]),
        local_ports=tuple(row["local_ports"].split()),
        program=row["program"],
        service=row["service"],
        profiles=tuple(row["profiles"].split()),
        enabled={"yes": True, "no": False}.get(row["enabled"]),
        remote_addresses=tuple(row["remote_addresses"].split()),
        since=row["since"],
        until=row["until"],
        verified=frozenset(row["verified"].split()),
        source=row["source"],
        date=row["date"],
    )
