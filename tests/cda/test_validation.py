from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from opensegur.cda.locate import NAMESPACES
from opensegur.cda.rules import MAX_PER_RULE
from opensegur.cda.testing import complete_entete, sample_n1, sample_n3
from opensegur.cda.validation import RULES, validate_document
from opensegur.foundation.findings import Severity
from opensegur.foundation.xml import parse, serialize

Mutation = Callable[[etree._Element], None]


def mutated(document: bytes, *mutations: Mutation) -> bytes:
    root = parse(document)
    for mutation in mutations:
        mutation(root)
    return serialize(root)


def at(root: etree._Element, xpath: str) -> list[etree._Element]:
    found = root.xpath(xpath, namespaces=NAMESPACES)
    assert found, f"the mutation finds nothing at {xpath}"
    return found


def remove(xpath: str) -> Mutation:
    def change(root: etree._Element) -> None:
        for element in at(root, xpath):
            element.getparent().remove(element)

    return change


def double(xpath: str) -> Mutation:
    def change(root: etree._Element) -> None:
        for element in at(root, xpath):
            element.addnext(deepcopy(element))

    return change


def attribute(xpath: str, **values: str | None) -> Mutation:
    """Set attributes; ``None`` removes one."""

    def change(root: etree._Element) -> None:
        for element in at(root, xpath):
            for name, value in values.items():
                if value is None:
                    element.attrib.pop(name, None)
                else:
                    element.set(name, value)

    return change


def text(xpath: str, value: str) -> Mutation:
    def change(root: etree._Element) -> None:
        for element in at(root, xpath):
            element.text = value

    return change


def rename(xpath: str, name: str) -> Mutation:
    def change(root: etree._Element) -> None:
        for element in at(root, xpath):
            element.tag = f"{{urn:hl7-org:v3}}{name}"

    return change


def before(xpath: str, xml: str) -> Mutation:
    def change(root: etree._Element) -> None:
        for element in at(root, xpath):
            element.addprevious(fragment(xml))

    return change


def after(xpath: str, xml: str) -> Mutation:
    def change(root: etree._Element) -> None:
        for element in at(root, xpath):
            element.addnext(fragment(xml))

    return change


def fragment(xml: str) -> etree._Element:
    return parse(f'<w xmlns="urn:hl7-org:v3">{xml}</w>'.encode())[0]


HEADER_PERSON = "h:legalAuthenticator/h:assignedEntity/h:assignedPerson/h:name"
PATIENT = "h:recordTarget/h:patientRole/h:patient"
ROLE = "h:recordTarget/h:patientRole"
EVENT = "h:documentationOf/h:serviceEvent"
SETTING = f"{EVENT}/h:performer/h:assignedEntity/h:representedOrganization/h:standardIndustryClassCode"
ENCOUNTER = "h:componentOf/h:encompassingEncounter"
FACILITY = f"{ENCOUNTER}/h:location/h:healthCareFacility"
CUSTODIAN = "h:custodian/h:assignedCustodian/h:representedCustodianOrganization"
BODY = "h:component/h:nonXMLBody"
SECTION = "h:component/h:structuredBody/h:component[1]/h:section"
COPY = "h:component/h:structuredBody/h:component[2]/h:section"

# one mutation at least for each rule; the document is otherwise the complete one
N1_MUTATIONS: list[tuple[str, Mutation]] = [
    ("ENT.REALM", attribute("h:realmCode", code="BE")),
    ("ENT.REALM", remove("h:realmCode")),
    ("ENT.TYPEID", attribute("h:typeId", extension="POCD_HD000041")),
    ("ENT.MODELE.FRANCE", remove("h:templateId[1]")),
    ("ENT.MODELE.CISIS", attribute("h:templateId[2]", extension="2024.01")),
    ("ENT.MODELE.VOLET", remove("h:templateId[3]")),
    ("ENT.ID", remove("h:id")),
    ("ENT.ID", double("h:id")),
    ("ENT.ID", attribute("h:id", root=None)),
    ("ENT.ID.FORME", attribute("h:id", root="urn:oid:1.2.3")),
    ("ENT.ID.FORME", attribute("h:setId", root="urn:uuid:6f1bd8d5-60a5-4e46-8d5c-0f7a2fd4c3ab")),
    ("ENT.ID.DMP", attribute("h:id", extension="1")),
    ("ENT.ID.DMP", attribute("h:id", root="6f1bd8d5-60a5-4e46-8d5c-0f7a2fd4c3ab")),
    ("ENT.TYPE", attribute("h:code", displayName=None)),
    ("ENT.TYPE", remove("h:code")),
    ("ENT.TYPE.JDV", attribute("h:code", code="99999-9")),
    ("ENT.TYPE.JDV", attribute("h:code", codeSystem="1.2.250.1.213.1.1.4.12")),
    ("ENT.TYPE.LIBELLE", attribute("h:code", displayName="Consultation")),
    ("ENT.TITRE", remove("h:title")),
    ("ENT.TITRE", text("h:title", "   ")),
    ("ENT.DATE", attribute("h:effectiveTime", value=None)),
    ("ENT.DATE.PRECISION", attribute("h:effectiveTime", value="20260312")),
    ("ENT.CONFIDENTIALITE", attribute("h:confidentialityCode", displayName=None)),
    ("ENT.CONFIDENTIALITE.MASQUAGE", attribute("h:confidentialityCode", code="MASQUE_PS")),
    ("ENT.CONFIDENTIALITE.JDV", attribute("h:confidentialityCode", code="L")),
    ("ENT.CONFIDENTIALITE.JDV", attribute("h:confidentialityCode", codeSystem="1.2.3")),
    ("ENT.LANGUE", attribute("h:languageCode", code="fr-fr")),
    ("ENT.SETID", remove("h:setId")),
    ("ENT.VERSION", attribute("h:versionNumber", value="0")),
    ("ENT.VERSION", remove("h:versionNumber")),
    ("ENT.COPYTIME", after("h:versionNumber", "<copyTime value='20260312'/>")),
    ("ENT.NULLFLAVOR", attribute("h:componentOf", nullFlavor="UNK")),
    ("ENT.NULLFLAVOR.VALEUR", attribute("h:participant/h:time", nullFlavor="NI")),
    ("ENT.REMPLACEMENT", double("h:relatedDocument")),
    ("ENT.REMPLACEMENT", remove("h:relatedDocument/h:parentDocument/h:id")),
    ("ENT.REMPLACEMENT.VERSION", attribute("h:versionNumber", value="1")),
    ("ENT.CORPS", remove("h:component")),
    ("ENT.ORDRE", before("h:realmCode", "<title>Trop tôt</title>")),
    ("ENT.ORDRE", after(f"{CUSTODIAN}/h:addr", "<telecom value='tel:01'/>")),
    ("PAT.UN", double("h:recordTarget")),
    ("PAT.ID", remove(f"{ROLE}/h:id")),
    ("PAT.INS.UN", double(f"{ROLE}/h:id[1]")),
    ("PAT.INS.FORME", attribute(f"{ROLE}/h:id[1]", extension="2790351215189")),
    ("PAT.INS.CLE", attribute(f"{ROLE}/h:id[1]", extension="279035121518900")),
    ("PAT.INS.ANCIEN", attribute(f"{ROLE}/h:id[2]", root="1.2.250.1.213.1.4.2")),
    ("PAT.TRAITS", remove(f"{PATIENT}/h:birthplace")),
    ("PAT.TRAITS", remove(f"{PATIENT}/h:name/h:given[not(@qualifier)]")),
    ("PAT.TRAITS", remove(f"{PATIENT}/h:name/h:given[@qualifier='BR']")),
    ("PAT.ADRESSE", double(f"{ROLE}/h:addr")),
    ("PAT.NOM", double(f"{PATIENT}/h:name")),
    ("PAT.NOM.NAISSANCE", remove(f"{PATIENT}/h:name/h:family[@qualifier='BR']")),
    ("PAT.NOM.QUALIFICATIF", attribute(f"{PATIENT}/h:name/h:family[2]", qualifier="SP")),
    ("PAT.NOM.QUALIFICATIF", attribute(f"{PATIENT}/h:name/h:family[2]", qualifier=None)),
    ("PAT.PRENOM.QUALIFICATIF", attribute(f"{PATIENT}/h:name/h:given[@qualifier='CL']", qualifier="SP")),
    ("PAT.PRENOM.LISTE", double(f"{PATIENT}/h:name/h:given[not(@qualifier)]")),
    ("PAT.SEXE", attribute(f"{PATIENT}/h:administrativeGenderCode", code="U")),
    ("PAT.SEXE", remove(f"{PATIENT}/h:administrativeGenderCode")),
    ("PAT.NAISSANCE", attribute(f"{PATIENT}/h:birthTime", value=None, nullFlavor="UNK")),
    ("PAT.NAISSANCE.FORME", attribute(f"{PATIENT}/h:birthTime", value="19799999")),
    ("PAT.COG", text(f"{PATIENT}/h:birthplace/h:place/h:addr/h:county", "PARIS")),
    ("PAT.LIEU", rename(f"{PATIENT}/h:birthplace", "birthPlace")),
    ("PAT.REPRESENTANT", remove(f"{PATIENT}/h:guardian/h:guardianPerson")),
    ("AUT.UN", remove("h:author")),
    ("AUT.DATE", remove("h:author/h:time")),
    ("AUT.ID", remove("h:author/h:assignedAuthor/h:id")),
    ("AUT.ID", attribute("h:author/h:assignedAuthor/h:id", extension=None)),
    ("AUT.IDENTITE", remove("h:author/h:assignedAuthor/h:assignedPerson")),
    ("AUT.STRUCTURE", double("h:author/h:assignedAuthor/h:representedOrganization/h:id")),
    ("PS.PROFESSION", attribute("h:author/h:assignedAuthor/h:code", displayName=None)),
    ("PS.PROFESSION.JDV", attribute("h:author/h:assignedAuthor/h:code", code="G15_99")),
    ("PS.RPPS", attribute("h:author/h:assignedAuthor/h:id", extension="810000000018")),
    ("FON.JDV", attribute("h:author/h:functionCode", code="XXX")),
    ("INF.CHOIX", remove("h:informant/h:relatedEntity")),
    ("INF.LIEN", attribute("h:informant/h:relatedEntity", classCode="PRS")),
    ("INF.NOM", remove("h:informant//h:family")),
    ("CUS.UN", remove("h:custodian")),
    ("CUS.ID", double(f"{CUSTODIAN}/h:id")),
    ("CUS.ID", attribute(f"{CUSTODIAN}/h:id", root="1.2.3")),
    ("CUS.UNIQUE", double(f"{CUSTODIAN}/h:telecom")),
    ("DES.ID", attribute("h:informationRecipient/h:intendedRecipient/h:id", extension=None)),
    ("RES.UN", remove("h:legalAuthenticator")),
    ("RES.DATE", remove("h:legalAuthenticator/h:time")),
    ("RES.DATE", attribute("h:authenticator/h:time", value=None)),
    ("RES.SIGNATURE", attribute("h:legalAuthenticator/h:signatureCode", code="X")),
    ("RES.ID", attribute("h:legalAuthenticator/h:assignedEntity/h:id", extension=None)),
    ("RES.ID", double("h:legalAuthenticator/h:assignedEntity/h:id")),
    ("ATT.ID", attribute("h:authenticator/h:assignedEntity/h:id", root="1.2.3")),
    ("PRT.ROLE", attribute("h:participant", typeCode="XXX")),
    ("PRT.DATE", remove("h:participant/h:time")),
    ("PRT.CLASSE", attribute("h:participant/h:associatedEntity", classCode="ASSIGNED")),
    ("ORD.ID", remove("h:inFulfillmentOf/h:order/h:id")),
    ("ACT.UN", remove("h:documentationOf")),
    ("ACT.DATE", remove(f"{EVENT}/h:effectiveTime/h:low")),
    ("ACT.CODE", attribute(f"{EVENT}/h:code", codeSystem=None)),
    ("ACT.EXECUTANT", remove(f"{EVENT}/h:performer")),
    ("ACT.EXECUTANT", attribute(f"{EVENT}/h:performer", typeCode="SPRF")),
    ("ACT.EXECUTANT.ID", double(f"{EVENT}/h:performer/h:assignedEntity/h:id")),
    ("ACT.STRUCTURE", remove(f"{EVENT}/h:performer/h:assignedEntity/h:representedOrganization")),
    ("ACT.CADRE", remove(SETTING)),
    ("ACT.CADRE", attribute(SETTING, displayName=None)),
    ("ACT.CADRE.JDV", attribute(SETTING, code="SA07")),
    ("REN.UN", remove("h:componentOf")),
    ("REN.DATE", remove(f"{ENCOUNTER}/h:effectiveTime")),
    ("REN.CODE", attribute(f"{ENCOUNTER}/h:code", code="ZZZ")),
    ("REN.SORTIE", before(f"{ENCOUNTER}/h:location", "<dischargeDispositionCode code='1' codeSystem='1.2.3'/>")),
    ("REN.PARTICIPANT", before(f"{ENCOUNTER}/h:location", "<encounterParticipant typeCode='ADM'/>")),
    ("REN.SECTEUR", remove(f"{FACILITY}/h:code")),
    ("REN.SECTEUR", attribute(f"{FACILITY}/h:code", displayName=None)),
    ("REN.SECTEUR.JDV", attribute(f"{FACILITY}/h:code", code="AMBULATOIRE")),
    (
        "CON.STATUT",
        before("h:componentOf", "<authorization><consent><statusCode code='active'/></consent></authorization>"),
    ),
    ("TYP.NOM", double(f"{HEADER_PERSON}/h:given")),
    ("TYP.NOM", remove(f"{HEADER_PERSON}/h:family")),
    ("TYP.CIVILITE", text(f"{HEADER_PERSON}/h:prefix", "Mr")),
    ("TYP.TITRE", text(f"{HEADER_PERSON}/h:suffix", "Dr")),
    ("TYP.TELECOM", attribute(f"{ROLE}/h:telecom", value="0102030405")),
    ("TYP.TELECOM", attribute(f"{ROLE}/h:telecom", value="https://exemple.fr")),
    ("TYP.TELECOM", attribute(f"{ROLE}/h:telecom", nullFlavor="UNK")),
    ("TYP.TELECOM.USAGE", attribute(f"{ROLE}/h:telecom", use="BAD")),
    ("TYP.ADRESSE", after(f"{ROLE}/h:addr/h:streetAddressLine[1]", "<city>PARIS</city>")),
    ("TYP.ADRESSE.USAGE", attribute(f"{ROLE}/h:addr", use="WORK")),
    ("TYP.DATE", attribute("h:author/h:time", value="20260312103000+100")),
    ("N1.MODELES", double("h:templateId[3]")),
    ("N1.TEXTE", remove(f"{BODY}/h:text")),
    ("N1.TEXTE", text(f"{BODY}/h:text", "")),
    ("N1.TEXTE", attribute(f"{BODY}/h:text", representation="TXT")),
    ("N1.MEDIA", attribute(f"{BODY}/h:text", mediaType="application/zip")),
    ("N1.MEDIA.HISTORIQUE", attribute(f"{BODY}/h:text", mediaType="image/jpeg")),
    ("COR.BASE64", text(f"{BODY}/h:text", "ceci n’est pas du base64 !")),
    ("COR.PDF", attribute(f"{BODY}/h:text", mediaType="application/pdf")),
]

N3_MUTATIONS: list[tuple[str, Mutation]] = [
    ("N3.MODELE", attribute("h:templateId[3]", root="1.3.6.1.4.1.19376.1.2.20")),
    ("N3.SECTION", remove("h:component/h:structuredBody/h:component")),
    ("N3.TEXTE", remove(f"{SECTION}/h:text")),
    ("N3.ID", attribute(f"{SECTION}//h:observationMedia", ID="p1")),
    ("N3.REFERENCE", attribute(f"{SECTION}//h:content", ID="autre")),
    ("N3.REFERENCE", attribute(f"{SECTION}//h:renderMultiMedia", referencedObject="absente")),
    ("N3.COPIE.TITRE", text(f"{COPY}/h:title", "Copie")),
    ("N3.COPIE.PDF", remove(f"{COPY}/h:entry")),
    ("N3.IMAGE", attribute(f"{SECTION}//h:observationMedia/h:value", mediaType="image/bmp")),
    ("COR.BASE64", text(f"{COPY}//h:value", "%%%")),
    ("COR.PDF", text(f"{COPY}//h:value", "AAAA")),
    ("TYP.TELECOM", attribute(f"{ROLE}/h:telecom", value="0102030405")),
]

NOT_PDFA = attribute(f"{BODY}/h:text", mediaType="application/pdf"), text(f"{BODY}/h:text", "JVBERi0xLjcK")


def rules_found(document: bytes) -> set[str]:
    return {finding.rule for finding in validate_document(document).findings}


@pytest.mark.parametrize(
    ("rule", "mutation"), N1_MUTATIONS, ids=[f"{i}-{r}" for i, (r, _) in enumerate(N1_MUTATIONS)]
)
def test_each_fault_of_an_unstructured_document_is_found(rule: str, mutation: Mutation) -> None:
    assert rule in rules_found(mutated(sample_n1(complete_entete()), mutation))


@pytest.mark.parametrize(
    ("rule", "mutation"), N3_MUTATIONS, ids=[f"{i}-{r}" for i, (r, _) in enumerate(N3_MUTATIONS)]
)
def test_each_fault_of_a_structured_document_is_found(rule: str, mutation: Mutation) -> None:
    assert rule in rules_found(mutated(sample_n3(complete_entete()), mutation))


def test_a_pdf_that_is_no_pdfa_is_a_warning() -> None:
    report = validate_document(mutated(sample_n1(), *NOT_PDFA))
    assert [(finding.rule, finding.severity) for finding in report.findings] == [("N1.PDFA", Severity.WARNING)]
    assert report.ok


def test_every_rule_has_its_mutation() -> None:
    tested = {rule for rule, _ in (*N1_MUTATIONS, *N3_MUTATIONS)} | {"N1.PDFA"}
    assert {rule.id for rule in RULES} == tested


def test_the_rules_are_written_to_be_read() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.message.endswith(".")
        assert rule.repair.endswith(".")
        assert rule.source


@pytest.mark.parametrize("document", [sample_n1(), sample_n1(complete_entete()), sample_n3(complete_entete())])
def test_valid_documents_have_no_finding(document: bytes) -> None:
    assert validate_document(document).findings == ()


def test_a_fault_repeated_without_end_stays_short() -> None:
    many = sample_n1().replace(b'<telecom value="tel:0102030405" use="H"/>', b'<telecom value="0102"/>' * 20_000)
    assert len(validate_document(many).findings) == MAX_PER_RULE


def test_a_finding_says_where_in_readable_words() -> None:
    report = validate_document(mutated(sample_n1(complete_entete()), attribute("h:participant[2]", typeCode="XXX")))
    assert [finding.path for finding in report.errors] == ["/ClinicalDocument/participant[2]"]
    assert not report.ok


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "XML_MALFORMED"),
        (b"<a/>", "CDA_RACINE"),
        (b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "XML_DOCTYPE"),
        (b"<ClinicalDocument/>", "CDA_RACINE"),
        (b'<r xmlns="urn:hl7-org:v3"><ClinicalDocument/><ClinicalDocument/></r>', "CDA_RACINE"),
    ],
)
def test_what_is_no_document_is_said_as_a_finding(data: bytes, rule: str) -> None:
    report = validate_document(data)
    assert [finding.rule for finding in report.findings] == [rule]
    assert not report.ok


def test_an_empty_document_breaks_rules_without_breaking_us() -> None:
    found = rules_found(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>')
    assert {"ENT.ID", "PAT.UN", "AUT.UN", "CUS.UN", "RES.UN", "ACT.UN", "REN.UN", "ENT.CORPS"} <= found


def samples() -> list[str]:
    return [
        "BIO-CR-BIO_2024.01_CR-2nde-intention-PDF.xml",
        "BIO-CR-BIO_2024.01_CRP_non_LOINC.xml",
        "BIO-CR-BIO_2024.01_Electrophorese.xml",
        "BIO-CR-BIO_2024.01_Microbiologie_V1.xml",
        "BIO-CR-BIO_2024.01_Microbiologie_V2.xml",
        "BIO-CR-BIO_2024.01_TSH_1.xml",
        "DOC_NON_STRUCTURE_CDA-R2-N1.xml",
        "IMG-DA-IMG_2024.01_Radiographie_ChevilleGenou.xml",
        "IMG_CR_IMG_2024.01.xml",
        "IMG_CR_IMG_2024.01_CDA-R2-Niveau-1.xml",
        "IPS-FR_2024.01.xml",
        "LDL-EES_2022.01.xml",
        "LDL-SES_2022.01.xml",
        "VAC-NOTE_2023.01.xml",
        "VAC_2023.01.xml",
        "VSM_1.4_2022.01.xml",
        "eDISP-MED_2024.01.xml",
        "eP-MED-DM_2024.01_PosoNonStruct.xml",
        "eP-MED-DM_2024.01_PosoStruct.xml",
    ]


# a result of this sample has a month 20
_UNREADABLE_DATES = {"BIO-CR-BIO_2024.01_Electrophorese.xml": 1}


@pytest.mark.fixtures
@pytest.mark.parametrize("name", samples())
def test_the_official_samples_have_no_error(official: Path, name: str) -> None:
    report = validate_document((official / "cda" / "samples" / name).read_bytes())
    assert [finding.rule for finding in report.errors] == ["N3.DATE"] * _UNREADABLE_DATES.get(name, 0)


@pytest.mark.fixtures
def test_no_official_sample_is_left_out(official: Path) -> None:
    assert sorted(path.name for path in (official / "cda" / "samples").glob("*.xml")) == sorted(samples())
