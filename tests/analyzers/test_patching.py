"""HV-PATCH: each check passes, fails and is not assessed."""

import pytest
from hosts import BUILDS, FAIL, GAP, NA, PASS, failed, host, partial, verdict

from analyzers import patching as checks
from snapshot_tool.policy import Policy, Profile
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import Cause, Severity

NOW = "2026-11-01T08:15:00.000Z"


def system(build, **changed):
    return {
        "Build": build,
        "UBR": None,
        "KernelFileVersion": None,
        "EditionId": "ServerDatacenter",
        "ProductType": 3,
        "OperatingSystemSKU": 8,
        "LastBootUtc": "2026-10-17T08:15:00.000Z",
        "PendingReboot": [],
    } | changed


def on(era, *, started=NOW, hotfixes=(), build=None, **changed):
    row = system(build or BUILDS[era], **changed)
    if era in ("2008", "2008R2", "2012"):
        del row["UBR"]
    tables = {} if hotfixes is None else {"hotfixes": list(hotfixes) if not isinstance(hotfixes, dict) else hotfixes}
    return host(era, started=started, build=build, os=[row], **tables)


def test_a_supported_release_passes():
    assert verdict(checks.windows_is_supported, on("2022")).status is PASS
    assert verdict(checks.windows_is_supported, on("2016", started="2027-01-12T23:00:00.000Z")).status is PASS
    assert verdict(checks.windows_is_supported, host("2022")).status is GAP


@pytest.mark.parametrize(
    ("snapshot", "severity"),
    [
        (on("2012R2"), Severity.CRITICAL),
        (on("2012R2", started="2024-06-01T00:00:00.000Z"), Severity.HIGH),
        (on("2012R2", started="2024-06-01T00:00:00.000Z", UBR=21620), Severity.HIGH),
        (on("2012R2", started="2024-06-01T00:00:00.000Z", UBR=21924), Severity.INFO),
        (on("2008R2"), Severity.CRITICAL),
        (on("2008R2", build=7600), Severity.CRITICAL),
        (
            on("2012", EditionId="ServerHyperCore", OperatingSystemSKU=42, started="2024-06-01T00:00:00.000Z"),
            Severity.CRITICAL,
        ),
        (on("2022", build=20348, EditionId="ServerAzureStackHCICor", OperatingSystemSKU=406), Severity.INFO),
        (on("2019", build=17763, EditionId="ServerDatacenterACor", OperatingSystemSKU=145), Severity.CRITICAL),
    ],
)
def test_an_ended_release_fails_by_what_can_still_be_bought(snapshot, severity):
    found = verdict(checks.windows_is_supported, snapshot)
    assert (found.status, found.severity) == (FAIL, severity)


def test_a_product_that_is_not_known_is_a_gap():
    found = verdict(checks.windows_is_supported, on("2025", build=29999))
    assert (found.status, found.cause) == (GAP, Cause.UNDETERMINED)


def test_a_hidden_revision_leaves_the_finding_at_its_worst():
    row = system(9600)
    del row["UBR"]
    found = verdict(checks.windows_is_supported, host("2012R2", started="2024-06-01T00:00:00.000Z", os=[row]))
    assert (found.status, found.severity) == (FAIL, Severity.HIGH)


def test_the_last_year_of_support_is_told():
    assert verdict(checks.support_lasts, on("2022")).status is PASS
    found = verdict(checks.support_lasts, on("2016"))
    assert (found.status, found.severity) == (FAIL, Severity.INFO)
    assert "2027-01-12" in found.message
    assert verdict(checks.support_lasts, on("2012R2")).status is NA


def test_the_service_pack_must_be_there():
    assert verdict(checks.service_pack_is_installed, on("2008", build=6001)).status is FAIL
    assert verdict(checks.service_pack_is_installed, on("2008R2", build=7600)).status is FAIL
    assert verdict(checks.service_pack_is_installed, on("2008R2")).status is PASS
    assert verdict(checks.service_pack_is_installed, on("2012")).status is NA
    assert verdict(checks.service_pack_is_installed, host("2008R2")).status is GAP


def rollup(day, state=112, **changed):
    return {
        "HotFixId": None,
        "PackageName": "Package_for_RollupFix~31bf3856ad364e35~amd64~~20348.9999.1.10",
        "InstalledOnRaw": None,
        "InstalledOnUtc": f"{day}T08:15:00.000Z",
        "State": state,
        "Source": "cbs",
    } | changed


def listed_update(raw, number="KB5000001"):
    return {
        "HotFixId": number,
        "PackageName": None,
        "InstalledOnRaw": raw,
        "InstalledOnUtc": None,
        "State": None,
        "Source": "qfe",
    }


def age(snapshot, status, severity=None):
    found = verdict(checks.updates_are_recent, snapshot)
    assert found.status is status, found.message
    assert severity is None or found.severity is severity


def test_the_release_of_the_installed_update_decides():
    age(on("2022", started="2023-03-20T00:00:00.000Z", UBR=1547), PASS)
    age(on("2022", started="2023-04-20T00:00:00.000Z", UBR=1547), FAIL, Severity.MEDIUM)
    age(on("2022", started="2023-06-20T00:00:00.000Z", UBR=1547, hotfixes=[rollup("2023-06-19")]), FAIL, Severity.HIGH)


def test_an_update_that_the_table_does_not_know_counts_from_its_installation():
    age(on("2022", UBR=99999, hotfixes=[rollup("2026-10-17")]), PASS)
    age(on("2022", UBR=99999, hotfixes=[rollup("2026-09-01"), rollup("2026-10-30", state=80)]), FAIL, Severity.MEDIUM)
    age(on("2022", UBR=99999, hotfixes=[rollup("2026-07-01"), listed_update("10/30/2026")]), FAIL, Severity.HIGH)
    age(on("2022", UBR=99999, hotfixes=[listed_update("10/30/2026")]), GAP)
    age(on("2022", UBR=99999, hotfixes=failed()), GAP)


def test_an_update_that_could_not_be_read_may_be_newer():
    unread = rollup("2026-10-30")
    del unread["InstalledOnUtc"]
    age(on("2022", UBR=99999, hotfixes=[rollup("2026-07-01"), unread]), GAP)
    age(on("2022", UBR=99999, hotfixes=partial([rollup("2026-07-01")])), GAP)
    age(on("2022", UBR=99999, hotfixes=partial([rollup("2026-10-17")])), PASS)


def test_up_to_2012_r2_each_listed_update_counts():
    started = "2023-06-01T00:00:00.000Z"
    age(on("2012R2", started=started, hotfixes=[listed_update("5/20/2023")]), PASS)
    age(on("2012R2", started=started, hotfixes=[listed_update("1.2.2023")]), FAIL, Severity.HIGH)
    # The 3rd of May or the 5th of March: the later one counts.
    age(on("2012R2", started=started, hotfixes=[listed_update("5/3/2023")]), PASS)
    age(on("2012R2", started=started, hotfixes=[listed_update("01d8")]), GAP)


def test_past_support_another_check_says_it():
    age(on("2012R2", hotfixes=[listed_update("5/20/2023")]), NA)
    paid = on("2012R2", started="2024-06-01T00:00:00.000Z", UBR=21924, hotfixes=[listed_update("1/20/2024")])
    age(paid, FAIL, Severity.HIGH)


def test_the_stig_profile_allows_thirty_days():
    snapshot = on("2022", UBR=99999, hotfixes=[rollup("2026-09-25")])
    age(snapshot, PASS)
    strict = Snapshot(snapshot.source, snapshot.host, Policy(profile=Profile.STIG))
    age(strict, FAIL, Severity.MEDIUM)


def test_hotpatches_count_where_the_edition_takes_them():
    started = "2025-05-01T00:00:00.000Z"
    month = listed_update("4/20/2025")
    age(on("2025", started=started, UBR=2894, hotfixes=[month]), PASS)
    age(on("2025", started=started, UBR=2894, hotfixes=[listed_update("1/15/2025")]), FAIL, Severity.HIGH)


VMMS = {"Path": "C:\\Windows\\System32\\vmms.exe", "FileVersion": "6.0.6001.18016"}


def first_hyperv(updates=(), **program):
    return host("2008", build=6001, os=[system(6001)], hotfixes=list(updates), binaries=[VMMS | program])


def test_the_test_version_of_hyperv_fails():
    released = listed_update("7/1/2008", "KB950050")
    assert verdict(checks.hyperv_is_released, first_hyperv([released], FileVersion="6.0.6001.17101")).status is PASS
    assert verdict(checks.hyperv_is_released, first_hyperv()).status is PASS
    found = verdict(checks.hyperv_is_released, first_hyperv(FileVersion="6.0.6001.17101"))
    assert (found.status, found.severity) == (FAIL, Severity.CRITICAL)
    assert verdict(checks.hyperv_is_released, first_hyperv(FileVersion=None)).status is GAP
    assert verdict(checks.hyperv_is_released, on("2008")).status is PASS
    assert verdict(checks.hyperv_is_released, on("2008R2")).status is NA


@pytest.mark.parametrize(
    ("markers", "status", "severity"),
    [
        ([], PASS, None),
        (["cbs"], FAIL, Severity.MEDIUM),
        (["windowsUpdate", "fileRename"], FAIL, Severity.MEDIUM),
        (["fileRename"], FAIL, Severity.INFO),
        (None, GAP, None),
    ],
)
def test_a_pending_restart_is_told(markers, status, severity):
    found = verdict(checks.no_restart_is_pending, on("2022", PendingReboot=markers))
    assert found.status is status
    assert severity is None or found.severity is severity


def test_a_host_that_is_up_for_months_fails():
    assert verdict(checks.host_was_restarted, on("2022")).status is PASS
    long = "2026-07-20T00:00:00.000Z"
    assert verdict(checks.host_was_restarted, on("2022", LastBootUtc=long)).status is FAIL
    assert verdict(checks.host_was_restarted, on("2025", LastBootUtc=long)).status is PASS
    assert verdict(checks.host_was_restarted, on("2022", LastBootUtc=None)).status is GAP


SETTINGS = {"NoAutoUpdatePolicy": None, "UseWUServer": None, "WUServer": None}


def updating(*services, **changed):
    rows = [{"Name": "wuauserv", "StartType": 3}, *services]
    return host(update_settings=[SETTINGS | changed], services=rows)


def test_updates_that_nobody_sees_to_fail():
    assert verdict(checks.updating_is_managed, updating()).status is PASS
    assert verdict(checks.updating_is_managed, updating(NoAutoUpdatePolicy=1)).status is FAIL
    wsus = {"UseWUServer": 1, "WUServer": "https://wsus:8531"}
    assert verdict(checks.updating_is_managed, updating(NoAutoUpdatePolicy=1, **wsus)).status is PASS
    agent = {"Name": "CcmExec", "StartType": 2}
    assert verdict(checks.updating_is_managed, updating(agent, NoAutoUpdatePolicy=1)).status is PASS
    assert verdict(checks.updating_is_managed, host(services=[])).status is GAP


def test_wsus_without_tls_fails():
    plain = {"UseWUServer": 1, "WUServer": "HTTP://wsus:8530"}
    assert verdict(checks.wsus_uses_tls, updating(**plain)).status is FAIL
    assert verdict(checks.wsus_uses_tls, updating(UseWUServer=1, WUServer="https://wsus:8531")).status is PASS
    assert verdict(checks.wsus_uses_tls, updating(**(plain | {"UseWUServer": 0}))).status is PASS
    assert verdict(checks.wsus_uses_tls, host()).status is GAP


def test_old_firmware_fails():
    machine = {"BiosDateUtc": "2023-12-01T00:00:00.000Z", "Manufacturer": "Contoso", "Model": "R1"}
    assert verdict(checks.firmware_is_young, host(computer=[machine])).status is PASS
    old = machine | {"BiosDateUtc": "2023-01-01T00:00:00.000Z"}
    assert verdict(checks.firmware_is_young, host(computer=[old])).status is FAIL
    assert verdict(checks.firmware_is_young, host(computer=[old | {"Manufacturer": "VMware, Inc."}])).status is NA
    assert verdict(checks.firmware_is_young, host(computer=[machine | {"BiosDateUtc": None}])).status is GAP
