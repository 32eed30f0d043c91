"""A fictional person as the national services know them, and the file that holds them all.

``personnes.tsv`` is made by ``tools/population.py``; ``identites_test.tsv`` holds the test identities published with
the INSi documentation, with the matricules that the test service answers.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal

Nature = Literal["NIR", "NIA"]

OIDS: Final = {
    # 1.2.250.1.213.1.4.10 is the NIR of test; there is no OID of test for a NIA
    "test": {"NIR": "1.2.250.1.213.1.4.10", "NIA": "1.2.250.1.213.1.4.9"},
    # what INSi's own test service answers
    "cnda": {"NIR": "1.2.250.1.213.1.4.8", "NIA": "1.2.250.1.213.1.4.9"},
}
FICHIERS: Final = ("identites_test.tsv", "personnes.tsv")
COLONNES: Final = (
    "numero",
    "cle",
    "nature",
    "nom_naissance",
    "prenoms",
    "sexe",
    "date_naissance",
    "lieu_naissance",
    "nom_utilise",
    "adresse",
    "code_postal",
    "ville",
    "famille",
    "historique",
    "trait",
)


@dataclass(frozen=True, slots=True)
class MatriculePasse:
    """A matricule of before; ``debut`` and ``fin`` (AAAA-MM-JJ) may be empty, or out of order as in real ones."""

    numero: str
    cle: str
    oid: str
    debut: str = ""
    fin: str = ""


@dataclass(frozen=True, slots=True)
class Personne:
    """``numero`` is the 13 characters and ``cle`` the key as INSi answers it, right or not.

    ``date_naissance`` is AAAA-MM-JJ, ``lieu_naissance`` a COG code, ``prenoms`` is separated by spaces. ``famille``
    groups relatives; ``trait`` says in French what makes this person worth a test.
    """

    numero: str
    cle: str
    nature: Nature
    oid: str
    nom_naissance: str
    prenoms: str
    sexe: str
    date_naissance: str
    lieu_naissance: str
    nom_utilise: str = ""
    adresse: tuple[str, str, str] = ("", "", "")
    famille: str = ""
    historique: tuple[MatriculePasse, ...] = ()
    trait: str = ""

    @property
    def ins(self) -> str:
        """The matricule, 15 characters."""
        return self.numero + self.cle

    @property
    def premier_prenom(self) -> str:
        return self.prenoms.partition(" ")[0]


@cache
def load_personnes(oids: str) -> tuple[Personne, ...]:
    """Everybody, with the OIDs of ``oids`` ("test" or "cnda")."""
    return tuple(_personne(row, OIDS[oids]) for name in FICHIERS for row in _rows(name))


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__ or "").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))


def _personne(row: dict[str, str], oids: dict[str, str]) -> Personne:
    return Personne(
        numero=row["numero"],
        cle=row["cle"],
        nature="NIA" if row["nature"] == "NIA" else "NIR",
        oid=oids[row["nature"]],
        nom_naissance=row["nom_naissance"],
        prenoms=row["prenoms"],
        sexe=row["sexe"],
        date_naissance=row["date_naissance"],
        lieu_naissance=row["lieu_naissance"],
        nom_utilise=row["nom_utilise"],
        adresse=(row["adresse"], row["code_postal"], row["ville"]),
        famille=row["famille"],
        historique=tuple(_passe(item, oids["NIR"]) for item in row["historique"].split(";") if item),
        trait=row["trait"],
    )


def _passe(text: str, oid: str) -> MatriculePasse:
    """``numero/cle/debut/fin``."""
    numero, cle, debut, fin = text.split("/")
    return MatriculePasse(numero, cle, oid, debut, fin)
