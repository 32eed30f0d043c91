"""The file itself: taken in by pieces, kept encrypted, given back by pieces."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db import transaction

from opensegur.cabinet.imports import hl7
from opensegur.cabinet.imports.colonnes import has_titles, propose
from opensegur.cabinet.imports.erreurs import FichierRefuse, ImportRefuse
from opensegur.cabinet.imports.models import Import, Morceau
from opensegur.cabinet.imports.tableau import Forme, detect_form, rows, sample

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.structures.models import Structure

MORCEAU = 1_000_000
_LARGEST = 500_000_000


def take_in(structure: Structure, auteur: Compte, nom: str, morceaux: Iterable[bytes], source: str) -> Import:
    """Keep the file and guess how it is to be read.

    Raises ``FichierRefuse`` (empty, binary, too large, unreadable), ``ImportRefuse`` (the same file was imported
    already; a table in a structure that receives its identities by flow).
    """
    with transaction.atomic():
        made = Import(
            structure=structure, auteur=auteur, nom_fichier=_name(nom), source=source.strip()[:60], taille=0
        )
        made.empreinte = ""
        made.save()
        digest, size = hashlib.sha256(), 0
        for rang, morceau in enumerate(_pieces(morceaux)):
            size += len(morceau)
            if size > _LARGEST:
                raise FichierRefuse(
                    "IMPORT_TROP_GRAND", "Le fichier dépasse 500 Mo.", conseil="Coupez-le en plusieurs fichiers."
                )
            digest.update(morceau)
            Morceau.objects.create(origine=made, rang=rang, contenu=morceau)
        made.empreinte, made.taille = digest.hexdigest(), size
        _refuse_twice(made)
        _guess(made)
        _refuse_by_hand(made)
        made.save()
    return made


def pieces_of(made: Import) -> Iterator[bytes]:
    """The content, a piece at a time."""
    for rang in made.morceaux.order_by("rang").values_list("rang", flat=True):
        yield bytes(made.morceaux.get(rang=rang).contenu)


def form_of(made: Import) -> Forme:
    return Forme(made.reglages["encodage"], made.reglages["delimiteur"])


def mapping_of(made: Import) -> dict[int, str]:
    return {int(place): code for place, code in made.reglages["colonnes"].items()}


def count_of(made: Import) -> int:
    """How many rows or messages the file holds."""
    if made.format == Import.Format.HL7:
        return sum(1 for _ in hl7.split_messages(pieces_of(made)))
    return sum(1 for _ in rows(pieces_of(made), form_of(made), apres=int(made.reglages["titres"])))


def forget_content(made: Import) -> None:
    made.morceaux.all().delete()


def _guess(made: Import) -> None:
    start = next(pieces_of(made), b"")
    if hl7.looks_like_hl7(start):
        made.format, made.reglages = Import.Format.HL7, {}
    else:
        forme = detect_form(pieces_of(made))
        first = sample(pieces_of(made), forme, 1)
        titles = bool(first) and has_titles(first[0].cases)
        columns = propose(first[0].cases) if titles else {}
        made.format = Import.Format.CSV
        made.reglages = {
            "encodage": forme.encodage,
            "delimiteur": forme.delimiteur,
            "titres": titles,
            "colonnes": {str(place): code for place, code in columns.items()},
        }
    made.total = count_of(made)
    made.etat = Import.Etat.ESSAI if made.format == Import.Format.HL7 else Import.Etat.A_REGLER


def _refuse_twice(made: Import) -> None:
    already = (
        Import.objects.filter(structure=made.structure, empreinte=made.empreinte)
        .exclude(pk=made.pk)
        .exclude(etat=Import.Etat.DEFAIT)
        .order_by("cree_le")
        .first()
    )
    if already is not None:
        raise ImportRefuse(
            "IMPORT_DEJA",
            f"Ce fichier a déjà été déposé le {already.cree_le:%d/%m/%Y} sous le nom « {already.nom_fichier} ».",
            conseil="Ouvrez cet import pour le poursuivre, ou défaites-le avant de recommencer.",
        )


def _refuse_by_hand(made: Import) -> None:
    if made.structure.esclave and made.format == Import.Format.CSV:
        raise ImportRefuse(
            "IMPORT_ESCLAVE",
            "Les identités viennent ici d’un référentiel d’identités : un tableau ne peut pas en créer.",
            conseil="Importez-le dans le référentiel, ou déposez ici les messages ADT qu’il émet.",
        )


def _pieces(morceaux: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of one size, whatever the ones received."""
    rest = bytearray()
    for morceau in morceaux:
        rest += morceau
        while len(rest) >= MORCEAU:
            yield bytes(rest[:MORCEAU])
            del rest[:MORCEAU]
    if rest:
        yield bytes(rest)


def _name(nom: str) -> str:
    return re.sub(r"[\x00-\x1f]", "", re.split(r"[\\/]", nom)[-1]).strip()[:120] or "fichier"


def width_of(made: Import) -> int:
    """How many columns the first rows have."""
    return max((len(row.cases) for row in sample(pieces_of(made), form_of(made))), default=0)
