"""The composite data types that XDS borrows from HL7 v2: CX, XCN, XON, and times in UTC.

Sources: ITI TF-3 4.2.3.1.7 (types, HL7 v2.5 escapes); CI-SIS volet Transmission (the profile of the DMP).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from opensegur.foundation.acteurs import OID_PS, OID_STRUCTURE, Professionnel, Structure
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.identifiers import check_oid
from opensegur.ins.matricule import Matricule
from opensegur.ins.oids import ACCEPTED

_ESCAPES = {character: f"\\{letter}\\" for character, letter in zip("\\^&~|", "ESTRF", strict=True)}
_UNESCAPES = {letter: character for character, letter in zip("\\^&~|", "ESTRF", strict=True)}
_ESCAPE_SEQUENCE = re.compile(r"\\([ESTRF])\\")
_SPECIAL = re.compile(r"[\\^&~|]")
_LINE_BREAKS = re.compile(r"\s+")
_DTM_FORMATS = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True, slots=True)
class Cx:
    """An identifier with its authority: ``kind`` is NH (INS), PI (the structure's own number)…"""

    id: str
    authority: str
    kind: str

    def __post_init__(self) -> None:
        _check_required(self.id, "CX.1")
        check_oid(self.authority)

    @classmethod
    def of_matricule(cls, matricule: Matricule) -> Self:
        return cls(matricule.valeur, matricule.oid, "NH")

    def format(self) -> str:
        return f"{escape(self.id)}^^^&{self.authority}&ISO^{escape(self.kind)}"

    @property
    def matricule(self) -> Matricule | None:
        """The INS that this identifier is, or ``None``."""
        return Matricule(self.id, self.authority) if self.authority in ACCEPTED else None


def parse_cx(text: str) -> Cx:
    """Read a CX; components after the fifth (the old effective date) are ignored. Raises ``InvalidValue`` DMP_CX."""
    parts = text.strip().split("^")
    if len(parts) < 5 or any(parts[1:3]):  # noqa: PLR2004 - CX.5 is the kind
        raise _malformed("DMP_CX", "L’identifiant de patient")
    return Cx(unescape(parts[0]), _oid_of(parts[3], "DMP_CX"), unescape(parts[4]))


@dataclass(frozen=True, slots=True)
class Xcn:
    """A person or a device: ``name_type`` is D (person) or U (device), ``kind`` IDNPS, EI, NH or RI."""

    id: str
    nom: str
    prenom: str = ""
    authority: str = OID_PS
    name_type: str = "D"
    kind: str = "IDNPS"

    @classmethod
    def of_professionnel(cls, professionnel: Professionnel) -> Self:
        return cls(professionnel.id_nat, one_line(professionnel.nom), one_line(professionnel.prenom))

    def format(self) -> str:
        authority = f"&{self.authority}&ISO" if self.authority else ""
        names = "^".join(escape(part) for part in (self.id, self.nom, self.prenom))
        return f"{names}^^^^^^{authority}^{escape(self.name_type)}^^^{escape(self.kind)}"


def parse_xcn(text: str) -> Xcn:
    """Read an XCN, however short. Raises ``InvalidValue`` DMP_XCN when it names nobody."""
    parts = [*text.strip().split("^"), *[""] * 13]
    found = Xcn(
        id=unescape(parts[0]),
        nom=unescape(parts[1]),
        prenom=unescape(parts[2]),
        authority=_oid_of(parts[8], "DMP_XCN") if parts[8] else "",
        name_type=unescape(parts[9]),
        kind=unescape(parts[12]),
    )
    if not found.id and not found.nom:
        raise _malformed("DMP_XCN", "L’identité d’un auteur")
    return found


@dataclass(frozen=True, slots=True)
class Xon:
    """A structure: ``kind`` is IDNST for a Struct_IdNat, SIREN for a referenced digital service."""

    nom: str
    id: str = ""
    authority: str = OID_STRUCTURE
    kind: str = "IDNST"

    @classmethod
    def of_structure(cls, structure: Structure) -> Self:
        return cls(one_line(structure.nom), structure.id_nat)

    def format(self) -> str:
        if not self.id:
            return escape(self.nom)
        authority = f"&{self.authority}&ISO" if self.authority else ""
        return f"{escape(self.nom)}^^^^^{authority}^{escape(self.kind)}^^^{escape(self.id)}"


def parse_xon(text: str) -> Xon:
    """Read an XON, however short. Raises ``InvalidValue`` DMP_XON when it names nothing."""
    parts = [*text.strip().split("^"), *[""] * 10]
    if not parts[0] and not parts[9]:
        raise _malformed("DMP_XON", "Le nom d’une structure")
    if not parts[9]:
        return Xon(unescape(parts[0]))
    return Xon(
        nom=unescape(parts[0]),
        id=unescape(parts[9]),
        authority=_oid_of(parts[5], "DMP_XON") if parts[5] else "",
        kind=unescape(parts[6]),
    )


def escape(text: str) -> str:
    """Write the delimiters of HL7 v2 inside ``text`` as escape sequences."""
    return _SPECIAL.sub(lambda found: _ESCAPES[found.group()], text)


def unescape(text: str) -> str:
    return _ESCAPE_SEQUENCE.sub(lambda found: _UNESCAPES[found.group(1)], text)


def one_line(text: str) -> str:
    """``text`` without line breaks or repeated spaces, as a component takes it."""
    return _LINE_BREAKS.sub(" ", text).strip()


def format_dtm(moment: datetime) -> str:
    """``YYYYMMDDhhmmss`` in UTC (ITI TF-3 4.2.3.1.7). Raises ``InvalidValue`` DMP_DATE without a time zone."""
    if moment.utcoffset() is None:
        raise InvalidValue("DMP_DATE", "Une date du DMP n’a pas de fuseau horaire.", conseil="Donnez son fuseau.")
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}".rjust(14, "0")


def parse_dtm(text: str) -> datetime:
    """A DTM of 4 to 14 digits, in UTC; a shorter one means the beginning of its period.

    Raises ``InvalidValue`` DMP_DATE.
    """
    value = text.strip()
    pattern = _DTM_FORMATS.get(len(value))
    if pattern is not None and value.isascii() and value.isdigit():
        try:
            return datetime.strptime(value, pattern).replace(tzinfo=UTC)
        except ValueError:
            pass
    raise _malformed("DMP_DATE", "Une date")


def _oid_of(hierarchic_designator: str, code: str) -> str:
    parts = hierarchic_designator.split("&")
    if len(parts) != 3 or parts[2] != "ISO":  # noqa: PLR2004 - HD: namespace, OID, kind
        raise _malformed(code, "L’autorité d’un identifiant")
    return check_oid(parts[1])


def _check_required(text: str, what: str) -> None:
    if not text.strip():
        raise InvalidValue("DMP_VIDE", "Un identifiant est vide.", conseil="Renseignez-le.", detail=what)


def _malformed(code: str, what: str) -> InvalidValue:
    return InvalidValue(
        code, f"{what} n’a pas la forme attendue.", conseil="Signalez ces métadonnées à l’éditeur qui les a écrites."
    )
