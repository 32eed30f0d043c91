"""The board of identitovigilance: what it counts, who sees it, and the files that it gives."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import MATRICULE, TRAITS, Navigateur, make_patient, open_session
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.patients.models import Patient, Preuve, RechercheInsi
from opensegur.cabinet.patients.preuves import add_preuve, create_patient
from opensegur.cabinet.structures.models import Structure
from opensegur.cabinet.vigilance.chiffres import Periode, compute_figures
from opensegur.cabinet.vigilance.models import Releve
from opensegur.ins import Nature

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

TODAY = date(2026, 11, 25)


def _period() -> Periode:
    today = timezone.localdate()
    return Periode(today - timedelta(days=30), today)


def _figures(structure: Structure) -> dict:
    return compute_figures(structure, _period(), timezone.now())


@pytest.fixture
def base(cabinet: Structure, secretaire: Compte) -> dict[str, Patient]:
    """One patient of each status, and one qualified by attestation."""
    return {
        "PROV": create_patient(cabinet, TRAITS, secretaire),
        "VALI": make_patient(cabinet, secretaire, Nature.CONTROLE_REUSSI),
        "QUAL": make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI),
        "douteuse": make_patient(cabinet, secretaire, Nature.CONTROLE_REUSSI, Nature.DOUTEUSE),
    }


def test_each_identity_is_counted_at_its_status(base: dict[str, Patient], cabinet: Structure) -> None:
    figures = _figures(cabinet)
    assert figures["dossiers"] == 4
    assert figures["statuts"] == {"PROV": 2, "RECUP": 0, "VALI": 1, "QUAL": 1}
    assert figures["in_insi"] == 1
    assert figures["qualifiees_sans_preuve"] == 0
    assert sum(figures["ages_provisoires"].values()) == 2


def test_only_who_came_in_the_period_is_among_the_patients_seen(
    base: dict[str, Patient], cabinet: Structure, secretaire: Compte
) -> None:
    now = timezone.now()
    for patient, when in ((base["QUAL"], now), (base["PROV"], now - timedelta(days=90))):
        Venue.objects.create(
            structure=cabinet,
            patient=patient,
            recu_par=secretaire,
            nature="soin",
            prevue_le=when,
            arrivee_le=when,
            creee_par=secretaire,
        )
    figures = _figures(cabinet)
    assert figures["vus"] == 1
    assert figures["statuts_vus"]["QUAL"] == 1


def test_an_attestation_is_counted_apart(cabinet: Structure, secretaire: Compte) -> None:
    patient = make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI)
    add_preuve(patient, Nature.ATTESTATION, secretaire)
    assert _figures(cabinet)["par_attestation"] == 1
    # a document shown later is a better proof
    add_preuve(patient, Nature.CONTROLE_REUSSI, secretaire, piece="PA")
    figures = _figures(cabinet)
    assert figures["par_attestation"] == 0
    assert figures["statuts"]["QUAL"] == 1


def test_a_qualification_that_rests_on_nothing_would_show(
    base: dict[str, Patient], cabinet: Structure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opensegur.cabinet.vigilance.chiffres._PROVING", frozenset())
    assert _figures(cabinet)["qualifiees_sans_preuve"] == 1


def test_an_old_ins_is_to_be_verified_again(base: dict[str, Patient], cabinet: Structure) -> None:
    assert _figures(cabinet)["a_verifier"] == 0
    Preuve.objects.filter(patient=base["QUAL"]).update(moment=timezone.now() - timedelta(days=37 * 31))
    assert _figures(cabinet)["a_verifier"] == 1
    cabinet.verification_mois = 60
    assert _figures(cabinet)["a_verifier"] == 0


def test_the_time_to_qualification_runs_from_the_creation_of_the_record(
    base: dict[str, Patient], cabinet: Structure
) -> None:
    Patient.objects.filter(pk=base["QUAL"].pk).update(cree_le=timezone.now() - timedelta(days=3))
    delay = _figures(cabinet)["delai"]
    assert delay["nombre"] == 1
    assert timedelta(seconds=delay["mediane"]) > timedelta(days=2)


def test_the_answers_of_insi_are_counted_by_cause(cabinet: Structure, secretaire: Compte) -> None:
    now = timezone.now()
    for code, issue in (("00", "acceptee"), ("00", "refusee"), ("01", "sans_resultat"), ("02", "sans_resultat")):
        RechercheInsi.objects.create(
            structure=cabinet, auteur=secretaire, moment=now, code=code, issue=issue, requete=b"", reponse=b""
        )
    answers = _figures(cabinet)["insi"]
    assert answers == {
        "appels": 4,
        "code_00": 2,
        "code_01": 1,
        "code_02": 1,
        "acceptees": 1,
        "refusees": 1,
        "en_attente": 0,
    }


def test_another_structure_is_not_counted(base: dict[str, Patient], officine: Structure) -> None:
    assert _figures(officine)["dossiers"] == 0


def test_the_board_counts_when_asked_and_shows_the_same_lines_as_its_file(
    au_comptoir: Navigateur, base: dict[str, Patient]
) -> None:
    assert "Aucun chiffre encore" in au_comptoir.get(reverse("vigilance:tableau")).text
    period = {"debut": "2026-01-01", "fin": timezone.localdate().isoformat()}
    assert au_comptoir.envoyer(reverse("vigilance:compter"), period).status_code == 302
    page = au_comptoir.get(reverse("vigilance:tableau")).text
    assert "Identité qualifiée" in page
    lines = list(csv.reader(io.StringIO(au_comptoir.get(reverse("vigilance:export_csv")).text), delimiter=";"))
    qualified = next(line for line in lines if line[1] == "statuts.QUAL")
    assert qualified[3:] == ["1", "25,0\u202f%"]
    assert au_comptoir.get(reverse("vigilance:export_json")).json()["chiffres"]["dossiers"] == 4


def test_the_files_name_nobody(au_comptoir: Navigateur, base: dict[str, Patient]) -> None:
    au_comptoir.envoyer(reverse("vigilance:compter"), {"debut": "2026-01-01", "fin": "2026-12-31"})
    for name in ("export_csv", "export_json", "tableau"):
        text = au_comptoir.get(reverse(f"vigilance:{name}")).text
        assert TRAITS.nom_naissance not in text
        assert MATRICULE.valeur not in text


@pytest.mark.parametrize(("debut", "fin"), [("", "2026-01-01"), ("hier", "demain"), ("2026-02-01", "2026-01-01")])
def test_a_period_that_means_nothing_is_refused_in_french(au_comptoir: Navigateur, debut: str, fin: str) -> None:
    answer = au_comptoir.envoyer(reverse("vigilance:compter"), {"debut": debut, "fin": fin})
    assert answer.status_code == 400
    assert "période" in answer.text
    assert not Releve.objects.exists()


def test_old_figures_make_room(au_comptoir: Navigateur, cabinet: Structure) -> None:
    now = timezone.now()
    Releve.objects.bulk_create(
        Releve(structure=cabinet, moment=now - timedelta(days=day), debut=TODAY, fin=TODAY, chiffres={})
        for day in range(1, 80)
    )
    au_comptoir.envoyer(reverse("vigilance:compter"), {"debut": "2026-01-01", "fin": "2026-12-31"})
    assert Releve.objects.filter(structure=cabinet).count() == 60


def test_the_figures_of_another_structure_do_not_show(
    base: dict[str, Patient], au_comptoir: Navigateur, pharmacienne: Compte
) -> None:
    au_comptoir.envoyer(reverse("vigilance:compter"), {"debut": "2026-01-01", "fin": "2026-12-31"})
    assert "Aucun chiffre encore" in open_session(pharmacienne).get(reverse("vigilance:tableau")).text
