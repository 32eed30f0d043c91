"""A practice at work is backed up, tried out and put back, as its administrator does it in a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

pytestmark = pytest.mark.sqlite

_ICI = Path(__file__).resolve().parent
_LIBRE = {name: value for name, value in os.environ.items() if not name.startswith(("OPENSEGUR_", "DJANGO_"))}


def _run(*arguments: str, base: str = "") -> subprocess.CompletedProcess[str]:
    environ = {**_LIBRE, **({"OPENSEGUR_BASE": base} if base else {})}
    command = [sys.executable, "-c", "from opensegur.cli import main; main()", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def donnees(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a practice that has worked, and that goes on while it is backed up."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, str(_ICI / "cabinet_joue.py"), str(folder)]
    with subprocess.Popen(command, env=_LIBRE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = list(iter(process.stdout.readline, "joué\n"))
        assert said, "the journey said nothing"
        yield folder / "cabinet"
        process.communicate("")


@pytest.fixture(scope="module")
def cle(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The file of the private key, and the public key that the command gave."""
    path = tmp_path_factory.mktemp("cle") / "cle.txt"
    said = _run("sauvegarde", "cle", str(path))
    assert path.stat().st_mode & 0o077 == 0
    found = re.search(r"age1\w+$", said.stdout.strip())
    assert found
    return str(path), found.group()


def test_a_practice_at_work_is_backed_up_tried_and_put_back(
    donnees: Path, cle: tuple[str, str], tmp_path: Path
) -> None:
    private, public = cle
    backup, fresh = tmp_path / "s.age", tmp_path / "neuf"
    made = _run("sauvegarde", "faire", "--donnees", str(donnees), "--pour", public, str(backup))
    assert made.returncode == 0, made.stderr
    assert not list(donnees.glob(".sauvegarde-*"))

    tried = _run("sauvegarde", "essayer", "--cle", private, str(backup))
    assert tried.returncode == 0, tried.stderr
    counted = re.match(r"(\d+) dossiers, (\d+) documents, (\d+) lignes", tried.stdout)
    assert counted
    assert all(int(each) > 0 for each in counted.groups())
    assert "Cette sauvegarde est bonne." in tried.stdout

    back = _run("sauvegarde", "restaurer", "--cle", private, "--donnees", str(fresh), str(backup))
    assert back.returncode == 0, back.stderr
    assert not (fresh / "secret").exists()
    assert not (fresh / "manifeste.json").exists()
    verified = _run("journal", "verify", "--donnees", str(fresh))
    assert verified.returncode == 0, verified.stdout
    assert "chaîne intacte" in verified.stdout


def test_a_backup_without_its_keys_is_not_called_good(donnees: Path, cle: tuple[str, str], tmp_path: Path) -> None:
    """The practice put its keys elsewhere: the backup says so, and its trial fails."""
    private, public = cle
    first, fresh, second = tmp_path / "1.age", tmp_path / "neuf", tmp_path / "2.age"
    _run("sauvegarde", "faire", "--donnees", str(donnees), "--pour", public, str(first))
    _run("sauvegarde", "restaurer", "--cle", private, "--donnees", str(fresh), str(first))
    (fresh / "cles.json").unlink()
    _run("sauvegarde", "faire", "--donnees", str(fresh), "--pour", public, str(second))
    tried = _run("sauvegarde", "essayer", "--cle", private, str(second))
    assert tried.returncode == 1
    assert "Cette sauvegarde ne suffit pas." in tried.stdout or "CLES" in tried.stderr


def test_a_damaged_base_is_told_instead_of_being_kept(cle: tuple[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    folder.mkdir()
    for name in ("cabinet.sqlite3", "journal.sqlite3"):
        (folder / name).write_bytes(b"SQLite format 3\0" + bytes(5000))
    made = _run("sauvegarde", "faire", "--donnees", str(folder), "--pour", cle[1], str(tmp_path / "s.age"))
    assert made.returncode == 1
    assert "Traceback" not in made.stderr
    assert not (tmp_path / "s.age").exists()


def test_a_folder_without_a_practice_and_a_place_inside_it_are_refused(cle: tuple[str, str], tmp_path: Path) -> None:
    outside = _run("sauvegarde", "faire", "--donnees", str(tmp_path), "--pour", cle[1], f"{tmp_path}-s.age")
    assert "SAUVEGARDE_VIDE" in outside.stderr
    inside = _run("sauvegarde", "faire", "--donnees", str(tmp_path), "--pour", cle[1], str(tmp_path / "s.age"))
    assert "SAUVEGARDE_DEDANS" in inside.stderr


def test_a_key_is_never_overwritten(cle: tuple[str, str]) -> None:
    before = Path(cle[0]).read_text()
    assert "SAUVEGARDE_CLE_EXISTE" in _run("sauvegarde", "cle", cle[0]).stderr
    assert Path(cle[0]).read_text() == before


@pytest.mark.postgresql
def test_the_same_on_postgresql(postgresql: str, cle: tuple[str, str], tmp_path: Path) -> None:
    import psycopg

    private, public = cle
    names = [f"s{uuid4().hex}" for _ in range(2)]
    with psycopg.connect(postgresql, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    origin, empty = (f"{postgresql.rsplit('/', 1)[0]}/{name}" for name in names)
    folder, backup = tmp_path / "cabinet", tmp_path / "s.age"
    script = (
        "import sys; from pathlib import Path; from opensegur.cabinet.installation import prepare; "
        "prepare(Path(sys.argv[1])); from opensegur.cabinet.journal.port import record; "
        "record('connexion', structure_id='', acteur='essai')"
    )
    command = [sys.executable, "-c", script, str(folder)]
    subprocess.run(command, env={**_LIBRE, "OPENSEGUR_BASE": origin}, check=True)
    made = _run("sauvegarde", "faire", "--donnees", str(folder), "--pour", public, str(backup), base=origin)
    assert made.returncode == 0, made.stderr
    tried = _run("sauvegarde", "essayer", "--cle", private, str(backup), base=empty)
    assert tried.returncode == 0, tried.stderr + tried.stdout
    assert "1 lignes de journal" in tried.stdout
    full = _run(
        "sauvegarde", "restaurer", "--cle", private, "--donnees", str(tmp_path / "n"), str(backup), base=empty
    )
    assert "SAUVEGARDE_POSTGRESQL" in full.stderr
    assert not (tmp_path / "n").exists()
