"""Who asks, from a JSON file: for the terminal and for scripts, where nobody logs in.

``{"professionnel": {"id_nat": "8…", "nom": "…", "prenom": "…", "profession": "10", "savoir_faire": "SM26"},
"mode": "INDIRECTE"}``, and any other field of ``Acteur``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from opensegur.dmp.acteur import Acteur, Finalite, Mode
from opensegur.foundation.acteurs import Professionnel
from opensegur.foundation.errors import InvalidValue

_CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {
    "mode": Mode,
    "purpose": Finalite,
    "authenticated_at": datetime.fromisoformat,
    "professionnel": lambda value: Professionnel(**_texts("professionnel", Professionnel, value)),
}
_FIELDS = frozenset(item.name for item in fields(Acteur)) - {"structure"}


def read_acteur(data: bytes, *, now: datetime) -> Acteur:
    """Read the file's bytes; ``now`` is the login's moment when the file gives none.

    Raises ``InvalidValue`` DMP_ACTEUR, or the error of the value that is wrong.
    """
    try:
        document = json.loads(data)
    except ValueError as error:
        raise _wrong("ce n’est pas du JSON") from error
    values = _object("", document, _FIELDS)
    for name in ("professionnel", "mode"):
        if name not in values:
            raise _wrong(f"il manque « {name} »")
    if not isinstance(values.get("connexion_secrete", False), bool):
        raise _wrong("« connexion_secrete » est true ou false")
    for name, value in values.items():
        if name in _CONVERSIONS:
            values[name] = _convert(name, value)
        elif name != "connexion_secrete" and not isinstance(value, str):
            raise _wrong(f"« {name} » doit être un texte")
    return Acteur(**{"authenticated_at": now, **values})


def _convert(name: str, value: Any) -> Any:
    try:
        return _CONVERSIONS[name](value)
    except (ValueError, TypeError) as error:
        raise _wrong(f"la valeur de « {name} » n’est pas admise") from error


def _texts(name: str, kind: type, value: Any) -> dict[str, str]:
    known = frozenset(item.name for item in fields(kind))
    found = _object(name, value, known)
    for key, text in found.items():
        if not isinstance(text, str):
            raise _wrong(f"« {name}.{key} » doit être un texte")
    return found


def _object(name: str, value: Any, known: frozenset[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(f"« {name} » doit être un objet" if name else "ce n’est pas un objet JSON")
    if unknown := sorted(set(value) - known):
        raise _wrong(f"la clé « {unknown[0]} » n’existe pas")
    return dict(value)


def _wrong(what: str) -> InvalidValue:
    return InvalidValue(
        "DMP_ACTEUR",
        f"Le fichier de l’acteur est inutilisable : {what}.",
        conseil='Il contient au moins "professionnel" (id_nat, nom, prenom, profession) et "mode".',
    )
