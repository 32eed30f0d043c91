"""A document shown as safe HTML, by our own code: no style sheet of the document is run, nothing outside is reached.

``render_html`` gives a fragment for a page of the application, ``render_page`` a page that stands alone.
"""

from __future__ import annotations

import base64
import hashlib

from lxml import etree

from opensegur.cda.document_lu import DocumentLu, Fichier
from opensegur.cda.html import Part, anchor, image, tag, to_text
from opensegur.cda.locate import attribute, child, children, clinical_document, text_of
from opensegur.cda.narrative import Narrative, media_of
from opensegur.cda.noeud import NS
from opensegur.cda.reading import PDF_COPY, read_element
from opensegur.cda.reading_types import read_templates
from opensegur.cda.rendering_header import render_header

_CSS = """
body{font-family:sans-serif;line-height:1.5;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1b1b}
.cda-entete{border-bottom:2px solid #1b1b1b;margin-bottom:1.5rem}
.cda-bloc dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}
.cda-bloc dt{font-weight:bold}.cda-bloc dd{margin:0}
table{border-collapse:collapse;margin:1rem 0}
td,th{border:1px solid #666;padding:.25rem .5rem;text-align:left;vertical-align:top}
.cda-gras{font-weight:bold}.cda-italique{font-style:italic}.cda-souligne{text-decoration:underline}
.cda-surligne{background:#ff9}.cda-legende{list-style:none;margin-left:-1em}
.cda-image{max-width:100%}.cda-texte{white-space:pre-wrap}
"""
_MEDIA_NAMES = {
    "application/pdf": "PDF",
    "text/rtf": "RTF",
    "image/tiff": "image TIFF",
    "image/jpeg": "image JPEG",
}
_LINK_STARTS = ("/", "https://", "http://")
_DEEPEST_HEADING = 6


def render_html(data: bytes, *, file_url: str = "") -> str:
    """The document ``data`` as one ``<article class="cda-document">``.

    ``file_url`` is where the application serves the file of the body (or the PDF copy): the fragment then links to
    it, in an element marked ``data-cda-fichier``. Raises ``RefusedInput`` as ``read_document`` does.
    """
    return to_text(_article(clinical_document(data), file_url))


def render_page(data: bytes, *, file_url: str = "") -> str:
    """A whole page, that forbids itself by its policy any script and any request."""
    root = clinical_document(data)
    digest = base64.b64encode(hashlib.sha256(_CSS.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    page = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy),
            tag("title", text_of(child(root, "title")) or "Document"),
            tag("style", _CSS),
        ),
        tag("body", _article(root, file_url)),
        lang="fr",
    )
    return "<!DOCTYPE html>\n" + to_text(page)


def _article(root: etree._Element, file_url: str) -> etree._Element:
    document = read_element(root)
    return tag("article", render_header(document), *_body(root, document, file_url), class_="cda-document", lang="fr")


def _body(root: etree._Element, document: DocumentLu, file_url: str) -> list[Part]:
    if document.corps is not None:
        return [_file(document.corps, file_url)]
    structured = child(root, "component/structuredBody")
    sections = _Sections(Narrative(media_of(root))).of(structured, level=2, skip_copy=document.copie_pdf is not None)
    if document.copie_pdf is None:
        return list(sections)
    # the signed or printed report comes first, the structured text on demand (CI-SIS, FR-Document-PDF-copie)
    return [
        _slot(Fichier("application/pdf", document.copie_pdf), file_url),
        tag("details", tag("summary", "Voir le contenu structuré"), *sections, class_="cda-structure"),
    ]


def _file(file: Fichier, file_url: str) -> etree._Element:
    if file.illisible:
        return tag("p", "Le fichier que porte ce document est illisible.", class_="cda-illisible")
    if file.media_type == "text/plain":
        return tag("pre", _text(file.data), class_="cda-texte")
    shown = image(file.media_type, file.data, "")
    return shown if shown is not None else _slot(file, file_url)


def _slot(file: Fichier, file_url: str) -> etree._Element:
    kind = _MEDIA_NAMES.get(file.media_type, file.media_type or "inconnu")
    words = f"Ouvrir le document ({kind}, {max(1, len(file.data) // 1024)} Ko)"
    safe = file_url.startswith(_LINK_STARTS) and not file_url.startswith("//")
    inside = tag("a", words, href=file_url) if safe else tag("span", words.replace("Ouvrir le d", "D", 1))
    return tag("p", inside, class_="cda-fichier", data_cda_fichier=file.media_type or "inconnu")


def _text(data: bytes) -> str:
    """A text keeps its own charset: UTF-8 when it is, the one of Windows otherwise."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


class _Sections:
    """The sections of an N3 body, with headings by depth."""

    def __init__(self, narrative: Narrative) -> None:
        self._narrative = narrative

    def of(self, parent: etree._Element | None, *, level: int, skip_copy: bool) -> list[etree._Element]:
        return [
            self._section(section, level=level, skip_copy=skip_copy)
            for section in children(parent, "component/section")
            if not (skip_copy and _is_copy(section))
        ]

    def _section(self, section: etree._Element, *, level: int, skip_copy: bool) -> etree._Element:
        title = text_of(child(section, "title"))
        text = section.find(f"{{{NS}}}text")
        return tag(
            "section",
            tag(f"h{min(level, _DEEPEST_HEADING)}", title) if title else None,
            *(self._narrative.convert(text) if text is not None else ()),
            *self.of(section, level=level + 1, skip_copy=skip_copy),
            class_="cda-section",
            id=anchor(attribute(section, "ID")),
        )


def _is_copy(section: etree._Element) -> bool:
    return any(model.oid == PDF_COPY for model in read_templates(section))
