"""What comes after a document is in the record: it is sent, or it is said why it is not."""

from __future__ import annotations

from django.contrib import messages

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import SOUS_RESPONSABILITE
from opensegur.cabinet.documents.envoi_dmp import EnvoiImpossible, send_to_dmp
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.requete import Requete


def try_to_send(request: Requete, document: Document) -> None:
    try:
        send_to_dmp(document, request.qui.compte, _answers(request))
    except EnvoiImpossible as error:
        request.trace.resultat = error.code
        messages.warning(request, f"{error.message} {error.conseil}")
    else:
        messages.success(request, "Le document est en file pour le DMP. La liste dira quand il est déposé.")


def _answers(request: Requete) -> Compte | None:
    """Who answers for what is sent by somebody who may not answer for themselves."""
    qui = request.qui
    return qui.repond if qui.role in SOUS_RESPONSABILITE else None


def send_or_keep(request: Requete, document: Document) -> None:
    """As the person at the screen chose (``geste``)."""
    if request.POST.get("geste") == "envoyer":
        try_to_send(request, document)
    else:
        messages.success(request, "Le document est dans le dossier. Il n’a pas été envoyé.")
