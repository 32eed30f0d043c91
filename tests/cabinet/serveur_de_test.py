"""The demonstration's practice, served until its standard input closes. Prints its address."""

import os
import sys
from pathlib import Path

from opensegur.cabinet import installation
from opensegur.cabinet.serveur import CabinetServer

if __name__ == "__main__":
    server = CabinetServer(port=0)
    os.environ["OPENSEGUR_CABINET_ADRESSE"] = server.adresse
    installation.prepare(Path(sys.argv[1]))
    from opensegur.cabinet import demo

    demo.load()
    with server:
        print(server.adresse, flush=True)
        sys.stdin.read()
