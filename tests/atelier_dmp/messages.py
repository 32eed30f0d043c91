"""Other messages of the DMP, and how its answers are read."""

from __future__ import annotations

import uuid

from lxml import etree

from atelier_dmp.peuple import OID_TEST
from opensegur.sandbox.dmp.traitement import Reponse

WSA = "http://www.w3.org/2005/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SOAP = "http://www.w3.org/2003/05/soap-envelope"


ACTIONS = {
    "patients": "urn:hl7-org:v3:PRPA_IN201307UV02",
    "setAuthorization": "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization",
    "listAuthorization": "urn:si-dmp-habilitations:HabilitationsEndPoint:listAuthorizationByPatient",
    "patientList": "urn:si-dmp-patients:PatientSpecificEndPoint:patientList",
    "iti41": "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
    "iti18": "urn:ihe:iti:2007:RegistryStoredQuery",
    "iti43": "urn:ihe:iti:2007:RetrieveDocumentSet",
}


SERVICES = {
    "patients": "patients",
    "setAuthorization": "habilitations",
    "listAuthorization": "habilitations",
    "patientList": "patients",
    "iti41": "repository",
    "iti18": "registry",
    "iti43": "repository",
}


APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"


def demographics(ins: str, reason: str = "TEST_EXST", oid: str = OID_TEST) -> str:
    return (
        '<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' ITSVersion="XML_1.0"><id root="1.2.250.1.999.1.1" extension="m1"/><creationTime value="20261125085955"/>'
        '<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201307UV02"/><processingCode code="D"/>'
        '<processingModeCode code="T"/><acceptAckCode code="AL"/><receiver typeCode="RCV"><device classCode="DEV"'
        ' determinerCode="INSTANCE"><id root="1.2.250.1.213.4.1.1.1"/><softwareName>DMP</softwareName></device>'
        '</receiver><sender typeCode="SND"><device classCode="DEV" determinerCode="INSTANCE"><id root="1.2.250.1.999.1"/>'
        '<softwareName>LPS TEST</softwareName></device></sender><attentionLine xsi:nil="true"/><controlActProcess'
        f' classCode="CACT" moodCode="EVN"><reasonCode code="{reason}" codeSystem="1.2.250.1.213.1.1.4.11"/>'
        '<queryByParameter><queryId root="1.2.250.1.999.1.2" extension="q1"/><statusCode code="new"/><parameterList>'
        f'<dataSource xsi:nil="true"/><patientIdentifier><value root="{oid}" extension="{ins}"/><semanticsText>'
        "Patient.id</semanticsText></patientIdentifier></parameterList></queryByParameter></controlActProcess>"
        "</PRPA_IN201307UV02>"
    )


def multipart(root: bytes, parts: dict[str, bytes], action: str = ACTIONS["iti41"]) -> tuple[bytes, str]:
    boundary = f"b{uuid.uuid4().hex}"
    chunks = [
        f'--{boundary}\r\nContent-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\n'
        "Content-Transfer-Encoding: binary\r\nContent-ID: <root@lps>\r\n\r\n".encode()
        + root
    ]
    chunks += [
        f"--{boundary}\r\nContent-Type: text/xml\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{name}@lps>\r\n\r\n".encode()
        + data
        for name, data in parts.items()
    ]
    body = b"\r\n".join([*chunks, f"--{boundary}--\r\n".encode()])
    return body, (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml"; start="<root@lps>";'
        f' start-info="application/soap+xml"; action="{action}"'
    )


def root_of(answer: Reponse) -> etree._Element:
    data = answer.corps
    if answer.content_type.startswith("multipart/"):
        data = data.partition(b"\r\n\r\n")[2]
        data = data[: data.index(b"\r\n--")]
    return etree.fromstring(data)


def code_of(answer: Reponse) -> str:
    """The code that an answer refuses with, in whichever of its shapes; empty when it accepts."""
    root = root_of(answer)
    fault = root.find(".//{*}Fault")
    if fault is not None:
        values = [value.text.rpartition(":")[2] for value in fault.iter("{*}Value")]
        assert answer.statut == 500
        assert fault.findtext("{*}Reason/{*}Text")
        return values[-1]
    assert answer.statut == 200
    error = root.find(".//{*}RegistryError")
    if error is not None:
        return error.get("errorCode")
    detail = root.find(".//{*}acknowledgementDetail/{*}code")
    if detail is not None:
        return detail.get("code")
    status = root.findtext(".//{*}output/{*}status") or ""
    return "" if status == "DMPOk" else status


def rule_of(answer: Reponse) -> str:
    """The id of the first rule broken; empty when the answer accepts."""
    return answer.refus[0].regle.id if answer.refus else ""
