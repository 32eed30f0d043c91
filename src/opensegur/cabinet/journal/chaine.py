"""Sealing lines into a chain, and checking it.

A seal is an HMAC-SHA-256, with a key kept outside the database, over the previous seal and the line's canonical
form: whoever can write in the database but has not the key cannot mend a chain they have cut. Cutting its tail shows
against a head noted elsewhere (``temoin``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass

from django.db import connections, transaction

from opensegur.cabinet.chiffrement.trousseau import trousseau
from opensegur.cabinet.journal.models import Ligne, Sceau

ALIAS = "journal"
ORIGINE = "0" * 64
_LOT = 1000
# one advisory lock for all sealers of a PostgreSQL journal: sealing is background work and need not be parallel
_VERROU = 0x53454755


@dataclass(frozen=True, slots=True)
class Verdict:
    """``rompu_au_rang`` is the first place where the chain is broken, None when it holds."""

    structure_ref: str
    lignes: int
    non_scellees: int
    tete: str
    rompu_au_rang: int | None = None
    raison: str = ""

    @property
    def intact(self) -> bool:
        return self.rompu_au_rang is None


def seal_pending() -> int:
    """Chain every line that is not yet sealed; give how many were."""
    total = 0
    while sealed := _seal_batch():
        total += sealed
    return total


def verify(structure_ref: str, temoin: str = "") -> Verdict:
    """Walk a structure's chain from its origin.

    ``temoin`` is a head noted earlier, kept outside the installation: the chain must pass through it.
    """
    key = trousseau().journal
    precedent, rang, seen = ORIGINE, 0, not temoin
    seals = Sceau.objects.filter(structure_ref=structure_ref).select_related("ligne").order_by("rang")
    for sceau in seals.iterator(chunk_size=_LOT):
        rang += 1
        reason = _flaw(sceau, rang, precedent, key)
        if reason:
            return _verdict(structure_ref, rang - 1, precedent, rompu_au_rang=rang, raison=reason)
        precedent = sceau.empreinte
        seen = seen or precedent == temoin
    if not seen:
        return _verdict(
            structure_ref,
            rang,
            precedent,
            rompu_au_rang=rang + 1,
            raison="le témoin n’est pas dans la chaîne",
        )
    return _verdict(structure_ref, rang, precedent)


def structures() -> list[str]:
    return sorted(Ligne.objects.order_by().values_list("structure_ref", flat=True).distinct())


def _seal_batch() -> int:
    with transaction.atomic(using=ALIAS):
        _lock()
        pending = list(Ligne.objects.filter(sceau__isnull=True).order_by("id")[:_LOT])
        heads = {ref: _head(ref) for ref in {ligne.structure_ref for ligne in pending}}
        key = trousseau().journal
        seals = []
        for ligne in pending:
            rang, precedent = heads[ligne.structure_ref]
            empreinte = _hash(ligne, precedent, rang + 1, key)
            seals.append(
                Sceau(
                    structure_ref=ligne.structure_ref,
                    rang=rang + 1,
                    ligne=ligne,
                    precedent=precedent,
                    empreinte=empreinte,
                )
            )
            heads[ligne.structure_ref] = (rang + 1, empreinte)
        Sceau.objects.bulk_create(seals)
    return len(pending)


def _lock() -> None:
    connection = connections[ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU])


def _head(structure_ref: str) -> tuple[int, str]:
    last = Sceau.objects.filter(structure_ref=structure_ref).order_by("-rang").first()
    return (last.rang, last.empreinte) if last else (0, ORIGINE)


def _flaw(sceau: Sceau, rang: int, precedent: str, key: bytes) -> str:
    if sceau.rang != rang:
        return "une ligne a été retirée"
    if sceau.precedent != precedent:
        return "le maillon ne suit pas le précédent"
    if not hmac.compare_digest(sceau.empreinte, _hash(sceau.ligne, precedent, rang, key)):
        return "la ligne a été modifiée"
    return ""


def _hash(ligne: Ligne, precedent: str, rang: int, key: bytes) -> str:
    content = json.dumps(
        [
            precedent,
            rang,
            ligne.pk,
            ligne.quand.isoformat(timespec="microseconds"),
            ligne.structure_ref,
            ligne.acteur,
            ligne.responsable,
            ligne.patient_ref,
            ligne.action,
            ligne.objet,
            ligne.motif,
            ligne.resultat,
            ligne.noeud,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hmac.new(key, content.encode("utf-8"), hashlib.sha256).hexdigest()


def _verdict(
    structure_ref: str, lignes: int, tete: str, *, rompu_au_rang: int | None = None, raison: str = ""
) -> Verdict:
    pending = Ligne.objects.filter(structure_ref=structure_ref, sceau__isnull=True).count()
    return Verdict(structure_ref, lignes, pending, tete, rompu_au_rang, raison)
