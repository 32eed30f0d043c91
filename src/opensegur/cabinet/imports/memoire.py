"""What a dry run has already seen of its own file: nothing is in the records yet, and a person may come twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from opensegur.cabinet.antecedence.formes import forms_of_given, forms_of_name, sound_of
from opensegur.cabinet.imports.bilan import Constat, Issue
from opensegur.cabinet.imports.candidats import Candidat
from opensegur.cabinet.imports.masse import insert_rows
from opensegur.cabinet.imports.models import CleVue, Import
from opensegur.cabinet.imports.parmi import rows_among
from opensegur.ins import Traits

_BYTES = 8


class Memoire:
    """The keys of the persons seen by former batches, and by this one; keys are numbers that name nobody."""

    def __init__(self, made: Import, candidats: Sequence[Candidat]) -> None:
        self.made = made
        asked = [key for each in candidats if each.traits for key in _keys(each, each.traits)]
        joined = "imports_clevue AS c ON c.origine_id = %s AND c.cle = voulu.value"
        found = rows_among(asked, "c.id, c.cle, c.ligne", joined, made.pk)
        self.seen: dict[int, int] = {key: line for _, key, line in found}
        self.new: dict[int, int] = {}

    def judge(self, candidat: Candidat, traits: Traits) -> Constat | None:
        same, like, externe = _keys(candidat, traits)
        for key, issue, message in (
            (externe, Issue.DEJA, "Deux fois dans le fichier : même numéro, ligne {}."),
            (same, Issue.DEJA, "Deux fois dans le fichier : mêmes nom, prénom et date, ligne {}."),
            (like, Issue.RESSEMBLE, "Ressemble à la ligne {} du fichier : né le même jour, les noms sonnent pareil."),
        ):
            line = self.new.get(key) or self.seen.get(key)
            if key and line:
                return Constat(candidat.ligne, issue, message.format(line))
        return None

    def accept(self, candidat: Candidat, traits: Traits) -> None:
        for key in _keys(candidat, traits):
            if key:
                self.new.setdefault(key, candidat.ligne)

    def keep(self) -> None:
        insert_rows(CleVue, ("cle", "ligne"), sorted(self.new.items()), {"origine_id": self.made.pk})

    @staticmethod
    def forget(made: Import) -> None:
        CleVue.objects.filter(origine=made).delete()


def _keys(candidat: Candidat, traits: Traits) -> tuple[int, int, int]:
    """For the same traits, for traits that sound alike, for the number at the source (0 when there is none)."""
    nom, prenom = forms_of_name(traits.nom_naissance)[0].texte, forms_of_given(traits.premier_prenom)[0].texte
    return (
        _key("t", traits.nom_naissance, traits.premier_prenom, traits.date_naissance),
        _key("s", str(sound_of(nom)), str(sound_of(prenom)), traits.date_naissance),
        _key("e", candidat.externe) if candidat.externe else 0,
    )


def _key(*parts: Iterable[str]) -> int:
    digest = hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)
