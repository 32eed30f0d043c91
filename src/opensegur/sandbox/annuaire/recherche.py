"""The searches of the directory: parameters of the CapabilityStatement, pages that are followed and never built.

Source: IG-fhir-annuaire 1.2.0, CapabilityStatement AsServerDP; documentation of the API (pages, ``_summary``).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from opensegur.nomenclature.words import words
from opensegur.sandbox.annuaire.fiches import Ressource

PAR_PAGE, PAR_PAGE_MAX = 50, 1000
Criteres = tuple[tuple[str, str], ...]
Juge = Callable[[Ressource, str], bool]

_COMMUNS: Final = frozenset({"_count", "_total", "_format", "_include", "_revinclude"})


@dataclass(frozen=True, slots=True)
class Page:
    """``suite``: the token of the next page, "" after the last."""

    total: int
    trouvees: tuple[Ressource, ...]
    incluses: tuple[Ressource, ...]
    suite: str


def unknown_parameter(kind: str, criteres: Criteres) -> str:
    """The first that the directory does not know for this type, "" when it knows all."""
    known = _COMMUNS | set(_JUGES[kind])
    return next((name for name, _ in criteres if name.partition(":")[0] not in known), "")


def search(annuaire: dict[str, list[Ressource]], kind: str, criteres: Criteres, start: int = 0) -> Page:
    """Commas are alternatives, repeated parameters must all hold (FHIR R4 §3.1.1.4.17)."""
    judges = [(_JUGES[kind][name.partition(":")[0]], value) for name, value in criteres if name not in _COMMUNS]
    found = [
        each
        for each in annuaire[kind]
        if all(any(judge(each, one) for one in value.split(",")) for judge, value in judges)
    ]
    count = _count(criteres)
    taken = found[start : start + count]
    following = start + len(taken)
    more = _token(kind, criteres, following) if following < len(found) and taken else ""
    return Page(len(found), tuple(taken), _included(annuaire, kind, criteres, taken), more)


def read_token(token: str) -> tuple[str, Criteres, int] | None:
    """What a page's token asks for; None for one that was not given here."""
    try:
        kind, criteres, start = json.loads(base64.urlsafe_b64decode(token + "=="))
        asked = tuple((str(name), str(value)) for name, value in criteres)
        return (kind, asked, int(start)) if kind in _JUGES and not unknown_parameter(kind, asked) else None
    except (ValueError, TypeError, RecursionError):
        return None


def _token(kind: str, criteres: Criteres, start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([kind, criteres, start]).encode()).decode().rstrip("=")


def _count(criteres: Criteres) -> int:
    asked = next((value for name, value in criteres if name == "_count"), "")
    return min(int(asked), PAR_PAGE_MAX) if asked.isdigit() and asked.isascii() and len(asked) < 7 else PAR_PAGE  # noqa: PLR2004


def _included(
    annuaire: dict[str, list[Ressource]], kind: str, criteres: Criteres, found: Sequence[Ressource]
) -> tuple[Ressource, ...]:
    wanted = [value for name, value in criteres if name in {"_include", "_revinclude"}]
    ids = {f"{kind}/{each['id']}" for each in found}
    added: list[Ressource] = []
    for value in wanted:
        origin, _, link = value.partition(":")
        if origin == kind == "PractitionerRole":
            links = ("practitioner", "organization") if link == "*" else (link,)
            references = {each[name]["reference"] for each in found for name in links if name in each}
            added += [each for target in annuaire.values() for each in target if _reference(each) in references]
        elif origin == "PractitionerRole" and link in {"practitioner", "organization"}:
            added += [each for each in annuaire[origin] if each[link]["reference"] in ids]
    return tuple({_reference(each): each for each in added}.values())


def _reference(each: Ressource) -> str:
    return f"{each['resourceType']}/{each['id']}"


def _has_id(each: Ressource, value: str) -> bool:
    return bool(each["id"] == value)


def _has_identifier(each: Ressource, value: str) -> bool:
    system, bar, wanted = value.rpartition("|")
    return any(
        known["value"] == wanted and (not bar or not system or known["system"] == system)
        for known in each["identifier"]
    )


def _has_identifier_type(each: Ressource, value: str) -> bool:
    wanted = value.rpartition("|")[2]
    return any(code["code"] == wanted for known in each["identifier"] for code in known["type"]["coding"])


def _is_active(each: Ressource, value: str) -> bool:
    return str(each["active"]).lower() == value


def _begins(text: str, wanted: str) -> bool:
    """As FHIR searches strings: the beginning of a word, without accents or case."""
    said, asked = " ".join(words(text)), " ".join(words(wanted))
    return bool(asked) and (said.startswith(asked) or f" {asked}" in said)


def _family(each: Ressource, value: str) -> bool:
    return any(_begins(name["family"], value) for name in each["name"])


def _given(each: Ressource, value: str) -> bool:
    return any(_begins(given, value) for name in each["name"] for given in name["given"])


def _name(each: Ressource, value: str) -> bool:
    if isinstance(each["name"], str):
        return _begins(each["name"], value)
    return _family(each, value) or _given(each, value)


def _qualification(each: Ressource, value: str) -> bool:
    return _coded([coding for held in each["qualification"] for coding in held["code"]["coding"]], value)


def _role(each: Ressource, value: str) -> bool:
    return _coded([coding for held in each["code"] for coding in held["coding"]], value)


def _type(each: Ressource, value: str) -> bool:
    return _coded([coding for held in each["type"] for coding in held["coding"]], value)


def _coded(codings: list[dict[str, Any]], value: str) -> bool:
    system, bar, wanted = value.rpartition("|")
    return any(each["code"] == wanted and (not bar or not system or each["system"] == system) for each in codings)


def _points_to(field: str) -> Juge:
    def judge(each: Ressource, value: str) -> bool:
        kind = field.capitalize()
        return bool(each[field]["reference"] == (value if "/" in value else f"{kind}/{value}"))

    return judge


def _city(each: Ressource, value: str) -> bool:
    return any(_begins(held.get("city", ""), value) for held in each.get("address", ()))


def _postal(each: Ressource, value: str) -> bool:
    return any(held.get("postalCode", "").startswith(value) for held in each.get("address", ()))


def _card(each: Ressource, value: str) -> bool:
    return any(part.get("valueString") == value for card in each["extension"] for part in card["extension"])


_BASE: dict[str, Juge] = {"_id": _has_id, "active": _is_active, "identifier": _has_identifier}
_JUGES: Final[dict[str, dict[str, Juge]]] = {
    "Practitioner": {
        **_BASE,
        "identifier-type": _has_identifier_type,
        "family": _family,
        "given": _given,
        "name": _name,
        "qualification-code": _qualification,
        "number-smartcard": _card,
    },
    "PractitionerRole": {
        **_BASE,
        "practitioner": _points_to("practitioner"),
        "organization": _points_to("organization"),
        "role": _role,
    },
    "Organization": {
        **_BASE,
        "identifier-type": _has_identifier_type,
        "name": _name,
        "type": _type,
        "address-city": _city,
        "address-postalcode": _postal,
    },
}
