"""The engine: every end that an attempt may have, what it leaves behind, and what a person may decide."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from cabinet.envois.preparation import INJOIGNABLE, REFUS, Service, attempt, make_due, make_envoi
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.envois import expediteurs, moteur
from opensegur.cabinet.envois.etats import TransitionInterdite
from opensegur.cabinet.envois.expediteurs import Reussite
from opensegur.cabinet.envois.models import Envoi, Tache
from opensegur.cabinet.envois.moteur import DELAIS, PorteurAbsent
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

Dire = Callable[..., Service]


@pytest.fixture
def envoi(patient: Patient, medecin: Compte) -> Envoi:
    return make_envoi(patient, medecin)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Dire:
    """Puts in place a national service that gives these answers."""

    def install(*answers: Exception | Reussite) -> Service:
        made = Service(answers)
        monkeypatch.setitem(expediteurs._FABRIQUES, ("dmp", "depot"), lambda: made)
        return made

    return install


def _results(envoi: Envoi) -> list[tuple[int, str, str]]:
    return [(each.numero, each.resultat, each.code) for each in envoi.tentatives.all()]


def test_a_delivery_that_is_taken_is_over(service: Dire, envoi: Envoi, patient: Patient, medecin: Compte) -> None:
    service()
    after = attempt(envoi)
    assert (after.etat, after.essais, after.bail_par, after.bail_jusqu_a) == ("depose", 1, "", None)
    assert after.termine_le is not None
    assert not after.en_attente
    assert _results(after) == [(1, "depose", "")]
    assert all(each.fin for each in after.tentatives.all())
    assert not Tache.objects.exists()
    line = Ligne.objects.get()
    assert (line.action, line.resultat, line.acteur) == ("envoi.dmp.depot", "succes", medecin.id_nat)
    assert (line.patient_ref, line.objet) == (str(patient.pk), f"envoi {envoi.pk}")


def test_what_the_service_already_had_is_a_success_and_says_so(service: Dire, envoi: Envoi) -> None:
    service(Reussite(deja_present=True, detail="déjà présent"))
    after = attempt(envoi)
    assert after.etat == "depose"
    assert after.tentatives.get().detail == "déjà présent"


def test_a_passing_failure_goes_back_to_the_queue_with_its_reason(service: Dire, envoi: Envoi) -> None:
    service(INJOIGNABLE)
    after = attempt(envoi)
    assert (after.etat, after.bail_par, after.termine_le) == ("en_file", "", None)
    assert (after.code, after.message) == ("TRANSPORT_INJOIGNABLE", "Le DMP ne répond pas.")
    assert after.a_tenter_le > timezone.now()
    assert moteur.claim("ouvrier 2") == []
    assert moteur.next_due() == after.a_tenter_le
    assert not Tache.objects.exists()
    assert Ligne.objects.get().resultat == "TRANSPORT_INJOIGNABLE"


def test_a_retry_sends_the_same_identifiers_and_forgets_the_failure(service: Dire, envoi: Envoi) -> None:
    made = service(INJOIGNABLE)
    attempt(envoi)
    after = attempt(envoi, "ouvrier 2")
    assert (after.etat, after.code, after.message, after.conseil) == ("depose", "", "", "")
    assert made.seen[0] == made.seen[1]
    assert _results(after) == [(1, "en_file", "TRANSPORT_INJOIGNABLE"), (2, "depose", "")]


def test_the_delays_grow_then_a_person_is_asked(service: Dire, envoi: Envoi) -> None:
    service(*[INJOIGNABLE] * (len(DELAIS) + 1))
    for base in DELAIS:
        before = timezone.now()
        after = attempt(envoi)
        assert after.etat == "en_file"
        assert base <= after.a_tenter_le - before <= base * 1.2 + timedelta(seconds=5)
    assert sorted(DELAIS) == list(DELAIS)
    last = attempt(envoi)
    assert (last.etat, last.essais) == ("refuse", len(DELAIS) + 1)
    assert [each.numero for each in last.tentatives.all()] == list(range(1, len(DELAIS) + 2))
    task = Tache.objects.get()
    assert (task.envoi, task.code, task.motif) == (last, "TRANSPORT_INJOIGNABLE", "Le DMP ne répond pas.")


def test_a_refusal_is_a_task_at_once_with_its_reason_and_what_to_do(
    service: Dire, envoi: Envoi, patient: Patient
) -> None:
    service(REFUS)
    after = attempt(envoi)
    assert (after.etat, after.code, after.conseil) == ("refuse", "DMP_TYPE", "Choisissez un autre type.")
    assert after.tentatives.get().detail == "code 11488-4"
    task = Tache.objects.get()
    assert (task.motif, task.conseil) == ("Le DMP refuse ce type.", "Choisissez un autre type.")
    assert (task.structure, task.patient, task.close_le) == (patient.structure, patient, None)
    make_due(envoi)
    assert moteur.claim("ouvrier 2") == []


def test_without_the_holder_of_the_card_it_waits_and_is_not_over(
    service: Dire, envoi: Envoi, medecin: Compte
) -> None:
    service(PorteurAbsent("PORTEUR_ABSENT", "La carte n’est pas là.", conseil="Insérez-la."))
    after = attempt(envoi)
    assert (after.etat, after.code, after.termine_le) == ("attend_porteur", "PORTEUR_ABSENT", None)
    assert after.en_attente
    assert not Tache.objects.exists()
    make_due(envoi)
    assert moteur.claim("ouvrier 2") == []
    moteur.retry(after, medecin)
    assert attempt(envoi).etat == "depose"


def test_a_fault_of_ours_loses_neither_the_worker_nor_the_delivery(
    service: Dire, envoi: Envoi, caplog: pytest.LogCaptureFixture
) -> None:
    service(ZeroDivisionError("LEVEQUE ALICE"))
    with caplog.at_level(logging.ERROR):
        after = attempt(envoi)
    assert (after.etat, after.code) == ("en_file", "ENVOI_PANNE")
    assert after.message == "L’envoi a échoué pour une raison interne."
    # what an unknown exception says may name the patient: only its type is kept
    assert after.tentatives.get().detail == "ZeroDivisionError"
    assert "an attempt failed unexpectedly" in caplog.text
    assert attempt(envoi).etat == "depose"


def test_a_kind_of_delivery_that_nobody_sends_is_a_task(monkeypatch: pytest.MonkeyPatch, envoi: Envoi) -> None:
    monkeypatch.setattr(expediteurs, "_FABRIQUES", {})
    assert attempt(envoi).code == "ENVOI_SANS_EXPEDITEUR"
    assert Tache.objects.get().conseil


def test_a_claimed_delivery_is_nobody_elses_until_its_lease_is_over(envoi: Envoi) -> None:
    assert moteur.claim("ouvrier 1") == [envoi.pk]
    assert moteur.claim("ouvrier 2") == []
    make_due(envoi)
    assert moteur.claim("ouvrier 2") == [envoi.pk]
    assert Envoi.objects.get().bail_par == "ouvrier 2"


def test_claims_take_the_oldest_first_and_no_more_than_asked(patient: Patient, medecin: Compte) -> None:
    now = timezone.now()
    late, early, middle = (
        make_envoi(patient, medecin, a_tenter_le=now - timedelta(minutes=minutes)) for minutes in (1, 9, 5)
    )
    make_envoi(patient, medecin, a_tenter_le=now + timedelta(minutes=1))
    assert sorted(moteur.claim("ouvrier 1", limite=2)) == sorted([early.pk, middle.pk])
    assert moteur.claim("ouvrier 2", limite=9) == [late.pk]


@pytest.mark.parametrize("late_answer", [Reussite(), REFUS], ids=["success", "refusal"])
def test_a_worker_that_slept_past_its_lease_does_not_overwrite_its_successor(
    service: Dire, envoi: Envoi, late_answer: Exception | Reussite, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = service(Reussite())

    class Slow:
        def envoyer(self, row: Envoi) -> Reussite:
            monkeypatch.setitem(expediteurs._FABRIQUES, ("dmp", "depot"), lambda: quick)
            attempt(row, "ouvrier 2")
            if isinstance(late_answer, Exception):
                raise late_answer
            return late_answer

    monkeypatch.setitem(expediteurs._FABRIQUES, ("dmp", "depot"), Slow)
    after = attempt(envoi, "ouvrier 1")
    assert (after.etat, after.essais, after.code) == ("depose", 2, "")
    assert [(each.ouvrier, each.resultat) for each in after.tentatives.all()] == [
        ("ouvrier 1", "bail perdu"),
        ("ouvrier 2", "depose"),
    ]
    assert not Tache.objects.exists()


def test_the_attempt_of_a_dead_worker_is_closed_by_the_next(service: Dire, envoi: Envoi) -> None:
    service()
    moteur.claim("ouvrier 1")
    moteur._open_attempt(Envoi.objects.get(), "ouvrier 1")
    after = attempt(envoi, "ouvrier 2")
    assert _results(after) == [(1, "interrompue", ""), (2, "depose", "")]


def test_sending_again_by_hand_closes_the_task_and_starts_afresh(
    service: Dire, envoi: Envoi, secretaire: Compte
) -> None:
    made = service(REFUS)
    moteur.retry(attempt(envoi), secretaire)
    waiting = Envoi.objects.get()
    assert (waiting.etat, waiting.essais, waiting.termine_le) == ("en_file", 0, None)
    # the reason is mended, says the person who sends again: the screen no longer alerts of it
    assert (waiting.code, waiting.message, waiting.conseil) == ("", "", "")
    task = Tache.objects.get()
    assert task.close_le is not None
    assert task.close_par == secretaire
    after = attempt(envoi)
    assert (after.etat, made.seen[0]) == ("depose", made.seen[1])
    assert _results(after) == [(1, "refuse", "DMP_TYPE"), (2, "depose", "")]


def test_giving_up_by_hand_closes_the_task_and_keeps_the_reason(
    service: Dire, envoi: Envoi, secretaire: Compte
) -> None:
    service(REFUS)
    moteur.abandon(attempt(envoi), secretaire)
    after = Envoi.objects.get()
    assert (after.etat, after.code) == ("abandonne", "DMP_TYPE")
    assert after.termine_le is not None
    assert Tache.objects.get().close_par == secretaire
    make_due(envoi)
    assert moteur.claim("ouvrier 2") == []


@pytest.mark.parametrize("etat", ["depose", "abandonne", "en_cours", "en_file"])
def test_what_cannot_be_sent_again_says_in_which_state_it_is(envoi: Envoi, medecin: Compte, etat: str) -> None:
    Envoi.objects.update(etat=etat)
    with pytest.raises(TransitionInterdite) as caught:
        moteur.retry(envoi, medecin)
    label = Envoi.objects.get().get_etat_display()
    assert caught.value.message == f"Un envoi « {label} » ne peut pas devenir « en file »."
    assert caught.value.conseil.startswith("Rechargez la page")
    assert Envoi.objects.get().etat == etat


def test_a_delivery_that_kills_its_worker_each_time_becomes_a_task(
    service: Dire, envoi: Envoi, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deadly:
        def envoyer(self, row: Envoi) -> Reussite:
            raise KeyboardInterrupt  # what ends a process in the middle of an attempt

    monkeypatch.setitem(expediteurs._FABRIQUES, ("dmp", "depot"), Deadly)
    for _ in range(len(DELAIS) + 1):
        with pytest.raises(KeyboardInterrupt):
            attempt(envoi)
        Envoi.objects.update(bail_jusqu_a=timezone.now() - timedelta(seconds=1))
    after = attempt(envoi)
    assert (after.etat, after.code) == ("refuse", "ENVOI_TROP_D_ESSAIS")
    assert Tache.objects.get().code == "ENVOI_TROP_D_ESSAIS"
