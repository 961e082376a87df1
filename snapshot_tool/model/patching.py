"""Updates: how they are configured and what is installed, and until when the host's Windows is supported."""

import re
from datetime import date, datetime
from enum import IntEnum, StrEnum

from snapshot_tool.knowledge.releases import Release, is_released_after, update_released
from snapshot_tool.model.host import OperatingSystem
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import NotAssessed, undetermined


class UpdateSettingsAUOptionsPolicy(IntEnum):
    """`update_settings.AUOptionsPolicy`."""

    NOTIFY = 2
    DOWNLOAD_NOTIFY_INSTALL = 3
    DOWNLOAD_AND_INSTALL_ON_SCHEDULE = 4
    LOCAL_CHOICE = 5
    DOWNLOAD_NOTIFY_INSTALL_NOTIFY_RESTART = 7


class UpdateSettingsLastInstallSuccessSource(StrEnum):
    """`update_settings.LastInstallSuccessSource`."""

    RESULTS = "results"
    CBS = "cbs"


class HotfixSource(StrEnum):
    """`hotfixes.Source`."""

    QFE = "qfe"
    CBS = "cbs"
    WUHISTORY = "wuhistory"


class UpdateSettings(Row, table="update_settings"):
    """Windows Update configuration and last success: one row is the machine."""

    __slots__ = ()

    no_auto_update_policy: int | None
    au_options_policy: UpdateSettingsAUOptionsPolicy | None
    au_options_local: int | None
    use_wu_server: int | None
    wu_server: str | None
    wu_status_server: str | None
    target_group: str | None
    do_not_connect_to_windows_update_internet_locations: int
    disable_windows_update_access: int
    last_detect_success_utc: datetime
    last_install_success_utc: datetime
    last_install_success_source: UpdateSettingsLastInstallSuccessSource


class Hotfix(Row, table="hotfixes"):
    """Installed updates: one row is update x source."""

    __slots__ = ()

    hot_fix_id: str | None
    package_name: str | None
    description: str | None
    installed_on_raw: str | None
    installed_on_utc: datetime | None
    state: int | None
    source: HotfixSource

    def installed_on(self, collected: datetime) -> date:
        """The day of the installation; where day and month cannot be told apart, the latest that it may have been.

        Raises NotAssessed where the host gives no date that can be read.
        """
        moment = self.installed_on_utc
        if moment is not None:
            return moment.date()
        found = [day for day in _readings(self.installed_on_raw or "") if day <= collected.date()]
        if not found:
            raise undetermined(f"the day on which {self} was installed is not known", table="hotfixes")
        return max(found)


_DAY = re.compile(r"(\d{1,4})[./-] ?(\d{1,2})[./-] ?(\d{1,4})\b", re.ASCII)


def _readings(text: str) -> list[date]:
    """Each day that a numeric date may mean: year first, month first, day first."""
    match = _DAY.match(text.strip())
    if match is None:
        return []
    first, second, third = (int(part) for part in match.groups())
    found = []
    for year, month, day in ((first, second, third), (third, first, second), (third, second, first)):
        if year >= _FIRST_YEAR:
            try:
                found.append(date(year, month, day))
            except ValueError:
                continue
    return found


_FIRST_YEAR = 2008
_INSTALLED = 112
_ROLLUP = "package_for_rollupfix"


def collected_at(host: Snapshot) -> datetime:
    """When the snapshot was taken. Raises NotAssessed where nobody knows."""
    if host.host.started is None:
        raise undetermined("the time of collection is not known")
    return host.host.started


def is_past_support(host: Snapshot) -> bool:
    """Whether the host's Windows gets updates only for those who pay for them, or none. Raises NotAssessed."""
    end = host.one(OperatingSystem).release.extended_end
    return end is not None and collected_at(host).date() > end


def has_extended_updates(host: Snapshot, release: Release) -> bool:
    """Whether an update is installed that came out after the end of support. Raises NotAssessed where that is not known."""
    system = host.one(OperatingSystem)
    revision = system.revision
    return (
        revision is not None
        and release.extended_end is not None
        and is_released_after(release.build, revision, release.extended_end)
    )


def newest_update(host: Snapshot) -> tuple[date, NotAssessed | None]:
    """The day of the newest update: when it came out, else when it was installed. With it, what may be newer but was not readable.

    Raises NotAssessed where nothing tells a day.
    """
    system = host.one(OperatingSystem)
    revision = system.update_revision
    released = None if revision is None else update_released(system.build, revision)
    if released is None:
        return _newest_installed(host, any_update=host.host.era in _WITHOUT_CUMULATIVE)
    if not system.may_hotpatch:
        return released, None
    try:
        installed, gap = _newest_installed(host, any_update=True)
    except NotAssessed as missing:
        return released, missing
    return max(released, installed), gap


_WITHOUT_CUMULATIVE = frozenset({"2008", "2008R2", "2012", "2012R2"})


def _newest_installed(host: Snapshot, *, any_update: bool) -> tuple[date, NotAssessed | None]:
    collected = collected_at(host)
    days: list[date] = []
    told: set[str] = set()
    silent: list[tuple[str | None, NotAssessed]] = []
    updates = host.rows(Hotfix)
    for update in updates.known:
        number = None
        try:
            number = update.hot_fix_id
            if not _counts(update, number, any_update=any_update):
                continue
            days.append(update.installed_on(collected))
            if number is not None:
                told.add(number)
        except NotAssessed as missing:
            silent.append((number, missing))
    # The same update is in several sources, and not each of them tells the day.
    gaps = [missing for number, missing in silent if number not in told]
    if updates.gap is not None:
        gaps.append(NotAssessed(updates.gap))
    if not days:
        raise gaps[0] if gaps else undetermined("no installed update tells its day", table="hotfixes")
    return max(days), gaps[0] if gaps else None


def _counts(update: Hotfix, number: str | None, *, any_update: bool) -> bool:
    if update.source is HotfixSource.WUHISTORY:
        return False  # holds daily definitions as well
    package = update.package_name
    if package is None:
        return any_update and number is not None
    if update.state != _INSTALLED:
        return False
    return package.casefold().startswith(_ROLLUP) or (any_update and number is not None)
