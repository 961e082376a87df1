"""Opens a path and gives the `Snapshot` that checks read: archive, manifest and parsers put together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from snapshot_tool.archive import ArchiveError, Kind, MemberError, open_archive
from snapshot_tool.knowledge.format import dataset_names, datasets, era_of
from snapshot_tool.knowledge.releases import release_name
from snapshot_tool.load.bare import exported_tables, file_alone
from snapshot_tool.load.derived import CANONICAL, DERIVED, SOURCES_OF
from snapshot_tool.load.source import ArchiveSource
from snapshot_tool.manifest import listing_notes, read_manifest
from snapshot_tool.policy import NO_POLICY, Policy
from snapshot_tool.snapshot import Host, Snapshot

if TYPE_CHECKING:
    from snapshot_tool.parsers.azman_store import Store


@dataclass(frozen=True, slots=True)
class HostFacts:
    """Who was judged; None where a bare file does not tell it."""

    name: str | None = None
    build: int | None = None
    os: str | None = None
    installation_type: str | None = None
    era: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A snapshot with what reports tell of it beside its rows."""

    snapshot: Snapshot
    source: ArchiveSource
    facts: HostFacts
    sha256: str | None
    collected_utc: str | None

    @property
    def notes(self) -> list[str]:
        """What people should know about the input; no judgement rests on it."""
        source = self.source
        listed = listing_notes(source.archive, source.manifest)
        found = (*source.archive.notes, *source.manifest.notes, *listed, *source.notes, *source.hyperv.notes)
        return list(dict.fromkeys(map(str, found)))

    def table_names(self) -> list[str]:
        """Everything that can be shown: datasets, derived and canonical tables, class dumps that the manifest lists."""
        dumps = [name for name in self.source.manifest.datasets if "/" in name and name in dataset_names()]
        rows = [name for name, dataset in datasets().items() if dataset.kind == "rows"]
        return [*rows, *sorted(DERIVED), *sorted(dumps)]

    def canonical_names(self) -> list[str]:
        """The canonical tables of Hyper-V."""
        return list(CANONICAL)

    def datasets_behind(self, table: str) -> Sequence[str]:
        """The datasets to collect again for a table: itself, or what it is derived from."""
        return SOURCES_OF.get(table, (table,))


@contextmanager
def open_snapshot(path: Path, *, bare: bool = True, policy: Policy = NO_POLICY) -> Iterator[Opened]:
    """Opens a zip, a folder or (with `bare`) a bare file. Raises ArchiveError when it is unusable as a whole."""
    with open_archive(path) as found:
        archive = found
        if found.kind.is_snapshot:
            manifest = read_manifest(found)
        elif bare:
            # As if a collector had brought home this one file.
            manifest, archive = file_alone(found)
        else:
            raise ArchiveError("is no snapshot (a zip or an unpacked folder)")
        # A store alone tells no era; the eras that use it end with this one, and so do its rules.
        era = "2012" if found.kind is Kind.AZMAN else era_of(manifest.build)
        host = Host(manifest.build, era, manifest.started_utc, manifest.elevated)
        exports = exported_tables(found) if found.kind is Kind.OTHER else {}
        source = ArchiveSource(archive, manifest, host, DERIVED, exports)
        if found.kind is Kind.AZMAN:
            source.notes.append("an AzMan store alone tells no era: it is judged by the rules of 2008 to 2012")
        release = release_name(manifest.build, manifest.product_type)
        facts = HostFacts(
            manifest.host_name, manifest.build, release, manifest.installation_type, era_of(manifest.build)
        )
        yield Opened(Snapshot(source, host, policy), source, facts, archive.sha256, manifest.started_text)


@dataclass(frozen=True, slots=True)
class Stores:
    """AzMan stores by member name, names of SIDs, and why other stores could not be read."""

    stores: "list[tuple[str, Store]]"
    sid_names: dict[str, str]
    defects: list[str]


def azman_stores(path: Path) -> Stores:
    """The AzMan stores of a snapshot or a bare file. Raises ArchiveError: the file cannot be used, or holds no store."""
    from snapshot_tool.parsers.azman import parse_azman
    from snapshot_tool.parsers.xml import XmlError

    with open_snapshot(path) as opened:
        archive = opened.source.archive
        members = [name for name in archive.members if name.startswith("raw/azman/")]
        if not members:
            raise ArchiveError("holds no AzMan store")
        sids = opened.snapshot.table("sids").records
        found = Stores([], {str(r.cells.get("Sid")): str(r.cells["Name"]) for r in sids if r.cells.get("Name")}, [])
        for name in members:
            try:
                found.stores.append((name, parse_azman(archive.read(name))))
            except (XmlError, MemberError) as error:
                found.defects.append(f"{name} is no readable AzMan store: {error}")
        return found
