"""The campaign of verification: what is due, what INSi says, and nothing lost when it stops in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import TRAITS, Navigateur, make_patient, open_session, reread
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.imports.models import Import, InsAnnoncee
from opensegur.cabinet.patients.models import Patient, Preuve
from opensegur.cabinet.patients.preuves import add_preuve, create_patient, index_of
from opensegur.cabinet.structures.models import Structure
from opensegur.cabinet.vigilance import campagne
from opensegur.cabinet.vigilance.models import Campagne, Lot, Verification
from opensegur.foundation.errors import InvalidValue, TransportError
from opensegur.ins import OID_NIR_TEST, Matricule, Nature, Statut, compute_key
from opensegur.ins.verification import EtatLot, LigneAVerifier, ResultatLot

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

OLD = timedelta(days=40 * 31)


def number(rank: int) -> Matricule:
    nir = f"28211141279{rank + 40:02d}"
    return Matricule(nir + compute_key(nir), OID_NIR_TEST)


def old_patient(structure: Structure, author: Compte, rank: int, *more: Nature) -> Patient:
    """Somebody whose INS was recovered long ago."""
    patient = create_patient(
        structure, replace(TRAITS, premier_prenom="ALICE", nom_naissance=f"LEVEQUE {'ABCDEFGH'[rank]}"), author
    )
    add_preuve(patient, Nature.RECUPERATION_INSI, author, matricule=number(rank))
    for nature in more:
        add_preuve(patient, nature, author, piece="PA" if nature is Nature.CONTROLE_REUSSI else "")
    Preuve.objects.filter(patient=patient).update(moment=timezone.now() - OLD)
    return reread(patient)


class _Service:
    """INSi refuses the references of ``refused``, and says nothing while ``busy``."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.busy = False
        self.down = False
        self.deposited: list[LigneAVerifier] = []

    def deposit(self, lignes: Sequence[LigneAVerifier]) -> str:
        self._check()
        self.deposited = list(lignes)
        return "ticket-1"

    def fetch(self, ticket: str) -> ResultatLot:
        self._check()
        count = len(self.deposited)
        if self.busy:
            return ResultatLot(EtatLot.EN_COURS, 0, count, {})
        verdicts = {ligne.reference: ligne.matricule.valeur not in self.refused for ligne in self.deposited}
        return ResultatLot(EtatLot.TERMINE, count, count, verdicts)

    def verify(self, matricule, traits):
        raise AssertionError("a campaign goes by lots")

    def _check(self) -> None:
        if self.down:
            raise TransportError("PANNE", "L’INSi ne répond pas.")


def run(service: _Service, *, until: timedelta = timedelta(hours=1)) -> None:
    """Every step that is due within ``until``, as the worker would make them."""
    now = timezone.now()
    for step in range(12):
        moment = now + until * step / 12
        for lot in campagne.due_lots(moment):
            campagne.advance(lot, service, moment)


def test_a_confirmed_ins_stays_and_a_refused_one_is_taken_away(cabinet: Structure, secretaire: Compte) -> None:
    kept = old_patient(cabinet, secretaire, 0, Nature.CONTROLE_REUSSI)
    qualified = old_patient(cabinet, secretaire, 1, Nature.CONTROLE_REUSSI)
    recovered = old_patient(cabinet, secretaire, 2)
    service = _Service()
    service.refused = {number(1).valeur, number(2).valeur}
    started = campagne.start_campaign(cabinet, secretaire, 36)
    run(service)
    assert [reread(each).statut for each in (kept, qualified, recovered)] == [
        Statut.QUALIFIEE,
        Statut.VALIDEE,
        Statut.PROVISOIRE,
    ]
    assert reread(qualified).matricule_ins() is None
    assert reread(started).etat == Campagne.Etat.TERMINEE
    # a person has to look at what was refused, and only at that
    waiting = Verification.objects.filter(traitee=False)
    assert {each.patient_id for each in waiting} == {qualified.pk, recovered.pk}
    # what was just verified is not due again
    assert not campagne.overdue(cabinet, 36, timezone.now()).exists()


def test_only_what_is_old_and_came_from_insi_is_due(
    cabinet: Structure, officine: Structure, secretaire: Compte, pharmacienne: Compte
) -> None:
    old = old_patient(cabinet, secretaire, 0)
    make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI)
    appli = create_patient(cabinet, TRAITS, secretaire)
    add_preuve(appli, Nature.APPLI_VITALE, secretaire, matricule=number(3))
    Preuve.objects.filter(patient=appli).update(moment=timezone.now() - OLD)
    old_patient(officine, pharmacienne, 4)
    assert list(campagne.overdue(cabinet, 36, timezone.now())) == [old]
    assert not campagne.overdue(cabinet, 60, timezone.now()).exists()


def test_a_service_that_is_down_is_asked_again_later_with_the_same_ticket(
    cabinet: Structure, secretaire: Compte
) -> None:
    patient = old_patient(cabinet, secretaire, 0)
    service = _Service()
    service.down = True
    campagne.start_campaign(cabinet, secretaire, 36)
    run(service, until=timedelta(minutes=2))
    lot = Lot.objects.get()
    assert lot.etat == Lot.Etat.A_DEPOSER
    assert "ne répond pas" in lot.echec
    service.down, service.busy = False, True
    Lot.objects.update(prochaine_fois=timezone.now())
    run(service, until=timedelta(minutes=2))
    assert (reread(lot).etat, reread(lot).ticket, reread(lot).echec) == (Lot.Etat.DEPOSE, "ticket-1", "")
    service.busy = False
    run(service)
    assert reread(lot).etat == Lot.Etat.RENDU
    assert Preuve.objects.filter(patient=patient, nature=Nature.VERIFICATION_REUSSIE).count() == 1


def test_answers_applied_twice_are_applied_once(cabinet: Structure, secretaire: Compte) -> None:
    patient = old_patient(cabinet, secretaire, 0)
    service = _Service()
    campagne.start_campaign(cabinet, secretaire, 36)
    run(service)
    Lot.objects.update(etat=Lot.Etat.DEPOSE, prochaine_fois=timezone.now())
    Campagne.objects.update(etat=Campagne.Etat.EN_COURS)
    run(service)
    assert Preuve.objects.filter(patient=patient, nature=Nature.VERIFICATION_REUSSIE).count() == 1


def test_an_ins_that_changed_in_between_is_left_alone(cabinet: Structure, secretaire: Compte) -> None:
    patient = old_patient(cabinet, secretaire, 0)
    service = _Service()
    service.refused = {number(0).valeur}
    campagne.start_campaign(cabinet, secretaire, 36)
    add_preuve(patient, Nature.RECUPERATION_INSI, secretaire, matricule=number(5))
    run(service)
    assert reread(patient).matricule_ins() == number(5)
    assert not Verification.objects.filter(traitee=False).exists()


def test_two_workers_do_not_deposit_one_lot_twice(cabinet: Structure, secretaire: Compte) -> None:
    old_patient(cabinet, secretaire, 0)
    campagne.start_campaign(cabinet, secretaire, 36)
    now = timezone.now()
    (mine,), (theirs,) = list(campagne.due_lots(now)), list(campagne.due_lots(now))
    first, second = _Service(), _Service()
    campagne.advance(mine, first, now)
    campagne.advance(theirs, second, now)
    assert first.deposited
    assert not second.deposited


def test_one_campaign_at_a_time_and_none_about_nothing(cabinet: Structure, secretaire: Compte) -> None:
    with pytest.raises(InvalidValue) as caught:
        campagne.start_campaign(cabinet, secretaire, 36)
    assert caught.value.code == "CAMPAGNE_VIDE"
    assert not Campagne.objects.exists()
    old_patient(cabinet, secretaire, 0)
    first = campagne.start_campaign(cabinet, secretaire, 36)
    with pytest.raises(InvalidValue) as again:
        campagne.start_campaign(cabinet, secretaire, 36)
    assert again.value.code == "CAMPAGNE_EN_COURS"
    campagne.stop_campaign(first)
    assert not campagne.due_lots(timezone.now() + timedelta(days=1)).exists()
    campagne.start_campaign(cabinet, secretaire, 36)


def test_a_large_base_goes_by_several_lots(
    cabinet: Structure, secretaire: Compte, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campagne, "LOT", 2)
    for rank in range(5):
        old_patient(cabinet, secretaire, rank)
    started = campagne.start_campaign(cabinet, secretaire, 36)
    assert [lot.verifications.count() for lot in started.lots.all()] == [2, 2, 1]


def test_the_screen_launches_follows_and_closes(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, pharmacienne: Compte
) -> None:
    patient = old_patient(cabinet, secretaire, 0)
    page = reverse("vigilance:verifications")
    assert "<strong>1</strong> INS n’a pas été vue" in au_comptoir.get(page).text
    au_comptoir.envoyer(reverse("vigilance:lancer"), {"mois": "36"})
    assert "0 sur 1" in au_comptoir.get(page).text
    service = _Service()
    service.refused = {number(0).valeur}
    run(service)
    shown = au_comptoir.get(page).text
    assert "1 sur 1" in shown
    assert "VALLEE" in shown
    refused = Verification.objects.get()
    other = open_session(pharmacienne)
    assert other.envoyer(reverse("vigilance:traiter", args=[refused.pk])).status_code == 404
    au_comptoir.envoyer(reverse("vigilance:traiter", args=[refused.pk]))
    assert "VALLEE" not in au_comptoir.get(page).text
    assert reread(patient).statut is Statut.PROVISOIRE


@pytest.mark.parametrize("months", ["", "0", "x", "999"])
def test_a_period_that_means_nothing_is_refused(au_comptoir: Navigateur, months: str) -> None:
    assert au_comptoir.envoyer(reverse("vigilance:lancer"), {"mois": months}).status_code == 400


def test_an_identity_slave_verifies_nothing(au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte) -> None:
    old_patient(cabinet, secretaire, 0)
    Structure.objects.update(esclave=True)
    assert au_comptoir.envoyer(reverse("vigilance:lancer"), {"mois": "36"}).status_code == 400
    assert not Campagne.objects.exists()


@pytest.mark.parametrize(("confirmed", "statut"), [(True, Statut.RECUPEREE), (False, Statut.PROVISOIRE)])
def test_an_ins_announced_by_an_import_is_verified_and_is_nothing_before(
    cabinet: Structure, secretaire: Compte, confirmed: bool, statut: Statut
) -> None:
    patient = create_patient(cabinet, TRAITS, secretaire)
    origine = Import.objects.create(
        structure=cabinet,
        auteur=secretaire,
        nom_fichier="base.csv",
        empreinte="0" * 64,
        taille=1,
        format="csv",
        source="",
    )
    claim = InsAnnoncee.objects.create(
        structure=cabinet,
        patient=patient,
        origine=origine,
        matricule=number(7).valeur,
        matricule_oid=number(7).oid,
        matricule_index=index_of(number(7)),
        recue_le=timezone.now(),
    )
    service = _Service()
    service.refused = set() if confirmed else {number(7).valeur}
    campagne.start_campaign(cabinet, secretaire, 36)
    assert reread(patient).matricule_index == ""
    run(service)
    assert reread(patient).statut is statut
    assert reread(claim).etat == ("confirmee" if confirmed else "infirmee")
