"""VM configuration XML of Windows Server 2008 to 2012 R2: bytes to a tree of keys.

A leaf is `<count type="integer">2</count>`; an element without type is a node. Types seen: string, integer, bool, bytes.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from snapshot_tool.parsers.vm_configuration import (
    MAX_KEYS,
    MAX_VALUE,
    Container,
    Scalar,
    Unreadable,
    VMConfiguration,
    VMConfigurationError,
    configuration_of,
)
from snapshot_tool.parsers.xml import XmlError, line_of, parse_xml

if TYPE_CHECKING:
    from snapshot_tool.parsers.xml import Element

MAX_BYTES: Final = 8 * 1024 * 1024


def read_vm_xml(data: bytes) -> VMConfiguration:
    """Read a VM configuration in any encoding that XML knows.

    Raises:
        VMConfigurationError: not well-formed, refused (a DTD, too large, too deep), or no VM configuration.
    """
    if len(data) > MAX_BYTES:
        raise VMConfigurationError(f"the file has {len(data):,} bytes; a VM configuration has at most {MAX_BYTES:,}")
    try:
        root = parse_xml(data)
    except XmlError as error:
        raise VMConfigurationError(str(error)) from None
    for number, element in enumerate(root.iter(), 1):
        if number > MAX_KEYS:
            raise VMConfigurationError(f"line {line_of(element)}: there are more than {MAX_KEYS:,} keys")
    return configuration_of(_Leaf(root), Container.XML)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """An element as a Source of the tree."""

    element: Element

    @property
    def name(self) -> str:
        return str(self.element.tag)

    @property
    def place(self) -> int:
        return line_of(self.element)

    @property
    def children(self) -> list[_Leaf]:
        return [_Leaf(child) for child in self.element]

    def value(self) -> Scalar | Unreadable | None:
        kind = self.element.get("type")
        text = self.element.text or ""
        if kind is None:
            return None if not text.strip() else Unreadable("has no type")
        if len(self.element):
            return Unreadable("has keys below it, which a value has not")
        if len(text) > MAX_VALUE:
            return Unreadable(f"has {len(text):,} characters; at most {MAX_VALUE:,} are read")
        match kind.casefold():
            case "string":
                return text
            case "integer":
                return _integer(text)
            case "bool":
                return _BOOLS.get(text.strip().casefold(), Unreadable("is neither True nor False"))
            case "bytes":
                return _bytes(text)
            case _:
                return Unreadable(f"has the type {kind[:40]!r}, which is not known")


_INTEGER = re.compile(r"-?[0-9]{1,20}")
_BOOLS: dict[str, bool | Unreadable] = {"true": True, "false": False}


def _integer(text: str) -> int | Unreadable:
    if not _INTEGER.fullmatch(text.strip()) or not -(2**63) <= int(text) < 2**64:
        return Unreadable("is no whole number of 64 bits")
    return int(text)


def _bytes(text: str) -> bytes | Unreadable:
    try:
        # Windows breaks the lines of BASE64 text.
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except ValueError:
        return Unreadable("is no BASE64 text")
