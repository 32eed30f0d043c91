"""Keeping certificates: added, put back, erased. One of each usage is in service.

A replaced certificate keeps its key so that it can be put back, until somebody erases it or it no longer serves.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from opensegur.cabinet.certificats.models import Certificat
from opensegur.cabinet.certificats.ouverture import Ouverte
from opensegur.cabinet.certificats.usages import Usage
from opensegur.cabinet.certificats.verification import note
from opensegur.cabinet.structures.models import Structure
from opensegur.cps.certificats import is_test
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.verificateur import Appreciation

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte

_E = Certificat.Etat


def add(structure: Structure, usage: Usage, ouverte: Ouverte, said: Appreciation, auteur: Compte) -> Certificat:
    """Keep it and put it in service in the place of the one that was. Raises ``InvalidValue`` CERT_DEJA."""
    certificate, now = ouverte.chaine[0], timezone.now()
    row = Certificat(
        structure=structure,
        usage=usage,
        etat=_E.EN_SERVICE,
        nom=_name(certificate),
        sujet=certificate.subject.rfc4514_string()[:500],
        emetteur=certificate.issuer.rfc4514_string()[:500],
        serie=f"{certificate.serial_number:x}"[:48],
        debut=certificate.not_valid_before_utc,
        fin=certificate.not_valid_after_utc,
        empreinte=certificate.fingerprint(hashes.SHA256()).hex(),
        de_test=is_test(certificate),
        pem=ouverte.pem,
        cle=ouverte.cle,
        ajoute_le=now,
        ajoute_par=auteur,
    )
    note(row, said, now)
    with transaction.atomic():
        _lock(structure)
        kept = Certificat.objects.filter(structure=structure, usage=usage, empreinte=row.empreinte)
        if kept.filter(cle__isnull=False).exists():
            raise InvalidValue(
                "CERT_DEJA",
                "Ce certificat est déjà là.",
                conseil="S’il a été remplacé, remettez-le en service depuis la liste.",
            )
        former = _take_out(structure, usage, now)
        row.save(force_insert=True)
        former.update(remplace_par=row)
    return row


def put_back(row: Certificat, now: datetime) -> None:
    """In service again, in the place of its successor. Raises ``InvalidValue`` CERT_HORS_SERVICE."""
    with transaction.atomic():
        _lock(row.structure)
        waiting = Certificat.objects.filter(pk=row.pk, etat=_E.REMPLACE, cle__isnull=False, fin__gt=now)
        if not waiting.exclude(revocation=Certificat.Revocation.REVOQUE).exists():
            raise InvalidValue(
                "CERT_HORS_SERVICE",
                "Ce certificat ne peut plus servir.",
                conseil="Il est expiré, révoqué, ou sa clé est effacée : ajoutez-en un autre.",
            )
        _take_out(row.structure, Usage(row.usage), now).update(remplace_par=row)
        waiting.update(etat=_E.EN_SERVICE, sorti_le=None, remplace_par=None)


def erase(row: Certificat, auteur: Compte, now: datetime) -> None:
    """Out of service, its key erased; what it was stays in the list."""
    gone = {"etat": _E.RETIRE, "cle": None, "efface_le": now, "efface_par": auteur}
    Certificat.objects.filter(pk=row.pk, cle__isnull=False).update(**gone, sorti_le=row.sorti_le or now)


def erase_useless(now: datetime) -> int:
    """The keys of replaced certificates that can no longer be put back."""
    useless = Q(fin__lte=now) | Q(revocation=Certificat.Revocation.REVOQUE)
    rows = Certificat.objects.filter(useless, etat=_E.REMPLACE, cle__isnull=False)
    return rows.update(etat=_E.RETIRE, cle=None, efface_le=now)


def _take_out(structure: Structure, usage: Usage, now: datetime) -> QuerySet[Certificat]:
    """Whoever is in service leaves it; give those that left."""
    rows = Certificat.objects.filter(structure=structure, usage=usage, etat=_E.EN_SERVICE)
    left = list(rows.values_list("pk", flat=True))
    rows.update(etat=_E.REMPLACE, sorti_le=now)
    return Certificat.objects.filter(pk__in=left)


def _lock(structure: Structure) -> None:
    """Two additions at once come one after the other."""
    Structure.objects.select_for_update().only("pk").get(pk=structure.pk)


def _name(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value)[:64] if found else "sans nom"
