"""How alike what was asked and a record are, and why: pure rules, from the names themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from opensegur.cabinet.antecedence.distance import distances
from opensegur.cabinet.antecedence.formes import Forme, errors_allowed, forms_of_given, forms_of_name, sound_of


class Lien(StrEnum):
    """What is between a typed name and a record's, the closest first."""

    MEME = "même"
    DEBUT = "début"
    SON = "sonne comme"
    UNE = "à une lettre près"
    PARTIE = "une partie"
    DEUX = "à deux lettres près"
    AUTRE = "autre"


class LienDate(StrEnum):
    MEME = "même"
    INVERSEE = "jour et mois intervertis"
    CHIFFRE = "un chiffre de la date diffère"
    ECHANGE = "deux chiffres de la date échangés"
    AUTRE = "autre date de naissance"


_ORDER = {lien: rank for rank, lien in enumerate(Lien)}
_NOM = {Lien.MEME: 40, Lien.DEBUT: 36, Lien.SON: 30, Lien.UNE: 28, Lien.PARTIE: 26, Lien.DEUX: 18}
_PRENOM = {Lien.MEME: 30, Lien.DEBUT: 27, Lien.SON: 23, Lien.UNE: 21, Lien.PARTIE: 20, Lien.DEUX: 12}
_DATE = {LienDate.MEME: 30, LienDate.INVERSEE: 18, LienDate.CHIFFRE: 16, LienDate.ECHANGE: 16}
_INTERVERTIS = 8
_SHORTEST_PREFIX = 2
# further than that, no two names of ours are heard alike
_FURTHEST = 4

_RAISONS_NOM = {
    Lien.SON: "le nom sonne pareil",
    Lien.UNE: "nom à une lettre près",
    Lien.DEUX: "nom à deux lettres près",
    Lien.PARTIE: "une partie du nom",
    Lien.AUTRE: "autre nom",
}
_RAISONS_PRENOM = {
    Lien.SON: "le prénom sonne pareil",
    Lien.UNE: "prénom à une lettre près",
    Lien.DEUX: "prénom à deux lettres près",
    Lien.PARTIE: "un de ses prénoms",
    Lien.AUTRE: "autre prénom",
}


@dataclass(frozen=True, slots=True)
class Rapport:
    """``score``: 100 when all three are the same; ``raisons``: what differs, in French, none when nothing does."""

    score: int
    raisons: tuple[str, ...]
    nom: Lien | None
    prenom: Lien | None
    date: LienDate | None
    intervertis: bool = False


class Nomme(Protocol):
    """What is compared of a record."""

    @property
    def nom_naissance(self) -> str: ...
    @property
    def nom_utilise(self) -> str: ...
    @property
    def premier_prenom(self) -> str: ...
    @property
    def prenoms(self) -> str: ...
    @property
    def prenom_utilise(self) -> str: ...
    @property
    def date_naissance(self) -> str: ...


IDENTIQUE = Rapport(100, (), None, None, None)


class Comparateur:
    """Names compared once each: what it has learnt of a typed form and another one is kept for the whole search."""

    def __init__(self, nom: str, prenom: str, dates: Collection[str] = (), date: str = "") -> None:
        """``date``: the birth date asked, "" when none or when only a part of it is known."""
        self.nom = forms_of_name(nom) if nom else ()
        self.prenom = forms_of_given(prenom) if prenom else ()
        self.date = date
        self.dates = frozenset(dates)
        self._known: dict[str, dict[str, Lien]] = {}

    def learn(self, typed: Iterable[Forme], texts: Iterable[str], sounds: Mapping[str, int] | None = None) -> None:
        """Measure ``texts`` against each of the ``typed`` forms, all at once.

        ``sounds``: how the ones sound that sound like a typed form, when the index has told; computed otherwise.
        """
        wanted = list(dict.fromkeys(texts))
        for forme in typed:
            known = self._known.setdefault(forme.texte, {})
            near: list[str] = []
            size = len(forme.texte)
            for text in wanted:
                if text in known:
                    continue
                if abs(len(text) - size) > _FURTHEST:
                    known[text] = Lien.DEBUT if _begins(text, forme.texte) else Lien.AUTRE
                else:
                    near.append(text)
            heard = sound_of(forme.texte)
            for text, errors in zip(near, distances(forme.texte, near), strict=True):
                if errors > _FURTHEST:
                    known[text] = Lien.AUTRE
                    continue
                same_sound = heard == (sound_of(text) if sounds is None else sounds.get(text))
                known[text] = _between(forme.texte, text, errors, same_sound=same_sound)

    def words_near(self, typed: Sequence[Forme]) -> dict[str, Lien]:
        """Of the words learnt, those that are near one of ``typed``, with the closest tie."""
        found: dict[str, Lien] = {}
        for forme in typed:
            for text, lien in self._known.get(forme.texte, {}).items():
                if lien is not Lien.AUTRE and (text not in found or _ORDER[lien] < _ORDER[found[text]]):
                    found[text] = lien
        return found

    def prepare(self, records: Iterable[Nomme]) -> None:
        """Measure all the names of ``records`` at once: comparing each of them costs little afterwards."""
        texts: dict[str, None] = {}
        for record in records:
            for forms in _forms(record):
                texts.update(dict.fromkeys(forme.texte for forme in forms))
        self.learn((*self.nom, *self.prenom), texts)

    def compare(self, record: Nomme) -> Rapport | None:
        """None when the record has nothing to do with what was asked."""
        names, given = _forms(record)
        date = self._date(record.date_naissance)
        straight = self._report(self._tie(self.nom, names), self._tie(self.prenom, given), date)
        if self.nom and self.prenom and (straight is None or straight.score < _NOM[Lien.MEME] + _PRENOM[Lien.SON]):
            crossed = self._report(self._tie(self.nom, given), self._tie(self.prenom, names), date, crossed=True)
            return max((each for each in (straight, crossed) if each), key=lambda each: each.score, default=None)
        return straight

    def _tie(self, typed: tuple[Forme, ...], others: tuple[Forme, ...]) -> Lien | None:
        """The closest tie between any two forms; a part is never the same as a whole."""
        if not typed:
            return None
        best = Lien.AUTRE
        for forme in typed:
            known = self._known.get(forme.texte, {})
            for other in others:
                if other.texte not in known:
                    self.learn(typed, (each.texte for each in others))
                    known = self._known[forme.texte]
                lien = known[other.texte]
                if forme.partie or other.partie:
                    lien = lien if lien is Lien.AUTRE or _ORDER[lien] > _ORDER[Lien.PARTIE] else Lien.PARTIE
                if _ORDER[lien] < _ORDER[best]:
                    best = lien
        return best

    def _date(self, born: str) -> LienDate | None:
        if not self.date:
            return None
        if born == self.date:
            return LienDate.MEME
        if born == swapped(self.date):
            return LienDate.INVERSEE
        if born not in self.dates:
            return LienDate.AUTRE
        wrong = sum(mine != theirs for mine, theirs in zip(self.date, born, strict=True))
        return LienDate.CHIFFRE if wrong == 1 else LienDate.ECHANGE

    def _report(
        self, nom: Lien | None, prenom: Lien | None, date: LienDate | None, *, crossed: bool = False
    ) -> Rapport | None:
        if _unrelated(nom, prenom, date) or (crossed and Lien.AUTRE in (nom, prenom)):
            return None
        score = (
            (_NOM.get(nom, 0) if nom else 0)
            + (_PRENOM.get(prenom, 0) if prenom else 0)
            + (_DATE.get(date, 0) if date else 0)
            - (_INTERVERTIS if crossed else 0)
        )
        said = [
            "nom et prénom intervertis" if crossed else "",
            _RAISONS_NOM.get(nom, "") if nom else "",
            _RAISONS_PRENOM.get(prenom, "") if prenom else "",
            date.value if date and date is not LienDate.MEME else "",
        ]
        return Rapport(score, tuple(each for each in said if each), nom, prenom, date, crossed)


def swapped(date: str) -> str:
    """The date with its day and month exchanged; "" when that is no date or the same one."""
    year, month, day = date.split("-")
    return f"{year}-{day}-{month}" if day <= "12" and day != month else ""


def _forms(record: Nomme) -> tuple[tuple[Forme, ...], tuple[Forme, ...]]:
    """The forms of the family names and of the given names."""
    return (
        (*forms_of_name(record.nom_naissance), *forms_of_name(record.nom_utilise)),
        (
            *forms_of_given(record.premier_prenom),
            *forms_of_given(record.prenoms),
            *forms_of_given(record.prenom_utilise),
        ),
    )


def _unrelated(nom: Lien | None, prenom: Lien | None, date: LienDate | None) -> bool:
    """One of the three may differ altogether, when the two others are the same or nearly."""
    other = [nom is Lien.AUTRE, prenom is Lien.AUTRE, date is LienDate.AUTRE]
    if not any(other):
        return False
    asked = [tie is not None for tie in (nom, prenom, date)]
    if sum(other) > 1 or sum(asked) < 3:  # noqa: PLR2004
        return True
    if date is LienDate.AUTRE:
        return Lien.DEUX in (nom, prenom) or Lien.PARTIE in (nom, prenom)
    return date is not LienDate.MEME or not {nom, prenom} & {Lien.MEME, Lien.SON, Lien.UNE}


def _between(typed: str, text: str, errors: int, *, same_sound: bool) -> Lien:
    if errors == 0:
        return Lien.MEME
    if _begins(text, typed):
        return Lien.DEBUT
    if same_sound:
        return Lien.SON
    allowed = errors_allowed(min(typed, text, key=len))
    if errors > allowed:
        return Lien.AUTRE
    return Lien.UNE if errors == 1 else Lien.DEUX


def _begins(text: str, typed: str) -> bool:
    return len(typed) >= _SHORTEST_PREFIX and text.startswith(typed)
