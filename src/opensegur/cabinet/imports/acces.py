"""An import, inside the structure of whoever asks."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from opensegur.cabinet.imports.models import Import
from opensegur.cabinet.requete import Requete


def import_of(request: Requete, import_id: UUID) -> Import:
    """Another structure's import does not exist. Raises ``Http404``."""
    found = (
        Import.objects.select_related("structure", "auteur")
        .filter(structure=request.qui.structure, pk=import_id)
        .first()
    )
    if found is None:
        raise Http404
    return found
