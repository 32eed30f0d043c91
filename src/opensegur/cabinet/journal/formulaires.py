"""Which part of the journal is wanted."""

from __future__ import annotations

from typing import Any

from django import forms

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.journal.export import Choix
from opensegur.cabinet.structures.models import Structure


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(format="%d/%m/%Y", attrs={"placeholder": "jj/mm/aaaa", "autocomplete": "off"})
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=widget,
        error_messages={"invalid": "Écrivez la date JJ/MM/AAAA."},
    )


class ChoixForm(forms.Form):
    qui = forms.ModelChoiceField(label="Personne", queryset=Compte.objects.none(), required=False, empty_label="Tous")
    du = _day("Du")
    au = _day("Au")

    def __init__(self, structure: Structure, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["qui"]
        assert isinstance(who, forms.ModelChoiceField)
        # somebody who has left keeps the lines that they wrote
        who.queryset = Compte.objects.filter(rattachements__structure=structure).distinct()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("du") and cleaned.get("au") and cleaned["au"] < cleaned["du"]:
            self.add_error("au", "La fin précède le début.")
        return cleaned

    def choix(self, structure_ref: str, patient_ref: str) -> Choix:
        data = self.cleaned_data
        who = data["qui"]
        return Choix(structure_ref, data["du"], data["au"], who.acteur if who else "", patient_ref)
