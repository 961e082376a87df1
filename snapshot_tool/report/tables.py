"""What `show` tells: the tables of a snapshot and the rows of one, as console table, CSV or JSON."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from snapshot_tool.report.foreign import harmless
from snapshot_tool.snapshot import Record, Table

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_document(table: Table) -> dict[str, Any]:
    """The form of the worked example: unsupported columns, gaps by column, rows; single gaps in `_gaps` of a row."""
    offered = [column for column in table.columns.values() if not column.not_offered]
    return {
        "unsupported": sorted(column.name for column in table.columns.values() if column.not_offered),
        "gaps": {column.name: column.gap.cause.value for column in offered if column.gap is not None},
        "rows": [_row(record, [column.name for column in offered if column.gap is None]) for record in in_order(table)],
    }


def listing(tables: Mapping[str, Table], names: Sequence[str]) -> dict[str, Any]:
    """All of several tables: `tables`, `gapTables` (nothing could be read), `unsupportedTables` (the era has none)."""
    document: dict[str, Any] = {"tables": {}, "gapTables": {}, "unsupportedTables": []}
    for name in names:
        table = tables[name]
        if table.not_offered is not None:
            document["unsupportedTables"].append(name)
        elif table.gap is not None and not table.records:
            document["gapTables"][name] = table.gap.cause.value
        else:
            document["tables"][name] = as_document(table)
    document["unsupportedTables"].sort()
    return document


def in_order(table: Table) -> list[Record]:
    """The rows by key, null first, text without regard to case."""
    return sorted(
        table.records,
        key=lambda record: tuple(
            "" if record.cells.get(name) is None else str(record.cells[name]).casefold() for name in table.key
        ),
    )


def chosen(table: Table, where: Iterable[tuple[str, str]]) -> Table:
    """The table with the rows whose cells equal the given values, as text and without regard to case; one of them, where a column is given several."""
    wanted: dict[str, set[str]] = {}
    for name, value in where:
        wanted.setdefault(name, set()).add(value.casefold())
    kept = [
        record
        for record in table.records
        if all(
            not _gap_of(table, record, name) and _text(record.cells.get(name)).casefold() in values
            for name, values in wanted.items()
        )
    ]
    return Table(table.name, table.columns, kept, table.key, table.single, table.gap, table.absent, table.not_offered)


def as_json(document: Any) -> str:
    """ASCII JSON, one level a line."""
    return json.dumps(document, ensure_ascii=True, indent=1)


def as_csv(table: Table, columns: Sequence[str]) -> str:
    """RFC 4180; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for record in in_order(table):
        # A gap is no empty cell: its cause stands in brackets, as on the console.
        writer.writerow(
            [_no_formula(_gap_of(table, record, name) or _text(record.cells.get(name))) for name in columns]
        )
    return out.getvalue()


def as_rows(table: Table, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """For the console: the cells as text, a gap as its cause."""
    return [tuple(_shown(table, record, name) for name in columns) for record in in_order(table)]


def state_of(table: Table) -> str:
    """How complete a table is, in words."""
    if table.not_offered is not None:
        return f"not offered ({table.not_offered})"
    if table.absent is not None:
        return f"does not exist here ({table.absent})"
    if table.gap is not None:
        return f"{'partly ' if table.records else ''}not read: {table.gap.cause.value}"
    unread = sum(column.gap is not None for column in table.columns.values())
    return f"{unread} columns not read" if unread else "complete"


def _row(record: Record, columns: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    gaps = {}
    for name in columns:
        if name in record.gaps:
            row[name] = None
            gaps[name] = record.gaps[name].cause.value
        elif name in record.cells:
            row[name] = record.cells[name]
    return row | {"_gaps": gaps} if gaps else row


def _shown(table: Table, record: Record, name: str) -> str:
    value = record.cells.get(name)
    return _gap_of(table, record, name) or ("" if value is None else harmless(_text(value)))


def _gap_of(table: Table, record: Record, name: str) -> str:
    """The cause in brackets where a cell, or its whole column, was not read."""
    gap = record.gaps.get(name) or table.columns[name].gap
    return f"⟨{gap.cause.value}⟩" if gap is not None else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _no_formula(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text
