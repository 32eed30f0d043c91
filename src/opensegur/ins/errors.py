"""What INSi refuses, in words for the person at the desk.

The published catalogue is partial: a code that is not in ``_CATALOGUE`` keeps the service's own text.
Sources: WSDL DESIR_ICIR_EXP 1.5.0 (schema_faultSOAP); SEL-MP-043; faults recorded from the test service.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from lxml import etree

from opensegur.foundation.errors import OpenSegurError
from opensegur.foundation.soap import SoapFault

_ERREUR = "{urn:siram}Erreur"


class Severite(StrEnum):
    INFORMATION = "information"
    AVERTISSEMENT = "avertissement"
    ERREUR = "erreur"
    FATALE = "fatale"


class InsiError(OpenSegurError):
    """The root of INSi's errors. Codes of ours: INSI_REPONSE (unreadable), INSI_CODE_RETOUR (unknown)."""


class InsiFault(InsiError):
    """INSi refused the call: ``code`` is its own (``insi_102``), ``sous_code`` the SOAP subcode (``siram_40``)."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        conseil: str,
        detail: str,
        retryable: bool,
        severite: Severite,
        sous_code: str,
    ) -> None:
        super().__init__(code, message, conseil=conseil, detail=detail, retryable=retryable)
        self.severite = severite
        self.sous_code = sous_code

    @classmethod
    def from_soap(cls, fault: SoapFault) -> Self:
        """Explain ``fault`` by its national code, else by its subcode, else with the service's own text."""
        element = next((found for detail in fault.details for found in detail.iter(_ERREUR)), None)
        national = (element.get("code") or "").strip().lower() if element is not None else ""
        sous_code = fault.code.strip().lower()
        known = _CATALOGUE.get(national) or _CATALOGUE.get(sous_code)
        return cls(
            national or sous_code,
            known.message if known else fault.message,
            conseil=known.conseil if known else fault.conseil,
            detail=f"{sous_code} / {national or '-'}",
            retryable=known.retryable if known else fault.retryable,
            severite=_severite(element),
            sous_code=sous_code,
        )


@dataclass(frozen=True, slots=True)
class _Explication:
    message: str
    conseil: str
    retryable: bool = False


_CATALOGUE = {
    "insi_102": _Explication(
        "La recherche d’identité de l’INSi est en difficulté technique.",
        "Recommencez dans quelques minutes ; l’identité reste provisoire en attendant.",
        retryable=True,
    ),
    "insi_24": _Explication(
        "L’INSi n’a pas reconnu le sexe envoyé.",
        "Renseignez le sexe de la personne, masculin ou féminin, puis recommencez.",
    ),
    "desir_550": _Explication(
        "Le numéro d’autorisation du logiciel (IDAM) est inconnu de l’Assurance Maladie.",
        "Vérifiez « idam » dans la section [lps] de la configuration, ou contactez l’éditeur.",
    ),
    "desir_560": _Explication(
        "Le certificat présenté n’a pas le droit d’interroger l’INSi.",
        "Utilisez un certificat d’organisation de l’IGC-Santé dont le nom (CN) est INSI-AUTO ou INSI-MANU.",
    ),
    "siram_40": _Explication(
        "Le téléservice INSi est temporairement inaccessible.",
        "Recommencez plus tard ; si cela dure, contactez l’éditeur.",
        retryable=True,
    ),
    "siram_100": _Explication(
        "Ce logiciel n’est pas autorisé à interroger l’INSi.",
        "Contactez l’éditeur ou votre responsable informatique.",
    ),
}


def unreadable(detail: str) -> InsiError:
    """The error for an answer of which we cannot tell what it says; ``detail`` holds no patient's data."""
    return InsiError(
        "INSI_REPONSE",
        "La réponse de l’INSi n’a pas la forme attendue.",
        conseil="L’identité n’a pas été modifiée. Recommencez ; si cela se répète, signalez-le à l’éditeur.",
        detail=detail,
    )


def _severite(element: etree._Element | None) -> Severite:
    text = (element.get("severite") or "").strip().lower() if element is not None else ""
    if text == "fatal":  # the schema says « fatale », the live service writes « fatal »
        return Severite.FATALE
    return Severite(text) if text in set(Severite) else Severite.ERREUR
