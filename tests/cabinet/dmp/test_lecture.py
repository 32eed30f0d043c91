"""Reading a DMP: what is shown of it, what is refused, what the journal keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cabinet.dmp.dmp_en_memoire import LECTURES, UID, Deposer, Temoin, allow, ask
from cabinet.personnages import Navigateur
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.dmp import Visibilite

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def test_a_dmp_without_documents_says_so(au_bureau: Navigateur, qualifie: Patient, dmp: Temoin) -> None:
    assert "Ce DMP ne contient aucun document que vous puissiez voir" in ask(au_bureau, "documents", qualifie).text


def test_the_list_has_the_newest_first_with_author_type_and_visibility(
    au_bureau: Navigateur, qualifie: Patient, dmp: Temoin, deposer: Deposer
) -> None:
    for number, titre in ((1, "Ancien"), (3, "Récent"), (2, "Moyen")):
        day = datetime(2026, 3, number, 9, 30, tzinfo=UTC)
        deposer(
            Visibilite(masque_ps=number == 2, invisible_patient=number == 3),
            titre=titre,
            uid=f"1.2.250.1.999.1.1.2026.{number}",
            set_id=f"1.2.250.1.999.1.2.2026.{number}",
            created_at=day,
            acte_debut=day,
        )
    page = ask(au_bureau, "documents", qualifie).text
    assert page.index("Récent") < page.index("Moyen") < page.index("Ancien")
    assert page.count("data-ligne") == 3
    for words in ("PERRIN", "03/03/2026", "masqué", "caché au patient"):
        assert words in page
    assert "déjà dans le dossier" not in page


def test_a_document_of_text_is_read_as_text_and_downloaded_as_it_is(
    au_bureau: Navigateur, qualifie: Patient, dmp: Temoin, deposer: Deposer
) -> None:
    data = deposer(titre="<script>alert(1)</script>")
    page = ask(au_bureau, "lire", qualifie, UID).text
    assert "Examen clinique sans particularité." in page
    assert "<script>alert(1)" not in page
    file = ask(au_bureau, "fichier", qualifie, UID)
    assert file.content == data
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"] == 'attachment; filename="document-dmp.xml"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_that_is_not_there_is_said_in_french(
    au_bureau: Navigateur, qualifie: Patient, dmp: Temoin
) -> None:
    answer = ask(au_bureau, "lire", qualifie, "1.2.250.1.999.9")
    assert answer.status_code in {400, 502}
    assert "Code pour le support" in answer.text
    assert Ligne.objects.get(action="dmp.lire_document").resultat != "succes"


def test_a_document_altered_on_its_way_is_neither_shown_nor_kept(
    au_bureau: Navigateur, qualifie: Patient, dmp: Temoin, deposer: Deposer
) -> None:
    altered = deposer() + b"<!-- -->"
    dmp.stored = [replace(kept, data=altered) for kept in dmp.stored]
    for name in LECTURES:
        answer = ask(au_bureau, name, qualifie, UID)
        assert answer.status_code == 400
        assert "DMP_EMPREINTE" in answer.text
        assert "Examen clinique" not in answer.text


@pytest.mark.parametrize(
    "broken", [b"pas du XML", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///'>]><x>&e;</x>", b"<x/>"]
)
def test_a_document_that_cannot_be_read_is_said_and_can_still_be_kept(
    au_bureau: Navigateur, qualifie: Patient, dmp: Temoin, deposer: Deposer, broken: bytes
) -> None:
    deposer()
    dmp.stored = [replace(kept, data=broken, entry=kept.entry.with_content(broken)) for kept in dmp.stored]
    answer = ask(au_bureau, "lire", qualifie, UID)
    assert answer.status_code == 400
    assert "Code pour le support" in answer.text
    assert ask(au_bureau, "fichier", qualifie, UID).content == broken


def test_everything_asked_of_the_dmp_is_in_the_journal_and_names_nobody(
    au_bureau: Navigateur, qualifie: Patient, medecin: Compte, dmp: Temoin, deposer: Deposer
) -> None:
    deposer()
    ask(au_bureau, "etat", qualifie)
    allow(au_bureau, qualifie, accord="oui")
    ask(au_bureau, "documents", qualifie)
    ask(au_bureau, "lire", qualifie, UID)
    lines = list(Ligne.objects.order_by("id"))
    assert [(line.action, line.objet, line.resultat) for line in lines] == [
        ("dmp.consulter", "TD0.2", "succes"),
        ("dmp.consentement", "TD0.3", "succes"),
        ("dmp.consulter", "TD3.1", "succes"),
        ("dmp.lire_document", f"TD3.2 {UID}", "succes"),
    ]
    assert {(line.acteur, line.patient_ref) for line in lines} == {(medecin.id_nat, str(qualifie.pk))}
