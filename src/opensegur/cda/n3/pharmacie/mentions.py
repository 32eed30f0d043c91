"""What a prescription says yes or no to, line by line, and what it is as a whole.

Source: CI-SIS Volet eP-MED-DM 2024.01. Each mention of a line is written even when the answer is no.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from opensegur.cda.locate import child
from opensegur.cda.n3.ecriture import code, completed, relation, said, templates, when
from opensegur.cda.n3.lecture import first, read_flag, within
from opensegur.cda.n3.recit import Dit, Redaction
from opensegur.cda.n3.valeurs import Quand
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code

TA_ASIP = "1.2.250.1.213.1.1.4.322"
_SIMPLE = ("1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.2.250.1.213.1.1.3.48")


class Mention(StrEnum):
    """Of the whole prescription (``documentationOf``)."""

    BIZONE = "MED-1096"
    EXCEPTION = "MED-1097"
    SECURISEE = "MED-1098"
    GRAND_APPAREILLAGE = "MED-1132"
    DOMICILE = "MED-1094"
    URGENCE = "MED-1095"
    AFFECTION_MILITAIRE = "MED-1159"

    @property
    def code(self) -> Code:
        return Code(self.value, TA_ASIP, _MENTIONS[self])


_MENTIONS = {
    Mention.BIZONE: "Prescription bizone",
    Mention.EXCEPTION: "Prescription médicaments d'exception",
    Mention.SECURISEE: "Ordonnance sécurisée",
    Mention.GRAND_APPAREILLAGE: "Prescription grand appareillage",
    Mention.DOMICILE: "Exécution à domicile",
    Mention.URGENCE: "Exécution en urgence",
    Mention.AFFECTION_MILITAIRE: "Affection militaire",
}


@dataclass(frozen=True, slots=True)
class Situation:
    """Of one line: linked to an ALD, to a work accident, to prevention; not reimbursed; outside its authorisation."""

    ald: bool = False
    accident_travail: bool = False
    prevention: bool = False
    non_remboursable: bool = False
    hors_amm: bool = False


TITRES = ("ALD", "AT/MP", "Prévention", "Non remboursable", "Hors AMM")
_FLAGS = (
    ("ald", "13", Code("MED-574", TA_ASIP, "En rapport avec une ALD")),
    (
        "accident_travail",
        "14",
        Code("GEN-180", TA_ASIP, "En rapport avec un accident du travail ou une maladie professionnelle"),
    ),
    ("prevention", "34", Code("GEN-295", TA_ASIP, "En rapport avec la prévention")),
    ("non_remboursable", "15", Code("GEN-181", TA_ASIP, "Non remboursable")),
    ("hors_amm", "12", Code("GEN-179", TA_ASIP, "Hors Autorisation de Mise sur le Marché (AMM)")),
)


def build_flags(
    situation: Situation, moment: Quand, redaction: Redaction, *, device: bool = False
) -> tuple[list[Dit], list[Noeud]]:
    """The cells of the line and its entries; a ``device`` has no marketing authorisation."""
    words, entries = [], []
    for name, suffix, kind in _FLAGS[:-1] if device else _FLAGS:
        answer = getattr(situation, name)
        dit = redaction.dit("oui" if answer else "non", f"mention-{name.replace('_', '-')}")
        words.append(dit)
        entries.append(
            relation(
                "COMP",
                node(
                    "observation",
                    *templates(*_SIMPLE, f"{_SIMPLE[-1]}.{suffix}"),
                    redaction.identifier(dit.ancre),
                    code("code", kind),
                    said(dit.ancre),
                    completed(),
                    when("effectiveTime", moment, unknown="NA"),
                    node("value", xsi_type="BL", value=str(answer).lower()),
                    classCode="OBS",
                    moodCode="EVN",
                ),
            )
        )
    return words, entries


def read_flags(line: etree._Element) -> Situation:
    found = {
        name: read_flag(
            child(first(within(line, "entryRelationship/observation", f"{_SIMPLE[-1]}.{suffix}")), "value")
        )
        for name, suffix, _ in _FLAGS
    }
    return Situation(**found)
