"""What a received document offers to the record, and what of it is taken."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from django.db import transaction

from opensegur.cabinet.medical import dossier
from opensegur.cabinet.medical.dossier import Entree
from opensegur.cda.locate import clinical_document
from opensegur.cda.n3.reprise import Constat, Proposition, Valeur, compare, offered

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.documents.models import Document
    from opensegur.cabinet.patients.models import Patient


@dataclass(frozen=True, slots=True, repr=False)
class Offre:
    """``rang`` in the document; ``entree``: what the record says of the same thing."""

    rang: int
    proposition: Proposition
    entree: Entree | None

    @property
    def est_nouvelle(self) -> bool:
        return self.proposition.constat is Constat.NOUVEAU

    @property
    def est_connue(self) -> bool:
        return self.proposition.constat is Constat.CONNU

    @property
    def contredit(self) -> bool:
        return self.proposition.constat is Constat.CONTREDIT


def offers_of(document: Document, patient: Patient) -> tuple[Offre, ...]:
    """Raises ``RefusedInput`` when the document can no longer be read."""
    entries = [each for each in dossier.entries_of(patient) if dossier.elements_of([each])]
    elements = dossier.elements_of(entries)
    by_element = {id(element): entry for element, entry in zip(elements, entries, strict=True)}
    propositions = compare(offered(clinical_document(bytes(document.origine))), elements)
    return tuple(
        Offre(rank, each, by_element.get(id(each.connu)) if each.connu is not None else None)
        for rank, each in enumerate(propositions)
    )


def take(document: Document, patient: Patient, chosen: Collection[int], compte: Compte) -> int:
    """Write what was chosen, and give how many: what adds or contradicts takes the place of what the record says."""
    taken = 0
    with transaction.atomic():
        for offer in offers_of(document, patient):
            if offer.rang not in chosen or offer.est_connue:
                continue
            value = offer.proposition.element.valeur
            former = offer.entree
            if former is not None:
                value = _with_what_was_known(value, former.valeur)
                dossier.withdraw(former.donnee, compte)
            dossier.write(patient, value, compte, source=document, remplace=former.donnee if former else None)
            taken += 1
    return taken


def _with_what_was_known(value: Valeur, known: object) -> Valeur:
    """``value``, with what the record says and the document does not."""
    if type(known) is not type(value):
        return value
    silent = [each.name for each in fields(value) if getattr(value, each.name) == each.default]
    return replace(value, **{name: getattr(known, name) for name in silent})
