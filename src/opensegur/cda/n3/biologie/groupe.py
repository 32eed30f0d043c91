"""Results that go together: a battery of analyses, and a micro-organism that was isolated, with its antibiogram.

Source: CI-SIS Volet CR-BIO 2024.01, FR-Batterie-examens-de-biologie-medicale, FR-Isolat-microbiologique.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.locate import attribute, child, children, local
from opensegur.cda.n3.affichage import date
from opensegur.cda.n3.biologie.analyse import Analyse, Ecrit, Statut, build_analysis, read_analysis
from opensegur.cda.n3.commentaire import comment_act
from opensegur.cda.n3.ecriture import notion, templates, when
from opensegur.cda.n3.image import Image, build_image, read_image
from opensegur.cda.n3.lecture import Lecture, is_a, read_identity, read_quand
from opensegur.cda.n3.recit import Case, Dit, Redaction
from opensegur.cda.n3.valeurs import Notion, Quand, check_quand
from opensegur.cda.noeud import node

BATTERIE = "1.2.250.1.213.1.1.3.78"
_BATTERIES = ("1.3.6.1.4.1.19376.1.3.1.4", BATTERIE)
ISOLAT = "1.2.250.1.213.1.1.3.79"
_ISOLATS = ("1.3.6.1.4.1.19376.1.3.1.5", ISOLAT)


@dataclass(frozen=True, slots=True, repr=False)
class Batterie:
    """``titre`` with its LOINC code when it has one (58410-2 hémogramme, 18769-0 antibiogramme)."""

    titre: Notion | None
    analyses: tuple[Analyse, ...]
    statut: Statut = Statut.COMPLET
    commentaire: str = ""
    images: tuple[Image, ...] = ()

    def __repr__(self) -> str:
        return f"Batterie({self.titre!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Isolat:
    """``micro_organisme`` in SNOMED CT or in words; what was counted, and its antibiograms."""

    micro_organisme: Notion
    analyses: tuple[Analyse | Batterie, ...] = ()
    moment: Quand = ""
    statut: Statut = Statut.COMPLET
    commentaire: str = ""
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_quand(self.moment, quoi="Date de l’isolement")

    def __repr__(self) -> str:
        return f"Isolat({self.micro_organisme!r})"


def build_battery(each: Batterie, redaction: Redaction) -> Ecrit:
    title = redaction.dit(each.titre.texte, "batterie") if each.titre else None
    comment = redaction.dit(each.commentaire, "commentaire") if each.commentaire else None
    inner = [build_analysis(analysis, redaction) for analysis in each.analyses]
    images = [build_image(image, redaction) for image in each.images]
    entry = node(
        "organizer",
        *templates(*_BATTERIES),
        notion("code", each.titre, title.ancre) if each.titre and title else None,
        node("statusCode", code=each.statut.value),
        *(node("component", written.entry) for written in inner),
        node("component", comment_act(comment)) if comment else None,
        *(node("component", medium) for _, medium in images),
        classCode="BATTERY",
        moodCode="EVN",
    )
    heading = (_heading(title),) if title else ()
    rows = (*heading, *(row for written in inner for row in written.rows), *_closing(comment))
    return Ecrit(rows, entry, tuple(shown for shown, _ in images))


def build_isolate(each: Isolat, redaction: Redaction) -> Ecrit:
    name = redaction.dit(each.micro_organisme.texte, "isolat")
    comment = redaction.dit(each.commentaire, "commentaire") if each.commentaire else None
    inner = [
        build_battery(result, redaction) if isinstance(result, Batterie) else build_analysis(result, redaction)
        for result in each.analyses
    ]
    microbe = node("specimenPlayingEntity", notion("code", each.micro_organisme, name.ancre), classCode="MIC")
    role = node("specimenRole", redaction.identifier(name.ancre, each.uid), microbe, classCode="SPEC")
    entry = node(
        "organizer",
        *templates(*_ISOLATS),
        node("statusCode", code=each.statut.value),
        when("effectiveTime", each.moment),
        node("specimen", role, typeCode="SPC"),
        *(node("component", written.entry) for written in inner),
        node("component", comment_act(comment)) if comment else None,
        classCode="CLUSTER",
        moodCode="EVN",
    )
    heading = _heading(name, "Isolat : ", f" ({date(each.moment)})" if each.moment else "")
    rows = (heading, *(row for written in inner for row in written.rows), *_closing(comment))
    return Ecrit(rows, entry, tuple(image for written in inner for image in written.images))


def read_battery(organizer: etree._Element, lecture: Lecture) -> Batterie | None:
    if not is_a(organizer, BATTERIE):
        return None
    found = (read_analysis(each, lecture) for each in children(organizer, "component/observation"))
    media = (read_image(each, lecture.captions) for each in children(organizer, "component/observationMedia"))
    return Batterie(
        lecture.notion(child(organizer, "code")),
        tuple(each for each in found if each),
        read_status(organizer),
        lecture.words(child(organizer, "component/act/text")),
        tuple(each for each in media if each),
    )


def read_isolate(organizer: etree._Element, lecture: Lecture) -> Isolat | None:
    microbe = lecture.notion(child(organizer, "specimen/specimenRole/specimenPlayingEntity/code"))
    if microbe is None or not is_a(organizer, ISOLAT):
        return None
    found = (_read_inner(each, lecture) for part in children(organizer, "component") for each in part)
    return Isolat(
        microbe,
        tuple(each for each in found if each),
        read_quand(child(organizer, "effectiveTime")),
        read_status(organizer),
        lecture.words(child(organizer, "component/act/text")),
        read_identity(child(organizer, "specimen/specimenRole/id")),
    )


def read_status(element: etree._Element) -> Statut:
    status = attribute(child(element, "statusCode"), "code")
    return next((each for each in Statut if each.value == status), Statut.COMPLET)


def _read_inner(element: etree._Element, lecture: Lecture) -> Analyse | Batterie | None:
    if local(element) == "observation":
        return read_analysis(element, lecture)
    return read_battery(element, lecture) if local(element) == "organizer" else None


def _heading(title: Dit, before: str = "", after: str = "") -> tuple[Case, ...]:
    return ((before, title, after), "", "", "", "", "")


def _closing(comment: Dit | None) -> tuple[tuple[Case, ...], ...]:
    return ((comment, "", "", "", "", ""),) if comment else ()
