"""The form that takes a certificate with its key."""

from __future__ import annotations

from typing import Any

from django import forms

from opensegur.cabinet.certificats.ouverture import TAILLE_MAX
from opensegur.cabinet.certificats.usages import Usage


class FormulaireCertificat(forms.Form):
    usage = forms.ChoiceField(
        label="À quoi il sert",
        choices=[("", "Choisir…"), *((usage.value, f"{usage.label} : {usage.sert_a}") for usage in Usage)],
        error_messages={"required": "Choisissez à quoi il sert."},
    )
    fichier = forms.FileField(
        label="Fichier",
        max_length=255,
        help_text="Le .p12 ou .pfx reçu de l’IGC-Santé, ou le certificat en PEM, 64 Ko au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    cle = forms.FileField(
        label="Clé",
        max_length=255,
        required=False,
        help_text="Seulement si elle est dans un autre fichier (PEM).",
        error_messages={"empty": "Ce fichier est vide."},
    )
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        max_length=200,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Celui du fichier. Il sert une fois et n’est pas gardé.",
    )

    def clean_fichier(self) -> Any:
        return _small(self.cleaned_data["fichier"])

    def clean_cle(self) -> Any:
        return _small(self.cleaned_data["cle"])


def _small(fichier: Any) -> Any:
    if fichier and fichier.size > TAILLE_MAX:
        raise forms.ValidationError("Ce fichier est trop gros pour un certificat : 64 Ko au plus.")
    return fichier
