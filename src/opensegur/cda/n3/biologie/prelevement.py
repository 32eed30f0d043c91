"""Where the results come from: the sample, when it was taken and received (FR-Prelevement)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.checks import check_code
from opensegur.cda.locate import child, text_of
from opensegur.cda.n3.affichage import date
from opensegur.cda.n3.ecriture import code, notion, relation, templates, when
from opensegur.cda.n3.intervenant import Intervenant, build_performer, read_intervenant
from opensegur.cda.n3.lecture import Lecture, coded, first, is_a, read_period, read_quand, within
from opensegur.cda.n3.recit import Case, Redaction
from opensegur.cda.n3.valeurs import Notion, Quand, check_quand
from opensegur.cda.noeud import Noeud, node
from opensegur.cda.reading_types import read_identifiers
from opensegur.foundation.acteurs import Code

PRELEVEMENT = "1.2.250.1.213.1.1.3.77"
_RECEPTION = "1.2.250.1.213.1.1.3.107"
# the root is written so in the Schematron of the volet, « 1.3.5 » included
_RECU = Code("SPRECEIVE", "1.3.5.1.4.1.19376.1.5.3.2", "Échantillon reçu")
ECHANTILLON = "2.16.840.1.113883.18.311"
TITRES = ("Prélèvement", "Échantillon", "Prélevé le", "Reçu le", "Site", "Remarque")


@dataclass(frozen=True, slots=True, repr=False)
class Prelevement:
    """``acte`` in NABM or in words; ``echantillon`` ∈ JDV_HL7_SpecimenType or in words; ``site`` in SNOMED CT.

    ``identifiant``: OID^number of the sample; ``preleveur``: who took it.
    """

    acte: Notion
    echantillon: Notion
    moment: Quand = ""
    recu: Quand = ""
    site: Code | None = None
    identifiant: str = field(default="", compare=False)
    remarque: str = ""
    preleveur: Intervenant | None = None

    def __post_init__(self) -> None:
        check_quand(self.moment, quoi="Date du prélèvement")
        check_quand(self.recu, quoi="Date de réception de l’échantillon")
        sample = self.echantillon.code
        if sample is not None and sample.system == ECHANTILLON:
            check_code("JDV_HL7_SpecimenType", sample, quoi="Nature de l’échantillon")

    def __repr__(self) -> str:
        return f"Prelevement({self.echantillon!r})"


def build_sampling(each: Prelevement, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    """The row of the narrative, and the ``procedure``."""
    act = redaction.dit(each.acte.texte, "prelevement")
    sample = redaction.dit(each.echantillon.texte, "echantillon")
    role = node(
        "participantRole",
        redaction.identifier(sample.ancre, each.identifiant),
        node("playingEntity", notion("code", each.echantillon, sample.ancre)),
        classCode="SPEC",
    )
    entry = node(
        "procedure",
        *templates("1.3.6.1.4.1.19376.1.3.1.2", PRELEVEMENT),
        notion("code", each.acte, act.ancre),
        node("text", each.remarque) if each.remarque else None,
        node("effectiveTime", when("high", each.moment)),
        code("targetSiteCode", each.site) if each.site else None,
        build_performer(each.preleveur) if each.preleveur else None,
        node("participant", role, typeCode="PRD"),
        relation("COMP", _reception(each.recu)) if each.recu else None,
        classCode="PROC",
        moodCode="EVN",
    )
    where = each.site.label if each.site else ""
    return (act, sample, date(each.moment), date(each.recu), where, each.remarque), entry


def read_sampling(procedure: etree._Element, lecture: Lecture) -> Prelevement | None:
    act = lecture.notion(child(procedure, "code"))
    role = child(procedure, "participant[@typeCode='PRD']/participantRole")
    sample = lecture.notion(child(role, "playingEntity/code"))
    if act is None or sample is None or not is_a(procedure, PRELEVEMENT):
        return None
    received = first(within(procedure, "entryRelationship/act", _RECEPTION))
    numbers = read_identifiers(role)
    moment = read_period(child(procedure, "effectiveTime"))
    return Prelevement(
        act,
        sample,
        moment.fin or moment.debut,
        read_quand(child(received, "effectiveTime")),
        coded(child(procedure, "targetSiteCode")),
        f"{numbers[0].root}^{numbers[0].extension}".removesuffix("^") if numbers else "",
        text_of(child(procedure, "text")),
        read_intervenant(child(procedure, "performer")),
    )


def _reception(moment: Quand) -> Noeud:
    return node(
        "act",
        *templates("1.3.6.1.4.1.19376.1.3.1.3", _RECEPTION),
        code("code", _RECU),
        when("effectiveTime", moment),
        classCode="ACT",
        moodCode="EVN",
    )
