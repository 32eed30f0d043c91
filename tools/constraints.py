"""Write constraints.txt: the versions that were tested together, and nothing about where they come from."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

_TARGET = Path(__file__).resolve().parent.parent / "constraints.txt"


def _closure(root: str, extras: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    todo = [(root, extras)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        name, wanted = todo.pop()
        key = (re.sub(r"[-_.]+", "-", name).lower(), wanted)
        if key in seen:
            continue
        seen.add(key)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # needed on another platform only
        found[key[0]] = distribution.version
        for line in distribution.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or any(
                requirement.marker.evaluate({"extra": extra}) for extra in (wanted or {""})
            ):
                todo.append((requirement.name, frozenset(requirement.extras)))
    return found


def main() -> None:
    versions = _closure("opensegur", frozenset({"dev"}))
    versions.pop("opensegur")
    lines = [f"{name}=={version}" for name, version in sorted(versions.items())]
    header = "# Versions tested together; written by tools/constraints.py.\n"
    _TARGET.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} versions")


if __name__ == "__main__":
    main()
