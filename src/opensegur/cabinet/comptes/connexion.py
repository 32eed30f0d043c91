"""The local login: a name, a password, and a pause after too many failures."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte
from opensegur.foundation.errors import OpenSegurError

ECHECS_ADMIS = 5
PAUSE = timedelta(minutes=5)


class ConnexionRefusee(OpenSegurError):
    """The login did not succeed. The message does not tell which half was wrong."""


def check_password(identifiant: str, mot_de_passe: str) -> Compte:
    """The account; raises ``ConnexionRefusee`` (CONNEXION_ECHEC, CONNEXION_PAUSE)."""
    compte = Compte.objects.filter(identifiant=identifiant.strip().lower()).first()
    if compte is None:
        make_password(mot_de_passe)  # as long as for an account that exists
        raise _failure()
    now = timezone.now()
    if compte.bloque_jusqu_a and compte.bloque_jusqu_a > now:
        raise ConnexionRefusee(
            "CONNEXION_PAUSE",
            "Trop d’essais : ce compte est en pause quelques minutes.",
            conseil="Attendez 5 minutes, ou entrez avec Pro Santé Connect.",
        )
    if not compte.check_password(mot_de_passe) or not compte.is_active:
        _count_failure(compte)
        raise _failure()
    if compte.echecs:
        Compte.objects.filter(pk=compte.pk).update(echecs=0, bloque_jusqu_a=None)
    return compte


def _count_failure(compte: Compte) -> None:
    Compte.objects.filter(pk=compte.pk).update(echecs=models.F("echecs") + 1)
    compte.refresh_from_db(fields=["echecs"])
    if compte.echecs >= ECHECS_ADMIS:
        Compte.objects.filter(pk=compte.pk).update(echecs=0, bloque_jusqu_a=timezone.now() + PAUSE)


def _failure() -> ConnexionRefusee:
    return ConnexionRefusee(
        "CONNEXION_ECHEC",
        "L’identifiant ou le mot de passe n’est pas bon.",
        conseil="Vérifiez la touche majuscule, puis recommencez.",
    )
