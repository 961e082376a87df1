"""Extensions that come with Windows for virtual switches, by id, from `switch_extensions.csv`; their names are translated."""

import csv
from functools import cache
from pathlib import Path
from typing import Final

FILTERING_PLATFORM: Final = "e7c3b2f0-f3c5-48df-af2b-10fed6d72e7a"


def is_in_box(extension_id: str, vendor: str) -> bool:
    """Whether Windows brings the extension: by its id, or a newer one that names Microsoft as its vendor."""
    return extension_id.casefold() in _ids() or vendor.strip().casefold() in {"microsoft", "microsoft corporation"}


@cache
def _ids() -> frozenset[str]:
    with Path(__file__).with_name("switch_extensions.csv").open(encoding="utf-8", newline="") as table:
        return frozenset(row["id"] for row in csv.DictReader(table))
