"""A finding on an element of a document: where it is, by its path and by its line."""

from __future__ import annotations

from lxml import etree

from opensegur.cda.locate import path_of
from opensegur.foundation.findings import Finding, Severity

MODELES = "CI-SIS Modèles de contenus CDA"
CDA_XSD = "HL7 CDA R2, CDA_extended.xsd"


def finding_on(
    element: etree._Element,
    rule: str,
    message: str,
    repair: str,
    *,
    source: str = MODELES,
    severity: Severity = Severity.ERROR,
) -> Finding:
    return Finding(rule, message, path_of(element), repair, source, severity, element.sourceline or 0)
