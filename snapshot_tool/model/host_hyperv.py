"""The Hyper-V host, and what it offers to its VMs."""

from enum import StrEnum

from snapshot_tool.snapshot import Row


class MigrationAuthentication(StrEnum):
    CREDSSP = "CredSSP"
    KERBEROS = "Kerberos"


class MigrationPerformance(StrEnum):
    TCPIP = "TCPIP"
    COMPRESSION = "Compression"
    SMB = "SMB"


class PoolType(StrEnum):
    VHD = "VHD"
    ISO = "ISO"
    VFD = "VFD"
    PROCESSOR = "Processor"
    MEMORY = "Memory"
    ETHERNET = "Ethernet"
    FIBRE_CHANNEL_CONNECTION = "FibreChannelConnection"


class ImageAccess(StrEnum):
    READ = "Read"
    READ_WRITE = "ReadWrite"


class VMHost(Row, table="host_hyperv"):
    """`Get-VMHost`."""

    __slots__ = ()
    name_column = "Name"

    name: str
    virtual_machine_path: str
    virtual_hard_disk_path: str
    mac_address_minimum: str
    mac_address_maximum: str
    numa_spanning_enabled: bool
    enable_enhanced_session_mode: bool
    hypervisor_root_scheduler_enabled: bool
    virtual_machine_migration_enabled: bool
    virtual_machine_migration_authentication_type: MigrationAuthentication
    virtual_machine_migration_performance_option: MigrationPerformance
    maximum_virtual_machine_migrations: int
    maximum_storage_migrations: int
    use_any_network_for_migration: bool
    listener_port: int
    disable_self_signed_certificate_generation: bool
    auth_certificate_hash: str | None
    scope_of_residence: str | None
    supported_vm_versions: tuple[str, ...]
    memory_capacity: int
    logical_processor_count: int


class HostAssignableDevice(Row, table="host_assignable_device"):
    """`Get-VMHostAssignableDevice`."""

    __slots__ = ()

    instance_id: str
    location_path: str


class VirtualSan(Row, table="virtual_san"):
    """`Get-VMSan`."""

    __slots__ = ()
    name_column = "Name"

    name: str
    id: str
    hbas: tuple[str, ...]


class VMGroup(Row, table="vm_group"):
    """`Get-VMGroup`."""

    __slots__ = ()
    name_column = "Name"

    id: str
    name: str
    members: tuple[str, ...]


class ResourcePool(Row, table="resource_pool"):
    """`Get-VMResourcePool`."""

    __slots__ = ()
    name_column = "Name"

    name: str
    resource_pool_type: PoolType
    primordial: bool
    paths: tuple[str, ...]


class MountedImage(Row, table="mounted_image"):
    """An image mounted in the management OS by hand."""

    __slots__ = ()

    path: str
    access: ImageAccess
    pnp_device_path: str | None
