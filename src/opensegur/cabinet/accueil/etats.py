"""The states of a visit and the only ways between them."""

from __future__ import annotations

from django.db import models

from opensegur.foundation.errors import OpenSegurError


class Etat(models.TextChoices):
    ATTENDU = "attendu", "attendu"
    ARRIVE = "arrive", "arrivé"
    EN_COURS = "en_cours", "en cours"
    PARTI = "parti", "parti"
    ANNULE = "annule", "annulé"


TRANSITIONS: dict[Etat, tuple[Etat, ...]] = {
    # the first one is what happens next when nothing special does
    Etat.ATTENDU: (Etat.ARRIVE, Etat.ANNULE),
    Etat.ARRIVE: (Etat.EN_COURS, Etat.PARTI, Etat.ATTENDU),
    Etat.EN_COURS: (Etat.PARTI, Etat.ARRIVE),
    Etat.PARTI: (Etat.EN_COURS,),
    Etat.ANNULE: (Etat.ATTENDU,),
}

GESTES: dict[tuple[Etat, Etat], str] = {
    (Etat.ATTENDU, Etat.ARRIVE): "Est arrivé",
    (Etat.ATTENDU, Etat.ANNULE): "Ne viendra pas",
    (Etat.ARRIVE, Etat.EN_COURS): "Recevoir",
    (Etat.ARRIVE, Etat.PARTI): "Est reparti",
    (Etat.ARRIVE, Etat.ATTENDU): "Pas encore arrivé",
    (Etat.EN_COURS, Etat.PARTI): "Terminer",
    (Etat.EN_COURS, Etat.ARRIVE): "Remettre en attente",
    (Etat.PARTI, Etat.EN_COURS): "Reprendre",
    (Etat.ANNULE, Etat.ATTENDU): "Attendre de nouveau",
}


class TransitionInterdite(OpenSegurError):
    """A visit cannot go from its state to the one asked for."""


def check_transition(depuis: str, vers: str) -> None:
    """Raises ``TransitionInterdite``."""
    if vers not in TRANSITIONS[Etat(depuis)]:
        raise TransitionInterdite(
            "VENUE_ETAT",
            f"Une venue « {Etat(depuis).label} » ne peut pas devenir « {vers} ».",
            conseil="Rechargez la page : un collègue l’a sans doute déjà changée.",
        )
