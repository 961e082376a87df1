"""The machine and its operating system: what `systeminfo` and the boot configuration tell."""

import re
from datetime import datetime
from enum import IntEnum, StrEnum

from snapshot_tool.knowledge.attestation import DIRECTORY, LOCAL, NOT_ATTEMPTED, NOT_CONFIGURED, attestation_name
from snapshot_tool.knowledge.guests import CLIENT, windows_support
from snapshot_tool.knowledge.hosts import hypervisor_of
from snapshot_tool.knowledge.releases import Release, server_release
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import NotOffered, undetermined

_VERSION = re.compile(r"\d{1,9}\.\d{1,9}\.\d{1,9}\.(\d{1,9})\Z", re.ASCII)


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
        try:
            kind = self.installation_type
        except NotOffered:
            return self.operating_system_sku in _CORE_EDITIONS
        if kind is None:
            raise undetermined("the kind of the installation is not known", table="os", column="InstallationType")
        return kind.casefold() in ("server core", "nano server")

    @property
    def release(self) -> Release:
        """The product with its ends of support. Raises NotAssessed for one that the tables do not know."""
        build, sku = self.build, self.operating_system_sku
        if self.product_type is OperatingSystemProductType.WORKSTATION:
            found = windows_support(CLIENT, build, sku)
            if len(found) == 1:
                return Release(found[0].product, build, "Windows", None, found[0].end, found[0].paid_end)
        else:
            release = server_release(build, self.edition_id, sku)
            if release is not None:
                return release
        raise undetermined(f"the tables do not know the product with build {build}, edition {sku}", table="os")

    @property
    def update_revision(self) -> int | None:
        """The UBR; None where this Windows has none."""
        try:
            return self.ubr
        except NotOffered:
            return None

    @property
    def revision(self) -> int | None:
        """The UBR, else the revision of the kernel, which is at most as new; None where nothing tells it."""
        revision = self.update_revision
        if revision is not None:
            return revision
        version = _VERSION.match(self.kernel_file_version or "")
        return int(version[1]) if version is not None else None

    @property
    def may_hotpatch(self) -> bool:
        """Whether this edition can take updates that need no restart and keep the revision for a quarter."""
        return self.build >= _SERVER_2025 or "turbine" in self.edition_id.casefold()


_SERVER_2025 = 26100
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

    @property
    def hypervisor(self) -> str | None:
        """The hypervisor in whose virtual machine this host runs; None for hardware and for what the firmware does not name."""
        return hypervisor_of(self.manufacturer or "", self.model or "")

    @property
    def is_domain_controller(self) -> bool:
        return self.domain_role in (
            ComputerSystemDomainRole.BACKUP_DOMAIN_CONTROLLER,
            ComputerSystemDomainRole.PRIMARY_DOMAIN_CONTROLLER,
        )


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


BOOT_LOADER = 0x10200003


def boot_entry_in_use(host: Snapshot) -> str:
    """The object id of the current boot entry, else of the default one. Raises NotAssessed where it is not known which that is."""
    elements = host.rows(BootElement)
    loaders = elements.matching(lambda element: element.is_current is True) or elements.matching(
        lambda element: element.is_default and element.object_type == BOOT_LOADER
    )
    if not loaders:
        raise undetermined("which boot entry is in use is not known", table="boot_entries", column="IsCurrent")
    return loaders[0].object_id


def boot_element(host: Snapshot, name: str) -> BootElement | None:
    """An element of the boot entry in use, its own or inherited; None where it is not set.

    Raises NotAssessed where it is not known which entry that is.
    """
    return _inherited(host, boot_entry_in_use(host), name)


def _inherited(host: Snapshot, entry: str, name: str, seen: frozenset[str] = frozenset()) -> BootElement | None:
    """The element of an entry, else of what it inherits from, the nearest first."""
    own = host.find(BootElement, object_id=entry, element_name=name)
    if own is not None or entry in seen:
        return own
    parents = host.find(BootElement, object_id=entry, element_name="inherit")
    for parent in (parents.guid_list_value or ()) if parents is not None else ():
        found = _inherited(host, parent, name, seen | {entry})
        if found is not None:
            return found
    return None


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

    @property
    def status_name(self) -> str:
        """`Passed`, `NotConfigured`, ... Raises NotAssessed for no value and for an unknown number."""
        return self._named("AttestationStatus", self.attestation_status)

    @property
    def is_configured(self) -> bool:
        """Whether an attestation service shall vouch for the host; else it runs in local mode. Raises NotAssessed."""
        status = self.status_name
        if status == NOT_ATTEMPTED:
            return self._named("Mode", self.mode) != LOCAL
        return status != NOT_CONFIGURED

    @property
    def trusts_directory(self) -> bool:
        """Whether the service trusts hosts for their group in a directory, and not for their keys or their TPM. Raises NotAssessed."""
        return self._named("AttestationOperationMode", self.attestation_operation_mode).casefold() in DIRECTORY

    def _named(self, column: str, value: str | None) -> str:
        name = attestation_name(column, value)
        if name is None:
            raise undetermined(f"what {value!r} means is not known", table=self.table_name, column=column)
        return name


class Feature(Row, table="features"):
    """Roles, role services and optional features: one row is feature x source kind."""

    __slots__ = ()
    name_column = "Name"

    kind: FeatureKind
    name: str | None
    installed: bool
    install_state: int | None
    server_feature_id: int | None
    server_feature_parent_id: int | None


class Application(Row, table="applications"):
    """Installed programs: one row is uninstall entry."""

    __slots__ = ()
    name_column = "DisplayName"

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

    @property
    def product(self) -> str | None:
        """The name under which people see the program installed; None for parts and updates of other programs."""
        if self.system_component or self.parent_key_name is not None:
            return None
        return self.display_name


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

    @property
    def effective_type(self) -> TimeServiceType | None:
        """What the policy says, else the local setting; None where neither is set, which means the default of Windows."""
        policy = self.type_policy
        if policy is None:
            return self.type
        for kind in TimeServiceType:
            if policy.strip().casefold() == kind.casefold():
                return kind
        raise undetermined(f"{policy!r} is no kind of time source", table="time_service", column="TypePolicy")

    @property
    def servers(self) -> tuple[str, ...]:
        """Names of the NtpServer list in force, without their flags; empty where none is set."""
        text = self.ntp_server if self.ntp_server_policy is None else self.ntp_server_policy
        return tuple(entry.partition(",")[0] for entry in (text or "").split())

    @property
    def is_client_enabled(self) -> bool:
        """Whether the NTP client may ask anybody."""
        policy = self.ntp_client_enabled_policy
        return (self.ntp_client_enabled if policy is None else policy) != 0
