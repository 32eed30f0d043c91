"""``opensegur ins …`` as it is typed: matricules, datamatrix, and the former name of the group."""

import io
import json

import pytest

from opensegur.cli import main
from opensegur.cli.ins import _COMMANDS

GOOD = "2 97 02 2A 020 778 78"
CODE = [
    "--matricule",
    "297022A02077878",
    "--oid",
    "1.2.250.1.213.1.4.8",
    "--nom",
    "Adrtrois",
    "--prenoms",
    "Dominique",
]
CODE += ["--sexe", "F", "--date", "26/02/1997", "--lieu", "2A020"]


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Type a command; give its exit code and what it said."""

    def typed(*arguments, stdin=""):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main(["ins", *arguments])
        out = capsys.readouterr()
        return ended.value.code, out.out, out.err

    return typed


def test_a_good_matricule_is_said_so(run):
    code, said, _ = run("check", GOOD)
    assert code == 0
    assert "2 97 02 2A 020 778 78" in said
    assert json.loads(run("check", GOOD, "--json")[1])["valide"] is True


def test_a_wrong_key_is_told_with_the_right_one(run):
    code, said, _ = run("check", "297022A02077879")
    assert code == 3
    assert "78" in said
    assert json.loads(run("check", "297022A02077879", "--json")[1])["cle_attendue"] == "78"


@pytest.mark.parametrize("text", ["", "123", "997022A02077878", "297452A02077878", "x" * 500])
def test_a_matricule_that_is_none_is_refused_in_french(run, text):
    code, said, _ = run("check", text)
    assert code == 3
    assert "À faire" in said
    assert run("format", text)[0] == 1


def test_a_matricule_is_written_by_groups(run):
    assert run("format", "297022A02077878")[1].strip() == GOOD
    assert json.loads(run("format", "297022A02077878", "--json")[1]) == {"ecrit": GOOD}


def test_an_old_oid_is_refused(run):
    code, _, error = run("format", GOOD, "--oid", "1.2.250.1.213.1.4.2")
    assert code == 1
    assert "INS_OID" in error


def test_a_code_is_written_and_read_back(run, tmp_path):
    for name in ("code.svg", "code.png"):
        assert run("datamatrix", "encode", *CODE, "--sortie", name)[0] == 0
        assert (tmp_path / name).stat().st_size > 100
    code, said, error = run("datamatrix", "decode", "code.png", "--json")
    assert code == 0
    assert json.loads(said)[0]["nom_naissance"] == "ADRTROIS"
    assert "ADRTROIS" in run("datamatrix", "decode", "code.png")[1]
    assert "confirmer" in run("datamatrix", "decode", "code.png")[2]
    assert error == ""


def test_a_text_is_mended_unless_strictness_is_asked(run):
    payload = run("datamatrix", "encode", *CODE)[1]
    damaged = payload.replace("\u001d", "")
    code, said, _ = run("datamatrix", "decode", "--json", stdin=damaged)
    assert code == 0
    assert json.loads(said)[0]["reparations"]
    code, _, error = run("datamatrix", "decode", "--strict", stdin=damaged)
    assert code == 1
    assert "DATAMATRIX" in error


def test_nothing_to_read_is_said(run):
    assert run("datamatrix", "decode", stdin="bonjour")[0] == 3
    code, _, error = run("datamatrix", "encode", *CODE, "--sortie", "code.gif")
    assert code == 2
    assert "svg" in error


def test_the_former_name_of_the_group_is_still_understood(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["insi", "check", GOOD])
    assert ended.value.code == 0
    capsys.readouterr()


def test_a_search_needs_traits_or_a_card(run):
    code, _, error = run("search", "--nom", "X")
    assert code == 2
    assert "--prenom" in error


@pytest.mark.parametrize("name", list(_COMMANDS))
def test_every_command_that_is_listed_opens(run, name):
    code, said, _ = run(name, "--help")
    assert code == 0
    assert "Utilisation" in said
