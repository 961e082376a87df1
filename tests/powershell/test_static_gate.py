"""The static gate: collector.ps1 keeps every rule of gate.py, and each rule catches what it is there for."""

from __future__ import annotations

import functools
import re

import pytest
from powershell import contract, gate, rules


@functools.cache
def tables() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """WMI classes, WMI methods and raw member patterns of the format definition."""
    spec, hv = contract.definition()
    parts = [c for part in ("v2", "v1", "cluster") for c in hv[part]]
    dumps = {m["dataset"].rsplit("/", 1)[-1].removesuffix(".json") for m in hv["methods"]}
    classes = {c["class"] for c in spec["wmiClasses"]} | {c["class"] for c in parts} | dumps
    classes |= {m["method"].split(".")[0] for m in hv["methods"]}
    methods = {m for c in spec["wmiClasses"] for m in c["methods"]} | {m["method"].split(".")[1] for m in hv["methods"]}
    # Named by the format in prose: the older form of a method, for 2012.
    methods |= {"GetReplicationStatistics"}
    raw = {f for d in spec["datasets"] if d["kind"] == "raw" for f in d["files"]}
    return frozenset(classes), frozenset(methods), frozenset(raw)


@functools.cache
def text() -> bytes:
    return contract.COLLECTOR.read_bytes()


def offences(script: bytes) -> list[gate.Offence]:
    classes, methods, raw = tables()
    return gate.offences(script, set(classes), set(methods), set(raw))


@functools.cache
def standing() -> frozenset[tuple[str, str]]:
    return frozenset((o.rule, o.text) for o in offences(text()))


def test_the_script_keeps_every_rule() -> None:
    found = [offence for offence in offences(text()) if offence.rule != "size"]
    assert not found, "\n".join(f"line {o.line}: {o.rule}: {o.text}" for o in found)


def test_the_script_is_short_enough_to_be_read() -> None:
    assert [offence.text for offence in offences(text()) if offence.rule == "size"] == []


def with_statement(statement: str) -> bytes:
    """The script with one more statement in the body of the first function after the layer."""
    script = gate.Script(text())
    after = text().index(rules.LAYER_END.encode())
    function = min((n for n in script.functions.values() if n.start_byte > after), key=lambda n: n.start_byte)
    body = next(n for n in gate._walk(function) if n.type == "statement_list")
    return text()[: body.start_byte] + statement.encode() + b"\n    " + text()[body.start_byte :]


MUTATIONS = {
    # something is written
    "Set-ItemProperty -Path 'HKLM:\\SOFTWARE\\X' -Name A -Value 1": "command not in the list",
    "Remove-Item -Path $x": "command not in the list",
    "New-Item -Path $x": "command not in the list",
    "Start-Service -Name vmms": "command not in the list",
    "Set-Content -Path $x -Value 1": "command not in the list",
    "Out-File -FilePath $x": "command not in the list",
    "$x > C:\\x.txt": "redirection",
    "${C:\\x.txt} = 'a'": "variable of a drive is set",
    "$env:PATH = 'C:\\'": "variable of a drive is set",
    "$key.SetValue('A', 1)": "method not in the list",
    "[void]$key.CreateSubKey('A')": "method not in the list",
    "$key.DeleteValue('A')": "method not in the list",
    "$key = $parent.OpenSubKey('A', $true)": "registry key opened for writing",
    "[Microsoft.Win32.Registry]::SetValue('HKEY_LOCAL_MACHINE\\X', 'A', 1)": "static method not in the list",
    "[System.IO.File]::WriteAllText('C:\\x', 'a')": "static method not in the list",
    "[System.IO.File]::Copy('C:\\x', 'C:\\y')": "static method not in the list",
    "[IO.Directory]::Delete('C:\\x')": "call that may write, in another function or way",
    "$sd.SetAccessRule($rule)": "method not in the list",
    "$entry.CommitChanges()": "method not in the list",
    "[System.Environment]::SetEnvironmentVariable('A', 'b')": "static method not in the list",
    "[void]$task.Run($null)": "method not in the list",
    "$vm.RequestStateChange(3)": "method not in the list",
    "$wmiObject.Put()": "method not in the list",
    "[void]$wmiObject.InvokeMethod('StopService', $null)": "call that may write, in another function or way",
    "$file = New-Object System.IO.FileStream('C:\\x', [System.IO.FileMode]::Create)": "constructor that can write",
    "[System.Diagnostics.Process]::Start('cmd.exe')": "call that may write, in another function or way",
    "[System.Console]::Title = 'x'": "static member is set",
    "$service.StartType = 4": "member is set",
    # text becomes code, or hides
    "Invoke-Expression $x": "command not in the list",
    "Add-Type -TypeDefinition $x": "command not in the list",
    "& $anything": "call by expression",
    ". $file": "call by expression",
    "$method.Invoke($x, @())": "call that may write, in another function or way",
    "$x.$name()": "method by expression",
    "$x::Start('a')": "static call on an expression",
    "$a = [Convert]::FromBase64String('QQ==')": "method not in .NET 3.5",
    "$a = [scriptblock]::Create('Get-Date')": "static method not in the list",
    "[System.Reflection.Assembly]::Load($bytes)": "static method not in the list",
    "$b = '" + "QUJD" * 30 + "'": "encoded text",
    "$w = New-Object Net.WebClient": "type not in the list",
    "$s = New-Object -ComObject WScript.Shell": "COM object not in the list",
    # secrets
    "$x = 'Msvm_TPMSettingData KeyProtector'": "forbidden text",
    "$key = $certificate.PrivateKey": "forbidden text",
    "$x = 'HostExchangeItems'": "forbidden text",
    "$q = 'SELECT * FROM Win32_Service'": "forbidden text",
    "$v = 'DefaultPassword'": "forbidden text",
    "$m = 'raw/vmgs/x.vmgs'": "raw member that no table holds",
    "$c = 'Win32_Product'": "WMI class that no table holds",
    "$c = 'Msvm_SecurityService'": "WMI class that no table holds",
    # younger than PowerShell 2.0 or .NET 3.5
    "$x = $a ? 1 : 2": "syntax of 7.0",
    "if ($a -in $b) { $c }": "operator of 3.0",
    "$x = [ordered]@{ A = 1 }": "cast of 3.0",
    "$x = [pscustomobject]@{ A = 1 }": "cast of 3.0",
    "$x = [System.Text.StringBuilder]::new()": "static method not in the list",
    "$x = $rows.Where({ $_ })": "syntax of 4.0",
    "$x = $PSScriptRoot": "variable of 3.0 or later",
    "Get-ChildItem -Path $x -File": "parameter not in PowerShell 2.0",
    "Get-Item $x | Where-Object Name": "simplified Where-Object or ForEach-Object (3.0)",
    "$x = Get-CimInstance Win32_Service": "command not in the list",
    "$x = Get-WmiObject Win32_Service": "command not in the list",
    "$x = $rows | select Name": "command not in the list",
    "$x = [string]::IsNullOrWhiteSpace($a)": "method not in .NET 3.5",
    "$x = [guid]::Parse($a)": "method not in .NET 3.5",
    "$x = [System.IO.Path]::Combine($a, $b, $c)": "method not in .NET 3.5",
    "$x = [System.Environment]::Is64BitOperatingSystem": "static member not in .NET 3.5",
    "$sb = New-Object System.Text.StringBuilder\n    [void]$sb.Clear()": "method not in .NET 3.5",
    "$x = New-Object System.IO.Compression.ZipArchive($y)": "type not in the list",
    "$x = [System.Collections.Generic.List[string]]$y": "type not in the list",
    "$x = New-Object System.IO.MemoryStream($a, $b, $c, $d, $e, $f)": "constructor of another version",
    "$x = 1u": "number suffix of 6.2",
    '$x = "a`u{12}"': "escape of 6.0",
    "$x = $certificate.NotAMember": "property not in the lists",
    "$x = $(": "syntax error",
    "$x = 'caf\u00e9'": "ascii",
}


@functools.cache
def caught() -> dict[str, set[str]]:
    """Rules broken by each mutation: all stand in one function body, each in lines of its own."""
    script = gate.Script(text())
    after = text().index(rules.LAYER_END.encode())
    function = min((n for n in script.functions.values() if n.start_byte > after), key=lambda n: n.start_byte)
    body = next(n for n in gate._walk(function) if n.type == "statement_list")
    line = text()[: body.start_byte].count(b"\n") + 1
    inserted, owners = "", {}
    for statement in [s for s, rule in MUTATIONS.items() if rule != "syntax error"]:
        for _ in statement.split("\n"):
            owners[line] = statement
            line += 1
        inserted += statement + "\n"
    out: dict[str, set[str]] = {s: set() for s in MUTATIONS}
    for o in offences(text()[: body.start_byte] + inserted.encode() + text()[body.start_byte :]):
        if o.line in owners:
            out[owners[o.line]].add(o.rule)
    for statement in [s for s, rule in MUTATIONS.items() if rule == "syntax error"]:
        out[statement] = {
            rule for rule, _ in {(o.rule, o.text) for o in offences(with_statement(statement))} - standing()
        }
    return out


@pytest.mark.parametrize(("statement", "rule"), MUTATIONS.items(), ids=range(len(MUTATIONS)))
def test_each_rule_catches_what_it_is_there_for(statement: str, rule: str) -> None:
    assert rule in caught()[statement]


@pytest.mark.parametrize("method", ["StopService", "RequestStateChange", "GetKeyProtector"])
def test_a_wmi_method_that_no_table_holds_is_caught(method: str) -> None:
    for function in rules.WMI_METHOD_FUNCTIONS:
        new = {o.rule for o in offences(with_statement(f"$x = {function} 'root\\cimv2' 'Win32_Service' '{method}'"))}
        assert "WMI method that no table holds" in new


def test_every_allowance_is_used_so_that_none_is_left_open() -> None:
    script = gate.Script(text())
    called: dict[str, set[str]] = {}
    for node in script.found("invocation_expression"):
        names = [script.of(c) for c in node.children if c.type == "member_name"]
        receiver = node.children[0]
        if names and receiver.type == "type_literal":
            names = [f"{gate.full_type(script.of(receiver)[1:-1])}::{names[0]}"]
        for name in names:
            called.setdefault(name.lower(), set()).add(script.inside(node))
    for name, functions in rules.ALLOWANCES.items():
        assert called.get(name.lower(), set()) == functions, name


def test_functions_that_call_what_a_variable_names_are_all_there() -> None:
    script = gate.Script(text())
    assert set(script.functions) >= set(rules.DISPATCHERS) | {f.lower() for f in rules.WMI_METHOD_FUNCTIONS}


def test_the_lists_of_harmless_methods_hold_none_that_writes() -> None:
    acting = re.compile(
        r"(?i)^(set|put|write|create|delete|save|commit|move|rename|encrypt|decrypt|start|stop|kill|run|install|register|invoke|export"
        r"|import|load|download|upload|request|modify|destroy|truncate|append(all|text)|open(?!subkey))"
    )
    assert not [
        m
        for m in rules.READING_METHODS | set(rules.COM_METHODS)
        if acting.match(m) and m not in {"CreateUpdateSearcher", "StartsWith", "MoveNext"}
    ]
    assert not [m for methods in rules.READING_STATIC.values() for m in methods if acting.match(m)]
    assert not [
        c
        for c in rules.COMMANDS
        if not re.match(
            r"(Get|Select|Sort|Where|ForEach|Measure|Join|Split|Test|Out|Write|New-Object|Add-Member|Set-StrictMode)", c
        )
    ]


def test_a_function_without_its_line_of_description_is_caught() -> None:
    after = text().index(rules.LAYER_END.encode()) + len(rules.LAYER_END)
    mutated = text()[:after] + b"\n\nfunction Get-Nothing {\n    return 1\n}\n" + text()[after:]
    assert "function without a line that says what it does" in {o.rule for o in offences(mutated)}


def test_more_lines_than_an_administrator_reads_are_caught() -> None:
    assert "size" in {o.rule for o in offences(text() + b"# more\n" * rules.LINES_WITHOUT_TABLE)}
