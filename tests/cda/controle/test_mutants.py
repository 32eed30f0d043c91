"""The checker as the editor's engineer needs it: it sees what was broken, and says nothing of what is good."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cda.mutants import mutants
from cda.n3.documents import VOLETS, draw
from opensegur.cda.testing import complete_entete, sample_n1, sample_n3
from opensegur.cda.validation import validate_document

_ASKED = 0.98


def test_of_500_damaged_documents_at_least_98_percent_are_found() -> None:
    documents = [sample_n1(), sample_n3(complete_entete()), *(each for volet in VOLETS for each in draw(volet, 6))]
    assert [validate_document(each).findings for each in documents] == [()] * len(documents)
    missed: Counter[str] = Counter()
    told = []
    for mutant in mutants(documents, 500):
        if not validate_document(mutant.data).findings:
            missed[mutant.operator] += 1
            told.append(f"{mutant.operator}: {mutant.what}")
    assert missed.total() <= 500 * (1 - _ASKED), told


# what is really wrong in a sample, and in no other: (sample, rule)
_REALLY_WRONG = {
    # a month 20
    ("BIO-CR-BIO_2021.01_Electrophorese.xml", "N3.DATE"),
    ("BIO-CR-BIO_2024.01_Electrophorese.xml", "N3.DATE"),
    # the OID of a value set where the one of a terminology is due
    ("BIO-CR-BIO_2024.01_DEP-CCU-HPV-structuré-CYTO-pdf.xml.xml", "N3.SYSTEME"),
    ("BIO-CR-BIO_2024.01_DEP-CCU-tout-structuré.xml", "N3.SYSTEME"),
    ("BIO-CR-BIO_2024.01_DEP-CCU-tout-structuré.xml", "N3.SECTION.CODE"),
    # an OID cut short
    ("OBP-SAP_2024.01.xml", "N3.SYSTEME"),
    # a code without its terminology
    ("SDM-MR_2022.01.xml", "N3.CODAGE"),
}
# links to texts that are not in the document, and « xxxx » for an OID: many samples have them
_COMMON = {"N3.REFERENCE", "N3.IDENTIFIANT"}


@pytest.mark.fixtures
def test_the_body_of_the_official_samples_is_found_good(official: Path) -> None:
    found = {
        (path.name, finding.rule)
        for path in sorted((official / "cda" / "samples").rglob("*.xml"))
        for finding in validate_document(path.read_bytes()).findings
        if finding.rule.startswith("N3.") and finding.rule not in _COMMON
    }
    assert found <= _REALLY_WRONG
