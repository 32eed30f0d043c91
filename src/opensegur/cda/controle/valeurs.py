"""Values of a structured body: times, typed values, code systems that are known, value sets by model.

Sources: HL7 CDA R2 datatypes; UCUM; CI-SIS Modèles de contenus CDA.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from opensegur.cda.datatypes import SYSTEMES
from opensegur.cda.locate import local
from opensegur.cda.noeud import NS, NS_XSI
from opensegur.cda.reading_types import parse_timestamp

_TYPE = f"{{{NS_XSI}}}type"
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_UNIT = re.compile(r"[!-~]+")
_KNOWN = frozenset(
    (  # noqa: SIM905
        "PQ REAL INT MO IVL_PQ IVL_INT IVL_REAL IVL_TS TS CD CE CV CO CS SC ST ED BL BN II PN ON TEL AD RTO "
        "RTO_PQ_PQ RTO_QTY_QTY SXPR_TS PIVL_TS EIVL_TS GLIST_PQ SLIST_PQ GLIST_TS"
    ).split()
)

SYSTEMS = frozenset(
    {
        *SYSTEMES,
        "1.2.250.1.213.1.1.4.5",
        "1.2.250.1.213.1.1.4.6",
        "1.2.250.1.213.1.1.4.9",
        "1.2.250.1.213.1.1.4.12",
        "1.2.250.1.213.1.1.4.322",
        "1.2.250.1.213.1.1.4.2.280",
        "1.2.250.1.213.1.1.4.2.291",
        "1.2.250.1.213.1.6.1.8",
        "1.2.250.1.213.2.3.5",
        "1.2.250.1.213.2.5",
        "1.2.250.1.213.2.65",
        "1.2.250.1.71.4.2.4",
        "1.3.5.1.4.1.19376.1.5.3.2",
        "1.3.6.1.4.1.19376.1.5.3.2",
        "1.3.6.1.4.1.19376.1.9.2.2",
        "2.16.840.1.113883.1.11.19709",
        "2.16.840.1.113883.3.6905.2",
        "2.16.840.1.113883.3.9471",
        "2.16.840.1.113883.4.642.1.1373",
        "2.16.840.1.113883.4.642.4.130",
        "2.16.840.1.113883.4.642.4.1373",
        "2.16.840.1.113883.4.642.4.1039",
        "2.16.840.1.113883.5.1",
        "2.16.840.1.113883.5.1070",
        "2.16.840.1.113883.5.111",
        "2.16.840.1.113883.5.1150.1",
        "2.16.840.1.113883.5.7",
        "2.16.840.1.113883.5.83",
        "2.16.840.1.113883.5.84",
        "2.16.840.1.113883.5.112",
        "2.16.840.1.113883.5.25",
        "2.16.840.1.113883.5.139",
        "2.16.840.1.113883.18.311",
        "2.16.840.1.113883.6.3.1",
        "2.16.840.1.113883.6.8",
        "2.16.840.1.113883.6.43.1",
        "2.16.840.1.113883.6.254",
        "1.2.840.10008.2.16.4",
        "1.2.840.10008.6.1",
        "2.16.840.1.113883.3.26.1.1",
        "2.16.840.1.113883.15.6",
        "2.16.840.1.113883.4.642.1.1074",
        "2.16.840.1.113883.4.642.1.1075",
        "2.16.840.1.113883.6.281",
        "1.2.250.1.213.2.61",
        "1.2.250.1.213.2.13",
        "1.2.250.1.213.2.49",
        "1.2.250.1.213.2.49.1",
        "1.2.250.1.213.2.49.2",
        "1.2.250.1.215.200.3.1",
        "1.2.250.1.215.200.3.3",
        "1.2.250.1.215.200.3.4",
        "1.2.250.1.215.200.4.1",
        "2.16.840.1.113883.5.110",
        "1.2.250.1.213.2.60",
        "2.16.840.1.113883.6.163",
        "1.2.840.10008.2.6.1",
        "1.2.250.1.213.3.3.13",
        "1.2.250.1.213.2.10",
        "1.2.250.1.213.2.11",
        "2.16.840.1.113883.6.139",
        "1.2.250.1.213.2.9",
        "1.2.250.1.213.2.63",
        "1.2.250.1.213.2.64",
        "2.16.840.1.113883.4.642.2.468",
        "1.0.3166.2.2.2",
    }
)
"""Code systems that a main code of the CI-SIS may have."""

_P = f"{{{NS}}}"
SETS: dict[str, tuple[tuple[str, str], ...]] = {
    "1.2.250.1.213.1.1.3.45": (
        (f"{_P}routeCode", "JDV_ImmunizationRouteCodes"),
        (f"{_P}approachSiteCode", "JDV_ImmunizationApproachSiteCode"),
    ),
    "1.2.250.1.213.1.1.3.80": ((f"{_P}interpretationCode", "JDV_HL7_ObservationInterpretation"),),
    "1.2.250.1.213.1.1.3.87": ((f"{_P}code", "JDV_HL7_ActSubstanceAdminSubstitutionCode"),),
    "1.2.250.1.213.1.1.3.204": ((f"{_P}code", "JDV_CompletudeDispensation"),),
    "1.2.250.1.213.1.1.3.37": ((f"{_P}code", "JDV_ProblemCodes"),),
}
"""By model: where a code is, and the value set that it belongs to."""


def is_time(text: str) -> bool:
    return parse_timestamp(text) is not None


def check_value(element: etree._Element) -> Iterator[str]:
    """What is wrong in a ``value``, in French; a ``value`` that carries a file is looked at elsewhere."""
    kind = element.get(_TYPE, "").rpartition(":")[2]
    if element.get("nullFlavor") or element.get("mediaType"):
        return
    if not kind:
        yield "La valeur n’a pas de type (xsi:type)."
    elif kind not in _KNOWN:
        yield f"Le type « {kind[:20]} » n’existe pas."
    elif kind in {"PQ", "REAL"}:
        yield from _number(element, NUMBER)
    elif kind == "INT":
        yield from _number(element, _INTEGER)
    elif kind == "BL" and element.get("value") not in {"true", "false"}:
        yield "Une réponse oui ou non s’écrit true ou false."
    elif kind == "IVL_PQ":
        yield from _interval(element)


def _number(element: etree._Element, shape: re.Pattern[str]) -> Iterator[str]:
    value = element.get("value")
    if value is None or not shape.fullmatch(value):
        yield "Cette valeur n’est pas un nombre."
    unit = element.get("unit")
    if unit is not None and not _UNIT.fullmatch(unit):
        yield "Cette unité n’est pas écrite en UCUM."


def _interval(element: etree._Element) -> Iterator[str]:
    bounds = [each for each in element if local(each) in {"low", "high", "center", "width"}]
    if not bounds:
        yield "Cet intervalle n’a aucune borne."
    for bound in bounds:
        if not bound.get("nullFlavor"):
            yield from _number(bound, NUMBER)
