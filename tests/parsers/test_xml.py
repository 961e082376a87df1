"""The XML opener reads what is well-formed and harmless, and refuses the rest in one clear line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshot_tool.parsers.xml import MAX_BYTES, MAX_DEPTH, XmlError, XmlMalformedError, XmlRefusedError, parse_xml


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "utf-32"]
)
def test_every_declared_encoding_is_read(encoding):
    name = {"utf-8-sig": "utf-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(encoding, encoding)
    root = parse_xml(f"<?xml version='1.0' encoding='{name}'?>\r\n<a>Größe €</a>".encode(encoding))
    assert root.text == "Größe €"


def test_a_document_without_declaration_is_utf_8():
    assert parse_xml("<a>ß</a>".encode()).text == "ß"


def test_comments_processing_instructions_and_cdata_leave_the_text_whole():
    root = parse_xml(b"<!-- c --><?pi x?><a>x<!--c-->y<?p q?>z<![CDATA[<k>]]><b/></a>")
    assert root.text == "xyz<k>"
    assert [child.tag for child in root] == ["b"]


BILLION_LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>\n<l x="&c;">&c;</l>'
)


@pytest.mark.parametrize(
    "document",
    [
        BILLION_LAUGHS,
        '<!DOCTYPE a SYSTEM "http://192.0.2.1/x.dtd"><a/>',
        '<!-- first --><?pi?> \n<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_with_its_place(document, encoding):
    with pytest.raises(XmlRefusedError, match=r"line \d+, column \d+: a document type"):
        parse_xml(document.encode(encoding))


def test_a_document_type_named_in_text_is_no_document_type():
    assert parse_xml(b"<a><!-- <!DOCTYPE x> --><![CDATA[<!DOCTYPE y>]]></a>").text == "<!DOCTYPE y>"


def test_an_entity_without_definition_is_malformed():
    with pytest.raises(XmlMalformedError, match="line 1"):
        parse_xml(b"<a>&x;</a>")


def test_nesting_is_read_to_the_limit_and_not_beyond():
    assert parse_xml(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH).tag == "a"
    with pytest.raises(XmlRefusedError, match=f"line {MAX_DEPTH + 1}: .*deeper than 64"):
        parse_xml(b"<a>\n" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1))
    with pytest.raises(XmlRefusedError):
        parse_xml(b"<a>" * 100_000)


@pytest.mark.parametrize(
    "document",
    [
        b"x" * (MAX_BYTES + 1),
        b"<a b='" + b"x" * 11_000_000 + b"'/>",
        b"<a>" + b"x" * 11_000_000 + b"</a>",
        b"<" + b"a" * 100_000 + b"/>",
        b"<a>" + b"<b/>" * 1_000_001 + b"</a>",
        b"<a " + b" ".join(b'a%d=""' % n for n in range(1_000_001)) + b"/>",
    ],
    ids=["bytes", "attribute", "text", "name", "tags", "attributes"],
)
def test_what_is_too_large_is_refused(document):
    with pytest.raises(XmlRefusedError):
        parse_xml(document)


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (b"", "line 1"),
        (b"<a>\n <b></c></a>", "line 2, column"),
        (b"<?xml version='1.0'?>\n\n<a>\xff</a>", "line 3, column 4: the bytes are not utf-8"),
        (b"<?xml nonsense?><a/>", "line 1, column 1: the XML declaration is broken"),
        (b"<?xml version='1.0' encoding='UTF-16'?><a/>", "says UTF-16, the bytes are eight bits wide"),
        ("<?xml version='1.0' encoding='utf-8'?><a/>".encode("utf-16"), "says utf-8, the bytes are utf-16"),
        (b"<a/><b/>", "Extra content"),
        (b"<a>\x00</a>", "line 1"),
    ],
)
def test_what_is_not_well_formed_is_said_in_one_line_with_its_place(document, what):
    with pytest.raises(XmlMalformedError) as caught:
        parse_xml(document)
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-7", "punycode", "idna", "rot13", "zip", "unicode_escape", "no-such"])
def test_codecs_that_are_no_character_set_are_refused(encoding):
    with pytest.raises(XmlRefusedError, match="is not known"):
        parse_xml(f"<?xml version='1.0' encoding='{encoding}'?><a/>".encode())


FRAGMENTS = st.sampled_from(
    [b"<a>", b"</a>", b"<b x='1'>", b"<", b">", b"&amp;", b"&x;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE a [",
     b"<?xml version='1.0' encoding='", b"utf-16", b"'?>", b"<?", b"?>", b"\xff\xfe", b"\x00", b"\xef\xbb\xbf", b" ", b"\n", b"\xd8"]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=200), st.lists(FRAGMENTS, max_size=20).map(b"".join)))
def test_junk_raises_nothing_but_xml_errors(data):
    try:
        said = str(parse_xml(data).tag)
    except XmlError as error:
        said = str(error)
    assert said.splitlines() == [said]


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=50),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_text_comes_back_as_written(text, encoding):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert (parse_xml(f"<a>{escaped}</a>".encode(encoding)).text or "") == text
