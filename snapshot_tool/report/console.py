"""The console report: severity table, worst findings first, gaps last with the command that closes them.

Foreign strings reach the terminal through `foreign.harmless` and `rich.text.Text` only, never as markup.
"""

from collections.abc import Iterable, Sequence
from typing import IO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from snapshot_tool.engine import Result
from snapshot_tool.report.assessment import Assessment
from snapshot_tool.report.azman_text import Cell, Row, Section
from snapshot_tool.report.foreign import harmless
from snapshot_tool.report.localized import Wording
from snapshot_tool.verdict import Severity

STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
SUBJECTS_SHOWN = 5
QUESTIONS_SHOWN = 3
WIDTH_OF_A_COLUMN = 20
"""Below it on average, rows are printed as cards."""
NARROWEST, USUAL = 20, 80
"""A terminal that claims to be narrower than the first (such as one of no width) does not know; it gets the second."""


def print_assessment(console: Console, assessment: Assessment, wording: Wording) -> None:
    """Everything a person needs from one snapshot, within the console's width."""
    texts = wording.texts
    console.print(Rule(_text(assessment.source, "bold")))
    console.print(_host_line(assessment, wording))
    console.print(_counts(assessment, wording))
    for results in _by_check(assessment.failures):
        console.print(_finding(results, wording))
    if assessment.waived:
        console.print(Text(f"\n{len(assessment.waived)} {texts['waivedByPolicy']}", "dim"))
    for line in _gap_part(assessment, wording):
        console.print(line)
    if assessment.questions:
        console.print(Text(f"\n{texts['questions']}", "bold"))
        for results in _by_check(assessment.questions):
            for result in results[:QUESTIONS_SHOWN]:
                console.print(_item(result.check.id, wording.message(result), "dim"))
            if len(results) > QUESTIONS_SHOWN:
                console.print(Text(f"  … +{len(results) - QUESTIONS_SHOWN} {results[0].check.id}", "dim"))
    for note in assessment.notes:
        console.print(_item(texts["note"], note, "dim"))


def print_sections(console: Console, title: str, sections: Sequence[Section]) -> None:
    """An AzMan store in plain words; each line of a cell is made harmless on its own."""
    console.print(Rule(_text(title, "bold")))
    for section in sections:
        console.print(Text("\n").append(harmless(section.title), "bold"))
        if not section.rows:
            console.print(_text(section.empty, "dim"))
        else:
            print_rows(console, section.columns, section.rows)


def print_rows(console: Console, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Rows below their headings, or, where columns would be too narrow to read, as cards."""
    if console.width < WIDTH_OF_A_COLUMN * len(columns):
        for row in rows:
            console.print(_card(columns, row))
        return
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for column in columns:
        table.add_column(_text(column), overflow="fold")
    for row in rows:
        table.add_row(*(Text("\n".join(_lines(cell))) for cell in row))
    console.print(table)


def _card(columns: Sequence[str], row: Row) -> RenderableType:
    """A row under its first cell, one line per value: where columns would be too narrow to read."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for column, cell in zip(columns[1:], row[1:], strict=True):
        if lines := list(_lines(cell)):
            table.add_row(_text(column), Text("\n".join(lines)))
    return Group(Text("• ").append(" ".join(_lines(row[0])), "bold"), Padding(table, (0, 0, 0, 1)))


def _lines(cell: Cell) -> Iterable[str]:
    return filter(None, map(harmless, (cell,) if isinstance(cell, str) else cell))


def make_console(file: IO[str] | None = None, *, stderr: bool = False) -> Console:
    """A console that replaces what its encoding cannot hold instead of failing (code pages 1252, 850)."""
    console = Console(file=file, stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
    reconfigure = getattr(console.file, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    console.width = console.width if console.width >= NARROWEST else USUAL
    return console


def _text(value: object, style: str = "", *, limit: int = 300) -> Text:
    return Text(harmless(value, limit=limit), style)


def _host_line(assessment: Assessment, wording: Wording) -> Text:
    texts, host = wording.texts, assessment.host
    parts = [host.name, host.os, host.installation_type, f"{texts['build']} {host.build}" if host.build else None]
    line = _text(" · ".join(str(part) for part in parts if part) or texts["hostUnknown"])
    if assessment.collected_utc:
        line.append(f"\n{texts['collected']} {harmless(assessment.collected_utc)}", "dim")
    return line


def _counts(assessment: Assessment, wording: Wording) -> RenderableType:
    texts, line = wording.texts, Text()
    for severity, count in assessment.summary.items():
        line.append(f" {count} {texts[severity.word]} ", STYLES[severity] if count else "dim")
        line.append(" ")
    coverage = assessment.coverage
    told = [f"{coverage[name]} {texts[name]}" for name in ("assessed", "notAssessed", "notApplicable")]
    return Group(line, Text(", ".join([*told, f"{coverage['manual']} {texts['toAsk']}"]), "dim"))


def _by_check(results: Sequence[Result]) -> Iterable[list[Result]]:
    grouped: dict[tuple[Severity, str], list[Result]] = {}
    for result in results:
        grouped.setdefault((result.severity, result.check.id), []).append(result)
    return grouped.values()


def _finding(results: Sequence[Result], wording: Wording) -> RenderableType:
    first = results[0]
    head = Text("\n")
    head.append(f" {wording.texts[first.severity.word].upper()} ", STYLES[first.severity])
    head.append(f" {first.check.id} ", "bold")
    head.append(harmless(wording.title(first.check)))
    lines: list[RenderableType] = [head]
    for result in results[:SUBJECTS_SHOWN]:
        lines.append(Padding(_item("", wording.message(result), ""), (0, 0, 0, 2)))
        if result.evidence:
            item = result.evidence[-1]
            more = f" (+{len(result.evidence) - 1})" if len(result.evidence) > 1 else ""
            place = f"{item.file} {item.path} = {item.value!r}"
            lines.append(Padding(_text(f"{harmless(place, limit=140)}{more}", "dim"), (0, 0, 0, 6)))
    if len(results) > SUBJECTS_SHOWN:
        lines.append(Padding(_text(f"… +{len(results) - SUBJECTS_SHOWN}", "dim"), (0, 0, 0, 4)))
    remedy = wording.remediation(first.check)
    if remedy:
        lines.append(Padding(_text("→ " + " ".join(remedy.split()), "green", limit=2000), (0, 0, 0, 2)))
    return Group(*lines)


def _gap_part(assessment: Assessment, wording: Wording) -> Iterable[RenderableType]:
    if not assessment.unassessed:
        return
    texts = wording.texts
    whole = assessment.coverage["notAssessed"]
    partly = len({result.check.id for result in assessment.unassessed}) - whole
    told = f"{whole} {texts['inWhole']}" + (f", {partly} {texts['inPart']}" if partly > 0 else "")
    yield Text(f"\n{texts['gaps']}: {told}", "bold")
    table = Table(box=None, padding=(0, 1), show_header=True, header_style="dim")
    for title in ("what", "cause", "checks"):
        table.add_column(texts[title].lower() if texts.language == "en" else texts[title], overflow="fold")
    grouped: dict[tuple[str, str], set[str]] = {}
    for result in assessment.unassessed:
        gap = result.gap
        if gap is not None:
            place = ".".join(part for part in (gap.table, gap.column) if part) or wording.told(gap.detail)
            grouped.setdefault((place, gap.cause.value), set()).add(result.check.id.removeprefix("HV-"))
    for (place, cause), checks in sorted(grouped.items()):
        shown = sorted(checks)
        told = ", ".join(shown[:8]) + (f" … +{len(shown) - 8}" if len(shown) > 8 else "")
        table.add_row(_text(place), _text(texts[f"cause_{cause}"]), _text(told))
    yield table
    if assessment.closing_command:
        yield Text(texts["close"], "bold")
        yield Padding(Text(harmless(assessment.closing_command, limit=4000), "green"), (0, 0, 0, 2))


def _item(mark: str, message: str, style: str) -> Text:
    line = Text("• ")
    if mark:
        line.append(f"{mark}: ", "bold")
    line.append(harmless(message), style)
    return line
