"""The certificates that a structure gave, with their keys, and what became of each."""

from __future__ import annotations

import uuid

from cryptography import x509
from django.conf import settings
from django.db import models
from django.utils.functional import cached_property

from opensegur.cabinet.certificats.usages import Usage
from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres
from opensegur.foundation import revocation


class Certificat(models.Model):
    """``pem`` is the certificate followed by its authorities; ``cle`` its key in PKCS#8, None once it is erased.

    ``empreinte``: SHA-256 of the certificate. ``verifie_le`` is when its authority was last asked, ``revocation`` and
    ``revocation_dit`` what was then known, ``non_revoque_le`` the date of the last answer that all was well.
    """

    class Etat(models.TextChoices):
        EN_SERVICE = "service", "en service"
        REMPLACE = "remplace", "remplacé"
        RETIRE = "retire", "retiré"

    class Revocation(models.TextChoices):
        JAMAIS = "", "jamais demandée"
        BON = revocation.Etat.BON.value, "non révoqué"
        REVOQUE = revocation.Etat.REVOQUE.value, "révoqué"
        INCONNU = revocation.Etat.INCONNU.value, "inconnue"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="certificats")
    usage = models.CharField(max_length=20, choices=Usage)
    etat = models.CharField(max_length=10, choices=Etat, default=Etat.RETIRE)
    nom = models.CharField(max_length=64)
    sujet = models.CharField(max_length=500)
    emetteur = models.CharField(max_length=500)
    serie = models.CharField(max_length=48)
    debut = models.DateTimeField()
    fin = models.DateTimeField()
    empreinte = models.CharField(max_length=64)
    de_test = models.BooleanField(default=False)
    pem = models.TextField()
    cle = ChampOctetsChiffres(null=True)
    ajoute_le = models.DateTimeField()
    ajoute_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    remplace_par = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="anciens")
    sorti_le = models.DateTimeField(null=True, blank=True)
    efface_le = models.DateTimeField(null=True, blank=True)
    efface_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verifie_le = models.DateTimeField(null=True, blank=True)
    revocation = models.CharField(max_length=8, choices=Revocation, blank=True)
    revocation_dit = models.CharField(max_length=300, blank=True)
    non_revoque_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["structure", "usage", "-ajoute_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "usage"],
                condition=models.Q(etat="service"),
                name="certificats_un_en_service",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat="service") | models.Q(cle__isnull=False), name="certificats_service_a_sa_cle"
            ),
        ]
        indexes = [
            models.Index(fields=["verifie_le"], name="certificats_a_verifier", condition=models.Q(etat="service"))
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.get_usage_display()})"

    @cached_property
    def chaine(self) -> tuple[x509.Certificate, ...]:
        """The certificate, then the authorities that came with it."""
        return tuple(x509.load_pem_x509_certificates(self.pem.encode("ascii")))

    @property
    def certificat(self) -> x509.Certificate:
        return self.chaine[0]
