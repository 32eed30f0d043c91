"""Sends a document's delivery: TD2.1 with the structure's certificates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from opensegur.cabinet.dmp.passerelle import client_for, feeder
from opensegur.cabinet.envois.expediteurs import Reussite
from opensegur.dmp import Acteur, DmpClient, Visibilite, prepare_submission
from opensegur.dmp.from_cda import replaced_uid
from opensegur.foundation.acteurs import Professionnel
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import Statut

if TYPE_CHECKING:
    from opensegur.cabinet.envois.models import Envoi


class DepotDmp:
    """Safe to call again: the row's identifiers make the second sending the same as the first."""

    def envoyer(self, envoi: Envoi) -> Reussite:
        _check_identity(envoi)
        parametres = json.loads(envoi.parametres)
        professionnel = Professionnel(**parametres["professionnel"])
        client, acteur = client_for(envoi.structure), feeder(professionnel, envoi.cree_le)
        contenu = bytes(envoi.contenu)
        submission = prepare_submission(
            contenu,
            remplace=_replaced(contenu, envoi, client, acteur),
            uid=envoi.identifiants["lot"],
            uid_signature=envoi.identifiants["signature"],
            matricule=envoi.patient.matricule_ins(),
            visibilite=Visibilite(**parametres["visibilite"]),
            # the moment of the delivery, not of the attempt: a retry is then the same to the byte
            moment=envoi.cree_le,
        )
        result = client.submit(submission, acteur)
        return Reussite(
            deja_present=result.deja_depose,
            detail="déjà présent : un essai précédent avait réussi" if result.deja_depose else "",
        )


def _replaced(contenu: bytes, envoi: Envoi, client: DmpClient, acteur: Acteur) -> str:
    """The entryUUID in the DMP of the version that the document replaces (TD3.1b), "" when it replaces none.

    Raises ``InvalidValue`` (DMP_VERSION_ABSENTE): somebody has removed it from the DMP.
    """
    uid, matricule = replaced_uid(contenu), envoi.patient.matricule_ins()
    if not uid or matricule is None:
        return ""
    found = client.find_entry_uuid(uid, matricule, acteur)
    if found is None:
        raise InvalidValue(
            "DMP_VERSION_ABSENTE",
            "La version à remplacer n’est plus dans le DMP.",
            conseil="Annulez ce document et écrivez-en un nouveau.",
        )
    return found


def _check_identity(envoi: Envoi) -> None:
    """What was queued for a qualified identity does not leave once it no longer is one (EXI ID 29)."""
    if envoi.patient.statut is not Statut.QUALIFIEE:
        raise InvalidValue(
            "DMP_IDENTITE_NON_QUALIFIEE",
            "L’identité du patient n’est plus qualifiée : le document n’est pas parti.",
            conseil="Contrôlez son identité, puis envoyez de nouveau le document.",
        )
