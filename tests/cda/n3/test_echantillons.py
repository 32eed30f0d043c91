"""The official samples of the volets that are ours: read, built again, and nothing that is coded is lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from cda.n3.documents import BY_NAME
from opensegur.cda.locate import clinical_document, local
from opensegur.cda.n3 import ips
from opensegur.cda.n3.ecriture import ts
from opensegur.cda.n3.lecture import read_quand
from opensegur.cda.testing import CABINET, MEDECIN, sample_entete
from opensegur.cda.validation import validate_document

pytestmark = pytest.mark.fixtures

_SAMPLES = {
    "VSM_1.4_2022.01": "vsm",
    "VAC_2023.01": "historique de vaccinations",
    "VAC-NOTE_2023.01": "note de vaccination",
    "BIO-CR-BIO_2024.01_CR-2nde-intention-PDF": "biologie",
    "BIO-CR-BIO_2024.01_CRP_non_LOINC": "biologie",
    "BIO-CR-BIO_2024.01_Electrophorese": "biologie",
    "BIO-CR-BIO_2024.01_Microbiologie_V1": "biologie",
    "BIO-CR-BIO_2024.01_Microbiologie_V2": "biologie",
    "BIO-CR-BIO_2024.01_TSH_1": "biologie",
    "eP-MED-DM_2024.01_PosoNonStruct": "prescription",
    "eP-MED-DM_2024.01_PosoStruct": "prescription",
    "eDISP-MED_2024.01": "dispensation",
    "LDL-EES_2022.01": "lettre d'entrée",
    "LDL-SES_2022.01": "lettre de sortie",
}
# what a document says once and for all: it is written from the header, not read from the line
_FROM_THE_HEADER = {"prescription": {"effectiveTime"}, "lettre de sortie": {"effectiveTime"}}


def facts(root: etree._Element, ignored: set[str]) -> Counter[tuple[str, str]]:
    """Each code, value and unit of the entries, times spelt one way."""
    body = root.find("{*}component/{*}structuredBody")
    assert body is not None
    found: Counter[tuple[str, str]] = Counter()
    for element in body.iter("{urn:hl7-org:v3}*"):
        name = local(element)
        if name in {"templateId", "id", "reference", "time"} | ignored or local(_parent(element)) == "section":
            continue
        for attribute in ("code", "value", "unit"):
            if value := element.get(attribute):
                moment = read_quand(element) if attribute == "value" and not element.get("unit") else ""
                found[name, ts(moment) if moment and len(value) >= 8 else value] += 1
    return found


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent


_NOT_KEPT = {
    # a month 20 is no date
    ("effectiveTime", "20092012081500+0100"),
    # who wrote two facts of the stay: the author of the letter, whom the header names
    ("code", "G15_10/SM27"),
}


@pytest.mark.parametrize("sample", _SAMPLES)
def test_a_sample_is_read_and_built_again_without_loss(official: Path, sample: str) -> None:
    volet = BY_NAME[_SAMPLES[sample]]
    original = clinical_document((official / "cda" / "samples" / f"{sample}.xml").read_bytes())
    content = volet.read(original)
    again = clinical_document(volet.build(volet.entete, content))
    assert volet.read(again) == content
    ignored = _FROM_THE_HEADER.get(volet.name, set())
    lost = facts(original, ignored) - facts(again, ignored)
    assert not {fact: times for fact, times in lost.items() if fact not in _NOT_KEPT}


def test_the_sample_of_the_ips_gives_the_items_of_a_record_and_makes_a_valid_one(
    official: Path, schema: etree.XMLSchema
) -> None:
    """It holds sections that a record of ours does not have (plan of care, advance directives…): those are read only."""
    original = clinical_document((official / "cda" / "samples" / "IPS-FR_2024.01.xml").read_bytes())
    content = ips.read_ips(original, MEDECIN, CABINET)

    counts = {
        name: len(getattr(content, name))
        for name in ("problemes", "antecedents", "actes", "allergies", "traitements", "dispositifs", "vaccinations")
    }
    assert counts == {
        "problemes": 1,
        "antecedents": 1,
        "actes": 2,
        "allergies": 1,
        "traitements": 1,
        "dispositifs": 2,
        "vaccinations": 2,
    }
    again = ips.build_ips(sample_entete(type=ips.TYPE), content)
    assert ips.read_ips(clinical_document(again), MEDECIN, CABINET) == content
    schema.assertValid(clinical_document(again))
    assert validate_document(again).findings == ()
