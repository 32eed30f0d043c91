"""The official checks of the ANS, run from a copy of their published tree, which is never part of this project.

Schemas by lxml, Schematrons (ISO, XSLT 2) by saxonche (extra ``conformance``). The compiled stylesheets have to
sit beside their sources and one value set of the tree is missing: so the tree is copied once into the user's
cache, mended and compiled there. Compiling takes seconds, a run a tenth of one: keep the process.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from opensegur.cda.document_lu import Modele
from opensegur.cda.officiel_copie import mended_copy, user_cache
from opensegur.foundation.errors import ConfigurationError

ENVIRONMENT = "OPENSEGUR_TESTCONTENU"

_ENGINE = ("iso_dsdl_include.xsl", "iso_abstract_expand.xsl", "iso_svrl_for_xslt2.xsl")
_SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}


@dataclass(frozen=True, slots=True)
class Schematron:
    """One official Schematron: ``name`` for people, ``path`` inside the tree."""

    name: str
    path: str


STRUCTURATION = Schematron(
    "Structuration minimale", "schematrons/profils/structurationMinimale/ASIP-STRUCT-MIN-StrucMin.sch"
)
TERMINOLOGIES = Schematron("Terminologies", "schematrons/profils/terminologies/schematron/terminologie.sch")
FOR_N1 = (STRUCTURATION, TERMINOLOGIES)
FOR_N3 = (
    *FOR_N1,
    Schematron("Profils IHE", "schematrons/profils/IHE.sch"),
    Schematron("Modèles de contenus du CI-SIS", "schematrons/profils/CI-SIS_ModelesDeContenusCDA.sch"),
    Schematron("Modèles de l’ANS", "schematrons/profils/CI-SIS_Modeles_ANS.sch"),
)

# the model of a volet, by templateId and extension ("" when the model has none), and its own Schematron
_VOLETS = {
    ("1.2.250.1.213.1.1.1.13", "201310"): "VSM_1.4_2022.01",
    ("1.2.250.1.213.1.1.1.21", "2022.01"): "LDL-EES_2022.01",
    ("1.2.250.1.213.1.1.1.29", "2022.01"): "LDL-SES_2022.01",
    ("1.2.250.1.213.1.1.1.37", "2023.01"): "VAC_2023.01",
    ("1.2.250.1.213.1.1.1.39", "2022.01"): "EP-MED-DM_2022.01",
    ("1.2.250.1.213.1.1.1.39", "2023.01"): "EP-MED-DM_2023.01",
    ("1.2.250.1.213.1.1.1.39", "2024.01"): "EP-MED-DM_2024.01",
    ("1.2.250.1.213.1.1.1.45", "2024.01"): "IMG-CR-IMG_2024.01",
    ("1.2.250.1.213.1.1.1.46", "2023.01"): "VAC-NOTE_2023.01",
    ("1.2.250.1.213.1.1.1.47", "2024.01"): "IMG-DA-IMG_2024.01",
    ("1.2.250.1.213.1.1.1.51", "2024.01"): "IPS-FR_2024.01",
    ("1.2.250.1.213.1.1.1.54", "2024.01"): "eDISP-MED_2024.01",
    ("1.2.250.1.213.1.1.1.55", "2024.01"): "BIO-CR-BIO_2024.01",
}


def schematrons_of(modeles: Iterable[Modele], *, structured: bool) -> tuple[Schematron, ...]:
    """Those that judge a document: the common ones of its level, then its volet's when we know its model."""
    if not structured:
        return FOR_N1
    names = (_VOLETS.get((modele.oid, modele.version)) for modele in modeles)
    volets = (Schematron(f"Volet {name}", f"schematrons/CI-SIS_{name}.sch") for name in names if name)
    return (*FOR_N3, *volets)


@dataclass(frozen=True, slots=True)
class FailedAssert:
    """An assert of a Schematron that failed, as published: ``role`` is ``error`` or ``warning``."""

    schematron: str
    text: str
    location: str
    role: str


class OfficialTree:
    """The published tree at ``folder``, ready to judge documents.

    Raises ``ConfigurationError``: CDA_OFFICIEL_ABSENT when the folder is not that tree, CDA_OFFICIEL_SAXON when
    saxonche is not installed, CDA_OFFICIEL_INUTILISABLE when a Schematron of the tree does not run.
    """

    def __init__(self, folder: Path, cache_folder: Path | None = None) -> None:
        if not (folder / STRUCTURATION.path).is_file():
            raise ConfigurationError(
                "CDA_OFFICIEL_ABSENT",
                "Ce dossier n’est pas l’outil de validation de l’ANS (TestContenuCDA).",
                conseil="Indiquez le dossier qui contient « schematrons » et « jeuxDeValeurs ».",
            )
        self._processor = _processor()
        self._copy = mended_copy(folder, cache_folder or user_cache())
        self._schema: etree.XMLSchema | None = None
        self._compiled: dict[Schematron, Any] = {}

    def schema_errors(self, document: etree._Element) -> list[tuple[int, str]]:
        """What CDA_extended.xsd refuses: the line, and the words of libxml2."""
        if self._schema is None:
            self._schema = etree.XMLSchema(etree.parse(self._copy / "infrastructure" / "cda" / "CDA_extended.xsd"))
        if self._schema.validate(document):
            return []
        return [(error.line, error.message) for error in self._schema.error_log]

    def failed_asserts(self, document: bytes, schematron: Schematron) -> list[FailedAssert]:
        """Run one Schematron over the bytes of a ``ClinicalDocument``."""
        try:
            executable = self._executable(schematron)
            node = self._processor.parse_xml(xml_text=document.decode("utf-8"))
            report = executable.transform_to_string(xdm_node=node)
        except Exception as error:
            # saxonche raises its own class, which cannot be imported without the library
            raise ConfigurationError(
                "CDA_OFFICIEL_INUTILISABLE",
                f"Le Schematron « {schematron.name} » de l’ANS n’a pas pu être exécuté.",
                conseil="Vérifiez que le dossier de TestContenuCDA est complet et récent.",
                detail=type(error).__name__,
            ) from error
        root = etree.fromstring(report.encode("utf-8"), etree.XMLParser(resolve_entities=False, huge_tree=True))
        return [
            FailedAssert(
                schematron.name,
                " ".join("".join(failed.itertext()).split()),
                failed.get("location", ""),
                failed.get("role", "error"),
            )
            for failed in root.iterfind(".//svrl:failed-assert", _SVRL)
        ]

    def _executable(self, schematron: Schematron) -> Any:
        if schematron not in self._compiled:
            source = self._copy / schematron.path
            target = source.with_suffix(".compiled.xsl")
            if not target.is_file():
                _compile(self._processor, self._copy / "schematrons" / "moteur", source, target)
            compiler = self._processor.new_xslt30_processor()
            self._compiled[schematron] = compiler.compile_stylesheet(stylesheet_file=str(target))
        return self._compiled[schematron]


@cache
def official_tree(folder: Path) -> OfficialTree:
    """The tree at ``folder``, prepared once per process."""
    return OfficialTree(folder)


@cache
def _processor() -> Any:
    try:
        from saxonche import PySaxonProcessor  # noqa: PLC0415 - an optional library
    except ImportError:
        raise ConfigurationError(
            "CDA_OFFICIEL_SAXON",
            "La validation officielle a besoin de la bibliothèque saxonche.",
            conseil="Installez opensegur[conformance].",
        ) from None
    return PySaxonProcessor(license=False)


def _compile(processor: Any, engine: Path, source: Path, target: Path) -> None:
    """The three steps of ISO Schematron; each result stays beside the source, where its paths are right."""
    current = source
    for rank, step in enumerate(_ENGINE):
        result = source.with_suffix(f".{os.getpid()}.{rank}.xml")
        stylesheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(engine / step))
        stylesheet.transform_to_file(source_file=str(current), output_file=str(result))
        if current != source:
            current.unlink()
        current = result
    current.replace(target)
