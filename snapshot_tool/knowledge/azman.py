"""The operations that Hyper-V ships in its AzMan store: 33 on Server 2008, 34 from 2008 R2 on.

They are recognised by name. The numbers were nowhere published in what was read and are hints at most.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

HYPERV_APPLICATION: Final = "Hyper-V services"
"""Name of Hyper-V's application (`ServiceApplication` where the value is absent), compared without case."""

FIRST_BUILD_OF_2008_R2: Final = 7600


class Access(StrEnum):
    """What an operation does to the host or a virtual machine."""

    READ = "read"
    MODIFY = "modify"


class Mark(StrEnum):
    """Sets of operations that checks ask about."""

    AUTHORIZATION = "authorization"
    """Lets the holder widen its own rights."""
    HOST_NETWORK = "host-network"
    """Changes switches, ports, adapters or VLANs of the host; connecting an adapter to a port does not."""
    RUN = "run"
    """Starts or stops a virtual machine."""
    CONSOLE_INPUT = "console-input"


@dataclass(frozen=True, slots=True)
class ShippedOperation:
    """One row of the table; `number` is unverified for all, `name_verified` is false where the name is recollected."""

    name: str
    number: int | None
    access: Access
    area: str
    since: str
    marks: frozenset[Mark]
    allows: str
    name_verified: bool
    source: str
    date: str


def shipped_operations(build: int | None = None) -> tuple[ShippedOperation, ...]:
    """Give the operations of a Windows build; without a build those of 2008 R2 and later."""
    if build is None or build >= FIRST_BUILD_OF_2008_R2:
        return _table()
    return tuple(operation for operation in _table() if operation.since == "2008")


def by_name(name: str) -> ShippedOperation | None:
    """Find the shipped operation of this name, without regard to case and width of blanks."""
    return _by_name().get(_folded(name))


def by_number(number: int) -> ShippedOperation | None:
    """Find the shipped operation of this (unverified) number: a hint where no name is known."""
    return _by_number().get(number)


@cache
def _table() -> tuple[ShippedOperation, ...]:
    return tuple(_rows())


@cache
def _by_name() -> dict[str, ShippedOperation]:
    return {_folded(operation.name): operation for operation in _table()}


@cache
def _by_number() -> dict[int, ShippedOperation]:
    return {operation.number: operation for operation in _table() if operation.number is not None}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _rows() -> Iterator[ShippedOperation]:
    with (Path(__file__).parent / "azman_operations.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield ShippedOperation(
                name=row["name"],
                number=int(row["number"]) if row["number"] else None,
                access=Access(row["access"]),
                area=row["area"],
                since=row["since"],
                marks=frozenset(map(Mark, row["marks"].split())),
                allows=row["allows"],
                name_verified=row["verified"] == "name",
                source=row["source"],
                date=row["date"],
            )
