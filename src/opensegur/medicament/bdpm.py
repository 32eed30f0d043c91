"""The files of the BDPM read into medicines: tab-separated, no header, no quoting (ANSM, HAS, UNCAM).

Each file has its own encoding: UTF-8 is tried first, Windows-1252 otherwise. A line that cannot be read is told and
left out: the others are kept.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

from opensegur.foundation.errors import RefusedInput
from opensegur.medicament.specialite import (
    Composant,
    Disponibilite,
    Genericite,
    Groupe,
    Presentation,
    Specialite,
)

_PLACES = {
    "0": Genericite.PRINCEPS,
    "1": Genericite.GENERIQUE,
    "2": Genericite.COMPLEMENT,
    "4": Genericite.SUBSTITUABLE,
}
_CIS = re.compile(r"[0-9]{8}")
_PERCENT = re.compile(r"([0-9]{1,3}) ?%")
_COLUMNS = {
    "CIS_bdpm": 12,
    "CIS_CIP_bdpm": 13,
    "CIS_COMPO_bdpm": 8,
    "CIS_GENER_bdpm": 5,
    "CIS_CPD_bdpm": 2,
    "CIS_MITM": 4,
    "CIS_CIP_Dispo_Spec": 8,
}
FICHIERS = frozenset(_COLUMNS)
_REQUIRED = ("CIS_bdpm", "CIS_CIP_bdpm", "CIS_COMPO_bdpm")
# the full base is 15 MB; a file that opens into a hundred is none of it
_MAX_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LigneIllisible:
    """A line that was left out: which, and why, in French."""

    fichier: str
    numero: int
    motif: str


@dataclass
class Lecture:
    """What was read: the medicines, the lines left out, how many lines each file has.

    ``orphelines``: by file, how many lines are about a medicine that ``CIS_bdpm`` no longer has.
    """

    specialites: list[Specialite] = field(default_factory=list)
    illisibles: list[LigneIllisible] = field(default_factory=list)
    lignes: dict[str, int] = field(default_factory=dict)
    orphelines: dict[str, int] = field(default_factory=dict)


def read_bdpm(folder: Path) -> Lecture:
    """Read the files of ``folder`` (``CIS_bdpm.txt`` and the others, gzip or not).

    Raises ``RefusedInput``: BDPM_ABSENTE when one that cannot be done without is missing, BDPM_ILLISIBLE when one is
    not what its name says.
    """
    reading = Lecture()
    rows = {name: list(_rows(folder, name, reading)) for name in _COLUMNS}
    # the CIS comes first in every file but this one
    rows["CIS_GENER_bdpm"] = [[row[2], *row] for row in rows["CIS_GENER_bdpm"]]
    known = {row[0] for row in rows["CIS_bdpm"]}
    for name, lines in rows.items():
        if lost := sum(row[0] not in known for row in lines):
            reading.orphelines[name] = lost
    presentations = _grouped(rows["CIS_CIP_bdpm"], _presentation)
    composition = _grouped(rows["CIS_COMPO_bdpm"], _composant)
    conditions = _grouped(rows["CIS_CPD_bdpm"], lambda row: row[1].strip())
    supplies = _grouped(rows["CIS_CIP_Dispo_Spec"], _disponibilite)
    groups = _grouped(rows["CIS_GENER_bdpm"], _groupe)
    classes = {row[0]: row[1].strip() for row in rows["CIS_MITM"]}
    complement = _vaccine_classes()
    for row in rows["CIS_bdpm"]:
        cis = row[0]
        reading.specialites.append(
            Specialite(
                cis=cis,
                denomination=" ".join(row[1].split()),
                forme=" ".join(row[2].split()),
                voies=tuple(filter(None, (each.strip() for each in row[3].split(";")))),
                titulaire="; ".join(filter(None, (each.strip() for each in row[10].split(";")))),
                autorisee=row[4] == "Autorisation active",
                commercialisee=row[6] == "Commercialisée",
                surveillance=row[11].strip() == "Oui",
                atc=classes.get(cis) or complement.get(cis, ""),
                atc_a_verifier=cis not in classes and cis in complement,
                presentations=presentations[cis],
                composition=composition[cis],
                groupes=groups[cis],
                conditions=tuple(dict.fromkeys(filter(None, conditions[cis]))),
                disponibilites=supplies[cis],
            )
        )
    return reading


@cache
def _vaccine_classes() -> dict[str, str]:
    """The class of the vaccines that the base leaves without one: a vaccination note cannot do without it."""
    text = (resources.files("opensegur.medicament") / "vaccins.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {cis: atc for cis, atc, _ in rows}


def _rows(folder: Path, name: str, reading: Lecture) -> Iterator[list[str]]:
    text = _text(folder, name)
    found = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found += 1
        row = line.split("\t")
        if len(row) < _COLUMNS[name]:
            motif = f"{len(row)} colonnes au lieu de {_COLUMNS[name]}"
            reading.illisibles.append(LigneIllisible(name, number, motif))
        elif not _CIS.fullmatch(row[2] if name == "CIS_GENER_bdpm" else row[0]):
            reading.illisibles.append(LigneIllisible(name, number, "le code CIS n’a pas huit chiffres"))
        else:
            yield row
    reading.lignes[name] = found


def _text(folder: Path, name: str) -> str:
    path = next((each for each in (folder / f"{name}.txt", folder / f"{name}.txt.gz") if each.is_file()), None)
    if path is None:
        if name not in _REQUIRED:
            return ""
        raise RefusedInput(
            "BDPM_ABSENTE",
            f"Le fichier {name}.txt de la base publique des médicaments n’est pas dans ce dossier.",
            conseil="Téléchargez tous les fichiers de la base (base-donnees-publique.medicaments.gouv.fr).",
        )
    try:
        data = _bytes(path)
    except (OSError, EOFError) as error:
        raise RefusedInput(
            "BDPM_ILLISIBLE",
            f"Le fichier {path.name} ne se lit pas.",
            conseil="Téléchargez-le de nouveau.",
            detail=type(error).__name__,
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _bytes(path: Path) -> bytes:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        data = stream.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise RefusedInput(
            "BDPM_ILLISIBLE",
            f"Le fichier {path.name} est beaucoup trop gros.",
            conseil="Téléchargez-le de nouveau : la base entière tient en 15 Mo.",
        )
    return data


_Value = TypeVar("_Value")


def _grouped(rows: list[list[str]], made: Callable[[list[str]], _Value]) -> dict[str, tuple[_Value, ...]]:
    lists: dict[str, list[_Value]] = defaultdict(list)
    for row in rows:
        lists[row[0]].append(made(row))
    return defaultdict(tuple, {cis: tuple(values) for cis, values in lists.items()})


def _presentation(row: list[str]) -> Presentation:
    percent = _PERCENT.fullmatch(row[8].strip())
    return Presentation(
        cip13=row[6].strip(),
        cip7=row[1].strip(),
        libelle=" ".join(row[2].replace("¿", "’").split()),
        active=row[3] == "Présentation active",
        commercialisee=row[4] == "Déclaration de commercialisation",
        taux=int(percent.group(1)) if percent else None,
        prix=_price(row[10]),
    )


def _price(text: str) -> Decimal | None:
    """``1,466,29`` is 1466.29: the same comma for thousands and for cents."""
    euros, _, cents = text.strip().rpartition(",")
    try:
        return Decimal(f"{euros.replace(',', '')}.{cents}") if euros else None
    except InvalidOperation:
        return None


def _composant(row: list[str]) -> Composant:
    return Composant(
        element=row[1].strip(),
        code=row[2].strip(),
        substance=row[3].strip(),
        dosage=row[4].strip(),
        reference=row[5].strip(),
        fraction=row[6].strip() == "FT",
        lien=row[7].strip(),
    )


def _groupe(row: list[str]) -> Groupe:
    return Groupe(id=row[1], libelle=row[2].strip(), place=_PLACES.get(row[4].strip(), Genericite.GENERIQUE))


def _disponibilite(row: list[str]) -> Disponibilite:
    return Disponibilite(etat=row[3].strip(), depuis=_day(row[4]), retour=_day(row[6]), cip13=row[1].strip())


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
