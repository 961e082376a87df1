"""The binary container of VM configurations since Windows Server 2016 (.vmcx; .vmrs shares it): bytes to a tree of keys.

Microsoft publishes no specification; names of structures are ours. Every checksum is verified, nothing is guessed: a damaged
file is refused with the offset. All numbers are little endian, offsets count from the start of the file.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from zlib import crc32

from snapshot_tool.parsers.vm_configuration import (
    MAX_DEPTH,
    MAX_KEYS,
    MAX_VALUE,
    Container,
    Scalar,
    VMConfiguration,
    VMConfigurationError,
    configuration_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_TEXT: Final = 16 * 1024 * 1024
MAX_OBJECTS: Final = 65_536
MAX_OBJECT_TABLES: Final = 256


class VmcxError(VMConfigurationError):
    """The container is damaged, doctored or of an unknown make; `offset` is the place, None where there is none."""

    def __init__(self, what: str, offset: int | None = None) -> None:
        super().__init__(what if offset is None else f"offset 0x{offset:x}: {what}")
        self.offset = offset


def is_vmcx(data: bytes) -> bool:
    """Whether one of the copies of the header is there."""
    return bool(_signed(data))


def read_vmcx(data: bytes) -> VMConfiguration:
    """Read a container, its pending writes applied.

    Raises:
        VmcxError: no VMCX, a wrong checksum, a broken structure, or more than the limits.
        VMConfigurationError: the tree is neither a configuration nor a run state nor a list of VMs.
    """
    if len(data) > MAX_BYTES:
        raise VmcxError(
            f"the file has {len(data):,} bytes; a VM configuration has at most {MAX_BYTES:,}, more is a run state (.vmrs)"
        )
    notes: list[str] = []
    log = _active_header(data, notes)
    image = _replayed(data, log, notes)
    return configuration_of(_root(image, _objects(image)), Container.VMCX, notes)


_HEADERS = (0x0000, 0x1000)
_HEADER = struct.Struct("<IIHIQIQQI")
_HEADER_SIGNATURE = 0x01282014
_FORMAT_VERSION = 0x400
_ALIGNMENT = 0x1000

_TABLE_AT = 0x2000
_TABLE_SIZE = 0x1000
_TABLE = struct.Struct("<II")
_TABLE_SIGNATURE = 0x01110001
_OBJECT = struct.Struct("<BIQIB")
# 0 unused, 1 object table, 2 key table, 3 file object, 4 free range, 5 unknown, 6 replay log, 7 change tracking.
_IN_USE, _LAST_KIND = (1, 2, 3), 7
_UNUSED = _OBJECT.pack(0, 0x671BCF4D, 0, 0, 0)

_KEYS = struct.Struct("<HHHI")
_KEYS_SIGNATURE = 0x0002
_ENTRY = struct.Struct("<BBIHIIIB")
_IN_FILE_OBJECT, _KNOWN_FLAGS = 0x01, 0x03
_FILLER = 0xFD

_LOG = struct.Struct("<IIIBI")
_LOG_SIZE = 0x22
_LOG_SIGNATURE = 0x01110003
_WRITE = struct.Struct("<QIQII")

# Values of a fixed size. Strings and bytes begin with their length; type 2 has never been seen.
_FREE, _INTEGER, _UNSIGNED, _DOUBLE, _STRING, _BYTES, _BOOL, _NODE = 1, 3, 4, 5, 6, 7, 8, 9
_SIZES = {_INTEGER: 8, _UNSIGNED: 8, _DOUBLE: 8, _BOOL: 4, _NODE: 12}


@dataclass(frozen=True, slots=True)
class _Object:
    """A range of the file."""

    offset: int
    size: int

    @property
    def end(self) -> int:
        return self.offset + self.size


@dataclass(frozen=True, slots=True)
class _Objects:
    key_tables: list[_Object]
    file_objects: list[_Object]


def _checksum(data: bytes | bytearray, start: int, size: int, field_at: int) -> int:
    """CRC-32 over a structure whose own checksum field counts as four zero bytes."""
    view = memoryview(data)
    at = start + field_at
    return crc32(view[at + 4 : start + size], crc32(bytes(4), crc32(view[start:at])))


def _newer(one: int, other: int) -> bool:
    """Sequence numbers have 16 bits and are taken to wrap around."""
    return 0 < (one - other) & 0xFFFF < 0x8000


def _signed(data: bytes) -> list[int]:
    return [at for at in _HEADERS if data[at : at + 4] == _HEADER_SIGNATURE.to_bytes(4, "little")]


def _active_header(data: bytes, notes: list[str]) -> _Object:
    signed = _signed(data)
    if not signed:
        raise VmcxError("is no VMCX: neither copy of the header is there", 0)
    good = [
        (at, _HEADER.unpack_from(data, at))
        for at in signed
        if at + _HEADER.size <= len(data)
        and _checksum(data, at, _HEADER.size, 4) == int.from_bytes(data[at + 4 : at + 8], "little")
    ]
    if not good:
        raise VmcxError("the header is damaged: its checksum is wrong in every copy", signed[0])
    at, header = good[0]
    if len(good) == 2 and _newer(good[1][1][2], header[2]):
        at, header = good[1]
    if len(good) == 1:
        other = next(copy for copy in _HEADERS if copy != at)
        notes.append(f"offset 0x{other:x}: this copy of the header is damaged; the other one is used and may be older")
    _, _, _, version, _, alignment, log_at, log_size, header_size = header
    if version != _FORMAT_VERSION:
        raise VmcxError(f"the format version is 0x{version:x}; only 0x{_FORMAT_VERSION:x} is known", at + 10)
    if alignment != _ALIGNMENT or header_size != _ALIGNMENT:
        raise VmcxError(f"the header says alignment 0x{alignment:x} and size 0x{header_size:x}, not 0x1000", at + 22)
    if log_size < _LOG_SIZE or log_at + log_size > len(data):
        raise VmcxError("the replay log lies outside the file; was the copy cut short?", at + 26)
    return _Object(log_at, log_size)


def _replayed(data: bytes, log: _Object, notes: list[str]) -> bytes | bytearray:
    """The file with the writes applied that Windows had logged but not yet carried out."""
    signature, checksum, live, _, capacity = _LOG.unpack_from(data, log.offset)
    if signature != _LOG_SIGNATURE:
        raise VmcxError("there is no replay log where the header says", log.offset)
    if _checksum(data, log.offset, _LOG_SIZE, 4) != checksum:
        raise VmcxError("the replay log is damaged: its checksum is wrong", log.offset)
    if live == 0:
        # What stands behind the live entries are leftovers of earlier writes.
        return data
    if live > capacity or _LOG_SIZE + live * _WRITE.size > log.size:
        raise VmcxError(f"the replay log has {live} entries, more than fit", log.offset + 8)
    image = bytearray(data)
    volume = 0
    for at in range(log.offset + _LOG_SIZE, log.offset + _LOG_SIZE + live * _WRITE.size, _WRITE.size):
        destination, size, payload, checksum, payload_checksum = _WRITE.unpack_from(data, at)
        if _checksum(data, at, _WRITE.size, 20) != checksum:
            raise VmcxError("an entry of the replay log is damaged: its checksum is wrong", at)
        volume += size
        if payload + size > log.size or volume > log.size:
            raise VmcxError("an entry of the replay log points outside the log", at + 12)
        if destination + size > len(data):
            raise VmcxError("an entry of the replay log writes outside the file", at)
        content = memoryview(data)[log.offset + payload : log.offset + payload + size]
        if crc32(content) != payload_checksum:
            raise VmcxError("a write in the replay log is damaged: its checksum is wrong", log.offset + payload)
        image[destination : destination + size] = content
    notes.append(f"offset 0x{log.offset:x}: {live} pending writes of the replay log were applied")
    return image


def _objects(image: bytes | bytearray) -> _Objects:
    pending = [_Object(_TABLE_AT, _TABLE_SIZE)]
    tables = list(pending)
    found = _Objects([], [])
    entries = 0
    while pending:
        for at, kind, item in _table_entries(image, pending.pop()):
            entries += 1
            if entries > MAX_OBJECTS or len(tables) > MAX_OBJECT_TABLES:
                raise VmcxError(f"more than {MAX_OBJECTS:,} objects, or {MAX_OBJECT_TABLES} tables of them", at)
            if kind in _IN_USE and item.end > len(image):
                raise VmcxError("an object lies outside the file; was the copy cut short?", at)
            match kind:
                case 1:
                    pending.append(item)
                    tables.append(item)
                    # A table that comes twice would be read for ever.
                    _refuse_overlap(tables)
                case 2:
                    found.key_tables.append(item)
                case 3:
                    found.file_objects.append(item)
                case _ if kind > _LAST_KIND:
                    raise VmcxError(f"objects of type {kind} are not known", at)
                case _:
                    pass
    _refuse_overlap([*tables, *found.key_tables])
    return found


def _table_entries(image: bytes | bytearray, table: _Object) -> Iterator[tuple[int, int, _Object]]:
    if table.size < _TABLE.size or len(image) < table.end:
        raise VmcxError("the object table is cut short", table.offset)
    signature, count = _TABLE.unpack_from(image, table.offset)
    if signature != _TABLE_SIGNATURE:
        raise VmcxError("there is no object table", table.offset)
    # The header has no checksum: a smaller number would hide the entries behind it.
    if count != (table.size - _TABLE.size) // _OBJECT.size:
        raise VmcxError(f"the object table has {count} entries, its size says otherwise", table.offset + 4)
    for number in range(count):
        at = table.offset + _TABLE.size + number * _OBJECT.size
        if image[at : at + _OBJECT.size] == _UNUSED:
            continue
        kind, checksum, offset, size, allocated = _OBJECT.unpack_from(image, at)
        if _checksum(image, at, _OBJECT.size, 1) != checksum:
            raise VmcxError("an entry of the object table is damaged: its checksum is wrong", at)
        if allocated != 1 and kind in _IN_USE:
            raise VmcxError("an object in use is marked as not allocated; what that means is not known", at)
        yield at, kind, _Object(offset, size)


def _refuse_overlap(objects: list[_Object]) -> None:
    end = _TABLE_AT
    for item in sorted(objects, key=lambda item: item.offset):
        if item.offset < end:
            raise VmcxError("a table overlaps another one, or the header", item.offset)
        end = item.end


@dataclass(slots=True)
class _Text:
    """The file as values are read from it, and how much of it was."""

    image: bytes | bytearray
    read: int = 0


@dataclass(slots=True)
class _Entry:
    """An entry of a key table; a Source of the tree. `content`: offset and size of the value."""

    text: _Text = field(repr=False)
    name: str
    place: int
    kind: int
    parent: tuple[int, int]
    order: int
    content: tuple[int, int]
    children: list[_Entry] = field(default_factory=list)

    def value(self) -> Scalar | None:
        at, size = self.content
        self.text.read += size
        if size > MAX_VALUE or self.text.read > MAX_TEXT:
            raise VmcxError(f"values of more than {MAX_VALUE:,} bytes, or {MAX_TEXT:,} altogether", self.place)
        raw = bytes(self.text.image[at : at + size])
        match self.kind:
            case 3:
                return int.from_bytes(raw, "little", signed=True)
            case 4:
                return int.from_bytes(raw, "little")
            case 5:
                return float(struct.unpack("<d", raw)[0])
            case 6:
                # Windows allows half of a surrogate pair in a name; it cannot be shown.
                return raw.decode("utf-16-le", "replace")
            case 7:
                return raw
            case 8:
                return any(raw)
            case _:
                return None


def _root(image: bytes | bytearray, objects: _Objects) -> _Entry:
    text = _Text(image)
    entries: dict[tuple[int, int], _Entry] = {}
    names: dict[bytes, str] = {}
    objects.file_objects.sort(key=lambda item: item.offset)
    for index, table in _current_tables(image, objects.key_tables).items():
        for at, entry in _entries(text, table, objects.file_objects, names):
            entries[index, at] = entry
            if len(entries) > MAX_KEYS:
                raise VmcxError(f"there are more than {MAX_KEYS:,} keys", entry.place)
    roots = []
    for entry in entries.values():
        if entry.parent[0] == 0:
            roots.append(entry)
            continue
        parent = entries.get(entry.parent)
        if parent is None or parent.kind != _NODE:
            raise VmcxError(f"the parent of key {entry.name!r} is missing", entry.place)
        parent.children.append(entry)
    if len(roots) != 1:
        raise VmcxError(f"the tree has {len(roots)} roots instead of one", roots[1].place if roots else None)
    _order(roots[0], entries)
    return roots[0]


def _order(root: _Entry, entries: dict[tuple[int, int], _Entry]) -> None:
    """Sort siblings by their insertion number; every entry must be reached, and near enough."""
    level, reached = [root], 0
    for _ in range(MAX_DEPTH):
        reached += len(level)
        for entry in level:
            entry.children.sort(key=lambda child: (child.order, child.place))
        level = [child for entry in level for child in entry.children]
    if reached != len(entries):
        raise VmcxError(f"{len(entries) - reached} keys do not reach the root within {MAX_DEPTH} steps", root.place)


def _current_tables(image: bytes | bytearray, tables: list[_Object]) -> dict[int, _Object]:
    """Key tables by index; of two with one index the one with the higher sequence number."""
    current: dict[int, tuple[int, _Object]] = {}
    for table in tables:
        if table.size < _KEYS.size:
            raise VmcxError("a key table is cut short", table.offset)
        signature, index, sequence, checksum = _KEYS.unpack_from(image, table.offset)
        if signature != _KEYS_SIGNATURE:
            raise VmcxError("there is no key table", table.offset)
        if _checksum(image, table.offset, _KEYS.size, 6) != checksum:
            raise VmcxError("a key table is damaged: its checksum is wrong", table.offset)
        if index == 0:
            raise VmcxError("a key table has the index 0, which stands for 'no parent'", table.offset + 2)
        known = current.get(index)
        if known is not None and known[0] == sequence:
            raise VmcxError(f"two key tables have index {index} and sequence {sequence}", table.offset)
        if known is None or _newer(sequence, known[0]):
            current[index] = sequence, table
    return {index: table for index, (_, table) in sorted(current.items())}


def _entries(
    text: _Text, table: _Object, file_objects: list[_Object], names: dict[bytes, str]
) -> Iterator[tuple[int, _Entry]]:
    image = text.image
    at = table.offset + _KEYS.size
    while at < table.end:
        if table.end - at < _ENTRY.size:
            raise VmcxError("the key table ends within the header of an entry", at)
        kind, flags, size, parent, parent_at, checksum, order, name_size = _ENTRY.unpack_from(image, at)
        end = at + size
        if size < _ENTRY.size or end > table.end:
            raise VmcxError(f"an entry of {size} bytes does not fit into its key table", at)
        if kind == _FREE:
            # Free entries have no checksum: a wrong size would hide what stands behind them.
            filler = image[at + _ENTRY.size : end]
            if checksum or name_size or filler.count(_FILLER) != len(filler):
                raise VmcxError("a free entry is not empty", at)
        else:
            value_at = at + _ENTRY.size + name_size
            content, used = _content(image, kind, flags, value_at, end, at)
            if _checksum(image, at, used - at, 12) != checksum:
                raise VmcxError("an entry is damaged: its checksum is wrong", at)
            if flags & _IN_FILE_OBJECT:
                _refuse_stray(content, file_objects, at)
            if kind == _STRING and content[1] % 2:
                raise VmcxError("a string has an odd number of bytes", at)
            name = _name(bytes(image[at + _ENTRY.size : value_at]), names, at)
            yield at - table.offset, _Entry(text, name, at, kind, (parent, parent_at), order, content)
        at = end


def _content(
    image: bytes | bytearray, kind: int, flags: int, value_at: int, end: int, at: int
) -> tuple[tuple[int, int], int]:
    """Offset and size of a value, and where the used part of its entry ends; behind it is slack."""
    if flags & ~_KNOWN_FLAGS:
        raise VmcxError(f"the flags 0x{flags:02x} of an entry are not known", at + 1)
    if kind not in _SIZES and kind not in (_STRING, _BYTES):
        raise VmcxError(f"values of type {kind} are not known", at)
    if flags & _IN_FILE_OBJECT:
        if kind not in (_STRING, _BYTES):
            raise VmcxError(f"a value of type {kind} cannot lie in a file object", at)
        head, size = 12, 0
    elif kind in _SIZES:
        head, size = 0, _SIZES[kind]
    else:
        head, size = 4, -1
    if value_at + head > end:
        raise VmcxError("a value does not fit into its entry", at)
    if head == 12:
        size, offset = struct.unpack_from("<IQ", image, value_at)
        return (offset, size), value_at + head
    if size < 0:
        size = int.from_bytes(image[value_at : value_at + 4], "little")
    if value_at + head + size > end:
        raise VmcxError("a value does not fit into its entry", at)
    return (value_at + head, size), value_at + head + size


def _refuse_stray(content: tuple[int, int], file_objects: list[_Object], at: int) -> None:
    offset, size = content
    position = bisect_right(file_objects, offset, key=lambda item: item.offset) - 1
    if position < 0 or offset + size > file_objects[position].end:
        raise VmcxError("a value points to no file object", at)


def _name(raw: bytes, names: dict[bytes, str], at: int) -> str:
    name = names.get(raw)
    if name is None:
        if len(raw) < 2 or raw.find(0) != len(raw) - 1:
            raise VmcxError("the name of an entry does not end where it should", at + 20)
        try:
            name = names[raw] = raw[:-1].decode("utf-8")
        except UnicodeDecodeError:
            raise VmcxError("the name of an entry is not UTF-8", at + 21) from None
    return name
