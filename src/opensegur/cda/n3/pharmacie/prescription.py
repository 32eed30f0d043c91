"""The prescription of medicines and devices (eP-MED-DM 2024.01).

Source: CI-SIS Volet eP-MED-DM (CI-SIS_EP-MED-DM_2024.01.sch). The number that the Assurance maladie gives to a
prescription (EPU) goes in ``Entete.acte_identifiants``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.gabarit import Gabarit
from opensegur.cda.locate import attribute, children
from opensegur.cda.n3.commentaire import COMMENTAIRE
from opensegur.cda.n3.ecriture import LOINC
from opensegur.cda.n3.image import Image, build_image, read_image
from opensegur.cda.n3.lecture import Lecture, sections, words_of
from opensegur.cda.n3.mesures import (
    Grossesse,
    Mesure,
    build_measures,
    build_pregnancy,
    read_measures,
    read_pregnancy,
)
from opensegur.cda.n3.pharmacie.dispositif import TITRES as TITRES_DISPOSITIF
from opensegur.cda.n3.pharmacie.dispositif import DispositifPrescrit, build_device, read_device
from opensegur.cda.n3.pharmacie.ligne import TITRES, LignePrescription, build_line, read_line
from opensegur.cda.n3.pharmacie.mentions import TITRES as TITRES_MENTIONS
from opensegur.cda.n3.pharmacie.mentions import Mention
from opensegur.cda.n3.piece_jointe import COPIE, build_copy, read_attachments
from opensegur.cda.n3.recit import Redaction, paragraphs, table
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.volet import check_type, document
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

TYPE = Code("57833-6", LOINC, "Prescription de produits de santé")
OID_EPU = "1.2.250.1.215.500.1.1"
MODELES = (
    Modele("1.3.6.1.4.1.19376.1.9.1.1.1"),
    Modele("1.3.6.1.4.1.19376.1.5.3.1.1.1"),
    Modele("1.2.250.1.213.1.1.1.39", "2024.01"),
)
_GABARIT = Gabarit(fin_acte=True)
_CODE_2D = rubrique(
    "57723-9", "Numéro de code à barres unique", "Code 2D de la prescription", "1.2.250.1.213.1.1.2.223"
)
_MEDICAMENTS = rubrique(
    "57828-6",
    "Prescriptions",
    "Prescription de médicaments",
    "1.3.6.1.4.1.19376.1.9.1.2.1",
    "1.2.250.1.213.1.1.2.171",
)
_DISPOSITIFS = rubrique(
    "46264-8", "Dispositifs médicaux", "Prescription de dispositifs médicaux", "1.2.250.1.213.1.1.2.222"
)


@dataclass(frozen=True, slots=True, repr=False)
class Prescription:
    """``pdf``: the prescription as it is printed, in PDF/A-1; ``code_2d``: the image of its code when it has one."""

    pdf: bytes
    medicaments: tuple[LignePrescription, ...] = ()
    dispositifs: tuple[DispositifPrescrit, ...] = ()
    mentions: tuple[Mention, ...] = ()
    commentaire: str = ""
    mesures: tuple[Mesure, ...] = ()
    grossesse: Grossesse | None = None
    code_2d: Image | None = None

    def __post_init__(self) -> None:
        if not self.medicaments and not self.dispositifs:
            raise InvalidValue(
                "CDA_PRESCRIPTION_VIDE",
                "La prescription est vide.",
                conseil="Ajoutez un médicament ou un dispositif.",
            )

    def __repr__(self) -> str:
        return f"Prescription({len(self.medicaments)}, {len(self.dispositifs)})"


def build_prescription(entete: Entete, prescription: Prescription) -> bytes:
    """The bytes of the document; ``acte_debut`` and ``acte_fin`` of the header are its validity.

    Raises ``InvalidValue`` (CDA_TYPE_VOLET).
    """
    check_type(entete, TYPE)
    flags = tuple(each.code for each in prescription.mentions)
    header = replace(entete, acte_code=TYPE, autres_actes=(*flags, *entete.autres_actes))
    return document(header, MODELES, _sections(entete, prescription), _GABARIT)


def read_prescription(root: etree._Element) -> Prescription:
    """The content of a prescription, whoever made it.

    Raises ``InvalidValue`` (CDA_PRESCRIPTION_VIDE) when it holds no line that can be read.
    """
    lecture = Lecture.of(root)
    copies = read_attachments(root, COPIE, lecture)
    media = (
        read_image(each, lecture.captions)
        for section in sections(root, _CODE_2D.modele)
        for each in children(section, "entry/observationMedia")
    )
    told = [words_of(text) for each in sections(root, COMMENTAIRE.modele) for text in children(each, "text")]
    acts = [attribute(each, "code") for each in children(root, "documentationOf/serviceEvent/code")]
    return Prescription(
        pdf=copies[0].pdf if copies else b"",
        medicaments=tuple(
            found
            for section in sections(root, _MEDICAMENTS.modele)
            for each in children(section, "entry/substanceAdministration")
            if (found := read_line(each, lecture))
        ),
        dispositifs=tuple(
            device
            for section in sections(root, _DISPOSITIFS.modele)
            for each in children(section, "entry/supply")
            if (device := read_device(each, lecture))
        ),
        mentions=tuple(each for each in Mention if each.value in acts),
        commentaire="\n".join(words for words in told if words),
        mesures=read_measures(root),
        grossesse=read_pregnancy(root),
        code_2d=next((each for each in media if each), None),
    )


def _sections(entete: Entete, prescription: Prescription) -> list[Noeud]:
    redaction, moment = Redaction(entete.uid), entete.created_at
    found: list[Noeud] = []
    if prescription.code_2d:
        shown, medium = build_image(prescription.code_2d, redaction)
        found.append(build_section(_CODE_2D, redaction, node("text", shown), [medium]))
    if prescription.medicaments:
        lines = [build_line(each, moment, redaction) for each in prescription.medicaments]
        text = table((*TITRES, *TITRES_MENTIONS), (row for row, _ in lines))
        found.append(build_section(_MEDICAMENTS, redaction, text, (entry for _, entry in lines)))
    if prescription.dispositifs:
        devices = [build_device(each, moment, redaction) for each in prescription.dispositifs]
        text = table((*TITRES_DISPOSITIF, *TITRES_MENTIONS[:-1]), (row for row, _ in devices))
        found.append(build_section(_DISPOSITIFS, redaction, text, (entry for _, entry in devices)))
    if prescription.commentaire:
        found.append(build_section(COMMENTAIRE, redaction, paragraphs([prescription.commentaire])))
    if prescription.mesures:
        found.append(build_measures(prescription.mesures, redaction))
    if prescription.grossesse:
        found.append(build_pregnancy(prescription.grossesse, redaction))
    return [*found, build_copy(prescription.pdf, redaction)]
