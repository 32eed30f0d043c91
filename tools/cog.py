"""Build the shipped table of places of birth from INSEE's files, and say what changed.

Usage: python tools/cog.py FOLDER [--check]

FOLDER holds the COG of a year (communes_2024.csv), its changes since 1943 (mouvements_communes_2024.csv) and the
tables of communes and countries that the ASP publishes from INSEE's (asp_ref_insee_com_v4.csv, …_pays_v4.csv), which
alone know the overseas collectivities and some older codes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
from collections import defaultdict
from pathlib import Path

_TARGET = Path(__file__).resolve().parent.parent / "src" / "opensegur" / "nomenclature" / "data" / "cog.tsv.gz"
_MAX_BYTES = 1_500_000
_PLACE_TYPES = frozenset({"COM", "ARM"})
_OVERSEAS = "098"
_FIRST_ASP_DAY = "1900-01-01"
_ADDED = (("99100", "FRANCE", "", ""), ("99999", "LIEU INCONNU", "", ""))

Row = tuple[str, str, str, str]


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def communes(folder: Path) -> list[Row]:
    """The periods of each (code, name): opened and closed by the changes, open when it stands in the COG."""
    begins: dict[tuple[str, str], set[str]] = defaultdict(set)
    ends: dict[tuple[str, str], set[str]] = defaultdict(set)
    before_after: dict[str, tuple[set[tuple[str, str]], set[tuple[str, str]]]] = defaultdict(lambda: (set(), set()))
    for row in _rows(folder / "mouvements_communes_2024.csv"):
        before, after = before_after[row["DATE_EFF"]]
        if row["TYPECOM_AV"] in _PLACE_TYPES and row["TYPECOM_AP"] != "ARM":
            before.add((row["COM_AV"], row["LIBELLE_AV"]))
        if row["TYPECOM_AP"] in _PLACE_TYPES:
            after.add((row["COM_AP"], row["LIBELLE_AP"]))
    for day, (before, after) in before_after.items():
        for key in before - after:
            ends[key].add(day)
        for key in after - before:
            begins[key].add(day)
    current = {
        (row["COM"], row["LIBELLE"]) for row in _rows(folder / "communes_2024.csv") if row["TYPECOM"] in _PLACE_TYPES
    }
    return [
        (code, name, begin, end)
        for code, name in sorted(current | set(begins) | set(ends))
        for begin, end in _pair(begins[code, name], ends[code, name], open_ended=(code, name) in current)
    ]


def _pair(begins: set[str], ends: set[str], *, open_ended: bool) -> list[tuple[str, str]]:
    periods: list[tuple[str, str]] = []
    begin: str | None = "" if not begins or (ends and min(ends) < min(begins)) else None
    for day, opens in sorted([(day, True) for day in begins] + [(day, False) for day in ends]):
        if opens and begin is None:
            begin = day
        elif not opens and begin is not None:
            periods.append((begin, day))
            begin = None
    if begin is not None and open_ended:
        periods.append((begin, ""))
    return periods


def older_communes(folder: Path, known: set[str]) -> list[Row]:
    """The codes that only the ASP's table has; a name that lasts over several lines becomes one period."""
    periods: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in _rows(folder / "asp_ref_insee_com_v4.csv", ";"):
        code = row["code_com_insee"].zfill(5)
        if code not in known:
            periods[code, row["lib_com"]].append((_day(row["date_deb_insee"]), _day_after(row["date_fin_insee"])))
    rows: list[Row] = []
    for (code, name), found in sorted(periods.items()):
        begin = min(begin for begin, _ in found)
        end = "" if any(not end for _, end in found) else max(end for _, end in found)
        rows.append((code, name, "" if begin == _FIRST_ASP_DAY else begin, end))
    return rows


def countries(folder: Path, known: set[str]) -> list[Row]:
    rows = (
        ((("98" if row["CODE_DPT"] == _OVERSEAS else "99") + row["CODE_INSEE_PAYS"]), row["LIB_INSEE_PAYS"], "", "")
        for row in _rows(folder / "asp_ref_insee_pays_v4.csv", ";")
    )
    return [row for row in sorted(rows) if row[0] not in known]


def _day(french: str) -> str:
    return "-".join(reversed(french.split("/")))


def _day_after(french: str) -> str:
    """INSEE ends a period on its last day: always the end of a month, so the next one begins on the first."""
    if not french:
        return ""
    day, month, year = (int(part) for part in french.split("/"))
    if day < 28:  # noqa: PLR2004  (a few end inside a month: the next day is exact)
        return f"{year:04}-{month:02}-{day + 1:02}"
    return f"{year + month // 12:04}-{month % 12 + 1:02}-01"


def build(folder: Path) -> list[Row]:
    rows = communes(folder)
    rows += older_communes(folder, {row[0] for row in rows})
    rows += countries(folder, {row[0] for row in rows})
    known = {row[0] for row in rows}
    rows += [row for row in _ADDED if row[0] not in known]
    # within a code the latest name comes last
    return sorted(rows, key=lambda row: (row[0], row[3] or "9999", row[2], row[1]))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    lines = ["\t".join(row) for row in build(options.folder)]
    old = gzip.decompress(_TARGET.read_bytes()).decode("utf-8").splitlines() if _TARGET.is_file() else []
    if old == lines:
        return 0
    added, removed = sorted(set(lines) - set(old)), sorted(set(old) - set(lines))
    print(f"{len(lines)} periods, {len(added)} added, {len(removed)} removed")
    print("\n".join([f"+ {line}" for line in added[:50]] + [f"- {line}" for line in removed[:50]]))
    if options.check:
        return 1
    # mtime=0: the same table always gives the same bytes
    packed = gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0)
    if len(packed) > _MAX_BYTES:
        sys.exit(f"the table would weigh {len(packed)} bytes")
    _TARGET.write_bytes(packed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
