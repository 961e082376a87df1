"""How long a report takes to open in a headless Chromium: 3, 300 and 100,000 findings, each until its list is drawn.

    python benchmarks/bench_page.py [--findings 3 300 100000] [--runs 3]

Prints median wall seconds of the whole browser, start and end included; an empty page is the floor.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from bench_analyze import RENDER  # noqa: E402

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=20000", "--dump-dom")
EMPTY = "<!doctype html><html data-ready='1'><title>empty</title><p>no findings</p></html>"


def opened(browser: str, page: Path) -> float:
    """Wall seconds until the browser has drawn the page and told its document."""
    with tempfile.TemporaryDirectory() as profile:
        begin = time.perf_counter()
        command = [browser, *FLAGS, f"--user-data-dir={profile}", f"{page.as_uri()}#findings"]
        told = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
        wall = time.perf_counter() - begin
    if "data-ready" not in told:
        raise SystemExit(f"{page.name} did not draw itself")
    return wall


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long reports take to open.")
    parser.add_argument("--findings", type=int, nargs="+", default=[3, 300, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    if browser is None:
        raise SystemExit("no Chromium on PATH")
    with tempfile.TemporaryDirectory() as folder:
        pages = [("empty page", Path(folder) / "empty.html")]
        pages[0][1].write_text(EMPTY, "utf-8")
        for count in given.findings:
            page = Path(folder) / f"{count}.html"
            subprocess.run([sys.executable, "-c", RENDER, str(count), str(page)], check=True)
            pages.append((f"{count} findings, {page.stat().st_size / 2**20:.2f} MiB", page))
        opened(browser, pages[0][1])
        print(f"{'':34} {'wall s':>8}   (median of {given.runs})")
        for label, page in pages:
            print(f"{label:34} {median(opened(browser, page) for _ in range(given.runs)):8.2f}", flush=True)


if __name__ == "__main__":
    main()
