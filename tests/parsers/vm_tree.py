"""A synthetic VM of each generation as a tree of keys, and the tree as VM configuration XML."""

import base64
import struct
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

VM = "0A1B2C3D-0000-4000-8000-000000000001"
SCSI = "5C510000-0000-4000-8000-00000000000"
ADAPTER = "AD000000-0000-4000-8000-000000000001"
LEGACY = "AD000000-0000-4000-8000-000000000002"
OFFLOAD = "C885BFD1-ABB7-418F-8163-9F379C9F7166"


def manifest(*devices: tuple[str, str]) -> dict[str, Any]:
    """`devices`: type and instance."""
    found: dict[str, Any] = {"size": len(devices)}
    for number, (device, instance) in enumerate(devices, 1):
        found[f"vdev{number:03}"] = {"device": device, "instance": instance, "flags": 1}
    return found


def adapter(**changes: Any) -> dict[str, Any]:
    found = {
        "FriendlyName": "Netzwerkkarte",
        "MacAddress": "00-15-5D-01-02-0a",
        "MacAddressIsStatic": False,
        "IsConnected": True,
        "SwitchName": "5B7C0000-0000-4000-8000-000000000001",
        "ClusterMonitored": True,
        "DeviceNamingEnabled": False,
        "Connection": {
            "AltSwitchName": "LAN",
            "PoolId": "",
            "TestReplicaSwitchName": "",
            "PreventIPSpoofing": False,
            "Features": {"Id": OFFLOAD},
            f"Feature_{OFFLOAD}": {
                "Settings": {"Id": "50D7CB38-1C3E-4B1B-86D5-831734003B01"},
                "Setting_50D7CB38-1C3E-4B1B-86D5-831734003B01": {
                    "Version": 256,
                    "Data": struct.pack("<5I", 512, 100, 50, 1, 0),
                },
            },
        },
    }
    return found | changes


def generation_2(version: int = 2304) -> dict[str, Any]:
    """A VM of Windows Server 2019 with two SCSI controllers, two disks, a DVD drive, one adapter."""
    return {
        "properties": {
            "global_id": VM,
            "name": "db [bold]1",
            "subtype": 1,
            "version": version,
            "notes": "Kennwort: x",
            "highly_available": True,
            "last_state_change_time": 133211067586606556,
            "creation_time": bytes.fromhex("a76e45669e97d701"),
            "type_id": "Virtual Machines",
        },
        "settings": {
            "processors": {
                "count": 4,
                "limit": 75000,
                "reservation": 10000,
                "weight": 100,
                "limit_cpuid": False,
                "hwthreads": 2,
                "enable_perfmon_pmu": True,
                "enable_perfmon_lbr": False,
                "enable_perfmon_pebs": False,
                "cpu_group_guid": "00000000-0000-0000-0000-000000000000",
                "hide_hypervisor_present": False,
                "features": {"limit": True},
                "nested_virtualization": {"enabled": True},
            },
            "memory": {
                "bank": {
                    "dynamic_memory_enabled": True,
                    "size": 2048,
                    "reservation": 1024,
                    "limit": 8192,
                    "target_memory_buffer": 20,
                    "priority": 5000,
                },
                "vnuma": {"max_size_per_node": 4096},
            },
            "guest_controlled_cache_types": False,
        },
        "global_settings": {
            "power": {"host_startup": {"action": 2}, "host_shutdown": {"action": 2}},
            "critical_error": {"action": 1, "timeout": 1800},
            "snapshots": {"user_type": 4, "enable_automatic": False, "list": {"size": 0}},
            "devices": {
                "lock_on_disconnect": True,
                "storage_allow_full_scsi_command_set": False,
                "allow_reduced_fc_redundancy": False,
                "host_resource_protection_enabled": True,
            },
        },
        "manifest": manifest(
            ("ac6b8dc1-3257-4a70-b1b2-a9c9215659ad", "ac6b8dc1-3257-4a70-b1b2-a9c9215659ad"),
            ("d422512d-2bf2-4752-809d-7b82b5fcb1b4", SCSI + "2"),
            ("d422512d-2bf2-4752-809d-7b82b5fcb1b4", SCSI + "1"),
            ("2fc216b0-d2e2-4967-9b6d-b8a5c9ca2778", ADAPTER),
            ("84eaae65-2f2e-45f5-9bb5-0e857dc8eb47", "84eaae65-2f2e-45f5-9bb5-0e857dc8eb47"),
            ("6c09bb55-d683-4da0-8931-c9bf705f6480", "6c09bb55-d683-4da0-8931-c9bf705f6480"),
        ),
        "_ac6b8dc1-3257-4a70-b1b2-a9c9215659ad_": {
            "secure_boot_enabled": True,
            "secure_boot_template_id": "1734C6E8-3154-4DDA-BA5F-A874CC483422",
            "num_lock": True,
            "pxe_preferred_protocol": 6,
            "pause_after_boot_failure": True,
            "nvram": {},
        },
        f"_{SCSI}2_".lower(): {"controller0": {"drive0": drive("D:\\VMs\\log.vhdx"), "drive1": drive("", "NONE")}},
        f"_{SCSI}1_": {
            "controller0": {"drive3": drive("D:\\VMs\\system.vhdx", iops_limit=500), "drive63": drive("", "ISO")}
        },
        f"_{ADAPTER}_": adapter(),
        "_84eaae65-2f2e-45f5-9bb5-0e857dc8eb47_": {"VDEVVersion": 256},
        "_6c09bb55-d683-4da0-8931-c9bf705f6480_": {"VDEVVersion": 256, "Enabled": True},
        "_736e6aa9-a3f8-49c0-9550-a963214d259a_": {"KeyProtector": b"CANARY", "Secret": "CANARY"},
    }


def drive(path: str, kind: str = "VHD", **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"type": kind, "pathname": path}
    if kind == "VHD":
        found |= {
            "iops_limit": 0,
            "iops_reservation": 0,
            "persistent_reservations_supported": False,
            "qos_policy_id": "00000000-0000-0000-0000-000000000000",
            "write_hardening_method": 0,
        }
    return found | changes


def generation_1() -> dict[str, Any]:
    """A VM of Windows Server 2012 R2: IDE, floppy, serial ports, a legacy adapter."""
    tree = generation_2(1280)
    tree["properties"] |= {"subtype": 0, "notes": ""}
    tree["manifest"] = manifest(("abcdef00-0000-4000-8000-000000000001", LEGACY))
    del tree["global_settings"]["critical_error"]
    for name in ("hwthreads", "cpu_group_guid", "hide_hypervisor_present", "nested_virtualization"):
        del tree["settings"]["processors"][name]
    for name in [name for name in tree if name.startswith("_")]:
        del tree[name]
    tree |= {
        "_ac6b8dc1-3257-4a70-b1b2-a9c9215659ad_": {
            "boot": {"device0": "Optical", "device1": "HardDrive", "device2": "Network", "device3": "Floppy"},
            "num_lock": False,
            "pxe_preferred_protocol": 4,
            "pause_after_boot_failure": False,
            "secure_boot_enabled": False,
        },
        "_83f8638b-8dca-4152-9eda-2ca8b33039b4_": {
            "controller0": {"drive0": drive("C:\\a.vhd"), "drive1": drive("", "PASSTHROUGH")},
            "controller1": {"drive0": drive("C:\\cd.iso", "ISO"), "drive1": drive("", "NONE")},
        },
        "_8f0d2762-0b00-4e04-af4f-19010527cb93_": {"controller0": {"drive0": drive("C:\\f.vfd", "VFD")}},
        "_8e3a359f-559a-4b6a-98a9-1690a6100ed7_": {
            "port0": {"connection": "\\\\.\\pipe\\debug"},
            "port1": {"connection": ""},
        },
        f"_{LEGACY}_": adapter(),
    }
    del tree[f"_{LEGACY}_"]["DeviceNamingEnabled"]
    return tree


def as_xml(tree: Mapping[str, Any], root: str = "configuration", encoding: str = "utf-16") -> bytes:
    """The tree as Windows writes it; the declaration says UTF-16 for every width of it."""
    label = "UTF-16" if encoding.startswith("utf-16") else encoding
    lines = [f'<?xml version="1.0" encoding="{label}" standalone="yes"?>']

    def write(name: str, value: Any) -> None:
        if isinstance(value, Mapping):
            lines.append(f"<{name}>")
            for child in value.items():
                write(*child)
            lines.append(f"</{name}>")
            return
        kinds = {bool: "bool", int: "integer", str: "string", bytes: "bytes"}
        text = base64.encodebytes(value).decode() if isinstance(value, bytes) else escape(str(value))
        lines.append(f'<{name} type="{kinds[type(value)]}">{text}</{name}>')

    write(root, tree)
    return "\r\n".join(lines).encode(encoding)
