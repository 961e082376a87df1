"""HV-AV: each check passes, fails and is not assessed."""

import pytest
from hosts import COLLECTION, FAIL, GAP, NA, PASS, absent, failed, host, statuses, verdict

from analyzers import antivirus
from snapshot_tool.verdict import Cause, Severity

DEFENDER = {
    "Product": "defender",
    "AMRunningMode": "Normal",
    "AMServiceEnabled": True,
    "RealTimeProtectionEnabled": True,
    "DisableAutoExclusions": None,
    "DisableRealtimeMonitoring": False,
    "AntivirusSignatureLastUpdatedUtc": "2026-10-30T00:00:00.000Z",
    "ExclusionsHidden": False,
}
POLICY = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender"


def value(key, name, number=None):
    there = number is not None
    return {
        "Key": f"{POLICY}\\{key}",
        "Name": name,
        "KeyExists": there,
        "Exists": there,
        "Kind": "REG_DWORD" if there else None,
        "IntValue": number,
        "View": 64,
    }


def service(name, state="Running", start=2):
    return {"Name": name, "State": state, "StartType": start}


def exclusion(kind, text, *, hidden=False):
    return {"Kind": kind, "Value": text, "Source": "local", "Hidden": hidden}


def defended(*rows, era="2019", auto=None, services=(), **changed):
    values = [
        value("Exclusions", "DisableAutoExclusions", auto),
        value("Real-Time Protection", "DisableRealtimeMonitoring"),
    ]
    return host(
        era,
        antivirus=[DEFENDER | changed],
        defender_exclusions=list(rows),
        registry_values=values,
        services=[service("W32Time"), *services],
        vm_files=[],
        acls=[{"Path": "C:\\", "Kind": "dir", "Roles": ["systemDir"], "Exists": True}],
    )


def test_defender_or_a_known_product_counts_as_active():
    assert verdict(antivirus.antivirus_is_active, defended()).status is PASS
    passive = defended(services=[service("CSFalconService")], AMRunningMode="Passive")
    assert verdict(antivirus.antivirus_is_active, passive).status is PASS


def test_no_active_product_fails_and_says_that_none_is_known():
    found = verdict(antivirus.antivirus_is_active, defended(RealTimeProtectionEnabled=False))
    assert (found.status, found.severity) == (FAIL, Severity.MEDIUM)
    assert "no known product" in found.message
    alone = defended(services=[service("CSFalconService", "Stopped")], AMRunningMode="Passive Mode")
    assert verdict(antivirus.antivirus_is_active, alone).status is FAIL


def test_before_2016_the_service_decides():
    old = {"Product": "scep", "ExclusionsHidden": False}
    assert (
        verdict(antivirus.antivirus_is_active, host("2012R2", antivirus=[old], services=[service("MsMpSvc")])).status
        is PASS
    )
    assert (
        verdict(antivirus.antivirus_is_active, host("2012R2", antivirus=[old], services=[service("W32Time")])).status
        is FAIL
    )


def test_on_an_old_core_installation_it_is_only_a_note():
    core = [{"InstallationType": "Server Core"}]
    snapshot = host("2008R2", antivirus=[{"Product": "none"}], services=[service("W32Time")], os=core)
    assert verdict(antivirus.antivirus_is_active, snapshot).severity is Severity.INFO


def test_an_unread_product_without_another_is_not_assessed():
    assert verdict(antivirus.antivirus_is_active, host(antivirus=failed(), services=[service("W32Time")])).status is GAP
    assert verdict(antivirus.antivirus_is_active, host(antivirus=failed(), services=[service("ekrn")])).status is PASS


SYSTEM32 = "%SystemRoot%\\System32"
ALL = [exclusion("process", f"{SYSTEM32}\\{name}") for name in ("vmms.exe", "vmwp.exe", "vmsp.exe", "vmcompute.exe")]


def test_processes_are_covered_automatically_or_by_hand():
    assert verdict(antivirus.processes_are_excluded, defended()).status is PASS
    assert verdict(antivirus.processes_are_excluded, defended(*ALL, auto=1)).status is PASS
    assert (
        verdict(
            antivirus.processes_are_excluded, defended(exclusion("process", "C:\\Windows\\System32\\vm*"), auto=1)
        ).status
        is PASS
    )
    found = verdict(antivirus.processes_are_excluded, defended(*ALL[:3], DisableAutoExclusions=True))
    assert found.status is FAIL
    assert "vmcompute.exe" in found.message
    assert "vmms.exe" not in found.message


def test_hidden_exclusions_are_not_assessed():
    hidden = exclusion("process", None, hidden=True)
    assert verdict(antivirus.processes_are_excluded, defended(hidden, auto=1)).cause is Cause.UNDETERMINED
    assert verdict(antivirus.no_exclusion_is_too_wide, defended(hidden)).status is GAP


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("path", "C:\\", Severity.HIGH),
        ("path", "%windir%", Severity.HIGH),
        ("path", "C:\\Windows\\System32\\*", Severity.HIGH),
        ("path", "C:\\Users\\bob", Severity.HIGH),
        ("path", "%USERPROFILE%", Severity.HIGH),
        ("path", "C:\\Program Files (x86)\\", Severity.HIGH),
        ("path", "%ProgramData%", Severity.HIGH),
        ("path", "*", Severity.HIGH),
        ("path", "%ProgramData%\\Microsoft\\Windows\\Hyper-V", None),
        ("path", "D:\\VMs", None),
        ("path", "D:\\", Severity.MEDIUM),
        ("extension", ".exe", Severity.HIGH),
        ("extension", "vhdx", None),
        ("process", "powershell.exe", Severity.HIGH),
        ("process", "C:\\Windows\\System32\\vmms.exe", None),
    ],
)
def test_exclusions_that_are_too_wide(kind, text, expected):
    found = verdict(antivirus.no_exclusion_is_too_wide, defended(exclusion(kind, text)))
    if expected is None:
        assert found.status is PASS
    else:
        assert (found.status, found.severity) == (FAIL, expected)


@pytest.mark.parametrize(
    "text", ["C:\\", "C:\\Windows", "C:\\Program Files", "C:\\ProgramData", "C:\\Users\\bob", "D:\\"]
)
def test_wide_exclusions_are_seen_without_the_run_context(text):
    def of(path):
        system = [{"WindowsDirectory": "C:\\Windows", "SystemDrive": "C:"}]
        rows = {"collection": failed(), "os": system, "vm_files": [], "acls": []}
        return verdict(
            antivirus.no_exclusion_is_too_wide, host("2019", defender_exclusions=[exclusion("path", path)], **rows)
        )

    assert of(text).status is FAIL
    assert of("E:\\Other").status is GAP


def test_a_volume_with_vm_files_is_a_milder_exclusion():
    rows = {"vm_files": [{"Path": "D:\\VMs\\a.vhdx", "Kind": "disk"}], "acls": []}
    snapshot = host("2019", defender_exclusions=[exclusion("path", "D:\\")], **rows)
    assert verdict(antivirus.no_exclusion_is_too_wide, snapshot).severity is Severity.LOW
    unread = host("2019", defender_exclusions=[exclusion("path", "D:\\")], vm_files=failed(), acls=failed())
    assert verdict(antivirus.no_exclusion_is_too_wide, unread).severity is Severity.MEDIUM


def test_switched_off_automatic_exclusions_need_a_replacement():
    assert verdict(antivirus.automatic_exclusions_are_on_or_replaced, defended()).status is PASS
    found = verdict(antivirus.automatic_exclusions_are_on_or_replaced, defended(auto=1))
    assert (found.status, found.severity) == (FAIL, Severity.HIGH)
    assert statuses(antivirus.automatic_exclusions_are_on_or_replaced, host("2012R2")) == [NA]
    assert verdict(antivirus.automatic_exclusions_are_on_or_replaced, host(antivirus=failed())).status is GAP


def test_real_time_protection():
    assert verdict(antivirus.real_time_protection_is_on, defended()).status is PASS
    assert verdict(antivirus.real_time_protection_is_on, defended(RealTimeProtectionEnabled=False)).status is FAIL
    assert verdict(antivirus.real_time_protection_is_on, defended(AMRunningMode="Passive")).status is PASS
    other = defended(services=[service("SentinelAgent")], RealTimeProtectionEnabled=False)
    assert verdict(antivirus.real_time_protection_is_on, other).status is NA
    assert verdict(antivirus.real_time_protection_is_on, host(antivirus=failed())).status is GAP


def test_signatures_age_at_the_time_of_the_snapshot():
    assert verdict(antivirus.signatures_are_fresh, defended()).status is PASS
    old = defended(AntivirusSignatureLastUpdatedUtc="2026-10-01T00:00:00.000Z")
    assert verdict(antivirus.signatures_are_fresh, old).status is FAIL
    assert verdict(antivirus.signatures_are_fresh, defended(AntivirusSignatureLastUpdatedUtc=None)).status is GAP


def test_a_bare_process_name_fails():
    assert verdict(antivirus.processes_are_excluded_by_path, defended(exclusion("process", "vmwp.exe"))).status is FAIL
    assert verdict(antivirus.processes_are_excluded_by_path, defended(ALL[0])).status is PASS


def test_another_product_is_a_question_with_the_list():
    found = verdict(antivirus.another_product_leaves_hyper_v_alone, defended(services=[service("ekrn")]))
    assert found.cause is Cause.MANUAL
    assert "vmms.exe" in found.message
    assert verdict(antivirus.another_product_leaves_hyper_v_alone, defended()).status is NA


CSV = {"DeviceId": "v", "DriveLetter": None, "MountPaths": ["C:\\ClusterStorage\\Volume1"], "IsCsv": True}


def test_cluster_shared_volumes():
    def node(*rows, auto=1):
        values = [value("Exclusions", "DisableAutoExclusions", auto)]
        return host(
            "2019",
            antivirus=[DEFENDER],
            defender_exclusions=list(rows),
            registry_values=values,
            volumes=[CSV],
        )

    assert verdict(antivirus.shared_volumes_are_excluded, node()).status is FAIL
    assert (
        verdict(antivirus.shared_volumes_are_excluded, node(exclusion("path", "%SystemDrive%\\ClusterStorage"))).status
        is PASS
    )
    assert verdict(antivirus.shared_volumes_are_excluded, node(auto=None)).status is PASS
    alone = host("2019", volumes=[CSV | {"IsCsv": False}])
    assert verdict(antivirus.shared_volumes_are_excluded, alone).status is NA
    assert verdict(antivirus.shared_volumes_are_excluded, host("2019", volumes=failed())).status is GAP


def test_without_hyper_v_tables_folders_are_not_assessed():
    assert verdict(antivirus.folders_are_excluded, defended(auto=1)).status is GAP
    assert verdict(antivirus.extensions_are_excluded, defended(auto=1)).status is GAP
    assert verdict(antivirus.folders_are_excluded, host(antivirus=[{"Product": "none"}])).status is NA
    assert COLLECTION["SystemRoot"] == "C:\\Windows"
    assert verdict(antivirus.folders_are_excluded, host(antivirus=absent("featureAbsent"))).status is NA
