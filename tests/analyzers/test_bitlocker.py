"""HV-BL: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, absent, failed, host, statuses, verdict

from analyzers import bitlocker
from snapshot_tool.verdict import Cause, Severity

SYSTEM = {
    "DeviceId": "\\\\?\\Volume{11111111-0000-4000-8000-000000000001}\\",
    "DriveLetter": "C:",
    "MountPaths": [],
    "DriveType": 3,
    "IsBoot": True,
    "IsCsv": False,
}
DATA = SYSTEM | {
    "DeviceId": "\\\\?\\Volume{11111111-0000-4000-8000-000000000002}\\",
    "DriveLetter": "D:",
    "IsBoot": False,
}
SHARED = DATA | {"DriveLetter": None, "MountPaths": ["C:\\ClusterStorage\\Volume1"], "IsCsv": True}
VM_FILES = [{"Path": "D:\\VMs\\a.vhdx", "Kind": "disk"}]
TPM = {"TpmPresent": True}


def protection(volume, on, conversion=1, **more):
    base = {"DeviceId": volume["DeviceId"], "MountPoint": volume["DriveLetter"], "ProtectionStatus": on}
    return base | {"ConversionStatus": conversion} | more


def storage(volume, *, on, conversion=1, era="2022", **tables):
    tables = {"vm_files": VM_FILES, "acls": [], "services": [], **tables}
    return host(era, volumes=[volume], bitlocker=[protection(volume, on, conversion)], **tables)


def test_a_protected_volume_with_vm_files_passes():
    assert verdict(bitlocker.volumes_with_vm_files_are_protected, storage(DATA, on=1)).status is PASS


def test_an_open_volume_with_vm_files_fails_and_is_named():
    found = verdict(bitlocker.volumes_with_vm_files_are_protected, storage(DATA, on=0, conversion=0))
    assert (found.status, found.severity) == (FAIL, Severity.MEDIUM)
    assert "D:" in found.message


def test_without_the_bitlocker_feature_nothing_is_protected():
    snapshot = host(volumes=[DATA, SYSTEM], bitlocker=absent(), vm_files=VM_FILES, acls=[], services=[])
    assert verdict(bitlocker.volumes_with_vm_files_are_protected, snapshot).status is FAIL
    assert FAIL in statuses(bitlocker.system_volume_is_protected, snapshot)


def test_a_locked_volume_or_an_unread_one_is_not_assessed():
    assert verdict(bitlocker.volumes_with_vm_files_are_protected, storage(DATA, on=2)).status is GAP
    unread = host(volumes=[DATA], bitlocker=failed("accessDenied"), vm_files=VM_FILES, acls=[], services=[])
    found = verdict(bitlocker.volumes_with_vm_files_are_protected, unread)
    assert (found.status, found.cause) == (GAP, Cause.ACCESS_DENIED)


def test_the_system_volume_must_be_protected():
    assert verdict(bitlocker.system_volume_is_protected, storage(SYSTEM, on=1)).status is PASS
    assert verdict(bitlocker.system_volume_is_protected, storage(SYSTEM, on=0, conversion=0)).status is FAIL
    assert verdict(bitlocker.system_volume_is_protected, storage(DATA, on=0, conversion=0)).status is NA


@pytest.mark.parametrize(
    ("count", "pending", "severity"),
    [(0, [], Severity.HIGH), (1, [], Severity.LOW), (0, ["cbs"], Severity.LOW), (None, [], Severity.HIGH)],
)
def test_suspended_protection_weighs_less_where_it_ends_by_itself(count, pending, severity):
    snapshot = host(bitlocker=[protection(DATA, 0, SuspendCount=count)], os=[{"PendingReboot": pending}])
    found = verdict(bitlocker.protection_is_not_suspended, snapshot)
    assert (found.status, found.severity) == (FAIL, severity)


def test_suspended_protection_of_unknown_length_has_the_worst_weight():
    found = verdict(bitlocker.protection_is_not_suspended, host(bitlocker=[protection(DATA, 0)]))
    assert (found.status, found.severity) == (FAIL, Severity.HIGH)


def test_running_protection_is_not_suspended_and_plain_volumes_are_not_asked():
    assert verdict(bitlocker.protection_is_not_suspended, host(bitlocker=[protection(DATA, 1)])).status is PASS
    assert verdict(bitlocker.protection_is_not_suspended, host(bitlocker=[protection(DATA, 0, 0)])).status is NA


@pytest.mark.parametrize(("types", "status"), [([1, 3], PASS), ([4], PASS), ([3, 8], FAIL), (None, GAP)])
def test_the_system_volume_needs_a_protector_of_the_tpm(types, status):
    snapshot = host(volumes=[SYSTEM], bitlocker=[protection(SYSTEM, 1, ProtectorTypes=types)], platform_security=[TPM])
    assert verdict(bitlocker.system_volume_is_bound_to_the_tpm, snapshot).status is status


def test_without_a_tpm_its_protector_is_not_asked_for():
    snapshot = host(volumes=[SYSTEM], bitlocker=[protection(SYSTEM, 1)], platform_security=[{"TpmPresent": False}])
    assert verdict(bitlocker.system_volume_is_bound_to_the_tpm, snapshot).status is NA


CLUSTER = [{"Name": "ClusSvc", "StartType": 2}]


def test_an_encrypted_shared_volume_of_an_old_cluster_fails():
    snapshot = host("2008R2", volumes=[SHARED], bitlocker=[protection(SHARED, 1)], services=CLUSTER)
    assert verdict(bitlocker.old_cluster_disks_are_not_encrypted, snapshot).status is FAIL
    plain = host("2008R2", volumes=[SHARED], bitlocker=[protection(SHARED, 0, 0)], services=CLUSTER)
    assert verdict(bitlocker.old_cluster_disks_are_not_encrypted, plain).status is PASS
    local = host("2008R2", volumes=[SYSTEM], bitlocker=[protection(SYSTEM, 1)], services=CLUSTER)
    assert verdict(bitlocker.old_cluster_disks_are_not_encrypted, local).severity is Severity.INFO
    alone = host("2008R2", volumes=[SHARED], bitlocker=[protection(SHARED, 1)], services=[])
    assert verdict(bitlocker.old_cluster_disks_are_not_encrypted, alone).status is NA


SID = "S-1-5-21-1-2-3-1200"


@pytest.mark.parametrize(
    ("sids", "names", "status"),
    [
        ([SID], [{"Sid": SID, "Name": "CORP\\CLUSTER01$"}], PASS),
        ([SID], [{"Sid": SID, "Name": "CORP\\admin"}], FAIL),
        ([], [], FAIL),
        ([SID], [{"Sid": SID, "Name": None}], GAP),
    ],
)
def test_before_2022_the_account_of_the_cluster_must_unlock_a_shared_volume(sids, names, status):
    snapshot = host("2019", volumes=[SHARED], bitlocker=[protection(SHARED, 1, AdProtectorSids=sids)], sids=names)
    found = verdict(bitlocker.shared_volumes_are_unlocked_by_the_cluster, snapshot)
    assert found.status is status


def test_since_2022_a_protected_system_volume_will_do():
    volumes = [SYSTEM, SHARED | {"DeviceId": DATA["DeviceId"]}]
    safe = [protection(SYSTEM, 1), protection(SHARED, 1, AdProtectorSids=[])]
    assert FAIL not in statuses(
        bitlocker.shared_volumes_are_unlocked_by_the_cluster, host(volumes=volumes, bitlocker=safe)
    )
    open_ = [protection(SYSTEM, 0, 0), protection(SHARED, 1, AdProtectorSids=[])]
    assert FAIL in statuses(
        bitlocker.shared_volumes_are_unlocked_by_the_cluster, host(volumes=volumes, bitlocker=open_)
    )


LOADER = "aaaaaaaa-0000-4000-8000-000000000001"
BASE = "aaaaaaaa-0000-4000-8000-000000000002"


def element(name, entry=LOADER, **value):
    return {
        "ObjectId": entry,
        "ObjectType": 0x10200003,
        "ElementId": "0x00000000",
        "ElementName": name,
        "BoolValue": None,
        "IntValue": None,
        "GuidListValue": None,
        "IsDefault": entry == LOADER,
        "IsCurrent": entry == LOADER,
    } | value


def boot(*elements, options=None):
    value = {
        "Key": "HKLM\\SYSTEM\\CurrentControlSet\\Control",
        "Name": "SystemStartOptions",
        "KeyExists": True,
        "Exists": options is not None,
        "Kind": "REG_SZ",
        "TextValue": options,
        "View": 64,
    }
    return host(boot_entries=[element("description"), *elements], registry_values=[value])


def test_a_plain_boot_entry_passes():
    assert verdict(bitlocker.boot_configuration_is_sound, boot(element("nx", IntValue=1))).status is PASS


@pytest.mark.parametrize("name", ["testsigning", "nointegritychecks", "debug", "hypervisordebug"])
def test_what_weakens_code_integrity_fails(name):
    found = verdict(bitlocker.boot_configuration_is_sound, boot(element(name, BoolValue=True)))
    assert (found.status, found.severity) == (FAIL, Severity.HIGH)
    assert verdict(bitlocker.boot_configuration_is_sound, boot(element(name, BoolValue=False))).status is PASS


def test_an_inherited_element_counts():
    inherited = boot(element("inherit", GuidListValue=[BASE]), element("testsigning", BASE, BoolValue=True))
    assert verdict(bitlocker.boot_configuration_is_sound, inherited).status is FAIL


def test_execution_prevention_always_off_is_medium_and_start_options_are_read():
    found = verdict(bitlocker.boot_configuration_is_sound, boot(element("nx", IntValue=2)))
    assert (found.status, found.severity) == (FAIL, Severity.MEDIUM)
    assert verdict(bitlocker.boot_configuration_is_sound, boot(options=" NOEXECUTE=OPTOUT  TESTSIGNING")).status is FAIL


def test_an_unread_boot_configuration_is_not_assessed():
    assert verdict(bitlocker.boot_configuration_is_sound, host(boot_entries=failed("accessDenied"))).status is GAP


def test_encryption_inside_guests_is_a_question_before_2016():
    assert verdict(bitlocker.guests_encrypt_in_a_supported_way, host("2012R2")).cause is Cause.MANUAL
    assert verdict(bitlocker.guests_encrypt_in_a_supported_way, host("2019")).status is NA
