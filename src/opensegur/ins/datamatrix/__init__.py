"""The datamatrix INS: its content, its symbol, and reading both back. Source: Format datamatrix INS v2.2."""

from opensegur.ins.datamatrix.contenu import ContenuIns, contenu_of
from opensegur.ins.datamatrix.encodage import encode_content
from opensegur.ins.datamatrix.lecture_stricte import parse_content
from opensegur.ins.datamatrix.reparation import LectureReparee, parse_repaired

__all__ = ["ContenuIns", "LectureReparee", "contenu_of", "encode_content", "parse_content", "parse_repaired"]
