"""The canonical tables: names, keys and columns, and the builder that WMI, VM files and exports fill alike.

Normative text: chapter 4 of the Hyper-V model. A column that a source does not offer is `not_offered` there, whatever the schema says.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from snapshot_tool.cells import Decoder, decoder
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.snapshot import Column, Origin, Record, Table
from snapshot_tool.verdict import Gap


@dataclass(frozen=True, slots=True)
class ColumnSchema:
    """One canonical column: `type` as in `cells`, plus onoff; `symbols` are the closed set of an enum."""

    name: str
    type: str
    nullable: bool
    symbols: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One canonical table: `single` has at most one row."""

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, ColumnSchema]
    single: bool = False


Gaps = dict[str, Gap]


class TableBuilder:
    """Collects rows of one canonical table from one source.

    `offered` are the columns that the source can have at all; the others of the schema become `not_offered`. `gap(column, ...)`
    says that no row has the column. Rows are put in the order of the key, so the order of adding has no meaning.
    """

    def __init__(self, name: str, offered: Iterable[str] | None = None) -> None:
        self.schema = SCHEMAS[name]
        self.offered = set(self.schema.columns if offered is None else offered)
        self.records: list[Record] = []
        self.column_gaps: Gaps = {}

    def add(self, cells: dict[str, Any], origin: Origin | Mapping[str, Origin], gaps: Gaps | None = None) -> None:
        """One row: JSON-able cells, one place (cells are then `<path>.<column>`) or one per column, gaps of single cells."""
        self.records.append(Record(cells, origin, gaps or {}))

    def gap(self, column: str, gap: Gap) -> None:
        """No row has this column although the era offers it."""
        self.column_gaps[column] = gap

    def build(self, gap: Gap | None = None, *, absent: str | None = None) -> Table:
        """The finished table; `gap`: rows are missing, all of them when there are none."""
        columns = {
            column.name: Column(
                column.name,
                _decoder(column),
                column.nullable,
                self.column_gaps.get(column.name),
                column.name not in self.offered,
            )
            for column in self.schema.columns.values()
        }
        key = self.schema.key
        self.records = _ordered(self.records, key)
        return Table(self.schema.name, columns, self.records, key, single=self.schema.single, gap=gap, absent=absent)


def _ordered(records: list[Record], key: Sequence[str]) -> list[Record]:
    """By the key; rows that share one, by their whole content, so that the order of the file never shows."""
    keys = [sort_key(record.cells, key) for record in records]
    if len(set(keys)) == len(keys):
        return [record for _, record in sorted(zip(keys, records, strict=True), key=lambda pair: pair[0])]
    return sorted(records, key=lambda record: (sort_key(record.cells, key), repr(record.cells)))


def sort_key(cells: Mapping[str, Any], key: Sequence[str]) -> tuple[str, ...]:
    """Orders rows by their key, null first, text without regard to case."""
    return tuple("" if cells.get(name) is None else str(cells[name]).casefold() for name in key)


def missing_table(name: str, *, gap: Gap | None = None, not_offered: str | None = None) -> Table:
    """A table that could not be read, or that the era does not have."""
    schema = SCHEMAS[name]
    columns = {
        column.name: Column(column.name, _decoder(column), column.nullable) for column in schema.columns.values()
    }
    return Table(name, columns, (), schema.key, single=schema.single, gap=gap, not_offered=not_offered)


@cache
def _decoder(column: ColumnSchema) -> Decoder:
    if column.symbols is None:
        return decoder(column.type)
    return decoder(column.type, frozenset(column.symbols))


def _table(name: str, key: str, columns: str, *, single: bool = False) -> TableSchema:
    """`columns`: names and types by turns, `?` after the type for a null that means something."""
    found = {}
    words = columns.split()
    for column, word in zip(words[::2], words[1::2], strict=True):
        nullable = word.endswith("?")
        kind = word.removesuffix("?")
        listed = kind.startswith("list<")
        base = kind[5:-1] if listed else kind
        symbols = None
        if base.startswith("enum:"):
            values = getattr(enums, base[5:])
            symbols = tuple(dict.fromkeys(values.values() if isinstance(values, Mapping) else values))
            base = "enum"
        found[column] = ColumnSchema(column, f"list<{base}>" if listed else base, nullable, symbols)
    return TableSchema(name, tuple(key.split()), found, single)


_VM = "VMId guid\nVMName string\n"
_DRIVE = """
Id string
ControllerType enum:CONTROLLER_TYPE
ControllerNumber int
ControllerLocation int
"""

_ALL = (
    _table(
        "host_hyperv",
        "Name",
        """
        Name string
        VirtualMachinePath path
        VirtualHardDiskPath path
        MacAddressMinimum string
        MacAddressMaximum string
        NumaSpanningEnabled bool
        EnableEnhancedSessionMode bool
        HypervisorRootSchedulerEnabled bool
        VirtualMachineMigrationEnabled bool
        VirtualMachineMigrationAuthenticationType enum:MIGRATION_AUTHENTICATION
        VirtualMachineMigrationPerformanceOption enum:MIGRATION_PERFORMANCE
        MaximumVirtualMachineMigrations int
        MaximumStorageMigrations int
        UseAnyNetworkForMigration bool
        ListenerPort int
        DisableSelfSignedCertificateGeneration bool
        AuthCertificateHash string?
        ScopeOfResidence string?
        SupportedVmVersions list<string>
        MemoryCapacity int
        LogicalProcessorCount int
        """,
        single=True,
    ),
    _table(
        "vm",
        "Id",
        """
        Id guid
        Name string
        State enum:VM_STATE
        PrimaryOperationalStatus enum:VM_STATUS?
        SecondaryOperationalStatus enum:VM_STATUS?
        Uptime int
        TimeOfLastStateChange datetime?
        Generation int
        Version string
        CreationTime datetime?
        Path path
        ConfigurationLocation path
        ConfigurationFile path
        SnapshotFileLocation path
        SmartPagingFilePath path
        AutomaticStartAction enum:START_ACTION
        AutomaticStartDelay int
        AutomaticStopAction enum:STOP_ACTION
        AutomaticCriticalErrorAction enum:CRITICAL_ERROR_ACTION
        AutomaticCriticalErrorActionTimeout int
        CheckpointType enum:CHECKPOINT_TYPE
        AutomaticCheckpointsEnabled bool
        ParentSnapshotId guid?
        NotesLength int
        NotesSha256 string?
        NotesSuspicious bool
        Notes string?
        LockOnDisconnect enum:ON_OFF
        GuestControlledCacheTypes bool
        AllowFullScsiCommandSet bool
        AllowReducedFcRedundancy bool
        IncrementalBackupEnabled bool
        DebugPortEnabled enum:DEBUG_PORT
        EnhancedSessionTransportType enum:ENHANCED_SESSION_TRANSPORT
        GuestStateIsolationType int
        ScopeOfResidence string?
        ReplicationMode enum:REPLICATION_MODE
        ReplicationHealth enum:REPLICATION_HEALTH
        ReplicationState enum:REPLICATION_STATE
        LastSuccessfulBackupTime datetime?
        Heartbeat enum:HEARTBEAT?
        IntegrationServicesState enum:INTEGRATION_SERVICES_STATE?
        IntegrationServicesVersion string?
        MemoryAssigned int
        MemoryDemand int?
        SmartPagingFileInUse bool
        IsClustered bool
        ProcessId int?
        """,
    ),
    _table(
        "vm_processor",
        "VMId",
        _VM
        + """
        Count int
        Maximum int
        Reserve int
        RelativeWeight int
        CompatibilityForMigrationEnabled bool
        CompatibilityForOlderOperatingSystemsEnabled bool
        HwThreadCountPerCore int
        ExposeVirtualizationExtensions bool
        EnableHostResourceProtection bool
        EnablePerfmonPmu bool
        EnablePerfmonLbr bool
        EnablePerfmonPebs bool
        EnablePerfmonIpt bool
        CpuGroupId guid?
        HideHypervisorPresent bool
        ResourcePoolName string
        """,
    ),
    _table(
        "vm_memory",
        "VMId",
        _VM
        + """
        DynamicMemoryEnabled bool
        Startup int
        Minimum int
        Maximum int
        Buffer int
        Priority int
        MaximumPerNumaNode int
        """,
    ),
    _table(
        "vm_firmware",
        "VMId",
        _VM
        + """
        SecureBoot enum:ON_OFF?
        SecureBootTemplateId guid?
        SecureBootTemplate string?
        BootOrder list<enum:BOOT_SOURCE>?
        BootOrderDevice list<string>?
        BootOrderKind list<enum:BOOT_KIND>?
        StartupOrder list<enum:STARTUP_DEVICE>?
        NumLockEnabled bool
        PreferredNetworkBootProtocol enum:NETWORK_BOOT
        PauseAfterBootFailure enum:ON_OFF
        ConsoleMode enum:CONSOLE_MODE
        """,
    ),
    _table(
        "vm_security",
        "VMId",
        _VM
        + """
        TpmEnabled bool
        Shielded bool
        ShieldingRequested bool
        DataProtectionRequested bool
        KsdEnabled bool
        EncryptStateAndVmMigrationTraffic bool
        VirtualizationBasedSecurityOptOut bool
        BindToHostTpm bool
        """,
    ),
    _table(
        "vm_network_adapter",
        "Id",
        """
        VMId guid?
        VMName string?
        Id string
        Name string
        IsManagementOs bool
        DeviceId guid?
        IsLegacy bool
        MacAddress string
        DynamicMacAddressEnabled bool?
        Connected bool
        SwitchId string?
        SwitchName string?
        LastKnownSwitchName string?
        PoolName string?
        MacAddressSpoofing enum:ON_OFF
        DhcpGuard enum:ON_OFF
        RouterGuard enum:ON_OFF
        IeeePriorityTag enum:ON_OFF
        AllowTeaming enum:ON_OFF
        PortMirroringMode enum:MIRRORING
        StormLimit int
        DynamicIPAddressLimit int
        VirtualSubnetId int
        MaximumBandwidth int
        MinimumBandwidthAbsolute int
        MinimumBandwidthWeight int
        IovWeight int
        VmqWeight int
        IPsecOffloadMaxSA int
        IovUsage int?
        VmqUsage int?
        VFDataPathActive bool?
        ClusterMonitored bool?
        DeviceNaming enum:ON_OFF?
        TestReplicaSwitchName string?
        MandatoryFeatureId list<guid>
        IPAddresses list<string>?
        DHCPEnabled bool?
        Status list<enum:ADAPTER_STATUS>?
        TeamMapping string?
        PreventIpSpoofing bool
        AllowedIPv4Addresses list<string>
        """,
    ),
    _table(
        "vm_network_adapter_vlan",
        "AdapterId",
        """
        VMId guid?
        VMName string?
        AdapterId string
        OperationMode enum:VLAN_MODE
        AccessVlanId int?
        NativeVlanId int?
        AllowedVlanIdList list<int>
        PrivateVlanMode enum:PRIVATE_VLAN_MODE?
        PrimaryVlanId int?
        SecondaryVlanId int?
        SecondaryVlanIdList list<int>
        """,
    ),
    _table(
        "vm_network_adapter_isolation",
        "AdapterId",
        """
        VMId guid?
        VMName string?
        AdapterId string
        IsolationMode enum:ISOLATION_MODE
        AllowUntaggedTraffic bool
        DefaultIsolationID int
        MultiTenantStack enum:ON_OFF
        """,
    ),
    _table(
        "vm_network_adapter_acl",
        "AdapterId Direction Action LocalAddress RemoteAddress",
        """
        VMId guid?
        VMName string?
        AdapterId string
        Direction enum:ACL_DIRECTION
        Action enum:ACL_ACTION
        LocalAddress string
        RemoteAddress string
        LocalAddressType enum:ACL_ADDRESS?
        RemoteAddressType enum:ACL_ADDRESS?
        """,
    ),
    _table(
        "vm_network_adapter_extended_acl",
        "AdapterId Direction Weight",
        """
        VMId guid?
        VMName string?
        AdapterId string
        Direction enum:ACL_DIRECTION
        Action enum:EXTENDED_ACL_ACTION
        LocalIPAddress string
        RemoteIPAddress string
        LocalPort string
        RemotePort string
        Protocol string
        Weight int
        Stateful bool
        IdleSessionTimeout int
        IsolationID int
        """,
    ),
    _table(
        "vm_network_adapter_failover",
        "AdapterId",
        _VM
        + """
        AdapterId string
        ProtocolIFType enum:FAILOVER_PROTOCOL
        IPAddresses list<string>
        Subnets list<string>
        DefaultGateways list<string>
        DNSServers list<string>
        """,
    ),
    _table(
        "vm_drive_controller",
        "Id",
        _VM
        + """
        Id string
        ControllerType enum:CONTROLLER_TYPE
        ControllerNumber int
        """,
    ),
    _table(
        "vm_hard_disk",
        "Id",
        _VM
        + _DRIVE
        + """
        Path path?
        DiskNumber int?
        PassThrough bool
        SupportPersistentReservations bool
        MaximumIOPS int
        MinimumIOPS int
        QoSPolicyID guid?
        WriteHardeningMethod enum:WRITE_HARDENING
        PoolName string
        """,
    ),
    _table(
        "vm_dvd_drive",
        "Id",
        _VM
        + _DRIVE
        + """
        Path path?
        PoolName string
        DvdMediaType enum:DVD_MEDIA
        """,
    ),
    _table("vm_floppy_drive", "VMId Path", _VM + "Path path?\n"),
    _table(
        "vhd",
        "Path",
        """
        Path path
        ParentPath path?
        VhdFormat enum:VHD_FORMAT
        VhdType enum:VHD_TYPE
        FileSize int?
        Size int
        MinimumSize int?
        BlockSize int?
        LogicalSectorSize int?
        PhysicalSectorSize int?
        HostPhysicalSectorSize int?
        DiskIdentifier guid?
        ParentIdentifier guid?
        Alignment int?
        FragmentationPercentage int?
        Attached bool?
        CreationTime datetime?
        LastWriteTime datetime?
        ParentTimestamp datetime?
        Exists bool?
        Error string?
        """,
    ),
    _table(
        "vm_checkpoint",
        "Id",
        _VM
        + """
        Id guid
        Name string
        SnapshotType enum:SNAPSHOT_TYPE
        CreationTime datetime?
        ParentSnapshotId guid?
        IsAutomaticCheckpoint bool
        State enum:VM_STATE
        """,
    ),
    _table(
        "vm_checkpoint_disk",
        "VMSnapshotId Kind ControllerType ControllerNumber ControllerLocation Path",
        _VM
        + """
        VMSnapshotId guid
        Kind enum:DRIVE_KIND
        Path path?
        ControllerType enum:CONTROLLER_TYPE?
        ControllerNumber int?
        ControllerLocation int?
        """,
    ),
    _table(
        "vm_replication",
        "VMId ReplicationRelationshipType",
        _VM
        + """
        ReplicationMode enum:REPLICATION_MODE
        ReplicationState enum:REPLICATION_STATE
        ReplicationHealth enum:REPLICATION_HEALTH
        ReplicationRelationshipType enum:RELATIONSHIP_TYPE
        PrimaryServerName string
        ReplicaServerName string
        ReplicaServerPort int
        AuthenticationType enum:REPLICATION_AUTHENTICATION
        CertificateThumbprint string?
        CompressionEnabled bool
        BypassProxyServer bool
        ReplicateHostKvpItems bool
        RecoveryHistory int
        ReplicationFrequencySec int
        VSSSnapshotFrequencyHour int
        AutoResynchronizeEnabled bool
        AutoResynchronizeIntervalStart int
        AutoResynchronizeIntervalEnd int
        ReplicatedDisks list<path>
        ExcludedDisks list<path>
        LastReplicationTime datetime?
        LastAppliedLogTime datetime?
        LastTestFailoverInitiatedTime datetime?
        """,
    ),
    _table(
        "replica_server",
        "",
        """
        ReplicationEnabled bool
        AllowedAuthenticationType enum:REPLICA_SERVER_AUTHENTICATION
        KerberosAuthenticationPort int
        CertificateAuthenticationPort int
        CertificateThumbprint string?
        ReplicationAllowedFromAnyServer bool
        DefaultStorageLocation path
        Broker bool
        """,
        single=True,
    ),
    _table(
        "replica_authorization",
        "AllowedPrimaryServer",
        """
        AllowedPrimaryServer string
        ReplicaStorageLocation path
        TrustGroup string
        """,
    ),
    _table(
        "vm_integration_service",
        "Id",
        _VM
        + """
        Id string
        ServiceId guid
        Name enum:SERVICES
        Enabled bool
        PrimaryOperationalStatus enum:SERVICE_STATUS?
        SecondaryOperationalStatus enum:SERVICE_STATUS?
        DisableHostKVPItems bool?
        """,
    ),
    _table(
        "vm_guest_kvp",
        "VMId",
        _VM
        + """
        OSName string?
        OSVersion string?
        OSBuildNumber string?
        OSMajorVersion string?
        OSMinorVersion string?
        OSPlatformId string?
        OSEditionId string?
        ServicePackMajor string?
        SuiteMask string?
        ProductType string?
        ProcessorArchitecture string?
        CSDVersion string?
        FullyQualifiedDomainName string?
        IntegrationServicesVersion string?
        NetworkAddressIPv4 string?
        NetworkAddressIPv6 string?
        """,
    ),
    _table(
        "vm_com_port",
        "Id",
        _VM
        + """
        Number int
        Id string
        Path path?
        DebuggerMode enum:ON_OFF
        """,
    ),
    _table(
        "vm_connect_access",
        "VMId UserId UserName",
        _VM
        + """
        UserName string?
        UserId sid?
        Access enum:CONNECT_ACCESS
        """,
    ),
    _table(
        "vm_assigned_device",
        "InstanceID",
        _VM + "InstanceID string\nLocationPath string?\nVirtualFunction string?\n",
    ),
    _table("host_assignable_device", "InstanceID", "InstanceID string\nLocationPath string?\n"),
    _table("vm_gpu_partition_adapter", "Id", _VM + "Id string\n"),
    _table(
        "vm_remotefx_adapter",
        "Id",
        _VM + "Id string\nMaximumMonitors int?\nMaximumScreenResolution int?\n",
    ),
    _table(
        "vm_fibre_channel_hba",
        "Id",
        _VM + "Id string\nSanName string?\nWorldWidePortNameSetA string?\nWorldWidePortNameSetB string?\n",
    ),
    _table("virtual_san", "Id", "Name string\nId guid\nHBAs list<string>\n"),
    _table("vm_group", "Id", "Id guid\nName string\nMembers list<guid>\n"),
    _table(
        "resource_pool",
        "ResourcePoolType Name",
        "Name string\nResourcePoolType enum:POOL_TYPE\nPrimordial bool\nPaths list<path>\n",
    ),
    _table("mounted_image", "Path", "Path path\nAccess enum:IMAGE_ACCESS?\nPnpDevicePath string?\n"),
    _table(
        "vm_device_status",
        "VMId Kind DeviceId",
        _VM
        + """
        Kind enum:DEVICE_KIND
        DeviceId string
        EnabledState int
        PrimaryOperationalStatus enum:ADAPTER_STATUS?
        """,
    ),
    _table(
        "vswitch",
        "Id",
        """
        Id string
        Name string
        SwitchType enum:SWITCH_TYPE
        AllowManagementOS bool
        NetAdapterInterfaceDescription string?
        NetAdapterInterfaceDescriptions list<string>
        NetAdapterInterfaceGuid list<guid>
        UplinkMirroringMode list<enum:MIRRORING>
        EmbeddedTeamingEnabled bool
        IovEnabled bool
        IovSupport bool?
        BandwidthReservationMode enum:BANDWIDTH_MODE
        IovVirtualFunctionCount int?
        IovVirtualFunctionsInUse int?
        AvailableVMQueues int?
        NumberVmqAllocated int?
        PacketDirectEnabled bool
        AllowNetLbfoTeams bool
        Extensions list<string>
        ScopeOfResidence string?
        """,
    ),
    _table(
        "vswitch_extension",
        "SwitchId Id",
        """
        SwitchId string
        SwitchName string
        Id guid
        Name string
        Vendor string?
        Version string?
        ExtensionType enum:EXTENSION_TYPE
        Enabled bool
        Running bool
        """,
    ),
    _table(
        "vswitch_team",
        "SwitchId",
        """
        SwitchId string
        NetAdapterInterfaceGuid list<guid>
        TeamingMode enum:TEAMING_MODE
        LoadBalancingAlgorithm enum:LOAD_BALANCING
        """,
    ),
    _table("switch_feature", "FeatureId", "FeatureId guid\nElementName string?\n"),
    _table("migration_network", "Subnet", "Subnet string\nPriority int\nTags list<string>\n"),
    _table(
        "cluster",
        "Name",
        """
        Name string
        Fqdn string?
        SecurityLevel int
        SecurityLevelForStorage int
        ClusterFunctionalLevel int
        QuorumType string?
        QuorumTypeValue int?
        WitnessType string?
        WitnessSharePath path?
        DynamicQuorum int
        WitnessDynamicWeight int
        SharedVolumesRoot path?
        S2DEnabled bool?
        MigrationExcludeNetworks list<guid>
        MigrationNetworkOrder list<guid>
        MigrationAuthenticationType int?
        """,
        single=True,
    ),
    _table(
        "cluster_node",
        "Name",
        """
        Name string
        Id string
        State enum:NODE_STATE
        MajorVersion int
        MinorVersion int
        BuildNumber int
        NodeWeight int
        DynamicWeight int
        NodeHighestVersion int
        """,
    ),
    _table("cluster_access", "IdentityReference", "IdentityReference sid\nClusterRights enum:CLUSTER_RIGHTS\n"),
    _table(
        "cluster_network",
        "Id",
        """
        Id guid
        Name string
        Role enum:CLUSTER_NETWORK_ROLE
        Address string?
        AddressMask string?
        Ipv4Addresses list<string>?
        Ipv4PrefixLengths list<int>?
        Metric int?
        State int?
        ExcludedFromMigration bool
        """,
    ),
    _table(
        "cluster_network_interface",
        "Name",
        "Name string\nNode string\nNetwork string\nAdapterId guid?\nAddress string?\n",
    ),
    _table(
        "cluster_group",
        "Id",
        """
        Id guid
        Name string
        GroupType int
        OwnerNode string
        State int
        Priority int?
        AntiAffinityClassNames list<string>?
        IsCoreGroup bool?
        """,
    ),
    _table(
        "cluster_affinity_rule",
        "Name",
        "Name string\nRuleType enum:AFFINITY_RULE\nGroups list<string>\nEnabled bool\n",
    ),
    _table(
        "cluster_resource",
        "Id",
        """
        Id guid
        Name string
        ResourceType string
        State enum:RESOURCE_STATE
        OwnerGroup string
        OwnerNode string
        VMId guid?
        IsClusterSharedVolume bool
        CoreResource bool
        """,
    ),
    _table(
        "cluster_csv",
        "Name Path",
        """
        Name string
        Path path
        OwnerNode string
        FaultState int
        BackupState int
        Size int
        FreeSpace int
        PercentFree float
        """,
    ),
)

SCHEMAS: Mapping[str, TableSchema] = {table.name: table for table in _ALL}

# What the VM of a VM-owned row is called in every table.
VM_COLUMNS = ("VMId", "VMName")
