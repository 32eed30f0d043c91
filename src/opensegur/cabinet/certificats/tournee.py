"""Once a day for each certificate in service, the application's worker asks whether it was revoked.

One question a round: the authorities answer in a second or not at all, and deliveries wait behind.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from opensegur.cabinet.certificats.garde import erase_useless
from opensegur.cabinet.certificats.models import Certificat
from opensegur.cabinet.certificats.verification import verify
from opensegur.foundation.echeance import Niveau, time_left
from opensegur.foundation.errors import ConfigurationError

_log = logging.getLogger(__name__)

JOUR, REPRISE = timedelta(days=1), timedelta(hours=1)
_REGARD = 60.0  # seconds between two looks of one process: the question is about days
_REGARDE: list[float] = []


def check_due() -> int:
    """Look at most once a minute; give how many certificates were asked about."""
    moment = time.monotonic()
    if _REGARDE and moment - _REGARDE[0] < _REGARD:
        return 0
    _REGARDE[:] = [moment]
    now = timezone.now()
    erase_useless(now)
    row = _take_one(now)
    if row is None:
        return 0
    _REGARDE.clear()  # another one may be due: it is looked for on the next round
    try:
        verify(row, now)
    except ConfigurationError as error:
        _log.warning("certificate %s: %s", row.pk, error.code)
    if row.revocation == Certificat.Revocation.REVOQUE:
        _log.error("certificate %s of structure %s is revoked", row.pk, row.structure_id)
    if (left := time_left(row.certificat, now)).niveau in {Niveau.URGENT, Niveau.EXPIRE}:
        _log.warning("certificate %s of structure %s: %d days left", row.pk, row.structure_id, left.jours)
    return 1


def _take_one(now: datetime) -> Certificat | None:
    """A certificate that is due, for this worker alone; one that got no answer is due again after an hour."""
    unknown = Q(revocation=Certificat.Revocation.INCONNU, verifie_le__lte=now - REPRISE)
    due = Certificat.objects.filter(etat=Certificat.Etat.EN_SERVICE).filter(
        Q(verifie_le=None) | Q(verifie_le__lte=now - JOUR) | unknown
    )
    for row in due.defer("cle").select_related("structure").order_by("verifie_le", "pk"):
        if Certificat.objects.filter(pk=row.pk, verifie_le=row.verifie_le).update(verifie_le=now):
            return row
    return None
