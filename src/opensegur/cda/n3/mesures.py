"""Weight, height and other vital signs (FR-Signes-vitaux), and the pregnancy (FR-Historique-des-grossesses)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.checks import check_code, concept_of
from opensegur.cda.locate import child, children
from opensegur.cda.n3.affichage import date
from opensegur.cda.n3.affichage import quantity as shown
from opensegur.cda.n3.ecriture import LOINC, code, completed, loinc, quantity, said, templates, typed, when
from opensegur.cda.n3.lecture import coded, is_a, read_identity, read_quand, read_quantity, sections, within
from opensegur.cda.n3.recit import Redaction, table
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.valeurs import Quand, Quantite, check_quand
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

POIDS = Code("29463-7", LOINC, "Poids (mesuré)")
TAILLE = Code("8302-2", LOINC, "Taille")
_SIGNES = rubrique(
    "8716-3",
    "Signes vitaux",
    "Signes vitaux",
    "2.16.840.1.113883.10.20.1.16",
    "1.3.6.1.4.1.19376.1.5.3.1.3.25",
    "1.3.6.1.4.1.19376.1.5.3.1.1.5.3.2",
    "1.2.250.1.213.1.1.2.75",
)
_GROUPE = "1.2.250.1.213.1.1.3.49"
_MESURE = "1.2.250.1.213.1.1.3.50"
_GROSSESSES = rubrique(
    "10162-6",
    "Historique des grossesses",
    "Grossesse",
    "1.3.6.1.4.1.19376.1.5.3.1.1.5.3.4",
    "1.2.250.1.213.1.1.2.77",
)
_GROSSESSE = "1.2.250.1.213.1.1.3.53"


# E_vitalSignsObservation_int.sch
_UNITES = {
    "29463-7": ("kg", "g", "[lb_av]", "[oz_av]"),
    "8302-2": ("m", "cm", "[in_us]", "[in_uk]"),
    "8287-5": ("m", "cm", "[in_us]", "[in_uk]"),
    "8310-5": ("Cel", "[degF]"),
    "8462-4": ("mm[Hg]",),
    "8480-6": ("mm[Hg]",),
    "9279-1": ("/min",),
    "8867-4": ("/min",),
    "39156-5": ("kg/m2",),
}


@dataclass(frozen=True, slots=True)
class Mesure:
    """``sujet`` ∈ JDV_SignesVitaux (POIDS, TAILLE…)."""

    sujet: Code
    valeur: Quantite
    moment: Quand = ""
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_code("JDV_SignesVitaux", self.sujet, quoi="Signe vital")
        check_quand(self.moment, quoi="Date de la mesure")
        units = _UNITES.get(self.sujet.code)
        if units and self.valeur.unite not in units:
            raise InvalidValue(
                "CDA_UNITE",
                f"{self.sujet.label or 'Cette mesure'} : l’unité n’est pas admise.",
                conseil=f"Donnez la valeur en {' ou '.join(units)}.",
            )


@dataclass(frozen=True, slots=True)
class Grossesse:
    """``statut``: a code of JDV_StatutGrossesse (77386006: grossesse en cours)."""

    statut: str
    moment: Quand = ""

    def __post_init__(self) -> None:
        concept_of("JDV_StatutGrossesse", self.statut, quoi="Statut de grossesse")
        check_quand(self.moment, quoi="Date de l’observation")


def build_measures(mesures: Sequence[Mesure], redaction: Redaction) -> Noeud:
    said_here = [redaction.dit(shown(each.valeur), "mesure") for each in mesures]
    components = [
        node(
            "component",
            node(
                "observation",
                *templates(
                    "2.16.840.1.113883.10.20.1.31",
                    "1.3.6.1.4.1.19376.1.5.3.1.4.13",
                    "1.3.6.1.4.1.19376.1.5.3.1.4.13.2",
                    _MESURE,
                ),
                redaction.identifier(words.ancre, each.uid),
                code("code", each.sujet),
                said(words.ancre),
                completed(),
                when("effectiveTime", each.moment),
                typed(quantity("value", each.valeur), "PQ"),
                classCode="OBS",
                moodCode="EVN",
            ),
            typeCode="COMP",
        )
        for each, words in zip(mesures, said_here, strict=True)
    ]
    organizer = node(
        "organizer",
        *templates(
            "2.16.840.1.113883.10.20.1.32",
            "2.16.840.1.113883.10.20.1.35",
            "1.3.6.1.4.1.19376.1.5.3.1.4.13.1",
            _GROUPE,
        ),
        redaction.identifier(redaction.anchor("mesures")),
        loinc("85353-1", "Signes vitaux"),
        completed(),
        when("effectiveTime", mesures[0].moment),
        *components,
        classCode="CLUSTER",
        moodCode="EVN",
    )
    rows = [(each.sujet.label, words, date(each.moment)) for each, words in zip(mesures, said_here, strict=True)]
    return build_section(_SIGNES, redaction, table(("Signe", "Valeur", "Date"), rows), [organizer])


def read_measures(root: etree._Element) -> tuple[Mesure, ...]:
    found: list[Mesure] = []
    for section in sections(root, _SIGNES.modele):
        for organizer in children(section, "entry/organizer"):
            for each in within(organizer, "component/observation", _MESURE):
                subject, value = coded(child(each, "code")), read_quantity(child(each, "value"))
                if subject and value:
                    moment = read_quand(child(each, "effectiveTime"))
                    found.append(Mesure(subject, value, moment, read_identity(child(each, "id"))))
    return tuple(found)


def build_pregnancy(grossesse: Grossesse, redaction: Redaction) -> Noeud:
    status = concept_of("JDV_StatutGrossesse", grossesse.statut, quoi="Statut de grossesse")
    words = redaction.dit(status.label, "grossesse")
    entry = node(
        "observation",
        *templates("1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.3.6.1.4.1.19376.1.5.3.1.4.13.5", _GROSSESSE),
        redaction.identifier(words.ancre),
        loinc("11449-6", "Statut de grossesse"),
        said(words.ancre),
        completed(),
        when("effectiveTime", grossesse.moment),
        typed(code("value", Code(status.code, status.system, status.label)), "CE"),
        classCode="OBS",
        moodCode="EVN",
    )
    return build_section(
        _GROSSESSES, redaction, table(("Statut", "Date"), [(words, date(grossesse.moment))]), [entry]
    )


def read_pregnancy(root: etree._Element) -> Grossesse | None:
    for section in sections(root, _GROSSESSES.modele):
        for each in children(section, "entry/observation"):
            status = coded(child(each, "value"))
            if is_a(each, _GROSSESSE) and status:
                return Grossesse(status.code, read_quand(child(each, "effectiveTime")))
    return None
