"""Host firewalls of other makers, by the service that each runs; a hint that the Windows firewall may be off on purpose."""

import csv
from functools import cache
from pathlib import Path


@cache
def third_party_firewalls() -> dict[str, str]:
    """Service name in lower case -> product."""
    with (Path(__file__).parent / "third_party_firewalls.csv").open(encoding="utf-8", newline="") as table:
        return {row["service"].lower(): row["product"] for row in csv.DictReader(table)}
