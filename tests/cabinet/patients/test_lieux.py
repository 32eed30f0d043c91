"""A place of birth from what people type."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cabinet.personnages import Navigateur
from opensegur.cabinet.patients.lieux import resolve_lieu
from opensegur.foundation.errors import InvalidValue

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", ""),
        ("63220", "63220"),
        ("2a004", "2A004"),
        ("Mazoires (63220)", "63220"),
        ("mazoires", "63220"),
        ("Lyon", "69123"),
        ("99132", "99132"),
    ],
)
def test_a_code_a_choice_of_the_list_or_a_name(typed: str, code: str) -> None:
    assert resolve_lieu(typed) == code


@pytest.mark.parametrize(("typed", "error"), [("Zzyzx", "LIEU_INCONNU"), ("Saint-M", "LIEU_PLUSIEURS")])
def test_what_is_not_one_place_is_refused(typed: str, error: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        resolve_lieu(typed)
    assert caught.value.code == error


def test_places_are_proposed_while_typing(au_comptoir: Navigateur) -> None:
    response = au_comptoir.envoyer(reverse("patients:lieux"), {"lieu_naissance": "mazoi"}, htmx=True)
    assert "Mazoires (63220)" in response.text
