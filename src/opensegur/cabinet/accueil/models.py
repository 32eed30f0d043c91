"""The visit: when, where, who received, why. Usage figures and the document's encompassing encounter rest on it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.accueil.etats import Etat
from opensegur.cabinet.chiffrement.champs import ChampTexteChiffre


class Venue(models.Model):
    """A visit, a stay or a passage at the counter."""

    class Nature(models.TextChoices):
        CONSULTATION = "consultation", "consultation"
        SOIN = "soin", "soin"
        VACCINATION = "vaccination", "vaccination"
        DELIVRANCE = "delivrance", "délivrance"
        ENTRETIEN = "entretien", "entretien pharmaceutique"
        ADMINISTRATIF = "administratif", "démarche administrative"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="venues")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="venues")
    recu_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="venues")
    nature = models.CharField(max_length=16, choices=Nature)
    motif = ChampTexteChiffre(blank=True)
    etat = models.CharField(max_length=10, choices=Etat, default=Etat.ATTENDU)
    prevue_le = models.DateTimeField()
    arrivee_le = models.DateTimeField(null=True, blank=True)
    debut_le = models.DateTimeField(null=True, blank=True)
    fin_le = models.DateTimeField(null=True, blank=True)
    creee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    creee_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["structure", "prevue_le"], name="accueil_jour"),
            models.Index(fields=["patient", "-prevue_le"], name="accueil_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.nature} {self.etat}"
