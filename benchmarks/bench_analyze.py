"""Start-up, one sample, a large host and ten times its rows, side by side with the floor, as whole processes.

    python benchmarks/bench_analyze.py [--runs 5] [--findings 100000]

Prints median wall seconds and peak memory of each. The floor is a bare interpreter that unpacks the same zip and parses its JSON.
Nothing here is asserted: figures of a shared machine are to be read side by side.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "hardened-2022.zip"
TOOL = [sys.executable, "-m", "snapshot_tool"]
FLOOR = (
    "import sys, zipfile, json\n"
    "z = zipfile.ZipFile(sys.argv[1])\n"
    "for n in z.namelist():\n"
    "    d = z.read(n)\n"
    "    if n.endswith('.json'): json.loads(d)\n"
)


# A small process starts each command and waits for it: the peak of a child begins with that of its parent.
LAUNCHER = (
    "import os, subprocess, sys, time\n"
    "begin = time.perf_counter()\n"
    "process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
    "peak = 0\n"
    "if hasattr(os, 'wait4'):\n"
    "    _, status, usage = os.wait4(process.pid, 0)\n"
    "    process.returncode, peak = status, usage.ru_maxrss / (1024 if sys.platform != 'darwin' else 1024 * 1024)\n"
    "else:\n"
    "    process.wait()\n"
    "print(time.perf_counter() - begin, peak)\n"
)


def measured(command: list[str], runs: int) -> tuple[float, float]:
    """Median wall seconds, peak memory in MiB (0 where the system does not tell); one warm-up before."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    walls, peaks = [], []
    for run in range(runs + 1):
        launch = [sys.executable, "-S", "-c", LAUNCHER, *command]
        told = subprocess.run(launch, capture_output=True, text=True, env=environment, cwd=ROOT, check=True).stdout
        wall, peak = map(float, told.split())
        if run:
            walls.append(wall)
            peaks.append(peak)
    return statistics.median(walls), max(peaks)


def enlarged(target: Path, services: int, rules: int, acls: int) -> Path:
    """The sample with so many services, firewall rules and ACL rows, by repeating its own under new names."""
    with zipfile.ZipFile(SAMPLE) as source:
        members = {name: source.read(name) for name in source.namelist()}
    manifest = json.loads(members["manifest.json"])
    manifest.pop("files")
    for name, count, column in (
        ("services", services, "Name"),
        ("firewall_rules_raw", rules, "ValueName"),
        ("acls", acls, "Path"),
    ):
        document = json.loads(members[f"data/{name}.json"])
        rows = document["rows"]
        own = len(rows)
        while len(rows) < count:
            row = dict(rows[len(rows) % own])
            row[column] = f"{row[column]}_{len(rows)}"
            rows.append(row)
        members[f"data/{name}.json"] = json.dumps(document).encode()
        for entry in manifest["datasets"]:
            if entry["name"] == name:
                entry["rows"] = len(rows)
    return written(target, members, manifest)


def written(target: Path, members: dict[str, bytes], manifest: dict[str, object]) -> Path:
    """A zip of these members; the manifest lists no files, so nothing is hash-checked."""
    members = members | {"manifest.json": json.dumps(manifest).encode()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return target


# The report alone: so many findings in memory, written as HTML.
RENDER = """
import sys
from pathlib import Path
from analyzers import all_checks
from snapshot_tool.engine import Result, Subject
from snapshot_tool.load import HostFacts
from snapshot_tool.report import html_report
from snapshot_tool.report.assessment import Assessment
from snapshot_tool.report.localized import wording
from snapshot_tool.verdict import Evidence, Severity, Status
checks = all_checks()
results = [
    Result(checks[n % len(checks)], Status.FAIL, Severity(n % 5), Subject("services", {"Name": f"service {n}"}, None, f"service {n}"),
           f"The service number {n} is not as it should be", (Evidence("data/services.json", f"rows[{n}].State", "Running"),))
    for n in range(int(sys.argv[1]))
]
assessment = Assessment("made.zip", None, HostFacts("HV01"), None, results, [])
with Path(sys.argv[2]).open("wb") as out:
    html_report.write([assessment], wording("en"), out)
"""


def weak_rules(target: Path, count: int) -> Path:
    """The sample with so many firewall rules that let everything in: as many findings."""
    with zipfile.ZipFile(SAMPLE) as source:
        members = {name: source.read(name) for name in source.namelist()}
    manifest = json.loads(members["manifest.json"])
    manifest.pop("files")
    document = json.loads(members["data/firewall_rules_raw.json"])
    weak = "v2.31|Action=Allow|Active=TRUE|Dir=In|Name=made for measuring|"
    document["rows"] += [{"Store": "local", "ValueName": f"any-{number:06}", "Rule": weak} for number in range(count)]
    members["data/firewall_rules_raw.json"] = json.dumps(document).encode()
    for entry in manifest["datasets"]:
        if entry["name"] == "firewall_rules_raw":
            entry["rows"] = len(document["rows"])
    return written(target, members, manifest)


def main() -> None:
    arguments = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--findings", type=int, default=100_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        large = enlarged(out / "large.zip", 300, 3_000, 5_000)
        larger = enlarged(out / "larger.zip", 3_000, 30_000, 50_000)
        many = weak_rules(out / "many.zip", given.findings)
        report = str(out / "report.json")
        page = str(out / "report.html")

        def analyze(path: Path, *more: str) -> list[str]:
            return [*TOOL, "analyze", str(path), "--quiet", *more]

        rows = [
            ("python -c pass", [sys.executable, "-c", "pass"]),
            ("python -c 'import typer'", [sys.executable, "-c", "import typer"]),
            ("snapshot-tool --version", [*TOOL, "--version"]),
            ("floor: sample", [sys.executable, "-c", FLOOR, str(SAMPLE)]),
            ("sample, JSON", analyze(SAMPLE, "--json", report)),
            ("sample, JSON and HTML", analyze(SAMPLE, "--json", report, "--html", page)),
            ("floor: large host", [sys.executable, "-c", FLOOR, str(large)]),
            ("large host, JSON", analyze(large, "--json", report)),
            ("floor: ten times the rows", [sys.executable, "-c", FLOOR, str(larger)]),
            ("ten times the rows, JSON", analyze(larger, "--json", report)),
            (f"{given.findings} findings written as HTML", [sys.executable, "-c", RENDER, str(given.findings), page]),
            (f"{given.findings} findings judged, HTML", analyze(many, "--html", page)),
        ]
        found = {}
        print(f"{'':34} {'wall s':>8} {'peak MiB':>9}   (median of {given.runs})")
        for label, command in rows:
            runs = given.runs if "findings" not in label and "ten times" not in label else min(3, given.runs)
            found[label] = measured(command, runs)
            print(f"{label:34} {found[label][0]:8.3f} {found[label][1]:9.1f}", flush=True)
        start = found["snapshot-tool --version"][0]
        typer = found["python -c 'import typer'"][0]
        print(f"\n--version / import typer: {start / typer:.2f}")
        beyond = [found[label][0] - start for label in ("large host, JSON", "ten times the rows, JSON")]
        print(f"ten times the rows cost {beyond[1] / beyond[0]:.1f} times the time beyond start-up")
        print(f"HTML of {given.findings} findings: {Path(page).stat().st_size / 1024 / 1024:.1f} MiB")


if __name__ == "__main__":
    main()
