"""What collector.ps1 declares equals the format definition: the table, the list of datasets, and every list that it holds besides."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
from pathlib import Path
from typing import Any

import pytest
from powershell import contract, gate, rules
from powershell.recorded import pwsh


@pytest.fixture(scope="module")
def script() -> gate.Script:
    return gate.Script(contract.COLLECTOR.read_bytes())


def code(script: gate.Script) -> str:
    """The script's text without the table."""
    return gate._without_table(script.text).decode("ascii")


def test_the_table_in_the_script_is_the_one_that_the_definition_makes() -> None:
    held = (
        gate.between(contract.COLLECTOR.read_bytes(), rules.TABLE_BEGIN, rules.TABLE_END)
        .decode("ascii")
        .replace("\r\n", "\n")
    )
    lines = held.rstrip("\n").split("\n")
    assert re.fullmatch(r"\$script:\w+ = @'", lines[0])
    assert lines[-1] == "'@"
    assert "\n".join(lines[1:-1]) + "\n" == contract.table_text(*contract.definition())


def test_the_table_printer_agrees_with_the_reference_where_it_is_at_hand() -> None:
    data = os.environ.get("SNAPSHOT_TOOL_REAL_DATA")
    reference = Path(data).parent / "design/table.py" if data else None
    if reference is None or not reference.is_file():
        pytest.skip("SNAPSHOT_TOOL_REAL_DATA does not lead to the reference printer")
    made = runpy.run_path(str(reference))["text"](contract.FORMAT)
    assert made == contract.table_text(*contract.definition())


def test_the_table_tells_enums_eras_and_builds_apart() -> None:
    text = contract.table_text(*contract.definition()).split("\n")
    assert "D|net_teams|data/net_teams.json|1|530|rows|many|0|2012||||||Team" in text
    assert (
        "C|Team:string,Mode:enum.int,Algorithm:enum.int,Status:enum.int?,Members:list<string>,MemberDescriptions:list<string>"
        in text
    )
    assert any(t.startswith("D|vmconfig|") and "-IncludeVmcx@2016" in t for t in text)
    assert any("@2008R2#7601" in t for t in text)


@pytest.mark.parametrize(("member", "value"), [("era", "20|12"), ("era", "20\n12"), ("era", "caf\u00e9")])
def test_a_value_that_holds_a_separator_stops_the_printer(member: str, value: str) -> None:
    spec, hv = contract.definition()
    spec["eras"][0][member] = value
    with pytest.raises(ValueError, match=r"separator|printable"):
        contract.table_text(spec, hv)


# --- what the script says when asked ------------------------------------------------------------------------------


def printed(*arguments: str) -> tuple[int, str]:
    command = [pwsh(), "-NoProfile", "-NonInteractive", "-File", str(contract.COLLECTOR), *arguments]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    return done.returncode, done.stdout


def expected_list() -> list[dict[str, Any]]:
    spec, hv = contract.definition()
    eras = [e["era"] for e in spec["eras"]]
    out = [
        {
            "name": d["name"],
            "kind": d["kind"],
            "schema": d["schema"],
            "order": d["order"],
            "since": d["since"],
            "until": d.get("until"),
            "elevation": d["elevation"],
            "switch": d.get("optionalSwitch"),
            "columns": [c["name"] for c in d["columns"]],
        }
        for d in spec["datasets"]
    ]
    dumps: dict[str, dict[str, Any]] = {}
    for part in ("v2", "cluster", "v1"):
        for c in hv[part]:
            name = ("cluster/" if part == "cluster" else "hv/") + c["class"]
            if part == "v1" and name in dumps:
                dumps[name]["since"] = min(dumps[name]["since"], c["since"], key=eras.index)
                continue
            until = c.get("until") or (None if part != "v1" else "2012" if c.get("also2012") else "2008R2")
            dumps[name] = {"since": c["since"], "until": until, "columns": [*c["properties"], *c.get("computed", [])]}
    for m in hv["methods"]:
        if m["dataset"].startswith("data/hv/"):
            dumps[m["dataset"][5:-5]] = {"since": m["since"], "until": None, "columns": m["columns"]}
    for name, dump in dumps.items():
        order = 650 if name.startswith("cluster/") else 600
        out.append(
            {"name": name, "kind": "rows", "schema": 1, "order": order, "elevation": True, "switch": None, **dump}
        )
    return sorted(out, key=lambda d: (d["order"], d["name"]))


def test_list_datasets_as_json_says_what_the_definition_says() -> None:
    status, text = printed("-ListDatasets", "-AsJson")
    assert status == 0
    listed = json.loads(text)
    assert list(listed) == ["datasets"]
    members = ["name", "kind", "schema", "order", "since", "until", "elevation", "switch", "columns"]
    assert all(list(d) == members for d in listed["datasets"])
    wanted = expected_list()
    assert [d["name"] for d in listed["datasets"]] == [d["name"] for d in wanted]
    for got, want in zip(listed["datasets"], wanted, strict=True):
        assert got == {m: want[m] for m in members}


def test_list_datasets_without_json_names_each_on_a_line() -> None:
    status, text = printed("-ListDatasets")
    assert status == 0
    assert set(text.split()) >= {d["name"] for d in expected_list()}


def test_powershell_itself_finds_no_error_in_the_text() -> None:
    parse = (
        "$t = $null; $e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile('{}', [ref]$t, [ref]$e);"
        " foreach ($x in $e) {{ $x.Extent.StartLineNumber.ToString() + ' ' + $x.Message }}; 'done'"
    ).format(str(contract.COLLECTOR).replace("'", "''"))
    done = subprocess.run(
        [pwsh(), "-NoProfile", "-NonInteractive", "-Command", parse], capture_output=True, check=False, encoding="utf-8"
    )
    assert done.stdout.split() == ["done"], done.stdout


def test_another_parameter_or_value_ends_with_64_and_one_line() -> None:
    for arguments in (
        ("-Nonsense",),
        ("-Include", "no_such_dataset"),
        ("-MaxAclFiles", "many"),
        ("-TimeBudgetSeconds", "-5"),
    ):
        status, text = printed(*arguments)
        assert status == 64, (arguments, text)
        assert len(text.strip().splitlines()) == 1, text


def test_on_a_system_that_is_not_windows_it_ends_with_4_and_writes_nothing(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("this is Windows")
    status, text = printed("-OutputPath", str(tmp_path))
    assert status == 4
    assert "Windows" in text
    assert not list(tmp_path.iterdir())


# --- lists that the script holds besides --------------------------------------------------------------------------


def quoted(script: gate.Script, name: str) -> list[str]:
    """The strings of the list or hashtable keys that a script-level variable is set to."""
    for node in script.found("assignment_expression"):
        left, _, value = script.of(node).partition("=")
        if left.strip().lower() == f"$script:{name}".lower() and not script.inside(node):
            return re.findall(r"'((?:[^']|'')*)'", value)
    raise AssertionError(f"the script holds no ${name}")


def test_cell_error_codes_are_those_of_the_definition(script: gate.Script) -> None:
    spec, _ = contract.definition()
    assert quoted(script, "CellErrorCodes") == spec["cellErrorCodes"]


def test_reasons_and_error_types_that_the_script_gives_are_tokens_of_the_definition(script: gate.Script) -> None:
    spec, _ = contract.definition()
    text = code(script)
    given = set(re.findall(r"\.Skipped = '(\w+)'", text))
    assert given <= set(spec["skippedReasons"])
    assert given >= {"excluded", "optional", "notElevated", "aborted", "timeBudget"}
    absent = set(re.findall(r"(?:\.Absent = |Set-Absent \$d |New-Absent )'(\w+)'", text))
    assert absent <= set(spec["notApplicableReasons"])
    types = set(re.findall(r"Add-ErrorEntry \$d \S+ '(\w+)'", text)) | set(
        re.findall(r"Set-Unread \$d \S+ '(\w+)'", text)
    )
    function = script.of(script.functions["get-errortype"])
    types |= set(re.findall(r"return '(\w+)'", function))
    assert types <= set(spec["errorTypes"]), types - set(spec["errorTypes"])


def test_tokens_written_into_enum_columns_are_tokens_of_the_definition(script: gate.Script) -> None:
    spec, _ = contract.definition()
    tokens = {
        c["name"]: set(c["enum"])
        for d in spec["datasets"]
        for c in d["columns"]
        if c["type"] == "enum" and c["enumOf"] == "token"
    }
    by_dataset = {
        "read-" + "".join(d["name"].split("_")): {
            c["name"]: set(c["enum"]) for c in d["columns"] if c.get("enumOf") == "token"
        }
        for d in spec["datasets"]
    }
    assert tokens
    for name, columns in by_dataset.items():
        if name not in script.functions:
            continue
        text = script.of(script.functions[name])
        for column, allowed in columns.items():
            written = set(re.findall(rf"\['{column}'\] = '([^']*)'", text)) | set(
                re.findall(rf"'{column}' '([^']*)'", text)
            )
            written -= set(spec["cellErrorCodes"])
            assert written <= allowed, (name, column, written - allowed)


def test_programs_that_it_starts_are_those_of_the_definition(script: gate.Script) -> None:
    spec, _ = contract.definition()
    named = set(re.findall(r"\b(\w+\.exe)\b", code(script), re.IGNORECASE)) - {"powershell.exe"}
    started = {Path(p["file"].replace("\\", "/")).name for p in spec["childProcesses"]}
    calls = " ".join(
        script.of(n)
        for n in script.found("command")
        if re.match(r"(Invoke-SystemProgram|Get-ProgramFile)\b", script.of(n))
    )
    assert {n.lower() for n in re.findall(r"'(\w+\.exe)'", calls)} == started
    assert started <= {n.lower() for n in named}
    for program in spec["childProcesses"]:
        for word in re.sub(r"<[^>]*>", " ", program["arguments"]).split():
            assert word in calls, (program["file"], word)


def test_com_members_that_the_gate_allows_are_those_of_the_definition() -> None:
    spec, _ = contract.definition()
    listed = {m.split(" (")[0] for c in spec["comObjects"] for m in c["members"]}
    below = {"CreateUpdateSearcher", "GetTotalHistoryCount"}
    assert set(rules.COM_METHODS) - below <= listed
    assert rules.COM_OBJECTS | {"{" + c + "}" for c in rules.COM_CLASS_IDS} | {"ADSI WinNT:", "ADSI LDAP:"} == {
        c["progId"] for c in spec["comObjects"]
    }


def test_roles_of_access_rights_are_those_of_the_definition_in_its_order(script: gate.Script) -> None:
    spec, _ = contract.definition()
    text = code(script)
    for target in spec["aclTargets"]:
        if target["role"] != "parentDir":
            assert re.search(rf"['|]{target['role']}['|]", text), target["role"]
    limit = next(d["limit"] for d in spec["datasets"] if d["name"] == "acls")
    first = [r.strip() for r in limit["order"].split(",")][:7]
    flat = re.sub(r"[\s']", "", text)
    assert ",".join(first) in flat


def test_the_page_for_administrators_names_every_parameter_and_exit_code(script: gate.Script) -> None:
    page = (contract.ROOT / "docs/collector.md").read_text(encoding="utf-8")
    block = next(n for n in script.found("param_block") if n.parent == script.root)
    names = [
        script.of(v)[1:]
        for p in gate._walk(block)
        if p.type == "script_parameter"
        for v in p.children
        if v.type == "variable"
    ]
    assert len(names) > 15
    for name in names:
        assert f"-{name}" in page, name
        assert re.search(rf"<# \S.{{10,}} #> (\[switch\])?\${name}\b", script.of(block)), name
    for exit_code in (0, 1, 2, 3, 4, 64):
        assert re.search(rf"(?m)^\| {exit_code} \|", page)
        assert re.search(rf"\b{exit_code} \w+", code(script).split("Exit codes:")[1].split("\n")[0])
