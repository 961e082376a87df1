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
from snapshot_tool.report.azman_text import Section
from snapshot_tool.report.foreign import harmless
from snapshot_tool.verdict import Severity

STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
SUBJECTS_SHOWN = 5


def print_assessment(console: Console, assessment: Assessment) -> None:
    """Everything a person needs from one snapshot, within the console's width."""
    console.print(Rule(_text(assessment.source, "bold")))
    console.print(_host_line(assessment))
    console.print(_counts(assessment))
    for check_id, results in _by_check(assessment.failures):
        console.print(_finding(check_id, results))
    if assessment.waived:
        console.print(_text(f"{len(assessment.waived)} findings are waived by the policy", "dim"))
    for line in _gap_part(assessment):
        console.print(line)
    if assessment.questions:
        console.print(Text("\nQuestions that no snapshot can answer", "bold"))
        for result in assessment.questions:
            console.print(_item(result.check.id, result.message, "dim"))
    for note in assessment.notes:
        console.print(_item("note", note, "dim"))


def print_sections(console: Console, title: str, sections: Sequence[Section]) -> None:
    """An AzMan store in plain words; each line of a cell is made harmless on its own."""
    console.print(Rule(_text(title, "bold")))
    for section in sections:
        console.print(Text("\n").append(harmless(section.title), "bold"))
        if not section.rows:
            console.print(_text(section.empty, "dim"))
            continue
        table = Table(box=None, padding=(0, 1), header_style="dim")
        for column in section.columns:
            table.add_column(_text(column), overflow="fold")
        for row in section.rows:
            cells = ((cell,) if isinstance(cell, str) else cell for cell in row)
            table.add_row(*(Text("\n".join(map(harmless, lines))) for lines in cells))
        console.print(table)


def make_console(file: IO[str] | None = None, *, stderr: bool = False) -> Console:
    """A console that replaces what its encoding cannot hold instead of failing (code pages 1252, 850)."""
    console = Console(file=file, stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
    reconfigure = getattr(console.file, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    return console


def _text(value: object, style: str = "") -> Text:
    return Text(harmless(value), style)


def _host_line(assessment: Assessment) -> Text:
    host = assessment.host
    parts = [host.name, host.os, host.installation_type, f"build {host.build}" if host.build else None]
    line = _text(" · ".join(str(part) for part in parts if part) or "host unknown")
    if assessment.collected_utc:
        line.append(f"   collected {harmless(assessment.collected_utc)}", "dim")
    return line


def _counts(assessment: Assessment) -> RenderableType:
    line = Text()
    for severity, count in assessment.summary.items():
        style = STYLES[severity] if count else "dim"
        line.append(f" {count} {severity.word} ", style)
        line.append(" ")
    coverage = assessment.coverage
    told = Text(
        f"{coverage['assessed']} checks assessed, {coverage['notAssessed']} not assessed, "
        f"{coverage['notApplicable']} not applicable, {coverage['manual']} to ask",
        "dim",
    )
    return Group(line, told)


def _by_check(results: Sequence[Result]) -> Iterable[tuple[str, list[Result]]]:
    grouped: dict[tuple[Severity, str], list[Result]] = {}
    for result in results:
        grouped.setdefault((result.severity, result.check.id), []).append(result)
    for (_, check_id), group in grouped.items():
        yield check_id, group


def _finding(check_id: str, results: Sequence[Result]) -> RenderableType:
    first = results[0]
    head = Text("\n")
    head.append(f" {first.severity.word.upper()} ", STYLES[first.severity])
    head.append(f" {check_id} ", "bold")
    head.append(harmless(first.check.title))
    lines: list[RenderableType] = [head]
    for result in results[:SUBJECTS_SHOWN]:
        lines.append(Padding(_item("", result.message, ""), (0, 0, 0, 2)))
        if result.evidence:
            item = result.evidence[-1]
            more = f" (+{len(result.evidence) - 1} cells)" if len(result.evidence) > 1 else ""
            place = f"{item.file} {item.path} = {item.value!r}"
            lines.append(Padding(_text(f"{harmless(place, limit=140)}{more}", "dim"), (0, 0, 0, 6)))
    if len(results) > SUBJECTS_SHOWN:
        lines.append(Padding(_text(f"… and {len(results) - SUBJECTS_SHOWN} more", "dim"), (0, 0, 0, 4)))
    remedy = first.check.remediation
    if remedy:
        lines.append(Padding(_text("→ " + " ".join(remedy.split()), "green"), (0, 0, 0, 2)))
    return Group(*lines)


def _gap_part(assessment: Assessment) -> Iterable[RenderableType]:
    if not assessment.unassessed:
        return
    yield Text(f"\nNot assessed: {assessment.coverage['notAssessed']} checks", "bold")
    table = Table(box=None, padding=(0, 1), show_header=True, header_style="dim")
    for title in ("what", "cause", "checks"):
        table.add_column(title, overflow="fold")
    grouped: dict[tuple[str, str], set[str]] = {}
    for result in assessment.unassessed:
        gap = result.gap
        if gap is not None:
            place = ".".join(part for part in (gap.table, gap.column) if part) or gap.detail
            grouped.setdefault((place, gap.cause.value), set()).add(result.check.id.removeprefix("HV-"))
    for (place, cause), checks in sorted(grouped.items()):
        shown = sorted(checks)
        told = ", ".join(shown[:8]) + (f" … +{len(shown) - 8}" if len(shown) > 8 else "")
        table.add_row(_text(place), _text(cause), _text(told))
    yield table
    if assessment.closing_command:
        yield Text("To close the gaps, run elevated on the host:", "bold")
        yield Padding(Text(harmless(assessment.closing_command, limit=4000), "green"), (0, 0, 0, 2))


def _item(mark: str, message: str, style: str) -> Text:
    line = Text("• ")
    if mark:
        line.append(f"{mark}: ", "bold")
    line.append(harmless(message), style)
    return line
