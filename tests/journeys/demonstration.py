"""The demonstration in a process of its own: prints its two addresses, and stops when its input ends."""

from __future__ import annotations

import sys
from pathlib import Path

from opensegur.cli.montage import Ports, running_demo


def main() -> None:
    with running_demo(Path(sys.argv[1]), Ports()) as demo:
        print(demo.cabinet, demo.bac_a_sable.console, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
