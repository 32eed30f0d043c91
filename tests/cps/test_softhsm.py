"""Cards of the sandbox on SoftHSM2, through PKCS#11 as a true card is: read, opened, made to sign, taken out."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from opensegur.cps import (
    CardSigner,
    CarteRetiree,
    CodeRefuse,
    CpsError,
    Paire,
    TypeCarte,
    answer_challenge,
    check_challenge,
    new_challenge,
)
from opensegur.dmp import Acteur, DmpClient, DmpError, Mode
from opensegur.dmp.vihf import build_security_header
from opensegur.foundation.echeance import Niveau, time_left
from opensegur.foundation.points import Lps
from opensegur.foundation.ports import HttpResponse
from opensegur.foundation.xml import serialize
from opensegur.ins import parse_matricule
from opensegur.sandbox.app import build_app
from opensegur.sandbox.cartes.modele import PIN, Defaut
from opensegur.sandbox.population.acteurs import CABINET, INFIRMIERE, MEDECIN, PHARMACIENNE, SECRETAIRE

pytestmark = pytest.mark.softhsm
LPS = Lps("OpenSegur", "0.1", "1.2.250.1.999.1", homologation="OSG-000000-tmp1")


def test_before_the_code_a_chip_shows_certificates_and_public_data_alone(atelier):
    atelier.make()
    with atelier.open() as session:
        found = session.read()
        assert (found.type, found.test, found.activites) == (TypeCarte.CPS, True, None)
        assert (found.porteur.id_nat, found.porteur.nom, found.porteur.savoir_faire) == (
            MEDECIN.id_nat,
            MEDECIN.nom,
            "SM26",
        )
        with pytest.raises(CpsError) as asked:
            session.sign(Paire.SIGNATURE, b"message")
        assert asked.value.code == "CPS_PIN_DEMANDE"


def test_after_the_code_it_shows_its_activities_with_their_holes(atelier):
    atelier.make(rangs=(2, 7))
    with atelier.open() as session:
        session.login(PIN)
        activites = session.read().activites
    assert [(each.rang, each.structure().id_nat, each.secteur) for each in activites] == [
        (2, CABINET.id_nat, "SA07"),
        (7, "1189999980", "SA05"),
    ]


@pytest.mark.parametrize(
    ("person", "genre", "kind", "care"),
    [
        (MEDECIN, "", TypeCarte.CPS, True),
        (PHARMACIENNE, "", TypeCarte.CPS, True),
        (INFIRMIERE, "CPF", TypeCarte.CPF, True),
        (SECRETAIRE, "", TypeCarte.CPE, False),
        (SECRETAIRE, "CDE", TypeCarte.CDE, False),
        (SECRETAIRE, "CPA", TypeCarte.CPA, False),
    ],
    ids=["physician", "pharmacist", "student", "secretary", "director", "outside care"],
)
def test_each_kind_of_card_is_read_as_what_it_is(atelier, person, genre, kind, care):
    atelier.make(person, genre)
    with atelier.open() as session:
        found = session.read()
    assert (found.type, found.type.soignant, found.porteur.id_nat) == (kind, care, person.id_nat)


def test_the_names_of_before_are_read_too(atelier):
    atelier.make(ancienne=True)
    with atelier.open() as session:
        porteur = session.read().porteur
    assert (porteur.id_nat, porteur.nom, porteur.prenom) == (MEDECIN.id_nat, "MARCHAND", "CLAIRE")


def test_wrong_codes_are_refused_three_times_and_the_right_one_still_opens(atelier):
    # SoftHSM2 never blocks: the counter is judged on the card in memory
    atelier.make()
    with atelier.open() as session:
        for wrong in ("0000", "1111", "9999"):
            with pytest.raises(CodeRefuse) as refused:
                session.login(wrong)
            assert refused.value.code == "CPS_PIN_FAUX"
        session.login(PIN)
        assert session.sign(Paire.SIGNATURE, b"message")


def test_a_challenge_is_answered_by_the_authentication_key(atelier):
    atelier.make()
    challenge = new_challenge()
    with atelier.open() as session:
        session.login(PIN)
        answer = answer_challenge(session, challenge)
        found = session.read()
    assert check_challenge(found.authentification, challenge, answer)
    assert not check_challenge(found.signature, challenge, answer)


def test_swapped_pairs_are_refused_by_name(atelier):
    atelier.make(defaut=Defaut.INVERSEE)
    with atelier.open() as session:
        session.login(PIN)
        for paire in Paire:
            with pytest.raises(CpsError) as refused:
                session.sign(paire, b"message")
            assert refused.value.code == "CPS_CLES_INVERSEES"


def test_a_card_taken_out_in_the_middle_is_told_and_asks_its_code_when_it_is_back(atelier):
    made = atelier.make()
    with atelier.open() as session:
        session.login(PIN)
        signer = CardSigner(session)
        assert signer.sign(b"avant")
        atelier.lecteur.remove()
        with pytest.raises(CarteRetiree):
            signer.sign(b"pendant")
        with pytest.raises(CarteRetiree):
            signer.sign(b"encore pendant")
        atelier.lecteur.insert(made.nom)
        with pytest.raises(CpsError) as asked:
            signer.sign(b"apres")
        assert asked.value.code == "CPS_PIN_DEMANDE"
        session.login(PIN)
        assert signer.sign(b"apres")


def test_another_card_put_in_instead_does_not_sign_for_the_first(atelier):
    other, first = atelier.make(PHARMACIENNE), atelier.make()
    assert first.nom != other.nom
    with atelier.open() as session:
        session.login(PIN)
        atelier.lecteur.insert(other.nom)
        with pytest.raises(CarteRetiree):
            session.sign(Paire.SIGNATURE, b"message")
        with pytest.raises(CpsError) as refused:
            session.login(PIN)
    assert refused.value.code in {"CPS_AUTRE_CARTE", "CPS_CARTE_RETIREE"}


@pytest.mark.parametrize(
    ("defaut", "niveau"), [(Defaut.EXPIREE, Niveau.EXPIRE), (Defaut.FUTURE, Niveau.PAS_ENCORE)], ids=str
)
def test_a_card_out_of_its_dates_is_read_and_said_so(atelier, defaut, niveau):
    atelier.make(defaut=defaut)
    with atelier.open() as session:
        found = session.read()
    assert {time_left(each, datetime.now(UTC)).niveau for each in (found.authentification, found.signature)} == {
        niveau
    }


def _acteur(session) -> Acteur:
    found = session.read()
    return Acteur(
        found.porteur.professionnel(),
        Mode.DIRECTE,
        datetime.now(UTC),
        structure=found.activites[0].structure(),
    )


def _matricule(atelier):
    patient = atelier.contexte.population.personnes[0]
    return parse_matricule(patient.ins, patient.oid)


@pytest.mark.skipif(
    shutil.which("xmlsec1") is None and not os.environ.get("OPENSEGUR_TOUT_EXIGER"), reason="needs xmlsec1"
)
@pytest.mark.parametrize("hash_name", ["sha256", "sha1"])
def test_xmlsec1_verifies_a_vihf_signed_by_the_card_up_to_the_root(atelier, tmp_path, hash_name):
    atelier.make()
    with atelier.open() as session:
        session.login(PIN)
        security = build_security_header(
            _acteur(session),
            CABINET,
            LPS,
            _matricule(atelier),
            signer=CardSigner(session),
            moment=datetime.now(UTC),
            hash_name=hash_name,
        )
    envelope = etree.Element("{http://www.w3.org/2003/05/soap-envelope}Envelope")
    envelope.append(security)
    message = tmp_path / "vihf.xml"
    message.write_bytes(serialize(envelope))
    pki = atelier.contexte.pki
    persons = pki.folder / "autorites" / "personnes.pem"
    trust = ["--trusted-pem", str(pki.racine), "--untrusted-pem", str(persons)]
    identifier = ["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"]

    def judged() -> int:
        command = ["xmlsec1", "--verify", "--enabled-key-data", "x509", *trust, *identifier, str(message)]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert judged() == 0
    message.write_bytes(message.read_bytes().replace(b"SA07", b"SA05"))
    assert judged() != 0


class CardTransport:
    """The sandbox in this process, on a connection that the card's authentication certificate opened."""

    def __init__(self, application, der):
        async def presenting(scope, receive, send):
            await application({**scope, "extensions": {"tls": {"client_cert": der}}}, receive, send)

        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(presenting), base_url="https://localhost:8443", trust_env=False
        )

    def send(self, request):
        answer = asyncio.run(
            self._client.request(request.method, request.url, headers=dict(request.headers), content=request.body)
        )
        return HttpResponse(answer.status_code, dict(answer.headers), answer.content)


@pytest.mark.parametrize("person", [MEDECIN, INFIRMIERE], ids=["physician", "nurse"])
def test_the_dmp_of_the_sandbox_accepts_a_card_in_direct_mode(atelier, person):
    atelier.make(person)
    with atelier.open() as session:
        session.login(PIN)
        der = session.read().authentification.public_bytes(Encoding.DER)
        client = DmpClient(
            CardTransport(build_app(atelier.contexte), der),
            "https://localhost:8443/si-dmp-server/v2/services",
            CardSigner(session),
            CABINET,
            LPS,
            atelier.contexte.clock,
        )
        found = client.check_existence(_matricule(atelier), _acteur(session))
    assert found is not None


def test_the_dmp_refuses_a_card_that_was_revoked(atelier):
    atelier.make(defaut=Defaut.REVOQUEE)
    with atelier.open() as session:
        session.login(PIN)
        der = session.read().authentification.public_bytes(Encoding.DER)
        client = DmpClient(
            CardTransport(build_app(atelier.contexte), der),
            "https://localhost:8443/si-dmp-server/v2/services",
            CardSigner(session),
            CABINET,
            LPS,
            atelier.contexte.clock,
        )
        with pytest.raises(DmpError) as refused:
            client.check_existence(_matricule(atelier), _acteur(session))
    assert refused.value.code == "DMPInvalidCertificate"


def test_several_threads_sign_with_one_card(atelier):
    atelier.make()
    with atelier.open() as session, ThreadPoolExecutor(4) as pool:
        session.login(PIN)
        signer, module = CardSigner(session), session._module
        looks = [pool.submit(module.readers) for _ in range(20)]
        made = list(pool.map(signer.sign, [b"message"] * 60))
        assert len(set(made)) == 1  # PKCS#1 v1.5 is the same each time
        assert all(look.result() for look in looks)


def test_a_card_made_in_the_same_program_is_seen_at_the_next_look(atelier):
    atelier.make()
    module = atelier.module
    assert any(each.carte_presente for each in module.readers())
    made = atelier.make(PHARMACIENNE)  # which ends the library under the module
    assert made.label in {each.label for each in module.readers()}


def test_the_library_is_found_by_the_environment(atelier, monkeypatch):
    from opensegur.cps import find_library

    assert str(find_library()) == os.environ["OPENSEGUR_PKCS11"]
    monkeypatch.setenv("OPENSEGUR_PKCS11", "/nulle/part.so")
    with pytest.raises(CpsError) as refused:
        find_library()
    assert refused.value.code == "CPS_CRYPTOLIB"
