"""The circle of care of a patient, whether the structure keeps to it, and the accesses made from outside."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampTexteChiffre


class Politique(models.Model):
    """Who opens a record without a reason: everybody of the care team, or the circle of its patient alone."""

    structure = models.OneToOneField(
        "structures.Structure", on_delete=models.CASCADE, primary_key=True, related_name="politique_cercle"
    )
    restreint = models.BooleanField(default=False)
    change_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    change_le = models.DateTimeField()

    def __str__(self) -> str:
        return "cercle restreint" if self.restreint else "toute l’équipe"


class Membre(models.Model):
    """Somebody whom a member of the circle added, or named as the patient's médecin traitant."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="membres_cercle")
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    medecin_traitant = models.BooleanField(default=False)
    ajoute_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ajoute_le = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "compte"], name="cercle_membre_unique"),
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(medecin_traitant=True), name="cercle_un_medecin_traitant"
            ),
        ]

    def __str__(self) -> str:
        return f"membre {self.pk}"


class AccesExceptionnel(models.Model):
    """A record opened from outside its circle: by whom, why, until when."""

    class Motif(models.TextChoices):
        URGENCE = "urgence", "urgence"
        REMPLACEMENT = "remplacement", "remplacement ou absence d’un collègue"
        PRESENT = "present", "le patient est là, ou au téléphone"
        AVIS = "avis", "avis demandé par un collègue"
        AUTRE = "autre", "autre raison"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="acces_exceptionnels")
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    motif = models.CharField(max_length=16, choices=Motif)
    precision = ChampTexteChiffre()
    debut = models.DateTimeField()
    fin = models.DateTimeField()

    class Meta:
        ordering = ["-debut", "id"]
        indexes = [models.Index(fields=["structure", "-debut"], name="cercle_acces_structure")]

    def __str__(self) -> str:
        return f"accès exceptionnel {self.pk}"
