"""Trying and applying an import: batch by batch, each in a transaction that also says how far it went.

Whoever runs it may stop between two batches and come back later, in another process: the next run begins at the
first row that is not done. A line that cannot be taken never stops the others.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.imports import flux
from opensegur.cabinet.imports.bilan import Constat, Issue
from opensegur.cabinet.imports.candidats import Candidat
from opensegur.cabinet.imports.ecriture import Accepte, is_credible, write_batch
from opensegur.cabinet.imports.erreurs import ImportRefuse
from opensegur.cabinet.imports.fichier import forget_content
from opensegur.cabinet.imports.lecture import messages_of, people_of
from opensegur.cabinet.imports.masse import insert_rows
from opensegur.cabinet.imports.memoire import Memoire
from opensegur.cabinet.imports.models import Anomalie, Import
from opensegur.cabinet.imports.rapprochement import Rapprochement

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte

LOT = 5000
Progression = Callable[[Import], None]


def start(made: Import, *, essai: bool) -> None:
    """Make the import ready for its dry run, or for good. Raises ``ImportRefuse`` (IMPORT_ETAT)."""
    E = Import.Etat  # noqa: N806
    allowed = {E.A_REGLER, E.ESSAI, E.ESSAYE} if essai else {E.ESSAYE, E.ARRETE}
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=made.pk)
        if locked.etat not in allowed:
            raise ImportRefuse(
                "IMPORT_ETAT",
                f"Cet import ne peut pas être {'essayé' if essai else 'lancé'} : {locked.get_etat_display()}.",
                conseil="Rechargez la page de l’import.",
            )
        if essai:
            locked.anomalies.filter(essai=True).delete()
            Memoire.forget(locked)
        if essai or locked.etat == E.ESSAYE:
            locked.position, locked.comptes = 0, {}
        locked.etat, locked.arret = (E.ESSAI if essai else E.EN_COURS), False
        locked.save()
    made.refresh_from_db()


def advance(
    made: Import, auteur: Compte, *, seconds: float | None = None, progress: Progression = lambda _made: None
) -> Import:
    """Do as many batches as fit in ``seconds`` (all of them when None), at least one.

    Gives the import as it stands: still under way, stopped, or done.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    known_words: set[str] = set()
    made.refresh_from_db()
    people = _batches(made)
    while made.etat in {Import.Etat.ESSAI, Import.Etat.EN_COURS}:
        batch = next(people, [])
        made = _one(made, auteur, batch, known_words)
        progress(made)
        if deadline is not None and time.monotonic() > deadline:
            break
    return made


def ask_to_stop(made: Import) -> None:
    Import.objects.filter(pk=made.pk).update(arret=True)


def _batches(made: Import) -> Iterator[Sequence[Candidat | flux.Message]]:
    """From the first row that is not done."""
    people: Iterator[Candidat | flux.Message]
    if made.structure.esclave:
        people = messages_of(made, apres=made.position)
    else:
        people = people_of(made, apres=made.position)
    while batch := list(islice(people, LOT)):
        yield batch


def _one(made: Import, auteur: Compte, batch: Sequence[Candidat | flux.Message], known_words: set[str]) -> Import:
    """One batch: all of it is written, with the new position, or nothing is."""
    words = set(known_words)
    with transaction.atomic():
        locked = Import.objects.select_for_update().select_related("structure").get(pk=made.pk)
        if locked.etat != made.etat or locked.position != made.position:
            raise ImportRefuse(
                "IMPORT_EN_COURS",
                "Cet import avance déjà ailleurs.",
                conseil="Attendez que l’autre fenêtre ait fini, puis rechargez la page.",
            )
        essai = locked.etat == Import.Etat.ESSAI
        if locked.arret and not essai:
            locked.etat, locked.arret = Import.Etat.ARRETE, False
        elif batch:
            done = _process(locked, auteur, batch, words)
            locked.comptes = dict(Counter(locked.comptes) + done)
            locked.position += len(batch)
        if locked.etat != Import.Etat.ARRETE and len(batch) < LOT:
            _finish(locked, essai=essai)
        locked.save()
    known_words |= words
    return locked


def _process(
    made: Import, auteur: Compte, batch: Sequence[Candidat | flux.Message], known_words: set[str]
) -> Counter[str]:
    essai = made.etat == Import.Etat.ESSAI
    if made.structure.esclave:
        done, constats = flux.process(made, auteur, batch, essai=essai)
    else:
        candidats = [each for each in batch if isinstance(each, Candidat)]
        acceptes, constats = sort_out(made, candidats)
        if not essai:
            write_batch(made, auteur, acceptes, timezone.now(), known_words)
        done = Counter({Issue.CREE.value: len(acceptes)})
        done.update(constat.issue.value for constat in constats)
    insert_rows(
        Anomalie,
        ("ligne", "issue", "message", "ipp"),
        [(each.ligne, each.issue.value, each.message[:400], each.ipp) for each in constats],
        {"origine_id": made.pk, "essai": essai},
    )
    return done


def sort_out(made: Import, candidats: Sequence[Candidat]) -> tuple[list[Accepte], list[Constat]]:
    """The persons to be written, and what is to be said of the lines."""
    rapprochement = Rapprochement(made.structure, made.source, candidats)
    memoire = Memoire(made, candidats) if made.etat == Import.Etat.ESSAI else None
    acceptes: list[Accepte] = []
    constats: list[Constat] = []
    for candidat in candidats:
        traits = candidat.traits
        if traits is None:
            constats.append(Constat(candidat.ligne, Issue.REFUSE, _defects(candidat, bloquant=True)))
            continue
        found = rapprochement.judge(candidat, traits) or (memoire.judge(candidat, traits) if memoire else None)
        if found is not None:
            constats.append(found)
            if found.issue is Issue.DEJA or not made.ressemblances:
                continue
        kept, reserves = _claim(candidat, rapprochement)
        if reserve := " ".join(filter(None, [_defects(candidat, bloquant=False), reserves])):
            constats.append(Constat(candidat.ligne, Issue.RESERVE, reserve))
        acceptes.append((kept, traits))
        rapprochement.accept(kept, traits)
        if memoire:
            memoire.accept(kept, traits)
    if memoire:
        memoire.keep()
    return acceptes, constats


def _claim(candidat: Candidat, rapprochement: Rapprochement) -> tuple[Candidat, str]:
    """The person without a matricule that cannot be theirs, and why it is left out."""
    if candidat.matricule is None or candidat.traits is None:
        return candidat, ""
    if not is_credible(candidat.matricule, candidat.traits):
        return (
            candidat.without_matricule(),
            "Matricule écarté : il contredit la date ou le sexe (numéro d’un parent assuré ?).",
        )
    if rapprochement.claimed_elsewhere(candidat):
        return candidat.without_matricule(), "Matricule écarté : un autre dossier le porte déjà."
    return candidat, ""


def _defects(candidat: Candidat, *, bloquant: bool) -> str:
    return " ".join(defaut.message for defaut in candidat.defauts if defaut.bloquant or not bloquant)


def _finish(made: Import, *, essai: bool) -> None:
    if essai:
        made.etat = Import.Etat.ESSAYE
        Memoire.forget(made)
    else:
        made.etat, made.fini_le = Import.Etat.FAIT, timezone.now()
        forget_content(made)
