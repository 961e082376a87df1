"""What security descriptors grant to whom."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from security_strategies import acls, masks, trustees

from snapshot_tool.cells import decoder
from snapshot_tool.knowledge import rights
from snapshot_tool.model.security import (
    ObjectKind,
    descriptor_of,
    folder_inherits,
    granted,
    granted_to_new_files,
    granted_to_new_folders,
    holding,
    inherited_from_root,
    low_privilege,
    low_privilege_grants,
    rights_text,
)
from snapshot_tool.model.security import (
    trustees as named,
)
from snapshot_tool.parsers.sddl import INHERIT_ONLY, Ace, AceType, Acl, SecurityDescriptor, parse_sddl
from snapshot_tool.parsers.security_descriptor import to_bytes
from snapshot_tool.snapshot import Column, Host, Origin, Record, Row, Snapshot, Table
from snapshot_tool.verdict import Cause, NotAssessed

EVERYONE, USERS, AUTHENTICATED, ADMINISTRATORS = "S-1-1-0", "S-1-5-32-545", "S-1-5-11", "S-1-5-32-544"
# The root of a freshly formatted data volume.
DATA_ROOT = parse_sddl(
    "O:BAG:SYD:(A;OICIIO;GA;;;CO)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;CI;LC;;;BU)(A;CIIO;DC;;;BU)(A;OICI;0x1200a9;;;BU)"
)
FOLDER_BELOW = parse_sddl(
    "O:BAG:SYD:AI(A;OICIIOID;GA;;;CO)(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;CIID;DCLC;;;BU)(A;OICIID;0x1200a9;;;BU)"
)


def rights_of(grants, sid):
    mask = 0
    for grant in grants:
        mask |= grant.mask if grant.sid == sid else 0
    return mask


def test_a_folder_on_a_stock_volume_lets_users_create_but_neither_replace_nor_modify():
    users = low_privilege_grants(FOLDER_BELOW, ObjectKind.FOLDER)
    assert {grant.sid for grant in users} == {USERS}
    assert holding(users, rights.CREATE)
    assert not holding(users, rights.REPLACE)
    assert not holding(low_privilege(granted_to_new_files(FOLDER_BELOW)), rights.MODIFY)
    assert holding(low_privilege(granted_to_new_files(FOLDER_BELOW)), rights.READ)
    assert holding(low_privilege(granted_to_new_folders(FOLDER_BELOW)), rights.CREATE)


def test_the_root_itself_lets_users_create_folders_only():
    assert rights_of(granted(DATA_ROOT, ObjectKind.FOLDER), USERS) & rights.CREATE == rights.FILE_ADD_SUBDIRECTORY
    assert not low_privilege_grants(DATA_ROOT, ObjectKind.FOLDER, rights.PLANT)


def test_create_of_a_folder_comes_from_the_root_unless_something_breaks_the_chain():
    (create,) = low_privilege_grants(FOLDER_BELOW, ObjectKind.FOLDER, rights.CREATE)
    protected = parse_sddl("D:P(A;OICI;FA;;;BA)")
    assert inherited_from_root(create, rights.CREATE, DATA_ROOT)
    assert inherited_from_root(create, rights.CREATE, DATA_ROOT, [FOLDER_BELOW])
    assert not inherited_from_root(create, rights.CREATE, DATA_ROOT, [protected])
    assert not inherited_from_root(create, rights.CREATE, parse_sddl("D:(A;OICI;FA;;;BA)(A;CI;LC;;;BU)"))
    assert not inherited_from_root(create, rights.CREATE, parse_sddl("D:(A;CI;DCLC;;;AU)"))
    (explicit,) = low_privilege_grants(parse_sddl("D:(A;CI;DCLC;;;BU)"), ObjectKind.FOLDER, rights.CREATE)
    assert not inherited_from_root(explicit, rights.CREATE, DATA_ROOT)
    assert folder_inherits([FOLDER_BELOW])
    assert not folder_inherits([FOLDER_BELOW, protected])


def test_a_denial_counts_for_what_comes_after_it_and_for_whom_it_surely_meets():
    def users_may(text):
        return rights_of(granted(parse_sddl(text), ObjectKind.FILE), USERS)

    assert users_may("D:(D;;FW;;;BU)(A;;FA;;;BU)") == rights.FILE_ALL_ACCESS & ~rights.FILE_GENERIC_WRITE
    assert users_may("D:(A;;FA;;;BU)(D;;FA;;;BU)") == rights.FILE_ALL_ACCESS
    assert users_may("D:(D;;FA;;;WD)(A;;FA;;;BU)") == 0
    assert users_may("D:(D;;GA;;;WD)(A;;GA;;;BU)") == 0
    assert users_may("D:(D;;FA;;;AU)(A;;FA;;;BU)") == rights.FILE_ALL_ACCESS
    assert users_may("D:(D;IO;FA;;;BU)(A;;FA;;;BU)") == rights.FILE_ALL_ACCESS
    assert users_may("D:(XD;;FA;;;BU;(a == 1))(A;;FA;;;BU)") == rights.FILE_ALL_ACCESS
    assert granted(parse_sddl("D:(D;;FA;;;AU)(A;;FA;;;DU)(A;;FA;;;S-1-5-21-1-2-3-515)"), ObjectKind.FILE) == ()
    assert len(granted(parse_sddl("D:(D;;FA;;;WD)(A;;FA;;;AN)"), ObjectKind.FILE)) == 1


def test_an_absent_list_gives_everyone_everything_and_an_empty_one_nobody_anything():
    (everything,) = granted(parse_sddl("D:NO_ACCESS_CONTROL"), ObjectKind.SERVICE)
    assert (everything.sid, everything.mask, everything.ace_index) == (EVERYONE, rights.SERVICE_ALL_ACCESS, -1)
    assert holding(granted_to_new_files(parse_sddl("D:NO_ACCESS_CONTROL")), rights.MODIFY)
    assert granted(parse_sddl("D:"), ObjectKind.SERVICE) == ()


def test_a_descriptor_without_its_list_is_not_assessed():
    for ask in (lambda sd: granted(sd, ObjectKind.FILE), granted_to_new_files, granted_to_new_folders):
        with pytest.raises(NotAssessed) as missing:
            ask(parse_sddl("O:BAG:SY"))
        assert missing.value.gap.cause is Cause.UNDETERMINED


@pytest.mark.parametrize(
    ("kind", "mask"),
    [
        (ObjectKind.FILE, rights.FILE_ALL_ACCESS),
        (ObjectKind.SHARE, rights.FILE_ALL_ACCESS),
        (ObjectKind.KEY, rights.KEY_ALL_ACCESS),
        (ObjectKind.SERVICE, rights.SERVICE_ALL_ACCESS),
    ],
)
def test_generic_rights_mean_what_the_kind_of_object_says(kind, mask):
    (grant,) = granted(parse_sddl("D:(A;;GA;;;WD)"), kind)
    assert (grant.mask, grant.raw_mask) == (mask, rights.GENERIC_ALL)


def test_a_conditional_or_object_ace_may_grant():
    conditional, by_object, plain = granted(
        parse_sddl("D:(XA;;DC;;;WD;(a == 1))(OA;;WD;4c164200-20c0-11d0-a768-00aa006e0529;;BU)(A;;CC;;;BA)"),
        ObjectKind.SERVICE,
    )
    assert (conditional.conditional, by_object.conditional, plain.conditional) == (True, True, False)


def test_a_message_names_each_trustee_once():
    grants = granted(parse_sddl("D:(A;;FR;;;WD)(A;;FW;;;WD)(A;;FR;;;DU)"), ObjectKind.FILE)
    assert named(grants) == "Everyone (S-1-1-0), Domain Users (DU)"


def test_a_message_tells_rights_in_words():
    grants = granted(parse_sddl("D:(A;;FA;;;BA)(A;CI;DCLC;;;BU)(A;;WD;;;BU)"), ObjectKind.FOLDER)
    assert rights_text(grants, ObjectKind.FOLDER) == "full control"
    assert rights_text(grants[1:], ObjectKind.FOLDER) == "add files, add folders, change permissions"
    assert rights_text(grants[1:], ObjectKind.FOLDER, rights.REPLACE) == "change permissions"
    (grant,) = granted(parse_sddl("D:(A;;DCWO;;;BU)"), ObjectKind.SERVICE)
    assert rights_text([grant], ObjectKind.SERVICE) == "change configuration, take ownership"


@given(acls(), st.sampled_from(ObjectKind))
@settings(max_examples=100, deadline=None)
def test_nothing_is_granted_that_no_ace_allows(acl, kind):
    for grant in granted(SecurityDescriptor(dacl=acl), kind):
        assert grant.mask
        assert not grant.mask & 0xF0000000
        if grant.ace_index >= 0:
            ace = acl.aces[grant.ace_index]
            assert (ace.trustee, ace.mask, ace.type.allows, ace.inherit_only) == (
                grant.sid,
                grant.raw_mask,
                True,
                False,
            )
        else:
            assert acl.is_null


@given(acls(), trustees, masks, st.sampled_from(ObjectKind))
@settings(max_examples=100, deadline=None)
def test_a_denial_takes_away_and_never_gives(acl, trustee, mask, kind):
    denial = Ace(AceType.DENY, 0, mask, trustee)
    before = granted(SecurityDescriptor(dacl=acl), kind)
    after = granted(SecurityDescriptor(dacl=Acl((denial, *acl.aces), is_null=acl.is_null)), kind)
    by_index = {grant.ace_index: grant.mask for grant in before}
    shift = 0 if acl.is_null else 1
    for grant in after:
        assert not grant.mask & ~by_index[grant.ace_index - shift]
        if grant.sid == trustee and not acl.is_null:
            assert not grant.mask & mask & 0x0FFFFFFF
    last = granted(SecurityDescriptor(dacl=Acl((*acl.aces, denial), is_null=acl.is_null)), kind)
    assert last == before


@given(acls(), st.sampled_from(ObjectKind))
@settings(max_examples=80, deadline=None)
def test_inherit_only_aces_do_not_count_on_the_object(acl, kind):
    kept = Acl(tuple(ace for ace in acl.aces if not ace.flags & INHERIT_ONLY), is_null=acl.is_null)
    with_them = [(grant.sid, grant.mask) for grant in granted(SecurityDescriptor(dacl=acl), kind)]
    assert with_them == [(grant.sid, grant.mask) for grant in granted(SecurityDescriptor(dacl=kept), kind)]


class Thing(Row, table="things"):
    __slots__ = ()

    sddl: str | None
    binary: bytes


class Tables:
    """A snapshot of one row, and of `computer` with the domain's SID or without the table."""

    def __init__(self, sddl, binary, domain):
        self.tables = {
            "things": Table(
                "things",
                {"Sddl": Column("Sddl", decoder("sddl")), "Binary": Column("Binary", decoder("hex"))},
                [Record({"Sddl": sddl, "Binary": binary}, Origin("data/things.json", "rows[0]"))],
            ),
            "computer": Table(
                "computer",
                {name: Column(name, decoder("sid")) for name in ("MachineSid", "DomainSid", "ForestRootDomainSid")},
                [
                    Record(
                        {"MachineSid": None, "DomainSid": domain, "ForestRootDomainSid": None},
                        Origin("data/computer.json", "rows[0]"),
                    )
                ],
                single=True,
            ),
        }

    def table(self, name):
        return self.tables[name]


def thing(sddl=None, binary=None, domain=None):
    snapshot = Snapshot(Tables(sddl, binary, domain), Host())
    return snapshot, snapshot.rows(Thing).known[0]


def test_a_cell_becomes_a_descriptor_and_is_the_only_evidence():
    snapshot, row = thing("D:(A;;FA;;;DU)", domain="S-1-5-21-7-8-9")
    assert descriptor_of(row).dacl.aces[0].trustee == "S-1-5-21-7-8-9-513"
    assert [column for _, column, _ in snapshot.trace] == ["Sddl"]


def test_without_the_domain_an_alias_stays_and_counts_as_its_group():
    _, row = thing("D:(A;;FA;;;DU)")
    (grant,) = low_privilege_grants(descriptor_of(row), ObjectKind.FILE)
    assert grant.sid == "DU"


def test_a_binary_cell_becomes_a_descriptor():
    _, row = thing(binary="hex:" + to_bytes(parse_sddl("D:(A;;FA;;;BU)")).hex().upper())
    assert descriptor_of(row, "binary") == parse_sddl("D:(A;;FA;;;BU)")


@pytest.mark.parametrize(
    ("cells", "attribute", "cause"),
    [
        ({"sddl": "D:(A;;QQ;;;BU)"}, "sddl", Cause.UNREADABLE),
        ({"binary": "hex:0100"}, "binary", Cause.UNREADABLE),
        ({}, "sddl", Cause.UNDETERMINED),
    ],
)
def test_what_is_no_descriptor_is_a_gap(cells, attribute, cause):
    _, row = thing(**cells)
    with pytest.raises(NotAssessed) as missing:
        descriptor_of(row, attribute)
    assert missing.value.gap.cause is cause
    assert missing.value.gap.table == "things"
