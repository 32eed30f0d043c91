"""The tray: a heap of files dropped, what filed itself, and one key for each of the others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.bannette import tri
from opensegur.cabinet.bannette.models import Arrivee
from opensegur.cabinet.cercle.appartenance import visible_among
from opensegur.cabinet.documents.apercu import preview
from opensegur.cabinet.documents.formulaires import TAILLE_MAX
from opensegur.cabinet.documents.lecture import prepare
from opensegur.cabinet.documents.reception import looks_like_cda
from opensegur.cabinet.documents.types import groups_for
from opensegur.cabinet.patients import selection
from opensegur.cabinet.patients.forms import RechercheForm
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete
from opensegur.cda.pdf import to_pdfa
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.nomenclature import table

_PLUS = 100
_TROUVES = 8
_PAS = 1.0


@acces(action="bannette.lire")
@require_GET
def liste(request: Requete) -> HttpResponse:
    rows = Arrivee.objects.filter(structure=request.qui.structure).select_related("document__patient", "deposee_par")
    rows = rows.defer("contenu", "document__pdfa", "document__origine", "document__valeurs")
    unread = tri.unread_of(request.qui.structure).count()
    filed = list(rows.exclude(document=None).order_by("-deposee_le", "pk")[:20])
    context = {
        "a_lire": unread,
        "attendent": rows.filter(document=None, ecartee_le=None).exclude(lue_le=None).order_by("deposee_le", "pk"),
        "classees": filed,
        "visibles": visible_among(request.qui, (each.document.patient_id for each in filed if each.document)),
        "groupes": groups_for(request.qui.compte.profession),
    }
    return render(request, "bannette/liste.html", context)


@acces(action="bannette.deposer")
@require_POST
def deposer(request: Requete) -> HttpResponse:
    """Each file is kept at once and read afterwards; one that is refused does not hold the others."""
    files = request.FILES.getlist("fichiers")[:_PLUS]
    type_code = request.POST.get("type_code", "")
    if not files or not (type_code == tri.TYPE_DU_CDA or table("ASS_X16").contains(type_code)):
        raise InvalidValue(
            "BANNETTE_DEPOT", "Choisissez des fichiers et leur type.", conseil="Revenez à la bannette."
        )
    left = 0
    for each in files:
        try:
            if (each.size or 0) > TAILLE_MAX:
                raise InvalidValue("FICHIER_TROP_GROS", "Ce fichier dépasse 20 Mo.")
            tri.leave(tri.Fichier(each.name or "", each.read()), type_code, request.qui.structure, request.qui.compte)
        except OpenSegurError as error:
            messages.error(request, f"« {each.name} » : {error.message} {error.conseil}".strip())
        else:
            left += 1
    request.trace.objet = f"{left} fichiers"
    return redirect("bannette:liste")


@acces(action="bannette.deposer", trace=False)
@require_POST
def avancer(request: Requete) -> HttpResponse:
    """A second or so of reading, then how many are left: closing the window stops there, opening it goes on."""
    unread = tri.read_some(request.qui.structure, _PAS)
    if not request.htmx:
        return redirect("bannette:liste")
    if not unread:
        return HttpResponse(headers={"HX-Redirect": reverse("bannette:liste")})
    return render(request, "bannette/_avance.html", {"a_lire": unread})


@acces(action="bannette.lire")
@require_http_methods(["GET", "POST"])
def lire(request: Requete, arrivee_id: UUID) -> HttpResponse:
    """One file, those whose it may be under one key each, and a search (by POST) for the others."""
    arrival = _waiting(request, arrivee_id)
    request.trace.objet = f"arrivée {arrival.pk}"
    form = RechercheForm(request.POST if request.method == "POST" else None)
    found: list[Patient] = []
    if request.method == "POST" and form.is_valid():
        hits = selection.search(request.qui.structure, form.criteres())
        found = [each.patient for each in hits[:_TROUVES]]
    context = {
        "arrivee": arrival,
        **_shown(arrival),
        "candidats": found or tri.candidates_of(arrival, request.qui.structure),
        "cherche": request.method == "POST",
        "trouve": bool(found),
        "form": form,
        "type_libelle": table("JDV_J66").label(arrival.type_code) or "Document CDA",
    }
    return render(request, "bannette/lire.html", context, status=422 if form.errors else 200)


@acces(action="bannette.classer")
@require_POST
def classer(request: Requete, arrivee_id: UUID, patient_id: UUID) -> HttpResponse:
    """Then the next one: the heap goes down one key after the other."""
    arrival = _waiting(request, arrivee_id)
    patient = get_object_or_404(
        Patient.objects.filter(structure=request.qui.structure, absorption=None), pk=patient_id
    )
    try:
        document = tri.file_under(arrival, patient, request.qui.compte, request.POST.get("titre", "").strip()[:200])
    except OpenSegurError as error:
        messages.error(request, f"{error.message} {error.conseil}".strip())
        return redirect("bannette:lire", arrival.pk)
    request.trace.objet = f"document {document.pk}"
    messages.success(request, f"Classé dans le dossier {patient.ipp}.")
    return _next(request)


@acces(action="bannette.classer")
@require_POST
def ecarter(request: Requete, arrivee_id: UUID) -> HttpResponse:
    arrival = _waiting(request, arrivee_id)
    request.trace.objet = f"arrivée {arrival.pk}"
    tri.discard(arrival, request.qui.compte)
    messages.info(request, "Le fichier est écarté, et son contenu détruit.")
    return _next(request)


def _next(request: Requete) -> HttpResponse:
    rows = Arrivee.objects.filter(structure=request.qui.structure, document=None, ecartee_le=None).exclude(
        lue_le=None
    )
    following = rows.defer("contenu").order_by("deposee_le", "pk").first()
    return redirect("bannette:lire", following.pk) if following else redirect("bannette:liste")


def _waiting(request: Requete, arrivee_id: UUID) -> Arrivee:
    rows = Arrivee.objects.filter(structure=request.qui.structure, document=None, ecartee_le=None)
    return get_object_or_404(rows, pk=arrivee_id)


def _shown(arrival: Arrivee) -> dict[str, Any]:
    """``apercu``: the pages of the file; ``lecture``: a CDA made readable."""
    data = bytes(arrival.contenu)
    try:
        if looks_like_cda(data):
            read = prepare(data)
            return {"apercu": read.apercu, "lecture": read}
        return {"apercu": preview(to_pdfa(data, name=arrival.nom).data), "lecture": None}
    except OpenSegurError:
        return {"apercu": None, "lecture": None}
