"""Each national service of a configuration: reached or not, in how long, and what its clock says."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from opensegur.cabinet.diagnostic.constat import Constat, broken, good, watch
from opensegur.foundation.configuration import Configuration
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.ports import Clock
from opensegur.foundation.tls import client_context

_TIMEOUT = 5.0
_SLOW = 2.0
_DRIFT, _MUCH_DRIFT = timedelta(seconds=5), timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Adresse:
    nom: str
    url: str
    ancres: Path | None = None
    certificat: Path | None = None
    cle: Path | None = None
    mot_de_passe: str = ""


@dataclass(frozen=True, slots=True)
class Reponse:
    """How long it took, in seconds, and by how much its clock is ahead of ours, when it says the hour."""

    delai: float
    ecart: timedelta | None


def check_services(configuration: Configuration, clock: Clock) -> Iterator[Constat]:
    """One line for each service, then one for the clock."""
    drifts: list[timedelta] = []
    for each in _addresses(configuration):
        subject = f"Service {each.nom}"
        try:
            answer = reach(each, clock)
        except ConfigurationError as error:
            yield broken(subject, error.message, error.conseil)
        except ssl.SSLError as error:
            reason = f"La connexion sécurisée est refusée ({error.reason or 'TLS'})."
            yield broken(subject, reason, "Vérifiez le certificat présenté, et les autorités de confiance.")
        except (OSError, http.client.HTTPException) as error:
            reason = f"Pas de réponse ({type(error).__name__})."
            yield broken(subject, reason, "Vérifiez le réseau, le pare-feu et le mandataire, puis l’état du service.")
        else:
            if answer.ecart is not None:
                drifts.append(answer.ecart)
            said = f"Répond en {answer.delai * 1000:.0f} ms."
            slow = answer.delai > _SLOW
            yield watch(subject, said, "Le réseau ou le service est lent.") if slow else good(subject, said)
    yield _clock(drifts)


def reach(adresse: Adresse, clock: Clock) -> Reponse:
    """Ask for anything: whatever it answers, it is there. Raises ``OSError``, ``HTTPException``."""
    parts = urlsplit(adresse.url)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, parts.port, timeout=_TIMEOUT, context=_context(adresse))
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=_TIMEOUT)
    started = time.monotonic()
    try:
        connection.request("GET", parts.path or "/")
        answer = connection.getresponse()
        said = answer.getheader("Date", "")
        answer.read(0)
    finally:
        connection.close()
    return Reponse(time.monotonic() - started, _drift(said, clock.now()))


def _addresses(configuration: Configuration) -> Iterator[Adresse]:
    points = (("INSi", configuration.insi), ("appli carte Vitale", configuration.apcv), ("DMP", configuration.dmp))
    for name, point in points:
        if point is not None:
            yield Adresse(name, point.url, point.ancres, point.certificat, point.cle, point.mot_de_passe)
    if (psc := configuration.psc) is not None:
        yield Adresse("Pro Santé Connect", psc.decouverte, psc.ancres, psc.certificat, psc.cle, psc.mot_de_passe)


def _context(adresse: Adresse) -> ssl.SSLContext:
    if adresse.ancres is None:
        return ssl.create_default_context()
    return client_context(
        certificate=adresse.certificat,
        key=adresse.cle,
        password=adresse.mot_de_passe or None,
        anchors=adresse.ancres,
    )


def _drift(said: str, now: datetime) -> timedelta | None:
    try:
        return parsedate_to_datetime(said) - now
    except (ValueError, TypeError):
        return None


def _clock(drifts: list[timedelta]) -> Constat:
    subject = "Heure de la machine"
    if not drifts:
        return watch(subject, "Aucun service n’a pu donner l’heure.", "Vérifiez que l’heure se règle par Internet.")
    worst = max(drifts, key=abs)
    seconds = abs(worst).total_seconds()
    if abs(worst) <= _DRIFT:
        return good(subject, "Juste, à la seconde près des services.")
    side = "en retard" if worst > timedelta() else "en avance"
    said, remedy = f"{seconds:.0f} secondes {side}.", "Réglez l’heure par Internet (NTP)."
    return broken(subject, said, remedy) if abs(worst) > _MUCH_DRIFT else watch(subject, said, remedy)
