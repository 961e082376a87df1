"""VM configuration files as canonical tables: each column from its key, and nothing made up where a key is missing."""

import copy
import random
import struct
from typing import Any

import pytest
from parsers.vm_tree import (
    ADAPTER,
    LEGACY,
    OFFLOAD,
    SCSI,
    VM,
    adapter,
    as_xml,
    drive,
    generation_1,
    generation_2,
    manifest,
)
from parsers.vmcx_writer import Vmcx
from real_data import real_folder

from snapshot_tool.hyperv.configuration import ConfigurationFile, read_configuration, tables_of
from snapshot_tool.hyperv.tables import SCHEMAS
from snapshot_tool.parsers.vm_configuration import Kind, VMConfigurationError
from snapshot_tool.parsers.vm_xml import read_vm_xml
from snapshot_tool.parsers.vmcx import read_vmcx
from snapshot_tool.verdict import Cause, Gap

FILE = f"raw/vmconfig/{VM}.xml"
ID = VM.lower()


def tables(*trees, unread=None):
    """The tables of files with these trees, the first one in the member `FILE`."""
    files = [
        ConfigurationFile(FILE if number == 0 else f"raw/vmconfig/{number}.xml", read_vm_xml(as_xml(tree)))
        for number, tree in enumerate(trees)
    ]
    return tables_of(files, unread)


def rows(table):
    """The rows without VMId and VMName; gaps as a Gap in place of the value."""
    return [
        {
            name: record.gaps.get(name, value)
            for name, value in record.cells.items()
            if name not in ("VMId", "VMName") or name in record.gaps
        }
        for record in table.records
    ]


def row(table):
    (found,) = rows(table)
    return found


def changed(tree: dict[str, Any], path: str, value: Any = None) -> dict[str, Any]:
    """A copy with another value at a path; None takes the key away."""
    found = copy.deepcopy(tree)
    *nodes, name = path.split("/")
    node = found
    for each in nodes:
        node = node[each]
    if value is None:
        del node[name]
    else:
        node[name] = value
    return found


def test_a_vm_has_the_columns_of_its_configuration():
    assert row(tables(generation_2())["vm"]) == {
        "Id": ID,
        "Name": "db [bold]1",
        "TimeOfLastStateChange": "2023-02-17T11:25:58.660Z",
        "Generation": 2,
        "Version": "9.0",
        "CreationTime": "2021-08-22T21:41:00.717Z",
        "ConfigurationFile": FILE,
        "AutomaticStartAction": "Start",
        "AutomaticStopAction": "ShutDown",
        "AutomaticCriticalErrorAction": "Pause",
        "AutomaticCriticalErrorActionTimeout": 30,
        "CheckpointType": "ProductionOnly",
        "AutomaticCheckpointsEnabled": False,
        "NotesLength": 11,
        "NotesSha256": "51fae97d443fede767c9525b003b3cce5191561ab05053863150b00527968348",
        "NotesSuspicious": True,
        "LockOnDisconnect": "On",
        "GuestControlledCacheTypes": False,
        "AllowFullScsiCommandSet": False,
        "AllowReducedFcRedundancy": False,
        "IsClustered": True,
    }


def test_processor_memory_and_firmware_of_generation_2():
    found = tables(generation_2())
    assert row(found["vm_processor"]) == {
        "Count": 4,
        "Maximum": 75,
        "Reserve": 10,
        "RelativeWeight": 100,
        "CompatibilityForMigrationEnabled": True,
        "CompatibilityForOlderOperatingSystemsEnabled": False,
        "HwThreadCountPerCore": 2,
        "ExposeVirtualizationExtensions": True,
        "EnableHostResourceProtection": True,
        "EnablePerfmonPmu": True,
        "EnablePerfmonLbr": False,
        "EnablePerfmonPebs": False,
        "CpuGroupId": None,
        "HideHypervisorPresent": False,
    }
    assert row(found["vm_memory"]) == {
        "DynamicMemoryEnabled": True,
        "Startup": 2 * 2**30,
        "Minimum": 2**30,
        "Maximum": 8 * 2**30,
        "Buffer": 20,
        "Priority": 50,
        "MaximumPerNumaNode": 4096,
    }
    assert row(found["vm_firmware"]) == {
        "SecureBoot": "On",
        "SecureBootTemplateId": "1734c6e8-3154-4dda-ba5f-a874cc483422",
        "SecureBootTemplate": "MicrosoftWindows",
        "StartupOrder": None,
        "NumLockEnabled": True,
        "PreferredNetworkBootProtocol": "IPv6",
        "PauseAfterBootFailure": "On",
    }


def test_firmware_of_generation_1_has_a_startup_order_and_no_secure_boot():
    found = row(tables(generation_1())["vm_firmware"])
    assert found["StartupOrder"] == ["CD", "IDE", "LegacyNetworkAdapter", "Floppy"]
    assert found["SecureBoot"] is None


def test_scsi_controllers_are_numbered_by_their_guid_and_drives_follow():
    found = tables(generation_2())
    assert [(r["Id"], r["ControllerType"], r["ControllerNumber"]) for r in rows(found["vm_drive_controller"])] == [
        (f"Microsoft:{VM}\\{SCSI}1\\0", "SCSI", 0),
        (f"Microsoft:{VM}\\{SCSI}2\\0", "SCSI", 1),
    ]
    disks = [
        (r["ControllerNumber"], r["ControllerLocation"], r["Path"], r["MaximumIOPS"])
        for r in rows(found["vm_hard_disk"])
    ]
    assert disks == [(0, 3, "D:\\VMs\\system.vhdx", 500), (1, 0, "D:\\VMs\\log.vhdx", 0)]
    dvd = row(found["vm_dvd_drive"])
    assert (dvd["ControllerNumber"], dvd["ControllerLocation"], dvd["Path"], dvd["DvdMediaType"]) == (
        0,
        63,
        None,
        "None",
    )
    assert rows(found["vm_floppy_drive"]) == []


def test_ide_drives_floppy_and_ports_of_generation_1():
    found = tables(generation_1())
    disks = [
        (r["ControllerType"], r["ControllerLocation"], r["Path"], r["PassThrough"]) for r in rows(found["vm_hard_disk"])
    ]
    assert disks == [("IDE", 0, "C:\\a.vhd", False), ("IDE", 1, None, True)]
    assert row(found["vm_dvd_drive"])["DvdMediaType"] == "ISO"
    assert row(found["vm_floppy_drive"]) == {"Path": "C:\\f.vfd"}
    assert [(r["Number"], r["Path"]) for r in rows(found["vm_com_port"])] == [(1, "\\\\.\\pipe\\debug"), (2, None)]


def test_an_adapter_has_its_settings_and_the_defaults_of_its_port():
    found = tables(generation_2())
    (record,) = found["vm_network_adapter"].records
    cells = record.cells
    assert record.gaps == {}
    assert cells["Id"] == f"Microsoft:{VM}\\{ADAPTER}"
    assert (cells["MacAddress"], cells["DynamicMacAddressEnabled"]) == ("00155D01020A", True)
    assert (cells["Connected"], cells["IsLegacy"]) == (True, False)
    assert (cells["SwitchName"], cells["LastKnownSwitchName"], cells["PoolName"]) == (
        "5B7C0000-0000-4000-8000-000000000001",
        "LAN",
        None,
    )
    assert (cells["MacAddressSpoofing"], cells["PortMirroringMode"], cells["StormLimit"]) == ("Off", "None", 0)
    assert (cells["IPsecOffloadMaxSA"], cells["VmqWeight"], cells["IovWeight"]) == (512, 100, 50)
    assert row(found["vm_network_adapter_vlan"])["OperationMode"] == "Untagged"
    assert row(found["vm_network_adapter_isolation"])["IsolationMode"] == "None"
    assert record.place("IovWeight").path.endswith("/Setting_50D7CB38-1C3E-4B1B-86D5-831734003B01/Data")


def test_a_legacy_adapter_is_known_by_its_device():
    assert row(tables(generation_1())["vm_network_adapter"])["IsLegacy"] is True
    unknown = row(tables(changed(generation_1(), "manifest", manifest()))["vm_network_adapter"])
    assert isinstance(unknown["IsLegacy"], Gap)


@pytest.mark.parametrize(
    ("feature", "unreadable", "known"),
    [
        ("776E0BA7-94A1-41C8-8F28-951F524251B5", "MacAddressSpoofing", "MaximumBandwidth"),
        ("24AD3CE1-69BD-4978-B2AC-DAAD389D699C", "MaximumBandwidth", "MacAddressSpoofing"),
        ("FFFFFFFF-0000-4000-8000-000000000001", "MinimumBandwidthWeight", "RouterGuard"),
    ],
)
def test_a_port_feature_that_is_set_makes_its_columns_unreadable_and_no_others(feature, unreadable, known):
    path = f"_{ADAPTER}_/Connection/Features/Id"
    found = row(tables(changed(generation_2(), path, f"{OFFLOAD},{{{feature.lower()}}}"))["vm_network_adapter"])
    assert isinstance(found[unreadable], Gap)
    assert not isinstance(found[known], Gap)


def test_a_feature_node_counts_as_set_even_if_the_list_hides_it():
    tree = changed(generation_2(), f"_{ADAPTER}_/Connection/Feature_952C5004-4465-451C-8CB8-FA9AB382B773", {"Flags": 0})
    assert isinstance(row(tables(tree)["vm_network_adapter_vlan"])["OperationMode"], Gap)


def test_an_access_list_or_an_unknown_feature_is_a_gap_of_the_lists():
    found = tables(
        changed(generation_2(), f"_{ADAPTER}_/Connection/Features/Id", "998BEF4A-5D55-492A-9C43-8B2F5EAE9F2B")
    )
    assert found["vm_network_adapter_acl"].gap is not None
    assert found["vm_network_adapter_extended_acl"].gap is None
    found = tables(
        changed(generation_2(), f"_{ADAPTER}_/Connection/Features/Id", "FFFFFFFF-0000-4000-8000-000000000001")
    )
    assert found["vm_network_adapter_acl"].gap is None
    assert found["vm_network_adapter_extended_acl"].gap is not None
    assert isinstance(row(found["vm_network_adapter_isolation"])["IsolationMode"], Gap)


def test_integration_services_are_on_unless_their_key_says_off():
    found = {r["Name"]: r["Enabled"] for r in rows(tables(generation_2())["vm_integration_service"])}
    assert found == {"Heartbeat": True, "GuestServiceInterface": True}
    tree = changed(generation_2(), "_84eaae65-2f2e-45f5-9bb5-0e857dc8eb47_/Enabled", value=False)
    tree = changed(tree, "_6c09bb55-d683-4da0-8931-c9bf705f6480_/Enabled")
    found = {r["Name"]: r["Enabled"] for r in rows(tables(tree)["vm_integration_service"])}
    assert found == {"Heartbeat": False, "GuestServiceInterface": False}


def test_checkpoints_are_a_fact_only_if_there_are_none():
    found = tables(generation_2())
    assert (found["vm_checkpoint"].records, found["vm_checkpoint"].gap) == ([], None)
    gap = tables(changed(generation_2(), "global_settings/snapshots/list/size", 2))["vm_checkpoint"].gap
    assert "2 checkpoints" in gap.detail
    assert tables(changed(generation_2(), "global_settings/snapshots/list"))["vm_checkpoint_disk"].gap is not None


def test_a_setting_that_the_configuration_version_does_not_have_is_not_offered():
    found = tables(generation_1())
    assert found["vm"].columns["CheckpointType"].not_offered is False
    old = changed(generation_1(), "global_settings/snapshots/user_type")
    assert tables(old)["vm"].columns["CheckpointType"].not_offered is True
    assert tables(old)["vm_processor"].columns["ExposeVirtualizationExtensions"].not_offered is True
    new = changed(generation_2(), "global_settings/snapshots/user_type")
    gap = row(tables(new)["vm"])["CheckpointType"]
    assert gap.cause is Cause.UNSUPPORTED_SOURCE
    assert (
        gap.detail == f"{FILE}: /configuration/global_settings/snapshots/user_type: the configuration has no such key"
    )


def test_old_and_new_configurations_side_by_side_leave_gaps_for_the_old_one():
    old = changed(generation_1(), "properties/global_id", "0A1B2C3D-0000-4000-8000-000000000002")
    first, second = rows(tables(generation_2(), old)["vm"])
    assert first["AutomaticCriticalErrorAction"] == "Pause"
    assert "version 5.0 has no such setting" in second["AutomaticCriticalErrorAction"].detail


def test_ports_of_a_configuration_before_2012_are_not_offered():
    tree = changed(generation_1(), "properties/version", 512)
    tree = changed(tree, f"_{LEGACY}_/Connection")
    found = tables(tree)
    assert found["vm_network_adapter"].columns["MacAddressSpoofing"].not_offered is True
    for name in ("vlan", "isolation", "acl", "extended_acl"):
        assert found[f"vm_network_adapter_{name}"].not_offered is not None


@pytest.mark.parametrize(
    ("path", "value", "table"),
    [
        (f"_{SCSI}1_/controller0/drive3/type", "RAMDISK", "vm_hard_disk"),
        (f"_{SCSI}1_/controller0/drive3/type", None, "vm_hard_disk"),
        (f"_{SCSI}1_", None, "vm_hard_disk"),
        (f"_{ADAPTER}_", None, "vm_network_adapter"),
        (f"_{ADAPTER}_", None, "vm_network_adapter_acl"),
        ("manifest/vdev002/device", None, "vm_hard_disk"),
        ("manifest/vdev002/device", "no guid", "vm_network_adapter"),
        ("_99999999-0000-4000-8000-000000000001_", {"controller0": {"drive0": drive("x")}}, "vm_hard_disk"),
        (f"_{ADAPTER.lower()}_", adapter(), "vm_network_adapter"),
    ],
)
def test_a_device_that_cannot_be_read_is_a_gap_of_its_table(path, value, table):
    tree = changed(generation_2(), path, value)
    gap = tables(tree)[table].gap
    assert gap is not None
    assert FILE in gap.detail
    assert tables(generation_2())[table].gap is None


@pytest.mark.parametrize(
    ("path", "value", "table", "column"),
    [
        ("properties/subtype", 7, "vm", "Generation"),
        ("properties/version", 0, "vm", "Version"),
        ("properties/creation_time", b"\0" * 7, "vm", "CreationTime"),
        ("properties/last_state_change_time", 2**64 - 1, "vm", "TimeOfLastStateChange"),
        ("global_settings/power/host_startup/action", 9, "vm", "AutomaticStartAction"),
        ("global_settings/devices/lock_on_disconnect", 1, "vm", "LockOnDisconnect"),
        ("settings/processors/count", "4", "vm_processor", "Count"),
        ("settings/processors/count", {"count": 4}, "vm_processor", "Count"),
        ("settings/memory/bank/size", True, "vm_memory", "Startup"),
        ("_ac6b8dc1-3257-4a70-b1b2-a9c9215659ad_/secure_boot_template_id", "none", "vm_firmware", "SecureBootTemplate"),
        (f"_{ADAPTER}_/MacAddress", "00-15", "vm_network_adapter", "MacAddress"),
        (f"_{ADAPTER}_/Connection/Features/Id", "all", "vm_network_adapter", "MacAddressSpoofing"),
        (f"_{ADAPTER}_/Connection/Feature_{OFFLOAD}/Setting_1", {}, "vm_network_adapter", "IovWeight"),
        (f"_{ADAPTER}_/Connection/Feature_{OFFLOAD}", {}, "vm_network_adapter", "VmqWeight"),
    ],
)
def test_a_value_of_the_wrong_form_is_a_gap_that_names_file_and_key(path, value, table, column):
    (record,) = tables(changed(generation_2(), path, value))[table].records
    gap = record.gaps[column]
    assert gap.cause is Cause.UNREADABLE
    assert gap.detail.startswith(f"{FILE}: /configuration/")
    assert (gap.table, gap.column) == (table, column)


def _every_path(tree, prefix=""):
    for name, value in tree.items():
        yield prefix + name
        if isinstance(value, dict):
            yield from _every_path(value, f"{prefix}{name}/")


# A key that is absent and has a meaning then, after the model: what may change when it is taken away.
MEANT = {
    "properties/subtype": "generation 1",
    "_6c09bb55-d683-4da0-8931-c9bf705f6480_": "off",
    "_6c09bb55-d683-4da0-8931-c9bf705f6480_/Enabled": "off",
    f"_{ADAPTER}_/Connection/Features/Id": "the defaults, unless the feature itself is there",
    "properties": "no VM",
    "properties/type_id": "",
}


@pytest.mark.parametrize("tree", [generation_1(), generation_2()], ids=["generation 1", "generation 2"])
def test_a_missing_key_is_never_another_value(tree):
    """Whatever is taken away: a cell says the same, or is a gap, or the table has a gap."""
    reference = tables(tree)
    for path in _every_path(tree):
        if path in MEANT:
            continue
        found = tables(changed(tree, path))
        for name, table in found.items():
            whole = table.gap is not None or table.not_offered is not None
            known = {record.cells.get("Id") or record.cells["VMId"]: record for record in reference[name].records}
            for record in table.records:
                same = known.get(record.cells.get("Id") or record.cells["VMId"])
                for column, value in record.cells.items():
                    kept = same is not None and same.cells.get(column) == value
                    assert kept or column in record.gaps or whole, (path, name, column, value)
            if len(table.records) < len(reference[name].records):
                # A position without a key is a position without a drive; services are rows only if they are offered.
                assert (
                    whole
                    or "drive" in path
                    or "port" in path
                    or "vdev" in path
                    or "controller" in path
                    or name == "vm_integration_service"
                ), (path, name)
            for column in table.columns.values():
                if column.not_offered and not reference[name].columns[column.name].not_offered and table.records:
                    assert tree["properties"]["version"] == 1280, (path, name, column.name)


def test_a_file_without_identity_or_of_another_kind_is_a_gap_of_every_table():
    for tree in (changed(generation_2(), "properties/global_id"), changed(generation_2(), "properties")):
        found = tables(tree)
        assert found["vm"].records == []
        assert FILE in found["vm"].gap.detail
    assert "run state of a VM" in tables(changed(generation_2(), "properties"))["vm_hard_disk"].gap.detail


def test_files_that_could_not_be_read_are_a_gap_beside_the_rows_of_the_others():
    gap = Gap(Cause.UNREADABLE, "raw/vmconfig/x.vmcx: offset 0x0: is no VMCX", whole=True)
    found = tables(generation_2(), unread=gap)
    assert len(found["vm"].records) == 1
    assert found["vm"].gap == gap
    assert tables()["vm"].gap is None


def test_the_bytes_tell_the_form_of_a_file():
    for data in (as_xml(generation_2()), Vmcx(generation_2()).build()):
        assert read_configuration("x.dat", data).configuration.kind is Kind.VM
    with pytest.raises(VMConfigurationError, match="line 1"):
        read_configuration("x.vmcx", b"junk")


def test_a_checkpoint_has_no_rows():
    found = tables(changed(generation_2(), "properties/type_id", "Snapshots"))
    assert (found["vm"].records, found["vm"].gap) == ([], None)


def test_what_a_configuration_never_holds_is_not_offered():
    found = tables(generation_2())
    assert found["vm"].columns["State"].not_offered is True
    assert found["vm_security"].not_offered is not None
    assert found["vm_assigned_device"].gap.cause is Cause.UNSUPPORTED_SOURCE


@pytest.mark.parametrize("tree", [generation_1(), generation_2()], ids=["generation 1", "generation 2"])
def test_every_cell_fits_its_schema_and_has_a_place(tree):
    for name, table in tables(tree).items():
        for record in table.records:
            assert set(record.cells) <= set(SCHEMAS[name].columns)
            for column, value in record.cells.items():
                place = record.place(column)
                assert place.file == FILE
                assert place.path.startswith("/configuration")
                if value is not None:
                    table.columns[column].decode(value)
                elif column not in record.gaps:
                    assert table.columns[column].nullable, (name, column)


def test_the_order_of_files_keys_and_containers_changes_nothing():
    trees = [generation_2(), changed(generation_1(), "properties/global_id", "0A1B2C3D-0000-4000-8000-000000000002")]

    def shuffled(tree):
        items = [(name, shuffled(value) if isinstance(value, dict) else value) for name, value in tree.items()]
        random.Random(7).shuffle(items)
        return dict(items)

    def files(order, make):
        return [ConfigurationFile(f"raw/vmconfig/{n}", make(trees[n])) for n in order]

    def told(found):
        return {name: (rows(table), str(table.gap), table.not_offered) for name, table in found.items()}

    expected = told(tables_of(files([0, 1], lambda tree: read_vm_xml(as_xml(tree)))))
    assert told(tables_of(files([1, 0], lambda tree: read_vm_xml(as_xml(shuffled(tree)))))) == expected
    assert told(tables_of(files([1, 0], lambda tree: read_vmcx(Vmcx(tree).build())))) == expected


def test_no_secret_of_a_configuration_reaches_a_table():
    found = tables(generation_2())
    text = repr([(r.cells, r.gaps) for table in found.values() for r in table.records])
    assert "CANARY" not in text
    assert "Kennwort" not in text


@pytest.mark.parametrize(
    ("file", "vm", "created", "startup"),
    [
        ("EC04F346-DB96-4700-AF5B-77B3C56C38BD.vmcx", "Default Generation 1", "2023-02-17T17:03:06.232Z", 1024),
        ("test.vmcx", "Other Location", "2021-08-22T21:41:00.717Z", 1024),
    ],
)
def test_real_container_files_become_rows(file, vm, created, startup):
    data = (real_folder("vmconfig") / file).read_bytes()
    found = tables_of([ConfigurationFile(file, read_vmcx(data))])
    machine = row(found["vm"])
    assert (machine["Name"], machine["Generation"], machine["Version"]) == (vm, 1, "9.0")
    assert (machine["AutomaticStartAction"], machine["AutomaticStopAction"]) == ("StartIfRunning", "Save")
    assert (machine["CheckpointType"], machine["AutomaticCriticalErrorActionTimeout"]) == ("Production", 30)
    assert machine["CreationTime"] == created
    assert row(found["vm_memory"])["Startup"] == startup * 2**20
    assert row(found["vm_firmware"])["SecureBootTemplateId"] is None
    nic = row(found["vm_network_adapter"])
    assert (nic["MacAddress"], nic["Connected"], nic["IsLegacy"]) == ("000000000000", False, False)
    assert (nic["MacAddressSpoofing"], nic["IPsecOffloadMaxSA"], nic["VmqWeight"], nic["IovWeight"]) == (
        "Off",
        512,
        100,
        0,
    )
    services = {r["Name"]: r["Enabled"] for r in rows(found["vm_integration_service"]) if r["Name"] != "RDV"}
    assert services == {
        "TimeSynchronization": True,
        "Heartbeat": True,
        "KeyValuePairExchange": True,
        "Shutdown": True,
        "VSS": True,
        "GuestServiceInterface": False,
    }
    gaps = [(name, column) for name, table in found.items() for r in table.records for column in r.gaps]
    assert gaps == [("vm_integration_service", "Enabled")]
    assert [name for name, table in found.items() if table.gap] == [
        "vm_assigned_device",
        "vm_gpu_partition_adapter",
        "vm_remotefx_adapter",
        "vm_fibre_channel_hba",
    ]


def test_the_real_xml_file_becomes_rows():
    file = "B90AC31B-C6F8-479F-9B91-07B894A6A3F6.xml"
    found = tables_of([ConfigurationFile(file, read_vm_xml((real_folder("vmconfig") / file).read_bytes()))])
    machine = row(found["vm"])
    assert (machine["Name"], machine["Generation"], machine["Version"]) == ("Default Generation 1", 1, "5.0")
    assert found["vm"].columns["CheckpointType"].not_offered is True
    assert found["vm"].columns["AutomaticCriticalErrorAction"].not_offered is True
    disk, dvd = row(found["vm_hard_disk"]), row(found["vm_dvd_drive"])
    assert (disk["ControllerNumber"], disk["ControllerLocation"], disk["Path"]) == (
        0,
        0,
        "C:\\Disks\\Default Generation 1.vhdx",
    )
    assert (dvd["ControllerNumber"], dvd["ControllerLocation"], dvd["DvdMediaType"]) == (1, 0, "None")
    (record,) = found["vm_hard_disk"].records
    assert (
        record.place("Path").path == "/configuration/_83f8638b-8dca-4152-9eda-2ca8b33039b4_/controller0/drive0/pathname"
    )


def test_the_bytes_of_the_offload_feature_are_little_endian():
    path = f"_{ADAPTER}_/Connection/Feature_{OFFLOAD}/Setting_50D7CB38-1C3E-4B1B-86D5-831734003B01/Data"
    found = row(tables(changed(generation_2(), path, struct.pack("<5I", 7, 8, 9, 1, 0)))["vm_network_adapter"])
    assert (found["IPsecOffloadMaxSA"], found["VmqWeight"], found["IovWeight"]) == (7, 8, 9)
