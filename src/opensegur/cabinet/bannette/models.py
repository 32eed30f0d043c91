"""A file that arrived without a record: kept until somebody says whose it is, or throws it away."""

from __future__ import annotations

import json
import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres, ChampTexteChiffre


class Arrivee(models.Model):
    """``contenu``: the file as it came, emptied once it is a document; ``codes``: what was read on it, as JSON lines.

    ``lue_le``: when its pages were read; ``document``: what it has become; ``ecartee_le``: thrown away, its content
    with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="arrivees")
    deposee_le = models.DateTimeField()
    deposee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nom = ChampTexteChiffre()
    type_code = models.CharField(max_length=40)
    contenu = ChampOctetsChiffres()
    codes = ChampTexteChiffre()
    motif = models.TextField(blank=True)
    # the same CDA may be left twice: it is one document
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="arrivees"
    )
    toute_seule = models.BooleanField(default=False)
    lue_le = models.DateTimeField(null=True, blank=True)
    ecartee_le = models.DateTimeField(null=True, blank=True)
    ecartee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["structure", "-deposee_le"], name="bannette_structure")]

    def __str__(self) -> str:
        return f"arrivée {self.pk}"

    def codes_lus(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(self.codes) if self.codes else []
        return found
