"""Disk files that no virtual machine of the host uses any more."""

import re

from snapshot_tool.knowledge.foreign_disks import is_foreign_disk
from snapshot_tool.model.filesystem import VMFile, VMFileKind
from snapshot_tool.model.storage import VHDFile, VHDReferences
from snapshot_tool.model.vm_storage import VHD, VMCheckpointDisk, VMHardDisk, share_of
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import Gap, NotAssessed

_LINK = re.compile(r"(?P<set>.+)_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.avhdx\Z")


def is_checkpoint_link(path: str) -> bool:
    """Whether a folded path is that of a file which Hyper-V makes for a checkpoint."""
    return path.endswith((".avhd", ".avhdx"))


def is_left_over(file: VMFile | VHDFile) -> bool:
    """Whether no drive, checkpoint or disk of this host refers to a disk file of virtual machines. Raises NotAssessed."""
    host, path = file.host, file.folded_path
    if is_foreign_disk(path) or _belongs_to_set(host, path):
        return False
    drive, checkpoint = host.find(VMHardDisk, folded_path=path), host.find(VMCheckpointDisk, folded_path=path)
    if drive is not None or checkpoint is not None:
        return False
    listed = host.find(VHDFile, folded_path=path)
    if listed is not None and set(listed.references) - {VHDReferences.FOLDER}:
        return False
    unread, rest = _unread_children(host)
    gap = unread.get(_root(path), rest)
    if gap is not None:
        raise NotAssessed(gap)
    return True


def _belongs_to_set(host: Snapshot, path: str) -> bool:
    """Whether the file is one of those behind a shared `.vhds`, which no row refers to."""
    match = _LINK.match(path)
    if match is None:
        return False
    collection = match["set"] + ".vhds"
    if host.find(VHDFile, folded_path=collection) is not None:
        return True
    found = host.find(VMFile, folded_path=collection)
    return found is not None and found.kind is VMFileKind.DISK


def _root(path: str) -> tuple[str, str]:
    """Drive, or server and share: a disk and its parent are looked for in the same place."""
    return share_of(path) or ("", path[:2])


def _unread_children(host: Snapshot) -> tuple[dict[tuple[str, str], Gap], Gap | None]:
    """Where disks lie whose parents could not be read, so that any file there may be one of those; and why there may be more."""
    found: tuple[dict[tuple[str, str], Gap], Gap | None] | None = host.cache.get(_unread_children)
    if found is None:
        trace, host.trace = host.trace, []
        try:
            found = host.cache[_unread_children] = _places_of_unread(host)
        finally:
            host.trace = trace
    return found


def _places_of_unread(host: Snapshot) -> tuple[dict[tuple[str, str], Gap], Gap | None]:
    disks = host.rows(VHD)
    gap = disks.gap
    places: dict[tuple[str, str], Gap] = {}
    for disk in disks.known:
        try:
            root = _root(disk.folded_path)
        except NotAssessed as missing:
            gap = gap or missing.gap
            continue
        try:
            if not disk.is_gone:
                disk.folded_parent  # noqa: B018 - read to see whether it can be
        except NotAssessed as missing:
            places[root] = missing.gap
    return places, gap
