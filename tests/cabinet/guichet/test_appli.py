"""The appli carte Vitale at the counter: a qualified identity in two gestures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import Navigateur, make_patient, reread
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.guichet import vues_apcv
from opensegur.cabinet.guichet.models import Lecture
from opensegur.cabinet.patients.models import Patient, RechercheInsi
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import OID_NIR_TEST, Matricule, Sexe, Statut, Traits
from opensegur.ins.apcv import ApcvRefus, Beneficiaire, ContexteApcv

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

LIRE = reverse("guichet:lire")
JETON = "APCV1:" + "q" * 43
PARENT = Beneficiaire(
    1,
    "assure",
    Matricule("282111412790088", OID_NIR_TEST),
    Traits("LEVEQUE", "ALICE COLETTE", "ALICE", "1982-11-30", Sexe.F, "14127"),
)
ENFANT = Beneficiaire(
    2,
    "enfant",
    Matricule("297022A02077878", OID_NIR_TEST),
    Traits("LEVEQUE", "ZOE", "ZOE", "2019-02-26", Sexe.F, "18033"),
)


class _Appli:
    """The service, with these people on it."""

    def __init__(self) -> None:
        self.refus = ""
        self.chosen: list[int] = []

    def open_context(self, jeton: str) -> ContexteApcv:
        self._check()
        return ContexteApcv("contexte-1", datetime.now().astimezone() + timedelta(minutes=30), (PARENT, ENFANT))

    def choose(self, contexte: str, rang: int) -> Beneficiaire:
        self._check()
        self.chosen.append(rang)
        return {1: PARENT, 2: ENFANT}[rang]

    def _check(self) -> None:
        if self.refus:
            raise ApcvRefus(self.refus, "Le code de l’appli carte Vitale a expiré.", conseil="Un nouveau code.")


@pytest.fixture
def appli(monkeypatch: pytest.MonkeyPatch) -> _Appli:
    service = _Appli()

    @contextmanager
    def no_transport(configuration: object) -> Iterator[None]:
        yield None

    monkeypatch.setattr(vues_apcv, "configuration_of", lambda structure: None)
    monkeypatch.setattr(vues_apcv, "apcv_transport", no_transport)
    monkeypatch.setattr(vues_apcv.ApcvClient, "from_configuration", lambda configuration, transport: service)
    return service


def test_a_dependant_is_qualified_in_two_gestures_and_insi_is_not_asked(
    au_comptoir: Navigateur, appli: _Appli
) -> None:
    people = au_comptoir.envoyer(LIRE, {"lu": JETON}).url
    assert "ZOE" in au_comptoir.get(people).text
    response = au_comptoir.envoyer(people, {"rang": "2"})
    patient = Patient.objects.get()
    assert response.url == reverse("patients:dossier", args=[patient.pk])
    assert (patient.statut, patient.matricule_ins()) == (Statut.QUALIFIEE, ENFANT.matricule)
    assert patient.etat().par_appli_vitale
    assert not RechercheInsi.objects.exists()
    assert "appli" in patient.preuves.get().nature


def test_the_record_that_holds_this_ins_is_updated_and_keeps_the_names_in_use(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, appli: _Appli
) -> None:
    known = make_patient(cabinet, secretaire, traits=replace(PARENT.traits, lieu_naissance="", nom_utilise="VALLEE"))
    response = au_comptoir.envoyer(au_comptoir.envoyer(LIRE, {"lu": JETON}).url, {"rang": "1"})
    assert str(known.pk) in response.url
    patient = reread(known)
    assert (patient.lieu_naissance, patient.nom_utilise, patient.statut) == ("14127", "VALLEE", Statut.QUALIFIEE)
    assert '"lieu_naissance": ["", "14127"]' in patient.preuves.get().changements


def test_who_looks_alike_is_asked_about_before_a_second_record_is_made(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, appli: _Appli
) -> None:
    like = make_patient(cabinet, secretaire, traits=replace(PARENT.traits, premier_prenom="ALYCE", prenoms=""))
    people = au_comptoir.envoyer(LIRE, {"lu": JETON}).url
    page = au_comptoir.envoyer(people, {"rang": "1"}).text
    assert str(like.ipp) in page
    assert Patient.objects.count() == 1
    au_comptoir.envoyer(people, {"rang": "1", "dossier": str(like.pk)})
    assert reread(like).statut is Statut.QUALIFIEE
    assert Patient.objects.count() == 1


def test_or_it_is_somebody_else(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, appli: _Appli
) -> None:
    like = make_patient(cabinet, secretaire, traits=replace(PARENT.traits, premier_prenom="ALYCE", prenoms=""))
    people = au_comptoir.envoyer(LIRE, {"lu": JETON}).url
    au_comptoir.envoyer(people, {"rang": "1", "dossier": "nouveau"})
    assert reread(like).statut is Statut.PROVISOIRE
    assert Patient.objects.count() == 2


def test_a_record_outside_the_list_cannot_be_slipped_in(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, appli: _Appli
) -> None:
    stranger = make_patient(cabinet, secretaire, traits=Traits("AUTRE", "", "JEAN", "1950-01-01", Sexe.M, ""))
    make_patient(cabinet, secretaire, traits=replace(PARENT.traits, premier_prenom="ALYCE", prenoms=""))
    people = au_comptoir.envoyer(LIRE, {"lu": JETON}).url
    assert au_comptoir.envoyer(people, {"rang": "1", "dossier": str(stranger.pk)}).status_code == 404
    assert reread(stranger).statut is Statut.PROVISOIRE


@pytest.mark.parametrize("rang", ["", "x", "-1"])
def test_nobody_is_chosen_by_mistake(au_comptoir: Navigateur, appli: _Appli, rang: str) -> None:
    people = au_comptoir.envoyer(LIRE, {"lu": JETON}).url
    assert au_comptoir.envoyer(people, {"rang": rang}).status_code == 400
    assert not Patient.objects.exists()
    assert not appli.chosen


def test_a_form_sent_twice_makes_one_record(au_comptoir: Navigateur, appli: _Appli) -> None:
    people = au_comptoir.envoyer(LIRE, {"lu": JETON}).url
    au_comptoir.envoyer(people, {"rang": "2"})
    assert au_comptoir.envoyer(people, {"rang": "2"}).status_code == 400
    assert Patient.objects.count() == 1
    assert Lecture.objects.get().consommee


def test_a_refusal_of_the_service_is_told_in_french(au_comptoir: Navigateur, appli: _Appli) -> None:
    appli.refus = "APCV_EXPIRE"
    response = au_comptoir.envoyer(LIRE, {"lu": JETON})
    assert response.status_code == 400
    assert "a expiré" in response.text
    assert not Lecture.objects.exists()


def test_what_was_read_is_kept_encrypted(au_comptoir: Navigateur, appli: _Appli, django_db_blocker: Any) -> None:
    from django.db import connection

    au_comptoir.envoyer(LIRE, {"lu": JETON})
    with connection.cursor() as cursor:
        cursor.execute("SELECT contenu FROM guichet_lecture")
        raw = bytes(cursor.fetchone()[0])
    assert b"LEVEQUE" not in raw
    assert timezone.now() - Lecture.objects.get().moment < timedelta(minutes=1)
