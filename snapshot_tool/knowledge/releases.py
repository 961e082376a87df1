"""Releases of Windows by build: names and ends of support, from `releases.csv`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

WORKSTATION = 1


@dataclass(frozen=True, slots=True)
class Release:
    """One release; dates are the last day of support, None where there is none or it is not known."""

    name: str
    build: int
    family: str
    mainstream_end: date | None
    extended_end: date | None
    esu_end: date | None


@cache
def releases() -> Mapping[tuple[int, str], Release]:
    """By build and family (`Windows Server`, `SAC`, `Annual Channel`, `Hyper-V Server`, `Windows`)."""
    found = {}
    with Path(__file__).with_name("releases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            release = Release(
                row["product"],
                int(row["build"]),
                row["family"],
                _date(row["mainstream_end"]),
                _date(row["extended_end"]),
                _date(row["esu_end"]),
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


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
