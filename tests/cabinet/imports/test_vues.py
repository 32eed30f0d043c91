"""The screens of an import, from the file to the way back."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cabinet.imports_adt import message
from cabinet.imports_fichiers import TABLE
from cabinet.personnages import Navigateur, make_compte, open_session
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.imports.models import Import
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

LISTE, DEPOSER = reverse("imports:liste"), reverse("imports:deposer")


def _url(name: str) -> str:
    return reverse(f"imports:{name}", args=[Import.objects.get().pk])


def _drop(navigateur: Navigateur, text: str = TABLE, nom: str = "base.csv"):
    return navigateur.envoyer(DEPOSER, {"source": "Ancien", "fichier": SimpleUploadedFile(nom, text.encode())})


_COLONNES = {
    "encodage": "utf-8", "delimiteur": ";", "titres": "on", "colonne_0": "externe", "colonne_1": "nom_naissance",
    "colonne_2": "nom_utilise", "colonne_3": "prenoms", "colonne_4": "date_naissance", "colonne_5": "sexe",
    "colonne_6": "lieu_naissance", "colonne_7": "matricule", "colonne_8": "controle",
}  # fmt: skip


def test_from_the_file_to_the_records_and_back(au_bureau_des_entrees: Navigateur) -> None:
    nav = au_bureau_des_entrees
    dropped = _drop(nav)
    assert dropped.url == _url("colonnes")
    page = nav.get(dropped.url).text
    for said in ("LEVEQUE", "30/11/1982" if "30/11/1982" in page else "1982-11-30", "deux chiffres", "annoncé"):
        assert said in page
    assert "282111412790088" not in page

    assert nav.envoyer(_url("colonnes"), {**_COLONNES, "geste": "essayer"}).url == _url("detail")
    assert nav.envoyer(_url("avancer")).url == _url("detail")
    tried = nav.get(_url("detail")).text
    assert "dossiers à créer" in tried
    assert not Patient.objects.exists()

    nav.envoyer(_url("lancer"), {"geste": "importer"})
    done = nav.envoyer(_url("avancer"), htmx=True).text
    assert "<html" not in done
    assert "dossiers créés" in done
    assert Patient.objects.count() == 3

    nav.envoyer(_url("defaire"))
    assert not Patient.objects.exists()
    assert "défait : 3 dossiers retirés" in nav.get(_url("detail")).text
    actions = list(Ligne.objects.order_by("id").values_list("action", flat=True))
    assert {"import.deposer", "import.appliquer", "import.defaire", "import.lire"} <= set(actions)
    assert not any("LEVEQUE" in line.objet.upper() for line in Ligne.objects.all())


def test_a_column_changed_reads_the_lines_again(au_bureau_des_entrees: Navigateur) -> None:
    _drop(au_bureau_des_entrees)
    changed = au_bureau_des_entrees.envoyer(
        _url("colonnes"), {**_COLONNES, "colonne_1": "nom_utilise", "colonne_2": "nom_naissance"}, htmx=True
    )
    assert changed.status_code == 200
    assert "<html" not in changed.text
    assert changed.text.index("VALLEE") < changed.text.index("LEVEQUE")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colonne_4": ""}, "Il manque une colonne : Date de naissance"),
        ({"colonne_2": "nom_naissance"}, "Deux colonnes pour une même chose"),
    ],
)
def test_columns_that_do_not_do_are_told(
    au_bureau_des_entrees: Navigateur, changes: dict[str, str], said: str
) -> None:
    _drop(au_bureau_des_entrees)
    response = au_bureau_des_entrees.envoyer(_url("colonnes"), {**_COLONNES, **changes, "geste": "essayer"})
    assert response.status_code == 422
    assert said in response.text


def test_the_report_opens_in_a_spreadsheet(au_bureau_des_entrees: Navigateur) -> None:
    _drop(au_bureau_des_entrees)
    au_bureau_des_entrees.envoyer(_url("colonnes"), {**_COLONNES, "geste": "essayer"})
    au_bureau_des_entrees.envoyer(_url("avancer"))
    report = au_bureau_des_entrees.get(_url("rapport"))
    text = b"".join(report.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == ["Ligne", "Issue", "Explication", "N° de dossier"]
    assert [row[0] for row in rows[1:]] == ["4", "5", "6"]


def test_messages_go_straight_to_the_dry_run(au_bureau_des_entrees: Navigateur) -> None:
    assert _drop(au_bureau_des_entrees, message(), "base.hl7").url == _url("detail")
    au_bureau_des_entrees.envoyer(_url("avancer"))
    assert "dossiers à créer" in au_bureau_des_entrees.get(_url("detail")).text


def test_a_file_that_cannot_be_read_is_said_beside_its_field(au_bureau_des_entrees: Navigateur) -> None:
    response = _drop(au_bureau_des_entrees, "\0\1", "base.xls")
    assert response.status_code == 422
    assert "n’est pas du texte" in response.text
    assert not Import.objects.exists()


@pytest.mark.parametrize("path", [LISTE, DEPOSER])
def test_a_secretary_does_not_import(au_comptoir: Navigateur, path: str) -> None:
    response = au_comptoir.get(path) if path == LISTE else au_comptoir.envoyer(path)
    assert response.status_code == 403
    assert "référent d’identité" in response.text
    assert Ligne.objects.get().resultat == "refus:role"


def test_whoever_answers_for_identities_does(secretaire: Compte) -> None:
    Rattachement.objects.filter(compte=secretaire).update(referent_identite=True)
    assert open_session(secretaire).get(LISTE).status_code == 200


def test_another_structure_s_import_does_not_exist(au_bureau_des_entrees: Navigateur, officine: Structure) -> None:
    _drop(au_bureau_des_entrees)
    elsewhere = open_session(make_compte("gil", officine, Role.GESTIONNAIRE))
    for name in ("detail", "colonnes", "rapport"):
        assert elsewhere.get(_url(name)).status_code == 404
    for name in ("avancer", "lancer", "arreter", "defaire"):
        assert elsewhere.envoyer(_url(name)).status_code == 404


def test_a_slave_is_told_why_a_table_is_refused(au_bureau_des_entrees: Navigateur, cabinet: Structure) -> None:
    cabinet.esclave = True
    cabinet.save()
    assert "référentiel d’identités" in au_bureau_des_entrees.get(LISTE).text
    response = _drop(au_bureau_des_entrees)
    assert response.status_code == 422
    assert "un tableau ne peut pas en créer" in response.text
