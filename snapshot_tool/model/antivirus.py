"""Antivirus products and their exclusions."""

from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from snapshot_tool.knowledge.antivirus_products import product_by_service
from snapshot_tool.model.paths import folded_path, is_below, parent_of
from snapshot_tool.model.registry import registry_number
from snapshot_tool.model.services import Service, ServiceState
from snapshot_tool.model.vm import VM
from snapshot_tool.model.vm_storage import VMHardDisk
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import Cause, Gap, NotAssessed, NotOffered, either

DEFENDER_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender"
_OLDER = frozenset({"2008", "2008R2", "2012", "2012R2"})


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

    @property
    def is_passive(self) -> bool:
        """Whether Defender leaves scanning to another product, or only watches beside it."""
        return (self.am_running_mode or "").casefold() in ("passive", "passive mode", "sxs passive", "sxs passive mode")

    @property
    def scans(self) -> bool:
        """Whether Microsoft's product scans files as they are opened: by its state since 2016, by its service before."""
        if self.product is AntivirusProduct.NONE:
            return False
        if self.host.host.era in _OLDER or self.product is AntivirusProduct.SCEP:
            return _runs(self.host, "WinDefend") or _runs(self.host, "MsMpSvc")
        mode = (self.am_running_mode or "normal").casefold()
        if not mode.startswith(("normal", "edr block")):
            return False
        return self.am_service_enabled and self.real_time_protection_enabled

    @property
    def has_automatic_exclusions(self) -> bool:
        """Whether Defender leaves out what the Hyper-V role needs by itself: since 2016, unless switched off."""
        if self.host.host.era in _OLDER or self.product is not AntivirusProduct.DEFENDER:
            return False
        return not either(
            lambda: self.disable_auto_exclusions is True,
            lambda: registry_number(self.host, rf"{DEFENDER_POLICY}\Exclusions", "DisableAutoExclusions") == 1,
        )


class DefenderExclusion(Row, table="defender_exclusions"):
    """Microsoft Defender exclusions: one row is exclusion x source."""

    __slots__ = ()

    name_column = "Value"

    kind: DefenderExclusionKind
    value: str | None
    source: DefenderExclusionSource
    hidden: bool

    @property
    def folded(self) -> str:
        """A path or process as paths compare, wildcards kept."""
        return folded_path(self.host, self.value or "")

    def covers(self, path: str) -> bool:
        """Whether a path exclusion covers a folded path: itself or an ancestor, `*` and `?` within one step."""
        mine = self.folded.removesuffix("\\*")
        if not {"*", "?"} & set(mine):
            return is_below(path, mine)
        steps, wanted = path.split("\\"), mine.split("\\")
        return len(steps) >= len(wanted) and all(map(fnmatchcase, steps, wanted))


def other_product(host: Snapshot) -> str | None:
    """The product of a known third-party service that runs. Raises NotAssessed."""
    running = host.rows(Service).matching(
        lambda service: service.name.casefold() in product_by_service() and service.state is ServiceState.RUNNING
    )
    return product_by_service()[running[0].name.casefold()] if running else None


def exclusions(host: Snapshot) -> list[DefenderExclusion]:
    """All exclusions of Defender, none where it is not installed. Raises NotAssessed when the host hid them."""
    found = list(host.rows(DefenderExclusion))
    if any(row.hidden for row in found) or (not found and host.one(Antivirus).exclusions_hidden):
        raise NotAssessed(Gap(Cause.UNDETERMINED, "the host hides the exclusions", "defender_exclusions", "Value"))
    return found


def disk_folders(host: Snapshot) -> dict[str, list[str]]:
    """Folders with virtual disks that VMs use, as folded paths, with the names of the files; UNC folders too."""
    folders: dict[str, list[str]] = {}
    for disk in host.rows(VMHardDisk):
        if disk.path:
            path = folded_path(host, disk.path)
            folders.setdefault(parent_of(path) or path, []).append(path.rpartition("\\")[2])
    return folders


def state_folders(host: Snapshot) -> set[str]:
    """Folders with configuration, checkpoints and paging files of VMs, as folded paths."""
    found = set()
    for vm in host.rows(VM):
        found.add(folded_path(host, vm.configuration_location))
        for attribute in ("snapshot_file_location", "smart_paging_file_path"):
            try:
                path = getattr(vm, attribute)
            except NotOffered:
                continue
            if path:
                found.add(folded_path(host, path))
    return found


def _runs(host: Snapshot, name: str) -> bool:
    service = host.find(Service, name=name)
    return service is not None and service.state is ServiceState.RUNNING
