"""Contents of the VSM, of the IPS-FR and of the vaccinations."""

from __future__ import annotations

from hypothesis import strategies as st

from cda.n3.strategies.commun import (
    acts,
    allergies,
    days,
    family,
    few,
    habits,
    lines,
    maybe,
    moments,
    notions,
    of_set,
    partial,
    past,
    periods,
    problems,
    quantities,
    reactions,
    treatments,
    who,
    words,
)
from opensegur.cda.n3.dispositifs import DispositifPorte
from opensegur.cda.n3.intervenant import Intervenant
from opensegur.cda.n3.ips import Ips
from opensegur.cda.n3.mesures import POIDS, TAILLE, Grossesse, Mesure
from opensegur.cda.n3.pharmacie.dispositif import EMDN
from opensegur.cda.n3.produit import Produit
from opensegur.cda.n3.vaccination import PREMIERE_SERIE, RAPPEL, VACCINATION, Vaccination
from opensegur.cda.n3.valeurs import Notion
from opensegur.cda.n3.vsm import Vsm
from opensegur.cda.testing import CABINET, INFIRMIER, MEDECIN

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

devices = st.builds(
    DispositifPorte,
    notions(EMDN, "J010104", "P0908"),
    periods,
    st.sampled_from(("", "(01)03661234567897(21)A1")),
)
measures = st.one_of(
    st.builds(Mesure, st.just(POIDS), quantities("kg"), st.one_of(st.just(""), partial)),
    st.builds(Mesure, st.just(TAILLE), quantities("cm"), st.one_of(st.just(""), partial)),
)


@st.composite
def _summaries(draw: st.DrawFn) -> Ips:
    parts = {
        "problemes": draw(few(problems)),
        "actes": draw(few(acts)),
        "traitements": draw(few(treatments())),
        "dispositifs": draw(few(devices)),
    }
    codes = ("no-known-problems", "no-known-procedures", "no-known-medications", "no-known-devices")
    empty = [code for code, held in zip(codes, parts.values(), strict=True) if not held]
    told = tuple(sorted(code for code in empty if draw(st.booleans())))
    return Ips(
        MEDECIN,
        CABINET,
        antecedents=draw(few(past)),
        allergies=draw(few(allergies)),
        vigilance=draw(few(words)),
        mesures=draw(few(measures)),
        habitudes=draw(few(habits)),
        risques_professionnels=draw(few(words)),
        famille=draw(few(family)),
        vaccinations=draw(few(vaccinations)),
        grossesse=draw(maybe(st.builds(Grossesse, st.just("77386006"), st.one_of(st.just(""), partial)))),
        resultats=draw(few(words)),
        absences=told,
        **parts,
    )


summaries = _summaries()
