"""Whether a certificate is to be believed: its chain, its dates, how long it still serves."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from atelier_igc import DAY, NOW, key, make, name
from opensegur.foundation.confiance import Autorites, CertificatRefuse, check_chain, load_authorities
from opensegur.foundation.echeance import Niveau, time_left
from opensegur.foundation.errors import ConfigurationError

ROOT = make("RACINE", None, ca=True)
MIDDLE = make("AC PERSONNES", ROOT, ca=True, path_length=0)
TRUST = Autorites((ROOT.certificate,), (MIDDLE.certificate,))


def refused(certificate: x509.Certificate, trust: Autorites = TRUST) -> str:
    with pytest.raises(CertificatRefuse) as found:
        check_chain(certificate, trust, NOW)
    return found.value.code


def test_a_certificate_is_believed_up_to_its_anchor():
    leaf = make("DOCTEUR", MIDDLE).certificate
    assert check_chain(leaf, TRUST, NOW) == (leaf, MIDDLE.certificate, ROOT.certificate)


def test_an_intermediate_may_be_the_anchor():
    leaf = make("DOCTEUR", MIDDLE).certificate
    assert check_chain(leaf, Autorites((MIDDLE.certificate,)), NOW) == (leaf, MIDDLE.certificate)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"end": NOW - DAY}, "CERT_EXPIRE"),
        ({"start": NOW + DAY}, "CERT_PAS_ENCORE"),
        ({"size": 1024}, "CERT_FAIBLE"),
        (
            {"extra": ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),)},
            "CERT_EXTENSION",
        ),
    ],
    ids=["expired", "not yet valid", "short key", "critical and unknown"],
)
def test_a_certificate_that_must_not_be_believed_is_refused_by_name(options, code):
    assert refused(make("DOCTEUR", MIDDLE, **options).certificate) == code


@pytest.mark.skipif(
    shutil.which("openssl") is None and not os.environ.get("OPENSEGUR_TOUT_EXIGER"), reason="needs openssl"
)
def test_a_signature_with_sha1_is_believed_no_more(tmp_path):
    now = datetime.now(UTC)
    root = make("RACINE DU JOUR", None, ca=True, start=now - DAY, end=now + 30 * DAY)
    trust = Autorites((root.certificate,))
    leaf = key("ANCIEN")
    asked = x509.CertificateSigningRequestBuilder().subject_name(name("ANCIEN")).sign(leaf, hashes.SHA256())
    (tmp_path / "r.pem").write_bytes(asked.public_bytes(Encoding.PEM))
    (tmp_path / "ca.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "ca.key").write_bytes(root.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    def issued(digest):
        command = [
            "openssl",
            "x509",
            "-req",
            "-in",
            "r.pem",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            digest,
            "-days",
            "5",
        ]
        made = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        return x509.load_pem_x509_certificate(made.stdout)

    fine, weak = issued("-sha256"), issued("-sha1")
    moment = datetime.now(UTC)
    assert check_chain(fine, trust, moment)
    with pytest.raises(CertificatRefuse) as found:
        check_chain(weak, trust, moment)
    assert found.value.code == "CERT_CHAINE"


def test_the_same_names_with_other_keys_are_strangers():
    forged_root = make("RACINE", None, ca=True)
    other = make("AC PERSONNES AUTRE", forged_root, ca=True)
    assert refused(make("DOCTEUR", other).certificate) == "CERT_CHAINE"


@pytest.mark.parametrize(
    "issuer",
    [
        lambda: make("FIN", ROOT),
        lambda: make("AC SOUS", make("AC PERSONNES 0", ROOT, ca=True, path_length=0), ca=True),
        lambda: make("AC SANS USAGE", ROOT, ca=True, cert_sign=False),
        lambda: make("AC EXPIREE", ROOT, ca=True, end=NOW - DAY),
        lambda: make("AC FUTURE", ROOT, ca=True, start=NOW + DAY),
    ],
    ids=["an end certificate", "one too many", "without the usage", "expired", "not yet valid"],
)
def test_who_may_not_issue_issues_nothing(issuer):
    pair = issuer()
    others = (MIDDLE.certificate, pair.certificate, make("AC PERSONNES 0", ROOT, ca=True, path_length=0).certificate)
    assert refused(make("DOCTEUR", pair).certificate, Autorites((ROOT.certificate,), others)) == "CERT_CHAINE"


def test_authorities_that_certify_each_other_do_not_turn_for_ever():
    one = make("AC UNE", None, ca=True)
    two = make("AC DEUX", one, ca=True)
    back = make("AC UNE", two, ca=True)
    trust = Autorites((ROOT.certificate,), (one.certificate, two.certificate, back.certificate))
    assert refused(make("DOCTEUR", two).certificate, trust) == "CERT_CHAINE"


def test_a_constraint_that_is_not_applied_is_not_passed_over():
    names = x509.NameConstraints([x509.DNSName("exemple.invalid")], None)
    middle = make("AC BORNEE", ROOT, ca=True, extra=((names, True),))
    trust = Autorites((ROOT.certificate,), (middle.certificate,))
    assert refused(make("DOCTEUR", middle).certificate, trust) == "CERT_CHAINE"


def test_the_roots_of_a_file_are_its_anchors(tmp_path):
    path = tmp_path / "ancres.pem"
    path.write_bytes(b"".join(each.certificate.public_bytes(Encoding.PEM) for each in (ROOT, MIDDLE)))
    assert load_authorities(path) == TRUST
    path.write_bytes(MIDDLE.certificate.public_bytes(Encoding.PEM))
    assert load_authorities(path) == Autorites((MIDDLE.certificate,))
    path.write_text("rien", encoding="utf-8")
    with pytest.raises(ConfigurationError) as found:
        load_authorities(path)
    assert found.value.code == "TLS_ANCRES"


@pytest.mark.parametrize(
    ("left", "niveau", "dit"),
    [
        (timedelta(days=61), Niveau.BON, "Valable jusqu’au"),
        (timedelta(days=60), Niveau.BON, "Valable jusqu’au"),
        (timedelta(days=59, hours=23), Niveau.PREVOIR, "encore 59 jours"),
        (timedelta(days=30), Niveau.PREVOIR, "encore 30 jours"),
        (timedelta(days=29, hours=23), Niveau.COMMANDER, "encore 29 jours"),
        (timedelta(days=6, hours=23), Niveau.URGENT, "encore 6 jours"),
        (timedelta(days=1), Niveau.URGENT, "encore 1 jour."),
        (timedelta(0), Niveau.URGENT, "moins d’un jour"),
        (timedelta(seconds=-1), Niveau.EXPIRE, "Expiré depuis"),
    ],
    ids=str,
)
def test_the_end_of_a_certificate_is_announced_at_sixty_thirty_and_seven_days(left, niveau, dit):
    found = time_left(make("DOCTEUR", MIDDLE, end=NOW + left).certificate, NOW)
    assert (found.niveau, dit in found.phrase) == (niveau, True)
    assert bool(found.conseil) is (niveau is not Niveau.BON)


def test_a_certificate_of_tomorrow_is_not_of_today():
    found = time_left(make("DOCTEUR", MIDDLE, start=NOW + DAY).certificate, NOW)
    assert (found.niveau, found.niveau.valable) == (Niveau.PAS_ENCORE, False)
