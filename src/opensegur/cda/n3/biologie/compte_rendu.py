"""The report of biology (CR-BIO 2024.01): chapters, results, comments, and the PDF that the biologist signed.

Source: CI-SIS Volet CR-BIO (CI-SIS_BIO-CR-BIO_2024.01.sch); IHE PaLM XD-LAB.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from opensegur.cda.checks import check_texts
from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.gabarit import Gabarit
from opensegur.cda.locate import child, children, text_of
from opensegur.cda.n3.affichage import date
from opensegur.cda.n3.biologie.analyse import (
    EXECUTION,
    TITRES,
    VALIDATION,
    Analyse,
    Ecrit,
    Statut,
    build_analysis,
    read_analysis,
    read_performers,
    read_validators,
)
from opensegur.cda.n3.biologie.contexte import build_context, read_context
from opensegur.cda.n3.biologie.groupe import (
    BATTERIE,
    Batterie,
    Isolat,
    build_battery,
    build_isolate,
    read_battery,
    read_isolate,
    read_status,
)
from opensegur.cda.n3.biologie.prelevement import TITRES as TITRES_PRELEVEMENT
from opensegur.cda.n3.biologie.prelevement import Prelevement, build_sampling, read_sampling
from opensegur.cda.n3.commentaire import COMMENTAIRE, build_comment, read_comment
from opensegur.cda.n3.ecriture import LOINC, code, notion, relation, templates
from opensegur.cda.n3.intervenant import Intervenant, build_participant, build_performer
from opensegur.cda.n3.lecture import Lecture, coded, is_a, sections, words_of
from opensegur.cda.n3.observation import Observation
from opensegur.cda.n3.piece_jointe import COPIE, PieceJointe, build_attachment, build_copy, read_attachments
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.recit import Case, Redaction, grid, paragraph, paragraphs
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.vaccination import Vaccination, build_vaccinations, read_vaccinations
from opensegur.cda.n3.valeurs import Notion
from opensegur.cda.n3.volet import check_type, document
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

TYPE = Code("11502-2", LOINC, "CR d'examens biologiques")
TITRE = "Compte rendu d'examens biologiques"
MODELES = (Modele("1.3.6.1.4.1.19376.1.3.3"), Modele("1.2.250.1.213.1.1.1.55", "2024.01"))

_GABARIT = Gabarit(
    attestation=("1.3.6.1.4.1.19376.1.3.3.1.5",),
    prescripteur=("1.3.6.1.4.1.19376.1.3.3.1.6",),
    executant=("1.3.6.1.4.1.19376.1.3.3.1.7",),
    coordonnees=True,
)
_CHAPITRE = ("1.3.6.1.4.1.19376.1.3.3.2.1", "1.2.250.1.213.1.1.2.70")
_SOUS_CHAPITRE = ("1.3.6.1.4.1.19376.1.3.3.2.2", "1.2.250.1.213.1.1.2.71")
_ENTREE = ("1.3.6.1.4.1.19376.1.3.1", "1.2.250.1.213.1.1.3.21")
_SECONDE_INTENTION = rubrique(
    "101792-0",
    "Résultats de laboratoire scannés",
    "Compte rendu de laboratoire de seconde intention",
    "1.2.250.1.213.1.1.2.60",
)

Element = Analyse | Batterie | Isolat


@dataclass(frozen=True, slots=True, repr=False)
class Contenu:
    """What one act of the laboratory gave: its samples, its results, who did them and who answers for them.

    ``executants``: the laboratory that did the work when it is another one (sub-contracted analyses). ``acte``: its
    LOINC code, when it is not that of the chapter.
    """

    resultats: tuple[Element, ...]
    prelevements: tuple[Prelevement, ...] = ()
    statut: Statut = Statut.COMPLET
    executants: tuple[Intervenant, ...] = ()
    validateurs: tuple[Intervenant, ...] = ()
    commentaire: str = ""
    acte: Notion | None = None

    def __post_init__(self) -> None:
        check_texts(self.commentaire)
        if not self.resultats and not self.prelevements:
            raise InvalidValue(
                "CDA_BIO_VIDE", "Un chapitre de biologie n’a aucun résultat.", conseil="Retirez-le, ou complétez-le."
            )

    def __repr__(self) -> str:
        return f"Contenu({len(self.resultats)})"


@dataclass(frozen=True, slots=True)
class SousChapitre:
    """``code`` in LOINC when there is one."""

    titre: str
    contenu: Contenu
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class Chapitre:
    """A discipline (18719-5 biochimie, 18723-7 hématologie…): its results, or sub-chapters that hold them."""

    code: Code
    titre: str
    contenu: Contenu | None = None
    sous_chapitres: tuple[SousChapitre, ...] = ()

    def __post_init__(self) -> None:
        if (self.contenu is None) == (not self.sous_chapitres):
            raise InvalidValue(
                "CDA_BIO_CHAPITRE",
                "Un chapitre de biologie porte ses résultats, ou des sous-chapitres, jamais les deux.",
                conseil="Rangez les résultats dans les sous-chapitres.",
            )


@dataclass(frozen=True, slots=True, repr=False)
class CompteRenduBiologie:
    """``pdf``: the report that was signed, in PDF/A-1; ``seconde_intention``: those of another laboratory.

    ``contexte``: why the examination was made, and what was known (cervical screening); ``vaccinations`` too.
    """

    chapitres: tuple[Chapitre, ...]
    pdf: bytes
    commentaires: tuple[str, ...] = ()
    contexte: tuple[Observation | Probleme, ...] = ()
    vaccinations: tuple[Vaccination, ...] = ()
    seconde_intention: tuple[PieceJointe, ...] = ()

    def __repr__(self) -> str:
        return f"CompteRenduBiologie({len(self.chapitres)})"


def build_cr_bio(entete: Entete, compte_rendu: CompteRenduBiologie) -> bytes:
    """The bytes of the document; a partial report is one whose content is not ``COMPLET``.

    Raises ``InvalidValue``: CDA_TYPE_VOLET, CDA_BIO_VIDE.
    """
    check_type(entete, TYPE)
    if not compte_rendu.chapitres:
        raise InvalidValue(
            "CDA_BIO_VIDE", "Le compte rendu n’a aucun chapitre.", conseil="Ajoutez au moins un résultat."
        )
    main, *others = dict.fromkeys(chapter.code for chapter in compte_rendu.chapitres)
    header = replace(
        entete,
        titre=TITRE,
        acte_code=main,
        acte_statut=_status(compte_rendu).value,
        autres_actes=tuple(others),
        responsable_prise_en_charge=entete.responsable_prise_en_charge or entete.responsable,
    )
    return document(header, MODELES, _sections(compte_rendu, Redaction(entete.uid)), _GABARIT)


def read_cr_bio(root: etree._Element) -> CompteRenduBiologie:
    """The content of a report of biology, whoever made it; what is not structured is left to its PDF."""
    lecture = Lecture.of(root)
    copies = read_attachments(root, COPIE, lecture)
    comments = (words_of(text) for each in sections(root, COMMENTAIRE.modele) for text in children(each, "text"))
    return CompteRenduBiologie(
        tuple(found for each in sections(root, _CHAPITRE[-1]) if (found := _read_chapter(each, lecture))),
        copies[0].pdf if copies else b"",
        tuple(words for words in comments if words),
        read_context(root, lecture),
        read_vaccinations(root, lecture),
        read_attachments(root, _SECONDE_INTENTION, lecture),
    )


def _status(compte_rendu: CompteRenduBiologie) -> Statut:
    found = {content.statut for chapter in compte_rendu.chapitres for content in _contents(chapter)}
    return Statut.PARTIEL if Statut.PARTIEL in found else Statut.COMPLET


def _contents(chapter: Chapitre) -> Iterable[Contenu]:
    return [chapter.contenu] if chapter.contenu else [each.contenu for each in chapter.sous_chapitres]


def _sections(compte_rendu: CompteRenduBiologie, redaction: Redaction) -> list[Noeud]:
    return [
        *(build_section(COMMENTAIRE, redaction, paragraphs([each])) for each in compte_rendu.commentaires),
        *([build_context(compte_rendu.contexte, redaction)] if compte_rendu.contexte else []),
        *(_chapter(each, redaction) for each in compte_rendu.chapitres),
        *([build_vaccinations(compte_rendu.vaccinations, redaction)] if compte_rendu.vaccinations else []),
        *(build_attachment(_SECONDE_INTENTION, each, redaction) for each in compte_rendu.seconde_intention),
        build_copy(compte_rendu.pdf, redaction),
    ]


def _chapter(chapter: Chapitre, redaction: Redaction) -> Noeud:
    if chapter.contenu:
        inner = _content(chapter.contenu, chapter.code, redaction)
    else:
        inner = [
            node(
                "component",
                node(
                    "section",
                    *templates(*_SOUS_CHAPITRE),
                    code("code", each.code) if each.code else None,
                    node("title", each.titre),
                    *_content(each.contenu, each.code, redaction),
                ),
            )
            for each in chapter.sous_chapitres
        ]
    return node("section", *templates(*_CHAPITRE), code("code", chapter.code), node("title", chapter.titre), *inner)


def _content(contenu: Contenu, kind: Code | None, redaction: Redaction) -> list[Noeud]:
    """The ``text`` and the one ``entry`` of a section."""
    samples = [build_sampling(each, redaction) for each in contenu.prelevements]
    written = [_element(each, redaction) for each in contenu.resultats]
    comment = redaction.dit(contenu.commentaire, "commentaire") if contenu.commentaire else None
    text = node(
        "text",
        grid(TITRES_PRELEVEMENT, (row for row, _ in samples)) if samples else None,
        grid(TITRES, _rows(written)) if written else None,
        *(node("paragraph", image) for each in written for image in each.images),
        paragraph(comment) if comment else None,
        *(paragraph(_who("Analyses faites par", each)) for each in contenu.executants),
        *(paragraph(_who("Résultats validés par", each)) for each in contenu.validateurs),
    )
    act = node(
        "act",
        notion("code", contenu.acte) if contenu.acte else code("code", kind),
        node("statusCode", code=contenu.statut.value),
        *(build_performer(each, *EXECUTION, dated=True) for each in contenu.executants),
        *(build_participant(each, "AUTHEN", *VALIDATION) for each in contenu.validateurs),
        *(relation("COMP", entry) for _, entry in samples),
        *(relation("COMP", each.entry) for each in written),
        build_comment(comment) if comment else None,
        classCode="ACT",
        moodCode="EVN",
    )
    return [text, node("entry", *templates(*_ENTREE), act, typeCode="DRIV")]


def _element(each: Element, redaction: Redaction) -> Ecrit:
    if isinstance(each, Batterie):
        return build_battery(each, redaction)
    return build_isolate(each, redaction) if isinstance(each, Isolat) else build_analysis(each, redaction)


def _rows(written: Sequence[Ecrit]) -> Iterable[Sequence[Case]]:
    return (row for each in written for row in each.rows)


def _who(before: str, who: Intervenant) -> str:
    after = f", le {date(who.moment)}" if who.moment else ""
    place = f" ({who.structure_nom})" if who.structure_nom else ""
    return f"{before} {who.libelle}{place}{after}"


def _read_chapter(section: etree._Element, lecture: Lecture) -> Chapitre | None:
    kind = coded(child(section, "code"))
    if kind is None:
        return None
    title = text_of(child(section, "title")) or kind.label
    own = _read_content(section, lecture)
    if own is not None:
        return Chapitre(kind, title, own)
    inner = tuple(
        SousChapitre(text_of(child(each, "title")) or title, content, coded(child(each, "code")))
        for each in children(section, "component/section")
        if (content := _read_content(each, lecture))
    )
    return Chapitre(kind, title, sous_chapitres=inner) if inner else None


def _read_content(section: etree._Element, lecture: Lecture) -> Contenu | None:
    act = child(section, "entry/act")
    if act is None:
        return None
    samples = [read_sampling(each, lecture) for each in children(act, "entryRelationship/procedure")]
    results = [_read_element(each, lecture) for part in children(act, "entryRelationship") for each in part]
    done, kind = lecture.notion(child(act, "code")), coded(child(section, "code"))
    found, taken = tuple(each for each in results if each), tuple(each for each in samples if each)
    if not found and not taken:
        return None
    return Contenu(
        found,
        taken,
        read_status(act),
        read_performers(act),
        read_validators(act),
        read_comment(act, lecture),
        None if done is None or (done.code == kind and not done.traductions) else done,
    )


def _read_element(element: etree._Element, lecture: Lecture) -> Element | None:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if name == "observation":
        return read_analysis(element, lecture)
    if name != "organizer":
        return None
    return read_battery(element, lecture) if is_a(element, BATTERIE) else read_isolate(element, lecture)
