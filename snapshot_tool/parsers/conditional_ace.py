"""What stands behind the SID of an ACE: conditions and resource attributes, SDDL text <-> bytes; MS-DTYP 2.4.4.17, 2.4.10.1.

A condition is never evaluated: offline nobody knows the claims of whoever asks.
"""

import re
import struct
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from snapshot_tool.knowledge.sids import UNRESOLVED, AliasResolver
from snapshot_tool.parsers.sddl import SddlError, parse_trustee, trustee_text
from snapshot_tool.parsers.sid import SidError, sid_from_bytes, sid_to_bytes


class AceDataError(ValueError):
    """The bytes are no condition or resource attribute."""


def condition_to_bytes(text: str, resolver: AliasResolver = UNRESOLVED) -> bytes:
    """Binary form of a condition with its parentheses, padded to four bytes.

    Raises SddlError where the text is no condition, also where it holds an alias that cannot be resolved.
    """
    data = bytearray(_SIGNATURE)
    for token in _Condition(text, resolver).tokens():
        data += token.to_bytes()
    return bytes(data) + bytes(-len(data) % 4)


def condition_to_text(data: bytes, resolver: AliasResolver | None = UNRESOLVED) -> str:
    """SDDL text of a binary condition, with every expression in parentheses as Windows writes it; raises AceDataError."""
    if not data.startswith(_SIGNATURE):
        raise AceDataError("a condition begins with artx")
    stack: list[_Operand] = []
    for token in _tokens(data, len(_SIGNATURE), len(data)):
        if token.code == _NOT:
            operand = _pop(stack, _EXPRESSIONS)
            stack.append(_Operand(f"(!{operand.expression})", operand.depth + 1))
        elif token.code in _UNARY:
            operand = _pop(stack, _ATTRIBUTES if token.code in _EXISTENCE else _LITERALS)
            stack.append(_Operand(f"({_UNARY[token.code]} {operand.text})", 1))
        elif token.code in {_AND, _OR}:
            right, left = _pop(stack, _EXPRESSIONS), _pop(stack, _EXPRESSIONS)
            depth = max(left.depth, right.depth) + 1
            stack.append(_Operand(f"({left.expression} {_BINARY[token.code]} {right.expression})", depth))
        elif token.code in _RELATIONS:
            right, left = _pop(stack, _VALUES), _pop(stack, _ATTRIBUTES)
            stack.append(_Operand(f"({left.text} {_RELATIONS[token.code]} {right.text})", 1))
        else:
            stack.append(_Operand(token.text(resolver), 0, token.code))
        if stack[-1].depth > _MAX_DEPTH:
            raise AceDataError("condition is nested too deeply")
    if len(stack) != 1 or stack[0].code not in _EXPRESSIONS:
        raise AceDataError("condition is no single expression")
    return stack[0].expression


def attribute_to_bytes(text: str, resolver: AliasResolver = UNRESOLVED) -> bytes:
    """Binary form of `("name",TS,0x0,"value",...)`, padded to four bytes; raises SddlError where the text is none."""
    name, kind, flags, values = _Attribute(text, resolver).parts()
    encoded_name = _utf16(name) + bytes(2)
    first = 16 + 4 * len(values)
    position = first + len(encoded_name)
    offsets = []
    for value in values:
        offsets.append(position)
        position += len(value)
    head = struct.pack(f"<IHHII{len(values)}I", first, kind, 0, flags, len(values), *offsets)
    data = head + encoded_name + b"".join(values)
    return data + bytes(-len(data) % 4)


def attribute_to_text(data: bytes, resolver: AliasResolver | None = UNRESOLVED) -> str:
    """SDDL text of a binary resource attribute (CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1); raises AceDataError."""
    if len(data) < 16:
        raise AceDataError("resource attribute is cut off")
    name_at, kind, _, flags, count = struct.unpack_from("<IHHII", data)
    if kind not in _ATTRIBUTE_TYPES:
        raise AceDataError(f"unknown type {kind} of a resource attribute")
    if count > len(data) // 4 or 16 + 4 * count > len(data):
        raise AceDataError("resource attribute is cut off")
    letters = _ATTRIBUTE_TYPES[kind]
    fields = [f'"{_terminated(data, name_at)}"', letters, f"0x{flags:x}"]
    fields += [_value_text(letters, data, offset, resolver) for offset in struct.unpack_from(f"<{count}I", data, 16)]
    return f"({','.join(fields)})"


_SIGNATURE: Final = b"artx"
_MAX_DEPTH: Final = 64
_INTEGERS: Final = frozenset({0x01, 0x02, 0x03, 0x04})
_INTEGER, _STRING, _OCTETS, _COMPOSITE, _SID_LITERAL = 0x04, 0x10, 0x18, 0x50, 0x51
_LOCAL, _USER, _RESOURCE, _DEVICE = 0xF8, 0xF9, 0xFA, 0xFB
_ATTRIBUTES: Final = {_LOCAL: "", _USER: "@USER.", _RESOURCE: "@RESOURCE.", _DEVICE: "@DEVICE."}
_AND, _OR, _NOT = 0xA0, 0xA1, 0xA2
_RELATIONS: Final = {
    0x80: "==",
    0x81: "!=",
    0x82: "<",
    0x83: "<=",
    0x84: ">",
    0x85: ">=",
    0x86: "Contains",
    0x88: "Any_of",
    0x8E: "Not_Contains",
    0x8F: "Not_Any_of",
}
_EXISTENCE: Final = {0x87: "Exists", 0x8D: "Not_Exists"}
_MEMBERSHIP: Final = {
    0x89: "Member_of",
    0x8A: "Device_Member_of",
    0x8B: "Member_of_any",
    0x8C: "Device_Member_of_any",
    0x90: "Not_Member_of",
    0x91: "Not_Device_Member_of",
    0x92: "Not_Member_of_any",
    0x93: "Not_Device_Member_of_any",
}
_UNARY: Final = {**_EXISTENCE, **_MEMBERSHIP, _NOT: "!"}
_BINARY: Final = {**_RELATIONS, _AND: "&&", _OR: "||"}
_WORDS: Final = {text.lower(): code for code, text in (_RELATIONS | _EXISTENCE | _MEMBERSHIP).items()}
# Sign and base of an integer are kept, so that it is written back as it was.
_PLUS, _MINUS, _UNSIGNED = 1, 2, 3
_OCTAL, _DECIMAL, _HEXADECIMAL = 1, 2, 3
_ATTRIBUTE_TYPES: Final = {1: "TI", 2: "TU", 3: "TS", 5: "TD", 6: "TB", 16: "TX"}
_ATTRIBUTE_CODES: Final = {letters: code for code, letters in _ATTRIBUTE_TYPES.items()}


@dataclass(frozen=True, slots=True)
class _Token:
    """One element of the postfix form: an operator, a literal or the name of an attribute."""

    code: int
    name: str = ""
    number: int = 0
    sign: int = _UNSIGNED
    base: int = _DECIMAL
    octets: bytes = b""
    elements: "tuple[_Token, ...]" = ()

    def to_bytes(self) -> bytes:
        if self.code in _INTEGERS:
            return struct.pack("<BqBB", self.code, self.number, self.sign, self.base)
        if self.code == _STRING or self.code in _ATTRIBUTES:
            return _sized(self.code, _utf16(self.name))
        if self.code == _OCTETS:
            return _sized(self.code, self.octets)
        if self.code == _SID_LITERAL:
            return _sized(self.code, sid_to_bytes(self.name))
        if self.code == _COMPOSITE:
            return _sized(self.code, b"".join(element.to_bytes() for element in self.elements))
        return bytes([self.code])

    def text(self, resolver: AliasResolver | None) -> str:
        if self.code in _INTEGERS:
            digits = {_OCTAL: f"0{abs(self.number):o}", _HEXADECIMAL: f"0x{abs(self.number):x}"}
            sign = "-" if self.number < 0 or self.sign == _MINUS else "+" * (self.sign == _PLUS)
            return sign + digits.get(self.base, str(abs(self.number)))
        if self.code == _STRING:
            return f'"{self.name}"'
        if self.code in _ATTRIBUTES:
            name = _ENCODE.sub(lambda found: f"%{ord(found[0]):04x}", self.name)
            # A local attribute that is called like an operator.
            return (
                f"%{ord(name[0]):04x}{name[1:]}"
                if self.code == _LOCAL and name.lower() in _WORDS
                else _ATTRIBUTES[self.code] + name
            )
        if self.code == _OCTETS:
            return f"#{self.octets.hex()}"
        if self.code == _SID_LITERAL:
            return f"SID({trustee_text(self.name, resolver)})"
        return f"{{{', '.join(element.text(resolver) for element in self.elements)}}}"


@dataclass(frozen=True, slots=True)
class _Operand:
    """Text of a literal, attribute or (code 0) expression."""

    text: str
    depth: int
    code: int = 0

    @property
    def expression(self) -> str:
        return self.text if self.code == 0 else f"({self.text})"


_LITERALS: Final = _INTEGERS | {_STRING, _OCTETS, _SID_LITERAL, _COMPOSITE}
_EXPRESSIONS: Final = {0, *_ATTRIBUTES}
# SDDL has no way to compare with a local attribute.
_VALUES: Final = _LITERALS | (_ATTRIBUTES.keys() - {_LOCAL})


def _pop(stack: list[_Operand], codes: Collection[int]) -> _Operand:
    if not stack or stack[-1].code not in codes:
        raise AceDataError("operator without its operand")
    return stack.pop()


def _sized(code: int, data: bytes) -> bytes:
    return struct.pack("<BI", code, len(data)) + data


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _from_utf16(data: bytes) -> str:
    if len(data) % 2:
        raise AceDataError("text of an odd length")
    return data.decode("utf-16-le", "surrogatepass")


def _tokens(data: bytes, position: int, end: int, *, nested: bool = False) -> Iterator[_Token]:
    while position < end:
        code = data[position]
        position += 1
        if code == 0 and not nested:
            if any(data[position:end]):
                raise AceDataError("something behind the end of a condition")
            return
        if code in _INTEGERS:
            if position + 10 > end:
                raise AceDataError("number is cut off")
            number, sign, base = struct.unpack_from("<qBB", data, position)
            yield _Token(code, number=number, sign=sign, base=base)
            position += 10
        elif code in _ATTRIBUTES or code in {_STRING, _OCTETS, _SID_LITERAL, _COMPOSITE}:
            if nested and (code in _ATTRIBUTES or code == _COMPOSITE):
                raise AceDataError("a list holds literals only")
            if position + 4 > end:
                raise AceDataError("length is cut off")
            (size,) = struct.unpack_from("<I", data, position)
            position += 4
            if size > end - position:
                raise AceDataError("literal is cut off")
            yield _sized_token(code, data[position : position + size])
            position += size
        elif not nested and (code in _UNARY or code in _BINARY):
            yield _Token(code)
        else:
            raise AceDataError(f"unknown code 0x{code:02x} in a condition")


def _sized_token(code: int, data: bytes) -> _Token:
    if code == _OCTETS:
        return _Token(code, octets=data)
    if code == _COMPOSITE:
        return _Token(code, elements=tuple(_tokens(data, 0, len(data), nested=True)))
    if code == _SID_LITERAL:
        try:
            sid, end = sid_from_bytes(data)
        except SidError as error:
            raise AceDataError(str(error)) from None
        if end != len(data):
            raise AceDataError("something behind the end of a SID")
        return _Token(code, name=sid)
    name = _from_utf16(data)
    if code == _STRING and '"' in name:
        raise AceDataError("SDDL has no way to write this text")
    if code in _ATTRIBUTES and not name:
        raise AceDataError("attribute without a name")
    return _Token(code, name=name)


def _terminated(data: bytes, offset: int) -> str:
    """Text that ends with a zero character."""
    if offset > len(data):
        raise AceDataError("offset of a resource attribute is outside")
    position = offset
    while data[position : position + 2] != b"\0\0":
        position += 2
        if position + 2 > len(data):
            raise AceDataError("text without an end")
    text = _from_utf16(data[offset:position])
    if '"' in text:
        raise AceDataError("SDDL has no way to write this text")
    return text


def _value_text(letters: str, data: bytes, offset: int, resolver: AliasResolver | None) -> str:
    if letters == "TS":
        return f'"{_terminated(data, offset)}"'
    if letters in {"TX", "TD"}:
        if offset + 4 > len(data):
            raise AceDataError("value of a resource attribute is cut off")
        (size,) = struct.unpack_from("<I", data, offset)
        value = data[offset + 4 : offset + 4 + size]
        if len(value) != size:
            raise AceDataError("value of a resource attribute is cut off")
        return value.hex() if letters == "TX" else _sized_token(_SID_LITERAL, value).text(resolver)
    if offset + 8 > len(data):
        raise AceDataError("value of a resource attribute is cut off")
    return str(struct.unpack_from("<q" if letters == "TI" else "<Q", data, offset)[0])


_BLANKS: Final = re.compile(r"\s*")
_NAME: Final = re.compile(r'[^\s!"&(),<=>|{]+')
_SCOPE: Final = re.compile(r"@(user|device|resource)\.", re.IGNORECASE | re.ASCII)
_SCOPES: Final = {"user": _USER, "device": _DEVICE, "resource": _RESOURCE}
_RELATION: Final = re.compile(r"==|!=|<=|>=|<|>")
_RELATION_CODES: Final = {text: code for code, text in _RELATIONS.items()}
_INTEGER_TEXT: Final = re.compile(r'([+-]?)(0x[0-9a-f]+|[0-9]+)(?=[\s,)}&|"]|\Z)', re.IGNORECASE | re.ASCII)
_STRING_TEXT: Final = re.compile(r'"([^"]*)"')
_OCTETS_TEXT: Final = re.compile(r"#([0-9a-f#]*)", re.IGNORECASE | re.ASCII)
_SID_TEXT: Final = re.compile(r"SID\(([^()]{0,512})\)", re.IGNORECASE)
_HEX_TEXT: Final = re.compile(r"#?((?:[0-9a-f]{2})*)", re.IGNORECASE | re.ASCII)
_ENCODED: Final = re.compile(r"%([0-9a-f]{4})", re.IGNORECASE | re.ASCII)
_ENCODE: Final = re.compile(r'[^\x21-\x7e]|[!"%&(),<=>|{]|^@')


class _Text:
    """A place in a text, and what is read from there on."""

    def __init__(self, text: str, resolver: AliasResolver) -> None:
        self.text = text
        self.resolver = resolver
        self.position = 0

    def error(self, message: str) -> SddlError:
        return SddlError(message, self.position)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Skips blanks; None where the pattern does not come next."""
        self.blanks()
        found = pattern.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found

    def blanks(self) -> None:
        found = _BLANKS.match(self.text, self.position)
        if found is not None:
            self.position = found.end()

    def accept(self, literal: str) -> bool:
        """Skips blanks and the literal, if it comes next."""
        self.blanks()
        if not self.text.startswith(literal, self.position):
            return False
        self.position += len(literal)
        return True

    def expect(self, literal: str) -> None:
        if not self.accept(literal):
            raise self.error(f"{literal} expected")

    def end(self) -> None:
        self.blanks()
        if self.position != len(self.text):
            raise self.error("end expected")

    def literal(self) -> _Token | None:
        """A number, text in quotes, octets or a SID."""
        if found := self.take(_STRING_TEXT):
            return _Token(_STRING, name=found[1])
        if found := self.take(_SID_TEXT):
            return _Token(_SID_LITERAL, name=self.sid(found[1], found.start(1)))
        if found := self.take(_OCTETS_TEXT):
            digits = found[1].replace("#", "0")
            # An odd digit is half an octet: Windows fills up in front.
            return _Token(_OCTETS, octets=bytes.fromhex("0" * (len(digits) % 2) + digits))
        if found := self.take(_INTEGER_TEXT):
            return self.integer(found)
        return None

    def integer(self, found: re.Match[str], limit: int = 0x7FFF_FFFF_FFFF_FFFF) -> _Token:
        digits = found[2].lower()
        if digits.startswith("0x"):
            base, radix, digits = _HEXADECIMAL, 16, digits[2:]
        elif digits.startswith("0") and len(digits) > 1 and set(digits) <= set("01234567"):
            base, radix = _OCTAL, 8
        else:
            base, radix = _DECIMAL, 10
        significant = digits.lstrip("0") or "0"
        number = int(significant, radix) if len(significant) <= 22 else 1 << 64
        if number > limit:
            self.position = found.start()
            raise self.error("number is too large")
        sign = {"+": _PLUS, "-": _MINUS}.get(found[1], _UNSIGNED)
        return _Token(_INTEGER, number=-number if sign == _MINUS else number, sign=sign, base=base)

    def sid(self, text: str, offset: int) -> str:
        trustee = parse_trustee(text, offset, self.resolver)
        if not trustee.startswith("S-"):
            raise SddlError(f"SID of {trustee} is not known", offset)
        return trustee


class _Condition(_Text):
    """Reads a condition and gives its postfix form."""

    def tokens(self) -> list[_Token]:
        found: list[_Token] = []
        self.expect("(")
        self._alternatives(found, 1)
        self.expect(")")
        self.end()
        return found

    def _alternatives(self, out: list[_Token], depth: int) -> None:
        self._chain(out, depth, "||", _OR, self._conjunction)

    def _conjunction(self, out: list[_Token], depth: int) -> None:
        self._chain(out, depth, "&&", _AND, self._term)

    def _chain(
        self, out: list[_Token], depth: int, sign: str, code: int, part: Callable[[list[_Token], int], None]
    ) -> None:
        part(out, depth)
        links = 0
        while self.accept(sign):
            links += 1
            if depth + links > _MAX_DEPTH:
                raise self.error("condition is nested too deeply")
            part(out, depth)
            out.append(_Token(code))

    def _term(self, out: list[_Token], depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise self.error("condition is nested too deeply")
        if self.accept("!"):
            self.expect("(")
            self._alternatives(out, depth + 1)
            self.expect(")")
            out.append(_Token(_NOT))
        elif self.accept("("):
            self._alternatives(out, depth + 1)
            self.expect(")")
        else:
            self._relation(out)

    def _relation(self, out: list[_Token]) -> None:
        name = self.take(_NAME)
        if name is None:
            raise self.error("attribute or operator expected")
        code = _WORDS.get(name[0].lower())
        if code in _MEMBERSHIP:
            out += [self._groups(), _Token(code)]
        elif code in _EXISTENCE:
            name = self.take(_NAME)
            if name is None:
                raise self.error("attribute expected")
            out += [self._attribute(name), _Token(code)]
        else:
            out.append(self._attribute(name))
            relation = self._relation_code()
            if relation is not None:
                out += [self._value(), _Token(relation)]

    def _relation_code(self) -> int | None:
        if found := self.take(_RELATION):
            return _RELATION_CODES[found[0]]
        start = self.position
        found = self.take(_NAME)
        code = None if found is None else _WORDS.get(found[0].lower())
        if code in _RELATIONS:
            return code
        self.position = start
        return None

    def _attribute(self, name: re.Match[str]) -> _Token:
        scope = _SCOPE.match(name[0])
        text = _ENCODED.sub(lambda found: chr(int(found[1], 16)), name[0][scope.end() :] if scope else name[0])
        if not text or (scope is None and name[0].startswith("@")):
            self.position = name.start()
            raise self.error("name of an attribute expected")
        return _Token(_SCOPES[scope[1].lower()] if scope else _LOCAL, name=text)

    def _value(self) -> _Token:
        if self.accept("{"):
            return self._list()
        value = self.literal()
        if value is not None:
            return value
        name = self.take(_NAME)
        if name is None or not name[0].startswith("@"):
            raise self.error("value expected")
        return self._attribute(name)

    def _groups(self) -> _Token:
        if self.accept("("):
            group = self._groups()
            self.expect(")")
            return group
        if self.accept("{"):
            return self._list()
        group_literal = self.literal()
        if group_literal is None:
            raise self.error("SID expected")
        return group_literal

    def _list(self) -> _Token:
        elements: list[_Token] = []
        while not self.accept("}"):
            if elements:
                self.expect(",")
            element = self.literal()
            if element is None:
                raise self.error("value expected")
            elements.append(element)
        return _Token(_COMPOSITE, elements=tuple(elements))


class _Attribute(_Text):
    """Reads a resource attribute."""

    def parts(self) -> tuple[str, int, int, list[bytes]]:
        """Name, type, flags and the binary form of each value."""
        self.expect("(")
        name = self.take(_STRING_TEXT)
        if name is None:
            raise self.error("name in quotes expected")
        self.expect(",")
        letters = self.take(_NAME)
        if letters is None or letters[0].upper() not in _ATTRIBUTE_CODES:
            raise self.error("type of a resource attribute expected")
        self.expect(",")
        flags = self.literal()
        if flags is None or flags.code != _INTEGER or not 0 <= flags.number <= 0xFFFF_FFFF:
            raise self.error("flags of a resource attribute expected")
        values = []
        while self.accept(","):
            values.append(self._value(letters[0].upper()))
        self.expect(")")
        self.end()
        return name[1], _ATTRIBUTE_CODES[letters[0].upper()], flags.number, values

    def _value(self, letters: str) -> bytes:
        if letters == "TX":
            digits = self.take(_HEX_TEXT)
            octets = bytes.fromhex(digits[1]) if digits else b""
            return struct.pack("<I", len(octets)) + octets
        if letters == "TU" and (found := self.take(_INTEGER_TEXT)):
            return struct.pack("<Q", self.integer(found, 0xFFFF_FFFF_FFFF_FFFF).number & 0xFFFF_FFFF_FFFF_FFFF)
        value = self.literal()
        if letters == "TS" and value is not None and value.code == _STRING:
            return _utf16(value.name) + bytes(2)
        if letters == "TD" and value is not None and value.code == _SID_LITERAL:
            sid = sid_to_bytes(value.name)
            return struct.pack("<I", len(sid)) + sid
        if letters in {"TI", "TB"} and value is not None and value.code == _INTEGER:
            return struct.pack("<Q", value.number & 0xFFFF_FFFF_FFFF_FFFF)
        raise self.error(f"value of type {letters} expected")
