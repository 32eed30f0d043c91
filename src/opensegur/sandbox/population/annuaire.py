"""Who exists in the sandbox: look-ups of people, professionals and structures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from opensegur.foundation.acteurs import Professionnel, Structure
from opensegur.nomenclature.words import words
from opensegur.sandbox.population.acteurs import PROFESSIONNELS, SITUATIONS, STRUCTURES, TITRES, Situation
from opensegur.sandbox.population.personnes import Personne, load_personnes


class Population:
    """Everybody that the simulated services know. Built once; read by every thread."""

    def __init__(self, personnes: Sequence[Personne]) -> None:
        self.personnes = tuple(personnes)
        self._by_ins = {personne.ins: personne for personne in self.personnes}
        self._searchable = [
            (" ".join(words(f"{item.nom_naissance} {item.nom_utilise} {item.prenoms}")), item)
            for item in self.personnes
        ]

    def patient(self, ins: str) -> Personne | None:
        """The person whose matricule (15 characters) is ``ins``."""
        return self._by_ins.get(ins)

    def professionnel(self, id_nat: str) -> Professionnel | None:
        return next((item for item in PROFESSIONNELS if item.id_nat == id_nat), None)

    def situation(self, id_nat: str) -> Situation | None:
        return next((item for item in SITUATIONS if item.professionnel.id_nat == id_nat), None)

    @property
    def situations(self) -> tuple[Situation, ...]:
        return SITUATIONS

    def titre(self, professionnel: Professionnel) -> str:
        """The profession in words."""
        return TITRES.get(professionnel.profession, "")

    def structure(self, id_nat: str) -> Structure | None:
        return next((item for item in STRUCTURES if item.id_nat == id_nat), None)

    def same_entity(self, one: str, other: str) -> bool:
        """Whether two structures belong to one legal entity. Here each is its own."""
        return one == other and self.structure(one) is not None

    def relatives(self, personne: Personne) -> tuple[Personne, ...]:
        return tuple(
            item
            for item in self.personnes
            if personne.famille and item.famille == personne.famille and item != personne
        )

    def search(self, text: str, *, limit: int = 50) -> tuple[Personne, ...]:
        """People whose names hold every word of ``text``, or whose matricule or birth date begins with it."""
        compact = text.strip().replace(" ", "").upper()
        wanted = words(text)
        if not compact:
            return self.personnes[:limit]
        found = [
            item
            for name, item in self._searchable
            if item.ins.startswith(compact)
            or item.date_naissance.startswith(compact)
            or (wanted and all(word in name for word in wanted))
        ]
        return tuple(found[:limit])


@cache
def load_population(oids: str) -> Population:
    """The shipped population with the OIDs of ``oids``: "test" (.10) or "cnda" (.8 and .9)."""
    return Population(load_personnes(oids))
