"""Updates: how they are configured and what is installed."""

from datetime import datetime
from enum import IntEnum, StrEnum

from snapshot_tool.snapshot import Row


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
    installed_on_utc: datetime
    state: int | None
    source: HotfixSource
