"""The workstations whose agent is paired with this server."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres


class Poste(models.Model):
    """``secret``: shared with its agent, emptied when it is revoked; ``vu_le``: None until it answered once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="postes")
    nom = models.CharField(max_length=60)
    secret = ChampOctetsChiffres()
    cree_le = models.DateTimeField()
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    vu_le = models.DateTimeField(null=True, blank=True)
    revoque_le = models.DateTimeField(null=True, blank=True)
    revoque_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["nom", "cree_le"]
        indexes = [models.Index(fields=["structure", "nom"], name="postes_structure")]

    def __str__(self) -> str:
        return self.nom
