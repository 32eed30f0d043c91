"""Coming in, and changing one's password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from opensegur.cabinet.comptes.models import Compte


def _secret(label: str, complete: str, aide: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": complete})
    return forms.CharField(label=label, max_length=200, strip=False, widget=widget, help_text=aide)


class ConnexionForm(forms.Form):
    identifiant = forms.CharField(
        label="Identifiant",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    mot_de_passe = _secret("Mot de passe", "current-password")


class MotDePasseForm(forms.Form):
    """The present password proves that it is still the same person at the keyboard."""

    actuel = _secret("Mot de passe actuel", "current-password")
    nouveau = _secret(
        "Nouveau mot de passe",
        "new-password",
        "12 caractères au moins. Trois mots sans rapport entre eux font l’affaire.",
    )
    encore = _secret("Le nouveau, encore une fois", "new-password")

    def __init__(self, compte: Compte, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compte = compte

    def clean_actuel(self) -> str:
        actuel: str = self.cleaned_data["actuel"]
        if not self._compte.check_password(actuel):
            raise forms.ValidationError("Ce n’est pas votre mot de passe actuel.")
        return actuel

    def clean_nouveau(self) -> str:
        nouveau: str = self.cleaned_data["nouveau"]
        validate_password(nouveau, self._compte)
        return nouveau

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "nouveau" in cleaned and cleaned.get("encore") != cleaned["nouveau"]:
            self.add_error("encore", "Les deux saisies diffèrent.")
        return cleaned
