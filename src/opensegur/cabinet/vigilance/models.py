"""Identitovigilance: what was verified, what was received, whom the structure trusts, and the figures of a day."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres, ChampTexteChiffre
from opensegur.ins.heritage import Decision


class Campagne(models.Model):
    """One round of verification of the INS that are older than ``mois`` months."""

    class Etat(models.TextChoices):
        EN_COURS = "en_cours", "en cours"
        TERMINEE = "terminee", "terminée"
        ARRETEE = "arretee", "arrêtée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mois = models.PositiveSmallIntegerField()
    lancee_le = models.DateTimeField()
    finie_le = models.DateTimeField(null=True, blank=True)
    etat = models.CharField(max_length=10, choices=Etat, default=Etat.EN_COURS)

    class Meta:
        ordering = ["-lancee_le"]

    def __str__(self) -> str:
        return f"campagne {self.pk}"


class Lot(models.Model):
    """Lines deposited together at INSi: ``ticket`` fetches their answers."""

    class Etat(models.TextChoices):
        A_DEPOSER = "a_deposer", "à déposer"
        DEPOSE = "depose", "déposé"
        RENDU = "rendu", "rendu"

    campagne = models.ForeignKey(Campagne, on_delete=models.CASCADE, related_name="lots")
    rang = models.PositiveIntegerField()
    etat = models.CharField(max_length=10, choices=Etat, default=Etat.A_DEPOSER)
    ticket = models.CharField(max_length=80, blank=True)
    prochaine_fois = models.DateTimeField()
    echec = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["rang"]
        constraints = [models.UniqueConstraint(fields=["campagne", "rang"], name="vigilance_lot_unique")]

    def __str__(self) -> str:
        return f"lot {self.rang}"


class Verification(models.Model):
    """One INS sent to INSi for verification, and its answer. Every call is kept (guide v2, rules 48 and 53)."""

    class Resultat(models.TextChoices):
        EN_ATTENTE = "en_attente", "en attente"
        CONFIRMEE = "confirmee", "confirmée"
        REFUSEE = "refusee", "refusée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, null=True, blank=True, related_name="verifications"
    )
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, null=True, blank=True, related_name="verifications")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moment = models.DateTimeField()
    identite = ChampTexteChiffre()
    resultat = models.CharField(max_length=10, choices=Resultat, default=Resultat.EN_ATTENTE)
    requete = ChampOctetsChiffres(default=b"")
    reponse = ChampOctetsChiffres(default=b"")
    traitee = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["structure", "resultat", "traitee"], name="vigilance_resultat"),
            models.Index(fields=["patient", "-moment"], name="vigilance_patient"),
        ]

    def __str__(self) -> str:
        return f"vérification {self.get_resultat_display()}"


class Contrat(models.Model):
    """A contract of trust: the identities that this sender qualified are taken as qualified (RNIV 1 annexe V).

    ``emetteur``: the sender's national identifier, or its MSSanté address or domain, in lower case.
    """

    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    emetteur = models.CharField(max_length=200)
    nom = models.CharField(max_length=120)
    debut = models.DateField()
    fin = models.DateField(null=True, blank=True)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["nom"]
        constraints = [models.UniqueConstraint(fields=["structure", "emetteur"], name="vigilance_contrat_unique")]

    def __str__(self) -> str:
        return self.nom


class Recue(models.Model):
    """An identity that came with a message or a document, and what was decided about it."""

    class Moyen(models.TextChoices):
        DOCUMENT = "document", "document"
        MESSAGE = "message", "message MSSanté"
        FLUX = "flux", "flux d’identités"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moment = models.DateTimeField()
    moyen = models.CharField(max_length=10, choices=Moyen)
    emetteur = models.CharField(max_length=200, blank=True)
    emetteur_nom = models.CharField(max_length=120, blank=True)
    contenu = ChampTexteChiffre()
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, null=True, blank=True, related_name="identites_recues"
    )
    verification = models.ForeignKey(
        Verification, on_delete=models.PROTECT, null=True, blank=True, related_name="recues"
    )
    decision = models.CharField(max_length=16, choices=[(each.value, each.libelle) for each in Decision])
    panne = models.CharField(max_length=300, blank=True)
    traitee_le = models.DateTimeField(null=True, blank=True)
    traitee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-moment"]
        indexes = [models.Index(fields=["structure", "traitee_le"], name="vigilance_recues")]

    def __str__(self) -> str:
        return f"identité reçue {self.pk}"


class Releve(models.Model):
    """The figures of a structure at a moment, over a period: counts alone, nobody's data."""

    structure = models.ForeignKey("structures.Structure", on_delete=models.CASCADE, related_name="+")
    moment = models.DateTimeField()
    debut = models.DateField()
    fin = models.DateField()
    chiffres = models.JSONField()

    class Meta:
        ordering = ["-moment"]

    def __str__(self) -> str:
        return f"relevé du {self.moment:%d/%m/%Y}"
