"""Sections that several volets have: past problems, acts, allergies, results, and what is only said in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from opensegur.cda.locate import children
from opensegur.cda.n3 import acte, allergie
from opensegur.cda.n3.acte import Acte, build_act, read_acts
from opensegur.cda.n3.affichage import dates
from opensegur.cda.n3.allergie import Allergie, build_allergy, read_allergies
from opensegur.cda.n3.lecture import Lecture, sections, words_of
from opensegur.cda.n3.probleme import Probleme, build_concern, read_concerns
from opensegur.cda.n3.recit import Redaction, paragraphs, table
from opensegur.cda.n3.section import Rubrique, build_section, rubrique
from opensegur.cda.noeud import Noeud

PROBLEMES = rubrique(
    "11450-4",
    "Liste des problèmes actifs",
    "Pathologies en cours",
    "2.16.840.1.113883.10.20.1.11",
    "1.3.6.1.4.1.19376.1.5.3.1.3.6",
    "1.2.250.1.213.1.1.2.132",
)
PROFESSION = rubrique(
    "10161-8",
    "Facteurs de risques professionnels",
    "Facteurs de risque professionnels",
    "1.3.6.1.4.1.19376.1.5.3.1.1.5.3.1",
    "1.2.250.1.213.1.1.2.74",
)
ANTECEDENTS = rubrique(
    "11348-0",
    "Antécédents médicaux",
    "Antécédents médicaux",
    "1.3.6.1.4.1.19376.1.5.3.1.3.8",
    "1.2.250.1.213.1.1.2.134",
)
ACTES = rubrique(
    "47519-4",
    "Historique des actes",
    "Antécédents chirurgicaux",
    "2.16.840.1.113883.10.20.1.12",
    "1.3.6.1.4.1.19376.1.5.3.1.3.11",
    "1.3.6.1.4.1.19376.1.5.3.1.3.12",
    "1.2.250.1.213.1.1.2.136",
)
ALLERGIES = rubrique(
    "48765-2",
    "Allergies et hypersensibilités",
    "Allergies et hypersensibilités",
    "2.16.840.1.113883.10.20.1.2",
    "1.3.6.1.4.1.19376.1.5.3.1.3.13",
    "1.2.250.1.213.1.1.2.137",
)
RESULTATS = rubrique(
    "30954-2",
    "Résultats d'examens",
    "Résultats d'examens",
    "1.3.6.1.4.1.19376.1.5.3.1.3.27",
    "1.2.250.1.213.1.1.2.150",
)
_RIEN = "Rien à signaler."


def problem_section(kind: Rubrique, redaction: Redaction, problems: Sequence[Probleme]) -> Noeud:
    said = [redaction.dit(each.diagnostic.texte, "probleme") for each in problems]
    rows = [(dates(each.periode), words) for each, words in zip(problems, said, strict=True)]
    entries = [build_concern(each, words.ancre, redaction) for each, words in zip(problems, said, strict=True)]
    return build_section(kind, redaction, table(("Date", kind.titre), rows), entries)


def problems_of(root: etree._Element, kind: Rubrique, lecture: Lecture) -> tuple[Probleme, ...]:
    return tuple(each for section in sections(root, kind.modele) for each in read_concerns(section, lecture))


def acts_of(root: etree._Element, lecture: Lecture) -> tuple[Acte, ...]:
    return tuple(each for section in sections(root, ACTES.modele) for each in read_acts(section, lecture))


def allergies_of(root: etree._Element, lecture: Lecture) -> tuple[Allergie, ...]:
    return tuple(each for section in sections(root, ALLERGIES.modele) for each in read_allergies(section, lecture))


def act_section(kind: Rubrique, redaction: Redaction, acts: Sequence[Acte]) -> Noeud:
    built = [build_act(each, redaction) for each in acts]
    text = table(acte.TITRES, (row for row, _ in built))
    return build_section(kind, redaction, text, (entry for _, entry in built))


def allergy_section(kind: Rubrique, redaction: Redaction, allergies: Sequence[Allergie]) -> Noeud:
    built = [build_allergy(each, redaction) for each in allergies]
    text = table(allergie.TITRES, (row for row, _ in built))
    return build_section(kind, redaction, text, (entry for _, entry in built))


def sentence_section(kind: Rubrique, redaction: Redaction, sentences: Sequence[str] = ()) -> Noeud:
    return build_section(kind, redaction, paragraphs(sentences or [_RIEN]))


def read_sentences(root: etree._Element, kind: Rubrique) -> tuple[str, ...]:
    """One for each paragraph or row; a section that says that there is nothing gives none."""
    found: list[str] = []
    for section in sections(root, kind.modele):
        pieces = [
            *children(section, "text/paragraph"),
            *children(section, "text/table/tbody/tr"),
            *children(section, "text/list/item"),
        ]
        pieces = pieces or children(section, "text")
        found += [words for each in pieces if (words := words_of(each)) and words != _RIEN]
    return tuple(found)
