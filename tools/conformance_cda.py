"""Judge our N1 documents by the official checks of the ANS: schema, header Schematron, terminologies.

    python tools/conformance_cda.py FOLDER      (or OPENSEGUR_TESTCONTENU=FOLDER)

FOLDER is a copy of the ANS tree TestContenuCDA. One line a document, with the number of failed asserts; exits 1 when
there is one, 2 when the tree is not there.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fpdf import FPDF
from PIL import Image

from opensegur.cda.document import Entete
from opensegur.cda.n1 import PDF, TEXT, build_n1
from opensegur.cda.officiel import ENVIRONMENT
from opensegur.cda.pdf import to_pdfa
from opensegur.cda.testing import CABINET, MATRICULE, PATIENT, TRAITS, complete_entete, sample_entete
from opensegur.cda.validation import validate_document, validate_official
from opensegur.foundation.acteurs import Adresse, Code, Professionnel
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.findings import Finding
from opensegur.ins.matricule import Matricule
from opensegur.ins.oids import OID_NIA, OID_NIR, OID_NIR_DEMO
from opensegur.ins.traits import Sexe
from opensegur.nomenclature import table

_PHARMACIEN = Professionnel(
    id_nat="810000000033", nom="BLANC", prenom="Aude", profession="21", savoir_faire="", civilite="MME"
)


@dataclass(frozen=True, slots=True)
class Resultat:
    """One document judged: ``findings`` of the official checks, ``ours`` of our own rules."""

    name: str
    findings: tuple[Finding, ...]
    ours: tuple[Finding, ...]

    @property
    def failed(self) -> int:
        return len(self.findings) + len(self.ours)


def entetes() -> dict[str, Entete]:
    """The variants of a header, by name."""
    base = sample_entete()
    return {
        "short": base,
        "complete, replacement": complete_entete(),
        "without INS": sample_entete(patient=replace(PATIENT, matricule=None)),
        "production NIR": _with_oid(OID_NIR),
        "NIA": _with_oid(OID_NIA),
        "demonstration NIR": _with_oid(OID_NIR_DEMO),
        "INS alone, no address": sample_entete(
            patient=replace(PATIENT, ipp="", ipp_oid="", adresse=None, telecoms=()),
        ),
        "no used name": _with_traits(nom_utilise="", prenom_utilise=""),
        "used first name alone": _with_traits(nom_utilise=""),
        "sex unknown": _with_traits(sexe=Sexe.I),
        "born abroad": _with_traits(lieu_naissance="99109"),
        "local identity with few traits": sample_entete(
            patient=replace(PATIENT, matricule=None, traits=replace(TRAITS, prenoms="", lieu_naissance="")),
        ),
        "town alone": sample_entete(patient=replace(PATIENT, adresse=Adresse(code_postal="75011", ville="PARIS"))),
        "restricted": sample_entete(confidentialite="R"),
        "French type code": sample_entete(type=Code("PRESC-BIO", "1.2.250.1.213.1.1.4.12")),
        "pharmacist in a pharmacy": sample_entete(
            type=Code("56445-0", "2.16.840.1.113883.6.1"),
            auteur=_PHARMACIEN,
            responsable=_PHARMACIEN,
            structure=replace(CABINET, secteur="SA33", adresse=None, telecoms=()),
        ),
        **{
            f"sector {sector.code}": sample_entete(structure=replace(CABINET, secteur=sector.code))
            for sector in table("JDV_J02").concepts
        },
        **{
            f"setting {setting.code}": sample_entete(structure=replace(CABINET, cadre=setting.code))
            for setting in table("JDV_J04").concepts
        },
        **{
            f"type {concept.code}": sample_entete(type=Code(concept.code, concept.system))
            for concept in table("JDV_J07").concepts
            if concept.code != "E1762"  # the signature of a lot, which is no CDA document
        },
        **{
            f"encounter {concept.code}": sample_entete(prise_en_charge=Code(concept.code, concept.system))
            for concept in table("JDV_J142").concepts
        },
    }


def files() -> dict[str, bytes]:
    """A small file of each format that may come to a counter."""
    picture = Image.new("RGB", (320, 200), "white")
    return {
        "txt": "Compte rendu fictif : température 37 °C, cœur régulier.\n".encode(),
        "rtf": rb"{\rtf1\ansi\deff0 {\fonttbl{\f0 Arial;}} Compte rendu {\b fictif}.}",
        "jpeg": _saved(picture, "JPEG"),
        "tiff": _saved(picture, "TIFF"),
        "pdf": _pdf(),
    }


def documents() -> Iterator[tuple[str, bytes]]:
    """Each format in the short header, then each header around a plain text."""
    for kind, content in files().items():
        yield f"format {kind}", build_n1(sample_entete(), to_pdfa(content, name=f"fictif.{kind}").data, PDF)
    for name, entete in entetes().items():
        yield name, build_n1(entete, b"Compte rendu fictif.\n", TEXT)


def judge(name: str, document: bytes, tree: Path) -> Resultat:
    """Raises ``ConfigurationError`` when the tree or saxonche is missing."""
    return Resultat(name, validate_official(document, tree).findings, validate_document(document).findings)


def main(arguments: list[str]) -> int:
    folder = arguments[0] if arguments else os.environ.get(ENVIRONMENT, "")
    if not folder:
        print(f"The ANS tree is missing: give its folder, or set {ENVIRONMENT}.", file=sys.stderr)
        return 2
    count = failed = 0
    try:
        for name, document in documents():
            result = judge(name, document, Path(folder))
            count += 1
            failed += bool(result.failed)
            _report(result)
    except ConfigurationError as error:
        print(f"{error}\n{error.conseil}", file=sys.stderr)
        return 2
    print(f"{count} documents, {failed} with findings")
    return 1 if failed else 0


def _report(result: Resultat) -> None:
    print(f"{result.failed:4d}  {result.name}")
    for finding in (*result.findings, *result.ours):
        print(f"      {finding.severity.value}: {finding.message} [{finding.rule}] {finding.path}")


def _with_oid(oid: str) -> Entete:
    return sample_entete(patient=replace(PATIENT, matricule=Matricule(MATRICULE.valeur, oid)))


def _with_traits(**changes: Any) -> Entete:
    return sample_entete(patient=replace(PATIENT, traits=replace(TRAITS, **changes)))


def _saved(picture: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind)
    return stream.getvalue()


def _pdf() -> bytes:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=12)
    page.cell(text="Compte rendu fictif")
    return bytes(page.output())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
