"""TD0.2 and TD1.3a over HL7 V3 (PRPA_IN201307UV02), and TD0.4, the list of one's patients.

Sources: HL7 V3 PRPA, GIE SESAM-Vitale examples and WSDL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.acces import appraise, require_patient, require_right
from opensegur.sandbox.dmp.catalogue import refuse
from opensegur.sandbox.dmp.contexte import Contexte
from opensegur.sandbox.dmp.depot import Autorisation
from opensegur.sandbox.dmp.formes import is_second
from opensegur.sandbox.dmp.identification import Appelant
from opensegur.sandbox.dmp.noms import HL7, PATIENTS, q
from opensegur.sandbox.dmp.reponse_hl7 import build_answer_308
from opensegur.sandbox.dmp.transaction import Demande, Resume
from opensegur.sandbox.dmp.vihf import Ins

_INTERACTION = "PRPA_IN201307UV02"
_SYSTEME_MOTIF = "1.2.250.1.213.1.1.4.11"
_MOTIFS = {"TEST_EXST": "0.2", "CNSLT_DATA": "1.3a"}
_TYPES_DE_DATE = frozenset({"LASTAUTORIZATION", "LASTDOC"})


@dataclass(frozen=True, slots=True)
class Demande307:
    """What an answer must echo: the message's id, the query's id, the sender, the reason, the patient asked."""

    message: tuple[str, str]
    question: tuple[str, str]
    emetteur: str
    logiciel: str
    motif: str
    patient: Ins


def read_307(corps: etree._Element) -> Demande307:
    """Read a PRPA_IN201307UV02. Raises ``Refus`` with the name of what is missing."""
    if corps.get("ITSVersion") != "XML_1.0":
        raise refuse("td02.message", "ITSVersion")
    interaction = _node(corps, "interactionId")
    if (interaction.get("root"), interaction.get("extension")) != ("2.16.840.1.113883.1.6", _INTERACTION):
        raise refuse("td02.message", "interactionId")
    if not re.fullmatch(r"\d{8,14}(?:\.\d+)?(?:[+-]\d{4})?", _node(corps, "creationTime").get("value", "")):
        raise refuse("td02.message", "creationTime")
    for name, admitted in (
        ("processingCode", {"D", "P", "T"}),
        ("processingModeCode", {"T"}),
        ("acceptAckCode", {"AL", "NE", "ER"}),
    ):
        if _node(corps, name).get("code") not in admitted:
            raise refuse("td02.message", name)
    if _node(corps, "receiver/device/id").get("root") != noms.OID_DMP:
        raise refuse("td02.message", "receiver")
    act = _node(corps, "controlActProcess")
    if (act.get("classCode"), act.get("moodCode")) != ("CACT", "EVN"):
        raise refuse("td02.message", "controlActProcess")
    reason = _node(act, "reasonCode")
    if reason.get("code") not in _MOTIFS or reason.get("codeSystem") != _SYSTEME_MOTIF:
        raise refuse("td02.motif")
    query = _node(act, "queryByParameter")
    identifier = _node(query, "parameterList/patientIdentifier")
    value = _node(identifier, "value")
    if (identifier.findtext(q(HL7, "semanticsText")) or "").strip() != "Patient.id":
        raise refuse("td02.message", "semanticsText")
    sender = _node(corps, "sender/device")
    return Demande307(
        message=_pair(_node(corps, "id")),
        question=_pair(_node(query, "queryId")),
        emetteur=_node(sender, "id").get("root", ""),
        logiciel=(sender.findtext(q(HL7, "softwareName")) or "").strip()[:100],
        motif=reason.get("code", ""),
        patient=Ins(value.get("extension", ""), value.get("root", "")),
    )


def _node(parent: etree._Element, path: str) -> etree._Element:
    found = parent.find("/".join(q(HL7, name) for name in path.split("/")))
    if found is None:
        raise refuse("td02.message", path)
    return found


def _pair(element: etree._Element) -> tuple[str, str]:
    if not element.get("root"):
        raise refuse("td02.message", "id")
    return element.get("root", ""), element.get("extension", "")


def get_demographics(demande: Demande, appelant: Appelant, contexte: Contexte) -> Resume:
    """TD0.2: does a dossier exist, is it open, what may I see. TD1.3a: the administrative data."""
    request = read_307(demande.corps)
    patient = require_patient(appelant.vihf)
    if request.patient != patient:
        raise refuse("td02.patient")
    acces = appraise(appelant, patient.valeur, contexte)
    td = _MOTIFS[request.motif]
    require_right(td, acces)
    resume = Resume(td=f"TD{td}")
    dossier = contexte.depot.dossier(patient.valeur)
    identity = contexte.population.patient(patient.valeur)
    if dossier is None or identity is None or not contexte.knows(patient):
        unknown = refuse("dossier.inconnu")
        return resume.refused(build_answer_308(request, contexte.moment, refus=unknown.premier), unknown)
    resume.add("dossier", "fermé" if dossier.ferme else "actif")
    if td == "0.2":
        resume.add("autorisation", acces.statut)
    body = build_answer_308(request, contexte.moment, dossier=dossier, identity=identity, acces=acces)
    return resume.accepted(body)


def list_patients(demande: Demande, appelant: Appelant, contexte: Contexte) -> Resume:
    """TD0.4: the dossiers on which I am authorised, since a date of authorisation or of last document."""
    start, by, owner = _read_list(demande.corps)
    contexte.require(appelant.vihf.patient is None, "vihf.patient_exclu")
    acces = appraise(appelant, "", contexte)
    require_right("0.4", acces)
    resume = Resume(td="TD0.4")
    holder, kind = (owner, "PS") if owner else acces.titulaire
    rows = [
        item
        for item in contexte.depot.autorisations_de(holder, kind)
        if item.active(contexte.moment) and _since(item, by, contexte) >= start
    ]
    output = etree.Element(q(PATIENTS, "output"), nsmap={"p": PATIENTS})
    for item in rows:
        _add_patient(output, item, contexte)
    etree.SubElement(output, q(PATIENTS, "status")).text = "DMPOk"
    etree.SubElement(output, q(PATIENTS, "context"))
    response = etree.Element(q(PATIENTS, "patientListResponse"), nsmap={"p": PATIENTS})
    response.append(output)
    resume.add("dossiers", str(len(rows)))
    return resume.accepted(response)


def _read_list(corps: etree._Element) -> tuple[str, str, str]:
    names = [etree.QName(child).localname for child in corps.iterchildren(etree.Element)]
    if names not in (["startDate", "dateType"], ["startDate", "dateType", "psOwnerId"]):
        raise refuse("patients.message")
    start, by, owner = (
        (corps.findtext(q(PATIENTS, name)) or "").strip() for name in ("startDate", "dateType", "psOwnerId")
    )
    if not is_second(start) or by not in _TYPES_DE_DATE:
        raise refuse("patients.message", "startDate, dateType")
    return start, by, owner


def _dtm(iso: str) -> str:
    return re.sub(r"\D", "", iso)[:14]


def _last_document(ins: str, contexte: Contexte) -> str:
    return max((_dtm(fiche.recu_le) for fiche in contexte.depot.fiches_du_patient(ins)), default="")


def _since(item: Autorisation, by: str, contexte: Contexte) -> str:
    return _dtm(item.debut) if by == "LASTAUTORIZATION" else _last_document(item.ins, contexte)


def _add_patient(output: etree._Element, item: Autorisation, contexte: Contexte) -> None:
    identity = contexte.population.patient(item.ins)
    if identity is None:
        return
    row = etree.SubElement(output, q(PATIENTS, "patientlistData"))
    identifier = etree.SubElement(row, q(PATIENTS, "patientIdentifier"))
    etree.SubElement(identifier, q(PATIENTS, "nationalId")).text = identity.ins
    etree.SubElement(identifier, q(PATIENTS, "nationalIdType")).text = identity.oid
    last = _last_document(item.ins, contexte)
    for name, value in (
        ("lastName", identity.nom_utilise or identity.nom_naissance),
        ("patronymicalName", identity.nom_naissance),
        ("firstName", identity.prenoms.split(" ")[0]),
        ("dateOfBirth", identity.date_naissance.replace("-", "")),
        ("MT", "true" if item.medecin_traitant else "false"),
        ("message", "false"),
        ("lastAccessDate", _dtm(item.derniere_action)),
        ("lastUpdateDate", last),
        ("lastAddDate", last),
    ):
        if value:
            etree.SubElement(row, q(PATIENTS, name)).text = value
