"""The letters themselves: LDL-EES (entry) and LDL-SES (discharge), 2022.01.

Source: CI-SIS Volets Lettre de liaison (CI-SIS_LDL-EES_2022.01.sch, CI-SIS_LDL-SES_2022.01.sch).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from opensegur.cda.checks import check_texts, concept_of
from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.locate import attribute, child
from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.allergie import Allergie, no_known_allergy
from opensegur.cda.n3.commentaire import COMMENTAIRE
from opensegur.cda.n3.dispositifs import DispositifPorte, build_devices, read_devices
from opensegur.cda.n3.ecriture import ACT_CODE, LOINC, SNOMED
from opensegur.cda.n3.lecture import Lecture, sections
from opensegur.cda.n3.liaison.sejour import Sejour, build_stay, read_stay
from opensegur.cda.n3.liaison.suites import Suite, build_plan, read_plan
from opensegur.cda.n3.observation import Observation, build_observation
from opensegur.cda.n3.pharmacie.mentions import TA_ASIP
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.produit import Produit
from opensegur.cda.n3.recit import Redaction, table
from opensegur.cda.n3.rubriques import (
    ACTES,
    ALLERGIES,
    ANTECEDENTS,
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
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.traitement import Traitement, read_treatments, treatment_section
from opensegur.cda.n3.valeurs import Notion
from opensegur.cda.n3.volet import check_type, document
from opensegur.cda.noeud import Noeud
from opensegur.foundation.acteurs import Code

ENTREE = Code("18761-7", LOINC, "Note de transfert (dont lettre de liaison à l'entrée en établissement de soins)")
SORTIE = Code("11490-0", LOINC, "Lettre de liaison à la sortie d'un établissement de soins")
MODELE_ENTREE = Modele("1.2.250.1.213.1.1.1.21", "2022.01")
MODELE_SORTIE = Modele("1.2.250.1.213.1.1.1.29", "2022.01")

_HOSPITALISATION = Code("IMP", ACT_CODE, "Hospitalisation")
_MOTIF = rubrique(
    "42349-1",
    "Raison de la recommandation",
    "Motif de l'hospitalisation",
    "1.3.6.1.4.1.19376.1.5.3.1.3.1",
    "1.2.250.1.213.1.1.2.127",
)
_ADMISSION = rubrique(
    "42346-7",
    "Traitements à l'admission",
    "Traitements à l'admission",
    "1.3.6.1.4.1.19376.1.5.3.1.3.20",
    "1.2.250.1.213.1.1.2.144",
)
_ARRETES = rubrique(
    "18610-6",
    "Traitements administrés",
    "Traitements arrêtés durant le séjour",
    "1.3.6.1.4.1.19376.1.5.3.1.3.21",
    "1.2.250.1.213.1.1.2.145",
)
_DE_SORTIE = rubrique(
    "10183-2",
    "Traitements à la sortie",
    "Traitements à la sortie",
    "1.3.6.1.4.1.19376.1.5.3.1.3.22",
    "1.2.250.1.213.1.1.2.146",
)
_STATUT = rubrique(
    "33557-0",
    "Etat d'achèvement",
    "Statut du document",
    "1.2.250.1.213.1.1.2.35",
    "1.2.250.1.213.1.1.2.35.1",
)
_STATUT_ENTREE = ("1.2.250.1.213.1.1.3.48.16", "1.2.250.1.213.1.1.3.48.16.1")
# a section of treatments holds one at least: it says that there is none
_AUCUN = Traitement(Produit("Aucun traitement"))
VALIDE = "9571008"
EN_COURS = "385651009"


@dataclass(frozen=True, slots=True, repr=False)
class LettreEntree:
    """From the doctor of the town to the hospital. ``motif`` and ``informations`` are sentences."""

    motif: tuple[str, ...]
    informations: tuple[str, ...] = ()
    traitements: tuple[Traitement, ...] = ()
    allergies: tuple[Allergie, ...] = ()
    antecedents: tuple[Probleme, ...] = ()
    actes: tuple[Acte, ...] = ()

    def __post_init__(self) -> None:
        check_texts(self.motif)
        check_texts(self.informations)

    def __repr__(self) -> str:
        return "LettreEntree(…)"


@dataclass(frozen=True, slots=True, repr=False)
class LettreSortie:
    """From the hospital to the doctor of the town. ``statut`` ∈ JDV_StatutDoc: VALIDE or EN_COURS.

    ``attendus``: results and information still to come, in sentences.
    """

    motif: tuple[str, ...]
    sejour: Sejour
    statut: str = VALIDE
    arretes: tuple[Traitement, ...] = ()
    traitements: tuple[Traitement, ...] = ()
    attendus: tuple[str, ...] = ()
    suites: tuple[Suite, ...] = ()
    dispositifs: tuple[DispositifPorte, ...] = ()
    allergies: tuple[Allergie, ...] = ()

    def __post_init__(self) -> None:
        check_texts(self.motif)
        check_texts(self.attendus)
        concept_of("JDV_StatutDoc", self.statut, SNOMED, quoi="Statut du document")

    def __repr__(self) -> str:
        return "LettreSortie(…)"


def build_entry_letter(entete: Entete, lettre: LettreEntree) -> bytes:
    """The bytes of the document. Raises ``InvalidValue`` (CDA_TYPE_VOLET)."""
    check_type(entete, ENTREE)
    redaction = Redaction(entete.uid)
    found = [
        sentence_section(_MOTIF, redaction, lettre.motif),
        treatment_section(_ADMISSION, redaction, lettre.traitements or (_AUCUN,)),
        allergy_section(ALLERGIES, redaction, lettre.allergies or (no_known_allergy(),)),
    ]
    if lettre.antecedents:
        found.append(problem_section(ANTECEDENTS, redaction, lettre.antecedents))
    if lettre.actes:
        found.append(act_section(ACTES, redaction, lettre.actes))
    kind = replace(COMMENTAIRE, titre="Autres informations")
    found.append(sentence_section(kind, redaction, lettre.informations))
    return document(replace(entete, acte_code=_HOSPITALISATION), (MODELE_ENTREE,), found)


def read_entry_letter(root: etree._Element) -> LettreEntree:
    lecture = Lecture.of(root)
    return LettreEntree(
        read_sentences(root, _MOTIF),
        read_sentences(root, COMMENTAIRE),
        _treatments(root, _ADMISSION.modele, lecture),
        allergies_of(root, lecture),
        problems_of(root, ANTECEDENTS, lecture),
        acts_of(root, lecture),
    )


def build_discharge_letter(entete: Entete, lettre: LettreSortie) -> bytes:
    """The bytes of the document. Raises ``InvalidValue`` (CDA_TYPE_VOLET)."""
    check_type(entete, SORTIE)
    redaction = Redaction(entete.uid)
    found = [
        _status(lettre.statut, entete, redaction),
        sentence_section(_MOTIF, redaction, lettre.motif),
        build_stay(lettre.sejour, redaction),
    ]
    if lettre.arretes:
        found.append(treatment_section(_ARRETES, redaction, lettre.arretes))
    found.append(treatment_section(_DE_SORTIE, redaction, lettre.traitements or (_AUCUN,)))
    if lettre.attendus:
        kind = replace(RESULTATS, titre="Résultats d'examens et informations attendus")
        found.append(sentence_section(kind, redaction, lettre.attendus))
    if lettre.suites:
        found.append(build_plan(lettre.suites, redaction))
    if lettre.dispositifs:
        found.append(build_devices(lettre.dispositifs, redaction))
    if lettre.allergies:
        kind = replace(ALLERGIES, titre="Allergies identifiées pendant le séjour")
        found.append(allergy_section(kind, redaction, lettre.allergies))
    return document(replace(entete, acte_code=_HOSPITALISATION), (MODELE_SORTIE,), found)


def read_discharge_letter(root: etree._Element) -> LettreSortie:
    lecture = Lecture.of(root)
    status = (attribute(child(each, "entry/observation/value"), "code") for each in sections(root, _STATUT.modele))
    return LettreSortie(
        read_sentences(root, _MOTIF),
        read_stay(root, lecture) or Sejour(""),
        next((each for each in status if each), VALIDE),
        _treatments(root, _ARRETES.modele, lecture),
        _treatments(root, _DE_SORTIE.modele, lecture),
        read_sentences(root, RESULTATS),
        read_plan(root, lecture),
        read_devices(root, lecture),
        allergies_of(root, lecture),
    )


def _status(statut: str, entete: Entete, redaction: Redaction) -> Noeud:
    concept = concept_of("JDV_StatutDoc", statut, SNOMED, quoi="Statut du document")
    fact = Observation(
        Notion(code=Code("GEN-065", TA_ASIP, "Statut du document")),
        Notion(code=Code(concept.code, concept.system, concept.label)),
        entete.created_at,
    )
    words = redaction.dit(fact.texte, "statut")
    entry = build_observation(fact, words, redaction, *_STATUT_ENTREE)
    return build_section(_STATUT, redaction, table(("Statut du document",), [(words,)]), [entry])


def _treatments(root: etree._Element, model: str, lecture: Lecture) -> tuple[Traitement, ...]:
    found: Sequence[Traitement] = read_treatments(root, lecture, model)
    return tuple(each for each in found if each.produit != _AUCUN.produit)
