"""A described host -> the bytes of a snapshot: statuses, canonical JSON, manifest, hashes, zip."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

from synthetic.schema import Dataset, datasets

if TYPE_CHECKING:
    from synthetic.host import Host, Row

# SHA-256 of the column table that collector.ps1 carries; a test holds it against the script.
TABLE_SHA256 = "8a12241ba88a2afee1a4e55aef9a0564653579699efe270876e26c2e59c8dac4"
COLLECTOR_VERSION = "0.0.0+generated"

_ESCAPED = re.compile(r'["\\]|[^ -~]')
_DENIED = "accessDenied"


def canonical(value: Any) -> str:
    r"""JSON as the collector writes it: printable ASCII, no blanks, `\uXXXX` for all else."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return '"' + _ESCAPED.sub(_escape, value) + '"'
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(k)}:{canonical(v)}" for k, v in value.items()) + "}"
    return "[" + ",".join(canonical(v) for v in value) + "]"


def pack(host: Host) -> bytes:
    """The zip of one host. Members are in the order data, raw, log, manifest; every time stamp is that of 1980."""
    entries, members = [], {}
    raw: dict[str, bytes] = {}
    for dataset in datasets(host.build):
        entry, data = _entry(dataset, host)
        entries.append(entry)
        if data is not None:
            members[entry["file"]] = data
        raw |= {path: host.raw[dataset.name][path] for path in entry["files"]}
    members |= raw
    members["log.txt"] = _log(host, entries)
    members["manifest.json"] = _manifest(host, entries, members)
    return _zip(members)


def unpack(archive: bytes) -> list[tuple[str, bytes]]:
    """Members in archive order with their content, for comparing archives of different deflate libraries."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [(i.filename, opened.read(i)) for i in opened.infolist()]


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    if char in '"\\':
        return "\\" + char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(units[i : i + 2]):04x}" for i in range(0, len(units), 2))


def _entry(dataset: Dataset, host: Host) -> tuple[dict[str, Any], bytes | None]:
    """Manifest entry and data file of one dataset; the order of reasons is that of chapter 3 of the format."""
    entry: dict[str, Any] = {
        "name": dataset.name, "kind": dataset.kind, "schema": 1, "status": "ok", "rowsComplete": True, "file": None,
        "files": [], "rows": 0, "ms": 0, "collectedUtc": None, "source": dataset.source, "missingColumns": [],
        "unreadColumns": {}, "errors": [], "truncated": False, "truncatedBy": None, "skippedReason": None,
        "notApplicableReason": None,
    }  # fmt: skip
    cluster_dump_elsewhere = dataset.name.startswith("cluster/") and not host.clustered
    absent = dataset.outside or ("roleAbsent" if cluster_dump_elsewhere else None)
    reason = "optional" if dataset.switch and not host.parameters.get(dataset.switch) else None
    if not reason and dataset.elevation and not host.elevated:
        reason = "notElevated"
    if reason and not absent:
        return entry | {"status": "skipped", "rowsComplete": False, "skippedReason": reason}, None
    if absent := absent or host.absent.get(dataset.name):
        return entry | {"status": "notApplicable", "notApplicableReason": absent}, None
    entry |= {"collectedUtc": host.started, "ms": 20 + 7 * (len(dataset.name) % 13)}
    if dataset.name in host.failed:
        return entry | {"status": "failed", "rowsComplete": False, "errors": [host.failed[dataset.name]]}, None
    if dataset.kind == "raw":
        paths = list(host.raw.get(dataset.name, {}))
        return entry | {"status": "ok" if paths else "empty", "files": paths, "rows": len(paths)}, None
    rows = host.rows.get(dataset.name, [])
    refused = [] if host.elevated else [c.name for c in dataset.columns if c.elevation and c.offered]
    unread = dict.fromkeys(refused if rows else [], _DENIED)
    columns = [c for c in dataset.columns if c.offered]
    entry |= {
        "file": f"data/{dataset.name}.json",
        "rows": len(rows),
        "missingColumns": [c.name for c in dataset.columns if not c.offered],
        "unreadColumns": unread,
        "status": "partial" if unread else "ok" if rows else "empty",
    }
    if dataset.name in host.partial:
        entry |= {"status": "partial", "rowsComplete": False, "errors": [host.partial[dataset.name]]}
    header = {"dataset": dataset.name, "schema": 1, "source": dataset.source, "collectedUtc": host.started}
    head = canonical(header | {"columns": [c.name for c in columns]})[:-1] + ',"rows":[\n'
    lines = ",\n".join(canonical(_cells(row, dataset, unread)) for row in rows)
    return entry, (head + lines + ("\n" if lines else "") + "]}\n").encode("ascii")


def _cells(row: Row, dataset: Dataset, unread: dict[str, str]) -> Row:
    """The row with every column of the header in its order; what a description leaves out is null or an empty list."""
    known = {c.name for c in dataset.columns} | {"_err"}
    if strange := set(row) - known:
        raise ValueError(f"{dataset.name}: no column {sorted(strange)}")
    out: Row = {}
    for column in dataset.columns:
        if not column.offered:
            continue
        value = None if column.name in unread else row.get(column.name)
        if value is None and column.type.startswith("list") and not column.nullable:
            value = []
        failed = column.name in unread or column.name in row.get("_err", {})
        if value is None and not column.nullable and not failed:
            raise ValueError(f"{dataset.name}.{column.name} must not be null: {row}")
        out[column.name] = value
    errors = {k: v for k, v in row.get("_err", {}).items() if k in out and k not in unread}
    return out | {"_err": errors} if errors else out


def _log(host: Host, entries: list[dict[str, Any]]) -> bytes:
    lines = [f"SYNTHETIC snapshot of the invented host {host.name}. Generated, not collected."]
    lines += [f"{e['name']}: {e['status']}, {e['rows']} rows" for e in entries]
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _manifest(host: Host, entries: list[dict[str, Any]], members: dict[str, bytes]) -> bytes:
    copied = {path for paths in host.raw.values() for path in paths}
    listed: list[dict[str, Any]] = [
        {
            "path": path,
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "mtimeUtc": host.started if path in copied else None,
        }
        for path, data in members.items()
    ]
    computer, system = host.rows["computer"][0], host.rows["os"][0]
    collection = host.rows["collection"][0]
    manifest = {
        "format": "hvsnap", "formatVersion": 1, "collectorVersion": COLLECTOR_VERSION, "collectorSha256": None,
        "tableSha256": TABLE_SHA256, "runId": collection["RunId"], "startedUtc": host.started, "finishedUtc": host.finished,
        "host": {
            "name": host.name, "fqdn": collection["Fqdn"], "domain": computer["Domain"], "workgroup": computer["Workgroup"],
            "partOfDomain": computer["PartOfDomain"],
        },
        "os": {
            "build": host.build, "ubr": system.get("UBR"), "productType": system["ProductType"],
            "installationType": system["InstallationType"], "editionId": system["EditionId"], "caption": system["Caption"],
        },
        "psVersion": host.ps_version, "psEdition": "Desktop", "clr": host.clr, "languageMode": "FullLanguage",
        "is64BitProcess": True, "elevated": host.elevated, "remoting": False, "aborted": False,
        "user": {"sid": collection["UserSid"], "name": collection["UserName"]},
        "culture": host.language, "uiCulture": host.language, "parameters": host.parameters,
        "datasets": entries, "files": listed,
        "totals": {
            "datasets": len(entries), "rows": sum(e["rows"] for e in entries), "files": len(listed),
            "bytes": sum(f["bytes"] for f in listed), "ms": sum(e["ms"] for e in entries),
            "statusCounts": dict(sorted(Counter(e["status"] for e in entries).items())),
        },
        "redaction": None,
        "sideEffects": ["SYNTHETIC: generated from a readable description, no host was touched"],
        "errors": [],
    }  # fmt: skip
    text = canonical(manifest).replace(',{"name":', ',\n{"name":').replace(',{"path":', ',\n{"path":')
    return (text + "\n").encode("ascii")


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr, info.compress_type = 0, 0, zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=9)
    return out.getvalue()
