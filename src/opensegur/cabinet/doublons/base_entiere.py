"""The whole base of a structure, compared with itself: asked for on screen or at the terminal, made by the worker."""

from __future__ import annotations

import logging
from array import array
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.doublons.collisions import search_collisions
from opensegur.cabinet.doublons.models import Paire, Recherche
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.ins.doublons import (
    A_VERIFIER,
    Avancee,
    Fiche,
    Moteur,
    MoteurDuckDB,
    Trouvee,
    find_duplicates,
    modele_francais,
)

_log = logging.getLogger(__name__)
_SILENCE = timedelta(minutes=10)
_READ, _WRITTEN = 5_000, 500
_CHAMPS = (
    "ipp",
    "nom_naissance",
    "premier_prenom",
    "date_naissance",
    "sexe",
    "lieu_naissance",
    "prenoms",
    "nom_utilise",
    "matricule",
)
_E = Recherche.Etat

Suivre = Callable[[Recherche], None]


class _Arret(Exception):
    """Somebody has asked to stop."""


def ask(structure: Structure, auteur: Compte) -> Recherche:
    """A search to make; the one that is waiting or under way when there is one already."""
    try:
        with transaction.atomic():
            return Recherche.objects.create(structure=structure, auteur=auteur)
    except IntegrityError:
        return Recherche.objects.get(structure=structure, etat__in=Recherche.EN_ROUTE)


def stop(recherche: Recherche) -> None:
    """One that has not begun is stopped at once, the others between two steps."""
    waiting = Recherche.objects.filter(pk=recherche.pk, etat=_E.DEMANDEE)
    if not waiting.update(etat=_E.ARRETEE, fin=timezone.now()):
        Recherche.objects.filter(pk=recherche.pk, etat=_E.EN_COURS).update(arret_demande=True)


def claim() -> Recherche | None:
    """The next search to make, taken by this process alone; one whose process has died is taken up again."""
    now = timezone.now()
    Recherche.objects.filter(etat=_E.EN_COURS, battement__lt=now - _SILENCE).update(etat=_E.DEMANDEE)
    for found in Recherche.objects.filter(etat=_E.DEMANDEE).order_by("demandee_le"):
        if Recherche.objects.filter(pk=found.pk, etat=_E.DEMANDEE).update(etat=_E.EN_COURS, battement=now):
            return Recherche.objects.select_related("structure").get(pk=found.pk)
    return None


def claim_this(recherche: Recherche) -> Recherche:
    """Take this search at once, for whoever asked and waits. Raises ``InvalidValue`` (DOUBLONS_EN_COURS)."""
    free = Recherche.objects.filter(pk=recherche.pk, etat=_E.DEMANDEE)
    if not free.update(etat=_E.EN_COURS, battement=timezone.now()):
        raise InvalidValue(
            "DOUBLONS_EN_COURS",
            "Une recherche est déjà en cours dans cette structure.",
            conseil="Attendez sa fin, ou arrêtez-la dans le cabinet : Identités, Doublons.",
        )
    return Recherche.objects.select_related("structure").get(pk=recherche.pk)


def run(recherche: Recherche, moteur: Moteur | None = None, suivre: Suivre = lambda _recherche: None) -> Recherche:
    """Make a claimed search to its end, whatever that is; pairs already decided stay as they were decided."""
    try:
        _compare(recherche, moteur or MoteurDuckDB(), suivre)
    except _Arret:
        _end(recherche, _E.ARRETEE)
    except KeyboardInterrupt:
        _end(recherche, _E.ARRETEE)
        raise
    except OpenSegurError as error:
        _end(recherche, _E.ECHOUEE, echec=f"{error.message} {error.conseil}".strip())
    except Exception:
        _end(recherche, _E.ECHOUEE, echec="Une erreur imprévue l’a arrêtée : le journal technique en dit la cause.")
        raise
    return recherche


def _compare(recherche: Recherche, moteur: Moteur, suivre: Suivre) -> None:
    patients = Patient.objects.filter(structure=recherche.structure, absorption=None)
    _save(recherche, total=patients.count(), fiches=0, tranche=0, tranches=0)
    numbers = array("q")

    def fiches() -> Iterator[Fiche]:
        for ipp, *traits in patients.order_by("ipp").values_list(*_CHAMPS).iterator(chunk_size=_READ):
            numbers.append(ipp)
            yield Fiche(str(ipp), *traits)

    def advance(avancee: Avancee) -> None:
        if Recherche.objects.filter(pk=recherche.pk, arret_demande=True).exists():
            raise _Arret
        _save(recherche, fiches=avancee.fiches, tranche=avancee.tranche, tranches=avancee.tranches)
        suivre(recherche)

    found = find_duplicates(fiches(), modele_francais(), moteur, seuil=A_VERIFIER, suivre=advance)
    new = sum(_write(recherche.structure, numbers, some) for some in _by(found, _WRITTEN))
    collisions = search_collisions(recherche.structure)
    _end(recherche, _E.FAITE, trouvees=len(found), nouvelles=new, collisions=collisions)


def _write(structure: Structure, numbers: array[int], found: list[Trouvee]) -> int:
    """Note these pairs; those known and not decided take the new score. Gives how many are new."""
    wanted = {numbers[place] for each in found for place in (each.a, each.b)}
    keys = dict(Patient.objects.filter(structure=structure, ipp__in=wanted).values_list("ipp", "pk"))
    pairs = [
        Paire(
            structure=structure,
            a_id=keys[numbers[each.a]],
            b_id=keys[numbers[each.b]],
            score=score_of(each.verdict.probabilite),
            raisons=list(modele_francais().reasons(each.verdict.niveaux)),
        )
        for each in found
        # a record may have been removed since it was read
        if numbers[each.a] in keys and numbers[each.b] in keys
    ]
    with transaction.atomic():
        before = Paire.objects.filter(a__in=[pair.a_id for pair in pairs], b__in=[pair.b_id for pair in pairs])
        known = {(pair.a_id, pair.b_id): pair for pair in before.select_for_update()}
        again = []
        for pair in pairs:
            old = known.get((pair.a_id, pair.b_id))
            if old is not None and old.etat == Paire.Etat.A_TRAITER:
                old.score, old.raisons = pair.score, pair.raisons
                again.append(old)
        Paire.objects.bulk_update(again, ["score", "raisons"])
        new = [pair for pair in pairs if (pair.a_id, pair.b_id) not in known]
        Paire.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def score_of(probabilite: float) -> int:
    """From 1 to 99: nobody is certain but a person."""
    return max(1, min(99, round(100 * probabilite)))


def _by(found: Iterable[Trouvee], count: int) -> Iterator[list[Trouvee]]:
    waiting = iter(found)
    while some := list(islice(waiting, count)):
        yield some


def _save(recherche: Recherche, **values: object) -> None:
    for name, value in values.items():
        setattr(recherche, name, value)
    recherche.battement = timezone.now()
    recherche.save(update_fields=[*values, "battement"])


def _end(recherche: Recherche, etat: Recherche.Etat, **values: object) -> None:
    _save(recherche, etat=etat, fin=timezone.now(), **values)
    _log.info("duplicates: search %s, %s, %d records", recherche.pk, etat.value, recherche.fiches)
