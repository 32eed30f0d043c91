"""Prescriptions and dispensations."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from cda.n3.strategies.biologie import images
from cda.n3.strategies.commun import (
    PDF,
    days,
    diagnoses,
    doses,
    few,
    lines,
    maybe,
    periods,
    quantities,
    rhythms,
    routes,
    some,
    who,
    words,
)
from cda.n3.strategies.synthese import measures
from opensegur.cda.n3.mesures import Grossesse
from opensegur.cda.n3.pharmacie.dispensation import Dispensation, LigneDispensation, LignePrescrite
from opensegur.cda.n3.pharmacie.dispositif import EMDN, LPP, DispositifPrescrit
from opensegur.cda.n3.pharmacie.ligne import LignePrescription
from opensegur.cda.n3.pharmacie.mentions import Mention, Situation
from opensegur.cda.n3.pharmacie.posologie import Mode, Prise
from opensegur.cda.n3.pharmacie.prescription import Prescription
from opensegur.cda.n3.produit import ATC, EDQM, SMS, Conditionnement, Produit, Substance
from opensegur.cda.n3.valeurs import Notion, Quantite
from opensegur.foundation.acteurs import Code
from opensegur.nomenclature import table

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


prescribed_devices = st.builds(
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


@st.composite
def prescriptions(draw: st.DrawFn) -> Prescription:
    lines_drawn, devices_drawn = draw(few(prescribed())), draw(few(prescribed_devices, 2))
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
