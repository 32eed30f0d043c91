"""Headers, incidents, health, files of the interface."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from cabinet.personnages import Navigateur

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def test_every_answer_carries_the_policy(client: Client) -> None:
    response = client.get("/compte/connexion/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_an_unknown_address_says_what_to_do(au_comptoir: Navigateur) -> None:
    response = au_comptoir.get("/nulle-part/")
    assert response.status_code == 404
    assert "Retrouvez le dossier par la recherche" in response.text


def test_health_is_told_to_whoever_watches(client: Client) -> None:
    assert client.get("/sante/").json() == {"etat": "ok"}


def test_files_of_the_interface_may_be_kept_by_browsers(client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}", encoding="utf-8")
    with override_settings(STATIC_ROOT=tmp_path):
        response = client.get("/statique/a.css")
        assert response.content == b"a{}"
        assert "immutable" in response.headers["Cache-Control"]
        assert client.get("/statique/../secret").status_code in {400, 404}


def test_names_of_collected_files_change_with_their_content(tmp_path: Path) -> None:
    storage = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storage):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert [path.name for path in (tmp_path / "cabinet").glob("cabinet.*.css")]
    css = next((tmp_path / "cabinet").glob("cabinet.*.css")).read_text(encoding="utf-8")
    assert "AtkinsonHyperlegible-Regular.woff2" not in css  # its own name is hashed too
