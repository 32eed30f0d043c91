from __future__ import annotations

import pytest
from lxml import etree

from opensegur.cda.officiel import FailedAssert
from opensegur.cda.svrl import finding_of, schema_finding
from opensegur.foundation.findings import Severity


@pytest.mark.parametrize(
    ("published", "french"),
    [
        ("(CI-SISAuthor): element hl7:time is required [min 1x].", "L’élément time manque."),
        (
            "(X): element hl7:code[not(@nullFlavor)] is mandatory [min 1x].",
            "L’élément code[not(@nullFlavor)] manque.",
        ),
        ("(X): element hl7:city appears too often [max 1x].", "L’élément city est présent plus de 1 fois."),
        ("(X): attribute @code SHALL be present.", "L’attribut code manque."),
        (
            "(X): The value for code SHALL be selected from value set '1.2.3' JDV_J07_XdsTypeCode_CISIS (DYNAMIC).",
            "La valeur de code n’est pas dans JDV_J07_XdsTypeCode_CISIS (1.2.3).",
        ),
        (
            "(X): The value for code SHALL be 'S'. Found: \"T\"",
            "La valeur de code doit être S (trouvé : T).",
        ),
        (
            "(X): choice (hl7:a or hl7:b) contains too many elements [max 1x]",
            "Un seul élément est admis parmi a or b.",
        ),
        (
            "(X): choice (hl7:a or hl7:b) does not contain enough elements [min 1x]",
            "Il manque un élément parmi a or b.",
        ),
        (
            "(X)/d1-true-d2: this element 'setId' is not defined, or not defined with this content.",
            "L’élément setId n’est pas prévu ici par le modèle.",
        ),
        ("(X): Attribute @use SHALL be of data type 'cs' - 'A B'", "L’attribut use n’a pas la forme voulue."),
        ("Prénom typé par l'attribut qualifier", "Prénom typé par l'attribut qualifier"),
    ],
)
def test_the_generator_s_english_becomes_french(published: str, french: str) -> None:
    assert finding_of(FailedAssert("Structuration minimale", published, "/x", "error")).message == french


def test_a_finding_keeps_its_template_its_place_and_its_weight() -> None:
    location = "/*:ClinicalDocument[namespace-uri()='urn:hl7-org:v3'][1]/*:code[namespace-uri()='urn:hl7-org:v3'][1]"
    finding = finding_of(FailedAssert("Terminologies", "(CI-SISAuthor): texte", location, "warning"))
    assert finding.rule == "OFFICIEL.CI-SISAuthor"
    assert finding.path == "/ClinicalDocument[1]/code[1]"
    assert finding.severity is Severity.WARNING
    assert finding.source.endswith("Terminologies")


_HL7 = "[namespace-uri()='urn:hl7-org:v3']"


def test_a_finding_tells_the_line_of_its_element() -> None:
    document = etree.fromstring(
        '<ClinicalDocument xmlns="urn:hl7-org:v3">\n<author/>\n<author>\n<time/></author></ClinicalDocument>'
    )
    failed = FailedAssert(
        "Terminologies", "texte", f"/*:ClinicalDocument{_HL7}[1]/*:author{_HL7}[2]/*:time{_HL7}[1]", "error"
    )
    assert finding_of(failed, document).line == 4
    nowhere = FailedAssert("Terminologies", "texte", f"/*:ClinicalDocument{_HL7}[1]/*:author{_HL7}[3]", "error")
    assert finding_of(nowhere, document).line == 0


def test_an_error_of_the_schema_loses_its_namespaces() -> None:
    finding = schema_finding(3, "Element '{urn:hl7-org:v3}title': This element is not expected.")
    assert finding.line == 3
    assert finding.rule == "OFFICIEL.XSD"
    assert "{urn" not in finding.message
