"""Opens a path and gives the `Snapshot` that checks read: archive, manifest and parsers put together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from snapshot_tool.archive import ArchiveError, open_archive
from snapshot_tool.knowledge.format import era_of
from snapshot_tool.knowledge.releases import release_name
from snapshot_tool.load.derived import DERIVED, SOURCES_OF
from snapshot_tool.load.source import ArchiveSource
from snapshot_tool.manifest import listing_notes, read_manifest
from snapshot_tool.snapshot import Host, Snapshot


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
        return list(dict.fromkeys(map(str, (*source.archive.notes, *source.manifest.notes, *listed, *source.notes))))

    def datasets_behind(self, table: str) -> Sequence[str]:
        """The datasets to collect again for a table: itself, or what it is derived from."""
        return SOURCES_OF.get(table, (table,))


@contextmanager
def open_snapshot(path: Path) -> Iterator[Opened]:
    """Opens a zip, a folder or a bare file. Raises ArchiveError when it is unusable as a whole."""
    with open_archive(path) as archive:
        if not archive.kind.is_snapshot:
            raise ArchiveError("is neither a snapshot nor a file that can be judged alone")
        manifest = read_manifest(archive)
        host = Host(manifest.build, era_of(manifest.build), manifest.started_utc, manifest.elevated)
        source = ArchiveSource(archive, manifest, host, DERIVED)
        facts = HostFacts(
            manifest.host_name,
            manifest.build,
            release_name(manifest.build, manifest.product_type),
            manifest.installation_type,
        )
        yield Opened(Snapshot(source, host), source, facts, archive.sha256, manifest.started_text)
