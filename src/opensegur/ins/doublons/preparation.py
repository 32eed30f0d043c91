"""What comparing a record needs, computed once: letters, sounds, parts of names and of the date."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.coherence import words_of
from opensegur.ins.dates import parse_typed_date, split_date
from opensegur.ins.doublons.fiche import Fiche
from opensegur.ins.doublons.frequences import are_given_names, bande_nom, bande_prenom
from opensegur.ins.lexique import normalize_name
from opensegur.ins.matricule import parse_matricule
from opensegur.ins.oids import OID_NIR
from opensegur.ins.phonetique import phonetic_key
from opensegur.nomenclature.cog import LIEU_INCONNU
from opensegur.nomenclature.words import words

_PARTICLES: Final = frozenset(
    {"DE", "DU", "DES", "LA", "LE", "LES", "D", "L", "VAN", "VON", "DER", "DEN", "DA", "DOS", "EL"}
)
_SHORTEST_PART: Final = 3
_MONTHS: Final = range(1, 13)
_DAYS: Final = range(1, 32)
_COMPLETED: Final = frozenset({(1, 1), (31, 12)})
_BIG_PLACES: Final = frozenset({"75056", "13055", "69123"})
_ABROAD: Final = "99"
_PHONE: Final = 9
_NOT_DIGITS: Final = re.compile(r"\D+")
_NOT_LETTERS: Final = re.compile(r"[^A-Z]+")


class Prete(NamedTuple):
    """A record ready to be compared: the columns of the table that Splink reads, in this order.

    Names are letters alone, without spaces nor accents. ``x_son`` is how x is heard, ``x_tri`` its letters sorted,
    ``x_1`` and ``x_2`` the first and last words of a name without its particles. ``bande_x`` says how common it is.
    ``date_floue``: the date is incomplete, or one that the completion rule makes. ``cle_noms``: both names as they
    are heard, in whatever order.
    """

    nom: str | None
    nom_son: str | None
    nom_tri: str | None
    nom_1: str | None
    nom_2: str | None
    bande_nom: int
    usage: str | None
    usage_son: str | None
    usage_tri: str | None
    usage_1: str | None
    usage_2: str | None
    prenom: str | None
    prenom_son: str | None
    prenom_tri: str | None
    prenom_tete: str | None
    prenom_connu: int
    bande_prenom: int
    prenom_2: str | None
    prenom_2_son: str | None
    prenom_3: str | None
    jour: int | None
    mois: int | None
    annee: int | None
    ne_le: str | None
    ne_le_tri: str | None
    date_floue: int
    sexe: str | None
    lieu: str | None
    zone: str | None
    grande_ville: int
    matricule: str | None
    adresse: str | None
    code_postal: str | None
    commune: str | None
    telephone: str | None
    cle_noms: str | None


NOMBRES: Final = frozenset(name for name, kind in Prete.__annotations__.items() if "int" in str(kind))
"""The columns of ``Prete`` that hold whole numbers; the others hold texts."""


def prepare(fiche: Fiche) -> Prete:
    """Nothing is refused: what cannot be read is missing."""
    nom, usage = _nom(fiche.nom_naissance), _nom(fiche.nom_utilise)
    if usage.texte == nom.texte:
        usage = _AUCUN
    prenom = _prenoms(fiche.premier_prenom, fiche.prenoms)
    date = _date(fiche.date_naissance)
    lieu = _lieu(fiche.lieu_naissance)
    son, prenom_son = nom.son, prenom.son
    place = lieu[:2] if lieu and not lieu.startswith(_ABROAD) else lieu
    return Prete._make(
        (
            *nom,
            *usage[:5],
            *prenom,
            *date,
            _sexe(fiche.sexe),
            lieu,
            place,
            int(lieu in _BIG_PLACES),
            _matricule(fiche.matricule),
            _address(fiche.adresse),
            fiche.code_postal.strip().lower() or None,
            _address(fiche.commune),
            _telephone(fiche.telephone),
            (f"{son}|{prenom_son}" if son <= prenom_son else f"{prenom_son}|{son}") if son and prenom_son else None,
        )
    )


class _Nom(NamedTuple):
    texte: str | None
    son: str | None
    tri: str | None
    premier: str | None
    dernier: str | None
    bande: int


class _Prenoms(NamedTuple):
    texte: str | None
    son: str | None
    tri: str | None
    tete: str | None
    connu: int
    bande: int
    deux: str | None
    deux_son: str | None
    trois: str | None


class _Date(NamedTuple):
    jour: int | None
    mois: int | None
    annee: int | None
    ne_le: str | None
    tri: str | None
    floue: int


_AUCUN = _Nom(None, None, None, None, None, 0)
_AUCUN_PRENOM = _Prenoms(None, None, None, None, 0, 0, None, None, None)


@lru_cache(maxsize=200_000)
def _words(text: str) -> tuple[str, ...]:
    """The words in capitals; a record to compare may hold what an identity may not, such as a digit."""
    try:
        return words_of(normalize_name(text))
    except InvalidValue:
        return tuple(word for word in (_NOT_LETTERS.sub("", found.upper()) for found in words(text)) if word)


@lru_cache(maxsize=200_000)
def _nom(text: str) -> _Nom:
    found = _words(text)
    if not found:
        return _AUCUN
    texte = "".join(found)
    parts = [word for word in found if word not in _PARTICLES and len(word) >= _SHORTEST_PART] or [texte]
    return _Nom(
        texte,
        phonetic_key(texte) or None,
        "".join(sorted(texte)),
        parts[0],
        parts[-1] if parts[1:] else None,
        bande_nom(texte),
    )


@lru_cache(maxsize=200_000)
def _prenoms(premier: str, liste: str) -> _Prenoms:
    first, whole = _words(premier), _words(liste)
    if not first and not whole:
        return _AUCUN_PRENOM
    first = first or whole[:1]
    # the list begins with the first given name when it was not cut otherwise
    others = (
        whole[len(first) :] if whole[: len(first)] == first else tuple(word for word in whole if word not in first)
    )
    texte = "".join(first)
    deux = others[0] if others else None
    return _Prenoms(
        texte,
        phonetic_key(texte) or None,
        "".join(sorted(texte)),
        first[0],
        int(are_given_names(first)),
        bande_prenom(first),
        deux,
        (phonetic_key(deux) or None) if deux else None,
        others[1] if others[1:] else None,
    )


@lru_cache(maxsize=100_000)
def _date(text: str) -> _Date:
    """Day, month and year are each ``None`` when unknown (00, or a lunar month above 12)."""
    try:
        year, month, day = split_date(parse_typed_date(text))
    except InvalidValue:
        return _Date(None, None, None, None, None, 1)
    jour, mois, annee = day if day in _DAYS else None, month if month in _MONTHS else None, year or None
    whole = f"{annee:04d}{mois:02d}{jour:02d}" if annee and mois and jour else None
    floue = whole is None or (jour, mois) in _COMPLETED
    return _Date(jour, mois, annee, whole, "".join(sorted(whole)) if whole else None, int(floue))


def _sexe(text: str) -> str | None:
    sexe = text.strip().upper()[:1]
    return sexe if sexe in {"M", "F"} else None


def _lieu(text: str) -> str | None:
    code = text.strip().upper()
    return code if code and code != LIEU_INCONNU else None


def _matricule(text: str) -> str | None:
    if not text or not text.strip():
        return None
    try:
        return parse_matricule(text, OID_NIR).valeur
    except InvalidValue:
        return None


@lru_cache(maxsize=50_000)
def _address(text: str) -> str | None:
    return "".join(words(text)) or None


def _telephone(text: str) -> str | None:
    """The nine last digits: +33 6… and 06… are one number."""
    digits = _NOT_DIGITS.sub("", text)
    return digits[-_PHONE:] if len(digits) >= _PHONE else None
