"""One cell of a data file -> one Python value, by the column's declared type; a wrong value raises `CellError`.

Types are those of `datasets.json`, and `cim` for class dumps, whose reader decides: bool, int, float, string, datetime, sid, guid, path, sddl, hex, enum, object, list<T>.
"""

import re
from collections.abc import Callable
from datetime import datetime
from math import isfinite
from typing import Any

Decoder = Callable[[Any], Any]


class CellError(ValueError):
    """The value has not the form that its column declares."""


_SID = re.compile(r"S-1-(?:0x[0-9a-fA-F]+|\d+)(?:-\d+){0,15}\Z", re.ASCII)
_GUID = re.compile(r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?\Z", re.ASCII)
_HEX = re.compile(r"hex:(?:[0-9A-Fa-f]{2})*\Z", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z\Z", re.ASCII)
_INT_MIN, _INT_MAX = -(2**63), 2**64 - 1


def decoder(type_name: str, tokens: frozenset[str] | None = None) -> Decoder:
    """The reader of a column: `tokens` are the closed set of a token enum."""
    if type_name.startswith("list<"):
        return _list_of(decoder(type_name[5:-1], tokens))
    if type_name == "enum":
        return _integer if tokens is None else _token(tokens)
    return _DECODERS[type_name]


def fold_guid(text: str) -> str:
    """Lower case, without braces; raises CellError for anything that is no GUID."""
    folded = text.strip().lower()
    if not _GUID.match(folded):
        raise CellError(f"{_shown(text)} is not a GUID")
    return folded.strip("{}")


def is_sid(text: str) -> bool:
    """Whether the text has the form of a SID."""
    return _SID.match(text) is not None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _boolean(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise CellError(f"{_shown(value)} is not true or false")


def _integer(value: Any) -> int:
    if type(value) is int and _INT_MIN <= value <= _INT_MAX:
        return value
    raise CellError(f"{_shown(value)} is not a whole number")


def _number(value: Any) -> float:
    if type(value) in (int, float) and isfinite(value):
        return float(value)
    raise CellError(f"{_shown(value)} is not a number")


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    raise CellError(f"{_shown(value)} is not text")


def _sid(value: Any) -> str:
    if type(value) is str and _SID.match(value):
        return value
    raise CellError(f"{_shown(value)} is not a SID")


def _guid(value: Any) -> str:
    return fold_guid(_text(value))


def _hex(value: Any) -> bytes:
    if type(value) is str and _HEX.match(value):
        return bytes.fromhex(value[4:])
    raise CellError(f"{_shown(value)} is not hex:...")


def _datetime(value: Any) -> datetime:
    if type(value) is str and _TIME.match(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise CellError(f"{_shown(value)} is not a UTC time")


def _object(value: Any) -> dict[str, Any]:
    if type(value) is dict:
        return value
    raise CellError(f"{_shown(value)} is not an object")


def _token(tokens: frozenset[str]) -> Decoder:
    def read(value: Any) -> str:
        if type(value) is str and value in tokens:
            return value
        raise CellError(f"{_shown(value)} is not a token of this column")

    return read


def _list_of(element: Decoder) -> Decoder:
    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise CellError(f"{_shown(value)} is not a list")
        return tuple(element(item) for item in value)

    return read


def _as_it_is(value: Any) -> Any:
    return value


_DECODERS: dict[str, Decoder] = {
    "cim": _as_it_is,
    "string": _text,
    "bool": _boolean,
    "int": _integer,
    "float": _number,
    "datetime": _datetime,
    "sid": _sid,
    "sddl": _text,
    "guid": _guid,
    "hex": _hex,
    "path": _text,
    "object": _object,
}
