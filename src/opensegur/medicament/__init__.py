"""Medicines: the public base (BDPM), by code, by group, by what a person types.

The base tells what is authorised and sold, with prices and conditions of delivery; it has no posology, no
contraindication and no interaction: a certified prescription software needs a base approved by the HAS.
"""

from opensegur.medicament.base import BaseMedicaments, Boite
from opensegur.medicament.bdpm import Lecture, LigneIllisible, read_bdpm
from opensegur.medicament.installee import BaseInstallee, forget_base, install_base, installed_base
from opensegur.medicament.specialite import (
    Composant,
    Disponibilite,
    Genericite,
    Groupe,
    Presentation,
    Specialite,
)

__all__ = [
    "BaseInstallee",
    "BaseMedicaments",
    "Boite",
    "Composant",
    "Disponibilite",
    "Genericite",
    "Groupe",
    "Lecture",
    "LigneIllisible",
    "Presentation",
    "Specialite",
    "forget_base",
    "install_base",
    "installed_base",
    "read_bdpm",
]
