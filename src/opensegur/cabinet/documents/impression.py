"""A document as it leaves: with the identity of a qualified patient on its first page, and as it is otherwise."""

from __future__ import annotations

from opensegur.cabinet.documents.composition import printed
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.pdf.bandeau_ins import stamp_identity
from opensegur.ins import Sexe, matricule_may_leave


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
