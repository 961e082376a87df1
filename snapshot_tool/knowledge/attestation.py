"""What the numbers of the Host Guardian client mean (`attestation.csv`): WMI gives numbers where PowerShell prints names."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

LOCAL: Final = "Local"
NOT_CONFIGURED: Final = "NotConfigured"
NOT_ATTEMPTED: Final = "Unknown"
# The server's cmdlets print the short name.
DIRECTORY: Final = frozenset({"activedirectory", "ad"})


def attestation_name(name: str, value: str | None) -> str | None:
    """The name of a value of a property (`Mode`, ...) given as a name or a number; None for no value and an unknown number."""
    if value is None or not value.isdecimal():
        return value or None
    return _names().get((name, int(value)))


@cache
def _names() -> Mapping[tuple[str, int], str]:
    with Path(__file__).with_name("attestation.csv").open(encoding="utf-8", newline="") as table:
        return {(row["property"], int(row["number"])): row["name"] for row in csv.DictReader(table)}
