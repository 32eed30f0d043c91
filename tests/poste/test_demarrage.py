"""Starting with the session, on the three systems."""

from __future__ import annotations

import plistlib
from configparser import RawConfigParser
from pathlib import Path

import pytest

from opensegur.foundation.errors import InvalidValue
from opensegur.poste.demarrage import startup_entry, write_entry

MAISON = Path("/maison/claire")


def test_windows_opens_no_window_that_stays() -> None:
    entry = startup_entry("win32", (r"C:\Program Files\100%\opensegur.exe", "poste"), MAISON, {"APPDATA": "/roaming"})
    assert entry.fichier == Path("/roaming/Microsoft/Windows/Start Menu/Programs/Startup/OpenSegur-poste.cmd")
    assert entry.contenu.decode().splitlines()[-1] == r'start "" /min "C:\Program Files\100%%\opensegur.exe" "poste"'


def test_macos_starts_it_and_starts_it_again() -> None:
    entry = startup_entry("darwin", ("/opt/a b/opensegur", "poste"), MAISON, {})
    assert entry.fichier == MAISON / "Library/LaunchAgents/fr.opensegur.poste.plist"
    said = plistlib.loads(entry.contenu)
    assert said["ProgramArguments"] == ["/opt/a b/opensegur", "poste"]
    assert said["RunAtLoad"] is True


@pytest.mark.parametrize(
    ("variables", "folder"), [({}, MAISON / ".config"), ({"XDG_CONFIG_HOME": "/ailleurs"}, Path("/ailleurs"))], ids=["default", "xdg"]
)  # fmt: skip
def test_linux_follows_the_desktops(variables: dict[str, str], folder: Path) -> None:
    entry = startup_entry("linux", ("/opt/a b/100%/open$egur", "poste"), MAISON, variables)
    assert entry.fichier == folder / "autostart" / "opensegur-poste.desktop"
    parser = RawConfigParser()
    parser.read_string(entry.contenu.decode())
    assert parser["Desktop Entry"]["Exec"] == '"/opt/a b/100%%/open\\\\$egur" "poste"'
    assert parser["Desktop Entry"]["Type"] == "Application"


@pytest.mark.parametrize("word", ['a"b', "a\nb"])
def test_a_path_that_would_break_the_file_is_refused(word: str) -> None:
    with pytest.raises(InvalidValue):
        startup_entry("win32", (word, "poste"), MAISON, {})


def test_it_is_written_where_the_system_looks(tmp_path: Path) -> None:
    entry = startup_entry("linux", ("/opt/opensegur", "poste"), tmp_path, {})
    write_entry(entry)
    assert entry.fichier.read_bytes() == entry.contenu
