"""Published nomenclatures read into tables: value sets (IHE SVS), CIM-10 (ATIH), LOINC in French.

What a file holds is told by what is in it, never by its name alone.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from opensegur.foundation import xml
from opensegur.foundation.errors import RefusedInput
from opensegur.nomenclature.tables import Concept, Table

CIM10 = "2.16.840.1.113883.6.3"
LOINC = "2.16.840.1.113883.6.1"
_SVS = "{urn:ihe:iti:svs:2008}"
_NOS = "Agence du Numérique en Santé, NOS"
_NUMBERED = re.compile(r"((?:JDV_J|TRE_[A-Z]|ASS_[A-Z])[0-9]+)[_-].*")
_ATIH = re.compile(r"([A-Z][0-9]{2}[0-9+]*) *\|([0-9])\|[^|]*\|[^|]*\|[^|]*\|(.+)")
_SUPPRESSED = "*** SU"
_LOINC_CODE = re.compile(r"[0-9]{1,7}-[0-9]")
_MAX_BYTES = 100 * 1024 * 1024


def read_published(path: Path) -> Table:
    """The table that the file at ``path`` publishes (XML, CSV or text, gzip or not).

    Raises ``RefusedInput``: NOMENCLATURE_FORMAT when it is none of those that we read, NOMENCLATURE_VIDE, and what
    ``foundation.xml.parse`` raises.
    """
    data = _bytes(path)
    if data.lstrip()[:1] == b"<":
        return _filled(read_svs(data))
    text = _decoded(data)
    edition = _edition(path)
    for read in (_read_atih, _read_refpmsi, _read_loinc):
        if (found := read(text, edition)) is not None:
            return _filled(found)
    raise RefusedInput(
        "NOMENCLATURE_FORMAT",
        "Ce fichier n’est pas une nomenclature que nous savons lire.",
        conseil="Donnez un jeu de valeurs (XML) de l’ANS, la CIM-10 de l’ATIH (texte ou CSV), ou la LOINC en CSV.",
    )


def read_svs(data: bytes) -> Table:
    """The IHE SVS XML, with or without its namespace; concepts that are closed (``dateFin``) are left out."""
    root = xml.parse(data)
    sets = [each for each in root.iter() if str(each.tag).removeprefix(_SVS) == "ValueSet"]
    if len(sets) != 1:
        raise RefusedInput(
            "NOMENCLATURE_FORMAT",
            "Ce fichier XML n’est pas un jeu de valeurs.",
            conseil="Donnez un fichier JDV de l’ANS, qui contient un élément ValueSet.",
        )
    value_set = sets[0]
    concepts = tuple(
        # some published codes end with a space
        Concept(_attribute(each, "code"), _attribute(each, "codeSystem"), _attribute(each, "displayName"))
        for each in value_set.iter()
        if isinstance(each.tag, str) and each.tag.removeprefix(_SVS) == "Concept" and not each.get("dateFin")
    )
    version = value_set.get("dateMaj", "")[:8] or value_set.get("revisionDate", "")[:10].replace("-", "")
    name = short_name(value_set.get("displayName", ""))
    return Table(name, value_set.get("id", ""), version, _NOS, concepts)


def _attribute(element: etree._Element, name: str) -> str:
    return " ".join(element.get(name, "").split())


def short_name(published: str) -> str:
    """``JDV_J07`` for ``JDV_J07_XdsTypeCode_CISIS``, ``JDV_ProblemCodes`` for ``JDV_ProblemCodes_CISIS``."""
    numbered = _NUMBERED.fullmatch(published)
    return numbered.group(1) if numbered else published.removesuffix("_CISIS")


def _read_atih(text: str, edition: str) -> Table | None:
    """The ATIH's own layout (LIBCIM10MULTI): code padded, types, short label, long label."""
    lines = text.splitlines()
    if not lines or not _ATIH.fullmatch(lines[0]):
        return None
    rows = (found.groups() for line in lines if (found := _ATIH.fullmatch(line)))
    return _cim10(((code, label, not label.startswith(_SUPPRESSED)) for code, _, label in rows), edition)


def _read_refpmsi(text: str, edition: str) -> Table | None:
    rows = _rows(text, ";", {"code", "libelle", "actif"})
    if rows is None:
        return None
    return _cim10(((row["code"], row["libelle"], row["actif"] == "1") for row in rows), edition)


def _cim10(rows: Iterator[tuple[str, str, bool]], edition: str) -> Table:
    concepts = tuple(
        Concept(code if len(code) == 3 else f"{code[:3]}.{code[3:]}", CIM10, " ".join(label.split()), active)  # noqa: PLR2004 - a category
        for code, label, active in rows
    )
    return Table("CIM10", CIM10, edition, "ATIH, CIM-10 FR à usage PMSI", concepts)


def _read_loinc(text: str, edition: str) -> Table | None:
    """A CSV of the French variant: the published one, or two columns ``loinc`` and ``libelle_fr``."""
    for separator, columns in ((",", ("LOINC_NUM", "LONG_COMMON_NAME")), (";", ("loinc", "libelle_fr"))):
        rows = _rows(text, separator, set(columns))
        if rows is not None:
            code, label = columns
            concepts = tuple(
                Concept(row[code], LOINC, " ".join(row[label].split()))
                for row in rows
                if _LOINC_CODE.fullmatch(row[code] or "") and row[label]
            )
            return Table("LOINC", LOINC, edition, "Regenstrief Institute, LOINC (variante française)", concepts)
    return None


def _rows(text: str, separator: str, columns: set[str]) -> Iterator[Mapping[str, str]] | None:
    reader = csv.DictReader(io.StringIO(text), delimiter=separator)
    return iter(reader) if columns <= set(reader.fieldnames or ()) else None


def _filled(found: Table) -> Table:
    if not found.concepts:
        raise RefusedInput(
            "NOMENCLATURE_VIDE",
            "Cette nomenclature ne contient aucun code.",
            conseil="Téléchargez le fichier de nouveau.",
        )
    return found


def _edition(path: Path) -> str:
    """The year that the name of the file gives, "" when it gives none."""
    found = re.search(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", path.name)
    return found.group() if found else ""


def _bytes(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except (OSError, EOFError) as error:
        raise RefusedInput(
            "NOMENCLATURE_FORMAT",
            "Ce fichier ne se lit pas.",
            conseil="Vérifiez le chemin, ou téléchargez le fichier de nouveau.",
            detail=type(error).__name__,
        ) from error
    if len(data) > _MAX_BYTES:
        raise RefusedInput(
            "NOMENCLATURE_FORMAT", "Ce fichier est trop gros.", conseil="Donnez la nomenclature seule."
        )
    return data


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
