"""The snapshot format as tables: datasets and columns (datasets.json), class dumps (hyperv-classes.json), eras, reasons.

The two files are the definition that collector.ps1 and this tool share (docs/snapshot-format.md, chapter 11); here they are only read.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

FORMAT_VERSION: Final = 1

Namespace = Literal["v1", "v2", "cluster"]


class Era(NamedTuple):
    """A generation of Windows, known by the smallest build of it."""

    name: str
    first_build: int


@dataclass(frozen=True, slots=True, eq=False)
class ColumnFormat:
    """One column of a dataset. Compared and hashed by identity: there is one per definition.

    `type` is one of `datasets.json`, or `cim` in class dumps, where the class of the host decides. `values` are the labels of an enum by
    token or by code in decimal; `tokens` the closed set of a token enum, None for any other type. `since_build` where the era is too coarse.
    """

    name: str
    type: str
    nullable: bool = True
    since: str | None = None
    until: str | None = None
    since_build: int | None = None
    elevation: bool = False
    tokens: frozenset[str] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    format: str | None = None
    unit: str | None = None
    computed: bool = False
    display_only: bool = False
    unverified: bool = False
    absent_means: str | None = None
    meaning: str = ""

    def offered_in(self, era: str, build: int | None = None) -> bool:
        """Whether the host's release has this column, beside the range of its dataset."""
        return in_era(self.since, self.until, era, build, since_build=self.since_build)


@dataclass(frozen=True)
class DatasetFormat:
    """One dataset: a data file (`kind` rows), or byte copies (`kind` raw, `files` patterns where `<...>` is one name).

    `optional_switch` asks for it, from `optional_since` on; before, it is collected without. `row_limit` and `limit_switch` are those of
    the collector. `namespace` is set for class dumps only.
    """

    name: str
    kind: str
    schema: int
    cardinality: str
    since: str | None
    until: str | None
    file: str | None = None
    files: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    elevation: bool = False
    title: str = ""
    optional_switch: str | None = None
    optional_since: str | None = None
    row_limit: int | None = None
    second_limit: int | None = None
    limit_switch: str | None = None
    since_build: int | None = None
    namespace: Namespace | None = None
    _source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def columns(self) -> Mapping[str, ColumnFormat]:
        """By name, in declared order; empty for kind raw."""
        make = _dataset_columns if self.namespace is None else _class_columns
        return MappingProxyType({column.name: column for column in make(self._source)})

    def offered_in(self, era: str, build: int | None = None) -> bool:
        """Whether the host's release has it."""
        return in_era(self.since, self.until, era, build, since_build=self.since_build)

    def optional_in(self, era: str) -> bool:
        """Whether the collector leaves it out unless `optional_switch` is given."""
        return self.optional_switch is not None and in_era(self.optional_since, None, era)


class RegistryEntry(NamedTuple):
    """One value (or key) that the collector exports; `exported_by` is `dataset.Column` where it is not in registry_values."""

    key: str
    name: str
    mode: str
    kind: str
    since: str | None
    until: str | None
    exported_by: str | None
    absent_means: str | None
    security_descriptor: bool
    unverified: bool
    meaning: str


@cache
def eras() -> tuple[Era, ...]:
    """Oldest first."""
    return tuple(Era(entry["era"], min(entry["builds"])) for entry in _datasets_json()["eras"])


def era_of(build: int | None) -> str | None:
    """The era of a build, `2008` to `2025`; None for no build and for one older than all. A newer build counts to the last era."""
    found = None
    for era in eras():
        if build is not None and era.first_build <= build:
            found = era.name
    return found


def in_era(
    since: str | None, until: str | None, era: str, build: int | None = None, *, since_build: int | None = None
) -> bool:
    """Whether an era lies in a range, inclusive; None leaves an end open. Raises KeyError for what is no era.

    `since_build` narrows the first era; it is not looked at where `build` is unknown.
    """
    order = _era_order()
    if since is not None and order[era] < order[since]:
        return False
    if until is not None and order[era] > order[until]:
        return False
    return since_build is None or build is None or build >= since_build


@cache
def datasets() -> Mapping[str, DatasetFormat]:
    """Every dataset but the class dumps, by name, in the order of the file."""
    return MappingProxyType({source["name"]: _dataset(source) for source in _datasets_json()["datasets"]})


@cache
def class_formats(namespace: Namespace) -> Mapping[str, DatasetFormat]:
    """The class dumps of one WMI namespace, by dataset name (`hv/Msvm_ComputerSystem`), with those that methods give."""
    found = {}
    prefix = "cluster/" if namespace == "cluster" else "hv/"
    for source in _classes_json()[namespace]:
        found[prefix + source["class"]] = _class_dump(prefix + source["class"], namespace, source)
    for source in _classes_json()["methods"]:
        name = source["dataset"].removeprefix("data/").removesuffix(".json")
        if name.startswith(prefix) and namespace in source["namespace"]:
            found[name] = _class_dump(name, namespace, source | {"properties": source["columns"]})
    return MappingProxyType(found)


def dataset_format(name: str, era: str | None) -> DatasetFormat | None:
    """The definition that holds for a dataset in an era; None for a name that the format does not know.

    Of a class that stands in v1 and v2 it is that of v2 from 2012 on (and where the era is unknown). A class of the other namespace
    only is given with the range that excludes the era.
    """
    if not name.startswith(("hv/", "cluster/")):
        return datasets().get(name)
    first, second = ("v1", "v2") if era is not None and in_era(None, "2008R2", era) else ("v2", "v1")
    found = class_formats("cluster").get(name) or class_formats(first).get(name)
    return found or class_formats(second).get(name)


@cache
def dataset_names() -> frozenset[str]:
    """Every name that a manifest of this format can hold."""
    return frozenset(datasets()).union(*(class_formats(part) for part in ("v1", "v2", "cluster")))


@cache
def registry_entries() -> tuple[RegistryEntry, ...]:
    """The registry list, in the order of the file."""
    return tuple(
        RegistryEntry(
            key=source["key"],
            name=source["name"],
            mode=source["mode"],
            kind=source["kind"],
            since=source.get("since"),
            until=source.get("until"),
            exported_by=source.get("exportedBy"),
            absent_means=source.get("absentMeans"),
            security_descriptor=source.get("sd", False),
            unverified=source.get("unverified", False),
            meaning=source.get("meaning", ""),
        )
        for source in _datasets_json()["registryList"]
    )


def statuses() -> Mapping[str, str]:
    """What the status of a dataset can be, with its meaning."""
    return _words("statuses")


def skipped_reasons() -> Mapping[str, str]:
    """Reason tokens of status skipped, with their meaning."""
    return _words("skippedReasons")


def not_applicable_reasons() -> Mapping[str, str]:
    """Reason tokens of status notApplicable, with their meaning."""
    return _words("notApplicableReasons")


def error_types() -> Mapping[str, str]:
    """Types of error objects, with their meaning."""
    return _words("errorTypes")


def cell_error_codes() -> Sequence[str]:
    """Codes that `_err` may begin with."""
    codes: Sequence[str] = _datasets_json()["cellErrorCodes"]
    return codes


def argument_filter() -> Sequence[Mapping[str, str]]:
    """The patterns that remove secrets from command lines, in the order of use; `{1}` is the first group."""
    filters: Sequence[Mapping[str, str]] = _datasets_json()["argumentFilter"]
    return filters


def argument_filter_tests() -> Sequence[Mapping[str, str]]:
    """Pairs `in`, `out` that every implementation of the filter must satisfy."""
    tests: Sequence[Mapping[str, str]] = _datasets_json()["argumentFilterTests"]
    return tests


def _words(name: str) -> Mapping[str, str]:
    words: Mapping[str, str] = _datasets_json()[name]
    return words


@cache
def _datasets_json() -> Mapping[str, Any]:
    return _json("datasets.json")


@cache
def _classes_json() -> Mapping[str, Any]:
    return _json("hyperv-classes.json")


def _json(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(Path(__file__).with_name(name).read_bytes())
    return found


@cache
def _era_order() -> Mapping[str, int]:
    return {era.name: place for place, era in enumerate(eras())}


def _dataset(source: Mapping[str, Any]) -> DatasetFormat:
    limit = source.get("limit", {})
    return DatasetFormat(
        name=source["name"],
        kind=source["kind"],
        schema=source["schema"],
        cardinality=source["cardinality"],
        since=source.get("since"),
        until=source.get("until"),
        file=source["file"],
        files=tuple(source.get("files", ())),
        key=tuple(source["key"]),
        elevation=source["elevation"],
        title=source["title"],
        optional_switch=source.get("optionalSwitch"),
        optional_since=source.get("optionalSince"),
        row_limit=limit.get("rows"),
        second_limit=limit.get("seconds"),
        limit_switch=limit.get("switch"),
        _source=source,
    )


def _dataset_columns(source: Mapping[str, Any]) -> Iterator[ColumnFormat]:
    for column in source["columns"]:
        values = column.get("enum", {})
        yield ColumnFormat(
            name=column["name"],
            type=column["type"],
            nullable=column["nullable"],
            since=column.get("since"),
            until=column.get("until"),
            elevation=column.get("elevation", False),
            tokens=frozenset(values) if column.get("enumOf") == "token" else None,
            values=values,
            fields=column.get("fields", {}),
            format=column.get("format"),
            unit=column.get("unit"),
            display_only="display only" in column["meaning"],
            unverified=column.get("unverified", False),
            absent_means=column.get("absentMeans"),
            meaning=column["meaning"],
        )


def _class_dump(name: str, namespace: Namespace, source: Mapping[str, Any]) -> DatasetFormat:
    return DatasetFormat(
        name=name,
        kind="rows",
        schema=1,
        cardinality="many",
        since=source["since"],
        # v1 ends with 2008 R2; on 2012 it is asked for nothing but the class that v2 lacks.
        until=source.get("until") or (None if namespace != "v1" else "2012" if source.get("also2012") else "2008R2"),
        file=f"data/{name}.json",
        elevation=True,
        title=source["why"],
        since_build=source.get("sinceBuild"),
        namespace=namespace,
        _source=source,
    )


def _class_columns(source: Mapping[str, Any]) -> Iterator[ColumnFormat]:
    newer, builds = source.get("newer", {}), source.get("newerBuild", {})
    unverified = source.get("newerUnverified", ())
    for name in source["properties"]:
        yield ColumnFormat(
            name, "cim", since=newer.get(name), since_build=builds.get(name), unverified=name in unverified
        )
    for name in source.get("computed", ()):
        yield ColumnFormat(name, "cim", computed=True)
