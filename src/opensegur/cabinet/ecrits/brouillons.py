"""Drafts: saved while somebody types, found again after a cut, never overwritten by an older page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from opensegur.cabinet.ecrits.models import Brouillon
from opensegur.foundation.errors import OpenSegurError

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.documents.models import Document
    from opensegur.cabinet.patients.models import Patient

Champs = dict[str, list[str]]
"""What each field of a form holds, in the order of the form."""


class BrouillonDepasse(OpenSegurError):
    """Another page, or another person at this account, has saved since this one was opened."""

    def __init__(self) -> None:
        super().__init__(
            "BROUILLON_DEPASSE",
            "Ce brouillon a été modifié dans un autre onglet : rien n’a été écrasé, votre texte est encore ici.",
            conseil="Copiez ce que vous voulez garder, puis rechargez la page.",
        )


def drafts_of(patient: Patient, compte: Compte) -> QuerySet[Brouillon]:
    return Brouillon.objects.filter(patient=patient, auteur=compte).order_by("-modifie_le")


def draft_of(patient: Patient, compte: Compte, modele: str, corrige: Document | None) -> Brouillon | None:
    return drafts_of(patient, compte).filter(modele=modele, corrige=corrige).first()


def fields_of(draft: Brouillon) -> Champs:
    found: Champs = json.loads(draft.contenu)
    return found


def save(
    patient: Patient,
    compte: Compte,
    modele: str,
    corrige: Document | None,
    *,
    champs: Champs,
    revision: int,
) -> Brouillon:
    """``revision``: that of the page, 0 before the first saving. Raises ``BrouillonDepasse``."""
    with transaction.atomic():
        rows = drafts_of(patient, compte).select_for_update()
        draft = rows.filter(modele=modele, corrige=corrige).first()
        if (draft.revision if draft else 0) != revision:
            raise BrouillonDepasse
        draft = draft or Brouillon(patient=patient, auteur=compte, modele=modele, corrige=corrige, revision=0)
        draft.contenu = json.dumps(champs, ensure_ascii=False)
        draft.revision += 1
        draft.modifie_le = timezone.now()
        draft.save()
    return draft
