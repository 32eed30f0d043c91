"""Sections and entries against the models that they declare: element, class, templates, children, code, status."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

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


class Faute(NamedTuple):
    """A finding before the element it is on."""

    rule: str
    message: str
    repair: str
    severity: Severity = Severity.ERROR


class Allure(NamedTuple):
    """All that is said of an element without looking inside: its names, its templates, the names of its children."""

    nom: str
    classe: str | None
    mode: str | None
    modeles: frozenset[str]
    enfants: frozenset[object]


def check_models(body: etree._Element, *, ours: bool) -> Iterator[Finding]:
    """``ours``: in a volet of which we know every model."""
    found = _DECLARING(body)
    assert isinstance(found, list)
    for element in found:
        allure = Allure(
            local(element),
            element.get("classCode"),
            element.get("moodCode"),
            frozenset([each.get("root", "") for each in element.iterchildren(_TEMPLATE)]),
            frozenset([child.tag for child in element]),
        )
        faults, fixed = _judged(allure, ours=ours)
        for fault in faults:
            yield finding_on(element, fault.rule, fault.message, fault.repair, severity=fault.severity)
        for model in fixed:
            yield from _fixed(element, model)
    if ours:
        yield from _section_codes(body)


@lru_cache(maxsize=8192)
def _judged(allure: Allure, *, ours: bool) -> tuple[tuple[Faute, ...], tuple[ModeleAttendu, ...]]:
    """The faults, and the models whose fixed codes are still to be seen: the same elements come again and again."""
    known = models()
    declared = [known[oid] for oid in allure.modeles & known.keys()]
    in_place = [model for model in declared if allure.nom in model.element]
    faults = (fault for model in declared for fault in _on_model(allure, model))
    return (
        (*faults, *_on_templates(allure.modeles, ours=ours)),
        tuple(model for model in in_place if model.code or model.statuts or model.oid in SETS),
    )


def _on_model(allure: Allure, model: ModeleAttendu) -> Iterator[Faute]:
    name = f"{model.nom} ({model.oid})"
    if allure.nom not in model.element:
        message = f"Le modèle {name} est déclaré par « {allure.nom} »."
        yield Faute("N3.MODELE.ELEMENT", message, f"Il se déclare dans {' ou '.join(model.element)}.")
        return
    if missing := model.avec - allure.modeles:
        yield Faute("N3.MODELES", f"{name} : il manque un templateId.", f"Ajoutez {', '.join(sorted(missing))}.")
    for attribute, allowed, said in (
        ("classCode", model.classe, allure.classe),
        ("moodCode", model.mode, allure.mode),
    ):
        if allowed and said not in (allowed if model.classe_due else (*allowed, None)):
            message = f"{name} : {attribute} n’est pas celui du modèle."
            yield Faute("N3.CLASSE", message, f"Écrivez {' ou '.join(allowed)}.")
    for due in sorted(tag.rpartition("}")[2] for tag in model.enfants - allure.enfants):
        yield Faute("N3.MANQUE", f"{name} : l’élément {due} manque.", f"Ajoutez {due}.")


def _fixed(element: etree._Element, model: ModeleAttendu) -> Iterator[Finding]:
    name = f"{model.nom} ({model.oid})"
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


def _on_templates(declared: frozenset[str], *, ours: bool) -> Iterator[Faute]:
    """The templates that nobody knows, and in ours the international ones whose French model is not declared."""
    for oid in sorted(declared - known_templates()):
        message = f"Le templateId {oid[:64]} n’est pas connu."
        yield Faute("N3.TEMPLATE", message, "Vérifiez cet OID, chiffre par chiffre.", Severity.WARNING)
    french = french_models() if ours else {}
    for oid in sorted(declared & french.keys()):
        if not declared & french[oid]:
            names = " ou ".join(sorted(french[oid])[:3])
            yield Faute("N3.MODELE.FR", f"Le modèle {oid} va avec un modèle français.", f"Ajoutez {names}.")


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
