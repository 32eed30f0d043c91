"""Any CDA R2 document, N1 or N3, into frozen values.

The bytes of a document are kept by whoever received them: nothing here writes them again.
"""

from __future__ import annotations

from lxml import etree

from opensegur.cda.document import Identifiant
from opensegur.cda.document_lu import (
    ActeLu,
    DocumentLu,
    Niveau,
    RencontreLue,
    SectionLue,
)
from opensegur.cda.locate import attribute, child, children, clinical_document, text_of
from opensegur.cda.reading_actors import read_actor, read_actors, read_organization, read_patient
from opensegur.cda.reading_types import (
    read_code,
    read_file,
    read_identifier,
    read_identifiers,
    read_templates,
    read_time,
)
from opensegur.foundation.acteurs import Code

PDF_COPY = "1.2.250.1.213.1.1.2.243"


def read_document(data: bytes) -> DocumentLu:
    """What the document ``data`` says, valid or not.

    Raises ``RefusedInput`` only when there is no document to read: the codes of ``foundation.xml.parse``, and
    CDA_RACINE.
    """
    return read_element(clinical_document(data))


def read_element(root: etree._Element) -> DocumentLu:
    """Same as ``read_document`` from a ``ClinicalDocument`` element."""
    structured = child(root, "component/structuredBody")
    replaced = _replaced(root)
    identifier = child(root, "id")
    set_id = child(root, "setId")
    return DocumentLu(
        niveau=Niveau.N1 if structured is None else Niveau.N3,
        uid=read_identifier(identifier) if identifier is not None else Identifiant(""),
        set_id=read_identifier(set_id) if set_id is not None else None,
        version=_integer(attribute(child(root, "versionNumber"), "value")),
        type=read_code(child(root, "code")) or Code("", ""),
        titre=text_of(child(root, "title")),
        created_at=read_time(child(root, "effectiveTime")),
        confidentialite=read_code(child(root, "confidentialityCode")) or Code("", ""),
        language=attribute(child(root, "languageCode"), "code"),
        modeles=read_templates(root),
        patient=read_patient(child(root, "recordTarget/patientRole")),
        auteurs=read_actors(root, "author"),
        structure=read_organization(child(root, "custodian/assignedCustodian/representedCustodianOrganization")),
        responsable=read_actor(child(root, "legalAuthenticator")),
        actes=tuple(_act(event) for event in children(root, "documentationOf/serviceEvent")),
        rencontre=_encounter(child(root, "componentOf/encompassingEncounter")),
        remplace=next(iter(read_identifiers(replaced)), None),
        remplace_version=_integer(attribute(child(replaced, "versionNumber"), "value")),
        prescriptions=tuple(
            found for order in children(root, "inFulfillmentOf/order") for found in read_identifiers(order)
        ),
        destinataires=read_actors(root, "informationRecipient"),
        attestations=read_actors(root, "authenticator"),
        participants=(*read_actors(root, "informant"), *read_actors(root, "participant")),
        operateur_saisie=read_actor(child(root, "dataEnterer")),
        corps=read_file(child(root, "component/nonXMLBody/text")),
        copie_pdf=pdf_copy(structured),
        sections=_sections(structured),
    )


def pdf_copy(structured: etree._Element | None) -> bytes | None:
    """The PDF of the section « Copie du document » (FR-Document-PDF-copie), when there is a readable one."""
    if structured is None:
        return None
    for section in structured.iter("{*}section"):
        if any(model.oid == PDF_COPY for model in read_templates(section)):
            files = (read_file(child(media, "value")) for media in section.iter("{*}observationMedia"))
            return next((file.data for file in files if file and file.media_type == "application/pdf"), None) or None
    return None


def _sections(parent: etree._Element | None) -> tuple[SectionLue, ...]:
    return tuple(
        SectionLue(
            titre=text_of(child(section, "title")),
            code=read_code(child(section, "code")),
            modeles=read_templates(section),
            texte=text_of(child(section, "text")),
            identifiant=attribute(section, "ID"),
            sections=_sections(section),
        )
        for section in children(parent, "component/section")
    )


def _replaced(root: etree._Element) -> etree._Element | None:
    return next(
        (
            child(related, "parentDocument")
            for related in children(root, "relatedDocument")
            if attribute(related, "typeCode") == "RPLC"
        ),
        None,
    )


def _act(event: etree._Element) -> ActeLu:
    return ActeLu(
        identifiants=read_identifiers(event),
        code=read_code(child(event, "code")),
        debut=read_time(child(event, "effectiveTime/low")),
        fin=read_time(child(event, "effectiveTime/high")),
        executants=read_actors(event, "performer"),
    )


def _encounter(element: etree._Element | None) -> RencontreLue | None:
    if element is None:
        return None
    facility = child(element, "location/healthCareFacility")
    return RencontreLue(
        code=read_code(child(element, "code")),
        debut=read_time(child(element, "effectiveTime/low")),
        fin=read_time(child(element, "effectiveTime/high")),
        secteur=read_code(child(facility, "code")),
        lieu=text_of(child(facility, "location/name")),
    )


def _integer(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - a version, not a flood
