"""HV-ACCT: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, ask, failed, host, partial, told, verdict

from analyzers import accounts
from analyzers.folds import FOLDS
from snapshot_tool.engine import judge
from snapshot_tool.verdict import Cause, Severity

ADMINS, HYPERV, EVERYONE, MACHINES = "S-1-5-32-544", "S-1-5-32-578", "S-1-1-0", "S-1-5-83-0"
MACHINE, DOMAIN = "S-1-5-21-1-2-3", "S-1-5-21-7-8-9"
ANN, BOB, OPS = f"{DOMAIN}-1001", f"{DOMAIN}-1002", f"{DOMAIN}-1100"
COMPUTER = {"Name": "HV01", "PartOfDomain": True, "DomainRole": 3, "MachineSid": MACHINE}
WORKGROUP = COMPUTER | {"PartOfDomain": False, "DomainRole": 2}
CONTROLLER = COMPUTER | {"DomainRole": 5}
INF = "raw/secpol/secedit.inf"


def member(group, sid, kind="User", **more):
    row = {"GroupSid": group, "MemberSid": sid, "Class": kind, "Resolved": True, "Depth": 0, "ViaSid": None}
    return row | more


def name(sid, text, kind="user"):
    return {"Sid": sid, "Name": text, "Class": kind, "Resolved": True}


def group(*members, era="2022", computer=COMPUTER, sids=(), **tables):
    given = {"local_group_members": list(members), "computer": [computer], "sids": list(sids)}
    return host(era, **given | tables)


def user(rid, **more):
    row = {
        "Sid": f"{MACHINE}-{rid}",
        "Name": f"user{rid}",
        "Enabled": True,
        "PasswordLastSetUtc": "2026-10-01T00:00:00Z",
    }
    return row | {"LastLogonUtc": None} | more


def policy(*lines, era="2022", section="System Access", **tables):
    text = "\r\n".join(["[Unicode]", "[System Access]", "[Event Audit]", f"[{section}]", *lines])
    return host(era, raw={INF: text.encode("utf-16")}, **{"computer": [COMPUTER]} | tables)


def rights(*lines, **tables):
    groups = [{"Sid": ADMINS, "Name": "Administrators"}]
    given = {"local_users": [], "local_groups": groups, "sids": [], "services": [{"Name": "vmms"}]}
    return policy(*lines, section="Privilege Rights", **given | tables)


def registry(*values, era="2022", **tables):
    rows = []
    for key, value_name, data in values:
        row = {"Key": key, "Name": value_name, "ListKey": key, "Mode": "value", "KeyExists": True, "View": 64}
        kind = {int: "REG_DWORD", str: "REG_SZ"}.get(type(data))
        row |= {"Exists": data is not None, "Kind": kind, "IntValue": None, "TextValue": None}
        rows.append(row | {"IntValue" if kind == "REG_DWORD" else "TextValue": data})
    return host(era, registry_values=rows, **{"computer": [COMPUTER]} | tables)


def answers(check, snapshot, status=FAIL):
    return [told(result) for result in ask(check, snapshot) if result.status is status]


@pytest.mark.parametrize("sid", [EVERYONE, "S-1-5-11", "S-1-5-32-545", f"{DOMAIN}-513", "S-1-5-4"])
def test_a_broad_member_of_administrators_fails(sid):
    (found,) = answers(accounts.administrators_has_no_broad_member, group(member(ADMINS, ANN), member(ADMINS, sid)))
    assert (found.severity, found.key["MemberSid"]) == (Severity.CRITICAL, sid)


def test_named_members_and_other_groups_do_not():
    usual = group(member(ADMINS, f"{DOMAIN}-512", "Group"), member("S-1-5-32-545", "S-1-5-11"))
    assert not answers(accounts.administrators_has_no_broad_member, usual)
    assert verdict(accounts.administrators_has_no_broad_member, host(local_group_members=failed())).status is GAP


def test_a_single_domain_user_in_administrators_fails_and_a_local_one_does_not():
    found = answers(accounts.administrators_are_a_group, group(member(ADMINS, ANN), member(ADMINS, f"{MACHINE}-1005")))
    assert [(each.severity, each.key["MemberSid"]) for each in found] == [(Severity.MEDIUM, ANN)]


def test_groups_machines_and_service_accounts_are_no_single_users():
    usual = group(
        member(ADMINS, OPS, "Group"),
        member(ADMINS, f"{DOMAIN}-2001", "Computer"),
        member(ADMINS, f"{DOMAIN}-2002"),
        member(ADMINS, f"{DOMAIN}-2003", Resolved=False),
        member(ADMINS, f"{MACHINE}-500"),
        sids=[name(f"{DOMAIN}-2002", "CONTOSO\\gmsa$", "managedServiceAccount")],
    )
    assert not answers(accounts.administrators_are_a_group, usual)


def test_many_administrators_are_low_and_named():
    many = group(*(member(ADMINS, f"{DOMAIN}-{number}", "Group") for number in range(1200, 1206)))
    (found,) = answers(accounts.administrators_are_a_group, many)
    assert (found.severity, f"{DOMAIN}-1205" in found.message) == (Severity.LOW, True)


def test_administrators_of_a_domain_controller_are_not_judged_and_lost_rows_are_gaps():
    assert verdict(accounts.administrators_are_a_group, group(member(ADMINS, ANN), computer=CONTROLLER)).status is NA
    assert verdict(accounts.administrators_are_a_group, group(local_group_members=failed())).status is GAP
    some = group(local_group_members=partial([member(ADMINS, ANN)]))
    assert (
        len(answers(accounts.administrators_are_a_group, some)),
        len(answers(accounts.administrators_are_a_group, some, GAP)),
    ) == (1, 1)


@pytest.mark.parametrize(
    ("sid", "severity"),
    [(EVERYONE, Severity.CRITICAL), (OPS, Severity.MEDIUM), (ANN, Severity.INFO), (BOB, Severity.INFO)],
)
def test_members_of_hyperv_administrators_weigh_by_who_they_are(sid, severity):
    rows = (member(HYPERV, sid), member(ADMINS, ANN))
    (found,) = answers(
        accounts.hyperv_administrators_is_empty, group(*rows, sids=[name(BOB, "CONTOSO\\HV02$", "computer")])
    )
    assert (found.severity, found.key["MemberSid"]) == (severity, sid)


def test_hyperv_administrators_passes_when_empty_and_its_weight_is_never_lost():
    assert verdict(accounts.hyperv_administrators_is_empty, group(member(ADMINS, ANN))).status is PASS
    assert verdict(accounts.hyperv_administrators_is_empty, group(local_group_members=failed())).status is GAP
    assert verdict(accounts.hyperv_administrators_is_empty, group(era="2008R2")).status is NA
    (found,) = answers(accounts.hyperv_administrators_is_empty, group(member(HYPERV, ANN), sids=(), local_groups=[]))
    assert found.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("sid", "severity"), [(EVERYONE, Severity.CRITICAL), (OPS, Severity.HIGH), (ANN, Severity.LOW)]
)
def test_members_of_hyperv_administrators_weigh_more_on_a_domain_controller(sid, severity):
    rows = (member(HYPERV, sid), member(ADMINS, ANN))
    for computer in ([CONTROLLER], failed()):
        snapshot = host(local_group_members=list(rows), computer=computer, sids=[name(BOB, "CONTOSO\\bob")])
        (found,) = answers(accounts.hyperv_administrators_is_empty, snapshot)
        assert found.severity == severity


def test_duties_that_one_account_has_both_of_fail():
    both = group(member(HYPERV, ANN), member(ADMINS, ANN))
    (found,) = answers(accounts.duties_are_separated, both)
    assert (found.severity, found.key["GroupSid"]) == (Severity.LOW, HYPERV)


def test_separated_duties_are_not_proved_while_groups_are_closed():
    def without_consoles(*rows, **more):
        snapshot = group(*rows, **more)
        snapshot.source._tables["vm_connect_access"] = snapshot.source.table("vss_writers")
        return snapshot

    closed = without_consoles(member(HYPERV, ANN), member(ADMINS, OPS, "Group"), vss_writers=[])
    assert verdict(accounts.duties_are_separated, closed).cause is Cause.UNDETERMINED
    users = without_consoles(member(HYPERV, ANN), member(ADMINS, BOB), sids=[name(ANN, "CONTOSO\\ann")], vss_writers=[])
    assert verdict(accounts.duties_are_separated, users).status is PASS
    nobody = without_consoles(member(ADMINS, OPS, "Group"), vss_writers=[])
    assert verdict(accounts.duties_are_separated, nobody).status is PASS
    assert verdict(accounts.duties_are_separated, group(member(ADMINS, BOB))).status is GAP


@pytest.mark.parametrize(
    ("changed", "computer", "severity"),
    [
        ({"PasswordLastSetUtc": "2025-10-01T00:00:00Z"}, COMPUTER, Severity.MEDIUM),
        ({"PasswordLastSetUtc": None}, COMPUTER, Severity.MEDIUM),
        ({"LastLogonUtc": "2026-10-20T00:00:00Z"}, COMPUTER, Severity.MEDIUM),
        ({"LastLogonUtc": "2026-10-20T00:00:00Z"}, WORKGROUP, Severity.LOW),
    ],
)
def test_the_built_in_administrator_in_use_fails(changed, computer, severity):
    found = verdict(
        accounts.built_in_administrator_rests, host(local_users=[user(500, **changed)], computer=[computer])
    )
    assert (found.status, found.severity) == (FAIL, severity)


def test_a_resting_or_disabled_administrator_passes():
    for changed in ({}, {"LastLogonUtc": "2026-09-01T00:00:00Z"}, {"Enabled": False, "PasswordLastSetUtc": None}):
        assert verdict(accounts.built_in_administrator_rests, host(local_users=[user(500, **changed)])).status is PASS
    assert verdict(accounts.built_in_administrator_rests, host(local_users=failed())).status is GAP
    assert (
        verdict(accounts.built_in_administrator_rests, host(local_users=[user(1001, LastLogonUtc=None)])).status is NA
    )


def test_guest_is_found_by_its_rid():
    assert verdict(accounts.guest_is_disabled, host(local_users=[user(501, Name="Gast")])).severity is Severity.HIGH
    assert verdict(accounts.guest_is_disabled, host(local_users=[user(501, Enabled=False)])).status is PASS
    assert verdict(accounts.guest_is_disabled, host(local_users=failed())).status is GAP


STRONG = ("MinimumPasswordLength = 14", "PasswordComplexity = 1", "PasswordHistorySize = 24", "ClearTextPassword = 0")


def test_a_strong_password_policy_passes():
    assert verdict(accounts.password_policy_is_strong, policy(*STRONG)).status is PASS
    assert verdict(accounts.password_policy_is_strong, host()).status is GAP
    assert verdict(accounts.password_policy_is_strong, policy(*STRONG[:3])).cause is Cause.UNDETERMINED


@pytest.mark.parametrize(("computer", "severity"), [(COMPUTER, Severity.LOW), (WORKGROUP, Severity.MEDIUM)])
def test_weak_passwords_weigh_by_membership(computer, severity):
    weak = policy("MinimumPasswordLength = 7", "PasswordComplexity = 0", *STRONG[2:], computer=[computer])
    found = verdict(accounts.password_policy_is_strong, weak)
    assert (found.status, found.severity, "7 characters" in found.message) == (FAIL, severity, True)


def test_clear_text_passwords_are_high():
    found = verdict(accounts.password_policy_is_strong, policy(*STRONG[:3], "ClearTextPassword = 1"))
    assert (found.status, found.severity) == (FAIL, Severity.HIGH)


def test_the_account_database_tells_what_the_file_does_not():
    database = [
        {"MinPasswordLength": 0, "PasswordHistoryLength": 24, "LockoutThreshold": 0, "LockoutDurationSeconds": None}
    ]
    found = verdict(accounts.password_policy_is_strong, policy(*STRONG[1:], account_policy=database))
    assert (found.status, found.severity) == (FAIL, Severity.LOW)
    assert verdict(accounts.accounts_are_locked, policy(account_policy=database)).status is FAIL
    assert verdict(accounts.accounts_are_locked, host(account_policy=database, computer=[COMPUTER])).status is GAP


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("LockoutBadCount = 0",), FAIL),
        (("LockoutBadCount = 11", "LockoutDuration = 10"), FAIL),
        (("LockoutBadCount = 10", "LockoutDuration = 5"), FAIL),
        (("LockoutBadCount = 10", "LockoutDuration = 10"), PASS),
        (("LockoutBadCount = 5", "LockoutDuration = -1"), PASS),
        (("LockoutBadCount = 5", "LockoutDuration = 0"), PASS),
        (("LockoutBadCount = 5",), GAP),
    ],
)
def test_lockout(lines, status):
    assert verdict(accounts.accounts_are_locked, policy(*lines)).status is status


def logon(switch, password=None, user_name=None):
    values = (
        (accounts.WINLOGON, "AutoAdminLogon", switch),
        (accounts.WINLOGON, "DefaultPassword", password),
        (accounts.WINLOGON, "DefaultUserName", user_name),
    )
    return registry(*values)


def test_automatic_logon_fails_and_a_kept_password_makes_it_critical():
    found = verdict(accounts.nobody_is_logged_on_automatically, logon("1"))
    assert (found.severity, found.key["Name"]) == (Severity.HIGH, "AutoAdminLogon")
    assert verdict(accounts.nobody_is_logged_on_automatically, logon("1", "x")).severity is Severity.CRITICAL
    found = verdict(accounts.nobody_is_logged_on_automatically, logon("0", "x", "kiosk"))
    assert (found.severity, found.key["Name"]) == (Severity.HIGH, "DefaultPassword")
    for snapshot in (logon(None), logon("0"), logon("0", "x", ""), logon("0", "x")):
        assert verdict(accounts.nobody_is_logged_on_automatically, snapshot).status is PASS
    assert verdict(accounts.nobody_is_logged_on_automatically, host(registry_values=failed())).status is GAP


def laps(*values, **tables):
    given = {"local_users": [user(500)], "local_group_members": []} | tables
    unset = [(key, "BackupDirectory", None) for key in accounts.LAPS] + [(accounts.LEGACY_LAPS, "AdmPwdEnabled", None)]
    set_ = {(key, value): data for key, value, data in values}
    return registry(*((key, value, set_.get((key, value), data)) for key, value, data in unset), **given)


def test_a_member_of_a_domain_needs_laps():
    found = verdict(accounts.local_administrators_have_laps, laps())
    assert (found.status, f"{MACHINE}-500" in found.message) == (FAIL, True)
    for value in ((accounts.LAPS[0], "BackupDirectory", 2), (accounts.LEGACY_LAPS, "AdmPwdEnabled", 1)):
        assert verdict(accounts.local_administrators_have_laps, laps(value)).status is PASS
    assert (
        verdict(accounts.local_administrators_have_laps, laps((accounts.LAPS[0], "BackupDirectory", 0))).status is FAIL
    )
    assert verdict(accounts.local_administrators_have_laps, laps(computer=[WORKGROUP])).status is NA
    assert verdict(accounts.local_administrators_have_laps, laps(local_users=[user(500, Enabled=False)])).status is PASS
    assert (
        verdict(
            accounts.local_administrators_have_laps,
            host(computer=[COMPUTER], local_users=[user(500)], registry_values=failed()),
        ).status
        is GAP
    )
    other = laps(
        local_users=[user(500, Enabled=False), user(1001)], local_group_members=[member(ADMINS, f"{MACHINE}-1001")]
    )
    assert verdict(accounts.local_administrators_have_laps, other).status is FAIL


@pytest.mark.parametrize(
    ("era", "value", "status"),
    [("2022", None, PASS), ("2012R2", None, PASS), ("2012", None, FAIL), ("2012", 0, PASS), ("2022", 1, FAIL)],
)
def test_wdigest_by_era(era, value, status):
    snapshot = registry((accounts.WDIGEST, "UseLogonCredential", value), era=era)
    assert verdict(accounts.wdigest_keeps_no_passwords, snapshot).status is status
    assert verdict(accounts.wdigest_keeps_no_passwords, host(era, registry_values=failed())).status is GAP


@pytest.mark.parametrize(
    ("era", "level", "severity"),
    [
        ("2022", 2, Severity.HIGH),
        ("2022", None, Severity.LOW),
        ("2022", 4, Severity.LOW),
        ("2022", 5, None),
        ("2025", None, None),
        ("2025", 3, None),
        ("2025", 1, Severity.HIGH),
    ],
)
def test_lan_manager_level(era, level, severity):
    found = verdict(accounts.only_ntlmv2_is_accepted, registry((accounts.LSA, "LmCompatibilityLevel", level), era=era))
    assert (found.status, found.severity) == ((PASS, Severity.LOW) if severity is None else (FAIL, severity))


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        (f"SeDebugPrivilege = *{ADMINS},*{ANN}", Severity.HIGH),
        (f"SeDebugPrivilege = *{EVERYONE}", Severity.CRITICAL),
        (f"SeBackupPrivilege = *{ADMINS},*S-1-5-32-551,*{ANN}", Severity.MEDIUM),
        (f"SeTcbPrivilege = *{ADMINS}", Severity.HIGH),
        ("SeManageVolumePrivilege = *S-1-5-80-1-2-3-4-5", Severity.MEDIUM),
    ],
)
def test_unusual_holders_of_powerful_rights_fail(line, severity):
    (found,) = answers(accounts.powerful_rights_are_rare, rights(line))
    assert (found.severity, found.key, found.part in line) == (severity, {"Right": line.split()[0]}, True)


@pytest.mark.parametrize(
    "line",
    [
        f"SeDebugPrivilege = *{ADMINS}",
        "SeTcbPrivilege =",
        "SeImpersonatePrivilege = *S-1-5-19,*S-1-5-20,*S-1-5-32-544,*S-1-5-6,*S-1-5-32-568,*S-1-5-82-0",
        "SeAssignPrimaryTokenPrivilege = *S-1-5-19,*S-1-5-20,*S-1-5-80-0",
        "SeChangeNotifyPrivilege = *S-1-1-0",
    ],
)
def test_usual_holders_do_not(line):
    assert not answers(accounts.powerful_rights_are_rare, rights(line))


def test_names_are_looked_up_before_they_count_as_unknown():
    line = "SeDebugPrivilege = svc"
    (found,) = answers(accounts.powerful_rights_are_rare, rights(line, local_users=[user(1005, Name="SVC")]))
    assert found.part == f"{MACHINE}-1005"
    (found,) = answers(accounts.powerful_rights_are_rare, rights(line))
    assert found.part == "svc"
    lost = rights(line, local_users=failed())
    assert (
        answers(accounts.powerful_rights_are_rare, lost),
        len(answers(accounts.powerful_rights_are_rare, lost, GAP)),
    ) == ([], 1)
    assert verdict(accounts.powerful_rights_are_rare, host()).status is GAP


@pytest.mark.parametrize(
    ("lines", "statuses"),
    [
        ([f"SeServiceLogonRight = *S-1-5-80-0,*{MACHINES}"], [PASS, PASS]),
        ([f"SeServiceLogonRight = *{EVERYONE}"], [PASS, PASS]),
        (["SeServiceLogonRight = *S-1-5-80-0"], [PASS, FAIL]),
        ([f"SeServiceLogonRight = *{MACHINES}", f"SeDenyServiceLogonRight = *{MACHINES}"], [PASS, FAIL]),
        ([f"SeServiceLogonRight = *{MACHINES}", f"SeDenyServiceLogonRight = *{EVERYONE}"], [PASS, FAIL]),
        ([], [GAP]),
    ],
)
def test_log_on_as_a_service(lines, statuses):
    found = ask(accounts.virtual_machines_may_log_on, rights(*lines))
    assert sorted(result.status for result in found) == statuses


def test_a_localised_name_of_virtual_machines_is_understood():
    line = "SeServiceLogonRight = NT VIRTUAL MACHINE\\Virtuelle Computer"
    known = [name(MACHINES, "NT VIRTUAL MACHINE\\Virtuelle Computer", "wellKnown")]
    assert not answers(accounts.virtual_machines_may_log_on, rights(line, sids=known))
    unknown = rights(line, sids=[])
    assert not answers(accounts.virtual_machines_may_log_on, unknown)
    assert answers(accounts.virtual_machines_may_log_on, unknown, GAP)
    other = rights("SeServiceLogonRight = svc", sids=known)
    assert answers(accounts.virtual_machines_may_log_on, other)


def test_without_hyperv_nobody_misses_the_rights_of_virtual_machines():
    bare = rights(
        "SeServiceLogonRight = *S-1-5-80-0",
        "SeCreateSymbolicLinkPrivilege = *S-1-5-32-544",
        services=[{"Name": "Spooler"}],
    )
    assert not answers(accounts.virtual_machines_may_log_on, bare)
    assert not answers(accounts.virtual_machines_may_link, bare)


@pytest.mark.parametrize(
    ("holders", "found"),
    [
        (f"*{ADMINS},*{MACHINES}", []),
        (f"*{ADMINS}", [(None, Severity.HIGH)]),
        (f"*{ADMINS},*{MACHINES},*{ANN}", [(ANN, Severity.LOW)]),
        (f"*{ADMINS},*{MACHINES},*S-1-5-32-545", [("S-1-5-32-545", Severity.MEDIUM)]),
    ],
)
def test_symbolic_links(holders, found):
    snapshot = rights(f"SeCreateSymbolicLinkPrivilege = {holders}")
    assert [(each.part, each.severity) for each in answers(accounts.virtual_machines_may_link, snapshot)] == found
    assert verdict(accounts.virtual_machines_may_link, rights()).cause is Cause.UNDETERMINED


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"SeInteractiveLogonRight = *{ADMINS},*S-1-5-32-551", []),
        ("SeInteractiveLogonRight = *S-1-5-32-545", [Severity.LOW]),
        (f"SeInteractiveLogonRight = *{DOMAIN}-513", [Severity.MEDIUM]),
        ("SeRemoteInteractiveLogonRight = *S-1-5-32-545", [Severity.MEDIUM]),
        (f"SeRemoteInteractiveLogonRight = *{ADMINS},*S-1-5-32-555", []),
        ("SeNetworkLogonRight = *S-1-1-0", []),
    ],
)
def test_who_may_log_on(line, found):
    assert [each.severity for each in answers(accounts.few_may_log_on, rights(line))] == found
    assert verdict(accounts.few_may_log_on, host()).status is GAP


def test_who_may_log_on_is_not_known_while_names_are_not():
    line = "SeInteractiveLogonRight = Benutzer"
    users = {"Sid": "S-1-5-32-545", "Class": "alias", "Resolved": True, "LookupError": None}
    groups = [{"Sid": "S-1-5-32-544", "Name": "Administratoren"}]
    known = {"local_users": [{"Sid": ANN, "Name": "ann"}], "local_groups": groups}
    named = rights(line, sids=[users | {"Name": "VORDEFINIERT\\Benutzer"}], **known)
    assert [each.severity for each in answers(accounts.few_may_log_on, named)] == [Severity.LOW]
    assert verdict(accounts.few_may_log_on, rights(line, sids=[users | {"Name": None}], **known)).status is GAP
    gone = {"Sid": ANN, "Name": None, "Resolved": False, "LookupError": "notFound"}
    assert verdict(accounts.few_may_log_on, rights(line, sids=[gone], **known)).status is PASS


@pytest.mark.parametrize(
    ("group_sid", "sid", "severity"),
    [
        ("S-1-5-32-551", ANN, Severity.MEDIUM),
        ("S-1-5-32-562", ANN, Severity.INFO),
        ("S-1-5-32-555", f"{DOMAIN}-513", Severity.HIGH),
    ],
)
def test_members_of_sensitive_groups_fail(group_sid, sid, severity):
    (found,) = answers(accounts.sensitive_groups_are_empty, group(member(group_sid, sid)))
    assert (found.severity, found.key["GroupSid"]) == (severity, group_sid)


def test_an_enabled_guest_without_a_password_is_told_once():
    guest = user(501, PasswordRequired=False, PasswordNeverExpires=True)
    snapshot = host(local_users=[guest], services=[])
    found = judge(snapshot, [accounts.guest_is_disabled, accounts.local_accounts_are_kept], folds=FOLDS)
    assert [(item.status, item.folded_into) for item in found] == [(FAIL, None), (FAIL, "HV-ACCT-006")]


def test_empty_sensitive_groups_pass():
    assert verdict(accounts.sensitive_groups_are_empty, group(member(ADMINS, ANN))).status is PASS
    assert verdict(accounts.sensitive_groups_are_empty, group(local_group_members=failed())).status is GAP


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"LastLogonUtc": "2026-10-20T00:00:00Z"}, PASS),
        ({"PasswordRequired": False}, FAIL),
        ({"PasswordNeverExpires": True}, FAIL),
        ({"LastLogonUtc": "2026-09-01T00:00:00Z"}, FAIL),
        ({"LastLogonUtc": None, "PasswordLastSetUtc": "2026-09-01T00:00:00Z"}, FAIL),
        ({"LastLogonUtc": None, "PasswordLastSetUtc": None}, FAIL),
        ({"LastLogonUtc": None, "PasswordLastSetUtc": "2026-10-20T00:00:00Z"}, PASS),
        ({"Enabled": False, "PasswordRequired": False}, NA),
        ({"Name": "CLIUSR", "PasswordNeverExpires": True}, NA),
        ({"PasswordRequired": None}, GAP),
    ],
)
def test_local_accounts(changed, status):
    row = user(1001, PasswordRequired=True, PasswordNeverExpires=False) | changed
    assert (
        verdict(accounts.local_accounts_are_kept, host(local_users=[row], services=[{"Name": "ClusSvc"}])).status
        is status
    )


def test_the_built_in_administrator_may_rest_as_long_as_it_likes():
    row = user(500, PasswordRequired=True, PasswordNeverExpires=False, LastLogonUtc="2020-01-01T00:00:00Z")
    assert verdict(accounts.local_accounts_are_kept, host(local_users=[row])).status is PASS


@pytest.mark.parametrize(
    ("check", "key", "value", "good", "bad"),
    [
        (accounts.blank_passwords_are_local, accounts.LSA, "LimitBlankPasswordUse", (None, 1), (0,)),
        (accounts.few_logons_are_cached, accounts.WINLOGON, "CachedLogonsCount", ("4", "0"), (None, "10")),
        (
            accounts.remote_tokens_are_filtered,
            accounts.SYSTEM_POLICIES,
            "LocalAccountTokenFilterPolicy",
            (None, 0),
            (1,),
        ),
        (accounts.lsass_is_protected, accounts.LSA, "RunAsPPL", (1, 2), (None, 0)),
        (accounts.the_screen_locks, accounts.SYSTEM_POLICIES, "InactivityTimeoutSecs", (900, 1), (None, 0, 901)),
        (accounts.microsoft_accounts_are_blocked, accounts.SYSTEM_POLICIES, "NoConnectedUser", (3,), (None, 0, 1)),
        (
            accounts.remote_queries_are_for_administrators,
            accounts.LSA,
            "RestrictRemoteSAM",
            (None, "O:BAG:BAD:(A;;RC;;;BA)"),
            ("O:BAG:BAD:(A;;RC;;;BA)(A;;RC;;;WD)",),
        ),
    ],
)
def test_single_values(check, key, value, good, bad):
    assert {verdict(check, registry((key, value, data))).status for data in good} == {PASS}
    for data in bad:
        found = verdict(check, registry((key, value, data)))
        assert (found.status, found.key["Name"]) == (FAIL, value)
    assert verdict(check, host(registry_values=failed(), computer=[COMPUTER])).status is GAP


def raised(machine, user):
    of_users = accounts.INSTALLER_OF_USERS
    rows = [{"Key": accounts.INSTALLER, "ListKey": accounts.INSTALLER, **machine}]
    rows += [{"Key": of_users.replace("*", f"{DOMAIN}-1105"), "ListKey": of_users, **item} for item in user]
    common = {"Name": "AlwaysInstallElevated", "View": 64, "KeyExists": True, "TextValue": None}
    return [
        told(item)
        for item in ask(accounts.installer_is_not_raised, host(registry_values=[common | row for row in rows]))
    ]


def test_raised_installer_packages_are_the_fault_of_the_machine_and_of_each_user():
    off = {"Exists": False, "Kind": None, "IntValue": None}
    on = {"Exists": True, "Kind": "REG_DWORD", "IntValue": 1}
    hidden = {"_err": {"Exists": "accessDenied", "IntValue": "accessDenied"}}
    assert {item.status for item in raised(off, [off])} == {PASS}
    assert next((item.status, item.severity) for item in raised(on, [off])) == (FAIL, Severity.HIGH)
    (found,) = (item for item in raised(off, [on]) if item.status is FAIL)
    assert (found.severity, f"{DOMAIN}-1105" in found.key["Key"]) == (Severity.LOW, True)
    assert GAP in {item.status for item in raised(off, [hidden])}
    assert GAP in {item.status for item in raised(off, [])}
    assert {item.status for item in ask(accounts.installer_is_not_raised, host(registry_values=failed()))} == {GAP}


def test_queries_were_open_before_2016_and_words_are_no_count():
    before = registry((accounts.LSA, "RestrictRemoteSAM", None), era="2012R2")
    assert verdict(accounts.remote_queries_are_for_administrators, before).status is FAIL
    words = registry((accounts.WINLOGON, "CachedLogonsCount", "many"))
    assert verdict(accounts.few_logons_are_cached, words).cause is Cause.UNDETERMINED


@pytest.mark.parametrize(
    ("values", "severity"),
    [
        ((None, None, 1), None),
        ((0, None, 1), Severity.HIGH),
        ((1, 0, 1), Severity.MEDIUM),
        ((1, 5, None), Severity.LOW),
    ],
)
def test_user_account_control(values, severity):
    names = ("EnableLUA", "ConsentPromptBehaviorAdmin", "FilterAdministratorToken")
    snapshot = registry(*((accounts.SYSTEM_POLICIES, name, data) for name, data in zip(names, values, strict=True)))
    found = verdict(accounts.user_account_control_is_on, snapshot)
    assert (found.status is FAIL, found.severity) == ((False, Severity.HIGH) if severity is None else (True, severity))
    assert verdict(accounts.user_account_control_is_on, host(registry_values=failed())).status is GAP


def test_credential_guard_is_asked_of_members_of_a_domain():
    def guarded(services, computer=COMPUTER):
        return host(computer=[computer], platform_security=[{"SecurityServicesRunning": services}])

    assert verdict(accounts.credential_guard_runs, guarded([1, 2])).status is PASS
    assert verdict(accounts.credential_guard_runs, guarded([2])).status is FAIL
    assert verdict(accounts.credential_guard_runs, guarded([])).status is FAIL
    assert verdict(accounts.credential_guard_runs, guarded(None)).status is GAP
    for computer in (WORKGROUP, CONTROLLER):
        assert verdict(accounts.credential_guard_runs, guarded([], computer)).status is NA


@pytest.mark.parametrize(
    ("no_hash", "client", "server", "status"),
    [
        (1, 537395200, 537395200, PASS),
        (None, 537395200, 0xA0080000, PASS),
        (0, 537395200, 537395200, FAIL),
        (1, None, 537395200, FAIL),
    ],
)
def test_ntlm_sessions(no_hash, client, server, status):
    key = accounts.LSA + r"\MSV1_0"
    snapshot = registry(
        (accounts.LSA, "NoLMHash", no_hash), (key, "NTLMMinClientSec", client), (key, "NTLMMinServerSec", server)
    )
    assert verdict(accounts.ntlm_is_strong, snapshot).status is status
    assert verdict(accounts.ntlm_is_strong, host(registry_values=failed())).status is GAP


@pytest.mark.parametrize(
    ("values", "lookup", "status"),
    [
        ((1, 1, 0), 0, PASS),
        ((None, 1, None), 0, PASS),
        ((0, 1, 0), 0, FAIL),
        ((1, 0, 0), 0, FAIL),
        ((1, 1, 1), 0, FAIL),
        ((1, 1, 0), 1, FAIL),
    ],
)
def test_anonymous_access(values, lookup, status):
    names = ("RestrictAnonymousSAM", "RestrictAnonymous", "EveryoneIncludesAnonymous")
    text = f"[System Access]\r\nLSAAnonymousNameLookup = {lookup}\r\n[Event Audit]\r\n"
    values = tuple((accounts.LSA, name, data) for name, data in zip(names, values, strict=True))
    assert (
        verdict(accounts.anonymous_users_learn_nothing, registry(*values, raw={INF: text.encode("utf-16")})).status
        is status
    )
    found = verdict(accounts.anonymous_users_learn_nothing, registry(*values))
    assert found.status is (FAIL if status is FAIL and not lookup else GAP)


def test_denials_that_hit_virtual_machines_fail():
    (found,) = answers(accounts.denials_spare_virtual_machines, rights(f"SeDenyNetworkLogonRight = *{MACHINES}"))
    assert (found.severity, found.part) == (Severity.HIGH, MACHINES)
    usual = rights("SeDenyNetworkLogonRight = *S-1-5-114,*S-1-5-32-546", "SeDenyServiceLogonRight = *S-1-5-32-546")
    assert not answers(accounts.denials_spare_virtual_machines, usual)
    cluster = [{"Name": "ClusSvc", "StartType": 2}]
    line = "SeDenyNetworkLogonRight = *S-1-5-113"
    (found,) = answers(accounts.denials_spare_virtual_machines, rights(line, era="2016", services=cluster))
    assert (found.severity, "unverified" in found.message) == (Severity.INFO, True)
    assert not answers(accounts.denials_spare_virtual_machines, rights(line, era="2022", services=cluster))
    assert not answers(accounts.denials_spare_virtual_machines, rights(line, era="2016", services=[]))
    assert verdict(accounts.denials_spare_virtual_machines, host()).status is GAP


def gone(*, reachable=True, error="notFound", **tables):
    lost = {"Sid": ANN, "Name": None, "Class": None, "Resolved": False, "LookupError": error}
    computer = [COMPUTER | {"DomainReachable": reachable}]
    rows = [member(ADMINS, ANN, "Unknown", Resolved=False)]
    return rights(
        f"SeBatchLogonRight = *{ANN},*{ADMINS}",
        **{"sids": [lost], "computer": computer, "local_group_members": rows} | tables,
    )


def test_accounts_that_are_gone_are_named_in_groups_and_rights():
    found = answers(accounts.nobody_gone_holds_anything, gone())
    assert [(each.severity, ANN in each.message) for each in found] == [(Severity.LOW, True)] * 2
    (found,) = answers(accounts.nobody_gone_holds_anything, gone(sids=[]))
    assert found.key["GroupSid"] == ADMINS
    for unknown in (gone(reachable=False), gone(error="timeout"), gone(sids=failed())):
        assert not answers(accounts.nobody_gone_holds_anything, unknown)
        assert answers(accounts.nobody_gone_holds_anything, unknown, GAP)


@pytest.mark.parametrize(
    ("types", "sign", "status"),
    [(0x7FFFFFF8, 1, PASS), (0x7FFFFFF8, None, PASS), (None, 1, FAIL), (0x1F, 1, FAIL), (0x18, 0, FAIL)],
)
def test_kerberos(types, sign, status):
    snapshot = registry(
        (accounts.SYSTEM_POLICIES + r"\Kerberos\Parameters", "SupportedEncryptionTypes", types),
        (accounts.NETLOGON, "RequireSignOrSeal", sign),
        (accounts.NETLOGON, "RequireStrongKey", 1),
    )
    assert verdict(accounts.kerberos_is_strong, snapshot).status is status
    assert verdict(accounts.kerberos_is_strong, host(registry_values=failed(), computer=[COMPUTER])).status is GAP


def profile(sid, used="2026-10-25T00:00:00Z"):
    return {"Sid": sid, "LastUseUtc": used, "Special": False, "Loaded": False}


def test_administrators_of_the_domain_are_known_by_rid_or_through_expanded_groups():
    check = accounts.domain_administrators_stay_away
    (found,) = answers(check, group(user_profiles=[profile(f"{DOMAIN}-500"), profile(f"{MACHINE}-500")]))
    assert (found.severity, found.key["Sid"]) == (Severity.MEDIUM, f"{DOMAIN}-500")
    expanded = (member(ADMINS, f"{DOMAIN}-512", "Group"), member(ADMINS, ANN, Depth=1, ViaSid=f"{DOMAIN}-512"))
    (found,) = answers(check, group(*expanded, user_profiles=[profile(ANN), profile(BOB)]))
    assert found.key["Sid"] == ANN
    assert answers(check, group(*expanded[:1], user_profiles=[profile(BOB)]), GAP)
    assert verdict(check, group(user_profiles=[profile(f"{DOMAIN}-500", "2026-01-01T00:00:00Z")])).status is PASS
    assert verdict(check, group(user_profiles=failed())).status is GAP
    assert verdict(check, group(computer=WORKGROUP)).status is NA
