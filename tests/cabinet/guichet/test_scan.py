"""A code scanned at the counter goes to the right record, and never more than it proves."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cabinet.personnages import MATRICULE, TRAITS, Navigateur, make_patient, open_session, reread
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.guichet.models import DUREE, Lecture
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients import insi
from opensegur.cabinet.patients.models import Patient, RechercheInsi
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import TransportError
from opensegur.ins import CodeRetour, Nature, Statut
from opensegur.ins.datamatrix import ContenuIns, encode_content
from opensegur.ins.datamatrix.symbole import to_image, to_png
from opensegur.ins.testing import ADRUN, TCHITCHI, answer, scripted_client

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

LIRE = reverse("guichet:lire")
IMAGE = reverse("guichet:image")


def content(identite=ADRUN, **changed):
    individu = identite.individu
    made = ContenuIns(
        matricule=individu.matricule,
        nom_naissance=individu.traits.nom_naissance,
        prenoms=individu.traits.liste_prenoms,
        sexe=individu.traits.sexe,
        date_naissance=individu.traits.date_naissance,
        lieu_naissance=individu.traits.lieu_naissance,
    )
    return replace(made, **changed)


CODE = encode_content(content())
OURS = encode_content(
    ContenuIns(MATRICULE, TRAITS.nom_naissance, TRAITS.prenoms, TRAITS.sexe, TRAITS.date_naissance, "14127")
)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch):
    """INSi gives these answers, in this order."""

    def install(*answers):
        client, script = scripted_client(*answers)

        @contextmanager
        def no_transport(configuration: object) -> Iterator[None]:
            yield None

        monkeypatch.setattr(insi, "configuration_of", lambda structure: None)
        monkeypatch.setattr(insi, "insi_transport", no_transport)
        monkeypatch.setattr(insi.InsiClient, "from_configuration", lambda configuration, transport: client)
        return script

    return install


def found(identite=ADRUN) -> bytes:
    return answer(CodeRetour.UNE, identite.individu)


@pytest.mark.exigence("INS/va1.22")
def test_an_unknown_ins_is_asked_of_insi_at_once_and_proves_nothing_by_itself(
    au_comptoir: Navigateur, service
) -> None:
    service(found())
    response = au_comptoir.envoyer(LIRE, {"lu": CODE})
    recherche = RechercheInsi.objects.get()
    assert response.url == reverse("patients:comparaison", args=[recherche.pk])
    assert recherche.canal == "CB"
    assert not Patient.objects.exists()
    au_comptoir.envoyer(response.url, {"decision": "accepter"})
    assert Patient.objects.get().statut is Statut.RECUPEREE


def test_a_record_that_has_this_ins_opens_straight_away(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte
) -> None:
    patient = make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)
    response = au_comptoir.envoyer(LIRE, {"lu": OURS.replace("\u001d", "")})
    assert response.url == reverse("patients:dossier", args=[patient.pk])
    page = au_comptoir.get(response.url).text
    assert "les traits sont les mêmes" in page
    assert "Relisez les traits" in page
    assert str(patient.pk) in {ligne.patient_ref for ligne in Ligne.objects.all()}


def test_other_traits_under_the_same_ins_are_shown_and_change_nothing(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte
) -> None:
    patient = make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI)
    damaged = OURS.replace("30-11-1982", "30-12-1982")
    response = au_comptoir.envoyer(LIRE, {"lu": damaged})
    page = au_comptoir.get(response.url).text
    assert "avec d’autres traits" in page
    assert "30/12/1982" in page
    assert reread(patient).traits() == patient.traits()


def test_the_record_with_the_same_traits_and_no_ins_is_completed_not_doubled(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, service
) -> None:
    known = make_patient(cabinet, secretaire, traits=replace(content().traits(), nom_utilise="DUPONT"))
    service(found())
    response = au_comptoir.envoyer(LIRE, {"lu": CODE})
    au_comptoir.envoyer(response.url, {"decision": "accepter"})
    patient = Patient.objects.get()
    assert (patient.pk, patient.statut, patient.nom_utilise) == (known.pk, Statut.RECUPEREE, "DUPONT")


def test_records_that_only_look_alike_are_proposed_before_anything_is_asked(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, service
) -> None:
    like = make_patient(cabinet, secretaire, traits=replace(content().traits(), premier_prenom="ZOEE", prenoms=""))
    service(found())
    response = au_comptoir.envoyer(LIRE, {"lu": CODE})
    page = au_comptoir.get(response.url).text
    assert str(like.ipp) in page
    assert not RechercheInsi.objects.exists()
    comparison = au_comptoir.envoyer(response.url, {"dossier": str(like.pk)}).url
    au_comptoir.envoyer(comparison, {"decision": "accepter"})
    assert reread(like).statut is Statut.RECUPEREE


def test_an_answer_with_another_matricule_warns(au_comptoir: Navigateur, service) -> None:
    service(found())
    other = encode_content(content(matricule=TCHITCHI.matricule))
    response = au_comptoir.envoyer(LIRE, {"lu": other})
    assert "Le matricule du code n’est pas celui que donne l’INSi" in au_comptoir.get(response.url).text


@pytest.mark.parametrize("code", [CodeRetour.AUCUNE, CodeRetour.PLUSIEURS])
def test_when_insi_finds_nobody_or_several_the_record_may_be_made_provisoire(
    au_comptoir: Navigateur, service, code: CodeRetour
) -> None:
    service(*[answer(code)] * 6)
    response = au_comptoir.envoyer(LIRE, {"lu": CODE})
    assert response.status_code == 422
    assert code.libelle in response.text
    lecture = Lecture.objects.get()
    created = au_comptoir.envoyer(reverse("guichet:ins", args=[lecture.pk]), {"geste": "provisoire"})
    patient = Patient.objects.get()
    assert created.url == reverse("patients:dossier", args=[patient.pk])
    assert patient.statut is Statut.PROVISOIRE
    assert patient.matricule_ins() is None


def test_when_insi_is_down_nothing_is_lost(au_comptoir: Navigateur, service) -> None:
    service(TransportError("PANNE", "L’INSi ne répond pas.", conseil="Réessayez."))
    response = au_comptoir.envoyer(LIRE, {"lu": CODE})
    assert response.status_code == 422
    assert "L’INSi ne répond pas." in response.text
    service(found())
    again = au_comptoir.envoyer(reverse("guichet:ins", args=[Lecture.objects.get().pk]), {"geste": "insi"})
    assert "/patients/insi/" in again.url


def test_a_reading_serves_once_and_for_some_hours(au_comptoir: Navigateur, service) -> None:
    service(*[answer(CodeRetour.AUCUNE)] * 6)
    au_comptoir.envoyer(LIRE, {"lu": CODE})
    url = reverse("guichet:ins", args=[Lecture.objects.get().pk])
    assert au_comptoir.envoyer(url, {"geste": "provisoire"}).status_code == 302
    assert au_comptoir.envoyer(url, {"geste": "provisoire"}).status_code == 400
    assert Patient.objects.count() == 1
    Lecture.objects.update(consommee=False, moment=timezone.now() - DUREE - timedelta(minutes=1))
    assert au_comptoir.get(url).status_code == 400
    au_comptoir.envoyer(LIRE, {"lu": CODE})
    assert Lecture.objects.count() == 1


def test_a_reading_of_another_structure_does_not_exist(
    au_comptoir: Navigateur, pharmacienne: Compte, service
) -> None:
    service(*[answer(CodeRetour.AUCUNE)] * 6)
    au_comptoir.envoyer(LIRE, {"lu": CODE})
    response = open_session(pharmacienne).get(reverse("guichet:ins", args=[Lecture.objects.get().pk]))
    assert response.status_code == 400
    assert "ADRUN" not in response.text


def test_what_was_read_is_never_in_an_address_nor_in_the_journal(au_comptoir: Navigateur, service) -> None:
    service(found())
    response = au_comptoir.envoyer(LIRE, {"lu": CODE})
    said = " ".join(f"{ligne.objet} {ligne.motif}" for ligne in Ligne.objects.all()) + response.url
    for secret in ("ADRUN", content().matricule.valeur):
        assert secret not in said


@pytest.mark.parametrize(
    ("lu", "status", "words"),
    [
        ("]d2010340093000012017281231", 200, "Boîte de médicament"),
        ("0125K7Q4M8W0Z9XJ3H", 200, "Ordonnance numérique"),
        ("bonjour", 422, "Code non reconnu"),
        ("", 422, "Code non reconnu"),
        (CODE.replace("S5F", "S5X"), 400, "sexe"),
    ],
)
def test_each_other_code_says_where_it_belongs(au_comptoir: Navigateur, lu: str, status: int, words: str) -> None:
    response = au_comptoir.envoyer(LIRE, {"lu": lu})
    assert response.status_code == status
    assert words in response.text


def test_a_box_says_its_lot_and_its_last_day_in_french(au_comptoir: Navigateur) -> None:
    page = au_comptoir.envoyer(LIRE, {"lu": "0103400935955838172802001016-9R"}).text
    for words in ("3400935955838", "16-9R", "À utiliser jusqu’au", "29/02/2028"):
        assert words in page
    wrong = au_comptoir.envoyer(LIRE, {"lu": "010340093595583817281301"}).text
    assert "La date de péremption de ce code n’existe pas." in wrong


def test_a_matricule_typed_or_scanned_opens_its_record(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte
) -> None:
    patient = make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI)
    assert str(patient.pk) in au_comptoir.envoyer(LIRE, {"lu": MATRICULE.formatted()}).url
    assert au_comptoir.envoyer(LIRE, {"lu": TCHITCHI.matricule.valeur}).url == reverse("patients:recherche")


def _file(data: bytes, name: str = "page.png") -> dict[str, SimpleUploadedFile]:
    return {"fichier": SimpleUploadedFile(name, data)}


def test_a_page_dropped_is_read_and_nobody_is_asked_before_a_person_says_so(au_comptoir: Navigateur, service) -> None:
    service(found())
    response = au_comptoir.envoyer(IMAGE, _file(to_png(CODE)))
    lecture = Lecture.objects.get()
    assert response.url == reverse("guichet:ins", args=[lecture.pk])
    assert "ADRUN" in au_comptoir.get(response.url).text
    assert not RechercheInsi.objects.exists()


def test_two_people_on_a_page_are_chosen_between(au_comptoir: Navigateur) -> None:
    page = Image.new("L", (900, 500), 255)
    page.paste(to_image(CODE), (40, 40))
    page.paste(to_image(OURS), (500, 40))
    out = io.BytesIO()
    page.save(out, "PNG")
    response = au_comptoir.envoyer(IMAGE, _file(out.getvalue()))
    assert "Plusieurs codes" in response.text
    assert "ADRUN" in response.text
    assert TRAITS.nom_naissance in response.text


@pytest.mark.parametrize("data", [b"", b"not a picture", b"%PDF-1.7 broken"])
def test_a_file_that_is_no_page_is_refused_in_french(au_comptoir: Navigateur, data: bytes) -> None:
    response = au_comptoir.envoyer(IMAGE, _file(data))
    assert response.status_code in {400, 422}
    assert "Traceback" not in response.text


def test_the_webcam_is_answered_until_a_code_is_seen_and_its_blank_pictures_leave_no_line(
    au_comptoir: Navigateur,
) -> None:
    blank = io.BytesIO()
    Image.new("L", (80, 80), 255).save(blank, "JPEG")
    before = Ligne.objects.count()
    nothing = au_comptoir.envoyer(IMAGE, {**_file(blank.getvalue(), "camera.jpg"), "camera": "1"})
    assert "message" in nothing.json()
    assert Ligne.objects.count() == before
    seen = au_comptoir.envoyer(IMAGE, {**_file(to_png(CODE), "camera.jpg"), "camera": "1"})
    assert seen.json()["suite"] == reverse("guichet:ins", args=[Lecture.objects.get().pk])
    assert Ligne.objects.count() == before + 1


def test_an_identity_slave_asks_nothing_of_insi(au_comptoir: Navigateur, cabinet: Structure, service) -> None:
    script = service(found())
    cabinet.esclave = True
    cabinet.save()
    page = au_comptoir.get(au_comptoir.envoyer(LIRE, {"lu": CODE}).url).text
    assert 'value="insi"' not in page
    assert not script.requests
