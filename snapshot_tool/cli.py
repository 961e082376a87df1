"""The command line: wiring, messages and exit codes; only this module exits. Heavy imports stay inside the commands."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from snapshot_tool import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot_tool.check import Check
    from snapshot_tool.report.assessment import Assessment

app = typer.Typer(
    name="snapshot-tool",
    help="Says what is misconfigured on a Hyper-V host, from a snapshot, offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Paths = Annotated[
    list[Path], typer.Argument(help="Snapshots (zip or unpacked folder) or bare files such as InitialStore.xml.")
]


class Threshold(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NEVER = "never"


class TableFormat(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class ListFormat(StrEnum):
    TABLE = "table"
    MD = "md"
    JSON = "json"


def main() -> None:
    """Entry point: unforeseen failures end with one line and exit code 4, a broken pipe quietly."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


def _version(value: bool) -> None:
    if value:
        typer.echo(f"snapshot-tool {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def analyze(
    paths: Paths,
    json: Annotated[Path | None, typer.Option(help="Write the JSON report; - is standard output.")] = None,
    fail_on: Annotated[Threshold, typer.Option(help="Lowest severity that makes the exit code 1.")] = Threshold.HIGH,
    check: Annotated[list[str] | None, typer.Option(help="Only this check (repeatable).", metavar="ID")] = None,
    area: Annotated[list[str] | None, typer.Option(help="Only checks of this area, such as FW (repeatable).")] = None,
    only_failed: Annotated[
        bool, typer.Option("--only-failed", help="Write only failures into the JSON report.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="One result per subject for passes too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
) -> None:
    """Judge snapshots: what is wrong, how bad it is, what it rests on, how to mend it, what could not be judged."""
    from snapshot_tool.report.assessment import exit_code
    from snapshot_tool.verdict import Severity

    chosen = _chosen_checks(check, area)
    assessments: list[Assessment] = []
    unreadable = False
    for path in _progress(paths, quiet=quiet):
        found = _assess(path, chosen, full=full)
        if found is None:
            unreadable = True
        else:
            assessments.append(found)
    if json is not None:
        from snapshot_tool.report import json_report

        _write(json, json_report.render(assessments, only_failed=only_failed))
    if not quiet and (json is None or str(json) != "-"):
        from snapshot_tool.report.console import make_console, print_assessment

        console = make_console()
        for assessment in assessments:
            print_assessment(console, assessment)
    threshold = None if fail_on is Threshold.NEVER else Severity[fail_on.name]
    raise typer.Exit(exit_code(assessments, threshold, unreadable=unreadable))


def _assess(path: Path, checks: "Sequence[Check]", *, full: bool) -> "Assessment | None":
    from snapshot_tool import analysis
    from snapshot_tool.archive import ArchiveError

    try:
        return analysis.analyze(path, checks, full=full)
    except ArchiveError as error:
        _complain(f"{path}: {error}")
    except OSError as error:
        _complain(f"{path}: {error.strerror or error}")
    return None


def _chosen_checks(ids: list[str] | None, areas: list[str] | None) -> "Sequence[Check]":
    from analyzers import all_checks

    checks = all_checks()
    wanted = {identifier.upper() for identifier in ids or ()}
    unknown = wanted - {check.id for check in checks}
    if unknown:
        _usage(f"no such check: {', '.join(sorted(unknown))} (snapshot-tool checks lists them)")
    wanted_areas = {area.upper().removeprefix("HV-") for area in areas or ()}
    unknown = wanted_areas - {check.area for check in checks}
    if unknown:
        _usage(f"no such area: {', '.join(sorted(unknown))} (areas: {', '.join(sorted({c.area for c in checks}))})")
    if not wanted and not wanted_areas:
        return checks
    return [check for check in checks if check.id in wanted or check.area in wanted_areas]


def _progress(paths: list[Path], *, quiet: bool) -> "Sequence[Path]":
    return paths


def _write(path: Path, data: bytes) -> None:
    if str(path) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    try:
        path.write_bytes(data)
    except OSError as error:
        _usage(f"cannot write {path}: {error.strerror or error}")


def _complain(message: str) -> None:
    from snapshot_tool.report.foreign import harmless

    typer.echo(f"snapshot-tool: {harmless(message)}", err=True)


def _usage(message: str) -> None:
    _complain(message)
    raise typer.Exit(2)


@app.command()
def checks(
    area: Annotated[list[str] | None, typer.Option(help="Only checks of this area, such as FW (repeatable).")] = None,
    severity: Annotated[str | None, typer.Option(help="Only checks of this severity.")] = None,
    format: Annotated[ListFormat, typer.Option(help="How to print.")] = ListFormat.TABLE,  # noqa: A002 - its name on the command line
) -> None:
    """List the checks."""
    from snapshot_tool.report import catalogue

    chosen = [one for one in _chosen_checks(None, area) if severity is None or one.severity.word == severity.lower()]
    match format:
        case ListFormat.JSON:
            typer.echo(catalogue.as_json(chosen))
        case ListFormat.MD:
            typer.echo(catalogue.as_markdown(chosen), nl=False)
        case ListFormat.TABLE:
            from snapshot_tool.report.console import make_console

            make_console().print(catalogue.as_table(chosen))


@app.command()
def explain(check_id: Annotated[str, typer.Argument(metavar="CHECK_ID")]) -> None:
    """Say why a check matters, what it is asked of and how to mend what it finds."""
    from snapshot_tool.report import catalogue
    from snapshot_tool.report.console import make_console

    (check,) = _chosen_checks([check_id], None)
    make_console().print(catalogue.explanation(check))
