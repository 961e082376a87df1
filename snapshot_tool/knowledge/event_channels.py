"""Event channels of Hyper-V that Windows ships enabled, from `hyperv_channels.csv`; not one was seen documented, so all are unverified."""

import csv
from functools import cache
from pathlib import Path


@cache
def enabled_by_default() -> frozenset[str]:
    """Operational channels of Hyper-V that are on after installation, in lower case."""
    with Path(__file__).with_name("hyperv_channels.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(
            row["channel"].casefold() for row in csv.DictReader(file) if row["enabled_by_default"] == "yes"
        )
