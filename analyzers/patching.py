"""HV-PATCH: whether Windows on the host is supported, up to date and restarted."""

from datetime import date

from snapshot_tool.check import check
from snapshot_tool.knowledge.software import update_agent
from snapshot_tool.model.host import ComputerSystem, OperatingSystem, OperatingSystemPendingReboot
from snapshot_tool.model.patching import (
    Hotfix,
    UpdateSettings,
    collected_at,
    has_extended_updates,
    is_past_support,
    newest_update,
)
from snapshot_tool.model.services import Binary, Service, ServiceStartType
from snapshot_tool.policy import Profile
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    NotAssessed,
    Severity,
    Verdict,
    fail,
    graded,
    undetermined,
)

_UNCONFIRMED = "(a date that is not confirmed)"


@check(
    "HV-PATCH-001",
    title="The host's Windows is supported",
    severity=Severity.CRITICAL,
    refs=(
        "seed:G03",
        "seed:G06",
        "STIG:WN22-00-000100",
        "BSI:SYS.1.5.A22",
        "NIST:HY-SR-18 (draft)",
        "ATT&CK:T1210",
    ),
)
def windows_is_supported(host: Snapshot) -> Verdict:
    """After the end of support nobody mends what attackers find, on the machine that holds all the others.

    Remediation:
        Upgrade, node by node in a cluster. Until then buy extended security updates where Microsoft still sells them.
    """
    release = host.one(OperatingSystem).release
    end = release.extended_end
    if end is None:
        raise undetermined(f"when the support of {release.name} ends is not known", table="os")
    today = collected_at(host).date()
    if today <= end:
        return PASS
    message = f"The support of {release.name} ended on {end}"
    if not release.is_verified:
        return fail(f"{message} {_UNCONFIRMED}", Severity.INFO)
    paid = release.esu_end
    if paid is None or today > paid:
        more = "" if paid is None else f", extended security updates on {paid}"
        return fail(f"{message}{more}", Severity.CRITICAL)

    def weight() -> Severity:
        return Severity.INFO if has_extended_updates(host, release) else Severity.HIGH

    return graded(f"{message}; extended security updates are sold until {paid}", Severity.HIGH, weight)


@check(
    "HV-PATCH-002",
    title="The support of the host's Windows lasts for more than a year",
    severity=Severity.INFO,
    refs=("NIST:HY-SR-18 (draft)",),
)
def support_lasts(host: Snapshot) -> Verdict:
    """A host is not replaced in a week.

    Remediation:
        Plan the upgrade.
    """
    release = host.one(OperatingSystem).release
    end = release.extended_end
    if end is None:
        raise undetermined(f"when the support of {release.name} ends is not known", table="os")
    left = (end - collected_at(host).date()).days
    if left < 0:
        return NOT_APPLICABLE
    if left > _A_YEAR:
        return PASS
    suffix = "" if release.is_verified else f" {_UNCONFIRMED}"
    return fail(f"The support of {release.name} ends on {end}, in {left} days{suffix}")


_A_YEAR = 365
_WITHOUT_SERVICE_PACK = {6001: "Service Pack 2", 7600: "Service Pack 1"}


@check(
    "HV-PATCH-003",
    title="The last service pack is installed",
    severity=Severity.HIGH,
    refs=("seed:G06",),
    until="2008R2",
)
def service_pack_is_installed(host: Snapshot) -> Verdict:
    """Without the service pack no later update can be installed.

    Remediation:
        Install the service pack, after the virtual machines are shut down or moved.
    """
    missing = _WITHOUT_SERVICE_PACK.get(host.one(OperatingSystem).build)
    return PASS if missing is None else fail(f"{missing} is not installed")


@check(
    "HV-PATCH-004",
    title="Security updates are installed within 45 days",
    severity=Severity.HIGH,
    refs=(
        "seed:G03",
        "seed:G06",
        "seed:G41",
        "STIG:WN25-00-000001",
        "BSI:SYS.1.5.A22",
        "NIST:HY-SR-18 (draft)",
        "ATT&CK:T1210",
    ),
)
def updates_are_recent(host: Snapshot) -> Verdict:
    """What an update mends is known to attackers from the day on which it comes out.

    Remediation:
        Install the current cumulative update by Windows Update, WSUS or from the catalog, in a cluster with cluster-aware updating.
    """
    if _nobody_gets_updates(host):
        return NOT_APPLICABLE
    newest, gap = newest_update(host)
    days = (collected_at(host).date() - newest).days
    soon = _SOON[host.policy.profile is Profile.STIG]
    if days <= soon:
        return PASS
    if gap is not None:
        raise gap
    severity = Severity.HIGH if days > _LATE else Severity.MEDIUM
    return fail(f"The newest update of the host is of {newest}, {days} days before the collection", severity)


_SOON = {False: 45, True: 30}
_LATE = 90


def _nobody_gets_updates(host: Snapshot) -> bool:
    """Whether HV-PATCH-001 says it: past support, and nothing shows that somebody pays for more."""
    try:
        return is_past_support(host) and not has_extended_updates(host, host.one(OperatingSystem).release)
    except NotAssessed:
        # A product that the tables do not know gets updates as far as anybody can tell.
        return False


_HYPERV_UPDATE = "KB950050"
# Not confirmed: the revision of vmms.exe in the release of Hyper-V for Windows Server 2008.
_RELEASED = (6, 0, 6001, 18016)


@check(
    "HV-PATCH-005",
    title="Windows Server 2008 runs the released Hyper-V",
    severity=Severity.CRITICAL,
    refs=("seed:G06", "seed:M04"),
    until="2008",
)
def hyperv_is_released(host: Snapshot) -> Verdict:
    """Windows Server 2008 shipped with a test version of Hyper-V, which was never supported.

    Remediation:
        Install KB950050, or Service Pack 2, which contains it.
    """
    if host.one(OperatingSystem).build != min(_WITHOUT_SERVICE_PACK):
        return PASS
    gaps: list[NotAssessed] = []
    for is_released in (_has_hyperv_update, _management_program_is_released):
        try:
            if is_released(host):
                return PASS
        except NotAssessed as gap:
            gaps.append(gap)
    if gaps:
        raise gaps[0]
    return fail(f"The host runs a test version of Hyper-V: {_HYPERV_UPDATE} is not installed")


def _has_hyperv_update(host: Snapshot) -> bool:
    return host.find(Hotfix, hot_fix_id=_HYPERV_UPDATE) is not None


def _management_program_is_released(host: Snapshot) -> bool:
    programs = host.rows(Binary).matching(lambda binary: binary.path.casefold().endswith("\\system32\\vmms.exe"))
    version = programs[0].file_version if programs else None
    if version is None:
        raise undetermined("the version of vmms.exe is not known", table="binaries", column="FileVersion")
    return tuple(int(part) for part in version.split(".")) >= _RELEASED


@check(
    "HV-PATCH-006",
    title="No restart is pending",
    severity=Severity.MEDIUM,
    refs=("seed:G03", "NIST:HY-SR-18 (draft)"),
)
def no_restart_is_pending(host: Snapshot) -> Verdict:
    """Until the restart the old, vulnerable code runs, and later updates wait.

    Remediation:
        Move or shut down the virtual machines, then run `Restart-Computer`.
    """
    pending = host.one(OperatingSystem).pending_reboot
    updates = [_PENDING[marker] for marker in pending if marker in _PENDING]
    if updates:
        return fail(f"A restart is pending for {' and '.join(updates)}")
    if OperatingSystemPendingReboot.FILE_RENAME in pending:
        return fail("Files are to be renamed at the next restart", Severity.INFO)
    return PASS


_PENDING = {
    OperatingSystemPendingReboot.CBS: "component servicing",
    OperatingSystemPendingReboot.WINDOWS_UPDATE: "Windows Update",
}


@check(
    "HV-PATCH-007",
    title="The host was restarted within 90 days",
    severity=Severity.LOW,
    refs=("seed:G05", "NIST:HY-SR-18 (draft)"),
)
def host_was_restarted(host: Snapshot) -> Verdict:
    """A host that has not been restarted for months runs without the updates of these months, and nobody knows whether it comes up again.

    Remediation:
        Plan a restart, after the virtual machines are moved or shut down.
    """
    system = host.one(OperatingSystem)
    boot = system.last_boot_utc
    days = (collected_at(host) - boot).days
    if days <= _LONG_UP or (days <= _LONG_UP_HOTPATCH and system.may_hotpatch):
        return PASS
    return fail(f"The host was last restarted on {boot.date()}, {days} days before the collection")


_LONG_UP = 90
_LONG_UP_HOTPATCH = 120


@check(
    "HV-PATCH-008",
    title="Somebody sees to the updates of the host",
    severity=Severity.MEDIUM,
    refs=("seed:G03", "seed:M10", "CIS:18.10.92.2.1", "BSI:SYS.1.5.A22"),
)
def updating_is_managed(host: Snapshot) -> Verdict:
    """Where Windows does not update itself and nothing else does, updates depend on somebody's memory.

    Remediation:
        Use WSUS, a management agent, cluster-aware updating, or the policy Configure Automatic Updates. Sites without a network may
        accept this where a written process exists.
    """
    settings = host.one(UpdateSettings)
    reasons = []
    service = host.find(Service, name="wuauserv")
    if settings.no_auto_update_policy == 1:
        reasons.append("the policy switches automatic updates off")
    if service is not None and service.start_type is ServiceStartType.DISABLED:
        reasons.append("the service wuauserv is disabled")
    if not reasons:
        return PASS
    if settings.use_wu_server == 1 and settings.wu_server:
        return PASS
    if host.rows(Service).matching(lambda one: update_agent(one.name) is not None):
        return PASS
    return fail(f"Nothing that distributes updates was found, and {' and '.join(reasons)}")


@check(
    "HV-PATCH-009",
    title="WSUS is reached by TLS",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1557", "ATT&CK:T1195.002"),
)
def wsus_uses_tls(host: Snapshot) -> Verdict:
    """Who sits between the host and a WSUS without TLS hands it updates of his own, which run as SYSTEM.

    Remediation:
        Publish WSUS with a certificate and set the policy to `https://<server>:8531`.
    """
    settings = host.one(UpdateSettings)
    server = settings.wu_server
    if server is None or not server.strip().casefold().startswith("http://") or settings.use_wu_server != 1:
        return PASS
    return fail(f"The host gets updates from {server}")


@check(
    "HV-PATCH-010",
    title="The firmware is younger than three years",
    severity=Severity.LOW,
    refs=("seed:G06", "MS-Plan", "NIST:HY-SR-1 (draft)"),
)
def firmware_is_young(host: Snapshot) -> Verdict:
    """Firmware starts before everything else and brings the microcode of the processor. Many platforms get no newer one.

    Remediation:
        Ask the vendor's tool for newer firmware.
    """
    computer = host.one(ComputerSystem)
    released = computer.bios_date_utc.date()
    if released >= _three_years_before(collected_at(host).date()):
        return PASS
    if computer.hypervisor is not None:
        return NOT_APPLICABLE
    return fail(f"The firmware is of {released}")


def _three_years_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 3)
    except ValueError:
        return day.replace(year=day.year - 3, day=28)
