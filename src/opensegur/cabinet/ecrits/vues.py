"""Writing: a form that begins with what the record says, saved as it is typed, then a document."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.documents.composition import Brouillon as Ecriture
from opensegur.cabinet.documents.composition import compose
from opensegur.cabinet.documents.depot import Visibilite
from opensegur.cabinet.documents.modeles import FEUILLE, LEXIQUE
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.documents.representants import is_minor
from opensegur.cabinet.documents.suite import send_or_keep
from opensegur.cabinet.ecrits import brouillons, gabarits, saisie
from opensegur.cabinet.ecrits.brouillons import BrouillonDepasse, Champs
from opensegur.cabinet.ecrits.gabarits import gabarit_of
from opensegur.cabinet.ecrits.modeles import ModeleEcrit, modele_ecrit
from opensegur.cabinet.medical.dossier import entries_of
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import InvalidValue, OpenSegurError


@acces(action="ecrit.rediger")
@require_http_methods(["GET", "POST"])
def rediger(request: Requete, patient_id: UUID, cle: str, document_id: UUID | None = None) -> HttpResponse:
    """``document_id``: the document that is corrected. ``geste``: envoyer, garder, or abandonner the draft."""
    patient = patient_of(request, patient_id)
    kind = _kind(request, cle)
    former = _former(patient, document_id)
    request.trace.objet = kind.cle
    if request.method == "GET":
        request.trace.tue = True
        return _open(request, patient, kind, former)
    if request.POST.get("geste") == "abandonner":
        brouillons.drafts_of(patient, request.qui.compte).filter(modele=kind.cle, corrige=former).delete()
        messages.info(request, "Le brouillon est abandonné.")
        return redirect("documents:liste", patient_id=patient.pk)
    champs = _fields(request, kind)
    try:
        document = _write(request, patient, kind, former, champs)
    except OpenSegurError as error:
        missing = [each.cle for each in saisie.missing_in(kind, champs)]
        page = _page(request, patient, kind, former, champs=champs, manquants=missing)
        return render(
            request, "ecrits/rediger.html", page | {"erreur": f"{error.message} {error.conseil}".strip()}, status=422
        )
    request.trace.objet = f"document {document.pk}"
    send_or_keep(request, document)
    return redirect("documents:lire", patient_id=patient.pk, document_id=document.pk)


@acces(action="ecrit.rediger", trace=False)
@require_POST
def enregistrer(request: Requete, patient_id: UUID, cle: str, document_id: UUID | None = None) -> HttpResponse:
    """What is being typed, saved in the background."""
    patient = patient_of(request, patient_id)
    kind = _kind(request, cle)
    revision = request.POST.get("revision", "0")
    try:
        draft = brouillons.save(
            patient,
            request.qui.compte,
            kind.cle,
            _former(patient, document_id),
            champs=_fields(request, kind),
            revision=int(revision) if revision.isascii() and revision.isdigit() else 0,
        )
    except BrouillonDepasse as error:
        return JsonResponse({"message": f"{error.message} {error.conseil}"}, status=409)
    moment = timezone.localtime(draft.modifie_le)
    return JsonResponse({"revision": draft.revision, "message": f"Brouillon enregistré à {moment:%H:%M}."})


def _write(
    request: Requete, patient: Patient, kind: ModeleEcrit, former: Document | None, champs: Champs
) -> Document:
    ecrit = saisie.read_writing(kind, champs)
    seen = Visibilite(**_visibility(request, patient, former))
    with transaction.atomic():
        titre = " ".join(request.POST.get("titre", "").split())[:200] or _title(kind, champs)
        document = compose(
            Ecriture(FEUILLE, ecrit, titre, kind.type_code, seen, remplace=former), patient, request.qui.compte
        )
        brouillons.drafts_of(patient, request.qui.compte).filter(modele=kind.cle, corrige=former).delete()
    return document


def _open(request: Requete, patient: Patient, kind: ModeleEcrit, former: Document | None) -> HttpResponse:
    draft = brouillons.draft_of(patient, request.qui.compte, kind.cle, former)
    if draft is not None:
        champs = brouillons.fields_of(draft)
    elif former is not None:
        champs = saisie.fields_of_writing(LEXIQUE.from_json(former.valeurs))
    elif (gabarit := gabarit_of(request.qui.structure, kind.cle)) is not None:
        champs = gabarits.fields_of(gabarit, patient, request.qui.compte, entries_of(patient))
    else:
        champs = saisie.fields_from_record(kind, entries_of(patient))
    page = _page(request, patient, kind, former, champs=champs)
    return render(request, "ecrits/rediger.html", page | {"brouillon": draft, "erreur": ""})


def _page(
    request: Requete,
    patient: Patient,
    kind: ModeleEcrit,
    former: Document | None,
    *,
    champs: Champs,
    manquants: list[str] | None = None,
) -> dict[str, Any]:
    draft = brouillons.draft_of(patient, request.qui.compte, kind.cle, former)
    args = (patient.pk, kind.cle, former.pk) if former else (patient.pk, kind.cle)
    return {
        "patient": patient,
        "modele": kind,
        "ancien": former,
        "champs": saisie.filled(kind, champs, manquants or []),
        "titre": request.POST.get("titre", former.titre if former else ""),
        "revision": draft.revision if draft else 0,
        "brouillon": draft,
        "enregistrer": reverse("ecrits:enregistrer_correction" if former else "ecrits:enregistrer", args=args),
        "visibilite": _visibility(request, patient, former),
        "mineur": is_minor(patient.date_naissance, timezone.localdate()),
    }


def _visibility(request: Requete, patient: Patient, former: Document | None) -> dict[str, bool]:
    """What is ticked, or what the former version says, before anything is."""
    if request.method == "POST":
        minor = is_minor(patient.date_naissance, timezone.localdate())
        ticked = request.POST
        return {
            "patient": "visible_patient" in ticked,
            "professionnels": "visible_professionnels" in ticked,
            "representants": "visible_representants" in ticked or not minor,
        }
    return {
        "patient": former.visible_patient if former else True,
        "professionnels": former.visible_professionnels if former else True,
        "representants": former.visible_representants if former else True,
    }


def _title(kind: ModeleEcrit, champs: Champs) -> str:
    theme = next(iter(champs.get("theme", [])), "")
    return f"{kind.titre} : {theme}" if theme else kind.titre


def _kind(request: Requete, cle: str) -> ModeleEcrit:
    gabarit = gabarit_of(request.qui.structure, cle)
    if gabarit is not None:
        return gabarits.model_of(gabarit)
    kind = modele_ecrit(cle)
    if request.qui.role not in kind.roles:
        raise InvalidValue(
            "MODELE_ROLE",
            "Ce document n’est pas de ceux que votre profession écrit.",
            conseil="Choisissez-en un autre.",
        )
    return kind


def _former(patient: Patient, document_id: UUID | None) -> Document | None:
    if document_id is None:
        return None
    found = get_object_or_404(Document.objects.filter(patient=patient, modele=FEUILLE), pk=document_id)
    if found.est_obsolete:
        raise Http404
    return found


def _fields(request: Requete, kind: ModeleEcrit) -> Champs:
    return {champ.cle: request.POST.getlist(champ.cle) for champ in kind.champs}
