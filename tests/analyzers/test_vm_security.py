"""HV-VMSEC: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, absent, failed, statuses, verdict
from machines import HIDDEN, LINUX, guest, machine, machines, of, sheet

from analyzers import vm_security
from snapshot_tool.policy import NO_POLICY
from snapshot_tool.verdict import Cause, Severity

HIGH, MEDIUM, LOW, INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO
DOMAIN_USERS = "S-1-5-21-1-2-3-513"


def boot(state="Off", era="2022", who=None, **changed):
    answers = [guest() if who is None else who] if who is not HIDDEN else HIDDEN
    tables = {"vm_firmware": [of(SecureBoot=state)], "vm_guest_kvp": answers}
    found = verdict(vm_security.secure_boot_is_on, machines(era, vm=[machine(**changed)], **tables))
    return found.status, found.severity


def test_secure_boot_must_be_on_in_generation_2():
    assert boot("On")[0] is PASS
    assert boot() == (FAIL, MEDIUM)
    assert boot(None, Generation=1)[0] is NA
    assert boot(HIDDEN)[0] is GAP


def test_secure_boot_off_weighs_less_for_linux_and_nothing_where_linux_cannot_have_it():
    assert boot(who=LINUX) == (FAIL, LOW)
    assert boot(who=HIDDEN) == (FAIL, MEDIUM)
    assert boot(who=LINUX, era="2012R2")[0] is NA
    assert boot(era="2012R2") == (FAIL, MEDIUM)
    assert boot(who=HIDDEN, era="2012R2")[0] is GAP
    assert boot(who=LINUX, Version="5.0")[0] is NA


CERTIFICATE = {
    "Store": "Shielded VM Local Certificates",
    "Thumbprint": "A" * 40,
    "Subject": "CN=Shielded VM Encryption Certificate (UntrustedGuardian) (HV01)",
    "NotAfterUtc": "2030-01-01T00:00:00.000Z",
    "HasPrivateKey": True,
}


def protectors(certificates=(CERTIFICATE,), *, tpm=True, guarded=False, hgs=None):
    tables = {
        "vm_security": [of(TpmEnabled=tpm)],
        "certificates": list(certificates) if isinstance(certificates, tuple) else certificates,
        "hgs": [{"IsHostGuarded": guarded}] if hgs is None else hgs,
    }
    return verdict(vm_security.key_protectors_are_kept, machines(vm=[machine()], **tables))


def test_the_certificates_of_virtual_tpms_must_be_there_and_valid():
    assert protectors().cause is Cause.MANUAL
    assert protectors(hgs=absent()).cause is Cause.MANUAL
    assert protectors(()).severity is HIGH
    expired = protectors((CERTIFICATE | {"NotAfterUtc": "2026-01-01T00:00:00.000Z"},))
    assert (expired.status, expired.severity) == (FAIL, HIGH)
    assert "UntrustedGuardian" in expired.message
    assert protectors((CERTIFICATE | {"Store": "My"},)).status is FAIL


def test_without_virtual_tpm_or_on_a_guarded_host_certificates_do_not_matter():
    assert protectors((), tpm=False).status is NA
    assert protectors((), guarded=True).status is NA
    assert protectors((), tpm=HIDDEN).cause is Cause.ACCESS_DENIED
    assert protectors((), hgs=failed()).status is GAP
    assert protectors(failed()).status is GAP


def console(user, name=None, access="Allowed", sids=()):
    tables = {"vm_connect_access": [of(UserId=user, UserName=name, Access=access)], "sids": list(sids)}
    found = verdict(vm_security.console_is_for_owners, machines(vm=[machine()], **tables))
    return found.status, found.severity


@pytest.mark.parametrize("sid", ["S-1-1-0", "S-1-5-7", "S-1-5-11", "S-1-5-32-545", "S-1-5-32-546", DOMAIN_USERS])
def test_the_console_must_not_be_open_to_everybody(sid):
    assert console(sid) == (FAIL, HIGH)


def test_the_console_of_a_named_account_is_a_note():
    known = {"Sid": DOMAIN_USERS, "Name": "CORP\\Domain Users", "Resolved": True}
    assert console("S-1-5-21-1-2-3-1104") == (FAIL, INFO)
    assert console(None, "corp\\domain users", sids=[known]) == (FAIL, HIGH)
    assert console(None, "CORP\\unknown", sids=[known])[0] is GAP
    assert console("S-1-1-0", access="Denied")[0] is PASS
    assert console(HIDDEN)[0] is GAP


def test_nobody_beyond_administrators_at_the_console_is_right():
    assert verdict(vm_security.console_is_for_owners, machines(vm_connect_access=[])).status is NA
    assert verdict(vm_security.console_is_for_owners, machines(vm_connect_access=HIDDEN)).status is GAP


def session(on, product=3):
    tables = {"host_hyperv": [{"Name": "HV01", "EnableEnhancedSessionMode": on}], "os": [{"ProductType": product}]}
    return verdict(vm_security.enhanced_sessions_are_off, machines(**tables)).status


def test_enhanced_sessions_must_be_off_on_servers():
    assert session(on=False) is PASS
    assert session(on=True) is FAIL
    assert session(on=True, product=1) is NA
    assert session(on=HIDDEN) is GAP


OLD = (["Microsoft Corporation UEFI CA 2011"], ["Microsoft Corporation KEK CA 2011"])
NEW = (["Windows UEFI CA 2023"], ["Microsoft Corporation KEK 2K CA 2023"])


def certificates(status=None, names=OLD, *, on=True, state="On"):
    row = {
        "ListKey": "HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\Servicing",
        "Key": "HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\Servicing",
        "Name": "UEFICA2023Status",
        "Mode": "value",
        "KeyExists": status is not None,
        "Exists": status is not None,
        "Kind": "REG_SZ",
        "TextValue": status,
        "View": 64,
    }
    firmware = {"SecureBootEnabled": on, "SecureBootDbCaNames": names[0], "SecureBootKekCaNames": names[1]}
    tables = {"registry_values": [row], "platform_security": [firmware], "vm_firmware": [of(SecureBoot=state)]}
    return machines(vm=[machine()], **tables)


def test_secure_boot_needs_the_certificates_of_2023_and_guests_are_asked_for():
    check = vm_security.secure_boot_certificates
    assert statuses(check, certificates()) == [FAIL, GAP]
    assert statuses(check, certificates("InProgress", NEW)) == [FAIL, GAP]
    assert statuses(check, certificates("Updated")) == [GAP, PASS]
    assert statuses(check, certificates("NotStarted", NEW)) == [GAP, PASS]
    assert statuses(check, certificates(names=(None, None), state="Off")) == [GAP, NA]
    assert statuses(check, certificates(on=False, state="Off")) == [NA, NA]
    assert statuses(check, certificates(on=None, state="Off")) == [NA, NA]


def test_the_console_is_for_the_owner_that_the_sheet_names():
    def owned(owner, sid="S-1-5-21-1-2-3-1104"):
        known = {"Sid": "S-1-5-21-1-2-3-1104", "Name": "CORP\\Web Team", "Resolved": True}
        rows = [of(UserId=sid, UserName=None, Access="Allowed")]
        host = machines(vm=[machine()], vm_connect_access=rows, sids=[known], policy=sheet(owner=owner))
        found = verdict(vm_security.console_is_for_owners, host)
        return found.status, found.severity

    assert owned("web team")[0] is PASS
    assert owned("corp\\web team")[0] is PASS
    assert owned("identity team") == (FAIL, MEDIUM)
    assert owned("web team", "S-1-1-0") == (FAIL, HIGH)


def test_the_template_of_secure_boot_must_fit_windows():
    def template(name, who=None):
        tables = {"vm_firmware": [of(SecureBootTemplate=name)], "vm_guest_kvp": [guest() if who is None else who]}
        return verdict(vm_security.template_fits, machines(vm=[machine()], **tables)).status

    assert template("MicrosoftWindows") is PASS
    assert template("MicrosoftUEFICertificateAuthority") is FAIL
    assert template("MicrosoftUEFICertificateAuthority", LINUX) is PASS
    assert template(HIDDEN) is GAP


def test_machines_must_not_be_opted_out_of_virtualization_based_security():
    def opted(out):
        rows = [of(VirtualizationBasedSecurityOptOut=out)]
        return verdict(vm_security.virtualization_based_security, machines(vm_security=rows)).status

    assert opted(out=False) is PASS
    assert opted(out=True) is FAIL
    assert opted(out=HIDDEN) is GAP


def test_machines_must_start_from_disk_first():
    def first(generation, drive="None", **firmware):
        drives = [of(Id="d", DvdMediaType=drive)]
        tables = {"vm_firmware": [of(**firmware)], "vm_dvd_drive": drives}
        return verdict(vm_security.starts_from_disk, machines(vm=[machine(Generation=generation)], **tables)).status

    assert first(2, BootOrderKind=["HardDisk", "Network"]) is PASS
    assert first(2, BootOrderKind=["Network", "HardDisk"]) is FAIL
    assert first(2, BootOrderKind=["Unknown"]) is GAP
    assert first(2, BootOrderKind=None) is GAP
    assert first(1, StartupOrder=["CD", "IDE"]) is PASS
    assert first(1, "ISO", StartupOrder=["CD", "IDE"]) is FAIL
    assert first(1, StartupOrder=["LegacyNetworkAdapter", "IDE"]) is FAIL
    assert first(1, HIDDEN, StartupOrder=["CD", "IDE"]) is GAP
    assert first(1, StartupOrder=[]) is GAP
    assert first(1, StartupOrder=None) is GAP


def encrypted(
    on=False, *, product="3", migration=False, any_network=True, secured=False, policy=NO_POLICY, era="2022", **changed
):
    tables = {
        "vm": [machine()],
        "vm_security": [of(EncryptStateAndVmMigrationTraffic=on)],
        "vm_guest_kvp": [guest(product=product)],
        "host_hyperv": [
            {
                "VirtualMachineMigrationEnabled": migration,
                "VirtualMachineMigrationPerformanceOption": "SMB" if secured else "TCPIP",
                "UseAnyNetworkForMigration": any_network,
            }
        ],
        "cluster": [],
        "smb_server": [{"EncryptData": secured}],
        "firewall_consec_raw": [],
        **changed,
    }
    found = verdict(vm_security.state_and_migration_are_encrypted, machines(era, policy=policy, **tables))
    return (found.status, found.severity) if found.status is FAIL else found.status


def test_a_domain_controller_is_encrypted_at_rest_and_on_its_way():
    assert encrypted(on=True, product="2", migration=True) is PASS
    assert encrypted(product="2") == (FAIL, MEDIUM)
    assert encrypted(policy=sheet("domain-controller")) == (FAIL, MEDIUM)
    assert encrypted() is NA
    assert encrypted(HIDDEN) is GAP
    assert encrypted(vm_guest_kvp=HIDDEN) is GAP


def test_other_machines_are_encrypted_where_their_way_is_not():
    assert encrypted(migration=True) == (FAIL, MEDIUM)
    assert encrypted(migration=True, secured=True) is NA
    assert encrypted(migration=True, any_network=False) == (FAIL, LOW)
    assert encrypted(migration=True, any_network=False, product="2") == (FAIL, MEDIUM)
    assert encrypted(migration=True, any_network=False, vm_guest_kvp=HIDDEN) == (FAIL, MEDIUM)
    assert encrypted(migration=True, any_network=False, cluster=[{"Name": "c"}]) == (FAIL, MEDIUM)
    assert encrypted(migration=HIDDEN) is GAP
    assert encrypted(migration=HIDDEN, product="2") == (FAIL, MEDIUM)


GUARDED = {
    "IsHostGuarded": True,
    "Mode": "HostGuardianService",
    "AttestationOperationMode": "Tpm",
    "AttestationStatus": "Passed",
    "AttestationSubstatus": [],
}
LOCAL = GUARDED | {"IsHostGuarded": False, "Mode": "1", "AttestationOperationMode": "0", "AttestationStatus": "0"}
REFUSED = GUARDED | {"IsHostGuarded": False, "AttestationStatus": "303", "AttestationSubstatus": ["BitLocker"]}


def guarded(check, hgs, **tables):
    rows = hgs if isinstance(hgs, dict) and "status" in hgs else [hgs]
    found = verdict(check, machines(**{"hgs": rows, **tables}))
    return (found.status, found.severity) if found.status is FAIL else found.status


def test_a_shielded_machine_needs_a_guarded_host():
    check = vm_security.shielded_machines_are_guarded
    shielded = {"vm_security": [of(Shielded=True)]}
    assert guarded(check, GUARDED, **shielded) is PASS
    assert guarded(check, LOCAL, **shielded) == (FAIL, INFO)
    assert guarded(check, absent(), **shielded) == (FAIL, INFO)
    assert guarded(check, LOCAL, vm_security=[of(Shielded=False)]) is NA
    assert guarded(check, failed(), **shielded) is GAP
    assert guarded(check, LOCAL, vm_security=[of(Shielded=HIDDEN)]) is GAP


def test_a_directory_vouches_for_no_host():
    check = vm_security.no_directory_attestation
    assert guarded(check, GUARDED) is PASS
    for mode in ("2", "ActiveDirectory", "AD"):
        assert guarded(check, GUARDED | {"AttestationOperationMode": mode}) == (FAIL, MEDIUM)
    assert guarded(check, GUARDED | {"AttestationOperationMode": "7"}) is GAP
    assert guarded(check, GUARDED | {"AttestationOperationMode": None}) is GAP
    assert guarded(check, LOCAL | {"AttestationOperationMode": "2"}) is NA
    assert guarded(check, absent()) is NA
    assert guarded(check, failed()) is GAP


def tier_zero(hgs, product="2", edition="ServerDatacenter", **changed):
    tables = {"vm": [machine()], "vm_guest_kvp": [guest(product=product)], "os": [{"EditionId": edition}]} | changed
    return guarded(vm_security.tier_zero_is_on_guarded_hosts, hgs, **tables)


def test_the_host_of_a_domain_controller_could_be_guarded():
    assert tier_zero(absent()) == (FAIL, INFO)
    assert tier_zero(LOCAL) == (FAIL, INFO)
    assert tier_zero(GUARDED) is PASS
    assert tier_zero(REFUSED) is PASS
    assert tier_zero(absent(), product="3") is NA
    assert tier_zero(absent(), edition="ServerStandard") is NA
    assert tier_zero(failed()) is GAP
    assert tier_zero(absent(), vm_guest_kvp=HIDDEN) is GAP


def test_a_code_integrity_policy_is_enforced():
    def policy(status):
        rows = failed() if status is HIDDEN else [{"CodeIntegrityPolicyStatus": status}]
        found = verdict(vm_security.code_integrity_is_enforced, machines(platform_security=rows))
        return (found.status, found.severity) if found.status is FAIL else found.status

    assert policy(2) is PASS
    assert policy(1) == (FAIL, LOW)
    assert policy(0) == (FAIL, LOW)
    assert policy(None) is GAP
    assert policy(HIDDEN) is GAP


def console_certificate(text, *, self_signed=False, certificates=None):
    known = CERTIFICATE | {"Store": "My", "SelfSigned": self_signed}
    tables = {
        "host_hyperv": [{"Name": "HV01", "AuthCertificateHash": text}],
        "certificates": [known] if certificates is None else certificates,
    }
    found = verdict(vm_security.console_has_a_trusted_certificate, machines(**tables))
    return (found.status, found.severity) if found.status is FAIL else found.status


def test_the_console_has_a_certificate_that_somebody_vouches_for():
    assert console_certificate("aa " * 20) is PASS
    assert console_certificate("A" * 40, self_signed=True) == (FAIL, LOW)
    assert console_certificate(None) == (FAIL, LOW)
    assert console_certificate("") == (FAIL, LOW)
    assert console_certificate("B" * 40) is GAP
    assert console_certificate("A" * 40, certificates=failed()) is GAP
    assert console_certificate(HIDDEN) is GAP


SAFE = {
    "SecureBootEnabled": True,
    "SecurityServicesRunning": [2],
    "VbsRequiredProps": [1, 2, 3],
}
VALUES = {
    "Control\\CrashControl": {"CrashDumpEnabled": 1, "DumpEncryptionEnabled": 1},
    "Control\\FileSystem": {"NtfsEncryptPagingFile": 1},
    "Control\\Power": {"HibernateEnabled": 0},
    "Policies": {"NtfsEncryptPagingFile": None},
}


def attested(hgs, *, shielded=True, bitlocker=1, values=None, **platform):
    rows = [
        {
            "Key": f"HKLM\\SYSTEM\\CurrentControlSet\\{key}",
            "Name": name,
            "KeyExists": True,
            "Exists": number is not None,
            "Kind": None if number is None else "REG_DWORD",
            "IntValue": number,
        }
        for key, names in VALUES.items()
        for name, number in (names | {n: v for n, v in (values or {}).items() if n in names}).items()
        if number is not HIDDEN
    ]
    tables = {
        "vm_security": [of(Shielded=shielded)],
        "platform_security": [SAFE | platform],
        "bitlocker": [{"DeviceId": "c", "MountPoint": "C:", "VolumeType": 0, "ProtectionStatus": bitlocker}],
        "registry_values": rows,
    }
    return guarded(vm_security.attestation_passes, hgs, **tables)


def test_a_guarded_host_passes_its_attestation():
    assert attested(GUARDED) is PASS
    assert attested(REFUSED) == (FAIL, HIGH)
    assert attested(REFUSED | {"AttestationStatus": "UnauthorizedHost", "Mode": None}) == (FAIL, HIGH)
    assert attested(REFUSED | {"AttestationStatus": "1", "Mode": "2"}) == (FAIL, HIGH)
    assert attested(failed()) is GAP
    assert attested(REFUSED | {"AttestationStatus": None}) is GAP
    found = verdict(vm_security.attestation_passes, machines(hgs=[REFUSED]))
    assert found.message.endswith("InsecureHostConfiguration (BitLocker)")


def test_what_attestation_would_ask_is_listed_for_hosts_with_shielded_machines():
    assert attested(LOCAL, shielded=False) is NA
    assert attested(absent(), shielded=False) is NA
    assert attested(LOCAL) is PASS
    assert attested(absent(), bitlocker=0) == (FAIL, INFO)
    assert attested(LOCAL, SecureBootEnabled=False) == (FAIL, INFO)
    assert attested(LOCAL, SecurityServicesRunning=[1]) == (FAIL, INFO)
    assert attested(LOCAL, VbsRequiredProps=[1]) == (FAIL, INFO)
    assert attested(LOCAL, values={"NtfsEncryptPagingFile": 0}) == (FAIL, INFO)
    assert attested(LOCAL, values={"HibernateEnabled": 1}) == (FAIL, INFO)
    assert attested(LOCAL, values={"DumpEncryptionEnabled": None}) == (FAIL, INFO)
    assert attested(LOCAL, values={"DumpEncryptionEnabled": None, "CrashDumpEnabled": 0}) is PASS
    assert attested(LOCAL, values={"HibernateEnabled": HIDDEN}) is GAP
