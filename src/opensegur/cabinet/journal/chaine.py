"""Sealing lines into a chain, and checking it.

A seal is an HMAC-SHA-256, with a key kept outside the database, over the previous seal and the line's canonical
form: whoever can write in the database but has not the key cannot mend a chain they have cut. Cutting its tail shows
against the heads that are kept outside the database (``tetes``), or against one noted elsewhere (``temoin``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connections, transaction

from opensegur.cabinet.chiffrement.trousseau import trousseau
from opensegur.cabinet.journal.models import Ligne, Sceau
from opensegur.cabinet.journal.tetes import Tete, read_heads, write_heads

ALIAS = "journal"
ORIGINE = "0" * 64
_LOT = 1000
_LIGNE = (
    "pk", "quand", "structure_ref", "acteur", "responsable", "patient_ref", "action", "objet", "motif", "resultat",
    "noeud",
)  # fmt: skip
_LU = ("rang", "precedent", "empreinte", *(f"ligne__{name}" for name in _LIGNE))
# one advisory lock for all sealers of a PostgreSQL journal: sealing is background work and need not be parallel
_VERROU = 0x53454755


class Maillon(NamedTuple):
    """A seal and the line under it, as the database has them."""

    rang: int
    precedent: str
    empreinte: str
    numero: int
    quand: datetime
    structure_ref: str
    acteur: str
    responsable: str
    patient_ref: str
    action: str
    objet: str
    motif: str
    resultat: str
    noeud: str


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

    ``temoin`` is a head noted earlier, kept outside the installation: the chain must pass through it, as through the
    head of ``journal.tetes``. Raises ``ConfigurationError`` (JOURNAL_TETES).
    """
    key = trousseau().journal
    kept = read_heads(key).get(structure_ref)
    precedent, rang, seen = ORIGINE, 0, not temoin
    rows = Sceau.objects.filter(structure_ref=structure_ref).order_by("rang").values_list(*_LU)
    for row in rows.iterator(chunk_size=_LOT):
        rang += 1
        if reason := _flaw(Maillon(*row), rang, precedent, key, kept):
            return _verdict(structure_ref, rang - 1, precedent, rompu_au_rang=rang, raison=reason)
        precedent = row[2]
        seen = seen or precedent == temoin
    missing = "" if seen else "le témoin n’est pas dans la chaîne"
    if kept is not None and rang < kept.rang:
        missing = "la fin de la chaîne a été retirée"
    if missing:
        return _verdict(structure_ref, rang, precedent, rompu_au_rang=rang + 1, raison=missing)
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
            empreinte = _hash([getattr(ligne, name) for name in _LIGNE], precedent, rang + 1, key)
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
    if seals:
        # after the commit: a head that the database does not have yet would look like a cut
        write_heads({ref: Tete(*head) for ref, head in heads.items()}, key)
    return len(pending)


def _lock() -> None:
    connection = connections[ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU])


def _head(structure_ref: str) -> tuple[int, str]:
    last = Sceau.objects.filter(structure_ref=structure_ref).order_by("-rang").first()
    return (last.rang, last.empreinte) if last else (0, ORIGINE)


def _flaw(maillon: Maillon, rang: int, precedent: str, key: bytes, kept: Tete | None) -> str:
    if maillon.rang != rang:
        return "une ligne a été retirée"
    if maillon.precedent != precedent:
        return "le maillon ne suit pas le précédent"
    expected = _hash(maillon[3:], precedent, rang, key)
    # bytes: a forged seal may hold anything
    if not hmac.compare_digest(maillon.empreinte.encode(), expected.encode()):
        return "la ligne a été modifiée"
    if kept is not None and kept.rang == rang and kept.empreinte != maillon.empreinte:
        return "la chaîne n’est pas celle dont la tête a été gardée"
    return ""


def _hash(ligne: Sequence[object], precedent: str, rang: int, key: bytes) -> str:
    """``ligne``: the values of ``_LIGNE``, in that order."""
    number, moment, *others = ligne
    assert isinstance(moment, datetime)
    content = json.dumps(
        [precedent, rang, number, moment.isoformat(timespec="microseconds"), *others],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hmac.new(key, content.encode("utf-8"), hashlib.sha256).hexdigest()


def _verdict(
    structure_ref: str, lignes: int, tete: str, *, rompu_au_rang: int | None = None, raison: str = ""
) -> Verdict:
    pending = Ligne.objects.filter(structure_ref=structure_ref, sceau__isnull=True).count()
    return Verdict(structure_ref, lignes, pending, tete, rompu_au_rang, raison)
