"""Numbers that Hyper-V's classes hold and the symbols that PowerShell shows for them.

Sources: Microsoft's class documentation and the type listing of the Hyper-V module 2.0 (2016 and later).
"""

from collections.abc import Mapping

Symbols = Mapping[int, str]

_CRITICAL_STATES = (
    "RunningCritical",
    "OffCritical",
    "StoppingCritical",
    "SavedCritical",
    "PausedCritical",
    "StartingCritical",
    "ResetCritical",
    "SavingCritical",
    "PausingCritical",
    "ResumingCritical",
    "FastSavedCritical",
    "FastSavingCritical",
)

VM_STATE: Symbols = {
    1: "Other",
    2: "Running",
    3: "Off",
    4: "Stopping",
    6: "Saved",
    9: "Paused",
    10: "Starting",
    11: "Reset",
    32773: "Saving",
    32776: "Pausing",
    32777: "Resuming",
    32779: "FastSaved",
    32780: "FastSaving",
    32781: "ForceShutdown",
    32782: "ForceReboot",
    32783: "Hibernated",
    32784: "ComponentServicing",
    **{32785 + index: symbol for index, symbol in enumerate(_CRITICAL_STATES)},
}

# The old namespace has numbers of its own; taking a snapshot (32771) has no symbol in PowerShell.
VM_STATE_V1: Symbols = {
    2: "Running",
    3: "Off",
    32768: "Paused",
    32769: "Saved",
    32770: "Starting",
    32771: "Other",
    32773: "Saving",
    32774: "Stopping",
    32776: "Pausing",
    32777: "Resuming",
}

VM_STATUS: Symbols = {
    2: "Ok",
    3: "Degraded",
    5: "PredictiveFailure",
    10: "Stopped",
    11: "InService",
    15: "Dormant",
    16: "SupportingEntityInError",
    32768: "CreatingSnapshot",
    32769: "ApplyingSnapshot",
    32770: "DeletingSnapshot",
    32771: "WaitingToStart",
    32772: "MergingDisks",
    32773: "ExportingVirtualMachine",
    32774: "MigratingVirtualMachine",
    32776: "BackingUpVirtualMachine",
    32777: "ModifyingUpVirtualMachine",
    32778: "StorageMigrationPhaseOne",
    32779: "StorageMigrationPhaseTwo",
    32780: "MigratingPlannedVm",
    32781: "CheckingCompatibility",
    32782: "ApplicationCriticalState",
    32783: "CommunicationTimedOut",
    32784: "CommunicationFailed",
    32785: "NoIommu",
    32786: "NoIovSupportInNic",
    32787: "SwitchNotInIovMode",
    32788: "IovBlockedByPolicy",
    32789: "IovNoAvailResources",
    32790: "IovGuestDriversNeeded",
    32795: "CriticalIoError",
}

SERVICE_STATUS: Symbols = {
    2: "Ok",
    3: "Degraded",
    6: "Error",
    7: "NonRecoverableError",
    12: "NoContact",
    13: "LostCommunication",
    15: "Dormant",
    32775: "ProtocolMismatch",
    32782: "ApplicationCritical",
    32783: "CommunicationTimedOut",
    32784: "CommunicationFailed",
    32896: "Disabled",
}

HEARTBEAT = (
    "Disabled",
    "OkApplicationsCritical",
    "OkApplicationsHealthy",
    "OkApplicationsUnknown",
    "NoContact",
    "LostCommunication",
    "Error",
    "Paused",
)

ADAPTER_STATUS: Symbols = {
    0: "Unknown",
    1: "Other",
    2: "Ok",
    3: "Degraded",
    4: "Stressed",
    5: "PredictiveFailure",
    6: "Error",
    7: "NonRecoverableError",
    8: "Starting",
    9: "Stopping",
    10: "Stopped",
    11: "InService",
    12: "NoContact",
    13: "LostCommunication",
    32775: "ProtocolVersion",
    32785: "NoIommu",
    32786: "NoIovSupportInNic",
    32787: "SwitchNotInIovMode",
    32788: "IovBlockedByPolicy",
    32789: "IovNoAvailResources",
    32790: "IovGuestDriversNeeded",
}

REPLICATION_STATE: Symbols = {
    0: "Disabled",
    1: "ReadyForInitialReplication",
    2: "InitialReplicationInProgress",
    3: "WaitingForInitialReplication",
    4: "Replicating",
    5: "PreparedForFailover",
    6: "FailedOverWaitingCompletion",
    7: "FailedOver",
    8: "Suspended",
    9: "Error",
    10: "WaitingForStartResynchronize",
    11: "Resynchronizing",
    12: "ResynchronizeSuspended",
    13: "RecoveryInProgress",
    14: "FailbackInProgress",
    15: "FailbackComplete",
    16: "WaitingForUpdateCompletion",
    17: "UpdateError",
    18: "WaitingForRepurposeCompletion",
    19: "PreparedForSyncReplication",
    20: "PreparedForGroupReverseReplication",
    21: "FiredrillInProgress",
}

# WMI number -> number of the cmdlet, by the role of the VM; what is not listed is Disabled where WMI knows the number.
REPLICATION_STATE_PRIMARY: Mapping[int, int] = {
    0: 0,
    1: 1,
    2: 2,
    3: 4,
    4: 5,
    5: 0,
    6: 0,
    7: 8,
    8: 9,
    9: 10,
    10: 11,
    11: 12,
    12: 13,
    13: 0,
    14: 0,
    15: 16,
    16: 17,
    18: 18,
    19: 19,
    20: 20,
}
REPLICATION_STATE_REPLICA: Mapping[int, int] = {
    0: 0,
    1: 0,
    2: 3,
    3: 4,
    4: 0,
    5: 6,
    6: 7,
    7: 8,
    8: 9,
    9: 0,
    10: 11,
    11: 12,
    12: 13,
    13: 14,
    14: 15,
    15: 16,
    16: 17,
    18: 18,
    21: 21,
}
REPLICATION_STATE_EXTENDED: Mapping[int, int] = {**REPLICATION_STATE_REPLICA, 1: 1, 9: 10, 18: 0}

REPLICATION_MODE: Symbols = {0: "None", 1: "Primary", 2: "Replica", 3: "TestReplica", 4: "ExtendedReplica"}
REPLICATION_HEALTH: Symbols = {0: "NotApplicable", 1: "Normal", 2: "Warning", 3: "Critical"}
REPLICATION_AUTHENTICATION: Symbols = {1: "Kerberos", 2: "Certificate"}
REPLICA_SERVER_AUTHENTICATION: Symbols = {1: "Kerberos", 2: "Certificate", 3: "CertificateAndKerberos"}
RELATIONSHIP_TYPE = ("Simple", "Extended")

START_ACTION: Symbols = {2: "Nothing", 3: "StartIfRunning", 4: "Start"}
STOP_ACTION: Symbols = {2: "TurnOff", 3: "Save", 4: "ShutDown"}
CRITICAL_ERROR_ACTION: Symbols = {0: "None", 1: "Pause"}
CHECKPOINT_TYPE: Symbols = {2: "Disabled", 3: "Production", 4: "ProductionOnly", 5: "Standard"}
DEBUG_PORT: Symbols = {0: "Off", 1: "On", 2: "OnAutoAssigned"}
ENHANCED_SESSION_TRANSPORT: Symbols = {0: "VMBus", 1: "HvSocket"}
INTEGRATION_SERVICES_STATE: Symbols = {0: "Unknown", 1: "UpToDate", 2: "Mismatch"}

MIGRATION_AUTHENTICATION: Symbols = {0: "CredSSP", 1: "Kerberos"}
MIGRATION_PERFORMANCE = ("TCPIP", "Compression", "SMB")

BOOT_SOURCE: Symbols = {0: "Unknown", 1: "Drive", 2: "Network", 3: "File"}
BOOT_KIND = ("HardDisk", "Dvd", "Network", "File", "Unknown")
STARTUP_DEVICE: Symbols = {0: "Floppy", 1: "CD", 2: "IDE", 3: "LegacyNetworkAdapter", 4: "SCSI"}
NETWORK_BOOT: Symbols = {4096: "IPv4", 4097: "IPv6"}
CONSOLE_MODE: Symbols = {0: "Default", 1: "COM1", 2: "COM2", 3: "None"}
SECURE_BOOT_TEMPLATES: Mapping[str, str] = {
    "1734c6e8-3154-4dda-ba5f-a874cc483422": "MicrosoftWindows",
    "272e7447-90a4-4563-a4b9-8e4ab00526ce": "MicrosoftUEFICertificateAuthority",
}

ON_OFF = ("On", "Off")
MIRRORING: Symbols = {0: "None", 1: "Destination", 2: "Source"}
VLAN_MODE: Symbols = {0: "Untagged", 1: "Access", 2: "Trunk", 3: "Private"}
PRIVATE_VLAN_MODE: Symbols = {1: "Isolated", 2: "Community", 3: "Promiscuous"}
ACL_DIRECTION: Symbols = {1: "Inbound", 2: "Outbound"}
ACL_ACTION: Symbols = {1: "Allow", 2: "Deny", 3: "Meter"}
EXTENDED_ACL_ACTION: Symbols = {1: "Allow", 2: "Deny"}
ACL_ADDRESS: Symbols = {1: "Mac", 2: "IPv4", 3: "IPv6"}
ISOLATION_MODE: Symbols = {0: "None", 1: "NativeVirtualSubnet", 2: "ExternalVirtualSubnet", 3: "Vlan"}
FAILOVER_PROTOCOL: Symbols = {4096: "IPv4", 4097: "IPv6", 4098: "both"}

CONTROLLER_TYPE: Symbols = {0: "IDE", 1: "SCSI", 2: "PMEM"}
DVD_MEDIA = ("None", "ISO", "PassThrough")
WRITE_HARDENING: Symbols = {
    0: "Default",
    1: "WriteCacheEnabled",
    2: "WriteCacheAndFUAEnabled",
    3: "WriteCacheDisabled",
}
VHD_FORMAT: Symbols = {2: "VHD", 3: "VHDX", 4: "VHDSet"}
VHD_TYPE: Symbols = {2: "Fixed", 3: "Dynamic", 4: "Differencing"}
DRIVE_KIND = ("HardDisk", "Dvd", "Floppy")

SNAPSHOT_TYPE: Mapping[str, str] = {
    "microsoft:hyper-v:snapshot:realized": "Standard",
    "microsoft:hyper-v:snapshot:recovery": "Recovery",
    "microsoft:hyper-v:snapshot:planned": "Planned",
    "microsoft:hyper-v:snapshot:missing": "Missing",
    "microsoft:hyper-v:snapshot:replica:standard": "Replica",
    "microsoft:hyper-v:snapshot:replica:applicationconsistent": "AppConsistentReplica",
    "microsoft:hyper-v:snapshot:replica:plannedfailover": "SyncedReplica",
}

SERVICES: Mapping[str, str] = {
    "2497f4de-e9fa-4204-80e4-4b75c46419c0": "TimeSynchronization",
    "84eaae65-2f2e-45f5-9bb5-0e857dc8eb47": "Heartbeat",
    "2a34b1c2-fd73-4043-8a5b-dd2159bc743f": "KeyValuePairExchange",
    "9f8233ac-be49-4c79-8ee3-e7e1985b2077": "Shutdown",
    "5ced1297-4598-4915-a5fc-ad21bb4d02a4": "VSS",
    "6c09bb55-d683-4da0-8931-c9bf705f6480": "GuestServiceInterface",
    "6c5addb9-a11a-4e8e-84cb-e6208201db63": "RDV",
}

SWITCH_TYPE: Symbols = {0: "Private", 1: "Internal", 2: "External"}
BANDWIDTH_MODE: Symbols = {0: "Default", 1: "Weight", 2: "Absolute", 3: "None"}
EXTENSION_TYPE: Symbols = {0: "Unknown", 1: "Capture", 2: "Filter", 3: "Forwarding", 4: "Monitoring", 5: "Native"}
TEAMING_MODE: Symbols = {1: "SwitchIndependent"}
LOAD_BALANCING: Symbols = {4: "HyperVPort", 5: "Dynamic"}

CONNECT_ACCESS: Symbols = {0: "Allowed", 1: "Denied"}
DEVICE_KIND = ("NetworkAdapter", "LegacyNetworkAdapter", "Display")
IMAGE_ACCESS: Symbols = {1: "Read", 2: "ReadWrite"}
POOL_TYPE = ("VHD", "ISO", "VFD", "Processor", "Memory", "Ethernet", "FibreChannelConnection")

NODE_STATE: Symbols = {0: "Up", 1: "Down", 2: "Paused", 3: "Joining"}
CLUSTER_NETWORK_ROLE: Symbols = {0: "None", 1: "Cluster", 3: "ClusterAndClient"}
RESOURCE_STATE: Symbols = {2: "Online", 3: "Offline", 4: "Failed"}
CLUSTER_RIGHTS: Symbols = {1: "Read", 3: "Full"}
# CLUS_AFFINITY_RULE_TYPE of clusapi.h.
AFFINITY_RULE: Symbols = {1: "SameFaultDomain", 2: "SameNode", 3: "DifferentFaultDomain", 4: "DifferentNode"}
