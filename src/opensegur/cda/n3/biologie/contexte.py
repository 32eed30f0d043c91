"""Why an examination of biology was made, and what was known then (section « Raison de la recommandation »).

Source: CI-SIS Volet CR-BIO 2024.01, cervical screening (DEP-CCU).
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from opensegur.cda.locate import children
from opensegur.cda.n3.affichage import date
from opensegur.cda.n3.lecture import Lecture, is_a, sections
from opensegur.cda.n3.observation import Observation, build_observation, read_observation
from opensegur.cda.n3.probleme import PROBLEME, Probleme, build_problem, read_problem
from opensegur.cda.n3.recit import Case, Redaction, table
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.noeud import Noeud

_CONTEXTE = rubrique("42349-1", "Raison de la recommandation", "Contexte de l'examen", "1.2.250.1.213.1.1.2.128")


def build_context(context: Sequence[Observation | Probleme], redaction: Redaction) -> Noeud:
    built = [_build(each, redaction) for each in context]
    text = table(("Contexte", "Précision", "Date"), (row for row, _ in built))
    return build_section(_CONTEXTE, redaction, text, (entry for _, entry in built))


def read_context(root: etree._Element, lecture: Lecture) -> tuple[Observation | Probleme, ...]:
    found = (
        read_problem(entry, lecture) if is_a(entry, PROBLEME) else read_observation(entry, lecture)
        for section in sections(root, _CONTEXTE.modele)
        for entry in children(section, "entry/observation")
    )
    return tuple(each for each in found if each)


def _build(each: Observation | Probleme, redaction: Redaction) -> tuple[Sequence[Case], Noeud]:
    if isinstance(each, Probleme):
        words = redaction.dit(each.diagnostic.texte, "contexte")
        row: Sequence[Case] = ("Problème", words, date(each.periode.debut))
        return row, build_problem(each, words.ancre, redaction)
    words = redaction.dit(each.texte, "contexte")
    return (each.sujet.texte, words, date(each.moment)), build_observation(each, words, redaction)
