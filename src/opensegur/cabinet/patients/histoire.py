"""The life of an identity in sentences: who, when, by which way, what changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from opensegur.cabinet.doublons.models import Fusion
from opensegur.cabinet.patients.models import Patient, Preuve, SansPiece
from opensegur.ins import Canal, Nature, format_date, piece
from opensegur.ins.motifs import MOTIFS
from opensegur.nomenclature import lieu

_CHAMPS = {
    "nom_naissance": "nom de naissance",
    "prenoms": "prénoms de naissance",
    "premier_prenom": "premier prénom",
    "date_naissance": "date de naissance",
    "sexe": "sexe",
    "lieu_naissance": "lieu de naissance",
    "nom_utilise": "nom utilisé",
    "prenom_utilise": "prénom utilisé",
}
_SEXES = {"M": "masculin", "F": "féminin", "I": "indéterminé"}
_MOTIFS = {each.code: each.libelle for each in MOTIFS}


@dataclass(frozen=True, slots=True)
class Changement:
    champ: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class Evenement:
    """A line of the identity's history."""

    quand: datetime
    quoi: str
    detail: str
    qui: str
    voie: str = ""
    changements: tuple[Changement, ...] = ()
    copie: UUID | None = None


def history_of(patient: Patient, limit: int | None = None) -> list[Evenement]:
    """The events, the latest first, at most ``limit`` of them; the creation of the record comes last."""
    rows = patient.preuves.select_related("auteur", "copie").defer("copie__contenu").order_by("-id")[:limit]
    asked = patient.sans_piece.select_related("auteur")[:limit]
    events = [_event(row) for row in rows] + [_absence(row) for row in asked] + _merges(patient)
    events.sort(key=lambda event: event.quand, reverse=True)
    made = Evenement(patient.cree_le, "Dossier créé", f"n° {patient.ipp}", str(patient.cree_par))
    return [*events, made][:limit]


def former_matricules(patient: Patient) -> tuple[str, ...]:
    """The matricules that this record or, INSi says, this person has had and no longer has, the latest first."""
    rows = sorted(patient.preuves.all(), key=lambda row: row.pk, reverse=True)
    held = [number for row in rows for number in (row.matricule, *row.anciens())]
    return tuple(dict.fromkeys(number for number in held if number and number != patient.matricule))


def _event(row: Preuve) -> Evenement:
    canal = Canal(row.canal)
    return Evenement(
        row.moment,
        Nature(row.nature).libelle,
        _detail(row),
        str(row.auteur),
        "" if canal in {Canal.SAISIE, Canal.INSI} else canal.libelle,
        _changes(row.changements),
        row.copie.pk if hasattr(row, "copie") else None,
    )


def _detail(row: Preuve) -> str:
    parts = [piece(row.piece).libelle] if row.piece else []
    if row.piece_parent:
        parts.append(f"avec, pour le parent : {piece(row.piece_parent).libelle}")
    if row.motif:
        parts.append(_MOTIFS.get(row.motif, row.motif))
    return ", ".join(parts)


def _absence(row: SansPiece) -> Evenement:
    return Evenement(row.moment, row.get_raison_display().capitalize(), "", str(row.auteur))


def _merges(patient: Patient) -> list[Evenement]:
    """The merges of this record and their undoing: the evidence itself is never touched by them."""
    rows = Fusion.objects.filter(Q(garde=patient) | Q(absorbe=patient)).select_related(
        "garde", "absorbe", "auteur", "defaite_par"
    )
    events = []
    for row in rows:
        detail = f"dossier {row.absorbe.ipp} dans le dossier {row.garde.ipp}"
        events.append(Evenement(row.moment, Nature.FUSION.libelle, detail, str(row.auteur)))
        if row.defaite_le:
            events.append(Evenement(row.defaite_le, Nature.DEFUSION.libelle, detail, str(row.defaite_par)))
    return events


def _changes(text: str) -> tuple[Changement, ...]:
    if not text:
        return ()
    return tuple(
        Changement(_CHAMPS.get(champ, champ), _said(champ, before), _said(champ, after))
        for champ, (before, after) in json.loads(text).items()
    )


def _said(champ: str, value: str) -> str:
    if not value:
        return "rien"
    if champ == "date_naissance":
        return format_date(value)
    if champ == "sexe":
        return _SEXES.get(value, value)
    if champ == "lieu_naissance":
        place = lieu(value)
        return f"{place.nom} ({value})" if place else value
    return value
