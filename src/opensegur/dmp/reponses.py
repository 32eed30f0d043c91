"""The answer common to the registry and the repository: its status, its errors, its warnings (ITI TF-3 4.2.4)."""

from __future__ import annotations

from lxml import etree

from opensegur.dmp import noms
from opensegur.dmp.errors import Anomalie, DmpError
from opensegur.dmp.noms import RS
from opensegur.foundation.errors import RefusedInput

SUCCES = "Success"
SUCCES_PARTIEL = "PartialSuccess"


def read_registry_response(
    response: etree._Element, transaction: str, *, partial: bool = False
) -> tuple[Anomalie, ...]:
    """The anomalies of an answer that succeeded (warnings, or errors of a partial success when admitted).

    ``response`` is any element with a ``status`` and, perhaps, a ``RegistryErrorList``. Raises ``DmpError`` for
    a failure, ``RefusedInput`` DMP_REPONSE when it is no such answer.
    """
    status = response.get("status", "")
    if not status.startswith(noms.REPONSE):
        raise RefusedInput(
            "DMP_REPONSE",
            "La réponse du DMP n’a pas la forme attendue.",
            conseil="Recommencez. Si cela se répète, signalez-le à l’éditeur.",
            detail=etree.QName(response).localname[:80],
        )
    anomalies = tuple(
        Anomalie(
            code=error.get("errorCode", ""),
            context=error.get("codeContext", ""),
            location=error.get("location", ""),
            severity=error.get("severity", "Error").rpartition(":")[2],
        )
        for error in response.iterfind(f"{RS}RegistryErrorList/{RS}RegistryError")
    )
    outcome = status.removeprefix(noms.REPONSE)
    if outcome == SUCCES or (partial and outcome == SUCCES_PARTIEL):
        return anomalies
    raise DmpError(anomalies, transaction)


def expect(element: etree._Element, tag: str) -> etree._Element:
    """Give ``element`` back when it is a ``tag``. Raises ``RefusedInput`` DMP_REPONSE otherwise."""
    if element.tag != tag:
        raise RefusedInput(
            "DMP_REPONSE",
            "La réponse du DMP n’est pas celle de la demande.",
            conseil="Vérifiez l’adresse du DMP dans la configuration.",
            detail=str(element.tag)[:120],
        )
    return element
