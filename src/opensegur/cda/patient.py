"""The patient of a document, as the header carries him."""

from __future__ import annotations

import re
from dataclasses import dataclass

from opensegur.cda.participations import Representant
from opensegur.foundation.acteurs import Adresse, Telecom
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.identifiers import check_oid
from opensegur.ins.matricule import Matricule
from opensegur.ins.traits import Traits

# what the header Schematron asks for as soon as an INS is there, and that Traits alone does not promise
_TRAITS_WITH_INS = (
    ("prenoms", "la liste des prénoms de naissance"),
    ("lieu_naissance", "le code COG du lieu de naissance"),
)


@dataclass(frozen=True, slots=True, repr=False)
class PatientCda:
    """Identity in a document (``recordTarget``).

    ``matricule`` is given only when the identity is qualified: whoever builds the document knows the status.
    ``ipp`` is the local number, issued under ``ipp_oid``. ``deces`` is ``None`` when nothing is known, ``""``
    for a death of unknown date, or ``AAAA-MM-JJ``. ``rang_naissance`` says the order in a multiple birth.
    """

    traits: Traits
    matricule: Matricule | None = None
    ipp: str = ""
    ipp_oid: str = ""
    adresse: Adresse | None = None
    telecoms: tuple[Telecom, ...] = ()
    deces: str | None = None
    rang_naissance: int | None = None
    representants: tuple[Representant, ...] = ()

    def __post_init__(self) -> None:
        self._check_identifiers()
        if self.deces and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", self.deces):
            raise InvalidValue("CDA_DECES", "La date de décès n’est pas valide.", conseil="Écrivez AAAA-MM-JJ.")
        if self.rang_naissance is not None and self.rang_naissance < 1:
            raise InvalidValue(
                "CDA_RANG_NAISSANCE", "Le rang de naissance commence à 1.", conseil="Corrigez le rang de naissance."
            )

    def _check_identifiers(self) -> None:
        if self.matricule is None and not self.ipp:
            raise InvalidValue(
                "CDA_SANS_IDENTIFIANT",
                "Le patient n’a ni INS ni numéro local (IPP).",
                conseil="Donnez le matricule INS d’une identité qualifiée, ou l’IPP et l’OID qui l’émet.",
            )
        if self.ipp and not self.ipp_oid:
            raise InvalidValue(
                "CDA_IPP_OID",
                "Le numéro local du patient (IPP) est donné sans l’OID qui l’émet.",
                conseil="Donnez ipp_oid, l’OID de votre structure pour ses numéros de patients.",
            )
        if self.ipp_oid:
            check_oid(self.ipp_oid)
        if self.matricule is None:
            return
        missing = [words for name, words in _TRAITS_WITH_INS if not getattr(self.traits, name)]
        if missing:
            raise InvalidValue(
                "CDA_TRAITS_INS",
                f"Avec un matricule INS, il manque au patient {', '.join(missing)}.",
                conseil="Complétez l’identité par le téléservice INSi, ou produisez le document sans l’INS.",
            )

    def __repr__(self) -> str:
        # an identity must not reach a log through a representation
        return "PatientCda(…)"
