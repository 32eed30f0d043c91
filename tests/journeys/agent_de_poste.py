"""The agent of a workstation whose reader is in memory: prints its address, and stops when its input ends."""

from __future__ import annotations

import sys
from pathlib import Path

from opensegur.cps.testing import LecteursVirtuels, make_card
from opensegur.poste.jumelage import Carnet
from opensegur.poste.materiel_cps import MaterielCps
from opensegur.poste.serveur import ServeurPoste
from opensegur.poste.service import Agent


def main() -> None:
    lecteurs = LecteursVirtuels(comptoir=make_card())
    carnet = Carnet(Path(sys.argv[1]) / "jumelage.json")
    with ServeurPoste(lambda port: Agent(carnet, MaterielCps(lambda: lecteurs), port)) as serveur:
        print(serveur.adresse, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
