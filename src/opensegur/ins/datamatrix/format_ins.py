"""The layout of the payload: a header of 26 characters, then blocks of an identifier and a value (v2.2, §3)."""

from __future__ import annotations

from dataclasses import dataclass

GS = "\u001d"
TYPE = "IS"
VERSION = "01"
ENTETE = TYPE + VERSION + "0" * 22


@dataclass(frozen=True, slots=True)
class Bloc:
    """``minimum`` and ``maximum``: lengths of the value; equal ones need no separator."""

    identifiant: str
    libelle: str
    minimum: int
    maximum: int
    obligatoire: bool = True

    def needs_separator(self, valeur: str) -> bool:
        """A separator follows a variable value that is not at its greatest length, unless it is the last."""
        return self.minimum != self.maximum and len(valeur) < self.maximum


BLOCS = (
    Bloc("S1", "matricule", 15, 15),
    Bloc("S2", "OID", 19, 20),
    Bloc("S3", "prénoms", 1, 100),
    Bloc("S4", "nom de naissance", 1, 100),
    Bloc("S5", "sexe", 1, 1),
    Bloc("S6", "date de naissance", 10, 10),
    Bloc("S7", "lieu de naissance", 5, 5, obligatoire=False),
)
PAR_IDENTIFIANT = {bloc.identifiant: bloc for bloc in BLOCS}
