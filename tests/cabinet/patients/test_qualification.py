"""Qualifying, lowering, declaring without INS: what the desk does about a document, and what each gesture proves."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import MATRICULE, TRAITS, Navigateur, make_patient, open_session, reread
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.envois.etats import Etat as EtatEnvoi
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.patients import insi
from opensegur.cabinet.patients.models import Patient, RechercheInsi
from opensegur.cabinet.patients.preuves import add_preuve
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Nature, Sexe, Statut, Traits
from opensegur.ins.testing import ADRUN

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

R, C = Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI


def url(name: str, patient: Patient) -> str:
    return reverse(f"patients:{name}", args=[patient.pk])


@pytest.fixture
def reponse(cabinet: Structure, secretaire: Compte):
    """An answer of INSi that waits for somebody: about a record, or about a card of nobody yet."""

    def waiting(patient: Patient | None = None, local: Traits | None = None, **source: str) -> str:
        asked = local or (patient.traits() if patient else None)
        found = RechercheInsi.objects.create(
            structure=cabinet,
            patient=patient,
            auteur=secretaire,
            moment=timezone.now(),
            demande=json.dumps(asdict(asked)) if asked else "",
            source=json.dumps(source) if source else "",
            canal="CV" if source else "INSI",
            code="00",
            individu=json.dumps(insi._dump(ADRUN.individu)),
            requete=b"",
            reponse=b"",
        )
        return reverse("patients:comparaison", args=[found.pk])

    return waiting


def test_the_answer_is_accepted_and_the_document_checked_at_once(au_comptoir: Navigateur, reponse) -> None:
    au_comptoir.envoyer(reponse(premier_prenom="ZOE"), {"decision": "qualifier", "piece": "CN"})
    patient = Patient.objects.get()
    assert patient.statut is Statut.QUALIFIEE
    assert [row.nature for row in patient.preuves.all()] == [R, C]
    assert patient.nom_utilise == ""


def test_the_card_the_record_and_insi_stand_side_by_side_with_their_differences(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, reponse
) -> None:
    local = Traits("ADRUM", "", "ZOE", "1975-12-31", Sexe.F, "")
    patient = make_patient(cabinet, secretaire, traits=local)
    page = au_comptoir.get(reponse(patient, premier_prenom="Zoé", nom_naissance="AUTRE")).text
    assert "Carte Vitale" in page
    for told in ("ADRUM", "AUTRE", "Zoé"):
        assert told in page
    assert page.count("valeur-ecart") == 2
    assert " checked" not in page.split("piece")[1]


@pytest.mark.parametrize(
    ("data", "statut"),
    [
        ({"decision": "absence"}, Statut.RECUPEREE),
        ({"decision": "refus"}, Statut.RECUPEREE),
        ({"decision": "accepter"}, Statut.RECUPEREE),
        ({"decision": "qualifier", "piece": "LEP", "piece_parent": "PA"}, Statut.QUALIFIEE),
    ],
)
def test_each_gesture_on_an_answer(au_comptoir: Navigateur, reponse, data: dict[str, str], statut: Statut) -> None:
    au_comptoir.envoyer(reponse(premier_prenom="ZOE"), data)
    patient = Patient.objects.get()
    assert patient.statut is statut
    assert patient.sans_piece.count() == (data["decision"] in {"absence", "refus"})


@pytest.mark.parametrize("data", [{}, {"piece": "CV"}, {"piece": "LEP"}, {"piece": "AN", "piece_parent": "AN"}])
def test_a_document_that_does_not_qualify_changes_nothing(au_comptoir: Navigateur, reponse, data) -> None:
    page = reponse(premier_prenom="ZOE")
    assert au_comptoir.envoyer(page, {"decision": "qualifier", **data}).status_code == 422
    assert not Patient.objects.exists()
    assert RechercheInsi.objects.get().issue == RechercheInsi.Issue.EN_ATTENTE


def test_a_document_that_says_otherwise_refuses_the_answer_and_gives_a_sheet(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, reponse
) -> None:
    patient = make_patient(cabinet, secretaire)
    response = au_comptoir.envoyer(reponse(patient), {"decision": "qualifier", "piece": "PA", "differents": "on"})
    sheet = au_comptoir.get(response.url).text
    assert "Insee" in sheet
    assert "caisse" in sheet
    assert "ADRUN" in sheet
    assert reread(patient).statut is Statut.PROVISOIRE
    assert RechercheInsi.objects.get().issue == RechercheInsi.Issue.REFUSEE


def test_refusing_the_answer_about_a_card_creates_nobody(au_comptoir: Navigateur, reponse) -> None:
    au_comptoir.envoyer(reponse(premier_prenom="ZOE"), {"decision": "refuser"})
    assert not Patient.objects.exists()


def test_a_new_matricule_of_the_same_person_is_told(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, reponse
) -> None:
    patient = make_patient(cabinet, secretaire, R, C)
    page = reponse(patient)
    assert "nouveau matricule" in au_comptoir.get(page).text
    au_comptoir.envoyer(page, {"decision": "accepter"})
    assert reread(patient).matricule_ins() == ADRUN.matricule
    history = au_comptoir.get(url("histoire", patient)).text
    assert MATRICULE.valeur in history


def test_the_document_of_a_child_comes_with_the_parents(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte
) -> None:
    child = make_patient(cabinet, secretaire, R, traits=replace(TRAITS, date_naissance="2019-11-30"))
    page = au_comptoir.get(url("piece", child)).text
    assert page.index('value="LEP"') < page.index("Autres pièces")
    au_comptoir.envoyer(url("piece", child), {"piece": "LEP", "piece_parent": "CN"})
    proof = child.preuves.last()
    assert proof is not None
    assert (proof.piece, proof.piece_parent) == ("LEP", "CN")
    assert "pour le parent" in au_comptoir.get(url("histoire", child)).text


@pytest.mark.parametrize(
    ("admitted", "who", "statut"),
    [
        (True, "medecin", Statut.QUALIFIEE),
        (False, "medecin", Statut.RECUPEREE),
        (True, "secretaire", Statut.RECUPEREE),
    ],
)
def test_attesting_is_for_a_professional_where_it_is_admitted(
    request: pytest.FixtureRequest, cabinet: Structure, secretaire: Compte, admitted: bool, who: str, statut: Statut
) -> None:
    Structure.objects.update(attestation_admise=admitted)
    patient = make_patient(cabinet, secretaire, R)
    browser = open_session(request.getfixturevalue(who))
    shown = "J’atteste déjà connaître" in browser.get(url("piece", patient)).text
    browser.envoyer(url("attester", patient))
    assert reread(patient).statut is statut
    assert shown == (statut is Statut.QUALIFIEE)


def test_a_document_is_asked_for_again_as_often_as_the_structure_says(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, patient: Patient
) -> None:
    now = timezone.now()
    Venue.objects.create(
        structure=cabinet, patient=patient, recu_par=secretaire, nature="soin", prevue_le=now, creee_par=secretaire
    )
    Structure.objects.update(relances_piece=2)
    for expected in (True, True, False):
        assert ("pièce à demander" in au_comptoir.get("/").text) is expected
        au_comptoir.envoyer(url("sans_piece", patient), {"raison": "absence"})


def test_who_refuses_is_not_asked_again(au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte) -> None:
    patient = make_patient(cabinet, secretaire)
    Venue.objects.create(
        structure=cabinet,
        patient=patient,
        recu_par=secretaire,
        nature="soin",
        prevue_le=timezone.now(),
        creee_par=secretaire,
    )
    au_comptoir.envoyer(url("sans_piece", patient), {"raison": "refus"})
    assert "pièce à demander" not in au_comptoir.get("/").text


@pytest.mark.parametrize(
    ("natures", "motif", "statut"),
    [
        ((R, C), "piece-erronee", Statut.RECUPEREE),
        ((R, C), "ins-autre-personne", Statut.VALIDEE),
        ((R, C), "collision", Statut.PROVISOIRE),
        ((R,), "ins-autre-personne", Statut.PROVISOIRE),
        ((C,), "piece-erronee", Statut.PROVISOIRE),
    ],
)
def test_an_identity_is_lowered_with_its_reason(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, natures, motif: str, statut: Statut
) -> None:
    patient = make_patient(cabinet, secretaire, *natures)
    au_comptoir.envoyer(url("declasser", patient), {"motif": motif})
    assert reread(patient).statut is statut
    assert reread(patient).matricule_index == "" or statut is Statut.RECUPEREE
    last = patient.preuves.last()
    assert last is not None
    assert last.motif == motif


@pytest.mark.parametrize(
    ("natures", "motif"), [((), "collision"), ((C,), "ins-autre-personne"), ((R, C), "visiteur")]
)
def test_a_reason_that_does_not_fit_lowers_nothing(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, natures, motif: str
) -> None:
    patient = make_patient(cabinet, secretaire, *natures)
    assert au_comptoir.envoyer(url("declasser", patient), {"motif": motif}).status_code == 400
    assert reread(patient).statut is patient.statut


@pytest.mark.parametrize("motif", ["visiteur", "identite-suspecte", "anonymat"])
def test_a_person_without_ins_is_asked_for_nothing(au_comptoir: Navigateur, patient: Patient, motif: str) -> None:
    au_comptoir.envoyer(url("sans_ins", patient), {"motif": motif})
    page = au_comptoir.get(url("dossier", patient)).text
    assert "Personne déclarée sans INS" in page
    assert "Demander l’INS" not in page
    refused = au_comptoir.envoyer(url("interroger", patient))
    assert "sans INS" in au_comptoir.get(refused.url).text
    assert not RechercheInsi.objects.exists()
    au_comptoir.envoyer(url("sans_ins", patient), {"geste": "fin"})
    assert "Demander l’INS" in au_comptoir.get(url("dossier", patient)).text


def test_the_traits_of_insi_are_locked_but_for_who_answers_for_identities(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte
) -> None:
    patient = make_patient(cabinet, secretaire, R, C)
    form = {
        "nom_naissance": "LEVESQUE",
        "premier_prenom": "ALICE",
        "prenoms": "ALICE COLETTE",
        "date_naissance": "30/11/1982",
        "sexe": "F",
        "lieu_naissance": "14127",
        "nom_utilise": "VALLEE",
        "deverrouiller": "1",
    }
    au_comptoir.envoyer(url("modifier", patient), form)
    assert reread(patient).nom_naissance == "LEVEQUE"
    Rattachement.objects.filter(compte=secretaire).update(referent_identite=True)
    assert "Déverrouiller" in au_comptoir.get(url("modifier", patient)).text
    au_comptoir.envoyer(url("modifier", patient), {**form, "deverrouiller": ""})
    assert reread(patient).nom_naissance == "LEVEQUE"
    au_comptoir.envoyer(url("modifier", patient), form)
    after = reread(patient)
    assert (after.nom_naissance, after.statut, after.matricule_index) == ("LEVESQUE", Statut.PROVISOIRE, "")
    history = au_comptoir.get(url("histoire", patient)).text
    assert "<del>LEVEQUE</del>" in history
    assert "<ins>LEVESQUE</ins>" in history


@pytest.mark.exigence("EXI ID 08")
def test_the_names_in_use_change_no_status_and_leave_their_trace(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte
) -> None:
    patient = make_patient(cabinet, secretaire, R, C)
    au_comptoir.envoyer(url("modifier", patient), {"nom_utilise": "DUPONT", "prenom_utilise": "LILOU"})
    after = reread(patient)
    assert (after.nom_utilise, after.prenom_utilise, after.statut) == ("DUPONT", "LILOU", Statut.QUALIFIEE)
    assert "<ins>DUPONT</ins>" in au_comptoir.get(url("histoire", patient)).text


@pytest.fixture
def parti(cabinet: Structure, secretaire: Compte) -> tuple[Patient, Envoi]:
    """A qualified identity, one document of which is in the DMP."""
    patient = make_patient(cabinet, secretaire, R, C)
    now = timezone.now()
    envoi = Envoi.objects.create(
        structure=cabinet,
        patient=patient,
        canal=Envoi.Canal.DMP,
        nature=Envoi.Nature.DEPOT,
        etat=EtatEnvoi.DEPOSE,
        libelle="Compte rendu",
        moyen="certificat",
        auteur=secretaire,
        parametres="{}",
        contenu=b"x",
        a_tenter_le=now,
        termine_le=now,
    )
    return patient, envoi


def test_who_received_an_identity_that_is_lowered_is_listed_until_it_is_dealt_with(
    au_comptoir: Navigateur, parti: tuple[Patient, Envoi]
) -> None:
    patient, envoi = parti
    response = au_comptoir.envoyer(url("declasser", patient), {"motif": "ins-autre-personne"})
    assert response.url == url("destinataires", patient)
    page = au_comptoir.get(response.url).text
    assert "Compte rendu" in page
    assert "1 destinataire reste à prévenir" in page
    au_comptoir.envoyer(reverse("patients:rectifier", args=[patient.pk, envoi.pk]))
    au_comptoir.envoyer(reverse("patients:rectifier", args=[patient.pk, envoi.pk]))
    assert "Tous les destinataires ont été prévenus" in au_comptoir.get(response.url).text


def test_nothing_of_another_structure_can_be_marked(parti: tuple[Patient, Envoi], pharmacienne: Compte) -> None:
    patient, envoi = parti
    stranger = open_session(pharmacienne)
    assert stranger.envoyer(reverse("patients:rectifier", args=[patient.pk, envoi.pk])).status_code == 404
    assert stranger.get(url("destinataires", patient)).status_code == 404


def test_an_identity_slave_changes_nothing_here(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte
) -> None:
    patient = make_patient(cabinet, secretaire, R, C)
    Structure.objects.update(esclave=True)
    page = au_comptoir.get(url("dossier", patient)).text
    assert "référentiel d’identités" in page
    for name in ("interroger", "modifier", "declasser", "sans_ins", "attribut"):
        assert au_comptoir.envoyer(url(name, patient), {"nature": "douteuse"}).status_code == 400
    assert reread(patient).statut is Statut.QUALIFIEE


def test_the_history_goes_by_pages(au_comptoir: Navigateur, patient: Patient, secretaire: Compte) -> None:
    for _ in range(60):
        add_preuve(patient, Nature.RECHERCHE_SANS_RESULTAT, secretaire)
    first = au_comptoir.get(url("histoire", patient)).text
    assert "Plus ancien" in first
    assert "Dossier créé" not in first
    assert "Dossier créé" in au_comptoir.get(url("histoire", patient) + "?page=2").text


@pytest.mark.parametrize(
    ("role", "referent", "status"), [(Role.SECRETAIRE, False, 403), (Role.SECRETAIRE, True, 200)]
)
def test_the_settings_are_for_who_answers_for_identities(
    au_comptoir: Navigateur, secretaire: Compte, role: Role, referent: bool, status: int
) -> None:
    Rattachement.objects.filter(compte=secretaire).update(role=role, referent_identite=referent)
    assert au_comptoir.get(reverse("vigilance:reglages")).status_code == status


def test_the_settings_are_written_and_named_in_the_journal(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, medecin: Compte
) -> None:
    Rattachement.objects.filter(compte=secretaire).update(referent_identite=True)
    other = Rattachement.objects.get(compte=medecin)
    page = reverse("vigilance:reglages")
    values = {
        "relances_piece": "5",
        "verification_mois": "24",
        "attestation_admise": "on",
        "pieces_admises": ["PA", "CN"],
    }
    au_comptoir.envoyer(page, {**values, "referents": [str(other.pk)]})
    after = reread(cabinet)
    assert (after.relances_piece, after.verification_mois, after.attestation_admise) == (5, 24, True)
    assert after.pieces_admises == ["PA", "CN"]
    assert reread(other).referent_identite
    assert not Rattachement.objects.get(compte=secretaire).referent_identite
    Rattachement.objects.filter(compte=secretaire).update(referent_identite=True)
    assert au_comptoir.envoyer(page, {**values, "relances_piece": "-1"}).status_code == 422
