"""The values of a structured document as JSON, and back: what a record or an archive keeps of them.

Each value names its class; a field that holds its default is left out, so that a field added later is read in what
was kept before. Only the classes that a ``Lexique`` knows are ever built.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, get_args, get_type_hints

from opensegur.foundation.errors import OpenSegurError, RefusedInput

_CLASSE = "est"
_VALEUR = "vaut"
_MOMENT, _NOMBRE, _OCTETS = "moment", "nombre", "octets"
_SIMPLE: Mapping[str, Callable[[str], Any]] = {
    _MOMENT: datetime.fromisoformat,
    _NOMBRE: Decimal,
    _OCTETS: lambda text: base64.b64decode(text, validate=True),
}


class Lexique:
    """The classes that may be read back: those given, and every frozen value or enumeration that they are made of."""

    def __init__(self, classes: Iterable[type]) -> None:
        self._classes: dict[str, type] = {}
        for each in classes:
            self._learn(each)

    def to_json(self, value: Any) -> str:
        return json.dumps(self._plain(value), ensure_ascii=False, separators=(",", ":"))

    def from_json(self, text: str) -> Any:
        """Raises ``RefusedInput`` DONNEES_ILLISIBLES for what is not JSON of ours, or makes no valid value."""
        try:
            return self._value(json.loads(text))
        except OpenSegurError as error:
            raise _unreadable(error.code) from error
        except (ValueError, TypeError, KeyError, InvalidOperation, RecursionError) as error:
            raise _unreadable(type(error).__name__) from error

    def _learn(self, wanted: type) -> None:
        known = self._classes.get(wanted.__name__)
        if known is wanted or not (issubclass(wanted, Enum) or dataclasses.is_dataclass(wanted)):
            return
        if known is not None:
            raise TypeError(f"two classes are called {wanted.__name__}")
        self._classes[wanted.__name__] = wanted
        if dataclasses.is_dataclass(wanted):
            for hint in get_type_hints(wanted).values():
                for part in _classes_in(hint):
                    self._learn(part)

    def _plain(self, value: Any) -> Any:
        match value:
            case Enum():
                return {_CLASSE: self._name(value), _VALEUR: value.value}
            case None | str() | bool() | int():
                return value
            case tuple():
                return [self._plain(each) for each in value]
            case datetime() | Decimal() | bytes():
                return _simple(value)
            case _:
                return self._fields(value)

    def _fields(self, value: Any) -> dict[str, Any]:
        name = self._name(value)
        said = ((each, getattr(value, each.name)) for each in dataclasses.fields(value))
        return {_CLASSE: name} | {each.name: self._plain(held) for each, held in said if held != each.default}

    def _value(self, plain: Any) -> Any:
        if isinstance(plain, list):
            return tuple(self._value(each) for each in plain)
        if not isinstance(plain, Mapping):
            return plain
        name = plain[_CLASSE]
        if name in _SIMPLE:
            return _SIMPLE[name](plain[_VALEUR])
        known = self._classes[name]
        if issubclass(known, Enum):
            return known(plain[_VALEUR])
        return known(**{key: self._value(held) for key, held in plain.items() if key != _CLASSE})

    def _name(self, value: Any) -> str:
        name = type(value).__name__
        if self._classes.get(name) is not type(value):
            raise TypeError(f"{name} is not in this lexicon")
        return name


def _simple(value: datetime | Decimal | bytes) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_CLASSE: _MOMENT, _VALEUR: value.isoformat()}
    if isinstance(value, Decimal):
        return {_CLASSE: _NOMBRE, _VALEUR: str(value)}
    return {_CLASSE: _OCTETS, _VALEUR: base64.b64encode(value).decode("ascii")}


def _classes_in(hint: Any) -> Iterator[type]:
    """The classes that an annotation names, inside unions and tuples too."""
    parts = get_args(hint)
    if not parts and isinstance(hint, type):
        yield hint
    for part in parts:
        yield from _classes_in(part)


def _unreadable(detail: str) -> RefusedInput:
    return RefusedInput(
        "DONNEES_ILLISIBLES",
        "Ces données structurées ne peuvent pas être relues.",
        conseil="Elles viennent peut-être d’une version plus récente d’OpenSégur : mettez ce logiciel à jour.",
        detail=detail,
    )
