"""The letters of the practice: a text with named fields, filled from the record when a letter is begun."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from opensegur.cabinet.documents.ecrit import CODE
from opensegur.cabinet.ecrits.brouillons import Champs
from opensegur.cabinet.ecrits.modeles import Champ, ModeleEcrit
from opensegur.cabinet.ecrits.models import Gabarit
from opensegur.cabinet.medical.dossier import Entree
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.papier.page import address_lines, full_name, long_date
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import format_date
from opensegur.nomenclature import table
from opensegur.nomenclature.index import is_one_letter_away

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.patients.models import Patient
    from opensegur.cabinet.structures.models import Structure

_CHAMP = re.compile(r"\{\{\s*([^{}]{1,60}?)\s*\}\}")
PREFIXE = "gabarit-"
_TEXTE = "texte"

_Valeur = Callable[["Patient", "Compte", tuple[Entree, ...]], str]


def _list_of(rubrique: str) -> _Valeur:
    def said(_patient: Patient, _compte: Compte, entries: tuple[Entree, ...]) -> str:
        kept = [each for each in entries if each.donnee.rubrique == rubrique]
        if rubrique == "traitements":
            kept = [each for each in kept if each.dure]
        if rubrique == "allergies":
            kept = [each for each in kept if isinstance(each.valeur, Allergie)]
        return "\n".join(f"- {', '.join((each.libelle, *each.precisions))}" for each in kept)

    return said


def _speciality(_patient: Patient, compte: Compte, _entries: tuple[Entree, ...]) -> str:
    person = compte.professionnel()
    return table("JDV_J01").label(person.specialite) if person else ""


def _rpps(_patient: Patient, compte: Compte, _entries: tuple[Entree, ...]) -> str:
    person = compte.professionnel()
    return (person.rpps or "") if person else ""


CHAMPS: dict[str, _Valeur] = {
    "patient.nom": lambda p, _c, _e: p.nom_utilise or p.nom_naissance,
    "patient.prenom": lambda p, _c, _e: p.prenom_utilise or p.premier_prenom,
    "patient.nom_naissance": lambda p, _c, _e: p.nom_naissance,
    "patient.prenoms": lambda p, _c, _e: p.prenoms or p.premier_prenom,
    "patient.date_naissance": lambda p, _c, _e: format_date(p.date_naissance),
    "patient.dossier": lambda p, _c, _e: str(p.ipp),
    "medecin.nom": lambda _p, c, _e: full_name(c),
    "medecin.specialite": _speciality,
    "medecin.rpps": _rpps,
    "structure.nom": lambda p, _c, _e: p.structure.nom,
    "structure.adresse": lambda p, _c, _e: ", ".join(address_lines(p.structure.valeur().adresse)),
    "structure.telephone": lambda p, _c, _e: p.structure.telephone,
    "date": lambda _p, _c, _e: long_date(timezone.now()),
    "pathologies": _list_of("problemes"),
    "antecedents": _list_of("antecedents"),
    "traitements": _list_of("traitements"),
    "allergies": _list_of("allergies"),
    # kept in the text until the sheet is drawn
    "datamatrix": lambda _p, _c, _e: CODE,
}
"""What a template may name between double braces."""


def check_fields(texte: str) -> None:
    """Raise ``InvalidValue`` (GABARIT_CHAMPS): a field that nobody fills would leave with its braces."""
    unknown = [name for name in dict.fromkeys(_CHAMP.findall(texte)) if name not in CHAMPS]
    if not unknown:
        return
    told = []
    for name in unknown:
        near = next((known for known in CHAMPS if is_one_letter_away(name, known)), None)
        told.append(f"{{{{{name}}}}}" + (f" (peut-être {{{{{near}}}}})" if near else ""))
    raise InvalidValue(
        "GABARIT_CHAMPS",
        f"Ces champs n’existent pas : {', '.join(told)}.",
        conseil="Corrigez le modèle d’après la liste des champs, puis déposez-le de nouveau.",
    )


def fill(texte: str, patient: Patient, compte: Compte, entries: tuple[Entree, ...]) -> str:
    return _CHAMP.sub(lambda found: CHAMPS[found[1]](patient, compte, entries), texte).strip()


def model_of(gabarit: Gabarit) -> ModeleEcrit:
    """The form of a template: one text, of the type that the practice gave it."""
    return ModeleEcrit(
        f"{PREFIXE}{gabarit.pk.hex}",
        gabarit.type_code,
        gabarit.nom,
        frozenset(),
        (Champ(_TEXTE, gabarit.nom, lignes=18, obligatoire=True),),
    )


def fields_of(gabarit: Gabarit, patient: Patient, compte: Compte, entries: tuple[Entree, ...]) -> Champs:
    return {_TEXTE: [fill(gabarit.texte, patient, compte, entries)]}


def gabarit_of(structure: Structure, cle: str) -> Gabarit | None:
    """The template of ``structure`` that the key of a form names; None for a form of ours."""
    if not cle.startswith(PREFIXE):
        return None
    try:
        number = UUID(hex=cle.removeprefix(PREFIXE))
    except ValueError:
        return None
    return Gabarit.objects.filter(structure=structure, pk=number).first()


def templates_of(structure: Structure) -> list[ModeleEcrit]:
    rows = Gabarit.objects.filter(structure=structure, retire_le=None).order_by("nom", "pk")
    return [model_of(each) for each in rows]
