"""An act that was done: surgery, examination, care (FR-Acte)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.locate import child, children
from opensegur.cda.n3.absence import is_absent
from opensegur.cda.n3.affichage import dates
from opensegur.cda.n3.ecriture import completed, notion, period, said, templates, when
from opensegur.cda.n3.intervenant import Intervenant, build_author, read_intervenant
from opensegur.cda.n3.lecture import Lecture, is_a, read_identity, read_period
from opensegur.cda.n3.motif import build_reason, read_reason
from opensegur.cda.n3.recit import Case, Redaction
from opensegur.cda.n3.valeurs import Notion, Periode, Quand, check_quand
from opensegur.cda.noeud import Noeud, node

_ACTE = "1.2.250.1.213.1.1.3.62"
_ACTES = ("1.3.6.1.4.1.19376.1.5.3.1.4.19", "2.16.840.1.113883.10.20.1.29", _ACTE)
TITRES = ("Date", "Acte", "Motif", "Par")


@dataclass(frozen=True, slots=True, repr=False)
class Acte:
    """``acte`` in words and most often in CCAM; ``auteur`` who reports it; ``fin`` when it lasted."""

    acte: Notion
    date: Quand = ""
    motif: Notion | None = None
    auteur: Intervenant | None = None
    fin: Quand = ""
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_quand(self.date, quoi="Date de l’acte")
        check_quand(self.fin, quoi="Fin de l’acte")

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
        period(Periode(acte.date, acte.fin)) if acte.fin else when("effectiveTime", acte.date),
        build_author(acte.auteur) if acte.auteur else None,
        build_reason(acte.motif, reason, redaction) if acte.motif and reason else None,
        classCode="PROC",
        moodCode="EVN",
    )
    return (
        dates(Periode(acte.date, acte.fin)),
        words,
        reason or "",
        acte.auteur.libelle if acte.auteur else "",
    ), entry


def read_acts(section: etree._Element, lecture: Lecture) -> tuple[Acte, ...]:
    found = (_read(each, lecture) for each in children(section, "entry/procedure") if is_a(each, _ACTE))
    return tuple(each for each in found if each)


def _read(procedure: etree._Element, lecture: Lecture) -> Acte | None:
    words = lecture.words(child(procedure, "text"))
    done = lecture.notion(child(procedure, "code"), words)
    if done is None or is_absent(done.code):
        return None
    moment = read_period(child(procedure, "effectiveTime"))
    return Acte(
        done,
        moment.debut,
        read_reason(procedure, lecture),
        read_intervenant(child(procedure, "author")),
        moment.fin,
        read_identity(child(procedure, "id")),
    )
