"""Writes VMCX containers for tests: any tree of keys, with the irregularities that a test asks for. All of it is synthetic."""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

PAGE = 0x1000
Tree = Mapping[str, Any] | Sequence[tuple[str, Any]]


@dataclass
class Vmcx:
    """A container under construction; `build` lays it out and fills every checksum in.

    `log`: writes (destination, bytes) that are still to be carried out; `edit` changes an image before the checksums of headers and
    object table are made; `long` values go to file objects.
    """

    tree: Tree
    root: str = "configuration"
    version: int = 0x400
    sequences: tuple[int, int] = (8, 7)
    entries_per_table: int = 40
    slack: int = 12
    long: int = 0x800
    log: Sequence[tuple[int, bytes]] = ()
    stale_log: Sequence[tuple[int, bytes]] = ()
    order_reversed: bool = False
    second_object_table: bool = False
    outdated_table: bool = False
    pages: dict[int, bytearray] = field(default_factory=dict)

    def build(self) -> bytes:
        image = bytearray(3 * PAGE)
        objects: list[tuple[int, int, int]] = []
        entries = list(self._flat())
        tables = [entries[at : at + self.entries_per_table] for at in range(0, len(entries), self.entries_per_table)]
        place = {}
        for number, table in enumerate(tables, 1):
            at = 10 + 33
            for entry in table:
                place[entry["id"]] = number, at
                entry["bytes"] = self._reserve(entry, image, objects)
                at += entry["bytes"]
        for number, table in enumerate(tables, 1):
            body = free_entry(33) + b"".join(self._entry(entry, place) for entry in table)
            page = key_table(number, 9, body)
            objects.append((2, len(image), len(page)))
            image += page
        if self.outdated_table:
            old = key_table(1, 8, free_entry(PAGE - 10))
            objects.append((2, len(image), len(old)))
            image += old
        log_at = len(image)
        image += replay_log(self.log, self.stale_log)
        log_size = len(image) - log_at
        objects.append((6, log_at, log_size))
        objects.append((4, len(image), PAGE))
        image += b"\xaa" * PAGE
        if self.second_object_table:
            second, objects = objects, [(1, len(image), PAGE)]
            image += object_table(second)
        image[2 * PAGE : 3 * PAGE] = object_table(objects)
        for at, sequence in zip((0, PAGE), self.sequences, strict=True):
            image[at : at + 0x2E] = storage_header(sequence, self.version, log_at, log_size)
        return bytes(image)

    def _flat(self) -> Iterator[dict[str, Any]]:
        counter = iter(range(1_000_000))

        def walk(name: str, value: Any, parent: int | None, order: int) -> Iterator[dict[str, Any]]:
            number = next(counter)
            node = isinstance(value, (Mapping, list, tuple))
            yield {"id": number, "name": name, "value": None if node else value, "parent": parent, "order": order}
            if node:
                children = list(value.items() if isinstance(value, Mapping) else value)
                for index, (child, content) in enumerate(children):
                    yield from walk(child, content, number, index)

        found = list(walk(self.root, self.tree, None, 0))
        yield from reversed(found) if self.order_reversed else found

    def _reserve(self, entry: dict[str, Any], image: bytearray, objects: list[tuple[int, int, int]]) -> int:
        kind, value = encoded(entry["value"])
        entry["kind"], entry["raw"], entry["flags"] = kind, value, 0
        if kind in (6, 7) and len(value) - 4 >= self.long:
            content = value[4:]
            objects.append((3, len(image), len(content)))
            entry["raw"], entry["flags"] = struct.pack("<IQ", len(content), len(image)), 1
            image += content + bytes(-len(content) % PAGE)
        return 21 + len(entry["name"].encode()) + 1 + len(entry["raw"]) + self.slack

    def _entry(self, entry: dict[str, Any], place: dict[int, tuple[int, int]]) -> bytes:
        parent = (0, 0) if entry["parent"] is None else place[entry["parent"]]
        return key_entry(
            entry["kind"], entry["name"], entry["raw"], parent, entry["order"], self.slack, flags=entry["flags"]
        )


def encoded(value: Any) -> tuple[int, bytes]:
    """Type number and bytes of a value; None is a node."""
    if value is None:
        return 9, struct.pack("<QI", 0, 9)
    if isinstance(value, bool):
        return 8, struct.pack("<I", value)
    if isinstance(value, int):
        return (3, struct.pack("<q", value)) if value < 2**63 else (4, struct.pack("<Q", value))
    if isinstance(value, float):
        return 5, struct.pack("<d", value)
    raw = value.encode("utf-16-le", "surrogatepass") if isinstance(value, str) else value
    return (6 if isinstance(value, str) else 7), struct.pack("<I", len(raw)) + raw


def sealed(data: bytes, field_at: int, covered: int | None = None) -> bytes:
    """The bytes with their checksum filled in at `field_at`."""
    empty = data[:field_at] + bytes(4) + data[field_at + 4 :]
    return data[:field_at] + struct.pack("<I", crc32(empty[:covered])) + data[field_at + 4 :]


def storage_header(sequence: int, version: int, log_at: int, log_size: int, signature: int = 0x01282014) -> bytes:
    header = struct.pack("<IIHIQIQQI", signature, 0, sequence, version, 0, PAGE, log_at, log_size, PAGE)
    return sealed(header, 4)


def object_entry(kind: int = 0, offset: int = 0, size: int = 0, allocated: int = 1) -> bytes:
    return sealed(struct.pack("<BIQIB", kind, 0, offset, size, allocated if kind else 0), 1)


def object_table(objects: Sequence[tuple[int, int, int]], size: int = PAGE) -> bytes:
    count = (size - 8) // 18
    entries = [object_entry(*item) for item in objects]
    entries += [object_entry()] * (count - len(entries))
    return (struct.pack("<II", 0x01110001, count) + b"".join(entries)).ljust(size, b"\0")


def free_entry(size: int) -> bytes:
    return struct.pack("<BBIHIIIB", 1, 0, size, 0, 0, 0, 2, 0).ljust(size, b"\xfd")


def key_entry(
    kind: int,
    name: str,
    raw: bytes,
    parent: tuple[int, int],
    order: int = 0,
    slack: int = 0,
    flags: int = 0,
) -> bytes:
    label = name.encode() + b"\0"
    used = 21 + len(label) + len(raw)
    entry = struct.pack("<BBIHIIIB", kind, flags, used + slack, *parent, 0, order, len(label)) + label + raw
    return sealed(entry, 12) + b"\xcd" * slack


def key_table(index: int, sequence: int, body: bytes) -> bytes:
    size = max(PAGE, -(-(len(body) + 10 + 21) // PAGE) * PAGE)
    rest = size - 10 - len(body)
    return sealed(struct.pack("<HHHI", 2, index, sequence, 0), 6) + body + (free_entry(rest) if rest else b"")


def replay_log(live: Sequence[tuple[int, bytes]], stale: Sequence[tuple[int, bytes]] = ()) -> bytes:
    """`stale` entries follow the live ones, as left by earlier writes."""
    payload_at, entries, payloads = PAGE, b"", b""
    for destination, content in (*live, *stale):
        entry = struct.pack("<QIQII", destination, len(content), payload_at + len(payloads), 0, crc32(content))
        entries += sealed(entry, 20)
        payloads += content
    header = struct.pack("<IIIBIIIIIB", 0x01110003, 0, len(live), 0, 145, 0, 0, 0, 0, 0)
    return (sealed(header, 4) + entries).ljust(PAGE, b"\0") + payloads + bytes(-len(payloads) % PAGE)


def changed(image: bytes, at: int, new: bytes, seal: Callable[[bytes], bytes] = bytes) -> bytes:
    """A copy of the image with other bytes at one place."""
    return seal(image[:at] + new + image[at + len(new) :])
