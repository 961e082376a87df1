"""HV-VMSEC: protection of virtual machines from the host, from the console and at boot."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from snapshot_tool.check import check
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.knowledge.sids import is_low_privilege
from snapshot_tool.model.accounts import KnownSid, account_name
from snapshot_tool.model.certificates import Certificate, CertificateStore
from snapshot_tool.model.cluster import is_clustered
from snapshot_tool.model.guest import VMGuestKvp, guest_of, says_domain_controller
from snapshot_tool.model.host import (
    HostGuardian,
    OperatingSystem,
    OperatingSystemProductType,
    PlatformSecurity,
    PlatformSecurityCodeIntegrityPolicyStatus,
    PlatformSecuritySecurityServicesRunning,
    PlatformSecurityVbsRequiredProps,
)
from snapshot_tool.model.host_hyperv import VMHost
from snapshot_tool.model.migration import migrates, way_is_encrypted
from snapshot_tool.model.registry import registry_number, registry_text
from snapshot_tool.model.storage import (
    BitLockerVolume,
    BitLockerVolumeProtectionStatus,
    BitLockerVolumeVolumeType,
)
from snapshot_tool.model.vm import VM, BootKind, ConnectAccess, OnOff, StartupDevice, VMConnectAccess, VMSecurity
from snapshot_tool.model.vm_storage import DvdMediaType, VMDvdDrive
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    NotAssessed,
    NotOffered,
    Severity,
    Verdict,
    assess,
    either,
    fail,
    graded,
    listed,
    manual,
    settle,
    undetermined,
)

SECURE_BOOT = r"HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot"
GUARDED_FABRIC = (
    "https://learn.microsoft.com/windows-server/security/guarded-fabric-shielded-vm/guarded-fabric-and-shielded-vms"
)
MEMORY_INTEGRITY = PlatformSecuritySecurityServicesRunning.MEMORY_INTEGRITY
DMA = PlatformSecurityVbsRequiredProps.DMA_PROTECTION
# Editions that can be guarded hosts: Datacenter, its Azure Edition ("ServerTurbine").
DATACENTER = ("datacenter", "turbine")
NO_REASON = frozenset({"", "0", "NoInformation"})
NEW_LOADER_CA = "windows uefi ca 2023"
NEW_KEY_EXCHANGE_CA = "microsoft corporation kek 2k ca 2023"
# The first of the certificates of 2011 ended on 2026-06-24; from this month on an old set is a finding.
CERTIFICATES_END = datetime(2026, 6, 1, tzinfo=UTC)


def collected(host: Snapshot) -> datetime:
    """When the snapshot was made. Raises NotAssessed where nobody knows."""
    if host.host.started is None:
        raise undetermined("the time of collection is not known")
    return host.host.started


@check(
    "HV-VMSEC-001",
    title="Secure Boot is on",
    severity=Severity.MEDIUM,
    refs=("seed:G01", "MS-Plan", "ATT&CK:T1542.003"),
    since="2012R2",
)
def secure_boot_is_on(vm: VM) -> Verdict:
    """Without Secure Boot a changed boot loader starts unseen, below all protection of the guest.

    Remediation:
        With the machine off run `Set-VMFirmware -VMName <name> -EnableSecureBoot On`, for Linux with
        `-SecureBootTemplate MicrosoftUEFICertificateAuthority`. Unsigned appliances may be waived.
    """
    if vm.generation != 2:
        return NOT_APPLICABLE
    if vm.firmware.secure_boot is not OnOff.OFF:
        return PASS
    if _has_no_linux_template(vm):
        # Only Windows can have it on there, so the guest must be known.
        if not guest_of(vm).is_windows:
            return NOT_APPLICABLE
        return fail(f"Secure Boot is off for {vm}")

    def weight() -> Severity:
        guest = vm.host.find(VMGuestKvp, vm_id=vm.id)
        return Severity.MEDIUM if guest is None or guest.is_windows else Severity.LOW

    return graded(f"Secure Boot is off for {vm}", Severity.MEDIUM, weight)


def _has_no_linux_template(vm: VM) -> bool:
    """Whether host or configuration version are too old for a loader that is not Microsoft's."""
    era = vm.host.host.era
    return (era is not None and not in_era("2016", None, era)) or vm.version_number < (6, 2)


@check(
    "HV-VMSEC-006",
    title="The certificates of virtual TPMs are valid and kept elsewhere too",
    severity=Severity.HIGH,
    refs=(GUARDED_FABRIC,),
    since="2016",
)
def key_protectors_are_kept(host: Snapshot) -> Verdict:
    r"""Machines with a virtual TPM open only with the certificates of this host: without a copy they are lost with it.

    Remediation:
        Export both certificates of `Cert:\LocalMachine\Shielded VM Local Certificates` with `Export-PfxCertificate`, and keep them safe.
    """
    machines = host.rows(VMSecurity).matching(lambda row: row.tpm_enabled)
    if not machines or (host.absent(HostGuardian) is None and host.one(HostGuardian).is_host_guarded):
        return NOT_APPLICABLE
    names = listed(map(str, machines))
    found = host.where(Certificate, store=CertificateStore.SHIELDED_VM_LOCAL_CERTIFICATES)
    if not found:
        return fail(f"The host has no certificate for the virtual TPM of {names}")
    now = collected(host)
    expired = found.matching(lambda row: row.not_after_utc < now)
    if expired:
        return fail(
            f"The certificate {listed(map(str, expired))} for the virtual TPM of {names} has expired;"
            " machines that exist still open (unverified)"
        )
    return manual(f"Are the certificates for the virtual TPM of {names} kept outside of this host?")


@check(
    "HV-VMSEC-008",
    title="Only owners may use the console of a virtual machine",
    severity=Severity.HIGH,
    refs=("seed:M08", "BSI:SYS.1.5.A25", "NIST:HY-SR-16 (draft)", "ATT&CK:T1021.001"),
    since="2012",
)
def console_is_for_owners(access: VMConnectAccess) -> Verdict:
    """Whoever reaches the console finds sessions that were left open, and can restart and try.

    Remediation:
        Run `Revoke-VMConnectAccess -VMName <name> -UserName <account>`.
    """
    if access.access is not ConnectAccess.ALLOWED:
        return PASS
    sid = _sid_of(access)
    who = account_name(access.host, sid)
    if is_low_privilege(sid):
        return fail(f"{who} may use the console of {access}")
    owner = _owner_of(access)
    if owner is None:
        return fail(f"{who} may use the console of {access}: is that the owner?", Severity.INFO)
    if owner in _names_of(access, sid):
        return PASS
    return fail(f"{who} may use the console of {access}, but is not its owner", Severity.MEDIUM)


def _owner_of(access: VMConnectAccess) -> str | None:
    """The owner that the operator sheet names, folded."""
    policy = access.host.policy
    told = policy.tags_of(access.vm_id, access.vm_name) if policy.vms else None
    return told.owner.casefold() if told is not None and told.owner else None


def _names_of(access: VMConnectAccess, sid: str) -> set[str]:
    """What the sheet may call the account: its SID, its name with and without the domain. Raises NotAssessed."""
    known = access.host.find(KnownSid, sid=sid)
    names = {name.casefold() for name in (access.user_name, known.name if known is not None else None) if name}
    return {sid.casefold(), *names, *(name.rpartition("\\")[2] for name in names)}


def _sid_of(access: VMConnectAccess) -> str:
    """SID of the account; a name is looked up among the names that the host resolved. Raises NotAssessed."""
    sid: str | None = access.user_id
    if sid is not None:
        return sid
    name = access.user_name
    known = access.host.find(KnownSid, name=name) if name else None
    if known is None:
        raise undetermined(
            f"{name} may use the console of {access}, and nobody knows its SID", table="vm_connect_access"
        )
    return str(known.sid)


@check(
    "HV-VMSEC-009",
    title="Enhanced sessions are off",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A16", "BSI:SYS.1.5.A25", "ATT&CK:T1115"),
    since="2012R2",
)
def enhanced_sessions_are_off(host: Snapshot) -> Verdict:
    """An enhanced session opens clipboard, drives and printers between the guest and the computer of the administrator.

    Remediation:
        Run `Set-VMHost -EnableEnhancedSessionMode $false`.
    """
    if not host.one(VMHost).enable_enhanced_session_mode:
        return PASS
    if host.one(OperatingSystem).product_type is OperatingSystemProductType.WORKSTATION:
        return NOT_APPLICABLE
    return fail("Enhanced session mode is on")


@check(
    "HV-VMSEC-015",
    title="Secure Boot has the certificates of 2023",
    severity=Severity.HIGH,
    refs=("https://support.microsoft.com/topic/kb5062710",),
    since="2012",
)
def secure_boot_certificates(host: Snapshot) -> list[Verdict]:
    r"""The certificates of 2011 ended in 2026: boot loaders and lists of forbidden ones can no longer be updated with them.

    Remediation:
        On a patched host run `reg add HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot /v AvailableUpdates /t REG_DWORD /d 0x5944 /f`,
        start the task `\Microsoft\Windows\PI\Secure-Boot-Update` and restart. Then patch the guests of generation 2.
    """
    if collected(host) < CERTIFICATES_END:
        return [PASS]
    return [assess(lambda: _host_certificates(host)).on(None), *_guest_certificates(host)]


def _host_certificates(host: Snapshot) -> Verdict:
    firmware = host.one(PlatformSecurity)
    if not firmware.secure_boot_enabled:
        return NOT_APPLICABLE
    status = registry_text(host, SECURE_BOOT + r"\Servicing", "UEFICA2023Status")
    if status is not None and status.casefold() == "updated":
        return PASS
    if status is not None and status.casefold() != "notstarted":
        return fail(f"The new certificates of Secure Boot are not in place (status {status})")
    # Firmware may have been shipped with the new certificates, which the servicing status does not tell.
    loaders, keys = firmware.secure_boot_db_ca_names, firmware.secure_boot_kek_ca_names
    if loaders is None or keys is None:
        raise undetermined("the certificates of the firmware could not be read", table="platform_security")
    if _has(loaders, NEW_LOADER_CA) and _has(keys, NEW_KEY_EXCHANGE_CA):
        return PASS
    return fail(f"Secure Boot of the host still rests on the certificates of 2011 (status {status or 'not reported'})")


def _has(names: tuple[str, ...], wanted: str) -> bool:
    return any(name.casefold() == wanted for name in names)


def _guest_certificates(host: Snapshot) -> list[Verdict]:
    def ask(vm: VM) -> Verdict:
        if vm.generation != 2 or vm.firmware.secure_boot is not OnOff.ON:
            return NOT_APPLICABLE
        return manual(f"Has the guest of {vm} the Secure Boot certificates of 2023?")

    try:
        return host.rows(VM).each(ask)
    except NotOffered:
        return []


@check(
    "HV-VMSEC-002",
    title="The template of Secure Boot fits the guest",
    severity=Severity.LOW,
    since="2016",
)
def template_fits(vm: VM) -> Verdict:
    """The template for other systems trusts far more boot loaders than Windows needs.

    Remediation:
        With the machine off run `Set-VMFirmware -VMName <name> -SecureBootTemplate MicrosoftWindows`.
    """
    if vm.generation != 2 or vm.firmware.secure_boot_template != "MicrosoftUEFICertificateAuthority":
        return NOT_APPLICABLE if vm.generation != 2 else PASS
    if not guest_of(vm).is_windows:
        return PASS
    return fail(f"{vm} runs Windows and trusts the boot loaders of other systems")


@check(
    "HV-VMSEC-007",
    title="Guests may use virtualization-based security",
    severity=Severity.MEDIUM,
    refs=("MS-Plan",),
    since="2016",
)
def virtualization_based_security(security: VMSecurity) -> Verdict:
    """A machine that is opted out cannot protect its credentials and its kernel from itself.

    Remediation:
        With the machine off run `Set-VMSecurity -VMName <name> -VirtualizationBasedSecurityOptOut $false`.
    """
    if security.virtualization_based_security_opt_out:
        return fail(f"{security} is opted out of virtualization-based security")
    return PASS


@check(
    "HV-VMSEC-010",
    title="Virtual machines start from disk first",
    severity=Severity.LOW,
    refs=("ATT&CK:T1542.005",),
)
def starts_from_disk(vm: VM) -> Verdict:
    """Whoever controls the network or puts an image into the drive decides what the machine starts.

    Remediation:
        Run `Set-VMFirmware -VMName <name> -FirstBootDevice <disk>`, for generation 1 `Set-VMBios -VMName <name> -StartupOrder`.
    """
    firmware = vm.firmware
    if vm.generation == 1:
        order = firmware.startup_order
        if not order:
            raise undetermined(f"what {vm} starts from is not known", table="vm_firmware", column="StartupOrder")
        first = order[0]
        outside = first in (StartupDevice.LEGACY_NETWORK_ADAPTER, StartupDevice.CD)
        # A new machine of generation 1 asks its empty drive first: that is no finding as long as it is empty.
        if first is StartupDevice.CD:
            outside = bool(
                vm.host.where(VMDvdDrive, vm_id=vm.id).matching(lambda row: row.dvd_media_type != DvdMediaType.NONE)
            )
        return fail(f"{vm} starts from {first} first") if outside else PASS
    kinds = firmware.boot_order_kind
    if not kinds:
        raise undetermined(f"what {vm} starts from is not known", table="vm_firmware", column="BootOrderKind")
    if kinds[0] is BootKind.UNKNOWN:
        raise undetermined(f"what {vm} starts from first is not known", table="vm_firmware", column="BootOrderKind")
    return fail(f"{vm} starts from {kinds[0]} first") if kinds[0] in (BootKind.NETWORK, BootKind.DVD) else PASS


@check(
    "HV-VMSEC-004",
    title="Saved states and migration of machines are encrypted",
    severity=Severity.MEDIUM,
    refs=("seed:M15", "BSI:SYS.1.5.A28", "ATT&CK:T1040"),
    since="2016",
)
def state_and_migration_are_encrypted(security: VMSecurity) -> Verdict:
    """The memory of a machine holds its keys and passwords, that of a domain controller those of everybody.

    Remediation:
        Run `Set-VMSecurity -VMName <name> -EncryptStateAndVmMigrationTraffic $true`, with the machine off; generation 1 needs a key
        storage drive first (`Add-VMKeyStorageDrive`).
    """
    if security.encrypt_state_and_vm_migration_traffic:
        return PASS
    host = security.host

    def is_sensitive() -> Verdict:
        if not says_domain_controller(security.owner):
            return NOT_APPLICABLE
        return fail(f"{security} is a domain controller, and its saved state and its migration are not encrypted")

    def crosses_in_clear() -> Verdict:
        settings = migrates(host)
        if settings is None or way_is_encrypted(host, settings):
            return NOT_APPLICABLE

        def weight() -> Severity:
            return Severity.MEDIUM if settings.use_any_network_for_migration or is_clustered(host) else Severity.LOW

        message = f"The saved state of {security} and its way to another host are not encrypted"
        return graded(message, Severity.MEDIUM, weight)

    way = assess(crosses_in_clear)
    # What weighs most needs no second question.
    return way if way.severity is Severity.MEDIUM else settle(is_sensitive, lambda: way)


@check(
    "HV-VMSEC-005",
    title="Shielded machines run on guarded hosts",
    severity=Severity.INFO,
    refs=(GUARDED_FABRIC,),
    since="2016",
)
def shielded_machines_are_guarded(security: VMSecurity) -> Verdict:
    """In local mode the host keeps the keys itself: shielding is in the way of its administrators and does not stop them.

    Remediation:
        Set up a Host Guardian Service and run `Set-HgsClientConfiguration`, where the machine shall be safe from administrators of hosts.
    """
    if not security.shielded:
        return NOT_APPLICABLE
    host = security.host
    if host.absent(HostGuardian) is None and host.one(HostGuardian).is_host_guarded:
        return PASS
    return fail(f"{security} is shielded on a host that no attestation service vouches for")


@check(
    "HV-VMSEC-011",
    title="Guarded hosts are trusted for their keys or their TPM",
    severity=Severity.MEDIUM,
    refs=(GUARDED_FABRIC,),
    since="2016",
)
def no_directory_attestation(guardian: HostGuardian) -> Verdict:
    """Trust by the group of a directory says nothing about the host itself: its administrators may join any machine. It is deprecated.

    Remediation:
        Move the Host Guardian Service to TPM attestation or to host keys with `Set-HgsServer -TrustTpm` or `-TrustHostKey`.
    """
    if not guardian.is_configured:
        return NOT_APPLICABLE
    return fail("The host is attested for its group in Active Directory") if guardian.trusts_directory else PASS


@check(
    "HV-VMSEC-012",
    title="Hosts of domain controllers are part of a guarded fabric",
    severity=Severity.INFO,
    refs=("MS-Plan",),
    since="2016",
)
def tier_zero_is_on_guarded_hosts(host: Snapshot) -> Verdict:
    """Whoever administers the host owns the domain, unless the domain controllers are shielded. Microsoft names this for secure sites.

    Remediation:
        Set up a Host Guardian Service, and shield the domain controllers; or count the administrators of the host to tier 0.
    """
    edition = host.one(OperatingSystem).edition_id.casefold()
    if not any(name in edition for name in DATACENTER):
        return NOT_APPLICABLE
    if host.absent(HostGuardian) is None and either(*_guarded(host.one(HostGuardian))):
        return PASS
    controllers = host.rows(VM).matching(says_domain_controller)
    if not controllers:
        return NOT_APPLICABLE
    return fail(f"The host of the domain controllers {listed(map(str, controllers))} is not part of a guarded fabric")


def _guarded(guardian: HostGuardian) -> Sequence[Callable[[], bool]]:
    return (lambda: guardian.is_host_guarded, lambda: guardian.is_configured)


@check(
    "HV-VMSEC-013",
    title="A code integrity policy is enforced on the host",
    severity=Severity.LOW,
    refs=("MS-Plan", "STIG:WN22-00-000080", "ATT&CK:T1059"),
    since="2016",
)
def code_integrity_is_enforced(security: PlatformSecurity) -> Verdict:
    """Without a list of what may run, everything that reaches the host runs. Windows ships without one, so most hosts show here.

    Remediation:
        Deploy an App Control for Business policy, first in audit mode.
    """
    match security.code_integrity_policy_status:
        case PlatformSecurityCodeIntegrityPolicyStatus.ENFORCED:
            return PASS
        case PlatformSecurityCodeIntegrityPolicyStatus.AUDIT:
            return fail("The code integrity policy of the host only records what it would forbid")
        case _:
            return fail("The host has no code integrity policy")


@check(
    "HV-VMSEC-014",
    title="The console has a certificate of a certification authority",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A26", "ATT&CK:T1557"),
    since="2012",
)
def console_has_a_trusted_certificate(settings: VMHost) -> Verdict:
    r"""Nobody can tell a certificate that the host made itself from that of a machine in the middle. It is what Windows ships with.

    Remediation:
        Put the thumbprint of a certificate from your authority into `AuthCertificateHash` (REG_BINARY) below
        `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization`, let the virtual machines' services read its key, and restart `vmms`.
    """
    thumbprint = (settings.auth_certificate_hash or "").replace(" ", "").replace(":", "").casefold()
    if not thumbprint:
        return fail("The console of virtual machines uses a certificate that the host made itself")
    found = settings.host.rows(Certificate).matching(lambda row: row.thumbprint.casefold() == thumbprint)
    if not found:
        raise undetermined(f"the certificate {thumbprint} is in no store that was read", table="certificates")
    if not any(row.self_signed for row in found):
        return PASS
    return fail(f"The console of virtual machines uses the certificate {found[0]}, which nobody vouches for")


@check(
    "HV-VMSEC-016",
    title="The host passes its attestation",
    severity=Severity.HIGH,
    refs=(
        "https://learn.microsoft.com/windows-server/security/guarded-fabric-shielded-vm/guarded-fabric-troubleshoot-hosts",
    ),
    since="2016",
)
def attestation_passes(host: Snapshot) -> Verdict:
    """A guarded host that does not pass gets no keys: its shielded machines do not start, and none can come to it.

    Remediation:
        Run `Get-HgsTrace -RunDiagnostics` and mend what it names; Microsoft explains each status.
    """
    if host.absent(HostGuardian) is None:
        guardian = host.one(HostGuardian)
        if guardian.is_host_guarded:
            return PASS
        if guardian.is_configured:
            return fail(f"The host does not pass attestation: {guardian.status_name}{_reasons(guardian)}")
    if not host.rows(VMSecurity).matching(lambda row: row.shielded):
        return NOT_APPLICABLE
    return _would_pass(host)


def _reasons(guardian: HostGuardian) -> str:
    try:
        reasons = [reason for reason in guardian.attestation_substatus if reason not in NO_REASON]
    except NotAssessed:
        return ""
    return f" ({listed(reasons)})" if reasons else ""


def _would_pass(host: Snapshot) -> Verdict:
    """What policies of attestation usually ask of a host; for one with shielded machines and without a service."""

    def lacks(what: str, is_there: Callable[[], bool]) -> Callable[[], Verdict | None]:
        message = f"A guarded host needs {what}"
        return lambda: None if is_there() else fail(message, Severity.INFO)

    def platform() -> PlatformSecurity:
        return host.one(PlatformSecurity)

    def number(key: str, name: str) -> int | None:
        return registry_number(host, rf"HKLM\SYSTEM\CurrentControlSet\{key}", name)

    def dumps_are_safe() -> bool:
        crash = r"Control\CrashControl"
        return number(crash, "CrashDumpEnabled") == 0 or number(crash, "DumpEncryptionEnabled") == 1

    return settle(
        lacks("a start with Secure Boot", lambda: bool(platform().secure_boot_enabled)),
        lacks("encryption by BitLocker where Windows is", lambda: _windows_is_encrypted(host)),
        lacks("memory integrity", lambda: MEMORY_INTEGRITY in platform().security_services_running),
        lacks("an IOMMU for its virtualization-based security", lambda: DMA in platform().vbs_required_props),
        lacks(
            "an encrypted page file",
            lambda: either(
                lambda: number(r"Control\FileSystem", "NtfsEncryptPagingFile") == 1,
                lambda: number("Policies", "NtfsEncryptPagingFile") == 1,
            ),
        ),
        lacks("hibernation switched off", lambda: number(r"Control\Power", "HibernateEnabled") != 1),
        lacks("dumps that are encrypted or off", dumps_are_safe),
        worst=Severity.INFO,
    )


def _windows_is_encrypted(host: Snapshot) -> bool:
    if host.absent(BitLockerVolume) is not None:
        return False
    volumes = host.where(BitLockerVolume, volume_type=BitLockerVolumeVolumeType.OPERATING_SYSTEM)
    return bool(volumes.matching(lambda row: row.protection_status is BitLockerVolumeProtectionStatus.ON))
