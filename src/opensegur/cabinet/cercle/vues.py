"""The circle of care of one patient, and the way in from outside it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.cercle import tenue
from opensegur.cabinet.cercle.appartenance import circle_of
from opensegur.cabinet.cercle.dehors import outside_context
from opensegur.cabinet.cercle.forms import BrisForm
from opensegur.cabinet.cercle.models import AccesExceptionnel
from opensegur.cabinet.cercle.porte import break_glass
from opensegur.cabinet.comptes.models import Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import InvalidValue, OpenSegurError


@acces(action="cercle.lire")
@require_GET
def equipe(request: Requete, patient_id: UUID) -> HttpResponse:
    """Who of the structure cares for this patient, and why."""
    patient = patient_of(request, patient_id)
    proches = circle_of(patient)
    known = {each.compte.pk for each in proches}
    context = {
        "patient": patient,
        "proches": proches,
        "a_ajouter": [each for each in tenue.colleagues_of(request.qui) if each.compte_id not in known],
        "medecins": [each for each in tenue.colleagues_of(request.qui) if each.role == Role.MEDECIN],
        "tenable": request.qui.peut("cercle.gerer") and request.trace.exceptionnel is None,
    }
    return render(request, "cercle/equipe.html", context)


@acces(action="cercle.gerer")
@require_POST
def tenir(request: Requete, patient_id: UUID) -> HttpResponse:
    """``geste``: ``ajouter``, ``traitant`` or ``retirer``; ``compte``: of whom."""
    patient = patient_of(request, patient_id)
    if request.trace.exceptionnel is not None:
        raise OpenSegurError(
            "CERCLE_EXCEPTIONNEL",
            "Un accès exceptionnel ne permet pas de changer l’équipe de soins.",
            conseil="Demandez-le à quelqu’un de l’équipe de soins.",
        )
    place = _colleague(request)
    geste = request.POST.get("geste", "")
    request.trace.objet = f"{geste[:20]} {place.compte.acteur}"
    if geste == "ajouter":
        tenue.add(patient, place, request.qui.compte)
    elif geste == "traitant":
        tenue.name_doctor(patient, place, request.qui.compte)
    elif geste == "retirer":
        tenue.remove(patient, place)
    else:
        raise InvalidValue("CERCLE_GESTE", "Ce geste n’existe pas.", conseil="Rechargez la page.")
    return redirect("cercle:equipe", patient.pk)


@acces(action="cercle.bris")
@require_POST
def entrer(request: Requete, patient_id: UUID) -> HttpResponse:
    """A reason, four hours, and a line that is read again."""
    patient = patient_of(request, patient_id)
    form = BrisForm(request.POST)
    if not form.is_valid():
        request.trace.resultat = "sans raison"
        return render(request, "cercle/dehors.html", outside_context(patient, form), status=422)
    motif = form.cleaned_data["motif"]
    opened = break_glass(request.qui, patient, motif, form.cleaned_data["precision"])
    request.trace.objet = f"accès {opened.pk}"
    request.trace.motif = AccesExceptionnel.Motif(motif).label
    return redirect("patients:dossier", patient.pk)


def _colleague(request: Requete) -> Rattachement:
    """Raises ``Http404`` for whoever is not of the care team here."""
    try:
        asked = UUID(request.POST.get("compte", ""))
    except ValueError:
        raise InvalidValue("CERCLE_COMPTE", "Choisissez quelqu’un de l’équipe.") from None
    return get_object_or_404(tenue.colleagues_of(request.qui), compte=asked)
