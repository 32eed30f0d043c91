"""The accounts of a structure, seen and kept by who administers it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes.models import Rattachement
from opensegur.cabinet.equipe import gestes
from opensegur.cabinet.equipe.etat import etat_of, places_of
from opensegur.cabinet.equipe.extraction import accounts_csv, rights_csv
from opensegur.cabinet.equipe.forms import PersonneForm, PlaceForm
from opensegur.cabinet.equipe.invitations import DUREE
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import InvalidValue, OpenSegurError


@acces(action="equipe.lire")
@require_GET
def liste(request: Requete) -> HttpResponse:
    """Who works here, then who did."""
    places = places_of(request.qui.structure).order_by("compte__nom", "compte__prenom", "pk")
    found = [(each, etat_of(each)) for each in places]
    context = {
        "actifs": [each for each in found if each[0].actif],
        "anciens": [each for each in found if not each[0].actif],
    }
    return render(request, "equipe/liste.html", context)


@acces(action="equipe.gerer")
@require_POST
def preuves(request: Requete) -> HttpResponse:
    """``deux``: whether a password alone is no longer enough here."""
    structure = request.qui.structure
    gestes.ask_two_proofs(request.qui, wanted=request.POST.get("deux") == "oui")
    request.trace.objet = "deux preuves demandées" if structure.deux_preuves else "mot de passe seul admis"
    told = "Deux preuves sont demandées à tous." if structure.deux_preuves else "Le mot de passe suffit de nouveau."
    messages.success(request, told)
    return redirect("equipe:liste")


@acces(action="equipe.extraire")
@require_GET
def extraire(request: Requete, sort: str) -> HttpResponse:
    """``sort``: ``comptes`` or ``droits``."""
    write = accounts_csv if sort == "comptes" else rights_csv
    request.trace.objet = sort
    response = HttpResponse(write(request.qui.structure), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{sort}.csv"'
    return response


@acces(action="equipe.gerer")
@require_http_methods(["GET", "POST"])
def ajouter(request: Requete) -> HttpResponse:
    structure = request.qui.structure
    form = PersonneForm(structure, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            place, code = gestes.add(structure, form.personne(), form.place(), request.qui.compte)
        except OpenSegurError as error:
            form.add_error(None, f"{error.message} {error.conseil}")
        else:
            request.trace.objet = f"ajouter {place.compte.acteur}, {place.get_role_display()}"
            if code:
                return _show_code(request, place, code)
            messages.success(
                request, f"{place.compte.nom_affiche} avait déjà un compte, et entre ici par les mêmes moyens."
            )
            return redirect("equipe:liste")
    return render(request, "equipe/ajouter.html", {"form": form}, status=422 if form.errors else 200)


@acces(action="equipe.gerer")
@require_http_methods(["GET", "POST"])
def personne(request: Requete, compte_id: UUID) -> HttpResponse:
    """What somebody is here, and how they come in."""
    place = _place(request, compte_id)
    said = {"role": place.role, "responsable": place.responsable_id}
    said |= {name: getattr(place, name) for name in ("referent_identite", "administrateur")}
    form = PlaceForm(
        request.qui.structure, request.POST if request.method == "POST" else None, place=place, initial=said
    )
    if request.method == "POST" and form.is_valid():
        changed = gestes.change(place, form.place())
        request.trace.objet = f"modifier {place.compte.acteur} : {', '.join(changed) or 'rien'}"
        messages.success(request, "C’est enregistré, et vaut aussitôt.")
        return redirect("equipe:liste")
    context = {"place": place, "form": form, "etat": etat_of(place), "soi": place.compte_id == request.qui.compte.pk}
    return render(request, "equipe/personne.html", context, status=422 if form.errors else 200)


@acces(action="equipe.gerer")
@require_POST
def agir(request: Requete, compte_id: UUID) -> HttpResponse:
    """``geste``: desactiver, reactiver, deverrouiller, retirer_code, retirer_cles or nouveau_code."""
    place, geste = _place(request, compte_id), request.POST.get("geste", "")
    compte = place.compte
    request.trace.objet = f"{geste[:20]} {compte.acteur}"
    if geste == "desactiver":
        gestes.deactivate(place, request.qui)
        messages.success(request, f"{compte.nom_affiche} n’entre plus ici. Ses sessions sont fermées.")
    elif geste == "reactiver":
        gestes.reactivate(place)
        messages.success(request, f"{compte.nom_affiche} entre de nouveau, par les mêmes moyens qu’avant.")
    elif geste == "deverrouiller":
        gestes.unlock(compte)
        messages.success(request, "La pause est levée.")
    elif geste == "retirer_code":
        gestes.remove_lost_factor(place, request.qui)
        messages.success(
            request, "Le code de téléphone n’est plus demandé. Faites-en remettre un à la prochaine entrée."
        )
    elif geste == "retirer_cles":
        gestes.remove_lost_keys(place, request.qui)
        messages.success(request, "Ses clés d’accès n’ouvrent plus rien. Une autre s’ajoute dans Mon compte.")
    elif geste == "nouveau_code":
        return _show_code(request, place, gestes.new_code(place, request.qui))
    else:
        raise InvalidValue("EQUIPE_GESTE", "Ce geste n’existe pas.", conseil="Rechargez la page.")
    return redirect("equipe:personne", compte.pk)


def _show_code(request: Requete, place: Rattachement, code: str) -> HttpResponse:
    context = {
        "place": place,
        "code": code,
        "adresse": request.build_absolute_uri(reverse("bienvenue:code")),
        "jours": DUREE.days,
    }
    return render(request, "equipe/code.html", context)


def _place(request: Requete, compte_id: UUID) -> Rattachement:
    """Another structure's people do not exist. Raises ``Http404``."""
    return get_object_or_404(places_of(request.qui.structure), compte=compte_id)
