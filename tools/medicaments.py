"""Write the medicines shipped with the library from the public base: those on the market in town, and every vaccine.

    python tools/medicaments.py DOSSIER JJ/MM/AAAA

``DOSSIER`` holds the files of the BDPM, as published; the date is that of their publication. Lines are kept as they
are published, byte for byte: only those of other medicines are left out.
"""

from __future__ import annotations

import gzip
import sys
from datetime import datetime
from pathlib import Path

from opensegur.medicament import Specialite, read_bdpm

DATA = Path(__file__).parents[1] / "src" / "opensegur" / "medicament" / "data"
_FILES = {
    "CIS_bdpm": 0,
    "CIS_CIP_bdpm": 0,
    "CIS_COMPO_bdpm": 0,
    "CIS_CPD_bdpm": 0,
    "CIS_GENER_bdpm": 2,
    "CIS_MITM": 0,
}


def main(folder: Path, published: str) -> None:
    kept = {each.cis.encode() for each in read_bdpm(folder).specialites if is_shipped(each)}
    DATA.mkdir(exist_ok=True)
    for name, column in _FILES.items():
        lines = (line for line in published_bytes(folder, name).splitlines(keepends=True) if line.strip())
        data = b"".join(line for line in lines if line.split(b"\t")[column].strip() in kept)
        (DATA / f"{name}.txt.gz").write_bytes(gzip.compress(data, 9, mtime=0))
    day = datetime.strptime(published, "%d/%m/%Y").date()  # noqa: DTZ007 - a day alone
    (DATA / "date.txt").write_text(f"{day}\n", encoding="utf-8")
    print(f"{len(kept)} médicaments")


def is_shipped(each: Specialite) -> bool:
    """An older vaccine is still read on the records of those who had it."""
    return each.is_vaccine or (each.autorisee and each.commercialisee and not each.is_hospital_only)


def published_bytes(folder: Path, name: str) -> bytes:
    packed = folder / f"{name}.txt.gz"
    return gzip.decompress(packed.read_bytes()) if packed.is_file() else (folder / f"{name}.txt").read_bytes()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
