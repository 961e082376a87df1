"""The worked example of the model: rows, unsupported columns and gaps come out exactly."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hyperv.folder import Folder, shown

ADDED = {"cluster_affinity_rule"}
"""Tables beyond those of the model; they show no row where the model's clusters show none."""


def _example(name: str) -> Path:
    place = os.environ.get("SNAPSHOT_TOOL_EXAMPLE_HV")
    if place is None and (real := os.environ.get("SNAPSHOT_TOOL_REAL_DATA")) is not None:
        place = str(Path(real).parent / "design" / "example-hv")
    if place is None or not (Path(place) / name / "expected.json").exists():
        pytest.skip("neither SNAPSHOT_TOOL_EXAMPLE_HV nor SNAPSHOT_TOOL_REAL_DATA leads to the worked example")
    return Path(place) / name


def _unordered(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize("name", ["v2", "v1-2008r2"])
def test_the_worked_example_comes_out_exactly(name: str) -> None:
    path = _example(name)
    wanted = json.loads((path / "expected.json").read_text("utf-8"))
    found = shown(Folder(path).hyperv())
    assert found["gapTables"] == wanted["gapTables"]
    assert set(found["unsupportedTables"]) == set(wanted["unsupportedTables"])
    assert found["tables"].keys() - ADDED == wanted["tables"].keys()
    for table, want in wanted["tables"].items():
        got = found["tables"][table]
        assert set(got["unsupported"]) == set(want["unsupported"]), table
        assert got["gaps"] == want["gaps"], table
        assert _unordered(got["rows"]) == _unordered(want["rows"]), table


@pytest.mark.parametrize("name", ["v2", "v1-2008r2"])
def test_every_cell_of_the_worked_example_names_a_member_and_a_place(name: str) -> None:
    path = _example(name)
    hyperv = Folder(path).hyperv()
    for table in map(hyperv.table, hyperv.names()):
        for record in table.records:
            for column in table.columns.values():
                if not column.not_offered and column.gap is None:
                    place = record.place(column.name)
                    assert place.file.startswith("data/"), (table.name, column.name)
                    assert place.path.startswith("rows"), (table.name, column.name)
