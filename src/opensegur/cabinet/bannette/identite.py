"""Whose a file says it is: from the INS codes on its pages, or from the header of a CDA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opensegur.cabinet.documents.reception import looks_like_cda
from opensegur.cabinet.guichet.rapprochement import match
from opensegur.cda.document_lu import PatientLu
from opensegur.cda.reading import read_document
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.ins import Matricule, Sexe, Traits, format_date
from opensegur.ins.datamatrix.images import read_symbols
from opensegur.ins.datamatrix.reparation import LectureReparee, parse_repaired
from opensegur.ins.lecture import Genre, Scan, recognize_scan

if TYPE_CHECKING:
    from opensegur.cabinet.patients.models import Patient
    from opensegur.cabinet.structures.models import Structure

_TITRES = {
    Genre.INS: "Code INS",
    Genre.ORDONNANCE: "Ordonnance",
    Genre.BOITE: "Boîte de médicament",
    Genre.APPLI_VITALE: "Appli carte Vitale",
}


@dataclass(frozen=True, slots=True, repr=False)
class Porteur:
    """``patient``: the one person of ours whom the file names beyond doubt, or None and the ``motif``.

    ``codes``: what was read, for the person who files by hand; ``type_code``: what the file says that it is.
    """

    patient: Patient | None
    motif: str
    codes: tuple[dict[str, str], ...] = ()
    type_code: str = ""


def bearer_of(data: bytes, structure: Structure) -> Porteur:
    if looks_like_cda(data):
        return _bearer_of_cda(data, structure)
    scans = _scans(data)
    patient, reason = _owner(scans, structure)
    return Porteur(patient, reason, tuple(_told(scan) for scan in scans))


def look_alikes(codes: list[dict[str, str]], structure: Structure) -> list[Patient]:
    """Those whom the codes that were read resemble."""
    found: dict[object, Patient] = {}
    for claim in (_claim(said["ins"]) for said in codes if said.get("ins")):
        if claim is not None:
            near = match(structure, claim.contenu.matricule, claim.contenu.traits())
            found |= {each.pk: each for each in (near.titulaire, *near.semblables) if each is not None}
    return list(found.values())


def _bearer_of_cda(data: bytes, structure: Structure) -> Porteur:
    try:
        read = read_document(data)
    except OpenSegurError as error:
        return Porteur(None, f"Ce document CDA ne peut pas être lu. {error.message}")
    theirs = read.patient
    born = f", {format_date(theirs.date_naissance)}" if theirs.date_naissance else ""
    said = {"genre": "Document CDA", "dit": f"{theirs.nom_naissance} {theirs.premier_prenom}{born}"}
    identity = _identity(theirs)
    if identity is None:
        patient, reason = None, "Ce document CDA ne porte pas d’INS complète."
    else:
        patient, reason = _agreed(*identity, structure)
    return Porteur(patient, reason, (said,), read.type.code[:40])


def _identity(theirs: PatientLu) -> tuple[Matricule, Traits] | None:
    if theirs.ins is None:
        return None
    try:
        traits = Traits(
            nom_naissance=theirs.nom_naissance,
            prenoms=theirs.prenoms,
            premier_prenom=theirs.premier_prenom or theirs.prenoms.partition(" ")[0],
            date_naissance=theirs.date_naissance,
            sexe=Sexe(theirs.sexe),
            lieu_naissance=theirs.lieu_naissance,
        )
        return Matricule(theirs.ins.extension, theirs.ins.root), traits
    except ValueError:
        return None


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
    return _agreed(claim.contenu.matricule, claim.contenu.traits(), structure)


def _agreed(matricule: Matricule, traits: Traits, structure: Structure) -> tuple[Patient | None, str]:
    near = match(structure, matricule, traits)
    if near.titulaire is None:
        return None, "Aucun dossier ne porte ce matricule INS."
    if not near.accord:
        return None, "Le dossier de ce matricule n’a pas les mêmes traits."
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
