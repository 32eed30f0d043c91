"""Rules that hold for every address of the application."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

import opensegur.cabinet
from cabinet.personnages import open_session
from opensegur.cabinet.actions import OUVERTES
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.permis import every_pattern
from opensegur.cabinet.droits.table import table

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

_ROOT = Path(opensegur.cabinet.__file__).parent
_PATTERNS = list(every_pattern(get_resolver()))
_TEMPLATES = sorted(_ROOT.glob("**/templates/**/*.html"))


def _name(pattern: URLPattern) -> str:
    return f"{pattern.pattern}"


@pytest.mark.parametrize("pattern", _PATTERNS, ids=_name)
def test_every_view_says_who_may_call_it(pattern: URLPattern) -> None:
    acces = getattr(pattern.callback, "acces", None)
    assert acces is not None, f"{pattern.callback} does not carry the decorator « acces »"
    assert acces.ouvert == (acces.action in OUVERTES)
    assert acces.ouvert or acces.action in table().lignes


@pytest.mark.parametrize("pattern", _PATTERNS, ids=_name)
def test_no_address_carries_anything_but_opaque_identifiers(pattern: URLPattern) -> None:
    allowed = {"uuid", "path", "string"}  # path: files of the interface; string: the OID of a document
    for kind, converter in pattern.pattern.converters.items():
        assert type(converter).__name__.removesuffix("Converter").lower() in allowed, kind


def _addresses() -> list[str]:
    """Every address that asks for a login, with identifiers of nobody."""
    return [f"{prefix}:{pattern.name}" for prefix, pattern in _named() if not pattern.callback.acces.ouvert]


def _named() -> list[tuple[str, URLPattern]]:
    return [
        (entry.app_name, pattern)
        for entry in get_resolver().url_patterns
        for pattern in getattr(entry, "url_patterns", [])
    ]


def _reverse(name: str) -> str:
    wanted = next(pattern for prefix, pattern in _named() if f"{prefix}:{pattern.name}" == name)
    values = {
        key: uuid4() if type(converter).__name__ == "UUIDConverter" else "1.2.3"
        for key, converter in wanted.pattern.converters.items()
    }
    try:
        return reverse(name, kwargs=values)
    except Exception:  # the prefix itself asks for a patient
        return reverse(name, kwargs=values | {"patient_id": uuid4()})


@pytest.mark.parametrize("name", _addresses())
def test_nothing_is_shown_to_whoever_is_not_logged_in(name: str) -> None:
    for method in ("get", "post"):
        response = getattr(Client(), method)(_reverse(name))
        assert response.status_code == 302
        assert response.url == reverse("comptes:connexion")


@pytest.mark.parametrize("name", _addresses())
def test_a_form_without_its_token_is_refused(name: str, medecin: Compte) -> None:
    assert open_session(medecin, psc=True).post(_reverse(name), {}).status_code == 403


@pytest.mark.parametrize("template", _TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_script_nor_style(template: Path) -> None:
    """The content security policy would silently refuse them."""
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)


@pytest.mark.parametrize("template", _TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_posts_carries_a_token(template: Path) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", template.read_text(encoding="utf-8"), re.DOTALL):
        assert "{% csrf_token %}" in form


def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_app_of_the_cabinet_is_installed() -> None:
    folders = {path.parent.name for path in _ROOT.glob("*/apps.py")}
    assert folders <= {config.label for config in apps.get_app_configs()}
