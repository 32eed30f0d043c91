"""The installation itself: versions, disk, databases, journal, deliveries that wait."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

from django.db import DatabaseError, connections
from django.utils import timezone

from opensegur import __version__
from opensegur.cabinet.chiffrement.trousseau import trousseau
from opensegur.cabinet.diagnostic.constat import Constat, broken, good, watch
from opensegur.cabinet.envois.etats import Etat
from opensegur.cabinet.envois.models import Envoi, OuvrierVu
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.journal.tetes import read_heads
from opensegur.foundation.errors import ConfigurationError

_GIB = 1024**3
_LEAST, _LITTLE = 1, 5
_LATE = timedelta(minutes=15)
_SILENT = timedelta(minutes=2)
_UNSEALED = 1000
_LIBRARIES = ("django", "lxml", "cryptography", "pikepdf")


def check_installation(donnees: Path, now: datetime) -> Iterator[Constat]:
    yield good("OpenSégur", f"Version {__version__}, Python {platform.python_version()}, {platform.platform()}.")
    yield good("Bibliothèques", ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES))
    yield _disk(donnees)
    for alias, name in (("default", "Base des dossiers"), ("journal", "Base du journal")):
        yield _database(alias, name)
    yield _keys()
    yield _journal()
    yield _workers(now)
    yield _deliveries(now)


def _disk(donnees: Path) -> Constat:
    free = shutil.disk_usage(donnees).free / _GIB
    said = f"{free:.1f} Gio libres."
    if free < _LEAST:
        return broken("Disque", said, "Faites de la place : sans elle, rien ne s’enregistre.")
    if free < _LITTLE:
        return watch("Disque", said, "Faites de la place bientôt.")
    return good("Disque", said)


def _database(alias: str, name: str) -> Constat:
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            if connection.vendor != "sqlite":
                cursor.execute("SELECT version()")
                return good(name, str(cursor.fetchone()[0]).partition(" on ")[0])
            cursor.execute("PRAGMA quick_check(1)")
            verdict = str(cursor.fetchone()[0])
    except DatabaseError as error:
        return broken(name, f"Ne répond pas ({type(error).__name__}).", "Redémarrez-la, ou reprenez une sauvegarde.")
    if verdict != "ok":
        return broken(name, "Le fichier est abîmé.", "Arrêtez le logiciel et reprenez la dernière sauvegarde.")
    return good(name, "SQLite, fichier en bon état.")


def _keys() -> Constat:
    try:
        ring = trousseau()
    except ConfigurationError as error:
        return broken("Clés de chiffrement", error.message, error.conseil)
    return good("Clés de chiffrement", f"Trousseau lu, {len(ring.cles)} clé(s). Gardez-en une copie à part.")


def _journal() -> Constat:
    try:
        heads = read_heads(trousseau().journal)
    except ConfigurationError as error:
        return broken("Journal", error.message, error.conseil)
    waiting = Ligne.objects.filter(sceau__isnull=True).count()
    if waiting > _UNSEALED:
        remedy = "Le travail de fond est-il arrêté ? Redémarrez le logiciel."
        return watch("Journal", f"{waiting} lignes attendent leur sceau.", remedy)
    return good("Journal", f"{len(heads)} chaîne(s) scellée(s), {waiting} ligne(s) en attente.")


def _workers(now: datetime) -> Constat:
    """Seen within two minutes: each says that it is there every half minute."""
    seen = OuvrierVu.objects.filter(vu_le__gte=now - _SILENT).count()
    if seen:
        return good("Travail de fond", f"{seen} ouvrier(s) au travail.")
    last = OuvrierVu.objects.order_by("-vu_le").first()
    said = f"Aucun ouvrier depuis le {timezone.localtime(last.vu_le):%d/%m à %H:%M}." if last else "Aucun ouvrier."
    return broken("Travail de fond", said, "Rien ne part : redémarrez le logiciel.")


def _deliveries(now: datetime) -> Constat:
    late = Envoi.objects.filter(etat__in=(Etat.EN_FILE, Etat.EN_COURS), cree_le__lt=now - _LATE).count()
    refused = Envoi.objects.filter(etat=Etat.REFUSE).count()
    if late:
        return watch("Envois", f"{late} attendent depuis plus d’un quart d’heure.", "Voyez la page Envois.")
    if refused:
        return watch("Envois", f"{refused} ont été refusés.", "Voyez la page Envois : chacun dit quoi faire.")
    return good("Envois", "Aucun en retard, aucun refusé.")
