"""What a caller may not see is hidden in every search, not only in the first one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

QUERIES = {
    "GetDocuments": ("5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4", "$XDSDocumentEntryUniqueId", "document"),
    "GetDocuments by uuid": ("5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4", "$XDSDocumentEntryEntryUUID", "uuid"),
    "GetAssociations": ("a7ae438b-4bc2-4642-93e9-be891f7bb155", "$uuid", "uuid"),
    "GetAssociations of the lot": ("a7ae438b-4bc2-4642-93e9-be891f7bb155", "$uuid", "lot uuid"),
    "GetDocumentsAndAssociations": ("bab9529a-4a10-40b3-a01f-f68a615d247a", "$XDSDocumentEntryUniqueId", "document"),
    "GetSubmissionSets": ("51224314-5390-4169-9b91-b1980040715a", "$uuid", "uuid"),
    "GetSubmissionSetAndContents": ("e8e3cb2c-e39c-46b9-99e4-c12f57260b83", "$XDSSubmissionSetUniqueId", "lot"),
}
TD31B = ("GetDocuments", "ObjectRef")


@pytest.fixture
def masque(atelier, outils):
    """A lot with one masked document, fed by Dr MARCHAND; both physicians are authorised."""
    doc = outils.Doc(uid="1.2.3.1", visibilite=("MASQUE_PS",))
    assert outils.code_of(atelier.feed(outils.Lot(docs=[doc], uid="1.2.3.100"))) == ""
    for porteur in (outils.AIR, outils.AIR.but(personne=outils.AUTRE_DR)):
        assert outils.code_of(atelier.authorize(porteur)) == ""
    return {
        "document": "1.2.3.1",
        "uuid": atelier.depot.fiches(uids=["1.2.3.1"])[0].entry_uuid,
        "lot": "1.2.3.100",
        "lot uuid": atelier.depot.lot(unique_id="1.2.3.100").entry_uuid,
    }


def objects(atelier, outils, name, porteur, known, retour="LeafClass"):
    query, parameter, key = QUERIES[name]
    value = f"'{known[key]}'" if key == "lot" else f"('{known[key]}')"
    answer = atelier.query(query, {parameter: value}, porteur, retour=retour)
    assert outils.code_of(answer) == ""
    return list(etree.fromstring(answer.corps).find(".//{*}RegistryObjectList"))


# GetDocuments by uniqueId and by reference is TD3.1b: it names an entry already known to whoever asks
@pytest.mark.parametrize(
    ("name", "retour"),
    [(name, retour) for name in QUERIES for retour in ("LeafClass", "ObjectRef") if (name, retour) != TD31B],
)
def test_the_author_sees_it_and_a_colleague_does_not(atelier, outils, masque, name, retour):
    assert objects(atelier, outils, name, outils.AIR, masque, retour)
    colleague = outils.AIR.but(personne=outils.AUTRE_DR)
    assert objects(atelier, outils, name, colleague, masque, retour) == []


@pytest.mark.parametrize("name", QUERIES)
def test_the_treating_physician_sees_it(atelier, outils, masque, name):
    porteur = outils.DIRECT.but(personne=outils.AUTRE_DR, sign="autre-dr-sign", auth="autre-dr-auth")
    assert objects(atelier, outils, name, porteur, masque) == []
    assert outils.code_of(atelier.authorize(porteur, role="MEDECIN_TRAITANT")) == ""
    assert objects(atelier, outils, name, porteur, masque)


def test_its_lot_does_not_betray_it(atelier, outils, masque):
    slots = {
        "$XDSSubmissionSetPatientId": f"'{outils.cx(outils.INS)}'",
        "$XDSSubmissionSetStatus": f"('{outils.APPROVED}')",
    }
    colleague = outils.AIR.but(personne=outils.AUTRE_DR)
    query = "f26abbcb-ac74-4422-8a30-edb644bbc1a9"
    assert etree.fromstring(atelier.query(query, slots, outils.AIR).corps).find(".//{*}RegistryPackage") is not None
    assert etree.fromstring(atelier.query(query, slots, colleague).corps).find(".//{*}RegistryPackage") is None


def test_a_patients_urgent_leave_opens_it_to_any_physician(atelier, outils, masque):
    urgent = outils.AIR.but(personne=outils.AUTRE_DR, usage="centre_15")
    assert outils.code_of(atelier.retrieve(["1.2.3.1"], urgent)) == "XDSDocumentUniqueIdError"
    dossier = atelier.depot.dossier(outils.INS)
    atelier.depot.save_dossier(replace(dossier, masques_en_urgence=True))
    assert outils.code_of(atelier.retrieve(["1.2.3.1"], urgent)) == ""


def test_a_replacement_of_what_is_masked_shows_only_the_new_one(atelier, outils, masque):
    doc = outils.Doc(uid="1.2.3.2", remplace=masque["uuid"], remplace_uid="1.2.3.1")
    assert outils.code_of(atelier.feed(outils.Lot(docs=[doc]))) == ""
    colleague = outils.AIR.but(personne=outils.AUTRE_DR)
    new = atelier.depot.fiches(uids=["1.2.3.2"])[0].entry_uuid
    slots = {
        "$XDSDocumentEntryEntryUUID": f"'{new}'",
        "$AssociationTypes": f"('{outils.RPLC}')",
    }
    query = "d90e5407-b356-4d91-a89f-873917b4b0e6"
    mine = etree.fromstring(atelier.query(query, slots, outils.AIR).corps)
    assert len(mine.findall(".//{*}ExtrinsicObject")) == 2
    assert len(mine.findall(".//{*}Association")) == 1
    his = etree.fromstring(atelier.query(query, slots, colleague).corps)
    assert masque["uuid"].encode() not in etree.tostring(his)
