"""Cancelling a document, and what may be done with the version on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.documents.models import Document, check_replaceable
from opensegur.foundation.errors import InvalidValue

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte


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
