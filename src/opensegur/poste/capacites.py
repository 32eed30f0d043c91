"""What this workstation can do, told before it fails: a pure function of what was seen of it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from opensegur.foundation.errors import OpenSegurError
from opensegur.poste.materiel import LecteurVu
from opensegur.poste.seances import Genre, read_seance

FENETRE = 60.0
_BASCULES = 4


class Niveau(StrEnum):
    BON = "bon"
    ATTENTION = "attention"
    ABSENT = "absent"
    INCONNU = "inconnu"


@dataclass(frozen=True, slots=True)
class Constat:
    sujet: str
    niveau: Niveau
    dit: str
    geste: str = ""


@dataclass(frozen=True, slots=True)
class Vue:
    """One look at a reader: ``moment`` is monotonic, in seconds."""

    moment: float
    carte: bool


@dataclass(frozen=True, slots=True)
class Environnement:
    """All that was seen of this workstation.

    ``lecteurs``: ``None`` when they could not be asked, ``panne`` says why; ``vues``: the last looks at each reader,
    also at those that have gone since; ``scanners``: ``None`` when this system tells nothing of them.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    programmes: frozenset[str] = frozenset()
    lecteurs: tuple[LecteurVu, ...] | None = ()
    panne: OpenSegurError | None = None
    vues: Mapping[str, Sequence[Vue]] = field(default_factory=dict)
    scanners: tuple[str, ...] | None = None
    maintenant: float = 0.0


def look(environnement: Environnement) -> tuple[Constat, ...]:
    return (
        _session(environnement),
        *_readers(environnement),
        *_flapping(environnement),
        _scanner(environnement),
    )


def is_flapping(vues: Sequence[Vue], now: float) -> bool:
    """Whether a card comes and goes faster than a hand: what a wireless reader does when its link is poor."""
    recent = [each for each in vues if each.moment > now - FENETRE]
    changes = sum(before.carte != after.carte for before, after in itertools.pairwise(recent))
    return changes >= _BASCULES


def _session(seen: Environnement) -> Constat:
    seance = read_seance(seen.variables, seen.programmes)
    niveau = Niveau.BON if seance.genre is Genre.LOCALE else Niveau.ATTENTION
    return Constat("Session", niveau, seance.dit, seance.geste)


def _readers(seen: Environnement) -> tuple[Constat, ...]:
    if seen.lecteurs is None:
        said = (
            (seen.panne.message, seen.panne.conseil)
            if seen.panne
            else ("Les lecteurs ne répondent pas.", "Relancez l’agent.")
        )
        return (Constat("Lecteur de cartes", Niveau.ABSENT, *said),)
    if not seen.lecteurs:
        remede = "Branchez-le ; s’il l’est déjà, changez de prise USB, ou vérifiez le service « Carte à puce »."
        return (Constat("Lecteur de cartes", Niveau.ABSENT, "Aucun lecteur n’est vu sur ce poste.", remede),)
    names = ", ".join(each.nom for each in seen.lecteurs)
    inserted = [each.nom for each in seen.lecteurs if each.carte]
    reader = Constat("Lecteur de cartes", Niveau.BON, f"{names}.")
    if len(inserted) > 1:
        return (
            reader,
            Constat("Carte", Niveau.ATTENTION, f"Plusieurs cartes : {', '.join(inserted)}.", "N’en laissez qu’une."),
        )
    if inserted:
        return (reader, Constat("Carte", Niveau.BON, f"Une carte est insérée ({inserted[0]})."))
    return (reader, Constat("Carte", Niveau.ABSENT, "Aucune carte n’est insérée.", "Insérez-la, puce en avant."))


def _flapping(seen: Environnement) -> tuple[Constat, ...]:
    return tuple(
        Constat(
            "Lecteur instable",
            Niveau.ATTENTION,
            f"Le lecteur « {name} » perd et retrouve sa carte plusieurs fois par minute.",
            "Sans fil : rapprochez-le de sa base, rechargez-le, sans mise en veille. En USB : changez de prise, "
            "évitez les multiprises. Chaque perte fait redemander le code.",
        )
        for name, vues in seen.vues.items()
        if is_flapping(vues, seen.maintenant)
    )


def _scanner(seen: Environnement) -> Constat:
    if seen.scanners is None:
        return Constat(
            "Scanner", Niveau.INCONNU, "Ce système ne permet pas de savoir d’ici si un scanner est installé."
        )
    if not seen.scanners:
        return Constat(
            "Scanner", Niveau.ABSENT, "Aucun pilote de scanner n’est installé.", "Installez celui du fabricant."
        )
    named = ", ".join(seen.scanners)
    return Constat("Scanner", Niveau.BON, f"Pilote installé : {named}. S’il est allumé, cela ne se voit pas d’ici.")
