"""The column tables of the snapshot format, from the product's own copy: which datasets and columns a build has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

HYPERV_ORDER, CLUSTER_ORDER = 600, 650


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    nullable: bool = True
    elevation: bool = False
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset as one build has it. `outside` is `osTooOld` or `osTooNew` where the build does not have it."""

    name: str
    kind: str
    order: int
    columns: tuple[Column, ...]
    single: bool = False
    elevation: bool = False
    switch: str | None = None
    outside: str | None = None
    source: str = "generated"
    key: tuple[str, ...] = ()


@cache
def _read(name: str) -> dict[str, Any]:
    text = files("snapshot_tool.knowledge.format").joinpath(name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def format_lists() -> dict[str, Any]:
    """`datasets.json` as it stands: registry list, ACL targets, boot elements, channels."""
    return _read("datasets.json")


def era_of(build: int) -> str:
    """The era of a build, such as `2016` for 14393."""
    return [str(e["era"]) for e in format_lists()["eras"] if min(e["builds"]) <= build][-1]


def _order(era: str) -> int:
    return [e["era"] for e in format_lists()["eras"]].index(era)


def reason_outside(item: dict[str, Any], build: int) -> str | None:
    """Why `build` lies outside `since` and `until` of an item of the tables; None inside."""
    era = _order(era_of(build))
    if era < _order(item.get("since", "2008")) or build < item.get("sinceBuild", 0):
        return "osTooOld"
    return "osTooNew" if era > _order(item.get("until", format_lists()["eras"][-1]["era"])) else None


@cache
def datasets(build: int) -> tuple[Dataset, ...]:
    """Every dataset that the collector knows, in run order."""
    found = [*_ordinary(build), *_class_dumps(build)]
    return tuple(sorted(found, key=lambda d: (d.order, d.name)))


def _ordinary(build: int) -> list[Dataset]:
    found = []
    for d in format_lists()["datasets"]:
        columns = tuple(
            Column(c["name"], c["type"], c["nullable"], c.get("elevation", False), reason_outside(c, build) is None)
            for c in d.get("columns", [])
        )
        asked = (
            d.get("optionalSwitch")
            if reason_outside({"since": d.get("optionalSince", "2008")}, build) is None
            else None
        )
        found.append(
            Dataset(
                d["name"],
                d["kind"],
                d["order"],
                columns,
                single=d["cardinality"] == "one",
                elevation=d["elevation"],
                switch=asked.lstrip("-") if asked else None,
                outside=reason_outside(d, build),
                key=tuple(d["key"]),
            )
        )
    return found


def _class_dumps(build: int) -> list[Dataset]:
    classes = _read("hyperv-classes.json")
    spaces = {part: text.split(" (")[0] for part, text in classes["namespaces"].items()}
    modern = _order(era_of(build)) >= _order("2012")
    found: dict[str, Dataset] = {}
    for part in ("v2", "v1", "cluster") if modern else ("v1", "v2", "cluster"):
        for c in classes[part]:
            foreign = part == ("v1" if modern else "v2") and not (c.get("also2012") and era_of(build) == "2012")
            outside = ("osTooNew" if modern else "osTooOld") if foreign else reason_outside(c, build)
            name = ("cluster/" if part == "cluster" else "hv/") + c["class"]
            order = CLUSTER_ORDER if part == "cluster" else HYPERV_ORDER
            columns = _properties(c["properties"] + c.get("computed", []), c, build)
            dump = Dataset(name, "rows", order, columns, elevation=True, outside=outside, source=f"wmi:{spaces[part]}")
            found.setdefault(name, dump)
    for m in classes["methods"]:
        if m["dataset"].startswith("data/hv/"):
            name = m["dataset"].removeprefix("data/").removesuffix(".json")
            columns, source = _properties(m["columns"], m, build), f"wmi:{spaces['v2' if modern else 'v1']}"
            outside = reason_outside(m, build)
            found[name] = Dataset(name, "rows", HYPERV_ORDER, columns, elevation=True, outside=outside, source=source)
    return list(found.values())


def _properties(names: list[str], item: dict[str, Any], build: int) -> tuple[Column, ...]:
    newer, builds = item.get("newer", {}), item.get("newerBuild", {})
    return tuple(
        Column(
            n,
            "any",
            offered=reason_outside({"since": newer.get(n, "2008"), "sinceBuild": builds.get(n, 0)}, build) is None,
        )
        for n in names
    )
