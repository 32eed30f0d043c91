"""Pro Santé Connect as the login sees it: going, coming back, matching a person, leaving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse
from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte, IdentitePsc
from opensegur.cabinet.comptes.session import SessionPsc
from opensegur.cabinet.comptes.situations import Activite
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.foundation.errors import ConfigurationError, OpenSegurError
from opensegur.foundation.points import PointPsc
from opensegur.foundation.ports import SystemClock
from opensegur.psc import Demande, DemandeCiba, MoyenPsc, PscClient, PscError, Userinfo, psc_transport
from opensegur.psc import SessionPsc as Identification
from opensegur.psc.errors import psc_error

_DEMANDE, _ATTENTE = "psc_demande", "psc_attente"


class SansCompte(OpenSegurError):
    """Pro Santé Connect knows the person, this installation does not."""


def is_configured() -> bool:
    """Whether this installation offers the login at all; a broken configuration shows elsewhere."""
    try:
        return configuration_of().psc is not None
    except ConfigurationError:
        return False


def begin(session: SessionBase) -> str:
    """Where to send the browser; what must come back is bound to its session. Raises ``OpenSegurError``."""
    demande = _client(_point()).begin()
    session[_DEMANDE] = asdict(demande)
    return demande.url


def complete(session: SessionBase, retour: Mapping[str, str]) -> Identification:
    """Who came back. A demand serves once. Raises ``PscError``."""
    values = session.pop(_DEMANDE, None)
    if values is None:
        raise psc_error("PSC_STATE", "no demand in this session")
    return _client(_point()).complete(Demande(**values), retour)


def ask(session: SessionBase, id_nat: str, moyen: MoyenPsc) -> DemandeCiba:
    """Begin an identification by the phone or the card, one at a time for a browser. Raises ``OpenSegurError``."""
    demande = _client(_point()).ask(id_nat, moyen)
    _keep(session, demande)
    return demande


def waiting(session: SessionBase) -> DemandeCiba | None:
    """The demand that this browser has made, while it lives."""
    values = session.get(_ATTENTE)
    if values is None:
        return None
    moments = {name: datetime.fromisoformat(values[name]) for name in ("expire_le", "prochain_le")}
    return DemandeCiba(**{**values, **moments, "moyen": MoyenPsc(values["moyen"])})


def poll(session: SessionBase) -> Identification | DemandeCiba:
    """Whether the person has answered. A demand that has ended serves no more. Raises ``PscError``."""
    demande = waiting(session)
    if demande is None:
        raise psc_error("PSC_CIBA_EXPIREE", "no demand in this session")
    answer = _client(_point()).poll(demande)
    if isinstance(answer, DemandeCiba):
        _keep(session, answer)
    else:
        forget(session)
    return answer


def forget(session: SessionBase) -> None:
    session.pop(_ATTENTE, None)


def _keep(session: SessionBase, demande: DemandeCiba) -> None:
    moments = {name: getattr(demande, name).isoformat() for name in ("expire_le", "prochain_le")}
    session[_ATTENTE] = {**asdict(demande), **moments, "moyen": demande.moyen.value}


def match(userinfo: Userinfo) -> Compte:
    """The account of a person; ``SansCompte``: PSC_SANS_COMPTE, or PSC_COMPTES_EN_DOUBLE, which must be mended."""
    found = accounts_of(userinfo.identifiants)
    if len(found) == 1:
        return found[0]
    if found:
        raise SansCompte(
            "PSC_COMPTES_EN_DOUBLE",
            "Deux comptes de cette installation portent vos identifiants nationaux.",
            conseil="Demandez à qui gère les comptes de n’en garder qu’un.",
        )
    raise SansCompte(
        "PSC_SANS_COMPTE",
        "Pro Santé Connect vous reconnaît, mais aucun compte ne porte votre identifiant national ici.",
        conseil="Demandez à qui gère les comptes d’enregistrer votre RPPS.",
    )


def accounts_of(identifiants: Iterable[str]) -> list[Compte]:
    """Those of which an administrator recorded one of these national identifiers, at most two; never a name."""
    return list(Compte.objects.filter(id_nat__in=[*identifiants], is_active=True).order_by("pk")[:2])


def remember(compte: Compte, emetteur: str, userinfo: Userinfo) -> None:
    """Keep the identity seen: a person's identifiers change over the years."""
    now = timezone.now()
    IdentitePsc.objects.update_or_create(
        emetteur=emetteur,
        sujet=userinfo.sujet,
        defaults={"compte": compte, "id_nat": userinfo.id_nat, "derniere_fois": now},
        create_defaults={
            "compte": compte,
            "id_nat": userinfo.id_nat,
            "premiere_fois": now,
            "derniere_fois": now,
        },
    )


def session_of(identification: Identification, *, sans_navigateur: bool = False) -> SessionPsc:
    """What the session keeps; the tokens of access are dropped here."""
    return SessionPsc(
        id_nat=identification.userinfo.identifiants[0],
        sujet=identification.userinfo.sujet,
        emetteur=identification.emetteur,
        authentifie_le=identification.authentifie_le.isoformat(),
        moyen=identification.moyen,
        id_token=identification.jetons.identite,
        sans_navigateur=sans_navigateur,
    )


def activites_of(userinfo: Userinfo) -> tuple[Activite, ...]:
    """Every way of working that Pro Santé Connect gives; a secretary's card only names its structure."""
    choices = userinfo.choices()
    if not choices:
        here = frozenset({userinfo.organisation_id} - {""})
        return (Activite(secteur=userinfo.secteur, libelle=userinfo.organisation, identifiants=here),)
    return tuple(
        Activite(
            profession=choice.exercice.profession,
            savoir_faire=choice.savoir_faire,
            secteur=choice.activite.secteur if choice.activite else userinfo.secteur,
            libelle=choice.activite.libelle if choice.activite else "",
            identifiants=frozenset(choice.activite.identifiants if choice.activite else ()),
        )
        for choice in choices
    )


def logout_url(session_psc: SessionPsc) -> str:
    """Where to send the browser so that Pro Santé Connect forgets it too; "" when it cannot be reached.

    Somebody who came in by the phone has no session in the browser: it is ended from here.
    """
    if session_psc.sans_navigateur:
        with suppress(PscError, ConfigurationError):
            _client(_point()).leave(session_psc.id_token)
        return ""
    home = settings.REGLAGES.adresse + reverse("comptes:connexion")
    try:
        return _client(_point()).logout_url(session_psc.id_token, home)
    except (PscError, ConfigurationError):
        return ""


def _point() -> PointPsc:
    point = configuration_of().psc
    if point is None:
        raise ConfigurationError(
            "PSC_NON_CONFIGURE",
            "Pro Santé Connect n’est pas raccordé à cette installation.",
            conseil="Entrez avec un compte du cabinet, ou demandez à l’administrateur d’ajouter la section [psc].",
        )
    return point


@lru_cache(maxsize=4)
def _client(point: PointPsc) -> PscClient:
    return PscClient(psc_transport(point), point, SystemClock())
