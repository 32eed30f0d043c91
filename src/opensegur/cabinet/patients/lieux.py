"""From what people type as a place of birth to its code."""

from __future__ import annotations

import re

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.traits import check_cog
from opensegur.nomenclature import Lieu, search_lieux
from opensegur.nomenclature.words import words

_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_IN_PARENTHESES = re.compile(r"\(([0-9][0-9ABab][0-9]{3})\)\s*$")
_SHOWN = 4


def resolve_lieu(text: str) -> str:
    """The COG code of ``text``: a code, « Mazères (09185) », or a name that only one place bears.

    Empty for an empty text. Raises ``InvalidValue``: LIEU_INCONNU, LIEU_PLUSIEURS.
    """
    typed = text.strip()
    if not typed:
        return ""
    if _CODE.fullmatch(typed.upper()):
        return check_cog(typed.upper())
    if found := _IN_PARENTHESES.search(typed):
        return check_cog(found[1].upper())
    places = _narrowed(search_lieux(typed), typed)
    if not places:
        raise InvalidValue(
            "LIEU_INCONNU",
            "Ce lieu n’est pas dans la table des communes et des pays.",
            conseil="Vérifiez l’orthographe, ou écrivez son code à 5 caractères.",
        )
    if len(places) > 1:
        shown = ", ".join(f"{place.nom} ({place.code})" for place in places[:_SHOWN])
        raise InvalidValue(
            "LIEU_PLUSIEURS",
            f"Plusieurs lieux commencent ainsi : {shown}.",
            conseil="Choisissez-en un dans la liste.",
        )
    return places[0].code


def _narrowed(places: tuple[Lieu, ...], typed: str) -> tuple[Lieu, ...]:
    """The one place that bears exactly this name today, when there is one; all of them otherwise."""
    exact = [place for place in places if place.is_current and words(place.nom) == words(typed)]
    return (exact[0],) if len(exact) == 1 else places
