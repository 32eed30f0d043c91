"""The authorities of the sandbox on the wire: lists and OCSP, judged by openssl; a revocation seen by every service."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import urllib.request
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from opensegur.foundation.confiance import load_authorities
from opensegur.foundation.revocation import Etat
from opensegur.foundation.transport import HttpTransport
from opensegur.foundation.verificateur import Verificateur
from opensegur.sandbox.faults import Fault, Nature
from opensegur.sandbox.igc.traitement import CATALOGUE, LCR_LIFE
from opensegur.sandbox.pki.confiance import Defaut
from opensegur.sandbox.pki.gabarits import Usage, card_name, issue
from opensegur.sandbox.pki.magasin import ESSAIS, ORGANISATIONS, PERSONNES
from opensegur.sandbox.population.acteurs import CABINET, MEDECIN
from opensegur.sandbox.server import SandboxServer

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None and not os.environ.get("OPENSEGUR_TOUT_EXIGER"), reason="needs openssl"
)


def certificate(pair) -> x509.Certificate:
    return x509.load_pem_x509_certificates(pair.certificat.read_bytes())[0]


@pytest.fixture
def carte(contexte) -> x509.Certificate:
    return certificate(contexte.pki.client(MEDECIN.id_nat, "cps-sign"))


@pytest.fixture
def personnes(contexte) -> x509.Certificate:
    return contexte.pki.autorite(PERSONNES, "").certificat


def ask(client, about, issuer, *, autorite=PERSONNES, nonce=b"0123456789abcdef"):
    builder = ocsp.OCSPRequestBuilder().add_certificate(about, issuer, hashes.SHA256())
    request = builder.add_extension(x509.OCSPNonce(nonce), critical=False).build()
    answer = client.post(f"/igc/ocsp/{autorite}", content=request.public_bytes(Encoding.DER))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ocsp-response")
    return ocsp.load_der_ocsp_response(answer.content)


def test_what_is_issued_says_where_its_authority_publishes(carte):
    access = carte.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    found = {each.access_method: each.access_location.value for each in access}
    assert found[AuthorityInformationAccessOID.OCSP] == "http://localhost:8080/igc/ocsp/personnes"
    points = carte.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name[0].value == "http://localhost:8080/igc/lcr/personnes.crl"


def test_ocsp_tells_good_then_revoked_with_its_reason(client, contexte, carte, personnes):
    good = ask(client, carte, personnes)
    assert good.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert good.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"0123456789abcdef"
    contexte.registre.revoke(f"{carte.serial_number:x}", contexte.clock.now(), "vol")
    revoked = ask(client, carte, personnes)
    assert revoked.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert revoked.revocation_reason is x509.ReasonFlags.key_compromise


def test_ocsp_by_get_is_the_same(client, carte, personnes):
    request = ocsp.OCSPRequestBuilder().add_certificate(carte, personnes, hashes.SHA1()).build()
    text = quote(base64.b64encode(request.public_bytes(Encoding.DER)).decode(), safe="")
    answer = ocsp.load_der_ocsp_response(client.get(f"/igc/ocsp/personnes/{text}").content)
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD


def test_ocsp_does_not_know_what_it_did_not_issue(client, contexte, personnes):
    start = contexte.clock.now() - timedelta(days=1)
    unlisted, _ = issue(
        card_name(MEDECIN, "Médecin"), Usage.SIGNATURE, contexte.pki.autorite(PERSONNES, ""), start, 9
    )
    assert ask(client, unlisted, personnes).certificate_status is ocsp.OCSPCertStatus.UNKNOWN


def test_ocsp_answers_for_its_own_authority_alone(client, carte, personnes):
    refused = ask(client, carte, personnes, autorite=ORGANISATIONS)
    assert refused.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


@pytest.mark.parametrize("data", [b"", b"rien", b"\x30\x80", b"x" * 100], ids=["empty", "words", "cut", "long"])
def test_a_request_that_is_none_is_said_malformed(client, data):
    answer = ocsp.load_der_ocsp_response(client.post("/igc/ocsp/personnes", content=data).content)
    assert answer.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_an_authority_that_is_not_ours(client):
    for address in ("/igc/lcr/autre.crl", "/igc/autorites/autre.cer"):
        assert client.get(address).status_code == 404
    assert client.post("/igc/ocsp/autre", content=b"").status_code == 404


def test_the_list_holds_who_was_revoked_from_the_start_and_since(client, contexte, carte):
    initial = certificate(contexte.pki.client(ESSAIS, "revoque"))
    contexte.registre.revoke(f"{carte.serial_number:x}", contexte.clock.now())
    lists = {
        nom: x509.load_der_x509_crl(client.get(f"/igc/lcr/{nom}.crl").content) for nom in (ORGANISATIONS, PERSONNES)
    }
    assert [each.serial_number for each in lists[ORGANISATIONS]] == [initial.serial_number]
    assert [each.serial_number for each in lists[PERSONNES]] == [carte.serial_number]
    for nom, found in lists.items():
        assert found.is_signature_valid(contexte.pki.autorite(nom, "").certificat.public_key())
        assert found.next_update_utc - found.last_update_utc == LCR_LIFE


def test_the_lists_are_dated_by_the_clock_of_the_sandbox(client, contexte):
    contexte.clock.advance(timedelta(days=40))
    found = x509.load_der_x509_crl(client.get("/igc/lcr/personnes.crl").content)
    assert abs(found.last_update_utc - contexte.clock.now()) < timedelta(minutes=1)


def test_an_authority_gives_its_own_certificate(client, personnes):
    assert x509.load_der_x509_certificate(client.get("/igc/autorites/personnes.cer").content) == personnes


def test_the_console_revokes_and_every_service_sees_it_until_the_reset(client, contexte, carte):
    trust, moment = contexte.pki.confiance, contexte.clock.now()
    assert trust.fault_of_signature(carte, moment) is None
    serie = f"{carte.serial_number:x}"
    assert "Révoquer" in client.get("/certificats").text
    page = client.post("/certificats", data={"revoquer": serie, "motif": "situation"})
    assert "changement de situation" in page.text
    assert trust.fault_of_signature(carte, moment) is Defaut.REVOQUE
    client.post("/certificats", data={"retablir": serie})
    assert trust.fault_of_signature(carte, moment) is None
    assert client.post("/console/essais/revoquer", data={"serie": serie[:12]}).json() == {"fait": True}
    assert trust.fault_of_signature(carte, moment) is Defaut.REVOQUE
    contexte.store.reset()
    assert trust.fault_of_signature(carte, moment) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"serie": "abcdef"}, "IGC_SERIE"),
        ({}, "IGC_SERIE"),
        ({"serie": "1", "motif": "humeur"}, "IGC_MOTIF"),
        ({"serie": "________"}, "IGC_SERIE"),
        ({"serie": "%%%%%%%%"}, "IGC_SERIE"),
    ],
    ids=["unknown", "none", "no such reason", "any letters", "anything"],
)
def test_what_cannot_be_revoked_is_said(client, fields, code):
    answer = client.post("/console/essais/revoquer", data=fields)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_each_question_is_an_exchange_of_the_console(client, contexte, carte, personnes):
    ask(client, carte, personnes)
    (found,) = contexte.exchanges.search(service="igc", limit=5)
    assert (found.operation, found.resume["État"]) == ("OCSP", "bon")
    assert set(found.verdict.controles) <= set(CATALOGUE)


@dataclass
class Marche:
    """A sandbox that listens, with the files that openssl wants."""

    serveur: SandboxServer
    http: str
    dossier: Path

    def openssl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["openssl", *arguments], cwd=self.dossier, check=False, capture_output=True, text=True)


@pytest.fixture
def marche(tmp_path) -> Marche:
    server = SandboxServer(tmp_path / "bac")
    with server as addresses:
        pki = server.context.pki
        personnes = pki.autorite(PERSONNES, "").certificat.public_bytes(Encoding.PEM)
        (tmp_path / "personnes.pem").write_bytes(personnes)
        (tmp_path / "ancres.pem").write_bytes(pki.racine.read_bytes() + personnes)
        card = certificate(pki.client(MEDECIN.id_nat, "cps-sign"))
        (tmp_path / "carte.pem").write_bytes(card.public_bytes(Encoding.PEM))
        yield Marche(server, addresses.http, tmp_path)


@needs_openssl
def test_openssl_believes_the_ocsp_answers_and_the_lists(marche):
    context = marche.serveur.context
    card = x509.load_pem_x509_certificate((marche.dossier / "carte.pem").read_bytes())
    access = card.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    address = next(
        each.access_location.value for each in access if each.access_method == AuthorityInformationAccessOID.OCSP
    )
    assert address.startswith(marche.http)

    def judged() -> tuple[str, int]:
        said = marche.openssl(
            "ocsp", "-issuer", "personnes.pem", "-cert", "carte.pem", "-url", address, "-CAfile", "ancres.pem"
        )
        assert "Response verify OK" in said.stderr
        with urllib.request.urlopen(f"{marche.http}/igc/lcr/personnes.crl", timeout=10) as answer:
            crl = x509.load_der_x509_crl(answer.read())
        (marche.dossier / "liste.pem").write_bytes(crl.public_bytes(Encoding.PEM))
        checked = marche.openssl(
            "verify", "-crl_check", "-CAfile", "ancres.pem", "-CRLfile", "liste.pem", "carte.pem"
        )
        return said.stdout.splitlines()[0], checked.returncode

    assert judged() == ("carte.pem: good", 0)
    context.registre.revoke(f"{card.serial_number:x}", context.clock.now(), "vol")
    status, code = judged()
    assert (status, code != 0) == ("carte.pem: revoked", True)


def test_a_certificate_of_a_structure_is_judged_over_the_wire_by_ocsp_then_by_the_list(marche):
    context = marche.serveur.context
    judge = Verificateur(
        load_authorities(context.pki.ancres),
        marche.dossier / "listes",
        transport=HttpTransport(),
        clock=context.clock,
    )
    structure = certificate(context.pki.dmp_sign(CABINET.id_nat))
    fine = judge.appraise(structure)
    assert (fine.utilisable, fine.revocation.etat, fine.revocation.source) == (True, Etat.BON, "OCSP")
    context.faults.order(Fault("igc", Nature.UNAVAILABLE, 1))
    listed = judge.appraise(structure)
    assert (listed.revocation.etat, listed.revocation.source) == (Etat.BON, "LCR")
    context.registre.revoke(f"{structure.serial_number:x}", context.clock.now(), "cessation")
    gone = judge.appraise(structure)
    assert gone.refus is not None
    assert (gone.refus.code, gone.revocation.source) == ("CERT_REVOQUE", "OCSP")
    assert "cessation d’activité" in gone.refus.message
    context.clock.advance(timedelta(days=2))
    context.faults.order(Fault("igc", Nature.UNAVAILABLE, 2))
    stale = judge.appraise(structure)
    assert (stale.utilisable, stale.revocation.etat, stale.revocation.perimee) == (True, Etat.INCONNU, True)
    assert judge.appraise(structure).revocation.etat is Etat.REVOQUE
