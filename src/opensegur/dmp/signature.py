"""The signature of a lot: its XML, and the entry under which it is stored beside the documents.

Source: IHE Document Digital Signature (2009), as the CI-SIS volet Partage de documents profiles it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lxml import etree

from opensegur.dmp.metadata import DocumentEntry, SubmissionSet
from opensegur.dmp.visibilite import SYSTEM_CONFIDENTIALITE, Visibilite
from opensegur.foundation.acteurs import Code
from opensegur.foundation.ports import HashName, Signer
from opensegur.foundation.xades import DUMMY_DIGEST, PURPOSE_SOURCE, ManifestReference, digest, sign_manifest
from opensegur.foundation.xml import parse, serialize

XML_TYPES = frozenset({"text/xml", "application/xml", "application/xslt+xml"})

_TYPE = Code("E1762", "ASTM", "Full Document")
_CLASS = Code("urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "URN", "Digital Signature")
_FORMAT = Code("http://www.w3.org/2000/09/xmldsig#", "URN", "Default Signature Style")
_EVENT = Code(PURPOSE_SOURCE, "1.2.840.10065.1.12", "Source")
_NORMAL = Code("N", SYSTEM_CONFIDENTIALITE, "Normal")
# nobody reads a signature: it is hidden from everybody (the one entry for which both codes go together)
_HIDDEN = Visibilite(masque_ps=True, invisible_patient=True, cumul=True)


def sign_lot(
    lot_uid: str,
    documents: Sequence[tuple[DocumentEntry, bytes]],
    signer: Signer,
    moment: datetime,
    *,
    hash_name: HashName = "sha256",
) -> bytes:
    """The signature document: the lot first, with its dummy digest, then each document."""
    references = [ManifestReference(f"urn:oid:{lot_uid}", DUMMY_DIGEST)]
    for entry, data in documents:
        is_xml = entry.mime_type in XML_TYPES
        signed = canonical_form(data) if is_xml else data
        references.append(
            ManifestReference(f"urn:oid:{entry.unique_id}", digest(signed, hash_name), canonicalized=is_xml)
        )
    return serialize(sign_manifest(references, signer, moment, hash_name=hash_name))


def canonical_form(data: bytes) -> bytes:
    """Canonical XML with comments of a whole document: what stands outside its root element counts too."""
    return etree.tostring(parse(data).getroottree(), method="c14n", with_comments=True)


def signature_entry(unique_id: str, lot: SubmissionSet, document: DocumentEntry, moment: datetime) -> DocumentEntry:
    """The entry of the signature of ``lot``, made at ``moment``; facility and setting are those of ``document``."""
    return DocumentEntry(
        unique_id=unique_id,
        patient_id=lot.patient_id,
        type_code=_TYPE,
        class_code=_CLASS,
        format_code=_FORMAT,
        confidentiality_codes=(_NORMAL, *_HIDDEN.codes),
        healthcare_facility_type=document.healthcare_facility_type,
        practice_setting=document.practice_setting,
        title="Source",
        authors=(lot.author,),
        creation_time=moment,
        service_start_time=moment,
        service_stop_time=moment,
        legal_authenticator=lot.author.person,
        language_code="art",
        source_patient_id=lot.patient_id,
        event_codes=(_EVENT,),
    )
