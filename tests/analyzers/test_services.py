"""HV-SVC: each check passes, fails and is not assessed."""

import pytest
from analyzers import services
from hosts import FAIL, GAP, NA, PASS, failed, host, verdict

from snapshot_tool.verdict import Cause, Severity

VMMS = {
    "Name": "vmms",
    "State": "Running",
    "StartType": 2,
    "ResolvedPath": "C:\\Windows\\system32\\vmms.exe",
    "Account": "LocalSystem",
    "AccountSid": "S-1-5-18",
}
SIGNED = {
    "Path": "C:\\Windows\\system32\\vmms.exe",
    "SignatureStatus": "Valid",
    "CatalogChecked": True,
    "SignerSubject": "CN=Microsoft Windows, O=Microsoft Corporation, L=Redmond, S=Washington, C=US",
}


def vmms(**changed):
    return host(services=[VMMS | changed], binaries=[SIGNED])


def test_a_running_management_service_passes():
    assert verdict(services.management_service_runs, vmms()).status is PASS


def test_a_stopped_management_service_fails_and_is_named():
    found = verdict(services.management_service_runs, vmms(State="Stopped"))
    assert (found.status, found.severity, found.key) == (FAIL, Severity.CRITICAL, {"Name": "vmms"})


@pytest.mark.parametrize("state", ["StartPending", "Unknown", None])
def test_a_state_that_tells_nothing_is_undetermined(state):
    found = verdict(services.management_service_runs, vmms(State=state))
    assert (found.status, found.cause) == (GAP, Cause.UNDETERMINED)


def test_without_the_role_nothing_is_asked_of_the_management_service():
    assert verdict(services.management_service_runs, host(services=[])).status is NA


def test_services_that_could_not_be_read_are_not_assessed():
    found = verdict(services.management_service_runs, host(services=failed("accessDenied")))
    assert (found.status, found.cause) == (GAP, Cause.ACCESS_DENIED)


def test_only_automatic_start_passes():
    assert verdict(services.management_service_starts_automatically, vmms()).status is PASS
    assert verdict(services.management_service_starts_automatically, vmms(StartType=3)).status is FAIL
    assert verdict(services.management_service_starts_automatically, host(services=failed())).status is GAP


def test_paths_are_compared_as_windows_does():
    written = vmms(ResolvedPath="%systemroot%\\System32\\VMMS.exe")
    assert verdict(services.management_service_binary, written).status is PASS


def test_another_program_behind_the_management_service_fails_even_if_its_signature_is_unknown():
    found = verdict(services.management_service_binary, vmms(ResolvedPath="C:\\Temp\\vmms.exe"))
    assert (found.status, found.severity) == (FAIL, Severity.CRITICAL)


def test_a_foreign_signer_fails_whatever_the_status():
    foreign = SIGNED | {"SignatureStatus": "UnknownError", "SignerSubject": "CN=Evil, O=Evil Corp"}
    found = verdict(services.management_service_binary, host(services=[VMMS], binaries=[foreign]))
    assert found.status is FAIL


def test_an_unchecked_signature_is_not_assessed():
    unchecked = SIGNED | {"SignatureStatus": "NotSigned", "CatalogChecked": False, "SignerSubject": None}
    found = verdict(services.management_service_binary, host("2012", services=[VMMS], binaries=[unchecked]))
    assert (found.status, found.cause) == (GAP, Cause.UNDETERMINED)
