"""The values of a medical record: those of structured documents, and a few of ours."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.cda.checks import check_required, check_texts
from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.biologie.analyse import Analyse
from opensegur.cda.n3.dispositifs import DispositifPorte
from opensegur.cda.n3.en_json import Lexique
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.habitude import Habitude
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.foundation.acteurs import Code


@dataclass(frozen=True, slots=True, repr=False)
class RisqueProfessionnel:
    texte: str

    def __post_init__(self) -> None:
        check_texts(self)
        check_required(self.texte, quoi="Facteur de risque professionnel")


@dataclass(frozen=True, slots=True, repr=False)
class Vigilance:
    """A result or a point that another doctor has to know."""

    texte: str

    def __post_init__(self) -> None:
        check_texts(self)
        check_required(self.texte, quoi="Point de vigilance")


@dataclass(frozen=True, slots=True, repr=False)
class Soignant:
    """Somebody of the care team. ``fonction`` ∈ JDV_J47; ``id_nat`` (PS_IdNat) and ``specialite`` when known."""

    nom: str
    fonction: Code
    prenom: str = ""
    titre: str = ""
    specialite: str = ""
    id_nat: str = ""
    telephone: str = ""

    def __post_init__(self) -> None:
        check_texts(self)
        check_required(self.nom, quoi="Nom du soignant")


Valeur = (
    Probleme
    | Allergie
    | Traitement
    | Vaccination
    | Acte
    | Habitude
    | AntecedentFamilial
    | Analyse
    | DispositifPorte
    | RisqueProfessionnel
    | Vigilance
    | Soignant
)
LEXIQUE = Lexique(
    (
        Probleme,
        Allergie,
        Traitement,
        Vaccination,
        Acte,
        Habitude,
        AntecedentFamilial,
        Analyse,
        DispositifPorte,
        RisqueProfessionnel,
        Vigilance,
        Soignant,
    )
)
