"""What the elements of a body carry: times, identifiers, quantities, codes, typed values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from lxml import etree

from opensegur.cda.constat import CDA_XSD, finding_on
from opensegur.cda.controle.codes import is_well_written
from opensegur.cda.controle.valeurs import NUMBER, SYSTEMS, check_value, is_time
from opensegur.cda.noeud import NS
from opensegur.foundation.findings import Finding, Severity

# a tuple, and not a generator: nearly every element is right, and there are thousands of them
Check = Callable[[etree._Element], tuple[Finding, ...]]  # noqa: SLF001 - lxml has no public name for it
_TRANSLATION, _TEMPLATE = f"{{{NS}}}translation", f"{{{NS}}}templateId"
_HOLDERS = frozenset({f"{{{NS}}}observation", f"{{{NS}}}observationRange"})
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def check_values(body: etree._Element) -> Iterator[Finding]:
    for element in body.iter(*_CHECKS):
        for check in _CHECKS[str(element.tag)]:
            if found := check(element):
                yield from found


def check_coded(element: etree._Element) -> tuple[Finding, ...]:
    """A code and its terminology: both or none, known, written as it writes them."""
    code, system = element.get("code"), element.get("codeSystem")
    own = element.tag != _TRANSLATION
    return () if _is_good(code, system, own=own) else tuple(_on_code(element, code, system, own=own))


def _on_code(element: etree._Element, code: str | None, system: str | None, *, own: bool) -> Iterator[Finding]:
    if not code or not system:
        if (code or system) and own:
            repair = "Donnez code et codeSystem, ou aucun des deux."
            yield finding_on(element, "N3.CODAGE", "Un code et son système vont ensemble.", repair)
        return
    if not _OID.fullmatch(system):
        repair = "Donnez l’OID de la terminologie."
        yield finding_on(element, "N3.CODAGE", "Le système du code n’est pas un OID.", repair)
    elif own and system not in SYSTEMS:
        yield finding_on(
            element,
            "N3.SYSTEME",
            "Ce système de codage n’est pas de ceux du CI-SIS.",
            "Vérifiez son OID ; un code local s’écrit dans translation.",
            severity=Severity.WARNING,
        )
    if not is_well_written(code, system):
        yield finding_on(
            element,
            "N3.CODE.FORME",
            "Ce code n’est pas écrit comme ceux de sa terminologie.",
            "Vérifiez le code : une faute de frappe, ou un autre système.",
        )


@lru_cache(maxsize=8192)
def _is_good(code: str | None, system: str | None, *, own: bool) -> bool:
    """The common case, kept: the same codes come again and again in a report."""
    if not code or not system:
        return (not code and not system) or not own
    return (system in SYSTEMS or (not own and _OID.fullmatch(system) is not None)) and is_well_written(code, system)


@lru_cache(maxsize=4096)
def _is_identifier(root: str) -> bool:
    return bool(_OID.fullmatch(root) or _UUID.fullmatch(root))


def _time(element: etree._Element) -> tuple[Finding, ...]:
    value = element.get("value")
    if not value or element.get("unit") or is_time(value):
        return ()
    repair = "Écrivez AAAAMMJJ, ou AAAAMMJJhhmmss+zzzz."
    return (finding_on(element, "N3.DATE", "Cette date n’est pas lisible.", repair),)


def _identifier(element: etree._Element) -> tuple[Finding, ...]:
    root = element.get("root")
    if root and _is_identifier(root):
        return ()
    template = element.tag == _TEMPLATE
    if root:
        return (
            finding_on(
                element,
                "N3.IDENTIFIANT",
                "Cet identifiant n’est ni un OID ni un UUID.",
                "Écrivez l’OID seul, sans « urn: ».",
                severity=Severity.ERROR if template else Severity.WARNING,
            ),
        )
    if not template:
        return ()
    return (finding_on(element, "N3.IDENTIFIANT", "Ce templateId est vide.", "Donnez son OID, ou retirez-le."),)


def _quantity(element: etree._Element) -> tuple[Finding, ...]:
    if not element.get("unit") or (value := element.get("value")) is None or NUMBER.fullmatch(value):
        return ()
    repair = "Écrivez un point pour les décimales."
    return (finding_on(element, "N3.VALEUR", "Cette valeur n’est pas un nombre.", repair),)


def _typed(element: etree._Element) -> tuple[Finding, ...]:
    parent = element.getparent()
    if parent is None or parent.tag not in _HOLDERS:
        return ()
    return tuple(
        finding_on(element, "N3.VALEUR", problem, "Corrigez le type ou la valeur.", source=CDA_XSD)
        for problem in check_value(element)
    )


def _by_tag(checks: dict[Check, str]) -> dict[str, tuple[Check, ...]]:
    found: dict[str, tuple[Check, ...]] = {}
    for check, names in checks.items():
        for name in names.split():
            found[f"{{{NS}}}{name}"] = (*found.get(f"{{{NS}}}{name}", ()), check)
    return found


_CHECKS = _by_tag(
    {
        _time: "effectiveTime time low high birthTime expirationTime center",
        _identifier: "templateId id setId",
        _quantity: "value low high center width translation doseQuantity rateQuantity maxDoseQuantity quantity "
        "numerator denominator expectedUseTime period increment",
        check_coded: "code value translation interpretationCode methodCode targetSiteCode routeCode "
        "approachSiteCode priorityCode administrativeGenderCode",
        _typed: "value",
    }
)
