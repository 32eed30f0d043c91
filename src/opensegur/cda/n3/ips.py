"""The synthèse médicale in the form of the international patient summary (IPS-FR 2024.01), which follows the VSM.

The same record as the VSM, in sections side by side; five of them are always there, and say when they are empty
whether there is nothing or nothing is known. Source: CI-SIS Volet IPS-FR (CI-SIS_IPS-FR_2024.01.sch); HL7 IPS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from opensegur.cda.checks import check_texts
from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.n3 import absence
from opensegur.cda.n3.absence import check_absences, is_absent, read_absences
from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.dispositifs import DispositifPorte, build_devices, read_devices
from opensegur.cda.n3.ecriture import LOINC, SNOMED
from opensegur.cda.n3.famille import AntecedentFamilial, build_family, read_family
from opensegur.cda.n3.habitude import Habitude, build_habits, read_habits
from opensegur.cda.n3.lecture import Lecture
from opensegur.cda.n3.mesures import (
    Grossesse,
    Mesure,
    build_measures,
    build_pregnancy,
    read_measures,
    read_pregnancy,
)
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.recit import Redaction
from opensegur.cda.n3.rubriques import (
    ACTES,
    ALLERGIES,
    ANTECEDENTS,
    PROBLEMES,
    PROFESSION,
    act_section,
    acts_of,
    allergies_of,
    allergy_section,
    problem_section,
    problems_of,
    read_sentences,
    sentence_section,
)
from opensegur.cda.n3.section import rubrique
from opensegur.cda.n3.traitement import Traitement, build_no_treatment, build_treatments, read_treatments
from opensegur.cda.n3.vaccination import Vaccination, build_vaccinations, read_vaccinations
from opensegur.cda.n3.valeurs import Notion
from opensegur.cda.n3.volet import check_type, document, with_treating_doctor
from opensegur.cda.noeud import Noeud
from opensegur.foundation.acteurs import Code, Professionnel, Structure

TYPE = Code("60591-5", LOINC, "Synthèse médicale")
TITRE = "Synthèse médicale"
MODELE = Modele("1.2.250.1.213.1.1.1.51", "2024.01")
_HL7 = Modele("2.16.840.1.113883.10.22.1.1")
_PROBLEME = Code("55607006", SNOMED, "problème")
_VIGILANCE = rubrique("44944-7", "Autres alertes", "Points de vigilance", "1.2.250.1.213.1.1.2.245")
_RESULTATS = rubrique("30954-2", "Résultats d’examens", "Résultats", "1.2.250.1.213.1.1.2.244")


@dataclass(frozen=True, slots=True, repr=False)
class Ips:
    """``risques_professionnels``, ``vigilance`` and ``resultats`` are sentences.

    ``absences``: codes of JDV_AbsentOrUnknown* (``no-known-problems``, ``no-known-procedures``,
    ``no-known-medications``, ``no-known-devices``) for the parts of which it is known that there is nothing. An
    empty part that is not among them leaves as unknown. Allergies say it themselves (``no_known_allergy``).

    Raises ``InvalidValue`` (CDA_ABSENCE).
    """

    medecin_traitant: Professionnel | None = None
    structure: Structure | None = None
    problemes: tuple[Probleme, ...] = ()
    antecedents: tuple[Probleme, ...] = ()
    actes: tuple[Acte, ...] = ()
    allergies: tuple[Allergie, ...] = ()
    traitements: tuple[Traitement, ...] = ()
    dispositifs: tuple[DispositifPorte, ...] = ()
    vigilance: tuple[str, ...] = ()
    mesures: tuple[Mesure, ...] = ()
    habitudes: tuple[Habitude, ...] = ()
    risques_professionnels: tuple[str, ...] = ()
    famille: tuple[AntecedentFamilial, ...] = ()
    vaccinations: tuple[Vaccination, ...] = ()
    grossesse: Grossesse | None = None
    resultats: tuple[str, ...] = ()
    absences: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for sentences in (self.risques_professionnels, self.vigilance, self.resultats):
            check_texts(sentences)
        parts = (
            (absence.PROBLEMES, self.problemes),
            (absence.ACTES, self.actes),
            (absence.TRAITEMENTS, self.traitements),
            (absence.DISPOSITIFS, self.dispositifs),
        )
        check_absences(self.absences, (name for name, held in parts if held))

    def __repr__(self) -> str:
        return "Ips(…)"


def build_ips(entete: Entete, ips: Ips) -> bytes:
    """The bytes of the document. Raises ``InvalidValue`` (CDA_TYPE_VOLET) when ``entete`` is not of its type."""
    check_type(entete, TYPE)
    header = with_treating_doctor(entete, ips.medecin_traitant, ips.structure) if ips.medecin_traitant else entete
    return document(header, (_HL7, MODELE), _sections(ips, Redaction(entete.uid)))


def read_ips(
    root: etree._Element, medecin_traitant: Professionnel | None = None, structure: Structure | None = None
) -> Ips:
    """The content of an IPS-FR, whoever made it; what its header says of the doctor is read apart."""
    lecture = Lecture.of(root)
    return Ips(
        medecin_traitant,
        structure,
        problemes=problems_of(root, PROBLEMES, lecture),
        antecedents=problems_of(root, ANTECEDENTS, lecture),
        actes=acts_of(root, lecture),
        allergies=tuple(each for each in allergies_of(root, lecture) if not _is_unknown(each)),
        traitements=read_treatments(root, lecture),
        dispositifs=read_devices(root, lecture),
        vigilance=read_sentences(root, _VIGILANCE),
        mesures=read_measures(root),
        habitudes=read_habits(root, lecture),
        risques_professionnels=read_sentences(root, PROFESSION),
        famille=read_family(root, lecture),
        vaccinations=tuple(each for each in read_vaccinations(root, lecture)),
        grossesse=read_pregnancy(root),
        resultats=read_sentences(root, _RESULTATS),
        absences=read_absences(root),
    )


def _sections(ips: Ips, redaction: Redaction) -> list[Noeud]:
    """In the order of the official sample."""
    required = [
        problem_section(PROBLEMES, redaction, ips.problemes or (_no_problem(ips.absences),)),
        *_if_any(ips.antecedents, lambda held: problem_section(ANTECEDENTS, redaction, held)),
        act_section(ACTES, redaction, ips.actes or (Acte(_nothing(absence.ACTES, ips.absences)),)),
        allergy_section(ALLERGIES, redaction, ips.allergies or (_no_allergy(),)),
        build_treatments(ips.traitements, redaction)
        if ips.traitements
        else build_no_treatment(absence.absence(absence.TRAITEMENTS, ips.absences), redaction),
        build_devices(ips.dispositifs or (DispositifPorte(_nothing(absence.DISPOSITIFS, ips.absences)),), redaction),
    ]
    return [
        *required,
        *_if_any(ips.vigilance, lambda held: sentence_section(_VIGILANCE, redaction, held)),
        *_if_any(ips.mesures, lambda held: build_measures(held, redaction)),
        *_if_any(ips.habitudes, lambda held: build_habits(held, redaction)),
        *_if_any(ips.risques_professionnels, lambda held: sentence_section(PROFESSION, redaction, held)),
        *_if_any(ips.famille, lambda held: build_family(held, redaction)),
        *_if_any(ips.vaccinations, lambda held: build_vaccinations(held, redaction, "Vaccinations")),
        *([build_pregnancy(ips.grossesse, redaction)] if ips.grossesse else []),
        *_if_any(ips.resultats, lambda held: sentence_section(_RESULTATS, redaction, held)),
    ]


def _if_any(held: Sequence[Any], build: Callable[[Any], Noeud]) -> list[Noeud]:
    return [build(held)] if held else []


def _nothing(part: str, told: Sequence[str]) -> Notion:
    return Notion(code=absence.absence(part, told))


def _no_problem(told: Sequence[str]) -> Probleme:
    return Probleme(_nothing(absence.PROBLEMES, told), actif=False, nature=_PROBLEME)


def _no_allergy() -> Allergie:
    unknown = absence.absence(absence.ALLERGIES, ())
    return Allergie(Notion(unknown.label), absence=unknown)


def _is_unknown(allergie: Allergie) -> bool:
    return is_absent(allergie.absence) and allergie.absence == absence.absence(absence.ALLERGIES, ())
