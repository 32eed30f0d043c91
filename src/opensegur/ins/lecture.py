"""What has just been scanned: told from the text alone, whatever the keyboard, so that it goes to the right place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.clavier import meant
from opensegur.ins.datamatrix.reparation import LectureReparee, is_payload, parse_repaired
from opensegur.ins.matricule import parse_matricule
from opensegur.ins.oids import OID_NIR
from opensegur.medicament.gs1 import read_identifiers

LONGEST = 4000


class Genre(StrEnum):
    """What a scan is. The real appli carte Vitale token and prescription QR code are not public: see each rule."""

    INS = "ins"
    APPLI_VITALE = "appli-vitale"
    BOITE = "boite"
    ORDONNANCE = "ordonnance"
    MATRICULE = "matricule"
    INCONNU = "inconnu"


@dataclass(frozen=True, slots=True, repr=False)
class Scan:
    """``texte``: what was meant by what was typed; ``ins``: the identity of a datamatrix INS, when it can be read.

    ``valeurs``: what else was understood: for a box the GS1 identifiers (``01`` GTIN, ``17`` expiry AAMMJJ, ``10``
    lot, ``21`` serial number), for a prescription its ``numero``. ``faute``: why a code that was recognised cannot be
    read.
    """

    genre: Genre
    texte: str
    ins: LectureReparee | None = None
    valeurs: Mapping[str, str] = field(default_factory=dict)
    faute: InvalidValue | None = None

    def __repr__(self) -> str:
        return f"Scan({self.genre.value})"


def recognize_scan(text: str) -> Scan:
    """Tell what ``text`` is, as a scanner typed it or a reader gave it. Never raises: the rest is ``INCONNU``."""
    scanned = text[:LONGEST].strip("\r\n\t ")
    if is_payload(scanned):
        return _ins(scanned)
    for candidate, _ in meant(scanned):
        for rule in _RULES:
            if found := rule(candidate):
                return found
    return Scan(Genre.INCONNU, scanned)


def _ins(text: str) -> Scan:
    try:
        return Scan(Genre.INS, text, ins=parse_repaired(text))
    except InvalidValue as error:
        return Scan(Genre.INS, text, faute=error)


# Our own convention, shared with the sandbox: what the appli really shows is not public (ins.md §6.2).
_APCV = re.compile(r"APCV1:([A-Za-z0-9_-]{20,200})")
# The bytes of the real QR code are not public. The only published number has 18 characters of Crockford's base 32 and
# begins with 01: taken alone, or at the end of an address.
_ORDONNANCE = re.compile(r"(?:https?://[!-~]+[/=])?(01[0-9A-HJKMNP-TV-Z]{16})")


def _apcv(text: str) -> Scan | None:
    found = _APCV.fullmatch(text)
    return Scan(Genre.APPLI_VITALE, text) if found else None


def _boite(text: str) -> Scan | None:
    values = read_identifiers(text)
    return Scan(Genre.BOITE, text, valeurs=values) if values else None


def _ordonnance(text: str) -> Scan | None:
    found = _ORDONNANCE.fullmatch(text)
    return Scan(Genre.ORDONNANCE, text, valeurs={"numero": found.group(1)}) if found else None


def _matricule(text: str) -> Scan | None:
    try:
        matricule = parse_matricule(text, OID_NIR)
    except InvalidValue:
        return None
    return Scan(Genre.MATRICULE, matricule.valeur)


_RULES: tuple[Callable[[str], Scan | None], ...] = (_apcv, _boite, _matricule, _ordonnance)
