"""A file inside a structured document: its PDF copy, or a report that came from elsewhere (FR-Document-attache)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.locate import child, children
from opensegur.cda.n3.ecriture import LOINC, code, completed, loinc, said, templates, typed
from opensegur.cda.n3.lecture import Lecture, sections
from opensegur.cda.n3.recit import Redaction
from opensegur.cda.n3.section import Rubrique, build_section, rubrique
from opensegur.cda.noeud import Noeud, node
from opensegur.cda.reading_types import read_file
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

COPIE = rubrique("55108-5", "Copie du document", "Copie du document", "1.2.250.1.213.1.1.2.243")
_COPIE = Code("55108-5", LOINC, "Copie du document")
_TYPE = ("1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.2.250.1.213.1.1.3.48", "1.2.250.1.213.1.1.3.48.18")


@dataclass(frozen=True, slots=True)
class PieceJointe:
    """A PDF and what it is called."""

    titre: str
    pdf: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not self.pdf.startswith(b"%PDF-"):
            raise InvalidValue("CDA_PDF", "Le fichier n’est pas un PDF.", conseil="Convertissez-le en PDF/A-1.")


def build_copy(pdf: bytes, redaction: Redaction) -> Noeud:
    """The section « Copie du document »: what a reader shows first."""
    return build_attachment(COPIE, PieceJointe("Copie du document", pdf), redaction, kind=_COPIE)


def build_attachment(
    rubric: Rubrique, piece: PieceJointe, redaction: Redaction, *, kind: Code | None = None
) -> Noeud:
    """A section that holds one PDF; ``kind``: the type of the document, in words when it is None."""
    words, medium = redaction.dit(piece.titre, "piece"), redaction.anchor("fichier")
    shown = node("renderMultiMedia", referencedObject=medium)
    text = node(
        "text",
        node("paragraph", node("content", piece.titre, ID=words.ancre)),
        node("paragraph", shown),
    )
    value = code("value", kind) if kind else code("value", None, said(words.ancre, "originalText"))
    described = node(
        "observation",
        *templates(*_TYPE),
        redaction.identifier(words.ancre),
        loinc("69764-9", "Type de document"),
        said(words.ancre),
        completed(),
        node("effectiveTime", nullFlavor="NA"),
        typed(value, "CD"),
        classCode="OBS",
        moodCode="EVN",
    )
    content = node(
        "value", Noeud(base64.b64encode(piece.pdf).decode("ascii")), mediaType="application/pdf", representation="B64"
    )
    organizer = node(
        "organizer",
        *templates("1.2.250.1.213.1.1.3.18"),
        redaction.identifier(medium),
        loinc("55107-7", "Document attaché"),
        completed(),
        node("effectiveTime", nullFlavor="NA"),
        node("component", described, typeCode="COMP"),
        node("component", node("observationMedia", content, classCode="OBS", moodCode="EVN", ID=medium)),
        classCode="CLUSTER",
        moodCode="EVN",
    )
    return build_section(rubric, redaction, text, [organizer])


def read_attachments(root: etree._Element, rubric: Rubrique, lecture: Lecture) -> tuple[PieceJointe, ...]:
    """The PDFs of the sections of a kind; a file that is no PDF is left out."""
    found: list[PieceJointe] = []
    for section in sections(root, rubric.modele):
        for organizer in children(section, "entry/organizer"):
            words = lecture.words(child(organizer, "component/observation/text")) or rubric.titre
            for medium in children(organizer, "component/observationMedia"):
                file = read_file(child(medium, "value"))
                if file is not None and file.data.startswith(b"%PDF-"):
                    found.append(PieceJointe(words, file.data))
    return tuple(found)
