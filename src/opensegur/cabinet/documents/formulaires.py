"""The form that takes a file."""

from __future__ import annotations

from typing import Any

from django import forms

from opensegur.cabinet.documents.depot import Depot, Visibilite
from opensegur.cabinet.documents.reception import looks_like_cda
from opensegur.cabinet.documents.types import groups_for

TAILLE_MAX = 20 * 1024 * 1024


def read_upload(fichier: Any) -> Any:
    if fichier.size > TAILLE_MAX:
        raise forms.ValidationError("Ce fichier dépasse 20 Mo. Réduisez sa résolution ou envoyez-le en parties.")
    return fichier


class FormulaireRemplacement(forms.Form):
    """The file of the next version; its type is that of the former one."""

    fichier = forms.FileField(
        label="Nouveau fichier",
        max_length=255,
        help_text="PDF, JPEG, TIFF, RTF ou texte, 20 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    titre = forms.CharField(label="Titre", max_length=200, required=False)

    def clean_fichier(self) -> Any:
        return read_upload(self.cleaned_data["fichier"])


class FormulaireDepot(forms.Form):
    fichier = forms.FileField(
        label="Fichier",
        max_length=255,
        help_text="PDF, JPEG, TIFF, RTF, texte, ou document CDA reçu (XML), 20 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    type_code = forms.ChoiceField(label="Type", required=False)
    titre = forms.CharField(
        label="Titre",
        max_length=200,
        required=False,
        help_text="Le patient et les autres professionnels le lisent. Vide : le type du document.",
    )
    visible_patient = forms.BooleanField(label="Le patient", required=False, initial=True)
    visible_professionnels = forms.BooleanField(
        label="Les professionnels de santé autorisés", required=False, initial=True
    )
    visible_representants = forms.BooleanField(label="Ses représentants légaux", required=False, initial=True)

    est_cda = False

    def __init__(self, *args: Any, profession: str, mineur: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(g.libelle, [(c.code, c.label) for c in g.types]) for g in groups_for(profession)]
        type_code = self.fields["type_code"]
        assert isinstance(type_code, forms.ChoiceField)
        type_code.choices = [("", "Choisir…"), *choices]
        if not mineur:
            del self.fields["visible_representants"]

    def clean_fichier(self) -> Any:
        fichier = read_upload(self.cleaned_data["fichier"])
        self.est_cda = looks_like_cda(fichier.read())
        fichier.seek(0)
        return fichier

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.est_cda and not cleaned.get("type_code") and "type_code" not in self.errors:
            self.add_error("type_code", "Choisissez le type du document.")
        if not cleaned.get("visible_patient") and not cleaned.get("visible_professionnels"):
            raise forms.ValidationError(
                "Un document ne peut pas être caché à la fois au patient et aux professionnels : "
                "laissez-le visible à l’un des deux."
            )
        return cleaned

    def depot(self) -> Depot:
        data = self.cleaned_data
        return Depot(
            contenu=data["fichier"].read(),
            nom=data["fichier"].name,
            type_code=data["type_code"],
            titre=data["titre"],
            visibilite=Visibilite(
                patient=data["visible_patient"],
                professionnels=data["visible_professionnels"],
                representants=data.get("visible_representants", True),
            ),
        )
