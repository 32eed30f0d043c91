"""The fields that a medical record is typed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone

from opensegur.cabinet.medical import saisie
from opensegur.cabinet.patients.forms import french

LONG = 250


class ChampSuggere(forms.CharField):
    """Words with suggestions from three letters on: ``source`` names what they are taken from."""

    def __init__(self, *, source: str, **kwargs: Any) -> None:
        attributes = {
            "autocomplete": "off",
            "spellcheck": "false",
            "role": "combobox",
            "aria-expanded": "false",
            "aria-autocomplete": "list",
            "data-suggestions": reverse_lazy("suggestions", args=(source,)),
        }
        super().__init__(max_length=LONG, widget=forms.TextInput(attrs=attributes), **kwargs)


class ChampDatePartielle(forms.CharField):
    """A past date as far as it is known: AAAA, AAAA-MM or AAAA-MM-JJ once cleaned."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "2019, 03/2019 ou 12/03/2019.")
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"})
        super().__init__(max_length=10, required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        found: str = french(lambda: saisie.read_partial_date(typed, timezone.localdate()))
        return found
