"""What a scanner typed, when its keyboard was not the computer's: the key that was meant, from the character got.

A hand scanner sends the keys of an American keyboard. On a French one the digits become ``&é"'(-è_çà`` and some
letters change places; with capitals locked, letters change case and digits come out as digits.
"""

from __future__ import annotations

from collections.abc import Iterator

_US = "`1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./"
_US_SHIFT = '~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"|ZXCVBNM<>?'
_FR = "²&é\"'(-è_çà)=azertyuiop^$qsdfghjklmù*wxcvbn,;:!"
_FR_SHIFT = "~1234567890°+AZERTYUIOP¨£QSDFGHJKLM%µWXCVBN?./§"

_NORMAL = str.maketrans(_FR + _FR_SHIFT, _US + _US_SHIFT)
# capitals locked: the lock acts on every key of the upper row and on the letters
_LOCKED = str.maketrans(_FR_SHIFT + _FR, _US + _US_SHIFT)


def meant(text: str) -> Iterator[tuple[str, str]]:
    """What ``text`` may have meant, the likeliest first, each with what happened in French ("" when nothing did)."""
    yield text, ""
    yield text.swapcase(), "Les majuscules étaient verrouillées."
    yield text.translate(_NORMAL), "La douchette est réglée sur un clavier américain."
    yield (
        text.translate(_LOCKED),
        "La douchette est réglée sur un clavier américain et les majuscules étaient verrouillées.",
    )
    yield text.upper(), "Le code a été lu en minuscules."
