"""What people type about a patient, read by the rules of the identity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from opensegur.cabinet.patients.lieux import resolve_lieu
from opensegur.cabinet.patients.models import SansPiece
from opensegur.cabinet.patients.selection import Criteres
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import (
    OID_NIR,
    PIECES_PARENT,
    Champ,
    Matricule,
    Piece,
    Sexe,
    Traits,
    complete_date,
    normalize_name,
    parse_matricule,
    parse_typed_date,
    validating_pieces,
)
from opensegur.ins import piece as piece_of

_CAPITALES = {"class": "capitales", "autocomplete": "off", "spellcheck": "false"}
# shown first; the others come under a heading, all equally acceptable
_COURANTES = frozenset({"PA", "CN", "CS", "eCN", "IN"})
_ENFANTS = frozenset({"AN", "LEP", "CC"})
_KEYS = 10
_JOUR = {"autocomplete": "off", "inputmode": "numeric", "placeholder": "jj/mm/aaaa"}


def french(read: Callable[[], Any]) -> Any:
    """Run ``read``; what our rules refuse becomes the form's error, with what to do."""
    try:
        return read()
    except InvalidValue as error:
        raise forms.ValidationError(f"{error.message} {error.conseil}".strip(), code=error.code) from error


class RechercheForm(forms.Form):
    """Separate fields (EXI ID 17): names begin with what is typed; a part of the date may be 00."""

    nom = forms.CharField(
        label="Nom", required=False, max_length=100, widget=forms.TextInput(attrs={**_CAPITALES, "data-touche": "/"})
    )
    prenom = forms.CharField(
        label="Prénom", required=False, max_length=100, widget=forms.TextInput(attrs=dict(_CAPITALES))
    )
    date_naissance = forms.CharField(
        label="Date de naissance", required=False, max_length=20, widget=forms.TextInput(attrs=dict(_JOUR))
    )
    matricule = forms.CharField(
        label="Matricule INS",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "spellcheck": "false"}),
    )
    ipp = forms.IntegerField(
        label="N° de dossier",
        required=False,
        min_value=1,
        max_value=10**12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_nom(self) -> str:
        return self._name("nom", Champ.NOM)

    def clean_prenom(self) -> str:
        return self._name("prenom", Champ.PRENOM)

    def clean_date_naissance(self) -> str:
        text = self.cleaned_data["date_naissance"].strip()
        return french(lambda: parse_typed_date(text)) if text else ""

    def clean_matricule(self) -> Matricule | None:
        text = self.cleaned_data["matricule"].strip()
        # the authority does not matter here: it is looked up by its fifteen characters
        return french(lambda: parse_matricule(text, OID_NIR)) if text else None

    def criteres(self) -> Criteres:
        values = self.cleaned_data
        return Criteres(values["nom"], values["prenom"], values["date_naissance"], values["ipp"], values["matricule"])

    def _name(self, name: str, champ: Champ) -> str:
        text = self.cleaned_data[name].strip()
        return french(lambda: normalize_name(text, champ)) if text else ""


class IdentiteForm(forms.Form):
    """The traits of a person. ``verrouillee``: the strict ones came from INSi and are not changed by hand."""

    nom_naissance = forms.CharField(
        label="Nom de naissance", max_length=100, widget=forms.TextInput(attrs=dict(_CAPITALES))
    )
    premier_prenom = forms.CharField(
        label="Premier prénom de naissance", max_length=100, widget=forms.TextInput(attrs=dict(_CAPITALES))
    )
    prenoms = forms.CharField(
        label="Tous les prénoms de naissance",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=dict(_CAPITALES)),
        help_text="Dans l’ordre de la pièce d’identité, séparés par des espaces.",
    )
    date_naissance = forms.CharField(
        label="Date de naissance",
        max_length=20,
        widget=forms.TextInput(attrs=dict(_JOUR)),
        help_text="Jour ou mois inconnu : 00.",
    )
    sexe = forms.ChoiceField(
        label="Sexe", choices=[("", "Choisir"), *((sexe.value, sexe.libelle) for sexe in Sexe)], initial=""
    )
    lieu_naissance = forms.CharField(
        label="Lieu de naissance",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "lieux"}),
        help_text="Commune, ou pays pour qui est né à l’étranger.",
    )
    nom_utilise = forms.CharField(
        label="Nom utilisé", max_length=100, required=False, widget=forms.TextInput(attrs=dict(_CAPITALES))
    )
    prenom_utilise = forms.CharField(
        label="Prénom utilisé", max_length=100, required=False, widget=forms.TextInput(attrs=dict(_CAPITALES))
    )

    STRICTS = ("nom_naissance", "premier_prenom", "prenoms", "date_naissance", "sexe", "lieu_naissance")

    def __init__(self, *args: Any, verrouillee: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if verrouillee:
            for name in self.STRICTS:
                self.fields[name].disabled = True
                self.fields[name].help_text = ""

    def clean_nom_naissance(self) -> str:
        return self._name("nom_naissance", Champ.NOM)

    def clean_premier_prenom(self) -> str:
        return self._name("premier_prenom", Champ.PRENOM)

    def clean_prenoms(self) -> str:
        return self._name("prenoms", Champ.PRENOM)

    def clean_nom_utilise(self) -> str:
        return self._name("nom_utilise", Champ.NOM)

    def clean_prenom_utilise(self) -> str:
        return self._name("prenom_utilise", Champ.PRENOM)

    def clean_date_naissance(self) -> str:
        text = self.cleaned_data["date_naissance"]
        french(lambda: complete_date(parse_typed_date(text)))
        return text

    def clean_lieu_naissance(self) -> str:
        return french(lambda: resolve_lieu(self.cleaned_data["lieu_naissance"]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            french(self.traits)
        return cleaned

    def traits(self) -> Traits:
        """Raises ``InvalidValue``; cannot after ``is_valid()``."""
        return Traits.typed(**{name: self.cleaned_data[name] for name in self.fields})

    def _name(self, name: str, champ: Champ) -> str:
        text = self.cleaned_data[name].strip()
        return french(lambda: normalize_name(text, champ)) if text else ""


class PieceForm(forms.Form):
    """The document shown, none preselected (EXI SI 10, EXI SI 23), and whether it says something else.

    ``mineur``: the documents of a child come first, with the parent's. ``numerotees``: each piece and the key that
    chooses it.
    """

    piece = forms.ChoiceField(
        label="Pièce présentée",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la pièce qui vous a été présentée."},
    )
    piece_parent = forms.ChoiceField(label="Pièce du parent ou du tuteur", required=False)
    differents = forms.BooleanField(label="Les informations de la pièce sont différentes", required=False)

    def __init__(self, admises: list[str], *args: Any, mineur: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # the appli carte Vitale is read, not looked at
        pieces = [piece for piece in validating_pieces(admises or None) if piece.code != "AV"]
        self.fields["piece"].choices = [(piece.code, piece.libelle) for piece in pieces]  # type: ignore[attr-defined]
        adult = [("", "Choisir"), *((piece.code, piece.libelle) for piece in pieces if piece.code in PIECES_PARENT)]
        self.fields["piece_parent"].choices = adult  # type: ignore[attr-defined]
        first = _COURANTES | (_ENFANTS if mineur else frozenset())
        self.courantes = _numbered([piece for piece in pieces if piece.code in first])
        self.particulieres = _numbered(
            [piece for piece in pieces if piece.code not in first], after=len(self.courantes)
        )

    @property
    def particuliere_choisie(self) -> bool:
        return self["piece"].value() in {piece.code for _, piece in self.particulieres}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("piece")
        if not chosen:
            return cleaned
        with_parent = piece_of(chosen).avec_parent
        if with_parent and not cleaned.get("piece_parent") and not cleaned.get("differents"):
            self.add_error("piece_parent", "Choisissez aussi la pièce d’identité du parent ou du tuteur.")
        if not with_parent:
            cleaned["piece_parent"] = ""
        return cleaned


def _numbered(pieces: list[Piece], *, after: int = 0) -> list[tuple[str, Piece]]:
    """Each piece with its key; beyond nine there is none."""
    return [(str(rank) if rank < _KEYS else "", piece) for rank, piece in enumerate(pieces, start=after + 1)]


class SansPieceForm(forms.Form):
    raison = forms.ChoiceField(choices=SansPiece.Raison)
