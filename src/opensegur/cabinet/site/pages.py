"""The pages that belong to no counter: static files, health, and what is shown when something is wrong."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.static import serve

from opensegur.cabinet.acces import Acces, acces
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.requete import Qui

_ONE_YEAR = "public, max-age=31536000, immutable"


@acces(action="connexion", ouvert=True)
def statique(request: HttpRequest, chemin: str) -> HttpResponseBase:
    """A file of the interface; its name changes with its content, so that browsers may keep it."""
    found = serve(request, chemin, document_root=str(settings.STATIC_ROOT))
    response: HttpResponseBase = found
    if isinstance(found, FileResponse):
        # small files, read at once: ASGI would stream them through a thread apiece
        response = HttpResponse(b"".join(found), headers=dict(found.items()))
        found.close()
    response.headers["Cache-Control"] = _ONE_YEAR
    return response


@acces(action="connexion", ouvert=True)
def sante(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """For whoever watches the server: it answers, and so does its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"etat": "ok"})


def _page(request: HttpRequest, titre: str, message: str, conseil: str, status: int) -> HttpResponse:
    context = {"titre": titre, "message": message, "conseil": conseil}
    return render(request, "cabinet/incident.html", context, status=status)


def requete_invalide(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _page(
        request, "Demande illisible", "Le serveur n’a pas compris cette demande.", "Revenez à la page d’avant.", 400
    )


def interdit(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _page(request, "Accès refusé", "Cette page ne vous est pas ouverte.", "Revenez à la page d’avant.", 403)


def absente(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _page(
        request,
        "Page introuvable",
        "Cette adresse ne mène à rien dans votre structure.",
        "Retrouvez le dossier par la recherche.",
        404,
    )


def panne(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        "Quelque chose n’a pas marché",
        "L’erreur est de notre côté ; ce que vous aviez déjà enregistré l’est toujours.",
        "Réessayez. Si cela recommence, donnez l’heure au support.",
        500,
    )


def jeton_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form that another site may have sent: the journal says in whose name."""
    qui: Qui | None = getattr(request, "qui", None)
    asked: Acces | None = getattr(request.resolver_match and request.resolver_match.func, "acces", None)
    if qui and asked:
        record(asked.action, structure_id=qui.structure.pk, acteur=qui.acteur, resultat="refus:jeton")
    return _page(
        request,
        "Page périmée",
        "Cette page est restée ouverte trop longtemps, ou votre session a changé entre-temps.",
        "Revenez en arrière, rechargez la page, puis recommencez.",
        403,
    )
