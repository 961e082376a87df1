"""The text of the dataset table, printed from the format definition as chapter 11 of the format document says, and what else the script must hold."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
FORMAT = ROOT / "snapshot_tool/knowledge/format"
COLLECTOR = ROOT / "collector.ps1"

Item = dict[str, Any]


def definition() -> tuple[Item, Item]:
    """datasets.json and hyperv-classes.json of the package."""
    return tuple(json.loads((FORMAT / n).read_text(encoding="utf-8")) for n in ("datasets.json", "hyperv-classes.json"))  # type: ignore[return-value]


def table_text(spec: Item, hv: Item) -> str:
    """The table as one text: ASCII, LF, one record a line. Raises ValueError where a value holds a separator of its place."""
    records = list(_records(spec, hv))
    if any(not r.isascii() or not r.isprintable() for r in records):
        raise ValueError("a record of the table is not one line of printable ASCII")
    return "\n".join(records) + "\n"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _records(spec: Item, hv: Item) -> Iterator[str]:
    for era in spec["eras"]:
        yield _join("Y", era["era"], min(era["builds"]))
    for dataset in sorted(spec["datasets"], key=lambda d: int(d["order"])):
        yield _dataset(dataset)
        if dataset["columns"]:
            yield "C|" + ",".join(_column(c) for c in dataset["columns"])
    merged: dict[tuple[Any, ...], list[str]] = {}
    for entry in spec["registryList"]:
        if not entry.get("exportedBy"):
            place = (entry["key"], entry["mode"], bool(entry.get("sd")), entry.get("since"), entry.get("until"))
            merged.setdefault(place, []).append(entry["name"])
    for place, names in merged.items():
        yield _join("R", *place, names)
    for c in spec["wmiClasses"]:
        yield _join(
            "W",
            c["namespace"],
            c["class"],
            c["properties"],
            c["methods"],
            c.get("where"),
            c.get("since"),
            c.get("until"),
        )
    for part in ("v2", "v1", "cluster"):
        namespace = hv["namespaces"][part].split(" (")[0]
        for c in hv[part]:
            flags = [flag for flag in ("excludeTemplates", "also2012") if c.get(flag)]
            since = f"{c['since']}#{c['sinceBuild']}" if "sinceBuild" in c else c["since"]
            yield _join(
                "H",
                namespace,
                c["class"],
                _dated(c, c["properties"]),
                c.get("computed", []),
                flags,
                since,
                c.get("until"),
            )
    for m in hv["methods"]:
        name = m["dataset"].removeprefix("data/").removesuffix(".json")
        yield _join("M", m["namespace"], m["method"], name, _dated(m, m["columns"]), m["since"])
    for kind, members in (
        ("bootElements", "id name kind"),
        ("binaryTargets", "path role since until"),
        ("registryAclTargets", "key role subKeys"),
        ("aclTargets", "role recursion withParents audit"),
        ("eventLogChannels", "channel match"),
    ):
        letter = {
            "bootElements": "B",
            "binaryTargets": "T",
            "registryAclTargets": "K",
            "aclTargets": "A",
            "eventLogChannels": "E",
        }[kind]
        for item in spec[kind]:
            yield _join(letter, *(item.get(member) for member in members.split()))
    for v in spec["eventSelection"]:
        ids = v["eventIds"] if isinstance(v["eventIds"], list) else [v["eventIds"]]
        yield _join("V", v["channel"], v["provider"], ids, v["windowDays"], v["dataFields"])
    for f in spec["argumentFilter"]:
        yield _join("F", f["replacement"]) + "|" + f["pattern"]
    yield "S|" + spec["secretValueNamePattern"]


def _join(*fields: Any) -> str:
    return "|".join(_field(f) for f in fields)


def _field(value: Any, forbidden: str = "|") -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case list():
            return ",".join(_field(v, "|,") for v in value)
    text = str(value)
    if any(c in text for c in forbidden):
        raise ValueError(f"holds a separator: {text!r}")
    return text


def _mark(since: str | None, until: str | None = None, build: int | None = None) -> str:
    text = (since or "") + (f"#{build}" if build else "") + (f"-{until}" if until else "")
    return "@" + text if text else ""


def _column(c: Item) -> str:
    kind = f"enum.{c['enumOf']}" if c["type"] == "enum" else c["type"].replace("<enum>", f"<enum.{c.get('enumOf')}>")
    text = f"{c['name']}:{kind}" + "?" * bool(c["nullable"]) + "!" * bool(c.get("elevation"))
    return _field(text, "|,@") + _mark(c.get("since"), c.get("until"))


def _dated(item: Item, names: list[str]) -> list[str]:
    return [
        _field(n, "|,@#") + _mark(item.get("newer", {}).get(n), None, item.get("newerBuild", {}).get(n)) for n in names
    ]


def _dataset(d: Item) -> str:
    limit = d.get("limit", {})
    files = d["files"] if d["kind"] == "raw" else d["file"]
    switch = d["optionalSwitch"] + _mark(d.get("optionalSince")) if d.get("optionalSwitch") else None
    return _join(
        "D",
        d["name"],
        files,
        d["schema"],
        d["order"],
        d["kind"],
        d["cardinality"],
        d["elevation"],
        d.get("since"),
        d.get("until"),
        limit.get("rows"),
        limit.get("seconds"),
        limit.get("switch"),
        switch,
        d["key"],
    )
