"""What `verify` tells: integrity of every member, and what the collector could not read with the command that closes it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from snapshot_tool.knowledge.format import datasets
from snapshot_tool.load import Opened
from snapshot_tool.manifest import cause_of_entry, cause_of_error, closing_command, member_states
from snapshot_tool.report.foreign import harmless
from snapshot_tool.verdict import Cause


@dataclass(frozen=True, slots=True)
class Missing:
    """A dataset (or columns of it) that the collector did not bring home."""

    dataset: str
    cause: Cause
    detail: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """The state of one snapshot; `damaged` are members whose bytes cannot be trusted."""

    source: str
    members: int
    unverifiable: int
    damaged: Sequence[tuple[str, str]]
    side_file: str
    statuses: Sequence[tuple[str, int]]
    missing: Sequence[Missing]
    closing_command: str | None
    notes: Sequence[str]

    @property
    def exit_code(self) -> int:
        """1 damaged, 3 incomplete, 0 whole."""
        return 1 if self.damaged or self.side_file == "mismatch" else 3 if self.missing else 0


def examine(opened: Opened, source: str) -> Completeness:
    """Reads every byte of the archive; judges nothing."""
    archive, manifest = opened.source.archive, opened.source.manifest
    states = list(member_states(archive, manifest))
    missing = []
    for name, entry in sorted(manifest.datasets.items()):
        if entry.status != "notApplicable" and entry.lacks_rows:
            missing.append(Missing(name, *cause_of_entry(entry)))
        for column, code in sorted(entry.unread_columns.items()):
            missing.append(Missing(f"{name}.{column}", cause_of_error(code), code))
    missing += [Missing(name, *cause_of_entry(None)) for name in datasets() if name not in manifest.datasets]
    return Completeness(
        source=source,
        members=len(states),
        unverifiable=sum(state in ("unlisted", "not verifiable") for _, state, _ in states),
        damaged=[(name, why) for name, state, why in states if state in ("unreadable", "missing", "mismatch")],
        side_file=archive.side_file,
        statuses=sorted(Counter(entry.status for entry in manifest.datasets.values()).items()),
        missing=missing,
        closing_command=closing_command(
            (one.dataset.partition(".")[0], one.cause, manifest.datasets.get(one.dataset.partition(".")[0]))
            for one in missing
        ),
        notes=opened.notes,
    )


def print_completeness(console: Console, found: Completeness) -> None:
    """Integrity first, then what is missing by cause, then the command."""
    console.print(Rule(Text(harmless(found.source), "bold")))
    side = {
        "ok": "the .sha256 file beside it agrees",
        "mismatch": "the .sha256 file beside it does NOT agree",
        "absent": "no .sha256 file lies beside it",
        "unreadable": "the .sha256 file beside it cannot be read",
    }[found.side_file]
    console.print(
        Text(f"{found.members} members, {len(found.damaged)} damaged, {found.unverifiable} not verifiable; {side}")
    )
    for name, why in found.damaged:
        console.print(Text("✗ ", "red").append(f"{harmless(name)}: {harmless(why)}"))
    console.print(Text("datasets: " + ", ".join(f"{count} {status}" for status, count in found.statuses)))
    if found.missing:
        console.print(_missing(found.missing))
    if found.closing_command:
        console.print(Text("To close the gaps, run elevated on the host:", "bold"))
        console.print(Text(harmless(found.closing_command, limit=4000), "green"))
    for note in found.notes:
        console.print(Text(f"note: {harmless(note)}", "dim"))


def _missing(missing: Sequence[Missing]) -> RenderableType:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("not read", overflow="fold", min_width=24)
    for title in ("cause", "why"):
        table.add_column(title, overflow="fold")
    for name, cause, detail in _grouped(missing):
        table.add_row(Text(harmless(name)), Text(cause.value), Text(harmless(detail)))
    return table


def _grouped(missing: Sequence[Missing]) -> Iterable[tuple[str, Cause, str]]:
    """What is missing for the same reason is one line: class dumps of a namespace `hv/* (85 classes)`, columns `eventlogs: A, B`."""
    groups: dict[tuple[str, str, Cause, str], list[str]] = {}
    for one in missing:
        for sign in ("/", "."):
            whole, found, part = one.dataset.partition(sign)
            if found:
                groups.setdefault((whole, sign, one.cause, one.detail), []).append(part)
                break
        else:
            groups[one.dataset, "", one.cause, one.detail] = []
    for (whole, sign, cause, detail), parts in groups.items():
        if len(parts) < 2:
            yield sign.join((whole, *parts)), cause, detail
        elif sign == "/":
            yield f"{whole}/* ({len(parts)} classes)", cause, detail
        else:
            yield f"{whole}: {', '.join(parts)}", cause, detail
