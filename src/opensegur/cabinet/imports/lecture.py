"""The persons of a file, one by one, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from opensegur.cabinet.imports import hl7
from opensegur.cabinet.imports.candidats import Candidat, Defaut, read_person, read_row
from opensegur.cabinet.imports.fichier import form_of, mapping_of, pieces_of
from opensegur.cabinet.imports.models import Import
from opensegur.cabinet.imports.tableau import rows
from opensegur.foundation.errors import InvalidValue


def people_of(made: Import, *, apres: int = 0) -> Iterator[Candidat]:
    """The persons after the ``apres`` first ones."""
    if made.format == Import.Format.HL7:
        for ligne, data in islice(hl7.split_messages(pieces_of(made)), apres, None):
            yield _of_message(ligne, data)
        return
    mapping = mapping_of(made)
    titles = int(made.reglages["titres"])
    for rangee in rows(pieces_of(made), form_of(made), apres=titles + apres):
        yield read_row(rangee, mapping)


def messages_of(made: Import, *, apres: int = 0) -> Iterator[hl7.MessageAdt | Candidat]:
    """For a flow: the messages themselves; a ``Candidat`` without traits stands for one that cannot be read."""
    for ligne, data in islice(hl7.split_messages(pieces_of(made)), apres, None):
        try:
            yield hl7.parse_adt(ligne, data)
        except InvalidValue as error:
            yield _unreadable(ligne, error)


def _of_message(ligne: int, data: bytes) -> Candidat:
    try:
        message = hl7.parse_adt(ligne, data)
    except InvalidValue as error:
        return _unreadable(ligne, error)
    if message.evenement in hl7.FUSIONS:
        defaut = Defaut("", "Fusion de deux identités : elle ne crée personne, faites-la dans les doublons.")
        return Candidat(ligne, None, externe=message.champs.get("externe", ""), defauts=(defaut,))
    return replace(read_person(ligne, message.champs), ligne=ligne)


def _unreadable(ligne: int, error: InvalidValue) -> Candidat:
    return Candidat(ligne, None, defauts=(Defaut("", f"{error.message} {error.conseil}".strip()),))
