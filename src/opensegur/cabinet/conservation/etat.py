"""What the sheet says that is measured: who reads, what is encrypted, who comes in with two proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.chiffrement.registre import REGISTRE, Traitement
from opensegur.cabinet.comptes.models import CleAcces, Rattachement, SecondFacteur
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import ConfigurationError

VINGT_ANS = timedelta(days=20 * 365.25)


@dataclass(frozen=True, slots=True)
class Mesures:
    """``chiffrees``: columns of the database; ``deux_preuves``: accounts out of ``comptes``."""

    https: bool
    base: str
    chiffrees: int
    comptes: int
    deux_preuves: int


def measures_of(structure: Structure) -> Mesures:
    places = Rattachement.objects.filter(structure=structure, actif=True, compte__is_active=True)
    strong = Exists(SecondFacteur.objects.filter(compte=OuterRef("compte"), actif_depuis__isnull=False))
    passkey = Exists(CleAcces.objects.filter(compte=OuterRef("compte")))
    return Mesures(
        https=settings.REGLAGES.https,
        base="PostgreSQL" if connection.vendor == "postgresql" else "SQLite",
        chiffrees=sum(each.traitement is not Traitement.CLAIR for each in REGISTRE),
        comptes=places.count(),
        deux_preuves=places.filter(Q(strong) | Q(passkey)).count(),
    )


def recipients_of(structure: Structure) -> tuple[str, ...]:
    """The national services that the configuration of ``structure`` reaches."""
    try:
        configuration = configuration_of(structure)
    except ConfigurationError:
        return ()
    points = (
        (configuration.insi, "Téléservice INSi (Assurance maladie) : traits d’identité, pour l’INS"),
        (configuration.apcv, "Appli carte Vitale : identité et droits que le patient présente"),
        (configuration.dmp, "Dossier médical partagé (Mon espace santé) : documents déposés, consultations"),
        (configuration.psc, "Pro Santé Connect : identité des professionnels, rien des patients"),
    )
    return tuple(label for point, label in points if point is not None)


def records_past_their_time(structure: Structure, now: datetime) -> int:
    """Records that nothing has touched for twenty years: for a person to look at."""
    limit = now - VINGT_ANS
    seen = Exists(Venue.objects.filter(patient=OuterRef("pk"), prevue_le__gte=limit))
    written = Exists(Document.objects.filter(patient=OuterRef("pk"), cree_le__gte=limit))
    return Patient.objects.filter(structure=structure, cree_le__lt=limit).exclude(seen).exclude(written).count()
