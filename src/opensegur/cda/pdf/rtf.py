"""The text of an RTF file."""

from __future__ import annotations

from striprtf.striprtf import rtf_to_text

from opensegur.cda.pdf.limites import LimitesPdf
from opensegur.cda.pdf.refus import refusal

_MAX_DEPTH = 500


def text_of_rtf(data: bytes, limits: LimitesPdf) -> str:
    """What an RTF says, without its layout.

    Raises ``RefusedInput``: RTF_ABIME, TEXTE_VIDE.
    """
    source = data.decode("latin-1")  # RTF is 7-bit: what is not is escaped, or an old file's Windows-1252
    if _depth(source) > _MAX_DEPTH or len(source) > limits.max_bytes:
        raise refusal("RTF_ABIME", "nesting")
    try:
        text: str = rtf_to_text(source, encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise refusal("RTF_ABIME", type(error).__name__) from error
    if not text.strip():
        raise refusal("TEXTE_VIDE")
    return text


def _depth(source: str) -> int:
    deepest = depth = 0
    escaped = False
    for character in source:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "{":
            depth += 1
            deepest = max(deepest, depth)
        elif character == "}":
            depth -= 1
    return deepest
