"""What was read at the counter: kept, encrypted, only for as long as it takes to decide what to do with it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampTexteChiffre
from opensegur.ins import Canal

DUREE = timedelta(hours=12)


class Lecture(models.Model):
    """One reading: a code that was scanned, a beneficiary of a card, a context of the appli carte Vitale.

    ``contenu``: what was read, as JSON; its address carries the opaque number alone. ``consommee``: it has led to a
    record, and cannot serve twice.
    """

    class Nature(models.TextChoices):
        INS = "ins", "code INS"
        APCV = "apcv", "appli carte Vitale"
        VITALE = "vitale", "carte Vitale"
        BOITE = "boite", "boîte de médicament"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.CASCADE, related_name="+")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    nature = models.CharField(max_length=8, choices=Nature)
    canal = models.CharField(max_length=8, choices=[(canal.value, canal.libelle) for canal in Canal])
    moment = models.DateTimeField()
    contenu = ChampTexteChiffre()
    consommee = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["moment"], name="guichet_moment")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} {self.pk}"

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Delete what was read more than ``DUREE`` ago; give how many."""
        deleted, _ = cls.objects.filter(moment__lt=now - DUREE).delete()
        return deleted
