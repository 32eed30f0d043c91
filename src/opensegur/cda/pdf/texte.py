"""Text files: which charset, and the characters that a page can show."""

from __future__ import annotations

import codecs
import re

from opensegur.cda.pdf.refus import refusal

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY = re.compile(rb"[\x00-\x07\x0e-\x19\x1b-\x1f]")  # TAB, LF, VT, FF, CR, BS and the old end-of-file 1A are text
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]")
_LINE_ENDS = re.compile("\r\n?|\x0b|\x85|\u2028|\u2029")
_SAMPLE = 65536


def looks_binary(data: bytes) -> bool:
    """Whether ``data`` holds bytes that no text holds; a text in UTF-16 says so by its mark."""
    return not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and bool(_BINARY.search(data[:_SAMPLE]))


def decode_text(data: bytes) -> str:
    """The text of ``data``: UTF-8 (with or without its mark), UTF-16 with its mark, or Windows-1252.

    Raises ``RefusedInput`` TEXTE_CHARSET for anything else.
    """
    for mark, charset in _BOMS:
        if data.startswith(mark):
            return _decode(data, (charset,))
    return _decode(data, ("utf-8", "cp1252"))


def clean_text(text: str) -> str:
    """``text`` with plain line ends and without invisible characters, bidirectional overrides among them.

    No-break spaces, tabs and form feeds stay. An override can make a page read otherwise than its characters.
    """
    return _CONTROL.sub("", _LINE_ENDS.sub("\n", text)).replace("\x1a", "")


def _decode(data: bytes, charsets: tuple[str, ...]) -> str:
    for charset in charsets:
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise refusal("TEXTE_CHARSET")
