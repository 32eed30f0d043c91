"""Lines and seals, in a database of their own.

A line is written by the page that it tells of, alone and without waiting for anything. Seals chain the lines
afterwards, in a background task, so that neither pages nor nodes queue for one another
(docs/decisions/0007-journal.md). Both tables refuse UPDATE and DELETE by trigger.
"""

from __future__ import annotations

from django.db import models

from opensegur.cabinet.actions import ACTIONS, EXCEPTIONNEL


class Ligne(models.Model):
    """One access or one exchange. ``patient_ref`` is the record's opaque identifier, never an identity."""

    quand = models.DateTimeField()
    structure_ref = models.CharField(max_length=64)
    acteur = models.CharField(max_length=120)
    responsable = models.CharField(max_length=120, blank=True)
    patient_ref = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=60)
    objet = models.CharField(max_length=200, blank=True)
    motif = models.CharField(max_length=300, blank=True)
    resultat = models.CharField(max_length=60)
    noeud = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["structure_ref", "-id"], name="journal_structure"),
            models.Index(fields=["patient_ref", "-id"], name="journal_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.quand:%Y-%m-%d %H:%M:%S} {self.action} {self.resultat}"

    @property
    def exceptionnelle(self) -> bool:
        """Of an access from outside the circle of care of the patient."""
        return self.action == "cercle.bris" or self.motif.startswith(EXCEPTIONNEL)

    @property
    def libelle(self) -> str:
        """The action in words, whoever asks; its name when it is an engine's own."""
        return ACTIONS.get(self.action, self.action)


class Sceau(models.Model):
    """The place of a line in its structure's chain: ``empreinte`` covers the line and the seal before it."""

    structure_ref = models.CharField(max_length=64)
    rang = models.PositiveBigIntegerField()
    ligne = models.OneToOneField(Ligne, on_delete=models.PROTECT, related_name="sceau")
    precedent = models.CharField(max_length=64)
    empreinte = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["structure_ref", "rang"], name="journal_rang_unique")]

    def __str__(self) -> str:
        return f"{self.structure_ref} {self.rang}"
