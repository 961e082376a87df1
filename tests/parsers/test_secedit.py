"""secedit exports: sections, rights and registry values; what is missing differs from what is empty."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_data import real_folder

from snapshot_tool.parsers.secedit import MAX_BYTES, Account, RegistryKind, SeceditError, parse_secedit

# Synthetic: the form of an export, with a German account name.
EXPORT = """[Unicode]\r
Unicode=yes\r
[System Access]\r
MinimumPasswordLength = 14\r
MaximumPasswordAge = -1\r
NewAdministratorName = "Böser = Admin"\r
[Event Audit]\r
AuditSystemEvents = 3\r
[Registry Values]\r
MACHINE\\System\\A=4,1\r
MACHINE\\System\\B=1,"text, with = and comma"\r
MACHINE\\System\\C=7,first,sec"," ond,,\r
MACHINE\\System\\D=3,0,ff\r
MACHINE\\System\\E=9,1\r
MACHINE\\System\\F=4,many\r
[Privilege Rights]\r
SeTcbPrivilege =\r
SeBackupPrivilege = *S-1-5-32-544, *s-1-5-021-1-2-3-500,HOST\\Prüfer\r
; a comment\r
[Version]\r
signature="$CHICAGO$"\r
Revision=1\r
"""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
def test_an_export_is_read_in_every_encoding(encoding):
    policy = parse_secedit(EXPORT.encode(encoding))
    assert policy.names_certain
    assert not policy.defects
    assert policy.system_access.get("minimumpasswordlength").number == 14
    assert policy.system_access.get("MaximumPasswordAge").number == -1
    name = policy.system_access.get("NewAdministratorName")
    assert (name.text, name.number, name.line) == ("Böser = Admin", None, 6)
    assert policy.event_audit.get("AuditSystemEvents").number == 3
    assert policy.version.get("signature").text == "$CHICAGO$"


def test_registry_values_are_typed():
    values = parse_secedit(EXPORT.encode("utf-16")).registry_values
    assert {path[-1]: (value.kind, value.data) for path, value in values.entries.items()} == {
        "a": (RegistryKind.DWORD, 1),
        "b": (RegistryKind.SZ, "text, with = and comma"),
        "c": (RegistryKind.MULTI_SZ, ("first", "sec, ond")),
        "d": (RegistryKind.BINARY, b"\x00\xff"),
    }


@pytest.mark.parametrize(("name", "what"), [("E", "unknown type"), ("F", "is no number")])
def test_a_value_that_cannot_be_read_is_neither_absent_nor_zero(name, what):
    values = parse_secedit(EXPORT.encode("utf-16")).registry_values
    with pytest.raises(SeceditError, match=what):
        values.get(f"machine\\system\\{name}")


def test_rights_hold_sids_or_names():
    rights = parse_secedit(EXPORT.encode("utf-16")).privilege_rights
    backup = rights.get("SeBackupPrivilege")
    assert backup.accounts == (
        Account("S-1-5-32-544", None),
        Account("S-1-5-21-1-2-3-500", None),
        Account(None, "HOST\\Prüfer"),
    )
    assert (backup.sids, backup.unresolved) == (("S-1-5-32-544", "S-1-5-21-1-2-3-500"), ("HOST\\Prüfer",))


def test_a_right_of_nobody_a_missing_right_and_a_missing_section_are_three_things():
    policy = parse_secedit(EXPORT.encode("utf-16"))
    assert policy.privilege_rights.get("SeTcbPrivilege").accounts == ()
    assert policy.privilege_rights.get("SeDebugPrivilege") is None
    assert parse_secedit(b"[System Access]\nPasswordComplexity = 1\n").privilege_rights is None


def test_an_entry_that_stands_twice_with_other_values_is_unreadable():
    rights = parse_secedit(b"[Privilege Rights]\nA = *S-1-1-0\na =\nB = *S-1-1-0\nb = *S-1-1-0\n").privilege_rights
    with pytest.raises(SeceditError, match=r"line 3: .* twice"):
        rights.get("A")
    assert rights.get("B").sids == ("S-1-1-0",)


def test_names_in_an_unnamed_code_page_are_read_and_said_to_be_uncertain():
    policy = parse_secedit("[Privilege Rights]\nSeTcbPrivilege = Prüfer,*S-1-1-0\n".encode("cp850"))
    assert not policy.names_certain
    assert policy.privilege_rights.get("SeTcbPrivilege").sids == ("S-1-1-0",)


def test_lines_that_say_nothing_are_told_with_their_number():
    policy = parse_secedit(b'stray\n[System Access]\nno assignment\n[File Security]\n"c:\\x",2,"D:"\n')
    assert policy.defects == ("line 1 stands before any section", "line 3 in [system access] is no assignment")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "no section"),
        (b"[Other]\na=1\n", "no section"),
        (b"\xff\xfe[", "is no utf-16"),
        (b" " * (MAX_BYTES + 1), "at most"),
    ],
)
def test_what_is_no_security_policy_is_refused_in_one_line(data, what):
    with pytest.raises(SeceditError, match=what):
        parse_secedit(data)


PIECES = st.sampled_from(
    [
        "[Privilege Rights]",
        "[Registry Values]",
        "[System Access]",
        "a=4,1",
        "a=1,",
        "b =",
        "c=*S-1-,",
        "=",
        "\n",
        "\x85",
        '"',
        "7,",
        "é",
    ]
)


@given(st.one_of(st.binary(max_size=100), st.lists(PIECES, max_size=20).map(lambda parts: "\n".join(parts).encode())))
@settings(max_examples=80)
def test_junk_raises_nothing_but_secedit_errors(data):
    try:
        policy = parse_secedit(b"[Version]\n" + data)
    except SeceditError:
        return
    assert policy.version is not None


@given(
    st.dictionaries(
        st.from_regex(r"Se[A-Z][a-z]{1,8}Right", fullmatch=True), st.lists(st.integers(0, 2**32 - 1), max_size=4)
    )
)
@settings(max_examples=40)
def test_rights_come_back_as_written(rights):
    lines = [f"{name} = {','.join(f'*S-1-5-21-1-2-3-{rid}' for rid in rids)}" for name, rids in rights.items()]
    section = parse_secedit("\r\n".join(["[Privilege Rights]", *lines]).encode("utf-16")).privilege_rights
    for name, rids in rights.items():
        assert section.get(name).sids == tuple(f"S-1-5-21-1-2-3-{rid}" for rid in rids)


def test_a_template_of_a_real_group_policy_is_read_whole():
    policy = parse_secedit((real_folder("secpol") / "GptTmpl.inf").read_bytes())
    assert not policy.defects
    assert policy.event_audit is None
    assert policy.system_access.get("LockoutDuration").number == -1
    assert (
        policy.registry_values.get(r"MACHINE\System\CurrentControlSet\Control\Lsa\RestrictRemoteSAM").data
        == "O:BAG:BAD:(A;;RC;;;BA)"
    )
    assert not policy.registry_values.unreadable
    assert policy.privilege_rights.get("SeTcbPrivilege").accounts == ()
    assert policy.privilege_rights.get("SeImpersonatePrivilege").sids == (
        "S-1-5-32-544",
        "S-1-5-19",
        "S-1-5-20",
        "S-1-5-6",
    )


def test_a_real_export_with_names_that_did_not_resolve_is_read():
    policy = parse_secedit((real_folder("secpol") / "secedit-export.txt").read_bytes())
    assert policy.version is None
    assert policy.privilege_rights.get("SeServiceLogonRight").unresolved == ("DB2ADMNS", "db2admin")
    assert (
        policy.registry_values.get(
            r"MACHINE\Software\Microsoft\Windows NT\CurrentVersion\Winlogon\CachedLogonsCount"
        ).data
        == "10"
    )
