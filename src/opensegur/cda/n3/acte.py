"""An act that was done: surgery, examination, care (FR-Acte)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.locate import child, children
from opensegur.cda.n3.affichage import date
from opensegur.cda.n3.ecriture import completed, notion, said, templates, when
from opensegur.cda.n3.intervenant import Intervenant, build_author, read_intervenant
from opensegur.cda.n3.lecture import Lecture, is_a, read_identity, read_period, read_quand
from opensegur.cda.n3.motif import build_reason, read_reason
from opensegur.cda.n3.recit import Case, Redaction
from opensegur.cda.n3.valeurs import Notion, Quand, check_quand
from opensegur.cda.noeud import Noeud, node

_ACTE = "1.2.250.1.213.1.1.3.62"
_ACTES = ("1.3.6.1.4.1.19376.1.5.3.1.4.19", "2.16.840.1.113883.10.20.1.29", _ACTE)
TITRES = ("Date", "Acte", "Motif", "Par")


@dataclass(frozen=True, slots=True, repr=False)
class Acte:
    """``acte`` in words and most often in CCAM; ``auteur`` who reports it."""

    acte: Notion
    date: Quand = ""
    motif: Notion | None = None
    auteur: Intervenant | None = None
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_quand(self.date, quoi="Date de l’acte")

    def __repr__(self) -> str:
        return f"Acte({self.acte!r})"


def build_act(acte: Acte, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    """The row of the narrative, and the entry."""
    words = redaction.dit(acte.acte.texte, "acte")
    reason = redaction.dit(acte.motif.texte, "acte-motif") if acte.motif else None
    entry = node(
        "procedure",
        *templates(*_ACTES),
        redaction.identifier(words.ancre, acte.uid),
        notion("code", acte.acte, words.ancre),
        said(words.ancre),
        completed(),
        when("effectiveTime", acte.date),
        build_author(acte.auteur) if acte.auteur else None,
        build_reason(acte.motif, reason, redaction) if acte.motif and reason else None,
        classCode="PROC",
        moodCode="EVN",
    )
    return (date(acte.date), words, reason or "", acte.auteur.libelle if acte.auteur else ""), entry


def read_acts(section: etree._Element, lecture: Lecture) -> tuple[Acte, ...]:
    found = (_read(each, lecture) for each in children(section, "entry/procedure") if is_a(each, _ACTE))
    return tuple(each for each in found if each)


def _read(procedure: etree._Element, lecture: Lecture) -> Acte | None:
    words = lecture.words(child(procedure, "text"))
    done = lecture.notion(child(procedure, "code"), words)
    if done is None:
        return None
    moment = child(procedure, "effectiveTime")
    return Acte(
        done,
        read_quand(moment) or read_period(moment).debut,
        read_reason(procedure, lecture),
        read_intervenant(child(procedure, "author")),
        read_identity(child(procedure, "id")),
    )
