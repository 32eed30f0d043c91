"""One person of a file, read and checked: what would be written, or why nothing can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

from opensegur.cabinet.imports.tableau import Rangee
from opensegur.cabinet.imports.valeurs import read_checked, read_date, read_matricule, read_sexe
from opensegur.cabinet.patients.lieux import resolve_lieu
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import Champ, DateCompletee, Matricule, Sexe, Traits, complete_date, normalize_name

_T = TypeVar("_T")
_LONGEST_EXTERNAL = 80


@dataclass(frozen=True, slots=True)
class Defaut:
    """What is wrong with a cell, in French: ``bloquant`` when the person cannot be written."""

    champ: str
    message: str
    bloquant: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Candidat:
    """One person, as read.

    ``externe``: the number in the former software; ``matricule``: what the file claims, never active by itself;
    ``controle``: the file says that a document was checked, which is kept for information.

    ``traits`` is None when a defect forbids it.
    """

    ligne: int
    traits: Traits | None
    externe: str = ""
    matricule: Matricule | None = None
    controle: bool = False
    defauts: tuple[Defaut, ...] = ()
    brut: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Candidat(ligne {self.ligne})"

    def without_matricule(self) -> Candidat:
        return replace(self, matricule=None)


class _Lecteur:
    """Collects what is wrong instead of stopping at the first defect."""

    def __init__(self, brut: Mapping[str, str]) -> None:
        self.brut = brut
        self.defauts: list[Defaut] = []

    def read(self, champ: str, reading: Callable[[], _T], default: _T, *, bloquant: bool = True) -> _T:
        try:
            return reading()
        except InvalidValue as error:
            message = f"{error.message} {error.conseil}".strip() if bloquant else error.message
            self.defauts.append(Defaut(champ, message, bloquant))
            return default

    def name(self, champ: str, text: str, kind: Champ, *, optional: bool = False) -> str:
        """A name as an identity writes it; a name in use that cannot be written is left out."""
        if not text and optional:
            return ""
        return self.read(champ, lambda: normalize_name(text, kind), "", bloquant=not optional)

    def warn(self, champ: str, message: str) -> None:
        self.defauts.append(Defaut(champ, message, bloquant=False))


def read_row(rangee: Rangee, mapping: Mapping[int, str]) -> Candidat:
    """The person of one row of a table. ``mapping``: column number → code of ``colonnes``."""
    brut = {code: rangee.cases[place] for place, code in mapping.items() if place < len(rangee.cases)}
    if rangee.defaut:
        return Candidat(rangee.ligne, None, defauts=(Defaut("", rangee.defaut),), brut=brut)
    return read_person(rangee.ligne, brut)


def read_person(ligne: int, brut: Mapping[str, str]) -> Candidat:
    """The person whose cells are ``brut``, by code of ``colonnes``."""
    lecteur = _Lecteur(brut)
    get = defaultdict(str, {code: text.strip() for code, text in brut.items()}).__getitem__
    matricule = lecteur.read(
        "matricule", lambda: read_matricule(get("matricule"), get("cle"), get("oid")), None, bloquant=False
    )
    traits = _traits(lecteur, get)
    return Candidat(
        ligne=ligne,
        traits=traits,
        externe=get("externe")[:_LONGEST_EXTERNAL],
        matricule=matricule,
        controle=read_checked(get("controle")),
        defauts=tuple(lecteur.defauts),
        brut=brut,
    )


def _traits(lecteur: _Lecteur, get: Callable[[str], str]) -> Traits | None:
    nom = get("nom_naissance") or get("nom") or get("nom_utilise")
    if nom and not get("nom_naissance") and not get("nom"):
        lecteur.warn("nom_naissance", "Nom de naissance absent : le nom utilisé en tient lieu.")
    prenoms = " ".join(get("prenoms").replace(",", " ").replace(";", " ").split())
    premier, _, others = get("premier_prenom").partition(",")
    if others and not prenoms:
        prenoms = " ".join(f"{premier} {others}".replace(",", " ").split())
    premier = premier.strip() or prenoms.partition(" ")[0]
    if not get("sexe"):
        lecteur.warn("sexe", "Sexe absent : indéterminé.")
    date = lecteur.read("date_naissance", lambda: _date(get("date_naissance")), DateCompletee("", estimee=False))
    values: dict[str, Any] = {
        "nom_naissance": lecteur.name("nom_naissance", nom, Champ.NOM),
        "premier_prenom": lecteur.name("premier_prenom", premier, Champ.PRENOM),
        "prenoms": lecteur.name("prenoms", prenoms, Champ.PRENOM, optional=True),
        "nom_utilise": lecteur.name(
            "nom_utilise", "" if get("nom_utilise") == nom else get("nom_utilise"), Champ.NOM, optional=True
        ),
        "prenom_utilise": lecteur.name(
            "prenom_utilise",
            "" if get("prenom_utilise") == premier else get("prenom_utilise"),
            Champ.PRENOM,
            optional=True,
        ),
        "date_naissance": date.valeur,
        "date_estimee": date.estimee,
        "sexe": lecteur.read("sexe", lambda: read_sexe(get("sexe")), Sexe.I),
        "lieu_naissance": lecteur.read("lieu_naissance", lambda: _place(get("lieu_naissance")), "", bloquant=False),
    }
    if any(defaut.bloquant for defaut in lecteur.defauts):
        return None
    traits = lecteur.read("", lambda: Traits(**values), None)
    if date.estimee:
        lecteur.warn("date_naissance", "Jour ou mois de naissance absent ou impossible : date complétée.")
    return traits


@lru_cache(maxsize=50_000)
def _date(text: str) -> DateCompletee:
    if not text:
        raise InvalidValue("DATE_VIDE", "La date de naissance est absente.")
    return complete_date(read_date(text))


@lru_cache(maxsize=20_000)
def _place(text: str) -> str:
    return resolve_lieu(text)
