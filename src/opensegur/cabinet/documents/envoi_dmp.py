"""From a document of the record to a delivery for the DMP."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.documents.composition import cda_of
from opensegur.cabinet.documents.entete import header_of
from opensegur.cabinet.documents.impression import as_issued
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.envois.ouvrier import wake_on_commit
from opensegur.cda.n1 import build_n1
from opensegur.foundation.errors import OpenSegurError
from opensegur.foundation.identifiers import new_oid
from opensegur.ins import Statut

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.documents.models import Document

MOYEN_INDIRECT = "INDIRECTE"


class EnvoiImpossible(OpenSegurError):
    """The document stays in the record and does not leave, for a reason that a person can mend."""


def send_to_dmp(document: Document, compte: Compte, repond: Compte | None = None) -> Envoi:
    """Write the delivery: the CDA as it will leave, and the identifiers that it will carry.

    Feeding uses the indirect mode: the structure's certificates, nobody needs to be there. ``compte`` is the
    author and answers for the document, unless they act under the responsibility of ``repond``: the delivery is then
    that professional's, and ``compte`` stays its operator here and in the journal: the national value sets have no
    code any more for a préparateur, who cannot be named in the header.

    Raises ``EnvoiImpossible`` when the identity is not qualified or the account is no professional's.
    """
    patient = document.patient
    if patient.statut is not Statut.QUALIFIEE:
        raise EnvoiImpossible(
            "DMP_IDENTITE_NON_QUALIFIEE",
            "Le document est gardé dans le dossier, mais ne part pas au DMP : l’identité n’est pas qualifiée.",
            conseil="Récupérez l'INS puis enregistrez la pièce d’identité présentée, et renvoyez le document.",
        )
    professionnel = (repond or compte).professionnel()
    if professionnel is None:
        raise EnvoiImpossible(
            "DMP_AUTEUR",
            "Ce compte n’est pas celui d’un professionnel : il ne peut pas être l’auteur d’un document du DMP.",
            conseil="Demandez au professionnel qui répond du document de l’envoyer.",
        )
    _check_sendable(document)
    now = timezone.now()
    if document.modele:
        contenu = cda_of(document, patient)
    else:
        contenu = build_n1(
            header_of(document, patient, professionnel), as_issued(document, patient), "application/pdf"
        )
    with transaction.atomic():
        envoi = Envoi.objects.create(
            structure=document.structure,
            patient=patient,
            document=document,
            canal=Envoi.Canal.DMP,
            nature=Envoi.Nature.DEPOT,
            libelle=document.titre,
            moyen=MOYEN_INDIRECT,
            auteur=compte,
            parametres=json.dumps(
                {"professionnel": asdict(professionnel), "visibilite": _visibilite(document)}, ensure_ascii=False
            ),
            identifiants={"document": document.uid, "lot": document.lot_uid, "signature": new_oid()},
            contenu=contenu,
            a_tenter_le=now,
        )
        wake_on_commit()
    return envoi


def _check_sendable(document: Document) -> None:
    if document.recu:
        raise EnvoiImpossible(
            "DMP_DOCUMENT_RECU",
            "Ce document vient d’ailleurs : c’est à son auteur de le déposer au DMP.",
            conseil="Il reste dans le dossier.",
        )
    if document.est_obsolete:
        raise EnvoiImpossible(
            "DMP_VERSION_OBSOLETE",
            "Cette version est remplacée ou annulée : elle ne part pas.",
            conseil="Envoyez la version actuelle.",
        )
    waiting = any(envoi.en_attente for former in document.ancetres() for envoi in former.envois.all())
    if waiting:
        raise EnvoiImpossible(
            "DMP_VERSION_PRECEDENTE",
            "La version précédente est encore en file pour le DMP.",
            conseil="Attendez qu’elle soit déposée, ou abandonnez son envoi, puis envoyez celle-ci.",
        )


def _visibilite(document: Document) -> dict[str, bool]:
    return {
        "masque_ps": not document.visible_professionnels,
        "invisible_patient": not document.visible_patient,
        "invisible_representants": not document.visible_representants,
    }
