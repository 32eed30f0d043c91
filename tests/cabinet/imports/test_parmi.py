"""What looks up thousands of values at once, or one matricule, goes through an index, never through every record."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from cabinet.personnages import make_patient
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.imports import parmi, rapprochement
from opensegur.cabinet.imports.candidats import Candidat
from opensegur.cabinet.imports.parmi import rows_among
from opensegur.cabinet.imports.rapprochement import Rapprochement
from opensegur.cabinet.patients.preuves import bearers
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import OID_NIR, Matricule, Sexe, Traits, compute_key

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def test_the_rows_of_some_values_and_of_no_other(cabinet: Structure, gestionnaire: Compte) -> None:
    patient = make_patient(cabinet, gestionnaire)
    joined = "patients_patient AS p ON p.structure_id = %s AND p.ipp = voulu.value"
    asked = [patient.ipp, patient.ipp + 1, patient.ipp]
    assert rows_among(asked, "p.ipp, p.nom_naissance", joined, cabinet.pk) == [(patient.ipp, patient.nom_naissance)]
    assert rows_among([], "p.ipp", joined, cabinet.pk) == []


@pytest.mark.sqlite
def test_no_look_up_of_an_import_reads_every_record(cabinet: Structure, monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[str] = []

    def explained(values, columns, joined, *parameters):
        with connection.cursor() as cursor:
            cursor.execute(
                f"EXPLAIN QUERY PLAN SELECT {columns} FROM json_each(%s) AS voulu CROSS JOIN {joined}",
                [json.dumps(list(values)), *(getattr(each, "hex", each) for each in parameters)],
            )
            plans.extend(row[3] for row in cursor.fetchall())
        return parmi.rows_among(values, columns, joined, *parameters)

    monkeypatch.setattr(rapprochement, "rows_among", explained)
    traits = Traits("DURAND", "ANNE", "ANNE", "1951-03-07", Sexe.F, "29019")
    matricule = Matricule("2510329019910" + compute_key("2510329019910"), OID_NIR)
    Rapprochement(cabinet, "Ancien", [Candidat(2, traits, externe="A1", matricule=matricule)])
    looked = [plan for plan in plans if "voulu" not in plan]
    assert len(looked) == 6
    assert all(plan.startswith("SEARCH ") for plan in looked)
    named = "".join(looked)
    for index in ("patients_date_naissance", "imports_externe_unique", "imports_ins", "patients_matricule_unique"):
        assert index in named, (index, looked)


@pytest.mark.sqlite
def test_whoever_bears_a_matricule_is_found_by_its_index(cabinet: Structure) -> None:
    assert "patients_matricule_unique" in bearers(cabinet, "a" * 64).explain()
