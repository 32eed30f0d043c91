"""One form for each kind of datum: what is typed becomes a value, and back."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone

from opensegur.cabinet.medical import saisie
from opensegur.cabinet.medical.valeurs import RisqueProfessionnel, Soignant, Valeur, Vigilance
from opensegur.cabinet.patients.forms import french
from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.allergie import ALLERGIE, Allergie
from opensegur.cda.n3.ecriture import SNOMED
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.habitude import Habitude
from opensegur.cda.n3.probleme import SYMPTOME, Probleme
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.valeurs import Notion, Periode
from opensegur.foundation.acteurs import Code
from opensegur.nomenclature import table

_LONG = 250
_DATE_AIDE = "2019, 03/2019 ou 12/03/2019."
_NATURES_ALLERGIE = (
    ALLERGIE,
    Code("416098002", SNOMED, "allergie à un médicament"),
    Code("414285001", SNOMED, "allergie à un aliment"),
    Code("232347008", SNOMED, "allergie à un animal"),
    Code("426232007", SNOMED, "allergie à l'environnement"),
    Code("59037007", SNOMED, "intolérance à un médicament"),
    Code("235719002", SNOMED, "intolérance alimentaire"),
)
_FONCTIONS = ("PCP", "CORRE", "353", "330", "ATTPHYS")


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
        super().__init__(max_length=_LONG, widget=forms.TextInput(attrs=attributes), **kwargs)


class ChampDatePartielle(forms.CharField):
    """A past date as far as it is known: AAAA, AAAA-MM or AAAA-MM-JJ once cleaned."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _DATE_AIDE)
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"})
        super().__init__(max_length=10, required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        found: str = french(lambda: saisie.read_partial_date(typed, timezone.localdate()))
        return found


class FormulaireDonnee(forms.Form):
    """``valeur()`` after ``is_valid``: what our values refuse is told at the foot of the form."""

    _valeur: Valeur | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # several forms may be open on the page
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            self._valeur = french(lambda: self.compose(cleaned))
        return cleaned

    def valeur(self) -> Valeur:
        assert self._valeur is not None, "is_valid() first"
        return self._valeur

    def compose(self, data: dict[str, Any]) -> Valeur:
        raise NotImplementedError

    @classmethod
    def initial_of(cls, value: Any) -> dict[str, Any]:
        raise NotImplementedError


class FormulaireProbleme(FormulaireDonnee):
    actif: ClassVar[bool] = True

    diagnostic = ChampSuggere(label="Diagnostic", source="problemes")
    debut = ChampDatePartielle(label="Depuis")

    def compose(self, data: dict[str, Any]) -> Valeur:
        return Probleme(saisie.read_problem(data["diagnostic"]), Periode(data["debut"]))

    @classmethod
    def initial_of(cls, value: Probleme) -> dict[str, Any]:
        return {
            "diagnostic": saisie.written(value.diagnostic),
            "debut": saisie.write_partial_date(value.periode.debut),
            "fin": saisie.write_partial_date(value.periode.fin),
        }


class FormulaireAntecedent(FormulaireProbleme):
    debut = ChampDatePartielle(label="Début")
    fin = ChampDatePartielle(label="Fin")

    def compose(self, data: dict[str, Any]) -> Valeur:
        return Probleme(saisie.read_problem(data["diagnostic"]), Periode(data["debut"], data["fin"]), actif=False)


class FormulaireAllergie(FormulaireDonnee):
    agent = ChampSuggere(label="Agent", source="agents")
    nature = forms.ChoiceField(label="Nature", choices=[(each.code, each.label) for each in _NATURES_ALLERGIE])
    reaction = forms.CharField(label="Réaction observée", required=False, max_length=_LONG)
    debut = ChampDatePartielle(label="Depuis")

    def compose(self, data: dict[str, Any]) -> Valeur:
        nature = next(each for each in _NATURES_ALLERGIE if each.code == data["nature"])
        reaction = Probleme(Notion(data["reaction"]), nature=SYMPTOME) if data["reaction"] else None
        return Allergie(Notion(data["agent"]), nature, Periode(data["debut"]), reaction=reaction)

    @classmethod
    def initial_of(cls, value: Allergie) -> dict[str, Any]:
        return {
            "agent": value.agent.texte,
            "nature": value.nature.code,
            "reaction": value.reaction.diagnostic.texte if value.reaction else "",
            "debut": saisie.write_partial_date(value.periode.debut),
        }


class FormulaireTraitement(FormulaireDonnee):
    produit = ChampSuggere(label="Médicament", source="medicaments")
    posologie = forms.CharField(
        label="Posologie", required=False, max_length=_LONG, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    debut = ChampDatePartielle(label="Depuis")
    motif = ChampSuggere(label="Motif", source="problemes", required=False)

    def compose(self, data: dict[str, Any]) -> Valeur:
        motif = saisie.read_problem(data["motif"]) if data["motif"] else None
        return Traitement(
            saisie.read_medicine(data["produit"]), Periode(data["debut"]), data["posologie"], motif=motif
        )

    @classmethod
    def initial_of(cls, value: Traitement) -> dict[str, Any]:
        product = value.produit
        return {
            "produit": f"{product.nom} ({product.cis})" if product.cis else product.nom,
            "posologie": value.posologie,
            "debut": saisie.write_partial_date(value.periode.debut),
            "motif": saisie.written(value.motif),
        }


class FormulaireActe(FormulaireDonnee):
    acte = forms.CharField(
        label="Intervention ou acte", max_length=_LONG, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    date = ChampDatePartielle(label="Date")
    motif = ChampSuggere(label="Motif", source="problemes", required=False)

    def compose(self, data: dict[str, Any]) -> Valeur:
        motif = saisie.read_problem(data["motif"]) if data["motif"] else None
        return Acte(Notion(data["acte"]), data["date"], motif)

    @classmethod
    def initial_of(cls, value: Acte) -> dict[str, Any]:
        return {
            "acte": value.acte.texte,
            "date": saisie.write_partial_date(value.date),
            "motif": saisie.written(value.motif),
        }


class FormulaireHabitude(FormulaireDonnee):
    sujet = forms.ChoiceField(label="Facteur de risque", choices=[])
    valeur_dite = forms.CharField(
        label="Observation", max_length=_LONG, help_text="Par exemple « 10 cigarettes par jour », « sevré »."
    )
    debut = ChampDatePartielle(label="Depuis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject = self.fields["sujet"]
        assert isinstance(subject, forms.ChoiceField)
        subject.choices = [(each.code, each.label) for each in table("JDV_SocialHistoryCodes") if each.actif]

    def compose(self, data: dict[str, Any]) -> Valeur:
        found = table("JDV_SocialHistoryCodes").get(data["sujet"])
        assert found is not None
        return Habitude(
            Code(found.code, found.system, found.label), Notion(data["valeur_dite"]), Periode(data["debut"])
        )

    @classmethod
    def initial_of(cls, value: Habitude) -> dict[str, Any]:
        said = value.valeur
        return {
            "sujet": value.sujet.code,
            "valeur_dite": said.texte if isinstance(said, Notion) else f"{said.texte} {said.unite}",
            "debut": saisie.write_partial_date(value.periode.debut),
        }


class FormulaireFamille(FormulaireDonnee):
    parent = forms.ChoiceField(label="Parent", choices=[])
    diagnostic = ChampSuggere(label="Maladie", source="problemes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ChoiceField)
        parent.choices = [(each.code, each.label) for each in table("JDV_J11") if each.code in _PARENTS]

    def compose(self, data: dict[str, Any]) -> Valeur:
        kin = table("JDV_J11").get(data["parent"])
        assert kin is not None
        return AntecedentFamilial(
            Notion(kin.label, Code(kin.code, kin.system, kin.label)),
            saisie.read_problem(data["diagnostic"]),
            sexe=_PARENTS[kin.code],
        )

    @classmethod
    def initial_of(cls, value: AntecedentFamilial) -> dict[str, Any]:
        return {
            "parent": value.parent.code.code if value.parent.code else "",
            "diagnostic": saisie.written(value.diagnostic),
        }


_PARENTS = {
    "MTH": "F", "FTH": "M", "SIS": "F", "BRO": "M", "DAU": "F", "SON": "M", "GRMTH": "F", "GRFTH": "M", "AUNT": "F",
    "UNCLE": "M", "COUSN": "", "FAMMEMB": "",
}  # fmt: skip


class FormulaireProfession(FormulaireDonnee):
    texte = forms.CharField(label="Facteur de risque professionnel", max_length=_LONG)

    def compose(self, data: dict[str, Any]) -> Valeur:
        return RisqueProfessionnel(data["texte"])

    @classmethod
    def initial_of(cls, value: RisqueProfessionnel) -> dict[str, Any]:
        return {"texte": value.texte}


class FormulaireVigilance(FormulaireDonnee):
    texte = forms.CharField(
        label="Résultat ou point de vigilance", max_length=_LONG, help_text="Une phrase : elle part dans le VSM."
    )

    def compose(self, data: dict[str, Any]) -> Valeur:
        return Vigilance(data["texte"])

    @classmethod
    def initial_of(cls, value: Vigilance) -> dict[str, Any]:
        return {"texte": value.texte}


class FormulaireSoignant(FormulaireDonnee):
    fonction = forms.ChoiceField(label="Rôle", choices=[])
    nom = forms.CharField(label="Nom", max_length=80)
    prenom = forms.CharField(label="Prénom", max_length=80, required=False)
    specialite = forms.CharField(label="Spécialité", max_length=80, required=False)
    telephone = forms.CharField(
        label="Téléphone", max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["fonction"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(code, table("JDV_J47").label(code)) for code in _FONCTIONS]

    def compose(self, data: dict[str, Any]) -> Valeur:
        role = table("JDV_J47").get(data["fonction"])
        assert role is not None
        return Soignant(
            nom=data["nom"],
            fonction=Code(role.code, role.system, role.label),
            prenom=data["prenom"],
            specialite=data["specialite"],
            telephone=data["telephone"],
        )

    @classmethod
    def initial_of(cls, value: Soignant) -> dict[str, Any]:
        return {
            "fonction": value.fonction.code,
            "nom": value.nom,
            "prenom": value.prenom,
            "specialite": value.specialite,
            "telephone": value.telephone,
        }
