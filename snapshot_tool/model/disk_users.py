"""Which virtual machines use a disk file: attached now, in a checkpoint, or as the parent of a disk that is."""

from collections.abc import Mapping
from dataclasses import dataclass

from snapshot_tool.model.guest import VMGuestKvp
from snapshot_tool.model.paths import folded_path
from snapshot_tool.model.vm_storage import VHD, DriveKind, VMCheckpointDisk, VMHardDisk
from snapshot_tool.snapshot import Rows, Snapshot
from snapshot_tool.verdict import Gap, NotAssessed, NotOffered

_DOMAIN_CONTROLLER = "2"


@dataclass(frozen=True, slots=True)
class DiskUsers:
    """Folded disk path -> ids of the virtual machines; `parents` are disks that others build on; `gap`: there may be more."""

    machines: Mapping[str, frozenset[str]]
    parents: frozenset[str]
    gap: Gap | None

    def known(self, path: str) -> frozenset[str]:
        """The machines that surely use the folded path."""
        return self.machines.get(path, frozenset())

    def all(self, path: str) -> frozenset[str]:
        """The machines that use the folded path. Raises NotAssessed where there may be more."""
        if self.gap is not None:
            raise NotAssessed(self.gap)
        return self.known(path)


def disk_users(host: Snapshot) -> DiskUsers:
    """The disks of all virtual machines and checkpoints with their chains; nothing becomes evidence."""
    found: DiskUsers | None = host.cache.get(disk_users)
    if found is None:
        trace, host.trace = host.trace, []
        try:
            found = host.cache[disk_users] = _disk_users(host)
        finally:
            host.trace = trace
    return found


def _disk_users(host: Snapshot) -> DiskUsers:
    gaps: list[Gap] = []
    parent_of_disk = _parents(host, gaps)
    machines: dict[str, set[str]] = {}
    models: tuple[type[VMHardDisk | VMCheckpointDisk], ...] = (VMHardDisk, VMCheckpointDisk)
    for model in models:
        try:
            rows: Rows[VMHardDisk | VMCheckpointDisk] = host.rows(model)
        except NotOffered:
            continue
        gaps.extend([rows.gap] if rows.gap is not None else [])
        for row in rows.known:
            try:
                if isinstance(row, VMCheckpointDisk) and row.kind is not DriveKind.HARD_DISK:
                    continue
                path = None if row.path is None else folded_path(host, row.path)
                vm_id = row.vm_id
            except NotAssessed as missing:
                gaps.append(missing.gap)
                continue
            while path is not None and vm_id not in machines.setdefault(path, set()):
                machines[path].add(vm_id)
                path = parent_of_disk.get(path)
    return DiskUsers(
        {path: frozenset(ids) for path, ids in machines.items()},
        frozenset(parent_of_disk.values()),
        gaps[0] if gaps else None,
    )


def _parents(host: Snapshot, gaps: list[Gap]) -> dict[str, str]:
    disks = host.rows(VHD)
    gaps.extend([disks.gap] if disks.gap is not None else [])
    found = {}
    for disk in disks.known:
        try:
            # Of a file that is gone nobody can tell the parent, and nobody runs on it.
            parent = None if disk.is_gone else disk.folded_parent
            if parent is not None:
                found[disk.folded_path] = parent
        except NotAssessed as missing:
            gaps.append(missing.gap)
    return found


def domain_controllers(host: Snapshot) -> Rows[VMGuestKvp]:
    """The guests that say of themselves that they are domain controllers; a guest that is off says nothing."""
    return host.where(VMGuestKvp, product_type=_DOMAIN_CONTROLLER)
