"""VM configuration XML: any encoding gives the same tree, and what is no configuration is refused with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsers.vm_tree import ADAPTER, OFFLOAD, as_xml, generation_1, generation_2
from parsers.vmcx_writer import Vmcx
from real_data import real_folder

from snapshot_tool.parsers import vm_xml
from snapshot_tool.parsers.vm_configuration import Container, Kind, Unreadable, VMConfigurationError
from snapshot_tool.parsers.vm_xml import read_vm_xml
from snapshot_tool.parsers.vmcx import read_vmcx


def values(configuration):
    return sorted((path, key.value) for path, key in configuration.walk())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "utf-32"]
)
def test_every_encoding_gives_the_same_tree(encoding):
    tree = generation_2() | {"properties": {"name": "Größe €", "global_id": "x"}}
    found = read_vm_xml(as_xml(tree, encoding={"utf-8-sig": "utf-8"}.get(encoding, encoding)))
    assert found.root.find("properties/name").value == "Größe €"
    assert values(found) == values(read_vm_xml(as_xml(tree)))


@pytest.mark.parametrize("tree", [generation_1(), generation_2()], ids=["generation 1", "generation 2"])
def test_xml_and_container_hold_the_same_tree(tree):
    xml, container = read_vm_xml(as_xml(tree)), read_vmcx(Vmcx(tree).build())
    assert values(xml) == values(container)
    assert (xml.kind, xml.container) == (Kind.VM, Container.XML)
    assert (container.kind, container.container) == (Kind.VM, Container.VMCX)
    assert "CANARY" not in repr(xml)


def leaf(text, kind, path="settings/processors/count"):
    *nodes, name = path.split("/")
    inner = f'<{name} type="{kind}">{text}</{name}>'
    for node in reversed(["configuration", *nodes]):
        inner = f"<{node}>{inner}</{node}>"
    head, tail = inner.split("<configuration>")[1], "<properties><name type='string'>a</name></properties>"
    return read_vm_xml(f"<configuration>\n{tail}\n{head}".encode()).root.find(path)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("-9223372036854775808", "integer", -(2**63)),
        (" 18446744073709551615\r\n", "Integer", 2**64 - 1),
        ("True", "bool", True),
        ("false", "bool", False),
        ("", "string", ""),
        (" a &amp; b ", "string", " a & b "),
    ],
)
def test_values_have_their_type(text, kind, value):
    found = leaf(text, kind).value
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("", "integer", "no whole number"),
        ("1.5", "integer", "no whole number"),
        ("18446744073709551616", "integer", "no whole number"),
        ("٣", "integer", "no whole number"),
        ("1", "bool", "neither True nor False"),
        ("1", "double", "type 'double'"),
        ("<x/>", "integer", "keys below it"),
        ("x" * (2**20 + 1), "string", "at most 1,048,576"),
    ],
)
def test_a_value_that_has_not_its_form_is_kept_as_unreadable(text, kind, reason):
    key = leaf(text, kind)
    assert isinstance(key.value, Unreadable)
    assert reason in key.value.reason
    assert key.place == 3


def test_broken_base64_is_unreadable():
    path = f"_{ADAPTER}_/Connection/Feature_{OFFLOAD}/Setting_{ADAPTER}/Data"
    assert leaf("AAA\r\nA", "bytes", path).value == bytes(3)
    assert isinstance(leaf("AAAA=A", "bytes", path).value, Unreadable)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"<configuration>\n<a></configuration>", "line 2"),
        (b"<!DOCTYPE configuration []><configuration/>", "document type"),
        (b"<AzAdminManager/>", "root key is 'AzAdminManager'"),
        (b'<configuration xmlns="urn:x"/>', "root key is"),
        (b"<a>" * 70 + b"</a>" * 70, "deeper than 64"),
        (b"", "line 1"),
        (b"<configuration>\xff</configuration>", "line 1"),
        (b"<configuration>" + b"<a/>" * 200_000 + b"</configuration>", "more than 200,000 keys"),
        (b" " * (vm_xml.MAX_BYTES + 1), "at most 8,388,608"),
    ],
)
def test_what_is_no_configuration_is_refused_with_its_place(document, reason):
    with pytest.raises(VMConfigurationError, match=reason):
        read_vm_xml(document)


DOCUMENT = as_xml(generation_1())


def _paths(data):
    return sorted(path for path, _ in read_vm_xml(data).walk())


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(DOCUMENT) - 1), st.binary(min_size=1, max_size=4))
def test_damage_is_refused_with_its_line_or_leaves_a_readable_tree(at, new):
    damaged = DOCUMENT[:at] + new + DOCUMENT[at + len(new) :]
    try:
        found = _paths(damaged)
    except VMConfigurationError as error:
        assert str(error)
    else:
        # Without checksums a changed letter may be another name; no key is lost.
        assert len(found) == len(_paths(DOCUMENT))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, len(DOCUMENT) - 1))
def test_a_document_that_is_cut_short_is_refused(size):
    with pytest.raises(VMConfigurationError, match="line"):
        read_vm_xml(DOCUMENT[:size])


def test_the_real_file_holds_what_windows_wrote():
    file = real_folder("vmconfig") / "B90AC31B-C6F8-479F-9B91-07B894A6A3F6.xml"
    found = read_vm_xml(file.read_bytes())
    assert (found.kind, found.container) == (Kind.VM, Container.XML)
    root = found.root
    assert root.find("properties/global_id").value == "B90AC31B-C6F8-479F-9B91-07B894A6A3F6"
    assert root.find("properties/version").value == 1280
    assert found.place(root.find("properties/version")) == "line 379"
    drive = root.find("_83f8638b-8dca-4152-9eda-2ca8b33039b4_/controller0/drive0")
    assert {key.name: key.value for key in drive.children} == {
        "iops_limit": 0,
        "iops_reservation": 0,
        "pathname": "C:\\Disks\\Default Generation 1.vhdx",
        "persistent_reservations_supported": False,
        "type": "VHD",
        "weight": None,
    }
    assert [len(device.children) for device in root.find("global_settings/metrics").named("devicetype")] == [2, 2, 2]
