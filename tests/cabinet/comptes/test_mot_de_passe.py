"""Changing one's password."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cabinet.personnages import MOT_DE_PASSE, Navigateur, open_session, reread
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.journal.models import Ligne

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

CHANGER = reverse("comptes:mot_de_passe")
NOUVEAU = "trois-tortues-lentes"


def test_it_changes_here_and_closes_the_other_sessions(au_comptoir: Navigateur, secretaire: Compte) -> None:
    other = open_session(secretaire)
    data = {"actuel": MOT_DE_PASSE, "nouveau": NOUVEAU, "encore": NOUVEAU}
    assert au_comptoir.envoyer(CHANGER, data).status_code == 302
    assert reread(secretaire).check_password(NOUVEAU)
    assert "Votre mot de passe est changé." in au_comptoir.get("/compte/").text
    assert other.get("/compte/").status_code == 302
    assert Ligne.objects.filter(action="compte.mot_de_passe").count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"actuel": "faux"}, "pas votre mot de passe actuel"),
        ({"encore": "autre-chose-encore"}, "Les deux saisies diffèrent"),
        ({"nouveau": "court", "encore": "court"}, "trop court"),
        ({"nouveau": "q1w2e3r4t5y6", "encore": "q1w2e3r4t5y6"}, "courant"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    au_comptoir: Navigateur, secretaire: Compte, change: dict[str, str], said: str
) -> None:
    response = au_comptoir.envoyer(CHANGER, {"actuel": MOT_DE_PASSE, "nouveau": NOUVEAU, "encore": NOUVEAU} | change)
    assert response.status_code == 422
    assert said in response.text
    assert reread(secretaire).check_password(MOT_DE_PASSE)
