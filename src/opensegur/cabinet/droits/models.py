"""What a structure changed of the table of rights."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Ajustement(models.Model):
    """A cell that differs from the table: granted or withdrawn, by whom and when.

    ``colonne``: a role or a function. Going back to the table deletes the row; the journal keeps the history.
    """

    structure = models.ForeignKey("structures.Structure", on_delete=models.CASCADE, related_name="ajustements")
    action = models.CharField(max_length=60)
    colonne = models.CharField(max_length=16)
    accorde = models.BooleanField()
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField()

    class Meta:
        ordering = ["action", "colonne"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "action", "colonne"], name="droits_ajustement_unique")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.colonne}"
