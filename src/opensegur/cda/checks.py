"""The checks that every value of a document passes when it is made, with their French sentences."""

from __future__ import annotations

import difflib
import re
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any

from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature import Concept, Table, table

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def concept_of(set_name: str, code: str, system: str = "", *, quoi: str) -> Concept:
    """The concept of value set ``set_name`` for ``code``; ``quoi`` names the datum in the French message.

    Raises ``InvalidValue`` (CDA_CODE) with the nearest codes when the set does not hold it.
    """
    values = table(set_name)
    found = values.get(code, system or None)
    if found is None:
        raise InvalidValue(
            "CDA_CODE",
            f"{quoi} : le code « {code[:40]} » n’appartient pas à {set_name}.",
            conseil=near_codes(values, code),
        )
    return found


def check_code(set_name: str, code: Code, *, quoi: str) -> Concept:
    """Same as ``concept_of`` for a whole ``Code``, whose code system counts too."""
    return concept_of(set_name, code.code, code.system, quoi=quoi)


def near_codes(values: Table, wanted: str, limit: int = 5) -> str:
    """A French sentence with the concepts of ``values`` that resemble ``wanted``, by code or by label."""
    by_code = difflib.get_close_matches(wanted, [concept.code for concept in values], n=limit, cutoff=0.5)
    by_label = [concept.code for concept in values.search(wanted)]
    proposed = list(dict.fromkeys([*by_label, *by_code]))[:limit]
    if not proposed:
        return f"Choisissez un code de {values.name}."
    return f"Codes proches : {', '.join(f'{code} ({values.label(code)})' for code in proposed)}."


def check_moment(moment: datetime, *, quoi: str) -> None:
    """A moment without a zone cannot be written in a document (CI-SIS Structuration minimale, type TS)."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise InvalidValue(
            "CDA_FUSEAU",
            f"{quoi} : la date n’a pas de fuseau horaire.",
            conseil="Donnez une date avec son fuseau, par exemple 2026-11-25T10:30:00+01:00.",
        )


def check_interval(debut: datetime | None, fin: datetime | None, *, quoi: str) -> None:
    for bound in (debut, fin):
        if bound is not None:
            check_moment(bound, quoi=quoi)
    if debut is not None and fin is not None and fin < debut:
        raise InvalidValue("CDA_INTERVALLE", f"{quoi} : la fin précède le début.", conseil="Vérifiez les deux dates.")


def check_required(text: str, *, quoi: str) -> None:
    if not text.strip():
        raise InvalidValue("CDA_VIDE", f"{quoi} : la valeur est vide.", conseil="Renseignez-la.")


def check_texts(value: Any) -> None:
    """Refuse, anywhere inside a frozen value, characters that XML 1.0 cannot carry."""
    if isinstance(value, str):
        if _NOT_XML.search(value):
            raise InvalidValue(
                "CDA_CARACTERE",
                "Un texte du document contient un caractère de contrôle, impossible en XML.",
                conseil="Retirez les caractères invisibles, souvent apportés par un copier-coller.",
            )
    elif isinstance(value, tuple):
        for item in value:
            check_texts(item)
    else:
        kind: type = type(value)
        for name in _fields(kind):
            check_texts(getattr(value, name))


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
