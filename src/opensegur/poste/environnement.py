"""What the system tells of this workstation: programs that run, drivers of scanners."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

_LIMITE = 5.0
# the class of imaging devices (WIA); TWAIN puts its sources in folders
_IMAGERIE = r"SYSTEM\CurrentControlSet\Control\Class\{6bdd1fc6-810f-11d0-bec7-08002be2092f}"
_TWAIN = (Path(r"C:\Windows\twain_32"), Path(r"C:\Windows\twain_64"))


def read_programs(systeme: str = sys.platform) -> frozenset[str]:
    """The names of the programs that run; none when the system does not tell."""
    if systeme == "linux":
        return frozenset(_linux_programs())
    command = ["tasklist", "/FO", "CSV", "/NH"] if systeme == "win32" else ["/bin/ps", "-Axco", "comm"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace", timeout=_LIMITE)  # noqa: S603 - fixed words # nosec B603
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(line.split('","')[0].strip().strip('"') for line in done.stdout.splitlines())


def read_scanners(systeme: str = sys.platform) -> tuple[str, ...] | None:
    """The drivers of scanners that Windows knows; ``None`` elsewhere, where nothing honest can be said."""
    if systeme != "win32":
        return None
    return (*_wia(), *_twain())


def _linux_programs() -> list[str]:
    found = []
    for file in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            found.append(file.read_text(encoding="utf-8", errors="replace").strip())
    return found


def _twain() -> list[str]:
    return [source.stem for folder in _TWAIN if folder.is_dir() for source in sorted(folder.rglob("*.ds"))]


if sys.platform == "win32":
    import winreg

    def _wia() -> list[str]:
        found = []
        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _IMAGERIE) as devices:
            for rank in range(winreg.QueryInfoKey(devices)[0]):
                with (
                    contextlib.suppress(OSError),
                    winreg.OpenKey(devices, winreg.EnumKey(devices, rank)) as device,
                ):
                    found.append(str(winreg.QueryValueEx(device, "DriverDesc")[0]))
        return found

else:

    def _wia() -> list[str]:
        return []
