"""manifest.json: what the collector ran, what failed and why, and which bytes it wrote.

A manifest that lies never makes anything look better: what contradicts itself is a note, and its dataset a gap. Chapters 2, 3 and 9 of
docs/snapshot-format.md.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeVar

from snapshot_tool.archive import MANIFEST, Archive, ArchiveError, MemberError, Note
from snapshot_tool.cells import CellError, decoder
from snapshot_tool.knowledge import format as definition
from snapshot_tool.knowledge.format import FORMAT_VERSION, DatasetFormat
from snapshot_tool.parsers.json_members import read_json
from snapshot_tool.verdict import Cause

Integrity = Literal["ok", "mismatch", "not verifiable", "unlisted"]
MemberState = Literal["ok", "mismatch", "not verifiable", "unlisted", "missing", "unreadable"]

T = TypeVar("T")


class ManifestError(ArchiveError):
    """No manifest, a foreign one, or one of a newer format: the archive is unusable as a whole."""


class ErrorObject(NamedTuple):
    """What the collector met. `message` is the host's own text: for people, never to decide on."""

    where: str
    type: str
    hresult: str | None = None
    message: str = ""

    def __str__(self) -> str:
        code = f" ({self.hresult})" if self.hresult else ""
        return f"{self.where}: {self.type}{code}" + (f", {self.message}" if self.message else "")


class FileEntry(NamedTuple):
    """A member as the collector wrote it; `sha256` None where the host could not hash, empty where the manifest contradicts itself."""

    path: str
    bytes: int | None = None
    sha256: str | None = None
    mtime_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class DatasetEntry:
    """How one dataset came out.

    `defect` is set where the entry contradicts itself or the format; such an entry has the status failed, whatever it claims. `rows` is
    the number that the collector counted, files for kind raw.
    """

    name: str
    status: str
    kind: str = "rows"
    schema: int = 1
    rows_complete: bool = False
    file: str | None = None
    files: tuple[str, ...] = ()
    rows: int | None = None
    ms: int | None = None
    collected_utc: datetime | None = None
    source: str | None = None
    missing_columns: frozenset[str] = frozenset()
    unread_columns: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[ErrorObject, ...] = ()
    truncated: bool = False
    truncated_by: str | None = None
    skipped_reason: str | None = None
    not_applicable_reason: str | None = None
    defect: tuple[Cause, str] | None = None

    @property
    def lacks_rows(self) -> bool:
        """Whether rows are missing, some or all; then `cause_of_entry` says why."""
        return self.status in ("failed", "skipped") or (self.status == "partial" and not self.rows_complete)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest as far as it can be believed; None stands for what it does not tell.

    `product_type` is 1 for a client, 2 for a domain controller, 3 for a server. `files` is None in a manifest without such a list: then
    nothing is hash-checked. `notes` say what was wrong or left to defaults.
    """

    format_version: int
    started_utc: datetime | None
    elevated: bool | None
    datasets: Mapping[str, DatasetEntry]
    files: Mapping[str, FileEntry] | None
    host_name: str | None = None
    fqdn: str | None = None
    domain: str | None = None
    workgroup: str | None = None
    part_of_domain: bool | None = None
    build: int | None = None
    ubr: int | None = None
    product_type: int | None = None
    installation_type: str | None = None
    edition_id: str | None = None
    caption: str | None = None
    collector_version: str | None = None
    collector_sha256: str | None = None
    table_sha256: str | None = None
    run_id: str | None = None
    finished_utc: datetime | None = None
    ps_version: str | None = None
    ps_edition: str | None = None
    language_mode: str | None = None
    is_64bit_process: bool | None = None
    remoting: bool | None = None
    aborted: bool | None = None
    user_sid: str | None = None
    user_name: str | None = None
    culture: str | None = None
    ui_culture: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    redacted_by: str | None = None
    redacted_classes: tuple[str, ...] = ()
    side_effects: tuple[str, ...] = ()
    errors: tuple[ErrorObject, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def started_text(self) -> str | None:
        """The time of the snapshot as reports write it: UTC, whole seconds."""
        if self.started_utc is None:
            return None
        return self.started_utc.isoformat(timespec="seconds").replace("+00:00", "Z")

    def verify(self, name: str, data: bytes) -> Integrity:
        """Compare the bytes of a member with what the collector wrote; a member that is not listed must not be used."""
        if self.files is None:
            return "not verifiable"
        entry = self.files.get(name)
        if entry is None:
            return "unlisted"
        if entry.bytes is not None and entry.bytes != len(data):
            return "mismatch"
        if entry.sha256 is None:
            return "not verifiable"
        from hashlib import sha256

        return "ok" if sha256(data).hexdigest() == entry.sha256 else "mismatch"


def read_manifest(archive: Archive) -> Manifest:
    """The manifest of a zip or a folder.

    Raises:
        ManifestError: it is missing, unreadable, foreign, or of a newer format.
    """
    if MANIFEST not in archive.members:
        raise ManifestError(f"has no {MANIFEST}: not a snapshot of collector.ps1, or an incomplete one")
    try:
        data = archive.read(MANIFEST)
        return parse_manifest(data)
    except MemberError as error:
        raise ManifestError(str(error)) from None


def parse_manifest(data: bytes) -> Manifest:
    """The manifest in these bytes.

    Raises:
        ManifestError: it is foreign or of a newer format.
        MemberError: it is not JSON, or exceeds a limit.
    """
    found = read_json(data, MANIFEST)
    if not isinstance(found, dict) or found.get("format") != "hvsnap":
        raise ManifestError(f"{MANIFEST} is not that of a snapshot (its format is not hvsnap)")
    version = found.get("formatVersion")
    if type(version) is not int or version < 1:
        raise ManifestError(f"{MANIFEST} does not tell the version of its format")
    if version > FORMAT_VERSION:
        raise ManifestError(
            f"is a snapshot of format {version}; this version reads formats up to {FORMAT_VERSION}, use a newer one"
        )
    return _manifest(found, version)


def member_states(archive: Archive, manifest: Manifest) -> Iterator[tuple[str, MemberState, str]]:
    """Every member of the archive or the manifest with its state and, where it is not well, the reason. Reads every byte."""
    for name, member in archive.members.items():
        if name == MANIFEST:
            continue
        if member.fault is not None:
            yield name, "unreadable", member.fault
            continue
        try:
            data = archive.read(name)
        except MemberError as error:
            yield name, "unreadable", error.reason
            continue
        state = manifest.verify(name, data)
        yield name, state, _STATE_REASONS.get(state, "")
    for name in manifest.files or ():
        if name not in archive.members:
            yield name, "missing", "is listed in the manifest, but not in the archive"


def listing_notes(archive: Archive, manifest: Manifest) -> tuple[Note, ...]:
    """Members that the manifest does not list, listed ones that are not there, and files of what it says was not read."""
    denied = [
        Note(member, f"is not read: the manifest says that the dataset is {entry.status}")
        for name, entry in manifest.datasets.items()
        if entry.status in ("notApplicable", "skipped") and (member := f"data/{name}.json") in archive.members
    ]
    if manifest.files is None:
        return tuple(denied)
    unlisted = [name for name in archive.members if name != MANIFEST and name not in manifest.files]
    missing = [name for name in manifest.files if name not in archive.members]
    return (
        *denied,
        *(Note(name, "is not listed in the manifest; ignored") for name in unlisted),
        *(Note(name, "is listed in the manifest, but not in the archive") for name in missing),
    )


def cause_of_entry(entry: DatasetEntry | None) -> tuple[Cause, str]:
    """Why rows of a dataset are missing, and a detail for people. To be asked where there is no entry or `lacks_rows`."""
    if entry is None:
        return Cause.NOT_COLLECTED, "the collector that wrote the snapshot does not know this dataset"
    if entry.defect is not None:
        return entry.defect
    if entry.status == "skipped":
        reason = entry.skipped_reason or "no reason given"
        return _SKIPPED_CAUSES.get(reason, Cause.NOT_COLLECTED), f"skipped: {_meaning(reason)}"
    denied = next((error for error in entry.errors if error.type == "accessDenied"), None)
    if denied is not None:
        return Cause.ACCESS_DENIED, str(denied)
    if entry.truncated:
        cut = next((error.message for error in entry.errors if error.type == "truncated" and error.message), "")
        return Cause.TRUNCATED, cut or f"cut by the limit of {entry.truncated_by or 'rows'}"
    return Cause.COLLECTION_FAILED, str(entry.errors[0]) if entry.errors else "the collector gave no reason"


def cause_of_error(error_type: str) -> Cause:
    """The cause that an error type of `unreadColumns` stands for."""
    return Cause.ACCESS_DENIED if error_type == "accessDenied" else Cause.COLLECTION_FAILED


def cause_of_cell(code: str) -> Cause:
    """The cause that a code of `_err` stands for."""
    return _CELL_CAUSES.get(code, Cause.UNREADABLE)


def remedy(dataset: str, cause: Cause, entry: DatasetEntry | None = None) -> str:
    """What closes a gap of one dataset, with the exact collector command where there is one; `entry` makes it more exact."""
    known = definition.dataset_format(dataset, None)
    if known is None:
        return _NO_COMMAND.get(cause, "")
    include = [] if dataset in _NEED_OTHERS else [dataset]
    switches = _switches(known, cause, entry)
    command = _command(include, switches)
    match cause:
        case Cause.ACCESS_DENIED:
            return f"run collector.ps1 elevated (as administrator): {command}"
        case Cause.NOT_COLLECTED | Cause.COLLECTION_FAILED:
            elevated = " elevated" if known.elevation else ""
            return f"run collector.ps1{elevated} again: {command}"
        case Cause.TRUNCATED:
            if switches:
                return f"run collector.ps1 again with a higher limit: {command}"
            return "the collector has no switch for this limit: look at what is missing on the host itself"
        case Cause.UNREADABLE:
            return f"copy the snapshot again from the host and compare its .sha256 file; if it is damaged there as well: {command}"
        case Cause.UNSUPPORTED_SOURCE:
            return f"use the newest snapshot-tool and collector.ps1: {command}"
        case Cause.REDACTED:
            return f"ask for the snapshot as it was before redaction, or collect again: {command}"
        case Cause.UNDETERMINED | Cause.CRASHED | Cause.MANUAL:
            return _NO_COMMAND[cause]


def closing_command(gaps: Iterable[tuple[str, Cause, DatasetEntry | None]]) -> str | None:
    """One collector command that closes all gaps that collecting again can close; None where there are none. To be run elevated."""
    include: set[str] = set()
    switches: set[str] = set()
    everything = False
    for dataset, cause, entry in gaps:
        known = definition.dataset_format(dataset, None)
        if known is None or cause not in _COLLECTABLE or (cause is Cause.TRUNCATED and not known.limit_switch):
            continue
        include.add(dataset)
        everything = everything or dataset in _NEED_OTHERS
        switches.update(_switches(known, cause, entry))
    if not include:
        return None
    return _command([] if everything else sorted(include), sorted(switches))


_COMMAND: Final = "powershell -NoProfile -ExecutionPolicy Bypass -File collector.ps1"
# They look at what the other datasets found; -Include would leave those out.
_NEED_OTHERS: Final = frozenset({"acls", "binaries", "sids", "vhds", "vm_files"})
_NO_COMMAND: Final = {
    Cause.UNDETERMINED: "the host itself does not tell: look at it there",
    Cause.CRASHED: "a defect of snapshot-tool: please report it",
    Cause.MANUAL: "no snapshot can tell: ask",
}
_HIGHER_LIMITS: Final = {"-MaxAclFiles": "50000", "-MaxVhdSeconds": "1800"}
_COLLECTABLE: Final = frozenset(
    {
        Cause.ACCESS_DENIED,
        Cause.NOT_COLLECTED,
        Cause.COLLECTION_FAILED,
        Cause.TRUNCATED,
        Cause.REDACTED,
        Cause.UNREADABLE,
    }
)
_WITH_DATA: Final = frozenset({"ok", "empty", "partial"})
_SKIPPED_CAUSES: Final = {"notElevated": Cause.ACCESS_DENIED, "redact": Cause.REDACTED}
_CELL_CAUSES: Final = {
    "accessDenied": Cause.ACCESS_DENIED,
    "tooLong": Cause.TRUNCATED,
    "budget": Cause.TRUNCATED,
    "redacted": Cause.REDACTED,
}
_STATE_REASONS: Final = {
    "mismatch": "its bytes are not those that the collector wrote",
    "not verifiable": "the host could not hash it",
    "unlisted": "is not listed in the manifest; ignored",
}
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def _command(include: list[str], switches: list[str]) -> str:
    parts = [_COMMAND]
    if include:
        parts.append("-Include " + ",".join(include))
    return " ".join([*parts, *switches])


def _switches(known: DatasetFormat, cause: Cause, entry: DatasetEntry | None) -> list[str]:
    if cause is Cause.TRUNCATED:
        return [f"{known.limit_switch} {_HIGHER_LIMITS[known.limit_switch]}"] if known.limit_switch else []
    if known.optional_switch is not None:
        return [known.optional_switch]
    if entry is not None and entry.skipped_reason == "timeBudget":
        return ["-TimeBudgetSeconds 3600"]
    return []


def _meaning(reason: str) -> str:
    meaning = definition.skipped_reasons().get(reason)
    return f"{reason} ({meaning})" if meaning else reason


class _Notes:
    """What was wrong, each kind of defect once, with the number of entries it concerns."""

    def __init__(self) -> None:
        self._where: dict[tuple[str, str], list[str]] = {}
        self._absent: dict[str, Counter[str]] = {}

    def add(self, group: str, text: str, place: str) -> None:
        self._where.setdefault((group, text), []).append(place)

    def absent(self, group: str, member: str) -> None:
        self._absent.setdefault(group, Counter())[member] += 1

    def told(self) -> tuple[Note, ...]:
        absent = [
            Note(MANIFEST, f"{group} without {', '.join(members)}: defaults stand in")
            for group, members in self._absent.items()
        ]
        wrong = [
            Note(MANIFEST, f"{places[0] if len(places) == 1 else f'{len(places)} {group}'}: {text}")
            for (group, text), places in self._where.items()
        ]
        return (*absent, *wrong)


class _Object:
    """A JSON object read member by member. A member that is absent or of a wrong type gives the default, a note, and `wrong`."""

    def __init__(self, members: Mapping[str, Any], notes: _Notes, group: str, place: str) -> None:
        self.members = members
        self.wrong: list[str] = []
        self._notes = notes
        self._group = group
        self._place = place

    def has(self, name: str) -> bool:
        return name in self.members

    def note(self, text: str) -> None:
        self._notes.add(self._group, text, self._place)

    def text(self, name: str) -> str | None:
        return self._read(name, None, _text_or_null)

    def boolean(self, name: str, default: bool | None = None) -> bool | None:
        return self._read(name, default, _boolean_or_null)

    def number(self, name: str, default: int | None = None) -> int | None:
        return self._read(name, default, _count_or_null)

    def time(self, name: str) -> datetime | None:
        return self._read(name, None, _time_or_null)

    def texts(self, name: str) -> tuple[str, ...]:
        return self._read(name, (), _texts)

    def words(self, name: str) -> Mapping[str, str]:
        return self._read(name, {}, _words)

    def mapping(self, name: str) -> Mapping[str, Any]:
        return self._read(name, {}, _mapping)

    def items(self, name: str) -> list[Any]:
        return self._read(name, [], _list)

    def inner(self, name: str) -> "_Object":
        return _Object(self.mapping(name), self._notes, name, name)

    def errors(self, name: str) -> tuple[ErrorObject, ...]:
        found = []
        for item in self.items(name):
            if not isinstance(item, dict) or not isinstance(item.get("type"), str):
                self.note("an error is not an error object; ignored")
                continue
            where, hresult, message = (item.get(part) for part in ("where", "hresult", "message"))
            found.append(
                ErrorObject(
                    where if isinstance(where, str) else "?",
                    item["type"],
                    hresult if isinstance(hresult, str) else None,
                    message[:500] if isinstance(message, str) else "",
                )
            )
        return tuple(found)

    def _read(self, name: str, default: T, convert: Callable[[Any], T]) -> T:
        if name not in self.members:
            self._notes.absent(self._group, name)
            return default
        try:
            return convert(self.members[name])
        except CellError as error:
            self.note(f"{name}: {error}")
            self.wrong.append(f"{name}: {error}")
            return default


_read_text, _read_boolean, _read_integer, _read_time, _read_texts, _mapping = (
    decoder(kind) for kind in ("string", "bool", "int", "datetime", "list<string>", "object")
)


def _text_or_null(value: Any) -> str | None:
    return None if value is None else str(_read_text(value))


def _boolean_or_null(value: Any) -> bool | None:
    return None if value is None else bool(_read_boolean(value))


def _count_or_null(value: Any) -> int | None:
    if value is None:
        return None
    number = int(_read_integer(value))
    if number < 0:
        raise CellError(f"{number} is negative")
    return number


def _time_or_null(value: Any) -> datetime | None:
    if value is None:
        return None
    found: datetime = _read_time(value)
    return found


def _texts(value: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = _read_texts(value)
    return found


def _words(value: Any) -> Mapping[str, str]:
    return {name: str(_read_text(word)) for name, word in _mapping(value).items()}


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    raise CellError("is not a list")


def _manifest(members: Mapping[str, Any], version: int) -> Manifest:
    notes = _Notes()
    top = _Object(members, notes, "manifest", "manifest")
    host, os, user = top.inner("host"), top.inner("os"), top.inner("user")
    build = os.number("build")
    nothing_replaced = _Object({"by": None, "classes": []}, notes, "redaction", "redaction")
    redacted = nothing_replaced if members.get("redaction") is None else top.inner("redaction")
    if not top.has("redaction"):
        notes.absent("manifest", "redaction")
    datasets = _datasets(top, notes, build)
    return Manifest(
        format_version=version,
        started_utc=top.time("startedUtc"),
        elevated=top.boolean("elevated"),
        datasets=datasets,
        files=_files(top, notes) if top.has("files") else None,
        host_name=host.text("name"),
        fqdn=host.text("fqdn"),
        domain=host.text("domain"),
        workgroup=host.text("workgroup"),
        part_of_domain=host.boolean("partOfDomain"),
        build=build,
        ubr=os.number("ubr"),
        product_type=os.number("productType"),
        installation_type=os.text("installationType"),
        edition_id=os.text("editionId"),
        caption=os.text("caption"),
        collector_version=top.text("collectorVersion"),
        collector_sha256=top.text("collectorSha256"),
        table_sha256=top.text("tableSha256"),
        run_id=top.text("runId"),
        finished_utc=top.time("finishedUtc"),
        ps_version=top.text("psVersion"),
        ps_edition=top.text("psEdition"),
        language_mode=top.text("languageMode"),
        is_64bit_process=top.boolean("is64BitProcess"),
        remoting=top.boolean("remoting"),
        aborted=top.boolean("aborted"),
        user_sid=user.text("sid"),
        user_name=user.text("name"),
        culture=top.text("culture"),
        ui_culture=top.text("uiCulture"),
        parameters=top.mapping("parameters"),
        redacted_by=redacted.text("by"),
        redacted_classes=redacted.texts("classes"),
        side_effects=top.texts("sideEffects"),
        errors=top.errors("errors"),
        notes=notes.told(),
    )


def _files(top: _Object, notes: _Notes) -> Mapping[str, FileEntry]:
    found: dict[str, FileEntry] = {}
    for item in top.items("files"):
        if not isinstance(item, dict) or not isinstance(item.get("path"), str):
            notes.add("file entries", "without a path; ignored", "a file entry")
            continue
        path = item["path"]
        entry = _Object(item, notes, "file entries", path)
        size, digest, time = entry.number("bytes"), entry.text("sha256"), entry.time("mtimeUtc")
        if path in found:
            entry.note("is listed twice; not to be believed")
            digest = ""
        elif digest is not None and not _SHA256.fullmatch(digest):
            entry.note("sha256 is no hash; not to be believed")
            digest = ""
        elif any(wrong.startswith(("bytes", "sha256")) for wrong in entry.wrong):
            digest = ""
        found[path] = FileEntry(path, size, None if digest is None else digest.lower(), time)
    return MappingProxyType(found)


def _datasets(top: _Object, notes: _Notes, build: int | None) -> Mapping[str, DatasetEntry]:
    era = definition.era_of(build)
    found: dict[str, DatasetEntry] = {}
    for item in top.items("datasets"):
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            notes.add("dataset entries", "without a name; ignored", "a dataset entry")
            continue
        name = item["name"]
        known = definition.dataset_format(name, era)
        members = _Object(item, notes, "dataset entries", name)
        entry = _entry(name, members, known)
        if known is None:
            members.note("is a dataset that this version does not know; ignored")
        else:
            entry = _without_lies(entry, known, members, era, build)
        if name in found:
            members.note("has several entries; none is believed")
            entry = _failed(entry, Cause.UNREADABLE, "the manifest has several entries for it")
        found[name] = entry
    return MappingProxyType(found)


def _entry(name: str, members: _Object, known: DatasetFormat | None) -> DatasetEntry:
    status = members.text("status")
    complete = status in ("ok", "empty", "notApplicable")
    file = members.text("file")
    files = members.texts("files")
    kind = members.text("kind") or ("raw" if files or (known is not None and known.kind == "raw") else "rows")
    if not members.has("file") and kind == "rows" and status in _WITH_DATA:
        file = f"data/{name}.json"
    if not members.has("files") and kind == "raw" and status == "ok" and known is not None:
        files = tuple(pattern for pattern in known.files if "<" not in pattern)
    schema = members.number("schema", 1)
    rows_complete = members.boolean("rowsComplete", complete)
    missing, unread = members.texts("missingColumns"), members.words("unreadColumns")
    truncated = members.boolean("truncated", default=False)
    skipped, not_applicable = members.text("skippedReason"), members.text("notApplicableReason")
    # A wrong type is a defect up to here, where the member decides, and only a note below, where it informs.
    wrong = tuple(members.wrong)
    entry = DatasetEntry(
        name=name,
        status=status or "",
        kind=kind,
        schema=0 if schema is None else schema,
        rows_complete=bool(rows_complete),
        file=file,
        files=files,
        missing_columns=frozenset(missing),
        unread_columns=MappingProxyType(unread),
        truncated=truncated is not False,
        skipped_reason=skipped,
        not_applicable_reason=not_applicable,
        errors=members.errors("errors"),
        rows=members.number("rows"),
        ms=members.number("ms"),
        collected_utc=members.time("collectedUtc"),
        source=members.text("source"),
        truncated_by=members.text("truncatedBy"),
    )
    if status not in definition.statuses():
        members.note("has no status of the format")
        return _failed(entry, Cause.UNREADABLE, "the manifest gives it no status of the format")
    return _failed(entry, Cause.UNREADABLE, f"the manifest is wrong about it, {wrong[0]}") if wrong else entry


def _failed(entry: DatasetEntry, cause: Cause, detail: str) -> DatasetEntry:
    return replace(entry, status="failed", rows_complete=False, file=None, files=(), defect=(cause, detail))


def _without_lies(
    entry: DatasetEntry, known: DatasetFormat, members: _Object, era: str | None, build: int | None
) -> DatasetEntry:
    """The entry, with claims that contradict each other or the format turned to the worse."""
    if entry.defect is not None:
        return entry
    if entry.schema > known.schema:
        return _failed(
            entry,
            Cause.UNSUPPORTED_SOURCE,
            f"has schema {entry.schema}; this version reads schemas up to {known.schema}",
        )
    problem = _contradiction(entry, known)
    if problem is not None:
        members.note(problem)
        return _failed(entry, Cause.UNREADABLE, f"the manifest contradicts itself: {problem}")
    if entry.status == "notApplicable":
        return _not_applicable(entry, known, members, era, build)
    if entry.status in ("ok", "empty") and (entry.truncated or not entry.rows_complete):
        members.note(f"is called {entry.status}, but rows are missing")
        return replace(entry, status="partial", rows_complete=False)
    if entry.status == "partial" and entry.truncated and entry.rows_complete:
        members.note("is truncated, but called complete")
    return replace(entry, rows_complete=entry.rows_complete and not entry.truncated and entry.status in _WITH_DATA)


def _contradiction(entry: DatasetEntry, known: DatasetFormat) -> str | None:
    if entry.schema < 1:
        return "the schema is no number from 1 on"
    if entry.kind != known.kind:
        return f"kind is {entry.kind[:20]}, not {known.kind}"
    if entry.status not in _WITH_DATA:
        return None
    if entry.status == "empty" and known.cardinality == "one":
        return "it is called empty, but always has one row"
    if known.kind == "rows":
        return None if entry.file == known.file else f"its file is not {known.file}"
    if entry.status == "ok" and not entry.files:
        return "it is called ok, but names no file"
    if entry.status == "empty" and entry.files:
        return "it is called empty, but names a file"
    patterns = [re.escape(pattern) for pattern in known.files]
    lawful = re.compile("|".join(re.sub(r"<[^>]*>", "[^/]+", pattern) for pattern in patterns), re.IGNORECASE)
    return None if all(lawful.fullmatch(file) for file in entry.files) else "it names a file of another kind"


def _not_applicable(
    entry: DatasetEntry, known: DatasetFormat, members: _Object, era: str | None, build: int | None
) -> DatasetEntry:
    reason = entry.not_applicable_reason
    if reason not in definition.not_applicable_reasons():
        members.note("is not applicable for a reason that this version does not know")
        return _failed(entry, Cause.UNDETERMINED, f"not applicable, reason unknown: {ascii(reason)[:60]}")
    if reason in ("osTooOld", "osTooNew") and era is not None and known.offered_in(era, build):
        members.note(f"is called {reason}, but this release has it")
        return _failed(
            entry, Cause.UNSUPPORTED_SOURCE, f"the collector calls it {reason}, but Windows Server {era} has it"
        )
    return entry
