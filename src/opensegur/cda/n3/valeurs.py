"""What the entries of a structured document are made of: words with their code, dates as known, quantities.

Source: CI-SIS Structuration minimale, types de données; HL7 CDA R2 (CD, TS, IVL_TS, PQ, IVL_PQ).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from opensegur.cda.checks import check_moment, check_texts
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

Quand = str | datetime
"""A date as far as it is known (AAAA, AAAA-MM, AAAA-MM-JJ), an aware moment, or "" when nothing is known."""

_PARTIAL = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_UNIT = re.compile(r"[!-~]{1,60}")
# HL7 real: a reader is free to use a double
_DIGITS = 30


def check_quand(value: Quand, *, quoi: str) -> None:
    """Raise ``InvalidValue`` (CDA_DATE, CDA_FUSEAU); ``quoi`` names the datum."""
    if isinstance(value, datetime):
        check_moment(value, quoi=quoi)
    elif value and not _PARTIAL.fullmatch(value):
        raise InvalidValue(
            "CDA_DATE",
            f"{quoi} : la date n’est pas lisible.",
            conseil="Écrivez AAAA, AAAA-MM ou AAAA-MM-JJ, ou donnez un moment avec son fuseau.",
        )


@dataclass(frozen=True, slots=True, repr=False)
class Notion:
    """Something said in words: ``texte`` as the reader sees it, ``code`` when a terminology has it.

    Without words, those are the label of the code; without a code they stand alone (``originalText``).
    ``traductions``: its codes in other terminologies.
    """

    texte: str = ""
    code: Code | None = None
    traductions: tuple[Code, ...] = ()

    def __post_init__(self) -> None:
        check_texts(self)
        words = self.texte.strip() or (self.code.label or self.code.code if self.code else "")
        if not words:
            raise InvalidValue(
                "CDA_NOTION_VIDE",
                "Une donnée du document n’a ni texte ni code.",
                conseil="Donnez au moins son texte.",
            )
        object.__setattr__(self, "texte", words)

    def __repr__(self) -> str:
        # what is said of a patient must not reach a log
        return f"Notion({self.code.code if self.code else ''})"


@dataclass(frozen=True, slots=True)
class Periode:
    """From ``debut`` to ``fin``, each as far as it is known."""

    debut: Quand = ""
    fin: Quand = ""

    def __post_init__(self) -> None:
        for bound in (self.debut, self.fin):
            check_quand(bound, quoi="Période")
        if self.debut and self.fin and _order(self.fin) < _order(self.debut)[: len(_order(self.fin))]:
            raise InvalidValue("CDA_INTERVALLE", "La fin précède le début.", conseil="Vérifiez les deux dates.")


INCONNUE = Periode()


@dataclass(frozen=True, slots=True)
class Quantite:
    """A number and its UCUM unit ("" for a pure number)."""

    valeur: Decimal
    unite: str = ""

    def __post_init__(self) -> None:
        if not self.valeur.is_finite() or len(self.valeur.as_tuple().digits) > _DIGITS:
            raise InvalidValue("CDA_QUANTITE", "Cette valeur n’est pas un nombre.", conseil="Donnez un nombre fini.")
        if self.unite and not _UNIT.fullmatch(self.unite):
            raise InvalidValue(
                "CDA_UNITE",
                "L’unité ne s’écrit pas en UCUM.",
                conseil="Écrivez par exemple g/L, mmol/L ou 10*9/L, sans espace.",
            )

    @property
    def texte(self) -> str:
        """The number as a document writes it: a point, no exponent, the zeros that were given kept."""
        return f"{self.valeur:f}"


@dataclass(frozen=True, slots=True)
class Plage:
    """Quantities from ``bas`` to ``haut``; a missing bound is open, ``…_inclus`` False excludes it (< and >)."""

    bas: Quantite | None = None
    haut: Quantite | None = None
    bas_inclus: bool = True
    haut_inclus: bool = True

    def __post_init__(self) -> None:
        low, high = self.bas, self.haut
        if low is None and high is None:
            raise InvalidValue("CDA_PLAGE", "Un intervalle n’a aucune borne.", conseil="Donnez au moins une borne.")
        if low and high and (low.unite != high.unite or high.valeur < low.valeur):
            raise InvalidValue(
                "CDA_PLAGE",
                "Les bornes d’un intervalle ne concordent pas.",
                conseil="La borne basse vient d’abord, et les deux ont la même unité.",
            )


def _order(value: Quand) -> str:
    """What two dates are compared by, whatever is known of them."""
    return value.strftime("%Y%m%d") if isinstance(value, datetime) else value.replace("-", "")
