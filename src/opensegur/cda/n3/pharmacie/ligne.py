"""One medicine prescribed (FR-Traitement-prescrit)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.checks import check_texts
from opensegur.cda.locate import attribute, child, children
from opensegur.cda.n3.affichage import dates
from opensegur.cda.n3.affichage import quantity as shown
from opensegur.cda.n3.dose import Maximum, build_amounts, read_maximum
from opensegur.cda.n3.ecriture import (
    code,
    completed,
    notion,
    period,
    quantity,
    reference,
    relation,
    said,
    templates,
    typed,
)
from opensegur.cda.n3.lecture import (
    Lecture,
    first,
    is_a,
    read_identity,
    read_period,
    read_quantity,
    within,
)
from opensegur.cda.n3.motif import build_reason, read_reason
from opensegur.cda.n3.pharmacie.mentions import Situation, build_flags, read_flags
from opensegur.cda.n3.pharmacie.posologie import (
    Mode,
    Prise,
    build_expression,
    build_times,
    read_dose,
    read_mode,
)
from opensegur.cda.n3.produit import Produit, build_consumable, build_no_product, read_product
from opensegur.cda.n3.recit import Case, Dit, Redaction
from opensegur.cda.n3.traitement import MEDICAMENT
from opensegur.cda.n3.valeurs import INCONNUE, Notion, Periode, Quand, Quantite
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature import table

IHE_ACT = "1.3.6.1.4.1.19376.1.5.3.2"
SUBSTITUTION = "2.16.840.1.113883.5.1070"
LIGNE = "1.2.250.1.213.1.1.3.83"
_LIGNE = ("2.16.840.1.113883.10.20.1.24", "1.3.6.1.4.1.19376.1.5.3.1.4.7", "1.3.6.1.4.1.19376.1.9.1.3.2", LIGNE)
_STRUCTUREE = "1.3.6.1.4.1.19376.1.9.1.3.6"
_SUBORDONNEE = "1.2.250.1.213.1.1.3.83.1"
_PATIENT = "1.2.250.1.213.1.1.3.33"
_DISPENSATEUR = "1.2.250.1.213.1.1.3.34"
_QUANTITE = "1.2.250.1.213.1.1.3.86"
_AUTORISATION = "1.2.250.1.213.1.1.3.87"
TITRES = ("Médicament", "Posologie", "Durée", "Voie", "Quantité", "Renouvellements", "Substitution")


@dataclass(frozen=True, slots=True, repr=False)
class LignePrescription:
    """``posologie`` in words is always said; ``prises`` are the same in numbers (one in the normal mode).

    ``quantite``: a number of EDQM packages (its unit is the EDQM code, 30009000 box); ``substituable`` False with
    ``motif_substitution``, why; ``dose_maximale``: a quantity per a duration. ``condition``: when it is to be taken.
    """

    produit: Produit
    posologie: str
    periode: Periode = INCONNUE
    mode: Mode = Mode.NORMAL
    prises: tuple[Prise, ...] = ()
    renouvellements: int = 0
    voie: Notion | None = None
    site: Notion | None = None
    dose_maximale: Maximum | None = None
    quantite: Quantite | None = None
    substituable: bool = True
    motif_substitution: str = ""
    motif: Notion | None = None
    instructions_patient: str = ""
    instructions_dispensateur: str = ""
    condition: str = ""
    situation: Situation = field(default_factory=Situation)
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_texts(self)
        if self.mode is Mode.NORMAL and len(self.prises) > 1:
            raise InvalidValue(
                "CDA_POSOLOGIE",
                "Une posologie normale n’a qu’une prise.",
                conseil="Choisissez un mode progressif, fractionné ou combiné.",
            )
        if self.mode is not Mode.NORMAL and not self.prises:
            raise InvalidValue(
                "CDA_POSOLOGIE", "Ce mode de posologie veut au moins une prise.", conseil="Ajoutez-la."
            )
        if self.renouvellements < 0:
            raise InvalidValue(
                "CDA_RENOUVELLEMENT", "Le nombre de renouvellements est négatif.", conseil="Corrigez-le."
            )

    def __repr__(self) -> str:
        return f"LignePrescription({self.produit.cis})"


def build_line(each: LignePrescription, moment: Quand, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    """The row of the narrative, and the entry; ``moment``: when the prescription is made."""
    words = redaction.dit(each.produit.nom, "medicament")
    dosage = redaction.dit(each.posologie, "posologie")
    route = redaction.dit(each.voie.texte, "voie") if each.voie else None
    site = redaction.dit(each.site.texte, "site") if each.site else None
    reason = redaction.dit(each.motif.texte, "motif") if each.motif else None
    patient = redaction.dit(each.instructions_patient, "conseil") if each.instructions_patient else None
    counter = redaction.dit(each.instructions_dispensateur, "note") if each.instructions_dispensateur else None
    condition = redaction.dit(each.condition, "condition") if each.condition else None
    allowed = redaction.dit(_substitution_words(each), "substitution")
    flags, flag_entries = build_flags(each.situation, moment, redaction)
    main = each.prises[0] if each.mode is Mode.NORMAL and each.prises else None
    entry = node(
        "substanceAdministration",
        *templates(*_LIGNE, *([_STRUCTUREE] if each.prises else []), each.mode.value),
        redaction.identifier(words.ancre, each.uid),
        code("code", MEDICAMENT),
        said(words.ancre),
        completed(),
        typed(period(each.periode, closed=True), "IVL_TS"),
        *(build_times(main) if main else ()),
        node("repeatNumber", value=str(each.renouvellements)),
        notion("routeCode", each.voie, route.ancre) if each.voie and each.voie.code and route else None,
        _site(each.site, site) if each.site and site else None,
        *build_amounts(main.dose if main else None, main.debit if main else None, each.dose_maximale),
        build_consumable(each.produit, words.ancre, prescribed=True),
        *(
            _subordinate(rank, prise, dosage, redaction)
            for rank, prise in enumerate(each.prises if main is None else (), 1)
        ),
        build_reason(each.motif, reason, redaction) if each.motif and reason else None,
        _instruction("PINSTRUCT", patient) if patient else None,
        _instruction("FINSTRUCT", counter) if counter else None,
        _packages(each.quantite) if each.quantite else None,
        _authorisation(allowed, allowed=each.substituable),
        *flag_entries,
        node("precondition", node("criterion", said(condition.ancre))) if condition else None,
        classCode="SBADM",
        moodCode="INT",
    )
    notes = tuple(piece for dit in (reason, condition, patient, counter) if dit for piece in ("\n", dit))
    row: tuple[Case, ...] = (
        words,
        (dosage, *notes),
        dates(each.periode),
        tuple(piece for dit in (route, site) if dit for piece in (dit, " ")),
        package_words(each.quantite),
        str(each.renouvellements),
        allowed,
        *flags,
    )
    return row, entry


def read_line(entry: etree._Element, lecture: Lecture) -> LignePrescription | None:
    product = read_product(child(entry, "consumable"), lecture)
    if product is None or not is_a(entry, LIGNE):
        return None
    mode = read_mode(entry)
    inner = within(entry, "entryRelationship/substanceAdministration", _SUBORDONNEE)
    doses = (read_dose(each) for each in (inner if mode is not Mode.NORMAL else [entry]))
    prises = tuple(each for each in doses if each)
    times = children(entry, "effectiveTime")
    repeat = read_quantity(child(entry, "repeatNumber"))
    substitution = child(first(within(entry, "entryRelationship/act", _AUTORISATION)), "code")
    said_there = lecture.words(child(substitution, "originalText"))
    return LignePrescription(
        produit=product,
        posologie=_dosage(entry, inner, prises, lecture),
        periode=read_period(times[0] if times else None),
        mode=mode if prises else Mode.NORMAL,
        prises=prises,
        renouvellements=int(repeat.valeur) if repeat else 0,
        voie=lecture.notion(child(entry, "routeCode")),
        site=lecture.notion(child(entry, "approachSiteCode")),
        dose_maximale=read_maximum(entry),
        quantite=read_quantity(child(first(within(entry, "entryRelationship/supply", _QUANTITE)), "quantity")),
        substituable=attribute(substitution, "code") != "N",
        motif_substitution=_why(said_there) if attribute(substitution, "code") == "N" else "",
        motif=read_reason(entry, lecture),
        instructions_patient=_instruction_words(entry, _PATIENT, lecture),
        instructions_dispensateur=_instruction_words(entry, _DISPENSATEUR, lecture),
        condition=lecture.words(child(entry, "precondition/criterion/text")),
        situation=read_flags(entry),
        uid=read_identity(child(entry, "id")),
    )


def package_words(quantite: Quantite | None) -> str:
    """« 2 Boîte »: the unit is an EDQM package."""
    if quantite is None:
        return ""
    known = _PACKAGES.get(quantite.unite)
    return f"{shown(Quantite(quantite.valeur))} {known}" if known else shown(quantite)


# the EDQM packages that the official samples use; another one is shown by its code
_PACKAGES = {"30009000": "boîte(s)", "30015500": "récipient(s)", "30067000": "tube(s)", "30015000": "flacon(s)"}


def _substitution_words(each: LignePrescription) -> str:
    if each.substituable:
        return "oui"
    return f"non ({each.motif_substitution})" if each.motif_substitution else "non"


def _why(words: str) -> str:
    """What is between the brackets of « non (…) »."""
    return words.partition("(")[2].rpartition(")")[0]


def _dosage(entry: etree._Element, inner: list[etree._Element], prises: tuple[Prise, ...], lecture: Lecture) -> str:
    """The words of the dosage: ours, those of the lines under it, or the numbers said in words."""
    anchor = attribute(child(entry, "text/reference"), "value").removeprefix("#")
    here = lecture.beside(anchor, "Posologie").partition("\n")[0]
    below = [words for each in inner if (words := lecture.words(child(each, "text")))]
    return here or ", puis ".join(dict.fromkeys(below)) or ", puis ".join(each.texte for each in prises) or "—"


def _site(site: Notion, words: Dit) -> Noeud:
    found = notion("approachSiteCode", site, words.ancre)
    return found if site.code else found.with_attribute("nullFlavor", "OTH")


def _subordinate(rank: int, prise: Prise, dosage: Dit, redaction: Redaction) -> Noeud:
    line = node(
        "substanceAdministration",
        *templates(_SUBORDONNEE),
        redaction.identifier(f"{dosage.ancre}-{rank}"),
        node("text", reference(dosage.ancre)),
        completed(),
        build_expression(prise),
        *build_amounts(prise.dose, prise.debit),
        build_no_product(),
        classCode="SBADM",
        moodCode="INT",
    )
    return node("entryRelationship", node("sequenceNumber", value=str(rank)), line, typeCode="COMP")


def _instruction(kind: str, words: Dit) -> Noeud:
    models = (
        ("2.16.840.1.113883.10.20.1.49", "1.3.6.1.4.1.19376.1.5.3.1.4.3", _PATIENT)
        if kind == "PINSTRUCT"
        else ("2.16.840.1.113883.10.20.1.43", "1.3.6.1.4.1.19376.1.5.3.1.4.3.1", _DISPENSATEUR)
    )
    return instruction(kind, words, *models)


def instruction(kind: str, words: Dit, *models: str) -> Noeud:
    """An ``act`` about the line: PINSTRUCT for the patient, FINSTRUCT for or from the counter."""
    act = node(
        "act",
        *templates(*models),
        node("code", code=kind, codeSystem=IHE_ACT),
        said(words.ancre),
        completed(),
        classCode="ACT",
        moodCode="INT",
    )
    return relation("SUBJ", act, inverted=True)


def _instruction_words(entry: etree._Element, template: str, lecture: Lecture) -> str:
    act = first(within(entry, "entryRelationship/act", template))
    return lecture.words(child(act, "text"))


def _packages(quantite: Quantite) -> Noeud:
    supply = node(
        "supply",
        *templates("1.3.6.1.4.1.19376.1.9.1.3.8", _QUANTITE),
        node("independentInd", value="false"),
        quantity("quantity", quantite),
        classCode="SPLY",
        moodCode="RQO",
    )
    return relation("COMP", supply)


def _authorisation(words: Dit, *, allowed: bool) -> Noeud:
    concept = table("JDV_HL7_ActSubstanceAdminSubstitutionCode").get("G" if allowed else "N")
    assert concept is not None
    act = node(
        "act",
        *templates("1.3.6.1.4.1.19376.1.9.1.3.9.1", _AUTORISATION),
        code("code", Code(concept.code, concept.system, concept.label), said(words.ancre, "originalText")),
        completed(),
        classCode="ACT",
        moodCode="DEF",
    )
    return relation("COMP", act)
