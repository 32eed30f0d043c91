"""What a request to INSi is judged against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509

from opensegur.sandbox.controle import Controle
from opensegur.sandbox.pki.confiance import Confiance
from opensegur.sandbox.population.annuaire import Population
from opensegur.sandbox.regles import load_catalogue

CATALOGUE: Final = load_catalogue("opensegur.sandbox.insi", "insi")


@dataclass(slots=True, kw_only=True)
class ControleInsi(Controle):
    moment: datetime
    idams: frozenset[str]
    confiance: Confiance
    population: Population
    certificate: x509.Certificate | None
