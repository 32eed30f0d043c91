"""What may go wrong at Pro Santé Connect, with a message for the person and what they can do."""

from __future__ import annotations

import re

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
    "PSC_NO_ACTIVITY": (
        "Pro Santé Connect ne vous connaît aucune activité qui permette cette action.",
        "Faites vérifier votre situation auprès de votre ordre ou de l’annuaire santé (annuaire.esante.gouv.fr).",
        False,
    ),
    "PSC_CIBA_INCONNU": (
        "Pro Santé Connect ne trouve pas d’e-CPS active pour ce numéro.",
        "Vérifiez votre numéro RPPS, activez votre e-CPS, ou identifiez-vous avec votre carte.",
        False,
    ),
    "PSC_CIBA_CODE": (
        "Pro Santé Connect n’a pas accepté la demande.",
        "Recommencez : un autre code sera tiré.",
        False,
    ),
    "PSC_CIBA_EXPIREE": (
        "Le temps pour accepter sur votre téléphone est passé.",
        "Recommencez : un autre code s’affichera.",
        False,
    ),
    "PSC_CIBA_AUTRE": (
        "Une autre personne que celle demandée s’est identifiée.",
        "Recommencez avec votre propre numéro.",
        False,
    ),
    "PSC_CIBA_FERME": (
        "L’identification par le téléphone n’est pas ouverte à ce logiciel.",
        "Identifiez-vous dans le navigateur ; l’éditeur doit demander à l’ANS d’activer CIBA.",
        False,
    ),
    "API_CLIENT": (
        "Le service ne reconnaît pas le certificat de cette structure.",
        "Vérifiez que le certificat est valide et qu’il a été déclaré auprès de ce service.",
        False,
    ),
    "API_PERIMETRE": (
        "Le service n’ouvre pas ce qui lui est demandé à ce professionnel.",
        "Vérifiez les droits déclarés auprès de ce service.",
        False,
    ),
    "API_LIEN": (
        "Le jeton reçu est lié à un autre certificat que le vôtre.",
        "Ne continuez pas, et prévenez l’administrateur.",
        False,
    ),
    "API_REPONSE": (
        "Le service n’a pas délivré de jeton.",
        "Recommencez. Si cela se répète, prévenez l’administrateur.",
        False,
    ),
    "PSC_CLIENT": (
        "Pro Santé Connect ne reconnaît pas ce logiciel.",
        "Vérifiez dans la section [psc] l’identifiant, le secret ou le certificat, et la redirection déclarée.",
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

_RETOURS = {
    "login_required": "PSC_SESSION",
    "interaction_required": "PSC_SESSION",
    "server_error": "PSC_UNAVAILABLE",
    "temporarily_unavailable": "PSC_UNAVAILABLE",
    "invalid_client": "PSC_CLIENT",
    "invalid_request": "PSC_CLIENT",
    "invalid_scope": "PSC_CLIENT",
    "unauthorized_client": "PSC_CLIENT",
    "unsupported_response_type": "PSC_CLIENT",
}


def error_of_return(error: str) -> PscError:
    """What the ``error`` of a redirection means (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6); a refusal when unknown."""
    known = _RETOURS.get(error)
    return psc_error(known, error) if known else psc_error("PSC_ACCESS_DENIED", re.sub(r"[^a-z_]", "?", error)[:40])


def psc_error(code: str, detail: str = "") -> PscError:
    """The error of ``code``; ``detail`` never holds a token nor an identity."""
    message, conseil, retryable = _CATALOGUE[code]
    return PscError(code, message, conseil=conseil, detail=detail[:200], retryable=retryable)
