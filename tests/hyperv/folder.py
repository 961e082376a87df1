"""Dumps of a folder as the tables that `HyperV` asks for, and canonical tables in the form of `show --format json`."""

import json
from pathlib import Path
from typing import Any

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv.canonical import HyperV
from snapshot_tool.snapshot import Column, Host, Origin, Record, Table
from snapshot_tool.verdict import Cause, Gap

_ERAS = (
    (6001, "2008"),
    (7600, "2008R2"),
    (9200, "2012"),
    (9600, "2012R2"),
    (10240, "2016"),
    (17763, "2019"),
    (20348, "2022"),
    (26100, "2025"),
)
_NOT_OFFERED = frozenset({"osTooOld", "osTooNew", "clientOs", "domainController"})
NOT_COLLECTED = Gap(Cause.NOT_COLLECTED, "the collector did not know this dataset", whole=True)


def host_of(build: int, *, elevated: bool = True) -> Host:
    return Host(build=build, era=[era for first, era in _ERAS if first <= build][-1], elevated=elevated)


def dump(name: str, columns: list[str], rows: list[dict[str, Any]], gap: Gap | None = None) -> Table:
    known = {column: Column(column, lambda value: value) for column in columns}
    records = [
        Record(
            row,
            Origin(f"data/{name}.json", f"rows[{number}]"),
            {column: Gap(Cause.UNREADABLE, code, name, column) for column, code in row.get("_err", {}).items()},
        )
        for number, row in enumerate(rows)
    ]
    return Table(name, known, records, gap=gap)


class Folder:
    """An unpacked snapshot; `hidden` datasets are as if the manifest did not name them."""

    def __init__(self, path: Path, hidden: frozenset[str] = frozenset()) -> None:
        manifest = json.loads((path / "manifest.json").read_text("utf-8"))
        self.path = path
        self.host = host_of(manifest["os"]["build"])
        self.entries = {entry["name"]: entry for entry in manifest["datasets"] if entry["name"] not in hidden}
        self.tables: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        if name not in self.tables:
            self.tables[name] = self._read(name)
        return self.tables[name]

    def _read(self, name: str) -> Table:
        entry = self.entries.get(name)
        if entry is None:
            return Table(name, {}, gap=NOT_COLLECTED)
        reason = entry.get("notApplicableReason")
        if entry["status"] == "notApplicable":
            if reason in _NOT_OFFERED:
                return Table(name, {}, not_offered=reason)
            return Table(name, {}, absent=reason)
        if entry["status"] in ("failed", "skipped"):
            return Table(name, {}, gap=Gap(Cause.COLLECTION_FAILED, entry["status"], name, whole=True))
        data = json.loads((self.path / entry["file"]).read_text("utf-8"))
        table = dump(name, data["columns"], data["rows"])
        missing = {column: Column(column, lambda value: value, not_offered=True) for column in entry["missingColumns"]}
        return Table(name, {**table.columns, **missing}, table.records)

    def namespace_of(self, name: str) -> str | None:
        entry = self.entries.get(name)
        return entry["source"] if entry else None

    def hyperv(self) -> HyperV:
        return HyperV(self.table, self.host, other=self.table, namespace_of=self.namespace_of)


def shown(hyperv: HyperV) -> dict[str, Any]:
    """All canonical tables; rows in the order of the tables."""
    answer: dict[str, Any] = {"tables": {}, "gapTables": {}, "unsupportedTables": []}
    for name in hyperv.names():
        table = hyperv.table(name)
        if table.not_offered is not None:
            answer["unsupportedTables"].append(name)
        elif table.gap is not None and not table.records:
            answer["gapTables"][name] = table.gap.cause.value
        else:
            answer["tables"][name] = shown_table(table)
    return answer


def shown_table(table: Table) -> dict[str, Any]:
    columns = [column for column in table.columns.values() if not column.not_offered]
    gaps = {column.name: column.gap.cause.value for column in columns if column.gap is not None}
    rows = []
    for record in table.records:
        row = {}
        missing = {name: gap.cause.value for name, gap in record.gaps.items() if name not in gaps}
        for column in columns:
            if column.gap is not None or column.name in missing:
                continue
            value = record.cells[column.name]
            if value is None:
                assert column.nullable, f"{table.name}.{column.name} is null"
            else:
                try:
                    column.decode(value)
                except CellError as error:
                    raise AssertionError(f"{table.name}.{column.name}: {error}") from None
            row[column.name] = value
        if missing:
            row |= dict.fromkeys(missing) | {"_gaps": missing}
        rows.append(row)
    unsupported = [column.name for column in table.columns.values() if column.not_offered]
    return {"unsupported": unsupported, "gaps": gaps, "rows": rows}
