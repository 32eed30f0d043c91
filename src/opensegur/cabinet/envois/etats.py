"""The states of a delivery and the only ways between them."""

from __future__ import annotations

from django.db import models

from opensegur.foundation.errors import OpenSegurError


class Etat(models.TextChoices):
    EN_FILE = "en_file", "en file"
    EN_COURS = "en_cours", "envoi en cours"
    ATTEND_PORTEUR = "attend_porteur", "attend le porteur"
    DEPOSE = "depose", "déposé"
    REFUSE = "refuse", "refusé"
    ABANDONNE = "abandonne", "abandonné"


TRANSITIONS: dict[Etat, frozenset[Etat]] = {
    Etat.EN_FILE: frozenset({Etat.EN_COURS, Etat.ATTEND_PORTEUR, Etat.ABANDONNE}),
    # back to the queue: a passing failure, or a worker that died and whose lease has run out
    Etat.EN_COURS: frozenset({Etat.DEPOSE, Etat.REFUSE, Etat.EN_FILE, Etat.ATTEND_PORTEUR}),
    Etat.ATTEND_PORTEUR: frozenset({Etat.EN_FILE, Etat.ABANDONNE}),
    # a person mended what was wrong and sends the same delivery again, or gives it up
    Etat.REFUSE: frozenset({Etat.EN_FILE, Etat.ABANDONNE}),
    Etat.DEPOSE: frozenset(),
    Etat.ABANDONNE: frozenset(),
}

EN_ATTENTE = frozenset({Etat.EN_FILE, Etat.EN_COURS, Etat.ATTEND_PORTEUR})


class TransitionInterdite(OpenSegurError):
    """A delivery cannot go from its state to the one asked for."""


def check_transition(depuis: str, vers: str) -> None:
    """Raises ``TransitionInterdite``."""
    if Etat(vers) not in TRANSITIONS[Etat(depuis)]:
        raise _forbidden(depuis, vers)


def check_decision(depuis: str, vers: str) -> None:
    """The same for what a person decides: what a worker is sending is not theirs to move.

    Raises ``TransitionInterdite``.
    """
    if Etat(depuis) is Etat.EN_COURS:
        raise _forbidden(depuis, vers)
    check_transition(depuis, vers)


def _forbidden(depuis: str, vers: str) -> TransitionInterdite:
    return TransitionInterdite(
        "ENVOI_ETAT",
        f"Un envoi « {Etat(depuis).label} » ne peut pas devenir « {Etat(vers).label} ».",
        conseil="Rechargez la page : l’envoi a sans doute avancé entre-temps.",
    )
