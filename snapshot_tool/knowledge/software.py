"""Software by the name under which it is installed, and services of remote control, of update agents and of log agents.

From `software.csv`, `remote_services.csv`, `remote_drivers.csv`, `update_agents.csv` and `log_agents.csv`. Names of products, which no language changes.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

SERVER_SOFTWARE = frozenset(
    {"database", "mail server", "web or application server", "development", "game", "backup server"}
)
DESKTOP_SOFTWARE = frozenset({"browser", "mail client", "office", "PDF reader"})
REMOTE_SOFTWARE = frozenset({"remote control", "tunnel"})
_ALLOWED = "allowed"


@cache
def software_categories(name: str) -> frozenset[str]:
    """The categories of a product by its display name; empty for what the table does not know and what belongs on hosts."""
    found = {category for category, pattern in _patterns().items() if pattern.match(name)}
    return frozenset() if _ALLOWED in found else frozenset(found)


def remote_product(service: str) -> str | None:
    """The remote control or tunnel that runs as this service; None for every other service."""
    return _product(service, "remote_services.csv")


def remote_driver(driver: str) -> str | None:
    """The remote control or tunnel that this driver belongs to; None for every other driver."""
    return _product(driver, "remote_drivers.csv")


def update_agent(service: str) -> str | None:
    """The product that runs as this service and distributes updates; None for every other service."""
    return _product(service, "update_agents.csv")


def log_agent(service: str) -> str | None:
    """The product that runs as this service and sends events to another machine; None for every other service."""
    return _product(service, "log_agents.csv")


def _product(service: str, table: str) -> str | None:
    folded = service.casefold()
    return next((product for pattern, product in _services(table) if fnmatchcase(folded, pattern)), None)


@cache
def _services(table: str) -> Sequence[tuple[str, str]]:
    return [(row["service"].casefold(), row["product"]) for row in _rows(table)]


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """One expression per category, matched at the start of the name; the word ends there."""
    found: dict[str, list[str]] = {}
    for row in _rows("software.csv"):
        found.setdefault(row["category"], []).append(f"(?:{row['pattern']})")
    return {
        category: re.compile(f"(?:{'|'.join(patterns)})(?![a-z])", re.IGNORECASE | re.ASCII)
        for category, patterns in found.items()
    }


def _rows(name: str) -> Sequence[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
