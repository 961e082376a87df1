"""Display texts in the languages that Windows speaks: the only thing in which the variants of one sample may differ."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LANGUAGES = ("en-US", "de-DE", "fr-FR", "ja-JP")


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of a CSV file beside this module, `name` relative to it."""
    with (HERE / name).open(encoding="utf-8", newline="") as opened:
        return tuple(csv.DictReader(opened))


@cache
def _texts() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in table("texts.csv")}


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of one display language, looked up by a key that is not shown anywhere."""

    language: str

    def __call__(self, key: str, default: str | None = None) -> str:
        row = _texts().get(key)
        if row is None:
            if default is None:
                raise KeyError(key)
            return default
        return row[self.language]
