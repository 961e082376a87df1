"""Runs collector.ps1 under PowerShell on recorded hosts, many scenarios in one process, and reads what came out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from powershell import contract, host

HERE = Path(__file__).resolve().parent
LAYER = HERE / "recorded_layer.ps1"

#: Parameters of the script that ask for more than it reads by default.
EVERYTHING = dict.fromkeys(
    ["IncludeVssWriters", "IncludeTaskXml", "IncludeVmcx", "IncludeUpdateHistory", "ExpandDomainGroups"], True
)

#: Dumps with the folders of VMs, and those with their disks.
SETTINGS = ["hv/Msvm_VirtualSystemSettingData", "hv/Msvm_VirtualSystemGlobalSettingData"]
SETTINGS += ["hv/Msvm_VirtualSystemManagementServiceSettingData"]
DISKS = ["hv/Msvm_StorageAllocationSettingData", "hv/Msvm_ResourceAllocationSettingData"]

#: Datasets made from what others found, with those others.
CONSUMERS = {
    "vhds": [*SETTINGS, *DISKS],
    "vm_files": [*SETTINGS, *DISKS, "vhds", "volumes", "azman"],
    "binaries": ["services", "drivers", "scheduled_tasks", "firewall_rules_raw", "processes"],
    "acls": [
        *SETTINGS,
        *DISKS,
        "hv/Msvm_ReplicationAuthorizationSettingData",
        "services",
        "scheduled_tasks",
        "vhds",
        "vm_files",
        "azman",
        "smb_shares",
        "eventlogs",
        "binaries",
        "firewall_rules_raw",
        "volumes",
        "collection",
    ],
    "sids": [
        "computer",
        "local_group_members",
        "services",
        "user_profiles",
        "secedit",
        "azman_store",
        "acls",
        "bitlocker",
    ],
    "processes": ["endpoints"],
    "azman_store": ["azman"],
    "vmconfig": SETTINGS,
    "hv/Msvm_InteractiveSessionACE": ["hv/Msvm_ComputerSystem"],
    "hv/Msvm_ReplicationStatistics": ["hv/Msvm_ReplicationRelationship", "hv/Msvm_ComputerSystem"],
    "event_summary": ["eventlogs"],
    "defender_exclusions": ["antivirus"],
    "task_xml": ["scheduled_tasks"],
    "local_group_members": ["local_groups"],
    "ad_computer": ["computer"],
}


def pwsh() -> str:
    """Path of PowerShell; skips the test with the reason where there is none."""
    found = shutil.which("pwsh")
    if found is None:
        pytest.skip("PowerShell (pwsh) is not on PATH")
    return found


@dataclass(frozen=True, slots=True)
class Scenario:
    """One run: the recorded host, the collector's parameters, what fails (call -> error type), what takes time (call -> ms)."""

    name: str
    mapping: dict[str, Any]
    parameters: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    slow: dict[str, int] = field(default_factory=dict)
    patch: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What one run left: exit code, uncaught failure, text, calls of the layer, wall clock and processor seconds, folder with the archive."""

    name: str
    code: int | None
    failure: str | None
    text: str
    #: Calls of the layer in order: dataset (or ''), call.
    calls: list[tuple[str, str]]
    seconds: float
    cpu: float
    folder: Path

    @cached_property
    def archive(self) -> Archive:
        found = sorted(self.folder.glob("*.zip"))
        assert len(found) == 1, (
            self.name,
            self.failure,
            self.text[-2000:],
            sorted(p.name for p in self.folder.iterdir()),
        )
        return Archive.read(found[0])


@dataclass(frozen=True)
class Archive:
    """An archive in memory: member names in order and their bytes."""

    path: Path
    members: dict[str, bytes]

    @classmethod
    def read(cls, path: Path) -> Archive:
        with zipfile.ZipFile(path) as opened:
            assert opened.testzip() is None
            return cls(path, {name: opened.read(name) for name in opened.namelist()})

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return json.loads(self.members["manifest.json"])

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        return {e["name"]: e for e in self.manifest["datasets"]}

    def rows(self, dataset: str) -> list[dict[str, Any]]:
        return json.loads(self.members[f"data/{dataset}.json"])["rows"]

    @property
    def data(self) -> dict[str, bytes]:
        """Data and raw members without what tells the time of the run."""
        return {n: b for n, b in self.members.items() if n.startswith(("data/", "raw/"))}


def run_in_two(scenarios: list[Scenario], folder: Path) -> dict[str, Outcome]:
    """Runs every other scenario in a second PowerShell beside the first."""
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda n: run(scenarios[n::2], folder / str(n)), (0, 1)))
    return {**parts[0], **parts[1]}


def run(scenarios: list[Scenario], folder: Path, timeout: int = 1800) -> dict[str, Outcome]:
    """Runs the scenarios one after another in one PowerShell; the outcomes by name."""
    folder.mkdir(parents=True, exist_ok=True)
    hosts: dict[int, Path] = {}
    listed = []
    for number, scenario in enumerate(scenarios):
        key = id(scenario.mapping)
        if key not in hosts:
            hosts[key] = host.write(scenario.mapping, folder / f"host{len(hosts)}.json")
        out = folder / f"out{number}"
        out.mkdir()
        parameters = {"OutputPath": str(out), "Quiet": True, **scenario.parameters}
        listed.append(
            {
                "name": scenario.name,
                "host": str(hosts[key]),
                "parameters": parameters,
                "faults": scenario.faults,
                "slow": scenario.slow,
                "patch": scenario.patch,
            }
        )
    (folder / "scenarios.json").write_text(json.dumps(listed), encoding="utf-8")
    command = [
        pwsh(),
        "-NoLogo",
        "-NoProfile",
        "-NonInteractive",
        "-File",
        str(HERE / "runner.ps1"),
        str(contract.COLLECTOR),
        str(LAYER),
    ]
    command += [str(folder / "scenarios.json"), str(folder / "answers.json")]
    done = subprocess.run(
        command,
        capture_output=True,
        timeout=timeout,
        check=False,
        env={**os.environ, "POWERSHELL_TELEMETRY_OPTOUT": "1", "NO_COLOR": "1"},
    )
    assert (folder / "answers.json").exists(), (
        done.stderr.decode("utf-8", "replace")[-4000:] + done.stdout.decode("utf-8", "replace")[-4000:]
    )
    answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return {
        a["name"]: Outcome(
            a["name"],
            a["code"],
            a["failure"],
            a["text"],
            [(c.split("\t")[0], c.split("\t")[1]) for c in a["calls"]],
            a["seconds"],
            a["cpu"],
            folder / f"out{n}",
        )
        for n, a in enumerate(answers)
    }


def standalone(folder: Path, mapping: dict[str, Any]) -> Path:
    """A copy of the collector whose layer answers from a recorded host, for runs with `pwsh -File` and real parameters."""
    text = contract.COLLECTOR.read_text(encoding="ascii")
    at = text.index("# END OPERATING SYSTEM LAYER")
    at = text.index("\n", at) + 1
    recorded = host.write(mapping, folder / "host.json")
    start = f"\n$global:Recorded = Read-Recorded '{recorded}'\n$global:RecordedFaults = @{{}}; $global:RecordedSlow = @{{}}; $global:RecordedCalls = New-Object System.Collections.ArrayList; $global:RecordedClock = [long]0\n"
    script = folder / "collector.ps1"
    script.write_text(text[:at] + LAYER.read_text(encoding="ascii") + start + text[at:], encoding="ascii", newline="\n")
    return script
