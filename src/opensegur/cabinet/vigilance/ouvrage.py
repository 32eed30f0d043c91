"""The campaigns move forward by themselves: what the application's worker does at each round."""

from __future__ import annotations

import logging

from django.utils import timezone

from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.cabinet.vigilance.campagne import advance, due_lots, postpone
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import insi_transport
from opensegur.ins.verification import VerificationClient

_log = logging.getLogger(__name__)


def run_due() -> int:
    """One step of each lot that is due; give how many were taken."""
    now = timezone.now()
    taken = 0
    for lot in due_lots(now):
        taken += 1
        try:
            configuration = configuration_of(lot.campagne.structure)
            with insi_transport(configuration) as transport:
                advance(lot, VerificationClient.from_configuration(configuration, transport), now)
        except OpenSegurError as error:
            _log.warning("verification lot %s: %s", lot.pk, error.code)
            postpone(lot, error, now)
    return taken
