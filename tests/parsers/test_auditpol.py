"""auditpol backups: by position and number, whatever the language; a missing number is never zero."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_data import real_folder

from snapshot_tool.parsers.auditpol import MAX_BYTES, AuditpolError, AuditSetting, parse_auditpol

LOGON = "{0CCE9215-69AE-11D9-BED3-505054503030}"
LOGOFF = "{0CCE9216-69AE-11D9-BED3-505054503030}"
# Synthetic: the layout of a backup with a German header.
HEADER = "Computername,Richtlinienziel,Unterkategorie,GUID der Unterkategorie,Aufnahmeeinstellung,Ausschlusseinstellung,Wert\r\n"
BACKUP = (
    HEADER
    + f"HV01,System,Anmelden,{LOGON},Erfolg und Fehler,,3\r\n"
    + f'HV01,System,"Abmelden, größer",{LOGOFF},Keine Überwachung,,0\r\n'
    + f"HV01,S-1-5-21-1-2-3-500,Anmelden,{LOGON},Keine Überwachung,Keine Überwachung,0\r\n"
    + "HV01,,Option:CrashOnAuditFail,,Deaktiviert,,0\r\n"
    + "HV01,,FileGlobalSacl,,,,\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850"])
def test_a_backup_is_read_in_every_encoding(encoding):
    policy = parse_auditpol(BACKUP.encode(encoding))
    assert policy.get(LOGON).setting == AuditSetting.SUCCESS | AuditSetting.FAILURE
    assert policy.get(LOGOFF.lower()).setting is AuditSetting.NONE
    assert policy.get(LOGOFF).line == 3
    assert policy.get("{0CCE9217-69AE-11D9-BED3-505054503030}") is None
    assert (policy.option_rows, policy.user_rows) == (2, 1)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (f"HV01,System,x,{LOGON},Success,", "line 2: the number in column 7 is missing"),
        (f"HV01,System,x,{LOGON},Success,,", "line 2: the number in column 7 is missing"),
        (f"HV01,System,x,{LOGON},Success,,4", "line 2: the number in column 7 is '4'"),
        (f"HV01,System,a,b,{LOGON},Success,,1", "line 2: the subcategory GUID is not in column 4"),
        (f"HV01,System,x,{LOGON},,,1\nHV01,System,x,{LOGON},,,2", "line 3: the subcategory stands twice"),
    ],
)
def test_a_subcategory_without_one_clear_number_is_unreadable_and_costs_nothing_else(row, what):
    policy = parse_auditpol(f"{HEADER.strip()}\n{row}\nHV01,System,y,{LOGOFF},,,1\n".encode())
    with pytest.raises(AuditpolError, match=what):
        policy.get(LOGON)
    assert policy.get(LOGOFF).setting is AuditSetting.SUCCESS


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "no row"),
        (HEADER.encode(), "no row"),
        (f"a,b,c,d,e,f\nHV01,System,x,{LOGON},Success,\n".encode(), "column 7 is missing"),
        (b"\xff\xfea", "is no utf-16"),
        (b"," * (MAX_BYTES + 1), "at most"),
    ],
)
def test_what_is_no_backup_is_refused_in_one_line(data, what):
    with pytest.raises(AuditpolError, match=what):
        parse_auditpol(data)


def test_a_stray_quote_costs_its_row_only():
    policy = parse_auditpol(f'{HEADER}HV01,System,"x,{LOGON},,,1\r\nHV01,System,y,{LOGOFF},,,2\r\n'.encode())
    assert policy.get(LOGOFF).setting is AuditSetting.FAILURE
    with pytest.raises(AuditpolError, match="not in column 4"):
        policy.get(LOGON)


CELLS = st.sampled_from(["HV01", "System", "S-1-5-18", LOGON, LOGOFF, "0", "3", "", '"', "x", "\x00", "é"])


@given(
    st.one_of(
        st.binary(max_size=100),
        st.lists(st.lists(CELLS, max_size=8).map(",".join), max_size=6).map(lambda rows: "\n".join(rows).encode()),
    )
)
@settings(max_examples=80)
def test_junk_raises_nothing_but_auditpol_errors(data):
    try:
        policy = parse_auditpol(data)
    except AuditpolError as error:
        message = str(error)
        assert message
        return
    assert not policy.subcategories.keys() & policy.unreadable.keys()


def test_a_real_file_of_six_columns_is_refused():
    data = (real_folder("secpol") / "auditpol.txt").read_bytes()
    with pytest.raises(AuditpolError, match="line 2: the number in column 7 is missing"):
        parse_auditpol(data)
