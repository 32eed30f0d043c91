"""A search by the beginning of a name uses the index, and finds what begins so and nothing else."""

from __future__ import annotations

import pytest
from django.db import connection

from opensegur.cabinet.patients.selection import Criteres, search
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def structure() -> Structure:
    return Structure.objects.create(id_nat="1189999998", nom="Cabinet", secteur="SA07")


def _create(structure: Structure, *noms: str) -> None:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.patients.models import Patient

    author = Compte.objects.create_user("essai", nom="ESSAI", prenom="A")
    for number, nom in enumerate(noms, 1):
        Patient.objects.create(
            structure=structure, ipp=number, nom_naissance=nom, premier_prenom="ZOE", date_naissance="1980-01-01",
            sexe="F", cree_par=author,
        )  # fmt: skip


def test_only_what_begins_so_is_found(structure: Structure) -> None:
    _create(structure, "DUPON", "DUPOND", "DUPONT-AIGNAN", "DUPOTET", "DURAND", "L'ABBE", "LABBE", "A_B", "AXB")
    found = {
        query: [p.nom_naissance for p in search(structure, Criteres(nom=query))] for query in ("DUPON", "L'", "A_")
    }
    assert found == {"DUPON": ["DUPON", "DUPOND", "DUPONT-AIGNAN"], "L'": ["L'ABBE"], "A_": ["A_B"]}


@pytest.mark.sqlite
def test_the_index_is_used(structure: Structure) -> None:
    plan = search(structure, Criteres(nom="DUPON")).explain()
    assert connection.vendor == "sqlite"
    assert "SCAN" not in plan
    assert "patients_nom_naissance" in plan
