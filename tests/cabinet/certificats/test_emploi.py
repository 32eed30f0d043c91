"""What the application calls the services with, once a structure has its certificates in the database alone."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.urls import reverse

from cabinet.certificats.atelier import Atelier, ranger
from cabinet.envois.preparation import attempt, make_envoi
from cabinet.personnages import Navigateur, make_patient, reread
from opensegur.cabinet.certificats import garde, materiel
from opensegur.cabinet.certificats.materiel import DOSSIER, Dossier
from opensegur.cabinet.certificats.models import Certificat
from opensegur.cabinet.certificats.usages import Usage
from opensegur.cabinet.chiffrement import trousseau as ring
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.patients.insi import ask
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import add_preuve
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.cabinet.structures.models import Structure
from opensegur.cda.document import PatientCda
from opensegur.cda.n1 import TEXT, build_n1
from opensegur.cda.testing import sample_entete
from opensegur.dmp import Visibilite
from opensegur.dmp.connexion import dmp_transport
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.identifiers import new_oid
from opensegur.foundation.ports import SystemClock
from opensegur.ins import Matricule, Nature, Traits
from opensegur.sandbox.population.acteurs import CABINET, MEDECIN

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


@pytest.fixture
def munie(tilleuls: Structure, bac: Atelier, gestionnaire: Compte) -> Structure:
    """With what INSi and the DMP ask for, in the database."""
    for usage in (Usage.INSI, Usage.AUTHENTIFICATION, Usage.SIGNATURE):
        ranger(tilleuls, usage, bac.nouvelle(usage), gestionnaire)
    return tilleuls


def _known(bac: Atelier, nom: str) -> tuple[Traits, Matricule]:
    who = next(each for each in bac.contexte.population.personnes if each.nom_naissance == nom)
    traits = Traits(
        nom_naissance=who.nom_naissance,
        prenoms=who.prenoms,
        premier_prenom=who.prenoms.split()[0],
        date_naissance=who.date_naissance,
        sexe=who.sexe,
        lieu_naissance=who.lieu_naissance,
    )
    return traits, Matricule(who.ins, who.oid)


@pytest.fixture
def depot(munie: Structure, bac: Atelier, medecin: Compte, secretaire: Compte) -> Envoi:
    """A document of a patient whose identity is qualified, ready to leave for the DMP."""
    traits, matricule = _known(bac, "ADRTROIS")
    patient = make_patient(munie, secretaire, traits=traits)
    add_preuve(patient, Nature.RECUPERATION_INSI, secretaire, matricule=matricule)
    add_preuve(patient, Nature.CONTROLE_REUSSI, secretaire, piece="CN")
    return _deposit(reread(patient), medecin, PatientCda(traits, matricule))


def _deposit(patient: Patient, medecin: Compte, about: PatientCda) -> Envoi:
    now = SystemClock().now()
    entete = sample_entete(uid=new_oid(), set_id=new_oid(), patient=about, auteur=MEDECIN, responsable=MEDECIN,
                           structure=CABINET, created_at=now, acte_debut=now)  # fmt: skip
    parametres = {"professionnel": _plain(MEDECIN), "visibilite": asdict(Visibilite())}
    return make_envoi(
        patient,
        medecin,
        contenu=build_n1(entete, b"Examen clinique normal.\n", TEXT),
        parametres=json.dumps(parametres),
        identifiants={"document": entete.uid, "lot": new_oid(), "signature": new_oid()},
    )


def _plain(person: object) -> dict[str, object]:
    return {name: value for name, value in asdict(person).items() if value}  # type: ignore[call-overload]


def test_a_document_leaves_for_the_dmp_with_the_certificates_of_the_database_alone(depot: Envoi) -> None:
    assert (attempt(depot).etat, reread(depot).message) == ("depose", "")


def test_insi_answers_to_the_certificate_of_the_database_alone(
    munie: Structure, bac: Atelier, secretaire: Compte
) -> None:
    traits, matricule = _known(bac, "ADRTROIS")
    assert json.loads(ask(munie, traits, secretaire).individu)["matricule"] == matricule.valeur


def test_without_a_certificate_the_service_says_where_to_add_it(
    tilleuls: Structure, bac: Atelier, secretaire: Compte
) -> None:
    with pytest.raises(ConfigurationError, match="n’a pas de certificat pour ce service") as refused:
        ask(tilleuls, _known(bac, "ADRTROIS")[0], secretaire)
    assert "écran Certificats" in refused.value.conseil


def test_a_certificate_of_the_database_wins_over_the_one_of_the_file(
    munie: Structure, bac: Atelier, settings
) -> None:
    from opensegur.foundation.configuration import write_configuration

    write_configuration(bac.configuration, settings.OPENSEGUR_DONNEES / "structures" / "entiere.toml")
    munie.configuration = "entiere.toml"
    Certificat.objects.filter(structure=munie, usage=Usage.INSI).delete()

    found = configuration_of(munie)
    assert found.dmp
    assert bac.configuration.dmp
    assert found.insi
    assert bac.configuration.insi
    assert found.dmp.certificat != bac.configuration.dmp.certificat
    assert found.insi.certificat == bac.configuration.insi.certificat


def _leaf(path: Path | None) -> x509.Certificate:
    assert path is not None
    return x509.load_pem_x509_certificates(path.read_bytes())[0]


def test_a_replaced_pair_serves_at_once_and_the_former_can_be_put_back(
    munie: Structure, bac: Atelier, gestionnaire: Compte, depot: Envoi
) -> None:
    before = configuration_of(munie)
    ranger(munie, Usage.AUTHENTIFICATION, bac.nouvelle(jours=400), gestionnaire)
    ranger(munie, Usage.SIGNATURE, bac.nouvelle(Usage.SIGNATURE, jours=400), gestionnaire)

    after = configuration_of(munie)
    assert after.dmp
    assert before.dmp
    assert _leaf(after.dmp.certificat) == bac.nouvelle(jours=400).certificat
    assert _leaf(after.dmp.certificat_signature) == bac.nouvelle(Usage.SIGNATURE, jours=400).certificat
    assert attempt(depot).etat == "depose"
    # whoever had just taken the former still opens a connection with it
    dmp_transport(before).close()

    former = Certificat.objects.get(usage=Usage.AUTHENTIFICATION, etat="remplace")
    garde.put_back(former, SystemClock().now())
    again = configuration_of(munie)
    assert again.dmp
    assert _leaf(again.dmp.certificat) == bac.nouvelle().certificat


def test_a_delivery_neither_decrypts_nor_writes_again(
    munie: Structure, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    first = configuration_of(munie)
    monkeypatch.setattr(materiel, "_read", None)
    with django_assert_num_queries(1):
        assert configuration_of(munie) == first


def test_the_files_are_private_sealed_and_gone_with_the_process(munie: Structure) -> None:
    point = configuration_of(munie).dmp
    assert point
    assert point.certificat
    assert point.cle
    folder = point.cle.parent
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
    with pytest.raises(TypeError):
        load_pem_private_key(point.cle.read_bytes(), None)
    assert point.mot_de_passe not in repr(point)

    DOSSIER.close()
    assert not folder.exists()


def test_another_process_removes_its_files_at_its_end(munie: Structure, tmp_path: Path) -> None:
    program = (
        "import django; django.setup()\n"
        "from pathlib import Path\n"
        "from opensegur.cabinet.certificats.materiel import DOSSIER\n"
        "from types import SimpleNamespace\n"
        "import sys, uuid, base64, json\n"
        "asked = json.load(sys.stdin)\n"
        "row = SimpleNamespace(structure_id=uuid.uuid4(), pem=asked['pem'], cle=base64.b64decode(asked['cle']))\n"
        "print(DOSSIER._write(row).cle, flush=True)\n"
    )
    import base64

    row = Certificat.objects.filter(structure=munie).order_by("pk")[0]
    asked = json.dumps({"pem": row.pem, "cle": base64.b64encode(bytes(row.cle)).decode()})
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", program], input=asked, capture_output=True, text=True, check=True, timeout=60,
        env=os.environ | {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "reglages_tests"},
    )  # fmt: skip
    written = Path(done.stdout.strip())
    assert written.name.endswith(".cle.pem")
    assert not written.parent.exists()


def test_files_swept_from_the_temporary_folder_are_written_again(munie: Structure, secretaire: Compte, bac) -> None:
    point = configuration_of(munie).insi
    assert point
    assert point.cle
    point.cle.unlink()
    assert ask(munie, _known(bac, "ADRTROIS")[0], secretaire).individu


def test_the_files_of_an_erased_key_go_and_what_was_opened_with_it_is_forgotten(
    munie: Structure, gestionnaire: Compte, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = configuration_of(munie).insi
    assert point
    assert point.cle
    forgotten: list[str] = []
    monkeypatch.setattr(DOSSIER, "_suivent", [lambda: forgotten.append("x")])
    garde.erase(Certificat.objects.get(usage=Usage.INSI), gestionnaire, SystemClock().now())

    assert configuration_of(munie).insi == replace(point, certificat=None, cle=None, mot_de_passe="")
    assert point.cle.exists()  # the grace of whoever is just connecting
    monkeypatch.setattr(materiel, "_SURSIS", 0.0)
    configuration_of(munie)
    assert not point.cle.exists()
    assert forgotten == ["x"]


def test_a_child_process_writes_its_own_and_leaves_those_of_its_parent(
    munie: Structure, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Dossier()
    mine = folder.in_service(munie)[Usage.INSI]
    with monkeypatch.context() as child:
        child.setattr(materiel.os, "getpid", lambda: -1)
        other = folder.in_service(munie)[Usage.INSI]
        assert other.cle.parent != mine.cle.parent
        folder.close()
        assert not other.cle.exists()
    assert mine.cle.exists()
    import shutil

    shutil.rmtree(mine.cle.parent)


@pytest.fixture
def autre_trousseau(settings, tmp_path: Path) -> Iterator[None]:
    """A worker started with another key ring."""
    settings.OPENSEGUR_CLES = tmp_path / "autres.cles"
    ring.create_trousseau(settings.OPENSEGUR_CLES)
    return


def test_a_worker_that_cannot_decrypt_says_so_and_gives_nothing_up(munie: Structure, autre_trousseau: None) -> None:
    with pytest.raises(ConfigurationError) as refused:
        configuration_of(munie)
    assert (refused.value.code, refused.value.retryable) == ("CERT_ILLISIBLE", True)
    assert "OPENSEGUR_CLES" in refused.value.conseil


def test_the_screen_shows_the_list_even_then(munie: Structure, autre_trousseau: None, bureau: Navigateur) -> None:
    assert bureau.get(reverse("certificats:liste")).status_code == 200
