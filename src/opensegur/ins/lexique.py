"""The letters of a name: what INSi accepts, and how what people type is brought to it.

Two published profiles disagree on a leading apostrophe and on a double hyphen in given names: the wide set is
accepted from outside, the narrow one is what we write. Sources: SEL-MP-043 (EF_INS01_03, EF_INS10_01, EF_INS10_02).
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from opensegur.foundation.errors import InvalidValue

MAX_LENGTH = 100

_WIDE = re.compile(r"(?!.*(?:  |''|' | '|---))['A-Z](?:[A-Z '-]*[A-Z'-])?")
_REFUSED = re.compile(r"[^A-Z '-]")
_NARROW_FAMILY = re.compile(r"[A-Z]+(?:(?:--?|[' ])[A-Z]+)*")
_NARROW_GIVEN = re.compile(r"[A-Z]+(?:[-' ][A-Z]+)*")

# Only what has an equivalent; everything else with a letter in it is decomposed, or refused.
_LETTERS = str.maketrans(
    {
        "Œ": "OE", "Æ": "AE", "Ø": "O", "Þ": "TH", "Ð": "D", "ẞ": "SS", "Ł": "L", "Đ": "D",
        "’": "'", "‘": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ",
    }
)  # fmt: skip


class Champ(StrEnum):
    """Which name: the profiles of family and given names differ."""

    NOM = "nom"
    PRENOM = "prénom"


def check_name(text: str, champ: Champ) -> str:
    """Give ``text`` back when it fits the wide profile of ``champ``; raise ``InvalidValue`` NOM_LEXIQUE otherwise."""
    fits = len(text) <= MAX_LENGTH and _WIDE.fullmatch(text)
    if not fits or (champ is Champ.PRENOM and text[-1] in "-'"):
        raise InvalidValue(
            "NOM_LEXIQUE",
            f"Le {champ} n’est pas écrit comme le demande l’identité nationale de santé.",
            conseil="Lettres majuscules sans accent, espace, apostrophe et tiret seulement, 100 caractères au plus.",
        )
    return text


def is_narrow(text: str, champ: Champ) -> bool:
    profile = _NARROW_FAMILY if champ is Champ.NOM else _NARROW_GIVEN
    return len(text) <= MAX_LENGTH and profile.fullmatch(text) is not None


@lru_cache(maxsize=100_000)
def normalize_name(text: str, champ: Champ = Champ.NOM) -> str:
    """``text`` as it is written in an identity: capitals, no accent, ligatures opened, punctuation tidied.

    ``D’Æïon`` gives ``D'AEION``. A character without an equivalent (digit, ``_``, ``/``, ``.``) is refused, never
    dropped. Raises ``InvalidValue``: NOM_CARACTERE, NOM_VIDE, NOM_LONG.
    """
    if text.isascii() and text.isalpha():
        return _checked(text.upper(), champ)
    letters = text.upper().translate(_LETTERS) if text.isascii() else _without_accents(text)
    if refused := _REFUSED.search(letters):
        raise _refused_character(refused.group(), champ)
    return _checked(_tidy(letters, champ), champ)


def _without_accents(text: str) -> str:
    upper = unicodedata.normalize("NFC", text).upper().translate(_LETTERS)
    return "".join(char for char in unicodedata.normalize("NFD", upper) if not unicodedata.combining(char))


def _tidy(letters: str, champ: Champ) -> str:
    """Separators once each, without spaces around apostrophes and hyphens, none at either end."""
    if "-" not in letters and "'" not in letters:
        return " ".join(letters.split())
    name = re.sub(r" *'[ ']*", "'", letters)
    name = re.sub(r" *-[ -]*", lambda found: "--" if "--" in found.group() and champ is Champ.NOM else "-", name)
    name = re.sub(r"-*'[-']*", "'", name)
    return re.sub(r" +", " ", name).strip(" '-")


def _checked(name: str, champ: Champ) -> str:
    if not name:
        raise InvalidValue("NOM_VIDE", f"Le {champ} est vide.", conseil=f"Saisissez le {champ} de naissance.")
    if len(name) > MAX_LENGTH:
        raise InvalidValue("NOM_LONG", f"Le {champ} dépasse 100 caractères.", conseil="Vérifiez la saisie.")
    return name


def _refused_character(character: str, champ: Champ) -> InvalidValue:
    if character.isdigit():
        what = "un chiffre"
    elif character.isalpha():
        what = "une lettre sans équivalent de A à Z"
    else:
        what = f"le caractère « {character} »" if character.isprintable() else "un caractère invisible"
    return InvalidValue(
        "NOM_CARACTERE",
        f"Le {champ} contient {what}.",
        conseil="Seuls sont admis les lettres, l’espace, l’apostrophe et le tiret : recopiez la pièce d’identité.",
    )
