"""Starting with the person's session: what each system is given to read. No right of an administrator is needed.

Sources: the Startup folder of Windows; launchd.plist(5); Desktop Application Autostart Specification (freedesktop).
"""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opensegur.foundation.errors import ConfigurationError, InvalidValue

_ETIQUETTE = "fr.opensegur.poste"


@dataclass(frozen=True, slots=True)
class Entree:
    fichier: Path
    contenu: bytes


def startup_entry(systeme: str, commande: Sequence[str], maison: Path, variables: Mapping[str, str]) -> Entree:
    """For ``systeme`` (``sys.platform``). Raises ``InvalidValue``."""
    if any(character in word for word in commande for character in '\r\n\0"'):
        raise InvalidValue(
            "POSTE_COMMANDE", "Le chemin du programme contient un caractère interdit.", conseil="Renommez-le."
        )
    if systeme == "win32":
        return _windows(commande, Path(variables.get("APPDATA") or maison / "AppData" / "Roaming"))
    if systeme == "darwin":
        return _macos(commande, maison)
    return _linux(commande, Path(variables.get("XDG_CONFIG_HOME") or maison / ".config"))


def write_entry(entree: Entree) -> None:
    """Raises ``ConfigurationError`` POSTE_DEMARRAGE."""
    try:
        entree.fichier.parent.mkdir(parents=True, exist_ok=True)
        entree.fichier.write_bytes(entree.contenu)
    except OSError as error:
        raise ConfigurationError(
            "POSTE_DEMARRAGE",
            "Le démarrage automatique ne peut pas être écrit.",
            conseil="Vérifiez les droits dans votre dossier personnel.",
            detail=type(error).__name__,
        ) from error


def remove_entry(entree: Entree) -> bool:
    """Whether there was one."""
    known = entree.fichier.exists()
    entree.fichier.unlink(missing_ok=True)
    return known


def _windows(commande: Sequence[str], roaming: Path) -> Entree:
    # « start » lets the window close; a percent sign is doubled in a batch file
    words = " ".join(f'"{word}"' for word in commande).replace("%", "%%")
    text = f'@echo off\r\nchcp 65001 >nul\r\nstart "" /min {words}\r\n'
    folder = roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
    return Entree(folder / "OpenSegur-poste.cmd", text.encode())


def _macos(commande: Sequence[str], maison: Path) -> Entree:
    said = {
        "Label": _ETIQUETTE,
        "ProgramArguments": [*commande],
        "RunAtLoad": True,
        "KeepAlive": True,
        "ProcessType": "Interactive",
    }
    return Entree(maison / "Library" / "LaunchAgents" / f"{_ETIQUETTE}.plist", plistlib.dumps(said))


def _linux(commande: Sequence[str], config: Path) -> Entree:
    text = (
        "[Desktop Entry]\nType=Application\nName=OpenSégur, agent du poste\n"
        f"Exec={' '.join(map(_exec_word, commande))}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
    )
    return Entree(config / "autostart" / "opensegur-poste.desktop", text.encode())


def _exec_word(word: str) -> str:
    """Quoted twice: as a string of the file, then as an argument (Desktop Entry Specification, « The Exec key »)."""
    argument = word.replace("\\", "\\\\").replace("`", "\\`").replace("$", "\\$")
    return f'"{argument}"'.replace("\\", "\\\\").replace("%", "%%")
