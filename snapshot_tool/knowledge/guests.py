"""Guest operating systems: what they need, what they can use, on which hosts they are supported, and until when.

From `guests.csv`, `guest_support.csv` and `linux_support.csv`; servers of `releases.csv` are not repeated there.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from snapshot_tool.knowledge.releases import releases

CLIENT = "client"
SERVER = "server"

# Numbers of GetProductInfo, as `OSEditionId` of the guest gives them.
_ENTERPRISE = frozenset({4, 27, 72, 84, 121, 122, 171, 172, 175, 188})
_LTSC = frozenset({125, 126, 129, 130})
_IOT_LTSC = frozenset({191})
_HOME_AND_PRO = frozenset({48, 49, 98, 99, 100, 101, 103, 161, 162, 164, 165})
_SEMI_ANNUAL = frozenset({145, 146})


@dataclass(frozen=True, slots=True)
class GuestRelease:
    """One release of Windows as a guest; sizes in MiB, None where no rule exists.

    `dynamic_rules`: the Best Practices Analyzer has minimum values for Dynamic Memory. `listed`: hosts of 2016 and later list it;
    `first_host`: the first host era that does, where it is documented.
    """

    name: str
    family: str
    version: tuple[int, int]
    recommended_mib: int | None
    dynamic_rules: bool
    dynamic_maximum_mib: int | None
    processors: int | None
    listed: bool
    first_host: str | None
    first_build: int
    last_build: int | None


@dataclass(frozen=True, slots=True)
class Support:
    """The last day of support, and of support that is paid for."""

    product: str
    end: date
    paid_end: date | None


def guest_release(family: str, version: tuple[int, int], build: int | None) -> GuestRelease | None:
    """The release of a Windows guest; None for one that the table does not know. From 10.0 on the build decides."""
    for release in _guests():
        if (release.family, release.version) != (family, version):
            continue
        if version < (10, 0):
            return release
        if build is not None and release.first_build <= build <= (release.last_build or build):
            return release
    return None


def windows_support(family: str, build: int, edition: int | None) -> Sequence[Support]:
    """The support that a Windows guest may have: one row where its edition is known, several where it is not, none if unknown."""
    if family == SERVER:
        kinds = ("SAC", "Annual Channel") if edition in _SEMI_ANNUAL else ("Windows Server", "SAC", "Annual Channel")
        for kind in kinds:
            release = releases().get((build, kind))
            if release is not None and release.extended_end is not None:
                return (Support(release.name, release.extended_end, release.esu_end),)
    found = [(editions, support) for key, editions, support in _windows() if key == (family, build)]
    wanted = _editions(edition)
    return [support for editions, support in found if wanted is None or editions in (wanted, "all")]


def _editions(edition: int | None) -> str | None:
    for numbers, name in (
        (_ENTERPRISE, "Enterprise"),
        (_LTSC, "LTSC"),
        (_IOT_LTSC, "IoT LTSC"),
        (_HOME_AND_PRO, "Home and Pro"),
    ):
        if edition in numbers:
            return name
    return None


def linux_support(name: str, versions: Sequence[str]) -> Support | None:
    """The support of a distribution by the NAME of its os-release; the first of `versions` that the table knows counts."""
    for version in versions:
        parts = version.split(".")
        for length in range(len(parts), 0, -1):
            found = _linux().get((name.casefold(), ".".join(parts[:length])))
            if found is not None:
                return found
    return None


@cache
def _guests() -> Sequence[GuestRelease]:
    return [
        GuestRelease(
            row["name"],
            row["family"],
            _version(row["version"]),
            _number(row["recommended_mib"]),
            row["dynamic_rules"] == "yes",
            _number(row["dynamic_maximum_mib"]),
            _number(row["processors"]),
            row["listed_2016"] == "yes",
            row["first_host"] or None,
            _number(row["first_build"]) or 0,
            _number(row["last_build"]),
        )
        for row in _rows("guests.csv")
    ]


@cache
def _windows() -> Sequence[tuple[tuple[str, int], str, Support]]:
    return [((row["family"], int(row["build"])), row["editions"], _support(row)) for row in _rows("guest_support.csv")]


@cache
def _linux() -> dict[tuple[str, str], Support]:
    return {
        (row["name"].casefold(), row["version"]): _support(row | {"product": f"{row['name']} {row['version']}"})
        for row in _rows("linux_support.csv")
    }


def _support(row: dict[str, str]) -> Support:
    paid = row["paid_end"]
    return Support(row["product"], date.fromisoformat(row["end"]), date.fromisoformat(paid) if paid else None)


def _version(text: str) -> tuple[int, int]:
    major, minor = text.split(".")
    return int(major), int(minor)


def _number(text: str) -> int | None:
    return int(text) if text else None


def _rows(name: str) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)
