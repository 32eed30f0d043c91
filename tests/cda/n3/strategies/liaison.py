"""Letters of entry and of discharge."""

from __future__ import annotations

from hypothesis import strategies as st

from cda.n3.strategies.commun import (
    CCAM,
    acts,
    allergies,
    coded_notions,
    days,
    few,
    lines,
    maybe,
    notions,
    of_set,
    past,
    periods,
    some,
    treatments,
    words,
)
from opensegur.cda.n3.allergie import no_known_allergy
from opensegur.cda.n3.dispositifs import DispositifPorte
from opensegur.cda.n3.liaison.lettre import EN_COURS, VALIDE, LettreEntree, LettreSortie
from opensegur.cda.n3.liaison.sejour import Sejour
from opensegur.cda.n3.liaison.suites import ActePrevu, Demande, Rencontre
from opensegur.cda.n3.pharmacie.dispositif import EMDN
from opensegur.cda.n3.valeurs import Notion
from opensegur.foundation.acteurs import Code

priorities = st.sampled_from(
    (Code("UR", "2.16.840.1.113883.5.7", "Urgent"), Code("R", "2.16.840.1.113883.5.7", "Routine"))
)
plans = st.one_of(
    st.builds(ActePrevu, coded_notions(CCAM, "ECQH010"), st.one_of(st.just(""), days), maybe(priorities)),
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
