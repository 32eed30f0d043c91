"""A vaccine that was injected (FR-Vaccination), and the section of vaccinations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from opensegur.cda.checks import check_code
from opensegur.cda.locate import child, children
from opensegur.cda.n3.affichage import date
from opensegur.cda.n3.commentaire import build_comment, read_comment
from opensegur.cda.n3.ecriture import (
    ACT_CODE,
    code,
    completed,
    loinc,
    notion,
    quantity,
    relation,
    said,
    templates,
    typed,
    when,
)
from opensegur.cda.n3.intervenant import Intervenant, build_author, build_informant, build_performer, read_intervenant
from opensegur.cda.n3.lecture import Lecture, coded, is_a, read_identity, read_quand, read_quantity, sections, within
from opensegur.cda.n3.probleme import PROBLEME, Probleme, build_problem, read_problem
from opensegur.cda.n3.produit import Produit, build_consumable, read_product
from opensegur.cda.n3.recit import Case, Redaction, table
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.valeurs import Notion, Quand, Quantite, check_quand
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

RUBRIQUE = rubrique(
    "11369-6",
    "Historique des vaccinations",
    "Historique des vaccinations",
    "2.16.840.1.113883.10.20.1.6",
    "1.3.6.1.4.1.19376.1.5.3.1.3.23",
    "1.2.250.1.213.1.1.2.147",
)
_VACCINATION = "1.2.250.1.213.1.1.3.45"
_VACCINATIONS = ("2.16.840.1.113883.10.20.1.24", "1.3.6.1.4.1.19376.1.5.3.1.4.12", _VACCINATION)
_RANG = "1.2.250.1.213.1.1.3.82"
_RANGS = ("2.16.840.1.113883.10.20.1.46", _RANG)

PREMIERE_SERIE = Code("INITIMMUNIZ", ACT_CODE, "1ère série vaccinante")
RAPPEL = Code("BOOSTER", ACT_CODE, "Rappel")
VACCINATION = Code("IMMUNIZ", ACT_CODE, "Vaccination")

# E_immunizations_fr.sch looks for an act where a reaction is an observation: it takes none alone
_VOIR_REACTION = "Voir la réaction observée."
_TITRES = ("Date", "Vaccin", "Lot", "Rang", "Voie", "Site", "Dose", "Réaction", "Commentaire", "Vaccinateur")


@dataclass(frozen=True, slots=True, repr=False)
class Vaccination:
    """``vaccin`` with its CIS, ATC and lot when they are known; ``acte`` ∈ JDV_…ImmunizationCode.

    ``voie`` ∈ JDV_ImmunizationRouteCodes, ``site`` ∈ JDV_ImmunizationApproachSiteCode, ``rang`` of the dose;
    ``auteur`` reports it, ``vaccinateur`` did it,
    ``informateur`` told it; ``reactions`` observed: problems whose
    ``nature`` is ``probleme.SYMPTOME``.
    """

    vaccin: Produit
    date: Quand
    auteur: Intervenant | None = None
    vaccinateur: Intervenant | None = None
    informateur: Intervenant | None = None
    acte: Code = VACCINATION
    rang: int | None = None
    voie: Notion | None = None
    site: Notion | None = None
    dose: Quantite | None = None
    reactions: tuple[Probleme, ...] = ()
    commentaire: str = ""
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_quand(self.date, quoi="Date de la vaccination")
        check_code("JDV_HL7_ActSubstanceAdministrationImmunizationCode", self.acte, quoi="Type de vaccination")
        for value, name, quoi in (
            (self.voie, "JDV_ImmunizationRouteCodes", "Voie d’administration"),
            (self.site, "JDV_ImmunizationApproachSiteCode", "Site d’injection"),
        ):
            if value is not None and value.code is not None:
                check_code(name, value.code, quoi=quoi)
        if self.rang is not None and self.rang < 1:
            raise InvalidValue("CDA_RANG", "Le rang d’une injection commence à 1.", conseil="Corrigez le rang.")

    def __repr__(self) -> str:
        return f"Vaccination({self.vaccin.cis})"


def build_vaccinations(vaccinations: Sequence[Vaccination], redaction: Redaction, titre: str = "") -> Noeud:
    """The section, whose rows and entries are in the order given."""
    built = [_build(each, redaction) for each in vaccinations]
    kind = replace(RUBRIQUE, titre=titre) if titre else RUBRIQUE
    return build_section(kind, redaction, table(_TITRES, (row for row, _ in built)), (entry for _, entry in built))


def read_vaccinations(root: etree._Element, lecture: Lecture) -> tuple[Vaccination, ...]:
    found = (
        _read(entry, lecture)
        for section in sections(root, RUBRIQUE.modele)
        for entry in children(section, "entry/substanceAdministration")
        if is_a(entry, _VACCINATION)
    )
    return tuple(each for each in found if each)


def _build(each: Vaccination, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    words = redaction.dit(each.vaccin.nom, "vaccin")
    site = redaction.dit(each.site.texte, "vaccin-site") if each.site else None
    route = redaction.dit(each.voie.texte, "vaccin-voie") if each.voie else None
    reactions = [redaction.dit(reaction.diagnostic.texte, "vaccin-reaction") for reaction in each.reactions]
    comment_words = each.commentaire or (_VOIR_REACTION if each.reactions and not each.rang else "")
    comment = redaction.dit(comment_words, "vaccin-commentaire") if comment_words else None
    entry = node(
        "substanceAdministration",
        *templates(*_VACCINATIONS),
        redaction.identifier(words.ancre, each.uid),
        code("code", each.acte),
        said(words.ancre),
        completed(),
        when("effectiveTime", each.date),
        notion("routeCode", each.voie, route.ancre) if each.voie and route else None,
        notion("approachSiteCode", each.site, site.ancre) if each.site and site else None,
        quantity("doseQuantity", each.dose) if each.dose else None,
        build_consumable(each.vaccin, words.ancre),
        build_performer(each.vaccinateur) if each.vaccinateur else None,
        build_author(each.auteur) if each.auteur else None,
        build_informant(each.informateur) if each.informateur else None,
        relation("SUBJ", _rank(each.rang)) if each.rang else None,
        *(
            relation("CAUS", build_problem(reaction, dit.ancre, redaction, reaction=True), inverted=False)
            for reaction, dit in zip(each.reactions, reactions, strict=True)
        ),
        build_comment(comment) if comment else None,
        classCode="SBADM",
        moodCode="EVN",
        negationInd="false",
    )
    row: tuple[Case, ...] = (
        date(each.date),
        words,
        each.vaccin.lot,
        str(each.rang or ""),
        route or "",
        site or "",
        f"{each.dose.texte} {each.dose.unite}" if each.dose else "",
        tuple(piece for dit in reactions for piece in (dit, " "))[:-1],
        comment or "",
        next((who.libelle for who in (each.vaccinateur, each.auteur) if who), ""),
    )
    return row, entry


def _rank(rang: int) -> Noeud:
    return node(
        "observation",
        *templates(*_RANGS),
        loinc("30973-2", "Rang de la vaccination"),
        completed(),
        typed(node("value", value=str(rang)), "INT"),
        classCode="OBS",
        moodCode="EVN",
    )


def _read(entry: etree._Element, lecture: Lecture) -> Vaccination | None:
    product = read_product(child(entry, "consumable"), lecture)
    if product is None:
        return None
    ranks = within(entry, "entryRelationship/observation", _RANG)
    rank = read_quantity(child(ranks[0], "value")) if ranks else None
    problems = within(entry, "entryRelationship[@typeCode='CAUS']/observation", PROBLEME)
    reactions = [found for each in problems if (found := read_problem(each, lecture))]
    return Vaccination(
        vaccin=product,
        date=read_quand(child(entry, "effectiveTime")),
        auteur=read_intervenant(child(entry, "author")),
        vaccinateur=read_intervenant(child(entry, "performer")),
        informateur=read_intervenant(child(entry, "informant")),
        acte=coded(child(entry, "code")) or VACCINATION,
        rang=int(rank.valeur) if rank else None,
        voie=lecture.notion(child(entry, "routeCode")),
        site=lecture.notion(child(entry, "approachSiteCode")),
        dose=read_quantity(child(entry, "doseQuantity")),
        reactions=tuple(reactions),
        commentaire=read_comment(entry, lecture).removeprefix(_VOIR_REACTION),
        uid=read_identity(child(entry, "id")),
    )
