"""Text files as Windows programs write them: byte order mark, UTF-16 without one, UTF-8, else one byte a character."""

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode_windows_text(data: bytes) -> tuple[str, bool]:
    """Decode a text file; the flag is False where the characters beyond ASCII are guesses (an unnamed code page).

    Raises:
        UnicodeDecodeError: the mark, or the width of the characters, promises what the bytes do not keep.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding), True
    # ASCII text in UTF-16 has a zero in every other byte; no eight-bit text file has zeros.
    if data[1:2] == b"\x00":
        return data.decode("utf-16-le"), True
    if data[:1] == b"\x00":
        return data.decode("utf-16-be"), True
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError:
        return data.decode("latin-1"), False


def lines_of(text: str) -> list[str]:
    """Split at CR LF, LF or CR only: `str.splitlines` also breaks at characters that may stand inside a value."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
