"""The JSON writer and the zip writer of the script against Python's readers, over all of Unicode, the number ranges and awkward members."""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
import random
import struct
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from powershell import contract
from powershell.recorded import pwsh

HERE = Path(__file__).resolve().parent
CULTURES = ["en-US", "de-DE", "tr-TR", "th-TH", "fi-FI", "ar-SA"]

Order = dict[str, Any]


def ordered(folder: Path, orders: dict[str, Any]) -> dict[str, Any]:
    (folder / "orders.json").write_text(json.dumps(orders), encoding="utf-8")
    arguments = ["-NoProfile", "-NonInteractive", "-File", str(HERE / "parts.ps1"), str(contract.COLLECTOR)]
    done = subprocess.run(
        [pwsh(), *arguments, str(folder / "orders.json"), str(folder / "answers.json")],
        capture_output=True,
        check=False,
    )
    assert (folder / "answers.json").exists(), (
        done.stderr.decode("utf-8", "replace")[-3000:] + done.stdout.decode("utf-8", "replace")[-1000:]
    )
    return json.loads((folder / "answers.json").read_text(encoding="utf-8"))


def cases() -> list[tuple[Order, Any]]:
    """A value as PowerShell shall have it, and what Python shall read."""
    out: list[tuple[Order, Any]] = [
        ({"t": "null"}, None),
        ({"t": "bool", "v": True}, True),
        ({"t": "bool", "v": False}, False),
    ]
    # every UTF-16 unit, lone surrogates among them, then pairs
    for start in range(0, 0x10000, 0x400):
        text = "".join(map(chr, range(start, start + 0x400)))
        if start in (0xD800, 0xDC00):
            out += [({"t": "units", "v": [ord(c), 120]}, c + "x") for c in text[::37]]
        else:
            out.append(({"t": "text", "v": text}, text))
    out += [({"t": "text", "v": chr(c) * 2}, chr(c) * 2) for c in (0x10000, 0x1F600, 0x10FFFF)]
    out += [
        ({"t": "text", "v": v}, v)
        for v in ("", " ", "\\", '"', '\\\\"', "a\r\nb\t", "\x7f\x80", "{}", "null", "$([char]65)", "`n", "%s", "{0}")
    ]
    out += [({"t": "char", "v": "\u00fc"}, "\u00fc"), ({"t": "text", "v": "x" * 65536}, "x" * 65536)]
    for name, numbers in {
        "Byte": (0, 255),
        "SByte": (-128, 127),
        "Int16": (-32768, 32767),
        "UInt16": (0, 65535),
        "Int32": (-(2**31), 2**31 - 1),
        "UInt32": (0, 2**32 - 1),
        "Int64": (-(2**63), 2**63 - 1),
        "UInt64": (0, 2**63, 2**64 - 1),
    }.items():
        out += [({"t": name, "v": str(n)}, n) for n in (*numbers, 7)]
    random.seed(7)
    doubles = [0.1, 1 / 3, 1e-300, 1.7976931348623157e308, 5e-324, -0.5, 1e21, 123456789.123456789, 2**53 + 2.0]
    doubles += [v for v in (struct.unpack("d", random.randbytes(8))[0] for _ in range(200)) if math.isfinite(v)]
    out += [({"t": "double", "v": repr(v)}, v) for v in doubles]
    out += [({"t": t, "v": v}, None) for t in ("double", "single") for v in ("NaN", "Infinity", "-Infinity")]
    out += [
        ({"t": "single", "v": "0.5"}, 0.5),
        ({"t": "Decimal", "v": "79228162514264337593543950335"}, 79228162514264337593543950335),
    ]
    out += [({"t": "guid", "v": "8F3B2D1C-1111-2222-3333-444455556666"}, "8f3b2d1c-1111-2222-3333-444455556666")]
    for text in (
        "2026-02-28T23:59:59.9990000",
        "1970-01-01T00:00:00.0000000",
        "2024-02-29T12:00:00.1230000",
        "9998-12-31T23:59:59.9990000",
    ):
        out.append(({"t": "utc", "v": text}, text[:23] + "Z"))
        moment = dt.datetime.fromisoformat(text[:26]).astimezone(dt.UTC) if not text.startswith("9998") else None
        if moment:
            stamp = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
            out += [({"t": kind, "v": text}, stamp) for kind in ("local", "none")]
    out += [
        ({"t": "utc", "v": f"{day}T00:00:00.0000000"}, None)
        for day in ("0001-01-01", "1601-01-01", "1899-12-30", "9999-12-31")
    ]
    out += [({"t": "bytes", "v": ""}, "hex:"), ({"t": "bytes", "v": "00ff0a"}, "hex:00FF0A")]
    words = ["", "a", '"\\', "\u00fc\U0001f600"]
    out += [({"t": "texts", "v": words[:n]}, words[:n]) for n in range(5)]
    out.append(
        (
            {"t": "list", "v": [{"t": "Int32", "v": "1"}, {"t": "null"}, {"t": "UInt64", "v": str(2**64 - 1)}]},
            [1, 2**64 - 1],
        )
    )
    out.append(({"t": "list", "v": [{"t": "list", "v": [{"t": "text", "v": "deep"}]}]}, [["deep"]]))
    inner = {
        "B": {"t": "text", "v": "\u00e9"},
        "A": {"t": "null"},
        "C": {"t": "texts", "v": ["x"]},
        "D": {"t": "bool", "v": False},
    }
    wanted = {"B": "\u00e9", "A": None, "C": ["x"], "D": False}
    out += [
        ({"t": "object", "v": inner}, wanted),
        ({"t": "list", "v": [{"t": "object", "v": inner}, {"t": "object", "v": inner}]}, [wanted, wanted]),
    ]
    return out


#: WMI dates (with their offset from UTC in minutes) and intervals, and what they are in JSON: UTC, seconds.
DMTF = {
    "20200101000000.123456+060": "2019-12-31T23:00:00.123Z",
    "20210929115907.020592-420": "2021-09-29T18:59:07.020Z",
    "20240229120000.000000+000": "2024-02-29T12:00:00.000Z",
    "20240229******.******+***": "2024-02-29T00:00:00.000Z",
    "16010101000000.000000+000": None,
    "00000000000000.000000:000": 0.0,
    "00000003010203.500000:000": 3 * 86400 + 3600 + 2 * 60 + 3.5,
    "yesterday": None,
    "": None,
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    spec, _ = contract.definition()
    orders = {
        "cells": [order for order, _ in cases()],
        "cultures": CULTURES,
        "filter": [t["in"] for t in spec["argumentFilterTests"]],
        "dmtf": list(DMTF),
    }
    return ordered(tmp_path_factory.mktemp("writer"), orders)


def test_every_value_is_read_back_as_it_was(written: dict[str, Any]) -> None:
    body = base64.b64decode(written["cells en-US"])
    rows = json.loads(body)["rows"]
    assert len(rows) == len(cases())
    for (order, wanted), row in zip(cases(), rows, strict=True):
        got = row["V"]
        assert got == wanted, order
        assert type(got) is type(wanted) or isinstance(wanted, float), order
        if isinstance(got, dict):
            assert list(got) == list(wanted)


def test_bytes_are_ascii_one_row_a_line_and_escapes_are_lower_case(written: dict[str, Any]) -> None:
    body = base64.b64decode(written["cells en-US"])
    assert all(0x20 <= b <= 0x7E or b == 0x0A for b in body)
    assert body.count(b"\n") == len(cases()) + 2
    assert body.startswith(
        b'{"dataset":"services","schema":1,"source":"reg","collectedUtc":"2026-11-22T00:41:02.000Z","columns":["V"],"rows":[\n'
    )
    assert body.endswith(b"\n]}\n")
    assert b"\\u00fc" in body
    assert b"\\ud83d\\ude00" in body
    assert b"\\u00FC" not in body


def test_a_culture_with_other_digits_separators_and_calendars_changes_no_byte(written: dict[str, Any]) -> None:
    assert len({written[f"cells {culture}"] for culture in CULTURES}) == 1


def test_headers_and_manifest_are_written_by_the_same_rules(written: dict[str, Any]) -> None:
    for (order, wanted), text in zip(cases(), written["values"], strict=True):
        assert text.isascii(), order
        assert json.loads(text) == wanted, order


def test_dates_of_wmi_become_utc_and_intervals_seconds(written: dict[str, Any]) -> None:
    assert [json.loads(text) for text in written["dmtf"]] == list(DMTF.values())


def test_the_argument_filter_gives_what_the_format_says(written: dict[str, Any]) -> None:
    spec, _ = contract.definition()
    assert written["filter"] == [t["out"] for t in spec["argumentFilterTests"]]


def test_members_of_any_size_and_content_come_out_of_the_zip(tmp_path: Path) -> None:
    random.seed(11)
    blobs = {f"r{n}.bin": random.randbytes(n) for n in (0, 1, 2, 17, 18, 19, 65535, 65536, 65537, 3_000_000)}
    blobs |= {f"z{n}.bin": bytes(n) for n in (1, 1000, 5_000_000)}
    blobs |= {f"t{n}.json": b'{"a":1},\n' * n for n in (1, 3, 300_000)}
    for name, body in blobs.items():
        (tmp_path / name).write_bytes(body)
    (tmp_path / "names.txt").write_text("\n".join(blobs) + "\n", encoding="ascii")
    archive = tmp_path / "a.zip"
    command = [
        pwsh(),
        "-NoProfile",
        "-NonInteractive",
        "-File",
        str(HERE / "zipping.ps1"),
        str(contract.COLLECTOR),
        str(tmp_path),
        str(archive),
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        assert opened.comment == b""
        for info, (name, body) in zip(opened.infolist(), blobs.items(), strict=True):
            assert info.filename == f"data/{name}"
            assert opened.read(info) == body
            assert info.compress_type == (8 if info.compress_size < info.file_size else 0)
            assert info.compress_size <= info.file_size
            assert (info.date_time, info.flag_bits, info.extra, info.comment) == (
                (1980, 1, 1, 0, 0, 0),
                0x0800,
                b"",
                b"",
            )
    listed = json.loads((tmp_path / "files.json").read_text(encoding="utf-8"))
    assert [f["bytes"] for f in listed] == [len(b) for b in blobs.values()]
