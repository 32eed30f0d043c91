"""TD0.2, existence and authorisation: an HL7 V3 query and what is read of its answer.

The identity that the answer carries is left unread: it must not be shown (the INS comes from INSi alone).
Sources: HL7 V3 PRPA_IN201307UV02 and PRPA_IN201308UV02; GIE SESAM-Vitale's published examples.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from opensegur.dmp.errors import Anomalie, DmpError
from opensegur.dmp.hl7 import format_dtm, one_line, parse_dtm
from opensegur.dmp.noms import HL7, NS_HL7, NS_XSI, XSI
from opensegur.dmp.reponses import expect
from opensegur.foundation.errors import InvalidValue, RefusedInput
from opensegur.foundation.points import Lps
from opensegur.ins.matricule import Matricule

TRANSACTION = "TD0.2"
SANS_DMP = "DMPPatientNotFound"

_DMP = ("1.2.250.1.213.4.1.1.1", "DMP")
_INTERACTION = "PRPA_IN201307UV02"
_MOTIF = {"code": "TEST_EXST", "codeSystem": "1.2.250.1.213.1.1.4.11", "displayName": "Test d'existence de dossier"}
_AUTORISATION = "AUTORISATION"
_MEDECIN_TRAITANT = "STATUT_MT"
_RATTACHEMENT = "RATTACHEMENT_ENS"
_COMPTE = "COMPTE_INTERNET_OUVERT"


class StatutDossier(StrEnum):
    ACTIF = "actif"
    FERME = "ferme"
    INEXISTANT = "inexistant"

    @property
    def libelle(self) -> str:
        return {"actif": "Actif", "ferme": "Fermé", "inexistant": "Inexistant"}[self.value]


class Autorisation(StrEnum):
    """The DMP's own four states of the caller's authorisation."""

    VALIDE = "VALIDE"
    NON_EXISTE = "NON_EXISTE"
    EXPIRE = "EXPIRE"
    INTERDIT = "INTERDIT"

    @property
    def libelle(self) -> str:
        """The three states that users are shown."""
        return _LIBELLES[self]


_LIBELLES = {
    Autorisation.VALIDE: "Valide",
    Autorisation.NON_EXISTE: "Inexistante ou expirée",
    Autorisation.EXPIRE: "Inexistante ou expirée",
    Autorisation.INTERDIT: "Interdite",
}
_STATUTS = {"active": StatutDossier.ACTIF, "terminated": StatutDossier.FERME}


@dataclass(frozen=True, slots=True)
class Fermeture:
    """Why a dossier was closed, as far as the answer tells."""

    le: datetime | None = None
    code: str = ""
    motif: str = ""


@dataclass(frozen=True, slots=True)
class Existence:
    """What TD0.2 says. ``None`` means that the answer does not tell.

    ``rattachement_mes``: the DMP is attached to Mon espace santé.
    """

    statut_dossier: StatutDossier
    autorisation: Autorisation | None = None
    medecin_traitant: bool | None = None
    rattachement_mes: bool | None = None
    compte_ouvert: bool | None = None
    fermeture: Fermeture | None = None

    @property
    def peut_etre_alimente(self) -> bool:
        """Feeding asks for an active dossier, and for no authorisation."""
        return self.statut_dossier is StatutDossier.ACTIF

    @property
    def peut_etre_consulte(self) -> bool:
        return self.peut_etre_alimente and self.autorisation is Autorisation.VALIDE


INEXISTANT = Existence(StatutDossier.INEXISTANT)


def build_existence_request(
    matricule: Matricule, lps: Lps, moment: datetime, *, processing_code: str = "P"
) -> etree._Element:
    """The ``PRPA_IN201307UV02`` message. ``processing_code`` is P (production) or D (trial)."""
    root = etree.Element(f"{HL7}{_INTERACTION}", {"ITSVersion": "XML_1.0"}, nsmap={None: NS_HL7, "xsi": NS_XSI})
    _add(root, "id", root=lps.oid, extension=str(uuid.uuid4()))
    _add(root, "creationTime", value=format_dtm(moment))
    _add(root, "interactionId", root="2.16.840.1.113883.1.6", extension=_INTERACTION)
    _add(root, "processingCode", code=processing_code)
    _add(root, "processingModeCode", code="T")
    _add(root, "acceptAckCode", code="AL")
    _add_device(root, "receiver", "RCV", *_DMP)
    _add_device(root, "sender", "SND", lps.oid, lps.nom)
    _add(root, "attentionLine").set(f"{XSI}nil", "true")
    process = _add(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    _add(process, "reasonCode", **_MOTIF)
    query = _add(process, "queryByParameter")
    _add(query, "queryId", root=lps.oid, extension=str(uuid.uuid4()))
    _add(query, "statusCode", code="new")
    parameters = _add(query, "parameterList")
    _add(parameters, "dataSource").set(f"{XSI}nil", "true")
    identifier = _add(parameters, "patientIdentifier")
    _add(identifier, "value", root=matricule.oid, extension=matricule.valeur)
    _add(identifier, "semanticsText").text = "Patient.id"
    return root


def read_existence(body: etree._Element, matricule: Matricule) -> Existence:
    """Read a ``PRPA_IN201308UV02``.

    Raises ``DmpError`` when the DMP refused, ``RefusedInput`` DMP_REPONSE when the answer is about somebody else
    or says nothing of the dossier.
    """
    message = expect(body, f"{HL7}PRPA_IN201308UV02")
    anomalies = _anomalies(message)
    patient = message.find(f".//{HL7}patient")
    acknowledged = message.find(f"{HL7}acknowledgement")
    refused = acknowledged is not None and acknowledged.get("typeCode") in {"AE", "AR"}
    not_found = _code(message, f".//{HL7}queryAck/{HL7}queryResponseCode") == "NF"
    if not_found or (refused and any(found.code == SANS_DMP for found in anomalies)):
        return INEXISTANT
    if refused:
        raise DmpError(anomalies, TRANSACTION)
    statut = _STATUTS.get(_code(patient, f"{HL7}statusCode")) if patient is not None else None
    if patient is None or statut is None or not _is_about(patient, matricule):
        raise RefusedInput(
            "DMP_REPONSE",
            "La réponse du DMP ne dit rien du dossier de ce patient.",
            conseil="Recommencez. Si cela se répète, signalez-le à l’éditeur.",
            detail="PRPA_IN201308UV02",
        )
    autorisation = _code(_attention(message, _AUTORISATION), f"{HL7}value")
    return Existence(
        statut_dossier=statut,
        autorisation=Autorisation(autorisation) if autorisation in {*Autorisation} else None,
        medecin_traitant=_boolean(_attention(message, _MEDECIN_TRAITANT)),
        rattachement_mes=_boolean(_observation(patient, _RATTACHEMENT)),
        compte_ouvert=_boolean(_observation(patient, _COMPTE)),
        fermeture=_fermeture(message) if statut is StatutDossier.FERME else None,
    )


def _is_about(patient: etree._Element, matricule: Matricule) -> bool:
    """The asked matricule is there. The DMP may add others: former ones, and the old INS-C."""
    return any(
        found.get("root") == matricule.oid and found.get("extension") == matricule.valeur
        for found in patient.iterfind(f"{HL7}id")
    )


def _fermeture(message: etree._Element) -> Fermeture:
    """Date, code and words of the closing. Their place is not published: where TD1.4 writes them is looked at."""
    event = message.find(f".//{HL7}detectedIssueEvent")
    if event is None:
        return Fermeture()
    time = event.find(f"{HL7}effectiveTime")
    return Fermeture(
        le=_moment("" if time is None else time.get("value", "")),
        code=_code(event, f"{HL7}code"),
        motif=one_line(event.findtext(f"{HL7}text") or ""),
    )


def _moment(text: str) -> datetime | None:
    try:
        return parse_dtm(text) if text else None
    except InvalidValue:
        return None


def _anomalies(message: etree._Element) -> tuple[Anomalie, ...]:
    return tuple(
        Anomalie(_code(detail, f"{HL7}code"), one_line(detail.findtext(f"{HL7}text") or ""))
        for detail in message.iterfind(f"{HL7}acknowledgement/{HL7}acknowledgementDetail")
    )


def _attention(message: etree._Element, keyword: str) -> etree._Element | None:
    return next(
        (line for line in message.iterfind(f"{HL7}attentionLine") if _code(line, f"{HL7}keyWordText") == keyword),
        None,
    )


def _observation(patient: etree._Element, name: str) -> etree._Element | None:
    return next(
        (
            observation
            for observation in patient.iterfind(f".//{HL7}administrativeObservation")
            if _code(observation, f"{HL7}code") == name
        ),
        None,
    )


def _boolean(holder: etree._Element | None) -> bool | None:
    value = None if holder is None else holder.find(f"{HL7}value")
    return None if value is None else {"true": True, "false": False}.get(value.get("value", ""))


def _code(parent: etree._Element | None, path: str) -> str:
    found = None if parent is None else parent.find(path)
    return "" if found is None else found.get("code", "")


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{HL7}{name}", attributes)


def _add_device(root: etree._Element, name: str, kind: str, oid: str, software: str) -> None:
    device = _add(_add(root, name, typeCode=kind), "device", classCode="DEV", determinerCode="INSTANCE")
    _add(device, "id", root=oid)
    _add(device, "softwareName").text = one_line(software)
