"""Tables as software exports them: encodings, delimiters, quotes, titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.cabinet.imports.colonnes import COLONNES, has_titles, missing, propose
from opensegur.cabinet.imports.erreurs import FichierRefuse
from opensegur.cabinet.imports.tableau import Forme, detect_form, rows

_TEXT = "Nom;Prénom;Né le\nLévêque;Zoé;01/02/1980\nD’Arc;Anne;02/02/1980\n"


@pytest.mark.parametrize(
    ("data", "encodage"),
    [
        (_TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + _TEXT.encode(), "utf-8-sig"),
        (_TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_found_and_the_letters_are_right(data: bytes, encodage: str) -> None:
    pieces = [data[place : place + 7] for place in range(0, len(data), 7)]
    forme = detect_form(pieces)
    assert forme == Forme(encodage, ";")
    assert [row.cases for row in rows(pieces, forme)][1] == ("Lévêque", "Zoé", "01/02/1980")


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_one_that_cuts_evenly(delimiter: str) -> None:
    data = _TEXT.replace(";", delimiter).encode()
    assert detect_form([data]).delimiteur == delimiter


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "IMPORT_VIDE"),
        (b" \r\n ", "IMPORT_VIDE"),
        (b"PK\x03\x04\x00\x00", "IMPORT_BINAIRE"),
        ("nom".encode("utf-16"), "IMPORT_ENCODAGE"),
        (b"nom;\x81\x8d\n", "IMPORT_ENCODAGE"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(data: bytes, code: str) -> None:
    with pytest.raises(FichierRefuse) as refused:
        detect_form([data])
    assert refused.value.code == code
    assert refused.value.conseil


def test_lines_are_numbered_as_an_editor_does_though_a_cell_holds_several() -> None:
    text = 'nom;note\n"A";"une\ndeux"\n\nB;x\n'
    found = list(rows([text.encode()], Forme("utf-8", ";")))
    assert [(row.ligne, row.cases) for row in found] == [
        (1, ("nom", "note")),
        (2, ("A", "une\ndeux")),
        (5, ("B", "x")),
    ]


def test_a_quote_never_closed_costs_one_line_and_no_more() -> None:
    people = [f"NOM{number};X" for number in range(60)]
    people[3] = '"NOM3;X'
    found = list(rows(["\n".join(people).encode()], Forme("utf-8", ";")))
    assert [row.ligne for row in found if row.defaut] == [4]
    assert [row.ligne for row in found] == list(range(1, 61))


def test_reading_again_begins_where_one_had_stopped() -> None:
    data = _TEXT.encode()
    everything = list(rows([data], Forme("utf-8", ";")))
    assert list(rows([data], Forme("utf-8", ";"), apres=2)) == everything[2:]


@given(st.binary(max_size=400))
def test_whatever_the_bytes_the_file_is_read_or_refused(data: bytes) -> None:
    try:
        forme = detect_form([data])
    except FichierRefuse:
        return
    list(rows([data], forme))


@pytest.mark.parametrize(
    ("titles", "codes"),
    [
        (["ID", "NOM", "PRENOM", "DATE_NAISSANCE", "SEXE"], ["externe", "nom", "premier_prenom", "date_naissance", "sexe"]),
        (["Nom", "Nom de jeune fille", "Prénom", "Né(e) le"], ["nom_utilise", "nom_naissance", "premier_prenom", "date_naissance"]),
        (["Nom d'usage", "Nom de naissance", "Prénoms", "DDN"], ["nom_utilise", "nom_naissance", "prenoms", "date_naissance"]),
        (["N° dossier", "Patronyme", "Prénom usuel", "Civilité"], ["externe", "nom_naissance", "prenom_utilise", "sexe"]),
        (["Nom", "Nom", "Code INSEE naissance", "Clé NIR"], ["nom", "", "lieu_naissance", "cle"]),
    ],
    ids=str,
)  # fmt: skip
def test_titles_say_what_columns_hold(titles: list[str], codes: list[str]) -> None:
    found = propose(titles)
    assert [found.get(place, "") for place in range(len(titles))] == codes


def test_a_title_belongs_to_one_column() -> None:
    titles = [titre for colonne in COLONNES for titre in colonne.titres.split()]
    assert len(titles) == len(set(titles))


def test_a_first_row_of_people_is_not_one_of_titles() -> None:
    assert has_titles(["Nom", "Prénom", "Date de naissance"])
    assert not has_titles(["MARTIN", "PAUL", "01/02/1980"])


def test_what_a_file_cannot_do_without_is_named() -> None:
    assert missing({0: "nom"}) == ("Premier prénom de naissance", "Date de naissance")
    assert missing({0: "nom_naissance", 1: "prenoms", 2: "date_naissance"}) == ()
