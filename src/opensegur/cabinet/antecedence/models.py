"""The index of names. No row names a person: entries hold numbers of forms, and lead to a record by its IPP.

The tables are written and read by SQL of this app's own (``ecriture``, ``requetes``): they have no key but all of
their columns, and on SQLite no row number.
"""

from __future__ import annotations

from django.db import models


class Mot(models.Model):
    """One form that somebody bears, and the number of how it sounds."""

    forme = models.CharField(primary_key=True, max_length=100)
    son = models.IntegerField(db_index=True)

    def __str__(self) -> str:
        return self.forme


class Voisin(models.Model):
    """What is left of a form when letters are taken out (``formes.neighbourhood``) leads back to the form."""

    pk = models.CompositePrimaryKey("cle", "forme")
    cle = models.IntegerField()
    forme = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.forme


class Entree(models.Model):
    """A record under one family name and one given name; a record has an entry for each pair of its forms.

    ``domaine``: the number of the structure; ``nom``, ``prenom``: those of the forms; ``naissance``: AAAAMMJJ.
    """

    pk = models.CompositePrimaryKey("domaine", "nom", "prenom", "naissance", "ipp")
    domaine = models.IntegerField()
    nom = models.IntegerField()
    prenom = models.IntegerField()
    naissance = models.IntegerField()
    ipp = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["domaine", "prenom"], name="antecedence_prenom")]

    def __str__(self) -> str:
        return f"IPP {self.ipp}"
