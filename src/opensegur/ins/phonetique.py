"""How a French name sounds, as a short key: two names that are heard alike have the same one.

The key is coarse on purpose: it gathers candidates, and whoever compares them says how alike they are. Voiced and
unvoiced s are one, as are « ou » and « u »; the nasal vowels are written 1 (in), 2 (an) and 3 (on). An accent changes
nothing: names are written without.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NOT_A_LETTER = re.compile(r"[^A-Z]+")
_DOUBLED = re.compile(r"([A-Z0-9])\1+")
# ll and ss are sounds of their own until the rules have read them
_DOUBLED_CONSONANT = re.compile(r"([B-DF-HJKMNP-RTV-Z])\1+")

# in this order: each line reads what the ones above have left
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        # h and what it changes
        (r"CHR", "KR"),
        (r"SCH|SH|CH", "8"),
        (r"PH", "F"),
        (r"H", ""),
        # final consonants that nobody pronounces
        (r"(?<=AU)L[TDSX]*$", ""),
        (r"(?<=[A-Z0-9]{2})[TDSXZ]+$", ""),
        (r"(?<=M)P$", ""),
        (r"(?<=[A-Z0-9]{2})ER$", "E"),
        (r"B(?=V)", ""),
        # c, g, q, t before vowels
        (r"TI(?=ON)", "SI"),
        (r"SC(?=[EIY])", "S"),
        (r"CC(?=[EIY])", "KS"),
        (r"C(?=[EIY])", "S"),
        (r"[GJ]E(?=[AOU])", "J"),
        (r"GU(?=[EIY])", "7"),
        (r"G(?=[EIY])", "J"),
        (r"GN", "N"),
        (r"G", "7"),
        (r"QU?|CK|C", "K"),
        # glides: -aill-, -eill-, -ouill-
        (r"(?<=[AEOU])ILL?(?=[AEIOUY]|$)", "Y"),
        (r"ILL(?=[AOU])", "I"),
        (r"OEU?(?=[A-Z0-9]|$)", "E"),
        # nasal vowels: before a consonant or at the end
        (r"(?:[AE]?[IY]|U)[NM](?![AEIOUYNM])", "1"),
        (r"(?<=[IY])EN(?![AEIOUYNM])", "1"),
        (r"[AE][NM](?![AEIOUYNM])", "2"),
        (r"O[NM](?![AEIOUYNM])", "3"),
        # groups of vowels
        (r"EAU|AU|(?<=[A-Z0-9]{2})EO$", "O"),
        (r"OU|W(?=[AEIOU]$)", "U"),
        (r"O[IY]", "UA"),
        (r"[AE][IY]|EU", "E"),
        (r"Y", "I"),
        # single consonants that stand for another
        (r"W", "V"),
        (r"X", "KS"),
        (r"Z", "S"),
        (r"(?<=.)E$", ""),
    )
)


@lru_cache(maxsize=100_000)
def phonetic_key(name: str) -> str:
    """The key of ``name``, written in capitals without accents (``normalize_name``); "" when it has no letter.

    Spaces, hyphens and apostrophes are not heard: ``LE GOFF`` and ``LEGOFF`` have one key.
    """
    sound = _DOUBLED_CONSONANT.sub(r"\1", _NOT_A_LETTER.sub("", name))
    for pattern, replacement in _RULES:
        sound = pattern.sub(replacement, sound)
    return _DOUBLED.sub(r"\1", sound)


def sound_alike(name: str, other: str) -> bool:
    """Whether both names are heard alike; an empty one never is."""
    key = phonetic_key(name)
    return bool(key) and key == phonetic_key(other)
