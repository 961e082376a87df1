"""What access lists say together with those above them, and one answer per folder."""

import pytest
from hosts import FAIL, GAP, PASS, failed, host, partial
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot_tool.knowledge import rights
from snapshot_tool.model.filesystem import FileAcl, FileAclRoles, Folder, acls_above, acls_of, by_folder
from snapshot_tool.model.paths import folded_path
from snapshot_tool.verdict import NotAssessed, Severity, fail

STOCK_ROOT = "D:(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CIIO;DC;;;BU)"
STOCK_FOLDER = "D:AI(A;OICIID;FA;;;BA)(A;OICIID;0x1200a9;;;BU)(A;CIID;LC;;;BU)(A;CIID;DC;;;BU)"
CLOSED = "D:PAI(A;OICI;FA;;;BA)"


def row(path, *roles, sddl=STOCK_FOLDER, kind="dir"):
    return {"Path": path, "Kind": kind, "Roles": list(roles), "Exists": True, "Sddl": sddl}


ROOT = row("D:\\", "volumeRoot", sddl=STOCK_ROOT)


def acl(snapshot, path):
    return snapshot.find(FileAcl, folded_path=path)


def test_a_folder_knows_the_root_of_its_own_volume_and_the_folders_between():
    mounted = row("D:\\Mount", "volumeRoot")
    snapshot = host(
        acls=[ROOT, mounted, row("D:\\a", "parentDir"), row("D:\\a\\b", "vhdDir"), row("D:\\Mount\\c", "vhdDir")]
    )
    assert str(acl(snapshot, "d:\\a\\b").volume_root) == "D:\\"
    assert [str(folder) for folder in acl(snapshot, "d:\\a\\b").folders_above] == ["D:\\a"]
    assert str(acl(snapshot, "d:\\mount\\c").volume_root) == "D:\\Mount"
    assert acl(snapshot, "d:\\mount\\c").folders_above == ()


def test_only_an_inherited_entry_below_unprotected_folders_comes_from_the_root():
    def comes(sddl=STOCK_FOLDER, between=STOCK_FOLDER, root=STOCK_ROOT):
        rows = [ROOT | {"Sddl": root}, row("D:\\a", "parentDir", sddl=between), row("D:\\a\\b", "vhdDir", sddl=sddl)]
        folder = acl(host(acls=rows), "d:\\a\\b")
        return [folder.comes_from_root(grant, rights.CREATE) for grant in folder.low_grants(rights.CREATE)]

    assert comes() == [True, True]
    assert comes(between=CLOSED) == [False, False]
    assert comes(root=CLOSED) == [False, False]
    assert comes("D:(A;CI;DCLC;;;BU)") == [False]


def test_a_root_that_may_be_missing_is_no_answer():
    snapshot = host(acls=partial([ROOT, row("D:\\a", "vhdDir")]))
    with pytest.raises(NotAssessed):
        assert acl(snapshot, "d:\\a").volume_root


def test_roles_are_honest_about_rows_that_could_not_be_read():
    unread = row("D:\\b") | {"Roles": None, "_err": {"Roles": "accessDenied"}}
    rows = acls_of(
        host(acls=[row("D:\\a", "vhdDir", "parentDir"), unread]), FileAclRoles.VHD_DIR, FileAclRoles.PARENT_DIR
    )
    assert [str(found) for found in rows.known] == ["D:\\a"]
    with pytest.raises(NotAssessed):
        list(rows)
    nothing = acls_of(host(acls=[ROOT], services=failed()), FileAclRoles.SVC_BIN)
    with pytest.raises(NotAssessed):
        list(nothing)


def test_folders_above_are_those_of_the_given_objects_only():
    rows = [
        row("D:\\Apps", "parentDir"),
        row("D:\\Apps\\a", "parentDir", "svcDir"),
        row("D:\\VMs", "parentDir"),
        row("D:\\Apps\\a\\x.exe", "svcBin", kind="file"),
    ]
    snapshot = host(acls=rows, services=[])
    below = acls_of(snapshot, FileAclRoles.SVC_BIN)
    assert [str(found) for found in acls_above(snapshot, below, FileAclRoles.PARENT_DIR)] == ["D:\\Apps"]


def judged(*rows):
    def question(found):
        if "low" in found.path:
            return fail("Users may read", Severity.LOW)
        return fail("Users may write", Severity.HIGH) if found.low_grants(rights.MODIFY) else None

    snapshot = host(acls=list(rows))
    return by_folder(acls_of(snapshot, FileAclRoles.VHD), question, Severity.CRITICAL)


def test_one_answer_per_folder_tells_each_thing_once():
    first = [row(f"D:\\a\\low{number}", "vhd", kind="file") for number in range(3)]
    (answer,) = judged(*first)
    assert (answer.status, answer.severity, answer.subject) == (FAIL, Severity.LOW, Folder("D:\\a"))
    assert answer.message == "D:\\a: low0, low1, low2: Users may read"
    weak = row("D:\\A\\b", "vhd", kind="file", sddl="D:(A;;FW;;;BU)")
    (answer,) = judged(*first, weak)
    assert answer.severity is Severity.HIGH
    assert answer.message == "D:\\a: low0, low1, low2: Users may read; b: Users may write"


def test_what_could_not_be_read_makes_a_failure_no_smaller_and_never_a_pass():
    unread = row("D:\\a\\b", "vhd", kind="file") | {"Sddl": None, "_err": {"Sddl": "accessDenied"}}
    (answer,) = judged(row("D:\\a\\low", "vhd", kind="file"), unread)
    assert (answer.status, answer.severity) == (FAIL, Severity.CRITICAL)
    (answer,) = judged(row("D:\\a\\fine", "vhd", kind="file", sddl=CLOSED), unread)
    assert answer.status is GAP
    assert [found.status for found in judged(row("D:\\a\\fine", "vhd", kind="file", sddl=CLOSED))] == [PASS]
    nameless = row(None, "vhd", kind="file") | {"_err": {"Path": "accessDenied"}}
    assert sorted(found.status for found in judged(row("D:\\a\\low", "vhd", kind="file"), nameless)) == [GAP, FAIL]


def test_a_folder_as_a_subject_is_the_row_of_its_access_list():
    assert acl(host(acls=[ROOT]), "d:\\").folder == Folder("D:\\")
    root_file = row("D:\\x.vhdx", "vhd", kind="file")
    assert acl(host(acls=[root_file]), "d:\\x.vhdx").folder == Folder("D:\\")
    assert Folder("D:\\a").subject_key == {"Path": "D:\\a"}


PARTS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\\/%:*?"), min_size=1).map(str.strip), min_size=1
)


@settings(max_examples=60)
@given(PARTS)
def test_paths_compare_without_regard_to_case_prefix_and_slashes(parts):
    plain = "C:\\" + "\\".join(parts)
    folded = folded_path(host(), plain)
    assert folded_path(host(), folded) == folded
    assert folded_path(host(), "\\\\?\\" + plain) == folded
    assert folded_path(host(), plain.replace("\\", "/")) == folded
