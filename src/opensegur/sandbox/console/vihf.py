"""The VIHF of a request as a table: who, by which means, for which patient.

Source: Volet de transmission / CI-SIS VIHF (SAML 2.0 attributes); the reading is for the eye, it judges nothing.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

_SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
_NS: Final = {"s": _SAML}


def read_vihf(root: etree._Element | None) -> tuple[tuple[str, str], ...]:
    """Name and value of everything the first SAML assertion says; empty without one."""
    assertion = root.find(f".//{{{_SAML}}}Assertion") if root is not None else None
    if assertion is None:
        return ()
    rows = [
        ("Émis le", assertion.get("IssueInstant", "")),
        ("Émetteur", _first(assertion, "s:Issuer")),
        ("Acteur (NameID)", _first(assertion, "s:Subject/s:NameID")),
        ("Connexion de l’acteur", _attribute(assertion, "s:AuthnStatement", "AuthnInstant")),
        ("Moyen", _first(assertion, "s:AuthnStatement/s:AuthnContext/s:AuthnContextClassRef")),
    ]
    rows += [
        (attribute.get("Name", ""), _value(value))
        for attribute in assertion.iterfind("s:AttributeStatement/s:Attribute", _NS)
        for value in attribute.iterfind("s:AttributeValue", _NS)
    ]
    return tuple((name, value) for name, value in rows if value)


def _value(element: etree._Element) -> str:
    """A coded value (Role, PurposeOfUse) as code, system and label; else the text."""
    for child in element.iterchildren(etree.Element):
        parts = (child.get("code", ""), child.get("displayName", ""), child.get("codeSystem", ""))
        return " · ".join(part for part in parts if part)
    return " ".join((element.text or "").split())


def _first(element: etree._Element, path: str) -> str:
    return " ".join((element.findtext(path, namespaces=_NS) or "").split())


def _attribute(element: etree._Element, path: str, name: str) -> str:
    found = element.find(path, _NS)
    return found.get(name, "") if found is not None else ""
