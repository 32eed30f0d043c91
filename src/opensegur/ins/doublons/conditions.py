"""What can be said of two prepared records, written once: as SQL for DuckDB and Spark, and as a Python function.

A missing value (``None``, NULL) agrees with nothing. Only what both engines compute alike is used here: equality,
``levenshtein``, lengths and numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from opensegur.ins.doublons.distance import within
from opensegur.ins.doublons.preparation import Prete

Test = Callable[[Any, Any], bool]

_COLUMNS = frozenset(Prete._fields)
_SHORTEST = 3
_LONG = 6


@dataclass(frozen=True, slots=True)
class Condition:
    """``sql``: an expression over the columns ``x_l`` and ``x_r``; ``test``: the same over two records."""

    sql: str
    test: Test


def egal(left: str, right: str = "") -> Condition:
    """The column ``left`` of one record equals ``right`` (by default the same) of the other, read in one way only."""
    other = right or left

    def test(a: Any, b: Any) -> bool:
        value = getattr(a, left)
        return value is not None and value == getattr(b, other)

    return Condition(f"{left}_l = {other}_r", test)


def croise(left: str, right: str) -> Condition:
    """``left`` of either record equals ``right`` of the other."""
    return ou(egal(left, right), egal(right, left))


def absent(*columns: str) -> Condition:
    """One of the columns is missing on one side at least."""

    def test(a: Any, b: Any) -> bool:
        return any(getattr(a, column) is None or getattr(b, column) is None for column in columns)

    return Condition("(" + " OR ".join(f"{column}_l IS NULL OR {column}_r IS NULL" for column in columns) + ")", test)


def vaut(column: str, value: int | str) -> Condition:
    """Both records have this value."""
    written = f"'{value}'" if isinstance(value, str) else str(value)
    return Condition(
        f"({column}_l = {written} AND {column}_r = {written})",
        lambda a, b: bool(getattr(a, column) == value and getattr(b, column) == value),
    )


def un_vaut(column: str, value: int) -> Condition:
    """One of the records, or both, has this value."""
    return Condition(
        f"({column}_l = {value} OR {column}_r = {value})",
        lambda a, b: bool(getattr(a, column) == value or getattr(b, column) == value),
    )


def proche(left: str, right: str = "") -> Condition:
    """A slip of the fingers: one letter, two from six letters on, or letters in another order.

    The order is looked at where the column has its letters sorted (``x_tri``). Below three letters a name is another
    as soon as one changes.
    """
    other = right or left
    has_letters = left + "_tri" in _COLUMNS and other + "_tri" in _COLUMNS

    def test(a: Any, b: Any) -> bool:
        one, two = getattr(a, left), getattr(b, other)
        if one is None or two is None:
            return False
        shortest = min(len(one), len(two))
        if shortest < _SHORTEST:
            return False
        if within(one, two, 2 if shortest >= _LONG else 1):
            return True
        return has_letters and getattr(a, left + "_tri") == getattr(b, other + "_tri") and within(one, two, 2)

    a, b = f"{left}_l", f"{other}_r"
    shortest = f"least(length({a}), length({b}))"
    distance = f"levenshtein({a}, {b})"
    exchanged = f" OR ({left}_tri_l = {other}_tri_r AND {distance} <= 2)" if has_letters else ""
    return Condition(
        f"({shortest} >= {_SHORTEST} AND abs(length({a}) - length({b})) <= 2 AND ({distance} <= "
        f"CASE WHEN {shortest} >= {_LONG} THEN 2 ELSE 1 END{exchanged}))",
        test,
    )


def semblable(left: str, right: str = "") -> Condition:
    """Heard alike, or a slip of the fingers apart."""
    other = right or left
    return ou(egal(f"{left}_son", f"{other}_son"), proche(left, other))


def un_chiffre(column: str) -> Condition:
    """Two texts of digits that differ by one digit, or by two that are exchanged (``x_tri``)."""

    def test(a: Any, b: Any) -> bool:
        one, two = getattr(a, column), getattr(b, column)
        if one is None or two is None:
            return False
        return within(one, two, 1) or (
            getattr(a, column + "_tri") == getattr(b, column + "_tri") and within(one, two, 2)
        )

    distance = f"levenshtein({column}_l, {column}_r)"
    return Condition(
        f"({distance} <= 1 OR ({column}_tri_l = {column}_tri_r AND {distance} <= 2))",
        test,
    )


def ecart(column: str, least: int, most: int) -> Condition:
    """The two numbers are between ``least`` and ``most`` apart."""

    def test(a: Any, b: Any) -> bool:
        one, two = getattr(a, column), getattr(b, column)
        return one is not None and two is not None and least <= abs(one - two) <= most

    return Condition(f"(abs({column}_l - {column}_r) BETWEEN {least} AND {most})", test)


def et(*parts: Condition) -> Condition:
    tests = tuple(part.test for part in parts)

    def test(a: Any, b: Any) -> bool:
        return all(each(a, b) for each in tests)

    return Condition("(" + " AND ".join(part.sql for part in parts) + ")", test)


def ou(*parts: Condition) -> Condition:
    tests = tuple(part.test for part in parts)

    def test(a: Any, b: Any) -> bool:
        return any(each(a, b) for each in tests)

    return Condition("(" + " OR ".join(part.sql for part in parts) + ")", test)


def non(part: Condition) -> Condition:
    """What is unknown does not hold, so its contrary does."""
    inner = part.test
    return Condition(f"(NOT coalesce({part.sql}, FALSE))", lambda a, b: not inner(a, b))


ELSE = Condition("ELSE", lambda _a, _b: True)
"""Everything that no level above has taken."""
