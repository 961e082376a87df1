"""No text of a check is missing in any language, and no translation loses a value."""

import ast
import re
from pathlib import Path

import pytest

import analyzers
from analyzers import all_checks
from snapshot_tool.report.localized import translations, wording
from snapshot_tool.report.texts import LANGUAGES, texts

FOLDER = Path(analyzers.__file__).parent
OTHERS = [language for language in LANGUAGES if language != "en"]
SENTENCE = re.compile(r"(?:[A-Z]|\{1\}).*\s")


def template(node):
    """The template of an f-string or text: `{1}`, `{2}` for its values in order; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    parts, count = [], 0
    for piece in node.values:
        if isinstance(piece, ast.Constant):
            parts.append(piece.value)
        else:
            count += 1
            parts.append(f"{{{count}}}")
    return "".join(parts)


class Sentences(ast.NodeVisitor):
    """Every sentence of a module that may become a message; docstrings, decorators and parts of f-strings are none."""

    def __init__(self):
        self.found = {}

    def visit_FunctionDef(self, node):
        for statement in node.body:
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                self.visit(statement)

    def visit_ClassDef(self, node):
        self.visit_FunctionDef(node)

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in ("check", "undetermined", "NotOffered", "Gap"):
            self.generic_visit(node)

    def visit_JoinedStr(self, node):
        self.note(node)

    def visit_Constant(self, node):
        self.note(node)

    def note(self, node):
        text = template(node)
        if text and SENTENCE.match(text):
            self.found.setdefault(text, node.lineno)


def sentences(module):
    visitor = Sentences()
    visitor.visit(ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8")))
    return visitor.found


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_of_the_reports_is_there(language):
    english, other = texts("en").words, texts(language).words
    assert [key for key in english if not other.get(key)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_check_has_its_texts(language):
    tables = translations(language)
    told = {name: value for table in tables.values() for name, value in table.items() if name.startswith("HV-")}
    missing = [
        f"{check.id}.{part}"
        for check in all_checks()
        for part in ("title", "rationale", "remediation")
        if getattr(check, part) and not told.get(check.id, {}).get(part)
    ]
    assert missing == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("module", analyzers.MODULES)
def test_every_message_has_a_translation_with_the_same_values(language, module):
    messages = translations(language).get(module, {}).get("messages", {})
    missing = [f"line {line}: {text}" for text, line in sentences(module).items() if text not in messages]
    assert missing == []
    for english, other in messages.items():
        assert sorted(re.findall(r"\{\d+\}", english)) == sorted(re.findall(r"\{\d+\}", other)), english


@pytest.mark.parametrize("language", OTHERS)
def test_commands_are_not_translated(language):
    words = wording(language)
    for check in all_checks():
        english = set(re.findall(r"`([^`]+)`", check.remediation))
        assert english <= set(re.findall(r"`([^`]+)`", words.remediation(check))), check.id


def test_a_message_of_several_parts_is_told_part_by_part():
    words = wording("de")
    some = next(iter(translations("de")["services"]["messages"].items()))
    english = re.sub(r"\{\d+\}", "x", some[0])
    assert words.told(f"{english}; {english}").count(re.sub(r"\{\d+\}", "x", some[1])) == 2
