"""The shipped checks, the copy of the catalogue and the models say nothing that contradicts each other."""

import importlib
import pkgutil
import re

import hosts
import pytest

import snapshot_tool.model
from analyzers import all_checks
from analyzers.not_shipped import NOT_SHIPPED
from snapshot_tool.knowledge.catalogue import catalogue
from snapshot_tool.knowledge.format import eras
from snapshot_tool.snapshot import Row

CHECKS = all_checks()
SHIPPED = {check.id for check in CHECKS}
ERAS = [era.name for era in eras()]
REFERENCE = re.compile(
    r"seed:[GM]\d\d"
    r"|BPA:B\d{3}"
    r"|STIG:(WN(19|22|25)-[A-Z0-9]{2}-\d{6}|WNFWA-\d{6}|WNDF(-AV-\d{6})?)"
    r"|CIS:\d+(\.\d+)+"
    r"|BSI:[A-Z]{3}\.[\dA-Z.]+"
    r"|NIST:(HY-SR-\d+ \(draft\)|SP 800-\d+[A-Z]?)"
    r"|ATT&CK:T\d{4}(\.\d{3})?"
    r"|MS-Plan|MS-AZMP|MS:\S.*"
    r"|https://\S+"
    r"|HV-[A-Z]+-\d{3}"
)
CITED = re.compile(r"(seed|BPA|STIG|CIS|BSI|NIST|ATT&CK):")

each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)


def models():
    """Every model with a table, whichever module it stands in."""
    for module in pkgutil.iter_modules(snapshot_tool.model.__path__):
        importlib.import_module(f"snapshot_tool.model.{module.name}")
    found, waiting = [], [Row]
    while waiting:
        for model in waiting.pop().__subclasses__():
            waiting.append(model)
            if model.__module__.startswith("snapshot_tool.model.") and hasattr(model, "table_name"):
                found.append(model)
    return sorted(found, key=lambda model: (model.__module__, model.__name__))


def test_the_copy_of_the_catalogue_has_every_row_once():
    rows = catalogue()
    assert len(rows) == 428
    assert [sum(row.priority == name for row in rows.values()) for name in ("P0", "P1", "P2")] == [241, 138, 49]
    for row in rows.values():
        assert re.fullmatch(r"HV-[A-Z]+-\d{3}", row.id)
        assert row.id.split("-")[1] == row.area
        assert row.severity
        assert row.eras


def test_every_cited_source_of_the_catalogue_is_well_formed():
    cited = {source for row in catalogue().values() for source in row.sources if CITED.match(source)}
    assert not {source for source in cited if not REFERENCE.fullmatch(source)}


def test_every_check_answers_a_question_of_the_catalogue():
    assert not SHIPPED - catalogue().keys()


def test_every_first_rank_question_has_a_check_or_a_reason_why_not():
    first = {row.id for row in catalogue().values() if row.priority == "P0"}
    assert not first - SHIPPED - NOT_SHIPPED.keys()


def test_what_is_not_shipped_is_a_question_without_a_check_and_has_a_reason():
    assert not NOT_SHIPPED.keys() & SHIPPED
    assert not NOT_SHIPPED.keys() - catalogue().keys()
    assert all(len(reason.split()) > 2 for reason in NOT_SHIPPED.values())


@each_check
def test_a_check_tells_why_and_how_to_mend(check):
    assert len(check.rationale.split()) >= 5
    assert check.remediation
    assert "Ensure" not in check.title
    assert check.title[0].isupper() or check.title.startswith("iSCSI")
    assert not check.title.endswith(".")


@each_check
def test_a_check_names_its_sources(check):
    assert check.refs or not any(CITED.match(source) for source in catalogue()[check.id].sources)
    assert not [ref for ref in check.refs if not REFERENCE.fullmatch(ref)]
    assert len(set(check.refs)) == len(check.refs)


@each_check
def test_a_check_says_eras_that_exist_in_their_order(check):
    assert check.since in ERAS
    assert check.until is None or ERAS.index(check.since) <= ERAS.index(check.until)


@pytest.mark.parametrize("model", models(), ids=lambda model: f"{model.__module__.rpartition('.')[2]}.{model.__name__}")
def test_a_model_reads_only_columns_that_its_table_declares(model):
    """A misspelt attribute would look like a gap."""
    declared = hosts.host("2022").table(model.table_name).by_attribute
    assert not [name for name, field in model.fields.items() if field.folded not in declared]
