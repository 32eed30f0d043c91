"""Sections and entries against the models that they declare: element, class, templates, children, code, status."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

from lxml import etree

from opensegur.cda.constat import finding_on
from opensegur.cda.controle.codes import LOINC
from opensegur.cda.controle.modeles import ModeleAttendu, french_models, known_templates, models
from opensegur.cda.controle.valeurs import SETS
from opensegur.cda.locate import local
from opensegur.cda.noeud import NS
from opensegur.foundation.findings import Finding, Severity
from opensegur.nomenclature import table

_P = f"{{{NS}}}"
_TEMPLATE, _CODE, _STATUS, _SECTION = f"{_P}templateId", f"{_P}code", f"{_P}statusCode", f"{_P}section"
_DECLARING = etree.XPath("descendant::*[h:templateId]", namespaces={"h": NS})


def check_models(body: etree._Element, *, ours: bool) -> Iterator[Finding]:
    """``ours``: in a volet of which we know every model."""
    known = models()
    found = _DECLARING(body)
    assert isinstance(found, list)
    for element in found:
        assert isinstance(element, etree._Element)  # noqa: SLF001 - lxml has no public name for it
        declared = frozenset(each.get("root", "") for each in element.iterchildren(_TEMPLATE))
        for oid in declared & known.keys():
            yield from _model(element, known[oid], declared)
        for rule, message, repair, severity in _on_templates(declared, ours=ours):
            yield finding_on(element, rule, message, repair, severity=severity)
    if ours:
        yield from _section_codes(body)


def _model(element: etree._Element, model: ModeleAttendu, declared: AbstractSet[str]) -> Iterator[Finding]:
    name = f"{model.nom} ({model.oid})"
    if local(element) not in model.element:
        yield finding_on(
            element,
            "N3.MODELE.ELEMENT",
            f"Le modèle {name} est déclaré par « {local(element)} ».",
            f"Il se déclare dans {' ou '.join(model.element)}.",
        )
        return
    if missing := model.avec - declared:
        repair = f"Ajoutez {', '.join(sorted(missing))}."
        yield finding_on(element, "N3.MODELES", f"{name} : il manque un templateId.", repair)
    for attribute, allowed in (("classCode", model.classe), ("moodCode", model.mode)):
        if allowed and element.get(attribute) not in (allowed if model.classe_due else (*allowed, None)):
            message = f"{name} : {attribute} n’est pas celui du modèle."
            yield finding_on(element, "N3.CLASSE", message, f"Écrivez {' ou '.join(allowed)}.")
    for due in sorted(tag.rpartition("}")[2] for tag in model.enfants - {child.tag for child in element}):
        yield finding_on(element, "N3.MANQUE", f"{name} : l’élément {due} manque.", f"Ajoutez {due}.")
    yield from _fixed(element, model, name)


def _fixed(element: etree._Element, model: ModeleAttendu, name: str) -> Iterator[Finding]:
    code = element.find(_CODE) if model.code else None
    status = element.find(_STATUS) if model.statuts else None
    if model.code and code is not None and (code.get("code"), code.get("codeSystem")) != model.code:
        value, system = model.code
        yield finding_on(
            code, "N3.CODE", f"{name} : le code n’est pas celui du modèle.", f"Écrivez {value} ({system})."
        )
    if status is not None and status.get("code") not in model.statuts:
        message = f"{name} : ce statut n’est pas admis."
        yield finding_on(status, "N3.STATUT", message, f"Écrivez {' ou '.join(model.statuts)}.")
    for path, set_name in SETS.get(model.oid, ()):
        for coded in element.findall(path):
            found = coded.get("code")
            if found and not table(set_name).contains(found, coded.get("codeSystem")):
                message = f"{name} : ce code n’appartient pas à {set_name}."
                yield finding_on(coded, "N3.JDV", message, "Choisissez un code de ce jeu de valeurs.")


@lru_cache(maxsize=4096)
def _on_templates(declared: frozenset[str], *, ours: bool) -> tuple[tuple[str, str, str, Severity], ...]:
    """The templates that nobody knows, and in ours the international ones whose French model is not declared.

    Rule, message, repair, severity of each; kept, because the same templates come again and again.
    """
    found = [
        (
            "N3.TEMPLATE",
            f"Le templateId {oid[:64]} n’est pas connu.",
            "Vérifiez cet OID, chiffre par chiffre.",
            Severity.WARNING,
        )
        for oid in sorted(declared - known_templates())
    ]
    french = french_models() if ours else {}
    for oid in sorted(declared & french.keys()):
        if not declared & french[oid]:
            names = " ou ".join(sorted(french[oid])[:3])
            message = f"Le modèle {oid} va avec un modèle français."
            found.append(("N3.MODELE.FR", message, f"Ajoutez {names}.", Severity.ERROR))
    return tuple(found)


def _section_codes(body: etree._Element) -> Iterator[Finding]:
    for section in body.iter(_SECTION):
        code = section.find(_CODE)
        if code is not None and code.get("code") and code.get("codeSystem") != LOINC:
            yield finding_on(
                code,
                "N3.SECTION.CODE",
                "Le code d’une section est en LOINC.",
                "Donnez un code LOINC (2.16.840.1.113883.6.1).",
                severity=Severity.WARNING,
            )
