"""Who may already be there: candidates from the index, then each one compared by its own traits.

Three roads, chosen by what was asked. A whole birth date: everybody born that day is compared, then those born on a
date like it. Names: the forms that begin so, then those that sound alike or hold an error. A part of a date narrows
the names. What has the most in common comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from opensegur.cabinet.antecedence import requetes
from opensegur.cabinet.antecedence.ecriture import domaine_of
from opensegur.cabinet.antecedence.formes import Forme, neighbourhood, number_of, sound_of
from opensegur.cabinet.antecedence.rang import IDENTIQUE, Comparateur, Lien, Rapport, swapped
from opensegur.cabinet.antecedence.requetes import Fiche, Lecture, Periode
from opensegur.cabinet.patients.models import Patient
from opensegur.ins.dates import split_date

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure

_SAME_DAY = 1500
_COMPARED = 60
_ROWS = 1000
_PER_RECORD = 2
_NAMES, _GIVEN = 48, 16
_WORDS = 3000
_STEPS = (1, 8, 64, 512, _WORDS)
_COMMON = 8
_OTHER_DATES_SHOWN = 10
# same date and names that are the same or heard alike; same names
_CERTAIN, _LIKELY = 90, 60


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """A record and what it has in common with what was asked; its evidence is prefetched."""

    patient: Patient
    rapport: Rapport

    @property
    def raisons(self) -> tuple[str, ...]:
        return self.rapport.raisons


def find(structure: Structure, nom: str, prenom: str, naissance: str, limit: int) -> list[Trouvaille]:
    """At most ``limit`` records, the likeliest first.

    Names as ``normalize_name`` writes them, "" when not asked; ``naissance``: AAAA-MM-JJ, "" when not asked; its day,
    or its day and its month, may be 00.
    """
    whole = bool(naissance) and 0 not in split_date(naissance)
    near = dates_near(naissance) if whole else ()
    comparateur = Comparateur(nom, prenom, near, naissance if whole else "")
    search = _Recherche(structure, comparateur, limit)
    if whole:
        search.born_on(naissance)
        if (nom or prenom) and not search.has(_CERTAIN):
            search.born_near(near)
    else:
        search.named(_period(naissance) if naissance else None)
    return search.results()


def exactly(records: QuerySet[Patient]) -> list[Trouvaille]:
    """Records found by their number: nothing is to be compared."""
    return [Trouvaille(patient, IDENTIQUE) for patient in records.order_by("ipp").prefetch_related("preuves")]


def dates_near(naissance: str) -> tuple[str, ...]:
    """The dates of the calendar at one error: a wrong digit, two neighbours exchanged, or day and month exchanged."""
    found = {swapped(naissance)}
    for place, digit in enumerate(naissance):
        before, after = naissance[:place], naissance[place + 1 :]
        if digit == "-":
            continue
        found.update(f"{before}{other}{after}" for other in "0123456789")
        if after[:1].isdigit():
            found.add(f"{before}{after[0]}{digit}{after[1:]}")
    return tuple(sorted(text for text in found - {naissance} if text and _exists(text)))


class _Recherche:
    def __init__(self, structure: Structure, comparateur: Comparateur, limit: int) -> None:
        self.structure = structure
        self.domaine = domaine_of(structure.pk)
        self.comparateur = comparateur
        self.limit = limit
        self.found: dict[int, tuple[Rapport, Fiche]] = {}

    def born_on(self, naissance: str) -> None:
        """Everybody born that day. On the days given to unknown dates there are too many: by name, then."""
        rows = self._records("p.date_naissance = %s", naissance, limit=_SAME_DAY)
        self._keep(rows)
        if len(rows) == _SAME_DAY and (self.comparateur.nom or self.comparateur.prenom):
            self._by_near_names((_number(naissance),))

    def born_near(self, near: tuple[str, ...]) -> None:
        """A date at one error, with names like those asked; failing that, the same names, born otherwise."""
        self._by_near_names(tuple(_number(each) for each in near))
        if self.comparateur.nom and self.comparateur.prenom and not self.found:
            self._by_near_names(None, _OTHER_DATES_SHOWN)

    def named(self, period: Periode | None) -> None:
        c = self.comparateur
        if not c.nom and not c.prenom:
            self._born_in(period)
            return
        self._by_beginnings(period)
        if len(self.found) < self.limit:
            self._by_near_names(period)

    def has(self, score: int) -> bool:
        """Whether somebody found so far has at least this score: what is further away need not be looked for."""
        return any(rapport.score >= score for rapport, _ in self.found.values())

    def results(self) -> list[Trouvaille]:
        ordered = sorted(self.found.values(), key=_rank)[: self.limit]
        numbers = [fiche.ipp for _, fiche in ordered]
        held = Patient.objects.filter(structure=self.structure, ipp__in=numbers).order_by("ipp")
        patients = {patient.ipp: patient for patient in held.prefetch_related("preuves")}
        return [Trouvaille(patients[fiche.ipp], rapport) for rapport, fiche in ordered if fiche.ipp in patients]

    def _born_in(self, period: Periode | None) -> None:
        if period is None:
            return
        condition = "p.date_naissance BETWEEN %s AND %s ORDER BY p.date_naissance, p.ipp"
        self._keep(self._records(condition, _text(period.debut), _text(period.fin), limit=self.limit))

    def _by_beginnings(self, period: Periode | None) -> None:
        """The forms that begin as what was typed, in alphabetical order, until there is a page of records."""
        c = self.comparateur
        typed, other, premier = (c.nom, c.prenom, "nom") if c.nom else (c.prenom, (), "prenom")
        second = {number_of(word) for word in _beginning(other)} if other else None
        if second is not None and not second:
            return
        lecture = Lecture(self.domaine, second, period, premier)
        words = list(_beginning(typed))
        begin, seen = 0, dict[int, None]()
        for end in _STEPS:
            numbers = [number_of(word) for word in words[begin:end]]
            if numbers:
                if second is None and len(numbers) <= _COMMON:
                    # a name that thousands bear is not read further than needed
                    rows = requetes.first_entries(lecture, numbers, self.limit * _PER_RECORD)
                else:
                    rows = requetes.entries(lecture, numbers, _ROWS)
                seen.update(dict.fromkeys(row[3] for row in rows))
            begin = end
            if len(seen) >= self.limit or end >= len(words):
                break
        self._compare(list(seen)[: _COMPARED if other else self.limit])

    def _by_near_names(self, dates: Periode | tuple[int, ...] | None, most: int = _COMPARED) -> None:
        """Forms that sound alike or hold an error, straight, then family name and given name exchanged."""
        c = self.comparateur
        names, given = self._near(c.nom), self._near(c.prenom)
        if c.nom and c.prenom:
            rows = self._pairs(names, given, dates)
            if not self.has(_LIKELY):
                rows += self._pairs(given, names, dates)
        else:
            lecture = Lecture(self.domaine, None, dates, "nom" if c.nom else "prenom")
            asked = names or given
            rows = []
            if dates is None:
                rows = requetes.first_entries(lecture, [number_of(word) for word in asked][:_NAMES], self.limit)
            else:
                rows = requetes.entries(lecture, [number_of(word) for word in asked][:_NAMES], _ROWS)
        self._compare(list(dict.fromkeys(row[3] for row in rows))[:most])

    def _pairs(
        self, names: list[str], given: list[str], dates: Periode | tuple[int, ...] | None
    ) -> list[requetes.Ligne]:
        """The entries of these names, those of the nearest first."""
        first = {number_of(word): rank for rank, word in enumerate(names[:_NAMES])}
        second = {number_of(word): rank for rank, word in enumerate(given[:_GIVEN])}
        if not first or not second:
            return []
        rows = requetes.entries(Lecture(self.domaine, second.keys(), dates), list(first), _ROWS)
        return sorted(rows, key=lambda row: (first[row[0]] + second[row[1]], row))

    def _near(self, typed: tuple[Forme, ...]) -> list[str]:
        """The nearest first."""
        if not typed:
            return []
        keys = frozenset[int]().union(*(neighbourhood(forme.texte) for forme in typed))
        words, sounds = requetes.near_words(keys, {sound_of(forme.texte) for forme in typed})
        self.comparateur.learn(typed, [*words, *sounds], sounds)
        ties = self.comparateur.words_near(typed)
        order = list(Lien)
        return sorted(ties, key=lambda word: (order.index(ties[word]), word))

    def _compare(self, numbers: Sequence[int]) -> None:
        asked = [ipp for ipp in numbers if ipp not in self.found]
        if asked:
            self._keep(self._records(f"p.ipp IN ({', '.join(map(str, asked))})"))

    def _keep(self, read: Sequence[Fiche]) -> None:
        self.comparateur.prepare(read)
        for fiche in read:
            rapport = self.comparateur.compare(fiche)
            if rapport is not None:
                self.found[fiche.ipp] = (rapport, fiche)

    def _records(self, condition: str, *values: str, limit: int = 0) -> list[Fiche]:
        return requetes.records(self.structure.pk, condition, values, limit)


def _rank(found: tuple[Rapport, Fiche]) -> tuple[object, ...]:
    rapport, fiche = found
    return (-rapport.score, fiche.nom_naissance, fiche.premier_prenom, fiche.date_naissance, fiche.ipp)


def _beginning(typed: tuple[Forme, ...]) -> Iterator[str]:
    """What was typed itself first: somebody may bear exactly that name."""
    for forme in typed:
        if forme.partie or (len(forme.texte) < 2 and len(typed) > 1):  # noqa: PLR2004
            continue
        yield from requetes.words_beginning(forme.texte, _WORDS)


def _period(naissance: str) -> Periode:
    year, month, _ = split_date(naissance)
    low, high = (month, month) if month else (0, 99)
    return Periode(year * 10_000 + low * 100, year * 10_000 + high * 100 + 99)


def _number(naissance: str) -> int:
    return int(naissance.replace("-", ""))


def _text(number: int) -> str:
    return f"{number // 10_000:04d}-{number // 100 % 100:02d}-{number % 100:02d}"


def _exists(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
