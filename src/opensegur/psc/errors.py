"""What may go wrong at Pro Santé Connect, with a message for the person and what they can do."""

from __future__ import annotations

from opensegur.foundation.errors import OpenSegurError

ETAT_DU_SERVICE = "https://status.esante.gouv.fr"


class PscError(OpenSegurError):
    """Pro Santé Connect refused, did not answer, or answered something that cannot be trusted."""


_CATALOGUE: dict[str, tuple[str, str, bool]] = {
    "PSC_ACCESS_DENIED": (
        "La connexion a été refusée ou abandonnée à Pro Santé Connect.",
        "Recommencez, et acceptez la demande sur votre téléphone ou avec votre carte.",
        False,
    ),
    "PSC_STATE": (
        "Le retour de Pro Santé Connect ne correspond à aucune demande de cette fenêtre.",
        "Recommencez la connexion depuis la page d’accueil, dans un seul onglet.",
        False,
    ),
    "PSC_ISSUER": (
        "Le retour ne vient pas du Pro Santé Connect attendu.",
        "Ne continuez pas, et prévenez l’administrateur.",
        False,
    ),
    "PSC_SESSION": (
        "La session Pro Santé Connect est terminée.",
        "Reconnectez-vous.",
        False,
    ),
    "PSC_TOKEN": (
        "Pro Santé Connect n’a pas délivré de jeton.",
        "Recommencez la connexion. Si cela se répète, prévenez l’administrateur.",
        False,
    ),
    "PSC_ID_TOKEN": (
        "La réponse de Pro Santé Connect n’est pas digne de confiance.",
        "Ne continuez pas : vérifiez l’heure de l’ordinateur, puis prévenez l’administrateur.",
        False,
    ),
    "PSC_ACR": (
        "Le niveau d’identification obtenu n’est pas suffisant.",
        "Identifiez-vous avec une e-CPS active ou une carte CPS.",
        False,
    ),
    "PSC_USERINFO": (
        "Pro Santé Connect n’a pas donné l’identité de la personne.",
        "Recommencez la connexion.",
        False,
    ),
    "PSC_CONFIGURATION": (
        "L’adresse de Pro Santé Connect ne donne pas sa configuration.",
        "Vérifiez « decouverte » dans la section [psc].",
        False,
    ),
    "PSC_UNAVAILABLE": (
        "Pro Santé Connect ne répond pas.",
        f"Réessayez dans un moment (état du service : {ETAT_DU_SERVICE}), ou entrez avec un compte du cabinet.",
        True,
    ),
}


def psc_error(code: str, detail: str = "") -> PscError:
    """The error of ``code``; ``detail`` never holds a token nor an identity."""
    message, conseil, retryable = _CATALOGUE[code]
    return PscError(code, message, conseil=conseil, detail=detail[:200], retryable=retryable)
