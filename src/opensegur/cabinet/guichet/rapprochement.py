"""Which record of the structure an identity that was just read belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.cabinet.patients import preuves, selection
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Ecart, Matricule, Traits, compare_traits


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """``titulaire``: the record that already holds this matricule; ``semblables``: those that look like the person.

    ``ecarts``: the traits that differ between the holder and what was read.
    """

    titulaire: Patient | None
    ecarts: tuple[Ecart, ...]
    semblables: tuple[Patient, ...]

    @property
    def accord(self) -> bool:
        """The holder is known and every trait agrees: there is nothing to ask."""
        return self.titulaire is not None and not self.ecarts


def match(structure: Structure, matricule: Matricule | None, traits: Traits) -> Rapprochement:
    """By the matricule first; failing that, by the traits."""
    holder = preuves.holder_of(structure, matricule) if matricule else None
    if holder is not None:
        return Rapprochement(holder, compare_traits(holder.traits(), traits), ())
    likes = tuple(found.patient for found in selection.look_alikes(structure, traits))
    return Rapprochement(None, (), likes)


def only_same(semblables: tuple[Patient, ...], traits: Traits) -> Patient | None:
    """The one record without matricule whose strict traits are those read, if there is exactly one."""
    same = [each for each in semblables if not each.matricule_index and not compare_traits(each.traits(), traits)]
    return same[0] if len(same) == 1 else None
