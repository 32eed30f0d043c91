"""Files left in the tray: kept at once, read one after the other, filed when they name somebody beyond doubt."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from opensegur.cabinet.accueil.jour import venues_of
from opensegur.cabinet.bannette.identite import bearer_of, look_alikes
from opensegur.cabinet.bannette.models import Arrivee
from opensegur.cabinet.documents.depot import Depot, Visibilite, keep
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.documents.reception import looks_like_cda, receive
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.pdf import sniff_format
from opensegur.foundation.errors import InvalidValue, OpenSegurError

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.structures.models import Structure

_CANDIDATS = 9
TYPE_DU_CDA = "cda"
"""What is chosen for documents that say themselves what they are."""


@dataclass(frozen=True, slots=True)
class Fichier:
    nom: str
    contenu: bytes


def leave(fichier: Fichier, type_code: str, structure: Structure, compte: Compte) -> Arrivee:
    """Keep ``fichier``, unread. Raises ``OpenSegurError`` when it is no file that a record takes."""
    if not looks_like_cda(fichier.contenu):
        sniff_format(fichier.contenu)
        if type_code == TYPE_DU_CDA:
            raise InvalidValue(
                "ARRIVEE_SANS_TYPE", "Ce fichier n’est pas un document CDA.", conseil="Déposez-le avec son type."
            )
    return Arrivee.objects.create(
        structure=structure,
        deposee_le=timezone.now(),
        deposee_par=compte,
        nom=fichier.nom[:200],
        type_code=type_code,
        contenu=fichier.contenu,
    )


def unread_of(structure: Structure) -> QuerySet[Arrivee]:
    return Arrivee.objects.filter(structure=structure, lue_le=None, document=None, ecartee_le=None)


def read_some(structure: Structure, seconds: float) -> int:
    """Read as many of the files that wait as fit in ``seconds``, at least one; how many still wait to be read.

    It may stop between two files and be taken up again later: each is written as it is read.
    """
    deadline = time.monotonic() + seconds
    for row in unread_of(structure).order_by("deposee_le", "pk").iterator(chunk_size=1):
        _read(row)
        if time.monotonic() > deadline:
            break
    return unread_of(structure).count()


def file_under(arrivee: Arrivee, patient: Patient, compte: Compte, titre: str = "") -> Document:
    """The arrival becomes a document of ``patient``.

    Raises ``OpenSegurError``: ARRIVEE_CLASSEE, DOCUMENT_AUTRE_PATIENT for the CDA of somebody else…
    """
    with transaction.atomic():
        locked = Arrivee.objects.select_for_update().get(pk=arrivee.pk)
        if locked.document_id or locked.ecartee_le:
            raise _already_done()
        data = bytes(locked.contenu)
        if looks_like_cda(data):
            document = receive(data, locked.nom, patient=patient, compte=compte)
        else:
            depot = Depot(data, locked.nom, locked.type_code, titre, Visibilite())
            document = keep(depot, patient=patient, structure=locked.structure, auteur=compte)
        arrivee.document, arrivee.contenu = document, b""
        arrivee.lue_le = locked.lue_le or timezone.now()
        arrivee.save(update_fields=["document", "contenu", "lue_le"])
    return document


def discard(arrivee: Arrivee, compte: Compte) -> None:
    changed = Arrivee.objects.filter(pk=arrivee.pk, document=None, ecartee_le=None)
    if not changed.update(ecartee_le=timezone.now(), ecartee_par=compte, contenu=b""):
        raise _already_done()


def candidates_of(arrivee: Arrivee, structure: Structure) -> list[Patient]:
    """Whose it may be: those that the code resembles, then those who come today."""
    found = {each.pk: each for each in look_alikes(arrivee.codes_lus(), structure)}
    for venue in venues_of(structure, timezone.localdate()):
        found.setdefault(venue.patient_id, venue.patient)
    return list(found.values())[:_CANDIDATS]


def _read(row: Arrivee) -> None:
    """A file whose filing is refused waits for a person, with the reason."""
    bearer = bearer_of(bytes(row.contenu), row.structure)
    said = {
        "lue_le": timezone.now(),
        "motif": bearer.motif,
        "codes": json.dumps(bearer.codes, ensure_ascii=False),
        "type_code": bearer.type_code or row.type_code,
    }
    # another window may have read it meanwhile
    if not Arrivee.objects.filter(pk=row.pk, lue_le=None, document=None).update(**said) or bearer.patient is None:
        return
    row.refresh_from_db()
    try:
        with transaction.atomic():
            file_under(row, bearer.patient, row.deposee_par)
            Arrivee.objects.filter(pk=row.pk).update(toute_seule=True)
    except OpenSegurError as error:
        Arrivee.objects.filter(pk=row.pk).update(motif=f"{error.message} {error.conseil}".strip())


def _already_done() -> InvalidValue:
    return InvalidValue("ARRIVEE_CLASSEE", "Ce fichier est déjà classé ou écarté.", conseil="Rechargez la page.")
