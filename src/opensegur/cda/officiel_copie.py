"""A copy of the official tree, in the user's cache, mended so that it compiles on any system.

The compiled stylesheets have to sit beside their sources, and what was published cannot be used as it is: a value
set is missing, and some files are named with another case than the one they have.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from lxml import etree

from opensegur.nomenclature import table

_RECIPE = 1
_COPIED = ("schematrons", "jeuxDeValeurs", "infrastructure")
_VOCABULARY = "schematrons/profils/structurationMinimale/include/voc-{oid}-DYNAMIC.xml"
_INCLUDE = re.compile(rb"""<(?:\w+:)?include\s+href=["']([^"']+)["']""")


def mended_copy(folder: Path, cache_folder: Path) -> Path:
    """A copy of the tree at ``folder`` that can be compiled, made once under ``cache_folder``."""
    copy = cache_folder / _fingerprint(folder)
    if copy.is_dir():
        return copy
    cache_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_folder, prefix="copie-") as scratch:
        fresh = Path(scratch) / "arbre"
        for name in _COPIED:
            if (folder / name).is_dir():
                shutil.copytree(
                    folder / name, fresh / name, ignore=shutil.ignore_patterns("*.jar", "rapports", "tmp")
                )
        _add_vocabulary(fresh)
        _mend_case(fresh)
        try:
            fresh.rename(copy)
        except OSError:
            if not copy.is_dir():  # another process made the same copy meanwhile: both are equal
                raise
    return copy


def _add_vocabulary(tree: Path) -> None:
    """The value set of document types, which the published header Schematron reads and does not ship."""
    values = table("JDV_J07")
    target = tree / _VOCABULARY.format(oid=values.oid)
    if target.exists():
        return
    root = etree.Element("valueSets")
    value_set = etree.SubElement(root, "valueSet", id=values.oid, name=values.name)
    concepts = etree.SubElement(value_set, "conceptList")
    for concept in values:
        etree.SubElement(concepts, "concept", code=concept.code, codeSystem=concept.system, displayName=concept.label)
    target.write_bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _mend_case(tree: Path) -> None:
    """The tree was written on Windows: some includes name a file with another case than its own."""
    for schematron in sorted((tree / "schematrons").rglob("*.sch")):
        for reference in _INCLUDE.findall(schematron.read_bytes()):
            target = schematron.parent / reference.decode("utf-8", errors="replace")
            if target.exists() or not target.parent.is_dir():
                continue
            same = [file for file in target.parent.iterdir() if file.name.lower() == target.name.lower()]
            if same:
                shutil.copyfile(same[0], target)


def _fingerprint(folder: Path) -> str:
    """The state of the tree and of what is added to it: either changing asks for a new copy."""
    digest = hashlib.sha256(f"{_RECIPE}|{table('JDV_J07').version}|{folder.resolve()}".encode())
    for path in sorted((folder / "schematrons").rglob("*.sch")):
        state = path.stat()
        digest.update(f"{path.name}|{state.st_size}|{state.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def user_cache() -> Path:
    if configured := os.environ.get("OPENSEGUR_CACHE"):
        return Path(configured) / "conformite"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "opensegur" / "conformite"
