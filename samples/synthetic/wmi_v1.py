r"""Class dumps of `root\virtualization`, 2008 and 2008 R2, for the described machines and switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synthetic.estate import RUNS
from synthetic.wmi import FLOPPY, IDE, SERIAL, Dumps

if TYPE_CHECKING:
    from synthetic.host import Host
    from synthetic.virtual import Adapter, Disk, Switch, Vm

STATES = {"Running": 2, "Off": 3, "Paused": 32768, "Saved": 32769}


def write(host: Host) -> None:
    dumps = Dumps(host)
    _host(dumps)
    for switch in host.switches:
        _switch(dumps, switch)
    for vm in host.vms:
        _machine(dumps, vm)
    host.raw["vmconfig"] = {f"raw/vmconfig/{dumps.vm(vm)}.xml": _configuration(dumps, vm) for vm in host.vms}


def _host(d: Dumps) -> None:
    host = d.host
    d.add(
        "ComputerSystem",
        Name=host.name,
        ElementName=host.name,
        Caption=host.say("host caption"),
        EnabledState=2,
        HealthState=5,
        OperationalStatus=[2],
    )
    virtualization = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization"
    d.add(
        "VirtualSystemManagementServiceSettingData",
        InstanceID=f"Microsoft:{host.name}", DefaultExternalDataRoot=host.registry[virtualization, "DefaultExternalDataRoot"],
        DefaultVirtualHardDiskPath=host.registry[virtualization, "DefaultVirtualHardDiskPath"], MinimumMacAddress="00155D080800", MaximumMacAddress="00155D080807",
        ScopeOfResidence="", NumaSpanningEnabled=True, PrimaryOwnerName=host.say("S-1-5-32-544"),
    )  # fmt: skip
    used = {name for switch in host.switches for name in switch.uplinks}
    for row in host.rows["net_adapters"]:
        if row["IsPhysical"]:
            d.add("ExternalEthernetPort", DeviceID=_device(row), SystemName=host.name, ElementName=row["Description"], Name=row["Mac"], EnabledState=2,
                  IsBound=row["Name"] in used, PermanentAddress=row["Mac"], Speed=row["SpeedBps"] or 0)  # fmt: skip


def _device(row: dict[str, Any]) -> str:
    return "Microsoft:{" + str(row["InterfaceGuid"]).upper() + "}"


def _port(d: Dumps, switch: str, port: str) -> str:
    return d.reference("SwitchPort", Name=port, SystemCreationClassName="Msvm_VirtualSwitch", SystemName=switch)


def _switch_port(d: Dumps, switch: str, port: str, name: str, adapter: Adapter | None, scope: str) -> None:
    """A port with its VLAN, which hangs on it over three associations."""
    d.add("SwitchPort", Name=port, ElementName=name, SystemName=switch, EnabledState=2, ScopeOfResidence=scope, AllowMacSpoofing=bool(adapter and adapter.spoofing),
          PreventIPSpoofing=False, AllowedIPv4Addresses=[], AllowedIPv6Addresses=[], VMQOffloadWeight=100, ChimneyOffloadWeight=0)  # fmt: skip
    endpoint = d.id(f"vlan endpoint {port}")
    vlan = d.reference("VLANEndpoint", Name=endpoint, SystemCreationClassName="Msvm_VirtualSwitch", SystemName=switch)
    setting = f"Microsoft:{endpoint}\\Root"
    d.add("BindsTo", Antecedent=_port(d, switch, port), Dependent=vlan)
    d.add("VLANEndpoint", Name=endpoint, SystemName=switch, DesiredEndpointMode=2, OperationalEndpointMode=2)
    d.add(
        "NetworkElementSettingData",
        ManagedElement=vlan,
        SettingData=d.reference("VLANEndpointSettingData", InstanceID=setting),
    )
    d.add("VLANEndpointSettingData", InstanceID=setting, ElementName=name, AccessVLAN=adapter.vlan if adapter else 0, NativeVLAN=0, DefaultVLAN=0, TrunkedVLANList=[],
          PruneEligibleVLANList=[], PrimaryVlan=0, SecondaryVlan=0, PVlanMode=0)  # fmt: skip


def _switch(d: Dumps, switch: Switch) -> None:
    host, guid = d.host, d.id(f"switch {switch.name}")
    d.add("VirtualSwitch", Name=guid, ElementName=switch.name, EnabledState=2, HealthState=5, OperationalStatus=[2], NumLearnableAddresses=1024, ScopeOfResidence=switch.scope,
          MaxVMQOffloads=0, MaxChimneyOffloads=0)  # fmt: skip
    ends: list[tuple[str, str, str, Adapter | None]] = []
    for uplink in switch.uplinks:
        row = host.find("net_adapters", Name=uplink)
        ends.append(("ExternalEthernetPort", _device(row), row["Mac"], None))
    for adapter in switch.host_adapters:
        row = host.find("net_adapters", Mac=adapter.mac)
        d.add("InternalEthernetPort", DeviceID=_device(row), SystemName=host.name, ElementName=adapter.name or switch.name, Name=adapter.mac, EnabledState=2,
              PermanentAddress=adapter.mac)  # fmt: skip
        ends.append(("InternalEthernetPort", _device(row), adapter.mac, adapter))
    for kind, device, mac, own in ends:
        port, endpoint = d.id(f"port {switch.name} {mac}"), d.id(f"endpoint {switch.name} {mac}")
        lan = d.reference(
            "SwitchLANEndpoint", Name=endpoint, SystemCreationClassName="Msvm_ComputerSystem", SystemName=host.name
        )
        _switch_port(d, guid, port, kind.removesuffix("EthernetPort"), own, "")
        d.add(
            "SwitchLANEndpoint",
            Name=endpoint,
            SystemName=host.name,
            SystemCreationClassName="Msvm_ComputerSystem",
            MACAddress=mac,
        )
        d.add("ActiveConnection", Antecedent=_port(d, guid, port), Dependent=lan)
        d.add("GlobalEthernetPortSAPImplementation", Antecedent=d.device(kind, device, host.name), Dependent=lan)


def _machine(d: Dumps, vm: Vm) -> None:
    host, guid = d.host, d.vm(vm)
    runs = vm.state in RUNS
    d.add(
        "ComputerSystem",
        Name=guid, ElementName=vm.name, Caption=host.say("vm caption"), EnabledState=STATES[vm.state], HealthState=5, OperationalStatus=[2],
        OnTimeInMilliseconds=int(vm.up_hours * 3600 * 1000) if runs else 0, TimeOfLastStateChange=host.ago(days=vm.changed_days_ago),
        TimeOfLastConfigurationChange=host.ago(days=vm.changed_days_ago), InstallDate=host.ago(days=vm.created_days_ago), ProcessID=d.worker(vm),
    )  # fmt: skip
    d.summary(vm, STATES[vm.state])
    d.add(
        "VirtualSystemGlobalSettingData",
        InstanceID=f"Microsoft:{guid}\\Global", SystemName=guid, ElementName=vm.name, ExternalDataRoot=vm.home, SnapshotDataRoot=vm.home, AutomaticStartupAction=1,
        AutomaticStartupActionDelay=0, AutomaticShutdownAction=1, AutomaticRecoveryAction=1, ScopeOfResidence=vm.scope, DebugChannelId=0, DebugPort=0, DebugPortEnabled=0,
        AllowFullSCSICommandSet=vm.full_scsi, Version="2.0",
    )  # fmt: skip
    last = d.id(f"vm {vm.name} checkpoint {len(vm.checkpoints) - 1}")
    parent = d.reference("VirtualSystemSettingData", InstanceID=f"Microsoft:{last}") if vm.checkpoints else None
    _settings(d, vm, guid, vm.name, 3, vm.created_days_ago, parent)
    _devices(d, vm, guid, vm.disks, live=True)
    for number, checkpoint in enumerate(vm.checkpoints):
        point = d.id(f"vm {vm.name} checkpoint {number}")
        _settings(d, vm, point, checkpoint.name, 5, checkpoint.days_ago, None)
        _devices(d, vm, point, checkpoint.disks, live=False)
    if not runs:
        return
    display = d.id(f"display {vm.name}")
    d.add(
        "SyntheticDisplayController",
        DeviceID=f"Microsoft:{guid}\\{display}",
        SystemName=guid,
        ElementName="Video",
        EnabledState=2,
        OperationalStatus=[2],
    )
    for number, adapter in enumerate(vm.adapters):
        kind = "Emulated" if adapter.legacy else "Synthetic"
        d.add(f"{kind}EthernetPort", DeviceID=f"Microsoft:{d.id(f'vm {vm.name} adapter {number}')}", SystemName=guid, ElementName=_adapter_name(d, adapter), EnabledState=2,
              OperationalStatus=[2], PermanentAddress=adapter.mac)  # fmt: skip


def _adapter_name(d: Dumps, adapter: Adapter) -> str:
    return d.host.say("legacy network adapter" if adapter.legacy else "network adapter")


def _settings(d: Dumps, vm: Vm, owner: str, name: str, kind: int, days_ago: float, parent: str | None) -> None:
    d.add("VirtualSystemSettingData", InstanceID=f"Microsoft:{owner}", ElementName=name, SystemName=d.vm(vm), SettingType=kind, VirtualSystemType=301,
          CreationTime=d.host.ago(days=days_ago), Parent=parent, BIOSNumLock=False, BootOrder=[1, 2, 3, 0], AutoActivate=False, NotesLength=0, NotesSuspicious=False)  # fmt: skip


def _allocated(
    d: Dumps,
    instance: str,
    number: int,
    kind: str,
    *,
    parent: str | None = None,
    address: str | None = None,
    connection: str | None = None,
) -> str:
    d.add(
        "ResourceAllocationSettingData",
        InstanceID=f"Microsoft:{instance}", ElementName=kind, ResourceType=number, ResourceSubType=kind, PoolID="", Parent=parent, Address=address, HostResource=[],
        Connection=[connection] if connection else [], VirtualQuantity=1,
    )  # fmt: skip
    return d.reference("ResourceAllocationSettingData", InstanceID=f"Microsoft:{instance}")


def _devices(d: Dumps, vm: Vm, owner: str, disks: list[Disk], *, live: bool) -> None:
    low, high = vm.dynamic or (vm.memory_mib, vm.memory_mib)
    d.add("ProcessorSettingData", InstanceID=f"Microsoft:{owner}\\b637f346-6a0e-4dec-af52-bd70cb80a21d\\0", ResourceSubType="Microsoft Processor", PoolID="",
          VirtualQuantity=vm.cpus, Reservation=0, Limit=100000, Weight=100, ProcessorsPerSocket=vm.cpus, SocketCount=1, ThreadsEnabled=True, LimitCPUID=False,
          LimitProcessorFeatures=False)  # fmt: skip
    d.add("MemorySettingData", InstanceID=f"Microsoft:{owner}\\4764334d-e001-4176-82ee-5594ec9b530e", ResourceSubType="Microsoft Virtual Machine Memory", PoolID="",
          AllocationUnits=d.host.say("megabytes"), VirtualQuantity=vm.memory_mib, Reservation=low, Limit=high, Weight=5000, IsVirtualized=True,
          DynamicMemoryEnabled=vm.dynamic is not None, TargetMemoryBuffer=20)  # fmt: skip
    ide = [
        _allocated(d, f"{owner}\\{IDE}\\{n}", 5, "Microsoft Emulated IDE Controller", address=str(n)) for n in (0, 1)
    ]
    scsi = d.id(f"scsi {vm.name}")
    if any(disk.controller == "SCSI" for disk in disks):
        controller = _allocated(d, f"{owner}\\{scsi}\\0", 6, "Microsoft Synthetic SCSI Controller")
    else:
        controller = ""
    for disk in disks:
        base, parent = (
            (f"{owner}\\{scsi}\\0", controller) if disk.controller == "SCSI" else (f"{owner}\\{IDE}\\0", ide[0])
        )
        place = f"{base}\\{disk.location}"
        drive = _allocated(
            d, f"{place}\\D", 22, "Microsoft Synthetic Disk Drive", parent=parent, address=str(disk.location)
        )
        _allocated(d, f"{place}\\L", 21, "Microsoft Virtual Hard Disk", parent=drive, connection=disk.path)
    drive = _allocated(d, f"{owner}\\{IDE}\\1\\0\\D", 16, "Microsoft Synthetic DVD Drive", parent=ide[1], address="0")
    if vm.dvd:
        _allocated(d, f"{owner}\\{IDE}\\1\\0\\L", 21, "Microsoft ISO Disk Image", parent=drive, connection=vm.dvd)
    drive = _allocated(d, f"{owner}\\{FLOPPY}\\0\\0\\D", 14, "Microsoft Synthetic Diskette Drive", address="0")
    if vm.floppy:
        _allocated(
            d, f"{owner}\\{FLOPPY}\\0\\0\\L", 21, "Microsoft Virtual Floppy Disk", parent=drive, connection=vm.floppy
        )
    for port in (0, 1):
        _allocated(
            d, f"{owner}\\{SERIAL}\\{port}", 17, "Microsoft Serial Port", connection=vm.com_pipe if port == 0 else None
        )
    for number, adapter in enumerate(vm.adapters):
        _adapter(d, vm, owner, number, adapter, live=live)
    d.services(vm, owner, live=live)


def _adapter(d: Dumps, vm: Vm, owner: str, number: int, adapter: Adapter, *, live: bool) -> None:
    nic = d.id(f"vm {vm.name} adapter {number}")
    kind, instance = ("Emulated", f"{owner}\\{nic}\\0") if adapter.legacy else ("Synthetic", f"{owner}\\{nic}")
    connection = []
    if adapter.switch:
        switch, port = d.id(f"switch {adapter.switch}"), d.id(f"port {vm.name} {number}")
        connection = [_port(d, switch, port)]
        if live:
            _switch_port(d, switch, port, f"{vm.name}-{number}", adapter, vm.scope)
    d.add(f"{kind}EthernetPortSettingData", InstanceID=f"Microsoft:{instance}", ElementName=_adapter_name(d, adapter), ResourceType=10,
          ResourceSubType=f"Microsoft {kind} Ethernet Port", PoolID="", Address=adapter.mac, StaticMacAddress=False, Connection=connection)  # fmt: skip


def _configuration(d: Dumps, vm: Vm) -> bytes:
    """The head of a configuration file: enough to tell which machine it is."""
    text = f"""<?xml version="1.0" encoding="UTF-16"?>
<configuration>
  <!-- SYNTHETIC -->
  <properties>
    <global_id type="string">{d.vm(vm)}</global_id>
    <name type="string">{vm.name}</name>
    <version type="integer">512</version>
  </properties>
  <settings>
    <memory><bank><size type="integer">{vm.memory_mib}</size></bank></memory>
    <processors><count type="integer">{vm.cpus}</count></processors>
  </settings>
</configuration>
"""
    return b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")
