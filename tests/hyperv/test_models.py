import importlib
import pkgutil

import pytest

from snapshot_tool import model
from snapshot_tool.hyperv.tables import SCHEMAS
from snapshot_tool.snapshot import Row


def models() -> dict[str, list[type[Row]]]:
    found: dict[str, list[type[Row]]] = {}
    for module in pkgutil.iter_modules(model.__path__):
        for value in vars(importlib.import_module(f"snapshot_tool.model.{module.name}")).values():
            if (
                isinstance(value, type)
                and issubclass(value, Row)
                and hasattr(value, "table_name")
                and value.table_name in SCHEMAS
            ):
                known = found.setdefault(value.table_name, [])
                if value not in known:
                    known.append(value)
    return found


MODELS = models()


def test_every_canonical_table_has_one_model() -> None:
    assert {name: len(classes) for name, classes in MODELS.items()} == dict.fromkeys(SCHEMAS, 1)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_model_has_the_columns_of_its_table(name: str) -> None:
    [row] = MODELS[name]
    assert {field.folded for field in row.fields.values()} == {column.casefold() for column in SCHEMAS[name].columns}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_model_converts_every_symbol_of_its_table(name: str) -> None:
    [row] = MODELS[name]
    fields = {field.folded: field for field in row.fields.values()}
    for column in SCHEMAS[name].columns.values():
        for symbol in column.symbols or ():
            convert = fields[column.name.casefold()].convert
            assert convert is not None
            assert convert((symbol,) if column.type.startswith("list<") else symbol) in ((symbol,), symbol)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_model_gives_null_a_meaning_only_where_its_table_does(name: str) -> None:
    [row] = MODELS[name]
    nullable = {column.name.casefold() for column in SCHEMAS[name].columns.values() if column.nullable}
    assert {field.folded for field in row.fields.values() if field.optional} <= nullable
