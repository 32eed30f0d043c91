"""Which call may come next in a search. Calls are traced: sexes and dates are never tried at random.

The order is the table ``ETAPES``: each birth given name in the order of the list, then the whole list; when several
identities answer, the other given names are added, then the place of birth, which stays out of the first calls.
Sources: GRADeS Bretagne, advice on INSi searches; CNDA test cases (TCHITCHI, HOUILLES).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from opensegur.ins.errors import InsiFault
from opensegur.ins.insi import ReponseInsi
from opensegur.ins.lexique import Champ, normalize_name
from opensegur.ins.requete import RequeteTraits
from opensegur.ins.resultat import CodeRetour
from opensegur.ins.traits import Traits

MAXIMUM = 8
"""How many calls one search makes at most."""

PRENOMS_SEULS = 5
"""How many given names are tried alone: the whole list follows, however long it is."""


class Prenoms(StrEnum):
    """What is sent as given name."""

    CHACUN = "chaque prénom, seul, dans l’ordre de la liste"
    LISTE = "la liste entière des prénoms"
    DEJA_ENVOYES = "les prénoms qui ont désigné plusieurs personnes"


@dataclass(frozen=True, slots=True)
class Etape:
    """Calls that may be made once INSi has said ``reponse``; ``lieu``: with the place of birth.

    ``sinon``: what to ask of the person when the traits that the step needs are not known.
    """

    reponse: CodeRetour
    prenoms: Prenoms
    lieu: bool = False
    sinon: str = ""


ETAPES: tuple[Etape, ...] = (
    Etape(CodeRetour.AUCUNE, Prenoms.CHACUN),
    Etape(CodeRetour.AUCUNE, Prenoms.LISTE, sinon="Ajoutez les autres prénoms de la pièce d’identité."),
    Etape(CodeRetour.PLUSIEURS, Prenoms.LISTE, sinon="Ajoutez les autres prénoms de la pièce d’identité."),
    Etape(CodeRetour.PLUSIEURS, Prenoms.LISTE, lieu=True, sinon="Ajoutez le lieu de naissance."),
    Etape(CodeRetour.PLUSIEURS, Prenoms.DEJA_ENVOYES, lieu=True),
)
"""In this order. Before the first answer nobody is found yet: the steps of ``AUCUNE`` open the search."""

A_VERIFIER = {
    CodeRetour.AUCUNE: (
        "Vérifiez que le nom saisi est le nom de naissance, et non le nom utilisé.",
        "Vérifiez la date de naissance et le sexe sur la pièce d’identité.",
        "Essayez l’autre écriture d’un nom composé : espace, tiret ou apostrophe.",
    ),
    CodeRetour.PLUSIEURS: (),
}
"""What only a person can correct, once no call is left."""


@dataclass(frozen=True, slots=True)
class Essai:
    """A call that was made, and what INSi said."""

    requete: RequeteTraits
    code: CodeRetour


@dataclass(frozen=True, slots=True)
class RechercheParCarte:
    """``carte``: the answer to the card, ``None`` when INSi refused the call; ``traits``: the calls that followed."""

    carte: ReponseInsi | None
    traits: tuple[ReponseInsi, ...] = ()
    refus: InsiFault | None = None

    @property
    def result(self) -> ReponseInsi | None:
        """The last answer, ``None`` when there was none."""
        return self.traits[-1] if self.traits else self.carte


def next_call(traits: Traits, essais: Sequence[Essai]) -> RequeteTraits | None:
    """The call to make after ``essais``, or ``None``: found, or nothing allowed remains."""
    if len(essais) >= MAXIMUM or any(essai.code is CodeRetour.UNE for essai in essais):
        return None
    tried = {essai.requete for essai in essais}
    calls = (call for etape in _etapes(essais) for call in _calls(etape, traits, essais))
    return next((call for call in calls if call not in tried), None)


def what_to_complete(traits: Traits, essais: Sequence[Essai]) -> tuple[str, ...]:
    """When no identity was found: what to add or to look at again, in French, the most useful first."""
    if not essais or any(essai.code is CodeRetour.UNE for essai in essais):
        return ()
    missing = (etape.sinon for etape in _etapes(essais) if etape.sinon and not _is_known(etape, traits))
    return (*dict.fromkeys(missing), *A_VERIFIER[_reponse(essais)])


def search_identity(call: Callable[[RequeteTraits], ReponseInsi], traits: Traits) -> tuple[ReponseInsi, ...]:
    """Make the calls one after the other with ``call``; the last answer is the result, an error stops the search."""
    answers: list[ReponseInsi] = []
    essais: list[Essai] = []
    while requete := next_call(traits, essais):
        answers.append(call(requete))
        essais.append(Essai(requete, answers[-1].code))
    return tuple(answers)


def search_card_first(
    card: Callable[[], ReponseInsi], call: Callable[[RequeteTraits], ReponseInsi], traits: Traits | None
) -> RechercheParCarte:
    """Ask with the card; when it finds nobody or INSi refuses it, ask with the local ``traits``, if there are some.

    A service that is down, or a card that may not be used (stale, swapped, of test), stops the search: raises
    ``TransportError``, ``CarteRefusee``, and ``InsiFault`` when INSi says to try again or no trait is known.
    """
    answer, refusal = None, None
    try:
        answer = card()
    except InsiFault as fault:
        if fault.retryable or traits is None:
            raise
        refusal = fault
    if traits is None or (answer and answer.individu):
        return RechercheParCarte(answer)
    return RechercheParCarte(answer, search_identity(call, traits), refusal)


def _reponse(essais: Iterable[Essai]) -> CodeRetour:
    several = any(essai.code is CodeRetour.PLUSIEURS for essai in essais)
    return CodeRetour.PLUSIEURS if several else CodeRetour.AUCUNE


def _etapes(essais: Iterable[Essai]) -> Iterator[Etape]:
    reponse = _reponse(essais)
    return (etape for etape in ETAPES if etape.reponse is reponse)


def _is_known(etape: Etape, traits: Traits) -> bool:
    return bool(traits.lieu_naissance if etape.lieu else traits.prenoms)


def _calls(etape: Etape, traits: Traits, essais: Iterable[Essai]) -> Iterator[RequeteTraits]:
    if etape.lieu and not traits.lieu_naissance:
        return
    for prenom in _prenoms(etape.prenoms, traits, essais):
        yield RequeteTraits.from_traits(traits, prenom=prenom, with_lieu=etape.lieu)


def _prenoms(which: Prenoms, traits: Traits, essais: Iterable[Essai]) -> Iterable[str]:
    whole = normalize_name(traits.prenoms or traits.premier_prenom, Champ.PRENOM)
    match which:
        case Prenoms.CHACUN:
            return islice(dict.fromkeys((traits.premier_prenom, *whole.split())), PRENOMS_SEULS)
        case Prenoms.LISTE:
            return (whole,)
        case _:
            return dict.fromkeys(essai.requete.prenom for essai in essais if essai.code is CodeRetour.PLUSIEURS)
