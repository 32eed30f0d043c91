"""Who of a batch is already there: by the number at the source, by the matricule, by the traits.

The records born on the days of the batch are read once; a name is compared with care only where it might be alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from opensegur.cabinet.antecedence.formes import forms_of_given, forms_of_name, sound_of
from opensegur.cabinet.antecedence.rang import Comparateur, Lien
from opensegur.cabinet.antecedence.requetes import COLONNES, Fiche
from opensegur.cabinet.imports.bilan import Constat, Issue
from opensegur.cabinet.imports.candidats import Candidat
from opensegur.cabinet.imports.models import InsAnnoncee
from opensegur.cabinet.imports.parmi import rows_among
from opensegur.cabinet.patients.preuves import index_of
from opensegur.ins import Sexe, Traits

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure

_ALIKE = 78


class Rapprochement:
    """What is known of the persons of one batch; ``judge`` says what is to be said of each, in their order."""

    def __init__(self, structure: Structure, source: str, candidats: Sequence[Candidat]) -> None:
        traits = [candidat.traits for candidat in candidats if candidat.traits]
        self.days: dict[str, list[Fiche]] = defaultdict(list)
        for row in rows_among(
            (each.date_naissance for each in traits),
            COLONNES,
            "patients_patient AS p ON p.structure_id = %s AND p.date_naissance = voulu.value",
            structure.pk,
        ):
            known = Fiche(*row)
            self.days[known.date_naissance].append(known)
        self.externes = _numbers_known(structure, source, [each.externe for each in candidats if each.externe])
        self.indexes = {each.ligne: index_of(each.matricule) for each in candidats if each.matricule}
        self.matricules = _matricules_known(structure, list(self.indexes.values()))

    def judge(self, candidat: Candidat, traits: Traits) -> Constat | None:
        """None when the person is new. Whoever takes a new person in says so with ``accept``."""
        ligne = candidat.ligne
        if candidat.externe and candidat.externe in self.externes:
            ipp = self.externes[candidat.externe]
            return Constat(ligne, Issue.DEJA, "Déjà présent : même numéro dans l’ancien logiciel.", ipp)
        day = self.days.get(traits.date_naissance, ())
        for known in day:
            if _same(traits, known):
                return Constat(
                    ligne, Issue.DEJA, "Déjà présent : mêmes nom, prénom, sexe et date.", known.ipp or None
                )
        if held := self.matricules.get(self.indexes.get(ligne, "")):
            ipp, born = held
            if born == traits.date_naissance:
                return Constat(ligne, Issue.DEJA, "Déjà présent : même matricule INS.", ipp)
        if like := _likest(traits, day):
            known, raisons = like
            message = f"Ressemble à un dossier : né le même jour, {', '.join(raisons) or 'mêmes noms'}."
            return Constat(ligne, Issue.RESSEMBLE, message, known.ipp or None)
        return None

    def claimed_elsewhere(self, candidat: Candidat) -> bool:
        """Whether the matricule is already that of somebody born on another day."""
        return self.indexes.get(candidat.ligne, "") in self.matricules

    def accept(self, candidat: Candidat, traits: Traits, ipp: int | None = None) -> None:
        """The next ones of the batch are compared with this one too."""
        self.days[traits.date_naissance].append(_known(traits, ipp))
        if candidat.externe:
            self.externes[candidat.externe] = ipp
        if candidat.matricule:
            self.matricules[self.indexes[candidat.ligne]] = (ipp, traits.date_naissance)


def _known(traits: Traits, ipp: int | None) -> Fiche:
    return Fiche(
        ipp or 0,
        traits.nom_naissance,
        traits.nom_utilise,
        traits.premier_prenom,
        traits.prenoms,
        traits.prenom_utilise,
        traits.date_naissance,
        traits.sexe.value,
    )


def _numbers_known(structure: Structure, source: str, externes: list[str]) -> dict[str, int | None]:
    found = rows_among(
        externes,
        "o.id, o.externe, p.ipp",
        "imports_provenance AS o "
        "ON o.structure_id = %s AND o.source = %s AND o.externe = voulu.value AND NOT (o.externe = '') "
        "JOIN patients_patient AS p ON p.id = o.patient_id",
        structure.pk,
        source,
    )
    return {externe: ipp for _, externe, ipp in found}


def _matricules_known(structure: Structure, indexes: list[str]) -> dict[str, tuple[int | None, str]]:
    """Blind index → the record's number and birth date; what INSi did not confirm counts no more."""
    claimed = rows_among(
        indexes,
        "c.id, c.matricule_index, p.ipp, p.date_naissance",
        "imports_insannoncee AS c ON c.structure_id = %s AND c.matricule_index = voulu.value AND c.etat <> %s "
        "JOIN patients_patient AS p ON p.id = c.patient_id",
        structure.pk,
        InsAnnoncee.Etat.INFIRMEE.value,
    )
    active = rows_among(
        indexes,
        "p.id, p.matricule_index, p.ipp, p.date_naissance",
        "patients_patient AS p "
        "ON p.structure_id = %s AND p.matricule_index = voulu.value AND NOT (p.matricule_index = '')",
        structure.pk,
    )
    return {index: (ipp, born) for _, index, ipp, born in (*claimed, *active)}


def _same(traits: Traits, known: Fiche) -> bool:
    return (
        traits.nom_naissance == known.nom_naissance
        and traits.premier_prenom == known.premier_prenom
        and (traits.sexe.value == known.sexe or Sexe.I.value in (traits.sexe.value, known.sexe))
    )


def _likest(traits: Traits, day: Sequence[Fiche]) -> tuple[Fiche, tuple[str, ...]] | None:
    """The record most like these traits, and in what it differs."""
    possible = [known for known in day if _may_be_alike(traits, known)]
    if not possible:
        return None
    best: tuple[int, Fiche, tuple[str, ...]] | None = None
    for nom in {traits.nom_naissance, traits.nom_utilise or traits.nom_naissance}:
        comparateur = Comparateur(nom, traits.premier_prenom, (), traits.date_naissance)
        for known in possible:
            rapport = comparateur.compare(known)
            if rapport is None or rapport.score < _ALIKE or Lien.AUTRE in (rapport.nom, rapport.prenom):
                continue
            if best is None or rapport.score > best[0]:
                best = rapport.score, known, rapport.raisons
    return best[1:] if best else None


def _may_be_alike(traits: Traits, known: Fiche) -> bool:
    """A first look, much cheaper than a comparison, which lets through nearly all that the comparison would keep."""
    names = {known.nom_naissance, known.nom_utilise} - {""}
    mine = {traits.nom_naissance, traits.nom_utilise} - {""}
    given = (known.premier_prenom, known.prenom_utilise)
    straight = any(_touch(a, b) for a in mine for b in names) and any(
        _touch_given(traits.premier_prenom, each) for each in given if each
    )
    return straight or (
        any(_touch_given(a, each) for a in mine for each in given if each)
        and any(_touch_given(traits.premier_prenom, each) for each in names)
    )


def _touch(name: str, other: str) -> bool:
    return name[0] == other[0] or name[-3:] == other[-3:] or bool(_sounds(name) & _sounds(other))


def _touch_given(name: str, other: str) -> bool:
    return name[0] == other[0] or name[-3:] == other[-3:] or _sound(name) == _sound(other)


@lru_cache(maxsize=50_000)
def _sounds(name: str) -> frozenset[int]:
    return frozenset(sound_of(forme.texte) for forme in forms_of_name(name))


@lru_cache(maxsize=50_000)
def _sound(name: str) -> int:
    return sound_of(forms_of_given(name)[0].texte)
