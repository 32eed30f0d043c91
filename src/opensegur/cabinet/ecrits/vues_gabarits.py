"""The templates of the practice: added from a DOCX or an ODT, seen as they will be filled, withdrawn."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.documents.types import groups_for
from opensegur.cabinet.ecrits.gabarits import CHAMPS, check_fields
from opensegur.cabinet.ecrits.models import Gabarit
from opensegur.cabinet.requete import Requete
from opensegur.cda.papier.lettre_type import read_letter
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.nomenclature import table

_MAX_BYTES = 5_000_000
_MAX_TEXTE = 20_000


@acces(action="ecrit.gabarits")
@require_http_methods(["GET", "POST"])
def liste(request: Requete) -> HttpResponse:
    rows = Gabarit.objects.filter(structure=request.qui.structure, retire_le=None).order_by("nom", "pk")
    erreur = ""
    if request.method == "POST":
        try:
            added = _add(request)
        except OpenSegurError as error:
            erreur = f"{error.message} {error.conseil}".strip()
        else:
            request.trace.objet = f"modèle {added.pk}"
            messages.success(request, f"Le modèle « {added.nom} » est prêt : il est dans le menu Écrire.")
            return redirect("gabarits:liste")
    context = {
        "gabarits": rows,
        "champs": list(CHAMPS),
        "groupes": groups_for(request.qui.compte.profession),
        "erreur": erreur,
        "nom": request.POST.get("nom", ""),
        "type_code": request.POST.get("type_code", ""),
    }
    return render(request, "ecrits/gabarits.html", context, status=422 if erreur else 200)


@acces(action="ecrit.gabarits")
@require_POST
def retirer(request: Requete, gabarit_id: UUID) -> HttpResponse:
    found = get_object_or_404(Gabarit.objects.filter(structure=request.qui.structure, retire_le=None), pk=gabarit_id)
    found.retire_le = timezone.now()
    found.save(update_fields=["retire_le"])
    request.trace.objet = f"modèle {found.pk}"
    messages.info(request, f"Le modèle « {found.nom} » n’est plus proposé.")
    return redirect("gabarits:liste")


def _add(request: Requete) -> Gabarit:
    upload = request.FILES.get("fichier")
    nom = " ".join(request.POST.get("nom", "").split())[:80]
    type_code = request.POST.get("type_code", "")
    if upload is None or not nom or not table("ASS_X16").contains(type_code):
        raise InvalidValue("GABARIT_INCOMPLET", "Il manque le fichier, le nom ou le type.", conseil="Complétez.")
    if (upload.size or 0) > _MAX_BYTES:
        raise InvalidValue("GABARIT_GROS", "Ce modèle dépasse 5 Mo.", conseil="Retirez-en les images.")
    texte = "\n".join(read_letter(upload.read())).strip()
    if len(texte) > _MAX_TEXTE:
        raise InvalidValue("GABARIT_GROS", "Ce texte est trop long pour un modèle.", conseil="Raccourcissez-le.")
    check_fields(texte)
    return Gabarit.objects.create(
        structure=request.qui.structure, nom=nom, type_code=type_code, texte=texte, depose_par=request.qui.compte
    )
