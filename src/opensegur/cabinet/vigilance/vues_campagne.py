"""The campaigns of verification on screen: launched, followed, stopped, and what INSi refused."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.patients.acces import refuse_slave
from opensegur.cabinet.requete import Requete
from opensegur.cabinet.vigilance import campagne
from opensegur.cabinet.vigilance.models import Campagne, Verification
from opensegur.foundation.errors import InvalidValue

_LONGEST = 120


@acces(action="vigilance.verifications")
@require_GET
def verifications(request: Requete) -> HttpResponse:
    """The campaigns, the latest first, and the INS that were refused and that nobody has looked at."""
    structure = request.qui.structure
    result = Verification.Resultat
    campaigns = Campagne.objects.filter(structure=structure).annotate(
        total=Count("lots__verifications"),
        faites=Count("lots__verifications", filter=~Q(lots__verifications__resultat=result.EN_ATTENTE)),
        refusees=Count("lots__verifications", filter=Q(lots__verifications__resultat=result.REFUSEE)),
    )[:10]
    refused = (
        Verification.objects.filter(structure=structure, resultat=result.REFUSEE, traitee=False)
        .exclude(patient=None)
        .select_related("patient")
        .order_by("-moment")
    )
    context = {
        "campagnes": campaigns,
        "refusees": refused,
        "dues": campagne.overdue(structure, structure.verification_mois, timezone.now()).count(),
        "mois": structure.verification_mois,
        "en_cours": any(each.etat == Campagne.Etat.EN_COURS for each in campaigns),
    }
    template = "vigilance/campagnes.html" if request.htmx else "vigilance/verifications.html"
    return render(request, template, context)


@acces(action="vigilance.verifier")
@require_POST
def lancer(request: Requete) -> HttpResponse:
    """Start a campaign over the INS older than ``mois``."""
    refuse_slave(request)
    text = request.POST.get("mois", "")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _LONGEST):
        raise InvalidValue("CAMPAGNE_MOIS", "La période est un nombre de mois.", conseil="De 1 à 120.")
    started = campagne.start_campaign(request.qui.structure, request.qui.compte, int(text))
    request.trace.objet = f"campagne {started.pk}"
    messages.success(request, "La campagne est lancée : elle avance seule, vous pouvez continuer à travailler.")
    return redirect("vigilance:verifications")


@acces(action="vigilance.verifier")
@require_POST
def arreter(request: Requete, campagne_id: UUID) -> HttpResponse:
    found = get_object_or_404(Campagne.objects.filter(structure=request.qui.structure), pk=campagne_id)
    campagne.stop_campaign(found)
    request.trace.objet = f"campagne {found.pk}"
    messages.info(request, "La campagne est arrêtée. Ce qui est vérifié le reste.")
    return redirect("vigilance:verifications")


@acces(action="vigilance.verifier")
@require_POST
def traiter(request: Requete, verification_id: UUID) -> HttpResponse:
    """Somebody has looked at a refusal."""
    found = get_object_or_404(
        Verification.objects.filter(structure=request.qui.structure, resultat=Verification.Resultat.REFUSEE),
        pk=verification_id,
    )
    Verification.objects.filter(pk=found.pk).update(traitee=True)
    request.trace.patient_ref = found.patient_id or ""
    return redirect("vigilance:verifications")
