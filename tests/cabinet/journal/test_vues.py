"""The journal on screen: who has opened what, for the structure's own people."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from fhir.resources.R4B.auditevent import AuditEvent

from cabinet.personnages import Navigateur, make_compte, make_patient, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import SOIGNANTS, Role
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

JOURNAL = "/journal/"


def _objects(page: str) -> list[str]:
    return re.findall(r"<td>(objet \w+)</td>", page)


def _write(structure: Structure, objet: str, patient_ref: object = "", action: str = "dossier.lire") -> None:
    record(action, structure_id=structure.pk, acteur="899700500012", patient_ref=patient_ref, objet=f"objet {objet}")


def test_a_new_journal_says_when_it_will_begin(au_bureau: Navigateur) -> None:
    assert "Le premier accès à un dossier écrira la première ligne" in au_bureau.get(JOURNAL).text


def test_opening_a_record_is_shown_in_words_with_who_and_the_result(
    au_bureau: Navigateur, patient: Patient, medecin: Compte
) -> None:
    au_bureau.get(reverse("patients:dossier", args=[patient.pk]))
    page = au_bureau.get(JOURNAL).text
    for words in ("ouvrir un dossier", medecin.id_nat, "réussi"):
        assert words in page
    # the journal never names the patient
    assert "VALLEE" not in page
    assert "LEVEQUE" not in page


def test_the_newest_comes_first(au_bureau: Navigateur, cabinet: Structure) -> None:
    for objet in ("premier", "second"):
        _write(cabinet, objet)
    assert _objects(au_bureau.get(JOURNAL).text) == ["objet second", "objet premier"]


def test_only_the_structures_own_lines_are_shown(
    au_bureau: Navigateur, cabinet: Structure, officine: Structure
) -> None:
    _write(cabinet, "ici")
    _write(officine, "ailleurs")
    assert _objects(au_bureau.get(JOURNAL).text) == ["objet ici"]


def test_who_opened_one_record(
    au_bureau: Navigateur, cabinet: Structure, patient: Patient, qualifie: Patient
) -> None:
    _write(cabinet, "sien", patient.pk)
    _write(cabinet, "autre", qualifie.pk)
    page = au_bureau.get(JOURNAL, {"dossier": str(patient.pk)}).text
    assert _objects(page) == ["objet sien"]
    assert "Qui a ouvert le dossier de VALLEE ALICE" in page
    assert "Voir tout le journal" in page
    # reading who read a record is itself an access to that record
    assert Ligne.objects.get(action="journal.lire").patient_ref == str(patient.pk)


def test_a_record_of_another_structure_filters_nothing_and_shows_nothing_of_it(
    au_bureau: Navigateur, cabinet: Structure, officine: Structure, pharmacienne: Compte
) -> None:
    stranger = make_patient(officine, pharmacienne)
    _write(cabinet, "ici")
    _write(officine, "ailleurs", stranger.pk)
    page = au_bureau.get(JOURNAL, {"dossier": str(stranger.pk)}).text
    assert "objet ailleurs" not in page
    assert "VALLEE" not in page


@pytest.mark.parametrize("dossier", ["", "1", "' OR 1=1 --", "é"])
def test_an_address_that_names_no_record_shows_the_whole_journal(
    au_bureau: Navigateur, cabinet: Structure, dossier: str
) -> None:
    _write(cabinet, "ici")
    assert _objects(au_bureau.get(JOURNAL, {"dossier": dossier}).text) == ["objet ici"]


def test_pages_keep_the_filter(au_bureau: Navigateur, cabinet: Structure, patient: Patient) -> None:
    for number in range(101):
        _write(cabinet, f"n{number}", patient.pk)
    query = {"dossier": str(patient.pk)}
    first = au_bureau.get(JOURNAL, query).text
    assert len(_objects(first)) == 100
    assert re.search(rf'href="\?page=2&(amp;)?dossier={patient.pk}"', first)
    # the reading of the first page is a line of this record too, now the newest
    assert _objects(au_bureau.get(JOURNAL, {**query, "page": "2"}).text) == ["objet n1", "objet n0"]


@pytest.mark.parametrize("role", list(Role))
def test_who_may_read_the_journal(cabinet: Structure, role: Role) -> None:
    browser = open_session(make_compte("quelquun", cabinet, role))
    answer = browser.get(JOURNAL)
    if role in SOIGNANTS | {Role.GESTIONNAIRE}:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 403
        assert "Votre rôle ne permet pas de lire le journal des accès" in answer.text


def test_what_a_line_says_is_shown_as_text(au_bureau: Navigateur, cabinet: Structure) -> None:
    record("dossier.lire", structure_id=cabinet.pk, acteur="<script>alert(1)</script>")
    assert "<script>alert(1)" not in au_bureau.get(JOURNAL).text


def test_the_lines_of_one_person_over_a_time(
    au_bureau: Navigateur, cabinet: Structure, medecin: Compte, secretaire: Compte
) -> None:
    record("dossier.lire", structure_id=cabinet.pk, acteur=medecin.acteur, objet="objet un")
    record("dossier.lire", structure_id=cabinet.pk, acteur=secretaire.acteur, objet="objet deux")
    today = f"{timezone.localdate():%d/%m/%Y}"

    hers = au_bureau.get(JOURNAL, {"qui": str(secretaire.pk), "du": today, "au": today}).text
    assert _objects(hers) == ["objet deux"]
    assert _objects(au_bureau.get(JOURNAL, {"au": "01/01/2020"}).text) == []
    wrong = au_bureau.get(JOURNAL, {"du": today, "au": "01/01/2020"})
    assert wrong.status_code == 422
    assert "La fin précède le début" in wrong.text


def test_the_journal_goes_to_a_spreadsheet_and_runs_nothing_there(au_bureau: Navigateur, cabinet: Structure) -> None:
    record("dossier.lire", structure_id=cabinet.pk, acteur="899700500012", objet='=HYPERLINK("x")', motif="a;b")

    answer = au_bureau.get("/journal/export/csv/")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"))

    assert rows[0][:3] == ["Numéro", "Quand", "Qui"]
    assert rows[1][6:8] == ['\'=HYPERLINK("x")', "a;b"]
    assert Ligne.objects.get(action="journal.exporter").objet == "csv"


def test_the_journal_goes_to_a_collector_as_fhir(au_bureau: Navigateur, cabinet: Structure, patient: Patient) -> None:
    record(
        "dossier.lire",
        structure_id=cabinet.pk,
        acteur="899700500012",
        responsable="899700500038",
        patient_ref=patient.pk,
        motif="urgence",
        objet="document 1",
    )
    record("connexion", structure_id=cabinet.pk, acteur="lou.faurel", resultat="CONNEXION_ECHEC")

    answer = au_bureau.get("/journal/export/fhir/")
    text = b"".join(answer.streaming_content).decode()
    first, second = (AuditEvent.model_validate_json(line) for line in text.splitlines())

    assert [each.who.identifier.value for each in first.agent] == ["899700500012", "899700500038"]
    assert (first.action, first.outcome, first.type.code) == ("R", "0", "110110")
    assert first.entity[0].what.identifier.value == str(patient.pk)
    assert (second.outcome, second.type.code, second.agent[0].who.identifier.system) == ("4", "110114", None)
    assert "LEVEQUE" not in text


def test_a_patient_is_told_who_opened_the_record_by_name(
    au_bureau: Navigateur, patient: Patient, secretaire: Compte
) -> None:
    open_session(secretaire).get(reverse("patients:dossier", args=[patient.pk]))

    page = au_bureau.get(f"/journal/dossier/{patient.pk}/").text

    assert f"{secretaire.nom_affiche}, secrétaire" in page
    assert "Ouvrir un dossier" in page
    assert secretaire.acteur not in page


def test_another_structure_learns_nothing_of_that_record(pharmacienne: Compte, patient: Patient) -> None:
    assert open_session(pharmacienne).get(f"/journal/dossier/{patient.pk}/").status_code == 404
