"""What people see in a terminal stays readable: narrow windows, many gaps of one kind, many questions of one check."""

import io

from report.assessments import CHECKS

from snapshot_tool.engine import Result, Subject
from snapshot_tool.load import HostFacts
from snapshot_tool.report.assessment import Assessment
from snapshot_tool.report.azman_text import Section
from snapshot_tool.report.completeness import Completeness, Missing, print_completeness
from snapshot_tool.report.console import make_console, print_assessment, print_sections
from snapshot_tool.report.localized import wording
from snapshot_tool.verdict import Cause, Gap, Severity, Status

ROLE = Section(
    "Who may do what",
    ("role", "scope", "assigned to", "may", "place"),
    (("Admin", "default", ("one\r\nrole: forged", "two"), ("Read Service Configuration (read)",), "AzRole[1]"),),
    "",
)


def printed(width, show):
    out = io.StringIO()
    console = make_console(out)
    console.width = width
    show(console)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_row_of_a_store_is_a_card_where_columns_would_be_too_narrow():
    lines = printed(80, lambda console: print_sections(console, "store", [ROLE]))
    assert "• Admin" in lines
    assert "  may          Read Service Configuration (read)" in lines
    assert "  place        AzRole[1]" in lines


def test_a_row_of_a_store_is_a_row_where_there_is_room():
    lines = printed(160, lambda console: print_sections(console, "store", [ROLE]))
    assert any("Admin" in line and "Read Service Configuration (read)" in line for line in lines)


def test_no_cell_of_a_card_can_forge_a_line():
    for width in (80, 160):
        lines = printed(width, lambda console: print_sections(console, "store", [ROLE]))
        assert not [line for line in lines if line.strip().startswith(("role:", "forged"))]


def test_what_is_missing_for_one_reason_is_one_line():
    missing = [
        *(Missing(f"hv/Msvm_{number}", Cause.ACCESS_DENIED, "needs elevation") for number in range(80)),
        Missing("hv/Msvm_Other", Cause.TRUNCATED, "rows"),
        Missing("eventlogs.FileSizeBytes", Cause.ACCESS_DENIED, "accessDenied"),
        Missing("eventlogs.RecordCount", Cause.ACCESS_DENIED, "accessDenied"),
        Missing("secedit", Cause.ACCESS_DENIED, "needs elevation"),
    ]
    found = Completeness("a.zip", 1, 0, (), "absent", (), missing, None, ())
    lines = printed(120, lambda console: print_completeness(console, found))
    told = {line.split("  ")[0].strip() for line in lines}
    assert {"hv/* (80 classes)", "hv/Msvm_Other", "eventlogs: FileSizeBytes, RecordCount", "secedit"} <= told
    assert "Msvm_7" not in " ".join(lines)


def test_a_question_asked_of_many_rows_is_shown_a_few_times():
    gap = Gap(Cause.MANUAL, "Backed up?")
    results = [
        Result(CHECKS[0], Status.NOT_ASSESSED, Severity.INFO, Subject("vm", {"Id": str(n)}, None, str(n)), "Backed up?", (), gap)
        for n in range(200)
    ]  # fmt: skip
    one = Assessment("a.zip", None, HostFacts(), None, results, [])
    lines = printed(80, lambda console: print_assessment(console, one, wording("en")))
    assert sum("Backed up?" in line for line in lines) == 3
    assert any(line.endswith(f"… +197 {CHECKS[0].id}") for line in lines)
