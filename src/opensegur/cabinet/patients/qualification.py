"""What the desk says of an identity document, written as evidence: shown, absent, refused, different, or attested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from opensegur.cabinet.patients.models import Patient, SansPiece
from opensegur.cabinet.patients.preuves import add_preuve, note_without_piece
from opensegur.cabinet.requete import Qui
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import Etat, Nature
from opensegur.ins.dates import split_date

MAJORITE = 18


@dataclass(frozen=True, slots=True)
class Relance:
    """How many times a document was asked for in vain, out of how many; ``encore``: it is asked again."""

    fois: int
    sur: int
    encore: bool
    refus: bool = False


def relance_of(patient: Patient, etat: Etat) -> Relance:
    """Whether a document is to be asked for at this visit. A prefetched ``sans_piece`` is used as it is.

    Nothing is asked of an identity that is checked, blocked, or of a person declared without INS; nor again of who
    refused.
    """
    asked = list(patient.sans_piece.all())
    limit = patient.structure.relances_piece
    refused = any(each.raison == SansPiece.Raison.REFUS for each in asked)
    quiet = etat.checked or etat.blocked or etat.sans_ins or refused
    return Relance(len(asked), limit, encore=not quiet and len(asked) < limit, refus=refused)


def may_attest(qui: Qui) -> bool:
    """Attesting is for a health professional, where the structure allows it: the RNIV asks for a document."""
    return qui.structure.attestation_admise and qui.peut("identite.attester")


def is_minor(patient_birth: str, today: date) -> bool:
    """Under eighteen, by the birth date AAAA-MM-JJ."""
    year, month, day = split_date(patient_birth)
    return (today.year - year, today.month, today.day) < (MAJORITE, month, day)


def check_document(patient: Patient, qui: Qui, values: dict[str, Any]) -> Etat:
    """The document that was shown, from the cleaned values of a ``PieceForm``. Raises ``InvalidValue``."""
    nature = Nature.CONTROLE_ECHOUE if values["differents"] else Nature.CONTROLE_REUSSI
    return add_preuve(
        patient,
        nature,
        qui.compte,
        piece=values["piece"],
        piece_parent="" if values["differents"] else values["piece_parent"],
    )


def attest(patient: Patient, qui: Qui) -> Etat:
    """The professional knows this person, and that the traits of INSi are theirs. Raises ``InvalidValue``."""
    if not may_attest(qui):
        raise InvalidValue(
            "ATTESTATION_INTERDITE",
            "L’attestation n’est pas admise dans votre structure, ou pas pour votre rôle.",
            conseil="Demandez une pièce d’identité.",
        )
    return add_preuve(patient, Nature.ATTESTATION, qui.compte)


def note_absence(patient: Patient, qui: Qui, raison: str) -> Relance:
    """No document: absent or refused. It changes no status; the desk is told whether it will be asked again."""
    if raison not in SansPiece.Raison.values:
        raise InvalidValue("SANS_PIECE", "Cette raison n’existe pas.", conseil="Rechargez la page.")
    note_without_piece(patient, raison, qui.compte)
    fresh = Patient.objects.select_related("structure").prefetch_related("preuves").get(pk=patient.pk)
    return relance_of(fresh, fresh.etat())


def say(relance: Relance) -> str:
    """What the desk is told once an absence is noted."""
    if relance.refus:
        return "C’est noté : la personne refuse. La pièce ne sera plus demandée d’office."
    if relance.encore:
        return f"C’est noté : aucune pièce présentée ({relance.fois} fois sur {relance.sur}). Elle sera redemandée."
    return f"C’est noté : aucune pièce présentée, {relance.fois} fois. Elle ne sera plus demandée d’office."


def today() -> date:
    return timezone.localdate()
