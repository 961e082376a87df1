"""The HTML report in a real headless Chromium: it draws itself, filters, and runs nothing that came from a host."""

import html
import io
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from report.assessments import assessment

from snapshot_tool.report import html_report
from snapshot_tool.report.localized import wording

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
]


def drawn(one, tmp_path, anchor="", language="en"):
    """The document after its script has run."""
    target = tmp_path / "report.html"
    out = io.BytesIO()
    html_report.write([one], wording(language), out)
    target.write_bytes(out.getvalue())
    with tempfile.TemporaryDirectory() as profile:
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "--dump-dom", f"{target.as_uri()}{anchor}"]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    return done.stdout


def body(dom):
    """What is shown: the document without its data, script and style."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", dom, flags=re.DOTALL)


def test_the_summary_counts_what_failed(tmp_path):
    dom = drawn(assessment(), tmp_path)
    assert 'data-ready="1"' in dom
    assert re.search(r'class="card critical"[^>]*><b>\d+</b>', dom)


def test_findings_show_hostile_names_as_text(tmp_path):
    shown = body(drawn(assessment(), tmp_path, "#findings"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<title>out" not in shown
    assert "\u202e" not in html.unescape(shown)
    assert 'role="listbox"' in shown


def test_the_inventory_draws_the_network(tmp_path):
    shown = body(drawn(assessment(), tmp_path, "#inventory"))
    assert 'class="network"' in shown
    assert "VLAN 10" in shown


def test_gaps_and_questions_are_told(tmp_path):
    shown = body(drawn(assessment(), tmp_path, "#gaps"))
    assert "collector.ps1 -Include bitlocker" in shown
    assert "Who owns it?" in shown


def test_german_labels(tmp_path):
    assert "Nicht bewertet" in body(drawn(assessment(), tmp_path, "#findings", "de"))


def test_a_hundred_thousand_findings_are_drawn_as_a_window(tmp_path):
    names = [f"service {number}" for number in range(100_000)]
    shown = body(drawn(assessment(names, inventory=False), tmp_path, "#findings"))
    assert "100003" in shown.replace(",", "")
    assert 10 < shown.count('role="option"') < 100
    assert Path(tmp_path / "report.html").stat().st_size < 25 * 1024 * 1024
