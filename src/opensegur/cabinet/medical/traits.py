"""What a form shows of a value: a field for each attribute, and what the form does not show is kept.

A field that was not touched gives back the very attribute that it showed: a code of another terminology, a date to
the minute or a choice that the form does not offer is never lost for having been displayed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Trait:
    """``champ`` of the form for an ``attribut`` of the value, or for one inside it (``periode.debut``).

    ``lit`` makes the attribute of what was typed, ``ecrit`` what is typed of the attribute; ``nom``: the words of a
    choice that is not among those offered. ``emporte``: what holds no longer once this attribute is another.
    """

    champ: str
    attribut: str
    lit: Callable[[str], Any] = str
    ecrit: Callable[[Any], str] = str
    nom: Callable[[Any], str] | None = None
    emporte: frozenset[str] = field(default_factory=frozenset)

    def of(self, value: Any) -> Any:
        outer, _, inner = self.attribut.partition(".")
        held = getattr(value, outer)
        return getattr(held, inner) if inner else held


def compose(
    kind: type, traits: Collection[Trait], typed: Mapping[str, str], always: Mapping[str, Any], before: Any = None
) -> Any:
    """A ``kind`` whose attributes are what was ``typed``, ``always`` the same, or as they were ``before``.

    ``typed`` holds the fields that were touched only when there was something before. Raises ``InvalidValue``.
    """
    said: dict[str, Any] = dict(always)
    inside: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for trait in (each for each in traits if each.champ in typed):
        if before is not None:
            said |= {name: _default(kind, name) for name in trait.emporte}
        outer, _, inner = trait.attribut.partition(".")
        (inside[outer] if inner else said)[inner or outer] = trait.lit(typed[trait.champ])
    for name, parts in inside.items():
        said[name] = replace(_default(kind, name) if before is None else getattr(before, name), **parts)
    return kind(**said) if before is None else replace(before, **said)


def _default(kind: type, name: str) -> Any:
    found = next(each.default for each in fields(kind) if each.name == name)
    assert found is not MISSING, f"{kind.__name__}.{name} has no default"
    return found
