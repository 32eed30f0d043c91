"""Rules on the body: the file of an N1, the structure of an N3.

The official Schematrons check neither the media type, nor the base64, nor the PDF, nor the references.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from opensegur.cda.constat import CDA_XSD
from opensegur.cda.locate import attribute, child
from opensegur.cda.n1 import PDF, XDS_SD
from opensegur.cda.noeud import NS
from opensegur.cda.reading import PDF_COPY
from opensegur.cda.reading_types import decode_base64, read_file
from opensegur.cda.rules import Regle
from opensegur.foundation.findings import Severity

_N1 = "CI-SIS Structuration minimale, corps non structuré"
_N3 = "CI-SIS Structuration minimale, corps structuré"
_TEXT = "h:component/h:nonXMLBody/h:text"
_READ = "application/pdf|text/plain|text/rtf|image/jpeg|image/tiff"
# in a PDF/A-1 the XMP packet is never compressed (ISO 19005-1 §6.7.2): the declaration can be read in the bytes
_DECLARES_PDFA1 = re.compile(rb"pdfaid:part(?:>\s*|\s*=\s*[\"'])1\b")
_NAMESPACES = {"h": NS}
_ID_NODES = etree.XPath("descendant::*/@ID[. != '']")
# plain strings: most documents have no fault, and then nothing more is asked
_IDS = etree.XPath("descendant::*/@ID[. != '']", smart_strings=False)
_POINTED = etree.XPath("descendant::h:reference/@value", namespaces=_NAMESPACES, smart_strings=False)
_REFERENCE = f"{{{NS}}}reference"
_POINTING = (f"{{{NS}}}renderMultiMedia", f"{{{NS}}}footnoteRef")
_ENCODED = (f"{{{NS}}}text", f"{{{NS}}}value")
_HEAD = 200
_IMAGES = "image/gif|image/jpeg|image/png"


def _undecodable(root: etree._Element) -> Iterator[etree._Element]:
    for element in _encoded(root):
        file = read_file(element)
        if file is not None and file.illisible:
            yield element


def _false_pdf(root: etree._Element) -> Iterator[etree._Element]:
    for element in _encoded(root):
        if attribute(element, "mediaType").lower() == PDF and not _begins_as_pdf(element):
            yield element


def _begins_as_pdf(element: etree._Element) -> bool:
    """The first bytes are enough; what cannot be decoded is the business of another rule."""
    head = "".join((element.text or "")[:_HEAD].split())
    try:
        return decode_base64(head[: len(head) // 4 * 4]).startswith(b"%PDF-")
    except ValueError:
        return True


def _not_pdfa(root: etree._Element) -> Iterator[etree._Element]:
    text = child(root, "component/nonXMLBody/text")
    file = read_file(text)
    if text is None or file is None or file.media_type != PDF or not file.data.startswith(b"%PDF-"):
        return
    if not _DECLARES_PDFA1.search(file.data) or _has_errors(file.data):
        yield text


def _has_errors(pdf: bytes) -> bool:
    from opensegur.cda.pdf import check_pdfa  # noqa: PLC0415 - a PDF engine, loaded for a PDF only

    return any(finding.severity is Severity.ERROR for finding in check_pdfa(pdf))


def _encoded(root: etree._Element) -> Iterator[etree._Element]:
    """Every element that carries a file in base64."""
    return (element for element in root.iter(*_ENCODED) if element.get("representation") == "B64")


def _list(found: object) -> list[Any]:
    assert isinstance(found, list)
    return found


def _duplicated_ids(root: etree._Element) -> Iterator[etree._Element]:
    names = _list(_IDS(root))
    if len(set(names)) == len(names):
        return
    seen: Counter[str] = Counter()
    for identifier in _list(_ID_NODES(root)):
        seen[identifier] += 1
        if seen[identifier] == 2:  # noqa: PLR2004 - said once, at the second
            yield identifier.getparent()


def _unresolved(root: etree._Element) -> Iterator[etree._Element]:
    """References and media that point to an ID that the document does not hold."""
    known = set(_list(_IDS(root)))
    pointed_at = {said.strip()[1:] for said in _list(_POINTED(root)) if said.lstrip().startswith("#")}
    for element in root.iter(*_POINTING, *(() if pointed_at <= known else (_REFERENCE,))):
        pointed = element.get("value")
        if pointed is not None:
            wanted = [pointed.strip()[1:]] if pointed.lstrip().startswith("#") else []
        else:
            wanted = attribute(element, "referencedObject").split() + attribute(element, "IDREF").split()
        if any(identifier not in known for identifier in wanted):
            yield element


CORPS = (
    Regle(
        "N1.MODELES",
        f"self::*[h:component/h:nonXMLBody][count(h:templateId)!=3 or not(h:templateId[@root='{XDS_SD.oid}'])]",
        "Un document non structuré porte exactement trois templateId.",
        f"Gardez 2.16.840.1.113883.2.8.2.1, 1.2.250.1.213.1.1.1.1 et {XDS_SD.oid} seulement.",
        _N1,
    ),
    Regle(
        "N1.TEXTE",
        "h:component/h:nonXMLBody[count(h:text)!=1]"
        f" | {_TEXT}[@nullFlavor or not(normalize-space()) or not(@mediaType) or @representation!='B64'"
        " or not(@representation)]",
        "Le corps du document est absent ou n’est pas en base64.",
        'Donnez text avec mediaType, representation="B64" et le fichier.',
        _N1,
    ),
    Regle(
        "N1.MEDIA",
        f"{_TEXT}[@mediaType][not(contains('|{_READ}|', concat('|', @mediaType, '|')))]",
        "Le format du corps n’est pas admis.",
        "Convertissez le fichier en PDF/A-1 (application/pdf) ou en texte (text/plain).",
        _N1,
    ),
    Regle(
        "N1.MEDIA.HISTORIQUE",
        f"{_TEXT}[@mediaType='text/rtf' or @mediaType='image/jpeg' or @mediaType='image/tiff']",
        "Ce format de corps n’est plus admis dans les nouveaux documents.",
        "Convertissez le fichier en PDF/A-1.",
        _N1,
        Severity.WARNING,
    ),
    Regle(
        "COR.BASE64",
        _undecodable,
        "Un fichier du document ne se décode pas (base64).",
        "Encodez de nouveau le fichier en base64.",
        _N1,
    ),
    Regle(
        "COR.PDF",
        _false_pdf,
        "Un fichier annoncé comme PDF n’en est pas un.",
        "Vérifiez mediaType et le fichier : un PDF commence par %PDF-.",
        _N1,
    ),
    Regle(
        "N1.PDFA",
        _not_pdfa,
        "Le PDF du corps n’est pas un PDF/A-1.",
        "Convertissez-le en PDF/A-1 avant de l’envelopper.",
        _N1,
        Severity.WARNING,
    ),
    Regle(
        "N3.MODELE",
        f"h:templateId[@root='{XDS_SD.oid}'][/*/h:component/h:structuredBody]",
        "Un document structuré se déclare non structuré.",
        f"Retirez templateId {XDS_SD.oid} et donnez celui du volet.",
        _N3,
    ),
    Regle(
        "N3.SECTION",
        "h:component/h:structuredBody[not(h:component/h:section)]",
        "Le corps structuré n’a pas de section.",
        "Donnez au moins une section.",
        CDA_XSD,
    ),
    Regle(
        "N3.TEXTE",
        "h:component/h:structuredBody/descendant::h:section[not(h:component/h:section)][not(h:text)]",
        "Une section n’a pas de texte, alors que le texte fait foi.",
        "Donnez le texte de la section.",
        _N3,
    ),
    Regle(
        "N3.ID",
        _duplicated_ids,
        "Le même ID est donné deux fois dans le document.",
        "Rendez chaque ID unique dans tout le document.",
        _N3,
    ),
    Regle(
        "N3.REFERENCE",
        _unresolved,
        "Une référence désigne un texte ou une image que le document ne contient pas.",
        "Donnez au texte l’ID désigné, ou corrigez la référence.",
        _N3,
        Severity.WARNING,
    ),
    Regle(
        "N3.COPIE.TITRE",
        f"h:component/h:structuredBody/descendant::h:section[h:templateId[@root='{PDF_COPY}']]"
        "[normalize-space(h:title)!='Copie du document']",
        "La section de la copie PDF n’a pas le titre prévu.",
        "Écrivez exactement « Copie du document ».",
        "CI-SIS Modèles de contenus CDA, FR-Document-PDF-copie",
    ),
    Regle(
        "N3.COPIE.PDF",
        f"h:component/h:structuredBody/descendant::h:section[h:templateId[@root='{PDF_COPY}']]"
        "[not(descendant::h:observationMedia/h:value[@mediaType='application/pdf'])]",
        "La section de la copie PDF ne contient pas de PDF.",
        "Joignez le PDF dans observationMedia/value.",
        "CI-SIS Modèles de contenus CDA, FR-Document-PDF-copie",
    ),
    Regle(
        "N3.IMAGE",
        "h:component/h:structuredBody/descendant::h:observationMedia/h:value[starts-with(@mediaType, 'image/')]"
        f"[not(contains('|{_IMAGES}|', concat('|', @mediaType, '|')))]",
        "Une image du document a un format que les lecteurs n’affichent pas tous.",
        "Donnez une image GIF, JPEG ou PNG.",
        _N3,
        Severity.WARNING,
    ),
)
