"""Headers, incidents, health, files of the interface."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from cabinet.personnages import Navigateur, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.journal.models import Ligne

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def test_every_answer_carries_the_policy(client: Client) -> None:
    response = client.get("/compte/connexion/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert directive in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_an_unknown_address_says_what_to_do(au_comptoir: Navigateur) -> None:
    response = au_comptoir.get("/nulle-part/")
    assert response.status_code == 404
    assert "Retrouvez le dossier par la recherche" in response.text


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_no_method_but_those_of_forms_is_answered(au_comptoir: Navigateur, method: str) -> None:
    response = au_comptoir.generic(method, "/compte/", headers={"X-Secret": "revenant"})
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"
    assert response.content == b""
    assert "Content-Security-Policy" in response.headers


def test_a_failure_of_ours_shows_nothing_of_the_inside(
    medecin: Compte, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("SELECT secret FROM patients /srv/donnees")

    navigateur = open_session(medecin)
    navigateur.raise_request_exception = False
    monkeypatch.setattr("opensegur.cabinet.comptes.vues.permis_of", fail)
    response = navigateur.get("/compte/")
    assert response.status_code == 500
    assert "Quelque chose n’a pas marché" in response.text
    for inside in ("RuntimeError", "SELECT", "/srv/donnees", "Traceback", "vues.py"):
        assert inside not in response.text
    assert any(record.exc_info for record in caplog.records if record.name == "django.request")


def test_a_form_without_its_token_is_written_down_in_the_name_of_who_was_there(au_comptoir: Navigateur) -> None:
    assert au_comptoir.post("/compte/mot-de-passe/", {}).status_code == 403
    line = Ligne.objects.get(resultat="refus:jeton")
    assert (line.acteur, line.action) == ("sam", "compte.mot_de_passe")


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
