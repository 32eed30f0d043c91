"""Searching before creating, then creating: from INSi, or provisoire when INSi knows nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.doublons.veille import declare_different
from opensegur.cabinet.patients import insi, preuves, selection
from opensegur.cabinet.patients.acces import refuse_slave
from opensegur.cabinet.patients.forms import IdentiteForm, RechercheForm
from opensegur.cabinet.patients.selection import LIMITE
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.ins import CodeRetour, format_date
from opensegur.nomenclature import search_lieux

_PREFILL = {"nom": "nom_naissance", "prenom": "premier_prenom", "date_naissance": "date_naissance"}


@acces(action="dossier.chercher")
@require_http_methods(["GET", "POST"])
def recherche(request: Requete) -> HttpResponse:
    """Traits travel in a form, never in an address. ``?pour=venue``: the records found lead to a new visit."""
    asked = request.method == "POST"
    request.trace.tue = not asked
    form = RechercheForm(request.POST if asked else None)
    context = {"form": form, "pour_venue": request.GET.get("pour") == "venue", "cherche": False}
    if asked and form.is_valid():
        criteres = form.criteres()
        found = selection.search(request.qui.structure, criteres)
        request.trace.objet = f"{len(found[:LIMITE])} dossiers"
        context |= {
            "cherche": criteres.suffisants,
            "insuffisant": not criteres.suffisants,
            "trouvailles": found[:LIMITE],
            "trop": len(found) > LIMITE,
            "limite": LIMITE,
            "repris": criteres,
            "esclave": request.qui.structure.esclave,
        }
    template = "patients/resultats.html" if request.htmx and asked else "patients/recherche.html"
    return render(request, template, context, status=422 if form.errors else 200)


@acces(action="dossier.creer")
@require_http_methods(["GET", "POST"])
def nouveau(request: Requete) -> HttpResponse:
    """The traits of the identity document, then INSi; without INSi the identity is provisoire."""
    refuse_slave(request)
    geste = request.POST.get("geste", "")
    if geste not in {"insi", "provisoire"}:
        request.trace.tue = True
        return render(request, "patients/nouveau.html", {"form": IdentiteForm(initial=_prefilled(request))})
    form = IdentiteForm(request.POST)
    if not form.is_valid():
        return render(request, "patients/nouveau.html", {"form": form}, status=422)
    traits = form.traits()
    ressemblent = selection.look_alikes(request.qui.structure, traits)
    if {str(each.patient.pk) for each in ressemblent} - set(_confirmed(request)):
        request.trace.resultat = "ressemblances"
        context = {"form": form, "ressemblent": ressemblent}
        return render(request, "patients/nouveau.html", context, status=422)
    if geste == "provisoire":
        patient = preuves.create_patient(request.qui.structure, traits, request.qui.compte)
        declare_different(patient, [each.patient for each in ressemblent])
        request.trace.patient_ref = patient.pk
        messages.success(request, f"Le dossier {patient.ipp} est créé. Son identité est provisoire.")
        return redirect("patients:dossier", patient.pk)
    return _ask_insi(request, form)


def _confirmed(request: Requete) -> list[str]:
    """The records of which somebody has said that they are another person's."""
    return request.POST.getlist("autre_personne")


def _ask_insi(request: Requete, form: IdentiteForm) -> HttpResponse:
    try:
        answer = insi.ask(request.qui.structure, form.traits(), request.qui.compte)
    except OpenSegurError as error:
        request.trace.resultat = error.code
        context = {"form": form, "panne": error, "provisoire_possible": True, "confirmes": _confirmed(request)}
        return render(request, "patients/nouveau.html", context, status=422)
    request.trace.objet = f"INSi {answer.pk} : {answer.code}"
    if insi.is_found(answer):
        return redirect("patients:comparaison", answer.pk)
    context = {
        "form": form,
        "retour": CodeRetour(answer.code),
        "provisoire_possible": True,
        "confirmes": _confirmed(request),
    }
    return render(request, "patients/nouveau.html", context, status=422)


@acces(action="lieu.chercher", trace=False)
@require_POST
def lieux(request: Requete) -> HttpResponse:
    """The places that begin as what is being typed, for the list under the field."""
    found = search_lieux(request.POST.get("lieu_naissance", ""), limit=12)
    return render(request, "patients/lieux.html", {"lieux": found})


def _prefilled(request: Requete) -> dict[str, str]:
    """What was searched for and not found is not typed again."""
    found = {field: request.POST.get(name, "")[:100] for name, field in _PREFILL.items()}
    try:
        found["date_naissance"] = format_date(found["date_naissance"])
    except InvalidValue:
        found["date_naissance"] = ""
    return found
