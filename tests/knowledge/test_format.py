"""The format definition is complete, consistent in itself and says by era what a host offers."""

import json
import re
from pathlib import Path

import pytest

from snapshot_tool import cells
from snapshot_tool.knowledge import format as definition
from snapshot_tool.knowledge.format import (
    class_formats,
    dataset_format,
    dataset_names,
    datasets,
    era_of,
    eras,
    in_era,
    registry_entries,
)

ERAS = ["2008", "2008R2", "2012", "2012R2", "2016", "2019", "2022", "2025"]
ALL = [*datasets().values(), *(one for part in ("v1", "v2", "cluster") for one in class_formats(part).values())]


@pytest.mark.parametrize(
    ("build", "era"),
    [
        (None, None),
        (0, None),
        (6000, None),
        (6001, "2008"),
        (6003, "2008"),
        (7601, "2008R2"),
        (9200, "2012"),
        (9599, "2012"),
        (9600, "2012R2"),
        (14393, "2016"),
        (17763, "2019"),
        (20348, "2022"),
        (25398, "2022"),
        (26100, "2025"),
        (40000, "2025"),
    ],
)
def test_the_era_of_a_build_is_the_last_one_not_above_it(build, era):
    assert era_of(build) == era


def test_eras_are_in_order():
    assert [era.name for era in eras()] == ERAS
    assert [era.first_build for era in eras()] == sorted(era.first_build for era in eras())


def test_a_range_of_eras_is_inclusive_and_open_where_it_says_nothing():
    assert [era for era in ERAS if in_era("2012", "2016", era)] == ["2012", "2012R2", "2016"]
    assert [era for era in ERAS if in_era(None, "2008R2", era)] == ["2008", "2008R2"]
    assert [era for era in ERAS if in_era("2025", None, era)] == ["2025"]
    assert all(in_era(None, None, era) for era in ERAS)


def test_a_first_build_narrows_the_first_era():
    assert not in_era("2008R2", None, "2008R2", 7600, since_build=7601)
    assert in_era("2008R2", None, "2008R2", 7601, since_build=7601)
    assert in_era("2008R2", None, "2008R2", None, since_build=7601)


def test_what_is_no_era_is_an_error():
    with pytest.raises(KeyError):
        in_era("2012", None, "2003")


def test_the_definition_holds_every_dataset_once():
    assert len(datasets()) == 69
    assert len(dataset_names()) == 69 + 113
    assert [name for name, one in datasets().items() if one.kind == "raw"] == [
        "secedit",
        "auditpol",
        "azman_store",
        "vmconfig",
        "task_xml",
    ]


def test_services_are_known_as_the_collector_writes_them():
    services = datasets()["services"]
    assert (services.file, services.key, services.cardinality, services.row_limit) == (
        "data/services.json",
        ("Name",),
        "many",
        2000,
    )
    protected = services.columns["LaunchProtected"]
    assert (protected.type, protected.since, protected.tokens, protected.values["3"]) == (
        "enum",
        "2012R2",
        None,
        "antimalware light",
    )
    assert not protected.offered_in("2012")
    assert protected.offered_in("2012R2")
    assert services.columns["SdRegistry"].elevation
    assert services.columns["DisplayName"].meaning


def test_a_token_enum_has_its_closed_set():
    assert datasets()["computer"].columns["FirmwareType"].tokens == {"BIOS", "UEFI"}


@pytest.mark.parametrize("dataset", datasets().values(), ids=lambda one: one.name)
def test_a_dataset_is_whole(dataset):
    assert dataset.kind in ("rows", "raw")
    assert dataset.cardinality in ("one", "many")
    assert set(dataset.key) <= set(dataset.columns)
    assert bool(dataset.columns) == (dataset.kind == "rows") == (dataset.file == f"data/{dataset.name}.json")
    assert bool(dataset.files) == (dataset.kind == "raw")


@pytest.mark.parametrize("dataset", ALL, ids=lambda one: f"{one.namespace or 'host'}-{one.name}")
def test_eras_of_a_dataset_and_its_columns_are_eras(dataset):
    for item in (dataset, *dataset.columns.values()):
        for era in (item.since, item.until):
            assert era is None or era in ERAS
        assert item.since_build is None or era_of(item.since_build) == item.since
        assert any(item.offered_in(era) for era in ERAS)


@pytest.mark.parametrize("dataset", datasets().values(), ids=lambda one: one.name)
def test_every_column_has_a_type_that_cells_are_read_by(dataset):
    for column in dataset.columns.values():
        assert callable(cells.decoder(column.type, column.tokens))
        assert (column.tokens is not None) <= column.type.endswith(("enum", "enum>"))
        assert bool(column.fields) == column.type.endswith(("object", "object>"))


def test_a_class_of_both_namespaces_is_that_of_the_era():
    name = "hv/Msvm_VirtualSystemSettingData"
    assert dataset_format(name, "2008R2").namespace == "v1"
    assert dataset_format(name, "2012").namespace == "v2"
    assert dataset_format(name, None).namespace == "v2"
    assert "SettingType" in dataset_format(name, "2008").columns
    assert "SettingType" not in dataset_format(name, "2022").columns


def test_a_class_of_v1_only_ends_with_2008_r2_and_the_one_with_the_scope_with_2012():
    ordinary = dataset_format("hv/Msvm_SwitchPort", "2012")
    scope = dataset_format("hv/Msvm_VirtualSystemGlobalSettingData", "2012")
    assert (ordinary.namespace, ordinary.offered_in("2008R2"), ordinary.offered_in("2012")) == ("v1", True, False)
    assert (scope.namespace, scope.offered_in("2012"), scope.offered_in("2012R2")) == ("v1", True, False)


def test_dumps_that_methods_give_are_datasets_too():
    summary = dataset_format("hv/Msvm_SummaryInformation", "2019")
    assert summary.file == "data/hv/Msvm_SummaryInformation.json"
    assert summary.columns["Shielded"].since == "2016"
    assert dataset_format("hv/Msvm_InteractiveSessionACE", "2019") is not None
    assert class_formats("v1")["hv/Msvm_SummaryInformation"].columns["MemoryAvailable"].since_build == 7601


def test_columns_that_the_collector_computes_are_marked():
    columns = dataset_format("hv/Msvm_VirtualSystemSettingData", "2022").columns
    assert [name for name, column in columns.items() if column.computed] == [
        "NotesLength",
        "NotesSha256",
        "NotesSuspicious",
    ]


def test_unknown_names_have_no_definition():
    assert dataset_format("none", "2022") is None
    assert dataset_format("hv/None", "2022") is None


def test_the_registry_list_says_where_each_value_is_exported():
    places = {entry.exported_by for entry in registry_entries()} - {None}
    assert "azman.StoreLocation" in places
    for place in places:
        dataset, _, column = place.partition(".")
        assert column.split(".")[0] in datasets()[dataset].columns, place
    assert {entry.mode for entry in registry_entries()} == {"value", "allValues", "presence"}


def test_vmconfig_needs_its_switch_from_2016_on():
    assert not datasets()["vmconfig"].optional_in("2012R2")
    assert datasets()["vmconfig"].optional_in("2016")
    assert datasets()["task_xml"].optional_in("2008")
    assert not datasets()["services"].optional_in("2022")


@pytest.mark.parametrize("case", definition.argument_filter_tests(), ids=lambda case: case["in"][:30])
def test_the_argument_filter_means_the_same_here(case):
    text = case["in"]
    for rule in definition.argument_filter():
        text = re.sub(rule["pattern"], rule["replacement"].replace("{1}", r"\g<1>"), text)
    assert text == case["out"]


def test_tokens_of_the_format_have_meanings():
    for words in (
        definition.statuses(),
        definition.skipped_reasons(),
        definition.not_applicable_reasons(),
        definition.error_types(),
    ):
        assert all(words.values())
    assert "redacted" in definition.cell_error_codes()


@pytest.mark.parametrize("name", ["datasets.json", "hyperv-classes.json"])
def test_the_definition_names_nothing_twice(name):
    def unique(pairs):
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    path = Path(definition.__file__).with_name(name)
    assert json.loads(path.read_bytes(), object_pairs_hook=unique)
