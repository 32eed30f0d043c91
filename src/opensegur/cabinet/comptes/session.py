"""What a session keeps: the structure, and what Pro Santé Connect said at the login. Never a token of access."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from opensegur.cabinet.comptes.models import Compte, Rattachement, responsable_la
from opensegur.cabinet.comptes.situations import Activite, Situation
from opensegur.cabinet.droits.arrivee import first_page
from opensegur.cabinet.droits.reglage import adjustments_of
from opensegur.cabinet.requete import Qui
from opensegur.psc import session_is_over

# the idle time is written this often at most, so that reading pages do not each write a session
PAS = timedelta(minutes=1)

_DEBUT, _VU, _RATTACHEMENT, _PSC, _ACTIVITES = "debut", "vu", "rattachement", "psc", "activites"
_CONDITIONS, _SUITE, _POSTE = "conditions", "suite", "poste"
_MOYEN, _ATTENDU, _ATTENDU_LE = "moyen", "code_attendu", "code_attendu_le"

# a locked screen, and the page that it shows
VERROU, VERROU_PAGE = "verrou", "verrou_page"

# between the password and the code of the phone
ATTENTE_CODE = timedelta(minutes=5)


class Moyen(StrEnum):
    """What opened a session without Pro Santé Connect, as the journal says it."""

    MOT_DE_PASSE = "compte local"
    CODE = "compte local et code"
    CLE = "clé d’accès"
    CARTE = "carte de professionnel"


@dataclass(frozen=True, slots=True)
class SessionPsc:
    """The authentication at Pro Santé Connect.

    ``authentifie_le``: ISO 8601; ``acr`` and ``moyen`` (``CARD``, ``MOBILE``…) as received; ``id_token`` is kept for
    the logout alone, it opens nothing. ``sans_navigateur``: by the phone, so that PSC has no session in this browser.
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
    sans_navigateur: bool = False

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.authentifie_le)


def start(
    session: SessionBase,
    *,
    psc: SessionPsc | None = None,
    activites: Iterable[Activite] = (),
    poste: str = "",
    moyen: Moyen = Moyen.MOT_DE_PASSE,
) -> None:
    """Open the limits of a session that has just been logged in.

    ``poste``: the browser that it is in, in words; ``moyen``: of a local login.
    """
    now = timezone.now().isoformat()
    for key in (_PSC, _ACTIVITES, _RATTACHEMENT, _CONDITIONS, _ATTENDU, _ATTENDU_LE, VERROU, VERROU_PAGE):
        session.pop(key, None)
    session[_MOYEN] = moyen
    session[_DEBUT] = session[_VU] = now
    session[_POSTE] = poste
    if psc is not None:
        session[_PSC] = asdict(psc)
        session[_ACTIVITES] = [{**asdict(each), "identifiants": sorted(each.identifiants)} for each in activites]


def choose(session: SessionBase, situation: Situation) -> None:
    """The place to work in, and with Pro Santé Connect the profession exercised there."""
    session[_RATTACHEMENT] = situation.rattachement.pk
    psc, activite = psc_of(session), situation.activite
    if psc is not None and activite is not None:
        chosen = replace(
            psc,
            profession=activite.profession,
            savoir_faire=activite.savoir_faire,
            secteur=activite.secteur,
        )
        session[_PSC] = asdict(chosen)


def expect_code(session: SessionBase, compte: Compte) -> None:
    """The password was right; the session is nobody's until the code is too."""
    session[_ATTENDU] = str(compte.pk)
    session[_ATTENDU_LE] = timezone.now().isoformat()


def awaited(session: SessionBase) -> Compte | None:
    """Whose code is awaited, for five minutes after the password."""
    since = _moment(session, _ATTENDU_LE)
    if since is None or timezone.now() - since > ATTENTE_CODE:
        return None
    return Compte.objects.filter(pk=str(session[_ATTENDU]), is_active=True).first()


def means_of(session: Mapping[str, Any] | SessionBase) -> str:
    """How the person came in, as the journal says it."""
    psc = psc_of(session)
    if psc is not None:
        return f"Pro Santé Connect {psc.moyen}".strip()
    return str(session.get(_MOYEN) or Moyen.MOT_DE_PASSE)


def strengthen(session: SessionBase, moyen: Moyen) -> None:
    """A second proof was given while at work."""
    if means_of(session) == Moyen.MOT_DE_PASSE:
        session[_MOYEN] = moyen


def note_conditions(session: SessionBase) -> None:
    """The terms of use are accepted: without it nothing opens."""
    session[_CONDITIONS] = True


def waits_for_conditions(session: SessionBase) -> bool:
    return bool(session.get(_RATTACHEMENT)) and not session.get(_CONDITIONS)


def take_destination(session: SessionBase, compte: Compte) -> str:
    """The page that was asked for before coming in, when it is one of ours; the person's first page otherwise."""
    asked = session.pop(_SUITE, "")
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return str(asked)
    qui = qui_of(compte, session)
    return first_page(qui) if qui else reverse("comptes:structure")


def activites_of(session: SessionBase) -> tuple[Activite, ...] | None:
    """The activities that Pro Santé Connect gave at the login; None for a local login."""
    if session.get(_PSC) is None:
        return None
    return tuple(
        Activite(**{**values, "identifiants": frozenset(values["identifiants"])})
        for values in session.get(_ACTIVITES, ())
    )


def limits_of(session: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """When it was opened and when it was last seen; the same moment when that is not known."""
    debut, vu = _moment(session, _DEBUT), _moment(session, _VU)
    known = debut or vu or timezone.now()
    return debut or known, vu or known


def machine_of(session: Mapping[str, Any]) -> str:
    return str(session.get(_POSTE) or "Navigateur inconnu")


def place_of(session: Mapping[str, Any]) -> int:
    """The key of the place in which it is at work, 0 before the choice."""
    return int(session.get(_RATTACHEMENT) or 0)


def psc_of(session: Mapping[str, Any] | SessionBase) -> SessionPsc | None:
    values = session.get(_PSC)
    return SessionPsc(**values) if values else None


def expired(session: Mapping[str, Any] | SessionBase, now: datetime) -> bool:
    """Four hours since the login, or thirty minutes without a request."""
    debut, vu = _moment(session, _DEBUT), _moment(session, _VU)
    return debut is None or vu is None or session_is_over(debut, vu, now)


def touch(session: SessionBase, now: datetime) -> bool:
    """Whether there was anything to write."""
    vu = _moment(session, _VU)
    if vu is not None and now - vu < PAS:
        return False
    session[_VU] = now.isoformat()
    return True


def qui_of(compte: Compte, session: SessionBase) -> Qui | None:
    """Who is asking; None while no structure is chosen, the terms are not accepted, or the place was taken away."""
    if not session.get(_CONDITIONS):
        return None
    rattachement = (
        Rattachement.objects.select_related("structure__politique_cercle", "responsable")
        .filter(pk=session.get(_RATTACHEMENT) or 0, compte=compte, actif=True)
        .annotate(responsable_la=responsable_la())
        .first()
    )
    if rattachement is None:
        return None
    politique = getattr(rattachement.structure, "politique_cercle", None)
    return Qui(
        compte=compte,
        structure=rattachement.structure,
        role=rattachement.role,
        repond=rattachement.responsable if rattachement.responsable_la else None,
        psc=psc_of(session),
        mot_de_passe_seul=means_of(session) == Moyen.MOT_DE_PASSE,
        referent_identite=rattachement.referent_identite,
        administrateur=rattachement.administrateur,
        cercle_restreint=politique is not None and politique.restreint,
        ajustements=adjustments_of(rattachement.structure),
    )


def _moment(session: Mapping[str, Any] | SessionBase, key: str) -> datetime | None:
    value = session.get(key)
    return datetime.fromisoformat(value) if value else None
