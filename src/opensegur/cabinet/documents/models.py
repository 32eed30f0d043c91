"""A document of a record: the file as it came, its PDF/A-1 form, and what identifies it on the wire."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres, ChampTexteChiffre
from opensegur.foundation.identifiers import new_oid
from opensegur.nomenclature import table

if TYPE_CHECKING:
    from opensegur.cabinet.envois.models import Envoi


class Document(models.Model):
    """``uid`` and ``lot_uid`` are chosen when the document is written: every copy that leaves carries them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="documents")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="documents")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="documents")
    cree_le = models.DateTimeField()
    type_code = models.CharField(max_length=40)
    titre = ChampTexteChiffre()
    nom_fichier = ChampTexteChiffre()
    format_origine = models.CharField(max_length=8)
    origine = ChampOctetsChiffres()
    pdfa = ChampOctetsChiffres()
    pages = models.PositiveIntegerField()
    uid = models.CharField(max_length=64, unique=True, default=new_oid)
    lot_uid = models.CharField(max_length=64, unique=True, default=new_oid)
    set_id = models.CharField(max_length=64, default=new_oid)
    version = models.PositiveIntegerField(default=1)
    visible_patient = models.BooleanField(default=True)
    visible_professionnels = models.BooleanField(default=True)
    visible_representants = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-cree_le"], name="documents_patient")]

    def __str__(self) -> str:
        return f"{self.type_code} {self.uid}"

    @property
    def type_libelle(self) -> str:
        return table("JDV_J66").label(self.type_code)

    @property
    def envoi_dmp(self) -> Envoi | None:
        """The last delivery of this document, or None: its state is what the screen shows."""
        return next(iter(sorted(self.envois.all(), key=lambda envoi: envoi.cree_le, reverse=True)), None)
