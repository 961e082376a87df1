"""Every report holds hostile names harmless, says what it must, and is the same twice."""

import csv
import io
import json
import os
import re
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from report.assessments import HOSTILE, assessment

from snapshot_tool import frames
from snapshot_tool.report import console, foreign, html_report, json_report, markdown, sarif
from snapshot_tool.report.localized import wording

WORDS = wording("en")
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def page(one, language="en"):
    out = io.BytesIO()
    html_report.write([one], wording(language), out)
    return out.getvalue().decode("utf-8")


def printed(one, width=100, encoding="utf-8"):
    raw = io.BytesIO()
    text = io.TextIOWrapper(raw, encoding=encoding, errors="strict", newline="\n")
    shown = console.make_console(text)
    shown.width = width
    console.print_assessment(shown, one, WORDS)
    text.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("name", HOSTILE)
def test_harmless_text_is_printable_and_short(name):
    shown = foreign.harmless(name)
    assert shown.isprintable()
    assert len(shown) <= 310


def test_the_console_prints_names_as_they_are_and_no_control_character():
    text = printed(assessment())
    assert UNSAFE.search(text.replace("\n", "")) is None
    assert "web[/prod] db [bold]1[/bold]" in text
    assert "\\x1b" in text


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii", "utf-8"])
@pytest.mark.parametrize("width", [40, 80, 160])
def test_the_console_survives_every_code_page_and_width(encoding, width):
    assert "HV-" in printed(assessment(), width, encoding)


def test_the_page_holds_foreign_text_as_data_only():
    text = page(assessment())
    assert "<script>alert" not in text
    assert text.count("<script") == 2


def test_the_page_has_a_strict_policy_and_asks_for_nothing():
    text = page(assessment())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert re.search(r'(?:src|href)="http', text) is None
    assert "@import" not in text
    assert "url(" not in text


def test_markdown_has_no_markup_of_foreign_origin():
    text = markdown.render([assessment()], WORDS).decode("utf-8")
    outside_code = re.sub(r"(`+)(?:.|\n)*?\1", "", text)
    assert "<script>" not in outside_code
    assert re.search(r"(?<!\\)\[link\]", outside_code) is None
    assert re.search(r"(?<!\\)!\\?\[", outside_code) is None
    assert re.search(r"https?(?<!\\):(?<!\\)//evil", outside_code) is None
    assert UNSAFE.search(text.replace("\n", "")) is None


def test_csv_has_no_formula_and_reads_back():
    out = io.BytesIO()
    frames.write_csv([assessment()], WORDS, out)
    text = out.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(HOSTILE) + 3
    assert all(not value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())
    assert {"check", "severity", "message", "evidence"} <= set(rows[0])


def test_a_workbook_has_text_where_text_was_meant():
    out = io.BytesIO()
    frames.write_xlsx([assessment()], WORDS, out)
    book = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert book.sheetnames[:2] == ["Findings", "Not assessed"]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(str(cell.value).startswith("=cmd") for cell in cells)


def test_sarif_names_rules_levels_and_fingerprints():
    document = json.loads(sarif.render([assessment()], WORDS))
    (run,) = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert document["version"] == "2.1.0"
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"]
        places = [json.dumps(place) for place in result.get("relatedLocations", ())]
        assert len(places) == len(set(places))
    assert {result["kind"] for result in run["results"]} == {"fail", "open", "review"}
    assert sum("suppressions" in result for result in run["results"]) == 1


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("names", [HOSTILE, [], ["plain"]])
def test_sarif_is_valid_against_its_schema(names, language):
    place = os.environ.get("SNAPSHOT_TOOL_SARIF_SCHEMA")
    if not place:
        pytest.skip("SNAPSHOT_TOOL_SARIF_SCHEMA names no JSON schema of SARIF 2.1.0")
    schema = json.loads(Path(place).read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    document = json.loads(sarif.render([assessment(names), assessment(["other"])], wording(language)))
    assert [error.message for error in validator.iter_errors(document)] == []
    document["runs"][0]["results"][0]["level"] = "dreadful"
    assert not validator.is_valid(document)


def test_json_has_every_member_of_the_contract():
    document = json.loads(json_report.render([assessment()]))
    (snapshot,) = document["snapshots"]
    assert set(snapshot) >= {"source", "sha256", "host", "collectedUtc", "coverage", "summary", "results", "gaps"}
    for result in snapshot["results"]:
        names = {"check", "status", "severity", "subject", "message", "evidence", "cause", "waiver", "foldedInto"}
        assert set(result) >= names
    assert snapshot["coverage"]["manual"] == 1
    assert sum(snapshot["summary"].values()) == len(HOSTILE)


def test_the_same_input_gives_the_same_bytes():
    assert json_report.render([assessment()]) == json_report.render([assessment()])
    assert markdown.render([assessment()], WORDS) == markdown.render([assessment()], WORDS)
    assert sarif.render([assessment()], WORDS) == sarif.render([assessment()], WORDS)
    assert page(assessment()) == page(assessment())


def test_a_report_without_findings_says_so():
    empty = assessment([])
    assert "Nothing here" in markdown.render([empty], WORDS).decode()
    assert page(empty)
    assert "0 critical" in printed(empty)


def test_german_reports_are_german():
    assert "Warum es zählt" in markdown.render([assessment()], wording("de")).decode()
    assert 'lang="de"' in page(assessment(), "de")
