"""One line of an export becomes a person, or says why not."""

from __future__ import annotations

import pytest

from opensegur.cabinet.imports.candidats import read_person
from opensegur.cabinet.imports.valeurs import read_checked, read_date, read_matricule, read_sexe
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import OID_NIA, OID_NIR, Sexe

_DUPONT = {"nom": "Dupont", "premier_prenom": "Zoé", "date_naissance": "01/02/1980", "sexe": "F"}


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("26/02/1997", "1997-02-26"),
        ("26-2-1997", "1997-02-26"),
        ("1997-02-26 00:00:00", "1997-02-26"),
        ("1997-02-26T00:00", "1997-02-26"),
        ("19970226", "1997-02-26"),
        ("26021997", "1997-02-26"),
        ("20011980", "1980-01-20"),
    ],
)
def test_dates_are_read_as_exports_write_them(text: str, date: str) -> None:
    assert read_date(text) == date


def test_a_year_of_two_digits_is_no_year() -> None:
    with pytest.raises(InvalidValue, match="deux chiffres"):
        read_date("26/02/97")


@pytest.mark.parametrize(
    ("text", "sexe"),
    [("H", Sexe.M), ("2", Sexe.F), ("Mme", Sexe.F), ("Monsieur", Sexe.M), ("", Sexe.I), ("U", Sexe.I)],
)
def test_sexes(text: str, sexe: Sexe) -> None:
    assert read_sexe(text) is sexe


@pytest.mark.parametrize(
    ("text", "cle", "valeur"),
    [
        ("2 82 11 14 127 900 88", "", "282111412790088"),
        ("2821114127900", "88", "282111412790088"),
        ("2821114127900", "", "282111412790088"),
        ("29702 2a 020 778 78", "", "297022A02077878"),
    ],
)
def test_matricules_in_any_grouping(text: str, cle: str, valeur: str) -> None:
    found = read_matricule(text, cle, "")
    assert found is not None
    assert (found.valeur, found.oid) == (valeur, OID_NIR)


def test_the_authority_is_the_one_that_is_written() -> None:
    found = read_matricule("109076322088835", "", f"urn:oid:{OID_NIA}")
    assert found is not None
    assert found.oid == OID_NIA
    with pytest.raises(InvalidValue):
        read_matricule("109076322088835", "", "1.2.250.1.213.1.4.2")


def test_marks_of_a_check() -> None:
    assert read_checked("Validée")
    assert read_checked("QUAL")
    assert not read_checked("provisoire")


def test_a_person_is_read_with_reserves() -> None:
    found = read_person(7, {**_DUPONT, "date_naissance": "1950-00-00", "sexe": "", "matricule": "123"})
    assert found.traits is not None
    assert (found.traits.nom_naissance, found.traits.date_naissance, found.traits.date_estimee) == (
        "DUPONT",
        "1950-12-31",
        True,
    )
    assert {defaut.champ for defaut in found.defauts} == {"sexe", "matricule", "date_naissance"}
    assert not any(defaut.bloquant for defaut in found.defauts)


def test_given_names_with_commas_are_a_list() -> None:
    found = read_person(1, {**_DUPONT, "premier_prenom": "Jean, Paul"})
    assert found.traits is not None
    assert (found.traits.premier_prenom, found.traits.prenoms) == ("JEAN", "JEAN PAUL")


def test_every_defect_is_told_at_once() -> None:
    found = read_person(1, {**_DUPONT, "nom": "DUP0NT", "date_naissance": "hier", "sexe": "beaucoup"})
    assert found.traits is None
    assert {defaut.champ for defaut in found.defauts if defaut.bloquant} == {
        "nom_naissance",
        "date_naissance",
        "sexe",
    }


def test_a_representation_shows_nobody() -> None:
    assert "DUPONT" not in repr(read_person(1, _DUPONT)).upper()
