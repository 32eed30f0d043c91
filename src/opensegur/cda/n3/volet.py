"""What the volets share: a header of the right type, and its document around the sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.gabarit import ORDINAIRE, Gabarit
from opensegur.cda.header import build_document
from opensegur.cda.n3.section import build_body
from opensegur.cda.noeud import Noeud
from opensegur.cda.participations import Participant
from opensegur.foundation.acteurs import Code, Professionnel, Structure
from opensegur.foundation.errors import InvalidValue

# the Schematrons want a capital T, that JDV_J47 does not have
_MEDECIN_TRAITANT = Code("PCP", "2.16.840.1.113883.5.88", "Médecin Traitant")


def check_type(entete: Entete, wanted: Code) -> None:
    """Raise ``InvalidValue`` (CDA_TYPE_VOLET) when the header is not of the type of its volet."""
    if (entete.type.code, entete.type.system) != (wanted.code, wanted.system):
        raise InvalidValue(
            "CDA_TYPE_VOLET",
            f"Ce document doit être de type « {wanted.label} ».",
            conseil=f"Donnez à l’entête le type {wanted.code}.",
        )


def with_treating_doctor(entete: Entete, doctor: Professionnel, structure: Structure | None) -> Entete:
    """The header with the patient's own doctor named in it, where he or she practises."""
    named = Participant("INF", doctor, _MEDECIN_TRAITANT, structure or entete.structure, debut=entete.acte_debut)
    return replace(entete, participants=(named, *entete.participants))


def document(
    entete: Entete,
    modeles: Sequence[Modele],
    sections: Iterable[Noeud],
    gabarit: Gabarit = ORDINAIRE,
) -> bytes:
    return build_document(entete, modeles, build_body(sections), gabarit)
