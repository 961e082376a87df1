"""HV-VM, virtual hardware: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, failed, statuses, verdict
from machines import HIDDEN, LINUX, WEB, guest, machine, machines, of, sheet

from analyzers import vm_hardware
from snapshot_tool.policy import NO_POLICY
from snapshot_tool.verdict import Cause, Severity

MIB, GIB = 1 << 20, 1 << 30
HIGH, MEDIUM, LOW, INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO


def told(check, policy=NO_POLICY, **tables):
    found = verdict(check, machines(policy=policy, **{"vm": [machine()], **tables}))
    return found.status, found.severity


def drive(media, path=None):
    return {"vm_dvd_drive": [of(Id="d", DvdMediaType=media, Path=path)]}


def test_an_image_in_a_drive_fails_and_that_of_the_integration_services_is_a_note():
    assert told(vm_hardware.no_image_left, **drive("None"))[0] is PASS
    assert told(vm_hardware.no_image_left, **drive("ISO", "D:\\ISO\\tools.iso")) == (FAIL, LOW)
    assert told(vm_hardware.no_image_left, **drive("ISO", "C:\\Windows\\System32\\VMGuest.iso")) == (FAIL, INFO)
    assert told(vm_hardware.no_image_left, **drive("ISO", HIDDEN))[0] is GAP
    assert told(vm_hardware.no_image_left, **drive(HIDDEN))[0] is GAP


def test_a_physical_drive_fails_where_it_is_known_and_is_a_question_elsewhere():
    old = machines("2008R2", vm=[machine()], **drive("PassThrough"))
    assert verdict(vm_hardware.no_physical_dvd, old).status is FAIL
    assert verdict(vm_hardware.no_physical_dvd, machines(vm=[machine()], **drive("PassThrough"))).cause is Cause.MANUAL
    assert told(vm_hardware.no_physical_dvd, **drive("ISO", "a.iso"))[0] is PASS
    assert told(vm_hardware.no_physical_dvd, **drive(HIDDEN))[0] is GAP


def test_a_floppy_fails():
    assert told(vm_hardware.no_floppy, vm_floppy_drive=[of(Path=None)])[0] is PASS
    assert told(vm_hardware.no_floppy, vm_floppy_drive=[of(Path="D:\\answers.vfd")]) == (FAIL, LOW)
    assert told(vm_hardware.no_floppy, vm_floppy_drive=[of(Path=HIDDEN)])[0] is GAP


def port(path=None, debugger="Off", number=1):
    return {"vm_com_port": [of(Number=number, Id="p", Path=path, DebuggerMode=debugger)]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("\\\\.\\pipe\\web", MEDIUM),
        ("\\\\server\\pipe\\web", HIGH),
        ("COM1", MEDIUM),
    ],
)
def test_a_port_on_a_pipe_fails_and_on_another_host_weighs_more(path, expected):
    assert told(vm_hardware.no_piped_port, **port(path)) == (FAIL, expected)


def test_a_port_without_connection_passes():
    assert told(vm_hardware.no_piped_port, **port())[0] is PASS
    assert told(vm_hardware.no_piped_port, **port(HIDDEN))[0] is GAP


def test_ports_of_generation_2_must_not_be_used_at_all():
    assert told(vm_hardware.no_port_on_generation_2, **port())[0] is PASS
    assert told(vm_hardware.no_port_on_generation_2, **port("\\\\.\\pipe\\web")) == (FAIL, LOW)
    assert told(vm_hardware.no_port_on_generation_2, **port(debugger="On")) == (FAIL, LOW)
    assert told(vm_hardware.no_port_on_generation_2, vm=[machine(Generation=1)], **port(debugger="On"))[0] is NA
    assert told(vm_hardware.no_port_on_generation_2, **port(debugger=HIDDEN))[0] is GAP
    old = machines("2012R2", vm=[machine()], unsupported=["vm_com_port.DebuggerMode"], **port())
    assert verdict(vm_hardware.no_port_on_generation_2, old).status is PASS


def fixed(size, who=None, **changed):
    return {
        "vm_memory": [of(DynamicMemoryEnabled=False, Startup=size, Minimum=512 * MIB, Maximum=1 << 40) | changed],
        "vm_guest_kvp": [guest() if who is None else who],
    }


def test_less_than_the_supported_memory_fails():
    assert told(vm_hardware.enough_memory, **fixed(512 * MIB))[0] is PASS
    assert told(vm_hardware.enough_memory, **fixed(511 * MIB)) == (FAIL, MEDIUM)
    assert told(vm_hardware.enough_memory, **fixed(256 * MIB, LINUX))[0] is NA
    assert told(vm_hardware.enough_memory, **fixed(256 * MIB, guest("5.2.3790")))[0] is NA
    assert told(vm_hardware.enough_memory, **fixed(256 * MIB, DynamicMemoryEnabled=True))[0] is NA
    assert told(vm_hardware.enough_memory, vm=[machine(ReplicationMode="Replica")], **fixed(256 * MIB))[0] is NA
    assert told(vm_hardware.enough_memory, **fixed(HIDDEN))[0] is GAP
    assert told(vm_hardware.enough_memory, **fixed(256 * MIB) | {"vm_guest_kvp": []})[0] is GAP


@pytest.mark.parametrize(
    ("who", "size", "expected"),
    [
        (guest("6.0.6002", "1"), 1024, PASS),
        (guest("6.1.7601", "3"), 2047, LOW),
        (guest("6.3.9600", "2"), 2048, PASS),
        (guest("10.0.14393", "3"), 1023, LOW),
        (guest("10.0.19045", "1"), 1023, LOW),
        (guest("10.0.20348", "3"), 600, NA),
        (guest("6.3.9600", "3"), 500, NA),
        (LINUX, 600, NA),
    ],
)
def test_recommended_memory_depends_on_the_guest(who, size, expected):
    status, severity = told(vm_hardware.recommended_memory, **fixed(size * MIB, who))
    assert (status if status is not FAIL else severity) is expected


def test_recommended_memory_needs_the_guest():
    assert told(vm_hardware.recommended_memory, **fixed(GIB) | {"vm_guest_kvp": HIDDEN})[0] is GAP
    assert told(vm_hardware.recommended_memory, **fixed(GIB, guest("10.0.1", "3")))[0] is GAP


def dynamic(minimum=512, startup=1024, maximum=4096, who=None, **changed):
    def scaled(size):
        return size if size is HIDDEN else size * MIB

    sizes = {"Minimum": scaled(minimum), "Startup": scaled(startup), "Maximum": scaled(maximum)}
    return {
        "vm_memory": [of(DynamicMemoryEnabled=True, **sizes) | changed],
        "vm_guest_kvp": [guest("6.3.9600") if who is None else who],
    }


def test_dynamic_memory_below_what_windows_needs_fails():
    assert told(vm_hardware.dynamic_memory_is_enough, **dynamic())[0] is PASS
    assert told(vm_hardware.dynamic_memory_is_enough, **dynamic(minimum=255)) == (FAIL, MEDIUM)
    assert told(vm_hardware.dynamic_memory_is_enough, **dynamic(startup=511, minimum=HIDDEN)) == (FAIL, MEDIUM)
    assert told(vm_hardware.dynamic_memory_is_enough, **dynamic(maximum=511)) == (FAIL, MEDIUM)
    assert told(vm_hardware.dynamic_memory_is_enough, **dynamic(minimum=HIDDEN))[0] is GAP
    assert told(vm_hardware.dynamic_memory_is_enough, **dynamic(minimum=32, who=guest()))[0] is NA
    assert told(vm_hardware.dynamic_memory_is_enough, **dynamic(minimum=32, who=LINUX))[0] is NA
    assert told(vm_hardware.dynamic_memory_is_enough, **dynamic() | {"vm_guest_kvp": []})[0] is GAP


def test_dynamic_memory_below_what_is_recommended_fails_unless_more_is_missing():
    assert told(vm_hardware.dynamic_memory_is_recommended, **dynamic(maximum=2047)) == (FAIL, LOW)
    assert told(vm_hardware.dynamic_memory_is_recommended, **dynamic(maximum=2048))[0] is PASS
    assert told(vm_hardware.dynamic_memory_is_recommended, **dynamic(maximum=1023, who=guest("6.3.9600", "1"))) == (
        FAIL,
        LOW,
    )
    assert told(vm_hardware.dynamic_memory_is_recommended, **dynamic(maximum=600, who=guest("6.1.7601", "1")))[0] is NA
    assert told(vm_hardware.dynamic_memory_is_recommended, **dynamic(maximum=400))[0] is NA
    assert told(vm_hardware.dynamic_memory_is_recommended, **dynamic(maximum=1024, minimum=HIDDEN))[0] is GAP
    assert told(vm_hardware.dynamic_memory_is_recommended, **dynamic(maximum=HIDDEN))[0] is GAP


def test_hosts_without_dynamic_memory_have_fixed_memory():
    old = machines(
        "2008",
        vm=[machine()],
        unsupported=["vm_memory.DynamicMemoryEnabled", "vm.ReplicationMode"],
        **fixed(256 * MIB, guest("6.0.6002")),
    )
    assert verdict(vm_hardware.enough_memory, old).status is FAIL
    assert verdict(vm_hardware.dynamic_memory_is_enough, old).status is NA
    assert verdict(vm_hardware.dynamic_memory_is_bounded, old).status is NA


def bounded(maximum, era="2022", groups=(), memory=256 * GIB):
    hyperv = [{"Name": "HV01", "MemoryCapacity": memory}]
    tables = {"vm_memory": dynamic(maximum=maximum // MIB)["vm_memory"], "host_hyperv": hyperv, "vm_group": groups}
    found = verdict(vm_hardware.dynamic_memory_is_bounded, machines(era, vm=[machine()], **tables))
    return found.status, found.severity


OWNERS = [{"Id": str(n), "Name": f"owner {n}", "Members": [WEB]} for n in (1, 2)]


def test_dynamic_memory_without_a_limit_fails_and_weighs_more_for_several_owners():
    assert bounded(8 * GIB)[0] is PASS
    assert bounded(1 << 40) == (FAIL, LOW)
    assert bounded(256 * GIB) == (FAIL, LOW)
    assert bounded(1 << 40, groups=OWNERS) == (FAIL, MEDIUM)
    assert bounded(1 << 40, groups=HIDDEN) == (FAIL, MEDIUM)
    assert bounded(1 << 40, memory=HIDDEN) == (FAIL, LOW)
    assert bounded(8 * GIB, memory=HIDDEN)[0] is GAP
    assert bounded(64 * GIB, "2008R2", groups=None) == (FAIL, INFO)
    assert bounded(64 * GIB)[0] is PASS


def test_a_guest_that_does_not_answer_with_dynamic_memory_fails_once_it_has_settled():
    on = dynamic()["vm_memory"]
    assert told(vm_hardware.dynamic_memory_answers, vm=[machine(MemoryDemand=GIB)], vm_memory=on)[0] is PASS
    assert told(vm_hardware.dynamic_memory_answers, vm=[machine(MemoryDemand=None)], vm_memory=on) == (FAIL, LOW)
    assert told(vm_hardware.dynamic_memory_answers, vm=[machine(MemoryDemand=None, Uptime=60)], vm_memory=on)[0] is NA
    assert told(vm_hardware.dynamic_memory_answers, vm=[machine(MemoryDemand=None, State="Off")], vm_memory=on)[0] is NA
    assert told(vm_hardware.dynamic_memory_answers, vm=[machine(MemoryDemand=HIDDEN)], vm_memory=on)[0] is GAP


def processors(count, era="2022", who=None, generation=2, host=64, **tables):
    tables = {
        "vm_processor": [of(Count=count)],
        "host_hyperv": [{"Name": "HV01", "LogicalProcessorCount": host}],
        "vm_guest_kvp": [guest() if who is None else who],
        "boot_entries": [],
    } | tables
    found = verdict(vm_hardware.processors_fit, machines(era, vm=[machine(Generation=generation)], **tables))
    return found.status, found.severity


ROOT = {"ObjectId": "1", "ObjectType": 1, "ElementId": "0x25000113", "ElementName": "hypervisorrootproc", "IntValue": 4}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (processors(4), PASS),
        (processors(65), FAIL),
        (processors(65, boot_entries=[ROOT | {"IsDefault": True}]), PASS),
        (processors(65, generation=1, host=128), FAIL),
        (processors(5, "2008R2", generation=1), FAIL),
        (processors(241, "2019", host=512), FAIL),
        (processors(241, host=512), PASS),
        (processors(5, who=guest("6.1.7601", "1")), FAIL),
        (processors(3, who=guest("6.0.6002", "1")), FAIL),
        (processors(9, who=guest("6.0.6002", "3")), FAIL),
        (processors(33, who=guest("10.0.19045", "1")), FAIL),
        (processors(33, who=LINUX), PASS),
        (processors(4, vm_guest_kvp=[]), GAP),
        (processors(65, vm_guest_kvp=[]), FAIL),
        (processors(65, host=HIDDEN), GAP),
        (processors(65, boot_entries=failed()), GAP),
        (processors(HIDDEN), GAP),
    ],
)
def test_processors_must_fit_host_generation_and_guest(answer, expected):
    assert answer[0] is expected


def limits(*values, **tables):
    names = ("Maximum", "Reserve", "RelativeWeight")
    rows = [
        {"VMId": WEB[:-1] + str(n), "VMName": str(n), **dict(zip(names, value, strict=True))}
        for n, value in enumerate(values)
    ]
    return verdict(vm_hardware.processor_time_is_limited, machines(vm=[machine()], vm_processor=rows, **tables))


STOCK = (100, 0, 100)


def test_processor_time_of_several_owners_must_be_limited():
    assert limits(STOCK, vm_group=[]).status is NA
    assert limits(STOCK, (75, 0, 100), vm_group=[]).status is PASS
    assert limits(STOCK, STOCK, vm_group=[]).cause is Cause.MANUAL
    assert limits(STOCK, STOCK, vm_group=OWNERS).status is FAIL
    assert limits(STOCK, STOCK, vm_group=OWNERS[:1]).status is NA
    assert limits(STOCK, STOCK, vm_group=HIDDEN).cause is Cause.ACCESS_DENIED
    assert limits(STOCK, (HIDDEN, 0, 100), vm_group=OWNERS).status is GAP


def processor(check, **cells):
    found = verdict(check, machines(vm=[machine()], vm_processor=[of(**cells)], vm_group=[]))
    return found.status, found.severity


def test_resource_protection_and_nesting():
    assert processor(vm_hardware.resources_are_protected, EnableHostResourceProtection=True)[0] is PASS
    assert processor(vm_hardware.resources_are_protected, EnableHostResourceProtection=False) == (FAIL, INFO)
    assert processor(vm_hardware.resources_are_protected, EnableHostResourceProtection=HIDDEN)[0] is GAP
    assert processor(vm_hardware.no_nested_virtualization, ExposeVirtualizationExtensions=False)[0] is PASS
    assert processor(vm_hardware.no_nested_virtualization, ExposeVirtualizationExtensions=True) == (FAIL, MEDIUM)
    assert processor(vm_hardware.no_nested_virtualization, ExposeVirtualizationExtensions=HIDDEN)[0] is GAP


def devices(assigned=(), idle=()):
    return machines(vm=[machine()], vm_assigned_device=assigned, host_assignable_device=idle)


def test_an_assigned_device_fails_a_virtual_function_does_not_and_an_idle_one_is_a_note():
    device = of(InstanceID="d", LocationPath="PCIROOT(0)#1", VirtualFunction=None)
    spare = {"InstanceID": "e", "LocationPath": "PCIROOT(0)#2"}
    assert verdict(vm_hardware.no_assigned_devices, devices([device])).severity is MEDIUM
    assert verdict(vm_hardware.no_assigned_devices, devices([device | {"VirtualFunction": "3"}])).status is PASS
    assert verdict(vm_hardware.no_assigned_devices, devices(idle=[spare])).severity is INFO
    assert statuses(vm_hardware.no_assigned_devices, devices([device], [spare | {"LocationPath": "PCIROOT(0)#1"}])) == [
        FAIL,
        PASS,
    ]
    assert verdict(vm_hardware.no_assigned_devices, devices()).status is NA
    assert verdict(vm_hardware.no_assigned_devices, devices(HIDDEN)).status is GAP
    assert verdict(vm_hardware.no_assigned_devices, devices([device | {"LocationPath": HIDDEN}])).status is FAIL


def remotefx(role=3, adapters=(), features=(), era="2016"):
    computer = [{"Name": "HV01", "DomainRole": role}]
    return machines(era, vm=[machine()], vm_remotefx_adapter=adapters, computer=computer, features=list(features))


FX = {"Kind": "component", "Name": "RDS-Virtualization", "Installed": True}


def test_remotefx_fails_on_a_machine_and_on_a_domain_controller():
    assert verdict(vm_hardware.no_remotefx, remotefx()).status is PASS
    assert verdict(vm_hardware.no_remotefx, remotefx(adapters=[of(Id="x")])).severity is HIGH
    assert verdict(vm_hardware.no_remotefx, remotefx(features=[FX])).status is PASS
    assert verdict(vm_hardware.no_remotefx, remotefx(5, features=[FX])).severity is MEDIUM
    assert verdict(vm_hardware.no_remotefx, remotefx(5, features=[FX | {"Installed": False}])).status is PASS
    other = FX | {"Kind": "optional", "Installed": False}
    assert verdict(vm_hardware.no_remotefx, remotefx(5, features=[other, FX])).severity is MEDIUM
    assert verdict(vm_hardware.no_remotefx, remotefx(5, era="2008R2")).status is GAP
    assert verdict(vm_hardware.no_remotefx, remotefx(adapters=HIDDEN)).status is GAP


def controller(kind="SCSI"):
    return [of(Id="c", ControllerType=kind, ControllerNumber=0)]


def test_scsi_needs_a_guest_that_knows_it_and_is_wanted_for_changes():
    def answer(release, kind="SCSI", generation=1):
        tables = {"vm_drive_controller": controller(kind), "vm_guest_kvp": [guest(release)]}
        return told(vm_hardware.scsi_is_supported, vm=[machine(Generation=generation)], **tables)

    assert answer("5.1.2600") == (FAIL, INFO)
    assert answer("5.1.2600", "IDE")[0] is PASS
    assert answer("5.2.3790")[0] is PASS
    assert answer("5.1.2600", generation=2)[0] is NA
    assert answer("5.1.2600", HIDDEN)[0] is GAP
    assert told(vm_hardware.can_hot_plug, vm_drive_controller=controller())[0] is PASS
    assert told(vm_hardware.can_hot_plug, vm_drive_controller=controller("IDE")) == (FAIL, INFO)
    assert told(vm_hardware.can_hot_plug, vm_drive_controller=HIDDEN)[0] is GAP


def disk(written="2026-10-30T00:00:00.000Z", path="D:\\web.vhdx"):
    return {
        "vm_hard_disk": [of(Id="k", Path=path)],
        "vhd": [{"Path": "D:\\WEB.vhdx", "LastWriteTime": written}],
    }


NIC = "33333333-0000-4000-8000-000000000003"


def enabled(adapter=2, display=2, *, connected=True, missing=False):
    rows = [of(Kind="Display", DeviceId=f"Microsoft:{WEB}\\5", EnabledState=display)]
    if not missing:
        rows.append(of(Kind="NetworkAdapter", DeviceId=f"Microsoft:{NIC.upper()}", EnabledState=adapter))
    return {
        "vm_device_status": rows,
        "vm_network_adapter": [of(Id=f"Microsoft:{WEB}\\{NIC}", Name="LAN", Connected=connected)],
    }


def test_a_disabled_device_is_a_question_while_its_meaning_is_unverified():
    def cause(**tables):
        found = verdict(vm_hardware.devices_are_enabled, machines(vm=[machine()], **tables))
        return found.cause or found.status

    assert cause(**enabled()) is PASS
    assert cause(**enabled(adapter=3)) is Cause.MANUAL
    assert cause(**enabled(display=3)) is Cause.MANUAL
    assert cause(**enabled(adapter=3, connected=False)) is PASS
    assert cause(**enabled(missing=True)) is Cause.UNDETERMINED
    assert cause(**enabled(adapter=HIDDEN)) is Cause.ACCESS_DENIED
    assert cause(**enabled(adapter=HIDDEN, display=3)) is Cause.MANUAL
    assert told(vm_hardware.devices_are_enabled, vm=[machine(Uptime=5)], **enabled(adapter=3))[0] is NA


def test_the_operator_sheet_lets_a_machine_have_a_hypervisor():
    nested = {"vm_processor": [of(ExposeVirtualizationExtensions=True)]}
    assert told(vm_hardware.no_nested_virtualization, policy=sheet("nested"), **nested)[0] is NA
    assert told(vm_hardware.no_nested_virtualization, policy=sheet("other"), **nested)[0] is FAIL


def test_debugging_and_processor_compatibility():
    def debugging(enabled="Off", debugger="Off", generation=1):
        tables = {"vm": [machine(DebugPortEnabled=enabled, Generation=generation)], **port(debugger=debugger)}
        return told(vm_hardware.no_debugging, **tables)

    assert debugging()[0] is PASS
    assert debugging("On") == (FAIL, HIGH)
    assert debugging(debugger="On") == (FAIL, HIGH)
    assert debugging(debugger="On", generation=2)[0] is PASS
    assert debugging(HIDDEN)[0] is GAP

    def reduced(old, migration, **tables):
        row = of(CompatibilityForOlderOperatingSystemsEnabled=old, CompatibilityForMigrationEnabled=migration)
        host = machines(vm=[machine()], vm_processor=[row], **({"absent": ["cluster"]} | tables))
        found = verdict(vm_hardware.no_processor_compatibility, host)
        return found.status, found.severity

    assert reduced(old=False, migration=False)[0] is PASS
    assert reduced(old=True, migration=HIDDEN) == (FAIL, LOW)
    assert reduced(old=False, migration=True) == (FAIL, INFO)
    assert reduced(old=False, migration=True, absent=[], cluster=[{"Name": "CL"}])[0] is PASS
    assert reduced(old=False, migration=True, absent=[])[0] is GAP
    assert reduced(old=HIDDEN, migration=False)[0] is GAP


def threads(count=1, cores=8, scheduler=3, logical=16):
    event = {
        "Channel": "System",
        "Provider": "Microsoft-Windows-Hyper-V-Hypervisor",
        "EventId": 2,
        "LastData": {"SchedulerType": scheduler},
    }
    return told(
        vm_hardware.sees_threads,
        vm_processor=[of(HwThreadCountPerCore=count)],
        computer=[{"Cores": cores, "LogicalProcessors": logical}],
        event_summary=[] if scheduler is None else [event],
    )


def test_a_machine_sees_the_threads_that_the_core_scheduler_hands_out():
    assert threads() == (FAIL, INFO)
    assert threads(0)[0] is PASS
    assert threads(2)[0] is PASS
    assert threads(logical=8)[0] is NA
    assert threads(scheduler=2)[0] is NA
    assert threads(scheduler=None)[0] is GAP
    assert threads(scheduler=9)[0] is GAP
    assert threads(cores=None)[0] is GAP
    assert threads(HIDDEN)[0] is GAP


def counters(era="2022", unsupported=(), **changed):
    names = ("EnablePerfmonPmu", "EnablePerfmonLbr", "EnablePerfmonPebs", "EnablePerfmonIpt")
    row = of(**dict.fromkeys(names, False) | changed)
    row = {name: value for name, value in row.items() if f"vm_processor.{name}" not in unsupported}
    tables = {"vm": [machine()], "vm_processor": [row]}
    found = verdict(vm_hardware.no_performance_monitoring, machines(era, unsupported=unsupported, **tables))
    return found.status, found.severity


def test_performance_monitoring_hardware_is_not_for_guests():
    assert counters()[0] is PASS
    assert counters(EnablePerfmonPmu=True) == (FAIL, MEDIUM)
    assert counters(EnablePerfmonIpt=True, EnablePerfmonLbr=HIDDEN) == (FAIL, MEDIUM)
    assert counters(EnablePerfmonPebs=HIDDEN)[0] is GAP
    assert counters("2019", ("vm_processor.EnablePerfmonIpt",))[0] is PASS


def test_only_a_machine_with_a_device_chooses_cache_types():
    def caching(on, devices=()):
        rows = devices if devices is HIDDEN else list(devices)
        return told(
            vm_hardware.no_guest_controlled_caching,
            vm=[machine(GuestControlledCacheTypes=on)],
            vm_assigned_device=rows,
        )

    assert caching(on=False)[0] is PASS
    assert caching(on=True) == (FAIL, LOW)
    assert caching(on=True, devices=[of(InstanceID="PCI\\1")])[0] is NA
    assert caching(on=True, devices=HIDDEN)[0] is GAP
    assert caching(on=HIDDEN)[0] is GAP
