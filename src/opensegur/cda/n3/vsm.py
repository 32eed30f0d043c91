"""The volet de synthèse médicale (VSM 1.4, 2022.01): what another doctor has to know of a patient, on one page.

Source: CI-SIS Volet Synthèse médicale (CI-SIS_VSM_1.4_2022.01.sch); three sections of the first level, always there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from opensegur.cda.checks import check_texts
from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.ecriture import LOINC
from opensegur.cda.n3.famille import AntecedentFamilial, build_family, read_family
from opensegur.cda.n3.habitude import Habitude, build_habits, read_habits
from opensegur.cda.n3.lecture import Lecture
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.recit import Redaction
from opensegur.cda.n3.rubriques import (
    ACTES,
    ALLERGIES,
    ANTECEDENTS,
    PROBLEMES,
    PROFESSION,
    RESULTATS,
    act_section,
    acts_of,
    allergies_of,
    allergy_section,
    problem_section,
    problems_of,
    read_sentences,
    sentence_section,
)
from opensegur.cda.n3.section import Rubrique, build_chapter, rubrique
from opensegur.cda.n3.traitement import Traitement, build_treatments, read_treatments
from opensegur.cda.n3.volet import check_type, document, with_treating_doctor
from opensegur.cda.noeud import Noeud
from opensegur.foundation.acteurs import Code, Professionnel, Structure

TYPE = Code("SYNTH", "1.2.250.1.213.1.1.4.12", "Synthèse")
TITRE = "Volet de synthèse médicale"
MODELE = Modele("1.2.250.1.213.1.1.1.13", "201310")
_ACTE = Code("34117-2", LOINC, "Historique et clinique")

_SYNTHESE = rubrique(
    "46612-8",
    "Conclusions de synthèse",
    "Pathologies en cours, antécédents, allergies et facteurs de risque",
    "1.2.250.1.213.1.1.2.29",
)
_HISTOIRE = rubrique(
    "34117-2", "Historique et physique", "Pathologies en cours, antécédents et allergies", "1.2.250.1.213.1.1.2.30"
)
_RISQUES = rubrique(
    "57207-3",
    "Facteurs de risque présents ou passés affectant l'état de santé",
    "Facteurs de risque",
    "1.2.250.1.213.1.1.2.31",
)
_TRAITEMENTS = rubrique("18776-5", "Plan de traitement", "Traitements au long cours", "1.2.250.1.213.1.1.2.32")


@dataclass(frozen=True, slots=True, repr=False)
class Vsm:
    """``risques_professionnels`` and ``vigilance`` (results and points to watch) are sentences.

    ``medecin_traitant`` and the ``structure`` where it practises are named in the header.
    """

    medecin_traitant: Professionnel
    structure: Structure | None = None
    problemes: tuple[Probleme, ...] = ()
    antecedents: tuple[Probleme, ...] = ()
    actes: tuple[Acte, ...] = ()
    allergies: tuple[Allergie, ...] = ()
    habitudes: tuple[Habitude, ...] = ()
    risques_professionnels: tuple[str, ...] = ()
    famille: tuple[AntecedentFamilial, ...] = ()
    vigilance: tuple[str, ...] = ()
    traitements: tuple[Traitement, ...] = ()

    def __post_init__(self) -> None:
        check_texts(self.risques_professionnels)
        check_texts(self.vigilance)

    def __repr__(self) -> str:
        return "Vsm(…)"


def build_vsm(entete: Entete, vsm: Vsm) -> bytes:
    """The bytes of the document. Raises ``InvalidValue`` (CDA_TYPE_VOLET) when ``entete`` is not of its type."""
    check_type(entete, TYPE)
    header = with_treating_doctor(replace(entete, acte_code=_ACTE), vsm.medecin_traitant, vsm.structure)
    return document(header, (MODELE,), _sections(vsm, Redaction(entete.uid)))


def read_vsm(root: etree._Element, medecin_traitant: Professionnel, structure: Structure | None = None) -> Vsm:
    """The content of a VSM, whoever made it; what its header says of the doctor is read apart."""
    lecture = Lecture.of(root)
    return Vsm(
        medecin_traitant,
        structure,
        problemes=problems_of(root, PROBLEMES, lecture),
        antecedents=problems_of(root, ANTECEDENTS, lecture),
        actes=acts_of(root, lecture),
        allergies=allergies_of(root, lecture),
        habitudes=read_habits(root, lecture),
        risques_professionnels=read_sentences(root, PROFESSION),
        famille=read_family(root, lecture),
        vigilance=read_sentences(root, RESULTATS),
        traitements=read_treatments(root, lecture),
    )


def _sections(vsm: Vsm, redaction: Redaction) -> list[Noeud]:
    treatments = [build_treatments(vsm.traitements, redaction)] if vsm.traitements else []
    return [
        build_chapter(_SYNTHESE, redaction, (_history(vsm, redaction), _risks(vsm, redaction))),
        sentence_section(replace(RESULTATS, titre="Résultats et points de vigilance"), redaction, vsm.vigilance),
        _chapter(_TRAITEMENTS, redaction, treatments),
    ]


def _history(vsm: Vsm, redaction: Redaction) -> Noeud:
    inner = []
    for kind, problems in ((PROBLEMES, vsm.problemes), (ANTECEDENTS, vsm.antecedents)):
        if problems:
            inner.append(problem_section(kind, redaction, problems))
    if vsm.actes:
        inner.append(act_section(ACTES, redaction, vsm.actes))
    if vsm.allergies:
        inner.append(allergy_section(ALLERGIES, redaction, vsm.allergies))
    return _chapter(_HISTOIRE, redaction, inner)


def _risks(vsm: Vsm, redaction: Redaction) -> Noeud:
    inner = [build_habits(vsm.habitudes, redaction)] if vsm.habitudes else []
    if vsm.risques_professionnels:
        inner.append(sentence_section(PROFESSION, redaction, vsm.risques_professionnels))
    if vsm.famille:
        inner.append(build_family(vsm.famille, redaction))
    return _chapter(_RISQUES, redaction, inner)


def _chapter(kind: Rubrique, redaction: Redaction, inner: list[Noeud]) -> Noeud:
    """With sections and no text, or with a text that says that there is nothing."""
    return build_chapter(kind, redaction, inner) if inner else sentence_section(kind, redaction)
