"""Words of the reports by language: labels, areas, causes, and the texts of checks where the language is not English."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "de")


@dataclass(frozen=True, slots=True)
class Texts:
    """`words` by key; every language has every key."""

    language: str
    words: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.words[key]

    def area(self, area: str) -> str:
        """The name of an area such as `SVC`."""
        return self.words.get(f"area_{area}", area)


@cache
def texts(language: str = "en") -> Texts:
    """The words of a language. Raises KeyError for one that is not in `LANGUAGES`."""
    words = {}
    with Path(__file__).with_name("texts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words[row["key"]] = row[language]
    return Texts(language, words)
