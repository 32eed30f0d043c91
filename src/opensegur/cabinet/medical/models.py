"""One datum of health: written once, never changed; a correction is another row that takes its place."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampTexteChiffre
from opensegur.cabinet.medical.valeurs import LEXIQUE, Valeur


class Donnee(models.Model):
    """``contenu``: the value, as JSON; ``retiree_le``: it is no longer in the record, and why is in ``motif``.

    ``remplace``: the row that this one corrects; ``source``: the document from which it was taken.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="donnees")
    rubrique = models.CharField(max_length=24)
    contenu = ChampTexteChiffre()
    ecrite_le = models.DateTimeField()
    ecrite_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="donnees"
    )
    remplace = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="correction"
    )
    retiree_le = models.DateTimeField(null=True, blank=True)
    retiree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["patient", "retiree_le"], name="medical_patient")]

    def __str__(self) -> str:
        return f"{self.rubrique} {self.pk}"

    def valeur(self) -> Valeur:
        """Raises ``RefusedInput`` DONNEES_ILLISIBLES."""
        found: Valeur = LEXIQUE.from_json(self.contenu)
        return found
