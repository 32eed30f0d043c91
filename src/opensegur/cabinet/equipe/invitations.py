"""One-time codes: made by the administrator, spent by the person, who alone chooses the password.

A code has 100 bits: a plain digest is enough to keep it, and nobody finds one by trying.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.equipe.models import Invitation
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import InvalidValue

DUREE = timedelta(days=7)
_SIGNES = 20
_PAR = 5


@transaction.atomic
def invite(structure: Structure, compte: Compte, auteur: Compte | None) -> str:
    """A new code, in the place of those not used yet; shown this once."""
    Invitation.objects.filter(compte=compte, utilisee_le=None).delete()
    code = base64.b32encode(secrets.token_bytes(13)).decode()[:_SIGNES]
    now = timezone.now()
    Invitation.objects.create(
        structure=structure,
        compte=compte,
        empreinte=_digest(code),
        cree_par=auteur,
        cree_le=now,
        expire_le=now + DUREE,
    )
    return "-".join(code[rank : rank + _PAR] for rank in range(0, _SIGNES, _PAR))


def invitation_for(code: str) -> Invitation:
    """Raises ``InvalidValue`` (INVITATION_INCONNUE): unknown, used or too old, without saying which."""
    typed = "".join(code.split()).replace("-", "").upper()
    found = _open().filter(empreinte=_digest(typed)).first()
    if found is None:
        raise _unknown()
    return found


def invitation_kept(key: str) -> Invitation | None:
    """The one that this browser has shown, while it may be used."""
    return _open().filter(pk=key).first() if key else None


@transaction.atomic
def spend(invitation: Invitation, password: str) -> Compte:
    """Write the password. Raises ``InvalidValue`` (INVITATION_INCONNUE) when somebody was quicker."""
    if not _open().filter(pk=invitation.pk).update(utilisee_le=timezone.now()):
        raise _unknown()
    compte = invitation.compte
    compte.set_password(password)
    compte.echecs, compte.bloque_jusqu_a = 0, None
    compte.save(update_fields=["password", "echecs", "bloque_jusqu_a"])
    return compte


def _open() -> QuerySet[Invitation]:
    """Of whoever still works there."""
    return Invitation.objects.select_related("compte", "structure").filter(
        utilisee_le=None,
        expire_le__gt=timezone.now(),
        compte__is_active=True,
        compte__rattachements__structure=F("structure"),
        compte__rattachements__actif=True,
    )


def _unknown() -> InvalidValue:
    return InvalidValue(
        "INVITATION_INCONNUE",
        "Ce code n’est pas bon, a déjà servi, ou date de plus de sept jours.",
        conseil="Vérifiez-le, ou demandez-en un autre à l’administrateur de votre structure.",
    )


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
