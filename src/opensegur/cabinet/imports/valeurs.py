"""What the cells of exports hold, read as the identity wants it: dates, sexes, matricules, marks of a check."""

from __future__ import annotations

import re

from opensegur.foundation.errors import InvalidValue
from opensegur.ins import ACCEPTED, OID_NIR, Matricule, Sexe, compute_key, parse_matricule, parse_typed_date

_COMPACT_ISO = re.compile(r"(1[89]|20)[0-9]{2}[0-9]{4}")
_WITH_TIME = re.compile(r"[ T][0-9]{2}:[0-9]{2}.*$")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{2}")
_NOT_IN_A_NIR = re.compile(r"[^0-9ABab]+")
_NIR, _WITH_KEY = 13, 15

_SEXES = {
    Sexe.M: "m h 1 homme masculin male mr m. monsieur garcon garçon",
    Sexe.F: "f 2 femme feminin féminin female mme mlle madame mademoiselle fille",
    Sexe.I: "i u 0 3 9 x a n o indetermine indéterminé inconnu autre",
}
_BY_WORD = {"": Sexe.I} | {word: sexe for sexe, words in _SEXES.items() for word in words.split()}
_CHECKED = frozenset(
    (  # noqa: SIM905
        "1 o oui vrai true x v valide validé validée validee vali qual qualifie qualifié qualifiée qualifiee "
        "verifie vérifié vérifiée verifiee controle contrôlé contrôlée controlee"
    ).split()
)


def read_date(text: str) -> str:
    """AAAA-MM-JJ, not judged: 26/02/1997, 26021997, 1997-02-26, 19970226, with or without a time after.

    Raises ``InvalidValue``: DATE_FORMAT, DATE_SIECLE when the year has two digits.
    """
    typed = _WITH_TIME.sub("", text.strip())
    if _COMPACT_ISO.fullmatch(typed) and not 1 <= int(typed[2:4]) <= 12:  # noqa: PLR2004
        return f"{typed[:4]}-{typed[4:6]}-{typed[6:]}"
    if _SHORT_YEAR.fullmatch(typed):
        raise InvalidValue(
            "DATE_SIECLE",
            "L’année de naissance n’a que deux chiffres.",
            conseil="Exportez les dates avec quatre chiffres pour l’année.",
        )
    return parse_typed_date(typed)


def read_sexe(text: str) -> Sexe:
    """A letter, a digit, a word or a title (M., Mme); raises ``InvalidValue`` (SEXE)."""
    found = _BY_WORD.get(text.strip().lower())
    if found is None:
        raise InvalidValue("SEXE", "Le sexe n’est pas reconnu.", conseil="Indiquez M, F, ou laissez vide.")
    return found


def read_matricule(text: str, cle: str, oid: str) -> Matricule | None:
    """The matricule announced, in any grouping, its key with it, beside it, or computed; None for an empty cell.

    Without an OID it is taken for a NIR. Raises ``InvalidValue``: INS_MATRICULE, INS_MATRICULE_CLE, INS_OID…
    """
    number = _NOT_IN_A_NIR.sub("", text).upper()
    if not number:
        return None
    if len(number) == _NIR:
        number += _NOT_IN_A_NIR.sub("", cle).rjust(2, "0")[-2:] if cle.strip() else compute_key(number)
    if len(number) != _WITH_KEY:
        raise InvalidValue(
            "INS_MATRICULE", "Le matricule INS n’a pas 13 ou 15 caractères.", conseil="Vérifiez la colonne choisie."
        )
    authority = oid.strip().removeprefix("urn:oid:")
    return parse_matricule(number, authority if authority in ACCEPTED or authority else OID_NIR)


def read_checked(text: str) -> bool:
    """Whether a former software says that a document was checked."""
    return text.strip().lower() in _CHECKED
