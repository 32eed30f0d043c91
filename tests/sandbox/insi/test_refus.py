"""Every refusal of INSi: its code, its rule, and what the console is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from opensegur.sandbox.exchanges import Issue
from opensegur.sandbox.insi.controle import CATALOGUE
from opensegur.sandbox.pki.magasin import ESSAIS
from opensegur.sandbox.population.acteurs import CABINET

ERREUR = "{urn:siram}Erreur"
SOAP = "{http://www.w3.org/2003/05/soap-envelope}"


def fault(answer):
    """The code of siram:Erreur and the subcode."""
    assert answer.status_code == 500, answer.text
    root = etree.fromstring(answer.content)
    subcode = root.findtext(f".//{SOAP}Subcode/{SOAP}Value")
    return root.find(f".//{ERREUR}").get("code"), subcode.partition(":")[2]


def last(contexte):
    return contexte.exchanges.search(limit=1)[0]


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("wsa.message_id", {"message_id": "urn:uuid:b3549edd-4ae9-472a-b26f-fd2fb4ef397f"}),
        ("wsa.message_id", {"message_id": "b3549edd-4ae9-472a-b26f-fd2fb4ef397f"}),
        ("wsa.action", {"action": "urn:ServiceIdentiteCertifiee:1.0.0:autre"}),
        ("wsa.action", {"action": ""}),
        ("wsa.action_corps", {"action": "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale"}),
        ("lps.idam", {"idam": "INCONNU"}),
        ("lps.idam", {"idam": ""}),
        ("lps.nom", {"lps": "logiciel"}),
        ("contexte.emetteur", {"emetteur": "399999999900000"}),
        ("contexte.identifiant", {"id": "1"}),
        ("contexte.temps", {"temps": "2020-01-01T00:00:00Z"}),
        ("contexte.bam", {"temps": "hier"}),
    ],
)
def test_an_envelope_that_breaks_a_rule(insi, contexte, rule, changes):
    code, _ = fault(insi.send(insi.request(**changes)))
    assert code == CATALOGUE[rule].code
    found = last(contexte)
    assert found.verdict.issue is Issue.REFUSEE
    assert [item.regle.id for item in found.verdict.refus] == [rule]
    assert rule in found.verdict.controles


def test_an_unknown_software_answers_as_the_test_service(insi):
    assert fault(insi.send(insi.request(idam="X"))) == ("desir_550", "siram_100")


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        ("trait.nom", ("adrun", "ZOE", "F", "1975-12-31")),
        ("trait.nom", ("", "ZOE", "F", "1975-12-31")),
        ("trait.nom", ("D’ÆION", "COEUR", "M", "1987-01-01")),
        ("trait.nom", ("AD  RUN", "ZOE", "F", "1975-12-31")),
        ("trait.nom", ("-ADRUN", "ZOE", "F", "1975-12-31")),
        ("trait.nom", ("A" * 101, "ZOE", "F", "1975-12-31")),
        ("trait.nom", ("ADRUN2", "ZOE", "F", "1975-12-31")),
        ("trait.prenom", ("ADRUN", "ZOÉ", "F", "1975-12-31")),
        ("trait.prenom", ("ADRUN", "ZOE--LEA", "F", "1975-12-31")),
        ("trait.prenom", ("ADRUN", "ZOE|", "F", "1975-12-31")),
        ("trait.sexe", ("ADRUN", "ZOE", "", "1975-12-31")),
        ("trait.sexe", ("ADRUN", "ZOE", "I", "1975-12-31")),
        ("trait.date", ("ADRUN", "ZOE", "F", "31/12/1975")),
        ("trait.date_future", ("ADRUN", "ZOE", "F", "2999-12-31")),
        ("trait.lieu", ("ADRUN", "ZOE", "F", "1975-12-31", "PARIS12")),
    ],
)
def test_traits_that_are_not_written_as_insi_wants(insi, contexte, rule, asked):
    code, _ = fault(insi.search(*asked))
    assert code == CATALOGUE[rule].code
    assert last(contexte).verdict.refus[0].regle.id == rule


def test_an_empty_sex_has_the_code_of_the_real_service(insi):
    assert fault(insi.search("ADRUN", "ZOE", "", "1975-12-31"))[0] == "insi_24"


@pytest.mark.parametrize("naissance", ["1975-00-00", "1942-19-01", "1975-12-00"])
def test_lunar_and_incomplete_dates_are_searched_not_refused(insi, naissance):
    assert b"<CodeCR>01</CodeCR>" in insi.search("ADRUN", "ZOE", "F", naissance).content


@pytest.mark.parametrize(
    ("usage", "rule"), [("autre-cn", "tls.cn"), ("revoque", "tls.revoque"), ("expire", "tls.expire")]
)
def test_a_certificate_that_is_not_to_be_trusted(insi, tls_client, contexte, usage, rule):
    insi.http = tls_client(contexte.pki.client(ESSAIS, usage))
    assert fault(insi.send(insi.request()))[0] == "desir_560"
    assert last(contexte).verdict.refus[0].regle.id == rule


def test_no_certificate_at_all(insi, tls_client, contexte):
    insi.http = tls_client(None)
    assert fault(insi.send(insi.request()))[0] == "desir_560"
    assert last(contexte).verdict.refus[0].regle.id == "tls.absent"


@pytest.mark.parametrize(("usage", "rule"), [("dmp-auth", "tls.cn"), ("dmp-sign", "tls.usage")])
def test_the_certificate_of_another_service(insi, tls_client, contexte, usage, rule):
    insi.http = tls_client(contexte.pki.client(CABINET.id_nat, usage))
    fault(insi.send(insi.request()))
    assert last(contexte).verdict.refus[0].regle.id == rule


def test_a_card_is_not_the_certificate_of_a_structure(insi, tls_client, contexte):
    insi.http = tls_client(contexte.pki.client("899700500012", "cps-auth"))
    fault(insi.send(insi.request()))
    assert last(contexte).verdict.refus[0].regle.id == "tls.autorite"


def test_a_certificate_expires_on_the_sandbox_clock(insi, contexte):
    contexte.clock.advance(timedelta(days=2000))
    moment = f"{datetime.now(UTC) + timedelta(days=2000):%Y-%m-%dT%H:%M:%SZ}"
    fault(insi.send(insi.request(temps=moment)))
    assert last(contexte).verdict.refus[0].regle.id == "tls.expire"


def test_lenience_notes_the_soft_rules_and_refuses_the_firm_ones(insi, contexte):
    contexte.board.change(replace(contexte.switches, strict=False))
    answer = insi.send(insi.request(message_id="1", emetteur="AUTRE", temps="2020-01-01T00:00:00Z"))
    assert answer.status_code == 200
    tolerated = {item.regle.id for item in last(contexte).verdict.toleres}
    assert tolerated == {"wsa.message_id", "contexte.emetteur", "contexte.temps"}
    assert fault(insi.send(insi.request(idam="X")))[0] == "desir_550"


@pytest.mark.parametrize(
    ("rule", "content_type"),
    [
        ("message.type", "text/xml; charset=utf-8"),
        ("message.type", ""),
        ("message.type", "application/soap+xml;charset=utf-16"),
        ("message.type", ";;;"),
        ("wsa.action_http", 'application/soap+xml;charset=utf-8;action="urn:autre"'),
    ],
)
def test_the_content_type(insi, contexte, rule, content_type):
    fault(insi.send(insi.request(), content_type))
    assert last(contexte).verdict.refus[0].regle.id == rule


HOSTILE = {
    "xml.forme": b"pas du XML",
    "xml.doctype": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "xml.limites": b"<a>" * 60 + b"</a>" * 60,
    "soap.version": b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>',
    "soap.structure": b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>',
    "message.taille": b"<a>" + b" " * 250_000 + b"</a>",
}


@pytest.mark.parametrize("rule", HOSTILE)
def test_hostile_messages(insi, contexte, rule):
    fault(insi.send(HOSTILE[rule]))
    assert last(contexte).verdict.refus[0].regle.id == rule


def test_a_body_against_its_schema(insi, contexte):
    body = insi.traits("ADRUN", "ZOE", "F", "1975-12-31").replace("<i:Sexe>", "<i:Autre/><i:Sexe>")
    fault(insi.send(insi.request(body)))
    assert last(contexte).verdict.refus[0].regle.id == "corps.schema"


def test_a_card_search_without_the_assertion_of_the_card(insi, contexte):
    body = '<v:RECVITALE xmlns:v="http://www.cnamts.fr/INSiRecVit"><v:NomNaissance>X</v:NomNaissance></v:RECVITALE>'
    fault(insi.send(insi.request(body, action="urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale")))
    assert last(contexte).verdict.refus[0].regle.id == "vitale.assertion"


def test_a_card_search_without_a_matricule(insi, contexte):
    contexte.board.change(replace(contexte.switches, strict=False))
    body = '<v:RECVITALE xmlns:v="http://www.cnamts.fr/INSiRecVit"><v:NomNaissance>X</v:NomNaissance></v:RECVITALE>'
    fault(insi.send(insi.request(body, action="urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale")))
    assert last(contexte).verdict.refus[0].regle.id == "vitale.criteres"


def test_a_fault_names_its_request(insi):
    root = etree.fromstring(insi.send(insi.request(idam="X")).content)
    assert root.find(f".//{ERREUR}").get("messageID") == "uuid:b3549edd-4ae9-472a-b26f-fd2fb4ef397f"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
def test_any_bytes_get_a_fault_never_a_failure(insi, contexte, data):
    fault(insi.send(data))
    assert last(contexte).verdict.issue is Issue.REFUSEE


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_envelope_gets_an_answer_never_a_failure(insi, contexte, data):
    good = insi.request()
    start = data.draw(st.integers(0, len(good)))
    stop = data.draw(st.integers(start, min(start + 40, len(good))))
    insi.send(good[:start] + data.draw(st.binary(max_size=10)) + good[stop:])
    assert last(contexte).verdict.issue in {Issue.REFUSEE, Issue.ACCEPTEE}


def test_get_without_wsdl_says_how_to_call(insi):
    answer = insi.http.get("/lps")
    assert answer.status_code == 405
    assert "POST" in answer.text
