"""A structure may ask two proofs of everybody: a password alone then opens nothing but one's own account."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cabinet.comptes.authentificateur import Appareil
from cabinet.personnages import MOT_DE_PASSE, Navigateur, make_compte, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.comptes.session import Moyen, strengthen
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
PREUVES, ACCUEIL = reverse("equipe:preuves"), reverse("accueil:jour")


@pytest.fixture
def bureau(cabinet: Structure) -> Navigateur:
    navigateur = open_session(make_compte("gaelle", cabinet, Role.GESTIONNAIRE, nom="HOAREAU", prenom="Gaëlle"))
    _gives_two_proofs(navigateur)
    return navigateur


def _gives_two_proofs(navigateur: Navigateur) -> None:
    session = navigateur.session
    strengthen(session, Moyen.CODE)
    session.save()


@pytest.fixture
def exigeant(bureau: Navigateur) -> None:
    bureau.envoyer(PREUVES, {"deux": "oui"})


def test_whoever_asks_it_of_others_gives_it_first(cabinet: Structure) -> None:
    navigateur = open_session(make_compte("gaelle", cabinet, Role.GESTIONNAIRE))
    assert "EQUIPE_PREUVES" in navigateur.envoyer(PREUVES, {"deux": "oui"}).text
    assert navigateur.get(reverse("equipe:liste")).status_code == 200


@pytest.mark.usefixtures("exigeant")
def test_a_password_alone_opens_nothing_but_one_s_account(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    refused = navigateur.get(ACCUEIL)
    assert refused.status_code == 403
    assert "demande deux preuves" in refused.text
    assert Ligne.objects.filter(acteur="sam", resultat="refus:preuve").exists()
    assert navigateur.get(reverse("comptes:compte")).status_code == 200
    assert navigateur.get(reverse("comptes:cles")).status_code == 200


@pytest.mark.usefixtures("exigeant")
def test_a_key_added_on_the_spot_is_the_second_proof(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    asked = {"nom": "", "actuel": MOT_DE_PASSE}
    options = navigateur.envoyer(reverse("comptes:cles_preparer"), asked).json()
    navigateur.envoyer(reverse("comptes:cles_ajouter"), {"reponse": Appareil("https://testserver").create(options)})
    assert navigateur.get(ACCUEIL).status_code == 200


@pytest.mark.usefixtures("exigeant")
def test_pro_sante_connect_is_proof_enough(medecin: Compte) -> None:
    assert open_session(medecin, psc=True).get(ACCUEIL).status_code == 200


@pytest.mark.usefixtures("exigeant")
def test_another_structure_decides_for_itself(pharmacienne: Compte) -> None:
    assert open_session(pharmacienne).get(ACCUEIL).status_code == 200


def test_who_administers_decides_and_the_journal_says_so(bureau: Navigateur, secretaire: Compte) -> None:
    assert open_session(secretaire).envoyer(PREUVES, {"deux": "oui"}).status_code == 403
    assert open_session(secretaire).get(ACCUEIL).status_code == 200
    bureau.envoyer(PREUVES, {"deux": "oui"})
    bureau.envoyer(PREUVES, {"deux": "non"})
    assert open_session(secretaire).get(ACCUEIL).status_code == 200
    said = Ligne.objects.filter(action="equipe.gerer", resultat="succes").values_list("objet", flat=True)
    assert "deux preuves demandées" in said
