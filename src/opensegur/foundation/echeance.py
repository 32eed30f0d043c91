"""How long a certificate still serves, in a level and a sentence: told at 60, 30 and 7 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509


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
    """``jours`` left, negative once over; ``phrase`` says it and ``conseil`` what to do, "" when nothing."""

    niveau: Niveau
    jours: int
    phrase: str
    conseil: str = ""


def time_left(certificate: x509.Certificate, moment: datetime) -> Echeance:
    """What ``certificate`` is worth at ``moment``, an aware one. Its last second still counts (RFC 5280 §4.1.2.5)."""
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    days = (end - moment).days
    if moment < start:
        phrase = f"Ne vaut qu’à partir du {start:%d/%m/%Y}."
        return Echeance(Niveau.PAS_ENCORE, days, phrase, "Vérifiez la date et l’heure de cet ordinateur.")
    if moment > end:
        return Echeance(Niveau.EXPIRE, days, f"Expiré depuis le {end:%d/%m/%Y}.", "Commandez son remplaçant.")
    until = f"Valable jusqu’au {end:%d/%m/%Y}"
    for limit, level, advice in _PALIERS:
        if days < limit:
            left = "moins d’un jour" if days < 1 else f"encore {days} jour{'s' if days > 1 else ''}"
            return Echeance(level, days, f"{until} : {left}.", advice)
    return Echeance(Niveau.BON, days, f"{until}.")


_PALIERS = (
    (7, Niveau.URGENT, "Cette semaine : commandez son remplaçant."),
    (30, Niveau.COMMANDER, "Sans attendre : commandez son remplaçant."),
    (60, Niveau.PREVOIR, "Prévoyez son remplacement."),
)
