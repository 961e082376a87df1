r"""Class dumps of `root\virtualization\v2`, from 2012 on, for the described machines and switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synthetic.estate import RUNS
from synthetic.wmi import FLOPPY, IDE, SERIAL, ZERO, Dumps

if TYPE_CHECKING:
    from synthetic.host import Host, Row
    from synthetic.virtual import Adapter, Disk, Switch, Vm

STATES = {"Running": 2, "Off": 3, "Saved": 6, "Paused": 9}
SECURITY, VLAN = "776E0BA7-94A1-41C8-8F28-951F524251B5", "952C5004-4465-451C-8CB8-FA9AB382B773"
OFFLOAD, BANDWIDTH = "C885BFD1-ABB7-418F-8163-9F379C9F7166", "24AD3CE1-69BD-4978-B2AC-DAAD389D699C"
FEATURES = {
    SECURITY: "Security",
    VLAN: "Vlan",
    "998BEF4A-5D55-492A-9C43-8B2F5EAE9F2B": "Acl",
    OFFLOAD: "Offload",
    BANDWIDTH: "Bandwidth",
}
EXTENSIONS = {
    "E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A": ("Microsoft Windows Filtering Platform", 2, 2),
    "EA24CD6C-D17A-4348-9190-09F0D5BE83DD": ("Microsoft NDIS Capture", 4, 3),
}
WINDOWS_TEMPLATE, UEFI_TEMPLATE = "1734C6E8-3154-4DDA-BA5F-A874CC483422", "272E7447-90A4-4563-A4B9-8E4AB00526CE"


def write(host: Host, *, migration: Row | None = None) -> None:
    """Add the dumps. `migration`: `kerberos`, `networks` (subnet and prefix length) or `any`; None where live migration is off."""
    dumps = Dumps(host)
    _host(dumps, migration)
    for switch in host.switches:
        _switch(dumps, switch)
    for vm in host.vms:
        _machine(dumps, vm)


def _host(d: Dumps, migration: Row | None) -> None:
    host = d.host
    d.add(
        "ComputerSystem",
        Name=host.name,
        ElementName=host.name,
        Caption=host.say("host caption"),
        EnabledState=2,
        RequestedState=12,
        HealthState=5,
        OperationalStatus=[2],
    )
    virtualization = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization"
    low = "00155D" + host.guid("mac pool").replace("-", "")[:4].upper()
    d.add(
        "VirtualSystemManagementServiceSettingData",
        InstanceID=f"Microsoft:{host.name}", DefaultExternalDataRoot=host.registry[virtualization, "DefaultExternalDataRoot"],
        DefaultVirtualHardDiskPath=host.registry[virtualization, "DefaultVirtualHardDiskPath"], MinimumMacAddress=low + "00", MaximumMacAddress=low + "FF",
        NumaSpanningEnabled=True, EnhancedSessionModeEnabled=False, HypervisorRootSchedulerEnabled=False, PrimaryOwnerName=host.say("S-1-5-32-544"),
        MinimumWWPNAddress="C003FF53594E0000", MaximumWWPNAddress="C003FF53594EFFFF", CurrentWWNNAddress="C003FF0000FFFF00", DefaultVirtualHardDiskCachingMode=2,
    )  # fmt: skip
    chosen = migration or {}
    d.add(
        "VirtualSystemMigrationServiceSettingData",
        InstanceID=f"Microsoft:{host.name}", EnableVirtualSystemMigration=migration is not None, MaximumActiveVirtualSystemMigration=2, MaximumActiveStorageMigration=2,
        AuthenticationType=int(bool(chosen.get("kerberos"))), EnableCompression=True, EnableSmbTransport=False,
    )  # fmt: skip
    everywhere = [(".".join("0000"), 0), ("::", 0)]
    networks = everywhere if chosen.get("any") else chosen.get("networks", [])
    tag = "Microsoft:UserManagedAllNetworks" if chosen.get("any") else "Microsoft:UserManaged"
    for number, (subnet, prefix) in enumerate(networks):
        d.add(
            "VirtualSystemMigrationNetworkSettingData",
            InstanceID=f"Microsoft:{host.name}\\{number}",
            SubnetNumber=subnet,
            PrefixLength=prefix,
            Metric=0,
            Tags=[tag],
        )
    d.add(
        "ReplicationServiceSettingData",
        InstanceID=f"Microsoft:{host.name}\\HVR", RecoveryServerEnabled=False, AllowedAuthenticationType=1, CertificateThumbPrint="", HttpPort=80, HttpsPort=443,
        MonitoringInterval=43200, MonitoringStartTime=32400,
    )  # fmt: skip
    d.add("TerminalServiceSettingData", InstanceID=f"Microsoft:{host.name}", ListenerPort=2179, DisableSelfSignedCertificateGeneration=False, AuthCertificateHash="",
          TrustedIssuerCertificateHashes=[], AllowedHashAlgorithms=["SHA256"])  # fmt: skip
    for number, kind in ((31, "Virtual Hard Disk"), (4, "Memory"), (3, "Processor"), (33, "Ethernet Connection")):
        d.add("ResourcePool", InstanceID=f"Microsoft:{d.id(f'pool {kind}')}", ElementName="Primordial", PoolID="", Primordial=True, ResourceType=number,
              ResourceSubType=f"Microsoft:Hyper-V:{kind}")  # fmt: skip
    for guid, name in FEATURES.items():
        d.add(
            "EthernetSwitchFeatureCapabilities",
            InstanceID=f"Microsoft:{guid}",
            ElementName=name,
            FeatureId=guid,
            Applicability=2,
            Version="1.0.0.0",
        )
    for guid, (name, layer, _) in EXTENSIONS.items():
        d.add(
            "InstalledEthernetSwitchExtension",
            Name=guid,
            ElementName=name,
            Vendor="Microsoft",
            Version=f"10.0.{host.build}.1",
            ExtensionType=layer,
            OperationalStatus=[2],
        )
    used = {name for switch in host.switches for name in switch.uplinks}
    for row in host.rows["net_adapters"]:
        if row["IsPhysical"]:
            device = _external(row)
            d.add("ExternalEthernetPort", DeviceID=device, SystemName=host.name, ElementName=row["Description"], Name=row["PermanentMac"], EnabledState=2,
                  IsBound=row["Name"] in used, PermanentAddress=row["PermanentMac"], Speed=row["SpeedBps"] or 0, OperationalStatus=[2])  # fmt: skip
            d.add(
                "ExternalEthernetPortCapabilities",
                InstanceID=device,
                ElementName=row["Description"],
                IOVSupport=False,
                IOVSupportReasons=["SYNTHETIC"],
            )


def _external(row: Row) -> str:
    return "Microsoft:{" + str(row["InterfaceGuid"]).upper() + "}"


def _switch(d: Dumps, switch: Switch) -> None:
    host, guid = d.host, d.id(f"switch {switch.name}")
    d.add(
        "VirtualEthernetSwitch",
        Name=guid,
        ElementName=switch.name,
        EnabledState=2,
        HealthState=5,
        OperationalStatus=[2],
        MaxVMQOffloads=31,
        MaxIOVOffloads=0,
    )
    d.add(
        "VirtualEthernetSwitchSettingData",
        InstanceID=f"Microsoft:{guid}", ElementName=switch.name, VirtualSystemIdentifier=guid, CreationTime=host.ago(days=420), AssociatedResourcePool=[], ExtensionOrder=[],
        IOVPreferred=switch.iov, BandwidthReservationMode=1, TeamingEnabled=switch.embedded_team, PacketDirectEnabled=False, AllowNetLbfoTeams=False,
        NotesLength=0, NotesSuspicious=False,
    )  # fmt: skip
    if switch.embedded_team:
        d.add(
            "VirtualEthernetSwitchNicTeamingSettingData",
            InstanceID=f"Microsoft:{guid}",
            TeamingMode=1,
            LoadBalancingAlgorithm=4,
        )
    d.add("EthernetSwitchHardwareOffloadData", SystemName=guid, Name=guid, IovVfCapacity=0, IovVfUsage=0, IovQueuePairCapacity=0, IovQueuePairUsage=0, VmqCapacity=62,
          VmqUsage=3, IPsecSACapacity=0, IPsecSAUsage=0, PacketDirectInUse=False)  # fmt: skip
    for extension, (name, kind, state) in EXTENSIONS.items():
        d.add("EthernetSwitchExtension", Name=extension, SystemName=guid, ElementName=name, Vendor="Microsoft", Version=f"10.0.{host.build}.1", ExtensionType=kind,
              EnabledState=state, HealthState=5, OperationalStatus=[2])  # fmt: skip
    for uplink in switch.uplinks:
        row = host.find("net_adapters", Name=uplink)
        port = d.id(f"port {switch.name} {row['PermanentMac']}")
        _allocation(
            d,
            f"{guid}\\{port}",
            f"{switch.name}_External",
            [d.device("ExternalEthernetPort", _external(row), host.name)],
        )
        _run_time_port(d, guid, port)
    for adapter in switch.host_adapters:
        row = host.find("net_adapters", Mac=adapter.mac)
        port = d.id(f"port {switch.name} {adapter.mac}")
        name = adapter.name or switch.name
        d.add("InternalEthernetPort", DeviceID=_external(row), SystemName=host.name, ElementName=name, Name=adapter.mac, EnabledState=2, PermanentAddress=adapter.mac,
              OperationalStatus=[2])  # fmt: skip
        _allocation(d, f"{guid}\\{port}", name, [d.reference("ComputerSystem", Name=host.name)], address=adapter.mac)
        _features(d, f"Microsoft:{guid}\\{port}", adapter)
        _run_time_port(d, guid, port)


def _allocation(
    d: Dumps, instance: str, name: str, resource: list[str], *, parent: str | None = None, address: str | None = None
) -> None:
    d.add(
        "EthernetPortAllocationSettingData",
        InstanceID=f"Microsoft:{instance}", ElementName=name, ResourceType=33, ResourceSubType="Microsoft:Hyper-V:Ethernet Connection", PoolID="", Parent=parent,
        HostResource=resource, Address=address, Connection=[], EnabledState=2, LastKnownSwitchName="", RequiredFeatures=[], RequiredFeatureHints=[], TestReplicaPoolID="",
        TestReplicaSwitchName="", CompartmentGuid=ZERO,
    )  # fmt: skip


def _run_time_port(d: Dumps, switch: str, port: str) -> None:
    d.add("EthernetSwitchPort", DeviceID=f"Microsoft:{port}", SystemName=switch, ElementName="Dynamic Ethernet Switch Port", EnabledState=2, OperationalStatus=[2],
          StatusDescriptions=[], VMQOffloadUsage=0, IOVOffloadUsage=0)  # fmt: skip
    d.add("EthernetSwitchPortOffloadData", DeviceID=f"Microsoft:{port}", SystemName=switch, Name=port, IovOffloadUsage=0, VMQOffloadUsage=0, IovVfId=0,
          IovVfDataPathActive=False, IovQueuePairUsage=0)  # fmt: skip


def _features(d: Dumps, connection: str, adapter: Adapter) -> None:
    """Port features that were ever set; what was never set has no row."""
    if adapter.dhcp_guard or adapter.router_guard or adapter.spoofing or adapter.mirror:
        d.add(
            "EthernetSwitchPortSecuritySettingData",
            InstanceID=f"{connection}\\{SECURITY}\\{d.id(connection + 'security')}", AllowMacSpoofing=adapter.spoofing, EnableDhcpGuard=adapter.dhcp_guard,
            EnableRouterGuard=adapter.router_guard, MonitorMode=adapter.mirror, MonitorSession=0, AllowIeeePriorityTag=False, VirtualSubnetId=0, AllowTeaming=False,
            TeamName="", TeamNumber=0, DynamicIPAddressLimit=0, StormLimit=0, EnableFixSpeed10G=False,
        )  # fmt: skip
    if adapter.vlan or adapter.trunk:
        d.add(
            "EthernetSwitchPortVlanSettingData",
            InstanceID=f"{connection}\\{VLAN}\\{d.id(connection + 'vlan')}", OperationMode=2 if adapter.trunk else 1, AccessVlanId=adapter.vlan, NativeVlanId=0, PvlanMode=0,
            PrimaryVlanId=0, SecondaryVlanId=0, TrunkVlanIdArray=adapter.trunk, PruneVlanIdArray=[], SecondaryVlanIdArray=[],
        )  # fmt: skip
    if adapter.bandwidth:
        d.add("EthernetSwitchPortBandwidthSettingData", InstanceID=f"{connection}\\{BANDWIDTH}\\{d.id(connection + 'bandwidth')}", Reservation=0, Weight=0,
              Limit=adapter.bandwidth, BurstLimit=0, BurstSize=0)  # fmt: skip
    d.add(
        "EthernetSwitchPortOffloadSettingData",
        InstanceID=f"{connection}\\{OFFLOAD}\\{d.id(connection + 'offload')}", VMQOffloadWeight=100, IOVOffloadWeight=0, IOVQueuePairsRequested=1, IOVInterruptModeration=0,
        IPSecOffloadLimit=512, VmmqEnabled=False, VmmqQueuePairs=16, VrssEnabled=True,
    )  # fmt: skip


def _machine(d: Dumps, vm: Vm) -> None:
    host, guid = d.host, d.vm(vm)
    runs = vm.state in RUNS
    d.add(
        "ComputerSystem",
        Name=guid, ElementName=vm.name, Caption=host.say("vm caption"), EnabledState=STATES[vm.state], RequestedState=12, HealthState=5, OperationalStatus=[2],
        OnTimeInMilliseconds=int(vm.up_hours * 3600 * 1000) if runs else 0, TimeOfLastStateChange=host.ago(days=vm.changed_days_ago),
        TimeOfLastConfigurationChange=host.ago(days=vm.changed_days_ago), ProcessID=d.worker(vm), NumberOfNumaNodes=1, ReplicationState=0, ReplicationHealth=0,
        ReplicationMode=0, FailedOverReplicationType=0, LastReplicationType=0,
        LastSuccessfulBackupTime=None if vm.backup_days_ago is None else host.ago(days=vm.backup_days_ago), EnhancedSessionModeState=3, HwThreadsPerCoreRealized=1 if runs else None,
    )  # fmt: skip
    d.summary(vm, STATES[vm.state])
    _settings(d, vm, guid, vm.name, "Microsoft:Hyper-V:System:Realized", vm.created_days_ago)
    _devices(d, vm, guid, vm.disks, live=True)
    for number, checkpoint in enumerate(vm.checkpoints):
        point = d.id(f"vm {vm.name} checkpoint {number}")
        kind = "Microsoft:Hyper-V:Snapshot:" + ("Recovery" if checkpoint.recovery else "Realized")
        _settings(d, vm, point, checkpoint.name, kind, checkpoint.days_ago)
        _devices(d, vm, point, checkpoint.disks, live=False)
        d.add("SnapshotOfVirtualSystem", Antecedent=d.reference("ComputerSystem", Name=guid),
              Dependent=d.reference("VirtualSystemSettingData", InstanceID=f"Microsoft:{point}"))  # fmt: skip
    for relation in (0, 1):
        d.add(
            "ReplicationSettingData",
            InstanceID=f"Microsoft:{guid}\\HVR\\{relation}", VirtualSystemIdentifier=guid, AuthenticationType=0, CertificateThumbPrint="", RootCertificateThumbPrint="",
            CompressionEnabled=False, BypassProxyServer=False, PrimaryHostSystem="", PrimaryConnectionPoint="", RecoveryHostSystem="", RecoveryConnectionPoint="",
            RecoveryServerPortNumber=0, ReplicateHostKvpItems=False, ApplicationConsistentSnapshotInterval=0, RecoveryHistory=0, IncludedDisks=[],
            AutoResynchronizeEnabled=False, AutoResynchronizeIntervalStart=66600, AutoResynchronizeIntervalEnd=21600, EnableWriteOrderPreservationAcrossDisks=False,
            ReplicationInterval=300,
        )  # fmt: skip
        d.add("ReplicationRelationship", InstanceID=f"Microsoft:{guid}\\HVR\\{relation}", ReplicationState=0, ReplicationHealth=0, FailedOverReplicationType=0,
              LastReplicationType=0)  # fmt: skip
    for trustee in vm.console_users:
        d.add("InteractiveSessionACE", VMId=guid, Trustee=trustee, AccessType=0)
    if host.build >= 17763 or (host.build >= 14393 and vm.tpm):
        d.add(
            "SecuritySettingData",
            InstanceID=f"Microsoft:{guid}\\{d.id(f'security {vm.name}')}", TpmEnabled=vm.tpm, KsdEnabled=False, ShieldingRequested=False, DataProtectionRequested=False,
            EncryptStateAndVmMigrationTraffic=vm.encrypt_migration, VirtualizationBasedSecurityOptOut=False, BindToHostTpm=False,
        )  # fmt: skip
        d.add(
            "SecurityElement",
            SystemName=guid,
            Name="Security",
            Shielded=False,
            EncryptStateAndVmMigrationTrafficEnabled=vm.encrypt_migration,
        )
    if runs:
        _run_time(d, vm, guid)


def _settings(d: Dumps, vm: Vm, owner: str, name: str, kind: str, days_ago: float) -> None:
    uefi = vm.generation == 2
    parent = None
    if vm.checkpoints and kind.endswith("System:Realized"):
        last = d.id(f"vm {vm.name} checkpoint {len(vm.checkpoints) - 1}")
        parent = d.reference("VirtualSystemSettingData", InstanceID=f"Microsoft:{last}")
    template = (UEFI_TEMPLATE if vm.linux_template else WINDOWS_TEMPLATE) if uefi else ZERO
    boot = d.reference("BootSourceSettingData", InstanceID=f"Microsoft:{owner}\\1")
    d.add(
        "VirtualSystemSettingData",
        InstanceID=f"Microsoft:{owner}", ElementName=name, VirtualSystemIdentifier=d.vm(vm), VirtualSystemType=kind, VirtualSystemSubType=f"Microsoft:Hyper-V:SubType:{vm.generation}",
        Version=vm.version, CreationTime=d.host.ago(days=days_ago), Parent=parent, ConfigurationID=d.vm(vm), ConfigurationDataRoot=vm.home,
        ConfigurationFile=f"Virtual Machines\\{owner}.vmcx", SnapshotDataRoot=vm.home, SuspendDataRoot=vm.home, SwapFileDataRoot=vm.home, LogDataRoot=vm.home,
        AutomaticStartupAction=3, AutomaticStartupActionDelay=0, AutomaticStartupActionSequenceNumber=0, AutomaticShutdownAction=4, AutomaticRecoveryAction=3,
        AutomaticCriticalErrorAction=1, AutomaticCriticalErrorActionTimeout=1800, BIOSNumLock=False, BootOrder=[] if uefi else [1, 2, 3, 0], BootSourceOrder=[boot] if uefi else [],
        NetworkBootPreferredProtocol=4096, PauseAfterBootFailure=False, SecureBootEnabled=uefi and vm.secure_boot, SecureBootTemplateId=template, ConsoleMode=0,
        DebugChannelId=4294967295, DebugPort=0, DebugPortEnabled=0, AllowFullSCSICommandSet=vm.full_scsi, AllowReducedFcRedundancy=False, GuestControlledCacheTypes=False,
        LockOnDisconnect=True, IncrementalBackupEnabled=True, VirtualNumaEnabled=True, UserSnapshotType=4 if vm.host_resource_protection else 3, AutomaticSnapshotsEnabled=False,
        IsAutomaticSnapshot=False, IsSaved=False, GuestStateDataRoot=vm.home, GuestStateFile=f"{owner}.vmgs" if uefi else "", Architecture="x64",
        EnhancedSessionTransportType=0, LowMmioGapSize=128, HighMmioGapSize=512, EnableHibernation=False, TurnOffOnGuestRestart=False, NotesLength=0, NotesSuspicious=False,
    )  # fmt: skip
    if uefi:
        d.add("BootSourceSettingData", InstanceID=f"Microsoft:{owner}\\1", ElementName="EFI SCSI Device", BootSourceType=1, BootSourceDescription="EFI SCSI Device",
              FirmwareDevicePath="\\AcpiEx(VMBus,0,0)\\Scsi(0,0)")  # fmt: skip


def _devices(d: Dumps, vm: Vm, owner: str, disks: list[Disk], *, live: bool) -> None:
    low, high = vm.dynamic or (512, 1048576)
    d.add(
        "ProcessorSettingData",
        InstanceID=f"Microsoft:{owner}\\b637f346-6a0e-4dec-af52-bd70cb80a21d\\0", ResourceType=3, ResourceSubType="Microsoft:Hyper-V:Processor", PoolID="",
        VirtualQuantity=vm.cpus, Reservation=0, Limit=100000, Weight=100, LimitCPUID=False, LimitProcessorFeatures=False, MaxProcessorsPerNumaNode=32, MaxNumaNodesPerSocket=1,
        HwThreadsPerCore=0, EnableHostResourceProtection=vm.host_resource_protection, CpuGroupId=ZERO, HideHypervisorPresent=False, ExposeVirtualizationExtensions=vm.nested,
        DisableSpeculationControls=False, EnablePerfmonPmu=False, EnablePerfmonLbr=False, EnablePerfmonPebs=False, EnablePerfmonIpt=False, EnableLegacyApicMode=False,
        AllowACountMCount=True,
    )  # fmt: skip
    d.add(
        "MemorySettingData",
        InstanceID=f"Microsoft:{owner}\\4764334d-e001-4176-82ee-5594ec9b530e", ResourceType=4, ResourceSubType="Microsoft:Hyper-V:Memory", PoolID="",
        AllocationUnits="byte * 2^20", VirtualQuantity=vm.memory_mib, VirtualQuantityUnits="byte * 2^20", Reservation=low, Limit=high, Weight=5000,
        DynamicMemoryEnabled=vm.dynamic is not None, TargetMemoryBuffer=20, MaxMemoryBlocksPerNumaNode=120000, SwapFilesInUse=False, IsVirtualized=True, HugePagesEnabled=False,
    )  # fmt: skip
    _storage(d, vm, owner, disks)
    for number, adapter in enumerate(vm.adapters):
        _adapter(d, vm, owner, number, adapter)
    for port in (0, 1):
        pipe = [vm.com_pipe] if vm.com_pipe and port == 0 else []
        d.add("SerialPortSettingData", InstanceID=f"Microsoft:{owner}\\{SERIAL}\\{port}", ElementName=f"COM {port + 1}", ResourceType=21,
              ResourceSubType="Microsoft:Hyper-V:Serial Port", Connection=pipe, DebuggerMode=False)  # fmt: skip
    d.services(vm, owner, live=live)


def _allocated(
    d: Dumps,
    instance: str,
    name: str,
    number: int,
    kind: str,
    *,
    parent: str | None = None,
    address: str | None = None,
    on_parent: str | None = None,
) -> str:
    d.add(
        "ResourceAllocationSettingData",
        InstanceID=f"Microsoft:{instance}", ElementName=name, ResourceType=number, ResourceSubType=f"Microsoft:Hyper-V:{kind}", PoolID="", Parent=parent, Address=address,
        AddressOnParent=on_parent, HostResource=[], Connection=[], VirtualQuantity=1, VirtualSystemIdentifiers=["{" + ZERO + "}"],
    )  # fmt: skip
    return d.reference("ResourceAllocationSettingData", InstanceID=f"Microsoft:{instance}")


def _image(d: Dumps, instance: str, parent: str, kind: str, path: str) -> None:
    disk = kind == "Virtual Hard Disk"
    d.add(
        "StorageAllocationSettingData",
        InstanceID=f"Microsoft:{instance}", ElementName=kind, ResourceType=31, ResourceSubType=f"Microsoft:Hyper-V:{kind}", PoolID="", Parent=parent, HostResource=[path],
        Access=3 if disk else 1, IOPSLimit=0, IOPSReservation=0, IOPSAllocationUnits=8192, PersistentReservationsSupported=False, StorageQoSPolicyID=ZERO, CachingMode=0,
        IgnoreFlushes=False, WriteHardeningMethod=0, VirtualResourceBlockSize=None,
    )  # fmt: skip


def _storage(d: Dumps, vm: Vm, owner: str, disks: list[Disk]) -> None:
    say, scsi = d.host.say, d.id(f"scsi {vm.name}")
    controllers = {"SCSI": _allocated(d, f"{owner}\\{scsi}\\0", say("controller scsi"), 6, "Synthetic SCSI Controller")}
    if vm.generation == 1:
        for number in (0, 1):
            name = f"{say('controller ide')} {number}"
            controllers[f"IDE{number}"] = _allocated(
                d, f"{owner}\\{IDE}\\{number}", name, 5, "Emulated IDE Controller", address=str(number)
            )
    for disk in disks:
        base, key = (f"{owner}\\{scsi}\\0", "SCSI") if disk.controller == "SCSI" else (f"{owner}\\{IDE}\\0", "IDE0")
        place = f"{base}\\{disk.location}"
        drive = _allocated(
            d,
            f"{place}\\D",
            say("hard drive"),
            17,
            "Synthetic Disk Drive",
            parent=controllers[key],
            on_parent=str(disk.location),
        )
        _image(d, f"{place}\\L", drive, "Virtual Hard Disk", disk.path)
    base, key, slot = (
        (f"{owner}\\{scsi}\\0", "SCSI", len(disks) + 1) if vm.generation == 2 else (f"{owner}\\{IDE}\\1", "IDE1", 0)
    )
    drive = _allocated(
        d,
        f"{base}\\{slot}\\D",
        say("dvd drive"),
        16,
        "Synthetic DVD Drive",
        parent=controllers[key],
        on_parent=str(slot),
    )
    if vm.dvd:
        _image(d, f"{base}\\{slot}\\L", drive, "Virtual CD/DVD Disk", vm.dvd)
    if vm.generation == 1:
        drive = _allocated(
            d, f"{owner}\\{FLOPPY}\\0\\0\\D", "Diskette Drive", 14, "Synthetic Diskette Drive", on_parent="0"
        )
        if vm.floppy:
            _image(d, f"{owner}\\{FLOPPY}\\0\\0\\L", drive, "Virtual Floppy Disk", vm.floppy)


def _adapter(d: Dumps, vm: Vm, owner: str, number: int, adapter: Adapter) -> None:
    nic = d.id(f"vm {vm.name} adapter {number}")
    kind, instance = ("Emulated", f"{owner}\\{nic}\\0") if adapter.legacy else ("Synthetic", f"{owner}\\{nic}")
    name = d.host.say("legacy network adapter" if adapter.legacy else "network adapter")
    row: dict[str, Any] = {
        "InstanceID": f"Microsoft:{instance}", "ElementName": name, "ResourceType": 10, "ResourceSubType": f"Microsoft:Hyper-V:{kind} Ethernet Port", "PoolID": "",
        "Address": adapter.mac, "StaticMacAddress": False, "ClusterMonitored": True,
    }  # fmt: skip
    if not adapter.legacy:
        row |= {"DeviceNamingEnabled": False, "AllowPacketDirect": False, "VirtualSystemIdentifiers": ["{" + nic + "}"], "InterruptModeration": True, "MediaType": 0,
                "NumaAwarePlacement": False}  # fmt: skip
    d.add(f"{kind}EthernetPortSettingData", **row)
    if adapter.switch is None:
        return
    reference = d.reference("VirtualEthernetSwitch", Name=d.id(f"switch {adapter.switch}"))
    parent = d.reference(f"{kind}EthernetPortSettingData", InstanceID=f"Microsoft:{instance}")
    _allocation(d, f"{owner}\\{nic}\\C", name, [reference], parent=parent)
    _features(d, f"Microsoft:{owner}\\{nic}\\C", adapter)


def _run_time(d: Dumps, vm: Vm, guid: str) -> None:
    """Devices of a running machine, and the way from an adapter to its port on the switch."""
    say = d.host.say
    display = d.id(f"display {vm.name}")
    d.add("SyntheticDisplayController", DeviceID=f"Microsoft:{guid}\\{display}", SystemName=guid, ElementName="Video", EnabledState=2, HealthState=5, OperationalStatus=[2],
          StatusDescriptions=[])  # fmt: skip
    for number, adapter in enumerate(vm.adapters):
        nic = d.id(f"vm {vm.name} adapter {number}")
        kind = "Emulated" if adapter.legacy else "Synthetic"
        d.add(f"{kind}EthernetPort", DeviceID=f"Microsoft:{nic}", SystemName=guid, ElementName=say("legacy network adapter" if adapter.legacy else "network adapter"),
              EnabledState=2, HealthState=5, OperationalStatus=[2], StatusDescriptions=[], PermanentAddress=adapter.mac)  # fmt: skip
        d.add("GuestNetworkAdapterConfiguration", InstanceID=f"Microsoft:GuestNetwork\\{guid}\\{nic}", ProtocolIFType=4098, DHCPEnabled=False, IPAddresses=adapter.addresses,
              Subnets=["255.255.255.0"] * len(adapter.addresses), DefaultGateways=[], DNSServers=[], IPAddressOrigins=[3] * len(adapter.addresses))  # fmt: skip
        if adapter.switch is None:
            continue
        switch, port = d.id(f"switch {adapter.switch}"), d.id(f"run-time port {nic}")
        ends = []
        for side, system, system_class in (
            ("a", guid, "Msvm_ComputerSystem"),
            ("b", switch, "Msvm_VirtualEthernetSwitch"),
        ):
            endpoint = d.id(f"endpoint {side} {nic}")
            d.add(
                "LANEndpoint",
                Name=endpoint,
                SystemName=system,
                SystemCreationClassName=system_class,
                MACAddress=adapter.mac,
                Connected=True,
                EnabledState=2,
            )
            ends.append(
                d.reference("LANEndpoint", Name=endpoint, SystemCreationClassName=system_class, SystemName=system)
            )
        d.add("ActiveConnection", Antecedent=ends[0], Dependent=ends[1])
        d.add(
            "EthernetDeviceSAPImplementation",
            Antecedent=d.device(f"{kind}EthernetPort", f"Microsoft:{nic}", guid),
            Dependent=ends[0],
        )
        d.add(
            "EthernetDeviceSAPImplementation",
            Antecedent=d.device("EthernetSwitchPort", f"Microsoft:{port}", switch, "Msvm_VirtualEthernetSwitch"),
            Dependent=ends[1],
        )
        _run_time_port(d, switch, port)
