"""The documents that the application writes itself: for each, its type, its title and how its values make a CDA."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from opensegur.cabinet.documents.ecrit import Ecrit
from opensegur.cda.document import Entete
from opensegur.cda.n3 import ips, vsm
from opensegur.cda.n3.en_json import Lexique
from opensegur.cda.n3.ips import Ips, build_ips
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.cda.n3.vaccinations import HISTORIQUE as HISTORIQUE_VACCINATIONS
from opensegur.cda.n3.vaccinations import NOTE, build_vaccination_history, build_vaccination_note
from opensegur.cda.n3.vsm import Vsm, build_vsm
from opensegur.foundation.errors import InvalidValue

VSM = "vsm"
IPS = "ips"
NOTE_VACCINATION = "note-vaccination"
HISTORIQUE = "historique-vaccinations"
FEUILLE = "feuille"
SYNTHESES = (VSM, IPS)

LEXIQUE = Lexique((Vsm, Ips, Vaccination, Ecrit))
"""What may be kept as the values of a document."""


@dataclass(frozen=True, slots=True)
class Modele:
    """``build`` makes the CDA of a structured document from a header and the values; None for a sheet.

    ``type_code`` is "" when the person chooses it.
    """

    cle: str
    type_code: str
    titre: str
    build: Callable[[Entete, Any], bytes] | None


_MODELES = {
    each.cle: each
    for each in (
        Modele(VSM, vsm.TYPE.code, vsm.TITRE, build_vsm),
        Modele(IPS, ips.TYPE.code, ips.TITRE, build_ips),
        Modele(NOTE_VACCINATION, NOTE.code, "Note de vaccination", build_vaccination_note),
        Modele(HISTORIQUE, HISTORIQUE_VACCINATIONS.code, "Historique des vaccinations", build_vaccination_history),
        Modele(FEUILLE, "", "", None),
    )
}


def modele(cle: str) -> Modele:
    """Raises ``InvalidValue`` (MODELE_INCONNU)."""
    found = _MODELES.get(cle)
    if found is None:
        raise InvalidValue("MODELE_INCONNU", "Ce modèle de document n’existe pas.", detail=cle[:40])
    return found
