"""The people of the application's tests, and the browser that they use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connections
from django.http import HttpResponse
from django.test import Client

from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes.conditions import accept
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.comptes.session import SessionPsc
from opensegur.cabinet.comptes.situations import Activite, Situation
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import add_preuve, create_patient
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import OID_NIR_TEST, Matricule, Nature, Sexe, Traits

MOT_DE_PASSE = "sept-lapins-bleus"
_WRITES = ("INSERT", "UPDATE", "DELETE")
# what a reading page may write: its session, and its line in the journal
_ALLOWED = ('"django_session"', '"journal_ligne"')
# OpenID Connect brings the browser back by GET: it is a login
_RETOUR_PSC = "/compte/psc/retour/"


MATRICULE = Matricule("282111412790088", OID_NIR_TEST)
TRAITS = Traits(
    nom_naissance="LEVEQUE",
    prenoms="ALICE COLETTE",
    premier_prenom="ALICE",
    date_naissance="1982-11-30",
    sexe=Sexe.F,
    lieu_naissance="14127",
    nom_utilise="VALLEE",
)


class Navigateur(Client):
    """A browser that carries the CSRF token of its cookie, and that no GET makes write."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True)

    def generic(self, method: str, path: str, *args: Any, **kwargs: Any) -> Any:
        if method in {"GET", "HEAD"} and path != _RETOUR_PSC:
            with (
                connections["default"].execute_wrapper(_refuse_writes),
                connections["journal"].execute_wrapper(_refuse_writes),
            ):
                return super().generic(method, path, *args, **kwargs)
        return super().generic(method, path, *args, **kwargs)

    def envoyer(self, path: str, data: dict[str, Any] | None = None, *, htmx: bool = False) -> HttpResponse:
        """Send a form, as a page or as htmx does."""
        for page in ("/compte/connexion/", "/aide/"):
            if "opensegur_csrf" not in self.cookies:
                self.get(page)
        headers = {"X-CSRFToken": self.cookies["opensegur_csrf"].value} | ({"HX-Request": "true"} if htmx else {})
        return self.post(path, data or {}, headers=headers)


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    verb = sql.lstrip().split(" ", 1)[0].upper()
    if verb in _WRITES and not any(table in sql for table in _ALLOWED):
        raise AssertionError(f"a page that reads has written: {sql[:120]}")
    return execute(sql, params, many, context)


def make_compte(identifiant: str, structure: Structure | None, role: Role, **champs: Any) -> Compte:
    responsable = champs.pop("responsable", None)
    compte = Compte.objects.create_user(identifiant, MOT_DE_PASSE, **{"nom": "NOM", "prenom": "Prénom", **champs})
    accept(compte)
    if structure:
        Rattachement.objects.create(compte=compte, structure=structure, role=role, responsable=responsable)
    return compte


def open_session(compte: Compte, *, psc: bool = False) -> Navigateur:
    """A browser in which this person has just come in."""
    navigateur = Navigateur()
    navigateur.force_login(compte)
    session = navigateur.session
    known = SessionPsc(compte.id_nat, "sujet", "emetteur", "2026-11-25T08:00:00+00:00") if psc else None
    sessions.start(session, psc=known, activites=[Activite(compte.profession)] if psc else [])
    place = compte.rattachements.select_related("structure").first()
    if place:
        sessions.choose(session, Situation(place))
    sessions.note_conditions(session)
    session.save()
    return navigateur


def make_patient(structure: Structure, auteur: Compte, *natures: Nature, traits: Traits = TRAITS) -> Patient:
    """A patient to whom these events have happened."""
    patient = create_patient(structure, traits, auteur)
    for nature in natures:
        matricule = MATRICULE if nature is Nature.RECUPERATION_INSI else None
        add_preuve(patient, nature, auteur, matricule=matricule, piece="CN" if "controle" in nature else "")
    return reread(patient)


def reread(row: Any) -> Any:
    """The row as the database has it now."""
    return type(row)._default_manager.get(pk=row.pk)
