"""What a password may not be made of, besides being short or near one's own name.

Sources: ASVS 5.0 6.2.4 and 6.2.11; NIST SP 800-63B §3.1.1.2. No kind of character is asked for: length resists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from opensegur.cabinet.structures.models import Structure

# the product, the trade and its tools: what whoever guesses tries first here (docs/securite.md lists them)
MOTS_DU_METIER: Final = (
    "opensegur", "segur", "sante", "cabinet", "medical", "medecin", "docteur", "pharmacie", "pharmacien", "officine",
    "infirmier", "infirmiere", "secretaire", "secretariat", "accueil", "patient", "ordonnance", "vitale", "mssante",
    "motdepasse", "password", "bonjour", "bienvenue", "administrateur",
)  # fmt: skip
_LETTRES_A_SOI = 6  # beside such words, the letters that are left must be this many
_MOT_DE_STRUCTURE = 4  # « des », « la »: nobody's name
_SUBSTITUTIONS = str.maketrans("@43017$5", "aaeoltss")


class MotsAttendus:
    """A password is not one word of the trade or of the practice's name with a year behind it."""

    def validate(self, password: str, user: Any = None) -> None:
        left = slugify(password).replace("-", "")
        expected = [word for word in sorted(_expected(user), key=len, reverse=True) if word in left]
        for word in expected:
            left = left.replace(word, "")
        if expected and len(re.sub(r"[^a-z]", "", left)) < _LETTRES_A_SOI:
            raise ValidationError(
                f"Ce mot de passe repose sur « {expected[0]} », qu’on essaie en premier : prenez d’autres mots.",
                code="password_expected_word",
            )

    def get_help_text(self) -> str:
        return "Pas le nom de la structure, du logiciel ou du métier."


class MotsDePasseCourants(CommonPasswordValidator):
    """Neither a common password nor one that is decorated, disguised or repeated to be long enough."""

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(password, user)
        if any(base in self.passwords or len(set(base)) < _LETTRES_A_SOI for base in _bases(password.lower())):
            raise ValidationError(
                "Ce mot de passe est un mot trop courant, allongé ou répété : prenez trois mots sans rapport.",
                code="password_too_common",
            )


def _bases(password: str) -> Iterator[str]:
    """What is left without what makes it longer: digits and signs at its ends, repetition, letters in disguise."""
    yield password
    for shape in (password, password.translate(_SUBSTITUTIONS)):
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", shape)
        repeated = re.fullmatch(r"(.{2,}?)\1+", core)
        yield from (each for each in (core, repeated[1] if repeated else "") if each)


def _expected(user: Any) -> set[str]:
    words = set(MOTS_DU_METIER)
    names = Structure.objects.filter(rattachements__compte=user).values_list("nom", flat=True) if user else ()
    for name in names:
        words.update(word for word in slugify(name).split("-") if len(word) >= _MOT_DE_STRUCTURE)
    return words
