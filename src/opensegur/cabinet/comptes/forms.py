"""Coming in, and changing one's password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from opensegur.cabinet.comptes.connexion import ConnexionRefusee, prove
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


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
        help_text="Les six chiffres de l’application, ou un code de secours.",
    )


class NouveauMotDePasseForm(forms.Form):
    """A password that is chosen: under the rules, and typed twice."""

    nouveau = _secret(
        "Nouveau mot de passe",
        "new-password",
        "12 caractères au moins. Trois mots sans rapport entre eux font l’affaire.",
    )
    encore = _secret("Le nouveau, encore une fois", "new-password")

    def __init__(self, compte: Compte, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compte = compte

    def clean_nouveau(self) -> str:
        nouveau: str = self.cleaned_data["nouveau"]
        validate_password(nouveau, self._compte)
        return nouveau

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "nouveau" in cleaned and cleaned.get("encore") != cleaned["nouveau"]:
            self.add_error("encore", "Les deux saisies diffèrent.")
        return cleaned


class MotDePasseForm(NouveauMotDePasseForm):
    """The present password proves that it is still the same person at the keyboard."""

    actuel = _secret("Mot de passe actuel", "current-password")
    field_order = ("actuel", "nouveau", "encore")

    def clean_actuel(self) -> str:
        return _proven(self._compte, self.cleaned_data["actuel"])


class PreuveForm(CodeForm):
    """The password and a code: nobody changes the second factor on a screen that was left open."""

    actuel = _secret("Votre mot de passe", "current-password")
    field_order = ("actuel", "code")

    def __init__(self, compte: Compte, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compte = compte
        self.fields["actuel"].widget.attrs["autofocus"] = True
        self.fields["code"].widget.attrs.pop("autofocus")

    def clean_actuel(self) -> str:
        return _proven(self._compte, self.cleaned_data["actuel"])


class MotActuelForm(forms.Form):
    """The same person is still at the keyboard; ``demande=False`` for whoever has no password, known otherwise."""

    actuel = _secret("Votre mot de passe", "current-password")

    def __init__(self, compte: Compte, *args: Any, demande: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compte = compte
        if not demande:
            del self.fields["actuel"]

    def clean_actuel(self) -> str:
        return _proven(self._compte, self.cleaned_data["actuel"])


class CleForm(MotActuelForm):
    """A name for the key, and who adds it."""

    nom = forms.CharField(
        label="Nom de la clé",
        max_length=60,
        required=False,
        help_text="Pour la reconnaître : « téléphone », « clé USB bleue », « poste de l’accueil ».",
    )
    field_order = ("nom", "actuel")


class PremierCodeForm(PreuveForm):
    """The same, before there are paper codes."""

    def __init__(self, compte: Compte, *args: Any, **kwargs: Any) -> None:
        super().__init__(compte, *args, **kwargs)
        self.fields["code"].help_text = "Les six chiffres que l’application affiche maintenant."


def _proven(compte: Compte, password: str) -> str:
    try:
        prove(compte, password)
    except ConnexionRefusee as error:
        raise forms.ValidationError(f"{error.message} {error.conseil}".strip()) from error
    return password
