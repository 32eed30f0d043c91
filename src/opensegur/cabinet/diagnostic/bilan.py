"""The whole diagnosis, and the report for the support."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from opensegur.cabinet.diagnostic.cartes import check_cards
from opensegur.cabinet.diagnostic.certificats import check_certificates, check_kept
from opensegur.cabinet.diagnostic.constat import Constat, Niveau, broken
from opensegur.cabinet.diagnostic.debit import check_throughput
from opensegur.cabinet.diagnostic.installation import check_installation
from opensegur.cabinet.diagnostic.reseau import check_serving
from opensegur.cabinet.diagnostic.services import check_services
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.ports import SystemClock

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure


def diagnose(structure: Structure | None = None) -> tuple[Constat, ...]:
    """Every line, of the installation and of what ``structure`` reaches; what is to be mended comes first."""
    clock = SystemClock()
    now = clock.now()
    found = [*check_installation(settings.REGLAGES.donnees, now), *check_serving(settings.REGLAGES.donnees, now)]
    try:
        configuration = configuration_of(structure)
    except ConfigurationError as error:
        found.append(broken("Configuration", error.message, error.conseil))
    else:
        found += check_certificates(configuration, now)
        found += check_services(configuration, clock)
    if structure is not None:
        found += check_kept(structure, now)
    found += check_cards()
    found.append(check_throughput(settings.REGLAGES.debit))
    order = list(reversed(Niveau))
    return tuple(sorted(found, key=lambda each: order.index(each.niveau)))


def report(constats: Iterable[Constat], moment: datetime | None = None) -> str:
    """The lines as a text to send: it holds neither a secret nor anything of a patient."""
    lines = [f"Diagnostic OpenSégur, {timezone.localtime(moment):%d/%m/%Y %H:%M}", ""]
    for each in constats:
        lines.append(f"[{each.niveau}] {each.sujet} : {each.dit}")
        if each.remede:
            lines.append(f"    → {each.remede}")
    return "\n".join(lines) + "\n"
