"""The gate for foreign strings on their way to people: control characters, escape sequences and direction marks become visible."""

import re

# C0 and C1 controls (escape sequences begin with one), line and paragraph separators, bidirectional controls, zero-width
# characters, byte-order marks, tags and lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)

LONGEST = 300


def harmless(text: object, *, limit: int = LONGEST) -> str:
    r"""One line of printable text: unsafe characters as `\u202e`, at most `limit` characters."""
    shown = str(text)
    # Control, format and surrogate characters are not printable, so most text needs no further look.
    if len(shown) <= limit and shown.isprintable():
        return shown
    cut = len(shown) > limit
    if cut:
        shown = shown[: limit - 1]
    shown = _UNSAFE.sub(_escape, shown)
    return shown + "…" if cut else shown


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code in (0x09, 0x0A, 0x0D):
        return " "
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
