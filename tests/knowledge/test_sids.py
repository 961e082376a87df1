"""Well-known SIDs, aliases, virtual machines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshot_tool.knowledge import rights, sids
from snapshot_tool.knowledge.sids import (
    AliasResolver,
    Standing,
    display_name,
    is_low_privilege,
    standing,
    vm_guid,
    vm_sid,
)

low = [
    "S-1-1-0",
    "S-1-5-11",
    "S-1-5-4",
    "S-1-5-2",
    "S-1-5-3",
    "S-1-5-6",
    "S-1-5-7",
    "S-1-5-32-545",
    "S-1-5-32-546",
    "S-1-5-32-547",
    "S-1-15-2-1",
    "S-1-5-21-1-2-3-501",
    "S-1-5-21-1-2-3-513",
    "S-1-5-21-1-2-3-514",
    "S-1-5-21-1-2-3-515",
    "DU",
    "DG",
    "DC",
    "LG",
]
never_low = [
    "S-1-5-18",
    "S-1-5-19",
    "S-1-5-20",
    "S-1-5-32-544",
    "S-1-5-32-549",
    "S-1-5-32-551",
    "S-1-5-32-556",
    "S-1-5-32-578",
    sids.TRUSTED_INSTALLER,
    "S-1-5-80-1-2-3-4-5",
    "S-1-5-21-1-2-3-500",
    "S-1-5-21-1-2-3-512",
    "S-1-5-21-1-2-3-519",
    "S-1-3-0",
    "DA",
    "EA",
    "LA",
    "S-1-5-12",
    "S-1-5-33",
    "S-1-5-21-1-2-3-1104",
    "S-1-5-21-1-2-513",
    "S-1-5-21-1-2-3-4-513",
    "S-1-5-83-0",
    "S-1-12-1-1-2-3-4",
    "nonsense",
    "",
]


@pytest.mark.parametrize("trustee", low)
def test_everybody_and_ordinary_users_are_low_privileged(trustee):
    assert is_low_privilege(trustee)


@pytest.mark.parametrize("trustee", never_low)
def test_the_system_administrators_and_named_accounts_are_not(trustee):
    assert not is_low_privilege(trustee)


def test_what_the_table_does_not_know_is_to_be_reviewed():
    assert standing("S-1-5-21-1-2-3-1104") is Standing.OTHER
    assert standing("S-1-5-32-578") is Standing.TRUSTED
    assert standing("S-1-3-0") is Standing.PLACEHOLDER
    assert standing("S-1-16-4096") is Standing.LABEL


def test_names_are_english_and_carry_the_sid():
    assert display_name("S-1-5-32-545") == "BUILTIN\\Users (S-1-5-32-545)"
    assert display_name("S-1-5-21-1-2-3-513") == "Domain Users (S-1-5-21-1-2-3-513)"
    assert display_name("DU") == "Domain Users (DU)"
    assert display_name("S-1-5-21-1-2-3-1104") == "S-1-5-21-1-2-3-1104"
    assert display_name(sids.VM_GROUP).startswith("VM group")


def test_a_virtual_machine_and_its_sid():
    sid = "S-1-5-83-1-3655396106-1351506743-3915871121-3476744365"
    assert vm_sid("{D9E0EB0A-5B37-508E-9173-67E9ADE83ACF}") == sid
    assert vm_guid(sid) == "d9e0eb0a-5b37-508e-9173-67e9ade83acf"
    assert display_name(sid) == f"virtual machine d9e0eb0a-5b37-508e-9173-67e9ade83acf ({sid})"


@pytest.mark.parametrize(
    "sid", ["S-1-5-83-0", "S-1-5-83-1-1-2-3", "S-1-5-83-1-1-2-3-4294967296", "S-1-5-83-1-1-2-3-x", "S-1-5-18"]
)
def test_other_sids_are_no_virtual_machines(sid):
    assert vm_guid(sid) is None


@given(st.uuids())
def test_every_guid_has_its_own_sid(guid):
    assert vm_guid(vm_sid(str(guid))) == str(guid)


@given(st.text(max_size=40))
def test_any_text_has_a_standing_and_a_name(text):
    assert standing(text) in Standing
    assert text in display_name(text)


def test_every_alias_resolves_where_the_host_is_known():
    host = AliasResolver("S-1-5-21-1-1-1", "S-1-5-21-2-2-2", "S-1-5-21-3-3-3")
    for alias in sids.aliases():
        sid = host.sid(alias)
        assert sid is not None
        assert host.alias(sid) == alias
    assert host.sid("QQ") is None
    assert AliasResolver().sid("DU") is None
    assert AliasResolver().alias("S-1-5-21-2-2-2-513") is None


def test_an_alias_and_its_sid_have_the_same_standing():
    host = AliasResolver("S-1-5-21-1-1-1", "S-1-5-21-2-2-2", "S-1-5-21-3-3-3")
    assert [alias for alias in sids.aliases() if standing(alias) is not standing(host.sid(alias))] == []


def test_tables_name_their_source():
    assert len(sids.aliases()) == 68
    assert all(row.source and row.date for row in sids.well_known_sids().values())
    assert all(row.source and row.date for row in sids.aliases().values())


def test_generic_rights_become_specific_ones():
    assert rights.FILE_MAPPING.map(rights.GENERIC_ALL) == rights.FILE_ALL_ACCESS
    assert rights.FILE_MAPPING.map(rights.GENERIC_READ | rights.GENERIC_EXECUTE) == rights.FILE_READ_AND_EXECUTE
    assert rights.KEY_MAPPING.map(rights.GENERIC_WRITE) == rights.KEY_WRITE
    assert rights.SERVICE_MAPPING.map(rights.GENERIC_WRITE | 0x10) == rights.SERVICE_GENERIC_WRITE | 0x10
    assert rights.FILE_MAPPING.map(0x1301BF) == 0x1301BF
