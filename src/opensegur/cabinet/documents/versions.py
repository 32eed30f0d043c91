"""Cancelling a document, and what may be done with the version on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.documents.models import Document, check_replaceable
from opensegur.foundation.errors import InvalidValue

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.requete import Qui


def may_change(document: Document, qui: Qui) -> bool:
    """Who brings files in may replace them; what was written is changed by those who write. A received one is not."""
    return not document.recu and qui.peut("ecrit.rediger" if document.modele else "document.remplacer")


def check_changeable(document: Document, qui: Qui) -> None:
    """Raise ``InvalidValue``: DOCUMENT_RECU, DOCUMENT_ECRIT, VERSION_DEPASSEE."""
    if document.recu:
        raise InvalidValue("DOCUMENT_RECU", "Ce document vient d’ailleurs : seul son auteur le change.")
    if not may_change(document, qui):
        raise InvalidValue(
            "DOCUMENT_ECRIT",
            "Ce document a été écrit par un soignant : vous ne pouvez ni le remplacer ni l’annuler.",
            conseil="Demandez-le à son auteur.",
        )
    check_replaceable(document)


def cancel(document: Document, compte: Compte, motif: str) -> None:
    """Withdraw ``document``: it stays readable in the chain, marked, and leaves no more.

    Raises ``InvalidValue``: VERSION_DEPASSEE, ANNULATION_MOTIF, ANNULATION_EN_FILE while a delivery is under way.
    """
    if not motif.strip():
        raise InvalidValue("ANNULATION_MOTIF", "Dites pourquoi ce document est annulé.", conseil="Écrivez le motif.")
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        check_replaceable(locked)
        if any(envoi.en_attente for envoi in locked.envois.all()):
            raise InvalidValue(
                "ANNULATION_EN_FILE",
                "Ce document est en file pour le DMP.",
                conseil="Abandonnez d’abord son envoi, ou attendez qu’il soit déposé.",
            )
        locked.annule_le, locked.annule_par, locked.motif_annulation = timezone.now(), compte, motif.strip()[:300]
        locked.save(update_fields=["annule_le", "annule_par", "motif_annulation"])
