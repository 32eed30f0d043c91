"""Where a person is logged in, and leaving from afar."""

from __future__ import annotations

import re
import time

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import MOT_DE_PASSE, Navigateur, open_session
from opensegur.cabinet.comptes import second_facteur
from opensegur.cabinet.comptes.models import Compte, SecondFacteur
from opensegur.cabinet.journal.models import Ligne

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
LISTE, FERMER = reverse("comptes:sessions"), reverse("comptes:sessions_fermer")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def entrer(compte: Compte, agent: str) -> Navigateur:
    navigateur = Navigateur()
    navigateur.defaults["HTTP_USER_AGENT"] = agent
    navigateur.envoyer(
        reverse("comptes:connexion"), {"identifiant": compte.identifiant, "mot_de_passe": MOT_DE_PASSE}
    )
    return navigateur


def references(page: str) -> list[str]:
    return re.findall(r'name="session" value="([0-9a-f]{16})"', page)


def test_each_session_is_named_by_its_machine_and_another_is_closed(medecin: Compte, secretaire: Compte) -> None:
    here, there = entrer(medecin, FIREFOX), entrer(medecin, EDGE)
    entrer(secretaire, FIREFOX)
    page = here.get(LISTE).text
    assert "Firefox, Windows" in page
    assert "Edge, macOS" in page
    (other,) = references(page)
    assert here.session.session_key not in page
    assert there.session.session_key not in page

    here.envoyer(FERMER, {"session": other, "actuel": MOT_DE_PASSE})

    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert references(here.get(LISTE).text) == []
    assert Ligne.objects.get(action="compte.sessions").objet == "une session"


def test_every_other_one_is_closed_at_once(medecin: Compte) -> None:
    here, *others = (entrer(medecin, FIREFOX) for _ in range(3))

    here.envoyer(FERMER, {"session": "toutes", "actuel": MOT_DE_PASSE})

    assert [each.get("/").status_code for each in (here, *others)] == [200, 302, 302]


def test_nobody_closes_the_session_of_somebody_else(medecin: Compte, secretaire: Compte) -> None:
    here, there = entrer(medecin, FIREFOX), entrer(secretaire, EDGE)
    third = entrer(secretaire, FIREFOX)
    (other,) = references(third.get(LISTE).text)

    refused = here.envoyer(FERMER, {"session": other, "actuel": MOT_DE_PASSE})

    assert "déjà fermée" in refused.text
    assert there.get("/").status_code == 200


def test_whoever_finds_a_screen_open_closes_nothing_elsewhere(medecin: Compte) -> None:
    here, there = entrer(medecin, FIREFOX), entrer(medecin, EDGE)

    refused = here.envoyer(FERMER, {"session": "toutes", "actuel": "au-hasard"})

    assert refused.status_code == 422
    assert "pas votre mot de passe actuel" in refused.text
    assert there.get("/").status_code == 200
    assert Ligne.objects.get(action="compte.sessions").resultat == "refus:preuve"


def test_whoever_has_no_password_proves_it_by_a_recent_login(medecin: Compte) -> None:
    medecin.set_unusable_password()
    medecin.save()
    here, there = open_session(medecin, psc=True), open_session(medecin, psc=True)

    assert "prouvez d’abord que c’est vous" in here.get(LISTE).text
    assert here.envoyer(FERMER, {"session": "toutes"}).status_code == 422
    assert there.get("/").status_code == 200

    session = here.session
    session["psc"] = session["psc"] | {"authentifie_le": timezone.now().isoformat()}
    session.save()
    assert here.envoyer(FERMER, {"session": "toutes"}).status_code == 302
    assert there.get("/").status_code == 302


def test_changing_a_means_of_coming_in_offers_to_close_the_other_sessions(medecin: Compte) -> None:
    here = entrer(medecin, FIREFOX)
    here.envoyer(reverse("comptes:second_facteur_commencer"))
    factor = SecondFacteur.objects.get(compte=medecin)
    code = second_facteur._totp(factor).generate(int(time.time())).decode()
    papers = here.envoyer(reverse("comptes:second_facteur"), {"actuel": MOT_DE_PASSE, "code": code})
    assert f'href="{LISTE}"' in papers.text

    paper = re.search(r"<li>([A-Z2-7-]{27})</li>", papers.text)
    data = {"actuel": MOT_DE_PASSE, "code": paper[1] if paper else "", "geste": "retirer"}
    here.envoyer(reverse("comptes:second_facteur_gerer"), data)
    assert "Vos autres sessions restent ouvertes" in here.get(reverse("comptes:compte")).text
