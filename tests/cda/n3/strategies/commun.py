"""What contents are made of: words, dates, quantities, and the entries that volets share."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.allergie import Allergie, no_known_allergy
from opensegur.cda.n3.ecriture import SNOMED
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.habitude import Habitude
from opensegur.cda.n3.intervenant import Intervenant
from opensegur.cda.n3.probleme import SYMPTOME, Probleme
from opensegur.cda.n3.produit import EDQM, Produit
from opensegur.cda.n3.rythme import Rythme
from opensegur.cda.n3.valeurs import INCONNUE, Notion, Periode, Plage, Quantite
from opensegur.cda.testing import CABINET, INFIRMIER, MEDECIN
from opensegur.foundation.acteurs import Code
from opensegur.nomenclature import table

PDF = b"%PDF-1.4\n%fictif\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

_CIM10 = "2.16.840.1.113883.6.3"
CCAM = "1.2.250.1.215.300.1"
NABM = "1.2.250.1.213.2.7"
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
    Acte, notions(CCAM, "HHFA001", "DDAF004"), st.one_of(st.just(""), partial), maybe(diagnoses), maybe(who)
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
