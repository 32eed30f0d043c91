"""An identity received with a document: verified, inherited, completed or shown to somebody, as the table says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import MATRICULE, TRAITS, Navigateur, make_patient, open_session, reread
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.cabinet.vigilance import recues
from opensegur.cabinet.vigilance.models import Contrat, Recue, Verification
from opensegur.cda.document import Entete
from opensegur.cda.n1 import build_n1
from opensegur.cda.patient import PatientCda
from opensegur.foundation.acteurs import Code, Professionnel
from opensegur.foundation.acteurs import Structure as StructureNationale
from opensegur.foundation.errors import TransportError
from opensegur.ins import Nature, Statut
from opensegur.ins.heritage import Decision, IdentiteRecue
from opensegur.ins.verification import ReponseVerification

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

LABO = "1189999980"
RECUE = IdentiteRecue(TRAITS, MATRICULE, qualifiee=True)


class _Insi:
    def __init__(self) -> None:
        self.confirmee = True
        self.down = False
        self.calls = 0

    def verify(self, matricule, traits) -> ReponseVerification:
        self.calls += 1
        if self.down:
            raise TransportError("PANNE", "L’INSi ne répond pas.", conseil="Réessayez.")
        return ReponseVerification(self.confirmee, "00", "OK", b"question", b"answer")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> _Insi:
    made = _Insi()

    @contextmanager
    def no_transport(configuration: object) -> Iterator[None]:
        yield None

    monkeypatch.setattr(recues, "configuration_of", lambda structure: None)
    monkeypatch.setattr(recues, "insi_transport", no_transport)
    monkeypatch.setattr(recues.VerificationClient, "from_configuration", lambda configuration, transport: made)
    return made


def take(cabinet: Structure, secretaire: Compte, recue: IdentiteRecue = RECUE, emetteur: str = LABO) -> Recue:
    return recues.receive(cabinet, secretaire, recue, recues.Origine("document", emetteur, "LABO"))


def trust(cabinet: Structure, secretaire: Compte, emetteur: str = LABO, fin=None) -> None:
    today = timezone.localdate()
    Contrat.objects.create(
        structure=cabinet, emetteur=emetteur, nom="LABO", debut=today - timedelta(days=9), fin=fin, auteur=secretaire
    )


@pytest.mark.exigence("INS/va1.42")
def test_an_unknown_person_is_verified_and_waits_for_somebody_to_make_the_record(
    cabinet: Structure, secretaire: Compte, service: _Insi
) -> None:
    row = take(cabinet, secretaire)
    assert (row.decision, service.calls) == (Decision.CREER_AVEC_INS, 1)
    assert not Patient.objects.exists()
    patient = recues.apply_decision(row, secretaire)
    assert patient is not None
    after = reread(patient)
    assert (after.statut, after.matricule_ins()) == (Statut.RECUPEREE, MATRICULE)
    kept = Verification.objects.get()
    assert (bytes(kept.requete), bytes(kept.reponse)) == (b"question", b"answer")


@pytest.mark.exigence("INS/va1.45")
def test_a_refused_ins_makes_a_record_without_it(cabinet: Structure, secretaire: Compte, service: _Insi) -> None:
    service.confirmee = False
    row = take(cabinet, secretaire)
    assert row.decision == Decision.CREER_SANS_INS
    patient = recues.apply_decision(row, secretaire)
    assert patient is not None
    assert (reread(patient).statut, reread(patient).matricule_index) == (Statut.PROVISOIRE, "")


def test_an_ins_already_held_asks_nothing(cabinet: Structure, secretaire: Compte, service: _Insi) -> None:
    patient = make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)
    row = take(cabinet, secretaire)
    assert (row.decision, row.patient, service.calls) == (Decision.RATTACHER, patient, 0)
    assert row.traitee_le


@pytest.mark.parametrize(
    ("natures", "statut"), [((), Statut.RECUPEREE), ((Nature.CONTROLE_REUSSI,), Statut.QUALIFIEE)]
)
def test_a_record_without_ins_is_completed_once_somebody_agrees(
    cabinet: Structure, secretaire: Compte, service: _Insi, natures, statut: Statut
) -> None:
    patient = make_patient(
        cabinet, secretaire, *natures, traits=replace(TRAITS, lieu_naissance="", nom_utilise="DUPONT")
    )
    row = take(cabinet, secretaire)
    assert row.decision == Decision.COMPLETER
    assert reread(patient).matricule_index == ""
    recues.apply_decision(row, secretaire)
    after = reread(patient)
    assert (after.statut, after.lieu_naissance, after.nom_utilise) == (statut, "14127", "DUPONT")


def test_what_contradicts_the_record_changes_nothing(cabinet: Structure, secretaire: Compte, service: _Insi) -> None:
    patient = make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)
    row = take(cabinet, secretaire, replace(RECUE, traits=replace(TRAITS, date_naissance="1982-11-03")))
    assert (row.decision, service.calls) == (Decision.ALERTER, 0)
    recues.apply_decision(row, secretaire)
    assert reread(patient).traits() == patient.traits()
    assert reread(patient).statut is Statut.QUALIFIEE


@pytest.mark.exigence("INS/va1.39")
def test_a_contract_of_trust_qualifies_without_insi(cabinet: Structure, secretaire: Compte, service: _Insi) -> None:
    trust(cabinet, secretaire)
    row = take(cabinet, secretaire)
    assert (row.decision, service.calls) == (Decision.HERITER, 0)
    patient = reread(row).patient
    assert (patient.statut, patient.matricule_ins()) == (Statut.QUALIFIEE, MATRICULE)
    assert patient.preuves.get().nature == Nature.CONTRAT_CONFIANCE


@pytest.mark.parametrize("emetteur", ["autre", ""])
def test_a_contract_holds_for_its_sender_and_its_time(
    cabinet: Structure, secretaire: Compte, service: _Insi, emetteur: str
) -> None:
    trust(cabinet, secretaire)
    assert take(cabinet, secretaire, emetteur=emetteur).decision != Decision.HERITER
    Contrat.objects.update(fin=timezone.localdate() - timedelta(days=1))
    assert not recues.contract_with(cabinet, LABO)


def test_a_contract_may_be_with_a_whole_domain(cabinet: Structure, secretaire: Compte) -> None:
    trust(cabinet, secretaire, "labo.mssante.fr")
    assert recues.contract_with(cabinet, "Biologie@LABO.mssante.fr")
    assert not recues.contract_with(cabinet, "biologie@autre.mssante.fr")


def test_a_service_that_is_down_is_asked_again(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, service: _Insi
) -> None:
    service.down = True
    row = take(cabinet, secretaire)
    assert (row.decision, row.panne[:6]) == (Decision.VERIFIER, "L’INSi")
    assert "Réessayer" in au_comptoir.get(reverse("vigilance:recues")).text
    service.down = False
    au_comptoir.envoyer(reverse("vigilance:decider", args=[row.pk]))
    assert (reread(row).decision, reread(row).panne) == (Decision.CREER_AVEC_INS, "")
    au_comptoir.envoyer(reverse("vigilance:decider", args=[row.pk]))
    assert Patient.objects.get().statut is Statut.RECUPEREE
    assert au_comptoir.envoyer(reverse("vigilance:decider", args=[row.pk])).status_code == 400
    assert Patient.objects.count() == 1


def document() -> bytes:
    author = Professionnel("899700500012", "DURAND", "ANA", "10", "SM26")
    entete = Entete(
        uid="1.2.250.1.999.1.1",
        set_id="1.2.250.1.999.1.2",
        version=1,
        type=Code("11488-4", "2.16.840.1.113883.6.1", "Consultation note"),
        titre="CR",
        created_at=datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
        patient=PatientCda(traits=TRAITS, matricule=MATRICULE),
        auteur=author,
        structure=StructureNationale(LABO, "LABO", "SA25"),
        responsable=author,
        acte_debut=datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
    )
    return build_n1(entete, b"Bonjour", "text/plain")


def test_the_identity_of_a_cda_is_read_and_decided(au_comptoir: Navigateur, service: _Insi) -> None:
    au_comptoir.envoyer(reverse("vigilance:recevoir"), {"fichier": SimpleUploadedFile("cr.xml", document())})
    row = Recue.objects.get()
    assert (row.decision, row.emetteur) == (Decision.CREER_AVEC_INS, LABO)
    page = au_comptoir.get(reverse("vigilance:recues")).text
    assert "LEVEQUE" in page
    assert "INS vérifiée, personne inconnue" in page


@pytest.mark.parametrize("data", [b"", b"<x/>", b"not xml", b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'])
def test_a_file_that_is_no_document_is_refused(au_comptoir: Navigateur, service: _Insi, data: bytes) -> None:
    response = au_comptoir.envoyer(reverse("vigilance:recevoir"), {"fichier": SimpleUploadedFile("x.xml", data)})
    assert response.status_code == 400
    assert not Recue.objects.exists()


def test_contracts_are_written_by_who_answers_for_identities(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, pharmacienne: Compte
) -> None:
    page, values = reverse("vigilance:contrat"), {"emetteur": LABO, "nom": "LABO"}
    assert au_comptoir.envoyer(page, values).status_code == 400
    Rattachement.objects.filter(compte=secretaire).update(referent_identite=True)
    au_comptoir.envoyer(page, values)
    made = Contrat.objects.get()
    assert recues.contract_with(cabinet, LABO)
    Rattachement.objects.filter(compte=pharmacienne).update(referent_identite=True)
    open_session(pharmacienne).envoyer(page, {"finir": str(made.pk)})
    assert reread(made).fin is None
    au_comptoir.envoyer(page, {"finir": str(made.pk)})
    assert reread(made).fin == timezone.localdate()
    assert au_comptoir.envoyer(page, {"emetteur": "", "nom": ""}).status_code == 400


def test_another_structure_sees_nothing(
    cabinet: Structure, secretaire: Compte, pharmacienne: Compte, service: _Insi
) -> None:
    row = take(cabinet, secretaire)
    stranger = open_session(pharmacienne)
    assert "LEVEQUE" not in stranger.get(reverse("vigilance:recues")).text
    assert stranger.envoyer(reverse("vigilance:decider", args=[row.pk])).status_code == 404
