"""HV-HOST: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, ask, failed, host, partial, statuses, told, verdict
from machines import HIDDEN, WEB, guest, machine, machines

from analyzers import host as checks
from snapshot_tool.policy import Policy, VMTags
from snapshot_tool.verdict import Cause, Severity

CORE = {
    "Build": 20348,
    "InstallationType": "Server Core",
    "ProductType": 3,
    "OperatingSystemSKU": 8,
    "OSArchitecture": "x64",
    "LastBootUtc": "2026-10-17T08:15:00.000Z",
}
COMPUTER = {
    "Manufacturer": "Contoso",
    "Model": "R1",
    "PartOfDomain": True,
    "DomainRole": 3,
    "MemoryErrorCorrection": [6],
    "LogicalProcessors": 64,
    "CpuManufacturer": "GenuineIntel",
    "HypervisorPresent": True,
}
NESTED = {"Manufacturer": "Microsoft Corporation", "Model": "Virtual Machine"}
LEVELS = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Server\ServerLevels"


def level(name, number):
    return {
        "Key": LEVELS,
        "ListKey": LEVELS,
        "Name": name,
        "Mode": "allValues",
        "KeyExists": True,
        "Exists": True,
        "Kind": "REG_DWORD",
        "IntValue": number,
        "View": 64,
    }


def core(era="2022", **changed):
    return host(era, os=[CORE | changed])


def test_server_core_and_nano_server_pass():
    assert verdict(checks.management_os_is_server_core, core()).status is PASS
    assert verdict(checks.management_os_is_server_core, core(InstallationType="Nano Server")).status is PASS


def test_a_desktop_fails_and_a_client_is_not_asked():
    found = verdict(checks.management_os_is_server_core, core(InstallationType="Server"))
    assert (found.status, found.severity) == (FAIL, Severity.MEDIUM)
    assert verdict(checks.management_os_is_server_core, core(InstallationType="Client", ProductType=1)).status is NA


def test_only_on_2008_the_number_of_the_edition_tells():
    assert (
        verdict(checks.management_os_is_server_core, core(InstallationType=None, OperatingSystemSKU=12)).status is GAP
    )
    old = {column: value for column, value in CORE.items() if column != "InstallationType"}
    for sku, status in ((12, PASS), (42, PASS), (7, FAIL)):
        snapshot = host("2008", os=[old | {"OperatingSystemSKU": sku}])
        assert verdict(checks.management_os_is_server_core, snapshot).status is status


@pytest.mark.parametrize(
    ("levels", "severity"),
    [
        ([level("Server-Gui-Mgmt", 1), level("Server-Gui-Shell", 1)], Severity.MEDIUM),
        ([level("Server-Gui-Mgmt", 1)], Severity.LOW),
        ([], Severity.MEDIUM),
    ],
)
def test_on_2012_the_minimal_interface_weighs_less(levels, severity):
    snapshot = host("2012R2", os=[CORE | {"InstallationType": "Server"}], registry_values=levels)
    assert verdict(checks.management_os_is_server_core, snapshot).severity is severity


def server(identifier, parent=0):
    return {
        "Kind": "server",
        "Name": None,
        "Installed": True,
        "ServerFeatureId": identifier,
        "ServerFeatureParentId": parent,
    }


def component(name, installed=True):
    return {"Kind": "component", "Name": name, "Installed": installed, "ServerFeatureId": None}


def roles(*rows):
    return [told(result) for result in ask(checks.no_other_role, host(features=list(rows))) if result.status is FAIL]


def test_hyperv_and_its_companions_are_no_other_role():
    rows = [server(20), server(481), server(482, 481), server(33), server(61), component("Hyper-V")]
    assert roles(*rows) == []
    assert PASS in statuses(checks.no_other_role, host(features=rows))


@pytest.mark.parametrize(
    ("identifier", "severity"),
    [(2, Severity.HIGH), (16, Severity.HIGH), (13, Severity.MEDIUM), (404, Severity.MEDIUM), (255, Severity.INFO)],
)
def test_another_role_fails(identifier, severity):
    (found,) = roles(server(20), server(identifier))
    assert (found.severity, found.key["ServerFeatureId"]) == (severity, identifier)


def test_remote_desktop_services_pass_with_the_part_of_vdi_hosts_only():
    assert roles(server(18), server(322, 18), server(325, 322)) == []
    assert [found.severity for found in roles(server(18), server(133, 18))] == [Severity.MEDIUM]
    assert [found.severity for found in roles(server(18), server(130, 18))] == [Severity.HIGH]


def test_a_role_without_a_number_is_known_by_its_component():
    (found,) = roles(server(20), component("HostGuardianServiceRole"))
    assert "Host Guardian Service" in found.message
    assert roles(server(20), component("HostGuardianServiceRole", installed=False)) == []


def test_the_cache_of_components_decides_only_where_nothing_else_does():
    assert roles(server(20), component("Web-Server")) == []
    assert [found.severity for found in roles(component("Hyper-V"), component("Web-Server"))] == [Severity.HIGH]


def test_roles_that_were_not_listed_are_no_proof():
    assert GAP in statuses(checks.no_other_role, host(features=failed()))
    assert statuses(checks.no_other_role, host(features=[], os=[CORE])) == [GAP]
    assert statuses(checks.no_other_role, host(features=[], os=[CORE | {"ProductType": 1}])) == [NA]


def computer(era="2022", **changed):
    return host(era, computer=[COMPUTER | changed])


def test_a_domain_controller_fails():
    assert verdict(checks.host_is_no_domain_controller, computer()).status is PASS
    assert verdict(checks.host_is_no_domain_controller, computer(DomainRole=5)).status is FAIL
    assert verdict(checks.host_is_no_domain_controller, host()).status is GAP


def program(name, **changed):
    return {
        "KeyName": "k",
        "View": 64,
        "Scope": "machine",
        "DisplayName": name,
        "SystemComponent": False,
        "ParentKeyName": None,
    } | changed


def software(check, *rows):
    return statuses(check, host(applications=list(rows)))


@pytest.mark.parametrize(
    "name",
    [
        "Microsoft SQL Server 2019 (64-bit)",
        "hMailServer 5.6",
        "Apache Tomcat 9.0",
        "Git",
        "Steam",
        "Veeam Backup & Replication Server",
    ],
)
def test_server_applications_and_tools_fail(name):
    assert software(checks.no_server_software, program(name)) == [FAIL]


@pytest.mark.parametrize(
    "name",
    [
        "Microsoft SQL Server 2012 Native Client",
        "Microsoft SQL Server 2016 LocalDB",
        "Microsoft Visual C++ 2022 X64 Minimum Runtime - 14.38",
        "Veeam Agent for Microsoft Windows",
        "Dell OpenManage Server Administrator",
        "Microsoft Monitoring Agent",
        "Microsoft System Center 2016 DPM Protection Agent",
    ],
)
def test_agents_drivers_and_libraries_pass(name):
    assert software(checks.no_server_software, program(name)) == [PASS]


def test_parts_of_other_programs_are_not_asked():
    assert software(checks.no_server_software, program("Git", SystemComponent=True)) == [NA]
    assert software(checks.no_server_software, program("Git", ParentKeyName="x")) == [NA]
    assert software(checks.no_server_software, program(None)) == [NA]
    assert software(
        checks.no_server_software, {"KeyName": "k", "View": 64, "Scope": "machine", "SystemComponent": False}
    ) == [GAP]


@pytest.mark.parametrize(
    "name",
    [
        "Mozilla Firefox (x64 de)",
        "Mozilla Thunderbird",
        "Microsoft Office Standard 2019",
        "Adobe Acrobat Reader DC - Deutsch",
    ],
)
def test_desktop_programs_fail(name):
    assert software(checks.no_desktop_software, program(name)) == [FAIL]


@pytest.mark.parametrize(
    "name", ["Microsoft Edge", "Microsoft Edge WebView2 Runtime", "Mozilla Maintenance Service", "7-Zip 19.00"]
)
def test_what_windows_brings_passes(name):
    assert software(checks.no_desktop_software, program(name)) == [PASS]


def test_a_workgroup_is_shown():
    assert verdict(checks.host_is_domain_member, computer()).status is PASS
    found = verdict(checks.host_is_domain_member, computer(PartOfDomain=False))
    assert (found.status, found.severity) == (FAIL, Severity.INFO)


LOADER = "3d6e9a10-6c1f-4e62-9d1b-52f6a7c4e0b1"


def boot(name="nx", number=1, **changed):
    return {
        "ObjectId": LOADER,
        "ObjectType": 0x10200003,
        "ElementId": "0x25000020",
        "ElementName": name,
        "IntValue": number,
        "IsDefault": True,
        "IsCurrent": True,
    } | changed


def test_a_running_hypervisor_passes():
    assert verdict(checks.hypervisor_runs, host(computer=[COMPUTER], boot_entries=[boot()])).status is PASS


def test_a_hypervisor_that_does_not_run_or_will_not_start_fails():
    stopped = host(computer=[COMPUTER | {"HypervisorPresent": False}], boot_entries=failed())
    assert verdict(checks.hypervisor_runs, stopped).status is FAIL
    off = host(computer=failed(), boot_entries=[boot(), boot("hypervisorlaunchtype", 0)])
    assert verdict(checks.hypervisor_runs, off).status is FAIL
    assert verdict(checks.hypervisor_runs, host(computer=[COMPUTER])).status is GAP


def test_inside_a_virtual_machine_a_running_guest_is_the_proof():
    tables = {"computer": [COMPUTER | NESTED], "boot_entries": [boot()]}
    assert verdict(checks.hypervisor_runs, machines(vm=[machine()], **tables)).status is PASS
    found = verdict(checks.hypervisor_runs, machines(vm=[machine(State="Off")], **tables))
    assert (found.status, found.cause) == (GAP, Cause.UNDETERMINED)


HVBOOT = {
    "Name": "hvboot",
    "ImagePath": "System32\\drivers\\hvboot.sys",
    "ResolvedPath": "C:\\Windows\\System32\\drivers\\hvboot.sys",
    "StartType": 0,
    "State": "Running",
}
STARTED = {
    "Channel": "System",
    "Provider": "Microsoft-Windows-Hyper-V-Hypervisor",
    "EventId": 1,
    "LastUtc": "2026-10-17T08:15:10.000Z",
}
LOG = {"Channel": "System", "OldestRecordUtc": "2026-01-01T00:00:00.000Z"}


def old_host(driver=HVBOOT, events=(), log=LOG):
    return host(
        "2008R2", os=[CORE], drivers=[driver], event_summary=list(events), eventlogs=[log], boot_entries=[boot()]
    )


def test_up_to_2008_r2_the_driver_or_the_event_proves_the_start():
    stopped = HVBOOT | {"State": "Stopped"}
    assert verdict(checks.hypervisor_runs, old_host()).status is PASS
    assert verdict(checks.hypervisor_runs, old_host(stopped, [STARTED])).status is PASS
    assert verdict(checks.hypervisor_runs, old_host(stopped)).status is FAIL
    before = STARTED | {"LastUtc": "2026-09-01T00:00:00.000Z"}
    assert verdict(checks.hypervisor_runs, old_host(stopped, [before])).status is FAIL
    short = LOG | {"OldestRecordUtc": "2026-10-30T00:00:00.000Z"}
    assert verdict(checks.hypervisor_runs, old_host(stopped, log=short)).status is GAP


SIGNED = {
    "Roles": ["hyperv"],
    "Exists": True,
    "SignatureStatus": "Valid",
    "CatalogChecked": True,
    "SignerSubject": "CN=Microsoft Windows, O=Microsoft Corporation, L=Redmond, S=Washington, C=US",
}


def files(*changed, era="2022"):
    names = ("vmms.exe", "vmwp.exe", "hvix64.exe", "hvax64.exe")
    rows = {name: SIGNED | {"Path": f"C:\\Windows\\System32\\{name}"} for name in names}
    for name, cells in changed:
        rows[name] |= cells
    return host(era, os=[CORE], computer=[COMPUTER], binaries=list(rows.values()))


def failures(snapshot):
    return [told(r) for r in ask(checks.hypervisor_files_are_genuine, snapshot) if r.status is FAIL]


def test_the_shipped_files_pass():
    assert set(statuses(checks.hypervisor_files_are_genuine, files())) == {PASS}


@pytest.mark.parametrize(
    "cells",
    [
        {"SignatureStatus": "HashMismatch"},
        {"SignatureStatus": "NotSigned", "SignerSubject": None},
        {"SignerSubject": "CN=Somebody, O=Microsoft Corporation Ltd"},
    ],
)
def test_a_file_that_microsoft_did_not_sign_is_critical(cells):
    (found,) = failures(files(("hvix64.exe", cells)))
    assert found.severity is Severity.CRITICAL


def test_a_missing_file_counts_only_where_the_processor_needs_it():
    assert failures(files(("hvax64.exe", {"Exists": False}))) == []
    (found,) = failures(files(("hvix64.exe", {"Exists": False})))
    assert found.severity is Severity.HIGH


def test_a_signature_in_a_catalog_that_was_not_asked_is_no_finding():
    unsigned = {"SignatureStatus": "NotSigned", "CatalogChecked": False, "SignerSubject": None}
    found = statuses(checks.hypervisor_files_are_genuine, files(("vmms.exe", unsigned), ("vmwp.exe", unsigned)))
    assert found.count(GAP) == 1
    assert FAIL not in found


def test_a_file_that_was_not_examined_is_a_gap():
    assert GAP in statuses(checks.hypervisor_files_are_genuine, host(os=[CORE], computer=[COMPUTER], binaries=[]))


@pytest.mark.parametrize(
    ("kinds", "status"),
    [([6], PASS), ([5, 2], PASS), ([6, 3], FAIL), ([4], FAIL), ([2], GAP), ([], GAP), (None, GAP)],
)
def test_memory_must_correct_errors(kinds, status):
    assert verdict(checks.memory_corrects_errors, computer(MemoryErrorCorrection=kinds)).status is status


def test_the_memory_of_a_virtual_machine_is_not_asked():
    assert verdict(checks.memory_corrects_errors, computer(MemoryErrorCorrection=[3], **NESTED)).status is NA


@pytest.mark.parametrize(
    ("era", "count", "status", "severity"),
    [
        ("2022", 64, PASS, None),
        ("2022", 2304, FAIL, Severity.INFO),
        ("2019", 319, PASS, None),
        ("2019", 320, GAP, None),
        ("2019", 640, FAIL, Severity.MEDIUM),
        ("2008R2", 64, GAP, None),
        ("2008R2", 32, PASS, None),
        ("2022", None, GAP, None),
    ],
)
def test_processors_are_counted_as_far_as_windows_sees_them(era, count, status, severity):
    found = verdict(checks.processors_are_supported, computer(era, LogicalProcessors=count))
    assert found.status is status
    assert severity is None or found.severity is severity


def many(count, **changed):
    return [machine(Id=WEB[:-4] + f"{number:04x}", Name=f"vm{number}", **changed) for number in range(count)]


def test_too_many_running_machines_fail():
    assert verdict(checks.machines_are_supported, machines(vm=many(1024))).status is PASS
    assert verdict(checks.machines_are_supported, machines(vm=many(1030))).status is FAIL
    assert verdict(checks.machines_are_supported, machines(vm=many(1030, State="Off"))).status is PASS
    assert verdict(checks.machines_are_supported, machines("2008R2", vm=many(400))).severity is Severity.INFO
    assert verdict(checks.machines_are_supported, machines(vm=[*many(3), machine(State=HIDDEN)])).status is GAP
    assert verdict(checks.machines_are_supported, machines()).status is GAP


TIME = {
    "Type": "NT5DS",
    "TypePolicy": None,
    "NtpServer": "time.windows.com,0x8",
    "NtpServerPolicy": None,
    "NtpClientEnabled": 1,
    "NtpClientEnabledPolicy": None,
}
W32TIME = {"Name": "W32Time", "StartType": 3}


def clock(member=True, service=W32TIME, **changed):
    return host(time_service=[TIME | changed], services=[service], computer=[COMPUTER | {"PartOfDomain": member}])


@pytest.mark.parametrize(
    "snapshot",
    [
        clock(),
        clock(Type=None),
        clock(Type="AllSync"),
        clock(Type="NTP", NtpServer="ntp1.corp.example,0x8 10.0.0.1"),
        clock(member=False, Type="NTP", NtpServer="ptbtime1.ptb.de,0x8"),
        clock(Type="NoSync", TypePolicy="nt5ds"),
        clock(NtpClientEnabled=None),
    ],
)
def test_a_domain_or_named_servers_pass(snapshot):
    assert verdict(checks.time_source_is_authoritative, snapshot).status is PASS


@pytest.mark.parametrize(
    ("snapshot", "severity"),
    [
        (clock(Type="NoSync"), Severity.MEDIUM),
        (clock(TypePolicy="NoSync"), Severity.MEDIUM),
        (clock(service=W32TIME | {"StartType": 4}), Severity.MEDIUM),
        (clock(NtpClientEnabledPolicy=0), Severity.MEDIUM),
        (clock(Type="NTP"), Severity.LOW),
        (clock(Type="NTP", NtpServer="0.de.pool.ntp.org,0x1"), Severity.LOW),
        (clock(member=False, Type="NTP"), Severity.INFO),
        (clock(member=False), Severity.MEDIUM),
    ],
)
def test_other_sources_of_time_fail(snapshot, severity):
    found = verdict(checks.time_source_is_authoritative, snapshot)
    assert (found.status, found.severity) == (FAIL, severity)


def test_an_unknown_source_of_time_is_a_gap():
    assert verdict(checks.time_source_is_authoritative, clock(TypePolicy="sundial")).status is GAP
    assert verdict(checks.time_source_is_authoritative, host(services=[W32TIME])).status is GAP


DB = WEB[:-1] + "2"
TWO = [machine(), machine(Id=DB, Name="db")]


def test_machines_of_two_protection_classes_fail():
    mixed = Policy(vms={"web": VMTags(protection="Normal"), "db": VMTags(protection="High")})
    found = verdict(checks.machines_need_the_same_protection, machines(vm=TWO, policy=mixed))
    assert (found.status, found.severity) == (FAIL, Severity.HIGH)
    same = Policy(vms={"web": VMTags(protection="High"), "db": VMTags(protection="high")})
    assert verdict(checks.machines_need_the_same_protection, machines(vm=TWO, policy=same)).status is PASS


def test_without_classes_somebody_must_be_asked():
    found = verdict(checks.machines_need_the_same_protection, machines(vm=TWO))
    assert (found.status, found.cause, found.severity) == (GAP, Cause.MANUAL, Severity.INFO)
    kvp = [guest(product="2"), guest(VMId=DB, VMName="db")]
    assert (
        "domain controller"
        in verdict(checks.machines_need_the_same_protection, machines(vm=TWO, vm_guest_kvp=kvp)).message
    )
    assert verdict(checks.machines_need_the_same_protection, machines(vm=[machine()])).status is NA
    assert verdict(checks.machines_need_the_same_protection, machines()).cause is Cause.NOT_COLLECTED


def driver(**changed):
    return host("2008R2", drivers=[HVBOOT | changed])


def test_the_boot_driver_must_start_from_its_place():
    assert verdict(checks.boot_driver_starts, driver()).status is PASS
    assert verdict(checks.boot_driver_starts, driver(ResolvedPath=None, ImagePath=None)).status is PASS
    assert verdict(checks.boot_driver_starts, driver(StartType=4)).status is FAIL
    assert verdict(checks.boot_driver_starts, driver(StartType=3)).status is FAIL
    assert verdict(checks.boot_driver_starts, driver(ResolvedPath="C:\\x\\hvboot.sys")).status is FAIL
    assert verdict(checks.boot_driver_starts, host("2008R2", drivers=partial([]))).status is GAP
    assert verdict(checks.boot_driver_starts, host("2012", drivers=[{"Name": "disk"}])).status is NA
    assert (
        verdict(
            checks.boot_driver_starts, host("2008R2", drivers=[{"Name": "disk"}], services=[{"Name": "W32Time"}])
        ).status
        is NA
    )


def client(**tables):
    return machines(os=[CORE | {"ProductType": 1, "InstallationType": "Client"}], **tables)


def test_a_client_that_starts_machines_by_itself_fails():
    check = checks.production_runs_on_a_server
    assert verdict(check, client(vm=[machine(AutomaticStartAction="Start")])).status is FAIL
    assert verdict(check, client(vm=[machine(AutomaticStartAction="Nothing")])).status is PASS
    assert verdict(check, machines(os=[CORE], vm=[machine(AutomaticStartAction="Start")])).status is NA
    assert verdict(check, client(vm=HIDDEN)).status is GAP


def test_remote_control_and_tunnels_fail_by_program_service_and_driver():
    programs, services = (
        [program("TeamViewer 15")],
        [{"Name": "ZeroTierOneService"}, {"Name": "ScreenConnect Client (0a1b)"}],
    )
    found = host(applications=programs, services=services, drivers=[{"Name": "tap0901"}])
    assert statuses(checks.no_remote_control, found) == [FAIL] * 4
    clean = {"applications": [program("7-Zip")], "services": [W32TIME], "drivers": [{"Name": "disk"}]}
    assert statuses(checks.no_remote_control, host(**clean)) == [PASS] * 3
    for hidden in clean:
        assert GAP in statuses(checks.no_remote_control, host(**clean | {hidden: failed()}))


def test_many_people_on_the_host_are_told():
    def profiles(count, day="2026-10-20"):
        used = f"{day}T00:00:00.000Z"
        return [{"Sid": f"S-1-5-21-1-2-3-{number}", "Special": False, "LastUseUtc": used} for number in range(count)]

    check = checks.few_people_work_on_the_host
    assert verdict(check, host(user_profiles=profiles(4))).status is FAIL
    assert verdict(check, host(user_profiles=profiles(3) + profiles(5, "2026-01-01"))).status is PASS
    assert verdict(check, host()).status is GAP


def scheduler(kind, era="2022", **tables):
    event = STARTED | {"EventId": 2, "LastData": {"SchedulerType": kind}}
    return machines(era, os=[CORE], event_summary=[event], **({"vm": TWO, "vm_group": []} | tables))


GROUPS = [{"Id": DB, "Name": "a", "Members": [WEB]}, {"Id": WEB, "Name": "b", "Members": [DB]}]


def test_the_core_scheduler_and_one_without_smt_pass():
    assert verdict(checks.scheduler_separates_machines, scheduler(3)).status is PASS
    assert verdict(checks.scheduler_separates_machines, scheduler(1)).status is PASS
    assert verdict(checks.scheduler_separates_machines, scheduler(None)).status is GAP


def test_other_schedulers_fail_since_2019_and_on_2016_for_several_owners():
    check = checks.scheduler_separates_machines
    assert verdict(check, scheduler(2)).severity is Severity.MEDIUM
    one_owner = [{"Id": DB, "Name": "a", "Members": [WEB, DB]}]
    assert verdict(check, scheduler(4, vm_group=one_owner)).severity is Severity.LOW
    assert verdict(check, scheduler(2, "2016", vm_group=GROUPS)).status is FAIL
    assert verdict(check, scheduler(2, "2016", vm_group=one_owner)).status is PASS
    assert verdict(check, scheduler(2, "2016")).cause is Cause.MANUAL


@pytest.mark.parametrize(
    ("era", "override", "mask", "status"),
    [
        ("2016", None, None, FAIL),
        ("2016", 72, 3, PASS),
        ("2019", None, None, PASS),
        ("2022", 3, 3, FAIL),
        ("2022", 3, 0, PASS),
    ],
)
def test_mitigations_must_be_on(era, override, mask, status):
    row = {"TpmPresent": True, "FeatureSettingsOverride": override, "FeatureSettingsOverrideMask": mask}
    snapshot = machines(era, os=[CORE], platform_security=[row], vm=TWO, vm_group=[])
    found = verdict(checks.side_channels_are_closed, snapshot)
    assert found.status is status
    assert status is PASS or found.severity is Severity.MEDIUM
    assert verdict(checks.side_channels_are_closed, machines(era, os=[CORE])).status is GAP


def test_old_machines_need_a_registry_value():
    def old(value, version="5.0"):
        row = {"TpmPresent": True, "MinVmVersionForCpuBasedMitigations": value}
        return machines(vm=[machine(Version=version)], platform_security=[row])

    assert verdict(checks.old_machines_get_mitigations, old(None)).status is FAIL
    assert verdict(checks.old_machines_get_mitigations, old("1.0")).status is PASS
    assert verdict(checks.old_machines_get_mitigations, old(None, "9.0")).status is PASS
    assert verdict(checks.old_machines_get_mitigations, machines(vm=[machine(Version="5.0")])).status is GAP


@pytest.mark.parametrize(
    ("count", "status", "severity"),
    [(8, PASS, None), (9, FAIL, Severity.LOW), (13, FAIL, Severity.MEDIUM), (HIDDEN, GAP, None)],
)
def test_promised_processors_are_counted(count, status, severity):
    row = {"VMId": WEB, "VMName": "web", "Count": count}
    snapshot = machines(vm=[machine()], vm_processor=[row], computer=[COMPUTER | {"LogicalProcessors": 1}])
    found = verdict(checks.processors_are_not_overcommitted, snapshot)
    assert found.status is status
    assert severity is None or found.severity is severity


@pytest.mark.parametrize(("gib", "status"), [(28, PASS), (29, FAIL), (HIDDEN, GAP)])
def test_memory_must_suffice_to_start(gib, status):
    startup = gib if gib is HIDDEN else gib << 30
    row = {"VMId": WEB, "VMName": "web", "Startup": startup}
    snapshot = machines(
        vm=[machine(AutomaticStartAction="Start"), machine(Id=DB, Name="db", AutomaticStartAction="Nothing")],
        vm_memory=[row],
        computer=[COMPUTER | {"TotalPhysicalMemoryBytes": 32 << 30}],
    )
    assert verdict(checks.memory_suffices, snapshot).status is status


def value(key, name, number):
    exists = number is not None
    return {
        "Key": key,
        "ListKey": key,
        "Name": name,
        "Mode": "value",
        "KeyExists": True,
        "Exists": exists,
        "Kind": "REG_DWORD" if exists else None,
        "IntValue": number,
        "View": 64,
    }


KERNEL = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\kernel"
TELEMETRY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\DataCollection"
BLOCKLIST = r"HKLM\SYSTEM\CurrentControlSet\Control\CI\Config"


@pytest.mark.parametrize(
    ("check", "key", "name", "good", "bad"),
    [
        (checks.memory_reserve_is_default, checks.VIRTUALIZATION, "MemoryReserve", [None], [2048]),
        (checks.exception_handlers_are_protected, KERNEL, "DisableExceptionChainValidation", [None, 0], [1]),
        (checks.diagnostic_data_is_limited, TELEMETRY, "AllowTelemetry", [0, 1], [None, 3]),
    ],
)
def test_registry_values_decide(check, key, name, good, bad):
    for number in good:
        assert verdict(check, host(registry_values=[value(key, name, number)])).status is PASS
    for number in bad:
        assert verdict(check, host(registry_values=[value(key, name, number)])).status is FAIL
    assert verdict(check, host()).status is GAP


def test_dumps_of_protected_machines_must_be_encrypted():
    def dumps(shielded, encrypted):
        security = {"VMId": WEB, "VMName": "web", "Shielded": shielded, "TpmEnabled": False}
        rows = [
            value(checks.CRASH_CONTROL, "DumpEncryptionEnabled", encrypted),
            value(checks.CRASH_CONTROL + r"\ForceDumpsDisabled", "GuardedHost", None),
        ]
        return machines(vm=[machine()], vm_security=[security], registry_values=rows)

    assert verdict(checks.dumps_are_encrypted, dumps(shielded=True, encrypted=None)).status is FAIL
    assert verdict(checks.dumps_are_encrypted, dumps(shielded=True, encrypted=1)).status is PASS
    assert verdict(checks.dumps_are_encrypted, dumps(shielded=False, encrypted=None)).status is NA
    assert verdict(checks.dumps_are_encrypted, machines()).status is GAP


def resolving(addresses, *servers):
    adapter = {"Id": "a", "VMId": WEB, "VMName": "web", "IsManagementOs": False, "IPAddresses": addresses}
    interface = {"InterfaceIndex": 4, "Family": "IPv4", "DnsServers": list(servers)}
    return machines(vm=[machine()], vm_network_adapter=[adapter], net_interfaces=[interface])


def test_name_servers_must_not_all_be_guests():
    check = checks.names_do_not_depend_on_guests
    assert verdict(check, resolving(["10.0.0.5", "fe80::1"], "10.0.0.5")).status is FAIL
    assert verdict(check, resolving(["10.0.0.5"], "10.0.0.5", "10.0.0.6")).status is PASS
    assert verdict(check, resolving(None, "10.0.0.5")).status is GAP
    assert verdict(check, resolving(["10.0.0.5"])).status is NA


def test_the_vss_writer_must_be_stable():
    def writers(state):
        return host(vss_writers=[{"WriterId": "66841cd4-6ded-4f4b-8f17-fd23f8ddc3de", "StateCode": state}])

    assert verdict(checks.vss_writer_is_stable, writers(1)).status is PASS
    assert verdict(checks.vss_writer_is_stable, writers(7)).severity is Severity.INFO
    assert verdict(checks.vss_writer_is_stable, host(vss_writers=[])).status is FAIL
    assert verdict(checks.vss_writer_is_stable, host()).status is GAP


def test_an_evaluation_fails():
    assert verdict(checks.windows_is_no_evaluation, core(EditionId="ServerDatacenterEval")).status is FAIL
    assert verdict(checks.windows_is_no_evaluation, core(EditionId="ServerDatacenter")).status is PASS
    assert verdict(checks.windows_is_no_evaluation, core()).status is GAP


def test_containers_and_the_gateway_are_told():
    def row(kind, installed):
        return {"Kind": kind, "Name": "Containers", "Installed": installed, "ServerFeatureId": None}

    def features(installed, *services, more=()):
        return host(features=[row("optional", installed), *more], services=[{"Name": "W32Time"}, *services])

    cached = row("component", installed=True)
    assert FAIL in statuses(checks.no_development_features, features(True))
    assert FAIL not in statuses(checks.no_development_features, features(False))
    assert FAIL not in statuses(checks.no_development_features, features(False, more=[cached]))
    only_cached = host(features=[cached], services=[{"Name": "W32Time"}])
    assert FAIL in statuses(checks.no_development_features, only_cached)
    for gateway in ("ServerManagementGateway", "WindowsAdminCenter"):
        assert FAIL in statuses(checks.no_development_features, features(False, {"Name": gateway}))
    assert GAP in statuses(checks.no_development_features, host(features=[]))


@pytest.mark.parametrize(
    ("manufacturer", "model", "status"),
    [
        ("Microsoft Corporation", "Virtual Machine", FAIL),
        ("Microsoft Corporation", "Surface Pro", PASS),
        ("VMware, Inc.", "VMware7,1", FAIL),
        ("Amazon EC2", "m5.metal", PASS),
        ("Amazon EC2", "m5.large", FAIL),
        (None, None, PASS),
    ],
)
def test_a_nested_host_is_told(manufacturer, model, status):
    assert verdict(checks.host_is_hardware, computer(Manufacturer=manufacturer, Model=model)).status is status


def drivers(blocklist=None, **signature):
    path = "C:\\Program Files\\Contoso\\c.sys"
    return host(
        drivers=[{"Name": "c", "ResolvedPath": path, "State": "Running"}],
        binaries=[{"Path": path, "Exists": True, "SignatureStatus": "Valid", "CatalogChecked": True} | signature],
        registry_values=[value(BLOCKLIST, "VulnerableDriverBlocklistEnable", blocklist)],
    )


def test_a_running_driver_whose_file_is_not_known_is_not_assessed():
    def unplaced(state):
        return host(
            drivers=[{"Name": "c", "ResolvedPath": None, "State": state}],
            binaries=[],
            registry_values=[value(BLOCKLIST, "VulnerableDriverBlocklistEnable", None)],
        )

    def unseen(path):
        return host(
            drivers=[{"Name": "c", "ResolvedPath": path, "State": "Running"}],
            binaries=[],
            registry_values=[value(BLOCKLIST, "VulnerableDriverBlocklistEnable", None)],
        )

    assert GAP in statuses(checks.drivers_are_signed, unseen("C:\\Program Files\\Contoso\\c.sys"))
    assert GAP not in statuses(checks.drivers_are_signed, unseen("C:\\Windows\\System32\\drivers\\c.sys"))
    assert GAP in statuses(checks.drivers_are_signed, unplaced("Running"))
    assert GAP not in statuses(checks.drivers_are_signed, unplaced("Stopped"))


def test_unsigned_drivers_and_a_blocklist_that_is_off_fail():
    assert FAIL not in statuses(checks.drivers_are_signed, drivers())
    assert FAIL in statuses(checks.drivers_are_signed, drivers(SignatureStatus="NotSigned"))
    assert FAIL in statuses(checks.drivers_are_signed, drivers(blocklist=0))
    assert GAP in statuses(checks.drivers_are_signed, drivers(SignatureStatus="NotSigned", CatalogChecked=False))
