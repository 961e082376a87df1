"""Missing is never a pass, over every check and sample: hiding what a finding rests on never makes it a pass, nor milder.

Hiding is: `_err` in a cell, the column in unreadColumns, the member missing from the row, a dataset failed, partial and emptied,
or its manifest entry gone, a raw file gone. Never a null in a nullable column, which is a fact.
"""

import json
import random
import re
from functools import cache
from pathlib import Path

import pytest
from hosts import Members, opened

from analyzers import all_checks
from snapshot_tool.archive import open_archive
from snapshot_tool.engine import judge
from snapshot_tool.verdict import Cause, Status

SAMPLES = sorted((Path(__file__).parent.parent / "samples").glob("*.zip"))
CELL = re.compile(r"rows\[(\d+)\]\.(\w+)")
DRAWN = 150


class Sample:
    """One snapshot in memory, its results, and ways to hide parts of it."""

    def __init__(self, path):
        with open_archive(path) as archive:
            self.members = {
                name: archive.read(name) for name, member in archive.members.items() if member.fault is None
            }
        self.manifest = json.loads(self.members["manifest.json"])
        self.manifest.pop("files")
        self.checks = {check.id: check for check in all_checks()}
        self.results = self.judged()
        self.failing = [result for result in self.results if result.status is Status.FAIL]
        self.passing = [result for result in self.judged(full=True) if result.status is Status.PASS]

    def judged(self, members=None, manifest=None, checks=None, *, full=False):
        chosen = self.checks.values() if checks is None else [self.checks[name] for name in checks]
        source = Members(self.members if members is None else members)
        return judge(opened(source, json.dumps(manifest or self.manifest).encode()), chosen, folds={}, full=full)

    @cache
    def document(self, member):
        return json.loads(self.members[member])

    def with_cell(self, member, index, column, *, remove=False):
        document = self.document(member)
        rows = list(document["rows"])
        row = dict(rows[index])
        if remove:
            row.pop(column, None)
        else:
            row[column] = None
            row["_err"] = row.get("_err", {}) | {column: "accessDenied"}
        rows[index] = row
        return self.members | {member: json.dumps(document | {"rows": rows}).encode()}

    def proven_otherwise(self, checks, members, manifest):
        """The checks that pass there with evidence that no pass of theirs had here."""
        seen, found = {}, {}
        for results, kept in ((self.passing, seen), (self.judged(members, manifest, sorted(checks), full=True), found)):
            for result in results:
                if result.status is Status.PASS:
                    kept.setdefault(result.check.id, set()).update(item.file for item in result.evidence)
        return {check for check in checks if found.get(check, set()) - seen[check]}

    def with_entry(self, name, change):
        """The manifest with one dataset's entry changed, or gone when `change` is None."""
        entries = []
        for entry in self.manifest["datasets"]:
            if entry["name"] != name:
                entries.append(entry)
            elif change is not None:
                entries.append(entry | change)
        return self.manifest | {"datasets": entries}


@cache
def sample(path):
    return Sample(path)


def assert_no_milder(sample, after, checks, what):
    """Each failure of `checks` stands with at least its severity, or its check has something not assessed."""
    found = {}
    for result in after:
        assert result.gap is None or result.gap.cause is not Cause.CRASHED, (
            f"{what}: {result.check.id} {result.message}"
        )
        found.setdefault(result.check.id, []).append(result)
    for before in sample.failing:
        if before.check.id not in checks:
            continue
        now = found[before.check.id]
        standing = [r for r in now if r.status is Status.FAIL and r.identity == before.identity]
        if standing:
            assert standing[0].severity >= before.severity, (
                f"{what}: {before.identity} became {standing[0].severity.word}"
            )
        else:
            gap = any(r.status is Status.NOT_ASSESSED for r in now)
            moved = any(r.status is Status.FAIL and r.severity >= before.severity for r in now)
            assert gap or moved, f"{what}: {before.identity} became {[r.status.word for r in now]}"


def read_files(results):
    """The members that the results of each check rest on."""
    found = {}
    for result in results:
        found.setdefault(result.check.id, set()).update(item.file for item in result.evidence)
    return found


def cells_of(sample):
    """Every cell that a failure rests on, with the checks that rest on it."""
    found = {}
    for result in sample.failing:
        for item in result.evidence:
            place = CELL.fullmatch(item.path)
            if place and item.file.startswith("data/"):
                found.setdefault((item.file, int(place[1]), place[2]), set()).add(result.check.id)
    return found


pytestmark = pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)


def test_no_check_crashes_and_every_check_answers(path):
    results = sample(path).results
    assert {result.check.id for result in results} == set(sample(path).checks)
    assert [r.message for r in results if r.gap is not None and r.gap.cause is Cause.CRASHED] == []


def test_a_hidden_cell_never_turns_a_failure_into_a_pass_nor_makes_it_milder(path):
    one = sample(path)
    cells = sorted(cells_of(one).items())
    random.Random(1).shuffle(cells)
    for (member, index, column), checks in cells[:DRAWN]:
        for remove in (False, True):
            after = one.judged(one.with_cell(member, index, column, remove=remove), checks=sorted(checks))
            assert_no_milder(one, after, checks, f"{member} rows[{index}].{column}")


def test_a_hidden_column_never_turns_a_failure_into_a_pass_nor_makes_it_milder(path):
    one = sample(path)
    columns = {}
    for (member, _, column), checks in cells_of(one).items():
        columns.setdefault((member, column), set()).update(checks)
    for (member, column), checks in sorted(columns.items()):
        name = member.removeprefix("data/").removesuffix(".json")
        entry = next(entry for entry in one.manifest["datasets"] if entry["name"] == name)
        unread = {"status": "partial", "unreadColumns": entry.get("unreadColumns", {}) | {column: "accessDenied"}}
        after = one.judged(manifest=one.with_entry(name, unread), checks=sorted(checks))
        assert_no_milder(one, after, checks, f"{name}.{column} in unreadColumns")


LOST = {"errors": [{"where": "test", "type": "accessDenied", "hresult": None, "message": "made to fail"}]}


@pytest.mark.parametrize("how", ["failed", "emptied", "unknown", "file gone"])
def test_a_lost_dataset_never_turns_a_failure_into_a_pass_nor_makes_it_milder(path, how):
    one = sample(path)
    for entry in one.manifest["datasets"]:
        name, files = entry["name"], [entry.get("file"), *entry.get("files", [])]
        if entry["status"] not in ("ok", "empty", "partial"):
            continue
        members, manifest = one.members, one.manifest
        match how:
            case "failed":
                manifest = one.with_entry(
                    name, LOST | {"status": "failed", "rowsComplete": False, "file": None, "files": []}
                )
            case "emptied" if entry.get("file"):
                manifest = one.with_entry(name, LOST | {"status": "partial", "rowsComplete": False})
                emptied = json.dumps(one.document(entry["file"]) | {"rows": []}).encode()
                members = one.members | {entry["file"]: emptied}
            case "unknown":
                manifest = one.with_entry(name, None)
            case "file gone":
                members = {member: data for member, data in one.members.items() if member not in files}
            case _:
                continue
        after = one.judged(members, manifest)
        assert_no_milder(one, after, set(one.checks), f"{name} {how}")
        resting = {r.check.id for r in one.passing if any(item.file in files for item in r.evidence)}
        unshaken = resting - {r.check.id for r in after if r.status in (Status.NOT_ASSESSED, Status.FAIL)}
        if unshaken:
            # A pass may stand where another source tells the same, and its evidence names that source.
            told = read_files(one.judged(members, manifest, unshaken, full=True))
            known = read_files(one.passing)
            unshaken = {check for check in unshaken if told.get(check, set()) <= known[check]}
        # A check that takes one of several proofs may pass with another one, but must show it.
        unshaken -= one.proven_otherwise(unshaken, members, manifest)
        assert not unshaken, f"{name} {how}: still passing without what the pass rests on"


def test_row_order_does_not_matter(path):
    one = sample(path)
    members = dict(one.members)
    for member, data in one.members.items():
        if member.startswith("data/"):
            document = json.loads(data)
            document["rows"].reverse()
            members[member] = json.dumps(document).encode()
    told = [(r.identity, r.status, r.severity) for r in one.results]
    assert sorted((r.identity, r.status, r.severity) for r in one.judged(members)) == sorted(told)
