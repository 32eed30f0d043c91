"""What was read, between the reading and the decision: kept under an opaque number, never in an address."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.utils import timezone

from opensegur.cabinet.guichet.models import DUREE, Lecture
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import Canal


class LectureDepassee(OpenSegurError):
    """What was read has served, is too old, or was never read in this structure."""

    def __init__(self) -> None:
        super().__init__(
            "LECTURE_DEPASSEE",
            "Cette lecture a déjà servi, ou elle est trop ancienne.",
            conseil="Scannez le code ou lisez la carte de nouveau.",
        )


def keep_reading(request: Requete, nature: Lecture.Nature, canal: Canal, contenu: dict[str, Any]) -> Lecture:
    """Keep ``contenu`` (JSON) for the next screen, and forget what was read long ago."""
    now = timezone.now()
    Lecture.forget(now)
    return Lecture.objects.create(
        structure=request.qui.structure,
        auteur=request.qui.compte,
        nature=nature,
        canal=canal.value,
        moment=now,
        contenu=json.dumps(contenu, ensure_ascii=False),
    )


def reading_of(request: Requete, lecture_id: UUID, nature: Lecture.Nature) -> tuple[Lecture, dict[str, Any]]:
    """The reading of this structure, with what was read. Raises ``LectureDepassee``."""
    found = Lecture.objects.filter(
        pk=lecture_id,
        structure=request.qui.structure,
        nature=nature,
        consommee=False,
        moment__gte=timezone.now() - DUREE,
    ).first()
    if found is None:
        raise LectureDepassee
    return found, json.loads(found.contenu)


def consume(lecture: Lecture) -> None:
    """It has served. Raises ``LectureDepassee`` when it has already: two tabs, a form sent twice."""
    if not Lecture.objects.filter(pk=lecture.pk, consommee=False).update(consommee=True):
        raise LectureDepassee
