import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshot_tool.hyperv.dumps import guids, owner, parts, reference

GUID = "5B7C2E10-9A3D-4C6F-8D21-1E0F9A8B7C61"


def test_a_reference_has_a_class_and_keys_in_any_order() -> None:
    found = reference(
        f'\\\\HV01\\root\\virtualization\\v2:Msvm_VirtualEthernetSwitch.Name="{GUID}",CreationClassName="x"'
    )
    assert found is not None
    assert (found.class_name, found.keys["name"]) == ("Msvm_VirtualEthernetSwitch", GUID)


def test_host_and_namespace_of_a_reference_may_be_missing() -> None:
    found = reference('Msvm_ComputerSystem.CreationClassName="Msvm_ComputerSystem",Name="HV01"')
    assert found is not None
    assert found.keys == {"creationclassname": "Msvm_ComputerSystem", "name": "HV01"}


def test_a_value_of_a_reference_is_unescaped_once() -> None:
    found = reference(r'A.InstanceID="Microsoft:X\\dev\\0",Name="a \"quoted\" name"')
    assert found is not None
    assert found.keys == {"instanceid": r"Microsoft:X\dev\0", "name": 'a "quoted" name'}


@pytest.mark.parametrize(
    "text",
    [r"D:\VMs\a.vhdx", r"\\server\share\a.b.vhdx", "", 'A.B="open', 'A.B="a"junk', '.B="a"', None, 5, [], r"\\.\D:"],
)
def test_what_is_no_reference_is_none(text: object) -> None:
    assert reference(text) is None


@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z_]\w{0,8}", fullmatch=True).filter(str.isascii),
        st.text(max_size=12),
        min_size=1,
        max_size=4,
    )
)
def test_every_reference_that_windows_can_write_is_read_back(keys: dict[str, str]) -> None:
    folded = {name.lower(): value for name, value in keys.items()}
    quoted = ",".join(
        name + '="' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for name, value in folded.items()
    )
    found = reference(f"\\\\HV01\\root\\virtualization\\v2:Msvm_X.{quoted}")
    assert found is not None
    assert found.keys == folded


@given(st.text(max_size=60))
def test_any_text_is_a_reference_or_none(text: str) -> None:
    reference(text)
    owner(text)
    guids(text)
    parts(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"Microsoft:{GUID}", GUID.lower()),
        (f"microsoft:{GUID.lower()}\\83F8638B\\0", GUID.lower()),
        ("Microsoft:Definition\\EDD10CCE-0000-4B7C-9E0A-000000000001\\Default", None),
        ("Microsoft:HV01\\HVR", None),
        (f"Microsoft:{GUID}x", None),
        (GUID, None),
        (None, None),
    ],
)
def test_the_owner_is_the_guid_after_the_prefix(text: str | None, wanted: str | None) -> None:
    assert owner(text) == wanted
