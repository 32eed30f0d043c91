"""The client: the message that leaves, against the published schemas and a recorded one; faults; the fence."""

import uuid
from datetime import UTC, datetime
from itertools import count

import pytest
from lxml import etree

from opensegur.foundation.configuration import Profil
from opensegur.foundation.errors import InvalidValue, RefusedInput, TransportError
from opensegur.foundation.ports import FixedClock, HttpResponse
from opensegur.foundation.schemas import load_schema
from opensegur.foundation.soap import NS_SOAP12, NS_WSA, read_envelope
from opensegur.foundation.testing import ScriptedTransport
from opensegur.foundation.xml import parse
from opensegur.ins import CodeRetour, InsiClient, InsiError, InsiFault, RequeteTraits, Severite, Sexe
from opensegur.ins.requete import ACTION_TRAITS, NS_CTXBAM, NS_CTXLPS
from opensegur.ins.testing import (
    ADRTROIS,
    ADRUN,
    LPS,
    PAT_TROIS,
    URL,
    answer,
    fault,
    response,
    scripted_client,
)

REQUEST = RequeteTraits.from_traits(ADRTROIS.traits)


def sent(script):
    return read_envelope(parse(script.requests[0].body))


def test_one_identity_is_found():
    client, script = scripted_client(answer(CodeRetour.UNE, ADRTROIS.individu))
    reply = client.search_by_traits(REQUEST)
    assert reply.code is CodeRetour.UNE
    assert reply.individu == ADRTROIS.individu
    assert reply.raw_request == script.requests[0].body
    assert b"RESULTAT" in reply.raw_answer
    assert "ADRTROIS" not in repr(reply)


def test_the_request_is_a_soap_1_2_post():
    client, script = scripted_client(answer(CodeRetour.AUCUNE))
    client.search_by_traits(REQUEST)
    request = script.requests[0]
    assert (request.method, request.url) == ("POST", URL)
    assert request.headers["Content-Type"].startswith("application/soap+xml; charset=utf-8")
    assert "ADRTROIS" not in request.url


@pytest.mark.parametrize(
    ("schema", "tag"),
    [
        ("insi/contexte-bam", f"{{{NS_CTXBAM}}}ContexteBAM"),
        ("insi/contexte-lps", f"{{{NS_CTXLPS}}}ContexteLPS"),
    ],
)
def test_the_contexts_fit_the_published_schemas(schema, tag):
    client, script = scripted_client(answer(CodeRetour.AUCUNE))
    client.search_by_traits(REQUEST)
    block = next(block for block in sent(script).headers if block.tag == tag)
    assert load_schema(schema).findings(block) == []


def test_the_body_fits_the_published_schema():
    client, script = scripted_client(answer(CodeRetour.AUCUNE))
    client.search_by_traits(RequeteTraits.from_traits(ADRTROIS.traits, with_lieu=True))
    assert load_schema("insi/recsans").findings(sent(script).body) == []


def test_the_addressing_is_what_insi_expects():
    client, script = scripted_client(answer(CodeRetour.AUCUNE))
    client.search_by_traits(REQUEST)
    envelope = sent(script)
    assert envelope.action == ACTION_TRAITS
    assert envelope.message_id.startswith("uuid:")
    uuid.UUID(envelope.message_id.removeprefix("uuid:"))
    assert envelope.to == ""


def canonical(element):
    """Elements with their text, whatever prefixes and order of the header blocks."""
    header = element.find(f"{{{NS_SOAP12}}}Header")
    header[:] = sorted(header, key=lambda block: block.tag)
    return [
        (node.tag, (node.text or "").strip(), sorted((k, v) for k, v in node.attrib.items() if NS_SOAP12 not in k))
        for node in element.iter(etree.Element)
    ]


@pytest.mark.fixtures
def test_our_message_is_the_recorded_one(official):
    recorded = parse((official / "ins/soap/requests/envelope_RECSANSVITALE_tls_mutuel.xml").read_bytes())
    uuids = iter(["1f7425e2-b913-415c-adaa-785ee1076a70", "b3549edd-4ae9-472a-b26f-fd2fb4ef397f"])
    script = ScriptedTransport([response(answer(CodeRetour.AUCUNE))])
    client = InsiClient(
        script,
        URL,
        LPS,
        "EMETTEUR-TEST",
        FixedClock(datetime(2020, 1, 1, tzinfo=UTC)),
        new_uuid=lambda: uuid.UUID(next(uuids)),
    )
    client.search_by_traits(REQUEST)
    assert canonical(parse(script.requests[0].body)) == canonical(recorded)


def test_each_call_has_its_own_identifiers():
    numbers = count(1)
    script = ScriptedTransport([response(answer(CodeRetour.AUCUNE))] * 2)
    clock = FixedClock(datetime(2020, 1, 1, tzinfo=UTC))
    client = InsiClient(script, URL, LPS, "E", clock, new_uuid=lambda: uuid.UUID(int=next(numbers)))
    client.search_by_traits(REQUEST)
    client.search_by_traits(REQUEST)
    identifiers = [parse(request.body).findtext(f".//{{{NS_WSA}}}MessageID") for request in script.requests]
    assert len(set(identifiers)) == 2


@pytest.mark.fixtures
@pytest.mark.parametrize(
    ("name", "expected", "message"),
    [
        (
            "live_fault_siram_40_insi_102",
            ("insi_102", "siram_40", Severite.FATALE, True),
            "difficulté technique",
        ),
        ("live_fault_siram_100_desir_550", ("desir_550", "siram_100", Severite.ERREUR, False), "IDAM"),
    ],
)
def test_recorded_faults(official, name, expected, message):
    data = (official / "ins/soap/responses" / f"{name}.xml").read_bytes()
    client, _ = scripted_client(HttpResponse(500, {"content-type": "application/soap+xml"}, data))
    with pytest.raises(InsiFault) as caught:
        client.search_by_traits(REQUEST)
    error = caught.value
    assert (error.code, error.sous_code, error.severite, error.retryable) == expected
    assert message in error.message
    assert error.conseil


@pytest.mark.parametrize(
    ("subcode", "code", "expected"),
    [
        ("siram_100", "DESIR_560", "INSI-AUTO ou INSI-MANU"),
        ("siram_100", "insi_24", "sexe"),
        ("siram_40", "insi_999", "plus tard"),
        ("siram_100", "desir_999", "éditeur"),
    ],
)
def test_a_fault_is_explained_by_its_code_or_its_subcode(subcode, code, expected):
    client, _ = scripted_client(fault(subcode, code))
    with pytest.raises(InsiFault) as caught:
        client.search_by_traits(REQUEST)
    assert caught.value.code == code.lower()
    assert expected in caught.value.conseil


def test_an_unknown_fault_keeps_the_text_of_the_service():
    client, _ = scripted_client(fault("siram_77", "insi_777", "Texte du service", severite="inconnue", sender=False))
    with pytest.raises(InsiFault) as caught:
        client.search_by_traits(REQUEST)
    assert "Texte du service" in caught.value.message
    assert caught.value.retryable
    assert caught.value.severite is Severite.ERREUR


@pytest.mark.parametrize(
    ("rude", "error"),
    [
        (HttpResponse(503, {"content-type": "text/html"}, b"<html>"), TransportError),
        (HttpResponse(200, {"content-type": "text/html"}, b"<html>"), RefusedInput),
        (HttpResponse(200, {"content-type": "application/soap+xml"}, b"<a"), RefusedInput),
        (HttpResponse(200, {"content-type": "application/soap+xml"}, b"<!DOCTYPE a><a/>"), RefusedInput),
        (TransportError("TRANSPORT_DELAI", "Trop long.", retryable=True), TransportError),
        (answer("42"), InsiError),
    ],
)
def test_a_rude_service_gives_one_of_our_errors(rude, error):
    client, _ = scripted_client(rude)
    with pytest.raises(error):
        client.search_by_traits(REQUEST)


def test_a_matricule_of_test_stops_at_the_door_of_production():
    client, _ = scripted_client(answer(CodeRetour.UNE, PAT_TROIS.individu), profil=Profil.PRODUCTION)
    with pytest.raises(InvalidValue) as caught:
        client.search_by_traits(RequeteTraits.from_traits(PAT_TROIS.traits))
    assert caught.value.code == "INS_OID_DE_TEST"


def test_the_same_matricule_passes_elsewhere():
    client, _ = scripted_client(answer(CodeRetour.UNE, PAT_TROIS.individu))
    assert client.search_by_traits(RequeteTraits.from_traits(PAT_TROIS.traits)).individu == PAT_TROIS.individu


def test_the_place_stays_out_of_the_first_call():
    assert RequeteTraits.from_traits(ADRUN.traits).lieu_naissance == ""


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (("D’ÆION", "COEUR", Sexe.M, "1987-01-01"), "REQUETE_NOM"),
        (("D'AEION", "CŒUR", Sexe.M, "1987-01-01"), "REQUETE_NOM"),
        (("'T HOOFT", "JAN", Sexe.M, "1987-01-01"), "REQUETE_NOM"),
        (("X", "ANNE--MARIE", Sexe.F, "1987-01-01"), "REQUETE_NOM"),
        (("X", "", Sexe.F, "1987-01-01"), "REQUETE_NOM"),
        (("X", "Y", Sexe.I, "1987-01-01"), "REQUETE_SEXE"),
        (("X", "Y", Sexe.F, "01/01/1987"), "DATE_FORMAT"),
        (("X", "Y", Sexe.F, "1987-01-01", "PARIS"), "LIEU_COG"),
    ],
)
def test_what_insi_would_refuse_does_not_leave(values, code):
    with pytest.raises(InvalidValue) as caught:
        RequeteTraits(*values)
    assert caught.value.code == code


def test_a_lunar_date_may_be_searched():
    assert RequeteTraits("X", "Y", Sexe.F, "1942-19-01").date_naissance == "1942-19-01"
