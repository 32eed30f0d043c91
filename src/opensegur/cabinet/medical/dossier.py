"""What the record knows today: read, added to, corrected, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.medical.models import Donnee
from opensegur.cabinet.medical.valeurs import (
    LEXIQUE,
    RisqueProfessionnel,
    Soignant,
    Valeur,
    Vigilance,
)
from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.biologie.analyse import Analyse
from opensegur.cda.n3.dispositifs import DispositifPorte
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.habitude import Habitude
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.reprise import Element, element_of
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.cda.n3.valeurs import Quand
from opensegur.foundation.errors import InvalidValue, RefusedInput

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.documents.models import Document
    from opensegur.cabinet.patients.models import Patient

_RUBRIQUES: tuple[tuple[type, str], ...] = (
    (Allergie, "allergies"),
    (Traitement, "traitements"),
    (Vaccination, "vaccinations"),
    (Acte, "actes"),
    (Habitude, "habitudes"),
    (AntecedentFamilial, "famille"),
    (Analyse, "resultats"),
    (DispositifPorte, "dispositifs"),
    (RisqueProfessionnel, "profession"),
    (Vigilance, "vigilance"),
    (Soignant, "equipe"),
)


@dataclass(frozen=True, slots=True, repr=False)
class Entree:
    """A datum with its value, and the words in which it is shown."""

    donnee: Donnee
    valeur: Valeur
    libelle: str
    details: tuple[tuple[str, str], ...]

    @property
    def precisions(self) -> tuple[str, ...]:
        """What is said beside the name, without what is usual."""
        said = ((name, words) for name, words in self.details if words and words not in _USUAL)
        return tuple(
            f"depuis {words}"
            if name == "Dates" and self.dure and "–" not in words
            else words
            if name in _SELF_EXPLAINED
            else f"{name.lower()} : {words}"
            for name, words in said
        )

    @property
    def dure(self) -> bool:
        """Whether it goes on today."""
        value = self.valeur
        if isinstance(value, Probleme | Allergie):
            return value.actif if isinstance(value, Probleme) else value.active
        return isinstance(value, Traitement | Habitude | DispositifPorte) and not value.periode.fin


@dataclass(frozen=True, slots=True, repr=False)
class Contenu:
    """``illisibles``: rows that a later version of this software wrote, or that are damaged: kept, and told."""

    entrees: tuple[Entree, ...]
    illisibles: tuple[Donnee, ...] = ()


_SELF_EXPLAINED = frozenset(
    {"Dates", "Posologie", "Valeur", "État", "Résultat", "Fonction", "Téléphone", "Spécialité"}
)
_USUAL = frozenset({"en cours", "passé", "active"})


def rubric_of(value: Valeur) -> str:
    """Where a value is kept: a problem that is over is part of the history."""
    if isinstance(value, Probleme):
        return "problemes" if value.actif else "antecedents"
    return next(name for kind, name in _RUBRIQUES if isinstance(value, kind))


def content_of(patient: Patient) -> Contenu:
    """What is in the record today, the latest first; a row that cannot be read does not hide the others."""
    rows = patient.donnees.filter(retiree_le=None).select_related("ecrite_par").order_by("-ecrite_le", "pk")
    found: list[Entree] = []
    unreadable: list[Donnee] = []
    for row in rows:
        try:
            found.append(entry_of(row))
        except RefusedInput:
            unreadable.append(row)
    found.sort(key=lambda entry: _day(entry.valeur), reverse=True)
    return Contenu(tuple(found), tuple(unreadable))


def entries_of(patient: Patient) -> tuple[Entree, ...]:
    """Those of ``content_of`` that can be read."""
    return content_of(patient).entrees


def entry_of(row: Donnee) -> Entree:
    value = row.valeur()
    if isinstance(value, RisqueProfessionnel | Vigilance):
        return Entree(row, value, value.texte, ())
    if isinstance(value, Soignant):
        said = (("Fonction", value.fonction.label), ("Spécialité", value.specialite), ("Téléphone", value.telephone))
        name = " ".join(part for part in (value.titre.capitalize(), value.prenom, value.nom) if part)
        return Entree(row, value, name, said)
    if isinstance(value, Allergie) and value.absence is not None:
        return Entree(row, value, value.agent.texte, ())
    element = element_of(value)
    return Entree(row, value, element.libelle, element.details)


def elements_of(entries: Iterable[Entree]) -> tuple[Element, ...]:
    """The record as items, to be compared with those of a document."""
    ours = (RisqueProfessionnel, Vigilance, Soignant)
    return tuple(element_of(entry.valeur) for entry in entries if not isinstance(entry.valeur, ours))


def write(
    patient: Patient,
    value: Valeur,
    author: Compte,
    *,
    source: Document | None = None,
    remplace: Donnee | None = None,
) -> Donnee:
    """Add ``value`` to the record. A known absence of allergy does not stand beside an allergy, nor twice."""
    with transaction.atomic():
        if isinstance(value, Allergie):
            _withdraw_absences(patient, author)
        return Donnee.objects.create(
            patient=patient,
            rubrique=rubric_of(value),
            contenu=LEXIQUE.to_json(value),
            ecrite_le=timezone.now(),
            ecrite_par=author,
            source=source,
            remplace=remplace,
        )


def correct(row: Donnee, value: Valeur, author: Compte) -> Donnee:
    """``value`` in the place of what ``row`` says. Raises ``InvalidValue`` (DONNEE_DEPASSEE)."""
    with transaction.atomic():
        withdraw(row, author)
        return write(row.patient, value, author, source=row.source, remplace=row)


def withdraw(row: Donnee, author: Compte) -> None:
    """Out of the record, but not out of its history. Raises ``InvalidValue`` (DONNEE_DEPASSEE): two tabs."""
    gone = Donnee.objects.filter(pk=row.pk, retiree_le=None).update(retiree_le=timezone.now(), retiree_par=author)
    if not gone:
        raise InvalidValue(
            "DONNEE_DEPASSEE",
            "Cette ligne a changé depuis que la page est ouverte.",
            conseil="Rechargez la page, puis recommencez.",
        )


def restore(patient: Patient, row_id: UUID, author: Compte) -> Donnee:
    """Put back what was just withdrawn. Raises ``InvalidValue`` (DONNEE_DEPASSEE)."""
    row = Donnee.objects.filter(patient=patient, pk=row_id).exclude(retiree_le=None).first()
    if row is None or hasattr(row, "correction"):
        raise InvalidValue("DONNEE_DEPASSEE", "Cette ligne est déjà dans le dossier.", conseil="Rechargez la page.")
    return write(patient, row.valeur(), author, source=row.source)


def end(value: Valeur, day: str) -> Valeur:
    """``value`` over since ``day``: a past problem, a treatment that was stopped, a device removed."""
    if isinstance(value, Probleme):
        return replace(value, actif=False, periode=replace(value.periode, fin=day))
    if isinstance(value, Traitement | DispositifPorte):
        return replace(value, periode=replace(value.periode, fin=day))
    raise InvalidValue("DONNEE_SANS_FIN", "Cette donnée n’a pas de fin.", conseil="Retirez-la, ou modifiez-la.")


def _withdraw_absences(patient: Patient, author: Compte) -> None:
    for entry in entries_of(patient):
        if isinstance(entry.valeur, Allergie) and entry.valeur.absence is not None:
            withdraw(entry.donnee, author)


def _day(value: Valeur) -> str:
    """What items are ordered by: when it happened, or when it began; what has no date comes last."""
    moment: Quand = ""
    if isinstance(value, Vaccination | Acte):
        moment = value.date
    elif isinstance(value, Analyse):
        moment = value.moment
    elif isinstance(value, Probleme | Allergie | Traitement | Habitude | AntecedentFamilial | DispositifPorte):
        moment = value.periode.debut
    return moment if isinstance(moment, str) else moment.isoformat()
