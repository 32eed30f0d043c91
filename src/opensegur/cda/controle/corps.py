"""The findings on a structured body: one walk through its elements, then what the volet asks of the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from lxml import etree

from opensegur.cda.controle.codes import LOINC, is_well_written
from opensegur.cda.controle.modeles import ModeleAttendu, french_models, known_templates, models
from opensegur.cda.controle.ordre import ORDER
from opensegur.cda.controle.valeurs import NUMBER, SETS, SYSTEMS, check_value, is_time
from opensegur.cda.controle.volets import COMMUNS, VOLETS, VoletAttendu
from opensegur.cda.locate import local, path_of
from opensegur.cda.noeud import NS
from opensegur.foundation.findings import Finding, Severity
from opensegur.nomenclature import table

_XSD = "HL7 CDA R2, CDA_extended.xsd"
_MODELES = "CI-SIS Modèles de contenus CDA"
_TEMPLATE, _CODE, _STATUS = f"{{{NS}}}templateId", f"{{{NS}}}code", f"{{{NS}}}statusCode"
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_TIMES = frozenset({"effectiveTime", "time", "low", "high", "birthTime", "expirationTime", "center"})
_CODED = frozenset(
    {
        "code", "value", "translation", "interpretationCode", "methodCode", "targetSiteCode", "routeCode",
        "approachSiteCode", "priorityCode", "administrativeGenderCode",
    }
)  # fmt: skip
_WRITE_DATE = "Écrivez AAAAMMJJ, ou AAAAMMJJhhmmss+zzzz."
_WRITE_NUMBER = "Écrivez un point pour les décimales."
_VALUED = frozenset({"observation", "observationRange"})
_MAX = 50


def check_body(root: etree._Element) -> list[Finding]:
    """What is wrong in the structured body of ``ClinicalDocument``; nothing for a document without one."""
    body = root.find(f"{{{NS}}}component/{{{NS}}}structuredBody")
    if body is None:
        return []
    found = [*_volet(root, body), *_professions(root)]
    for act in root.iterfind(f"{{{NS}}}documentationOf/{{{NS}}}serviceEvent/{{{NS}}}code"):
        found.extend(_coded(act, "code"))
    ours = any(each.get("root", "") in VOLETS for each in root.iterchildren(_TEMPLATE))
    for element in body.iter(f"{{{NS}}}*"):
        found.extend(_element(element, ours=ours))
        if len(found) >= _MAX:
            break
    return found


def _element(element: etree._Element, *, ours: bool) -> Iterator[Finding]:
    """``ours``: in a volet of which we know every model."""
    name = local(element)
    order = ORDER.get(name)
    if order is not None:
        yield from _order(element, order)
    declared = [each.get("root", "") for each in element.iterchildren(_TEMPLATE)]
    known = models()
    for oid in declared:
        if oid in known:
            yield from _model(element, known[oid], set(declared))
    if declared:
        yield from _unknown(element, set(declared))
    if ours:
        yield from _french(element, set(declared))
    yield from _attributes(element, name)


def _order(element: etree._Element, order: dict[str, int]) -> Iterator[Finding]:
    reached, last = -1, ""
    for child in element:
        name = local(child)
        if not name:
            continue
        rank = order.get(name)
        if rank is None:
            yield _finding(child, "N3.INCONNU", f"« {name} » n’a pas sa place ici.", "Retirez-le.", source=_XSD)
        elif rank < reached:
            yield _finding(
                child, "N3.ORDRE", f"« {name} » vient après « {last} ».", "Remettez-le à sa place.", source=_XSD
            )
            return
        else:
            reached, last = rank, name


def _model(element: etree._Element, model: ModeleAttendu, declared: set[str]) -> Iterator[Finding]:
    name = f"{model.nom} ({model.oid})"
    if local(element) not in model.element:
        yield _finding(
            element,
            "N3.MODELE.ELEMENT",
            f"Le modèle {name} est déclaré par « {local(element)} ».",
            f"Il se déclare dans {' ou '.join(model.element)}.",
        )
        return
    missing = sorted(model.avec - declared)
    if missing:
        yield _finding(element, "N3.MODELES", f"{name} : il manque un templateId.", f"Ajoutez {', '.join(missing)}.")
    for attribute, allowed in (("classCode", model.classe), ("moodCode", model.mode)):
        if allowed and element.get(attribute) not in (allowed if model.classe_due else (*allowed, None)):
            message = f"{name} : {attribute} n’est pas celui du modèle."
            yield _finding(element, "N3.CLASSE", message, f"Écrivez {' ou '.join(allowed)}.")
    children = {local(child) for child in element}
    for due in sorted(model.enfants - children):
        yield _finding(element, "N3.MANQUE", f"{name} : l’élément {due} manque.", f"Ajoutez {due}.")
    yield from _fixed(element, model, name)


def _unknown(element: etree._Element, declared: set[str]) -> Iterator[Finding]:
    for oid in sorted(declared - known_templates()):
        yield _finding(
            element,
            "N3.TEMPLATE",
            f"Le templateId {oid[:64]} n’est pas connu.",
            "Vérifiez cet OID, chiffre par chiffre.",
            severity=Severity.WARNING,
        )


def _french(element: etree._Element, declared: set[str]) -> Iterator[Finding]:
    """An international model whose French one is not declared; a section whose code is not in LOINC."""
    known = french_models()
    for oid in sorted(declared & known.keys()):
        if not declared & known[oid]:
            names = " ou ".join(sorted(known[oid])[:3])
            message = f"Le modèle {oid} va avec un modèle français."
            yield _finding(element, "N3.MODELE.FR", message, f"Ajoutez {names}.")
    code = element.find(_CODE) if local(element) == "section" else None
    if code is not None and code.get("code") and code.get("codeSystem") != LOINC:
        yield _finding(
            code,
            "N3.SECTION.CODE",
            "Le code d’une section est en LOINC.",
            "Donnez un code LOINC (2.16.840.1.113883.6.1).",
            severity=Severity.WARNING,
        )


def _fixed(element: etree._Element, model: ModeleAttendu, name: str) -> Iterator[Finding]:
    code, status = element.find(_CODE), element.find(_STATUS)
    if model.code and code is not None and (code.get("code"), code.get("codeSystem")) != model.code:
        value, system = model.code
        yield _finding(
            code, "N3.CODE", f"{name} : le code n’est pas celui du modèle.", f"Écrivez {value} ({system})."
        )
    if model.statuts and status is not None and status.get("code") not in model.statuts:
        yield _finding(
            status, "N3.STATUT", f"{name} : ce statut n’est pas admis.", f"Écrivez {' ou '.join(model.statuts)}."
        )
    for path, set_name in SETS.get(model.oid, ()):
        for coded in element.findall(path):
            found = coded.get("code")
            if found and not table(set_name).contains(found, coded.get("codeSystem")):
                yield _finding(
                    coded,
                    "N3.JDV",
                    f"{name} : ce code n’appartient pas à {set_name}.",
                    "Choisissez un code de ce jeu de valeurs.",
                )


def _attributes(element: etree._Element, name: str) -> Iterator[Finding]:
    if name in _TIMES and (value := element.get("value")) and not element.get("unit") and not is_time(value):
        yield _finding(element, "N3.DATE", "Cette date n’est pas lisible.", _WRITE_DATE)
    if name in {"templateId", "id", "setId"} and (root := element.get("root")):
        if not _OID.fullmatch(root) and not _UUID.fullmatch(root):
            yield _finding(
                element,
                "N3.IDENTIFIANT",
                "Cet identifiant n’est ni un OID ni un UUID.",
                "Écrivez l’OID seul, sans « urn: ».",
                severity=Severity.ERROR if name == "templateId" else Severity.WARNING,
            )
    elif name == "templateId":
        yield _finding(element, "N3.IDENTIFIANT", "Ce templateId est vide.", "Donnez son OID, ou retirez-le.")
    if element.get("unit") and (value := element.get("value")) is not None and not NUMBER.fullmatch(value):
        yield _finding(
            element, "N3.VALEUR", "Cette valeur n’est pas un nombre.", "Écrivez un point pour les décimales."
        )
    if name in _CODED:
        yield from _coded(element, name)
    if name == "value" and local(_parent(element)) in _VALUED:
        for problem in check_value(element):
            yield _finding(element, "N3.VALEUR", problem, "Corrigez le type ou la valeur.", source=_XSD)


def _coded(element: etree._Element, name: str) -> Iterator[Finding]:
    code, system = element.get("code"), element.get("codeSystem")
    if not code or not system:
        if (code or system) and name != "translation":
            repair = "Donnez code et codeSystem, ou aucun des deux."
            yield _finding(element, "N3.CODAGE", "Un code et son système vont ensemble.", repair)
        return
    if not _OID.fullmatch(system):
        repair = "Donnez l’OID de la terminologie."
        yield _finding(element, "N3.CODAGE", "Le système du code n’est pas un OID.", repair)
    elif system not in SYSTEMS and name != "translation":
        yield _finding(
            element,
            "N3.SYSTEME",
            "Ce système de codage n’est pas de ceux du CI-SIS.",
            "Vérifiez son OID ; un code local s’écrit dans translation.",
            severity=Severity.WARNING,
        )
    if not is_well_written(code, system):
        yield _finding(
            element,
            "N3.CODE.FORME",
            "Ce code n’est pas écrit comme ceux de sa terminologie.",
            "Vérifiez le code : une faute de frappe, ou un autre système.",
        )


def _volet(root: etree._Element, body: etree._Element) -> Iterator[Finding]:
    declared = {each.get("root", ""): each.get("extension", "") for each in root.iterchildren(_TEMPLATE)}
    if not declared.keys() - COMMUNS:
        repair = "Ajoutez le templateId du volet."
        yield _finding(root, "N3.VOLET", "Le document ne déclare le modèle d’aucun volet.", repair)
    for oid, version in declared.items():
        volet = VOLETS.get(oid)
        if volet is not None and (not volet.versions or version in volet.versions):
            yield from _whole(root, volet, declared.keys())
            yield from _sections(root, body, volet)


def _professions(root: etree._Element) -> Iterator[Finding]:
    """Whoever acts, in the header or in an entry, has a profession of JDV_J01."""
    for actor in root.iter(f"{{{NS}}}assignedAuthor", f"{{{NS}}}assignedEntity", f"{{{NS}}}associatedEntity"):
        code = actor.find(_CODE)
        if code is None or not code.get("code"):
            continue
        system = code.get("codeSystem")
        if not system or not table("JDV_J01").contains(code.get("code", ""), system):
            yield _finding(
                code,
                "ACT.PROFESSION",
                "Cette profession n’appartient pas à JDV_J01, ou son système n’est pas le bon.",
                "Vérifiez le code et codeSystem (1.2.250.1.213.1.1.4.5 pour un professionnel).",
                severity=Severity.WARNING,
            )


def _whole(root: etree._Element, volet: VoletAttendu, declared: AbstractSet[str]) -> Iterator[Finding]:
    kind, title = root.find(_CODE), root.find(f"{{{NS}}}title")
    if kind is None or (kind.get("code"), kind.get("codeSystem")) != volet.type:
        message = f"{volet.nom} : le type du document n’est pas le sien."
        yield _finding(root, "N3.VOLET.TYPE", message, f"Écrivez {volet.type[0]}.")
    if volet.titre and (title is None or (title.text or "").strip() != volet.titre):
        yield _finding(root, "N3.VOLET.TITRE", f"{volet.nom} : le titre est imposé.", f"Écrivez « {volet.titre} ».")
    for missing in sorted(set(volet.avec) - declared):
        yield _finding(root, "N3.VOLET.MODELES", f"{volet.nom} : il manque un templateId.", f"Ajoutez {missing}.")
    act = root.find(f"{{{NS}}}documentationOf/{{{NS}}}serviceEvent/{{{NS}}}code")
    if volet.acte and (act is None or act.get("code") != volet.acte):
        message = f"{volet.nom} : le code de l’acte n’est pas le sien."
        yield _finding(root, "N3.VOLET.ACTE", message, f"Écrivez {volet.acte}.")


def _sections(root: etree._Element, body: etree._Element, volet: VoletAttendu) -> Iterator[Finding]:
    sections = body.iter(f"{{{NS}}}section")
    present = {each.get("root", "") for section in sections for each in section.iterchildren(_TEMPLATE)}
    known = models()
    for group in volet.sections:
        if not present & set(group):
            names = " ou ".join(f"« {known[each].nom} »" if each in known else each for each in group)
            yield _finding(root, "N3.VOLET.SECTION", f"{volet.nom} : la section {names} manque.", "Ajoutez-la.")


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    return element if parent is None else parent


def _finding(
    element: etree._Element,
    rule: str,
    message: str,
    repair: str,
    *,
    source: str = _MODELES,
    severity: Severity = Severity.ERROR,
) -> Finding:
    return Finding(rule, message, path_of(element), repair, source, severity)
