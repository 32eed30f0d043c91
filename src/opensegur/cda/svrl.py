"""The official findings in French: most asserts of the header Schematron are written in English by its generator.

What no sentence below covers is given as published: a text in French stays what it is.
"""

from __future__ import annotations

import re

from lxml import etree

from opensegur.cda.locate import line_at
from opensegur.cda.officiel import FailedAssert
from opensegur.foundation.findings import Finding, Severity

_SOURCE = "ANS, TestContenuCDA"
_PREFIX = re.compile(r"^\((?P<template>[^)]*)\)[^:]*: ?")
_NAMESPACES = re.compile(r"\b(?:hl7|cda):")
_LOCATION = re.compile(r"\*:(\w+)\[namespace-uri\(\)='[^']*'\]|\b\w+:(?=\w)")

# the generator's English sentence, ours with its pieces, and what to do
_SENTENCES = (
    (r"element (.+) is (?:required|mandatory) \[min (\d+)x\]", "L’élément {0} manque.", "Ajoutez-le."),
    (
        r"element (.+) appears too often \[max (\d+)x\]",
        "L’élément {0} est présent plus de {1} fois.",
        "Retirez ceux qui sont en trop.",
    ),
    (r"attribute @(\S+) SHALL be present", "L’attribut {0} manque.", "Ajoutez-le."),
    (
        r"The value for (\S+) SHALL be selected from value set '([^']*)' (\S+)",
        "La valeur de {0} n’est pas dans {2} ({1}).",
        "Choisissez un code de ce jeu de valeurs.",
    ),
    (
        r"The element value SHALL be one of '(.*)'",
        "La valeur de l’élément n’est pas dans {0}.",
        "Choisissez une valeur admise.",
    ),
    (
        r"The value for (\S+) SHALL be '([^']*)'\. Found: \"(.*)\"",
        "La valeur de {0} doit être {1} (trouvé : {2}).",
        "Corrigez la valeur.",
    ),
    (
        r"choice \((.+)\) contains too many elements \[max (\d+)x\]",
        "Un seul élément est admis parmi {0}.",
        "N’en gardez qu’un.",
    ),
    (
        r"choice \((.+)\) does not contain enough elements",
        "Il manque un élément parmi {0}.",
        "Ajoutez-en un.",
    ),
    (
        r"this element '([^']*)' is not defined",
        "L’élément {0} n’est pas prévu ici par le modèle.",
        "Retirez-le, ou vérifiez son contenu.",
    ),
    (
        r"Attribute @(\S+) (?:SHALL be of data type|is not a valid)",
        "L’attribut {0} n’a pas la forme voulue.",
        "Corrigez sa valeur.",
    ),
    (
        r"@value is not a valid (\S+) number",
        "La valeur n’est pas un nombre.",
        "Corrigez la valeur.",
    ),
    (
        r"If an @xsi:type instruction is present it SHALL be valued \"\{[^}]*\}:(\w+)\"",
        "Le type déclaré (xsi:type) doit être {0}.",
        "Corrigez xsi:type, ou retirez-le.",
    ),
    (
        r"(?:Code|CodeSystem) : .*Ce code n'est pas",
        "Un code n’existe pas dans sa terminologie.",
        "Vérifiez le code et son codeSystem.",
    ),
)
_COMPILED = tuple((re.compile(pattern), sentence, repair) for pattern, sentence, repair in _SENTENCES)


def finding_of(failed: FailedAssert, document: etree._Element | None = None) -> Finding:
    """A failed assert as a finding: French when we know its sentence, the published words otherwise.

    With ``document``, the ``ClinicalDocument`` that was judged, the finding also tells its line.
    """
    found = _PREFIX.match(failed.text)
    template = found.group("template") if found else ""
    published = _NAMESPACES.sub("", failed.text[found.end() :] if found else failed.text)
    message, repair = _translate(published)
    path = _LOCATION.sub(lambda step: step.group(1) or "", failed.location)
    return Finding(
        rule=f"OFFICIEL.{template}" if template else "OFFICIEL",
        message=message,
        path=path,
        repair=repair,
        source=f"{_SOURCE}, {failed.schematron}",
        severity=Severity.WARNING if failed.role == "warning" else Severity.ERROR,
        line=0 if document is None else line_at(document, path),
    )


def schema_finding(line: int, message: str) -> Finding:
    """An error of the schema, in the words of libxml2: they name the element and what was expected."""
    return Finding(
        rule="OFFICIEL.XSD",
        message=f"Le document ne respecte pas le schéma CDA ({message.replace('{urn:hl7-org:v3}', '')})",
        repair="Vérifiez le nom, la place et la valeur de l’élément désigné.",
        source=f"{_SOURCE}, CDA_extended.xsd",
        line=line,
    )


def _translate(published: str) -> tuple[str, str]:
    for pattern, sentence, repair in _COMPILED:
        if found := pattern.search(published):
            return sentence.format(*(piece or "" for piece in found.groups())), repair
    return published, "Corrigez l’élément désigné."
