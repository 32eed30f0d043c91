"""What has had its time, deleted once a day by the application's worker."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from opensegur.cabinet.patients.copies import forget_old_copies

_LAST: list[date] = []


def forget_daily() -> int:
    """Give how many things were deleted: nothing is looked at more than once a day in a process."""
    today = timezone.localdate()
    if [today] == _LAST:
        return 0
    _LAST[:] = [today]
    return forget_old_copies(timezone.now())
