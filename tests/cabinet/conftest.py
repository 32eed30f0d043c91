"""The guards that hold for every test of the application, and the people of its tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.models import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.template import engines
from django.test.utils import override_settings

from cabinet.personnages import Navigateur, make_compte, make_patient, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.journal import tetes
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Nature


@pytest.fixture(autouse=True, scope="session")
def _plain_static_files() -> Iterator[None]:
    """Pages are rendered without collecting the files of the interface first."""
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain):
        yield


class _Undefined(str):
    """Takes the place of a variable that a template names and nobody gave."""

    __slots__ = ()

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        raise AssertionError(f"undefined template variable: {variable}")


@pytest.fixture(autouse=True)
def _heads_of_this_test(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The database is emptied after each test, and the heads of its chains go with it."""
    monkeypatch.setattr(tetes, "_file", lambda: tmp_path / "journal.tetes")


@pytest.fixture(autouse=True)
def _undefined_variables_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", _Undefined("%s"))


@pytest.fixture(autouse=True)
def _unordered_querysets_come_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever counts on an order has to ask for it."""
    ordered = SQLCompiler.get_order_by

    def get_order_by(self: SQLCompiler) -> list[Any]:
        found = ordered(self)
        query = self.query
        if found or query.distinct or query.combinator or query.group_by is not None or not query.default_cols:
            return found
        shuffled = OrderBy(Random())
        sql, params = self.compile(shuffled)
        return [(shuffled, (sql, params, False))]

    monkeypatch.setattr(SQLCompiler, "get_order_by", get_order_by)


@pytest.fixture
def cabinet(db: None) -> Structure:
    return Structure.objects.create(id_nat="300000099200016", nom="Cabinet des Tilleuls", secteur="SA07")


@pytest.fixture
def officine(db: None) -> Structure:
    return Structure.objects.create(id_nat="1189999998", nom="Pharmacie de la Halle", secteur="SA33")


@pytest.fixture
def medecin(cabinet: Structure) -> Compte:
    return make_compte(
        "dr.durand", cabinet, Role.MEDECIN, nom="DURAND", prenom="Ana", titre="DR", id_nat="899700500012", profession="10",
        savoir_faire="SM26",
    )  # fmt: skip


@pytest.fixture
def secretaire(cabinet: Structure, medecin: Compte) -> Compte:
    return make_compte("sam", cabinet, Role.SECRETAIRE, nom="PETIT", prenom="Sam", responsable=medecin)


@pytest.fixture
def pharmacienne(officine: Structure) -> Compte:
    return make_compte(
        "lea", officine, Role.PHARMACIEN, nom="ROY", prenom="Léa", id_nat="899700500038", profession="21"
    )


@pytest.fixture
def au_comptoir(secretaire: Compte) -> Navigateur:
    """The secretary's browser: a local account."""
    return open_session(secretaire)


@pytest.fixture
def au_bureau(medecin: Compte) -> Navigateur:
    """The doctor's browser, through Pro Santé Connect."""
    return open_session(medecin, psc=True)


@pytest.fixture
def patient(cabinet: Structure, secretaire: Compte) -> Patient:
    return make_patient(cabinet, secretaire)


@pytest.fixture
def qualifie(cabinet: Structure, secretaire: Compte) -> Patient:
    return make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)
