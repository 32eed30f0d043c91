"""The DMP tab: what the DMP answers, in words; consent before authorisation; nothing read without its means."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from cabinet.personnages import Navigateur
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.dmp import passerelle
from opensegur.cabinet.dmp.expediteur import DepotDmp
from opensegur.cabinet.dmp.models import Consentement
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import add_preuve
from opensegur.dmp import Autorisation, DmpClient, StatutDossier
from opensegur.dmp.testing import MemoryDmp
from opensegur.foundation.errors import InvalidValue, OpenSegurError, TransportError
from opensegur.foundation.points import Lps
from opensegur.foundation.ports import FixedClock
from opensegur.foundation.testing import make_signer
from opensegur.ins import Nature

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

_CLOCK = FixedClock(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))


@pytest.fixture
def dmp(monkeypatch: pytest.MonkeyPatch) -> MemoryDmp:
    memory = MemoryDmp()
    signer = make_signer("DMP SIGN")

    def client_for(structure):
        lps = Lps("OpenSegur", "1.0", "1.2.250.1.999.1", homologation="essai")
        return DmpClient(memory, "https://dmp.test", signer, structure.valeur(), lps, _CLOCK)

    for module in ("vues", "expediteur"):
        monkeypatch.setattr(f"opensegur.cabinet.dmp.{module}.client_for", client_for)
    return memory


def _state(browser: Navigateur, patient: Patient) -> str:
    return browser.get(reverse("dmp:etat", args=[patient.pk])).content.decode()


@pytest.mark.parametrize(
    ("statut", "autorisation", "says"),
    [
        (StatutDossier.ACTIF, Autorisation.VALIDE, "Valide"),
        (StatutDossier.ACTIF, Autorisation.NON_EXISTE, "Inexistante ou expirée"),
        (StatutDossier.ACTIF, Autorisation.EXPIRE, "Inexistante ou expirée"),
        (StatutDossier.ACTIF, Autorisation.INTERDIT, "vous a bloqué l’accès"),
        (StatutDossier.FERME, Autorisation.NON_EXISTE, "a fermé son DMP"),
        (StatutDossier.INEXISTANT, Autorisation.NON_EXISTE, "n’a pas de DMP"),
    ],
)
def test_every_answer_has_its_words(
    au_bureau: Navigateur,
    qualifie: Patient,
    dmp: MemoryDmp,
    statut: StatutDossier,
    autorisation: Autorisation,
    says: str,
) -> None:
    dmp.statut, dmp.autorisation = statut, autorisation
    page = _state(au_bureau, qualifie)
    assert says in page
    # consent is only asked where it can change something
    asks = statut is StatutDossier.ACTIF and autorisation in {Autorisation.NON_EXISTE, Autorisation.EXPIRE}
    assert ('name="accord"' in page) is asks


def test_consent_is_written_down_then_the_authorisation_is_asked(
    au_bureau: Navigateur, qualifie: Patient, medecin: Compte, dmp: MemoryDmp
) -> None:
    au_bureau.envoyer(reverse("dmp:autoriser", args=[qualifie.pk]), {"accord": "oui"})
    consent = Consentement.objects.get()
    assert (consent.professionnel, consent.recueilli_par, consent.sens) == (medecin.id_nat, medecin, "donne")
    assert dmp.autorisation is Autorisation.VALIDE
    assert "Valide" in _state(au_bureau, qualifie)


def test_without_the_patients_consent_nothing_is_asked(
    au_bureau: Navigateur, qualifie: Patient, dmp: MemoryDmp
) -> None:
    answer = au_bureau.envoyer(reverse("dmp:autoriser", args=[qualifie.pk]), {})
    assert answer.status_code == 400
    assert "L’accord du patient n’est pas indiqué" in answer.content.decode()
    assert not Consentement.objects.exists()
    assert dmp.requests == []


def test_consent_is_kept_when_the_dmp_does_not_answer(
    au_bureau: Navigateur, qualifie: Patient, dmp: MemoryDmp
) -> None:
    dmp.lose_next_answer()
    answer = au_bureau.envoyer(reverse("dmp:autoriser", args=[qualifie.pk]), {"accord": "oui"})
    assert answer.status_code == 502
    assert Consentement.objects.count() == 1


def test_a_local_login_reads_nothing_outside(medecin: Compte, qualifie: Patient, dmp: MemoryDmp) -> None:
    from cabinet.personnages import open_session

    local = open_session(medecin)
    page = local.get(reverse("dmp:dossier", args=[qualifie.pk])).content.decode()
    assert "Connexion par Pro Santé Connect nécessaire" in page
    for name in ("etat", "documents"):
        assert local.get(reverse(f"dmp:{name}", args=[qualifie.pk])).status_code == 403
    assert dmp.requests == []


def test_an_identity_that_is_not_qualified_is_never_asked_about(
    au_bureau: Navigateur, patient: Patient, dmp: MemoryDmp
) -> None:
    page = au_bureau.get(reverse("dmp:dossier", args=[patient.pk])).content.decode()
    assert "L’identité n’est pas qualifiée" in page
    assert au_bureau.get(reverse("dmp:etat", args=[patient.pk])).status_code == 400
    assert dmp.requests == []


def test_a_secretary_has_no_access(au_comptoir: Navigateur, qualifie: Patient, dmp: MemoryDmp) -> None:
    assert au_comptoir.get(reverse("dmp:dossier", args=[qualifie.pk])).status_code == 403
    assert dmp.requests == []


def test_an_outage_is_said_and_the_page_stays(au_bureau: Navigateur, qualifie: Patient, dmp: MemoryDmp) -> None:
    assert au_bureau.get(reverse("dmp:dossier", args=[qualifie.pk])).status_code == 200
    dmp.lose_next_answer()
    answer = au_bureau.get(reverse("dmp:etat", args=[qualifie.pk]), headers={"HX-Request": "true"})
    assert answer.status_code == 502
    assert "Code pour le support" in answer.content.decode()


@pytest.fixture
def envoi(au_bureau: Navigateur, qualifie: Patient) -> Envoi:
    from django.core.files.uploadedfile import SimpleUploadedFile

    au_bureau.envoyer(
        reverse("documents:ajouter", args=[qualifie.pk]),
        {
            "type_code": "11488-4",
            "titre": "Consultation",
            "visible_patient": "on",
            "visible_professionnels": "on",
            "geste": "envoyer",
            "fichier": SimpleUploadedFile("note.txt", b"Bonjour"),
        },
    )
    return Envoi.objects.select_related("patient", "structure", "auteur").get()


def test_a_document_sent_is_listed_and_read(
    au_bureau: Navigateur, qualifie: Patient, envoi: Envoi, dmp: MemoryDmp
) -> None:
    DepotDmp().envoyer(envoi)
    dmp.autorisation = Autorisation.VALIDE
    page = au_bureau.get(reverse("dmp:documents", args=[qualifie.pk])).content.decode()
    assert "Consultation" in page
    assert "déjà dans le dossier" in page
    uid = envoi.identifiants["document"]
    page = au_bureau.get(reverse("dmp:lire", args=[qualifie.pk, uid])).content.decode()
    assert "data:image/jpeg" in page
    assert au_bureau.get(reverse("dmp:fichier", args=[qualifie.pk, uid])).content == bytes(envoi.contenu)
    assert {"TD3.1", f"TD3.2 {uid}"} <= set(Ligne.objects.values_list("objet", flat=True))


def test_sending_twice_leaves_one_document(envoi: Envoi, dmp: MemoryDmp) -> None:
    dmp.lose_next_answer()
    with pytest.raises(TransportError):
        DepotDmp().envoyer(envoi)
    again = DepotDmp().envoyer(envoi)
    assert again.deja_present
    assert len([item for item in dmp.stored if not item.entry.est_signature]) == 1


def test_what_is_no_longer_qualified_does_not_leave(envoi: Envoi, medecin: Compte, dmp: MemoryDmp) -> None:
    add_preuve(envoi.patient, Nature.CONTROLE_ECHOUE, medecin, piece="CN")
    with pytest.raises(InvalidValue, match="n’est plus qualifiée"):
        DepotDmp().envoyer(Envoi.objects.get())
    assert dmp.requests == []


def test_the_delivery_names_its_means_and_its_person(envoi: Envoi, medecin: Compte) -> None:
    assert envoi.moyen == "INDIRECTE"
    assert json.loads(envoi.parametres)["professionnel"]["id_nat"] == medecin.id_nat


def test_a_bad_document_identifier_is_refused_before_anything_is_asked(
    au_bureau: Navigateur, qualifie: Patient, dmp: MemoryDmp
) -> None:
    assert au_bureau.get(reverse("dmp:lire", args=[qualifie.pk, "1.2.3<script>"])).status_code == 400
    assert dmp.requests == []


def test_a_structure_without_dmp_says_so(cabinet) -> None:
    with pytest.raises(OpenSegurError) as caught:
        passerelle.client_for(cabinet)
    assert caught.value.conseil
