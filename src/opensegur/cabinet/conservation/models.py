"""What a structure says of itself on the sheet of its register."""

from __future__ import annotations

from django.db import models


class Fiche(models.Model):
    """``delegue``: the data protection officer, if there is one; ``sous_traitants``: who hosts and who maintains."""

    structure = models.OneToOneField(
        "structures.Structure", on_delete=models.CASCADE, primary_key=True, related_name="fiche_rgpd"
    )
    responsable = models.CharField(max_length=160, blank=True)
    delegue = models.CharField(max_length=160, blank=True)
    contact = models.CharField(max_length=160, blank=True)
    sous_traitants = models.TextField(max_length=2000, blank=True)
    revue_le = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"fiche {self.structure_id}"
