"""A vaccination typed, or read on its box: the datum of the record, and the note that tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from opensegur.cabinet.documents.composition import Brouillon, author_of
from opensegur.cabinet.documents.modeles import NOTE_VACCINATION
from opensegur.cabinet.medical import saisie
from opensegur.cabinet.medical.champs import ChampDatePartielle, ChampSuggere
from opensegur.cabinet.patients.forms import french
from opensegur.cda.n3.boite import product_in_box
from opensegur.cda.n3.intervenant import Intervenant
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.cda.n3.valeurs import Notion
from opensegur.foundation.errors import InvalidValue
from opensegur.medicament import installed_base
from opensegur.medicament.gs1 import LectureBoite
from opensegur.nomenclature import table

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.patients.models import Patient

_ACTES = "JDV_HL7_ActSubstanceAdministrationImmunizationCode"
_VOIES = "JDV_ImmunizationRouteCodes"
_SITES = "JDV_ImmunizationApproachSiteCode"
INTRAMUSCULAIRE, DELTOIDE_GAUCHE = "20035000", "16217701000119102"


class FormulaireVaccination(forms.Form):
    """``par_moi`` "non": done by somebody else, as told by the patient or a booklet; no note is then written."""

    vaccin = ChampSuggere(label="Vaccin", source="vaccins")
    date = ChampDatePartielle(
        label="Date de l’injection", help_text="Le jour, ou le mois ou l’année si c’est ancien."
    )
    lot = forms.CharField(
        label="Lot", max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    peremption = forms.DateField(
        label="À utiliser jusqu’au",
        required=False,
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"placeholder": "jj/mm/aaaa", "autocomplete": "off"}),
        error_messages={"invalid": "Écrivez la date JJ/MM/AAAA."},
    )
    acte = forms.ChoiceField(label="Injection", choices=[])
    rang = forms.IntegerField(label="Rang", required=False, min_value=1, max_value=20)
    voie = forms.ChoiceField(label="Voie", choices=[], required=False)
    site = forms.ChoiceField(label="Site", choices=[], required=False)
    commentaire = forms.CharField(label="Commentaire", max_length=250, required=False)
    par_moi = forms.ChoiceField(
        label="Vaccination",
        choices=[("oui", "faite par moi"), ("non", "faite ailleurs (carnet, patient)")],
        initial="oui",
    )
    malgre = forms.BooleanField(label="Noter malgré la péremption", required=False)

    def __init__(self, *args: Any, compte: Compte, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compte, self._patient = compte, patient
        self.perime = False
        for field, name, empty in (("acte", _ACTES, False), ("voie", _VOIES, True), ("site", _SITES, True)):
            choice = self.fields[field]
            assert isinstance(choice, forms.ChoiceField)
            known = [(each.code, each.label) for each in table(name) if each.actif]
            choice.choices = [("", "Non précisé"), *known] if empty else known

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if not data["date"]:
            raise forms.ValidationError("La date de l’injection manque : écrivez au moins l’année.")
        expiry = data["peremption"]
        if expiry and f"{expiry}" < data["date"] and not data["malgre"]:
            self.perime = True
            raise forms.ValidationError(
                f"Le jour de l’injection, cette boîte était périmée depuis le {expiry:%d/%m/%Y}. Vérifiez-la ; si "
                "l’injection a bien eu lieu, cochez « Noter malgré la péremption »."
            )
        data["valeur"] = french(lambda: self._compose(data))
        return data

    @property
    def est_de_moi(self) -> bool:
        return bool(self.cleaned_data["par_moi"] == "oui")

    def valeur(self) -> Vaccination:
        found: Vaccination = self.cleaned_data["valeur"]
        return found

    def _compose(self, data: dict[str, Any]) -> Vaccination:
        expiry: date | None = data["peremption"]
        product = replace(
            saisie.read_medicine(data["vaccin"]),
            lot=data["lot"].strip(),
            peremption=f"{expiry}" if expiry else "",
        )
        mine = data["par_moi"] == "oui"
        me = (
            Intervenant.of(author_of(self._compte), self._patient.structure.valeur(), timezone.now())
            if mine
            else None
        )
        return Vaccination(
            vaccin=product,
            date=data["date"],
            auteur=me,
            vaccinateur=me,
            acte=saisie.code_of(_ACTES, data["acte"]),
            rang=data["rang"],
            voie=_said(_VOIES, data["voie"]),
            site=_said(_SITES, data["site"]),
            commentaire=data["commentaire"],
        )


def initial_of(box: LectureBoite | None, today: date) -> dict[str, Any]:
    """What the form holds before anything is typed. Raises ``InvalidValue`` for a box that is no vaccine's."""
    usual = {"date": f"{today:%d/%m/%Y}", "acte": "IMMUNIZ", "voie": INTRAMUSCULAIRE, "site": DELTOIDE_GAUCHE}
    if box is None:
        return usual
    base = installed_base().medicaments
    product = product_in_box(box, base)
    known = base.get(product.cis)
    if known is not None and not known.is_vaccine:
        raise InvalidValue(
            "BOITE_SANS_VACCIN",
            f"« {product.nom} » n’est pas un vaccin.",
            conseil="Scannez la boîte du vaccin, ou cherchez-le par son nom.",
        )
    return usual | {
        "vaccin": f"{product.nom} ({product.cis})",
        "lot": product.lot,
        "peremption": box.peremption,
    }


def note_draft(vaccination: Vaccination) -> Brouillon:
    return Brouillon(NOTE_VACCINATION, vaccination, titre=f"Note de vaccination : {vaccination.vaccin.nom}"[:200])


def _said(name: str, code: str) -> Notion | None:
    return Notion(code=saisie.code_of(name, code)) if code else None
