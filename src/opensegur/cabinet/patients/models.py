"""A patient of a structure, and the evidence from which the status of the identity is computed."""

from __future__ import annotations

import json
import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres, ChampTexteChiffre
from opensegur.cabinet.patients import identite
from opensegur.ins import Canal, Etat, Matricule, Nature, Sexe, Statut, Traits
from opensegur.ins import Preuve as PreuveIns


class Patient(models.Model):
    """One person in one structure, under the structure's own number (IPP).

    The status is never stored: ``etat()`` computes it from the evidence. ``matricule`` repeats the active one so
    that it can be looked up through its blind index; ``patients.preuves`` writes both together.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="patients")
    ipp = models.PositiveBigIntegerField()
    nom_naissance = models.CharField(max_length=100)
    prenoms = models.CharField(max_length=100, blank=True)
    premier_prenom = models.CharField(max_length=100)
    date_naissance = models.CharField(max_length=10)
    date_estimee = models.BooleanField(default=False)
    sexe = models.CharField(max_length=1)
    lieu_naissance = models.CharField(max_length=5, blank=True)
    nom_utilise = models.CharField(max_length=100, blank=True)
    prenom_utilise = models.CharField(max_length=100, blank=True)
    matricule = ChampTexteChiffre(blank=True)
    matricule_oid = models.CharField(max_length=40, blank=True)
    matricule_index = models.CharField(max_length=64, blank=True)
    cree_le = models.DateTimeField(auto_now_add=True)
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["structure", "ipp"], name="patients_ipp_unique"),
            models.UniqueConstraint(
                fields=["structure", "matricule_index"],
                condition=~models.Q(matricule_index=""),
                name="patients_matricule_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["structure", "nom_naissance", "premier_prenom"], name="patients_nom_naissance"),
            models.Index(fields=["structure", "nom_utilise"], name="patients_nom_utilise"),
            models.Index(fields=["structure", "date_naissance"], name="patients_date_naissance"),
        ]

    def __str__(self) -> str:
        return f"IPP {self.ipp}"

    def traits(self) -> Traits:
        return Traits(
            nom_naissance=self.nom_naissance,
            prenoms=self.prenoms,
            premier_prenom=self.premier_prenom,
            date_naissance=self.date_naissance,
            sexe=Sexe(self.sexe),
            lieu_naissance=self.lieu_naissance,
            nom_utilise=self.nom_utilise,
            prenom_utilise=self.prenom_utilise,
            date_estimee=self.date_estimee,
        )

    def etat(self) -> Etat:
        """Computed from the evidence; prefetch ``preuves`` for a list."""
        return identite.etat_of(self)

    @property
    def statut(self) -> Statut:
        return self.etat().statut

    def matricule_ins(self) -> Matricule | None:
        """The active matricule, of a récupérée or qualifiée identity. Only a qualified one leaves (EXI SI 08)."""
        return self.etat().matricule


class Preuve(models.Model):
    """One event of the identity's life; rows are added, never changed.

    ``recu``: what INSi gave, as it gave it (EXI REC 07, EXI REC 08); ``changements``: as JSON, each trait that the
    event changed, with its value before and after.
    """

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="preuves")
    nature = models.CharField(max_length=32)
    moment = models.DateTimeField()
    piece = models.CharField(max_length=8, blank=True)
    piece_parent = models.CharField(max_length=8, blank=True)
    motif = models.CharField(max_length=80, blank=True)
    canal = models.CharField(max_length=8, default=Canal.SAISIE.value)
    matricule = ChampTexteChiffre(blank=True)
    matricule_oid = models.CharField(max_length=40, blank=True)
    recu = ChampTexteChiffre(blank=True)
    changements = ChampTexteChiffre(blank=True)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return Nature(self.nature).libelle

    def anciens(self) -> tuple[str, ...]:
        """The matricules (15 characters) that the answer of INSi says this one replaces."""
        lines = json.loads(self.recu).get("historique", ()) if self.recu else ()
        return tuple(f"{line['numero']}{line['cle']}" for line in lines)

    def valeur(self) -> PreuveIns:
        return PreuveIns(
            nature=Nature(self.nature),
            moment=self.moment,
            matricule=Matricule(self.matricule, self.matricule_oid) if self.matricule else None,
            piece=self.piece,
            piece_parent=self.piece_parent,
            motif=self.motif,
            canal=Canal(self.canal),
            auteur=str(self.auteur_id),
        )


class SansPiece(models.Model):
    """No identity document could be checked: none was there, or the person refused. It is asked again."""

    class Raison(models.TextChoices):
        ABSENCE = "absence", "aucune pièce présentée"
        REFUS = "refus", "refus de présenter une pièce"

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="sans_piece")
    raison = models.CharField(max_length=8, choices=Raison)
    moment = models.DateTimeField()
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.get_raison_display()


class RechercheInsi(models.Model):
    """One question to INSi and its answer, kept before anybody accepts or refuses it.

    ``demande``: the local traits, as JSON, "" when a card was read for somebody without a record; ``source``: what
    the card or the scan says, as JSON of the traits that it bears (partial: a card knows no sex, no place), "" when
    there is none; ``canal``: by which way (``ins.Canal``); ``requete`` and ``reponse``: the bytes that went out and
    came back.
    """

    class Issue(models.TextChoices):
        EN_ATTENTE = "en_attente", "à comparer"
        ACCEPTEE = "acceptee", "acceptée"
        REFUSEE = "refusee", "refusée"
        SANS_RESULTAT = "sans_resultat", "sans résultat"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="recherches_insi"
    )
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moment = models.DateTimeField()
    demande = ChampTexteChiffre(blank=True)
    source = ChampTexteChiffre(blank=True)
    canal = models.CharField(max_length=8, default=Canal.INSI.value)
    code = models.CharField(max_length=20)
    individu = ChampTexteChiffre(blank=True)
    requete = ChampOctetsChiffres()
    reponse = ChampOctetsChiffres()
    issue = models.CharField(max_length=16, choices=Issue, default=Issue.EN_ATTENTE)

    class Meta:
        indexes = [models.Index(fields=["patient", "-moment"], name="patients_insi")]

    def __str__(self) -> str:
        return f"INSi {self.code}"


class Rectification(models.Model):
    """A recipient of an identity since corrected was warned, or the document was withdrawn."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="rectifications")
    envoi = models.OneToOneField("envois.Envoi", on_delete=models.PROTECT, related_name="rectification")
    moment = models.DateTimeField(auto_now_add=True)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"rectification {self.pk}"


class CopiePiece(models.Model):
    """The copy of a document, beside the check that it was made for. Deleted after five years."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    preuve = models.OneToOneField(Preuve, on_delete=models.CASCADE, related_name="copie")
    contenu = ChampOctetsChiffres()
    media = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"copie {self.pk}"
