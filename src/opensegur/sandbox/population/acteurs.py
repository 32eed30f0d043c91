"""The demonstration's professionals and structures, all fictional, with identifiers of the test ranges.

RPPS numbers are in the 997… range of test cards; SIRET and FINESS numbers satisfy Luhn like them and lie in ranges
that are given to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from opensegur.foundation.acteurs import Adresse, Professionnel, Structure, Telecom

OID_NON_PS: Final = "1.2.250.1.213.1.1.4.6"

CABINET: Final = Structure(
    id_nat="300000099200016",
    nom="CABINET MEDICAL DES TILLEULS",
    secteur="SA07",
    adresse=Adresse(("12 RUE DES TILLEULS",), "18340", "LEVET", "FRANCE"),
    telecoms=(Telecom("tel:+33199000012", "WP"),),
)
OFFICINE: Final = Structure(
    id_nat="1189999998",
    nom="PHARMACIE DE LA HALLE",
    secteur="SA33",
    cadre="AMBULATOIRE",
    adresse=Adresse(("3 PLACE DE LA HALLE",), "18340", "LEVET", "FRANCE"),
    telecoms=(Telecom("tel:+33199000003", "WP"),),
)
CENTRE: Final = Structure(
    id_nat="1189999980",
    nom="CENTRE DE SANTE DU CHER FICTIF",
    secteur="SA05",
    adresse=Adresse(("1 AVENUE DE LA GARE",), "18000", "BOURGES", "FRANCE"),
)
STRUCTURES: Final = (CABINET, OFFICINE, CENTRE)

MEDECIN: Final = Professionnel("899700500012", "MARCHAND", "CLAIRE", "10", "SM26", civilite="MME", titre="DR")
MEDECIN_ASSOCIE: Final = Professionnel("899700500020", "OLIVEIRA", "PAUL", "10", "SM26", civilite="M", titre="DR")
PHARMACIENNE: Final = Professionnel("899700500038", "BENSAID", "NADIA", "21", "A", civilite="MME", titre="DR")
INFIRMIERE: Final = Professionnel("899700500046", "LE GOFF", "SOAZIG", "60", civilite="MME")
REMPLACANT: Final = Professionnel("899700500053", "VALLIER", "HUGO", "10", "SM26", civilite="M", titre="DR")
SECRETAIRE: Final = Professionnel(
    "500000099200016/CPAT00001",
    "FAUREL",
    "LOU",
    "SECRETARIAT_MEDICAL",
    profession_system=OID_NON_PS,
    civilite="MME",
)
PROFESSIONNELS: Final = (MEDECIN, MEDECIN_ASSOCIE, PHARMACIENNE, INFIRMIERE, REMPLACANT, SECRETAIRE)

TITRES: Final = {"10": "Médecin", "21": "Pharmacien", "60": "Infirmier", "SECRETARIAT_MEDICAL": "Secrétaire"}


@dataclass(frozen=True, slots=True)
class Poste:
    """Where a professional works: mode (L, S), genre of activity, and the structure."""

    structure: Structure
    mode: str = "L"
    genre: str = "GENR01"


@dataclass(frozen=True, slots=True)
class Situation:
    """A professional with all their places of work, and how they prove who they are."""

    professionnel: Professionnel
    postes: tuple[Poste, ...] = ()
    moyens: tuple[str, ...] = field(default=("e-CPS", "CPS"))


SITUATIONS: Final = (
    Situation(MEDECIN, (Poste(CABINET), Poste(CENTRE, "S"))),
    Situation(MEDECIN_ASSOCIE, (Poste(CABINET),)),
    Situation(PHARMACIENNE, (Poste(OFFICINE),)),
    Situation(INFIRMIERE, (Poste(CABINET),)),
    Situation(REMPLACANT, ()),
    Situation(SECRETAIRE, (Poste(CABINET, "S"),), ("CPE",)),
)
