"""One form for each kind of datum: what is typed becomes a value, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, cast

from django import forms

from opensegur.cabinet.medical import saisie
from opensegur.cabinet.medical.champs import LONG, ChampDatePartielle, ChampSuggere
from opensegur.cabinet.medical.traits import Trait, compose
from opensegur.cabinet.medical.valeurs import RisqueProfessionnel, Soignant, Valeur, Vigilance
from opensegur.cabinet.patients.forms import french
from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.affichage import quantity
from opensegur.cda.n3.allergie import ALLERGIE, Allergie
from opensegur.cda.n3.dispositifs import DispositifPorte
from opensegur.cda.n3.ecriture import SNOMED
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.habitude import Habitude
from opensegur.cda.n3.probleme import SYMPTOME, Probleme
from opensegur.cda.n3.produit import Produit
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.valeurs import Notion, Quantite
from opensegur.foundation.acteurs import Code
from opensegur.nomenclature import table

_NATURES_ALLERGIE = {
    each.code: each
    for each in (
        ALLERGIE,
        Code("416098002", SNOMED, "allergie à un médicament"),
        Code("414285001", SNOMED, "allergie à un aliment"),
        Code("232347008", SNOMED, "allergie à un animal"),
        Code("426232007", SNOMED, "allergie à l'environnement"),
        Code("59037007", SNOMED, "intolérance à un médicament"),
        Code("235719002", SNOMED, "intolérance alimentaire"),
    )
}
_FONCTIONS = ("PCP", "CORRE", "353", "330", "ATTPHYS")
_PARENTS = {
    "MTH": "F", "FTH": "M", "SIS": "F", "BRO": "M", "DAU": "F", "SON": "M", "GRMTH": "F", "GRFTH": "M", "AUNT": "F",
    "UNCLE": "M", "COUSN": "", "FAMMEMB": "",
}  # fmt: skip


class FormulaireDonnee(forms.Form):
    """A new datum, or a correction of ``avant``; ``valeur()`` after ``is_valid``.

    What our values refuse is told at the foot of the form.
    """

    donne: ClassVar[type]
    traits: ClassVar[tuple[Trait, ...]]
    toujours: ClassVar[Mapping[str, Any]] = {}
    _valeur: Valeur | None = None

    def __init__(self, *args: Any, avant: Valeur | None = None, **kwargs: Any) -> None:
        # several forms may be open on the page
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        if avant is not None:
            kwargs["initial"] = {each.champ: each.ecrit(each.of(avant)) for each in self.traits}
        super().__init__(*args, **kwargs)
        self._avant = avant
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True
        if avant is not None:
            for trait in self.traits:
                self._offer_former(trait, avant)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            touched = cleaned if self._avant is None else {name: cleaned[name] for name in self.changed_data}
            self._valeur = french(lambda: compose(self.donne, self.traits, touched, self.toujours, self._avant))
        return cleaned

    def valeur(self) -> Valeur:
        assert self._valeur is not None, "is_valid() first"
        return self._valeur

    def _offer_former(self, trait: Trait, avant: Valeur) -> None:
        """What came from a document may be none of our choices: it is one of this form's."""
        choice = self.fields[trait.champ]
        if trait.nom is None or not isinstance(choice, forms.ChoiceField):
            return
        held = trait.of(avant)
        offered: list[Any] = [*cast("Iterable[Any]", choice.choices)]
        if trait.ecrit(held) not in dict(offered):
            choice.choices = [*offered, (trait.ecrit(held), trait.nom(held))]


def _if_said(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: read(text) if text else None


def _label(code: Code) -> str:
    return code.label or code.code


_DEBUT = Trait("debut", "periode.debut", ecrit=saisie.write_partial_date)
_FIN = Trait("fin", "periode.fin", ecrit=saisie.write_partial_date)
_DIAGNOSTIC = Trait("diagnostic", "diagnostic", saisie.read_problem, saisie.written)
_MOTIF = Trait("motif", "motif", _if_said(saisie.read_problem), saisie.written)


class FormulaireProbleme(FormulaireDonnee):
    donne = Probleme
    traits = (_DIAGNOSTIC, _DEBUT)

    diagnostic = ChampSuggere(label="Diagnostic", source="problemes")
    debut = ChampDatePartielle(label="Depuis")


class FormulaireAntecedent(FormulaireDonnee):
    donne = Probleme
    traits = (_DIAGNOSTIC, _DEBUT, _FIN)
    toujours: ClassVar[Mapping[str, Any]] = {"actif": False}

    diagnostic = ChampSuggere(label="Diagnostic", source="problemes")
    debut = ChampDatePartielle(label="Début")
    fin = ChampDatePartielle(label="Fin")


def _reaction(text: str) -> Probleme:
    return Probleme(Notion(text), nature=SYMPTOME)


class FormulaireAllergie(FormulaireDonnee):
    donne = Allergie
    traits = (
        Trait("agent", "agent", Notion, lambda agent: agent.texte),
        Trait("nature", "nature", _NATURES_ALLERGIE.__getitem__, lambda nature: nature.code, _label),
        Trait(
            "reaction", "reaction", _if_said(_reaction), lambda seen: seen.diagnostic.texte if seen else "",
            emporte=frozenset({"severite"}),
        ),
        _DEBUT,
    )  # fmt: skip

    agent = ChampSuggere(label="Agent", source="agents")
    nature = forms.ChoiceField(
        label="Nature", choices=[(code, nature.label) for code, nature in _NATURES_ALLERGIE.items()]
    )
    reaction = forms.CharField(label="Réaction observée", required=False, max_length=LONG)
    debut = ChampDatePartielle(label="Depuis")


def _medicine_written(product: Produit) -> str:
    return f"{product.nom} ({product.cis})" if product.cis else product.nom


_STRUCTURE_DE_LA_POSOLOGIE = frozenset({"rythme", "dose", "debit", "dose_maximale"})


class FormulaireTraitement(FormulaireDonnee):
    donne = Traitement
    traits = (
        # of another medicine, neither the route nor the dose of the former says anything
        Trait(
            "produit", "produit", saisie.read_medicine, _medicine_written,
            emporte=_STRUCTURE_DE_LA_POSOLOGIE | {"voie"},
        ),
        Trait("posologie", "posologie", emporte=_STRUCTURE_DE_LA_POSOLOGIE),
        _DEBUT,
        _MOTIF,
    )  # fmt: skip

    produit = ChampSuggere(label="Médicament", source="medicaments")
    posologie = forms.CharField(
        label="Posologie", required=False, max_length=LONG, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    debut = ChampDatePartielle(label="Depuis")
    motif = ChampSuggere(label="Motif", source="problemes", required=False)


class FormulaireActe(FormulaireDonnee):
    donne = Acte
    traits = (
        Trait("acte", "acte", Notion, lambda acte: acte.texte),
        Trait("date", "date", ecrit=saisie.write_partial_date),
        _MOTIF,
    )

    acte = forms.CharField(
        label="Intervention ou acte", max_length=LONG, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    date = ChampDatePartielle(label="Date")
    motif = ChampSuggere(label="Motif", source="problemes", required=False)


class FormulaireDispositif(FormulaireDonnee):
    donne = DispositifPorte
    traits = (
        Trait("dispositif", "dispositif", Notion, lambda device: device.texte, emporte=frozenset({"udi"})),
        _DEBUT,
        Trait("udi", "udi"),
    )

    dispositif = forms.CharField(
        label="Dispositif",
        max_length=LONG,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Par exemple « stimulateur cardiaque », « prothèse de hanche droite ».",
    )
    debut = ChampDatePartielle(label="Depuis")
    udi = forms.CharField(
        label="Numéro", max_length=120, required=False, help_text="Celui de la carte d’implant (IUD), si vous l’avez."
    )


def _subject(code: str) -> Code:
    return saisie.code_of("JDV_SocialHistoryCodes", code)


def _habit_written(said: Notion | Quantite) -> str:
    return said.texte if isinstance(said, Notion) else quantity(said)


class FormulaireHabitude(FormulaireDonnee):
    donne = Habitude
    traits = (
        Trait("sujet", "sujet", _subject, lambda sujet: sujet.code, _label),
        Trait("valeur_dite", "valeur", Notion, _habit_written),
        _DEBUT,
    )

    sujet = forms.ChoiceField(
        label="Facteur de risque",
        choices=lambda: [(each.code, each.label) for each in table("JDV_SocialHistoryCodes") if each.actif],
    )
    valeur_dite = forms.CharField(
        label="Observation", max_length=LONG, help_text="Par exemple « 10 cigarettes par jour », « sevré »."
    )
    debut = ChampDatePartielle(label="Depuis")


def _relative(code: str) -> Notion:
    kin = saisie.code_of("JDV_J11", code)
    return Notion(kin.label, kin)


def _relative_key(kin: Notion) -> str:
    return kin.code.code if kin.code else kin.texte


class FormulaireFamille(FormulaireDonnee):
    donne = AntecedentFamilial
    traits = (
        Trait("parent", "parent", _relative, _relative_key, lambda kin: kin.texte, emporte=frozenset({"sexe"})),
        _DIAGNOSTIC,
    )

    parent = forms.ChoiceField(
        label="Parent",
        choices=lambda: [(each.code, each.label) for each in table("JDV_J11") if each.code in _PARENTS],
    )
    diagnostic = ChampSuggere(label="Maladie", source="problemes")

    def valeur(self) -> Valeur:
        value = super().valeur()
        assert isinstance(value, AntecedentFamilial)
        known = _PARENTS.get(_relative_key(value.parent), "")
        return replace(value, sexe=value.sexe or known)


_TEXTE = Trait("texte", "texte")


class FormulaireProfession(FormulaireDonnee):
    donne = RisqueProfessionnel
    traits = (_TEXTE,)

    texte = forms.CharField(label="Facteur de risque professionnel", max_length=LONG)


class FormulaireVigilance(FormulaireDonnee):
    donne = Vigilance
    traits = (_TEXTE,)

    texte = forms.CharField(
        label="Résultat ou point de vigilance", max_length=LONG, help_text="Une phrase : elle part dans le VSM."
    )


class FormulaireSoignant(FormulaireDonnee):
    donne = Soignant
    traits = (
        Trait("fonction", "fonction", lambda code: saisie.code_of("JDV_J47", code), lambda role: role.code, _label),
        Trait("nom", "nom", emporte=frozenset({"titre", "id_nat"})),
        Trait("prenom", "prenom"),
        Trait("specialite", "specialite"),
        Trait("telephone", "telephone"),
    )

    fonction = forms.ChoiceField(
        label="Rôle", choices=lambda: [(code, table("JDV_J47").label(code)) for code in _FONCTIONS]
    )
    nom = forms.CharField(label="Nom", max_length=80)
    prenom = forms.CharField(label="Prénom", max_length=80, required=False)
    specialite = forms.CharField(label="Spécialité", max_length=80, required=False)
    telephone = forms.CharField(
        label="Téléphone", max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
