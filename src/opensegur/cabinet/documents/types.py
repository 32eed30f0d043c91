"""The types of document that a person chooses from: those of their trade first, then all the others by class."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.nomenclature import Concept, classe_of_type, table

# codes of JDV_J66, in the order in which each profession (TRE_G15) uses them most
_FREQUENTS: dict[str, tuple[str, ...]] = {
    "10": ("11488-4", "SYNTH", "57833-6", "96349-6", "PRESC-BIO", "55115-0", "PRESC-INF", "PRESC-KINE", "89601-9"),
    "21": ("78601-2", "56445-0", "87273-9", "93024-8", "60593-1", "75468-9"),
    "60": ("11488-4", "87273-9", "57832-8"),
    "50": ("11488-4", "57833-6", "87273-9"),
}
_PAR_DEFAUT = ("11488-4", "96349-6", "89601-9")
# what only the patient files, and what only a machine files
_RESERVES = ("DOCPAT", "EXPPAT", "E1762", "IMG-KOS")


@dataclass(frozen=True, slots=True)
class Groupe:
    libelle: str
    types: tuple[Concept, ...]


def groups_for(profession: str) -> tuple[Groupe, ...]:
    """The choices of a select, grouped: the frequent ones of ``profession``, then one group per class."""
    known = table("JDV_J66")
    frequent = tuple(
        found for code in _FREQUENTS.get(profession, _PAR_DEFAUT) if (found := known.get(code)) is not None
    )
    by_class: dict[str, list[Concept]] = {}
    for concept in known:
        if concept in frequent or concept.code.startswith(_RESERVES) or not table("ASS_X16").contains(concept.code):
            continue
        by_class.setdefault(classe_of_type(concept.code).label, []).append(concept)
    others = tuple(
        Groupe(label, tuple(sorted(concepts, key=lambda item: item.label)))
        for label, concepts in sorted(by_class.items())
    )
    return (Groupe("Les plus utilisés", frequent), *others)
