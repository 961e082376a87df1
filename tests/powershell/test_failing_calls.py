"""Calls fail one at a time: the archive is whole, names the failure, and has lost nothing else.

By default the first, the middle and the last call of each function in each dataset; all of them (some 1,100 runs) where SNAPSHOT_TOOL_EVERY_CALL is set.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from powershell import host, recorded, sound
from powershell.recorded import Archive, Outcome, Scenario

if TYPE_CHECKING:
    from pathlib import Path


def test_each_failing_call_is_named_and_costs_nothing_else(tmp_path: Path) -> None:
    """All calls of a host of 2025, then those that only a host of 2008 R2 is asked."""
    known: set[tuple[str, str]] = set()
    silent, lost, broken = [], [], []
    for era in ("2025", "2008R2"):
        mapping = host.Host(era, vms=1, services=2, rules=1).mapping()
        wholes = [Scenario("", mapping, recorded.EVERYTHING)]
        wholes += [
            Scenario(d, mapping, {"Include": [d, *others], **recorded.EVERYTHING})
            for d, others in recorded.CONSUMERS.items()
        ]
        bases = recorded.run_in_two(wholes, tmp_path / era / "whole")
        asked = _calls(bases)
        tries = [t for t in asked if t not in known]
        known.update(asked)
        scenarios = []
        for dataset, call in tries:
            include = {"Include": [dataset, *recorded.CONSUMERS.get(dataset, [])], **recorded.EVERYTHING}
            scenarios.append(Scenario(f"{dataset} {call}", mapping, include, faults={call: "accessDenied"}))
        done = recorded.run_in_two(scenarios, tmp_path / era)
        for dataset, call in tries:
            base = bases.get(dataset, bases[""])
            outcome = done[f"{dataset} {call}"]
            if outcome.failure or outcome.code not in (0, 1):
                broken.append((era, dataset, call, outcome.failure, outcome.code, outcome.text[-300:]))
                continue
            if bad := sound.defects(outcome.archive):
                broken.append((era, dataset, call, bad[:3]))
            users = {d for d, c in base.calls if c.lower() == call.lower()}
            if not any(named(outcome.archive, d) - named(base.archive, d) for d in users):
                silent.append((era, dataset, call))
            lost += [(era, dataset, call, name) for name in _lost(outcome.archive, base.archive, users)]
        assert len(tries) > 40
    assert len(known) > 400
    assert (broken, silent, lost) == ([], [], []), "\n".join(
        map(str, ["broken", *broken, "silent", *silent, "lost", *lost])
    )


def _calls(bases: dict[str, Outcome]) -> list[tuple[str, str]]:
    """Dataset and call, of each dataset as the run makes them in which it is tried."""
    out = []
    for dataset in dict.fromkeys(dataset for dataset, _ in bases[""].calls if dataset):
        calls = bases.get(dataset, bases[""]).calls
        made: dict[str, list[str]] = {}
        for call in dict.fromkeys(c for d, c in calls if d == dataset):
            made.setdefault(call.split("|")[0], []).append(call)
        for same in made.values():
            chosen = same if os.environ.get("SNAPSHOT_TOOL_EVERY_CALL") else [same[0], same[len(same) // 2], same[-1]]
            out += [(dataset, call) for call in dict.fromkeys(chosen)]
    return out


def _lost(archive: Archive, whole: Archive, users: set[str]) -> list[str]:
    """Members and datasets that changed or failed although neither they nor what they are made from make the call."""
    follow = {d for d in recorded.CONSUMERS if users & set(recorded.CONSUMERS[d])} | {"sids", "acls"}
    out = []
    for name, body in archive.data.items():
        owner = name.removeprefix("data/").removesuffix(".json")
        if name.startswith("data/") and owner not in users | follow and whole.members.get(name) != body:
            out.append(name)
    tried = {n for n, e in archive.entries.items() if e["status"] not in ("skipped", "notApplicable")}
    return out + [n for n in tried - users - follow if archive.entries[n]["status"] == "failed"]


def named(archive: Archive, dataset: str) -> set[str]:
    """Everything in the archive that says that something of a dataset could not be read."""
    out = {f"run {e['where']} {e['type']}" for e in archive.manifest["errors"]}
    entry = archive.entries.get(dataset)
    if entry is None:
        return out
    out |= {f"{e['where']} {e['type']}" for e in entry["errors"]} | {
        f"column {c} {t}" for c, t in entry["unreadColumns"].items()
    }
    if entry["file"]:
        out |= {
            f"row {n} {c} {code}"
            for n, row in enumerate(archive.rows(dataset))
            for c, code in row.get("_err", {}).items()
        }
    if dataset == "sids" and entry["file"]:
        out |= {f"sid {row['Sid']} {row['LookupError']}" for row in archive.rows(dataset) if row["LookupError"]}
    return out


FIRST_ASKED = [
    "Get-HostEnvironment",
    "Get-ProcessIdentity",
    "Get-RegistryValues|HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion",
    "Get-RegistryValues|HKLM\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions",
]


def test_what_the_run_asks_first_may_fail_and_the_archive_is_still_whole(tmp_path: Path) -> None:
    mapping = host.Host("2025").mapping()
    include = {"Include": ["collection", "os"], "Force": True}
    done = recorded.run([Scenario(f, mapping, include, faults={f: "other"}) for f in FIRST_ASKED], tmp_path)
    for function, outcome in done.items():
        assert outcome.failure is None, function
        assert sound.defects(outcome.archive) == [], function
        manifest = outcome.archive.manifest
        assert manifest["errors"] or outcome.archive.entries["os"]["errors"], function
        if "CurrentVersion" in function:
            assert manifest["os"]["build"] == 26100
