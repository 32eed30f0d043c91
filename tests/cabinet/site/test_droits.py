"""Every address, every role, and another structure: what is not said to be open is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from cabinet.personnages import Navigateur, make_compte, make_patient, open_session
from opensegur.cabinet.cercle.models import Politique
from opensegur.cabinet.cercle.objets import OBJETS, SANS_PATIENT
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.droits.table import Cercle, Donnees, Fonction, table
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

# what each name of an address stands for
_PERSONNES = {"patient_id", "compte_id"}
_OBJETS = {
    "document_id": "documents.Document",
    "import_id": "imports.Import",
    "envoi_id": "envois.Envoi",
    "donnee_id": "medical.Donnee",
    "arrivee_id": "bannette.Arrivee",
    "recherche_id": "patients.RechercheInsi",
    "copie_id": "patients.CopiePiece",
    "lecture_id": "guichet.Lecture",
    "paire_id": "doublons.Paire",
    "venue_id": "accueil.Venue",
    "gabarit_id": "ecrits.Gabarit",
    "collision_id": "doublons.Collision",
    "fusion_id": "doublons.Fusion",
    "campagne_id": "vigilance.Campagne",
    "verification_id": "vigilance.Verification",
    "recue_id": "vigilance.Recue",
    "poste_id": "postes.Poste",
}
# refused, forbidden, not found, not asked so
_CLOSED = {400, 403, 404, 405}
# words of an address that name no object: any value that the page takes
_MOTS = {"cle": "problemes", "source": "problemes", "chemin": "x", "uid": "1.2.3"}


def _patterns() -> Iterator[tuple[str, URLPattern, tuple[str, ...]]]:
    """The name, the pattern, and the names of its parameters, those of its prefix included."""

    def walk(resolver: URLResolver, prefix: str, names: tuple[str, ...]) -> Iterator[Any]:
        for entry in resolver.url_patterns:
            inner = (*names, *entry.pattern.converters, *(entry.pattern.regex.groupindex or ()))
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{entry.app_name}:" if entry.app_name else prefix, inner)
            elif entry.name:
                yield f"{prefix}{entry.name}", entry, tuple(dict.fromkeys(inner))

    yield from walk(get_resolver(), "", ())


_FERMEES = [(name, pattern, names) for name, pattern, names in _patterns() if not pattern.callback.acces.ouvert]
_OUVERTURES = {name: pattern.callback.acces for name, pattern, _ in _FERMEES}
_D_OBJETS = [(name, names) for name, _, names in _FERMEES if {*_PERSONNES, *_OBJETS} & set(names)]


def _opens(role: Role, name: str) -> bool:
    """What the table says of the role alone."""
    return table().allows(_OUVERTURES[name].action, role, frozenset(), {}) or (
        role == Role.GESTIONNAIRE and table().allows(_OUVERTURES[name].action, role, frozenset(Fonction), {})
    )


def _address(name: str, names: tuple[str, ...], objets: dict[str, Any]) -> str:
    said = objets | ({"cle": "entretien"} if name.startswith("ecrits:") else {})
    return reverse(name, kwargs={each: said[each] for each in names})


def _of_nobody(names: tuple[str, ...]) -> dict[str, Any]:
    return {each: _MOTS.get(each) or uuid4() for each in names}


_VALEURS: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
    (models.DateTimeField, timezone.now),
    (models.DateField, lambda: date(2026, 1, 1)),
    (models.IntegerField, lambda: 1),
    (models.BinaryField, lambda: b"x"),
    (models.UUIDField, uuid4),
    (models.JSONField, dict),
)


def _made(model: type[models.Model], known: dict[type[models.Model], Any]) -> Any:
    """A row with the least that the database asks, tied to what is ``known``."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            values |= _tie(model, field, known)
        elif not (field.has_default() or field.primary_key or field.null):
            values |= _value(field)
    return model._default_manager.create(**values)


def _tie(model: type[models.Model], field: models.ForeignKey[Any, Any], known: dict[Any, Any]) -> dict[str, Any]:
    related = field.related_model
    if related is model or (field.null and related not in known):
        return {}
    return {field.name: known[related] if related in known else _made(related, known)}  # type: ignore[arg-type]


def _value(field: models.Field[Any, Any]) -> dict[str, Any]:
    if isinstance(field, models.CharField | models.TextField):
        return {} if field.blank else {field.name: uuid4().hex[: min(field.max_length or 8, 8)]}
    found = next((make for kind, make in _VALEURS if isinstance(field, kind)), None)
    return {field.name: found()} if found else {}


@pytest.fixture
def objets(cabinet: Structure, medecin: Compte, patient: Patient) -> dict[str, Any]:
    """One row of each kind, of the practice."""
    known: dict[type[models.Model], Any] = {Structure: cabinet, Compte: medecin, Patient: patient}
    made: dict[str, Any] = {"patient_id": patient.pk, "compte_id": medecin.pk, **_MOTS}
    for name, label in _OBJETS.items():
        model = apps.get_model(label)
        row = _made(model, known)
        known.setdefault(model, row)
        made[name] = row.pk
    return made


def test_support_and_management_never_open_what_shows_a_patients_health() -> None:
    lignes = table().lignes
    shown = {name: lignes[acces.action].donnees for name, acces in _OUVERTURES.items()}
    assert [
        name for name, data in shown.items() if data is Donnees.MEDICALES and _opens(Role.GESTIONNAIRE, name)
    ] == []
    assert [name for name, data in shown.items() if data is not Donnees.AUCUNE and _opens(Role.SUPPORT, name)] == []


def test_an_address_that_names_a_patient_never_shows_nothing_of_them() -> None:
    """A line of the table that says « aucune » is not the right of a page about somebody."""
    named = [name for name, _, names in _FERMEES if {"patient_id", "document_id", "donnee_id"} & set(names)]
    allowed = {"medical:format"}  # the form of the synthesis: a setting, reached from a record
    shows_none = {name for name in named if table().lignes[_OUVERTURES[name].action].donnees is Donnees.AUCUNE}
    assert shows_none <= allowed


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_is_said_to_be_its_own_and_nothing_else(cabinet: Structure, role: Role) -> None:
    navigateur = open_session(make_compte("quelqu.un", cabinet, role, profession="10"), psc=True)
    opened = []
    for name, _, names in _FERMEES:
        if _opens(role, name):
            continue
        address = _address(name, names, _of_nobody(names))
        answers = (navigateur.get(address), navigateur.envoyer(address))
        opened += [(name, answer.status_code) for answer in answers if answer.status_code != 403]
    assert opened == []


def test_what_needs_pro_sante_connect_does_not_open_to_a_local_account(medecin: Compte) -> None:
    navigateur = open_session(medecin)
    asked = [(name, names) for name, _, names in _FERMEES if _OUVERTURES[name].psc]
    assert asked
    for name, names in asked:
        address = _address(name, names, _of_nobody(names))
        assert navigateur.get(address).status_code == navigateur.envoyer(address).status_code == 403, name


@pytest.mark.parametrize(("name", "names"), _D_OBJETS, ids=[name for name, _ in _D_OBJETS])
def test_another_structure_reaches_nothing(
    name: str, names: tuple[str, ...], objets: dict[str, Any], officine: Structure
) -> None:
    """Somebody who has every right there, on the objects of here, and on theirs with the patient of here."""
    role = next(each for each in (Role.PHARMACIEN, Role.MEDECIN, Role.GESTIONNAIRE) if _opens(each, name))
    stranger = make_compte("etranger", officine, role, id_nat="899700500046", profession="21")
    stranger.rattachements.update(referent_identite=True, administrateur=True)
    navigateur = open_session(stranger, psc=True)
    address = _address(name, names, objets)

    answers = [_status(navigateur, "get", address), _status(navigateur, "post", address)]

    assert set(answers) <= _CLOSED
    assert set(answers) != {405}


_GARDEES = [
    (name, names)
    for name, _, names in _FERMEES
    if {"patient_id", *OBJETS} & set(names)
    and table().lignes[_OUVERTURES[name].action].cercle is not Cercle.SANS_OBJET
]


@pytest.fixture
def restreint(cabinet: Structure, medecin: Compte) -> None:
    Politique.objects.create(structure=cabinet, restreint=True, change_par=medecin, change_le=timezone.now())


@pytest.fixture
def confrere(cabinet: Structure) -> Compte:
    """A doctor of the practice who has nothing to do with the patient."""
    return make_compte("confrere", cabinet, Role.MEDECIN, nom="AUTRE", id_nat="899700500053", profession="10")


@pytest.mark.parametrize(("name", "names"), _GARDEES, ids=[name for name, _ in _GARDEES])
@pytest.mark.usefixtures("restreint")
def test_outside_the_circle_of_care_every_address_of_a_patient_is_closed(
    name: str, names: tuple[str, ...], objets: dict[str, Any], confrere: Compte
) -> None:
    """By the same answer for each, which tells nothing of anybody's health."""
    address = _address(name, names, objets)
    asked = open_session(confrere, psc=True)
    for answer in (asked.get(address), asked.envoyer(address)):
        assert answer.status_code == 403
        assert "Ce dossier s’ouvre à l’équipe de soins du patient" in answer.text


def test_every_address_that_names_a_patient_is_at_the_door_or_says_why_not() -> None:
    """Nothing of a record is shown there: a coming that goes on, the way in itself."""
    named = {name for name, _, names in _FERMEES if {"patient_id", *OBJETS} & set(names)}
    assert named - {name for name, _ in _GARDEES} == {"accueil:avancer", "cercle:entrer"}


def test_every_name_of_an_address_is_known_at_the_door() -> None:
    said = {each for _, _, names in _FERMEES for each in names}
    assert said <= {"patient_id", *OBJETS, *SANS_PATIENT}


def test_what_is_always_beside_its_patient_is() -> None:
    for name, _, names in _FERMEES:
        if {"document_id", "donnee_id", "copie_id"} & set(names):
            assert "patient_id" in names, name


def test_ones_own_patient_does_not_open_the_document_of_another(objets: dict[str, Any], officine: Structure) -> None:
    """An identifier of theirs beside an identifier of ours."""
    stranger = make_compte("etranger", officine, Role.PHARMACIEN, id_nat="899700500046", profession="21")
    own = make_patient(officine, stranger)
    navigateur = open_session(stranger, psc=True)
    mixed = [(name, names) for name, names in _D_OBJETS if {"patient_id"} < set(names) and set(names) & set(_OBJETS)]
    assert mixed
    for name, names in mixed:
        if not _opens(Role.PHARMACIEN, name):
            continue
        address = _address(name, names, objets | {"patient_id": own.pk})
        answers = {_status(navigateur, "get", address), _status(navigateur, "post", address)}
        assert answers <= _CLOSED, (name, answers)


def test_every_name_of_an_address_is_known_here() -> None:
    said = {each for _, _, names in _FERMEES for each in names}
    assert said <= {*_PERSONNES, *_OBJETS, *_MOTS}


def _status(navigateur: Navigateur, method: str, address: str) -> int:
    answer = navigateur.get(address) if method == "get" else navigateur.envoyer(address)
    return int(answer.status_code)
