"""HV-STOR: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, ask, failed, host, partial, statuses, told, verdict
from machines import HIDDEN, WEB, machine, machines, of

from analyzers import storage
from analyzers.folds import FOLDS
from snapshot_tool.engine import judge
from snapshot_tool.model.remote import SmbConnection
from snapshot_tool.policy import Policy, VMTags
from snapshot_tool.verdict import Cause, Severity

GIB = 1 << 30
CRITICAL, HIGH, MEDIUM, LOW, INFO = (
    Severity.CRITICAL,
    Severity.HIGH,
    Severity.MEDIUM,
    Severity.LOW,
    Severity.INFO,
)
DB = "22222222-aaaa-4000-8000-000000000002"
OLD, RECENT = "2026-08-01T00:00:00.000Z", "2026-10-31T00:00:00.000Z"
DISK = "D:\\VMs\\web.vhdx"


def volume(place="D:", number=2, *, free=900, size=1000, **changed):
    return {
        "DeviceId": f"\\\\?\\Volume{{11111111-0000-4000-8000-{number:012}}}\\",
        "DriveLetter": place if len(place) == 2 else None,
        "MountPaths": [] if len(place) == 2 else [place],
        "FileSystem": "NTFS",
        "SizeBytes": size * GIB,
        "FreeBytes": free * GIB,
        "DriveType": 3,
        "IsBoot": place == "C:",
        "IsSystem": False,
        "IsCsv": False,
        "DiskNumbers": [number],
        **changed,
    }


SYSTEM, DATA = volume("C:", 1), volume()
SHARED = volume("C:\\ClusterStorage\\Volume1", 3, IsCsv=True)


def drive(path=DISK, *, owner=WEB, name="web", **changed):
    return {
        "VMId": owner,
        "VMName": name,
        "Id": f"{owner}\\{path}",
        "Path": path,
        "DiskNumber": None,
        "PassThrough": False,
        "SupportPersistentReservations": False,
        "MaximumIOPS": 0,
        "MinimumIOPS": 0,
        "QoSPolicyID": None,
        **changed,
    }


def vhd(path=DISK, **changed):
    return {
        "Path": path,
        "ParentPath": None,
        "VhdFormat": "VHDX",
        "VhdType": "Fixed",
        "FileSize": 40 * GIB,
        "Size": 40 * GIB,
        "PhysicalSectorSize": 4096,
        "HostPhysicalSectorSize": 4096,
        "DiskIdentifier": "aaaaaaaa-0000-4000-8000-000000000001",
        "ParentIdentifier": None,
        "Alignment": 1,
        "Exists": True,
        "Error": None,
        **changed,
    }


def child(path, parent, **changed):
    return vhd(path, ParentPath=parent, VhdType="Differencing", ParentIdentifier=vhd()["DiskIdentifier"], **changed)


def snapshot(era="2022", **tables):
    base = {
        "vm": [machine()],
        "vm_hard_disk": [drive()],
        "vm_checkpoint_disk": [],
        "vhd": [vhd()],
        "volumes": [SYSTEM, DATA],
        "os": [{"SystemDrive": "C:"}],
    }
    return machines(era, **base | tables)


def of_host(check, era="2022", **tables):
    found = verdict(check, snapshot(era, **tables))
    return found.status, found.severity


def worst(check, era="2022", **tables):
    """Status and severity of the worst result of a check."""
    results = ask(check, snapshot(era, **tables))
    worst = max(results, key=lambda result: (result.status, result.severity))
    return worst.status, worst.severity


def place(config="D:\\VMs", snapshots="D:\\VMs", paging="D:\\VMs"):
    return [machine(ConfigurationLocation=config, SnapshotFileLocation=snapshots, SmartPagingFilePath=paging)]


ON_SYSTEM = "C:\\VMs\\web.vhdx"
files = storage.files_are_not_on_the_system_volume


def test_disks_and_checkpoints_on_the_system_volume_fail_and_folders_weigh_less():
    kept = [of(Kind="HardDisk", Path=ON_SYSTEM)]
    assert of_host(files, vm=place())[0] is PASS
    assert of_host(files, vm=place(), vm_hard_disk=[drive(ON_SYSTEM)]) == (FAIL, MEDIUM)
    assert of_host(files, vm=place(), vm_checkpoint_disk=kept) == (FAIL, MEDIUM)
    assert of_host(files, vm=place(), vm_checkpoint_disk=[of(Kind="Dvd", Path=ON_SYSTEM)])[0] is PASS
    assert of_host(files, vm=place(config="C:\\ProgramData\\Hyper-V")) == (FAIL, LOW)
    assert of_host(files, vm=place(snapshots="c:\\ProgramData\\Hyper-V")) == (FAIL, LOW)
    found = verdict(files, snapshot(vm=place(), vm_hard_disk=[drive(ON_SYSTEM)]))
    assert "web" in found.message
    assert ON_SYSTEM in found.message


def test_a_host_with_one_volume_cannot_do_better():
    alone = [SYSTEM, volume("D:", 2, DriveType=5), volume("", 3, MountPaths=[])]
    assert of_host(files, vm=place("C:\\x", "C:\\x"), vm_hard_disk=[drive(ON_SYSTEM)], volumes=alone) == (FAIL, LOW)
    unread = [SYSTEM, DATA | {"DriveType": None, "_err": {"DriveType": "accessDenied"}}]
    assert of_host(files, vm=place(), vm_hard_disk=[drive(ON_SYSTEM)], volumes=unread) == (FAIL, MEDIUM)


@pytest.mark.parametrize(
    "path",
    [
        "\\\\fs01\\vms$\\web.vhdx",
        "C:\\ClusterStorage\\Volume1\\web.vhdx",
        "C:\\ClusterStorage\\Volume9\\web.vhdx",
        None,
    ],
)
def test_shares_cluster_volumes_and_physical_disks_are_not_on_the_system_volume(path):
    tables = {"vm": place(), "vm_hard_disk": [drive(path)], "volumes": [SYSTEM, DATA, SHARED]}
    assert of_host(files, **tables)[0] is PASS


def test_files_of_unknown_place_are_not_assessed_and_make_a_finding_no_milder():
    assert of_host(files, vm=place(), vm_hard_disk=HIDDEN)[0] is GAP
    assert of_host(files, vm=place(), volumes=failed())[0] is GAP
    assert of_host(files, vm=place(config=HIDDEN))[0] is GAP
    assert of_host(files, vm=place(config="C:\\x"), vm_hard_disk=[drive(HIDDEN)]) == (FAIL, MEDIUM)


def memory(minimum=1, startup=2, *, dynamic=True):
    return [of(DynamicMemoryEnabled=dynamic, Minimum=minimum * GIB, Startup=startup * GIB)]


paging = storage.smart_paging_is_not_on_the_system_volume


def test_smart_paging_on_the_system_volume_fails_where_it_may_be_used():
    on_system = place(paging="C:\\ProgramData\\Hyper-V")
    assert of_host(paging, vm=place(), vm_memory=memory())[0] is PASS
    assert of_host(paging, vm=on_system, vm_memory=memory()) == (FAIL, LOW)
    assert of_host(paging, vm=on_system, vm_memory=memory(), volumes=[SYSTEM]) == (FAIL, INFO)
    assert of_host(paging, vm=on_system, vm_memory=memory(2))[0] is NA
    assert of_host(paging, vm=on_system, vm_memory=memory(dynamic=False))[0] is NA
    assert of_host(paging, vm=place(paging=HIDDEN), vm_memory=memory())[0] is GAP
    assert of_host(paging, vm=on_system, vm_memory=HIDDEN)[0] is GAP


DYNAMIC = [vhd(VhdType="Dynamic", FileSize=10 * GIB)]
dynamic_room = storage.dynamic_disks_have_room


@pytest.mark.parametrize(
    ("free", "size", "expected"),
    [
        (19, 100, MEDIUM),
        (99, 1000, MEDIUM),
        (201, 12000, PASS),
        (1000, 12000, PASS),
        (25, 100, LOW),
        (31, 100, PASS),
    ],
)
def test_room_for_dynamic_disks_counts_in_bytes_and_in_percent(free, size, expected):
    status, severity = worst(dynamic_room, vhd=DYNAMIC, volumes=[SYSTEM, volume(free=free, size=size)])
    assert (severity if status is FAIL else status) is expected


def test_only_attached_dynamic_disks_that_exist_need_room():
    tight = [SYSTEM, volume(free=5)]
    assert worst(dynamic_room, volumes=tight)[0] is PASS
    assert worst(dynamic_room, vhd=DYNAMIC, vm_hard_disk=[], volumes=tight)[0] is NA
    assert worst(dynamic_room, vhd=[vhd(VhdType="Dynamic", Exists=False)], volumes=tight)[0] is PASS
    found = max(ask(dynamic_room, snapshot(vhd=DYNAMIC, volumes=tight)), key=lambda result: result.status)
    assert (found.subject.name, "web" in found.message) == ("D:", True)


def test_disks_of_unknown_kind_matter_only_where_room_is_scarce():
    unread = [vhd(VhdType=HIDDEN)]
    assert worst(dynamic_room, vhd=unread, volumes=[SYSTEM, volume(free=5)])[0] is GAP
    assert worst(dynamic_room, vhd=[], volumes=[SYSTEM, volume(free=5)])[0] is GAP
    assert worst(dynamic_room, vm_hard_disk=HIDDEN, volumes=[DATA])[0] is GAP
    shared = [drive(), drive(owner=DB, name="db")]
    assert worst(dynamic_room, vhd=DYNAMIC, vm_hard_disk=shared, volumes=[volume(free=40, size=100)])[0] is PASS


differencing_room = storage.differencing_disks_have_room
LIVE = "D:\\VMs\\web_1.avhdx"
CHAIN = {"vm_hard_disk": [drive(LIVE)], "vhd": [child(LIVE, DISK), vhd()]}


def test_room_for_differencing_disks():
    tight = [SYSTEM, volume(free=5)]
    assert worst(differencing_room, **CHAIN)[0] is PASS
    assert worst(differencing_room, **CHAIN, volumes=tight) == (FAIL, MEDIUM)
    assert worst(differencing_room, volumes=tight)[0] is PASS
    assert worst(differencing_room, vm_hard_disk=[], vhd=[child(LIVE, DISK), vhd()], volumes=tight)[0] is PASS
    assert worst(differencing_room, vhd=[vhd(VhdType=HIDDEN)], volumes=tight)[0] is GAP
    assert worst(differencing_room, vhd=HIDDEN, volumes=tight)[0] is GAP


def test_a_full_volume_is_told_once():
    disks = [child(LIVE, DISK), vhd(VhdType="Dynamic")]
    both = snapshot(vm_hard_disk=[drive(LIVE), drive()], vhd=disks, volumes=[volume(free=5)])
    results = judge(both, [dynamic_room, differencing_room], folds=FOLDS)
    assert [(r.status, r.folded_into) for r in results] == [(FAIL, None), (FAIL, "HV-STOR-003")]


@pytest.mark.parametrize("check", [storage.no_dynamic_vhd, storage.no_differencing_vhd])
def test_old_disks_fail_where_they_grow_and_are_attached(check):
    kind = "Dynamic" if check is storage.no_dynamic_vhd else "Differencing"
    old = "D:\\VMs\\web.vhd"

    def status(path=old, attached=None, **changed):
        return of_host(check, vm_hard_disk=[drive(attached or path)], vhd=[vhd(path, **changed)])

    assert status(VhdFormat="VHD", VhdType=kind) == (FAIL, LOW)
    assert status(VhdFormat="VHDX", VhdType=kind)[0] is PASS
    assert status(VhdFormat="VHD", VhdType="Fixed")[0] is PASS
    assert status(attached=DISK, VhdFormat="VHD", VhdType=kind)[0] is PASS
    assert status(VhdFormat="VHD", VhdType=kind, Exists=False)[0] is PASS
    assert status(VhdFormat=HIDDEN, VhdType=kind)[0] is GAP
    assert of_host(check, vm_hard_disk=HIDDEN)[0] is GAP
    assert of_host(check, "2008R2")[0] is NA


def test_an_old_disk_of_a_checkpoint_is_a_note():
    live = "D:\\VMs\\web_1.avhd"
    disks = [child(live, "D:\\VMs\\web.vhd", VhdFormat="VHD")]
    assert of_host(storage.no_differencing_vhd, vm_hard_disk=[drive(live)], vhd=disks) == (FAIL, INFO)


whole = storage.chain_is_whole


def chain(*disks, **tables):
    return worst(whole, vm_hard_disk=[drive(disks[0]["Path"])], vhd=list(disks), **tables)


def test_a_chain_needs_each_parent_and_the_right_one():
    assert chain(child(LIVE, DISK), vhd())[0] is PASS
    assert chain(child(LIVE, "web.vhdx"), vhd())[0] is PASS
    assert chain(child(LIVE, "..\\VMs\\WEB.vhdx"), vhd())[0] is PASS
    assert chain(child(LIVE, DISK), vhd(Exists=False, DiskIdentifier=HIDDEN)) == (FAIL, CRITICAL)
    assert chain(child(LIVE, DISK), vhd(DiskIdentifier="bbbbbbbb-0000-4000-8000-000000000001")) == (FAIL, HIGH)
    assert chain(child(LIVE, DISK), vhd(DiskIdentifier=vhd()["DiskIdentifier"].upper()))[0] is PASS
    assert chain(vhd())[0] is NA


def test_a_parent_that_was_not_looked_at_or_could_not_be_read_is_not_assessed():
    assert chain(child(LIVE, DISK))[0] is GAP
    assert chain(child(LIVE, DISK), vhd(Exists=None, Error="accessDenied"))[0] is GAP
    assert chain(child(LIVE, DISK), vhd(DiskIdentifier=HIDDEN, Error="inUseElsewhere"))[0] is GAP
    assert chain(child(LIVE, HIDDEN), vhd())[0] is GAP
    assert chain(child("D:\\VMs\\a.vhdx", "D:\\VMs\\a.vhdx"))[0] is not PASS
    assert of_host(whole, vhd=HIDDEN)[0] is GAP


def links(count, ending="vhdx"):
    names = [f"D:\\VMs\\{number}.{ending}" for number in range(count, 0, -1)]
    same = vhd()["DiskIdentifier"]
    return [child(name, parent, DiskIdentifier=same) for name, parent in zip(names, [*names[1:], DISK], strict=True)]


def test_a_long_chain_fails_once_and_checkpoints_do_not_count():
    assert chain(*links(3), vhd())[0] is PASS
    assert chain(*links(4), vhd()) == (FAIL, LOW)
    assert chain(*links(6, "avhdx"), vhd())[0] is PASS
    results = ask(whole, snapshot(vm_hard_disk=[drive("D:\\VMs\\6.vhdx")], vhd=[*links(6), vhd()]))
    assert [result.subject.name for result in results if result.status is FAIL] == ["D:\\VMs\\4.vhdx"]


def test_loose_files_and_gone_ones_have_no_chain():
    assert worst(whole, vhd=[vhd(), child(LIVE, DISK)])[0] is NA
    assert chain(child(LIVE, DISK, Exists=False))[0] is NA


sectors = storage.sectors_fit


def disks(*sizes):
    return [{"Number": number, "PhysicalSectorBytes": size} for number, size in enumerate(sizes, 1)]


def test_sectors_are_held_against_those_of_the_disk_below():
    assert of_host(sectors)[0] is PASS
    assert of_host(sectors, vhd=[vhd(PhysicalSectorSize=512)]) == (FAIL, LOW)
    assert of_host(sectors, vhd=[vhd(PhysicalSectorSize=512, HostPhysicalSectorSize=512)])[0] is PASS
    assert of_host(sectors, vm_hard_disk=[])[0] is NA
    assert of_host(sectors, vhd=[vhd(PhysicalSectorSize=HIDDEN)])[0] is GAP


def test_the_disks_under_the_volume_tell_where_the_file_does_not():
    small = vhd(PhysicalSectorSize=512, HostPhysicalSectorSize=None)
    hidden = small | {"HostPhysicalSectorSize": HIDDEN}
    assert of_host(sectors, vhd=[small], disks=disks(512, 4096)) == (FAIL, LOW)
    assert of_host(sectors, vhd=[small], disks=disks(4096, 512))[0] is PASS
    assert of_host(sectors, vhd=[hidden], disks=disks(512, 4096)) == (FAIL, LOW)
    assert of_host(sectors, vhd=[hidden], disks=disks(4096, 512))[0] is GAP
    assert of_host(sectors, vhd=[small], disks=failed())[0] is GAP
    share = "\\\\fs01\\vms$\\web.vhdx"
    assert of_host(sectors, vm_hard_disk=[drive(share)], vhd=[small | {"Path": share}])[0] is GAP


aligned = storage.blocks_are_aligned


def test_blocks_must_be_aligned_unless_the_disk_is_fixed():
    astray = vhd(VhdType="Dynamic", Alignment=0)
    assert of_host(aligned, vhd=[vhd(VhdType="Dynamic")])[0] is PASS
    assert of_host(aligned, vhd=[astray]) == (FAIL, LOW)
    assert of_host(aligned, vhd=[vhd(Alignment=0)])[0] is NA
    assert of_host(aligned, vhd=[astray | {"HostPhysicalSectorSize": 512}]) == (FAIL, INFO)
    assert of_host(aligned, vhd=[astray | {"HostPhysicalSectorSize": HIDDEN}]) == (FAIL, LOW)
    assert of_host(aligned, vhd=[vhd(VhdType="Dynamic", Alignment=HIDDEN)])[0] is GAP
    assert of_host(aligned, vhd=[astray], vm_hard_disk=[])[0] is NA


def test_a_physical_disk_fails():
    check = storage.no_physical_disk
    assert of_host(check)[0] is PASS
    assert of_host(check, vm_hard_disk=[drive(None, PassThrough=True)]) == (FAIL, MEDIUM)
    assert of_host(check, vm_hard_disk=[drive(PassThrough=HIDDEN)])[0] is GAP


def test_raw_scsi_commands_weigh_more_where_a_device_is_within_reach():
    check = storage.scsi_commands_are_filtered
    free, port = [machine(AllowFullScsiCommandSet=True)], [of(Id="h", SanName="A")]
    physical = [drive(None, PassThrough=True)]
    assert of_host(check, vm=[machine(AllowFullScsiCommandSet=False)])[0] is PASS
    assert of_host(check, vm=free, vm_fibre_channel_hba=[]) == (FAIL, MEDIUM)
    assert of_host(check, vm=free, vm_fibre_channel_hba=port) == (FAIL, HIGH)
    assert of_host(check, vm=free, vm_fibre_channel_hba=[], vm_hard_disk=physical) == (FAIL, HIGH)
    assert of_host(check, vm=free, vm_fibre_channel_hba=HIDDEN) == (FAIL, HIGH)
    assert of_host(check, "2008R2", vm=free, vm_fibre_channel_hba=None) == (FAIL, MEDIUM)
    assert of_host(check, vm=[machine(AllowFullScsiCommandSet=HIDDEN)])[0] is GAP
    assert of_host(check, "2008", vm=free)[0] is NA


def test_shared_disks_are_noted_and_weigh_more_with_several_owners():
    check = storage.shared_disks
    both = [drive(), drive(owner=DB, name="db")]
    assert of_host(check)[0] is PASS
    assert of_host(check, vm_hard_disk=both) == (FAIL, INFO)
    assert of_host(check, "2012R2", vm_hard_disk=both)[0] is PASS
    assert of_host(check, vm_hard_disk=[drive(SupportPersistentReservations=True)]) == (FAIL, INFO)
    collection = "D:\\VMs\\web.vhds"
    grouped = [drive(collection), drive(collection, owner=DB, name="db")]
    assert of_host(check, vm_hard_disk=grouped, vhd=[vhd(collection)])[0] is PASS
    mixed = snapshot(vm_hard_disk=grouped, vhd=[vhd(collection)])
    mixed.policy = Policy(vms={"web": VMTags(owner="A"), "db": VMTags(owner="B")})
    assert verdict(check, mixed).severity is MEDIUM
    assert of_host(check, vm_hard_disk=HIDDEN)[0] is GAP


def test_an_image_mounted_on_the_host_fails_unless_a_machine_runs_on_it():
    check = storage.no_image_is_mounted
    image = [{"Path": DISK, "Access": "ReadWrite", "PnpDevicePath": None}]

    def of(**tables):
        return of_host(check, **{"mounted_image": image, "disks": []} | tables)

    assert of()[0] is PASS
    assert of(vm=[machine(State="Off")]) == (FAIL, HIGH)
    assert of(vm_hard_disk=[]) == (FAIL, HIGH)
    assert of(mounted_image=[image[0] | {"Path": "D:\\tools.iso"}])[0] is NA
    assert of(mounted_image=[])[0] is NA
    assert of(vm_hard_disk=HIDDEN)[0] is GAP


def test_a_disk_of_the_host_that_is_made_of_a_file_is_an_image_as_well():
    check = storage.no_image_is_mounted
    foreign = "D:\\Foreign\\x.vhdx"
    own = {"Number": 0, "BusType": 10, "Location": "PCI Slot 5"}
    disks = [own, {"Number": 3, "BusType": 15, "Location": foreign}]
    assert worst(check, mounted_image=[], disks=[own])[0] is PASS
    assert worst(check, mounted_image=[], disks=disks) == (FAIL, HIGH)
    assert worst(check, mounted_image=HIDDEN, disks=disks) == (FAIL, HIGH)
    assert worst(check, mounted_image=[], disks=failed())[0] is GAP
    assert worst(check, mounted_image=[], disks=[disks[1] | {"Location": None}])[0] is GAP
    image = [{"Path": foreign, "Access": "ReadWrite", "PnpDevicePath": None}]
    told = [result for result in ask(check, snapshot(mounted_image=image, disks=disks)) if result.status is FAIL]
    assert len(told) == 1


def found(path, written=OLD, **changed):
    return {
        "Path": path,
        "Kind": "disk",
        "FoundBy": ["diskFolder"],
        "CreationUtc": OLD,
        "LastWriteUtc": written,
        "Attributes": [],
        **changed,
    }


def stored(path=DISK, references=("vmDisk",), kind="vhdx", **changed):
    return {"Path": path, "Kind": kind, "References": list(references), "Exists": True, "Error": None, **changed}


orphans = storage.no_orphaned_disks
LONE = "D:\\VMs\\gone.vhdx"


def left(path=LONE, check=orphans, *, vhds=None, **tables):
    return worst(check, vm_files=[found(path)], vhds=[stored()] if vhds is None else vhds, **tables)


def test_an_old_disk_that_nothing_refers_to_fails():
    assert left() == (FAIL, LOW)
    assert worst(orphans, vm_files=[found(LONE, RECENT)], vhds=[stored()])[0] is PASS
    assert worst(orphans, vm_files=[found(LONE, Kind="iso")], vhds=[stored()])[0] is NA
    assert left(DISK)[0] is PASS
    assert left(DISK.upper())[0] is PASS
    assert left(vm_checkpoint_disk=[of(Kind="HardDisk", Path=LONE)])[0] is PASS
    assert left(vhds=[stored(LONE, ["parent"])])[0] is PASS
    assert left(vhds=[stored(LONE, ["folder"])]) == (FAIL, LOW)


@pytest.mark.parametrize(
    "path",
    [
        "D:\\Profiles\\UVHD-S-1-5-21-1-2-3-1105.vhdx",
        "D:\\Profiles\\Profile_anna.VHDX",
        "D:\\Profiles\\ODFC_anna.vhdx",
        "E:\\WindowsImageBackup\\HV01\\Backup\\a.vhdx",
        "D:\\iSCSIVirtualDisks\\lun1.vhdx",
        "C:\\Users\\anna\\AppData\\Local\\Packages\\Linux\\LocalState\\ext4.vhdx",
    ],
)
def test_disks_of_others_are_not_left_over(path):
    assert left(path)[0] is PASS


def test_files_behind_a_vhd_set_are_not_left_over():
    link = "D:\\VMs\\data_0F1E2D3C-0000-4000-8000-00000000000A.avhdx"
    collection = "D:\\VMs\\data.vhds"
    for check in (orphans, storage.no_leftover_checkpoint_disks):
        assert left(link, check, vhds=[stored(collection, kind="vhds")])[0] is PASS
        assert left(link, check, vm_hard_disk=[])[0] is FAIL


@pytest.mark.parametrize(
    "path", ["\\\\fs01\\vms$\\gone.vhdx", "C:\\ClusterStorage\\Volume1\\gone.vhdx", "V:\\gone.vhdx"]
)
def test_on_shared_storage_others_may_use_the_file(path):
    assert left(path, volumes=[SYSTEM, DATA, SHARED, volume("V:", 7, IsCsv=True)]) == (FAIL, INFO)


def test_without_all_references_nobody_knows_what_is_left_over():
    assert left(vm_hard_disk=HIDDEN)[0] is GAP
    assert left(vm_checkpoint_disk=HIDDEN)[0] is GAP
    assert worst(orphans, vm_files=[found(LONE)], vhds=failed())[0] is GAP
    assert worst(orphans, vm_files=failed(), vhds=[stored()])[0] is GAP
    assert left(volumes=failed()) == (FAIL, LOW)
    unread = [vhd(ParentPath=HIDDEN)]
    assert left(vhd=unread)[0] is GAP
    assert left("E:\\VMs\\gone.vhdx", vhd=unread, volumes=[SYSTEM, DATA, volume("E:", 4)]) == (FAIL, LOW)


leftovers = storage.no_leftover_checkpoint_disks
LINK = "D:\\VMs\\web_0F1E2D3C-0000-4000-8000-00000000000A.avhdx"


def test_a_checkpoint_disk_in_no_chain_fails():
    assert left(LINK, leftovers) == (FAIL, MEDIUM)
    assert left(LONE, leftovers)[0] is PASS
    assert left(LIVE, leftovers, **CHAIN)[0] is PASS
    assert left("\\\\fs01\\vms$\\web_1.avhdx", leftovers) == (FAIL, INFO)
    assert worst(leftovers, vm_files=[found(LINK, FoundBy=["recycleBin"])], vhds=[stored()])[0] is PASS
    during = found(LINK, CreationUtc="2026-11-01T08:16:00.000Z")
    assert worst(leftovers, vm_files=[during], vhds=[stored()]) == (FAIL, INFO)
    assert left(LINK, leftovers, vm_hard_disk=HIDDEN)[0] is GAP


def test_a_checkpoint_disk_that_only_the_list_of_disks_knows_fails_as_well():
    loose = stored(LINK, ["folder"], "avhdx")
    assert worst(leftovers, vm_files=[], vhds=[stored(), loose]) == (FAIL, MEDIUM)
    results = ask(leftovers, snapshot(vm_files=[found(LINK)], vhds=[stored(), loose]))
    assert [result.subject.table for result in results if result.status is FAIL] == ["vm_files"]


def test_a_merge_in_progress_is_a_note():
    merging = [machine(SecondaryOperationalStatus="MergingDisks")]
    assert worst(leftovers, vm=merging, vm_files=[], vhds=[stored()]) == (FAIL, INFO)
    assert worst(leftovers, vm_files=[], vhds=[stored()])[0] is PASS
    assert worst(leftovers, vm=[machine(SecondaryOperationalStatus=HIDDEN)], vm_files=[], vhds=[stored()])[0] is GAP


def test_a_leftover_checkpoint_disk_is_told_once():
    lost = snapshot(vm_files=[found(LINK)], vhds=[stored()])
    results = judge(lost, [orphans, leftovers], folds=FOLDS)
    assert [r.folded_into for r in results if r.status is FAIL] == ["HV-STOR-015", None]


def test_file_systems_without_access_control_fail():
    check = storage.file_system_is_supported
    assert worst(check)[0] is PASS
    assert worst(check, volumes=[SYSTEM, volume(FileSystem="exFAT")]) == (FAIL, HIGH)
    assert worst(check, volumes=[SYSTEM, volume(FileSystem=None)])[0] is GAP
    assert worst(check, vm_hard_disk=HIDDEN)[0] is GAP


ON_SHARE = [drive("\\\\fs01.corp.example\\VMs$\\web.vhdx")]


def connection(server="FS01", share="vms$", **changed):
    return {
        "ServerName": server,
        "ShareName": share,
        "Dialect": "3.1.1",
        "ContinuouslyAvailable": True,
        "Encrypted": True,
        "Signed": True,
        **changed,
    }


def shared(check, era="2022", *, drives=ON_SHARE, connections=None, **tables):
    rows = [connection()] if connections is None else connections
    return worst(check, era, vm=place(), vm_hard_disk=drives, smb_connections=rows, **tables)


SMB = (storage.vm_shares_use_smb_3, storage.vm_shares_are_continuously_available, storage.vm_shares_are_protected)


@pytest.mark.parametrize("check", SMB)
def test_a_share_with_machines_needs_an_open_connection_to_be_judged(check):
    assert shared(check)[0] is PASS
    assert shared(check, connections=[])[0] is GAP
    assert shared(check, connections=[connection("fs02")])[0] is GAP
    assert shared(check, connections=failed())[0] is GAP
    assert shared(check, drives=HIDDEN)[0] is GAP
    assert shared(check, drives=[drive(HIDDEN)])[0] is GAP
    assert shared(check, drives=[drive()], connections=[])[0] is NA
    bad = connection(Dialect="2.1", ContinuouslyAvailable=False, Encrypted=False, Signed=False)
    assert shared(check, drives=[drive()], connections=[bad])[0] is NA
    assert shared(check, connections=[bad, connection("fs02")])[0] is FAIL


def test_a_connection_is_named_as_people_write_a_share():
    snapshot = host(smb_connections=[connection("fs01"), {"ServerName": "fs01", "ShareName": None}])
    assert [str(row) for row in snapshot.rows(SmbConnection)] == ["\\\\fs01\\vms$", "fs01"]


@pytest.mark.parametrize(
    ("used", "open_to", "expected"),
    [
        ("fs01", "fs01.corp.example", PASS),
        ("fs01.corp.example", "fs01.other.example", GAP),
        ("10.0.0.5", "10.0.0.5", PASS),
        ("10.0.0.5", "10", GAP),
        ("fs01", "fs011", GAP),
    ],
)
def test_servers_are_the_same_with_and_without_their_domain(used, open_to, expected):
    drives = [drive(f"\\\\{used}\\vms$\\web.vhdx")]
    assert shared(SMB[0], drives=drives, connections=[connection(open_to)])[0] is expected


def test_configurations_on_a_share_count_too():
    tables = {"vm": place(config="\\\\fs01\\vms$\\web"), "smb_connections": [connection(Dialect="2.1")]}
    assert worst(SMB[0], **tables) == (FAIL, HIGH)


@pytest.mark.parametrize(
    ("dialect", "expected"), [("2.1", HIGH), ("2.002", HIGH), ("3.00", PASS), ("3.0.2", PASS), ("x", GAP), (None, GAP)]
)
def test_dialects_compare_as_versions(dialect, expected):
    status, severity = shared(SMB[0], connections=[connection(Dialect=dialect)])
    assert (severity if status is FAIL else status) is expected


def test_a_share_that_is_not_continuously_available_fails():
    assert shared(SMB[1], connections=[connection(ContinuouslyAvailable=False)]) == (FAIL, LOW)


def test_traffic_to_a_share_must_be_encrypted_or_signed():
    protected = SMB[2]
    assert shared(protected, connections=[connection(Encrypted=False)])[0] is PASS
    assert shared(protected, connections=[connection(Signed=False)])[0] is PASS
    assert shared(protected, connections=[connection(Encrypted=False, Signed=False)]) == (FAIL, MEDIUM)
    found = ask(
        protected,
        snapshot(vm=place(), vm_hard_disk=ON_SHARE, smb_connections=[connection(Encrypted=False, Signed=False)]),
    )
    assert (told(found[0]).key, "web" in found[0].message) == ({"ServerName": "FS01", "ShareName": "vms$"}, True)


@pytest.mark.parametrize(("signing", "expected"), [(True, PASS), (False, GAP)])
def test_before_2016_the_client_tells_whether_traffic_is_signed(signing, expected):
    old = connection(Encrypted=False)
    del old["Signed"]
    client = [{"RequireSecuritySignature": signing}]
    assert shared(SMB[2], "2012R2", connections=[old], smb_client=client)[0] is expected
    assert shared(SMB[2], "2012R2", connections=[old], smb_client=failed())[0] is GAP


limited = storage.limited_disks_lie_with_their_parents


@pytest.mark.parametrize("rule", [{"MaximumIOPS": 500}, {"MinimumIOPS": 50}, {"QoSPolicyID": WEB}])
def test_a_rule_for_traffic_needs_the_parents_on_the_same_volume(rule):
    volumes = [SYSTEM, DATA, volume("E:", 4)]
    away, near = [child(LIVE, "E:\\base.vhdx"), vhd("E:\\base.vhdx")], CHAIN["vhd"]

    def status(disks, **changed):
        return of_host(limited, vm_hard_disk=[drive(LIVE, **changed)], vhd=disks, volumes=volumes)

    assert status(away, **rule) == (FAIL, LOW)
    assert status(away)[0] is PASS
    assert status(near, **rule)[0] is PASS
    assert status(away[:1], **rule)[0] is GAP
    assert status(away, **rule | {"MaximumIOPS": HIDDEN})[0] is GAP


def test_rules_are_known_without_policies_before_2016():
    disks = {"vm_hard_disk": [drive(LIVE, MaximumIOPS=500)], "vhd": CHAIN["vhd"]}
    no_policy = ("vm_hard_disk.QoSPolicyID",)
    assert of_host(limited, "2012R2", unsupported=no_policy, **disks)[0] is PASS
    assert of_host(limited, "2012R2", unsupported=no_policy)[0] is PASS


def test_folders_of_pools_are_not_assessed_as_soon_as_there_is_a_pool():
    check = storage.pools_do_not_overlap
    first = {"Name": "Primordial", "ResourcePoolType": "VHD", "Primordial": True, "Paths": []}
    own = {"Name": "Gold", "ResourcePoolType": "VHD", "Primordial": False, "Paths": ["D:\\VMs"]}
    assert of_host(check, resource_pool=[first])[0] is PASS
    assert of_host(check, resource_pool=[first, own | {"ResourcePoolType": "Ethernet"}])[0] is PASS
    assert verdict(check, snapshot(resource_pool=[first, own])).cause is Cause.UNDETERMINED
    assert of_host(check, resource_pool=HIDDEN)[0] is GAP


SAN = {"Name": "A", "Id": WEB, "HBAs": ["2100000000000001", "2100000000000002"]}


def test_a_storage_network_without_adapter_fails():
    check = storage.san_has_an_adapter
    assert of_host(check, virtual_san=[SAN])[0] is PASS
    assert of_host(check, virtual_san=[SAN | {"HBAs": []}]) == (FAIL, MEDIUM)
    assert of_host(check, virtual_san=[SAN | {"HBAs": HIDDEN}])[0] is GAP


PORTS = [of(Id="1", SanName="A"), of(Id="2", SanName="A")]


def test_less_redundancy_matters_only_with_fibre_channel():
    check = storage.redundancy_is_kept
    allowed = [machine(AllowReducedFcRedundancy=True)]
    assert of_host(check, vm=[machine(AllowReducedFcRedundancy=False)])[0] is PASS
    assert of_host(check, vm=allowed, vm_fibre_channel_hba=PORTS) == (FAIL, LOW)
    assert of_host(check, vm=allowed, vm_fibre_channel_hba=[])[0] is NA
    assert of_host(check, vm=allowed, vm_fibre_channel_hba=HIDDEN)[0] is GAP


def test_fibre_channel_over_one_adapter_is_a_note():
    check = storage.fibre_channel_is_redundant
    narrow = [SAN | {"HBAs": SAN["HBAs"][:1]}]
    assert of_host(check, vm_fibre_channel_hba=PORTS, virtual_san=[SAN])[0] is PASS
    assert of_host(check, vm_fibre_channel_hba=PORTS[:1], virtual_san=[SAN]) == (FAIL, INFO)
    assert of_host(check, vm_fibre_channel_hba=PORTS, virtual_san=narrow) == (FAIL, INFO)
    assert of_host(check, vm_fibre_channel_hba=[], virtual_san=[SAN])[0] is NA
    assert of_host(check, vm_fibre_channel_hba=PORTS, virtual_san=HIDDEN)[0] is GAP
    assert of_host(check, vm_fibre_channel_hba=[PORTS[0], PORTS[1] | {"SanName": None}], virtual_san=[SAN])[0] is GAP


traffic = storage.storage_traffic_is_limited


def owned(drives, *owners):
    both = snapshot(vm=[machine(), machine(Id=DB, Name="db")], vm_hard_disk=drives, vm_group=[])
    both.policy = Policy(vms={name: VMTags(owner=owner) for name, owner in zip(("web", "db"), owners, strict=False)})
    return verdict(traffic, both)


def test_traffic_is_limited_where_owners_share_the_host():
    free, bound = drive(), drive(MaximumIOPS=500)
    assert owned([free], "A", "B").status is FAIL
    assert owned([free], "A", "A").status is NA
    assert owned([free]).cause is Cause.MANUAL
    assert owned([free, bound], "A", "B").status is PASS
    assert owned([drive(QoSPolicyID=WEB)], "A", "B").status is PASS
    assert owned([drive(MaximumIOPS=HIDDEN)], "A", "B").status is GAP
    assert owned(HIDDEN, "A", "B").status is GAP


STORAGE_PORT = "33333333-aaaa-4000-8000-000000000003"
SWITCH = {"Id": DB, "Name": "Storage", "SwitchType": "External"}
iscsi = storage.iscsi_has_its_own_network


def adapter(**changed):
    return {
        "Id": "host",
        "VMId": None,
        "VMName": None,
        "Name": "iSCSI",
        "IsManagementOs": True,
        "DeviceId": STORAGE_PORT,
        "Connected": True,
        "SwitchId": DB,
        **changed,
    }


def vlan(identifier, number):
    return {
        "AdapterId": identifier,
        "OperationMode": "Access" if number else "Untagged",
        "AccessVlanId": number or None,
    }


def session(*, gateway=False, own=20, theirs=30, adapters=None, cards=2, target="10.1.0.9", **tables):
    port = {"IsPhysical": True, "Name": "NIC", "ConnectionStatus": 2}
    net = {
        "iscsi_connections": [
            {"ConnectionIdentifier": "1", "InitiatorAddress": "10.1.0.5", "TargetAddress": target, "TargetPort": 3260}
        ],
        "net_ip": [{"InterfaceIndex": 7, "InterfaceGuid": STORAGE_PORT, "Address": "10.1.0.5", "Family": "IPv4"}],
        "net_interfaces": [
            {"InterfaceIndex": 7, "InterfaceGuid": STORAGE_PORT, "Family": "IPv4", "Gateways": ["10.1.0.1"] * gateway}
        ],
        "net_adapters": [port | {"InterfaceGuid": f"{n}{DB[1:]}", "PnpId": f"PCI\\{n}"} for n in range(cards)],
        "vswitch": [SWITCH],
        "vm_network_adapter": [] if adapters is None else adapters,
        "vm_network_adapter_vlan": [vlan("host", own), vlan("guest", theirs)],
        "vm_network_adapter_isolation": [{"AdapterId": name, "IsolationMode": "None"} for name in ("host", "guest")],
    }
    return of_host(iscsi, **net | tables)


GUEST = adapter(Id="guest", VMId=WEB, VMName="web", Name="NIC", IsManagementOs=False, DeviceId=None)


def test_iscsi_needs_a_network_of_its_own():
    both = [adapter(), GUEST]
    assert session()[0] is PASS
    assert session(gateway=True) == (FAIL, MEDIUM)
    assert session(adapters=[adapter()])[0] is PASS
    assert session(adapters=both) == (FAIL, INFO)
    assert session(adapters=both, own=30) == (FAIL, MEDIUM)
    assert session(adapters=both, own=0, theirs=0) == (FAIL, MEDIUM)
    assert session(adapters=both, gateway=True) == (FAIL, MEDIUM)


def test_a_target_on_the_host_itself_and_a_host_with_one_port_do_not_matter():
    assert session(gateway=True, target="10.1.0.5")[0] is NA
    assert session(gateway=True, target="127.0.0.1")[0] is NA
    assert session(gateway=True, cards=1)[0] is NA
    assert session(cards=1)[0] is PASS


def test_what_iscsi_runs_over_must_be_known():
    assert session(net_ip=[])[0] is GAP
    assert session(vm_network_adapter=HIDDEN)[0] is GAP
    assert session(net_interfaces=failed())[0] is GAP
    assert session(vm_network_adapter=HIDDEN, gateway=True) == (FAIL, MEDIUM)
    assert session(adapters=[adapter(), GUEST], vm_network_adapter_vlan=HIDDEN)[0] is GAP
    assert session(iscsi_connections=failed())[0] is GAP


@pytest.mark.parametrize(
    ("kind", "expected"), [("NONE", FAIL), ("ONEWAYCHAP", PASS), ("MUTUALCHAP", PASS), (None, GAP)]
)
def test_iscsi_sessions_must_be_authenticated(kind, expected):
    rows = [{"SessionIdentifier": "1", "TargetNodeAddress": "iqn.target", "AuthenticationType": kind}]
    assert of_host(storage.iscsi_is_authenticated, iscsi_sessions=rows)[0] is expected


@pytest.mark.parametrize(
    ("attributes", "system", "expected"),
    [
        ([], "NTFS", PASS),
        (["compressed"], "NTFS", MEDIUM),
        (["encrypted", "sparse"], "NTFS", MEDIUM),
        (["sparse"], "NTFS", LOW),
        (["sparse"], "ReFS", PASS),
    ],
)
def test_disk_files_must_be_plain(attributes, system, expected):
    rows = [found(DISK, Attributes=attributes)]
    status, severity = of_host(storage.disk_files_are_plain, vm_files=rows, volumes=[SYSTEM, volume(FileSystem=system)])
    assert (severity if status is FAIL else status) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (DISK, PASS),
        ("C:\\Users\\anna\\Desktop\\web.vhdx", FAIL),
        ("D:\\Temp\\web.vhdx", FAIL),
        ("D:\\Downloads\\web.vhdx", FAIL),
        ("D:\\Templates\\temp.vhdx", PASS),
        ("C:\\Users\\Public\\Documents\\Hyper-V\\Virtual Hard Disks\\web.vhdx", PASS),
        (HIDDEN, GAP),
    ],
)
def test_disks_do_not_lie_in_profiles(path, expected):
    assert of_host(storage.disks_do_not_lie_in_profiles, vm_hard_disk=[drive(path)])[0] is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (DISK, GAP),
        ("C:\\Users\\anna\\web.vhdx", FAIL),
        ("D:\\Temp\\web.vhdx", FAIL),
        ("C:\\Users\\Public\\Documents\\web.vhdx", PASS),
        ("D:\\Public\\Desktop\\web.vhdx", GAP),
    ],
)
def test_without_the_run_context_the_usual_places_of_profiles_are_known(path, expected):
    found = of_host(storage.disks_do_not_lie_in_profiles, vm_hard_disk=[drive(path)], collection=failed())
    assert found[0] is expected


exists = storage.files_exist


def test_files_that_machines_refer_to_must_exist():
    def status(references, **changed):
        return of_host(exists, vhds=[stored(references=references, **changed)])

    assert status(["vmDisk"])[0] is PASS
    assert status(["vmDisk"], Exists=False, Error="notFound") == (FAIL, HIGH)
    assert status(["snapshotDisk", "parent"], Exists=False) == (FAIL, HIGH)
    assert status(["dvd"], Exists=False, Kind="iso") == (FAIL, LOW)
    assert status(["parent"], Exists=False)[0] is NA
    assert status(["folder"])[0] is NA
    assert of_host(exists, vhds=failed())[0] is GAP
    denied = verdict(exists, snapshot(vhds=[stored(Exists=None, Error="accessDenied")]))
    assert (denied.status, denied.cause) == (GAP, Cause.ACCESS_DENIED)
    assert "web" in verdict(exists, snapshot(vhds=[stored(Exists=False)])).message


def test_disks_that_were_not_asked_in_time_are_not_assessed():
    assert statuses(exists, snapshot(vhds=partial([stored()]))) == [GAP, PASS]


def test_disks_in_a_recycle_bin_fail_once():
    check = storage.no_disks_in_a_recycle_bin
    thrown = found("D:\\$Recycle.Bin\\S-1-5-21-1-2-3-500\\$R1.vhdx", FoundBy=["recycleBin"])
    assert of_host(check, vm_files=[thrown]) == (FAIL, LOW)
    assert of_host(check, vm_files=[thrown | {"Kind": "other"}])[0] is NA
    assert of_host(check, vm_files=[found(DISK)])[0] is NA
    assert of_host(check, vm_files=failed())[0] is GAP
    results = judge(snapshot(vm_files=[thrown], vhds=[stored()]), [orphans, check], folds=FOLDS)
    assert [result.folded_into for result in results if result.status is FAIL] == ["HV-STOR-016", None]


@pytest.mark.parametrize(
    ("enabled", "usage", "expected"),
    [
        (False, None, PASS),
        (None, None, PASS),
        (True, "HyperV", PASS),
        (True, "Backup", PASS),
        (True, "Default", FAIL),
        (True, "2", GAP),
        (True, None, GAP),
    ],
)
def test_deduplication_must_be_meant_for_machines(enabled, usage, expected):
    volumes = [volume(DedupEnabled=enabled, DedupUsageType=usage)]
    assert of_host(storage.deduplication_fits, volumes=volumes)[0] is expected
    assert of_host(storage.deduplication_fits, volumes=volumes, vm_hard_disk=[])[0] is NA


def test_deduplication_of_2012_is_for_general_files():
    assert of_host(storage.deduplication_fits, "2012", volumes=[volume(DedupEnabled=True)]) == (FAIL, LOW)
    unread = volume(DedupEnabled=None, _err={"DedupEnabled": "accessDenied"})
    assert of_host(storage.deduplication_fits, volumes=[unread])[0] is GAP
