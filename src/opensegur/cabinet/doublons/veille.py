"""Pairs found as the work goes: when a record is made or changed, those that look like it are noted.

The index of names gathers them; the model that searches the whole base says how surely they are one person.
"""

from __future__ import annotations

from django.db.models import QuerySet

from opensegur.cabinet.doublons.base_entiere import score_of
from opensegur.cabinet.doublons.collisions import watch_collision
from opensegur.cabinet.doublons.models import Paire
from opensegur.cabinet.patients import selection
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.ins.doublons import A_VERIFIER, Fiche, compare, modele_francais


def pair_of(one: Patient, other: Patient) -> tuple[Patient, Patient]:
    """Always in the same order, so that a pair is written once."""
    return (one, other) if one.ipp <= other.ipp else (other, one)


def to_decide(structure: Structure) -> QuerySet[Paire]:
    """The pairs that wait for somebody; those of a record absorbed since wait for its merge to be undone."""
    return Paire.objects.filter(
        structure=structure, etat=Paire.Etat.A_TRAITER, a__absorption=None, b__absorption=None
    )


def fiche_of(patient: Patient) -> Fiche:
    """What the model compares of a record."""
    return Fiche(
        str(patient.ipp),
        patient.nom_naissance,
        patient.premier_prenom,
        patient.date_naissance,
        patient.sexe,
        patient.lieu_naissance,
        patient.prenoms,
        patient.nom_utilise,
        patient.matricule,
    )


def watch(patient: Patient) -> list[Paire]:
    """Note the records that look like ``patient``, and whether it may hold two people.

    A pair already decided is left as it was decided.
    """
    watch_collision(patient)
    found, here = [], fiche_of(patient)
    for like in selection.look_alikes(patient.structure, patient.traits()):
        if like.patient.pk == patient.pk:
            continue
        verdict = compare(here, fiche_of(like.patient))
        if verdict.probabilite < A_VERIFIER:
            continue
        a, b = pair_of(patient, like.patient)
        values = {
            "structure": patient.structure,
            "score": score_of(verdict.probabilite),
            "raisons": list(modele_francais().reasons(verdict.niveaux)),
        }
        pair, _ = Paire.objects.get_or_create(a=a, b=b, defaults=values)
        found.append(pair)
    return found


def declare_different(patient: Patient, others: list[Patient]) -> None:
    """Somebody has said, as the record was made, that these are other people: it is not asked again."""
    for other in others:
        a, b = pair_of(patient, other)
        Paire.objects.update_or_create(
            a=a,
            b=b,
            defaults={"structure": patient.structure, "score": 0, "etat": Paire.Etat.DIFFERENTES},
        )
