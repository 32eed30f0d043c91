"""``opensegur sandbox carte`` and ``opensegur carte``: each in a process of its own, as at a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opensegur.sandbox.population.acteurs import MEDECIN, SECRETAIRE


def run(*arguments: str, stdin: str = "", **environment: str) -> tuple[int, str, str]:
    command = [sys.executable, "-c", "from opensegur.cli import main; main()", *arguments]
    kept = {name: value for name, value in os.environ.items() if name not in {"OPENSEGUR_PKCS11", "SOFTHSM2_CONF"}}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, encoding="utf-8", timeout=120, input=stdin,
        env={**kept, **environment},
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def donnees(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("carte") / "bac"


def make(donnees: Path, *arguments: str) -> dict[str, str]:
    """Make a card; give what the command says to put in the environment."""
    code, said, _ = run("sandbox", "--donnees", str(donnees), "carte", "faire", *arguments)
    assert code == 0
    lines = (line.strip().removeprefix("export ") for line in said.splitlines() if "export " in line)
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.softhsm
def test_a_card_is_made_then_read_in_words_and_in_json(donnees):
    environment = make(donnees, MEDECIN.id_nat)
    code, said, _ = run("carte", "lire", **environment)
    assert code == 0
    assert "MARCHAND CLAIRE, Médecin" in said
    assert "lisibles avec le code porteur" in said
    code, said, asked = run("carte", "lire", "--pin", "--json", stdin="1234\n", **environment)
    found = json.loads(said)
    assert (code, found["type"], found["test"]) == (0, "CPS", True)
    assert [each["secteur"] for each in found["activites"]] == ["SA07", "SA05"]
    assert "1234" not in said + asked


@pytest.mark.softhsm
def test_a_wrong_code_is_an_error_and_not_a_trace(donnees):
    environment = make(donnees, MEDECIN.id_nat)
    code, said, refused = run("carte", "lire", "--pin", stdin="4321\n", **environment)
    assert (code, said) == (1, "")
    assert "CPS_PIN_FAUX" in refused
    assert "4321" not in refused


@pytest.mark.softhsm
@pytest.mark.parametrize(
    ("defaut", "dit"),
    [("expiree", "Expiré depuis"), ("future", "Ne vaut qu’à partir"), ("inversee", "inversés")],
    ids=str,
)
def test_a_card_that_must_not_serve_is_another_exit_code(donnees, defaut, dit):
    environment = make(donnees, MEDECIN.id_nat, "--defaut", defaut)
    code, said, _ = run("carte", "lire", **environment)
    assert code == 3
    assert "NE PEUT PAS SERVIR" in said
    assert dit in said


@pytest.mark.softhsm
def test_a_cpe_says_that_it_is_one(donnees):
    environment = make(donnees, SECRETAIRE.id_nat)
    _, said, _ = run("carte", "lire", **environment)
    assert "Carte de personnel d’établissement de santé (CPE)" in said


@pytest.mark.softhsm
def test_the_authorities_given_judge_the_card(donnees):
    environment = make(donnees, MEDECIN.id_nat)
    code, said, _ = run("carte", "lire", "--ancres", str(donnees / "pki" / "ancres.pem"), **environment)
    assert code == 0
    assert "La liste de révocation n’a pas pu être lue" in said  # nothing listens
    stranger = donnees / "pki" / "serveur" / "localhost.pem"
    code, said, _ = run("carte", "lire", "--ancres", str(stranger), "--json", **environment)
    assert code == 3
    assert {each["refus"] for each in json.loads(said)["certificats"]} == {"CERT_CHAINE"}


@pytest.mark.softhsm
def test_cards_are_put_in_and_taken_out(donnees):
    environment = make(donnees, MEDECIN.id_nat)
    group = ("sandbox", "--donnees", str(donnees), "carte")
    _, listed, _ = run(*group, "lister")
    (inside,) = (line.split()[0] for line in listed.splitlines() if "dans le lecteur" in line)
    run(*group, "retirer")
    code, _, refused = run("carte", "lire", **environment)
    assert (code, "CPS_CARTE_ABSENTE" in refused) == (1, True)
    run(*group, "inserer", inside)
    assert run("carte", "lire", **environment)[0] == 0
    assert "vide" in run("carte", "lecteurs", **environment)[1]
    code, _, refused = run(*group, "inserer", "../pki")
    assert (code, "CARTE_NOM" in refused) == (1, True)


@pytest.mark.softhsm
def test_nobody_of_that_number(donnees):
    code, _, refused = run("sandbox", "--donnees", str(donnees), "carte", "faire", "899700500999")
    assert (code, "CARTE_PORTEUR" in refused) == (1, True)


def test_without_any_library_the_command_says_what_to_install(tmp_path):
    code, _, refused = run("carte", "lire", OPENSEGUR_PKCS11=str(tmp_path / "absente.so"))
    assert code == 1
    assert "CPS_CRYPTOLIB" in refused
    assert "Cryptolib" in refused
