"""A document of a record: the file as it came, its PDF/A-1 form, and what identifies it on the wire."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres, ChampTexteChiffre
from opensegur.cabinet.envois.etats import Etat
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.identifiers import new_oid
from opensegur.nomenclature import table

if TYPE_CHECKING:
    from opensegur.cabinet.envois.models import Envoi


class Document(models.Model):
    """``uid`` and ``lot_uid`` are chosen when the document is written: every copy that leaves carries them.

    ``modele`` and ``valeurs``: what a document that the application wrote is made from (``documents.modeles``).
    ``remplace``: the version whose place this one takes; ``annule_le``: withdrawn, nothing in its place.
    ``recu``: it came from elsewhere as a CDA, which is ``origine``.
    """

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
    uid = models.CharField(max_length=64, default=new_oid)
    lot_uid = models.CharField(max_length=64, unique=True, default=new_oid)
    set_id = models.CharField(max_length=64, default=new_oid)
    version = models.PositiveIntegerField(default=1)
    remplace = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="suivant")
    annule_le = models.DateTimeField(null=True, blank=True)
    annule_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    motif_annulation = ChampTexteChiffre()
    modele = models.CharField(max_length=32, blank=True)
    valeurs = ChampTexteChiffre()
    recu = models.BooleanField(default=False)
    visible_patient = models.BooleanField(default=True)
    visible_professionnels = models.BooleanField(default=True)
    visible_representants = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-cree_le"], name="documents_patient")]
        # two structures of one installation may both hold the same document
        constraints = [models.UniqueConstraint(fields=["structure", "uid"], name="documents_uid_unique")]

    def __str__(self) -> str:
        return f"{self.type_code} {self.uid}"

    @property
    def type_libelle(self) -> str:
        return table("JDV_J66").label(self.type_code)

    @property
    def est_obsolete(self) -> bool:
        """Another version has taken its place, or it was cancelled."""
        return self.annule_le is not None or hasattr(self, "suivant")

    @property
    def est_parti(self) -> bool:
        """Others hold it: what replaces it must say so."""
        return any(envoi.etat == Etat.DEPOSE for envoi in self.envois.all())

    def ancetres(self) -> list[Document]:
        """The versions before this one, the latest first."""
        found: list[Document] = []
        former = self.remplace
        while former is not None:
            found.append(former)
            former = former.remplace
        return found

    def versions(self) -> list[Document]:
        """Every version of the chain, the latest first; this one alone when it was never replaced."""
        later: list[Document] = []
        version = self
        while hasattr(version, "suivant"):
            version = version.suivant
            later.insert(0, version)
        return [*later, self, *self.ancetres()]

    @property
    def envoi_dmp(self) -> Envoi | None:
        """The last delivery of this document, or None: its state is what the screen shows."""
        return next(iter(sorted(self.envois.all(), key=lambda envoi: envoi.cree_le, reverse=True)), None)


def check_replaceable(document: Document) -> None:
    """Raise ``InvalidValue`` (VERSION_DEPASSEE): two tabs, or two people."""
    if document.est_obsolete:
        raise InvalidValue(
            "VERSION_DEPASSEE",
            "Ce document a déjà été remplacé ou annulé.",
            conseil="Ouvrez la version actuelle, et corrigez celle-là.",
        )
