"""What the elements of a body carry: times, identifiers, quantities, codes, typed values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from lxml import etree

from opensegur.cda.constat import CDA_XSD, finding_on
from opensegur.cda.controle.codes import is_well_written
from opensegur.cda.controle.valeurs import NUMBER, SYSTEMS, check_value, is_time
from opensegur.cda.locate import local
from opensegur.cda.noeud import NS
from opensegur.foundation.findings import Finding, Severity

Check = Callable[[etree._Element], Iterator[Finding]]  # noqa: SLF001 - lxml has no public name for it
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def check_values(body: etree._Element) -> Iterator[Finding]:
    for element in body.iter(*_CHECKS):
        for check in _CHECKS[str(element.tag)]:
            yield from check(element)


def check_coded(element: etree._Element) -> Iterator[Finding]:
    """A code and its terminology: both or none, known, written as it writes them."""
    code, system = element.get("code"), element.get("codeSystem")
    own = local(element) != "translation"
    if _is_good(code, system, own=own):
        return
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


def _time(element: etree._Element) -> Iterator[Finding]:
    if (value := element.get("value")) and not element.get("unit") and not is_time(value):
        repair = "Écrivez AAAAMMJJ, ou AAAAMMJJhhmmss+zzzz."
        yield finding_on(element, "N3.DATE", "Cette date n’est pas lisible.", repair)


def _identifier(element: etree._Element) -> Iterator[Finding]:
    root = element.get("root")
    if not root:
        if local(element) == "templateId":
            repair = "Donnez son OID, ou retirez-le."
            yield finding_on(element, "N3.IDENTIFIANT", "Ce templateId est vide.", repair)
    elif not _is_identifier(root):
        yield finding_on(
            element,
            "N3.IDENTIFIANT",
            "Cet identifiant n’est ni un OID ni un UUID.",
            "Écrivez l’OID seul, sans « urn: ».",
            severity=Severity.ERROR if local(element) == "templateId" else Severity.WARNING,
        )


def _quantity(element: etree._Element) -> Iterator[Finding]:
    if element.get("unit") and (value := element.get("value")) is not None and not NUMBER.fullmatch(value):
        repair = "Écrivez un point pour les décimales."
        yield finding_on(element, "N3.VALEUR", "Cette valeur n’est pas un nombre.", repair)


def _typed(element: etree._Element) -> Iterator[Finding]:
    parent = element.getparent()
    if parent is not None and local(parent) in {"observation", "observationRange"}:
        for problem in check_value(element):
            yield finding_on(element, "N3.VALEUR", problem, "Corrigez le type ou la valeur.", source=CDA_XSD)


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
