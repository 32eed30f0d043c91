"""A treatment as it is taken (FR-Traitement), and the section of treatments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.locate import child, children
from opensegur.cda.n3.affichage import date
from opensegur.cda.n3.dose import Maximum, build_amounts, check_amount, read_amount, read_maximum
from opensegur.cda.n3.ecriture import (
    ACT_CODE,
    code,
    completed,
    notion,
    period,
    said,
    templates,
    typed,
)
from opensegur.cda.n3.lecture import Lecture, is_a, read_identity, read_period, sections
from opensegur.cda.n3.motif import build_reason, read_reason
from opensegur.cda.n3.produit import Produit, build_consumable, build_no_product, read_product
from opensegur.cda.n3.recit import Case, Redaction, table
from opensegur.cda.n3.rythme import Rythme, build_rhythm, read_rhythm
from opensegur.cda.n3.section import Rubrique, build_section, rubrique
from opensegur.cda.n3.valeurs import INCONNUE, Notion, Periode, Plage
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code

MEDICAMENT = Code("DRUG", ACT_CODE, "Médicament")
_RUBRIQUE = rubrique(
    "10160-0",
    "Traitements",
    "Traitements",
    "2.16.840.1.113883.10.20.1.8",
    "1.3.6.1.4.1.19376.1.5.3.1.3.19",
    "1.2.250.1.213.1.1.2.143",
)
_TRAITEMENT = "1.2.250.1.213.1.1.3.42"
_TRAITEMENTS = (
    "2.16.840.1.113883.10.20.1.24",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7",
    _TRAITEMENT,
    "1.3.6.1.4.1.19376.1.5.3.1.4.7.1",
)
_TITRES = ("Depuis", "Jusqu’au", "Médicament", "Posologie", "Voie", "Motif")


@dataclass(frozen=True, slots=True, repr=False)
class Traitement:
    """``posologie`` in words; ``rythme``, ``dose`` and ``debit`` (both bounds), ``voie`` (EDQM) when structured."""

    produit: Produit
    periode: Periode = INCONNUE
    posologie: str = ""
    rythme: Rythme | None = None
    dose: Plage | None = None
    voie: Notion | None = None
    motif: Notion | None = None
    debit: Plage | None = None
    dose_maximale: Maximum | None = None
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_amount(self.dose)
        check_amount(self.debit)

    def __repr__(self) -> str:
        return f"Traitement({self.produit.cis})"


def build_treatments(traitements: Sequence[Traitement], redaction: Redaction) -> Noeud:
    return treatment_section(_RUBRIQUE, redaction, traitements)


def treatment_section(kind: Rubrique, redaction: Redaction, traitements: Sequence[Traitement]) -> Noeud:
    built = [_build(each, redaction) for each in traitements]
    text = table(_TITRES, (row for row, _ in built))
    return build_section(kind, redaction, text, (entry for _, entry in built), driven=True)


def build_no_treatment(absent: Code, redaction: Redaction) -> Noeud:
    """The section of somebody who has none, or of whom it is not known (JDV_AbsentOrUnknownMedication)."""
    words = redaction.dit(absent.label, "traitement")
    entry = node(
        "substanceAdministration",
        *templates(*_TRAITEMENTS),
        redaction.identifier(words.ancre),
        code("code", absent, said(words.ancre, "originalText")),
        said(words.ancre),
        completed(),
        typed(node("effectiveTime", node("low", nullFlavor="NA"), node("high", nullFlavor="NA")), "IVL_TS"),
        build_no_product(),
        classCode="SBADM",
        moodCode="EVN",
    )
    return build_section(_RUBRIQUE, redaction, table(("Médicament",), [(words,)]), [entry], driven=True)


def read_treatments(root: etree._Element, lecture: Lecture, model: str = _RUBRIQUE.modele) -> tuple[Traitement, ...]:
    """Those of the sections that follow ``model``."""
    return tuple(each for section in sections(root, model) for each in treatments_in(section, lecture))


def treatments_in(section: etree._Element, lecture: Lecture) -> tuple[Traitement, ...]:
    entries = children(section, "entry/substanceAdministration")
    found = (_read(entry, lecture) for entry in entries if is_a(entry, _TRAITEMENT))
    return tuple(each for each in found if each)


def _build(each: Traitement, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    words = redaction.dit(each.produit.nom, "traitement")
    dosage = redaction.dit(each.posologie, "traitement-posologie") if each.posologie else None
    route = redaction.dit(each.voie.texte, "traitement-voie") if each.voie else None
    reason = redaction.dit(each.motif.texte, "traitement-motif") if each.motif else None
    entry = node(
        "substanceAdministration",
        *templates(*_TRAITEMENTS),
        redaction.identifier(words.ancre, each.uid),
        code("code", MEDICAMENT),
        said(words.ancre),
        completed(),
        typed(period(each.periode, closed=True), "IVL_TS"),
        build_rhythm(each.rythme) if each.rythme else None,
        notion("routeCode", each.voie, route.ancre) if each.voie and each.voie.code and route else None,
        *build_amounts(each.dose, each.debit, each.dose_maximale),
        build_consumable(each.produit, words.ancre),
        build_reason(each.motif, reason, redaction) if each.motif and reason else None,
        classCode="SBADM",
        moodCode="EVN",
    )
    row: tuple[Case, ...] = (
        date(each.periode.debut),
        date(each.periode.fin),
        words,
        dosage or "",
        route or "",
        reason or "",
    )
    return row, entry


def _read(entry: etree._Element, lecture: Lecture) -> Traitement | None:
    product = read_product(child(entry, "consumable"), lecture)
    if product is None:
        return None
    times = children(entry, "effectiveTime")
    return Traitement(
        produit=product,
        periode=read_period(times[0] if times else None),
        posologie=lecture.beside(_pointed(entry), "Posologie"),
        rythme=read_rhythm(times[1]) if len(times) > 1 else None,
        dose=read_amount(child(entry, "doseQuantity")),
        voie=lecture.notion(child(entry, "routeCode")),
        motif=read_reason(entry, lecture),
        debit=read_amount(child(entry, "rateQuantity")),
        dose_maximale=read_maximum(entry),
        uid=read_identity(child(entry, "id")),
    )


def _pointed(entry: etree._Element) -> str:
    found = child(entry, "text/reference")
    return "" if found is None else found.get("value", "").removeprefix("#")
