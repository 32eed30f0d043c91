"""Answers of the registry and of the repository: RegistryResponse, AdhocQueryResponse, RetrieveDocumentSetResponse.

Source: OASIS ebRS 3.0, IHE ITI TF-3 4.2.4, ITI TF-2 3.18 and 3.43.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from opensegur.foundation.mtom import include
from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.depot import FicheEnregistree
from opensegur.sandbox.dmp.enveloppe import read_xml
from opensegur.sandbox.dmp.noms import QUERY, RIM, RS, XDS, q
from opensegur.sandbox.dmp.recherche import Resultat
from opensegur.sandbox.regles import Manquement

_MAX_ERRORS = 50


def registry_response(manquements: Sequence[Manquement] = (), *, status: str = "") -> etree._Element:
    """A rs:RegistryResponse: Success without errors, Failure with, unless ``status`` says otherwise."""
    response = etree.Element(q(RS, "RegistryResponse"), nsmap={"rs": RS})
    response.set("status", status or (noms.FAILURE if manquements else noms.SUCCESS))
    _add_errors(response, manquements)
    return response


def _add_errors(response: etree._Element, manquements: Sequence[Manquement]) -> None:
    if not manquements:
        return
    errors = etree.SubElement(response, q(RS, "RegistryErrorList"), nsmap={"rs": RS})
    errors.set("highestSeverity", noms.SEVERITE_ERREUR)
    for item in manquements[:_MAX_ERRORS]:
        etree.SubElement(
            errors,
            q(RS, "RegistryError"),
            errorCode=item.code,
            codeContext=item.texte,
            location=item.regle.id,
            severity=noms.SEVERITE_ERREUR,
        )


def query_response(
    resultat: Resultat | None, *, leaves: bool = True, manquements: Sequence[Manquement] = ()
) -> etree._Element:
    response = etree.Element(q(QUERY, "AdhocQueryResponse"), nsmap={"query": QUERY, "rim": RIM, "rs": RS})
    response.set("status", noms.FAILURE if manquements else noms.SUCCESS)
    _add_errors(response, manquements)
    liste = etree.SubElement(response, q(RIM, "RegistryObjectList"))
    if resultat is not None:
        for item in _objects(resultat, leaves=leaves):
            liste.append(item)
        response.set("startIndex", "0")
        response.set("totalResultCount", str(len(liste)))
    return response


def _objects(resultat: Resultat, *, leaves: bool) -> Iterable[etree._Element]:
    objects = [(lot.entry_uuid, lot.xml, "") for lot in resultat.lots]
    objects += [(fiche.entry_uuid, fiche.xml, fiche.statut) for fiche in resultat.fiches]
    objects += [(association.id, association.xml, "") for association in resultat.associations]
    for identifier, xml, status in objects:
        if not leaves:
            yield etree.Element(q(RIM, "ObjectRef"), id=identifier)
            continue
        element = read_xml(xml)
        if status:
            element.set("status", status)
        yield element


def retrieve_response(
    found: Sequence[tuple[FicheEnregistree, str]], manquements: Sequence[Manquement]
) -> etree._Element:
    """A RetrieveDocumentSetResponse; each document found comes with the Content-ID of its part."""
    response = etree.Element(q(XDS, "RetrieveDocumentSetResponse"), nsmap={"xds": XDS})
    partial = noms.PARTIAL if found and manquements else ""
    response.append(registry_response(manquements, status=partial))
    for fiche, content_id in found:
        item = etree.SubElement(response, q(XDS, "DocumentResponse"))
        for name, value in (
            ("RepositoryUniqueId", noms.OID_REPOSITORY),
            ("DocumentUniqueId", fiche.unique_id),
            ("mimeType", fiche.type_mime),
        ):
            etree.SubElement(item, q(XDS, name)).text = value
        etree.SubElement(item, q(XDS, "Document")).append(include(content_id))
    return response
