"""Assessments made in a test, with names that try to get out of every report."""

from analyzers import all_checks
from snapshot_tool.engine import Result, Subject, Waiver
from snapshot_tool.load import HostFacts
from snapshot_tool.report.assessment import Assessment, DatasetGap
from snapshot_tool.report.inventory import Inventory, InventoryTable, Switch, SwitchPort, Uplink
from snapshot_tool.verdict import Cause, Evidence, Gap, Severity, Status

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>document.title='out'</script>",
    "web[/prod] db [bold]1[/bold]",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "\x1b]0;owned\x07\x1b[31mred\x1b[0m",
    "user\u202egnp.exe",
    "a\r\nb\tc\x00d",
    "x" * 10_000,
    "\ud800 lone",
    "`code` **bold** [link](http://evil.example) ![i](http://evil.example/i.png) | cell",
    "https://evil.example www.evil.example a@evil.example",
    "]]> <!-- --> &amp; &#60;b&#62;",
]
CHECKS = all_checks()


def finding(number, name, severity=None, waiver=None):
    check = CHECKS[number % len(CHECKS)]
    return Result(
        check,
        Status.FAIL,
        Severity(number % 5) if severity is None else severity,
        Subject("services", {"Name": name}, None, name),
        f"The service {name} is not as it should be",
        (Evidence("data/services.json", f"rows[{number}].Name", name),),
        waiver=waiver,
    )


def assessment(names=HOSTILE, *, inventory=True, source="host <b>.zip"):
    results = [finding(number, name) for number, name in enumerate(names)]
    gap = Gap(Cause.ACCESS_DENIED, names[0] if names else "denied", "bitlocker", whole=True)
    results.append(Result(CHECKS[0], Status.NOT_ASSESSED, Severity.LOW, None, str(gap), (), gap))
    asked = Gap(Cause.MANUAL, "Who owns it?")
    results.append(Result(CHECKS[1], Status.NOT_ASSESSED, Severity.INFO, None, "Who owns it?", (), asked))
    results.append(finding(3, "waived", Severity.LOW, Waiver("a <i>reason</i>", "owner", "2027-01-01")))
    stock = Inventory(
        [InventoryTable("vm", ("Name", "State"), [(name, "Running") for name in names])],
        [Switch(names[0] if names else "s", "External", [Uplink("1", names[-1] if names else "nic")],
                [SwitchPort(name, name, "VLAN 10", running=True) for name in names])],
    )  # fmt: skip
    return Assessment(
        source=source,
        sha256="0" * 64,
        host=HostFacts("HV<01>", 17763, "Windows Server 2019", "Server", "2019"),
        collected_utc="2026-11-01T08:15:00Z",
        results=results,
        gaps=[DatasetGap("bitlocker", Cause.ACCESS_DENIED, gap.detail, "run collector.ps1 elevated")],
        closing_command="powershell -File collector.ps1 -Include bitlocker",
        inventory=stock if inventory else None,
        notes=("a <note>",),
    )
