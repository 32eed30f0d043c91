"""The synthèse médicale: what will leave is seen first, and sent by one key."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.documents.composition import cda_of, compose, draft
from opensegur.cabinet.documents.suite import send_or_keep
from opensegur.cabinet.medical import dossier
from opensegur.cabinet.medical.synthese import former_synthesis, leaves, missing_in, synthesis_draft
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete
from opensegur.cabinet.structures.models import Structure
from opensegur.cda.rendering import render_html
from opensegur.foundation.errors import InvalidValue


@acces(action="medical.synthese")
@require_http_methods(["GET", "POST"])
def vsm(request: Requete, patient_id: UUID) -> HttpResponse:
    """``retenu``: the data that leave; the others stay in the record. ``geste``: envoyer, garder, or revoir."""
    patient = patient_of(request, patient_id)
    content = dossier.content_of(patient)
    entries = [each for each in content.entrees if leaves(each, patient.structure)]
    chosen = set(request.POST.getlist("retenu")) if request.method == "POST" else None
    kept = [each for each in entries if chosen is None or str(each.donnee.pk) in chosen]
    geste = request.POST.get("geste", "revoir")
    if request.method == "GET" or geste == "revoir":
        request.trace.objet = "aperçu"
        return _show(request, patient, entries, kept, len(content.illisibles))
    document = compose(synthesis_draft(kept, request.qui.compte, patient), patient, request.qui.compte)
    request.trace.objet = f"document {document.pk}"
    send_or_keep(request, document)
    return redirect("documents:liste", patient_id=patient.pk)


def _show(
    request: Requete,
    patient: Patient,
    entries: list[dossier.Entree],
    kept: list[dossier.Entree],
    unreadable: int,
) -> HttpResponse:
    shown = draft(synthesis_draft(kept, request.qui.compte, patient), patient, request.qui.compte)
    context: dict[str, Any] = {
        "patient": patient,
        "entrees": entries,
        "retenues": {each.donnee.pk for each in kept},
        "manques": missing_in(kept, unreadable),
        "formats": Structure.Synthese.choices,
        "format": patient.structure.synthese,
        "ancien": former_synthesis(patient, request.qui.compte),
        # our own rendering of our own document: an allow-list of elements, every text escaped
        "apercu": mark_safe(render_html(cda_of(shown, patient))),  # noqa: S308 - our own renderer escapes # nosec B308, B703
    }
    template = "medical/_apercu.html" if request.htmx else "medical/vsm.html"
    return render(request, template, context)


@acces(action="medical.format")
@require_POST
def choisir_format(request: Requete, patient_id: UUID) -> HttpResponse:
    """For every doctor of the structure, from now on; what was written stays as it is."""
    patient = patient_of(request, patient_id)
    chosen = request.POST.get("format", "")
    if chosen not in Structure.Synthese.values:
        raise InvalidValue(
            "FORMAT_INCONNU", "Ce format de synthèse n’existe pas.", conseil="Choisissez dans la liste."
        )
    Structure.objects.filter(pk=patient.structure_id).update(synthese=chosen)
    request.trace.objet = chosen
    return redirect("medical:vsm", patient.pk)
