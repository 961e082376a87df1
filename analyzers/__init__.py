"""The checks, by area. `CHECKS` is all of them, from an explicit list of modules."""

from functools import cache
from importlib import import_module

from snapshot_tool.check import Check

MODULES = (
    "accounts",
    "antivirus",
    "audit",
    "azman",
    "bitlocker",
    "cluster",
    "filesystem",
    "firewall",
    "guest",
    "host",
    "migration",
    "network",
    "patching",
    "remote",
    "replica",
    "services",
    "storage",
    "switch_ports",
    "virtual_functions",
    "vm",
    "vm_hardware",
    "vm_security",
)


@cache
def all_checks() -> tuple[Check, ...]:
    """Every shipped check, by id. Raises ValueError when an id occurs twice."""
    found: dict[str, Check] = {}
    for name in MODULES:
        for value in vars(import_module(f"analyzers.{name}")).values():
            if isinstance(value, Check) and found.setdefault(value.id, value) is not value:
                raise ValueError(f"{value.id} is declared twice")
    return tuple(check for _, check in sorted(found.items()))
