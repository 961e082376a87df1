"""No text of a check is missing in any language, and no translation loses a value."""

import ast
import re
from pathlib import Path

import pytest

import analyzers
import snapshot_tool
from analyzers import all_checks
from snapshot_tool.analysis import analyze
from snapshot_tool.knowledge.format import datasets, skipped_reasons
from snapshot_tool.load import open_snapshot
from snapshot_tool.manifest import DatasetEntry, cause_of_entry, remedy
from snapshot_tool.report.localized import translations, wording
from snapshot_tool.report.texts import LANGUAGES, texts
from snapshot_tool.verdict import Cause, Status

FOLDER = Path(analyzers.__file__).parent
PACKAGE = Path(snapshot_tool.__file__).parent
SAMPLES = sorted((Path(__file__).parent.parent / "samples").glob("*.zip"))
OTHERS = [language for language in LANGUAGES if language != "en"]
SENTENCE = re.compile(r"(?:[A-Z]|\{1\}).*\s")
# Where the text of a reason stands among the arguments.
REASONS = {
    "undetermined": 0,
    "NotOffered": 0,
    "CellError": 0,
    "SeceditError": 0,
    "Gap": 1,
    "MemberError": 1,
    "JsonError": 1,
}
# What stands before a reason: table and column or a file, told as they stand, and the line, which has a text of its own.
PLACE = re.compile(r"(?:\{\d+\}(?:\.\{\d+\})?|\w+|line \{\d+\}): (?=.)", re.ASCII)


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


class Reasons(ast.NodeVisitor):
    """Every text that says why something is not assessed or does not apply, without its place; `detail` names such a text too."""

    def __init__(self):
        self.found = {}

    def visit_Call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in REASONS:
            for argument in [
                *node.args[REASONS[name] :][:1],
                *(word.value for word in node.keywords if word.arg == "detail"),
            ]:
                self.note(argument)
        self.generic_visit(node)

    def visit_Assign(self, node):
        if any(isinstance(target, ast.Name) and target.id == "detail" for target in node.targets):
            self.note(node.value)
        self.generic_visit(node)

    def note(self, node):
        if isinstance(node, ast.IfExp):
            self.note(node.body)
            self.note(node.orelse)
        elif isinstance(node, ast.BoolOp):
            for value in node.values:
                self.note(value)
        else:
            text = behind_its_place(template(node) or "")
            if re.search(r"[A-Za-z]", re.sub(r"\{\d+\}", "", text)):
                self.found.setdefault(text, node.lineno)


def behind_its_place(text):
    """`{1}: {2} has no data` as `{1} has no data`."""
    while place := PLACE.match(text):
        text = text[place.end() :]
    numbers = {number: str(new) for new, number in enumerate(dict.fromkeys(re.findall(r"\{(\d+)\}", text)), 1)}
    return re.sub(r"\{(\d+)\}", lambda found: f"{{{numbers[found[1]]}}}", text)


def reasons(path):
    visitor = Reasons()
    visitor.visit(ast.parse(path.read_text(encoding="utf-8")))
    return visitor.found


def own_of_the_collector(manifest):
    """What the collector wrote of errors: texts of the host, and codes of the format."""
    entries = manifest.datasets.values()
    return {str(error) for entry in entries for error in entry.errors} | {
        code for entry in entries for code in entry.unread_columns.values()
    }


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


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "path",
    [*(FOLDER / f"{module}.py" for module in analyzers.MODULES), *sorted(PACKAGE.rglob("*.py"))],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_every_reason_why_something_is_not_assessed_has_a_translation(language, path):
    tables = translations(language)
    names = ["engine", "reading", path.stem] if path.parent == FOLDER else ["engine", "reading"]
    messages = {english for name in names for english in tables.get(name, {}).get("messages", {})}
    assert [f"line {line}: {text}" for text, line in reasons(path).items() if text not in messages] == []


def test_reasons_are_found_wherever_they_stand_in_a_call(tmp_path):
    module = tmp_path / "module.py"
    module.write_text(
        "raise undetermined(f'the size of {x} is odd')\n"
        "Gap(Cause.UNREADABLE, f'{member}: line {n}: {name!r} is odd' if x else 'it is odd', 'table')\n"
        "Gap(Cause.UNREADABLE, f'{key}: {name}', detail='said by name')\n"
        "detail = 'kept in a name'\n",
        encoding="utf-8",
    )
    assert list(reasons(module)) == [
        "the size of {1} is odd",
        "{1} is odd",
        "it is odd",
        "said by name",
        "kept in a name",
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_whatever_closes_a_gap_has_a_translation(language):
    words = wording(language)
    told = {text: words.told(text) for name in datasets() for cause in Cause if (text := remedy(name, cause))}
    assert len(told) > len(datasets())
    assert [text for text, other in told.items() if other == text] == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("reason", [*skipped_reasons(), None])
def test_why_a_dataset_was_skipped_has_a_translation(language, reason):
    words = wording(language)
    _, detail = cause_of_entry(DatasetEntry("services", "skipped", skipped_reason=reason))
    meaning = skipped_reasons().get(reason)
    assert words.told(detail) != detail
    assert meaning is None or (meaning not in words.told(detail) and words.told(meaning) in words.told(detail))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_report_leaves_no_reason_and_no_remedy_in_english_but_what_the_collector_wrote(language, sample):
    words = wording(language)
    with open_snapshot(sample) as opened:
        foreign = own_of_the_collector(opened.source.manifest)
    assessment = analyze(sample, all_checks())
    assert assessment.gaps
    assert [
        gap.detail for gap in assessment.gaps if gap.detail not in foreign and words.told(gap.detail) == gap.detail
    ] == []
    assert [gap.remedy for gap in assessment.gaps if words.told(gap.remedy) == gap.remedy] == []
    assert [
        result.message
        for result in assessment.results
        if result.status is Status.NOT_ASSESSED
        and (result.gap is None or result.gap.detail not in foreign)
        and words.message(result) == result.message
    ] == []
