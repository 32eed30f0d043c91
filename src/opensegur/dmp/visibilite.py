"""Who may see a document: the confidentiality codes that the DMP adds to the document's own.

Sources: JDV_J58 (TRE_A07), CI-SIS volet Partage de documents, ANS volet Transmission.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature import table

SYSTEM_CONFIDENTIALITE = "2.16.840.1.113883.5.25"
SYSTEM_MASQUAGE = "1.2.250.1.213.1.1.4.13"

_CODES = {
    "masque_ps": "MASQUE_PS",
    "invisible_patient": "INVISIBLE_PATIENT",
    "invisible_representants": "INVISIBLE_REPRESENTANTS_LEGAUX",
}


@dataclass(frozen=True, slots=True)
class Visibilite:
    """From whom a document is hidden: the other professionals, the patient, a minor's legal representatives.

    ``cumul`` says that the DMP admits hiding from the professionals and from the patient at once (a parameter of
    the server). Raises ``InvalidValue`` DMP_VISIBILITE_CUMUL when it does not.
    """

    masque_ps: bool = False
    invisible_patient: bool = False
    invisible_representants: bool = False
    cumul: bool = False

    def __post_init__(self) -> None:
        if self.masque_ps and self.invisible_patient and not self.cumul:
            raise InvalidValue(
                "DMP_VISIBILITE_CUMUL",
                "Un document ne peut pas être à la fois masqué aux professionnels et invisible pour le patient.",
                conseil="Choisissez l’un des deux : plus personne ne pourrait le lire.",
            )

    @property
    def codes(self) -> tuple[Code, ...]:
        """The confidentiality codes to add to the base level."""
        values = table("JDV_J58")
        return tuple(
            Code(code, SYSTEM_MASQUAGE, values.label(code, SYSTEM_MASQUAGE))
            for field, code in _CODES.items()
            if getattr(self, field)
        )


def read_visibilite(codes: Iterable[Code]) -> Visibilite:
    """The visibility that the confidentiality ``codes`` of an entry say, whatever the cumulation."""
    present = {found.code for found in codes if found.system == SYSTEM_MASQUAGE}
    return Visibilite(**{field: code in present for field, code in _CODES.items()}, cumul=True)
