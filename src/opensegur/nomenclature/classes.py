"""From a document's type to its class in the DMP (ASS_X16-CorrespondanceType-Classe-DMP).

The CI-SIS association used over MSSanté differs for a few types: this one is the DMP's.
"""

from __future__ import annotations

from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature.tables import Concept, table


def classe_of_type(type_code: str) -> Concept:
    """The concept of JDV_J57 that classes the documents of ``type_code`` (a code of JDV_J66).

    Raises ``InvalidValue`` (TYPE_SANS_CLASSE) when the published association has no line for it.
    """
    association = table("ASS_X16").get(type_code)
    classe = table("JDV_J57").get(association.label) if association else None
    if classe is None:
        raise InvalidValue(
            "TYPE_SANS_CLASSE",
            "Ce type de document n’a pas de classe dans le DMP.",
            conseil="Choisissez un autre type de document : la table nationale ne range pas celui-ci.",
            detail=type_code[:60],
        )
    return classe
