"""The names of the INSi messages.

Source: WSDL DESIR_ICIR_EXP 1.5.0 and its schemas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SERVICE: Final = "insi"
SOAP12: Final = "http://www.w3.org/2003/05/soap-envelope"
WSA: Final = "http://www.w3.org/2005/08/addressing"
BAM: Final = "urn:siram:bam:ctxbam"
LPS: Final = "urn:siram:lps:ctxlps"
SIRAM: Final = "urn:siram"
RECSANS: Final = "http://www.cnamts.fr/INSiRecSans"
RECVIT: Final = "http://www.cnamts.fr/INSiRecVit"
RESULTAT: Final = "http://www.cnamts.fr/INSiResultat"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFIX: Final = "urn:ServiceIdentiteCertifiee:1.0.0:"


@dataclass(frozen=True, slots=True)
class Operation:
    """``corps`` is the body's qualified name, ``schema`` its name for ``load_schema``, "" when none is public."""

    nom: str
    libelle: str
    corps: str
    schema: str

    @property
    def action(self) -> str:
        return _PREFIX + self.nom


TRAITS: Final = Operation(
    "rechercherInsAvecTraitsIdentite", "Recherche par traits (WS_INS2)", f"{{{RECSANS}}}RECSANSVITALE", "insi/recsans"
)
VITALE: Final = Operation(
    "rechercherInsAvecCarteVitale", "Recherche par carte (WS_INS1)", f"{{{RECVIT}}}RECVITALE", "insi/recvitale"
)
_LOT2: Final = "http://www.cnamts.fr/INSiLot2/"
REQUNIT: Final = f"{_LOT2}REQUnitaire"
REPUNIT: Final = f"{_LOT2}REPUnitaire"
REQLOT: Final = f"{_LOT2}REQLot"
REPLOT: Final = f"{_LOT2}REPLot"
UNITAIRE: Final = Operation(
    "verifierInsAvecTraitsIdentite", "Vérification unitaire (WS_INS3)", f"{{{REQUNIT}}}RequeteUnitaire", ""
)
DEPOT: Final = Operation("deposerLotVerification", "Dépôt d’un lot (WS_INS4)", f"{{{REQLOT}}}RequeteLot", "")
RETRAIT: Final = Operation(
    "recupererResultatLot", "Résultat d’un lot (WS_INS5)", f"{{{REQLOT}}}RequeteResultatLot", ""
)
VERIFICATIONS: Final = (UNITAIRE, DEPOT, RETRAIT)
OPERATIONS: Final = {operation.action: operation for operation in (TRAITS, VITALE, *VERIFICATIONS)}
