"""Whose a file is, from the codes on its pages; what cannot be told for sure is left to a person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.accueil.jour import venues_of
from opensegur.cabinet.bannette.models import Arrivee
from opensegur.cabinet.documents.depot import Depot, Visibilite, keep
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.guichet.rapprochement import match
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.pdf import sniff_format
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.ins import format_date
from opensegur.ins.datamatrix.images import read_symbols
from opensegur.ins.datamatrix.reparation import LectureReparee, parse_repaired
from opensegur.ins.lecture import Genre, Scan, recognize_scan

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.structures.models import Structure

_TITRES = {
    Genre.INS: "Code INS",
    Genre.ORDONNANCE: "Ordonnance",
    Genre.BOITE: "Boîte de médicament",
    Genre.APPLI_VITALE: "Appli carte Vitale",
}
_CANDIDATS = 9


@dataclass(frozen=True, slots=True)
class Fichier:
    nom: str
    contenu: bytes


def receive(fichier: Fichier, type_code: str, structure: Structure, compte: Compte) -> Arrivee:
    """Keep ``fichier``, and file it at once when its codes name one patient of ours beyond doubt.

    Raises ``OpenSegurError`` when it is no file that a record takes: nothing is then kept.
    """
    sniff_format(fichier.contenu)
    scans = _scans(fichier.contenu)
    arrival = Arrivee(
        structure=structure,
        deposee_le=timezone.now(),
        deposee_par=compte,
        nom=fichier.nom[:200],
        type_code=type_code,
        contenu=fichier.contenu,
        codes=json.dumps([_told(scan) for scan in scans], ensure_ascii=False),
    )
    owner, arrival.motif = _owner(scans, structure)
    with transaction.atomic():
        arrival.save()
        if owner is not None:
            arrival.toute_seule = True
            file_under(arrival, owner, compte)
    return arrival


def file_under(arrivee: Arrivee, patient: Patient, compte: Compte, titre: str = "") -> Document:
    """The arrival becomes a document of ``patient``. Raises ``OpenSegurError`` (ARRIVEE_CLASSEE…)."""
    with transaction.atomic():
        locked = Arrivee.objects.select_for_update().get(pk=arrivee.pk)
        if locked.document_id or locked.ecartee_le:
            raise _already_done()
        depot = Depot(bytes(locked.contenu), locked.nom, locked.type_code, titre, Visibilite())
        document = keep(depot, patient=patient, structure=locked.structure, auteur=compte)
        arrivee.document, arrivee.contenu = document, b""
        arrivee.save(update_fields=["document", "contenu", "toute_seule"])
    return document


def discard(arrivee: Arrivee, compte: Compte) -> None:
    changed = Arrivee.objects.filter(pk=arrivee.pk, document=None, ecartee_le=None)
    if not changed.update(ecartee_le=timezone.now(), ecartee_par=compte, contenu=b""):
        raise _already_done()


def candidates_of(arrivee: Arrivee, structure: Structure) -> list[Patient]:
    """Whose it may be: those that the code resembles, then those who come today."""
    found: dict[object, Patient] = {}
    for said in arrivee.codes_lus():
        if said.get("ins"):
            claim = _claim(said["ins"])
            if claim is not None:
                near = match(structure, claim.contenu.matricule, claim.contenu.traits())
                for patient in (near.titulaire, *near.semblables):
                    if patient is not None:
                        found.setdefault(patient.pk, patient)
    for venue in venues_of(structure, timezone.localdate()):
        found.setdefault(venue.patient_id, venue.patient)
    return list(found.values())[:_CANDIDATS]


def _already_done() -> InvalidValue:
    return InvalidValue("ARRIVEE_CLASSEE", "Ce fichier est déjà classé ou écarté.", conseil="Rechargez la page.")


def _owner(scans: list[Scan], structure: Structure) -> tuple[Patient | None, str]:
    """The one patient whom the codes name, or why there is none."""
    claims = [scan.ins for scan in scans if scan.ins is not None and scan.faute is None]
    if not claims:
        return None, "Aucun code INS sur ce fichier."
    if len({claim.contenu.matricule for claim in claims}) > 1:
        return None, "Deux codes INS de personnes différentes sont sur ce fichier."
    claim = claims[0]
    if claim.reparations:
        return None, "Le code INS a été lu avec une réparation : vérifiez la personne."
    near = match(structure, claim.contenu.matricule, claim.contenu.traits())
    if near.titulaire is None:
        return None, "Aucun dossier ne porte le matricule de ce code."
    if not near.accord:
        return None, "Le dossier de ce matricule n’a pas les mêmes traits que le code."
    return near.titulaire, ""


def _scans(data: bytes) -> list[Scan]:
    try:
        return [recognize_scan(symbol.texte) for symbol in read_symbols(data)]
    except OpenSegurError:
        # a text has no page to look at
        return []


def _told(scan: Scan) -> dict[str, str]:
    """A code in words: two on a page are not taken one for the other."""
    if scan.ins is not None:
        held = scan.ins.contenu
        words = f"{held.nom_naissance} {held.prenoms}, {format_date(held.date_naissance)}"
        return {"genre": _TITRES[Genre.INS], "dit": words, "ins": scan.texte}
    said = (" ".join(scan.valeurs.values()) or scan.texte)[:80]
    return {"genre": _TITRES.get(scan.genre, "Code inconnu"), "dit": said}


def _claim(text: str) -> LectureReparee | None:
    try:
        return parse_repaired(text)
    except InvalidValue:
        return None
