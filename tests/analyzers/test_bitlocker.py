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


def test_volumes_that_do_not_tell_where_they_are_mounted_prove_nothing():
    nowhere = DATA | {"DriveLetter": None, "MountPaths": []}
    assert verdict(bitlocker.volumes_with_vm_files_are_protected, storage(nowhere, on=1)).status is GAP
    both = host(
        volumes=[DATA, nowhere | {"DeviceId": "\\\\?\\Volume{recovery}\\"}],
        bitlocker=[protection(DATA, 1)],
        vm_files=VM_FILES,
        acls=[],
        services=[],
    )
    assert verdict(bitlocker.volumes_with_vm_files_are_protected, both).status is PASS


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
    alone = host("2008R2", volumes=[SHARED], bitlocker=[protection(SHARED, 1)], services=[{"Name": "vmms"}])
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


def test_a_weak_boot_entry_that_is_not_in_use_is_a_note():
    check = bitlocker.boot_configuration_is_sound
    other = element("testsigning", BASE, BoolValue=True)
    found = verdict(check, boot(other))
    assert (found.status, found.severity) == (FAIL, Severity.INFO)
    assert "testsigning" in found.message
    assert verdict(check, boot(other | {"BoolValue": False})).status is PASS
    assert verdict(check, boot(other | {"ObjectType": 0x10100002})).status is PASS
    assert verdict(check, boot(other, element("debug", BoolValue=True))).severity is Severity.HIGH
    assert verdict(check, boot(other | {"BoolValue": None})).status is GAP


def test_execution_prevention_always_off_is_medium_and_start_options_are_read():
    found = verdict(bitlocker.boot_configuration_is_sound, boot(element("nx", IntValue=2)))
    assert (found.status, found.severity) == (FAIL, Severity.MEDIUM)
    assert verdict(bitlocker.boot_configuration_is_sound, boot(options=" NOEXECUTE=OPTOUT  TESTSIGNING")).status is FAIL


def test_an_unread_boot_configuration_is_not_assessed():
    assert verdict(bitlocker.boot_configuration_is_sound, host(boot_entries=failed("accessDenied"))).status is GAP


def test_encryption_inside_guests_is_a_question_before_2016():
    assert verdict(bitlocker.guests_encrypt_in_a_supported_way, host("2012R2")).cause is Cause.MANUAL
    assert verdict(bitlocker.guests_encrypt_in_a_supported_way, host("2019")).status is NA


@pytest.mark.parametrize(("percentage", "status"), [(0, PASS), (1, FAIL), (99, FAIL), (100, PASS), (None, GAP)])
def test_encryption_under_way_is_told(percentage, status):
    found = verdict(
        bitlocker.encryption_is_complete, host(bitlocker=[protection(DATA, 1, EncryptionPercentage=percentage)])
    )
    assert found.status is status


@pytest.mark.parametrize(
    ("method", "conversion", "era", "status"),
    [
        (7, 1, "2022", PASS),
        (5, 1, "2022", FAIL),
        (0, 2, "2022", FAIL),
        (0, 0, "2022", NA),
        (1, 1, "2016", FAIL),
        (1, 1, "2012R2", PASS),
        (4294967295, 1, "2022", GAP),
        (None, 1, "2022", GAP),
    ],
)
def test_methods_of_encryption(method, conversion, era, status):
    snapshot = host(era, bitlocker=[protection(DATA, 1, conversion, EncryptionMethod=method)])
    assert verdict(bitlocker.encryption_is_strong, snapshot).status is status


def setting(name, value, key=bitlocker.FVE):
    return {
        "Key": key,
        "Name": name,
        "KeyExists": value is not None,
        "Exists": value is not None,
        "Kind": "REG_DWORD",
        "IntValue": value,
        "View": 64,
    }


def recovery(types=(1, 3), policy=1, *, volume=SYSTEM, on=1, joined=True, era="2022"):
    names = ["ActiveDirectoryBackup"] if era == "2008" else ["OSActiveDirectoryBackup", "FDVActiveDirectoryBackup"]
    asked = names[bool(volume is DATA and era != "2008")]
    return host(
        era,
        volumes=[volume],
        bitlocker=[protection(volume, on, ProtectorTypes=types)],
        computer=[{"PartOfDomain": joined}],
        registry_values=[setting(name, policy if name == asked else None) for name in names],
    )


@pytest.mark.parametrize(
    ("snapshot", "status"),
    [
        (recovery(), PASS),
        (recovery(era="2008"), PASS),
        (recovery(volume=DATA), PASS),
        (recovery([1, 7]), PASS),
        (recovery([1]), FAIL),
        (recovery(policy=None), FAIL),
        (recovery(policy=0, volume=DATA), FAIL),
        (recovery(policy=None, joined=False), PASS),
        (recovery(policy=None, joined=None), GAP),
        (recovery(None), GAP),
        (recovery([1], on=0), NA),
        (recovery([1], on=2), GAP),
        (host(bitlocker=absent()), NA),
        (host(bitlocker=failed("accessDenied")), GAP),
    ],
)
def test_encrypted_volumes_need_a_way_back(snapshot, status):
    found = verdict(bitlocker.encrypted_volumes_can_be_recovered, snapshot)
    assert (found.status, found.severity) == (status, Severity.MEDIUM)


READY = {
    "TpmPresent": True,
    "TpmReady": True,
    "TpmSpecVersion": "2.0, 0, 1.38",
    "TpmManufacturerId": 0x53544D20,
    "TpmManufacturerVersion": "7.2.2.0",
    "SecureBootEnabled": True,
    "VbsStatus": 2,
    "VbsRequiredProps": [1, 2],
    "VbsAvailableProps": [1, 2, 3],
    "SecurityServicesConfigured": [1, 2, 3],
    "SecurityServicesRunning": [1, 2, 3],
}
SERVER = {"Manufacturer": "Contoso", "Model": "Server", "FirmwareType": "UEFI"}
NESTED = SERVER | {"Manufacturer": "Microsoft Corporation", "Model": "Virtual Machine"}


def platform(era="2022", computer=SERVER, **changed):
    return host(era, platform_security=[READY | changed], computer=[computer])


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, PASS),
        ({"TpmPresent": False, "TpmReady": None, "TpmSpecVersion": None}, FAIL),
        ({"TpmReady": False}, FAIL),
        ({"TpmSpecVersion": "1.2, 2, 3"}, FAIL),
        ({"TpmSpecVersion": None}, GAP),
        ({"TpmReady": None}, GAP),
        ({"TpmReady": None, "TpmSpecVersion": "1.2"}, FAIL),
        ({"computer": NESTED, "TpmPresent": False}, NA),
    ],
)
def test_the_tpm_must_be_there_ready_and_of_today(changed, status):
    assert verdict(bitlocker.tpm_is_ready, platform(**changed)).status is status


@pytest.mark.parametrize(("enabled", "activated", "status"), [(True, True, PASS), (True, False, FAIL)])
def test_before_2012_a_tpm_is_ready_that_is_enabled_and_active(enabled, activated, status):
    old = {"TpmPresent": True, "TpmSpecVersion": "2.0", "TpmEnabled": enabled, "TpmActivated": activated}
    snapshot = host("2008R2", platform_security=[old], computer=[SERVER])
    assert verdict(bitlocker.tpm_is_ready, snapshot).status is status


@pytest.mark.parametrize(
    ("firmware", "secure", "status", "words"),
    [
        ("UEFI", True, PASS, []),
        ("UEFI", False, FAIL, ["Secure Boot"]),
        ("BIOS", None, FAIL, ["BIOS", "Secure Boot"]),
        (None, None, FAIL, ["Secure Boot"]),
        (None, True, GAP, []),
    ],
)
def test_the_host_must_start_by_uefi_and_securely(firmware, secure, status, words):
    snapshot = platform(computer=SERVER | {"FirmwareType": firmware}, SecureBootEnabled=secure)
    found = verdict(bitlocker.host_starts_securely, snapshot)
    assert found.status is status
    assert all(word in found.message for word in words)


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({}, PASS, ""),
        ({"VbsStatus": 0}, FAIL, "is off"),
        ({"VbsStatus": 1}, FAIL, "does not run"),
        ({"SecurityServicesRunning": [1]}, FAIL, "Memory integrity"),
        ({"VbsRequiredProps": [1]}, FAIL, "Secure Boot"),
        ({"VbsStatus": None}, GAP, ""),
    ],
)
def test_virtualization_based_security(changed, status, words):
    found = verdict(bitlocker.virtualization_based_security_runs, platform(**changed))
    assert found.status is status
    assert words in found.message


@pytest.mark.parametrize(
    ("changed", "status", "severity"),
    [
        ({}, PASS, Severity.LOW),
        ({"SecurityServicesRunning": [1, 2]}, FAIL, Severity.LOW),
        ({"SecurityServicesRunning": [1, 2], "SecurityServicesConfigured": [1, 2]}, FAIL, Severity.INFO),
        ({"SecurityServicesRunning": [1, 2], "SecurityServicesConfigured": None}, FAIL, Severity.LOW),
        ({"VbsAvailableProps": [1, 2]}, FAIL, Severity.LOW),
        ({"VbsAvailableProps": None}, GAP, Severity.LOW),
        ({"computer": NESTED, "SecurityServicesRunning": [0]}, NA, Severity.LOW),
    ],
)
def test_secure_launch_weighs_more_where_it_was_asked_for(changed, status, severity):
    found = verdict(bitlocker.launch_is_secured, platform(**changed))
    assert (found.status, found.severity) == (status, severity)


@pytest.mark.parametrize(
    ("maker", "version", "status"),
    [
        (0x49465800, "7.61.2785.0", FAIL),
        (0x49465800, "4.42", FAIL),
        (0x49465800, "4.34.0.0", PASS),
        (0x49465800, "7.62.3126.0", PASS),
        (0x49465800, "unknown", GAP),
        (0x49465800, None, GAP),
        (0x53544D20, "7.2.2.0", PASS),
        (None, "7.2.2.0", GAP),
    ],
)
def test_firmware_that_makes_weak_keys(maker, version, status):
    snapshot = platform(TpmManufacturerId=maker, TpmManufacturerVersion=version)
    assert verdict(bitlocker.tpm_makes_no_weak_keys, snapshot).status is status


def test_without_a_tpm_there_is_no_firmware_to_ask_about():
    assert verdict(bitlocker.tpm_makes_no_weak_keys, platform(TpmPresent=False)).status is NA


@pytest.mark.parametrize(("policy", "status"), [(None, PASS), (3, PASS), (1, PASS), (7, FAIL)])
def test_bad_drivers_start_only_by_policy(policy, status):
    value = setting("DriverLoadPolicy", policy, "HKLM\\SYSTEM\\CurrentControlSet\\Policies\\EarlyLaunch")
    assert verdict(bitlocker.bad_drivers_do_not_start, host(registry_values=[value])).status is status
    assert verdict(bitlocker.bad_drivers_do_not_start, host(registry_values=failed())).status is GAP
