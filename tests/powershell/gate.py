"""Holds the text of collector.ps1 against its syntax tree: it reads, names no secret, and needs no more than PowerShell 2.0.

`offences` is the one entry; the tables it goes by stand in rules.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import tree_sitter
import tree_sitter_pwsh
from powershell import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGE = tree_sitter.Language(tree_sitter_pwsh.language())


@dataclass(frozen=True, slots=True)
class Offence:
    """One breach of a rule: the rule's name, the line it is in (from 1) and the text in question."""

    rule: str
    line: int
    text: str


@dataclass(slots=True)
class Script:
    """A parsed script with what the rules ask of it: functions by lower-case name, names of hashtable members it makes."""

    text: bytes
    root: tree_sitter.Node = field(init=False)
    functions: dict[str, tree_sitter.Node] = field(init=False, default_factory=dict)
    keys: set[str] = field(init=False, default_factory=set)
    nodes: list[tree_sitter.Node] = field(init=False)

    def __post_init__(self) -> None:
        self.root = tree_sitter.Parser(LANGUAGE).parse(self.text).root_node
        self.nodes = list(_walk(self.root))
        for node in self.nodes:
            if node.type == "function_statement":
                self.functions[self.of(_child(node, "function_name")).lower()] = node
            elif node.type == "key_expression":
                self.keys.add(self.of(node).strip("'\"").lower())
            elif node.type == "assignment_expression" and self.of(node).startswith("$script:LineKinds = "):
                # The fields of the records of the table are members of hashtables, too.
                self.keys |= {name.lower() for name in re.findall(r"\b[A-Z]\w+", self.of(node))}
            elif node.type == "param_block" and node.parent == self.root:
                self.keys |= {
                    self.of(v)[1:].lower()
                    for p in _walk(node)
                    if p.type == "script_parameter"
                    for v in _children(p, "variable")
                }
            elif node.type == "member_access" and self.of(node.children[0]) in rules.HASHTABLES:
                self.keys.add(self.of(_child(node, "member_name")).lower())

    def of(self, node: tree_sitter.Node) -> str:
        return self.text[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def inside(self, node: tree_sitter.Node) -> str:
        """Lower-case name of the function around a node, '' at the top."""
        at = node.parent
        while at is not None:
            if at.type == "function_statement":
                return self.of(_child(at, "function_name")).lower()
            at = at.parent
        return ""

    def found(self, *types: str) -> Iterator[tree_sitter.Node]:
        return (n for n in self.nodes if n.type in types)


def between(text: bytes, begin: str, end: str) -> bytes:
    """The lines between two marker lines, markers left out; raises ValueError where they are not there once each."""
    parts = re.split(rb"(?m)^[ \t]*" + re.escape(begin.encode()) + rb"\b.*$", text)
    if len(parts) != 2:
        raise ValueError(f"{begin}: {len(parts) - 1} times")
    rest = re.split(rb"(?m)^[ \t]*" + re.escape(end.encode()) + rb"\b.*$", parts[1])
    if len(rest) != 2:
        raise ValueError(f"{end}: {len(rest) - 1} times")
    return rest[0].strip(b"\r\n") + b"\n"


def offences(text: bytes, classes: set[str], wmi_methods: set[str], raw_patterns: set[str]) -> list[Offence]:
    """Every breach in the script's text.

    Args:
        text: the whole file.
        classes: WMI classes that the format's tables hold.
        wmi_methods: WMI methods that the format's tables hold.
        raw_patterns: member patterns of raw datasets, such as raw/vmconfig/<VM GUID>.xml.
    """
    script = Script(text)
    out: list[Offence] = []
    for rule in (
        _bytes,
        _size,
        _syntax,
        _functions,
        _commands,
        _types,
        _constructors,
        _invocations,
        _properties,
        _assignments,
        _wording,
    ):
        out += rule(script)
    out += _wmi(script, classes, wmi_methods)
    out += _raw_members(script, raw_patterns)
    return sorted(set(out), key=lambda o: (o.line, o.rule, o.text))


def _at(rule: str, script: Script, node: tree_sitter.Node, text: str | None = None) -> Offence:
    return Offence(rule, node.start_point[0] + 1, (text or script.of(node))[:160])


def _walk(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    yield node
    for c in node.children:
        yield from _walk(c)


def _child(node: tree_sitter.Node, *types: str) -> tree_sitter.Node:
    return next(c for c in node.children if c.type in types)


def _children(node: tree_sitter.Node, *types: str) -> list[tree_sitter.Node]:
    return [c for c in node.children if c.type in types]


def _without_table(text: bytes) -> bytes:
    """The text with the lines of the table emptied, so that line numbers stay."""
    try:
        table = between(text, rules.TABLE_BEGIN, rules.TABLE_END).rstrip(b"\n")
    except ValueError:
        return text
    return text.replace(table, b"\n" * table.count(b"\n"), 1)


# --- text ---------------------------------------------------------------------------------------------------------


def _bytes(script: Script) -> Iterator[Offence]:
    for number, line in enumerate(script.text.split(b"\n"), 1):
        if re.search(rb"[^\x20-\x7e\t\r]", line):
            yield Offence("ascii", number, repr(line[:80]))
        if b"\t" in line:
            yield Offence("tab", number, repr(line[:80]))


def _size(script: Script) -> Iterator[Offence]:
    table = 0
    try:
        table = between(script.text, rules.TABLE_BEGIN, rules.TABLE_END).count(b"\n")
    except ValueError as error:
        yield Offence("markers", 1, str(error))
    try:
        between(script.text, rules.LAYER_BEGIN, rules.LAYER_END)
    except ValueError as error:
        yield Offence("markers", 1, str(error))
    lines = len(script.text.splitlines()) - table
    if lines >= rules.LINES_WITHOUT_TABLE:
        yield Offence("size", 1, f"{lines} lines without the table, fewer than {rules.LINES_WITHOUT_TABLE} wanted")


def _wording(script: Script) -> Iterator[Offence]:
    for number, line in enumerate(_without_table(script.text).decode("utf-8", "replace").split("\n"), 1):
        for match in rules.FORBIDDEN_TEXT.finditer(line):
            yield Offence("forbidden text", number, match[0])
        for match in rules.ENCODED.finditer(line):
            yield Offence("encoded text", number, match[0])


# --- syntax of PowerShell 2.0 -------------------------------------------------------------------------------------

LATER_NODES = {
    "ternary_expression": "7.0",
    "null_coalesce_expression": "7.0",
    "pipeline_chain_tail": "7.0",
    "null_conditional_member_access": "7.1",
    "class_statement": "5.0",
    "enum_statement": "5.0",
    "using_statement": "5.0",
    "invocation_where_expression": "4.0",
    "invocation_foreach_expression": "4.0",
    "data_statement": "not needed",
    "parallel_statement": "3.0",
    "sequence_statement": "3.0",
    "inlinescript_statement": "3.0",
}
LATER_OPERATORS = {"-in", "-notin", "-shl", "-shr", "-cin", "-cnotin", "-iin", "-inotin"}
LATER_VARIABLES = re.compile(
    r"(?i)^\$\{?(PSItem|PSScriptRoot|PSCommandPath|using:.*|IsWindows|IsLinux|IsMacOS|IsCoreCLR)\}?$"
)


def _syntax(script: Script) -> Iterator[Offence]:
    for node in script.nodes:
        text = script.of(node)
        if node.type == "ERROR" or node.is_missing:
            yield _at("syntax error", script, node)
        elif node.type in LATER_NODES:
            yield _at(f"syntax of {LATER_NODES[node.type]}", script, node)
        elif node.type in ("comparison_operator", "format_operator") and text.lower() in LATER_OPERATORS:
            yield _at("operator of 3.0", script, node)
        elif node.type == "variable" and LATER_VARIABLES.match(text):
            yield _at("variable of 3.0 or later", script, node)
        elif node.type == "cast_expression" and re.match(r"(?i)\[(ordered|pscustomobject)\]", text):
            yield _at("cast of 3.0", script, node)
        elif (
            node.type in ("decimal_integer_literal", "hexadecimal_integer_literal")
            and re.search(r"(?i)(?<!^0x)(u|ul|us|y|uy|s|n)$", text)
            and not text.lower().startswith("0x")
        ):
            yield _at("number suffix of 6.2", script, node)
        elif node.type == "expandable_string_literal" and re.search(r"`[eu]", text):
            yield _at("escape of 6.0", script, node)
        elif (
            node.type == "attribute_argument"
            and "=" not in text
            and _attribute_name(script, node) in ("Parameter", "CmdletBinding")
        ):
            yield _at("attribute argument without a value (3.0)", script, node)
        elif node.type == "attribute_argument" and re.match(r"(?i)(PositionalBinding|HelpUri)\s*=", text):
            yield _at("attribute argument of 3.0", script, node)
        elif node.type == "redirection":
            if not re.fullmatch(r"[2]?>\s*\$null", text.strip()):
                yield _at("redirection", script, node)
        elif (
            node.type in ("|", ".")
            and not script.text[script.text.rfind(b"\n", 0, node.start_byte) + 1 : node.start_byte].strip()
        ):
            yield _at("line begins with | or . (not in 2.0)", script, node)


def _attribute_name(script: Script, node: tree_sitter.Node) -> str:
    while node.type != "attribute" and node.parent is not None:
        node = node.parent
    names = _children(node, "attribute_name")
    return script.of(names[0]) if names else ""


def _functions(script: Script) -> Iterator[Offence]:
    lines = script.text.decode("utf-8", "replace").splitlines()
    for name, node in script.functions.items():
        # The sentence stands behind the head of the function or, where that line would be too long, above it.
        row = node.start_point[0]
        above = lines[row - 1].strip() if row else ""
        described = re.match(r"# (?!BEGIN|END)\S.{10,}", above) or re.search(r"[{}] # \S.{10,}$", lines[row])
        if not described:
            yield _at("function without a line that says what it does", script, node, name)
        if not re.fullmatch(r"[A-Z][A-Za-z]+-[A-Z]\w+", script.of(_child(node, "function_name"))):
            yield _at("function name is not Verb-Noun", script, node, name)


# --- commands -----------------------------------------------------------------------------------------------------


def _commands(script: Script) -> Iterator[Offence]:
    known = {n.lower(): p for n, p in {**rules.COMMANDS, **rules.OPTIONAL_COMMANDS}.items()}
    exact = {n.lower(): n for n in {**rules.COMMANDS, **rules.OPTIONAL_COMMANDS}}
    for node in script.found("command"):
        called = _children(node, "command_invocation_operator")
        if called:
            inner = _child(node, "command_name_expr")
            block = any(n.type == "script_block_expression" for n in _walk(inner))
            if script.of(called[0]) == "." or (
                not block and script.of(inner) != rules.DISPATCHERS.get(script.inside(node))
            ):
                yield _at("call by expression", script, node)
            continue
        name = script.of(_child(node, "command_name"))
        if name.lower() in script.functions:
            yield from _own_parameters(script, node, name)
            continue
        if name.lower() not in known:
            yield _at("command not in the list", script, node, name)
            continue
        if name != exact[name.lower()]:
            yield _at("command in other spelling", script, node, name)
        allowed = {p.lower() for p in known[name.lower()]}
        for parameter in _parameters(node):
            given = script.of(parameter).lstrip("-").rstrip(":").lower()
            if given not in allowed:
                yield _at("parameter not in PowerShell 2.0", script, parameter, f"{name} -{given}")
        if name.lower() in ("where-object", "foreach-object") and not any(
            n.type == "script_block_expression" for n in _walk(node)
        ):
            yield _at("simplified Where-Object or ForEach-Object (3.0)", script, node)


def _parameters(command: tree_sitter.Node) -> list[tree_sitter.Node]:
    return [p for e in _children(command, "command_elements") for p in _children(e, "command_parameter")]


def _own_parameters(script: Script, node: tree_sitter.Node, name: str) -> Iterator[Offence]:
    """A parameter given to a function of the script must be declared by it."""
    function = script.functions[name.lower()]
    declared = {
        script.of(v).lstrip("$").lower()
        for p in _walk(function)
        if p.type == "script_parameter"
        for v in _children(p, "variable")
    }
    for parameter in _parameters(node):
        given = script.of(parameter).lstrip("-").rstrip(":").lower()
        if given not in declared:
            yield _at("parameter that the function does not declare", script, parameter, f"{name} -{given}")


# --- .NET ---------------------------------------------------------------------------------------------------------


def full_type(name: str) -> str | None:
    """Full name of a type literal's text without brackets, None where the inventories do not know it."""
    name = re.sub(r"(\[,*\])+$", "", name.strip())
    lower = {t.lower(): t for t in [*rules.MEMBERS, *rules.POWERSHELL_TYPES]}
    for candidate in (
        rules.SHORT_TYPES.get(name.lower(), name),
        "System." + name,
        "System.Management.Automation." + name,
    ):
        if candidate.lower() in lower:
            return lower[candidate.lower()]
    return None


def _types(script: Script) -> Iterator[Offence]:
    for node in script.found("type_literal"):
        if full_type(script.of(node)[1:-1]) is None:
            yield _at("type not in the list", script, node)
    for node in script.found("attribute_name"):
        if script.of(node) not in rules.ATTRIBUTES:
            yield _at("attribute not in PowerShell 2.0", script, node)


def _fits(kinds: str, count: int, *, static: bool) -> bool:
    for kind in kinds.split():
        if kind == "p" or kind.startswith("s") is not static:
            continue
        bare = kind.removeprefix("s")
        if (bare.isdigit() and int(bare) == count) or (bare.endswith("+") and count >= int(bare[:-1])):
            return True
    return False


def _arguments(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    return [a for lists in _children(node, "argument_expression_list") for a in _children(lists, "argument_expression")]


def _constructors(script: Script) -> Iterator[Offence]:
    for node in script.found("command"):
        names = _children(node, "command_name")
        if not names or script.of(names[0]).lower() != "new-object":
            continue
        text = script.of(node)
        if re.search(r"(?i)\s-Com", text):
            if not any(re.search(rf"(?i)-ComObject\s+'?{re.escape(c)}'?", text) for c in rules.COM_OBJECTS):
                yield _at("COM object not in the list", script, node)
            continue
        elements = [c for c in _child(node, "command_elements").children if c.type != "command_argument_sep"]
        named = elements[1] if elements and script.of(elements[0]).lower() == "-typename" else elements[0]
        name = full_type(script.of(named).strip("'\""))
        if name is None:
            yield _at("type not in the list", script, node)
            continue
        lists = _children(_child(node, "command_elements"), "argument_list")
        given = ", ".join(script.of(a) for part in lists for a in _arguments(part))
        if name in rules.WRITING_TYPES and not re.fullmatch(
            rules.WRITING_TYPES[name].get(script.inside(node), "(?!)"), given
        ):
            yield _at("constructor that can write", script, node)
        if script.of(named).strip("'\"").endswith("[]"):
            continue
        kinds = rules.MEMBERS.get(name, {}).get(".ctor", "0")
        count = _given_arguments(script, elements[elements.index(named) + 1 :])
        if name in rules.MEMBERS and count is not None and count and not _fits(kinds, count, static=False):
            yield _at("constructor of another version", script, node, f"{name} with {count} arguments")


def _given_arguments(script: Script, elements: list[tree_sitter.Node]) -> int | None:
    """Number of constructor arguments; None where it cannot be seen from the text."""
    rest = [e for e in elements if script.of(e).lower() != "-argumentlist"]
    if not rest:
        return 0
    first = rest[0]
    if first.type == "argument_list":
        return len(_arguments(first))
    if first.type == "array_literal_expression":
        return len([c for c in first.children if c.is_named])
    inner = [n for n in _walk(first) if n.type == "array_literal_expression"]
    if first.type == "unary_expression" and inner and script.of(first).startswith(("(", "@(")):
        return len([c for c in inner[0].children if c.is_named])
    return None if script.of(first).startswith(("@(", "(,", ",", "(")) else 1


def _known_receivers(script: Script, function: tree_sitter.Node | None) -> dict[str, str]:
    """Variables of a function that hold one known type: every assignment is New-Object of it or a cast to it."""
    seen: dict[str, set[str | None]] = {}
    for node in _walk(function or script.root):
        if node.type in ("foreach_statement", "script_parameter"):
            for v in _children(node, "variable"):
                seen.setdefault(script.of(v).lower(), set()).add(None)
        if node.type == "assignment_expression":
            left = script.of(_child(node, "left_assignment_expression")).lower()
            value = " ".join(script.of(v) for v in _children(node, "assignment_value")).strip()
            made = re.match(r"(?is)New-Object\s+(?:-TypeName\s+)?'?([\w.+]+)'?\s*(?:\(.*\)|-ArgumentList .*)?$", value)
            seen.setdefault(left, set()).add(full_type(made[1]) if made else None)
    return {k: next(iter(v)) or "" for k, v in seen.items() if len(v) == 1 and None not in v}


def _invocations(script: Script) -> Iterator[Offence]:
    anywhere: dict[str, set[str]] = {}
    for members in rules.MEMBERS.values():
        for member, kinds in members.items():
            anywhere.setdefault(member.lower(), set()).add(kinds)
    for member, kinds in {**rules.COM_METHODS, **rules.POWERSHELL_METHODS}.items():
        anywhere.setdefault(member.lower(), set()).add(kinds)
    reading = {m.lower() for m in rules.READING_METHODS | set(rules.COM_METHODS)}
    receivers: dict[str, dict[str, str]] = {}
    for node in script.found("invocation_expression"):
        members = _children(node, "member_name")
        if not members:
            continue
        name, function = script.of(members[0]), script.inside(node)
        if not re.fullmatch(r"\w+", name):
            yield _at("method by expression", script, node)
            continue
        count = len(_arguments(_child(node, "argument_list")))
        receiver = node.children[0]
        static = receiver.type == "type_literal"
        if not static and any(script.of(c) == "::" for c in node.children):
            yield _at("static call on an expression", script, node)
            continue
        type_name = full_type(script.of(receiver)[1:-1]) if static else None
        if function not in receivers:
            receivers[function] = _known_receivers(script, script.functions.get(function))
        holds = receivers[function].get(script.of(receiver).lower())
        key = f"{type_name}::{name}" if static else name
        allowed = {k.lower(): v for k, v in rules.ALLOWANCES.items()}
        if key.lower() in allowed:
            given = ", ".join(script.of(a) for a in _arguments(_child(node, "argument_list")))
            wanted = {k.lower(): v for k, v in rules.ARGUMENTS.items()}.get(key.lower(), ".*")
            if function not in allowed[key.lower()] or not re.fullmatch(wanted, given):
                yield _at("call that may write, in another function or way", script, node)
        elif (
            static
            and type_name not in rules.PURE_TYPES
            and name.lower() not in {m.lower() for m in rules.READING_STATIC.get(type_name or "", set())}
        ):
            yield _at("static method not in the list", script, node)
        elif not static and name.lower() not in reading:
            yield _at("method not in the list", script, node)
        if static and type_name:
            kinds = _member(rules.MEMBERS.get(type_name) or rules.POWERSHELL_TYPES.get(type_name) or {}, name)
            if kinds is None or not _fits(kinds, count, static=True):
                yield _at("method not in .NET 3.5", script, node, f"{type_name}::{name} with {count} arguments")
        elif holds in rules.MEMBERS:
            kinds = _member(rules.MEMBERS[holds], name)
            if kinds is None or not _fits(kinds, count, static=False):
                yield _at("method not in .NET 3.5", script, node, f"{holds}.{name} with {count} arguments")
        elif not any(_fits(kinds, count, static=False) for kinds in anywhere.get(name.lower(), set())):
            yield _at("method not in .NET 3.5", script, node, f"{name} with {count} arguments")
        if name.lower() == "opensubkey":
            given = [script.of(a) for a in _arguments(_child(node, "argument_list"))]
            readable = (
                len(given) == 1
                or given[1:] == ["$false"]
                or (
                    len(given) == 3
                    and given[1].endswith(("::Default", "::ReadSubTree"))
                    and re.fullmatch(r"\[[\w.]+\]::(ReadPermissions|ReadKey)", given[2])
                )
            )
            if not readable:
                yield _at("registry key opened for writing", script, node)


def _member(members: dict[str, str], name: str) -> str | None:
    return next((kinds for member, kinds in members.items() if member.lower() == name.lower()), None)


def _properties(script: Script) -> Iterator[Offence]:
    known = {m.lower() for members in rules.MEMBERS.values() for m, kinds in members.items() if "p" in kinds.split()}
    known |= {p.lower() for p in rules.POWERSHELL_PROPERTIES | rules.COM_PROPERTIES} | script.keys
    for node in script.found("member_access"):
        name = script.of(_child(node, "member_name"))
        receiver = node.children[0]
        if receiver.type == "type_literal":
            type_name = full_type(script.of(receiver)[1:-1])
            kinds = _member(rules.MEMBERS.get(type_name or "", {}), name)
            if kinds is None or "p" not in kinds.split():
                yield _at("static member not in .NET 3.5", script, node)
        elif re.fullmatch(r"\w+", name) and name.lower() not in known:
            yield _at("property not in the lists", script, node)


def _assignments(script: Script) -> Iterator[Offence]:
    for node in script.found("left_assignment_expression"):
        for target in _walk(node):
            if (
                target.type == "variable"
                and re.match(r"(?i)\$\{?(?!script:|local:)[\w]+:", script.of(target))
                and target.parent is not None
                and target.parent.type == "unary_expression"
            ):
                yield _at("variable of a drive is set", script, node)
            if target.type != "member_access":
                continue
            name, function = script.of(_child(target, "member_name")), script.inside(node)
            if target.children[0].type == "type_literal":
                if function not in rules.SETTABLE.get(script.of(target), frozenset()):
                    yield _at("static member is set", script, node)
            elif name.lower() not in script.keys and function not in rules.SETTABLE.get(name, frozenset()):
                yield _at("member is set", script, node)
            break


# --- the format's tables ------------------------------------------------------------------------------------------


def _strings(script: Script) -> Iterator[tuple[tree_sitter.Node, str]]:
    table = {}
    for node in script.found(
        "verbatim_string_characters", "expandable_string_literal", "generic_token", "verbatim_here_string_characters"
    ):
        text = script.of(node)
        if node.type == "verbatim_here_string_characters":
            table[node] = text
            continue
        yield node, text.strip("'\"")


def _wmi(script: Script, classes: set[str], methods: set[str]) -> Iterator[Offence]:
    known, callable_ = {c.lower() for c in classes}, {m.lower() for m in methods}
    pattern = re.compile(
        r"(?i)\b(?:Win32|CIM|Msvm|MSFT|MSCluster|MSiSCSI\w*|__\w+)_\w+|\b__\w+\b|\bBcd(?:Store|Object)\b"
    )
    for node, text in _strings(script):
        for match in pattern.finditer(text):
            if match[0].lower() not in known and not match[0].startswith("__C"):
                yield _at("WMI class that no table holds", script, node, match[0])
    for name in rules.WMI_METHOD_FUNCTIONS:
        body = (
            [n for n in _walk(script.functions[name.lower()]) if n.type == "script_block"]
            if name.lower() in script.functions
            else []
        )
        if not body or not script.of(body[0]).strip().startswith(rules.WMI_METHOD_GUARD):
            yield Offence("WMI method called before the table is asked", 1, name)
    for function in script.functions.values():
        text = script.of(function)
        if ".LoadXml(" in text and not re.search(r"\.XmlResolver = \$null.*\.LoadXml\(", text, re.DOTALL):
            yield _at("XML read with a resolver", script, function, text[:80])
    for node in script.found("command"):
        names = _children(node, "command_name")
        if not names or script.of(names[0]).lower() not in {f.lower() for f in rules.WMI_METHOD_FUNCTIONS}:
            continue
        given = [t for n, t in _strings(script) if node.start_byte <= n.start_byte < node.end_byte]
        if not any(t.lower() in callable_ for t in given) and script.inside(node) not in rules.WMI_METHOD_FROM_TABLE:
            yield _at("WMI method that no table holds", script, node)


def _raw_members(script: Script, patterns: set[str]) -> Iterator[Offence]:
    folders = {p.rsplit("/", 1)[0] + "/" for p in patterns}
    for node, text in _strings(script):
        if text.startswith("raw/") and not any(text.startswith(f) or f.startswith(text) for f in folders):
            yield _at("raw member that no table holds", script, node, text)
