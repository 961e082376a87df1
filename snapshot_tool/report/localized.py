"""Texts of checks in the language of a report. English stands in the checks themselves, other languages in tables beside them.

`analyzers/texts/<language>/<module>.toml` holds title, rationale and remediation by check, and messages by their English template, in
which `{1}`, `{2}` stand for what the host tells: names, paths and values are never translated.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from snapshot_tool.check import Check
from snapshot_tool.engine import Result
from snapshot_tool.report.texts import Texts, texts

_PLACEHOLDER = re.compile(r"\{(\d+)\}")


@dataclass(frozen=True)
class Wording:
    """Titles, reasons, remediation and messages in one language; what a table lacks stays English."""

    texts: Texts
    checks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    messages: tuple["Template", ...] = ()

    def title(self, check: Check) -> str:
        """What is true when the check passed."""
        return self._of(check, "title", check.title)

    def rationale(self, check: Check) -> str:
        """Why it matters."""
        return self._of(check, "rationale", check.rationale)

    def remediation(self, check: Check) -> str:
        """How to mend it; code in backticks."""
        return self._of(check, "remediation", check.remediation)

    def message(self, result: Result) -> str:
        """What was found."""
        return self.told(result.message)

    def told(self, message: str) -> str:
        """A message of a check; one that joins several is told part by part."""
        if not self.messages or not message:
            return message
        return _translated(self, message)

    def _of(self, check: Check, name: str, english: str) -> str:
        return self.checks.get(check.id, {}).get(name) or english

    def __hash__(self) -> int:
        return hash(self.texts.language)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wording) and other.texts.language == self.texts.language


@dataclass(frozen=True, slots=True)
class Template:
    """One English message with its translation: `pattern` matches it whole, group n is placeholder n."""

    pattern: re.Pattern[str]
    start: str
    translation: str

    def translate(self, message: str) -> str | None:
        """The translation of a message of this template, else None."""
        if not message.startswith(self.start):
            return None
        found = self.pattern.fullmatch(message)
        if found is None:
            return None
        return _PLACEHOLDER.sub(lambda place: found[f"p{place[1]}"], self.translation)


@cache
def wording(language: str = "en") -> Wording:
    """The texts of a language. Raises KeyError for an unknown one."""
    words = texts(language)
    if language == "en":
        return Wording(words)
    checks: dict[str, Mapping[str, str]] = {}
    templates: dict[str, str] = {}
    for document in translations(language).values():
        templates |= document.get("messages", {})
        checks |= {name: value for name, value in document.items() if name.startswith("HV-")}
    ordered = sorted(templates, key=lambda template: (-len(_PLACEHOLDER.sub("", template)), template))
    return Wording(words, checks, tuple(_template(template, templates[template]) for template in ordered))


@cache
def translations(language: str) -> Mapping[str, Mapping[str, Any]]:
    """The tables of a language, by module of checks (`engine` for sentences of the engine)."""
    folder = files("analyzers") / "texts" / language
    if not folder.is_dir():
        return {}
    return {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


def _template(english: str, translation: str) -> Template:
    pieces = _PLACEHOLDER.split(english)
    pattern = "".join(
        re.escape(piece) if place % 2 == 0 else f"(?P<p{piece}>.+?)" for place, piece in enumerate(pieces)
    )
    return Template(re.compile(pattern, re.DOTALL), pieces[0], translation)


@lru_cache(maxsize=4096)
def _translated(words: Wording, message: str) -> str:
    for template in words.messages:
        found = template.translate(message)
        if found is not None:
            return found
    head, separator, rest = message.partition("; ")
    if not separator:
        return message
    return f"{_translated(words, head)}; {_translated(words, rest)}"
