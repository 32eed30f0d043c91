"""The life of an identity at the counter: status, banner, document shown, locks, attributes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from cabinet.instantanes import sql_snapshot
from cabinet.personnages import MATRICULE, TRAITS, Navigateur, make_patient, open_session, reread
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient, SansPiece
from opensegur.cabinet.patients.preuves import MatriculeDejaPris, add_preuve
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import Nature, Sexe, Statut, Traits

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

_N = Nature


def _url(name: str, patient: Patient) -> str:
    return reverse(f"patients:{name}", args=[patient.pk])


@pytest.mark.parametrize(
    ("natures", "statut", "classe", "libelle"),
    [
        ((), Statut.PROVISOIRE, "provisoire", "Identité provisoire"),
        ((_N.RECUPERATION_INSI,), Statut.RECUPEREE, "recuperee", "Identité récupérée"),
        ((_N.CONTROLE_REUSSI,), Statut.VALIDEE, "validee", "Identité validée"),
        ((_N.RECUPERATION_INSI, _N.CONTROLE_REUSSI), Statut.QUALIFIEE, "qualifiee", "Identité qualifiée"),
    ],
)
def test_the_banner_says_the_status_in_colour_and_in_words(
    au_comptoir: Navigateur,
    cabinet: Structure,
    secretaire: Compte,
    natures: tuple[Nature, ...],
    statut: Statut,
    classe: str,
    libelle: str,
) -> None:
    patient = make_patient(cabinet, secretaire, *natures)
    page = au_comptoir.get(_url("dossier", patient)).text
    assert patient.statut is statut
    assert f"bandeau-{classe}" in page
    assert libelle in page


@pytest.mark.exigence("EXI SI 08")
def test_only_a_qualified_identity_shows_its_matricule(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte
) -> None:
    patient = make_patient(cabinet, secretaire, _N.RECUPERATION_INSI)
    assert MATRICULE.formatted() not in au_comptoir.get(_url("dossier", patient)).text
    add_preuve(patient, _N.CONTROLE_REUSSI, secretaire, piece="PA")
    assert MATRICULE.formatted() in au_comptoir.get(_url("dossier", patient)).text


@pytest.mark.parametrize("name", ["dossier", "piece", "modifier"])
def test_every_page_of_a_record_carries_the_banner(au_comptoir: Navigateur, patient: Patient, name: str) -> None:
    page = au_comptoir.get(_url(name, patient)).text
    assert 'class="bandeau bandeau-provisoire"' in page
    assert "ALICE COLETTE" in page
    assert "30/11/1982" in page


@pytest.mark.exigence("EXI SI 10")
def test_no_document_is_chosen_beforehand(au_comptoir: Navigateur, patient: Patient) -> None:
    page = au_comptoir.get(_url("piece", patient)).text
    assert " checked" not in page
    assert 'value="PA"' in page
    assert 'value="CV"' not in page


def test_a_document_that_agrees_qualifies_what_insi_gave(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte
) -> None:
    patient = make_patient(cabinet, secretaire, _N.RECUPERATION_INSI)
    response = au_comptoir.envoyer(_url("piece", patient), {"piece": "CN"})
    assert response.status_code == 302
    assert reread(patient).statut is Statut.QUALIFIEE
    line = Ligne.objects.get(action="identite.controler")
    assert (line.patient_ref, line.objet, line.responsable) == (str(patient.pk), "pièce CN", "899700500012")


@pytest.mark.parametrize("natures", [(), (_N.RECUPERATION_INSI,), (_N.RECUPERATION_INSI, _N.CONTROLE_REUSSI)])
def test_different_traits_take_the_identity_back_to_provisoire(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, natures: tuple[Nature, ...]
) -> None:
    patient = make_patient(cabinet, secretaire, *natures)
    au_comptoir.envoyer(_url("piece", patient), {"piece": "PA", "differents": "on"})
    found = reread(patient)
    assert found.statut is Statut.PROVISOIRE
    assert found.matricule_ins() is None
    assert found.matricule == found.matricule_index == ""


@pytest.mark.parametrize(
    "data", [{}, {"differents": "on"}, {"piece": "CV"}, {"piece": "LEP"}, {"piece": "AN", "piece_parent": "CV"}]
)
def test_an_incomplete_check_proves_nothing(au_comptoir: Navigateur, patient: Patient, data: dict[str, str]) -> None:
    assert au_comptoir.envoyer(_url("piece", patient), data).status_code == 422
    assert not patient.preuves.exists()


def test_a_structure_takes_only_the_documents_of_its_list(
    au_comptoir: Navigateur, cabinet: Structure, patient: Patient
) -> None:
    Structure.objects.filter(pk=cabinet.pk).update(pieces_admises=["PA"])
    page = au_comptoir.get(_url("piece", patient)).text
    assert 'value="PA"' in page
    assert 'value="CN"' not in page


@pytest.mark.parametrize("raison", list(SansPiece.Raison))
def test_no_document_is_noted_and_asked_again(
    au_comptoir: Navigateur, patient: Patient, raison: SansPiece.Raison
) -> None:
    au_comptoir.envoyer(_url("sans_piece", patient), {"raison": raison})
    page = au_comptoir.get(_url("dossier", patient)).text
    assert f"Pièce d’identité à contrôler ({raison.label}" in page
    assert reread(patient).statut is Statut.PROVISOIRE


def test_strict_traits_from_insi_are_locked_whatever_the_form_says(
    au_comptoir: Navigateur, qualifie: Patient
) -> None:
    data = {"nom_naissance": "AUTRE", "sexe": "M", "nom_utilise": "MARTIN", "prenom_utilise": ""}
    assert au_comptoir.envoyer(_url("modifier", qualifie), data).status_code == 302
    found = reread(qualifie)
    assert (found.nom_naissance, found.sexe, found.nom_utilise) == ("LEVEQUE", "F", "MARTIN")
    assert found.statut is Statut.QUALIFIEE


_FORM = {
    "nom_naissance": "LEVEQUE",
    "premier_prenom": "ALICE",
    "prenoms": "ALICE COLETTE",
    "date_naissance": "30/11/1982",
    "sexe": "F",
    "lieu_naissance": "14127",
}


@pytest.mark.parametrize(
    ("change", "statut"),
    [
        ({}, Statut.VALIDEE),
        ({"nom_utilise": "MARTIN"}, Statut.VALIDEE),
        ({"nom_naissance": "Lévêque-Roy"}, Statut.PROVISOIRE),
        ({"date_naissance": "01/11/1982"}, Statut.PROVISOIRE),
        ({"sexe": "I"}, Statut.PROVISOIRE),
    ],
    ids=str,
)
def test_a_strict_trait_changed_by_hand_takes_the_check_away(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, change: dict[str, str], statut: Statut
) -> None:
    patient = make_patient(cabinet, secretaire, _N.CONTROLE_REUSSI)
    assert au_comptoir.envoyer(_url("modifier", patient), _FORM | change).status_code == 302
    assert reread(patient).statut is statut


def test_a_change_that_breaks_the_rules_is_refused_beside_its_field(
    au_comptoir: Navigateur, patient: Patient
) -> None:
    response = au_comptoir.envoyer(_url("modifier", patient), _FORM | {"lieu_naissance": "Nulle-Part-sur-Rien"})
    assert response.status_code == 422
    assert "Ce lieu n’est pas dans la table" in response.text


@pytest.mark.exigence("EXI ID 26")
@pytest.mark.parametrize("nature", [_N.DOUTEUSE, _N.FICTIVE])
def test_a_doubtful_identity_is_provisoire_and_asks_insi_nothing(
    au_comptoir: Navigateur, qualifie: Patient, nature: Nature
) -> None:
    au_comptoir.envoyer(_url("attribut", qualifie), {"nature": nature.value})
    assert reread(qualifie).statut is Statut.PROVISOIRE
    page = au_comptoir.get(_url("dossier", qualifie)).text
    assert "Demander l’INS" not in page
    au_comptoir.envoyer(_url("interroger", qualifie))
    assert Ligne.objects.get(action="insi.rechercher").resultat == "IDENTITE_BLOQUEE"


def test_a_homonym_is_only_a_warning(au_comptoir: Navigateur, qualifie: Patient) -> None:
    au_comptoir.envoyer(_url("attribut", qualifie), {"nature": _N.HOMONYME.value})
    assert reread(qualifie).statut is Statut.QUALIFIEE
    assert "Homonyme : attention" in au_comptoir.get(_url("dossier", qualifie)).text


@pytest.mark.parametrize("nature", ["", "recuperation-insi", "controle-reussi"])
def test_evidence_cannot_be_forged_as_an_attribute(au_comptoir: Navigateur, patient: Patient, nature: str) -> None:
    response = au_comptoir.envoyer(_url("attribut", patient), {"nature": nature})
    assert response.status_code == 400
    assert "Cet attribut n’existe pas." in response.text
    assert not patient.preuves.exists()


def test_one_matricule_one_record_in_a_structure(
    cabinet: Structure, officine: Structure, secretaire: Compte, pharmacienne: Compte, qualifie: Patient
) -> None:
    double = make_patient(cabinet, secretaire)
    with pytest.raises(MatriculeDejaPris) as caught:
        add_preuve(double, _N.RECUPERATION_INSI, secretaire, matricule=MATRICULE)
    assert caught.value.autre.pk == qualifie.pk
    assert not double.preuves.exists()
    assert make_patient(officine, pharmacienne, _N.RECUPERATION_INSI).statut is Statut.RECUPEREE


def test_evidence_that_the_rules_forbid_writes_nothing(cabinet: Structure, secretaire: Compte) -> None:
    patient = make_patient(cabinet, secretaire, _N.DOUTEUSE)
    with pytest.raises(InvalidValue):
        add_preuve(patient, _N.CONTROLE_REUSSI, secretaire, piece="PA")
    assert patient.preuves.count() == 1


def test_the_matricule_is_never_in_clear_in_the_database(qualifie: Patient) -> None:
    with connection.cursor() as cursor:
        for table in ("patients_patient", "patients_preuve"):
            cursor.execute(f"SELECT * FROM {table}")
            assert MATRICULE.nir not in str(cursor.fetchall())


def test_numbers_follow_one_another_in_each_structure(
    cabinet: Structure, officine: Structure, secretaire: Compte, pharmacienne: Compte
) -> None:
    numbers = [make_patient(structure, author).ipp for structure, author in ((cabinet, secretaire),) * 3]
    assert numbers == [1, 2, 3]
    assert make_patient(officine, pharmacienne).ipp == 1


def test_what_looks_odd_is_said(au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte) -> None:
    odd = Traits("LEVEQUE", "COLETTE ALICE", "ALICE", "1982-11-30", Sexe.F, "14127")
    page = au_comptoir.get(_url("dossier", make_patient(cabinet, secretaire, traits=odd))).text
    assert "Le premier prénom ne commence pas la liste" in page


def test_a_pharmacist_does_not_see_the_practice(qualifie: Patient, pharmacienne: Compte) -> None:
    assert open_session(pharmacienne).get(_url("dossier", qualifie)).status_code == 404
    assert Ligne.objects.get(action="dossier.lire").resultat == "absent"


def test_reading_a_record_is_written_down(au_comptoir: Navigateur, qualifie: Patient, cabinet: Structure) -> None:
    au_comptoir.get(_url("dossier", qualifie))
    line = Ligne.objects.get(action="dossier.lire")
    assert (line.patient_ref, line.structure_ref, line.acteur) == (str(qualifie.pk), str(cabinet.pk), "sam")
    assert TRAITS.nom_naissance not in str(vars(line))


@pytest.mark.parametrize("name", ["dossier", "piece", "modifier"])
def test_the_queries_of_a_record(au_comptoir: Navigateur, qualifie: Patient, name: str) -> None:
    au_comptoir.get("/")
    with sql_snapshot(f"dossier-{name}"):
        au_comptoir.get(_url(name, qualifie))
