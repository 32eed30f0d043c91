"""A card as the screen shows it."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.ins.vitale import BeneficiaireCarte, CarteVitale, NatureCarte

_QUALITES = {
    "0": "assuré",
    "1": "ascendant",
    "2": "conjoint",
    "3": "conjoint",
    "6": "enfant",
    "9": "autre ayant droit",
}
_NATURES = {
    NatureCarte.REELLE: "",
    NatureCarte.TEST: "de test",
    NatureCarte.DEMONSTRATION: "de démonstration",
}


@dataclass(frozen=True, slots=True)
class BeneficiaireMontre:
    rang: int
    nom: str
    prenom: str
    naissance: str
    qualite: str


@dataclass(frozen=True, slots=True)
class CarteMontree:
    """``serie`` comes back with the choice, so that a card changed in between is noticed."""

    serie: str
    nature: str
    beneficiaires: tuple[BeneficiaireMontre, ...]


def show_card(carte: CarteVitale) -> CarteMontree:
    return CarteMontree(carte.serie, _NATURES[carte.nature], tuple(_person(each) for each in carte.beneficiaires))


def _person(person: BeneficiaireCarte) -> BeneficiaireMontre:
    year, month, day = person.naissance.split("-")
    return BeneficiaireMontre(
        person.rang,
        person.nom,
        person.prenom,
        f"{day}/{month}/{year}",
        _QUALITES.get(person.qualite, "bénéficiaire"),
    )
