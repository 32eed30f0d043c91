"""The certificates as the screen says them: what each serves, how long, what its authority says, what came before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from opensegur.cabinet.certificats.models import Certificat
from opensegur.cabinet.certificats.usages import Usage
from opensegur.cabinet.structures.configuration import named_in_file
from opensegur.foundation.echeance import Echeance, Niveau, time_left
from opensegur.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure

_R = Certificat.Revocation
_COULEURS = {
    Niveau.BON: "qualifiee",
    Niveau.PREVOIR: "recuperee",
    Niveau.COMMANDER: "validee",
    Niveau.URGENT: "provisoire",
    Niveau.EXPIRE: "provisoire",
    Niveau.PAS_ENCORE: "provisoire",
}
_LIBELLES = {
    Niveau.BON: "en service",
    Niveau.PREVOIR: "à remplacer bientôt",
    Niveau.COMMANDER: "à commander",
    Niveau.URGENT: "à remplacer cette semaine",
    Niveau.EXPIRE: "expiré",
    Niveau.PAS_ENCORE: "pas encore valable",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One usage: ``actuel`` is in service, ``anciens`` were; ``fichier``: the configuration's file names one too."""

    usage: Usage
    actuel: Certificat | None
    echeance: Echeance | None
    anciens: tuple[Certificat, ...]
    fichier: bool

    @property
    def revoque(self) -> bool:
        return self.actuel is not None and self.actuel.revocation == _R.REVOQUE

    @property
    def couleur(self) -> str:
        if self.echeance is None:
            return "neutre" if self.fichier else "recuperee"
        return "provisoire" if self.revoque else _COULEURS[self.echeance.niveau]

    @property
    def libelle(self) -> str:
        if self.echeance is None:
            return "dans un fichier" if self.fichier else "aucun"
        return "révoqué" if self.revoque else _LIBELLES[self.echeance.niveau]

    @property
    def serein(self) -> bool:
        return self.couleur == "qualifiee"


@dataclass(frozen=True, slots=True)
class Annonce:
    """``grave``: it does not serve any more, or ends within the month."""

    phrase: str
    grave: bool


def places_of(structure: Structure, now: datetime) -> tuple[Place, ...]:
    """One for each usage, whether or not there is a certificate."""
    rows = list(
        Certificat.objects.filter(structure=structure)
        .defer("cle")
        .select_related("ajoute_par", "efface_par", "remplace_par")
        .order_by("-ajoute_le", "pk")
    )
    named = _named(structure)
    return tuple(_place(usage, [row for row in rows if row.usage == usage], usage in named, now) for usage in Usage)


def announcements(structure: Structure, now: datetime) -> tuple[Annonce, ...]:
    """What whoever administers the structure is to be told before it is too late."""
    rows = Certificat.objects.filter(structure=structure, etat=Certificat.Etat.EN_SERVICE).defer("cle")
    return tuple(found for row in rows.order_by("fin", "pk") if (found := _announcement(row, now)))


def _announcement(row: Certificat, now: datetime) -> Annonce | None:
    name = f"{row.get_usage_display()} : {row.nom}."
    if row.revocation == _R.REVOQUE:
        return Annonce(f"{name} {row.revocation_dit}", grave=True)
    left = time_left(row.certificat, now)
    if left.niveau is Niveau.BON:
        return None
    return Annonce(f"{name} {left.phrase} {left.conseil}", grave=left.niveau is not Niveau.PREVOIR)


def _place(usage: Usage, rows: list[Certificat], named: bool, now: datetime) -> Place:  # noqa: FBT001
    current = next((row for row in rows if row.etat == Certificat.Etat.EN_SERVICE), None)
    left = time_left(current.certificat, now) if current else None
    return Place(usage, current, left, tuple(row for row in rows if row is not current), named)


def _named(structure: Structure) -> frozenset[Usage]:
    try:
        return named_in_file(structure)
    except ConfigurationError:
        return frozenset()  # the diagnosis says what is wrong with the file
