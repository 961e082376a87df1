"""Bare files, judged as a snapshot that holds nothing else: everything outside the file is not collected."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from snapshot_tool.manifest import Manifest, parse_manifest

if TYPE_CHECKING:
    from snapshot_tool.archive import Archive, Member, Note

STORE_MEMBER = "raw/azman/InitialStore.xml"


class Alone:
    """An archive whose one file stands under the name that it has in a snapshot."""

    def __init__(self, archive: "Archive", member: str, rows: Mapping[str, bytes]) -> None:
        self._archive = archive
        self._own = next(iter(archive.members))
        self._member = member
        self._rows = rows
        self.kind = archive.kind
        self.members: Mapping[str, Member] = {member: archive.members[self._own]}
        self.notes: tuple[Note, ...] = archive.notes
        self.sha256 = archive.sha256
        self.side_file = archive.side_file

    def read(self, name: str) -> bytes:
        """The file, or the rows that stand for what is known of it."""
        return self._rows[name] if name in self._rows else self._archive.read(self._own)


def store_alone(archive: "Archive") -> "tuple[Manifest, Archive]":
    """An AzMan store without its host: it has no era and no build, and is judged by the rules of 2008 to 2012."""
    document = {
        "format": "hvsnap",
        "formatVersion": 1,
        "datasets": [{"name": "azman_store", "kind": "raw", "status": "ok", "files": [STORE_MEMBER]}],
    }
    manifest = replace(parse_manifest(json.dumps(document).encode()), notes=())
    return manifest, Alone(archive, STORE_MEMBER, {})  # type: ignore[return-value]
