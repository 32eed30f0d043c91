"""Records that look like one person: what was decided about them, and every row that a merge moved."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampTexteChiffre


class Paire(models.Model):
    """Two records of a structure that may be one person. ``a`` has the smaller number.

    ``score``: from 0 to 100; ``raisons``: French sentences without any name.
    """

    class Etat(models.TextChoices):
        A_TRAITER = "a_traiter", "à traiter"
        DIFFERENTES = "differentes", "personnes différentes"
        HOMONYMES = "homonymes", "homonymes"
        FUSIONNEE = "fusionnee", "fusionnés"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.CASCADE, related_name="+")
    a = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="paires_a")
    b = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="paires_b")
    score = models.PositiveSmallIntegerField()
    raisons = models.JSONField(default=list)
    etat = models.CharField(max_length=12, choices=Etat, default=Etat.A_TRAITER)
    trouvee_le = models.DateTimeField(auto_now_add=True)
    decidee_le = models.DateTimeField(null=True, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-score", "trouvee_le", "id"]
        constraints = [models.UniqueConstraint(fields=["a", "b"], name="doublons_paire_unique")]
        indexes = [models.Index(fields=["structure", "etat", "-score"], name="doublons_etat")]

    def __str__(self) -> str:
        return f"paire {self.pk}"


class Fusion(models.Model):
    """One record absorbed by another. It is undone by playing its movements backwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    garde = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="fusions")
    absorbe = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="absorptions")
    motif = ChampTexteChiffre(blank=True)
    moment = models.DateTimeField()
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    defaite_le = models.DateTimeField(null=True, blank=True)
    defaite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-moment"]

    def __str__(self) -> str:
        return f"fusion {self.pk}"


class Mouvement(models.Model):
    """One value of one row that a merge changed: ``modele`` as ``app.Model``, ``cle`` its primary key as text."""

    fusion = models.ForeignKey(Fusion, on_delete=models.CASCADE, related_name="mouvements")
    modele = models.CharField(max_length=60)
    cle = models.CharField(max_length=40)
    champ = models.CharField(max_length=40)
    avant = models.CharField(max_length=80)
    apres = models.CharField(max_length=80)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.modele} {self.champ}"


class Absorption(models.Model):
    """A record that no longer stands by itself: it is not listed, and its number leads to ``dans``."""

    absorbe = models.OneToOneField("patients.Patient", on_delete=models.PROTECT, related_name="absorption")
    dans = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    fusion = models.OneToOneField(Fusion, on_delete=models.PROTECT, related_name="absorption")

    def __str__(self) -> str:
        return f"absorption {self.pk}"
