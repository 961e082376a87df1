"""Files and worker processes of the described machines: datasets `vhds`, `vm_files` and the rows of vmwp.exe in `processes`."""

from __future__ import annotations

import ntpath
from typing import TYPE_CHECKING, Any

from synthetic.virtual import GIB

if TYPE_CHECKING:
    from collections.abc import Iterable

    from synthetic.host import Host
    from synthetic.virtual import Disk, Vm

WORKER = r"C:\Windows\System32\vmwp.exe"
RUNS = frozenset({"Running", "Paused"})
_TYPES = {"fixed": 2, "dynamic": 3, "differencing": 4}


def write(host: Host) -> None:
    """Add the rows. A run without elevation does not know of the machines, and sees the workers from outside only."""
    workers(host)
    if not host.elevated:
        return
    for vm in host.vms:
        for disk, reference in _disks(vm):
            if not any(r["Path"].lower() == disk.path.lower() for r in host.rows.get("vhds", [])):
                host.add("vhds", **_image(host, vm, disk, reference))
                _file(host, disk.path, "disk", "diskFolder", disk)
        for medium, drive in ((vm.dvd, "dvd"), (vm.floppy, "floppy")):
            if medium:
                host.add(
                    "vhds", Path=medium, Kind=ntpath.splitext(medium)[1][1:].lower(), References=[drive], Exists=True, FileSizeBytes=4 * GIB if drive == "dvd" else 1474560,
                    CreationUtc=host.ago(days=500), LastWriteUtc=host.ago(days=500),
                )  # fmt: skip
        guid = host.guid(f"vm {vm.name}").upper()
        runs = vm.state in RUNS
        endings = ("vmcx", "vmrs") if host.build >= 14393 else ("xml", "bin", "vsv") if runs else ("xml",)
        for ending in endings:
            kind = "config" if ending in ("xml", "vmcx") else "runtime"
            _file(host, rf"{vm.home}\Virtual Machines\{guid}.{ending}", kind, "configRoot", None)
        for number, _ in enumerate(vm.checkpoints):
            point = host.guid(f"vm {vm.name} checkpoint {number}").upper()
            _file(host, rf"{vm.home}\Snapshots\{point}.{endings[0]}", "config", "snapshotRoot", None)


def workers(host: Host) -> None:
    """One vmwp.exe per running machine: under the SID of the machine, before 2012 as network service."""
    for number, vm in enumerate(v for v in host.vms if v.state in RUNS):
        guid = host.guid(f"vm {vm.name}")
        row: dict[str, Any] = {
            "Pid": worker_pid(number), "ParentPid": 1500, "Name": "vmwp.exe", "Path": WORKER, "SessionId": 0, "StartUtc": host.ago(hours=vm.up_hours),
            "OwnerSid": host.vm_sid(guid) if host.modern else "S-1-5-20", "VmId": guid, "Services": [],
        }  # fmt: skip
        if not host.elevated:
            row |= {"VmId": None, "_err": {"VmId": "accessDenied"}}
        host.add("processes", **row)


def worker_pid(number: int) -> int:
    return 5200 + 36 * number


def _disks(vm: Vm) -> Iterable[tuple[Disk, list[str]]]:
    frozen = {d.path.lower() for c in vm.checkpoints for d in c.disks}
    for disk in vm.disks:
        yield disk, ["vmDisk"]
        parent = disk.parent
        while parent:
            yield parent, ["parent", "snapshotDisk"] if parent.path.lower() in frozen else ["parent"]
            parent = parent.parent
    for checkpoint in vm.checkpoints:
        for disk in checkpoint.disks:
            yield disk, ["snapshotDisk"]


def _image(host: Host, vm: Vm, disk: Disk, references: list[str]) -> dict[str, Any]:
    kind = ntpath.splitext(disk.path)[1][1:].lower()
    row: dict[str, Any] = {"Path": disk.path, "Kind": kind, "References": references, "Exists": disk.exists}
    if not disk.exists:
        gone = ("Format", "Type", "MaxInternalSizeBytes", "MinInternalSizeBytes", "ParentPath", "ParentIdentifier", "ParentTimestampUtc", "VirtualDiskId", "LogicalSector",
                "PhysicalSector", "HostPhysicalSector", "BlockSize", "Alignment", "FragmentationPercentage", "IsPmemCompatible", "InUse")  # fmt: skip
        return row | {"Error": "notFound", "_err": dict.fromkeys(gone, "notFound")}
    size = disk.size_gib * GIB
    used = size if disk.kind == "fixed" else disk.used_gib * GIB
    return row | {
        "FileSizeBytes": used, "CreationUtc": host.ago(days=vm.created_days_ago), "LastWriteUtc": host.ago(days=disk.written_days_ago),
        "Format": 2 if kind in ("vhd", "avhd") else 3, "Type": _TYPES[disk.kind], "MaxInternalSizeBytes": size, "MinInternalSizeBytes": size // 2,
        "ParentPath": disk.parent.path if disk.parent else None, "ParentIdentifier": host.guid(f"disk {disk.parent.path}") if disk.parent else None,
        "ParentTimestampUtc": host.ago(days=disk.parent.written_days_ago) if disk.parent else None, "VirtualDiskId": host.guid(f"disk {disk.path}"),
        "LogicalSector": 512, "PhysicalSector": disk.physical_sector, "HostPhysicalSector": 4096, "BlockSize": None if disk.kind == "fixed" else 33554432,
        "Alignment": 1 if kind in ("vhdx", "avhdx") else 0, "FragmentationPercentage": 3, "IsPmemCompatible": False,
        "InUse": vm.state in RUNS and "vmDisk" in references, "Error": None,
    }  # fmt: skip


def _file(host: Host, path: str, kind: str, found_by: str, disk: Disk | None) -> None:
    if disk and not disk.exists:
        return
    host.add(
        "vm_files",
        Path=path, Kind=kind, FoundBy=[found_by], SizeBytes=(disk.size_gib if disk.kind == "fixed" else disk.used_gib) * GIB if disk else 118784,
        CreationUtc=host.ago(days=100), LastWriteUtc=host.ago(days=disk.written_days_ago if disk else 0.02), Attributes=[],
    )  # fmt: skip


def found(
    host: Host, path: str, *, days_ago: float, size_gib: float = 20, by: str = "volumeScan", kind: str = "disk"
) -> None:
    """A file that no machine refers to."""
    host.add(
        "vm_files",
        Path=path, Kind=kind, FoundBy=[by], SizeBytes=int(size_gib * GIB), CreationUtc=host.ago(days=days_ago + 30), LastWriteUtc=host.ago(days=days_ago), Attributes=[],
    )  # fmt: skip
