"""Every rule of this simulator, with its standing, its source, its French text and the code it answers.

Codes without a public DMP name are those of the standards (WS-Addressing, WS-Security, IHE XDS) or, failing
that, the sandbox's own, in its own namespace: no DMP code is made up. The rules stand in ``catalogue.tsv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from opensegur.sandbox.regles import Manquement, Refus, Regle, load_catalogue

SERVICE: Final = "dmp"
CATALOGUE: Final[Mapping[str, Regle]] = load_catalogue("opensegur.sandbox.dmp", SERVICE)


def manque(regle: str, contexte: str = "") -> Manquement:
    """One broken rule of the catalogue; ``contexte`` names the place, without patient data."""
    return Manquement(CATALOGUE[regle], contexte)


def refuse(regle: str, contexte: str = "") -> Refus:
    """The exception to raise for one broken rule."""
    return Refus(manque(regle, contexte))
