"""Reading documents (ITI-43): the request by repository and uniqueId, the answer with its bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from opensegur.dmp import noms
from opensegur.dmp.errors import Anomalie
from opensegur.dmp.noms import RS, XDS
from opensegur.dmp.reponses import expect, read_registry_response
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.mtom import Part, content_of


@dataclass(frozen=True, slots=True)
class Demande:
    """One document asked for; ``repository`` is the OID that the search gave."""

    unique_id: str
    repository: str


@dataclass(frozen=True, slots=True)
class DocumentRecu:
    """A document as the repository gave it: its bytes are untouched."""

    unique_id: str
    repository: str
    mime_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReponseLecture:
    """The documents received; ``anomalies`` say why others were not (a partial success)."""

    documents: tuple[DocumentRecu, ...]
    anomalies: tuple[Anomalie, ...] = ()


def build_request(demandes: Sequence[Demande]) -> etree._Element:
    request = etree.Element(f"{XDS}RetrieveDocumentSetRequest", nsmap={"xds": noms.NS_XDS})
    for demande in demandes:
        element = etree.SubElement(request, f"{XDS}DocumentRequest")
        etree.SubElement(element, f"{XDS}RepositoryUniqueId").text = demande.repository
        etree.SubElement(element, f"{XDS}DocumentUniqueId").text = demande.unique_id
    return request


def read_response(body: etree._Element, parts: Mapping[str, Part], transaction: str) -> ReponseLecture:
    """Read a ``RetrieveDocumentSetResponse`` and its parts.

    Raises ``DmpError`` for a failure, ``RefusedInput`` (DMP_REPONSE, MIME_…) for a malformed answer.
    """
    response = expect(body, f"{XDS}RetrieveDocumentSetResponse")
    outcome = response.find(f"{RS}RegistryResponse")
    if outcome is None:
        raise _incomplete("RegistryResponse")
    anomalies = read_registry_response(outcome, transaction, partial=True)
    documents = tuple(_document(found, parts) for found in response.iterfind(f"{XDS}DocumentResponse"))
    return ReponseLecture(documents, anomalies)


def _document(element: etree._Element, parts: Mapping[str, Part]) -> DocumentRecu:
    content = element.find(f"{XDS}Document")
    unique_id = (element.findtext(f"{XDS}DocumentUniqueId") or "").strip()
    if content is None or not unique_id:
        raise _incomplete("DocumentResponse")
    return DocumentRecu(
        unique_id=unique_id,
        repository=(element.findtext(f"{XDS}RepositoryUniqueId") or "").strip(),
        mime_type=(element.findtext(f"{XDS}mimeType") or "").strip(),
        data=content_of(content, parts),
    )


def _incomplete(what: str) -> RefusedInput:
    return RefusedInput(
        "DMP_REPONSE",
        "La réponse du DMP est incomplète.",
        conseil="Recommencez. Si cela se répète, signalez-le à l’éditeur.",
        detail=what,
    )
