"""``__prefixe`` uses the index, and finds what begins so and nothing else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet

from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def structure() -> Structure:
    return Structure.objects.create(id_nat="1189999998", nom="Cabinet", secteur="SA07")


def _create(structure: Structure, *noms: str) -> None:
    from opensegur.cabinet.comptes.models import Compte

    author = Compte.objects.create_user("essai", nom="ESSAI", prenom="A")
    for number, nom in enumerate(noms, 1):
        Patient.objects.create(
            structure=structure, ipp=number, nom_naissance=nom, premier_prenom="ZOE", date_naissance="1980-01-01",
            sexe="F", cree_par=author,
        )  # fmt: skip


def _beginning(structure: Structure, nom: str) -> QuerySet[Patient]:
    return Patient.objects.filter(structure=structure, nom_naissance__prefixe=nom).order_by("nom_naissance")


def test_only_what_begins_so_is_found(structure: Structure) -> None:
    _create(structure, "DUPON", "DUPOND", "DUPONT-AIGNAN", "DUPOTET", "DURAND", "L'ABBE", "LABBE", "A_B", "AXB")
    found = {query: [p.nom_naissance for p in _beginning(structure, query)] for query in ("DUPON", "L'", "A_")}
    assert found == {"DUPON": ["DUPON", "DUPOND", "DUPONT-AIGNAN"], "L'": ["L'ABBE"], "A_": ["A_B"]}


@pytest.mark.sqlite
def test_the_index_is_used(structure: Structure) -> None:
    plan = _beginning(structure, "DUPON").explain()
    assert connection.vendor == "sqlite"
    assert "SCAN" not in plan
    assert "patients_nom_naissance" in plan
