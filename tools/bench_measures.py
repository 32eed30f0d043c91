"""The dated figures of ``docs/measures.md``: each tool writes its own section and leaves the others."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

MEASURES = Path(__file__).resolve().parent.parent / "docs" / "measures.md"


def write_section(name: str, text: str) -> None:
    """Put ``text`` between the marks of the section ``name``."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    document = MEASURES.read_text(encoding="utf-8")
    assert begin in document, f"docs/measures.md has no section {name}"
    assert end in document, f"the section {name} of docs/measures.md does not end"
    head, _, rest = document.partition(begin)
    _, _, tail = rest.partition(end)
    MEASURES.write_text(f"{head}{begin}\n{text.strip()}\n{end}{tail}", encoding="utf-8", newline="\n")


def conditions(*packages: str) -> str:
    """One line: when, on what, with which versions. Never the name or a path of the machine."""
    parts = [
        f"{datetime.now(UTC):%Y-%m-%d}",
        f"{os.cpu_count()} CPU, {platform.machine()}, {platform.system()}",
        f"Python {platform.python_version()}",
        *(f"{name} {_version(name)}" for name in packages),
    ]
    return ", ".join(parts)


def program_version(command: str, *arguments: str) -> str:
    """The first version number that a program says, « absent » when it is not installed."""
    if shutil.which(command) is None:
        return "absent"
    done = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    return found[0] if found else "unknown"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
