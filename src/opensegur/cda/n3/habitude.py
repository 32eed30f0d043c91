"""Ways of life that bear on health: tobacco, alcohol, drugs… (FR-Habitus-Mode-de-vie)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.checks import check_code
from opensegur.cda.locate import child, children
from opensegur.cda.n3.affichage import dates
from opensegur.cda.n3.affichage import quantity as shown
from opensegur.cda.n3.ecriture import code, completed, notion, period, quantity, said, templates, typed
from opensegur.cda.n3.lecture import Lecture, coded, is_a, read_identity, read_period, read_quantity, sections
from opensegur.cda.n3.recit import Case, Redaction, table
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.valeurs import INCONNUE, Notion, Periode, Quantite
from opensegur.cda.noeud import NS_XSI, Noeud, node
from opensegur.foundation.acteurs import Code

_RUBRIQUE = rubrique(
    "29762-2",
    "Habitus, Mode de vie",
    "Mode de vie",
    "2.16.840.1.113883.10.20.1.15",
    "1.3.6.1.4.1.19376.1.5.3.1.3.16",
    "1.3.6.1.4.1.19376.1.5.3.1.3.16.1",
    "1.2.250.1.213.1.1.2.141",
)
_HABITUDE = "1.2.250.1.213.1.1.3.52"
_HABITUDES = (
    "2.16.840.1.113883.10.20.1.33",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.4",
    _HABITUDE,
)


@dataclass(frozen=True, slots=True, repr=False)
class Habitude:
    """``sujet`` ∈ JDV_SocialHistoryCodes; ``valeur``: a quantity with its unit, or words with or without a code."""

    sujet: Code
    valeur: Quantite | Notion
    periode: Periode = INCONNUE
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_code("JDV_SocialHistoryCodes", self.sujet, quoi="Habitude de vie")

    def __repr__(self) -> str:
        return f"Habitude({self.sujet.code})"


def build_habits(habitudes: Sequence[Habitude], redaction: Redaction) -> Noeud:
    built = [_build(each, redaction) for each in habitudes]
    text = table(("Habitude", "Observation", "Période"), (row for row, _ in built))
    return build_section(_RUBRIQUE, redaction, text, (entry for _, entry in built))


def read_habits(root: etree._Element, lecture: Lecture) -> tuple[Habitude, ...]:
    found = (
        _read(entry, lecture)
        for section in sections(root, _RUBRIQUE.modele)
        for entry in children(section, "entry/observation")
        if is_a(entry, _HABITUDE)
    )
    return tuple(each for each in found if each)


def _build(each: Habitude, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    value = each.valeur
    words = redaction.dit(shown(value) if isinstance(value, Quantite) else value.texte, "habitude")
    known = each.periode != INCONNUE
    entry = node(
        "observation",
        *templates(*_HABITUDES),
        redaction.identifier(words.ancre, each.uid),
        code("code", each.sujet),
        said(words.ancre),
        completed(),
        period(each.periode) if known else node("effectiveTime", nullFlavor="NA"),
        typed(quantity("value", value), "PQ")
        if isinstance(value, Quantite)
        else notion("value", value, words.ancre, xsi_type="CD"),
        classCode="OBS",
        moodCode="EVN",
    )
    return (each.sujet.label, words, dates(each.periode)), entry


def _read(entry: etree._Element, lecture: Lecture) -> Habitude | None:
    subject, element = coded(child(entry, "code")), child(entry, "value")
    if subject is None or element is None:
        return None
    kind = element.get(f"{{{NS_XSI}}}type", "").rpartition(":")[2]
    value = read_quantity(element) if kind == "PQ" else lecture.notion(element, lecture.words(child(entry, "text")))
    if value is None:
        return None
    period_read = read_period(child(entry, "effectiveTime"))
    return Habitude(subject, value, period_read, read_identity(child(entry, "id")))
