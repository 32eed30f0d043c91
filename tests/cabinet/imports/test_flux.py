"""Identity slave: ADT messages create, update, and say the status."""

from __future__ import annotations

import pytest

from cabinet.imports_adt import message
from opensegur.cabinet.imports import moteur
from opensegur.cabinet.imports.models import FusionRecue, Import, Provenance
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Attribut, Nature, Statut

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


@pytest.fixture
def recevoir(cabinet: Structure, prendre, gestionnaire):
    cabinet.esclave = True
    cabinet.save()

    def receive(*texts: str) -> Import:
        made = prendre("".join(texts), nom="flux.hl7", source="GAM")
        made = moteur.advance(made, gestionnaire)
        moteur.start(made, essai=False)
        return moteur.advance(made, gestionnaire)

    return receive


@pytest.mark.parametrize(
    ("statuts", "ins", "statut"),
    [
        ("VALI", True, Statut.QUALIFIEE),
        ("VALI", False, Statut.VALIDEE),
        ("PROV", True, Statut.PROVISOIRE),
        ("PROV", False, Statut.PROVISOIRE),
        ("", True, Statut.PROVISOIRE),
    ],
)
def test_the_status_is_deduced_from_pid_32_and_the_ins(recevoir, statuts: str, ins: bool, statut: Statut) -> None:
    recevoir(message(statuts=statuts) if ins else message(statuts=statuts, ins=""))
    assert Patient.objects.get().statut is statut


def test_an_update_follows_the_number_of_the_master(recevoir) -> None:
    recevoir(message(statuts="PROV", ins=""))
    made = recevoir(message("A31").replace("VALLEE", "MARTIN"))
    patient = Patient.objects.get()
    assert (patient.nom_utilise, patient.statut) == ("MARTIN", Statut.QUALIFIEE)
    assert made.comptes == {"mis_a_jour": 1}
    assert [row.nature for row in patient.preuves.all()] == [
        Nature.FLUX_PROVISOIRE,
        Nature.MODIFICATION_COMPLEMENTAIRE,
        Nature.FLUX_QUALIFIEE,
    ]


def test_the_same_message_again_adds_nothing(recevoir) -> None:
    recevoir(message())
    recevoir(message("A08"))
    assert Patient.objects.get().preuves.count() == 1


def test_a_doubt_comes_and_goes(recevoir) -> None:
    recevoir(message(statuts="VALI"))
    recevoir(message("A31", statuts="PROV~DOUT"))
    assert Patient.objects.get().etat().attributs == {Attribut.DOUTEUSE}
    recevoir(message("A31", statuts="VALI", charset=""))
    etat = Patient.objects.get().etat()
    assert (etat.statut, etat.attributs) == (Statut.QUALIFIEE, frozenset())


def test_a_merge_of_two_known_records_is_written_down_not_done(recevoir) -> None:
    recevoir(message(pi="1"), message(pi="2", ins="", statuts="PROV"))
    made = recevoir(message("A40", pi="1", mrg="2"))
    task = FusionRecue.objects.get()
    assert (task.garde.statut, task.absorbe.statut) == (Statut.QUALIFIEE, Statut.PROVISOIRE)
    assert Patient.objects.count() == 2
    assert made.comptes == {"fusion": 1}


def test_a_number_that_becomes_another_is_followed(recevoir) -> None:
    recevoir(message(pi="2"))
    recevoir(message("A40", pi="1", mrg="2"))
    assert Provenance.objects.get().externe == "1"


def test_two_identities_with_one_matricule_are_a_collision(recevoir) -> None:
    made = recevoir(message(pi="1"), message(pi="2"))
    assert Patient.objects.count() == 1
    assert made.comptes == {"cree": 1, "refuse": 1}
    assert "déjà celui du dossier n° 1" in made.anomalies.get(essai=False).message


def test_outside_a_slave_the_same_messages_are_claims(prendre, gestionnaire) -> None:
    made = prendre(
        message() + message(pi="2", ins="").replace("LEVEQUE", "FAURE").replace("VALLEE", "FAURE"), nom="base.hl7"
    )
    made = moteur.advance(made, gestionnaire)
    moteur.start(made, essai=False)
    made = moteur.advance(made, gestionnaire)
    assert made.comptes["cree"] == 2
    assert {patient.statut for patient in Patient.objects.all()} == {Statut.PROVISOIRE}
    assert Patient.objects.filter(ins_annoncees__isnull=False).count() == 1
