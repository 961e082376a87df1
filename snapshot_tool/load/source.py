"""Archive + manifest + parsers -> tables, each built when first asked for. Knows file names; nobody else does."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from snapshot_tool.archive import Archive, MemberError
from snapshot_tool.knowledge.format import DatasetFormat, Namespace, class_formats, dataset_format, datasets
from snapshot_tool.load.configurations import configured_tables
from snapshot_tool.load.tables import dataset_table
from snapshot_tool.manifest import Manifest
from snapshot_tool.parsers.json_members import read_json
from snapshot_tool.snapshot import Host, Table
from snapshot_tool.verdict import Cause, Gap

if TYPE_CHECKING:
    from snapshot_tool.hyperv.canonical import HyperV

MAX_ROWS = 1_000_000

_NAMESPACES: Mapping[str, Namespace] = {
    r"root\virtualization\v2": "v2",
    r"root\virtualization": "v1",
    r"root\mscluster": "cluster",
}

Derived = Callable[["ArchiveSource", str], Table]


class ArchiveSource:
    """Tables of one snapshot: datasets, class dumps (`hv/...`, `cluster/...`), and tables derived from them or from raw files.

    `exports`: canonical tables out of a customer's own export, where that is the input.
    """

    def __init__(
        self,
        archive: Archive,
        manifest: Manifest,
        host: Host,
        derived: Mapping[str, Derived],
        exports: Mapping[str, Table] = {},
    ) -> None:
        self.archive = archive
        self.exports = exports
        self.manifest = manifest
        self.host = host
        self.notes: list[str] = []
        self._derived = derived
        self._tables: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        """A table by name. Raises KeyError for a name that the format does not know."""
        known = self._tables.get(name)
        if known is None:
            known = self._tables[name] = self._build(name)
        return known

    @cached_property
    def hyperv(self) -> "HyperV":
        """The canonical Hyper-V tables over the class dumps."""
        from snapshot_tool.hyperv.canonical import HyperV

        return HyperV(
            self.table, self.host, other=self.table, namespace_of=self.namespace_of, fallback=configured_tables(self)
        )

    def raw(self, dataset: str) -> Table:
        """The state of a raw dataset as a table without columns: its gap, absence or era; `raw_files` has the members."""
        return dataset_table(datasets()[dataset], self.manifest.datasets.get(dataset), self.host, None, (), member="")

    def raw_files(self, dataset: str) -> Iterable[str]:
        """Member names of a raw dataset, as the manifest lists them."""
        entry = self.manifest.datasets.get(dataset)
        return () if entry is None else entry.files

    def read_raw(self, member: str, table: str) -> bytes | Gap:
        """The bytes of a raw member, or why they cannot be used."""
        return self._read(member, table)

    def _build(self, name: str) -> Table:
        if name in self._derived:
            return self._derived[name](self, name)
        dataset = self._format(name)
        entry = self.manifest.datasets.get(name)
        if entry is None or entry.status not in ("ok", "empty", "partial"):
            return dataset_table(dataset, entry, self.host, None, (), member="")
        member = entry.file or dataset.file or f"data/{name}.json"
        content = self._rows(member, name, dataset.schema)
        if isinstance(content, Gap):
            return dataset_table(dataset, entry, self.host, None, (), member=member, gap=content)
        header, rows = content
        if unknown := [column for column in header if column not in dataset.columns]:
            self.notes.append(f"{member}: unknown columns are ignored: {', '.join(unknown[:5])}")
        short = None
        if entry.rows is not None and len(rows) < entry.rows and not entry.lacks_rows:
            short = Gap(Cause.UNREADABLE, f"{member}: {len(rows)} of {entry.rows} rows are there", name, whole=True)
        return dataset_table(dataset, entry, self.host, header, rows, member=member, gap=short)

    def _format(self, name: str) -> DatasetFormat:
        r"""The definition of a dataset; of a class, that of the namespace it was read from (25 names stand in v1 and v2)."""
        part = _NAMESPACES.get((self.namespace_of(name) or "").casefold())
        found = (class_formats(part).get(name) if part else None) or dataset_format(name, self.host.era)
        if found is None:
            raise KeyError(name)
        return found

    def namespace_of(self, name: str) -> str | None:
        r"""The WMI namespace a class dump was read from, such as `root\virtualization\v2`; None where nothing tells."""
        entry = self.manifest.datasets.get(name)
        if entry is None or entry.source is None or not entry.source.startswith("wmi:"):
            return None
        return entry.source.removeprefix("wmi:")

    def _read(self, member: str, table: str) -> bytes | Gap:
        try:
            data = self.archive.read(member)
        except MemberError as error:
            return Gap(Cause.UNREADABLE, f"{member}: {error.reason}", table, whole=True)
        match self.manifest.verify(member, data):
            case "mismatch":
                return Gap(
                    Cause.UNREADABLE, f"{member}: its content is not what the manifest's hash says", table, whole=True
                )
            case "unlisted":
                return Gap(Cause.UNREADABLE, f"{member}: the manifest does not list it", table, whole=True)
            case "not verifiable":
                if self.manifest.files is not None:
                    self.notes.append(f"{member}: not verifiable, the host could not hash it")
            case "ok":
                pass
        return data

    def _rows(self, member: str, name: str, schema: int) -> tuple[list[str], list[dict[str, Any]]] | Gap:
        data = self._read(member, name)
        if isinstance(data, Gap):
            return data
        try:
            document = read_json(data, member)
        except MemberError as error:
            return Gap(Cause.UNREADABLE, str(error), name, whole=True)
        return _content(document, member, name, schema)


def _content(document: Any, member: str, name: str, schema: int) -> tuple[list[str], list[dict[str, Any]]] | Gap:
    def unreadable(why: str, cause: Cause = Cause.UNREADABLE) -> Gap:
        return Gap(cause, f"{member}: {why}", name, whole=True)

    if not isinstance(document, dict):
        return unreadable("is no object")
    if document.get("dataset") != name:
        return unreadable(f"says that it is the dataset {document.get('dataset')!r}")
    number = document.get("schema")
    if type(number) is not int:
        return unreadable("has no schema number")
    if number > schema:
        return unreadable(f"has schema {number}, newer than {schema}", Cause.UNSUPPORTED_SOURCE)
    columns, rows = document.get("columns"), document.get("rows")
    if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
        return unreadable("has no list of columns")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return unreadable("has no list of rows")
    if len(rows) > MAX_ROWS:
        return unreadable(f"has more than {MAX_ROWS:,} rows")
    return columns, rows
