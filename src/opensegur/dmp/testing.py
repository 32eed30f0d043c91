"""A DMP in memory, for the tests of whoever uses this library: real messages, no network, no checks.

``MemoryDmp`` is a ``Transport``. It keeps what it is sent and finds it again; it verifies neither signatures nor
rights: for that, use the sandbox. It can be told to refuse, or to lose an answer after doing the work.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from lxml import etree

from opensegur.dmp import noms
from opensegur.dmp.ebrim import EbrimWriter, add_slot
from opensegur.dmp.ebrim_reading import read_document_entry
from opensegur.dmp.hl7v3 import Autorisation, StatutDossier
from opensegur.dmp.metadata import Disponibilite, DocumentEntry
from opensegur.dmp.noms import HABILITATIONS, HL7, QUERY, RIM, RS, XDS, XSI
from opensegur.foundation.errors import TransportError
from opensegur.foundation.mtom import Part, content_of, include, pack
from opensegur.foundation.ports import HttpRequest, HttpResponse
from opensegur.foundation.soap import Envelope, build_envelope, read_response
from opensegur.foundation.testing import soap_response

REPOSITORY = "1.2.250.1.999.2.1"

_STATUTS = {StatutDossier.ACTIF: "active", StatutDossier.FERME: "terminated"}


@dataclass(frozen=True, slots=True)
class Stored:
    entry: DocumentEntry
    data: bytes


class MemoryDmp:
    """One patient's DMP. ``requests`` keeps the HTTP requests, ``stored`` the documents, signatures included."""

    def __init__(
        self, statut: StatutDossier = StatutDossier.ACTIF, autorisation: Autorisation = Autorisation.NON_EXISTE
    ) -> None:
        self.statut = statut
        self.autorisation = autorisation
        self.medecin_traitant = False
        self.requests: list[HttpRequest] = []
        self.stored: list[Stored] = []
        self.lots: set[str] = set()
        self._refusals: deque[str] = deque()
        self._losses = 0

    def refuse_next(self, *codes: str) -> None:
        """Answer the next deposits with these errors, one each."""
        self._refusals.extend(codes)

    def lose_next_answer(self) -> None:
        """Do what the next request asks, then cut the connection."""
        self._losses += 1

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        # a request has the shape of an answer: an envelope, perhaps with parts
        envelope, parts = read_response(
            HttpResponse(200, {"content-type": request.headers["Content-Type"]}, request.body)
        )
        answer = self._handlers[envelope.action](self, envelope, parts)
        if self._losses:
            self._losses -= 1
            raise TransportError("TRANSPORT_COUPE", "La réponse s’est perdue.", retryable=True)
        return answer

    def _existence(self, envelope: Envelope, _: dict[str, Part]) -> HttpResponse:
        asked = envelope.body.find(f".//{HL7}patientIdentifier/{HL7}value")
        assert asked is not None
        message = etree.Element(f"{HL7}PRPA_IN201308UV02", nsmap={None: noms.NS_HL7, "xsi": noms.NS_XSI})
        for keyword, kind, attributes in (
            ("AUTORISATION", "CV", {"code": self.autorisation.value}),
            ("STATUT_MT", "BL", {"value": str(self.medecin_traitant).lower()}),
        ):
            line = etree.SubElement(message, f"{HL7}attentionLine")
            etree.SubElement(line, f"{HL7}keyWordText", code=keyword)
            etree.SubElement(line, f"{HL7}value", attributes).set(f"{XSI}type", kind)
        etree.SubElement(message, f"{HL7}acknowledgement", typeCode="AA")
        process = etree.SubElement(message, f"{HL7}controlActProcess")
        if status := _STATUTS.get(self.statut):
            patient = etree.SubElement(etree.SubElement(process, f"{HL7}subject1"), f"{HL7}patient")
            etree.SubElement(patient, f"{HL7}id", root=asked.get("root", ""), extension=asked.get("extension", ""))
            etree.SubElement(patient, f"{HL7}statusCode", code=status)
        acknowledged = etree.SubElement(process, f"{HL7}queryAck")
        etree.SubElement(acknowledged, f"{HL7}queryResponseCode", code="OK" if status else "NF")
        return _answer(envelope, message)

    def _habilitation(self, envelope: Envelope, _: dict[str, Part]) -> HttpResponse:
        adds = envelope.body.findtext(f"{HABILITATIONS}action") == "AJOUT"
        role = envelope.body.findtext(f"{HABILITATIONS}role")
        if role:
            self.medecin_traitant = adds
        if adds or not role:
            self.autorisation = Autorisation.VALIDE if adds else Autorisation.NON_EXISTE
        response = etree.Element(f"{HABILITATIONS}setAuthorizationResponse")
        output = etree.SubElement(response, f"{HABILITATIONS}output")
        etree.SubElement(output, f"{HABILITATIONS}status").text = "DMPOk"
        return _answer(envelope, response)

    def _deposit(self, envelope: Envelope, parts: dict[str, Part]) -> HttpResponse:
        if self._refusals:
            return _answer(envelope, _registry_response("Failure", self._refusals.popleft()))
        body = envelope.body
        lot = body.find(
            f".//{RIM}RegistryPackage/{RIM}ExternalIdentifier[@identificationScheme='{noms.LOT_UNIQUE_ID}']"
        )
        assert lot is not None
        if lot.get("value", "") in self.lots:
            return _answer(envelope, _registry_response("Failure", "XDSDuplicateUniqueIdInRegistry"))
        self.lots.add(lot.get("value", ""))
        contents = {found.get("id"): content_of(found, parts) for found in body.iterfind(f"{XDS}Document")}
        for fiche in body.iterfind(f".//{RIM}ExtrinsicObject"):
            identifier = uuid.uuid4().urn
            entry = replace(
                read_document_entry(fiche),
                entry_uuid=identifier,
                logical_id=identifier,
                version="1",
                availability_status=Disponibilite.APPROVED,
                repository_unique_id=REPOSITORY,
                source=b"",
            )
            self.stored.append(Stored(entry, contents[fiche.get("id")]))
        for association in body.iterfind(f".//{RIM}Association[@associationType='{noms.REPLACES}']"):
            self._deprecate(association.get("targetObject", ""))
        return _answer(envelope, _registry_response("Success"))

    def _query(self, envelope: Envelope, _: dict[str, Part]) -> HttpResponse:
        query = envelope.body.find(f"{RIM}AdhocQuery")
        option = envelope.body.find(f"{QUERY}ResponseOption")
        assert query is not None
        assert option is not None
        asked = {
            slot.get("name", "").removeprefix("$XDSDocumentEntry"): slot.findtext(f".//{RIM}Value") or ""
            for slot in query.iterfind(f"{RIM}Slot")
        }
        found = [kept.entry for kept in self.stored if _answers(kept.entry, asked)]
        response = etree.Element(
            f"{QUERY}AdhocQueryResponse", status=f"{noms.REPONSE}Success", nsmap={"rim": noms.NS_RIM}
        )
        objects = etree.SubElement(response, f"{RIM}RegistryObjectList")
        if option.get("returnType") == "ObjectRef":
            for entry in found:
                etree.SubElement(objects, f"{RIM}ObjectRef", id=entry.entry_uuid)
        else:
            objects.extend(registry_object(entry) for entry in found)
        return _answer(envelope, response)

    def _retrieve(self, envelope: Envelope, _: dict[str, Part]) -> HttpResponse:
        asked = {found.text for found in envelope.body.iterfind(f".//{XDS}DocumentUniqueId")}
        found = [kept for kept in self.stored if kept.entry.unique_id in asked]
        response = etree.Element(f"{XDS}RetrieveDocumentSetResponse")
        status, code = ("Success", "") if len(found) == len(asked) else ("Failure", "XDSDocumentUniqueIdError")
        response.append(_registry_response(status, code))
        for kept in found:
            document = etree.SubElement(response, f"{XDS}DocumentResponse")
            etree.SubElement(document, f"{XDS}RepositoryUniqueId").text = REPOSITORY
            etree.SubElement(document, f"{XDS}DocumentUniqueId").text = kept.entry.unique_id
            etree.SubElement(document, f"{XDS}mimeType").text = kept.entry.mime_type
            etree.SubElement(document, f"{XDS}Document").append(include(kept.entry.unique_id))
        sent = [Part(kept.entry.unique_id, kept.entry.mime_type, kept.data) for kept in found]
        whole = build_envelope(
            response, action=f"{envelope.action}Response", message_id=uuid.uuid4().urn, relates_to=envelope.message_id
        )
        body, content_type = pack(whole, sent, action="")
        return HttpResponse(200, {"content-type": content_type}, body)

    def _deprecate(self, entry_uuid: str) -> None:
        self.stored = [
            replace(kept, entry=replace(kept.entry, availability_status=Disponibilite.DEPRECATED))
            if kept.entry.entry_uuid == entry_uuid
            else kept
            for kept in self.stored
        ]

    _handlers: ClassVar[dict[str, Callable[[MemoryDmp, Envelope, dict[str, Part]], HttpResponse]]] = {
        noms.ACTION_EXISTENCE: _existence,
        noms.ACTION_HABILITATION: _habilitation,
        noms.ACTION_DEPOT: _deposit,
        noms.ACTION_RECHERCHE: _query,
        noms.ACTION_LECTURE: _retrieve,
    }


def registry_object(entry: DocumentEntry) -> etree._Element:
    """``entry`` as a registry gives it back: with its own identifiers, status, version and repository."""
    fiche = EbrimWriter().document_entry(entry, entry.entry_uuid)
    fiche.set("lid", entry.logical_id)
    fiche.set("status", entry.availability_status or Disponibilite.APPROVED)
    holder = etree.Element("holder")
    add_slot(holder, "repositoryUniqueId", [entry.repository_unique_id])
    fiche.insert(0, holder[0])
    version = etree.Element(f"{RIM}VersionInfo", versionName=entry.version or "1")
    first = fiche.find(f"{RIM}Classification")
    assert first is not None
    first.addprevious(version)
    return fiche


def _answers(entry: DocumentEntry, asked: dict[str, str]) -> bool:
    if "UniqueId" in asked:
        return f"'{entry.unique_id}'" in asked["UniqueId"]
    if "EntryUUID" in asked:
        return f"'{entry.entry_uuid}'" in asked["EntryUUID"]
    return f"'{entry.availability_status}'" in asked.get("Status", "")


def _registry_response(status: str, code: str = "") -> etree._Element:
    response = etree.Element(f"{RS}RegistryResponse", status=noms.REPONSE + status, nsmap={"rs": noms.NS_RS})
    if code:
        errors = etree.SubElement(response, f"{RS}RegistryErrorList")
        etree.SubElement(
            errors, f"{RS}RegistryError", errorCode=code, codeContext="", severity=f"{noms.SEVERITE}Error"
        )
    return response


def _answer(envelope: Envelope, body: etree._Element) -> HttpResponse:
    return soap_response(body, action=f"{envelope.action}Response", relates_to=envelope.message_id)
