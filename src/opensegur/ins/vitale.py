"""The carte Vitale as a reading gives it: a billing document with several beneficiaries.

Its numbers are billing identity, of a type of their own: nothing here makes a matricule INS of them, INSi alone does.
Source: the ``donneesVitale`` XML of the SESAM-Vitale reading interface (public templates of an independent reader).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lxml import etree

from opensegur.foundation.errors import InvalidValue, OpenSegurError, RefusedInput
from opensegur.foundation.points import Profil
from opensegur.foundation.xml import XmlLimits, parse

NS_VITALE = "http://www.sesam-vitale.fr/XMLschemas/Vitale"
_V = f"{{{NS_VITALE}}}"
_LIMITS = XmlLimits(max_bytes=200_000, max_depth=20)
_NUMERO = re.compile(r"[0-9]{6}[0-9AB][0-9]{6}")
_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_SERIE = re.compile(r"[0-9A-Za-z]{5,30}")
_MAX_BENEFICIAIRES = 19


class NatureCarte(StrEnum):
    """What a card is made for: only the first kind may meet a real patient."""

    REELLE = "reelle"
    TEST = "test"
    DEMONSTRATION = "demonstration"


class CarteRefusee(OpenSegurError):
    """The card may not be used: absent, of test in production, changed in between, without this beneficiary."""


@dataclass(frozen=True, slots=True, repr=False)
class NumeroFacturation:
    """An insured person's number: 13 characters and a key. It bills; it never identifies a patient.

    Raises ``InvalidValue`` (VITALE_NUMERO).
    """

    numero: str
    cle: str

    def __post_init__(self) -> None:
        if not _NUMERO.fullmatch(self.numero) or not re.fullmatch(r"[0-9]{2}", self.cle):
            raise InvalidValue("VITALE_NUMERO", "Le numéro d’assuré de la carte est illisible.")

    def __repr__(self) -> str:
        return "NumeroFacturation(…)"


@dataclass(frozen=True, slots=True, repr=False)
class BeneficiaireCarte:
    """Somebody on the card; ``rang`` counts them from 1. Names are those of the billing: in use, cut at 27 letters.

    ``nom_famille`` is "" on many cards; ``naissance``: AAAA-MM-JJ, lunar dates included; ``rang_gemellaire``: 1, or
    more for twins; ``nir_certifie``: the person's own number, when the card bears it and it was certified, on
    ``certifie_le`` (AAAA-MM-JJ or "").
    """

    rang: int
    porteur: bool
    qualite: str
    nom_usuel: str
    nom_famille: str
    prenom: str
    naissance: str
    rang_gemellaire: int = 1
    nir_certifie: NumeroFacturation | None = None
    certifie_le: str = ""

    @property
    def nom(self) -> str:
        """The name to show in a list: the one in use, else the birth name."""
        return self.nom_usuel or self.nom_famille

    def __repr__(self) -> str:
        return f"BeneficiaireCarte(rang={self.rang})"


@dataclass(frozen=True, slots=True, repr=False)
class CarteVitale:
    """One reading of a card."""

    serie: str
    nature: NatureCarte
    assure: NumeroFacturation
    regime: str
    caisse: str
    centre: str
    beneficiaires: tuple[BeneficiaireCarte, ...]

    def beneficiaire(self, rang: int) -> BeneficiaireCarte:
        """Raises ``CarteRefusee`` (VITALE_BENEFICIAIRE)."""
        for each in self.beneficiaires:
            if each.rang == rang:
                return each
        raise CarteRefusee(
            "VITALE_BENEFICIAIRE",
            "Cette personne n’est pas sur la carte Vitale lue.",
            conseil="Relisez la carte, puis choisissez la personne présente.",
        )

    def check_profil(self, profil: Profil) -> None:
        """Raise ``CarteRefusee`` (VITALE_DE_TEST) when a card of test or demonstration meets production."""
        if profil is Profil.PRODUCTION and self.nature is not NatureCarte.REELLE:
            raise CarteRefusee(
                "VITALE_DE_TEST",
                "Cette carte Vitale est une carte de test ou de démonstration : elle est refusée en production.",
                conseil="Utilisez la carte de la personne, ou cherchez-la par ses traits.",
            )

    def check_same(self, serie: str) -> None:
        """Raise ``CarteRefusee`` (VITALE_CHANGEE) when this is not the card that was read before (CNDA 1.03)."""
        if self.serie != serie:
            raise CarteRefusee(
                "VITALE_CHANGEE",
                "La carte Vitale du lecteur n’est plus celle qui a été lue.",
                conseil="Relisez la carte, puis choisissez la personne présente.",
            )

    def __repr__(self) -> str:
        return f"CarteVitale(nature={self.nature.value}, {len(self.beneficiaires)} bénéficiaires)"


def read_card(data: bytes) -> CarteVitale:
    """The card of a ``donneesVitale`` document.

    Raises ``RefusedInput``: XML_*, VITALE_ILLISIBLE.
    """
    root = parse(data, _LIMITS)
    try:
        return _card(root)
    except (InvalidValue, ValueError, AttributeError) as error:
        raise RefusedInput(
            "VITALE_ILLISIBLE",
            "La carte Vitale n’a pas pu être lue.",
            conseil="Essuyez la puce, remettez la carte, ou cherchez la personne par ses traits.",
        ) from error


def _card(root: etree._Element) -> CarteVitale:
    if root.tag != f"{_V}donneesVitale":
        raise ValueError(root.tag)
    card = _child(root, "carte")
    contract = _child(root, "contratAMO")
    insured, fund = _child(contract, "matriculeAssure"), _child(contract, "organismeAMO")
    people = root.findall(f"{_V}beneficiaire")
    serie = card.get("numeroSerie", "")
    if not _SERIE.fullmatch(serie) or not 1 <= len(people) <= _MAX_BENEFICIAIRES:
        raise ValueError("numeroSerie, beneficiaire")
    return CarteVitale(
        serie=serie,
        nature=NatureCarte(card.get("nature", "")),
        assure=NumeroFacturation((insured.text or "").strip(), insured.get("cle", "")),
        regime=fund.get("codeRegime", ""),
        caisse=fund.get("codeCaisse", ""),
        centre=fund.get("codeCentre", ""),
        beneficiaires=tuple(_person(rang, each) for rang, each in enumerate(people, start=1)),
    )


def _person(rang: int, element: etree._Element) -> BeneficiaireCarte:
    identity = _child(element, "identite")
    names, birth = _child(identity, "nomDetaille"), _child(identity, "dateNaissance")
    certified = identity.find(f"{_V}NIRcertifie")
    number = (certified.text or "").strip() if certified is not None else ""
    born = _DATE.fullmatch((birth.text or "").strip())
    if born is None:
        raise ValueError("dateNaissance")
    return BeneficiaireCarte(
        rang=rang,
        porteur=element.get("porteur", "") in {"1", "true"},
        qualite=element.get("qualite", ""),
        nom_usuel=names.get("nomUsuel", "").strip(),
        nom_famille=names.get("nomFamille", "").strip(),
        prenom=names.get("prenom", "").strip(),
        naissance="-".join(born.groups()),
        rang_gemellaire=int(birth.get("rang") or "1"),
        nir_certifie=NumeroFacturation(number, certified.get("cle", ""))
        if certified is not None and number
        else None,
        certifie_le=_day(certified.get("dateCertification", "")) if certified is not None else "",
    )


def _day(text: str) -> str:
    """A date as the wire asks it, "" when the card has none: many write zeros."""
    found = _DATE.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        return ""


def _child(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(f"{_V}{name}")
    if found is None:
        raise ValueError(name)
    return found
