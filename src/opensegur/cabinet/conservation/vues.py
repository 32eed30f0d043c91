"""The sheet of the register of processing: read, printed, and kept up to date."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from opensegur.cabinet.acces import acces
from opensegur.cabinet.conservation.etat import measures_of, recipients_of, records_past_their_time
from opensegur.cabinet.conservation.models import Fiche
from opensegur.cabinet.conservation.regles import REGLES
from opensegur.cabinet.requete import Requete
from opensegur.cabinet.structures.models import Structure


class FicheForm(forms.ModelForm):
    class Meta:
        model = Fiche
        fields = ("responsable", "delegue", "contact", "sous_traitants")
        labels = {
            "responsable": "Responsable du traitement",
            "delegue": "Délégué à la protection des données",
            "contact": "Où écrire pour exercer ses droits",
            "sous_traitants": "Sous-traitants",
        }
        help_texts = {
            "responsable": "La personne qui répond de la structure : titulaire, gérant, médecin.",
            "delegue": "S’il y en a un : nom et adresse. Un cabinet seul n’y est pas tenu.",
            "contact": "Une adresse postale ou électronique que les patients peuvent lire.",
            "sous_traitants": "Un par ligne : qui héberge (certifié HDS), qui maintient, qui sauvegarde.",
        }
        widgets = {"sous_traitants": forms.Textarea(attrs={"rows": 4})}


@acces(action="conservation.lire", trace=False)
@require_GET
def registre(request: Requete) -> HttpResponse:
    structure = request.qui.structure
    now = timezone.now()
    context = {
        "fiche": _fiche(structure),
        "structure": structure,
        "regles": REGLES,
        "mesures": measures_of(structure),
        "destinataires": recipients_of(structure),
        "passes": records_past_their_time(structure, now),
        "le": now,
    }
    return render(request, "conservation/registre.html", context)


@acces(action="conservation.regler")
@require_http_methods(["GET", "POST"])
def completer(request: Requete) -> HttpResponse:
    form = FicheForm(request.POST if request.method == "POST" else None, instance=_fiche(request.qui.structure))
    if request.method == "POST" and form.is_valid():
        fiche = form.save(commit=False)
        fiche.revue_le = timezone.localdate()
        fiche.save()
        messages.success(request, "La fiche est à jour.")
        return redirect("conservation:registre")
    return render(request, "conservation/completer.html", {"form": form}, status=422 if form.errors else 200)


def _fiche(structure: Structure) -> Fiche:
    return Fiche.objects.filter(structure=structure).first() or Fiche(structure=structure)
