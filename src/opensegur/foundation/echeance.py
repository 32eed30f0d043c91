"""How long a certificate still serves, in a level and a sentence: told at 60, 30 and 7 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509

_PALIERS = (7, 30, 60)


class Niveau(StrEnum):
    """How pressing it is; ``EXPIRE`` and ``PAS_ENCORE``: it does not serve today."""

    BON = "bon"
    PREVOIR = "prevoir"
    COMMANDER = "commander"
    URGENT = "urgent"
    EXPIRE = "expire"
    PAS_ENCORE = "pas-encore"

    @property
    def valable(self) -> bool:
        return self not in {Niveau.EXPIRE, Niveau.PAS_ENCORE}


@dataclass(frozen=True, slots=True)
class Echeance:
    """``jours`` left, negative once over; ``phrase`` for the screen."""

    niveau: Niveau
    jours: int
    phrase: str


def time_left(certificate: x509.Certificate, moment: datetime) -> Echeance:
    """What ``certificate`` is worth at ``moment``, an aware one. Its last second still counts (RFC 5280 §4.1.2.5)."""
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    days = (end - moment).days
    if moment < start:
        return Echeance(Niveau.PAS_ENCORE, days, f"Ne vaut qu’à partir du {start:%d/%m/%Y}.")
    if moment > end:
        return Echeance(Niveau.EXPIRE, days, f"Expiré depuis le {end:%d/%m/%Y}.")
    until = f"Valable jusqu’au {end:%d/%m/%Y}"
    if days >= _PALIERS[-1]:
        return Echeance(Niveau.BON, days, f"{until}.")
    left = "moins d’un jour" if days < 1 else f"encore {days} jour{'s' if days > 1 else ''}"
    level, advice = next(each for limit, each in zip(_PALIERS, _CONSEILS, strict=True) if days < limit)
    return Echeance(level, days, f"{until} : {left}. {advice}")


_CONSEILS = (
    (Niveau.URGENT, "Remplacez-le cette semaine."),
    (Niveau.COMMANDER, "Commandez son remplaçant sans attendre."),
    (Niveau.PREVOIR, "Prévoyez son remplacement."),
)
