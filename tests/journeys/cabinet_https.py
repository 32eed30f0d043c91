"""The demonstration's practice as ``opensegur serve`` serves it: prints its two addresses, stops when its input ends."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from opensegur.cabinet import installation
from opensegur.cabinet.reseau.certificats import CertificatPropre
from opensegur.cabinet.reseau.machine import Machine
from opensegur.cabinet.serveur import CabinetServer


def main() -> None:
    folder = Path(sys.argv[1]) / "cabinet"
    certificat = CertificatPropre(folder / "tls", lambda: Machine(("comptoir",)), datetime.now(UTC), ("cabinet.lan",))
    server = CabinetServer(port=0, certificat=certificat, port_clair=0)
    os.environ["OPENSEGUR_CABINET_ADRESSE"] = server.adresse
    os.environ["OPENSEGUR_CABINET_HOTES"] = ",".join(certificat.hotes)
    installation.prepare(folder)
    from opensegur.cabinet import demo

    demo.load()
    with server:
        print(server.adresse, f"http://cabinet.lan:{server.port_clair}/", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
