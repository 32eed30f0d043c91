"""A certificate of the administrator's own: looked at before the first workstation is."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from opensegur.cabinet.reseau.autorite import Autorite, open_authority
from opensegur.cabinet.reseau.certificats import CertificatDonne
from opensegur.cabinet.reseau.fichiers import write_certificates, write_key
from opensegur.cabinet.reseau.machine import Machine
from opensegur.foundation.errors import ConfigurationError

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.fixture
def authority(tmp_path: Path) -> Autorite:
    return open_authority(tmp_path / "tls", Machine(("tilleuls",)), ("cabinet.example", "tilleuls.example"), NOW)


def pair(authority: Autorite, folder: Path, *names: str, now: datetime = NOW) -> tuple[Path, Path]:
    certificate, key = authority.issue(names or ("cabinet.example",), [], now)
    paths = folder / "donne.pem", folder / "donne.cle.pem"
    write_certificates(paths[0], [certificate, authority.certificat])
    write_key(paths[1], key)
    return paths


def refused(certificate: Path, key: Path, now: datetime = NOW, noms: tuple[str, ...] = ()) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        CertificatDonne(certificate, key, now, noms)
    assert caught.value.conseil
    return caught.value


def test_a_good_pair_serves_under_its_own_names(authority: Autorite, tmp_path: Path) -> None:
    assert CertificatDonne(*pair(authority, tmp_path), NOW).hotes == ("cabinet.example",)


def test_the_key_of_another_certificate(authority: Autorite, tmp_path: Path) -> None:
    certificate, _ = pair(authority, tmp_path)
    assert refused(certificate, tmp_path / "tls" / "autorite.cle.pem").code == "SERVEUR_PAIRE"


@pytest.mark.parametrize(
    ("after", "code"), [(timedelta(days=400), "CERT_EXPIRED"), (timedelta(days=-2), "CERT_NOT_YET")], ids=["expired", "early"]
)  # fmt: skip
def test_outside_its_dates(authority: Autorite, tmp_path: Path, after: timedelta, code: str) -> None:
    assert refused(*pair(authority, tmp_path), NOW + after).code == code


def test_a_file_that_is_not_there(authority: Autorite, tmp_path: Path) -> None:
    certificate, key = pair(authority, tmp_path)
    assert refused(tmp_path / "absent.pem", key).code == "SERVEUR_FICHIER"
    assert refused(certificate, tmp_path / "absente.pem").code == "SERVEUR_FICHIER"


def test_what_is_no_certificate(authority: Autorite, tmp_path: Path) -> None:
    _, key = pair(authority, tmp_path)
    assert refused(key, key).code == "SERVEUR_CERTIFICAT"


def test_a_key_behind_a_password(authority: Autorite, tmp_path: Path) -> None:
    certificate, key = pair(authority, tmp_path)
    _, private = authority.issue(["cabinet.example"], [], NOW)
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))
    assert refused(certificate, key).code == "SERVEUR_CLE"


def test_a_name_that_it_does_not_bear_and_one_that_it_covers(authority: Autorite, tmp_path: Path) -> None:
    paths = pair(authority, tmp_path, "*.tilleuls.example")
    assert refused(*paths, noms=("cabinet.example",)).code == "SERVEUR_NOM"
    assert refused(*paths).code == "SERVEUR_NOM"
    assert CertificatDonne(*paths, NOW, ("dossiers.tilleuls.example",)).hotes == ("dossiers.tilleuls.example",)


def test_the_file_that_replaces_it_is_taken_and_a_bad_one_is_not(authority: Autorite, tmp_path: Path) -> None:
    given = CertificatDonne(*pair(authority, tmp_path), NOW)
    assert not given.refresh(NOW)
    certificate, key = pair(authority, tmp_path, "cabinet.example", "dossiers.cabinet.example")
    assert given.refresh(NOW)
    assert given.hotes == ("cabinet.example", "dossiers.cabinet.example")
    certificate.write_bytes(b"en cours d'ecriture")
    with pytest.raises(ConfigurationError):
        given.refresh(NOW)
    assert given.hotes == ("cabinet.example", "dossiers.cabinet.example")
    assert key.is_file()


def test_addresses_are_hosts_too(authority: Autorite, tmp_path: Path) -> None:
    certificate, key = authority.issue(["cabinet.example"], [ipaddress.ip_address("192.168.1.9")], NOW)
    write_certificates(tmp_path / "c.pem", [certificate])
    write_key(tmp_path / "c.cle.pem", key)
    given = CertificatDonne(tmp_path / "c.pem", tmp_path / "c.cle.pem", NOW)
    assert given.hotes == ("cabinet.example", "192.168.1.9")
