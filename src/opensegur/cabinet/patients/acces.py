"""Opening a record: by its opaque identifier, inside the structure of whoever asks."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from opensegur.cabinet.doublons.fusion import standing_for
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError


def patient_of(request: Requete, patient_id: UUID) -> Patient:
    """The record with its evidence; another structure's does not exist.

    Raises ``Http404``, and ``OpenSegurError`` (DOSSIER_FUSIONNE) for one that was absorbed by another.
    """
    found = (
        Patient.objects.select_related("structure", "absorption")
        .prefetch_related("preuves")
        .filter(structure=request.qui.structure, pk=patient_id)
        .first()
    )
    if found is None:
        raise Http404
    if hasattr(found, "absorption"):
        kept = standing_for(found)
        raise OpenSegurError(
            "DOSSIER_FUSIONNE",
            f"Le dossier {found.ipp} a été fusionné dans le dossier {kept.ipp}.",
            conseil=f"Cherchez le dossier {kept.ipp} : il porte tout ce que celui-ci contenait.",
        )
    return found


def refuse_slave(request: Requete) -> None:
    """Identities that come by flow from another system are neither made, changed, merged nor asked of INSi here.

    Raises ``OpenSegurError`` (IDENTITE_ESCLAVE).
    """
    if request.qui.structure.esclave:
        raise OpenSegurError(
            "IDENTITE_ESCLAVE",
            "Les identités de cette structure viennent de son référentiel d’identités : rien ne s’y change ici.",
            conseil="Faites-le dans le référentiel : le dossier suivra par le flux.",
        )
