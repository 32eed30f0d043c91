"""The journal on screen, for a spreadsheet, and for the patient whose record was opened."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes.models import Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.journal.export import Choix, chosen, write_csv, write_fhir
from opensegur.cabinet.journal.formulaires import ChoixForm
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete

_PAR_PAGE = 100
_FORMATS = {
    "csv": (write_csv, "text/csv; charset=utf-8", "csv"),
    "fhir": (write_fhir, "application/fhir+ndjson; charset=utf-8", "ndjson"),
}


@acces(action="journal.lire")
@require_GET
def liste(request: Requete) -> HttpResponse:
    """``?dossier=`` keeps the lines of one record; ``qui``, ``du`` and ``au`` those of a person over a time."""
    patient = _patient(request)
    if patient is not None:
        request.trace.patient_ref = patient.pk
    form, wanted = _wanted(request, patient)
    page = Paginator(chosen(wanted).order_by("-id"), _PAR_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "page": page,
        "patient_filtre": patient,
        "form": form,
        "filtre": kept.urlencode(),
        "suite": f"&{kept.urlencode()}" if kept else "",
    }
    return render(request, "journal/liste.html", context, status=422 if form.errors else 200)


@acces(action="journal.exporter")
@require_GET
def exporter(request: Requete, sort: str) -> HttpResponseBase:
    """What the page shows, whole."""
    patient = _patient(request)
    if patient is not None:
        request.trace.patient_ref = patient.pk
    _, wanted = _wanted(request, patient)
    write, media_type, extension = _FORMATS[sort]
    request.trace.objet = sort
    # read to its end before the answer begins: the line of this very export is not in it
    body = "".join(write(chosen(wanted).iterator(chunk_size=2000)))
    response = StreamingHttpResponse([body.encode()], content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="journal.{extension}"'
    return response


@acces(action="journal.patient")
@require_GET
def dossier(request: Requete, patient_id: UUID) -> HttpResponse:
    """Who has opened this record, in words that the patient reads, to be printed or shown."""
    patient = get_object_or_404(Patient.objects.filter(structure=request.qui.structure), pk=patient_id)
    lines = chosen(Choix(str(request.qui.structure.pk), patient_ref=str(patient.pk)))
    names = _names(request)
    said = [(line, names.get(line.acteur, "un compte qui n’existe plus")) for line in lines]
    return render(request, "journal/dossier.html", {"patient": patient, "lignes": said})


def _wanted(request: Requete, patient: Patient | None) -> tuple[ChoixForm, Choix]:
    """What cannot be read is told, and narrows nothing."""
    structure = request.qui.structure
    form = ChoixForm(structure, request.GET if {"qui", "du", "au"} & request.GET.keys() else None)
    reference = str(patient.pk) if patient else ""
    if form.is_valid():
        return form, form.choix(str(structure.pk), reference)
    return form, Choix(str(structure.pk), patient_ref=reference)


def _names(request: Requete) -> dict[str, str]:
    """How each person of the structure is called, by what the journal names them by."""
    places = Rattachement.objects.filter(structure=request.qui.structure).select_related("compte").order_by("pk")
    return {place.compte.acteur: f"{place.compte.nom_affiche}, {Role(place.role).label}" for place in places}


def _patient(request: Requete) -> Patient | None:
    try:
        reference = UUID(request.GET.get("dossier", ""))
    except ValueError:
        return None
    return Patient.objects.filter(structure=request.qui.structure, pk=reference).first()
