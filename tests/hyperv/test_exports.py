"""Exports of the cmdlets, made up after the forms that PowerShell writes."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot_tool.hyperv.exports import ExportError, read_export

VM: dict[str, Any] = {
    "Id": "11111111-AAAA-4000-8000-000000000001",
    "VMId": "11111111-AAAA-4000-8000-000000000001",
    "Name": "web",
    "VMName": "web",
    "State": 2,
    "Generation": 2,
    "Version": "9.0",
    "AutomaticStartAction": 4,
    "AutomaticStopAction": 3,
    "LockOnDisconnect": 1,
    "Uptime": {"Ticks": 615000000, "TotalSeconds": 61.5},
    "CreationTime": "/Date(1710148447000)/",
    "IntegrationServicesState": "Aktuell",
    "MemoryDemand": 0,
    "MemoryStartup": 4294967296,
    "DynamicMemoryEnabled": False,
    "ProcessorCount": 4,
    "IsClustered": False,
}


def cells(tables: dict[str, Any], name: str) -> dict[str, Any]:
    [record] = tables[name].records
    return dict(record.cells)


def test_json_of_get_vm_gives_machines_memory_and_processors() -> None:
    tables = read_export(json.dumps([VM]).encode("utf-16"), "vms.json")
    vm = cells(tables, "vm")
    assert (vm["Id"], vm["State"], vm["AutomaticStopAction"]) == (VM["Id"].lower(), "Running", "Save")
    assert (vm["Uptime"], vm["CreationTime"], vm["MemoryDemand"]) == (61, "2024-03-11T09:14:07.000Z", None)
    assert cells(tables, "vm_memory")["Startup"] == 4294967296
    assert cells(tables, "vm_processor")["Count"] == 4


def test_on_is_zero_and_off_is_one_in_the_enum_of_powershell() -> None:
    assert cells(read_export(json.dumps(VM).encode(), "vm.json"), "vm")["LockOnDisconnect"] == "Off"


def test_what_an_export_does_not_hold_is_a_gap_and_no_default() -> None:
    table = read_export(json.dumps(VM).encode(), "vm.json")["vm"]
    assert table.columns["AutomaticStartDelay"].gap is not None
    # Localised text decides nothing.
    assert table.columns["IntegrationServicesState"].gap is not None


def test_a_cell_of_an_export_names_the_object_it_came_from() -> None:
    [record] = read_export(json.dumps([VM]).encode(), "vms.json")["vm"].records
    place = record.place("State")
    assert (place.file, place.path) == ("vms.json", "[0].State")


def test_notes_are_measured_and_not_kept() -> None:
    table = read_export(json.dumps({**VM, "Notes": "password: x"}).encode(), "vm.json")["vm"]
    assert table.records[0].cells["NotesLength"] == 11
    assert "password" not in str(table.records[0].cells)


def test_clixml_tells_types_and_enums() -> None:
    text = """<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0">
      <TN RefId="0"><T>Microsoft.HyperV.PowerShell.VMSwitch</T><T>System.Object</T></TN><ToString>LAN</ToString><Props>
      <S N="Name">L_x00e4_N</S><G N="Id">33333333-0000-4000-8000-000000000003</G><B N="AllowManagementOS">true</B>
      <Obj N="SwitchType" RefId="1"><TN RefId="1"><T>Microsoft.HyperV.PowerShell.VMSwitchType</T></TN><ToString>External</ToString><I32>2</I32></Obj>
      <Obj N="NetAdapterInterfaceDescriptions" RefId="2"><LST><S>Ethernet</S></LST></Obj></Props></Obj></Objs>"""
    switch = cells(read_export(text.encode(), "switch.xml"), "vswitch")
    assert (switch["Name"], switch["SwitchType"], switch["AllowManagementOS"]) == ("LäN", "External", True)
    assert switch["NetAdapterInterfaceDescriptions"] == ["Ethernet"]


def test_csv_gives_text_and_no_lists() -> None:
    text = (
        "#TYPE Microsoft.HyperV.PowerShell.HardDiskDrive\n"
        '"Path";"DiskNumber";"ControllerType";"ControllerNumber";"ControllerLocation";"Id";"VMId";"VMName"\n'
        '"D:\\a.vhdx";"";"SCSI";"0";"1";"Microsoft:x";"11111111-AAAA-4000-8000-000000000001";"web"\n'
    )
    disk = cells(read_export(text.encode(), "disks.csv"), "vm_hard_disk")
    assert (disk["Path"], disk["DiskNumber"], disk["ControllerType"], disk["ControllerLocation"]) == (
        "D:\\a.vhdx",
        None,
        "SCSI",
        1,
    )


def test_a_physical_disk_has_a_display_text_and_no_path() -> None:
    disk = {
        "Path": "Datenträger 3",
        "DiskNumber": 3,
        "ControllerLocation": 0,
        "ControllerType": 1,
        "ControllerNumber": 0,
        "Id": "x",
        "VMId": VM["Id"],
        "VMName": "web",
    }
    found = cells(read_export(json.dumps(disk).encode(), "disk.json"), "vm_hard_disk")
    assert (found["Path"], found["DiskNumber"]) == (None, 3)


def test_the_output_of_a_monitoring_template_is_recognised_as_foreign() -> None:
    with pytest.raises(ExportError, match="monitoring template"):
        read_export(b'[{"{#VM.NAME}": "web", "State": "2"}]', "lld.json")


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[1]", b"{}", b"<Objs", b"<x/>", b"\xff\xfe\x00", b"a,b\n1,2\n", b"<Objs/>"]
)
def test_what_is_no_export_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(ExportError) as refused:
        read_export(data, "x")
    assert "\n" not in str(refused.value)


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_export_or_refused(data: bytes) -> None:
    with contextlib.suppress(ExportError):
        read_export(data, "x")


@settings(max_examples=100)
@given(
    st.sampled_from(sorted(VM)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=3,
    ),
)
def test_any_value_is_a_cell_or_a_gap(name: str, value: Any) -> None:
    for table in read_export(json.dumps({**VM, name: value}).encode(), "x").values():
        for record in table.records:
            for column in table.columns.values():
                if record.cells[column.name] is not None:
                    column.decode(record.cells[column.name])


@pytest.mark.parametrize(
    ("junk", "why"),
    [
        (b'[{"Name": 1' + b"0" * 5000 + b"}]", "too many digits"),
        (b"[" * 100_000, "nested too deeply"),
        (b'[{"Name": }]', "line 1, column 11"),
    ],
)
def test_odd_json_is_refused_in_our_own_words(junk: bytes, why: str) -> None:
    with pytest.raises(ExportError, match=why):
        read_export(junk, "export.json")
