"""A copy of an identity document: never needed, kept only where the structure says so, encrypted, for five years."""

from __future__ import annotations

from datetime import datetime, timedelta

from opensegur.cabinet.patients.models import CopiePiece, Patient
from opensegur.cda.pdf import Format, sniff_format
from opensegur.foundation.errors import InvalidValue, OpenSegurError

CONSERVATION = timedelta(days=5 * 365.25)
MAX_BYTES = 5_000_000
_TYPES = {Format.PDF: "application/pdf", Format.JPEG: "image/jpeg"}


def keep_copy(patient: Patient, data: bytes) -> CopiePiece:
    """Keep ``data`` (PDF or JPEG) beside the last check of the document.

    Raises ``OpenSegurError``: COPIE_INTERDITE, COPIE_TAILLE, COPIE_FORMAT, COPIE_SANS_CONTROLE.
    """
    if not patient.structure.copies_conservees:
        raise OpenSegurError(
            "COPIE_INTERDITE",
            "Votre structure ne conserve pas de copie des pièces d’identité.",
            conseil="Aucune copie n’est nécessaire : le type de la pièce et la date suffisent.",
        )
    if len(data) > MAX_BYTES:
        raise InvalidValue("COPIE_TAILLE", "La copie dépasse 5 Mo.", conseil="Numérisez-la avec moins de détail.")
    media = _TYPES.get(sniff_format(data))
    if media is None:
        raise InvalidValue(
            "COPIE_FORMAT", "La copie n’est ni un PDF ni une image JPEG.", conseil="Enregistrez-la ainsi."
        )
    check = patient.preuves.exclude(piece="").order_by("-id").first()
    if check is None:
        raise InvalidValue(
            "COPIE_SANS_CONTROLE", "Aucun contrôle n’est enregistré.", conseil="Enregistrez d’abord le contrôle."
        )
    copy, _ = CopiePiece.objects.update_or_create(preuve=check, defaults={"contenu": data, "media": media})
    return copy


def forget_old_copies(now: datetime) -> int:
    """Delete what is older than five years; give how many."""
    deleted, _ = CopiePiece.objects.filter(preuve__moment__lt=now - CONSERVATION).delete()
    return deleted
