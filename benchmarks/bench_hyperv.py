"""Hosts of 200, 2,000 and 10,000 invented virtual machines: load and join alone, and the whole analysis, as processes of their own.

    python benchmarks/bench_hyperv.py [--machines 200 2000 10000] [--runs 3]

Prints median wall seconds, peak memory and the number of raw rows; the floor is a bare interpreter that unpacks and parses the same zip.
What loading itself costs is its line less the line of the imports.
"""

import argparse
import json
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "samples"), str(ROOT / "benchmarks")]

from bench_analyze import FLOOR, TOOL, measured  # noqa: E402
from sources import hardened_2022  # noqa: E402
from synthetic.archive import pack  # noqa: E402
from synthetic.complete import complete  # noqa: E402

IMPORTS = "import snapshot_tool.load, snapshot_tool.hyperv.exports"

LOAD = """
import sys
from pathlib import Path
from snapshot_tool.load import open_snapshot
with open_snapshot(Path(sys.argv[1])) as opened:
    for name in opened.canonical_names():
        for record in opened.snapshot.table(name).records:
            record.place(next(iter(record.cells)))
"""


def host_of(count: int, target: Path) -> int:
    """Writes a host with so many machines, made of the hardened sample's own; returns the number of raw Hyper-V rows."""
    described = hardened_2022.describe("en-US")
    own = list(described.vms)
    for number in range(count - len(own)):
        model = own[number % len(own)]
        name = f"{model.name}-{number:05}"
        disks = [replace(disk, path=disk.path.replace(model.name, name)) for disk in model.disks]
        adapters = [replace(adapter, mac=f"00155D{number % 0xFFFFFF:06X}") for adapter in model.adapters]
        described.vms.append(replace(model, name=name, disks=disks, adapters=adapters))
    complete(described)
    target.write_bytes(pack(described))
    with zipfile.ZipFile(target) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    return sum(entry["rows"] for entry in manifest["datasets"] if entry["name"].startswith("hv/"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure hosts of many virtual machines.")
    parser.add_argument("--machines", type=int, nargs="+", default=[200, 2000, 10000])
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'':40} {'wall s':>8} {'peak MiB':>9}   (median of {given.runs})")
        wall, peak = measured([sys.executable, "-c", IMPORTS], given.runs)
        print(f"{'interpreter and imports alone':40} {wall:8.2f} {peak:9.1f}", flush=True)
        for count in given.machines:
            target = Path(folder) / f"{count}.zip"
            rows = host_of(count, target)
            report = str(Path(folder) / "report.json")
            for label, command in (
                (f"{count} machines, {rows} raw rows: floor", [sys.executable, "-c", FLOOR, str(target)]),
                (f"{count} machines: load and join", [sys.executable, "-c", LOAD, str(target)]),
                (f"{count} machines: analyze", [*TOOL, "analyze", str(target), "--quiet", "--json", report]),
            ):
                wall, peak = measured(command, given.runs if count < 5000 else 1)
                print(f"{label:40} {wall:8.2f} {peak:9.1f}", flush=True)


if __name__ == "__main__":
    main()
