"""A document as it leaves: with the identity of a qualified patient on its first page, and as it is otherwise."""

from __future__ import annotations

from opensegur.cabinet.documents.composition import author_of, cda_of, printed
from opensegur.cabinet.documents.entete import header_of
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.n1 import build_n1
from opensegur.cda.pdf.bandeau_ins import stamp_identity
from opensegur.ins import Sexe, matricule_may_leave


def issued_cda(document: Document, patient: Patient) -> bytes:
    """The CDA of ``document``: as it came, or as it would leave now. Raises ``OpenSegurError`` (DOCUMENT_AUTEUR…)."""
    if document.recu:
        return bytes(document.origine)
    if document.modele:
        return cda_of(document, patient)
    header = header_of(document, patient, author_of(document.auteur))
    return build_n1(header, as_issued(document, patient), "application/pdf")


def as_issued(document: Document, patient: Patient) -> bytes:
    """The PDF/A-1b of ``document`` to print or to send, from the identity of ``patient`` as it stands now.

    INSi gives M or F: an identity whose sex is undetermined here has no code. Raises ``OpenSegurError``.
    """
    if document.modele:
        return printed(document, patient)
    data = bytes(document.pdfa)
    etat = patient.etat()
    if not matricule_may_leave(etat.statut) or patient.sexe == Sexe.I.value:
        return data
    return stamp_identity(data, etat, patient.traits())
