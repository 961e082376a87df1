"""HV-BL: encryption of the host's volumes, and whether the way it starts can be trusted."""

from snapshot_tool.check import check
from snapshot_tool.knowledge.tpm import INFINEON, makes_weak_rsa_keys
from snapshot_tool.model.accounts import KnownSid
from snapshot_tool.model.filesystem import vm_files_below
from snapshot_tool.model.host import (
    BOOT_LOADER,
    BootElement,
    ComputerSystem,
    ComputerSystemFirmwareType,
    OperatingSystem,
    OperatingSystemPendingReboot,
    PlatformSecurity,
    PlatformSecuritySecurityServicesConfigured,
    PlatformSecuritySecurityServicesRunning,
    PlatformSecurityVbsAvailableProps,
    PlatformSecurityVbsRequiredProps,
    PlatformSecurityVbsStatus,
    boot_element,
    boot_entry_in_use,
)
from snapshot_tool.model.registry import registry_number, registry_text
from snapshot_tool.model.services import Service, ServiceStartType
from snapshot_tool.model.storage import (
    BitLockerVolume,
    BitLockerVolumeConversionStatus,
    BitLockerVolumeEncryptionMethod,
    BitLockerVolumeProtectionStatus,
    BitLockerVolumeProtectorTypes,
    Volume,
    VolumeDriveType,
)
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    NotOffered,
    Severity,
    Verdict,
    fail,
    graded,
    listed,
    manual,
    settle,
    undetermined,
)

WITH_TPM = {
    BitLockerVolumeProtectorTypes.TPM,
    BitLockerVolumeProtectorTypes.TPM_AND_PIN,
    BitLockerVolumeProtectorTypes.TPM_AND_STARTUP_KEY,
    BitLockerVolumeProtectorTypes.TPM_PIN_AND_STARTUP_KEY,
}


_SINCE_2016 = ("2016", "2019", "2022", "2025")


def _is_suspended(volume: Volume) -> bool:
    """Whether HV-BL-003 tells it: encrypted, but the key lies open."""
    try:
        found = volume.bitlocker
    except NotOffered:
        return False
    return (
        found is not None
        and found.conversion_status is BitLockerVolumeConversionStatus.FULLY_ENCRYPTED
        and found.protection_status is BitLockerVolumeProtectionStatus.OFF
    )


def _is_cluster_node(host: Snapshot) -> bool:
    """Whether the cluster service is installed and not disabled."""
    service = host.find(Service, name="ClusSvc")
    return service is not None and service.start_type is not ServiceStartType.DISABLED


@check(
    "HV-BL-001",
    title="Volumes with files of virtual machines are protected by BitLocker",
    severity=Severity.MEDIUM,
    refs=("seed:G04", "seed:G14", "seed:G36", "seed:M15", "seed:M18", "STIG:WN22-00-000250", "MS-Plan",
          "BSI:SYS.1.5.A28", "ATT&CK:T1005", "ATT&CK:T1006"),
)  # fmt: skip
def volumes_with_vm_files_are_protected(host: Snapshot) -> Verdict:
    """Whoever carries a disk away, or gets one back from repair, reads every virtual disk on it.

    Remediation:
        Escrow the recovery password first, then run `Enable-BitLocker -MountPoint D: -RecoveryPasswordProtector` and
        `Enable-BitLockerAutoUnlock -MountPoint D:` (it needs an encrypted operating-system volume); a Cluster Shared Volume only
        in maintenance mode. For arrays and disks that encrypt themselves, waive the finding.
    """
    if host.host.era in ("2008", "2008R2") and _is_cluster_node(host):
        return NOT_APPLICABLE

    def lies_open(volume: Volume) -> bool:
        if volume.drive_type is not VolumeDriveType.FIXED or not volume.is_unprotected or _is_suspended(volume):
            return False
        return any(vm_files_below(host, mount) for mount in volume.mounts)

    volumes = host.rows(Volume).matching(lies_open)
    if not volumes:
        # A volume may have no mount point, but on no host do all lack one: then what lies on them is not known.
        if not host.rows(Volume).matching(lambda volume: bool(volume.mounts)):
            raise undetermined("no volume tells where it is mounted", table="volumes", column="DriveLetter")
        return PASS
    names = ", ".join(map(str, volumes))
    return fail(f"Volumes with files of virtual machines are not protected by BitLocker: {names}")


@check(
    "HV-BL-002",
    title="The operating-system volume is protected by BitLocker",
    severity=Severity.MEDIUM,
    refs=("seed:G14", "seed:M18", "STIG:WN22-00-000250", "MS-Plan"),
)
def system_volume_is_protected(volume: Volume) -> Verdict:
    """Keys of other volumes, cached credentials and the whole host lie on it.

    Remediation:
        Add and escrow a recovery password (`Add-BitLockerKeyProtector C: -RecoveryPasswordProtector`), then run
        `Enable-BitLocker C: -TpmProtector`; the feature needs a restart to install.
    """
    if not volume.is_boot:
        return NOT_APPLICABLE
    if not volume.is_unprotected or _is_suspended(volume):
        return PASS
    return fail(f"The operating-system volume {volume} is not protected by BitLocker")


@check(
    "HV-BL-003",
    title="BitLocker protection is not suspended",
    severity=Severity.HIGH,
    refs=("seed:M15", "STIG:WN22-00-000250"),
)
def protection_is_not_suspended(volume: BitLockerVolume) -> Verdict:
    """While protection is suspended the key lies in clear on the disk: the volume is encrypted and open.

    Remediation:
        Run `Resume-BitLocker -MountPoint <volume>`.
    """
    if volume.conversion_status is not BitLockerVolumeConversionStatus.FULLY_ENCRYPTED:
        return NOT_APPLICABLE
    if volume.protection_status is not BitLockerVolumeProtectionStatus.OFF:
        return PASS

    def ends_by_itself() -> Severity:
        pending = set(volume.host.one(OperatingSystem).pending_reboot)
        if pending & {OperatingSystemPendingReboot.CBS, OperatingSystemPendingReboot.WINDOWS_UPDATE}:
            return Severity.LOW
        try:
            return Severity.LOW if (volume.suspend_count or 0) >= 1 else Severity.HIGH
        except NotOffered:
            return Severity.HIGH

    return graded(f"BitLocker protection of {volume} is suspended", Severity.HIGH, ends_by_itself)


@check(
    "HV-BL-004",
    title="Encryption of volumes is complete",
    severity=Severity.LOW,
    refs=("seed:M15",),
)
def encryption_is_complete(volume: BitLockerVolume) -> Verdict:
    """What is not encrypted yet lies on the disk in clear, and a conversion that was paused stays so.

    Remediation:
        Wait until it is done (`manage-bde -status`), or go on with `Resume-BitLocker -MountPoint <volume>`; up to 2008 R2
        `manage-bde -resume <volume>`.
    """
    percentage = volume.encryption_percentage
    if 0 < percentage < _WHOLE:
        return fail(f"{volume} is encrypted to {percentage} %")
    return PASS


_WHOLE = 100


@check(
    "HV-BL-005",
    title="Volumes are encrypted by Windows with a method of today",
    severity=Severity.MEDIUM,
    refs=("https://msrc.microsoft.com/update-guide/vulnerability/ADV180028",),
    since="2012",
)
def encryption_is_strong(volume: BitLockerVolume) -> Verdict:
    """Disks that encrypt by themselves were found to open without the key, and nobody can see how they do it.

    Remediation:
        Set the policy against hardware encryption (`OSHardwareEncryption` and `FDVHardwareEncryption` 0), decrypt with
        `manage-bde -off <volume>` and encrypt anew with `Enable-BitLocker -MountPoint <volume> -EncryptionMethod XtsAes256
        -RecoveryPasswordProtector`, up to 2012 R2 with `Aes256`.
    """
    if volume.conversion_status is BitLockerVolumeConversionStatus.FULLY_DECRYPTED:
        return NOT_APPLICABLE
    match volume.encryption_method:
        case BitLockerVolumeEncryptionMethod.HARDWARE:
            return fail(f"{volume} is encrypted by its disk alone")
        case BitLockerVolumeEncryptionMethod.NONE:
            return fail(f"{volume} is not decrypted and has no method of encryption")
        case BitLockerVolumeEncryptionMethod.AES_128_WITH_DIFFUSER if volume.host.host.era in _SINCE_2016:
            return fail(f"{volume} is still encrypted with AES-128 and the diffuser of Windows Vista and 7")
        case BitLockerVolumeEncryptionMethod.UNKNOWN:
            raise undetermined(f"how {volume} is encrypted is not known", table="bitlocker", column="EncryptionMethod")
        case _:
            return PASS


@check(
    "HV-BL-006",
    title="The operating-system volume is unlocked by the TPM",
    severity=Severity.MEDIUM,
    refs=("seed:G14", "seed:M16"),
)
def system_volume_is_bound_to_the_tpm(volume: Volume) -> Verdict:
    """Without the TPM nothing notices a changed start environment, and a key on a stick or a password is all that is needed.

    Remediation:
        Run `Add-BitLockerKeyProtector C: -TpmProtector`; up to 2008 R2 `manage-bde -protectors -add C: -tpm`.
    """
    if not volume.is_boot or not volume.host.one(PlatformSecurity).tpm_present:
        return NOT_APPLICABLE
    found = volume.bitlocker
    if found is None or found.protection_status is BitLockerVolumeProtectionStatus.OFF:
        return NOT_APPLICABLE
    if found.protection_status is not BitLockerVolumeProtectionStatus.ON:
        raise undetermined(f"{volume} is locked", table="bitlocker", column="ProtectionStatus")
    if set(found.protector_types) & WITH_TPM:
        return PASS
    return fail(f"The operating-system volume {volume} has no protector that needs the TPM")


FVE = r"HKLM\SOFTWARE\Policies\Microsoft\FVE"
_RECOVERY = {BitLockerVolumeProtectorTypes.NUMERICAL_PASSWORD, BitLockerVolumeProtectorTypes.PUBLIC_KEY}


def _is_protected(volume: BitLockerVolume) -> bool:
    """Whether protection is on. Raises NotAssessed for a locked volume."""
    status = volume.protection_status
    if status is BitLockerVolumeProtectionStatus.UNKNOWN:
        raise undetermined(f"{volume} is locked", table="bitlocker", column="ProtectionStatus")
    return status is BitLockerVolumeProtectionStatus.ON


def _escrow_policy(volume: BitLockerVolume) -> str:
    """The value that makes Windows keep the recovery password of the volume in Active Directory."""
    host = volume.host
    if host.host.era == "2008":
        return "ActiveDirectoryBackup"
    place = host.find(Volume, device_id=volume.device_id)
    if place is None:
        raise undetermined(f"the volume of {volume} is not known", table="volumes")
    return "OSActiveDirectoryBackup" if place.is_boot else "FDVActiveDirectoryBackup"


@check(
    "HV-BL-007",
    title="Encrypted volumes can be recovered",
    severity=Severity.MEDIUM,
)
def encrypted_volumes_can_be_recovered(host: Snapshot) -> Verdict:
    """Where the TPM is changed or the firmware updated only the recovery password opens the volume, if somebody has it.

    Whether somebody escrowed it by hand is not visible in a snapshot.

    Remediation:
        Add one with `Add-BitLockerKeyProtector <volume> -RecoveryPasswordProtector`, set the policy to store BitLocker recovery
        information in Active Directory and escrow what is there with `Backup-BitLockerKeyProtector`.
    """
    protected = host.rows(BitLockerVolume).select(_is_protected)
    if not protected:
        return NOT_APPLICABLE

    def by_password() -> Verdict | None:
        without = protected.matching(lambda volume: not set(volume.protector_types) & _RECOVERY)
        return fail(f"There is no recovery password of {listed(map(str, without))}") if without else None

    def from_the_directory() -> Verdict | None:
        if not host.one(ComputerSystem).part_of_domain:
            return None
        without = protected.matching(lambda volume: registry_number(host, FVE, _escrow_policy(volume)) != 1)
        if not without:
            return None
        return fail(f"No policy keeps recovery passwords in Active Directory, concerning {listed(map(str, without))}")

    return settle(by_password, from_the_directory)


@check(
    "HV-BL-008",
    title="No volume of a 2008 or 2008 R2 cluster is encrypted",
    severity=Severity.HIGH,
    refs=("seed:G15",),
    until="2008R2",
)
def old_cluster_disks_are_not_encrypted(volume: BitLockerVolume) -> Verdict:
    """Up to 2008 R2 BitLocker is not supported on cluster disks: they do not come online on the other node.

    Remediation:
        Run `manage-bde -off <volume>` in a maintenance window.
    """
    host = volume.host
    if not _is_cluster_node(host):
        return NOT_APPLICABLE
    if volume.conversion_status is BitLockerVolumeConversionStatus.FULLY_DECRYPTED:
        return PASS
    place = host.find(Volume, device_id=volume.device_id)
    if place is None:
        raise undetermined(f"the volume of {volume} is not known", table="volumes")
    if place.is_boot:
        return fail(
            f"The operating-system volume {volume} of this cluster node is encrypted, which is supported", Severity.INFO
        )
    if place.is_csv:
        return fail(f"The Cluster Shared Volume {volume} is encrypted")
    # Which other disks belong to the cluster, the host does not tell before 2012.
    raise undetermined(f"whether {volume} is a disk of the cluster is not known", table="volumes")


@check(
    "HV-BL-009",
    title="Encrypted Cluster Shared Volumes are unlocked by the account of the cluster",
    severity=Severity.HIGH,
    refs=("seed:G15", "https://learn.microsoft.com/windows-server/failover-clustering/bitlocker-on-csv-in-ws-2022"),
    since="2012",
)
def shared_volumes_are_unlocked_by_the_cluster(volume: Volume) -> Verdict:
    """Without a protector of the cluster's account a node that takes over the volume cannot unlock it.

    Remediation:
        Run `Add-BitLockerKeyProtector <mount point> -ADAccountOrGroupProtector -ADAccountOrGroup <cluster name>$`.
    """
    host = volume.host
    if not volume.is_csv:
        return NOT_APPLICABLE
    found = volume.bitlocker
    if found is None:
        raise undetermined(f"{volume} may be owned by another node", table="bitlocker")
    if found.protection_status is BitLockerVolumeProtectionStatus.OFF:
        return NOT_APPLICABLE
    if found.protection_status is not BitLockerVolumeProtectionStatus.ON:
        raise undetermined(f"{volume} is locked", table="bitlocker", column="ProtectionStatus")
    sids = found.ad_protector_sids
    if host.host.era in ("2022", "2025"):
        if sids:
            return PASS
        system = host.rows(Volume).matching(lambda one: one.is_boot)
        if all(not one.is_unprotected for one in system):
            return PASS
        return fail(
            f"{volume} has no protector of the cluster's account, and its key lies on a system volume that is not protected",
            Severity.MEDIUM,
        )
    for sid in sids:
        known = host.find(KnownSid, sid=sid)
        if known is None or known.name is None:
            raise undetermined(f"whose SID {sid} is, is not known", table="sids")
        if known.name.endswith("$"):
            return PASS
    return fail(f"{volume} is encrypted and has no protector of the cluster's account", Severity.HIGH)


@check(
    "HV-BL-010",
    title="The host has a TPM 2.0 that is ready",
    severity=Severity.MEDIUM,
    refs=("seed:M16", "STIG:WN22-00-000090", "MS-Plan", "NIST:HY-SR-3 (draft)", "BSI:SYS.1.5.A13"),
)
def tpm_is_ready(host: Snapshot) -> Verdict:
    """BitLocker, Credential Guard and attestation keep their keys in it; version 1.2 knows only SHA-1.

    Remediation:
        Switch the TPM on in the firmware and update it there; run `Initialize-Tpm` where it is not ready.
    """
    machine = host.one(PlatformSecurity)
    if host.one(ComputerSystem).hypervisor is not None:
        return NOT_APPLICABLE
    if not machine.tpm_present:
        return fail("The host has no TPM, or it is switched off in the firmware")

    def is_ready() -> Verdict | None:
        try:
            ready = machine.tpm_ready
        except NotOffered:
            ready = machine.tpm_enabled and machine.tpm_activated
        return None if ready else fail("The TPM of the host is not ready")

    def is_of_today() -> Verdict | None:
        version = (machine.tpm_spec_version or "").partition(",")[0].strip()
        if not version[:1].isdigit():
            raise undetermined(
                "the version of the TPM is not known", table="platform_security", column="TpmSpecVersion"
            )
        return fail(f"The TPM of the host is one of version {version}") if version.startswith("1.") else None

    return settle(is_ready, is_of_today)


@check(
    "HV-BL-011",
    title="The host starts by UEFI with Secure Boot",
    severity=Severity.MEDIUM,
    refs=("seed:M16", "STIG:WN22-00-000460", "STIG:WN22-00-000470", "NIST:HY-SR-3 (draft)", "ATT&CK:T1542"),
    since="2012",
)
def host_starts_securely(host: Snapshot) -> Verdict:
    """Without Secure Boot a changed boot loader runs before Windows and its hypervisor, and everything above believes it.

    Remediation:
        Suspend BitLocker and turn Secure Boot on in the firmware; a host that starts by BIOS first needs a GPT disk
        (`mbr2gpt /convert /allowFullOS` since 2019, else a new installation).
    """

    def is_uefi() -> Verdict | None:
        if host.one(ComputerSystem).firmware_type is ComputerSystemFirmwareType.BIOS:
            return fail("The host starts by legacy BIOS")
        return None

    def is_secure() -> Verdict | None:
        return None if host.one(PlatformSecurity).secure_boot_enabled else fail("Secure Boot of the host is off")

    return settle(is_uefi, is_secure)


@check(
    "HV-BL-012",
    title="Virtualization-based security protects the kernel of the host",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-CC-000110", "CIS:18.9.5.1", "CIS:18.9.5.2", "CIS:18.9.5.3", "MS-Plan", "BSI:SYS.1.2.3.A8"),
    since="2016",
)
def virtualization_based_security_runs(host: Snapshot) -> Verdict:
    """With memory integrity the kernel runs only signed code, also when a driver has a hole.

    Remediation:
        Set the policy "Turn On Virtualization Based Security" with Secure Boot and code integrity; try it on one host, for old drivers
        may not start.
    """
    machine = host.one(PlatformSecurity)

    def runs() -> Verdict | None:
        match machine.vbs_status:
            case PlatformSecurityVbsStatus.RUNNING:
                return None
            case PlatformSecurityVbsStatus.OFF:
                return fail("Virtualization-based security is off")
            case _:
                return fail("Virtualization-based security is enabled and does not run")

    def memory_integrity() -> Verdict | None:
        if PlatformSecuritySecurityServicesRunning.MEMORY_INTEGRITY in machine.security_services_running:
            return None
        return fail("Memory integrity does not run")

    def secure_boot() -> Verdict | None:
        if PlatformSecurityVbsRequiredProps.SECURE_BOOT in machine.vbs_required_props:
            return None
        return fail("Virtualization-based security does not require Secure Boot")

    return settle(runs, memory_integrity, secure_boot)


@check(
    "HV-BL-013",
    title="The start of the host is measured anew, and devices cannot write into its memory",
    severity=Severity.LOW,
    refs=("CIS:18.9.5.7", "CIS:18.9.24.1", "ATT&CK:T1200"),
    since="2019",
)
def launch_is_secured(host: Snapshot) -> Verdict:
    """Secure Launch takes the firmware out of what must be trusted; DMA protection stops devices that read and write memory.

    Remediation:
        On hardware of the class secured-core set the policy "Secure Launch Configuration" (`ConfigureSystemGuardLaunch` 1), and
        switch the IOMMU on in the firmware.
    """
    machine = host.one(PlatformSecurity)
    if host.one(ComputerSystem).hypervisor is not None:
        return NOT_APPLICABLE

    def secure_launch() -> Verdict | None:
        if PlatformSecuritySecurityServicesRunning.SYSTEM_GUARD_SECURE_LAUNCH in machine.security_services_running:
            return None

        def is_wanted() -> Severity:
            # Only few machines can do it; where nobody asked for it, that is a fact and no omission.
            wanted = machine.security_services_configured
            secure_launch = PlatformSecuritySecurityServicesConfigured.SYSTEM_GUARD_SECURE_LAUNCH
            return Severity.LOW if secure_launch in wanted else Severity.INFO

        return graded("System Guard Secure Launch does not run", Severity.LOW, is_wanted)

    def dma_protection() -> Verdict | None:
        if PlatformSecurityVbsAvailableProps.DMA_PROTECTION in machine.vbs_available_props:
            return None
        return fail("The platform offers no protection of memory from devices (DMA)", Severity.LOW)

    return settle(secure_launch, dma_protection, worst=Severity.LOW)


_OFF_LIMITS = {
    "testsigning": "test signing is on",
    "nointegritychecks": "integrity checks are off",
    "debug": "kernel debugging is on",
    "hypervisordebug": "hypervisor debugging is on",
    "bootdebug": "boot debugging is on",
    "disableelamdrivers": "early-launch antimalware is off",
}
_ALWAYS_OFF = 2


@check(
    "HV-BL-014",
    title="The boot configuration does not weaken code integrity",
    severity=Severity.HIGH,
    refs=("NIST:HY-SR-1 (draft)", "ATT&CK:T1553.006", "ATT&CK:T1542"),
)
def boot_configuration_is_sound(host: Snapshot) -> Verdict:
    """Test signing, switched-off integrity checks and debuggers let unsigned code into the kernel or below it.

    Remediation:
        Suspend BitLocker for one restart, then run `bcdedit /set testsigning off` (likewise the other elements), or
        `bcdedit /set nx OptOut`.
    """

    def switched_on(name: str, what: str) -> Verdict | None:
        found = boot_element(host, name)
        if found is not None and found.bool_value:
            return fail(f"In the boot entry in use {what} ({name})", Severity.HIGH)
        return None

    def execution_prevention() -> Verdict | None:
        found = boot_element(host, "nx")
        if found is not None and found.int_value == _ALWAYS_OFF:
            return fail("In the boot entry in use data execution prevention is always off (nx)", Severity.MEDIUM)
        return None

    def safe_mode() -> Verdict | None:
        if boot_element(host, "safeboot") is not None:
            return fail("The boot entry in use starts safe mode (safeboot)", Severity.MEDIUM)
        return None

    def started_with() -> Verdict | None:
        options = registry_text(host, r"HKLM\SYSTEM\CurrentControlSet\Control", "SystemStartOptions") or ""
        found = {"TESTSIGNING", "DEBUG"} & {word.strip("/ ").upper() for word in options.split()}
        if found:
            return fail(f"Windows was started with {', '.join(sorted(found))}", Severity.HIGH)
        return None

    def other_entries() -> Verdict | None:
        in_use = boot_entry_in_use(host)
        elements = host.rows(BootElement).matching(
            lambda element: (
                element.element_name in _OFF_LIMITS
                and element.object_type == BOOT_LOADER
                and element.object_id != in_use
                and element.bool_value
            )
        )
        names = sorted({element.element_name for element in elements})
        if not names:
            return None
        return fail(f"A boot entry that is not in use weakens code integrity ({', '.join(names)})", Severity.INFO)

    questions = [lambda name=name, what=what: switched_on(name, what) for name, what in _OFF_LIMITS.items()]
    return settle(*questions, execution_prevention, safe_mode, started_with, other_entries, worst=Severity.HIGH)


@check(
    "HV-BL-015",
    title="The TPM makes no weak RSA keys (ROCA)",
    severity=Severity.HIGH,
    refs=("https://msrc.microsoft.com/update-guide/vulnerability/ADV170012",),
    since="2012",
)
def tpm_makes_no_weak_keys(host: Snapshot) -> Verdict:
    """From the public half of a key that such firmware made, the private half can be computed.

    Remediation:
        Suspend BitLocker, update the firmware of the TPM with the tool of the machine's maker, clear it with `Clear-Tpm` and make
        the protectors and keys anew.
    """
    machine = host.one(PlatformSecurity)
    if not machine.tpm_present:
        return NOT_APPLICABLE
    if machine.tpm_manufacturer_id != INFINEON:
        return PASS
    version = machine.tpm_manufacturer_version or ""
    weak = makes_weak_rsa_keys(version)
    if weak is None:
        raise undetermined(
            "the version of the TPM's firmware is not known",
            table="platform_security",
            column="TpmManufacturerVersion",
        )
    return fail(f"The Infineon TPM of the host has firmware {version}, which makes weak RSA keys") if weak else PASS


@check(
    "HV-BL-016",
    title="Guests that encrypt their own disks do so in a way that the host supports",
    severity=Severity.INFO,
    refs=("seed:G14", "seed:M17"),
)
def guests_encrypt_in_a_supported_way(host: Snapshot) -> Verdict:
    """Before 2016 BitLocker inside a guest is not supported; since then a virtual TPM or a key storage drive carries the key.

    Remediation:
        On hosts before 2016 decrypt the guest's disks and protect the host's volumes instead; since 2016 use a virtual TPM
        (generation 2) or a key storage drive (generation 1).
    """
    if host.host.era in _SINCE_2016:
        return NOT_APPLICABLE
    return manual(
        "Does a guest of this host encrypt its own disks with BitLocker? Hosts before 2016 do not support it."
    )


_EVERY_DRIVER = 7


@check(
    "HV-BL-017",
    title="Drivers known to be bad do not start",
    severity=Severity.LOW,
    refs=("STIG:WN22-CC-000130", "CIS:18.9.13.1"),
    since="2012",
)
def bad_drivers_do_not_start(host: Snapshot) -> Verdict:
    """Early-launch antimalware names bad drivers before they start; this setting starts them nevertheless.

    Remediation:
        Set the policy "Boot-Start Driver Initialization Policy" to "Good, unknown and bad but critical" (`DriverLoadPolicy` 3).
    """
    policy = registry_number(host, r"HKLM\SYSTEM\CurrentControlSet\Policies\EarlyLaunch", "DriverLoadPolicy")
    if policy == _EVERY_DRIVER:
        return fail("Drivers start at boot though early-launch antimalware calls them bad (DriverLoadPolicy 7)")
    return PASS
