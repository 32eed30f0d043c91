"""What the counter gave (eDISP-MED 2024.01): each medicine, the line that it answers, the advice that went with it.

Source: CI-SIS Volet eDISP-MED (CI-SIS_eDISP-MED_2024.01.sch). The prescription is named in ``Entete.prescriptions``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml import etree

from opensegur.cda.checks import check_texts, concept_of
from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.locate import attribute, child, children
from opensegur.cda.n3.affichage import dates
from opensegur.cda.n3.dose import build_amounts
from opensegur.cda.n3.ecriture import (
    LOINC,
    code,
    completed,
    notion,
    period,
    quantity,
    relation,
    said,
    templates,
    typed,
)
from opensegur.cda.n3.intervenant import Intervenant, build_author, read_intervenant
from opensegur.cda.n3.lecture import (
    Lecture,
    first,
    is_a,
    read_identity,
    read_period,
    read_quantity,
    sections,
    within,
)
from opensegur.cda.n3.pharmacie.ligne import SUBSTITUTION, instruction, package_words
from opensegur.cda.n3.pharmacie.posologie import Prise, build_expression, read_dose
from opensegur.cda.n3.produit import Produit, build_no_product, build_product, read_product
from opensegur.cda.n3.recit import Case, Dit, Redaction, table
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.valeurs import INCONNUE, Notion, Periode, Quantite
from opensegur.cda.n3.volet import check_type, document
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

TYPE = Code("60593-1", LOINC, "Dispensation médicamenteuse")
MODELES = (
    Modele("1.3.6.1.4.1.19376.1.5.3.1.1.1"),
    Modele("1.3.6.1.4.1.19376.1.9.1.1.3"),
    Modele("1.2.250.1.213.1.1.1.54", "2024.01"),
)
_DELIVRES = rubrique(
    "60590-7",
    "Médicaments délivrés",
    "Médicaments délivrés",
    "1.3.6.1.4.1.19376.1.9.1.2.3",
    "2.16.840.1.113883.10.20.1.8",
    "1.2.250.1.213.1.1.2.236",
)
_LIGNE = "1.2.250.1.213.1.1.3.204"
_PRESCRITE = "1.2.250.1.213.1.1.3.90"
_PATIENT = "1.2.250.1.213.1.1.3.33"
_NOTES = "1.2.250.1.213.1.1.3.207"
_TRAITEMENT = "1.2.250.1.213.1.1.3.42"
_SUBSTITUTION = "1.2.250.1.213.1.1.3.206"
_PHARMACIEN = "G15_21"
_PREITEM = Code("PREItem", "1.3.6.1.4.1.19376.1.9.2.2", "Prescription Item")
# E_supplyEntry_fr.sch takes no relation at all without a note of the counter
_SANS_REMARQUE = "Sans remarque."
_TITRES = ("Médicament", "Quantité", "Lot", "Durée", "Posologie", "Voie", "Substitution", "Conseils et remarques")


@dataclass(frozen=True, slots=True, repr=False)
class LignePrescrite:
    """The line that is answered: its identifier in the prescription, that document's OID, who prescribed."""

    uid: str
    prescription: str = ""
    prescripteur: Intervenant | None = None

    def __repr__(self) -> str:
        return "LignePrescrite(…)"


@dataclass(frozen=True, slots=True, repr=False)
class LigneDispensation:
    """``quantite``: a number of EDQM packages; ``completude`` ∈ JDV_CompletudeDispensation.

    ``substitution``: what was done, in words, when another product than the one prescribed was given.
    """

    produit: Produit
    quantite: Quantite
    prescrite: LignePrescrite | None = None
    completude: str = ""
    periode: Periode = INCONNUE
    posologie: str = ""
    prise: Prise | None = None
    voie: Notion | None = None
    substitution: str = ""
    conseil: str = ""
    notes: str = ""
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_texts(self)
        if self.completude:
            concept_of("JDV_CompletudeDispensation", self.completude, quoi="Complétude de la dispensation")
        if self.prise and not self.posologie:
            object.__setattr__(self, "posologie", self.prise.texte)

    def __repr__(self) -> str:
        return f"LigneDispensation({self.produit.cip})"


@dataclass(frozen=True, slots=True, repr=False)
class Dispensation:
    """``pharmacien``: who dispensed, when it is not the author of the document."""

    lignes: tuple[LigneDispensation, ...]
    pharmacien: Intervenant | None = None

    def __post_init__(self) -> None:
        if not self.lignes:
            raise InvalidValue(
                "CDA_DISPENSATION_VIDE",
                "La dispensation est vide.",
                conseil="Ajoutez au moins un médicament délivré.",
            )
        who = self.pharmacien
        if who is not None and (who.profession is None or who.profession.code != _PHARMACIEN):
            raise InvalidValue(
                "CDA_DISPENSATEUR",
                "Le dispensateur doit avoir la profession G15_21 (pharmacien), sans savoir-faire.",
                conseil="Donnez cette profession, ou laissez l’auteur du document.",
            )

    def __repr__(self) -> str:
        return f"Dispensation({len(self.lignes)})"


def build_dispensation(entete: Entete, dispensation: Dispensation) -> bytes:
    """The bytes of the document. Raises ``InvalidValue`` (CDA_TYPE_VOLET)."""
    check_type(entete, TYPE)
    redaction, who = Redaction(entete.uid), dispensation.pharmacien
    built = [_build(each, redaction) for each in dispensation.lignes]
    section = build_section(
        _DELIVRES,
        redaction,
        table(_TITRES, (row for row, _ in built)),
        (entry for _, entry in built),
        author=build_author(who) if who else None,
    )
    return document(replace(entete, acte_code=TYPE), MODELES, [section])


def read_dispensation(root: etree._Element) -> Dispensation:
    """The content of a dispensation, whoever made it.

    Raises ``InvalidValue`` (CDA_DISPENSATION_VIDE) when it holds no line that can be read.
    """
    lecture = Lecture.of(root)
    authors = (read_intervenant(child(each, "author")) for each in sections(root, _DELIVRES.modele))
    found = (
        _read(each, lecture)
        for section in sections(root, _DELIVRES.modele)
        for each in children(section, "entry/supply")
        if is_a(each, _LIGNE)
    )
    lines = tuple(each for each in found if each)
    return Dispensation(lines, next((each for each in authors if each), None))


def _build(each: LigneDispensation, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    words = redaction.dit(each.produit.nom, "delivre")
    dosage = redaction.dit(each.posologie, "posologie") if each.posologie else None
    route = redaction.dit(each.voie.texte, "voie") if each.voie else None
    advice = redaction.dit(each.conseil, "conseil") if each.conseil else None
    related = each.prescrite or each.conseil or each.posologie or each.substitution
    note_words = each.notes or (_SANS_REMARQUE if related else "")
    notes = redaction.dit(note_words, "note") if note_words else None
    swap = redaction.dit(each.substitution, "substitution") if each.substitution else None
    entry = node(
        "supply",
        *templates(
            "2.16.840.1.113883.10.20.1.34",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7.3",
            "1.3.6.1.4.1.19376.1.9.1.3.4",
            _LIGNE,
        ),
        redaction.identifier(words.ancre, each.uid),
        _completeness(each.completude) if each.completude else None,
        said(words.ancre),
        quantity("quantity", each.quantite),
        node("product", build_product(each.produit, words.ancre, prescribed=True)),
        _prescribed(each.prescrite, words) if each.prescrite else None,
        _advice(advice) if advice else None,
        _notes(notes) if notes else None,
        _treatment(each, dosage, route, redaction) if dosage else None,
        _swap(swap) if swap else None,
        classCode="SPLY",
        moodCode="EVN",
    )
    row: tuple[Case, ...] = (
        words,
        package_words(each.quantite),
        each.produit.lot,
        dates(each.periode),
        dosage or "",
        route or "",
        swap or "",
        tuple(piece for dit in (advice, notes) if dit for piece in (dit, "\n"))[:-1],
    )
    return row, entry


def _completeness(value: str) -> Noeud:
    found = concept_of("JDV_CompletudeDispensation", value, quoi="Complétude de la dispensation")
    return code("code", Code(found.code, found.system, found.label))


def _prescribed(line: LignePrescrite, words: Dit) -> Noeud:
    root, _, extension = line.uid.partition("^")
    product = node(
        "manufacturedProduct", node("manufacturedMaterial", node("name", nullFlavor="NA"), nullFlavor="NA")
    )
    source = None
    if line.prescription:
        external = node("externalDocument", node("id", root=line.prescription))
        source = node("reference", external, typeCode="XCRPT")
    item = node(
        "substanceAdministration",
        *templates("1.3.6.1.4.1.19376.1.9.1.3.11", _PRESCRITE),
        node("id", root=root, extension=extension),
        code("code", _PREITEM, said(words.ancre, "originalText")),
        node("consumable", product),
        build_author(line.prescripteur) if line.prescripteur else None,
        source,
        classCode="SBADM",
        moodCode="INT",
    )
    return relation("REFR", item, inverted=False)


def _advice(words: Dit) -> Noeud:
    return instruction("PINSTRUCT", words, "2.16.840.1.113883.10.20.1.49", "1.3.6.1.4.1.19376.1.5.3.1.4.3", _PATIENT)


def _notes(words: Dit) -> Noeud:
    return instruction("FINSTRUCT", words, "2.16.840.1.113883.10.20.1.43", "1.3.6.1.4.1.19376.1.5.3.1.4.3.1", _NOTES)


def _treatment(each: LigneDispensation, dosage: Dit, route: Dit | None, redaction: Redaction) -> Noeud:
    prise = each.prise
    line = node(
        "substanceAdministration",
        *templates(
            "2.16.840.1.113883.10.20.1.24",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7",
            _TRAITEMENT,
            "1.3.6.1.4.1.19376.1.9.1.3.6",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7.1",
        ),
        redaction.identifier(dosage.ancre),
        said(dosage.ancre),
        completed(),
        typed(period(each.periode, closed=True), "IVL_TS"),
        build_expression(prise or Prise(), rythme_du=True),
        notion("routeCode", each.voie, route.ancre) if each.voie and each.voie.code and route else None,
        *(build_amounts(prise.dose, prise.debit) if prise else ()),
        build_no_product(silent=True),
        classCode="SBADM",
        moodCode="INT",
    )
    return relation("COMP", line)


def _swap(words: Dit) -> Noeud:
    act = node(
        "act",
        *templates("1.3.6.1.4.1.19376.1.9.1.3.9.2", _SUBSTITUTION),
        code(
            "code",
            Code("G", SUBSTITUTION, "Substitution par un produit générique"),
            said(words.ancre, "originalText"),
        ),
        completed(),
        classCode="ACT",
        moodCode="EVN",
    )
    return relation("COMP", act)


def _read(entry: etree._Element, lecture: Lecture) -> LigneDispensation | None:
    product = read_product(child(entry, "product"), lecture)
    amount = read_quantity(child(entry, "quantity"))
    if product is None or amount is None:
        return None
    treatment = first(within(entry, "entryRelationship/substanceAdministration", _TRAITEMENT))
    swap = first(within(entry, "entryRelationship/act", _SUBSTITUTION))
    times = children(treatment, "effectiveTime")
    dose = read_dose(treatment) if treatment is not None else None
    return LigneDispensation(
        produit=product,
        quantite=amount,
        prescrite=_read_prescribed(entry),
        completude=attribute(child(entry, "code"), "code"),
        periode=read_period(times[0] if times else None),
        posologie=lecture.words(child(treatment, "text")) or (dose.texte if dose else ""),
        prise=dose,
        voie=lecture.notion(child(treatment, "routeCode")),
        substitution=lecture.words(child(swap, "code/originalText")) or attribute(child(swap, "code"), "displayName"),
        conseil=_told(entry, _PATIENT, lecture),
        notes=_told(entry, _NOTES, lecture).removeprefix(_SANS_REMARQUE),
        uid=read_identity(child(entry, "id")),
    )


def _told(entry: etree._Element, template: str, lecture: Lecture) -> str:
    return lecture.words(child(first(within(entry, "entryRelationship/act", template)), "text"))


def _read_prescribed(entry: etree._Element) -> LignePrescrite | None:
    item = first(within(entry, "entryRelationship/substanceAdministration", _PRESCRITE))
    if item is None:
        return None
    return LignePrescrite(
        read_identity(child(item, "id")),
        attribute(child(item, "reference/externalDocument/id"), "root"),
        read_intervenant(child(item, "author")),
    )
