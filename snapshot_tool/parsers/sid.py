"""SIDs in binary form <-> text; MS-DTYP 2.4.2."""

import re
import struct
from typing import Final


class SidError(ValueError):
    """The bytes or the text are no SID."""


def sid_from_bytes(data: bytes, offset: int = 0) -> tuple[str, int]:
    """The SID that begins at `offset`, as text, and the position behind it; raises SidError where it does not fit."""
    if offset < 0 or offset + 8 > len(data):
        raise SidError("SID is cut off")
    revision, count = data[offset], data[offset + 1]
    if revision != 1 or count > 15:
        raise SidError("not a SID of revision 1")
    end = offset + 8 + 4 * count
    if end > len(data):
        raise SidError("SID is cut off")
    authority = int.from_bytes(data[offset + 2 : offset + 8], "big")
    # Windows writes an authority that does not fit into 32 bits in hex.
    words = [str(authority) if authority <= 0xFFFF_FFFF else f"0x{authority:X}"]
    words += map(str, struct.unpack_from(f"<{count}I", data, offset + 8))
    return "S-1-" + "-".join(words), end


def sid_to_bytes(sid: str) -> bytes:
    """Binary form of `S-1-...`; raises SidError for aliases and other text."""
    if _SID.match(sid) is None:
        raise SidError("not a SID")
    authority, *numbers = (int(word, 16 if word[:2] in {"0x", "0X"} else 10) for word in sid[4:].split("-"))
    if authority > 0xFFFF_FFFF_FFFF or any(number > 0xFFFF_FFFF for number in numbers):
        raise SidError("number of a SID is too large")
    return struct.pack(f"<BB6s{len(numbers)}I", 1, len(numbers), authority.to_bytes(6, "big"), *numbers)


_SID: Final = re.compile(r"S-1-(?:0x[0-9A-Fa-f]{1,12}|[0-9]{1,15})(?:-[0-9]{1,10}){0,15}\Z", re.ASCII)
