"""A medicine as the Base de données publique des médicaments (BDPM) tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

_VACCINE = re.compile(r"\bvaccin\b", re.IGNORECASE)


class Genericite(StrEnum):
    """The place of a medicine in its generic group (CIS_GENER, types 0, 1, 2 and 4)."""

    PRINCEPS = "princeps"
    GENERIQUE = "générique"
    COMPLEMENT = "générique par complémentarité posologique"
    SUBSTITUABLE = "générique substituable"


@dataclass(frozen=True, slots=True)
class Presentation:
    """A box: ``cip13`` and ``cip7``, what it holds, ``taux`` of reimbursement in percent, ``prix`` in euros."""

    cip13: str
    cip7: str
    libelle: str
    active: bool = True
    commercialisee: bool = True
    taux: int | None = None
    prix: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Composant:
    """A substance in ``element`` (a tablet, a solvent): ``dosage`` for ``reference`` (one tablet, 5 ml).

    ``fraction``: the therapeutic fraction, the name that people know (METFORMINE), and not the salt; ``lien`` ties
    one to the other.
    """

    element: str
    code: str
    substance: str
    dosage: str
    reference: str
    fraction: bool
    lien: str


@dataclass(frozen=True, slots=True)
class Groupe:
    """A generic group and the place of the medicine in it."""

    id: str
    libelle: str
    place: Genericite


@dataclass(frozen=True, slots=True)
class Disponibilite:
    """What the ANSM says of the supply: ``etat`` (Rupture de stock, Tension, …), since when, back when."""

    etat: str
    depuis: date | None
    retour: date | None
    cip13: str = ""


@dataclass(frozen=True, slots=True)
class Specialite:
    """``cis`` eight digits; ``voies`` of administration; ``atc`` "" when nobody says it.

    ``atc_a_verifier``: the class is ours, for lack of one in the base (some vaccines).
    ``autorisee`` and ``commercialisee``: a medicine that left the market stays, because patients still take it.
    ``surveillance``: reinforced surveillance (black triangle). ``conditions`` of prescription and delivery, as
    published.
    """

    cis: str
    denomination: str
    forme: str
    voies: tuple[str, ...]
    titulaire: str
    autorisee: bool = True
    commercialisee: bool = True
    surveillance: bool = False
    atc: str = ""
    atc_a_verifier: bool = False
    presentations: tuple[Presentation, ...] = ()
    composition: tuple[Composant, ...] = ()
    groupes: tuple[Groupe, ...] = ()
    conditions: tuple[str, ...] = ()
    disponibilites: tuple[Disponibilite, ...] = ()

    @property
    def substances(self) -> tuple[str, ...]:
        """Their usual names, each once: the therapeutic fraction where there is one, the salt otherwise."""
        known = {part.lien for part in self.composition if part.fraction}
        named = (part.substance for part in self.composition if part.fraction or part.lien not in known)
        return tuple(dict.fromkeys(named))

    @property
    def is_hospital_only(self) -> bool:
        return any(condition.casefold().startswith("réservé à l'usage hospitalier") for condition in self.conditions)

    @property
    def is_vaccine(self) -> bool:
        """By its class; the base lacks that of some vaccines, whose name says it."""
        return self.atc.startswith("J07") or (not self.atc and bool(_VACCINE.search(self.denomination)))

    @property
    def liste(self) -> str:
        """« liste I », « liste II », « stupéfiants », or "" for what is on no list."""
        return next((each for each in self.conditions if each in {"liste I", "liste II", "stupéfiants"}), "")
