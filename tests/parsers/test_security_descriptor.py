"""Binary security descriptors, conditions and resource attributes."""

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_data import real_folder
from security_strategies import CONDITIONS, descriptors, sids

from snapshot_tool.knowledge.sids import AliasResolver
from snapshot_tool.parsers.conditional_ace import (
    AceDataError,
    attribute_to_bytes,
    attribute_to_text,
    condition_to_bytes,
    condition_to_text,
)
from snapshot_tool.parsers.sddl import Acl, SddlError, parse_sddl, to_sddl
from snapshot_tool.parsers.security_descriptor import SecurityDescriptorError, parse_security_descriptor, to_bytes
from snapshot_tool.parsers.sid import SidError, sid_from_bytes, sid_to_bytes

# The machine of the vectors with LA and LG.
MACHINE = AliasResolver(machine_sid="S-1-5-21-2457507606-2709100691-398136650")


def test_a_descriptor_of_two_lists_is_read_from_its_bytes():
    data = bytes.fromhex(
        "010014b0"
        "00000000"
        "00000000"
        "14000000"
        "1c000000"
        "0200080000000000"
        "02001c0001000000"
        "00101400ff010f00010100000000000512000000"
    )
    descriptor = parse_security_descriptor(data)
    assert to_sddl(descriptor) == "D:P(A;ID;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;SY)S:P"
    assert to_bytes(descriptor) == data


def test_an_absent_list_has_the_present_bit_and_no_place():
    absent = bytes.fromhex("0100048000000000000000000000000000000000")
    assert parse_security_descriptor(absent).dacl == Acl(is_null=True)
    assert to_bytes(parse_sddl("D:NO_ACCESS_CONTROL")) == absent
    assert parse_security_descriptor(bytes.fromhex("0100008000000000000000000000000000000000")).dacl is None


def test_control_bits_that_text_cannot_say_are_kept():
    data = bytearray(to_bytes(parse_sddl("O:BAG:SYD:(A;;GA;;;BA)")))
    data[2] |= 0x03
    assert parse_security_descriptor(bytes(data)).extra_control == 0x03
    assert to_bytes(parse_security_descriptor(bytes(data))) == bytes(data)


def test_an_unreadable_condition_leaves_its_ace_standing():
    data = to_bytes(parse_sddl("D:(XA;;GA;;;WD;(a == 1))")).replace(b"artx", b"artz")
    (ace,) = parse_security_descriptor(data).dacl.aces
    assert ace.condition.startswith("#6172747a")
    assert to_bytes(parse_security_descriptor(data)) == data


def test_an_alias_without_its_sid_has_no_bytes():
    with pytest.raises(SecurityDescriptorError, match="DU"):
        to_bytes(parse_sddl("D:(A;;GA;;;DU)"))
    assert to_bytes(parse_sddl("D:(A;;GA;;;DU)"), AliasResolver(domain_sid="S-1-5-21-1-2-3")) == to_bytes(
        parse_sddl("D:(A;;GA;;;S-1-5-21-1-2-3-513)")
    )


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (
            '(@User.Title=="PM" && (@User.Division=="Finance" || a))',
            '((@USER.Title == "PM") && ((@USER.Division == "Finance") || (a)))',
        ),
        ("(@USER.A || @Device.B && @USER.C)", "((@USER.A) || ((@DEVICE.B) && (@USER.C)))"),
        ("(!(! (member_OF{SID(AA)})))", "(!(!(Member_of {SID(AA)})))"),
        ("(Member_of(SID(S-1-1-0)))", "(Member_of SID(WD))"),
        ("(a == ##1#2#3##)", "(a == #01020300)"),
        ("(@Device.n == -0x7fffffffffffffff)", "(@DEVICE.n == -0x7fffffffffffffff)"),
    ],
)
def test_a_condition_is_written_as_windows_writes_it(text, canonical):
    assert condition_to_text(condition_to_bytes(text)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "()",
        "(a == a)",
        "(a == 0x10000000000000000)",
        "(!Member_of{SID(BA)})",
        "(Member_of_AnySID(BA))",
        "(Member_of {SID(ernie)})",
        "(Member_of {SID(DU)})",
        "(a == 1",
        "(a == 1) ",
        "(a && )",
        "(" * 100 + "a" + ")" * 100,
        "(" + " && ".join("a" * 100) + ")",
    ],
)
def test_what_is_no_condition_is_refused(text):
    if text == "(a == 1) ":
        assert condition_to_bytes(text) == condition_to_bytes("(a == 1)")
        return
    with pytest.raises(SddlError):
        condition_to_bytes(text)


@given(descriptors(sids))
@settings(max_examples=150, deadline=None)
def test_what_is_put_into_bytes_reads_back(descriptor):
    assert parse_security_descriptor(to_bytes(descriptor)) == descriptor


@given(descriptors(sids))
@settings(max_examples=100, deadline=None)
def test_text_and_bytes_say_the_same(descriptor):
    assert to_bytes(parse_sddl(to_sddl(descriptor))) == to_bytes(descriptor)
    assert parse_sddl(to_sddl(descriptor)).control == int.from_bytes(to_bytes(descriptor)[2:4], "little")


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=120).map(lambda data: b"\1\0\4\x80" + data)))
@settings(max_examples=150, deadline=None)
def test_junk_bytes_raise_nothing_but_their_error(data):
    try:
        parse_security_descriptor(data)
    except SecurityDescriptorError:
        return


@given(descriptors(sids), st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_bytes_raise_nothing_but_their_error(descriptor, data):
    whole = bytearray(to_bytes(descriptor))
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = parse_security_descriptor(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    except SecurityDescriptorError:
        return
    # What could be read can also be told.
    assert parse_sddl(to_sddl(read)).dacl == read.dacl


@given(st.sampled_from(CONDITIONS), st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_conditions_raise_nothing_but_their_error(text, data):
    whole = bytearray(condition_to_bytes(text))
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        condition_to_bytes(condition_to_text(bytes(whole)))
    except AceDataError:
        return


@given(st.binary(max_size=80), st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_junk_behind_a_sid_raises_nothing_but_its_error(data, text):
    for read in (
        lambda: condition_to_text(b"artx" + data),
        lambda: attribute_to_text(data),
        lambda: sid_from_bytes(data),
    ):
        try:
            read()
        except (AceDataError, SidError):
            continue
    for write in (
        lambda: condition_to_bytes(f"({text})"),
        lambda: attribute_to_bytes(f'("n",TS,0,{text})'),
        lambda: sid_to_bytes(text),
    ):
        try:
            write()
        except (SddlError, SidError):
            continue


@given(sids)
@settings(max_examples=100, deadline=None)
def test_a_sid_reads_back_from_its_bytes(sid):
    data = sid_to_bytes(sid)
    assert sid_from_bytes(data) == (sid, len(data))


def test_windows_made_bytes_are_read_and_made_exactly():
    folder = real_folder("sddl")
    vectors = {
        text: bytes(octets)
        for path in sorted(folder.glob("*.json.gz"))
        for text, octets in json.loads(gzip.decompress(path.read_bytes())).items()
    }
    assert len(vectors) > 400
    assert [text for text, data in vectors.items() if to_sddl(parse_security_descriptor(data), MACHINE) != text] == []
    assert [text for text, data in vectors.items() if to_bytes(parse_sddl(text, MACHINE)) != data] == []


def test_conditions_of_windows_are_read_and_wrong_ones_refused():
    folder = real_folder("sddl")

    def lines(name):
        return [
            line.split(" -> ")
            for line in (folder / name).read_text(encoding="utf-8").splitlines()
            if line.strip() and not line.startswith("#")
        ]

    right = lines("data__conditional_aces.txt")
    wrong = lines("data__conditional_aces_should_fail.txt")
    assert [to_sddl(parse_security_descriptor(to_bytes(parse_sddl(text)))) for text, *_ in right] == [
        pair[-1] for pair in right
    ]
    for text, *_ in wrong:
        with pytest.raises(ValueError, match="no binary form"):
            to_bytes(parse_sddl(text))
