"""Changing one's password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

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
        ({"nouveau": "Password2026!!", "encore": "Password2026!!"}, "trop courant"),
        ({"nouveau": "p@ssw0rd-2026", "encore": "p@ssw0rd-2026"}, "trop courant"),
        ({"nouveau": "azertyazerty", "encore": "azertyazerty"}, "trop courant"),
        ({"nouveau": "abcabcabcabc", "encore": "abcabcabcabc"}, "trop courant"),
        ({"nouveau": "Cabinet-médical-75", "encore": "Cabinet-médical-75"}, "repose sur"),
        ({"nouveau": "Tilleuls-2026-!!", "encore": "Tilleuls-2026-!!"}, "repose sur « tilleuls »"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    au_comptoir: Navigateur, secretaire: Compte, change: dict[str, str], said: str
) -> None:
    response = au_comptoir.envoyer(CHANGER, {"actuel": MOT_DE_PASSE, "nouveau": NOUVEAU, "encore": NOUVEAU} | change)
    assert response.status_code == 422
    assert said in response.text
    assert reread(secretaire).check_password(MOT_DE_PASSE)


@pytest.mark.parametrize(
    "nouveau",
    [
        "trois-tortues-lentes",
        "le médecin dort debout",
        "aaab 7 girafes bleues",
        "ЖЗИКЛМНОПРСТУФ",
        "sept girafes lisent le journal au bord du canal " * 3,
    ],
    ids=["three words", "a word of the trade among others", "without rule", "another alphabet", "144 characters"],
)
def test_any_long_password_will_do(au_comptoir: Navigateur, secretaire: Compte, nouveau: str) -> None:
    response = au_comptoir.envoyer(CHANGER, {"actuel": MOT_DE_PASSE, "nouveau": nouveau, "encore": nouveau})
    assert response.status_code == 302
    assert reread(secretaire).check_password(nouveau)


@pytest.mark.parametrize("near", [" {}", "{} ", "{}x"], ids=["space before", "space after", "longer"])
def test_a_password_is_taken_to_the_letter(secretaire: Compte, near: str) -> None:
    long = "sept lapins bleus et un renard " * 6
    secretaire.set_password(long)
    secretaire.save()
    navigateur, entree = Navigateur(), reverse("comptes:connexion")
    for typed, status in ((near.format(long), 422), (long.upper(), 422), (long, 302)):
        assert navigateur.envoyer(entree, {"identifiant": "sam", "mot_de_passe": typed}).status_code == status


def test_the_field_hides_what_is_typed_and_lets_a_password_manager_fill_it(au_comptoir: Navigateur) -> None:
    fields = [*re.findall(r"<input[^>]*mot_de_passe[^>]*>", Navigateur().get(reverse("comptes:connexion")).text)]
    fields += re.findall(r"<input[^>]*name=\"(?:actuel|nouveau|encore)\"[^>]*>", au_comptoir.get(CHANGER).text)
    assert len(fields) == 5  # that of the locked screen is on every page
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "onpaste" not in field


def test_a_password_never_grows_old(secretaire: Compte, monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + timedelta(days=3650)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = Navigateur().envoyer(reverse("comptes:connexion"), {"identifiant": "sam", "mot_de_passe": MOT_DE_PASSE})
    assert (answer.status_code, answer.url) == (302, reverse("accueil:jour"))
