"""Which call may come next in a search by traits. Calls are traced: sexes and dates are never tried at random.

Order: each birth given name in the order of the list, then the whole list. When several identities answer, the other
given names are added, then the place of birth, which stays out of the first calls.
Sources: GRADeS Bretagne, advice on INSi searches; CNDA test cases (TCHITCHI, HOUILLES).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from opensegur.ins.insi import ReponseInsi
from opensegur.ins.lexique import Champ, normalize_name
from opensegur.ins.requete import RequeteTraits
from opensegur.ins.resultat import CodeRetour
from opensegur.ins.traits import Traits


@dataclass(frozen=True, slots=True)
class Essai:
    """A call that was made, and what INSi said."""

    requete: RequeteTraits
    code: CodeRetour


def next_call(traits: Traits, essais: Sequence[Essai]) -> RequeteTraits | None:
    """The call to make after ``essais``, or ``None``: found, or nothing allowed remains."""
    if any(essai.code is CodeRetour.UNE for essai in essais):
        return None
    tried = {essai.requete for essai in essais}
    ambiguous = [essai.requete.prenom for essai in essais if essai.code is CodeRetour.PLUSIEURS]
    calls = _narrowing(traits, ambiguous) if ambiguous else _opening(traits)
    return next((call for call in calls if call not in tried), None)


def search_identity(call: Callable[[RequeteTraits], ReponseInsi], traits: Traits) -> tuple[ReponseInsi, ...]:
    """Make the calls one after the other with ``call``; the last answer is the result, an error stops the search."""
    answers: list[ReponseInsi] = []
    essais: list[Essai] = []
    while requete := next_call(traits, essais):
        answers.append(call(requete))
        essais.append(Essai(requete, answers[-1].code))
    return tuple(answers)


def _opening(traits: Traits) -> Iterator[RequeteTraits]:
    whole = normalize_name(traits.prenoms or traits.premier_prenom, Champ.PRENOM)
    for prenom in dict.fromkeys((traits.premier_prenom, *whole.split(), whole)):
        yield RequeteTraits.from_traits(traits, prenom=prenom)


def _narrowing(traits: Traits, ambiguous: Sequence[str]) -> Iterator[RequeteTraits]:
    whole = normalize_name(traits.prenoms or traits.premier_prenom, Champ.PRENOM)
    yield RequeteTraits.from_traits(traits, prenom=whole)
    if traits.lieu_naissance:
        for prenom in dict.fromkeys((whole, *ambiguous)):
            yield RequeteTraits.from_traits(traits, prenom=prenom, with_lieu=True)
