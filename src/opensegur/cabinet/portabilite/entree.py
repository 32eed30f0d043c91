"""An archive of a record brought into ours: the same person, what is not there yet, nothing overwritten."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from opensegur.cabinet.documents.depot import Depot, Visibilite, keep
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.documents.reception import folded, receive
from opensegur.cabinet.medical import dossier
from opensegur.cabinet.medical.valeurs import LEXIQUE, Valeur
from opensegur.cabinet.portabilite.sortie import FORMAT, SOMMAIRE, VERSION
from opensegur.foundation.errors import InvalidValue, RefusedInput
from opensegur.ins import format_date

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.patients.models import Patient

_NAME = re.compile(r"documents/[0-9]{8}-[0-9a-f]{32}\.(xml|pdf)")
_MAX_MEMBER = 40 * 1024 * 1024
_MAX_TOTAL = 400 * 1024 * 1024
_MAX_MEMBERS = 5_000
# whatever a ZIP, or a summary that is not ours, may do
_BROKEN = (zipfile.BadZipFile, KeyError, TypeError, AttributeError, NotImplementedError, RuntimeError, EOFError)


@dataclass(frozen=True, slots=True)
class Bilan:
    """How many documents and data were taken, and how many were there already."""

    documents: int
    donnees: int
    connus: int


def bring_in(data: bytes, patient: Patient, compte: Compte) -> Bilan:
    """All or nothing.

    Raises ``RefusedInput`` (ARCHIVE_FORMAT, ARCHIVE_GROSSE, DONNEES_ILLISIBLES…), ``InvalidValue``
    (DOCUMENT_AUTRE_PATIENT).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_size(archive)
            summary = _summary(archive)
            _check_person(summary["identite"], patient)
            with transaction.atomic():
                return _take(archive, summary, patient, compte)
    except _BROKEN as error:
        raise _unreadable() from error


def _take(archive: zipfile.ZipFile, summary: dict[str, Any], patient: Patient, compte: Compte) -> Bilan:
    documents = known = 0
    for said in summary["documents"]:
        if said["obsolete"]:
            continue
        if Document.objects.filter(structure=patient.structure, uid=said["uid"]).exists():
            known += 1
            continue
        _document(archive, said, patient, compte)
        documents += 1
    ours = [entry.valeur for entry in dossier.entries_of(patient)]
    written = 0
    for said in summary["donnees"]:
        value: Valeur = LEXIQUE.from_json(json.dumps(said["valeur"]))
        if said["retiree_le"]:
            continue
        if value in ours:
            known += 1
            continue
        dossier.write(patient, value, compte)
        ours.append(value)
        written += 1
    return Bilan(documents, written, known)


def _document(archive: zipfile.ZipFile, said: dict[str, Any], patient: Patient, compte: Compte) -> None:
    files = said["fichiers"]
    if "cda" in files:
        receive(_read(archive, files["cda"]), "", patient=patient, compte=compte)
        return
    depot = Depot(_read(archive, files["pdf"]), "", said["type"], said["titre"], Visibilite())
    keep(depot, patient=patient, structure=patient.structure, auteur=compte)


def _summary(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        found = json.loads(archive.read(SOMMAIRE))
    except ValueError as error:
        raise _unreadable() from error
    if found.get("format") != FORMAT:
        raise _unreadable()
    if found.get("version") != VERSION:
        raise RefusedInput(
            "ARCHIVE_VERSION",
            "Cette archive vient d’une version plus récente.",
            conseil="Mettez ce logiciel à jour, puis recommencez.",
        )
    return dict(found)


def _check_size(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    total = sum(each.file_size for each in members)
    if len(members) > _MAX_MEMBERS or total > _MAX_TOTAL or any(each.file_size > _MAX_MEMBER for each in members):
        raise RefusedInput(
            "ARCHIVE_GROSSE", "Cette archive est trop volumineuse.", conseil="Demandez-la en plusieurs parties."
        )


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member whose name is one that we write; what it really holds is bounded too."""
    if not _NAME.fullmatch(name):
        raise _unreadable()
    with archive.open(name) as member:
        data = member.read(_MAX_MEMBER + 1)
    if len(data) > _MAX_MEMBER:
        raise _unreadable()
    return data


def _check_person(theirs: dict[str, str], patient: Patient) -> None:
    mine = patient.matricule_ins()
    if theirs["matricule"] and mine is not None:
        same = theirs["matricule"] == mine.valeur
    else:
        same = (folded(theirs["nom_naissance"]), theirs["date_naissance"]) == (
            folded(patient.nom_naissance),
            patient.date_naissance,
        )
    if not same:
        born = format_date(theirs["date_naissance"])
        raise InvalidValue(
            "DOCUMENT_AUTRE_PATIENT",
            f"Cette archive est celle de {theirs['nom_naissance']} {theirs['premier_prenom']}, né(e) le {born}.",
            conseil="Ouvrez son dossier, et reprenez-y l’archive.",
        )


def _unreadable() -> RefusedInput:
    return RefusedInput(
        "ARCHIVE_FORMAT",
        "Ce fichier n’est pas une archive de dossier, ou il est abîmé.",
        conseil="Demandez une nouvelle archive.",
    )
