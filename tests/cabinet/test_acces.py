"""The decorator that every view carries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from cabinet.personnages import open_session
from opensegur.cabinet import acces as module
from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.comptes.session import SessionPsc
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.requete import Qui
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import InvalidValue

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

PSC = SessionPsc("899700500012", "s", "e", "2026-11-25T08:00:00+00:00")


@pytest.fixture
def call(cabinet: Structure, medecin: Compte) -> Callable[..., HttpResponse]:
    def run(view, *, role: Role = Role.MEDECIN, psc: SessionPsc | None = None, **kwargs) -> HttpResponse:
        request = RequestFactory().get("/ici/")
        request.user, request.session, request.htmx, request.resolver_match = medecin, {}, False, None
        request._messages = []
        request.qui = Qui(medecin, cabinet, role, repond=Compte(identifiant="resp"), psc=psc)
        return view(request, **kwargs)

    return run


def _line() -> Ligne:
    return Ligne.objects.get()


def test_a_success_is_written_with_what_the_view_adds(call, cabinet: Structure, medecin: Compte) -> None:
    @acces(action="dossier.lire")
    def view(request, patient_id: str) -> HttpResponse:
        request.trace.objet, request.trace.motif = "document 1", "urgence"
        return HttpResponse("ok")

    assert call(view, patient_id="p1").content == b"ok"
    line = _line()
    assert (line.action, line.resultat, line.patient_ref) == ("dossier.lire", "succes", "p1")
    assert (line.objet, line.motif, line.acteur, line.responsable) == (
        "document 1",
        "urgence",
        medecin.id_nat,
        "resp",
    )
    assert line.structure_ref == str(cabinet.pk)


@pytest.mark.parametrize(
    ("raised", "resultat"),
    [(InvalidValue("CODE_X", "Non."), "CODE_X"), (Http404(), "absent"), (ZeroDivisionError(), "panne")],
    ids=["refused", "absent", "broken"],
)
def test_a_failure_is_written_too(call, raised: Exception, resultat: str) -> None:
    @acces(action="dossier.lire")
    def view(request) -> HttpResponse:
        raise raised

    with pytest.raises(type(raised)):
        call(view)
    assert _line().resultat == resultat


def test_another_role_is_refused_and_the_view_does_not_run(call) -> None:
    @acces(action="dmp.consulter")
    def view(request) -> HttpResponse:
        raise AssertionError("ran")

    response = call(view, role=Role.SECRETAIRE)
    assert response.status_code == 403
    assert "Votre rôle ne permet pas de consulter le DMP" in response.text
    assert _line().resultat == "refus:role"


def test_a_local_login_is_refused_where_psc_is_needed_and_shown_the_way(call) -> None:
    @acces(action="dmp.consulter", psc=True)
    def view(request) -> HttpResponse:
        return HttpResponse("lu")

    response = call(view)
    assert response.status_code == 403
    assert "connectez-vous avec Pro Santé Connect" in response.text
    assert _line().resultat == "refus:psc"
    assert call(view, psc=PSC).content == b"lu"


def test_an_access_that_cannot_be_written_down_does_not_take_place(call, monkeypatch: pytest.MonkeyPatch) -> None:
    @acces(action="dossier.lire")
    def view(request) -> HttpResponse:
        return HttpResponse("secret")

    def full(*args: object, **kwargs: object) -> None:
        raise OSError("journal")

    monkeypatch.setattr(module, "record", full)
    with pytest.raises(OSError, match="journal"):
        call(view)


def test_pages_without_patients_leave_no_line(call) -> None:
    @acces(action="aide.lire", trace=False)
    def view(request) -> HttpResponse:
        return HttpResponse()

    call(view)
    assert not Ligne.objects.exists()


def test_a_part_of_a_page_asked_after_the_session_ended_opens_the_login(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    navigateur.logout()
    response = navigateur.get("/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/compte/connexion/"
