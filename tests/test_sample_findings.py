"""What the samples were made to show is what the checks say of them."""

import sys
from functools import cache
from pathlib import Path

import pytest

from analyzers import all_checks
from snapshot_tool.analysis import analyze
from snapshot_tool.engine import Result
from snapshot_tool.verdict import Cause, Severity, Status

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
sys.path.insert(0, str(SAMPLES))

from build import HOSTS, build  # noqa: E402
from synthetic.texts import LANGUAGES  # noqa: E402


@cache
def results(host: str) -> tuple[Result, ...]:
    return tuple(analyze(SAMPLES / f"{host}.zip", all_checks()).results)


def told(found: tuple[Result, ...]) -> set[tuple[str, str, str, str]]:
    """What must not depend on the display language: check, status, severity and the key of the subject."""
    return {(r.check.id, r.status.value, r.severity.word, str(r.subject.key) if r.subject else "") for r in found}


@pytest.mark.parametrize("host", HOSTS)
def test_no_check_crashes_on_a_sample(host: str) -> None:
    assert [r.check.id for r in results(host) if r.gap and r.gap.cause is Cause.CRASHED] == []


def test_nothing_above_low_is_found_on_the_hardened_host() -> None:
    worse = [
        (r.check.id, r.message)
        for r in results("hardened-2022")
        if r.status is Status.FAIL and r.severity > Severity.LOW
    ]
    assert worse == []


def test_the_neglected_host_fails_where_its_source_says() -> None:
    failed = {r.check.id for r in results("neglected-2008r2-de") if r.status is Status.FAIL}
    assert failed >= {"HV-AZ-002", "HV-AZ-004", "HV-AZ-005", "HV-AZ-007", "HV-AZ-008", "HV-AZ-009", "HV-AZ-011"}
    assert failed >= {
        "HV-ACCT-001",
        "HV-ACCT-006",
        "HV-ACCT-011",
        "HV-ACL-001",
        "HV-ACL-017",
        "HV-BL-014",
        "HV-VM-001",
        "HV-VM-014",
    }
    assert failed >= {"HV-FW-001", "HV-FW-004", "HV-FW-016", "HV-SMB-001", "HV-SVC-008", "HV-SVC-009", "HV-SVC-010"}


def test_the_ordinary_host_fails_where_its_source_says() -> None:
    failed = {r.check.id for r in results("ordinary-2016") if r.status is Status.FAIL}
    assert failed >= {"HV-VM-004", "HV-VM-011", "HV-VM-017", "HV-VM-037", "HV-FW-007", "HV-ACCT-003", "HV-BL-001"}


def test_a_check_of_virtual_machines_passes_on_nothing_that_was_not_read() -> None:
    areas = ("HV-VM-", "HV-VMSEC-", "HV-NET-", "HV-STOR-", "HV-MIG-", "HV-GST-", "HV-CLU-")
    asked = [r for r in results("cluster-node-2019-not-elevated") if r.check.id.startswith(areas)]
    of_machines = [r for r in asked if r.evidence and all(e.file and "/hv/" in e.file for e in r.evidence)]
    assert [r.check.id for r in of_machines if r.status is Status.PASS] == []


def test_the_report_without_elevation_says_how_to_close_the_gaps() -> None:
    told_of = analyze(SAMPLES / "cluster-node-2019-not-elevated.zip", all_checks())
    denied = {gap.dataset for gap in told_of.gaps if gap.cause is Cause.ACCESS_DENIED}
    assert denied
    assert "collector.ps1" in (told_of.closing_command or "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("host", HOSTS)
def test_findings_do_not_depend_on_the_display_language(host: str, language: str, tmp_path: Path) -> None:
    path = tmp_path / "variant.zip"
    path.write_bytes(build(host, language))
    assert told(tuple(analyze(path, all_checks()).results)) == told(results(host))
