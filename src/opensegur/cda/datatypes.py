"""HL7 v3 data types as XML elements, in the flavour of the CI-SIS: identifiers, codes, times, names, addresses.

Source: CI-SIS Structuration minimale, types de données; HL7 CDA R2 datatypes-base.xsd.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from opensegur.cda.noeud import Enfant, Noeud, node
from opensegur.foundation.acteurs import Adresse, Code, Telecom
from opensegur.nomenclature import Concept

# the names that the official samples give to code systems; they are optional everywhere but in the VSM
SYSTEMES = {
    "2.16.840.1.113883.6.1": "LOINC",
    "2.16.840.1.113883.6.3": "CIM-10",
    "2.16.840.1.113883.6.347": "CIM-11",
    "2.16.840.1.113883.6.73": "ATC",
    "2.16.840.1.113883.6.96": "SNOMED CT",
    "2.16.840.1.113883.5.4": "HL7:ActCode",
    "0.4.0.127.0.16.1.1.2.1": "EDQM",
    "1.2.250.1.213.2.3.1": "CIS",
    "1.2.250.1.213.2.3.2": "CIP",
    "1.2.250.1.213.2.7": "NABM",
    "1.2.250.1.213.2.59": "Médicabase",
    "1.2.250.1.213.2.68": "EMDN",
    "1.2.250.1.215.200.2.1": "LPP",
    "1.2.250.1.215.300.1": "CCAM",
}

PARIS = ZoneInfo("Europe/Paris")


def text_node(tag: str, text: str, **attributes: str) -> Noeud | None:
    """An element with ``text``, or nothing when there is no text."""
    return node(tag, text, **attributes) if text else None


def identifier(root: str, extension: str = "", tag: str = "id") -> Noeud:
    return node(tag, root=root, extension=extension)


def coded(tag: str, value: Code | Concept, *children: Enfant) -> Noeud:
    """A code with its code system and its label: the national checks want all three."""
    return _coded(tag, value.code, value.label, value.system) if not children else _coded_around(tag, value, children)


@lru_cache(maxsize=8192)
def _coded(tag: str, code: str, label: str, system: str) -> Noeud:
    """The same codes come in every document."""
    return node(tag, code=code, displayName=label, codeSystem=system, codeSystemName=SYSTEMES.get(system, ""))


def _coded_around(tag: str, value: Code | Concept, children: Iterable[Enfant]) -> Noeud:
    return node(
        tag,
        *children,
        code=value.code,
        displayName=value.label,
        codeSystem=value.system,
        codeSystemName=SYSTEMES.get(value.system, ""),
    )


def timestamp(moment: datetime) -> str:
    """``YYYYMMDDhhmmss+zzzz`` in the legal time of Paris."""
    return moment.astimezone(PARIS).strftime("%Y%m%d%H%M%S%z")


def time_node(tag: str, moment: datetime) -> Noeud:
    return node(tag, value=timestamp(moment))


def interval(tag: str, debut: datetime | None, fin: datetime | None) -> Noeud:
    """An interval; with neither bound it says that the time is unknown."""
    if debut is None and fin is None:
        return node(tag, nullFlavor="UNK")
    if debut == fin:
        # HL7 takes an interval whose bounds are the same for a mistake (dtr1-6)
        fin = None
    return node(
        tag,
        time_node("low", debut) if debut else None,
        time_node("high", fin) if fin else None,
    )


def person_name(nom: str, prenom: str = "", *, civilite: str = "", titre: str = "") -> Noeud:
    """A name outside the patient: one of each piece, civility as prefix, title as suffix."""
    return node(
        "name",
        text_node("prefix", civilite),
        text_node("given", prenom),
        node("family", nom),
        text_node("suffix", titre),
    )


def address(adresse: Adresse | None) -> Noeud | None:
    """Free lines cannot stand beside structured parts: with lines, town and country become lines too."""
    if adresse is None:
        return None
    town = " ".join(part for part in (adresse.code_postal, adresse.ville) if part)
    if any(adresse.lignes):
        lines = [line for line in (*adresse.lignes, town, adresse.pays) if line]
        return node("addr", *(node("streetAddressLine", line) for line in lines))
    parts = (
        text_node("postalCode", adresse.code_postal),
        text_node("city", adresse.ville),
        text_node("country", adresse.pays),
    )
    return node("addr", *parts) if any(part is not None for part in parts) else None


def telecoms(values: Iterable[Telecom]) -> list[Noeud]:
    return [node("telecom", value=value.valeur, use=value.usage) for value in values]
