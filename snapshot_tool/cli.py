"""The command line: wiring, messages and exit codes; only this module exits. Heavy imports stay inside the commands."""

import gc
import os
import sys
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from snapshot_tool import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import IO, NoReturn

    from snapshot_tool.check import Check
    from snapshot_tool.policy import Settings
    from snapshot_tool.report.assessment import Assessment
    from snapshot_tool.snapshot import Snapshot

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


class Level(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Language(StrEnum):
    EN = "en"
    DE = "de"


class TableFormat(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class ListFormat(StrEnum):
    TABLE = "table"
    MD = "md"
    JSON = "json"


def main() -> None:
    """Entry point. A run is short and makes hardly any cycles, so collecting them would only cost time.

    What nobody foresaw ends with one line and exit code 4; `SNAPSHOT_TOOL_DEBUG` shows where it happened.
    """
    gc.disable()
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        if os.environ.get("SNAPSHOT_TOOL_DEBUG"):
            raise
        _complain(f"internal error, please report it: {type(error).__name__}: {error}")
        raise SystemExit(4) from None


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
    html: Annotated[Path | None, typer.Option(help="Write the HTML report.")] = None,
    md: Annotated[Path | None, typer.Option(help="Write the Markdown report.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the results as CSV.")] = None,
    sarif: Annotated[Path | None, typer.Option(help="Write SARIF 2.1.0.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write an Excel workbook.")] = None,
    lang: Annotated[Language, typer.Option(help="Language of what people read.")] = Language.EN,
    policy: Annotated[Path | None, typer.Option(help="The operator sheet (TOML): owners, profile, waivers.")] = None,
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

    outputs = [out for out in (json, html, md, csv, sarif, xlsx) if out is not None]
    if outputs.count(Path("-")) > 1 or xlsx == Path("-"):
        _usage("- can stand for one report only, and not for a workbook")
    files = [out for out in outputs if out != Path("-")]
    for out in files:
        _demand_writable(out)
    if len({out.resolve() for out in files}) < len(files):
        _usage("each report needs a file of its own")
    _demand_no_input(files, [*paths, *([policy] if policy else [])])
    chosen = _chosen_checks(check, area)
    settings = _settings(policy)
    assessments: list[Assessment] = []
    unreadable = False
    for path in _progress(paths, quiet=quiet):
        found = _assess(path, chosen, settings, full=full, inventory=html is not None or xlsx is not None)
        if found is None:
            unreadable = True
        else:
            assessments.append(found)
    _write_reports(
        assessments, json=json, html=html, md=md, csv=csv, sarif=sarif, xlsx=xlsx, lang=lang, only_failed=only_failed
    )
    if not quiet and Path("-") not in outputs:
        from snapshot_tool.report.console import make_console, print_assessment
        from snapshot_tool.report.localized import wording

        console = make_console()
        for assessment in assessments:
            print_assessment(console, assessment, wording(lang))
    threshold = None if fail_on is Threshold.NEVER else Severity[fail_on.name]
    raise typer.Exit(exit_code(assessments, threshold, unreadable=unreadable))


def _write_reports(
    assessments: "Sequence[Assessment]",
    *,
    json: Path | None,
    html: Path | None,
    md: Path | None,
    csv: Path | None,
    sarif: Path | None,
    xlsx: Path | None,
    lang: Language,
    only_failed: bool,
) -> None:
    if json is not None:
        from snapshot_tool.report import json_report

        _write(json, json_report.render(assessments, only_failed=only_failed))
    if html is md is csv is sarif is xlsx is None:
        return
    from snapshot_tool.report.localized import wording

    words = wording(lang)
    if html is not None:
        from snapshot_tool.report import html_report

        with _writing(html) as out:
            html_report.write(assessments, words, out)
    if md is not None:
        from snapshot_tool.report import markdown

        _write(md, markdown.render(assessments, words))
    if sarif is not None:
        from snapshot_tool.report import sarif as sarif_report

        _write(sarif, sarif_report.render(assessments, words))
    if csv is not None or xlsx is not None:
        from snapshot_tool import frames

        if csv is not None:
            with _writing(csv) as out:
                frames.write_csv(assessments, words, out, only_failed=only_failed)
        if xlsx is not None:
            with _writing(xlsx) as out:
                frames.write_xlsx(assessments, words, out, only_failed=only_failed)


def _settings(path: Path | None) -> "Settings":
    from analyzers import all_checks
    from snapshot_tool.policy import NO_SETTINGS

    if path is None:
        return NO_SETTINGS
    from snapshot_tool.settings import SettingsError, read_settings

    try:
        return read_settings(path, [check.id for check in all_checks()])
    except SettingsError as error:
        for line in str(error).splitlines():
            _complain(f"{path}: {line}")
        raise typer.Exit(2) from None


def _assess(
    path: Path, checks: "Sequence[Check]", settings: "Settings", *, full: bool, inventory: bool
) -> "Assessment | None":
    from snapshot_tool import analysis

    try:
        with _unusable_gives_4(path):
            return analysis.analyze(path, checks, full=full, inventory=inventory, settings=settings)
    except typer.Exit:
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


def _progress(paths: list[Path], *, quiet: bool) -> "Iterator[Path]":
    """The paths, with a bar on a terminal while there is something to wait for."""
    if quiet or not sys.stderr.isatty() or (len(paths) == 1 and not _is_large(paths[0])):
        yield from paths
        return
    from rich.progress import track

    from snapshot_tool.report.console import make_console

    yield from track(paths, "judging", console=make_console(stderr=True), transient=True)


def _is_large(path: Path) -> bool:
    try:
        return path.stat().st_size > 10_000_000
    except OSError:
        return False


def _demand_writable(path: Path) -> None:
    """Ends before the work is done, not after it, where a report could not be written."""
    try:
        place = path if path.exists() else path.absolute().parent
        if path.is_dir():
            _usage(f"cannot write {path}: it is a folder")
        if not place.exists():
            _usage(f"cannot write {path}: there is no folder {place}")
    except OSError as error:
        _usage(f"cannot write {path}: {error.strerror or error}")
    if not os.access(place, os.W_OK):
        _usage(f"cannot write {path}: no permission")


def _demand_no_input(outputs: "Sequence[Path]", inputs: "Sequence[Path]") -> None:
    """A report must not take the place of what it is made from: a snapshot may be the only copy."""
    for given in inputs:
        try:
            source = given.resolve()
            taken = [
                out for out in outputs if out.resolve().is_relative_to(source) or (out.exists() and out.samefile(given))
            ]
        except OSError:
            continue  # an input that cannot be found is told when it is opened
        if taken:
            _usage(f"cannot write {taken[0]}: it is, or lies in, the input {given}")


def _write(path: Path, data: bytes) -> None:
    if str(path) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    try:
        path.write_bytes(data)
    except OSError as error:
        _usage(f"cannot write {path}: {error.strerror or error}")


@contextmanager
def _writing(path: Path) -> "Iterator[IO[bytes]]":
    if str(path) == "-":
        yield sys.stdout.buffer
        return
    try:
        with path.open("wb") as out:
            yield out
    except OSError as error:
        _usage(f"cannot write {path}: {error.strerror or error}")


@contextmanager
def _unusable_gives_4(path: Path) -> "Iterator[None]":
    """An input that cannot be used as a whole ends with one line."""
    from snapshot_tool.archive import ArchiveError

    try:
        yield
    except (ArchiveError, OSError) as error:
        _complain(f"{path}: {(error.strerror if isinstance(error, OSError) else None) or error}")
        raise typer.Exit(4) from None


def _complain(message: str) -> None:
    from snapshot_tool.report.foreign import harmless

    typer.echo(f"snapshot-tool: {harmless(message)}", err=True)


def _usage(message: str) -> "NoReturn":
    _complain(message)
    raise typer.Exit(2)


@app.command()
def checks(
    area: Annotated[list[str] | None, typer.Option(help="Only checks of this area, such as FW (repeatable).")] = None,
    severity: Annotated[Level | None, typer.Option(help="Only checks of this severity.")] = None,
    format: Annotated[ListFormat, typer.Option(help="How to print.")] = ListFormat.TABLE,  # noqa: A002 - its name on the command line
) -> None:
    """List the checks."""
    from snapshot_tool.report import catalogue

    chosen = [one for one in _chosen_checks(None, area) if severity is None or one.severity.word == severity.value]
    match format:
        case ListFormat.JSON:
            typer.echo(catalogue.as_json(chosen))
        case ListFormat.MD:
            typer.echo(catalogue.as_markdown(chosen), nl=False)
        case ListFormat.TABLE:
            from snapshot_tool.report.console import make_console

            make_console().print(catalogue.as_table(chosen))


@app.command()
def explain(
    check_id: Annotated[str, typer.Argument(metavar="CHECK_ID")],
    report: Annotated[
        Path | None, typer.Option("--from", help="A JSON report: prints its findings of this check as a ticket.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the text.")] = Language.EN,
) -> None:
    """Say why a check matters, what it is asked of and how to mend what it finds; or write a ticket for what it found."""
    from snapshot_tool.report import catalogue
    from snapshot_tool.report.console import make_console
    from snapshot_tool.report.localized import wording

    (check,) = _chosen_checks([check_id], None)
    if report is None:
        make_console().print(catalogue.explanation(check, wording(lang)))
        return
    from snapshot_tool.report.ticket import TicketError, tickets

    try:
        found = tickets(report, check, wording(lang))
    except TicketError as error:
        _complain(f"{report}: {error}")
        raise typer.Exit(4) from None
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    typer.echo(found, nl=False)


@app.command()
def verify(paths: Paths) -> None:
    """Check integrity and completeness: hashes, members, what the collector failed to read. Judges nothing.

    Exit code 0 whole, 1 damaged, 3 incomplete, 4 unusable.
    """
    from snapshot_tool.load import open_snapshot
    from snapshot_tool.report.completeness import examine, print_completeness
    from snapshot_tool.report.console import make_console

    console = make_console()
    codes = [0]
    for path in paths:
        try:
            with _unusable_gives_4(path), open_snapshot(path, bare=False) as opened:
                found = examine(opened, path.name)
        except typer.Exit:
            codes.append(4)
            continue
        print_completeness(console, found)
        codes.append(found.exit_code)
    raise typer.Exit(next(code for code in (4, 1, 3, 0) if code in codes))


@app.command()
def show(
    path: Annotated[Path, typer.Argument(help="A snapshot (zip or unpacked folder) or a bare file.")],
    table: Annotated[str | None, typer.Argument(help="A table; without it, the list of all.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="Only rows with this value (repeatable; several of one column: any).", metavar="COLUMN=VALUE"
        ),
    ] = None,
    columns: Annotated[str | None, typer.Option(help="Only these columns, separated by commas.")] = None,
    format: Annotated[TableFormat, typer.Option(help="How to print.")] = TableFormat.TABLE,  # noqa: A002 - its name on the command line
) -> None:
    """List the tables of a snapshot, or the rows of one."""
    from snapshot_tool.load import open_snapshot
    from snapshot_tool.report import tables
    from snapshot_tool.report.console import make_console, print_rows

    with _unusable_gives_4(path), open_snapshot(path) as opened:
        names = opened.table_names()
        if table is None:
            canonical = opened.canonical_names()
            if format is TableFormat.JSON:
                typer.echo(tables.as_json(tables.listing({n: opened.snapshot.table(n) for n in canonical}, canonical)))
            else:
                _list_tables(opened.snapshot, names, as_csv=format is TableFormat.CSV)
            return
        by_name = {name.casefold(): name for name in names}
        if table.casefold() not in by_name:
            _usage(f"{path.name} has no table {table} (snapshot-tool show {path.name} lists them)")
        found = opened.snapshot.table(by_name[table.casefold()])
        known = {name.casefold(): name for name in found.columns}
        conditions = [_condition(text, known) for text in where or ()]
        listed = [_column(name.strip(), known) for name in columns.split(",")] if columns else None
        listed = list(dict.fromkeys(listed)) if listed else None
        found = tables.chosen(found, conditions)
        readable = [name for name, column in found.columns.items() if not column.not_offered]
        match format:
            case TableFormat.JSON:
                document = tables.as_document(found)
                if listed is not None:
                    document["rows"] = [{name: row.get(name) for name in listed} for row in document["rows"]]
                if found.gap is not None:
                    document["gap"] = found.gap.cause.value
                typer.echo(tables.as_json(document))
            case TableFormat.CSV:
                typer.echo(tables.as_csv(found, listed or readable), nl=False)
            case TableFormat.TABLE:
                print_rows(make_console(), listed or readable, tables.as_rows(found, listed or readable))
        if format is TableFormat.JSON:
            return
        if found.gap is not None or found.absent or found.not_offered:
            _complain(f"{found.name}: {tables.state_of(found)}")
        elif not found.records:
            _complain(f"{found.name}: no {'such ' if conditions else ''}rows")


def _list_tables(snapshot: "Snapshot", names: "Sequence[str]", *, as_csv: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from snapshot_tool.report import tables
    from snapshot_tool.report.console import make_console

    rows = []
    for name in names:
        table = snapshot.table(name)
        rows.append((name, str(len(table.records)), tables.state_of(table)))
    if as_csv:
        typer.echo("table,rows,state")
        for name, count, state in rows:
            typer.echo(f'{name},{count},"{state}"')
        return
    shown = Table(box=None, padding=(0, 1), header_style="bold")
    shown.add_column("table")
    shown.add_column("rows", justify="right")
    shown.add_column("state")
    for row in rows:
        shown.add_row(*map(Text, row))
    make_console().print(shown)


def _condition(text: str, known: "Mapping[str, str]") -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        _usage(f"--where {text}: write COLUMN=VALUE")
    return _column(name.strip(), known), value


def _column(name: str, known: "Mapping[str, str]") -> str:
    if name.casefold() not in known:
        _usage(f"no such column: {name} (columns: {', '.join(known.values())})")
    return known[name.casefold()]


@app.command()
def azman(
    file: Annotated[
        Path, typer.Argument(help="An AzMan store such as InitialStore.xml, or a snapshot that holds one.")
    ],
) -> None:
    """Tell an AzMan store in plain words: roles, tasks, operations, who is assigned, scopes, defects."""
    from snapshot_tool.load import azman_stores
    from snapshot_tool.report.azman_text import describe_store
    from snapshot_tool.report.console import make_console, print_sections

    console = make_console()
    with _unusable_gives_4(file):
        found = azman_stores(file)
    for name, store in found.stores:
        print_sections(console, name, describe_store(store, found.sid_names))
    for defect in found.defects:
        _complain(f"{file}: {defect}")
    if found.defects:
        raise typer.Exit(4)


@app.command()
def collector(
    out: Annotated[Path, typer.Option("-o", "--out", help="The folder to write collector.ps1 into.")] = Path(),
) -> None:
    """Write the collector script that belongs to this version, and print its SHA-256."""
    from hashlib import sha256

    script = _collector_script()
    target = out / "collector.ps1"
    if out.is_file():
        _usage(f"-o names the folder to write collector.ps1 into, but {out} is a file")
    try:
        out.mkdir(parents=True, exist_ok=True)
        target.write_bytes(script)
    except OSError as error:
        _usage(f"cannot write {target}: {error.strerror or error}")
    typer.echo(f"{sha256(script).hexdigest()}  {target}")


def _collector_script() -> bytes:
    """From the wheel, else from the checkout that the package is imported from."""
    package = Path(__file__).parent
    for place in (package / "collector.ps1", package.parent / "collector.ps1"):
        if place.is_file():
            return place.read_bytes()
    _complain("collector.ps1 does not come with this installation: install snapshot-tool again")
    raise typer.Exit(4)
