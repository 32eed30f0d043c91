"""Whether a certificate was revoked: what OCSP or a revocation list says, with its date.

Both give the same value. What cannot be known is said so, never taken for good. Source: RFC 5280 §6.3, RFC 6960.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cryptography import x509

from opensegur.foundation.errors import OpenSegurError

DERIVE: Final = timedelta(minutes=5)
"""How far the clocks of this machine and of an authority may lie apart."""

_MOTIFS: Final = {
    x509.ReasonFlags.key_compromise: "clé compromise",
    x509.ReasonFlags.ca_compromise: "autorité compromise",
    x509.ReasonFlags.affiliation_changed: "changement de situation",
    x509.ReasonFlags.superseded: "remplacé",
    x509.ReasonFlags.cessation_of_operation: "cessation d’activité",
    x509.ReasonFlags.certificate_hold: "suspendu",
    x509.ReasonFlags.privilege_withdrawn: "droits retirés",
}


class Etat(StrEnum):
    BON = "bon"
    REVOQUE = "revoque"
    INCONNU = "inconnu"


@dataclass(frozen=True, slots=True)
class Revocation:
    """``source`` is OCSP or LCR, ``produite`` the date of what it says, ``phrase`` for the screen.

    ``perimee``: what is known is too old to say that all is well.
    """

    etat: Etat
    phrase: str
    source: str = ""
    produite: datetime | None = None
    depuis: datetime | None = None
    perimee: bool = False


class RevocationError(OpenSegurError):
    """What says who is revoked is absent, unreadable, too old, or not from the authority."""


def revoked(source: str, produite: datetime | None, depuis: datetime, reason: x509.ReasonFlags | None) -> Revocation:
    motif = _MOTIFS.get(reason) if reason else None
    phrase = f"Révoqué le {depuis:%d/%m/%Y}{f' ({motif})' if motif else ''}."
    return Revocation(Etat.REVOQUE, phrase, source, produite, depuis)


def good(source: str, produite: datetime) -> Revocation:
    return Revocation(Etat.BON, f"Non révoqué, d’après {_NOMS[source]} du {produite:%d/%m/%Y}.", source, produite)


def unknown(phrase: str, source: str = "", produite: datetime | None = None, *, perimee: bool = False) -> Revocation:
    return Revocation(Etat.INCONNU, phrase, source, produite, perimee=perimee)


_NOMS = {"OCSP": "la réponse OCSP", "LCR": "la liste de révocation"}
