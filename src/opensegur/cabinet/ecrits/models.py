"""A writing under way: kept as it is typed, until it becomes a document or is thrown away."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from opensegur.cabinet.chiffrement.champs import ChampTexteChiffre
from opensegur.cabinet.ecrits.modeles import modele_ecrit


class Brouillon(models.Model):
    """One for each person, record and form; ``corrige``: the document of which it is the next version.

    ``contenu``: what the fields hold, as JSON. ``revision`` grows at each saving: a page that shows an older one
    cannot overwrite a newer one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="brouillons")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    modele = models.CharField(max_length=32)
    corrige = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    contenu = ChampTexteChiffre()
    revision = models.PositiveIntegerField(default=1)
    modifie_le = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["auteur", "patient", "modele"], name="ecrits_auteur")]

    def __str__(self) -> str:
        return f"{self.modele} {self.pk}"

    @property
    def titre(self) -> str:
        return modele_ecrit(self.modele).titre

    @property
    def adresse(self) -> str:
        if self.corrige_id:
            return reverse("ecrits:corriger", args=(self.patient_id, self.modele, self.corrige_id))
        return reverse("ecrits:rediger", args=(self.patient_id, self.modele))
