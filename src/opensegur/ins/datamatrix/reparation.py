"""The payload as it really comes: separators lost or written in words, another keyboard, capitals locked.

A name holds no digit, so that ``S`` and a digit begin a block wherever they stand: without any separator the payload
is cut in one way only. Everything that was repaired is told; what cannot be decided is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.findings import Finding, Severity
from opensegur.ins.clavier import meant
from opensegur.ins.datamatrix.contenu import ContenuIns
from opensegur.ins.datamatrix.format_ins import ENTETE, GS, TYPE, VERSION
from opensegur.ins.datamatrix.lecture_stricte import parse_content, read_values

_PREFIX = re.compile(r"^\](?:d[0-6]|Q[0-6])")
_SEPARATORS = re.compile(r"<GS>|\{GS\}|\[GS\]|\^\]|\u241d|\||\u001e|\u001d")
_HEADER = re.compile(rf"{TYPE}{VERSION}0{{18,26}}(?=S[1-7])")
_BLOCK = re.compile(r"S([1-7])")
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class LectureReparee:
    """``reparations``: what was mended before it could be read, empty for a payload that respects its format."""

    contenu: ContenuIns
    reparations: tuple[Finding, ...]

    @property
    def remarques(self) -> list[Finding]:
        """What deserves a second look in what was read."""
        return self.contenu.remarks()


def parse_repaired(text: str) -> LectureReparee:
    """The content of ``text``, mended where it can only mean one thing.

    Raises ``InvalidValue``: the fault that ``parse_content`` finds in ``text`` when nothing mends it.
    """
    try:
        return LectureReparee(parse_content(text), ())
    except InvalidValue as error:
        first = error
    for candidate, happened in meant(text[:_LONGEST].strip("\r\n\t ")):
        mended = _mend(candidate, happened)
        if mended is not None:
            return mended
    raise first


def is_payload(text: str) -> bool:
    """Whether ``text`` begins as a datamatrix INS, on whatever keyboard it was typed."""
    return any(_PREFIX.sub("", candidate).startswith(TYPE + VERSION) for candidate, _ in meant(text.strip()))


def _mend(text: str, happened: str) -> LectureReparee | None:
    findings = [_repair("clavier", happened)] if happened else []
    bare = _PREFIX.sub("", text)
    if bare != text:
        findings.append(_repair("prefixe", "Le préfixe de la douchette est retiré."))
    if not bare.startswith(TYPE + VERSION):
        return None
    try:
        return LectureReparee(parse_content(bare), tuple(findings))
    except InvalidValue:
        pass
    header = _HEADER.match(bare)
    if header is None:
        return None
    if header.group() != ENTETE:
        findings.append(_repair("entete", "L’en-tête du code n’avait pas sa longueur."))
    values = _cut(bare[header.end() :], findings)
    if values is None:
        return None
    try:
        return LectureReparee(read_values(values), tuple(findings))
    except InvalidValue:
        return None


def _cut(message: str, findings: list[Finding]) -> dict[str, str] | None:
    """The value of each block, cut at the identifiers alone; None when a block comes twice."""
    marks = list(_BLOCK.finditer(message))
    values: dict[str, str] = {}
    spaces = False
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(message)
        raw = _SEPARATORS.sub("", message[mark.end() : end])
        value = raw.strip(" ")
        spaces = spaces or value != raw
        if mark.group() in values:
            return None
        values[mark.group()] = value
    if message.count(GS) != len(_SEPARATORS.findall(message)):
        findings.append(_repair("separateurs", "Les séparateurs étaient écrits en toutes lettres."))
    else:
        findings.append(_repair("separateurs", "Des séparateurs manquaient, ou étaient de trop."))
    if spaces:
        findings.append(_repair("espaces", "Des espaces entouraient une valeur."))
    return values


def _repair(rule: str, message: str) -> Finding:
    return Finding(
        f"DATAMATRIX.{rule}",
        message,
        repair="Relisez les traits avant de continuer.",
        severity=Severity.WARNING,
    )
