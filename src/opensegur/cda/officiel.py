"""The official checks of the ANS, run from a copy of their published tree, which is never part of this project.

Schemas by lxml, Schematrons (ISO, XSLT 2) by saxonche (extra ``conformance``). The compiled stylesheets have to
sit beside their sources and one value set of the tree is missing: so the tree is copied once into the user's
cache, mended and compiled there. Compiling takes seconds, a run a tenth of one: keep the process.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from opensegur.cda.document_lu import Modele
from opensegur.foundation.errors import ConfigurationError
from opensegur.nomenclature import Table, table

ENVIRONMENT = "OPENSEGUR_TESTCONTENU"

_COPIED = ("schematrons", "jeuxDeValeurs", "infrastructure")
_ENGINE = ("iso_dsdl_include.xsl", "iso_abstract_expand.xsl", "iso_svrl_for_xslt2.xsl")
_VOCABULARY = "schematrons/profils/structurationMinimale/include/voc-{oid}-DYNAMIC.xml"
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
    saxonche is not installed.
    """

    def __init__(self, folder: Path, cache_folder: Path | None = None) -> None:
        if not (folder / STRUCTURATION.path).is_file():
            raise ConfigurationError(
                "CDA_OFFICIEL_ABSENT",
                "Ce dossier n’est pas l’outil de validation de l’ANS (TestContenuCDA).",
                conseil="Indiquez le dossier qui contient « schematrons » et « jeuxDeValeurs ».",
            )
        self._processor = _processor()
        self._copy = _mended_copy(folder, cache_folder or _user_cache())
        self._schema: etree.XMLSchema | None = None
        self._compiled: dict[Schematron, Any] = {}

    def schema_errors(self, document: etree._Element) -> list[str]:
        """What CDA_extended.xsd refuses, as libxml2 says it."""
        if self._schema is None:
            self._schema = etree.XMLSchema(etree.parse(self._copy / "infrastructure" / "cda" / "CDA_extended.xsd"))
        if self._schema.validate(document):
            return []
        return [f"ligne {error.line} : {error.message}" for error in self._schema.error_log]

    def failed_asserts(self, document: bytes, schematron: Schematron) -> list[FailedAssert]:
        """Run one Schematron over the bytes of a ``ClinicalDocument``."""
        executable = self._executable(schematron)
        node = self._processor.parse_xml(xml_text=document.decode("utf-8"))
        report = executable.transform_to_string(xdm_node=node)
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


def _mended_copy(folder: Path, cache_folder: Path) -> Path:
    """A copy of the tree with the value set of document types that its header Schematron lacks."""
    copy = cache_folder / _fingerprint(folder)
    if copy.is_dir():
        return copy
    cache_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_folder, prefix="copie-") as scratch:
        fresh = Path(scratch) / "arbre"
        for name in _COPIED:
            if (folder / name).is_dir():
                shutil.copytree(
                    folder / name, fresh / name, ignore=shutil.ignore_patterns("*.jar", "rapports", "tmp")
                )
        vocabulary = fresh / _VOCABULARY.format(oid=table("JDV_J07").oid)
        if not vocabulary.exists():
            vocabulary.write_bytes(_vocabulary(table("JDV_J07")))
        try:
            fresh.rename(copy)
        except OSError:
            if not copy.is_dir():  # another process made the same copy meanwhile: both are equal
                raise
    return copy


def _vocabulary(values: Table) -> bytes:
    """A value set in the shape that the header Schematron reads."""
    root = etree.Element("valueSets")
    value_set = etree.SubElement(root, "valueSet", id=values.oid, name=values.name)
    concepts = etree.SubElement(value_set, "conceptList")
    for concept in values:
        etree.SubElement(concepts, "concept", code=concept.code, codeSystem=concept.system, displayName=concept.label)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(str(folder.resolve()).encode())
    for schematron in FOR_N3:
        path = folder / schematron.path
        state = path.stat() if path.is_file() else None
        digest.update(
            f"{schematron.path}|{state.st_size if state else 0}|{state.st_mtime_ns if state else 0}".encode()
        )
    return digest.hexdigest()[:16]


def _user_cache() -> Path:
    if configured := os.environ.get("OPENSEGUR_CACHE"):
        return Path(configured) / "conformite"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "opensegur" / "conformite"
