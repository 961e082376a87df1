"""HV-GST: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, failed, statuses, verdict
from machines import HIDDEN, LINUX, WEB, guest, machine, machines, of, sheet

from analyzers import guest as checks
from snapshot_tool.policy import NO_POLICY
from snapshot_tool.verdict import Cause, Severity

HIGH, MEDIUM, LOW, INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO
NAMES = ("Heartbeat", "Shutdown", "VSS", "KeyValuePairExchange", "TimeSynchronization")


def told(check, who=None, era="2022", **changed):
    rows = who if isinstance(who, list) or who is HIDDEN else [guest() if who is None else who]
    tables = {"vm_guest_kvp": rows} | {name: value for name, value in changed.items() if name[0].islower()}
    settings = {name: value for name, value in changed.items() if name[0].isupper()}
    found = verdict(check, machines(era, vm=[machine(**settings)], **tables))
    return found.status, found.severity


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (guest("10.0.20348"), PASS),
        (guest("6.3.9600"), HIGH),
        (guest("10.0.14393"), PASS),
        (guest("10.0.17763") | {"OSEditionId": "146"}, HIGH),
        (guest("5.2.3790"), HIGH),
        (guest("6.1.7600"), HIGH),
        (guest("10.0.19045", "1") | {"OSEditionId": "48"}, MEDIUM),
        (guest("10.0.19044", "1") | {"OSEditionId": "48"}, HIGH),
        (guest("10.0.19044", "1") | {"OSEditionId": "125"}, PASS),
        (guest("10.0.19044", "1") | {"OSEditionId": None}, GAP),
        (guest("10.0.16299", "1") | {"OSEditionId": None}, HIGH),
        (guest("10.0.99999"), GAP),
        (LINUX, PASS),
        (LINUX | {"OSVersion": "5.4.0", "OSBuildNumber": "5.4.0-1-amd64", "OSMajorVersion": "20.04"}, MEDIUM),
        (LINUX | {"OSName": "Debian GNU/Linux", "OSVersion": "6.1.0", "OSBuildNumber": "6.1.0-18-amd64", "OSMajorVersion": "12"}, MEDIUM),
        (LINUX | {"OSName": "CentOS Linux", "OSVersion": "7.9"}, HIGH),
        (LINUX | {"OSName": "Own Build"}, INFO),
        ([], GAP),
        (HIDDEN, GAP),
        (guest() | {"ProductType": None, "OSPlatformId": None}, GAP),
    ],
)  # fmt: skip
def test_support_ends_by_release_edition_and_distribution(who, expected):
    status, severity = told(checks.guest_is_supported, who)
    assert (status if status is not FAIL else severity) is expected


@pytest.mark.parametrize(
    ("who", "era", "expected"),
    [
        (guest("10.0.20348"), "2022", PASS),
        (guest("10.0.20348"), "2019", PASS),
        (guest("10.0.20348"), "2016", FAIL),
        (guest("10.0.26100"), "2019", FAIL),
        (guest("10.0.26100"), "2012R2", FAIL),
        (guest("10.0.14393"), "2012R2", GAP),
        (guest("10.0.26200", "1") | {"OSEditionId": "4"}, "2022", PASS),
        (guest("6.3.9600"), "2022", NA),
        (LINUX, "2016", NA),
        ([], "2022", GAP),
    ],
)
def test_guests_must_be_supported_by_the_release_of_the_host(who, era, expected):
    assert told(checks.guest_fits_the_host, who, era)[0] is expected


def test_windows_11_needs_generation_2():
    eleven = guest("10.0.26200", "1") | {"OSEditionId": "4"}
    assert told(checks.guest_fits_the_host, eleven, Generation=1) == (FAIL, LOW)


def test_the_inside_of_guests_is_one_question_per_host():
    two = [machine(), machine(Id=WEB[:-1] + "2", Name="db")]
    assert verdict(checks.guests_are_hardened, machines(vm=two)).cause is Cause.MANUAL
    assert verdict(checks.guests_are_hardened, machines(vm=[])).status is NA
    assert verdict(checks.guests_are_hardened, machines(vm=HIDDEN)).cause is Cause.ACCESS_DENIED


def services(status="Ok", *, off=(), without=(), **statuses_by_name):
    return {
        "vm_integration_service": [
            of(
                Id=name,
                Name=name,
                Enabled=name not in off,
                PrimaryOperationalStatus=statuses_by_name.get(name, status),
            )
            for name in NAMES
            if name not in without
        ]
    }


def test_integration_services_must_be_offered():
    check = checks.services_are_offered
    assert told(check, **services())[0] is PASS
    assert told(check, **services(off=["VSS"])) == (FAIL, LOW)
    assert told(check, **services(off=["KeyValuePairExchange"])) == (FAIL, INFO)
    assert told(check, **services(off=["TimeSynchronization"])) == (FAIL, INFO)
    assert told(check, guest(product="2"), **services(off=["TimeSynchronization"]))[0] is PASS
    assert told(check, **services(without=["Heartbeat"]))[0] is GAP
    assert told(check, **services(off=["KeyValuePairExchange"], without=["Heartbeat"])) == (FAIL, LOW)
    assert told(check, vm_integration_service=HIDDEN)[0] is GAP


def test_integration_services_must_answer():
    check = checks.services_work
    assert told(check, **services())[0] is PASS
    assert told(check, **services("NoContact")) == (FAIL, LOW)
    assert told(check, **services(VSS="NoContact")) == (FAIL, INFO)
    assert told(check, **services(Shutdown="LostCommunication")) == (FAIL, LOW)
    assert told(check, **services(Heartbeat="ProtocolMismatch")) == (FAIL, INFO)
    assert told(check, **services(VSS="NoContact", Shutdown=HIDDEN)) == (FAIL, LOW)
    assert told(check, **services(Shutdown=None))[0] is GAP
    assert told(check, **services("NoContact"), Uptime=60)[0] is NA


def version_row(text):
    key = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Virtualization\\GuestInstaller\\Version"
    return {
        "Key": key,
        "ListKey": key,
        "Name": "Microsoft-Hyper-V-Guest-Installer-Win6x-Package",
        "Mode": "allValues",
        "KeyExists": True,
        "Exists": True,
        "Kind": "REG_SZ",
        "TextValue": text,
        "View": 64,
    }


def test_integration_services_must_be_those_of_the_host():
    def current(state, registry=(), who=None):
        old = guest("6.3.9600") | {"IntegrationServicesVersion": "6.2.9200.16433"} if who is None else who
        registry = list(registry) if isinstance(registry, tuple) else registry
        rows = [old] if isinstance(old, dict) else old
        host = machines(
            "2012R2", vm=[machine(IntegrationServicesState=state)], vm_guest_kvp=rows, registry_values=registry
        )
        found = verdict(checks.services_are_current, host)
        return found.status, found.severity

    assert current("UpToDate")[0] is PASS
    assert current("Mismatch") == (FAIL, LOW)
    assert current("Mismatch", who=LINUX)[0] is NA
    assert current("Mismatch", who=[])[0] is GAP
    assert current("Unknown", (version_row("6.3.9600.16384"),)) == (FAIL, INFO)
    assert current("Unknown", (version_row("6.2.9200.16384"),))[0] is PASS
    assert current("Unknown", ())[0] is GAP
    assert current(HIDDEN)[0] is GAP
    assert current("Unknown", failed())[0] is GAP


def test_domain_controllers_must_not_take_their_time_from_the_host():
    check, controller = checks.controllers_keep_their_own_time, guest(product="2")
    assert told(check, controller, **services()) == (FAIL, MEDIUM)
    assert told(check, controller, **services(off=["TimeSynchronization"]))[0] is PASS
    assert told(check, **services())[0] is NA
    assert told(check, LINUX, **services())[0] is NA
    assert told(check, [], **services())[0] is GAP
    assert told(check, controller, vm_integration_service=HIDDEN)[0] is GAP


def test_the_guest_service_interface_must_be_off():
    def interface(enabled):
        row = of(Id="g", Name="GuestServiceInterface", Enabled=enabled)
        return statuses(checks.no_guest_service_interface, machines(vm=[machine()], vm_integration_service=[row]))

    assert interface(enabled=True) == [FAIL]
    assert interface(enabled=False) == [PASS]
    assert interface(enabled=HIDDEN) == [GAP]


def test_domain_controllers_must_have_no_checkpoints():
    def checkpoints(kind="Standard", created="2026-11-01T08:00:00.000Z", who=None, era="2022", **changed):
        rows = [of(Id=WEB, Name="before", SnapshotType=kind, CreationTime=created)]
        answer = guest(product="2") if who is None else who
        return told(checks.controllers_have_no_checkpoints, answer, era, vm_checkpoint=rows, **changed)

    assert checkpoints() == (FAIL, MEDIUM)
    assert checkpoints(who=guest("6.1.7601", "2")) == (FAIL, HIGH)
    assert checkpoints(era="2008R2") == (FAIL, HIGH)
    assert checkpoints("Recovery")[0] is PASS
    assert checkpoints("Recovery", "2026-10-30T08:00:00.000Z") == (FAIL, MEDIUM)
    assert checkpoints("Replica")[0] is PASS
    assert checkpoints(who=guest())[0] is NA
    assert checkpoints(who=[])[0] is GAP
    assert checkpoints(HIDDEN)[0] is GAP
    assert checkpoints(ReplicationMode="Replica")[0] is NA


def test_the_operator_sheet_may_say_what_a_guest_does_not():
    tagged = machines(vm=[machine()], vm_guest_kvp=[], policy=sheet("domain-controller"), **services())
    assert verdict(checks.controllers_keep_their_own_time, tagged).status is FAIL
    template = machines(vm=[machine()], policy=sheet("template"), **services(off=["VSS"]))
    assert verdict(checks.services_are_offered, template).status is NA


def test_a_guest_outside_of_a_domain_needs_the_time_of_the_host():
    check, off = checks.stand_alone_guests_keep_time, services(off=["TimeSynchronization"])
    alone = guest() | {"FullyQualifiedDomainName": "web"}
    assert told(check, alone, **off) == (FAIL, LOW)
    assert told(check, alone, **services())[0] is PASS
    assert told(check, guest(), **off)[0] is NA
    assert told(check, [], **off)[0] is GAP


def test_the_name_of_the_host_is_not_for_guests_of_others():
    def published(disabled, groups):
        row = of(Id="k", Name="KeyValuePairExchange", Enabled=True, DisableHostKVPItems=disabled)
        host = machines(vm=[machine()], vm_integration_service=[row], vm_group=groups)
        return verdict(checks.host_is_not_published, host).status

    owners = [{"Id": str(n), "Name": f"owner {n}", "Members": [WEB]} for n in (1, 2)]
    assert published(disabled=True, groups=owners) is PASS
    assert published(disabled=False, groups=owners) is FAIL
    assert published(disabled=False, groups=owners[:1]) is NA
    assert published(disabled=False, groups=[]) is GAP
    assert published(disabled=HIDDEN, groups=owners) is GAP


def test_a_settled_guest_must_live_and_tell_what_it_is():
    assert told(checks.heart_beats, Heartbeat="OkApplicationsHealthy")[0] is PASS
    assert told(checks.heart_beats, Heartbeat="LostCommunication") == (FAIL, LOW)
    assert told(checks.heart_beats, Heartbeat="NoContact", Uptime=60)[0] is NA
    assert told(checks.heart_beats, Heartbeat="Disabled")[0] is NA
    assert told(checks.heart_beats, Heartbeat=None)[0] is GAP
    assert told(checks.guest_is_known)[0] is PASS
    assert told(checks.guest_is_known, []) == (FAIL, INFO)
    assert told(checks.guest_is_known, [], State="Off")[0] is NA
    assert told(checks.guest_is_known, HIDDEN)[0] is GAP


def socket(service, name="Own", **changed):
    key = checks.SOCKET_SERVICES.rpartition("\\")[0]
    row = {"Key": f"{key}\\{service}", "Name": "ElementName", "ListKey": checks.SOCKET_SERVICES, "Mode": "value"}
    return row | {"KeyExists": True, "Exists": True, "Kind": "REG_SZ", "TextValue": name, "View": 64} | changed


OWN_SOCKET = "00002329-facb-11e6-bd58-64006a7986d3"
IN_BOX_SOCKETS = [socket("999E53D4-3D5C-4C3E-8779-BED06EC056E1"), socket("{a5201c21-2770-4c11-a68e-f182edb29220}")]


def sockets(*rows, era="2022"):
    return statuses(checks.socket_services_are_known, machines(era, registry_values=list(rows)))


def test_socket_services_that_do_not_come_with_windows_fail():
    unnamed = {"Exists": False, "Kind": None, "TextValue": None}
    nothing = socket("*", KeyExists=False, **unnamed)
    assert sockets(*IN_BOX_SOCKETS) == [PASS, PASS]
    assert sockets(*IN_BOX_SOCKETS, socket(OWN_SOCKET)) == [FAIL, PASS, PASS]
    assert sockets(socket(OWN_SOCKET, **unnamed)) == [FAIL]
    assert sockets(nothing) == [NA]
    assert sockets() == [GAP]
    assert statuses(checks.socket_services_are_known, machines(registry_values=failed())) == [GAP]
    found = verdict(checks.socket_services_are_known, machines(registry_values=[socket(OWN_SOCKET, "Probe")]))
    assert found.severity is MEDIUM
    assert OWN_SOCKET in found.message
    assert "Probe" in found.message


SAFE = {"CheckpointType": "ProductionOnly", "AutomaticStopAction": "ShutDown"}
DISK = {"Path": "D:\\web.vhdx", "ParentPath": None, "VhdType": "Dynamic"}


def controller(who=None, era="2022", disks=(DISK,), policy=NO_POLICY, **changed):
    tables = {
        "vm_guest_kvp": who if isinstance(who, list) or who is HIDDEN else [who or guest(product="2")],
        "vm_hard_disk": [of(Path=disks[0]["Path"])] if disks else [],
        "vhd": list(disks),
    }
    tables |= {name: value for name, value in changed.items() if name[0].islower()}
    cells = SAFE | {name: value for name, value in changed.items() if name[0].isupper()}
    left_out = ("vm.CheckpointType",) if era < "2016" else ()
    if left_out:
        del cells["CheckpointType"]
    snapshot = machines(era, vm=[machine(**cells)], policy=policy, unsupported=left_out, **tables)
    found = verdict(checks.controllers_never_go_back, snapshot)
    return (found.status, found.severity) if found.status is FAIL else found.status


def test_a_domain_controller_never_goes_back():
    child = {"Path": "D:\\child.vhdx", "ParentPath": "D:\\web.vhdx", "VhdType": "Differencing"}
    checkpoint = child | {"Path": "D:\\child.avhdx"}
    assert controller() is PASS
    assert controller(CheckpointType="Disabled") is PASS
    assert controller(CheckpointType="Production") == (FAIL, MEDIUM)
    assert controller(CheckpointType="Standard") == (FAIL, MEDIUM)
    assert controller(AutomaticStopAction="Save") == (FAIL, MEDIUM)
    assert controller(disks=(child, DISK)) == (FAIL, MEDIUM)
    assert controller(disks=(checkpoint, DISK)) is PASS
    assert controller(era="2008R2", AutomaticStopAction="Save") == (FAIL, MEDIUM)
    assert controller(era="2008R2") is PASS


def test_other_guests_may_go_back():
    assert controller(guest(), CheckpointType="Standard") is NA
    assert controller(LINUX, CheckpointType="Standard") is NA
    assert controller([], CheckpointType="Standard") is NA
    assert controller([], CheckpointType="Standard", policy=sheet("domain-controller")) == (FAIL, MEDIUM)


def test_what_is_not_known_of_a_controller_is_a_gap():
    assert controller(CheckpointType=HIDDEN) is GAP
    assert controller(CheckpointType=HIDDEN, AutomaticStopAction="Save") == (FAIL, MEDIUM)
    assert controller(vhd=HIDDEN) is GAP
    assert controller(HIDDEN, CheckpointType="Standard") is GAP
