"""SDDL text and back."""

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_data import real_folder
from security_strategies import descriptors

from snapshot_tool.knowledge.sids import AliasResolver
from snapshot_tool.parsers.sddl import AceType, Acl, SddlError, SecurityDescriptor, parse_sddl, to_sddl

HOST = AliasResolver("S-1-5-21-11-12-13", "S-1-5-21-21-22-23", "S-1-5-21-31-32-33")

pairs_of_windows = [
    ("D:(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;SY)", "D:(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;SY)"),
    ("D:(A;;0x1f01ff;;;BA)", "D:(A;;FA;;;BA)"),
    ("D:(A;;FAGX;;;SY)", "D:(A;;0x201f01ff;;;SY)"),
    ("D:(A;;01234567;;;WD)", "D:(A;;0x53977;;;WD)"),
    ("D:(A;;16;;;WD)", "D:(A;;RP;;;WD)"),
    ("D:AI(A;CI;RP LCLO  RC;;;AU)", "D:AI(A;CI;LCRPLORC;;;AU)"),
    ("D:AIPAR(A;;GA;;;SY)", "D:PARAI(A;;GA;;;SY)"),
    ("S:D:P", "D:PS:"),
    ("O:S-1-2-0x200D:", "O:S-1-2-512D:"),
    ("O:S-1-21474836480-32D:", "O:S-1-0x500000000-32D:"),
    ("d:(a;oici;ga;;;wd)", "D:(A;OICI;GA;;;WD)"),
]


@pytest.mark.parametrize(("text", "canonical"), pairs_of_windows)
def test_what_windows_reads_is_written_as_windows_writes_it(text, canonical):
    assert to_sddl(parse_sddl(text)) == canonical


def test_every_part_of_an_ace_is_read():
    descriptor = parse_sddl(
        "O:BAG:SYD:PAI(D;OICIIO;0x301de;;;IU)(OA;CIID;RP;4C164200-20c0-11d0-a768-00aa006e0529;;S-1-5-32-545)S:(AU;SAFA;SD;;;WD)"
    )
    deny, allow = descriptor.dacl.aces
    assert (descriptor.owner, descriptor.group) == ("S-1-5-32-544", "S-1-5-18")
    assert (descriptor.dacl.protected, descriptor.dacl.auto_inherited, descriptor.dacl.auto_inherit_requested) == (
        True,
        True,
        False,
    )
    assert (deny.type, deny.flags, deny.mask, deny.trustee) == (AceType.DENY, 0x0B, 0x301DE, "S-1-5-4")
    assert (deny.inherit_only, deny.inherited, allow.inherit_only, allow.inherited) == (True, False, False, True)
    assert (allow.object_type, allow.inherited_object_type) == ("4c164200-20c0-11d0-a768-00aa006e0529", None)
    assert descriptor.sacl.aces[0].flags == 0xC0


def test_aliases_of_a_domain_need_its_sid():
    text = "O:LAG:DUD:(A;;FA;;;DA)(A;;FA;;;EA)(A;;FA;;;BU)"
    unknown = parse_sddl(text)
    known = parse_sddl(text, HOST)
    assert [unknown.owner, unknown.group, *(ace.trustee for ace in unknown.dacl.aces)] == [
        "LA",
        "DU",
        "DA",
        "EA",
        "S-1-5-32-545",
    ]
    assert [known.owner, known.group, *(ace.trustee for ace in known.dacl.aces)] == [
        "S-1-5-21-11-12-13-500",
        "S-1-5-21-21-22-23-513",
        "S-1-5-21-21-22-23-512",
        "S-1-5-21-31-32-33-519",
        "S-1-5-32-545",
    ]
    assert to_sddl(known, HOST) == text
    assert "S-1-5-21-21-22-23-512" in to_sddl(known)


def test_no_list_an_empty_list_and_no_such_part_differ():
    assert parse_sddl("O:BA").dacl is None
    assert parse_sddl("O:BAD:").dacl == Acl()
    assert parse_sddl("O:BAD:NO_ACCESS_CONTROL").dacl == Acl(is_null=True)
    assert to_sddl(parse_sddl("D:PNO_ACCESS_CONTROL")) == "D:PNO_ACCESS_CONTROL"
    assert parse_sddl("") == SecurityDescriptor()


def test_a_condition_may_hold_whatever_ends_an_ace_elsewhere():
    descriptor = parse_sddl(
        'D:(XA;;FR;;;WD;(@User.Title == "a);(D;;FA;;;WD)S:"))(A;;FR;;;BA)S:(RA;;;;;WD;("n",TS,0,")"))'
    )
    assert [ace.type for ace in descriptor.dacl.aces] == [AceType.CONDITIONAL_ALLOW, AceType.ALLOW]
    assert descriptor.dacl.aces[0].condition == '(@User.Title == "a);(D;;FA;;;WD)S:")'
    assert descriptor.sacl.aces[0].resource_attribute == '("n",TS,0,")")'


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("rubbish", 0),
        ("O:BAG:XXD:", 6),
        ("D:Q", 2),
        ("D:(A;;GA;;;SY", 2),
        ("D:(A;;GA;;SY)", 2),
        ("D:(Q;;GA;;;SY)", 3),
        ("D:(A;;GAXX;;;SY)", 8),
        ("D:(A;OIZZ;GA;;;SY)", 7),
        ("D:(A;;GA;;;S-1-5-4294967296)", 11),
        ("D:(A;;GA;4c164200;;SY)", 9),
        ("D:(OA;;GA;4c164200;;SY)", 10),
        ("D:(XA;;GA;;;SY)", 14),
        ("D:(A;;GA;;;SY;(a))", 14),
        ("D:(A;;GA;;;SY)x", 14),
        ("D:D:", 2),
        pytest.param(f"D:(A;;{'9' * 5000};;;SY)", 6, id="endless right"),
        pytest.param(f"O:{' ' * 5000}BA", 2, id="endless SID"),
        pytest.param("D:" + "(A;;;;;WD)" * 7000, 65536, id="endless list"),
        ("D:NO_ACCESS_CONTROL(A;;GA;;;SY)", 19),
    ],
)
def test_an_error_says_where(text, offset):
    with pytest.raises(SddlError) as refused:
        parse_sddl(text)
    assert refused.value.offset == offset


def test_numbers_are_capped_at_32_bits_and_may_be_negative():
    masks = [ace.mask for ace in parse_sddl(f"D:(A;;0x1ffffffff;;;WD)(A;;-1;;;WD)(A;;{'9' * 500};;;WD)").dacl.aces]
    assert masks == [0xFFFFFFFF] * 3


def offset_of_error(text):
    try:
        parse_sddl(text)
    except SddlError as error:
        return error.offset
    return 0


@given(descriptors(), st.sampled_from([None, AliasResolver(), HOST]))
@settings(max_examples=150, deadline=None)
def test_what_is_written_reads_back(descriptor, resolver):
    known = parse_sddl(to_sddl(descriptor, resolver), resolver or AliasResolver())
    assert known == parse_sddl(to_sddl(known, resolver), resolver or AliasResolver())
    if resolver is not HOST:
        assert known == descriptor


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_junk_raises_nothing_but_its_error(text):
    for junk in (text, f"D:({text})", f"D:(A;;{text};;;WD)", f"O:{text}D:(XA;;;;;WD;({text}))"):
        assert 0 <= offset_of_error(junk) <= len(junk)


@given(descriptors(), st.data())
@settings(max_examples=100, deadline=None)
def test_damaged_text_raises_nothing_but_its_error(descriptor, data):
    text = to_sddl(descriptor)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    try:
        parse_sddl(text[:start] + data.draw(st.text(alphabet='ASDX();:"-0', max_size=3)) + text[end:])
    except SddlError:
        return


def test_the_canonical_form_is_that_of_windows():
    folder = real_folder("sddl")
    pairs = [
        line.split(" -> ")
        for name in ("windows__canonical.txt", "windows__non_canonical.txt")
        for line in (folder / name).read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    assert len(pairs) > 60
    assert [to_sddl(parse_sddl(text)) for text, _ in pairs] == [canonical for _, canonical in pairs]


def test_text_that_windows_wrote_comes_back_unchanged():
    folder = real_folder("sddl")
    texts = [
        text for path in sorted(folder.glob("*.json.gz")) for text in json.loads(gzip.decompress(path.read_bytes()))
    ]
    assert len(texts) > 400
    assert [to_sddl(parse_sddl(text)) for text in texts] == texts
