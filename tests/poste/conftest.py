"""A workstation with a reader in memory, a clock that stands still, and the server that it is paired with."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from opensegur.cps.testing import LecteursVirtuels, make_card
from opensegur.poste.defis import seal_of
from opensegur.poste.jumelage import Carnet, Jumelage
from opensegur.poste.materiel_cps import MaterielCps
from opensegur.poste.requetes import Reponse, Requete
from opensegur.poste.service import Agent, Systeme

SERVEUR = "https://cabinet.lan"
POSTE = "3f1c8a52-7d0e-4d0b-9a44-5b8f2f1f6f10"
SECRET = bytes(range(32))
PORT = 41730


@dataclass
class Horloge:
    moment: float = 1000.0

    def __call__(self) -> float:
        return self.moment


@dataclass
class Poste:
    """One workstation: its readers, the file of its pairing, its agent."""

    dossier: Path
    lecteurs: LecteursVirtuels
    horloge: Horloge = field(default_factory=Horloge)
    variables: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        system = Systeme(lambda: self.variables, frozenset, lambda: None, self.horloge)
        self.agent = Agent(Carnet(self.dossier / "jumelage.json"), MaterielCps(lambda: self.lecteurs), PORT, system)

    def pair(self, origine: str = SERVEUR, poste: str = POSTE, secret: bytes = SECRET) -> None:
        Carnet(self.dossier / "jumelage.json").write(Jumelage(origine, poste, secret, "Cabinet des Tilleuls"))
        self.restart()

    def ask(self, methode: str, chemin: str, corps: Any = None, **entetes: str) -> Reponse:
        """As a page of the server does, unless headers say otherwise; ``_`` stands for ``-`` in their names."""
        headers = {"host": f"127.0.0.1:{PORT}", "origin": SERVEUR}
        body = b""
        if corps is not None:
            headers["content-type"] = "application/json"
            body = json.dumps(corps).encode()
        given = {name.replace("_", "-"): value for name, value in entetes.items()}
        headers = {name: value for name, value in {**headers, **given}.items() if value}
        return self.agent.handle(Requete(methode, chemin, headers, body))

    def seal(self, secret: bytes = SECRET, origine: str = SERVEUR) -> str:
        """What the server does with a fresh challenge: the value of Authorization."""
        defi = said(self.ask("GET", "/v1/bonjour", origin=origine))["defi"]
        return f"Bearer {defi}.{seal_of(secret, origine, defi)}"

    def sealed(self, methode: str, chemin: str, corps: Any = None, **entetes: str) -> Reponse:
        return self.ask(methode, chemin, corps, **{"authorization": self.seal(), **entetes})


def said(response: Reponse) -> dict[str, Any]:
    found = json.loads(response.corps)
    assert isinstance(found, dict)
    return found


def pairing(poste: str = POSTE, secret: bytes = SECRET) -> dict[str, str]:
    return {"poste": poste, "secret": base64.b64encode(secret).decode(), "structure": "Cabinet des Tilleuls"}


@pytest.fixture
def comptoir(tmp_path: Path) -> Poste:
    """Not paired yet; a card in its reader."""
    return Poste(tmp_path / "comptoir", LecteursVirtuels(comptoir=make_card()))


@pytest.fixture
def jumele(comptoir: Poste) -> Poste:
    comptoir.pair()
    return comptoir
