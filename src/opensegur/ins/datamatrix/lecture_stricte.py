"""The payload read to the letter of its format: the first fault is told with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.datamatrix.contenu import ContenuIns
from opensegur.ins.datamatrix.format_ins import BLOCS, ENTETE, GS, PAR_IDENTIFIANT, TYPE, VERSION, Bloc
from opensegur.ins.matricule import parse_matricule
from opensegur.ins.traits import Sexe

_DATE = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")


def parse_content(text: str) -> ContenuIns:
    """The content of ``text``, exactly as a reader gives it; blocks come in any order.

    Raises ``InvalidValue``: DATAMATRIX_ENTETE, DATAMATRIX_VERSION, DATAMATRIX_BLOC (unknown, twice, missing, badly
    cut), DATAMATRIX_DATE, DATAMATRIX_SEXE, and what the matricule, names and place raise. ``detail`` is the offset of
    the fault, never the text.
    """
    _check_header(text)
    return read_values(_blocks(text))


def read_values(values: Mapping[str, str]) -> ContenuIns:
    """The content from the value of each block, by its identifier. Raises ``InvalidValue`` as ``parse_content``."""
    for bloc in BLOCS:
        if bloc.obligatoire and not values.get(bloc.identifiant):
            raise _fault("DATAMATRIX_BLOC", f"Le code INS ne dit pas le {bloc.libelle}.", bloc.identifiant)
    if values["S5"] not in {Sexe.M.value, Sexe.F.value}:
        raise _fault("DATAMATRIX_SEXE", "Le sexe du code INS n’est ni M ni F.", "S5")
    date = _DATE.fullmatch(values["S6"])
    if date is None:
        raise _fault("DATAMATRIX_DATE", "La date du code INS n’est pas écrite JJ-MM-AAAA.", "S6")
    day, month, year = date.groups()
    return ContenuIns(
        matricule=parse_matricule(values["S1"], values["S2"]),
        nom_naissance=values["S4"],
        prenoms=values["S3"],
        sexe=Sexe(values["S5"]),
        date_naissance=f"{year}-{month}-{day}",
        lieu_naissance=values.get("S7", ""),
    )


def _check_header(text: str) -> None:
    if not text.startswith(TYPE):
        raise _fault("DATAMATRIX_ENTETE", "Ce code n’est pas un code INS.", "0")
    if text[2:4] != VERSION:
        raise _fault("DATAMATRIX_VERSION", "Cette version du code INS n’est pas connue.", "2")
    if not text.startswith(ENTETE):
        raise _fault("DATAMATRIX_ENTETE", "L’en-tête du code INS est abîmé.", "4")


def _blocks(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    offset = len(ENTETE)
    while offset < len(text):
        bloc = PAR_IDENTIFIANT.get(text[offset : offset + 2])
        if bloc is None:
            raise _fault("DATAMATRIX_BLOC", "Le code INS contient un bloc inconnu, ou mal séparé.", str(offset))
        if bloc.identifiant in values:
            raise _fault("DATAMATRIX_BLOC", f"Le code INS dit deux fois le {bloc.libelle}.", str(offset))
        value, offset = _value(text, offset + 2, bloc)
        values[bloc.identifiant] = value
    return values


def _value(text: str, start: int, bloc: Bloc) -> tuple[str, int]:
    """The value of ``bloc`` and where the next block begins."""
    end = min(start + bloc.maximum, len(text))
    if bloc.minimum != bloc.maximum:
        separator = text.find(GS, start, end + 1)
        if separator == end and end == start + bloc.maximum:
            raise _fault("DATAMATRIX_BLOC", "Le code INS contient un séparateur de trop.", str(separator))
        if separator >= 0:
            return _checked(text[start:separator], bloc, start), separator + 1
    return _checked(text[start:end], bloc, start), end


def _checked(value: str, bloc: Bloc, start: int) -> str:
    if not bloc.minimum <= len(value) <= bloc.maximum or GS in value:
        raise _fault("DATAMATRIX_BLOC", f"Le {bloc.libelle} du code INS n’a pas la bonne longueur.", str(start))
    return value


def _fault(code: str, message: str, where: str) -> InvalidValue:
    return InvalidValue(
        code,
        message,
        conseil="Scannez le code de nouveau, bien à plat ; sinon saisissez l’identité.",
        detail=f"position {where}",
    )
