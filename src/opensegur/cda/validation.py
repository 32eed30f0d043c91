"""Is this document good? Our own rules, and the official checks of the ANS when their tree is at hand.

Our rules stand alone (no XSD, no Schematron, no Java): they say in French what is wrong and how to mend it, and go
where the official checks do not (files, keys, references). Agreement with them is not a proof of conformance: the
official tree and, in the end, the online tools of the ANS are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lxml import etree

from opensegur.cda.controle.corps import check_body
from opensegur.cda.locate import clinical_document
from opensegur.cda.officiel import official_tree, schematrons_of
from opensegur.cda.reading_types import read_templates
from opensegur.cda.rules import Lot, Regle
from opensegur.cda.rules_acteurs import ACTEURS
from opensegur.cda.rules_contexte import CONTEXTE
from opensegur.cda.rules_corps import CORPS
from opensegur.cda.rules_identite import IDENTITE
from opensegur.cda.rules_ordre import ORDRE
from opensegur.cda.rules_patient import PATIENT
from opensegur.cda.svrl import finding_of, schema_finding
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.findings import Finding, Severity

_LOTS = tuple(Lot(rules) for rules in (IDENTITE, ORDRE, PATIENT, ACTEURS, CONTEXTE, CORPS))
RULES: tuple[Regle, ...] = tuple(rule for lot in _LOTS for rule in lot.rules)
_HELD = 100_000


@dataclass(frozen=True, slots=True)
class Rapport:
    """What was found; ``ok`` when no finding is an error (warnings do not count)."""

    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)


def validate_document(data: bytes) -> Rapport:
    """Judge the bytes of a document by our own rules; never raises for what they hold.

    What cannot be read at all gives one finding, whose rule is the code of the refusal (XML_…, CDA_RACINE).
    """
    root, refusal = _root(data)
    if root is None:
        return refusal
    # the rules pass over the same elements again and again: lxml makes each one once while somebody holds it;
    # of a document made of millions of elements, only the first are held
    held = list(islice(root.iter(), _HELD))
    findings = (*(finding for lot in _LOTS for finding in lot.run(root)), *check_body(root))
    del held
    return Rapport(findings)


def validate_official(data: bytes, tree: Path) -> Rapport:
    """Judge by the schema and the Schematrons of the ANS tree at ``tree`` (TestContenuCDA).

    N1: header and terminologies; N3: the content models and the volet too, when its model is a known one. Raises
    ``ConfigurationError`` CDA_OFFICIEL_ABSENT or CDA_OFFICIEL_SAXON.
    """
    official = official_tree(tree.resolve())
    root, refusal = _root(data)
    if root is None:
        return refusal
    findings = [schema_finding(line, message) for line, message in official.schema_errors(root)]
    document = etree.tostring(root, encoding="UTF-8")
    structured = root.find("{*}component/{*}structuredBody") is not None
    for schematron in schematrons_of(read_templates(root), structured=structured):
        findings.extend(finding_of(failed, root) for failed in official.failed_asserts(document, schematron))
    return Rapport(tuple(findings))


def _root(data: bytes) -> tuple[etree._Element | None, Rapport]:
    try:
        return clinical_document(data), Rapport()
    except RefusedInput as refusal:
        return None, Rapport((Finding(refusal.code, refusal.message, "/", refusal.conseil),))
