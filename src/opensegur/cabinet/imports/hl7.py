"""Messages of patients' administration (HL7 v2 ADT), one or many, in a file or a flow: what this application needs.

Own reading rather than a library: python-hl7 and hl7apy build a whole tree for a message of which a handful of
fields are wanted, and are a hundred times slower (docs/decisions/0014). Sources: HL7 v2.5; IHE PAM, national
extension France 2.11.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from opensegur.foundation.errors import InvalidValue

DEBUT, FIN = b"\x0b", b"\x1c"
EVENEMENTS = frozenset({"A01", "A02", "A04", "A05", "A08", "A28", "A31", "A40", "A47"})
FUSIONS = frozenset({"A40"})
_LARGEST = 1_000_000
_MESSAGE = re.compile(rb"(?:^|[\r\n\x0b])(?=MSH[^A-Za-z0-9])")
_CHARSETS = {
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "8859/1": "cp1252",
    "8859/15": "iso8859-15",
    "ASCII": "ascii",
    "UNICODE": "utf-8",
}
_ESCAPE = re.compile(r"\\([FSTREH.NXZ][^\\]*)\\")


Composants = list[list[str]]
"""One repetition of a field: its components, each with its sub-components."""


@dataclass(frozen=True, slots=True, repr=False)
class MessageAdt:
    """One message. ``champs``: by code of ``colonnes``; ``statuts``: PID-32; ``anciens``: MRG-1, for a merge."""

    ligne: int
    evenement: str
    champs: dict[str, str]
    autorite: str = ""
    statuts: frozenset[str] = frozenset()
    ancien: str = ""

    def __repr__(self) -> str:
        return f"MessageAdt({self.evenement}, ligne {self.ligne})"


def looks_like_hl7(start: bytes) -> bool:
    return bool(re.match(rb"[\s\x0b]*(?:MSH|FHS|BHS)[^A-Za-z0-9\s]", start.removeprefix(b"\xef\xbb\xbf")))


def split_messages(morceaux: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Each message and the number of its first line: between MLLP marks, or one after the other.

    A message larger than a megabyte is given cut: reading it will refuse it.
    """
    rest, line = b"", 1
    for morceau in morceaux:
        rest += morceau
        starts = [found.end() for found in _MESSAGE.finditer(rest)]
        for begin, end in pairwise(starts):
            yield line + _count(rest[:begin]), rest[begin:end]
        if starts:
            line += _count(rest[: starts[-1]])
            rest = rest[starts[-1] :][:_LARGEST]
        elif len(rest) > _LARGEST:
            rest = b""
    if rest.strip(b"\r\n \x0b\x1c\xef\xbb\xbf"):
        yield line, rest


def parse_adt(ligne: int, data: bytes) -> MessageAdt:
    """Raises ``InvalidValue``: HL7_ILLISIBLE, HL7_TYPE, HL7_ENCODAGE, HL7_PID."""
    body = data.strip(b"\r\n \x0b\x1c").split(FIN)[0]
    if len(body) < 8 or not body.startswith(b"MSH"):  # noqa: PLR2004
        raise InvalidValue("HL7_ILLISIBLE", "Le message ne commence pas par un segment MSH.")
    if len(data) >= _LARGEST:
        raise InvalidValue("HL7_ILLISIBLE", "Le message dépasse un mégaoctet.")
    segments = _decode(body)
    lecture = _Lecture(segments)
    kind = lecture.parts("MSH", 9)
    evenement = kind[1] if len(kind) > 1 else lecture.field("EVN", 1)
    if kind[0] != "ADT":
        raise InvalidValue("HL7_TYPE", "Ce message n’est pas un ADT.", detail=kind[0][:8])
    if evenement not in EVENEMENTS:
        raise InvalidValue("HL7_TYPE", f"L’événement {evenement[:8] or 'absent'} n’est pas repris.")
    if "PID" not in lecture.segments:
        raise InvalidValue("HL7_PID", "Le message n’a pas de segment PID.")
    champs, autorite = _identity(lecture)
    statuts = frozenset(each.strip() for each in lecture.repetitions("PID", 32) if each.strip())
    if statuts & {"VALI"}:
        champs["controle"] = "VALI"
    ancien = _local_id(lecture, "MRG", 1)[0] if evenement in FUSIONS else ""
    return MessageAdt(ligne, evenement, champs, autorite, statuts, ancien)


def _identity(lecture: _Lecture) -> tuple[dict[str, str], str]:
    externe, autorite = _local_id(lecture, "PID", 3)
    champs = {"externe": externe, "sexe": lecture.field("PID", 8)}
    champs["date_naissance"] = _date(lecture.field("PID", 7))
    for cells in lecture.components("PID", 3):
        if _at(cells, 4) == "INS" and not champs.get("matricule"):
            champs |= {"matricule": _at(cells, 0), "oid": _at(cells, 3, 1)}
    for cells in lecture.components("PID", 5):
        kind, nom, premier, prenoms = (_at(cells, place) for place in (6, 0, 1, 2))
        if kind == "D":
            champs |= {"nom_utilise": nom, "prenom_utilise": premier}
        elif "nom_naissance" not in champs and kind in {"L", "B", "M", ""}:
            champs |= {"nom_naissance": nom, "premier_prenom": premier, "prenoms": prenoms}
    for cells in lecture.components("PID", 11):
        if _at(cells, 6) == "BDL" and _at(cells, 8):
            champs["lieu_naissance"] = _at(cells, 8)
    champs.setdefault("lieu_naissance", lecture.field("PID", 23))
    return champs, autorite


def _local_id(lecture: _Lecture, segment: str, number: int) -> tuple[str, str]:
    """The identifier of type PI, or the first that names no type; and who assigns it."""
    found = [(cells, _at(cells, 4)) for cells in lecture.components(segment, number)]
    for wanted in ("PI", "MR", ""):
        for cells, kind in found:
            if kind == wanted and _at(cells, 0):
                return _at(cells, 0), _at(cells, 3, 1) or _at(cells, 3)
    return "", ""


class _Lecture:
    """The first segment of each name, cut only where it is asked for."""

    def __init__(self, text: str) -> None:
        self.separator = text[3]
        marks = text[4:8]
        self.component, self.repetition, self.escape, self.sub = list(marks + "^~\\&"[len(marks) :])
        self.segments: dict[str, list[str]] = {}
        for line in re.split(r"[\r\n]+", text):
            self.segments.setdefault(line[:3], line.split(self.separator))

    def field(self, segment: str, number: int) -> str:
        """The first component of the first repetition."""
        cells = self.components(segment, number)
        return _at(cells[0], 0) if cells else ""

    def parts(self, segment: str, number: int) -> list[str]:
        cells = self.components(segment, number)
        return [part[0] for part in cells[0]] if cells else [""]

    def repetitions(self, segment: str, number: int) -> list[str]:
        # MSH-1 is the separator itself
        cells = self.segments.get(segment, [])
        place = number - 1 if segment == "MSH" else number
        return cells[place].split(self.repetition) if place < len(cells) else []

    def components(self, segment: str, number: int) -> list[Composants]:
        return [
            [[self._text(part) for part in cell.split(self.sub)] for cell in repetition.split(self.component)]
            for repetition in self.repetitions(segment, number)
        ]

    def _text(self, cell: str) -> str:
        """``""`` means « to be emptied »: nothing, for a name."""
        if cell == '""':
            return ""
        if self.escape not in cell:
            return cell.strip()
        letters = {"F": self.separator, "S": self.component, "T": self.sub, "R": self.repetition, "E": self.escape}
        return _ESCAPE.sub(lambda found: letters.get(found[1], ""), cell.replace(self.escape, "\\")).strip()


def _decode(body: bytes) -> str:
    """The bytes are read by MSH-18, itself in ASCII; without it, UTF-8 if that reads them, Windows-1252 otherwise."""
    header = re.split(rb"[\r\n]", body, maxsplit=1)[0].decode("ascii", errors="replace")
    cells = header.split(header[3])
    named = cells[17].split("~")[0].strip().upper() if len(cells) > 17 else ""  # noqa: PLR2004
    wanted = [_CHARSETS[named]] if named in _CHARSETS else ["utf-8", "cp1252"]
    for charset in wanted:
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            continue
    raise InvalidValue(
        "HL7_ENCODAGE",
        "Le message n’est pas écrit dans le jeu de caractères qu’il annonce (MSH-18).",
        detail=named[:20],
    )


def _date(text: str) -> str:
    """PID-7: AAAAMMJJ, or less of it, or with a time."""
    digits = re.match(r"[0-9]*", text)
    found = (digits[0] if digits else "")[:8].ljust(8, "0")
    return f"{found[:4]}-{found[4:6]}-{found[6:8]}" if text.strip() else ""


def _at(cells: Composants, place: int, sub: int = 0) -> str:
    return cells[place][sub] if place < len(cells) and sub < len(cells[place]) else ""


def _count(data: bytes) -> int:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
