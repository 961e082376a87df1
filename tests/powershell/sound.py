"""What makes an archive whole and valid, whatever failed on the host: container, manifest, statuses, cells. Written from the format document."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from powershell import contract

if TYPE_CHECKING:
    from powershell.recorded import Archive

TOP = [
    "format",
    "formatVersion",
    "collectorVersion",
    "collectorSha256",
    "tableSha256",
    "runId",
    "startedUtc",
    "finishedUtc",
    "host",
    "os",
    "psVersion",
    "psEdition",
    "clr",
    "languageMode",
    "is64BitProcess",
    "elevated",
    "remoting",
    "aborted",
    "user",
    "culture",
    "uiCulture",
    "parameters",
    "datasets",
    "files",
    "totals",
    "redaction",
    "sideEffects",
    "errors",
]
ENTRY = [
    "name",
    "kind",
    "schema",
    "status",
    "rowsComplete",
    "file",
    "files",
    "rows",
    "ms",
    "collectedUtc",
    "source",
    "missingColumns",
    "unreadColumns",
    "errors",
    "truncated",
    "truncatedBy",
    "skippedReason",
    "notApplicableReason",
]
SHAPES = {
    "sid": r"S-1-\d+(-\d+)*",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
    "guid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "hex": r"hex:([0-9A-F]{2})*",
    "sddl": r"(?s)([OGDS]:.*)?",
}


def defects(archive: Archive) -> list[str]:
    """Every breach of the format, as one line each."""
    spec, _ = contract.definition()
    manifest, members = archive.manifest, archive.members
    out = [f"manifest: {name}" for name in set(TOP) ^ set(manifest)]
    names = list(members)
    if names[-1] != "manifest.json" or [f["path"] for f in manifest["files"]] != names[:-1]:
        out.append("members and files differ")
    for listed in manifest["files"]:
        body = members.get(listed["path"], b"")
        unhashed = any(e["where"] == f"hash:{listed['path']}" for e in manifest["errors"])
        if listed["bytes"] != len(body) or (
            listed["sha256"] != hashlib.sha256(body).hexdigest() and not (unhashed and listed["sha256"] is None)
        ):
            out.append(f"{listed['path']}: bytes or hash")
    owned = {"log.txt", "manifest.json"}
    for entry in manifest["datasets"]:
        out += [f"{entry['name']}: {c}" for c in _entry(entry, archive, spec)]
        owned |= {entry["file"], *entry["files"]}
    out += [f"no dataset owns {n}" for n in names if n not in owned]
    declared = {d["name"] for d in spec["datasets"]}
    out += [f"no entry for {n}" for n in declared - set(archive.entries)]
    counts = Counter(e["status"] for e in manifest["datasets"])
    totals = manifest["totals"]
    if (totals["datasets"], totals["rows"], totals["files"], totals["bytes"]) != (
        len(manifest["datasets"]),
        sum(e["rows"] for e in manifest["datasets"]),
        len(manifest["files"]),
        sum(f["bytes"] for f in manifest["files"]),
    ) or {k: v for k, v in totals["statusCounts"].items() if v} != counts:
        out.append("totals")
    beside = archive.path.with_name(archive.path.name + ".sha256")
    if (
        beside.read_bytes()
        != f"{hashlib.sha256(archive.path.read_bytes()).hexdigest()}  {archive.path.name}\n".encode()
    ):
        out.append("side file")
    out += [
        f"{n}: not ASCII"
        for n, b in members.items()
        if n.startswith("data/") or n == "manifest.json"
        if re.search(rb"[^\x20-\x7e\n]", b)
    ]
    return out


def _entry(entry: dict[str, Any], archive: Archive, spec: dict[str, Any]) -> list[str]:
    if set(entry) != set(ENTRY):
        return [f"members {set(entry) ^ set(ENTRY)}"]
    out, status = [], entry["status"]
    declared = next((d for d in spec["datasets"] if d["name"] == entry["name"]), None)
    has_rows = status in ("ok", "empty", "partial") and entry["kind"] == "rows"
    if (entry["file"] is not None) != has_rows:
        out.append(f"{status} with file {entry['file']}")
    if (status == "skipped") != (entry["skippedReason"] in spec["skippedReasons"]) or (status == "notApplicable") != (
        entry["notApplicableReason"] in spec["notApplicableReasons"]
    ):
        out.append("reason")
    if status in ("failed", "partial") and not entry["errors"] and not entry["unreadColumns"]:
        out.append(f"{status} without a cause")
    if status != "partial" and entry["rowsComplete"] != (status in ("ok", "empty", "notApplicable")):
        out.append("rowsComplete")
    if status in ("ok", "empty") and (entry["unreadColumns"] or entry["truncated"]):
        out.append(f"{status} with a gap")
    out += [
        f"error {e}"
        for e in entry["errors"]
        if e["type"] not in spec["errorTypes"] or not e["where"] or len(e["message"]) > 500
    ]
    if entry["file"] is None:
        return out
    body = archive.members[entry["file"]]
    table = json.loads(body)
    rows = table["rows"]
    if (
        list(table) != ["dataset", "schema", "source", "collectedUtc", "columns", "rows"]
        or table["dataset"] != entry["name"]
        or len(rows) != entry["rows"]
    ):
        out.append("header")
    if (
        body.count(b"\n") != len(rows) + 2
        or not body.endswith(b"]}\n")
        or (status == "ok") > bool(rows)
        or (status == "empty" and rows)
    ):
        out.append("lines")
    if declared and declared["cardinality"] == "one" and len(rows) != 1:
        out.append(f"{len(rows)} rows, one wanted")
    if declared and table["columns"] != [
        c["name"] for c in declared["columns"] if c["name"] not in entry["missingColumns"]
    ]:
        out.append("columns")
    columns = {c["name"]: c for c in declared["columns"]} if declared else {}
    for number, row in enumerate(rows):
        error = row.get("_err", {})
        if list(row) != table["columns"] + ["_err"] * bool(error) or set(error) & set(entry["unreadColumns"]):
            out.append(f"row {number}: members")
        for name in table["columns"]:
            if name in error and (row[name] is not None or error[name].split(":")[0] not in spec["cellErrorCodes"]):
                out.append(f"row {number}.{name}: _err {error[name]!r} with {row[name]!r}")
            if (
                name in columns
                and name not in error
                and (
                    bad := _cell(columns[name], columns[name]["type"], row[name], unread=name in entry["unreadColumns"])
                )
            ):
                out.append(f"row {number}.{name}: {bad}")
    return out


def _cell(column: dict[str, Any], kind: str, value: Any, *, unread: bool) -> str | None:
    if value is None or unread:
        return (
            None
            if value is None and (unread or column["nullable"])
            else f"{value!r} in a column that is unread or not nullable"
        )
    if kind.startswith("list<"):
        if not isinstance(value, list):
            return "no list"
        return next(
            (
                bad
                for v in value
                if (bad := "null element" if v is None else _cell(column, kind[5:-1], v, unread=False))
            ),
            None,
        )
    wrong = f"{kind}: {str(value)[:60]!r}"
    match kind:
        case "bool":
            return None if isinstance(value, bool) else wrong
        case "int":
            return (
                None if isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**64 else wrong
            )
        case "float":
            return None if isinstance(value, (int, float)) and not isinstance(value, bool) else wrong
        case "enum":
            fits = (
                isinstance(value, int) and not isinstance(value, bool)
                if column["enumOf"] == "int"
                else value in column["enum"]
            )
            return None if fits else wrong
        case "object":
            return None if isinstance(value, dict) and list(value) == list(column["fields"]) else wrong
    return None if isinstance(value, str) and re.fullmatch(SHAPES.get(kind, r"(?s).*"), value) else wrong
