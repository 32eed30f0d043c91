"""Who may do what: the matrix of functional rights, transaction by profile by mode of access.

The cells stand in ``droits.tsv``: letters N (normal), R (regulation, centre 15) and B (bris de glace), with a
condition after a colon. A plain "yes" of the published matrix is written NRB.
Source: GIE SESAM-Vitale PDT-INF-526 v1.8 (2024-09-25) and PDT-INF-606 (2025-07-08).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Final

from opensegur.foundation.acteurs import OID_PROFESSION_SANTE
from opensegur.sandbox.dmp.vihf import Mode, Usage, Vihf

MEDECIN: Final = "10"
PHARMACIEN: Final = "21"
_ETUDIANTS: Final = "1.2.250.1.71.1.2.8"
_TRAVAIL: Final = frozenset({"SM25", "SCH35", "C41", "CAPA11", "FON-29"})
_LETTRE: Final = {Usage.NORMAL: "N", Usage.CENTRE_15: "R", Usage.BRIS_DE_GLACE: "B"}


class Profil(StrEnum):
    """A column of the matrix."""

    PS_NON_MEDECIN = "ps_non_medecin"
    MEDECIN = "medecin"
    MEDECIN_TRAITANT = "medecin_traitant"
    MEDECIN_TRAVAIL = "medecin_travail"
    CPE = "cpe"
    STRUCTURE = "structure"
    AIR_PS = "air_ps"
    AIR_PE = "air_pe"


class Condition(StrEnum):
    """What a right is subject to."""

    AUCUNE = ""
    AUTEUR = "auteur"
    PATIENT = "patient"
    STRUCTURE = "structure"
    REFERENCE = "reference"
    RESTREINT = "restreint"
    MEDECIN = "medecin"


@dataclass(frozen=True, slots=True)
class Droit:
    """A right that exists, under its condition."""

    condition: Condition


Matrice = dict[tuple[str, Profil, Usage], Droit]


def _load() -> Matrice:
    text = resources.files(__package__).joinpath("droits.tsv").read_text(encoding="utf-8")
    matrice: Matrice = {}
    for ligne in csv.DictReader(text.splitlines(), delimiter="\t", strict=True):
        for profil in Profil:
            for item in ligne[profil].split():
                letters, _, condition = item.partition(":")
                for usage, letter in _LETTRE.items():
                    if letter in letters:
                        matrice[ligne["td"], profil, usage] = Droit(Condition(condition))
    return matrice


MATRICE: Final = _load()
TRANSACTIONS: Final = tuple(dict.fromkeys(td for td, _, _ in MATRICE))


def right(td: str, profil: Profil, usage: Usage) -> Droit | None:
    """The right of ``profil`` to the transaction ``td`` in the mode of access ``usage``; None when closed."""
    return MATRICE.get((td, profil, usage))


def is_health_professional(vihf: Vihf) -> bool:
    return vihf.profession.system in {OID_PROFESSION_SANTE, _ETUDIANTS}


def is_physician(vihf: Vihf) -> bool:
    return vihf.profession.system == OID_PROFESSION_SANTE and vihf.profession.code == MEDECIN


def profile(vihf: Vihf, *, medecin_traitant: bool) -> Profil:
    """The column of the matrix for this bearer, who may have declared being the patient's treating physician."""
    if vihf.mode is Mode.INDIRECTE:
        return Profil.STRUCTURE
    if vihf.mode is Mode.RENFORCEE:
        return Profil.AIR_PS if is_health_professional(vihf) else Profil.AIR_PE
    if not is_health_professional(vihf):
        return Profil.CPE
    if not is_physician(vihf):
        return Profil.PS_NON_MEDECIN
    if any(role.code in _TRAVAIL for role in vihf.roles[1:]):
        return Profil.MEDECIN_TRAVAIL
    return Profil.MEDECIN_TRAITANT if medecin_traitant else Profil.MEDECIN


def authorised_kind(profil: Profil) -> str:
    """On whom a consultation right is written: the professional, or the structure for those who are not one."""
    return "STRUCTURE" if profil in {Profil.CPE, Profil.AIR_PE, Profil.STRUCTURE} else "PS"
