"""JSON members: bytes to plain values. Size of the tree, depth and doubtful JSON are settled here, before and while parsing.

What is refused is one reading for all: no NaN, no second member of the same name, no other encoding than UTF-8.
"""

import json
import re
from typing import Any, Final

from snapshot_tool.archive import MemberError

MAX_DEPTH: Final = 16
MAX_CONTAINERS: Final = 4_000_000
"""Lists and objects of one member: an empty list takes two bytes there and sixty here."""
MAX_VALUES: Final = 20_000_000
"""Values of one member, by its commas; a full member of 256 MiB was seen to have half of it."""


class JsonError(MemberError):
    """A member is not JSON, or not such as is read here."""


def read_json(data: bytes, name: str) -> Any:
    """The value that a member holds: dict, list, str, int, float, bool or None.

    Lone surrogates are kept, numbers such as 1e999 become infinite and fail as cells. A byte order mark is accepted.

    Raises:
        JsonError: it is not JSON in UTF-8, or exceeds `MAX_DEPTH`, `MAX_CONTAINERS` or `MAX_VALUES`.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonError(name, f"is not UTF-8 (byte {error.start})") from None
    _refuse_excess(data, name)
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise JsonError(name, f"is not JSON (line {error.lineno}, column {error.colno}: {error.msg})") from None
    except ValueError as error:
        # From the two functions below, or a number of more digits than Python converts.
        raise JsonError(name, f"is not JSON that is read here ({error})") from None


_BRACKETS = bytes.maketrans(b"[{]}", b"(())")
_OTHER_BYTES = bytes(set(range(256)) - set(b'"[]{}'))
_STRING = re.compile(rb'"[^"]*"')


def _refuse_excess(data: bytes, name: str) -> None:
    """Judge the brackets outside of strings, without a parser: faster, and no nesting can harm it.

    For bytes that are no JSON the count may be wrong behind the first error; the parser stops there.
    """
    if data.count(b",") >= MAX_VALUES:
        raise JsonError(name, f"has more than {MAX_VALUES:,} values")
    if b'\\"' in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Two quotes side by side are an empty string, or the seam of two strings: what stays is quoted as before.
    marks = data.translate(_BRACKETS, _OTHER_BYTES).replace(b'""', b"")
    brackets = _STRING.sub(b"", marks)
    if brackets.count(b"(") > MAX_CONTAINERS:
        raise JsonError(name, f"has more than {MAX_CONTAINERS:,} lists and objects")
    for _ in range(MAX_DEPTH):
        # Each pass takes the innermost pairs away.
        brackets = brackets.replace(b"()", b"")
    if brackets:
        raise JsonError(name, f"is nested deeper than {MAX_DEPTH} levels, or its brackets do not match")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"{ascii(twice)[:60]} stands twice in one object")
    return found


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number of JSON")
