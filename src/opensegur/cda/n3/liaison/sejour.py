"""What happened during a stay (FR-Synthese-medicale-du-sejour): how it began and ended, and what must be told.

Source: CI-SIS Volet LDL-SES 2022.01; the questions on transfusions and resistant germs are those of the law.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from opensegur.cda.checks import check_code, check_texts
from opensegur.cda.locate import children
from opensegur.cda.n3.affichage import date
from opensegur.cda.n3.lecture import Lecture, is_a, sections
from opensegur.cda.n3.observation import Observation, build_observation, read_observation
from opensegur.cda.n3.pharmacie.mentions import TA_ASIP
from opensegur.cda.n3.recit import Case, Redaction, table
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.valeurs import Notion, Quand, Quantite, check_quand
from opensegur.cda.noeud import Noeud
from opensegur.foundation.acteurs import Code

_SYNTHESE = rubrique(
    "42545-4",
    "Evènements observés",
    "Synthèse médicale du séjour",
    "1.3.6.1.4.1.19376.1.5.3.1.1.21.2.9",
    "1.3.6.1.4.1.19376.1.7.3.1.1.13.7",
    "1.2.250.1.213.1.1.2.163",
    "1.2.250.1.213.1.1.2.163.1",
)
_SIMPLE = "1.2.250.1.213.1.1.3.48"
# field, when it happened, suffix of its template, what it is
_FAITS = (
    ("entree", "entree_le", "6", Code("ORG-070", TA_ASIP, "Modalité d'entrée")),
    ("sortie", "sortie_le", "7", Code("ORG-074", TA_ASIP, "Modalité de sortie")),
    ("synthese", "sortie_le", "9", Code("MED-142", TA_ASIP, "Synthèse médicale")),
    (
        "evenements",
        "sortie_le",
        "3",
        Code("MED-143", TA_ASIP, "Evènements indésirables survenus pendant l'hospitalisation"),
    ),
    (
        "recherche_germes",
        "sortie_le",
        "8",
        Code("MED-309", TA_ASIP, "Recherche de microorganismes multi-résistants ou émergents effectuée"),
    ),
    ("germes", "sortie_le", "5", Code("MED-144", TA_ASIP, "Identification de micro-organismes multirésistants")),
    ("transfusion", "sortie_le", "10", Code("MED-145", TA_ASIP, "Transfusion de produits sanguins")),
    ("accidents_transfusion", "sortie_le", "1", Code("MED-146", TA_ASIP, "Accidents transfusionnels")),
    ("derives_du_sang", "sortie_le", "2", Code("MED-147", TA_ASIP, "Administration de dérivés du sang")),
    (
        "evenements_derives",
        "sortie_le",
        "4",
        Code("MED-148", TA_ASIP, "Evènements indésirables suite à l'administration de dérivés du sang"),
    ),
)


@dataclass(frozen=True, slots=True, repr=False)
class Sejour:
    """``entree`` ∈ JDV_ModaliteEntree, ``sortie`` ∈ JDV_ModaliteSortie, in words or coded; the rest as it is asked.

    None or "": not said.
    """

    synthese: str
    entree: Notion | None = None
    entree_le: Quand = ""
    sortie: Notion | None = None
    sortie_le: Quand = ""
    evenements: str = ""
    recherche_germes: bool | None = None
    germes: str = ""
    transfusion: bool | None = None
    accidents_transfusion: str = ""
    derives_du_sang: bool | None = None
    evenements_derives: str = ""

    def __post_init__(self) -> None:
        check_texts(self)
        check_quand(self.entree_le, quoi="Date d’entrée")
        check_quand(self.sortie_le, quoi="Date de sortie")
        if self.entree is not None and self.entree.code is not None:
            check_code("JDV_ModaliteEntree", self.entree.code, quoi="Modalité d’entrée")

    def __repr__(self) -> str:
        return "Sejour(…)"


def build_stay(sejour: Sejour, redaction: Redaction) -> Noeud:
    rows: list[tuple[Case, ...]] = []
    entries: list[Noeud] = []
    for name, moment, suffix, kind in _FAITS:
        value = getattr(sejour, name)
        if value is None or value == "":
            continue
        fact = Observation(
            Notion(code=kind), Notion(value) if isinstance(value, str) else value, getattr(sejour, moment)
        )
        words = redaction.dit(fact.texte, f"sejour-{name.replace('_', '-')}")
        rows.append((kind.label, words, date(fact.moment)))
        entries.append(build_observation(fact, words, redaction, f"{_SIMPLE}.{suffix}"))
    return build_section(_SYNTHESE, redaction, table(("Séjour", "", "Date"), rows), entries)


def read_stay(root: etree._Element, lecture: Lecture) -> Sejour | None:
    """None when the letter says nothing of the stay."""
    found: dict[str, object] = {}
    for section in sections(root, _SYNTHESE.modele):
        for entry in children(section, "entry/observation"):
            name, moment = next(
                ((name, when) for name, when, suffix, _ in _FAITS if is_a(entry, f"{_SIMPLE}.{suffix}")), ("", "")
            )
            fact = read_observation(entry, lecture) if name else None
            if fact is not None:
                found[name] = _value(name, fact.valeur)
                found.setdefault(moment, fact.moment)
    if not found:
        return None
    return Sejour(**{"synthese": "", **{name: value for name, value in found.items() if value is not None}})  # type: ignore[arg-type]


def _value(name: str, value: bool | Quantite | Notion) -> object:  # noqa: FBT001 - a value, not an option
    if name in {"entree", "sortie"}:
        return value if isinstance(value, Notion) else None
    if isinstance(value, Notion):
        return value.texte
    return value if isinstance(value, bool) else None
