"""Releases of Windows by build: names and ends of support (`releases.csv`), and when its updates came out (`update_releases.csv`)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

WORKSTATION = 1
# Builds before the first or second service pack: the product's support is that of the last service pack, and nobody sold more for them.
_LAST_SERVICE_PACK = {6001: 6002, 7600: 7601}


@dataclass(frozen=True, slots=True)
class Release:
    """One release; dates are the last day of support, None where there is none or it is not known.

    `is_verified`: the dates come from a source that could be looked up.
    """

    name: str
    build: int
    family: str
    mainstream_end: date | None
    extended_end: date | None
    esu_end: date | None
    is_verified: bool = True


@cache
def releases() -> Mapping[tuple[int, str], Release]:
    """By build and family (`Windows Server`, `SAC`, `Annual Channel`, `Hyper-V Server`, `Azure Stack HCI`, `Azure Local`)."""
    found = {}
    for row in _rows("releases.csv"):
        release = Release(
            row["product"],
            int(row["build"]),
            row["family"],
            _date(row["mainstream_end"]),
            _date(row["extended_end"]),
            _date(row["esu_end"]),
            "end (unverified)" not in row["status"],
        )
        found[release.build, release.family] = release
    return found


def release_name(build: int | None, product_type: int | None) -> str | None:
    """`Windows Server 2019` for a server build; None for a build that the table does not know."""
    families = ("Windows",) if product_type == WORKSTATION else ("Windows Server", "SAC", "Annual Channel")
    for family in families:
        release = releases().get((build or 0, family))
        if release is not None:
            return release.name
    return None


def server_release(build: int, edition: str, sku: int) -> Release | None:
    """The release of a server by build, `EditionID` and number of its edition; None for one that the table does not know.

    One build may be several products: 17763 is Windows Server 2019 and version 1809, 26100 Windows Server 2025 and Azure Local.
    """
    for family in _families(edition.casefold(), sku):
        release = releases().get((build, family))
        if release is not None and release.extended_end is None and build in _LAST_SERVICE_PACK:
            later = releases()[_LAST_SERVICE_PACK[build], family]
            return replace(release, extended_end=later.extended_end)
        if release is not None:
            return release
    return None


def _families(edition: str, sku: int) -> tuple[str, ...]:
    if "azurestackhci" in edition or sku == _AZURE_STACK_HCI:
        return ("Azure Stack HCI", "Azure Local")
    if edition == "serverhypercore" or sku == _HYPERV_SERVER:
        return ("Hyper-V Server",)
    if edition.endswith("acor") or sku in _CHANNEL_EDITIONS:
        return ("SAC", "Annual Channel")
    return ("Windows Server", "SAC", "Annual Channel")


# GetProductInfo: Hyper-V Server, Azure Stack HCI Server Core, Semi-Annual Channel Datacenter and Standard.
_HYPERV_SERVER = 42
_AZURE_STACK_HCI = 406
_CHANNEL_EDITIONS = frozenset({145, 146})


def update_released(build: int, revision: int) -> date | None:
    """When the update that gives this build and revision came out; None for one that the table does not know.

    The table has what two lists of Microsoft agree on: its update history and its release health, the latter as of 2025-11-15.
    """
    return _updates().get(build, {}).get(revision)


def is_released_after(build: int, revision: int, end: date) -> bool:
    """Whether a revision surely came out after a day: a later one is known to be no newer, or the last of that day is older."""
    known = _updates().get(build, {})
    return any(
        (released > end and revision >= number) or (released == end and revision > number)
        for number, released in known.items()
    )


@cache
def _updates() -> Mapping[int, Mapping[int, date]]:
    found: dict[int, dict[int, date]] = {}
    for row in _rows("update_releases.csv"):
        found.setdefault(int(row["build"]), {})[int(row["revision"])] = date.fromisoformat(row["released"])
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
