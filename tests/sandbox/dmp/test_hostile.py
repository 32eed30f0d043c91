"""Hostile bytes: each is refused with a stable code, a French reason, and never a failure of ours."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

SOAP = "application/soap+xml; charset=utf-8"
BOMB = b'<!DOCTYPE x [<!ENTITY a "a"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
S12 = "http://www.w3.org/2003/05/soap-envelope"
ENVELOPE = f'<s:Envelope xmlns:s="{S12}"><s:Header/><s:Body/></s:Envelope>'.encode()

RAW = {
    "empty": (b"", SOAP, "XML_MALFORMED"),
    "not XML": (b"bonjour", SOAP, "XML_MALFORMED"),
    "cut": (b"<s:Envelope", SOAP, "XML_MALFORMED"),
    "external entity": (XXE, SOAP, "XML_DOCTYPE"),
    "bomb": (BOMB, SOAP, "XML_DOCTYPE"),
    "doctype behind a comment": (b"<?xml version='1.0'?><!-- -->\n" + XXE, SOAP, "XML_DOCTYPE"),
    "deep": (b"<a>" * 5000 + b"</a>" * 5000, SOAP, None),
    "UTF-16": ("<a/>".encode("utf-16"), SOAP, None),
    "declared UTF-7": (b"<?xml version='1.0' encoding='UTF-7'?><a/>", SOAP, "XML_ENCODING"),
    "charset of the header": (b"<a/>", "application/soap+xml; charset=utf-16", "XML_ENCODING"),
    "control characters": (b"<a>\x00\x01</a>", SOAP, "XML_MALFORMED"),
    "bad UTF-8": (b"<a>\xff\xfe</a>", SOAP, "XML_MALFORMED"),
    "no content type": (b"<a/>", "", None),
    "a form": (b"a=b", "application/x-www-form-urlencoded", "CONTENT_TYPE"),
    "JSON": (b"{}", "application/json", "CONTENT_TYPE"),
    "SOAP 1.1 type": (ENVELOPE, "text/xml", "CONTENT_TYPE"),
    "SOAP 1.1 envelope": (
        ENVELOPE.replace(S12.encode(), b"http://schemas.xmlsoap.org/soap/envelope/"),
        SOAP,
        "VersionMismatch",
    ),
    "another root": (b"<a/>", SOAP, "VersionMismatch"),
    "no body": (ENVELOPE.replace(b"<s:Body/>", b""), SOAP, "MESSAGE_STRUCTURE"),
    "empty body": (ENVELOPE, SOAP, "MESSAGE_STRUCTURE"),
    "two elements in the body": (
        ENVELOPE.replace(b"<s:Body/>", b"<s:Body><a/><b/></s:Body>"),
        SOAP,
        "MESSAGE_STRUCTURE",
    ),
    "body first": (
        ENVELOPE.replace(b"<s:Header/><s:Body/>", b"<s:Body><a/></s:Body><s:Header/>"),
        SOAP,
        "MESSAGE_STRUCTURE",
    ),
    "no action": (ENVELOPE.replace(b"<s:Body/>", b"<s:Body><a/></s:Body>"), SOAP, "MessageAddressingHeaderRequired"),
    "multipart without boundary": (b"x", "multipart/related", "MIME_MALFORMED"),
    "multipart of nothing": (b"x", 'multipart/related; boundary="b"', "MIME_MALFORMED"),
    "multipart without end": (
        b"--b\r\nContent-ID: <a@b>\r\n\r\n<a/>",
        'multipart/related; boundary="b"',
        "MIME_MALFORMED",
    ),
    "mixed": (b"--b--", 'multipart/mixed; boundary="b"', None),
    "endless boundary": (b"x", f'multipart/related; boundary="{"b" * 300}"', "MIME_MALFORMED"),
}


@pytest.mark.parametrize("service", ["patients", "habilitations", "repository", "registry"])
@pytest.mark.parametrize("name", RAW)
def test_raw_bytes(atelier, outils, name, service):
    body, content_type, code = RAW[name]
    answer = atelier.post(service, body, content_type)
    found = outils.code_of(answer)
    assert found if code is None else found == code


def header(xml):
    def change(envelope):
        envelope[0].append(etree.fromstring(xml))

    return change


def drop(path):
    def change(envelope):
        found = envelope.find(path)
        found.getparent().remove(found)

    return change


def text(path, value):
    def change(envelope):
        envelope.find(path).text = value

    return change


def repeat(path):
    def change(envelope):
        found = envelope.find(path)
        found.addnext(etree.fromstring(etree.tostring(found)))

    return change


def nested(envelope):
    element = envelope[1][0]
    for _ in range(100):
        element = etree.SubElement(element, "a")


ENVELOPES = {
    "no message id": (drop(".//{*}MessageID"), "MessageAddressingHeaderRequired", "wsa.obligatoire"),
    "two actions": (repeat(".//{*}Action"), "MessageAddressingHeaderRequired", "wsa.obligatoire"),
    "action of elsewhere": (text(".//{*}Action", "urn:autre"), "ActionNotSupported", "wsa.action"),
    "action of another address": (text(".//{*}Action", "urn:ihe:iti:2007:RegistryStoredQuery"), "ActionNotSupported", "wsa.action"),
    "action of another body": (text(".//{*}Action", "urn:si-dmp-patients:PatientSpecificEndPoint:patientList"), "ActionMismatch", "wsa.action_corps"),
    "message id of another form": (text(".//{*}MessageID", "42"), "InvalidAddressingHeader", "wsa.message_id"),
    "answer to elsewhere": (text(".//{*}ReplyTo/{*}Address", "http://127.0.0.1:1/"), "OnlyAnonymousAddressSupported", "wsa.reponse"),
    "fault to elsewhere": (header('<a:FaultTo xmlns:a="http://www.w3.org/2005/08/addressing"><a:Address>http://x/</a:Address></a:FaultTo>'), "OnlyAnonymousAddressSupported", "wsa.reponse"),
    "unknown obligation": (header(f'<x xmlns="urn:x" xmlns:s="{S12}" s:mustUnderstand="1"/>'), "MustUnderstand", "soap.entete_inconnu"),
    "unknown courtesy": (header('<x xmlns="urn:x" mustUnderstand="1"/>'), "", ""),
    "no security": (drop(".//{*}Security"), "InvalidSecurity", "vihf.absent"),
    "two securities": (repeat(".//{*}Security"), "DUPLICATE_ID", "soap.identifiants"),
    "empty security": (drop(".//{*}Assertion"), "InvalidSecurity", "vihf.absent"),
    "two assertions": (header('<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"/>'), "InvalidSecurity", "vihf.multiple"),
    "deep body": (nested, "XML_TOO_DEEP", "xml.profondeur"),
    "same id elsewhere": (lambda e: e[1][0].set("ID", e.find(".//{*}Assertion").get("ID")), "DUPLICATE_ID", "soap.identifiants"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENVELOPES)
def test_envelope(atelier, outils, name):
    change, code, rule = ENVELOPES[name]
    answer = atelier.exists(altere=change)
    assert (outils.code_of(answer), outils.rule_of(answer)) == (code, rule)


def hl7(old, new=""):
    return lambda o: o.demographics(o.INS).replace(old, new)


MESSAGES = {
    "another ITS": ("patients", hl7("XML_1.0", "XML_2.0"), "td02.message"),
    "another interaction": ("patients", hl7('extension="PRPA_IN201307UV02"', 'extension="X"'), "td02.message"),
    "another receiver": ("patients", hl7("1.2.250.1.213.4.1.1.1", "1.2.3"), "td02.message"),
    "another code": ("patients", hl7('<processingModeCode code="T"/>', '<processingModeCode code="X"/>'), "td02.message"),
    "no query": ("patients", hl7("queryByParameter", "autre"), "td02.message"),
    "no message id": ("patients", hl7('<id root="1.2.250.1.999.1.1" extension="m1"/>'), "td02.message"),
    "another semantics": ("patients", hl7("Patient.id", "Autre"), "td02.message"),
    "another reason": ("patients", hl7("TEST_EXST", "CURIOSITE"), "td02.motif"),
    "another patient": ("patients", lambda o: o.demographics(o.AUTRE_INS), "td02.patient"),
    "another authority": ("patients", lambda o: o.demographics(o.INS, oid="1.2.250.1.213.1.4.8"), "td02.patient"),
    "another action": ("setAuthorization", lambda o: habilitation("<action>DONNE</action>"), "habilitation.message"),
    "no action": ("setAuthorization", lambda o: habilitation("<role>MEDECIN_TRAITANT</role>"), "habilitation.message"),
    "another role": ("setAuthorization", lambda o: habilitation("<action>AJOUT</action><role>ROI</role>"), "habilitation.message"),
    "empty role": ("setAuthorization", lambda o: habilitation("<action>AJOUT</action><role/>"), "habilitation.message"),
    "another mode": ("listAuthorization", lambda o: '<listAuthorizationByPatient xmlns="urn:si-dmp-habilitations"><mode>X</mode></listAuthorizationByPatient>', "habilitation.message"),
    "no start": ("patientList", lambda o: '<patientList xmlns="urn:si-dmp-patients"><dateType>LASTDOC</dateType></patientList>', "patients.message"),
    "start of another form": ("patientList", lambda o: '<patientList xmlns="urn:si-dmp-patients"><startDate>2026</startDate><dateType>LASTDOC</dateType></patientList>', "patients.message"),
    "a list with a patient": ("patientList", lambda o: '<patientList xmlns="urn:si-dmp-patients"><startDate>20260101000000</startDate><dateType>LASTDOC</dateType></patientList>', "vihf.patient_exclu"),
    "retrieval of nothing": ("iti43", lambda o: '<RetrieveDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007"/>', "xds.schema_retrait"),
}  # fmt: skip


def habilitation(inner):
    return f'<setAuthorization xmlns="urn:si-dmp-habilitations">{inner}</setAuthorization>'


@pytest.mark.parametrize("name", MESSAGES)
def test_message(atelier, outils, name):
    td, body, rule = MESSAGES[name]
    answer = atelier.send(td, body(outils), outils.AIR)
    assert outils.code_of(answer)
    assert outils.rule_of(answer) == rule


def test_mtom_where_it_is_due_and_only_there(atelier, outils):
    body, content_type = outils.multipart(
        etree.tostring(
            atelier.envelope(
                outils.ACTIONS["patients"], etree.fromstring(outils.demographics(outils.INS)), atelier.vihf()
            )
        ),
        {},
        outils.ACTIONS["patients"],
    )
    assert outils.rule_of(atelier.post("patients", body, content_type)) == "message.mtom_exclu"
    body, content_type = atelier.lot_message(outils.Lot(en_ligne=True), outils.Porteur())
    root = body.partition(b"\r\n\r\n")[2].rpartition(b"\r\n--")[0].partition(b"\r\n--")[0]
    assert outils.rule_of(atelier.post("repository", root)) == "message.mtom"


def test_the_action_of_the_content_type(atelier, outils):
    body, content_type = atelier.lot_message(outils.Lot(), outils.Porteur())
    answer = atelier.post("repository", body, content_type.replace("ProvideAndRegister", "Autre"))
    assert outils.rule_of(answer) == "wsa.action_http"


def test_parts_of_the_same_name(atelier, outils):
    body, content_type = atelier.lot_message(outils.Lot(), outils.Porteur())
    twice = body.replace(b"Content-ID: <Signature@lps>", b"Content-ID: <Document01@lps>")
    assert outils.code_of(atelier.post("repository", twice, content_type)) == "MIME_MALFORMED"


def test_faults_name_their_request(atelier, outils):
    seen = []
    answer = atelier.exists(
        outils.Porteur(sign="expire"), altere=lambda e: seen.append(e.findtext(".//{*}MessageID"))
    )
    assert outils.root_of(answer).findtext(".//{*}RelatesTo") == seen[0]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.floats(0, 0.999), byte=st.integers(0, 255))
def test_any_change_of_a_byte_is_answered(atelier, outils, place, byte):
    body, content_type = atelier.lot_message(outils.Lot(), outils.Porteur())
    position = int(place * len(body))
    changed = body[:position] + bytes([byte]) + body[position + 1 :]
    answer = atelier.post("repository", changed, content_type)
    assert answer.statut in {200, 500}
    outils.code_of(answer)
