"""Finding records by separate traits, inside one structure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opensegur.cabinet.antecedence.rang import Lien, LienDate
from opensegur.cabinet.antecedence.recherche import Trouvaille, exactly, find
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import bearers, index_of
from opensegur.ins import Matricule, Traits

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure

LIMITE = 30
NOM_MINIMUM = 2
_RESSEMBLANCES = 8
_PROCHE = 60


@dataclass(frozen=True, slots=True)
class Criteres:
    """Separate fields, never one free text (EXI ID 17).

    Names normalised; ``date_naissance`` AAAA-MM-JJ or "", day and month 00 when unknown; a matricule or an IPP is
    enough by itself.
    """

    nom: str = ""
    prenom: str = ""
    date_naissance: str = ""
    ipp: int | None = None
    matricule: Matricule | None = None

    @property
    def suffisants(self) -> bool:
        """A whole practice must not come out of an almost empty question."""
        return bool(
            self.ipp
            or self.matricule
            or self.date_naissance
            or len(self.nom) >= NOM_MINIMUM
            or len(self.prenom) > NOM_MINIMUM
        )


def search(structure: Structure, criteres: Criteres) -> list[Trouvaille]:
    """The records that are, or may be, those of the person: the likeliest first, at most ``LIMITE`` and one more."""
    if not criteres.suffisants:
        return []
    if criteres.ipp or criteres.matricule:
        found = Patient.objects.filter(structure=structure)
        if criteres.matricule:
            found = bearers(structure, index_of(criteres.matricule))
        if criteres.ipp:
            found = found.filter(ipp=criteres.ipp)
        return exactly(found.filter(absorption=None))
    return find(structure, criteres.nom, criteres.prenom, criteres.date_naissance, LIMITE + 1)


def look_alikes(structure: Structure, traits: Traits) -> list[Trouvaille]:
    """The records that a new one with these ``traits`` might repeat, the likeliest first.

    By the birth names and by those in use. Two traits the same and the third altogether different do not make a
    likeness, except at the same place and of the same sex: a birth name given in place of the one in use, twins.
    """
    asked = Criteres(traits.nom_naissance, traits.premier_prenom, traits.date_naissance)
    questions = [asked]
    if traits.nom_utilise or traits.prenom_utilise:
        used = replace(
            asked,
            nom=traits.nom_utilise or asked.nom,
            prenom=traits.prenom_utilise or asked.prenom,
        )
        questions.append(used)
    found: dict[object, Trouvaille] = {}
    for question in questions:
        for each in search(structure, question):
            known = found.get(each.patient.pk)
            if _is_like(each, traits) and (known is None or known.rapport.score < each.rapport.score):
                found[each.patient.pk] = each
    return sorted(found.values(), key=lambda each: (-each.rapport.score, each.patient.ipp))[:_RESSEMBLANCES]


def _is_like(found: Trouvaille, traits: Traits) -> bool:
    rapport, patient = found.rapport, found.patient
    if rapport.date is LienDate.AUTRE or rapport.score < _PROCHE:
        return False
    if Lien.AUTRE in (rapport.nom, rapport.prenom):
        place = patient.lieu_naissance
        return bool(place) and place == traits.lieu_naissance and patient.sexe == traits.sexe.value
    return True
