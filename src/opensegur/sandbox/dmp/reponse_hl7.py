"""The answer PRPA_IN201308UV02: existence, authorisation, administrative data, or the reason of a refusal.

Source: GIE SESAM-Vitale examples (TD0.2, TD1.3a). The shapes for a closed and for an absent dossier are not
public: they are ours.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Final

from lxml import etree

from opensegur.sandbox.dmp.acces import Acces
from opensegur.sandbox.dmp.depot import Dossier
from opensegur.sandbox.dmp.noms import HL7, OID_DMP, XSI, q
from opensegur.sandbox.population.personnes import Personne
from opensegur.sandbox.regles import Manquement

if TYPE_CHECKING:
    from opensegur.sandbox.dmp.transactions_patient import Demande307

_MOTIF: Final = "1.2.250.1.213.1.1.4.11"
_GESTION: Final = "1.2.250.1.213.4.1.2.3"
_COMPTE: Final = "1.2.250.1.213.4.1.2.9"
_FERMETURE: Final = "1.2.250.1.213.4.1.2.4"
_LIBELLES: Final = {
    "TEST_EXST": "Test d'existence de dossier",
    "CNSLT_DATA": "Consultation des données de gestion de dossier",
}


def build_answer_308(
    request: Demande307,
    moment: datetime,
    *,
    dossier: Dossier | None = None,
    identity: Personne | None = None,
    acces: Acces | None = None,
    refus: Manquement | None = None,
) -> etree._Element:
    """With ``refus``: AE and NF. Otherwise AA with the registration event of ``dossier``."""
    root = etree.Element(q(HL7, "PRPA_IN201308UV02"), nsmap={None: HL7, "xsi": XSI})
    root.set("ITSVersion", "XML_1.0")
    _add(root, "id").set("root", str(uuid.uuid4()))
    _add(root, "creationTime", value=moment.strftime("%Y%m%d%H%M%S"))
    _add(root, "interactionId", root="2.16.840.1.113883.1.6", extension="PRPA_IN201308UV02")
    _add(root, "processingCode", code="P")
    _add(root, "processingModeCode", code="T")
    _add(root, "acceptAckCode", code="NE")
    _device(root, "receiver", "RCV", request.emetteur, request.logiciel)
    _device(root, "sender", "SND", OID_DMP, "DMP")
    existence = request.motif == "TEST_EXST"
    if refus is None and acces is not None and existence:
        _attention(root, "AUTORISATION", "1.2.250.1.213.4.1.2.6.1", kind="CV", code=acces.statut)
        _attention(root, "STATUT_MT", "1.2.250.1.213.4.1.2.6.3", kind="BL", value=_boolean(acces.medecin_traitant))
    _acknowledge(root, request, refus)
    act = _add(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    _add(act, "reasonCode", code=request.motif, codeSystem=_MOTIF, displayName=_LIBELLES[request.motif])
    if refus is None and dossier is not None and identity is not None:
        _event(act, dossier, identity, existence=existence)
    query = _add(act, "queryAck")
    _identify(_add(query, "queryId"), request.question)
    _add(query, "queryResponseCode", code="NF" if refus else "OK")
    return root


def _acknowledge(root: etree._Element, request: Demande307, refus: Manquement | None) -> None:
    acknowledgement = _add(root, "acknowledgement", typeCode="AE" if refus else "AA")
    _identify(_add(_add(acknowledgement, "targetMessage"), "id"), request.message)
    if refus is not None:
        detail = _add(acknowledgement, "acknowledgementDetail", typeCode="E")
        _add(detail, "code", code=refus.code)
        _add(detail, "text").text = refus.texte


def _event(act: etree._Element, dossier: Dossier, identity: Personne, *, existence: bool) -> None:
    subject = _add(act, "subject", typeCode="SUBJ", contextConductionInd="false")
    event = _add(subject, "registrationEvent", classCode="REG", moodCode="EVN")
    _add(event, "statusCode", code="completed")
    patient = _add(_add(event, "subject1", typeCode="SBJ"), "patient", classCode="PAT")
    _add(patient, "id", root=identity.oid, extension=identity.ins)
    _add(patient, "statusCode", code="terminated" if dossier.ferme else "active")
    _person(patient, identity, address=not existence)
    if existence:
        _observation(patient, "COMPTE_INTERNET_OUVERT", _COMPTE, value=dossier.compte_internet)
        _observation(patient, "RATTACHEMENT_ENS", _GESTION, value=dossier.rattache_mes)
    else:
        _observation(patient, "OPPOSITION_BRIS_DE_GLACE", _GESTION, value=dossier.opposition_bris)
        _observation(patient, "OPPOSITION_ACCES_URGENCE", _GESTION, value=dossier.opposition_urgence)
    if dossier.ferme:
        _closure(event, dossier)
    custodian = _add(_add(event, "custodian", typeCode="CST"), "assignedEntity", classCode="ASSIGNED")
    _add(custodian, "id", root=OID_DMP)


def _closure(event: etree._Element, dossier: Dossier) -> None:
    reason = _add(event, "reasonOf", typeCode="RSON")
    issue = _add(reason, "detectedIssueEvent", classCode="ALRT", moodCode="EVN")
    _add(issue, "code", code=dossier.ferme_motif, codeSystem=_FERMETURE)
    if dossier.ferme_raison:
        _add(issue, "text").text = dossier.ferme_raison
    _add(issue, "effectiveTime", value=dossier.ferme_le)


def _person(patient: etree._Element, identity: Personne, *, address: bool) -> None:
    person = _add(patient, "patientPerson", classCode="PSN", determinerCode="INSTANCE")
    name = _add(person, "name")
    for given in identity.prenoms.split():
        _add(name, "given").text = given
    _add(name, "family", qualifier="SP").text = identity.nom_utilise or identity.nom_naissance
    _add(name, "family", qualifier="BR").text = identity.nom_naissance
    _add(person, "administrativeGenderCode", code={"M": "M", "F": "F"}.get(identity.sexe, "U"))
    _add(person, "birthTime", value=identity.date_naissance.replace("-", ""))
    if address and any(identity.adresse):
        addr = _add(person, "addr")
        for tag, value in zip(("streetAddressLine", "postalCode", "city"), identity.adresse, strict=True):
            _add(addr, tag).text = value


def _observation(patient: etree._Element, code: str, system: str, *, value: bool) -> None:
    item = _add(
        _add(patient, "subjectOf", typeCode="SBJ"), "administrativeObservation", classCode="OBS", moodCode="EVN"
    )
    _add(item, "code", code=code, codeSystem=system)
    _typed(item, "BL", value=_boolean(value))


def _attention(root: etree._Element, key: str, system: str, *, kind: str, code: str = "", value: str = "") -> None:
    line = _add(root, "attentionLine")
    _add(line, "keyWordText", code=key, codeSystem=system)
    if code:
        _typed(line, kind, code=code, codeSystem="1.2.250.1.213.4.1.2.6.2")
    else:
        _typed(line, kind, value=value)


def _typed(parent: etree._Element, kind: str, **attributes: str) -> None:
    _add(parent, "value", **attributes).set(q(XSI, "type"), kind)


def _device(root: etree._Element, role: str, code: str, oid: str, software: str) -> None:
    device = _add(_add(root, role, typeCode=code), "device", classCode="DEV", determinerCode="INSTANCE")
    _add(device, "id", root=oid)
    _add(device, "softwareName").text = software


def _identify(element: etree._Element, pair: tuple[str, str]) -> None:
    element.set("root", pair[0])
    if pair[1]:
        element.set("extension", pair[1])


def _add(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, q(HL7, tag))
    for name, value in attributes.items():
        child.set(name, value)
    return child


def _boolean(value: bool) -> str:  # noqa: FBT001 - the value is the subject
    return "true" if value else "false"
