"""Dataset + manifest entry + rows -> `Table`: the states of columns and cells, as chapter 3 of the snapshot format has them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from snapshot_tool.cells import Decoder, decoder
from snapshot_tool.knowledge.format import ColumnFormat, DatasetFormat
from snapshot_tool.manifest import DatasetEntry, cause_of_cell, cause_of_entry, cause_of_error
from snapshot_tool.snapshot import Column, Host, Origin, Record, Table
from snapshot_tool.verdict import Cause, Gap

# Key columns that hold display text: the key of a subject must not depend on the host's language.
DISPLAY_KEYS = frozenset({("net_profile", "NetworkName"), ("net_bindings", "InterfaceDescription")})

# Reasons that say "this era or edition has no such thing"; the others say "it does not exist here", and the check decides.
NOT_OFFERED_REASONS = frozenset({"osTooOld", "osTooNew", "clientOs", "domainController"})


# What every Windows has: that it does not exist is a contradiction, and no fact.
EVERYWHERE = frozenset(
    {
        "collection",
        "os",
        "computer",
        "services",
        "drivers",
        "processes",
        "firewall_profiles",
        "local_groups",
        "registry_values",
        "registry_acls",
        "volumes",
        "eventlogs",
        "acls",
    }
)


def dataset_table(
    dataset: DatasetFormat,
    entry: DatasetEntry | None,
    host: Host,
    header: Sequence[str] | None,
    rows: Sequence[Mapping[str, Any]],
    *,
    member: str,
    gap: Gap | None = None,
) -> Table:
    """The table of one dataset; `header` lists the columns of its file, `gap` says that the file itself cannot be used."""
    key = tuple(name for name in dataset.key if (dataset.name, name) not in DISPLAY_KEYS)
    single = dataset.cardinality == "one"
    columns = {column.name: Column(column.name, column_decoder(column)) for column in dataset.columns.values()}
    if entry is None:
        return Table(dataset.name, columns, (), key, single, gap=missing_rows(dataset.name, None))
    if entry.defect is None and entry.status == "notApplicable":
        reason = entry.not_applicable_reason or "notApplicable"
        if reason in NOT_OFFERED_REASONS:
            return Table(dataset.name, columns, (), key, single, not_offered=reason)
        if dataset.name in EVERYWHERE:
            lie = Gap(
                Cause.UNREADABLE, f"the manifest says {reason}, but every Windows has it", dataset.name, whole=True
            )
            return Table(dataset.name, columns, (), key, single, gap=lie)
        return Table(dataset.name, columns, (), key, single, absent=reason)
    if gap is None:
        gap = missing_rows(dataset.name, entry)
    if entry.status in ("failed", "skipped"):
        return Table(dataset.name, columns, (), key, single, gap=gap)
    if gap is None and not rows and dataset.name in EVERYWHERE:
        gap = Gap(Cause.UNREADABLE, "it has no rows, but every Windows has some", dataset.name, whole=True)
    offered = frozenset(header or ())
    states = {
        column.name: _column(dataset.name, column, entry, host, offered, known=bool(header))
        for column in dataset.columns.values()
    }
    return Table(dataset.name, states, records(dataset.name, member, rows), key, single, gap=gap)


def missing_rows(name: str, entry: DatasetEntry | None) -> Gap | None:
    """Why rows of a dataset are missing; None when the set is complete."""
    if entry is not None and not entry.lacks_rows:
        return None
    cause, detail = cause_of_entry(entry)
    return Gap(cause, detail, name, whole=True)


@cache  # there is one ColumnFormat per definition
def column_decoder(column: ColumnFormat) -> Decoder:
    """The reader of the column's cells."""
    return decoder(column.type, column.tokens)


def records(table: str, member: str, rows: Iterable[Mapping[str, Any]]) -> list[Record]:
    """Rows as they stand in a data file, with their places and the gaps that `_err` names."""
    found = []
    for index, row in enumerate(rows):
        errors = row.get("_err")
        if errors is None:
            gaps: dict[str, Gap] = {}
        elif isinstance(errors, dict):
            gaps = {name: cell_gap(table, name, text) for name, text in errors.items()}
        else:
            # Which cells it means nobody can tell.
            gaps = {name: Gap(Cause.UNREADABLE, "_err of the row is no object", table, name) for name in row}
        found.append(Record(row, Origin(member, f"rows[{index}]"), gaps))
    return found


def cell_gap(table: str, column: str, text: Any) -> Gap:
    """The gap that one `_err` entry (`code` or `code: text`) stands for."""
    code, _, detail = str(text).partition(":")
    return Gap(cause_of_cell(code.strip()), detail.strip() or code.strip(), table, column)


def _column(
    table: str, column: ColumnFormat, entry: DatasetEntry, host: Host, offered: frozenset[str], *, known: bool
) -> Column:
    read = column_decoder(column)
    name = column.name
    if name in entry.missing_columns:
        if host.era is not None and not column.offered_in(host.era, host.build):
            return Column(name, read, column.nullable, not_offered=True)
        detail = "the host's operating system does not offer this column"
        return Column(name, read, column.nullable, Gap(Cause.UNSUPPORTED_SOURCE, detail, table, name, whole=True))
    if name in entry.unread_columns:
        code = entry.unread_columns[name]
        return Column(name, read, column.nullable, Gap(cause_of_error(code), code, table, name, whole=True))
    if known and name not in offered:
        detail = "the snapshot does not hold this column"
        return Column(name, read, column.nullable, Gap(Cause.NOT_COLLECTED, detail, table, name, whole=True))
    return Column(name, read, column.nullable)
