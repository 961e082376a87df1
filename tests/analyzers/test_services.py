"""HV-SVC: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, absent, ask, failed, host, statuses, told, verdict
from machines import WEB, machine, machines

from analyzers import services
from analyzers.folds import FOLDS
from snapshot_tool.engine import judge
from snapshot_tool.knowledge.sids import vm_sid
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
    assert verdict(services.management_service_runs, host(services=[{"Name": "W32Time"}])).status is NA


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


@pytest.mark.parametrize("changed", [{"AccountSid": None}, {"AccountSid": "S-1-5-21-1-2-3-1107"}])
def test_the_management_service_under_another_account_fails(changed):
    assert verdict(services.management_service_account, vmms(Account="CONTOSO\\svc", **changed)).status is FAIL
    localised = vmms(Account="NT-AUTORITÄT\\SYSTEM")
    assert verdict(services.management_service_account, localised).status is PASS
    assert verdict(services.management_service_account, vmms(Account=None)).status is PASS


VHDSVC = {
    "Name": "vhdsvc",
    "StartType": 2,
    "ImagePathRaw": "%SystemRoot%\\system32\\svchost.exe -k virtsvcs",
    "ServiceDllResolved": "C:\\Windows\\System32\\vhdsvc.dll",
}


def image_management(era="2008", **changed):
    found = verdict(services.image_management_service, host(era, services=[VMMS, VHDSVC | changed]))
    return found.status, found.severity


def test_the_image_management_service_is_judged_by_start_path_and_library():
    assert image_management()[0] is PASS
    assert image_management(ImagePathRaw='"C:\\WINDOWS\\System32\\svchost.exe"  -k virtsvcs')[0] is PASS
    assert image_management(StartType=3) == (FAIL, Severity.MEDIUM)
    assert image_management(ImagePathRaw="C:\\Temp\\svchost.exe -k virtsvcs") == (FAIL, Severity.HIGH)
    assert image_management(ServiceDllResolved="C:\\Temp\\vhdsvc.dll") == (FAIL, Severity.HIGH)
    assert image_management(ServiceDllResolved=None)[0] is GAP


def test_the_start_type_on_2008_r2_is_told_as_unverified():
    found = verdict(services.image_management_service, host("2008R2", services=[VMMS, VHDSVC | {"StartType": 3}]))
    assert (found.status, found.severity) == (FAIL, Severity.INFO)
    assert "unverified" in found.message


def test_a_missing_supporting_service_fails_only_where_the_era_has_it():
    assert verdict(services.networking_management_service, host("2008R2", services=[VMMS])).status is FAIL
    assert verdict(services.networking_management_service, host("2012", services=[VMMS])).status is NA
    assert verdict(services.networking_management_service, host("2008R2", services=[{"Name": "W32Time"}])).status is NA


POLICY = {
    "Key": services.PRINTERS_POLICY,
    "Name": "RegisterSpoolerRemoteRpcEndPoint",
    "KeyExists": True,
    "Exists": True,
    "Kind": "REG_DWORD",
    "IntValue": 2,
}


@pytest.mark.parametrize(
    ("changed", "policy", "severity"),
    [
        ({}, [], Severity.MEDIUM),
        ({"State": "Stopped"}, [], Severity.LOW),
        ({}, [POLICY], Severity.LOW),
        ({}, [POLICY | {"IntValue": 1}], Severity.MEDIUM),
        ({}, failed(), Severity.MEDIUM),
    ],
)
def test_the_print_spooler_weighs_less_where_nobody_reaches_it(changed, policy, severity):
    spooler = {"Name": "Spooler", "State": "Running", "StartType": 2} | changed
    found = verdict(services.print_spooler_is_disabled, host(services=[spooler], registry_values=policy))
    assert (found.status, found.severity) == (FAIL, severity)


def test_no_or_a_disabled_print_spooler_passes():
    assert verdict(services.print_spooler_is_disabled, host(services=[{"Name": "W32Time"}])).status is PASS
    disabled = {"Name": "Spooler", "State": "Stopped", "StartType": 4}
    assert verdict(services.print_spooler_is_disabled, host(services=[disabled])).status is PASS
    assert verdict(services.print_spooler_is_disabled, host(services=failed())).status is GAP


SYSTEM_ROOT = "O:SYG:SYD:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CIIO;DC;;;BU)"
PROTECTED = "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"


def folder(path, *roles, sddl=PROTECTED, kind="dir"):
    return {"Path": path, "Kind": kind, "Roles": list(roles), "Exists": True, "Sddl": sddl}


def agent(path, **changed):
    return {"Name": "agent", "StartType": 2, "ImagePathRaw": path} | changed


ROOT = folder("C:\\", "volumeRoot", "svcPathCandidate", sddl=SYSTEM_ROOT)
PROGRAMS = folder("C:\\Program Files", "svcPathCandidate")


def unquoted(path, *acls, **changed):
    found = verdict(services.service_path_is_quoted, host(services=[agent(path, **changed)], acls=list(acls)))
    return found.status, found.severity


@pytest.mark.parametrize(
    "path",
    [
        '"C:\\Program Files\\My Agent\\agent.exe" -k run',
        "%SystemRoot%\\System32\\svchost.exe -k netsvcs -p",
        "C:\\Agent\\agent.exe C:\\Program Files\\My Agent\\x.exe",
        "C:\\Agent\\agent -k run",
        None,
    ],
)
def test_quoted_paths_and_blanks_in_arguments_are_no_finding(path):
    assert unquoted(path)[0] is PASS


@pytest.mark.parametrize("path", ["C:\\Program Files\\My Agent\\agent.exe", "%ProgramFiles%\\My Agent\\agent.exe -k"])
def test_an_unquoted_path_that_nobody_can_use_is_low(path):
    assert unquoted(path, ROOT, PROGRAMS) == (FAIL, Severity.LOW)


def test_an_unquoted_path_is_high_where_users_may_add_a_file_first():
    path = "C:\\Program Files\\My Agent\\agent.exe"
    open_folder = PROGRAMS | {"Sddl": PROTECTED + "(A;;DC;;;AU)"}
    assert unquoted(path, ROOT, open_folder) == (FAIL, Severity.HIGH)
    assert unquoted(path, ROOT, open_folder, StartType=4) == (FAIL, Severity.LOW)


def test_an_access_list_that_was_not_collected_is_noted_and_one_that_failed_may_be_the_worst():
    path = "C:\\Program Files\\My Agent\\agent.exe"
    found = verdict(services.service_path_is_quoted, host(services=[agent(path)], acls=[ROOT]))
    assert (found.status, found.severity) == (FAIL, Severity.LOW)
    assert "c:\\program files was not collected" in found.message
    unread = PROGRAMS | {"Sddl": None, "_err": {"Sddl": "accessDenied"}}
    assert unquoted(path, ROOT, unread) == (FAIL, Severity.HIGH)
    assert (
        verdict(services.service_path_is_quoted, host(services=[agent(path)], acls=failed())).severity is Severity.HIGH
    )


AGENT = {"Name": "agent", "ResolvedPath": "C:\\Apps\\Agent\\agent.exe", "ServiceDllResolved": None}
PROGRAM = folder("C:\\Apps\\Agent\\agent.exe", "svcBin", sddl="D:P(A;;FA;;;BA)(A;;0x1200a9;;;BU)", kind="file")


def programs(*acls):
    return [told(r) for r in ask(services.service_programs_are_protected, host(services=[AGENT], acls=list(acls)))]


def failing(found):
    return [(item.key["Path"], item.severity) for item in found if item.status is FAIL]


def test_a_program_that_users_may_change_is_critical_and_names_the_service():
    found = programs(PROGRAM | {"Sddl": "D:(A;ID;FA;;;BA)(A;ID;0x1301bf;;;BU)"}, folder("C:\\Apps\\Agent", "svcDir"))
    assert failing(found) == [("C:\\Apps\\Agent", Severity.CRITICAL)]
    assert "agent.exe" in found[0].message
    assert "(services: agent)" in found[0].message


@pytest.mark.parametrize(
    ("aces", "severity"),
    [
        ("(A;;0x1301bf;;;BU)", Severity.CRITICAL),
        ("(A;;DC;;;AU)", Severity.HIGH),
        ("(A;;GW;;;WD)", Severity.HIGH),
        ("(D;;DC;;;BU)(A;;DC;;;BU)", None),
        ("(A;CIIO;FA;;;BU)", None),
        ("(A;;LC;;;BU)", None),
        ("(A;;FA;;;S-1-5-80-1-2-3-4-5)", None),
    ],
)
def test_what_users_may_do_in_the_folder_of_a_program_decides(aces, severity):
    found = programs(PROGRAM, folder("C:\\Apps\\Agent", "svcDir", sddl=f"D:P(A;OICI;FA;;;BA){aces}"))
    assert failing(found) == ([] if severity is None else [("C:\\Apps\\Agent", severity)])


def test_above_a_program_only_replacing_counts():
    inside = folder("C:\\Apps\\Agent", "svcDir")
    stock = programs(PROGRAM, inside, folder("C:\\Apps", "parentDir", sddl="D:(A;;0x100116;;;BU)"))
    assert failing(stock) == []
    replaced = programs(PROGRAM, inside, folder("C:\\Apps", "parentDir", sddl="D:(A;;0x40;;;BU)"))
    assert failing(replaced) == [("C:\\Apps", Severity.HIGH)]
    elsewhere = programs(PROGRAM, inside, folder("D:\\VMs", "parentDir", sddl="D:(A;;FA;;;WD)"))
    assert failing(elsewhere) == []


def test_programs_of_services_that_were_not_read_are_not_assessed_beside_those_that_were():
    snapshot = host(services=failed(), acls=[PROGRAM, folder("C:\\Apps\\Agent", "svcDir")])
    found = [told(item) for item in ask(services.service_programs_are_protected, snapshot)]
    assert {item.status for item in found} == {PASS, GAP}


def test_without_services_nobody_knows_whose_programs_to_look_at():
    assert verdict(services.service_programs_are_protected, host(services=failed(), acls=[ROOT])).status is GAP
    assert verdict(services.service_programs_are_protected, host(services=[AGENT], acls=failed())).status is GAP


STOCK_SERVICE = "D:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)(A;;CCLCSWLOCRRC;;;IU)"


@pytest.mark.parametrize(
    ("sddl", "severity"),
    [
        (STOCK_SERVICE, None),
        (STOCK_SERVICE + "(A;;RPWPDT;;;AU)", None),
        (STOCK_SERVICE + "(A;;DC;;;AU)", Severity.CRITICAL),
        (STOCK_SERVICE + "(A;;WD;;;BU)", Severity.CRITICAL),
        (STOCK_SERVICE + "(A;;GA;;;WD)", Severity.CRITICAL),
        (STOCK_SERVICE + "(A;;DC;;;SO)", None),
        (STOCK_SERVICE + "(A;;SD;;;AU)", Severity.MEDIUM),
        (STOCK_SERVICE + '(XA;;DC;;;AU;(@User.Title == "x"))', Severity.MEDIUM),
        ("D:NO_ACCESS_CONTROL", Severity.CRITICAL),
    ],
)
def test_who_may_reconfigure_a_service(sddl, severity):
    found = verdict(services.service_may_not_be_reconfigured, host(services=[{"Name": "agent", "SddlWmi": sddl}]))
    assert (found.status, found.severity) == ((PASS, Severity.CRITICAL) if severity is None else (FAIL, severity))


def test_a_service_without_a_descriptor_is_not_assessed():
    nothing = host(services=[{"Name": "agent", "SddlWmi": None}])
    assert verdict(services.service_may_not_be_reconfigured, nothing).status is GAP


KEYS = {
    "Key": "HKLM\\SYSTEM\\CurrentControlSet\\Services",
    "Role": "servicesRoot",
    "Exists": True,
    "Sddl": "D:PAI(A;CI;KR;;;BU)(A;CI;KA;;;BA)",
}


def keys(sddl, root=KEYS):
    return host(services=[{"Name": "agent", "RegKeySddl": sddl}], registry_acls=[root])


def test_keys_of_services_are_read_only_for_users():
    assert statuses(services.service_keys_are_protected, keys("D:AI(A;CIID;KR;;;BU)")) == [PASS, PASS]
    assert statuses(services.service_keys_are_protected, keys("D:AI(A;CIID;CCDC;;;BU)")) == [FAIL, PASS]
    assert statuses(services.service_keys_are_protected, keys("D:AI(A;;WO;;;BU)")) == [FAIL, PASS]
    open_root = KEYS | {"Sddl": "D:(A;CI;KA;;;WD)"}
    assert statuses(services.service_keys_are_protected, keys("D:AI(A;CIID;KR;;;BU)", open_root)) == [FAIL, PASS]
    assert statuses(services.service_keys_are_protected, keys(None)) == [GAP, PASS]


DOMAIN_USER = {
    "Name": "agent",
    "Type": 16,
    "StartType": 2,
    "Account": "CONTOSO\\agent",
    "AccountSid": "S-1-5-21-9-9-9-1107",
}
COMPUTER = [{"Name": "HV01", "MachineSid": "S-1-5-21-1-2-3"}]


def account(sids=(), computer=COMPUTER, **changed):
    snapshot = host(services=[DOMAIN_USER | changed], sids=list(sids), computer=computer)
    found = verdict(services.service_account_is_managed, snapshot)
    return found.status, found.severity


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, (FAIL, Severity.HIGH)),
        ({"AccountSid": "S-1-5-21-1-2-3-1001", "Account": ".\\agent"}, (FAIL, Severity.MEDIUM)),
        ({"AccountSid": None}, (FAIL, Severity.HIGH)),
        ({"AccountSid": None, "Account": ".\\agent"}, (FAIL, Severity.MEDIUM)),
        ({"AccountSid": None, "Account": "agent"}, (GAP, Severity.HIGH)),
        ({"Account": "CONTOSO\\gmsa$"}, (PASS, Severity.HIGH)),
        ({"AccountSid": "S-1-5-19", "Account": "NT-AUTORITÄT\\Lokaler Dienst"}, (PASS, Severity.HIGH)),
        ({"AccountSid": "S-1-5-80-1-2-3-4-5", "Account": "NT SERVICE\\agent"}, (PASS, Severity.HIGH)),
        ({"StartType": 4}, (NA, Severity.HIGH)),
        ({"Account": None}, (NA, Severity.HIGH)),
        ({"Type": 0x50}, (NA, Severity.HIGH)),
    ],
)
def test_the_account_of_a_service(changed, expected):
    assert account(**changed) == expected


def test_a_managed_service_account_passes_and_an_unknown_machine_weighs_most():
    managed = {"Sid": "S-1-5-21-9-9-9-1107", "Class": "managedServiceAccount"}
    assert account([managed])[0] is PASS
    assert account(computer=failed(), AccountSid="S-1-5-21-1-2-3-1001") == (FAIL, Severity.HIGH)


VM_ID = "9b7a1c52-4d3e-4f60-8a21-6c5e0f1d2b34"
WORKER = {
    "Pid": 5200,
    "Name": "vmwp.exe",
    "Path": "C:\\Windows\\System32\\vmwp.exe",
    "OwnerSid": "S-1-5-83-1-2608471122-1331711294-1584144778-875240719",
    "VmId": VM_ID,
}


def workers(era="2022", **changed):
    machines = {"hv__Msvm_ComputerSystem": absent(), "hv__Msvm_VirtualSystemSettingData": absent()}
    found = ask(services.worker_processes_are_genuine, host(era, processes=[WORKER | changed], **machines))
    return [(told(item).status, told(item).severity) for item in found]


def test_a_worker_runs_the_shipped_program_as_its_machine():
    assert workers() == [(PASS, Severity.HIGH)]
    assert workers(Path="C:\\Temp\\vmwp.exe") == [(FAIL, Severity.HIGH)]
    assert workers(OwnerSid="S-1-5-18") == [(FAIL, Severity.HIGH)]
    assert workers(Path=None) == [(GAP, Severity.HIGH)]
    assert workers(VmId=None) == [(GAP, Severity.HIGH)]


def test_before_2012_a_worker_runs_as_network_service():
    assert workers("2008R2", OwnerSid="S-1-5-20") == [(PASS, Severity.HIGH)]
    assert workers("2008R2") == [(FAIL, Severity.HIGH)]


def test_a_running_machine_without_a_worker_is_low_unless_it_just_started():
    def judged(processes, **changed):
        snapshot = machines(processes=processes, vm=[machine(**changed)])
        return [told(item) for item in ask(services.worker_processes_are_genuine, snapshot)]

    worker = WORKER | {"VmId": WEB, "OwnerSid": vm_sid(WEB)}
    assert [item.status for item in judged([worker])] == [PASS, PASS]
    other = [{"Name": "lsass.exe", "VmId": None}]
    (missing,) = judged(other)
    assert (missing.status, missing.severity, missing.key) == (FAIL, Severity.LOW, {"Id": WEB})
    assert [item.status for item in judged(other, Uptime=120)] == [NA]
    assert [item.status for item in judged(other, State="Off")] == [NA]
    assert {item.status for item in judged([WORKER | {"VmId": None}])} == {GAP}
    assert {item.status for item in judged(failed())} == {GAP}


VMCOMPUTE = {
    "Name": "vmcompute",
    "StartType": 3,
    "ResolvedPath": "C:\\Windows\\System32\\vmcompute.exe",
    "ServiceDllResolved": None,
}


def supporting(binaries=(), **changed):
    snapshot = host(services=[VMCOMPUTE | changed], binaries=list(binaries))
    return verdict(services.supporting_services_are_as_shipped, snapshot).status


def test_supporting_services_lie_in_system32_and_are_microsofts():
    program = SIGNED | {"Path": VMCOMPUTE["ResolvedPath"]}
    assert supporting([program]) is PASS
    assert supporting([program | {"SignatureStatus": "HashMismatch"}]) is FAIL
    unchecked = program | {"SignatureStatus": "NotChecked", "SignerSubject": None}
    assert supporting([unchecked | {"Roles": ["serviceDll"]}]) is PASS
    assert supporting([unchecked | {"Roles": ["hyperv", "service"]}]) is GAP
    assert supporting(ResolvedPath="C:\\Temp\\vmcompute.exe") is FAIL
    assert supporting(Name="HvHost", StartType=4) is FAIL
    assert verdict(services.supporting_services_are_as_shipped, host(services=failed())).status is GAP


def test_services_that_a_host_does_not_need_are_off():
    def judged(**service):
        row = {"State": "Stopped", "StartType": 3, "TriggerStart": False} | service
        item = verdict(services.no_unnecessary_service_runs, host(services=[row]))
        return item.status, item.severity

    assert judged(Name="RemoteRegistry") == (PASS, Severity.MEDIUM)
    assert judged(Name="RemoteRegistry", StartType=2) == (FAIL, Severity.LOW)
    assert judged(Name="RemoteRegistry", StartType=2, TriggerStart=True)[0] is PASS
    assert judged(Name="WebClient", State="Running") == (FAIL, Severity.MEDIUM)
    assert judged(Name="Dnscache", State="Running")[0] is NA
    assert verdict(services.no_unnecessary_service_runs, host(services=failed())).status is GAP


SNMP = {"DefaultCommunityNames": [], "PermittedManagers": ["mon01"]}


def test_snmp_needs_names_of_its_own_and_named_managers():
    def judged(snmp):
        return verdict(services.snmp_is_restricted, host(snmp=snmp)).status

    assert judged([SNMP]) is PASS
    assert judged([SNMP | {"DefaultCommunityNames": ["public"]}]) is FAIL
    assert judged([SNMP | {"PermittedManagers": []}]) is FAIL
    assert judged(absent()) is NA
    assert judged(failed()) is GAP


def test_foreign_programs_that_run_as_system_are_signed():
    def judged(signature="Valid", *, catalog=True, **changed):
        row = AGENT | {"AccountSid": "S-1-5-18", "Type": 16} | changed
        program = {
            "Path": AGENT["ResolvedPath"],
            "SignatureStatus": signature,
            "CatalogChecked": catalog,
            "Exists": True,
        }
        return verdict(services.foreign_services_are_signed, host(services=[row], binaries=[program])).status

    assert judged() is PASS
    assert judged("NotSigned") is FAIL
    assert judged("NotSigned", catalog=False) is GAP
    assert judged("HashMismatch") is FAIL
    assert judged("NotSigned", AccountSid="S-1-5-19") is NA
    assert judged("NotSigned", ResolvedPath="C:\\Windows\\System32\\agent.exe") is NA
    assert judged(ResolvedPath="C:\\Apps\\Other\\agent.exe") is GAP


TASK = {
    "Path": "\\Inventory",
    "Enabled": True,
    "RunAsSid": "S-1-5-18",
    "GroupSid": None,
    "Actions": [{"Type": 0, "Path": "x", "ResolvedPath": "C:\\Apps\\Agent\\agent.exe"}],
}


def test_programs_of_privileged_tasks_are_protected():
    def judged(*acls, **changed):
        snapshot = host(scheduled_tasks=[TASK | changed], acls=list(acls), local_group_members=[])
        return verdict(services.task_programs_are_protected, snapshot).status

    inside = folder("C:\\Apps\\Agent", "taskDir")
    assert judged(PROGRAM, inside) is PASS
    assert judged(PROGRAM, inside | {"Sddl": "D:(A;;DC;;;BU)"}) is FAIL
    assert judged(PROGRAM | {"Sddl": "D:(A;;FW;;;BU)"}, inside) is FAIL
    assert judged(PROGRAM | {"Sddl": "D:(A;;FW;;;BU)"}, inside, RunAsSid="S-1-5-21-1-2-3-1001") is NA
    assert judged(PROGRAM | {"Sddl": "D:(A;;FW;;;BU)"}, inside, RunAsSid=None, GroupSid="S-1-5-32-544") is FAIL
    assert judged(PROGRAM | {"Sddl": "D:(A;;FW;;;BU)"}, inside, Enabled=False) is NA
    assert judged(PROGRAM, inside | {"Sddl": None, "_err": {"Sddl": "accessDenied"}}) is GAP
    assert judged(PROGRAM, inside, RunAsSid=None) is GAP


POWERSHELL = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"


@pytest.mark.parametrize(
    ("arguments", "sddl", "expected"),
    [
        ("-NoProfile -File C:\\Jobs\\nightly.ps1", "D:(A;;FW;;;BU)", FAIL),
        ('-File "C:\\Jobs\\nightly.ps1" -Target D:\\Data', "D:(A;;FW;;;BU)", FAIL),
        ("-Command \"& 'C:\\Jobs\\nightly.ps1'\"", "D:(A;;FW;;;BU)", FAIL),
        ("-File C:\\Jobs\\nightly.ps1", "D:(A;;FR;;;BU)", PASS),
        ("-File C:\\Jobs\\other.ps1", "D:(A;;FR;;;BU)", GAP),
        ("-Command Get-ChildItem D:\\Data", "D:(A;;FR;;;BU)", PASS),
        ("-File C:\\Jobs\\<redacted>.ps1", "D:(A;;FR;;;BU)", GAP),
    ],
)
def test_a_script_that_a_privileged_task_hands_to_an_interpreter_is_protected(arguments, sddl, expected):
    action = {"Type": 0, "Path": POWERSHELL, "ResolvedPath": POWERSHELL, "Arguments": arguments}
    script = PROGRAM | {"Path": "C:\\Jobs\\nightly.ps1", "Roles": ["taskBin"], "Sddl": sddl}
    snapshot = host(
        scheduled_tasks=[TASK | {"Actions": [action]}],
        acls=[script, folder("C:\\Jobs", "taskDir")],
        local_group_members=[],
    )
    assert verdict(services.task_programs_are_protected, snapshot).status is expected


def test_a_program_of_a_privileged_task_without_an_access_list_is_not_assessed():
    def judged(path):
        action = {"Type": 0, "Path": path, "ResolvedPath": path, "Arguments": None}
        snapshot = host(
            scheduled_tasks=[TASK | {"Actions": [action]}],
            acls=[folder("C:\\Other", "taskDir")],
            local_group_members=[],
        )
        return verdict(services.task_programs_are_protected, snapshot).status

    assert judged("C:\\Apps\\agent.exe") is GAP
    assert judged("C:\\Windows\\System32\\defrag.exe") is PASS


def test_a_worker_is_judged_without_the_run_context_where_the_system_tells_its_folder():
    def judged(path, **tables):
        machines = {"hv__Msvm_ComputerSystem": absent(), "hv__Msvm_VirtualSystemSettingData": absent()}
        snapshot = host(collection=failed(), processes=[WORKER | {"Path": path}], **machines, **tables)
        return verdict(services.worker_processes_are_genuine, snapshot).status

    system = [{"WindowsDirectory": "C:\\Windows", "SystemDrive": "C:"}]
    assert judged("C:\\Windows\\System32\\vmwp.exe", os=system) is PASS
    assert judged("C:\\ProgramData\\vmwp.exe", os=system) is FAIL
    assert judged("C:\\ProgramData\\vmwp.exe", os=failed()) is GAP


def test_a_named_account_that_may_reconfigure_a_service_is_listed_for_review():
    def judged(**tables):
        service = {"Name": "agent", "SddlWmi": STOCK_SERVICE + "(A;;DC;;;S-1-5-21-9-9-9-1107)"}
        item = verdict(services.service_may_not_be_reconfigured, host(services=[service], **tables))
        return item.status, item.severity

    assert judged(local_group_members=[], sids=[]) == (FAIL, Severity.LOW)
    admin = [{"GroupSid": "S-1-5-32-544", "MemberSid": "S-1-5-21-9-9-9-1107"}]
    assert judged(local_group_members=admin)[0] is PASS
    assert judged(local_group_members=failed())[0] is GAP


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (None, PASS),
        ("", PASS),
        ("customScript.cmd", PASS),
        ("%SystemRoot%\\System32\\cmd.exe /c exit", PASS),
        ('"C:\\Program Files\\Vendor\\restart.exe" D:\\Logs\\a.log', PASS),
        ("C:\\Program Files (x86)\\Vendor\\restart.exe -x", PASS),
        ("cmd.exe /c C:\\Windows\\System32\\net.exe start agent", PASS),
        ("C:\\Temp\\x.exe", FAIL),
        ('"D:\\Tools\\restart me.exe" agent', FAIL),
        ("\\\\fs01\\tools\\x.exe", FAIL),
        ("cmd.exe /c C:\\Temp\\x.bat", FAIL),
        ('powershell -File "C:\\ProgramData\\x y.ps1"', FAIL),
        ("C:\\Windows\\System32\\rundll32.exe C:\\Users\\Public\\a.dll,Run", FAIL),
        ("C:\\Windows\\Temp\\x.exe", FAIL),
        ("cmd.exe /c C:\\<redacted>\\x.bat", GAP),
    ],
)
def test_recovery_commands_run_programs_of_protected_folders(command, status):
    snapshot = host(services=[{"Name": "agent", "FailureCommand": command}])
    assert verdict(services.recovery_command_is_protected, snapshot).status is status


def test_a_recovery_command_that_was_not_read_is_not_assessed():
    hidden = {"Name": "agent", "FailureCommand": None, "_err": {"FailureCommand": "accessDenied"}}
    assert verdict(services.recovery_command_is_protected, host(services=[hidden])).status is GAP
    assert verdict(services.recovery_command_is_protected, host(services=failed())).status is GAP


def test_an_account_of_the_management_service_is_told_once():
    account = {"Account": "CORP\\hv", "AccountSid": "S-1-5-21-7-8-9-1105", "Type": 16}
    snapshot = host(
        services=[VMMS | account],
        sids=[{"Sid": account["AccountSid"], "Name": "CORP\\hv", "Class": "user", "Resolved": True}],
        computer=[{"MachineSid": "S-1-5-21-1-2-3"}],
    )
    checks = [services.management_service_account, services.service_account_is_managed]
    found = judge(snapshot, checks, folds=FOLDS)
    assert [(item.status, item.folded_into) for item in found] == [(FAIL, None), (FAIL, "HV-SVC-004")]
