"""What is known of hosts: roles of Windows Server, limits of Hyper-V, hardware that a hypervisor makes, public time servers.

From `server_roles.csv`, `host_limits.csv`, `virtual_hardware.csv` and `public_time_servers.csv`.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

REMOTE_DESKTOP_SERVICES = 18
DEFAULT_TIME_SERVER = "time.windows.com"


@dataclass(frozen=True, slots=True)
class ServerRole:
    """A role or role service that a virtualization host does not need; `severity` is a word of the report."""

    id: int | None
    component: str | None
    name: str
    severity: str


@dataclass(frozen=True, slots=True)
class HostLimits:
    """What Hyper-V of an era supports; `visible_processors`: the most that the management OS sees, None where it sees all."""

    logical_processors: int
    processors_verified: bool
    visible_processors: int | None
    running_machines: int
    machines_verified: bool


@cache
def roles_by_id() -> Mapping[int, ServerRole]:
    """By `Win32_ServerFeature.ID`."""
    return {role.id: role for role in _roles() if role.id is not None}


@cache
def roles_by_component() -> Mapping[str, ServerRole]:
    """By the name that `Get-WindowsFeature` shows, in lower case."""
    return {role.component.casefold(): role for role in _roles() if role.component is not None}


@cache
def host_limits(era: str | None) -> HostLimits | None:
    """The limits of an era; None for no era."""
    for row in _rows("host_limits.csv"):
        if row["era"] == era:
            return HostLimits(
                int(row["logical_processors"]),
                row["processors_verified"] == "yes",
                int(row["visible_processors"]) if row["visible_processors"] else None,
                int(row["running_machines"]),
                row["machines_verified"] == "yes",
            )
    return None


def hypervisor_of(manufacturer: str, model: str) -> str | None:
    """The hypervisor whose virtual hardware this is; None for other hardware."""
    for row in _rows("virtual_hardware.csv"):
        if fnmatchcase(manufacturer.casefold(), row["manufacturer"].casefold()) and fnmatchcase(
            model.casefold(), row["model"].casefold()
        ):
            return row["hypervisor"] or None
    return None


def is_public_time_server(name: str) -> bool:
    """Whether the name is that of a time server for everybody on the Internet."""
    folded = name.casefold().rstrip(".")
    return any(fnmatchcase(folded, row["pattern"]) for row in _rows("public_time_servers.csv"))


@cache
def _roles() -> Sequence[ServerRole]:
    return [
        ServerRole(int(row["id"]) if row["id"] else None, row["component"] or None, row["name"], row["severity"])
        for row in _rows("server_roles.csv")
    ]


@cache
def _rows(name: str) -> Sequence[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
