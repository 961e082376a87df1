"""HV-ACL: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, ask, failed, host, partial, told, verdict
from machines import HIDDEN, machine, machines

from analyzers import filesystem
from analyzers.folds import FOLDS
from snapshot_tool.engine import judge
from snapshot_tool.knowledge.sids import vm_sid
from snapshot_tool.verdict import Cause, Severity

LOW, MEDIUM, HIGH, CRITICAL, INFO = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL, Severity.INFO
TIGHT = "O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;FA;;;CO)"
# A freshly formatted data volume, a folder made on it, and a file made in that.
STOCK_ROOT = (
    "O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CIIO;DC;;;BU)(A;OICIIO;GA;;;CO)"
)
STOCK_FOLDER = (
    "O:BAG:SYD:AI(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;CIID;LC;;;BU)(A;CIID;DC;;;BU)"
)
STOCK_FILE = "O:BAG:SYD:AI(A;ID;FA;;;BA)(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)"
# The table of the security guide of 2009 for the folder of virtual disks.
OLD_SET = "(A;OICI;0x301de;;;IU)(A;OICI;0x301de;;;SU)(A;OICI;0x301de;;;S-1-5-3)"


def acl(path, *roles, sddl=TIGHT, kind="dir", **changed):
    return {"Path": path, "Kind": kind, "Roles": list(roles), "Exists": True, "Sddl": sddl} | changed


def file(path, *roles, sddl=TIGHT):
    return acl(path, *roles, sddl=sddl, kind="file")


ROOT = acl("D:\\", "volumeRoot", sddl=STOCK_ROOT)
UNREAD = {"Sddl": None, "_err": {"Sddl": "accessDenied"}}


def found(check, *acls, **tables):
    return [told(result) for result in ask(check, host(acls=list(acls), **tables))]


def failing(check, *acls, **tables):
    return [(item.key.get("Path"), item.severity) for item in found(check, *acls, **tables) if item.status is FAIL]


# 001, 002, 010: folders of disks


@pytest.mark.parametrize(
    ("sddl", "severity"),
    [
        (TIGHT, None),
        (TIGHT + "(A;OICI;0x1200a9;;;BU)", None),
        (TIGHT + "(A;OICI;0x1301bf;;;BU)", CRITICAL),
        (TIGHT + "(A;;0x40;;;AU)", CRITICAL),
        (TIGHT + "(A;OIIO;GW;;;WD)", CRITICAL),
        (TIGHT + "(A;CI;DCLC;;;BU)", LOW),
        (STOCK_FOLDER, None),
        (TIGHT + OLD_SET, None),
        (TIGHT + "(A;OICI;FA;;;IU)", CRITICAL),
        (TIGHT + "(A;OICI;FA;;;S-1-5-83-0)(A;OICI;FA;;;S-1-5-32-578)", None),
        ("D:NO_ACCESS_CONTROL", CRITICAL),
    ],
)
def test_what_ordinary_users_may_do_in_the_folder_of_a_disk(sddl, severity):
    expected = [] if severity is None else [("D:\\VMs", severity)]
    assert failing(filesystem.disk_folders_are_protected, ROOT, acl("D:\\VMs", "vhdDir", sddl=sddl)) == expected


def test_an_open_folder_on_a_closed_volume_is_told_of_itself():
    closed = acl("D:\\", "volumeRoot")
    stock = acl("D:\\VMs", "vhdDir", sddl=STOCK_FOLDER)
    assert failing(filesystem.disk_folders_are_protected, closed, stock) == [("D:\\VMs", LOW)]
    between = acl("D:\\VMs", "parentDir", sddl=STOCK_ROOT.replace("D:", "D:P"))
    below = acl("D:\\VMs\\Disks", "vhdDir", sddl=STOCK_FOLDER)
    assert failing(filesystem.disk_folders_are_protected, ROOT, between, below) == [("D:\\VMs\\Disks", LOW)]


def test_a_folder_that_could_not_be_read_is_not_assessed():
    item = verdict(filesystem.disk_folders_are_protected, host(acls=[acl("D:\\VMs", "vhdDir") | UNREAD]))
    assert (item.status, item.cause) == (GAP, Cause.ACCESS_DENIED)
    root = ROOT | UNREAD
    stock = acl("D:\\VMs", "vhdDir", sddl=STOCK_FOLDER)
    assert [item.status for item in found(filesystem.disk_folders_are_protected, root, stock)] == [GAP]
    assert verdict(filesystem.disk_folders_are_protected, host(acls=failed())).status is GAP


def test_an_empty_list_of_folders_proves_nothing_where_the_machines_were_not_read():
    assert verdict(filesystem.disk_folders_are_protected, host(acls=[ROOT])).status is GAP
    without = machines(vm_hard_disk=[], host_hyperv=[], acls=[ROOT])
    assert verdict(filesystem.disk_folders_are_protected, without).status is NA


def test_folders_on_a_file_server_and_folders_that_are_gone_are_not_judged():
    remote = acl("\\\\fs01\\vms\\web", "vhdDir", sddl=TIGHT + "(A;OICI;FA;;;WD)")
    assert [item.status for item in found(filesystem.disk_folders_are_protected, remote)] == [NA]
    gone = acl("D:\\VMs", "hostDefaultDir", Exists=False, Kind=None, Sddl=None)
    assert failing(filesystem.disk_folders_are_protected, gone) == []


STRANGER = "S-1-5-21-9-9-9-1107"


def test_a_named_group_is_listed_for_review_unless_it_administers_the_host():
    folder = acl("D:\\VMs", "vhdDir", sddl=TIGHT + f"(A;OICI;FA;;;{STRANGER})")
    names = {"sids": [{"Sid": STRANGER, "Name": "CONTOSO\\ops", "Class": "group"}]}
    (item,) = found(filesystem.disk_folders_are_protected, folder, local_group_members=[], **names)
    assert (item.status, item.severity) == (FAIL, LOW)
    assert "to be reviewed: CONTOSO\\ops" in item.message
    admin = [{"GroupSid": "S-1-5-32-544", "MemberSid": STRANGER}]
    assert failing(filesystem.disk_folders_are_protected, folder, local_group_members=admin, **names) == []
    computer = {"sids": [{"Sid": STRANGER, "Name": "CONTOSO\\HV02$", "Class": "computer"}]}
    assert failing(filesystem.disk_folders_are_protected, folder, local_group_members=[], **computer) == []
    unknown = found(filesystem.disk_folders_are_protected, folder, local_group_members=failed(), **names)
    assert [item.status for item in unknown] == [GAP]


RIGHTS = "[Unicode]\r\nUnicode=yes\r\n[Privilege Rights]\r\n{}\r\n"


def rights(**granted):
    lines = [f"{right} = {','.join('*' + sid for sid in sids)}" for right, sids in granted.items()]
    return {"raw": {"raw/secpol/secedit.inf": RIGHTS.format("\r\n".join(lines)).encode("utf-16")}}


def old_set(*, sddl=TIGHT + OLD_SET, logon=("S-1-5-32-544", "S-1-5-32-545", "S-1-5-32-551")):
    tables = rights(SeInteractiveLogonRight=logon) | {"local_group_members": []}
    return failing(filesystem.disk_folders_have_no_old_set, acl("D:\\VMs", "vhdDir", sddl=sddl), **tables)


def test_the_set_of_2008_is_low_and_weighs_more_where_others_log_on():
    assert old_set() == [("D:\\VMs", LOW)]
    assert old_set(logon=["S-1-5-32-544", "S-1-5-11"]) == [("D:\\VMs", MEDIUM)]
    assert old_set(sddl=TIGHT) == []
    assert old_set(sddl=TIGHT + "(A;OICI;0x1200a9;;;IU)") == []
    assert old_set(sddl=TIGHT + "(A;OICI;FA;;;IU)") == []
    unread = failing(filesystem.disk_folders_have_no_old_set, acl("D:\\VMs", "vhdDir", sddl=TIGHT + OLD_SET))
    assert unread == [("D:\\VMs", MEDIUM)]


def test_replica_storage_is_judged_as_a_folder_of_disks():
    weak = acl("E:\\Replica", "replicaDir", sddl=TIGHT + "(A;OICI;0x1301bf;;;AU)")
    assert failing(filesystem.replica_storage_is_protected, weak) == [("E:\\Replica", HIGH)]
    assert failing(filesystem.replica_storage_is_protected, acl("E:\\Replica", "replicaDir")) == []


# 003: who reads disks

DISK = {"VMId": machine()["Id"], "VMName": "web", "Path": "D:\\VMs\\web.vhdx"}
ADMINISTRATORS_ONLY = rights(SeRemoteInteractiveLogonRight=["S-1-5-32-544"])


def readable(sddl=STOCK_FILE, *, product="3", shares=(), remote=ADMINISTRATORS_ONLY, **tables):
    tables = {
        "vm_hard_disk": [DISK],
        "vm_checkpoint_disk": [],
        "vhd": [],
        "vm_guest_kvp": [{"VMId": DISK["VMId"], "VMName": "web", "ProductType": product}],
    } | tables
    disk = file("D:\\VMs\\web.vhdx", "vhd", sddl=sddl)
    snapshot = machines(acls=[ROOT, disk], smb_shares=list(shares), **remote, **tables)
    item = verdict(filesystem.disks_are_not_readable, snapshot)
    assert item.key == {"Path": "D:\\VMs"}
    return item.status, item.severity


SHARE = {
    "Name": "vms",
    "Path": "D:\\VMs",
    "Type": 0,
    "Special": False,
    "ScopeName": "*",
    "ShareSddl": "D:(A;;0x1200a9;;;AU)",
}
USERS_LOG_ON = rights(SeRemoteInteractiveLogonRight=["S-1-5-32-544", "S-1-5-32-545"])


def test_a_readable_disk_is_medium_and_more_where_users_come_near_it():
    assert readable() == (FAIL, MEDIUM)
    assert readable(TIGHT)[0] is PASS
    assert readable("D:(A;;0x1200a9;;;IU)") == (FAIL, LOW)
    assert readable("D:(A;;0x1301bf;;;BU)") == (FAIL, HIGH)
    assert readable(shares=[SHARE]) == (FAIL, HIGH)
    assert readable(shares=[SHARE | {"Path": "E:\\Other"}]) == (FAIL, MEDIUM)
    assert readable(shares=[SHARE | {"Special": True}]) == (FAIL, MEDIUM)
    assert readable(remote=USERS_LOG_ON) == (FAIL, HIGH)


def test_the_disk_of_a_domain_controller_weighs_most_in_those_cases():
    assert readable(product="2") == (FAIL, MEDIUM)
    assert readable(product="2", remote=USERS_LOG_ON) == (FAIL, CRITICAL)
    parent = {
        "vm_hard_disk": [DISK | {"Path": "D:\\VMs\\child.avhdx"}],
        "vhd": [{"Path": "D:\\VMs\\child.avhdx", "ParentPath": "D:\\VMs\\web.vhdx", "Exists": True}],
    }
    assert readable(product="2", remote=USERS_LOG_ON, **parent) == (FAIL, CRITICAL)
    assert readable(product=None, remote=USERS_LOG_ON) == (FAIL, HIGH)


def test_what_a_readable_disk_weighs_is_the_worst_where_it_is_not_known():
    assert readable(remote={}) == (FAIL, HIGH)
    assert readable(remote={}, vm_guest_kvp=HIDDEN) == (FAIL, CRITICAL)
    assert readable(remote=USERS_LOG_ON, vm_hard_disk=HIDDEN) == (FAIL, HIGH)
    assert readable(product="2", remote=USERS_LOG_ON, vm_hard_disk=HIDDEN) == (FAIL, CRITICAL)
    assert readable(vm_guest_kvp=HIDDEN) == (FAIL, MEDIUM)


def test_one_finding_per_folder_names_the_files_and_an_unread_file_may_be_the_worst():
    disks = [file(f"D:\\VMs\\{name}.vhdx", "vhd", sddl=STOCK_FILE) for name in "ab"]
    near = {"smb_shares": []} | ADMINISTRATORS_ONLY
    (item,) = found(filesystem.disks_are_not_readable, ROOT, *disks, **near)
    assert (item.severity, item.key) == (MEDIUM, {"Path": "D:\\VMs"})
    assert "a.vhdx, b.vhdx" in item.message
    unread = file("D:\\VMs\\c.vhdx", "vhd") | UNREAD
    (item,) = found(filesystem.disks_are_not_readable, ROOT, *disks, unread, **near)
    assert (item.status, item.severity) == (FAIL, CRITICAL)
    assert "at most critical" in item.message


# 004, 006: whose the disk is

OTHER = "22222222-bbbb-4000-8000-000000000002"


def named_on_disk(guid, *, mask="0x12019f", **tables):
    disk = file("D:\\VMs\\web.vhdx", "vhd", sddl=f"D:(A;;FA;;;BA)(A;;{mask};;;{vm_sid(guid)})")
    tables = {
        "vm": [machine(), machine(Id=OTHER, Name="db")],
        "vm_hard_disk": [DISK],
        "vm_checkpoint_disk": [],
        "vhd": [],
    } | tables
    item = verdict(filesystem.disks_belong_to_their_machines, machines(acls=[disk], **tables))
    return item.status, item.severity


def test_a_disk_names_only_machines_that_use_it():
    assert named_on_disk(DISK["VMId"])[0] is PASS
    assert named_on_disk(OTHER) == (FAIL, MEDIUM)
    assert named_on_disk(OTHER, mask="0x120080")[0] is PASS
    assert named_on_disk("33333333-cccc-4000-8000-000000000003") == (FAIL, INFO)


def test_shared_disks_parents_and_disks_of_checkpoints_may_name_several_machines():
    shared = [DISK, DISK | {"VMId": OTHER, "VMName": "db"}]
    assert named_on_disk("44444444-cccc-4000-8000-000000000004", vm_hard_disk=shared)[0] is FAIL
    assert named_on_disk(OTHER, vm_hard_disk=shared)[0] is PASS
    child = [{"Path": "D:\\VMs\\child.vhdx", "ParentPath": "D:\\VMs\\web.vhdx", "Exists": True}]
    assert named_on_disk(OTHER, vhd=child)[0] is PASS
    kept = [DISK | {"VMId": OTHER, "VMSnapshotId": OTHER, "Kind": "HardDisk"}]
    assert named_on_disk(OTHER, vm_checkpoint_disk=kept)[0] is PASS


@pytest.mark.parametrize("hidden", ["vm", "vm_hard_disk", "vm_checkpoint_disk", "vhd"])
def test_whose_a_disk_is_needs_all_machines_and_chains(hidden):
    assert named_on_disk(OTHER, **{hidden: HIDDEN})[0] is GAP


def open_to_all(sddl, path="D:\\VMs\\web.vhdx", era="2022"):
    item = verdict(filesystem.files_are_not_open_to_all_machines, host(era, acls=[file(path, "vhd", sddl=sddl)]))
    return item.status, item.severity


def test_a_disk_that_all_machines_may_change_fails():
    assert open_to_all("D:(A;ID;FA;;;S-1-5-83-0)") == (FAIL, MEDIUM)
    group = "S-1-5-83-1-3166535780-1122986932-343720105-43916321"
    assert open_to_all(f"D:(A;;FA;;;{group})") == (FAIL, MEDIUM)
    assert open_to_all("D:(A;;0x1200a9;;;S-1-5-83-0)")[0] is PASS
    assert open_to_all("D:(A;;FA;;;S-1-5-83-0)", "C:\\ProgramData\\docker\\x\\sandbox.vhdx") == (FAIL, INFO)
    assert open_to_all("D:(A;;FA;;;S-1-5-83-0)", era="2008R2")[0] is NA


# 007, 008, 009: configurations, checkpoints, media


def configuration(*acls):
    near = {"smb_shares": []} | ADMINISTRATORS_ONLY
    return failing(filesystem.configurations_are_protected, ROOT, *acls, **near)


def test_configurations_may_be_neither_changed_nor_read():
    folder = acl("D:\\VMs\\web", "vmConfigDir")
    assert configuration(folder, file("D:\\VMs\\web\\a.vmcx", "vmConfigFile")) == []
    assert configuration(folder | {"Sddl": TIGHT + "(A;OICI;0x1301bf;;;AU)"}) == [("D:\\VMs\\web", CRITICAL)]
    changed = file("D:\\VMs\\web\\a.vmcx", "vmConfigFile", sddl="D:(A;;FW;;;BU)")
    assert configuration(folder, changed) == [("D:\\VMs\\web", CRITICAL)]
    read = file("D:\\VMs\\web\\a.vmrs", "vmConfigFile", sddl=STOCK_FILE)
    assert configuration(folder, read) == [("D:\\VMs\\web", MEDIUM)]
    handed_down = folder | {"Sddl": TIGHT + "(A;OICI;FR;;;BU)"}
    assert configuration(handed_down) == [("D:\\VMs\\web", MEDIUM)]


def test_what_disks_and_configurations_inherit_from_one_entry_is_one_finding():
    checks = [filesystem.disks_are_not_readable, filesystem.configurations_are_protected]

    def folded(configuration_sddl):
        disk = file("D:\\VMs\\Disks\\web.vhdx", "vhd", sddl=STOCK_FILE)
        configured = file("D:\\VMs\\web\\a.vmcx", "vmConfigFile", sddl=configuration_sddl)
        near = {"smb_shares": []} | ADMINISTRATORS_ONLY
        found = judge(host(acls=[ROOT, disk, configured], **near), checks, folds=FOLDS)
        return [(result.severity, result.folded_into) for result in found if result.check is checks[1]]

    assert folded(STOCK_FILE) == [(MEDIUM, "HV-ACL-003")]
    assert folded(TIGHT + "(A;;FR;;;BU)") == [(MEDIUM, None)]


def test_a_stock_folder_without_files_is_told_of_its_volume():
    assert configuration(acl("D:\\VMs\\web", "vmConfigDir", sddl=STOCK_FOLDER)) == []
    empty = acl("D:\\VMs\\Snapshots", "snapshotDir", sddl=STOCK_FOLDER)
    assert failing(filesystem.checkpoints_are_protected, ROOT, empty) == []


def test_checkpoints_are_judged_as_configurations():
    weak = acl("D:\\VMs\\Snapshots", "snapshotDir", sddl=TIGHT + "(A;OICI;FA;;;WD)")
    assert failing(filesystem.checkpoints_are_protected, weak) == [("D:\\VMs\\Snapshots", CRITICAL)]
    assert [item.status for item in found(filesystem.checkpoints_are_protected, weak | UNREAD)] == [GAP]


def test_media_may_not_be_changed():
    image = file("D:\\ISO\\os.iso", "media", sddl=STOCK_FILE)
    stock = acl("D:\\ISO", "mediaDir", sddl=STOCK_FOLDER)
    assert failing(filesystem.media_are_protected, ROOT, stock, image) == []
    assert failing(filesystem.media_are_protected, acl("D:\\", "volumeRoot"), stock) == [("D:\\ISO", LOW)]
    assert failing(filesystem.media_are_protected, image | {"Sddl": "D:(A;;FW;;;BU)"}) == [("D:\\ISO", MEDIUM)]
    replaced = stock | {"Sddl": "D:(A;;0x40;;;BU)"}
    assert failing(filesystem.media_are_protected, replaced) == [("D:\\ISO", MEDIUM)]
    remote = file("\\\\fs01\\iso\\os.iso", "media")
    assert [item.status for item in found(filesystem.media_are_protected, remote)] == [GAP]


# 011, 012: shares

EVERYONE_FULL = "D:(A;;FA;;;WD)"


def shared(check, *acls, share=SHARE, vm_files=()):
    snapshot = host(acls=[ROOT, *acls], smb_shares=[share], vm_files=list(vm_files))
    item = verdict(check, snapshot)
    return item.status, item.severity


def test_a_share_that_lets_users_write_weighs_by_the_file_system():
    write = SHARE | {"ShareSddl": EVERYONE_FULL}
    disk = file("D:\\VMs\\web\\web.vhdx", "vhd", sddl=STOCK_FILE)
    check = filesystem.share_does_not_let_write
    assert shared(check, disk, share=write) == (FAIL, LOW)
    assert shared(check, disk | {"Sddl": "D:(A;;0x1301bf;;;BU)"}, share=write) == (FAIL, HIGH)
    assert shared(check, disk | {"Sddl": "D:(A;;0x1301bf;;;IU)"}, share=write) == (FAIL, LOW)
    folder = acl("D:\\VMs", "shareDir", sddl=TIGHT + "(A;OICI;0x1301bf;;;AU)")
    assert shared(check, disk, folder, share=write) == (FAIL, HIGH)
    assert shared(check, disk | UNREAD, share=write) == (FAIL, HIGH)
    assert shared(check, disk)[0] is PASS
    assert shared(check, disk, share=SHARE | {"ShareSddl": None})[0] is PASS
    assert shared(check, disk, share=write | {"Path": "D:\\Other"})[0] is NA
    assert shared(check, disk, share=write | {"Special": True, "Type": 0x80000000})[0] is NA
    assert shared(check, disk, share=write | {"Name": "ClusterStorage$"})[0] is NA


def test_a_share_that_lets_users_read_virtual_machines_weighs_by_the_file_system():
    check = filesystem.share_does_not_let_read
    disk = file("D:\\VMs\\web\\web.vhdx", "vhd", sddl=STOCK_FILE)
    assert shared(check, disk) == (FAIL, MEDIUM)
    assert shared(check, disk, share=SHARE | {"ShareSddl": None}) == (FAIL, MEDIUM)
    assert shared(check, disk | {"Sddl": TIGHT}) == (FAIL, LOW)
    assert shared(check, disk, share=SHARE | {"ShareSddl": "D:(A;;FA;;;BA)(A;;FA;;;S-1-5-21-9-9-9-1107)"})[0] is PASS
    assert shared(check, disk, share=SHARE | {"Path": "D:\\VMs\\web\\sub"})[0] is NA


def test_a_file_found_by_its_name_proves_that_machines_lie_in_a_share():
    check = filesystem.share_does_not_let_read
    loose = {"Path": "D:\\VMs\\old.vhdx", "Kind": "disk"}
    unrelated = file("E:\\x.vhdx", "vhd")
    assert shared(check, unrelated, vm_files=[loose]) == (FAIL, MEDIUM)
    assert shared(check, unrelated, vm_files=[loose | {"Kind": "iso"}])[0] is NA
    unknown = host(acls=[unrelated], smb_shares=[SHARE], vm_files=failed())
    assert verdict(check, unknown).status is GAP
    assert verdict(check, host(acls=[unrelated], smb_shares=failed(), vm_files=[])).status is GAP


# 013, 014, 015, 017: places that decide

OWN = "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V"


@pytest.mark.parametrize(
    ("aces", "severity"),
    [
        ("", None),
        ("(A;OICI;0x1200a9;;;S-1-5-83-0)(A;OICI;FA;;;S-1-5-32-578)", None),
        (f"(A;OICI;FA;;;{STRANGER})", None),
        ("(A;;0x40;;;AU)", CRITICAL),
        ("(A;OIIO;FW;;;AU)", CRITICAL),
        ("(A;CI;DCLC;;;BU)", MEDIUM),
        ("(A;OICI;0x1200a9;;;BU)", MEDIUM),
        ("(A;CI;0x1200a9;;;BU)", None),
    ],
)
def test_who_may_what_in_the_folder_of_hyper_v_itself(aces, severity):
    expected = [] if severity is None else [(OWN, severity)]
    assert failing(filesystem.own_data_is_protected, acl(OWN, "hvRoot", sddl=TIGHT + aces)) == expected


VOLUMES = [
    {"DeviceId": "1", "DriveLetter": "D:", "IsBoot": False},
    {"DeviceId": "2", "DriveLetter": "C:", "IsBoot": True},
]


def roots(*acls):
    return failing(filesystem.volume_roots_hand_down_nothing, *acls, volumes=VOLUMES)


def test_a_volume_root_is_judged_only_where_machines_take_over_what_it_gives():
    inheriting = acl("D:\\VMs", "vhdDir", sddl=STOCK_FOLDER)
    assert roots(ROOT, inheriting) == [("D:\\", LOW)]
    assert roots(ROOT, acl("D:\\VMs", "vhdDir")) == []
    protected = acl("D:\\VMs", "parentDir")
    assert roots(ROOT, protected, acl("D:\\VMs\\Disks", "vhdDir", sddl=STOCK_FOLDER)) == []
    assert roots(ROOT, acl("E:\\VMs", "vhdDir", sddl=STOCK_FOLDER)) == []


@pytest.mark.parametrize("ace", ["(A;OICI;0x1301bf;;;BU)", "(A;;0x40;;;WD)", "(A;CI;GW;;;AU)", "(A;OICIIO;GA;;;AU)"])
def test_a_volume_root_that_lets_users_change_files_is_high(ace):
    inheriting = acl("D:\\VMs", "vhdDir", sddl=STOCK_FOLDER)
    assert roots(ROOT | {"Sddl": STOCK_ROOT + ace}, inheriting) == [("D:\\", HIGH)]
    boot = acl("C:\\", "volumeRoot", sddl=STOCK_ROOT + ace)
    assert roots(boot, acl("C:\\VMs", "vhdDir", sddl=STOCK_FOLDER)) == [("C:\\", HIGH)]


def test_the_stock_root_of_the_boot_volume_is_no_finding():
    boot = acl("C:\\", "volumeRoot", sddl=STOCK_ROOT)
    assert roots(boot, acl("C:\\VMs", "vhdDir", sddl=STOCK_FOLDER)) == []


def test_a_mounted_volume_has_a_root_of_its_own():
    csv = acl("C:\\ClusterStorage\\Volume1", "volumeRoot", sddl=STOCK_ROOT)
    boot = acl("C:\\", "volumeRoot", sddl=STOCK_ROOT + "(A;OICI;FA;;;WD)")
    inheriting = acl("C:\\ClusterStorage\\Volume1\\web", "vhdDir", sddl=STOCK_FOLDER)
    assert roots(boot, csv, inheriting) == [("C:\\ClusterStorage\\Volume1", LOW)]


def test_a_folder_that_could_not_be_read_may_take_over_what_its_root_gives():
    unread = acl("D:\\VMs", "vhdDir") | UNREAD
    statuses = [item.status for item in found(filesystem.volume_roots_hand_down_nothing, ROOT, unread, volumes=VOLUMES)]
    assert statuses == [GAP]


PUBLIC = "C:\\Users\\Public\\Documents\\Hyper-V\\Virtual Hard Disks"


def default_folder(path=PUBLIC, disks=(), **tables):
    tables = {"host_hyperv": [{"Name": "HV01", "VirtualHardDiskPath": path}], "vm_hard_disk": list(disks)} | tables
    item = verdict(filesystem.default_disk_folder_is_not_public, machines(**tables))
    return item.status, item.severity


def test_the_public_default_folder_weighs_by_the_disks_in_it():
    assert default_folder() == (FAIL, INFO)
    assert default_folder(disks=[DISK | {"Path": PUBLIC + "\\web.vhd"}]) == (FAIL, LOW)
    assert default_folder(vm_hard_disk=HIDDEN) == (FAIL, LOW)
    assert default_folder("D:\\VMs")[0] is PASS
    assert default_folder("C:\\UsersData")[0] is PASS
    assert default_folder(host_hyperv=HIDDEN)[0] is GAP


def test_the_registry_may_say_that_the_default_folder_is_public_but_not_that_it_is_not():
    value = {
        "Key": filesystem.VIRTUALIZATION,
        "Name": "DefaultVirtualHardDiskPath",
        "KeyExists": True,
        "Exists": True,
        "Kind": "REG_SZ",
        "TextValue": PUBLIC,
    }
    assert default_folder(host_hyperv=HIDDEN, registry_values=[value]) == (FAIL, INFO)
    assert default_folder(host_hyperv=HIDDEN, registry_values=[value | {"TextValue": "D:\\VMs"}])[0] is GAP
    assert default_folder(host_hyperv=HIDDEN, registry_values=[value | {"Exists": False}])[0] is GAP


KEY = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Virtualization"


def test_registry_keys_are_read_only_for_users():
    def judged(sddl, role="virtualization", **changed):
        row = {"Key": KEY, "Role": role, "Exists": True, "Sddl": sddl} | changed
        item = [told(result) for result in ask(filesystem.registry_keys_are_protected, host(registry_acls=[row]))]
        return item[0].status

    assert judged("D:PAI(A;CI;KR;;;BU)(A;CI;KA;;;BA)(A;CIIO;KA;;;CO)") is PASS
    assert judged("D:(A;CI;KA;;;BU)") is FAIL
    assert judged("D:(A;CI;CCLCDC;;;AU)") is FAIL
    assert judged("D:(A;CI;KA;;;BU)", "winlogon") is FAIL
    assert judged("D:(A;CI;KA;;;BU)", "taskCache") is NA
    assert judged(None, Exists=False) is NA
    assert judged(None) is GAP
    assert verdict(filesystem.registry_keys_are_protected, host(registry_acls=failed())).status is GAP


def test_rows_that_were_cut_off_are_told_beside_the_findings():
    rows = partial([acl("D:\\VMs", "vhdDir", sddl=TIGHT + "(A;OICI;FA;;;WD)")])
    results = [told(result) for result in ask(filesystem.disk_folders_are_protected, host(acls=rows))]
    assert sorted(item.status for item in results) == [GAP, FAIL]


# 005, 016, 018


def test_a_disk_admits_the_machine_that_uses_it():
    def judged(sddl, **changed):
        disk = DISK | {"PassThrough": False} | changed
        snapshot = machines(vm=[], vm_hard_disk=[disk], acls=[file("D:\\VMs\\web.vhdx", "vhd", sddl=sddl)])
        return verdict(filesystem.disks_admit_their_machine, snapshot).status

    own = vm_sid(DISK["VMId"])
    assert judged(f"D:(A;;FA;;;BA)(A;;0x12019f;;;{own})") is PASS
    assert judged("D:(A;;FA;;;BA)(A;;FA;;;S-1-5-83-0)") is PASS
    assert judged(f"D:(A;;FA;;;BA)(A;;FA;;;{vm_sid(OTHER)})") is FAIL
    assert judged(TIGHT) is FAIL
    assert judged(TIGHT, Path="E:\\other.vhdx") is GAP
    assert judged(TIGHT, PassThrough=True, Path=None) is NA


def test_files_belong_to_the_system_its_administrators_or_the_machine():
    def judged(owner, **tables):
        disk = file("D:\\VMs\\web.vhdx", "vhd") | {"OwnerSid": owner}
        tables = {"local_group_members": [], "sids": []} | tables
        return verdict(filesystem.files_belong_to_administrators, host(acls=[disk], **tables)).status

    assert judged("S-1-5-18") is PASS
    assert judged("S-1-5-32-544") is PASS
    assert judged(vm_sid(OTHER)) is PASS
    assert judged("S-1-5-32-545") is FAIL
    assert judged(STRANGER) is FAIL
    assert judged(STRANGER, sids=[{"Sid": STRANGER, "Class": "computer"}]) is PASS
    assert judged(STRANGER, local_group_members=[{"GroupSid": "S-1-5-32-544", "MemberSid": STRANGER}]) is PASS
    assert judged(STRANGER, local_group_members=failed()) is GAP
    assert judged(None) is GAP


def test_system_folders_are_closed_to_users():
    check = filesystem.system_folders_are_protected
    shipped = [
        acl("C:\\", "systemDir", sddl=STOCK_ROOT),
        acl("C:\\ProgramData", "programDir", sddl=TIGHT + "(A;CI;DCLCRPCR;;;BU)"),
        acl("C:\\Windows", "systemDir", sddl="D:P(A;;0x1301bf;;;BA)(A;OICIIO;GXGR;;;BU)(A;;0x1200a9;;;BU)"),
    ]
    assert failing(check, *shipped) == []
    tools = acl("C:\\Tools", "pathDir", sddl=STOCK_FOLDER)
    assert failing(check, *shipped, tools) == [("C:\\Tools", HIGH)]
    assert failing(check, acl("C:\\Windows", "systemDir", sddl="D:(A;;FA;;;WD)")) == [("C:\\Windows", HIGH)]
    assert [item.status for item in found(check, tools | UNREAD)] == [GAP]


# 019, 020: secrets and denials


def lying(path, kind, *acls):
    snapshot = host(vm_files=[{"Path": path, "Kind": kind}], acls=list(acls))
    item = verdict(filesystem.no_secrets_lie_about, snapshot)
    return item.status, item.severity


def test_secrets_that_lie_about_weigh_by_who_may_read_them():
    key = "C:\\web.pfx"
    assert lying(key, "certificate", file(key, "secretFile", sddl=STOCK_FILE)) == (FAIL, MEDIUM)
    assert lying(key, "certificate", file(key, "secretFile")) == (FAIL, LOW)
    assert lying(key, "recoveryKey", file(key, "secretFile") | UNREAD) == (FAIL, MEDIUM)
    assert lying(key, "answerFile") == (FAIL, MEDIUM)
    assert lying(key, "disk")[0] is PASS
    assert verdict(filesystem.no_secrets_lie_about, host(vm_files=failed(), acls=[])).status is GAP
    assert verdict(filesystem.no_secrets_lie_about, host(vm_files=partial([]), acls=[])).status is GAP


def test_setups_own_copy_of_the_answer_file_weighs_little():
    copy = "C:\\Windows\\Panther\\unattend.xml"
    assert lying(copy, "answerFile", file(copy, "secretFile", sddl=STOCK_FILE)) == (FAIL, LOW)
    assert lying(copy, "answerFile", file(copy, "secretFile"))[0] is PASS
    assert lying(copy, "answerFile", file(copy, "secretFile") | UNREAD)[0] is GAP


@pytest.mark.parametrize("sid", ["SY", "S-1-5-83-0", vm_sid("5b2f1a60-0000-4000-8000-000000000001")])
def test_nothing_may_deny_the_system_or_a_machine_access(sid):
    check = filesystem.files_deny_nobody_they_need
    disk = "D:\\VMs\\web.vhdx"
    assert failing(check, file(disk, "vhd", sddl=f"O:BAD:(D;;FA;;;{sid})(A;;FA;;;BA)")) == [("D:\\VMs", LOW)]
    assert failing(check, acl("D:\\VMs", "vhdDir", sddl=f"O:BAD:(D;OICIIO;FA;;;{sid})")) == [("D:\\VMs", LOW)]
    assert failing(check, file(disk, "vhd", sddl=f"O:BAD:(D;OIIO;FA;;;{sid})(A;;FA;;;BA)")) == []


def test_denials_of_others_and_lists_that_were_not_read():
    check = filesystem.files_deny_nobody_they_need
    disk = file("D:\\VMs\\web.vhdx", "vhd", sddl="O:BAD:(D;;SD;;;WD)(A;;FA;;;BA)")
    assert [item.status for item in found(check, disk)] == [PASS]
    assert [item.status for item in found(check, disk | UNREAD)] == [GAP]
    assert verdict(check, host(acls=failed())).status is GAP
