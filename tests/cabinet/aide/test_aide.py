"""The answers of the screens."""

from __future__ import annotations

import re

import pytest
from django.urls import get_resolver

from cabinet.personnages import Navigateur
from opensegur.cabinet.aide.reponses import for_screen, search
from opensegur.cabinet.aide.textes import REPONSES

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def _routes() -> set[str]:
    found: set[str] = set()
    for entry in get_resolver().url_patterns:
        for pattern in getattr(entry, "url_patterns", []):
            found |= {entry.namespace, f"{entry.namespace}:{pattern.name}"}
    return found


@pytest.mark.parametrize("reponse", REPONSES, ids=lambda reponse: reponse.question)
def test_every_answer_belongs_to_screens_that_exist(reponse) -> None:
    assert reponse.ecrans
    assert reponse.ecrans <= _routes()


@pytest.mark.parametrize("reponse", REPONSES, ids=lambda reponse: reponse.question)
def test_every_answer_is_short_and_well_set(reponse) -> None:
    assert len(reponse.reponse) < 420
    assert reponse.reponse.endswith(".")
    assert "'" not in reponse.question + reponse.reponse  # the typographic apostrophe


def test_the_answers_written_for_a_screen_come_first() -> None:
    questions = [reponse.question for reponse in for_screen("patients:piece")]
    assert questions[0] == "Quelles pièces permettent de qualifier\u00a0?"
    assert for_screen("inconnu:ecran") == ()


@pytest.mark.parametrize("texte", ["piece identite", "PHOTOCOPIER", "refuse montrer"])
def test_accents_and_case_do_not_count(texte: str) -> None:
    assert any("patients:piece" in reponse.ecrans for reponse in search(texte))


def test_what_is_not_found_is_said(au_comptoir: Navigateur) -> None:
    assert "Rien sur" in au_comptoir.envoyer("/aide/", {"texte": "hélicoptère"}).text


def test_the_fragment_is_the_same_part_of_the_page(au_comptoir: Navigateur) -> None:
    data = {"texte": "provisoire"}
    fragment = au_comptoir.envoyer("/aide/", data, htmx=True).text
    assert fragment.strip() in au_comptoir.envoyer("/aide/", data).text


def test_the_question_mark_opens_the_screen_s_own_answers(au_comptoir: Navigateur) -> None:
    page = au_comptoir.get("/").text
    ecran = re.search(r'data-ecran="([^"]+)"', page)
    assert ecran is not None
    assert "sans rendez-vous" in au_comptoir.get("/aide/ecran/", {"nom": ecran[1]}).text
