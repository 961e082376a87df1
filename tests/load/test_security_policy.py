"""Security policy -> tables: holders by SID, what is missing is a gap, what the file says is a fact."""

from hosts import absent, failed, host

from snapshot_tool.verdict import Cause

INF, AUDIT = "raw/secpol/secedit.inf", "raw/secpol/auditpol.csv"
ANN = "S-1-5-21-1-2-3-1001"


def secedit(text, **tables):
    given = {"local_users": [], "local_groups": [], "sids": []} | tables
    return host(raw={INF: text.replace("\n", "\r\n").encode("utf-16")}, **given)


def cells(table, key):
    return next(record.cells for record in table.records if record.cells[table.key[-1]] == key)


def test_rights_hold_sids_and_names_become_sids():
    text = "[Privilege Rights]\nSeDebugPrivilege = *S-1-5-32-544,ann\nSeTcbPrivilege =\n"
    table = secedit(text, local_users=[{"Sid": ANN, "Name": "Ann"}]).table("secedit_right")
    assert cells(table, "SeDebugPrivilege")["Holders"] == ["S-1-5-32-544", ANN]
    assert cells(table, "SeTcbPrivilege")["Holders"] == []
    assert table.gap is None


def test_a_name_with_an_authority_is_looked_up_in_full_first():
    text = "[Privilege Rights]\nSeDebugPrivilege = CONTOSO\\ann\n"
    known = {
        "local_users": [{"Sid": ANN, "Name": "ann"}],
        "sids": [{"Sid": "S-1-5-21-9-9-9-1", "Name": "CONTOSO\\Ann"}],
    }
    assert cells(secedit(text, **known).table("secedit_right"), "SeDebugPrivilege")["Holders"] == ["S-1-5-21-9-9-9-1"]


def test_a_name_that_two_accounts_have_is_unknown():
    text = "[Privilege Rights]\nSeDebugPrivilege = ann\n"
    two = [{"Sid": "S-1-5-21-9-9-9-1", "Name": "A\\ann"}, {"Sid": "S-1-5-21-9-9-9-2", "Name": "B\\ann"}]
    assert cells(secedit(text, sids=two).table("secedit_right"), "SeDebugPrivilege")["UnknownNames"] == ["ann"]


def test_unknown_names_are_a_gap_while_a_table_of_names_is_missing():
    text = "[Privilege Rights]\nSeDebugPrivilege = ann,*S-1-5-32-544\nSeTcbPrivilege = *S-1-5-18\n"
    table = secedit(text, local_groups=failed("accessDenied")).table("secedit_right")
    gaps = {record.cells["Right"]: record.gaps for record in table.records}
    assert gaps["SeDebugPrivilege"]["UnknownNames"].cause is Cause.ACCESS_DENIED
    assert not gaps["SeTcbPrivilege"]


def test_unknown_names_may_be_those_of_a_sid_whose_name_was_not_read():
    text = "[Privilege Rights]\nSeDebugPrivilege = ann\n"
    known = {"local_users": [{"Sid": "S-1-5-21-1-2-3-500", "Name": "Administrator"}]}
    known["local_groups"] = [{"Sid": "S-1-5-32-544", "Name": "Administrators"}]
    for lookup, status in (("notFound", None), ("timeout", Cause.UNDETERMINED), (None, Cause.UNDETERMINED)):
        sids = [{"Sid": ANN, "Name": None, "LookupError": lookup}]
        (record,) = secedit(text, sids=sids, **known).table("secedit_right").records
        assert getattr(record.gaps.get("UnknownNames"), "cause", None) is status


def test_a_section_that_is_missing_is_a_gap_and_a_line_is_a_fact():
    snapshot = secedit("[System Access]\nMaximumPasswordAge = -1\n[Event Audit]\n")
    settings = snapshot.table("secedit_setting")
    assert (cells(settings, "MaximumPasswordAge")["Number"], settings.gap) == (-1, None)
    assert snapshot.table("secedit_right").gap.cause is Cause.UNREADABLE
    assert snapshot.table("secedit_registry").gap is not None


def test_a_line_that_stands_twice_with_other_values_is_unreadable():
    table = secedit("[Privilege Rights]\nSeTcbPrivilege = *S-1-5-18\nSeTcbPrivilege = *S-1-1-0\n").table(
        "secedit_right"
    )
    (record,) = table.records
    assert (record.cells["Right"], set(record.gaps)) == ("SeTcbPrivilege", {"Accounts", "Holders", "UnknownNames"})


def test_registry_values_stand_in_the_column_of_their_type():
    text = '[Registry Values]\nMACHINE\\A\\N=4,3\nMACHINE\\A\\T=1,"x"\nMACHINE\\A\\L=7,a,b\nMACHINE\\A\\B=3,1,ff\n'
    table = secedit(text).table("secedit_registry")
    found = [(record.cells["IntValue"], record.cells["TextValue"]) for record in table.records]
    assert found == [(3, None), (None, "x"), (None, None), (None, None)]
    assert cells(table, "MACHINE\\A\\L")["ListValue"] == ["a", "b"]
    assert cells(table, "MACHINE\\A\\B")["HexValue"] == "hex:01ff"


def test_subcategories_by_guid_with_gaps_for_numbers_that_are_missing():
    text = (
        "Computer,Ziel,Unterkategorie,GUID,Ein,Aus,Wert\r\n"
        "HV01,System,Anmelden,{0CCE9215-69AE-11D9-BED3-505054503030},Erfolg,,3\r\n"
        "HV01,System,Abmelden,{0CCE9216-69AE-11D9-BED3-505054503030},Erfolg,\r\n"
    )
    table = host(raw={AUDIT: text.encode("utf-8-sig")}).table("audit_policy")
    assert cells(table, "0cce9215-69ae-11d9-bed3-505054503030")["Setting"] == 3
    assert [set(record.gaps) for record in table.records] == [set(), {"Setting"}]


def test_what_was_not_collected_is_a_gap_and_what_is_no_policy_is_unreadable():
    assert host().table("secedit_right").gap.cause is Cause.NOT_COLLECTED
    assert host(secedit=failed("accessDenied")).table("secedit_right").gap.cause is Cause.ACCESS_DENIED
    assert secedit("hello").table("secedit_setting").gap.cause is Cause.UNREADABLE
    assert host(raw={AUDIT: b"\x00"}).table("audit_policy").gap.cause is Cause.UNREADABLE
    assert host(secedit=absent()).table("secedit_right").absent == "featureAbsent"
