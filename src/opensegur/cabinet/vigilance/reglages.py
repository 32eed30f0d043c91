"""How a structure handles identities: the documents taken, the attestation, the reminders, the verification."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes.models import Rattachement
from opensegur.cabinet.requete import Requete
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import validating_pieces

_CASES = ("attestation_admise", "dates_completees", "copies_conservees", "esclave")
_CHAMPS = ("relances_piece", "verification_mois", *_CASES)


class ReglagesForm(forms.Form):
    """Every document of high confidence is taken when none is ticked."""

    pieces_admises = forms.MultipleChoiceField(
        label="Pièces admises", required=False, widget=forms.CheckboxSelectMultiple
    )
    relances_piece = forms.IntegerField(
        label="Redemander une pièce absente", min_value=0, max_value=20, help_text="Nombre de venues."
    )
    verification_mois = forms.IntegerField(
        label="Vérifier de nouveau une INS après", min_value=1, max_value=120, help_text="Mois."
    )
    attestation_admise = forms.BooleanField(
        label="Admettre l’attestation d’un professionnel qui connaît la personne",
        required=False,
        help_text="Le RNIV demande une pièce d’identité : ces identités sont comptées à part.",
    )
    dates_completees = forms.BooleanField(
        label="Compléter une date de naissance incomplète reçue de l’INSi, et l’accepter",
        required=False,
        help_text="Lecture du guide v3. Sinon (guide v2), la réponse est montrée et ne change pas le statut.",
    )
    copies_conservees = forms.BooleanField(
        label="Permettre de conserver une copie de la pièce",
        required=False,
        help_text="Aucune copie n’est nécessaire. Conservée, elle est chiffrée et détruite au bout de 5 ans.",
    )
    esclave = forms.BooleanField(
        label="Les identités viennent d’un autre logiciel, par flux",
        required=False,
        help_text="Rien ne se crée, ne se modifie, ne se fusionne ni ne se demande à l’INSi ici.",
    )
    referents = forms.ModelMultipleChoiceField(
        label="Référents d’identité",
        queryset=Rattachement.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ils peuvent modifier des traits venus de l’INSi et fusionner des dossiers.",
    )

    def __init__(self, structure: Structure, *args: Any, **kwargs: Any) -> None:
        team = Rattachement.objects.filter(structure=structure, actif=True).select_related("compte").order_by("id")
        initial = {name: getattr(structure, name) for name in (*_CHAMPS, "pieces_admises")}
        initial["referents"] = [each.pk for each in team if each.referent_identite]
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        pieces = [(piece.code, piece.libelle) for piece in validating_pieces()]
        self.fields["pieces_admises"].choices = pieces  # type: ignore[attr-defined]
        self.fields["referents"].queryset = team  # type: ignore[attr-defined]

    def cases(self) -> list[forms.BoundField]:
        """What is said by yes or no."""
        return [self[name] for name in _CASES]


@acces(action="vigilance.regler")
@require_http_methods(["GET", "POST"])
def reglages(request: Requete) -> HttpResponse:
    """Who answers for identities is chosen here too."""
    structure = request.qui.structure
    form = ReglagesForm(structure, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        changed = _write(structure, form.cleaned_data)
        request.trace.objet = ", ".join(changed) or "rien"
        messages.success(request, "Les réglages sont enregistrés.")
        return redirect("vigilance:reglages")
    return render(request, "vigilance/reglages.html", {"form": form}, status=422 if form.errors else 200)


def _write(structure: Structure, values: dict[str, Any]) -> list[str]:
    """Write what changed; give the names of the settings."""
    changed = [name for name in (*_CHAMPS, "pieces_admises") if getattr(structure, name) != values[name]]
    for name in changed:
        setattr(structure, name, values[name])
    structure.save(update_fields=changed)
    chosen = {each.pk for each in values["referents"]}
    team = Rattachement.objects.filter(structure=structure, actif=True)
    before = set(team.filter(referent_identite=True).values_list("pk", flat=True))
    if chosen != before:
        team.update(referent_identite=False)
        team.filter(pk__in=chosen).update(referent_identite=True)
        changed.append("referents")
    return changed
