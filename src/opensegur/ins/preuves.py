"""What happened to an identity, in order: the only thing that is stored, and from which its status is computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.matricule import Matricule
from opensegur.ins.motifs import Portee, motif
from opensegur.ins.pieces import PIECES_PARENT, piece


class Nature(StrEnum):
    """The events of the identity's life (RNIV 1; Guide d'implémentation INS v3.0)."""

    RECUPERATION_INSI = "recuperation-insi"
    RECHERCHE_SANS_RESULTAT = "recherche-sans-resultat"
    CONTROLE_REUSSI = "controle-reussi"
    CONTROLE_ECHOUE = "controle-echoue"
    ATTESTATION = "attestation"
    APPLI_VITALE = "appli-vitale"
    INS_RECUE_VERIFIEE = "ins-recue-verifiee"
    CONTRAT_CONFIANCE = "contrat-confiance"
    VERIFICATION_REUSSIE = "verification-reussie"
    VERIFICATION_ECHOUEE = "verification-echouee"
    MODIFICATION_TRAIT_STRICT = "modification-trait-strict"
    MODIFICATION_COMPLEMENTAIRE = "modification-complementaire"
    RETRAIT_CONTROLE = "retrait-controle"
    RETRAIT_INS = "retrait-ins"
    RETRAIT_IDENTITE = "retrait-identite"
    FLUX_PROVISOIRE = "flux-provisoire"
    FLUX_VALIDEE = "flux-validee"
    FLUX_QUALIFIEE = "flux-qualifiee"
    IMPORT = "import"
    FUSION = "fusion"
    DEFUSION = "defusion"
    SANS_INS = "sans-ins"
    FIN_SANS_INS = "fin-sans-ins"
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
    """What is added to a status.

    Douteuse and fictive forbid any other status than provisoire; sans INS (the person cannot have one: visitor,
    suspect identity, legal anonymity) forbids the two that hold a matricule.
    """

    DOUTEUSE = "douteuse"
    FICTIVE = "fictive"
    HOMONYME = "homonyme"
    SANS_INS = "sans INS"


class Canal(StrEnum):
    """By which way an identity came in; it never sets the status by itself (methodCollection, HL7 France)."""

    SAISIE = "SM"
    VITALE = "CV"
    INSI = "INSI"
    SCAN = "CB"
    RFID = "RFID"
    APPLI_VITALE = "AV"
    FLUX = "FLUX"
    IMPORT = "IMPORT"

    @property
    def libelle(self) -> str:
        return _CANAUX[self]


_CANAUX = {
    Canal.SAISIE: "saisie",
    Canal.VITALE: "carte Vitale",
    Canal.INSI: "téléservice INSi",
    Canal.SCAN: "code INS scanné",
    Canal.RFID: "puce lue sur place",
    Canal.APPLI_VITALE: "appli carte Vitale",
    Canal.FLUX: "flux d’un autre logiciel",
    Canal.IMPORT: "import d’un fichier",
}


_LIBELLES = {
    Nature.RECUPERATION_INSI: "INS récupérée auprès de l’INSi",
    Nature.RECHERCHE_SANS_RESULTAT: "Recherche INSi sans résultat exploitable",
    Nature.CONTROLE_REUSSI: "Pièce d’identité contrôlée, traits cohérents",
    Nature.CONTROLE_ECHOUE: "Pièce d’identité contrôlée, traits différents",
    Nature.ATTESTATION: "Identité attestée par un professionnel qui connaît la personne",
    Nature.APPLI_VITALE: "Identité lue dans l’appli carte Vitale",
    Nature.INS_RECUE_VERIFIEE: "INS reçue, vérifiée auprès de l’INSi",
    Nature.CONTRAT_CONFIANCE: "INS qualifiée reçue sous contrat de confiance",
    Nature.VERIFICATION_REUSSIE: "INS vérifiée auprès de l’INSi",
    Nature.VERIFICATION_ECHOUEE: "Vérification de l’INS en échec",
    Nature.MODIFICATION_TRAIT_STRICT: "Trait strict modifié",
    Nature.MODIFICATION_COMPLEMENTAIRE: "Trait complémentaire modifié",
    Nature.RETRAIT_CONTROLE: "Contrôle de la pièce annulé",
    Nature.RETRAIT_INS: "INS retirée du dossier",
    Nature.RETRAIT_IDENTITE: "Identité déqualifiée",
    Nature.FLUX_PROVISOIRE: "Identité provisoire reçue du référentiel d’identités",
    Nature.FLUX_VALIDEE: "Identité validée reçue du référentiel d’identités",
    Nature.FLUX_QUALIFIEE: "Identité qualifiée reçue du référentiel d’identités",
    Nature.IMPORT: "Identité reprise d’un fichier",
    Nature.FUSION: "Dossiers fusionnés",
    Nature.DEFUSION: "Fusion défaite",
    Nature.SANS_INS: "Personne déclarée sans INS",
    Nature.FIN_SANS_INS: "La personne peut avoir une INS",
    Nature.DOUTEUSE: "Identité déclarée douteuse",
    Nature.FIN_DOUTEUSE: "Doute levé",
    Nature.FICTIVE: "Identité déclarée fictive",
    Nature.FIN_FICTIVE: "Attribut fictive retiré",
    Nature.HOMONYME: "Homonyme signalé",
    Nature.FIN_HOMONYME: "Attribut homonyme retiré",
}
_WITH_INS = frozenset(
    {
        Nature.RECUPERATION_INSI,
        Nature.APPLI_VITALE,
        Nature.INS_RECUE_VERIFIEE,
        Nature.CONTRAT_CONFIANCE,
        Nature.FLUX_QUALIFIEE,
    }
)
_WITH_PIECE = frozenset({Nature.CONTROLE_REUSSI, Nature.CONTROLE_ECHOUE})
_MOTIVEES = {
    Nature.RETRAIT_CONTROLE: Portee.CONTROLE,
    Nature.RETRAIT_INS: Portee.INS,
    Nature.RETRAIT_IDENTITE: Portee.IDENTITE,
    Nature.SANS_INS: Portee.SANS_INS,
}
_SANS_MOTIF = frozenset(Nature) - {*_MOTIVEES, Nature.FUSION, Nature.DEFUSION, Nature.IMPORT}


@dataclass(frozen=True, slots=True)
class Preuve:
    """One event, at an aware ``moment``.

    ``matricule`` goes with what brings an INS (INSi, appli carte Vitale, a flow…) and with nothing else; ``piece`` is
    the code of the document shown (``pieces.py``), which must be of high confidence to succeed; ``piece_parent`` that
    of the parent, for a minor who has none of their own (RNIV 1 §3.3.3); ``motif`` a code of ``motifs.py`` where the
    event needs a reason, and free for a merge or an import (the number of the other record, the name of the file);
    ``canal`` the way the identity came in; ``auteur`` says who.

    Raises ``InvalidValue``: PREUVE_DATE, PREUVE_INS, PREUVE_PIECE, PREUVE_PARENT, PREUVE_MOTIF, PIECE_INCONNUE,
    MOTIF_INCONNU.
    """

    nature: Nature
    moment: datetime
    matricule: Matricule | None = None
    piece: str = ""
    auteur: str = ""
    piece_parent: str = ""
    motif: str = ""
    canal: Canal = Canal.SAISIE

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
        self._check_piece()
        self._check_motif()

    def _check_piece(self) -> None:
        if bool(self.piece) != (self.nature in _WITH_PIECE):
            raise InvalidValue(
                "PREUVE_PIECE",
                "Un contrôle d’identité dit quelle pièce a été présentée, et lui seul.",
                conseil="Choisissez la pièce présentée.",
                detail=self.nature.value,
            )
        if not self.piece:
            if self.piece_parent:
                raise _without_parent(self.piece_parent)
            return
        shown = piece(self.piece)
        if self.nature is Nature.CONTROLE_REUSSI and not shown.validates:
            raise InvalidValue(
                "PREUVE_PIECE",
                f"« {shown.libelle} » ne suffit pas à valider une identité.",
                conseil="Demandez un passeport, une carte d’identité ou un titre de séjour.",
                detail=self.piece,
            )
        if not shown.avec_parent:
            if self.piece_parent:
                raise _without_parent(self.piece_parent)
            return
        if self.nature is Nature.CONTROLE_REUSSI and self.piece_parent not in PIECES_PARENT:
            raise InvalidValue(
                "PREUVE_PARENT",
                f"« {shown.libelle} » ne vaut qu’avec une pièce d’identité d’un parent ou du tuteur.",
                conseil="Demandez aussi le passeport, la carte d’identité ou le titre de séjour de l’adulte.",
                detail=self.piece_parent,
            )

    def _check_motif(self) -> None:
        portee = _MOTIVEES.get(self.nature)
        if portee is not None:
            motif(self.motif, portee)
        elif self.motif and self.nature in _SANS_MOTIF:
            raise InvalidValue("PREUVE_MOTIF", "Cet événement ne porte pas de motif.", detail=self.nature.value)


def _without_parent(code: str) -> InvalidValue:
    return InvalidValue(
        "PREUVE_PARENT",
        "La pièce d’un parent n’accompagne qu’un livret de famille ou un acte de naissance.",
        conseil="Retirez la pièce du parent, ou choisissez le livret ou l’acte.",
        detail=code,
    )
