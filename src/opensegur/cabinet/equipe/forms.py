"""A person of the team: who they are, and what they are here."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import SOIGNANTS, SOUS_RESPONSABILITE, Role, role_fits
from opensegur.cabinet.equipe.gestes import Personne, Place
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.cles import luhn

_RPPS = re.compile(r"8?(\d{11})")
_CARTE = re.compile(r"[13456][^/^&|\s]+/[^/^&|\s]+")


class PlaceForm(forms.Form):
    """Role, responsible person and functions."""

    role = forms.ChoiceField(label="Rôle", choices=[("", "Choisissez"), *Role.choices])
    responsable = forms.ModelChoiceField(
        label="Travaille sous la responsabilité de",
        queryset=Compte.objects.none(),
        required=False,
        empty_label="personne : répond de soi-même",
        help_text="Écrit à côté de son nom dans le journal. Obligatoire pour un préparateur : un pharmacien.",
    )
    referent_identite = forms.BooleanField(
        label="Référent d’identité",
        required=False,
        help_text="Répond des identités : modifie des traits venus de l’INSi, importe, fusionne.",
    )
    administrateur = forms.BooleanField(
        label="Administrateur",
        required=False,
        help_text="Tient les comptes et les droits de la structure. Un gestionnaire l’est toujours.",
    )

    def __init__(self, structure: Structure, *args: Any, place: Rattachement | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._structure, self._place = structure, place
        staff = Compte.objects.filter(
            rattachements__structure=structure,
            rattachements__actif=True,
            rattachements__role__in=SOIGNANTS,
            is_active=True,
        )
        staff = staff.exclude(pk=place.compte_id) if place else staff
        self.fields["responsable"].queryset = staff.order_by("nom", "prenom")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role = cleaned.get("role", "")
        if role in SOUS_RESPONSABILITE and not self._is_pharmacist(cleaned.get("responsable")):
            self.add_error(
                "responsable", "Un préparateur agit sous la responsabilité d’un pharmacien : choisissez-le."
            )
        if role == Role.SUPPORT and (cleaned.get("administrateur") or cleaned.get("referent_identite")):
            self.add_error("role", "Le support technique ne tient ni les comptes, ni les identités.")
        if self._place and role and self._place.compte.profession:
            self._check_profession(role, self._place.compte.profession)
        return cleaned

    def place(self) -> Place:
        return Place(
            Role(self.cleaned_data["role"]),
            self.cleaned_data["responsable"],
            self.cleaned_data["referent_identite"],
            self.cleaned_data["administrateur"],
        )

    def _check_profession(self, role: str, profession: str) -> None:
        if not role_fits(role, profession):
            self.add_error(
                "role", "Ce rôle n’est pas celui de sa profession, connue par Pro Santé Connect ou son RPPS."
            )

    def _is_pharmacist(self, compte: Compte | None) -> bool:
        places = Rattachement.objects.filter(structure=self._structure, compte=compte, role=Role.PHARMACIEN)
        return compte is not None and places.filter(actif=True).exists()


class PersonneForm(PlaceForm):
    """Somebody to add. Who has a national identifier, and an account elsewhere on this installation, keeps it."""

    prenom = forms.CharField(label="Prénom", max_length=80)
    nom = forms.CharField(label="Nom", max_length=80)
    titre = forms.ChoiceField(label="Titre", choices=[("", "aucun"), ("DR", "Docteur"), ("PR", "Professeur")])
    id_nat = forms.CharField(
        label="RPPS, ou identifiant de la carte",
        max_length=80,
        required=False,
        help_text="Les 11 chiffres du RPPS. Il permet d’entrer par Pro Santé Connect.",
    )
    field_order = ("prenom", "nom", "titre", "id_nat", "role", "responsable", "referent_identite", "administrateur")

    def __init__(self, structure: Structure, *args: Any, **kwargs: Any) -> None:
        super().__init__(structure, *args, **kwargs)
        self.fields["titre"].required = False
        self.fields["prenom"].widget.attrs["autofocus"] = True

    def clean_nom(self) -> str:
        return str(self.cleaned_data["nom"]).strip().upper()

    def clean_id_nat(self) -> str:
        typed = "".join(str(self.cleaned_data["id_nat"]).split())
        rpps = _RPPS.fullmatch(typed)
        if rpps and luhn(rpps[1]):
            return f"8{rpps[1]}"
        if typed and not _CARTE.fullmatch(typed):
            raise forms.ValidationError(
                "Ce numéro n’est pas un RPPS : 11 chiffres, dont le dernier vérifie les autres."
            )
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        known = Compte.objects.filter(id_nat=cleaned["id_nat"]).first() if cleaned.get("id_nat") else None
        if known is not None:
            if known.nom.casefold() != str(cleaned.get("nom", "")).casefold():
                self.add_error("id_nat", "Ce numéro est connu ici sous un autre nom : vérifiez l’un et l’autre.")
            elif cleaned.get("role") and known.profession:
                self._check_profession(cleaned["role"], known.profession)
        return cleaned

    def personne(self) -> Personne:
        said = self.cleaned_data
        return Personne(said["prenom"].strip(), said["nom"], said["titre"], said["id_nat"])
