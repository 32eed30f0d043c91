"""The accounts of a structure: added, changed, closed, helped back in; never beyond one's own structure."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import MOT_DE_PASSE, Navigateur, make_compte, open_session, reread
from opensegur.cabinet.comptes import second_facteur
from opensegur.cabinet.comptes.connexion import ECHECS_ADMIS
from opensegur.cabinet.comptes.models import CleAcces, Compte, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.equipe.models import Invitation
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

LISTE, AJOUTER = reverse("equipe:liste"), reverse("equipe:ajouter")
CODE, CHOISIR = reverse("bienvenue:code"), reverse("bienvenue:mot_de_passe")
NOUVELLE = {"prenom": "Inès", "nom": "Maillard", "role": "secretaire"}
PHRASE = "quatre-cafés-tièdes"


@pytest.fixture
def gestionnaire(cabinet: Structure) -> Compte:
    return make_compte("gaelle", cabinet, Role.GESTIONNAIRE, nom="HOAREAU", prenom="Gaëlle")


@pytest.fixture
def bureau(gestionnaire: Compte) -> Navigateur:
    return open_session(gestionnaire)


def _page(compte: Compte) -> str:
    return reverse("equipe:personne", args=[compte.pk])


def _agir(navigateur: Navigateur, compte: Compte, geste: str):
    return navigateur.envoyer(reverse("equipe:agir", args=[compte.pk]), {"geste": geste})


def _code(page: str) -> str:
    found = re.search(r"(?:[A-Z2-7]{5}-){3}[A-Z2-7]{5}", page)
    assert found
    return found[0]


def _ajoutee() -> Compte:
    return Compte.objects.get(nom="MAILLARD")


def _choisir(navigateur: Navigateur, code: str, phrase: str = PHRASE):
    navigateur.envoyer(CODE, {"code": code})
    return navigateur.envoyer(CHOISIR, {"nouveau": phrase, "encore": phrase})


# --- adding


@pytest.mark.exigence("SSI/IAM.91")
def test_a_person_is_added_with_a_code_and_alone_chooses_the_password(bureau: Navigateur) -> None:
    page = bureau.envoyer(AJOUTER, NOUVELLE).text
    assert "ines.maillard" in page
    assert not _ajoutee().has_usable_password()

    entrant = Navigateur()
    assert entrant.envoyer(CODE, {"code": _code(page).lower().replace("-", " ")}).url == CHOISIR
    assert "ines.maillard" in entrant.get(CHOISIR).text
    assert entrant.envoyer(CHOISIR, {"nouveau": PHRASE, "encore": PHRASE}).url == reverse("comptes:conditions")
    assert _ajoutee().check_password(PHRASE)
    written = Ligne.objects.get(action="equipe.gerer")
    assert (written.acteur, written.objet) == ("gaelle", "ajouter ines.maillard, secrétaire")
    assert Ligne.objects.get(action="compte.bienvenue").acteur == "ines.maillard"


def test_the_code_is_nowhere_in_clear_and_is_shown_once(bureau: Navigateur) -> None:
    code = _code(bureau.envoyer(AJOUTER, NOUVELLE).text)
    assert code.replace("-", "") not in str(Invitation.objects.values_list())
    assert code not in bureau.get(_page(_ajoutee())).text
    assert not Ligne.objects.filter(objet__contains=code[:5]).exists()


def test_a_code_serves_once(bureau: Navigateur) -> None:
    code = _code(bureau.envoyer(AJOUTER, NOUVELLE).text)
    first, second = Navigateur(), Navigateur()
    second.envoyer(CODE, {"code": code})
    _choisir(first, code)
    late = second.envoyer(CHOISIR, {"nouveau": "une-autre-longue", "encore": "une-autre-longue"})
    assert late.url == CODE
    assert "a déjà servi" in Navigateur().envoyer(CODE, {"code": code}).text
    assert _ajoutee().check_password(PHRASE)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda place: Invitation.objects.update(expire_le=timezone.now() - timedelta(minutes=1)),
        lambda place: Rattachement.objects.filter(pk=place.pk).update(actif=False),
        lambda place: Compte.objects.filter(pk=place.compte_id).update(is_active=False),
    ],
    ids=["too old", "deactivated meanwhile", "account closed"],
)
def test_a_code_that_should_not_serve_does_not(bureau: Navigateur, spoil) -> None:
    code = _code(bureau.envoyer(AJOUTER, NOUVELLE).text)
    spoil(_ajoutee().rattachements.get())
    answer = Navigateur().envoyer(CODE, {"code": code})
    assert answer.status_code == 422
    assert Ligne.objects.filter(action="compte.bienvenue", resultat="INVITATION_INCONNUE").exists()


def test_without_a_code_no_password_is_chosen() -> None:
    assert Navigateur().get(CHOISIR).url == CODE
    assert Navigateur().envoyer(CHOISIR, {"nouveau": PHRASE, "encore": PHRASE}).url == CODE


@pytest.mark.parametrize(
    ("nouveau", "encore", "dit"),
    [
        ("court", "court", "12"),
        ("sept-lapins-gris", "sept-lapins-verts", "diffèrent"),
        ("ines.maillard", "ines.maillard", "identifiant"),
        ("qwerty123456", "qwerty123456", "courant"),
    ],
    ids=["short", "twice different", "like the name", "common"],
)
def test_the_rules_of_passwords_hold(bureau: Navigateur, nouveau: str, encore: str, dit: str) -> None:
    code = _code(bureau.envoyer(AJOUTER, NOUVELLE).text)
    entrant = Navigateur()
    entrant.envoyer(CODE, {"code": code})
    answer = entrant.envoyer(CHOISIR, {"nouveau": nouveau, "encore": encore})
    assert answer.status_code == 422
    assert dit in answer.text
    assert not _ajoutee().has_usable_password()


def test_two_people_of_the_same_name_have_two_login_names(bureau: Navigateur) -> None:
    for _ in range(2):
        bureau.envoyer(AJOUTER, NOUVELLE)
    assert set(Compte.objects.filter(nom="MAILLARD").values_list("identifiant", flat=True)) == {
        "ines.maillard",
        "ines.maillard2",
    }


def test_a_rpps_that_is_known_attaches_the_account_without_a_code(
    bureau: Navigateur, pharmacienne: Compte, cabinet: Structure
) -> None:
    said = {"prenom": "Léa", "nom": "Roy", "id_nat": "99700500038", "role": "pharmacien"}
    assert bureau.envoyer(AJOUTER, said).url == LISTE
    assert Rattachement.objects.get(compte=pharmacienne, structure=cabinet).role == Role.PHARMACIEN
    assert not Invitation.objects.exists()
    assert reread(pharmacienne).check_password(MOT_DE_PASSE)


@pytest.mark.parametrize(
    ("said", "dit"),
    [
        ({"nom": "Autre", "id_nat": "99700500038", "role": "pharmacien"}, "un autre nom"),
        ({"nom": "Roy", "id_nat": "99700500038", "role": "medecin"}, "profession"),
        ({"nom": "Durand", "id_nat": "99700500012", "role": "medecin"}, "est déjà dans l’équipe"),
        ({"id_nat": "99700500039"}, "pas un RPPS"),
        ({"role": "preparateur"}, "sous la responsabilité d’un pharmacien"),
        ({"role": "support", "administrateur": "on"}, "ne tient ni les comptes"),
        ({"role": "directeur"}, "directeur"),
        ({"nom": ""}, "obligatoire"),
    ],
    ids=["name", "profession", "already here", "key", "nobody answers", "support", "unknown role", "no name"],
)
def test_what_does_not_hold_together_is_refused(
    bureau: Navigateur, medecin: Compte, pharmacienne: Compte, said: dict[str, str], dit: str
) -> None:
    answer = bureau.envoyer(AJOUTER, {**NOUVELLE, **said})
    assert answer.status_code == 422
    assert dit in answer.text
    assert not Compte.objects.filter(nom="MAILLARD").exists()


# --- changing


def test_a_role_changes_at_once(
    bureau: Navigateur, secretaire: Compte, au_comptoir: Navigateur, medecin: Compte
) -> None:
    assert au_comptoir.get(LISTE).status_code == 403
    said = {"role": "secretaire", "responsable": str(medecin.pk), "administrateur": "on"}
    assert bureau.envoyer(_page(secretaire), said).url == LISTE
    assert au_comptoir.get(LISTE).status_code == 200
    assert Ligne.objects.get(action="equipe.gerer").objet == "modifier sam : administrateur"


def test_the_profession_that_is_known_limits_the_role(bureau: Navigateur, medecin: Compte) -> None:
    assert bureau.envoyer(_page(medecin), {"role": "infirmier"}).status_code == 422
    assert bureau.envoyer(_page(medecin), {"role": "biologiste"}).url == LISTE


# --- closing


def test_whoever_is_deactivated_is_out_at_once_and_comes_back_when_reactivated(
    bureau: Navigateur, secretaire: Compte, au_comptoir: Navigateur
) -> None:
    assert au_comptoir.get("/").status_code == 200
    _agir(bureau, secretaire, "desactiver")
    assert au_comptoir.get("/").url == reverse("comptes:connexion")
    entering = Navigateur().envoyer(
        reverse("comptes:connexion"), {"identifiant": "sam", "mot_de_passe": MOT_DE_PASSE}
    )
    assert entering.url == reverse("comptes:structure")
    assert "désactivé" in bureau.get(LISTE).text

    _agir(bureau, secretaire, "reactiver")
    entering = Navigateur().envoyer(
        reverse("comptes:connexion"), {"identifiant": "sam", "mot_de_passe": MOT_DE_PASSE}
    )
    assert entering.url == "/"
    assert [each.objet for each in Ligne.objects.filter(action="equipe.gerer").order_by("pk")] == [
        "desactiver sam",
        "reactiver sam",
    ]


def test_deactivated_here_is_not_deactivated_elsewhere(
    bureau: Navigateur, cabinet: Structure, pharmacienne: Compte
) -> None:
    elsewhere = open_session(pharmacienne)
    Rattachement.objects.create(compte=pharmacienne, structure=cabinet, role=Role.PHARMACIEN)
    _agir(bureau, pharmacienne, "desactiver")
    assert elsewhere.get("/").status_code == 200


def test_the_last_administrator_stays(bureau: Navigateur, gestionnaire: Compte, medecin: Compte) -> None:
    assert "EQUIPE_SOI_MEME" in _agir(bureau, gestionnaire, "desactiver").text
    assert "EQUIPE_DERNIER_ADMINISTRATEUR" in bureau.envoyer(_page(gestionnaire), {"role": "secretaire"}).text
    medecin.rattachements.update(administrateur=True)
    assert bureau.envoyer(_page(gestionnaire), {"role": "secretaire"}).url == LISTE


def test_somebody_who_never_came_in_does_not_count_as_an_administrator(
    bureau: Navigateur, gestionnaire: Compte
) -> None:
    code = _code(bureau.envoyer(AJOUTER, {**NOUVELLE, "role": "gestionnaire"}).text)
    assert "EQUIPE_DERNIER_ADMINISTRATEUR" in bureau.envoyer(_page(gestionnaire), {"role": "secretaire"}).text
    _choisir(Navigateur(), code)
    assert bureau.envoyer(_page(gestionnaire), {"role": "secretaire"}).url == LISTE


def test_a_rpps_alone_does_not_make_an_administrator_who_can_come_in(
    bureau: Navigateur, gestionnaire: Compte
) -> None:
    said = {"prenom": "Ève", "nom": "Lam", "id_nat": "99700500012", "role": "medecin", "administrateur": "on"}
    bureau.envoyer(AJOUTER, said)
    assert "EQUIPE_DERNIER_ADMINISTRATEUR" in bureau.envoyer(_page(gestionnaire), {"role": "secretaire"}).text


# --- helping


def test_a_pause_is_lifted(bureau: Navigateur, secretaire: Compte) -> None:
    entering = Navigateur()
    for _ in range(ECHECS_ADMIS):
        entering.envoyer(reverse("comptes:connexion"), {"identifiant": "sam", "mot_de_passe": "non"})
    assert "en pause" in bureau.get(LISTE).text
    _agir(bureau, secretaire, "deverrouiller")
    assert (
        entering.envoyer(reverse("comptes:connexion"), {"identifiant": "sam", "mot_de_passe": MOT_DE_PASSE}).url
        == "/"
    )


def test_a_lost_phone_is_taken_away(bureau: Navigateur, secretaire: Compte) -> None:
    factor = second_facteur.begin(secretaire)
    type(factor).objects.update(actif_depuis=timezone.now())
    assert "Téléphone perdu" in bureau.get(_page(secretaire)).text
    _agir(bureau, secretaire, "retirer_code")
    assert not second_facteur.is_active(secretaire)
    assert Ligne.objects.filter(action="equipe.gerer", objet="retirer_code sam", resultat="succes").exists()


def test_a_lost_device_opens_nothing_any_more(bureau: Navigateur, secretaire: Compte) -> None:
    CleAcces.objects.create(compte=secretaire, empreinte="x", donnees=b"x", nom="téléphone", creee_le=timezone.now())
    assert "Appareil perdu" in bureau.get(_page(secretaire)).text
    _agir(bureau, secretaire, "retirer_cles")
    assert not CleAcces.objects.exists()


def test_a_forgotten_password_is_chosen_again_and_the_phone_is_still_asked(
    bureau: Navigateur, secretaire: Compte
) -> None:
    factor = second_facteur.begin(secretaire)
    type(factor).objects.update(actif_depuis=timezone.now())
    code = _code(_agir(bureau, secretaire, "nouveau_code").text)
    assert reread(secretaire).check_password(MOT_DE_PASSE)
    assert _choisir(Navigateur(), code).url == reverse("comptes:code")
    assert reread(secretaire).check_password(PHRASE)


def test_a_new_code_replaces_the_former(bureau: Navigateur, secretaire: Compte) -> None:
    former = _code(_agir(bureau, secretaire, "nouveau_code").text)
    _agir(bureau, secretaire, "nouveau_code")
    assert Navigateur().envoyer(CODE, {"code": former}).status_code == 422


@pytest.mark.parametrize("geste", ["nouveau_code", "retirer_code", "retirer_cles"])
def test_who_also_works_elsewhere_keeps_their_means_of_coming_in(
    bureau: Navigateur, cabinet: Structure, pharmacienne: Compte, geste: str
) -> None:
    Rattachement.objects.create(compte=pharmacienne, structure=cabinet, role=Role.PHARMACIEN)
    assert "EQUIPE_AILLEURS" in _agir(bureau, pharmacienne, geste).text
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("geste", ["nouveau_code", "retirer_code", "retirer_cles"])
def test_ones_own_means_are_changed_in_ones_own_account(bureau: Navigateur, gestionnaire: Compte, geste: str) -> None:
    assert "EQUIPE_SOI_MEME" in _agir(bureau, gestionnaire, geste).text


def test_an_unknown_gesture_does_nothing(bureau: Navigateur, secretaire: Compte) -> None:
    assert "EQUIPE_GESTE" in _agir(bureau, secretaire, "promouvoir").text


# --- many


def test_a_large_team_costs_no_more_queries_than_a_small_one(
    bureau: Navigateur, cabinet: Structure, django_assert_max_num_queries
) -> None:
    for rank in range(12):
        make_compte(f"p{rank}", cabinet, Role.INFIRMIER)
    with django_assert_max_num_queries(14):
        assert bureau.get(LISTE).status_code == 200


# --- reviewed


@pytest.mark.exigence("SSI/IAM.94")
def test_the_accounts_are_extracted_for_a_review_without_any_secret(
    bureau: Navigateur, secretaire: Compte, medecin: Compte, pharmacienne: Compte
) -> None:
    secretaire.rattachements.update(actif=False)
    Compte.objects.filter(pk=medecin.pk).update(nom="=DURAND")
    answer = bureau.get(reverse("equipe:comptes_csv"))
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert "sam;;PETIT;Sam;secrétaire;non;non;899700500012;non;oui;non;non" in lines
    assert any(line.startswith("dr.durand;899700500012;'=DURAND;") for line in lines)
    assert "ROY" not in answer.content.decode()
    assert secretaire.password not in answer.content.decode()
    assert Ligne.objects.get(action="equipe.extraire").objet == "comptes"


@pytest.mark.exigence("SSI/IAM.94")
def test_the_permissions_are_extracted_as_they_stand_here(bureau: Navigateur, medecin: Compte) -> None:
    bureau.envoyer(reverse("droits:regler"), {"case": "medical.lire:secretaire:oui"})
    lines = bureau.get(reverse("equipe:droits_csv")).content.decode("utf-8-sig").splitlines()
    head = lines[0].split(";")
    row = next(line.split(";") for line in lines if line.startswith("lire le dossier médical"))
    assert (row[head.index("Secrétaire")], row[head.index("Gestionnaire")]) == ("oui (changé)", "non")
    assert open_session(medecin).get(reverse("equipe:droits_csv")).status_code == 403


# --- strictly here


def test_the_people_of_another_structure_do_not_exist(bureau: Navigateur, pharmacienne: Compte) -> None:
    assert "ROY" not in bureau.get(LISTE).text
    assert bureau.get(_page(pharmacienne)).status_code == 404
    for geste in ("desactiver", "nouveau_code", "retirer_code", "retirer_cles", "deverrouiller"):
        assert _agir(bureau, pharmacienne, geste).status_code == 404
    assert pharmacienne.rattachements.get().actif


def test_nobody_answers_for_somebody_from_another_structure(
    bureau: Navigateur, secretaire: Compte, pharmacienne: Compte
) -> None:
    assert (
        bureau.envoyer(_page(secretaire), {"role": "secretaire", "responsable": str(pharmacienne.pk)}).status_code
        == 422
    )


def test_no_page_shows_a_password_or_a_secret(bureau: Navigateur, secretaire: Compte) -> None:
    second_facteur.begin(secretaire)
    for page in (bureau.get(LISTE).text, bureau.get(_page(secretaire)).text):
        assert secretaire.password not in page
        assert "scrypt" not in page
        assert second_facteur.typed_secret(secretaire.second_facteur) not in page
