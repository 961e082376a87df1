"""What each release of the host allows a virtual machine, and the functional level of a cluster of it, from `vm_limits.csv`."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class VMLimits:
    """Virtual processors of a machine by generation, None where there is no such generation; functional level of a cluster."""

    generation1_processors: int
    generation2_processors: int | None
    cluster_level: int | None

    def processors(self, generation: int) -> int | None:
        """The most virtual processors that a machine of this generation can have."""
        return self.generation1_processors if generation == 1 else self.generation2_processors


@cache
def vm_limits(era: str | None) -> VMLimits | None:
    """The limits of an era; None for no era."""
    with Path(__file__).with_name("vm_limits.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["era"] == era:
                return VMLimits(
                    int(row["generation1_processors"]),
                    int(row["generation2_processors"]) if row["generation2_processors"] else None,
                    int(row["cluster_level"]) if row["cluster_level"] else None,
                )
    return None
