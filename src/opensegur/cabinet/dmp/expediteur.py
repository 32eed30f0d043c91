"""Sends a document's delivery: TD2.1 with the structure's certificates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from opensegur.cabinet.dmp.passerelle import client_for, feeder
from opensegur.cabinet.envois.expediteurs import Reussite
from opensegur.dmp import Visibilite, prepare_submission
from opensegur.foundation.acteurs import Professionnel

if TYPE_CHECKING:
    from opensegur.cabinet.envois.models import Envoi


class DepotDmp:
    """Safe to call again: the row's identifiers make the second sending the same as the first."""

    def envoyer(self, envoi: Envoi) -> Reussite:
        parametres = json.loads(envoi.parametres)
        submission = prepare_submission(
            bytes(envoi.contenu),
            uid=envoi.identifiants["lot"],
            uid_signature=envoi.identifiants["signature"],
            visibilite=Visibilite(**parametres["visibilite"]),
        )
        professionnel = Professionnel(**parametres["professionnel"])
        result = client_for(envoi.structure).submit(submission, feeder(professionnel, envoi.cree_le))
        return Reussite(
            deja_present=result.deja_depose,
            detail="déjà présent : un essai précédent avait réussi" if result.deja_depose else "",
        )
