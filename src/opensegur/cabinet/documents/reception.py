"""A CDA that came from elsewhere, put in the record of the person it is about, as it came."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import timezone

from opensegur.cabinet.documents.models import Document
from opensegur.cda.document_lu import DocumentLu
from opensegur.cda.reading import read_document
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import format_date

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.patients.models import Patient

_CDA = re.compile(rb"<(?:[\w.-]+:)?ClinicalDocument[\s>]")
_BEGINNING = 65536


def looks_like_cda(data: bytes) -> bool:
    return bool(_CDA.search(data[:_BEGINNING]))


def receive(data: bytes, nom: str, *, patient: Patient, compte: Compte) -> Document:
    """Keep ``data``, byte for byte. The same document twice is the one that is there already.

    Raises ``RefusedInput`` when it is no CDA, ``InvalidValue`` (DOCUMENT_AUTRE_PATIENT, DOCUMENT_AILLEURS).
    """
    read = read_document(data)
    check_same_person(read, patient)
    known = Document.objects.filter(structure=patient.structure, uid=_uid(read)).select_related("patient").first()
    if known is not None and known.patient_id != patient.pk:
        raise InvalidValue(
            "DOCUMENT_AILLEURS",
            f"Ce document est déjà dans le dossier {known.patient.ipp}.",
            conseil="Ouvrez ce dossier ; si c’est la même personne, fusionnez les deux.",
        )
    if known is not None:
        return known
    return Document.objects.create(
        structure=patient.structure,
        patient=patient,
        auteur=compte,
        cree_le=timezone.now(),
        type_code=read.type.code[:40],
        titre=(read.titre or read.type.label or "Document reçu")[:200],
        nom_fichier=nom[:200],
        format_origine="cda",
        origine=data,
        pdfa=b"",
        pages=0,
        uid=_uid(read),
        set_id=read.set_id.root if read.set_id else _uid(read),
        version=read.version or 1,
        recu=True,
    )


def check_same_person(read: DocumentLu, patient: Patient) -> None:
    """By the matricule when both have one, by birth name and date otherwise (RNIV 1, réception)."""
    theirs, mine = read.patient, patient.matricule_ins()
    ins = theirs.ins
    if ins is not None and mine is not None:
        same = ins.extension == mine.valeur
    else:
        same = (folded(theirs.nom_naissance), theirs.date_naissance) == (
            folded(patient.nom_naissance),
            patient.date_naissance,
        )
    if not same:
        born = f", né(e) le {format_date(theirs.date_naissance)}" if theirs.date_naissance else ""
        raise InvalidValue(
            "DOCUMENT_AUTRE_PATIENT",
            f"Ce document est celui d’une autre personne : {theirs.nom_naissance} {theirs.premier_prenom}{born}.",
            conseil="Ouvrez son dossier, et ajoutez-y le document.",
        )


def folded(name: str) -> str:
    """A name as two softwares write it alike."""
    return " ".join(re.split(r"[\s'’-]+", name.upper())).strip()


def _uid(read: DocumentLu) -> str:
    """What identifies it: the OID, with the extension of those that have one."""
    return f"{read.uid.root}^{read.uid.extension}"[:64] if read.uid.extension else read.uid.root
