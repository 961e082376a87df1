"""The catalogue of questions (`catalogue.csv`): id, priority, severity, eras and sources of each, whether a check answers it or not.

Its content is dated 2026-11-24. Numbers are those of the BPA for Hyper-V of 2016, CIS Windows Server 2022 v3.0.0, DISA Windows Server 2022
STIG V2R8 (firewall V2R2, Defender V2R8), BSI IT-Grundschutz 2023, the 2014 draft of NIST SP 800-125A and ATT&CK v18.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Question:
    """One row. `severity` and `eras` are the catalogue's words, with what they depend on; `sources` are written as `refs` of a check."""

    id: str
    area: str
    priority: str
    severity: str
    eras: str
    sources: tuple[str, ...]


@cache
def catalogue() -> Mapping[str, Question]:
    """Every question by id, in the order of the catalogue."""
    with Path(__file__).with_name("catalogue.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: Question(
                row["id"],
                row["area"],
                row["priority"],
                row["severity"],
                row["eras"],
                tuple(row["sources"].split("; ")) if row["sources"] else (),
            )
            for row in csv.DictReader(file)
        }
