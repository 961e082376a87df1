"""XML bytes to a tree: the only opener of XML.

No DTD, no entities, no network; size, depth and number of tags are limited, for every document is foreign. The bytes
are decoded here, so that exactly one reading of a document exists, whatever its declaration says.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from typing import TypeAlias

    from lxml.etree import XMLSyntaxError, _Element

    Element: TypeAlias = _Element

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_TAGS",
    "XmlError",
    "XmlMalformedError",
    "XmlRefusedError",
    "line_of",
    "parse_xml",
]

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 64
# A tree takes about a hundred bytes a node and an empty element four in the file: these keep 32 MiB from becoming
# gigabytes. They are ten times what a configuration of any size was seen to hold.
MAX_TAGS = 1_000_000
MAX_ATTRIBUTES = 1_000_000


class XmlError(ValueError):
    """An XML document that is not read; `line` and `column` count from 1 and are None where there is no place."""

    def __init__(self, what: str, line: int | None = None, column: int | None = None) -> None:
        """Build the one-line message: what is wrong and where."""
        place = "" if line is None else f"line {line}: " if column is None else f"line {line}, column {column}: "
        super().__init__(place + what)
        self.line = line
        self.column = column


class XmlMalformedError(XmlError):
    """The document is not well-formed XML: no program could read it."""


class XmlRefusedError(XmlError):
    """The document may be well-formed, but uses what is not read here: a DTD, an odd encoding, too much of something."""


def parse_xml(data: bytes) -> Element:
    """Parse a document and give its root element, without comments and processing instructions.

    Raises:
        XmlMalformedError: the bytes are no well-formed XML.
        XmlRefusedError: a DTD, an unknown encoding, or more than `MAX_BYTES`, `MAX_DEPTH` or `MAX_TAGS`.
    """
    if len(data) > MAX_BYTES:
        raise XmlRefusedError(f"the document has {len(data)} bytes; at most {MAX_BYTES} are read")
    text = _without_declaration(_decode(data))
    _refuse_dtd(text)
    if text.count("<") > MAX_TAGS or text.count("=") > MAX_ATTRIBUTES:
        raise XmlRefusedError(f"the document has more than {MAX_TAGS} tags or {MAX_ATTRIBUTES} attributes")
    return _tree(text)


def line_of(element: Element) -> int:
    """Give the line on which an element of `parse_xml` begins, counted from 1."""
    # The stubs of lxml leave the type open; a parsed element always has a line.
    return cast("int", element.sourceline)


_BOMS = (
    # UTF-32LE begins like UTF-16LE, hence first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML appendix F: without a mark, the first characters "<?" or "<x" betray the width.
_WIDTHS = (
    (re.compile(rb"<\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00<"), "utf-32-be"),
    (re.compile(rb"<\x00[^\x00]\x00"), "utf-16-le"),
    (re.compile(rb"\x00<\x00[^\x00]"), "utf-16-be"),
)
_DECLARATION = re.compile(
    r"""<\?xml(?:[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+'))?"""
    r"""(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["'](?P<encoding>[A-Za-z][A-Za-z0-9._-]{0,39})["'])?"""
    r"""(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](?:yes|no)["'])?[ \t\r\n]*\?>"""
)
# Character sets that documents use. Python knows codecs that are none, and some that take quadratic time.
_CHARACTER_SETS = re.compile(
    r"ascii|utf-8|utf-(16|32)(-[bl]e)?|iso8859-\d+|cp\d+|koi8-[a-z]|mac-[a-z]+|gb2312|gbk|gb18030|hz|big5(hkscs)?"
    r"|euc_(jp|kr|jis_2004|jisx0213)|shift_jis(_2004|x0213)?|johab|tis-620"
)


def _decode(data: bytes) -> str:
    bom, encoding = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", ""))
    body = data[len(bom) :]
    if not encoding:
        encoding = next((name for width, name in _WIDTHS if width.match(data)), "") or _declared(data)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        good = body[: error.start].decode(encoding, errors="replace")
        raise XmlMalformedError(f"the bytes are not {encoding}", *_place(good)) from None
    declared = _DECLARATION.match(text)
    name = declared and declared["encoding"]
    if name and encoding.startswith(("utf-16", "utf-32")) and not name.upper().startswith(encoding.upper()[:6]):
        raise XmlMalformedError(f"the declaration says {name}, the bytes are {encoding}", 1, 1)
    return text


def _declared(data: bytes) -> str:
    """Give the codec that an eight-bit document declares; without a declaration XML means UTF-8."""
    head = _DECLARATION.match(data[:200].decode("latin-1"))
    name = (head and head["encoding"]) or "utf-8"
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = ""
    if not _CHARACTER_SETS.fullmatch(codec):
        raise XmlRefusedError(f"the encoding {name} is not known", 1, 1)
    if codec.startswith(("utf-16", "utf-32")):
        raise XmlMalformedError(f"the declaration says {name}, the bytes are eight bits wide", 1, 1)
    return codec


def _without_declaration(text: str) -> str:
    """Blank the XML declaration, length and line ends kept, so that it cannot contradict what was decoded."""
    if not re.match(r"<\?xml[ \t\r\n?]", text):
        return text
    declaration = _DECLARATION.match(text)
    if declaration is None:
        raise XmlMalformedError("the XML declaration is broken", 1, 1)
    return re.sub(r"[^\r\n]", " ", declaration[0]) + text[declaration.end() :]


def _refuse_dtd(text: str) -> None:
    """Walk the prolog up to the root element; the only place where a document type may stand."""
    at = 0
    while True:
        at = _skip_blanks(text, at)
        if text.startswith("<!--", at):
            end = text.find("-->", at + 4)
        elif text.startswith("<?", at):
            end = text.find("?>", at + 2)
        elif text.startswith("<!", at):
            raise XmlRefusedError("a document type (DTD) is not read", *_place(text[:at]))
        else:
            return
        if end < 0:
            # Unfinished: the parser says so better.
            return
        at = end + (3 if text.startswith("<!--", at) else 2)


def _skip_blanks(text: str, at: int) -> int:
    while text[at : at + 1] in {" ", "\t", "\r", "\n"}:
        at += 1
    return at


def _tree(text: str) -> Element:
    from lxml import etree

    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root: Element = etree.fromstring(text.encode("utf-8"), parser)
    except UnicodeEncodeError as error:
        raise XmlMalformedError("a lone surrogate is no character", *_place(text[: error.start])) from None
    except etree.XMLSyntaxError as error:
        raise _explained(error) from None
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return root
    raise XmlRefusedError(f"elements are nested deeper than {MAX_DEPTH}", line_of(level[0]))


# libxml2: internal error, name too long, resource limit.
_LIMIT_CODES = frozenset({1, 110, 114})
_LIMIT_WORDS = re.compile(r"huge|too long|too big|excessive depth", re.IGNORECASE)


def _explained(error: XMLSyntaxError) -> XmlError:
    line, column = error.position
    # libxml2 quotes the text behind the fault on a line of its own.
    what = " ".join(re.sub(r", line \d+, column \d+.*", "", error.msg or "", flags=re.DOTALL).split())
    # The stubs do not know the code.
    if getattr(error, "code", None) in _LIMIT_CODES or _LIMIT_WORDS.search(what):
        what = re.sub(r",? *(try|use) XML_PARSE_HUGE( option)?", "", what)
        return XmlRefusedError(f"too large for a configuration: {what[:160]}", line, column)
    return XmlMalformedError(what[:200] or "not well-formed", line, column)


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")
