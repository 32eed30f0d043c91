"""Records that look like one person: what was decided about them, and every row that a merge moved."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampTexteChiffre
from opensegur.ins.collision import Signe


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


class Collision(models.Model):
    """A record that may hold two people; ``signes``: codes of ``ins.collision.Signe``. One row a record."""

    class Etat(models.TextChoices):
        A_TRAITER = "a_traiter", "à examiner"
        ECARTEE = "ecartee", "une seule personne"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.CASCADE, related_name="+")
    patient = models.OneToOneField("patients.Patient", on_delete=models.CASCADE, related_name="collision")
    signes = models.JSONField()
    etat = models.CharField(max_length=10, choices=Etat, default=Etat.A_TRAITER)
    trouvee_le = models.DateTimeField(auto_now_add=True)
    decidee_le = models.DateTimeField(null=True, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["trouvee_le", "id"]
        indexes = [models.Index(fields=["structure", "etat"], name="doublons_collision_etat")]

    def __str__(self) -> str:
        return f"collision {self.pk}"

    def raisons(self) -> list[str]:
        return [Signe(code).libelle for code in self.signes]


class Recherche(models.Model):
    """One search through the whole base of a structure. Only one is waiting or under way at a time.

    ``battement``: when the process that makes it last said so; ``fiches`` records read out of ``total``, then
    ``tranche`` slices compared out of ``tranches``; ``trouvees`` pairs, of which ``nouvelles`` were not known, and
    ``collisions`` records that may hold two people.
    """

    class Etat(models.TextChoices):
        DEMANDEE = "demandee", "en attente"
        EN_COURS = "en_cours", "en cours"
        FAITE = "faite", "terminée"
        ARRETEE = "arretee", "arrêtée"
        ECHOUEE = "echouee", "échouée"

    EN_ROUTE = (Etat.DEMANDEE, Etat.EN_COURS)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.CASCADE, related_name="+")
    etat = models.CharField(max_length=8, choices=Etat, default=Etat.DEMANDEE)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demandee_le = models.DateTimeField(auto_now_add=True)
    battement = models.DateTimeField(null=True, blank=True)
    fin = models.DateTimeField(null=True, blank=True)
    arret_demande = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    fiches = models.PositiveIntegerField(default=0)
    tranche = models.PositiveSmallIntegerField(default=0)
    tranches = models.PositiveSmallIntegerField(default=0)
    trouvees = models.PositiveIntegerField(default=0)
    nouvelles = models.PositiveIntegerField(default=0)
    collisions = models.PositiveIntegerField(default=0)
    echec = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-demandee_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure"],
                condition=models.Q(etat__in=["demandee", "en_cours"]),
                name="doublons_recherche_unique",
            )
        ]

    def __str__(self) -> str:
        return f"recherche {self.pk}"

    @property
    def part(self) -> int:
        """How far it is, from 0 to 100: reading is a third of the work, comparing the rest."""
        if self.etat == self.Etat.FAITE:
            return 100
        read = self.fiches / self.total if self.total else 0
        compared = self.tranche / self.tranches if self.tranches else 0
        return round(100 * (read + 2 * compared) / 3)
