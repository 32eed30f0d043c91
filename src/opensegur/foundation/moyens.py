"""By which means a national service may be called: cards, Pro Santé Connect, certificates, accounts of the practice.

``moyens.tsv`` has one line for each pair: what to say to whoever asks, its standing and its source.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources


class Moyen(StrEnum):
    """What proves who calls."""

    CPS = "cps"
    CPF = "cpf"
    CPE = "cpe"
    CPE_ANONYME = "cpe_anonyme"
    PSC = "psc"
    CERTIFICAT_INSI = "certificat_insi"
    CERTIFICAT_STRUCTURE = "certificat_structure"
    COMPTE_LOCAL = "compte_local"

    @property
    def libelle(self) -> str:
        return _MOYENS[self]


class ServiceNational(StrEnum):
    """What is called; the DMP is read, fed and looked through for references by different means."""

    INSI = "insi"
    DMP_CONSULTER = "dmp_consulter"
    DMP_ALIMENTER = "dmp_alimenter"
    DMP_REFERENCES = "dmp_references"
    PSC = "psc"
    MSSANTE_PERSONNE = "mssante_personne"
    MSSANTE_STRUCTURE = "mssante_structure"

    @property
    def libelle(self) -> str:
        return _SERVICES[self]


_MOYENS = {
    Moyen.CPS: "carte CPS",
    Moyen.CPF: "carte CPF",
    Moyen.CPE: "carte CPE ou CDE nominative",
    Moyen.CPE_ANONYME: "carte CPE sans nom",
    Moyen.PSC: "Pro Santé Connect",
    Moyen.CERTIFICAT_INSI: "certificat INSi de la structure",
    Moyen.CERTIFICAT_STRUCTURE: "certificats de la structure",
    Moyen.COMPTE_LOCAL: "compte du cabinet",
}
_SERVICES = {
    ServiceNational.INSI: "chercher et vérifier une INS",
    ServiceNational.DMP_CONSULTER: "consulter le DMP",
    ServiceNational.DMP_ALIMENTER: "alimenter le DMP",
    ServiceNational.DMP_REFERENCES: "remplacer ou supprimer au DMP",
    ServiceNational.PSC: "entrer par Pro Santé Connect",
    ServiceNational.MSSANTE_PERSONNE: "boîte MSSanté d’une personne",
    ServiceNational.MSSANTE_STRUCTURE: "boîte MSSanté applicative",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """``motif``: the condition or the reason, a French sentence; ``rang``: ``sure`` or ``deduced``."""

    ouvert: bool
    motif: str
    rang: str
    source: str


@cache
def moyens() -> Mapping[Moyen, Mapping[ServiceNational, Verdict]]:
    """The whole table, means by means. Raises ``ValueError`` when it is not whole."""
    text = resources.files(__package__).joinpath("moyens.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t")
    found: dict[Moyen, dict[ServiceNational, Verdict]] = {each: {} for each in Moyen}
    for row in rows:
        cells, service = found[Moyen(row["moyen"])], ServiceNational(row["service"])
        if service in cells or row["verdict"] not in {"oui", "non"} or not row["motif"] or not row["source"]:
            raise ValueError(f"moyens.tsv: {row}")
        cells[service] = Verdict(row["verdict"] == "oui", row["motif"], row["rang"], row["source"])
    if any(len(cells) != len(ServiceNational) for cells in found.values()):
        raise ValueError("moyens.tsv: a cell is missing")
    return found


def verdict(moyen: Moyen, service: ServiceNational) -> Verdict:
    return moyens()[moyen][service]
