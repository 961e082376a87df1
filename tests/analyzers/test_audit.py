"""HV-AUD: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, ask, failed, host, statuses, verdict

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


@pytest.mark.parametrize(("value", "status"), [(None, PASS), (1, PASS), (0, FAIL)])
def test_old_categories_override_only_by_a_setting(value, status):
    rows = [registry(audit.LSA, "SCENoApplyLegacyAuditPolicy", value)]
    assert verdict(audit.old_categories_do_not_override, host(registry_values=rows)).status is status
    assert verdict(audit.old_categories_do_not_override, host(registry_values=failed())).status is GAP


def two_logs(application, system, policy=None):
    rows = [registry(f"{audit.LOG_POLICIES}\\{name}", "MaxSize", policy) for name in ("Application", "System")]
    logs = [{"Channel": "Application", "MaxSizeBytes": application}, {"Channel": "System", "MaxSizeBytes": system}]
    return host(eventlogs=logs, registry_values=rows)


@pytest.mark.parametrize(
    ("snapshot", "status", "named"),
    [
        (two_logs(2**25, 2**25), PASS, []),
        (two_logs(20_971_520, 2**25), FAIL, ["Application"]),
        (two_logs(20_971_520, None), FAIL, ["Application", "System"]),
        (two_logs(20_971_520, 20_971_520, policy=65_536), PASS, []),
        (host(eventlogs=[]), GAP, []),
        (host(eventlogs=failed()), GAP, []),
    ],
)
def test_application_and_system_logs_need_room(snapshot, status, named):
    found = verdict(audit.other_logs_are_large_enough, snapshot)
    assert (found.status, found.severity) == (status, Severity.LOW)
    assert all(name in found.message for name in named)


def service(name, start=2, state="Running"):
    return {"Name": name, "StartType": start, "State": state}


def reader(sid):
    return {"GroupSid": audit.EVENT_LOG_READERS, "MemberSid": sid}


def collected(forwarding=None, services=(), readers=()):
    return host(
        registry_values=[registry(audit.FORWARDING, None, forwarding, kind="REG_SZ")],
        services=[service("Spooler"), *services],
        local_group_members=list(readers),
    )


@pytest.mark.parametrize(
    ("snapshot", "status", "severity"),
    [
        (collected("Server=https://collector"), PASS, Severity.MEDIUM),
        (collected(services=[service("SplunkForwarder")]), PASS, Severity.MEDIUM),
        (collected(services=[service("Sense", 3)]), PASS, Severity.MEDIUM),
        (collected(services=[service("Sense", 3, "Stopped")]), FAIL, Severity.MEDIUM),
        (collected(services=[service("winlogbeat", 4, "Stopped")]), FAIL, Severity.MEDIUM),
        (collected(), FAIL, Severity.MEDIUM),
        (collected(readers=[reader("S-1-5-20")]), FAIL, Severity.MEDIUM),
        (collected(readers=[reader("S-1-5-21-1-2-3-1104")]), FAIL, Severity.LOW),
        (host(registry_values=[], services=[service("nxlog")]), PASS, Severity.MEDIUM),
        (host(registry_values=[], services=[service("Spooler")]), GAP, Severity.MEDIUM),
        (host(registry_values=failed(), services=[service("Spooler")]), GAP, Severity.MEDIUM),
    ],
)
def test_events_must_leave_the_host(snapshot, status, severity):
    found = verdict(audit.events_are_collected_elsewhere, snapshot)
    assert (found.status, found.severity) == (status, severity)


def reaching_back_to(oldest, *, installed="2024-01-01T00:00:00.000Z", forwarding=None, services=(), **changed):
    return host(
        eventlogs=[LOG | {"OldestRecordUtc": oldest} | changed],
        os=[{"InstallDateUtc": installed}],
        registry_values=[registry(audit.FORWARDING, None, forwarding, kind="REG_SZ")],
        services=[service("Spooler"), *services],
    )


YESTERDAY = "2026-10-31T00:00:00.000Z"


@pytest.mark.parametrize(
    ("snapshot", "status", "severity"),
    [
        (reaching_back_to("2026-10-20T00:00:00.000Z"), PASS, Severity.MEDIUM),
        (reaching_back_to(YESTERDAY), FAIL, Severity.MEDIUM),
        (reaching_back_to(YESTERDAY, AutoBackup=True), FAIL, Severity.LOW),
        (reaching_back_to(YESTERDAY, forwarding="Server=x"), FAIL, Severity.LOW),
        (reaching_back_to(YESTERDAY, services=[service("WazuhSvc")]), FAIL, Severity.LOW),
        (reaching_back_to(YESTERDAY, installed="2026-10-30T00:00:00.000Z"), NA, Severity.MEDIUM),
        (reaching_back_to(None), GAP, Severity.MEDIUM),
        (host(eventlogs=failed()), GAP, Severity.MEDIUM),
    ],
)
def test_the_security_log_must_reach_back_a_week(snapshot, status, severity):
    found = verdict(audit.security_log_reaches_back_a_week, snapshot)
    assert (found.status, found.severity) == (status, severity)


STOCK_ACCESS = "O:BAG:SYD:(A;;0xf0007;;;SY)(A;;0x7;;;BA)(A;;0x3;;;IU)(A;;0x3;;;SU)(A;;0x1;;;S-1-5-32-573)"
NAMED = "S-1-5-21-1-2-3-1104"


def guarded(channel, access, file="D:(A;;FA;;;SY)(A;;FA;;;BA)"):
    path = "C:\\Windows\\System32\\winevt\\Logs\\a.evtx"
    return host(
        eventlogs=[{"Channel": channel, "ChannelAccess": access}],
        acls=[{"Path": path, "Kind": "file", "Roles": ["eventLogFile"], "Exists": True, "Sddl": file}],
        local_group_members=[],
        sids=[{"Sid": sid, "Name": "CORP\\ops", "Class": "group"} for sid in ("S-1-5-4", "S-1-5-32-545", NAMED)],
    )


@pytest.mark.parametrize(
    ("channel", "access", "expected"),
    [
        ("Application", STOCK_ACCESS, None),
        ("Application", None, None),
        ("Security", STOCK_ACCESS, Severity.MEDIUM),
        ("Security", "D:(A;;0xf0005;;;SY)(A;;0x5;;;BA)(A;;0x1;;;S-1-5-32-573)", None),
        ("System", "D:(A;;0x7;;;BA)(A;;0x5;;;IU)", Severity.MEDIUM),
        ("System", "D:(D;;0x4;;;IU)(A;;0x5;;;IU)", None),
        ("Microsoft-Windows-Hyper-V-VMMS-Admin", "D:(A;;GA;;;BU)", Severity.MEDIUM),
        ("Microsoft-Windows-WinRM/Operational", "D:(A;;0x7;;;BU)", Severity.LOW),
        ("System", f"D:(A;;0x7;;;{NAMED})", Severity.LOW),
        ("Microsoft-Windows-WinRM/Operational", f"D:(A;;0x7;;;{NAMED})", Severity.INFO),
    ],
)
def test_who_may_clear_a_log(channel, access, expected):
    failures = [
        (result.subject.key, result.severity)
        for result in ask(audit.event_logs_are_guarded, guarded(channel, access))
        if result.status is FAIL
    ]
    assert failures == ([] if expected is None else [({"Channel": channel}, expected)])


@pytest.mark.parametrize(
    ("file", "expected"), [("D:(A;;0x1301bf;;;BU)", [Severity.MEDIUM]), (f"D:(A;;FA;;;{NAMED})", [Severity.LOW])]
)
def test_who_may_change_the_file_of_a_log(file, expected):
    results = ask(audit.event_logs_are_guarded, guarded("System", STOCK_ACCESS, file))
    assert [result.severity for result in results if result.status is FAIL] == expected


def test_access_lists_that_were_not_read_are_not_assessed():
    assert set(statuses(audit.event_logs_are_guarded, host(eventlogs=failed(), acls=failed()))) == {GAP}
    assert GAP in statuses(audit.event_logs_are_guarded, guarded("System", "nonsense"))


def scripts(local=None, policy=None, enabled=None):
    return host(
        registry_values=[
            registry(audit.SHELL, "ExecutionPolicy", local, kind="REG_SZ"),
            registry(audit.POWERSHELL, "ExecutionPolicy", policy, kind="REG_SZ"),
            registry(audit.POWERSHELL, "EnableScripts", enabled),
        ]
    )


@pytest.mark.parametrize(
    ("snapshot", "expected"),
    [
        (scripts(), None),
        (scripts("RemoteSigned"), None),
        (scripts("bypass"), Severity.LOW),
        (scripts("RemoteSigned", "Unrestricted", 1), Severity.LOW),
        (scripts("Unrestricted", "AllSigned", 1), Severity.INFO),
        (scripts("Unrestricted", enabled=0), Severity.INFO),
    ],
)
def test_permissive_execution_policies(snapshot, expected):
    found = verdict(audit.execution_policy_is_not_permissive, snapshot)
    assert found.status is PASS if expected is None else (found.status, found.severity) == (FAIL, expected)


def test_an_unread_execution_policy_is_not_assessed():
    assert verdict(audit.execution_policy_is_not_permissive, host(registry_values=failed())).status is GAP


@pytest.mark.parametrize(("value", "status"), [(1, PASS), (0, FAIL), (None, FAIL)])
def test_command_lines_are_recorded_by_policy_only(value, status):
    key = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Audit"
    rows = [registry(key, "ProcessCreationIncludeCmdLine_Enabled", value)]
    assert verdict(audit.process_events_have_the_command_line, host(registry_values=rows)).status is status
    assert verdict(audit.process_events_have_the_command_line, host(registry_values=failed())).status is GAP


def watched(sacl="S:AI(AU;OICISAFA;SDDTWDWODCLC;;;WD)", setting=1, path="D:\\VMs", role="vhdDir"):
    return host(
        acls=[{"Path": path, "Kind": "dir", "Roles": [role], "Exists": True, "AuditSddl": sacl}],
        raw=auditpol({"921D": setting}),
    )


@pytest.mark.parametrize(
    ("snapshot", "status", "words"),
    [
        (watched(), PASS, ""),
        (watched(""), FAIL, "D:\\VMs"),
        (watched("S:(ML;;NW;;;LW)"), FAIL, "D:\\VMs"),
        (watched(setting=0), FAIL, "audit policy"),
        (watched("", role="azmanFile"), FAIL, "D:\\VMs"),
        (watched("", path="\\\\files\\VMs"), NA, ""),
        (watched(None), GAP, ""),
        (watched("nonsense"), GAP, ""),
        (watched(None, setting=0), FAIL, "audit policy"),
        (host(acls=failed()), GAP, ""),
    ],
)
def test_access_to_storage_is_recorded_where_both_ask_for_it(snapshot, status, words):
    found = verdict(audit.access_to_vm_storage_is_recorded, snapshot)
    assert found.status is status
    assert words in found.message
