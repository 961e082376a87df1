"""HV-AUD: what the host records about itself, and whether the record is kept."""

from collections.abc import Sequence
from datetime import timedelta

from snapshot_tool.check import check
from snapshot_tool.knowledge import rights
from snapshot_tool.knowledge.event_channels import enabled_by_default
from snapshot_tool.knowledge.sids import NETWORK_SERVICE
from snapshot_tool.knowledge.software import log_agent
from snapshot_tool.model.accounts import LocalGroupMember
from snapshot_tool.model.audit import EventLog, EventLogType, EventSummary
from snapshot_tool.model.filesystem import FileAcl, FileAclRoles, acls_of
from snapshot_tool.model.host import Feature, FeatureKind, OperatingSystem
from snapshot_tool.model.registry import RegistryValue, registry_number, registry_text
from snapshot_tool.model.review import may, to_review, who
from snapshot_tool.model.security import Grant, ObjectKind, descriptor_of, granted, holding, low_privilege, parse_sddl
from snapshot_tool.model.security_policy import AuditSubcategory
from snapshot_tool.model.services import Service, ServiceStartType, ServiceState
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Cause,
    Gap,
    NotAssessed,
    NotOffered,
    Severity,
    Verdict,
    either,
    fail,
    graded,
    listed,
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
          "CIS:17.3.2", "CIS:17.2.5", "CIS:17.7.1", "CIS:17.9.4", "BSI:SYS.1.5.A6", "NIST:HY-SR-11 (draft)", "ATT&CK:T1562.002"),
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


LSA = r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa"


@check(
    "HV-AUD-002",
    title="The categories of old Windows do not override the audit policy",
    severity=Severity.LOW,
    refs=("STIG:WN22-SO-000050", "CIS:2.3.2.1"),
)
def old_categories_do_not_override(host: Snapshot) -> Verdict:
    """With this setting the nine categories of Windows 2000 replace the subcategories at every refresh of Group Policy.

    Remediation:
        Enable the security option "Audit: Force audit policy subcategory settings to override audit policy category settings"
        (`SCENoApplyLegacyAuditPolicy` 1).
    """
    if registry_number(host, LSA, "SCENoApplyLegacyAuditPolicy") == 0:
        return fail("The categories of old Windows override the audit policy (SCENoApplyLegacyAuditPolicy 0)")
    return PASS


SECURITY_LOG_KB = 196_608
OTHER_LOG_KB = 32_768
WEEK = timedelta(days=7)
FORWARDING = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager"
LOG_POLICIES = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog"
SECURITY_POLICY = rf"{LOG_POLICIES}\Security"


def _log(host: Snapshot, channel: str) -> EventLog:
    """A log that every Windows has."""
    log = host.find(EventLog, channel=channel)
    if log is None:
        raise undetermined(f"the log {channel} is not listed", table="eventlogs")
    return log


def _size_kb(log: EventLog) -> int | None:
    """The size in force: the policy's, else the log's own; None where neither is set."""
    size = registry_number(log.host, rf"{LOG_POLICIES}\{log.channel}", "MaxSize")
    if size is None and log.max_size_bytes is not None:
        return log.max_size_bytes // 1024
    return size


def _is_forwarded(host: Snapshot) -> bool:
    """Whether a policy names a collector of events."""
    rows = host.where(RegistryValue, list_key=FORWARDING)
    if not rows:
        raise NotAssessed(Gap(Cause.NOT_COLLECTED, FORWARDING, "registry_values"))
    return bool(rows.matching(lambda value: value.exists))


def _has_agent(host: Snapshot) -> bool:
    """Whether a service runs, or starts by itself, that is known to send events to another machine."""
    return bool(
        host.rows(Service).matching(
            lambda service: (
                log_agent(service.name) is not None
                and (service.start_type is ServiceStartType.AUTOMATIC or service.state is ServiceState.RUNNING)
            )
        )
    )


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
    log = _log(host, "Security")
    size = _size_kb(log)
    if size is not None and size >= SECURITY_LOG_KB:
        return PASS.on(log)
    shown = "of the default size" if size is None else f"limited to {size} KB"

    def kept_otherwise() -> Severity:
        if log.auto_backup:
            return Severity.LOW
        if _is_forwarded(host):
            return Severity.LOW
        oldest, newest = log.oldest_record_utc, log.newest_record_utc
        if oldest is None:
            raise undetermined("the Security log has no oldest record", table="eventlogs", column="OldestRecordUtc")
        return Severity.LOW if newest - oldest >= WEEK else Severity.MEDIUM

    return graded(f"The Security log is {shown}, less than {SECURITY_LOG_KB} KB", Severity.MEDIUM, kept_otherwise).on(
        log
    )


@check(
    "HV-AUD-004",
    title="The Application and System logs are large enough",
    severity=Severity.LOW,
    refs=("STIG:WN22-CC-000270", "STIG:WN22-CC-000290", "CIS:18.10.25.1.2", "CIS:18.10.25.4.2"),
)
def other_logs_are_large_enough(host: Snapshot) -> Verdict:
    """Services, drivers and failures write there; a small log has forgotten the beginning of a story when it is read.

    Remediation:
        Run `wevtutil sl Application /ms:33554432` and `wevtutil sl System /ms:33554432`.
    """

    def is_large(channel: str) -> Verdict | None:
        size = _size_kb(_log(host, channel))
        if size is None:
            return fail(f"The log {channel} is of the default size")
        return fail(f"The log {channel} is limited to {size} KB") if size < OTHER_LOG_KB else None

    return settle(lambda: is_large("Application"), lambda: is_large("System"))


SMALL_LOG = 8 * 1024 * 1024


@check(
    "HV-AUD-005",
    title="The logs of Hyper-V are enabled",
    severity=Severity.MEDIUM,
    refs=("BSI:SYS.1.5.A6", "NIST:HY-SR-11 (draft)", "NIST:HY-SR-12 (draft)"),
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


EVENT_LOG_READERS = "S-1-5-32-573"


@check(
    "HV-AUD-006",
    title="Events are collected on another machine",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-AU-000010", "STIG:WN22-AU-000020", "NIST:HY-SR-20 (draft)", "BSI:SYS.1.5.A6", "BSI:SYS.1.5.A17",
          "ATT&CK:T1070"),
)  # fmt: skip
def events_are_collected_elsewhere(host: Snapshot) -> Verdict:
    """Whoever takes over the host erases its logs; only what has already left it remains.

    Where accounts may read the logs from afar (Event Log Readers) something may collect them, so the finding weighs less.

    Remediation:
        Set the policy "Configure target Subscription Manager" to a collector of events, or install the agent of the log management.
    """
    if either(lambda: _is_forwarded(host), lambda: _has_agent(host)):
        return PASS

    def may_be_read_from_afar() -> Severity:
        readers = host.where(LocalGroupMember, group_sid=EVENT_LOG_READERS).matching(
            lambda member: member.member_sid != NETWORK_SERVICE
        )
        return Severity.LOW if readers else Severity.MEDIUM

    return graded(
        "No policy forwards the events of this host, and none of the known agents collects them",
        Severity.MEDIUM,
        may_be_read_from_afar,
    )


@check(
    "HV-AUD-007",
    title="The Security log reaches back a week",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-CC-000280", "ATT&CK:T1070"),
)
def security_log_reaches_back_a_week(host: Snapshot) -> Verdict:
    """Intrusions are noticed days later; what the log has lost by then nobody can look up.

    Remediation:
        Enlarge the log, `wevtutil sl Security /ms:1073741824`, or forward the events to another machine.
    """
    log = _log(host, "Security")
    moment, oldest = host.host.started, log.oldest_record_utc
    if moment is None:
        raise undetermined("the time of the snapshot is not known")
    if oldest is None:
        raise undetermined("the Security log has no oldest record", table="eventlogs", column="OldestRecordUtc")
    if moment - oldest >= WEEK:
        return PASS.on(log)
    if moment - host.one(OperatingSystem).install_date_utc < WEEK:
        return NOT_APPLICABLE

    def is_kept_elsewhere() -> Severity:
        kept = either(lambda: bool(log.auto_backup), lambda: _is_forwarded(host), lambda: _has_agent(host))
        return Severity.LOW if kept else Severity.MEDIUM

    message = f"The Security log begins on {oldest:%Y-%m-%d}, less than a week before the snapshot"
    return graded(message, Severity.MEDIUM, is_kept_elsewhere).on(log)


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


_MAIN_LOGS = {"application", "security", "system"}


@check(
    "HV-AUD-009",
    title="Only administrators may change and clear event logs",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-AU-000030", "STIG:WN22-AU-000040", "STIG:WN22-AU-000050"),
)
def event_logs_are_guarded(host: Snapshot) -> Sequence[Verdict]:
    """Whoever may clear a log, or write into that of security, decides what an investigation finds.

    That ordinary programs report their events to the other logs is how Windows ships them.

    Remediation:
        Set the access list back with `wevtutil sl <channel> /ca:<SDDL>` or by the policy "Configure log access"; on files
        `icacls <file> /reset`.
    """

    def guarded(
        row: EventLog | FileAcl, grants: tuple[Grant, ...], kind: ObjectKind, wanted: int, *, weighs: bool
    ) -> Verdict | None:
        found = low_privilege(grants)
        if found:
            what = f"{who(host, found)} {may(found, kind, wanted)}"
            return fail(f"{row}: {what}", Severity.MEDIUM if weighs else Severity.LOW)
        named = to_review(host, grants)
        if named:
            what = f"{who(host, named)} {may(named, kind, wanted)}"
            return fail(f"{row}: to be reviewed: {what}", Severity.LOW if weighs else Severity.INFO)
        return None

    def of_channel(log: EventLog) -> Verdict | None:
        name = log.channel.casefold()
        if log.channel_access is None:
            return None
        wanted = rights.CHANGE_EVENT_LOG | (rights.EVENT_LOG_WRITE if name == "security" else 0)
        grants = holding(granted(descriptor_of(log, "channel_access"), ObjectKind.EVENT_LOG), wanted)
        weighs = name in _MAIN_LOGS or name.startswith("microsoft-windows-hyper-v-")
        return guarded(log, grants, ObjectKind.EVENT_LOG, wanted, weighs=weighs)

    def of_file(acl: FileAcl) -> Verdict | None:
        grants = holding(granted(acl.descriptor, acl.object_kind), rights.MODIFY)
        return guarded(acl, grants, acl.object_kind, rights.MODIFY, weighs=True)

    files = acls_of(host, FileAclRoles.EVENT_LOG_FILE)
    return [*host.rows(EventLog).each(of_channel), *files.each(of_file)]


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


SHELL = r"HKLM\SOFTWARE\Microsoft\PowerShell\1\ShellIds\Microsoft.PowerShell"
PERMISSIVE = {"unrestricted", "bypass"}


@check(
    "HV-AUD-012",
    title="The machine does not run every PowerShell script",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.2.3.A7",),
    since="2008R2",
)
def execution_policy_is_not_permissive(host: Snapshot) -> Verdict:
    """The execution policy is no boundary of security, but it stops scripts that came by mail or from a share by mistake.

    Remediation:
        Run `Set-ExecutionPolicy AllSigned -Scope LocalMachine`, or set the policy "Turn on Script Execution".
    """
    local = registry_text(host, SHELL, "ExecutionPolicy")
    by_policy = registry_text(host, POWERSHELL, "ExecutionPolicy")
    if registry_number(host, POWERSHELL, "EnableScripts") == 0:
        by_policy = "Restricted"
    if (by_policy or local or "").casefold() in PERMISSIVE:
        where = "of the machine" if by_policy is None else "by policy"
        return fail(f"The execution policy of PowerShell is {by_policy or local} {where}")
    if (local or "").casefold() in PERMISSIVE:
        return fail(
            f"The execution policy of the machine is {local}; a policy sets {by_policy} in its place", Severity.INFO
        )
    return PASS


@check(
    "HV-AUD-013",
    title="Events about new processes have their command line",
    severity=Severity.LOW,
    refs=("STIG:WN22-CC-000090", "CIS:18.9.3.1"),
    since="2012R2",
)
def process_events_have_the_command_line(host: Snapshot) -> Verdict:
    """That powershell.exe was started says little; what it was told to do says all.

    Remediation:
        Set the policy "Include command line in process creation events" (`ProcessCreationIncludeCmdLine_Enabled` 1) and see to it
        that only administrators read the Security log, for command lines hold secrets.
    """
    key = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit"
    if registry_number(host, key, "ProcessCreationIncludeCmdLine_Enabled") == 1:
        return PASS
    return fail("Events about new processes lack the command line")


FILE_SYSTEM = "0cce921d-69ae-11d9-bed3-505054503030"


def _is_watched(acl: FileAcl) -> bool:
    """Whether the object has an entry that says which access is recorded."""
    text = acl.audit_sddl
    if text is None:
        raise undetermined(f"what is recorded of {acl} was not read", table="acls", column="AuditSddl")
    if not text:
        return False
    try:
        sacl = parse_sddl(text).sacl
    except ValueError as error:
        raise NotAssessed(Gap(Cause.UNREADABLE, str(error), "acls", "AuditSddl")) from None
    return sacl is not None and any(ace.type.letters in ("AU", "OU", "XU") for ace in sacl.aces)


@check(
    "HV-AUD-014",
    title="Changes of virtual machines' files and of the AzMan store are recorded",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A17", "BSI:SYS.1.5.A6"),
)
def access_to_vm_storage_is_recorded(host: Snapshot) -> Verdict:
    """Who copied a disk or changed who may do what is recorded only where folder and audit policy both ask for it.

    Remediation:
        Add an audit entry for Everyone about writing, deleting and changing permissions to the folders (`Set-Acl`, or their
        properties), then run `auditpol /set /subcategory:{0CCE921D-69AE-11D9-BED3-505054503030} /success:enable`.
    """
    watched = acls_of(host, FileAclRoles.VM_CONFIG_DIR, FileAclRoles.VHD_DIR, FileAclRoles.AZMAN_FILE).select(
        lambda acl: not acl.is_remote
    )
    if not watched:
        return NOT_APPLICABLE

    def have_entries() -> Verdict | None:
        bare = watched.matching(lambda acl: not _is_watched(acl))
        return fail(f"Nothing records access to {listed(map(str, bare))}") if bare else None

    def is_recorded() -> Verdict | None:
        row = host.find(AuditSubcategory, subcategory=FILE_SYSTEM)
        if row is None:
            raise undetermined("the audit policy has no line for the file system", table="audit_policy")
        return None if row.setting else fail("The audit policy does not record access to files")

    return settle(have_entries, is_recorded)
