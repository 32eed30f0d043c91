"""Stored queries (ITI-18): what is asked of the registry, and its answer.

A single value is written in quotes, a list in parentheses; a quote inside a value is doubled; a code is
``code^^scheme``. Source: ITI TF-2 3.18.4.1.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from opensegur.dmp import noms
from opensegur.dmp.ebrim import add_slot
from opensegur.dmp.ebrim_reading import read_document_entry
from opensegur.dmp.errors import Anomalie
from opensegur.dmp.hl7 import Cx, format_dtm
from opensegur.dmp.metadata import Disponibilite, DocumentEntry
from opensegur.dmp.noms import QUERY, RIM
from opensegur.dmp.reponses import expect, read_registry_response
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue
from opensegur.ins.matricule import Matricule

_MAX_VALUE = 256

FIND_DOCUMENTS = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
GET_DOCUMENTS = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"


class Retour(StrEnum):
    """What the answer holds: whole entries (TD3.1a) or bare references (TD3.1b)."""

    FICHES = "LeafClass"
    REFERENCES = "ObjectRef"


@dataclass(frozen=True, slots=True)
class Criteres:
    """What to look for among a patient's documents: each list widens, each field narrows.

    By default the active documents, whatever their date. ``cree_depuis``… are about the document,
    ``acte_depuis``… about the start of the act. Moments are aware.
    """

    statuts: tuple[Disponibilite, ...] = (Disponibilite.APPROVED,)
    classes: tuple[Code, ...] = ()
    types: tuple[Code, ...] = ()
    formats: tuple[Code, ...] = ()
    cadres: tuple[Code, ...] = ()
    secteurs: tuple[Code, ...] = ()
    evenements: tuple[Code, ...] = ()
    confidentialites: tuple[Code, ...] = ()
    auteur: str = ""
    cree_depuis: datetime | None = None
    cree_jusqu_a: datetime | None = None
    acte_depuis: datetime | None = None
    acte_jusqu_a: datetime | None = None

    def __post_init__(self) -> None:
        if not self.statuts:
            raise InvalidValue(
                "DMP_STATUTS", "La recherche ne demande aucun statut.", conseil="Demandez au moins les actifs."
            )


def build_find_documents(matricule: Matricule, criteres: Criteres) -> etree._Element:
    """FindDocuments: the patient's entries that answer ``criteres``."""
    parameters: list[tuple[str, Sequence[str]]] = [
        ("PatientId", [_quoted(Cx.of_matricule(matricule).format())]),
        ("Status", _listed(criteres.statuts)),
    ]
    for name, moment in (
        ("CreationTimeFrom", criteres.cree_depuis),
        ("CreationTimeTo", criteres.cree_jusqu_a),
        ("ServiceStartTimeFrom", criteres.acte_depuis),
        ("ServiceStartTimeTo", criteres.acte_jusqu_a),
    ):
        if moment is not None:
            parameters.append((name, [_quoted(format_dtm(moment))]))
    for name, codes in (
        ("ClassCode", criteres.classes),
        ("TypeCode", criteres.types),
        ("PracticeSettingCode", criteres.cadres),
        ("HealthcareFacilityTypeCode", criteres.secteurs),
        ("EventCodeList", criteres.evenements),
        ("ConfidentialityCode", criteres.confidentialites),
        ("FormatCode", criteres.formats),
    ):
        if codes:
            parameters.append((name, _listed(f"{code.code}^^{code.system}" for code in codes)))
    if criteres.auteur:
        parameters.append(("AuthorPerson", _listed([criteres.auteur])))
    return _request(FIND_DOCUMENTS, parameters, Retour.FICHES)


def build_get_documents(
    *, unique_ids: Iterable[str] = (), entry_uuids: Iterable[str] = (), retour: Retour = Retour.FICHES
) -> etree._Element:
    """GetDocuments, by uniqueId or by entryUUID, never both. Raises ``InvalidValue`` DMP_RECHERCHE."""
    uids, uuids = [*unique_ids], [*entry_uuids]
    if bool(uids) == bool(uuids):
        raise InvalidValue(
            "DMP_RECHERCHE",
            "La recherche doit désigner les documents par un seul genre d’identifiant.",
            conseil="Donnez soit leurs identifiants, soit leurs entryUUID.",
        )
    parameter = ("UniqueId", _listed(uids)) if uids else ("EntryUUID", _listed(uuids))
    return _request(GET_DOCUMENTS, [parameter], retour)


@dataclass(frozen=True, slots=True)
class ReponseRecherche:
    """Entries or references found; ``anomalies`` are warnings of the registry."""

    entries: tuple[DocumentEntry, ...] = ()
    references: tuple[str, ...] = ()
    anomalies: tuple[Anomalie, ...] = ()


def read_response(body: etree._Element, transaction: str) -> ReponseRecherche:
    """Read an ``AdhocQueryResponse``. Raises ``DmpError`` for a failure, ``RefusedInput`` for another answer."""
    response = expect(body, f"{QUERY}AdhocQueryResponse")
    anomalies = read_registry_response(response, transaction, partial=True)
    objects = response.find(f"{RIM}RegistryObjectList")
    if objects is None:
        return ReponseRecherche(anomalies=anomalies)
    return ReponseRecherche(
        entries=tuple(read_document_entry(fiche) for fiche in objects.iterfind(f"{RIM}ExtrinsicObject")),
        references=tuple(found.get("id", "") for found in objects.iterfind(f"{RIM}ObjectRef")),
        anomalies=anomalies,
    )


def _request(query: str, parameters: Iterable[tuple[str, Sequence[str]]], retour: Retour) -> etree._Element:
    request = etree.Element(f"{QUERY}AdhocQueryRequest", nsmap={"query": noms.NS_QUERY, "rim": noms.NS_RIM})
    etree.SubElement(request, f"{QUERY}ResponseOption", {"returnComposedObjects": "true", "returnType": retour.value})
    adhoc = etree.SubElement(request, f"{RIM}AdhocQuery", id=query)
    for name, values in parameters:
        add_slot(adhoc, f"$XDSDocumentEntry{name}", values)
    return request


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _listed(values: Iterable[str]) -> list[str]:
    """As many ``rim:Value`` as needed: each holds at most 256 characters (ITI TF-2 3.18.4.1.2.3.5)."""
    groups: list[str] = []
    for item in map(_quoted, values):
        if groups and len(groups[-1]) + len(item) + 3 <= _MAX_VALUE:
            groups[-1] += f",{item}"
        else:
            groups.append(item)
    return [f"({group})" for group in groups]
