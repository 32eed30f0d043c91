"""From ebRIM 3.0 to values, as received: another software's entries may be poor and must still be listed.

Only what an entry cannot do without (its uniqueId) is required. A part that cannot be understood is left empty;
the entry's own XML stays in ``DocumentEntry.source``. Source: ITI TF-3 4.2.3.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from lxml import etree

from opensegur.dmp import noms
from opensegur.dmp.hl7 import Cx, parse_cx, parse_dtm, parse_xcn, parse_xon, unescape
from opensegur.dmp.metadata import (
    Author,
    Disponibilite,
    DocumentEntry,
    SubmissionSet,
    read_source_patient_info,
)
from opensegur.dmp.noms import RIM
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue, RefusedInput

_Value = TypeVar("_Value")
_UNKNOWN = Code("", "")
_NOBODY = Cx("?", "2.999", "?")


def read_document_entry(fiche: etree._Element) -> DocumentEntry:
    """Read one ``rim:ExtrinsicObject``. Raises ``RefusedInput`` DMP_FICHE when it has no uniqueId."""
    unique_id = _external_identifier(fiche, noms.FICHE_UNIQUE_ID)
    if not unique_id:
        raise RefusedInput(
            "DMP_FICHE",
            "Une fiche du DMP n’a pas d’identifiant de document.",
            conseil="Signalez-le à l’assistance du DMP.",
            detail=fiche.get("id", "")[:80],
        )
    slots = _slots(fiche)
    size = next(iter(slots.get("size", ())), "")
    version = fiche.find(f"{RIM}VersionInfo")
    return DocumentEntry(
        unique_id=unique_id,
        patient_id=_patient(fiche, noms.FICHE_PATIENT_ID),
        type_code=_code(fiche, noms.FICHE_TYPE),
        class_code=_code(fiche, noms.FICHE_CLASS),
        format_code=_code(fiche, noms.FICHE_FORMAT),
        confidentiality_codes=_codes(fiche, noms.FICHE_CONFIDENTIALITY),
        healthcare_facility_type=_code(fiche, noms.FICHE_FACILITY),
        practice_setting=_code(fiche, noms.FICHE_PRACTICE),
        title=_text(fiche, "Name"),
        authors=_authors(fiche, noms.FICHE_AUTHOR),
        creation_time=_time(slots, "creationTime"),
        service_start_time=_time(slots, "serviceStartTime"),
        service_stop_time=_time(slots, "serviceStopTime"),
        legal_authenticator=_first(slots, "legalAuthenticator", parse_xcn),
        language_code=next(iter(slots.get("languageCode", ())), ""),
        mime_type=fiche.get("mimeType", ""),
        comments=_text(fiche, "Description"),
        source_patient_id=_first(slots, "sourcePatientId", parse_cx),
        source_patient_info=read_source_patient_info(slots.get("sourcePatientInfo", ())),
        event_codes=_codes(fiche, noms.FICHE_EVENT),
        reference_ids=slots.get(noms.SLOT_REFERENCES, ()),
        hash=next(iter(slots.get("hash", ())), ""),
        size=int(size) if size.isascii() and size.isdigit() else None,
        entry_uuid=_registry_uuid(fiche.get("id", "")),
        logical_id=_registry_uuid(fiche.get("lid", "")),
        version="" if version is None else version.get("versionName", ""),
        availability_status=_status(fiche),
        repository_unique_id=next(iter(slots.get("repositoryUniqueId", ())), ""),
        source=etree.tostring(fiche, encoding="UTF-8", with_tail=False),
    )


def read_submission_set(package: etree._Element) -> SubmissionSet:
    """Read one ``rim:RegistryPackage`` that is a lot."""
    return SubmissionSet(
        unique_id=_external_identifier(package, noms.LOT_UNIQUE_ID),
        patient_id=_patient(package, noms.LOT_PATIENT_ID),
        source_id=_external_identifier(package, noms.LOT_SOURCE_ID),
        content_type=_code(package, noms.LOT_CONTENT_TYPE),
        author=next(iter(_authors(package, noms.LOT_AUTHOR)), Author()),
        submission_time=_time(_slots(package), "submissionTime"),
        title=_text(package, "Name"),
        comments=_text(package, "Description"),
        entry_uuid=_registry_uuid(package.get("id", "")),
        availability_status=_status(package),
    )


def _slots(parent: etree._Element) -> dict[str, tuple[str, ...]]:
    return {
        slot.get("name", ""): tuple(
            (value.text or "").strip() for value in slot.iterfind(f"{RIM}ValueList/{RIM}Value")
        )
        for slot in parent.iterfind(f"{RIM}Slot")
    }


def _first(slots: dict[str, tuple[str, ...]], name: str, parse_value: Callable[[str], _Value]) -> _Value | None:
    value = next(iter(slots.get(name, ())), "")
    try:
        return parse_value(value) if value else None
    except InvalidValue:
        return None


def _time(slots: dict[str, tuple[str, ...]], name: str) -> datetime | None:
    return _first(slots, name, parse_dtm)


def _text(parent: etree._Element, name: str) -> str:
    text = parent.find(f"{RIM}{name}/{RIM}LocalizedString")
    return "" if text is None else text.get("value", "")


def _classifications(parent: etree._Element, scheme: str) -> list[etree._Element]:
    return [found for found in parent.iterfind(f"{RIM}Classification") if found.get("classificationScheme") == scheme]


def _codes(parent: etree._Element, scheme: str) -> tuple[Code, ...]:
    return tuple(
        Code(
            found.get("nodeRepresentation", ""),
            next(iter(_slots(found).get("codingScheme", ())), ""),
            _text(found, "Name"),
        )
        for found in _classifications(parent, scheme)
    )


def _code(parent: etree._Element, scheme: str) -> Code:
    return next(iter(_codes(parent, scheme)), _UNKNOWN)


def _authors(parent: etree._Element, scheme: str) -> tuple[Author, ...]:
    return tuple(_author(_slots(found)) for found in _classifications(parent, scheme))


def _author(slots: dict[str, tuple[str, ...]]) -> Author:
    return Author(
        person=_first(slots, "authorPerson", parse_xcn),
        institution=_first(slots, "authorInstitution", parse_xon),
        specialty=_first(slots, "authorSpecialty", parse_specialty),
        roles=tuple(unescape(role) for role in slots.get("authorRole", ())),
    )


def parse_specialty(text: str) -> Code:
    """``code^libellé^OID``; a bare text is taken as the label."""
    parts = [unescape(part) for part in text.split("^")]
    if len(parts) < 3:  # noqa: PLR2004 - code, label, OID
        return Code("", "", parts[0])
    return Code(parts[0], parts[2], parts[1])


def _external_identifier(parent: etree._Element, scheme: str) -> str:
    for found in parent.iterfind(f"{RIM}ExternalIdentifier"):
        if found.get("identificationScheme") == scheme:
            return found.get("value", "").strip()
    return ""


def _patient(parent: etree._Element, scheme: str) -> Cx:
    try:
        return parse_cx(_external_identifier(parent, scheme))
    except InvalidValue:
        return _NOBODY


def _status(parent: etree._Element) -> Disponibilite | None:
    status = parent.get("status", "")
    return Disponibilite(status) if status in {*Disponibilite} else None


def _registry_uuid(identifier: str) -> str:
    """The identifier when the registry gave it; a symbolic one has no meaning outside its message."""
    return identifier if identifier.startswith("urn:uuid:") else ""
