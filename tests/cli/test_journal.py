"""``opensegur journal``: verified and exported from the data folder alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_ECRIRE = """
import sys
from pathlib import Path
from opensegur.cabinet.installation import prepare
prepare(Path(sys.argv[1]))
from opensegur.cabinet.journal.chaine import seal_pending
from opensegur.cabinet.journal.port import record
for rank in range(3):
    record("dossier.lire", structure_id="s1", acteur="899700500012", objet=f"objet {rank}")
seal_pending()
"""


@pytest.fixture(scope="module")
def donnees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journal") / "donnees"
    subprocess.run([sys.executable, "-c", _ECRIRE, str(folder)], check=True, capture_output=True, timeout=120)
    return folder


def run(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-c", "from opensegur.cli import main; main()", "journal", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_an_intact_journal_says_so_and_gives_its_head(donnees: Path) -> None:
    code, text = run("verify", "--donnees", str(donnees))

    assert code == 0
    assert "chaîne intacte, 3 lignes scellées" in text
    assert "tête à noter" in text


def test_a_forged_head_is_an_error_with_what_to_do(donnees: Path) -> None:
    heads = donnees / "journal.tetes"
    kept = heads.read_bytes()
    heads.write_bytes(b"{}")
    try:
        code, text = run("verify", "--donnees", str(donnees))
    finally:
        heads.write_bytes(kept)

    assert code == 1
    assert "a été modifié" in text


def test_lines_go_out_as_a_table_and_as_fhir(donnees: Path, tmp_path: Path) -> None:
    code, text = run("export", "--donnees", str(donnees), "--structure", "s1")
    assert (code, text.count("objet ")) == (0, 3)

    target = tmp_path / "journal.ndjson"
    code, _ = run(
        "export", "--donnees", str(donnees), "--structure", "s1", "--format", "fhir", "--sortie", str(target)
    )
    events = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert (code, [each["resourceType"] for each in events]) == (0, ["AuditEvent"] * 3)


def test_nothing_of_before_or_of_somebody_else(donnees: Path) -> None:
    common = ("export", "--donnees", str(donnees), "--structure", "s1")
    assert "objet" not in run(*common, "--au", "01/01/2020")[1].partition("\n")[2]
    assert "objet" not in run(*common, "--acteur", "personne")[1].partition("\n")[2]
