"""HV-AUD: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, failed, host, statuses, verdict

from analyzers import audit
from snapshot_tool.verdict import Severity

GOOD = {number: wanted for number, wanted, _ in audit.BASELINE}


def auditpol(settings):
    lines = [
        "Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion Setting,Setting Value"
    ]
    lines += [
        f"HV01,System,x,{{0CCE{number}-69AE-11D9-BED3-505054503030}},,,{value}" for number, value in settings.items()
    ]
    return {"raw/secpol/auditpol.csv": "\r\n".join(lines).encode("ascii")}


def test_the_baseline_passes_and_each_missing_flag_is_named():
    assert verdict(audit.audit_policy_meets_the_baseline, host(raw=auditpol(GOOD))).status is PASS
    found = verdict(audit.audit_policy_meets_the_baseline, host(raw=auditpol(GOOD | {"9215": 1, "922B": 0})))
    assert found.status is FAIL
    assert "Logon (failure)" in found.message
    assert "Process Creation (success)" in found.message


def test_an_audit_policy_that_lacks_a_line_or_was_not_read_is_not_assessed():
    short = {number: value for number, value in GOOD.items() if number != "9227"}
    assert verdict(audit.audit_policy_meets_the_baseline, host(raw=auditpol(short))).status is GAP
    assert verdict(audit.audit_policy_meets_the_baseline, host(auditpol=failed("accessDenied"))).status is GAP


def registry(key, name, value=None, *, kind="REG_DWORD"):
    return {
        "Key": key,
        "Name": name,
        "ListKey": key,
        "KeyExists": value is not None,
        "Exists": value is not None,
        "Kind": kind if value is not None else None,
        "IntValue": value if kind == "REG_DWORD" else None,
        "TextValue": value if kind == "REG_SZ" else None,
        "View": 64,
    }


LOG = {
    "Channel": "Security",
    "MaxSizeBytes": 20_971_520,
    "AutoBackup": False,
    "OldestRecordUtc": "2026-10-31T00:00:00.000Z",
    "NewestRecordUtc": "2026-11-01T00:00:00.000Z",
}


def security_log(policy=None, forwarding=None, **changed):
    rows = [
        registry(audit.SECURITY_POLICY, "MaxSize", policy),
        registry(audit.FORWARDING, None, forwarding, kind="REG_SZ"),
    ]
    return host(eventlogs=[LOG | changed], registry_values=rows)


def test_a_large_log_passes_and_policy_wins():
    assert verdict(audit.security_log_is_large_enough, security_log(MaxSizeBytes=268_435_456)).status is PASS
    assert verdict(audit.security_log_is_large_enough, security_log(policy=200_000)).status is PASS
    assert verdict(audit.security_log_is_large_enough, security_log(policy=1024, MaxSizeBytes=2**30)).status is FAIL


@pytest.mark.parametrize(
    ("changed", "severity"),
    [
        ({}, Severity.MEDIUM),
        ({"MaxSizeBytes": None}, Severity.MEDIUM),
        ({"AutoBackup": True}, Severity.LOW),
        ({"forwarding": "Server=http://collector"}, Severity.LOW),
        ({"OldestRecordUtc": "2026-10-01T00:00:00.000Z"}, Severity.LOW),
        ({"OldestRecordUtc": None}, Severity.MEDIUM),
    ],
)
def test_a_small_log_weighs_less_where_its_record_is_kept(changed, severity):
    found = verdict(audit.security_log_is_large_enough, security_log(**changed))
    assert (found.status, found.severity) == (FAIL, severity)


def test_unread_logs_are_not_assessed():
    assert verdict(audit.security_log_is_large_enough, host(eventlogs=failed())).status is GAP
    assert verdict(audit.hyper_v_logs_are_enabled, host(eventlogs=failed())).status is GAP
    assert verdict(audit.no_log_was_cleared, host(event_summary=failed())).status is GAP


@pytest.mark.parametrize(
    ("name", "enabled", "kind", "size", "expected"),
    [
        ("VMMS-Admin", True, 0, 64 * 2**20, (PASS, Severity.MEDIUM)),
        ("VMMS-Admin", True, 0, 1_052_672, (FAIL, Severity.INFO)),
        ("VMMS-Admin", False, 0, 64 * 2**20, (FAIL, Severity.MEDIUM)),
        ("Worker-Operational", False, 1, 1_052_672, (FAIL, Severity.INFO)),
        ("Unheard-Operational", False, 1, 1_052_672, (NA, Severity.MEDIUM)),
        ("VMMS-Analytic", False, 2, 1_052_672, (NA, Severity.MEDIUM)),
    ],
)
def test_logs_of_hyper_v(name, enabled, kind, size, expected):
    row = {"Channel": f"Microsoft-Windows-Hyper-V-{name}", "Enabled": enabled, "Type": kind, "MaxSizeBytes": size}
    found = verdict(audit.hyper_v_logs_are_enabled, host(eventlogs=[row]))
    assert (found.status, found.severity) == expected


def cleared(when, channel="Security", event=1102):
    return host(event_summary=[{"Channel": channel, "EventId": event, "LastUtc": when}])


def test_a_log_cleared_lately_fails_an_old_event_and_another_pass():
    assert verdict(audit.no_log_was_cleared, cleared("2026-10-20T00:00:00.000Z")).status is FAIL
    assert verdict(audit.no_log_was_cleared, cleared("2026-10-20T00:00:00.000Z", "System", 104)).status is FAIL
    assert verdict(audit.no_log_was_cleared, cleared("2026-09-01T00:00:00.000Z")).status is PASS
    assert verdict(audit.no_log_was_cleared, cleared("2026-10-20T00:00:00.000Z", "System", 1102)).status is PASS
    assert verdict(audit.no_log_was_cleared, host(event_summary=[])).status is PASS


def powershell(blocks=None, transcripts=None, version="5.1.14393.0"):
    engine = "HKLM\\SOFTWARE\\Microsoft\\PowerShell\\3\\PowerShellEngine"
    return host(
        registry_values=[
            registry(engine, "PowerShellVersion", version, kind="REG_SZ"),
            registry(f"{audit.POWERSHELL}\\ScriptBlockLogging", "EnableScriptBlockLogging", blocks),
            registry(f"{audit.POWERSHELL}\\Transcription", "EnableTranscripting", transcripts),
        ]
    )


@pytest.mark.parametrize(
    ("blocks", "transcripts", "expected"),
    [(1, 1, None), (0, 1, Severity.MEDIUM), (None, None, Severity.MEDIUM), (1, None, Severity.LOW)],
)
def test_powershell_logging(blocks, transcripts, expected):
    found = verdict(audit.powershell_records_what_it_runs, powershell(blocks, transcripts))
    assert (found.status, found.severity) == ((PASS, Severity.MEDIUM) if expected is None else (FAIL, expected))


def test_an_old_or_absent_powershell_has_no_such_logging():
    assert verdict(audit.powershell_records_what_it_runs, powershell(version="4.0")).status is NA
    assert verdict(audit.powershell_records_what_it_runs, powershell(version=None)).status is NA
    assert verdict(audit.powershell_records_what_it_runs, host(registry_values=failed())).status is GAP


def feature(name, installed, kind="optional"):
    return {"Kind": kind, "Name": name, "Installed": installed, "ServerFeatureId": None}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([feature("MicrosoftWindowsPowerShellV2", False), feature("PowerShell-V2", True, "component")], PASS),
        ([feature("MicrosoftWindowsPowerShellV2", True), feature("NetFx3", False)], Severity.LOW),
        ([feature("MicrosoftWindowsPowerShellV2", True), feature("NetFx3", True)], Severity.MEDIUM),
        ([feature("PowerShell-V2", True, "component")], Severity.LOW),
    ],
)
def test_the_old_engine(rows, expected):
    found = verdict(audit.powershell_2_is_not_installed, host("2019", features=rows))
    assert found.status is PASS if expected is PASS else (found.status, found.severity) == (FAIL, expected)


def test_the_old_engine_is_not_asked_for_elsewhere_and_unread_features_are_a_gap():
    assert statuses(audit.powershell_2_is_not_installed, host("2025", features=[])) == [NA]
    assert verdict(audit.powershell_2_is_not_installed, host("2019", features=failed())).status is GAP
