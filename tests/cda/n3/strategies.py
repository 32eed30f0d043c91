"""Contents of each volet drawn at random: optional parts present or not, rare characters, long texts."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.allergie import Allergie, no_known_allergy
from opensegur.cda.n3.biologie.analyse import Analyse, Anterieur, Statut
from opensegur.cda.n3.biologie.compte_rendu import Chapitre, CompteRenduBiologie, Contenu, SousChapitre
from opensegur.cda.n3.biologie.groupe import Batterie, Isolat
from opensegur.cda.n3.biologie.prelevement import ECHANTILLON, Prelevement
from opensegur.cda.n3.ecriture import LOINC, SNOMED
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.habitude import Habitude
from opensegur.cda.n3.image import Image
from opensegur.cda.n3.intervenant import Intervenant
from opensegur.cda.n3.liaison.dispositifs import DispositifPorte
from opensegur.cda.n3.liaison.lettre import EN_COURS, VALIDE, LettreEntree, LettreSortie
from opensegur.cda.n3.liaison.sejour import Sejour
from opensegur.cda.n3.liaison.suites import ActePrevu, Demande, Rencontre
from opensegur.cda.n3.mesures import POIDS, TAILLE, Grossesse, Mesure
from opensegur.cda.n3.observation import Observation
from opensegur.cda.n3.pharmacie.dispensation import Dispensation, LigneDispensation, LignePrescrite
from opensegur.cda.n3.pharmacie.dispositif import EMDN, LPP, DispositifPrescrit
from opensegur.cda.n3.pharmacie.ligne import LignePrescription
from opensegur.cda.n3.pharmacie.mentions import Mention, Situation
from opensegur.cda.n3.pharmacie.posologie import Mode, Prise
from opensegur.cda.n3.pharmacie.prescription import Prescription
from opensegur.cda.n3.piece_jointe import PieceJointe
from opensegur.cda.n3.probleme import SYMPTOME, Probleme
from opensegur.cda.n3.produit import ATC, EDQM, SMS, Conditionnement, Produit, Substance
from opensegur.cda.n3.rythme import Rythme
from opensegur.cda.n3.vaccination import PREMIERE_SERIE, RAPPEL, VACCINATION, Vaccination
from opensegur.cda.n3.valeurs import INCONNUE, Notion, Periode, Plage, Quantite
from opensegur.cda.n3.vsm import Vsm
from opensegur.cda.testing import CABINET, INFIRMIER, MEDECIN
from opensegur.foundation.acteurs import Code
from opensegur.nomenclature import table

PDF = b"%PDF-1.4\n%fictif\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

_CIM10 = "2.16.840.1.113883.6.3"
_CCAM = "1.2.250.1.215.300.1"
_NABM = "1.2.250.1.213.2.7"
_PIECES = (
    "Hypertension artérielle",
    "pied d’athlète",
    "« suspicion »",
    "œdème",
    "T < 38 °C & P > 10",
    'dit "le grand"',
    "naïve",
    "Ω-3",
    "β-lactamines",
    "𝛼-fœtoprotéine",
    "漢字",
    "l'a-t-on vu ?",
    "]]>",
    "très long " * 60,
)
words = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=3).map(
    lambda found: " ".join(" ".join(found).split())
)
lines = st.lists(words, min_size=1, max_size=3).map("\n".join)
_FIRST = date(1925, 1, 1)
days = st.integers(0, 36000).map(lambda count: (_FIRST + timedelta(days=count)).isoformat())
partial = st.one_of(days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4]))
moments = st.integers(0, 10**9).map(lambda count: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=count))
quands = st.one_of(st.just(""), partial, moments)
periods = st.one_of(
    st.just(INCONNUE),
    partial.map(Periode),
    st.tuples(days, days).map(lambda two: Periode(min(two), max(two))),
    days.map(lambda day: Periode("", day)),
)
numbers = st.decimals(min_value=0, max_value=10**6, places=3, allow_nan=False).map(
    lambda value: value.normalize() + 0
)


_T = TypeVar("_T")


def quantities(*units: str) -> st.SearchStrategy[Quantite]:
    return st.builds(Quantite, numbers, st.sampled_from(units))


def maybe(strategy: st.SearchStrategy[_T]) -> st.SearchStrategy[_T | None]:
    return st.one_of(st.none(), strategy)


def few(strategy: st.SearchStrategy[_T], most: int = 3) -> st.SearchStrategy[tuple[_T, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


def some(strategy: st.SearchStrategy[_T], most: int = 3) -> st.SearchStrategy[tuple[_T, ...]]:
    return st.lists(strategy, min_size=1, max_size=most).map(tuple)


def notions(system: str, *codes: str) -> st.SearchStrategy[Notion]:
    coded = st.builds(Code, st.sampled_from(codes), st.just(system), words)
    return st.builds(Notion, words, maybe(coded))


def coded_notions(system: str, *codes: str) -> st.SearchStrategy[Notion]:
    return st.builds(Notion, words, st.builds(Code, st.sampled_from(codes), st.just(system), words))


def of_set(name: str) -> st.SearchStrategy[Code]:
    return st.sampled_from([Code(each.code, each.system, each.label) for each in table(name)])


@st.composite
def ranges(draw: st.DrawFn, *units: str) -> Plage:
    low, high = sorted((draw(numbers), draw(numbers)))
    unit = draw(st.sampled_from(units))
    which = draw(st.sampled_from(("both", "low", "high")))
    return Plage(
        Quantite(low, unit) if which != "high" else None,
        Quantite(high, unit) if which != "low" else None,
        draw(st.booleans()) if which != "high" else True,
        draw(st.booleans()) if which != "low" else True,
    )


@st.composite
def doses(draw: st.DrawFn, unit: str) -> Plage:
    low, high = sorted((draw(numbers), draw(numbers)))
    return Plage(Quantite(low, unit), Quantite(high, unit))


who = st.builds(
    Intervenant.of, st.sampled_from((MEDECIN, INFIRMIER)), st.sampled_from((CABINET, None)), st.one_of(moments, days)
)
diagnoses = notions(_CIM10, "I10", "E11.9", "J45.9", "N10", "R52.9")
problems = st.builds(Probleme, diagnoses, periods)
past = st.builds(Probleme, diagnoses, periods, st.just(False))
reactions = st.builds(Probleme, diagnoses, partial.map(Periode), nature=st.just(SYMPTOME))
acts = st.builds(
    Acte, notions(_CCAM, "HHFA001", "DDAF004"), st.one_of(st.just(""), partial), maybe(diagnoses), maybe(who)
)
allergies = st.one_of(
    st.builds(
        Allergie,
        st.builds(Notion, words),
        st.sampled_from(
            (
                Code("416098002", SNOMED, "allergie médicamenteuse"),
                Code("414285001", SNOMED, "allergie alimentaire"),
            )
        ),
        periods,
        statut=maybe(of_set("JDV_HL7_allergyintolerance_clinical")),
        reaction=maybe(reactions),
    ),
    st.just(no_known_allergy()),
)
habits = st.builds(
    Habitude,
    of_set("JDV_SocialHistoryCodes"),
    st.one_of(quantities("{pack}/a", "g/d"), st.builds(Notion, words)),
    periods,
)
kin = st.sampled_from((("MTH", "Mère", "F"), ("FTH", "Père", "M"), ("SIS", "Soeur", "")))
family = st.builds(
    lambda who_is, illness, when: AntecedentFamilial(
        Notion(who_is[1], Code(who_is[0], "2.16.840.1.113883.5.111", who_is[1])), illness, when, who_is[2]
    ),
    kin,
    diagnoses,
    periods,
)
products = st.builds(
    Produit,
    words,
    st.sampled_from(("", "63107752", "61077869")),
    st.sampled_from(("", "3400933516390")),
    atc=st.sampled_from(("", "J07BB02")),
)
rhythms = st.one_of(
    st.builds(Rythme, quantities("d", "h")),
    st.sampled_from([each.code for each in table("JDV_HL7_TimingEvent")]).map(lambda found: Rythme(evenement=found)),
)
routes = st.sampled_from(
    [
        Notion(each.label, Code(each.code, each.system, each.label))
        for each in list(table("JDV_RouteofAdministration"))
        if each.system == EDQM
    ][:20]
    or [Notion("Voie orale", Code("20053000", EDQM, "Voie orale"))]
)


@st.composite
def treatments(draw: st.DrawFn):
    from opensegur.cda.n3.traitement import Traitement

    return Traitement(
        draw(products),
        draw(periods),
        draw(st.one_of(st.just(""), lines)),
        draw(maybe(rhythms)),
        draw(maybe(doses("{tablet}"))),
        draw(maybe(routes)),
        draw(maybe(diagnoses)),
    )


vsms = st.builds(
    Vsm,
    st.just(MEDECIN),
    st.just(CABINET),
    few(problems),
    few(past),
    few(acts),
    few(allergies),
    few(habits),
    few(words),
    few(family),
    few(words),
    few(treatments()),
)

vaccines = st.builds(
    Produit,
    words,
    st.just("61077869"),
    st.sampled_from(("", "3400930149225")),
    st.sampled_from(("J07BB02", "J07AM01")),
    lot=st.sampled_from(("A123", "T-4 <2>")),
    peremption=st.one_of(st.just(""), days),
)
vaccinations = st.builds(
    Vaccination,
    vaccines,
    days,
    st.builds(Intervenant.of, st.sampled_from((MEDECIN, INFIRMIER)), st.just(CABINET), moments),
    maybe(who),
    acte=st.sampled_from((PREMIERE_SERIE, RAPPEL, VACCINATION)),
    rang=maybe(st.integers(1, 9)),
    voie=maybe(of_set("JDV_ImmunizationRouteCodes").map(lambda code: Notion(code.label, code))),
    site=maybe(of_set("JDV_ImmunizationApproachSiteCode").map(lambda code: Notion(code.label, code))),
    dose=maybe(quantities("mL")),
    reactions=few(reactions, 2),
    commentaire=st.one_of(st.just(""), lines),
)

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
    notions(_NABM, "5201", "9050"),
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

_BOXES = ("30009000", "30015500")
medicines = st.builds(
    Produit,
    words,
    st.sampled_from(("", "63107752")),
    st.sampled_from(("", "3400933516390")),
    forme=maybe(st.just(Code("10219000", EDQM, "Comprimé"))),
    classe=maybe(st.builds(Code, st.just("N02BE01"), st.just(ATC), words)),
    substances=few(
        st.builds(
            Substance,
            st.builds(Code, st.just("100000090270"), st.just(SMS), words),
            st.just(Quantite(Decimal(500), "mg")),
            st.just(Quantite(Decimal(1))),
        ),
        1,
    ),
)
intakes = st.builds(
    Prise,
    maybe(rhythms),
    doses("{tablet}"),
    maybe(doses("mg/d")),
    debut=days,
    duree=maybe(quantities("d")),
)
situations = st.builds(Situation, *(st.booleans() for _ in range(5)))


@st.composite
def prescribed(draw: st.DrawFn) -> LignePrescription:
    mode = draw(st.sampled_from(Mode))
    if mode is Mode.NORMAL:
        prises = tuple(replace(each, debut="", duree=None) for each in draw(few(intakes, 1)))
    else:
        prises = draw(some(intakes))
    allowed = draw(st.booleans())
    return LignePrescription(
        produit=draw(medicines),
        posologie=draw(words),
        periode=draw(periods),
        mode=mode,
        prises=prises,
        renouvellements=draw(st.integers(0, 12)),
        voie=draw(maybe(routes)),
        site=draw(maybe(st.builds(Notion, words))),
        dose_maximale=draw(maybe(st.tuples(quantities("mg"), quantities("d")))),
        quantite=draw(maybe(quantities(*_BOXES))),
        substituable=allowed,
        motif_substitution="" if allowed else draw(st.one_of(st.just(""), st.just("MTE"), st.just("CIF (gluten)"))),
        motif=draw(maybe(diagnoses)),
        instructions_patient=draw(st.one_of(st.just(""), lines)),
        instructions_dispensateur=draw(st.one_of(st.just(""), lines)),
        condition=draw(st.one_of(st.just(""), words)),
        situation=draw(situations),
    )


devices = st.builds(
    DispositifPrescrit,
    words,
    maybe(st.builds(Code, st.just("V0806"), st.just(EMDN), words)),
    maybe(st.builds(Code, st.just("1215702"), st.just(LPP), words)),
    periods,
    maybe(quantities("")),
    maybe(quantities("d")),
    st.integers(0, 5),
    st.builds(Situation, *(st.booleans() for _ in range(4))),
)
measures = st.one_of(
    st.builds(Mesure, st.just(POIDS), quantities("kg", "g"), st.one_of(st.just(""), days)),
    st.builds(Mesure, st.just(TAILLE), quantities("cm", "m"), st.one_of(st.just(""), days)),
)


@st.composite
def prescriptions(draw: st.DrawFn) -> Prescription:
    lines_drawn, devices_drawn = draw(few(prescribed())), draw(few(devices, 2))
    if not lines_drawn and not devices_drawn:
        lines_drawn = (draw(prescribed()),)
    return Prescription(
        PDF,
        lines_drawn,
        devices_drawn,
        tuple(each for each in Mention if draw(st.booleans())),
        draw(st.one_of(st.just(""), lines)),
        draw(few(measures, 2)),
        draw(
            maybe(st.builds(Grossesse, st.sampled_from([each.code for each in table("JDV_StatutGrossesse")]), days))
        ),
        draw(maybe(images)),
    )


boxes = st.builds(
    Conditionnement,
    st.builds(Code, st.just("3400933516390"), st.just("1.2.250.1.213.2.3.2"), words),
    maybe(st.just(Code("30009000", EDQM, "Boîte"))),
    maybe(quantities("{tablet}")),
)
given_products = st.builds(
    lambda product, box, lot, expiry: replace(product, conditionnement=box, lot=lot, peremption=expiry),
    medicines,
    maybe(boxes),
    st.sampled_from(("", "L1")),
    st.one_of(st.just(""), days),
)
dispensed = st.builds(
    LigneDispensation,
    given_products,
    quantities(*_BOXES),
    maybe(
        st.builds(
            LignePrescrite,
            st.just("AADC9C14-F1CA-4177-B2C8-A5178D5B3CA0"),
            st.sampled_from(("", "1.2.250.1.999.1.9")),
            maybe(who),
        )
    ),
    st.sampled_from(("", "FFC", "FFP", "RFC", "RFP")),
    substitution=st.one_of(st.just(""), words),
    conseil=st.one_of(st.just(""), lines),
    notes=st.one_of(st.just(""), lines),
)


@st.composite
def dispensations(draw: st.DrawFn) -> Dispensation:
    drawn = []
    for line in draw(some(dispensed)):
        if draw(st.booleans()):
            line = replace(  # noqa: PLW2901 - the same line, with how to take it
                line,
                periode=draw(periods),
                posologie=draw(words),
                prise=draw(maybe(intakes)),
                voie=draw(maybe(routes)),
            )
        drawn.append(line)
    return Dispensation(tuple(drawn))


priorities = st.sampled_from(
    (Code("UR", "2.16.840.1.113883.5.7", "Urgent"), Code("R", "2.16.840.1.113883.5.7", "Routine"))
)
plans = st.one_of(
    st.builds(ActePrevu, coded_notions(_CCAM, "ECQH010"), st.one_of(st.just(""), days), maybe(priorities)),
    st.builds(Demande, words, st.one_of(st.just(""), days)),
    st.builds(
        Rencontre,
        st.just(Code("AMB", "2.16.840.1.113883.5.4", "Ambulatoire (hors établissement)")),
        words,
        days,
        maybe(priorities),
    ),
)


@st.composite
def stays(draw: st.DrawFn) -> Sejour:
    begin, end = sorted((draw(days), draw(days)))
    return Sejour(
        draw(lines),
        draw(of_set("JDV_ModaliteEntree").map(lambda code: Notion(code.label, code))),
        begin,
        draw(maybe(st.builds(Notion, words))),
        end,
        draw(st.one_of(st.just(""), lines)),
        draw(maybe(st.booleans())),
        draw(st.one_of(st.just(""), words)),
        draw(maybe(st.booleans())),
        draw(st.one_of(st.just(""), words)),
        draw(maybe(st.booleans())),
        draw(st.one_of(st.just(""), words)),
    )


entry_letters = st.builds(
    LettreEntree,
    some(words),
    few(words),
    few(treatments()),
    st.one_of(st.just((no_known_allergy(),)), some(allergies)),
    few(past),
    few(acts),
)
discharge_letters = st.builds(
    LettreSortie,
    some(words),
    stays(),
    st.sampled_from((VALIDE, EN_COURS)),
    few(treatments(), 2),
    few(treatments(), 2),
    few(words),
    few(plans),
    few(st.builds(DispositifPorte, notions(EMDN, "J010104"), periods, st.one_of(st.just(""), st.just("(01)0084")))),
    few(allergies, 2),
)
