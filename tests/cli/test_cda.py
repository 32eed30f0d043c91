"""``opensegur cda``, as somebody types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.valeurs import Notion
from opensegur.cda.n3.vsm import TITRE, TYPE, Vsm, build_vsm
from opensegur.cda.reading import read_document
from opensegur.cda.saisie import EXEMPLES
from opensegur.cda.testing import MEDECIN, complete_entete, sample_entete, sample_n1, sample_n3
from opensegur.cda.validation import validate_document
from opensegur.cli import main
from opensegur.foundation.acteurs import Code


class Terminal:
    """Types a command and gives back its exit code and what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.folder = folder
        self._capsys = capsys

    def type(self, *arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as leaving:
            main(["cda", *arguments])
        printed = self._capsys.readouterr()
        code = leaving.value.code
        assert isinstance(code, int)
        assert "Traceback" not in printed.err
        return code, printed.out, printed.err

    def file(self, name: str, content: bytes | dict[str, Any]) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    return Terminal(capsys, tmp_path)


@pytest.fixture
def wrapping(terminal: Terminal) -> list[str]:
    """A complete ``wrap`` command, of which a test changes one part."""
    return [
        "wrap",
        terminal.file("note.txt", "Examen normal, fièvre absente.\n".encode()),
        "--patient",
        terminal.file("patient.json", dict(EXEMPLES["patient"])),
        "--author",
        terminal.file("author.json", dict(EXEMPLES["author"])),
        "--type",
        "11488-4",
        "--title",
        "Compte rendu de consultation",
        "-o",
        str(terminal.folder / "out.xml"),
    ]


def changed(command: list[str], option: str, value: str) -> list[str]:
    position = command.index(option) + 1
    return [*command[:position], value, *command[position + 1 :]]


def without(command: list[str], option: str) -> list[str]:
    position = command.index(option)
    return command[:position] + command[position + 2 :]


def test_a_file_is_wrapped_as_a_pdfa(terminal: Terminal, wrapping: list[str]) -> None:
    code, out, _ = terminal.type(*wrapping)
    document = (terminal.folder / "out.xml").read_bytes()
    assert code == 0
    assert "document version 1" in out
    assert validate_document(document).findings == ()
    read = read_document(document)
    assert read.corps is not None
    assert read.corps.media_type == "application/pdf"
    assert read.titre == "Compte rendu de consultation"


def test_a_text_may_stay_a_text(terminal: Terminal, wrapping: list[str]) -> None:
    code, out, _ = terminal.type(*wrapping, "--texte", "--json")
    answer = json.loads(out)
    assert (code, answer["ok"], answer["methode"], answer["findings"]) == (0, True, "texte", [])
    read = read_document((terminal.folder / "out.xml").read_bytes())
    assert read.corps is not None
    assert read.corps.data.decode() == "Examen normal, fièvre absente.\n"


def test_a_replacement_follows_its_document(terminal: Terminal, wrapping: list[str]) -> None:
    terminal.type(*wrapping, "--texte")
    first = read_document((terminal.folder / "out.xml").read_bytes())
    second = changed(wrapping, "-o", str(terminal.folder / "second.xml"))
    code, out, _ = terminal.type(*second, "--texte", "--json", "--replace", str(terminal.folder / "out.xml"))
    answer = json.loads(out)
    assert (code, answer["version"], answer["remplace"]) == (0, 2, first.uid.root)
    assert first.set_id is not None
    assert answer["set_id"] == first.set_id.root


def test_a_replacement_keeps_the_type(terminal: Terminal, wrapping: list[str]) -> None:
    terminal.type(*wrapping, "--texte")
    code, _, err = terminal.type(
        *changed(wrapping, "--type", "34112-3"), "--texte", "--replace", str(terminal.folder / "out.xml")
    )
    assert code == 1
    assert "CDA_REMPLACEMENT_TYPE" in err


def test_the_structure_may_stand_apart(terminal: Terminal, wrapping: list[str]) -> None:
    author = dict(EXEMPLES["author"])
    structure = author.pop("structure")
    alone = changed(wrapping, "--author", terminal.file("alone.json", author))
    code, _, err = terminal.type(*alone, "--texte")
    assert (code, "--structure" in err) == (2, True)
    code, _, _ = terminal.type(*alone, "--texte", "--structure", terminal.file("structure.json", structure))
    assert code == 0


def test_the_example_is_a_valid_one(terminal: Terminal) -> None:
    code, out, _ = terminal.type("wrap", "--example")
    assert code == 0
    assert json.loads(out) == EXEMPLES


@pytest.mark.parametrize("option", ["--patient", "--author", "--type", "--title"])
def test_what_is_missing_is_named(terminal: Terminal, wrapping: list[str], option: str) -> None:
    code, _, err = terminal.type(*without(wrapping, option))
    assert code == 2
    assert f"il manque {option}" in err
    assert "Aide : opensegur cda wrap --help" in err


def test_the_file_and_the_output_are_asked_for(terminal: Terminal, wrapping: list[str]) -> None:
    assert "il manque FICHIER" in terminal.type("wrap")[2]
    assert "il manque --sortie" in terminal.type(*without(wrapping, "-o"))[2]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--type", "consultation", "11488-4 (CR ou fiche de consultation ou de visite)"),
        ("--type", "99999-9", "CDA_CODE"),
        ("--title", " ", "CDA_VIDE"),
        ("--patient", "absent.json", "introuvable ou illisible"),
        ("-o", "dossier-absent/out.xml", "ne peut pas être écrit"),
    ],
)
def test_a_bad_value_is_explained(
    terminal: Terminal, wrapping: list[str], option: str, value: str, words: str
) -> None:
    if option in ("--patient", "-o"):
        value = str(terminal.folder / value)
    code, _, err = terminal.type(*changed(wrapping, option, value), "--texte")
    assert code == 1
    assert words in err
    assert "À faire" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--date", "hier"], "CDA_DATE"),
        (["--date", "2026-11-25"], "CDA_FUSEAU"),
        (["--confidentialite", "MASQUE_PS"], "CDA_MASQUAGE"),
        (["--uid", "urn:oid:1"], "OID"),
    ],
)
def test_a_bad_option_is_explained(terminal: Terminal, wrapping: list[str], arguments: list[str], words: str) -> None:
    code, _, err = terminal.type(*wrapping, "--texte", *arguments)
    assert code == 1
    assert words in err


def test_an_unsupported_format_is_refused(terminal: Terminal, wrapping: list[str]) -> None:
    command = [wrapping[0], terminal.file("archive.zip", b"PK\x03\x04" + bytes(40)), *wrapping[2:]]
    code, _, err = terminal.type(*command)
    assert code == 1
    assert "À faire" in err


def test_a_field_missing_in_the_json_is_named(terminal: Terminal, wrapping: list[str]) -> None:
    patient = {key: value for key, value in EXEMPLES["patient"].items() if key != "sexe"}
    code, _, err = terminal.type(*changed(wrapping, "--patient", terminal.file("p.json", patient)), "--texte")
    assert code == 1
    assert "« sexe » manque" in err


def test_validate_says_what_is_wrong_and_where(terminal: Terminal) -> None:
    good = terminal.file("bon.xml", sample_n1())
    bad = terminal.file("faux.xml", sample_n1().replace(b'code="SA07"', b'code="AMBULATOIRE"'))
    code, out, _ = terminal.type("validate", good, bad)
    assert code == 1
    assert f"{good} : aucune anomalie." in out
    assert f"{bad} : 1 erreur, 0 avertissement." in out
    assert "(REN.SECTEUR.JDV)" in out
    assert "où : ligne " in out
    assert "à faire :" in out


def test_validate_in_json(terminal: Terminal) -> None:
    code, out, _ = terminal.type("validate", terminal.file("bon.xml", sample_n1()), "--json")
    [answer] = json.loads(out)
    assert (code, answer["ok"], answer["findings"]) == (0, True, [])


@pytest.mark.parametrize("content", [b"", b"du texte", b"<a/>", b"<!DOCTYPE a><a/>"])
def test_validate_takes_any_file(terminal: Terminal, content: bytes) -> None:
    code, out, _ = terminal.type("validate", terminal.file("x.xml", content))
    assert code == 1
    assert "1 erreur" in out


def test_validate_refuses_what_is_not_there(terminal: Terminal) -> None:
    assert terminal.type("validate")[0] == 2
    code, _, err = terminal.type("validate", str(terminal.folder / "absent.xml"))
    assert (code, "FICHIER_ILLISIBLE" in err) == (1, True)
    document = terminal.file("bon.xml", sample_n1())
    code, _, err = terminal.type("validate", document, "--schematrons", str(terminal.folder))
    assert (code, "CDA_OFFICIEL_ABSENT" in err) == (1, True)


def test_present_writes_the_same_document_with_its_style_sheet(terminal: Terminal) -> None:
    target = terminal.folder / "auto.xml"
    code, out, _ = terminal.type("present", terminal.file("doc.xml", sample_n3()), "-o", str(target))
    assert (code, "auto-présentable" in out) == (0, True)
    assert b"xsl:stylesheet" in target.read_bytes()
    assert "Nom de naissance : DUPONT-EXEMPLE" in terminal.type("read", str(target))[1]


def test_items_gives_what_can_be_taken_over(terminal: Terminal) -> None:
    vsm = build_vsm(
        sample_entete(type=TYPE, titre=TITRE),
        Vsm(MEDECIN, allergies=(Allergie(Notion("Pénicilline", Code("387406002", "2.16.840.1.113883.6.96"))),)),
    )
    code, out, _ = terminal.type("items", terminal.file("vsm.xml", vsm))
    assert (code, "Allergie : Pénicilline (État : active)" in out) == (0, True)
    [item] = json.loads(terminal.type("items", terminal.file("vsm.xml", vsm), "--json")[1])
    assert item["codes"] == [{"code": "387406002", "system": "2.16.840.1.113883.6.96"}]
    assert "rien de structuré" in terminal.type("items", terminal.file("n1.xml", sample_n1()))[1]


def test_read_tells_the_document(terminal: Terminal) -> None:
    code, out, _ = terminal.type("read", terminal.file("doc.xml", sample_n1(complete_entete())))
    assert code == 0
    for words in (
        "Nom de naissance : DUPONT-EXEMPLE",
        "Auteur (Médecin traitant) : Dr Claire PERRIN",
        "Contenu (N1)",
    ):
        assert words in out


def test_read_in_json_gives_sizes_and_no_bytes(terminal: Terminal) -> None:
    _, out, _ = terminal.type("read", terminal.file("doc.xml", sample_n3()), "--json")
    answer = json.loads(out)
    assert answer["niveau"] == "N3"
    assert answer["copie_pdf"] == {"octets": 17}
    assert answer["patient"]["nom_naissance"] == "DUPONT-EXEMPLE"
    assert answer["sections"][0]["titre"] == "Problèmes actifs"


def test_read_extracts_the_file(terminal: Terminal) -> None:
    target = terminal.folder / "copie.pdf"
    code, out, _ = terminal.type("read", terminal.file("doc.xml", sample_n3()), "--extraire", str(target))
    assert (code, target.read_bytes()[:5]) == (0, b"%PDF-")
    assert "copie PDF" in out
    empty = sample_n3().replace(b'mediaType="application/pdf"', b'mediaType="text/plain"')
    code, _, err = terminal.type("read", terminal.file("sans.xml", empty), "--extraire", str(target))
    assert (code, "CDA_SANS_FICHIER" in err) == (1, True)


def test_read_refuses_what_is_no_document(terminal: Terminal) -> None:
    code, _, err = terminal.type("read", terminal.file("x.xml", b"<a/>"))
    assert (code, "CDA_RACINE" in err) == (1, True)
