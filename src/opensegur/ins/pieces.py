"""The documents and devices that prove an identity, and how far each is trusted.

Only level 3 validates an identity. The structure chooses which ones it takes; none is preselected (EXI SI 10, EXI
SI 23). Codes: HL7 France, identity reliability (validationMode). Source: RNIV 1 v2.0 §3.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from opensegur.foundation.errors import InvalidValue


class Confiance(IntEnum):
    FAIBLE = 1
    MOYENNE = 2
    HAUTE = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A kind of proof: ``condition`` says in French for whom or with what it is taken.

    ``avec_parent``: it proves a minor's identity only beside a document of a parent (``PIECES_PARENT``).
    """

    code: str
    libelle: str
    confiance: Confiance
    condition: str = ""
    avec_parent: bool = False

    @property
    def validates(self) -> bool:
        return self.confiance is Confiance.HAUTE


_EUROPE = (
    "Ressortissants de l’Union européenne, Suisse, Liechtenstein, Norvège, Islande, Vatican, Monaco, Saint-Marin"
)
_MINEUR_PARENT = "Mineur sans document, avec un document à haut niveau de confiance d’un parent"

PIECES: tuple[Piece, ...] = (
    Piece("PA", "Passeport", Confiance.HAUTE),
    Piece("CN", "Carte nationale d’identité", Confiance.HAUTE, f"{_EUROPE} et Andorre"),
    Piece("CS", "Titre de séjour", Confiance.HAUTE),
    Piece("eCN", "E-carte d’identité (France Identité)", Confiance.HAUTE),
    Piece("IN", "L’Identité Numérique La Poste", Confiance.HAUTE),
    Piece("AV", "Appli carte Vitale", Confiance.HAUTE),
    Piece("CC", "Document de circulation pour étranger mineur", Confiance.HAUTE, "Avec photographie"),
    Piece("AN", "Extrait d’acte de naissance", Confiance.HAUTE, _MINEUR_PARENT, avec_parent=True),
    Piece("LEP", "Livret de famille", Confiance.HAUTE, _MINEUR_PARENT, avec_parent=True),
    Piece(
        "LECV",
        "Livret de famille et carte Vitale avec photographie",
        Confiance.HAUTE,
        "Résident d’Ehpad, admission directe",
    ),
    Piece(
        "ANCV",
        "Acte de naissance et carte Vitale avec photographie",
        Confiance.HAUTE,
        "Résident d’Ehpad, admission directe",
    ),
    Piece("CV", "Carte Vitale seule", Confiance.FAIBLE),
)

PIECES_PARENT = ("PA", "CN", "CS", "eCN", "IN")
"""What a parent or a guardian may show for a minor (RNIV 1 §3.3.3)."""

_BY_CODE = {piece.code: piece for piece in PIECES}


def piece(code: str) -> Piece:
    """The piece with this code; raises ``InvalidValue`` (PIECE_INCONNUE)."""
    found = _BY_CODE.get(code)
    if found is None:
        raise InvalidValue(
            "PIECE_INCONNUE",
            "Cette pièce d’identité n’est pas dans la liste.",
            conseil="Choisissez une pièce de la liste de votre structure.",
            detail=code[:20],
        )
    return found


def validating_pieces(codes: Iterable[str] | None = None) -> tuple[Piece, ...]:
    """The pieces that validate an identity, in the order of the list; only those of ``codes`` when it is given."""
    kept = None if codes is None else frozenset(codes)
    return tuple(found for found in PIECES if found.validates and (kept is None or found.code in kept))
