"""The traits of an identity. Strict: birth name, given names, birth date, sex, place of birth (COG).

Complementary: the names in use, never filled in automatically (EXI ID 08). Sources: Référentiel INS v2.1; RNIV 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.dates import check_exact_date, complete_date, parse_typed_date
from opensegur.ins.lexique import Champ, check_name, normalize_name

_COG = re.compile(r"[0-9][0-9AB][0-9]{3}")

STRICT_TRAITS = ("nom_naissance", "prenoms", "premier_prenom", "date_naissance", "sexe", "lieu_naissance")
"""The fields of which a change by hand takes the identity back to its beginning."""


class Sexe(StrEnum):
    """Indéterminé lives in local records only: INSi and the datamatrix carry M or F."""

    M = "M"
    F = "F"
    I = "I"  # noqa: E741  (the code of the standard)

    @property
    def libelle(self) -> str:
        return {"M": "Masculin", "F": "Féminin", "I": "Indéterminé"}[self.value]


@dataclass(frozen=True, slots=True, repr=False)
class Traits:
    """The traits of one person, as written in a sanitary identity.

    ``prenoms``: the birth given names, separated by spaces, "" while INSi has not given them; ``premier_prenom``: the
    first of them, which a person may cut differently; ``date_naissance``: AAAA-MM-JJ, a calendar date
    (``date_estimee`` tells that it was completed); ``lieu_naissance``: the COG code, "" before INSi.

    Raises ``InvalidValue``: NOM_LEXIQUE, DATE_FORMAT, DATE_INCOMPLETE, LIEU_COG, SEXE.
    """

    nom_naissance: str
    prenoms: str
    premier_prenom: str
    date_naissance: str
    sexe: Sexe
    lieu_naissance: str
    nom_utilise: str = ""
    prenom_utilise: str = ""
    date_estimee: bool = False

    def __post_init__(self) -> None:
        check_name(self.nom_naissance, Champ.NOM)
        check_name(self.premier_prenom, Champ.PRENOM)
        for value, champ in (
            (self.prenoms, Champ.PRENOM),
            (self.nom_utilise, Champ.NOM),
            (self.prenom_utilise, Champ.PRENOM),
        ):
            if value:
                check_name(value, champ)
        check_exact_date(self.date_naissance)
        if self.lieu_naissance:
            check_cog(self.lieu_naissance)
        object.__setattr__(self, "sexe", parse_sexe(self.sexe))

    @classmethod
    def typed(
        cls,
        *,
        nom_naissance: str,
        premier_prenom: str,
        date_naissance: str,
        sexe: str,
        prenoms: str = "",
        lieu_naissance: str = "",
        nom_utilise: str = "",
        prenom_utilise: str = "",
        annee_estimee: int | None = None,
    ) -> Self:
        """The traits from what a person types: names normalised, dates read and completed (EXI ID 11).

        ``annee_estimee`` stands for an unknown year. Raises ``InvalidValue`` as the constructor does, and
        NOM_CARACTERE, NOM_VIDE, NOM_LONG, DATE_ANNEE.
        """
        date = complete_date(parse_typed_date(date_naissance), annee=annee_estimee)
        return cls(
            nom_naissance=normalize_name(nom_naissance, Champ.NOM),
            prenoms=_optional(prenoms, Champ.PRENOM),
            premier_prenom=normalize_name(premier_prenom, Champ.PRENOM),
            date_naissance=date.valeur,
            sexe=parse_sexe(sexe),
            lieu_naissance=lieu_naissance.strip().upper(),
            nom_utilise=_optional(nom_utilise, Champ.NOM),
            prenom_utilise=_optional(prenom_utilise, Champ.PRENOM),
            date_estimee=date.estimee,
        )

    def __repr__(self) -> str:
        # traits must not reach a log through a representation
        return "Traits(…)"


def check_cog(code: str) -> str:
    """Give ``code`` back when it has the shape of a COG code: its existence is a warning's business, not a refusal's.

    Raises ``InvalidValue`` (LIEU_COG).
    """
    if not _COG.fullmatch(code):
        raise InvalidValue(
            "LIEU_COG",
            "Le code du lieu de naissance n’est pas un code officiel géographique.",
            conseil="Il a 5 caractères : la commune (63220, 2A004) ou le pays (99132).",
        )
    return code


def parse_sexe(text: str) -> Sexe:
    """``M``, ``F`` or ``I``; raises ``InvalidValue`` (SEXE)."""
    if isinstance(text, Sexe):
        return text
    try:
        return Sexe(text.strip().upper())
    except ValueError:
        raise InvalidValue(
            "SEXE", "Le sexe n’est pas reconnu.", conseil="Indiquez M (masculin), F (féminin) ou I (indéterminé)."
        ) from None


def _optional(text: str, champ: Champ) -> str:
    return normalize_name(text, champ) if text.strip() else ""
