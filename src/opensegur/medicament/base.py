"""The medicines at hand: by code, by generic group, and by what a person types."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from opensegur.medicament.specialite import Presentation, Specialite
from opensegur.nomenclature.index import IndexMots
from opensegur.nomenclature.words import fold

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)?|[a-z]+")
_DOTTED = re.compile(r"\b([a-z])\.([a-z])\.?(?![a-z])")
_GTIN = re.compile(r"0?(34009[0-9]{8})")
# what prescribers write for what the base writes
_SHORT = {
    "cp": "comprime",
    "cpr": "comprime",
    "gel": "gelule",
    "gelu": "gelule",
    "sol": "solution",
    "buv": "buvable",
    "inj": "injectable",
    "susp": "suspension",
    "pdre": "poudre",
    "sup": "suppositoire",
    "suppo": "suppositoire",
    "crm": "creme",
    "amp": "ampoule",
    "sach": "sachet",
    "eff": "effervescent",
}
_MULTIPLES = {("g", "mg"): Decimal(1000), ("mg", "g"): Decimal("0.001"), ("l", "ml"): Decimal(1000)}


@dataclass(frozen=True, slots=True)
class Boite:
    """A presentation and the medicine that it holds."""

    specialite: Specialite
    presentation: Presentation


class BaseMedicaments:
    """Immutable once made; a search answers in milliseconds (measured by ``make bench``)."""

    def __init__(self, specialites: Iterable[Specialite]) -> None:
        self.specialites: Sequence[Specialite] = tuple(specialites)
        self._by_cis = {each.cis: each for each in self.specialites}
        self._boxes: dict[str, Boite] = {}
        self._groups: dict[str, list[Specialite]] = defaultdict(list)
        for each in self.specialites:
            for box in each.presentations:
                self._boxes.setdefault(box.cip13, Boite(each, box))
                self._boxes.setdefault(box.cip7, Boite(each, box))
            for group in each.groupes:
                self._groups[group.id].append(each)
        self._words = IndexMots(map(_searched, self.specialites))
        self._brands = tuple(_tokens(each.denomination) for each in self.specialites)

    def __len__(self) -> int:
        return len(self.specialites)

    def get(self, cis: str) -> Specialite | None:
        return self._by_cis.get(cis)

    def box(self, code: str) -> Boite | None:
        """By CIP13, CIP7 or the GTIN of a box (14 digits); ``None`` for what the base does not know."""
        gtin = _GTIN.fullmatch(code)
        return self._boxes.get(gtin.group(1) if gtin else code)

    def same_group(self, cis: str) -> tuple[Specialite, ...]:
        """The medicines that a generic group puts beside this one, itself left out."""
        found = self._by_cis.get(cis)
        if found is None:
            return ()
        others = {each.cis: each for group in found.groupes for each in self._groups[group.id] if each.cis != cis}
        return tuple(others.values())

    def search(self, text: str, *, limit: int = 20, hospital: bool = False) -> tuple[Specialite, ...]:
        """The medicines that have every word of ``text``, the likeliest first.

        Words are looked for in the brand, the substances, the generic groups, the ATC class, the holder and the CIS;
        accents and case do not count, three letters are enough, « 1 g » finds 1000 mg, usual abbreviations are known
        (cp, gél, sol buv, LP). A CIP or a GTIN finds its box. When nothing is found, one letter wrong is forgiven in
        words of five letters and more. ``hospital``: those that only a hospital may use too.
        """
        box = self.box(text.strip())
        if box is not None:
            return (box.specialite,)
        tokens = _tokens(text)
        if not tokens:
            return ()
        found = self._having(tokens)
        for variant in _with_other_unit(tokens):
            found |= self._having(variant)
        if not found:
            found = self._having(tokens, mistyped=True)
        kept = [rank for rank in found if hospital or not self.specialites[rank].is_hospital_only]
        kept.sort(key=lambda rank: self._order(rank, tokens))
        return tuple(self.specialites[rank] for rank in kept[:limit])

    def _having(self, tokens: Sequence[str], *, mistyped: bool = False) -> set[int]:
        """As they are typed, or as their abbreviations are written in full."""
        full = [_SHORT.get(token, token) for token in tokens]
        found = self._words.having(tokens, mistyped=mistyped)
        return found if full == list(tokens) else found | self._words.having(full, mistyped=mistyped)

    def _order(self, rank: int, tokens: Sequence[str]) -> tuple[object, ...]:
        """The brand that begins so and says the rest, on the market, reimbursed, most boxes, then the alphabet."""
        each, brand = self.specialites[rank], self._brands[rank]
        return (
            not (brand and brand[0] == tokens[0]),
            not (brand and brand[0].startswith(tokens[0])),
            sum(token not in brand for token in tokens if token[0].isdigit()),
            not each.commercialisee,
            not any(box.taux for box in each.presentations),
            -len(each.presentations),
            each.denomination,
        )


def _searched(each: Specialite) -> set[str]:
    texts = (
        each.denomination,
        *(part.substance for part in each.composition),
        *(group.libelle for group in each.groupes),
        each.titulaire,
        each.cis,
    )
    found = {token for text in texts for token in _tokens(text)}
    return found | ({each.atc.lower()} if each.atc else set())


@lru_cache(maxsize=65536)
def _tokens(text: str) -> tuple[str, ...]:
    """Words and numbers apart: « 1000mg » is 1000 and mg, « L.P. » is lp, « 0,5 » one number."""
    folded = _DOTTED.sub(r"\1\2", fold(text))
    if re.fullmatch(r"[a-v][0-9]{2}[a-z]{0,2}(?:[0-9]{2})?", folded.strip()):
        return (folded.strip(),)  # an ATC class
    return tuple(token.replace(",", ".") for token in _TOKEN.findall(folded))


def _with_other_unit(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The same words with « 1 g » as « 1000 mg », or the reverse."""
    found = []
    for rank in range(len(tokens) - 1):
        number, unit = tokens[rank], tokens[rank + 1]
        for (given, other), factor in _MULTIPLES.items():
            if unit == given and number[0].isdigit():
                found.append((*tokens[:rank], _written(number, factor), other, *tokens[rank + 2 :]))
    return found


def _written(number: str, factor: Decimal) -> str:
    try:
        return f"{(Decimal(number) * factor).normalize():f}"
    except InvalidOperation:
        return number
