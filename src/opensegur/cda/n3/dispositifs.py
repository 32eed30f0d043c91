"""Devices that a patient bears, implants most of all (FR-Dispositif-medical)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.checks import check_required
from opensegur.cda.locate import child, children
from opensegur.cda.n3.absence import is_absent
from opensegur.cda.n3.affichage import dates
from opensegur.cda.n3.ecriture import notion, period, templates, typed
from opensegur.cda.n3.lecture import Lecture, is_a, read_identity, read_period, sections
from opensegur.cda.n3.pharmacie.dispositif import DISPOSITIF
from opensegur.cda.n3.recit import Case, Redaction, table
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.valeurs import INCONNUE, Notion, Periode
from opensegur.cda.noeud import Noeud, node

# the first template is written so in the official samples, « 11383 » included
_DISPOSITIFS = rubrique(
    "46264-8",
    "Dispositifs médicaux",
    "Dispositifs médicaux",
    "2.16.840.1.11383.10.20.1.7",
    "1.3.6.1.4.1.19376.1.5.3.1.1.5.3.5",
    "1.2.250.1.213.1.1.2.1",
)


@dataclass(frozen=True, slots=True, repr=False)
class DispositifPorte:
    """``dispositif`` in EMDN when it is known; ``udi``: its unique number, as it is printed."""

    dispositif: Notion
    periode: Periode = INCONNUE
    udi: str = ""
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_required(self.dispositif.texte, quoi="Dispositif")

    def __repr__(self) -> str:
        return f"DispositifPorte({self.dispositif!r})"


def build_devices(devices: Sequence[DispositifPorte], redaction: Redaction) -> Noeud:
    built = [_build(each, redaction) for each in devices]
    text = table(("Dispositif", "Depuis", "Numéro"), (row for row, _ in built))
    return build_section(_DISPOSITIFS, redaction, text, (entry for _, entry in built))


def read_devices(root: etree._Element, lecture: Lecture) -> tuple[DispositifPorte, ...]:
    found = (
        _read(entry, lecture)
        for section in sections(root, _DISPOSITIFS.modele)
        for entry in children(section, "entry/supply")
        if is_a(entry, DISPOSITIF)
    )
    return tuple(each for each in found if each)


def _build(each: DispositifPorte, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    words = redaction.dit(each.dispositif.texte, "dispositif")
    playing = node(
        "playingDevice", notion("code", each.dispositif, words.ancre), classCode="DEV", determinerCode="INSTANCE"
    )
    number = redaction.identifier(f"{words.ancre}-numero")
    role = node(
        "participantRole",
        number.with_attribute("extension", each.udi) if each.udi else None,
        playing,
        classCode="MANU",
    )
    entry = node(
        "supply",
        *templates("2.16.840.1.113883.10.20.1.34", DISPOSITIF),
        redaction.identifier(words.ancre, each.uid),
        typed(period(each.periode), "IVL_TS"),
        node("participant", role, typeCode="DEV"),
        classCode="SPLY",
        moodCode="EVN",
    )
    return (words, dates(each.periode), each.udi), entry


def _read(entry: etree._Element, lecture: Lecture) -> DispositifPorte | None:
    role = child(entry, "participant[@typeCode='DEV']/participantRole")
    device = lecture.notion(child(role, "playingDevice/code"))
    if device is None or is_absent(device.code):
        return None
    number = child(role, "id")
    return DispositifPorte(
        device,
        read_period(child(entry, "effectiveTime")),
        number.get("extension", "") if number is not None else "",
        read_identity(child(entry, "id")),
    )
