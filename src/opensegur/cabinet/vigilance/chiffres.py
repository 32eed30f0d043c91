"""The figures of identitovigilance: one pass over the evidence, counts alone.

Sources: indicator sheet IND 03 of the 3RIV (IN-INSI); the other counts are what the RNIV asks a structure to watch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.doublons.collisions import to_examine
from opensegur.cabinet.doublons.veille import to_decide
from opensegur.cabinet.patients.models import Patient, Preuve, RechercheInsi
from opensegur.cabinet.vigilance.models import Recue
from opensegur.ins import CodeRetour, Nature, Statut, Suivi

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure

AGES = (
    (7, "moins de 7 jours"),
    (30, "7 à 30 jours"),
    (90, "1 à 3 mois"),
    (365, "3 mois à 1 an"),
    (None, "plus d’un an"),
)
_PROVING = frozenset(
    {
        Nature.CONTROLE_REUSSI,
        Nature.ATTESTATION,
        Nature.APPLI_VITALE,
        Nature.CONTRAT_CONFIANCE,
        Nature.FLUX_VALIDEE,
        Nature.FLUX_QUALIFIEE,
    }
)
_REFRESHING = frozenset(
    {
        Nature.RECUPERATION_INSI,
        Nature.INS_RECUE_VERIFIEE,
        Nature.VERIFICATION_REUSSIE,
        Nature.APPLI_VITALE,
    }
)
_ROUND = 2000
_DAYS_IN_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class Periode:
    """``fin`` included."""

    debut: date
    fin: date

    def holds(self, moment: datetime) -> bool:
        return self.debut <= timezone.localtime(moment).date() <= self.fin

    @property
    def bornes(self) -> tuple[datetime, datetime]:
        zone = timezone.get_current_timezone()
        return (
            datetime.combine(self.debut, time.min, zone),
            datetime.combine(self.fin + timedelta(days=1), time.min, zone),
        )


@dataclass(frozen=True, slots=True)
class _Cadre:
    """What a history is judged against."""

    now: datetime
    perime: datetime
    periode: Periode


@dataclass(slots=True)
class _Comptes:
    statuts: Counter[str] = field(default_factory=Counter)
    statuts_vus: Counter[str] = field(default_factory=Counter)
    ages: Counter[str] = field(default_factory=Counter)
    delais: list[float] = field(default_factory=list)
    qualifiees_sans_preuve: int = 0
    par_attestation: int = 0
    a_verifier: int = 0
    sans_lieu: int = 0
    sexe_indetermine: int = 0


def compute_figures(structure: Structure, periode: Periode, now: datetime) -> dict[str, Any]:
    """Every figure of the board, ready to be written as JSON.

    The statuses are those of ``now``; the answers of INSi, the patients seen and the times to qualification are those
    of ``periode``.
    """
    counts = _Comptes()
    seen = _seen(structure, periode)
    cadre = _Cadre(now, now - timedelta(days=structure.verification_mois * _DAYS_IN_MONTH), periode)
    histories = _histories(structure)
    waiting: tuple[UUID, list[tuple[Nature, datetime]]] | None = next(histories, None)
    patients = _active(structure).order_by("pk").values_list("pk", "cree_le", "sexe", "lieu_naissance")
    for pk, created, sexe, lieu in patients.iterator(chunk_size=_ROUND):
        while waiting is not None and waiting[0] < pk:
            waiting = next(histories, None)
        events = waiting[1] if waiting is not None and waiting[0] == pk else []
        counts.sans_lieu += not lieu
        counts.sexe_indetermine += sexe == "I"
        _count(counts, cadre, events, created, seen=pk in seen)
    return _assemble(structure, counts, periode)


def _count(
    counts: _Comptes, cadre: _Cadre, events: list[tuple[Nature, datetime]], created: datetime, *, seen: bool
) -> None:
    follow = Suivi()
    qualified_at = refreshed = None
    natures = set()
    for nature, moment in events:
        natures.add(nature)
        if follow.add(nature) is Statut.QUALIFIEE and qualified_at is None:
            qualified_at = moment
        if nature in _REFRESHING:
            refreshed = moment
    statut = follow.statut
    counts.statuts[statut.value] += 1
    if seen:
        counts.statuts_vus[statut.value] += 1
    if statut is Statut.PROVISOIRE:
        counts.ages[_age((cadre.now - created).days)] += 1
    if statut is Statut.QUALIFIEE:
        counts.qualifiees_sans_preuve += not natures & _PROVING
        counts.par_attestation += follow.controle_par is Nature.ATTESTATION
    if statut in {Statut.RECUPEREE, Statut.QUALIFIEE}:
        counts.a_verifier += refreshed is None or refreshed < cadre.perime
    if qualified_at is not None and cadre.periode.holds(qualified_at):
        counts.delais.append(max(0.0, (qualified_at - created).total_seconds()))


def _age(days: int) -> str:
    return next(label for limit, label in AGES if limit is None or days < limit)


def _active(structure: Structure) -> Any:
    return Patient.objects.filter(structure=structure, absorption=None)


def _histories(structure: Structure) -> Iterator[tuple[UUID, list[tuple[Nature, datetime]]]]:
    """The evidence of each patient, in the order of the patients' keys."""
    rows = (
        Preuve.objects.filter(patient__structure=structure)
        .order_by("patient_id", "pk")
        .values_list("patient_id", "nature", "moment")
    )
    for pk, group in groupby(rows.iterator(chunk_size=_ROUND), key=itemgetter(0)):
        yield pk, [(Nature(nature), moment) for _, nature, moment in group]


def _seen(structure: Structure, periode: Periode) -> set[UUID]:
    venues = Venue.objects.filter(structure=structure, arrivee_le__range=periode.bornes)
    return set(venues.values_list("patient_id", flat=True))


def _assemble(structure: Structure, counts: _Comptes, periode: Periode) -> dict[str, Any]:
    total = sum(counts.statuts.values())
    return {
        "dossiers": total,
        "statuts": {statut.value: counts.statuts[statut.value] for statut in Statut},
        "vus": sum(counts.statuts_vus.values()),
        "statuts_vus": {statut.value: counts.statuts_vus[statut.value] for statut in Statut},
        "in_insi": counts.statuts["RECUP"] + counts.statuts["QUAL"],
        "insi": _answers(structure, periode),
        "ages_provisoires": {label: counts.ages[label] for _, label in AGES},
        "qualifiees_sans_preuve": counts.qualifiees_sans_preuve,
        "par_attestation": counts.par_attestation,
        "a_verifier": counts.a_verifier,
        "sans_lieu": counts.sans_lieu,
        "sexe_indetermine": counts.sexe_indetermine,
        "recues": Recue.objects.filter(structure=structure, traitee_le=None).count(),
        "doublons": to_decide(structure).count(),
        "collisions": to_examine(structure).count(),
        "delai": _delays(counts.delais),
    }


def _answers(structure: Structure, periode: Periode) -> dict[str, int]:
    """The answers of INSi by code, then by what a person decided about those that gave somebody."""
    rows = RechercheInsi.objects.filter(structure=structure, moment__range=periode.bornes)
    codes = Counter(rows.order_by().values_list("code", flat=True))
    issues = Counter(rows.order_by().values_list("issue", flat=True))
    return {
        "appels": sum(codes.values()),
        **{f"code_{code.value}": codes[code.value] for code in CodeRetour},
        "acceptees": issues[RechercheInsi.Issue.ACCEPTEE],
        "refusees": issues[RechercheInsi.Issue.REFUSEE],
        "en_attente": issues[RechercheInsi.Issue.EN_ATTENTE],
    }


def _delays(seconds: list[float]) -> dict[str, float | int | None]:
    """From the creation of the record to the first qualification, in seconds."""
    if not seconds:
        return {"nombre": 0, "mediane": None, "p90": None}
    last_decile = quantiles(seconds, n=10)[-1] if len(seconds) > 1 else seconds[0]
    return {"nombre": len(seconds), "mediane": median(seconds), "p90": last_decile}
