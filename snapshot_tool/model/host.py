"""The machine and its operating system: what `systeminfo` and the boot configuration tell."""

from datetime import datetime
from enum import IntEnum, StrEnum

from snapshot_tool.snapshot import Row


class OperatingSystemProductType(IntEnum):
    """`os.ProductType`."""

    WORKSTATION = 1
    DOMAIN_CONTROLLER = 2
    SERVER = 3


class OperatingSystemOSArchitecture(StrEnum):
    """`os.OSArchitecture`."""

    X64 = "x64"
    X86 = "x86"
    ARM64 = "arm64"


class OperatingSystemDepSupportPolicy(IntEnum):
    """`os.DepSupportPolicy`."""

    ALWAYS_OFF = 0
    ALWAYS_ON = 1
    OPT_IN = 2
    OPT_OUT = 3


class OperatingSystemPendingReboot(StrEnum):
    """`os.PendingReboot`."""

    CBS = "cbs"
    WINDOWS_UPDATE = "windowsUpdate"
    FILE_RENAME = "fileRename"
    COMPUTER_RENAME = "computerRename"
    DOMAIN_JOIN = "domainJoin"


class ComputerSystemDomainRole(IntEnum):
    """`computer.DomainRole`."""

    STANDALONE_WORKSTATION = 0
    MEMBER_WORKSTATION = 1
    STANDALONE_SERVER = 2
    MEMBER_SERVER = 3
    BACKUP_DOMAIN_CONTROLLER = 4
    PRIMARY_DOMAIN_CONTROLLER = 5


class ComputerSystemFirmwareType(StrEnum):
    """`computer.FirmwareType`."""

    BIOS = "BIOS"
    UEFI = "UEFI"


class ComputerSystemMemoryErrorCorrection(IntEnum):
    """`computer.MemoryErrorCorrection`."""

    RESERVED = 0
    OTHER = 1
    UNKNOWN = 2
    NONE = 3
    PARITY = 4
    SINGLE_BIT_ECC = 5
    MULTI_BIT_ECC = 6
    CRC = 7


class PlatformSecurityVbsStatus(IntEnum):
    """`platform_security.VbsStatus`."""

    OFF = 0
    ENABLED_NOT_RUNNING = 1
    RUNNING = 2


class PlatformSecurityVbsRequiredProps(IntEnum):
    """`platform_security.VbsRequiredProps`."""

    NONE = 0
    HYPERVISOR_SUPPORT = 1
    SECURE_BOOT = 2
    DMA_PROTECTION = 3
    SECURE_MEMORY_OVERWRITE = 4
    NX_PROTECTION = 5
    SMM_MITIGATION = 6
    MODE_BASED_EXECUTION_CONTROL = 7
    APIC_VIRTUALIZATION = 8


class PlatformSecurityVbsAvailableProps(IntEnum):
    """`platform_security.VbsAvailableProps`."""

    NONE = 0
    HYPERVISOR_SUPPORT = 1
    SECURE_BOOT = 2
    DMA_PROTECTION = 3
    SECURE_MEMORY_OVERWRITE = 4
    NX_PROTECTION = 5
    SMM_MITIGATION = 6
    MODE_BASED_EXECUTION_CONTROL = 7
    APIC_VIRTUALIZATION = 8


class PlatformSecuritySecurityServicesConfigured(IntEnum):
    """`platform_security.SecurityServicesConfigured`."""

    NONE = 0
    CREDENTIAL_GUARD = 1
    MEMORY_INTEGRITY = 2
    SYSTEM_GUARD_SECURE_LAUNCH = 3
    SMM_FIRMWARE_MEASUREMENT = 4
    KERNEL_SHADOW_STACKS = 5
    KERNEL_SHADOW_STACKS_AUDIT = 6
    HYPERVISOR_ENFORCED_PAGING_TRANSLATION = 7


class PlatformSecuritySecurityServicesRunning(IntEnum):
    """`platform_security.SecurityServicesRunning`."""

    NONE = 0
    CREDENTIAL_GUARD = 1
    MEMORY_INTEGRITY = 2
    SYSTEM_GUARD_SECURE_LAUNCH = 3
    SMM_FIRMWARE_MEASUREMENT = 4
    KERNEL_SHADOW_STACKS = 5
    KERNEL_SHADOW_STACKS_AUDIT = 6
    HYPERVISOR_ENFORCED_PAGING_TRANSLATION = 7


class PlatformSecurityCodeIntegrityPolicyStatus(IntEnum):
    """`platform_security.CodeIntegrityPolicyStatus`."""

    OFF = 0
    AUDIT = 1
    ENFORCED = 2


class PlatformSecurityUmciStatus(IntEnum):
    """`platform_security.UmciStatus`."""

    OFF = 0
    AUDIT = 1
    ENFORCED = 2


class FeatureKind(StrEnum):
    """`features.Kind`."""

    OPTIONAL = "optional"
    SERVER = "server"
    COMPONENT = "component"


class ApplicationView(IntEnum):
    """`applications.View`."""

    N64_BIT = 64
    N32_BIT = 32


class TimeServiceType(StrEnum):
    """`time_service.Type`."""

    NT5_DS = "NT5DS"
    NTP = "NTP"
    ALL_SYNC = "AllSync"
    NO_SYNC = "NoSync"


class Collection(Row, table="collection"):
    """Run context and host environment: one row is the run."""

    __slots__ = ()

    host_name: str
    fqdn: str | None
    run_id: str
    started_utc: datetime
    collector_version: str
    elevated: bool
    user_sid: str
    user_name: str | None
    remoting: bool
    system_root: str
    system_drive: str
    program_data: str
    program_files: str
    program_files_x86: str | None
    public: str
    users_root: str | None
    machine_path: tuple[str, ...]


class OperatingSystem(Row, table="os"):
    """Operating system: one row is the running Windows installation."""

    __slots__ = ()

    caption: str | None
    product_name: str | None
    version: str
    build: int
    ubr: int | None
    kernel_file_version: str | None
    release_id: str | None
    display_version: str | None
    edition_id: str
    installation_type: str | None
    product_type: OperatingSystemProductType
    operating_system_sku: int
    os_architecture: OperatingSystemOSArchitecture
    service_pack: str | None
    service_pack_major: int
    os_language_lcid: int
    mui_languages: tuple[str, ...]
    install_date_utc: datetime
    last_boot_utc: datetime
    time_zone_bias_min: int
    time_zone_id: str | None
    dep_support_policy: OperatingSystemDepSupportPolicy
    windows_directory: str
    system_drive: str
    pending_reboot: tuple[OperatingSystemPendingReboot, ...]

    @property
    def is_server_core(self) -> bool:
        """Whether the installation has no desktop. Server 2008 has no InstallationType; its edition's number tells."""
        if self.installation_type is not None:
            return self.installation_type.casefold() == "server core"
        return self.operating_system_sku in _CORE_EDITIONS


# GetProductInfo: editions without a desktop (Datacenter, Standard, Enterprise, Web, their kin without Hyper-V, Hyper-V Server).
_CORE_EDITIONS = frozenset({12, 13, 14, 29, 39, 40, 41, 42, 43, 44, 45, 46, 53, 55, 56, 57, 63, 64, 65, 66, 67, 68, 69})


class ComputerSystem(Row, table="computer"):
    """Computer, firmware and domain role: one row is the machine."""

    __slots__ = ()

    name: str
    dns_host_name: str | None
    domain: str | None
    part_of_domain: bool
    domain_role: ComputerSystemDomainRole
    workgroup: str | None
    domain_reachable: bool | None
    machine_sid: str
    domain_sid: str | None
    forest_root_domain_sid: str | None
    manufacturer: str | None
    model: str | None
    serial_number: str | None
    uuid: str
    bios_vendor: str | None
    bios_version: str | None
    bios_date_utc: datetime
    firmware_type: ComputerSystemFirmwareType
    total_physical_memory_bytes: int
    memory_error_correction: tuple[ComputerSystemMemoryErrorCorrection, ...]
    sockets: int
    cores: int | None
    logical_processors: int
    cpu_name: str | None
    cpu_manufacturer: str | None
    cpu_signature: str | None
    microcode_revision: bytes
    slat_supported: bool
    virt_firmware_enabled: bool
    hypervisor_present: bool


class PlatformSecurity(Row, table="platform_security"):
    """Firmware trust, TPM, virtualization-based security, CPU mitigations: one row is the machine."""

    __slots__ = ()

    secure_boot_enabled: bool | None
    secure_boot_db_ca_names: tuple[str, ...] | None
    secure_boot_kek_ca_names: tuple[str, ...] | None
    tpm_present: bool
    tpm_enabled: bool
    tpm_activated: bool
    tpm_owned: bool
    tpm_ready: bool
    tpm_spec_version: str | None
    tpm_manufacturer_id: int
    tpm_manufacturer_version: str | None
    vbs_status: PlatformSecurityVbsStatus
    vbs_required_props: tuple[PlatformSecurityVbsRequiredProps, ...]
    vbs_available_props: tuple[PlatformSecurityVbsAvailableProps, ...]
    security_services_configured: tuple[PlatformSecuritySecurityServicesConfigured, ...]
    security_services_running: tuple[PlatformSecuritySecurityServicesRunning, ...]
    code_integrity_policy_status: PlatformSecurityCodeIntegrityPolicyStatus
    umci_status: PlatformSecurityUmciStatus
    lsa_cfg_flags: int | None
    feature_settings_override: int | None
    feature_settings_override_mask: int | None
    min_vm_version_for_cpu_based_mitigations: str | None


class BootElement(Row, table="boot_entries"):
    """Boot configuration elements: one row is BCD object x element of the bootElements list."""

    __slots__ = ()

    object_id: str
    object_type: int
    element_id: str
    element_name: str
    bool_value: bool
    int_value: int
    guid_list_value: tuple[str, ...] | None
    is_default: bool
    is_current: bool | None


class AdComputer(Row, table="ad_computer"):
    """The host's own Active Directory object: one row is the object."""

    __slots__ = ()

    object_sid: str
    distinguished_name: str | None
    user_account_control: int
    allowed_to_delegate_to: tuple[str, ...]
    resource_based_delegation: bool
    service_principal_names: tuple[str, ...]
    pwd_last_set_utc: datetime
    when_created_utc: datetime


class HostGuardian(Row, table="hgs"):
    """Host Guardian client: one row is the machine."""

    __slots__ = ()

    is_host_guarded: bool
    mode: str | None
    attestation_operation_mode: str | None
    attestation_status: str | None
    attestation_substatus: tuple[str, ...]
    attestation_server_url: str | None
    key_protection_server_url: str | None
    fallback_attestation_server_url: str | None
    fallback_key_protection_server_url: str | None


class Feature(Row, table="features"):
    """Roles, role services and optional features: one row is feature x source kind."""

    __slots__ = ()

    kind: FeatureKind
    name: str | None
    installed: bool
    install_state: int | None
    server_feature_id: int | None
    server_feature_parent_id: int | None


class Application(Row, table="applications"):
    """Installed programs: one row is uninstall entry."""

    __slots__ = ()

    key_name: str
    display_name: str | None
    display_version: str | None
    publisher: str | None
    install_date: str | None
    install_location: str | None
    view: ApplicationView
    scope: str
    system_component: bool
    windows_installer: bool
    release_type: str | None
    parent_key_name: str | None


class UserProfile(Row, table="user_profiles"):
    """User profiles: one row is profile."""

    __slots__ = ()

    sid: str
    local_path: str | None
    last_use_utc: datetime
    special: bool
    loaded: bool


class VssWriter(Row, table="vss_writers"):
    """Volume shadow copy writers: one row is writer."""

    __slots__ = ()

    writer_id: str
    instance_id: str
    state_code: int


class TimeService(Row, table="time_service"):
    """Windows Time configuration: one row is the machine."""

    __slots__ = ()

    type: TimeServiceType | None
    type_policy: str | None
    ntp_server: str | None
    ntp_server_policy: str | None
    announce_flags: int
    max_pos_phase_correction: int
    max_neg_phase_correction: int
    ntp_client_enabled: int | None
    ntp_client_enabled_policy: int | None
    ntp_server_enabled: int | None
    vmic_time_provider_enabled: int | None
    special_poll_interval: int
