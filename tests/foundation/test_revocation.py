"""Who is revoked: what lists and OCSP say, what is not believed, and what is too old."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from atelier_igc import DAY, LCR, NOW, OCSP, answer, crl, make, responder
from opensegur.foundation.confiance import Autorites
from opensegur.foundation.errors import TransportError
from opensegur.foundation.lcr import RevocationLists, read_list
from opensegur.foundation.ocsp import ask_status, build_request, read_answer
from opensegur.foundation.ports import FixedClock, HttpRequest, HttpResponse
from opensegur.foundation.revocation import Etat, RevocationError
from opensegur.foundation.verificateur import Verificateur

ROOT = make("RACINE", None, ca=True)
ISSUER = make("AC PERSONNES", ROOT, ca=True, path_length=0)
OTHER = make("AC AUTRE", ROOT, ca=True, path_length=0)
LEAF = make("DOCTEUR", ISSUER).certificate
AWAY = TransportError("TRANSPORT_CONNEXION", "Le service est injoignable.", retryable=True)


class Web:
    """Answers by address, and counts."""

    def __init__(self, **pages: object) -> None:
        self.pages = pages
        self.asked: list[HttpRequest] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(request)
        page = self.pages.get("ocsp" if request.url == OCSP else "lcr", AWAY)
        if isinstance(page, Exception):
            raise page
        if callable(page):
            page = page(request)
        return page if isinstance(page, HttpResponse) else HttpResponse(200, {}, page)


def der(found) -> bytes:
    return found.public_bytes(Encoding.DER)


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM], ids=["DER", "PEM"])
def test_a_list_says_who_is_revoked_and_why(tmp_path, encoding):
    web = Web(lcr=crl(ISSUER, LEAF.serial_number).public_bytes(encoding))
    found = RevocationLists(tmp_path, web).status(LEAF, ISSUER.certificate, NOW)
    assert (found.etat, found.source, found.perimee) == (Etat.REVOQUE, "LCR", False)
    assert "clé compromise" in found.phrase


def test_a_list_is_kept_until_its_next_date_then_fetched_again(tmp_path):
    web = Web(lcr=der(crl(ISSUER)))
    lists = RevocationLists(tmp_path, web)
    for _ in range(3):
        assert lists.status(LEAF, ISSUER.certificate, NOW).etat is Etat.BON
    assert len(web.asked) == 1
    web.pages["lcr"] = der(crl(ISSUER, LEAF.serial_number, start=NOW + DAY))
    assert lists.status(LEAF, ISSUER.certificate, NOW + DAY + timedelta(hours=1)).etat is Etat.REVOQUE
    assert (len(web.asked), len(list(tmp_path.iterdir()))) == (2, 1)


def test_a_list_too_old_is_said_and_still_revokes(tmp_path):
    old = make("ANCIEN", ISSUER).certificate
    RevocationLists(tmp_path, Web(lcr=der(crl(ISSUER, old.serial_number)))).status(LEAF, ISSUER.certificate, NOW)
    later, away = NOW + 3 * DAY, RevocationLists(tmp_path, Web())
    found = away.status(LEAF, ISSUER.certificate, later)
    assert (found.etat, found.perimee) == (Etat.INCONNU, True)
    assert "périmée" in found.phrase
    assert away.status(old, ISSUER.certificate, later).etat is Etat.REVOQUE


def test_a_spoilt_list_is_fetched_again(tmp_path):
    web = Web(lcr=der(crl(ISSUER)))
    lists = RevocationLists(tmp_path, web)
    lists.path_of(LCR).write_bytes(b"abime")
    assert lists.status(LEAF, ISSUER.certificate, NOW).etat is Etat.BON


def test_without_any_way_to_know_nothing_is_taken_for_good(tmp_path):
    bare = make("SANS ADRESSE", ISSUER, published=False).certificate
    for certificate, web in ((bare, Web()), (LEAF, Web()), (LEAF, None), (LEAF, Web(lcr=HttpResponse(404)))):
        assert RevocationLists(tmp_path, web).status(certificate, ISSUER.certificate, NOW).etat is Etat.INCONNU


DELTA = x509.DeltaCRLIndicator(1)
PARTIAL = x509.IssuingDistributionPoint(
    None, None, only_contains_user_certs=False, only_contains_ca_certs=True, only_some_reasons=None,
    indirect_crl=False, only_contains_attribute_certs=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: crl(OTHER), "LCR_AUTORITE"),
        (lambda: crl(ISSUER, signer=OTHER.key), "LCR_SIGNATURE"),
        (lambda: crl(ISSUER, start=NOW + DAY), "LCR_FUTURE"),
        (lambda: crl(ISSUER, extra=((DELTA, True),)), "LCR_FORME"),
        (lambda: crl(ISSUER, extra=((PARTIAL, True),)), "LCR_FORME"),
    ],
    ids=["another authority", "another key", "of tomorrow", "delta", "partial"],
)
def test_a_list_that_is_not_to_be_believed_is_refused_by_name(made, code):
    with pytest.raises(RevocationError) as refused:
        read_list(der(made()), ISSUER.certificate, NOW)
    assert refused.value.code == code


def test_an_authority_that_may_not_sign_lists_is_not_believed():
    silent = make("AC SANS LISTE", ROOT, ca=True, cert_sign=False)
    with pytest.raises(RevocationError) as refused:
        read_list(der(crl(silent)), silent.certificate, NOW)
    assert refused.value.code == "LCR_AUTORITE"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_no_list(data):
    with pytest.raises(RevocationError) as refused:
        read_list(data, ISSUER.certificate, NOW)
    assert refused.value.code == "LCR_ILLISIBLE"


REVOKED, GOOD, UNKNOWN = ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.UNKNOWN


@pytest.mark.parametrize(
    ("status", "etat"),
    [(GOOD, Etat.BON), (REVOKED, Etat.REVOQUE), (UNKNOWN, Etat.INCONNU)],
    ids=lambda item: item.name,
)
@pytest.mark.parametrize("delegated", [False, True], ids=["authority", "responder"])
def test_ocsp_tells_the_state(status, etat, delegated):
    signer = responder(ISSUER) if delegated else None

    def reply(request):
        return der(answer(ocsp.load_der_ocsp_request(request.body), LEAF, ISSUER, signer=signer, status=status))

    found = ask_status(Web(ocsp=reply), LEAF, ISSUER.certificate, NOW)
    assert (found.etat, found.source) == (etat, "OCSP")


CLIENT = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
STRANGER = make("AUTRE DOCTEUR", ISSUER).certificate


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"about": STRANGER}, "OCSP_AUTRE"),
        ({"nonce": b"0123456789abcdef"}, "OCSP_NONCE"),
        ({"start": NOW - 2 * DAY}, "OCSP_PERIMEE"),
        ({"start": NOW + DAY}, "OCSP_PERIMEE"),
        ({"signer": OTHER}, "OCSP_SIGNATURE"),
        ({"signer": make("SIMPLE", ISSUER)}, "OCSP_SIGNATURE"),
        ({"signer": make("CLIENT", ISSUER, extra=((CLIENT, False),))}, "OCSP_SIGNATURE"),
        ({"signer": responder(OTHER)}, "OCSP_SIGNATURE"),
        ({"signer": responder(ISSUER, end=NOW - DAY)}, "OCSP_SIGNATURE"),
    ],
    ids=["another certificate", "replayed", "old", "of tomorrow", "another authority", "not a responder", "a client",
         "another's responder", "expired responder"],
)  # fmt: skip
def test_an_ocsp_answer_that_is_not_to_be_believed_is_refused_by_name(options, code):
    request = build_request(LEAF, ISSUER.certificate)
    made = answer(request, **{"about": LEAF, "issuer": ISSUER, **options})
    with pytest.raises(RevocationError) as refused:
        read_answer(der(made), request, ISSUER.certificate, NOW)
    assert refused.value.code == code


def test_an_answer_without_a_nonce_is_still_dated():
    request = build_request(LEAF, ISSUER.certificate)
    made = answer(request, LEAF, ISSUER, nonce=b"")
    assert read_answer(der(made), request, ISSUER.certificate, NOW).etat is Etat.BON


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_no_ocsp_answer(data):
    with pytest.raises(RevocationError) as refused:
        read_answer(data, build_request(LEAF, ISSUER.certificate), ISSUER.certificate, NOW)
    assert refused.value.code in {"OCSP_ILLISIBLE", "OCSP_REFUS"}


def test_a_certificate_is_judged_whole(tmp_path):
    trust, clock = Autorites((ROOT.certificate,), (ISSUER.certificate,)), FixedClock(NOW)

    def judge(web, certificate=LEAF):
        return Verificateur(trust, tmp_path, transport=web, clock=clock).appraise(certificate)

    fine = judge(Web(lcr=der(crl(ISSUER))))
    assert (fine.utilisable, fine.revocation.source) == (True, "LCR")
    away = judge(Web(ocsp=HttpResponse(500)))
    assert away.utilisable
    gone = judge(
        Web(ocsp=lambda asked: der(answer(ocsp.load_der_ocsp_request(asked.body), LEAF, ISSUER, status=REVOKED)))
    )
    assert gone.refus is not None
    assert (gone.utilisable, gone.refus.code) == (False, "CERT_REVOQUE")
    stranger = judge(None, make("FAUX", OTHER).certificate)
    assert stranger.refus is not None
    assert stranger.refus.code == "CERT_CHAINE"


@pytest.mark.skipif(
    shutil.which("openssl") is None and not os.environ.get("OPENSEGUR_TOUT_EXIGER"), reason="needs openssl"
)
@pytest.mark.parametrize("etat", [Etat.BON, Etat.REVOQUE], ids=str)
def test_openssl_as_the_responder_and_as_the_maker_of_lists(tmp_path, etat):
    """The other side written by others: ``openssl ocsp`` answers our request, ``openssl ca`` writes the list."""
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    root = make("RACINE OPENSSL", None, ca=True, start=now - DAY, end=now + DAY)
    leaf = make("DOCTEUR OPENSSL", root, start=now - DAY, end=now + DAY).certificate
    (tmp_path / "ca.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "ca.key").write_bytes(root.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    serial = f"{leaf.serial_number:X}"
    serial = serial if len(serial) % 2 == 0 else f"0{serial}"
    end = f"{now + DAY:%y%m%d%H%M%S}Z"
    state, when = ("R", f"{now:%y%m%d%H%M%S}Z,keyCompromise") if etat is Etat.REVOQUE else ("V", "")
    (tmp_path / "index.txt").write_text(f"{state}\t{end}\t{when}\t{serial}\tunknown\t/CN=X\n", encoding="ascii")
    (tmp_path / "ca.cnf").write_text(
        "[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=1\n", encoding="ascii"
    )
    request = build_request(leaf, root.certificate)
    (tmp_path / "req.der").write_bytes(der(request))

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=tmp_path, check=True, capture_output=True)

    signer = ("-rsigner", "ca.pem", "-rkey", "ca.key")
    openssl("ocsp", "-index", "index.txt", "-CA", "ca.pem", *signer, "-reqin", "req.der", "-respout", "r.der",
            "-ndays", "1")  # fmt: skip
    moment = datetime.now(UTC)
    assert read_answer((tmp_path / "r.der").read_bytes(), request, root.certificate, moment).etat is etat
    openssl("ca", "-config", "ca.cnf", "-gencrl", "-keyfile", "ca.key", "-cert", "ca.pem", "-out", "l.pem")
    web = Web(lcr=(tmp_path / "l.pem").read_bytes())
    assert RevocationLists(tmp_path / "listes", web).status(leaf, root.certificate, moment).etat is etat
    openssl(
        "ca", "-config", "ca.cnf", "-gencrl", "-md", "sha1", "-keyfile", "ca.key", "-cert", "ca.pem", "-out", "w.pem"
    )
    with pytest.raises(RevocationError) as refused:
        read_list((tmp_path / "w.pem").read_bytes(), root.certificate, moment)
    assert refused.value.code == "LCR_SIGNATURE"
