"""HV-AZ: each check passes, fails and is not assessed, on stores made in the test."""

import uuid

import pytest
from hosts import COLLECTION, FAIL, GAP, NA, PASS, absent, ask, failed, host, told, verdict

from analyzers import azman
from snapshot_tool.cells import decoder
from snapshot_tool.knowledge.azman import shipped_operations
from snapshot_tool.snapshot import Column, Origin, Record, Table
from snapshot_tool.verdict import Cause, Severity

ADMINS, EVERYONE, ANN, BOB = "S-1-5-32-544", "S-1-1-0", "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002"
STORE = "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V\\InitialStore.xml"
ACTIVE = {
    "StoreRole": "active",
    "StoreLocation": "msxml://C:\\ProgramData\\Microsoft\\Windows\\Hyper-V\\InitialStore.xml",
    "LocationSource": "registry",
    "ServiceApplication": "Hyper-V services",
    "Scheme": "msxml",
    "StorePath": STORE,
    "Exists": True,
    "RawFile": "raw/azman/InitialStore.xml",
}
START, STOP, INPUT = "Start Virtual Machine", "Stop Virtual Machine", "Allow Input to Virtual Machine"
READ, SERVICE, SWITCH = "Read Service Configuration", "Reconfigure Service", "Create Virtual Switch"
CONNECT, SCOPE = "Connect Virtual Switch Port", "Change Virtual Machine Authorization Scope"
EVERY = (START, STOP, INPUT, READ, SERVICE, SWITCH, CONNECT, SCOPE)


def guid(name):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def role(name, operations, members=(), groups=()):
    return (
        f'<AzRole Guid="{guid(name)}" Name="{name}">'
        + "".join(f"<OperationLink>{{{guid(each).upper()}}}</OperationLink>" for each in operations)
        + "".join(f"<Member>{sid}</Member>" for sid in members)
        + "".join(f"<AppMemberLink>{guid(each)}</AppMemberLink>" for each in groups)
        + "</AzRole>"
    )


def group(name, members=(), refused=(), groups=(), kind="Basic"):
    return (
        f'<AzApplicationGroup Guid="{guid(name)}" Name="{name}" GroupType="{kind}">'
        + "".join(f"<Member>{sid}</Member>" for sid in members)
        + "".join(f"<NonMember>{sid}</NonMember>" for sid in refused)
        + "".join(f"<AppMemberLink>{guid(each)}</AppMemberLink>" for each in groups)
        + "</AzApplicationGroup>"
    )


FULL = role("Administrator", EVERY, [ADMINS])


def xml(*parts, application="Hyper-V services", operations=EVERY, major=1):
    inside = "".join(
        f'<AzOperation Guid="{guid(name)}" Name="{name}"><OperationID>{number}</OperationID></AzOperation>'
        for number, name in enumerate(operations, 1)
    )
    return (
        f'<AzAdminManager MajorVersion="{major}" MinorVersion="0"><AzApplication Guid="{guid("app")}" '
        f'Name="{application}">{inside}{"".join(parts)}</AzApplication></AzAdminManager>'
    ).encode()


def store(*parts, era="2008R2", data=None, administrators=(), **tables):
    members = [
        {"GroupSid": ADMINS, "MemberSid": sid, "ViaSid": None, "Depth": 0, "Class": "User"} for sid in administrators
    ]
    given = {"azman": [ACTIVE], "local_group_members": members} | tables
    return host(era, raw={"raw/azman/InitialStore.xml": data or xml(*parts)}, **given)


def answers(check, snapshot, status=FAIL):
    return [told(result) for result in ask(check, snapshot) if result.status is status]


def test_the_store_as_shipped_raises_nothing_but_the_note_about_roles():
    shipped = store(FULL)
    for check in (
        azman.store_is_in_its_place,
        azman.store_is_readable,
        azman.store_is_a_file,
        azman.console_is_for_few,
    ):
        assert verdict(check, shipped).status is PASS
    for check in (azman.role_is_not_for_everybody, azman.full_role_is_for_administrators):
        assert verdict(check, shipped).status is PASS
    for check in (azman.operators_cannot_widen_their_rights, azman.operators_cannot_change_the_network):
        assert verdict(check, shipped).status is NA
    assert verdict(azman.role_model_is_used, shipped).severity is Severity.INFO
    assert verdict(azman.delegation_has_scopes, shipped).status is PASS


@pytest.mark.parametrize(
    ("changed", "severity"),
    [
        ({"StorePath": "\\\\fs1\\azman\\store.xml"}, Severity.HIGH),
        ({"Scheme": "other", "StorePath": None}, Severity.HIGH),
        ({"StorePath": "D:\\azman\\InitialStore.xml"}, Severity.MEDIUM),
        ({"StorePath": "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V\\..\\store.xml"}, Severity.MEDIUM),
        ({"ServiceApplication": "My services"}, Severity.MEDIUM),
    ],
)
def test_a_store_elsewhere_fails(changed, severity):
    found = verdict(azman.store_is_in_its_place, host("2008R2", azman=[ACTIVE | changed]))
    assert (found.status, found.severity, found.key) == (FAIL, severity, {"StoreRole": "active"})


@pytest.mark.parametrize(
    "changed",
    [
        {"StorePath": "%ProgramData%\\Microsoft\\Virtual Machine Manager\\HyperVAuthStore.xml"},
        {"LocationSource": "default", "StoreLocation": None},
        {"ServiceApplication": "HYPER-V Services"},
        {"ServiceApplication": None},
        {"Scheme": "msldap", "StorePath": None},
    ],
)
def test_usual_places_pass(changed):
    assert verdict(azman.store_is_in_its_place, host("2008R2", azman=[ACTIVE | changed])).status is PASS


@pytest.mark.parametrize(
    ("path", "expected"),
    [("D:\\azman\\InitialStore.xml", FAIL), ("D:\\Data\\Microsoft\\Windows\\Hyper-V\\InitialStore.xml", GAP)],
)
def test_a_place_that_no_program_data_can_have_fails_without_the_run_context(path, expected):
    snapshot = host("2008R2", collection=failed(), azman=[ACTIVE | {"StorePath": path}])
    assert verdict(azman.store_is_in_its_place, snapshot).status is expected


def test_places_are_not_assessed_without_the_location_and_not_asked_after_2012():
    assert verdict(azman.store_is_in_its_place, host("2008R2", azman=failed())).status is GAP
    assert verdict(azman.store_is_in_its_place, host("2012R2", azman=failed())).status is NA


ACL = {"Roles": ["azmanFile"], "Exists": True, "OwnerSid": "S-1-5-18"}
SAFE = "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)"
FOLDERS = (
    "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V",
    "C:\\ProgramData\\Microsoft\\Windows",
    "C:\\ProgramData\\Microsoft",
    "C:\\ProgramData",
    "C:\\",
)


def acls(**changed):
    rows = [ACL | {"Path": STORE, "Kind": "file", "Sddl": changed.pop("file", SAFE)}]
    rows += [ACL | {"Path": folder, "Kind": "dir", "Sddl": changed.get("folder", SAFE)} for folder in FOLDERS]
    return rows


def test_a_protected_store_passes_and_a_missing_folder_is_a_gap():
    assert [r.status for r in ask(azman.store_file_is_protected, store(FULL, acls=acls()))] == [PASS] * 6
    assert answers(azman.store_file_is_protected, store(FULL, acls=acls()[:-1]), GAP)


def test_a_store_that_users_can_change_fails_and_names_the_file():
    (found,) = answers(azman.store_file_is_protected, store(FULL, acls=acls(file=SAFE + "(A;;0x2;;;BU)")))
    assert (found.severity, found.key) == (Severity.CRITICAL, {"Path": STORE})


def test_users_may_add_to_folders_but_not_replace_what_is_in_them():
    assert not answers(azman.store_file_is_protected, store(FULL, acls=acls(folder=SAFE + "(A;CI;0x6;;;BU)")))
    found = answers(azman.store_file_is_protected, store(FULL, acls=acls(folder=SAFE + "(A;CI;DT;;;BU)")))
    assert {each.severity for each in found} == {Severity.CRITICAL}
    assert len(found) == len(FOLDERS)


def test_a_named_account_is_high_unless_it_is_an_administrator():
    opened = acls(file=SAFE + f"(A;;FA;;;{ANN})")
    (found,) = answers(azman.store_file_is_protected, store(FULL, acls=opened))
    assert found.severity is Severity.HIGH
    assert not answers(azman.store_file_is_protected, store(FULL, acls=opened, administrators=[ANN]))
    unknown = store(FULL, acls=opened, local_group_members=failed())
    assert not answers(azman.store_file_is_protected, unknown)
    assert answers(azman.store_file_is_protected, unknown, GAP)


@pytest.mark.parametrize("data", [b"<AzAdminManager", b"<Other/>", xml(FULL, application="Other")])
def test_a_store_that_is_none_fails(data):
    assert verdict(azman.store_is_readable, store(data=data)).status is FAIL


def test_a_store_that_is_gone_fails_and_one_that_was_not_copied_is_a_gap():
    gone = host("2008R2", azman=[ACTIVE | {"Exists": False, "RawFile": None}])
    assert verdict(azman.store_is_readable, gone).status is FAIL
    without_role = host("2008R2", azman=[ACTIVE | {"Exists": False, "RawFile": None}], services=[{"Name": "W32Time"}])
    assert verdict(azman.store_is_readable, without_role).status is NA
    for changed in ({"Exists": None, "RawFile": None}, {"RawFile": None}):
        assert verdict(azman.store_is_readable, host("2008R2", azman=[ACTIVE | changed])).status is GAP
    elsewhere = host("2008R2", azman=[ACTIVE | {"Scheme": "msldap", "Exists": None, "RawFile": None}])
    assert verdict(azman.store_is_readable, elsewhere).status is NA
    assert verdict(azman.store_is_readable, host("2008R2", azman=absent("roleAbsent"))).status is NA


@pytest.mark.parametrize(
    ("operations", "severity"),
    [([READ], Severity.HIGH), ([READ, START], Severity.CRITICAL), (EVERY, Severity.CRITICAL)],
)
@pytest.mark.parametrize("sid", [EVERYONE, "S-1-5-11", "S-1-5-32-545", "S-1-5-21-1-2-3-513"])
def test_a_role_for_everybody_fails_by_what_it_allows(operations, severity, sid):
    (found,) = answers(azman.role_is_not_for_everybody, store(FULL, role("Ops", operations, [ANN, sid])))
    assert (found.severity, found.part, found.key["Role"]) == (severity, sid, guid("Ops"))
    assert any(each.value == sid and each.path.endswith("Member[2]") for each in found.evidence)


def test_a_role_without_operations_gives_nobody_anything():
    assert not answers(azman.role_is_not_for_everybody, store(FULL, role("Ops", [], [EVERYONE])))


def test_broad_members_are_found_through_nested_and_looping_groups():
    nested = store(
        FULL, role("Ops", [START], groups=["a"]), group("a", groups=["b"]), group("b", [EVERYONE], groups=["a"])
    )
    (found,) = answers(azman.role_is_not_for_everybody, nested)
    assert found.part == EVERYONE


def test_refusal_wins_over_membership():
    refused = store(FULL, role("Ops", [START], groups=["a"]), group("a", [EVERYONE, ANN], refused=[EVERYONE]))
    assert not answers(azman.role_is_not_for_everybody, refused)


def test_a_group_that_a_query_fills_is_undetermined():
    parts = (FULL, role("Ops", [START, SERVICE], groups=["q"]), group("q", kind="LdapQuery"))
    queried = store(data=xml(*parts, major=2))
    for check in (azman.role_is_not_for_everybody, azman.operators_cannot_widen_their_rights):
        (found,) = answers(check, queried, GAP)
        assert found.cause is Cause.UNDETERMINED


def test_a_query_matters_only_where_the_operation_is_held():
    reading = store(FULL, role("Ops", [READ], groups=["q"]), group("q", kind="LdapQuery"))
    assert not answers(azman.operators_cannot_widen_their_rights, reading, GAP)
    assert not answers(azman.operators_cannot_change_the_network, reading, GAP)


def test_links_that_lead_nowhere_add_nothing():
    dangling = store(FULL, role("Ops", [START, "Nothing"], [ANN], groups=["nobody"]))
    assert not answers(azman.role_is_not_for_everybody, dangling)
    assert not answers(azman.operators_cannot_widen_their_rights, dangling)


def test_operations_that_are_not_recognised_leave_the_weight_open():
    unknown = store(data=xml(role("Ops", ["Foo"], [EVERYONE]), operations=["Foo", "Bar"]))
    (found,) = answers(azman.role_is_not_for_everybody, unknown)
    assert (found.severity, "at most" in found.message) == (Severity.CRITICAL, True)
    other = store(data=xml(role("Ops", ["Foo"], [ANN]), operations=["Foo", "Bar"]))
    assert answers(azman.operators_cannot_widen_their_rights, other, GAP)


def test_the_full_role_is_for_administrators():
    full = role("Administrator", EVERY, [ADMINS, "S-1-5-18", "S-1-5-21-1-2-3-512", ANN, BOB])
    (found,) = answers(azman.full_role_is_for_administrators, store(full, administrators=[ANN]))
    assert (found.severity, found.part) == (Severity.HIGH, BOB)
    assert not answers(azman.full_role_is_for_administrators, store(full, administrators=[ANN, BOB]))
    assert len(answers(azman.full_role_is_for_administrators, store(full, local_group_members=failed()), GAP)) == 1


def test_a_role_in_a_scope_is_judged_too():
    scoped = f'<AzScope Guid="{guid("s")}" Name="Finance">{role("Ops", EVERY, [BOB])}</AzScope>'
    (found,) = answers(azman.full_role_is_for_administrators, store(FULL, scoped))
    assert found.key == {"Scope": guid("s"), "Role": guid("Ops")}


def test_roles_are_used_when_one_that_is_not_full_has_members():
    assert verdict(azman.role_model_is_used, store(FULL, role("Ops", [START], [ANN]))).status is PASS
    assert verdict(azman.role_model_is_used, store(FULL, role("Ops", [START]))).severity is Severity.INFO
    assert verdict(azman.role_model_is_used, host("2008R2", azman=failed())).status is GAP


@pytest.mark.parametrize("operation", [SERVICE, SCOPE])
def test_an_operator_who_can_widen_his_rights_fails(operation):
    (found,) = answers(azman.operators_cannot_widen_their_rights, store(FULL, role("Ops", [START, operation], [ANN])))
    assert (found.severity, operation in found.message, ANN in found.message) == (Severity.HIGH, True, True)
    assert not answers(azman.operators_cannot_widen_their_rights, store(FULL, role("Ops", [operation], [ADMINS])))


def test_operations_known_by_number_alone_are_a_hint():
    numbered = (
        f'<AzAdminManager MajorVersion="1" MinorVersion="0"><AzApplication Name="Hyper-V services">'
        f'<AzOperation Guid="{guid("x")}" Name="X"><OperationID>105</OperationID></AzOperation>'
        f'<AzOperation Guid="{guid("y")}" Name="Y"><OperationID>100</OperationID></AzOperation>'
        f"{role('Ops', ['x'], [ANN])}</AzApplication></AzAdminManager>"
    ).encode()
    (found,) = answers(azman.operators_cannot_widen_their_rights, store(data=numbered))
    assert (found.severity, "unverified" in found.message) == (Severity.INFO, True)


def test_an_operator_who_can_change_the_network_fails():
    (found,) = answers(azman.operators_cannot_change_the_network, store(FULL, role("Ops", [STOP, SWITCH], [ANN])))
    assert (found.severity, SWITCH in found.message) == (Severity.MEDIUM, True)
    for operations in ([START, STOP, CONNECT], [SWITCH, CONNECT]):
        assert not answers(azman.operators_cannot_change_the_network, store(FULL, role("Ops", operations, [ANN])))


def test_console_input_is_counted_over_the_whole_store():
    people = [f"S-1-5-21-1-2-3-{number}" for number in range(2000, 2011)]
    few = store(FULL, role("A", [INPUT], people[:6]), role("B", [INPUT], people[4:10]))
    assert verdict(azman.console_is_for_few, few).status is PASS
    many = store(FULL, role("A", [INPUT], people[:5]), role("B", [INPUT], people[5:]))
    found = verdict(azman.console_is_for_few, many)
    assert (found.status, found.key["Role"], "11 accounts" in found.message) == (FAIL, guid("B"), True)
    assert (
        verdict(
            azman.console_is_for_few, store(FULL, role("A", [INPUT], groups=["q"]), group("q", kind="LdapQuery"))
        ).status
        is GAP
    )
    assert verdict(azman.console_is_for_few, host("2008R2", azman=[ACTIVE | {"RawFile": None}])).status is GAP


def with_machines(snapshot, *scopes):
    columns = {name: Column(name, decoder("string")) for name in ("Id", "Name", "ScopeOfResidence")}
    rows = [
        Record({"Id": str(n), "Name": f"VM{n}", "ScopeOfResidence": scope}, Origin("test", f"[{n}]"))
        for n, scope in enumerate(scopes)
    ]
    snapshot.source._tables["vm"] = Table("vm", columns, rows, ("Id",))
    return snapshot


SCOPED = f'<AzScope Guid="{guid("s")}" Name="Finance"></AzScope>'


def test_delegation_without_scopes_fails_and_names_the_machines():
    delegated = (FULL, role("Ops", [START], [ANN]))
    found = verdict(azman.delegation_has_scopes, with_machines(store(*delegated), "", ""))
    assert (found.status, found.severity, "VM1" in found.message) == (FAIL, Severity.MEDIUM, True)
    assert verdict(azman.delegation_has_scopes, with_machines(store(*delegated), "")).status is NA
    assert verdict(azman.delegation_has_scopes, with_machines(store(FULL), "", "")).status is PASS
    unused = verdict(azman.delegation_has_scopes, with_machines(store(*delegated, SCOPED), "", ""))
    assert (unused.status, unused.severity) == (FAIL, Severity.INFO)
    assert verdict(azman.delegation_has_scopes, with_machines(store(*delegated, SCOPED), "finance", "")).status is PASS
    assert verdict(azman.delegation_has_scopes, store(*delegated)).status is GAP


def test_a_scope_that_is_not_defined_fails():
    defined = store(FULL, SCOPED)
    assert answers(azman.scope_of_machine_is_defined, with_machines(defined, "Sales", "FINANCE", ""))[0].key == {
        "Id": "0"
    }
    lost = with_machines(host("2008R2", azman=[ACTIVE | {"RawFile": None}]), "Sales")
    assert verdict(azman.scope_of_machine_is_defined, lost).status is GAP


def test_stores_outside_of_the_host_are_told():
    location = {"Scheme": "msldap", "StorePath": None, "StoreLocation": "msldap://CN=store,DC=contoso"}
    found = verdict(azman.store_is_a_file, host("2008R2", azman=[ACTIVE | location]))
    assert (found.status, found.severity) == (FAIL, Severity.INFO)
    assert verdict(azman.store_is_a_file, host("2008R2", azman=failed())).status is GAP


def test_virtual_machine_manager_is_told_by_store_or_agent():
    theirs = {"StorePath": COLLECTION["ProgramData"] + "\\Microsoft\\Virtual Machine Manager\\HyperVAuthStore.xml"}
    check = azman.store_is_not_managed_by_vmm
    assert verdict(check, host("2008R2", azman=[ACTIVE | theirs], services=[{"Name": "W32Time"}])).status is FAIL
    assert verdict(check, host("2008R2", azman=[ACTIVE], services=[{"Name": "SCVMMAgent"}])).status is FAIL
    assert verdict(check, host("2008R2", azman=[ACTIVE], services=[{"Name": "W32Time"}])).status is PASS
    assert verdict(check, host("2008R2", azman=[ACTIVE], services=failed())).status is GAP


def known(sid, kind="user", **more):
    return {"Sid": sid, "Name": f"CONTOSO\\{sid[-4:]}", "Class": kind, "Resolved": True, "LookupError": None} | more


def test_single_users_in_roles_are_low_and_named():
    ops = (FULL, role("Ops", [START], [ANN, BOB]))
    (found,) = answers(azman.roles_are_for_groups, store(*ops, sids=[known(ANN), known(BOB, "group")]))
    assert (found.severity, ANN in found.message, BOB in found.message) == (Severity.LOW, True, False)
    assert not answers(azman.roles_are_for_groups, store(*ops, sids=[known(ANN, "group"), known(BOB, "group")]))
    for sids in ([known(ANN, "group")], [known(ANN, "group"), known(BOB, None)], failed()):
        unknown = store(*ops, sids=sids)
        assert (
            answers(azman.roles_are_for_groups, unknown),
            len(answers(azman.roles_are_for_groups, unknown, GAP)),
        ) == ([], 1)


def test_members_that_are_gone_fail_where_the_domain_answered():
    def lost(reachable):
        computer = {"Name": "HV01", "PartOfDomain": True, "DomainReachable": reachable}
        gone = known(ANN, None, Name=None, Resolved=False, LookupError="notFound")
        return store(FULL, role("Ops", [START], [ANN]), sids=[gone], computer=[computer])

    (found,) = answers(azman.members_of_roles_exist, lost(True))
    assert (found.severity, ANN in found.message) == (Severity.MEDIUM, True)
    assert answers(azman.members_of_roles_exist, lost(False), GAP)


def test_scripts_and_queries_fail_and_name_where_they_stand():
    task = (
        f'<AzTask Guid="{guid("t")}" Name="T" BizRuleImportedPath="C:\\a.vbs"><BizRuleLanguage>VBScript</BizRuleLanguage>'
        "<BizRule>x = 1</BizRule></AzTask>"
    )
    (found,) = answers(azman.no_script_decides, store(FULL, task))
    assert (found.key["Task"], "C:\\a.vbs" in found.message) == (guid("t"), True)
    (found,) = answers(azman.no_script_decides, store(FULL, group("q", kind="LdapQuery")))
    assert found.key["Group"] == guid("q")
    assert not answers(azman.no_script_decides, store(FULL, group("g", [ANN])))
    assert {result.status for result in ask(azman.no_script_decides, host("2008R2", azman=failed()))} == {GAP}


def test_other_operations_are_told():
    found = verdict(azman.operations_are_shipped, store(FULL, role("Ops", ["Foo"], [ANN])))
    assert (found.status, found.severity, "View Switches" in found.message) == (FAIL, Severity.INFO, True)
    without = tuple(shipped.name for shipped in shipped_operations(7601) if shipped.name != "Delete Virtual Machine")
    assert (
        "lacks Delete Virtual Machine"
        in verdict(azman.operations_are_shipped, store(data=xml(FULL, operations=without))).message
    )
    renamed = verdict(
        azman.operations_are_shipped, store(data=xml(FULL, operations=(*without, "Remove Virtual Machine")))
    )
    assert "lacks" not in renamed.message
    added = store(data=xml(FULL, operations=(*EVERY, "Foo")))
    assert "adds Foo" in verdict(azman.operations_are_shipped, added).message
    assert verdict(azman.operations_are_shipped, host("2008R2", azman=failed())).status is GAP


def test_a_customised_store_is_a_leftover_from_2012_r2_on():
    custom = (FULL, role("Ops", [START], [ANN]))
    found = verdict(azman.no_store_is_left_over, store(*custom, era="2016"))
    assert (found.status, found.severity, "Ops" in found.message) == (FAIL, Severity.LOW, True)
    assert verdict(azman.no_store_is_left_over, store(FULL, era="2016")).status is PASS
    gone = host("2016", azman=[ACTIVE | {"Exists": False, "RawFile": None}])
    assert verdict(azman.no_store_is_left_over, gone).status is NA
    assert verdict(azman.no_store_is_left_over, store(*custom)).status is NA
    assert verdict(azman.no_store_is_left_over, host("2016", azman=failed())).status is GAP


def test_copies_that_everybody_reads_fail():
    path = STORE + ".bak"
    copy = [{"Path": path, "Kind": "azmanCopy"}, {"Path": STORE, "Kind": "azmanStore"}]

    def copied(sddl):
        acl = ACL | {"Path": path, "Kind": "file", "Roles": ["azmanCopy"], "Sddl": sddl}
        return host("2008R2", azman=[ACTIVE], vm_files=copy, acls=[acl])

    (found,) = answers(azman.copies_are_protected, copied(SAFE + "(A;;FR;;;BU)"))
    assert (found.severity, found.key["Path"]) == (Severity.LOW, path)
    assert verdict(azman.copies_are_protected, copied(SAFE)).status is PASS
    assert verdict(azman.copies_are_protected, host("2008R2", vm_files=copy, acls=failed())).status is GAP
