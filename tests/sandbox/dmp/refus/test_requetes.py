"""Searches and readings that are refused: the query, its parameters, the rights, the patient's decisions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from opensegur.sandbox.dmp.depot import Dossier
from opensegur.sandbox.dmp.lecture_requete import parse_value
from opensegur.sandbox.regles import Refus

DENIED = "DMPAccessDeniedByRightsService"
FIND = "14d4debf-8f97-4251-9a74-a90016b0af0d"
LOTS = "f26abbcb-ac74-4422-8a30-edb644bbc1a9"
GET = "5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
ASSOCIATIONS = "a7ae438b-4bc2-4642-93e9-be891f7bb155"
GET_LOT = "e8e3cb2c-e39c-46b9-99e4-c12f57260b83"
RELATED = "d90e5407-b356-4d91-a89f-873917b4b0e6"
REFERENCE = "12941a89-e02e-4be5-967c-ce4bfc8fe492"
APPROVED = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"
STATUS, PATIENT = "$XDSDocumentEntryStatus", "$XDSDocumentEntryPatientId"
UUID, UID = "$XDSDocumentEntryEntryUUID", "$XDSDocumentEntryUniqueId"
MINE = "'279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH'"
MISSING, NUMBER, OTHER = "XDSStoredQueryMissingParam", "XDSStoredQueryParamNumber", "XDSRegistryError"
ABSENT, TWICE, VALUE = "requete.absent", "requete.parametre", "requete.valeur"


@pytest.fixture
def lecteur(atelier, outils):
    """A professional who is authorised on the dossier."""
    assert outils.code_of(atelier.authorize()) == ""
    return outils.AIR


def good(**more):
    return {PATIENT: MINE, STATUS: APPROVED} | more


CASES = {
    "unknown query": ("00000000-0000-4000-8000-000000000000", good(), "XDSUnknownStoredQuery", "requete.inconnue"),
    "folders": ("958f3006-baad-4929-a4de-ff1114824431", good(), "XDSUnknownStoredQuery", "requete.inconnue"),
    "no status": (FIND, {PATIENT: MINE}, MISSING, "requete.statut"),
    "no status of lots": (LOTS, {"$XDSSubmissionSetPatientId": MINE}, MISSING, "requete.statut"),
    "no reference": (REFERENCE, good(), MISSING, ABSENT),
    "neither id": (GET, {}, MISSING, ABSENT),
    "both ids": (GET, {UUID: "('urn:uuid:1')", UID: "('1.2.3')"}, NUMBER, TWICE),
    "no uuid": (ASSOCIATIONS, {}, MISSING, ABSENT),
    "no lot": (GET_LOT, {}, MISSING, ABSENT),
    "no type of association": (RELATED, {UID: "'1.2.3'"}, MISSING, ABSENT),
    "patient twice": (FIND, good() | {f"{PATIENT}#2": MINE}, NUMBER, TWICE),
    "patient as a list": (FIND, good() | {PATIENT: f"({MINE})"}, NUMBER, TWICE),
    "status twice": (FIND, good() | {f"{STATUS}#2": APPROVED}, NUMBER, TWICE),
    "class twice": (
        FIND,
        good() | {"$XDSDocumentEntryClassCode": "('10^^1.2')", "$XDSDocumentEntryClassCode#2": "('11^^1.2')"},
        NUMBER,
        TWICE,
    ),
    "date twice": (
        FIND,
        good() | {"$XDSDocumentEntryCreationTimeFrom": "'2026'", "$XDSDocumentEntryCreationTimeFrom#2": "'2025'"},
        NUMBER,
        TWICE,
    ),
    "dates as a list": (FIND, good() | {"$XDSDocumentEntryCreationTimeFrom": "('2026','2025')"}, NUMBER, TWICE),
    "lot as a list": (GET_LOT, {"$XDSSubmissionSetUniqueId": "('1.2','1.3')"}, NUMBER, TWICE),
    "patient of another": (
        FIND,
        good() | {PATIENT: MINE.replace("279035121518989", "184127645108946")},
        "XDSPatientIdDoesNotMatch",
        "requete.patient",
    ),
    "patient of another authority": (
        FIND,
        good() | {PATIENT: MINE.replace("4.10&", "4.8&")},
        "XDSPatientIdDoesNotMatch",
        "requete.patient",
    ),
    "lots of another": (
        LOTS,
        {"$XDSSubmissionSetPatientId": MINE.replace("27903", "27904"), "$XDSSubmissionSetStatus": APPROVED},
        "XDSPatientIdDoesNotMatch",
        "requete.patient",
    ),
    "patient without quotes": (FIND, good() | {PATIENT: MINE.strip("'")}, OTHER, VALUE),
    "patient cut": (FIND, good() | {PATIENT: "'279035121518989'"}, OTHER, VALUE),
    "quote not closed": (FIND, good() | {STATUS: APPROVED.replace("')", ")")}, OTHER, VALUE),
    "quote not doubled": (FIND, good() | {"$XDSDocumentEntryAuthorPerson": "('O'HARA%')"}, OTHER, VALUE),
    "list not closed": (FIND, good() | {STATUS: APPROVED[:-1]}, OTHER, VALUE),
    "empty list": (FIND, good() | {STATUS: "()"}, OTHER, VALUE),
    "empty value": (FIND, good() | {"$XDSDocumentEntryAuthorPerson": "('')"}, OTHER, VALUE),
    "unknown status": (FIND, good() | {STATUS: "('Approved')"}, OTHER, VALUE),
    "code without system": (FIND, good() | {"$XDSDocumentEntryTypeCode": "('11488-4')"}, OTHER, VALUE),
    "date that is none": (FIND, good() | {"$XDSDocumentEntryCreationTimeTo": "'2026-11-25'"}, OTHER, VALUE),
    "month thirteen": (FIND, good() | {"$XDSDocumentEntryServiceStartTimeFrom": "'202613'"}, OTHER, VALUE),
}


@pytest.mark.parametrize("name", CASES)
def test_wrong_queries(atelier, refusee, lecteur, name):
    query, slots, code, rule = CASES[name]
    refusee(lambda: atelier.query(query, slots, lecteur), code, rule)


@pytest.mark.parametrize("text", ["'" * 50_001, "(" * 50_000, "('a'" + ",'a'" * 50_000, "'" + "''" * 50_000])
def test_long_values_are_read_in_linear_time(atelier, refusee, lecteur, text):
    with pytest.raises(Refus) as refused:
        parse_value(text)
    assert refused.value.premier.regle.id == VALUE
    # on the wire they do not come so far: a value has 256 characters at most
    slots = good() | {"$XDSDocumentEntryAuthorPerson": text}
    refusee(lambda: atelier.query(FIND, slots, lecteur), OTHER, "xds.schema_requete")


@pytest.mark.parametrize("kind", ["LeafClassWithRepositoryItem", "RegistryObject"])
def test_ways_to_answer_that_xds_does_not_use(atelier, refusee, lecteur, kind):
    refusee(lambda: atelier.query(FIND, good(), lecteur, retour=kind), OTHER, "requete.retour")


def test_not_of_the_schema(atelier, outils, refusee, lecteur):
    body = f"<query:AdhocQueryRequest {outils.NAMESPACES}><query:Autre/></query:AdhocQueryRequest>"
    refusee(lambda: atelier.send("iti18", body, lecteur), OTHER, "xds.schema_requete")
    body = f"<xds:RetrieveDocumentSetRequest {outils.NAMESPACES}/>"
    refusee(lambda: atelier.send("iti43", body, lecteur), "XDSRepositoryError", "xds.schema_retrait")


def test_too_many_results(atelier, outils, refusee, lecteur):
    atelier.reglages = replace(atelier.reglages, limite_resultats=3)
    atelier.feed(outils.Lot(docs=[outils.Doc(), outils.Doc(), outils.Doc()]))
    refusee(lambda: atelier.query(FIND, good(), lecteur), "XDSTooManyResults", "requete.limite")
    assert outils.code_of(atelier.query(FIND, good(), lecteur, retour="ObjectRef")) == "", "references have no limit"


# readings


def test_unknown_repository_or_document(atelier, outils, refusee, lecteur):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))
    uuid = atelier.depot.fiches(uids=["1.2.3.1"])[0].entry_uuid
    unknown = "XDSDocumentUniqueIdError", "retrait.document"
    refusee(lambda: atelier.retrieve(["1.2.3.1"], lecteur, "1.2.3"), "XDSUnknownRepositoryId", "retrait.depot")
    refusee(lambda: atelier.retrieve(["1.2.3.9"], lecteur), *unknown)
    refusee(lambda: atelier.retrieve([uuid], lecteur), *unknown)
    refusee(lambda: atelier.retrieve(["1.2.3.1' OR '1'='1"], lecteur), *unknown)
    answer = refusee(lambda: atelier.retrieve(["x" * 120], lecteur), *unknown)
    assert b"x" * 65 not in answer.corps, "a refusal does not repeat all that it was sent"


def test_the_document_of_another_patient_does_not_exist(atelier, outils, refusee, lecteur):
    doc = outils.Doc(uid="1.2.3.1", ins=outils.AUTRE_INS)
    atelier.feed(outils.Lot(docs=[doc], ins=outils.AUTRE_INS), outils.Porteur(ins=outils.AUTRE_INS))
    refusee(lambda: atelier.retrieve(["1.2.3.1"], lecteur), "XDSDocumentUniqueIdError", "retrait.document")


def test_a_masked_document_does_not_exist(atelier, outils, refusee):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1", visibilite=("MASQUE_PS",))]))
    other = outils.AIR.but(personne=outils.AUTRE_DR)
    atelier.authorize(other)
    refusee(lambda: atelier.retrieve(["1.2.3.1"], other), "XDSDocumentUniqueIdError", "retrait.document")


def test_more_documents_than_one_request_may_ask(atelier, refusee, lecteur):
    many = [f"1.2.3.{number}" for number in range(101)]
    refusee(lambda: atelier.retrieve(many, lecteur), "XDSRepositoryOutOfResources", "retrait.limite")
    refusee(lambda: atelier.retrieve(many[:100], lecteur), "XDSDocumentUniqueIdError", "retrait.document")


# rights and decisions


def read(atelier, porteur):
    return atelier.retrieve(["1.2.3.1"], porteur)


def search(atelier, porteur):
    ins = porteur.ins or ""
    return atelier.query(FIND, good() | {PATIENT: MINE.replace("279035121518989", ins)}, porteur)


BOTH = pytest.mark.parametrize("ask", [read, search])


@BOTH
def test_a_structure_alone_does_not_consult(atelier, outils, refusee, ask):
    refusee(lambda: ask(atelier, outils.Porteur()), DENIED, "droits.transaction")


@BOTH
def test_no_authorisation(atelier, outils, refusee, ask):
    refusee(lambda: ask(atelier, outils.AIR), DENIED, "droits.autorisation")


@BOTH
def test_an_authorisation_lasts_twelve_months(atelier, outils, refusee, lecteur, ask):
    known = atelier.depot.autorisation(outils.INS, outils.DR.id_nat, "PS")
    assert known.fin.startswith("2027-11-25")
    atelier.depot.save_autorisation(replace(known, fin=outils.MOMENT.isoformat()))
    refusee(lambda: ask(atelier, lecteur), DENIED, "droits.autorisation")


@BOTH
def test_a_block(atelier, outils, refusee, lecteur, ask):
    known = atelier.depot.autorisation(outils.INS, outils.DR.id_nat, "PS")
    atelier.depot.save_autorisation(replace(known, interdit=True))
    refusee(lambda: ask(atelier, lecteur), DENIED, "droits.interdit")
    glass = lecteur.but(usage="bris_de_glace", motif="urgence")
    refusee(lambda: ask(atelier, glass), DENIED, "droits.interdit")


@BOTH
@pytest.mark.parametrize(
    ("usage", "flag", "rule"),
    [
        ("centre_15", "opposition_urgence", "droits.opposition_urgence"),
        ("bris_de_glace", "opposition_bris", "droits.opposition_bris"),
    ],
)
def test_oppositions(atelier, outils, refusee, ask, usage, flag, rule):
    atelier.depot.save_dossier(Dossier(outils.INS, **{flag: True}))
    refusee(lambda: ask(atelier, outils.AIR.but(usage=usage, motif="urgence")), DENIED, rule)


@BOTH
@pytest.mark.parametrize(
    ("name", "code", "rule"),
    [("FERME", "DMPClosed", "dossier.ferme"), ("ABSENT", "XDSUnknownPatientId", "dossier.inconnu_xds")],
)
def test_no_open_dossier(atelier, outils, refusee, ask, name, code, rule):
    refusee(lambda: ask(atelier, outils.AIR.but(ins=getattr(outils, name))), code, rule)


def test_no_patient_at_all(atelier, outils, refusee):
    refusee(lambda: read(atelier, outils.AIR.but(ins=None)), "InvalidSecurityToken", "vihf.patient")
