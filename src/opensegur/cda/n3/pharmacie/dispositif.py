"""One medical device prescribed (FR-Dispositif-medical)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.locate import child
from opensegur.cda.n3.affichage import dates
from opensegur.cda.n3.affichage import quantity as shown
from opensegur.cda.n3.ecriture import code, period, quantity, said, templates, typed
from opensegur.cda.n3.lecture import Lecture, coded, is_a, read_identity, read_period, read_quantity
from opensegur.cda.n3.pharmacie.mentions import Situation, build_flags, read_flags
from opensegur.cda.n3.recit import Case, Redaction
from opensegur.cda.n3.valeurs import INCONNUE, Periode, Quand, Quantite
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

EMDN = "1.2.250.1.213.2.68"
LPP = "1.2.250.1.215.200.2.1"
DISPOSITIF = "1.2.250.1.213.1.1.3.20"
TITRES = ("Dispositif", "Durée", "Location", "Quantité", "Renouvellements")


@dataclass(frozen=True, slots=True, repr=False)
class DispositifPrescrit:
    """``emdn`` and ``lpp``: its codes when they are known; ``location``: how long it is rented."""

    libelle: str
    emdn: Code | None = None
    lpp: Code | None = None
    periode: Periode = INCONNUE
    quantite: Quantite | None = None
    location: Quantite | None = None
    renouvellements: int = 0
    situation: Situation = field(default_factory=Situation)
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.libelle.strip():
            raise InvalidValue("CDA_DISPOSITIF", "Le dispositif n’a pas de nom.", conseil="Donnez son nom.")

    def __repr__(self) -> str:
        return "DispositifPrescrit(…)"


def build_device(each: DispositifPrescrit, moment: Quand, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    words = redaction.dit(each.libelle, "dispositif")
    flags, flag_entries = build_flags(each.situation, moment, redaction, device=True)
    device = code(
        "code",
        each.emdn,
        said(words.ancre, "originalText"),
        code("translation", each.lpp) if each.lpp else None,
    )
    playing = node("playingDevice", device, classCode="DEV", determinerCode="INSTANCE")
    entry = node(
        "supply",
        *templates("2.16.840.1.113883.10.20.1.34", DISPOSITIF),
        redaction.identifier(words.ancre, each.uid),
        said(words.ancre),
        typed(period(each.periode, closed=True), "IVL_TS"),
        node("repeatNumber", value=str(each.renouvellements)),
        quantity("quantity", each.quantite) if each.quantite else None,
        node("expectedUseTime", quantity("width", each.location)) if each.location else None,
        node("participant", node("participantRole", playing, classCode="MANU"), typeCode="DEV"),
        *flag_entries,
        classCode="SPLY",
        moodCode="INT",
    )
    row: tuple[Case, ...] = (
        words,
        dates(each.periode),
        shown(each.location),
        shown(each.quantite),
        str(each.renouvellements),
        *flags,
    )
    return row, entry


def read_device(entry: etree._Element, lecture: Lecture) -> DispositifPrescrit | None:
    if not is_a(entry, DISPOSITIF):
        return None
    element = child(entry, "participant[@typeCode='DEV']/participantRole/playingDevice/code")
    emdn, lpp = coded(element), coded(child(element, "translation"))
    named = lpp or emdn
    words = lecture.words(child(entry, "text")) or lecture.words(child(element, "originalText"))
    label = words or (named.label if named else "")
    if not label:
        return None
    repeat = read_quantity(child(entry, "repeatNumber"))
    return DispositifPrescrit(
        label,
        emdn,
        lpp,
        read_period(child(entry, "effectiveTime")),
        read_quantity(child(entry, "quantity")),
        read_quantity(child(entry, "expectedUseTime/width")),
        int(repeat.valeur) if repeat else 0,
        read_flags(entry),
        read_identity(child(entry, "id")),
    )
