"""How a client is set to use a running sandbox: addresses, certificates, the demonstration's identifiers.

``opensegur.toml`` is the file that ``load_configuration`` reads; any other software takes the same values by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from opensegur import __version__
from opensegur.foundation.acteurs import Structure
from opensegur.foundation.configuration import Configuration, write_configuration
from opensegur.foundation.points import Lps, PointApcv, PointCarte, PointDmp, PointInsi, PointPsc, PointVitale, Profil
from opensegur.sandbox.pki.magasin import Pki
from opensegur.sandbox.population.acteurs import STRUCTURES
from opensegur.sandbox.server import Addresses
from opensegur.sandbox.settings import CLIENT_DEMO, IDAM_DEMO
from opensegur.sandbox.vitale.fabrique import DOSSIER

_INSTANCE: Final = "3f1d2c9e-0b54-4d8a-9a77-6f2c1e5b8d40"
_LPS_OID: Final = "2.25.84097651420385012378945610237894561"
_HOMOLOGATION: Final = "OPENSEGUR-BAC-A-SABLE"


@dataclass(frozen=True, slots=True)
class ClientConfiguration:
    """One structure's way into the sandbox; ``fichier`` is its TOML file, ``configuration`` what it says."""

    fichier: Path
    configuration: Configuration


def export_client_configuration(
    folder: Path, addresses: Addresses, pki: Pki, structure: Structure = STRUCTURES[0]
) -> ClientConfiguration:
    """Write ``opensegur-<Struct_IdNat>.toml`` in ``folder`` and give what it says.

    The client secret, which a TOML file never holds, lies beside it in ``psc-secret.txt``. Raises
    ``ConfigurationError``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "psc-secret.txt"
    secret.write_text(CLIENT_DEMO.secret + "\n", encoding="utf-8", newline="\n")
    identifier = structure.id_nat
    insi, auth, sign = pki.insi(identifier), pki.dmp_auth(identifier), pki.dmp_sign(identifier)
    configuration = Configuration(
        profil=Profil.BAC_A_SABLE,
        lps=Lps(
            nom="OpenSegur",
            version=__version__,
            oid=_LPS_OID,
            instance=_INSTANCE,
            idam=IDAM_DEMO,
            homologation=_HOMOLOGATION,
        ),
        structure=structure,
        insi=PointInsi(url=addresses.insi, certificat=insi.certificat, cle=insi.cle, ancres=pki.racine),
        dmp=PointDmp(
            url=addresses.dmp,
            certificat=auth.certificat,
            cle=auth.cle,
            certificat_signature=sign.certificat,
            cle_signature=sign.cle,
            ancres=pki.racine,
        ),
        apcv=PointApcv(url=addresses.apcv, certificat=auth.certificat, cle=auth.cle, ancres=pki.racine),
        vitale=PointVitale(cartes=_cards(pki)),
        carte=PointCarte(ancres=pki.ancres),
        psc=PointPsc(
            decouverte=addresses.psc_decouverte,
            client_id=CLIENT_DEMO.client_id,
            client_secret=CLIENT_DEMO.secret,
            client_secret_fichier=secret,
        ),
    )
    path = folder / f"opensegur-{identifier}.toml"
    write_configuration(configuration, path)
    return ClientConfiguration(path, configuration)


def _cards(pki: Pki) -> Path:
    """The folder of virtual cards, beside that of the certificates."""
    folder = pki.folder.parent / DOSSIER
    folder.mkdir(exist_ok=True)
    return folder


def write_addresses(folder: Path, addresses: Addresses) -> Path:
    """``adresses.json`` in the data folder: where the sandbox that runs on it listens, for scripts."""
    path = folder / "adresses.json"
    found = {
        "console": addresses.console,
        "insi": addresses.insi,
        "dmp": addresses.dmp,
        "apcv": addresses.apcv,
        "psc_decouverte": addresses.psc_decouverte,
    }
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8", newline="\n")
    return path
