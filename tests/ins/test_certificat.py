"""The client certificate: its sender, and the early warning on its name."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from opensegur.foundation.acteurs import Structure
from opensegur.foundation.configuration import Configuration, PointInsi, Profil
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.ports import FixedClock
from opensegur.foundation.soap import read_envelope
from opensegur.foundation.testing import Authority, ScriptedTransport
from opensegur.foundation.xml import parse
from opensegur.ins import CodeRetour, InsiClient, RequeteTraits, check_certificate, insi_transport
from opensegur.ins.certificat import emetteur_of, read_certificate
from opensegur.ins.requete import NS_CTXBAM
from opensegur.ins.testing import ADRUN, LPS, MOMENT, answer, response


@pytest.fixture(scope="module")
def authority():
    return Authority()


def configuration(folder, authority, **subject):
    certificate, key = authority.issue("INSI-MANU", **subject).write(folder, "insi")
    point = PointInsi("https://insi.example/lps", certificate, key, authority.write_anchors(folder))
    structure = Structure("1750099990", "CABINET FICTIF", "SA07")
    return Configuration(Profil.TEST, LPS, structure, insi=point)


@pytest.mark.parametrize("name", ["INSI-AUTO", "INSI-MANU"])
def test_the_two_names_that_insi_takes(authority, name):
    assert check_certificate(authority.issue(name).certificate) == []


@pytest.mark.parametrize("name", ["insi-auto", "INSI-AUTO ", "DMP AUTH", "CABINET"])
def test_another_name_is_a_warning_before_the_service_refuses(authority, name):
    found = check_certificate(authority.issue(name).certificate)
    assert [finding.rule for finding in found] == ["INSI.certificat"]
    assert "desir_560" in found[0].message


def test_the_sender_is_the_unit_of_the_certificate(authority):
    assert emetteur_of(authority.issue("INSI-AUTO", unit="10B0123456").certificate) == "10B0123456"


def test_a_certificate_without_a_unit_is_refused(authority):
    with pytest.raises(ConfigurationError) as caught:
        emetteur_of(authority.issue("INSI-AUTO").certificate)
    assert caught.value.code == "INSI_EMETTEUR"


def test_a_client_made_from_the_configuration_names_its_structure(tmp_path, authority):
    script = ScriptedTransport([response(answer(CodeRetour.AUCUNE))])
    settings = configuration(tmp_path, authority, unit="10B0123456")
    client = InsiClient.from_configuration(settings, script, FixedClock(MOMENT))
    client.search_by_traits(RequeteTraits.from_traits(ADRUN.traits))
    contexts = read_envelope(parse(script.requests[0].body)).headers
    assert contexts[0].findtext(f"{{{NS_CTXBAM}}}Emetteur") == "10B0123456"


def test_its_transport_opens_and_closes(tmp_path, authority):
    with insi_transport(configuration(tmp_path, authority, unit="10B0123456")) as transport:
        assert transport is not None


def test_an_expired_certificate_is_told_before_the_call(tmp_path, authority):
    settings = configuration(tmp_path, authority, unit="1", not_after=datetime(2025, 1, 1, tzinfo=UTC))
    with pytest.raises(ConfigurationError) as caught:
        InsiClient.from_configuration(settings, ScriptedTransport(), FixedClock(MOMENT))
    assert caught.value.code == "CERT_EXPIRED"


def test_without_the_service_in_the_configuration_it_is_said(tmp_path):
    settings = Configuration(Profil.TEST, LPS, Structure("1750099990", "CABINET FICTIF", "SA07"))
    with pytest.raises(ConfigurationError):
        InsiClient.from_configuration(settings, ScriptedTransport())
    with pytest.raises(ConfigurationError):
        insi_transport(settings)


def test_a_certificate_that_is_gone_is_said():
    with pytest.raises(ConfigurationError) as caught:
        read_certificate(Path("absent") / "insi.pem")
    assert caught.value.code == "CERT_FICHIER"
