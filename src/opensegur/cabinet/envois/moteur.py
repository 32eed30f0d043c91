"""The engine of deliveries: the row is the queue.

Claiming is a lease on the row (SKIP LOCKED on PostgreSQL, one writer at a time on SQLite), so that as many workers
as wanted, on as many machines, share one outbox without a second queue to keep in step with it
(docs/decisions/0004-envois.md). Nothing is sent inside a transaction.
"""

from __future__ import annotations

import json
import logging
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from opensegur.cabinet.envois.etats import EN_ATTENTE, Etat, check_decision, check_transition
from opensegur.cabinet.envois.expediteurs import Reussite, expediteur_for
from opensegur.cabinet.envois.models import Envoi, Tache, Tentative
from opensegur.cabinet.journal.port import record
from opensegur.foundation.errors import OpenSegurError

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte

_log = logging.getLogger(__name__)

BAIL = timedelta(minutes=3)
DELAIS = tuple(
    timedelta(seconds=s) for s in (15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600, 24 * 3600, 24 * 3600)
)


class PorteurAbsent(OpenSegurError):
    """The means of this delivery needs a card or a session, and its holder is not there."""


def claim(ouvrier: str, *, limite: int = 1) -> list[UUID]:
    """Take at most ``limite`` due deliveries, or ones whose worker died: their lease is over."""
    now = timezone.now()
    due = Envoi.objects.filter(
        models.Q(etat=Etat.EN_FILE, a_tenter_le__lte=now)
        | models.Q(etat=Etat.EN_COURS, bail_jusqu_a__lte=now, a_tenter_le__lte=now)
    ).order_by("a_tenter_le")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        taken = list(due.values_list("pk", flat=True)[:limite])
        Envoi.objects.filter(pk__in=taken).update(etat=Etat.EN_COURS, bail_par=ouvrier, bail_jusqu_a=now + BAIL)
    return taken


def run_one(pk: UUID, ouvrier: str) -> None:
    """Make one attempt of a claimed delivery and write down how it ended."""
    envoi = Envoi.objects.select_related("structure", "patient", "auteur").get(pk=pk)
    tentative = _open_attempt(envoi, ouvrier)
    try:
        _check_still_worth_trying(envoi)
        reussite = expediteur_for(envoi).envoyer(envoi)
    except PorteurAbsent as error:
        _close(envoi, tentative, ouvrier, Etat.ATTEND_PORTEUR, error)
    except OpenSegurError as error:
        _close(envoi, tentative, ouvrier, _after_failure(envoi, error), error)
    except Exception as error:  # noqa: BLE001 a fault of ours must not stop the worker nor lose the delivery
        _log.exception("an attempt failed unexpectedly")
        wrapped = OpenSegurError(
            "ENVOI_PANNE",
            "L’envoi a échoué pour une raison interne.",
            conseil="Signalez-le au support avec l’heure de l’essai.",
            detail=type(error).__name__,
            retryable=True,
        )
        _close(envoi, tentative, ouvrier, _after_failure(envoi, wrapped), wrapped)
    else:
        _close(envoi, tentative, ouvrier, Etat.DEPOSE, reussite)


def retry(envoi: Envoi, compte: Compte) -> None:
    """``compte`` asks for another attempt: the same row, the same identifiers. Raises ``TransitionInterdite``."""
    fresh = {"essais": 0, "termine_le": None, "code": "", "message": "", "conseil": ""}
    _move_by_hand(envoi, compte, Etat.EN_FILE, a_tenter_le=timezone.now(), **fresh)


def abandon(envoi: Envoi, compte: Compte) -> None:
    """``compte`` gives the delivery up. Raises ``TransitionInterdite``."""
    _move_by_hand(envoi, compte, Etat.ABANDONNE, termine_le=timezone.now())


def next_due() -> datetime | None:
    """When the next attempt is due, if any is waiting."""
    return Envoi.objects.filter(etat=Etat.EN_FILE).aggregate(when=models.Min("a_tenter_le"))["when"]


def _open_attempt(envoi: Envoi, ouvrier: str) -> Tentative:
    now = timezone.now()
    with transaction.atomic():
        Tentative.objects.filter(envoi=envoi, fin=None).update(fin=now, resultat="interrompue")
        # counted before anything leaves: an attempt that kills its worker is one too
        Envoi.objects.filter(pk=envoi.pk).update(essais=models.F("essais") + 1)
        last = Tentative.objects.filter(envoi=envoi).aggregate(n=models.Max("numero"))["n"] or 0
        return Tentative.objects.create(envoi=envoi, numero=last + 1, ouvrier=ouvrier, debut=now)


def _check_still_worth_trying(envoi: Envoi) -> None:
    """Only attempts that ended without an answer bring a delivery past its last try."""
    if envoi.essais > len(DELAIS):
        raise OpenSegurError(
            "ENVOI_TROP_D_ESSAIS",
            "L’envoi a été interrompu à chaque essai.",
            conseil="Signalez-le au support, puis envoyez de nouveau le document.",
        )


def _after_failure(envoi: Envoi, error: OpenSegurError) -> Etat:
    return Etat.EN_FILE if error.retryable and envoi.essais < len(DELAIS) else Etat.REFUSE


def _close(envoi: Envoi, tentative: Tentative, ouvrier: str, etat: Etat, issue: Reussite | OpenSegurError) -> None:
    check_transition(Etat.EN_COURS, etat)
    now = timezone.now()
    error = issue if isinstance(issue, OpenSegurError) else None
    with transaction.atomic():
        # guarded by the lease: a worker that slept past it must not overwrite what its successor found
        still_ours = Envoi.objects.filter(pk=envoi.pk, etat=Etat.EN_COURS, bail_par=ouvrier).update(
            etat=etat,
            bail_par="",
            bail_jusqu_a=None,
            a_tenter_le=now + _delay(envoi.essais) if etat == Etat.EN_FILE else envoi.a_tenter_le,
            termine_le=None if etat in EN_ATTENTE else now,
            code=error.code if error else "",
            message=error.message if error else "",
            conseil=error.conseil if error else "",
        )
        Tentative.objects.filter(pk=tentative.pk).update(
            fin=now,
            resultat=etat if still_ours else "bail perdu",
            code=error.code if error else "",
            detail=issue.detail[:2000],
        )
        if still_ours and etat == Etat.REFUSE and error:
            Tache.objects.create(
                structure=envoi.structure,
                patient=envoi.patient,
                envoi=envoi,
                code=error.code,
                motif=error.message,
                conseil=error.conseil,
            )
    record(
        f"envoi.{envoi.canal}.{envoi.nature}",
        structure_id=envoi.structure_id,
        acteur=envoi.auteur.acteur,
        responsable=_answers(envoi),
        patient_ref=envoi.patient_id,
        objet=f"envoi {envoi.pk}",
        resultat=error.code if error else "succes",
    )


def _answers(envoi: Envoi) -> str:
    """The professional in whose name it goes, when another person sent it."""
    said = json.loads(envoi.parametres or "{}").get("professionnel", {}).get("id_nat", "")
    return "" if said == envoi.auteur.acteur else said


def _delay(essais: int) -> timedelta:
    base = DELAIS[min(essais, len(DELAIS) - 1)]
    return base * (1 + random.random() / 5)  # noqa: S311 spreads the retries of many rows; not a secret # nosec B311


def _move_by_hand(envoi: Envoi, compte: Compte, vers: Etat, **champs: object) -> None:
    with transaction.atomic():
        current = Envoi.objects.select_for_update().only("etat").get(pk=envoi.pk)
        check_decision(current.etat, vers)
        Envoi.objects.filter(pk=envoi.pk).update(etat=vers, **champs)
        Tache.objects.filter(envoi=envoi, close_le=None).update(close_le=timezone.now(), close_par=compte)
