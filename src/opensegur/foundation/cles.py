"""Check digits that several registers use."""

from __future__ import annotations


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn key of the others: RPPS, FINESS, SIRET, LOINC…"""
    doubled = (int(digit) * 2 if rank % 2 else int(digit) for rank, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004 - Luhn's own
