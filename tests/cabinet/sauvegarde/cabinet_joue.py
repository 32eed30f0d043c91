"""The demonstration after its whole journey, in a process of its own: says so, and stops when its input ends."""

from __future__ import annotations

import sys
from pathlib import Path

from opensegur.cli.montage import Ports, running_demo
from opensegur.cli.parcours import play


def main() -> None:
    with running_demo(Path(sys.argv[1]), Ports()) as demo:
        print("joué" if play(demo) == 0 else "échec", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
