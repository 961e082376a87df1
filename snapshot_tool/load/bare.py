"""Bare files, judged as a snapshot that holds nothing else: everything outside the file is not collected."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from snapshot_tool.archive import Kind
from snapshot_tool.manifest import Manifest, parse_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snapshot_tool.archive import Archive, Member, Note


class Alone:
    """An archive whose one file stands under the name that it has in a snapshot."""

    def __init__(self, archive: "Archive", member: str) -> None:
        self._archive = archive
        self._own = next(iter(archive.members))
        self.kind = archive.kind
        self.members: Mapping[str, Member] = {member: archive.members[self._own]}
        self.notes: tuple[Note, ...] = archive.notes
        self.sha256 = archive.sha256
        self.side_file = archive.side_file

    def read(self, _name: str) -> bytes:
        """The file."""
        return self._archive.read(self._own)


def file_alone(archive: "Archive") -> "tuple[Manifest, Archive] | None":
    """A store or VM configuration without its host: it has no era and no build; None for any other file.

    A store is judged by the rules of 2008 to 2012, the eras that use it.
    """
    match archive.kind:
        case Kind.AZMAN:
            dataset, member = "azman_store", "raw/azman/InitialStore.xml"
        case Kind.VM_CONFIGURATION:
            dataset, member = "vmconfig", "raw/vmconfig/configuration.xml"
        case Kind.VMCX:
            dataset, member = "vmconfig", "raw/vmconfig/configuration.vmcx"
        case _:
            return None
    document = {
        "format": "hvsnap",
        "formatVersion": 1,
        "datasets": [{"name": dataset, "kind": "raw", "status": "ok", "files": [member]}],
    }
    manifest = replace(parse_manifest(json.dumps(document).encode()), notes=())
    return manifest, Alone(archive, member)  # type: ignore[return-value]
