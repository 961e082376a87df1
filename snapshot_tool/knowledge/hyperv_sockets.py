"""Services that Windows itself offers to guests over Hyper-V sockets, by id, from `hyperv_sockets.csv`."""

import csv
from functools import cache
from pathlib import Path


def is_in_box_socket(service_id: str) -> bool:
    """Whether the service comes with Windows; the id with or without braces."""
    return service_id.strip("{}").casefold() in _ids()


@cache
def _ids() -> frozenset[str]:
    with Path(__file__).with_name("hyperv_sockets.csv").open(encoding="utf-8", newline="") as table:
        return frozenset(row["id"] for row in csv.DictReader(table))
