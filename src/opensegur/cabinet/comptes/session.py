"""What a session keeps: the structure, and what Pro Santé Connect said at the login. Never a token of access."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.requete import Qui

if TYPE_CHECKING:
    from collections.abc import Mapping

DUREE = timedelta(hours=4)
INACTIVITE = timedelta(minutes=30)
# the idle time is written this often at most, so that reading pages do not each write a session
PAS = timedelta(minutes=1)

_DEBUT, _VU, _RATTACHEMENT, _PSC = "debut", "vu", "rattachement", "psc"


@dataclass(frozen=True, slots=True)
class SessionPsc:
    """The authentication at Pro Santé Connect.

    ``authentifie_le``: ISO 8601; ``acr`` and ``moyen`` (``CARD``, ``MOBILE``…) as received; ``id_token`` is kept for
    the logout alone, it opens nothing.
    """

    id_nat: str
    sujet: str
    emetteur: str
    authentifie_le: str
    acr: str = "eidas1"
    moyen: str = ""
    profession: str = ""
    savoir_faire: str = ""
    secteur: str = ""
    id_token: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.authentifie_le)


def start(session: SessionBase, *, psc: SessionPsc | None = None) -> None:
    """Open the limits of a session that has just been logged in."""
    now = timezone.now().isoformat()
    session[_DEBUT] = session[_VU] = now
    if psc is not None:
        session[_PSC] = asdict(psc)
    else:
        session.pop(_PSC, None)
    session.pop(_RATTACHEMENT, None)


def choose(session: SessionBase, rattachement: Rattachement, psc: SessionPsc | None = None) -> None:
    session[_RATTACHEMENT] = rattachement.pk
    if psc is not None:
        session[_PSC] = asdict(psc)


def psc_of(session: SessionBase) -> SessionPsc | None:
    values = session.get(_PSC)
    return SessionPsc(**values) if values else None


def expired(session: SessionBase, now: datetime) -> bool:
    """Four hours since the login, or thirty minutes without a request."""
    debut, vu = _moment(session, _DEBUT), _moment(session, _VU)
    return debut is None or vu is None or now - debut >= DUREE or now - vu >= INACTIVITE


def touch(session: SessionBase, now: datetime) -> None:
    vu = _moment(session, _VU)
    if vu is None or now - vu >= PAS:
        session[_VU] = now.isoformat()


def qui_of(compte: Compte, session: SessionBase) -> Qui | None:
    """Who is asking, or None while no structure is chosen or when the place in it was taken away."""
    rattachement = (
        Rattachement.objects.select_related("structure", "responsable")
        .filter(pk=session.get(_RATTACHEMENT), compte=compte, actif=True)
        .first()
    )
    if rattachement is None:
        return None
    responsable = rattachement.responsable
    return Qui(
        compte=compte,
        structure=rattachement.structure,
        role=rattachement.role,
        responsable=responsable.acteur if responsable else "",
        psc=psc_of(session),
    )


def _moment(session: Mapping[str, Any] | SessionBase, key: str) -> datetime | None:
    value = session.get(key)
    return datetime.fromisoformat(value) if value else None
