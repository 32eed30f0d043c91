"""The course of one request's checks: each rule asked is noted, a broken one refuses or is tolerated."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography import x509

from opensegur.sandbox.pki.confiance import Confiance
from opensegur.sandbox.population.annuaire import Population
from opensegur.sandbox.regles import Manquement, Refus, load_catalogue
from opensegur.sandbox.settings import Switches

CATALOGUE: Final = load_catalogue("opensegur.sandbox.insi", "insi")


@dataclass(slots=True)
class Controle:
    """What a request is judged against, and the trace of its judgment."""

    moment: datetime
    switches: Switches
    idams: frozenset[str]
    confiance: Confiance
    population: Population
    certificate: x509.Certificate | None = None
    controles: list[str] = field(default_factory=list)
    toleres: list[Manquement] = field(default_factory=list)

    def require(self, condition: object, regle: str, contexte: str = "") -> None:
        """Note ``regle``; raise ``Refus`` when ``condition`` fails, unless lenience lets it pass."""
        if regle not in self.controles:
            self.controles.append(regle)
        if condition:
            return
        manquement = Manquement(CATALOGUE[regle], contexte)
        if manquement.regle.souple and not self.switches.strict:
            self.toleres.append(manquement)
            return
        raise Refus(manquement)
