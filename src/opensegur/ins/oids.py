"""The authorities that assign a matricule: without its OID a matricule is not an INS.

Source: Référentiel INS v2.1; ANS list of OIDs (1.2.250.1.213.1.4.x).
"""

from __future__ import annotations

from opensegur.foundation.errors import InvalidValue

OID_NIR = "1.2.250.1.213.1.4.8"
OID_NIA = "1.2.250.1.213.1.4.9"
OID_NIR_TEST = "1.2.250.1.213.1.4.10"
OID_NIR_DEMO = "1.2.250.1.213.1.4.11"

LIBELLES = {
    OID_NIR: "NIR",
    OID_NIA: "NIA",
    OID_NIR_TEST: "NIR de test",
    OID_NIR_DEMO: "NIR de démonstration",
}
ACCEPTED = frozenset(LIBELLES)
PRODUCTION = frozenset({OID_NIR, OID_NIA})

_MISTAKEN = {
    "1.2.250.1.213.1.4.2": "C’est l’OID de l’ancien INS-C, calculé : il n’est plus une identité.",
    "1.2.250.1.213.1.4.5": "Cet OID est écrit par erreur à la place de celui du NIR (…4.8).",
}


def check_ins_oid(oid: str) -> str:
    """Give ``oid`` back when it is one of the four of the INS.

    Raises ``InvalidValue`` (INS_OID) and says why for the two that are often written by mistake.
    """
    if oid in ACCEPTED:
        return oid
    reason = _MISTAKEN.get(oid, "")
    raise InvalidValue(
        "INS_OID",
        f"Cet OID n’est pas celui d’une identité nationale de santé. {reason}".rstrip(),
        conseil="Les OID admis sont 1.2.250.1.213.1.4.8 (NIR), .9 (NIA), .10 (test) et .11 (démonstration).",
        detail=oid[:64],
    )
