"""JSON members are read one way or refused in one line; no nesting and no number of values does harm."""

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshot_tool.archive import MemberError
from snapshot_tool.parsers import json_members
from snapshot_tool.parsers.json_members import MAX_DEPTH, JsonError, read_json

NAME = "data/os.json"


def refused(data):
    with pytest.raises(JsonError) as caught:
        read_json(data, NAME)
    assert isinstance(caught.value, MemberError)
    assert caught.value.name == NAME
    assert "\n" not in str(caught.value)
    return caught.value.reason


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('ab"\\[]{}n', max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(value=VALUES, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]), bom=st.booleans())
def test_what_json_can_say_is_read_as_it_was_written(value, ascii_only, indent, bom):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    try:
        data = text.encode()
    except UnicodeEncodeError:  # a lone surrogate needs \\u
        data = json.dumps(value).encode()
    assert read_json(b"\xef\xbb\xbf" * bom + data, NAME) == value


@given(value=VALUES, depth=st.integers(0, 40), mark=st.text('"\\[]{}', max_size=5))
def test_nesting_is_counted_whatever_the_strings_hold(value, depth, mark):
    def deepest(inner):
        children = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
        return isinstance(inner, dict | list) + max(map(deepest, children), default=0)

    for level in range(depth):
        value = [mark, value] if level % 2 else {mark: value, "other": mark}
    data = json.dumps(value).encode()
    if deepest(value) <= MAX_DEPTH:
        assert read_json(data, NAME) == value
    else:
        assert "nested deeper" in refused(data)


@pytest.mark.parametrize("brackets", [b"[", b'{"a":', b"[{}, [", b'["\\"", ['])
def test_a_million_open_brackets_do_not_reach_the_parser(brackets):
    assert "nested" in refused(brackets * 1_000_000)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "not JSON"),
        (b"{", "brackets do not match"),
        (b'{"a": 1,}', "line 1, column"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": "\x01"}', "not JSON"),
        (b"[1] [2]", "not JSON"),
        (b'"\xe4"', "UTF-8 (byte 1)"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"),
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "-Infinity"),
        (b"[" + b"9" * 5000 + b"]", "digits"),
        (b'{"rows": [], "rows": [1]}', "'rows' stands twice"),
        (b'{"a": {"\\u001b[31m": 1, "\\u001b[31m": 2}}', "stands twice"),
    ],
)
def test_doubtful_json_is_refused_with_its_place(data, what):
    reason = refused(data)
    assert what in reason
    assert reason.isprintable()


def test_lone_surrogates_are_kept():
    assert read_json(b'["\\ud800"]', NAME) == ["\ud800"]


@pytest.mark.parametrize(
    ("data", "limit"), [(b"[" + b"[]," * 99 + b"[]]", "MAX_CONTAINERS"), (b"[" + b"0," * 100 + b"0]", "MAX_VALUES")]
)
def test_more_values_than_memory_is_meant_for_are_refused(monkeypatch, data, limit):
    read_json(data, NAME)
    monkeypatch.setattr(json_members, limit, 100)
    assert "more than 100" in refused(data)


def test_a_list_of_empty_lists_is_refused_before_it_takes_memory():
    data = b"[" + b"[]," * 5_000_000 + b"[]]"
    tracemalloc.start()
    assert "lists and objects" in refused(data)
    assert tracemalloc.get_traced_memory()[1] < 4 * len(data)
    tracemalloc.stop()


@given(st.text('[]{}",:\\ 0anu', max_size=60) | st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    data = data.encode() if isinstance(data, str) else data
    try:
        value = read_json(data, NAME)
    except JsonError:
        return
    assert value == json.loads(data.decode("utf-8-sig"))
