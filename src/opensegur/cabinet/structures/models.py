"""A structure of care: everything that the application keeps belongs to exactly one."""

from __future__ import annotations

import uuid

from django.db import models, transaction

from opensegur.foundation.acteurs import Adresse, Telecom
from opensegur.foundation.acteurs import Structure as StructureNationale
from opensegur.foundation.identifiers import new_oid


class Structure(models.Model):
    """``id_nat``: the national identifier (``1``+FINESS, ``3``+SIRET, ``4``+RPPS+rank).

    ``secteur``: a code of JDV_J02 (``SA07`` practice, ``SA33`` pharmacy…); ``oid_ipp``: the OID under which its
    patient numbers are unique in the world; ``configuration``: the name of its TOML file, the installation's own
    when empty; ``pieces_admises``: codes of the identity documents taken, every one of high confidence when empty.

    How identities are handled: ``attestation_admise`` lets a professional attest that they know a person;
    ``relances_piece`` is how many times a document not shown is asked for again; ``esclave``: identities come
    by flow from another system, and nothing is created, merged or asked of INSi here; ``verification_mois``: how old
    an INS may be before it is verified again; ``copies_conservees``: whether a copy of a document may be kept;
    ``dates_completees``: whether an incomplete date received from INSi is completed and accepted.

    ``deux_preuves``: a password alone opens nothing but one's own account.
    ``synthese``: the form in which its doctors write the synthèse médicale.
    """

    class Synthese(models.TextChoices):
        VSM = "vsm", "VSM 1.4"
        IPS = "ips", "IPS-FR 2024.01"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    id_nat = models.CharField(max_length=32, unique=True)
    nom = models.CharField(max_length=120)
    secteur = models.CharField(max_length=8)
    cadre = models.CharField(max_length=24, default="AMBULATOIRE")
    lignes_adresse = models.JSONField(default=list, blank=True)
    code_postal = models.CharField(max_length=10, blank=True)
    ville = models.CharField(max_length=80, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    oid_ipp = models.CharField(max_length=64, unique=True, default=new_oid)
    dernier_ipp = models.PositiveBigIntegerField(default=0)
    configuration = models.CharField(max_length=80, blank=True)
    pieces_admises = models.JSONField(default=list, blank=True)
    attestation_admise = models.BooleanField(default=False)
    relances_piece = models.PositiveSmallIntegerField(default=3)
    esclave = models.BooleanField(default=False)
    verification_mois = models.PositiveSmallIntegerField(default=36)
    copies_conservees = models.BooleanField(default=False)
    dates_completees = models.BooleanField(default=False)

    deux_preuves = models.BooleanField(default=False)
    synthese = models.CharField(max_length=4, choices=Synthese, default=Synthese.VSM)

    class Meta:
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom

    @property
    def officine(self) -> bool:
        return self.secteur == "SA33"

    def valeur(self) -> StructureNationale:
        """The structure as messages and documents name it; raises ``InvalidValue``."""
        adresse = Adresse(tuple(self.lignes_adresse), self.code_postal, self.ville, "FRA") if self.ville else None
        telecoms = (Telecom(f"tel:{self.telephone.replace(' ', '')}", "WP"),) if self.telephone else ()
        return StructureNationale(self.id_nat, self.nom, self.secteur, self.cadre, adresse, telecoms)

    def next_ipp(self) -> int:
        """Take the next patient number. To be called in the transaction that writes the record."""
        with transaction.atomic():
            locked = Structure.objects.select_for_update().get(pk=self.pk)
            locked.dernier_ipp += 1
            locked.save(update_fields=["dernier_ipp"])
        self.dernier_ipp = locked.dernier_ipp
        return locked.dernier_ipp
