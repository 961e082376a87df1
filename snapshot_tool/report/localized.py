"""Texts of checks in the language of a report. English stands in the checks themselves, other languages in tables beside them.

`analyzers/texts/<language>/<module>.toml` holds title, rationale and remediation by check, and messages by their English template, in
which `{1}`, `{2}` stand for what the host tells: names, paths and values are never translated. `~{1}` in a translation is a value in
words of ours: a message inside the message, or one or several of the `words` of `engine.toml`. `engine.toml` (what stands around
messages) and `reading.toml` (why something was not read) serve every module.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from snapshot_tool.check import Check
from snapshot_tool.engine import Result
from snapshot_tool.report.texts import Texts, texts

_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_PLACE = re.compile(r"(~?)\{(\d+)\}")
_JOINTS = re.compile(r"(, | \(|\))")
_PLACED = re.compile(r"[\w/-]+(?:\.[\w.]+)*: (?=.)", re.ASCII)
"""The table and column, or the file, before the reason of a gap."""
_OF_ALL = ("engine", "reading")
_LISTED = "{1} and {2} more"
_REST = re.compile(r"(?<=.) and (\d+) more\Z", re.ASCII)
"""The end of a list of names that was cut."""
_DEEPEST = 8
"""Messages inside of messages that are told; what lies deeper stays English."""


@dataclass(frozen=True)
class Wording:
    """Titles, reasons, remediation and messages in one language; what a table lacks stays English."""

    texts: Texts
    checks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    messages: "Mapping[str, Templates]" = field(default_factory=dict)
    """By module of checks, with those that serve every module; "" has them all."""
    modules: Mapping[str, str] = field(default_factory=dict)
    """The module of a check."""
    sentences: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    listed: str = _LISTED

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
        module = self.modules.get(result.check.id, "")
        # Joined messages may be of several modules.
        own = _known(self, result.message, module) if module and "; " not in result.message else None
        return own or self.told(result.message)

    def told(self, message: str) -> str:
        """A message of a check; one that joins several is told part by part."""
        return (_known(self, message, "") if self.messages else None) or message

    def _of(self, check: Check, name: str, english: str) -> str:
        return self.checks.get(check.id, {}).get(name) or english

    def __hash__(self) -> int:
        return hash(self.texts.language)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wording) and other.texts.language == self.texts.language


@dataclass(frozen=True, slots=True)
class Template:
    """One English message with its translation; `pieces` are the texts before, between and after its values in order."""

    pieces: tuple[str, ...]
    numbers: tuple[str, ...]
    translation: str

    def values(self, message: str) -> Mapping[str, str] | None:
        """The values by number where the message is of this template, else None; each as short as can be, none empty.

        Linear in the message: it may hold names that somebody chose to make matching slow.
        """
        first, *between, last = self.pieces
        if not message.startswith(first) or not message.endswith(last):
            return None
        at, found = len(first), {}
        for number, piece in zip(self.numbers, between, strict=False):
            end = message.find(piece, at + 1)
            if end < 0:
                return None
            found[number] = message[at:end]
            at = end + len(piece)
        end = len(message) - len(last)
        if end <= at:
            return None
        found[self.numbers[-1]] = message[at:end]
        return found

    @property
    def order(self) -> tuple[bool, bool, int, tuple[str, ...]]:
        """What encloses another message first, then what begins with words of ours, then what says more by itself."""
        opens = not self.pieces[0]
        encloses = opens and f"~{{{self.numbers[0]}}}" in self.translation
        return (not encloses, opens, -sum(map(len, self.pieces)), self.pieces)


Templates = Mapping[str, tuple[Template, ...]]
"""Templates by the first word of a message, in the order in which they are tried; "" for every other word."""


@cache
def wording(language: str = "en") -> Wording:
    """The texts of a language. Raises KeyError for an unknown one."""
    known = texts(language)
    if language == "en":
        return Wording(known)
    tables = translations(language)
    checks: dict[str, Mapping[str, str]] = {}
    modules: dict[str, str] = {}
    messages: dict[str, dict[str, str]] = {}
    words: dict[str, str] = {}
    for module, document in tables.items():
        messages[module] = document.get("messages", {})
        words |= document.get("words", {})
        own = {name: value for name, value in document.items() if name.startswith("HV-")}
        checks |= own
        modules |= dict.fromkeys(own, module)
    every = {english: other for own in messages.values() for english, other in own.items()}
    shared = {english: other for name in _OF_ALL for english, other in messages.get(name, {}).items()}
    templates = {module: _by_first_word(_templates(shared | own)) for module, own in messages.items()}
    sentences = {english: other for english, other in every.items() if not _PLACEHOLDER.search(english)}
    templates[""] = _by_first_word(_templates(every))
    return Wording(known, checks, templates, modules, sentences, words, every.get(_LISTED, _LISTED))


@cache
def translations(language: str) -> Mapping[str, Mapping[str, Any]]:
    """The tables of a language, by module of checks (`engine` and `reading` for what the package itself says)."""
    folder = files("analyzers") / "texts" / language
    if not folder.is_dir():
        return {}
    return {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


def _templates(messages: Mapping[str, str]) -> Iterable[Template]:
    for english, translation in messages.items():
        parts = _PLACEHOLDER.split(english)
        if len(parts) > 1 and english != translation:
            yield Template(tuple(parts[::2]), tuple(parts[1::2]), translation)


def _by_first_word(templates: Iterable[Template]) -> Templates:
    found: dict[str, list[Template]] = {"": []}
    for template in templates:
        word, blank, _ = template.pieces[0].partition(" ")
        found.setdefault(word if blank else "", []).append(template)
    return {word: tuple(sorted({*found[""], *some}, key=lambda one: one.order)) for word, some in found.items()}


@lru_cache(maxsize=16384)
def _known(wording: Wording, message: str, module: str, depth: int = 0) -> str | None:
    """The translation of a message by the templates of a module, of several joined by semicolons, or of a part of these."""
    if depth > _DEEPEST:
        return None
    sentence = wording.sentences.get(message)
    if sentence is not None:
        return sentence
    # A template that begins with a value would take the place for a part of it.
    if "; " not in message and (placed := _behind_its_place(wording, message, module, depth)):
        return placed
    spanning = None
    templates = wording.messages[module]
    for template in templates.get(message.partition(" ")[0]) or templates[""]:
        values = template.values(message)
        if values is None:
            continue
        if not any("; " in value for value in values.values()):
            return _filled(wording, template, values, module, depth)
        # A value that spans several messages is the last thing to believe.
        spanning = spanning or (template, values)
    parts = message.split("; ")
    told = [_known(wording, part, module, depth + 1) for part in parts] if len(parts) > 1 else []
    if told and None not in told:
        return "; ".join(part for part in told if part is not None)
    if spanning is not None:
        return _filled(wording, *spanning, module, depth)
    if any(told):
        return "; ".join(new or old for new, old in zip(told, parts, strict=True))
    return _behind_its_place(wording, message, module, depth) if len(parts) > 1 else None


def _behind_its_place(wording: Wording, message: str, module: str, depth: int) -> str | None:
    place = _PLACED.match(message)
    rest = _known(wording, message[place.end() :], module, depth + 1) if place else None
    return place[0] + rest if place and rest else None


def _filled(wording: Wording, template: Template, values: Mapping[str, str], module: str, depth: int) -> str:
    def put(place: re.Match[str]) -> str:
        value = values[place[2]]
        if place[1]:
            return _words(wording, value) or _known(wording, value, module, depth + 1) or value
        rest = _REST.search(value)
        return wording.listed.format("", value[: rest.start()], rest[1]) if rest else value

    return _PLACE.sub(put, template.translation)


def _words(wording: Wording, value: str) -> str | None:
    """A value that consists of known words alone, as `read, write` or `Logon (success)`."""
    told = [
        wording.words.get(word) if place % 2 == 0 and word else word for place, word in enumerate(_JOINTS.split(value))
    ]
    return None if None in told else "".join(word for word in told if word is not None)
