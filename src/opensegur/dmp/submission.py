"""A lot to send (ITI-41): its documents, their metadata, its signature, all in one message.

The identifiers are given by the caller, who chose them when the delivery was written down: sending the same lot
again sends the same identifiers. A document's bytes are never rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from opensegur.dmp import noms
from opensegur.dmp.controles import check_entry, check_submission_set, raise_findings
from opensegur.dmp.ebrim import EbrimWriter
from opensegur.dmp.metadata import Author, DocumentEntry, SubmissionSet
from opensegur.dmp.noms import LCM, RIM, XDS
from opensegur.dmp.signature import sign_lot, signature_entry
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.identifiers import check_oid
from opensegur.foundation.mtom import Part, include
from opensegur.foundation.ports import HashName, Signer

_LOT = "SubmissionSet01"
_SIGNATURE = "Signature01"


@dataclass(frozen=True, slots=True)
class DocumentADeposer:
    """A document: its ``entry``, its bytes, and the entryUUID of the one that it replaces ("" for none)."""

    entry: DocumentEntry
    data: bytes
    remplace: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a delivery sends: ``uid`` and ``uid_signature`` are the OIDs of the lot and of its signature.

    ``content_type`` ∈ JDV_J59. ``auteur`` is the sender of the lot, by default the person for whom it is sent.
    ``moment`` dates the lot and its signature, by default when it is sent: give the moment when the delivery was
    written down, so that a second sending is the first one to the byte.

    Raises ``InvalidValue``: OID, DMP_LOT_VIDE, DMP_LOT_PATIENTS (two patients), DMP_LOT_IDENTIFIANTS (an OID used
    twice), DMP_REMPLACEMENT, DMP_METADONNEES.
    """

    uid: str
    uid_signature: str
    documents: tuple[DocumentADeposer, ...]
    content_type: Code
    titre: str = ""
    commentaire: str = ""
    auteur: Author | None = None
    moment: datetime | None = None

    def __post_init__(self) -> None:
        if not self.documents:
            raise InvalidValue("DMP_LOT_VIDE", "L’envoi ne contient aucun document.", conseil="Ajoutez un document.")
        uids = [check_oid(self.uid), check_oid(self.uid_signature), *self.unique_ids]
        if len(set(uids)) != len(uids):
            raise InvalidValue(
                "DMP_LOT_IDENTIFIANTS",
                "Deux éléments de l’envoi portent le même identifiant.",
                conseil="Donnez un OID différent au lot, à sa signature et à chaque document.",
            )
        if len({document.entry.patient_id for document in self.documents}) > 1:
            raise InvalidValue(
                "DMP_LOT_PATIENTS",
                "L’envoi mêle des documents de plusieurs patients.",
                conseil="Faites un envoi par patient.",
            )
        for document in self.documents:
            if document.remplace and not document.remplace.startswith("urn:uuid:"):
                raise InvalidValue(
                    "DMP_REMPLACEMENT",
                    "Le document à remplacer doit être désigné par son entryUUID.",
                    conseil="Demandez-le d’abord au DMP (transaction TD3.1b).",
                )
            raise_findings(check_entry(document.entry))

    @property
    def unique_ids(self) -> tuple[str, ...]:
        return tuple(document.entry.unique_id for document in self.documents)

    @property
    def taille(self) -> int:
        """The documents' bytes in all."""
        return sum(len(document.data) for document in self.documents)


@dataclass(frozen=True, slots=True)
class Message:
    """An ITI-41 request ready to leave: the body of the envelope and the parts beside it."""

    body: etree._Element
    parts: tuple[Part, ...]


def build_message(
    submission: Submission,
    *,
    auteur: Author,
    source_id: str,
    signer: Signer,
    moment: datetime,
    hash_name: HashName = "sha256",
) -> Message:
    """Sign the lot and write its ``ProvideAndRegisterDocumentSetRequest``.

    ``auteur`` sends the lot at ``moment`` unless the submission names others; ``source_id`` is the software's OID.
    """
    moment = submission.moment or moment
    first = submission.documents[0].entry
    lot = SubmissionSet(
        unique_id=submission.uid,
        patient_id=first.patient_id,
        source_id=source_id,
        content_type=submission.content_type,
        author=submission.auteur or auteur,
        submission_time=moment,
        title=submission.titre,
        comments=submission.commentaire,
    )
    raise_findings(check_submission_set(lot))
    signature = sign_lot(
        submission.uid,
        [(document.entry, document.data) for document in submission.documents],
        signer,
        moment,
        hash_name=hash_name,
    )
    contents = [
        (f"Document{rank:02d}", document.entry.with_content(document.data), document.data)
        for rank, document in enumerate(submission.documents, 1)
    ]
    signed = signature_entry(submission.uid_signature, lot, first, moment).with_content(signature)
    contents.append((_SIGNATURE, signed, signature))
    replaced = [document.remplace for document in submission.documents]
    return Message(
        body=_request(lot, contents, replaced),
        parts=tuple(Part(_content_id(entry), entry.mime_type, data) for _, entry, data in contents),
    )


def _request(
    lot: SubmissionSet, contents: list[tuple[str, DocumentEntry, bytes]], replaced: list[str]
) -> etree._Element:
    request = etree.Element(
        f"{XDS}ProvideAndRegisterDocumentSetRequest",
        nsmap={"xds": noms.NS_XDS, "lcm": noms.NS_LCM, "rim": noms.NS_RIM},
    )
    objects = etree.SubElement(etree.SubElement(request, f"{LCM}SubmitObjectsRequest"), f"{RIM}RegistryObjectList")
    writer = EbrimWriter()
    objects.append(writer.submission_set(lot, _LOT))
    objects.extend(writer.document_entry(entry, identifier) for identifier, entry, _ in contents)
    objects.extend(writer.association(noms.HAS_MEMBER, _LOT, identifier) for identifier, _, _ in contents)
    objects.append(writer.association(noms.SIGNS, _SIGNATURE, _LOT))
    for (identifier, _, _), target in zip(contents, replaced, strict=False):  # the signature replaces nothing
        if target:
            objects.append(writer.association(noms.REPLACES, identifier, target, original=False))
    for identifier, entry, _ in contents:
        etree.SubElement(request, f"{XDS}Document", id=identifier).append(include(_content_id(entry)))
    return request


def _content_id(entry: DocumentEntry) -> str:
    return f"{entry.unique_id}@opensegur"
