"""From the content to the payload that the symbol holds."""

from __future__ import annotations

from opensegur.ins.datamatrix.contenu import ContenuIns
from opensegur.ins.datamatrix.format_ins import BLOCS, ENTETE, GS
from opensegur.ins.dates import split_date


def encode_content(contenu: ContenuIns) -> str:
    """The payload, with its separators (ASCII 29): at most 291 characters.

    Blocks S1 to S7 in order; S7 is left out when the place is unknown. The date is JJ-MM-AAAA.
    """
    year, month, day = split_date(contenu.date_naissance)
    values = {
        "S1": contenu.matricule.valeur,
        "S2": contenu.matricule.oid,
        "S3": contenu.prenoms,
        "S4": contenu.nom_naissance,
        "S5": contenu.sexe.value,
        "S6": f"{day:02d}-{month:02d}-{year:04d}",
        "S7": contenu.lieu_naissance,
    }
    written = [bloc for bloc in BLOCS if values[bloc.identifiant]]
    parts = [ENTETE]
    for bloc in written:
        value = values[bloc.identifiant]
        parts += [bloc.identifiant, value]
        if bloc is not written[-1] and bloc.needs_separator(value):
            parts.append(GS)
    return "".join(parts)
