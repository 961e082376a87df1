"""The only opener of zips, folders and bare files; every limit on hostile input is here, and nothing is written to disk.

A defect of one member costs that member (`Member.fault`, `MemberError`); only an archive that is unusable as a whole raises `ArchiveError`.
Limits, names and layout: docs/snapshot-format.md, chapters 1, 7 and 8.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections import Counter
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self
    from zipfile import ZipFile, ZipInfo

MIB: Final = 1024 * 1024
MAX_ARCHIVE_BYTES: Final = 2048 * MIB
"""Of the zip file, and of all members together when unpacked."""
MAX_MEMBER_BYTES: Final = 256 * MIB
MAX_MEMBERS: Final = 20_000
MAX_RATIO: Final = 1000
MIN_BOMB_BYTES: Final = 16 * MIB
"""Below this size no ratio is judged: a page of blanks packs as well as a bomb."""
MAX_NAME: Final = 180
MANIFEST: Final = "manifest.json"

SideFile = Literal["ok", "mismatch", "absent", "unreadable"]


_SNIFFED_BYTES = 64 * 1024
_CHUNK = MIB
_SIDE_FILE = re.compile(rb"([0-9A-Fa-f]{64})\s")
_FORBIDDEN = frozenset({"vmgs", "vmrs", "vsv", "bin", "pfx", "p12", "hiv", "dit"})
_LAYOUT = re.compile(
    r"manifest\.json|log\.txt|data/(?:\w+/)?\w+\.json|raw/secpol/(?:secedit\.inf|auditpol\.csv)|raw/azman/[^/]+\.xml"
    r"|raw/vmconfig/(?:snapshots/)?[^/]+\.(?:xml|vmcx)|raw/tasks/\d+\.xml",
    re.ASCII | re.IGNORECASE,
)
_LAWFUL_NAME = re.compile(r"[ -~]+")
_ROOT_ELEMENT = re.compile(r"<([A-Za-z_][\w.-]*)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NAME_SURROGATE = 0x2000_0000
_VMCX_SIGNATURE = 0x01282014
_DIRECTORY_ENTRY = b"PK\x01\x02"
# 46 bytes, a name and some extra fields each.
_MAX_DIRECTORY_BYTES = MAX_MEMBERS * 1024


class Kind(StrEnum):
    """What a path turned out to be, by its content."""

    ZIP = "zip"
    FOLDER = "folder"
    AZMAN = "azman"
    VM_CONFIGURATION = "vm-configuration"
    VMCX = "vmcx"
    OTHER = "other"

    @property
    def is_snapshot(self) -> bool:
        """Whether a manifest is to be expected, unlike in a bare file."""
        return self in (Kind.ZIP, Kind.FOLDER)


class ArchiveError(Exception):
    """The input is unusable as a whole; the message is one line and does not name the path."""


class MemberError(Exception):
    """One member cannot be read; whatever reads it is not assessed (unreadable)."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class Note(NamedTuple):
    """Something about a member that people should know; no judgement rests on it."""

    member: str
    text: str

    def __str__(self) -> str:
        return f"{self.member}: {self.text}"


class Member(NamedTuple):
    """A member with a lawful name. `size` is in bytes, unpacked, as declared; `fault` says why it is never opened."""

    name: str
    size: int
    fault: str | None = None


class Archive:
    """An opened input; a context manager.

    `members` are keyed by name, one common top folder stripped, in the order of the archive; of a bare file it is that file.
    """

    def __init__(self, path: Path, kind: Kind, storage: _Storage) -> None:
        self.path = path
        self.kind = kind
        self._storage = storage
        entries = list(storage.entries())
        _refuse_excess(entries, storage.packed_bytes)
        self.members, self._entries, self.notes = _judge(entries, layout=kind.is_snapshot)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._storage.close()

    def read(self, name: str) -> bytes:
        """The bytes of a member, at most `MAX_MEMBER_BYTES`, checksum verified.

        Raises:
            MemberError: it is not there, must not be opened, or is damaged.
        """
        member = self.members.get(name)
        if member is None:
            raise MemberError(name, "is not in the archive")
        if member.fault is not None:
            raise MemberError(name, member.fault)
        return self._storage.read(self._entries[name], name)

    @cached_property
    def sha256(self) -> str | None:
        """Hash of the file as it lies there, 64 lower-case hex digits; None for a folder.

        Raises:
            ArchiveError: the file cannot be read any more.
        """
        if self.kind is Kind.FOLDER:
            return None
        from hashlib import file_digest

        try:
            with self.path.open("rb") as file:
                return file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ArchiveError(_os_reason(error)) from None

    @cached_property
    def side_file(self) -> SideFile:
        """What the `.sha256` file beside a zip says about it."""
        side = self.path.with_name(self.path.name + ".sha256")
        try:
            with side.open("rb") as file:
                found = _SIDE_FILE.match(file.read(1024))
        except FileNotFoundError:
            return "absent"
        except OSError:
            return "unreadable"
        if found is None:
            return "unreadable"
        return "ok" if found[1].decode("ascii").lower() == self.sha256 else "mismatch"


def open_archive(path: Path) -> Archive:
    """Open a zip, an unpacked folder or a bare file, and look at its members without reading them.

    Raises:
        ArchiveError: there is nothing readable, or the whole exceeds a limit.
    """
    try:
        storage, kind = _storage_of(path)
    except (OSError, ValueError) as error:
        raise ArchiveError(_os_reason(error)) from None
    try:
        return Archive(path, kind, storage)
    except BaseException:
        storage.close()
        raise


def _storage_of(path: Path) -> tuple[_Storage, Kind]:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        return _FolderStorage(path), Kind.FOLDER
    if not stat.S_ISREG(mode):
        raise ArchiveError("is neither a file nor a folder")
    with path.open("rb") as file:
        head = file.read(_SNIFFED_BYTES)
    if not head:
        raise ArchiveError("is empty")
    kind = _kind_of(head, path.suffix)
    return (_ZipStorage(path) if kind is Kind.ZIP else _FileStorage(path)), kind


class _Entry(NamedTuple):
    """A file as its storage lists it: the name as written there, its place in the list, sizes in bytes."""

    name: str
    place: int
    size: int = 0
    packed: int = 0
    fault: str | None = None


_KIND_OF_ROOT = {"AzAdminManager": Kind.AZMAN, "configuration": Kind.VM_CONFIGURATION}


class _Storage(Protocol):
    @property
    def packed_bytes(self) -> int | None:
        """Size of the compressed whole; None where nothing is compressed."""

    def entries(self) -> Iterator[_Entry]: ...
    def read(self, entry: _Entry, name: str) -> bytes: ...
    def close(self) -> None: ...


def _refuse_excess(entries: list[_Entry], packed: int | None) -> None:
    if len(entries) > MAX_MEMBERS:
        raise ArchiveError(f"has more than {MAX_MEMBERS:,} members")
    total = sum(entry.size for entry in entries)
    if total > MAX_ARCHIVE_BYTES:
        raise ArchiveError(f"unpacks to more than {MAX_ARCHIVE_BYTES // MIB:,} MiB")
    if packed is not None and _is_bomb(total, packed):
        raise ArchiveError(f"unpacks to more than {MAX_RATIO:,} times its size")


def _is_bomb(size: int, packed: int) -> bool:
    return size > MIN_BOMB_BYTES and size > MAX_RATIO * packed


def _judge(
    entries: list[_Entry], *, layout: bool
) -> tuple[Mapping[str, Member], Mapping[str, _Entry], tuple[Note, ...]]:
    """Apply the rules of names, layout and size; members with an unlawful name become notes only."""
    notes: list[Note] = []
    lawful: list[_Entry] = []
    for entry in entries:
        wrong = _name_fault(entry.name) if layout else None
        if wrong is not None:
            notes.append(Note(_shown(entry.name), f"{wrong}; not opened"))
        elif not entry.name.endswith("/"):
            lawful.append(entry)
    top = _top_folder(lawful) if layout else ""
    names = [entry.name[len(top) :] for entry in lawful]
    times = Counter(name.lower() for name in names)
    members: dict[str, Member] = {}
    places: dict[str, _Entry] = {}
    for name, entry in zip(names, lawful, strict=True):
        if layout and len(name) > MAX_NAME:
            notes.append(Note(_shown(name), f"the name has more than {MAX_NAME} characters; not opened"))
            continue
        fault = (
            "several members have this name" if times[name.lower()] > 1 else entry.fault or _fault(name, entry, layout)
        )
        if fault is not None and name not in members:
            notes.append(Note(name, f"{fault}; not opened"))
        members[name] = Member(name, entry.size, fault)
        places[name] = entry
    return MappingProxyType(members), places, tuple(notes)


def _name_fault(name: str) -> str | None:
    path = name.removesuffix("/")
    if not _LAWFUL_NAME.fullmatch(path):
        return "the name is not plain ASCII"
    if path.startswith("/") or ":" in path:
        return "the name is absolute"
    if "\\" in path:
        return "the name holds a backslash"
    segments = path.split("/")
    if ".." in segments:
        return "the name leads out of the archive"
    if "." in segments or "" in segments:
        return "the name holds an empty step"
    return None


def _fault(name: str, entry: _Entry, layout: bool) -> str | None:
    if entry.size > MAX_MEMBER_BYTES:
        return f"unpacks to more than {MAX_MEMBER_BYTES // MIB} MiB"
    if _is_bomb(entry.size, entry.packed):
        return f"unpacks to more than {MAX_RATIO:,} times its size"
    if not layout:
        return None
    extension = name.rpartition(".")[2].lower()
    if extension in _FORBIDDEN:
        return f"a snapshot must not hold .{extension} files"
    if not _LAYOUT.fullmatch(name):
        return "a snapshot has no such member"
    return None


def _top_folder(entries: list[_Entry]) -> str:
    """`HV01/` where every member lies below it and the manifest is there, else nothing."""
    names = {entry.name for entry in entries}
    if MANIFEST in names or not names:
        return ""
    top = next(iter(names)).partition("/")[0] + "/"
    return top if top + MANIFEST in names and all(name.startswith(top) for name in names) else ""


def _shown(name: str) -> str:
    text = ascii(name)[1:-1]
    return text if len(text) <= 100 else text[:97] + "..."


def _os_reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "cannot be read: access denied"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or type(error).__name__}"
    return "is not the name of a file"


def _kind_of(head: bytes, suffix: str) -> Kind:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")) or suffix.lower() == ".zip":
        return Kind.ZIP
    if any(int.from_bytes(head[at : at + 4], "little") == _VMCX_SIGNATURE for at in (0, 0x1000)):
        return Kind.VMCX
    if head.startswith((b"\xff\xfe", b"<\0")):
        text = head.decode("utf-16-le", "replace")
    elif head.startswith((b"\xfe\xff", b"\0<")):
        text = head.decode("utf-16-be", "replace")
    else:
        text = head.decode("latin-1")
    root = _ROOT_ELEMENT.search(_COMMENT.sub("", text))
    return _KIND_OF_ROOT.get(root[1], Kind.OTHER) if root else Kind.OTHER


class _ZipStorage:
    def __init__(self, path: Path) -> None:
        from zipfile import ZipFile

        self._file = self._open(path)
        self.packed_bytes = self._file.seek(0, io.SEEK_END)
        try:
            self._zip: ZipFile = ZipFile(self._file)
        except _ZIP_ERRORS():
            self._file.close()
            raise ArchiveError("is not a complete zip file; was the copy cut short?") from None
        except BaseException:
            self._file.close()
            raise
        self._file.opened = True

    @staticmethod
    def _open(path: Path) -> _GuardedFile:
        if path.stat().st_size > MAX_ARCHIVE_BYTES:
            raise ArchiveError(f"is larger than {MAX_ARCHIVE_BYTES // MIB:,} MiB")
        return _GuardedFile(io.FileIO(path))

    def entries(self) -> Iterator[_Entry]:
        for index, info in enumerate(self._zip.infolist()):
            # `filename` is already mended: cut at a NUL, separators replaced.
            yield _Entry(info.orig_filename, index, info.file_size, info.compress_size, self._fault(info))

    @staticmethod
    def _fault(info: ZipInfo) -> str | None:
        if info.flag_bits & 0x2041:  # encrypted, strongly encrypted, masked headers
            return "is encrypted"
        if info.compress_type not in (0, 8):
            return f"is packed by a method other than deflate ({info.compress_type})"
        form = stat.S_IFMT(info.external_attr >> 16)
        if form == stat.S_IFLNK:
            return "is a link"
        if form in (stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK):
            return "is a device"
        return None

    def read(self, entry: _Entry, name: str) -> bytes:
        chunks = []
        left = entry.size
        try:
            # In pieces: read() as a whole unpacks up to 2 GiB before it looks at the declared size.
            with self._zip.open(self._zip.infolist()[entry.place]) as file:
                while chunk := file.read(_CHUNK):
                    chunks.append(chunk)
                    left -= len(chunk)
        except _ZIP_ERRORS() as error:
            raise MemberError(name, f"is damaged ({_first_line(error)})") from None
        if left:
            raise MemberError(name, "is damaged (shorter than declared)")
        return b"".join(chunks)

    def close(self) -> None:
        self._zip.close()
        self._file.close()


class _GuardedFile(io.BufferedReader):
    """Keeps a forged directory from taking memory: zipfile reads it in one piece and makes an object of each entry."""

    opened = False

    def read(self, size: int | None = -1, /) -> bytes:
        if self.opened:
            return super().read(size)
        if size is not None and size > _MAX_DIRECTORY_BYTES:
            raise ArchiveError(f"has a directory too large for {MAX_MEMBERS:,} members")
        data = super().read(size)
        if data.count(_DIRECTORY_ENTRY) > MAX_MEMBERS:
            raise ArchiveError(f"has more than {MAX_MEMBERS:,} members")
        return data


def _ZIP_ERRORS() -> tuple[type[Exception], ...]:  # noqa: N802 - a constant that must not import zipfile at start
    import struct
    import zlib
    from zipfile import BadZipFile

    # RuntimeError: encrypted, or a feature that zipfile has not; the rest comes from forged numbers.
    return BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OverflowError, ValueError, OSError


def _first_line(error: Exception) -> str:
    return ascii(str(error).partition("\n")[0] or type(error).__name__)[1:-1][:120]


class _FolderStorage:
    """Files below a folder; links are listed as such, never followed."""

    packed_bytes = None

    def __init__(self, root: Path) -> None:
        self._root = root

    def entries(self) -> Iterator[_Entry]:
        folders = [("", self._root)]
        seen = 0
        while folders:
            prefix, folder = folders.pop()
            try:
                with os.scandir(folder) as found:
                    listed = sorted(found, key=lambda item: item.name)
            except OSError as error:
                if not prefix:
                    raise ArchiveError(_os_reason(error)) from None
                yield _Entry(prefix.removesuffix("/"), seen, fault=_os_reason(error))
                continue
            for item in listed:
                seen += 1
                if seen > MAX_MEMBERS:
                    raise ArchiveError(f"has more than {MAX_MEMBERS:,} members")
                yield from self._entry(item, prefix, seen, folders)

    def _entry(
        self, item: os.DirEntry[str], prefix: str, index: int, folders: list[tuple[str, Path]]
    ) -> Iterator[_Entry]:
        name = prefix + item.name
        try:
            info = item.stat(follow_symlinks=False)
        except OSError as error:
            yield _Entry(name, index, fault=_os_reason(error))
            return
        # Windows: junctions and the like stand for another place; a cloud file is a reparse point as well, but stands for itself.
        elsewhere = getattr(info, "st_reparse_tag", 0) & _NAME_SURROGATE
        if stat.S_ISLNK(info.st_mode) or elsewhere:
            yield _Entry(name, index, fault="is a link")
        elif stat.S_ISDIR(info.st_mode):
            # No member may have so long a name; one common top folder is allowed on top of it.
            if len(name) <= 2 * MAX_NAME:
                folders.append((name + "/", self._root / name))
        elif stat.S_ISREG(info.st_mode):
            yield _Entry(name, index, info.st_size, info.st_size)
        else:
            yield _Entry(name, index, fault="is a device")

    def read(self, entry: _Entry, name: str) -> bytes:
        return _read_file(self._root / entry.name, name, getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))

    def close(self) -> None:
        """Nothing is held open."""


class _FileStorage:
    """A bare file, such as an AzMan store, as the only member."""

    packed_bytes = None

    def __init__(self, path: Path) -> None:
        self._path = path

    def entries(self) -> Iterator[_Entry]:
        size = self._path.stat().st_size
        yield _Entry(self._path.name, 0, size, size)

    def read(self, entry: _Entry, name: str) -> bytes:  # noqa: ARG002 - there is but one
        return _read_file(self._path, name, 0)

    def close(self) -> None:
        """Nothing is held open."""


def _read_file(path: Path, name: str, flags: int) -> bytes:
    def opener(file: str, usual: int) -> int:
        return os.open(file, usual | flags)

    try:
        with open(path, "rb", opener=opener) as file:
            # Looked at again: it may have grown, or been replaced, since it was listed.
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise MemberError(name, "is a device")
            data = file.read(MAX_MEMBER_BYTES + 1)
    except OSError as error:
        raise MemberError(name, _os_reason(error)) from None
    if len(data) > MAX_MEMBER_BYTES:
        raise MemberError(name, f"has more than {MAX_MEMBER_BYTES // MIB} MiB")
    return data
