"""What a search finds despite errors, in which order, and why."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from cabinet.personnages import TRAITS, make_patient
from opensegur.cabinet.antecedence.ecriture import index_patients
from opensegur.cabinet.antecedence.models import Entree, Mot
from opensegur.cabinet.antecedence.reconstruction import complete, rebuild
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import write_traits
from opensegur.cabinet.patients.selection import Criteres, search
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Nature, Sexe, Traits

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))
from fautes import misspell

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def _reasons(structure: Structure, **criteres: str) -> tuple[str, ...] | None:
    found = search(structure, Criteres(**criteres))
    return found[0].raisons if found else None


@pytest.mark.exigence("EXI ID 17")
@pytest.mark.parametrize(
    ("criteres", "raisons"),
    [
        ({"nom": "LEVEQUE", "prenom": "ALICE"}, ()),
        ({"nom": "LEV", "prenom": "AL"}, ()),
        ({"nom": "VALLEE", "prenom": "ALICE"}, ()),
        ({"nom": "LEVECQUE", "prenom": "ALICE"}, ("le nom sonne pareil",)),
        ({"nom": "LEBEQUE", "prenom": "ALICE"}, ("nom à une lettre près",)),
        ({"nom": "LEVQEUE"}, ("nom à une lettre près",)),
        ({"nom": "LEBEQYE", "prenom": "ALIXE"}, ("nom à deux lettres près", "prénom à une lettre près")),
        ({"nom": "ALICE", "prenom": "LEVEQUE"}, ("nom et prénom intervertis",)),
        ({"nom": "ALISE", "prenom": "LEVEK"}, ("nom et prénom intervertis", "le nom sonne pareil", "le prénom sonne pareil")),
        ({"nom": "LEVEQUE", "prenom": "COLETTE"}, ("un de ses prénoms",)),
        ({"nom": "LEVEQUE-DUVAL", "prenom": "ALICE"}, ("une partie du nom",)),
        ({"nom": "DE LEVEQUE", "prenom": "ALICE"}, ()),
        ({"nom": "LEV", "date_naissance": "1982-11-30"}, ()),
        ({"nom": "LEVEK", "prenom": "ALICE", "date_naissance": "1982-11-30"}, ("le nom sonne pareil",)),
        ({"nom": "LEVEQUE", "date_naissance": "1983-11-30"}, ("un chiffre de la date diffère",)),
        ({"nom": "LEVEQUE", "prenom": "ALICE", "date_naissance": "1982-11-03"}, ("deux chiffres de la date échangés",)),
        ({"nom": "LEVEQUE", "prenom": "ALICE", "date_naissance": "1975-06-02"}, ("autre date de naissance",)),
        ({"nom": "DUBOIS", "prenom": "ALICE", "date_naissance": "1982-11-30"}, ("autre nom",)),
        ({"nom": "LEVEQUE", "prenom": "BOB", "date_naissance": "1982-11-30"}, ("autre prénom",)),
        ({"nom": "LEVEQ", "date_naissance": "1982-11-00"}, ()),
    ],
    ids=str,
)  # fmt: skip
def test_errors_are_caught_and_told(
    cabinet: Structure, patient: Patient, criteres: dict[str, str], raisons: tuple[str, ...]
) -> None:
    assert _reasons(cabinet, **criteres) == raisons


def test_day_and_month_exchanged(cabinet: Structure, secretaire: Compte) -> None:
    make_patient(cabinet, secretaire, traits=Traits("ROY", "", "EVE", "1980-03-04", Sexe.F, ""))
    assert _reasons(cabinet, nom="ROY", date_naissance="1980-04-03") == ("jour et mois intervertis",)


@pytest.mark.parametrize(
    "criteres",
    [
        {"nom": "DUBOIS"},
        {"nom": "LEVEQUE", "prenom": "BOB"},
        {"nom": "DUBOIS", "prenom": "BOB", "date_naissance": "1982-11-30"},
        {"date_naissance": "1982-11-29"},
        {"nom": "LEBEKE", "prenom": "ALICE", "date_naissance": "1975-06-02"},
    ],
    ids=str,
)
@pytest.mark.usefixtures("patient")
def test_somebody_else_is_not_found(cabinet: Structure, criteres: dict[str, str]) -> None:
    assert search(cabinet, Criteres(**criteres)) == []


def test_the_likeliest_comes_first(cabinet: Structure, secretaire: Compte) -> None:
    for nom in ("DUPOND", "DUPONT", "DUMONT", "DUPONTEL"):
        make_patient(cabinet, secretaire, traits=Traits(nom, "", "EVE", "1980-01-01", Sexe.F, ""))
    found = search(cabinet, Criteres(nom="DUPONT", prenom="EVE"))
    assert [each.patient.nom_naissance for each in found] == ["DUPONT", "DUPONTEL", "DUPOND", "DUMONT"]


def test_a_matricule_finds_its_record(cabinet: Structure, qualifie: Patient) -> None:
    assert [each.patient for each in search(cabinet, Criteres(matricule=qualifie.matricule_ins()))] == [qualifie]


def test_two_records_that_share_a_number_of_form_are_not_mixed_up(
    cabinet: Structure, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of the index are numbers of 32 bits: one that serves twice must not show somebody else."""
    Mot.objects.create(forme="ZZZ", son=0)
    Entree.objects.filter(nom=0).delete()
    monkeypatch.setattr("opensegur.cabinet.antecedence.recherche.number_of", lambda text: 7)
    assert search(cabinet, Criteres(nom="ZZZ")) == []


def test_the_index_follows_a_correction_and_a_removal(cabinet: Structure, patient: Patient) -> None:
    write_traits(patient, Traits("FAURE", "", "ZOE", "1990-01-01", Sexe.F, ""))
    assert search(cabinet, Criteres(nom="LEVEQUE")) == []
    assert [each.patient for each in search(cabinet, Criteres(nom="FAURE"))] == [patient]
    patient.preuves.all().delete()
    Patient.objects.get(pk=patient.pk).delete()
    assert not Entree.objects.exists()


def test_the_index_is_made_again_from_the_records(cabinet: Structure, patient: Patient) -> None:
    before = sorted(Entree.objects.values_list("nom", "prenom", "naissance", "ipp"))
    Entree.objects.all().delete()
    complete()
    assert sorted(Entree.objects.values_list("nom", "prenom", "naissance", "ipp")) == before
    seen: list[tuple[int, int]] = []
    assert rebuild(lambda done, total: seen.append((done, total))) == 1
    assert seen == [(1, 1)]


def test_records_written_twice_in_the_index_are_there_once(patient: Patient) -> None:
    count = Entree.objects.count()
    index_patients([patient])
    assert Entree.objects.count() == count


def test_misspelt_people_are_found(cabinet: Structure, secretaire: Compte) -> None:
    """A first measure of what ``tools/bench_recherche.py`` measures among a million records."""
    names = [
        "LEVEQUE",
        "MARTIN",
        "BERNARD",
        "MOREAU",
        "LEFEBVRE",
        "GAUTHIER",
        "ROUSSEAU",
        "CHEVALIER",
        "FONTAINE",
        "MATHIEU",
        "GUILLOT",
        "BOUCHER",
    ]
    given = ["ALICE", "MATTHIEU", "PHILIPPE", "CATHERINE", "STEPHANIE", "NICOLAS"]
    people = [(nom, prenom) for nom in names for prenom in given]
    rows = [
        Patient(
            structure=cabinet, ipp=ipp, nom_naissance=nom, premier_prenom=prenom, date_naissance="1980-01-01", sexe="F",
            cree_par=secretaire,
        )
        for ipp, (nom, prenom) in enumerate(people, 1)
    ]  # fmt: skip
    Patient.objects.bulk_create(rows)
    index_patients(rows)
    draw = random.Random(20261125)
    found = 0
    for nom, prenom in people:
        asked = Criteres(nom=misspell(nom, draw), prenom=misspell(prenom, draw))
        found += (nom, prenom) in [
            (each.patient.nom_naissance, each.patient.premier_prenom) for each in search(cabinet, asked)
        ]
    assert found >= 0.97 * len(people)


def test_another_structure_with_the_same_names_is_never_seen(
    cabinet: Structure, officine: Structure, pharmacienne: Compte
) -> None:
    make_patient(officine, pharmacienne, Nature.CONTROLE_REUSSI, traits=TRAITS)
    for criteres in (Criteres("LEVEQUE", "ALICE"), Criteres("LEVEK"), Criteres(date_naissance="1982-11-30")):
        assert search(cabinet, criteres) == []
