"""HV-ACCT: who administers the host, with which rights, and how well its accounts and credentials are kept."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from snapshot_tool.check import check
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.knowledge.sids import (
    ADMINISTRATORS,
    ALL_VIRTUAL_MACHINES,
    EVERYONE,
    HYPERV_ADMINISTRATORS,
    LOCAL_SYSTEM,
    USERS,
    is_low_privilege,
)
from snapshot_tool.knowledge.user_rights import BACKUP_OPERATORS, POWERFUL_RIGHTS
from snapshot_tool.model.accounts import (
    AccountPolicy,
    KnownSid,
    KnownSidClass,
    LocalGroupMember,
    LocalGroupMemberClass,
    LocalUser,
    account_name,
    administrators_member,
    orphaned,
    relative_id,
)
from snapshot_tool.model.azman import AzManRole
from snapshot_tool.model.host import (
    ComputerSystem,
    ComputerSystemDomainRole,
    PlatformSecurity,
    PlatformSecuritySecurityServicesRunning,
    UserProfile,
)
from snapshot_tool.model.registry import RegistryValue, registry_number, registry_value
from snapshot_tool.model.security import ObjectKind, alias_resolver, granted, parse_sddl, trustees
from snapshot_tool.model.security_policy import SecuritySetting, UserRight
from snapshot_tool.model.services import Service, ServiceStartType, surely_without_hyperv
from snapshot_tool.model.vm import VMConnectAccess
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Cause,
    Gap,
    NotAssessed,
    NotOffered,
    Severity,
    Status,
    Verdict,
    assess,
    fail,
    graded,
    listed,
    settle,
    undetermined,
)

LSA = r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa"
WINLOGON = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
WDIGEST = r"HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest"
SYSTEM_POLICIES = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
NETLOGON = r"HKLM\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters"
INSTALLER = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\Installer"
INSTALLER_OF_USERS = r"HKU\*\SOFTWARE\Policies\Microsoft\Windows\Installer"
LAPS = (
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\LAPS",
    r"HKLM\SOFTWARE\Microsoft\Policies\LAPS",
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\LAPS\Config",
)
LEGACY_LAPS = r"HKLM\SOFTWARE\Policies\Microsoft Services\AdmPwd"

BUILT_IN_ADMINISTRATOR, GUEST = 500, 501
DOMAIN_ADMINISTRATORS = frozenset({500, 512, 519})
"""RIDs of accounts and groups that administer every member of a domain."""
MANY_ADMINISTRATORS = 5
FOREST_ADMINISTRATORS = frozenset({512, 518, 519})
"""RIDs of Domain, Schema and Enterprise Admins."""
RECENT_DAYS = 30
UNUSED_DAYS = 35
CLUSTER_ACCOUNT = "cliusr"
LOCAL_ACCOUNT = "S-1-5-113"
STRONG_SESSION = 0x2008_0000
"""NTLMv2 session security and 128-bit encryption."""
WEAK_TYPES = 0x7
"""DES-CBC-CRC, DES-CBC-MD5 and RC4."""
SENSITIVE_GROUPS = {
    "S-1-5-32-547": "Power Users",
    BACKUP_OPERATORS: "Backup Operators",
    "S-1-5-32-555": "Remote Desktop Users",
    "S-1-5-32-562": "Distributed COM Users",
    "S-1-5-32-580": "Remote Management Users",
}


def is_domain_controller(host: Snapshot) -> bool:
    """Whether the host is a domain controller, whose groups and rights are those of the domain."""
    return bool(host.one(ComputerSystem).domain_role >= ComputerSystemDomainRole.BACKUP_DOMAIN_CONTROLLER)


def days_since(host: Snapshot, moment: datetime) -> float:
    """Days between a moment and the collection."""
    if host.host.started is None:
        raise undetermined("the time of collection is not known")
    return (host.host.started - moment).total_seconds() / 86400


def local_accounts_weight(host: Snapshot) -> Severity:
    """Local accounts are all that a workgroup has, and few on a member of a domain."""
    return Severity.LOW if host.one(ComputerSystem).part_of_domain else Severity.MEDIUM


def is_domain_administrator(sid: str) -> bool:
    """RID 500, 512 or 519 of a machine or domain."""
    return sid.startswith("S-1-5-21-") and relative_id(sid) in DOMAIN_ADMINISTRATORS


@check(
    "HV-ACCT-001",
    title="Administrators has no broad members",
    severity=Severity.CRITICAL,
    refs=("seed:G04", "seed:G37", "STIG:WN22-MS-000010", "NIST:HY-SR-13 (draft)", "BSI:SYS.1.5.A12", "ATT&CK:T1078"),
)
def administrators_has_no_broad_member(member: LocalGroupMember) -> Verdict:
    """Everybody in such a group owns the host and all its virtual machines.

    Remediation:
        Run `Remove-LocalGroupMember -SID S-1-5-32-544 -Member <SID>`; up to 2012 R2 `net localgroup`.
    """
    if member.group_sid != ADMINISTRATORS:
        return NOT_APPLICABLE
    if not is_low_privilege(member.sid):
        return PASS
    return fail(f"{account_name(member.host, member.sid)} is a member of Administrators ({ADMINISTRATORS})")


@check(
    "HV-ACCT-002",
    title="Administrators has few members, and no single domain users",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-MS-000010", "NIST:HY-SR-14 (draft)", "BSI:SYS.1.5.A12"),
)
def administrators_are_a_group(host: Snapshot) -> list[Verdict]:
    """Single users in Administrators are forgotten there; one group for hosts can be reviewed and emptied.

    Remediation:
        Put administrators into one domain group for hosts, and remove the users with `Remove-LocalGroupMember`.
    """
    if is_domain_controller(host):
        return [NOT_APPLICABLE]
    direct = host.where(LocalGroupMember, group_sid=ADMINISTRATORS).select(lambda member: member.depth == 0)
    own = direct.select(_is_counted)

    def no_domain_user(member: LocalGroupMember) -> Verdict:
        if member.class_ is not LocalGroupMemberClass.USER or _is_local(member.sid, host):
            return PASS
        return fail(
            f"The domain user {account_name(host, member.sid)} is a member of Administrators ({ADMINISTRATORS})"
        )

    answers = own.each(no_domain_user)
    if len(own.known) > MANY_ADMINISTRATORS:
        names = listed(account_name(host, member.sid) for member in own.known)
        message = f"Administrators ({ADMINISTRATORS}) has {len(own.known)} members beside the usual ones: {names}"
        answers.append(fail(message, Severity.LOW))
    return answers or [PASS]


def _is_counted(member: LocalGroupMember) -> bool:
    """Whether somebody put the member there: neither built in nor a machine, nor a SID without an account."""
    if is_domain_administrator(member.sid) or not member.resolved:
        return False
    return not member.is_machine_or_service


def _is_local(sid: str, host: Snapshot) -> bool:
    return sid.startswith(host.one(ComputerSystem).machine_sid + "-")


@check(
    "HV-ACCT-003",
    title="Hyper-V Administrators has no members of its own",
    severity=Severity.MEDIUM,
    refs=(
        "seed:G04",
        "seed:G37",
        "seed:M08",
        "MS-Plan",
        "NIST:HY-SR-13 (draft)",
        "BSI:SYS.1.5.A12",
        "ATT&CK:T1078",
        "ATT&CK:T1611",
    ),
    since="2012",
)
def hyperv_administrators_is_empty(host: Snapshot) -> list[Verdict]:
    """Its members can mount or copy any disk and choose paths of the host: they are as good as administrators.

    On a domain controller the group is one of the whole domain, and each member weighs one level more.

    Remediation:
        Review each member; run `Remove-LocalGroupMember -SID S-1-5-32-578 -Member <SID>` for those that may not own the host.
    """

    def member_is_known(member: LocalGroupMember) -> Verdict:
        message = f"{account_name(host, member.sid)} is a member of Hyper-V Administrators ({HYPERV_ADMINISTRATORS})"
        if is_low_privilege(member.sid):
            return fail(message, Severity.CRITICAL)

        def weight() -> Severity:
            usual = member.is_machine_or_service or administrators_member(host, member.sid)
            return Severity.INFO if usual else Severity.MEDIUM

        return _raised_on_domain_controller(host, graded(message, Severity.MEDIUM, weight))

    return host.where(LocalGroupMember, group_sid=HYPERV_ADMINISTRATORS).each(member_is_known) or [PASS]


def _raised_on_domain_controller(host: Snapshot, finding: Verdict) -> Verdict:
    """One level higher where the group is one of the whole domain (HV-HOST-004)."""
    severity = Severity.MEDIUM if finding.severity is None else finding.severity
    higher = Severity(severity + 1)
    return graded(finding.message, higher, lambda: higher if is_domain_controller(host) else severity)


@check(
    "HV-ACCT-004",
    title="Who administers virtual machines does not administer the host",
    severity=Severity.MEDIUM,
    refs=("seed:M08", "MS-Plan", "BSI:SYS.1.5.A12", "NIST:HY-SR-13 (draft)"),
)
def duties_are_separated(host: Snapshot) -> list[Verdict]:
    """Rights over virtual machines are worth splitting only if their holders are not administrators of the host anyway.

    Remediation:
        Use separate accounts and groups: take the account out of Administrators, or out of the role or group.
    """
    answers: list[Verdict] = []
    others: list[str] = []
    gap: Gap | None = None
    for source in (_role_members, _hyperv_administrators, _console_users):
        try:
            for row, part, sid, found in source(host):
                if sid in {ADMINISTRATORS, LOCAL_SYSTEM} or is_domain_administrator(sid):
                    continue
                if administrators_member(host, sid):
                    answers.append(found.on(row, part))
                else:
                    others.append(sid)
        except NotAssessed as missing:
            gap = gap or missing.gap
        except NotOffered:
            continue
    if gap is None and others and not answers:
        answers.append(assess(lambda: _nobody_is_both(host, others)))
    if gap is not None:
        answers.append(_not_assessed(gap))
    return answers or [PASS]


def _not_assessed(gap: Gap) -> Verdict:
    return Verdict(Status.NOT_ASSESSED, str(gap), gap=gap)


_Holder = tuple[Row, str | None, str, Verdict]


def _role_members(host: Snapshot) -> Iterator[_Holder]:
    era = host.host.era
    if era is not None and not in_era(None, "2012", era):
        return
    for role in host.rows(AzManRole):
        if role.full:
            continue
        for sid in role.members:
            name = account_name(host, sid)
            message = f"{name} is an administrator of the host and has the role {role} of the authorization store"
            yield role, sid, sid, fail(message, Severity.MEDIUM)
        if role.assignment.membership.undetermined:
            raise undetermined(f"a query or a script decides who has the role {role}", table="azman_role")


def _hyperv_administrators(host: Snapshot) -> Iterator[_Holder]:
    era = host.host.era
    if era is not None and not in_era("2012", None, era):
        return
    for member in host.where(LocalGroupMember, group_sid=HYPERV_ADMINISTRATORS):
        message = f"{account_name(host, member.sid)} is a member of Administrators and of Hyper-V Administrators"
        yield member, None, member.sid, fail(message, Severity.LOW)


def _console_users(host: Snapshot) -> Iterator[_Holder]:
    era = host.host.era
    if era is not None and not in_era("2012", None, era):
        return
    for access in host.rows(VMConnectAccess):
        sid = access.user_id
        if sid is None:
            raise undetermined("an account with access to a console has no SID", table="vm_connect_access")
        message = f"The administrator {account_name(host, sid)} also has access to the console of a virtual machine"
        yield access, None, sid, fail(message, Severity.LOW)


def _nobody_is_both(host: Snapshot, holders: Iterable[str]) -> Verdict:
    """No holder stands in Administrators; groups on either side may still share members."""
    nested = [member for member in host.where(LocalGroupMember, group_sid=ADMINISTRATORS) if _is_closed(host, member)]
    if nested:
        names = listed(account_name(host, member.sid) for member in nested)
        raise undetermined(f"who is in {names}, members of Administrators, was not collected")
    for sid in holders:
        known = host.find(KnownSid, sid=sid)
        if known is None or known.class_ not in {KnownSidClass.USER, KnownSidClass.COMPUTER}:
            raise undetermined(f"who is in {account_name(host, sid)} was not collected")
    return PASS


def _is_closed(host: Snapshot, member: LocalGroupMember) -> bool:
    """Whether a member may be a group whose own members were not collected."""
    if member.class_ in {LocalGroupMemberClass.USER, LocalGroupMemberClass.COMPUTER}:
        return False
    return not host.where(LocalGroupMember, group_sid=ADMINISTRATORS, via_sid=member.sid).known


@check(
    "HV-ACCT-005",
    title="The built-in Administrator is not in everyday use",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-00-000020", "STIG:WN22-SO-000030", "CIS:2.3.1.4", "ATT&CK:T1078.003"),
)
def built_in_administrator_rests(user: LocalUser) -> Verdict:
    """The account cannot be locked out, is known by its RID on every host, and tells nobody who used it.

    That it is enabled is the default of servers and no finding.

    Remediation:
        Administer with personal accounts; let LAPS set the password, or run `Set-LocalUser` with a new one; then leave it alone.
    """
    if user.rid != BUILT_IN_ADMINISTRATOR:
        return NOT_APPLICABLE
    if not user.enabled:
        return PASS
    host = user.host

    def password_is_fresh() -> Verdict | None:
        changed = user.password_last_set_utc
        if changed is None:
            return fail(f"The password of the built-in Administrator ({user}) was never set", Severity.MEDIUM)
        days = days_since(host, changed)
        if days <= 365:
            return None
        return fail(f"The password of the built-in Administrator ({user}) is {days:.0f} days old", Severity.MEDIUM)

    def is_not_used() -> Verdict | None:
        used = user.last_logon_utc
        if used is None or days_since(host, used) >= 30:
            return None
        message = f"The built-in Administrator ({user}) is in use, last on {used:%Y-%m-%d}"
        return graded(
            message,
            Severity.MEDIUM,
            lambda: Severity.MEDIUM if host.one(ComputerSystem).part_of_domain else Severity.LOW,
        )

    return settle(password_is_fresh, is_not_used, worst=Severity.MEDIUM)


@check(
    "HV-ACCT-006",
    title="The Guest account is disabled",
    severity=Severity.HIGH,
    refs=("STIG:WN22-SO-000010", "CIS:2.3.1.2", "ATT&CK:T1078.001"),
)
def guest_is_disabled(user: LocalUser) -> Verdict:
    """Guest lets anybody in without a password of his own, and nobody can be held to account for it.

    Remediation:
        Run `Disable-LocalUser -SID <SID>`; up to 2012 R2 `net user <name> /active:no`.
    """
    if user.rid != GUEST:
        return NOT_APPLICABLE
    return fail(f"The Guest account ({user}) is enabled") if user.enabled else PASS


def _number(host: Snapshot, name: str, otherwise: Callable[[AccountPolicy], int | None] | None = None) -> int:
    """A number of [System Access]; where the file has no such line, what the account database says.

    Raises NotAssessed where neither tells.
    """
    setting = host.find(SecuritySetting, section="System Access", name=name)
    number = None
    if setting is not None:
        number = setting.number
    elif otherwise is not None:
        number = otherwise(host.one(AccountPolicy))
    if number is None:
        raise undetermined(f"the security policy has no number for {name}", table="secedit_setting", column="Number")
    return number


@check(
    "HV-ACCT-009",
    title="Passwords of local accounts are long, complex and not reused",
    severity=Severity.MEDIUM,
    refs=(
        "seed:G12",
        "STIG:WN22-AC-000070",
        "STIG:WN22-AC-000080",
        "STIG:WN22-AC-000040",
        "STIG:WN22-AC-000050",
        "STIG:WN22-AC-000090",
        "CIS:1.1.1",
        "CIS:1.1.4",
        "CIS:1.1.5",
        "CIS:1.1.7",
        "ATT&CK:T1110",
    ),
)
def password_policy_is_strong(host: Snapshot) -> Verdict:
    """Short or reused passwords of local accounts are guessed; on a member of a domain few accounts are concerned.

    Remediation:
        Run `net accounts /minpwlen:14 /uniquepw:24` and set complexity in the local policy; what the domain sets must be changed there.
    """

    def weak(message: str) -> Verdict:
        return graded(message, Severity.MEDIUM, lambda: local_accounts_weight(host))

    def length() -> Verdict | None:
        number = _number(host, "MinimumPasswordLength", lambda policy: policy.min_password_length)
        return weak(f"Passwords of local accounts need {number} characters only") if number < 14 else None

    def complexity() -> Verdict | None:
        if _number(host, "PasswordComplexity") != 0:
            return None
        return weak("Passwords of local accounts need not be complex")

    def history() -> Verdict | None:
        number = _number(host, "PasswordHistorySize", lambda policy: policy.password_history_length)
        return weak(f"{number} former passwords of local accounts are remembered") if number < 24 else None

    def no_clear_text() -> Verdict | None:
        if _number(host, "ClearTextPassword") == 0:
            return None
        return fail("Passwords are stored so that they can be read back (ClearTextPassword)", Severity.HIGH)

    def strength() -> Verdict:
        return settle(length, complexity, history, worst=Severity.MEDIUM)

    return settle(strength, no_clear_text, worst=Severity.HIGH)


@check(
    "HV-ACCT-010",
    title="Local accounts are locked after wrong passwords",
    severity=Severity.MEDIUM,
    refs=(
        "seed:G12",
        "STIG:WN22-AC-000010",
        "STIG:WN22-AC-000020",
        "STIG:WN22-AC-000030",
        "CIS:1.2.1",
        "CIS:1.2.2",
        "CIS:1.2.4",
        "ATT&CK:T1110",
    ),
)
def accounts_are_locked(host: Snapshot) -> Verdict:
    """Without a lockout an attacker in the network tries passwords of local accounts as long as he likes.

    Remediation:
        Run `net accounts /lockoutthreshold:10 /lockoutduration:10 /lockoutwindow:10`.
    """

    def weak(message: str) -> Verdict:
        return graded(message, Severity.MEDIUM, lambda: local_accounts_weight(host))

    def threshold() -> Verdict | None:
        number = _number(host, "LockoutBadCount", lambda policy: policy.lockout_threshold)
        if number == 0:
            return weak("Local accounts are never locked")
        return weak(f"Local accounts are locked after {number} wrong passwords only") if number > 10 else None

    def duration() -> Verdict | None:
        if _number(host, "LockoutBadCount", lambda policy: policy.lockout_threshold) == 0:
            return None
        number = _number(host, "LockoutDuration", _lockout_minutes)
        return weak(f"Local accounts are locked for {number} minutes only") if 0 < number < 10 else None

    return settle(threshold, duration, worst=Severity.MEDIUM)


def _lockout_minutes(policy: AccountPolicy) -> int:
    seconds = policy.lockout_duration_seconds
    return -1 if seconds is None else int(seconds) // 60


@check(
    "HV-ACCT-011",
    title="Nobody is logged on automatically",
    severity=Severity.HIGH,
    refs=("CIS:18.5.1", "ATT&CK:T1552.002"),
)
def nobody_is_logged_on_automatically(host: Snapshot) -> Verdict:
    r"""Whoever restarts the host stands in front of an open session; a password kept for it is readable by every user.

    Remediation:
        Run `reg add "HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon" /v AutoAdminLogon /t REG_SZ /d 0 /f`, delete
        `DefaultPassword` there, and change that password.
    """
    switch = registry_value(host, WINLOGON, "AutoAdminLogon")

    def kept() -> bool:
        password = registry_value(host, WINLOGON, "DefaultPassword")
        return bool(password.key_exists and password.exists)

    if str(switch.data or "").strip() == "1":
        message = "Somebody is logged on automatically (AutoAdminLogon)"
        return graded(message, Severity.CRITICAL, lambda: Severity.CRITICAL if kept() else Severity.HIGH).on(switch)
    if kept() and registry_value(host, WINLOGON, "DefaultUserName").text:
        return fail("The password of a former automatic logon is still readable (DefaultPassword)").on(
            registry_value(host, WINLOGON, "DefaultPassword")
        )
    return PASS.on(switch)


@check(
    "HV-ACCT-013",
    title="LAPS keeps the passwords of local administrators",
    severity=Severity.MEDIUM,
    refs=("CIS:18.9.25.1", "ATT&CK:T1078.003"),
    since="2008R2",
)
def local_administrators_have_laps(host: Snapshot) -> Verdict:
    """One local password for all hosts lets whoever learns it on one of them into every other.

    Remediation:
        Configure Windows LAPS by Group Policy (`BackupDirectory`); before 2019 install the former LAPS (`AdmPwdEnabled`).
    """
    if is_domain_controller(host) or not host.one(ComputerSystem).part_of_domain:
        return NOT_APPLICABLE
    users = host.rows(LocalUser).matching(_is_local_administrator)
    if not users:
        return PASS
    settings = [(LEGACY_LAPS, "AdmPwdEnabled")]
    era = host.host.era
    if era is None or in_era("2019", None, era):
        settings += [(key, "BackupDirectory") for key in LAPS]
    if _any(settings, lambda setting: registry_number(host, *setting) in {1, 2}):
        return PASS
    names = listed(f"{user} ({user.sid})" for user in users)
    return fail(f"No LAPS keeps the passwords of the local administrators {names}")


def _is_local_administrator(user: LocalUser) -> bool:
    if not user.enabled:
        return False
    return user.rid == BUILT_IN_ADMINISTRATOR or administrators_member(user.host, user.sid)


_T = TypeVar("_T")


def _any(things: Iterable[_T], question: Callable[[_T], bool]) -> bool:
    """Whether the answer is yes for one of them; a gap matters only if it is yes for no other."""
    gap: Gap | None = None
    for thing in things:
        try:
            if question(thing):
                return True
        except NotAssessed as missing:
            gap = gap or missing.gap
    if gap is not None:
        raise NotAssessed(gap)
    return False


@check(
    "HV-ACCT-017",
    title="WDigest keeps no clear-text passwords",
    severity=Severity.HIGH,
    refs=("STIG:WN22-CC-000020", "CIS:18.4.8", "ATT&CK:T1003.001"),
)
def wdigest_keeps_no_passwords(host: Snapshot) -> Verdict:
    r"""With WDigest the passwords of everybody who logs on stand in the memory of LSASS, for any administrator to read.

    Remediation:
        Run `reg add HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest /v UseLogonCredential /t REG_DWORD /d 0 /f`;
        up to 2012 install KB2871997 as well.
    """
    value = registry_value(host, WDIGEST, "UseLogonCredential")
    number = value.number
    if number is None:
        era = host.host.era
        if era is None or in_era("2012R2", None, era):
            return PASS.on(value)
        return fail("WDigest keeps clear-text passwords: UseLogonCredential is not set, and this release then does").on(
            value
        )
    return (
        PASS.on(value)
        if number == 0
        else fail(f"WDigest keeps clear-text passwords: UseLogonCredential is {number}").on(value)
    )


@check(
    "HV-ACCT-019",
    title="Only NTLMv2 is accepted",
    severity=Severity.LOW,
    refs=("seed:G12", "STIG:WN22-SO-000310", "CIS:2.3.11.7", "ATT&CK:T1557.001"),
)
def only_ntlmv2_is_accepted(host: Snapshot) -> Verdict:
    r"""Answers of LM and NTLM version 1 are broken within hours; level 5 refuses them from others as well.

    Remediation:
        Set `LmCompatibilityLevel` under `HKLM\SYSTEM\CurrentControlSet\Control\Lsa` to 5 by Group Policy. Do not block NTLM as a
        whole on cluster nodes of 2008 R2 to 2012 R2.
    """
    value = registry_value(host, LSA, "LmCompatibilityLevel")
    level = value.number
    effective = 3 if level is None else level
    told = "is not set, which means 3" if level is None else f"is {level}"
    if effective < 3:
        return fail(f"The host sends answers weaker than NTLMv2: LmCompatibilityLevel {told}", Severity.HIGH).on(value)
    era = host.host.era
    if effective >= 5 or (era is not None and in_era("2025", None, era)):
        return PASS.on(value)
    return fail(f"The host accepts answers weaker than NTLMv2: LmCompatibilityLevel {told}", Severity.LOW).on(value)


@check(
    "HV-ACCT-023",
    title="Powerful rights are held by nobody but the usual",
    severity=Severity.HIGH,
    refs=(
        "seed:G12",
        "STIG:WN22-UR-000020",
        "STIG:WN22-UR-000040",
        "STIG:WN22-UR-000060",
        "STIG:WN22-UR-000100",
        "STIG:WN22-UR-000130",
        "STIG:WN22-UR-000150",
        "STIG:WN22-UR-000190",
        "STIG:WN22-UR-000210",
        "STIG:WN22-UR-000220",
        "CIS:2.2.4",
        "CIS:2.2.11",
        "CIS:2.2.20",
        "CIS:2.2.35",
        "CIS:2.2.42",
        "CIS:2.2.49",
        "ATT&CK:T1134",
    ),
)
def powerful_rights_are_rare(right: UserRight) -> list[Verdict]:
    """Rights such as debugging or restoring files let their holder become administrator of the host.

    Service accounts of backup, databases or Virtual Machine Manager may need one of them: review, then accept.

    Remediation:
        Take the account off the right under User Rights Assignment, in the Group Policy that sets it or with `secedit /configure`.
    """
    powerful = POWERFUL_RIGHTS.get(right.right.casefold())
    if powerful is None or is_domain_controller(right.host):
        return [NOT_APPLICABLE]
    weight = Severity.HIGH if powerful.decisive else Severity.MEDIUM
    answers = []
    for sid in right.holders:
        if not powerful.is_usual(sid):
            severity = Severity.CRITICAL if is_low_privilege(sid) else weight
            answers.append(fail(f"{account_name(right.host, sid)} holds {right}", severity, part=sid))
    return [*answers, *_unknown_holders(right, weight)]


def _unknown_holders(right: UserRight, weight: Severity | None) -> list[Verdict]:
    """A finding per holder that no name of the host stands for, where the right is worth one, or a pass."""
    try:
        names = right.unknown_names
    except NotAssessed as missing:
        return [_not_assessed(missing.gap)]
    if weight is None:
        return [PASS]
    return [fail(f"{name}, who could not be identified, holds {right}", weight, part=name) for name in names] or [PASS]


@check(
    "HV-ACCT-024",
    title="Virtual Machines may log on as a service",
    severity=Severity.CRITICAL,
    refs=("MS:KB2779204",),
    since="2012",
)
def virtual_machines_may_log_on(host: Snapshot) -> list[Verdict]:
    r"""Without this right virtual machines fail to start or migrate with error 0x80070569; running ones go on until they restart.

    The service vmms gives the right back when policies are applied, so the fault may come and go.

    Remediation:
        In the Group Policy that sets "Log on as a service" add `NT VIRTUAL MACHINE\Virtual Machines` (S-1-5-83-0), and take it, or
        Everyone, off "Deny log on as a service".
    """
    return [_log_on_is_allowed(host), _log_on_is_not_denied(host)]


def _log_on_is_allowed(host: Snapshot) -> Verdict:
    right = host.find(UserRight, right="SeServiceLogonRight")
    if right is None:
        return assess(lambda: _no_line("SeServiceLogonRight"))

    def allowed() -> Verdict | None:
        if EVERYONE in right.holders or right.held_by(ALL_VIRTUAL_MACHINES):
            return None
        if surely_without_hyperv(host):
            return NOT_APPLICABLE
        return fail(f"Virtual Machines ({ALL_VIRTUAL_MACHINES}) does not hold {right}")

    return assess(allowed).on(right)


def _log_on_is_not_denied(host: Snapshot) -> Verdict:
    right = host.find(UserRight, right="SeDenyServiceLogonRight")
    if right is None:
        return PASS

    def denied() -> Verdict | None:
        if EVERYONE in right.holders or right.held_by(ALL_VIRTUAL_MACHINES):
            if surely_without_hyperv(host):
                return NOT_APPLICABLE
            return fail(f"Virtual Machines ({ALL_VIRTUAL_MACHINES}) or Everyone holds {right}")
        return None

    return assess(denied).on(right)


def _no_line(name: str) -> Verdict:
    raise undetermined(f"the security policy has no line {name}", table="secedit_right")


@check(
    "HV-ACCT-025",
    title="Virtual Machines may create symbolic links, and few others",
    severity=Severity.HIGH,
    refs=("CIS:2.2.19.2", "STIG:WN22-UR-000090"),
    since="2012",
)
def virtual_machines_may_link(host: Snapshot) -> list[Verdict]:
    """Without the right virtual machines fail on paths with symbolic links; others can redirect privileged programs with it.

    The check text of the STIG asks for Administrators alone; the exception for Hyper-V stands in its fix text.

    Remediation:
        In the Group Policy that sets "Create symbolic links" add `*S-1-5-83-0` and remove whoever does not need it.
    """
    right = host.find(UserRight, right="SeCreateSymbolicLinkPrivilege")
    if right is None:
        raise undetermined("the security policy has no line SeCreateSymbolicLinkPrivilege", table="secedit_right")
    answers = []

    def held() -> Verdict | None:
        if right.held_by(ALL_VIRTUAL_MACHINES):
            return None
        if surely_without_hyperv(host):
            return NOT_APPLICABLE
        return fail(f"Virtual Machines ({ALL_VIRTUAL_MACHINES}) does not hold {right}")

    answers.append(assess(held).on(right))
    for sid in right.holders:
        if sid not in {ADMINISTRATORS, ALL_VIRTUAL_MACHINES, LOCAL_SYSTEM}:
            severity = Severity.MEDIUM if is_low_privilege(sid) else Severity.LOW
            answers.append(fail(f"{account_name(host, sid)} holds {right}", severity).on(right, sid))
    answers.extend(answer.on(right) for answer in _unknown_holders(right, Severity.LOW))
    return answers


@check(
    "HV-ACCT-027",
    title="Few may log on at the console or through Remote Desktop",
    severity=Severity.MEDIUM,
    refs=("seed:M08", "STIG:WN22-UR-000030", "CIS:2.2.8", "CIS:2.2.10", "NIST:HY-SR-16 (draft)", "ATT&CK:T1078"),
)
def few_may_log_on(right: UserRight) -> list[Verdict]:
    """Whoever is logged on at the host is one flaw away from all its virtual machines.

    Users may log on locally as shipped: low, because on a host nobody but administrators needs it.

    Remediation:
        Set "Allow log on locally" and "Allow log on through Remote Desktop Services" to Administrators by Group Policy.
    """
    name = right.right.casefold()
    if name not in {"seinteractivelogonright", "seremoteinteractivelogonright"}:
        return [NOT_APPLICABLE]
    answers = []
    for sid in right.holders:
        if is_low_privilege(sid):
            shipped = sid == USERS and name == "seinteractivelogonright"
            severity = Severity.LOW if shipped else Severity.MEDIUM
            answers.append(fail(f"{account_name(right.host, sid)} holds {right}", severity, part=sid))
    return [*answers, *_unknown_holders(right, None)]


@check(
    "HV-ACCT-029",
    title="Other sensitive local groups are empty",
    severity=Severity.MEDIUM,
    refs=("seed:G19", "seed:M08", "STIG:WN22-00-000040", "NIST:HY-SR-13 (draft)", "ATT&CK:T1021"),
)
def sensitive_groups_are_empty(host: Snapshot) -> list[Verdict]:
    """Backup Operators may read every file, disks of virtual machines included; the others open ways into the host.

    Members of Distributed COM Users are often left over from remote management of Hyper-V in 2008.

    Remediation:
        Review each member and remove it with `Remove-LocalGroupMember -SID <SID of the group> -Member <SID>`.
    """
    answers = []
    for group, name in SENSITIVE_GROUPS.items():

        def member_is_known(member: LocalGroupMember, group: str = group, name: str = name) -> Verdict:
            message = f"{account_name(host, member.sid)} is a member of {name} ({group})"
            if is_low_privilege(member.sid):
                return fail(message, Severity.HIGH)
            return fail(message, Severity.MEDIUM if group == BACKUP_OPERATORS else Severity.INFO)

        answers += host.where(LocalGroupMember, group_sid=group).each(member_is_known)
    return answers or [PASS]


@check(
    "HV-ACCT-007",
    title="Local accounts need passwords that expire, and are in use",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-00-000190", "STIG:WN22-00-000200", "STIG:WN22-00-000210", "ATT&CK:T1078.003"),
)
def local_accounts_are_kept(user: LocalUser) -> Verdict:
    """Nobody misses a local account that is not used, and its password is seldom changed: a good hiding place.

    The built-in Administrator is judged by its own check as far as its use is concerned.

    Remediation:
        Run `Disable-LocalUser`, or `net user <name> /passwordreq:yes`; let passwords expire.
    """
    if not user.enabled:
        return NOT_APPLICABLE
    host = user.host
    if user.name.casefold() == CLUSTER_ACCOUNT and host.find(Service, name="ClusSvc") is not None:
        return NOT_APPLICABLE

    def needs_password() -> Verdict | None:
        return None if user.password_required else fail(f"The local account {user} needs no password")

    def password_expires() -> Verdict | None:
        return fail(f"The password of the local account {user} never expires") if user.password_never_expires else None

    def is_used() -> Verdict | None:
        if user.rid == BUILT_IN_ADMINISTRATOR:
            return None
        used = user.last_logon_utc or user.password_last_set_utc
        if used is None:
            return fail(f"The local account {user} is enabled and was never used")
        if days_since(host, used) <= UNUSED_DAYS:
            return None
        return fail(f"The local account {user} is enabled and was not used for {days_since(host, used):.0f} days")

    return settle(needs_password, password_expires, is_used)


@check(
    "HV-ACCT-008",
    title="Blank passwords do not work over the network",
    severity=Severity.HIGH,
    refs=("STIG:WN22-SO-000020", "CIS:2.3.1.3"),
)
def blank_passwords_are_local(host: Snapshot) -> Verdict:
    r"""A local account without a password is then open to everybody who reaches the host.

    Remediation:
        Set `LimitBlankPasswordUse` under `HKLM\SYSTEM\CurrentControlSet\Control\Lsa` to 1.
    """
    value = registry_value(host, LSA, "LimitBlankPasswordUse")
    if value.number == 0:
        return fail("Accounts with blank passwords may log on over the network: LimitBlankPasswordUse is 0").on(value)
    return PASS.on(value)


@check(
    "HV-ACCT-012",
    title="Few domain logons are cached",
    severity=Severity.LOW,
    refs=("STIG:WN22-MS-000050", "CIS:2.3.7.6", "ATT&CK:T1003.005"),
)
def few_logons_are_cached(host: Snapshot) -> Verdict:
    r"""Cached logons can be cracked offline by whoever gets the disk or administrator's rights.

    A host whose only domain controller is its own guest needs at least one.

    Remediation:
        Set `CachedLogonsCount` under `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon` to 4 or less by Group Policy.
    """
    if not host.one(ComputerSystem).part_of_domain:
        return NOT_APPLICABLE
    value = registry_value(host, WINLOGON, "CachedLogonsCount")
    data = value.data
    try:
        count = 10 if data is None else int(str(data))
    except ValueError:
        raise undetermined(f"{data!r} is no number", table="registry_values", column="TextValue") from None
    if count <= 4:
        return PASS.on(value)
    told = "is not set, which means 10" if data is None else f"is {count}"
    return fail(f"Many domain logons are cached: CachedLogonsCount {told}").on(value)


@check(
    "HV-ACCT-014",
    title="User Account Control is on",
    severity=Severity.HIGH,
    refs=(
        "STIG:WN22-SO-000440",
        "STIG:WN22-SO-000380",
        "STIG:WN22-SO-000400",
        "CIS:2.3.17.1",
        "CIS:2.3.17.2",
        "CIS:2.3.17.6",
        "ATT&CK:T1548.002",
    ),
)
def user_account_control_is_on(host: Snapshot) -> Verdict:
    r"""Without it every program that an administrator starts has his full rights.

    Server Core shows no prompts; `EnableLUA` matters there as well.

    Remediation:
        Run `reg add HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System /v EnableLUA /t REG_DWORD /d 1 /f`; set
        `ConsentPromptBehaviorAdmin` to 2 and `FilterAdministratorToken` to 1 by Group Policy.
    """

    def is_on() -> Verdict | None:
        if registry_number(host, SYSTEM_POLICIES, "EnableLUA") == 0:
            return fail("User Account Control is off: EnableLUA is 0", Severity.HIGH)
        return None

    def asks() -> Verdict | None:
        if registry_number(host, SYSTEM_POLICIES, "ConsentPromptBehaviorAdmin") == 0:
            return fail(
                "Administrators are raised without being asked: ConsentPromptBehaviorAdmin is 0", Severity.MEDIUM
            )
        return None

    def filters() -> Verdict | None:
        if registry_number(host, SYSTEM_POLICIES, "FilterAdministratorToken") == 1:
            return None
        return fail("The built-in Administrator is not filtered: FilterAdministratorToken is not 1", Severity.LOW)

    return settle(is_on, asks, filters, worst=Severity.HIGH)


@check(
    "HV-ACCT-015",
    title="Remote logons of local administrators are filtered",
    severity=Severity.HIGH,
    refs=("STIG:WN22-MS-000020", "CIS:18.4.1", "ATT&CK:T1550.002"),
)
def remote_tokens_are_filtered(host: Snapshot) -> Verdict:
    r"""Without the filter the hash of one local administrator opens every host that has the same password.

    The value is a usual trace of Hyper-V or clusters in a workgroup.

    Remediation:
        Set `LocalAccountTokenFilterPolicy` under `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System` to 0.
    """
    value = registry_value(host, SYSTEM_POLICIES, "LocalAccountTokenFilterPolicy")
    if value.number == 1:
        return fail("Local administrators have full rights from remote: LocalAccountTokenFilterPolicy is 1").on(value)
    return PASS.on(value)


@check(
    "HV-ACCT-016",
    title="LSASS is a protected process",
    severity=Severity.MEDIUM,
    refs=("CIS:18.9.26.2", "ATT&CK:T1003.001"),
    since="2012R2",
)
def lsass_is_protected(host: Snapshot) -> Verdict:
    r"""Protection keeps programs, also those of administrators, from reading credentials out of LSASS.

    Remediation:
        Set `RunAsPPL` under `HKLM\SYSTEM\CurrentControlSet\Control\Lsa` to 1 and restart.
    """
    value = registry_value(host, LSA, "RunAsPPL")
    number = value.number
    if number:
        return PASS.on(value)
    return fail(f"LSASS is no protected process: RunAsPPL is {'not set' if number is None else number}").on(value)


@check(
    "HV-ACCT-018",
    title="Credential Guard runs",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-MS-000140", "CIS:18.9.5.5", "MS-Plan", "ATT&CK:T1003.001"),
    since="2016",
)
def credential_guard_runs(host: Snapshot) -> Verdict:
    """Credential Guard keeps the secrets of domain accounts out of the reach of the operating system itself.

    It is not supported on domain controllers, and live migration with CredSSP fails with it: use Kerberos.

    Remediation:
        Turn on virtualization-based security with Credential Guard by Group Policy (`LsaCfgFlags`).
    """
    if is_domain_controller(host) or not host.one(ComputerSystem).part_of_domain:
        return NOT_APPLICABLE
    if PlatformSecuritySecurityServicesRunning.CREDENTIAL_GUARD in host.one(PlatformSecurity).security_services_running:
        return PASS
    return fail("Credential Guard does not run")


@check(
    "HV-ACCT-020",
    title="No LM hashes are kept, and NTLM sessions are strong",
    severity=Severity.MEDIUM,
    refs=(
        "STIG:WN22-SO-000300",
        "STIG:WN22-SO-000330",
        "STIG:WN22-SO-000340",
        "CIS:2.3.11.5",
        "CIS:2.3.11.9",
        "CIS:2.3.11.10",
    ),
)
def ntlm_is_strong(host: Snapshot) -> Verdict:
    r"""LM hashes are cracked in minutes; weak sessions can be read and changed on the way.

    Remediation:
        Under `HKLM\SYSTEM\CurrentControlSet\Control\Lsa` set `NoLMHash` to 1, and under `MSV1_0` there `NTLMMinClientSec` and
        `NTLMMinServerSec` to 537395200 (NTLMv2 and 128 bits).
    """

    def no_hash() -> Verdict | None:
        return fail("LM hashes are kept (NoLMHash is 0)") if registry_number(host, LSA, "NoLMHash") == 0 else None

    def strong(name: str) -> Verdict | None:
        number = registry_number(host, LSA + r"\MSV1_0", name)
        if number is not None and number & STRONG_SESSION == STRONG_SESSION:
            return None
        told = "not set" if number is None else number
        return fail(f"sessions need not be NTLMv2 with 128 bits ({name} is {told})")

    answer = settle(no_hash, lambda: strong("NTLMMinClientSec"), lambda: strong("NTLMMinServerSec"))
    return _told("NTLM is weak", answer)


def _told(what: str, answer: Verdict) -> Verdict:
    """A finding of several parts, introduced by what they have in common."""
    return replace(answer, message=f"{what}: {answer.message}") if answer.status is Status.FAIL else answer


@check(
    "HV-ACCT-021",
    title="Anonymous users learn nothing",
    severity=Severity.HIGH,
    refs=(
        "seed:G12",
        "STIG:WN22-SO-000210",
        "STIG:WN22-SO-000220",
        "STIG:WN22-SO-000230",
        "STIG:WN22-SO-000240",
        "CIS:2.3.10.1",
        "CIS:2.3.10.2",
        "CIS:2.3.10.3",
        "CIS:2.3.10.5",
        "ATT&CK:T1087",
    ),
)
def anonymous_users_learn_nothing(host: Snapshot) -> Verdict:
    r"""Names of accounts, groups and shares are what the next attack begins with.

    Remediation:
        Under `HKLM\SYSTEM\CurrentControlSet\Control\Lsa` set `RestrictAnonymousSAM` and `RestrictAnonymous` to 1 and
        `EveryoneIncludesAnonymous` to 0; forbid anonymous SID/Name translation in the local policy.
    """

    def wrong(name: str, value: int) -> Verdict | None:
        return fail(f"{name} is {value}") if registry_number(host, LSA, name) == value else None

    def no_translation() -> Verdict | None:
        return fail("LSAAnonymousNameLookup is 1") if _number(host, "LSAAnonymousNameLookup") == 1 else None

    answer = settle(
        lambda: wrong("RestrictAnonymousSAM", 0),
        lambda: wrong("RestrictAnonymous", 0),
        lambda: wrong("EveryoneIncludesAnonymous", 1),
        no_translation,
    )
    return _told("Anonymous users may look around", answer)


@check(
    "HV-ACCT-022",
    title="Only administrators may query accounts from remote",
    severity=Severity.LOW,
    refs=("STIG:WN22-MS-000060", "CIS:2.3.10.11"),
)
def remote_queries_are_for_administrators(host: Snapshot) -> Verdict:
    r"""Whoever may query the account database sees who administers the host.

    Remediation:
        Set `RestrictRemoteSAM` under `HKLM\SYSTEM\CurrentControlSet\Control\Lsa` to `O:BAG:BAD:(A;;RC;;;BA)` by Group Policy; up to
        2012 R2 install the update that brings it.
    """
    value = registry_value(host, LSA, "RestrictRemoteSAM")
    text = value.text
    if not text:
        era = host.host.era
        if era is None or in_era("2016", None, era):
            return PASS.on(value)
        return fail("Everyone may query accounts from remote: RestrictRemoteSAM is not set").on(value)
    try:
        descriptor = parse_sddl(text, alias_resolver(host))
    except ValueError as error:
        raise undetermined(f"RestrictRemoteSAM: {error}", table="registry_values", column="TextValue") from None
    others = [grant for grant in granted(descriptor, ObjectKind.KEY) if grant.sid not in {ADMINISTRATORS, "BA"}]
    if others:
        return fail(f"More than administrators may query accounts from remote: {trustees(others)}").on(value)
    return PASS.on(value)


@check(
    "HV-ACCT-026",
    title="Denied rights spare virtual machines and the cluster",
    severity=Severity.HIGH,
    refs=("STIG:WN22-MS-000100", "STIG:WN22-MS-000080", "CIS:2.2.22"),
    since="2012",
)
def denials_spare_virtual_machines(right: UserRight) -> list[Verdict]:
    """A denial beats every grant: virtual machines do not start, live migration and cluster nodes fail.

    Remediation:
        In the Group Policy that sets the denial replace Everyone or "Local account" (S-1-5-113) by "Local account and member of
        Administrators group" (S-1-5-114).
    """
    name = right.right.casefold()
    if name not in {"sedenyservicelogonright", "sedenynetworklogonright"}:
        return [NOT_APPLICABLE]
    host = right.host
    wrong = {EVERYONE} if name == "sedenyservicelogonright" else {EVERYONE, ALL_VIRTUAL_MACHINES}
    answers = [fail(f"{account_name(host, sid)} holds {right}", part=sid) for sid in right.holders if sid in wrong]
    if LOCAL_ACCOUNT in right.holders and host.host.era in {"2012R2", "2016"}:
        answers.append(assess(lambda: _cluster_account_is_denied(right)).on(right, LOCAL_ACCOUNT))
    return [*answers, *_unknown_holders(right, None)]


def _cluster_account_is_denied(right: UserRight) -> Verdict:
    cluster = right.host.find(Service, name="ClusSvc")
    if cluster is None or cluster.start_type is not ServiceStartType.AUTOMATIC:
        return PASS
    return fail(
        f"{account_name(right.host, LOCAL_ACCOUNT)} holds {right}, and so CLIUSR of the cluster does (that this release"
        " needs CLIUSR is unverified)",
        Severity.INFO,
    )


@check(
    "HV-ACCT-028",
    title="No rights and no privileged groups hold accounts that are gone",
    severity=Severity.LOW,
    refs=("STIG:WN22-00-000450",),
)
def nobody_gone_holds_anything(host: Snapshot) -> list[Verdict]:
    """A SID without an account is left over, and hides among those that matter.

    Remediation:
        Remove the SID from the group or from the right.
    """
    groups = {ADMINISTRATORS, HYPERV_ADMINISTRATORS, *SENSITIVE_GROUPS}

    def member_exists(member: LocalGroupMember) -> Verdict:
        if member.resolved or not orphaned(host, member.sid, unresolved=True):
            return PASS
        return fail(f"{member.sid}, a member of {account_name(host, member.group_sid)}, is an account that is gone")

    answers = host.rows(LocalGroupMember).select(lambda member: member.group_sid in groups).each(member_exists)
    rows = host.rows(UserRight)
    for right in rows.known:
        answers.extend(_holders_exist(right))
    if rows.gap is not None:
        answers.append(_not_assessed(rows.gap))
    return answers or [PASS]


def _holders_exist(right: UserRight) -> list[Verdict]:
    host = right.host

    def exists(sid: str) -> Verdict:
        return fail(f"{sid}, an account that is gone, holds {right}") if orphaned(host, sid) else PASS

    try:
        holders = right.holders
    except NotAssessed as missing:
        return [_not_assessed(missing.gap).on(right)]
    return [assess(lambda sid=sid: exists(sid)).on(right, sid) for sid in holders if sid.startswith("S-1-5-21-")]  # type: ignore[misc]


@check(
    "HV-ACCT-030",
    title="The screen locks by itself",
    severity=Severity.LOW,
    refs=("STIG:WN22-SO-000120", "CIS:2.3.7.3"),
    since="2012",
)
def the_screen_locks(host: Snapshot) -> Verdict:
    r"""An administrator's session that was left open is anybody's.

    Remediation:
        Set `InactivityTimeoutSecs` under `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System` to 900.
    """
    value = registry_value(host, SYSTEM_POLICIES, "InactivityTimeoutSecs")
    number = value.number
    if number and number <= 900:
        return PASS.on(value)
    told = "not set" if number is None else number
    return fail(f"Sessions are not locked within 15 minutes: InactivityTimeoutSecs is {told}").on(value)


@check(
    "HV-ACCT-031",
    title="Installer packages are not raised",
    severity=Severity.HIGH,
    refs=("STIG:WN22-CC-000430", "CIS:18.10.80.2", "ATT&CK:T1548"),
)
def installer_is_not_raised(host: Snapshot) -> list[Verdict]:
    r"""With this policy any user becomes SYSTEM with a package of his own making.

    It works where the machine and the user have it; of users those are seen who were logged on.

    Remediation:
        Set `AlwaysInstallElevated` under `HKLM\SOFTWARE\Policies\Microsoft\Windows\Installer` to 0, and for users as well.
    """

    def machine_does_not_raise() -> Verdict:
        value = registry_value(host, INSTALLER, "AlwaysInstallElevated")
        if value.number == 1:
            return fail("Installer packages run with raised rights: AlwaysInstallElevated is 1").on(value)
        return PASS.on(value)

    def user_does_not_raise(value: RegistryValue) -> Verdict:
        if value.number != 1:
            return PASS
        return fail(f"The policies of a user ask for raised installer packages: {value.key}", Severity.LOW)

    users = host.where(RegistryValue, list_key=INSTALLER_OF_USERS)
    return [
        assess(machine_does_not_raise),
        *(users.each(user_does_not_raise) if users else [assess(_no_users)]),
    ]


def _no_users() -> Verdict:
    raise NotAssessed(Gap(Cause.NOT_COLLECTED, INSTALLER_OF_USERS, "registry_values"))


@check(
    "HV-ACCT-032",
    title="Kerberos and the secure channel use strong encryption",
    severity=Severity.LOW,
    refs=(
        "STIG:WN22-SO-000290",
        "STIG:WN22-SO-000060",
        "STIG:WN22-SO-000110",
        "CIS:2.3.11.4",
        "CIS:2.3.6.1",
        "ATT&CK:T1558.003",
    ),
)
def kerberos_is_strong(host: Snapshot) -> Verdict:
    r"""Tickets with RC4 or DES can be cracked offline; an unsigned channel to the domain controller can be taken over.

    Remediation:
        Set "Configure encryption types allowed for Kerberos" to AES (2147483640) by Group Policy, and `RequireSignOrSeal` and
        `RequireStrongKey` under `HKLM\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters` to 1.
    """
    if not host.one(ComputerSystem).part_of_domain:
        return NOT_APPLICABLE

    def strong_types() -> Verdict | None:
        types = registry_number(host, SYSTEM_POLICIES + r"\Kerberos\Parameters", "SupportedEncryptionTypes")
        if types is None:
            return fail("Kerberos may use RC4: SupportedEncryptionTypes is not set")
        return fail(f"Kerberos may use DES or RC4: SupportedEncryptionTypes is {types}") if types & WEAK_TYPES else None

    def required(name: str) -> Verdict | None:
        if registry_number(host, NETLOGON, name) == 0:
            return fail(f"The channel to the domain controller need not be protected: {name} is 0")
        return None

    return settle(strong_types, lambda: required("RequireSignOrSeal"), lambda: required("RequireStrongKey"))


@check(
    "HV-ACCT-033",
    title="Administrators of the domain do not log on to the host",
    severity=Severity.MEDIUM,
    refs=("NIST:HY-SR-14 (draft)", "ATT&CK:T1003.001"),
)
def domain_administrators_stay_away(host: Snapshot) -> list[Verdict]:
    """What an administrator of the domain leaves in the memory of a host opens the whole domain.

    It is as it should be where domain controllers run on the host, which is then as precious as they are.

    Remediation:
        Administer the host with a group of its own, and deny the administrators of the domain to log on there.
    """
    if is_domain_controller(host) or not host.one(ComputerSystem).part_of_domain:
        return [NOT_APPLICABLE]

    def is_recent(profile: UserProfile) -> bool:
        return not profile.special and days_since(host, profile.last_use_utc) <= RECENT_DAYS

    def stays_away(profile: UserProfile) -> Verdict:
        if not _administers_domain(host, profile.sid):
            return PASS
        return fail(f"{account_name(host, profile.sid)}, an administrator of the domain, uses the host")

    return host.rows(UserProfile).select(is_recent).each(stays_away) or [PASS]


def _administers_domain(host: Snapshot, sid: str) -> bool:
    """Whether an account administers the domain. Raises NotAssessed where the members of its groups were not collected."""
    if not sid.startswith("S-1-5-21-") or _is_local(sid, host):
        return False
    if relative_id(sid) == BUILT_IN_ADMINISTRATOR:
        return True
    # Members of nested groups are known only where the collector was asked to expand them.
    through = [(row, row.via_sid) for row in host.where(LocalGroupMember, group_sid=ADMINISTRATORS)]
    groups = {via for _, via in through if via is not None and relative_id(via) in FOREST_ADMINISTRATORS}
    if any(via in groups and row.sid == sid for row, via in through):
        return True
    if not groups:
        raise undetermined(f"whether {account_name(host, sid)} administers the domain was not collected")
    return False


@check(
    "HV-ACCT-034",
    title="Microsoft accounts are blocked",
    severity=Severity.LOW,
    refs=("CIS:2.3.1.1", "BSI:SYS.1.2.3.A1.4"),
    since="2012",
)
def microsoft_accounts_are_blocked(host: Snapshot) -> Verdict:
    r"""An account that somebody keeps privately should not open a server.

    Remediation:
        Set `NoConnectedUser` under `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System` to 3.
    """
    value = registry_value(host, SYSTEM_POLICIES, "NoConnectedUser")
    number = value.number
    if number == 3:
        return PASS.on(value)
    return fail(f"Microsoft accounts may be used: NoConnectedUser is {'not set' if number is None else number}").on(
        value
    )
