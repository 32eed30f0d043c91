"""The home screen, and what is done from it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.accueil import jour as du_jour
from opensegur.cabinet.accueil.etats import Etat
from opensegur.cabinet.accueil.forms import VenueForm
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.accueil.venues import advance
from opensegur.cabinet.cercle.appartenance import visible_among
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.requete import Requete


@acces(action="accueil.lire")
@require_GET
def jour(request: Requete) -> HttpResponse:
    return render(request, "accueil/jour.html", _context(request, _asked_day(request.GET.get("jour", ""))))


@acces(action="venue.avancer")
@require_POST
def avancer(request: Requete, venue_id: UUID) -> HttpResponse:
    try:
        venue = advance(request.qui.structure, venue_id, request.POST.get("vers", ""))
    except Venue.DoesNotExist as error:
        raise Http404 from error
    request.trace.patient_ref = venue.patient_id
    request.trace.objet = f"venue {venue.pk} : {venue.get_etat_display()}"
    day = timezone.localtime(venue.prevue_le).date()
    if request.htmx:
        return render(request, "accueil/jour_liste.html", _context(request, day))
    return redirect(f"/?jour={day.isoformat()}")


@acces(action="venue.creer")
@require_http_methods(["GET", "POST"])
def nouvelle(request: Requete, patient_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    form = VenueForm(request.qui, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        now = timezone.now()
        there = values.pop("deja_la")
        venue = Venue.objects.create(
            structure=request.qui.structure,
            patient=patient,
            creee_par=request.qui.compte,
            etat=Etat.ARRIVE if there else Etat.ATTENDU,
            arrivee_le=now if there else None,
            **values,
        )
        request.trace.objet = f"venue {venue.pk}"
        messages.success(request, "La venue est ajoutée.")
        return redirect(f"/?jour={timezone.localtime(venue.prevue_le).date().isoformat()}")
    status = 422 if form.errors else 200
    return render(request, "accueil/nouvelle.html", {"patient": patient, "form": form}, status=status)


def _asked_day(text: str) -> date:
    try:
        return parse_date(text) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


def _context(request: Requete, day: date) -> dict[str, object]:
    venues = du_jour.venues_of(request.qui.structure, day)
    return {
        "jour": day,
        "aujourdhui": day == timezone.localdate(),
        "veille": day - timedelta(days=1),
        "lendemain": day + timedelta(days=1),
        "groupes": du_jour.groups(venues),
        # what somebody comes for is told to those who care for them
        "visibles": visible_among(request.qui, (each.patient_id for each in venues)),
        "total": len(venues),
    }
