"""The policy file: what it says arrives, every mistake is named, junk raises nothing but its error."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshot_tool.policy import Profile
from snapshot_tool.settings import SettingsError, parse_settings, read_settings

IDS = ["HV-SVC-013", "HV-FW-011"]
WHOLE = """
profile = "cis"

[management]
subnets = ["10.10.0.0/24", "fd00::/64"]

[[vm]]
id = "{8A2B6C10-45D1-4F7E-B1C3-5D90E7AA2B02}"
name = "DC01"
owner = "identity"
protection = "tier0"
tags = ["lab"]

[[off]]
check = "HV-FW-011"
reason = "jump host"

[[waiver]]
check = "hv-svc-013"
observed = "276b9c92aba8"
table = "services"
key = { Name = "Spooler" }
owner = "print team"
reason = "label printer"
expires = 2027-03-31
"""


def written(tmp_path, text):
    path = tmp_path / "policy.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def test_a_whole_file_arrives(tmp_path):
    settings = read_settings(written(tmp_path, WHOLE), IDS)
    assert settings.policy.profile is Profile.CIS
    assert [str(net) for net in settings.policy.management_subnets] == ["10.10.0.0/24", "fd00::/64"]
    assert settings.policy.tags_of("8A2B6C10-45D1-4F7E-B1C3-5D90E7AA2B02", "other").owner == "identity"
    assert settings.policy.tags_of("x", "dc01").protection == "tier0"
    assert settings.off == {"HV-FW-011": "jump host"}
    (waiver,) = settings.waivers
    assert (waiver.check, waiver.expires, waiver.key) == ("HV-SVC-013", date(2027, 3, 31), {"Name": "Spooler"})


def test_an_empty_file_and_a_byte_order_mark_are_fine(tmp_path):
    assert read_settings(written(tmp_path, ""), IDS).waivers == ()
    assert read_settings(written(tmp_path, b"\xef\xbb\xbf" + WHOLE.encode()), IDS).off


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('profile = "strict"', "profile must be one of"),
        ("[management]\nsubnets = ['10.0.0.0/33']", "[management]: subnets"),
        ("[management]\nsubnet = []", "[management]: subnet is not known here"),
        ("[[vm]]\nowner = 'x'", "[[vm]] number 1: needs id or name"),
        ("[[vm]]\nname='a'\n[[vm]]\nname='A'", "[[vm]] number 2: A is declared twice"),
        ("[[off]]\ncheck = 'HV-FW-999'\nreason = 'x'", "there is no check HV-FW-999"),
        ("[[off]]\ncheck = 'HV-FW-011'", "needs reason"),
        ("[[waiver]]\ncheck='HV-FW-011'\nobserved='zz'\nowner='o'\nreason='r'\nexpires=2027-01-01", "observed must be"),
        (
            "[[waiver]]\ncheck='HV-FW-011'\nobserved='276b9c92aba8'\nowner='o'\nreason='r'\nexpires='2027'",
            "expires must be",
        ),
        ("[waiver]\ncheck='x'", "must be written as [[waiver]]"),
        ("profile = ", "is no TOML"),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_each_mistake_is_told_with_its_place(tmp_path, text, told):
    with pytest.raises(SettingsError) as error:
        read_settings(written(tmp_path, text), IDS)
    assert told in str(error.value)


def test_all_mistakes_are_told_at_once(tmp_path):
    with pytest.raises(SettingsError) as error:
        read_settings(written(tmp_path, 'profile = "x"\nnonsense = 1\n[[vm]]'), IDS)
    assert len(str(error.value).splitlines()) == 3


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path / "none.toml", IDS)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["check", "key", "name", "x"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["profile", "management", "vm", "off", "waiver", "other"]), values))
def test_junk_raises_nothing_but_its_error(document):
    try:
        parse_settings(document, IDS)
    except SettingsError as error:
        assert str(error)
