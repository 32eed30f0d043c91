"""The models of sections and entries that we know, as ``modeles.tsv`` says them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from opensegur.cda.noeud import NS


@dataclass(frozen=True, slots=True)
class ModeleAttendu:
    """What an element that declares ``oid`` has to be.

    ``avec``: templates that are declared with it; ``enfants``: tags of the children that it has; ``code``: its fixed
    code and the system of that code, when it has one; empty tuples for what is free. A class that ends with ``?`` in
    the file may be left out (``classe_due`` False).
    """

    oid: str
    nom: str
    element: tuple[str, ...]
    classe: tuple[str, ...]
    mode: tuple[str, ...]
    avec: frozenset[str]
    enfants: frozenset[str]
    code: tuple[str, str] | None
    statuts: tuple[str, ...]
    classe_due: bool = True


_FRENCH = "1.2.250.1."
_ALONE = frozenset({"1.3.6.1.4.1.19376.1.5.3.1.3.1", "2.16.840.1.113883.10.20.1.25"})
"""International templates that the official samples also declare without a French model."""


@cache
def models() -> dict[str, ModeleAttendu]:
    text = (resources.files("opensegur.cda.controle") / "modeles.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[0]: _model(*row) for row in rows}


def _model(  # noqa: PLR0917 - one row of the file
    oid: str, nom: str, element: str, classe: str, mode: str, avec: str, enfants: str, code: str, statuts: str
) -> ModeleAttendu:
    value, _, system = code.partition("^")
    return ModeleAttendu(
        oid,
        nom,
        tuple(element.split("|")),
        tuple(filter(None, classe.removesuffix("?").split("|"))),
        tuple(filter(None, mode.split("|"))),
        frozenset(avec.split()),
        frozenset(f"{{{NS}}}{name}" for name in enfants.split()),
        (value, system) if value else None,
        tuple(filter(None, statuts.split("|"))),
        classe_due=not classe.endswith("?"),
    )


@cache
def french_models() -> dict[str, frozenset[str]]:
    """For an international template: the French models that are declared with it."""
    found: dict[str, set[str]] = {"1.3.6.1.4.1.19376.1.3.3.1.5": {"1.2.250.1.213.1.1.3.109"}}
    for model in models().values():
        for other in model.avec - _ALONE:
            if not other.startswith(_FRENCH):
                found.setdefault(other, set()).add(model.oid)
    return {other: frozenset(oids) for other, oids in found.items()}


@cache
def known_templates() -> frozenset[str]:
    """Every template that we know, or that an official sample declares."""
    text = (resources.files("opensegur.cda.controle") / "templates.txt").read_text(encoding="utf-8")
    listed = {line for line in text.splitlines() if line and not line.startswith("#")}
    return frozenset(listed | models().keys() | french_models().keys())
