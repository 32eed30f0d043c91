"""Actors, identifiers, errors and clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from opensegur.foundation.acteurs import Professionnel, Structure, Telecom
from opensegur.foundation.errors import ConfigurationError, InvalidValue, OpenSegurError, RefusedInput, TransportError
from opensegur.foundation.findings import Finding, Severity
from opensegur.foundation.identifiers import check_oid, new_oid, new_urn_uuid
from opensegur.foundation.ports import FixedClock, HttpRequest, HttpResponse, SystemClock
from opensegur.foundation.testing import ScriptedTransport


@pytest.mark.parametrize("id_nat", ["899700123456", "0751234567", "3750000018/12", "5123/AB"])
def test_the_identifiers_of_professionals(id_nat: str) -> None:
    assert Professionnel(id_nat, "MARTIN", "Claire", "10").id_nat == id_nat


@pytest.mark.parametrize("id_nat", ["", "8123", "99700123456", "899700123456^", "3750000018"])
def test_what_is_no_identifier_of_a_professional(id_nat: str) -> None:
    with pytest.raises(InvalidValue, match="PS_IDNAT"):
        Professionnel(id_nat, "MARTIN", "Claire", "10")


def test_a_professional_has_a_rpps_and_a_speciality() -> None:
    doctor = Professionnel("899700123456", "MARTIN", "Claire", "10", "SM26")
    assert (doctor.rpps, doctor.specialite) == ("99700123456", "G15_10/SM26")
    nurse = Professionnel("0751234567", "PETIT", "Luc", "60")
    assert (nurse.rpps, nurse.specialite) == (None, "G15_60")
    secretary = Professionnel("3750000018/1", "ROUX", "Anne", "SECRETARIAT_MEDICAL", profession_system="1.2.3")
    assert secretary.specialite == "SECRETARIAT_MEDICAL"
    with pytest.raises(InvalidValue, match="PS_NOM"):
        Professionnel("899700123456", " ", "Claire", "10")


@pytest.mark.parametrize(("id_nat", "nom", "code"), [("?", "X", "STRUCT_IDNAT"), ("1750000018", " ", "STRUCT_NOM")])
def test_what_is_no_structure(id_nat: str, nom: str, code: str) -> None:
    with pytest.raises(InvalidValue, match=code):
        Structure(id_nat, nom, "SA07")


@pytest.mark.parametrize("valeur", ["", "0123456789", "tel:", "javascript:x"])
def test_what_is_no_telecom(valeur: str) -> None:
    with pytest.raises(InvalidValue, match="TELECOM_SCHEME"):
        Telecom(valeur)


def test_new_identifiers_fit_the_rules() -> None:
    made = {new_oid() for _ in range(100)}
    assert len(made) == 100
    assert all(check_oid(oid) == oid for oid in made)
    assert new_urn_uuid().startswith("urn:uuid:")


@pytest.mark.parametrize("value", ["", "1", "3.1", "1.02", "1..2", "1.2.", "1.2.a", "1." + "2" * 64, " 1.2"])
def test_what_is_no_oid(value: str) -> None:
    with pytest.raises(InvalidValue, match="OID"):
        check_oid(value)


@pytest.mark.parametrize("kind", [InvalidValue, ConfigurationError, RefusedInput, TransportError])
def test_each_error_carries_what_a_person_needs(kind: type[OpenSegurError]) -> None:
    error = kind("CODE", "Quoi.", conseil="Que faire.", detail="why", retryable=True)
    assert str(error) == "Quoi. [CODE]"
    assert (error.code, error.message, error.conseil, error.detail, error.retryable) == (
        "CODE",
        "Quoi.",
        "Que faire.",
        "why",
        True,
    )


def test_a_finding_is_an_error_unless_said() -> None:
    assert Finding("R1", "faux").severity is Severity.ERROR


def test_clocks() -> None:
    moment = datetime(2026, 1, 15, tzinfo=UTC)
    assert FixedClock(moment).now() == moment
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_scripted_transport_answers_raises_computes_and_ends() -> None:
    transport = ScriptedTransport([HttpResponse(200), TransportError("X", "x")])
    transport.add(lambda request: HttpResponse(201, body=request.body))
    request = HttpRequest("POST", "https://a.example", body=b"x")
    assert transport.send(request).status == 200
    with pytest.raises(TransportError):
        transport.send(request)
    assert transport.send(request).body == b"x"
    with pytest.raises(AssertionError, match="no reply"):
        transport.send(request)
    assert transport.requests == [request] * 4
