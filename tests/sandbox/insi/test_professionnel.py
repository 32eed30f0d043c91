"""A professional asks INSi without the structure's certificate: with a card that signs, or with Pro Santé Connect.

The assertions are the library's, the judge is the sandbox's own.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from opensegur.foundation.certificates import SoftwareSigner
from opensegur.foundation.points import Lps, Profil
from opensegur.foundation.ports import FixedClock, HttpRequest, HttpResponse
from opensegur.ins import (
    AssertionPs,
    CodeRetour,
    Facturation,
    InsiClient,
    InsiFault,
    RequeteTraits,
    Sexe,
    psc_assertion,
    sign_ps,
)
from opensegur.sandbox.pki.gabarits import Usage, issue
from opensegur.sandbox.pki.magasin import ESSAIS, PERSONNES
from opensegur.sandbox.population.acteurs import CABINET, INFIRMIERE, MEDECIN
from opensegur.sandbox.psc.fournisseur import open_provider
from opensegur.sandbox.psc.memoire import Memoire, Octroi

BILLING = Facturation("123456789", "SA05", "01")
ADRUN = RequeteTraits("ADRUN", "ZOE", Sexe.F, "1975-12-31")
LOGICIEL = Lps("Essais", "1.0", "1.2.3", "b3549edd-4ae9-472a-b26f-fd2fb4ef397f", "BAC-A-SABLE-0001")


@dataclass
class InMemory:
    """A ``Transport`` to the application in this process, without a client certificate."""

    http: Any

    def send(self, request: HttpRequest) -> HttpResponse:
        answer = self.http.post("/lps", content=request.body, headers=dict(request.headers))
        return HttpResponse(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, answer.content)


@pytest.fixture
def ask(contexte, tls_client):
    def run(assertion: AssertionPs | None, *, later: timedelta = timedelta(0), emetteur: str = "") -> CodeRetour:
        clock = FixedClock(contexte.clock.now() + later)
        client = InsiClient(
            InMemory(tls_client(None)),
            "https://localhost:8443/lps",
            LOGICIEL,
            emetteur or (assertion.emetteur if assertion else CABINET.id_nat),
            clock,
            profil=Profil.BAC_A_SABLE,
            assertion=assertion,
        )
        return client.search_by_traits(ADRUN).code

    return run


@pytest.fixture
def card(contexte):
    def open_card(person=MEDECIN, usage: str = "cps-auth") -> SoftwareSigner:
        pair = contexte.pki.client(getattr(person, "id_nat", person), usage)
        return SoftwareSigner.from_pem(pair.certificat.read_bytes(), pair.cle.read_bytes())

    return open_card


@pytest.fixture
def token(contexte):
    """The access token of a session of Pro Santé Connect."""

    def open_session(person=MEDECIN, moment=None) -> str:
        moment = moment or contexte.clock.now()
        provider = open_provider(contexte)
        with contexte.store.transaction() as connection:
            memoire = Memoire(connection, moment)
            memoire.open_session("session-1", person.id_nat, "e-CPS")
            session = memoire.session("session-1")
            octroi = Octroi("session-1", "opensegur-demo", "openid scope_all", "")
            return provider.tokens(octroi, session, memoire, _Call(moment))["access_token"]

    return open_session


@dataclass
class _Call:
    moment: Any


def refused(run, code: str) -> None:
    with pytest.raises(InsiFault) as fault:
        run()
    assert fault.value.code == code


def test_a_card_asks_without_any_certificate_of_the_structure(ask, card, contexte):
    assert ask(sign_ps(card(), "CPS", BILLING, contexte.clock.now())) is CodeRetour.UNE


@pytest.fixture
def cpe(contexte):
    """A card of staff, with or without the name of somebody."""

    def make(*, nominative: bool) -> SoftwareSigner:
        authority = contexte.pki.autorite(PERSONNES, "")
        number = "537520275700001/CPAT00045"
        named = [(NameOID.SURNAME, "FAUREL"), (NameOID.GIVEN_NAME, "LOU")] if nominative else []
        parts = [
            [(NameOID.COUNTRY_NAME, "FR")],
            [(NameOID.TITLE, "Personnel")],
            [(NameOID.COMMON_NAME, number), *named],
        ]
        subject = x509.Name(
            x509.RelativeDistinguishedName([x509.NameAttribute(*each) for each in part]) for part in parts
        )
        start = contexte.clock.now().replace(microsecond=0) - timedelta(days=1)
        return SoftwareSigner(*issue(subject, Usage.AUTHENTIFICATION, authority, start, 30, card=2))

    return make


def test_a_card_of_staff_asks_when_it_names_somebody(ask, cpe, contexte):
    assert ask(sign_ps(cpe(nominative=True), "CPE", BILLING, contexte.clock.now())) is CodeRetour.UNE


def test_a_card_that_names_nobody_does_not(ask, cpe, contexte):
    made = sign_ps(cpe(nominative=False), "CPE", BILLING, contexte.clock.now())
    refused(lambda: ask(made), "bas_ps_nominative")


def test_a_session_of_pro_sante_connect_asks_too(ask, token, contexte):
    made = psc_assertion(MEDECIN.id_nat, token(), BILLING, contexte.clock.now())
    assert ask(made) is CodeRetour.UNE


def test_nobody_asks_without_a_certificate_or_an_assertion(ask):
    refused(lambda: ask(None), "desir_560")


def test_a_changed_assertion_is_refused(ask, card, contexte):
    made = sign_ps(card(), "CPS", BILLING, contexte.clock.now())
    element = copy.deepcopy(made.element)
    value = next(each for each in element.iter("{*}AttributeValue") if each.text == "123456789")
    value.text = "999999999"
    refused(lambda: ask(AssertionPs(element, made.emetteur, made.emise)), "bas_ps_signature")


def test_a_signed_assertion_hidden_inside_another_proves_nothing(ask, card, contexte):
    made = sign_ps(card(), "CPS", BILLING, contexte.clock.now())
    outer = copy.deepcopy(made.element)
    value = next(each for each in outer.iter("{*}AttributeValue") if each.text == "123456789")
    value.text = "999999999"
    value.append(copy.deepcopy(made.element))
    refused(lambda: ask(AssertionPs(outer, made.emetteur, made.emise)), "bas_ps_signature")


def test_an_assertion_of_more_than_an_hour_is_refused(ask, card, contexte):
    old = sign_ps(card(), "CPS", BILLING, contexte.clock.now() - timedelta(minutes=61))
    # the library itself would not send it: what the service says is looked at
    tolerant = AssertionPs(old.element, old.emetteur, contexte.clock.now())
    refused(lambda: ask(tolerant), "bas_ps_perimee")


def test_the_signature_pair_of_a_card_does_not_authenticate(ask, card, contexte):
    made = sign_ps(card(usage="cps-sign"), "CPS", BILLING, contexte.clock.now())
    refused(lambda: ask(made), "bas_ps_certificat")


def test_a_revoked_certificate_is_refused(ask, card, contexte):
    made = sign_ps(card(ESSAIS, "revoque"), "CPS", BILLING, contexte.clock.now())
    refused(lambda: ask(made), "bas_ps_certificat")


def test_the_token_must_be_that_of_the_person_named(ask, token, contexte):
    made = psc_assertion(INFIRMIERE.id_nat, token(MEDECIN), BILLING, contexte.clock.now())
    refused(lambda: ask(made), "bas_ps_porteur")


def test_a_token_that_nobody_gave_or_that_expired_is_refused(ask, token, contexte):
    now = contexte.clock.now()
    refused(lambda: ask(psc_assertion(MEDECIN.id_nat, "n-importe-quoi", BILLING, now)), "bas_ps_jeton")
    old = token(moment=now - timedelta(hours=5))
    refused(lambda: ask(psc_assertion(MEDECIN.id_nat, old, BILLING, now)), "bas_ps_jeton")


def test_the_contexts_name_the_same_person(ask, card, contexte):
    made = sign_ps(card(), "CPS", BILLING, contexte.clock.now())
    other = AssertionPs(made.element, CABINET.id_nat, made.emise)
    refused(lambda: ask(other), "bas_emetteur")


def test_the_token_is_kept_out_of_the_exchanges(ask, token, contexte):
    secret = token()
    ask(psc_assertion(MEDECIN.id_nat, secret, BILLING, contexte.clock.now()))
    kept = contexte.exchanges.get(1)
    assert kept is not None
    assert MEDECIN.id_nat in str(kept)
    assert secret not in str(kept)
