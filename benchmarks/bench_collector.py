"""Time and memory of collector.ps1 on recorded hosts: a host of 200 machines, 100,000 rows of access rights, the writer per cell.

    python benchmarks/bench_collector.py [--quick]

Needs `pwsh` on PATH. The recorded host is read before the clock starts, but its tables are part of the memory shown.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from powershell import contract, host, recorded, sound  # noqa: E402


def peak_memory(process: subprocess.Popen[bytes], into: list[int]) -> None:
    """Follows the high-water mark of a process and its children in KiB (Linux)."""
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            line = next(x for x in status.read_text(encoding="ascii").splitlines() if x.startswith("VmHWM"))
            into[0] = max(into[0], int(line.split()[1]))
        except (OSError, StopIteration, ValueError):
            return
        time.sleep(0.02)


def measured(scenarios: list[recorded.Scenario], folder: Path) -> tuple[dict[str, recorded.Outcome], int]:
    """Outcomes and the peak memory of the PowerShell process in KiB, 0 where the system does not tell."""
    peak = [0]
    plain = subprocess.run

    def watched(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        options.pop("capture_output"), options.pop("check"), options.pop("timeout")
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as process:
            watcher = threading.Thread(target=peak_memory, args=(process, peak))
            watcher.start()
            out, err = process.communicate()
            watcher.join()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    recorded.subprocess.run = watched  # type: ignore[assignment]
    try:
        return recorded.run(scenarios, folder), peak[0]
    finally:
        recorded.subprocess.run = plain  # type: ignore[assignment]


def whole_host(folder: Path, machines: int, services: int, rules: int, acls: int) -> None:
    mapping = host.Host(
        "2025", vms=machines, services=services, rules=rules, files_per_vm=max(0, acls // machines - 15)
    ).mapping()
    outcomes, peak = measured([recorded.Scenario("host", mapping, {"MaxAclFiles": acls})], folder)
    _, base = measured([recorded.Scenario("nothing", mapping, {"Include": ["collection"]})], folder.with_name("base"))
    outcome = outcomes["host"]
    archive = outcome.archive
    print(
        f"{machines} machines, {archive.entries['services']['rows']} services, {archive.entries['firewall_rules_raw']['rows']} rules, "
        f"{archive.entries['acls']['rows']} access rights, {archive.manifest['totals']['rows']} rows in all: {outcome.seconds:.1f} s "
        f"({outcome.cpu:.1f} s of processor; target: below 10), zip {archive.path.stat().st_size / 1024:.0f} KiB, {len(sound.defects(archive))} defects"
    )
    print(
        f"peak memory {peak / 1024:.0f} MiB (target: below 400), of which PowerShell with the recorded host alone {base / 1024:.0f} MiB"
    )


def many_rights(folder: Path, number: int) -> None:
    """Access rights of as many folders as stand in the machine's PATH: no limit of another dataset comes before that of acls."""
    made = host.Host("2025")
    folders = [f"C:\\Path\\{n // 1000:04}\\{n % 1000:03}" for n in range(number)]
    for path in folders:
        made.file(path, folder=True)
    made.key("HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment", Path=";".join(folders))
    parameters = {"Include": ["collection", "acls"], "MaxAclFiles": 2 * number}
    outcomes, peak = measured([recorded.Scenario("rights", made.mapping(), parameters)], folder)
    outcome = outcomes["rights"]
    entry = outcome.archive.entries["acls"]
    print(
        f"{entry['rows']} access rights ({entry['status']}): {outcome.seconds:.1f} s ({outcome.cpu:.1f} s of processor; target: below 60, "
        f"the time limit of a dataset), peak memory {peak / 1024:.0f} MiB with the recorded host"
    )


def writer(folder: Path, rows: int) -> None:
    """Microseconds a cell over rows like those of the real tables: the rows of a recorded run, repeated."""
    outcome = recorded.run([recorded.Scenario("rows", host.Host("2025").mapping())], folder)["rows"]
    tables = []
    for name in (
        "services",
        "acls",
        "registry_values",
        "firewall_rules_raw",
        "hv/Msvm_VirtualSystemSettingData",
        "net_adapters",
        "scheduled_tasks",
    ):
        body = json.loads(outcome.archive.members[f"data/{name}.json"])
        lines = [
            [
                row[c] if not isinstance(row[c], list) or all(isinstance(v, str) for v in row[c]) else None
                for c in body["columns"]
            ]
            for row in body["rows"]
        ]
        if lines:
            tables.append({"name": name, "columns": body["columns"], "rows": (lines * (rows // len(lines) + 1))[:rows]})
    (folder / "orders.json").write_text(json.dumps({"timed": tables}), encoding="utf-8")
    script = ROOT / "tests/powershell/parts.ps1"
    command = [
        recorded.pwsh(),
        "-NoProfile",
        "-NonInteractive",
        "-File",
        str(script),
        str(contract.COLLECTOR),
        str(folder / "orders.json"),
        str(folder / "a.json"),
    ]
    subprocess.run(command, check=True)
    answers = json.loads((folder / "a.json").read_text(encoding="utf-8"))["timed"]
    for answer in answers:
        print(
            f"writer, {answer['name']}: {answer['seconds'] / answer['cells'] * 1e6:.2f} microseconds of processor a cell ({answer['cells']} cells)"
        )
    total = sum(a["seconds"] for a in answers) / sum(a["cells"] for a in answers) * 1e6
    print(f"writer, all: {total:.2f} microseconds a cell (target: below 5)")


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    if shutil.which("pwsh") is None:
        sys.exit("bench_collector: PowerShell (pwsh) is not on PATH")
    print(f"{os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writer(folder / "writer", 300 if quick else 2000)
        whole_host(folder / "host", *((20, 60, 80, 500) if quick else (200, 500, 700, 5000)))
        many_rights(folder / "rights", 5_000 if quick else 100_000)


if __name__ == "__main__":
    main()
