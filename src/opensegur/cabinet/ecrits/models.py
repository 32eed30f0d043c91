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
    modele = models.CharField(max_length=48)
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
        return "Lettre du cabinet" if self.modele.startswith("gabarit-") else modele_ecrit(self.modele).titre

    @property
    def adresse(self) -> str:
        if self.corrige_id:
            return reverse("ecrits:corriger", args=(self.patient_id, self.modele, self.corrige_id))
        return reverse("ecrits:rediger", args=(self.patient_id, self.modele))


class Gabarit(models.Model):
    """A letter of the practice. ``retire_le``: no longer offered; what was written in it keeps its form."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.CASCADE, related_name="gabarits")
    nom = models.CharField(max_length=80)
    type_code = models.CharField(max_length=40)
    texte = models.TextField()
    depose_le = models.DateTimeField(auto_now_add=True)
    depose_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    retire_le = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.nom
