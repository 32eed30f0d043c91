"""A file brought in: its content while it is needed, where each record came from, and what could not be taken."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres, ChampTexteChiffre


class Import(models.Model):
    """One file, from its arrival to its end.

    ``source``: the software or the system that it comes from; a number of that source stands for one person.
    ``reglages``: how the file is read (encoding, delimiter, titles, columns). ``position``: how many of its rows or
    messages are done, of ``total``; ``comptes``: how many of each outcome (``bilan.Issue``). ``arret``: somebody has
    asked to stop after the current batch.
    """

    class Format(models.TextChoices):
        CSV = "csv", "tableau (CSV)"
        HL7 = "hl7", "messages HL7 ADT"

    class Etat(models.TextChoices):
        A_REGLER = "a_regler", "colonnes à vérifier"
        ESSAI = "essai", "essai en cours"
        ESSAYE = "essaye", "essayé"
        EN_COURS = "en_cours", "import en cours"
        ARRETE = "arrete", "arrêté en route"
        FAIT = "fait", "fait"
        DEFAIT = "defait", "défait"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cree_le = models.DateTimeField(auto_now_add=True)
    fini_le = models.DateTimeField(null=True, blank=True)
    nom_fichier = models.CharField(max_length=120)
    empreinte = models.CharField(max_length=64)
    taille = models.PositiveBigIntegerField()
    format = models.CharField(max_length=4, choices=Format)
    source = models.CharField(max_length=60)
    reglages = models.JSONField(default=dict)
    ressemblances = models.BooleanField(default=False)
    etat = models.CharField(max_length=10, choices=Etat, default=Etat.A_REGLER)
    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    comptes = models.JSONField(default=dict)
    arret = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["structure", "-cree_le"], name="imports_structure"),
            models.Index(fields=["structure", "empreinte"], name="imports_empreinte"),
        ]

    def __str__(self) -> str:
        return f"Import {self.pk}"


class Morceau(models.Model):
    """A part of the file, encrypted, deleted with the others when the import is done."""

    origine = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="morceaux")
    rang = models.PositiveIntegerField()
    contenu = ChampOctetsChiffres()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origine", "rang"], name="imports_morceau_unique")]

    def __str__(self) -> str:
        return f"{self.origine_id} {self.rang}"


class Provenance(models.Model):
    """Where a record comes from: the import that made it, and its number at the source, "" when it has none.

    ``controle_annonce``: the source says that a document was checked; that is information, never evidence.
    """

    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="provenances")
    origine = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="provenances")
    source = models.CharField(max_length=60)
    externe = models.CharField(max_length=80, blank=True)
    ligne = models.PositiveIntegerField()
    controle_annonce = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "source", "externe"],
                condition=~models.Q(externe=""),
                name="imports_externe_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.externe}".strip()


class InsAnnoncee(models.Model):
    """A matricule that a file claims for somebody: it waits for a verification by INSi, and is never active before.

    A recovery in bulk is forbidden, a verification in bulk is not (Référentiel INS; EXI ID 26 and following).
    """

    class Etat(models.TextChoices):
        A_VERIFIER = "a_verifier", "à vérifier"
        CONFIRMEE = "confirmee", "confirmée par l’INSi"
        INFIRMEE = "infirmee", "non confirmée"
        ABANDONNEE = "abandonnee", "abandonnée"

    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="ins_annoncees")
    origine = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="ins_annoncees")
    matricule = ChampTexteChiffre()
    matricule_oid = models.CharField(max_length=40)
    matricule_index = models.CharField(max_length=64)
    etat = models.CharField(max_length=12, choices=Etat, default=Etat.A_VERIFIER)
    recue_le = models.DateTimeField()
    traitee_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["structure", "matricule_index"], name="imports_ins"),
            models.Index(fields=["structure", "etat"], name="imports_ins_etat"),
        ]

    def __str__(self) -> str:
        return f"INS annoncée {self.pk}"


class Anomalie(models.Model):
    """What is to be said of a line: refused, already there, like somebody, or taken with a reserve.

    ``essai``: found by the dry run, replaced by what the import itself finds. ``message`` never holds a name.
    """

    origine = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="anomalies")
    essai = models.BooleanField()
    ligne = models.PositiveIntegerField()
    issue = models.CharField(max_length=12)
    message = models.CharField(max_length=400)
    ipp = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["origine", "essai", "issue", "ligne"], name="imports_anomalies")]

    def __str__(self) -> str:
        return f"ligne {self.ligne}"


class CleVue(models.Model):
    """A number that stands for a person of the file, while it is tried (``memoire``)."""

    origine = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    cle = models.BigIntegerField()
    ligne = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["origine", "cle"], name="imports_cle")]

    def __str__(self) -> str:
        return f"ligne {self.ligne}"


class FusionRecue(models.Model):
    """A merge asked by the system that holds identities, that somebody here has to carry out or to refuse.

    ``faite_le``: when that was decided.
    """

    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    origine = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="fusions")
    garde = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="+")
    absorbe = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="+")
    recue_le = models.DateTimeField()
    faite_le = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Fusion reçue {self.pk}"
