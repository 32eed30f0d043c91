"""Identity slave: ADT messages create, update, and say the status."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cabinet.imports_adt import message
from cabinet.personnages import Navigateur
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.doublons.models import Fusion, Paire
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


def test_a_merge_decided_over_there_is_carried_out_and_followed(recevoir) -> None:
    recevoir(message(pi="1"), message(pi="2", ins="", statuts="PROV"))
    made = recevoir(message("A40", pi="1", mrg="2"))
    assert made.comptes == {"fusion": 1}
    merged = Fusion.objects.get()
    assert (merged.garde.statut, merged.absorbe.statut) == (Statut.QUALIFIEE, Statut.PROVISOIRE)
    again = recevoir(message("A40", pi="1", mrg="2"), message("A31", pi="2").replace("VALLEE", "MARTIN"))
    assert again.comptes == {"deja": 1, "mis_a_jour": 1}
    assert Patient.objects.get(pk=merged.garde_id).nom_utilise == "MARTIN"


def test_a_merge_of_two_matricules_waits_for_a_referent(
    recevoir, secretaire: Compte, au_comptoir: Navigateur
) -> None:
    recevoir(message(pi="1"), message(pi="2").replace("282111412790088", "282111412790979"))
    made = recevoir(message("A40", pi="1", mrg="2"))
    assert "référent d’identité" in made.anomalies.get(essai=False).message
    pair = Paire.objects.get()
    garde = FusionRecue.objects.get().garde
    decide = reverse("doublons:decider", args=[pair.pk])
    choice = {"geste": "fusionner", "garder": str(garde.pk), "motif": "Deux NIR successifs"}
    assert "fusion demandée par le référentiel" in au_comptoir.get(reverse("doublons:liste")).text
    assert au_comptoir.envoyer(decide, choice).status_code == 400
    Rattachement.objects.filter(compte=secretaire).update(referent_identite=True)
    assert "Même personne" in au_comptoir.get(reverse("doublons:paire", args=[pair.pk])).text
    assert au_comptoir.envoyer(decide, choice).status_code == 302
    assert Fusion.objects.get().garde == garde
    assert FusionRecue.objects.get().faite_le
    undo = reverse("doublons:defaire", args=[Fusion.objects.get().pk])
    assert au_comptoir.envoyer(undo).status_code == 302
    assert au_comptoir.envoyer(decide, choice).status_code == 400


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
