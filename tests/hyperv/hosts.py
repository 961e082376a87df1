"""Two invented hosts as class dumps: HV01 of Server 2019 with two VMs in a cluster, HV08 of 2008 R2 with one VM. Synthetic."""

import copy
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hyperv.folder import host_of

from snapshot_tool.hyperv.canonical import HyperV
from snapshot_tool.knowledge.format import Namespace, class_formats
from snapshot_tool.snapshot import Column, Origin, Record, Table
from snapshot_tool.verdict import Cause, Gap

WEB, DB = "11111111-aaaa-4000-8000-000000000001", "22222222-BBBB-4000-8000-000000000002"
SWITCH, PORT, UPLINK = (
    "33333333-0000-4000-8000-000000000003",
    "44444444-0000-4000-8000-000000000004",
    "55555555-0000-4000-8000-000000000005",
)
CHECKPOINT = "66666666-0000-4000-8000-000000000006"
NIC, LEGACY = "77777777-0000-4000-8000-000000000007", "88888888-0000-4000-8000-000000000008"
SCSI, SETTING = "99999999-0000-4000-8000-000000000009", "AAAAAAAA-0000-4000-8000-00000000000A"
IDE = "83F8638B-8DCA-4152-9EDA-2CA8B33039B4"
VLAN, SECURITY = "952C5004-4465-451C-8CB8-FA9AB382B773", "776E0BA7-94A1-41C8-8F28-951F524251B5"
HEARTBEAT, EXCHANGE = "84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47", "2A34B1C2-FD73-4043-8A5B-DD2159BC743F"

Rows = list[dict[str, Any]]


def ref(class_name: str, **keys: str) -> str:
    quoted = ",".join(f'{key}="{value}"'.replace("\\", "\\\\") for key, value in keys.items())
    return f"\\\\HV01\\root\\virtualization\\v2:{class_name}.{quoted}"


def _drive(owner: str, controller: str, place: int, kind: str) -> dict[str, Any]:
    parent = f"Microsoft:{owner}\\{controller}"
    return {
        "InstanceID": f"{parent}\\{place}\\D",
        "ResourceSubType": f"Microsoft:Hyper-V:{kind}",
        "PoolID": "",
        "Parent": ref("Msvm_ResourceAllocationSettingData", InstanceID=parent),
        "AddressOnParent": str(place),
        "HostResource": [],
    }


def _image(owner: str, controller: str, place: int, kind: str, path: str) -> dict[str, Any]:
    parent = f"Microsoft:{owner}\\{controller}\\{place}"
    return {
        "InstanceID": f"{parent}\\L",
        "ResourceSubType": f"Microsoft:Hyper-V:{kind}",
        "PoolID": "",
        "Parent": ref("Msvm_ResourceAllocationSettingData", InstanceID=f"{parent}\\D"),
        "HostResource": [path],
        "IOPSLimit": 500,
        "IOPSReservation": 0,
        "PersistentReservationsSupported": False,
        "StorageQoSPolicyID": "00000000-0000-0000-0000-000000000000",
        "WriteHardeningMethod": 0,
    }


def _settings(owner: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "InstanceID": f"Microsoft:{owner}",
        "ElementName": name,
        "VirtualSystemIdentifier": owner,
        "VirtualSystemType": "Microsoft:Hyper-V:System:Realized",
        "VirtualSystemSubType": "Microsoft:Hyper-V:SubType:2",
        "Version": "9.0",
        "ConfigurationDataRoot": f"D:\\VMs\\{name}",
        "ConfigurationFile": f"Virtual Machines\\{owner}.vmcx",
        "AutomaticStartupAction": 4,
        "AutomaticShutdownAction": 3,
        "UserSnapshotType": 3,
        "BootSourceOrder": [],
        "BootOrder": [],
        "SecureBootEnabled": True,
        "SecureBootTemplateId": "1734C6E8-3154-4DDA-BA5F-A874CC483422",
        "LockOnDisconnect": True,
        **more,
    }


def newer() -> dict[str, Rows]:
    """HV01."""
    return {
        "Msvm_ComputerSystem": [
            {"Name": "HV01", "ElementName": "HV01", "Caption": "Hostcomputersystem", "EnabledState": 2},
            {
                "Name": WEB,
                "ElementName": "web",
                "EnabledState": 2,
                "OperationalStatus": [2],
                "OnTimeInMilliseconds": 61500,
                "ReplicationMode": 1,
                "ProcessID": 4712,
            },
            {
                "Name": DB,
                "ElementName": "db",
                "EnabledState": 3,
                "OperationalStatus": [2],
                "OnTimeInMilliseconds": None,
                "ReplicationMode": 0,
            },
        ],
        "Msvm_VirtualSystemSettingData": [
            {
                "InstanceID": "Microsoft:Definition\\EDD10CCE-0000-4B7C-9E0A-000000000001\\Default",
                "VirtualSystemType": "Microsoft:Hyper-V:System:Realized",
                "Version": "9.0",
            },
            _settings(
                WEB, "web", BootSourceOrder=[ref("Msvm_BootSourceSettingData", InstanceID=f"Microsoft:{WEB}\\1")]
            ),
            _settings(
                DB,
                "db",
                VirtualSystemSubType="Microsoft:Hyper-V:SubType:1",
                BootOrder=[1, 2, 3, 0],
                SecureBootEnabled=False,
                Parent=ref("Msvm_VirtualSystemSettingData", InstanceID=f"Microsoft:{CHECKPOINT}"),
            ),
            _settings(
                CHECKPOINT,
                "before the update",
                VirtualSystemIdentifier=DB,
                VirtualSystemType="Microsoft:Hyper-V:Snapshot:Realized",
                VirtualSystemSubType="Microsoft:Hyper-V:SubType:1",
                IsSaved=False,
                IsAutomaticSnapshot=False,
            ),
        ],
        "Msvm_BootSourceSettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\1",
                "BootSourceType": 1,
                "BootSourceDescription": "EFI SCSI Device",
                "FirmwareDevicePath": "\\AcpiEx(VMBus,0,0)\\Scsi(0,0)",
            }
        ],
        "Msvm_ProcessorSettingData": [
            {
                "InstanceID": f"Microsoft:{owner}\\b637f346-6a0e-4dec-af52-bd70cb80a21d\\0",
                "PoolID": "",
                "VirtualQuantity": 2,
                "Limit": 75000,
                "Reservation": 0,
                "Weight": 100,
                "ExposeVirtualizationExtensions": False,
            }
            for owner in (WEB, DB, CHECKPOINT)
        ],
        "Msvm_MemorySettingData": [
            {
                "InstanceID": f"Microsoft:{owner}\\4764334d-e001-4176-82ee-5594ec9b530e",
                "VirtualQuantity": 4096,
                "Reservation": 512,
                "Limit": 8192,
                "Weight": 5000,
                "DynamicMemoryEnabled": owner == WEB,
                "TargetMemoryBuffer": 20,
                "SwapFilesInUse": False,
            }
            for owner in (WEB, DB, CHECKPOINT)
        ],
        "Msvm_SummaryInformation": [
            {
                "Name": WEB,
                "MemoryUsage": 4096,
                "MemoryAvailable": 37,
                "SwapFilesInUse": False,
                "IntegrationServicesVersionState": 1,
            },
            {
                "Name": DB,
                "MemoryUsage": 0,
                "MemoryAvailable": None,
                "SwapFilesInUse": False,
                "IntegrationServicesVersionState": 0,
            },
        ],
        "Msvm_ResourceAllocationSettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\{SCSI}\\0",
                "ResourceSubType": "Microsoft:Hyper-V:Synthetic SCSI Controller",
            },
            _drive(WEB, f"{SCSI}\\0", 0, "Synthetic Disk Drive"),
            _drive(WEB, f"{SCSI}\\0", 1, "Synthetic DVD Drive"),
            {
                **_drive(WEB, f"{SCSI}\\0", 2, "Physical Disk Drive"),
                "HostResource": [ref("Msvm_DiskDrive", DeviceID="Microsoft:353B\\3")],
            },
            {
                "InstanceID": f"Microsoft:{DB}\\{IDE}\\0",
                "ResourceSubType": "Microsoft:Hyper-V:Emulated IDE Controller",
                "Address": "0",
            },
            _drive(DB, f"{IDE}\\0", 0, "Synthetic Disk Drive"),
            {
                "InstanceID": f"Microsoft:{CHECKPOINT}\\{IDE}\\0",
                "ResourceSubType": "Microsoft:Hyper-V:Emulated IDE Controller",
                "Address": "0",
            },
            _drive(CHECKPOINT, f"{IDE}\\0", 0, "Synthetic Disk Drive"),
        ],
        "Msvm_StorageAllocationSettingData": [
            _image(WEB, f"{SCSI}\\0", 0, "Virtual Hard Disk", "D:\\VMs\\web\\web.vhdx"),
            _image(DB, f"{IDE}\\0", 0, "Virtual Hard Disk", "D:\\VMs\\db\\db_1.avhdx"),
            _image(CHECKPOINT, f"{IDE}\\0", 0, "Virtual Hard Disk", "D:\\VMs\\db\\db.vhdx"),
        ],
        "Msvm_DiskDrive": [{"DeviceID": "Microsoft:353b\\3", "SystemName": "HV01", "DriveNumber": 3}],
        "Msvm_SerialPortSettingData": [
            {
                "InstanceID": f"Microsoft:{DB}\\8E3A359F-559A-4B6A-98A9-1690A6100ED7\\{number}",
                "Connection": [] if number else ["\\\\.\\pipe\\db"],
                "DebuggerMode": False,
            }
            for number in (0, 1)
        ],
        "Msvm_SyntheticEthernetPortSettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\{NIC}",
                "ElementName": "Netzwerkkarte",
                "Address": "00155D000001",
                "StaticMacAddress": True,
                "ClusterMonitored": True,
                "DeviceNamingEnabled": False,
            }
        ],
        "Msvm_EmulatedEthernetPortSettingData": [
            {
                "InstanceID": f"Microsoft:{DB}\\{LEGACY}\\0",
                "ElementName": "Legacy",
                "Address": "00155D000002",
                "StaticMacAddress": False,
                "ClusterMonitored": True,
            }
        ],
        "Msvm_EthernetPortAllocationSettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\{NIC.lower()}\\C",
                "Parent": ref("Msvm_SyntheticEthernetPortSettingData", InstanceID=f"Microsoft:{WEB}\\{NIC}"),
                "HostResource": [ref("Msvm_VirtualEthernetSwitch", Name=SWITCH.lower())],
                "EnabledState": 2,
                "PoolID": "",
                "LastKnownSwitchName": "",
                "TestReplicaSwitchName": "",
                "RequiredFeatures": [],
            },
            {
                "InstanceID": f"Microsoft:{SWITCH}\\{PORT}",
                "ElementName": "LAN",
                "HostResource": [ref("Msvm_ComputerSystem", Name="HV01")],
                "Address": "00155D0000F0",
                "EnabledState": 2,
                "PoolID": "",
                "LastKnownSwitchName": "",
                "TestReplicaSwitchName": "",
                "RequiredFeatures": [],
            },
            {
                "InstanceID": f"Microsoft:{SWITCH}\\{UPLINK}",
                "ElementName": "LAN_External",
                "HostResource": [ref("Msvm_ExternalEthernetPort", DeviceID=f"Microsoft:{{{UPLINK}}}")],
                "EnabledState": 2,
                "PoolID": "",
                "LastKnownSwitchName": "",
                "TestReplicaSwitchName": "",
                "RequiredFeatures": [],
            },
        ],
        "Msvm_EthernetSwitchPortVlanSettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\{NIC.lower()}\\C\\{VLAN}\\{SETTING}",
                "OperationMode": 1,
                "AccessVlanId": 20,
                "NativeVlanId": 0,
                "PvlanMode": 0,
                "PrimaryVlanId": 0,
                "SecondaryVlanId": 0,
                "TrunkVlanIdArray": [],
                "SecondaryVlanIdArray": [],
            }
        ],
        "Msvm_EthernetSwitchPortSecuritySettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\{NIC.lower()}\\C\\{SECURITY}\\{SETTING}",
                "AllowMacSpoofing": True,
                "EnableDhcpGuard": True,
                "EnableRouterGuard": False,
                "MonitorMode": 2,
                "AllowIeeePriorityTag": False,
                "VirtualSubnetId": 0,
                "AllowTeaming": False,
                "DynamicIPAddressLimit": 0,
                "StormLimit": 0,
            }
        ],
        "Msvm_VirtualEthernetSwitch": [{"Name": SWITCH, "ElementName": "LAN"}],
        "Msvm_VirtualEthernetSwitchSettingData": [
            {
                "InstanceID": f"Microsoft:{SWITCH}",
                "IOVPreferred": False,
                "BandwidthReservationMode": 1,
                "TeamingEnabled": False,
                "PacketDirectEnabled": False,
                "ExtensionOrder": [],
            }
        ],
        "Msvm_ExternalEthernetPort": [
            {"DeviceID": f"Microsoft:{{{UPLINK}}}", "SystemName": "HV01", "ElementName": "Ethernet Controller"}
        ],
        "Msvm_InternalEthernetPort": [
            {
                "DeviceID": f"Microsoft:{{{PORT}}}",
                "SystemName": "HV01",
                "ElementName": "LAN",
                "PermanentAddress": "00155D0000F0",
            }
        ],
        "Msvm_SyntheticEthernetPort": [
            {"DeviceID": f"Microsoft:{NIC}", "SystemName": WEB, "EnabledState": 2, "OperationalStatus": [2]}
        ],
        "Msvm_HeartbeatComponentSettingData": [
            {"InstanceID": f"Microsoft:{owner}\\{HEARTBEAT}", "ElementName": "Takt", "EnabledState": 2}
            for owner in (WEB, DB, CHECKPOINT)
        ],
        "Msvm_HeartbeatComponent": [
            {
                "SystemName": WEB,
                "DeviceID": f"Microsoft:{WEB}\\{HEARTBEAT}",
                "EnabledState": 2,
                "OperationalStatus": [2, 2],
            }
        ],
        "Msvm_KvpExchangeComponentSettingData": [
            {"InstanceID": f"Microsoft:{WEB}\\{EXCHANGE}", "EnabledState": 3, "DisableHostKVPItems": True}
        ],
        "Msvm_KvpExchangeComponent": [
            {
                "SystemName": WEB,
                "DeviceID": f"Microsoft:{WEB}\\{EXCHANGE}",
                "EnabledState": 2,
                "OperationalStatus": [2],
                "GuestIntrinsicExchangeItems": [
                    '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Data" TYPE="string"><VALUE>R&amp;D 2019</VALUE></PROPERTY><PROPERTY NAME="Name" TYPE="string"><VALUE>OSName</VALUE></PROPERTY></INSTANCE>',
                    'instance of Msvm_KvpExchangeDataItem { Data = "10.0"; Name = "IntegrationServicesVersion"; };',
                ],
            }
        ],
        "Msvm_ReplicationSettingData": [
            {
                "InstanceID": f"Microsoft:{owner}\\HVR\\{suffix}",
                "AuthenticationType": 1,
                "CertificateThumbPrint": "",
                "PrimaryHostSystem": "hv01",
                "RecoveryHostSystem": "hv02",
                "RecoveryServerPortNumber": 80,
                "ReplicationInterval": 300,
                "IncludedDisks": [f"Microsoft:{WEB}\\{SCSI}\\0\\0\\L"],
            }
            for owner in (WEB, DB)
            for suffix in (0, 1)
        ],
        "Msvm_ReplicationRelationship": [
            {
                "InstanceID": f"Microsoft:{owner}\\HVR\\{suffix}",
                "ReplicationState": 3 if owner == WEB and suffix == 0 else 0,
                "ReplicationHealth": 1 if owner == WEB and suffix == 0 else 0,
            }
            for owner in (WEB, DB)
            for suffix in (0, 1)
        ],
        "Msvm_ReplicationServiceSettingData": [
            {
                "InstanceID": "Microsoft:HV01\\HVR",
                "RecoveryServerEnabled": False,
                "AllowedAuthenticationType": 1,
                "HttpPort": 80,
                "HttpsPort": 443,
                "CertificateThumbPrint": "",
            }
        ],
        "Msvm_SecuritySettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\{SETTING}",
                "TpmEnabled": True,
                "KsdEnabled": False,
                "ShieldingRequested": False,
                "DataProtectionRequested": False,
                "EncryptStateAndVmMigrationTraffic": True,
                "VirtualizationBasedSecurityOptOut": False,
                "BindToHostTpm": False,
            }
        ],
        "Msvm_VirtualSystemManagementServiceSettingData": [
            {
                "InstanceID": "Microsoft:HV01",
                "DefaultExternalDataRoot": "D:\\VMs",
                "DefaultVirtualHardDiskPath": "D:\\VHD",
                "MinimumMacAddress": "00155D000000",
                "MaximumMacAddress": "00155D0000FF",
                "NumaSpanningEnabled": True,
                "EnhancedSessionModeEnabled": False,
                "HypervisorRootSchedulerEnabled": False,
            }
        ],
        "Msvm_VirtualSystemMigrationServiceSettingData": [
            {
                "InstanceID": "Microsoft:HV01",
                "EnableVirtualSystemMigration": True,
                "MaximumActiveVirtualSystemMigration": 2,
                "MaximumActiveStorageMigration": 2,
                "AuthenticationType": 1,
                "EnableCompression": True,
                "EnableSmbTransport": True,
            }
        ],
        "Msvm_VirtualSystemMigrationNetworkSettingData": [
            {
                "InstanceID": f"Microsoft:HV01\\{number}",
                "SubnetNumber": subnet,
                "PrefixLength": 0,
                "Metric": 0,
                "Tags": ["Microsoft:UserManagedAllNetworks"],
            }
            for number, subnet in enumerate(("0.0.0.0", "::"))
        ],
        "Msvm_TerminalServiceSettingData": [
            {
                "InstanceID": "Microsoft:HV01",
                "ListenerPort": 2179,
                "DisableSelfSignedCertificateGeneration": False,
                "AuthCertificateHash": "",
            }
        ],
        "Msvm_InteractiveSessionACE": [{"VMId": WEB, "Trustee": "CORP\\owners", "AccessType": 0}],
        "Msvm_SnapshotOfVirtualSystem": [
            {
                "Antecedent": ref("Msvm_ComputerSystem", Name=DB),
                "Dependent": ref("Msvm_VirtualSystemSettingData", InstanceID=f"Microsoft:{CHECKPOINT}"),
            }
        ],
        "MSCluster_Cluster": [{"Name": "CL", "SecurityLevel": 1, "QuorumType": "Node Majority"}],
        "MSCluster_Resource": [
            {
                "Id": SETTING,
                "Name": "Virtual Machine web",
                "Type": "Virtual Machine",
                "State": 2,
                "OwnerGroup": "web",
                "OwnerNode": "HV01",
                "IsClusterSharedVolume": False,
                "CoreResource": False,
                "PrivateProperties.VmID": WEB,
            },
            {
                "Id": SCSI,
                "Name": "Broker",
                "Type": "Virtual Machine Replication Broker",
                "State": 2,
                "OwnerGroup": "broker",
                "OwnerNode": "HV01",
                "IsClusterSharedVolume": False,
                "CoreResource": False,
                "PrivateProperties.RecoveryServerEnabled": "1",
                "PrivateProperties.AuthenticationType": 3,
                "PrivateProperties.HttpPort": 80,
                "PrivateProperties.HttpsPort": "443",
                "PrivateProperties.CertificateThumbPrint": "",
                "PrivateProperties.Authorization": "*\u00a0D:\\Replica\u00a0DEFAULT",
            },
        ],
        "MSCluster_ResourceType": [
            {
                "Name": "Virtual Machine",
                "PrivateProperties.MigrationExcludeNetworks": f"{NIC};{PORT}",
                "PrivateProperties.MigrationNetworkOrder": None,
            }
        ],
        "MSCluster_Network": [
            {"Id": NIC, "Name": "LAN", "Role": 3, "Address": "10.0.0.0", "IPv4PrefixLengths": ["24"]}
        ],
    }


def older() -> dict[str, Rows]:
    """HV08."""

    def here(class_name: str, **keys: str) -> str:
        return ref(class_name, **keys).replace("\\v2:", ":")

    drive = f"Microsoft:{WEB}\\{IDE}\\0"
    return {
        "Msvm_ComputerSystem": [
            {"Name": "HV08", "ElementName": "HV08", "EnabledState": 2},
            {
                "Name": WEB,
                "ElementName": "web",
                "EnabledState": 32769,
                "OperationalStatus": [2],
                "OnTimeInMilliseconds": 0,
            },
        ],
        "Msvm_VirtualSystemSettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}",
                "SystemName": WEB,
                "SettingType": 3,
                "ElementName": "web",
                "BootOrder": [1, 2, 3, 0],
                "BIOSNumLock": False,
                "NotesLength": 0,
                "NotesSuspicious": False,
            }
        ],
        "Msvm_VirtualSystemGlobalSettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\Global",
                "SystemName": WEB,
                "ExternalDataRoot": "D:\\web",
                "SnapshotDataRoot": "D:\\web",
                "AutomaticStartupAction": 1,
                "AutomaticStartupActionDelay": 0,
                "AutomaticShutdownAction": 1,
                "ScopeOfResidence": "",
                "DebugPortEnabled": 0,
                "AllowFullSCSICommandSet": False,
                "Version": "2.0",
            }
        ],
        "Msvm_ProcessorSettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\b637f346-6a0e-4dec-af52-bd70cb80a21d\\0",
                "VirtualQuantity": 1,
                "Limit": 100000,
                "Reservation": 0,
                "Weight": 100,
                "LimitCPUID": False,
                "LimitProcessorFeatures": True,
            }
        ],
        "Msvm_ResourceAllocationSettingData": [
            {"InstanceID": drive, "ResourceSubType": "Microsoft Emulated IDE Controller", "Address": "0"},
            {
                "InstanceID": f"{drive}\\0\\D",
                "ResourceSubType": "Microsoft Synthetic Disk Drive",
                "Parent": here("Msvm_ResourceAllocationSettingData", InstanceID=drive),
                "Address": "0",
            },
            {
                "InstanceID": f"{drive}\\0\\L",
                "ResourceSubType": "Microsoft Virtual Hard Disk",
                "Parent": here("Msvm_ResourceAllocationSettingData", InstanceID=f"{drive}\\0\\D"),
                "Connection": ["D:\\web\\web.vhd"],
            },
        ],
        "Msvm_SyntheticEthernetPortSettingData": [
            {
                "InstanceID": f"Microsoft:{WEB}\\{NIC}",
                "ElementName": "Carte",
                "Address": "00155D000001",
                "StaticMacAddress": False,
                "Connection": [here("Msvm_SwitchPort", Name=PORT, SystemName=SWITCH)],
            }
        ],
        "Msvm_VirtualSwitch": [{"Name": SWITCH, "ElementName": "LAN", "ScopeOfResidence": "", "MaxVMQOffloads": 0}],
        "Msvm_SwitchPort": [
            {
                "Name": PORT,
                "SystemName": SWITCH,
                "AllowMacSpoofing": True,
                "PreventIPSpoofing": False,
                "AllowedIPv4Addresses": [],
                "VMQOffloadWeight": 100,
            },
            {
                "Name": UPLINK,
                "SystemName": SWITCH,
                "AllowMacSpoofing": False,
                "PreventIPSpoofing": False,
                "AllowedIPv4Addresses": [],
                "VMQOffloadWeight": 100,
            },
        ],
        # Which end is which differs between hosts; here they are swapped on purpose.
        "Msvm_ActiveConnection": [
            {
                "Dependent": here("Msvm_SwitchPort", Name=UPLINK, SystemName=SWITCH),
                "Antecedent": here("Msvm_SwitchLANEndpoint", Name=SETTING),
            }
        ],
        "Msvm_GlobalEthernetPortSAPImplementation": [
            {
                "Antecedent": here("Msvm_ExternalEthernetPort", DeviceID=f"Microsoft:{{{UPLINK}}}"),
                "Dependent": here("Msvm_SwitchLANEndpoint", Name=SETTING),
            }
        ],
        "Msvm_ExternalEthernetPort": [
            {"DeviceID": f"Microsoft:{{{UPLINK}}}", "SystemName": "HV08", "ElementName": "Gigabit"}
        ],
        "Msvm_BindsTo": [
            {
                "Antecedent": here("Msvm_SwitchPort", Name=PORT, SystemName=SWITCH),
                "Dependent": here("Msvm_VLANEndpoint", Name=VLAN),
            }
        ],
        "Msvm_NetworkElementSettingData": [
            {
                "ManagedElement": here("Msvm_VLANEndpoint", Name=VLAN),
                "SettingData": here("Msvm_VLANEndpointSettingData", InstanceID=f"Microsoft:{VLAN}\\Root"),
            }
        ],
        "Msvm_VLANEndpoint": [{"Name": VLAN, "SystemName": SWITCH, "DesiredEndpointMode": 2}],
        "Msvm_VLANEndpointSettingData": [
            {
                "InstanceID": f"Microsoft:{VLAN}\\Root",
                "AccessVLAN": 30,
                "NativeVLAN": 0,
                "TrunkedVLANList": [],
                "PVlanMode": 0,
            }
        ],
    }


@dataclass
class Hidden:
    """What could not be read: a whole dump, a column of it, or one cell."""

    dump: str
    column: str | None = None
    row: int | None = None
    gap: Gap = field(default_factory=lambda: Gap(Cause.ACCESS_DENIED, "hidden"))


class Dumps:
    """A host's dumps as the loader gives them; classes without rows are empty, not missing."""

    def __init__(
        self, rows: Mapping[str, Rows], build: int, hidden: Hidden | None = None, *, order: random.Random | None = None
    ) -> None:
        self.host = host_of(build)
        self.old = build < 9200
        self.hidden = hidden
        self.rows = {name: copy.deepcopy(found) for name, found in rows.items()}
        if order is not None:
            for found in self.rows.values():
                order.shuffle(found)

    def names(self) -> list[str]:
        part: Namespace = "v1" if self.old else "v2"
        return [
            name
            for name, known in {**class_formats(part), **class_formats("cluster")}.items()
            if known.offered_in(self.host.era or "", self.host.build)
        ]

    def table(self, name: str) -> Table:
        if not name.startswith(("hv/", "cluster/")):
            return Table(name, {}, gap=Gap(Cause.NOT_COLLECTED, "not collected"))
        part: Namespace = "cluster" if name.startswith("cluster/") else "v1" if self.old else "v2"
        known = class_formats(part).get(name)
        if known is None or not known.offered_in(self.host.era or "", self.host.build):
            return Table(name, {}, not_offered="osTooOld")
        if part == "cluster" and "MSCluster_Cluster" not in self.rows:
            return Table(name, {}, absent="roleAbsent")
        columns = {
            column: Column(column, _as_is, not_offered=not format_.offered_in(self.host.era or "", self.host.build))
            for column, format_ in known.columns.items()
        }
        hidden = self.hidden if self.hidden is not None and self.hidden.dump == name else None
        if hidden is not None and hidden.column is None:
            return Table(name, columns, gap=hidden.gap)
        records = []
        for number, row in enumerate(self.rows.get(name.rpartition("/")[2], ())):
            cells = {column: row.get(column) for column in columns}
            gaps = {}
            if hidden is not None and hidden.column is not None and hidden.row in (None, number):
                cells[hidden.column] = None
                if hidden.row is not None:
                    gaps = {hidden.column: hidden.gap}
            records.append(Record(cells, Origin(f"data/{name}.json", f"rows[{number}]"), gaps))
        if hidden is not None and hidden.column is not None and hidden.row is None:
            columns[hidden.column] = Column(hidden.column, _as_is, gap=hidden.gap)
        return Table(name, columns, records)

    def hyperv(self) -> HyperV:
        namespace = "root\\virtualization" if self.old else "root\\virtualization\\v2"
        other: Callable[[str], Table] = self.table
        return HyperV(self.table, self.host, other=other, namespace_of=lambda _name: namespace)


def _as_is(value: Any) -> Any:
    return value
