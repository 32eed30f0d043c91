"""What the application writes from the record: the VSM, the note of vaccination, their versions."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from cabinet.personnages import Navigateur, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.documents.composition import cda_of
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.envois.etats import Etat
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.medical.dossier import entries_of
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.locate import clinical_document
from opensegur.cda.n3.ips import read_ips
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.cda.n3.vaccinations import read_vaccination_document
from opensegur.cda.n3.vsm import read_vsm
from opensegur.cda.pdf import check_pdfa
from opensegur.cda.reading import read_document
from opensegur.cda.validation import validate_document
from opensegur.medicament import installed_base

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
VAXIGRIP = "3400930306000"


@pytest.fixture
def connu(au_bureau: Navigateur, qualifie: Patient) -> Patient:
    """A qualified patient with something to say of each part."""
    for cle, dit in (
        ("problemes", {"diagnostic": "Hypertension artérielle essentielle (I10)", "debut": "2015"}),
        ("antecedents", {"diagnostic": "Appendicite aiguë", "fin": "1998"}),
        ("traitements", {"produit": "AMLODIPINE BIOGARAN 5 mg, gélule (65728601)", "posologie": "1 le matin"}),
        ("allergies", {"agent": "Pénicillines", "nature": "416098002", "reaction": "Urticaire"}),
        ("habitudes", {"sujet": "74011-8", "valeur_dite": "10 cigarettes par jour"}),
        ("famille", {"parent": "MTH", "diagnostic": "Cancer du sein"}),
        ("profession", {"texte": "Port de charges"}),
        ("vigilance", {"texte": "Vit seule"}),
        ("actes", {"acte": "Prothèse de hanche droite", "date": "2018"}),
    ):
        au_bureau.envoyer(f"/patients/{qualifie.pk}/medical/noter/{cle}/", dit)
    return qualifie


def vsm(navigateur: Navigateur, patient: Patient, geste: str = "garder", *, sans: str = ""):
    kept = [str(each.donnee.pk) for each in entries_of(patient) if each.libelle != sans]
    return navigateur.envoyer(f"/patients/{patient.pk}/medical/synthese/", {"retenu": kept, "geste": geste})


def test_one_key_makes_the_vsm_that_was_shown(au_bureau: Navigateur, connu: Patient, medecin: Compte) -> None:
    shown = au_bureau.get(f"/patients/{connu.pk}/medical/synthese/").content.decode()
    assert "Hypertension artérielle essentielle" in shown

    vsm(au_bureau, connu)

    document = Document.objects.get(patient=connu)
    data = cda_of(document, connu)
    assert validate_document(data).findings == ()
    professionnel = medecin.professionnel()
    assert professionnel is not None
    read = read_vsm(clinical_document(data), professionnel)
    assert [each.diagnostic.texte for each in read.problemes] == ["Hypertension artérielle essentielle"]
    assert [each.diagnostic.texte for each in read.antecedents] == ["Appendicite aiguë"]
    assert [each.produit.cis for each in read.traitements] == ["65728601"]
    assert [each.agent.texte for each in read.allergies] == ["Pénicillines"]
    assert (read.risques_professionnels, read.vigilance) == (("Port de charges",), ("Vit seule",))
    assert len(read.famille) == len(read.habitudes) == len(read.actes) == 1
    assert check_pdfa(bytes(document.pdfa)) == []


def test_what_is_unticked_stays_in_the_record_and_does_not_leave(au_bureau: Navigateur, connu: Patient) -> None:
    vsm(au_bureau, connu, sans="Pénicillines")

    assert b"P\xc3\xa9nicillines" not in cda_of(Document.objects.get(patient=connu), connu)
    assert "Pénicillines" in {each.libelle for each in entries_of(connu)}


def test_a_treatment_that_was_stopped_does_not_leave(au_bureau: Navigateur, connu: Patient) -> None:
    row = connu.donnees.get(rubrique="traitements")
    au_bureau.envoyer(f"/patients/{connu.pk}/medical/{row.pk}/retirer/", {"geste": "finir"})

    vsm(au_bureau, connu)

    assert b"AMLODIPINE" not in cda_of(Document.objects.get(patient=connu), connu)


def test_a_new_vsm_replaces_that_of_the_same_doctor(au_bureau: Navigateur, connu: Patient) -> None:
    vsm(au_bureau, connu)
    vsm(au_bureau, connu)

    latest, former = Document.objects.filter(patient=connu).order_by("-version")
    assert (latest.version, latest.remplace, latest.set_id) == (2, former, former.set_id)
    assert former.est_obsolete
    page = au_bureau.get(f"/patients/{connu.pk}/documents/{former.pk}/").content.decode()
    assert "Version obsolète" in page
    assert f"/documents/{latest.pk}/" in page


def test_a_version_that_never_left_is_not_counted_outside(au_bureau: Navigateur, connu: Patient) -> None:
    vsm(au_bureau, connu)
    vsm(au_bureau, connu)

    read = read_document(cda_of(Document.objects.get(patient=connu, version=2), connu))

    assert (read.version, read.remplace) == (1, None)


def test_a_version_replaces_outside_the_one_that_was_deposited(au_bureau: Navigateur, connu: Patient) -> None:
    vsm(au_bureau, connu, "envoyer")
    former = Document.objects.get(patient=connu)
    Envoi.objects.filter(document=former).update(etat=Etat.DEPOSE)
    vsm(au_bureau, connu, "envoyer")

    envoi = Envoi.objects.get(document__version=2)
    read = read_document(bytes(envoi.contenu))
    assert read.version == 2
    assert read.remplace is not None
    assert read.remplace.root == former.uid


def test_a_version_waits_for_the_one_before_it(au_bureau: Navigateur, connu: Patient) -> None:
    vsm(au_bureau, connu, "envoyer")
    vsm(au_bureau, connu, "envoyer")

    assert not Envoi.objects.filter(document__version=2).exists()
    page = au_bureau.get(f"/patients/{connu.pk}/documents/").content.decode()
    assert "encore en file" in page


def test_another_doctor_has_a_vsm_of_their_own(
    au_bureau: Navigateur, connu: Patient, cabinet, medecin: Compte
) -> None:
    from cabinet.personnages import make_compte
    from opensegur.cabinet.comptes.roles import Role

    other = make_compte(
        "dr.b", cabinet, Role.MEDECIN, nom="BERG", id_nat="899700500061", profession="10", savoir_faire="SM26"
    )
    vsm(au_bureau, connu)
    vsm(open_session(other), connu)

    assert set(Document.objects.filter(patient=connu).values_list("version", flat=True)) == {1}


def test_only_a_doctor_makes_a_vsm(connu: Patient, au_comptoir: Navigateur) -> None:
    assert au_comptoir.get(f"/patients/{connu.pk}/medical/synthese/").status_code == 403


def test_the_switch_makes_it_an_ips_that_says_more_and_takes_the_place_of_the_vsm(
    au_bureau: Navigateur, connu: Patient
) -> None:
    path = f"/patients/{connu.pk}/medical/"
    au_bureau.envoyer(f"{path}noter/dispositifs/", {"dispositif": "Stimulateur cardiaque", "debut": "2019"})
    au_bureau.envoyer(f"{path}vaccination/", {"vaccin": "BCG", "date": "1984", "acte": "IMMUNIZ", "par_moi": "non"})
    assert "BCG" not in au_bureau.get(f"{path}synthese/").content.decode()
    vsm(au_bureau, connu)
    former = Document.objects.get(patient=connu)
    assert "Porte : Stimulateur cardiaque, depuis 2019" in cda_of(former, connu).decode()

    au_bureau.envoyer(f"{path}synthese/format/", {"format": "ips"})
    page = au_bureau.get(f"{path}synthese/").content.decode()
    assert "IPS-FR" in page
    assert "BCG" in page
    vsm(au_bureau, connu)

    latest = Document.objects.get(patient=connu, suivant=None)
    assert (latest.remplace, latest.type_code, latest.version) == (former, "60591-5", 2)
    data = cda_of(latest, connu)
    assert validate_document(data).findings == ()
    read = read_ips(clinical_document(data))
    assert [each.dispositif.texte for each in read.dispositifs] == ["Stimulateur cardiaque"]
    assert [each.vaccin.nom for each in read.vaccinations] == ["BCG"]
    assert read.absences == ()
    assert (
        au_bureau.get(f"/patients/{connu.pk}/documents/{latest.pk}/remplacer/")
        .headers["Location"]
        .endswith("/medical/synthese/")
    )


def test_an_ips_says_what_the_record_does_not_know(au_bureau: Navigateur, qualifie: Patient) -> None:
    au_bureau.envoyer(f"/patients/{qualifie.pk}/medical/synthese/format/", {"format": "ips"})
    vsm(au_bureau, qualifie)

    data = cda_of(Document.objects.get(patient=qualifie), qualifie)
    assert validate_document(data).findings == ()
    for code in ("no-problem-info", "no-procedure-info", "no-allergy-info", "no-medication-info", "no-device-info"):
        assert code.encode() in data


def test_only_a_doctor_chooses_the_form_of_the_synthesis(qualifie: Patient, secretaire: Compte) -> None:
    refused = open_session(secretaire).envoyer(f"/patients/{qualifie.pk}/medical/synthese/format/", {"format": "ips"})

    assert refused.status_code == 403
    qualifie.structure.refresh_from_db()
    assert qualifie.structure.synthese == "vsm"


def test_what_a_doctor_wrote_is_neither_replaced_nor_cancelled_at_the_counter(
    au_bureau: Navigateur, connu: Patient, secretaire: Compte
) -> None:
    vsm(au_bureau, connu)
    document = Document.objects.get(patient=connu)
    place = f"/patients/{connu.pk}/documents/{document.pk}/"
    counter = open_session(secretaire)

    assert "Annuler" not in counter.get(place).content.decode()
    refused = counter.envoyer(f"{place}annuler/", {"motif": "Erreur"})
    assert "écrit par un soignant" in refused.content.decode()
    assert "écrit par un soignant" in counter.get(f"{place}remplacer/").content.decode()
    document.refresh_from_db()
    assert not document.est_obsolete


def scanne(navigateur: Navigateur, patient: Patient, code: str):
    return navigateur.envoyer("/guichet/lire/", {"lu": code, "dossier": str(patient.pk)})


def code(cip13: str = VAXIGRIP, jour: date | None = None) -> str:
    expiry = jour or timezone.localdate() + timedelta(days=200)
    return f"010{cip13}17{expiry:%y%m%d}10LOT42\x1d21SERIE1"


def remplie(page: str, champ: str) -> str:
    import re

    found = re.search(rf'<input[^>]*name="{champ}"[^>]*>', page)
    assert found
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def test_a_box_that_is_scanned_fills_the_vaccination(au_bureau: Navigateur, qualifie: Patient) -> None:
    response = scanne(au_bureau, qualifie, code())
    page = au_bureau.get(response.headers["Location"]).content.decode()

    assert "VAXIGRIP" in remplie(page, "vaccin")
    assert remplie(page, "lot") == "LOT42"
    assert remplie(page, "date") == f"{timezone.localdate():%d/%m/%Y}"


@pytest.mark.parametrize("camera", ["", "1"])
def test_a_box_that_is_photographed_fills_the_vaccination(
    au_bureau: Navigateur, qualifie: Patient, camera: str
) -> None:
    picture = io.BytesIO()
    drawn = zxingcpp.create_barcode(code(), zxingcpp.BarcodeFormat.DataMatrix)
    Image.fromarray(zxingcpp.write_barcode_to_image(drawn, scale=6)).save(picture, "PNG")
    upload = SimpleUploadedFile("boite.png", picture.getvalue(), "image/png")
    response = au_bureau.envoyer(
        "/guichet/image/", {"fichier": upload, "dossier": str(qualifie.pk), "camera": camera}
    )

    place = response.json()["suite"] if camera else response.headers["Location"]
    page = au_bureau.get(place).content.decode()
    assert "VAXIGRIP" in remplie(page, "vaccin")
    assert remplie(page, "lot") == "LOT42"


def test_the_vaccination_is_in_the_record_and_its_note_leaves(au_bureau: Navigateur, qualifie: Patient) -> None:
    dit = {
        "vaccin": "VAXIGRIP (60293226)",
        "date": f"{timezone.localdate():%d/%m/%Y}",
        "lot": "LOT42",
        "acte": "BOOSTER",
    }
    vaxigrip = next(each for each in installed_base().medicaments.search("vaxigrip"))
    dit |= {"vaccin": f"VAXIGRIP ({vaxigrip.cis})", "rang": "2", "voie": "20035000", "site": "16217701000119102"}
    au_bureau.envoyer(f"/patients/{qualifie.pk}/medical/vaccination/", {**dit, "par_moi": "oui", "geste": "envoyer"})

    (entry,) = entries_of(qualifie)
    assert isinstance(entry.valeur, Vaccination)
    assert (entry.valeur.vaccin.lot, entry.valeur.rang) == ("LOT42", 2)
    note = Document.objects.get(patient=qualifie)
    assert entry.donnee.source == note
    data = bytes(Envoi.objects.get(document=note).contenu)
    assert validate_document(data).findings == ()
    (read,) = read_vaccination_document(clinical_document(data))
    assert (read.vaccin.cis, read.vaccin.atc, read.vaccin.lot) == (vaxigrip.cis, "J07BB02", "LOT42")
    assert read.auteur is not None
    assert read.auteur.nom == "DURAND"


def test_a_note_that_lacks_its_lot_is_refused_and_nothing_is_written(
    au_bureau: Navigateur, qualifie: Patient
) -> None:
    vaxigrip = installed_base().medicaments.search("vaxigrip")[0]
    response = au_bureau.envoyer(
        f"/patients/{qualifie.pk}/medical/vaccination/",
        {"vaccin": f"V ({vaxigrip.cis})", "date": "26/11/2026", "acte": "IMMUNIZ", "par_moi": "oui", "rang": "3"},
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert "le numéro de lot" in page
    assert remplie(page, "rang") == "3"
    assert not Document.objects.exists()
    assert not qualifie.donnees.exists()


def test_a_vaccination_done_elsewhere_is_noted_without_a_note(au_bureau: Navigateur, qualifie: Patient) -> None:
    au_bureau.envoyer(
        f"/patients/{qualifie.pk}/medical/vaccination/",
        {"vaccin": "BCG d’enfance", "date": "1984", "acte": "IMMUNIZ", "par_moi": "non"},
    )

    assert [each.libelle for each in entries_of(qualifie)] == ["BCG d’enfance, 1984"]
    assert not Document.objects.exists()


def test_an_expired_box_is_noted_only_by_somebody_who_says_so(au_bureau: Navigateur, qualifie: Patient) -> None:
    dit = {"vaccin": "BCG", "date": "02/2026", "peremption": "31/01/2026", "acte": "IMMUNIZ", "par_moi": "non"}
    path = f"/patients/{qualifie.pk}/medical/vaccination/"

    assert "périmée" in au_bureau.envoyer(path, dit).content.decode()
    assert not qualifie.donnees.exists()
    au_bureau.envoyer(path, {**dit, "malgre": "on"})
    assert qualifie.donnees.exists()


def test_a_box_that_is_no_vaccine_is_said(au_bureau: Navigateur, qualifie: Patient) -> None:
    doliprane = installed_base().medicaments.get("60234100")
    assert doliprane is not None
    response = scanne(au_bureau, qualifie, code(doliprane.presentations[0].cip13))

    assert "n’est pas un vaccin" in au_bureau.get(response.headers["Location"]).content.decode()


def test_a_box_scanned_away_from_a_record_is_told_as_before(au_bureau: Navigateur) -> None:
    assert "Boîte de médicament" in au_bureau.envoyer("/guichet/lire/", {"lu": code()}).content.decode()


def test_the_history_holds_every_vaccination(au_bureau: Navigateur, qualifie: Patient) -> None:
    for annee in ("1984", "1990"):
        au_bureau.envoyer(
            f"/patients/{qualifie.pk}/medical/vaccination/",
            {"vaccin": "BCG", "date": annee, "acte": "IMMUNIZ", "par_moi": "non"},
        )
    au_bureau.envoyer(f"/patients/{qualifie.pk}/medical/vaccination/historique/")

    document = Document.objects.get(patient=qualifie)
    data = cda_of(document, qualifie)
    assert validate_document(data).findings == ()
    assert [each.date for each in read_vaccination_document(clinical_document(data))] == ["1990", "1984"]
