"""What a validator answers: findings, never a bare yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "erreur"
    WARNING = "avertissement"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a document or a message.

    ``rule`` is the stable id of the rule, ``path`` where it was found (an XPath or the name of a field),
    ``message`` what is wrong and ``repair`` how to mend it, both in French, ``source`` the document and
    section of the specification that asks for it, ``line`` where it begins in the file (0 when it is not known).
    """

    rule: str
    message: str
    path: str = ""
    repair: str = ""
    source: str = ""
    severity: Severity = Severity.ERROR
    line: int = 0
