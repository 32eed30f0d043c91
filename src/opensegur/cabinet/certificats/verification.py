"""Whether a certificate may still be believed: its chain up to known anchors, and what its authority says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from django.conf import settings

from opensegur.cabinet.structures.configuration import configuration_file_of
from opensegur.foundation.confiance import Autorites, load_authorities
from opensegur.foundation.configuration import Configuration
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.ports import FixedClock
from opensegur.foundation.revocation import Etat
from opensegur.foundation.transport import HttpTransport
from opensegur.foundation.verificateur import Appreciation, Verificateur

if TYPE_CHECKING:
    from opensegur.cabinet.certificats.models import Certificat
    from opensegur.cabinet.structures.models import Structure

_DELAI = 5.0
_LISTE_MAX = 16 * 1024 * 1024
_CHAMPS = ("verifie_le", "revocation", "revocation_dit", "non_revoque_le")


def appraise(structure: Structure, chaine: tuple[x509.Certificate, ...], moment: datetime) -> Appreciation:
    """What the first of ``chaine`` is worth at ``moment``; OCSP is asked, then the list.

    Raises ``ConfigurationError``.
    """
    autorites = anchors_of(configuration_file_of(structure))
    with_its_own = Autorites(autorites.ancres, (*autorites.intermediaires, *chaine[1:]))
    with HttpTransport(timeout=_DELAI, max_bytes=_LISTE_MAX) as transport:
        judge = Verificateur(with_its_own, _lists(), transport=transport, clock=FixedClock(moment))
        return judge.appraise(chaine[0])


def anchors_of(configuration: Configuration) -> Autorites:
    """Every authority that ``configuration`` trusts. Raises ``ConfigurationError`` CERT_ANCRES, TLS_ANCRES."""
    points = (configuration.dmp, configuration.insi, configuration.apcv)
    files = dict.fromkeys(point.ancres for point in points if point is not None)
    if not files:
        raise ConfigurationError(
            "CERT_ANCRES",
            "La configuration ne nomme aucune autorité de confiance : rien ne dit qui croire.",
            conseil="Donnez « ancres », les racines de l’IGC-Santé, dans [dmp] ou [insi].",
        )
    found = [load_authorities(each) for each in files]
    return Autorites(
        tuple(dict.fromkeys(each for one in found for each in one.ancres)),
        tuple(dict.fromkeys(each for one in found for each in one.intermediaires)),
    )


def verify(row: Certificat, moment: datetime) -> None:
    """Ask about ``row`` again and write down what is said. Raises ``ConfigurationError``."""
    note(row, appraise(row.structure, row.chaine, moment), moment)
    row.save(update_fields=_CHAMPS)


def note(row: Certificat, said: Appreciation, moment: datetime) -> None:
    """Put what was said on ``row``. A revocation that is known stays known while nobody answers."""
    row.verifie_le = moment
    if said.revocation.etat is Etat.INCONNU and row.revocation == Etat.REVOQUE:
        return
    row.revocation = said.revocation.etat.value
    row.revocation_dit = (said.refus.message if said.refus else said.revocation.phrase)[:300]
    if said.revocation.etat is Etat.BON:
        row.non_revoque_le = moment


def _lists() -> Path:
    folder: Path = settings.OPENSEGUR_DONNEES
    return folder / "lcr"
