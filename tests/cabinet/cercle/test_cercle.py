"""The circle of care: who is in it, who is not, and the way in from outside with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import TRAITS, Navigateur, make_compte, make_patient, open_session
from opensegur.cabinet.accueil.etats import Etat
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.cercle.appartenance import circle_of, inside
from opensegur.cabinet.cercle.models import AccesExceptionnel, Membre, Politique
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.doublons.models import Paire
from opensegur.cabinet.imports.models import Import, Provenance
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.medical.models import Donnee
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Qui
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

EXCEPTIONS, REGLER = reverse("exceptions:liste"), reverse("exceptions:regler")
RAISON = {"motif": "urgence", "precision": "Appelé par le 15, le dossier est demandé."}


@pytest.fixture
def restreint(cabinet: Structure, medecin: Compte) -> None:
    Politique.objects.create(structure=cabinet, restreint=True, change_par=medecin, change_le=timezone.now())


@pytest.fixture
def confrere(cabinet: Structure) -> Compte:
    return make_compte(
        "confrere", cabinet, Role.MEDECIN, nom="AUTRE", prenom="Noé", id_nat="899700500053", profession="10"
    )


@pytest.fixture
def dossier(cabinet: Structure, medecin: Compte) -> Patient:
    """Made by the doctor, whose patient this is."""
    return make_patient(cabinet, medecin)


def _page(patient: Patient, name: str = "patients:dossier") -> str:
    return reverse(name, args=[patient.pk])


def _entrer(navigateur: Navigateur, patient: Patient, **said: str):
    return navigateur.envoyer(_page(patient, "cercle:entrer"), {**RAISON, **said})


def _tenir(navigateur: Navigateur, patient: Patient, geste: str, compte: Compte):
    return navigateur.envoyer(_page(patient, "cercle:tenir"), {"geste": geste, "compte": str(compte.pk)})


# --- who is in it


def _received(patient: Patient, compte: Compte, other: Compte) -> None:
    Venue.objects.create(
        structure=patient.structure, patient=patient, recu_par=compte, creee_par=other, nature="soin",
        prevue_le=timezone.now(),
    )  # fmt: skip


def _noted(patient: Patient, compte: Compte, other: Compte) -> None:
    Donnee.objects.create(
        patient=patient, rubrique="problemes", contenu="{}", ecrite_par=compte, ecrite_le=timezone.now()
    )


def _added(patient: Patient, compte: Compte, other: Compte) -> None:
    Membre.objects.create(patient=patient, compte=compte, ajoute_par=other, ajoute_le=timezone.now())


def _responsible(patient: Patient, compte: Compte, other: Compte) -> None:
    Rattachement.objects.filter(compte=compte).update(responsable=other)


@pytest.mark.parametrize("tie", [_received, _noted, _added, _responsible], ids=lambda tie: tie.__name__.strip("_"))
@pytest.mark.usefixtures("restreint")
def test_whoever_is_tied_to_the_patient_opens_the_record(
    dossier: Patient, medecin: Compte, confrere: Compte, tie: Callable[[Patient, Compte, Compte], None]
) -> None:
    navigateur = open_session(confrere)
    assert navigateur.get(_page(dossier)).status_code == 403
    tie(dossier, confrere, medecin)
    assert navigateur.get(_page(dossier)).status_code == 200


@pytest.mark.usefixtures("restreint")
def test_whoever_made_the_record_opens_it(dossier: Patient, au_bureau: Navigateur) -> None:
    assert au_bureau.get(_page(dossier)).status_code == 200


def test_where_the_whole_team_opens_records_nobody_is_asked(dossier: Patient, confrere: Compte) -> None:
    assert open_session(confrere).get(_page(dossier)).status_code == 200


def test_a_tie_to_one_patient_is_none_to_another(
    cabinet: Structure, dossier: Patient, medecin: Compte, confrere: Compte
) -> None:
    other = make_patient(cabinet, confrere)
    assert inside(Qui(confrere, cabinet, "medecin"), [dossier.pk, other.pk]) == {other.pk}
    assert inside(Qui(confrere, cabinet, "medecin", repond=medecin), [dossier.pk, other.pk]) == {
        dossier.pk,
        other.pk,
    }


@pytest.mark.usefixtures("restreint")
def test_a_pair_of_records_is_closed_as_long_as_one_of_them_is(
    cabinet: Structure, dossier: Patient, confrere: Compte
) -> None:
    own = make_patient(cabinet, confrere)
    a, b = sorted((own, dossier), key=lambda each: each.pk)
    pair = Paire.objects.create(structure=cabinet, a=a, b=b, score=1)
    page = reverse("doublons:paire", args=[pair.pk])
    navigateur = open_session(confrere)
    assert navigateur.get(page).status_code == 403
    confrere.rattachements.update(referent_identite=True)
    assert navigateur.get(page).status_code == 200
    assert navigateur.get(_page(dossier)).status_code == 403


@pytest.mark.usefixtures("restreint")
def test_the_journal_of_a_record_is_its_circle_s_and_the_administrator_s(dossier: Patient, confrere: Compte) -> None:
    pages = [_page(dossier, "journal:dossier"), f"{reverse('journal:liste')}?dossier={dossier.pk}"]
    navigateur = open_session(confrere)
    assert [navigateur.get(page).status_code for page in pages] == [403, 403]
    confrere.rattachements.update(administrateur=True)
    assert [navigateur.get(page).status_code for page in pages] == [200, 200]


@pytest.mark.usefixtures("restreint")
def test_lists_say_why_somebody_comes_to_their_circle_only(
    dossier: Patient, medecin: Compte, confrere: Compte
) -> None:
    Venue.objects.create(
        structure=dossier.structure, patient=dossier, recu_par=medecin, creee_par=medecin, nature="soin",
        motif="pansement du pied", prevue_le=timezone.now(),
    )  # fmt: skip
    assert "pansement" in open_session(medecin).get("/").text
    assert "pansement" not in open_session(confrere).get("/").text


@pytest.mark.usefixtures("restreint")
def test_bringing_in_a_base_makes_nobody_the_carer_of_it(dossier: Patient, medecin: Compte) -> None:
    brought = Import.objects.create(structure=dossier.structure, auteur=medecin, source="Ancien", taille=1)
    Provenance.objects.create(structure=dossier.structure, patient=dossier, origine=brought, source="Ancien", ligne=1)
    assert open_session(medecin).get(_page(dossier)).status_code == 403


@pytest.mark.usefixtures("restreint")
def test_a_coming_that_was_cancelled_ties_nobody(dossier: Patient, medecin: Compte, confrere: Compte) -> None:
    _received(dossier, confrere, medecin)
    Venue.objects.update(etat=Etat.ANNULE)
    assert open_session(confrere).get(_page(dossier)).status_code == 403


# --- outside


@pytest.mark.usefixtures("restreint")
def test_outside_only_what_makes_sure_of_the_person_is_shown(dossier: Patient, confrere: Compte) -> None:
    page = open_session(confrere).get(_page(dossier)).text
    for said in ("LEVEQUE", "30/11/1982", "Ana DURAND"):
        assert said in page
    assert "Caen" not in page
    assert "14127" not in page
    line = Ligne.objects.get(acteur=confrere.acteur)
    assert (line.action, line.resultat, line.patient_ref) == ("dossier.lire", "refus:cercle", str(dossier.pk))


@pytest.mark.usefixtures("restreint")
def test_a_reason_opens_the_record_for_four_hours_and_marks_each_line(dossier: Patient, confrere: Compte) -> None:
    navigateur = open_session(confrere)
    assert _entrer(navigateur, dossier).url == _page(dossier)
    assert "Accès exceptionnel" in navigateur.get(_page(dossier)).text
    navigateur.get(_page(dossier, "documents:liste"))
    lines = Ligne.objects.filter(acteur=confrere.acteur).order_by("pk")
    assert [(each.action, each.motif) for each in lines] == [
        ("cercle.bris", "urgence"),
        ("dossier.lire", "accès exceptionnel"),
        ("document.lire", "accès exceptionnel"),
    ]
    assert not any("Appelé" in each.motif + each.objet for each in lines)

    AccesExceptionnel.objects.update(fin=timezone.now() - timedelta(seconds=1))
    assert navigateur.get(_page(dossier)).status_code == 403


@pytest.mark.usefixtures("restreint")
def test_it_lasts_four_hours_and_opens_one_record_to_one_person(
    cabinet: Structure, dossier: Patient, medecin: Compte, confrere: Compte, secretaire: Compte
) -> None:
    other = make_patient(cabinet, medecin)
    Rattachement.objects.filter(compte=secretaire).update(responsable=None)
    navigateur = open_session(confrere)
    _entrer(navigateur, dossier)
    opened = AccesExceptionnel.objects.get()
    assert opened.fin - opened.debut == timedelta(hours=4)
    assert navigateur.get(_page(other)).status_code == 403
    assert open_session(secretaire).get(_page(dossier)).status_code == 403


@pytest.mark.parametrize(
    "said", [{"motif": ""}, {"motif": "curiosité"}, {"precision": ""}, {"precision": "oui"}],
    ids=["no reason", "not of the list", "no words", "too few words"],
)  # fmt: skip
@pytest.mark.usefixtures("restreint")
def test_without_a_reason_nothing_opens(dossier: Patient, confrere: Compte, said: dict[str, str]) -> None:
    navigateur = open_session(confrere)
    answer = _entrer(navigateur, dossier, **said)
    assert answer.status_code == 422
    assert not AccesExceptionnel.objects.exists()
    assert Ligne.objects.get(acteur=confrere.acteur).resultat == "sans raison"
    assert navigateur.get(_page(dossier)).status_code == 403


@pytest.mark.usefixtures("restreint")
def test_an_exceptional_access_does_not_let_one_into_the_circle(dossier: Patient, confrere: Compte) -> None:
    navigateur = open_session(confrere)
    _entrer(navigateur, dossier)
    assert "CERCLE_EXCEPTIONNEL" in _tenir(navigateur, dossier, "ajouter", confrere).text
    assert not Membre.objects.exists()


@pytest.mark.usefixtures("restreint")
def test_the_manager_and_the_support_have_no_way_in(cabinet: Structure, dossier: Patient) -> None:
    for role in (Role.GESTIONNAIRE, Role.SUPPORT):
        navigateur = open_session(make_compte(role, cabinet, role))
        assert _entrer(navigateur, dossier).status_code == 403
    assert not AccesExceptionnel.objects.exists()


@pytest.mark.usefixtures("restreint")
def test_the_record_of_another_structure_does_not_exist(
    officine: Structure, pharmacienne: Compte, confrere: Compte
) -> None:
    theirs = make_patient(officine, pharmacienne)
    navigateur = open_session(confrere)
    assert navigateur.get(_page(theirs)).status_code == 404
    assert _entrer(navigateur, theirs).status_code == 404


# --- read again


@pytest.mark.usefixtures("restreint")
def test_each_exceptional_access_is_listed_for_who_administers_and_told_to_the_patient(
    cabinet: Structure, dossier: Patient, confrere: Compte, au_bureau: Navigateur
) -> None:
    _entrer(open_session(confrere), dossier)
    manager = open_session(make_compte("gaelle", cabinet, Role.GESTIONNAIRE))
    page = manager.get(EXCEPTIONS).text
    for said in ("Noé AUTRE", "Urgence", "Appelé par le 15"):
        assert said in page
    assert "LEVEQUE" not in page
    exported = manager.get(f"{reverse('journal:export_fhir')}?dossier={dossier.pk}").getvalue().decode()
    assert '"code":"BTG"' in exported
    told = au_bureau.get(_page(dossier, "journal:dossier")).text
    assert "hors de l’équipe de soins" in told
    assert open_session(confrere).get(EXCEPTIONS).status_code == 403


def test_the_reason_in_words_is_encrypted(cabinet: Structure, dossier: Patient, confrere: Compte) -> None:
    from django.db import connection

    _entrer(open_session(confrere), dossier)
    with connection.cursor() as cursor:
        cursor.execute("SELECT precision FROM cercle_accesexceptionnel")
        assert "Appelé" not in str(cursor.fetchall())


def test_the_administrator_chooses_and_it_applies_at_once(
    cabinet: Structure, dossier: Patient, confrere: Compte
) -> None:
    navigateur, manager = open_session(confrere), open_session(make_compte("gaelle", cabinet, Role.GESTIONNAIRE))
    assert navigateur.envoyer(REGLER, {"cercle": "restreint"}).status_code == 403
    manager.envoyer(REGLER, {"cercle": "restreint"})
    assert navigateur.get(_page(dossier)).status_code == 403
    manager.envoyer(REGLER, {"cercle": "equipe"})
    assert navigateur.get(_page(dossier)).status_code == 200
    assert [
        each.objet for each in Ligne.objects.filter(action="cercle.regler", resultat="succes").order_by("pk")
    ] == [
        "cercle restreint",
        "toute l’équipe",
    ]


# --- kept by those who care


@pytest.mark.usefixtures("restreint")
def test_a_colleague_is_added_then_taken_away(dossier: Patient, au_bureau: Navigateur, confrere: Compte) -> None:
    assert "Noé AUTRE" in au_bureau.get(_page(dossier, "cercle:equipe")).text
    _tenir(au_bureau, dossier, "ajouter", confrere)
    assert open_session(confrere).get(_page(dossier)).status_code == 200
    _tenir(au_bureau, dossier, "retirer", confrere)
    assert open_session(confrere).get(_page(dossier)).status_code == 403
    objets = [each.objet for each in Ligne.objects.filter(action="cercle.gerer").order_by("pk")]
    assert objets == ["ajouter 899700500053", "retirer 899700500053"]


def test_there_is_one_medecin_traitant_and_the_former_stays_of_the_circle(
    dossier: Patient, au_bureau: Navigateur, medecin: Compte, confrere: Compte
) -> None:
    for compte in (medecin, confrere):
        _tenir(au_bureau, dossier, "traitant", compte)
    named = {each.compte.nom: each.medecin_traitant for each in circle_of(dossier)}
    assert named == {"AUTRE": True, "DURAND": False}


def test_whoever_may_not_be_of_a_circle_is_not_added(
    cabinet: Structure, dossier: Patient, au_bureau: Navigateur, secretaire: Compte, pharmacienne: Compte
) -> None:
    manager = make_compte("gaelle", cabinet, Role.GESTIONNAIRE)
    for compte in (manager, pharmacienne):
        assert _tenir(au_bureau, dossier, "ajouter", compte).status_code == 404
    assert "CERCLE_PAS_MEDECIN" in _tenir(au_bureau, dossier, "traitant", secretaire).text
    assert "CERCLE_GESTE" in _tenir(au_bureau, dossier, "promouvoir", secretaire).text
    assert "CERCLE_COMPTE" in au_bureau.envoyer(_page(dossier, "cercle:tenir"), {"geste": "ajouter"}).text


def test_the_circle_says_who_cares_and_why(dossier: Patient, medecin: Compte, secretaire: Compte) -> None:
    _received(dossier, medecin, secretaire)
    assert [(each.compte.nom, each.raisons) for each in circle_of(dossier)] == [
        ("DURAND", ("l’a reçu", "a créé le dossier")),
        ("PETIT", ("a noté une venue",)),
    ]
    assert TRAITS.nom_naissance not in str(circle_of(dossier))
