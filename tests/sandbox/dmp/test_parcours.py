"""The journey of a practice: does the dossier exist, feed, ask the right to read, search, read, replace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from opensegur.sandbox.dmp.depot import Dossier

DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
UNIQUE = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"


def uid_of(entry):
    return entry.find(f"{{*}}ExternalIdentifier[@identificationScheme='{UNIQUE}']").get("value")


def clinical(entries):
    """The entries apart from the signatures of lots, which their author sees too."""
    return [entry for entry in entries if entry.find("{*}Classification[@nodeRepresentation='E1762']") is None]


def statut(atelier, outils, porteur):
    answer = outils.root_of(atelier.exists(porteur))
    line = "//*[local-name()='attentionLine'][*/@code='AUTORISATION']/*[local-name()='value']/@code"
    return answer.xpath(line)[0]


def test_a_fed_document_is_found_and_read_byte_for_byte(atelier, outils):
    doc = outils.Doc(uid="1.2.250.1.999.4.1")
    assert outils.code_of(atelier.feed(outils.Lot(docs=[doc]))) == ""
    assert outils.code_of(atelier.authorize()) == ""
    entries = atelier.find()
    assert [uid_of(entry) for entry in clinical(entries)] == ["1.2.250.1.999.4.1"]
    answer = atelier.retrieve(["1.2.250.1.999.4.1"])
    assert outils.code_of(answer) == ""
    assert outils.write_cda(doc) in answer.corps


def test_the_registry_gives_what_it_must_give(atelier, outils):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.4", slots={"hash": None, "size": None})]))
    atelier.authorize()
    entry = clinical(atelier.find())[0]
    assert entry.get("id").startswith("urn:uuid:")
    assert entry.get("lid") == entry.get("id")
    assert entry.find("{*}VersionInfo").get("versionName") == "1"
    slots = {slot.get("name"): slot.findtext(".//{*}Value") for slot in entry.findall("{*}Slot")}
    assert slots["repositoryUniqueId"] == "1.2.250.1.213.4.1.1.1.2"
    assert slots["size"].isdigit()
    assert len(slots["hash"]) == 40
    owners = {item.get("classifiedObject") for item in entry.findall("{*}Classification")}
    assert owners == {entry.get("id")}


def test_a_document_is_replaced_once(atelier, outils):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))
    atelier.authorize()
    first = clinical(atelier.find())[0].get("id")
    second = outils.Doc(uid="1.2.3.2", remplace=first, remplace_uid="1.2.3.1")
    assert outils.code_of(atelier.feed(outils.Lot(docs=[second]))) == ""
    assert [uid_of(entry) for entry in clinical(atelier.find())] == ["1.2.3.2"]
    old = atelier.find(Status=f"('{DEPRECATED}')")
    assert [(uid_of(entry), entry.get("status")) for entry in old] == [("1.2.3.1", DEPRECATED)]
    again = outils.Doc(uid="1.2.3.3", remplace=first, remplace_uid="1.2.3.1")
    refused = atelier.feed(outils.Lot(docs=[again]))
    assert outils.code_of(refused) == "XDSRegistryDeprecatedDocumentError"


def test_an_unknown_target_is_not_replaced(atelier, outils):
    doc = outils.Doc(remplace="urn:uuid:00000000-0000-4000-8000-000000000000", remplace_uid="1.2.3.1")
    assert outils.code_of(atelier.feed(outils.Lot(docs=[doc]))) == "XDSReplaceFailed"


def test_the_cda_of_a_replacement_names_what_it_replaces(atelier, outils):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))
    atelier.authorize()
    first = clinical(atelier.find())[0].get("id")
    assert outils.rule_of(atelier.feed(outils.Lot(docs=[outils.Doc(remplace=first)]))) == "cda.remplacement"


def test_the_authorisation_from_none_to_valid_to_expired(atelier, outils):
    assert statut(atelier, outils, outils.AIR) == "NON_EXISTE"
    refused = atelier.retrieve(["1.2.3"])
    assert outils.rule_of(refused) == "droits.autorisation"
    assert refused.content_type.startswith("multipart/related"), (
        "the repository answers in parts even when it refuses"
    )
    atelier.authorize()
    assert statut(atelier, outils, outils.AIR) == "VALIDE"
    known = atelier.depot.autorisation(outils.INS, outils.DR.id_nat, "PS")
    assert known.fin == "2027-11-25T09:00:00+00:00", "twelve months, the default"
    atelier.depot.save_autorisation(replace(known, fin=outils.MOMENT.isoformat()))
    assert statut(atelier, outils, outils.AIR) == "EXPIRE"
    assert outils.rule_of(atelier.retrieve(["1.2.3"])) == "droits.autorisation"
    atelier.authorize()
    assert statut(atelier, outils, outils.AIR) == "VALIDE"


def test_adding_twice_is_idempotent_and_says_so(atelier, outils):
    atelier.authorize()
    again = outils.root_of(atelier.authorize())
    assert again.findtext(".//{*}status") == "DMPOk"
    assert "renouvelée" in again.findtext(".//{*}context")
    assert outils.code_of(atelier.authorize(action="SUPPRESSION")) == ""
    assert outils.code_of(atelier.authorize(action="SUPPRESSION")) == ""
    assert statut(atelier, outils, outils.AIR) == "NON_EXISTE"


def test_the_role_of_treating_physician(atelier, outils):
    assert outils.code_of(atelier.authorize(outils.DIRECT, role="MEDECIN_TRAITANT")) == ""
    answer = outils.root_of(atelier.exists(outils.DIRECT))
    assert answer.xpath("//*[*/@code='STATUT_MT']/*[local-name()='value']/@value") == ["true"]
    assert outils.code_of(atelier.authorize(outils.DIRECT, "SUPPRESSION", "MEDECIN_TRAITANT")) == ""
    assert statut(atelier, outils, outils.DIRECT) == "VALIDE"
    nurse = outils.DIRECT.but(personne=outils.INFIRMIERE, sign="inf-sign", auth="inf-auth")
    assert outils.rule_of(atelier.authorize(nurse, role="MEDECIN_TRAITANT")) == "droits.medecin_traitant"


def block(atelier, outils):
    atelier.authorize()
    known = atelier.depot.autorisation(outils.INS, outils.DR.id_nat, "PS")
    atelier.depot.save_autorisation(replace(known, interdit=True))


def test_a_block_is_the_patients_own(atelier, outils):
    block(atelier, outils)
    assert statut(atelier, outils, outils.AIR) == "INTERDIT"
    assert outils.code_of(atelier.authorize()) == "DMPAccessDeniedByRightsService"
    assert outils.code_of(atelier.authorize(action="SUPPRESSION")) == "DMPAccessDeniedByRightsService"
    assert outils.rule_of(atelier.retrieve(["1.2.3"])) == "droits.interdit"
    assert outils.code_of(atelier.feed()) == "", "feeding needs no authorisation"


@pytest.mark.parametrize(
    ("usage", "flag", "rule"),
    [
        ("centre_15", "opposition_urgence", "droits.opposition_urgence"),
        ("bris_de_glace", "opposition_bris", "droits.opposition_bris"),
    ],
)
def test_urgent_access_stops_at_an_opposition(atelier, outils, usage, flag, rule):
    porteur = outils.AIR.but(usage=usage, motif="urgence vitale")
    assert outils.rule_of(atelier.retrieve(["1.2.3"], porteur)) == "retrait.document"
    atelier.depot.save_dossier(Dossier(outils.INS, **{flag: True}))
    assert outils.rule_of(atelier.retrieve(["1.2.3"], porteur)) == rule


def test_bris_de_glace_asks_for_a_reason_when_strict(atelier, outils):
    porteur = outils.AIR.but(usage="bris_de_glace")
    assert outils.rule_of(atelier.retrieve(["1.2.3"], porteur)) == "vihf.motif"
    atelier.reglages = type(atelier.reglages)(strict=False)
    assert outils.rule_of(atelier.retrieve(["1.2.3"], porteur)) == "retrait.document"
    assert [item.regle.id for item in atelier.dernier.toleres] == ["vihf.motif"]


def test_a_masked_document_exists_only_for_its_author_and_the_treating_physician(atelier, outils):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1", visibilite=("MASQUE_PS",))]))
    other = outils.DIRECT.but(personne=outils.AUTRE_DR, sign="autre-dr-sign", auth="autre-dr-auth")
    atelier.authorize()
    atelier.authorize(other)
    assert [uid_of(entry) for entry in clinical(atelier.find())] == ["1.2.3.1"]
    assert atelier.find(other) == []
    assert outils.code_of(atelier.retrieve(["1.2.3.1"], other)) == "XDSDocumentUniqueIdError"
    atelier.authorize(other, role="MEDECIN_TRAITANT")
    assert [uid_of(entry) for entry in clinical(atelier.find(other))] == ["1.2.3.1"]
    assert outils.code_of(atelier.retrieve(["1.2.3.1"], other)) == ""


def test_who_is_not_in_the_table_of_professions_sees_nothing(atelier, outils):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))
    aide = outils.AIR.but(personne=outils.AIDE)
    atelier.authorize(aide)
    assert atelier.find(aide) == []
    assert outils.code_of(atelier.retrieve(["1.2.3.1"], aide)) == "XDSDocumentUniqueIdError"


def test_the_occupational_physician_searches_and_never_opens(atelier, outils):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))
    porteur = outils.DIRECT.but(personne=outils.DU_TRAVAIL, sign="travail-sign", auth="travail-auth")
    assert outils.rule_of(atelier.retrieve(["1.2.3.1"], porteur)) == "droits.transaction"


@pytest.mark.parametrize(
    ("ins", "code", "status"),
    [("FERME", "", "terminated"), ("ABSENT", "DMPPatientNotFound", None), ("INS", "", "active")],
)
def test_existence(atelier, outils, ins, code, status):
    answer = atelier.exists(outils.AIR.but(ins=getattr(outils, ins)))
    assert outils.code_of(answer) == code
    found = outils.root_of(answer).find(".//{*}patient/{*}statusCode")
    assert (found.get("code") if found is not None else None) == status


@pytest.mark.parametrize(("ins", "code"), [("FERME", "DMPClosed"), ("ABSENT", "XDSUnknownPatientId")])
def test_no_feeding_of_a_closed_or_unknown_dossier(atelier, outils, ins, code):
    number = getattr(outils, ins)
    lot = outils.Lot(docs=[outils.Doc(ins=number)], ins=number)
    assert outils.code_of(atelier.feed(lot, outils.Porteur(ins=number))) == code


def test_the_lists_of_td04_and_td16(atelier, outils):
    atelier.feed()
    atelier.authorize()
    body = (
        '<patientList xmlns="urn:si-dmp-patients"><startDate>20260101000000</startDate>'
        "<dateType>LASTDOC</dateType></patientList>"
    )
    rows = outils.root_of(atelier.send("patientList", body, outils.AIR.but(ins=None))).findall(
        ".//{*}patientlistData"
    )
    assert [row.findtext(".//{*}nationalId") for row in rows] == [outils.INS]
    assert rows[0].findtext("{*}MT") == "false"
    body = '<listAuthorizationByPatient xmlns="urn:si-dmp-habilitations"><mode>ACTIVE</mode></listAuthorizationByPatient>'
    rows = outils.root_of(atelier.send("listAuthorization", body, outils.AIR)).findall(
        ".//{*}listOfAuthorizationByPatient"
    )
    assert [(row.findtext("{*}nationalId"), row.findtext("{*}lastName")) for row in rows] == [
        (outils.DR.id_nat, "MARCHAND")
    ]
    assert rows[0].findtext("{*}codeSpeciality") == "G15_10/SM26"


def test_some_found_some_not_is_a_partial_success(atelier, outils):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))
    atelier.authorize()
    answer = atelier.retrieve(["1.2.3.1", "1.2.3.9"])
    root = outils.root_of(answer)
    assert root.find(".//{*}RegistryResponse").get("status") == "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"
    assert outils.code_of(answer) == "XDSDocumentUniqueIdError"
    assert len(root.findall(".//{*}DocumentResponse")) == 1
    assert outils.code_of(atelier.retrieve(["1.2.3.1"], depot="1.2.3")) == "XDSUnknownRepositoryId"


def test_the_secretary_feeds_for_the_structure(atelier, outils):
    assert outils.code_of(atelier.feed(porteur=outils.CPE)) == ""
    assert outils.rule_of(atelier.retrieve(["1.2.3"], outils.CPE)) == "droits.transaction"


def test_the_right_of_a_secretary_is_the_structures(atelier, outils):
    assert outils.code_of(atelier.authorize(outils.CPE)) == ""
    assert atelier.depot.autorisation(outils.INS, outils.CABINET.id_nat, "STRUCTURE") is not None
    assert statut(atelier, outils, outils.AIR) == "VALIDE"
