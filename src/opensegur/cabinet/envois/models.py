"""The outbox: one row a delivery, one row an attempt, one row a task for a person."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres, ChampTexteChiffre
from opensegur.cabinet.envois.etats import EN_ATTENTE, Etat


class Envoi(models.Model):
    """One delivery to one national service.

    ``identifiants`` holds the identifiers that go on the wire, chosen when the row is written: a retry sends the
    same ones, and cannot create a second document. ``contenu`` is what leaves, exactly. ``parametres`` is what
    the sender of this kind needs besides (means, person acted for, visibility).
    """

    class Canal(models.TextChoices):
        DMP = "dmp", "DMP"

    class Nature(models.TextChoices):
        DEPOT = "depot", "dépôt d’un document"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="envois")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="envois")
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="envois"
    )
    canal = models.CharField(max_length=12, choices=Canal)
    nature = models.CharField(max_length=12, choices=Nature)
    etat = models.CharField(max_length=16, choices=Etat, default=Etat.EN_FILE)
    libelle = ChampTexteChiffre()
    moyen = models.CharField(max_length=24)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="envois")
    parametres = ChampTexteChiffre()
    identifiants = models.JSONField(default=dict)
    contenu = ChampOctetsChiffres()
    cree_le = models.DateTimeField(auto_now_add=True)
    a_tenter_le = models.DateTimeField()
    bail_par = models.CharField(max_length=80, blank=True)
    bail_jusqu_a = models.DateTimeField(null=True, blank=True)
    essais = models.PositiveIntegerField(default=0)
    termine_le = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=80, blank=True)
    message = models.TextField(blank=True)
    conseil = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["a_tenter_le"],
                name="envois_a_tenter",
                condition=models.Q(etat__in=[Etat.EN_FILE, Etat.EN_COURS]),
            ),
            models.Index(fields=["patient", "-cree_le"], name="envois_patient"),
            models.Index(fields=["structure", "etat", "-cree_le"], name="envois_etat"),
        ]

    def __str__(self) -> str:
        return f"{self.canal} {self.nature} {self.etat}"

    @property
    def en_attente(self) -> bool:
        return self.etat in EN_ATTENTE


class Tentative(models.Model):
    """One attempt: written before anything leaves, ended when the answer is known.

    An attempt without an end is one whose worker died: the next one says so.
    """

    envoi = models.ForeignKey(Envoi, on_delete=models.CASCADE, related_name="tentatives")
    numero = models.PositiveIntegerField()
    ouvrier = models.CharField(max_length=80)
    debut = models.DateTimeField()
    fin = models.DateTimeField(null=True, blank=True)
    resultat = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=80, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ["numero"]
        constraints = [models.UniqueConstraint(fields=["envoi", "numero"], name="envois_tentative_unique")]

    def __str__(self) -> str:
        return f"{self.numero} {self.resultat}"

    @property
    def resultat_libelle(self) -> str:
        """In words: the state reached, or what cut the attempt short."""
        return dict(Etat.choices).get(self.resultat, self.resultat or "en cours")


class Tache(models.Model):
    """Something that a person must do, with the reason and what to do in French."""

    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="taches")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="taches")
    envoi = models.ForeignKey(Envoi, on_delete=models.CASCADE, related_name="taches")
    code = models.CharField(max_length=80)
    motif = models.TextField()
    conseil = models.TextField(blank=True)
    creee_le = models.DateTimeField(auto_now_add=True)
    close_le = models.DateTimeField(null=True, blank=True)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["structure", "close_le", "-creee_le"], name="envois_taches")]

    def __str__(self) -> str:
        return self.code


class OuvrierVu(models.Model):
    """A worker at work: it says so every half minute, so that one that has stopped is missed."""

    nom = models.CharField(max_length=80, primary_key=True)
    depuis = models.DateTimeField()
    vu_le = models.DateTimeField()

    def __str__(self) -> str:
        return self.nom
