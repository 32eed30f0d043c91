"""Coming in with a card of professional: a challenge that it signs, a certificate that is judged whole, an account.

The card answers through the agent of the workstation; its holder's code never comes here. Source: digest of the CPx
cards §12 (the authentication pair signs challenges), RFC 5280 (chain and dates), RFC 6960 (revocation).
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.psc import SansCompte, accounts_of
from opensegur.cabinet.postes.agent import bound
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.cps import check_challenge, new_challenge
from opensegur.cps.certificats import is_for_authentication, is_test, read_certificate, read_porteur
from opensegur.foundation.confiance import load_authorities
from opensegur.foundation.errors import ConfigurationError, InvalidValue, OpenSegurError
from opensegur.foundation.points import Profil
from opensegur.foundation.ports import SystemClock
from opensegur.foundation.revocation import Etat
from opensegur.foundation.transport import HttpTransport
from opensegur.foundation.verificateur import Verificateur

_DEFI, _DEFI_LE = "carte_defi", "carte_defi_le"
_DELAI = timedelta(minutes=5)
_LONGUEUR = 20_000
_AUTREMENT = "Entrez autrement, et prévenez l’administrateur."


class CarteRefusee(OpenSegurError):
    """The card answered, and does not open anything here."""


def is_configured() -> bool:
    """Whether this installation knows whose cards it believes."""
    try:
        return configuration_of().carte is not None
    except ConfigurationError:
        return False


def begin(session: SessionBase) -> str:
    """A challenge for this browser, in Base64; it serves once."""
    defi = base64.b64encode(new_challenge()).decode()
    session[_DEFI], session[_DEFI_LE] = defi, timezone.now().isoformat()
    return defi


def recognise(session: SessionBase, origine: str, certificat: str, signature: str) -> Compte:
    """Whose card answered, both values in Base64. Raises ``OpenSegurError``."""
    defi = _taken(session)
    certificate = read_certificate(_bytes(certificat))
    if not is_for_authentication(certificate):
        raise CarteRefusee("CARTE_USAGE", "Ce certificat ne sert pas à s’identifier.", conseil=_AUTREMENT)
    if not check_challenge(certificate, bound(origine, defi), _bytes(signature)):
        raise CarteRefusee("CARTE_SIGNATURE", "La carte n’a pas signé cette demande.", conseil="Recommencez.")
    _trust(certificate)
    return _account(read_porteur(certificate).id_nat)


def _taken(session: SessionBase) -> bytes:
    """Raises ``CarteRefusee`` CARTE_DEFI."""
    defi, since = session.pop(_DEFI, None), session.pop(_DEFI_LE, None)
    if defi is None or since is None or timezone.now() - datetime.fromisoformat(since) > _DELAI:
        raise CarteRefusee(
            "CARTE_DEFI", "Cette demande a déjà servi, ou elle est trop ancienne.", conseil="Recommencez."
        )
    return base64.b64decode(defi)


def _trust(certificate: x509.Certificate) -> None:
    """Chain, dates and revocation; what cannot be known opens nothing. Raises ``OpenSegurError``."""
    configuration = configuration_of()
    if configuration.carte is None:
        raise ConfigurationError(
            "CARTE_NON_CONFIGUREE",
            "Cette installation n’admet pas encore les cartes.",
            conseil="Demandez à l’administrateur d’ajouter la section [carte], avec ses autorités.",
        )
    if configuration.profil is Profil.PRODUCTION and is_test(certificate):
        raise CarteRefusee("CARTE_TEST", "C’est une carte de test.", conseil="Insérez votre carte véritable.")
    found = _judge(configuration.carte.ancres, settings.REGLAGES.donnees / "revocations").appraise(certificate)
    if found.refus is not None:
        raise found.refus
    if found.revocation.etat is Etat.INCONNU:
        raise CarteRefusee(
            "CARTE_REVOCATION",
            f"On ne peut pas savoir si cette carte est encore valable. {found.revocation.phrase}",
            conseil=_AUTREMENT,
        )


def _account(id_nat: str) -> Compte:
    """As after Pro Santé Connect: on the national identifier alone. Raises ``SansCompte`` CARTE_SANS_COMPTE."""
    found = accounts_of([id_nat])
    if len(found) != 1:
        raise SansCompte(
            "CARTE_SANS_COMPTE",
            "Votre carte est valable, mais aucun compte ne porte votre identifiant national ici.",
            conseil="Demandez à qui gère les comptes d’enregistrer votre RPPS.",
        )
    return found[0]


def _bytes(text: str) -> bytes:
    try:
        if len(text) <= _LONGUEUR:
            return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        pass
    raise InvalidValue("CARTE_REPONSE", "La réponse de l’agent du poste est illisible.", conseil="Recommencez.")


@lru_cache(maxsize=4)
def _judge(anchors: Path, folder: Path) -> Verificateur:
    transport = HttpTransport(timeout=10.0)
    return Verificateur(load_authorities(anchors), folder, transport=transport, clock=SystemClock())
