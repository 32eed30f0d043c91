"""Accounts, the structures they work for, and the identities of Pro Santé Connect that were matched to them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres
from opensegur.cabinet.comptes.roles import Role
from opensegur.foundation.acteurs import Professionnel


class CompteManager(BaseUserManager["Compte"]):
    def create_user(self, identifiant: str, password: str | None = None, **champs: Any) -> Compte:
        """An account; without a password it opens through Pro Santé Connect only."""
        compte = self.model(identifiant=identifiant.strip().lower(), **champs)
        compte.set_password(password)
        compte.save(using=self._db)
        return compte


class Compte(AbstractBaseUser):
    """A person.

    ``id_nat`` is the PS_IdNat (``8``+RPPS for most), recorded by the administrator: it is the only thing on which a
    Pro Santé Connect identity is matched, never a name. ``profession`` is a code of TRE_G15.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identifiant = models.CharField(max_length=80, unique=True)
    civilite = models.CharField(max_length=10, blank=True)
    titre = models.CharField(max_length=10, blank=True)
    nom = models.CharField(max_length=80)
    prenom = models.CharField(max_length=80)
    id_nat = models.CharField(max_length=80, blank=True)
    profession = models.CharField(max_length=4, blank=True)
    savoir_faire = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    echecs = models.PositiveSmallIntegerField(default=0)
    bloque_jusqu_a = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "identifiant"
    REQUIRED_FIELDS = ["nom", "prenom"]

    objects = CompteManager()

    class Meta:
        ordering = ["nom", "prenom"]
        constraints = [
            models.UniqueConstraint(fields=["id_nat"], condition=~models.Q(id_nat=""), name="comptes_id_nat_unique"),
        ]

    def __str__(self) -> str:
        return self.nom_affiche

    @property
    def nom_affiche(self) -> str:
        return " ".join(part for part in (self.titre.capitalize(), self.prenom, self.nom) if part)

    @property
    def acteur(self) -> str:
        """How the journal names this person: the national identifier, or the account's."""
        return self.id_nat or self.identifiant

    def professionnel(self) -> Professionnel | None:
        """The person as messages name them; None for whoever is no health professional."""
        if not self.id_nat or not self.profession:
            return None
        return Professionnel(
            id_nat=self.id_nat,
            nom=self.nom,
            prenom=self.prenom,
            profession=self.profession,
            savoir_faire=self.savoir_faire,
            civilite=self.civilite,
            titre=self.titre,
        )


class Rattachement(models.Model):
    """A person's place in a structure.

    ``responsable``: the professional for whom they act, if not themselves; ``referent_identite``: answers for the
    identities of the structure, and may edit the traits that INSi gave; ``administrateur``: keeps its accounts and
    its rights, as a manager does by role.
    """

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rattachements")
    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="rattachements")
    role = models.CharField(max_length=16, choices=Role)
    responsable = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actif = models.BooleanField(default=True)
    referent_identite = models.BooleanField(default=False)
    administrateur = models.BooleanField(default=False)

    class Meta:
        ordering = ["structure__nom", "id"]
        constraints = [models.UniqueConstraint(fields=["compte", "structure"], name="comptes_rattachement_unique")]

    def __str__(self) -> str:
        return f"{self.compte} ({self.get_role_display()})"


def responsable_la() -> models.Exists:
    """To be asked of places: whether who answers for the person is still at work in the structure."""
    here = Rattachement.objects.filter(structure=models.OuterRef("structure"), actif=True, compte__is_active=True)
    return models.Exists(here.filter(compte=models.OuterRef("responsable")))


class IdentitePsc(models.Model):
    """An identity of Pro Santé Connect seen at a login: the history of a person's identifiers stays."""

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identites_psc")
    emetteur = models.CharField(max_length=200)
    sujet = models.CharField(max_length=200)
    id_nat = models.CharField(max_length=80)
    premiere_fois = models.DateTimeField()
    derniere_fois = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["emetteur", "sujet"], name="comptes_psc_sujet_unique")]

    def __str__(self) -> str:
        return self.id_nat


class Acceptation(models.Model):
    """The terms of use of this version were accepted by this person, then."""

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="acceptations")
    version = models.CharField(max_length=16)
    le = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["compte", "version"], name="comptes_acceptation_unique")]

    def __str__(self) -> str:
        return self.version


class PosteConnu(models.Model):
    """A browser in which this person has come in: its failures are counted apart (``connexion``).

    ``empreinte``: that of the token that the browser keeps.
    """

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="postes")
    empreinte = models.CharField(max_length=64)
    vu_le = models.DateTimeField()
    echecs = models.PositiveSmallIntegerField(default=0)
    bloque_jusqu_a = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["compte", "empreinte"], name="comptes_poste_unique")]

    def __str__(self) -> str:
        return f"poste {self.pk}"


class SecondFacteur(models.Model):
    """The secret shared with the person's phone (RFC 6238).

    ``actif_depuis``: None until a first code proved that the phone has it; ``dernier_pas``: the last period whose
    code was used, so that none serves twice.
    """

    compte = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="second_facteur"
    )
    secret = ChampOctetsChiffres()
    actif_depuis = models.DateTimeField(null=True, blank=True)
    dernier_pas = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second facteur de {self.compte_id}"


class CodeSecours(models.Model):
    """A code kept on paper for the day without the phone; it serves once. ``empreinte``: SHA-256."""

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="codes_secours")
    empreinte = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["compte", "empreinte"], name="comptes_code_secours_unique")]

    def __str__(self) -> str:
        return f"code {self.pk}"


class AppelTelephone(models.Model):
    """A demand sent to the phone or the card of whoever has this national identifier."""

    id_nat = models.CharField(max_length=80, db_index=True)
    le = models.DateTimeField()

    def __str__(self) -> str:
        return f"appel {self.pk}"


class CleAcces(models.Model):
    """A passkey. ``empreinte``: SHA-256 of its identifier; ``donnees``: the attested credential (public key).

    ``signatures``: the device's own count, 0 for those that do not count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cles_acces")
    empreinte = models.CharField(max_length=64, unique=True)
    donnees = models.BinaryField()
    signatures = models.BigIntegerField(default=0)
    nom = models.CharField(max_length=60)
    creee_le = models.DateTimeField()
    utilisee_le = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.nom
