"""What a card says: its kind, its holder, where the holder practises, its two certificates.

Sources: NOS TRE_G02 (kinds), TRE_G15 (professions), IGC-Santé (subjects); the Cryptolib's data objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509

from opensegur.cps.errors import cps_error
from opensegur.foundation.acteurs import OID_PROFESSION_SANTE, Professionnel, Structure
from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature import table
from opensegur.nomenclature.words import words


class TypeCarte(StrEnum):
    """The card's certificate tells a pair of them (TRE_G02): CDE from CPE and CDA from CPA by the title alone."""

    CPS = "CPS"
    CPF = "CPF"
    CDE = "CDE"
    CPE = "CPE"
    CDA = "CDA"
    CPA = "CPA"

    @property
    def libelle(self) -> str:
        return _LIBELLES[self]

    @property
    def soignant(self) -> bool:
        """Whether its holder is a health professional, or learns to be one."""
        return self in {TypeCarte.CPS, TypeCarte.CPF}


_LIBELLES = {
    TypeCarte.CPS: "Carte de professionnel de santé",
    TypeCarte.CPF: "Carte de professionnel de santé en formation",
    TypeCarte.CDE: "Carte de directeur d’établissement de santé",
    TypeCarte.CPE: "Carte de personnel d’établissement de santé",
    TypeCarte.CDA: "Carte de directeur autorisé",
    TypeCarte.CPA: "Carte de personnel autorisé",
}


@dataclass(frozen=True, slots=True)
class Porteur:
    """Who holds the card: ``id_nat`` is the PS_IdNat, ``titre`` the profession in words (« Médecin »).

    ``savoir_faire`` comes from the chip (SM26), never from the certificate. Raises ``InvalidValue``.
    """

    id_nat: str
    nom: str
    prenom: str = ""
    titre: str = ""
    savoir_faire: str = ""

    def __post_init__(self) -> None:
        if not self.id_nat.strip() or not self.nom.strip():
            raise InvalidValue("CPS_PORTEUR", "La carte ne nomme pas son porteur.", conseil="Faites-la contrôler.")

    @property
    def profession(self) -> str:
        """The code of TRE_G15 that says the title; "" for a title that is no profession of the table."""
        said = words(self.titre)
        return next((each.code for each in table("TRE_G15") if said and words(each.label) == said), "")

    def professionnel(self, profession: str = "", system: str = OID_PROFESSION_SANTE) -> Professionnel:
        """The holder as messages name them; ``profession`` is asked when the card does not tell it (a CPE).

        Raises ``CpsError`` CPS_PROFESSION, ``InvalidValue``.
        """
        code = profession or self.profession
        if not code:
            raise cps_error("CPS_PROFESSION", self.titre)
        return Professionnel(self.id_nat, self.nom, self.prenom, code, self.savoir_faire, system)


@dataclass(frozen=True, slots=True)
class SituationExercice:
    """One activity of the chip: the structure and its sector always go together in a VIHF."""

    rang: int
    raison_sociale: str = ""
    id_structure: str = ""
    secteur: str = ""

    def structure(self) -> Structure:
        """As messages name it. Raises ``CpsError`` CPS_ACTIVITE when the chip tells too little."""
        if not self.id_structure or not self.secteur:
            raise cps_error("CPS_ACTIVITE", f"rang {self.rang}")
        try:
            return Structure(self.id_structure, self.raison_sociale or self.id_structure, self.secteur)
        except InvalidValue as error:
            raise cps_error("CPS_ACTIVITE", error.code) from error


@dataclass(frozen=True, slots=True)
class Carte:
    """One card as it was read.

    ``activites`` is ``None`` before the holder's code, which protects them; ``test`` marks a card of test.
    ``serie`` and ``label`` are the chip's own.
    """

    type: TypeCarte
    porteur: Porteur
    serie: str
    label: str
    test: bool
    authentification: x509.Certificate
    signature: x509.Certificate
    activites: tuple[SituationExercice, ...] | None = None
