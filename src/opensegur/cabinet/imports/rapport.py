"""Every line of which something is to be said: on screen, and in a file for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.db.models import QuerySet

from opensegur.cabinet.imports.bilan import Issue
from opensegur.cabinet.imports.models import Anomalie, Import

_TRIED = frozenset({Import.Etat.A_REGLER, Import.Etat.ESSAI, Import.Etat.ESSAYE})


def is_tried(made: Import) -> bool:
    """Whether what is known of the import is still what its dry run found."""
    return made.etat in _TRIED


def findings_of(made: Import) -> QuerySet[Anomalie]:
    return made.anomalies.filter(essai=is_tried(made)).order_by("ligne", "pk")


def write_report(made: Import) -> Iterator[str]:
    """CSV with semicolons and a byte order mark, as French spreadsheets open it."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(("Ligne", "Issue", "Explication", "N° de dossier"))
    for each in findings_of(made).iterator():
        yield writer.writerow((each.ligne, Issue(each.issue).sort, each.message, each.ipp or ""))


class _Echo:
    """The row comes back as text instead of being written somewhere."""

    def write(self, text: str) -> str:
        return text
