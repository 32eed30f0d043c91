"""The console: what it shows, what it changes, and whom it answers."""

from __future__ import annotations

import html
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from opensegur.sandbox.console.vues import SERVICES
from opensegur.sandbox.exchanges import Exchange, Issue, Verdict
from opensegur.sandbox.faults import Fault, Nature
from opensegur.sandbox.insi.controle import CATALOGUE
from opensegur.sandbox.regles import Manquement, Standing

PAGES = ("/", "/population", "/regles", "/reglages")
XML = (("content-type", "application/soap+xml"),)


def record(contexte, **changes):
    exchange = Exchange(
        service="insi",
        operation="Recherche",
        moment=datetime(2026, 11, 25, 8, 0, tzinfo=UTC),
        duree_ms=4,
        pair="CN=INSI-MANU,OU=300000099200016,O=CABINET,C=FR",
        methode="POST",
        chemin="/lps",
        statut=200,
        entetes_requete=XML,
        requete=b"<a xmlns='urn:a'><b c='d'>texte</b></a>",
        entetes_reponse=XML,
        reponse=b"<r/>",
        verdict=Verdict(),
        resume={"Nom": "ADRUN"},
    )
    return contexte.exchanges.record(replace(exchange, **changes))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_french_self_contained_and_without_script(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert '<html lang="fr">' in page.text
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("standing", list(Standing))
def test_a_refusal_shows_its_rule_its_standing_and_its_source(client, contexte, standing):
    regle = next(item for item in CATALOGUE.values() if item.standing is standing)
    number = record(contexte, verdict=Verdict(Issue.REFUSEE, (regle.id,), (Manquement(regle, "ici"),)))
    page = client.get(f"/echanges/{number}").text
    for shown in (regle.texte, regle.id, regle.code, standing.libelle, "(ici)"):
        assert shown in page
    assert standing.libelle in client.get("/").text


def test_an_exchange_is_decoded_as_a_tree(client, contexte):
    page = client.get(f"/echanges/{record(contexte)}").text
    assert '<span class="balise">b</span>' in page
    assert "texte" in page
    assert "ADRUN" in page
    assert "INSI-MANU · 300000099200016" in client.get("/").text


def test_a_vihf_is_a_table(client, contexte):
    vihf = (
        b"<e><s:Assertion xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion' IssueInstant='2026-01-01T00:00:00Z'>"
        b"<s:Issuer>CN=X</s:Issuer><s:Subject><s:NameID>899700500012</s:NameID></s:Subject><s:AttributeStatement>"
        b"<s:Attribute Name='VIHF_Version'><s:AttributeValue>3.0</s:AttributeValue></s:Attribute>"
        b"<s:Attribute Name='urn:x:role'><s:AttributeValue><Role xmlns='urn:hl7-org:v3' code='10' displayName='M&#233;decin'"
        b" codeSystem='1.2'/></s:AttributeValue></s:Attribute></s:AttributeStatement></s:Assertion></e>"
    )
    page = client.get(f"/echanges/{record(contexte, service='dmp', requete=vihf)}").text
    assert "<h2>VIHF</h2>" in page
    assert "10 · Médecin · 1.2" in page


@pytest.mark.parametrize(
    ("headers", "body", "shown"),
    [
        ((("content-type", "application/json"),), b'{"a": "\xc3\xa9"}', "é"),
        ((("content-type", "application/x-www-form-urlencoded"),), b"grant_type=code&x=%3Cb%3E", "&lt;b&gt;"),
        ((("content-type", "application/pdf"),), b"%PDF-1.4", "Contenu binaire"),
        (XML, b"<pas ferme", "n&#39;est pas du XML"),
        ((("content-type", "multipart/related; boundary=x"),), b"rien", "rien"),
        ((), b"\x00\x01", "Contenu binaire"),
        ((("content-type", "application/json"),), b"[" * 5000, "[[["),
    ],
)
def test_every_kind_of_body_is_shown(client, contexte, headers, body, shown):
    answer = client.get(f"/echanges/{record(contexte, entetes_requete=headers, requete=body)}")
    assert answer.status_code == 200
    assert shown in answer.text


def test_what_a_client_sends_is_escaped_everywhere(client, contexte):
    evil = "<script>alert(1)</script>"
    number = record(
        contexte,
        operation=evil,
        chemin=evil,
        pair=evil,
        resume={evil: evil},
        entetes_requete=(("content-type", "text/plain"), ("x-evil", evil)),
        requete=evil.encode(),
    )
    for path in ("/", f"/echanges/{number}", f"/population?q={evil}"):
        assert "<script" not in client.get(path).text


def test_the_list_is_filtered_and_paged(client, contexte):
    for number in range(60):
        record(contexte, operation=f"op-{number:02d}", service="psc" if number % 2 else "insi")
    record(contexte, operation="refusee", verdict=Verdict(Issue.REFUSEE))
    page = client.get("/?service=psc").text
    assert "op-01" in page
    assert "op-02" not in page
    assert "op-59" not in client.get("/?verdict=refusee").text
    first = client.get("/").text
    assert "op-00" not in first
    assert "op-00" in client.get("/?avant=12").text
    assert client.get("/?avant=xx&service=inconnu").status_code == 200


def test_an_export_is_one_file_with_the_exact_bytes(client, contexte):
    number = record(contexte)
    answer = client.get(f"/echanges/{number}/export")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == {"echange.json", "requete.xml", "reponse.xml"}
        assert archive.read("requete.xml") == b"<a xmlns='urn:a'><b c='d'>texte</b></a>"
        description = json.loads(archive.read("echange.json"))
    assert description["numero"] == number
    assert description["verdict"]["issue"] == "acceptee"
    assert client.get(f"/echanges/{number}/export").content == answer.content


@pytest.mark.parametrize("path", ["/echanges/999999", "/echanges/x", "/echanges/-1", "/echanges/9999999999999999999"])
def test_an_exchange_that_is_not_kept(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "plus gardé" in answer.text


@pytest.mark.parametrize("asked", ["adrun", "Zoé", "2751263", "1975-12-31", "d'artagnan"])
def test_people_are_found_by_name_matricule_or_date(client, asked):
    page = client.get("/population", params={"q": asked}).text
    assert "ADRUN" in page or "ARTAGNAN" in page


def test_a_fault_is_ordered_shown_and_cancelled(client, contexte):
    answer = client.post(
        "/console/actions/pannes", data={"service": "dmp", "nature": "lent", "reste": "3", "secondes": "0.5"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/reglages")
    assert contexte.faults.waiting() == (Fault("dmp", Nature.SLOW, 3, 0.5),)
    assert "encore 3 requêtes" in client.get("/reglages").text
    client.post("/console/actions/pannes-annuler", data={"service": "dmp"})
    assert contexte.faults.waiting() == ()


def test_the_test_address_answers_in_json(client, contexte):
    assert client.post("/console/essais/pannes", data={"service": "insi", "nature": "plein"}).json() == {"fait": True}
    refused = client.post("/console/essais/pannes", data={"service": "insi", "nature": "autre"})
    assert refused.status_code == 400
    assert refused.json()["code"] == "SANDBOX_ACTION"


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "partir", "moment": "demain"},
        {"action": "autre", "moment": "2026-01-01T00:00"},
        {"action": "avancer", "jours": "beaucoup"},
        {"action": "avancer", "jours": "nan"},
        {"action": "avancer"},
        {"action": "avancer", "jours": "1e300"},
        {"action": "arreter", "moment": "9999-12-31T00:00"},
    ],
)
def test_a_clock_that_cannot_be_read(client, fields):
    assert client.post("/console/actions/horloge", data=fields).status_code == 400


def test_the_clock_is_moved_and_set_right(client, contexte):
    client.post("/console/actions/horloge", data={"action": "arreter", "moment": "2027-02-03T04:05"})
    assert contexte.clock.now() == datetime(2027, 2, 3, 4, 5, tzinfo=UTC)
    assert "horloge arrêtée" in client.get("/").text
    client.post("/console/actions/horloge", data={"action": "avancer", "jours": "1"})
    assert contexte.clock.now() == datetime(2027, 2, 4, 4, 5, tzinfo=UTC)
    client.post("/console/actions/horloge", data={"action": "suivre"})
    assert abs(contexte.clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_switches(client, contexte):
    client.post("/console/actions/reglages", data={"mode": "indulgent", "insi_oid": "cnda", "dialecte": "S"})
    found = contexte.switches
    assert (found.strict, found.insi_oid, found.dialecte) == (False, "cnda", "S")
    assert "Indulgent" in client.get("/").text
    assert client.post("/console/actions/reglages", data={"insi_oid": "autre"}).status_code == 400


def test_a_reset_forgets_the_exchanges(client, contexte):
    record(contexte)
    client.post("/console/actions/remise-a-zero", data={"scenario": "demonstration"})
    assert contexte.exchanges.search() == ()
    assert client.post("/console/actions/remise-a-zero", data={"scenario": "autre"}).status_code == 400


def test_an_unknown_action(client):
    assert client.post("/console/actions/autre").status_code == 404


@pytest.mark.parametrize("path", [*PAGES, "/echanges/1"])
def test_another_host_name_is_refused(client, path):
    assert client.get(path, headers={"host": "malveillant.example"}).status_code == 403


@pytest.mark.parametrize("origin", ["https://malveillant.example", "null", "http://localhost:9999"])
def test_a_form_of_another_site_is_refused(client, contexte, origin):
    answer = client.post("/console/actions/remise-a-zero", headers={"origin": origin})
    assert answer.status_code == 403


def test_our_own_form_is_taken(client):
    answer = client.post("/console/actions/echanges-effacer", headers={"origin": "http://localhost:8080"})
    assert answer.status_code == 303


def test_a_huge_form_changes_nothing(client, contexte):
    client.post("/console/actions/pannes", content=b"service=insi&nature=plein&x=" + b"a" * 30_000)
    assert contexte.faults.waiting() == ()


@pytest.mark.parametrize("name", ["bac-a-sable.css", "AtkinsonHyperlegible-Regular.woff2"])
def test_the_static_files(client, name):
    assert client.get(f"/statique/{name}").status_code == 200


@pytest.mark.parametrize("name", ["OFL.txt", "..%2Fpages.py", "absent.css", "..%5Cpages.css"])
def test_no_other_file_is_given(client, name):
    assert client.get(f"/statique/{name}").status_code == 404


def test_every_rule_of_every_service_is_listed(client):
    page = client.get("/regles").text
    for regle in CATALOGUE.values():
        assert html.escape(regle.texte).replace("&quot;", "&#34;") in page
    assert set(SERVICES) == {"insi", "dmp", "psc", "apcv", "igc", "tls"}
    assert "jeton.grant" not in client.get("/regles?service=insi").text
