"""TPM chips of Infineon whose firmware makes weak RSA keys (ROCA, CVE-2017-15361), from `infineon_tpm.csv`."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Final

INFINEON: Final = 0x49465800
"""`Win32_Tpm.ManufacturerId`: the letters IFX."""
_VERSION = re.compile(r"\s*(\d{1,9})\.(\d{1,9})(?:\.|\s*\Z)", re.ASCII)


def makes_weak_rsa_keys(version: str) -> bool | None:
    """Whether firmware of Infineon with this version (`7.61.2785.0`) makes weak keys; None for text that is no version."""
    found = _VERSION.match(version)
    if found is None:
        return None
    major, minor = int(found[1]), int(found[2])
    return any(major == row[0] and row[1] <= minor <= row[2] for row in _weak())


@cache
def _weak() -> tuple[tuple[int, int, int], ...]:
    with Path(__file__).with_name("infineon_tpm.csv").open(encoding="utf-8", newline="") as file:
        return tuple((int(row["major"]), int(row["first"]), int(row["last"])) for row in csv.DictReader(file))
