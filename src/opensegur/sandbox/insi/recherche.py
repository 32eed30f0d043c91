"""The two searches: what is asked, whether it is written as INSi wants it, and who matches.

Sources: SEL-MP-043 §2 (EF_INS01_03, EF_INS10_01, EF_INS10_02), INSi_RECSANS_INS.xsd, INSi_RECVITALE_INS.xsd.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lxml import etree

from opensegur.foundation.schemas import load_schema
from opensegur.sandbox.insi.controle import ControleInsi
from opensegur.sandbox.insi.noms import RECSANS, RECVIT, VITALE, Operation
from opensegur.sandbox.population.personnes import Personne

# space and apostrophe neither doubled nor adjacent; a single or double dash between letters, one also at the end
_NAME = re.compile(r"'?[A-Z]+(?:(?:--?|[ '])[A-Z]+)*(?:'|--?)?")
_GIVEN = re.compile(r"'?[A-Z]+(?:[-' ][A-Z]+)*")
_MAX_NAME = 100
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_COG = re.compile(r"[0-9][0-9AB][0-9]{3}")
_NUMBER = re.compile(r"\d{6}[AB0-9]\d{6}")


@dataclass(frozen=True, slots=True)
class Trouve:
    """Everybody who matches; ``resume`` shows the question in the console."""

    personnes: tuple[Personne, ...]
    resume: dict[str, str]


def search(operation: Operation, corps: etree._Element, controle: ControleInsi) -> Trouve:
    """Check ``corps`` and search for it. Raises ``Refus``."""
    findings = load_schema(operation.schema).findings(corps)
    controle.require(not findings, "corps.schema", findings[0].message if findings else "")
    if operation is VITALE:
        return _by_card(corps, controle)
    return _by_traits(corps, controle)


def _by_traits(corps: etree._Element, controle: ControleInsi) -> Trouve:
    nom, sexe = _text(corps, RECSANS, "NomNaissance"), _text(corps, RECSANS, "Sexe")
    naissance, lieu = _text(corps, RECSANS, "DateNaissance"), _text(corps, RECSANS, "LieuNaissance")
    prenoms = [(item.text or "") for item in corps.findall(f"{{{RECSANS}}}Prenom")]
    controle.require(_is_written(_NAME, nom), "trait.nom")
    controle.require(prenoms and all(_is_written(_GIVEN, prenom) for prenom in prenoms), "trait.prenom")
    controle.require(sexe in {"M", "F"}, "trait.sexe")
    _check_date(naissance, controle)
    controle.require(not lieu or _COG.fullmatch(lieu), "trait.lieu")
    found = tuple(
        personne
        for personne in controle.population.born(nom, naissance)
        if personne.sexe == sexe
        and (not lieu or personne.lieu_naissance == lieu)
        and _given_match(prenoms, personne.prenoms)
    )
    asked = {"Nom": nom, "Prénoms": " / ".join(prenoms), "Sexe": sexe, "Naissance": naissance, "Lieu": lieu}
    return Trouve(found, {name: value for name, value in asked.items() if value})


def _given_match(asked: list[str], prenoms: str) -> bool:
    """One given name may be any of the list; several, each at its position from the first.

    The reference client asks for the given names one by one, then for the whole list in one element.
    """
    held = prenoms.split(" ")
    wanted = [word for item in asked for word in item.split(" ")]
    if len(wanted) == 1:
        return wanted[0] in held
    return wanted == held[: len(wanted)]


def _by_card(corps: etree._Element, controle: ControleInsi) -> Trouve:
    own = _text(corps, RECVIT, f"MatriculeIndividu/{{{RECVIT}}}NumIdentifiant")
    holder = _text(corps, RECVIT, f"MatriculeOD/{{{RECVIT}}}NumIdentifiant")
    naissance, nom = _text(corps, RECVIT, "DateNaissance"), _text(corps, RECVIT, "NomNaissance")
    usable = _NUMBER.fullmatch(own) or (_NUMBER.fullmatch(holder) and naissance)
    controle.require(usable, "vitale.criteres")
    known = controle.population.numbered(own or holder)
    if known is None:
        found: tuple[Personne, ...] = ()
    elif own:
        found = (known,)
    else:
        found = tuple(
            personne
            for personne in (known, *controle.population.relatives(known))
            if personne.date_naissance == naissance
            and (not nom or nom in {personne.nom_naissance, personne.nom_utilise})
        )
    return Trouve(
        found, {"Recherche": "carte Vitale", "Naissance": naissance} if naissance else {"Recherche": "carte Vitale"}
    )


def _check_date(text: str, controle: ControleInsi) -> None:
    match = _DATE.fullmatch(text)
    controle.require(match is not None, "trait.date")
    assert match is not None
    year, month, day = (int(part) for part in match.groups())
    try:
        future = date(year, month, day) > controle.moment.date()
    except ValueError:  # lunar and incomplete dates are legitimate: a month above 12, a day 00
        future = False
    controle.require(not future, "trait.date_future")


def _is_written(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) <= _MAX_NAME and pattern.fullmatch(text) is not None


def _text(parent: etree._Element, space: str, path: str) -> str:
    # spaces around are the client's fault: INSi does not trim
    return parent.findtext(f"{{{space}}}{path}") or ""
