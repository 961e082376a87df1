"""HV-AV: whether the host is scanned, and whether scanning leaves Hyper-V alone."""

from datetime import timedelta

from snapshot_tool.check import check
from snapshot_tool.model.antivirus import (
    DEFENDER_POLICY,
    Antivirus,
    AntivirusProduct,
    DefenderExclusion,
    DefenderExclusionKind,
    DefenderExclusionSource,
    disk_folders,
    exclusions,
    other_product,
    state_folders,
)
from snapshot_tool.model.filesystem import vm_files_below
from snapshot_tool.model.host import Collection, OperatingSystem
from snapshot_tool.model.paths import folded_path, is_unc
from snapshot_tool.model.registry import registry_number
from snapshot_tool.model.storage import Volume
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    NotAssessed,
    Severity,
    Status,
    Verdict,
    assess,
    either,
    fail,
    graded,
    manual,
    settle,
    undetermined,
)

KB = "https://learn.microsoft.com/troubleshoot/windows-server/virtualization/antivirus-exclusions-for-hyper-v-hosts"
EXTENSIONS = (
    "vhd", "vhdx", "avhd", "avhdx", "vhds", "vhdpmem", "iso", "rct", "mrt", "vsv", "bin", "xml", "vmcx", "vmrs", "vmgs",
)  # fmt: skip
_SINCE_2016 = ("2016", "2019", "2022", "2025")


def _processes(host: Snapshot) -> list[str]:
    """The processes of Hyper-V that scanning must leave alone, by era."""
    names = ["vmms.exe", "vmwp.exe"]
    if host.host.era in _SINCE_2016:
        names.append("vmsp.exe")
    if host.host.era in _SINCE_2016[1:]:
        names.append("vmcompute.exe")
    return names


def _needs_exclusions(host: Snapshot) -> bool:
    """Whether Microsoft's product scans this host and does not leave Hyper-V alone by itself."""
    product = host.one(Antivirus)
    return product.scans and not product.has_automatic_exclusions


@check(
    "HV-AV-001",
    title="An antivirus product is active on the host",
    severity=Severity.MEDIUM,
    refs=("seed:G08", "seed:G41", "seed:M06", "STIG:WN22-00-000110", "MS-Plan"),
)
def antivirus_is_active(host: Snapshot) -> Verdict:
    """The management operating system reads files, mail and pages like any Windows, and owns every guest.

    Remediation:
        Enable Microsoft Defender (`Install-WindowsFeature Windows-Defender`) or install the company's product, with the exclusions
        that Hyper-V needs. If the product is not one that this tool knows, waive the finding.
    """
    if either(lambda: host.one(Antivirus).scans, lambda: other_product(host) is not None):
        return PASS

    def weight() -> Severity:
        if host.host.era in ("2008", "2008R2") and host.one(OperatingSystem).is_server_core:
            return Severity.INFO
        return Severity.MEDIUM

    return graded("No antivirus product is active, and no known product was found", Severity.MEDIUM, weight)


@check(
    "HV-AV-002",
    title="The processes of Hyper-V are excluded from scanning",
    severity=Severity.MEDIUM,
    refs=("seed:G17", KB),
)
def processes_are_excluded(host: Snapshot) -> Verdict:
    r"""Scanning what vmms and vmwp open makes virtual machines fail to start, or vanish from the console.

    Remediation:
        Run `Add-MpPreference -ExclusionProcess $env:windir\System32\vmms.exe,$env:windir\System32\vmwp.exe`, and vmsp.exe and
        vmcompute.exe where the release has them.
    """
    product = host.one(Antivirus)
    if not product.scans:
        return NOT_APPLICABLE
    if product.has_automatic_exclusions:
        return PASS
    known = [row for row in exclusions(host) if row.kind is DefenderExclusionKind.PROCESS]
    folder = folded_path(host, r"%SystemRoot%\System32")
    missing = [
        name
        for name in _processes(host)
        if not any(row.folded == name or row.covers(f"{folder}\\{name}") for row in known)
    ]
    if missing:
        return fail(f"Processes of Hyper-V are not excluded from scanning: {', '.join(missing)}")
    return PASS


def _uncovered(host: Snapshot, folders: list[str]) -> list[str]:
    paths = [row for row in exclusions(host) if row.kind is DefenderExclusionKind.PATH]
    return [folder for folder in sorted(folders) if not any(row.covers(folder) for row in paths)]


def _excluded_extensions(host: Snapshot) -> set[str]:
    return {
        (row.value or "").strip().removeprefix("*").removeprefix(".").casefold()
        for row in exclusions(host)
        if row.kind is DefenderExclusionKind.EXTENSION
    }


def _open_folders(host: Snapshot) -> Verdict | None:
    """What HV-AV-003 says where automatic exclusions do not apply."""

    def disks() -> Verdict | None:
        used = {folder: files for folder, files in disk_folders(host).items() if not is_unc(folder)}
        uncovered = _uncovered(host, list(used))
        if not uncovered:
            return None
        extensions = _excluded_extensions(host)
        left = [f for f in uncovered if any(name.rpartition(".")[2] not in extensions for name in used[f])]
        if not left:
            return None
        return fail(f"Folders with virtual disks are not excluded from scanning: {', '.join(left[:10])}", Severity.HIGH)

    def states() -> Verdict | None:
        uncovered = _uncovered(host, [folder for folder in state_folders(host) if not is_unc(folder)])
        if not uncovered:
            return None
        shown = ", ".join(uncovered[:10])
        return fail(
            f"Folders with configurations of virtual machines are not excluded from scanning: {shown}", Severity.MEDIUM
        )

    return settle(disks, states, worst=Severity.HIGH)


@check(
    "HV-AV-003",
    title="The folders of virtual machines are excluded from scanning",
    severity=Severity.HIGH,
    refs=("seed:G16", KB),
)
def folders_are_excluded(host: Snapshot) -> Verdict:
    """A scanner that opens a virtual disk slows the guest, and one that cleans it destroys it.

    Remediation:
        Run `Add-MpPreference -ExclusionPath <folder>` for each folder of virtual disks and configurations.
    """
    product = host.one(Antivirus)
    if not product.scans:
        return NOT_APPLICABLE
    if not product.has_automatic_exclusions:
        return _open_folders(host) or PASS
    defaults = [folded_path(host, r"%ProgramData%\Microsoft\Windows\Hyper-V"),
                folded_path(host, r"%Public%\Documents\Hyper-V")]  # fmt: skip
    own = [folder for folder in disk_folders(host) if not is_unc(folder) and not folder.startswith(tuple(defaults))]
    uncovered = _uncovered(host, own)
    if not uncovered:
        return PASS
    # The automatic list names file types; that it holds in any folder is unverified on a live host.
    return fail(
        f"Only the automatic exclusions cover these folders, which is unverified outside of the default ones: {', '.join(uncovered[:10])}",
        Severity.INFO,
    )


@check(
    "HV-AV-004",
    title="File types of virtual machines are excluded where folders are not",
    severity=Severity.LOW,
    refs=("seed:G16", KB),
)
def extensions_are_excluded(host: Snapshot) -> Verdict:
    """Where no folder is excluded, excluded file types at least keep the scanner off the disks.

    Remediation:
        Prefer folders (`Add-MpPreference -ExclusionPath <folder>`); else run `Add-MpPreference -ExclusionExtension vhdx,vhd,avhdx`.
    """
    if not _needs_exclusions(host):
        return NOT_APPLICABLE
    folders = assess(lambda: _open_folders(host))
    if folders.status is Status.NOT_ASSESSED and folders.gap is not None:
        raise NotAssessed(folders.gap)
    if folders.status is not Status.FAIL:
        return PASS
    excluded = _excluded_extensions(host) & set(EXTENSIONS)
    if excluded:
        return fail(
            f"Only some file types of virtual machines are excluded: {', '.join(sorted(excluded))}", Severity.INFO
        )
    return fail("Neither the folders nor the file types of virtual machines are excluded from scanning")


@check(
    "HV-AV-005",
    title="Cluster Shared Volumes are excluded from scanning",
    severity=Severity.HIGH,
    refs=("seed:G16", KB),
    since="2008R2",
)
def shared_volumes_are_excluded(host: Snapshot) -> Verdict:
    r"""A scanner on a Cluster Shared Volume reads every node's disks and can make the volume pause for all of them.

    Remediation:
        Run `Add-MpPreference -ExclusionPath C:\ClusterStorage`.
    """
    # Only a member of a cluster sees such a volume.
    if not host.rows(Volume).matching(lambda volume: volume.is_csv):
        return NOT_APPLICABLE
    product = host.one(Antivirus)
    if not product.scans:
        return NOT_APPLICABLE
    if product.has_automatic_exclusions or not _uncovered(host, [folded_path(host, r"%SystemDrive%\ClusterStorage")]):
        return PASS
    return fail("Cluster Shared Volumes are not excluded from scanning")


_WIDE_EXTENSIONS = {"exe", "dll", "sys", "ps1", "bat", "cmd", "vbs", "js", "msi", "scr", "*"}
_WIDE_PROCESSES = {"cmd", "powershell", "pwsh", "wscript", "rundll32", "svchost", "explorer"}


def _is_told_as_effective(exclusion: DefenderExclusion) -> bool:
    """Whether the same exclusion stands among the effective ones, where it is judged."""
    if exclusion.source is DefenderExclusionSource.EFFECTIVE:
        return False
    same = exclusion.host.find(
        DefenderExclusion, kind=exclusion.kind, value=exclusion.value, source=DefenderExclusionSource.EFFECTIVE
    )
    return same is not None


@check(
    "HV-AV-006",
    title="No exclusion is far too wide",
    severity=Severity.HIGH,
    refs=("STIG:WNDF-AV-000005", "STIG:WNDF-AV-000006", "STIG:WNDF-AV-000007", "ATT&CK:T1562.001"),
)
def no_exclusion_is_too_wide(exclusion: DefenderExclusion) -> Verdict:
    """Malware looks for excluded folders, file types and processes first: there it can do what it likes.

    Remediation:
        Run `Remove-MpPreference` with `-ExclusionPath`, `-ExclusionExtension` or `-ExclusionProcess` for what nobody can justify.
    """
    host = exclusion.host
    if exclusion.hidden:
        raise undetermined("the host hides the exclusions", table="defender_exclusions", column="Value")
    if _is_told_as_effective(exclusion):
        return NOT_APPLICABLE
    value = (exclusion.value or "").strip()
    match exclusion.kind:
        case DefenderExclusionKind.EXTENSION:
            name = value.casefold().removeprefix("*.").removeprefix(".")
            wide = name in _WIDE_EXTENSIONS
            return fail(f"Files of the type {value} are excluded from scanning") if wide else PASS
        case DefenderExclusionKind.PROCESS:
            name = value.casefold().replace("/", "\\").rpartition("\\")[2].removesuffix(".exe")
            wide = name in _WIDE_PROCESSES or value == "*"
            return fail(f"Everything that {value} opens is excluded from scanning") if wide else PASS
        case DefenderExclusionKind.PATH:
            return _wide_path(host, exclusion, value)
        case _:
            return NOT_APPLICABLE


def _wide_path(host: Snapshot, exclusion: DefenderExclusion, value: str) -> Verdict:
    path = exclusion.folded.removesuffix("\\*").removesuffix("*")
    path = path if path.endswith(":\\") else path.rstrip("\\")
    if value in ("*", "*.*", "\\") or path in ("", "*"):
        return fail(f"The whole host is excluded from scanning ({value})")
    drive, system = folded_path(host, "%SystemDrive%"), folded_path(host, "%SystemRoot%")
    if path in {drive, f"{drive}\\", system, f"{system}\\system32", f"{system}\\temp"} or _is_temporary(path):
        return fail(f"The folder {value} is excluded from scanning")
    if _is_wide(path, [f"{drive}\\{name}" for name in _WIDE_FOLDERS], f"{drive}\\users"):
        return fail(f"The folder {value} is excluded from scanning")
    if len(path.rstrip("\\")) == 2 and path[1:2] == ":":

        def weight() -> Severity:
            return Severity.LOW if vm_files_below(host, path.rstrip("\\") + "\\") else Severity.MEDIUM

        return graded(f"The whole volume {value} is excluded from scanning", Severity.MEDIUM, weight)
    run = host.one(Collection)
    places = (run.program_files, run.program_files_x86, run.program_data)
    folders = [folded_path(host, place) for place in places if place]
    users = folded_path(host, run.users_root or r"%SystemDrive%\Users")
    return fail(f"The folder {value} is excluded from scanning") if _is_wide(path, folders, users) else PASS


_WIDE_FOLDERS = ("program files", "program files (x86)", "programdata")


def _is_temporary(path: str) -> bool:
    return path in ("%temp%", "%tmp%", "%userprofile%") or path.endswith("\\appdata\\local\\temp")


def _is_wide(path: str, folders: list[str], users: str) -> bool:
    """Whether the path is one of the folders, that of all profiles or a whole profile."""
    profile = path.startswith(f"{users}\\") and path.count("\\") == users.count("\\") + 1
    return path in folders or path == users or (profile and not path.endswith("\\public"))


@check(
    "HV-AV-007",
    title="Automatic exclusions are on, or replaced",
    severity=Severity.HIGH,
    refs=("seed:G17", "STIG:WNDF"),
    since="2016",
)
def automatic_exclusions_are_on_or_replaced(host: Snapshot) -> Verdict:
    """Defender leaves out what Hyper-V needs by itself, unless somebody switched that off.

    Remediation:
        Run `Set-MpPreference -DisableAutoExclusions $false`, or change the policy "Turn off Auto Exclusions".
    """
    product = host.one(Antivirus)
    if product.product is not AntivirusProduct.DEFENDER or not product.scans:
        return NOT_APPLICABLE
    if product.has_automatic_exclusions:
        return PASS
    judged = [assess(lambda: processes_are_excluded.judge(host)), assess(lambda: _open_folders(host))]  # type: ignore[arg-type,return-value]
    if any(answer.status is Status.FAIL for answer in judged):
        return fail("Automatic exclusions are switched off, and what Hyper-V needs is not excluded by hand")
    gap = next((answer.gap for answer in judged if answer.status is Status.NOT_ASSESSED), None)
    if gap is not None:
        return fail(
            f"Automatic exclusions are switched off; whether others replace them could not be read: {gap}",
            Severity.HIGH,
        )
    return fail("Automatic exclusions are switched off; exclusions by hand replace them", Severity.INFO)


@check(
    "HV-AV-008",
    title="Real-time protection is on",
    severity=Severity.HIGH,
    refs=("STIG:WNDF-AV-000021", "CIS:18.10.42.10.2", "ATT&CK:T1562.001"),
    since="2016",
)
def real_time_protection_is_on(host: Snapshot) -> Verdict:
    """Without it malware is found by the next full scan, if ever.

    Remediation:
        Run `Set-MpPreference -DisableRealtimeMonitoring $false`, and look at the policy "Turn off real-time protection".
    """
    product = host.one(Antivirus)
    if product.product is AntivirusProduct.NONE:
        return NOT_APPLICABLE
    if product.is_passive:
        return PASS
    off = either(
        lambda: product.disable_realtime_monitoring,
        lambda: not product.real_time_protection_enabled,
        lambda: registry_number(host, rf"{DEFENDER_POLICY}\Real-Time Protection", "DisableRealtimeMonitoring") == 1,
    )
    if not off:
        return PASS
    if other_product(host) is not None:
        return NOT_APPLICABLE
    return fail("Real-time protection of Defender is off")


WEEK = timedelta(days=7)


@check(
    "HV-AV-009",
    title="Antivirus signatures are at most a week old",
    severity=Severity.MEDIUM,
    refs=("STIG:WNDF-AV-000028", "STIG:WNDF-AV-000029"),
    since="2016",
)
def signatures_are_fresh(host: Snapshot) -> Verdict:
    """What appeared since the last update is not recognised.

    Remediation:
        Run `Update-MpSignature`; on a host without internet give Defender a share or WSUS to update from.
    """
    product = host.one(Antivirus)
    if not product.scans:
        return NOT_APPLICABLE
    moment = host.host.started
    if moment is None:
        raise undetermined("the time of the snapshot is not known")
    updated = product.antivirus_signature_last_updated_utc
    if moment - updated > WEEK:
        return fail(f"Signatures of Defender are {(moment - updated).days} days old")
    return PASS


@check(
    "HV-AV-010",
    title="Processes are excluded by their whole path",
    severity=Severity.LOW,
    refs=("seed:G17", "ATT&CK:T1036.005", "ATT&CK:T1562.001"),
)
def processes_are_excluded_by_path(exclusion: DefenderExclusion) -> Verdict:
    r"""A bare name excludes every program of that name, wherever it lies.

    Remediation:
        Replace the exclusion by the whole path: `Add-MpPreference -ExclusionProcess $env:windir\System32\<name>`.
    """
    if exclusion.kind is not DefenderExclusionKind.PROCESS:
        return NOT_APPLICABLE
    if exclusion.hidden or exclusion.value is None:
        raise undetermined("the host hides the exclusions", table="defender_exclusions", column="Value")
    if _is_told_as_effective(exclusion):
        return NOT_APPLICABLE
    if "\\" in exclusion.value or "/" in exclusion.value:
        return PASS
    return fail(f"The process {exclusion.value} is excluded by its name alone")


@check(
    "HV-AV-011",
    title="Another antivirus product leaves Hyper-V alone",
    severity=Severity.INFO,
    refs=("seed:G08", KB),
)
def another_product_leaves_hyper_v_alone(host: Snapshot) -> Verdict:
    """Exclusions of other products cannot be read from the host; this is the list that the product must have.

    Remediation:
        Compare the product's exclusions with the list in the finding.
    """
    product = other_product(host)
    if product is None:
        return NOT_APPLICABLE
    wanted = [rf"%SystemRoot%\System32\{name}" for name in _processes(host)]
    wanted.append(r"%ProgramData%\Microsoft\Windows\Hyper-V")
    try:
        wanted += sorted({*disk_folders(host), *state_folders(host)})
    except NotAssessed:
        wanted.append("the folders of virtual machines, which were not read")
    wanted.append("*." + ", *.".join(EXTENSIONS))
    return manual(f"Does {product} exclude all of these? {'; '.join(dict.fromkeys(wanted))}")
