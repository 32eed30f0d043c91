"""Each dossier of the start, as a practice meets it: what TD0.2 says, whether it may be fed, what may be read."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from dataclasses import dataclass

import pytest
from lxml import etree

from opensegur.foundation.schemas import load_schema
from opensegur.sandbox.dmp.depot import Depot
from opensegur.sandbox.dmp.graines import seed
from opensegur.sandbox.population.annuaire import load_population
from opensegur.sandbox.population.personnes import load_personnes
from opensegur.sandbox.state import SCENARIO_DEMO

UNIQUE = "{*}ExternalIdentifier[@identificationScheme='urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab']"
FIND, LOTS = "14d4debf-8f97-4251-9a74-a90016b0af0d", "f26abbcb-ac74-4422-8a30-edb644bbc1a9"


@dataclass(frozen=True)
class Attendu:
    """``statut``: of the dossier; ``autorisation``: of Dr MARCHAND; ``lus``: the titles that she may read."""

    statut: str
    autorisation: str = "NON_EXISTE"
    mt: str = "false"
    alimente: str = ""
    lus: int = 0
    lots: int = 0


# written by hand: what the demonstration promises of each
ATTENDUS = {
    "222021207090089": Attendu("active", "VALIDE", "true", lus=4, lots=4),
    "181043527290008": Attendu("active"),
    "282055730490020": Attendu("active", "INTERDIT"),
    "223010306890036": Attendu("active"),
    "111054614490013": Attendu("active"),
    "296109939690079": Attendu("terminated", alimente="DMPClosed"),
    "174024512390057": Attendu("", alimente="XDSUnknownPatientId"),
    "195026411990090": Attendu("active", "EXPIRE"),
    "295058615190086": Attendu("active", alimente="DMPAccessDeniedByRightsService"),
    "175027620090062": Attendu("active"),
    "151031812790063": Attendu("active", "VALIDE", lus=1, lots=1),
    "179031812790049": Attendu("active"),
    "219047711290066": Attendu("active"),
    "187016322090478": Attendu("terminated", alimente="DMPClosed"),
    "101066322090308": Attendu("", alimente="XDSUnknownPatientId"),
}


@pytest.fixture(scope="module")
def depart():
    """The tables of the start, read only."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    Depot(connection).create()
    seed(connection, SCENARIO_DEMO)
    return connection


@pytest.fixture
def cabinet(trousseau, outils, depart, tmp_path):
    """The workshop over a copy of the dossiers of the start and the people of the sandbox."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    atelier = outils.Atelier(trousseau, connection)
    depart.backup(connection)
    atelier.peuple = load_population("test", tmp_path)
    return atelier


def bearer(outils, ins, porteur=None):
    oid = next(person.oid for person in load_personnes("test") if person.ins == ins)
    return (porteur or outils.AIR).but(ins=ins, oid=oid)


def line(root, key, attribute):
    found = root.xpath(f"//*[local-name()='attentionLine'][*/@code='{key}']/*[local-name()='value']/@{attribute}")
    return found[0] if found else ""


@pytest.mark.parametrize("ins", ATTENDUS)
def test_what_td02_says(cabinet, outils, ins):
    attendu = ATTENDUS[ins]
    porteur = bearer(outils, ins)
    answer = cabinet.send("patients", outils.demographics(ins, oid=porteur.oid), porteur)
    assert outils.code_of(answer) == ("" if attendu.statut else "DMPPatientNotFound")
    root = outils.root_of(answer)
    found = root.find(".//{*}patient/{*}statusCode")
    assert (found.get("code") if found is not None else "") == attendu.statut
    if attendu.statut == "active":
        assert line(root, "AUTORISATION", "code") == attendu.autorisation
        assert line(root, "STATUT_MT", "value") == attendu.mt
    assert root.find(".//{*}queryResponseCode").get("code") == ("OK" if attendu.statut else "NF")


@pytest.mark.parametrize("ins", ATTENDUS)
def test_whether_it_is_fed(cabinet, outils, ins):
    porteur = bearer(outils, ins, outils.Porteur())
    if porteur.oid != outils.OID_TEST:
        pytest.skip("this workshop writes the matricules of test only")
    lot = outils.Lot(docs=[outils.Doc(ins=ins)], ins=ins)
    assert outils.code_of(cabinet.feed(lot, porteur)) == ATTENDUS[ins].alimente


@pytest.mark.parametrize("ins", ATTENDUS)
def test_what_is_found_and_read(cabinet, outils, ins):
    attendu = ATTENDUS[ins]
    porteur = bearer(outils, ins)
    slots = {
        "$XDSDocumentEntryPatientId": f"'{ins}^^^&{porteur.oid}&ISO^NH'",
        "$XDSDocumentEntryStatus": f"('{outils.APPROVED}')",
    }
    answer = cabinet.query(FIND, slots, porteur)
    if attendu.autorisation != "VALIDE":
        assert outils.code_of(answer) in {"DMPAccessDeniedByRightsService", "DMPClosed", "XDSUnknownPatientId"}
        return
    entries = etree.fromstring(answer.corps).findall(".//{*}ExtrinsicObject")
    assert len(entries) == attendu.lus
    for entry in entries:
        uid = entry.find(UNIQUE).get("value")
        read = cabinet.retrieve([uid], porteur)
        assert outils.code_of(read) == ""
        values = {slot.get("name"): slot.findtext(".//{*}Value") for slot in entry.findall("{*}Slot")}
        content = cabinet.depot.contenu(entry.get("id"))
        assert content in read.corps
        assert (values["hash"], values["size"]) == (hashlib.sha1(content).hexdigest(), str(len(content)))
    slots = {name.replace("DocumentEntry", "SubmissionSet"): value for name, value in slots.items()}
    lots = cabinet.query(LOTS, slots, porteur)
    assert len(etree.fromstring(lots.corps).findall(".//{*}RegistryPackage")) == attendu.lots


def everything(cabinet):
    for person in load_personnes("test"):
        for fiche in cabinet.depot.fiches_du_patient(person.ins):
            yield person, fiche, cabinet.depot.contenu(fiche.entry_uuid)


def test_the_documents_are_texts_that_anybody_reads(cabinet):
    texts = {}
    for _, fiche, content in everything(cabinet):
        root = etree.fromstring(content)
        body = root.find("{*}component/{*}nonXMLBody/{*}text")
        assert body.get("mediaType") == "text/plain"
        texts[fiche.unique_id] = base64.b64decode(body.text, validate=True).decode("utf-8")
        assert len(texts[fiche.unique_id]) > 40
        assert "exemple fictif" in texts[fiche.unique_id] or "fictif" in texts[fiche.unique_id]
        for place in ("author", "custodian", "legalAuthenticator", "documentationOf", "componentOf"):
            assert root.find(f"{{*}}{place}") is not None, place
    assert len(texts) >= 12


def test_the_entries_follow_the_schema_of_ebrim(cabinet):
    for _, fiche, _ in everything(cabinet):
        response = etree.fromstring(
            '<query:AdhocQueryResponse xmlns:query="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"'
            ' xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"'
            ' status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"><rim:RegistryObjectList/>'
            "</query:AdhocQueryResponse>"
        )
        response[0].append(etree.fromstring(fiche.xml))
        assert load_schema("xds").findings(response) == []


def test_the_masked_document_of_the_start_appears_by_the_patients_leave(cabinet, outils):
    """Dr MARCHAND is neither its author nor treating physician: one patient lets urgent access see it."""
    urgent = outils.AIR.but(usage="centre_15")
    for ins, seen in (("151031812790063", 1), ("179031812790049", 2)):
        porteur = bearer(outils, ins, urgent)
        slots = {
            "$XDSDocumentEntryPatientId": f"'{ins}^^^&{porteur.oid}&ISO^NH'",
            "$XDSDocumentEntryStatus": f"('{outils.APPROVED}')",
        }
        answer = cabinet.query(FIND, slots, porteur)
        assert outils.code_of(answer) == ""
        assert len(etree.fromstring(answer.corps).findall(".//{*}ExtrinsicObject")) == seen


@pytest.mark.parametrize(
    ("usage", "rule"), [("bris_de_glace", "droits.opposition_bris"), ("centre_15", "droits.opposition_urgence")]
)
def test_the_one_who_opposes(cabinet, outils, usage, rule):
    porteur = bearer(outils, "175027620090062", outils.AIR.but(usage=usage, motif="urgence"))
    assert outils.rule_of(cabinet.retrieve(["1.2.3"], porteur)) == rule


def test_the_documents_of_the_minor_hide_from_the_legal_representatives(cabinet):
    found = [fiche for person, fiche, _ in everything(cabinet) if person.ins == "219047711290066"]
    assert len(found) == 1
    assert b'nodeRepresentation="INVISIBLE_REPRESENTANTS_LEGAUX"' in found[0].xml


def test_everybody_else_has_an_open_and_empty_dossier(cabinet):
    known = set(ATTENDUS) | {"279035121518989", "275126322074974"}
    for person in load_personnes("test"):
        if person.ins not in known:
            dossier = cabinet.depot.dossier(person.ins)
            assert dossier is not None
            assert not dossier.ferme
            assert cabinet.depot.fiches_du_patient(person.ins) == []
