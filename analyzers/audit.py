"""HV-AUD: what the host records about itself, and whether the record is kept."""

from datetime import timedelta

from snapshot_tool.check import check
from snapshot_tool.knowledge.event_channels import enabled_by_default
from snapshot_tool.model.audit import EventLog, EventLogType, EventSummary
from snapshot_tool.model.host import Feature, FeatureKind
from snapshot_tool.model.registry import RegistryValue, registry_number, registry_text
from snapshot_tool.model.security_policy import AuditSubcategory
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    NotAssessed,
    NotOffered,
    Severity,
    Verdict,
    fail,
    graded,
    settle,
    undetermined,
)

SUCCESS, FAILURE = 1, 2
# GUID = 0CCEnnnn-69AE-11D9-BED3-505054503030: number, flags that the baseline wants, English name.
BASELINE = (
    ("9215", SUCCESS | FAILURE, "Logon"),
    ("921B", SUCCESS, "Special Logon"),
    ("922B", SUCCESS, "Process Creation"),
    ("9237", SUCCESS, "Security Group Management"),
    ("9235", SUCCESS | FAILURE, "User Account Management"),
    ("922F", SUCCESS, "Audit Policy Change"),
    ("9228", SUCCESS, "Sensitive Privilege Use"),
    ("9211", SUCCESS, "Security System Extension"),
    ("9212", SUCCESS | FAILURE, "System Integrity"),
    ("9227", SUCCESS | FAILURE, "Other Object Access Events"),
)


@check(
    "HV-AUD-001",
    title="The audit policy records what an investigation needs",
    severity=Severity.MEDIUM,
    refs=("seed:G12", "STIG:WN22-AU-000190", "STIG:WN22-AU-000200", "STIG:WN22-AU-000210", "STIG:WN22-AU-000140",
          "STIG:WN22-AU-000100", "STIG:WN22-AU-000260", "STIG:WN22-AU-000370", "STIG:WN22-AU-000380", "CIS:17.5.4",
          "CIS:17.3.2", "CIS:17.2.5", "CIS:17.7.1", "CIS:17.9.4", "BSI:SYS.1.5.A6", "NIST:HY-SR-11*", "ATT&CK:T1562.002"),
)  # fmt: skip
def audit_policy_meets_the_baseline(host: Snapshot) -> Verdict:
    """What is not audited cannot be reconstructed: logons, group changes, new processes, changes of the audit policy itself.

    Remediation:
        Run `auditpol /set /subcategory:{GUID} /success:enable /failure:enable` for each, or set it by Group Policy.
    """
    lacking: list[str] = []
    missing: NotAssessed | None = None
    for number, wanted, name in BASELINE:
        try:
            row = host.find(AuditSubcategory, subcategory=f"0cce{number.lower()}-69ae-11d9-bed3-505054503030")
            if row is None:
                raise undetermined(f"the audit policy has no line for {name}", table="audit_policy")
            setting = row.setting
        except NotAssessed as gap:
            missing = missing or gap
            continue
        wants = [word for flag, word in ((SUCCESS, "success"), (FAILURE, "failure")) if wanted & flag & ~setting]
        if wants:
            lacking.append(f"{name} ({', '.join(wants)})")
    if lacking:
        return fail(f"The audit policy does not record: {', '.join(lacking)}")
    if missing is not None:
        raise missing
    return PASS


SECURITY_LOG_KB = 196_608
WEEK = timedelta(days=7)
FORWARDING = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager"
SECURITY_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog\Security"


@check(
    "HV-AUD-003",
    title="The Security log is large enough",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-CC-000280", "CIS:18.10.25.2.2", "BSI:SYS.1.5.A6", "ATT&CK:T1562.002"),
)
def security_log_is_large_enough(host: Snapshot) -> Verdict:
    """A small log overwrites in hours what an investigation looks for days later.

    Remediation:
        Run `wevtutil sl Security /ms:201326592`, or forward the events to another machine.
    """
    log = host.find(EventLog, channel="Security")
    if log is None:
        raise undetermined("the Security log is not listed", table="eventlogs")
    size = registry_number(host, SECURITY_POLICY, "MaxSize")
    if size is None:
        size = None if log.max_size_bytes is None else log.max_size_bytes // 1024
    if size is not None and size >= SECURITY_LOG_KB:
        return PASS.on(log)
    shown = "of the default size" if size is None else f"limited to {size} KB"

    def kept_otherwise() -> Severity:
        if log.auto_backup:
            return Severity.LOW
        if host.where(RegistryValue, list_key=FORWARDING).matching(lambda value: value.exists):
            return Severity.LOW
        oldest, newest = log.oldest_record_utc, log.newest_record_utc
        if oldest is None:
            raise undetermined("the Security log has no oldest record", table="eventlogs", column="OldestRecordUtc")
        return Severity.LOW if newest - oldest >= WEEK else Severity.MEDIUM

    return graded(f"The Security log is {shown}, less than {SECURITY_LOG_KB} KB", Severity.MEDIUM, kept_otherwise).on(
        log
    )


SMALL_LOG = 8 * 1024 * 1024


@check(
    "HV-AUD-005",
    title="The logs of Hyper-V are enabled",
    severity=Severity.MEDIUM,
    refs=("BSI:SYS.1.5.A6", "NIST:HY-SR-11*", "NIST:HY-SR-12*"),
)
def hyper_v_logs_are_enabled(log: EventLog) -> Verdict:
    """Who started, changed or exported a virtual machine, and why one failed, stands in these logs only.

    Remediation:
        Run `wevtutil sl <channel> /e:true`, and `wevtutil sl Microsoft-Windows-Hyper-V-VMMS-Admin /ms:33554432` for a longer record.
    """
    channel = log.channel
    if not channel.casefold().startswith("microsoft-windows-hyper-v-"):
        return NOT_APPLICABLE
    kind = log.type
    if kind in (EventLogType.ANALYTIC, EventLogType.DEBUG):
        return NOT_APPLICABLE
    if not log.enabled:
        if kind is EventLogType.OPERATIONAL:
            if channel.casefold() not in enabled_by_default():
                return NOT_APPLICABLE
            return fail(f"The log {channel} is disabled; that it ships enabled is unverified", Severity.INFO)
        return fail(f"The log {channel} is disabled", Severity.MEDIUM)
    if channel.casefold().endswith(("-vmms-admin", "-worker-admin")):
        size = log.max_size_bytes
        if size is None or size < SMALL_LOG:
            return fail(f"The log {channel} holds less than 8 MB", Severity.INFO)
    return PASS


CLEARED = {("security", 1102), ("system", 104)}
RECENT = timedelta(days=30)


@check(
    "HV-AUD-008",
    title="No event log was cleared lately",
    severity=Severity.HIGH,
    refs=("ATT&CK:T1070.001",),
)
def no_log_was_cleared(host: Snapshot) -> Verdict:
    """Clearing logs is what intruders do last; administrators hardly ever have a reason.

    Remediation:
        Find out who cleared the log and why; the event names the account. Until then treat it as an incident.
    """
    moment = host.host.started
    if moment is None:
        raise undetermined("the time of the snapshot is not known")
    rows = host.rows(EventSummary).matching(
        lambda row: (row.channel.casefold(), row.event_id) in CLEARED and moment - row.last_utc <= RECENT
    )
    if not rows:
        return PASS
    told = [f"{row.channel} (event {row.event_id}, last on {row.last_utc:%Y-%m-%d})" for row in rows]
    return fail(f"Logs were cleared: {', '.join(told)}")


POWERSHELL = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell"
FIRST_WITH_LOGGING = 5


@check(
    "HV-AUD-010",
    title="PowerShell records what it runs",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-CC-000460", "STIG:WN22-CC-000530", "CIS:18.10.86.1", "CIS:18.10.86.2", "BSI:SYS.1.2.3.A7",
          "ATT&CK:T1059.001"),
    since="2008R2",
)  # fmt: skip
def powershell_records_what_it_runs(host: Snapshot) -> Verdict:
    """Attackers and administrators use the same PowerShell; without script block logging nobody can tell what was run.

    Remediation:
        Set the policies "Turn on PowerShell Script Block Logging" and "Turn on PowerShell Transcription", the latter to a folder
        that accounts may write to but not read.
    """
    version = registry_text(host, r"HKLM\SOFTWARE\Microsoft\PowerShell\3\PowerShellEngine", "PowerShellVersion")
    if version is None:
        return NOT_APPLICABLE
    major = version.partition(".")[0]
    if not (major.isascii() and major.isdigit()):
        raise undetermined(f"{version} is no version of PowerShell", table="registry_values")
    if int(major) < FIRST_WITH_LOGGING:
        return NOT_APPLICABLE

    def script_blocks() -> Verdict | None:
        if registry_number(host, rf"{POWERSHELL}\ScriptBlockLogging", "EnableScriptBlockLogging") == 1:
            return None
        return fail("PowerShell does not log script blocks by policy", Severity.MEDIUM)

    def transcripts() -> Verdict | None:
        if registry_number(host, rf"{POWERSHELL}\Transcription", "EnableTranscripting") == 1:
            return None
        return fail("PowerShell writes no transcripts by policy", Severity.LOW)

    return settle(script_blocks, transcripts, worst=Severity.MEDIUM)


ENGINE_V2 = {"microsoftwindowspowershellv2", "microsoftwindowspowershellv2root"}
ENGINE_V2_SERVER_ID = 411


def _is_installed(host: Snapshot, optional: set[str], component: str, server_id: int | None = None) -> bool:
    """Whether a feature is installed; the cache of components decides only where the other sources do not know it."""
    features = host.rows(Feature)
    known = features.matching(lambda row: row.kind is FeatureKind.OPTIONAL and (row.name or "").casefold() in optional)
    if known:
        return any(row.installed for row in known)
    if server_id is not None and features.matching(lambda row: row.server_feature_id == server_id):
        return True
    return bool(
        features.matching(
            lambda row: row.kind is FeatureKind.COMPONENT and (row.name or "").casefold() == component and row.installed
        )
    )


@check(
    "HV-AUD-011",
    title="The PowerShell 2.0 engine is not installed",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-00-000410", "BSI:SYS.1.2.3.A7", "ATT&CK:T1059.001"),
    since="2012",
    until="2022",
)
def powershell_2_is_not_installed(host: Snapshot) -> Verdict:
    """The old engine logs nothing and knows no antimalware interface: `powershell -version 2` goes around both.

    Remediation:
        Run `Uninstall-WindowsFeature PowerShell-V2`; on Server Core
        `Disable-WindowsOptionalFeature -Online -FeatureName MicrosoftWindowsPowerShellV2Root`.
    """
    if not _is_installed(host, ENGINE_V2, "powershell-v2", ENGINE_V2_SERVER_ID):
        return PASS

    def weight() -> Severity:
        try:
            starts = _is_installed(host, {"netfx3"}, "net-framework-core")
        except NotOffered:
            return Severity.MEDIUM
        return Severity.MEDIUM if starts else Severity.LOW

    return graded("The PowerShell 2.0 engine is installed", Severity.MEDIUM, weight)
