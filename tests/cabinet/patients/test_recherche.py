"""Searching a record before creating one."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from cabinet.instantanes import sql_snapshot
from cabinet.personnages import TRAITS, Navigateur, make_patient
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.selection import LIMITE, Criteres, search
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Nature, Traits

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

RECHERCHE = reverse("patients:recherche")


@pytest.mark.exigence("EXI ID 17")
@pytest.mark.parametrize(
    "criteres",
    [
        {"nom": "lév"},
        {"nom": "Vallée"},
        {"prenom": "ali"},
        {"prenom": "Colette"},
        {"date_naissance": "30/11/1982"},
        {"date_naissance": "00/11/1982"},
        {"date_naissance": "00/00/1982"},
        {"nom": "leveque", "prenom": "alice", "date_naissance": "30111982"},
        {"ipp": "1"},
    ],
    ids=str,
)
def test_separate_fields_find_the_record(au_comptoir: Navigateur, patient: Patient, criteres: dict[str, str]) -> None:
    response = au_comptoir.envoyer(RECHERCHE, criteres)
    assert response.status_code == 200
    assert reverse("patients:dossier", args=[patient.pk]) in response.text


@pytest.mark.parametrize(
    "criteres", [{"nom": "veque"}, {"nom": "leveque", "prenom": "bob"}, {"date_naissance": "01/11/1982"}], ids=str
)
def test_other_traits_do_not(au_comptoir: Navigateur, patient: Patient, criteres: dict[str, str]) -> None:
    response = au_comptoir.envoyer(RECHERCHE, criteres)
    assert "Aucun dossier ne correspond" in response.text
    assert "Créer un dossier" in response.text


@pytest.mark.parametrize("criteres", [{}, {"nom": "l"}, {"prenom": "al"}], ids=str)
def test_an_almost_empty_question_does_not_bring_the_whole_practice(
    au_comptoir: Navigateur, patient: Patient, criteres: dict[str, str]
) -> None:
    assert "LEVEQUE" not in au_comptoir.envoyer(RECHERCHE, criteres).text


def test_another_structure_is_never_seen(au_comptoir: Navigateur, officine: Structure, pharmacienne: Compte) -> None:
    elsewhere = make_patient(officine, pharmacienne)
    assert "Aucun dossier" in au_comptoir.envoyer(RECHERCHE, {"nom": "leveque"}).text
    for name in ("patients:dossier", "patients:piece", "patients:modifier", "accueil:nouvelle"):
        assert au_comptoir.get(reverse(name, args=[elsewhere.pk])).status_code == 404


def test_what_cannot_be_read_is_said_beside_its_field(au_comptoir: Navigateur) -> None:
    response = au_comptoir.envoyer(RECHERCHE, {"nom": "D4VID", "date_naissance": "hier"})
    assert response.status_code == 422
    assert "contient un chiffre" in response.text
    assert "n’est pas lisible" in response.text


def test_more_than_a_page_asks_for_more_precision(cabinet: Structure, secretaire: Compte) -> None:
    for number in range(LIMITE + 2):
        letters = "".join(chr(65 + int(digit)) for digit in f"{number:03d}")
        make_patient(cabinet, secretaire, traits=Traits("DURAND", "", letters, "1980-01-01", TRAITS.sexe, ""))
    assert len(search(cabinet, Criteres(nom="DURAND"))) == LIMITE + 1


def test_the_fragment_is_the_same_part_of_the_page(au_comptoir: Navigateur, patient: Patient) -> None:
    criteres = {"nom": "leveque"}
    whole = au_comptoir.envoyer(RECHERCHE, criteres).text
    fragment = au_comptoir.envoyer(RECHERCHE, criteres, htmx=True).text
    assert "<html" not in fragment
    assert _without_tokens(fragment).strip() in _without_tokens(whole)


def test_traits_are_never_in_an_address(au_comptoir: Navigateur, patient: Patient) -> None:
    page = au_comptoir.envoyer(RECHERCHE, {"nom": "leveque"}).text
    # identifiers are drawn at random, and may hold any four digits
    page = page.replace(str(patient.pk), "…")
    for address in re.findall(r'(?:href|action|hx-post|hx-get)="([^"]*)"', page):
        assert "leveque" not in address.lower()
        assert "1982" not in address


def test_a_search_is_written_down_without_its_traits(au_comptoir: Navigateur, patient: Patient) -> None:
    au_comptoir.envoyer(RECHERCHE, {"nom": "leveque"})
    line = Ligne.objects.get(action="dossier.chercher")
    assert line.objet == "1 dossiers"
    assert "LEVEQUE" not in str(vars(line))


def test_a_visit_begins_by_the_same_search(au_comptoir: Navigateur, patient: Patient) -> None:
    page = au_comptoir.envoyer(f"{RECHERCHE}?pour=venue", {"nom": "leveque"}).text
    assert reverse("accueil:nouvelle", args=[patient.pk]) in page


def test_many_records_cost_no_more_queries_than_one(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte
) -> None:
    for prenom in ("ANA", "BOB", "EVE"):
        traits = Traits("DURAND", "", prenom, "1980-01-01", TRAITS.sexe, "")
        make_patient(cabinet, secretaire, Nature.CONTROLE_REUSSI, traits=traits)
    au_comptoir.envoyer(RECHERCHE)
    with sql_snapshot("recherche"):
        assert au_comptoir.envoyer(RECHERCHE, {"nom": "durand"}).text.count("data-ligne") == 3


def _without_tokens(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)
