"""Forty scenarios of INSi: a question, and what the service must answer. Two clients play them all.

``attendu``: ``00 <matricule>``, ``01``, ``02``, or the code of a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.faults import Fault, Nature
from opensegur.sandbox.vitale import fabrique

Prepare = Callable[[SandboxContext], None]


@dataclass(frozen=True)
class Question:
    """Traits to search; or, with ``carte``, the rank of a virtual card and of its beneficiary."""

    nom: str = "ADRUN"
    prenom: str = "ZOE"
    sexe: str = "F"
    naissance: str = "1975-12-31"
    lieu: str = ""
    carte: int | None = None
    rang: int = 1


@dataclass(frozen=True)
class Scenario:
    """``appelant``: what differs in the caller (``idam``, ``certificat``, ``emetteur``); ``carte_signee``: another
    card signs; ``attente``: how old the reading is; ``faux``: the assertion was altered; ``historique``: how many
    former matricules, other than the active one; ``hors_schema``: the recorded answer is against the published schema,
    so that a client which validates refuses it.
    """

    nom: str
    question: Question
    attendu: str
    prepare: Prepare | None = None
    appelant: dict[str, str] = field(default_factory=dict)
    carte_signee: int | None = None
    attente: timedelta = timedelta()
    faux: bool = False
    historique: int | None = None
    hors_schema: bool = False
    oid: str = ""


def switch(**changes: Any) -> Prepare:
    def prepared(context: SandboxContext) -> None:
        context.board.change(replace(context.switches, **changes))

    return prepared


def full(context: SandboxContext) -> None:
    context.faults.order(Fault("insi", Nature.FULL))


def slow(context: SandboxContext) -> None:
    context.faults.order(Fault("insi", Nature.SLOW, 1, 0.3))


def opposed(context: SandboxContext) -> None:
    fabrique.oppose(context, str(fabrique.cards(context)[0]["nom"]), opposee=True)


Q = Question
TCHITCHI = Q("TCHITCHI", "CATARINA", "F", "1936-06-21")
DE_VINCI = Q("DE VINCI", "LEONARDO", "M", "2014-02-01")
ECETINSI = Q("ECETINSI", "PIERRE-ALAIN", "M", "2009-07-14")

SCENARIOS = (
    Scenario("identité publiée", Q(), "00 2751263220749", historique=0),
    Scenario(
        "née en Corse, commune absente du COG", Q("ADRTROIS", "DOMINIQUE", "F", "1997-02-26"), "00 297022A020778"
    ),
    Scenario("né en Corse", Q("ADRTROIS", "TOUSSAINT", "M", "1960-01-01"), "00 160012B020777"),
    Scenario("premier prénom de la liste", TCHITCHI, "00 2360663220836"),
    Scenario("second prénom de la liste", replace(TCHITCHI, prenom="BELLA"), "00 2360663220836"),
    Scenario("liste entière", replace(TCHITCHI, prenom="CATARINA BELLA"), "00 2360663220836"),
    Scenario("liste dans le désordre", replace(TCHITCHI, prenom="BELLA CATARINA"), "01"),
    Scenario("prénom qui n’est pas de la liste", replace(TCHITCHI, prenom="OLA"), "01"),
    Scenario("prénom composé", ECETINSI, "00 1090763220834", historique=1),
    Scenario("prénom composé écrit avec un espace", replace(ECETINSI, prenom="PIERRE ALAIN"), "01"),
    Scenario("matricule provisoire", Q("PROVISOIRE", "MATRICULE", "M", "2009-07-01"), "00 1090763220888"),
    Scenario("historique égal à l’actif", Q("CORSE", "ANTHONY", "M", "1980-03-02"), "00 180032B020401", historique=0),
    Scenario(
        "clé fausse, deux historiques", Q("HERMANN", "GATIEN", "M", "1981-03-24"), "00 1810363220456", historique=1
    ),
    Scenario("deux prénoms, le premier", Q("NESSI", "MICHELANGELO", "M", "2010-08-07"), "00 1100863220830"),
    Scenario("personne de ce nom", Q("HOUILLES", "PIERRE", "M", "1993-01-27"), "01"),
    Scenario("deux homonymes", DE_VINCI, "02"),
    Scenario("homonymes départagés par le lieu", replace(DE_VINCI, lieu="63220"), "00 1140263220901"),
    Scenario("l’autre homonyme", replace(DE_VINCI, lieu="63001"), "00 1140263001902"),
    Scenario(
        "apostrophes et espaces", Q("D'ARTAGNAN DE L'HERAULT", "PIERRE-ALAIN", "M", "2001-06-17"), "00 1010663220903"
    ),
    Scenario("ligatures translittérées", Q("D'AEION", "COEUR", "M", "1987-01-01"), "00 1870163220904"),
    Scenario("nom à tiret", Q("PAT-TROIS", "DOMINIQUE", "F", "1979-03-28"), "00 2790351215189"),
    Scenario("autre sexe", Q(sexe="M"), "01"),
    Scenario("autre date", Q(naissance="1975-12-30"), "01"),
    Scenario("autre lieu", Q(lieu="75056"), "01"),
    Scenario("date incomplète", Q(naissance="1975-00-00"), "01"),
    Scenario("date lunaire", Q(naissance="1942-19-01"), "01"),
    Scenario("date à venir", Q(naissance="2099-01-01"), "trait.date_future"),
    Scenario("logiciel inconnu", Q(), "desir_550", appelant={"idam": "INCONNU-9"}),
    Scenario("certificat d’un autre usage", Q(), "desir_560", appelant={"certificat": "autre-cn"}),
    Scenario("émetteur qui n’est pas celui du certificat", Q(), "contexte.emetteur", appelant={"emetteur": "300000"}),
    Scenario("service en panne technique", Q(), "insi_102", prepare=full),
    Scenario("service lent", Q(), "00 2751263220749", prepare=slow),
    Scenario("dialecte des exemples CNDA", Q(), "00 2751263220749", prepare=switch(dialecte="S")),
    Scenario(
        "dialecte CNDA, dates avant l’identifiant",
        ECETINSI,
        "00 1090763220834",
        switch(dialecte="S"),
        historique=1,
        hors_schema=True,
    ),
    Scenario("OID du service de test", Q(), "00 2751263220749", switch(insi_oid="cnda"), oid="1.2.250.1.213.1.4.8"),
    Scenario("carte Vitale, l’assuré", Q(carte=0), "00 carte"),
    Scenario("carte Vitale, un enfant", Q(carte=0, rang=2), "00 carte"),
    Scenario("carte Vitale sans numéro certifié, un enfant", Q(carte=1, rang=2), "00 carte"),
    Scenario(
        "carte Vitale lue il y a trop longtemps", Q(carte=0), "bas_vitale_perimee", attente=timedelta(minutes=25)
    ),
    Scenario("carte Vitale échangée", Q(carte=0), "bas_vitale_echangee", carte_signee=2),
    Scenario("assertion falsifiée", Q(carte=0), "bas_vitale_signature", faux=True),
    Scenario("carte Vitale en opposition", Q(carte=0), "bas_vitale_opposition", prepare=opposed),
)
