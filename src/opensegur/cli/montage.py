"""The demonstration put together: the sandbox, the practice that uses it, and the configuration between them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from opensegur.foundation.configuration import write_configuration
from opensegur.sandbox.client import export_client_configuration, write_addresses
from opensegur.sandbox.pki.magasin import Pki
from opensegur.sandbox.population.acteurs import CABINET, STRUCTURES
from opensegur.sandbox.server import Addresses, SandboxServer
from opensegur.sandbox.settings import SandboxSettings

if TYPE_CHECKING:
    from opensegur.cabinet.demo import Acces

_RETOUR_PSC = "/compte/psc/retour/"


@dataclass(frozen=True, slots=True)
class Ports:
    """0 takes a free one."""

    cabinet: int = 0
    http: int = 0
    https: int = 0

    @classmethod
    def chosen(cls, cabinet: int | None, http: int | None, https: int | None) -> Ports:
        """What was asked for; by default 8000, 8080 and 8443, or free ones where another program has them."""
        return cls(
            *(
                _usual(usual) if asked is None else asked
                for asked, usual in ((cabinet, 8000), (http, 8080), (https, 8443))
            )
        )


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
        write_addresses(donnees / "bac-a-sable", addresses)
        from opensegur.cabinet.serveur import CabinetServer

        cabinet = CabinetServer(port=ports.cabinet)
        dossier = donnees / "cabinet"
        configure(dossier, addresses, sandbox.context.pki, cabinet.adresse)
        os.environ["OPENSEGUR_CABINET_ADRESSE"] = cabinet.adresse
        os.environ["OPENSEGUR_DEBIT"] = f"{addresses.http}/debit"
        from opensegur.cabinet import installation

        installation.prepare(dossier)
        from opensegur.cabinet.demo import load

        comptes = load()
        with cabinet:
            yield Demo(cabinet.adresse, addresses, donnees, comptes)


def _usual(port: int) -> int:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def configure(dossier: Path, addresses: Addresses, pki: Pki, cabinet: str) -> None:
    """Write a configuration for each of the demonstration's structures; the practice's is the installation's own."""
    for structure in STRUCTURES:
        client = export_client_configuration(dossier / "structures", addresses, pki, structure)
        assert client.configuration.psc is not None
        psc = replace(client.configuration.psc, redirection=f"{cabinet}{_RETOUR_PSC}")
        configuration = replace(client.configuration, psc=psc)
        write_configuration(configuration, client.fichier)
        if structure is CABINET:
            write_configuration(configuration, dossier / "opensegur.toml")
