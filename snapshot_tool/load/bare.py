"""Bare files, judged as a snapshot that holds nothing else: everything outside the file is not collected."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from snapshot_tool.archive import ArchiveError, Kind, MemberError
from snapshot_tool.manifest import Manifest, parse_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snapshot_tool.archive import Archive, Member, Note
    from snapshot_tool.snapshot import Table


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


def exported_tables(archive: "Archive") -> "Mapping[str, Table]":
    """The tables of an export that a customer made with Hyper-V's cmdlets. Raises ArchiveError for any other file."""
    from snapshot_tool.hyperv.exports import ExportError, read_export

    member = next(iter(archive.members))
    try:
        return read_export(archive.read(member), member)
    except ExportError as error:
        raise ArchiveError(
            f"is no snapshot, no AzMan store, no VM configuration and no export of Get-VM: {error}"
        ) from None
    except MemberError as error:
        raise ArchiveError(error.reason) from None


def file_alone(archive: "Archive") -> "tuple[Manifest, Archive]":
    """A store, VM configuration or export without its host: it has no era and no build.

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
            dataset, member = "", next(iter(archive.members))
    entries = [{"name": dataset, "kind": "raw", "status": "ok", "files": [member]}] if dataset else []
    document = {"format": "hvsnap", "formatVersion": 1, "datasets": entries}
    manifest = replace(parse_manifest(json.dumps(document).encode()), notes=())
    return manifest, Alone(archive, member)  # type: ignore[return-value]
