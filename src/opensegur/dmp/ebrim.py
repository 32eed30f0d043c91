"""From values to ebRIM 3.0: the registry objects of a lot, in the order that the schema enforces.

Inside an object: Slot*, Name, Description, Classification*, ExternalIdentifier*. Every Classification names its
owner (``classifiedObject``) and every ExternalIdentifier too (``registryObject``). Source: ITI TF-3 4.2.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count

from lxml import etree

from opensegur.dmp import noms
from opensegur.dmp.hl7 import escape, format_dtm
from opensegur.dmp.metadata import Author, DocumentEntry, SubmissionSet
from opensegur.dmp.noms import RIM, XML_LANG
from opensegur.foundation.acteurs import Code

_Slots = Iterable[tuple[str, Iterable[str]]]


class EbrimWriter:
    """Writes the objects of one message; the ids of classifications are its own and run from 1."""

    def __init__(self) -> None:
        self._ids = count(1)

    def submission_set(self, lot: SubmissionSet, identifier: str) -> etree._Element:
        """The ``rim:RegistryPackage`` called ``identifier`` inside the message."""
        package = _element("RegistryPackage", id=identifier)
        _add_slots(package, (("submissionTime", _times(lot.submission_time)),))
        _add_texts(package, lot.title, lot.comments)
        self._add_author(package, identifier, noms.LOT_AUTHOR, lot.author)
        self._add_code(package, identifier, noms.LOT_CONTENT_TYPE, lot.content_type)
        etree.SubElement(
            package,
            f"{RIM}Classification",
            id=self._id("cl"),
            classificationNode=noms.NOEUD_LOT,
            classifiedObject=identifier,
        )
        for scheme, value, name in (
            (noms.LOT_PATIENT_ID, lot.patient_id.format(), "XDSSubmissionSet.patientId"),
            (noms.LOT_SOURCE_ID, lot.source_id, "XDSSubmissionSet.sourceId"),
            (noms.LOT_UNIQUE_ID, lot.unique_id, "XDSSubmissionSet.uniqueId"),
        ):
            self._add_external_identifier(package, identifier, scheme, value, name)
        return package

    def document_entry(self, entry: DocumentEntry, identifier: str) -> etree._Element:
        """The ``rim:ExtrinsicObject`` called ``identifier``; what only the registry gives is left out."""
        fiche = _element("ExtrinsicObject", id=identifier, mimeType=entry.mime_type, objectType=noms.OBJET_DOCUMENT)
        _add_slots(fiche, _entry_slots(entry))
        _add_texts(fiche, entry.title, entry.comments)
        for author in entry.authors:
            self._add_author(fiche, identifier, noms.FICHE_AUTHOR, author)
        for scheme, codes in (
            (noms.FICHE_CLASS, (entry.class_code,)),
            (noms.FICHE_TYPE, (entry.type_code,)),
            (noms.FICHE_CONFIDENTIALITY, entry.confidentiality_codes),
            (noms.FICHE_EVENT, entry.event_codes),
            (noms.FICHE_FORMAT, (entry.format_code,)),
            (noms.FICHE_FACILITY, (entry.healthcare_facility_type,)),
            (noms.FICHE_PRACTICE, (entry.practice_setting,)),
        ):
            for code in codes:
                self._add_code(fiche, identifier, scheme, code)
        for scheme, value, name in (
            (noms.FICHE_PATIENT_ID, entry.patient_id.format(), "XDSDocumentEntry.patientId"),
            (noms.FICHE_UNIQUE_ID, entry.unique_id, "XDSDocumentEntry.uniqueId"),
        ):
            self._add_external_identifier(fiche, identifier, scheme, value, name)
        return fiche

    def association(self, kind: str, source: str, target: str, *, original: bool = True) -> etree._Element:
        """An Association; ``original`` says that the lot brings its target (SubmissionSetStatus)."""
        association = _element(
            "Association",
            id=self._id("as"),
            associationType=kind,
            objectType=noms.OBJET_ASSOCIATION,
            sourceObject=source,
            targetObject=target,
        )
        if original:
            _add_slots(association, (("SubmissionSetStatus", ("Original",)),))
        return association

    def _id(self, prefix: str) -> str:
        return f"{prefix}{next(self._ids)}"

    def _add_author(self, parent: etree._Element, owner: str, scheme: str, author: Author) -> None:
        classification = self._classification(parent, owner, scheme, "")
        specialty = author.specialty
        _add_slots(
            classification,
            (
                ("authorInstitution", [author.institution.format()] if author.institution else []),
                ("authorPerson", [author.person.format()] if author.person else []),
                ("authorRole", [escape(role) for role in author.roles]),
                ("authorSpecialty", [format_specialty(specialty)] if specialty else []),
            ),
        )

    def _add_code(self, parent: etree._Element, owner: str, scheme: str, code: Code) -> None:
        classification = self._classification(parent, owner, scheme, code.code)
        _add_slots(classification, (("codingScheme", (code.system,)),))
        _add_text(classification, "Name", code.label or code.code)

    def _classification(self, parent: etree._Element, owner: str, scheme: str, value: str) -> etree._Element:
        return etree.SubElement(
            parent,
            f"{RIM}Classification",
            id=self._id("cl"),
            classificationScheme=scheme,
            classifiedObject=owner,
            nodeRepresentation=value,
        )

    def _add_external_identifier(
        self, parent: etree._Element, owner: str, scheme: str, value: str, name: str
    ) -> None:
        identifier = etree.SubElement(
            parent,
            f"{RIM}ExternalIdentifier",
            id=self._id("ei"),
            identificationScheme=scheme,
            registryObject=owner,
            value=value,
        )
        _add_text(identifier, "Name", name)


def format_specialty(specialty: Code) -> str:
    """``code^libellé^OID`` (CI-SIS, authorSpecialty)."""
    return "^".join(escape(part) for part in (specialty.code, specialty.label, specialty.system))


def add_slot(parent: etree._Element, name: str, values: Iterable[str]) -> None:
    """Append a ``rim:Slot`` with ``values``, in their order."""
    slot = etree.SubElement(parent, f"{RIM}Slot", name=name)
    value_list = etree.SubElement(slot, f"{RIM}ValueList")
    for value in values:
        etree.SubElement(value_list, f"{RIM}Value").text = value


def _entry_slots(entry: DocumentEntry) -> Iterator[tuple[str, Iterable[str]]]:
    yield "creationTime", _times(entry.creation_time)
    yield "hash", [entry.hash] if entry.hash else []
    yield "languageCode", [entry.language_code]
    yield "legalAuthenticator", [entry.legal_authenticator.format()] if entry.legal_authenticator else []
    yield "serviceStartTime", _times(entry.service_start_time)
    yield "serviceStopTime", _times(entry.service_stop_time)
    yield "size", [str(entry.size)] if entry.size is not None else []
    yield "sourcePatientId", [entry.source_patient_id.format()] if entry.source_patient_id else []
    yield "sourcePatientInfo", entry.source_patient_info.values() if entry.source_patient_info else []
    yield noms.SLOT_REFERENCES, entry.reference_ids


def _times(moment: datetime | None) -> list[str]:
    return [format_dtm(moment)] if moment else []


def _element(name: str, **attributes: str) -> etree._Element:
    return etree.Element(f"{RIM}{name}", attributes, nsmap={"rim": noms.NS_RIM})


def _add_slots(parent: etree._Element, slots: _Slots) -> None:
    for name, values in slots:
        if kept := [*values]:
            add_slot(parent, name, kept)


def _add_texts(parent: etree._Element, title: str, comments: str) -> None:
    if title:
        _add_text(parent, "Name", title)
    if comments:
        _add_text(parent, "Description", comments)


def _add_text(parent: etree._Element, name: str, value: str) -> None:
    text = etree.SubElement(parent, f"{RIM}{name}")
    etree.SubElement(text, f"{RIM}LocalizedString", {"charset": "UTF-8", XML_LANG: "FR", "value": value})
