"""The terms of use: at hand before coming in, accepted before anything opens, asked again when they change."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cabinet.personnages import MOT_DE_PASSE, Navigateur
from opensegur.cabinet.comptes import conditions
from opensegur.cabinet.comptes.models import Acceptation, Compte
from opensegur.cabinet.journal.models import Ligne

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
CONDITIONS, ACCEPTER = reverse("comptes:conditions"), reverse("comptes:conditions_accepter")


def entrer(compte: Compte) -> tuple[Navigateur, str]:
    navigateur = Navigateur()
    navigateur.get("/patients/")
    answer = navigateur.envoyer(
        reverse("comptes:connexion"), {"identifiant": compte.identifiant, "mot_de_passe": MOT_DE_PASSE}
    )
    return navigateur, answer.headers["Location"]


def test_anybody_reads_them_down_to_the_paragraph_on_pro_sante_connect() -> None:
    navigateur = Navigateur()
    assert CONDITIONS in navigateur.get(reverse("comptes:connexion")).content.decode()

    page = navigateur.get(CONDITIONS).content.decode()
    assert 'id="psc"' in page
    assert "Agence du Numérique en Santé" in page
    assert "J’ai lu et j’accepte" not in page


def test_nothing_opens_before_they_are_accepted_and_what_was_asked_for_comes_back(medecin: Compte) -> None:
    Acceptation.objects.all().delete()
    navigateur, place = entrer(medecin)
    assert place == CONDITIONS
    assert navigateur.get("/").headers["Location"] == CONDITIONS
    assert "J’ai lu et j’accepte" in navigateur.get(CONDITIONS).content.decode()
    assert navigateur.envoyer(ACCEPTER).headers["Location"] == CONDITIONS
    assert not Acceptation.objects.exists()

    answer = navigateur.envoyer(ACCEPTER, {"lu": "oui"})

    assert navigateur.get(answer.headers["Location"]).status_code == 200
    assert Acceptation.objects.get(compte=medecin).version == conditions.VERSION
    assert Ligne.objects.get(action="conditions").acteur == medecin.acteur
    assert "Vous les avez acceptées le" in navigateur.get(CONDITIONS).content.decode()


def test_they_are_accepted_once(medecin: Compte) -> None:
    _, place = entrer(medecin)
    assert place != CONDITIONS


def test_another_text_is_asked_again(medecin: Compte, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "VERSION", "2030-01")

    _, place = entrer(medecin)

    assert place == CONDITIONS


def test_whoever_is_not_in_accepts_nothing(db: None) -> None:
    assert Navigateur().envoyer(ACCEPTER, {"lu": "oui"}).headers["Location"] == reverse("comptes:connexion")
    assert not Acceptation.objects.exists()
