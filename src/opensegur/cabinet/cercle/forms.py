"""Why a record is opened from outside its circle."""

from __future__ import annotations

from django import forms

from opensegur.cabinet.cercle.models import AccesExceptionnel


class BrisForm(forms.Form):
    motif = forms.ChoiceField(label="Pour quelle raison ?", choices=AccesExceptionnel.Motif.choices)
    precision = forms.CharField(
        label="En quelques mots",
        min_length=5,
        max_length=300,
        help_text="Relu par l’administrateur, et lisible par le patient : n’écrivez rien de sa santé.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
