"""Which patients an address names: by their own identifier, or through an object of theirs.

A test holds this table against the addresses of the application.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.apps import apps

from opensegur.cabinet.structures.models import Structure

# what names a patient through an object: the model, and where it keeps the patients
OBJETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "recherche_id": ("patients.RechercheInsi", ("patient_id",)),
    "venue_id": ("accueil.Venue", ("patient_id",)),
    "envoi_id": ("envois.Envoi", ("patient_id",)),
    "paire_id": ("doublons.Paire", ("a_id", "b_id")),
    "fusion_id": ("doublons.Fusion", ("garde_id", "absorbe_id")),
    "collision_id": ("doublons.Collision", ("patient_id",)),
    "recue_id": ("vigilance.Recue", ("patient_id",)),
    "verification_id": ("vigilance.Verification", ("patient_id",)),
}
SANS_PATIENT = frozenset(
    {
        "document_id", "donnee_id", "copie_id",  # always beside the patient whose they are
        "arrivee_id", "lecture_id",  # nobody's yet
        "import_id", "campagne_id", "gabarit_id", "compte_id", "poste_id", "cle", "source", "chemin", "uid",
    }
)  # fmt: skip


def patients_named(structure: Structure, kwargs: Mapping[str, Any], query: Mapping[str, Any]) -> Iterator[UUID]:
    """``query``: the ``?dossier=`` of the pages that narrow themselves to a record."""
    if "patient_id" in kwargs:
        yield kwargs["patient_id"]
    with suppress(ValueError):
        yield UUID(query.get("dossier", ""))
    for name in OBJETS.keys() & kwargs.keys():
        model, fields = OBJETS[name]
        rows = apps.get_model(model).objects.filter(structure=structure, pk=kwargs[name])
        for values in rows.values_list(*fields):
            yield from (each for each in values if each)
