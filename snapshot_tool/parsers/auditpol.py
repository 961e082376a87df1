"""The audit policy as `auditpol /backup` writes it: subcategory GUID to number.

Columns count by position and the setting by its number, for names, settings and the header are localised.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntFlag

from snapshot_tool.parsers.encoding import decode_windows_text, lines_of

MAX_BYTES = 16 * 1024 * 1024


class AuditpolError(ValueError):
    """The file is no backup of an audit policy, or one of its subcategories cannot be read."""


class AuditSetting(IntFlag):
    """Column 7."""

    NONE = 0
    SUCCESS = 1
    FAILURE = 2


@dataclass(frozen=True, slots=True)
class Subcategory:
    """One row; `guid` in lower case without braces, `name` localised and for display only."""

    guid: str
    name: str
    setting: AuditSetting
    line: int


@dataclass(frozen=True, slots=True)
class AuditPolicy:
    """The machine's policy by GUID, why some subcategories cannot be read, and how many rows were not about it."""

    subcategories: Mapping[str, Subcategory]
    unreadable: Mapping[str, str]
    option_rows: int
    user_rows: int

    def get(self, guid: str) -> Subcategory | None:
        """Look up a subcategory, case and braces ignored; None means that the file has no such row.

        Raises:
            AuditpolError: the row is there and its number is missing, unknown or contradicts another row.
        """
        key = _folded(guid)
        if key in self.unreadable:
            raise AuditpolError(self.unreadable[key])
        return self.subcategories.get(key)


def parse_auditpol(data: bytes) -> AuditPolicy:
    """Read a backup.

    Raises:
        AuditpolError: over `MAX_BYTES`, not text, or no row with a subcategory and its number.
    """
    if len(data) > MAX_BYTES:
        raise AuditpolError(f"the file has {len(data)} bytes; at most {MAX_BYTES} are read")
    try:
        text, _ = decode_windows_text(data)
    except UnicodeDecodeError as error:
        raise AuditpolError(f"byte {error.start} is no {error.encoding} text") from None
    found: dict[str, Subcategory] = {}
    unreadable: dict[str, str] = {}
    options = users = 0
    for line, content, row in _rows(text):
        guid = _guid(row[3]) if len(row) > 3 else None
        if guid is None:
            # A comma or quote inside a name shifts the columns: such a row must not vanish as if it were an option.
            shifted = _GUID.search(content)
            if shifted is not None:
                unreadable.setdefault(_folded(shifted[0]), f"line {line}: the subcategory GUID is not in column 4")
            elif line > 1:
                options += 1
        elif row[1].strip().upper().startswith("S-1-"):
            users += 1
        else:
            number = row[6].strip() if len(row) > 6 else ""
            if number not in {"0", "1", "2", "3"}:
                what = f"is {number[:20]!r}" if number else "is missing"
                unreadable.setdefault(guid, f"line {line}: the number in column 7 {what}")
                continue
            setting = AuditSetting(int(number))
            if guid in found and found[guid].setting != setting:
                unreadable.setdefault(guid, f"line {line}: the subcategory stands twice, with other numbers")
            found.setdefault(guid, Subcategory(guid, row[2].strip(), setting, line))
    if not found:
        raise AuditpolError(next(iter(unreadable.values()), "no row has a subcategory GUID in column 4"))
    readable = {guid: subcategory for guid, subcategory in found.items() if guid not in unreadable}
    return AuditPolicy(readable, unreadable, options, users)


_GUID = re.compile(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", re.IGNORECASE | re.ASCII)


def _guid(cell: str) -> str | None:
    text = cell.strip()
    return _folded(text) if _GUID.fullmatch(text) else None


def _folded(guid: str) -> str:
    return guid.strip().strip("{}").lower()


def _rows(text: str) -> Iterator[tuple[int, str, list[str]]]:
    # Line by line: a stray quote costs its row and not the rest of the file.
    for line, content in enumerate(lines_of(text), start=1):
        if content.strip():
            try:
                yield line, content, next(csv.reader([content]), [])
            except csv.Error:
                yield line, content, content.split(",")
