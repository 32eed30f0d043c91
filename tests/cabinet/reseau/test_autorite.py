"""The installation's own authority, and the certificate it gives the server."""

from __future__ import annotations

import ipaddress
import ssl
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from opensegur.cabinet.reseau.autorite import open_authority, read_authority
from opensegur.cabinet.reseau.certificats import CertificatPropre
from opensegur.cabinet.reseau.machine import Machine
from opensegur.foundation.errors import ConfigurationError

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
COMPTOIR = Machine(("tilleuls", "tilleuls.local"), (ipaddress.ip_address("192.168.1.20"),))


def leaf(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "serveur.pem").read_bytes())


def own(folder: Path, *noms: str, machine: Machine = COMPTOIR, now: datetime = NOW) -> CertificatPropre:
    return CertificatPropre(folder, lambda: machine, now, noms)


def test_it_is_made_once_and_read_afterwards(tmp_path: Path) -> None:
    first = open_authority(tmp_path / "tls", COMPTOIR, (), NOW)
    assert open_authority(tmp_path / "tls", COMPTOIR, (), NOW).empreinte == first.empreinte
    assert read_authority(tmp_path / "tls").empreinte.count(":") == 31


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_no_other_account_reads_a_key(tmp_path: Path) -> None:
    own(tmp_path / "tls")
    for key in ("autorite.cle.pem", "serveur.cle.pem"):
        assert stat.S_IMODE((tmp_path / "tls" / key).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "admitted"),
    [
        ("tilleuls", True),
        ("cabinet.lan", True),
        ("autre.local", True),
        (ipaddress.ip_address("192.168.3.4"), True),
        (ipaddress.ip_address("fd00::9"), True),
        ("banque.example", False),
        ("mes-tilleuls", False),
        ("lan.example", False),
        (ipaddress.ip_address("8.8.8.8"), False),
        (ipaddress.ip_address("2606:4700::1"), False),
    ],
    ids=str,
)
def test_it_vouches_for_the_local_network_alone(tmp_path: Path, name: object, *, admitted: bool) -> None:
    assert open_authority(tmp_path, COMPTOIR, (), NOW).admits(name) is admitted  # type: ignore[arg-type]


def test_whoever_steals_its_key_does_not_pass_for_a_site_of_the_internet(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    authority = open_authority(tmp_path, COMPTOIR, (), now)
    assert handshake(tmp_path, authority, "tilleuls", now) == "tilleuls"
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(tmp_path, authority, "banque.example", now)


def handshake(folder: Path, authority, name: str, now: datetime) -> str:
    """In memory: what a client that trusts the authority thinks of a server called ``name``."""
    from opensegur.cabinet.reseau.fichiers import write_certificates, write_key

    certificate, key = authority.issue([name], [], now)
    write_certificates(folder / "essai.pem", [certificate])
    write_key(folder / "essai.cle.pem", key)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "essai.pem", folder / "essai.cle.pem")
    asking = ssl.create_default_context(cafile=folder / "autorite.pem")
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = asking.wrap_bio(down, up, server_hostname=name)
    server = serving.wrap_bio(up, down, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    subject = client.getpeercert()
    return subject["subjectAltName"][0][1]


def test_the_certificate_names_what_the_workstations_call(tmp_path: Path) -> None:
    certificat = own(tmp_path / "tls", "cabinet.lan")
    assert certificat.hotes[:3] == ("cabinet.lan", "tilleuls", "tilleuls.local")
    assert {"192.168.1.20", "127.0.0.1", "localhost"} <= set(certificat.hotes)
    assert leaf(tmp_path / "tls").not_valid_after_utc - NOW < timedelta(days=398)


def test_nothing_is_made_again_while_it_is_good(tmp_path: Path) -> None:
    own(tmp_path / "tls")
    before = leaf(tmp_path / "tls")
    certificat = own(tmp_path / "tls", now=NOW + timedelta(days=300))
    assert not certificat.refresh(NOW + timedelta(days=360))
    assert leaf(tmp_path / "tls") == before


def test_it_is_renewed_a_month_before_its_end_under_the_same_authority(tmp_path: Path) -> None:
    certificat = own(tmp_path / "tls")
    before, authority = leaf(tmp_path / "tls"), read_authority(tmp_path / "tls").empreinte
    later = NOW + timedelta(days=370)
    assert certificat.refresh(later)
    assert leaf(tmp_path / "tls").not_valid_after_utc > before.not_valid_after_utc
    assert read_authority(tmp_path / "tls").empreinte == authority


def test_the_box_lends_another_address_and_the_certificate_follows(tmp_path: Path) -> None:
    now = [COMPTOIR]
    certificat = CertificatPropre(tmp_path / "tls", lambda: now[0], NOW)
    now[0] = Machine(COMPTOIR.noms, (ipaddress.ip_address("192.168.1.77"),))
    assert certificat.refresh(NOW)
    assert "192.168.1.77" in certificat.hotes
    names = leaf(tmp_path / "tls").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ipaddress.ip_address("192.168.1.77") in names.get_values_for_type(x509.IPAddress)


def test_a_public_address_of_the_machine_is_left_out(tmp_path: Path) -> None:
    certificat = own(tmp_path / "tls", machine=Machine(("tilleuls",), (ipaddress.ip_address("198.51.100.7"),)))
    assert "198.51.100.7" not in certificat.hotes


def test_a_name_that_the_authority_was_not_made_for_is_refused(tmp_path: Path) -> None:
    own(tmp_path / "tls")
    with pytest.raises(ConfigurationError) as caught:
        own(tmp_path / "tls", "cabinet.example")
    assert caught.value.code == "AUTORITE_NOM"


def test_a_name_given_at_the_first_start_is_in_it(tmp_path: Path) -> None:
    assert own(tmp_path / "tls", "cabinet.example").hotes[0] == "cabinet.example"


@pytest.mark.parametrize("damage", ["key gone", "certificate gone", "rubbish", "key of another"])
def test_a_damaged_authority_is_said_and_never_replaced_in_silence(tmp_path: Path, damage: str) -> None:
    open_authority(tmp_path / "autre", COMPTOIR, (), NOW)
    folder = tmp_path / "tls"
    open_authority(folder, COMPTOIR, (), NOW)
    key, certificate = folder / "autorite.cle.pem", folder / "autorite.pem"
    match damage:
        case "key gone":
            key.unlink()
        case "certificate gone":
            certificate.unlink()
        case "rubbish":
            certificate.write_text("rien", encoding="utf-8")
        case _:
            key.write_bytes((tmp_path / "autre" / "autorite.cle.pem").read_bytes())
    with pytest.raises(ConfigurationError) as caught:
        own(folder)
    assert caught.value.code == "AUTORITE_ILLISIBLE"


def test_no_authority_yet_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_authority(tmp_path / "tls")
    assert caught.value.code == "AUTORITE_ABSENTE"


def test_a_server_key_lost_is_made_again(tmp_path: Path) -> None:
    own(tmp_path / "tls")
    (tmp_path / "tls" / "serveur.cle.pem").unlink()
    own(tmp_path / "tls")
    assert (tmp_path / "tls" / "serveur.cle.pem").is_file()
