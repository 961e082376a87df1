"""Types of virtual devices that the manifest of a VM configuration names, by GUID."""

import csv
from functools import cache
from pathlib import Path


@cache
def vm_devices() -> dict[str, str]:
    """Name by GUID (lower case, without braces), as seen in configurations of versions 5.0 and 9.0; later ones may have more."""
    with Path(__file__).with_name("vm_devices.csv").open(encoding="utf-8", newline="") as file:
        return {row["device"]: row["name"] for row in csv.DictReader(file)}
