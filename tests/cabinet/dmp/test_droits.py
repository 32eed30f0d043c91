"""Who may ask the DMP for what: the consent first, the right login, the right record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.dmp.dmp_en_memoire import LECTURES, PAGES, UID, Temoin, allow, ask
from cabinet.personnages import Navigateur, make_compte, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import SOIGNANTS, Role
from opensegur.cabinet.comptes.session import SessionPsc
from opensegur.cabinet.dmp.models import Consentement
from opensegur.cabinet.dmp.passerelle import LectureImpossible, reader
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Qui
from opensegur.cabinet.structures.models import Structure
from opensegur.dmp import Autorisation, Mode, StatutDossier

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def _consent(patient: Patient, compte: Compte, sens: str = "donne", *, days: int = 0) -> Consentement:
    return Consentement.objects.create(
        structure=patient.structure,
        patient=patient,
        professionnel=compte.id_nat,
        sens=sens,
        recueilli_le=timezone.now() - timedelta(days=days),
        recueilli_par=compte,
    )


@pytest.mark.exigence("DMP/UX.50")
def test_consent_is_written_before_the_authorisation_leaves(
    au_bureau: Navigateur, qualifie: Patient, cabinet: Structure, dmp: Temoin
) -> None:
    dmp.autorisation = Autorisation.NON_EXISTE
    before = timezone.now()
    answer = allow(au_bureau, qualifie, accord="oui")
    assert answer.headers["Location"] == reverse("dmp:dossier", args=[qualifie.pk])
    assert dmp.consents == [1]
    consent = Consentement.objects.get()
    assert (consent.structure, consent.patient) == (cabinet, qualifie)
    assert before <= consent.recueilli_le <= timezone.now()
    assert "Accord enregistré" in au_bureau.get(answer.headers["Location"]).text


def test_the_screen_says_who_collected_the_consent_and_when(
    au_bureau: Navigateur, qualifie: Patient, medecin: Compte, dmp: Temoin
) -> None:
    _consent(qualifie, medecin)
    page = ask(au_bureau, "etat", qualifie).text
    assert "Accord du patient" in page
    assert "recueilli par Dr Ana DURAND" in page
    assert timezone.localdate().strftime("%Y") in page


def test_the_last_word_of_the_patient_is_the_one_shown(
    au_bureau: Navigateur, qualifie: Patient, medecin: Compte, dmp: Temoin
) -> None:
    _consent(qualifie, medecin, days=2)
    _consent(qualifie, medecin, "retire", days=1)
    page = ask(au_bureau, "etat", qualifie).text
    assert "Retiré le" in page or "retiré le" in page
    assert Consentement.objects.count() == 2


def test_the_consent_given_to_a_colleague_is_not_mine(
    au_bureau: Navigateur, qualifie: Patient, cabinet: Structure, dmp: Temoin
) -> None:
    colleague = make_compte("dr.bis", cabinet, Role.MEDECIN, id_nat="899700500020", profession="10")
    _consent(qualifie, colleague)
    assert "Accord du patient" not in ask(au_bureau, "etat", qualifie).text


@pytest.mark.parametrize("accord", ["", "non", "on", "OUI"])
def test_only_a_clear_yes_is_a_consent(au_bureau: Navigateur, qualifie: Patient, dmp: Temoin, accord: str) -> None:
    answer = allow(au_bureau, qualifie, accord=accord)
    assert answer.status_code == 400
    assert "Demandez-lui son accord" in answer.text
    assert not Consentement.objects.exists()
    assert dmp.requests == []
    line = Ligne.objects.get(action="dmp.consentement")
    assert (line.objet, line.resultat) == ("TD0.3", "DMP_SANS_ACCORD")


def test_no_consent_is_written_for_an_identity_that_is_not_qualified(
    au_bureau: Navigateur, patient: Patient, dmp: Temoin
) -> None:
    assert allow(au_bureau, patient, accord="oui").status_code == 400
    assert not Consentement.objects.exists()
    assert dmp.requests == []


@pytest.mark.exigence("DMP/UX.08")
@pytest.mark.parametrize(
    ("statut", "autorisation", "reads"),
    [
        (StatutDossier.ACTIF, Autorisation.VALIDE, True),
        (StatutDossier.ACTIF, Autorisation.NON_EXISTE, False),
        (StatutDossier.ACTIF, Autorisation.EXPIRE, False),
        (StatutDossier.ACTIF, Autorisation.INTERDIT, False),
        (StatutDossier.FERME, Autorisation.VALIDE, False),
        (StatutDossier.INEXISTANT, Autorisation.VALIDE, False),
    ],
)
def test_the_list_is_asked_for_only_where_it_may_be_read(
    au_bureau: Navigateur,
    qualifie: Patient,
    dmp: Temoin,
    statut: StatutDossier,
    autorisation: Autorisation,
    reads: bool,
) -> None:
    dmp.statut, dmp.autorisation = statut, autorisation
    page = ask(au_bureau, "etat", qualifie).text
    assert (reverse("dmp:documents", args=[qualifie.pk]) in page) is reads


def test_the_page_comes_before_the_dmp_is_asked(au_bureau: Navigateur, qualifie: Patient, dmp: Temoin) -> None:
    page = ask(au_bureau, "dossier", qualifie).text
    assert reverse("dmp:etat", args=[qualifie.pk]) in page
    assert dmp.requests == []


@pytest.mark.exigence("DMP/PSC.01")
def test_a_local_login_is_told_what_to_do_and_reaches_nothing(
    medecin: Compte, qualifie: Patient, dmp: Temoin
) -> None:
    local = open_session(medecin)
    assert "entrez avec votre e-CPS ou votre carte CPS" in ask(local, "dossier", qualifie).text
    answers = [ask(local, name, qualifie) for name in PAGES]
    answers += [ask(local, name, qualifie, UID) for name in LECTURES]
    answers.append(allow(local, qualifie, accord="oui"))
    for answer in answers:
        assert answer.status_code == 403
        assert "connectez-vous avec Pro Santé Connect" in answer.text
    assert dmp.requests == []
    assert not Consentement.objects.exists()


def test_who_reads_is_named_with_the_moment_of_the_login(medecin: Compte, cabinet: Structure) -> None:
    psc = SessionPsc(medecin.id_nat, "s", "e", "2026-11-25T08:00:00+00:00")
    acteur = reader(Qui(medecin, cabinet, Role.MEDECIN, psc=psc))
    assert (acteur.professionnel.id_nat, acteur.mode) == (medecin.id_nat, Mode.INDIRECTE_RENFORCEE)
    assert acteur.authenticated_at == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    with pytest.raises(LectureImpossible, match="Pro Santé Connect"):
        reader(Qui(medecin, cabinet, Role.MEDECIN))


@pytest.mark.parametrize("role", sorted(set(Role) - SOIGNANTS))
def test_whoever_gives_no_care_reads_no_dmp(cabinet: Structure, qualifie: Patient, dmp: Temoin, role: Role) -> None:
    browser = open_session(make_compte("quelquun", cabinet, role), psc=True)
    for name in ("dossier", *PAGES):
        assert ask(browser, name, qualifie).status_code == 403
    assert allow(browser, qualifie, accord="oui").status_code == 403
    assert dmp.requests == []


def test_another_structures_record_does_not_exist(qualifie: Patient, pharmacienne: Compte, dmp: Temoin) -> None:
    elsewhere = open_session(pharmacienne, psc=True)
    for name in ("dossier", *PAGES):
        assert ask(elsewhere, name, qualifie).status_code == 404
    for name in LECTURES:
        assert ask(elsewhere, name, qualifie, UID).status_code == 404
    assert allow(elsewhere, qualifie, accord="oui").status_code == 404
    assert dmp.requests == []


def test_when_the_dmp_is_down_it_is_said_in_french_and_the_page_stays(
    au_bureau: Navigateur, qualifie: Patient, dmp: Temoin
) -> None:
    dmp.en_panne = True
    assert ask(au_bureau, "dossier", qualifie).status_code == 200
    for name in PAGES:
        answer = ask(au_bureau, name, qualifie, headers={"HX-Request": "true"})
        assert answer.status_code == 502
        assert "Le service ne répond pas." in answer.text
        assert "Réessayez dans quelques minutes." in answer.text
        assert "<html" not in answer.text
    assert set(Ligne.objects.exclude(objet="").values_list("objet", "resultat")) == {
        ("TD0.2", "TRANSPORT_INJOIGNABLE"),
        ("TD3.1", "TRANSPORT_INJOIGNABLE"),
    }
