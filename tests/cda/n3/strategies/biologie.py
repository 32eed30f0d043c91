"""Reports of biology."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from cda.n3.strategies.commun import (
    NABM,
    PDF,
    PNG,
    coded_notions,
    days,
    diagnoses,
    few,
    lines,
    maybe,
    moments,
    notions,
    problems,
    quands,
    quantities,
    ranges,
    some,
    words,
)
from cda.n3.strategies.synthese import vaccinations
from opensegur.cda.n3.biologie.analyse import Analyse, Anterieur, Statut
from opensegur.cda.n3.biologie.compte_rendu import Chapitre, CompteRenduBiologie, Contenu, SousChapitre
from opensegur.cda.n3.biologie.groupe import Batterie, Isolat
from opensegur.cda.n3.biologie.prelevement import ECHANTILLON, Prelevement
from opensegur.cda.n3.ecriture import LOINC, SNOMED
from opensegur.cda.n3.image import Image
from opensegur.cda.n3.intervenant import Intervenant
from opensegur.cda.n3.observation import Observation
from opensegur.cda.n3.piece_jointe import PieceJointe
from opensegur.cda.n3.valeurs import Notion
from opensegur.cda.testing import CABINET, MEDECIN
from opensegur.foundation.acteurs import Code
from opensegur.nomenclature import table

_UNITS = ("g/L", "mmol/L", "10*9/L", "m[IU]/L", "%", "/mL", "{ratio}")
values = st.one_of(
    st.none(), quantities(*_UNITS), quantities(""), ranges("ug/mL", "mg/L"), st.builds(Notion, lines), diagnoses
)
former = st.builds(Anterieur, st.one_of(quantities(*_UNITS), st.builds(Notion, words)), st.one_of(days, moments))
analyses = st.builds(
    Analyse,
    st.one_of(
        st.builds(Notion, words),
        coded_notions(LOINC, "718-7", "6690-2", "1988-5", "2345-7"),
        st.builds(lambda text, label: Notion(text, None, (Code("HB", "1.2.250.1.999.5", label),)), words, words),
    ),
    values,
    st.one_of(days, moments),
    st.sampled_from((Statut.COMPLET, Statut.ANNULE)),
    few(st.sampled_from(("N", "H", "L", "HH", "LL", "A", "S", "R", "I")), 2),
    methode=maybe(st.builds(Notion, words)),
    reference=maybe(ranges("g/L", "mmol/L")),
    anterieurs=few(former, 2),
    commentaire=st.one_of(st.just(""), lines),
)
images = st.builds(Image, st.just("image/png"), st.just(PNG), st.one_of(st.just(""), words))
batteries = st.builds(
    Batterie,
    maybe(notions(LOINC, "58410-2", "24331-1")),
    some(analyses),
    st.sampled_from(Statut),
    st.one_of(st.just(""), lines),
    few(images, 1),
)
isolates = st.builds(
    Isolat,
    notions(SNOMED, "112283007", "3092008"),
    few(st.one_of(analyses, batteries), 2),
    quands,
    st.sampled_from(Statut),
    st.one_of(st.just(""), lines),
)
samples = st.builds(
    Prelevement,
    notions(NABM, "5201", "9050"),
    st.one_of(
        st.builds(Notion, words),
        st.sampled_from(
            [Notion(each.label, Code(each.code, ECHANTILLON, each.label)) for each in table("JDV_HL7_SpecimenType")][
                :30
            ]
        ),
    ),
    st.one_of(days, moments),
    quands,
)
laboratories = st.builds(Intervenant.of, st.just(MEDECIN), st.just(CABINET), moments)
validators = st.builds(
    lambda who_did: replace(
        who_did,
        profession=None,
        structure_id="",
        structure_nom="",
        structure_adresse=None,
        structure_telecoms=(),
        cadre=None,
    ),
    laboratories,
)
contents = st.builds(
    Contenu,
    some(st.one_of(analyses, batteries, isolates)),
    few(samples, 2),
    st.sampled_from(Statut),
    few(laboratories, 1),
    few(validators, 2),
    st.one_of(st.just(""), lines),
)
_DISCIPLINES = st.sampled_from(
    (
        Code("18719-5", LOINC, "Biochimie"),
        Code("18723-7", LOINC, "Hématologie"),
        Code("18725-2", LOINC, "Microbiologie"),
    )
)
chapters = st.one_of(
    st.builds(Chapitre, _DISCIPLINES, words, contents),
    st.builds(
        Chapitre,
        _DISCIPLINES,
        words,
        sous_chapitres=some(
            st.builds(
                SousChapitre, words, contents, maybe(st.just(Code("18720-3", LOINC, "Hémostase, coagulation")))
            ),
            2,
        ),
    ),
)
contexts = st.one_of(
    st.builds(
        Observation,
        st.just(Notion("Raison de la recommandation", Code("42349-1", LOINC, "Raison de la recommandation"))),
        st.builds(Notion, words),
        st.one_of(st.just(""), days),
    ),
    problems,
)
reports = st.builds(
    CompteRenduBiologie,
    some(chapters, 2),
    st.just(PDF),
    few(lines, 1),
    few(contexts, 1),
    few(vaccinations, 1),
    few(st.builds(PieceJointe, words, st.just(PDF)), 1),
)
