"""The certificates of the structure, for whoever administers it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.certificats import garde
from opensegur.cabinet.certificats.controle import judge
from opensegur.cabinet.certificats.forms import FormulaireCertificat
from opensegur.cabinet.certificats.models import Certificat
from opensegur.cabinet.certificats.ouverture import open_upload
from opensegur.cabinet.certificats.presentation import places_of
from opensegur.cabinet.certificats.usages import Usage
from opensegur.cabinet.certificats.verification import verify
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError
from opensegur.foundation.revocation import Etat


@acces(action="certificat.lire", trace=False)
@require_GET
def liste(request: Requete) -> HttpResponse:
    qui = request.qui
    context = {"places": places_of(qui.structure, timezone.now()), "tient": qui.peut("certificat.ajouter")}
    return render(request, "certificats/liste.html", context)


@acces(action="certificat.ajouter")
@sensitive_post_parameters("mot_de_passe")
@require_http_methods(["GET", "POST"])
def ajouter(request: Requete) -> HttpResponse:
    """``?usage=`` chooses beforehand what the certificate serves; the one in service is then replaced."""
    request.trace.tue = request.method == "GET"
    posted = request.method == "POST"
    form = FormulaireCertificat(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"usage": request.GET.get("usage", "")},
    )
    if posted and form.is_valid():
        try:
            row = _add(request, form)
        except OpenSegurError as error:
            request.trace.resultat = error.code
            form.add_error("mot_de_passe" if error.code == "CERT_MOT_DE_PASSE" else None, _said(error))
        else:
            if row is not None:
                return redirect("certificats:liste")
    return render(request, "certificats/ajouter.html", {"form": form}, status=422 if form.errors else 200)


@acces(action="certificat.verifier")
@require_POST
def verifier(request: Requete, certificat_id: UUID) -> HttpResponse:
    row = _of(request, certificat_id)
    verify(row, timezone.now())
    say = messages.success if row.revocation == Etat.BON else messages.warning
    say(request, f"{row.nom} : {row.revocation_dit}")
    return redirect("certificats:liste")


@acces(action="certificat.retirer")
@require_POST
def remettre(request: Requete, certificat_id: UUID) -> HttpResponse:
    row = _of(request, certificat_id)
    garde.put_back(row, timezone.now())
    messages.success(request, f"{row.nom} est de nouveau en service.")
    return redirect("certificats:liste")


@acces(action="certificat.retirer")
@require_POST
def retirer(request: Requete, certificat_id: UUID) -> HttpResponse:
    row = _of(request, certificat_id)
    garde.erase(row, request.qui.compte, timezone.now())
    messages.success(request, f"{row.nom} est retiré, et sa clé effacée.")
    return redirect("certificats:liste")


def _add(request: Requete, form: FormulaireCertificat) -> Certificat | None:
    """Keep it, or write on the form all that is wrong. Raises ``OpenSegurError``."""
    given, structure = form.cleaned_data, request.qui.structure
    usage = Usage(given["usage"])
    key = given["cle"].read() if given["cle"] else b""
    ouverte = open_upload(given["fichier"].read(), key, given["mot_de_passe"])
    judged = judge(structure, usage, ouverte.chaine, timezone.now())
    if judged.refus:
        request.trace.resultat = judged.refus[0].rule
        for each in judged.refus:
            form.add_error(None, f"{each.message} {each.repair}")
        return None
    row = garde.add(structure, usage, ouverte, judged.appreciation, request.qui.compte)
    request.trace.objet = f"certificat {row.pk} : {usage}"
    messages.success(request, f"{row.nom} est en service. {usage.sert_a}")
    for remark in judged.remarques:
        messages.warning(request, remark)
    return row


def _of(request: Requete, certificat_id: UUID) -> Certificat:
    rows = Certificat.objects.filter(structure=request.qui.structure).select_related("structure").defer("cle")
    row = get_object_or_404(rows, pk=certificat_id)
    request.trace.objet = f"certificat {row.pk} : {row.usage}"
    return row


def _said(error: OpenSegurError) -> str:
    return f"{error.message} {error.conseil}".strip()
