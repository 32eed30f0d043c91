"""Why a file cannot become a PDF/A-1: one table of codes, with what to say and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from opensegur.foundation.errors import RefusedInput


class _Entree(NamedTuple):
    message: str
    conseil: str


CATALOGUE: Mapping[str, _Entree] = {
    "FICHIER_VIDE": _Entree("Le fichier est vide.", "Numérisez ou enregistrez à nouveau le document."),
    "FICHIER_TROP_GROS": _Entree(
        "Le fichier est trop volumineux.",
        "La taille admise est de {limite}. Numérisez en noir et blanc à 300 points par pouce ou divisez le document.",
    ),
    "FICHIER_TROMPEUR": _Entree(
        "Le nom du fichier annonce « {annonce} », mais son contenu est « {trouve} ».",
        "Vérifiez que c’est le bon fichier, puis enregistrez-le à nouveau sous son vrai format.",
    ),
    "FORMAT_REFUSE": _Entree(
        "Ce fichier ({trouve}) n’est pas d’un format admis.",
        "Ouvrez-le dans son logiciel et enregistrez-le en PDF. Formats admis : PDF, JPEG, TIFF, RTF et texte.",
    ),
    "FORMAT_INCONNU": _Entree(
        "Le format de ce fichier n’est pas reconnu.",
        "Formats admis : PDF, JPEG, TIFF, RTF et texte. Enregistrez le document en PDF.",
    ),
    "TEXTE_CHARSET": _Entree(
        "Le codage des caractères de ce texte n’est pas reconnu.",
        "Enregistrez-le en UTF-8, ou en PDF.",
    ),
    "PDF_CHIFFRE": _Entree(
        "Ce PDF est protégé ou chiffré par un mot de passe.",
        "Demandez à son auteur un PDF sans protection.",
    ),
    "PDF_ABIME": _Entree(
        "Ce PDF est abîmé ou incomplet.",
        "Demandez-en un nouvel exemplaire, ou imprimez-le et numérisez-le.",
    ),
    "PDF_SANS_PAGE": _Entree("Ce PDF n’a aucune page.", "Enregistrez ou exportez à nouveau le document."),
    "TROP_DE_PAGES": _Entree("Le document a trop de pages.", "Il en faut {limite} au plus : divisez le document."),
    "IMAGE_ABIMEE": _Entree(
        "Cette image est abîmée ou incomplète.", "Numérisez à nouveau le document, de préférence en PDF."
    ),
    "IMAGE_TROP_GRANDE": _Entree(
        "Cette image a trop de pixels.", "Numérisez le document à 300 points par pouce au plus."
    ),
    "RTF_ABIME": _Entree(
        "Ce fichier RTF est abîmé.", "Ouvrez-le dans un traitement de texte et enregistrez-le en PDF."
    ),
    "TEXTE_VIDE": _Entree("Ce document ne contient aucun texte.", "Vérifiez que c’est le bon fichier."),
    "PDFA_IMPOSSIBLE": _Entree(
        "Ce document n’a pas pu être converti en PDF/A-1.",
        "Imprimez-le et numérisez-le, ou enregistrez-le en PDF/A depuis son logiciel.",
    ),
}


def refusal(code: str, detail: str = "", **values: str) -> RefusedInput:
    """The error of ``CATALOGUE`` for ``code``, its sentences completed with ``values``."""
    entree = CATALOGUE[code]
    return RefusedInput(code, entree.message.format(**values), conseil=entree.conseil.format(**values), detail=detail)
