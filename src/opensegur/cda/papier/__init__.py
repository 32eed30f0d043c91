"""What is printed of a document: one design for every PDF/A-1 that we compose."""

from opensegur.cda.papier.blocs import Bloc, Case, CodeIns, Figure, Liste, Paragraphe, Tableau, Titre
from opensegur.cda.papier.feuille import Papier, print_sheet
from opensegur.cda.papier.narratif import blocks_of

__all__ = [
    "Bloc",
    "Case",
    "CodeIns",
    "Figure",
    "Liste",
    "Papier",
    "Paragraphe",
    "Tableau",
    "Titre",
    "blocks_of",
    "print_sheet",
]
