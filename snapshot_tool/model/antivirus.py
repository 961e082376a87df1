"""Antivirus products and their exclusions."""

from datetime import datetime
from enum import StrEnum

from snapshot_tool.snapshot import Row


class AntivirusProduct(StrEnum):
    """`antivirus.Product`."""

    DEFENDER = "defender"
    SCEP = "scep"
    NONE = "none"


class DefenderExclusionKind(StrEnum):
    """`defender_exclusions.Kind`."""

    PATH = "path"
    PROCESS = "process"
    EXTENSION = "extension"
    IP = "ip"
    ASR_ONLY = "asrOnly"


class DefenderExclusionSource(StrEnum):
    """`defender_exclusions.Source`."""

    LOCAL = "local"
    POLICY = "policy"
    EFFECTIVE = "effective"


class Antivirus(Row, table="antivirus"):
    """Microsoft Defender state and preferences: one row is the machine."""

    __slots__ = ()

    product: AntivirusProduct
    am_running_mode: str | None
    am_service_enabled: bool
    antivirus_enabled: bool
    real_time_protection_enabled: bool
    on_access_protection_enabled: bool
    behavior_monitor_enabled: bool
    ioav_protection_enabled: bool
    is_tamper_protected: bool
    am_product_version: str | None
    am_engine_version: str | None
    antivirus_signature_version: str | None
    antivirus_signature_last_updated_utc: datetime
    antivirus_signature_age: int
    disable_auto_exclusions: bool | None
    disable_realtime_monitoring: bool
    disable_behavior_monitoring: bool
    disable_ioav_protection: bool
    disable_script_scanning: bool
    maps_reporting: int
    pua_protection: int
    enable_network_protection: int
    enable_controlled_folder_access: int
    exclusions_hidden: bool


class DefenderExclusion(Row, table="defender_exclusions"):
    """Microsoft Defender exclusions: one row is exclusion x source."""

    __slots__ = ()

    kind: DefenderExclusionKind
    value: str | None
    source: DefenderExclusionSource
    hidden: bool
