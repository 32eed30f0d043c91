"""Whether a patient has legal representatives who might see a document."""

from __future__ import annotations

from datetime import date

MAJORITE = 18


def is_minor(date_naissance: str, today: date) -> bool:
    """``date_naissance``: AAAA-MM-JJ, perhaps lunar (month or day 00): the unknown part is taken as the latest."""
    year, month, day = (int(part) for part in date_naissance.split("-"))
    return (today.year - year) - ((today.month, today.day) < (month or 12, day or 31)) < MAJORITE
