"""HV-BL: encryption of the host's volumes, and whether the way it starts can be trusted."""

from snapshot_tool.check import check
from snapshot_tool.model.accounts import KnownSid
from snapshot_tool.model.filesystem import vm_files_below
from snapshot_tool.model.host import OperatingSystem, OperatingSystemPendingReboot, PlatformSecurity, boot_element
from snapshot_tool.model.registry import registry_text
from snapshot_tool.model.services import Service, ServiceStartType
from snapshot_tool.model.storage import (
    BitLockerVolume,
    BitLockerVolumeConversionStatus,
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


def _is_unprotected(volume: Volume) -> bool:
    """Whether BitLocker does not protect the volume now. Raises NotAssessed where it is locked or unknown."""
    try:
        found = volume.bitlocker
    except NotOffered:
        return True
    if found is None:
        if volume.is_csv:
            raise undetermined(f"{volume} may be owned by another node", table="bitlocker")
        return True
    match found.protection_status:
        case BitLockerVolumeProtectionStatus.ON:
            return False
        case BitLockerVolumeProtectionStatus.OFF:
            return True
        case _:
            raise undetermined(f"{volume} is locked", table="bitlocker", column="ProtectionStatus")


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
        if volume.drive_type is not VolumeDriveType.FIXED or not _is_unprotected(volume) or _is_suspended(volume):
            return False
        return any(vm_files_below(host, mount) for mount in volume.mounts)

    volumes = host.rows(Volume).matching(lies_open)
    if not volumes:
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
    if not _is_unprotected(volume) or _is_suspended(volume):
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
        if all(not _is_unprotected(one) for one in system):
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
    refs=("NIST:HY-SR-1*", "ATT&CK:T1553.006", "ATT&CK:T1542"),
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

    questions = [lambda name=name, what=what: switched_on(name, what) for name, what in _OFF_LIMITS.items()]
    return settle(*questions, execution_prevention, safe_mode, started_with, worst=Severity.HIGH)


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
    if host.host.era in ("2016", "2019", "2022", "2025"):
        return NOT_APPLICABLE
    return manual(
        "Does a guest of this host encrypt its own disks with BitLocker? Hosts before 2016 do not support it."
    )
