"""Virtual machines: settings, processors, memory, firmware, security, checkpoints and devices."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from snapshot_tool.snapshot import Row
from snapshot_tool.verdict import NotOffered, undetermined

# After ten minutes a guest has started its drivers and services.
_SETTLED_SECONDS = 600


class VMState(StrEnum):
    OTHER = "Other"
    RUNNING = "Running"
    OFF = "Off"
    STOPPING = "Stopping"
    SAVED = "Saved"
    PAUSED = "Paused"
    STARTING = "Starting"
    RESET = "Reset"
    SAVING = "Saving"
    PAUSING = "Pausing"
    RESUMING = "Resuming"
    FAST_SAVED = "FastSaved"
    FAST_SAVING = "FastSaving"
    FORCE_SHUTDOWN = "ForceShutdown"
    FORCE_REBOOT = "ForceReboot"
    HIBERNATED = "Hibernated"
    COMPONENT_SERVICING = "ComponentServicing"
    RUNNING_CRITICAL = "RunningCritical"
    OFF_CRITICAL = "OffCritical"
    STOPPING_CRITICAL = "StoppingCritical"
    SAVED_CRITICAL = "SavedCritical"
    PAUSED_CRITICAL = "PausedCritical"
    STARTING_CRITICAL = "StartingCritical"
    RESET_CRITICAL = "ResetCritical"
    SAVING_CRITICAL = "SavingCritical"
    PAUSING_CRITICAL = "PausingCritical"
    RESUMING_CRITICAL = "ResumingCritical"
    FAST_SAVED_CRITICAL = "FastSavedCritical"
    FAST_SAVING_CRITICAL = "FastSavingCritical"


class VMStatus(StrEnum):
    OK = "Ok"
    DEGRADED = "Degraded"
    PREDICTIVE_FAILURE = "PredictiveFailure"
    STOPPED = "Stopped"
    IN_SERVICE = "InService"
    DORMANT = "Dormant"
    SUPPORTING_ENTITY_IN_ERROR = "SupportingEntityInError"
    CREATING_SNAPSHOT = "CreatingSnapshot"
    APPLYING_SNAPSHOT = "ApplyingSnapshot"
    DELETING_SNAPSHOT = "DeletingSnapshot"
    WAITING_TO_START = "WaitingToStart"
    MERGING_DISKS = "MergingDisks"
    EXPORTING_VIRTUAL_MACHINE = "ExportingVirtualMachine"
    MIGRATING_VIRTUAL_MACHINE = "MigratingVirtualMachine"
    BACKING_UP_VIRTUAL_MACHINE = "BackingUpVirtualMachine"
    MODIFYING_UP_VIRTUAL_MACHINE = "ModifyingUpVirtualMachine"
    STORAGE_MIGRATION_PHASE_ONE = "StorageMigrationPhaseOne"
    STORAGE_MIGRATION_PHASE_TWO = "StorageMigrationPhaseTwo"
    MIGRATING_PLANNED_VM = "MigratingPlannedVm"
    CHECKING_COMPATIBILITY = "CheckingCompatibility"
    APPLICATION_CRITICAL_STATE = "ApplicationCriticalState"
    COMMUNICATION_TIMED_OUT = "CommunicationTimedOut"
    COMMUNICATION_FAILED = "CommunicationFailed"
    NO_IOMMU = "NoIommu"
    NO_IOV_SUPPORT_IN_NIC = "NoIovSupportInNic"
    SWITCH_NOT_IN_IOV_MODE = "SwitchNotInIovMode"
    IOV_BLOCKED_BY_POLICY = "IovBlockedByPolicy"
    IOV_NO_AVAIL_RESOURCES = "IovNoAvailResources"
    IOV_GUEST_DRIVERS_NEEDED = "IovGuestDriversNeeded"
    CRITICAL_IO_ERROR = "CriticalIoError"


class StartAction(StrEnum):
    NOTHING = "Nothing"
    START_IF_RUNNING = "StartIfRunning"
    START = "Start"


class StopAction(StrEnum):
    TURN_OFF = "TurnOff"
    SAVE = "Save"
    SHUT_DOWN = "ShutDown"


class CriticalErrorAction(StrEnum):
    NONE = "None"
    PAUSE = "Pause"


class CheckpointType(StrEnum):
    DISABLED = "Disabled"
    PRODUCTION = "Production"
    PRODUCTION_ONLY = "ProductionOnly"
    STANDARD = "Standard"


class OnOff(StrEnum):
    ON = "On"
    OFF = "Off"


class DebugPort(StrEnum):
    OFF = "Off"
    ON = "On"
    ON_AUTO_ASSIGNED = "OnAutoAssigned"


class EnhancedSessionTransport(StrEnum):
    VMBUS = "VMBus"
    HV_SOCKET = "HvSocket"


class ReplicationMode(StrEnum):
    NONE = "None"
    PRIMARY = "Primary"
    REPLICA = "Replica"
    TEST_REPLICA = "TestReplica"
    EXTENDED_REPLICA = "ExtendedReplica"


class ReplicationHealth(StrEnum):
    NOT_APPLICABLE = "NotApplicable"
    NORMAL = "Normal"
    WARNING = "Warning"
    CRITICAL = "Critical"


class ReplicationState(StrEnum):
    DISABLED = "Disabled"
    READY_FOR_INITIAL_REPLICATION = "ReadyForInitialReplication"
    INITIAL_REPLICATION_IN_PROGRESS = "InitialReplicationInProgress"
    WAITING_FOR_INITIAL_REPLICATION = "WaitingForInitialReplication"
    REPLICATING = "Replicating"
    PREPARED_FOR_FAILOVER = "PreparedForFailover"
    FAILED_OVER_WAITING_COMPLETION = "FailedOverWaitingCompletion"
    FAILED_OVER = "FailedOver"
    SUSPENDED = "Suspended"
    ERROR = "Error"
    WAITING_FOR_START_RESYNCHRONIZE = "WaitingForStartResynchronize"
    RESYNCHRONIZING = "Resynchronizing"
    RESYNCHRONIZE_SUSPENDED = "ResynchronizeSuspended"
    RECOVERY_IN_PROGRESS = "RecoveryInProgress"
    FAILBACK_IN_PROGRESS = "FailbackInProgress"
    FAILBACK_COMPLETE = "FailbackComplete"
    WAITING_FOR_UPDATE_COMPLETION = "WaitingForUpdateCompletion"
    UPDATE_ERROR = "UpdateError"
    WAITING_FOR_REPURPOSE_COMPLETION = "WaitingForRepurposeCompletion"
    PREPARED_FOR_SYNC_REPLICATION = "PreparedForSyncReplication"
    PREPARED_FOR_GROUP_REVERSE_REPLICATION = "PreparedForGroupReverseReplication"
    FIREDRILL_IN_PROGRESS = "FiredrillInProgress"


class Heartbeat(StrEnum):
    DISABLED = "Disabled"
    OK_APPLICATIONS_CRITICAL = "OkApplicationsCritical"
    OK_APPLICATIONS_HEALTHY = "OkApplicationsHealthy"
    OK_APPLICATIONS_UNKNOWN = "OkApplicationsUnknown"
    NO_CONTACT = "NoContact"
    LOST_COMMUNICATION = "LostCommunication"
    ERROR = "Error"
    PAUSED = "Paused"


class IntegrationServicesState(StrEnum):
    UNKNOWN = "Unknown"
    UP_TO_DATE = "UpToDate"
    MISMATCH = "Mismatch"


class BootSource(StrEnum):
    UNKNOWN = "Unknown"
    DRIVE = "Drive"
    NETWORK = "Network"
    FILE = "File"


class BootKind(StrEnum):
    HARD_DISK = "HardDisk"
    DVD = "Dvd"
    NETWORK = "Network"
    FILE = "File"
    UNKNOWN = "Unknown"


class StartupDevice(StrEnum):
    FLOPPY = "Floppy"
    CD = "CD"
    IDE = "IDE"
    LEGACY_NETWORK_ADAPTER = "LegacyNetworkAdapter"
    SCSI = "SCSI"


class NetworkBoot(StrEnum):
    IPV4 = "IPv4"
    IPV6 = "IPv6"


class ConsoleMode(StrEnum):
    DEFAULT = "Default"
    COM1 = "COM1"
    COM2 = "COM2"
    NONE = "None"


class SnapshotType(StrEnum):
    STANDARD = "Standard"
    RECOVERY = "Recovery"
    PLANNED = "Planned"
    MISSING = "Missing"
    REPLICA = "Replica"
    APP_CONSISTENT_REPLICA = "AppConsistentReplica"
    SYNCED_REPLICA = "SyncedReplica"


class ConnectAccess(StrEnum):
    ALLOWED = "Allowed"
    DENIED = "Denied"


class DeviceKind(StrEnum):
    NETWORK_ADAPTER = "NetworkAdapter"
    LEGACY_NETWORK_ADAPTER = "LegacyNetworkAdapter"
    DISPLAY = "Display"


class AdapterStatus(StrEnum):
    UNKNOWN = "Unknown"
    OTHER = "Other"
    OK = "Ok"
    DEGRADED = "Degraded"
    STRESSED = "Stressed"
    PREDICTIVE_FAILURE = "PredictiveFailure"
    ERROR = "Error"
    NON_RECOVERABLE_ERROR = "NonRecoverableError"
    STARTING = "Starting"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    IN_SERVICE = "InService"
    NO_CONTACT = "NoContact"
    LOST_COMMUNICATION = "LostCommunication"
    PROTOCOL_VERSION = "ProtocolVersion"
    NO_IOMMU = "NoIommu"
    NO_IOV_SUPPORT_IN_NIC = "NoIovSupportInNic"
    SWITCH_NOT_IN_IOV_MODE = "SwitchNotInIovMode"
    IOV_BLOCKED_BY_POLICY = "IovBlockedByPolicy"
    IOV_NO_AVAIL_RESOURCES = "IovNoAvailResources"
    IOV_GUEST_DRIVERS_NEEDED = "IovGuestDriversNeeded"


def version_number(text: str) -> tuple[int, ...]:
    """A version such as `9.0` as numbers. Raises NotAssessed for text that is none."""
    parts = text.strip().split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise undetermined(f"{text!r} is no version")
    return tuple(map(int, parts))


class VMOwned(Row):
    """A row that belongs to a VM."""

    __slots__ = ()
    name_column = "VMName"

    vm_id: str
    vm_name: str

    @property
    def vm(self) -> "VM | None":
        """The VM. Raises NotAssessed."""
        return self.host.find(VM, id=self.vm_id)

    @property
    def owner(self) -> "VM":
        """The VM, where there must be one. Raises NotAssessed."""
        vm = self.vm
        if vm is None:
            raise undetermined(f"the virtual machine of {self} is not known", table="vm")
        return vm


P = TypeVar("P", bound=VMOwned)


class VM(Row, table="vm"):
    """`Get-VM`."""

    __slots__ = ()
    name_column = "Name"

    id: str
    name: str
    state: VMState
    primary_operational_status: VMStatus | None
    secondary_operational_status: VMStatus | None
    uptime: int
    time_of_last_state_change: datetime | None
    generation: int
    version: str
    creation_time: datetime | None
    path: str
    configuration_location: str
    configuration_file: str
    snapshot_file_location: str
    smart_paging_file_path: str
    automatic_start_action: StartAction
    automatic_start_delay: int
    automatic_stop_action: StopAction
    automatic_critical_error_action: CriticalErrorAction
    automatic_critical_error_action_timeout: int
    checkpoint_type: CheckpointType
    automatic_checkpoints_enabled: bool
    parent_snapshot_id: str | None
    notes_length: int
    notes_sha256: str | None
    notes_suspicious: bool
    notes: str | None
    lock_on_disconnect: OnOff
    guest_controlled_cache_types: bool
    allow_full_scsi_command_set: bool
    allow_reduced_fc_redundancy: bool
    incremental_backup_enabled: bool
    debug_port_enabled: DebugPort
    enhanced_session_transport_type: EnhancedSessionTransport
    guest_state_isolation_type: int
    scope_of_residence: str | None
    replication_mode: ReplicationMode
    replication_health: ReplicationHealth
    replication_state: ReplicationState
    last_successful_backup_time: datetime | None
    heartbeat: Heartbeat | None
    integration_services_state: IntegrationServicesState | None
    integration_services_version: str | None
    memory_assigned: int
    memory_demand: int | None
    smart_paging_file_in_use: bool
    is_clustered: bool
    process_id: int | None

    @property
    def processor(self) -> "VMProcessor":
        """Its processors. Raises NotAssessed."""
        return self._part(VMProcessor)

    @property
    def memory(self) -> "VMMemory":
        """Its memory. Raises NotAssessed."""
        return self._part(VMMemory)

    @property
    def firmware(self) -> "VMFirmware":
        """Its firmware. Raises NotAssessed."""
        return self._part(VMFirmware)

    @property
    def security(self) -> "VMSecurity":
        """Its security settings. Raises NotAssessed and NotOffered."""
        return self._part(VMSecurity)

    @property
    def is_replica(self) -> bool:
        """Whether another host replicates it here: off by design. Raises NotAssessed; before 2012 there is no replication."""
        try:
            mode = self.replication_mode
        except NotOffered:
            return False
        return mode in {ReplicationMode.REPLICA, ReplicationMode.EXTENDED_REPLICA, ReplicationMode.TEST_REPLICA}

    @property
    def is_settled(self) -> bool:
        """Whether it has run for more than ten minutes, so that its guest has had time to answer. Raises NotAssessed."""
        return self.state is VMState.RUNNING and self.uptime > _SETTLED_SECONDS

    @property
    def version_number(self) -> tuple[int, ...]:
        """Its configuration version as numbers: (9, 0). Raises NotAssessed."""
        return version_number(self.version)

    def _part(self, model: type[P]) -> P:
        part = self.host.find(model, vm_id=self.id)
        if part is None:
            raise undetermined(f"{self} has no such part", table=model.table_name)
        return part


class VMProcessor(VMOwned, table="vm_processor"):
    """`Get-VMProcessor`."""

    __slots__ = ()

    count: int
    maximum: int
    reserve: int
    relative_weight: int
    compatibility_for_migration_enabled: bool
    compatibility_for_older_operating_systems_enabled: bool
    hw_thread_count_per_core: int
    expose_virtualization_extensions: bool
    enable_host_resource_protection: bool
    enable_perfmon_pmu: bool
    enable_perfmon_lbr: bool
    enable_perfmon_pebs: bool
    enable_perfmon_ipt: bool
    cpu_group_id: str | None
    hide_hypervisor_present: bool
    resource_pool_name: str


class VMMemory(VMOwned, table="vm_memory"):
    """`Get-VMMemory`: `Startup`, `Minimum` and `Maximum` in bytes; the last two mean nothing with dynamic memory off."""

    __slots__ = ()

    dynamic_memory_enabled: bool
    startup: int
    minimum: int
    maximum: int
    buffer: int
    priority: int
    maximum_per_numa_node: int


class VMFirmware(VMOwned, table="vm_firmware"):
    """`Get-VMFirmware` (generation 2) and `Get-VMBios` (generation 1)."""

    __slots__ = ()

    secure_boot: OnOff | None
    secure_boot_template_id: str | None
    secure_boot_template: str | None
    boot_order: tuple[BootSource, ...] | None
    boot_order_device: tuple[str, ...] | None
    boot_order_kind: tuple[BootKind, ...] | None
    startup_order: tuple[StartupDevice, ...] | None
    num_lock_enabled: bool
    preferred_network_boot_protocol: NetworkBoot
    pause_after_boot_failure: OnOff
    console_mode: ConsoleMode


class VMSecurity(VMOwned, table="vm_security"):
    """`Get-VMSecurity`."""

    __slots__ = ()

    tpm_enabled: bool
    shielded: bool
    shielding_requested: bool
    data_protection_requested: bool
    ksd_enabled: bool
    encrypt_state_and_vm_migration_traffic: bool
    virtualization_based_security_opt_out: bool
    bind_to_host_tpm: bool


class VMCheckpoint(VMOwned, table="vm_checkpoint"):
    """`Get-VMSnapshot`."""

    __slots__ = ()
    name_column = "Name"

    id: str
    name: str
    snapshot_type: SnapshotType
    creation_time: datetime | None
    parent_snapshot_id: str | None
    is_automatic_checkpoint: bool
    state: VMState


class VMComPort(VMOwned, table="vm_com_port"):
    """`Get-VMComPort`."""

    __slots__ = ()

    number: int
    id: str
    path: str | None
    debugger_mode: OnOff


class VMConnectAccess(VMOwned, table="vm_connect_access"):
    """`Get-VMConnectAccess`."""

    __slots__ = ()

    user_name: str | None
    user_id: str | None
    access: ConnectAccess


class VMAssignedDevice(VMOwned, table="vm_assigned_device"):
    """`Get-VMAssignableDevice`."""

    __slots__ = ()

    instance_id: str
    location_path: str | None
    virtual_function: str | None

    @property
    def is_virtual_function(self) -> bool:
        """Whether only a function of an SR-IOV device is assigned; 65535 and nothing stand for the device itself. Raises NotAssessed."""
        return self.virtual_function not in (None, "", "0", "65535")


class VMGpuPartitionAdapter(VMOwned, table="vm_gpu_partition_adapter"):
    """`Get-VMGpuPartitionAdapter`."""

    __slots__ = ()

    id: str


class VMRemoteFxAdapter(VMOwned, table="vm_remotefx_adapter"):
    """`Get-VMRemoteFx3dVideoAdapter`."""

    __slots__ = ()

    id: str
    maximum_monitors: int
    maximum_screen_resolution: int


class VMFibreChannelHba(VMOwned, table="vm_fibre_channel_hba"):
    """`Get-VMFibreChannelHba`."""

    __slots__ = ()

    id: str
    san_name: str | None
    world_wide_port_name_set_a: str
    world_wide_port_name_set_b: str


class VMDeviceStatus(VMOwned, table="vm_device_status"):
    """A device of a running VM, as the host sees it."""

    __slots__ = ()

    kind: DeviceKind
    device_id: str
    enabled_state: int
    primary_operational_status: AdapterStatus | None
