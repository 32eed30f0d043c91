"""What happened to an identity, in order: the only thing that is stored, and from which its status is computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.matricule import Matricule
from opensegur.ins.pieces import piece


class Nature(StrEnum):
    """The events of the identity's life (RNIV 1; Guide d'implémentation INS v3.0)."""

    RECUPERATION_INSI = "recuperation-insi"
    RECHERCHE_SANS_RESULTAT = "recherche-sans-resultat"
    CONTROLE_REUSSI = "controle-reussi"
    CONTROLE_ECHOUE = "controle-echoue"
    APPLI_VITALE = "appli-vitale"
    VERIFICATION_REUSSIE = "verification-reussie"
    VERIFICATION_ECHOUEE = "verification-echouee"
    MODIFICATION_TRAIT_STRICT = "modification-trait-strict"
    DOUTEUSE = "douteuse"
    FIN_DOUTEUSE = "fin-douteuse"
    FICTIVE = "fictive"
    FIN_FICTIVE = "fin-fictive"
    HOMONYME = "homonyme"
    FIN_HOMONYME = "fin-homonyme"

    @property
    def libelle(self) -> str:
        return _LIBELLES[self]


class Attribut(StrEnum):
    """What is added to a status. Douteuse and fictive forbid any other status than provisoire."""

    DOUTEUSE = "douteuse"
    FICTIVE = "fictive"
    HOMONYME = "homonyme"


_LIBELLES = {
    Nature.RECUPERATION_INSI: "INS récupérée auprès de l’INSi",
    Nature.RECHERCHE_SANS_RESULTAT: "Recherche INSi sans résultat exploitable",
    Nature.CONTROLE_REUSSI: "Pièce d’identité contrôlée, traits cohérents",
    Nature.CONTROLE_ECHOUE: "Pièce d’identité contrôlée, traits différents",
    Nature.APPLI_VITALE: "Identité lue dans l’appli carte Vitale",
    Nature.VERIFICATION_REUSSIE: "INS vérifiée auprès de l’INSi",
    Nature.VERIFICATION_ECHOUEE: "Vérification de l’INS en échec",
    Nature.MODIFICATION_TRAIT_STRICT: "Trait strict modifié",
    Nature.DOUTEUSE: "Identité déclarée douteuse",
    Nature.FIN_DOUTEUSE: "Doute levé",
    Nature.FICTIVE: "Identité déclarée fictive",
    Nature.FIN_FICTIVE: "Attribut fictive retiré",
    Nature.HOMONYME: "Homonyme signalé",
    Nature.FIN_HOMONYME: "Attribut homonyme retiré",
}
_WITH_INS = frozenset({Nature.RECUPERATION_INSI, Nature.APPLI_VITALE})
_WITH_PIECE = frozenset({Nature.CONTROLE_REUSSI, Nature.CONTROLE_ECHOUE})


@dataclass(frozen=True, slots=True)
class Preuve:
    """One event, at an aware ``moment``.

    ``matricule`` goes with what brings an INS (INSi, appli carte Vitale) and with nothing else; ``piece`` is the code
    of the document shown (``pieces.py``), which must be of high confidence to succeed; ``auteur`` says who.

    Raises ``InvalidValue``: PREUVE_DATE, PREUVE_INS, PREUVE_PIECE, PIECE_INCONNUE.
    """

    nature: Nature
    moment: datetime
    matricule: Matricule | None = None
    piece: str = ""
    auteur: str = ""

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise InvalidValue("PREUVE_DATE", "La date de la preuve n’a pas de fuseau horaire.")
        if (self.matricule is not None) != (self.nature in _WITH_INS):
            raise InvalidValue(
                "PREUVE_INS",
                "Une récupération d’identité porte le matricule INS reçu, et elle seule.",
                conseil="Recommencez la récupération auprès de l’INSi.",
                detail=self.nature.value,
            )
        if bool(self.piece) != (self.nature in _WITH_PIECE):
            raise InvalidValue(
                "PREUVE_PIECE",
                "Un contrôle d’identité dit quelle pièce a été présentée, et lui seul.",
                conseil="Choisissez la pièce présentée.",
                detail=self.nature.value,
            )
        if self.nature is Nature.CONTROLE_REUSSI and not piece(self.piece).validates:
            raise InvalidValue(
                "PREUVE_PIECE",
                f"« {piece(self.piece).libelle} » ne suffit pas à valider une identité.",
                conseil="Demandez un passeport, une carte d’identité ou un titre de séjour.",
                detail=self.piece,
            )
        if self.piece:
            piece(self.piece)
