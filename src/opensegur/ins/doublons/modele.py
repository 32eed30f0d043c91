"""A model of duplicates: comparisons, their levels, what each level weighs, and which pairs are looked at.

Fellegi and Sunter: each comparison falls into one level, whose weight is the base 2 logarithm of how much more often
that level is seen on one person's two records than on two people's. The weights add up with the prior odds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple, Self

from opensegur.ins.doublons.conditions import ELSE, Condition
from opensegur.ins.doublons.preparation import Prete

ABSENT: Final = "absent"
_CERTAIN: Final = 0.9
_LIMIT: Final = 300.0
_SMALLEST: Final = 20_000


class Poids(NamedTuple):
    """``bits``: the weight; ``raison``: what is said of the level in French, "" when there is nothing to say."""

    bits: float
    raison: str = ""


_NONE: Final = Poids(0.0)


@dataclass(frozen=True, slots=True)
class Niveau:
    """``nom``: stable, used by the table of weights and by whoever stores a result."""

    nom: str
    condition: Condition
    poids: Poids = _NONE


@dataclass(frozen=True, slots=True)
class Comparaison:
    """``absent``: when nothing can be said, which weighs nothing; otherwise the first of ``niveaux`` that holds.

    Raises ``ValueError`` when the last level is not the one that always holds.
    """

    nom: str
    absent: Condition
    niveaux: tuple[Niveau, ...]

    def __post_init__(self) -> None:
        if not self.niveaux or self.niveaux[-1].condition is not ELSE:
            raise ValueError(f"{self.nom}: the last level must be ELSE")

    def level_of(self, left: Prete, right: Prete) -> Niveau | None:
        """``None`` when nothing can be said."""
        if self.absent.test(left, right):
            return None
        return next(niveau for niveau in self.niveaux if niveau.condition.test(left, right))

    def named(self, gamma: int) -> str:
        """The name of the level that Splink calls ``gamma``: it counts them from the last, and -1 says nothing."""
        return ABSENT if gamma < 0 else self.niveaux[len(self.niveaux) - 1 - gamma].nom


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says of two records: the odds in ``bits``, and the level of each comparison, in its order."""

    bits: float
    niveaux: tuple[str, ...]

    @property
    def probabilite(self) -> float:
        return probability(self.bits)


@dataclass(frozen=True, slots=True)
class Modele:
    """``blocs``: expressions over the columns of ``Prete``; the pairs for which one holds are compared.

    They write ``l.x`` and ``r.x``. ``taux``: the share of records expected to have a duplicate, for the prior odds.
    """

    comparaisons: tuple[Comparaison, ...]
    blocs: tuple[str, ...]
    taux: float

    def prior(self, records: int) -> float:
        """The prior odds, in bits, that two records taken at random in a base of ``records`` are one person's.

        A small base counts as one of 20,000: twins and relatives do not grow rarer with it as strangers do.
        """
        pairs = max(records, _SMALLEST) - 1
        return math.log2(2 * self.taux / pairs)

    def compare(self, left: Prete, right: Prete, records: int) -> Verdict:
        """What Splink would say of this pair in a base of ``records``."""
        total, names = self.prior(records), []
        for comparaison in self.comparaisons:
            niveau = comparaison.level_of(left, right)
            names.append(niveau.nom if niveau else ABSENT)
            total += niveau.poids.bits if niveau else 0.0
        return Verdict(total, tuple(names))

    def reasons(self, niveaux: tuple[str, ...]) -> tuple[str, ...]:
        """What there is to say of these levels, in French and without any name; nothing when all is the same."""
        said = (
            niveau.poids.raison
            for comparaison, nom in zip(self.comparaisons, niveaux, strict=True)
            for niveau in comparaison.niveaux
            if niveau.nom == nom
        )
        return tuple(raison for raison in said if raison)

    def weighted(self, weight_of: Callable[[str, Niveau], Poids]) -> Self:
        """The same model, each level with the weight that ``weight_of(comparison, level)`` gives it."""
        return replace(
            self,
            comparaisons=tuple(
                replace(
                    each,
                    niveaux=tuple(replace(niveau, poids=weight_of(each.nom, niveau)) for niveau in each.niveaux),
                )
                for each in self.comparaisons
            ),
        )

    def settings(self, records: int) -> dict[str, Any]:
        """The settings of Splink: the same conditions and the same weights, as pairs m and u of that ratio."""
        odds = 2.0 ** self.prior(records)
        return {
            "link_type": "dedupe_only",
            "unique_id_column_name": NUMERO,
            "probability_two_random_records_match": odds / (1 + odds),
            "comparisons": [_splink(comparaison) for comparaison in self.comparaisons],
            "blocking_rules_to_generate_predictions": [{"blocking_rule": bloc} for bloc in self.blocs],
            # brings the levels (gamma_x) of each pair found
            "retain_matching_columns": True,
            "retain_intermediate_calculation_columns": False,
        }


NUMERO: Final = "numero"
"""The column that numbers the prepared records, from 0."""


def probability(bits: float) -> float:
    """The probability whose odds are 2 to the power ``bits``."""
    bounded = max(-_LIMIT, min(_LIMIT, bits))
    return 1.0 / (1.0 + math.exp2(-bounded))


def bits_of(chance: float) -> float:
    """The contrary of ``probability``, for a chance strictly between 0 and 1."""
    return math.log2(chance / (1 - chance))


def _splink(comparaison: Comparaison) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparaison.absent.sql, "label_for_charts": ABSENT, "is_null_level": True}
    ]
    for niveau in comparaison.niveaux:
        # only the ratio m/u counts; both must be probabilities
        weight = niveau.poids.bits
        m, u = (_CERTAIN, _CERTAIN * 2.0**-weight) if weight > 0 else (_CERTAIN * 2.0**weight, _CERTAIN)
        levels.append(
            {
                "sql_condition": niveau.condition.sql,
                "label_for_charts": niveau.nom,
                "m_probability": m,
                "u_probability": u,
            }
        )
    return {"output_column_name": comparaison.nom, "comparison_levels": levels}
