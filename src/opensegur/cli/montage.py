"""The demonstration put together: the sandbox, the practice that uses it, and the configuration between them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from opensegur import __version__
from opensegur.foundation.acteurs import Structure
from opensegur.foundation.configuration import (
    Configuration,
    Lps,
    PointDmp,
    PointInsi,
    PointPsc,
    Profil,
    write_configuration,
)
from opensegur.sandbox.pki.magasin import Pki
from opensegur.sandbox.population.acteurs import CABINET, STRUCTURES
from opensegur.sandbox.server import Addresses, SandboxServer
from opensegur.sandbox.settings import CLIENT_DEMO, IDAM_DEMO, SandboxSettings

if TYPE_CHECKING:
    from opensegur.cabinet.demo import Acces

_LPS = Lps(
    nom="OpenSegur",
    version=__version__,
    oid="2.25.190277482964125735427823473827346123456",
    instance="5f3d2c1a-7b64-4c55-9d0e-4a8f6b2c1d90",
    idam=IDAM_DEMO,
    homologation="OPENSEGUR-DEMO-tmp",
)
_RETOUR_PSC = "/compte/psc/retour/"


@dataclass(frozen=True, slots=True)
class Ports:
    """0 takes a free one."""

    cabinet: int = 8000
    http: int = 8080
    https: int = 8443


@dataclass(frozen=True, slots=True)
class Demo:
    """What is running: ``cabinet`` and ``bac_a_sable`` are addresses for a browser."""

    cabinet: str
    bac_a_sable: Addresses
    donnees: Path
    comptes: tuple[Acces, ...]


@contextmanager
def running_demo(donnees: Path, ports: Ports) -> Iterator[Demo]:
    """Start everything on loopback, and leave nothing running afterwards.

    Once per process: Django reads its settings once. Raises ``OpenSegurError``.
    """
    donnees.mkdir(parents=True, exist_ok=True)
    sandbox = SandboxServer(donnees / "bac-a-sable", ports.http, ports.https, SandboxSettings(donnees))
    with sandbox as addresses:
        from opensegur.cabinet.serveur import CabinetServer

        cabinet = CabinetServer(port=ports.cabinet)
        dossier = donnees / "cabinet"
        configure(dossier, addresses, sandbox.context.pki, cabinet.adresse)
        os.environ["OPENSEGUR_CABINET_ADRESSE"] = cabinet.adresse
        from opensegur.cabinet import installation

        installation.prepare(dossier)
        from opensegur.cabinet.demo import load

        comptes = load()
        with cabinet:
            yield Demo(cabinet.adresse, addresses, donnees, comptes)


def configure(dossier: Path, addresses: Addresses, pki: Pki, cabinet: str) -> None:
    """Write the practice's configuration, and one for each of the demonstration's structures."""
    (dossier / "structures").mkdir(parents=True, exist_ok=True)
    secret = dossier / "psc-secret"
    secret.write_text(CLIENT_DEMO.secret, encoding="utf-8")
    psc = PointPsc(
        decouverte=addresses.psc_decouverte,
        client_id=CLIENT_DEMO.client_id,
        client_secret_fichier=secret,
        redirection=f"{cabinet}{_RETOUR_PSC}",
    )
    for structure in STRUCTURES:
        configuration = _configuration(structure, addresses, pki, psc)
        write_configuration(configuration, dossier / "structures" / f"{structure.id_nat}.toml")
        if structure is CABINET:
            write_configuration(configuration, dossier / "opensegur.toml")


def _configuration(structure: Structure, addresses: Addresses, pki: Pki, psc: PointPsc) -> Configuration:
    insi, auth, sign = (pki.client(structure.id_nat, usage) for usage in ("insi", "dmp-auth", "dmp-sign"))
    return Configuration(
        profil=Profil.BAC_A_SABLE,
        lps=_LPS,
        structure=replace(structure),
        insi=PointInsi(addresses.insi, insi.certificat, insi.cle, pki.racine),
        dmp=PointDmp(addresses.dmp, auth.certificat, auth.cle, sign.certificat, sign.cle, pki.racine),
        psc=psc,
    )
