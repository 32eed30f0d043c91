"""Who exists in the sandbox: look-ups of people, professionals and structures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from opensegur.foundation.acteurs import Professionnel, Structure
from opensegur.nomenclature.words import words
from opensegur.sandbox.population.acteurs import PROFESSIONNELS, SITUATIONS, STRUCTURES, TITRES, Situation
from opensegur.sandbox.population.foule.base import FICHIER, Foule
from opensegur.sandbox.population.personnes import OIDS, Personne, load_personnes

_CLE: Final = 2


class Population:
    """Everybody that the simulated services know. Built once; read by every thread.

    ``personnes`` are the people that ship, each there for a reason; ``foule`` the crowd made for load, often nobody.
    """

    def __init__(self, personnes: Sequence[Personne], foule: Foule) -> None:
        self.personnes = tuple(personnes)
        self._foule = foule
        self._by_numero = {personne.numero: personne for personne in self.personnes}
        self._searchable = [
            (" ".join(words(f"{item.nom_naissance} {item.nom_utilise} {item.prenoms}")), item)
            for item in self.personnes
        ]

    def patient(self, ins: str) -> Personne | None:
        """The person whose matricule (15 characters) is ``ins``."""
        found = self.numbered(ins[:-_CLE])
        return found if found and found.ins == ins else None

    def numbered(self, numero: str) -> Personne | None:
        """The person whose matricule without its key (13 characters) is ``numero``."""
        return self._by_numero.get(numero) or self._foule.find(numero)

    def born(self, nom: str, naissance: str) -> tuple[Personne, ...]:
        """Everybody of the birth name ``nom`` born that day (AAAA-MM-JJ)."""
        shipped = tuple(
            each for each in self.personnes if each.nom_naissance == nom and each.date_naissance == naissance
        )
        return shipped + self._foule.born(nom, naissance)

    def __len__(self) -> int:
        return len(self.personnes) + len(self._foule)

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
        if not personne.famille:
            return ()
        household = (
            *(item for item in self.personnes if item.famille == personne.famille),
            *self._foule.family(personne.famille),
        )
        return tuple(item for item in household if item != personne)

    def search(self, text: str, *, limit: int = 50) -> tuple[Personne, ...]:
        """People whose names hold every word of ``text``, or whose matricule or birth date begins with it.

        In the crowd the first word must begin a name.
        """
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
        missing = limit - len(found)
        if missing > 0:
            found += self._foule.search(text, missing)
        return tuple(found[:limit])


def load_population(oids: str, dossier: Path) -> Population:
    """Who ships, and the crowd of the data folder ``dossier``, with the OIDs "test" (.10) or "cnda" (.8 and .9)."""
    return Population(load_personnes(oids), Foule(dossier / FICHIER, OIDS[oids]))
