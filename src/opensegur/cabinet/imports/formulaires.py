"""The file that is brought, and what its columns hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from opensegur.cabinet.imports.colonnes import COLONNES, missing
from opensegur.cabinet.imports.tableau import DELIMITEURS, ENCODAGES


class FichierForm(forms.Form):
    source = forms.CharField(
        label="Logiciel d’origine",
        max_length=60,
        help_text="Le numéro d’un dossier dans ce logiciel évitera de l’importer deux fois.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    fichier = forms.FileField(
        label="Fichier",
        help_text="Tableau CSV exporté de votre logiciel, ou messages HL7 ADT.",
        error_messages={"empty": "Le fichier est vide.", "required": "Choisissez un fichier."},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.hl7,.adt,.er7"}),
    )


class ColonnesForm(forms.Form):
    """One choice a column; the same thing cannot be in two."""

    encodage = forms.ChoiceField(label="Caractères", choices=list(ENCODAGES.items()))
    delimiteur = forms.ChoiceField(label="Séparateur", choices=list(DELIMITEURS.items()))
    titres = forms.BooleanField(label="La première ligne porte les titres", required=False)

    def __init__(self, largeur: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.largeur = largeur
        choices = [("", "— ne pas reprendre —"), *((colonne.code, colonne.libelle) for colonne in COLONNES)]
        for place in range(largeur):
            self.fields[f"colonne_{place}"] = forms.ChoiceField(required=False, choices=choices)

    def choix(self) -> dict[int, str]:
        names = {place: self.cleaned_data.get(f"colonne_{place}", "") for place in range(self.largeur)}
        return {place: code for place, code in names.items() if code}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = list(self.choix().values())
        labels = {colonne.code: colonne.libelle for colonne in COLONNES}
        if twice := sorted({labels[code] for code in chosen if chosen.count(code) > 1}):
            self.add_error(None, f"Deux colonnes pour une même chose : {', '.join(twice)}.")
        if absent := missing(self.choix()):
            self.add_error(None, f"Il manque une colonne : {', '.join(absent)}.")
        return cleaned

    def reglages(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "encodage": values["encodage"],
            "delimiteur": values["delimiteur"],
            "titres": values["titres"],
            "colonnes": {str(place): code for place, code in self.choix().items()},
        }


def initial_of(reglages: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: reglages[name] for name in ("encodage", "delimiteur", "titres")},
        **{f"colonne_{place}": code for place, code in reglages["colonnes"].items()},
    }


def titles(cells: Sequence[str], largeur: int, *, titres: bool) -> list[str]:
    named = list(cells) if titres else []
    return [
        named[place] if place < len(named) and named[place] else f"Colonne {place + 1}" for place in range(largeur)
    ]
