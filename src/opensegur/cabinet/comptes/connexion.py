"""The local login: a name, a password, and a pause after too many failures.

A pause is that of whoever fails: machines from which the person has already come in have counts of their own, so that
nobody shuts an account by typing nonsense from elsewhere (OWASP, device cookies). A wrong code of the phone
is a failure like a wrong password, and only a whole login forgets them.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte, PosteConnu
from opensegur.foundation.errors import OpenSegurError

ECHECS_ADMIS = 5
PAUSE = timedelta(minutes=5)


class ConnexionRefusee(OpenSegurError):
    """The login did not succeed. The message does not tell which half was wrong."""


def check_password(identifiant: str, mot_de_passe: str, poste: str = "") -> Compte:
    """The account; ``poste``: the token of the browser, "" when it has none.

    Raises ``ConnexionRefusee`` (CONNEXION_ECHEC, CONNEXION_PAUSE).
    """
    compte = Compte.objects.filter(identifiant=identifiant.strip().lower()).first()
    if compte is None:
        make_password(mot_de_passe)  # as long as for an account that exists
        raise _failure()
    refuse_pause(compte, poste)
    if not compte.check_password(mot_de_passe) or not compte.is_active:
        count_failure(compte, poste)
        raise _failure()
    return compte


def prove(compte: Compte, mot_de_passe: str, poste: str = "") -> None:
    """Whoever is at the keyboard of an open or locked session knows its password; failures count as at the login.

    Raises ``ConnexionRefusee`` (CONNEXION_ACTUEL, CONNEXION_PAUSE).
    """
    refuse_pause(compte, poste)
    if not compte.check_password(mot_de_passe):
        count_failure(compte, poste)
        raise ConnexionRefusee("CONNEXION_ACTUEL", "Ce n’est pas votre mot de passe actuel.")


def refuse_pause(compte: Compte, poste: str) -> None:
    """Raises ``ConnexionRefusee`` (CONNEXION_PAUSE) after too many failures from there."""
    counter = _counter(compte, poste)
    if counter.bloque_jusqu_a and counter.bloque_jusqu_a > timezone.now():
        raise ConnexionRefusee(
            "CONNEXION_PAUSE",
            "Trop d’essais : ce compte est en pause quelques minutes.",
            conseil="Attendez 5 minutes, ou entrez avec Pro Santé Connect.",
        )


def count_failure(compte: Compte, poste: str) -> None:
    """One more in the database, whatever else is counted at the same time."""
    counter = _counter(compte, poste)
    counter.echecs = models.F("echecs") + 1
    counter.save(update_fields=["echecs"])
    counter.refresh_from_db(fields=["echecs"])
    if counter.echecs >= ECHECS_ADMIS:
        _write(counter, 0, timezone.now() + PAUSE)


def admit(compte: Compte, poste: str) -> str:
    """The login is whole: its failures are forgotten, this browser is one of the person's own; the token it keeps."""
    counter = _counter(compte, poste)
    if counter.echecs:
        _write(counter, 0)
    token = poste or secrets.token_urlsafe(32)
    PosteConnu.objects.update_or_create(compte=compte, empreinte=_print_of(token), defaults={"vu_le": timezone.now()})
    return token


def _counter(compte: Compte, poste: str) -> Compte | PosteConnu:
    """Whose failures these are: the person's own machine, or everybody else's together."""
    known = PosteConnu.objects.filter(compte=compte, empreinte=_print_of(poste)).first() if poste else None
    return known or compte


def _write(counter: Compte | PosteConnu, failures: int, until: datetime | None = None) -> None:
    counter.echecs, counter.bloque_jusqu_a = failures, until
    counter.save(update_fields=["echecs", "bloque_jusqu_a"])


def _print_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _failure() -> ConnexionRefusee:
    return ConnexionRefusee(
        "CONNEXION_ECHEC",
        "L’identifiant ou le mot de passe n’est pas bon.",
        conseil="Vérifiez la touche majuscule, puis recommencez.",
    )
