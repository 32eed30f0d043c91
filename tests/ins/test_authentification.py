"""Who asks INSi: a card that signs, a Pro Santé Connect session, and what is too old to be sent."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from opensegur.foundation.errors import ConfigurationError, InvalidValue
from opensegur.foundation.points import Profil
from opensegur.foundation.ports import FixedClock
from opensegur.foundation.schemas import load_schema
from opensegur.foundation.soap import read_envelope
from opensegur.foundation.testing import ScriptedTransport, make_signer
from opensegur.foundation.verification import verify_enveloped
from opensegur.foundation.xml import parse, serialize
from opensegur.ins import (
    AssertionPs,
    AuthentificationRefusee,
    CodeRetour,
    Facturation,
    InsiClient,
    RequeteTraits,
    psc_assertion,
    sign_ps,
)
from opensegur.ins.authentification import CARTES
from opensegur.ins.requete import NS_CTXBAM
from opensegur.ins.securite import NS_SAML, NS_WSSE
from opensegur.ins.testing import ADRTROIS, LPS, MOMENT, URL, answer, response

NOM = "00B0000000"
BILLING = Facturation("123456789", "SA05", "01")
NS = {"s": NS_SAML, "wsse": NS_WSSE, "b": NS_CTXBAM}


@pytest.fixture(scope="module")
def card():
    return make_signer(NOM)


def asked(assertion, now=MOMENT):
    """The message and the HTTP headers of a search made with ``assertion``."""
    script = ScriptedTransport([response(answer(CodeRetour.AUCUNE))])
    client = InsiClient(script, URL, LPS, "", FixedClock(now), profil=Profil.TEST, assertion=assertion)
    client.search_by_traits(RequeteTraits.from_traits(ADRTROIS.traits))
    return parse(script.requests[0].body), script.requests[0].headers


def attributes(element):
    return {
        each.get("Name"): each.findtext("s:AttributeValue", namespaces=NS)
        for each in element.iterfind(".//s:Attribute", NS)
    }


@pytest.mark.parametrize("kind", CARTES)
def test_a_card_says_who_asks_and_signs_it(card, kind):
    message, _ = asked(sign_ps(card, kind, BILLING, MOMENT))
    assertions = message.findall(".//wsse:Security/s:Assertion", NS)
    assert len(assertions) == 1
    name = assertions[0].find("s:Subject/s:NameID", NS)
    assert (name.text, name.get("NameQualifier")) == (NOM, kind)
    assert attributes(assertions[0]) == {
        "identifiantFacturation": "123456789",
        "secteurActivite": "SA05",
        "codeSpecialite": "01",
    }
    assert load_schema("saml").findings(assertions[0]) == []
    assert verify_enveloped(assertions[0]) == card.certificate
    issuer = assertions[0].find("s:Issuer", NS)
    assert issuer.get("Format").endswith("X509SubjectName")
    assert f"CN={NOM}" in issuer.text


def test_the_sender_of_the_contexts_is_the_name_of_the_assertion(card):
    message, _ = asked(sign_ps(card, "CPS", BILLING, MOMENT))
    assert {each.text for each in message.iter("{*}Emetteur")} == {NOM}


def test_a_changed_assertion_is_no_longer_signed(card):
    element = sign_ps(card, "CPS", BILLING, MOMENT).element
    element.find("s:Subject/s:NameID", NS).text = "00B9999999"
    with pytest.raises(Exception, match="signature"):
        verify_enveloped(element)


def test_pro_sante_connect_is_unsigned_and_its_token_stays_out_of_the_message():
    made = psc_assertion(NOM, "le-jeton-d-acces", Facturation("123456789", "SA05", "01", "10"), MOMENT)
    message, headers = asked(made)
    assertion = message.find(".//s:Assertion", NS)
    assert assertion.find("{*}Signature") is None
    assert assertion.find("s:Subject/s:NameID", NS).get("NameQualifier") == "PSC"
    assert attributes(assertion) == {
        "identifiantFacturation": "123456789",
        "secteurActivite": "SA05",
        "codeSpecialiteAMO": "01",
        "gipProfessionCode": "10",
    }
    assert load_schema("saml").findings(assertion) == []
    assert headers["Authorization"] == "Bearer le-jeton-d-acces"
    assert b"le-jeton" not in serialize(message)
    assert "le-jeton" not in repr(made)


def test_a_structure_has_no_assertion_and_no_token():
    script = ScriptedTransport([response(answer(CodeRetour.AUCUNE))])
    InsiClient(script, URL, LPS, "E", FixedClock(MOMENT)).search_by_traits(RequeteTraits.from_traits(ADRTROIS.traits))
    assert b"Security" not in script.requests[0].body
    assert "Authorization" not in script.requests[0].headers


@pytest.mark.parametrize("age", [timedelta(minutes=61), timedelta(days=1), timedelta(minutes=-2)])
def test_an_assertion_of_more_than_an_hour_does_not_leave(card, age):
    for made in (sign_ps(card, "CPS", BILLING, MOMENT), psc_assertion(NOM, "jeton", BILLING, MOMENT)):
        with pytest.raises(AuthentificationRefusee) as caught:
            asked(made, MOMENT + age)
        assert caught.value.code == "INSI_PS_PERIMEE"
        assert "plus d’une heure" in caught.value.message
        assert caught.value.conseil


def test_an_assertion_serves_for_an_hour(card):
    made = sign_ps(card, "CPS", BILLING, MOMENT)
    for minutes in (0, 30, 60):
        asked(made, MOMENT + timedelta(minutes=minutes))


def test_an_expired_card_is_told(card):
    with pytest.raises(ConfigurationError) as caught:
        sign_ps(card, "CPS", BILLING, datetime(2060, 1, 1, tzinfo=UTC))
    assert caught.value.code == "CERT_EXPIRED"


@pytest.mark.parametrize("kind", ["", "VITALE", "PSC", "cps"])
def test_another_card_is_refused(card, kind):
    with pytest.raises(InvalidValue) as caught:
        sign_ps(card, kind, BILLING, MOMENT)
    assert caught.value.code == "CARTE_PS"


@pytest.mark.parametrize(("name", "token"), [("", "jeton"), (NOM, " ")])
def test_without_a_session_nothing_is_made(name, token):
    with pytest.raises(InvalidValue) as caught:
        psc_assertion(name, token, BILLING, MOMENT)
    assert caught.value.code == "PSC_JETON"


@pytest.mark.parametrize(
    "values", [("", "SA05"), ("123456789", ""), ("123456789", "SA5"), ("12 34", "SA05", "cardio")]
)
def test_an_incomplete_billing_identity_is_refused(values):
    with pytest.raises(InvalidValue) as caught:
        Facturation(*values)
    assert caught.value.code == "FACTURATION"
    assert caught.value.conseil


@pytest.mark.fixtures
def test_our_assertion_has_the_shape_of_the_recorded_one(official, card):
    recorded = parse((official / "ins/soap/requests/header_Security_assertion_PS_skeleton.xml").read_bytes())
    made = sign_ps(card, "CPS", Facturation("123456789", "SA05"), MOMENT).element
    made.remove(made.find("{*}Signature"))

    def shape(element):
        return [
            (node.tag, sorted(node.attrib), node.get("Name"), node.get("NameQualifier"))
            for node in element.iter(etree.Element)
        ]

    assert shape(made) == shape(recorded[0])


def test_an_assertion_belongs_to_the_public_names():
    assert AssertionPs.__doc__
    assert read_envelope(asked(None)[0]).headers
